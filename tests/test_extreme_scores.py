"""Scores of any size that a float holds: every strategy learns from them, and from no other."""

from __future__ import annotations

import itertools
import sys
from functools import partial

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.trial import mean_score, unit_of

LARGEST = sys.float_info.max
CLICKS, SMOOTH = (
    pt.Space(
        pt.Choice("oven", ["Stone", "Electric"]),
        pt.Real("heat", 0, 1, step=step),
        pt.Integer("fan", 0, 3, when={"oven": ["Electric"]}),
    )
    for step in (0.05, None)
)


def taste(params):
    """From 0 to about 2; ordinary."""
    return params["heat"] * (2 - params["heat"]) + 0.3 * params.get("fan", 1)


def low(params):
    return params["heat"] < 0.5


OBJECTIVES = {
    "both ends": lambda params: -1.7e308 if low(params) else 1.7e308,
    "the largest as a penalty": lambda params: -LARGEST if low(params) else taste(params),
    "all the largest": lambda params: LARGEST,
    "all the lowest": lambda params: -LARGEST,
    "mostly at the lower end": lambda params: LARGEST if params["heat"] > 0.8 else -LARGEST,
    "denormal": lambda params: 1e-320 * taste(params),
    "the smallest or none": lambda params: 5e-324 if low(params) else 0.0,
    "all alike and denormal": lambda params: 1e-310,
    "of every size": lambda params: [LARGEST, -LARGEST, 1e-320, 0.0, -0.0, 1.0][int(params["heat"] * 19) % 6],
    "huge, hardly different": lambda params: 1.7e308 * (1 - 1e-10 * taste(params)),
    "huge, some fail": lambda params: 1 / 0 if params["heat"] < 0.2 else LARGEST / 4 * taste(params),
}
KINDS = ("log_ei", "ei", "pi", "ucb", "thompson")
BAYESIAN = {kind: partial(pt.BayesianOptimization, acquisition=kind) for kind in KINDS} | {
    "xi and noise": partial(pt.BayesianOptimization, xi=0.1, noise=0.1),
    "huge xi and noise": partial(pt.BayesianOptimization, acquisition="ei", xi=1e300, noise=1e300),
}
OTHERS = {
    "genetic": pt.GeneticAlgorithm,
    "random": pt.RandomSearch,
    "sobol": partial(pt.RandomSearch, sampler="sobol"),
    "grid": pt.GridSearch,
}


def source(objective):
    tried = [CLICKS.sample(np.random.default_rng(seed)) for seed in range(5)]
    return [pt.Trial(0, {"oven": "Stone", "heat": 0.9}, objective({"oven": "Stone", "heat": 0.9}))] + [
        pt.Trial(number, params, objective(params))
        for number, params in enumerate(tried, 1)
        if not low(params)
    ]


def search(objective, make, budget, space=CLICKS):
    return pt.tune(objective, make(space, seed=3), budget=budget)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", OBJECTIVES)
def test_every_strategy_learns_from_scores_of_any_size(name):
    objective = OBJECTIVES[name]
    transfer = {
        f"transfer, trust {trust}": partial(pt.TransferLearning, source=source(objective), trust=trust)
        for trust in (None, 1.0)
    }
    results = [search(objective, make, 4) for make in (BAYESIAN | OTHERS | transfer).values()]
    results.append(search(objective, BAYESIAN["log_ei"], 4, SMOOTH))
    for result in results:
        assert len(result.trials) == 4
        assert all("ZeroDivision" in trial.error for trial in result.failed)
        scores = [trial.score for trial in result.trials if trial.ok]
        assert result.best_score == max(scores)
        assert result.strategy.recommend().score in scores
        assert repr(result)
        assert result._repr_html_()
        if isinstance(result.strategy, pt.BayesianOptimization):
            tried = [trial.params for trial in result.trials]
            believed = [*result.strategy.posterior(tried), result.strategy.acquisition(tried)]
            assert np.isfinite(believed[:2]).all()
            assert not np.isnan(believed[2]).any()


ALL = BAYESIAN | OTHERS


