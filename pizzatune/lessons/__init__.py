"""Exercises that check themselves, and the computations behind what the lessons claim.

``check("grid.count", answer)`` says whether an answer is right and, where it is a typical wrong one, what
it mistakes; ``hint`` gives one hint after the other, ``solution`` the answer with its reason. All offline,
in the learner's own kernel, and nothing is counted against anyone.
"""

from __future__ import annotations

from pizzatune.lessons.exercise import Exercise, Mistake, Verdict, check, exercises, hint, solution, task

__all__ = ["Exercise", "Mistake", "Verdict", "check", "exercises", "hint", "solution", "task"]
