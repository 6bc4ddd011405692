"""What lesson 01 says: of the ridge, whose pizzas are all baked, and of models, on two sets of clinics."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.explore.ridge_explorer import walks
from pizzatune.lessons import dials, tried
from tests.how_often import CI
from tests.lesson_cells import names_of, score_in

CLINICS = 30 if CI else 12
SETS = (range(CLINICS), range(100, 100 + CLINICS))
both_sets = pytest.mark.parametrize("seeds", SETS, ids=["these", "those"])

# -- a model with two dials ----------------------------------------------------------------------------------


@cache
def lesson():
    """The names that the lesson's own cells define: its search, its data, its score, its dials."""
    wanted = ("load_breast_cancer(", "def score", "default =", "space =", "def one_dial")
    return names_of("01", "import pizzatune", "import dials", *wanted)


@cache
def clinic(seed):
    """Right of the others: the default, one dial at a time from there, both at once, from the corner."""
    names = lesson()
    score = score_in(names, seed, train=slice(40), others=slice(40, None))
    turned, corner = (
        dials.in_turn(score, start, names["steps"]) for start in (names["default"], {"C": 0.01, "gamma": 1})
    )
    both = pt.tune(score, pt.RandomSearch(names["space"], seed=seed), budget=12, progress=False).trials
    assert len(turned) == len(corner) == len(both) == 12
    return turned[0].score, *(max(trial.score for trial in trials) for trials in (turned, both, corner))


def clinics(seeds):
    return np.array([clinic(seed) for seed in seeds]).T


@both_sets
def test_both_searches_beat_the_default_and_end_less_than_one_per_cent_apart(seeds):
    default, turned, both, _ = clinics(seeds)
    assert (turned - default).mean() > 0.005
    assert (both - default).mean() > 0.005
    assert abs((both - turned).mean()) < 0.01


@both_sets
def test_from_the_corner_most_searches_never_leave_the_plateau(seeds):
    _, turned, _, corner = clinics(seeds)
    assert (corner < 0.7).mean() > 0.5
    assert (turned - corner).mean() > 0.1


def test_the_default_is_that_of_scikit_learn():
    names = lesson()
    assert names["score"](names["default"]) == names["score"]({})


# -- the ridge -----------------------------------------------------------------------------------------------


def test_rosa_stops_three_points_below_the_best_of_208_pizzas():
    menu = pt.menus.ridge()
    trials = dials.watch(menu, lesson()["one_dial"])
    assert trials == dials.watch(menu, tried.one_dial)
    assert len(trials) == 29
    assert menu.space.size == 208
    assert [round(score, 1) for score in (max(one.score for one in trials), menu.best.score)] == [6.3, 9.3]


def test_with_the_smart_timer_every_start_finds_the_best_and_with_a_plain_one_a_start_is_luck():
    assert walks(0, 7, 30)[1] == pytest.approx(0)
    plain = dict(zip(range(3, 19), walks(100, 7, 30)[1], strict=True))
    assert plain[8] < 0.05
    assert plain[16] > 3


@pytest.mark.parametrize("seeds", [range(40), range(1000, 1040)], ids=["these", "those"])
def test_thirty_random_pizzas_beat_one_dial_at_a_time_in_all_kitchens_together(seeds):
    menus, misses = tried.kitchens(), []
    for seed in seeds:
        rng, menu = np.random.default_rng(seed), menus[seed % len(menus)]
        orders = [{"temperature": rng.uniform(180, 300), "minutes": rng.uniform(3, 18)} for _ in range(30)]
        misses.append(pt.menus.ridge().best.score - max(map(menu.taste, orders)))
    assert np.mean(misses) < tried.to_beat() - tried.BETTER
