"""The exercises of lesson 03: to write a grid, and to count it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import product
from typing import Any

from pizzatune.lessons.exercise import Exercise, Mistake
from pizzatune.lessons.front_door import Program

DIALS = ("temperature", "minutes")
CASES: tuple[tuple[list[float], list[float]], ...] = (
    ([200, 250], [8, 14]),
    ([180, 210, 240, 270], [5, 7, 11]),
    ([300], [3, 4, 5, 6]),
)
"""Levels of both dials."""


def trays(heats: Sequence[float], times: Sequence[float]) -> list[dict[str, float]]:
    """Every heat with every time.

    Examples
    --------
    >>> len(trays([200, 225, 250], [8, 14]))
    6
    """
    return [{"temperature": heat, "minutes": minutes} for heat in heats for minutes in times]


@lru_cache(maxsize=1)  # asked anew for each mistake
def _told(answer: Any) -> list[Any]:
    """What a learner's function makes of each case; it gets lists of its own, whatever it does to them."""
    return [answer(list(heats), list(times)) for heats, times in CASES]


def _pairs(orders: Any) -> list[tuple[float, float]]:
    """The orders as pairs of heat and minutes; raises where one names other dials."""
    if any(set(order) != set(DIALS) for order in orders):
        raise ValueError(f"an order names {' and '.join(DIALS)}")
    return [(order["temperature"], order["minutes"]) for order in orders]


def _bakes(wanted: Callable[[list[float], list[float]], Any]) -> Callable[[Any], bool]:
    """Whether a learner's orders are those of another function, in any order, one by one counted."""

    def agrees(answer: Any) -> bool:
        told = (Counter(_pairs(orders)) for orders in _told(answer))
        return all(Counter(wanted(*case)) == found for case, found in zip(CASES, told, strict=True))

    return agrees


def _twice(answer: Any) -> bool:
    told = [Counter(_pairs(orders)) for orders in _told(answer)]
    wanted = [set(product(*case)) for case in CASES]
    return [set(found) for found in told] == wanted and any(max(found.values()) > 1 for found in told)


def _are(kind: type, answer: Any) -> bool:
    return all(len(orders) > 0 and all(isinstance(one, kind) for one in orders) for orders in _told(answer))


CHECK = 'pt.lessons.check("grid.write", trays)'
ROW = 'return [{"temperature": heat, "minutes": times[0]} for heat in heats]'
WHOLE = 'return [{"temperature": heat, "minutes": minutes} for heat in heats for minutes in times]'
STARTERS = tuple(f"def trays(heats, times):\n    {line}\n\n\n{CHECK}" for line in (WHOLE, ROW, "..."))

EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        name="grid.write",
        task=(
            "Write trays(heats, times): a list with one order for each temperature with each time, such as "
            '{"temperature": 200, "minutes": 8}.'
        ),
        right=_bakes(lambda heats, times: list(product(heats, times))),
        kind="the function itself, trays without brackets",
        reference=trays,
        door=Program(("heats", "times")),
        because="Two loops, one inside the other: for each heat all times. That is the whole of grid search.",
        mistakes=(
            Mistake(
                _bakes(lambda heats, times: [(heat, times[0]) for heat in heats]),
                "that is the first row alone: each temperature with one time. Loop over the times as well.",
                "M4",
                lambda heats, times: [{"temperature": heat, "minutes": times[0]} for heat in heats],
            ),
            Mistake(
                _bakes(lambda heats, times: list(zip(heats, times, strict=False))),
                "that walks down both lists at once: the first with the first, the second with the second. "
                "Each temperature must meet each time: put one loop inside the other.",
                "M4",
                lambda heats, times: [
                    {"temperature": heat, "minutes": minutes}
                    for heat, minutes in zip(heats, times, strict=False)
                ],
            ),
            Mistake(
                _bakes(lambda heats, times: [(heats[0], minutes) for minutes in times]),
                "that is one column alone: each time with the first temperature. Loop over the heats, too.",
                "M4",
                lambda heats, times: [{"temperature": heats[0], "minutes": minutes} for minutes in times],
            ),
            Mistake(
                _twice,
                "nearly: all of them are there, but some are there twice. No pizza needs to be baked again.",
                "M4",
                lambda heats, times: trays(heats, times) + trays(heats, times),
                near=True,
            ),
            Mistake(
                lambda answer: _are(tuple, answer) or _are(list, answer),
                'nearly: the numbers need names, {"temperature": heat, "minutes": minutes}, or nobody knows '
                "which is which.",
                "M4",
                lambda heats, times: list(product(heats, times)),
                near=True,
            ),
            Mistake(
                lambda answer: _are(dict, answer) and any(set(one) != set(DIALS) for one in _told(answer)[0]),
                'nearly: the names must be "temperature" and "minutes", as the oven calls its dials.',
                "M4",
                lambda heats, times: [{"heat": heat, "time": time} for heat in heats for time in times],
                near=True,
            ),
            Mistake(
                lambda answer: all(isinstance(one, dict) for one in _told(answer)),
                "that is one order. Collect them in a list, one for each temperature with each time.",
                "M4",
                lambda heats, times: {"temperature": heats[0], "minutes": times[0]},
            ),
        ),
        hints=(
            "For each heat you need all times: a loop inside a loop.",
            "A list can hold both loops: [... for heat in heats for minutes in times]",
            f"The line is {WHOLE}",
        ),
        starters=STARTERS,
    ),
    Exercise(
        name="grid.count",
        task="A grid gives each of five dials four levels. How many pizzas does it bake?",
        right=lambda answer: answer == 1024,
        kind="a whole number",
        reference=1024,
        because="4 × 4 × 4 × 4 × 4 = 1,024: every dial multiplies what was there before.",
        mistakes=(
            Mistake(
                lambda answer: answer == 20,
                "20 is 5 × 4: so many levels there are. But each one is baked with each level of the other "
                "dials. Multiply the dials, do not add them.",
                "M4",
                20,
            ),
            Mistake(
                lambda answer: answer == 625,
                "625 is four dials with five levels. Here five dials multiply by four each.",
                "M4",
                625,
            ),
            Mistake(
                lambda answer: answer == 256,
                "nearly: that is four dials. The fifth multiplies by four once more.",
                "M4",
                256,
                near=True,
            ),
        ),
        hints=(
            "Start with one dial: four pizzas. How many are there with a second one?",
            "Each further dial makes four pizzas out of every one.",
            "4 × 4 × 4 × 4 × 4, in Python 4**5.",
        ),
    ),
)
