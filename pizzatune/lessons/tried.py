"""Searches of the ridge as a learner writes them, each tried in six kitchens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from pizzatune.menus.menu import Menu
from pizzatune.menus.oven import Oven
from pizzatune.menus.taste import Pizza
from pizzatune.menus.tricky import ridge, ridge_pizza
from pizzatune.parameters import Real
from pizzatune.space import Params, Space

PIZZAS = 30
OFF = (-40, -30, -20, -10, 0, 10)
"""By how many degrees the ovens of the kitchens are hotter than their dials say."""

TURNS = 10  # in each kitchen: a search that draws has good and bad luck
BETTER = 0.5  # points that a search must gain on one dial at a time


Taste = Callable[[Params], float]


def one_dial(taste: Taste, minutes: int = 14) -> Params:
    """Try every temperature, keep the best one, then try every time: 29 pizzas of `ridge`.

    Examples
    --------
    >>> one_dial(ridge().taste)
    {'temperature': 190, 'minutes': 13}
    """
    heats = [{"temperature": heat, "minutes": minutes} for heat in range(180, 301, 10)]
    best = max(heats, key=taste)
    times = [{**best, "minutes": time} for time in range(3, 19)]
    return max(times, key=taste)


@lru_cache(maxsize=1)
def kitchens() -> tuple[Menu, ...]:
    """The ridge in ovens that are hotter or cooler than they say: the best pizza lies elsewhere in each."""
    space = Space(Real("temperature", 180, 300, unit="°C"), Real("minutes", 3, 18, unit="min"))
    return tuple(Menu("ridge", space, _Recipe(float(off))) for off in OFF)


@dataclass(frozen=True)
class _Recipe:
    off: float

    def __call__(self, params: Params) -> Pizza:
        return replace(ridge_pizza(params, slant=1.0), oven=Oven("Oven", offset=self.off))


@lru_cache(maxsize=1)
def to_beat() -> float:
    """By how many points `one_dial` misses the best pizza, on average over kitchens and starts.

    Examples
    --------
    >>> round(to_beat(), 1)
    2.3
    """
    return float(
        np.mean([_miss(one, one_dial(one.taste, time)) for one in kitchens() for time in range(3, 19)])
    )


def _miss(menu: Menu, order: Params) -> float:
    return _top() - menu.taste(order)


@lru_cache(maxsize=1)
def _top() -> float:
    """The best of the ridge: the same in every oven."""
    return float(ridge().best.score or 0.0)


class _TooManyError(Exception):
    pass


def outcome(search: Any) -> str:
    """What became of a learner's search: "good", or what is wrong with it.

    Examples
    --------
    >>> outcome(one_dial), outcome(lambda taste: None)
    ('one at a time', 'nothing')
    """
    misses = []
    for menu in kitchens():
        for _ in range(TURNS):
            bill = _Bill(menu)
            try:
                order = search(bill.taste)
            except Exception:  # whatever a learner's own lines do
                return bill.trouble or "broken"
            if bill.trouble:
                return bill.trouble
            if order is None:
                return "nothing"
            if not isinstance(order, Mapping) or dict(order) not in bill.orders:
                return "not baked"
            misses.append(_miss(menu, dict(order)))
    if any(len({order[dial] for order in bill.orders}) == 1 for dial in ("temperature", "minutes")):
        return "one dial"
    if np.mean(misses) <= to_beat() - BETTER:
        return "good"
    return "one at a time" if bill.turned_one_at_a_time() else "too far"


class _Bill:
    """Bakes for one search, and writes down what it orders."""

    def __init__(self, menu: Menu) -> None:
        self.menu, self.trouble = menu, ""
        self.orders: list[Params] = []
        self.scores: list[float] = []

    def taste(self, order: Params) -> float:
        if order in self.orders:
            return self.scores[self.orders.index(order)]
        try:
            score = self.menu.taste(order)
        except (TypeError, ValueError, KeyError):
            self.trouble = self.trouble or "outside"
            raise
        if len(self.orders) == PIZZAS:
            self.trouble = self.trouble or "too many"
            raise _TooManyError(f"the {PIZZAS} pizzas are used up")
        self.orders.append(dict(order))
        self.scores.append(score)
        return score

    def turned_one_at_a_time(self) -> bool:
        """Whether each pizza keeps a setting of the one before it or of the best so far."""
        for number in range(1, len(self.orders)):
            best = self.orders[int(np.argmax(self.scores[:number]))]
            now, before = self.orders[number], self.orders[number - 1]
            if not any(now[dial] in (best[dial], before[dial]) for dial in now):
                return False
        return True


def both_dials(taste: Taste) -> Params:
    """Draw 30 pizzas at random, and keep the best.

    Examples
    --------
    >>> outcome(both_dials)
    'good'
    """
    rng = np.random.default_rng(1)
    orders = [{"temperature": rng.uniform(180, 300), "minutes": rng.uniform(3, 18)} for _ in range(PIZZAS)]
    return max(orders, key=taste)
