"""Explorers: turn the knobs of a strategy in a notebook, and watch the same code answer.

Each function opens one. Turning it by hand needs a notebook, turning it from Python does not: what is on the
screen is also in ``.data``, ``.reading`` and ``.to_frame()``. The module `frame` says how to write another.

Each explorer is loaded when it is first opened, so that those without a model of the scores do not hold the
mathematics of those with one in memory.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pizzatune.explore.bake import bake
    from pizzatune.explore.bayesian import bayesian
    from pizzatune.explore.genetic import genetic
    from pizzatune.explore.grid import grid
    from pizzatune.explore.history import history
    from pizzatune.explore.menu import menu
    from pizzatune.explore.random import random
    from pizzatune.explore.transfer import transfer

__all__ = ["bake", "bayesian", "genetic", "grid", "history", "menu", "random", "transfer"]


class _Doors(ModuleType):
    """Keeps the function `bake` where Python would put the module `bake` once that is imported."""

    def __setattr__(self, name: str, value: Any) -> None:
        is_room = name in __all__ and isinstance(value, ModuleType)
        super().__setattr__(name, getattr(value, name) if is_room else value)


sys.modules[__name__].__class__ = _Doors


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"pizzatune.explore has no {name!r}; its explorers are {', '.join(__all__)}")
    importlib.import_module(f"{__name__}.{name}")
    return globals()[name]


def __dir__() -> list[str]:
    return sorted(__all__)
