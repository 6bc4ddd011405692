"""The numbers of `grid()`: what is baked so far, what grids cost, and the truth about an oven."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pizzatune.menus.dial_by_dial import HELD_MINUTES, HIGH, LOW, QUICK, SLOW, oven_dials
from pizzatune.menus.menu import Menu
from pizzatune.menus.oven import Oven
from pizzatune.parameters import FloatArray, Real
from pizzatune.pictures.grid_cost import Cost
from pizzatune.space import Space
from pizzatune.strategies.grid_search import GridSearch
from pizzatune.strategies.random_search import RandomSearch
from pizzatune.trial import Trial, best_trial

MOST = 450  # pizzas that are baked: more could not be told apart on the map
LARGEST = 4096  # combinations; a larger grid is counted, but neither made nor baked
BAKED_DIALS = 4  # more do not fit on a map
MOVE = 20.0  # °C that the grid can be moved either way
BATCH = 100  # pizzas between two looks at what the learner does
LAND_COLUMNS, LAND_ROWS = 97, 25  # points of the true map: every 2.5 °C
LINE_HEATS = np.arange(LOW - MOVE, HIGH + MOVE + 0.25, 0.5)  # °C of the truth over one dial


@dataclass(frozen=True)
class Baking:
    """How far the strategy is: its menu and levels, the trials in order, how many there will be.

    `menu` is None and `levels` empty where the grid is too large to make.
    """

    view: str
    menu: Menu | None
    levels: Mapping[str, tuple[object, ...]]
    trials: tuple[Trial, ...]
    planned: int


def bake(view: str, menu: Menu, resolution: int, order: str, edges: bool) -> Iterator[Baking]:
    """Bake a grid, the first `MOST` of it."""
    search = GridSearch(menu.space, resolution=resolution, order=order, edges=edges)
    levels, planned = dict(search.levels), min(len(search), MOST)
    while len(search.trials) < planned:
        for _ in range(min(BATCH, planned - len(search.trials))):
            params = search.ask()
            search.tell(params, menu.taste(params))
        yield Baking(view, menu, levels, tuple(search.trials), planned)


@dataclass(frozen=True)
class GridNumbers:
    """What is on the picture.

    Attributes
    ----------
    view : {"tray", "map"}
        The article's table, or an oven's dials.
    menu : Menu or None
        What is baked; None where the grid is too large to make.
    levels : dict
        Name of a dial -> its levels, as the strategy chose them; empty where the grid is too large to make.
    trials : tuple of Trial
        The pizzas baked so far.
    planned : int
        How many are baked in the end: all of the grid, or the first 450.
    cost : Cost
        Of this grid and of those on fewer and more dials.
    oven : Oven
        The oven of the map.
    shift : float
        °C by which the grid lies higher.
    truth : bool
        Whether the truth is shown.
    """

    view: str
    menu: Menu | None
    levels: Mapping[str, tuple[object, ...]]
    trials: tuple[Trial, ...]
    planned: int
    cost: Cost
    oven: Oven
    shift: float = 0.0
    truth: bool = False

    @property
    def dials(self) -> int:
        """How many dials, or factors, there are."""
        return self.cost.dials

    @property
    def size(self) -> int:
        """Pizzas on this grid."""
        return self.cost.size

    @property
    def scores(self) -> FloatArray:
        """The scores so far, shape (n,)."""
        return np.array([trial.score for trial in self.trials], dtype=float)

    @property
    def best(self) -> Trial | None:
        """The best pizza so far."""
        return best_trial(self.trials)


@lru_cache(maxsize=8)
def drawn_heats(low: float, high: float, number: int) -> tuple[float, ...]:
    """The temperatures that random search draws, whatever other dials there are.

    Examples
    --------
    >>> len(set(drawn_heats(150, 350, 9)))
    9
    """
    search = RandomSearch(Space(Real("temperature", low, high)), seed=1)
    return tuple(search.ask()["temperature"] for _ in range(number))


# -- the truth about an oven ---------------------------------------------------------------------------------


class TrueMap:
    """How an oven scores all over temperature and minutes, worked out row by row when there is time.

    Attributes
    ----------
    scores : ndarray, shape (LAND_ROWS, LAND_COLUMNS)
        From the shortest bake to the longest; nan where it is not worked out yet.
    """

    def __init__(self, oven: Oven) -> None:
        self.menu = _wide(oven, 2)
        self.temperatures = np.linspace(LOW - MOVE, HIGH + MOVE, LAND_COLUMNS)
        self.minutes = np.geomspace(QUICK, SLOW, LAND_ROWS)
        self.scores = np.full((LAND_ROWS, LAND_COLUMNS), np.nan)

    def fill(self) -> Iterator[None]:
        """Taste what is missing, a row at a time."""
        for row in np.flatnonzero(np.isnan(self.scores[:, 0])):
            self.scores[row] = [self._taste(heat, self.minutes[row]) for heat in self.temperatures]
            yield None

    def _taste(self, heat: float, minutes: float) -> float:
        return self.menu.taste({"temperature": float(heat), "minutes": float(np.clip(minutes, QUICK, SLOW))})

    @property
    def whole(self) -> FloatArray:
        """All scores."""
        for _ in self.fill():
            pass
        return self.scores

    @property
    def top(self) -> tuple[float, float, float]:
        """Temperature, minutes and score of its highest point."""
        row, column = np.unravel_index(self.whole.argmax(), self.scores.shape)
        return float(self.temperatures[column]), float(self.minutes[row]), float(self.scores[row, column])


def _wide(oven: Oven, dials: int) -> Menu:
    """The oven with all temperatures that a moved grid can reach."""
    menu = oven_dials(oven, dials)
    wide = Real("temperature", LOW - MOVE, HIGH + MOVE, unit="°C")
    return Menu(menu.name, Space(wide, *menu.space.parameters[1:]), menu.recipe, menu.about)


@lru_cache(maxsize=4)
def true_map(oven: Oven) -> TrueMap:
    """The true map of an oven, the same for all who ask."""
    return TrueMap(oven)


@lru_cache(maxsize=4)
def true_line(oven: Oven) -> FloatArray:
    """How an oven scores at each of `LINE_HEATS`, minutes held."""
    menu = _wide(oven, 1)
    return np.array([menu.taste({"temperature": float(heat)}) for heat in LINE_HEATS])


def true_top(oven: Oven, dials: int) -> tuple[float, float, float]:
    """Temperature, minutes and score of the highest point of an oven's truth over one dial or two.

    Examples
    --------
    >>> from pizzatune.menus.oven import PLAIN_OVEN
    >>> heat, minutes, score = true_top(PLAIN_OVEN, 1)
    >>> round(heat), minutes, round(score, 1)
    (228, 10.0, 9.1)
    """
    if dials == 2:
        return true_map(oven).top
    line = true_line(oven)
    return float(LINE_HEATS[line.argmax()]), HELD_MINUTES, float(line.max())
