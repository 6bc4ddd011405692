"""Genetic algorithm: breed the next trials from good ones, then change them a little."""

from __future__ import annotations

import operator
from typing import Any, NamedTuple

import numpy as np

from pizzatune.checks import real_number, whole_number
from pizzatune.space import Params, Space
from pizzatune.strategies.base import Strategy, Suggestion
from pizzatune.trial import Trial


class Family(NamedTuple):
    """A child, its parents, and what it was before some of its genes mutated."""

    mother: Trial
    father: Trial
    crossed: Params
    child: Params


class GeneticAlgorithm(Strategy):
    """Breed the next trial from two good ones, then change it a little (Holland, 1975).

    The first `population` trials, generation 0, are spread over the space. Each later generation has as many
    children. A child's mother and father each win a tournament among the parents; it takes every gene from
    one of the two by the toss of a coin (uniform crossover; Syswerda, 1989) and then each of its genes
    mutates with a small probability. The parents of a generation are the children of the one before and the
    `elite`, the best of all earlier ones, who live on without being tried again.

    Parameters
    ----------
    space, seed, repeats
        As in `Strategy`.
    population : int
        Trials in each generation, at least 2.
    tournament : int
        How many parents are drawn for a tournament, at least 1. The more, the harder the selection; with 1
        there is none.
    mutation : float, optional
        Probability from 0 to 1 that a gene mutates; by default one gene a child on average.
    reach : float
        How far a dial moves when it mutates: standard deviation as a share of its range, above 0.
    elite : int
        How many of the best ever found stay among the parents, from 0.

    Raises
    ------
    TypeError, ValueError
        If a setting lies outside.

    References
    ----------
    Holland (1975), Adaptation in Natural and Artificial Systems.
    Syswerda (1989), Uniform Crossover in Genetic Algorithms.
    Goldberg and Deb (1991), A Comparative Analysis of Selection Schemes (tournaments).

    Examples
    --------
    >>> from pizzatune.parameters import Choice
    >>> space = Space(Choice("meat", ["Ham", "Salami", "Tuna"]), Choice("herb", ["Basil", "Thyme"]))
    >>> strategy = GeneticAlgorithm(space, seed=0)
    >>> params = strategy.ask()
    >>> strategy.generation, strategy.why
    (0, 'one of the first generation, spread over the space')
    """

    def __init__(
        self,
        space: Space,
        *,
        population: int = 4,
        tournament: int = 8,
        mutation: float | None = None,
        reach: float = 0.15,
        elite: int = 2,
        seed: int | None = None,
        repeats: bool = False,
    ) -> None:
        super().__init__(space, seed=seed, repeats=repeats)
        self.population = whole_number("population", population, 2)
        self.tournament = whole_number("tournament", tournament, 1)
        self.elite = whole_number("elite", elite, 0)
        self.mutation = 1 / len(space) if mutation is None else real_number("mutation", mutation, 0, 1)
        self.reach = real_number("reach", reach, 0, 1, above=True, hint="a share of each dial's range")
        self._bred: tuple[int, int, list[Trial]] = (0, 0, [])  # cache: who breeds which generation
        self._elite: tuple[int, list[Trial]] = (0, [])  # cache: the best of so many trials

    @property
    def generation(self) -> int:
        """The generation that is being bred, from 0."""
        return (len(self.trials) + len(self.pending) - bool(self.pending)) // self.population

    def suggest(self, rng: np.random.Generator) -> Suggestion:
        generation = (len(self.trials) + len(self.pending)) // self.population
        parents = self.parents(generation)
        if len(parents) < 2:
            why = "one of the first generation, spread over the space"
            if generation:
                why = f"generation {generation}: at random, as fewer than two earlier trials gave a score"
            drawn = self._spread(self.next_ask, self.population, rng)
            return Suggestion(drawn, why, {"generation": generation})
        families: list[Family] = []

        def breed() -> Params:
            mother = self._tournament(parents, rng)
            father = self._tournament([other for other in parents if other is not mother], rng)
            crossed = self.space.mix(mother.params, father.params, rng)
            child = self.space.nudge(crossed, self.mutation, rng, self.reach)
            families.append(Family(mother, father, crossed, child))
            return child

        child = self._fresh(breed, rng)
        if child is not families[-1].child:
            why = f"generation {generation}: drawn at random, as every child of these parents has been tried"
            return Suggestion(child, why, {"generation": generation})
        return self._introduce(families[-1], generation)

    def parents(self, generation: int) -> list[Trial]:
        """Who may breed `generation`: the children of the one before it, and the elite of those earlier."""
        if generation == 0:
            return []
        first, last = (generation - 1) * self.population, generation * self.population
        told = min(len(self.trials), last)
        if self._bred[:2] != (generation, told):
            young = [trial for trial in self.trials[first:last] if trial.ok]
            self._bred = generation, told, self._best_of(min(first, told)) + young
        return list(self._bred[2])

    def _best_of(self, count: int) -> list[Trial]:
        """The elite of the first `count` trials, best first."""
        known, best = self._elite if self._elite[0] <= count else (0, [])
        good = [*best, *(trial for trial in self.trials[known:count] if trial.ok)]
        self._elite = count, sorted(good, key=_score, reverse=True)[: self.elite]
        return self._elite[1]

    def _forget(self) -> None:
        super()._forget()
        self._bred = (0, 0, [])
        self._elite = (0, [])

    def _tournament(self, parents: list[Trial], rng: np.random.Generator) -> Trial:
        """The best of a few parents drawn at random."""
        drawn: list[int] = rng.integers(len(parents), size=self.tournament).tolist()
        return max([parents[place] for place in drawn], key=_score)

    def _introduce(self, family: Family, generation: int) -> Suggestion:
        """The child with the names of its parents and of the genes that mutated."""
        mother, father, crossed, child = family
        mutated = tuple(
            name
            for name, gene in child.items()
            if name not in crossed
            or not (name in mother.params or name in father.params)
            or (gene is not crossed[name] and not self._alike(name, gene, crossed[name]))
        )
        changes = f", then {' and '.join(mutated)} mutated" if mutated else ", no mutation"
        why = f"generation {generation}: child of trials {mother.number} and {father.number}{changes}"
        return Suggestion(
            child,
            why,
            {"generation": generation, "parents": (mother.number, father.number), "mutated": mutated},
        )

    def _alike(self, name: str, gene: Any, other: Any) -> bool:
        parameter = self.space[name]
        return parameter.stand_in(gene) == parameter.stand_in(other)


_score = operator.attrgetter("score")  # of trials that have one
