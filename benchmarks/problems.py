"""The problems the strategies are measured on: each is made anew, shifted and shuffled, for every seed.

`CHOOSE` names those on which settings are chosen, `REPORT` those that are reported; they have as many
problems of each kind. Score, space and noise follow from the name and the seed alone. What a regret is
measured by, the best score and the median of random params, is worked out once by reference.py and kept in
tables/best.json.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

import pizzatune as pt
from benchmarks import functions
from benchmarks.functions import FloatArray, Function, Placed, Score
from benchmarks.real_models import TABLES, table_problem
from pizzatune.menus import Menu
from pizzatune.parameters import Choice, Integer, Ordered, Real
from pizzatune.space import Params, Space
from pizzatune.trial import Trial

BEST = Path(__file__).with_name("tables") / "best.json"
NOISE = 0.1  # standard deviation of a noisy score; the way from the median to the best is 1


@dataclass(frozen=True)
class Problem:
    """A space, the true score of all in it, and what a regret is measured by."""

    name: str
    seed: int
    space: Space
    taste: Callable[[Params], float]
    best: Trial
    median: float


@dataclass(frozen=True)
class Recipe:
    """How a problem is made: `make(seed)` gives its space and, for rows of codes, the scores."""

    kind: str
    make: Callable[[int], tuple[Space, Score | Callable[[Params], float]]]
    noise: float = 0.0  # standard deviation of what is told; a noisy score counts in ways from median to best
    by_params: bool = False  # whether `make` gives a function of params, not of rows of codes


# -- smooth and mixed: a test function whose dials are of several kinds --------------------------------------

LETTERS = "abcdefgh"
DIALS: dict[str, Callable[[str], Any]] = {
    "r": lambda name: Real(name, 0, 1),
    "l": lambda name: Real(name, 1e-4, 1, log=True),
    "s": lambda name: Real(name, 0, 1, step=0.05),
    "i": lambda name: Integer(name, 0, 12),
    "o": lambda name: Ordered(name, list("abcdef")),
    "c": lambda name: Choice(name, list("abcde")),
}


def dials(kinds: str) -> list[Any]:
    return [DIALS[kind](f"x{place}") for place, kind in enumerate(kinds)]


@dataclass(frozen=True)
class Turned:
    """A placed function for rows of codes; the options of a Choice come in an order of their own."""

    placed: Placed
    orders: Mapping[int, FloatArray]  # column of a Choice -> where each option lies between 0 and 1

    def __call__(self, rows: FloatArray) -> FloatArray:
        points = np.array(rows, dtype=float)
        for column, order in self.orders.items():
            points[:, column] = order[rows[:, column].astype(int)]
        return self.placed(points)

    @property
    def top(self) -> FloatArray:
        """Codes as near as can be to the highest point, shape (width,); steps may lie elsewhere."""
        row = self.placed.top.copy()
        for column, order in self.orders.items():
            row[column] = np.abs(order - row[column]).argmin()
        return row


def turned(
    function: Function, kinds: str, seed: int, where: Callable[[Params], bool] | None = None
) -> tuple[Space, Turned]:
    """A function whose dial number n is of kind ``kinds[n]``."""
    rng = np.random.default_rng([seed, 7, 1])
    placed = function.placed(rng)
    parameters = dials(kinds)
    orders = {
        column: rng.permutation(len(dial.options)) / (len(dial.options) - 1)
        for column, dial in enumerate(parameters)
        if type(dial) is Choice
    }
    return Space(*parameters, where=where), Turned(placed, orders)


def ovens(function: Function, count: int, seed: int) -> Any:
    """Two smooth dials and a Choice; under each option the function lies elsewhere, and higher or lower."""
    rng = np.random.default_rng([seed, 7, 2])
    score = function.placed(rng)
    points = rng.random((500, 2))
    spread = float(np.subtract(*np.quantile(score(points), [0.9, 0.5])))
    moved = rng.uniform(-0.12, 0.12, (count, 2))
    height = rng.normal(scale=spread / 2, size=count)

    def of_rows(rows: FloatArray) -> FloatArray:
        option = rows[:, 0].astype(int)
        return score(rows[:, 1:3] + moved[option]) + height[option]

    return Space(Choice("oven", list(LETTERS[:count])), Real("x0", 0, 1), Real("x1", 0, 1)), of_rows


# -- purely categorical --------------------------------------------------------------------------------------


def pairings(choices: int, options: int, seed: int) -> Any:
    """Each option has its worth, and three in ten pairs of options like or dislike each other."""
    rng = np.random.default_rng([seed, 7, 3])
    worth = rng.normal(size=(choices, options))
    pairs = [(one, other) for one in range(choices) for other in range(one)]
    shape = (len(pairs), options, options)
    liking = rng.normal(size=shape) * (rng.random(shape) < 0.3)

    def of_rows(rows: FloatArray) -> FloatArray:
        codes = rows.astype(int)
        total = worth[np.arange(choices), codes].sum(axis=1)
        for (one, other), like in zip(pairs, liking, strict=True):
            total = total + like[codes[:, one], codes[:, other]]
        return total

    return Space(*(Choice(f"x{n}", list(range(options))) for n in range(choices))), of_rows


# -- training a network, as one might imagine it -------------------------------------------------------------


def training(seed: int, conditional: bool = False) -> Any:
    """Accuracy of a network: too bold a learning rate spoils all, and what is bold depends on the rest."""
    rng = np.random.default_rng([seed, 7, 4])
    optimizers = ["sgd", "momentum", "adam", "rmsprop"]
    ideal_rate, worth = rng.uniform(0.35, 0.75, 4), rng.normal(scale=0.03, size=4)
    liking = rng.normal(scale=0.03, size=(4, 3))
    depth_best, dropout_best, inertia_best, beta_best = rng.uniform(0.2, 0.8, 4)
    parameters = [
        Choice("optimizer", optimizers),
        Choice("schedule", ["none", "step", "cosine"]),
        Real("rate", 1e-5, 1, log=True),
        Ordered("batch", [16, 32, 64, 128, 256, 512]),
        Integer("layers", 1, 8),
        Real("dropout", 0, 0.6, step=0.05),
    ]
    if conditional:
        parameters.append(Real("inertia", 0, 0.99, when={"optimizer": ["momentum"]}))
        parameters.append(Real("beta", 0.8, 0.999, when={"optimizer": ["adam", "rmsprop"]}))

    def of_rows(rows: FloatArray) -> FloatArray:
        optimizer, schedule = rows[:, 0].astype(int), rows[:, 1].astype(int)
        rate, batch, layers, dropout = rows[:, 2:6].T
        bold = rate - (ideal_rate[optimizer] + 0.2 * (batch - 0.5) - 0.15 * (layers - 0.5))
        lost = np.where(bold > 0, 4.0, 1.5) * bold**2
        lost += 0.3 * (layers - depth_best) ** 2 + 0.1 * (batch - 0.4) ** 2
        lost += 0.25 * (dropout - dropout_best - 0.4 * (layers - depth_best)) ** 2
        if conditional:  # a dial that does not apply is nan, and then takes nothing away
            lost += np.nan_to_num(0.3 * (rows[:, 6] - inertia_best) ** 2)
            lost += np.nan_to_num(0.3 * (rows[:, 7] - beta_best) ** 2)
        learned = 0.9 + worth[optimizer] + liking[optimizer, schedule] - lost
        return np.where(bold > 0.3, 0.1, np.maximum(learned, 0.1))

    return Space(*parameters), of_rows


# -- dials that only some choices have, and combinations that are ruled out ----------------------------------


def not_both_large(params: Params) -> bool:
    """Two dials that together must stay small, and a choice that takes a share of what there is."""
    return params["x0"] + params["x1"] <= (9 if params["x4"] in "ab" else 14)


def within_budget(params: Params) -> bool:
    """Two smooth dials that share one budget."""
    return 0.4 <= params["x1"] + params["x2"] <= 1.1


# -- the menus and the tables --------------------------------------------------------------------------------


def of_menu(make: Callable[[], Menu], seed: int) -> Any:
    """A menu is the same for every seed; only the luck of the strategy differs."""
    menu = make()
    return menu.space, menu.taste


def _turned(kind: str, function: Function, kinds: str, **how: Any) -> Recipe:
    return Recipe(kind, partial(turned, function, kinds, **how), NOISE if kind == "noisy" else 0.0)


def _menu(make: Callable[[], Menu], kind: str = "menu") -> Recipe:
    return Recipe(kind, partial(of_menu, make), by_params=True)


def _table(name: str) -> Recipe:
    return Recipe("real", partial(table_problem, name), by_params=True)


CHOOSE: dict[str, Recipe] = {
    "camel": _turned("smooth", functions.CAMEL, "rr"),
    "hartmann_6": _turned("smooth", functions.hartmann(), "rrrrrr"),
    "michalewicz_5": _turned("smooth", functions.michalewicz(), "rrrrr"),
    "dixon_price_log": _turned("smooth", functions.dixon_price(4), "llrr"),
    "camel_ovens": Recipe("mixed", partial(ovens, functions.CAMEL, 5)),
    "ackley_mixed": _turned("mixed", functions.ackley(5), "corri"),
    "levy_mixed": _turned("mixed", functions.levy(5), "lsioc"),
    "shekel_mixed": _turned("mixed", functions.shekel(), "cirr"),
    "styblinski_steps": _turned("mixed", functions.styblinski_tang(4), "ccsr"),
    "pairings_4x6": Recipe("categorical", partial(pairings, 4, 6)),
    "camel_noisy": _turned("noisy", functions.CAMEL, "rr"),
    "ackley_mixed_noisy": _turned("noisy", functions.ackley(4), "clri"),
    "toppings": _menu(pt.menus.toppings),
    "striped": _menu(pt.menus.striped),
    "ridge": _menu(pt.menus.ridge),
    "old_oven": _menu(pt.menus.old_oven),
    "idle_dial": _menu(pt.menus.idle_dial),
    **{name: _table(name) for name in TABLES["choose"]},
    "stone_or_electric": _menu(pt.menus.stone_or_electric, "when"),
    "levy_where": _turned("where", functions.levy(4), "crri", where=within_budget),
}
REPORT: dict[str, Recipe] = {
    "goldstein_price": _turned("smooth", functions.GOLDSTEIN_PRICE, "rr"),
    "shekel_4": _turned("smooth", functions.shekel(), "rrrr"),
    "styblinski_6": _turned("smooth", functions.styblinski_tang(6), "rrrrrr"),
    "rosenbrock_log": _turned("smooth", functions.rosenbrock(4), "llrr"),
    "branin_ovens": Recipe("mixed", partial(ovens, functions.BRANIN, 4)),
    "hartmann_mixed": _turned("mixed", functions.hartmann(), "criloc"),
    "rosenbrock_mixed": _turned("mixed", functions.rosenbrock(4), "lois"),
    "styblinski_mixed": _turned("mixed", functions.styblinski_tang(5), "ccrio"),
    "training": Recipe("mixed", training),
    "pairings_6x4": Recipe("categorical", partial(pairings, 6, 4)),
    "branin_noisy": _turned("noisy", functions.BRANIN, "rr"),
    "hartmann_mixed_noisy": _turned("noisy", functions.hartmann(), "crlroi"),
    "three_toppings": _menu(pt.menus.three_toppings),
    "topping_and_heat": _menu(pt.menus.topping_and_heat),
    "reversed_twin": _menu(pt.menus.reversed_twin),
    "two_hills": _menu(pt.menus.two_hills),
    "four_factors": _menu(pt.menus.four_factors),
    **{name: _table(name) for name in TABLES["report"]},
    "training_when": Recipe("when", partial(training, conditional=True)),
    "styblinski_where": _turned("where", functions.styblinski_tang(5), "iirrc", where=not_both_large),
}
TARGETS: dict[str, Recipe] = {  # where a search that knows an earlier one starts anew, see pairs.py
    "styblinski_3": _turned("target", functions.styblinski_tang(3), "rrr"),
    "training_new": Recipe("target", training),
    "branin": _turned("target", functions.BRANIN, "rr"),
    "hartmann_new": _turned("target", functions.hartmann(), "crrior"),
    **{
        f"new_oven({likeness:g})": _menu(partial(pt.menus.new_oven, likeness), "target")
        for likeness in (0.8, 0.4, 0.1, -0.8, 0.9, 0.5, 0.0, -1.0)
    },
}
RECIPES = CHOOSE | REPORT | TARGETS
APART = ("when", "where")  # kinds that many peers cannot be given: told apart, and in no average


def is_menu(name: str) -> bool:
    return getattr(RECIPES[name].make, "func", None) is of_menu


def is_mixed(space: Space) -> bool:
    """Whether dials of more than one kind meet: options without order, steps, smooth dials."""

    def kind(dial: Any) -> str:
        if type(dial) is Choice:
            return "options"
        return "smooth" if dial.codes is None else "steps"

    return len({kind(dial) for dial in space.parameters}) > 1


@dataclass(frozen=True)
class Scale:
    """The best params there are, their score, and the median score of random params."""

    params: Params
    best: float
    median: float


def problem(name: str, seed: int) -> Problem:
    """The problem called `name`, as `seed` shifts and shuffles it."""
    space, score = bare(name, seed)
    found = scale(name, seed)
    if RECIPES[name].noise:
        unit = found.best - found.median
        score, found = (
            partial(_divided, score, unit),
            Scale(found.params, found.best / unit, found.median / unit),
        )
    return Problem(name, seed, space, score, Trial(0, found.params, found.best), found.median)


def bare(name: str, seed: int) -> tuple[Space, Callable[[Params], float]]:
    """Space and true score of a problem, without what its regret is measured by."""
    recipe = RECIPES[name]
    space, score = recipe.make(seed)
    return space, score if recipe.by_params else partial(_of_params, space, score)


def _of_params(space: Space, score: Score, params: Params) -> float:
    return float(score(space.encode([params]))[0])


def _divided(score: Callable[[Params], float], unit: float, params: Params) -> float:
    return score(params) / unit


def scale(name: str, seed: int) -> Scale:
    """What regret is measured by: from the table, or worked out now for a seed that is not in it."""
    known = _scales().get(name, [])
    if seed < len(known):
        return Scale(*known[seed])
    from benchmarks.reference import find_scale  # it needs this module

    return find_scale(name, seed)


@cache
def _scales() -> dict[str, list[tuple[Params, float, float]]]:
    return json.loads(BEST.read_text(encoding="utf-8")) if BEST.exists() else {}


def fingerprint(made: Problem) -> str:
    """A few letters that change with the problem, so that no stored run is taken for one of today's."""
    rows = made.space.sample_codes(np.random.default_rng(5), 12)
    rows = rows[made.space.allowed(rows)][:4]
    scores = [f"{made.taste(made.space.decode(row)):.5g}" for row in rows]
    facts = [repr(made.space), *scores, str(RECIPES[made.name].noise)]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:8]
