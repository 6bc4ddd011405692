"""How a search went: the best so far, and one parameter against the score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from pizzatune.menus.menu import Menu
from pizzatune.parameters import Choice, FloatArray
from pizzatune.plots.frame import (
    Run,
    Source,
    as_run,
    dress,
    lay_out,
    legend_above,
    mark_failed,
    open_axes,
    places,
    room,
    score_text,
)
from pizzatune.plots.palette import INK, PAPER, TOMATO, pen
from pizzatune.space import Space
from pizzatune.trial import Trial, scores_of
from pizzatune.trial import best_so_far as best_scores

JITTER = 0.28  # how far a dot may stand from its option, in options


def best_so_far(
    source: Source | Mapping[str, Source],
    ax: Axes | None = None,
    *,
    best: float | None = None,
    menu: Menu | None = None,
    space: Space | None = None,
    heading: str = "",
) -> Axes:
    """Draw the best score so far over the trials, and a dot for every trial.

    Parameters
    ----------
    source : Result, Strategy or list of Trial; or dict
        A search, or several by name: ``{"grid": result, "random": result}``.
    ax : matplotlib Axes, optional
        Where to draw; by default a figure is opened.
    best : float, optional
        The best possible score, in score units, where it is known; drawn as a dashed line.
    menu : Menu, optional
        Gives `best` and the labels.
    space : Space, optional
        The space of a list of trials.
    heading : str
        A line above.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    TypeError, ValueError
        If there is nothing to draw.

    Examples
    --------
    >>> import pizzatune as pt
    >>> menu = pt.menus.topping_and_heat()
    >>> result = pt.tune(menu.taste, pt.RandomSearch(menu.space, seed=0), budget=10)
    >>> ax = best_so_far(result, menu=menu)
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('pizzas so far', 'taste score')
    """
    runs = as_runs(source, menu=menu, space=space)
    if best is None and menu is not None and menu.best is not None:
        best = menu.best.score
    ax = open_axes(ax)
    first = next(iter(runs.values()))
    several = len(runs) > 1
    for number, (name, run) in enumerate(runs.items()):
        style = pen(number)
        numbers = np.arange(1.0, len(run.trials) + 1)
        ax.plot(
            numbers,
            scores_of(run.trials),
            style.marker,
            color=style.colour,
            markersize=4 if several else 6,
            alpha=0.35 if several else 0.75,
            markeredgecolor=PAPER,
            markeredgewidth=0.5,
            zorder=3,
            label=None if several else f"each {run.trial_label}",
        )
        line = best_scores(run.trials)
        ax.step(
            numbers,
            line,
            where="post",
            color=style.colour,
            linestyle=style.dashes,
            linewidth=2.2,
            zorder=4,
            label=name if several else "best so far",
        )
        mark_failed(
            ax,
            numbers[[not trial.ok for trial in run.trials]],
            "failed" if number == 0 or not several else "_",
        )
    if best is not None:
        ax.axhline(
            best,
            color=INK,
            linestyle=(0, (4, 3)),
            linewidth=1.2,
            zorder=2,
            label=f"best possible, {score_text(best)}",
        )
    longest = max(len(run.trials) for run in runs.values())
    ax.set_xlim(0.4, longest + 0.6)
    every = np.concatenate(
        [scores_of(run.trials) for run in runs.values()] + ([] if best is None else [np.array([best])])
    )
    if np.isfinite(every).any():
        ax.set_ylim(room(float(np.nanmin(every)), float(np.nanmax(every))))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    dress(ax, xlabel=f"{first.trials_label} so far", ylabel=first.score_label, grid="y")
    legend_above(ax, heading)
    return ax


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


@dataclass(frozen=True)
class Strip:
    """The numbers of `parameter`: where each trial's dot goes, and what became of each option.

    Attributes
    ----------
    x, scores : ndarray, shape (n,)
        A dot for each trial in which the parameter exists; scores are nan where it failed.
    numbers : tuple of int
        The trials' numbers, in the same order.
    means : dict
        For a Choice, the mean score of each option that was tried with success: place -> score.
    """

    x: FloatArray
    scores: FloatArray
    numbers: tuple[int, ...]
    means: dict[int, float]


def strip(run: Run, name: str) -> Strip:
    """Work out `Strip` for one parameter.

    Raises
    ------
    KeyError
        If the space has no such parameter.
    """
    chosen = run.space[name]
    shown: list[Trial] = [trial for trial in run.trials if name in trial.params]
    x = places(chosen, [trial.params[name] for trial in shown])
    scores = scores_of(shown)
    means: dict[int, float] = {}
    if isinstance(chosen, Choice):
        for place in range(len(chosen.options)):
            here = scores[(x == place) & np.isfinite(scores)]
            if len(here):
                means[place] = float(here.mean())
        x = x + _jitter(x)
    return Strip(x, scores, tuple(trial.number for trial in shown), means)


def _jitter(x: FloatArray) -> FloatArray:
    """Sidesteps for dots of the same option, in the order of the trials, left to right; no chance in it."""
    steps = np.zeros(len(x))
    for place in np.unique(x):
        here = np.flatnonzero(x == place)
        if len(here) > 1:
            steps[here] = np.linspace(-JITTER, JITTER, len(here))
    return steps


def parameter(
    source: Source, name: str, ax: Axes | None = None, *, menu: Menu | None = None, space: Space | None = None
) -> Axes:
    """Draw one parameter against the score.

    Parameters
    ----------
    source : Result, Strategy or list of Trial
        The search.
    name : str
        Which parameter. Options stand side by side, their dots in the order of the trials; a log dial gets a
        log axis.
    ax : matplotlib Axes, optional
        Where to draw; by default a figure is opened.
    menu, space : optional
        Labels, and the space of a list of trials.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    KeyError
        If the space has no such parameter.

    Examples
    --------
    >>> import pizzatune as pt
    >>> menu = pt.menus.topping_and_heat()
    >>> result = pt.tune(menu.taste, pt.RandomSearch(menu.space, seed=0), budget=10)
    >>> parameter(result, "temperature").get_xlabel()
    'temperature (°C)'
    """
    run = as_run(source, menu=menu, space=space)
    numbers = strip(run, name)
    ax = open_axes(ax)
    ok = np.isfinite(numbers.scores)
    ax.plot(
        numbers.x[ok],
        numbers.scores[ok],
        "o",
        color=TOMATO,
        markersize=7,
        alpha=0.85,
        markeredgecolor=PAPER,
        markeredgewidth=0.7,
        label=f"each {run.trial_label}",
        zorder=3,
    )
    for number, (place, mean) in enumerate(numbers.means.items()):
        ax.plot(
            [place - 0.36, place + 0.36],
            [mean, mean],
            color=INK,
            linewidth=1.6,
            label="mean" if not number else None,
        )
    if run.best is not None and run.best.number in numbers.numbers:
        at = numbers.numbers.index(run.best.number)
        ax.plot(
            numbers.x[at],
            numbers.scores[at],
            "*",
            color=TOMATO,
            markersize=17,
            markeredgecolor=INK,
            markeredgewidth=0.9,
            linestyle="none",
            label="best",
            zorder=6,
        )
    mark_failed(ax, numbers.x[~ok])
    lay_out(ax, "x", run.space[name])
    if ok.any():
        ax.set_ylim(room(float(numbers.scores[ok].min()), float(numbers.scores[ok].max()), 0.1))
    dress(ax, ylabel=run.score_label, grid="y")
    legend_above(ax)
    return ax
