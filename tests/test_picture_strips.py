"""All parameters at once: options by name, dials as small slices."""

from __future__ import annotations

import itertools
import math
import sys

import numpy as np
import pytest

import pizzatune as pt
from pizzatune import plots
from pizzatune.pictures.ground import colours_of
from pizzatune.pictures.marks import Band, Bars, Dots, Line, Rule, Target, Text
from pizzatune.pictures.source import as_run
from pizzatune.pictures.strip_marks import pointed_at, strips_in
from pizzatune.pictures.strips import believed, limits_of, points_of, strips_of

CHEESES = ["Mozzarella", "Cheddar", "Gorgonzola"]
SPACE = pt.Space(
    pt.Choice("cheese", CHEESES),
    pt.Choice("oven", ["Stone", "Fan"]),
    pt.Real("fan", 0, 3, when={"oven": ["Fan"]}),
    pt.Integer("minutes", 4, 16, unit="min"),
)


def taste(params):
    return 8 - abs(params["minutes"] - 9) / 3 - CHEESES.index(params["cheese"]) + params.get("fan", 1) / 3


BAYES = pt.tune(taste, pt.BayesianOptimization(SPACE, seed=0), 8, progress=False)
RANDOM = pt.tune(taste, pt.RandomSearch(SPACE, seed=0), 12, progress=False)
AROUND = {"cheese": "Cheddar", "oven": "Fan", "fan": 1.5, "minutes": 9}


def strips(around=AROUND, result=BAYES):
    held = believed(result.strategy, points_of(SPACE, around))
    return strips_of(as_run(result), around, held)


def drawn(found, **how):
    return list(itertools.chain(*strips_in((20, 50, 640, 280), found, limits_of(found), **how).values()))


def marks(of, kind, style=None):
    return [m for m in of if isinstance(m, kind) and (style is None or m.style == style)]


def test_every_option_stands_in_its_cell_by_name():
    texts = [mark.text for mark in marks(drawn(strips()), Text) if mark.anchor == "middle"]
    assert texts == [*CHEESES, "Stone", "Fan"]


def test_cells_are_coloured_by_what_the_model_expects():
    found = strips()
    line = [{**AROUND, "cheese": cheese} for cheese in CHEESES]
    mean, std = BAYES.strategy.posterior(line)
    np.testing.assert_allclose(found[0].mean, mean)
    np.testing.assert_allclose(found[0].std, std)
    cells = marks(drawn(found), Bars, "cell")[0]
    assert list(cells.colours) == colours_of(mean, limits_of(found))


def test_without_a_model_an_option_has_the_mean_of_its_trials():
    found = strips_of(as_run(RANDOM), RANDOM.best_params)
    expected = RANDOM.to_frame().groupby("cheese")["score"].mean()
    assert dict(zip(CHEESES, found[0].mean, strict=True)) == pytest.approx(expected.to_dict())
    assert believed(RANDOM.strategy, points_of(SPACE, AROUND)) is None
    assert not marks(drawn(found), Band)


def test_dials_are_small_slices_through_the_same_point():
    found = strips()
    minutes = found[3]
    line = [{**AROUND, "minutes": value} for value in range(4, 17)]
    np.testing.assert_allclose(minutes.mean, BAYES.strategy.posterior(line)[0])
    assert len(marks(drawn(found), Line, "mean")) == len(marks(drawn(found), Band, "doubt")) == 2


def test_what_is_shown_is_framed_or_has_a_line():
    of = drawn(strips())
    assert [list(mark.left) for mark in marks(of, Bars, "chosen")] == [[0.5], [0.5]]
    assert [rule.at for rule in marks(of, Rule)] == [1.5, 9.0]


def test_a_dial_that_does_not_apply_is_empty():
    found = strips({"cheese": "Cheddar", "oven": "Stone", "minutes": 9})
    assert np.isnan(found[2].mean).all()
    assert found[2].chosen is None
    assert [rule.at for rule in marks(drawn(found), Rule)] == [9.0]


