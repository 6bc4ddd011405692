"""What lesson 02 says, computed on two sets of seeds that share none: one guest, many pizzas, a model."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import pizzatune as pt
from tests.how_often import CI
from tests.lesson_cells import names_of, score_in

SPLITS = 24 if CI else 12
SETS = (range(SPLITS), range(100, 100 + SPLITS))
both_sets = pytest.mark.parametrize("seeds", SETS, ids=["these", "those"])


@cache
def clinic(seed):
    """Right on the validation set, then on the test set: the best of 40, and the default."""
    names = names_of("02", "import pizzatune", "load_breast_cancer(", "def score", "space = ")
    score = score_in(names, seed, train=slice(40), validation=slice(40, 60), test=slice(60, None))
    validation, test = names["validation"], names["test"]
    search = pt.RandomSearch(names["space"], seed=seed)
    tuned = pt.tune(lambda dials: score(dials, validation), search, budget=40, progress=False)
    return (
        tuned.best_score, score(tuned.best_params, test), score({}, validation), score({}, test),
    )  # fmt: skip


@both_sets
def test_the_best_of_forty_is_two_to_four_per_cent_too_high_on_its_validation_set(seeds):
    best, truly, default, wall = np.array([clinic(seed) for seed in seeds]).T
    assert 0.015 < (best - truly).mean() < 0.05
    assert (default - wall).mean() < 0.015  # chosen by nobody, flattered by nothing


@both_sets
def test_two_of_three_tastings_lie_within_one_point(seeds):
    menu, near = pt.menus.topping_and_heat(), []
    order = {"topping": "Ham", "temperature": 225}
    for seed in seeds:
        guest = menu.taster(noise=1.0, seed=seed)
        near += [abs(guest(order) - menu.taste(order)) < 1 for _ in range(100)]
    assert 0.63 < np.mean(near) < 0.73


@pytest.mark.parametrize("half", [slice(0, 200), slice(200, 400)], ids=["these", "those"])
def test_the_more_there_is_to_choose_from_the_deeper_the_winner_falls(half):
    from pizzatune.lessons import noise

    falls = noise.evenings(noise=1.0, differ=0.5).too_high()[half]
    assert (np.diff(falls.mean(axis=0)) > 0.1).all()
    assert (falls[:, noise.LADDER.index(50)] > 0).mean() > 0.95  # less, on nearly every evening
