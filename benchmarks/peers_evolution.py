"""Peers that breed: nevergrad, DEAP, pymoo and pygad."""

from __future__ import annotations

import math
import random
import sys
import threading
import warnings
from collections.abc import Generator
from functools import partial
from queue import Queue
from typing import Any

import numpy as np

from benchmarks.peer import REJECTIONS, TRIALS, Peer, at, clicks, is_choice
from pizzatune.parameters import Ordered
from pizzatune.space import Params, Space


class Nevergrad(Peer):
    """Any of nevergrad's optimizers, which is told how many trials there will be."""

    constrained = True

    def __init__(self, space: Space, *, seed: int, optimizer: str, trials: int = TRIALS) -> None:
        self.name, self.count = optimizer, trials
        super().__init__(space, seed=seed)

    def start(self) -> None:
        ng = import_nevergrad()

        def variable(dial: Any) -> Any:
            if is_choice(dial):
                return ng.p.Choice(list(range(len(dial.options))))
            if isinstance(dial, Ordered):
                return ng.p.TransitionChoice(list(range(len(dial.options))))
            if dial.codes is not None:
                return ng.p.Scalar(lower=0, upper=len(dial.codes) - 1).set_integer_casting()
            return (ng.p.Log if dial.log else ng.p.Scalar)(lower=dial.low, upper=dial.high)

        variables = ng.p.Dict(
            **{dial.name: variable(dial) for dial in self.space.parameters if dial.size > 1}
        )
        variables.random_state = np.random.RandomState(self.seed)
        where = self.space.where
        if where is not None:
            variables.register_cheap_constraint(lambda value: bool(where(self._params(value))))
        self.optimizer = ng.optimizers.registry[self.name](variables, budget=self.count)

    def _params(self, value: Any) -> Params:
        def of(dial: Any) -> Any:
            if clicks(dial) is None:
                return float(np.clip(value[dial.name], dial.low, dial.high))
            return at(dial, np.clip(value.get(dial.name, 0), 0, clicks(dial) - 1))

        return {dial.name: of(dial) for dial in self.space.parameters}

    def ask(self) -> Params:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # it says which of its optimizers it picks, and when a draw was ruled out
            for _ in range(REJECTIONS):
                self.candidate = self.optimizer.ask()
                params = self._params(self.candidate.value)
                if self.space.where is None or self.space.where(params):
                    return params
                self.optimizer.tell(self.candidate, math.inf)
        raise RuntimeError(f"{REJECTIONS} suggestions in a row were ruled out")

    def tell(self, params: Params, score: float) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.optimizer.tell(self.candidate, -score)


def import_nevergrad() -> Any:
    """nevergrad, without the bayesian-optimization it is pinned to: it needs 1.4, we race today's release."""
    if "nevergrad" not in sys.modules:
        hidden = {name: sys.modules.pop(name) for name in [*sys.modules] if name.split(".")[0] == "bayes_opt"}
        sys.modules["bayes_opt"] = None  # type: ignore[assignment]  # makes importing it a ModuleNotFoundError
        try:
            import nevergrad
        finally:
            del sys.modules["bayes_opt"]
            sys.modules.update(hidden)
    import nevergrad

    return nevergrad


class Generations(Peer):
    """A search written as a generator that yields params and is sent their score."""

    def start(self) -> None:
        self.search = self.generations()
        self.next: Params | None = next(self.search)

    def generations(self) -> Generator[Params, float, None]:
        raise AssertionError("each peer has its own")

    def ask(self) -> Params:
        if self.next is None:
            raise StopIteration
        return self.next

    def tell(self, params: Params, score: float) -> None:
        self.next = self.search.send(score)

    def of_unit(self, genes: Any) -> Params:
        """Params for genes from 0 to 1: each value of a dial has the same share of it."""
        row = [
            dial.spread(np.clip([gene], 0, 1))[0]
            for dial, gene in zip(self.space.parameters, genes, strict=True)
        ]
        return self.space.decode(row)


