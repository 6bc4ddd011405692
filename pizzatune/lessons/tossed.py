"""Random search as a learner writes it, each loop tried in some salty kitchens."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pizzatune.menus.salty import SaltyKitchen
from pizzatune.space import Params

BAKES = 9  # pizzas that a loop may bake
TRIES = 6  # kitchens in which it is tried
NAMES = ("temperature", "salt")
KEPT = ("nothing", "no order", "not baked", "not the best", "the last")
"""What may be wrong with the pizza that a loop hands over; the first that fits any kitchen is said."""

Taste = Callable[[Params], float]


@dataclass
class _Bill:
    """What a loop bakes in one kitchen; to taste a pizza again costs nothing."""

    kitchen: SaltyKitchen
    orders: list[Params] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    asked: int = 0
    outside: bool = False

    def taste(self, order: Params) -> float:
        try:
            params = self.kitchen.space.check(order)
        except (TypeError, ValueError, KeyError):
            self.outside = True
            raise
        self.asked += 1
        if params not in self.orders:
            self.orders.append(params)
            self.scores.append(self.kitchen.taste(params))
        return self.scores[self.orders.index(params)]

    def drawn(self) -> str:
        """What is wrong with the pizzas; "" if nothing is."""
        if self.asked < BAKES or len(self.orders) > BAKES:
            return "too few" if self.asked < BAKES else "too many"
        values = [len({order[name] for order in self.orders}) for name in NAMES]
        if max(values) == 1:
            return "one pizza"
        if min(values) == 1:
            return "one dial"
        return "levels" if min(values) <= BAKES // 2 else ""

    def kept(self, found: Any) -> str:
        """What is wrong with the pizza that was handed over; "" if nothing is."""
        if found is None:
            return "nothing"
        if not isinstance(found, Mapping):
            return "no order"
        if dict(found) not in self.orders:
            return "not baked"
        if self.scores[self.orders.index(dict(found))] == max(self.scores):
            return ""
        return "the last" if dict(found) == self.orders[-1] else "not the best"


def outcome(loop: Any) -> str:
    """What became of a learner's loop in some kitchens: "good", or what is wrong with it.

    Each is tried twice with the same generator: it must bake the same pizzas.

    Examples
    --------
    >>> outcome(toss), outcome(lambda taste, rng: None)
    ('good', 'too few')
    """
    bills, kept = [], []
    for seed in (*range(TRIES), *range(TRIES)):
        bills.append(_Bill(SaltyKitchen(seed, 1.0)))
        try:
            found = loop(bills[-1].taste, np.random.default_rng(seed))
        except Exception:  # whatever a learner's own lines do
            return "outside" if bills[-1].outside else "broken"
        kept.append(bills[-1].kept(found))
    drawn = next(filter(None, (bill.drawn() for bill in bills)), "")
    if not drawn and any(bills[n].orders != bills[TRIES + n].orders for n in range(TRIES)):
        return "its own luck"
    return drawn or next((trouble for trouble in KEPT if trouble in kept), "good")


def toss(taste: Taste, rng: np.random.Generator) -> Params | None:
    """Bake nine pizzas, both dials drawn anew for each, and keep the best.

    Examples
    --------
    >>> kitchen = SaltyKitchen(1, matters=1.0)
    >>> kitchen.taste(toss(kitchen.taste, np.random.default_rng(2))) > 5
    True
    """
    return search(taste, lambda: {"temperature": rng.uniform(150, 300), "salt": rng.uniform(0, 30)})


def search(taste: Taste, draw: Callable[[], Params], bakes: int = BAKES) -> Params | None:
    """Bake what is drawn, so many times, and keep the best."""
    best, top = None, -math.inf
    for _ in range(bakes):
        order = draw()
        points = taste(order)
        if points > top:
            best, top = order, points
    return best
