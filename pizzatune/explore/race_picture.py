"""What the bake-off draws: points missed on the way, who won each evening, and how often each won."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pizzatune.menus.menu import Menu
from pizzatune.parameters import FloatArray
from pizzatune.pictures.marks import Axes, Bars, Dots, Layers, Mark, Panel, Scale, Text
from pizzatune.pictures.race import Course, course_marks
from pizzatune.space import Params
from pizzatune.words import count, points, settings

CURVES = (58.0, 64.0, 352.0, 236.0)
SHARES = (452.0, 64.0, 190.0)
LEDGER = (58.0, 374.0, 584.0)
ROW = 52.0  # px from one strategy to the next
CEILING = 5.0  # points missed that the axis shows; more is drawn at its end


@dataclass(frozen=True)
class Standing:
    """How a race stands.

    Attributes
    ----------
    kitchen : str
    menu : Menu
    names : tuple of str
        Who bakes.
    pens : tuple of int
        The colour of each; it stays when another one leaves.
    budget : int
        Pizzas of each on an evening.
    missed : ndarray, shape (strategies, evenings, budget)
        Points between the best pizza there is and what each would serve after each pizza.
    dishes : tuple of dict
        For each evening, by name, what each would serve in the end.
    asked, done : int
        How many evenings there will be, and how many are over, shown or not.
    """

    kitchen: str
    menu: Menu
    names: tuple[str, ...]
    pens: tuple[int, ...]
    budget: int
    missed: FloatArray
    dishes: tuple[dict[str, Params], ...]
    asked: int
    done: int

    @property
    def over(self) -> int:
        """Evenings that are shown."""
        return len(self.dishes)

    @property
    def ends(self) -> FloatArray:
        """Points missed in the end, shape (strategies, evenings)."""
        ends: FloatArray = self.missed[:, :, -1]
        return ends

    @cached_property
    def won(self) -> FloatArray:
        """What share of each evening each has won, shape (strategies, evenings); ties are shared."""
        ends = self.ends.round(9)
        first = ends == ends.min(axis=0, initial=np.inf)
        won: FloatArray = first / np.maximum(first.sum(axis=0), 1)
        return won

    @property
    def shares(self) -> FloatArray:
        """The share of the evenings that each has won, shape (strategies,)."""
        return self.won.mean(axis=1) if self.over else np.zeros(len(self.names))


def picture(numbers: Standing) -> Layers:
    """The marks, by layer."""
    curves = Panel(
        *CURVES,
        Scale(0.4, numbers.budget + 0.6, "pizza", _counted(numbers.budget)),
        Scale(0.0, CEILING, "points missed (regret)"), grid="y",
    )  # fmt: skip
    return {
        "axes": [Axes(curves), *_heads(numbers)],
        "curves": _curves(curves, numbers),
        "shares": _shares(numbers),
        "ledger": _ledger(numbers),
    }


def _counted(last: int) -> tuple[tuple[float, str], ...]:
    every = 1 if last <= 8 else 5 if last <= 24 else 10
    places = [1, *range(every, last + 1, every)] if every > 1 else range(1, last + 1)
    return tuple((float(place), f"{place}") for place in places)


def _heads(numbers: Standing) -> list[Mark]:
    how = f"median of {count(numbers.over, 'evening')}" if numbers.over else "nobody has baked yet"
    return [
        Text(None, CURVES[0], 24, f"{numbers.kitchen}: {how}", "title", fit=376.0),
        Text(None, SHARES[0], 24, "Evenings won", "title"),
    ]


def _curves(panel: Panel, numbers: Standing) -> list[Mark]:
    if not numbers.over:
        return [
            Text(panel, numbers.budget / 2 + 0.5, 2.5, "Place your bet, then press Play.", "quiet", "middle")
        ]
    marks: list[Mark] = []
    trials = np.arange(1.0, numbers.budget + 1)
    for name, pen, missed in zip(numbers.names, numbers.pens, numbers.missed, strict=True):
        low, median, high = np.minimum(np.quantile(missed, (0.25, 0.5, 0.75), axis=0), CEILING)
        marks += course_marks(panel, Course(trials, low, median, high), pen, name, "points missed")
    return marks


def _shares(numbers: Standing) -> list[Mark]:
    """A bar for each: the share of the evenings that it won."""
    left, top, wide = SHARES
    marks: list[Mark] = []
    shares, ends = numbers.shares, numbers.ends
    for row, (name, pen) in enumerate(zip(numbers.names, numbers.pens, strict=True)):
        down = top + 12 + ROW * row
        bar = Panel(left, down + 8, wide, 13, Scale(0, 1, ticks=()), Scale(0, 1, ticks=()))
        share = float(shares[row])
        said = f"{share:.0%}" if numbers.over else ""
        tip = f"{name} won {share * numbers.over:.3g} of {count(numbers.over, 'evening')}"
        if numbers.over:
            missed = points(ends[row].mean(), 2), points(ends[row].max())
            tip += f"\non average {missed[0]} points missed, at worst {missed[1]}"
        marks += [
            Dots(None, [left + 6], [down - 5], f"pen{pen}", sizes=[6.5]),
            Text(None, left + 20, down, name, "bold"),
            Text(None, left + wide, down, said, "bold", "end"),
            Bars(bar, [0], [1], [0], [1], "track", tips=[tip]),
            Bars(bar, [0], [share], [0], [1], f"pen{pen}", tips=[tip]),
        ]
    return marks


def _ledger(numbers: Standing) -> list[Mark]:
    """Evening after evening, the sign of who won it."""
    left, down, wide = LEDGER
    panel = Panel(left, down, wide, 26, Scale(0.5, numbers.asked + 0.5, ticks=()), Scale(0, 1, ticks=()))
    slots = np.arange(1.0, numbers.asked + 1)
    lower, upper = slots - 0.44, slots + 0.44
    marks: list[Mark] = [
        Text(None, left, down - 10, "Who won each evening", "title"),
        Bars(panel, lower, upper, np.zeros(numbers.asked), np.ones(numbers.asked), "track"),
    ]
    for row, pen in enumerate(numbers.pens):
        won = np.flatnonzero(numbers.won[row]) if numbers.over else np.array([], dtype=int)
        if not len(won):
            continue
        # Who shares an evening shares its box, from the top down.
        above = numbers.won[:row, won].sum(axis=0)
        part = numbers.won[row, won]
        tips = [_evening_tip(numbers, int(one)) for one in won]
        marks.append(Bars(panel, lower[won], upper[won], 1 - above - part, 1 - above, f"pen{pen}", tips=tips))
    return marks


def _evening_tip(numbers: Standing, evening: int) -> str:
    lines = [f"evening {evening + 1}"]
    for row in np.argsort(numbers.ends[:, evening], kind="stable"):
        name = numbers.names[row]
        dish = settings(numbers.menu.space, numbers.dishes[evening][name])
        lines.append(f"{name}: {points(numbers.ends[row, evening])} missed ({dish})")
    return "\n".join(lines)
