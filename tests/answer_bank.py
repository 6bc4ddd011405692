"""The bank of typed answers: what learners type, in `tests/answers`, and what a check must say to it.

A file a lesson. `[name]` opens an exercise. A row is an answer as it is typed into a notebook, on one line or
on several, and behind ``=>`` what becomes of it:

- ``right``: it solves the exercise
- ``mistake``: a wrong idea, told by its own words
- ``near``: nearly right, and what is right about it is said
- ``front``: the wrong kind of thing, and what came is named
- ``plain``: only that it is not it

Words behind a colon are in the message. A program of several lines answers with the function that it
defines last, or with what it calls `made`.
"""

from __future__ import annotations

import ast
import decimal
import fractions
import math
import random
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import pizzatune as pt
from pizzatune.lessons import doubt, noise, real_models

BANK = Path(__file__).parent / "answers"
OUTCOMES = ("right", "mistake", "near", "front", "plain")
ROW = re.compile(r"^(?P<source>.*?)[ ]*=> (?P<outcome>\w+)(?:: (?P<words>.+))?$")


@dataclass(frozen=True)
class Row:
    """One answer: to what, as it is typed, and what must happen."""

    exercise: str
    source: str
    outcome: str
    words: str = ""

    def answer(self) -> Any:
        """What the typed lines make, in a kitchen of their own."""
        known = names()
        *before, last = ast.parse(self.source).body
        if isinstance(last, ast.Expr) and not before:
            return eval(self.source, known)
        exec(compile(self.source, "answer", "exec"), known)
        return known[last.name if isinstance(last, ast.FunctionDef) else "made"]


def names() -> dict[str, Any]:
    """What the cells before an exercise have imported and defined."""
    return {
        "pt": pt, "np": np, "math": math, "random": random, "time": time, "fractions": fractions,
        "decimal": decimal, "noise": noise, "doubt": doubt, "alike": doubt.alike,
        "Report": real_models.Report, "menu": pt.menus.cool_kitchen(),
    }  # fmt: skip


def rows() -> list[Row]:
    """All rows of all files."""
    return [row for path in sorted(BANK.glob("*.txt")) for row in rows_of(path.read_text(encoding="utf-8"))]


def rows_of(text: str) -> list[Row]:
    """The rows of a file."""
    found, exercise, lines = [], "", list[str]()
    for line in text.splitlines():
        heading = re.fullmatch(r"\[(\w+\.\w+)\]", line)
        end = ROW.match(line)
        if heading and not lines:
            exercise = heading[1]
        elif end:
            source = "\n".join([*lines, end["source"]]).strip()
            found.append(Row(exercise, source, end["outcome"], end["words"] or ""))
            lines = []
        elif line.strip() or lines:
            lines.append(line)
    if lines:
        raise ValueError(f"an answer has no => behind it: {lines[0]}")
    return found
