"""The grid explorer: which pizzas a grid bakes, what they cost, and what hides between its lines."""

from __future__ import annotations

import asyncio
from itertools import product

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.explore.grid_explorer import OVENS
from pizzatune.explore.grid_numbers import LARGEST, MOST, TrueMap, drawn_heats, true_map, true_top
from pizzatune.explore.grid_picture import HEAT, MAP_LEFT, MAP_TOP, TALL, TIME, WIDE
from pizzatune.menus.dial_by_dial import first_factors, oven_dials
from pizzatune.menus.tricky import CLICKING_OVEN, striped
from pizzatune.pictures import lattice as on_map
from pizzatune.pictures.ground import colours_of
from pizzatune.pictures.lattice import FEW, Lattice
from pizzatune.pictures.marks import Bars, Dots, Image, Land, Line, Links, Panel, Scale, Text
from pizzatune.space import Space
from tests.how_often import TURNS

PLAIN, STRIPED = OVENS.values()


@pytest.fixture
def explorer():
    """The dials of an oven, all baked."""
    opened = pt.explore.grid(view="map").settle()
    opened.step.value = MOST if opened.step.high == MOST else opened.step.high
    yield opened
    opened.close()


@pytest.fixture
def table():
    """The article's table, before the first pizza."""
    opened = pt.explore.grid().settle()
    yield opened
    opened.close()


def of_kind(marks, kind):
    return [mark for mark in marks if isinstance(mark, kind)]


def words(marks):
    return [mark.text for mark in of_kind(marks, Text)]


def lattice_of(explorer):
    panel = Panel(MAP_LEFT, MAP_TOP, WIDE, TALL, HEAT, TIME if explorer.data.dials > 1 else Scale(0, 10.5))
    return Lattice(explorer.data.menu.space, explorer.data.levels, panel)


def cells(explorer):
    """Every coloured cell: (panel, left, right, low, high) -> colour."""
    found = {}
    for name, marks in explorer.marks.items():
        for bars in of_kind(marks, Bars) if name.startswith("cells") else ():
            ends = zip(bars.left, bars.right, bars.low, bars.high, bars.colours, strict=True)
            found |= {(bars.panel, *map(float, end)): colour for *end, colour in ends}
    return found


# -- the strategy --------------------------------------------------------------------------------------------


def test_it_opens_on_the_articles_table_before_the_first_pizza():
    explorer = pt.explore.grid()
    assert (explorer.view.value, explorer.step.value, explorer.data.trials) == ("tray", 0, ())
    assert explorer.reading.endswith("Nothing is baked yet.")
    assert explorer._card.last.score == "No pizza yet"
    assert pt.explore.grid(levels=3).view.value == "map"
    assert pt.explore.grid(levels=3, view="tray").view.value == "tray"


def test_it_shows_what_the_strategy_does_when_run_by_hand(explorer):
    explorer.set(levels=4, order="rows", edges=True, oven=STRIPED, shift=2.5)
    menu = oven_dials(STRIPED, 2, shift=2.5)
    by_hand = pt.tune(menu.taste, pt.GridSearch(menu.space, resolution=4, order="rows", edges=True))
    shown = explorer.settle().data.trials
    assert [trial.params for trial in shown] == [trial.params for trial in by_hand.trials]
    assert explorer.data.scores == pytest.approx([trial.score for trial in by_hand.trials], abs=1e-12)
    assert explorer.data.best == by_hand.best
    assert f"All are baked; best {by_hand.best_score:.1f}: " in explorer.reading


def test_the_table_is_the_articles_grid(table):
    table.step.value = 81
    menu = pt.menus.four_factors()
    by_hand = pt.tune(menu.taste, pt.GridSearch(menu.space))
    assert [trial.params for trial in table.data.trials] == [trial.params for trial in by_hand.trials]
    assert table.data.best.params == menu.best.params
    assert table.reading.startswith("3 × 3 × 3 × 3 = 81 pizzas, 20 h of baking.")


