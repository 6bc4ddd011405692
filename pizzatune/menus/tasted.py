"""Menus of what a class has tasted: only that can be ordered, or all else is guessed from it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from pizzatune.menus.menu import CLIMBS, SCAN
from pizzatune.menus.own import OwnMenu
from pizzatune.parameters import Choice, FloatArray, Ordered
from pizzatune.space import SCORE, Key, Params, Space
from pizzatune.trial import MISSING, Trial, column_of, columns_beside, scores_of

if TYPE_CHECKING:
    import pandas as pd

    from pizzatune.gp import GaussianProcess

AT_ONCE = 1_000  # pizzas guessed in one go
ROUNDS = 20  # of small changes, by which the highest guess is climbed to
CHANGES = 40  # tried in each
COUNTS = ("tastings", "spread")  # what tables of tastings hold beside params and score


@dataclass(frozen=True, eq=False, repr=False)
class TastedMenu(OwnMenu):
    """A menu of which only what a class has tasted can be ordered.

    Attributes
    ----------
    tastings : tuple of Trial
        Every pizza once, in the order of the file, with the mean of its scores. ``origin`` holds all its
        ``scores``, and how they vary (``spread``, a standard deviation; None where it was tasted once).

    The others are those of `OwnMenu`.
    """

    tastings: tuple[Trial, ...] = field(kw_only=True)

    def to_frame(self) -> pd.DataFrame:
        """A pandas table with a row for each pizza: params, mean score, tastings and their spread."""
        import pandas as pd

        pizzas, ours = self.tastings, columns_beside(self.space.names, COUNTS)
        columns: dict[str, Any] = {
            name: column_of([pizza.params.get(name, MISSING) for pizza in pizzas])
            for name in self.space.names
        }
        columns[SCORE] = scores_of(pizzas)
        columns[ours["tastings"]] = [len(pizza.origin["scores"]) for pizza in pizzas]
        spreads = [pizza.origin["spread"] for pizza in pizzas]
        columns[ours["spread"]] = np.array(spreads, dtype=float)
        return pd.DataFrame(columns)


@dataclass(frozen=True, eq=False, repr=False)
class GuessedMenu(TastedMenu):
    """A menu whose scores are guessed from what a class has tasted; nothing on it is certain.

    Attributes
    ----------
    model : Guess
        What it believes; ``model.posterior(list of params)`` gives guesses with their doubts.

    The others are those of `TastedMenu`.
    """

    model: Guess = field(kw_only=True)

    @cached_property
    def best(self) -> Trial:
        """The highest guess there is, as far as a search finds it; worked out when first asked for."""
        params = self._highest()
        guess, doubt = self.model.posterior([params])
        why = f"the highest guess, ± {doubt[0]:.2g} (one std); a guess is no tasting"
        return Trial(0, params, float(guess[0]), why=why, origin={"mean": guess[0], "std": doubt[0]})

    @cached_property
    def median(self) -> float:
        """The median guess over all combinations, or over many drawn at random where there are too many."""
        return float(np.median(self.model.posterior(self._survey)[0]))

    @cached_property
    def _survey(self) -> list[Params]:
        """All combinations, or `SCAN` of them drawn at random."""
        if self.space.size <= SCAN:
            return list(self.space.enumerate())
        rng = np.random.default_rng(0)
        return [self.space.sample(rng) for _ in range(SCAN)]

    def _highest(self) -> Params:
        if self.space.size <= SCAN:
            return self._best_of(self._survey)[0]
        rng = np.random.default_rng(1)
        tops = self._best_of(self._survey + [pizza.params for pizza in self.tastings])[:CLIMBS]
        return self._best_of([self._improved(top, rng) for top in tops])[0]

    def _best_of(self, some: Sequence[Params]) -> list[Params]:
        """The same params, the highest guess first."""
        order = np.argsort(-self.model.posterior(some)[0], kind="stable")
        return [some[i] for i in order]

    def _improved(self, params: Params, rng: np.random.Generator) -> Params:
        """Change a few parameters a little as long as that helps, then turn the smooth dials to the end."""
        for reach in np.geomspace(0.2, 0.002, ROUNDS):
            changed = [self.space.nudge(params, 1 / len(self.space), rng, reach) for _ in range(CHANGES)]
            params = self._best_of([params, *changed])[0]
        smooth = any(math.isinf(self.space[name].size) for name in params)
        climbed = self._climb(params) if smooth else params
        return climbed if self.space.where is None or self.space.where(dict(climbed)) else params


@dataclass(frozen=True)
class Guess:
    """What a Gaussian process makes of tastings: a score for every combination, and how unsure it is."""

    space: Space
    gp: GaussianProcess
    middle: float
    unit: float

    @classmethod
    def of(cls, tastings: Sequence[Trial], space: Space) -> Guess:
        """Fit it to the mean scores of different pizzas."""
        from pizzatune.gp import GaussianProcess  # loads only when something is guessed

        scores = np.array([pizza.score for pizza in tastings], dtype=float)
        middle, unit = float(scores.mean()), float(scores.std()) or 1.0
        x = _features(space, [pizza.params for pizza in tastings])
        gp = GaussianProcess.fit(x, (scores - middle) / unit, _unordered(space))
        return cls(space, gp, middle, unit)

    def __call__(self, params: Params) -> float:
        return float(self.posterior([params])[0][0])

    def posterior(self, params: Sequence[Params]) -> tuple[FloatArray, FloatArray]:
        """Guessed scores and their standard deviations, shape (m,) each, in the unit of the scores."""
        parts = [
            self.gp.posterior(_features(self.space, params[first : first + AT_ONCE]))
            for first in range(0, len(params), AT_ONCE)
        ]
        mean, std = (np.concatenate(column) for column in zip(*parts, strict=True))
        return self.middle + self.unit * mean, self.unit * std

    def error(self) -> float:
        """How far a guess is off for a pizza that was left out: root mean square over all, in score units."""
        guessed, _ = self.gp.leave_one_out()
        return self.unit * float(np.sqrt(np.mean((guessed - self.gp.y) ** 2)))


@dataclass(frozen=True)
class Means:
    """The mean score of every pizza that was tasted."""

    space: Space
    scores: Mapping[Key, float]

    def __call__(self, params: Params) -> float:
        return self.scores[self.space.key(params)]


def _unordered(space: Space) -> np.ndarray[Any, np.dtype[np.bool_]]:
    return np.array([isinstance(p, Choice) and not isinstance(p, Ordered) for p in space.parameters])


def _features(space: Space, params: Sequence[Params]) -> FloatArray:
    """Codes as a model sees them: what does not apply is a category of its own, or a dial in the middle."""
    rows = space.encode(params)
    return np.where(np.isnan(rows), np.where(_unordered(space), -1.0, 0.5), rows)


def points_of(pizza: Trial) -> float:
    """The mean score of a tasting."""
    assert pizza.score is not None  # a tasting without one was refused
    return pizza.score
