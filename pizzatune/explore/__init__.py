"""Explorers: turn the knobs of a strategy in a notebook, and watch the same code answer.

Each function opens one. Turning it by hand needs a notebook, turning it from Python does not: what is on
the screen is also in ``.data``, ``.reading`` and ``.to_frame()``. The module `explorer` says how to write
another.

Each explorer is loaded when it is first opened, so that those without a model of the scores do not hold the
mathematics of those with one in memory.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pizzatune.explore.bake_explorer import bake
    from pizzatune.explore.bayesian_explorer import bayesian
    from pizzatune.explore.genetic_explorer import genetic
    from pizzatune.explore.grid_explorer import grid
    from pizzatune.explore.history_explorer import history
    from pizzatune.explore.menu_explorer import menu
    from pizzatune.explore.random_explorer import random
    from pizzatune.explore.transfer_explorer import transfer

__all__ = ["bake", "bayesian", "genetic", "grid", "history", "menu", "random", "transfer"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"pizzatune.explore has no {name!r}; its explorers are {', '.join(__all__)}")
    door = getattr(importlib.import_module(f"{__name__}.{name}_explorer"), name)
    globals()[name] = door
    return door


def __dir__() -> list[str]:
    return sorted(__all__)