def test_its_striped_oven_is_the_menus():
    menu = oven_dials(STRIPED, 2)
    params = {"temperature": 233.0, "minutes": 8.0}
    assert menu.taste(params) == striped().taste(params)
    assert menu.space == striped().space


def test_factors_that_are_not_varied_are_held(table):
    table.factors.value = 2
    assert "temperature Medium, baking time Medium" in words(table.marks["held"])
    table.settle().step.value = 9
    whole = pt.menus.four_factors()
    for trial in table.data.trials:
        assert trial.score == whole.taste({**trial.params, "temperature": "Medium", "baking_time": "Medium"})


# -- what it costs -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dials, size, time", [(1, 5, "1 h 15 min"), (3, 125, "31 h"), (4, 625, "6.5 days")])
def test_each_dial_multiplies_the_pizzas_and_the_hours(explorer, dials, size, time):
    explorer.dials.value = dials
    explorer.settle()
    assert explorer.data.size == size
    assert explorer.data.cost.sizes == (5, 25, 125, 625, 3125, 15625)
    assert f": {size} pizzas, {time} of baking." in explorer.reading
    assert explorer.step.high == min(size, MOST)
    hero = [mark.text for mark in of_kind(explorer.marks["cost"], Text) if mark.style.startswith("hero")]
    assert hero == [time]


def test_163_days_are_written_large(explorer):
    written = words(explorer.marks["cost"])
    assert {"3,125", "15,625", "163 days", "25 pizzas", "6 h 15 min"} <= set(written)
    explorer.dials.value = 6
    huge = [mark.text for mark in of_kind(explorer.marks["words"], Text) if mark.style == "huge"]
    assert huge == ["163 days"]
    explorer.minutes_each.value = 60
    assert "1.8 years" not in explorer.reading
    assert f"{15625 / 24:.0f} days" in explorer.reading


def test_as_many_random_pizzas_try_more_temperatures(explorer):
    strokes = of_kind(explorer.marks["tried"], Links)
    assert [len(links.x) for links in strokes] == [5, 25]
    drawn = drawn_heats(150.0, 350.0, 25)
    space = Space(explorer.data.menu.space["temperature"])
    search = pt.RandomSearch(space, seed=1)
    assert list(drawn) == [search.ask()["temperature"] for _ in range(25)]
    assert words(explorer.marks["tried"])[1:] == ["Grid", "5", "As many random", "25"]
    explorer.dials.value = 4
    assert words(explorer.marks["tried"])[2::2] == ["5", "625"]


def test_more_levels_make_more_pizzas_and_who_looked_at_the_last_still_does(explorer):
    explorer.levels.value = 7
    assert explorer.settle().step.value == 49
    assert explorer.reading.startswith("7 levels each on 2 dials: 49 pizzas, 12 h of baking.")
    assert "All are baked" in explorer.reading
    explorer.step.value = 10
    explorer.levels.value = 6
    assert explorer.settle().step.value == 10
    assert "10 of 36 are baked" in explorer.reading


def test_a_grid_that_nobody_bakes_is_counted_and_not_made(explorer):
    explorer.set(dials=3, levels=21)
    assert explorer.data.size == 9261 > LARGEST
    assert explorer.data.trials == ()
    assert not explorer.step.enabled
    assert explorer.step.help == "This grid is only counted"
    assert "Nobody bakes that: take fewer dials." in explorer.reading
    assert "9,261 pizzas, 96 days" in explorer.reading
    assert explorer.to_frame().columns.tolist() == ["dials", "pizzas", "minutes"]
    explorer.set(levels=4)
    explorer.settle().step.value = 64
    assert len(explorer.data.trials) == 64


def test_five_dials_have_no_room_on_the_map(explorer):
    explorer.set(dials=5, levels=2)
    assert "The map has room for 4 dials" in explorer.reading
    assert explorer.data.size == 32
    assert explorer.data.trials == ()


