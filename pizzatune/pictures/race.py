"""How a race went: the median regret of each entrant over the trials, and how far the seeds lie apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pizzatune.board import Board
from pizzatune.parameters import FloatArray
from pizzatune.pictures.marks import Axes, Band, Key, Line, Mark, Panel, Scale
from pizzatune.pictures.picture import Picture
from pizzatune.pictures.source import score_scale
from pizzatune.words import count, plural, score_text


@dataclass(frozen=True)
class Course:
    """The numbers of one entrant: the quartiles of its regret over the seeds, each of shape (n,).

    Attributes
    ----------
    trials : ndarray
        From 1; those that borrowed trials use up are left out.
    low, median, high : ndarray
        A quarter, a half and three quarters of the seeds have a regret of at most this.
    """

    trials: FloatArray
    low: FloatArray
    median: FloatArray
    high: FloatArray

    @property
    def half(self) -> str:
        """Where the middle half of the seeds ends up."""
        return f"{score_text(self.low[-1])} to {score_text(self.high[-1])}"


def courses_of(board: Board) -> dict[str, Course]:
    """Work out a `Course` for each entrant that was run.

    Raises
    ------
    ValueError
        If none was.
    """
    if not board.regrets:
        why = "; ".join(f"{name} was {words}" for name, words in board.failed.items())
        raise ValueError(f"no entrant was run, so there is nothing to draw: {why}")
    found = {}
    for name, regrets in board.regrets.items():
        ran = np.flatnonzero(~np.isnan(regrets).any(axis=0))
        quartiles = np.quantile(regrets[:, ran], (0.25, 0.5, 0.75), axis=0)
        found[name] = Course((ran + 1).astype(float), *quartiles)
    return found


def course_marks(panel: Panel, course: Course, number: int, name: str, label: str) -> list[Mark]:
    """One entrant: a staircase of medians over the middle half of the seeds."""
    end = score_text(course.median[-1])
    tip = f"{name}: median {label} {end} in the end; the middle half of the seeds {course.half}"
    stairs = np.repeat(course.trials, 2)[1:]
    low, high = np.repeat(course.low, 2)[:-1], np.repeat(course.high, 2)[:-1]
    return [
        Band(panel, stairs, low, high, f"pen{number % 6}", tip=tip),
        Line(panel, course.trials, course.median, f"pen{number % 6}", steps=True, tip=tip),
    ]


def race(board: Board, *, title: str = "") -> Picture:
    """Show the median regret of each entrant, and a band that holds the middle half of the seeds.

    Parameters
    ----------
    board : Board
        What `pizzatune.race` gave back. Entrants that were not run are left out.
    title : str
        A line above.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If no entrant was run.

    Examples
    --------
    >>> import pizzatune as pt
    >>> board = pt.race([pt.GridSearch, pt.RandomSearch], pt.menus.four_factors(), budget=81, seeds=3)
    >>> str(race(board))[:78]
    'After 81 pizzas with 3 seeds, median normalised regret (and the middle half of'
    """
    found = courses_of(board)
    key = Key(58, 20, [(name, "line", f"pen{number % 6}") for number, name in enumerate(found)])
    every = np.concatenate(
        [[0.0], *(course.low for course in found.values()), *(course.high for course in found.values())]
    )
    top = key.floor + (58 if title else 38)
    panel = Panel(
        58, top, 640, 286, Scale(0.4, board.budget + 0.6, f"{plural(board.trial_label)} so far", whole=True),
        score_scale(every, board.regret_label, room=0.04), title=title, grid="y",
    )  # fmt: skip
    marks: list[Mark] = [Axes(panel)]
    for number, (name, course) in enumerate(found.items()):
        marks += course_marks(panel, course, number, name, board.regret_label)
    columns = {
        "entrant": [name for name, course in found.items() for _ in course.trials],
        board.trial_label: np.concatenate([course.trials for course in found.values()]),
        **{
            part: np.concatenate([getattr(course, part) for course in found.values()])
            for part in ("low", "median", "high")
        },
    }
    return Picture([*marks, key], in_words(board, found), columns, height=panel.floor + 52)


def in_words(board: Board, found: dict[str, Course]) -> str:
    """Read the picture aloud, the best first."""
    ranked = sorted(found.items(), key=lambda item: float(item[1].median[-1]))
    ends = [f"{name} {score_text(course.median[-1])} ({course.half})" for name, course in ranked]
    left_out = "".join(f" {name} was not run." for name in board.failed)
    return (
        f"After {count(board.budget, board.trial_label)} with {len(board.seeds)} seeds, median "
        f"{board.regret_label} (and the middle half of the seeds): {', '.join(ends)}.{left_out}"
    )
