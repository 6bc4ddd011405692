"""What lesson 07 says of rules, waiters and a real model, on two sets of kitchens and of clinics."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.lessons import choosing
from pizzatune.menus.taste import taste
from tests.lesson_cells import names_of, score_in

KITCHENS = range(12), range(100, 112)
every_kitchen = pytest.mark.parametrize("seeds", KITCHENS, ids=["these", "those"])
LESSON = "07"


def test_the_three_pizzas_taste_as_the_map_says_give_or_take_two_doubts():
    names = names_of(LESSON, "mean, std =")
    truth = np.array([taste(pizza) for pizza in names["pizzas"]])
    assert (np.abs(truth - names["mean"]) < 2 * names["std"]).all()


def test_the_unknown_pizza_has_most_to_win_and_the_safe_one_least():
    names = names_of(LESSON, "mean, std =", "names =", "gains =")
    assert names["gains"].argsort().tolist() == [0, 1, 2]
    assert names["gains"][0] < 0.05
    assert names["mean"][2] < 8


@cache
def raced(seeds):
    rules = names_of(LESSON, "import numpy", "rules =")["rules"]
    entrants = {name: choosing.cook(rule) for name, rule in rules.items()}
    return pt.race(entrants, choosing.kitchen, 12, seeds)


@every_kitchen
def test_both_together_end_nearest_by_far(seeds):
    board = raced(seeds)
    for other in ("highest guess", "greatest doubt"):
        assert board.ratio("both", other).high < 0.5
    assert board.wins()["both"] > 0.6


@every_kitchen
def test_the_highest_guess_bakes_few_toppings_and_the_greatest_doubt_nearly_all(seeds):
    rules = names_of(LESSON, "import numpy", "rules =")["rules"]
    toppings = {"highest guess": [], "greatest doubt": []}
    for seed in seeds:
        menu = choosing.kitchen(seed)
        for name, baked in toppings.items():
            cook = choosing.Cook(rules[name], menu.space, seed)
            for _ in range(12):
                params = cook.ask()
                cook.tell(params, menu.taste(params))
            baked.append(len({trial.params["topping"] for trial in cook.model.trials}))
    assert np.mean(toppings["highest guess"]) < 3
    assert np.mean(toppings["greatest doubt"]) > 7


@every_kitchen
def test_it_beats_random_search_in_nearly_every_kitchen_but_not_behind_the_waiter(seeds):
    searches = names_of(LESSON, "import numpy", "searches =")["searches"]
    ours, mixed = (pt.race(searches, kitchen, 20, seeds) for kitchen in (choosing.kitchen, choosing.mixed_up))
    assert ours.wins()["Bayesian"] > 0.9
    assert 0.3 < mixed.wins()["Bayesian"] < 0.7
    ratio = mixed.ratio("Bayesian", "random")
    assert ratio.low < 1 < ratio.high  # nobody is ahead


@pytest.mark.parametrize("seeds", [range(8), range(100, 108)], ids=["these", "those"])
def test_where_a_trial_costs_nothing_a_thousand_at_random_win(seeds):
    menu, missed = pt.menus.striped(), []
    for seed in seeds:
        few = pt.tune(menu.taste, pt.BayesianOptimization(menu.space, seed=seed), 20)
        many = pt.tune(menu.taste, pt.RandomSearch(menu.space, seed=seed), 1000)
        missed.append(many.best_score - few.best_score)
    assert np.mean(missed) > 0.1
    assert np.mean(np.array(missed) >= 0) > 0.7


@pytest.mark.parametrize("clinics", KITCHENS, ids=["these", "those"])
def test_both_searches_end_above_the_default_and_less_than_one_in_a_hundred_apart(clinics):
    names = names_of(LESSON, "import numpy", "load_breast_cancer(", "def score", "searches =", "space =")
    ends = []
    for seed in clinics:
        score = score_in(names, seed, train=slice(40), validation=slice(40, 140))
        found = [
            pt.tune(score, search(names["space"], seed=seed), 12).best_score
            for search in names["searches"].values()
        ]
        ends.append([score({}), *found])
    default, bayesian, blind = np.mean(ends, axis=0)
    assert min(bayesian, blind) > default + 0.02
    assert abs(bayesian - blind) < 0.01
