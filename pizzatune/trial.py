"""Trials: what was tried, how it scored, and why it was tried. A search is a list of them."""

from __future__ import annotations

import csv
import html
import io
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from pizzatune.cells import to_cell
from pizzatune.checks import path_of, score_of
from pizzatune.parameters import Choice, FloatArray
from pizzatune.space import SCORE, Params, Space
from pizzatune.tables import Table, option_texts, read_table
from pizzatune.writing import write_over

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("trial", SCORE, "error", "why", "seconds")  # what a table of trials holds beside the params
MISSING = object()  # in a column: the parameter does not apply
BIG = 2**63  # whole numbers from here on do not fit into a column of whole numbers


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
        How long the objective took.
    asked : int or None
        Which ask of its strategy it came from, from 0: with several workers, trials end in another order than
        they were asked for in. None where no strategy knows. Two trials that differ only in `seconds` or here
        are equal.

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
    asked: int | None = field(default=None, compare=False)

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
        params = self.params.items()
        cells = [("trial", self.number), *params, ("score", outcome), ("why", self.error or self.why)]
        head = "".join(f"<th>{html.escape(str(name))}</th>" for name, _ in cells)
        row = "".join(f"<td>{html.escape(_shown(value))}</td>" for _, value in cells)
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
    """A table with a row for each trial: params, score, error, why and seconds; its index is the number.

    Every value stays what it was: whole numbers stay whole where a parameter does not apply, and None stays
    None. Where a parameter is called like one of our columns, ours is called search_why and so on.
    """
    import pandas as pd

    names = list(dict.fromkeys(name for trial in trials for name in trial.params))
    ours = columns_beside(names)
    columns: dict[str, Any] = {
        name: column_of([trial.params.get(name, MISSING) for trial in trials]) for name in names
    }
    columns[SCORE] = scores_of(trials)
    columns[ours["error"]] = [trial.error for trial in trials]
    columns[ours["why"]] = [trial.why for trial in trials]
    seconds = [math.nan if trial.seconds is None else trial.seconds for trial in trials]
    columns[ours["seconds"]] = np.array(seconds, dtype=float)
    frame = pd.DataFrame(columns)
    frame.index = pd.Index([trial.number for trial in trials], name=ours["trial"])
    return frame


def columns_beside(names: Iterable[str], ours: Iterable[str] = COLUMNS) -> dict[str, str]:
    """What a table calls columns of ours beside such parameters: search_why where one is called why.

    Examples
    --------
    >>> columns_beside(["oven", "why"], ["why", "seconds"])
    {'why': 'search_why', 'seconds': 'seconds'}
    """
    taken, called = set(names), {}
    for column in ours:
        name = column
        while name in taken:
            name = f"search_{name}"
        called[column] = name
    return called


def column_of(values: Sequence[Any]) -> pd.Series:
    """Values as a column of a pandas table in which each stays what it is; `MISSING` becomes a gap."""
    import pandas as pd

    kinds = {type(value) for value in values if value is not MISSING}
    whole = kinds == {int} and all(-BIG <= value < BIG for value in values if value is not MISSING)
    if whole or kinds == {bool}:
        full, gaps = ("int64", "Int64") if whole else ("bool", "boolean")
        filled = [pd.NA if value is MISSING else value for value in values]
        return pd.Series(filled, dtype=gaps if MISSING in values else full)
    filled = [math.nan if value is MISSING else value for value in values]
    if kinds in ({float}, {str}):
        return pd.Series(filled)
    column = np.empty(len(values), dtype=object)  # one by one: a list among the options stays a list
    for place, value in enumerate(filled):
        column[place] = value
    return pd.Series(column, dtype=object)


def to_csv(trials: Sequence[Trial], path: str | Path, space: Space) -> None:
    """Write trials as a CSV file with a header; options of a Choice by their labels.

    A file that is there is replaced once the new one is complete. A text that a spreadsheet would take for a
    formula gets an apostrophe in front; `from_csv` gives back every text as it was.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    ours = columns_beside(space.names)
    writer.writerow(map(to_cell, [*space.names, SCORE, ours["error"], ours["why"]]))
    for trial in trials:
        values = [_to_text(space, name, trial.params) for name in space.names]
        score = "" if trial.score is None else repr(trial.score)
        writer.writerow(map(to_cell, [*values, score, trial.error or "", trial.why]))
    write_over(path_of("path", path), text.getvalue().encode())


def from_csv(path: str | Path, space: Space, *, decimal: str | None = None) -> list[Trial]:
    """Read trials back from a CSV file with a column for each parameter and one called score.

    `decimal` is the decimal mark, where the numbers of the file do not tell it.

    Raises
    ------
    ValueError
        If a column is missing, or a cell does not fit; the message names row and column.
    """
    table = read_table(path, space.names, SCORE)
    table = table.judged((*space.names, SCORE), decimal, labels_of(space))
    read, ours = params_reader(table, space), columns_beside(space.names)
    error, why = (table.cells.get(ours[name], [""] * len(table.numbers)) for name in ("error", "why"))
    trials = []
    for row in range(len(table.numbers)):
        params = read(row)
        score = table.score(row, SCORE, "leave it empty if it failed") if table.cells[SCORE][row] else None
        failed = (error[row] or "no score was recorded") if score is None else None
        trials.append(Trial(row, params, score, error=failed, why=why[row]))
    return trials


def labels_of(space: Space) -> dict[str, tuple[str, ...]]:
    """The texts of each Choice of a space, which are no numbers whatever they look like."""
    return {choice.name: option_texts(choice) for choice in space.parameters if isinstance(choice, Choice)}


def params_reader(table: Table, space: Space) -> Callable[[int], Params]:
    """A function of a row of a table, for its params; a ValueError says what does not fit, and where."""
    meanings = {parameter.name: table.meaning(parameter) for parameter in space.parameters}
    met: dict[tuple[str, ...], Params] = {}

    def read(row: int) -> Params:
        cells = tuple([table.cells[name][row] for name in space.names])
        if cells not in met:
            params: Params = {}
            for name, cell in zip(space.names, cells, strict=True):
                if cell or space.active(params, name):
                    params[name] = meanings[name](row)
            try:
                met[cells] = space.check(params)
            except ValueError as error:
                raise ValueError(f"{table.path}, row {table.numbers[row]}: {error}") from error
        return met[cells]

    return read


def _to_text(space: Space, name: str, params: Mapping[str, Any]) -> str:
    if name not in params:
        return ""
    parameter = space[name]
    if isinstance(parameter, Choice):
        return option_texts(parameter)[parameter.position(params[name])]
    return repr(params[name])
