"""The rows of a text as lists of cells, as the standard library's `csv` tells them apart."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from threading import Lock

MARKS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}  # what sets cells apart
TOLD = re.compile(r'"?sep=([^\w\s"]|\t)"?[,;\t| ]*(?:\r\n|\r|\n|$)', re.IGNORECASE)  # Excel's first line
SAMPLE = 60  # rows by which it is found out what sets cells apart, and where the header is
_limit = Lock()


def records(text: str, mark: str, spaced: bool, place: str) -> list[list[str]]:
    """All rows, of which an empty one has no cells; one with quotes may go over several lines.

    Parameters
    ----------
    text, mark : str
        What to read, and what sets its cells apart.
    spaced : bool
        Whether spaces may stand before and behind a quote.
    place : str
        Where the text stands, for messages, with {} for the number of a row.

    Raises
    ------
    ValueError
        If a quote is never closed, or closed within a cell; the message names the row where it was opened.
    """
    behind = re.compile(rf'"[ \u00a0]+(?=[{re.escape(mark)}\r\n]|\Z)')
    with _cells_of_any_length(text):
        for attempt in (text, behind.sub('"', text)) if spaced else (text,):
            rows: list[list[str]] = []
            try:
                for row in _reader(attempt, mark, spaced, strict=True):
                    rows.append(row)
                return rows
            except csv.Error:
                opened = place.format(len(rows) + 1)
    raise ValueError(
        f'{opened}: no column can be told from the next: is there a " left open? close it, or take it out'
    )


def first_records(text: str, mark: str, spaced: bool, count: int = SAMPLE) -> list[list[str]]:
    """The first rows, whatever their quotes are like."""
    with _cells_of_any_length(text):
        return list(islice(_reader(text, mark, spaced, strict=False), count))


def _reader(text: str, mark: str, spaced: bool, *, strict: bool) -> Iterator[list[str]]:
    lines = io.StringIO(text, newline="")
    return csv.reader(lines, delimiter=mark, skipinitialspace=spaced, strict=strict)


@contextmanager
def _cells_of_any_length(text: str) -> Iterator[None]:
    """Lift the limit that `csv` has for all readers of a process, for as long as we read."""
    with _limit:
        before = csv.field_size_limit(max(len(text), csv.field_size_limit()))
        try:
            yield
        finally:
            csv.field_size_limit(before)