@pytest.mark.parametrize("name", [*KINDS, *OTHERS])
def test_how_large_the_unit_of_scores_is_changes_no_suggestion(name):
    space, budget = (SMOOTH, 5) if name == "log_ei" else (CLICKS, 6)
    ordinary = search(taste, ALL[name], budget, space)
    for power in (1020, -900):
        scaled = search(lambda params, power=power: taste(params) * 2.0**power, ALL[name], budget, space)
        assert [trial.params for trial in scaled.trials] == [trial.params for trial in ordinary.trials]
        assert scaled.strategy.recommend().params == ordinary.strategy.recommend().params


@pytest.mark.parametrize("trust", [None, 1.0])
def test_nor_how_large_that_of_a_source_is(trust):
    def searched(old, new):
        earlier = source(lambda params: taste(params) * 2.0**old)
        make = partial(pt.TransferLearning, source=earlier, trust=trust)
        return [trial.params for trial in search(lambda p: taste(p) * 2.0**new, make, 5).trials]

    ordinary = searched(0, 0)
    for powers in ((1020, 1020), (0, -900), (-900, 300)):
        assert searched(*powers) == ordinary


@pytest.mark.parametrize("penalty", [-LARGEST, -1e300])
def test_a_penalty_however_large_is_kept_away_from(penalty):
    result = search(lambda params: penalty if low(params) else taste(params), pt.BayesianOptimization, 12)
    assert sum(low(trial.params) for trial in result.trials) <= 4


def test_what_a_recommendation_is_worth_does_not_depend_on_the_unit():
    """Means that agree to nine decimals of a point are not equal where all scores are that small."""
    strategy = pt.BayesianOptimization(pt.Space(pt.Real("x", 0, 1)), seed=0)
    for x in (0.1, 0.5, 0.9):
        strategy.tell({"x": x}, x * 1e-12)
    assert strategy.recommend().params == {"x": 0.9}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", OBJECTIVES)
@pytest.mark.parametrize("noise", [0.0, 0.1])
def test_a_race_takes_what_a_search_takes(name, noise):
    if name == "huge, some fail":
        pytest.skip("a race leaves out who meets a failing trial")
    menu = pt.menus.from_function(OBJECTIVES[name], CLICKS)
    board = pt.race([pt.RandomSearch, pt.GeneticAlgorithm], menu, budget=3, seeds=2, noise=noise)
    assert board.failed == {}
    regrets = np.array([*board.regrets.values()])
    assert np.isfinite(regrets).all()
    assert (regrets >= 0).all()
    assert repr(board)
    assert len(board.table()) == 2


@pytest.mark.filterwarnings("error")
def test_regret_between_the_ends_of_a_float_is_what_it_is_between_ordinary_scores():
    menus = [
        pt.menus.from_function(lambda params, size=size: size * (2 * params["heat"] - 1), CLICKS, best=best)
        for size, best in ((1.0, {"oven": "Stone", "heat": 1.0}), (2.0**1023, {"oven": "Stone", "heat": 1.0}))
    ]
    ordinary, huge = (
        pt.race([pt.RandomSearch], menu, budget=3, seeds=2).regrets["RandomSearch"] for menu in menus
    )
    np.testing.assert_array_equal(ordinary, huge)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "scores, mean",
    [
        ([LARGEST, LARGEST], LARGEST),
        ([LARGEST, -LARGEST], 0.0),
        ([1e-320, 3e-320], 2e-320),
        ([5e-324], 5e-324),
        ([-LARGEST, -LARGEST, -LARGEST], -LARGEST),
        ([0.1, 0.2, 0.6], float(np.mean([0.1, 0.2, 0.6]))),
    ],
)
def test_a_mean_of_scores_is_a_score(scores, mean):
    assert mean_score(scores) == mean


def test_a_unit_is_a_power_of_two_and_1_for_ordinary_scores():
    for score in (0.0, 1.0, -1e50, 1e-50, 12345.678):
        assert unit_of([score, 0.5]) == 1.0
    for score, sign in itertools.product((LARGEST, 1e100, 1e-100, 1e-310), (1, -1)):
        unit = unit_of([sign * score, 0.0])
        assert np.frexp(unit)[0] == 0.5
        assert 0.25 <= score / unit < 2
