"""What lesson 00 says, computed on two sets of seeds that share none: the hot oven, and the default."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

import pizzatune as pt
from pizzatune.menus.taste import doneness
from tests.how_often import CI

SEEDS = 12 if CI else 3
SETS = (range(SEEDS), range(100, 100 + SEEDS))
both_sets = pytest.mark.parametrize("seeds", SETS, ids=["these", "those"])


def right(dials):
    cells, kinds = load_breast_cancer(return_X_y=True)
    return cross_val_score(make_pipeline(StandardScaler(), SVC(**dials)), cells, kinds, cv=5).mean()


def test_a_hotter_oven_wants_fewer_minutes():
    golden = []
    for heat in (180, 200, 220, 240, 260, 280):
        times = np.arange(3, 25, 0.25)
        dose = [
            doneness(pt.menus.Pizza(("Sausage", "Mushrooms"), temperature=heat, minutes=m)) for m in times
        ]
        golden.append(times[np.abs(np.array(dose) - 1).argmin()])
    assert golden == sorted(golden, reverse=True)
    assert len(set(golden)) == len(golden)


def test_there_are_as_many_tumours_and_pizzas_as_it_says():
    _, kinds = load_breast_cancer(return_X_y=True)
    assert len(kinds) == 569
    assert (kinds == 0).sum() == 212  # 0 are the malignant ones
    menu = pt.menus.cool_kitchen()
    assert menu.space.size == 248
    assert round(menu.best.score, 2) == 9.15
    assert menu.best.params["temperature"] != 225  # off the middle, so that no opening finds it by luck


@both_sets
def test_tuning_gains_about_one_tumour_in_two_hundred(seeds):
    space = pt.Space(pt.Real("C", 0.01, 1000, log=True), pt.Real("gamma", 0.0001, 1, log=True))
    default = right({})
    assert round(100 * default, 1) == 97.4
    gains = []
    for seed in seeds:
        strategy = pt.BayesianOptimization(space, seed=seed)
        gains.append(pt.tune(right, strategy, budget=15, progress=False).best_score - default)
    assert 0.003 < np.mean(gains) < 0.008


@both_sets
def test_twenty_of_the_248_come_close_to_the_best(seeds):
    menu = pt.menus.cool_kitchen()
    for seed in seeds:
        strategy = pt.BayesianOptimization(menu.space, seed=seed)
        assert pt.tune(menu.taste, strategy, budget=20, progress=False).best_score > 8.5
