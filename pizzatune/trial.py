"""Trials: what was tried, how it scored, and why it was tried. A search is a list of them."""

from __future__ import annotations

import csv
import html
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from pizzatune.checks import score_of
from pizzatune.parameters import Choice, FloatArray, Integer, Parameter
from pizzatune.space import Params, Space

if TYPE_CHECKING:
    import pandas as pd

DECIMAL_COMMA = re.compile(r"[+-]?[0-9]*,[0-9]+([eE][+-]?[0-9]+)?")  # 7,2 as much of Europe writes it


@dataclass(frozen=True)
class Trial:
    """One combination of settings that was tried.

    Attributes
    ----------
    number : int
        Its place in the search, from 0.
    params : dict
        The settings, plain Python values.
    score : float or None
        How good it was, in the objective's unit; higher is better. None where it failed.
    error : str or None
        What went wrong, in words, where it failed.
    why : str
        Why the strategy suggested it, in one sentence.
    origin : dict
        What a picture needs: parents and mutated genes, predicted mean and std, acquisition, generation.
    seconds : float or None
        How long the objective took. Two trials that differ only here are equal.

    Examples
    --------
    >>> Trial(0, {"oven": "Stone", "minutes": 7}, 6.25)
    trial 0: oven=Stone, minutes=7 -> 6.25
    """

    number: int
    params: Params
    score: float | None
    error: str | None = None
    why: str = ""
    origin: Mapping[str, Any] = field(default_factory=dict)
    seconds: float | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if self.score is not None:
            object.__setattr__(self, "score", score_of(self.score, "write"))
        object.__setattr__(self, "params", dict(self.params))  # the caller's dicts may change later
        object.__setattr__(self, "origin", dict(self.origin))

    @property
    def ok(self) -> bool:
        """Whether it gave a score."""
        return self.score is not None

    def __repr__(self) -> str:
        settings = ", ".join(
            f"{name}={value:.4g}" if isinstance(value, float) else f"{name}={value}"
            for name, value in self.params.items()
        )
        outcome = f"{self.score:.4g}" if self.score is not None else f"failed: {self.error}"
        return f"trial {self.number}: {settings} -> {outcome}"

    def _repr_html_(self) -> str:
        outcome = "failed" if self.score is None else f"{self.score:.4g}"
        cells = {"trial": self.number, **self.params, "score": outcome, "why": self.error or self.why}
        head = "".join(f"<th>{html.escape(str(name))}</th>" for name in cells)
        row = "".join(f"<td>{html.escape(_shown(value))}</td>" for value in cells.values())
        return f"<table><thead><tr>{head}</tr></thead><tbody><tr>{row}</tr></tbody></table>"


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def best_trial(trials: Iterable[Trial]) -> Trial | None:
    """The trial with the highest score, the earliest of equals; None where none has a score."""
    scored = [trial for trial in trials if trial.score is not None]
    return max(scored, key=lambda trial: (trial.score, -trial.number), default=None)


def scores_of(trials: Sequence[Trial]) -> FloatArray:
    """All scores in order, nan where a trial failed; shape (n,)."""
    return np.array([math.nan if trial.score is None else trial.score for trial in trials], dtype=float)


def unit_of(scores: ArrayLike) -> float:
    """1.0 for ordinary scores; for huge and for tiny ones a power of two, in which they lie about 1.

    Sums and squares of scores in this unit stay finite and exact, wherever in the range of a float they lie.

    Examples
    --------
    >>> unit_of([0.3, -250.0, 1e9]), unit_of([1e308, 5.0]) > 1e300, unit_of([1e-320]) < 1e-300
    (1.0, True, True)
    """
    size = float(np.abs(np.asarray(scores, dtype=float)).max(initial=0.0))
    if size == 0.0 or 1e-60 < size < 1e60:
        return 1.0
    return math.ldexp(1.0, min(math.frexp(size)[1], 1023))


def mean_score(scores: Sequence[float]) -> float:
    """The mean of finite scores, which is finite too."""
    unit = unit_of(scores)
    return float(np.mean(scores if unit == 1.0 else np.asarray(scores) / unit)) * unit


def best_so_far(trials: Sequence[Trial]) -> FloatArray:
    """The best score after each trial, nan before the first success; shape (n,).

    Examples
    --------
    >>> best_so_far([Trial(0, {}, None), Trial(1, {}, 5.0), Trial(2, {}, 3.0)])
    array([nan,  5.,  5.])
    """
    return np.fmax.accumulate(scores_of(trials)) if len(trials) else np.empty(0)


