"""What lesson 06 says of guess, doubt and the promise of a band, on two sets of ovens and of clinics."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.explore import moody
from pizzatune.menus.taste import taste
from tests.lesson_cells import names_of, score_in

OVENS = range(1000, 1200), range(2000, 2200)
CLINICS = range(12), range(100, 112)
every_oven = pytest.mark.parametrize("ovens", OVENS, ids=["these", "those"])
LESSON = "06"


@cache
def bakes():
    """The lesson's two bakes, its kernel and its function with the line that is not right yet."""
    return names_of(LESSON, "heats, scores =", "def alike", "def guess")


def test_the_two_pizzas_that_it_draws_got_the_points_that_it_says():
    names = bakes()
    assert [round(taste(pizza)) for pizza in names["bakes"]] == names["scores"].tolist()


def test_least_is_known_at_the_cold_end_and_a_dragged_score_leaves_the_doubt():
    names = bakes()
    mean, std = moody.believed(names["heats"], names["scores"], moody.Beliefs(length=60))
    assert moody.HEATS[std.argmax()] == 150
    halfway, beside = (np.interp(heat, moody.HEATS, std) for heat in (240, 212.5))
    assert std[0] > halfway > beside
    assert abs(mean[0] - 5) < abs(8 - 5)  # back towards what was expected
    _, dragged = moody.believed(names["heats"], [8.0, 9.0], moody.Beliefs(length=60))
    assert (dragged == std).all()
    assert 2 * moody.Beliefs().amplitude == 3  # give or take


def test_sixty_degrees_apart_count_as_half_alike():
    assert bakes()["alike"](np.array([200.0]), 260.0)[0] == pytest.approx(0.5, abs=0.03)


def test_the_function_as_it_stands_is_not_right_and_with_the_line_it_is_the_map():
    names = bakes()
    assert "5 everywhere" in pt.lessons.check("doubt.guess", names["guess"]).say
    right = pt.lessons.all_exercises()["doubt.guess"].reference
    told = np.array([right(heat, names["heats"], names["scores"]) for heat in moody.HEATS])
    np.testing.assert_allclose(
        told.T, moody.believed(names["heats"], names["scores"], moody.Beliefs(length=60)), atol=1e-3
    )
    doubts = np.array([names["guess"](heat, names["heats"], names["scores"])[1] for heat in moody.HEATS])
    np.testing.assert_allclose(doubts, told[:, 1], atol=1e-9)


@every_oven
def test_with_the_right_length_the_band_keeps_its_promise_but_not_in_every_oven(ovens):
    held = names_of(LESSON, "import numpy", "import moody", "def held")["held"](30, ovens)
    assert 93 < held.mean() < 98
    assert 0.01 < (held < 75).mean() < 0.1  # in a few, more than one truth in four lies outside


@every_oven
def test_with_a_length_too_long_it_holds_less_than_a_third(ovens):
    held = names_of(LESSON, "import numpy", "import moody", "def held")["held"](90, ovens)
    assert 25 < held.mean() < 33
    low, high = np.quantile(held, (0.25, 0.75))
    assert 15 < low < high < 45  # half of the ovens lie between


@pytest.mark.parametrize("seeds", [range(40), range(100, 140)], ids=["these", "those"])
def test_the_band_of_sixteen_guests_is_one_point_wide_and_their_scores_are_three_or_four_apart(seeds):
    apart = []
    for seed in seeds:
        tastings = 6 + np.random.default_rng(seed).normal(0, 1, 16)
        apart.append(np.ptp(tastings))
        _, std = moody.believed([225.0] * 16, tastings, moody.Beliefs(30, noise=1.0))
        assert 4 * std[np.searchsorted(moody.HEATS, 225.0)] == pytest.approx(1, abs=0.05)
    assert 3 < np.mean(apart) < 4


@pytest.mark.parametrize("clinics", CLINICS, ids=["these", "those"])
def test_the_band_of_a_real_model_holds_fewer_than_it_promises(clinics):
    names = names_of(LESSON, "import numpy", "import SVC", "load_breast_cancer(", "dial =", "settings =")
    held = []
    for seed in clinics:
        score = score_in(names, seed, train=slice(40), validation=slice(40, 140))
        model = pt.BayesianOptimization(pt.Space(names["dial"]))
        some = names["settings"][::4]  # the six among them
        truth = np.array([score(dials) for dials in some])
        for place in range(0, 21, 4):
            model.tell(some[place], truth[place])
        mean, std = model.posterior(some)
        unseen = np.arange(21) % 4 > 0
        share = (np.abs(truth - mean) <= 2 * std)[unseen].mean()
        held.append(100 * (6 + 75 * share) / 81)
    assert 60 < np.mean(held) < 90  # about three in four
