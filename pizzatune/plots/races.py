"""How a race went: the median regret of each entrant over the trials, and how far the seeds lie apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from pizzatune.board import Board
from pizzatune.parameters import FloatArray
from pizzatune.plots.frame import dress, open_axes, plural
from pizzatune.plots.palette import INK, PAPER, pen

MARKS = 8  # markers along a line, at most: they tell the lines apart without colour
LINE_HEIGHT = 0.055  # of a label, as a share of the axes' height


@dataclass(frozen=True)
class Band:
    """The numbers of one entrant: the quartiles of its regret over the seeds, each of shape (n,).

    Attributes
    ----------
    trials : ndarray
        From 1; those that borrowed trials use up are left out.
    low, median, high : ndarray
        A quarter, a half and three quarters of the seeds have a regret of at most this.
    """

    trials: FloatArray
    low: FloatArray
    median: FloatArray
    high: FloatArray


def bands(board: Board) -> dict[str, Band]:
    """Work out a `Band` for each entrant that was run.

    Raises
    ------
    ValueError
        If none was.
    """
    if not board.regrets:
        why = "; ".join(f"{name} was {words}" for name, words in board.failed.items())
        raise ValueError(f"no entrant was run, so there is nothing to draw: {why}")
    found = {}
    for name, regrets in board.regrets.items():
        ran = np.flatnonzero(~np.isnan(regrets).any(axis=0))
        quartiles = np.quantile(regrets[:, ran], (0.25, 0.5, 0.75), axis=0)
        found[name] = Band((ran + 1).astype(float), *quartiles)
    return found


def race(board: Board, ax: Axes | None = None, *, heading: str = "") -> Axes:
    """Draw the median regret of each entrant, and a band that holds the middle half of the seeds.

    Parameters
    ----------
    board : Board
        What `pizzatune.race` gave back. Entrants that were not run are left out.
    ax : matplotlib Axes, optional
        Where to draw; by default a figure is opened.
    heading : str
        A line above.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If no entrant was run.

    Examples
    --------
    >>> import pizzatune as pt
    >>> board = pt.race([pt.GridSearch, pt.RandomSearch], pt.menus.four_factors(), budget=10, seeds=3)
    >>> ax = race(board)
    >>> ax.get_xlabel(), ax.get_ylabel(), [text.get_text() for text in ax.texts]
    ('pizzas so far', 'normalised regret', ['GridSearch', 'RandomSearch'])
    """
    found = bands(board)
    ax = open_axes(ax)
    for number, (name, band) in enumerate(found.items()):
        style, every = pen(number), max(1, len(band.trials) // MARKS)
        ax.fill_between(
            band.trials,
            band.low,
            band.high,
            step="post",
            color=style.colour,
            alpha=0.14,
            linewidth=0,
            zorder=2,
        )
        ax.step(
            band.trials,
            band.median,
            where="post",
            color=style.colour,
            linestyle=style.dashes,
            linewidth=2.2,
            marker=style.marker,
            markevery=(number % every, every),
            markersize=6,
            markeredgecolor=PAPER,
            markeredgewidth=0.7,
            zorder=4,
            label=name,
        )
    top = max(float(band.high.max()) for band in found.values())
    bottom = min(0.0, *(float(band.low.min()) for band in found.values()))
    ax.set_ylim(bottom - 0.03 * (top - bottom or 1.0), top + 0.05 * (top - bottom or 1.0))
    ax.set_xlim(0.4, board.budget + 0.6)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    dress(ax, xlabel=f"{plural(board.trial_label)} so far", ylabel=board.regret_label, grid="y")
    _name_lines(ax, found, board.budget)
    if heading:
        ax.set_title(heading, loc="left", color=INK, fontsize=11, fontweight="bold")
    return ax


def _name_lines(ax: Axes, found: dict[str, Band], budget: int) -> None:
    """Each entrant's name at the right of its line's end, moved where it would cover another."""
    bottom, top = ax.get_ylim()
    ends = np.array([(band.median[-1] - bottom) / (top - bottom) for band in found.values()])
    for name, end, place in zip(found, ends, apart(ends, LINE_HEIGHT, 0.0, 1.0), strict=True):
        number = list(found).index(name)
        ax.annotate(
            name,
            xy=(budget + 0.1, bottom + end * (top - bottom)),
            xytext=(1.03, place),
            textcoords="axes fraction",
            color=INK,
            fontsize=9,
            va="center",
            arrowprops={"arrowstyle": "-", "color": pen(number).colour, "linewidth": 1.0, "shrinkB": 0.0},
            annotation_clip=False,
        )


def apart(places: FloatArray, gap: float, low: float, high: float) -> FloatArray:
    """The nearest places, in the same order, at least `gap` apart and from `low` to `high`; shape (n,).

    Places that touch move as one, so that they stay centred on where they belong (pool adjacent violators:
    Barlow, Bartholomew, Bremner and Brunk, 1972, Statistical Inference under Order Restrictions). Where there
    are too many, they go on above `high`.

    Examples
    --------
    >>> apart(np.array([0.5, 0.1, 0.5]), 0.2, 0.0, 1.0).round(2)
    array([0.4, 0.1, 0.6])
    """
    order = np.argsort(places, kind="stable")
    steps = gap * np.arange(len(places))
    pools: list[list[float]] = []
    for wish in places[order] - steps:  # what is left to do: find the nearest levels that do not fall
        pools.append([float(wish)])
        while len(pools) > 1 and np.mean(pools[-2]) > np.mean(pools[-1]):
            pools[-2:] = [pools[-2] + pools[-1]]
    level = np.concatenate([np.full(len(pool), np.mean(pool)) for pool in pools])
    settled = np.empty(len(places))
    settled[order] = np.clip(level, low, max(low, high - steps[-1])) + steps
    return settled