def to_frame(trials: Sequence[Trial]) -> pd.DataFrame:
    """A table with a row for each trial: params, score, error, why and seconds; its index is the number."""
    import pandas as pd

    rows = [
        {
            **trial.params,
            "score": trial.score,
            "error": trial.error,
            "why": trial.why,
            "seconds": trial.seconds,
        }
        for trial in trials
    ]
    index = pd.Index([trial.number for trial in trials], name="trial")
    names = list(dict.fromkeys(name for trial in trials for name in trial.params))
    frame = pd.DataFrame(rows, index=index, columns=[*names, "score", "error", "why", "seconds"])
    return frame.astype({"score": float, "seconds": float})


def to_csv(trials: Sequence[Trial], path: str | Path, space: Space) -> None:
    """Write trials as a CSV file with a header; options of a Choice by their labels."""
    with Path(path).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*space.names, "score", "error", "why"])
        for trial in trials:
            values = [_to_text(space, name, trial.params) for name in space.names]
            writer.writerow(
                [*values, "" if trial.score is None else repr(trial.score), trial.error or "", trial.why]
            )


def from_csv(path: str | Path, space: Space) -> list[Trial]:
    """Read trials back from a CSV file with a column for each parameter and one called score.

    Raises
    ------
    ValueError
        If a column is missing, or a cell does not fit; the message names row and column.
    """
    table = read_table(path, (*space.names, "score"))
    return [_from_row(table, number, space) for number in range(len(table.rows))]


@dataclass(frozen=True)
class Table:
    """A CSV file as text: its columns, and for each row below the header the text of every cell.

    Attributes
    ----------
    path : str
        Where it came from, for messages.
    columns : tuple of str
        What the header says.
    rows : list of dict
        The cells of each row by column, "" where a short row has ended.
    numbers : list of int
        The number of each row as a spreadsheet counts: the header is row 1, empty rows count.
    commas : bool
        Whether a comma in a number is a decimal comma: cells are set apart by something else.
    """

    path: str
    columns: tuple[str, ...]
    rows: list[dict[str, str]]
    numbers: list[int]
    commas: bool

    def place(self, row: int, column: str) -> str:
        """Where a cell stands, for messages; `row` counts from 0 below the header."""
        return f"{self.path}, row {self.numbers[row]}, column {column!r}"

    def number(self, row: int, column: str) -> str:
        """The cell with a decimal point, where it holds a decimal comma."""
        cell = self.rows[row][column]
        return cell.replace(",", ".") if self.commas and DECIMAL_COMMA.fullmatch(cell) else cell

    def value(self, row: int, parameter: Parameter) -> Any:
        """What the cell means: the option for its label, the number for its digits.

        Raises
        ------
        ValueError
            If it means nothing to the parameter; the message names row and column.
        """
        cell, place = self.rows[row][parameter.name], self.place(row, parameter.name)
        number = self.number(row, parameter.name)
        if isinstance(parameter, Choice):
            texts = _texts(parameter)
            if cell in texts:
                return parameter.options[texts.index(cell)]
            same = [option for option in parameter.options if _is_number(option, number)]
            if len(same) == 1:
                return same[0]
            raise ValueError(f"{place}: must be one of {list(texts)}, got {cell!r}; correct the cell")
        try:
            return int(number) if isinstance(parameter, Integer) else float(number)
        except ValueError:
            raise ValueError(f"{place}: expected a number, got {cell!r}; correct the cell") from None

    def score(self, row: int, column: str, remedy: str = "leave it empty if it failed") -> float:
        """The score in the cell; a ValueError that names row and column where there is none."""
        cell, place = self.rows[row][column], self.place(row, column)
        try:
            score = float(self.number(row, column))
        except ValueError:
            raise ValueError(f"{place}: expected a number, got {cell!r}; correct the cell") from None
        if not math.isfinite(score):
            raise ValueError(f"{place}: must be finite, got {cell!r}; {remedy}")
        return score


