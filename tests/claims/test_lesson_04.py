"""What lesson 04 says of equal steps and equal ratios: of yeast, and of a real model's dial."""

from __future__ import annotations

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.lessons import ranges
from tests.lesson_cells import names_of, score_in

LESSON = "04"
SEEDS = range(1, 13), range(100, 112)
every_seed = pytest.mark.parametrize("seeds", SEEDS, ids=["these", "those"])
STEPS, RATIOS = (pt.Real("yeast", 0.001, 10, log=log, unit="g") for log in (False, True))


@every_seed
def test_some_nine_of_ten_even_draws_are_larger_than_a_gram(seeds):
    share = np.mean([(ranges.draws(STEPS, seed) > 1).mean() for seed in seeds])
    assert 0.85 < share < 0.95
    assert ranges.share_of(STEPS, 1, 10) == pytest.approx(0.9, abs=0.001)
    assert ranges.BEST_YEAST == 1 / 50


@every_seed
def test_the_best_of_eight_is_a_disaster_in_steps_and_good_in_ratios(seeds):
    steps, ratios = (
        [ranges.taste_of(ranges.draws(dial, seed)[:8]).max() for seed in seeds] for dial in (STEPS, RATIOS)
    )
    assert np.median(steps) < 2
    assert np.median(ratios) > 8


def test_steps_leave_less_than_a_hundredth_for_what_is_good_and_ratios_some_sixth():
    assert ranges.share_of(STEPS, *ranges.GOOD_YEAST) < 0.01
    assert ranges.share_of(RATIOS, *ranges.GOOD_YEAST) == pytest.approx(1 / 6, abs=0.02)
    assert ranges.GOOD_YEAST[1] < 0.1  # all that is good lies below


def test_a_log_dial_refuses_zero():
    with pytest.raises(ValueError, match="above 0"):
        pt.Real("yeast", 0, 10, log=True)


@every_seed
def test_steps_end_below_the_default_and_ratios_above_it(seeds):
    names = names_of(LESSON, "import numpy", "load_breast_cancer(")
    ends = []
    for seed in seeds:
        score = score_in(names, seed, train=slice(40), others=slice(40, 140))
        row = [score({})]
        for log in (False, True):
            dial = pt.Space(pt.Real("gamma", 0.0001, 1, log=log))
            row.append(pt.tune(score, pt.GridSearch(dial, resolution=8), progress=False).best_score)
        ends.append(row)
    default, steps, ratios = np.array(ends).T
    assert np.mean(default - steps) > 0.003
    assert np.mean(ratios - default) > 0.01
    assert np.mean(ratios > steps) > 0.7


def test_seven_of_the_eight_even_values_lie_above_a_tenth():
    dial = pt.Space(pt.Real("gamma", 0.0001, 1))
    values = pt.GridSearch(dial, resolution=8).levels["gamma"]
    assert sum(value > 0.1 for value in values) == 7
