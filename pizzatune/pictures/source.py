"""Whose trials a picture shows, what its labels call things, and how a parameter lies on an axis."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pizzatune.menus.menu import Menu
from pizzatune.parameters import Choice, FloatArray, Integer, Parameter, Real
from pizzatune.pictures.marks import Scale
from pizzatune.result import Result
from pizzatune.space import Params, Space
from pizzatune.strategies.base import Strategy
from pizzatune.trial import Trial, best_trial
from pizzatune.words import count, number_text, plural, score_text, shortened, spoken

if TYPE_CHECKING:
    Source = Result | Strategy | Sequence[Trial]


@dataclass(frozen=True)
class Run:
    """The trials that a picture shows, and what its labels call things."""

    trials: tuple[Trial, ...]
    space: Space
    score_label: str = "score"
    trial_label: str = "trial"
    strategy: Strategy | None = None

    @property
    def best(self) -> Trial | None:
        """The trial with the highest score."""
        return best_trial(self.trials)

    @property
    def best_text(self) -> str:
        """The highest score as text."""
        best = self.best
        return "none yet" if best is None or best.score is None else score_text(best.score)

    @property
    def tried(self) -> str:
        """How many trials, in words."""
        return count(len(self.trials), self.trial_label)

    @property
    def failed(self) -> tuple[Trial, ...]:
        """The trials that gave no score."""
        return tuple(trial for trial in self.trials if not trial.ok)

    @property
    def trials_label(self) -> str:
        """What several trials are called."""
        return plural(self.trial_label)


def as_run(source: Source, *, space: Space | None = None, menu: Menu | None = None) -> Run:
    """Take whatever holds trials and give a `Run`.

    Raises
    ------
    TypeError
        If it holds no trials, or is a list of trials without a space.
    """
    labels = (menu.score_label, menu.trial_label) if menu is not None else ("score", "trial")
    if isinstance(source, Result):
        return Run(source.trials, source.space, source.score_label, source.trial_label, source.strategy)
    if isinstance(source, Strategy):
        return Run(tuple(source.trials), source.space, *labels, source)
    if not isinstance(source, Sequence) or not all(isinstance(trial, Trial) for trial in source):
        raise TypeError(f"a picture needs a result, a strategy or a list of trials, got {source!r}")
    if space is None:
        if menu is None:
            raise TypeError(
                "a list of trials does not say what they were chosen from; pass space=... beside it"
            )
        space = menu.space
    return Run(tuple(source), space, *labels)


def as_runs(
    source: Source | Mapping[str, Source], *, menu: Menu | None = None, space: Space | None = None
) -> dict[str, Run]:
    """One search or several, each as a `Run` by name; an error where there is nothing to draw."""
    if isinstance(source, Mapping):
        runs = {str(name): as_run(one, menu=menu, space=space) for name, one in source.items()}
    else:
        run = as_run(source, menu=menu, space=space)
        runs = {type(run.strategy).__name__ if run.strategy is not None else "search": run}
    if not any(run.trials for run in runs.values()):
        raise ValueError(
            "no trials, so there is nothing to draw; tune first, e.g. pt.tune(objective, strategy, budget=10)"
        )
    return runs


def completed(space: Space, wish: Mapping[str, Any]) -> Params | None:
    """The params that `wish` asks for: the middle of any dial it leaves open, nothing that does not apply.

    None where the space rules them out.
    """
    params: Params = {}
    for parameter in space.parameters:
        if space.active(params, parameter.name):
            params[parameter.name] = wish[parameter.name] if parameter.name in wish else parameter.decode(0.5)
    try:
        return space.check(params)
    except ValueError:  # `where` rules this combination out
        return None


# -- a parameter on an axis ----------------------------------------------------------------------------------


def places(parameter: Parameter, values: Sequence[Any]) -> FloatArray:
    """Where values lie on an axis: numbers at themselves, options at 0, 1, 2 ...; shape (n,)."""
    if isinstance(parameter, Choice):
        return np.array([parameter.position(value) for value in values], dtype=float)
    return np.array(values, dtype=float)


def levels(parameter: Parameter, most: int) -> list[Any]:
    """Values along the whole of a parameter: all of them, or of a dial `most` where there are more."""
    if parameter.size <= most or not is_dial(parameter):
        return list(parameter.values())
    return list(dict.fromkeys(parameter.decode(float(code)) for code in np.linspace(0.0, 1.0, most)))


def is_dial(parameter: Parameter) -> bool:
    """Whether it has numbers, not options."""
    return isinstance(parameter, Real | Integer)


def axis_label(parameter: Parameter) -> str:
    """What is written along its axis: its name, and its unit.

    Examples
    --------
    >>> axis_label(Real("baking_time", 4, 16, unit="min"))
    'baking time (min)'
    """
    unit = getattr(parameter, "unit", "")
    return f"{spoken(parameter.name)} ({unit})" if unit else spoken(parameter.name)


def scale_of(
    parameter: Parameter, length: float = 600.0, *, letters: int | None = None, room: float = 0.02
) -> Scale:
    """The axis of a parameter: its range, scale, ticks and label, on a length in px.

    Options have as many letters as fit side by side, or `letters`; a dial has some `room` beyond its ends, as
    a share of its range.

    Examples
    --------
    >>> scale_of(Choice("oven", ["Stone", "Electric"])).ticks
    ((0.0, 'Stone'), (1.0, 'Electric'))
    """
    if isinstance(parameter, Choice):
        letters = letters or max(int(length / len(parameter.options) / 7.5), 3)
        options = [shortened(parameter.label(option), letters) for option in parameter.options]
        every = math.ceil(len(options) * 26 / length)
        marked = tuple((float(i), option) for i, option in enumerate(options) if i % every == 0)
        return Scale(-0.5, len(options) - 0.5, axis_label(parameter), marked)
    assert isinstance(parameter, Real | Integer)
    if parameter.log:
        stretch = math.exp(room * (math.log(parameter.high) - math.log(parameter.low)))
        low, high = max(parameter.low / stretch, 5e-324), min(parameter.high * stretch, 1.7e308)
        return Scale(low, high, axis_label(parameter), log=True)
    pad = room * parameter.high - room * parameter.low
    scale = Scale(parameter.low - pad, parameter.high + pad, axis_label(parameter))
    if isinstance(parameter, Integer):
        whole = tuple((v, number_text(v)) for v, _ in scale.marked if v == int(v))
        return Scale(scale.low, scale.high, scale.label, whole)
    return scale


def score_scale(scores: Any, label: str = "", room: float = 0.08) -> Scale:
    """An axis for scores: from the lowest to the highest that is finite, with some room around.

    Examples
    --------
    >>> score_scale([2.0, 2.0]).low, score_scale([0.0, 10.0], room=0.1).high
    (1.5, 11.0)
    """
    finite = np.asarray(scores, dtype=float)
    finite = finite[np.isfinite(finite)]
    if not len(finite):
        return Scale(0.0, 1.0, label)
    low, high = float(finite.min()), float(finite.max())
    pad = room * (high / 2 - low / 2) * 2 if math.isfinite(high - low) else 0.0
    pad = pad or (0.5 if low == high else 0.0)
    most = float(np.finfo(float).max)
    return Scale(max(low - pad, -most), min(high + pad, most), label)
