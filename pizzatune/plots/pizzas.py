"""Draw the pizza itself, and the bill that says where its points came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from pizzatune.menus.menu import Menu
from pizzatune.menus.taste import Pizza, judge
from pizzatune.plots.frame import AxesRow, dress, open_axes, open_row, score_text
from pizzatune.plots.palette import BASIL, INK, NIGHT, PAPER, PENCIL, TOMATO
from pizzatune.plots.pizza_art import pizza_shapes


def pizza(
    order: Pizza | Mapping[str, Any],
    ax: Axes | None = None,
    *,
    menu: Menu | None = None,
    title: str = "",
    note: str = "",
) -> Axes:
    """Draw a pizza: toppings, sauce and cheese, and a crust from pale through golden to burnt.

    Parameters
    ----------
    order : Pizza or dict
        A whole pizza, or params of `menu`. The same pizza always looks the same.
    ax : matplotlib Axes, optional
        Where to draw; by default a figure is opened.
    menu : Menu, optional
        What the params were ordered from.
    title, note : str
        A line in ink above, and a quieter one below.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    TypeError, ValueError
        If params come without a menu, or are not of it.

    Examples
    --------
    >>> from pizzatune.menus import topping_and_heat
    >>> ax = pizza({"topping": "Pepperoni", "temperature": 210}, menu=topping_and_heat(), title="Golden")
    >>> ax.get_title()
    'Golden'
    """
    whole = whole_pizza(order, menu)
    shapes = pizza_shapes(whole)
    ax = open_axes(ax, (4.5, 4.5))
    ax.add_collection(
        PolyCollection(
            [shape.outline for shape in shapes],
            facecolors=[shape.colour for shape in shapes],
            edgecolors="none",
        ),
        autolim=False,
    )
    ax.set(xlim=(-1.08, 1.08), ylim=(-1.13, 1.05), aspect="equal")
    ax.axis("off")
    if title:
        ax.set_title(title, color=INK, fontsize=11, fontweight="bold", pad=4)
    if note:
        ax.annotate(
            note,
            (0.5, 0.0),
            xytext=(0, -2),
            xycoords="axes fraction",
            textcoords="offset points",
            ha="center",
            va="top",
            color=PENCIL,
            fontsize=9,
        )
    return ax


def whole_pizza(order: Pizza | Mapping[str, Any], menu: Menu | None = None) -> Pizza:
    """The pizza itself, or what `menu` makes of params."""
    if isinstance(order, Pizza):
        return order
    if menu is None:
        raise TypeError(f"params are not a whole pizza, got {order!r}; pass menu=... beside them, or a Pizza")
    return menu.pizza(order)


def pizza_row(
    orders: Sequence[Pizza | Mapping[str, Any]],
    titles: Sequence[str] | None = None,
    axes: Any = None,
    *,
    menu: Menu | None = None,
    notes: Sequence[str] | None = None,
) -> AxesRow:
    """Draw several pizzas side by side.

    Parameters
    ----------
    orders : sequence of Pizza or dict
        At least one; params are of `menu`.
    titles, notes : sequence of str, optional
        As many as pizzas: lines above and below each.
    axes : as many matplotlib Axes, optional
        Where to draw; by default a figure is opened.
    menu : Menu, optional
        What the params were ordered from.

    Returns
    -------
    ndarray of matplotlib Axes, shape (n,)

    Raises
    ------
    ValueError
        If there is no pizza, or not as many titles, notes or axes as pizzas.

    Examples
    --------
    >>> twins = [Pizza(temperature=225, minutes=minutes) for minutes in (5, 11, 22)]
    >>> [ax.get_title() for ax in pizza_row(twins, ["Pale", "Golden", "Burnt"])]
    ['Pale', 'Golden', 'Burnt']
    """
    if not len(orders):
        raise ValueError("a row needs at least one pizza, got none")
    for name, lines in (("titles", titles), ("notes", notes)):
        if lines is not None and len(lines) != len(orders):
            raise ValueError(
                f"there are {len(orders)} pizzas and {len(lines)} {name}; give one each, or leave them out"
            )
    row = open_row(axes, len(orders), (min(2.5 * len(orders), 12.5), 2.9), ncols=len(orders))
    for i, (order, ax) in enumerate(zip(orders, row, strict=True)):
        pizza(order, ax, menu=menu, title=titles[i] if titles else "", note=notes[i] if notes else "")
    return row


@dataclass(frozen=True)
class Bill:
    """The numbers of `what_it_cost`: each part's label and points, shape (n,); their sum is the score."""

    labels: tuple[str, ...]
    points: np.ndarray[Any, np.dtype[np.float64]]

    @property
    def starts(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Where each bar starts: at the end of the one before."""
        return np.concatenate([[0.0], np.cumsum(self.points)[:-1]])

    @property
    def score(self) -> float:
        """What the pizza scores in the end."""
        return float(self.points.sum())


def bill(order: Pizza | Mapping[str, Any], menu: Menu | None = None) -> Bill:
    """Work out `Bill`; parts under half a hundredth of a point are put together as "Small change"."""
    parts = judge(whole_pizza(order)) if menu is None or isinstance(order, Pizza) else menu.judge(order)
    shown = [part for part in parts if abs(part.points) >= 0.005]
    change = sum(part.points for part in parts if abs(part.points) < 0.005)
    labels = [part.label for part in shown]
    points = [part.points for part in shown]
    if abs(change) >= 0.005:
        labels, points = [*labels, "Small change"], [*points, change]
    elif points:
        points[-1] += change  # the bars still end at the score
    return Bill(tuple(labels), np.array(points))


def what_it_cost(
    order: Pizza | Mapping[str, Any], ax: Axes | None = None, *, menu: Menu | None = None
) -> Axes:
    """Draw what gave a pizza its points and what cost it some: each bar starts where the one above ended.

    Parameters
    ----------
    order : Pizza or dict
        A whole pizza, or params of `menu`.
    ax : matplotlib Axes, optional
        Where to draw; by default a figure is opened.
    menu : Menu, optional
        What the params were ordered from.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    TypeError, ValueError
        If params come without a menu, or are not of it.

    Examples
    --------
    >>> ax = what_it_cost(Pizza(("Sausage",), temperature=200))
    >>> [label.get_text() for label in ax.get_yticklabels()][-1]
    'In the end'
    """
    numbers = bill(order, menu)
    rows = len(numbers.labels) + 1
    ax = open_axes(ax, (7.5, 1.2 + 0.34 * rows))
    for row, (start, points) in enumerate(zip(numbers.starts, numbers.points, strict=True)):
        gave = points > 0
        ax.barh(
            row,
            points,
            left=start,
            height=0.62,
            color=BASIL if gave else TOMATO,
            hatch="" if gave else "////",
            edgecolor=PAPER,
            linewidth=0.0,
            zorder=3,
        )
        ax.plot([start + points] * 2, [row - 0.31, row + 1.31], color=PENCIL, linewidth=0.7, zorder=2)
        ax.annotate(
            f"{points:+.2f}".replace("-", "−"),
            (max(start, start + points), row),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            color=INK,
            fontsize=9,
        )
    ax.barh(rows - 1, numbers.score, height=0.62, color=NIGHT, zorder=3)
    ax.annotate(
        score_text(numbers.score),
        (numbers.score, rows - 1),
        xytext=(5, 0),
        textcoords="offset points",
        va="center",
        color=INK,
        fontsize=10,
        fontweight="bold",
    )
    ends = np.concatenate([[0.0], np.cumsum(numbers.points)])
    ax.set(xlim=(min(0.0, float(ends.min())), max(10.0, float(ends.max())) * 1.08), ylim=(rows - 0.4, -0.6))
    ax.set_yticks(range(rows), [*numbers.labels, "In the end"])
    dress(ax, xlabel=menu.score_label if menu is not None else "points", grid="x")
    ax.tick_params(axis="y", length=0, labelcolor=INK)
    return ax
