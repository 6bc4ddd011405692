"""The four reels of `random()`: a slot machine that draws the article's pizzas, and remembers nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from pizzatune.explore.page import Card, Out
from pizzatune.explore.verdicts import nothing_yet, served
from pizzatune.menus.article import published, random_pizza, toppings
from pizzatune.menus.taste import Pizza, taste
from pizzatune.parameters import FloatArray
from pizzatune.pictures.best_so_far import climb_of, staircase
from pizzatune.pictures.marks import Axes, Image, Key, Layers, Mark, Panel, Rule, Scale, Text
from pizzatune.pictures.pizza import pizza_symbol
from pizzatune.pictures.reels import lever, reels
from pizzatune.space import Space
from pizzatune.strategies.random_search import RandomSearch
from pizzatune.trial import Trial, best_trial
from pizzatune.words import listed, points

SPINS = 60
MENU = toppings()
SHOWN, PIZZA = 3, 90.0  # pizzas in a hall, and px of each
HALLS, TITLE, PLATES = (8.0, 340.0), 190, 244  # px from the left; px down to the titles and the pizzas
SPIN = Scale(0.3, SPINS + 0.7, ticks=((1, "spin 1"), *((n, f"{n}") for n in (20, 40, 60))))
FILM = Panel(38, 352, 590, 56, SPIN, Scale(0, 10, ticks=((0, "0"), (10, "10"))))
KEY = (("each spin", "dot", "pen1"), ("best so far", "line", "pen1"), ("the best there is", "line", "limit"))


@lru_cache(maxsize=1)
def all_scores() -> FloatArray:
    """What every pizza of the menu scores, from the worst to the best."""
    return np.sort([MENU.taste(params) for params in MENU.space.enumerate()])


@dataclass(frozen=True)
class Spun:
    """The pizzas drawn so far.

    Attributes
    ----------
    trials : tuple of Trial
        In the order of the spins.
    machine : int
        The seed of the search.
    """

    trials: tuple[Trial, ...]
    machine: int

    @property
    def best(self) -> Trial | None:
        """The best so far."""
        return best_trial(self.trials)

    @property
    def better_than(self) -> float:
        """Which share of the whole menu the best so far leaves behind."""
        best = -np.inf if self.best is None else float(self.best.score or 0.0)
        return float(np.searchsorted(all_scores(), best) / len(all_scores()))

    @property
    def halls(self) -> tuple[tuple[Trial, ...], tuple[Trial, ...]]:
        """The best three, the best first, and the worst three of the others, the worst first."""
        ranked = sorted(self.trials, key=lambda trial: -float(trial.score or 0.0))
        return tuple(ranked[:SHOWN]), tuple(ranked[SHOWN:][: -SHOWN - 1 : -1])


@lru_cache(maxsize=2)
def drawn(machine: int) -> tuple[Trial, ...]:
    """All that a machine draws."""
    search = RandomSearch(MENU.space, seed=machine)
    for _ in range(SPINS):
        params = search.ask()
        search.tell(params, MENU.taste(params))
    return tuple(search.trials)


def picture(numbers: Spun) -> Layers:
    """The machine, the hall of fame and of shame, and every score so far."""
    spins, first = len(numbers.trials), next(iter(MENU.space.enumerate()))
    orders = [first, *(trial.params for trial in numbers.trials)]
    layers = reels(MENU.space, orders[-1], orders[-2] if spins else first, spins)
    layers["lever"] = lever(len(MENU.space), SPINS - spins)
    layers["halls"] = _halls(numbers) if spins else _article()
    layers["axes"] = [Axes(FILM), Key(FILM.left, FILM.top - 14, KEY)]
    film: list[Mark] = [Rule(FILM, all_scores()[-1], "limit", along="x", tip="the best there is")]
    if spins:
        film += staircase(FILM, climb_of(numbers.trials, MENU.space), number=1)
    layers["film"] = film
    return layers


def _halls(numbers: Spun) -> list[Mark]:
    marks: list[Mark] = []
    for left, title, trials in zip(HALLS, ("Hall of fame", "Hall of shame"), numbers.halls, strict=True):
        marks.append(Text(None, left, TITLE, title, "big"))
        for place, trial in enumerate(trials):
            said = f"spin {trial.number + 1}: {_order(trial.params)}, {points(trial.score or 0.0)} points"
            marks += _plate(left, place, random_pizza(trial.params), trial.score or 0.0, said)
    return marks


def _article() -> list[Mark]:
    """Before the first spin: what the article drew."""
    marks: list[Mark] = [Text(None, HALLS[0], TITLE, "The article's three draws", "big")]
    for place, row in enumerate(published("random")):
        pizza = random_pizza(row)
        odd = ""
        if row["cheese"] == "Pepperoni":
            odd = "\nThe article lists Pepperoni as a cheese. We bake it as printed, without cheese."
        marks += _plate(HALLS[0], place, pizza, taste(pizza), f"{_order(row)}{odd}")
    lines = "Pull the lever, or press Play.", "Every reel stops where chance wants.", "It remembers nothing."
    for place, line in enumerate(lines):
        marks.append(Text(None, HALLS[1], PLATES - 20 + 24 * place, line, "quiet" if place else "title"))
    return marks


def _plate(left: float, place: int, pizza: Pizza, score: float, tip: str) -> list[Mark]:
    middle = left + 46 + 104 * place
    return [
        Image(None, middle, PLATES, PIZZA, pizza_symbol(pizza), tip, plate=True),
        Text(None, middle, PLATES + 61, points(score), "title", "middle"),
    ]


def _order(params: Mapping[str, Any]) -> str:
    return ", ".join(str(value) for value in params.values())


def read(numbers: Spun) -> str:
    """What was drawn, why, and how good the best is."""
    sizes = listed([str(len(list(Space(one).enumerate()))) for one in MENU.space.parameters])
    if not numbers.trials:
        scores = [points(taste(random_pizza(row))) for row in published("random")]
        return (
            f"Four reels with {sizes} options make {len(all_scores()):,} pizzas.\n"
            f"The article drew three of them: {listed(scores)} points.\n"
            "Nothing is drawn yet."
        )
    last, best = numbers.trials[-1], numbers.best
    assert best is not None
    return (
        f"Spin {len(numbers.trials)}: {_order(last.params)}: {points(last.score or 0.0)} points.\n"
        f"Why? {(last.why or 'drawn at random').capitalize()}.\n"
        f"The best so far, {points(best.score or 0.0)} points, is better than "
        f"{100 * numbers.better_than:.0f} % of the menu."
    )


def table(numbers: Spun) -> Mapping[str, Any]:
    """A row for each spin."""
    columns: dict[str, Any] = {"spin": [trial.number + 1 for trial in numbers.trials]}
    for name in MENU.space.names:
        columns[name] = [trial.params[name] for trial in numbers.trials]
    return {**columns, "score": [trial.score for trial in numbers.trials]}


def card(numbers: Spun) -> Card:
    """The pizza that was drawn last, and the best so far."""
    if numbers.best is None:
        return Card(nothing_yet())
    last, best = (_served(trial) for trial in (numbers.trials[-1], numbers.best))
    return Card(last, best)


def _served(trial: Trial) -> Out:
    return served(random_pizza(trial.params), trial.score)
