"""Which row of a file is its header, and which of its columns is meant by a name."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pizzatune.checks import shown
from pizzatune.tables.numerals import bare, readings
from pizzatune.tables.records import MARKS

Rows = Sequence[Sequence[str]]

FIRST = 12  # rows with text among which the header is looked for
WIDEST_TITLE = 2  # cells of a row above the header: a title, or "class" and "7b"
SPACES = " \t\r\n\u00a0"
UNSEEN = "\ufeff\u200b"  # letters that nobody sees
QUOTES = "'\"`\u2018\u2019\u201c\u201d\u201e"


@dataclass(frozen=True)
class Header:
    """The names of the columns, and the row in which they stand.

    Attributes
    ----------
    place : int
        The row of the header, counted from 0.
    names : tuple of str
        The columns; those that were asked for under the name that was asked for.
    written : dict
        What the file calls a column where that differs: {"score": "Score"}.
    """

    place: int
    names: tuple[str, ...]
    written: Mapping[str, str] = field(default_factory=dict)

    def called(self, name: str) -> str:
        """What the file calls the column."""
        return self.written.get(name, name)


def find_header(rows: Rows, needed: Sequence[str]) -> Header | None:
    """The first row that has all needed columns, with nothing above it but titles and empty rows.

    One with more columns than needed comes first: a title may read "Score". None where no row has all.
    """
    headers, widest = [], 0
    for place in _with_text(rows):
        width = _width(rows[place])
        header = _header(rows[place], place, needed) if widest <= WIDEST_TITLE and widest < width else None
        if header is not None:
            headers.append(header)
        widest = max(widest, width)
    wider = [header for header in headers if _width(rows[header.place]) > len(needed)]
    return next(iter(wider + headers), None)


def _header(row: Sequence[str], place: int, needed: Sequence[str]) -> Header | None:
    """The row as a header; None where it lacks a column."""
    asked = {name: column_of(row, name) for name in needed}
    by_column = {column: name for name, column in asked.items() if column is not None}
    if len(by_column) < len(needed):
        return None
    names = tuple(by_column.get(column, written) for column, written in enumerate(row))
    return Header(
        place, names, {name: row[column] for column, name in by_column.items() if row[column] != name}
    )


def column_of(header: Sequence[str], name: str) -> int | None:
    """Which column is meant: one of that very name, else the only one that differs by capitals or quotes."""
    if name in header:
        return list(header).index(name)
    alike = columns_alike(header, name)
    return alike[0] if len(alike) == 1 else None


def columns_alike(header: Sequence[str], name: str) -> list[int]:
    """The columns whose names differ from `name` by no more than capitals, quotes and spaces around."""
    return [column for column, written in enumerate(header) if _bare(written) == _bare(name)]


def _bare(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip(SPACES + UNSEEN + QUOTES).casefold()


def seen(name: str) -> str:
    """A name without what nobody sees around it."""
    return name.strip(SPACES + UNSEEN)


def likely_header(rows: Rows, needed: Sequence[str]) -> int | None:
    """The row most likely meant as the header where none has all columns; None where there is no text."""
    some = _with_text(rows)
    having = [place for place in some if any(column_of(rows[place], name) is not None for name in needed)]
    wide = [place for place in some if _width(rows[place]) > 1]
    return next(iter(having + wide + some), None)


def looks_like_a_table(rows: Rows, needed: Sequence[str]) -> tuple[bool, float, int]:
    """How much rows look like a table: whether there are columns, in how many rows, and how many columns."""
    header = find_header(rows, needed)
    place = likely_header(rows, needed) if header is None else header.place
    if place is None:
        return True, 1.0, 0
    width = _width(rows[place])
    widths = [_width(row) for row in rows if _width(row)]
    return width > 1, 1.0 if header else widths.count(width) / len(widths), width


def missing(rows: Rows, needed: Sequence[str], path: str, argument: str) -> str:
    """What is missing, and what to do.

    Parameters
    ----------
    rows, needed : sequence
        The first rows of the file, and the columns that it should have, the score last.
    path : str
        Where the rows came from.
    argument : str
        The argument by which a caller can name the column of the score; "" where there is none.
    """
    below = next((place for place in _with_text(rows) if _header(rows[place], place, needed)), None)
    if below is not None:
        return (
            f"{path}, row {below + 1}: the columns {list(needed)} stand here, below rows of other cells; "
            "take out the rows above, or put them elsewhere"
        )
    place = likely_header(rows, needed)
    if place is None:
        return (
            f"{path}, row 1: column {needed[0]!r} is missing, the file has []; add it, as the file is empty"
        )
    header = [name for name in rows[place] if name]
    name = next(name for name in needed if column_of(header, name) is None)
    alike = [header[column] for column in columns_alike(header, name)]
    if len(alike) > 1:
        remedy = f"each of {alike} may be it; rename all but one"
    elif len(header) == 1 and _bare(name) in _bare(header[0]):
        remedy = f"set cells apart by {', '.join(MARKS.values())}"
    elif any(readings(bare(cell.strip())[1]) for cell in header):
        remedy = "add it: the first row must hold names of columns, not values"
    elif name == needed[-1] and argument and len(header) > 1:
        likely = _likely_score(rows, place, needed)
        remedy = f"add it, or say which column holds the score, e.g. {argument}={likely!r}"
    else:
        remedy = "add it, or give that name to the column that holds it"
    return f"{path}, row {place + 1}: column {name!r} is missing, the file has {shown(header)}; {remedy}"


def _likely_score(rows: Rows, place: int, needed: Sequence[str]) -> str:
    """The last column below which nothing but numbers stands, else the last."""
    header = rows[place]
    columns = [column for column, name in enumerate(header) if name and name not in needed]
    for column in reversed(columns):
        cells = [row[column] for row in rows[place + 1 :] if column < len(row) and row[column]]
        if cells and all(readings(bare(cell.strip())[1]) for cell in cells):
            return header[column]
    return header[columns[-1]]


def _width(row: Sequence[str]) -> int:
    """How many cells of a row hold text."""
    return sum(1 for cell in row if cell.strip())


def _with_text(rows: Rows) -> list[int]:
    return [place for place, row in enumerate(rows) if _width(row)][:FIRST]
