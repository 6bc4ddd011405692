"""What the chef says of a pizza just out of the oven: a few words, the same ones for the same pizza."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from pizzatune.explore.explorer import Out
from pizzatune.menus.taste import Pizza, doneness, taste
from pizzatune.pictures.pizza import pizza_symbol
from pizzatune.words import points

RAW = Pizza((), minutes=0.2)
CROWD = 7  # toppings that no longer fit on a pizza
FAILED = ("The oven bit back.", "We do not speak of it.")
CROWDED = ("This is a lasagne, signore.", "Where is the pizza?")
PINEAPPLE = ("Pineapple. I saw nothing.", "Pineapple, and yet: bravo.")  # a poor one, a good one

BY_DOSE = (
    # Up to which dose of heat, and what is said then; a golden crust is left to the score.
    (0.35, ("It is still dough.", "Has it met the oven?", "Bring a spoon.")),
    (0.65, ("It needs a holiday.", "Pale. Very pale.", "A shy little crust.")),
    (1.45, ()),
    (2.0, ("A bit of a suntan.", "Scrape, then pray.", "Smoky. Very smoky.")),
    (np.inf, ("Charcoal, signore.", "A fine roof tile.", "Good to draw with.")),
)
BY_SCORE = (
    (1.0, ("Nonna is crying.", "Brave. Very brave.", "Even the dog said no.")),
    (3.0, ("For your enemies.", "One bite, for science.", "The bin is that way.")),
    (5.0, ("It is round, at least.", "Students would eat it.", "Hungry people exist.")),
    (6.5, ("Fine, for a Monday.", "Almost Italian.", "I have had worse.")),
    (8.0, ("Now we are talking.", "I would finish it.", "Good. Once more!")),
    (9.0, ("Nonna nods.", "Bravo! Very nearly.", "I would pay for this.")),
    (np.inf, ("Mamma mia!", "Marry me, pizza.", "Hang it in the Louvre.")),
)
GOOD = 8.0  # points from which nobody minds a crust, or pineapple


def chef_says(score: float | None, dose: float = 1.0, toppings: Sequence[str] = ()) -> str:
    """The chef's verdict on a pizza, in at most some 28 letters.

    Parameters
    ----------
    score : float or None
        Points of 10; None for a pizza that failed.
    dose : float
        Heat it got, as `pizzatune.menus.doneness` tells it; 1 is golden.
    toppings : sequence of str
        What lies on it. Different pizzas may get different words of the same kind.

    Examples
    --------
    >>> chef_says(0.2, dose=3.1), chef_says(9.4), chef_says(7.0) == chef_says(7.0)
    ('Charcoal, signore.', 'Mamma mia!', True)
    >>> chef_says(4.0, toppings=["Pineapple"])
    'Pineapple. I saw nothing.'
    """
    score = None if score is None else round(score, 1)  # what reads the same is told the same
    which = zlib.crc32(repr(tuple(toppings)).encode()) if toppings else 0
    words: tuple[str, ...]
    if score is None:
        words = FAILED
    elif len(toppings) >= CROWD:
        words = CROWDED
    elif score < GOOD and (baked := _up_to(BY_DOSE, dose)):
        words = baked
    elif "Pineapple" in toppings:
        return PINEAPPLE[score >= GOOD]
    else:
        words = _up_to(BY_SCORE, score)
    return words[which % len(words)]


def served(pizza: Pizza, score: float | None = None) -> Out:
    """A pizza as a card shows it: drawn as it comes out of the oven, its points, and the verdict.

    `score` is the kitchen's own by default; give it where another one counts, such as a noisy one.

    Examples
    --------
    >>> served(Pizza(("Sausage",), temperature=225)).score
    '9.2 points'
    """
    score = taste(pizza) if score is None else score
    words = chef_says(score, doneness(pizza), pizza.toppings)
    return Out(pizza_symbol(pizza), f"{points(score)} points", words)


def nothing_yet(score: str = "No pizza yet", words: str = "The oven is hot.") -> Out:
    """Raw dough, and what to say beside it, as long as nothing was baked."""
    return Out(pizza_symbol(RAW), score, words)


def _up_to(table: Sequence[tuple[float, tuple[str, ...]]], value: float) -> tuple[str, ...]:
    """The words of the first row whose limit is above a value."""
    return next((words for limit, words in table if value < limit), table[-1][1])
