"""A menu: a search space and the taste of every pizza in it, a problem whose answer is known."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from pizzatune.checks import checked_seed, real_number
from pizzatune.menus.taste import Part, Pizza, judge, taste
from pizzatune.parameters import FloatArray
from pizzatune.space import Params, Space
from pizzatune.trial import Trial

SCAN = 20_000  # pizzas that `Menu.best` bakes on a grid where there is no end of them
MOODS = 3  # mood n comes from [seed, n, 3]: ask number n of a strategy with that seed draws from [seed, n]
CLIMBS = 12  # how many of these it improves further


@dataclass(frozen=True, eq=False, repr=False)
class Menu:
    """What can be ordered, and how it tastes.

    Attributes
    ----------
    name : str
        What to call it.
    space : Space
        What may be chosen.
    recipe : callable
        ``recipe(params) -> Pizza``, a module-level function so that a menu can travel to another process.
    about : str
        What there is to learn from it, in a few words.
    score_label, trial_label : str
        What a score and a trial are called on plots and in tables.

    Examples
    --------
    >>> from pizzatune.menus import topping_and_heat
    >>> menu = topping_and_heat()
    >>> round(menu.taste({"topping": "Pepperoni", "temperature": 195}), 1)
    8.2
    >>> menu.best.params, round(menu.best.score, 2)
    ({'topping': 'Sausage', 'temperature': 225.0}, 9.15)
    """

    name: str
    space: Space
    recipe: Callable[[Params], Pizza]
    about: str = ""
    score_label: str = "taste score"
    trial_label: str = "pizza"

    def pizza(self, params: Mapping[str, Any]) -> Pizza:
        """Make the whole pizza that `params` order.

        Raises
        ------
        TypeError, ValueError
            If `params` are not of this menu's space.

        Examples
        --------
        >>> from pizzatune.menus import old_oven
        >>> old_oven().pizza({"temperature": 240, "minutes": 12}).oven.name
        'Old oven'
        """
        return self.recipe(self.space.check(params))

    def taste(self, params: Mapping[str, Any]) -> float:
        """Bake the pizza that `params` order and score it.

        Parameters
        ----------
        params : dict
            One value for each parameter of `space`.

        Returns
        -------
        float
            From 0 to 10; higher is better. The same params always score the same.

        Raises
        ------
        TypeError, ValueError
            If `params` are not of this menu's space.

        Examples
        --------
        >>> from pizzatune.menus import old_oven
        >>> round(old_oven().taste({"temperature": 240, "minutes": 12}), 1)
        7.6
        """
        return taste(self.pizza(params))

    def judge(self, params: Mapping[str, Any]) -> tuple[Part, ...]:
        """What gave the pizza that `params` order its points and what cost it some; the sum is its score.

        Raises
        ------
        TypeError, ValueError
            If `params` are not of this menu's space.

        Examples
        --------
        >>> from pizzatune.menus import old_oven
        >>> old_oven().judge({"temperature": 240, "minutes": 12})[0]
        Part(label='Dough', points=2.5)
        """
        return judge(self.pizza(params))

    def taster(self, noise: float = 0.3, seed: int | None = None) -> Taster:
        """Find a person to taste, who wavers; the arguments are those of `Taster`."""
        return Taster(self, noise, seed)

    @cached_property
    def best(self) -> Trial:
        """The best pizza of the menu with its true score, worked out when first asked for.

        Where the pizzas can be counted, each is baked. Where a dial turns smoothly, a dense grid is baked
        instead, and its best pizzas are improved until nothing is gained.
        """
        if math.isfinite(self.space.size):
            params = max(self.space.enumerate(), key=self._taste)
            why = f"the best of all {self.space.size:,} pizzas, each baked once"
        else:
            tops = [self._climb(start) for start in self._scan()[:CLIMBS]]
            params = max(tops, key=self._taste)
            why = f"the highest point reached from the {CLIMBS} best of about {SCAN:,} pizzas on a grid"
        return Trial(0, params, self._taste(params), why=why)

    def _taste(self, params: Params) -> float:
        """Taste what needs no check, since it came from the space."""
        return taste(self.recipe(params))

    def _scan(self) -> list[Params]:
        """The pizzas of a dense grid, the best first."""
        smooth = [dial for dial in self.space.parameters if math.isinf(dial.size)]
        others = math.prod(dial.size for dial in self.space.parameters if not math.isinf(dial.size))
        codes = np.linspace(0.0, 1.0, max(3, round((SCAN / others) ** (1 / len(smooth)))))
        levels = {
            dial.name: tuple(dial.decode(code) for code in codes) if dial in smooth else dial.values()
            for dial in self.space.parameters
        }
        return sorted(self.space.combine(levels), key=self._taste, reverse=True)

    def _climb(self, start: Params) -> Params:
        """Turn the smooth dials of one pizza until nothing is gained (Nelder and Mead, 1965)."""
        from scipy.optimize import Bounds, minimize

        dials = [self.space[name] for name in start if math.isinf(self.space[name].size)]

        def turned(codes: FloatArray) -> Params:
            return start | {dial.name: dial.decode(code) for dial, code in zip(dials, codes, strict=True)}

        def lost(codes: FloatArray) -> float:
            return -self._taste(turned(codes))

        codes: FloatArray = np.array([dial.encode(start[dial.name]) for dial in dials])
        inside = Bounds(np.zeros(len(dials)), np.ones(len(dials)))
        found = minimize(
            lost, codes, method="Nelder-Mead", bounds=inside, options={"xatol": 1e-7, "fatol": 1e-12}
        )
        return turned(found.x)

    def __repr__(self) -> str:
        return f"Menu {self.name!r}: {self.about}\n{self.space!r}"


class Taster:
    """A person who tastes a menu's pizzas and wavers: the true score, and a mood that comes and goes.

    Parameters
    ----------
    menu : Menu
        What is tasted.
    noise : float
        Standard deviation of the mood, in points, 0 or more.
    seed : int, optional
        Mood number n is drawn from ``default_rng([seed, n, 3])``, whatever is tasted. By default a seed is
        drawn, and kept in ``.seed``.

    Raises
    ------
    TypeError, ValueError
        If `noise` is not a number from 0 to 100, or `seed` not a whole number from 0 up.

    Notes
    -----
    A mood can push a score below 0 or above 10: noise that is cut off would shift the mean. A copy that
    travels to another process counts its own tastings from there on.

    Examples
    --------
    >>> from pizzatune.menus import topping_and_heat
    >>> taste = topping_and_heat().taster(noise=0.3, seed=1)
    >>> [round(taste({"topping": "Pepperoni", "temperature": 195}), 2) for _ in range(3)]
    [8.57, 8.48, 8.02]
    """

    def __init__(self, menu: Menu, noise: float = 0.3, seed: int | None = None) -> None:
        self.menu = menu
        self.noise = real_number("noise", noise, 0, 100, hint="0 is a taster who never wavers")
        self.seed = checked_seed(seed)
        self.tasted = 0
        self._counting = threading.Lock()  # two threads must not share a mood

    def __call__(self, params: Mapping[str, Any]) -> float:
        """Taste the pizza that `params` order; the next tasting comes with the next mood."""
        true = self.menu.taste(params)
        with self._counting:
            number, self.tasted = self.tasted, self.tasted + 1
        mood = float(np.random.default_rng([self.seed, number, MOODS]).standard_normal())
        return true + self.noise * mood

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_counting"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _counting=threading.Lock())

    def __repr__(self) -> str:
        return f"Taster of {self.menu.name!r}, noise {self.noise:g}, seed {self.seed}, {self.tasted} tasted"
