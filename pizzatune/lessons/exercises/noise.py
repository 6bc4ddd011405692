"""Exercises of lesson 02: how much too high the best of many is, and an honest report."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from pizzatune.lessons.exercise import Exercise, Mistake
from pizzatune.lessons.front_door import Number, Program
from pizzatune.lessons.noise import HOUSE
from pizzatune.lessons.typed import number

Rule = Callable[[list[float], list[float]], float]
ROUNDS = 60  # pairs of tastings that a function is tried on


@lru_cache(maxsize=1)
def _rounds() -> list[tuple[list[float], list[float]]]:
    """What two tasters said of the same pizzas, on some evenings; no two of their tastings are equal."""
    rng = np.random.default_rng(1744)
    worth = HOUSE + rng.standard_normal((ROUNDS, 12))
    moods = rng.standard_normal((2, ROUNDS, 12))
    first, second = (worth + moods).round(6)
    return list(zip(first.tolist(), second.tolist(), strict=True))


@lru_cache(maxsize=1)  # asked anew for each mistake
def _reports(answer: Any) -> list[Any]:
    """What a learner's function says of each pair; it gets lists of its own, whatever it does to them."""
    return [answer(list(first), list(second)) for first, second in _rounds()]


def _says(wanted: Rule) -> Callable[[Any], bool]:
    """Whether a learner's function says on all evenings what another one does."""

    def agrees(answer: Any) -> bool:
        found = [number(report) for report in _reports(answer)]
        return bool(np.allclose(found, [wanted(first, second) for first, second in _rounds()]))

    return agrees


def _knows(answer: Any) -> bool:
    """Whether the right number is among others in each report."""
    right = [honest(first, second) for first, second in _rounds()]
    reports = _reports(answer)
    return all(
        np.size(one) > 1 and np.isclose(one, good).any() for one, good in zip(reports, right, strict=True)
    )


def honest(first: list[float], second: list[float]) -> float:
    """Choose by the first tasting, report the second.

    Examples
    --------
    >>> honest([6.0, 9.0, 7.0], [6.5, 7.5, 8.0])
    7.5
    """
    return second[first.index(max(first))]


def _of_both(first: list[float], second: list[float]) -> float:
    return max((one + other) / 2 for one, other in zip(first, second, strict=True))


def _still_flattered(first: list[float], second: list[float]) -> float:
    return (max(first) + honest(first, second)) / 2


STARTERS = (
    """\
def report(first, second):
    winner = first.index(max(first))  # where the best tasting of the first round stands
    return second[winner]


pt.lessons.check("noise.report", report)
""",
    """\
def report(first, second):
    winner = first.index(max(first))  # where the best tasting of the first round stands
    return winner  # where it stands; but what did the second guest say about it?


pt.lessons.check("noise.report", report)
""",
    """\
def report(first, second):
    ...


pt.lessons.check("noise.report", report)
""",
)
"""Complete, with something missing, and empty."""


EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        name="noise.drop",
        task=(
            "In the explorer, with noise 1 and pizzas that differ by 0.5, choose 100 pizzas and taste them "
            "all. By how many points is the best of 100 too high, on average over many evenings?"
        ),
        right=lambda answer: 2.0 <= answer <= 2.4,
        kind="a number of points, such as 0.7",
        reference=2.2,
        door=Number(),
        because="Of 100 moods, the best is some 2.5 points up, and the winner had one of the best.",
        mistakes=(
            Mistake(
                lambda answer: abs(answer) <= 0.1,
                "that would be true of a pizza that nobody chose. The winner was chosen for its tasting.",
                "M3",
                0,
            ),
            Mistake(
                lambda answer: answer < -0.1,
                "the other way round: the winner falls, so its tasting was too high. Leave the minus out.",
                "M3",
                -2.2,
            ),
            Mistake(
                lambda answer: 0.9 <= answer <= 1.1,
                "that is the noise of a single tasting. The best of 100 had more luck than one.",
                "M3",
                1.0,
            ),
        ),
        hints=(
            "Choose 100 under Pizzas, press Play, and wait until all are tasted.",
            "Taste the winner again: the last line then speaks of many evenings.",
            "It is a little more than 2 points.",
        ),
    ),
    Exercise(
        name="noise.report",
        task=(
            "Two tasters try the same pizzas. `first` and `second` are lists of what they said. Write "
            "report(first, second): choose the winner by the first taster, and return what the second one "
            "said about that pizza."
        ),
        right=_says(honest),
        kind="the function itself, report without brackets",
        reference=honest,
        starters=STARTERS,
        door=Program(("first", "second")),
        because=(
            "The second taster had no say in the choice, so the mood is good as often as bad. That is what a "
            "test set is for."
        ),
        mistakes=(
            Mistake(
                _says(lambda first, second: max(first)),
                "that is the score that chose the winner. It holds the luck as well; ask the second taster.",
                "M3",
                lambda first, second: max(first),
            ),
            Mistake(
                _says(lambda first, second: max(second)),
                "now the second taster has chosen a winner, too. Look up the pizza that the first one chose.",
                "M3",
                lambda first, second: max(second),
            ),
            Mistake(
                lambda answer: _says(_of_both)(answer) or _says(_still_flattered)(answer),
                "half of that mean is the score that chose the winner, and half of its luck is still in it.",
                "M3",
                _still_flattered,
            ),
            Mistake(
                _says(lambda first, second: first.index(max(first))),
                "that is where the winner stands in the list. Now look what `second` says at that place.",
                "M3",
                lambda first, second: first.index(max(first)),
            ),
            Mistake(
                _says(lambda first, second: first[second.index(max(second))]),
                "the two have changed places: the second taster chose, and the first one speaks. Swap them.",
                "M3",
                lambda first, second: first[second.index(max(second))],
            ),
            Mistake(
                _says(lambda first, second: second[first.index(min(first))]),
                "that is the worst pizza of the first taster. Look for the largest: max instead of min.",
                "M3",
                lambda first, second: second[first.index(min(first))],
            ),
            Mistake(
                _says(lambda first, second: float(np.mean(second))),
                "that is the average of all pizzas. Only one of them won: ask about that one.",
                "M3",
                lambda first, second: float(np.mean(second)),
            ),
            Mistake(
                _knows,
                "nearly: the right number is in there. Return that one alone.",
                "M3",
                lambda first, second: (max(first), honest(first, second)),
                near=True,
            ),
        ),
        hints=(
            "first.index(max(first)) is the place of the winner.",
            "second[3] is what the second taster said about the pizza at place 3.",
            "winner = first.index(max(first)), then return second[winner].",
        ),
    ),
)
