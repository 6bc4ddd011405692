"""What holds for every strategy on every space: the contract behind the doors `ask` and `tell`."""

from __future__ import annotations

import copy
import json
import math
import os
import pickle
import subprocess
import sys
import warnings
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pizzatune.parameters import Choice, Integer, Ordered, Real
from pizzatune.space import Space
from pizzatune.strategies import (
    BayesianOptimization,
    Exhausted,
    GeneticAlgorithm,
    GridSearch,
    RandomSearch,
    Strategy,
    TransferLearning,
)
from pizzatune.trial import Trial
from tests.how_often import CI
from tests.random_spaces import finite_spaces, is_option, seeds, spaces

START = 4  # trials before a model takes over: models are what takes time here


def grid(space, seed=0, repeats=False):
    return GridSearch(space, resolution=3, seed=seed, repeats=repeats)


def spread_random(space, seed=0, repeats=False):
    return RandomSearch(space, sampler="sobol", seed=seed, repeats=repeats)


def bayesian(space, seed=0, repeats=False):
    return BayesianOptimization(space, start=START, seed=seed, repeats=repeats)


def genetic(space, seed=0, repeats=False):
    return GeneticAlgorithm(space, population=2, seed=seed, repeats=repeats)


def transfer(space, seed=0, repeats=False):
    """Learn from an old oven that had the same dials and one more, and baked what is ruled out here."""
    stream = np.random.default_rng(1)
    old = Space(*getattr(space, "parameters", [Real("heat", 0, 1)]))
    bakes = [old.sample(stream) for _ in range(6)]
    source = [
        Trial(number, {**params, "crust": number}, float(np.nansum(np.cos(old.encode([params])))))
        for number, params in enumerate(bakes)
    ]
    return TransferLearning(space, source=source, seed=seed, repeats=repeats)


STRATEGIES = {
    "GridSearch": grid,
    "RandomSearch": RandomSearch,
    "Sobol": spread_random,
    "BayesianOptimization": bayesian,
    "GeneticAlgorithm": genetic,
    "TransferLearning": transfer,
}
MANY = 200 if CI else 25  # random spaces for each strategy
MODELS = ("BayesianOptimization", "TransferLearning")  # they think for longer
every_strategy = pytest.mark.parametrize("make", STRATEGIES.values(), ids=STRATEGIES.keys())


def score_of(space, params):
    """Some landscape on any space."""
    return float(np.nansum(np.sin(3.0 * space.encode([params])[0] + np.arange(len(space)))))


def ruled_out(params):
    return params["size"] != "Large" or params["oven"] == "Stone"


def pizzeria():
    """A space with everything and no end."""
    return Space(
        Choice("oven", ["Stone", "Electric"]),
        Ordered("size", ["Small", "Medium", "Large"]),
        Integer("minutes", 4, 20),
        Real("heat", 150, 300),
        Real("fan", 0, 3, when={"oven": ["Electric"]}),
        where=ruled_out,
    )


def counter():
    """A space of seven combinations, with a dial that depends and a combination ruled out."""
    return Space(
        Choice("oven", ["Stone", "Electric"]),
        Ordered("size", ["Small", "Medium", "Large"]),
        Integer("fan", 1, 2, when={"oven": ["Electric"]}),
        where=ruled_out,
    )


def is_plain(space, params):
    for name, value in params.items():
        parameter = space[name]
        if isinstance(parameter, Choice):
            if not is_option(parameter, value):
                return False
        elif type(value) is not (int if isinstance(parameter, Integer) else float):
            return False
    return True


def cook(strategy, count, fail=(2,)):
    """Ask and tell up to `count` trials; those numbered in `fail` fail."""
    for _ in range(count):
        try:
            params = strategy.ask()
        except Exhausted:
            break
        if len(strategy.trials) in fail:
            strategy.tell(params, error="burnt")
        else:
            strategy.tell(params, score_of(strategy.space, params))
    return strategy


def told(trials):
    """Trials as text: exact, and blind to 1 == True."""
    return [repr((t.number, t.params, t.score, t.error, t.why, sorted(t.origin))) for t in trials]


def next_of(strategy):
    """What it would suggest next, asked of a copy."""
    try:
        return repr(copy.deepcopy(strategy).ask())
    except Exhausted:
        return "exhausted"


