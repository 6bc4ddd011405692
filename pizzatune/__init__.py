"""Learn hyperparameter tuning with pizza: a simulated kitchen, five strategies, and tools to watch them work.

The public names are loaded when first used, so that importing pizzatune costs little more than numpy.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from pizzatune._version import __version__

if TYPE_CHECKING:
    from pizzatune import explore, lessons, menus, plots
    from pizzatune.parameters import Choice, Integer, Ordered, Real
    from pizzatune.racing import race
    from pizzatune.result import Result
    from pizzatune.space import Space
    from pizzatune.store import load
    from pizzatune.strategies.base import Exhausted
    from pizzatune.strategies.bayesian_optimization import BayesianOptimization
    from pizzatune.strategies.genetic_algorithm import GeneticAlgorithm
    from pizzatune.strategies.grid_search import GridSearch
    from pizzatune.strategies.random_search import RandomSearch
    from pizzatune.strategies.transfer_learning import TransferLearning
    from pizzatune.trial import Trial
    from pizzatune.tuning import tune

_ROOM_OF = {
    "BayesianOptimization": "pizzatune.strategies.bayesian_optimization",
    "Choice": "pizzatune.parameters",
    "Exhausted": "pizzatune.strategies.base",
    "GeneticAlgorithm": "pizzatune.strategies.genetic_algorithm",
    "GridSearch": "pizzatune.strategies.grid_search",
    "Integer": "pizzatune.parameters",
    "Ordered": "pizzatune.parameters",
    "RandomSearch": "pizzatune.strategies.random_search",
    "Real": "pizzatune.parameters",
    "Result": "pizzatune.result",
    "Space": "pizzatune.space",
    "TransferLearning": "pizzatune.strategies.transfer_learning",
    "Trial": "pizzatune.trial",
    "load": "pizzatune.store",
    "race": "pizzatune.racing",
    "tune": "pizzatune.tuning",
}
_ROOMS = ("explore", "lessons", "menus", "plots")

__all__ = [
    "BayesianOptimization",
    "Choice",
    "Exhausted",
    "GeneticAlgorithm",
    "GridSearch",
    "Integer",
    "Ordered",
    "RandomSearch",
    "Real",
    "Result",
    "Space",
    "TransferLearning",
    "Trial",
    "__version__",
    "explore",
    "lessons",
    "load",
    "menus",
    "plots",
    "race",
    "tune",
]


def __getattr__(name: str) -> Any:
    if name in _ROOM_OF:
        value = getattr(importlib.import_module(_ROOM_OF[name]), name)
    elif name in _ROOMS:
        value = importlib.import_module(f"pizzatune.{name}")
    else:
        raise AttributeError(f"pizzatune has no {name!r}; its public names are {', '.join(__all__)}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
