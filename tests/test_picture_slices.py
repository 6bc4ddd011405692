"""Slices: what a model believes along one parameter, and how much there is to hope for."""

from __future__ import annotations

import sys

import numpy as np
import pytest

import pizzatune as pt
from pizzatune import plots
from pizzatune.pictures.marks import Band, Bars, Dots, Key, Line, Links, Panel, Rule, Scale, Text
from pizzatune.pictures.slices import BAND, belief, belief_scale, cut, hope
from pizzatune.words import score_text

MENU = pt.menus.topping_and_heat()
BAYES = pt.tune(MENU.taste, pt.BayesianOptimization(MENU.space, seed=0), 9, progress=False)


def told(**settings):
    """A strategy with these settings that knows the same trials."""
    return pt.BayesianOptimization(MENU.space, seed=0, **settings).rebuilt(BAYES.trials)


def marks(picture, kind, style=None):
    return [m for m in picture.marks if isinstance(m, kind) and (style is None or m.style == style)]


def test_slice_is_exactly_what_the_strategy_believes():
    strategy = BAYES.strategy
    numbers = cut(strategy, "temperature", {"topping": "Ham", "temperature": 200}, MENU)
    line = [{"topping": "Ham", "temperature": value} for value in MENU.space["temperature"].values()]
    assert list(numbers.values) == [params["temperature"] for params in line]
    mean, std = strategy.posterior(line)
    np.testing.assert_array_equal(numbers.mean, mean)
    np.testing.assert_array_equal(numbers.std, std)
    np.testing.assert_array_equal(numbers.hope, np.exp(strategy.acquisition(line)))
    assert list(numbers.truth) == [MENU.taste(params) for params in line]
    assert list(numbers.on_slice) == [trial.params["topping"] == "Ham" for trial in strategy.trials]


@pytest.mark.parametrize("kind", ["ei", "pi", "ucb", "thompson"])
def test_hope_is_the_acquisition_of_each_rule_and_says_what_it_is(kind):
    strategy = told(acquisition=kind)
    numbers = cut(strategy, "temperature")
    line = [{**numbers.held, "temperature": value} for value in numbers.values]
    np.testing.assert_array_equal(numbers.hope, strategy.acquisition(line))
    names = {"pi": "chance of an improvement", "ucb": "optimistic guess"}
    assert names.get(kind, "expected improvement") in plots.gp_slice(strategy, "temperature").data


def test_improvement_is_in_points_and_never_its_logarithm():
    picture = plots.gp_slice(told(acquisition="log_ei"), "temperature")
    plain = plots.gp_slice(told(acquisition="ei"), "temperature", {"topping": "Ham"})
    logarithm = plots.gp_slice(told(acquisition="log_ei"), "temperature", {"topping": "Ham"})
    (name,) = set(picture.data.columns) - {"temperature", "mean", "std"}
    assert name == "expected improvement"
    assert (picture.data[name] >= 0).all()
    np.testing.assert_allclose(logarithm.data[name], plain.data[name])
    (below,) = (mark.panel for mark in marks(picture, Line, "hope"))
    assert below.y.low == 0


def test_the_cut_goes_through_the_next_suggestion():
    strategy = BAYES.strategy.rebuilt(BAYES.strategy.trials)
    numbers = cut(strategy, "temperature")
    assert (len(strategy.trials), strategy.pending) == (len(BAYES.trials), [])  # nothing was changed
    following = strategy.ask()
    assert numbers.next == following
    assert numbers.held == {"topping": following["topping"]}
    assert numbers.next_x == following["temperature"]
    waiting = cut(strategy, "temperature")  # now it is pending
    assert waiting.next == following
    np.testing.assert_array_equal(waiting.mean, numbers.mean)


def test_a_line_stands_at_the_next_only_where_it_is_on_the_slice():
    here = plots.gp_slice(BAYES.strategy, "temperature")
    numbers = cut(BAYES.strategy, "temperature")
    assert [rule.at for rule in marks(here, Rule)] == [numbers.next_x] * 2  # one in each panel
    other = next(t for t in MENU.space["topping"].options if t != numbers.next["topping"])
    elsewhere = plots.gp_slice(BAYES.strategy, "temperature", {"topping": other})
    assert not marks(elsewhere, Rule)
    assert not marks(elsewhere, Dots, "next")
    assert f"Next it tries topping {numbers.next['topping']}" in elsewhere.caption


def test_next_stands_on_the_top_of_the_hope():
    (dot,) = marks(plots.gp_slice(BAYES.strategy, "temperature"), Dots, "next")
    numbers = cut(BAYES.strategy, "temperature")
    assert dot.y[0] == numbers.hope.max()


def test_band_is_two_standard_deviations_as_its_key_says():
    picture = plots.gp_slice(BAYES.strategy, "temperature")
    numbers = cut(BAYES.strategy, "temperature")
    (band,) = marks(picture, Band, "doubt")
    np.testing.assert_allclose(band.high, numbers.mean + 2 * numbers.std)
    np.testing.assert_allclose(band.low, numbers.mean - 2 * numbers.std)
    (key,) = marks(picture, Key)
    assert ("± 2 std", "area", "doubt") in key.entries
    assert BAND == 2


