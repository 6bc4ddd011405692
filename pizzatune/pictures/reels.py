"""A slot machine: a reel for each parameter, its options going round, and the drawn one on the line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pizzatune.menus.taste import CHEESES, SAUCES
from pizzatune.pictures.marks import Arrival, Bars, Dots, Image, Layers, Line, Mark, Text
from pizzatune.pictures.pizza import piece_symbol
from pizzatune.pictures.pizza_shapes import CHEESE_COLOURS, SAUCE_COLOURS
from pizzatune.space import Space
from pizzatune.words import count

TOP, ROW, WIDE, GAP = 32.0, 42.0, 140.0, 8.0  # px: where the windows start, a row, a reel, between two
LEFT = 8.0
SECONDS = (0.35, 0.5, 0.65, 0.8)  # that the reels turn, one after the other


def reels(space: Space, now: Mapping[str, Any], before: Mapping[str, Any], spin: int) -> Layers:
    """The reels at spin `spin`, which come from where they stood `before`; over them the machine.

    Every reel is a layer of its own, and lies below the machine's front, which has a window for it.
    """
    layers: Layers = {}
    for number, name in enumerate(space.names):
        options = [value for (value,) in (params.values() for params in Space(space[name]).enumerate())]
        here, there = options.index(now[name]), options.index(before[name])
        turns = (there - here) % len(options) + len(options) * (1 + spin % 2) if spin else 1
        left, seconds = LEFT + number * (WIDE + GAP), SECONDS[number % len(SECONDS)]
        marks: list[Mark] = [Arrival(0, -turns * ROW, seconds)] if spin else []
        for row in range(-1, turns + 2):  # from the one above the line down to where the reel comes from
            y = TOP + ROW * (1.5 + row)
            marks += _option(options[(here + row) % len(options)], left, y)
        layers[f"reel {number}"] = marks
    layers["machine"] = _front(space)
    return layers


def lever(reels: int, left: int) -> list[Mark]:
    """Where so many spins are left; it can be clicked by the name of "lever", and comes up again."""
    x, y = _right(reels) + 22, TOP + 16
    tips, names = [f"Pull: {count(left, 'spin')} left"], ["lever"] if left else []
    return [
        Arrival(0, ROW, SECONDS[0]),
        Line(None, [x, x], [TOP + ROW * 1.8, y], "lever"),
        Dots(None, [x], [y], "knob", tips=tips, names=names),
    ]


def _right(reels: int) -> float:
    """Where the last reel ends."""
    return LEFT + reels * (WIDE + GAP) - GAP


def _option(name: Any, left: float, y: float) -> list[Mark]:
    """A piece, a puddle or a wedge, and the name."""
    words = Text(None, left + 42, y + 5, str(name), "bold", fit=WIDE - 44)
    if name in SAUCES or name in CHEESES:
        colour = (SAUCE_COLOURS | CHEESE_COLOURS).get(name, "#f5ece0")
        style = "sauce" if name in SAUCES else "cheese"
        return [Dots(None, [left + 22], [y], style, colours=[colour]), words]
    return [Image(None, left + 22, y, 32, piece_symbol(str(name))), words]


def _front(space: Space) -> list[Mark]:
    """What hides the reels above the windows, dims the rows beside the line, and frames the line."""
    right, names = _right(len(space)), list(space.names)
    lefts = [LEFT + number * (WIDE + GAP) for number in range(len(names))]
    floor = TOP + 3 * ROW

    def bars(low: float, high: float, style: str) -> Bars:
        n = len(lefts)
        return Bars(None, lefts, [left + WIDE for left in lefts], [low] * n, [high] * n, style)

    return [
        Bars(None, [0, 0], [right + 2, right + 2], [0, floor], [TOP, floor + 400], "panel"),
        bars(TOP, TOP + ROW, "veil"),
        bars(floor - ROW, floor, "veil"),
        bars(TOP, floor, "window"),
        Bars(None, [LEFT - 4], [right + 4], [TOP + ROW], [TOP + 2 * ROW], "payline"),
        *(
            Text(None, left + WIDE / 2, TOP - 9, name, "title", "middle")
            for left, name in zip(lefts, names, strict=True)
        ),
    ]
