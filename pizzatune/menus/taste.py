"""What a pizza is, and how it tastes: one function from a whole pizza to a score from 0 to 10.

Flavours add up: the dough, the sauce, the cheese, each topping, each pair of things that go together or do
not. A topping baked too hot or too cool gives less. The bake then keeps a share of that flavour: nearly all
of it for a golden pizza that left the oven soon, next to nothing for a burnt one. `judge` says where every
point came from and where it went.

A mouthful holds three toppings. Where more lie on a pizza, each gives its share of three, and they steam.

All constants of the kitchen stand here and in `oven`; nothing else decides a score.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from types import MappingProxyType
from typing import Any, NamedTuple

from pizzatune.checks import did_you_mean, listed, real_number, shown
from pizzatune.menus.oven import BITE, HEAT_SCALE, HOT_SPOT_SHARE, PLAIN_OVEN, Oven, crust_cost, drying_cost

HOUSE_HEAT = 225.0
"""The temperature, in °C, at which the house bakes unless told otherwise."""

DOUGH = 2.5
"""Points for good dough, before anything lies on it."""

CROWDING = 0.7
"""Points that the second and the third topping cost each: a crowded pizza steams instead of baking."""

FEW = 3
"""Toppings that find room beside each other."""

HEAP = 11.0
"""Points that a heap of toppings costs at most: under it no dough bakes."""

HEAP_HALF = 6.0
"""The square of the toppings beyond those few at which half of `HEAP` is lost."""

MOST = 14.0
"""Points that a bill shows at most, given or lost: see `judge`."""

HEAT_COST = 3.8
"""Points that a topping loses when it is baked far from its best heat."""

HEAT_WIDTH = 20.0
"""°C from its best heat at which a topping has lost about four tenths of `HEAT_COST`."""

CAP_SHARPNESS = 4.0
"""How suddenly flavour is held at 0 and at 10; see `cap`."""


class Topping(NamedTuple):
    """Points that a topping gives at its best heat, and that heat in °C (of the oven, not of its dial)."""

    flavour: float
    best_heat: float


class Amount(NamedTuple):
    """Points that an amount of cheese gives, and how much heat such a pizza takes against a plain one's 1."""

    flavour: float
    load: float


class Crust(NamedTuple):
    """Points that a crust gives, how much heat it takes, and how sharply it answers to a wrong dose."""

    flavour: float
    load: float
    bite: float


TOPPINGS: Mapping[str, Topping] = MappingProxyType(
    {
        "Pepperoni": Topping(4.23, 205),
        "Ham": Topping(4.0, 219),
        "Sausage": Topping(4.5, 226),
        "Chicken": Topping(3.5, 194),
        "Bacon": Topping(2.36, 246),
        "Prosciutto": Topping(4.0, 232),
        "Chorizo": Topping(4.2, 244),
        "Prawns": Topping(3.6, 214),
        "Anchovies": Topping(1.0, 222),
        "Mushrooms": Topping(0.53, 214),
        "Pineapple": Topping(0.04, 250),
        "Green Peppers": Topping(0.46, 243),
        "Peppers": Topping(0.9, 238),
        "Spinach": Topping(0.2, 208),
        "Artichokes": Topping(0.4, 221),
        "Aubergines": Topping(0.9, 240),
        "Onions": Topping(1.12, 212),
        "Olives": Topping(0.49, 236),
        "Figs": Topping(0.1, 218),
        "Capers": Topping(0.2, 228),
        "Walnuts": Topping(0.2, 206),
        "Garlic": Topping(4.3, 196),
        "Clams": Topping(4.4, 322),
    }
)

SAUCES: Mapping[str, float] = MappingProxyType(
    {"Tomato": 1.0, "Marinara": 1.1, "Pesto": 0.8, "White": 0.7, "Alfredo": 0.6, "BBQ": 0.4}
)
"""Points that each sauce gives."""

CHEESES: Mapping[str, float] = MappingProxyType(
    {"Mozzarella": 1.5, "Cheddar": 1.1, "Parmesan": 1.0, "Swiss": 0.9, "Gorgonzola": 0.7, "No cheese": -1.5}
)
"""Points that each cheese gives; a pizza without is missing something."""

AMOUNTS: Mapping[str, Amount] = MappingProxyType(
    {"Mild": Amount(-0.5, 0.9), "Medium": Amount(0.0, 1.0), "Extra": Amount(0.4, 1.15)}
)

CRUSTS: Mapping[str, Crust] = MappingProxyType(
    {"Classic": Crust(0.0, 1.0, BITE), "Thin": Crust(0.2, 0.8, 5.0)}
)

