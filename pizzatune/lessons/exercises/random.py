"""The exercises of lesson 05: random search in a loop, and when it is the better choice."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from pizzatune.lessons.exercise import Exercise, Mistake
from pizzatune.lessons.front_door import Program
from pizzatune.lessons.tossed import BAKES, Taste, outcome, search, toss
from pizzatune.space import Params


def _held(taste: Taste, rng: np.random.Generator) -> Params | None:
    return search(taste, lambda: {"temperature": rng.uniform(150, 300), "salt": 15.0})


def _outside_the_loop(taste: Taste, rng: np.random.Generator) -> Params | None:
    order = {"temperature": rng.uniform(150, 300), "salt": rng.uniform(0, 30)}
    return search(taste, lambda: order)


def _three_levels(taste: Taste, rng: np.random.Generator) -> Params | None:
    return search(
        taste, lambda: {"temperature": rng.choice([175, 225, 275]), "salt": rng.choice([5, 15, 25])}
    )


def _the_last(taste: Taste, rng: np.random.Generator) -> Params:
    orders = [{"temperature": rng.uniform(150, 300), "salt": rng.uniform(0, 30)} for _ in range(BAKES)]
    return [order for order in orders if taste(order) > -math.inf][-1]


def _the_worst(taste: Taste, rng: np.random.Generator) -> Params:
    orders = [{"temperature": rng.uniform(150, 300), "salt": rng.uniform(0, 30)} for _ in range(BAKES)]
    return min(orders, key=taste)


def _points(taste: Taste, rng: np.random.Generator) -> float:
    orders = [{"temperature": rng.uniform(150, 300), "salt": rng.uniform(0, 30)} for _ in range(BAKES)]
    return max(map(taste, orders))


def _without_keeping(taste: Taste, rng: np.random.Generator) -> None:
    _the_last(taste, rng)


def _own_luck(taste: Taste, rng: np.random.Generator) -> Params | None:
    own = np.random.default_rng()
    return search(taste, lambda: {"temperature": own.uniform(150, 300), "salt": own.uniform(0, 30)})


def _many(taste: Taste, rng: np.random.Generator) -> Params | None:
    return search(taste, lambda: {"temperature": rng.uniform(150, 300), "salt": rng.uniform(0, 30)}, 100)


@lru_cache(maxsize=1)  # asked anew for each mistake
def _outcome(loop: Any) -> str:
    return outcome(loop)


def _ends(wanted: str) -> Callable[[Any], bool]:
    return lambda answer: _outcome(answer) == wanted


CHOICES = ("grid", "random", "grid")  # the answer to random.choose


def _words(answer: Any) -> tuple[str, ...]:
    """Each grid or random of an answer: a list, or one text; what else is in it does not count."""
    return tuple(re.findall("grid|random", (answer if isinstance(answer, str) else " ".join(answer)).lower()))


def _chose(test: Callable[[tuple[str, ...]], bool]) -> Callable[[Any], bool]:
    return lambda answer: len(_words(answer)) == len(CHOICES) and test(_words(answer))


STARTERS = (
    """\
def toss(taste, rng):
    best, top = None, 0
    for _ in range(9):
        order = {"temperature": rng.uniform(150, 300), "salt": rng.uniform(0, 30)}
        points = taste(order)
        if points > top:
            best, top = order, points
    return best


pt.lessons.check("random.loop", toss)
""",
    """\
def toss(taste, rng):
    best, top = None, 0
    for _ in range(9):
        order = {"temperature": rng.uniform(150, 300), "salt": 15}
        points = taste(order)
        if points > top:
            best = order  # and what else has changed?
    return best


pt.lessons.check("random.loop", toss)
""",
    """\
def toss(taste, rng):
    ...


