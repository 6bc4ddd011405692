"""One parameter against the score."""

from __future__ import annotations

import math
import sys

import numpy as np
import pytest

import pizzatune as pt
from pizzatune import plots
from pizzatune.pictures.marks import Axes, Dots, Links, Text
from pizzatune.pictures.parameter import worth_of
from pizzatune.pictures.source import as_run

MENU = pt.menus.topping_and_heat()
RANDOM = pt.tune(MENU.taste, pt.RandomSearch(MENU.space, seed=0), 12, progress=False)
OVEN = pt.menus.old_oven()


def smoky(params):
    if params["temperature"] > 250:
        raise RuntimeError("smoke")
    return MENU.taste(params)


FRAGILE = pt.tune(smoky, pt.RandomSearch(MENU.space, seed=4), 20, progress=False)


def marks(picture, kind, style=None):
    return [m for m in picture.marks if isinstance(m, kind) and (style is None or m.style == style)]


def test_means_of_options_are_those_of_pandas():
    numbers = worth_of(as_run(RANDOM), "topping")
    expected = RANDOM.to_frame().groupby("topping")["score"].mean()
    options = MENU.space["topping"].options
    assert {options[place]: mean for place, mean in numbers.means.items()} == pytest.approx(
        expected.to_dict()
    )
    (lines,) = marks(plots.parameter(RANDOM, "topping"), Links, "mean")
    assert list(lines.y) == list(lines.to_y) == list(numbers.means.values())


def test_dots_of_an_option_stand_by_it_side_by_side():
    numbers = worth_of(as_run(RANDOM), "topping")
    options = MENU.space["topping"].options
    assert [options[round(x)] for x in numbers.x] == [trial.params["topping"] for trial in RANDOM.trials]
    assert len(set(numbers.x)) == len(numbers.x)


def test_every_trial_is_a_dot_with_a_tip_and_the_best_has_a_star():
    picture = plots.parameter(RANDOM, "temperature")
    (dots,) = marks(picture, Dots, "tried")
    np.testing.assert_array_equal(dots.x, [trial.params["temperature"] for trial in RANDOM.trials])
    np.testing.assert_array_equal(dots.y, [trial.score for trial in RANDOM.trials])
    first_words = [tip.split(":")[0] for tip in dots.tips]
    assert first_words == [f"trial {trial.number + 1}" for trial in RANDOM.trials]
    (star,) = marks(picture, Dots, "best")
    assert (star.x[0], star.y[0]) == (RANDOM.best_params["temperature"], RANDOM.best_score)


def test_failures_are_crosses_on_the_floor():
    picture = plots.parameter(FRAGILE, "temperature")
    (crosses,) = marks(picture, Dots, "failed")
    lost = [trial.params["temperature"] for trial in FRAGILE.trials if not trial.ok]
    assert list(crosses.x) == lost
    assert set(crosses.y) == {crosses.panel.y.low}
    assert f" {len(lost)} failed." in picture.caption


def test_log_dial_gets_a_log_axis():
    result = pt.tune(OVEN.taste, pt.RandomSearch(OVEN.space, seed=0), 8, progress=False)
    (panel,) = plots.parameter(result, "minutes").panels
    assert panel.x.log
    assert panel.x.label == "minutes (min)"
    assert all(value > 0 for value, _ in panel.x.marked)


def test_caption_says_where_the_best_lie_and_nothing_twice():
    caption = plots.parameter(RANDOM, "temperature", menu=MENU).caption
    assert caption.startswith("12 pizzas with temperature from ")
    assert "The best quarter lies between" in caption
    one = pt.Space(pt.Real("x", 0, 1))
    assert "quarter" not in plots.parameter([pt.Trial(0, {"x": 0.5}, 1.0)], "x", space=one).caption


def test_data_has_a_row_for_each_trial():
    data = plots.parameter(FRAGILE, "topping").data
    assert data.columns.tolist() == ["trial", "topping", "score"]
    assert data["topping"].tolist() == [trial.params["topping"] for trial in FRAGILE.trials]


def test_what_cannot_be_shown_is_said():
    with pytest.raises(KeyError, match="unknown"):
        plots.parameter(RANDOM, "salt")
    with pytest.raises(TypeError, match="pass space="):
        plots.parameter(list(RANDOM.trials), "topping")
    lost = pt.tune(lambda params: math.nan, pt.RandomSearch(MENU.space, seed=0), 3, progress=False)
    assert plots.parameter(lost, "topping").caption == "No trial with topping has a score yet."


HUGE = sys.float_info.max


@pytest.mark.parametrize("scores", [(-HUGE, 0.5, 0.7), (1.7e308, 1.7e308, -1.7e308), (5e-324, 0.0, 0.0)])
@pytest.mark.parametrize(
    "dial", [pt.Real("x", 0, 1), pt.Real("x", 1e-300, 1e300, log=True), pt.Choice("x", (0.1, 0.9))]
)
def test_any_score_and_any_dial_can_be_drawn(scores, dial):
    trials = [
        pt.Trial(n, {"x": at}, score)
        for n, (at, score) in enumerate(zip((0.1, 0.9, 0.9), scores, strict=True))
    ]
    picture = plots.parameter(trials, "x", space=pt.Space(dial))  # warnings are errors
    assert "nan" not in picture.svg()
    assert "inf" not in picture.svg()
    assert "inf" not in picture.caption


def test_a_dot_that_hides_others_says_how_many_it_stands_for():
    space = pt.Space(pt.Real("heat", 150, 300), pt.Real("salt", 0, 30))
    grid = pt.tune(lambda params: params["heat"] / 30, pt.GridSearch(space, resolution=3), progress=False)
    picture = plots.parameter(grid, "heat")
    assert [mark.text for mark in marks(picture, Text)] == ["×3"] * 3
    (dots,) = marks(picture, Dots, "tried")
    beside = sorted(mark.x for mark in marks(picture, Text))
    assert beside == pytest.approx(sorted({x + 16 for x in dots.panel.across(dots.x).round()}))
    lone = pt.tune(lambda params: params["heat"] / 30, pt.RandomSearch(space, seed=0), 9, progress=False)
    assert not marks(plots.parameter(lone, "heat"), Text)


def test_two_pictures_can_have_the_same_score_axis():
    scale = marks(plots.parameter(RANDOM, "temperature", limits=(-5, 20)), Axes)[0].panel.y
    assert (scale.low, scale.high) == (-5, 20)
    narrow = marks(plots.parameter(RANDOM, "temperature", limits=(6, 6.1)), Axes)[0].panel.y
    scores = [trial.score for trial in RANDOM.trials]
    assert (narrow.low, narrow.high) == (min(scores), max(scores))