# What goes together and what does not, in points. Toppings of the everyday pizzas leave each other alone.
PAIRINGS: Mapping[frozenset[str], float] = MappingProxyType(
    {
        frozenset(pair): points
        for pair, points in (
            # toppings with each other
            (("Prosciutto", "Figs"), 1.5),
            (("Prosciutto", "Artichokes"), 0.7),
            (("Artichokes", "Figs"), -0.2),
            (("Chorizo", "Peppers"), 0.6),
            (("Chorizo", "Aubergines"), 0.4),
            (("Chicken", "Spinach"), 0.4),
            (("Sausage", "Peppers"), 0.4),
            (("Anchovies", "Capers"), 0.9),
            (("Anchovies", "Pineapple"), -1.2),
            (("Aubergines", "Capers"), 0.5),
            (("Artichokes", "Olives"), 0.3),
            (("Spinach", "Walnuts"), 0.6),
            (("Sausage", "Figs"), -0.6),
            (("Pepperoni", "Figs"), -0.4),
            (("Ham", "Capers"), -0.3),
            (("Prawns", "Bacon"), 0.3),
            # toppings with a sauce
            (("Chicken", "BBQ"), 1.1),
            (("Bacon", "BBQ"), 0.8),
            (("Pineapple", "BBQ"), 0.7),
            (("Chicken", "Pesto"), 0.7),
            (("Chicken", "Alfredo"), 1.0),
            (("Mushrooms", "Alfredo"), 0.8),
            (("Mushrooms", "White"), 0.3),
            (("Spinach", "White"), 0.6),
            (("Prosciutto", "Pesto"), 0.8),
            (("Pepperoni", "Alfredo"), -0.5),
            (("Pepperoni", "BBQ"), -0.4),
            (("Sausage", "Pesto"), -0.3),
            (("Olives", "BBQ"), -0.7),
            # toppings with a cheese
            (("Ham", "Swiss"), 1.1),
            (("Mushrooms", "Swiss"), 0.6),
            (("Bacon", "Cheddar"), 0.6),
            (("Figs", "Gorgonzola"), 0.9),
            (("Walnuts", "Gorgonzola"), 0.7),
            (("Prosciutto", "Parmesan"), 0.6),
            (("Pineapple", "Gorgonzola"), -1.0),
            (("Anchovies", "Cheddar"), -0.8),
            # a sauce with a cheese
            (("Pesto", "Parmesan"), 0.6),
            (("BBQ", "Cheddar"), 0.5),
            (("BBQ", "Parmesan"), -0.6),
            (("White", "Gorgonzola"), 0.5),
            (("Tomato", "Swiss"), -0.4),
            (("Alfredo", "Parmesan"), 0.5),
        )
    }
)


@dataclass(frozen=True)
class Pizza:
    """A whole pizza, ready to be baked. What is not said is the house's way.

    Parameters
    ----------
    toppings : tuple of str
        Keys of `TOPPINGS`, each once; an empty tuple is a margherita.
    sauce, cheese, amount, crust : str
        A key of `SAUCES`, `CHEESES`, `AMOUNTS` (of cheese) and `CRUSTS`.
    temperature : float
        What the oven's dial shows, in °C, from 50 to 600.
    minutes : float or None
        Time in the oven, above 0 and at most a day; None bakes until it is done.
    oven : Oven
        The oven it is baked in.

    Raises
    ------
    ValueError
        If the kitchen does not know an ingredient, or a dial is outside its range.

    Examples
    --------
    >>> pizza = Pizza(toppings=("Sausage", "Mushrooms", "Bacon"))
    >>> round(taste(pizza), 2)
    8.55
    """

    toppings: tuple[str, ...] = ("Pepperoni",)
    sauce: str = "Tomato"
    cheese: str = "Mozzarella"
    amount: str = "Medium"
    crust: str = "Classic"
    temperature: float = HOUSE_HEAT
    minutes: float | None = None
    oven: Oven = PLAIN_OVEN

    def __post_init__(self) -> None:
        given: Any = self.toppings
        if isinstance(given, str) or not isinstance(given, Iterable):
            raise TypeError(f"toppings must be a list of names, got {shown(given)}; {listed(given)}")
        object.__setattr__(self, "toppings", tuple(given))
        for topping in self.toppings:
            _check_known("topping", topping, TOPPINGS)
        if len(set(self.toppings)) < len(self.toppings):
            raise ValueError(f"a pizza takes each topping once, got {list(self.toppings)}; drop one")
        _check_known("sauce", self.sauce, SAUCES)
        _check_known("cheese", self.cheese, CHEESES)
        _check_known("amount of cheese", self.amount, AMOUNTS)
        _check_known("crust", self.crust, CRUSTS)
        real_number("temperature", self.temperature, 50, 600, hint="in °C")
        if self.minutes is not None:
            real_number("minutes", self.minutes, 0, 1440, above=True, hint="None bakes until done")

    @property
    def load(self) -> float:
        """How much heat it takes, against a plain pizza's 1."""
        return AMOUNTS[self.amount].load * CRUSTS[self.crust].load

    @property
    def baked_minutes(self) -> float:
        """How long it stays in the oven: `minutes`, or as long as it takes to be done."""
        if self.minutes is None:
            return self.oven.minutes_until_done(self.temperature, self.load)
        return float(self.minutes)


