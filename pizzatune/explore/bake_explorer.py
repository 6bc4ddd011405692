"""Bake a pizza by hand: turn temperature, minutes, oven and toppings, and see what it costs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pizzatune.explore.explorer import Card, Explorer, Knob, Out, Pick
from pizzatune.explore.verdicts import CROWD, chef_says
from pizzatune.menus.article import OLD_OVEN
from pizzatune.menus.oven import PLAIN_OVEN, Oven
from pizzatune.menus.taste import HOUSE_HEAT, MOST, Part, Pizza, doneness, judge
from pizzatune.menus.tricky import STONE_OVEN, electric_oven
from pizzatune.pictures.bill import NUMBER, Bill, bill_marks, bill_of
from pizzatune.pictures.marks import Bars, Dots, Image, Layers, Mark, Panel, Scale, Shapes, Text
from pizzatune.pictures.outlines import rounded_square
from pizzatune.pictures.pizza import DOSES, crust_word, pizza_symbol
from pizzatune.words import listed, points

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
TARGETS = (9.0, 9.5, 9.8)  # points to reach, to a tenth; nobody reaches 9.9
AHEAD = 2  # bakes on either side that are drawn while nobody waits

MIDDLE, SIDE = (186.0, 196.0), 330.0  # of the drawn pizza, in px
LEFT, TOP, WIDE, STEP = 372.0, 146.0, 280.0, 38.0  # of the bill, and from row to row
SCORE = Panel(LEFT, 104, WIDE - NUMBER, 12, Scale(0.0, MOST, ticks=()), Scale(0.0, 1.0, ticks=()))


@dataclass(frozen=True)
class Baked:
    """A pizza out of the oven, how far it is baked (1 is golden), and its bill."""

    pizza: Pizza
    dose: float
    bill: Bill

    @property
    def score(self) -> float:
        """Its points of 10."""
        return self.bill.score

    @property
    def crust(self) -> str:
        """How its crust came out, in a word."""
        return crust_word(self.dose)

    @property
    def crowded(self) -> bool:
        """Whether there is too much on it to call it a pizza."""
        return len(self.pizza.toppings) >= CROWD


def bake_it(pizza: Pizza) -> Baked:
    """Bake a pizza and add up its bill.

    Examples
    --------
    >>> baked = bake_it(Pizza(("Sausage",), temperature=225, minutes=9))
    >>> round(baked.score), baked.crust, baked.bill.worst.label
    (9, 'golden', 'A little pale')
    """
    dose = doneness(pizza)
    return Baked(pizza, dose, bill_of([_named(part, crust_word(dose)) for part in judge(pizza)]))


def _named(part: Part, crust: str) -> Part:
    """What a crust cost by the word that is said of it: a golden one is at most a little pale or dark."""
    if part.label not in ("Pale crust", "Burnt crust"):
        return part
    side = "pale" if part.label == "Pale crust" else "dark"
    return part._replace(label=f"A little {side}" if crust == "golden" else f"{crust.capitalize()} crust")


class BakeExplorer(Explorer):
    """Turn the dials of an oven, and see the pizza and its bill."""

    title = "Bake a pizza"
    size = (660.0, 420.0)
    lines = 3
    temperature = Knob(150, 320, value=225, step=5, unit="°C", help="What the oven's dial shows")
    minutes = Knob(3.0, 30.0, value=11.0, step=0.5, unit="min", help="How long the pizza stays in the oven")
    oven = Pick(OVENS, help="Each oven has a character of its own")
    toppings = Pick(TOPPINGS, value=("Pepperoni",), several=True, help="What lies on it")

    best: Baked | None = None
    """The best pizza so far that was baked in this explorer."""

    def model(self) -> Baked:
        """The pizza that the dials order, out of the oven."""
        pizza = Pizza(
            self.toppings.value,
            temperature=self.temperature.value,
            minutes=self.minutes.value,
            oven=self.oven.value,
        )
        baked = bake_it(pizza)
        if self.best is None or baked.score > self.best.score:
            self.best = baked
        return baked

    def memory(self) -> Any:
        """The best pizza so far, where that is another than the one on show."""
        if self.best is None or self.best.pizza == self.data.pizza:
            return None
        pizza = self.best.pizza
        oven = next(name for name, one in OVENS.items() if one == pizza.oven)
        return [pizza.temperature, pizza.minutes, oven, list(pizza.toppings)]

    def remember(self, memory: Any) -> None:
        """Bake the best pizza again."""
        temperature, minutes, oven, toppings = memory
        self.best = bake_it(
            Pizza(
                self.toppings.check(toppings),
                temperature=self.temperature.check(temperature),
                minutes=self.minutes.check(minutes),
                oven=OVENS[oven],
            )
        )
        self._refresh()

    def picture(self, numbers: Baked) -> Layers:
        """The pizza on the left; on the right its score, and the bill."""
        x, y = MIDDLE
        verdict = chef_says(numbers.score, numbers.dose, numbers.pizza.toppings)
        shown, ahead = baking(numbers)
        return {
            "pizza": [*(_dish() if numbers.crowded else []), *shown],
            "ahead": ahead,
            "chef": [Text(None, x, y + SIDE / 2 + 40, f"“{verdict}”", "big", "middle")],
            "score": self._score(numbers),
            "bill": bill_marks(numbers.bill, LEFT, TOP, WIDE, STEP, total=False),
        }

    def _score(self, numbers: Baked) -> list[Mark]:
        """The score in large figures, over a bar with the best so far and the target."""
        assert self.best is not None
        target = next((target for target in TARGETS if round(self.best.score, 1) < target), None)
        asked = "The best there is!" if target is None else f"Can you reach {target:g}?"
        bar = [0.0], [10.0], [0.0], [1.0]
        marks: list[Mark] = [
            Text(None, LEFT, 28, "Score", "title"),
            Text(None, LEFT - 2, 86, points(numbers.score), "huge"),
            Text(None, LEFT + WIDE, 28, f"{numbers.crust} crust", "", "end"),
            Text(None, LEFT + WIDE, 86, asked, "bold", "end"),
            Bars(SCORE, *bar, "track"),
            Bars(SCORE, [0.0], [numbers.score], *bar[2:], "sum", tips=[f"{points(numbers.score, 2)} of 10"]),
        ]
        tip = f"your best so far: {points(self.best.score, 2)}"
        marks.append(Dots(SCORE, [self.best.score], [0.5], "best", sizes=[8.0], tips=[tip]))
        if target is not None:
            marks.append(Dots(SCORE, [target], [-0.8], "aim", tips=[f"{target:g} points"]))
        return marks

    # -- in words

    def read(self, numbers: Baked) -> str:
        """The pizza in words, its crust, and what cost it most."""
        on_it = numbers.pizza.toppings
        toppings = self.toppings.text if 0 < len(on_it) <= 3 else f"{len(on_it) or 'no'} toppings"
        hot = crust_word(doneness(numbers.pizza, in_hot_spot=True))
        spot = f", {hot} on one quarter" if hot != numbers.crust else ""
        worst = numbers.bill.worst
        lost = f"most to: {worst.label} ({points(worst.points)})" if worst else "next to nothing"
        said = f"{points(numbers.score)} points of 10: a pizza with {toppings}"
        if numbers.crowded:
            said = f"This is not a pizza. This is a lasagne: {toppings}, {points(numbers.score)} points of 10"
        return (
            f"{said}.\n{self.minutes.text} at {self.temperature.text}: its crust is {numbers.crust}{spot}.\n"
            f"It lost {lost}."
        )

    def table(self, numbers: Baked) -> Mapping[str, Any]:
        """The bill, a row for each thing that gave or cost points."""
        parts = numbers.bill.parts
        return {"part": [part.label for part in parts], "points": [part.points for part in parts]}

    def card(self, numbers: Baked) -> Card:
        """The best pizza so far that was baked here."""
        best = self.best or numbers
        pizza = best.pizza
        name = next((name for name, oven in OVENS.items() if oven == pizza.oven), pizza.oven.name)
        few = 0 < len(pizza.toppings) <= 3
        toppings = listed(pizza.toppings) if few else f"{len(pizza.toppings) or 'No'} toppings"
        words = f"{toppings}. {pizza.temperature:g} °C, {pizza.minutes:g} min, {name.lower()}."
        return Card(
            Out(pizza_symbol(pizza), f"{points(best.score)} points", words),
            heading="Your best so far",
            lone=True,
        )


# -- marks ---------------------------------------------------------------------------------------------------


def at_dose(pizza: Pizza, number: int) -> Pizza:
    """The same recipe, baked to one of `DOSES`."""
    minutes = pizza.oven.minutes_until_done(HOUSE_HEAT, pizza.load) * DOSES[number]
    return replace(pizza, temperature=HOUSE_HEAT, minutes=minutes)


def baking(numbers: Baked) -> tuple[list[Mark], list[Mark]]:
    """The pizza on show, and unseen the next paler and darker ones, so that a turn finds them ready.

    Between two doses both are shown, one on top of the other: colours change evenly, so a blend is what a
    dose between them looks like.
    """
    place = float(np.interp(math.log(max(numbers.dose, 1e-9)), np.log(DOSES), np.arange(len(DOSES))))
    lower, share = int(place), place - int(place)
    blend = [(lower, 1.0)] + ([(lower + 1, share)] if share > 0.004 else [])
    near = range(max(lower - AHEAD, 0), min(lower + AHEAD + 2, len(DOSES)))

    def image(number: int, opacity: float) -> Image:
        symbol = pizza_symbol(at_dose(numbers.pizza, number), "fine")
        return Image(None, *MIDDLE, SIDE, symbol, opacity=opacity, plate=number == lower)

    shown = [number for number, _ in blend]
    ahead = sorted((number for number in near if number not in shown), key=lambda number: abs(number - place))
    return [image(*one) for one in blend], [image(number, 0.0) for number in ahead]


def _dish() -> list[Mark]:
    """What a lasagne comes in."""
    x, y = MIDDLE
    bowl = rounded_square(1.0)
    handles = [(rounded_square(26.0) * (0.6, 1.6) + (x + side * SIDE / 2, y)) for side in (-1, 1)]
    outlines = [*handles, bowl * (SIDE / 2 + 1) + (x, y), bowl * (SIDE / 2 - 7) + (x, y)]
    return [Shapes(None, outlines, ["#8f3f2b", "#8f3f2b", "#b9573c", "#6f2f20"])]


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
        One of ``pizzatune.explore.bake_explorer.OVENS``.
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
    5.0 points of 10: a pizza with Ham and Olives.
    14 min at 205 °C: its crust is golden.
    It lost most to: ... too cool (...).
    """
    return BakeExplorer(temperature=temperature, minutes=minutes, oven=oven, toppings=toppings)
