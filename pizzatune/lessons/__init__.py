"""Exercises that check themselves, and the computations behind what the lessons claim.

``predict`` asks before anything is shown, and keeps the guess. ``check("grid.count", answer)`` says whether
an answer is right and, where it is a typical wrong one, what it mistakes; ``hint`` gives one hint after the
other, ``solution`` the answer with its reason. All offline, in the learner's own kernel, and nothing is
counted against anyone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pizzatune.lessons.exercise import Exercise, Mistake, Verdict, all_exercises, check, hint, solution, task

if TYPE_CHECKING:
    from pizzatune.explore.asking import predict

__all__ = ["Exercise", "Mistake", "Verdict", "all_exercises", "check", "hint", "predict", "solution", "task"]


def __getattr__(name: str) -> Any:
    if name != "predict":
        raise AttributeError(f"pizzatune.lessons has no {name!r}; it has {', '.join(__all__)}")
    from pizzatune.explore.asking import predict

    return predict


def __dir__() -> list[str]:
    return sorted(__all__)
