"""Maps over two parameters: what was tried, how it scored, and, where it is known, the land beneath."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from pizzatune.menus.menu import Menu
from pizzatune.parameters import FloatArray
from pizzatune.plots.frame import (
    AxesRow,
    Run,
    Source,
    as_run,
    completed,
    dress,
    in_points,
    is_dial,
    lay_out,
    legend_above,
    levels,
    open_axes,
    open_row,
    places,
    score_text,
)
from pizzatune.plots.labels import beside, crowded
from pizzatune.plots.palette import INK, LINE, PAPER, PENCIL, SCORES, text_on
from pizzatune.space import Params, Space
from pizzatune.trial import scores_of

FINE = 61  # points along a smooth dial of the true map
NUMBERED = 40  # more dots than that are drawn smaller and without numbers
ROOM = 11.0  # points from one dot to the next that its number needs
FIRST = 3  # trials that have a number even in a crowd
STAR, DIAMOND = 23.0, 25.0  # how large these marks are, in points

BoolArray = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Land:
    """The true scores over two parameters, all others held still.

    Attributes
    ----------
    x, y : ndarray, shape (k,) and (m,)
        Places along the axes: numbers, or 0, 1, 2 ... for options.
    score : ndarray, shape (m, k)
        True scores; nan where a combination is ruled out.
    held : dict
        What the other parameters are held at.
    """

    x: FloatArray
    y: FloatArray
    score: FloatArray
    held: Params

    @property
    def top(self) -> tuple[float, float, float]:
        """Place and height of the highest point that is shown: x, y, score."""
        row, column = np.unravel_index(np.nanargmax(self.score), self.score.shape)
        return float(self.x[column]), float(self.y[row]), float(self.score[row, column])


@dataclass(frozen=True)
class MapNumbers:
    """The numbers of `map`.

    Attributes
    ----------
    x, y, scores : ndarray, shape (n,)
        Place and score of each trial in which both parameters exist; scores are nan where it failed.
    numbers : tuple of int
        The trials' numbers, in the same order.
    hidden : int
        How many trials lack one of the two parameters.
    land : Land or None
        The truth, where it is known.
    """

    x: FloatArray
    y: FloatArray
    scores: FloatArray
    numbers: tuple[int, ...]
    hidden: int
    land: Land | None

    @property
    def best(self) -> int | None:
        """Where among the trials the highest score stands; None where none has a score."""
        return int(np.nanargmax(self.scores)) if np.isfinite(self.scores).any() else None

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest score that has a colour; (0, 1) where there is none."""
        every = np.concatenate([self.scores, [] if self.land is None else self.land.score.ravel()])
        every = every[np.isfinite(every)]
        if not len(every):
            return 0.0, 1.0
        low, high = float(every.min()), float(every.max())
        return (low, high) if low < high else (low - 0.5, high + 0.5)


def map_numbers(run: Run, x: str, y: str, menu: Menu | None = None) -> MapNumbers:
    """Work out `MapNumbers` for two parameters."""
    shown = [trial for trial in run.trials if x in trial.params and y in trial.params]
    return MapNumbers(
        x=places(run.space[x], [trial.params[x] for trial in shown]),
        y=places(run.space[y], [trial.params[y] for trial in shown]),
        scores=scores_of(shown),
        numbers=tuple(trial.number for trial in shown),
        hidden=len(run.trials) - len(shown),
        land=None if menu is None else survey(menu, x, y, _best_or_any(run, menu)),
    )


def _best_or_any(run: Run, menu: Menu) -> Params:
    """The best params met, else the best of the menu, else any of it."""
    best = run.best or menu.best
    return menu.space.sample(np.random.default_rng(0)) if best is None else best.params