def whole_life(make, space, seed):
    """Six trials, each looked at from all sides, and two ways to come to the same seventh."""
    strategy = make(space, seed=seed)
    seen = set()
    for number in range(6):
        try:
            params = strategy.ask()
        except Exhausted:
            end = len(strategy) if isinstance(strategy, GridSearch) else space.size
            assert len(seen) == end
            break
        assert is_plain(space, params)
        assert repr(space.check(params)) == repr(params)
        assert math.isinf(space.size) or space.key(params) not in seen
        assert strategy.why
        assert [space.key(s.params) for s in strategy.pending] == [space.key(params)]
        seen.add(space.key(params))
        kept = repr(params)
        given = dict(params)
        trial = (
            strategy.tell(given, error="burnt")
            if number == 2
            else strategy.tell(given, score_of(space, given))
        )
        params.clear()
        given.clear()
        assert (trial.number, repr(trial.params), trial.ok) == (number, kept, number != 2)
        assert strategy.trials[-1] is trial
        assert trial.why == strategy.why
        assert not strategy.pending
    assert strategy.best is None or strategy.best.score == max(t.score for t in strategy.trials if t.ok)
    if seed % 2:
        twin = strategy.rebuilt(strategy.trials)
    else:  # another one that is told the same without having been asked
        twin = make(space, seed=seed)
        for trial in strategy.trials:
            twin.tell(trial.params, trial.score, error=trial.error)
    assert next_of(twin) == next_of(strategy)


def each(names, examples):
    """Run for each of the named strategies on so many random spaces."""
    chosen = {name: make for name, make in STRATEGIES.items() if name in names}

    def wrap(test):
        searched = settings(max_examples=examples)(given(space=spaces(most=3), seed=seeds)(test))
        return pytest.mark.parametrize("make", chosen.values(), ids=chosen.keys())(searched)

    return wrap


@each([name for name in STRATEGIES if name not in MODELS], examples=MANY)
def test_six_trials_on_many_random_spaces(make, space, seed):
    whole_life(make, space, seed)


class TestBayesianOptimizationAtLength:  # a class is a worker's share: the two that model run side by side
    @each(["BayesianOptimization"], examples=MANY)
    def test_six_trials_on_many_random_spaces(self, make, space, seed):
        whole_life(make, space, seed)


class TestTransferLearningAtLength:
    @each(["TransferLearning"], examples=MANY)
    def test_six_trials_on_many_random_spaces(self, make, space, seed):
        whole_life(make, space, seed)


# -- the same seed -----------------------------------------------------------------------------------------


@every_strategy
@settings(max_examples=15)
@given(space=spaces(most=3), seed=seeds)
def test_the_same_seed_gives_the_same_trials(make, space, seed):
    assert told(cook(make(space, seed=seed), 6).trials) == told(cook(make(space, seed=seed), 6).trials)


@every_strategy
def test_another_seed_gives_other_trials_unless_nothing_is_left_to_chance(make):
    trials = [[t.params for t in cook(make(pizzeria(), seed=seed), 6).trials] for seed in (1, 2)]
    assert (trials[0] == trials[1]) == (make is grid)


@every_strategy
def test_without_a_seed_one_is_drawn_and_recorded(make):
    space = pizzeria()
    first = make(space, seed=None)
    assert isinstance(first.seed, int)
    assert told(cook(first, 5).trials) == told(cook(make(space, seed=first.seed), 5).trials)
    assert make is grid or make(space, seed=None).seed != first.seed


SCRIPT = """
import json, sys
from tests.test_contract import STRATEGIES, cook, pizzeria, told
print(json.dumps({name: told(cook(make(pizzeria(), seed=7), 7).trials) for name, make in STRATEGIES.items()}))
"""


def elsewhere(threads):
    """The same searches in another process at `threads` BLAS threads, started and not yet waited for."""
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
        env={**os.environ, **dict.fromkeys(names, str(threads)), "PYTHONHASHSEED": str(threads)},
    )


def test_the_same_seed_gives_the_same_trials_in_another_process_at_any_number_of_threads():
    here = {name: told(cook(make(pizzeria(), seed=7), 7).trials) for name, make in STRATEGIES.items()}
    with elsewhere(threads=1) as one, elsewhere(threads=2) as two:
        there = [process.communicate(timeout=120)[0] for process in (one, two)]
    assert [json.loads(text) for text in there] == [here, here]


# -- the end of a finite space -----------------------------------------------------------------------------


@every_strategy
def test_every_combination_comes_once_and_then_comes_the_end(make):
    space = counter()
    strategy = cook(make(space, seed=3), 50)
    assert sorted(map(str, (t.params for t in strategy.trials))) == sorted(map(str, space.enumerate()))
    with pytest.raises(Exhausted, match=r"all 7 combinations (of the grid )?have been suggested"):
        strategy.ask()
    assert not strategy.pending


