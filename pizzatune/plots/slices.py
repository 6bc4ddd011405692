"""A cut through what a model-based strategy believes: the mean, the doubt, and where it would try next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes

from pizzatune.menus.menu import Menu
from pizzatune.parameters import FloatArray, Parameter
from pizzatune.plots.frame import (
    AxesRow,
    completed,
    dress,
    is_dial,
    lay_out,
    legend_above,
    levels,
    open_row,
    places,
    room,
    settings,
)
from pizzatune.plots.palette import BASIL, CRUST, INK, NIGHT, PAPER, PENCIL, TOMATO
from pizzatune.space import Params
from pizzatune.strategies.base import Exhausted
from pizzatune.trial import scores_of

if TYPE_CHECKING:  # a picture needs its answers, not the mathematics behind them
    from pizzatune.strategies.bayesian_optimization import BayesianOptimization

FINE = 161  # points along a smooth dial
BAND = 2.0  # standard deviations in the band
DEPTH = 12.0  # how far below its top the acquisition is shown; its logarithm falls without end


@dataclass(frozen=True)
class Slice:
    """The numbers of `gp_slice`.

    Attributes
    ----------
    values : tuple
        The values of the parameter at which the model was asked.
    x : ndarray, shape (k,)
        Their places on the axis.
    mean, std, acquisition : ndarray, shape (k,)
        What the strategy believes there, the first two in score units.
    truth : ndarray, shape (k,), or None
        The true scores, where the menu is known.
    seen_x, seen_score, on_slice : ndarray, shape (n,)
        Place, score and whether all its other parameters are those of this slice, for each successful trial.
    next : dict or None
        What the strategy would try next; None where all has been tried.
    next_x : float or None
        Its place on the axis; None where the parameter does not apply to it.
    next_on_slice : bool
        Whether its other parameters are those of this slice.
    held : dict
        What the other parameters are held at.
    """

    values: tuple[Any, ...]
    x: FloatArray
    mean: FloatArray
    std: FloatArray
    acquisition: FloatArray
    truth: FloatArray | None
    seen_x: FloatArray
    seen_score: FloatArray
    on_slice: np.ndarray[Any, np.dtype[np.bool_]]
    next: Params | None
    next_x: float | None
    next_on_slice: bool
    held: Params


def cut(
    strategy: BayesianOptimization, along: str, at: Mapping[str, Any] | None = None, menu: Menu | None = None
) -> Slice:
    """Work out `Slice`: ask the strategy what it believes along one parameter, the others held as `at` says.

    What is pending is left out of the belief, so that this is what was believed when it was suggested.

    Raises
    ------
    KeyError, TypeError, ValueError
        If the space has no such parameter, the strategy has no model, or there is nothing on the slice.
    """
    if not hasattr(strategy, "posterior"):
        raise TypeError(
            f"a slice needs a strategy with a model, such as BayesianOptimization, got {strategy!r}"
        )
    space = strategy.space
    chosen = space[along]
    if at is None:
        if strategy.best is None:
            raise ValueError(
                "the strategy has no successful trial yet, so it believes nothing; tell it some scores first"
            )
        at = strategy.best.params
    following = upcoming(strategy)
    if strategy.pending:
        strategy = strategy.rebuilt(strategy.trials)
    line = [
        params
        for value in levels(chosen, FINE)
        if (params := completed(space, {**at, along: value})) is not None and along in params
    ]
    if not line:
        raise ValueError(f"{along} does not apply beside {dict(at)}; choose another `at`")
    mean, std = strategy.posterior(line)
    values = tuple(params[along] for params in line)
    held = {name: value for name, value in line[0].items() if name != along}
    seen = [trial for trial in strategy.trials if trial.ok and along in trial.params]
    return Slice(
        values=values,
        x=places(chosen, values),
        mean=np.asarray(mean),
        std=np.asarray(std),
        acquisition=np.asarray(strategy.acquisition(line)),
        truth=None if menu is None else np.array([menu.taste(params) for params in line]),
        seen_x=places(chosen, [trial.params[along] for trial in seen]),
        seen_score=scores_of(seen),
        on_slice=np.array([_others(trial.params, along) == held for trial in seen], dtype=bool),
        next=following,
        next_x=None
        if following is None or along not in following
        else float(places(chosen, [following[along]])[0]),
        next_on_slice=following is not None and _others(following, along) == held,
        held=held,
    )


def upcoming(strategy: BayesianOptimization) -> Params | None:
    """What it tries next: what is pending first, or what a copy of it says; None where all was tried."""
    if strategy.pending:
        return dict(strategy.pending[0].params)
    try:
        return strategy.rebuilt(strategy.trials).ask()
    except Exhausted:
        return None


def _others(params: Mapping[str, Any], along: str) -> Params:
    return {name: value for name, value in params.items() if name != along}


def gp_slice(
    strategy: BayesianOptimization,
    along: str,
    at: Mapping[str, Any] | None = None,
    ax: Any = None,
    *,
    menu: Menu | None = None,
    score_label: str | None = None,
) -> AxesRow:
    """Draw what a model-based strategy believes along one parameter, and below it the acquisition function.

    Parameters
    ----------
    strategy : BayesianOptimization or TransferLearning
        With at least one successful trial. It is not changed.
    along : str
        The parameter to walk along.
    at : dict, optional
        What the other parameters are held at; by default as in the best trial.
    ax : two matplotlib Axes, optional
        Above and below; by default a figure is opened.
    menu : Menu, optional
        Draws the true scores too.
    score_label : str, optional
        What a score is called; by default what the menu says, or "score".

    Returns
    -------
    ndarray of two matplotlib Axes

    Raises
    ------
    KeyError, TypeError, ValueError
        If the space has no such parameter, the strategy has no model or no successful trial.

    Examples
    --------
    >>> import pizzatune as pt
    >>> menu = pt.menus.topping_and_heat()
    >>> result = pt.tune(menu.taste, pt.BayesianOptimization(menu.space, seed=0), budget=6)
    >>> above, below = gp_slice(result.strategy, "temperature", menu=menu)
    >>> below.get_xlabel()
    'temperature (°C)'
    """
    numbers = cut(strategy, along, at, menu)
    chosen = strategy.space[along]
    above, below = open_row(ax, 2, (7.5, 5.4), nrows=2, sharex=True, height_ratios=(3, 1))
    label = score_label or (menu.score_label if menu is not None else "score")
    draw = _draw_line if is_dial(chosen) else _draw_options
    draw(above, below, numbers)
    off = ~numbers.on_slice
    above.plot(
        numbers.seen_x[off],
        numbers.seen_score[off],
        "o",
        markersize=5,
        markerfacecolor="none",
        markeredgecolor=PENCIL,
        alpha=0.6,
        label="tried elsewhere" if off.any() else None,
        zorder=3,
    )
    above.plot(
        numbers.seen_x[~off],
        numbers.seen_score[~off],
        "o",
        color=TOMATO,
        markersize=8.5,
        markeredgecolor=PAPER,
        zorder=6,
        label="tried here" if (~off).any() else None,
    )
    _mark_next(above, below, numbers, chosen, strategy)
    _limit(above, below, numbers)
    lay_out(below, "x", chosen)
    lay_out(above, "x", chosen)
    above.set_xlabel("")
    above.tick_params(labelbottom=False)
    dress(above, ylabel=label, grid="y")
    above.set_xlabel("")
    dress(below, ylabel=_acquisition_label(strategy), grid="y")
    held = settings(strategy.space, numbers.held)
    legend_above(above, f"what it believes, at {held}" if held else "what it believes")
    return np.array([above, below], dtype=object)


def _draw_line(above: Axes, below: Axes, numbers: Slice) -> None:
    above.fill_between(
        numbers.x,
        numbers.mean - BAND * numbers.std,
        numbers.mean + BAND * numbers.std,
        color=NIGHT,
        alpha=0.16,
        linewidth=0,
        label=f"mean ± {BAND:g} std",
        zorder=1,
    )
    above.plot(numbers.x, numbers.mean, color=NIGHT, linewidth=2.2, label="mean", zorder=4)
    if numbers.truth is not None:
        above.plot(
            numbers.x,
            numbers.truth,
            color=CRUST,
            linewidth=1.6,
            linestyle=(0, (5, 2)),
            label="truth",
            zorder=2,
        )
    floor = _floor(numbers)
    hope = np.fmax(numbers.acquisition, floor)
    below.fill_between(numbers.x, floor, hope, color=BASIL, alpha=0.3, linewidth=0)
    below.plot(numbers.x, hope, color=BASIL, linewidth=1.8)


def _draw_options(above: Axes, below: Axes, numbers: Slice) -> None:
    above.errorbar(
        numbers.x,
        numbers.mean,
        yerr=BAND * numbers.std,
        fmt="s",
        color=NIGHT,
        markersize=7,
        elinewidth=6,
        ecolor=(*_rgb(NIGHT), 0.22),
        label=f"mean ± {BAND:g} std",
        zorder=4,
    )
    if numbers.truth is not None:
        above.plot(
            numbers.x,
            numbers.truth,
            "_",
            color=CRUST,
            markersize=26,
            markeredgewidth=2,
            linestyle="none",
            label="truth",
            zorder=5,
        )
    floor = _floor(numbers)
    below.bar(
        numbers.x,
        np.fmax(numbers.acquisition, floor) - floor,
        bottom=floor,
        width=0.6,
        color=BASIL,
        alpha=0.55,
    )


def _mark_next(
    above: Axes, below: Axes, numbers: Slice, chosen: Parameter, strategy: BayesianOptimization
) -> None:
    """A line through both axes at the next suggestion, dotted where that is not on this slice."""
    if numbers.next is None or numbers.next_x is None:
        return
    elsewhere = (
        "" if numbers.next_on_slice else f" ({settings(strategy.space, _others(numbers.next, chosen.name))})"
    )
    dashes = "-" if numbers.next_on_slice else (0, (1.5, 2.5))
    for ax in (above, below):
        ax.axvline(
            numbers.next_x,
            color=INK,
            linestyle=dashes,
            linewidth=1.2,
            zorder=2,
            label=f"next{elsewhere}" if ax is above else None,
        )
    if numbers.next_on_slice:
        height = float(np.interp(numbers.next_x, numbers.x, np.fmax(numbers.acquisition, _floor(numbers))))
        below.plot(numbers.next_x, height, "v", color=INK, markersize=8, zorder=6, clip_on=False)


def _limit(above: Axes, below: Axes, numbers: Slice) -> None:
    every = [numbers.mean - BAND * numbers.std, numbers.mean + BAND * numbers.std, numbers.seen_score]
    every += [] if numbers.truth is None else [numbers.truth]
    heights = np.concatenate(every)
    above.set_ylim(room(float(heights.min()), float(heights.max()), 0.05))
    finite = numbers.acquisition[np.isfinite(numbers.acquisition)]
    if len(finite):
        low, high = _floor(numbers), float(finite.max())
        below.set_ylim(low, high + 0.15 * ((high - low) or 1.0))


def _floor(numbers: Slice) -> float:
    finite = numbers.acquisition[np.isfinite(numbers.acquisition)]
    return 0.0 if not len(finite) else max(float(finite.min()), float(finite.max()) - DEPTH)


def _acquisition_label(strategy: BayesianOptimization) -> str:
    names = {"log_ei": "log EI", "ei": "EI", "pi": "PI", "ucb": "UCB", "thompson": "EI"}
    return names.get(str(getattr(strategy, "acquisition_kind", "")), "acquisition")


def _rgb(colour: str) -> tuple[float, float, float]:
    from matplotlib.colors import to_rgb

    return to_rgb(colour)
