"""Pictures of searches and of pizzas, drawn with matplotlib.

Every function takes `ax` and draws there, or opens a figure of its own, and returns the axes. None calls
``show`` or changes a global setting. `readings` has for each picture a function of the same name
that reads it aloud in a sentence or two.
"""

from __future__ import annotations

from pizzatune.plots import readings
from pizzatune.plots.families import family_tree
from pizzatune.plots.maps import map, ovens
from pizzatune.plots.pizzas import pizza, pizza_row, what_it_cost
from pizzatune.plots.races import race
from pizzatune.plots.searches import best_so_far, parameter
from pizzatune.plots.slices import gp_slice

__all__ = [
    "best_so_far",
    "family_tree",
    "gp_slice",
    "map",
    "ovens",
    "parameter",
    "pizza",
    "pizza_row",
    "race",
    "readings",
    "what_it_cost",
]
