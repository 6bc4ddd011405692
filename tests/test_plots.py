"""Pictures: their numbers, then the ink that shows them, and whether all eyes can tell things apart."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

import pizzatune as pt
from pizzatune import plots
from pizzatune.menus import Oven, Pizza, doneness, judge
from pizzatune.menus.taste import CHEESES, SAUCES, TOPPINGS, taste
from pizzatune.plots import frame, palette, readings
from pizzatune.plots.families import descent, family
from pizzatune.plots.labels import beside
from pizzatune.plots.maps import cells, map_numbers, survey
from pizzatune.plots.pizza_art import CHEESE_COLOURS, LOOKS, SAUCE_COLOURS, crust_colour, pizza_shapes
from pizzatune.plots.pizzas import bill
from pizzatune.plots.searches import strip
from pizzatune.plots.slices import cut
from tests.how_often import CI

MENU = pt.menus.topping_and_heat()


@pytest.fixture(autouse=True)
def no_window_and_no_figure_left() -> Iterator[None]:
    matplotlib.use("agg")
    before = dict(matplotlib.rcParams)
    yield
    plt.close("all")
    assert dict(matplotlib.rcParams) == before, "a picture changed a global setting"


def searched(menu=MENU, budget=12, strategy=pt.RandomSearch, objective=None, **settings):
    return pt.tune(objective or menu.taste, strategy(menu.space, **settings), budget, progress=False)


def smoky(params):
    if params["temperature"] > 250:
        raise RuntimeError("smoke")
    return MENU.taste(params)


RANDOM = searched(seed=0)
FRAGILE = searched(objective=smoky, seed=4, budget=20)
BAYES = searched(strategy=pt.BayesianOptimization, seed=0, budget=9)
TRIO = pt.menus.three_toppings()
GENETIC = searched(TRIO, strategy=pt.GeneticAlgorithm, seed=0, budget=24)
OVENS = pt.menus.old_oven(), pt.menus.new_oven(likeness=0.5)
OLD, NEW = (searched(menu, seed=i, budget=8) for i, menu in enumerate(OVENS))

RACE = pt.race({"grid": pt.GridSearch, "random": pt.RandomSearch}, MENU, budget=12, seeds=4, progress=False)

PICTURES = {
    "best_so_far": lambda **ax: plots.best_so_far(RANDOM, menu=MENU, **ax),
    "parameter": lambda **ax: plots.parameter(RANDOM, "topping", **ax),
    "map": lambda **ax: plots.map(RANDOM, menu=MENU, **ax),
    "gp_slice": lambda **ax: plots.gp_slice(BAYES.strategy, "temperature", menu=MENU, **ax),
    "family_tree": lambda **ax: plots.family_tree(GENETIC, **ax),
    "ovens": lambda **ax: plots.ovens(OLD, NEW, old_menu=OVENS[0], new_menu=OVENS[1], **ax),
    "race": lambda **ax: plots.race(RACE, **ax),
    "pizza": lambda **ax: plots.pizza(Pizza(("Ham",)), title="Ham", **ax),
    "pizza_row": lambda **ax: plots.pizza_row([Pizza(("Ham",)), Pizza(("Olives",))], ["Ham", "Olives"], **ax),
    "what_it_cost": lambda **ax: plots.what_it_cost(Pizza(("Sausage",), temperature=200), **ax),
}
READINGS = {
    "best_so_far": lambda: readings.best_so_far(RANDOM, menu=MENU),
    "parameter": lambda: readings.parameter(RANDOM, "topping"),
    "map": lambda: readings.map(RANDOM, menu=MENU),
    "gp_slice": lambda: readings.gp_slice(BAYES.strategy, "temperature", menu=MENU),
    "family_tree": lambda: readings.family_tree(GENETIC),
    "ovens": lambda: readings.ovens(OLD, NEW, old_menu=OVENS[0], new_menu=OVENS[1]),
    "race": lambda: readings.race(RACE),
    "pizza": lambda: readings.pizza(Pizza(("Ham",))),
    "pizza_row": lambda: readings.pizza_row([Pizza(("Ham",)), Pizza(("Olives",))]),
    "what_it_cost": lambda: readings.what_it_cost(Pizza(("Sausage",), temperature=200)),
}
SEVERAL = {"gp_slice": "ax", "ovens": "axes", "pizza_row": "axes"}  # pictures with two axes


def draws(ax):
    """How many things lie on the axes."""
    return len(ax.lines) + len(ax.collections) + len(ax.patches) + len(ax.texts)


# -- every picture -------------------------------------------------------------------------------------------


def test_every_picture_is_tried_here_and_has_a_reading():
    public = set(plots.__all__) - {"readings"}
    assert public == set(PICTURES) == set(READINGS)


@pytest.mark.parametrize("name", PICTURES)
def test_opens_one_figure_on_paper_and_renders(name):
    axes = np.ravel(PICTURES[name]())
    assert len(plt.get_fignums()) == 1
    figure = axes[0].figure
    assert figure.get_facecolor()[:3] == to_rgb(palette.PAPER)
    figure.canvas.draw()  # warnings are errors: a layout that does not fit, or a missing glyph, fails here
    assert all(draws(ax) for ax in axes)


@pytest.mark.parametrize("name", PICTURES)
def test_draws_into_axes_of_a_figure_that_pyplot_does_not_know(name):
    figure = Figure(figsize=(10, 5), layout="constrained")
    given = figure.subplots(1, 2) if name in SEVERAL else figure.subplots()
    returned = PICTURES[name](**{SEVERAL.get(name, "ax"): given})
    assert list(np.ravel(returned)) == list(np.ravel(given))
    assert plt.get_fignums() == []
    figure.canvas.draw()
    assert all(draws(ax) for ax in np.ravel(given))


@pytest.mark.parametrize("name", READINGS)
def test_reading_is_a_sentence_or_two_with_numbers(name):
    text = READINGS[name]()
    assert text.endswith(".")
    assert re.search(r"\d", text)
    assert 20 < len(text) < 400


@pytest.mark.parametrize("name", ["best_so_far", "parameter", "map", "family_tree"])
def test_trials_alone_need_a_space(name):
    arguments = ("topping",) if name == "parameter" else ()
    with pytest.raises(TypeError, match="pass space="):
        getattr(plots, name)(list(RANDOM.trials), *arguments)
    with pytest.raises(TypeError, match="a result, a strategy or a list of trials, got 3"):
        getattr(plots, name)(3, *arguments)


def test_wrong_number_of_axes_is_said():
    with pytest.raises(ValueError, match="needs 2 axes, got 1"):
        plots.ovens(OLD, NEW, axes=Figure().subplots())


# -- best so far, parameter ----------------------------------------------------------------------------------


def test_step_line_is_the_running_best_and_failures_are_crosses():
    ax = plots.best_so_far(FRAGILE, best=9.5)
    lines = {line.get_label(): line for line in ax.lines}
    scores = [trial.score for trial in FRAGILE.trials]
    expected = [
        max((s for s in scores[: i + 1] if s is not None), default=math.nan) for i in range(len(scores))
    ]
    np.testing.assert_array_equal(lines["best so far"].get_ydata(), expected)
    np.testing.assert_array_equal(
        lines["failed"].get_xdata(), [i + 1 for i, score in enumerate(scores) if score is None]
    )
    assert len(lines["failed"].get_xdata()) > 0
    assert set(lines["best possible, 9.50"].get_ydata()) == {9.5}


def test_each_search_has_its_own_colour_marker_and_dashes():
    ax = plots.best_so_far({"one": RANDOM, "two": FRAGILE, "three": BAYES})
    steps = [line for line in ax.lines if line.get_drawstyle() == "steps-post"]
    assert [line.get_label() for line in steps] == ["one", "two", "three"]
    assert len({line.get_color() for line in steps}) == 3
    assert len({str(line._unscaled_dash_pattern) for line in steps}) == 3
    assert len({line.get_marker() for line in ax.lines if line.get_linestyle() == "None"} - {"x"}) == 3


def test_nothing_tried_is_an_error_and_nothing_scored_still_draws():
    with pytest.raises(ValueError, match="nothing to draw"):
        plots.best_so_far(pt.RandomSearch(MENU.space, seed=0))
    lost = searched(objective=lambda params: math.nan, seed=0, budget=3)
    for draw in (plots.best_so_far, plots.map, lambda result: plots.parameter(result, "topping")):
        draw(lost).figure.canvas.draw()
    assert readings.best_so_far(lost) == "None of 3 trials gave a score."


def test_means_of_options_are_those_of_pandas():
    numbers = strip(frame.as_run(RANDOM), "topping")
    expected = RANDOM.to_frame().groupby("topping")["score"].mean()
    options = MENU.space["topping"].options
    assert {options[place]: mean for place, mean in numbers.means.items()} == pytest.approx(
        expected.to_dict()
    )


def test_dots_of_an_option_stand_by_it_side_by_side():
    numbers = strip(frame.as_run(RANDOM), "topping")
    options = MENU.space["topping"].options
    assert [options[round(x)] for x in numbers.x] == [trial.params["topping"] for trial in RANDOM.trials]
    assert len(set(numbers.x)) == len(numbers.x)


def test_log_dial_gets_a_log_axis():
    ax = plots.parameter(OLD, "minutes")
    assert ax.get_xscale() == "log"
    assert ax.get_xlabel() == "minutes (min)"
    assert all(float(tick.get_text()) > 0 for tick in ax.get_xticklabels())


# -- maps ----------------------------------------------------------------------------------------------------


def test_land_is_the_true_taste_with_the_rest_held():
    around = {"topping_1": "Ham", "topping_2": "Spinach", "topping_3": "Bacon"}
    land = survey(TRIO, "topping_1", "topping_3", around)
    first, third = (TRIO.space[name].options for name in ("topping_1", "topping_3"))
    for row, column in [(0, 0), (2, 1), (5, 4)]:
        params = {"topping_1": first[column], "topping_2": "Spinach", "topping_3": third[row]}
        assert land.score[row, column] == TRIO.taste(params)
    assert land.held == {"topping_2": "Spinach"}
    x, y, height = land.top
    assert height == land.score.max() == land.score[int(y), int(x)]


def test_land_is_blank_where_the_space_rules_out():
    def no_hot_ham(params):
        return not (params["topping"] == "Ham" and params["temperature"] > 200)

    space = pt.Space(*MENU.space.parameters, where=no_hot_ham)
    menu = pt.menus.Menu("strict", space, MENU.recipe)
    land = survey(menu, "topping", "temperature", {"topping": "Bacon", "temperature": 200.0})
    ham = MENU.space["topping"].options.index("Ham")
    assert np.isnan(land.score[land.y > 200, ham]).all()
    assert np.isfinite(land.score[land.y <= 200, ham]).all()
    assert np.isfinite(np.delete(land.score, ham, axis=1)).all()


def test_map_leaves_out_trials_without_the_dial_and_says_so():
    space = pt.Space(
        pt.Choice("oven", ["Stone", "Electric"]), pt.Integer("fan", 0, 3, when={"oven": ["Electric"]})
    )
    trials = [pt.Trial(0, {"oven": "Stone"}, 5.0), pt.Trial(1, {"oven": "Electric", "fan": 2}, 6.0)]
    numbers = map_numbers(frame.as_run(trials, space=space), "oven", "fan")
    assert (numbers.numbers, numbers.hidden) == ((1,), 1)
    assert "1 more lack one" in readings.map(trials, space=space)


def test_table_shows_the_best_score_of_each_cell():
    run = frame.as_run(GENETIC)
    table = cells(map_numbers(run, "topping_1", "topping_2"), (6, 6))
    frame_ = GENETIC.to_frame().groupby(["topping_2", "topping_1"])["score"].max()
    ones, twos = (TRIO.space[name].options for name in ("topping_1", "topping_2"))
    for (two, one), score in frame_.items():
        assert table[twos.index(two), ones.index(one)] == score
    assert np.isfinite(table).sum() == len(frame_)
    texts = [text.get_text() for text in plots.map(GENETIC).texts]
    assert f"★ {frame.score_text(GENETIC.best_score)}" in texts
    assert len(texts) == len(frame_)


def test_map_numbers_trials_and_colours_each_by_score():
    ax = plots.map(OLD, menu=OVENS[0])
    assert {text.get_text() for text in ax.texts} <= {str(trial.number) for trial in OLD.trials}
    dots = next(c for c in ax.collections if np.shape(c.get_array()) == (len(OLD.trials),))
    np.testing.assert_array_equal(dots.get_array(), [trial.score for trial in OLD.trials])


SQUARE = pt.Space(pt.Real("x", 0, 1), pt.Real("y", 0, 1))


def crowd(*spots):
    """Trials at spots, the later the better."""
    return [pt.Trial(n, {"x": x, "y": y}, float(n)) for n, (x, y) in enumerate(spots)]


def covering(texts):
    """How many pairs of texts overlap where they are drawn."""
    texts[0].figure.canvas.draw()
    boxes = [Text.get_window_extent(text) for text in texts]  # without the line to its dot
    return sum(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))


def test_in_a_crowd_the_first_three_and_the_best_have_their_numbers_and_none_covers_another():
    near = [(0.5 + 0.003 * n, 0.5 - 0.002 * n) for n in range(9)]
    ax = plots.map(crowd(*near, (0.1, 0.1), *near), space=SQUARE)
    assert {text.get_text() for text in ax.texts} == {"0", "1", "2", "9", "18"}
    assert covering(ax.texts) == 0


@pytest.mark.parametrize("corner", [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)])
def test_numbers_of_a_crowd_in_a_corner_stay_on_the_map(corner):
    ax = plots.map(crowd(*[corner] * 5), space=SQUARE)
    assert len(ax.texts) == 4
    assert covering(ax.texts) == 0
    for text in ax.texts:
        frame_, box = ax.get_window_extent(), text.get_bbox_patch().get_window_extent()
        assert frame_.x0 <= box.x0 <= box.x1 <= frame_.x1
        assert frame_.y0 <= box.y0 <= box.y1 <= frame_.y1


def test_lines_from_numbers_to_their_dots_do_not_cross():
    spots = np.array([[50.0, 50.0], [53.0, 50.0], [51.0, 54.0], [47.0, 46.0]])
    free = beside(spots, range(4), spots, np.full(4, 4.0), np.array([[0.0, 0.0], [100.0, 100.0]]))
    share = np.linspace(0, 1, 60)[:, None]
    paths = [spot + share * (place - spot) for spot, place in zip(spots, free, strict=True)]
    for one, other in itertools.combinations(paths, 2):
        apart = np.linalg.norm(one[:, None] - other[None], axis=-1)
        assert apart.min() > 0.5


@pytest.mark.parametrize("likeness", [0.9, 0.3, 0, -1] if CI else [0.9, -1])
def test_in_every_new_oven_the_first_three_bakes_and_the_best_can_be_read(likeness):
    menu = pt.menus.new_oven(likeness=likeness)
    known = pt.tune(OVENS[0].taste, pt.BayesianOptimization(OVENS[0].space, seed=0), 12, progress=False)
    new = pt.tune(menu.taste, pt.TransferLearning(menu.space, source=known, seed=0), 9, progress=False)
    axes = plots.ovens(known, new, old_menu=OVENS[0], new_menu=menu)
    for ax, search in zip(axes, (known, new), strict=True):
        assert {"0", "1", "2", str(search.best.number)} <= {text.get_text() for text in ax.texts}
        assert covering(ax.texts) == 0
        assert "pizza number, from 0" in ax.get_legend_handles_labels()[1]


def test_star_and_diamond_hide_no_dot_of_a_crowd():
    menu = pt.menus.old_oven()
    best = menu.best.params
    trials = [pt.Trial(n, {**best, "minutes": best["minutes"] + 0.01 * n}, 9.0 + 0.01 * n) for n in range(5)]
    ax = plots.map(trials, menu=menu)
    marks = [line for line in ax.lines if line.get_marker() in ("*", "D")]
    assert {line.get_marker() for line in marks} == {"*", "D"}
    assert all(line.get_markerfacecolor() == "none" for line in marks)
    dots = next(c for c in ax.collections if np.shape(c.get_array()) == (5,))
    assert all(line.get_zorder() > dots.get_zorder() for line in marks)


def test_names_of_mutations_do_not_overlap():
    run = pt.tune(
        TRIO.taste,
        pt.GeneticAlgorithm(TRIO.space, seed=3, population=4, mutation=0.9),
        budget=40,
        progress=False,
    )
    ax = plots.family_tree(run)
    ax.figure.canvas.draw()
    names = [text for text in ax.texts if text.get_text().startswith("new ")]
    boxes = [name.get_window_extent() for name in names]
    assert len(boxes) >= 3
    overlaps = [one.overlaps(other) for one, other in itertools.combinations(boxes, 2)]
    assert not any(overlaps)


def test_both_ovens_share_one_colour_scale_that_holds_all_scores():
    axes = plots.ovens(OLD, NEW, old_menu=OVENS[0], new_menu=OVENS[1])
    inks = [collection for ax in axes for collection in ax.collections]
    limits = {
        ink.get_clim() for ink in inks if ink.get_array() is not None and ink.get_cmap() is palette.SCORES
    }
    assert len(limits) == 1
    low, high = limits.pop()
    scores = [trial.score for result in (OLD, NEW) for trial in result.trials]
    assert low <= min(scores) < max(scores) <= high


def test_trust_is_told_where_the_strategy_has_one():
    class Trusting(pt.RandomSearch):
        trust = 0.25

    new = searched(OVENS[1], strategy=Trusting, seed=1, budget=4)
    assert "trust 25%" in plots.ovens(OLD, new)[1].get_title(loc="left")
    assert "trusts the old oven to 25%" in readings.ovens(OLD, new)
    assert "trust" not in readings.ovens(OLD, NEW)


def test_reading_of_the_ovens_says_what_the_old_best_scores_in_the_new_one():
    old = OLD.best.params
    truth = OVENS[1].taste(old)
    told = readings.ovens(OLD, NEW, old_menu=OVENS[0], new_menu=OVENS[1])
    assert f"best {OLD.best_score:.2f} of 8 pizzas, at {frame.settings(OLD.space, old)}" in told
    assert f", which scores {truth:.2f} in the new oven. New oven: best {NEW.best_score:.2f} of 8" in told
    assert "which scores" not in readings.ovens(OLD, NEW)  # nobody baked it there, and no menu knows
    baked = pt.RandomSearch(OVENS[1].space, seed=0)
    baked.tell(old, truth + 0.5)
    assert f"scores {truth + 0.5:.2f} in" in readings.ovens(OLD, baked, new_menu=OVENS[1])
    narrow = pt.menus.Menu("narrow", pt.Space(pt.Real("temperature", 0, 9), pt.Real("minutes", 1, 2)), None)
    assert "which scores" not in readings.ovens(OLD, NEW, new_menu=narrow)


def test_every_doubt_in_a_reading_says_that_it_is_two_std():
    numbers = cut(BAYES.strategy, "temperature", menu=MENU)
    text = readings.gp_slice(BAYES.strategy, "temperature", menu=MENU)
    assert text.count("±") == text.count(" (2 std)") == 2
    assert f"± {frame.score_text(2 * numbers.std[numbers.mean.argmax()])} (2 std), at" in text
    assert f"± {frame.score_text(2 * numbers.std.max())} (2 std)." in text


@pytest.mark.parametrize(
    ("x", "y", "problem"), [("topping", "topping", "two different"), ("salt", None, "unknown")]
)
def test_map_of_wrong_parameters_is_refused(x, y, problem):
    with pytest.raises((ValueError, KeyError), match=problem):
        plots.map(RANDOM, x, y)


def test_map_of_one_parameter_is_refused():
    with pytest.raises(ValueError, match="has only 'x'"):
        plots.map([pt.Trial(0, {"x": 1.0}, 1.0)], space=pt.Space(pt.Real("x", 0, 2)))


# -- what a model believes -----------------------------------------------------------------------------------


def test_slice_is_exactly_what_the_strategy_believes():
    strategy = BAYES.strategy
    numbers = cut(strategy, "temperature", {"topping": "Ham", "temperature": 200}, MENU)
    line = [{"topping": "Ham", "temperature": value} for value in MENU.space["temperature"].values()]
    assert list(numbers.values) == [params["temperature"] for params in line]
    mean, std = strategy.posterior(line)
    np.testing.assert_array_equal(numbers.mean, mean)
    np.testing.assert_array_equal(numbers.std, std)
    np.testing.assert_array_equal(numbers.acquisition, strategy.acquisition(line))
    assert list(numbers.truth) == [MENU.taste(params) for params in line]
    assert list(numbers.on_slice) == [trial.params["topping"] == "Ham" for trial in strategy.trials]


def test_slice_foretells_the_next_suggestion_and_changes_nothing():
    strategy = BAYES.strategy.rebuilt(BAYES.strategy.trials)
    foretold = cut(strategy, "temperature").next
    assert (len(strategy.trials), strategy.pending) == (len(BAYES.trials), [])
    assert strategy.ask() == foretold
    waiting = cut(strategy, "temperature", foretold)  # now it is pending
    assert waiting.next == foretold
    assert waiting.next_on_slice
    np.testing.assert_array_equal(waiting.mean, cut(BAYES.strategy, "temperature", foretold).mean)


def test_band_is_two_standard_deviations_as_the_legend_says():
    above, _ = plots.gp_slice(BAYES.strategy, "temperature")
    numbers = cut(BAYES.strategy, "temperature")
    band = next(c for c in above.collections if c.get_label() == "mean ± 2 std")
    heights = band.get_paths()[0].vertices[:, 1]
    assert heights.max() == pytest.approx((numbers.mean + 2 * numbers.std).max())
    assert heights.min() == pytest.approx((numbers.mean - 2 * numbers.std).min())


def test_slice_over_options_has_one_bar_for_each():
    _, below = plots.gp_slice(BAYES.strategy, "topping", menu=MENU)
    bars = [patch for patch in below.patches if isinstance(patch, Rectangle)]
    assert len(bars) == len(MENU.space["topping"].options)


def test_slice_needs_a_model_and_a_score():
    with pytest.raises(TypeError, match="needs a strategy with a model"):
        plots.gp_slice(RANDOM.strategy, "temperature")
    with pytest.raises(ValueError, match="no successful trial yet"):
        plots.gp_slice(pt.BayesianOptimization(MENU.space, seed=0), "temperature")


# -- family tree ---------------------------------------------------------------------------------------------


def test_line_of_descent_goes_from_the_first_generation_to_the_best():
    members = family(frame.as_run(GENETIC))
    line = descent(members)
    by_number = {member.number: member for member in members}
    assert line[-1] == GENETIC.best.number
    assert by_number[line[0]].parents == ()
    for elder, younger in itertools.pairwise(line):
        parents = [by_number[number] for number in by_number[younger].parents]
        assert by_number[elder] in parents
        assert by_number[elder].score == max(parent.score for parent in parents)


def test_members_stand_in_their_generation_and_apart():
    members, population = family(frame.as_run(GENETIC)), GENETIC.strategy.population
    assert [round(member.x) for member in members] == [n // population for n in range(len(members))]
    spread = max(member.score for member in members) - min(member.score for member in members)
    for one, other in itertools.combinations(members, 2):
        assert abs(one.x - other.x) > 0.1 or abs(one.score - other.score) > 0.05 * spread


def test_mutants_and_crossed_children_have_different_marks():
    ax = plots.family_tree(GENETIC)
    marks = {line.get_label(): line for line in ax.lines}
    mutants = [trial for trial in GENETIC.trials if trial.origin.get("mutated")]
    assert len(marks["crossed, then mutated"].get_xdata()) == len(mutants) > 0
    labels = {"without parents", "crossed, then mutated", "crossed"} & set(marks)
    kinds = [marks[label].get_marker() for label in labels]
    assert len(set(kinds)) == len(kinds) >= 2


def test_random_search_has_no_family():
    with pytest.raises(ValueError, match="know no generations"):
        plots.family_tree(RANDOM)


# -- the pizza -----------------------------------------------------------------------------------------------


def layer(pizza, *names):
    return [shape for shape in pizza_shapes(pizza) if shape.layer in names]


def lightness(shapes):
    return np.mean([sum(shape.colour[:3]) for shape in shapes])


@pytest.mark.parametrize(
    "toppings", [(), ("Ham",), ("Pepperoni", "Olives", "Capers"), ("Bacon", "Prosciutto", "Anchovies")]
)
def test_everything_lies_on_the_pizza(toppings):
    for shape in pizza_shapes(Pizza(toppings, minutes=25)):
        reach = np.hypot(*shape.outline.T).max()
        assert np.isfinite(shape.outline).all()
        assert reach < (1.12 if shape.layer == "shadow" else 1.0 + 1e-9), shape.layer


def test_same_pizza_looks_the_same_and_others_do_not():
    first, again, other = (pizza_shapes(Pizza((name,))) for name in ("Ham", "Ham", "Olives"))
    for one, two in zip(first, again, strict=True):
        assert np.array_equal(one.outline, two.outline)
        assert one.colour == two.colour
    assert len(first) != len(other) or not np.array_equal(first[-1].outline, other[-1].outline)


def test_longer_baked_twin_keeps_its_toppings_where_they_are():
    pale, burnt = (layer(Pizza(("Pepperoni",), minutes=minutes), "Pepperoni") for minutes in (5, 25))
    assert all(np.array_equal(a.outline, b.outline) for a, b in zip(pale, burnt, strict=True))
    assert lightness(burnt) < 0.6 * lightness(pale)


def test_crust_darkens_as_the_dose_grows():
    doses = np.linspace(0, 4, 60)
    light = [sum(crust_colour(dose)) for dose in doses]
    assert all(later <= earlier + 1e-12 for earlier, later in itertools.pairwise(light))
    red, green, blue = crust_colour(1.0)
    assert red > green > blue  # golden
    crusts = [lightness(layer(Pizza(minutes=minutes), "crust")[:16]) for minutes in (4, 8, 11, 15, 22)]
    assert crusts == sorted(crusts, reverse=True)


def test_only_overbaked_pizzas_have_char():
    assert not layer(Pizza(minutes=11), "char")
    assert len(layer(Pizza(minutes=26), "char")) > 40


def test_hot_spot_burns_its_quarter_only():
    pizza = Pizza(("Pepperoni",), minutes=11, oven=Oven(hot_spot=70))
    assert doneness(pizza, in_hot_spot=True) > 1.8
    middles = [shape.outline.mean(axis=0) for shape in layer(pizza, "char")]
    angles = [math.degrees(math.atan2(y, x)) for x, y in middles]
    assert angles
    assert min(angles) > 14
    assert max(angles) < 106
    assert ", a quarter of it burnt, with Pepperoni" in readings.pizza(pizza)


def test_every_ingredient_of_the_kitchen_has_a_look():
    assert set(TOPPINGS) <= set(LOOKS)
    assert set(SAUCES) <= set(SAUCE_COLOURS)
    assert set(CHEESES) - {"No cheese"} <= set(CHEESE_COLOURS)
    colours = {str([colour for _, colour in look(np.random.default_rng(0))]) for _, look in LOOKS.values()}
    assert len(colours) == len(LOOKS)


def test_no_cheese_shows_the_sauce():
    assert not layer(Pizza(cheese="No cheese"), "cheese")
    assert layer(Pizza(), "cheese")


def test_pizza_of_a_menu_is_the_one_it_makes():
    params = {"topping": "Ham", "temperature": 250}
    ax = plots.pizza(params, menu=MENU)
    expected = pizza_shapes(MENU.pizza(params))
    drawn = ax.collections[0].get_facecolor()
    np.testing.assert_allclose(drawn, [shape.colour for shape in expected])
    with pytest.raises(TypeError, match="pass menu="):
        plots.pizza(params)


def test_row_needs_as_many_titles_as_pizzas():
    with pytest.raises(ValueError, match="2 pizzas and 1 titles"):
        plots.pizza_row([Pizza(), Pizza()], ["one"])
    with pytest.raises(ValueError, match="at least one pizza"):
        plots.pizza_row([])


def test_bars_of_the_bill_end_at_the_score():
    pizza = Pizza(("Sausage", "Mushrooms", "Bacon"), temperature=195, minutes=19)
    numbers = bill(pizza)
    assert numbers.score == pytest.approx(taste(pizza))
    assert numbers.starts[0] == 0
    np.testing.assert_allclose(numbers.starts[1:], (numbers.starts + numbers.points)[:-1])
    points = {part.label: part.points for part in judge(pizza)}
    assert points["Sausage, too cool"] == pytest.approx(
        numbers.points[numbers.labels.index("Sausage, too cool")]
    )
    bars = plots.what_it_cost(pizza).patches
    assert bars[-1].get_width() == pytest.approx(taste(pizza))
    assert {bool(bar.get_hatch()) for bar in bars} == {True, False}  # a cost is hatched, not only red


def test_picture_of_the_readme_is_there_and_light():
    path = Path(__file__).parent.parent / "docs" / "kitchen.png"
    height, width, _ = plt.imread(path).shape
    assert width > 1.5 * height
    assert path.stat().st_size < 300_000


# -- the palette ---------------------------------------------------------------------------------------------

# Machado, Oliveira and Fernandes (2009), A physiologically-based model for simulation of color vision
# deficiency: the matrices of full severity, applied to linear RGB.
EYES = {
    "all three cones": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
SRGB_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def linear(colour):
    channels = np.array(to_rgb(colour))
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """CIE L*a*b* of linear sRGB under D65 (CIE 15:2004)."""
    ratio = SRGB_TO_XYZ @ np.clip(rgb, 0, 1) / SRGB_TO_XYZ.sum(axis=1)
    x, y, z = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_lab_of_known_colours():
    np.testing.assert_allclose(lab(linear("white")), [100, 0, 0], atol=0.01)
    np.testing.assert_allclose(lab(linear("red")), [53.24, 80.09, 67.20], atol=0.02)


@pytest.mark.parametrize("eyes", EYES)
def test_series_can_be_told_apart_by(eyes):
    seen = [lab(np.array(EYES[eyes]) @ linear(pen.colour)) for pen in palette.PENS]
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) > 20


def test_series_differ_in_marker_and_dashes_too():
    assert len({pen.marker for pen in palette.PENS}) == len(palette.PENS)
    assert len({str(pen.dashes) for pen in palette.PENS}) == len(palette.PENS)


def test_text_and_marks_stand_out_from_the_paper():
    assert all(palette.contrast(colour, palette.PAPER) >= 4.5 for colour in (palette.INK, palette.PENCIL))
    assert all(palette.contrast(pen.colour, palette.PAPER) >= 3 for pen in palette.PENS)
    colours = palette.SCORES(np.linspace(0, 1, 101))
    assert all(palette.contrast(palette.text_on(tuple(colour)), tuple(colour)) >= 4.5 for colour in colours)


@pytest.mark.parametrize("eyes", EYES)
def test_better_scores_are_lighter_for(eyes):
    colours = palette.SCORES(np.linspace(0, 1, 256))
    light = np.array([lab(np.array(EYES[eyes]) @ linear(colour))[0] for colour in colours])
    assert (np.diff(light) > 0).all()


def test_equal_steps_of_score_are_about_equal_steps_of_lightness():
    light = np.array([lab(linear(colour))[0] for colour in palette.SCORES(np.linspace(0, 1, 18))])
    steps = np.diff(light)
    assert steps.max() < 2 * steps.min()
    assert light[-1] - light[0] > 80
