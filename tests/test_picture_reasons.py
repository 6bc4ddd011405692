"""Reasons are said as people say them: no ±, no figure that nobody can use, and trials counted from 1."""

from __future__ import annotations

import re

import pytest

import pizzatune as pt
from pizzatune.pictures.reasons import reason, rounded

MENU = pt.menus.topping_and_heat()
STRATEGIES = {
    "log_ei": pt.BayesianOptimization(MENU.space, seed=1, start=3),
    "pi": pt.BayesianOptimization(MENU.space, acquisition="pi", seed=1),
    "ucb": pt.BayesianOptimization(MENU.space, acquisition="ucb", seed=1),
    "thompson": pt.BayesianOptimization(MENU.space, acquisition="thompson", seed=1),
    "genetic": pt.GeneticAlgorithm(MENU.space, population=4, seed=1),
    "random": pt.RandomSearch(MENU.space, seed=1),
    "grid": pt.GridSearch(MENU.space, resolution=5),
}
ENDS = {
    "log_ei": "promised the largest gain",
    "pi": "was likeliest there",
    "ucb": "brightest guess",
    "thompson": "landscape that fits",
    "genetic": "child of trials",
    "random": "drawn at random",
    "grid": "on the grid",
}


@pytest.fixture(scope="module", params=STRATEGIES)
def trials(request):
    return request.param, pt.tune(MENU.taste, STRATEGIES[request.param], 14, progress=False).trials


def test_a_reason_has_no_figures_that_nobody_would_say(trials):
    name, tried = trials
    said = [reason(trial.why, trial.origin, 0.01) for trial in tried]
    assert any(ENDS[name] in one for one in said)
    for one in said:
        assert "±" not in one
        assert "opening" not in one
        assert not re.search(r"\d\.\d{3}|0\.00|e-\d", one)


def test_parents_are_counted_from_one():
    trials = pt.tune(MENU.taste, STRATEGIES["genetic"].rebuilt(()), 12, progress=False).trials
    bred = [trial for trial in trials if "parents" in trial.origin]
    assert bred
    for trial in bred:
        mother, father = trial.origin["parents"]
        assert f"child of trials {mother + 1} and {father + 1}" in reason(trial.why, trial.origin)


def test_trust_is_said_in_words():
    said = "expected 8.87 ± 0.084, the best so far 8.92: the largest expected improvement, 0.00042; {}"
    origin = {"mean": 8.87, "std": 0.084}
    heard = reason(said.format("trust in the source 0.92"), origin, 0.01)
    assert heard == (
        "it expected 8.9, give or take 0.1. That promised the largest gain, below 0.01. "
        "It trusted the earlier search 92%"
    )
    aside = reason(said.format("the source is set aside"), origin, 0.01)
    assert aside.endswith("It set the earlier search aside")


def test_what_somebody_else_wrote_stays():
    assert reason("my own idea; trust me", {}) == "my own idea; trust me"
    assert reason("expected by all", {"mean": 1.0, "std": 0.0}) == "expected by all"


@pytest.mark.parametrize("number, unit, said", [(0.04, 0.1, "0.0"), (-2.06, 0.1, "−2.1"), (7.4, 10.0, "7")])
def test_numbers_are_rounded_to_what_matters(number, unit, said):
    assert rounded(number, unit) == said
