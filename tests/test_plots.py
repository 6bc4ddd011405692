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
from pizzatune.plots.families import descent, family
from pizzatune.plots.pizza_art import CHEESE_COLOURS, LOOKS, SAUCE_COLOURS, crust_colour, pizza_shapes
from pizzatune.plots.pizzas import bill

import pizzatune as pt
from pizzatune import plots
from pizzatune.menus import Oven, Pizza, doneness, judge
from pizzatune.menus.taste import CHEESES, SAUCES, TOPPINGS, taste
from pizzatune.plots import frame, palette, readings

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


