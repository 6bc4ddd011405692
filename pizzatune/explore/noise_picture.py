"""One evening of tasting and many like it, as marks: pizzas at their scores, and how far the best falls."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pizzatune.lessons.noise import EVENINGS, LADDER
from pizzatune.menus.taste import Pizza
from pizzatune.parameters import FloatArray
from pizzatune.pictures.marks import (
    Arrival,
    Axes,
    Band,
    Bars,
    Dots,
    Image,
    Layers,
    Line,
    Links,
    Mark,
    Panel,
    Rule,
    Scale,
    Text,
)
from pizzatune.pictures.pizza import pizza_symbol
from pizzatune.words import count, points, ticks

KINDS = (
    "Pepperoni", "Olives", "Spinach", "Prawns", "Mushrooms", "Pineapple",
    "Ham", "Green Peppers", "Onions", "Figs", "Peppers", "Bacon",
)  # fmt: skip
LEFT, TOP, WIDE, HIGH = 40, 54, 380, 362  # px: the table
DRAWN = 50  # pizzas that are drawn at most; more are dots
TRAY = 25  # pizzas on a layer, which is sent when one of them changes
WINNER = 46.0  # px
MANY = Panel(
    488, 72, 160, 214,
    Scale(1, LADDER[-1], "pizzas tasted", tuple((float(n), f"{n}") for n in (1, 5, 20, 100)), log=True),
    Scale(-2, 5, "points too high", tuple((float(n), f"{n}") for n in (0, 2, 4))), grid="y",
)  # fmt: skip


@dataclass(frozen=True)
class Evening:
    """One evening as far as it is known, and how the best of each number of pizzas fared on all evenings.

    Attributes
    ----------
    number : int
        Which evening.
    truths, tasted : ndarray, shape (n,)
        What each pizza is worth and what its tasting said, in points.
    done : int
        How many are tasted.
    again : ndarray, shape (m,)
        What the winner scored when it was tasted again.
    uncovered : bool
        Whether the truth is shown.
    too_high : ndarray, shape (evenings, sizes of `LADDER`)
        Tasting minus truth of the best.
    rises : ndarray, shape (sizes of `LADDER`,)
        On how many evenings the best, tasted again, got more than before.
    """

    number: int
    truths: FloatArray
    tasted: FloatArray
    done: int
    again: FloatArray
    uncovered: bool
    too_high: FloatArray
    rises: FloatArray

    @cached_property
    def best(self) -> int:
        """The pizza with the best tasting so far; -1 before the first."""
        return int(self.tasted[: self.done].argmax()) if self.done else -1

    @property
    def over(self) -> bool:
        """Whether all are tasted."""
        return self.done == len(self.tasted)

    @property
    def told(self) -> bool:
        """Whether it is known by now how good the winner is."""
        return self.over and (self.uncovered or len(self.again) > 0)

    @property
    def falls_to(self) -> float:
        """The mean of the winner's later tastings, or its truth where there are none."""
        return float(self.again.mean() if len(self.again) else self.truths[self.best])

    @property
    def spread(self) -> FloatArray:
        """Mean, lowest and highest tenth of what is too high, shape (3, sizes of `LADDER`)."""
        low, high = np.quantile(self.too_high, [0.1, 0.9], axis=0)
        return np.stack([self.too_high.mean(axis=0), low, high])


def kind(number: int) -> str:
    """What lies on a pizza."""
    return KINDS[number % len(KINDS)].lower()


def pizza(number: int) -> Pizza:
    """Pizza `number` of an evening: all are baked alike, and nobody sees what they are worth."""
    return Pizza((KINDS[number % len(KINDS)],))


