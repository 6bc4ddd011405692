"""The numbers of time travel: a history, and what a strategy believed and chose at each of its trials."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from pizzatune.parameters import FloatArray, Parameter
from pizzatune.plots.frame import completed, is_dial, levels, spoken
from pizzatune.space import Params, Space
from pizzatune.strategies.base import Exhausted, Strategy
from pizzatune.strategies.bayesian_optimization import BayesianOptimization
from pizzatune.trial import Trial, best_trial, scores_of

FINE = 121  # points along a dial
ACROSS, UP = 33, 25  # points of a map
STRIP_POINTS = 33  # points of a strip
PAGE = 14  # strips that fit on the picture
LOOKS = {"mean": "expected", "std": "doubt", "hope": "hope"}
ALIKE = 1e-9  # share of a score that is no difference


def round_step(least: float) -> float:
    """The smallest of 1, 2, 5, 10, 20 and so on, or of 0.5, 0.2 and so on, that is no less.

    Examples
    --------
    >>> round_step(30.0), round_step(0.13)
    (50.0, 0.2)
    """
    unit = 10.0 ** math.floor(math.log10(least))
    return next(unit * digit for digit in (1, 2, 5, 10) if unit * digit >= least * (1 - ALIKE))


def round_limits(low: float, high: float) -> tuple[float, float]:
    """Round numbers close around a range; a tenth of its size to both sides where it has no width.

    Examples
    --------
    >>> round_limits(0.8603, 0.8796), round_limits(-0.0967, 0.93), round_limits(0.0, 0.0)
    ((0.86, 0.88), (-0.1, 1.0), (-0.5, 0.5))
    """
    if high - low <= ALIKE * max(abs(low), abs(high)):
        pad = 0.1 * abs(high) or 0.5
        low, high = low - pad, high + pad
    return outward(low, high, round_step((high - low) / 20))


def outward(low: float, high: float, unit: float) -> tuple[float, float]:
    """The nearest multiples of `unit` that lie around a range.

    Examples
    --------
    >>> outward(0.86, 0.873, 0.01)
    (0.86, 0.88)
    """
    # Rounding must not push a limit that is round already one step on, nor leave 0.8600000000000001.
    ends = math.floor(low / unit + ALIKE), math.ceil(high / unit - ALIKE)
    digits = max(0, -math.floor(math.log10(unit)))
    return round(ends[0] * unit, digits), round(ends[1] * unit, digits)


def called(space: Space) -> dict[str, str]:
    """What each parameter is called, without the step of a pipeline where that is the same for all.

    Examples
    --------
    >>> from pizzatune.parameters import Integer, Real
    >>> called(Space(Real("svc__C", 0.1, 10), Integer("svc__max_iter", 10, 99)))
    {'svc__C': 'C', 'svc__max_iter': 'max iter'}
    >>> called(Space(Real("svc__C", 0.1, 10), Integer("pca__n", 1, 9)))
    {'svc__C': 'svc C', 'pca__n': 'pca n'}
    """
    parts = {name: name.rpartition("__") for name in space.names}
    steps, ends = {step for step, _, _ in parts.values()}, {end for _, _, end in parts.values()}
    short = len(steps) == 1 and len(ends) == len(parts) and "" not in ends
    return {name: spoken(end if short else name) for name, (_, _, end) in parts.items()}


def told_apart(names: Sequence[str], most: int) -> list[str]:
    """Names cut in the middle where they are too long, so that no two look alike.

    Parameters
    ----------
    names : list of str
        All different.
    most : int
        Letters that fit.

    Examples
    --------
    >>> told_apart(["yeast", "oven temperature above", "oven temperature below"], 12)
    ['yeast', 'oven t…above', 'oven t…below']
    """
    cut = list(names)
    for head in sorted(range(1, most), key=lambda head: abs(head - most // 2)):
        tail = most - 1 - head
        cut = [name if len(name) <= most else f"{name[:head]}…{name[len(name) - tail :]}" for name in names]
        if len(set(cut)) == len(names):
            return cut
    return cut


class View(NamedTuple):
    """What the left picture shows: a "slice" along the dial `what`, a "map" of `what` (mean, std or hope), or
    "strips", one for each parameter, from number `first` on."""

    kind: str
    what: str = ""
    first: int = 0


def views_of(space: Space, model: bool) -> dict[str, View]:
    """What can be shown of a space, by name; the first tells most.

    Parameters
    ----------
    space : Space
        Of any number of parameters.
    model : bool
        Whether the strategy has a model of the scores.

    Examples
    --------
    >>> from pizzatune.parameters import Integer, Real
    >>> list(views_of(Space(Real("oven", 200, 400), Integer("minutes", 4, 20)), model=False))
    ['Map', 'By oven', 'By minutes', 'All parameters']
    """
    names, dials = called(space), [parameter for parameter in space.parameters if is_dial(parameter)]
    slices = {f"By {names[dial.name]}": View("slice", dial.name) for dial in dials}
    strips = {"All parameters": View("strips")}
    if len(space) > PAGE:
        starts = range(0, len(space), PAGE)
        strips = {
            f"Parameters {first + 1}–{min(first + PAGE, len(space))}": View("strips", first=first)
            for first in starts
        }
    if len(dials) == len(space) == 2 and not any(dial.when for dial in dials):
        known = {f"Map: {words}": View("map", what) for what, words in LOOKS.items()}
        return (known if model else {"Map": View("map", "mean")}) | slices | strips
    simple = len(dials) == 1 and len(space) <= 2 and not dials[0].when
    return slices | strips if simple else strips | slices


@dataclass(frozen=True)
class Past:
    """A history: what really happened, or what might have.

    Attributes
    ----------
    trials : tuple of Trial
        All of it.
    imagined : frozenset of int
        The trials whose score somebody made up.
    since : int or None
        The first trial that is not as it really was; None where all are.
    """

    trials: tuple[Trial, ...]
    imagined: frozenset[int] = frozenset()
    since: int | None = None


@dataclass(frozen=True)
class Believed:
    """What a model holds at some points, shape (m,) each; nan where a combination is ruled out.

    Attributes
    ----------
    mean, std : ndarray, shape (m,)
        Expected score and its standard deviation, in score units.
    hope : ndarray, shape (m,)
        The acquisition function, from 0 to 1 for the most among these points.
    """

    mean: FloatArray
    std: FloatArray
    hope: FloatArray


def believed(strategy: Strategy, points: Sequence[Params | None]) -> Believed | None:
    """Ask a strategy what it believes; None where it has no model, or was told no score yet.

    Examples
    --------
    >>> import pizzatune as pt
    >>> space = pt.Space(pt.Real("oven", 200, 400))
    >>> strategy = pt.BayesianOptimization(space, seed=0)
    >>> believed(strategy, [{"oven": 250.0}]) is None
    True
    >>> trial = strategy.tell({"oven": 250.0}, 6.0)
    >>> believed(strategy, [{"oven": 250.0}, None]).mean.round(1)
    array([ 6., nan])
    """
    there = [point for point in points if point is not None]
    if not isinstance(strategy, BayesianOptimization) or strategy.best is None or not there:
        return None
    mean, std = strategy.posterior(there)
    hope = strategy.acquisition(there)
    if strategy.acquisition_kind == "log_ei":
        hope = np.exp(hope - hope.max())
    else:
        least = float(hope.min()) if strategy.acquisition_kind == "ucb" else 0.0
        hope = (hope - least) / ((float(hope.max()) - least) or 1.0)
    known = np.array([point is not None for point in points])
    full = np.full((3, len(points)), np.nan)
    full[:, known] = mean, std, hope
    return Believed(*full)


def points_of(view: View, space: Space, around: Params) -> list[Params | None]:
    """Where a view looks, the other parameters as in `around`; None where that is ruled out."""
    if view.kind == "slice":
        return _line(space, view.what, around, FINE)
    if view.kind == "map":
        across, up = space.parameters
        return [
            completed(space, {across.name: across.decode(float(x)), up.name: up.decode(float(y))})
            for y in np.linspace(1.0, 0.0, UP)
            for x in np.linspace(0.0, 1.0, ACROSS)
        ]
    return [point for one in on_page(view, space) for point in _line(space, one.name, around, STRIP_POINTS)]


def on_page(view: View, space: Space) -> tuple[Parameter, ...]:
    """The parameters that have a strip."""
    return space.parameters[view.first : view.first + PAGE]


def _line(space: Space, along: str, around: Params, most: int) -> list[Params | None]:
    line = [completed(space, {**around, along: value}) for value in levels(space[along], most)]
    return [point if point is not None and along in point else None for point in line]


@dataclass(frozen=True)
class Look:
    """What there is to know about one trial before it is tried; `Moment` says more.

    Attributes
    ----------
    told : tuple of Trial
        What the strategy had been told.
    trial : Trial or None
        What came of it; None where it was not tried.
    chosen : dict or None
        What it chose; None where every combination had been tried.
    why, origin
        Why, in words and numbers.
    believed : Believed or None
        What it held at the points of the view; None without a model.
    points : list
        These points.
    blind : bool
        Whether it chose knowing less than it does on the picture: trials that ran at the same time.
    """

    told: tuple[Trial, ...]
    trial: Trial | None
    chosen: Params | None
    why: str
    origin: Mapping[str, Any]
    believed: Believed | None
    points: list[Params | None] = field(repr=False)
    blind: bool = False


def look(strategy: Strategy, trial: Trial | None, view: View) -> Look:
    """Look at a strategy as it stood before a trial; with None, at what it would try next.

    Parameters
    ----------
    strategy : Strategy
        Told all trials before; nothing pending. It is not changed.
    trial : Trial or None
        What it went on to try.
    view : View
        Where to look.

    Examples
    --------
    >>> import pizzatune as pt
    >>> space = pt.Space(pt.Choice("oven", ["Stone"]))
    >>> search = pt.RandomSearch(space, seed=0)
    >>> look(search, None, View("strips")).chosen
    {'oven': 'Stone'}
    >>> trial = search.tell({"oven": "Stone"}, 6.0)
    >>> look(search, None, View("strips")).why
    'every combination has been tried'
    """
    told = tuple(strategy.trials)
    chosen, why, origin = _choice(strategy, trial)
    known = best_trial(told) or (told[-1] if told else None)
    around = chosen if chosen is not None else known.params if known is not None else {}
    points = points_of(view, strategy.space, around)
    numbers = believed(strategy, points)
    blind = False
    if isinstance(strategy, BayesianOptimization) and trial and numbers is not None and "mean" in origin:
        now, std = strategy.posterior(trial.params)
        blind = abs(now - origin["mean"]) > 1e-3 * (std + abs(now))
    return Look(told, trial, chosen, why, origin, numbers, points, blind)


def _choice(strategy: Strategy, trial: Trial | None) -> tuple[Params | None, str, Mapping[str, Any]]:
    if trial is not None:
        return trial.params, trial.why, trial.origin
    try:
        chosen = strategy.ask()
    except Exhausted:
        return None, "every combination has been tried", {}
    suggestion = strategy.pending[-1]
    strategy.withdraw(chosen)
    return chosen, suggestion.why, suggestion.origin


@dataclass(frozen=True)
class Moment:
    """One trial of a history, and all that was known before it was tried.

    Attributes
    ----------
    number : int
        The trial's, from 0; one more than the last is what it would try next.
    past : Past
        The history it belongs to, with what came after.
    look : Look
        What it believed, what it chose, and why.
    what_if : float or None
        A score that is set, but not replayed yet.
    real : tuple of Trial
        What really happened.
    settings : Strategy
        The strategy with its settings.
    """

    number: int
    past: Past
    look: Look
    what_if: float | None
    real: tuple[Trial, ...] = field(repr=False)
    settings: Strategy = field(repr=False)

    @property
    def model(self) -> bool:
        """Whether the strategy has a model of the scores."""
        return isinstance(self.settings, BayesianOptimization)

    @property
    def before(self) -> tuple[Trial, ...]:
        """The trials it had been told."""
        return self.look.told

    @property
    def trial(self) -> Trial | None:
        """What came of the choice; None where it was not tried."""
        return self.look.trial

    @property
    def shown(self) -> tuple[Trial, ...]:
        """The trials on the left picture: those it had been told, and what came of the choice."""
        return self.before if self.trial is None else (*self.before, self.trial)

    @property
    def range(self) -> tuple[float, float]:
        """Round numbers around the scores of this history and of the real one; (0, 1) where there is none."""
        scores = scores_of(self.real + self.past.trials)
        scores = scores[np.isfinite(scores)]
        return round_limits(float(scores.min()), float(scores.max())) if len(scores) else (0.0, 1.0)

    @property
    def strategy(self) -> Strategy:
        """The strategy as it stood, for questions of your own."""
        return self.settings.rebuilt(self.before)

    @property
    def expected(self) -> tuple[float, float] | None:
        """Mean and standard deviation of the score that it forecast; None where it made no forecast."""
        origin = self.look.origin
        return (float(origin["mean"]), float(origin["std"])) if {"mean", "std"} <= set(origin) else None

    @property
    def trust(self) -> float | None:
        """How far it trusted an earlier search, from 0 to 1; None where it knew of none."""
        trust = self.look.origin.get("trust")
        return None if trust is None else float(trust)

    @property
    def parents(self) -> tuple[Trial, ...]:
        """The trials that it descends from, where it was bred."""
        return tuple(self.before[number] for number in dict.fromkeys(self.look.origin.get("parents", ())))
