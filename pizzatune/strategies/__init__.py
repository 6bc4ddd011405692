"""The strategies: five ways to choose what to try next, behind the same doors."""

from pizzatune.strategies.base import Exhausted, Strategy, Suggestion
from pizzatune.strategies.bayesian_optimization import BayesianOptimization
from pizzatune.strategies.genetic_algorithm import GeneticAlgorithm
from pizzatune.strategies.grid_search import GridSearch
from pizzatune.strategies.random_search import RandomSearch
from pizzatune.strategies.transfer_learning import TransferLearning

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
