"""The grid explorer: which pizzas a grid bakes, what they cost, and what hides between its lines."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import numpy as np
import pytest
from pizzatune.explore.bitmaps import font_of
from pizzatune.explore.grid import (
    COLOURS,
    EMPTY,
    LARGEST,
    LEFT,
    MOST,
    NOTHING,
    OVENS,
    TALL,
    TOP,
    WIDE,
    Lattice,
    TrueMap,
    duration,
    grid_menu,
    true_map,
    true_top,
)
from pizzatune.plots.palette import SCORES

import pizzatune as pt
from pizzatune.menus.tricky import CLICKING_OVEN, striped
from tests.how_often import TURNS

PLAIN, STRIPED = OVENS.values()


@pytest.fixture
def explorer():
    opened = pt.explore.grid()
    yield opened
    opened.close()


def test_it_shows_what_the_strategy_does_when_run_by_hand(explorer):
    explorer.set(levels=4, order="rows", edges=True, oven=STRIPED, shift=2.5)
    menu = grid_menu(STRIPED, 2, shift=2.5)
    by_hand = pt.tune(menu.taste, pt.GridSearch(menu.space, resolution=4, order="rows", edges=True))
    shown = explorer.settle().data.trials
    assert [trial.params for trial in shown] == [trial.params for trial in by_hand.trials]
    assert explorer.data.scores == pytest.approx([trial.score for trial in by_hand.trials], abs=1e-12)
    assert explorer.data.best == by_hand.best
    assert f"the best scores {by_hand.best_score:.1f} (" in explorer.reading


def test_its_striped_oven_is_the_menus(explorer):
    menu = grid_menu(STRIPED, 2)
    params = {"temperature": 233.0, "minutes": 8.0}
    assert menu.taste(params) == striped().taste(params)
    assert menu.space == striped().space


@pytest.mark.parametrize("dials, size, time", [(1, 5, "1 h 15 min"), (3, 125, "31 h"), (4, 625, "6.5 days")])
def test_each_dial_multiplies_the_pizzas_and_the_hours(explorer, dials, size, time):
    explorer.dials.value = dials
    explorer.settle()
    assert explorer.data.size == size
    assert explorer.data.costs == (5, 25, 125, 625, 3125, 15625)
    assert f": {size} pizzas, {time} of baking." in explorer.reading
    assert explorer.step.high == min(size, MOST)


def test_more_levels_make_more_pizzas_and_who_looked_at_the_last_still_does(explorer):
    explorer.levels.value = 7
    assert explorer.settle().step.value == 49
    assert explorer.reading.startswith("7 levels each on 2 dials: 49 pizzas, 12 h of baking. All are baked")
    explorer.step.value = 10
    explorer.levels.value = 6
    assert explorer.settle().step.value == 10
    assert "10 are baked" in explorer.reading


def test_a_grid_that_nobody_bakes_is_counted_and_not_made(explorer):
    explorer.set(dials=3, levels=21)
    assert explorer.data.size == 9261 > LARGEST
    assert explorer.data.trials == ()
    assert explorer.reading.endswith("Nobody bakes that: take fewer levels, or fewer dials.")
    assert "9,261 pizzas, 96 days" in explorer.reading
    assert explorer.to_frame().columns.tolist() == ["dials", "pizzas", "minutes"]
    explorer.levels.value = 4
    assert len(explorer.settle().data.trials) == 64


def test_of_a_large_grid_the_first_pizzas_are_baked(explorer):
    explorer.set(dials=4, levels=5)
    assert len(explorer.settle().data.trials) == MOST
    assert f"There is dough for the first {MOST}; the best" in explorer.reading


def test_stepping_bakes_one_pizza_more(explorer):
    explorer.step.reset()
    assert explorer.reading.endswith("None is baked yet.")
    explorer.step.forward()
    explorer.step.forward()
    assert len(explorer.data.trials) == 2
    assert explorer.to_frame()["pizza"].tolist() == [1, 2]
    assert explorer.to_frame()["score"].tolist() == [trial.score for trial in explorer.data.trials]


def test_rows_begin_with_one_temperature_and_spreading_out_with_many():
    rows, spread = (pt.explore.grid(order=order, step=5).to_frame() for order in ("rows", "spread"))
    assert rows["temperature"].nunique() == 1
    assert rows["minutes"].nunique() == 5
    assert spread["temperature"].nunique() >= 3


def test_eleven_levels_meet_only_the_stripes_and_moving_the_grid_mends_it():
    explorer = pt.explore.grid(dials=1, levels=11, edges=True, oven=STRIPED, truth=True)
    assert (
        "the best scores 6.0 (210 °C). The best that this oven can bake scores 9.1 (226 °C)"
        in explorer.reading
    )
    explorer.shift.value = 5.0
    assert explorer.settle().data.best.score > 8.5


def test_minutes_are_spaced_in_ratios_or_in_steps(explorer):
    ratios = np.diff(np.log(explorer.data.levels["minutes"]))
    explorer.ratios.value = False
    steps = np.diff(explorer.settle().data.levels["minutes"])
    assert ratios == pytest.approx(np.full(4, ratios[0]))
    assert steps == pytest.approx(np.full(4, 27 / 5))


def test_what_makes_no_difference_is_greyed_out(explorer):
    explorer.dials.value = 1
    assert (explorer.ratios.enabled, explorer.truth.enabled) == (False, True)
    explorer.dials.value = 3
    assert (explorer.ratios.enabled, explorer.truth.enabled) == (True, False)
    explorer.truth.value = True
    assert not explorer.settle().data.truth


def test_the_light_is_a_dial_that_nobody_tastes(explorer):
    explorer.set(dials=4, levels=3)
    table = explorer.settle().to_frame()
    same = table.groupby(["temperature", "minutes", "fan"])["score"]
    assert len(table) == 81
    assert (same.nunique() == 1).all()
    assert table.groupby(["temperature", "minutes", "light"])["score"].nunique().max() == 3


def test_the_truth_is_what_the_oven_bakes():
    land = true_map(CLICKING_OVEN)
    menu = grid_menu(CLICKING_OVEN, 2)
    _ = land.picture
    for row, column in [(3, 10), (20, 77)]:
        params = {"temperature": land.temperatures[column], "minutes": land.minutes[row]}
        assert land.scores[row, column] == menu.taste(params)
    assert true_top(CLICKING_OVEN, 2)[2] == pytest.approx(striped().best.score, abs=0.05)
    line = [grid_menu(PLAIN, 1).taste({"temperature": heat}) for heat in range(150, 351)]
    assert true_top(PLAIN, 1)[2] == pytest.approx(max(line), abs=0.01)


def test_the_truth_is_the_same_whether_it_was_worked_out_in_time_or_at_once():
    ahead, at_once = TrueMap(PLAIN), TrueMap(PLAIN)
    filling = ahead.fill()
    for _ in range(4):
        next(filling)
    assert np.isfinite(ahead.scores).any(axis=1).sum() == 4
    assert ahead.top == at_once.top
    np.testing.assert_array_equal(ahead.picture, at_once.picture)


# -- the picture ---------------------------------------------------------------------------------------------


def colour_at(explorer, params):
    """The colour of the map where a pizza lies, a little beside its dot."""
    lattice = Lattice.over(explorer.data.space, explorer.data.levels)
    x, y = lattice.dot(lattice.place(params))
    return tuple(explorer.ground.pixels[int(y - TOP), int(x - LEFT)])


def colour_of(score):
    return tuple((np.array(SCORES(int(score * 25.5))) * 255).round().astype(int))


@pytest.mark.parametrize("dials, levels", [(2, 5), (2, 12), (3, 4), (4, 3)])
def test_each_pizza_colours_its_own_cell(explorer, dials, levels):
    explorer.set(dials=dials, levels=levels)
    explorer.settle().step.value = 40 if dials == 2 and levels > 5 else 20
    baked = {explorer.data.space.key(trial.params) for trial in explorer.data.trials}
    for trial in explorer.data.trials:
        assert colour_at(explorer, trial.params) == colour_of(trial.score)
    search = pt.GridSearch(explorer.data.space, resolution=levels)
    to_come = [params for params in search.grid if explorer.data.space.key(params) not in baked]
    assert to_come
    assert all(colour_at(explorer, params) == tuple(COLOURS[EMPTY]) for params in to_come)


@pytest.mark.parametrize("edges", [False, True])
@pytest.mark.parametrize("levels", [2, 7])
def test_each_level_stands_for_its_part_of_the_dial(explorer, edges, levels):
    explorer.set(levels=levels, edges=edges)
    lattice = Lattice.over(explorer.settle().data.space, explorer.data.levels)
    for track, length in ((lattice.columns, WIDE), (lattice.rows, TALL)):
        parts = track.ends - track.starts
        assert ((track.starts <= track.places + 1e-9) & (track.places <= track.ends + 1e-9)).all()
        assert parts.sum() <= length + 1e-9
        share = parts / parts.sum()
        expected = np.full(levels, 1 / levels)
        if edges:  # the outer ones have neighbours on one side only
            expected = np.full(levels, 1 / (levels - 1))
            expected[[0, -1]] /= 2
        assert share == pytest.approx(expected, abs=1e-9)


def test_a_bar_is_as_high_as_its_score(explorer):
    explorer.set(dials=1, levels=4)
    explorer.settle()
    assert (explorer.ground.pixels[0] == COLOURS[NOTHING]).all()
    heights = (explorer.ground.pixels[:, :, :3] != COLOURS[NOTHING][:3]).any(axis=2).sum(axis=0)
    for trial in explorer.data.trials:
        lattice = Lattice.over(explorer.data.space, explorer.data.levels)
        column = round(lattice.dot(lattice.place(trial.params))[0] - LEFT)
        assert heights[column] == pytest.approx(TALL * trial.score / 10.5, abs=1.01)


def test_the_star_lies_on_the_best_and_the_ring_on_the_latest(explorer):
    explorer.step.value = 12
    lattice = Lattice.over(explorer.data.space, explorer.data.levels)
    best, latest = (
        lattice.dot(lattice.place(t.params)) for t in (explorer.data.best, explorer.data.trials[-1])
    )
    assert best != latest
    assert explorer.star.get_xydata().tolist() == [list(best)]
    assert all(ring.get_xydata().tolist() == [list(latest)] for ring in explorer.latest)
    assert len(explorer.to_come.get_xdata()) == 25 - 12


def test_tables_say_what_the_data_say(explorer):
    explorer.step.value = 12
    written = [word.text for word in explorer.words.words]
    assert written.count("★") == 1
    assert "12 of 25 pizzas baked" in written
    assert {"3,125", "15,625", "163 days"} <= set(written)
    bold = [word.text for word in explorer.words.words if word.bold]
    best = explorer.data.best
    cells = ["★", f"{best.params['temperature']:.0f}", f"{best.params['minutes']:.1f}", f"{best.score:.1f}"]
    assert bold == ["12 of 25 pizzas baked", "2", "25", "6 h 15 min", *cells]


def test_no_text_leaves_the_picture_or_runs_into_the_next(explorer):
    for dials, levels in [(1, 21), (2, 21), (3, 7), (4, 4), (3, 21)]:
        explorer.set(dials=dials, levels=levels)
        explorer.settle()
        renderer = explorer._canvas.get_renderer()
        rows: dict[float, list[tuple[float, float]]] = {}
        for word in explorer.words.words:
            wide = renderer.get_text_width_height_descent(word.text, font_of(word.size, word.bold), False)[0]
            left = word.x - word.lean * wide
            assert left >= 0
            assert left + wide <= 960
            assert word.size >= 14
            rows.setdefault(word.y, []).append((left, left + wide))
        for spans in rows.values():
            spans.sort()
            gaps = [right[0] - left[1] for left, right in pairwise(spans)]
            assert min(gaps, default=9) >= 4, (dials, levels)


# -- many turns, and a loop ----------------------------------------------------------------------------------


def test_random_turns_leave_no_error_and_no_new_artist(explorer):
    rng = np.random.default_rng(3)
    artists = len(explorer.figure.findobj())
    for turn in range(TURNS):
        name = rng.choice(list(explorer.controls))
        control = explorer.controls[name]
        if hasattr(control, "high"):
            value = rng.uniform(control.low, control.high)
            control.value = round(value) if control.whole else round(2 * value) / 2
        else:
            options = list(control.options.values()) if hasattr(control, "options") else [True, False]
            control.value = options[rng.integers(len(options))]
        if turn % 3 == 0:
            explorer.settle()
        assert explorer.error is None, explorer.reading
    explorer.settle()
    assert len(explorer.data.trials) == min(explorer.step.value, explorer.data.planned)
    assert len(explorer.figure.findobj()) <= artists + 40  # a tick more or less


def test_in_a_loop_the_first_pizzas_show_at_once_and_the_rest_follow():
    async def turn():
        explorer = pt.explore.grid()
        explorer.levels.value = 20
        first = len(explorer.data.trials)
        while explorer.running:
            await asyncio.sleep(0.01)
        return first, len(explorer.data.trials), explorer.error

    first, last, error = asyncio.run(turn())
    assert 0 < first < last == 400
    assert error is None


@pytest.mark.parametrize(
    "start, complaint",
    [
        ({"dials": 5}, r"dials must lie in \[1, 4\], got 5"),
        ({"levels": 2.5}, r"levels must be a whole number in \[1, 21\], got 2.5"),
        ({"order": "zigzag"}, "order must be one of Spread out, Row by row, got 'zigzag'"),
    ],
)
def test_a_start_that_does_not_fit_is_named(start, complaint):
    with pytest.raises(ValueError, match=complaint):
        pt.explore.grid(**start)


@pytest.mark.parametrize(
    "minutes, text", [(0, "0 min"), (45, "45 min"), (60, "1 h"), (30 * 60, "30 h"), (1e9, "1,903 years")]
)
def test_a_time_is_said_in_the_unit_that_people_would_use(minutes, text):
    assert duration(minutes) == text
