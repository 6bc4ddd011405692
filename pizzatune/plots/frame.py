"""What all pictures share: whose trials they show, how a parameter lies on an axis, and one look.

The look is given to each axes by itself, so that no global setting is touched.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from pizzatune.menus.menu import Menu
from pizzatune.parameters import Choice, FloatArray, Integer, Parameter, Real
from pizzatune.plots.palette import INK, LINE, PAPER, PENCIL
from pizzatune.result import Result
from pizzatune.space import Params, Space
from pizzatune.strategies.base import Strategy
from pizzatune.trial import Trial, best_trial

AxesRow = np.ndarray[Any, Any]
"""Several axes, shape (n,)."""

Source = Result | Strategy | Sequence[Trial]
"""Where trials come from; a list of trials needs ``space=`` or ``menu=`` beside it."""

WIDE = (7.5, 4.5)  # inches: fits a notebook cell at 100 dots an inch


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


def score_text(score: float) -> str:
    """A score with three figures.

    Examples
    --------
    >>> score_text(6.5), score_text(0.12345), score_text(512.3)
    ('6.50', '0.123', '512')
    """
    return f"{score:#.3g}".rstrip(".")


def plural(word: str) -> str:
    """Several of them.

    Examples
    --------
    >>> plural("pizza"), plural("batch")
    ('pizzas', 'batches')
    """
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")


def count(number: int, word: str) -> str:
    """How many of what.

    Examples
    --------
    >>> count(1, "pizza"), count(4, "pizza")
    ('1 pizza', '4 pizzas')
    """
    return f"{number} {word if number == 1 else plural(word)}"


def spoken(name: str) -> str:
    """A parameter's name as people say it.

    Examples
    --------
    >>> spoken("baking_time"), spoken("svc__C")
    ('baking time', 'svc C')
    """
    return " ".join(name.replace("_", " ").split())


def settings(
    space: Space,
    params: Mapping[str, Any],
    names: Sequence[str] | None = None,
    called: Mapping[str, str] | None = None,
) -> str:
    """Params in one line as people say them, all or only `names`, each by its name or as it is `called`."""
    return ", ".join(
        f"{spoken(name) if called is None else called[name]} {space[name].label(value)}"
        for name, value in params.items()
        if names is None or name in names
    )


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
    """Values along the whole of a parameter: all of them, or `most` evenly spread where there are more."""
    if parameter.size <= most:
        return list(parameter.values())
    return list(dict.fromkeys(parameter.decode(float(code)) for code in np.linspace(0.0, 1.0, most)))


def is_dial(parameter: Parameter) -> bool:
    """Whether it has numbers, not options."""
    return isinstance(parameter, Real | Integer)


def lay_out(ax: Axes, which: str, parameter: Parameter) -> None:
    """Give the x or y axis the range, scale, ticks and label of a parameter."""
    axis = ax.xaxis if which == "x" else ax.yaxis
    set_limits = ax.set_xlim if which == "x" else ax.set_ylim
    name = spoken(parameter.name)
    if isinstance(parameter, Choice):
        labels = [parameter.label(option) for option in parameter.options]
        axis.set_ticks(range(len(labels)), labels)
        set_limits(-0.5, len(labels) - 0.5)
        axis.set_label_text(name)
        if which == "x" and sum(len(label) + 2 for label in labels) > 64:
            for tick in axis.get_ticklabels():
                tick.set(rotation=30, ha="right", rotation_mode="anchor")
        return
    assert isinstance(parameter, Real | Integer)
    if parameter.log:
        (ax.set_xscale if which == "x" else ax.set_yscale)("log")
        stretch = (parameter.high / parameter.low) ** 0.03
        set_limits(parameter.low / stretch, parameter.high * stretch)
        if parameter.high / parameter.low < 100:  # a decade or two: plain numbers read better than powers
            ticks = [t for t in _round_ratios() if parameter.low <= t <= parameter.high]
            axis.set_ticks(ticks, [f"{t:g}" for t in ticks])
            axis.set_ticks([], minor=True)
    else:
        pad = 0.03 * (parameter.high - parameter.low)
        set_limits(parameter.low - pad, parameter.high + pad)
        if isinstance(parameter, Integer):
            axis.set_major_locator(MaxNLocator(integer=True))
    axis.set_label_text(f"{name} ({parameter.unit})" if parameter.unit else name)


def _round_ratios() -> list[float]:
    return [float(f"{digit}e{power}") for power in range(-12, 13) for digit in (1, 2, 5)]


# -- figures and their look ----------------------------------------------------------------------------------


def open_axes(ax: Axes | None, size: tuple[float, float] = WIDE) -> Axes:
    """The given axes, or the only ones of a new pyplot figure."""
    return open_figure(size).subplots() if ax is None else ax


def open_figure(size: tuple[float, float]) -> Figure:
    """A new pyplot figure on paper, which lays itself out."""
    import matplotlib.pyplot as plt

    return plt.figure(figsize=size, dpi=100, facecolor=PAPER, layout="constrained")


def open_row(axes: Any, number: int, size: tuple[float, float], **layout: Any) -> AxesRow:
    """The given axes as an array, checked to be `number` of them; or those of a new figure.

    Raises
    ------
    ValueError
        If there are more or fewer axes.
    """
    if axes is None:
        return np.atleast_1d(open_figure(size).subplots(**layout)).ravel()
    given = np.atleast_1d(np.asarray(axes, dtype=object)).ravel()
    if len(given) != number:
        raise ValueError(
            f"this picture needs {number} axes, got {len(given)}; make them with subplots, or leave them out"
        )
    return given


def dress(ax: Axes, *, xlabel: str = "", ylabel: str = "", grid: str = "") -> None:
    """Paper behind, quiet spines, ink for text, and a faint grid along "x", "y" or "both"."""
    ax.set_facecolor(PAPER)
    for side, spine in ax.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(LINE)
    ax.tick_params(which="both", color=LINE, labelcolor=PENCIL, labelsize=9, length=3)
    for axis, label in ((ax.xaxis, xlabel), (ax.yaxis, ylabel)):
        axis.set_label_text(label or axis.get_label_text(), color=INK, fontsize=10)
    for axis, side in ((ax.xaxis, "x"), (ax.yaxis, "y")):
        if grid in (side, "both"):
            axis.grid(visible=True, color=LINE, linewidth=0.6, alpha=0.6)
    ax.set_axisbelow(True)


def legend_above(ax: Axes, heading: str = "") -> None:
    """A legend above the axes, where it covers nothing, in as many rows as it needs; above it a heading."""
    handles, labels = ax.get_legend_handles_labels()
    rows = 0
    if handles:
        legend = _draw_legend(ax, handles, labels, len(handles))
        rows = math.ceil(legend.get_window_extent().width / _width_above(ax))
        if rows > 1:
            _draw_legend(ax, handles, labels, math.ceil(len(handles) / rows))
    if heading:
        ax.set_title(heading, loc="left", color=INK, fontsize=11, fontweight="bold", pad=6 + 17 * rows)


def _width_above(ax: Axes) -> float:
    """How wide a legend above may be, in dots: their share of the figure where it lays itself out later."""
    figure, spec = ax.figure, ax.get_subplotspec()
    if spec is None or figure.get_layout_engine() is None:
        return float(ax.get_window_extent().width)
    ratios = np.array(spec.get_gridspec().get_width_ratios(), dtype=float)
    share = ratios[spec.colspan.start : spec.colspan.stop].sum() / ratios.sum()
    return float(share * figure.bbox.width - 0.65 * figure.dpi)  # the labels at the left take the rest


def _draw_legend(ax: Axes, handles: list[Any], labels: list[Any], columns: int) -> Legend:
    legend = ax.legend(
        handles,
        labels,
        loc="lower left",
        bbox_to_anchor=(0.0, 1.005),
        borderaxespad=0.0,
        ncols=columns,
        frameon=False,
        fontsize=9,
        labelcolor=INK,
        handlelength=2.2,
        columnspacing=1.4,
        borderpad=0.2,
    )
    for handle in legend.legend_handles:  # as large as the text, however large the mark on the map is
        if isinstance(handle, Line2D):
            handle.set_markersize(min(handle.get_markersize(), 8.0))
        elif isinstance(handle, PathCollection):
            handle.set_sizes([80.0])
    return legend


def in_points(ax: Axes, x: Any, y: Any) -> FloatArray:
    """Where data lie on the page as the limits stand, in points (72 to an inch), shape (n, 2)."""
    ax.get_xlim(), ax.get_ylim()  # settles limits that are still to be found
    places: FloatArray = ax.transData.transform(np.column_stack([x, y])) * 72.0 / ax.figure.dpi
    return places


def mark_failed(ax: Axes, x: FloatArray, label: str = "failed") -> None:
    """Crosses on the x axis for trials without a score."""
    if len(x):
        ax.plot(
            x,
            np.full(len(x), 0.025),
            "x",
            transform=ax.get_xaxis_transform(),
            color=INK,
            markersize=7,
            markeredgewidth=1.6,
            label=label,
            zorder=5,
        )


def room(low: float, high: float, share: float = 0.08) -> tuple[float, float]:
    """Limits with some room around a range; one point wide where it has no width.

    Examples
    --------
    >>> room(2.0, 2.0), room(0.0, 10.0, 0.1)
    ((1.5, 2.5), (-1.0, 11.0))
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return 0.0, 1.0
    pad = share * (high - low) or 0.5
    return low - pad, high + pad