def test_of_a_large_grid_the_first_pizzas_are_baked(explorer):
    explorer.set(dials=4, levels=5)
    assert len(explorer.settle().data.trials) == MOST
    assert f"{MOST} of 625 are baked, no dough left; best" in explorer.reading


def test_stepping_bakes_one_pizza_more(explorer):
    explorer.step.value = 0
    assert explorer.reading.endswith("Nothing is baked yet.")
    explorer.step.value = 1
    explorer.step.value = 2
    assert len(explorer.data.trials) == 2
    assert explorer.to_frame()["pizza"].tolist() == [1, 2]
    assert explorer.to_frame()["score"].tolist() == [trial.score for trial in explorer.data.trials]


def test_the_other_view_starts_anew(table):
    table.step.value = 30
    table.view.value = "map"
    assert (table.step.value, table.data.size) == (0, 25)
    assert [table.factors.shown, table.dials.shown] == [False, True]
    table.view.value = "tray"
    assert (table.step.value, table.data.size) == (0, 81)
    table.set(view="map", step=9)
    assert len(table.settle().data.trials) == 9


def test_rows_begin_with_one_temperature_and_spreading_out_with_many():
    rows, spread = (
        pt.explore.grid(levels=5, order=order, step=5).settle().to_frame() for order in ("rows", "spread")
    )
    assert rows["temperature"].nunique() == 1
    assert rows["minutes"].nunique() == 5
    assert spread["temperature"].nunique() >= 3


# -- the truth -----------------------------------------------------------------------------------------------


def test_eleven_levels_meet_only_the_stripes_and_moving_the_grid_mends_it():
    explorer = pt.explore.grid(dials=1, levels=11, edges=True, oven=STRIPED, truth=True, step=11)
    assert "best 6.0: 210 °C; possible 9.1: 226 °C." in explorer.reading
    explorer.shift.value = 5.0
    assert explorer.settle().data.best.score > 8.5


def test_a_triangle_takes_the_grid_along(explorer):
    (grips,) = of_kind(explorer.marks["grips"], Dots)
    assert grips.drag
    before = explorer.data.levels["temperature"]
    assert list(grips.x) == list(before)
    explorer.dragged(grips.names[2], float(HEAT.share(before[2] + 7.0)), 1.0)
    assert explorer.shift.value == 7.0
    after = explorer.settle().data.levels["temperature"]
    assert after == pytest.approx(np.array(before) + 7.0)
    explorer.dragged("grip 2", float(HEAT.share(after[2] + 3.0)), 0.2)
    assert explorer.shift.value == 10.0
    explorer.dragged("grip 0", 1.0, 1.0)
    assert explorer.shift.value == explorer.shift.high == 20.0


def test_minutes_are_spaced_in_ratios_or_in_steps(explorer):
    ratios = np.diff(np.log(explorer.data.levels["minutes"]))
    explorer.ratios.value = False
    steps = np.diff(explorer.settle().data.levels["minutes"])
    assert ratios == pytest.approx(np.full(4, ratios[0]))
    assert steps == pytest.approx(np.full(4, 27 / 5))


def test_what_makes_no_difference_is_grey_and_says_why(explorer):
    explorer.dials.value = 1
    assert (explorer.ratios.enabled, explorer.truth.enabled) == (False, True)
    assert explorer.ratios.help == "Minutes are no dial yet: take two dials"
    explorer.dials.value = 3
    assert (explorer.ratios.enabled, explorer.truth.enabled) == (True, False)
    assert explorer.truth.help == "Only for one dial or two: no map shows more"
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
    menu = oven_dials(CLICKING_OVEN, 2)
    _ = land.whole
    for row, column in [(3, 10), (20, 77)]:
        params = {"temperature": land.temperatures[column], "minutes": land.minutes[row]}
        assert land.scores[row, column] == menu.taste(params)
    assert true_top(CLICKING_OVEN, 2)[2] == pytest.approx(striped().best.score, abs=0.05)
    line = [oven_dials(PLAIN, 1).taste({"temperature": heat}) for heat in range(150, 351)]
    assert true_top(PLAIN, 1)[2] == pytest.approx(max(line), abs=0.01)


