"""A table of text: its header, its cells, and where in the file each stands."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from pizzatune.cells import from_cell
from pizzatune.checks import shown
from pizzatune.parameters import Choice, Integer, Parameter
from pizzatune.tables.header import Header, find_header, looks_like_a_table, missing, seen
from pizzatune.tables.numerals import WHOLE, bare, plain, readings
from pizzatune.tables.records import MARKS, TOLD, first_records, records
from pizzatune.tables.text import read_text

SPOILT = re.compile("[\0\udc80-\udcff]")
LONGEST = 400  # digits; what has more is no number that a float could hold
NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """A CSV file as text: for each column its cells, and for each row its number in the file.

    Attributes
    ----------
    path : str
        Where it came from, for messages.
    header : Header
        What the columns are called, and where that stands.
    cells : dict
        The cells of each column, from the row below the header on; "" where a short row has ended. Rows
        without any text are left out.
    numbers : list of int
        The number of each row in the file, from 1; what comes before the header and empty rows count.
    mark : str
        What sets cells apart.
    decimal : str
        The decimal mark of all numbers, a point or a comma; `judged` finds it.
    signs : dict
        The percent or currency sign that all numbers of a column have, where they have one.
    """

    path: str
    header: Header
    cells: Mapping[str, list[str]]
    numbers: list[int]
    mark: str
    decimal: str = "."
    signs: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        return self.header.names

    def place(self, row: int, column: str) -> str:
        """Where a cell stands, for messages; `row` counts from 0 below the header."""
        return f"{self.path}, row {self.numbers[row]}, column {self.header.called(column)!r}"

    def without(self, rows: Collection[int]) -> Table:
        """The same table without some of its rows."""
        kept = [row for row in range(len(self.numbers)) if row not in rows]
        cells = {column: [texts[row] for row in kept] for column, texts in self.cells.items()}
        return replace(self, cells=cells, numbers=[self.numbers[row] for row in kept])

    # -- what cells mean ------------------------------------------------------------

    def number(self, row: int, column: str) -> str | None:
        """The number in a cell as Python writes it; None where there is none."""
        cell = self.cells[column][row].strip()
        if self.signs.get(column):
            cell = bare(cell)[1]
        return plain(cell, self.decimal)

    def meaning(self, parameter: Parameter) -> Callable[[int], Any]:
        """A function of a row, for what its cell means: the option for its label, the number for its digits.

        It raises a ValueError where that is nothing to the parameter; the message names row and column.
        """
        name = parameter.name
        if isinstance(parameter, Choice):
            options = dict(zip(option_texts(parameter), parameter.options, strict=True))
            return lambda row: self._option(row, name, options)

        def number(row: int) -> int | float:
            digits, cell = self.number(row, name), self.cells[name][row]
            if digits is None:
                raise ValueError(
                    f"{self.place(row, name)}: expected a number, got {shown(cell)}; correct the cell"
                )
            whole = isinstance(parameter, Integer) and WHOLE.fullmatch(digits) and len(digits) < LONGEST
            return int(digits) if whole else float(digits)

        return number

    def _option(self, row: int, name: str, options: Mapping[str, Any]) -> Any:
        cell = self.cells[name][row]
        if cell in options:
            return options[cell]
        number = self.number(row, name)
        same = [option for option in options.values() if _is_number(option, number)]
        if len(same) == 1:
            return same[0]
        raise ValueError(
            f"{self.place(row, name)}: must be one of {shown(list(options))}, "
            f"got {shown(cell)}; correct the cell"
        )

    def score(self, row: int, column: str, remedy: str) -> float:
        """The score in the cell; a ValueError that names row and column where there is none."""
        cell, number = self.cells[column][row], self.number(row, column)
        if number is None and not NOT_FINITE.fullmatch(cell.strip()):
            raise ValueError(
                f"{self.place(row, column)}: expected a number, got {shown(cell)}; "
                f"correct the cell, or {remedy}"
            )
        score = float(number if number is not None else cell)
        if not math.isfinite(score):
            raise ValueError(f"{self.place(row, column)}: must be finite, got {shown(cell)}; {remedy}")
        return score

    # -- how numbers are written ----------------------------------------------------

    def judged(
        self,
        columns: Iterable[str],
        decimal: str | None = None,
        labels: Mapping[str, Collection[str]] | None = None,
    ) -> Table:
        """The same table, with its decimal mark and signs as all numbers of some columns tell.

        Parameters
        ----------
        columns : iterable of str
            Where to look.
        decimal : {".", ","}, optional
            The decimal mark, where it is known.
        labels : dict, optional
            Texts of a column that are no numbers, whatever they look like: labels of options.

        Raises
        ------
        ValueError
            If numbers are written in different ways, or it cannot be told in which; the message names row and
            column.
        """
        told: dict[
            str, tuple[str, str]
        ] = {}  # what a number tells of the decimal mark; column, text of the first
        signs = {}
        for column in columns:
            words = (labels or {}).get(column, ())
            texts = [text for text in dict.fromkeys(self.cells[column]) if text and text not in words]
            digits = {text: bare(text.strip())[1] for text in texts}
            numerals = [text for text in texts if readings(digits[text])]
            for text in numerals:
                told.setdefault(_told(digits[text]), (column, text))
            if len(numerals) == len(texts):
                signs[column] = self._sign(column, numerals)
        return replace(self, decimal=decimal or self._decimal(told), signs=signs)

    def _decimal(self, told: Mapping[str, tuple[str, str]]) -> str:
        """The decimal mark that the numbers of all columns tell of."""
        if "." in told and "," in told:
            point, (column, comma) = self._first(*told["."]), told[","]
            raise ValueError(
                f"{point} has a decimal point, but row {self.numbers[self.cells[column].index(comma)]} a "
                f"comma, {comma!r}; write them alike"
            )
        for decimal in (".", ","):
            if decimal in told:
                return decimal
        unclear = [first for what, first in told.items() if what in ("one .", "one ,")]
        if not unclear or (self.mark == "," and "one ," not in told):
            return "."  # CSV with commas has decimal points unless its numbers tell otherwise
        column, text = unclear[-1]
        point, comma = (readings(bare(text.strip())[1])[decimal] for decimal in ".,")
        raise ValueError(
            f"{self._first(column, text)} may be {point} or {comma}, and no other number of the file tells "
            "which; say decimal='.' or decimal=','"
        )

    def _sign(self, column: str, numerals: Sequence[str]) -> str:
        """The sign that all numbers of a column have, or none."""
        signs = {bare(text.strip())[0]: text for text in reversed(numerals)}
        if len(signs) > 1:
            odd, other = list(signs.values())[:2]
            raise ValueError(
                f"{self._first(column, odd)} is written with another sign than "
                f"row {self.numbers[self.cells[column].index(other)]}, {other!r}; write them alike"
            )
        return next(iter(signs), "")

    def _first(self, column: str, text: str) -> str:
        """Where a text first stands in a column, and the text."""
        return f"{self.place(self.cells[column].index(text), column)}: {shown(text)}"


def _told(digits: str) -> str:
    """What a number tells of the decimal mark: ``"."``, ``","``, ``"one ."`` (one of the two), or nothing."""
    means = readings(digits)
    if len(means) == 1:
        return next(iter(means))
    if means["."] == means[","]:
        return ""
    return "one ." if "." in digits else "one ,"


def read_table(
    path: str | Path, settings: Sequence[str], score: str, *, strip: bool = False, argument: str = ""
) -> Table:
    """Read a CSV file whose header names some settings and a score.

    Cells are set apart by commas, semicolons, tabs or bars, whichever gives the header all that it needs.

    Parameters
    ----------
    path : str or Path
        In UTF-8, UTF-16 or UTF-32.
    settings, score : sequence of str, str
        Columns that must be there.
    strip : bool
        Whether to take spaces off both ends of names and cells.
    argument : str
        For messages: the argument that says which column holds the score, where the caller has one.

    Raises
    ------
    FileNotFoundError, IsADirectoryError
        If there is no such file.
    ValueError
        If the file is no table, a column is missing or comes twice, a row is longer than the header, or a
        cell is not UTF-8; the message names row and column.
    """
    text, needed = read_text(path), (*settings, score)
    told = TOLD.match(text)
    if told:
        text = "\n" + text[told.end() :]  # the first row stays one, so that the others keep their numbers
    said = told[1] if told else ""
    marks = dict.fromkeys([said, *MARKS] if told else MARKS)
    samples = {mark: list(map(_meant, first_records(text, mark, strip))) for mark in marks}
    if strip:
        samples = {mark: [[seen(cell) for cell in row] for row in rows] for mark, rows in samples.items()}
    headers = {mark: find_header(rows, needed) for mark, rows in samples.items()}
    looks = {mark: looks_like_a_table(rows, needed) for mark, rows in samples.items()}
    mark = max(marks, key=lambda mark: (headers[mark] is not None, mark == said, *looks[mark]))
    rows = records(text, mark, strip, f"{path}, row {{}}")
    header = headers[mark]
    if SPOILT.search(text):
        _check_letters(rows, header, path)
    if header is None:
        raise ValueError(missing(samples[mark], needed, f"{path}", argument))
    _check_names(header, f"{path}, row {header.place + 1}")
    return _table(f"{path}", header, rows, mark, strip)


def _meant(row: Sequence[str]) -> list[str]:
    """The texts of cells that were written so that no spreadsheet takes them for formulas."""
    return list(map(from_cell, row))


def _table(path: str, header: Header, rows: Sequence[Sequence[str]], mark: str, strip: bool) -> Table:
    """The rows below the header, column by column."""
    width, kept, numbers = len(header.names), [], []
    names, longer = list(map(seen, rows[header.place])), []
    for number, cells in enumerate(rows[header.place + 1 :], start=header.place + 2):
        stripped = [cell.strip() for cell in cells]
        if not any(stripped) or (stripped[-1] == names[-1] and list(map(seen, cells)) == names):
            continue  # nothing, or the header once more, as where files were put together
        if any(stripped[width:]):
            _refuse_longer(stripped, width, mark, f"{path}, row {number}")
        longer += [(number, stripped)] if len(cells) > width else []
        row = stripped if strip else cells
        kept.append([*_meant(row[:width]), *[""] * (width - len(row))])
        numbers.append(number)
    if mark == "," and 0 < len(longer) < len(numbers):
        _check_commas(longer, path)
    columns = [list(column) for column in zip(*kept, strict=True)] or [[] for _ in range(width)]
    by_name = dict(zip(header.names, columns, strict=True))
    if "" in by_name:  # what stands in any of the columns without a name
        nameless = [column for name, column in zip(header.names, columns, strict=True) if not name]
        by_name[""] = [next(filter(None, cells), "") for cells in zip(*nameless, strict=True)]
    return Table(path, header, by_name, numbers, mark)


def _refuse_longer(row: Sequence[str], width: int, mark: str, place: str) -> None:
    column = next(column for column in range(width, len(row)) if row[column])
    raise ValueError(
        f"{place}, column {column + 1}: {shown(row[column])} has no column, as the header names {width}; "
        f'put a cell with {MARKS.get(mark, repr(mark))} in "quotes", or take it out'
    )


def _check_commas(longer: Sequence[tuple[int, Sequence[str]]], path: str) -> None:
    """Rows with a mark more than others must not hold 7,5 without quotes: it would be two cells."""
    for number, row in longer:
        for column, (whole, part) in enumerate(pairwise(row), start=1):
            if WHOLE.fullmatch(whole) and part.isdecimal():
                raise ValueError(
                    f"{path}, row {number}, column {column}: the row has more cells than others, so that "
                    f"'{whole},{part}' may be one number; put a number with a comma in \"quotes\", or take a "
                    "comma off the end of the row"
                )


def _check_names(header: Header, place: str) -> None:
    for name in header.names:
        if name and header.names.count(name) > 1:
            raise ValueError(f"{place}: column {name!r} comes twice; give each a name of its own")


def _check_letters(rows: Sequence[Sequence[str]], header: Header | None, path: str | Path) -> None:
    """Every letter must be one: no byte that is no UTF-8, and no NUL."""
    names = () if header is None else header.names
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if cell.isascii() and "\0" not in cell:
                continue
            name = names[column] if column < len(names) else ""
            name = name.encode(errors="replace").decode()
            place = f"{path}, row {number}, column {column + 1} ({name!r})"
            if any("\udc80" <= letter <= "\udcff" for letter in cell):
                raise ValueError(f"{place}: not UTF-8; save the file as CSV UTF-8")
            if "\0" in cell:
                raise ValueError(f"{place}: {shown(cell)} holds a letter that is none (NUL); take it out")


def option_texts(choice: Choice) -> tuple[str, ...]:
    """A text for each option, no two alike: its label, else str(option), else repr(option)."""
    if choice.labels is not None:
        return tuple(choice.labels)
    for read in (str, repr):
        texts = tuple(read(option) for option in choice.options)
        if len(set(texts)) == len(texts):
            return texts
    raise ValueError(f"{choice.name}: some options read the same, {list(texts)}; give them labels=[...]")


def _is_number(option: Any, text: str | None) -> bool:
    """Whether an option is the number that `text` holds, written in another way: 200.0 for 200."""
    return (
        text is not None
        and isinstance(option, int | float)
        and not isinstance(option, bool)
        and float(text) == option
    )
