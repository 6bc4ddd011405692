"""The bill of a pizza: what its ingredients give, what it loses and to what, and what is left."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pizzatune.menus.menu import Menu
from pizzatune.menus.taste import MOST, Part, Pizza, judge
from pizzatune.pictures.marks import Bars, Image, Mark, Panel, Scale, Text
from pizzatune.pictures.picture import Picture
from pizzatune.pictures.pizza import pizza_symbol, whole_pizza
from pizzatune.words import points, score_text

TRIFLE = 0.05
"""Points that are not worth a row of their own."""

ROWS = 8
"""At most: the ingredients, what cost most, everything else, the score."""

STEP = 42.0  # px from row to row
NUMBER = 44.0  # px for the points of a row, to the right of its bar
FEW = 6  # ingredients that are read aloud one by one
PIZZA = 318.0  # px


@dataclass(frozen=True)
class Row:
    """A row of the bill: its label, where its bar starts, how many points it adds, how it looks, its tip."""

    label: str
    start: float
    points: float
    style: str
    tip: str


@dataclass(frozen=True)
class Bill:
    """The numbers of a bill.

    Attributes
    ----------
    parts : tuple of Part
        All that the kitchen says, in its order; the sum is the score.
    changes : tuple of Part
        What is worth a row, in the kitchen's order; the last may be "Everything else". With the ingredients
        they sum to the score.
    """

    parts: tuple[Part, ...]
    changes: tuple[Part, ...]

    @property
    def score(self) -> float:
        """Points in the end; never below 0 by a rounding error, as the kitchen's parts may be."""
        total = math.fsum(part.points for part in self.parts)
        return 0.0 if -1e-9 < total < 0 else total

    @property
    def ingredients(self) -> float:
        """Points that all that is good on it gives, before anything is lost."""
        return math.fsum(part.points for part in self.parts if _is_good(part))

    @property
    def worst(self) -> Part | None:
        """What cost most, where anything cost more than a trifle."""
        costs = [part for part in self.changes if part.points < 0]
        return min(costs, key=lambda part: part.points, default=None)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows as they are drawn, from top to bottom."""
        if len(self.parts) == 1:  # nobody knows what the score is made of
            (part,) = self.parts
            label = part.label[:1].upper() + part.label[1:]
            return (Row(label, 0.0, part.points, "sum", f"{label}: {score_text(part.points)}"),)
        end = Row("Score", 0.0, self.score, "sum", f"{points(self.score, 2)} points in the end")
        good = ", ".join(f"{part.label} {points(part.points, 2)}" for part in self.parts if _is_good(part))
        rows = [Row("Ingredients", 0.0, self.ingredients, "gave", good)]
        left = self.ingredients
        for part in self.changes:
            style = "gave" if part.points > 0 else "cost"
            tip = f"{part.label}: {points(part.points, 2)} points"
            rows.append(Row(part.label, left, part.points, style, tip))
            left += part.points
        return (*rows, end)


def bill_of(parts: Sequence[Part]) -> Bill:
    """Work out `Bill` from what `judge` says.

    Examples
    --------
    >>> bill = bill_of(judge(Pizza(("Sausage",), temperature=200, minutes=11)))
    >>> round(bill.ingredients, 2), [(part.label, round(part.points, 1)) for part in bill.changes]
    (9.5, [('Sausage, too cool', -2.2), ('Pale crust', -0.7), ('Drying out', -0.2)])
    """
    changes = [part for part in parts if not _is_good(part)]
    worth = sorted(changes, key=lambda part: -abs(part.points))
    worth = [part for part in worth if abs(part.points) >= TRIFLE][: ROWS - 3]
    shown = [part for part in changes if part in worth]
    rest = math.fsum(part.points for part in changes) - math.fsum(part.points for part in shown)
    if abs(rest) >= TRIFLE:
        shown.append(Part("Everything else", rest))
    return Bill(tuple(parts), tuple(shown))


def _is_good(part: Part) -> bool:
    """Whether it is an ingredient: a hot spot may help a pale pizza, and is none."""
    return part.points > 0 and part.label != "Hot spot"


def bill_marks(
    bill: Bill, left: float, top: float, width: float, step: float = STEP, *, total: bool = True
) -> list[Mark]:
    """The rows of a bill: a label and points, and below them a bar that starts where the one above ended.

    The scale is fixed: a track is 10 points long, and the largest bill that the kitchen writes has room. With
    ``total=False`` the row of the score is left out, for a picture that shows it elsewhere.
    """
    rows = bill.rows if total else bill.rows[:-1]
    starts = [row.start for row in rows]
    ends = [row.start + row.points for row in rows]
    # Somebody's own scores may be of any size; those of the kitchen are not.
    scale = Scale(min(0.0, *starts, *ends), max(MOST, *starts, *ends), ticks=())
    panel = Panel(left, top, width - NUMBER, step * len(rows), scale, Scale(len(rows), 0, ticks=()))
    tops, floors = [row + 0.5 for row in range(len(rows))], [row + 0.84 for row in range(len(rows))]
    marks: list[Mark] = []
    if len(rows) > 1:
        marks.append(Bars(panel, [0.0] * len(rows), [10.0] * len(rows), tops, floors, "track"))
    styles, tips = [row.style for row in rows], [row.tip for row in rows]
    marks.append(Bars(panel, starts, ends, tops, floors, styles=styles, tips=tips))
    for at, row in enumerate(rows):
        y, style = top + step * (at + 0.36), "bold" if row.style == "sum" else ""
        marks.append(Text(None, left, y, row.label, style, fit=width - NUMBER, tip=row.tip))
        said = points(row.points) if len(rows) > 1 else score_text(row.points)
        marks.append(Text(None, left + width, y, said, "bold", "end", tip=row.tip))
    return marks


def what_it_cost(order: Pizza | Mapping[str, Any], *, menu: Menu | None = None) -> Picture:
    """Show a pizza and its bill: what its ingredients gave, what cost it points, and what is left.

    Parameters
    ----------
    order : Pizza or dict
        A whole pizza, or params of `menu`.
    menu : Menu, optional
        What the params were ordered from.

    Returns
    -------
    Picture
        Its ``data`` has a row for each part, however small.

    Raises
    ------
    TypeError, ValueError
        If params come without a menu, or are not of it.

    Examples
    --------
    >>> what_it_cost(Pizza(()))
    Ingredients 5.0 (Dough 2.5, Tomato 1.0, Mozzarella 1.5); Drying out −0.2: score 4.8.
    """
    parts = (
        menu.judge(order) if menu is not None and not isinstance(order, Pizza) else judge(whole_pizza(order))
    )
    bill = bill_of(parts)
    drawn: list[Mark] = []
    left, height = 20.0, max(STEP * len(bill.rows), 120.0)
    if len(parts) > 1:
        left, height = PIZZA + 44, max(STEP * len(bill.rows), PIZZA)
        symbol = pizza_symbol(whole_pizza(order, menu), "small")
        drawn.append(Image(None, PIZZA / 2 + 4, 8 + height / 2, PIZZA, symbol, in_words(bill), plate=True))
    top = 8 + (height - STEP * len(bill.rows)) / 2
    drawn += bill_marks(bill, left, top, 720 - left - 8)
    columns = {"part": [part.label for part in parts], "points": [part.points for part in parts]}
    return Picture(drawn, in_words(bill), columns, height=height + 16)


def in_words(bill: Bill) -> str:
    """Read the bill aloud."""
    *others, end = bill.rows
    said = [f"{row.label} {points(row.points)}" for row in others]
    good = [f"{part.label} {points(part.points)}" for part in bill.parts if _is_good(part)]
    if said and len(good) <= FEW:
        said[0] += f" ({', '.join(good)})"
    return f"{'; '.join(said)}: score {points(end.points)}." if said else f"{end.tip}."
