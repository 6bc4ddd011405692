"""Tossed pizzas beside a grid: the draws are the strategies' own, and the shadows fall where they should."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.explore.random import BAR_LEFT, BAR_RIGHT, KITCHENS, Panel, Tally
from pizzatune.lessons.random import DIALS, SaltyKitchen, duel
from tests.how_often import TURNS


@pytest.fixture(scope="module")
def explorer():
    opened = pt.explore.random()
    yield opened
    opened.close()


def asked_by_hand(strategy, kitchen, number):
    """What a strategy asks for when it is told every score on the way."""
    trials = pt.tune(kitchen.taste, strategy, budget=number, progress=False).trials
    return [[trial.params["temperature"], trial.params["salt"]] for trial in trials], [
        t.score for t in trials
    ]


@pytest.mark.parametrize("sampler", ["independent", "sobol"])
@pytest.mark.parametrize("levels, matters, seed", [(3, 0, 13), (2, 100, 1), (5, 35, 40)])
def test_its_pizzas_are_those_of_the_strategies_run_by_hand(explorer, sampler, levels, matters, seed):
    explorer.set(levels=levels, sampler=sampler, matters=matters, seed=seed)
    explorer.settle()
    kitchen = SaltyKitchen(seed, matters / 100)
    space = pt.Space(*DIALS[:2])
    searches = {
        "grid": pt.GridSearch(space, resolution=levels, order="rows"),
        "drawn": pt.RandomSearch(space, sampler=sampler, seed=seed),
    }
    for name, strategy in searches.items():
        pizzas, scores = asked_by_hand(strategy, kitchen, levels**2)
        side = getattr(explorer.data, name)
        assert side.pizzas.tolist() == pizzas
        np.testing.assert_allclose(side.scores, scores)


def test_a_grid_tries_few_temperatures_and_random_draws_one_each(explorer):
    explorer.set(sampler="independent", seed=13, matters=0)
    for levels in (2, 3, 6):
        explorer.levels.value = levels
        explorer.settle()
        assert explorer.data.grid.places == (levels, levels)
        assert explorer.data.drawn.places == (levels**2, levels**2)
        assert f"the grid's {levels**2} pizzas try {levels} temperatures" in explorer.reading
        assert f"{levels**2} random ones try {levels**2}" in explorer.reading


def test_the_more_salt_matters_the_fewer_kitchens_random_search_wins(explorer):
    explorer.set(levels=3, sampler="independent")
    explorer.settle()
    wins, leads = [], []
    for matters in (0, 50, 100):
        explorer.matters.value = matters
        wins.append(explorer.data.random_wins)
        leads.append(explorer.data.drawn_best.mean() - explorer.data.grid_best.mean())
        assert f"ahead in {wins[-1]} of 100 kitchens" in explorer.reading
    assert wins[0] > 55 > wins[1] > wins[2]
    assert leads[0] > 0.1 > -0.1 > leads[1] > leads[2]


def test_its_tally_is_that_of_the_lesson(explorer):
    explorer.set(levels=4, sampler="independent", matters=20)
    explorer.settle()
    by_lesson = duel(0.2, per_dial=4, seeds=range(1, KITCHENS + 1))
    np.testing.assert_allclose(explorer.data.grid_best, by_lesson.grid)
    np.testing.assert_allclose(explorer.data.drawn_best, by_lesson.drawn)


def test_the_bar_is_split_by_the_wins(explorer):
    explorer.set(levels=3, sampler="independent", matters=0)
    explorer.settle()
    grid, drawn = (path.vertices[:, 0] for path in explorer.bar.get_paths())
    assert (grid.min(), drawn.max()) == (BAR_LEFT, BAR_RIGHT)
    assert grid.max() == drawn.min()
    share = np.ptp(drawn) / (BAR_RIGHT - BAR_LEFT)
    assert share == pytest.approx(explorer.data.random_wins / KITCHENS)


def test_turning_salt_moves_no_pizza_but_changes_what_it_scores(explorer):
    explorer.set(levels=3, sampler="independent", matters=0, seed=13)
    explorer.settle()
    before, run = explorer.data, explorer.run
    explorer.matters.value = 100
    assert explorer.run is run  # nothing was asked again
    assert (explorer.data.drawn.pizzas == before.drawn.pizzas).all()
    assert (explorer.data.drawn.scores <= before.drawn.scores).all()
    assert explorer.data.drawn.scores.min() < before.drawn.scores.min() - 1


def test_marks_lie_under_their_shadows(explorer):
    explorer.set(levels=2, sampler="independent", matters=100, seed=7)
    explorer.settle()
    panel = explorer.panels[1]
    pizzas = explorer.data.drawn.pizzas
    x, y = explorer.marks[1].get_data()
    n = len(pizzas)
    np.testing.assert_allclose(x[:n], panel.x(pizzas[:, 0]))
    np.testing.assert_allclose(y[:n], panel.y(pizzas[:, 1]))
    np.testing.assert_allclose(x[n : 2 * n], x[:n])  # above, the same temperature
    np.testing.assert_allclose(y[2 * n :], y[:n])  # beside, the same salt
    kitchen = explorer.data.kitchen
    higher_is_cheaper = np.argsort(y[n : 2 * n])
    assert (higher_is_cheaper == np.argsort(kitchen.heat_cost(pizzas[:, 0]))).all()
    farther_is_cheaper = np.argsort(-x[2 * n :])
    assert (farther_is_cheaper == np.argsort(kitchen.salt_cost(pizzas[:, 1]))).all()


def test_the_land_is_lightest_where_the_best_pizza_lies(explorer):
    explorer.set(matters=100, seed=13)
    kitchen = explorer.data.kitchen
    panel, land = explorer.panels[0], explorer.panels[0].land.pixels
    assert isinstance(panel, Panel)
    x, y = (round(float(at)) for at in (panel.x(kitchen.best_temperature), panel.y(kitchen.best_salt)))
    light = land[:, :, :3].sum(axis=2)
    assert light[y - panel.land.y, x - panel.land.x] >= light.max() - 8
    assert light.min() < light.max() - 100


def test_another_kitchen_has_other_draws_and_the_same_tally(explorer):
    explorer.set(levels=3, sampler="independent", matters=0, seed=13)
    explorer.settle()
    before = explorer.data
    explorer.seed.forward()
    assert explorer.seed.value == 14
    assert (explorer.data.drawn.pizzas != before.drawn.pizzas).all()
    assert (explorer.data.grid.pizzas == before.grid.pizzas).all()
    assert explorer.data.random_wins == before.random_wins
    assert "In kitchen 14," in explorer.reading


def test_kitchens_stream_in_and_states_never_change():
    async def watch():
        explorer = pt.explore.random()
        explorer.levels.value = 5
        first = explorer.run
        kept = first.drawn_costs.copy()
        assert explorer.data.grid.places == (5, 5)
        assert len(explorer.data.grid_best) == len(first.grid_costs)
        while explorer.running:
            await asyncio.sleep(0.01)
        return explorer, first, kept

    explorer, first, kept = asyncio.run(watch())
    assert len(first.grid_costs) < KITCHENS == len(explorer.data.grid_best)
    assert (first.drawn_costs == kept).all()
    assert (explorer.run.drawn_costs[: len(kept)] == kept).all()
    explorer.close()


def test_the_table_has_both_searches(explorer):
    explorer.set(levels=2, sampler="independent", matters=100, seed=3)
    explorer.settle()
    table = explorer.to_frame()
    assert table["search"].tolist() == ["grid"] * 4 + ["random"] * 4
    kitchen = SaltyKitchen(3, 1.0)
    scores = [kitchen.taste(row) for row in table[["temperature", "salt"]].to_dict("records")]
    np.testing.assert_allclose(table["score"], scores)


def test_best_scores_follow_from_the_costs():
    costs = np.array([[[1.0, 2.0], [3.0, 0.0]]])
    best, other = Tally(1, "independent", costs, costs + 1).best(0.5)
    assert best.tolist() == [9.5 - 2.0]
    assert other.tolist() == [9.5 - 3.5]


def test_random_turns_leave_no_error(explorer):
    rng = np.random.default_rng(3)
    for _ in range(TURNS):
        name = ("levels", "sampler", "matters", "seed")[rng.choice(4, p=[0.03, 0.03, 0.54, 0.4])]
        value = {
            "levels": int(rng.integers(2, 7)),
            "sampler": str(rng.choice(["independent", "sobol"])),
            "matters": int(rng.integers(0, 101)),
            "seed": int(rng.integers(1, KITCHENS + 1)),
        }[name]
        explorer.controls[name].value = value
        assert explorer.error is None, explorer.reading
    explorer.settle()
    assert explorer.error is None


@pytest.mark.parametrize(
    "start, message",
    [
        ({"levels": 7}, r"levels must lie in \[2, 6\], got 7"),
        ({"matters": -5}, r"matters must lie in \[0, 100\] %, got -5"),
        ({"sampler": "dice"}, r"sampler must be one of Independent, Sobol, got 'dice'"),
        ({"seed": 0}, r"seed must lie in \[1, 100\], got 0"),
    ],
)
def test_a_start_outside_its_knob_is_named(start, message):
    with pytest.raises(ValueError, match=message):
        pt.explore.random(**start)
