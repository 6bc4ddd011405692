"""Our strategies inside Optuna: the suite that Optuna ships for samplers, and what a study may rely on."""

from __future__ import annotations

import math
import pickle
import subprocess
import sys
from functools import partial

import numpy as np
import optuna
import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.testing.pytest_samplers import (
    BasicSamplerTestCase,
    RelativeSamplerTestCase,
    SingleOnlySamplerTestCase,
)
from optuna.trial import TrialState, create_trial

from pizzatune.optuna import SUGGESTION, StrategySampler, to_space
from pizzatune.parameters import Choice, Integer, Ordered, Real
from pizzatune.space import Space
from pizzatune.strategies import BayesianOptimization, GeneticAlgorithm, GridSearch, RandomSearch
from pizzatune.trial import Trial

NAMES = ("bayesian", "genetic", "random")
OVEN = {"heat": FloatDistribution(150, 350), "topping": CategoricalDistribution(["Ham", "Tuna", "Salami"])}
FEW = {"size": IntDistribution(1, 3), "topping": CategoricalDistribution(["Ham", "Tuna"])}  # 6 combinations

every_name = pytest.mark.parametrize("name", NAMES)


class ShippedSuite(BasicSamplerTestCase, RelativeSamplerTestCase, SingleOnlySamplerTestCase):
    """Optuna's own cases for samplers with one objective."""


class TestRandom(ShippedSuite):
    @pytest.fixture
    def sampler(self):
        return partial(StrategySampler, "random", seed=0)


class TestGenetic(ShippedSuite):
    @pytest.fixture
    def sampler(self):
        return partial(StrategySampler, "genetic", seed=0)


class TestBayesian(ShippedSuite):
    @pytest.fixture
    def sampler(self):
        return partial(StrategySampler, "bayesian", seed=0)


@pytest.fixture(autouse=True)
def quiet():
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    yield
    optuna.logging.set_verbosity(optuna.logging.INFO)


def bowl(trial):
    """Lowest, 0, for tuna at 240 degrees."""
    heat, topping = (
        trial.suggest_float("heat", 150, 350),
        trial.suggest_categorical("topping", OVEN["topping"].choices),
    )
    return ((heat - 240) / 50) ** 2 + (topping != "Tuna")


def searched(strategy, trials=8, objective=bowl, **study):
    made = optuna.create_study(sampler=StrategySampler(strategy, seed=3), **study)
    made.optimize(objective, n_trials=trials)
    return made


class Listening:
    """Makes a strategy and remembers the trials and pending suggestions that each was told of."""

    def __init__(self, make=RandomSearch):
        self.make = make
        self.made = []

    def __call__(self, space, *, seed):
        strategy = self.make(space, seed=seed)
        heard = self.made

        class Heard(type(strategy)):
            def ask(self):
                heard.append(([*self.trials], [one.params for one in self.pending]))
                return super().ask()

        strategy.__class__ = Heard
        return strategy


# -- one search --------------------------------------------------------------------------------------------


@every_name
def test_the_same_seed_gives_the_same_study_and_another_seed_another(name):
    first, second = (searched(name) for _ in range(2))
    assert [trial.params for trial in first.trials] == [trial.params for trial in second.trials]
    other = optuna.create_study(sampler=StrategySampler(name, seed=4))
    other.optimize(bowl, n_trials=8)
    assert [trial.params for trial in other.trials] != [trial.params for trial in first.trials]


@every_name
def test_a_trial_is_what_the_strategy_would_try_after_the_trials_before_it(name):
    study = searched(name, trials=9)
    make = {"bayesian": BayesianOptimization, "genetic": GeneticAlgorithm, "random": RandomSearch}[name]
    told = [Trial(t.number, t.params, -t.value) for t in study.trials]  # minimised: the sign is turned
    space = Space(Real("heat", 150, 350), Choice("topping", ["Ham", "Tuna", "Salami"]))
    for trial in study.trials[1:]:
        strategy = make(space, seed=3).rebuilt(told[: trial.number])
        assert strategy.ask() == trial.params
        assert strategy.why == trial.system_attrs[SUGGESTION]["why"]


@pytest.mark.parametrize("direction", ["minimize", "maximize"])
def test_bayesian_optimization_goes_the_way_that_the_study_says(direction):
    sign = 1 if direction == "minimize" else -1
    study = searched("bayesian", trials=20, objective=lambda trial: sign * bowl(trial), direction=direction)
    assert abs(study.best_value) < 0.05
    assert study.best_params["topping"] == "Tuna"


