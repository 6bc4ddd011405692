"""What a grid costs: a few levels more and more often multiplied; and what random search tries for the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pizzatune.pictures.marks import Axes, Bars, Links, Mark, Panel, Scale, Text
from pizzatune.words import count, duration

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
    middle = (left + right) / 2 + 8
    marks: list[Mark] = [
        Text(None, left, top + 14, f"{cost.size:,} {'pizza' if cost.size == 1 else 'pizzas'}", "big"),
        Text(None, left, top + 52, cost.time, "hero"),
        Text(None, left, top + 72, f"at {cost.minutes:g} minutes each", "quiet"),
    ]
    y = top + 104
    for x, anchor, head in ((left, "start", f"{dial}s"), (middle, "end", "pizzas"), (right, "end", "time")):
        marks.append(Text(None, x, y, head, "quiet", anchor))
    for number, size in enumerate(cost.sizes, 1):
        y, mine, last = top + 106 + ROW * number, number == cost.dials, number == len(cost.sizes)
        if mine:
            marks.insert(0, Bars(None, [left - 6], [right + 6], [y - 15], [y + 5], "panel-on"))
        style = "alarm" if last else "bold" if mine else ""
        cells = (left, "start", f"{number}"), (middle, "end", f"{size:,}")
        for x, anchor, text in (*cells, (right, "end", duration(cost.minutes * size))):
            marks.append(Text(None, x, y, text, style, anchor))
    return marks


def strips(left: float, right: float, top: float, tried: Sequence[tuple[str, int, Sequence[float]]], scale: Scale) -> list[Mark]:
    """For each search what it is called, how many values of one dial it tries, and where they lie."""
    marks: list[Mark] = [Text(None, left, top + 14, f"{scale.label} tried", "title")]
    for number, (name, many, values) in enumerate(tried):
        y = top + 36 + 40 * number
        ticks = scale.ticks if number == len(tried) - 1 else ()
        panel = Panel(left, y + 5, right - left, 14, Scale(scale.low, scale.high, ticks=ticks), Scale(0, 1, ticks=()))
        x = panel.across(list(values[:MOST]))
        n = len(x)
        marks += [
            Text(None, left, y, name),
            Text(None, right, y, f"{many:,}", "bold", "end"),
            Bars(panel, [scale.low], [scale.high], [0], [1], "track"),
            Links(None, x, [panel.top] * n, x, [panel.floor] * n, f"tick{number}"),
            Axes(panel, bare=True),
        ]
    return marks
