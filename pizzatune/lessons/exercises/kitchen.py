"""Exercises of lesson 00: serve a good pizza, and run the loop by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pizzatune.lessons.exercise import Exercise, Mistake
from pizzatune.lessons.front_door import Thing
from pizzatune.menus.taste import Pizza, doneness, taste
from pizzatune.strategies.base import Strategy
from pizzatune.strategies.random_search import RandomSearch

GOOD = 8.0  # points from which a pizza may be served
TURNS = 10  # pizzas that the loop of the second exercise bakes


def _is_pizza(answer: Any) -> bool:
    return isinstance(answer, Pizza)


def _told(answer: Any) -> int:
    """How many pizzas a strategy was told about."""
    return len(answer.trials) if isinstance(answer, Strategy) else 0


def _after(turns: int, told: bool = True) -> Strategy:
    """A strategy after so many turns of the loop."""
    from pizzatune.menus.tricky import cool_kitchen

    menu = cool_kitchen()
    strategy = RandomSearch(menu.space, seed=1)
    for _ in range(turns):
        params = strategy.ask()
        if told:
            strategy.tell(params, menu.taste(params))
    return strategy


STARTERS = (
    """\
by_hand = pt.RandomSearch(menu.space, seed=1)
for _ in range(10):
    params = by_hand.ask()
    by_hand.tell(params, menu.taste(params))

pt.lessons.check("kitchen.loop", by_hand)
""",
    """\
by_hand = pt.RandomSearch(menu.space, seed=1)
for _ in range(10):
    params = by_hand.ask()

pt.lessons.check("kitchen.loop", by_hand)
""",
    """\
by_hand = pt.RandomSearch(menu.space, seed=1)
for _ in range(10):
    ...

pt.lessons.check("kitchen.loop", by_hand)
""",
)
"""Complete, with something missing, and empty."""


EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        name="kitchen.serve",
        task="Bake a pizza of your own with two toppings or more that gets 8 points or more.",
        right=lambda answer: _is_pizza(answer) and len(answer.toppings) >= 2 and taste(answer) >= GOOD,
        kind='a pizza, such as pt.menus.Pizza(("Ham", "Figs"), temperature=220, minutes=10)',
        reference=Pizza(("Sausage", "Mushrooms"), temperature=220, minutes=11),
        door=Thing(Pizza),
        because="Toppings that go together, and a crust that had its time. You found it by turning dials.",
        mistakes=(
            Mistake(
                lambda answer: isinstance(answer, str),
                "that is a text. Take the quotes off around pt.menus.Pizza(...); its toppings keep theirs.",
                "M1",
                'pt.menus.Pizza(("Ham", "Figs"))',
            ),
            Mistake(
                lambda answer: isinstance(answer, Mapping),
                "those are dials. Put them into pt.menus.Pizza(toppings, temperature=..., minutes=...).",
                "M1",
                {"toppings": ("Ham",), "temperature": 220},
            ),
            Mistake(
                lambda answer: _is_pizza(answer) and len(answer.toppings) < 2,
                "the guests want two toppings at least. Write them in brackets, with a comma between.",
                "M1",
                Pizza(("Sausage",), temperature=225),
            ),
            Mistake(
                lambda answer: _is_pizza(answer) and doneness(answer) < 0.8,
                "it is still pale. Give it a hotter oven, or more minutes.",
                "M1",
                Pizza(("Ham", "Figs"), temperature=180, minutes=5),
            ),
            Mistake(
                lambda answer: _is_pizza(answer) and doneness(answer) > 1.3,
                "it is too dark. Give it a cooler oven, or fewer minutes.",
                "M1",
                Pizza(("Ham", "Figs"), temperature=280, minutes=20),
            ),
            Mistake(
                lambda answer: _is_pizza(answer) and len(answer.toppings) > 3,
                "so many toppings crowd each other. Take some off.",
                "M1",
                Pizza(("Ham", "Figs", "Bacon", "Olives", "Mushrooms"), temperature=220, minutes=11),
            ),
            Mistake(
                lambda answer: _is_pizza(answer) and taste(answer) < GOOD,
                "the crust is golden, but the toppings cost too much. Try others; the explorer's bars tell.",
                "M1",
                Pizza(("Pineapple", "Olives"), temperature=220, minutes=12),
            ),
        ),
        hints=(
            "Find it in the explorer first: put toppings on, and turn the dials until the crust is golden.",
            "About 220 °C and 11 minutes give a golden crust. Sausage is a topping that likes this heat.",
            'Try pt.menus.Pizza(("Sausage", "Mushrooms"), temperature=220, minutes=11).',
        ),
    ),
    Exercise(
        name="kitchen.loop",
        task="Let the strategy bake ten pizzas: ask it, taste what it asks for, and tell it the score.",
        right=lambda answer: _told(answer) >= TURNS,
        kind="the strategy, after ten turns",
        reference=_after(TURNS),
        starters=STARTERS,
        door=Thing(Strategy),
        because="That is all that pt.tune does: ask, taste, tell, until the budget is spent.",
        mistakes=(
            Mistake(
                lambda answer: isinstance(answer, Strategy) and not _told(answer) and not answer.pending,
                "it was asked nothing yet. Inside the loop, begin with params = strategy.ask().",
                "M1",
                _after(0),
            ),
            Mistake(
                lambda answer: isinstance(answer, Strategy) and bool(answer.pending),
                "it was asked, but it waits for the score. Say strategy.tell(params, menu.taste(params)).",
                "M1",
                _after(TURNS, told=False),
            ),
            Mistake(
                lambda answer: 0 < _told(answer) < TURNS,
                "the loop works. But ten pizzas were ordered: let it turn ten times.",
                "M1",
                _after(3),
            ),
            Mistake(
                lambda answer: isinstance(answer, type) and issubclass(answer, Strategy),
                "that is the kind of strategy. Pass the one you asked: strategy.",
                "M1",
                RandomSearch,
            ),
        ),
        hints=(
            "Three words belong into the loop: ask, taste, tell.",
            "params = strategy.ask() gives you the pizza to bake. menu.taste(params) bakes and tastes it.",
            "The last line of the loop is strategy.tell(params, menu.taste(params)).",
        ),
    ),
)
