"""Maps: their numbers, then the marks that show them."""

from __future__ import annotations

import itertools
import math
import sys

import numpy as np
import pytest

import pizzatune as pt
from pizzatune import plots
from pizzatune.pictures.callouts import beside
from pizzatune.pictures.ground import LETTER, along, colours_of, survey
from pizzatune.pictures.marks import Bars, Dots, Image, Land, Panel, Scale, Text
from pizzatune.pictures.score_map import map_numbers, two_names
from pizzatune.pictures.source import as_run
from pizzatune.words import score_text

MENU = pt.menus.topping_and_heat()
TRIO = pt.menus.three_toppings()
OVEN = pt.menus.old_oven()
SQUARE = pt.Space(pt.Real("x", 0, 1), pt.Real("y", 0, 1))


def searched(menu=MENU, budget=12, strategy=pt.RandomSearch, objective=None, **settings):
    return pt.tune(objective or menu.taste, strategy(menu.space, **settings), budget, progress=False)


def smoky(params):
    if params["temperature"] > 250:
        raise RuntimeError("smoke")
    return MENU.taste(params)


RANDOM = searched(seed=0)
FRAGILE = searched(objective=smoky, seed=4, budget=20)
OLD = searched(OVEN, seed=0, budget=8)
BRED = searched(TRIO, strategy=pt.GeneticAlgorithm, seed=0, budget=24)


def crowd(*spots):
    """Trials at spots, the later the better."""
    return [pt.Trial(n, {"x": x, "y": y}, float(n)) for n, (x, y) in enumerate(spots)]


def marks(picture, kind, style=None):
    return [m for m in picture.marks if isinstance(m, kind) and (style is None or m.style == style)]


def words(picture, style="halo"):
    return [mark.text for mark in marks(picture, Text, style)]


def test_truth_is_the_true_taste_with_the_rest_held():
    around = {"topping_1": "Ham", "topping_2": "Spinach", "topping_3": "Bacon"}
    truth = survey(TRIO, "topping_1", "topping_3", around)
    first, third = (TRIO.space[name].options for name in ("topping_1", "topping_3"))
    for row, column in [(0, 0), (2, 1), (5, 4)]:
        params = {"topping_1": first[column], "topping_2": "Spinach", "topping_3": third[row]}
        assert truth.score[row, column] == TRIO.taste(params)
    assert truth.held == {"topping_2": "Spinach"}
    x, y, height = truth.top
    assert height == truth.score.max() == truth.score[int(y), int(x)]


def test_truth_is_blank_where_the_space_rules_out():
    def no_hot_ham(params):
        return not (params["topping"] == "Ham" and params["temperature"] > 200)

    space = pt.Space(*MENU.space.parameters, where=no_hot_ham)
    menu = pt.menus.Menu("strict", space, MENU.recipe)
    truth = survey(menu, "topping", "temperature", {"topping": "Bacon", "temperature": 200.0})
    ham = MENU.space["topping"].options.index("Ham")
    assert np.isnan(truth.score[truth.y > 200, ham]).all()
    assert np.isfinite(truth.score[truth.y <= 200, ham]).all()
    assert np.isfinite(np.delete(truth.score, ham, axis=1)).all()


def test_land_fills_the_axes_and_each_of_its_cells_stands_over_its_value():
    picture = plots.map(OLD, menu=OVEN)
    (land,) = [mark for mark in marks(picture, Land) if len(mark.scores) > 1]
    for parameter, scale, count in zip(
        OVEN.space.parameters, (land.panel.x, land.panel.y), land.scores.shape[::-1], strict=True
    ):
        shares = scale.share(along(parameter))
        np.testing.assert_allclose(shares, (np.arange(count) + 0.5) / count)
    temperature, minutes = along(OVEN.space["temperature"])[7], along(OVEN.space["minutes"])[40]
    assert land.scores[40, 7] == OVEN.taste({"temperature": temperature, "minutes": minutes})


def test_map_leaves_out_trials_without_the_dial_and_says_so():
    space = pt.Space(
        pt.Choice("oven", ["Stone", "Electric"]), pt.Integer("fan", 0, 3, when={"oven": ["Electric"]})
    )
    trials = [pt.Trial(0, {"oven": "Stone"}, 5.0), pt.Trial(1, {"oven": "Electric", "fan": 2}, 6.0)]
    numbers = map_numbers(as_run(trials, space=space), "oven", "fan")
    assert (numbers.numbers, numbers.hidden) == ((1,), 1)
    assert "1 more lacks one" in plots.map(trials, space=space).caption