def picture(now: Evening, motion: str = "") -> Layers:
    """The table and the many evenings; `motion` is "rise" after a tasting, "fall" after the winner's next."""
    panel, newest = table(now), now.done - 1
    layers: Layers = {
        "axes": _frame(panel, now),
        "truths": _truths(panel, now),
    }
    for start in range(0, len(now.tasted), TRAY):
        places = range(start, min(start + TRAY, len(now.tasted)))
        layers[f"tray {start // TRAY}"] = _pizzas(
            panel, now, [one for one in places if one not in (now.best, newest)]
        )
    rises = [Arrival(0, float(panel.down(_shelf(panel)) - panel.down(now.tasted[newest])), 0.35)]
    layers["newest"] = [] if newest in (-1, now.best) else _pizzas(panel, now, [newest])
    layers["best"] = _best(panel, now)
    layers["winner"] = _labels(panel, now)
    moving = "best" if motion == "fall" or newest == now.best else "newest"
    if motion == "fall":
        rises = [Arrival(0, float(panel.down(now.tasted[now.best]) - panel.down(now.falls_to)), 0.9)]
    if motion:
        layers[moving] = [*rises, *layers[moving]]
    layers["many"] = _many(now)
    return layers


def _frame(panel: Panel, now: Evening) -> list[Mark]:
    """Axes, a shelf, and what is shown."""
    low, star = panel.y.low, "★ the truth" if now.uncovered else ""
    return [
        Axes(panel),
        Bars(panel, [panel.x.low], [panel.x.high], [low], [low + 0.12], "shelf"),
        Text(None, LEFT, 24, f"Evening {now.number}: {count(len(now.tasted), 'pizza')}", "big"),
        Text(None, panel.right, 24, star, "quiet", "end"),
    ]


def table(now: Evening) -> Panel:
    """Where the pizzas are."""
    n, low, high = len(now.tasted), now.tasted.min(), max(now.tasted.max(), now.truths.max())
    steps = tuple((float(at), f"{at:g}") for at in ticks(1, n) if at == int(at))
    upright = Scale(
        min(0.0, math.floor(low - 1)),
        max(10.5, math.ceil(high)),
        "points",
        tuple((float(at), f"{at}") for at in (0, 2, 4, 6, 8, 10)),
    )
    return Panel(LEFT, TOP, WIDE, HIGH, Scale(0.2, n + 0.8, "pizza", steps), upright, grid="y")


def _shelf(panel: Panel) -> float:
    """Where pizzas wait, in points."""
    return panel.y.low + 0.7


def _tip(now: Evening, one: int) -> str:
    if one >= now.done:
        return f"pizza {one + 1} waits"
    truth = f", truly {points(now.truths[one])}" if now.uncovered else ""
    return f"pizza {one + 1}: {points(now.tasted[one])}{truth}"


def _pizzas(panel: Panel, now: Evening, which: list[int]) -> list[Mark]:
    """Pizzas at their scores, or on the shelf."""
    x = [one + 1.0 for one in which]
    y = [float(now.tasted[one]) if one < now.done else _shelf(panel) for one in which]
    tips = [_tip(now, one) for one in which]
    done = sum(one < now.done for one in which)
    if len(now.tasted) > DRAWN:
        return [
            Dots(panel, x[:done], y[:done], "marinara", tips[:done]),
            Dots(panel, x[done:], y[done:], "marinara"),
        ]
    size = min(40.0, max(16.0, 1.7 * WIDE / len(now.tasted)))
    return [
        Image(panel, a, b, size, pizza_symbol(pizza(one), "tiny"), tip)
        for a, b, one, tip in zip(x, y, which, tips, strict=True)
    ]


def _truths(panel: Panel, now: Evening) -> list[Mark]:
    """A star where each pizza belongs, and how far its tasting was off."""
    if not now.uncovered:
        return []
    x, truths, tasted = np.arange(1.0, now.done + 1), now.truths[: now.done], now.tasted[: now.done]
    if len(now.tasted) > DRAWN:
        return [Dots(panel, x, truths, "quiet")]
    tips = [f"pizza {one + 1} is truly worth {points(truth)}" for one, truth in enumerate(truths)]
    return [
        Links(panel, x, truths, x, tasted, "faint"),
        Dots(panel, x, truths, "truth", tips, sizes=[5.5] * now.done),
    ]


def _best(panel: Panel, now: Evening) -> list[Mark]:
    """The best pizza, large, where it was tasted last."""
    if not now.done:
        return []
    y = now.falls_to if now.over and len(now.again) else float(now.tasted[now.best])
    symbol, name = pizza_symbol(pizza(now.best), "tiny"), "again" if now.over else ""
    tip = _tip(now, now.best) + (". Click to taste it again" if now.over else ", the best so far")
    return [
        Dots(panel, [now.best + 1.0], [y], "halo", sizes=[WINNER / 2 + 1.5]),
        Image(panel, now.best + 1.0, y, WINNER, symbol, tip, name),
    ]


