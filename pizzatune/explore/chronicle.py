"""A family of pizzas in numbers: who was born when, and what the family gained and lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pizzatune.lessons.genetic import Family, carried, diversity, split
from pizzatune.menus.menu import Menu
from pizzatune.menus.tricky import BOXES
from pizzatune.parameters import FloatArray
from pizzatune.trial import Trial
from pizzatune.words import listed

VALLEY = 260.0
"""°C between the two hills of `two_hills`."""


@dataclass(frozen=True)
class Chronicle:
    """A family up to one generation.

    Attributes
    ----------
    menu : Menu
        What is bred.
    members : tuple of tuple of Trial
        The trials of each generation, the best of each first.
    best, mean, worst, spread : ndarray, shape (generations,)
        The best score so far, the mean and the lowest score of the generation, and its diversity: over
        toppings with three toppings, over both dials with two hills.
    shares : ndarray, shape (generations, options)
        Share of each box, or of the lower and the higher hill.
    champion : Trial
        The best so far.
    """

    menu: Menu
    members: tuple[tuple[Trial, ...], ...]
    best: FloatArray
    mean: FloatArray
    worst: FloatArray
    spread: FloatArray
    shares: FloatArray
    champion: Trial

    @property
    def generation(self) -> int:
        """The last of the generations, from 0."""
        return len(self.members) - 1

    @property
    def has_boxes(self) -> bool:
        """Whether its pizzas come in boxes of a colour."""
        return "box" in self.menu.space.names

    @property
    def born(self) -> int:
        """The generation of the champion."""
        return next(number for number, members in enumerate(self.members) if self.champion in members)

    def until(self, generation: int) -> Chronicle:
        """The same family when it had bred no more than this."""
        members = self.members[: generation + 1]
        lines = ("best", "mean", "worst", "spread", "shares")
        earlier = {name: getattr(self, name)[: generation + 1] for name in lines}
        return replace(self, members=members, champion=_champion(members), **earlier)


def chronicle(menu: Menu, family: Family, population: int) -> Chronicle:
    """Put a family into numbers.

    Examples
    --------
    >>> from pizzatune.lessons.genetic import generations
    >>> from pizzatune.menus import three_toppings
    >>> from pizzatune.menus.tricky import boxed
    >>> menu = boxed(three_toppings())
    >>> *_, family = generations(menu, 3, seed=1, population=8)
    >>> told = chronicle(menu, family, 8)
    >>> told.generation, bool(told.best[-1] == max(trial.score for trial in family))
    (2, True)
    """
    born = split(family, population)
    scores = np.array([[score_of(trial) for trial in members] for members in born])
    genes = [name for name in menu.space.names if name != "box"]
    members = tuple(
        tuple(sorted(members, key=lambda trial: (-score_of(trial), trial.number))) for members in born
    )
    return Chronicle(
        menu,
        members,
        np.maximum.accumulate(scores.max(axis=1)),
        scores.mean(axis=1),
        scores.min(axis=1),
        np.array([diversity(menu.space, [trial.params for trial in members], genes) for members in born]),
        np.array([_shares(members) for members in born]),
        _champion(members),
    )


def score_of(trial: Trial) -> float:
    """Its score; no pizza of these menus fails."""
    assert trial.score is not None
    return trial.score


def order_of(menu: Menu, trial: Trial) -> str:
    """What a trial ordered, in a few words: its toppings, or the heat and the minutes."""
    if "temperature" in trial.params:
        return f"{trial.params['temperature']:.0f} °C, {trial.params['minutes']:.1f} minutes"
    return listed(menu.pizza(trial.params).toppings)


def _champion(members: Sequence[Sequence[Trial]]) -> Trial:
    """The best of all; of equals, the one that was first."""
    return max((first for first, *_ in members), key=lambda trial: (score_of(trial), -trial.number))


def _shares(members: Sequence[Trial]) -> list[float]:
    if "box" in members[0].params:
        counts = carried(members, "box")
        return [counts[box] / len(members) for box in BOXES]
    higher = sum(trial.params["temperature"] > VALLEY for trial in members) / len(members)
    return [1 - higher, higher]