def test_table_shows_the_best_score_of_each_cell():
    numbers = map_numbers(as_run(BRED), "topping_1", "topping_2")
    frame = BRED.to_frame().groupby(["topping_2", "topping_1"])["score"].max()
    ones, twos = (TRIO.space[name].options for name in ("topping_1", "topping_2"))
    for (two, one), score in frame.items():
        assert numbers.table[twos.index(two), ones.index(one)] == score
    assert np.isfinite(numbers.table).sum() == len(frame)
    picture = plots.map(BRED)
    texts = [mark.text for mark in marks(picture, Text) if mark.anchor == "middle"]
    assert f"★ {score_text(BRED.best_score)}" in texts
    assert len(texts) == len(frame)


def test_cells_of_a_table_have_the_colour_of_their_score_and_say_what_was_tried():
    picture = plots.map(BRED, menu=TRIO)
    (bars,) = marks(picture, Bars)
    truth = survey(TRIO, "topping_1", "topping_2", BRED.best_params)
    assert list(bars.colours) == colours_of(truth.score.ravel(), picture_limits(picture))
    best = BRED.best_params
    label = f"{best['topping_1']}, {best['topping_2']}\ntried "
    assert any(tip.startswith(label) and score_text(BRED.best_score) in tip for tip in bars.tips)
    assert any("not tried" in tip for tip in bars.tips)


def picture_limits(picture):
    return marks(picture, Land)[-1].limits


def test_every_trial_is_a_dot_coloured_by_its_score_with_a_tip():
    picture = plots.map(OLD, menu=OVEN)
    dots = marks(picture, Dots, "scored")[0]
    scores = np.array([trial.score for trial in OLD.trials])
    assert list(dots.colours) == colours_of(scores, picture_limits(picture))
    np.testing.assert_array_equal(dots.x, [trial.params["temperature"] for trial in OLD.trials])
    np.testing.assert_array_equal(dots.y, [trial.params["minutes"] for trial in OLD.trials])
    for trial, tip in zip(OLD.trials, dots.tips, strict=True):
        assert tip.startswith(f"trial {trial.number + 1}: ")
        assert score_text(trial.score) in tip
        assert trial.why in tip


def test_failed_trials_are_crosses_and_counted():
    picture = plots.map(FRAGILE)
    crosses = marks(picture, Dots, "failed")[0]
    lost = [trial for trial in FRAGILE.trials if not trial.ok]
    assert len(crosses.x) == len(lost) > 0
    assert f"{len(lost)} failed" in picture.caption
    assert all("failed" in tip for tip in crosses.tips)


def test_first_best_and_last_are_called_out_as_pizzas_and_nobody_else():
    picture = plots.map(OLD, menu=OVEN)
    named = {0: "first", OLD.best.number: "best", 7: "last"}
    assert set(words(picture)) == set(named.values())
    pizzas = {mark.tip.split(":")[0] for mark in marks(picture, Image)}
    assert pizzas == {f"trial {number + 1}" for number in named}
    assert not marks(plots.map(OLD), Image)  # without a menu nobody knows what they look like


def test_a_trial_that_is_best_and_last_has_one_name():
    assert set(words(plots.map(crowd((0.1, 0.1), (0.5, 0.5), (0.9, 0.2)), space=SQUARE))) == {
        "first",
        "best & last",
    }
    assert words(plots.map(crowd((0.1, 0.1)), space=SQUARE)) == ["first & best"]


