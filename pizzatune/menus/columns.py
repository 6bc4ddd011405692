"""Columns of a CSV file as parameters: which are settings, and what their cells speak of."""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pizzatune.checks import listed, shown
from pizzatune.parameters import COUNTABLE, Choice, Integer, Ordered, Parameter, Real
from pizzatune.space import SCORE, Space
from pizzatune.tables import NUMBER, WHOLE, Table
from pizzatune.trial import columns_beside

NAME = re.compile(r"0[0-9]+")  # no number has a 0 before it: flour is called 00
RUN = ("error", "why")  # what stands behind the score in a file of `pizzatune.trial.to_csv`
RESULT = (*RUN, "seconds")  # in a table of a result
TASTED = ("tastings", "spread")  # in a table of tastings
TOTALS = frozenset(  # in some languages
    """total totals grandtotal sum average avg mean median summe gesamt mittelwert durchschnitt schnitt
    somme moyenne suma media promedio totale somma totaal gemiddelde""".split()  # noqa: SIM905  # shorter so
)


def needed_settings(space: Space | None, columns: Sequence[str] | None, score: str) -> tuple[str, ...]:
    """The columns that must be there as settings; none where the file itself says it."""
    if columns is None:
        names: tuple[str, ...] = () if space is None else space.names
    elif isinstance(columns, str) or not all(isinstance(column, str) for column in columns) or not columns:
        fitting = listed(columns) if isinstance(columns, str) else "write e.g. ['topping']"
        raise TypeError(f"columns must be a list of names, at least one, got {shown(columns)}; {fitting}")
    else:
        names = tuple(columns)
    if score in names:
        raise ValueError(f"column {score!r} cannot be a setting and the score; leave it out of the settings")
    return names


@dataclass(frozen=True)
class OwnTable:
    """A table that pizzatune wrote: its settings, its other columns, and which of these holds errors."""

    settings: tuple[str, ...]
    others: tuple[str, ...]
    error: str


def ours(table: Table, score: str) -> OwnTable | None:
    """What a table that pizzatune wrote holds; None of a table by anybody else.

    It is ours where all that we write behind the score stands there, in our order. What comes by way of
    pandas begins with a column of numbers as well, unless that was left out.
    """
    if score != SCORE or table.header.called(score) != SCORE:
        return None
    place = table.columns.index(SCORE)
    before, behind = table.columns[:place], table.columns[place + 1 :]
    numbered = columns_beside(before[1:])["trial"]
    for index, kinds in (((), RUN), ((numbered,), RESULT), ((), RESULT), (("",), TASTED), ((), TASTED)):
        settings = before[len(index) :]
        written = columns_beside(settings, kinds)
        if (
            before[: len(index)] == index
            and behind == tuple(written.values())
            and settings
            and "" not in settings
        ):
            return OwnTable(settings, index + behind, written.get("error", ""))
    return None


def all_settings(table: Table, score: str) -> tuple[str, ...]:
    """All columns but the score; one without a name must be empty."""
    named = tuple(name for name in table.columns if name and name != score)
    for row, cell in enumerate(table.cells.get("", ())):
        if cell:
            raise ValueError(
                f"{table.place(row, '')}: {shown(cell)} stands in a column without a name; name it in row "
                f"{table.header.place + 1}, take it out, or say columns={list(named)}"
            )
    here = f"{table.path}, row {table.header.place + 1}"
    if not named:
        raise ValueError(
            f"{here}: there is no column of settings beside {score!r}, the file has "
            f"{shown(list(table.columns))}; add one, e.g. topping"
        )
    if SCORE in named:
        others = [name for name in named if name != SCORE]
        raise ValueError(
            f"{here}: column {SCORE!r} cannot be a setting, as every table of trials calls its scores so; "
            f"call it e.g. {'my_' + SCORE!r}, or leave it out: columns={others}"
        )
    return named