class Part(NamedTuple):
    """One thing that gave a pizza points or cost it some."""

    label: str
    points: float


def taste(pizza: Pizza) -> float:
    """Score a pizza from 0 (inedible) to 10 (nothing to wish for).

    The score is deterministic, and smooth in temperature, minutes and the oven's character.

    Parameters
    ----------
    pizza : Pizza
        The pizza, baked as it says.

    Returns
    -------
    float
        Points of 10; higher is better.

    Examples
    --------
    >>> round(taste(Pizza(("Pepperoni",), temperature=195)), 1)
    8.2
    >>> burnt = Pizza(("Pepperoni",), temperature=225, minutes=30)
    >>> round(taste(burnt), 1)
    0.4
    """
    return _flavour(_recipe(pizza)) * math.exp(-_crust_cost(pizza) - _drying_cost(pizza))


def judge(pizza: Pizza) -> tuple[Part, ...]:
    """Say what gave a pizza its points and what cost it some.

    Parameters
    ----------
    pizza : Pizza
        The pizza, baked as it says.

    Returns
    -------
    tuple of Part
        Label and points, in the order of making the pizza. The points sum to ``taste(pizza)``, up to rounding
        in the fifteenth digit. Where all that is good gives more than 14, its parts shrink alike, and so do
        the costs of flavour, which also never take more than there is.

    Examples
    --------
    >>> for part in judge(Pizza(("Sausage",), temperature=200)):
    ...     print(f"{part.points:+.2f} {part.label}")
    +2.50 Dough
    +1.00 Tomato
    +1.50 Mozzarella
    +4.50 Sausage
    -2.17 Sausage, too cool
    -0.00 No pizza is above 10
    -0.43 Drying out
    """
    parts = list(_flavours(_recipe(pizza)))
    added = math.fsum(part.points for part in parts)
    flavour = cap(added)
    evenly = flavour * math.exp(-_crust_cost(pizza, hot_spot=False))
    baked = flavour * math.exp(-_crust_cost(pizza))
    served = baked * math.exp(-_drying_cost(pizza))
    if added > 5:
        parts.append(Part("No pizza is above 10", flavour - added))
    parts = [
        *_within(parts, flavour),
        Part("Pale crust" if doneness(pizza) < 1 else "Burnt crust", evenly - flavour),
        Part("Hot spot", baked - evenly),
        Part("Drying out", served - baked),
    ]
    return tuple(part for part in parts if part.points)


def doneness(pizza: Pizza, *, in_hot_spot: bool = False) -> float:
    """Tell how far a pizza is baked: 0 is raw dough, 1 is golden, 2 and more is burnt.

    Parameters
    ----------
    pizza : Pizza
        The pizza, baked as it says.
    in_hot_spot : bool
        Ask about the quarter that sits in the oven's hot spot.

    Returns
    -------
    float
        The thermal dose, in doses that make a golden crust.

    Examples
    --------
    >>> pale, golden = Pizza(temperature=225, minutes=5.5), Pizza(temperature=225, minutes=11)
    >>> doneness(pale), doneness(golden)
    (0.5, 1.0)
    """
    dose = math.exp(pizza.oven.log_dose(pizza.temperature, pizza.baked_minutes, pizza.load))
    return dose * math.exp(pizza.oven.hot_spot_at(pizza.temperature) / HEAT_SCALE) if in_hot_spot else dose


def cap(points: float) -> float:
    """Hold points between 0 and 10 without a kink: from 1 to 9 they stay what they are, to within 0.005.

    Examples
    --------
    >>> round(cap(5.0), 6), round(cap(9.8), 2), round(cap(14.0), 2), round(cap(-3.0), 2)
    (5.0, 9.71, 10.0, 0.0)
    """
    return _hinge(points) - _hinge(points - 10.0)