@every_strategy
@settings(max_examples=15)
@given(space=finite_spaces, seed=seeds)
def test_nothing_comes_twice_however_many_are_asked_at_once(make, space, seed):
    strategy = make(space, seed=seed)
    asked = []
    for _ in range(8):
        try:
            asked.append(strategy.ask())
        except Exhausted:
            break
    keys = [space.key(params) for params in asked]
    assert len(set(keys)) == len(keys) >= min(space.size, 1)
    assert [space.key(s.params) for s in strategy.pending] == keys
    assert len(keys) == min(8, len(strategy) if isinstance(strategy, GridSearch) else space.size)


@every_strategy
def test_with_repeats_it_goes_on_after_the_end(make):
    space = Space(Choice("oven", ["Stone", "Electric"]), Integer("fan", 1, 2))
    strategy = cook(make(space, seed=3, repeats=True), 10)
    assert len(strategy.trials) == 10
    assert all(space.check(trial.params) == trial.params for trial in strategy.trials)


@every_strategy
def test_a_space_of_one_combination_is_searched_in_one_trial(make):
    space = Space(Choice("oven", ["Stone"]))
    strategy = cook(make(space, seed=0), 5)
    assert [trial.params for trial in strategy.trials] == [{"oven": "Stone"}]


@every_strategy
def test_what_was_told_without_asking_is_not_suggested_again(make):
    space = counter()
    strategy = make(space, seed=2)
    first, *others = space.enumerate()
    strategy.tell(first, 5.0)
    asked = [strategy.ask() for _ in others]
    assert sorted(map(str, asked)) == sorted(map(str, others))


# -- asking and telling out of step ------------------------------------------------------------------------


@every_strategy
def test_several_are_asked_before_any_is_told_and_told_in_another_order(make):
    space = pizzeria()
    strategy = cook(make(space, seed=4), 5)
    asked = [strategy.ask() for _ in range(4)]
    whys = [suggestion.why for suggestion in strategy.pending]
    assert len({space.key(params) for params in asked}) == 4
    for place in (2, 0, 3, 1):
        trial = strategy.tell(asked[place], score_of(space, asked[place]))
        assert trial.params == asked[place]
        assert trial.why == whys[place]
    assert strategy.pending == []
    assert [trial.number for trial in strategy.trials] == list(range(9))
    assert space.check(strategy.ask())


@every_strategy
def test_options_that_count_as_equal_are_still_told_apart(make):
    space = Space(Choice("times", [1, True, 1.0]))
    strategy = make(space, seed=0)
    asked = [strategy.ask() for _ in range(3)]
    for params in reversed(asked):
        strategy.tell(params, 1.0)
    assert sorted(type(trial.params["times"]).__name__ for trial in strategy.trials) == [
        "bool",
        "float",
        "int",
    ]
    assert not strategy.pending


@every_strategy
def test_odd_tells_are_survived(make):
    space = pizzeria()
    strategy = make(space, seed=5)
    asked = [strategy.ask() for _ in range(4)]
    strategy.tell(asked[3], 3.0)
    again = strategy.tell(asked[3], 2.0)  # told twice: tried twice
    failures = [
        strategy.tell(asked[0], math.nan),
        strategy.tell(asked[1], math.inf),
        strategy.tell(asked[2], -math.inf),
        strategy.tell(asked[2], 10**400),
        strategy.tell(asked[2], error="burnt"),
        strategy.tell(asked[2], error=ValueError("")),
    ]
    own = {"oven": "Stone", "size": "Large", "minutes": np.int64(4), "heat": Fraction(301, 2)}
    unasked = strategy.tell(own, np.float32(2.5))
    assert again.why == unasked.why == "told without having been asked for"
    assert is_plain(space, unasked.params)
    assert type(unasked.score) is float
    assert [trial.ok for trial in failures] == [False] * 6
    assert [trial.error for trial in failures[:2]] == [
        "the score was nan, not a finite number",
        "the score was inf, not a finite number",
    ]
    assert strategy.best.score == 3.0
    assert strategy.recommend().score in (2.5, 3.0, 2.0)
    assert len(strategy.trials) == 9
    assert strategy.pending == []
    for _ in range(4):
        strategy.tell(strategy.ask(), 1.0)