@pytest.mark.parametrize("corner", [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.5, 0.5)])
def test_names_in_a_crowd_stay_on_the_map_and_do_not_overlap(corner):
    spread = 0.01 * np.array([[1, 0], [0, 1], [-1, 0], [0, 0]])
    spots = np.clip(corner + spread, 0, 1)
    trials = [
        pt.Trial(n, {"x": x, "y": y}, score)
        for n, ((x, y), score) in enumerate(zip(spots, (1, 4, 2, 3), strict=True))
    ]
    picture = plots.map(trials, space=SQUARE)
    panel = picture.panels[0]
    boxes = []
    for text in marks(picture, Text, "halo"):
        half = LETTER * len(text.text) / 2
        assert panel.left <= text.x - half < text.x + half <= panel.right
        assert panel.top <= text.y - 13 < text.y <= panel.floor
        boxes.append((text.x, text.y, half))
    assert len(boxes) == 3
    for (x, y, half), (other_x, other_y, other_half) in itertools.combinations(boxes, 2):
        assert abs(x - other_x) >= half + other_half or abs(y - other_y) >= 13


def test_words_keep_off_a_spot_where_there_is_room():
    panel = Panel(0, 0, 300, 200, Scale(0, 1), Scale(0, 1))
    spots = np.array([[100.0, 100.0], [140.0, 100.0]])
    (middle,) = beside(panel, spots, [0], [30.0])
    assert np.abs(middle - spots[1]).max() > 15


@pytest.mark.parametrize(
    ("x", "y", "problem"), [("topping", "topping", "two different"), ("salt", None, "unknown")]
)
def test_map_of_wrong_parameters_is_refused(x, y, problem):
    with pytest.raises((ValueError, KeyError), match=problem):
        plots.map(RANDOM, x, y)


def test_map_of_one_parameter_is_refused():
    with pytest.raises(ValueError, match="has only 'x'"):
        plots.map([pt.Trial(0, {"x": 1.0}, 1.0)], space=pt.Space(pt.Real("x", 0, 2)))


def test_names_of_options_stand_one_below_another_unless_asked_otherwise():
    assert two_names(MENU.space) == ("temperature", "topping")
    assert two_names(MENU.space, "topping") == ("topping", "temperature")


def test_data_has_a_row_for_each_trial():
    data = plots.map(RANDOM, menu=MENU).data
    assert data.columns.tolist() == ["trial", "temperature", "topping", "score"]
    assert data["score"].tolist() == [trial.score for trial in RANDOM.trials]


def test_trials_alone_need_a_space():
    with pytest.raises(TypeError, match="pass space="):
        plots.map(list(RANDOM.trials))
    with pytest.raises(TypeError, match="a result, a strategy or a list of trials, got 3"):
        plots.map(3)


def test_nothing_scored_and_nothing_tried_still_draw():
    lost = searched(objective=lambda params: math.nan, seed=0, budget=3)
    assert (
        plots.map(lost).caption == "3 trials on a map of temperature and topping. None has a score. 3 failed."
    )
    assert "nan" not in plots.map(lost, menu=MENU).svg()
    assert "0 trials" in plots.map([], space=SQUARE).caption


HUGE = sys.float_info.max


THREE = 0.1, 0.5, 0.9
ANY_AXES = {
    "dials": SQUARE,
    "wide log dial": pt.Space(pt.Real("x", 1e-300, 1e300, log=True), pt.Real("y", 0, 1)),
    "options and dial": pt.Space(pt.Choice("x", THREE), pt.Real("y", 0, 1)),
    "options": pt.Space(pt.Choice("x", THREE), pt.Choice("y", THREE)),
}


@pytest.mark.parametrize("space", ANY_AXES.values(), ids=ANY_AXES)
@pytest.mark.parametrize(
    "scores", [(-HUGE, 0.5, 0.7), (-1.7e308, 1.7e308, 0.0), (HUGE, HUGE, HUGE), (5e-324, 0.0, 0.0)]
)
def test_any_score_and_any_dial_can_be_drawn(scores, space):
    trials = [
        pt.Trial(n, {"x": at, "y": at}, score)
        for n, (at, score) in enumerate(zip(THREE, scores, strict=True))
    ]
    drawn = plots.map(trials, space=space).svg()  # warnings are errors
    assert "nan" not in drawn
    assert "inf" not in drawn


def test_text_of_others_is_drawn_as_it_stands():
    space = pt.Space(pt.Choice("a<b>", ["$x$_", "&amp;"]), pt.Real("y", 0, 1))
    drawn = plots.map([pt.Trial(0, {"a<b>": "$x$_", "y": 0.5}, 1.0)], space=space).svg()
    assert "$x$_" in drawn
    assert "a&lt;b&gt;" in drawn
    assert "<b>" not in drawn
