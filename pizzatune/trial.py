"""Trials: what was tried, how it scored, and why it was tried. A search is a list of them."""

from __future__ import annotations

import csv
import html
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pizzatune.space import Choice, FloatArray, Integer, Params, Space

if TYPE_CHECKING:
    import pandas as pd


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
    with Path(path).open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        columns = reader.fieldnames or []
        for needed in (*space.names, "score"):
            if needed not in columns:
                raise ValueError(f"{path}: column {needed!r} is missing, the file has {columns}; add it")
        return [
            _from_row(row, number, f"{path}, row {number + 2}", space) for number, row in enumerate(reader)
        ]


def _from_row(row: Mapping[str, str | None], number: int, place: str, space: Space) -> Trial:
    params: Params = {}
    for name in space.names:
        text = row[name] or ""  # None at the end of a short row
        if text or space.active(params, name):
            params[name] = _from_text(space, name, text, place)
    try:
        params = space.check(params)
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from error
    written = row["score"] or ""
    try:
        score = float(written) if written else None
    except ValueError:
        raise ValueError(
            f"{place}, column 'score': expected a number, got {written!r}; correct the cell"
        ) from None
    if score is not None and not math.isfinite(score):
        raise ValueError(
            f"{place}, column 'score': must be finite, got {written!r}; leave it empty if it failed"
        )
    error_text = (row.get("error") or "no score was recorded") if score is None else None
    return Trial(number, params, score, error=error_text, why=row.get("why") or "")


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


def _from_text(space: Space, name: str, text: str, place: str) -> Any:
    parameter = space[name]
    if isinstance(parameter, Choice):
        texts = _texts(parameter)
        if text in texts:
            return parameter.options[texts.index(text)]
        raise ValueError(
            f"{place}, column {name!r}: must be one of {list(texts)}, got {text!r}; correct the cell"
        )
    try:
        return int(text) if isinstance(parameter, Integer) else float(text)
    except ValueError:
        raise ValueError(
            f"{place}, column {name!r}: expected a number, got {text!r}; correct the cell"
        ) from None