@every_strategy
def test_what_is_pending_alone_is_known_in_any_order_and_checked_like_all_others(make):
    space = Space(Integer("minutes", 4, 20), Real("heat", 0, 1))
    strategy = make(space, seed=5)
    params = strategy.ask()
    for spoilt in ({**params, "minutes": 3}, {**params, "fan": 1}, {"heat": params["heat"]}):
        with pytest.raises(
            ValueError, match=r"minutes must lie in|unknown parameter 'fan'|minutes is missing"
        ):
            strategy.tell(spoilt, 1.0)
    alike = {"heat": np.float64(params["heat"]), "minutes": np.int64(params["minutes"])}
    trial = strategy.tell(alike, 1.0)
    assert (trial.params, trial.why) == (params, strategy.why)
    assert is_plain(space, trial.params)
    params = strategy.ask()
    trial = strategy.tell(dict(reversed(params.items())), 1.0)
    assert list(trial.params) == list(space.names)
    assert strategy.pending == []


@pytest.mark.parametrize(
    "score, message",
    [
        ("7", r"score must be a number, higher is better, got '7'; put float\(...\) around it"),
        (True, r"score must be a number, higher is better, got True"),
        (np.bool_(True), r"score must be a number, higher is better, got np.True_"),
        ([7.0], r"score must be a number, higher is better, got \[7.0\]"),
        ((7.0, "good"), r"score must be a number, higher is better, got \(7.0, 'good'\)"),
        (np.array([7.0]), r"score must be a number, higher is better, got array"),
        ({"score": 7.0}, r"score must be a number, higher is better, got \{'score'"),
        (1j, r"score must be a number, higher is better, got 1j"),
        (
            None,
            r"tell needs a score or an error, got neither; write tell\(params, score\), or tell",
        ),
    ],
    ids=repr,
)
@every_strategy
def test_a_score_that_is_no_number_is_refused_and_changes_nothing(make, score, message):
    strategy = make(counter(), seed=6)
    params = strategy.ask()
    with pytest.raises(TypeError, match=message):
        strategy.tell(params, score)
    assert strategy.trials == []
    assert [suggestion.params for suggestion in strategy.pending] == [params]


@pytest.mark.parametrize(
    "params, kind, message",
    [
        ({"oven": "Gas", "size": "Small"}, ValueError, r"oven must be one of"),
        ({"oven": "Stone"}, ValueError, r"size is missing from"),
        ({"oven": "Stone", "size": "Small", "fan": 1}, ValueError, r"fan does not apply here"),
        ({"oven": "Electric", "size": "Small", "fan": 9}, ValueError, r"fan must lie in \[1, 2\], got 9"),
        ({"oven": "Electric", "size": "Large", "fan": 1}, ValueError, r"is ruled out by where=ruled_out"),
        ("Stone", TypeError, r"params must be a dict"),
        (None, TypeError, r"params must be a dict"),
    ],
    ids=str,
)
@every_strategy
def test_params_outside_the_space_are_refused_and_change_nothing(make, params, kind, message):
    strategy = cook(make(counter(), seed=6), 1)
    before = next_of(strategy)
    with pytest.raises(kind, match=message):
        strategy.tell(params, 5.0)
    assert len(strategy.trials) == 1
    assert next_of(strategy) == before


@every_strategy
def test_a_score_and_an_error_at_once_are_refused(make):
    strategy = make(counter(), seed=6)
    with pytest.raises(
        TypeError, match=r"tell a score or an error, not both; got score=1.0 and error='burnt'"
    ):
        strategy.tell(strategy.ask(), 1.0, error="burnt")


@every_strategy
def test_what_is_withdrawn_was_never_asked(make):
    strategy = cook(make(counter(), seed=6), 2)
    before = next_of(strategy)
    params = strategy.ask()
    strategy.withdraw(params)
    assert strategy.pending == []
    assert next_of(strategy) == before
    with pytest.raises(
        ValueError, match=r"is not pending; only what was asked for and not yet told can be withdrawn"
    ):
        strategy.withdraw(params)


# -- a function of its trials ------------------------------------------------------------------------------


@every_strategy
def test_any_moment_of_a_search_can_be_rebuilt(make):
    strategy = cook(make(pizzeria(), seed=8), 8)
    for count in (0, 3, 6):
        again = cook(strategy.rebuilt(strategy.trials[:count]), 8 - count)
        assert [repr(trial.params) for trial in again.trials] == [
            repr(trial.params) for trial in strategy.trials
        ]
        assert len(strategy.trials) == 8


@pytest.mark.parametrize(
    "twin", [copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))], ids=["copy", "pickle"]
)
@every_strategy
def test_a_copy_goes_on_as_the_original_would(make, twin):
    strategy = cook(make(pizzeria(), seed=9), 6)
    pending = strategy.ask()
    other = twin(strategy)
    futures = []
    for each_one in (strategy, other):
        each_one.tell(pending, 4.0)
        futures.append(told(cook(each_one, 2).trials))
    assert futures[0] == futures[1]


