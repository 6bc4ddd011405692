"""The best so far: a staircase over a dot for each trial."""

from __future__ import annotations

import math
import sys

import numpy as np
import pytest

import pizzatune as pt
from pizzatune import plots
from pizzatune.pictures.marks import Axes, Dots, Line, Rule
from pizzatune.pictures.palette import look_of

MENU = pt.menus.topping_and_heat()


def smoky(params):
    if params["temperature"] > 250:
        raise RuntimeError("smoke")
    return MENU.taste(params)


def searched(objective=MENU.taste, budget=12, seed=0):
    return pt.tune(objective, pt.RandomSearch(MENU.space, seed=seed), budget, progress=False)


RANDOM, FRAGILE = searched(), searched(smoky, 20, seed=4)


def marks(picture, kind, style=None):
    return [m for m in picture.marks if isinstance(m, kind) and (style is None or m.style == style)]


def test_staircase_is_the_running_best_and_failures_are_crosses():
    picture = plots.best_so_far(FRAGILE, best=9.5)
    scores = [trial.score for trial in FRAGILE.trials]
    expected = [
        max((s for s in scores[: i + 1] if s is not None), default=math.nan) for i in range(len(scores))
    ]
    (line,) = marks(picture, Line, "best")
    np.testing.assert_array_equal(line.y, expected)
    assert line.steps
    (crosses,) = marks(picture, Dots, "failed")
    np.testing.assert_array_equal(crosses.x, [i + 1 for i, score in enumerate(scores) if score is None])
    assert len(crosses.x) > 0
    assert [rule.at for rule in marks(picture, Rule, "limit")] == [9.5]


def test_every_trial_has_a_dot_and_a_tip():
    (dots,) = marks(plots.best_so_far(RANDOM), Dots)
    assert list(dots.y) == [trial.score for trial in RANDOM.trials]
    for trial, tip in zip(RANDOM.trials, dots.tips, strict=True):
        assert tip.startswith(f"trial {trial.number + 1}: topping {trial.params['topping']}")
        assert tip.endswith(trial.why)


def test_each_search_has_its_own_colour_and_dashes():
    picture = plots.best_so_far({"one": RANDOM, "two": FRAGILE, "three": searched(seed=2)})
    steps = [mark for mark in marks(picture, Line) if mark.steps]
    assert [line.tip for line in steps] == ["one", "two", "three"]
    looks = [look_of("line", line.style) for line in steps]
    assert len({look.stroke for look in looks}) == len({look.dash for look in looks}) == 3


def test_data_has_the_best_after_every_trial():
    data = plots.best_so_far({"one": RANDOM, "two": FRAGILE}).data
    np.testing.assert_array_equal(
        data[data["search"] == "one"]["best so far"], np.maximum.accumulate([t.score for t in RANDOM.trials])
    )
    assert len(data) == len(RANDOM.trials) + len(FRAGILE.trials)


def test_nothing_tried_is_an_error_and_nothing_scored_still_draws():
    with pytest.raises(ValueError, match="nothing to draw"):
        plots.best_so_far(pt.RandomSearch(MENU.space, seed=0))
    lost = plots.best_so_far(searched(lambda params: math.nan, 3))
    assert lost.caption == "All 3 trials failed, so there is no best score."
    assert "nan" not in lost.svg()


def test_trials_alone_need_a_space():
    with pytest.raises(TypeError, match="pass space="):
        plots.best_so_far(list(RANDOM.trials))
    with pytest.raises(TypeError, match="a result, a strategy or a list of trials, got 3"):
        plots.best_so_far(3)


@pytest.mark.parametrize("scores", [(-sys.float_info.max, 0.5), (-1.7e308, 1.7e308), (5e-324, 0.0)])
def test_any_score_can_be_drawn(scores):
    trials = [pt.Trial(n, {"x": 0.5}, score) for n, score in enumerate(scores)]
    drawn = plots.best_so_far(trials, space=pt.Space(pt.Real("x", 0, 1))).svg()  # warnings are errors
    assert "nan" not in drawn
    assert "inf" not in drawn


def test_what_is_counted_has_no_tick_at_a_half():
    run = pt.tune(MENU.taste, pt.RandomSearch(MENU.space, seed=0), 12, progress=False)
    spread = plots.spread({"random": np.arange(24.0).reshape(2, 12)})
    board = pt.race([pt.RandomSearch, pt.GridSearch], MENU, budget=12, seeds=2, progress=False)
    for picture in (plots.best_so_far(run), spread, plots.race(board)):
        (axes,) = [mark for mark in picture.marks if isinstance(mark, Axes)]
        assert [words for _, words in axes.panel.x.marked] == ["5", "10"]
