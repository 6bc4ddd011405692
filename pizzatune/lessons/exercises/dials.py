"""Exercises of lesson 01: what is set, and a search that turns both dials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from pizzatune.lessons.exercise import Exercise, Mistake
from pizzatune.lessons.front_door import Letters, Program
from pizzatune.lessons.tried import PIZZAS, both_dials, one_dial, outcome

SET = frozenset("ADFG")


@lru_cache(maxsize=1)  # asked anew for each mistake
def _outcome(search: Any) -> str:
    return outcome(search)


def _ends(wanted: str) -> Callable[[Any], bool]:
    return lambda answer: _outcome(answer) == wanted


STARTERS = (
    """\
import random


def search(taste):
    draws = [random.uniform(180, 300) for _ in range(30)]  # thirty temperatures, drawn at random
    orders = [{"temperature": heat, "minutes": random.uniform(3, 18)} for heat in draws]
    return max(orders, key=taste)


pt.lessons.check("dials.both", search)
""",
    """\
import random


def search(taste):
    draws = [random.uniform(180, 300) for _ in range(30)]  # thirty temperatures, drawn at random
    orders = [{"temperature": heat, "minutes": 14} for heat in draws]
    return max(orders, key=taste)


pt.lessons.check("dials.both", search)
""",
    """\
import random


def search(taste):
    ...


pt.lessons.check("dials.both", search)
""",
)
"""Complete, with something missing, and empty."""


EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        name="dials.sort",
        task=(
            "Which of the eight things A to H in the lesson does somebody set before it starts? Type their "
            "letters."
        ),
        right=lambda found: found == SET,
        kind="letters in quotes, such as 'AB'",
        reference="ADFG",
        door=Letters("ABCDEFGH"),
        because="Heat, minutes, the number of questions and the size of a step are set. The rest follows.",
        mistakes=(
            Mistake(
                lambda found: len(found) == 8,
                "that is all of them. Ask of each: could you write it down before the oven is on?",
                "M1",
                "ABCDEFGH",
            ),
            Mistake(
                lambda found: found == frozenset("BCEH"),
                "that is just the other way round: those four come by themselves.",
                "M1",
                "BCEH",
            ),
            Mistake(
                lambda found: bool(found & set("BC")),
                "look at B and C again. You can only wait for the dough to rise, and for the crust to brown.",
                "M1",
                "ABDFG",
            ),
            Mistake(
                lambda found: "H" in found,
                "look at H again. Nobody types millions of weights: the network learns them.",
                "M1",
                "A, D, F, G, H",
            ),
            Mistake(
                lambda found: "E" in found,
                "look at E again. The tree finds that question in the data; you say how many it may ask.",
                "M1",
                ["A", "D", "E", "F", "G"],
            ),
            Mistake(
                lambda found: not found & set("FG"),
                "nothing wrong so far, but models have dials, too. Look at E to H again.",
                "M1",
                "AD",
            ),
            Mistake(
                lambda found: not found >= set("FG"),
                "nothing wrong so far, but one dial of a model is missing. Look at F and G again.",
                "M1",
                "adf",
            ),
            Mistake(
                lambda found: found < SET,
                "nothing wrong so far, but a dial of the oven is missing. Look at A and D again.",
                "M1",
                "FG and A",
            ),
        ),
        hints=(
            "Ask of each: can I write it down before it starts?",
            "There are two in the kitchen and two in the models.",
            "B, C, E and H come by themselves.",
        ),
    ),
    Exercise(
        name="dials.both",
        task=(
            f"Write search(taste). It may bake {PIZZAS} pizzas of the slanted ridge, and returns its best "
            "order. Six kitchens try it. On average it must come half a point nearer to the best pizza "
            "than one dial at a time."
        ),
        right=_ends("good"),
        kind="the function itself, search without brackets",
        reference=both_dials,
        starters=STARTERS,
        door=Program(("taste",)),
        because="Each pizza turns both dials, so the search also sees what no single dial can show.",
        mistakes=(
            Mistake(
                _ends("one dial"),
                "one of your dials never moves. Draw temperature and minutes anew for each pizza.",
                "M2",
                lambda taste: max(
                    ({"temperature": heat, "minutes": 14} for heat in range(180, 301, 10)), key=taste
                ),
            ),
            Mistake(
                _ends("one at a time"),
                "that is one dial at a time again: each pizza keeps one setting. Turn both before you bake.",
                "M2",
                one_dial,
            ),
            Mistake(
                _ends("too many"),
                f"those are more than {PIZZAS} pizzas. Anyone can win with more; make do with {PIZZAS}.",
                "M2",
                lambda taste: max(
                    ({"temperature": heat, "minutes": time} for heat in range(180, 301) for time in (5, 9)),
                    key=taste,
                ),
            ),
            Mistake(
                _ends("outside"),
                "an order does not fit: temperature must be from 180 to 300, and minutes from 3 to 18.",
                "M2",
                lambda taste: taste({"temperature": 400, "minutes": 9}),
            ),
            Mistake(
                _ends("not baked"),
                "return an order that you baked: temperature and minutes, not the points.",
                "M2",
                lambda taste: taste({"temperature": 230, "minutes": 8}),
            ),
            Mistake(
                _ends("too far"),
                f"it runs, but its best pizza is not much better yet. Spread all {PIZZAS} over both dials.",
                "M2",
                lambda taste: max(
                    ({"temperature": 180 + step, "minutes": 3 + step / 8} for step in range(PIZZAS)),
                    key=taste,
                ),
            ),
            Mistake(
                lambda answer: isinstance(answer, Mapping),
                "that is what it found. Pass the function itself: search, without brackets behind it.",
                "M2",
                {"temperature": 230, "minutes": 8},
            ),
        ),
        hints=(
            "In the last line but one, 14 is the same for every pizza.",
            "random.uniform(180, 300) draws a temperature. Which numbers are right for minutes?",
            'Write "minutes": random.uniform(3, 18).',
        ),
    ),
)
