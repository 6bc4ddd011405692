"""Explorers: turn the knobs of a strategy in a notebook, and watch the same code answer.

Each function opens one. Turning it by hand needs a notebook, turning it from Python does not: what is on the
screen is also in ``.data``, ``.reading`` and ``.to_frame()``. The module `frame` says how to write another.
"""

from __future__ import annotations

from pizzatune.explore.bake import bake
from pizzatune.explore.bayesian import bayesian
from pizzatune.explore.genetic import genetic
from pizzatune.explore.grid import grid
from pizzatune.explore.random import random
from pizzatune.explore.transfer import transfer

__all__ = ["bake", "bayesian", "genetic", "grid", "random", "transfer"]
