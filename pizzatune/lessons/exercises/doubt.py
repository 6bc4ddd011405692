"""The exercise of lesson 06: the line that makes a map of two bakes."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from pizzatune.lessons.doubt import CLOSE, USUAL, Guesser, _doubt, guess, weights_of
from pizzatune.lessons.exercise import Exercise, Mistake
from pizzatune.lessons.front_door import Program
from pizzatune.parameters import FloatArray


@lru_cache(maxsize=1)
def _cases() -> tuple[tuple[float, FloatArray, FloatArray], ...]:
    """Kitchens with two bakes or three, and a heat in each at which nobody baked."""
    rng = np.random.default_rng(1951)
    found = []
    for number in range(40):
        heats = rng.choice(np.arange(150.0, 301.0, 10.0), size=2 + number % 2, replace=False)
        found.append((float(rng.uniform(150, 300)), heats, rng.uniform(1.0, 9.0, len(heats)).round(1)))
    return tuple(found)


@lru_cache(maxsize=1)  # asked anew for each mistake
def _told(answer: Any) -> list[Any]:
    """What a learner's function says in each kitchen; it gets arrays of its own, whatever it does to them."""
    return [answer(heat, heats.copy(), scores.copy()) for heat, heats, scores in _cases()]


def _pairs(answer: Any) -> FloatArray:
    """Guess and doubt in each kitchen, shape (kitchens, 2)."""
    pairs = np.array(_told(answer), dtype=float)
    if pairs.shape != (len(_cases()), 2):
        raise ValueError(f"a guess and a doubt make two numbers, got shape {pairs.shape[1:]}")
    return pairs


def _says(wanted: Guesser) -> Callable[[Any], bool]:
    """Whether a learner's function guesses in all kitchens as another one does, whatever its doubts."""

    def agrees(answer: Any) -> bool:
        means = [float(wanted(*case)) for case in _cases()]
        return bool(np.allclose(_pairs(answer)[:, 0], means, atol=CLOSE))

    return agrees


def _right(answer: Any) -> bool:
    return bool(np.allclose(_pairs(answer), [guess(*case) for case in _cases()], atol=CLOSE))


def _swapped(answer: Any) -> bool:
    return bool(np.allclose(_pairs(answer)[:, ::-1], [guess(*case) for case in _cases()], atol=CLOSE))


def _with_doubt(mean: Guesser) -> Guesser:
    """A wrong guess beside the right doubt."""
    return lambda heat, heats, scores: (mean(heat, heats, scores), _doubt(*weights_of(heat, heats)))


def _from_nothing(heat: float, heats: FloatArray, scores: FloatArray) -> Any:
    return weights_of(heat, heats)[1] @ scores


def _from_zero(heat: float, heats: FloatArray, scores: FloatArray) -> Any:
    return weights_of(heat, heats)[1] @ (scores - USUAL)


def _twice(heat: float, heats: FloatArray, scores: FloatArray) -> Any:
    return USUAL + weights_of(heat, heats)[1] @ scores


def _by_likeness(heat: float, heats: FloatArray, scores: FloatArray) -> Any:
    return USUAL + weights_of(heat, heats)[0] @ (scores - USUAL)


def _average(heat: float, heats: FloatArray, scores: FloatArray) -> Any:
    return scores.mean()


def _usual(heat: float, heats: FloatArray, scores: FloatArray) -> Any:
    return USUAL


def _upside_down(heat: float, heats: FloatArray, scores: FloatArray) -> Any:
    return USUAL + weights_of(heat, heats)[1] @ (USUAL - scores)


def _from_the_average(heat: float, heats: FloatArray, scores: FloatArray) -> Any:
    return scores.mean() + weights_of(heat, heats)[1] @ (scores - scores.mean())


def _one_by_one(heat: float, heats: FloatArray, scores: FloatArray) -> Any:
    return USUAL + weights_of(heat, heats)[1] * (scores - USUAL)


def _alone(heat: float, heats: FloatArray, scores: FloatArray) -> float:
    return guess(heat, heats, scores)[0]


def _without_doubt(heat: float, heats: FloatArray, scores: FloatArray) -> tuple[float, float]:
    return guess(heat, heats, scores)[0], 0.0