def inferred(table: Table, column: str, smooth: bool) -> Parameter:
    """The parameter that a column's cells speak of."""
    cells = table.cells[column]
    if not any(cells):
        raise ValueError(
            f"{table.place(0, column)}: the column is empty; fill it, take it out, or say columns=[...] "
            "without it"
        )
    if not all(cells):
        raise ValueError(
            f"{table.place(cells.index(''), column)}: the cell is empty; fill it, leave the row out, or say "
            "with space= when the setting exists"
        )
    first = {cell: row for row, cell in reversed(list(enumerate(cells)))}
    options = dict.fromkeys(cells)
    numbers = {cell: table.number(first[cell], column) for cell in options}
    if not any(numbers.values()) or any(NAME.fullmatch(number or "") for number in numbers.values()):
        return Choice(column, list(options))
    _check_alike(table, column, [numbers[cell] for cell in cells])
    digits = [number for number in numbers.values() if number is not None]
    whole = all(WHOLE.fullmatch(number) for number in digits)
    values = sorted({int(number) if whole else float(number) for number in digits})
    make = _dial if smooth and len(values) > 1 else values_of
    try:
        return make(column, values, unit=table.signs.get(column, ""))
    except ValueError as error:
        raise ValueError(f"{rows_of(table)}, column {column!r}: {error}") from error


def values_of(name: str, values: Sequence[float], **more: Any) -> Ordered:
    """An option for each number, shown as short as it can be: 6 and not 6.0."""
    short = [f"{value:g}" for value in values]
    return Ordered(name, values, labels=short if len(set(short)) == len(values) else None, **more)


def _dial(name: str, values: Sequence[float], *, unit: str) -> Parameter:
    """A dial from the lowest to the highest value, by whole numbers where all are."""
    low, high = values[0], values[-1]
    if isinstance(low, int) and isinstance(high, int) and high - low < COUNTABLE:
        return Integer(name, low, high, unit=unit)
    return Real(name, low, high, unit=unit)


def _check_alike(table: Table, column: str, numbers: Sequence[str | None]) -> None:
    """All cells of a column must be finite numbers."""
    odd = len(numbers) > 2 * sum(number is not None for number in numbers)  # the fewer are numbers, not words
    words = None in numbers
    for row, number in enumerate(numbers):
        cell = table.cells[column][row]
        if words and (number is not None) == odd:
            what = "a number among words" if odd else "no number, while others in the column are"
            raise ValueError(
                f"{table.place(row, column)}: {shown(cell)} is {what}; correct the cell, or say "
                "what it is with space="
            )
        if number is not None and not math.isfinite(float(number)):
            raise ValueError(
                f"{table.place(row, column)}: {shown(cell)} is too large for a number; correct the cell"
            )


def check_totals(table: Table, settings: Sequence[str], score: str) -> None:
    """The last rows must be tastings: no sum or mean of those above, called so in any of some languages."""
    last = len(table.numbers)
    called: list[tuple[int, str]] = []
    while last > 0:
        column = next((name for name in settings if _is_total(table, last - 1, name)), None)
        if column is None:
            break
        last -= 1
        called.append((last, column))
    numbers = [number for row in range(last) if (number := table.number(row, score)) is not None]
    above = [float(number) for number in numbers if NUMBER.fullmatch(number)]
    for row, column in reversed(called):
        gaps = not all(table.cells[name][row] for name in settings)
        if gaps or (len(above) > 1 and _sums_up(table.number(row, score), above)):
            raise ValueError(
                f"{table.place(row, column)}: {table.cells[column][row]!r} sums up the rows above and is no "
                "tasting; leave the row out"
            )


def _is_total(table: Table, row: int, column: str) -> bool:
    """Whether a cell says so, as the only one of its column."""
    cells = table.cells[column]
    return re.sub(r"[\s:=\u00d8\u2211]", "", cells[row]).casefold() in TOTALS and cells.count(cells[row]) == 1


def _sums_up(number: str | None, above: Sequence[float]) -> bool:
    """Whether a score is the sum, mean or so of others, as far as its digits go; or is none at all."""
    if number is None:
        return True
    rounded = 0.51 * 10.0 ** -len(number.partition(".")[2])
    sums = (
        math.fsum(above),
        statistics.fmean(above),
        statistics.median(above),
        min(above),
        max(above),
        len(above),
    )
    return any(abs(float(number) - each) <= rounded for each in sums)


def rows_of(table: Table) -> str:
    """The rows of a table, for messages about all of them."""
    return f"{table.path}, row {table.numbers[0]} to row {table.numbers[-1]}"