def wrong_heat(topping: str, heat: float) -> float:
    """Tell how many points a topping loses at a true `heat` in °C: none at its best, never over `HEAT_COST`.

    Examples
    --------
    >>> wrong_heat("Pepperoni", 205), round(wrong_heat("Pepperoni", 225), 2)
    (0.0, 1.5)
    """
    off = (heat - TOPPINGS[topping].best_heat) / HEAT_WIDTH
    return HEAT_COST * (1.0 - math.exp(-0.5 * off * off))


def pairing(one: str, other: str) -> float:
    """Tell how many points two ingredients give together beyond what each gives alone: 0 for most.

    Examples
    --------
    >>> pairing("Anchovies", "Capers"), pairing("Capers", "Anchovies"), pairing("Anchovies", "Pineapple")
    (0.9, 0.9, -1.2)
    """
    return PAIRINGS.get(frozenset((one, other)), 0.0)


def _within(parts: list[Part], flavour: float) -> list[Part]:
    """The same parts, shrunk so that they give at most `MOST`, and what is lost leaves `flavour`."""
    given = math.fsum(part.points for part in parts if part.points > 0)
    lost = -math.fsum(part.points for part in parts if part.points < 0)
    most = min(given, MOST) if lost else flavour
    gave, cost = most / given, (most - flavour) / lost if lost else 0.0
    return [Part(label, points * (gave if points > 0 else cost)) for label, points in parts]


class _Recipe(NamedTuple):
    """What flavour depends on: what is on the pizza, its crust, and the true heat."""

    toppings: tuple[str, ...]
    sauce: str
    cheese: str
    amount: str
    crust: str
    heat: float


def _recipe(pizza: Pizza) -> _Recipe:
    heat = pizza.oven.temperature(pizza.temperature)
    return _Recipe(pizza.toppings, pizza.sauce, pizza.cheese, pizza.amount, pizza.crust, heat)


@lru_cache(maxsize=1024)  # a map bakes each temperature for many lengths of time
def _flavour(recipe: _Recipe) -> float:
    return cap(math.fsum(part.points for part in _flavours(recipe)))


def _flavours(recipe: _Recipe) -> Iterator[Part]:
    """What adds up before the bake takes its share."""
    yield Part("Dough", DOUGH)
    if crust := CRUSTS[recipe.crust].flavour:
        yield Part(f"{recipe.crust} crust", crust)
    yield Part(recipe.sauce, SAUCES[recipe.sauce])
    yield Part(recipe.cheese, CHEESES[recipe.cheese])
    if amount := AMOUNTS[recipe.amount].flavour:
        yield Part(f"{recipe.amount} amount of cheese", amount)
    many = len(recipe.toppings)
    room = FEW / max(many, FEW)
    for topping in recipe.toppings:
        yield Part(topping, room * TOPPINGS[topping].flavour)
        wrong = "cool" if recipe.heat < TOPPINGS[topping].best_heat else "hot"
        yield Part(f"{topping}, too {wrong}", -room * wrong_heat(topping, recipe.heat))
    if many > 1:
        heap = max(0, many - FEW) ** 2
        beside = CROWDING * (min(many, FEW) - 1)
        yield Part("Crowding", -beside - HEAP * heap / (heap + HEAP_HALF))
    for one, other in combinations((*recipe.toppings, recipe.sauce, recipe.cheese), 2):
        if points := pairing(one, other):
            yield Part(f"{one} with {other}", points * (1.0 if one == recipe.sauce else room))


def _crust_cost(pizza: Pizza, hot_spot: bool = True) -> float:
    """What a pale or burnt crust costs, over the whole pizza or as if it baked evenly."""
    bite = CRUSTS[pizza.crust].bite
    log_dose = pizza.oven.log_dose(pizza.temperature, pizza.baked_minutes, pizza.load)
    evenly = crust_cost(log_dose, bite)
    hotter = pizza.oven.hot_spot_at(pizza.temperature) if hot_spot else 0.0
    if not hotter:
        return evenly
    return (1.0 - HOT_SPOT_SHARE) * evenly + HOT_SPOT_SHARE * crust_cost(log_dose + hotter / HEAT_SCALE, bite)


def _drying_cost(pizza: Pizza) -> float:
    return drying_cost(pizza.baked_minutes, pizza.oven.dryness)


def _hinge(x: float) -> float:
    """A smooth max(x, 0)."""
    return max(x, 0.0) + math.log1p(math.exp(-CAP_SHARPNESS * abs(x))) / CAP_SHARPNESS


def _check_known(kind: str, name: str, table: Mapping[str, object]) -> None:
    if not isinstance(name, str) or name not in table:
        hint = did_you_mean(name, table, f"choose one of {', '.join(table)}")
        raise ValueError(f"the kitchen knows no {kind} {shown(name)}; {hint}")