def test_the_truth_is_the_same_whether_it_was_worked_out_in_time_or_at_once():
    ahead, at_once = TrueMap(PLAIN), TrueMap(PLAIN)
    filling = ahead.fill()
    for _ in range(4):
        next(filling)
    assert np.isfinite(ahead.scores).any(axis=1).sum() == 4
    assert ahead.top == at_once.top
    np.testing.assert_array_equal(ahead.whole, at_once.whole)


def test_the_truth_lies_under_the_pizzas_and_has_a_star(explorer):
    explorer.truth.value = True
    (land,), (star,) = (of_kind(explorer.marks["truth"], kind) for kind in (Land, Dots))
    np.testing.assert_array_equal(land.scores, true_map(PLAIN).whole)
    assert (star.x[0], star.y[0]) == true_top(PLAIN, 2)[:2]
    seen, best = of_kind(explorer.marks["dots"], Dots)
    assert list(seen.x) == [trial.params["temperature"] for trial in explorer.data.trials]
    assert [best.x[0], best.y[0]] == list(explorer.data.best.params.values())
    explorer.dials.value = 1
    (line,) = of_kind(explorer.settle().marks["truth"], Line)
    assert max(line.y) == pytest.approx(true_top(PLAIN, 1)[2])


# -- the map -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dials, levels", [(2, 5), (2, 7), (3, 3)])
def test_each_pizza_colours_its_own_cell(explorer, dials, levels):
    explorer.set(dials=dials, levels=levels)
    explorer.settle().step.value = 20
    coloured, lattice = cells(explorer), lattice_of(explorer)
    assert len(coloured) == 20
    for trial in explorer.data.trials:
        panel, left, right, low, high = lattice.cell(lattice.place(trial.params))
        (expected,) = colours_of(np.array([trial.score]), (0, 10))
        assert coloured[panel, left, right, low, high] == expected
        block, heat, minutes = lattice.point(trial.params)
        assert block == panel
        assert left <= heat <= right
        assert low <= minutes <= high


@pytest.mark.parametrize("dials, levels", [(2, 12), (3, 5), (4, 3)])
def test_many_cells_are_one_picture_in_which_each_has_its_place(explorer, dials, levels):
    explorer.set(dials=dials, levels=levels)
    explorer.settle().step.value = 60
    lattice, (land,) = lattice_of(explorer), of_kind(explorer.marks["cells"], Land)
    assert lattice.size > FEW
    rows, columns = land.scores.shape

    def shown(params):
        panel, heat, minutes = lattice.point(params)
        column = (panel.across(heat) - MAP_LEFT) * columns / WIDE
        row = (MAP_TOP + TALL - panel.down(minutes)) * rows / TALL
        return land.scores[int(row), int(column)]

    baked = {explorer.data.menu.space.key(trial.params) for trial in explorer.data.trials}
    for trial in explorer.data.trials:
        assert shown(trial.params) == trial.score
    search = pt.GridSearch(explorer.data.menu.space, resolution=levels)
    to_come = [params for params in search.grid if explorer.data.menu.space.key(params) not in baked]
    assert to_come
    assert all(np.isnan(shown(params)) for params in to_come)


