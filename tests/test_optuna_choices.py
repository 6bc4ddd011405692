"""Choices of an Optuna study that a storage gives back as other objects, lists for tuples, are searched."""

from __future__ import annotations

import enum
import math
import warnings

import optuna
import pytest
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

from pizzatune.optuna import SUGGESTION, StrategySampler
from pizzatune.strategies import GeneticAlgorithm


class Size(enum.StrEnum):
    SMALL = "small"
    LARGE = "large"


class Grade(enum.IntEnum):
    GOOD = 1
    BEST = 2


CHOICES = {
    "pairs": [(3, 1), (1, 3), (2, 2)],
    "nested tuples": [((8,), (8, 8)), ((4, (2,)), 1), ()],
    "lists": [[8], [8, 8], []],
    "lists of tuples": [[(8, 1)], [(8, 2)]],
    "dicts": [{"a": (1, 2)}, {"b": None}],
    "dicts by numbers": [{1: "one"}, {2: "two"}],
    "mixed": [None, True, 2, 2.5, "two", (2,), [2.0, 3]],
    "None": [None, "relu", "tanh"],
    "bool": [True, False],
    "text and its number": [1, "1", (1,)],
    "nan": [math.nan, (math.nan, 1), 0.5],
    "infinite": [math.inf, -math.inf, (math.inf,)],
    "enums": [Size.SMALL, Size.LARGE],
    "whole enums": [Grade.GOOD, Grade.BEST],
}


@pytest.fixture(autouse=True)
def quiet():
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Choices for a categorical distribution should be")
        yield
    optuna.logging.set_verbosity(optuna.logging.INFO)


def on_disk(kind, path):
    """A study's storage, opened anew as another process would."""
    if kind == "memory":
        return None
    return (
        f"sqlite:///{path}/a.db" if kind == "sqlite" else JournalStorage(JournalFileBackend(f"{path}/a.log"))
    )


def searched(choices, path, kind="journal", parts=(5,), met=None):
    """A study in some parts, each with the storage opened anew."""

    def objective(trial):
        chosen = trial.suggest_categorical("layers", choices)
        if met is not None:
            met.append(chosen)
        place = next(place for place, choice in enumerate(choices) if choice is chosen)
        return trial.suggest_float("x", 0, 1) + place

    storage = on_disk(kind, path)
    for trials in parts:
        study = optuna.create_study(
            storage=storage,
            study_name="pizza",
            load_if_exists=True,
            sampler=StrategySampler("bayesian", seed=0),
        )
        study.optimize(objective, n_trials=trials)
        storage = study._storage if kind == "memory" else on_disk(kind, path)
    return study


@pytest.mark.parametrize("choices", CHOICES.values(), ids=CHOICES)
def test_choices_of_every_kind_are_searched_and_handed_over_as_they_were_written(tmp_path, choices):
    met = []
    study = searched(choices, tmp_path, met=met, parts=(3, 3))
    assert len(study.trials) == 6
    assert all(any(chosen is choice for choice in choices) for chosen in met)


@pytest.mark.parametrize("kind", ["memory", "journal", "sqlite"])
def test_a_search_is_the_same_whatever_keeps_it(tmp_path, kind):
    choices = CHOICES["pairs"]
    parts = (8,) if kind == "sqlite" else (4, 4)  # Optuna itself does not go on with tuples from there
    kept = searched(choices, tmp_path, kind, parts=parts)
    plain = searched(["3 1", "1 3", "2 2"], tmp_path, "memory", parts=(8,))
    assert [trial.params["x"] for trial in kept.trials] == [trial.params["x"] for trial in plain.trials]


class Sauce:
    """An object that is equal to itself alone."""


@pytest.mark.parametrize("make", [Sauce, object, lambda: lambda: None, lambda: type("Kind", (), {})])
def test_objects_in_memory_are_handed_over_themselves(tmp_path, make):
    choices, met = [make(), make(), None], []
    searched(choices, tmp_path, "memory", parts=(6,), met=met)
    assert all(any(chosen is choice for choice in choices) for chosen in met)


@pytest.mark.parametrize("name", ["nested tuples", "mixed", "dicts", "nan", "enums"])
def test_the_strategy_learns_which_choice_is_good(tmp_path, name):
    met = []
    searched(CHOICES[name], tmp_path, parts=(12,), met=met)
    first = CHOICES[name][0]  # scores are minimised, and its is the lowest
    assert sum(chosen is first for chosen in met[-4:]) >= 2


def test_the_note_says_which_choice_was_meant(tmp_path):
    study = searched(CHOICES["pairs"], tmp_path, parts=(6,))
    for trial in study.trials[1:]:
        noted = trial.system_attrs[SUGGESTION]["params"]
        assert noted["x"] == trial.params["x"]
        assert [list(pair) for pair in CHOICES["pairs"]][int(noted["layers"])] == trial.params["layers"]


@pytest.mark.parametrize(
    "strategy", ["random", "genetic", "bayesian", lambda s, seed: GeneticAlgorithm(s, seed=seed)]
)
def test_nothing_but_categories_can_be_searched(tmp_path, strategy):
    study = optuna.create_study(
        storage=on_disk("journal", tmp_path), sampler=StrategySampler(strategy, seed=0), direction="maximize"
    )
    tried = []

    def objective(trial):
        pair = (
            trial.suggest_categorical("a", [(1,), (2,), None]),
            trial.suggest_categorical("b", [(1, 2), [3]]),
        )
        tried.append(repr(pair))
        return len(repr(pair))

    study.optimize(objective, n_trials=7)
    assert len(set(tried[:6])) == 6  # nothing twice before everything was tried


def test_choices_that_change_are_refused_in_optunas_words(tmp_path):
    study = searched(CHOICES["pairs"], tmp_path)
    with pytest.raises(ValueError, match="does not support dynamic value space"):
        study.optimize(lambda trial: len(trial.suggest_categorical("layers", [(9, 9), (1, 1)])), n_trials=1)


def test_pruned_trials_and_parameters_of_some_trials_only_are_told_too(tmp_path):
    choices = CHOICES["nested tuples"]
    study = searched(choices, tmp_path)

    def objective(trial):
        place = choices.index(trial.suggest_categorical("layers", choices))
        if place == 2:
            raise optuna.TrialPruned
        more = trial.suggest_categorical("more", [(1,), (2,)])[0] if place else 0
        return trial.suggest_float("x", 0, 1) + place + more

    study.optimize(objective, n_trials=6)
    assert len(study.trials) == 11
