"""Families of pizzas: generations as rows, lines from parents to children, and who is related to whom."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pizzatune.parameters import FloatArray
from pizzatune.pictures.marks import LETTER, Arrival, Dots, Image, Layers, Links, Mark, Symbol, Text
from pizzatune.words import points

Parents = Mapping[int, Sequence[int]]
"""Number of a trial -> the numbers of its parents."""

SLIDE = 0.2  # seconds
SMALL = 30.0  # px of a pizza beside which a plus in letters would be large


@dataclass(frozen=True)
class Member:
    """One pizza of a family, with the numbers of its parents and whether one of its genes is new.

    `words` are written below it, by default its points.
    """

    number: int
    symbol: Symbol
    score: float
    tip: str
    parents: tuple[int, ...] = ()
    mutated: bool = False
    words: str = ""


def forebears(number: int, parents: Parents) -> set[int]:
    """All from whom a trial descends, itself left out, as far back as `parents` goes.

    Examples
    --------
    >>> sorted(forebears(5, {5: (2, 3), 3: (1, 0), 2: (1,), 4: (0,)}))
    [0, 1, 2, 3]
    """
    found: set[int] = set()
    waiting = [number]
    while waiting:
        for parent in parents.get(waiting.pop(), ()):
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


def kin_of(parents: Parents) -> dict[int, set[int]]:
    """Number -> all from whom this trial descends and all who descend from it; cousins are left out.

    Examples
    --------
    >>> kin_of({0: (), 1: (), 2: (0, 1), 3: (2,), 4: (1,)})[2]
    {0, 1, 3}
    """
    kin = {number: forebears(number, parents) for number in parents}
    for number in list(kin):
        for old in [old for old in kin[number] if old < number]:
            kin.setdefault(old, set()).add(number)
    return kin


@dataclass(frozen=True)
class Tray:
    """Where rows of pizzas lie on a sheet, in px.

    Attributes
    ----------
    left, top, width
        Of the whole.
    side
        Of a pizza; it shrinks where many lie in a row.
    pitch
        From one row to the next.
    rows
        How many there are.
    far
        Rows between parent and child from which on a stub stands for their line.
    """

    left: float = 34.0
    top: float = 34.0
    width: float = 448.0
    side: float = 52.0
    pitch: float = 104.0
    rows: int = 4
    far: float = 9.0

    def size(self, count: int) -> float:
        """How large a pizza is where so many lie in a row, in whole px."""
        return min(self.side, self.width // count - 3.0)

    def across(self, count: int) -> FloatArray:
        """The middles of so many pizzas from left to right, shape (count,)."""
        middles: FloatArray = np.round(self.left + self.width * (np.arange(count) + 0.5) / count)
        return middles

    def down(self, row: int) -> float:
        """The middle of the pizzas in a row."""
        return self.top + self.side / 2 + self.pitch * row


def rows_of_pizzas(
    tray: Tray,
    rows: Sequence[Sequence[Member]],
    *,
    first: int = 0,
    best: int | None = None,
    line: Collection[int] | None = None,
    up: int = 0,
) -> Layers:
    """The last generations of a family, a layer for each row: pizzas, scores, and lines to their parents.

    Parameters
    ----------
    tray : Tray
        Where they lie.
    rows : sequence of sequence of Member
        At most as many as the tray has, from left to right as they lie.
    first : int
        The number of the first row's generation.
    best : int, optional
        The number of the pizza with a ring around it.
    line : collection of int, optional
        The numbers between which lines are thick; by default those of the newest best and all its forebears.
    up : int
        How many places the rows have just moved up; those that were there before are seen to slide.

    Returns
    -------
    dict
        Layer -> marks. A pizza that is pointed at lights up with all forebears and descendants.
    """
    parents = {member.number: member.parents for members in rows for member in members}
    shown = set(parents)
    kin = {number: sorted(others & shown) for number, others in kin_of(parents).items()}
    places = {
        member.number: (float(x), tray.down(row))
        for row, members in enumerate(rows)
        for member, x in zip(members, tray.across(len(members)), strict=True)
    }
    newest = rows[-1][0].number
    leading = {newest, *forebears(newest, parents)} if len(rows) > 1 else set()
    leading = leading if line is None else set(line)
    layers: Layers = {}
    for row, members in enumerate(rows):
        layers[f"lines {row}"] = _lines(tray, members, places, leading) if row else []
    for row, members in enumerate(rows):
        layers[f"row {row}"] = _row(tray, row, first + row, members, kin, best)
        if up and 0 <= row + up < len(rows):
            for name in [f"row {row}"] + ([f"lines {row}"] if row > 0 and row + up > 0 else []):
                layers[name].append(Arrival(0, up * tray.pitch, SLIDE))
    empty = [
        (float(x), tray.down(row)) for row in range(len(rows), tray.rows) for x in tray.across(len(rows[0]))
    ]
    size = tray.size(len(rows[0]))
    x, y = zip(*empty, strict=True) if empty else ((), ())
    layers["empty"] = [Dots(None, x, y, "empty", sizes=[size / 2 - 2] * len(empty))]
    return layers


def _row(
    tray: Tray,
    row: int,
    generation: int,
    members: Sequence[Member],
    kin: Mapping[int, Sequence[int]],
    best: int | None,
) -> list[Mark]:
    size, y = tray.size(len(members)), tray.down(row)
    marks: list[Mark] = [Text(None, tray.left - 8, y + 6, str(generation), "big", "end")]
    for member, x in zip(members, tray.across(len(members)).tolist(), strict=True):
        own = str(member.number)
        related = [str(number) for number in kin.get(member.number, ())]
        marks.append(Image(None, x, y, size, member.symbol, tip=member.tip, id=own, kin=related))
        if member.number == best:
            marks.append(Dots(None, [x], [y], "ring", sizes=[size / 2 + 1], ids=[own]))
        at = x + round(0.36 * size), y - round(0.36 * size)
        if member.mutated and size < SMALL:
            marks.append(Dots(None, at[:1], at[1:], "mutated", sizes=[0.2 * size], ids=[own]))
        elif member.mutated:
            marks.append(Text(None, at[0], at[1] + 8, "+", "new", "middle", id=own))
        words, style = member.words or points(member.score), "bold" if member.number == best else ""
        if LETTER * len(words) < tray.width / len(members):
            marks.append(Text(None, x, y + tray.side / 2 + 14, words, style, "middle", id=own))
    return marks


def _lines(
    tray: Tray, members: Sequence[Member], places: Mapping[int, tuple[float, float]], leading: Collection[int]
) -> list[Mark]:
    """From parents to children. Those of the elite are dashed, and a stub where they would come from afar."""
    ends: dict[str, list[tuple[float, float, float, float]]] = {"elite": [], "kin": [], "lead": []}
    ids: dict[str, list[str]] = {style: [] for style in ends}
    under, over = tray.side / 2 + 18, tray.side / 2
    for child in members:
        x, y = places[child.number]
        for parent in dict.fromkeys(child.parents):
            a, b = places.get(parent, (x, -math.inf))
            leads = {parent, child.number} <= set(leading) and parent in places
            style = "lead" if leads else "kin" if y - b < 1.5 * tray.pitch else "elite"
            near = leads or y - b < tray.far * tray.pitch
            start = (a, b + under) if near else (x - 16, y - over - 20)
            ends[style].append((*start, x, y - over))
            ids[style].append(f"{parent}-{child.number}")
    marks: list[Mark] = []
    for style, found in ends.items():
        if found:
            x0, y0, x1, y1 = np.array(found).T
            marks.append(Links(None, x0, y0, x1, y1, style, ids=ids[style]))
    return marks
