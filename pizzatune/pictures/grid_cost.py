"""What a grid costs: levels, multiplied dial by dial; and what random search tries for the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pizzatune.pictures.marks import Axes, Bars, Links, Mark, Panel, Scale, Text
from pizzatune.words import duration

ROW = 20.0  # px
MOST = 200  # strokes in a strip


@dataclass(frozen=True)
class Cost:
    """The price of grids.

    Attributes
    ----------
    levels : int
        On every dial.
    dials : int
        How many dials this grid has.
    sizes : tuple of int
        How many pizzas so many levels make on 1, 2, 3 ... dials.
    minutes : float
        That one pizza takes.
    """

    levels: int
    dials: int
    sizes: tuple[int, ...]
    minutes: float

    @property
    def size(self) -> int:
        """How many pizzas this grid has."""
        return self.sizes[self.dials - 1]

    @property
    def time(self) -> str:
        """How long they take, in words."""
        return duration(self.minutes * self.size)


def cost_of(levels: int, dials: int, most_dials: int, minutes: float) -> Cost:
    """Multiply.

    Examples
    --------
    >>> cost = cost_of(5, 6, 6, 15)
    >>> cost.size, cost.time
    (15625, '163 days')
    """
    return Cost(levels, dials, tuple(levels**number for number in range(1, most_dials + 1)), minutes)


def price_tag(left: float, right: float, top: float, cost: Cost, dial: str = "dial") -> list[Mark]:
    """How many pizzas, how long they take in large letters, and how that grows; some 240 px high."""
    middle = left + 92
    marks: list[Mark] = [
        Text(None, left, top + 18, f"{many(cost.size)} {'pizza' if cost.size == 1 else 'pizzas'}", "big"),
        Text(None, left, top + 54, cost.time, "hero" if len(cost.time) <= 8 else "hero-long"),
        Text(None, left, top + 74, f"at {cost.minutes:g} minutes each", "quiet"),
    ]
    heads = f"{dial}s", "pizzas", "time"
    marks += _row(left, middle, right, top + 104, heads, "quiet")
    for number, size in enumerate(cost.sizes, 1):
        y, mine = top + 106 + ROW * number, number == cost.dials
        if mine:
            marks.insert(0, Bars(None, [left - 6], [right + 6], [y - 15], [y + 5], "row"))
        style = "alarm" if number == len(cost.sizes) else "bold" if mine else ""
        cells = f"{number}", many(size), duration(cost.minutes * size)
        marks += _row(left, middle, right, y, cells, style)
    return marks


def _row(left: float, middle: float, right: float, y: float, cells: Sequence[str], style: str) -> list[Mark]:
    places = zip((left, middle, right), ("start", "end", "end"), cells, strict=True)
    return [Text(None, x, y, text, style, anchor) for x, anchor, text in places]


def many(number: int) -> str:
    """A large number as people say it.

    Examples
    --------
    >>> many(15625), many(21**6)
    ('15,625', '86 million')
    """
    return f"{number:,}" if number < 10**7 else f"{number / 1e6:.0f} million"


def strips(
    left: float, right: float, top: float, tried: Mapping[str, tuple[int, Sequence[float]]], scale: Scale
) -> list[Mark]:
    """For each search how many values of one dial it tries, and where they lie; some 130 px high."""
    marks: list[Mark] = [Text(None, left, top + 14, f"{scale.label} tried", "title")]
    for number, (name, (count, values)) in enumerate(tried.items()):
        y, last = top + 36 + 40 * number, number == len(tried) - 1
        along = Scale(scale.low, scale.high, ticks=scale.ticks if last else ())
        panel = Panel(left, y + 5, right - left, 14, along, Scale(0, 1, ticks=()))
        x = panel.across(list(values[:MOST]))
        marks += [
            Text(None, left, y, name),
            Text(None, right, y, many(count), "bold", "end"),
            Bars(
                panel, [scale.low], [scale.high], [0], [1], "track", tips=[f"{name}: {many(count)} different"]
            ),
            Links(None, x, [panel.top] * len(x), x, [panel.floor] * len(x), f"tick{number}"),
            Axes(panel, bare=True),
        ]
    return marks
