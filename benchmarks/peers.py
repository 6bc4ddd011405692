"""What others have built, as entrants: each is called with ``(space, seed=)`` and has `ask` and `tell`.

Each runs with the settings that its documentation gives as defaults, or uses in its first example where
there are no defaults (`PEERS` says which). A dial is handed over as the peer's own kind of it: an ordered
option or a step as a whole number, a log dial as one where the peer knows such, else on the scale from 0 to
1 on which it turns evenly. An import happens when an entrant is made, so that one that is not installed
only costs its own line.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from benchmarks.peer import Entry
from benchmarks.peers_evolution import Deap, Nevergrad, Pygad, Pymoo
from benchmarks.peers_models import (
    BayesOpt,
    Hyperopt,
    Optuna,
    OptunaGrid,
    SklearnGrid,
    SklearnRandom,
    Skopt,
)
from benchmarks.peers_platforms import Ax, Smac


def _optuna(family: str, sampler: str, settings: str = "defaults", **how: Any) -> Entry:
    needs = "torch" if sampler == "GPSampler" else ""
    return Entry(
        "optuna", family, partial(Optuna, sampler=sampler, **how), f"{sampler}, {settings}", needs=needs
    )


PEERS: dict[str, Entry] = {
    "optuna random": _optuna("random", "RandomSampler"),
    "optuna qmc": _optuna("random", "QMCSampler", warn_independent_sampling=False),
    "sklearn random": Entry("scikit-learn", "random", SklearnRandom, "ParameterSampler"),
    "optuna grid": Entry("optuna", "grid", OptunaGrid, "GridSampler (random order), up to 5 values a dial"),
    "sklearn grid": Entry("scikit-learn", "grid", SklearnGrid, "ParameterGrid, up to 5 values a dial"),
    "optuna tpe": _optuna("model", "TPESampler"),
    "optuna cmaes": _optuna("model", "CmaEsSampler", warn_independent_sampling=False),
    "optuna nsga2": _optuna("genetic", "NSGAIISampler"),
    "optuna nsga2 (10)": _optuna("genetic", "NSGAIISampler", "population of 10", population_size=10),
    "deap": Entry(
        "deap", "genetic", Deap, "eaSimple, 10 pizzas, cxTwoPoint 0.5, mutGaussian 0.2, tournament of 3"
    ),
    "pygad": Entry("pygad", "genetic", Pygad, "8 solutions, 4 parents, else defaults"),
    "pymoo": Entry("pymoo", "genetic", Pymoo, "MixedVariableGA, population of 10"),
    "nevergrad portfolio": Entry(
        "nevergrad",
        "genetic",
        partial(Nevergrad, optimizer="PortfolioDiscreteOnePlusOne"),
        "PortfolioDiscreteOnePlusOne",
    ),
    "nevergrad ngopt": Entry("nevergrad", "model", partial(Nevergrad, optimizer="NGOpt"), "NGOpt"),
    "hyperopt tpe": Entry("hyperopt", "model", Hyperopt, "tpe.suggest, defaults"),
    "optuna gp": _optuna("model", "GPSampler"),
    "scikit-optimize": Entry("scikit-optimize", "model", Skopt, "gp_minimize, defaults", slow=True),
    "bayesian-optimization": Entry(
        "bayesian-optimization", "model", BayesOpt, "5 random points, else defaults", slow=True
    ),
    "smac": Entry("smac", "model", Smac, "BlackBoxFacade, defaults", slow=True),
    "ax": Entry("ax-platform", "model", Ax, "Client, defaults", slow=True),
}
