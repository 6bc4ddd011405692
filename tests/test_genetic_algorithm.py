"""Genetic algorithm: generations, tournaments, and where every gene of a child comes from."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings

from pizzatune.parameters import Choice, Integer, Real
from pizzatune.space import Space
from pizzatune.strategies import GeneticAlgorithm
from tests.how_often import CI
from tests.random_spaces import seeds, spaces

PIZZA = Space(
    Choice("meat", ["Ham", "Salami", "Tuna", "none"]),
    Choice("herb", ["Basil", "Thyme", "Sage"]),
    Integer("minutes", 4, 20),
    Real("heat", 0, 1),
)


def taste(params):
    return 5.0 * (params["meat"] == "Ham") + params["heat"] - abs(params["minutes"] - 9) / 16


def evolve(strategy, count, objective=taste):
    for _ in range(count):
        params = strategy.ask()
        strategy.tell(params, objective(params))
    return strategy


def flat(params):
    return 0.0


@settings(max_examples=100 if CI else 25)
@given(space=spaces(), seed=seeds)
def test_every_gene_comes_from_a_parent_or_is_listed_as_mutated(space, seed):
    strategy = evolve(GeneticAlgorithm(space, population=3, seed=seed, repeats=True), 15, flat)
    for trial in strategy.trials:
        if "parents" not in trial.origin:
            continue
        codes = space.encode(
            [trial.params, *(strategy.trials[number].params for number in trial.origin["parents"])]
        )
        for name, own, hers, his in zip(space.names, *codes, strict=True):
            if name in trial.params:
                assert own in (hers, his) or name in trial.origin["mutated"]


def test_a_gene_that_mutates_from_one_to_true_is_listed():
    space = Space(Choice("times", [1, True]), Choice("herb", [None, "Basil"]))
    strategy = GeneticAlgorithm(space, population=2, mutation=1.0, seed=0, repeats=True)
    evolve(strategy, 12, flat)
    for trial in strategy.trials[2:]:
        assert trial.origin["mutated"] == ("times", "herb")


def test_without_mutation_every_gene_is_inherited():
    strategy = evolve(GeneticAlgorithm(PIZZA, population=4, mutation=0.0, seed=1, repeats=True), 24)
    children = [trial for trial in strategy.trials if "parents" in trial.origin]
    assert len(children) == 20
    for child in children:
        mother, father = (strategy.trials[number].params for number in child.origin["parents"])
        assert child.origin["mutated"] == ()
        assert all(value in (mother[name], father[name]) for name, value in child.params.items())
        assert child.why.endswith("no mutation")


def test_at_mutation_1_every_gene_changes():
    strategy = evolve(GeneticAlgorithm(PIZZA, population=4, mutation=1.0, seed=2), 12)
    assert all(trial.origin["mutated"] == PIZZA.names for trial in strategy.trials[4:])


def test_generations_are_counted():
    strategy = GeneticAlgorithm(PIZZA, population=4, seed=3)
    counted = []
    for _ in range(12):
        params = strategy.ask()
        counted.append(strategy.generation)
        strategy.tell(params, taste(params))
    assert counted == [0] * 4 + [1] * 4 + [2] * 4
    assert [trial.origin["generation"] for trial in strategy.trials] == counted


def test_parents_are_of_the_generation_before_or_the_elite_of_all_earlier_ones():
    strategy = evolve(GeneticAlgorithm(PIZZA, population=4, elite=2, seed=4), 24)
    for child in strategy.trials[4:]:
        generation = child.number // 4
        before = {trial.number for trial in strategy.trials if trial.number // 4 == generation - 1}
        earlier = [trial for trial in strategy.trials if trial.number // 4 < generation - 1]
        elite = {trial.number for trial in sorted(earlier, key=lambda trial: -trial.score)[:2]}
        assert set(child.origin.get("parents", ())) <= before | elite


def test_who_breeds_is_the_same_however_the_search_came_there():
    strategy = GeneticAlgorithm(PIZZA, population=3, elite=2, seed=4)
    for number in range(10):  # three are told at once, the last first; scores repeat, and some failed
        asked = [strategy.ask() for _ in range(3)]
        for place, params in enumerate(reversed(asked)):
            strategy.tell(params, **({"error": "burnt"} if (number + place) % 4 == 0 else {"score": place}))
        for generation in (number + 1, number // 2, number + 2, number + 1):
            end = min(max(0, generation - 1) * 3, len(strategy.trials))
            earlier = [trial for trial in strategy.trials[:end] if trial.ok]
            elite = sorted(earlier, key=lambda trial: -trial.score)[:2]
            young = [trial for trial in strategy.trials[end : generation * 3] if trial.ok]
            assert strategy.parents(generation) == elite + young * (generation > 0)


def test_the_elite_never_gets_worse():
    strategy = evolve(GeneticAlgorithm(PIZZA, population=4, elite=2, seed=5), 32)
    best = [max(trial.score for trial in strategy.parents(generation)) for generation in range(1, 9)]
    assert best == sorted(best)
    assert best[-1] == strategy.best.score


def test_without_an_elite_only_the_last_generation_breeds():
    strategy = evolve(GeneticAlgorithm(PIZZA, population=4, elite=0, seed=6), 16)
    assert [trial.number for trial in strategy.parents(4)] == [12, 13, 14, 15]


def test_a_harder_tournament_favours_the_better_parents():
    def mean_rank(tournament):
        strategy = GeneticAlgorithm(PIZZA, population=10, tournament=tournament, seed=7, repeats=True)
        evolve(strategy, 10, flat)
        strategy = strategy.rebuilt([])
        for number in range(10):
            strategy.tell(strategy.ask(), float(number))
        evolve(strategy, 10, flat)
        parents = [number for trial in strategy.trials[10:] for number in trial.origin["parents"]]
        return sum(parents) / len(parents)

    assert mean_rank(1) < mean_rank(3) < mean_rank(30)
    assert mean_rank(30) > 8.2  # at most (9 + 8) / 2: nobody is both parents


def test_failed_trials_have_no_children():
    strategy = GeneticAlgorithm(PIZZA, population=6, elite=3, seed=8)
    for number in range(24):
        params = strategy.ask()
        strategy.tell(params, **({"error": "burnt"} if number % 3 == 0 else {"score": taste(params)}))
    for trial in strategy.trials:
        assert all(strategy.trials[number].ok for number in trial.origin.get("parents", ()))


def test_where_all_failed_it_draws_again_and_says_why():
    strategy = GeneticAlgorithm(PIZZA, population=2, seed=9)
    for _ in range(5):
        strategy.tell(strategy.ask(), error="burnt")
    assert strategy.trials[0].why == "one of the first generation, spread over the space"
    assert strategy.trials[4].why == "generation 2: at random, as fewer than two earlier trials gave a score"


def test_a_child_knows_its_parents_by_number_and_says_so():
    strategy = evolve(GeneticAlgorithm(PIZZA, population=4, seed=10), 12)
    for trial in strategy.trials[4:]:
        mother, father = trial.origin["parents"]
        assert trial.why.startswith(f"generation {trial.number // 4}: child of trials {mother} and {father}")
        for name in trial.origin["mutated"]:
            assert name in trial.why


def test_it_climbs_above_luck():
    """Averaged over ten seeds, the last generation is better than the first."""
    first = last = 0.0
    for seed in range(10):
        trials = evolve(GeneticAlgorithm(PIZZA, population=6, seed=seed), 48).trials
        first += sum(trial.score for trial in trials[:6]) / 60
        last += sum(trial.score for trial in trials[-6:]) / 60
    assert last > first + 2


def test_there_is_no_model_inside():
    module = sys.modules[GeneticAlgorithm.__module__]
    assert not any(name in vars(module) for name in ("gp", "GaussianProcess", "acquisition", "acq"))


@pytest.mark.parametrize(
    "settings, kind, message",
    [
        ({"population": 1}, ValueError, r"population must be 2 or more, got 1"),
        ({"population": 2.0}, TypeError, r"population must be a whole number, got 2.0"),
        ({"tournament": 0}, ValueError, r"tournament must be 1 or more, got 0"),
        ({"elite": -1}, ValueError, r"elite must be 0 or more, got -1"),
        ({"elite": True}, TypeError, r"elite must be a whole number, got True"),
        ({"mutation": 1.5}, ValueError, r"mutation must lie in \[0, 1\], got 1.5"),
        ({"mutation": float("nan")}, ValueError, r"mutation must lie in \[0, 1\], got nan"),
        ({"mutation": "often"}, TypeError, r"mutation must be a number, got 'often'"),
        ({"reach": 0}, ValueError, r"reach must lie above 0 and up to 1, got 0; choose a larger"),
        ({"reach": None}, TypeError, r"reach must be a number, got None"),
    ],
    ids=str,
)
def test_wrong_settings_are_refused(settings, kind, message):
    with pytest.raises(kind, match=message):
        GeneticAlgorithm(PIZZA, **settings)
