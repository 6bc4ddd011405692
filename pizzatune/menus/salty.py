"""Kitchens with salt: their best temperature and best salt lie anywhere; further dials are never tasted."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from pizzatune.menus.taste import CHEESES, DOUGH, HEAT_COST, HEAT_WIDTH, SAUCES, TOPPINGS
from pizzatune.parameters import FloatArray, Real
from pizzatune.space import Space

FLAVOUR = DOUGH + SAUCES["Tomato"] + CHEESES["Mozzarella"] + TOPPINGS["Sausage"].flavour
"""Points of a sausage pizza with nothing wrong with it."""

DIALS = (
    Real("temperature", 150, 300, unit="°C"),
    Real("salt", 0, 30, unit="g"),
    Real("light", 0, 100, unit="%"),
    Real("music", 0, 100, unit="%"),
    Real("apron", 0, 100, unit="cm"),
    Real("clock", 0, 24, unit="h"),
)
"""The dials of a salty kitchen. Only the first two are ever tasted."""

WIDTH = HEAT_WIDTH / (DIALS[0].high - DIALS[0].low)
"""How wide the hill of good pizzas is on each of the two, as a share of the dial."""

STREAM = 2012  # keeps a kitchen's own luck apart from that of a strategy with the same seed


@dataclass(frozen=True)
class SaltyKitchen:
    """A sausage pizza whose best temperature and best salt lie anywhere on their dials.

    Wrong heat costs what it costs a topping everywhere in this house (`pizzatune.menus.taste.wrong_heat`).
    Wrong salt costs the same, times what salt matters. All further dials are never tasted.

    Parameters
    ----------
    seed : int
        Which kitchen: it decides where the best temperature and the best salt lie, each place as likely as
        any other.
    matters : float
        What salt matters: 0 not at all, 1 as much as temperature.
    dials : int
        How many dials the cook may turn, from 1 (temperature alone) to 6.

    Raises
    ------
    ValueError
        If `matters` is below 0, or there are no such dials.

    Examples
    --------
    >>> kitchen = SaltyKitchen(seed=1, matters=0.5)
    >>> best = {"temperature": kitchen.best_temperature, "salt": kitchen.best_salt}
    >>> kitchen.taste(best), round(kitchen.taste(best | {"salt": kitchen.best_salt - 4}), 2)
    (9.5, 8.75)
    """

    seed: int
    matters: float = 0.0
    dials: int = 2

    def __post_init__(self) -> None:
        if not (self.matters >= 0 and math.isfinite(self.matters)):
            raise ValueError(f"matters must be 0 or more, got {self.matters}; 1 is as much as temperature")
        if self.dials not in range(1, len(DIALS) + 1):
            raise ValueError(f"dials must be 1 to {len(DIALS)}, got {self.dials}; 2 are temperature and salt")

    @property
    def space(self) -> Space:
        """The dials that the cook may turn."""
        return Space(*DIALS[: self.dials])

    @property
    def best_temperature(self) -> float:
        """The best temperature, in °C."""
        return DIALS[0].decode(float(self._best[0]))

    @property
    def best_salt(self) -> float:
        """The best amount of salt, in grams."""
        return DIALS[1].decode(float(self._best[1]))

    def taste(self, params: Mapping[str, Any]) -> float:
        """Score a pizza, in points of at most 9.5; deterministic."""
        return float(self.scores(np.array([[params["temperature"], params.get("salt", math.nan)]]))[0])

    def scores(self, pizzas: FloatArray) -> FloatArray:
        """Score many: temperatures (°C) and salts (g) of shape (n, 2) give points of shape (n,).

        Where salt is nan, since there is no dial for it, the cook salts just right.
        """
        salt_cost = np.nan_to_num(self.salt_cost(pizzas[:, 1]))
        scores: FloatArray = FLAVOUR - self.heat_cost(pizzas[:, 0]) - self.matters * salt_cost
        return scores

    def heat_cost(self, temperature: float | FloatArray) -> Any:
        """Points that a wrong temperature costs, at one or many temperatures in °C."""
        return self._cost(0, temperature)

    def salt_cost(self, salt: float | FloatArray) -> Any:
        """Points that wrong salt would cost if it mattered as much as heat, at one or many amounts in g."""
        return self._cost(1, salt)

    @cached_property
    def _best(self) -> FloatArray:
        """Where the best temperature and salt lie on their dials, from 0 to 1, shape (2,)."""
        return np.random.default_rng([self.seed, 0, STREAM]).random(2)

    def _cost(self, dial: int, value: float | FloatArray) -> Any:
        low, high = DIALS[dial].low, DIALS[dial].high
        off = ((np.asarray(value) - low) / (high - low) - self._best[dial]) / WIDTH
        return HEAT_COST * (1.0 - np.exp(-0.5 * off * off))