def test_every_doubt_in_the_caption_says_that_it_is_two_std():
    numbers = cut(BAYES.strategy, "temperature", menu=MENU)
    text = plots.gp_slice(BAYES.strategy, "temperature", menu=MENU).caption
    assert text.count("±") == 3
    assert "(± is 2 std)" in text
    assert f"± {score_text(2 * numbers.std[numbers.mean.argmax()])}" in text
    assert f"± {score_text(2 * numbers.std.max())} (" in text


def test_slice_over_options_has_a_bar_for_each():
    picture = plots.gp_slice(BAYES.strategy, "topping", menu=MENU)
    count = len(MENU.space["topping"].options)
    assert [len(mark.left) for mark in marks(picture, Bars)] == [count, count]
    assert len(marks(picture, Links, "mean")[0].x) == len(marks(picture, Links, "truth")[0].x) == count


def test_trials_here_and_elsewhere_look_different_and_have_tips():
    picture = plots.gp_slice(BAYES.strategy, "temperature", {"topping": "Sausage"})
    here = [trial for trial in BAYES.trials if trial.params["topping"] == "Sausage"]
    (full,), (empty,) = marks(picture, Dots, "tried"), marks(picture, Dots, "elsewhere")
    assert list(full.y) == [trial.score for trial in here]
    assert len(empty.x) == len(BAYES.trials) - len(here)
    assert [tip.split(":")[0] for tip in full.tips] == [f"trial {trial.number + 1}" for trial in here]


def test_panels_share_their_axis_and_one_slice_can_stand_in_any_panel():
    above, below = plots.gp_slice(BAYES.strategy, "temperature").panels
    assert (above.left, above.right) == (below.left, below.right)
    assert (above.x.low, above.x.high) == (below.x.low, below.x.high)
    numbers = cut(BAYES.strategy, "temperature", menu=MENU)
    low = Panel(0, 0, 100, 50, Scale(150, 300), Scale(6, 8))
    for mark in belief(low, numbers):
        for heights in (getattr(mark, name, []) for name in ("low", "high", "y")):
            if not isinstance(mark, Line) or mark.style == "mean":
                assert all(6 <= height <= 8 for height in heights)  # cut off at the edge
    assert not [mark for mark in belief(low, numbers, truth=False, next=False) if isinstance(mark, Rule)]
    assert {mark.panel for mark in hope(low, numbers)} == {low}


def test_what_the_others_are_held_at_is_said():
    picture = plots.gp_slice(BAYES.strategy, "temperature", {"topping": "Ham"})
    assert [text.text for text in marks(picture, Text, "title")] == ["What it believes with topping Ham"]
    assert picture.caption.startswith("Along temperature (with topping Ham) ")
    alone = pt.BayesianOptimization(pt.Space(pt.Real("x", 0, 1)), seed=0)
    alone.tell(alone.ask(), 1.0)
    assert not marks(plots.gp_slice(alone, "x"), Text)


def test_a_parameter_that_the_next_does_not_have_is_cut_through_the_best():
    space = pt.Space(pt.Choice("oven", ["Stone", "Fan"]), pt.Real("fan", 0, 3, when={"oven": ["Fan"]}))
    strategy = pt.BayesianOptimization(space, seed=0)
    strategy.tell({"oven": "Fan", "fan": 1.0}, 5.0)
    strategy.pending.append(pt.strategies.base.Suggestion({"oven": "Stone"}, ""))
    numbers = cut(strategy, "fan")
    assert numbers.held == {"oven": "Fan"}
    assert numbers.next_x is None
    with pytest.raises(ValueError, match="fan does not apply beside"):
        cut(strategy, "fan", {"oven": "Stone"})


def test_when_all_has_been_tried_the_caption_says_so():
    space = pt.Space(pt.Choice("oven", ["Stone", "Fan"]))
    strategy = pt.BayesianOptimization(space, seed=0)
    for score in (3.0, 4.0):
        strategy.tell(strategy.ask(), score)
    assert plots.gp_slice(strategy, "oven").caption.endswith("Everything has been tried.")


def test_slice_needs_a_model_and_a_score():
    with pytest.raises(TypeError, match="needs a strategy with a model"):
        plots.gp_slice(pt.RandomSearch(MENU.space, seed=0), "temperature")
    with pytest.raises(ValueError, match="no successful trial yet"):
        plots.gp_slice(pt.BayesianOptimization(MENU.space, seed=0), "temperature")
    with pytest.raises(KeyError, match="unknown"):
        plots.gp_slice(BAYES.strategy, "salt")


@pytest.mark.parametrize("kind", ["log_ei", "ucb"])
@pytest.mark.parametrize("scores", [(-sys.float_info.max, 0.5), (-1.7e308, 1.7e308), (5e-324, 0.0)])
@pytest.mark.parametrize(
    "dial", [pt.Real("x", 0, 1), pt.Real("x", 1e-300, 1e300, log=True), pt.Choice("x", (0.1, 0.9))]
)
def test_any_score_and_any_dial_can_be_drawn(scores, dial, kind):
    strategy = pt.BayesianOptimization(pt.Space(dial, pt.Real("y", 0, 1)), seed=0, acquisition=kind)
    for at, score in zip((0.1, 0.9, 0.9), (*scores, 0.0), strict=True):
        strategy.tell({"x": at, "y": at}, score)
    picture = plots.gp_slice(strategy, "x")  # warnings are errors
    assert "nan" not in picture.svg()
    assert "inf" not in picture.svg()
    assert np.isfinite(belief_scale(cut(strategy, "x")).low)