@every_strategy
def test_a_copy_and_its_original_do_not_disturb_each_other(make):
    strategy = cook(make(pizzeria(), seed=9), 5)
    rebuilt, before = strategy.rebuilt(strategy.trials), next_of(strategy)
    cook(rebuilt, 3)
    assert len(strategy.trials) == 5
    assert next_of(strategy) == before


@every_strategy
def test_the_space_and_the_trials_it_was_given_stay_as_they_were(make):
    space = pizzeria()
    before = pickle.dumps(copy.deepcopy(space))
    trials = list(cook(make(space, seed=1), 6).trials)
    texts = told(trials)
    cook(make(space, seed=2).rebuilt(trials), 3)
    assert told(trials) == texts
    assert len(trials) == 6
    assert pickle.loads(before) == space


# -- degenerate data ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "score",
    [
        lambda number: 5.0,
        lambda number: 0.0,
        lambda number: 1e12 + number,
        lambda number: -1e12 * number,
        lambda number: 1e-12 * number,
        lambda number: 5.0 if number else 1e12,
        lambda number: None,
        lambda number: None if number == 0 else 5.0,
        lambda number: 5.0 if number == 0 else None,
    ],
    ids=["same", "zero", "1e12", "-1e12", "1e-12", "outlier", "all fail", "first fails", "only first"],
)
@every_strategy
def test_odd_scores_do_not_stop_a_search(make, score):
    space = pizzeria()
    strategy = make(space, seed=10)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for number in range(START + 3):
            params = strategy.ask()
            assert space.check(params) == params
            told_score = score(number)
            strategy.tell(params, told_score, error="burnt" if told_score is None else None)
    assert len({space.key(trial.params) for trial in strategy.trials}) == START + 3


@every_strategy
def test_the_same_point_told_many_times_does_not_stop_a_search(make):
    space = pizzeria()
    strategy = make(space, seed=11)
    params = strategy.ask()
    for number in range(8):
        strategy.tell(params, number / 7)
    assert space.key(strategy.ask()) != space.key(params)


# -- what it says ------------------------------------------------------------------------------------------


@every_strategy
def test_it_recommends_the_best_average_not_the_luckiest(make):
    space = counter()
    strategy = make(space, seed=0, repeats=True)
    lucky, steady, *_ = space.enumerate()
    for params, scores in ((lucky, (9.0, 1.0, 1.0)), (steady, (6.0, 6.5))):
        for score in scores:
            strategy.tell(params, score)
    assert strategy.best.params == lucky
    assert strategy.recommend().params == steady


@every_strategy
def test_nothing_is_best_before_the_first_success(make):
    strategy = make(counter(), seed=0)
    strategy.tell(strategy.ask(), error="burnt")
    assert strategy.best is None
    assert strategy.recommend() is None
    assert repr(strategy).endswith("1 trials")


@every_strategy
def test_each_trial_keeps_why_it_was_suggested(make):
    strategy = cook(make(pizzeria(), seed=1), 6)
    for trial in strategy.trials:
        assert trial.why
        assert trial.why == trial.why.strip()
        assert "\n" not in trial.why
    assert strategy.why == strategy.trials[-1].why


@pytest.mark.parametrize("space", [None, "pizzeria", [Real("x", 0, 1)]], ids=str)
@every_strategy
def test_a_strategy_wants_a_space(make, space):
    with pytest.raises(TypeError, match=r"a strategy needs a Space, got "):
        make(space, seed=0)


@pytest.mark.parametrize("seed", [-1, 1.5, "1", True], ids=repr)
@every_strategy
def test_a_seed_is_a_whole_number(make, seed):
    with pytest.raises(ValueError, match=r"seed must be a whole number from 0 up, or None, got "):
        make(counter(), seed=seed)


def test_every_strategy_is_a_strategy():
    made = [make(counter(), seed=np.int64(0)) for make in STRATEGIES.values()]
    assert all(isinstance(strategy, Strategy) for strategy in made)
    assert {type(strategy.seed) for strategy in made} == {int}
    assert isinstance(made[0].tell(made[0].ask(), 1), Trial)


@given(seed=st.integers(0, 2**63))
@settings(max_examples=10)
def test_any_seed_will_do(seed):
    assert RandomSearch(pizzeria(), seed=seed).ask() == RandomSearch(pizzeria(), seed=seed).ask()
