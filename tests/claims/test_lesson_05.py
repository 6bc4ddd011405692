"""What lesson 05 says of tossed pizzas and tidy ones, on two sets of kitchens and two of clinics."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.lessons.random import SaltyKitchen, draws, duel, grid
from tests.lesson_cells import names_of

KITCHENS = pytest.mark.parametrize("kitchens", [range(1000, 1200), range(2000, 2200)], ids=["these", "those"])
CLINICS = pytest.mark.parametrize("clinics", [range(12), range(100, 112)], ids=["these", "those"])
LEVELS = {1: 64, 2: 8, 3: 4, 6: 2}


def test_nine_random_pizzas_try_nine_temperatures_and_the_grid_three():
    assert len(set(grid(3)[:, 0])) == 3
    assert {len(set(draws(seed, 9)[:, 0])) for seed in range(50)} == {9}


def test_salt_leaves_no_trace():
    kitchen = SaltyKitchen(13, matters=0)
    assert len({kitchen.taste({"temperature": 210, "salt": salt}) for salt in (2, 15, 28)}) == 1


def test_the_loop_as_it_stands_is_not_right():
    loop = names_of("05", "def toss")["toss"]
    assert "never moves" in pt.lessons.check("random.loop", loop).say


@KITCHENS
def test_where_nobody_tastes_salt_random_search_wins_in_two_of_three_kitchens(kitchens):
    fought = duel(matters=0, seeds=kitchens)
    assert 0.6 < fought.random_wins < 0.75
    assert 0.1 < fought.lead < 0.6
    assert duel(per_dial=6, seeds=kitchens).random_wins > fought.random_wins + 0.05


@KITCHENS
def test_where_both_dials_matter_or_there_is_only_one_the_grid_leads(kitchens):
    assert duel(matters=1, seeds=kitchens).lead < -0.2
    assert duel(per_dial=9, dials=1, seeds=kitchens).lead < -0.2


@KITCHENS
def test_with_every_idle_dial_the_grid_gets_worse_and_random_search_does_not_notice(kitchens):
    fought = [duel(0, levels, dials=dials, seeds=kitchens[:24]) for dials, levels in LEVELS.items()]
    assert (np.diff([one.grid.mean() for one in fought]) < -0.05).all()
    assert 7.7 < fought[-1].grid.mean() < 8.4
    assert np.ptp([one.drawn.mean() for one in fought]) < 0.03
    assert len(set(grid(2, dials=6)[:, 0])) == 2  # two temperatures after 64 pizzas


@cache
def lesson():
    """The model, its clinics and its spaces, as the lesson's own cells define them."""
    return names_of("05", "import numpy", "import SVC", "def clinic", "def best(")


@cache
def raced(seed):
    """In one clinic: the default, the grid with four dials, random search, the grid with two."""
    names = lesson()
    right, two = names["clinic"](seed), pt.Space(names["C"], names["gamma"])
    searches = (
        pt.GridSearch(names["four"], resolution=2),
        pt.RandomSearch(names["four"], seed=seed),
        pt.GridSearch(two, resolution=4),
    )
    return right({}), *(names["best"](right, search) for search in searches)


def test_random_search_draws_the_same_where_idle_dials_are_added():
    names = lesson()
    spaces = pt.Space(names["C"], names["gamma"]), names["four"]
    two, four = (pt.RandomSearch(space, seed=3) for space in spaces)
    for _ in range(16):
        few, many = two.ask(), four.ask()
        assert few == {name: many[name] for name in few}


@CLINICS
def test_a_real_model_with_two_idle_dials_is_tuned_better_at_random_and_without_them_it_is_not(clinics):
    default, tidy, tossed, lean = np.array([raced(clinic) for clinic in clinics]).T
    assert min((tidy - default).mean(), (tossed - default).mean()) > 1
    assert 0.2 < (tossed - tidy).mean() < 1.2  # about half a per cent
    assert (tossed < tidy).any()  # though not in every clinic
    assert (tossed - lean).mean() < 0.1
