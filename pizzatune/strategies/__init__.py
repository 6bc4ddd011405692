"""The strategies: five ways to choose what to try next, behind the same doors.

Each is loaded when it is first used, so that random search does not wait for the mathematics of the others.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from pizzatune.strategies.base import Exhausted, Strategy, Suggestion

if TYPE_CHECKING:
    from pizzatune.strategies.bayesian_optimization import BayesianOptimization
    from pizzatune.strategies.genetic_algorithm import GeneticAlgorithm
    from pizzatune.strategies.grid_search import GridSearch
    from pizzatune.strategies.random_search import RandomSearch
    from pizzatune.strategies.transfer_learning import TransferLearning

_FILE_OF = {
    "BayesianOptimization": "bayesian_optimization",
    "GeneticAlgorithm": "genetic_algorithm",
    "GridSearch": "grid_search",
    "RandomSearch": "random_search",
    "TransferLearning": "transfer_learning",
}

__all__ = [
    "BayesianOptimization",
    "Exhausted",
    "GeneticAlgorithm",
    "GridSearch",
    "RandomSearch",
    "Strategy",
    "Suggestion",
    "TransferLearning",
]


def __getattr__(name: str) -> Any:
    if name not in _FILE_OF:
        raise AttributeError(f"pizzatune.strategies has no {name!r}; it has {', '.join(__all__)}")
    return getattr(importlib.import_module(f"pizzatune.strategies.{_FILE_OF[name]}"), name)