def _labels(panel: Panel, now: Evening) -> list[Mark]:
    """The best score so far; in the end where the winner was, how far it fell, and each later tasting."""
    if not now.done:
        return []
    best, score = now.best + 1.0, float(now.tasted[now.best])
    x, y = float(panel.across(best)), float(panel.down(score))
    word = "winner" if now.over else "best so far"
    at = min(max(x, panel.left + 50), panel.right - 44)
    rose = now.over and len(now.again) > 0 and now.falls_to > score  # then the pizza is above
    marks: list[Mark] = [
        Text(None, at, y + (39 if rose else -31), f"{word} {points(score)}", "halo", "middle")
    ]
    if now.uncovered:
        tip = f"the winner is truly worth {points(now.truths[now.best])}"
        marks.append(Dots(panel, [best], [float(now.truths[now.best])], "truth", [tip]))
    if not (now.over and len(now.again)):
        return marks
    low, side = float(panel.down(now.falls_to)), 1 if x < panel.right - 90 else -1
    gap = signed(round(now.falls_to, 1) - round(score, 1))
    tips = [f"tasted again, {place}: {points(one)}" for place, one in enumerate(now.again, 1)]
    beside = x + side * 34
    head = "head-down" if low > y else "head-up"
    if len(tips) > 1:
        marks.append(Dots(panel, [best] * len(tips), now.again, "scored", tips, sizes=[3.5] * len(tips)))
    return [
        *marks,
        Dots(None, [x], [y], "empty", tips=["here it was tasted first"], sizes=[WINNER / 2]),
        Links(None, [beside], [y], [beside], [low], "fall"),
        Dots(None, [beside], [low], head),
        Text(None, beside + side * 9, y + 12, gap, "new", "start" if side > 0 else "end"),
    ]


def signed(gap: float) -> str:
    """A gap in points with its sign.

    Examples
    --------
    >>> signed(1.72), signed(-0.31), signed(0.01)
    ('+1.7', '−0.3', '0.0')
    """
    text = points(gap)
    return f"+{text}" if gap > 0 and float(text) else text


def _many(now: Evening) -> list[Mark]:
    """How much too high the best of so many pizzas is tasted, over all evenings."""
    place, left = LADDER.index(len(now.tasted)), MANY.left - 34
    marks: list[Mark] = [
        Text(None, left, 24, "Many evenings", "big"),
        Axes(MANY),
        Rule(MANY, 0.0, "limit", along="x", tip="as good as it tasted"),
    ]
    if not now.told:
        middle = MANY.left + MANY.width / 2
        return [
            *marks,
            Text(None, middle, 176, "?", "huge", "middle"),
            Text(None, left, 366, "First one evening;", "quiet"),
            Text(None, left, 384, f"then {EVENINGS} like it.", "quiet"),
        ]
    ladder, (mean, low, high) = np.array(LADDER, dtype=float), now.spread
    gap = round(float(now.tasted[now.best]), 1) - round(now.falls_to, 1)
    at, up = float(MANY.across(LADDER[place])), float(MANY.down(np.clip(gap, -2, 5)))
    tip = f"this evening: {signed(gap)} points"
    tips = [f"best of {n}: {signed(one)} points on average" for n, one in zip(LADDER, mean, strict=True)]
    return [
        *marks,
        Band(MANY, ladder, low, high, "doubt", tip=f"eight of ten of {EVENINGS} evenings"),
        Line(MANY, ladder, mean, "mean", tip=f"the mean of {EVENINGS} evenings"),
        Dots(MANY, ladder, mean, "seen", tips),
        Dots(MANY, [ladder[place]], [mean[place]], "shown"),
        Image(None, at, up, 22, pizza_symbol(pizza(now.best), "tiny"), tip),
        Text(None, left, 366, signed(float(mean[place])), "hero"),
        Text(None, left, 388, "points too high on average:", "quiet"),
        Text(None, left, 406, f"the best tasting of {len(now.tasted)}", "quiet"),
    ]