def survey(menu: Menu, x: str, y: str, around: Params) -> Land:
    """Taste all over two parameters, the others held as in `around`."""
    space = menu.space
    columns, rows = levels(space[x], FINE), levels(space[y], FINE)
    score = np.full((len(rows), len(columns)), math.nan)
    for row, second in enumerate(rows):
        for column, first in enumerate(columns):
            params = completed(space, {**around, x: first, y: second})
            if params is not None and params.get(x, first) == first and params.get(y, second) == second:
                score[row, column] = menu.taste(params)
    held = {name: value for name, value in around.items() if name not in (x, y)}
    return Land(places(space[x], columns), places(space[y], rows), score, held)


def map(
    source: Source,
    x: str | None = None,
    y: str | None = None,
    ax: Axes | None = None,
    *,
    menu: Menu | None = None,
    space: Space | None = None,
    limits: tuple[float, float] | None = None,
    colour_bar: bool = True,
    heading: str = "",
) -> Axes:
    """Draw trials over two parameters, coloured by score and, where there is room, numbered from 0.

    Two dials make a map, two choices a table with the best score of each cell written in it. Where dots
    cover each other they are drawn smaller, and only the first three and the best have their numbers.

    Parameters
    ----------
    source : Result, Strategy or list of Trial
        The search.
    x, y : str, optional
        Which parameters; by default the first two that are not taken.
    ax : matplotlib Axes, optional
        Where to draw; by default a figure is opened.
    menu : Menu, optional
        Draws the true scores beneath. Other parameters are held as in the best trial.
    space : Space, optional
        The space of a list of trials.
    limits : tuple of float, optional
        The scores at the two ends of the colour scale; by default the lowest and highest shown.
    colour_bar : bool
        Whether to say beside the map what the colours mean.
    heading : str
        A line above.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    KeyError, ValueError
        If the space has no such parameter, or has only one.

    Examples
    --------
    >>> import pizzatune as pt
    >>> menu = pt.menus.topping_and_heat()
    >>> result = pt.tune(menu.taste, pt.RandomSearch(menu.space, seed=0), budget=10)
    >>> ax = map(result, "temperature", "topping", menu=menu)
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('temperature (°C)', 'topping')
    """
    run = as_run(source, space=space, menu=menu)
    x, y = two_names(run.space, x, y)
    numbers = map_numbers(run, x, y, menu)
    low, high = limits or numbers.range
    ax = open_axes(ax)
    across, up = run.space[x], run.space[y]
    if not is_dial(across) and not is_dial(up):
        _table(ax, numbers, (int(across.size), int(up.size)), low, high)
    else:
        _land(ax, numbers.land, is_dial(across) and is_dial(up), low, high)
    lay_out(ax, "x", across)
    lay_out(ax, "y", up)
    if is_dial(across) or is_dial(up):
        spots = in_points(ax, numbers.x, numbers.y)
        many = len(numbers.x) > NUMBERED
        small = crowded(spots, ROOM) | many
        _dots(ax, numbers, low, high, small)
        _marks(ax, numbers, small)
        if not many:
            _number(ax, numbers, spots, small, low, high, run.trial_label)
    dress(ax)
    if colour_bar:
        add_colour_bar(ax, low, high, run.score_label)
    legend_above(ax, heading)
    return ax


def two_names(space: Space, x: str | None, y: str | None) -> tuple[str, str]:
    """The two parameters of a map: those asked for, else the first that are not taken."""
    if len(space) < 2:
        raise ValueError(
            f"a map needs two parameters, this space has only {space.names[0]!r}; use plots.parameter"
        )
    for name in (x, y):
        if name is not None:
            _ = space[name]  # a KeyError in the space's own words
    if x is not None and x == y:
        raise ValueError(f"a map needs two different parameters, got {x!r} twice")
    x = x if x is not None else next(name for name in space.names if name != y)
    return x, y if y is not None else next(name for name in space.names if name != x)