@pytest.mark.parametrize("edges", [False, True])
@pytest.mark.parametrize("levels", [2, 7])
def test_each_level_stands_for_its_part_of_the_dial(explorer, edges, levels):
    explorer.set(levels=levels, edges=edges)
    explorer.settle()
    lattice = lattice_of(explorer)
    for name, borders in zip(("temperature", "minutes"), lattice.borders, strict=True):
        dial, places = explorer.data.menu.space[name], np.array(explorer.data.levels[name])
        ends = np.array([dial.encode(border) for border in borders])
        codes = np.array([dial.encode(place) for place in places])
        assert ((ends[:-1] <= codes + 1e-9) & (codes <= ends[1:] + 1e-9)).all()
        expected = np.full(levels, 1 / levels)
        if edges:  # the outer ones have neighbours on one side only
            expected = np.full(levels, 1 / (levels - 1))
            expected[[0, -1]] /= 2
        assert np.diff(ends) == pytest.approx(expected, abs=1e-9)


def test_a_bar_is_as_high_as_its_score(explorer):
    explorer.set(dials=1, levels=4)
    explorer.settle()
    (bars,) = of_kind(explorer.marks["cells"], Bars)
    assert list(bars.high) == list(explorer.data.scores)
    for left, right, trial in zip(bars.left, bars.right, explorer.data.trials, strict=True):
        assert right - left == pytest.approx(50)
        assert (left + right) / 2 == pytest.approx(trial.params["temperature"])
    assert words(explorer.marks["cells"]) == [f"{score:.1f}" for score in explorer.data.scores]


def test_a_star_lies_on_the_best_and_a_frame_around_the_latest(explorer):
    explorer.step.value = 12
    lattice = lattice_of(explorer)
    (frame,), (star,) = (of_kind(explorer.marks["named"], kind) for kind in (Bars, Dots))
    assert explorer.data.best != explorer.data.trials[-1]
    _, left, right, low, high = lattice.cell(lattice.place(explorer.data.trials[-1].params))
    assert [*frame.left, *frame.right, *frame.low, *frame.high] == [left, right, low, high]
    panel, left, right, low, high = lattice.cell(lattice.place(explorer.data.best.params))
    assert panel.across(left) < star.x[0] < panel.across(right)
    assert panel.down(high) < star.y[0] < panel.down(low)


def test_every_pizza_has_a_tip_with_its_score_and_why(explorer):
    explorer.step.value = 9
    tips = [tip for marks in explorer.marks.values() for bars in of_kind(marks, Bars) for tip in bars.tips]
    for trial in explorer.data.trials:
        said = f"pizza {trial.number + 1}: {trial.params['temperature']:.0f} °C, "
        (tip, *_) = (tip for tip in tips if tip.startswith(said))
        assert f"{trial.score:.1f} points" in tip
        assert trial.why in tip


def test_blocks_say_what_they_stand_for(explorer):
    explorer.set(dials=4, levels=3)
    explorer.settle()
    assert words(on_map.axes(lattice_of(explorer)))[-2:] == [
        "fan; in each block temperature × minutes",
        "light",
    ]
    blocks = lattice_of(explorer).blocks.values()
    assert len(blocks) == 9
    assert all(a is b or a.right < b.left or b.right < a.left or a.floor < b.top or b.floor < a.top
               for a, b in product(blocks, blocks))  # fmt: skip


# -- the tray ------------------------------------------------------------------------------------------------


def test_the_tray_colours_81_places_while_it_bakes(table):
    (places,) = of_kind(table.marks["tray"], Bars)
    assert len(set(zip(places.left, places.low, strict=True))) == 81
    for step in (0, 7, 81):
        table.step.value = step
        rows = [marks for name, marks in table.marks.items() if name.startswith("tray row")]
        assert sum(len(of_kind(marks, Image)) for marks in rows) == step
        assert sum(len(bars.left) for marks in rows for bars in of_kind(marks, Bars)) == step


