"""The lesson on tasters who disagree: the best of many tastings, its true worth, and the exercises."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from pizzatune.lessons.exercise import Exercise, Mistake
from pizzatune.parameters import FloatArray

LADDER = (1, 2, 5, 10, 20, 50, 100, 200)
"""How many pizzas an evening may have."""

EVENINGS, MOST_AGAIN = 400, 50
HOUSE = 6.0
"""Points that a pizza of the house is worth on average."""


@dataclass(frozen=True)
class Evenings:
    """Many evenings, each with as many pizzas as `LADDER` goes up to; fewer are the first of them.

    Attributes
    ----------
    truths : ndarray, shape (evenings, pizzas)
        What each pizza is worth, in points.
    tasted : ndarray, shape (evenings, pizzas)
        What its tasting said.
    again : ndarray, shape (evenings, MOST_AGAIN)
        What mood the taster has when the winner is tasted again, for the first, the second time and so on.
    """

    truths: FloatArray
    tasted: FloatArray
    again: FloatArray

    def too_high(self) -> FloatArray:
        """Tasting minus truth of the best-tasting pizza of each evening, shape (evenings, sizes of `LADDER`).

        Examples
        --------
        >>> drops = evenings(noise=1.0, differ=0.5).too_high()
        >>> bool((np.diff(drops.mean(axis=0)) > 0).all())
        True
        """
        rows = np.arange(len(self.tasted))
        best = np.stack([self.tasted[:, :pizzas].argmax(axis=1) for pizzas in LADDER], axis=1)
        drops: FloatArray = (self.tasted - self.truths)[rows[:, None], best]
        return drops


def evenings(noise: float = 1.0, differ: float = 0.5, tastings: int = 1) -> Evenings:
    """Let a taster who wavers judge pizzas, evening after evening.

    Parameters
    ----------
    noise : float
        Standard deviation of the taster's mood, in points, 0 or more.
    differ : float
        Standard deviation of what the pizzas are worth, in points, 0 or more.
    tastings : int
        How often each pizza is tasted, at least once; its score is their mean.

    Returns
    -------
    Evenings
        The same moods and the same pizzas each time, stretched by `noise` and `differ`.

    References
    ----------
    Cawley and Talbot (2010), On Over-fitting in Model Selection and Subsequent Selection Bias in Performance
    Evaluation, JMLR 11, pp. 2079-2107: the best of many noisy estimates is too good to be true.

    Examples
    --------
    >>> night = evenings(noise=0.0)
    >>> bool((night.tasted == night.truths).all())
    True
    """
    worth, moods, later = _draws()
    wavers = noise / math.sqrt(tastings)
    truths = HOUSE + differ * worth
    return Evenings(truths, truths + wavers * moods, wavers * later)


@lru_cache(maxsize=1)
def _draws() -> tuple[FloatArray, FloatArray, FloatArray]:
    """What makes pizzas differ, the moods of their tastings, and those of later ones; standard normal."""
    worth, moods, later = np.random.default_rng(2010).standard_normal((3, EVENINGS, LADDER[-1]))
    return worth.copy(), moods.copy(), later[:, :MOST_AGAIN].copy()  # so that the rest is not kept


# -- exercises -----------------------------------------------------------------------------------------------

ROUNDS = 60  # pairs of tastings that a function is tried on


def _rounds() -> list[tuple[list[float], list[float]]]:
    """What two tasters said of the same pizzas, on some evenings; no two of their tastings are equal."""
    rng = np.random.default_rng(1744)
    worth = HOUSE + rng.standard_normal((ROUNDS, 12))
    moods = rng.standard_normal((2, ROUNDS, 12))
    first, second = (worth + moods).round(6)
    return list(zip(first.tolist(), second.tolist(), strict=True))


def _reports(answer: Any) -> list[Any]:
    """What a learner's function says of each pair; it gets lists of its own, whatever it does to them."""
    return [answer(list(first), list(second)) for first, second in _rounds()]


def _agrees_with(answer: Any, wanted: Callable[[list[float], list[float]], float]) -> bool:
    """Whether a learner's function says on all evenings what another one does."""
    return bool(np.allclose(_reports(answer), [wanted(first, second) for first, second in _rounds()]))


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


EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        name="noise.drop",
        task=(
            "In the explorer, with noise 1 and pizzas that differ by 0.5, choose 100 pizzas and taste them "
            "all. By how many points is the best of 100 too high, on average over many evenings?"
        ),
        right=lambda answer: 2.0 <= float(answer) <= 2.4,
        kind="a number of points, such as 0.7",
        reference=2.2,
        because="Of 100 moods, the best is some 2.5 points up, and the winner had one of the best.",
        mistakes=(
            Mistake(
                lambda answer: abs(float(answer)) <= 0.1,
                "that would be true of a pizza that nobody chose. The winner was chosen for its tasting.",
                "M3",
                0,
            ),
            Mistake(
                lambda answer: 0.9 <= float(answer) <= 1.1,
                "that is the noise of a single tasting. The best of 100 had more luck than one.",
                "M3",
                1.0,
            ),
            Mistake(
                lambda answer: float(answer) < -0.1,
                "the other way round: the winner falls, so its tasting was too high. Leave the minus out.",
                "M3",
                -2.2,
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
        right=lambda answer: callable(answer) and _agrees_with(answer, honest),
        kind="the function itself, report without brackets",
        reference=honest,
        because=(
            "The second taster had no say in the choice, so the mood is good as often as bad. That is what a "
            "test set is for."
        ),
        mistakes=(
            Mistake(
                lambda answer: callable(answer) and all(one is None for one in _reports(answer)),
                "the function gives nothing back: is a return missing?",
                "M3",
                lambda first, second: None,
            ),
            Mistake(
                lambda answer: callable(answer) and _agrees_with(answer, lambda first, second: max(first)),
                "that is the score that chose the winner. It holds the luck as well; ask the second taster.",
                "M3",
                lambda first, second: max(first),
            ),
            Mistake(
                lambda answer: callable(answer) and _agrees_with(answer, lambda first, second: max(second)),
                "now the second taster has chosen a winner, too. Look up the pizza that the first one chose.",
                "M3",
                lambda first, second: max(second),
            ),
            Mistake(
                lambda answer: callable(answer)
                and (_agrees_with(answer, _of_both) or _agrees_with(answer, _still_flattered)),
                "half of that mean is the score that chose the winner, and half of its luck is still in it.",
                "M3",
                _still_flattered,
            ),
            Mistake(
                lambda answer: callable(answer)
                and _agrees_with(answer, lambda first, second: first.index(max(first))),
                "that is where the winner stands in the list. Now look what `second` says at that place.",
                "M3",
                lambda first, second: first.index(max(first)),
            ),
            Mistake(
                lambda answer: isinstance(answer, int | float) and not isinstance(answer, bool),
                "that is a number. Pass the function itself: report, without brackets behind it.",
                "M3",
                7.5,
            ),
        ),
        hints=(
            "first.index(max(first)) is the place of the winner.",
            "second[3] is what the second taster said about the pizza at place 3.",
            "winner = first.index(max(first)), then return second[winner].",
        ),
    ),
)