def add_colour_bar(ax: Any, low: float, high: float, label: str) -> None:
    """Say beside the axes (one, or an array of them) what the colours mean."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    first = np.atleast_1d(np.asarray(ax, dtype=object)).ravel()[0]
    bar = first.figure.colorbar(
        ScalarMappable(Normalize(low, high), SCORES), ax=ax, pad=0.02, fraction=0.05, aspect=26
    )
    bar.set_label(label, color=INK, fontsize=10)
    bar.ax.tick_params(color=LINE, labelcolor=PENCIL, labelsize=9, length=3)
    bar.outline.set_visible(False)


def _land(ax: Axes, land: Land | None, smooth: bool, low: float, high: float) -> None:
    if land is None:
        return
    if smooth:
        steps = np.linspace(low, high, 25)
        ax.contourf(
            land.x,
            land.y,
            np.ma.masked_invalid(land.score),
            steps,
            cmap=SCORES,
            vmin=low,
            vmax=high,
            extend="both",
        )
        ax.contour(land.x, land.y, land.score, steps[::4], colors=PAPER, linewidths=0.4, alpha=0.5)
    else:
        ax.pcolormesh(
            land.x,
            land.y,
            np.ma.masked_invalid(land.score),
            cmap=SCORES,
            vmin=low,
            vmax=high,
            shading="nearest",
            edgecolors="none",
            rasterized=True,
        )


def _marks(ax: Axes, numbers: MapNumbers, small: BoolArray) -> None:
    """The highest point in a diamond and the best trial in a star, which hide no dot."""
    if numbers.land is not None:
        _outline(ax, *numbers.land.top[:2], marker="D", markersize=DIAMOND, label="highest of this map")
    if (best := numbers.best) is not None:
        at, label = (numbers.x[best], numbers.y[best]), "best tried"
        if small[best]:
            _outline(ax, *at, marker="*", markersize=STAR, label=label)
        else:  # a sheet of paper under the large dot
            look: dict[str, Any] = {"color": PAPER, "markeredgecolor": INK, "markeredgewidth": 0.8}
            ax.plot(*at, "*", markersize=28, linestyle="none", zorder=5.5, label=label, **look)


def _outline(ax: Axes, x: float, y: float, *, label: str, **look: Any) -> None:
    """An ink line with paper on both of its sides, which shows on light land and on dark."""
    look |= {"linestyle": "none", "markerfacecolor": "none"}
    ax.plot(x, y, markeredgecolor=PAPER, markeredgewidth=2.4, zorder=6.4, **look)
    ax.plot(x, y, markeredgecolor=INK, markeredgewidth=1.2, zorder=6.5, label=label, **look)


def _dots(ax: Axes, numbers: MapNumbers, low: float, high: float, small: BoolArray) -> None:
    """Every trial a dot in a paper ring, so that it stands out from the land; smaller in a crowd."""
    ok = np.isfinite(numbers.scores)
    many = len(numbers.x) > NUMBERED
    sizes = np.where(small, 42.0 if many else 20.0, 130.0)
    edges = np.where(small, 0.0 if many else 0.7, 0.0)  # a paper ring alone parts no dots that overlap
    rings = sizes * np.where(edges > 0, 2.6, 1.6)
    ring: dict[str, Any] = {"color": PAPER, "edgecolors": INK, "linewidths": 0.8}
    ax.scatter(numbers.x[ok], numbers.y[ok], s=rings[ok], zorder=4, **ring)
    colours: dict[str, Any] = {"cmap": SCORES, "vmin": low, "vmax": high}
    ax.scatter(
        numbers.x[ok],
        numbers.y[ok],
        s=sizes[ok],
        c=numbers.scores[ok],
        zorder=6,
        edgecolors=INK,
        linewidths=edges[ok].tolist(),
        **colours,
    )
    if (~ok).any():
        lost = numbers.x[~ok], numbers.y[~ok]
        size = np.maximum(sizes[~ok], 42.0)  # a smaller cross could not be seen
        ax.scatter(*lost, s=size * 1.6, zorder=4, **ring)
        ax.scatter(*lost, s=size * 0.5, marker="x", color=INK, linewidths=1.8, zorder=6, label="failed")


def _number(
    ax: Axes, numbers: MapNumbers, spots: FloatArray, small: BoolArray, low: float, high: float, label: str
) -> None:
    """The trials' numbers on their dots; in a crowd only the first three and the best have theirs, beside."""
    ok = np.isfinite(numbers.scores)
    for i in np.flatnonzero(ok & ~small):
        colour = SCORES(float((numbers.scores[i] - low) / (high - low)))
        ax.annotate(
            str(numbers.numbers[i]),
            (numbers.x[i], numbers.y[i]),
            ha="center",
            va="center_baseline",
            fontsize=7,
            color=text_on(colour),
            path_effects=[withStroke(linewidth=2.0, foreground=colour)],  # cuts a line that crosses it
            zorder=7,
        )
    wanted = named(numbers, small)
    marks, radii = [spots], [np.where(small, 4.0, 7.5)]
    if (best := numbers.best) is not None:
        marks.append(spots[[best]])
        radii.append(np.array([STAR / 2]))
    if numbers.land is not None:
        marks.append(in_points(ax, *numbers.land.top[:2]))
        radii.append(np.array([DIAMOND * 0.7]))
    corners = ax.get_window_extent().get_points() * 72.0 / ax.figure.dpi
    free = beside(spots, wanted, np.concatenate(marks), np.concatenate(radii), corners)
    for one, place in zip(wanted, free, strict=True):
        end = 0.4 * STAR if one == best else 2.5  # at the edge of the star or of the dot
        _lead(ax, str(numbers.numbers[one]), (numbers.x[one], numbers.y[one]), place - spots[one], end)
    if best is not None:
        key: dict[str, Any] = {"marker": "$0$", "markeredgewidth": 0, "markersize": 6, "color": INK}
        ax.plot([], [], linestyle="none", label=f"{label} number, from 0", **key)