def read_table(path: str | Path, needed: Sequence[str], *, strip: bool = False) -> Table:
    """Read a CSV file whose header names all of `needed`; cells are set apart by commas, semicolons or tabs.

    Parameters
    ----------
    path : str or Path
        In UTF-8, with or without a byte order mark.
    needed : sequence of str
        Columns that must be there. What sets cells apart is that with which they are.
    strip : bool
        Whether to take spaces off both ends of names and cells.

    Raises
    ------
    ValueError
        If a column is missing or comes twice, a row is longer than the header, or a cell is not UTF-8; the
        message names row and column.
    """
    # what is no UTF-8 stays recognisable, so that the message can say where it stands
    text = Path(path).read_bytes().decode("utf-8-sig", errors="surrogateescape")
    attempts = [_cells(text, mark, strip, f"{path}") for mark in (",", ";", "\t")]
    headers = [rows[0] if rows else [] for rows in attempts]
    found = [set(needed) <= set(header) for header in headers]
    which = max(range(3), key=lambda i: (found[i], len(headers[i])))  # the first of equals
    header, rows = headers[which], attempts[which]
    _check_header(header, needed, f"{path}, row 1")
    numbers = [number for number, row in enumerate(rows[1:], start=2) if row]
    for number in (1, *numbers):
        _check_cells(rows[number - 1], header, f"{path}, row {number}")
    cells = [_by_column(header, rows[number - 1]) for number in numbers]
    return Table(str(path), tuple(header), cells, numbers, commas=which > 0)


def _cells(text: str, mark: str, strip: bool, path: str) -> list[list[str]]:
    """All rows of a file, cells set apart by `mark`; an empty row has none."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, skipinitialspace=strip)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append([cell.strip() for cell in row] if strip else row)
    except csv.Error as error:  # a cell of a book's length: mostly, nothing closes a quotation mark
        raise ValueError(
            f'{path}, row {len(rows) + 1}: no column can be told from the next: {error}; is a " left open?'
        ) from None
    return rows


def _by_column(header: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    """The cells of a row by column; under "" the first that is not empty of all columns without a name."""
    pairs = list(zip_longest(header, row[: len(header)], fillvalue=""))
    nameless = {"": next((cell for name, cell in pairs if cell and not name), "")} if "" in header else {}
    return dict(pairs) | nameless


def _check_header(header: Sequence[str], needed: Sequence[str], place: str) -> None:
    for column in needed:
        if column not in header:
            raise ValueError(f"{place}: column {column!r} is missing, the file has {list(header)}; add it")
    for column in header:
        if column and header.count(column) > 1:
            raise ValueError(f"{place}: column {column!r} comes twice; give each a name of its own")


def _check_cells(row: Sequence[str], header: Sequence[str], place: str) -> None:
    for column, cell in enumerate(row):
        name = header[column] if column < len(header) else ""
        if any("\udc80" <= letter <= "\udcff" for letter in cell):
            raise ValueError(
                f"{place}, column {column + 1} ({name.encode(errors='replace').decode()!r}): not UTF-8; "
                "save the file as CSV UTF-8"
            )
        if column >= len(header) and cell:
            raise ValueError(
                f"{place}, column {column + 1}: {cell!r} has no column, as the header names {len(header)}; "
                'put a cell with commas in "quotes", or take it out'
            )


def _from_row(table: Table, number: int, space: Space) -> Trial:
    row = table.rows[number]
    params = read_params(table, number, space)
    score = table.score(number, "score") if row["score"] else None
    error = (row.get("error") or "no score was recorded") if score is None else None
    return Trial(number, params, score, error=error, why=row.get("why") or "")


def read_params(table: Table, number: int, space: Space) -> Params:
    """The params in one row of a table; a ValueError that names row and column where they do not fit."""
    params: Params = {}
    for parameter in space.parameters:
        if table.rows[number][parameter.name] or space.active(params, parameter.name):
            params[parameter.name] = table.value(number, parameter)
    try:
        return space.check(params)
    except ValueError as error:
        raise ValueError(f"{table.path}, row {table.numbers[number]}: {error}") from error


def _texts(choice: Choice) -> tuple[str, ...]:
    """A text for each option, no two alike: its label, else str(option), else repr(option)."""
    if choice.labels is not None:
        return tuple(choice.labels)
    for read in (str, repr):
        texts = tuple(read(option) for option in choice.options)
        if len(set(texts)) == len(texts):
            return texts
    raise ValueError(f"{choice.name}: some options read the same, {list(texts)}; give them labels=[...]")


def _to_text(space: Space, name: str, params: Mapping[str, Any]) -> str:
    if name not in params:
        return ""
    parameter = space[name]
    if isinstance(parameter, Choice):
        return _texts(parameter)[parameter.position(params[name])]
    return repr(params[name])


def _is_number(option: Any, text: str) -> bool:
    """Whether an option is the number that `text` holds, written in another way: 200.0 for 200."""
    if isinstance(option, bool) or not isinstance(option, int | float):
        return False
    try:
        return float(text) == option
    except ValueError:
        return False