STARTERS = (
    """\
def guess(heat, heats, scores):
    near = alike(heats, heat)
    weights = np.linalg.solve(alike(heats[:, None], heats), near)
    doubt = 1.5 * np.sqrt(max(1 - weights @ near, 0))
    mean = 5 + weights @ (scores - 5)
    return mean, doubt


pt.lessons.check("doubt.guess", guess)
""",
    """\
def guess(heat, heats, scores):
    near = alike(heats, heat)
    weights = np.linalg.solve(alike(heats[:, None], heats), near)
    doubt = 1.5 * np.sqrt(max(1 - weights @ near, 0))
    mean = 5  # but what do the bakes say?
    return mean, doubt


pt.lessons.check("doubt.guess", guess)
""",
    """\
def guess(heat, heats, scores):
    ...


pt.lessons.check("doubt.guess", guess)
""",
)
"""Complete, with something missing, and empty."""


EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        name="doubt.guess",
        task=(
            "Write the line that is missing in guess(heat, heats, scores): start from 5 points, and let each "
            "bake say by its weight how far above or below 5 it came. Return the guess and the doubt."
        ),
        right=_right,
        kind="the function itself, guess without brackets",
        reference=guess,
        starters=STARTERS,
        door=Program(("heat", "heats", "scores")),
        because=(
            "Near a bake the guess is what came there. Far from all bakes the weights fade, and it is back "
            "at the usual 5."
        ),
        mistakes=(
            Mistake(
                lambda answer: all(one is not None and np.ndim(one) == 0 for one in _told(answer)),
                "that is one number. Give back two, the guess and the doubt: return mean, doubt.",
                "M7",
                _alone,
            ),
            Mistake(
                _says(_usual),
                "that is 5 everywhere, as if nobody had baked. Let the bakes have a say, by their weights.",
                "M7",
                _with_doubt(_usual),
            ),
            Mistake(
                _says(_average),
                "that is the same guess at every heat. A bake nearby must count more: use the weights.",
                "M7",
                _with_doubt(_average),
            ),
            Mistake(
                _says(_from_nothing),
                "nearly. Far from all bakes this guesses 0 points. Start from 5, and weigh scores - 5.",
                "M7",
                _with_doubt(_from_nothing),
            ),
            Mistake(
                _says(_twice),
                "nearly. Now the usual 5 counts twice: weigh how far each score is from 5, not the score.",
                "M7",
                _with_doubt(_twice),
            ),
            Mistake(
                _says(_by_likeness),
                "nearly. `near` lets two bakes side by side say the same thing twice. Use `weights`.",
                "M7",
                _with_doubt(_by_likeness),
            ),
            Mistake(
                _says(_from_the_average),
                "nearly. That starts from the mean of the bakes. A usual pizza gets 5: start there.",
                "M7",
                _with_doubt(_from_the_average),
            ),
            Mistake(
                lambda answer: any(np.ndim(mean) == 1 for mean, _ in _told(answer)),
                "nearly: those are the parts. Add them up to one number: weights @ (scores - 5) does both.",
                "M7",
                _with_doubt(_one_by_one),
                near=True,
            ),
            Mistake(
                _says(_from_zero),
                "nearly: the weights are right. But you forgot to start from 5: add the usual points.",
                "M7",
                _with_doubt(_from_zero),
            ),
            Mistake(
                _swapped,
                "nearly: both are right, but the other way round. Return the guess first, then the doubt.",
                "M7",
                lambda heat, heats, scores: guess(heat, heats, scores)[::-1],
                near=True,
            ),
            Mistake(
                lambda answer: all(len(one) > 2 for one in _told(answer)),
                "nearly, but that is too much. Return two numbers: the guess and the doubt.",
                "M7",
                lambda heat, heats, scores: (*guess(heat, heats, scores), 1.0),
                near=True,
            ),
            Mistake(
                _says(_upside_down),
                "that is upside down: a good bake pulls the guess down. Swap the two sides of the minus.",
                "M7",
                _with_doubt(_upside_down),
            ),
            Mistake(
                lambda answer: _says(_alone)(answer) and not _right(answer),
                "the guess is right! But the doubt is another one now. Give it back as it was.",
                "M7",
                _without_doubt,
            ),
        ),
        hints=(
            "scores - 5 says how far above or below the usual each bake came.",
            "weights @ (scores - 5) multiplies each of these by the weight of its bake, and adds them up.",
            "The line is mean = 5 + weights @ (scores - 5).",
        ),
    ),
)