def named(numbers: MapNumbers, small: BoolArray) -> list[int]:
    """Whose number stands beside its dot: of those in a crowd the best and the first three trials."""
    ok = np.isfinite(numbers.scores)
    first = [i for i, number in enumerate(numbers.numbers) if number < FIRST]
    best = [] if numbers.best is None else [numbers.best]
    return [i for i in dict.fromkeys(first + best) if ok[i] and small[i]]


def _lead(ax: Axes, number: str, at: tuple[float, float], offset: FloatArray, end: float) -> None:
    """A number on a scrap of paper, with a thin line that ends so many points before the dot's middle."""
    halo = [withStroke(linewidth=2.2, foreground=PAPER)]
    ax.annotate(
        number,
        at,
        xytext=tuple(offset),
        textcoords="offset points",
        ha="center",
        va="center_baseline",
        fontsize=8,
        color=INK,
        bbox={"boxstyle": "round,pad=0.2", "facecolor": PAPER, "edgecolor": INK, "linewidth": 0.8},
        arrowprops={"arrowstyle": "-", "color": INK, "linewidth": 0.9, "shrinkA": 0, "shrinkB": end}
        | {"path_effects": halo},
        zorder=8,
    ).set_in_layout(False)


def cells(numbers: MapNumbers, shape: tuple[int, int]) -> FloatArray:
    """The best score tried in each cell of a table of options, shape (rows, columns); nan where none was."""
    columns, rows = shape
    table = np.full((rows, columns), math.nan)
    for column, row, score in zip(numbers.x.astype(int), numbers.y.astype(int), numbers.scores, strict=True):
        table[row, column] = np.fmax(table[row, column], score)
    return table