def test_tips_say_what_is_expected_and_how_often_it_was_tried():
    (cheese,) = (marks(drawn(strips()), Bars, "cell")[0],)
    scores = [trial.score for trial in BAYES.trials if trial.params["cheese"] == "Mozzarella"]
    assert cheese.tips[0].startswith("Mozzarella\nexpected ")
    assert f"(2 std)\ntried {len(scores)} ×, best {max(scores):.3g}"[:20] in cheese.tips[0]


def test_every_trial_is_a_dot_on_each_strip_that_it_has():
    dots = marks(drawn(strips()), Dots, "scored")
    fans = [trial for trial in BAYES.trials if "fan" in trial.params]
    assert [len(mark.x) for mark in dots] == [8, 8, len(fans), 8]
    assert all(tip.startswith("trial ") for mark in dots for tip in mark.tips)


def test_a_click_on_a_cell_or_a_dial_says_the_value():
    of = drawn(strips(), click=True)
    cells = marks(of, Bars, "cell")[0]
    assert [pointed_at(SPACE, name, 0.5) for name in cells.names] == [
        ("cheese", cheese) for cheese in CHEESES
    ]
    fan, minutes = marks(of, Target)
    share = float(minutes.panel.x.share(11.2))
    assert pointed_at(SPACE, minutes.name, share) == ("minutes", 11)
    assert pointed_at(SPACE, fan.name, 0.0) == ("fan", 0.0)
    assert pointed_at(SPACE, fan.name, 1.0) == ("fan", 3.0)
    assert not marks(drawn(strips()), Target)


def test_names_fit_their_cells_and_what_is_cut_has_a_tip():
    space = pt.Space(pt.Choice("x", [f"a long name {i}" for i in range(12)]))
    found = strips_of(as_run([pt.Trial(0, {"x": "a long name 3"}, 1.0)], space=space), None)
    texts = [mark for mark in marks(drawn(found), Text) if mark.anchor == "middle"]
    assert len(texts) == 12
    assert all(7.3 * len(mark.text) + 6 <= 640 / 12 for mark in texts)
    assert texts[3].tip.startswith("a long name 3\n")
    many = pt.Space(pt.Choice("x", range(60)))
    crowded = strips_of(as_run([], space=many), None)
    assert not [mark for mark in marks(drawn(crowded), Text) if mark.anchor == "middle"]
    assert len(marks(drawn(crowded), Bars, "cell")[0].left) == 60


def test_the_picture_turns_the_next_suggestion_and_has_all_numbers():
    picture = plots.strips(BAYES)
    following = BAYES.strategy.rebuilt(BAYES.trials).ask()
    assert [rule.at for rule in marks(picture.marks, Rule)][-1] == following["minutes"]
    assert picture.data.columns.tolist() == ["parameter", "value", "mean", "std"]
    assert picture.data["parameter"].value_counts()["minutes"] == 13
    assert "One by one, the model likes best: cheese Mozzarella, " in picture.caption
    assert "12 trials, parameter by parameter." in plots.strips(RANDOM).caption
    with pytest.raises(ValueError, match="minutes must lie in"):
        plots.strips(BAYES, {**AROUND, "minutes": 99})


def test_nothing_scored_and_nothing_tried_still_draw():
    lost = pt.tune(lambda params: math.nan, pt.BayesianOptimization(SPACE, seed=0), 3, progress=False)
    assert plots.strips(lost).caption == "3 trials, parameter by parameter."
    assert "nan" not in plots.strips([], space=SPACE).svg()


@pytest.mark.parametrize("scores", [(-sys.float_info.max, 0.5), (-1.7e308, 1.7e308), (5e-324, 0.0)])
def test_any_score_and_any_dial_can_be_drawn(scores):
    space = pt.Space(
        pt.Real("x", 0, 1), pt.Real("wide", 1e-300, 1e300, log=True), pt.Choice("of", ["a<b>", "$x$_"])
    )
    strategy = pt.BayesianOptimization(space, seed=0)
    for at, of, score in zip((0.1, 0.9, 0.9), (*space["of"].options, "$x$_"), (*scores, 0.0), strict=True):
        strategy.tell({"x": at, "wide": at, "of": of}, score)
    svg = plots.strips(strategy).svg()  # warnings are errors
    assert "nan" not in svg
    assert "inf" not in svg
    assert "a&lt;b&gt;" in svg
    assert "$x$_" in svg
