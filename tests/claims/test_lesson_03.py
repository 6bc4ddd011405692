"""What lesson 03 says of grids: in a clicking oven, in smooth ones, and for a real model."""

from __future__ import annotations

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.lessons import grid
from pizzatune.menus.dial_by_dial import oven_dials
from pizzatune.menus.oven import PLAIN_OVEN
from tests.lesson_cells import names_of, score_in

LESSON = "03"


def test_eleven_levels_meet_only_clicks_and_nine_do_not():
    menu = grid.one_dial()
    nine, eleven = (grid.best_of_grid(menu, levels, edges=True) for levels in (9, 11))
    assert round(nine, 1) == 9.1
    assert 2.8 < nine - eleven < 3.5  # three points worse
    levels = pt.GridSearch(menu.space, resolution=11, edges=True).levels["temperature"]
    assert all(heat % 10 == 0 for heat in levels)
    moved = max(menu.taste({"temperature": heat + 5}) for heat in levels[:-1])
    assert moved > eleven + 2


@pytest.mark.parametrize("ovens", [range(40), range(100, 140)], ids=["these", "those"])
def test_one_level_more_makes_it_worse_about_one_time_in_two_and_rarely_by_much(ovens):
    worse, much_worse = grid.one_level_more(ovens, striped=False)
    assert 0.42 < worse < 0.55
    assert much_worse < 0.1


def test_six_factors_bake_for_seven_days_and_a_half_and_the_best_lies_between_the_lines():
    tray = pt.explore.grid(factors=6)
    assert 7.4 < 3**6 * 15 / 60 / 24 < 7.7
    assert "729" in tray.reading
    oven = oven_dials(PLAIN_OVEN, 2)
    assert oven.taste(oven.best.params) - grid.best_of_grid(oven, 5) > 0.3


@pytest.mark.parametrize("clinics", [range(12), range(100, 112)], ids=["these", "those"])
def test_four_times_the_fits_win_less_than_one_in_a_hundred_on_top(clinics):
    names = names_of(LESSON, "import numpy", "load_breast_cancer(")
    space = pt.Space(pt.Real("C", 0.01, 1000, log=True), pt.Real("gamma", 0.0001, 1, log=True))
    ends = []
    for seed in clinics:
        score = score_in(names, seed, train=slice(40), others=slice(40, 140))
        grids = [pt.GridSearch(space, resolution=levels) for levels in (3, 6)]
        found = [pt.tune(score, search, progress=False).best_score for search in grids]
        ends.append([score({}), *found])
    default, small, large = np.mean(ends, axis=0)
    assert min(small, large) > default + 0.02
    assert 0 <= large - small < 0.01