def _table(ax: Axes, numbers: MapNumbers, shape: tuple[int, int], low: float, high: float) -> None:
    """A cell for each pair of options, coloured by the truth where it is known, else by its best trial."""
    table = cells(numbers, shape)
    ground = table if numbers.land is None else numbers.land.score
    ax.pcolormesh(
        np.arange(shape[0]),
        np.arange(shape[1]),
        np.ma.masked_invalid(ground),
        cmap=SCORES,
        vmin=low,
        vmax=high,
        shading="nearest",
        edgecolors=PAPER,
        linewidth=2,
    )
    best = np.nanmax(table) if np.isfinite(table).any() else math.nan
    for (row, column), score in np.ndenumerate(table):
        if np.isfinite(score):
            star = "★ " if score == best else ""
            ax.annotate(
                star + score_text(score),
                (column, row),
                ha="center",
                va="center",
                fontsize=9,
                fontweight="bold" if star else "normal",
                color=text_on(SCORES(float((ground[row, column] - low) / (high - low)))),
            )
        elif numbers.land is None:
            ax.plot(column, row, "o", color=LINE, markersize=2.5)
    bare = [
        i
        for i in np.flatnonzero(~np.isfinite(numbers.scores))
        if not np.isfinite(table[int(numbers.y[i]), int(numbers.x[i])])
    ]
    if bare:
        ax.plot(
            numbers.x[bare],
            numbers.y[bare],
            "x",
            color=INK,
            markersize=8,
            markeredgewidth=1.8,
            linestyle="none",
            label="failed",
        )


def ovens(
    old: Source,
    new: Source,
    x: str | None = None,
    y: str | None = None,
    axes: Any = None,
    *,
    old_menu: Menu | None = None,
    new_menu: Menu | None = None,
) -> AxesRow:
    """Draw the old oven's search and the new oven's side by side, on one colour scale.

    Parameters
    ----------
    old, new : Result or Strategy
        The two searches. Where the new one's strategy reports how far it trusts the old, the heading says so.
    x, y : str, optional
        Which parameters, in both spaces; by default the first two.
    axes : two matplotlib Axes, optional
        Where to draw; by default a figure is opened.
    old_menu, new_menu : Menu, optional
        Draw the true scores beneath.

    Returns
    -------
    ndarray of two matplotlib Axes

    Raises
    ------
    KeyError, ValueError
        If one of the spaces has no such parameters, or there are not two axes.

    Examples
    --------
    >>> import pizzatune as pt
    >>> old, new = pt.menus.old_oven(), pt.menus.new_oven(likeness=0.9)
    >>> searches = [pt.tune(m.taste, pt.RandomSearch(m.space, seed=0), budget=8) for m in (old, new)]
    >>> axes = ovens(*searches, old_menu=old, new_menu=new)
    >>> axes[0].get_xlabel()
    'temperature (°C)'
    """
    runs = [as_run(old, menu=old_menu), as_run(new, menu=new_menu)]
    menus = [old_menu, new_menu]
    names = [two_names(run.space, x, y) for run in runs]
    ranges = [map_numbers(run, *name, menu).range for run, name, menu in zip(runs, names, menus, strict=True)]
    limits = min(low for low, _ in ranges), max(high for _, high in ranges)
    pair = open_row(axes, 2, (10.0, 4.6), ncols=2)
    for ax, run, name, menu, which in zip(pair, runs, names, menus, ("old", "new"), strict=True):
        trust = trust_of(run) if which == "new" else None
        heading = f"{which} oven: best {run.best_text}" + ("" if trust is None else f", trust {trust:.0%}")
        map(
            run.trials,
            *name,
            ax=ax,
            menu=menu,
            space=run.space,
            limits=limits,
            colour_bar=False,
            heading=heading,
        )
    add_colour_bar(pair, *limits, runs[1].score_label)
    return pair


def trust_of(run: Run) -> float | None:
    """How far the strategy trusts the old oven, 0 to 1, where it says so."""
    trust = getattr(run.strategy, "trust", None)
    return None if trust is None else float(trust)