pt.lessons.check("random.loop", toss)
""",
)
"""Complete, with something missing, and empty."""


EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        name="random.loop",
        task=(
            "Write toss(taste, rng): bake nine pizzas, both dials drawn anew for each, temperature from 150 "
            "to 300 and salt from 0 to 30. Return the order that tasted best."
        ),
        right=_ends("good"),
        kind="the function itself, toss without brackets",
        reference=toss,
        starters=STARTERS,
        door=Program(("taste", "rng")),
        because="That is all of random search: draw, bake, keep the best. It never looks back.",
        mistakes=(
            Mistake(
                _ends("one dial"),
                "one of your dials never moves. Draw it inside the loop as well, anew for each pizza.",
                "M2",
                _held,
            ),
            Mistake(
                _ends("one pizza"),
                "that is the same pizza nine times. Draw inside the loop, anew for each.",
                "M5",
                _outside_the_loop,
            ),
            Mistake(
                _ends("levels"),
                "these are the levels of a grid, out of order. rng.uniform draws any value in between.",
                "M5",
                _three_levels,
            ),
            Mistake(
                _ends("nothing"),
                "the draws are right, but nothing comes back. Is a return missing, or is best never set?",
                "M5",
                _without_keeping,
            ),
            Mistake(
                _ends("the last"),
                "the draws are right, but this returns the last pizza. With a better one, `top` must rise.",
                "M5",
                _the_last,
            ),
            Mistake(
                _ends("not the best"),
                "the draws are right, but what you return is not the best of them. Is `top` kept as well?",
                "M5",
                _the_worst,
            ),
            Mistake(
                _ends("no order"),
                "that is not an order. Return the best one alone, without its points.",
                "M5",
                _points,
            ),
            Mistake(
                _ends("not baked"),
                "that order was never baked. Return one of those that you gave to taste.",
                "M5",
                lambda taste, rng: {"temperature": 0, **(toss(taste, rng) or {}), "salt": 1},
            ),
            Mistake(
                _ends("its own luck"),
                "the same rng gives other pizzas each time. Draw from rng: same seed, same pizzas.",
                "M5",
                _own_luck,
            ),
            Mistake(
                _ends("too many"),
                "those are more than nine pizzas. Anyone can win with more.",
                "M5",
                _many,
            ),
            Mistake(
                _ends("too few"),
                "those are fewer than nine pizzas. Taste one in each of nine turns; return after the loop.",
                "M5",
                lambda taste, rng: None,
            ),
            Mistake(
                _ends("outside"),
                "an order does not fit: temperature must be from 150 to 300, and salt from 0 to 30.",
                "M5",
                lambda taste, rng: taste({"temperature": 400, "salt": 15}),
            ),
        ),
        hints=(
            "15 is the same salt for every pizza. How is the temperature drawn?",
            'Write "salt": rng.uniform(0, 30). When a pizza is better, what must the next one beat?',
            "Below best = order, and as far to the right, write top = points.",
        ),
    ),
    Exercise(
        name="random.choose",
        task=(
            "Scores are smooth. Which would you choose, 'grid' or 'random': (a) one dial, nine pizzas; "
            "(b) three dials, 27 pizzas, only one dial matters, and nobody knows which; (c) two dials that "
            "matter alike, nine pizzas? Answer with three words."
        ),
        right=_chose(lambda found: found == CHOICES),
        kind="three words, such as 'grid, grid, random'",
        reference="grid, random, grid",
        because=(
            "With no dial to waste pizzas on, an even spread leaves no gaps. In (b) the grid tries the dial "
            "that matters at three places, random search at 27."
        ),
        mistakes=(
            Mistake(
                lambda answer: 0 < len(_words(answer)) != len(CHOICES),
                "there are three kitchens, so three words: one for (a), one for (b), one for (c).",
                "M5",
                "grid, random",
            ),
            Mistake(
                _chose(lambda found: found == ("random",) * 3),
                "(b) is right. But random search does not always win: draws clump and leave gaps.",
                "M5b",
                ["random", "random", "random"],
            ),
            Mistake(
                _chose(lambda found: found == ("random", "grid", "random")),
                "that is just the other way round. On how many dials are pizzas wasted in each kitchen?",
                "M5",
                "random, grid, random",
            ),
            Mistake(
                _chose(lambda found: found[1] == "grid"),
                "look at (b) again: the grid tries the dial that matters at three places only.",
                "M5",
                ["Grid", "grid", "grid"],
            ),
            Mistake(
                _chose(lambda found: found[0] == "random"),
                "look at (a) again: there is no dial to waste pizzas on, so evenly spread beats drawn.",
                "M5b",
                ["random", "random", "grid"],
            ),
            Mistake(
                _chose(lambda found: found[2] == "random"),
                "look at (c) again: both dials count, so no two pizzas of the grid are alike.",
                "M5b",
                ["grid", "random", "random"],
            ),
        ),
        hints=(
            "Ask of each kitchen: on how many dials are pizzas wasted?",
            "With none to waste them on, evenly spread is better than drawn. With idle dials it is not.",
            "Only one of the three kitchens has idle dials.",
        ),
    ),
)
