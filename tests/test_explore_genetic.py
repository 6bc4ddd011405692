"""The genetic explorer: what a knob does to a family, and that the picture shows the strategy's trials."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.explore.genetic import (
    BOXES,
    KITCHENS,
    LAST,
    MOST,
    ROWS,
    SIDE,
    VALLEY,
    boxed_pizza,
    empty_box,
    forebears,
)
from pizzatune.lessons.genetic import boxed, diversity, grandparents
from tests.how_often import TURNS

MENU = boxed(pt.menus.three_toppings())
SETTINGS = {"population": 6, "tournament": 3, "mutation": 0.2, "elite": 1, "seed": 5}


@pytest.fixture(scope="module")
def explorer():
    return pt.explore.genetic()


@pytest.fixture(autouse=True)
def as_at_first(explorer):
    explorer.set(
        kitchen=KITCHENS[0], population=8, tournament=2, mutation=0.05, elite=0, seed=1, generation=3
    )
    explorer.settle()


def trials_in(data):
    return sorted((trial for row in data.members for trial in row), key=lambda trial: trial.number)


def pizzas_shown(explorer):
    return [[cell[0].pixels is not None for cell in row].count(True) for row in explorer.cells]


# -- the numbers are the strategy's ------------------------------------------------------------------------


def test_it_shows_the_trials_of_the_strategy_itself(explorer):
    explorer.set(**SETTINGS, generation=4)
    explorer.settle()
    strategy = pt.GeneticAlgorithm(MENU.space, repeats=True, **SETTINGS)
    trials = pt.tune(MENU.taste, strategy, budget=5 * 6).trials
    shown = trials_in(explorer.data)
    assert [trial.params for trial in shown] == [trial.params for trial in trials]
    assert [trial.origin for trial in shown] == [trial.origin for trial in trials]
    assert explorer.data.best[-1] == max(trial.score for trial in trials)
    assert explorer.data.mean[2] == pytest.approx(np.mean([trial.score for trial in trials[12:18]]))


def test_two_hills_start_from_the_lower_one_and_go_on_with_the_strategy(explorer):
    explorer.set(kitchen=KITCHENS[1], **SETTINGS, generation=2)
    explorer.settle()
    menu = pt.menus.two_hills()
    strategy = pt.GeneticAlgorithm(menu.space, repeats=True, **SETTINGS)
    for params in grandparents(5, 6):
        strategy.tell(params, menu.taste(params))
    trials = pt.tune(menu.taste, strategy, budget=12).trials
    assert [trial.params for trial in trials_in(explorer.data)] == [trial.params for trial in trials]
    assert explorer.data.shares[0].tolist() == [1.0, 0.0]


def test_diversity_and_the_shares_of_boxes_are_counted_over_one_generation(explorer):
    newest = [trial.params for trial in explorer.data.members[-1]]
    toppings = ["topping_1", "topping_2", "topping_3"]
    assert explorer.data.spread[-1] == pytest.approx(diversity(MENU.space, newest, toppings))
    pairs = [(a, b) for i, a in enumerate(newest) for b in newest[:i]]
    by_hand = np.mean([[a[gene] != b[gene] for gene in toppings] for a, b in pairs])
    assert explorer.data.spread[-1] == pytest.approx(by_hand)
    counted = [sum(params["box"] == box for params in newest) / 8 for box in BOXES]
    assert explorer.data.shares[-1].tolist() == counted


def test_the_table_has_a_row_for_each_generation(explorer):
    frame = explorer.to_frame()
    assert frame["generation"].tolist() == [0, 1, 2, 3]
    assert frame["best so far"].is_monotonic_increasing
    assert np.allclose(frame[[f"share {box}" for box in BOXES]].sum(axis=1), 1)


# -- what knobs do -----------------------------------------------------------------------------------------


def test_a_step_shows_one_more_generation(explorer):
    before = trials_in(explorer.data)
    explorer.generation.forward()
    assert explorer.data.generation == 4
    assert trials_in(explorer.data)[: len(before)] == before
    assert explorer.reading.startswith("Generation 4: its best ")


def test_play_leads_to_the_last_generation_and_reset_to_the_first(explorer):
    explorer.generation.play()
    explorer.settle()
    assert explorer.data.generation == LAST
    explorer.generation.reset()
    assert explorer.data.generation == 0


def test_the_population_decides_how_many_pizzas_a_row_has(explorer):
    for size in (4, MOST):
        explorer.population.value = size
        explorer.settle()
        assert pizzas_shown(explorer) == [size] * ROWS
        assert all(len(row) == size for row in explorer.data.members)


def test_rows_that_are_not_bred_yet_are_empty(explorer):
    explorer.generation.value = 1
    assert pizzas_shown(explorer) == [8, 8, 0, 0]
    assert [row.get_text() for row in explorer.rows] == ["0", "1", "", ""]


def test_late_generations_push_the_early_ones_out_of_the_table(explorer):
    explorer.generation.value = 9
    assert [row.get_text() for row in explorer.rows] == ["6", "7", "8", "9"]
    assert len(explorer.best_line.get_xdata()) == 10


def test_without_mutation_no_pizza_is_marked_and_no_new_gene_appears(explorer):
    explorer.set(mutation=0.0, generation=LAST)
    explorer.settle()
    assert len(explorer.mutants.get_xdata()) == 0
    first, last = explorer.data.members[0], explorer.data.members[-1]
    for gene in MENU.space.names:
        assert {trial.params[gene] for trial in last} <= {trial.params[gene] for trial in first}
    explorer.mutation.value = 1.0
    explorer.settle()
    assert len(explorer.mutants.get_xdata()) == 8 * ROWS


def test_harder_selection_leaves_fewer_of_the_pizzas_with_children(explorer):
    def parents_of_the_second():
        explorer.settle()
        return len({parent for trial in explorer.data.members[1] for parent in trial.origin["parents"]})

    counts = []
    for hardness in (1, 10):
        explorer.tournament.value = hardness
        counts.append(parents_of_the_second())
    assert counts[0] > counts[1]


def test_lines_from_the_elite_appear_with_an_elite_only(explorer):
    explorer.set(tournament=5, elite=0, generation=LAST)
    explorer.settle()
    assert explorer.old_lines.get_segments() == []
    explorer.elite.value = 4
    explorer.settle()
    assert explorer.old_lines.get_segments()


def test_every_child_has_a_line_to_each_of_its_parents(explorer):
    shown = explorer.data.members
    wanted = sum(len(set(trial.origin["parents"])) for row in shown[1:] for trial in row)
    drawn = (explorer.lines, explorer.old_lines, explorer.best_lines)
    assert sum(len(lines.get_segments()) for lines in drawn) == wanted


def test_the_thick_lines_end_at_the_best_of_the_newest_row(explorer):
    best = explorer.data.members[-1][0]
    by_number = {trial.number: trial for trial in trials_in(explorer.data)}
    steps = forebears(best, by_number)
    assert {parent for parent, child in steps if child == best.number} == set(best.origin["parents"])
    assert len(explorer.best_lines.get_segments()) == len(steps)


def test_the_frame_is_around_the_best_so_far_or_nowhere(explorer):
    explorer.set(mutation=0.0, seed=3)
    explorer.settle()
    row = next(
        number for number, members in enumerate(explorer.data.members) if explorer.data.champion in members
    )
    picture = explorer.cells[row][0][0]
    assert explorer.frame.get_xdata()[0] == picture.x - 1
    champion = explorer.data.champion
    explorer.generation.value = LAST
    assert explorer.data.champion == champion
    assert row < LAST - ROWS + 1
    assert len(explorer.frame.get_xdata()) == 0


def named(explorer, trial):
    if explorer.kitchen.value == KITCHENS[1]:
        return f"{trial.params['temperature']:.0f} °C, {trial.params['minutes']:.1f} minutes"
    first, second, third = explorer.data.menu.pizza(trial.params).toppings
    return f"{first}, {second} and {third}"


@pytest.mark.parametrize("kitchen", KITCHENS)
def test_the_reading_names_the_best_of_the_generation_shown_and_the_best_so_far_where_it_is_older(
    explorer, kitchen
):
    explorer.set(kitchen=kitchen, mutation=0.0, seed=3)
    explorer.settle()
    older = []
    for generation in range(LAST + 1):
        explorer.generation.value = generation
        data = explorer.data
        best, champion = data.members[-1][0], data.champion
        said = f"Generation {generation}: its best {best.score:.2f} ({named(explorer, best)}), mean "
        assert explorer.reading.startswith(said)
        older.append(champion.score > best.score)
        (born,) = (number for number, row in enumerate(data.members) if champion in row)
        said = f" Best so far {champion.score:.2f}, in generation {born} ({named(explorer, champion)})."
        assert (said in explorer.reading) == ("Best so far" in explorer.reading) == older[-1]
    assert set(older) == {True, False}


def test_boxes_drift_without_selection_and_the_reading_says_how_far(explorer):
    explorer.set(tournament=1, mutation=0.0, population=4, generation=LAST, seed=2)
    explorer.settle()
    assert explorer.data.shares[-1].max() == 1.0
    box = BOXES[int(explorer.data.shares[-1].argmax())]
    assert f"{box} boxes, which have no taste: 4 of 4." in explorer.reading


def test_the_two_hills_have_a_map_in_place_of_boxes(explorer):
    assert explorer.share_axes.get_visible()
    assert not explorer.map_axes.get_visible()
    explorer.kitchen.value = KITCHENS[1]
    explorer.settle()
    assert not explorer.share_axes.get_visible()
    assert explorer.map_axes.get_visible()
    newest = [trial.params["temperature"] for trial in explorer.data.members[-1]]
    assert explorer.now.get_xdata() == newest
    higher = sum(heat > VALLEY for heat in newest)
    assert f"On the higher hill: {higher} of 8." in explorer.reading


def test_a_wrong_start_is_refused_in_words():
    with pytest.raises(ValueError, match=r"population must lie in \[4, 10\], got 99"):
        pt.explore.genetic(population=99)
    with pytest.raises(ValueError, match="kitchen must be one of Three toppings, Two hills, got 'Oven'"):
        pt.explore.genetic(kitchen="Oven")


# -- pictures ----------------------------------------------------------------------------------------------


def test_boxes_differ_by_a_mark_as_well_as_by_colour():
    light = [empty_box(box)[..., :3].astype(int).min(axis=2) > 225 for box in BOXES]
    for number, one in enumerate(light):
        assert one.sum() > 10
        assert all((one != other).any() for other in light[:number])


def test_the_box_does_not_change_the_pizza_in_it():
    red, blue = (boxed_pizza(("Ham", "Figs"), 1.0, box).astype(int) for box in ("Red", "Blue"))
    middle = slice(SIDE // 2 - 15, SIDE // 2 + 15)
    assert np.abs(red - blue)[middle, middle].max() <= 1
    assert np.abs(red - blue)[3:6, SIDE // 2].max() > 50


def test_a_burnt_pizza_is_drawn_darker():
    golden, burnt = (boxed_pizza(("Garlic", "Clams"), dose, "")[..., :3].mean() for dose in (1.0, 3.5))
    assert burnt < golden - 40


# -- in the long run ---------------------------------------------------------------------------------------


def test_random_turns_leave_no_error_and_no_new_artist(explorer):
    rng = np.random.default_rng(3)

    def made():
        return [len(ax.get_children()) for ax in explorer.figure.axes], len(explorer.figure.get_children())

    before = made()
    for _ in range(TURNS):
        name = rng.choice(list(explorer.controls))
        control = explorer.controls[name]
        if name == "kitchen":
            control.value = KITCHENS[rng.integers(2)]
        elif control.whole:
            control.value = int(rng.integers(control.low, control.high + 1))
        else:
            control.value = float(rng.uniform(control.low, control.high))
        if rng.random() < 0.3:
            explorer.settle()
        assert explorer.error is None
    explorer.settle()
    assert explorer.error is None
    assert made() == before


def test_opening_it_loads_no_table_no_pyplot_and_no_statistics():
    code = (
        "import sys, pizzatune as pt\n"
        "pt.explore.genetic()\n"
        "print([name for name in ('pandas', 'matplotlib.pyplot', 'scipy.stats') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.strip() == "[]"
