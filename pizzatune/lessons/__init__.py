"""Exercises that check themselves, and the computations behind what the lessons claim.

``predict`` asks before anything is shown, and keeps the guess. ``check("grid.count", answer)`` says whether
an answer is right and, where it is a typical wrong one, what it mistakes; ``hint`` gives one hint after the
other, ``solution`` the answer with its reason; on a page they are buttons below the check. ``starter`` is a
program to begin with, and ``progress()`` says what is solved. All offline, in the learner's own kernel, and
nothing is counted against anyone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pizzatune.lessons import opening
from pizzatune.lessons.exercise import (
    Exercise,
    Mistake,
    Verdict,
    all_exercises,
    check,
    hint,
    solution,
    starter,
    task,
)
from pizzatune.lessons.solved import progress

if TYPE_CHECKING:
    from pizzatune.explore.asking import predict

__all__ = [
    "Exercise", "Mistake", "Verdict", "all_exercises", "check", "hint", "predict", "progress", "solution",
    "starter", "task",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name != "predict":
        raise AttributeError(f"pizzatune.lessons has no {name!r}; it has {', '.join(__all__)}")
    return opening.widget("predict")


def __dir__() -> list[str]:
    return sorted(__all__)