class Deap(Generations):
    """DEAP's `eaSimple` with the chances of its first example, and a population that fits so few trials."""

    population, crossing, mutating = 10, 0.5, 0.2

    def generations(self) -> Generator[Params, float, None]:
        from deap import algorithms, base, creator, tools

        if not hasattr(creator, "Pizza"):
            creator.create("Fitness", base.Fitness, weights=(1.0,))
            creator.create("Pizza", list, fitness=creator.Fitness)
        random.seed(self.seed)  # DEAP draws from the generator of the standard library
        toolbox = base.Toolbox()
        toolbox.register("mate", tools.cxTwoPoint if len(self.space) > 1 else lambda one, other: (one, other))
        toolbox.register("mutate", tools.mutGaussian, mu=0.0, sigma=0.2, indpb=max(0.2, 1 / len(self.space)))
        toolbox.register("select", tools.selTournament, tournsize=3)
        pizzas = [
            creator.Pizza(random.random() for _ in self.space.parameters) for _ in range(self.population)
        ]
        while True:
            for pizza in pizzas:
                if not pizza.fitness.valid:
                    score = yield self.of_unit(pizza)
                    pizza.fitness.values = (score,)
            chosen = toolbox.select(pizzas, len(pizzas))
            pizzas = algorithms.varAnd(
                [toolbox.clone(pizza) for pizza in chosen], toolbox, self.crossing, self.mutating
            )


class Pymoo(Generations):
    """pymoo's genetic algorithm for dials of several kinds, with the population of ten of its example."""

    def generations(self) -> Generator[Params, float, None]:
        from pymoo.core.evaluator import Evaluator
        from pymoo.core.mixed import MixedVariableGA
        from pymoo.core.problem import Problem
        from pymoo.core.variable import Choice as Options
        from pymoo.core.variable import Integer, Real
        from pymoo.problems.static import StaticProblem

        def variable(dial: Any) -> Any:
            count = clicks(dial)
            if count is None:
                return Real(bounds=(0.0, 1.0))
            return Options(options=list(range(count))) if is_choice(dial) else Integer(bounds=(0, count - 1))

        dials = [dial for dial in self.space.parameters if dial.size > 1]
        problem = Problem(vars={dial.name: variable(dial) for dial in dials}, n_obj=1)
        algorithm = MixedVariableGA(pop_size=10)
        algorithm.setup(problem, termination=("n_gen", 10**6), seed=self.seed, verbose=False)
        while True:
            offspring = algorithm.ask()
            losses = []
            for genes in offspring.get("X"):
                score = yield self._params(genes)
                losses.append([-score])
            Evaluator().eval(StaticProblem(problem, F=np.array(losses)), offspring)
            algorithm.tell(infills=offspring)

    def _params(self, genes: Any) -> Params:
        def of(dial: Any) -> Any:
            if clicks(dial) is None:
                return dial.decode(float(genes[dial.name]))
            return at(dial, genes.get(dial.name, 0))

        return {dial.name: of(dial) for dial in self.space.parameters}


class _Over(BaseException):
    """Ends a search that runs in a thread."""


class Pygad(Peer):
    """pygad, with the eight solutions and four parents of its first example.

    It calls its fitness function and cannot be asked, so it runs in a thread and waits there for each score.
    """

    def start(self) -> None:
        self.asked: Queue[Any] = Queue()
        self.told: Queue[Any] = Queue()
        run = partial(_evolve, self._genes(), self.seed, self.asked, self.told)
        threading.Thread(target=run, daemon=True).start()

    def _genes(self) -> list[Any]:
        counts = [clicks(dial) for dial in self.space.parameters]
        return [{"low": 0.0, "high": 1.0} if count is None else list(range(count)) for count in counts]

    def ask(self) -> Params:
        genes = self.asked.get(timeout=60)
        if isinstance(genes, BaseException):
            raise RuntimeError("pygad ended") from genes
        pairs = zip(self.space.parameters, genes, strict=True)
        return {d.name: d.decode(float(g)) if clicks(d) is None else at(d, g) for d, g in pairs}

    def tell(self, params: Params, score: float) -> None:
        self.told.put(score)

    def __del__(self) -> None:
        if hasattr(self, "told"):
            self.told.put(_Over())  # the thread holds the queues alone, so it learns that nobody waits for it


def _evolve(genes: list[Any], seed: int, asked: Queue[Any], told: Queue[Any]) -> None:
    """pygad's search; a fitness that it wants is asked for through one queue and comes by the other."""
    import pygad

    def fitness(_search: Any, solution: Any, _place: Any) -> float:
        asked.put(list(solution))
        score = told.get()
        if isinstance(score, _Over):
            raise score
        return float(score)

    try:
        search = pygad.GA(
            num_generations=10**6,
            sol_per_pop=8,
            num_parents_mating=4,
            num_genes=len(genes),
            gene_space=genes,
            gene_type=[float if isinstance(gene, dict) else int for gene in genes],
            fitness_func=fitness,
            random_seed=seed,
            suppress_warnings=True,
        )
        search.run()
    except _Over:
        return
    except BaseException as error:  # the one who waits must hear of it
        asked.put(error)
