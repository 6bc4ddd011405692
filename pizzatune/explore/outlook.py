"""What Bayesian optimization believes and hopes all over a small menu, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, cast

import numpy as np

from pizzatune.gp import GaussianProcess
from pizzatune.menus.tricky import cool_kitchen
from pizzatune.parameters import FloatArray
from pizzatune.pictures.slices import BAND
from pizzatune.pictures.source import places
from pizzatune.space import Params
from pizzatune.strategies.bayesian_optimization import BayesianOptimization
from pizzatune.trial import Trial

RANGE = 150.0  # °C from one end of the dial to the other
NEXT = "next"  # the topping to look at is the one that is baked next


@dataclass(frozen=True)
class Outlook:
    """What the strategy believes and hopes after some pizzas, all over the menu.

    Arrays have a row for each of the t toppings and a column for each of the k temperatures.

    Attributes
    ----------
    trials : tuple of Trial
        The pizzas baked.
    toppings : tuple of str
        Shape (t,).
    temperature : ndarray, shape (k,)
        In °C.
    mean, std, acquisition, truth : ndarray, shape (t, k)
        Guessed score, its doubt, how much there is to hope for (in the rule's own unit), and the true score.
    row : int
        The topping looked at.
    next : dict
        The params it bakes next.
    why : str
        Why.
    length, noise : float
        Length scale along the dial in °C, and noise of one tasting in points, as the model has them.
    """

    trials: tuple[Trial, ...]
    toppings: tuple[str, ...]
    temperature: FloatArray
    mean: FloatArray
    std: FloatArray
    acquisition: FloatArray
    truth: FloatArray
    row: int
    next: Params
    why: str
    length: float
    noise: float

    @property
    def topping(self) -> str:
        """The topping looked at."""
        return self.toppings[self.row]

    @property
    def best(self) -> Trial:
        """The best pizza so far."""
        return max(self.trials, key=lambda trial: cast(float, trial.score))

    @property
    def outside(self) -> int:
        """At how many temperatures the truth about the topping looked at lies outside the band."""
        off = np.abs(self.truth - self.mean)[self.row]
        return int((off > BAND * self.std[self.row]).sum())

    def at(self, params: Params) -> tuple[int, int]:
        """Row and column of a pizza."""
        column = int(np.abs(self.temperature - params["temperature"]).argmin())
        return self.toppings.index(params["topping"]), column


class WholeMenu(NamedTuple):
    """All pizzas of the menu, topping by topping and from cool to hot; their codes, shape (n, 2), and their
    true scores, shape (n,)."""

    pizzas: tuple[Params, ...]
    codes: FloatArray
    truth: FloatArray


@lru_cache(maxsize=1)
def whole_menu() -> WholeMenu:
    """The menu `cool_kitchen`, worked out once."""
    menu = cool_kitchen()
    pizzas = tuple(menu.space.enumerate())
    codes = menu.space.encode(list(pizzas))
    return WholeMenu(pizzas, codes, np.array([menu.taste(params) for params in pizzas]))


def beliefs(search: BayesianOptimization) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Mean, std and acquisition of the whole menu, shape (n,) each.

    What ``search.posterior`` and ``search.acquisition`` say of all its pizzas; these would put the pizzas
    into codes anew each time, which takes longer than all else that a turn of a knob does.
    """
    mean, std = search.belief().predict(whole_menu().codes)
    return mean, std, search.acquisition_of(mean, std)


def outlook_of(search: BayesianOptimization, topping: str = NEXT) -> Outlook:
    """Ask a strategy on the menu `cool_kitchen` what it believes; it is not changed.

    Parameters
    ----------
    search : BayesianOptimization
        With at least one pizza told.
    topping : str
        Which topping to look at; by default that of the pizza it bakes next.

    Examples
    --------
    >>> import pizzatune as pt
    >>> menu = pt.menus.cool_kitchen()
    >>> search = pt.BayesianOptimization(menu.space, acquisition="ei", seed=1)
    >>> outlook = outlook_of(pt.tune(menu.taste, search, budget=6).strategy)
    >>> outlook.mean.shape, outlook.topping == outlook.next["topping"]
    ((8, 31), True)
    """
    truth = whole_menu().truth
    choice, dial = search.space["topping"], search.space["temperature"]
    shape = (int(choice.size), int(dial.size))
    mean, std, acquisition = beliefs(search)
    following = search.ask()
    why = search.why
    search.withdraw(following)
    model, spread = cast(GaussianProcess, search.belief().landscape), search.belief().spread
    shown = following["topping"] if topping == NEXT else topping
    return Outlook(
        trials=tuple(search.trials),
        toppings=tuple(choice.values()),
        temperature=places(dial, dial.values()),
        mean=mean.reshape(shape),
        std=std.reshape(shape),
        acquisition=acquisition.reshape(shape),
        truth=truth.reshape(shape),
        row=choice.values().index(shown),
        next=following,
        why=why,
        length=float(model.lengths[1]) * RANGE,  # the dial is the second parameter
        noise=model.noise * spread,
    )
