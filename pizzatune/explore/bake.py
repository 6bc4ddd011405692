"""Bake a pizza by hand: turn temperature, minutes, oven and toppings, and see what it costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from pizzatune.explore.bitmaps import Bitmap, Pixels, draw_pizza
from pizzatune.explore.frame import Explorer, Knob, Pick
from pizzatune.menus.article import OLD_OVEN
from pizzatune.menus.oven import PLAIN_OVEN, Oven
from pizzatune.menus.taste import HOUSE_HEAT, Part, Pizza, doneness, judge
from pizzatune.menus.tricky import STONE_OVEN, electric_oven
from pizzatune.plots.palette import BASIL, LINE, NIGHT, PAPER, PENCIL, TOMATO
from pizzatune.plots.pizza_art import crust_word

OVENS = {
    "Plain oven": PLAIN_OVEN,
    "Old oven": OLD_OVEN,
    "Stone oven": STONE_OVEN,
    "Fan oven": electric_oven(1.5),
}
TOPPINGS = (
    "Pepperoni",
    "Ham",
    "Sausage",
    "Chicken",
    "Bacon",
    "Prosciutto",
    "Mushrooms",
    "Peppers",
    "Onions",
    "Olives",
    "Spinach",
    "Artichokes",
    "Figs",
    "Pineapple",
    "Anchovies",
    "Capers",
)
COSTS = 6  # rows for what cost points; the smallest share the last one
TRIFLE = 0.05  # points that are not worth a row
WIDE = 540  # dots on each side of the drawn pizza
DOSES = np.array([0.15, 0.45, 0.8, 1.0, 1.25, 1.55, 1.9, 2.4, 3.5])  # bakes that are drawn; others are blends
LEFT, RIGHT, TOP, STEP = 590, 936, 163, 54  # where the bill lies, in dots


@dataclass(frozen=True)
class Baked:
    """A pizza out of the oven.

    Attributes
    ----------
    pizza : Pizza
        The pizza.
    dose : float
        How far it is baked: 1 is golden.
    score : float
        Its points of 10.
    ingredients : float
        Points that all that is good on it gave, before anything was lost.
    costs : tuple of Part
        What it lost and to what, in the kitchen's order, at most `COSTS`. Together with `ingredients` they
        sum to the score, to within `TRIFLE`.
    """

    pizza: Pizza
    dose: float
    score: float
    ingredients: float
    costs: tuple[Part, ...]


def bake_it(pizza: Pizza) -> Baked:
    """Bake a pizza and add up its bill.

    Examples
    --------
    >>> baked = bake_it(Pizza(("Sausage",), temperature=200, minutes=11))
    >>> round(baked.ingredients, 2), [(part.label, round(part.points, 1)) for part in baked.costs]
    (9.5, [('Sausage, too cool', -2.2), ('Pale crust', -0.7), ('Drying out', -0.2)])
    """
    parts = judge(pizza)
    score = sum(part.points for part in parts)
    costs = [part for part in parts if part.points < 0]
    worth = sorted(costs, key=lambda part: part.points)[:COSTS]
    if len(costs) > COSTS:
        worth.pop()
    shown = [part for part in costs if part in worth and part.points <= -TRIFLE]
    rest = sum(part.points for part in costs) - sum(part.points for part in shown)
    if rest <= -TRIFLE:
        shown.append(Part("Smaller things", rest))
    return Baked(
        pizza, doneness(pizza), score, sum(part.points for part in parts if part.points > 0), tuple(shown)
    )


class BakedPictures:
    """One recipe from raw to burnt: drawn at a few doses of heat when first needed, blended in between.

    Colours change evenly between two doses and bubbles come one by one, so a blend of two pictures is what a
    dose between them looks like, at a twentieth of the time.
    """

    def __init__(self) -> None:
        self._recipe: Pizza | None = None
        self._drawn: set[int] = set()
        self._pictures = np.ones((len(DOSES), WIDE, WIDE, 3), dtype=np.uint8)  # red, green, blue, on paper
        self._shown = np.full((WIDE, WIDE, 4), 255, dtype=np.uint8)
        self._blend, self._other = np.empty((2, WIDE, WIDE, 3), dtype=np.uint16)

    def of(self, recipe: Pizza) -> bool:
        """Turn to another recipe; the bake of `recipe` does not matter. True if it is another."""
        if recipe == self._recipe:
            return False
        self._recipe = recipe
        self._drawn.clear()
        return True

    def at(self, dose: float) -> Pixels:
        """What it looks like after a dose of heat; the next call overwrites it."""
        place = float(np.interp(dose, DOSES, np.arange(len(DOSES))))
        lower = min(int(place), len(DOSES) - 2)
        share = round(256 * (place - lower))  # in 256ths: whole numbers are quick to blend
        if share in (0, 256):
            self._shown[..., :3] = self._picture(lower + share // 256)
            return self._shown
        blend, other = self._blend, self._other  # used again: new ones would take longer than the sum
        np.multiply(self._picture(lower), np.uint16(256 - share), out=blend)
        np.multiply(self._picture(lower + 1), np.uint16(share), out=other)
        blend += other
        blend >>= np.uint16(8)
        self._shown[..., :3] = blend
        return self._shown

    def exactly(self, dose: float) -> Pixels:
        """The same, drawn and not blended: quicker for a single look at a new recipe."""
        self._shown[..., :3] = self._draw(dose)
        return self._shown

    def draw_all(self, dose: float) -> Iterator[None]:
        """Draw what is still to be drawn, the likely ones next to `dose` first."""
        for number in np.argsort(np.abs(DOSES - dose)):
            if int(number) not in self._drawn:
                self._picture(int(number))
                yield None

    def _picture(self, number: int) -> Pixels:
        if number not in self._drawn:
            self._pictures[number] = self._draw(float(DOSES[number]))
            self._drawn.add(number)
        picture: Pixels = self._pictures[number]
        return picture

    def _draw(self, dose: float) -> Pixels:
        """The recipe on paper, shape (width, width, 3)."""
        assert self._recipe is not None
        oven = self._recipe.oven
        minutes = oven.minutes_until_done(HOUSE_HEAT, self._recipe.load) * dose
        pizza = Pizza(self._recipe.toppings, temperature=HOUSE_HEAT, minutes=minutes, oven=oven)
        return draw_pizza(pizza, WIDE, PAPER)[..., :3]


class BakeExplorer(Explorer):
    """Turn the dials of an oven, and see the pizza and its bill."""

    title = "Bake a pizza"
    temperature = Knob(150, 320, value=225, step=5, unit="°C", help="What the oven's dial shows")
    minutes = Knob(3.0, 30.0, value=11.0, step=0.5, unit="min", help="How long the pizza stays in the oven")
    oven = Pick(OVENS, help="Each oven has a character of its own")
    toppings = Pick(TOPPINGS, value=("Pepperoni",), several=True)

    def build(self, figure: Figure) -> None:
        """A pizza on the left; on the right its score, large, and the bill."""
        self.pictures = BakedPictures()
        self.pie = self.moves(Bitmap(12, 30, opaque=True))
        figure.add_artist(self.pie)
        sheet = self.sheet()
        self.score = self.label(LEFT - 4, 104, size=56, bold=True)
        self.of_ten = sheet.text(RIGHT, 104, "points of 10", fontsize=15, color=PENCIL, ha="right")
        self.crust = self.label(RIGHT, 72, size=17, lean=1, bold=True)
        self.rows = []
        for row in range(COSTS + 2):
            y = TOP + STEP * row - 9
            label = self.label(LEFT, y, size=15.5)
            self.rows.append((label, self.label(RIGHT, y, size=15.5, lean=1, bold=True)))
        self.tracks = self.moves(PolyCollection([], facecolors=LINE, alpha=0.45))
        self.bars = self.moves(PolyCollection([], zorder=3))
        for bars in (self.tracks, self.bars):
            sheet.add_collection(bars)

    def model(self) -> Baked:
        """The pizza that the dials order, out of the oven."""
        return bake_it(
            Pizza(
                self.toppings.value,
                temperature=self.temperature.value,
                minutes=self.minutes.value,
                oven=self.oven.value,
            )
        )

    def draw(self, numbers: Baked) -> None:
        """Show the pizza and its bill."""
        if self.pictures.of(Pizza(numbers.pizza.toppings, oven=numbers.pizza.oven)):
            self.pie.pixels = self.pictures.exactly(numbers.dose)
            self.later(self.pictures.draw_all(numbers.dose))
        else:
            self.pie.pixels = self.pictures.at(numbers.dose)
        self.score.set_text(f"{numbers.score:.1f}")
        self.crust.set_text(f"{crust_word(numbers.dose)} crust")
        bill = self.bill(numbers)
        scale = (RIGHT - LEFT) / max(10.0, numbers.ingredients)
        for row, (label, points) in enumerate(self.rows):
            text, _, change, _ = bill[row] if row < len(bill) else ("", 0.0, 0.0, "")
            label.set_text(text)
            points.set_text(
                "" if not text else f"{change:.1f}" if row in (0, len(bill) - 1) else f"−{-change:.1f}"
            )
        ends = [sorted((start, start + change)) for _, start, change, _ in bill]
        self.bars.set_verts(
            [_bar(row, LEFT + scale * a, LEFT + scale * b) for row, (a, b) in enumerate(ends)]
        )
        self.bars.set_facecolor([colour for *_, colour in bill])
        self.tracks.set_verts([_bar(row, LEFT, RIGHT) for row in range(len(bill))])

    @staticmethod
    def bill(numbers: Baked) -> list[tuple[str, float, float, str]]:
        """Label, start, change and colour of each bar, top to bottom."""
        rows = [("All that is good on it", 0.0, numbers.ingredients, BASIL)]
        left = numbers.ingredients
        for part in numbers.costs:
            rows.append((part.label, left, part.points, TOMATO))
            left += part.points
        return [*rows, ("In the end", 0.0, numbers.score, NIGHT)]

    def read(self, numbers: Baked) -> str:
        """The pizza in words, and what cost it most."""
        crust, toppings = (
            crust_word(numbers.dose),
            self.toppings.text if self.toppings.value else "no toppings",
        )
        hot = crust_word(doneness(numbers.pizza, in_hot_spot=True))
        spot = f", {hot} on one quarter" if hot != crust else ""
        worst = min(numbers.costs, key=lambda part: part.points, default=Part("", 0.0))
        lost = (
            f"most to: {worst.label} (−{-worst.points:.1f})"
            if worst.points < -3 * TRIFLE
            else "next to nothing"
        )
        return (
            f"{numbers.score:.1f} points of 10: a pizza with {toppings}, {self.minutes.text} at "
            f"{self.temperature.text}, its crust {crust}{spot}. It lost {lost}."
        )

    def table(self, numbers: Baked) -> Mapping[str, Any]:
        """The bill, a row for each thing that gave or cost points."""
        parts = judge(numbers.pizza)
        return {"part": [part.label for part in parts], "points": [part.points for part in parts]}


def _bar(row: int, start: float, end: float) -> list[tuple[float, float]]:
    """The corners of a bar in a row of the bill."""
    top = TOP + STEP * row
    return [(start, top), (end, top), (end, top + 13), (start, top + 13)]


def bake(
    temperature: float = 225,
    minutes: float = 11,
    oven: Oven = PLAIN_OVEN,
    toppings: Sequence[str] = ("Pepperoni",),
) -> BakeExplorer:
    """Open an oven: turn the dials, and see the pizza, its score and what cost it points.

    Parameters
    ----------
    temperature : float
        What the oven's dial shows, from 150 to 320 °C.
    minutes : float
        Time in the oven, from 3 to 30.
    oven : Oven
        One of ``pizzatune.explore.bake.OVENS``.
    toppings : sequence of str
        What lies on it; none makes a margherita.

    Returns
    -------
    BakeExplorer
        To be shown in a notebook. Its numbers are in ``.data``, its sentence in ``.reading``.

    Raises
    ------
    TypeError, ValueError
        If a start lies outside its dial.

    Examples
    --------
    >>> import pizzatune as pt
    >>> explorer = pt.explore.bake(temperature=205, toppings=["Ham", "Olives"])
    >>> explorer.minutes.value = 14
    >>> print(explorer.reading)  # doctest: +ELLIPSIS
    5.0 points of 10: a pizza with Ham and Olives, 14 min at 205 °C, its crust golden. It lost ...
    """
    return BakeExplorer(temperature=temperature, minutes=minutes, oven=oven, toppings=toppings)
