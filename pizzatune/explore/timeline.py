"""The numbers of time travel: a history, and what a strategy believed and chose at each of its trials."""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from pizzatune.parameters import FloatArray
from pizzatune.pictures import strips
from pizzatune.pictures.slices import hope_of
from pizzatune.pictures.source import completed, is_dial
from pizzatune.space import Params, Space
from pizzatune.strategies.base import Exhausted, Strategy
from pizzatune.strategies.bayesian_optimization import BayesianOptimization
from pizzatune.trial import Trial, best_trial, scores_of
from pizzatune.words import spoken

ACROSS, UP = 33, 25  # points of a map
PAGE = 8  # strips that fit on the picture
WHATS = {"mean": "expected score", "std": "doubt", "hope": "hope"}
ALIKE = 1e-9  # share of a score that is no difference
LEAST = 1e-290  # of what is smaller there are no round shares


def round_step(least: float) -> float:
    """The smallest of 1, 2, 5, 10, 20 and so on, or of 0.5, 0.2 and so on, that is no less.

    Examples
    --------
    >>> round_step(30.0), round_step(0.13)
    (50.0, 0.2)
    """
    unit = 10.0 ** math.floor(math.log10(least))
    return next(unit * digit for digit in (1, 2, 5, 10) if unit * digit >= least * (1 - ALIKE))


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


def round_limits(low: float, high: float) -> tuple[float, float]:
    """Round numbers close around a range; a tenth of its size to both sides where it has no width.

    Examples
    --------
    >>> round_limits(0.8603, 0.8796), round_limits(-0.0967, 0.93), round_limits(0.0, 0.0)
    ((0.86, 0.88), (-0.1, 1.0), (-0.5, 0.5))
    """
    width = high / 2 - low / 2  # half of it: the whole may be larger than any number
    if width <= max(ALIKE * max(abs(low), abs(high)), LEAST):
        pad = 0.1 * abs(high) if abs(high) > LEAST else 0.5
        low, high = low - pad, high + pad
        width = high / 2 - low / 2
    return outward(low, high, round_step(width / 10)) if math.isfinite(2 * width) else (low, high)


def span_of(scores: FloatArray, scale: tuple[float, float] | None = None) -> tuple[float, float, float]:
    """Lowest and highest score worth asking about, and a step, all round numbers.

    Parameters
    ----------
    scores : ndarray, shape (n,)
        All that came; nan where there is none.
    scale : tuple of float, optional
        Between which numbers scores lie, where that is known. Otherwise the limits lie as far from the
        scores as these from 0, or as their width if that is more.

    Examples
    --------
    >>> span_of(np.array([2.0, 7.3, np.nan]))
    (-6.0, 15.0, 0.1)
    >>> span_of(np.array([2.0, 7.3]), scale=(0.0, 10.0))
    (0.0, 10.0, 0.05)
    >>> span_of(np.array([]))
    (0.0, 1.0, 0.005)
    """
    scores = scores[np.isfinite(scores)]
    low, high = (float(scores.min()), float(scores.max())) if len(scores) else scale or (0.0, 1.0)
    width = high - low
    if not math.isfinite(4 * width):  # scores as large as there are: nothing round lies beyond them
        return low, high, (high / 2 - low / 2) / 100
    if scale is not None:
        low, high = min(low, scale[0]), max(high, scale[1])
    elif len(scores):
        size = max(abs(low), abs(high))
        reach = max(width, min(size, 500 * width or size))
        reach = reach if reach > LEAST else 1.0
        low, high = low - reach, high + reach
    whole = high - low
    step = round_step(max(whole / 2000, min(whole / 250, (width or whole) / 10)))
    return *outward(low, high, 10 * step), round(step, max(0, -math.floor(math.log10(step))))


def display_names(space: Space) -> dict[str, str]:
    """What each parameter is called, without the step of a pipeline where that is the same for all.

    Examples
    --------
    >>> from pizzatune import Integer, Real
    >>> display_names(Space(Real("svc__C", 0.1, 10), Integer("svc__max_iter", 10, 99)))
    {'svc__C': 'C', 'svc__max_iter': 'max iter'}
    >>> display_names(Space(Real("svc__C", 0.1, 10), Integer("pca__n", 1, 9)))
    {'svc__C': 'svc C', 'pca__n': 'pca n'}
    """
    parts = {name: name.rpartition("__") for name in space.names}
    steps, ends = {step for step, _, _ in parts.values()}, {end for _, _, end in parts.values()}
    short = len(steps) == 1 and len(ends) == len(parts) and "" not in ends
    return {name: spoken(end if short else name) for name, (_, _, end) in parts.items()}