def test_the_genetic_algorithm_finds_its_generations_and_parents_in_the_study():
    study = searched(partial(GeneticAlgorithm, population=3), trials=12)
    origins = [trial.system_attrs[SUGGESTION]["origin"] for trial in study.trials[1:]]
    assert [origin["generation"] for origin in origins] == [number // 3 for number in range(1, 12)]
    parents = [pair for origin in origins if (pair := origin.get("parents"))]
    assert len(parents) >= 6
    assert all(max(pair) < 3 + 3 * place for place, pair in enumerate(parents))


def test_a_finite_space_is_tried_completely_before_anything_comes_twice():
    for name in ("random", "bayesian", "genetic", partial(GridSearch, resolution=9)):
        study = optuna.create_study(sampler=StrategySampler(name, seed=0))
        tried = []
        for _ in range(8):
            trial = study.ask(FEW)
            tried.append(tuple(trial.params.values()))
            study.tell(trial, trial.params["size"])
        assert len(set(tried[:6])) == 6
        assert set(tried[6:]) < set(tried[:6])


def test_a_sampler_travels_to_another_process():
    sampler = StrategySampler(partial(GeneticAlgorithm, population=3), seed=5)
    twin = pickle.loads(pickle.dumps(sampler))
    studies = [optuna.create_study(sampler=one) for one in (sampler, twin)]
    for study in studies:
        study.optimize(bowl, n_trials=7)
    assert [t.params for t in studies[0].trials] == [t.params for t in studies[1].trials]


# -- what the strategy hears -------------------------------------------------------------------------------


def test_pruned_failed_and_infinite_trials_are_failed_trials():
    listening = Listening()
    study = optuna.create_study(sampler=StrategySampler(listening, seed=0))
    outcomes = [1.5, optuna.TrialPruned(), ValueError("burnt"), math.nan, math.inf, 2.5]

    def objective(trial):
        bowl(trial)
        outcome = outcomes[trial.number]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    study.optimize(objective, n_trials=6, catch=(ValueError,))
    study.ask(OVEN)
    told, pending = listening.made[-1]
    assert [trial.score for trial in told] == [-1.5, None, None, None, None, -2.5]
    words = [trial.error for trial in told if trial.error]
    assert words == [
        "the trial was pruned",
        "the trial failed",
        "the trial failed",
        "the value was inf, not a finite number",
    ]
    assert [trial.params for trial in told] == [trial.params for trial in study.trials[:6]]
    assert pending == []


def test_what_runs_elsewhere_is_pending_and_nobody_tries_it_too():
    listening = Listening(BayesianOptimization)
    study = optuna.create_study(sampler=StrategySampler(listening, seed=0))
    study.optimize(bowl, n_trials=6)
    running = [study.ask(OVEN) for _ in range(4)]
    assert listening.made[-1][1] == [trial.params for trial in running[:3]]
    assert len({trial.params["heat"] for trial in running}) == 4


def test_a_trial_that_has_not_chosen_yet_is_asked_for():
    """Two workers begin at the same moment: the second must not try what the first is about to try."""
    study = searched("bayesian", trials=6)
    sampler, storage = study.sampler, study._storage
    first, second = (storage.get_trial(storage.create_new_trial(study._study_id)) for _ in range(2))
    late = sampler.sample_relative(study, second, OVEN)  # while the first has chosen nothing
    early = sampler.sample_relative(study, first, OVEN)
    alone = searched("bayesian", trials=6).ask(OVEN)
    assert early != late
    assert late != alone.params


def test_trials_from_outside_the_range_are_left_out():
    listening = Listening()
    study = optuna.create_study(sampler=StrategySampler(listening, seed=0))
    study.add_trial(create_trial(params={"heat": 200.0, "topping": "Ham"}, distributions=OVEN, value=1.0))
    study.add_trial(
        create_trial(params={"heat": 300.0}, distributions={"heat": OVEN["heat"]}, state=TrialState.PRUNED)
    )
    study.enqueue_trial({"heat": 900.0, "topping": "Ham"})
    with pytest.warns(UserWarning, match="out of range"):
        study.optimize(bowl, n_trials=1)
    study.ask(OVEN)
    assert [trial.score for trial in listening.made[-1][0]] == [-1.0]


def test_two_workers_share_a_search_through_a_file(tmp_path):
    worker = (
        "import sys, optuna\n"
        "from optuna.storages import JournalStorage\n"
        "from optuna.storages.journal import JournalFileBackend\n"
        "from pizzatune.optuna import StrategySampler\n"
        "storage = JournalStorage(JournalFileBackend(sys.argv[1]))\n"
        "sampler = StrategySampler('bayesian', seed=1)\n"
        "study = optuna.load_study(study_name='pizza', storage=storage, sampler=sampler)\n"
        "study.optimize(lambda trial: (trial.suggest_float('heat', 150, 350) - 240) ** 2, n_trials=6)\n"
    )
    path = tmp_path / "study.log"
    optuna.create_study(study_name="pizza", storage=journal(path))
    workers = [subprocess.Popen([sys.executable, "-c", worker, str(path)]) for _ in range(2)]
    assert [one.wait(timeout=120) for one in workers] == [0, 0]
    study = optuna.load_study(study_name="pizza", storage=journal(path))
    assert [trial.number for trial in study.trials] == list(range(12))
    assert all(trial.state == TrialState.COMPLETE for trial in study.trials)
    assert len({trial.params["heat"] for trial in study.trials}) == 12
    assert study.best_value < 200


def test_what_another_worker_noted_meanwhile_is_not_suggested_again():
    noted = []

    class Overtaken(RandomSearch):
        def ask(self):
            params = super().ask()
            if not noted:  # another worker begins a trial, and comes first with the same params
                other = study._storage.create_new_trial(study._study_id)
                study._storage.set_trial_system_attr(other, SUGGESTION, {"params": params})
                noted.append(params)
            return params

    study = optuna.create_study(sampler=StrategySampler(Overtaken, seed=1))
    oven = {"heat": OVEN["heat"]}
    study.add_trial(create_trial(params={"heat": 200.0}, distributions=oven, value=1.0))
    assert study.ask(oven).params != noted[0]


def journal(path):
    return JournalStorage(JournalFileBackend(str(path)))


def test_a_study_on_disk_goes_on_as_if_it_had_never_stopped(tmp_path):
    for _ in range(3):
        study = optuna.create_study(
            study_name="pizza",
            storage=journal(tmp_path / "study.log"),
            load_if_exists=True,
            sampler=StrategySampler("genetic", seed=3),
        )
        study.optimize(bowl, n_trials=3)
    params = [trial.params for trial in study.trials]
    assert params == [trial.params for trial in searched("genetic", trials=9).trials]


# -- parameters of all kinds -------------------------------------------------------------------------------


def test_choices_of_any_kind_come_back_as_they_are():
    nan = float("nan")
    choices = [None, True, 1, 2.5, "Ham", nan, "Ham", nan]  # for Optuna 1 is True, and some come twice
    study = optuna.create_study(sampler=StrategySampler("random", seed=0))
    met = []
    for number in range(40):
        trial = study.ask({"what": CategoricalDistribution(choices)})
        met.append(trial.params["what"])
        study.tell(trial, float(number))
    assert {repr(value) for value in met} == {"None", "True", "2.5", "'Ham'", "nan"}
    assert [repr(value) for value in met[:5]] == [repr(value) for value in dict.fromkeys(met[:5])]


def test_parameters_may_be_called_like_columns_of_our_tables():
    study = optuna.create_study(sampler=StrategySampler("bayesian", seed=0))
    space = {
        "score": FloatDistribution(0, 1),
        "my_score": FloatDistribution(2, 3),
        "seconds": IntDistribution(5, 9),
    }
    for _ in range(6):
        trial = study.ask(space)
        study.tell(trial, trial.params["score"])
    assert 0 <= trial.params["score"] <= 1 < 2 <= trial.params["my_score"] <= 3
    assert set(study.trials[-1].system_attrs[SUGGESTION]["params"]) == set(space)


def test_a_range_of_millions_is_searched_as_a_smooth_dial_and_rounded():
    space = {
        "trees": IntDistribution(1, 10**9, log=True),
        "odd": IntDistribution(1, 10**8 + 1, step=2),
        "fine": FloatDistribution(0, 1000, step=1e-4),
    }
    study = optuna.create_study(sampler=StrategySampler("bayesian", seed=0))
    for _ in range(8):
        trial = study.ask(space)
        assert trial.params["odd"] % 2 == 1
        assert type(trial.params["trees"]) is int
        clicks = trial.params["fine"] / 1e-4
        assert abs(clicks - round(clicks)) < 1e-3
        study.tell(trial, math.log(trial.params["trees"]))
    assert len(study.trials) == 8


def test_a_range_that_changes_is_drawn_by_the_independent_sampler():
    class Fixed(optuna.samplers.RandomSampler):
        def sample_independent(self, study, trial, name, distribution):
            asked.append((trial.number, name))
            return distribution.high

    asked = []
    sampler = StrategySampler("random", seed=0, independent_sampler=Fixed())
    study = optuna.create_study(sampler=sampler)

    def objective(trial):
        return trial.suggest_float("heat", 150, 300 + trial.number) + trial.suggest_int("minutes", 4, 20)

    study.optimize(objective, n_trials=4)
    # the first trial knows no ranges yet; the second takes the range of the first for granted
    assert asked == [(0, "heat"), (0, "minutes"), (2, "heat"), (3, "heat")]
    assert [trial.params["heat"] for trial in study.trials][2:] == [302, 303]
    assert 150 <= study.trials[1].params["heat"] < 300


def test_independent_draws_of_different_trials_differ_though_workers_share_a_seed():
    study = optuna.create_study(sampler=StrategySampler("random", seed=0))
    first, second = study.ask(), study.ask()
    drawn = [trial.suggest_float(name, 0, 1) for trial in (first, second) for name in ("a", "b")]
    assert len(set(drawn)) == 4
    again = optuna.create_study(sampler=StrategySampler("random", seed=0)).ask()
    assert [again.suggest_float(name, 0, 1) for name in ("a", "b")] == drawn[:2]


# -- a space of ours -----------------------------------------------------------------------------------------


def test_distributions_become_parameters_of_their_kind():
    space = to_space(
        {
            "heat": FloatDistribution(150, 350),
            "yeast": FloatDistribution(1e-3, 1, log=True),
            "salt": FloatDistribution(-10.2, 10.2, step=0.1),
            "minutes": IntDistribution(4, 20, step=2),
            "depth": IntDistribution(1, 64, log=True),
            "topping": CategoricalDistribution(["Ham", "Tuna", "Ham"]),
            "oven": IntDistribution(3, 3),
            "wide": IntDistribution(0, 10**7),
        }
    )
    assert space.parameters == (
        Real("heat", 150, 350),
        Real("yeast", 1e-3, 1, log=True),
        Real("salt", -10.2, 10.2, step=0.1),
        Integer("minutes", 4, 20, step=2),
        Integer("depth", 1, 64, log=True),
        Choice("topping", ["Ham", "Tuna"]),
        Ordered("oven", [3]),
        Real("wide", 0, 10**7),
    )


@pytest.mark.parametrize(
    "search_space, error, message",
    [
        ([FloatDistribution(0, 1)], TypeError, "search_space must be a dict of Optuna's distributions"),
        ({"heat": (150, 350)}, TypeError, r"heat: expected one of Optuna's distributions, got \(150, 350\)"),
        ({"score": FloatDistribution(0, 1)}, ValueError, "a parameter cannot be called 'score'"),
        ({}, ValueError, "a space needs at least one parameter"),
    ],
    ids=range(4),
)
def test_what_is_no_search_space_is_told_so(search_space, error, message):
    with pytest.raises(error, match=message):
        to_space(search_space)


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        ({"strategy": "grid"}, ValueError, r"strategy must be one of \['bayesian', 'genetic', 'random'\]"),
        ({"strategy": 7}, TypeError, "strategy must be a name or a function"),
        ({"seed": -1}, ValueError, "seed must be a whole number from 0 up, or None, got -1"),
        ({"seed": 1.5}, ValueError, "seed must be a whole number from 0 up"),
    ],
    ids=range(4),
)
def test_a_wrong_setting_is_told_at_the_door(arguments, error, message):
    with pytest.raises(error, match=message):
        StrategySampler(**arguments)


def test_several_objectives_are_refused_with_a_way_out():
    study = optuna.create_study(directions=["minimize", "maximize"], sampler=StrategySampler("random"))
    with pytest.raises(
        ValueError, match=r"multi-objective .* StrategySampler cannot be used; make a study with"
    ):
        study.ask(OVEN)


def test_a_seed_that_is_not_given_is_drawn_and_can_be_read():
    sampler = StrategySampler("random")
    assert isinstance(sampler.seed, int)
    assert sampler.seed != StrategySampler("random").seed


def test_a_seed_may_be_a_number_of_numpys():
    assert StrategySampler("random", seed=np.int64(3)).seed == 3
    with pytest.raises(ValueError, match="seed must be a whole number from 0 up, or None, got True"):
        StrategySampler("random", seed=True)