def test_a_pizza_lies_where_its_options_say(table):
    table.step.value = 81
    labels = of_kind(table.marks["tray"], Text)
    images = [image for marks in table.marks.values() for image in of_kind(marks, Image)]

    def nearest(words, x):
        return min((mark for mark in labels if mark.text in words), key=lambda mark: abs(mark.x - x)).text

    for trial in table.data.trials[::7]:
        (image,) = (one for one in images if one.tip.startswith(f"pizza {trial.number + 1}: "))
        assert trial.why in image.tip
        assert nearest(["Tomato", "Pesto", "White"], image.x) == trial.params["sauce"]
        amount = nearest(["Mild", "Med", "Ext"], image.x)
        assert trial.params["cheese"].startswith(amount)
        (beside,) = (m for m in labels if m.fit and not m.style and abs(m.y - 5 - image.y) < 1)
        assert beside.text == trial.params["baking_time"]


def test_the_factors_are_named(table):
    assert {"temperature ›", "baking time", "sauce › cheese"} <= set(words(table.marks["tray"]))


@pytest.mark.parametrize("factors, places", [(1, 3), (3, 27), (5, 243), (6, 729)])
def test_each_factor_makes_the_tray_three_times_as_large(table, factors, places):
    table.factors.value = factors
    marks = table.settle().marks["tray"]
    (drawn,) = of_kind(marks, Bars) or of_kind(marks, Links)
    x, y = (drawn.left, drawn.low) if factors < 5 else (drawn.x, drawn.y)
    assert len(set(zip(np.round(x, 3), np.round(y, 3), strict=True))) == places
    assert table.data.size == places
    assert ("Nobody bakes that" in table.reading) == (factors > 4)


# -- words, many turns, and a loop ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "starts",
    [
        {},
        {"factors": 6},
        {"dials": 4, "levels": 5, "step": MOST},
        {"levels": 9, "truth": True, "step": 40},
        {"dials": 1, "levels": 21, "step": 21},
        {"dials": 6, "levels": 21},
        {"dials": 3, "levels": 7, "step": 30},
    ],
)
def test_sentences_are_three_short_lines_and_words_stay_on_the_sheet(starts):
    explorer = pt.explore.grid(**starts).settle()
    lines = explorer.reading.split("\n")
    assert len(lines) == 3
    assert max(map(len, lines)) <= 85, lines
    wide, high = explorer.size
    for text in (mark for marks in explorer.marks.values() for mark in of_kind(marks, Text)):
        x = text.x if text.panel is None else float(text.panel.across(text.x))
        y = text.y if text.panel is None else float(text.panel.down(text.y))
        assert 0 <= x <= wide
        assert 9 <= y <= high - 2
    explorer.close()


def test_random_turns_leave_no_error(explorer):
    rng = np.random.default_rng(3)
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


def test_in_a_loop_the_first_pizzas_show_at_once_and_the_rest_follow():
    async def turn():
        explorer = pt.explore.grid(levels=5, step=25)
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
        ({"dials": 7}, r"dials must lie in \[1, 6\], got 7"),
        ({"levels": 2.5}, r"levels must be a whole number in \[1, 21\], got 2.5"),
        ({"order": "zigzag"}, "order must be one of Far apart, Row by row, got 'zigzag'"),
        ({"view": "pan"}, "view must be one of The article's table, An oven's dials, got 'pan'"),
    ],
)
def test_a_start_that_does_not_fit_is_named(start, complaint):
    with pytest.raises(ValueError, match=complaint):
        pt.explore.grid(**start)


@pytest.mark.parametrize(
    "minutes, text", [(0, "0 min"), (45, "45 min"), (60, "1 h"), (30 * 60, "30 h"), (1e9, "1,903 years")]
)
def test_a_time_is_said_in_the_unit_that_people_would_use(minutes, text):
    assert pt.words.duration(minutes) == text


def test_first_factors_are_a_part_of_the_articles_menu():
    assert [first_factors(number).space.size for number in (1, 2, 3, 4)] == [3, 9, 27, 81]
    params = pt.menus.four_factors().best.params
    assert first_factors(4).taste(params) == pt.menus.four_factors().best.score