class View(NamedTuple):
    """The lower picture: a "map" of `what` (mean, std or hope), or "strips" from parameter `first` on."""

    kind: str
    what: str = "mean"
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
    >>> from pizzatune import Integer, Real
    >>> list(views_of(Space(Real("oven", 200, 400), Integer("minutes", 4, 20)), model=False))
    ['a map', 'each parameter']
    """
    strip = {"each parameter": View("strips")}
    if len(space) > PAGE:
        starts = range(0, len(space), PAGE)
        strip = {
            f"parameters {n + 1} to {min(n + PAGE, len(space))}": View("strips", first=n) for n in starts
        }
    dials = [parameter for parameter in space.parameters if is_dial(parameter)]
    if len(dials) == len(space) == 2 and not any(dial.when for dial in dials):
        maps = {f"a map of the {words}": View("map", what) for what, words in WHATS.items()}
        return (maps if model else {"a map": View("map")}) | strip
    return strip


@dataclass(frozen=True)
class Timeline:
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
class Held:
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


def held_at(strategy: Strategy, points: Sequence[Params | None]) -> Held | None:
    """Ask a strategy what it believes; None where it has no model, or was told no score yet.

    Examples
    --------
    >>> import pizzatune as pt
    >>> space = pt.Space(pt.Real("oven", 200, 400))
    >>> strategy = pt.BayesianOptimization(space, seed=0)
    >>> held_at(strategy, [{"oven": 250.0}]) is None
    True
    >>> trial = strategy.tell({"oven": 250.0}, 6.0)
    >>> held_at(strategy, [{"oven": 250.0}, None]).mean.round(1)
    array([ 6., nan])
    """
    found = strips.believed(strategy, points)
    if found is None or not isinstance(strategy, BayesianOptimization):
        return None
    mean, std = found
    known = np.isfinite(mean)
    hope = np.full(len(mean), math.nan)
    if known.any():
        hope[known] = hope_of(strategy, mean[known], std[known])
        hope -= np.nanmin(hope) if strategy.acquisition_kind == "ucb" else 0.0
        hope /= float(np.nanmax(hope)) or 1.0
    return Held(mean, std, hope)


def points_of(view: View, space: Space, around: Params) -> list[Params | None]:
    """Where a view looks, the other parameters as in `around`; None where that is ruled out."""
    if view.kind == "strips":
        return strips.points_of(space, around, names_of(view, space))
    across, up = space.parameters
    return [
        completed(space, {across.name: across.decode(float(x)), up.name: up.decode(float(y))})
        for y in np.linspace(0.0, 1.0, UP)
        for x in np.linspace(0.0, 1.0, ACROSS)
    ]


def names_of(view: View, space: Space) -> list[str]:
    """The parameters that have a strip."""
    return list(space.names[view.first : view.first + PAGE])


@dataclass(frozen=True)
class Decision:
    """What there is to know about one trial before it is tried; `Snapshot` says more.

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
    held : Held or None
        What it believed at the points of the view; None without a model.
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
    held: Held | None
    points: list[Params | None] = field(repr=False)
    blind: bool = False


def inspect(strategy: Strategy, trial: Trial | None, view: View) -> Decision:
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
    >>> inspect(search, None, View("strips")).chosen
    {'oven': 'Stone'}
    >>> trial = search.tell({"oven": "Stone"}, 6.0)
    >>> inspect(search, None, View("strips")).why
    'every combination has been tried'
    """
    told = tuple(strategy.trials)
    chosen, why, origin = _choice(strategy, trial)
    known = best_trial(told) or (told[-1] if told else None)
    around = chosen if chosen is not None else known.params if known is not None else {}
    points = points_of(view, strategy.space, around)
    held, blind = held_at(strategy, points), False
    if isinstance(strategy, BayesianOptimization) and trial and held is not None and "mean" in origin:
        now, std = strategy.posterior(trial.params)
        blind = abs(now - origin["mean"]) > 1e-3 * (std + abs(now))
    return Decision(told, trial, chosen, why, origin, held, points, blind)


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
class Snapshot:
    """One trial of a history, and all that was known before it was tried.

    Attributes
    ----------
    number : int
        The trial's, from 0; one more than the last is what it would try next.
    timeline : Timeline
        The history it belongs to, with what came after.
    decision : Decision
        What it believed, what it chose, and why.
    real : tuple of Trial
        What really happened.
    settings : Strategy
        The strategy with its settings.
    """

    number: int
    timeline: Timeline
    decision: Decision
    real: tuple[Trial, ...] = field(repr=False)
    settings: Strategy = field(repr=False)

    @property
    def before(self) -> tuple[Trial, ...]:
        """The trials it had been told."""
        return self.decision.told

    @property
    def trial(self) -> Trial | None:
        """What came of the choice; None where it was not tried."""
        return self.decision.trial

    @property
    def shown(self) -> tuple[Trial, ...]:
        """The trials on the lower picture: those it had been told, and what came of the choice."""
        return self.before if self.trial is None else (*self.before, self.trial)

    @property
    def scores(self) -> FloatArray:
        """All finite scores of this history and of the real one."""
        scores = scores_of(self.real + self.timeline.trials)
        return scores[np.isfinite(scores)]

    @property
    def range(self) -> tuple[float, float]:
        """Round numbers around `scores`, the ends of the colours; (0, 1) where there is none."""
        scores = self.scores
        return round_limits(float(scores.min()), float(scores.max())) if len(scores) else (0.0, 1.0)

    @property
    def strategy(self) -> Strategy:
        """The strategy as it stood, for questions of your own."""
        return self.settings.rebuilt(self.before)

    @property
    def expected(self) -> tuple[float, float] | None:
        """Mean and standard deviation of the score that it forecast; None where it made no forecast."""
        origin = self.decision.origin
        return (float(origin["mean"]), float(origin["std"])) if {"mean", "std"} <= set(origin) else None

    @property
    def trust(self) -> float | None:
        """How far it trusted an earlier search, from 0 to 1; None where it knew of none."""
        trust = self.decision.origin.get("trust")
        return None if trust is None else float(trust)

    @property
    def parents(self) -> tuple[Trial, ...]:
        """The trials that it descends from, where it was bred."""
        return tuple(self.before[number] for number in dict.fromkeys(self.decision.origin.get("parents", ())))


def same_trials(one: Sequence[Trial], other: Sequence[Trial]) -> bool:
    """Whether both are the very same trials: comparing their params might compare anything."""
    return len(one) == len(other) and all(map(operator.is_, one, other))
