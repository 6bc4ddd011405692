"""The ridge explorer: one dial at a time beside both at once, on a ridge that lies slanted or level."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.explore.ridge_explorer import MOST, kitchen
from pizzatune.explore.ridge_picture import HEATS, MAPS, TIMES
from pizzatune.lessons.dials import missed, missed_at_random, one_at_a_time
from pizzatune.pictures.marks import Bars, Dots, Image, Land, Line, Rule, Target
from tests.how_often import CI

SLANTED, LEVEL = (kitchen(slant)[1].score for slant in (100, 0))
STARTS = range(len(TIMES))


@pytest.fixture
def explorer():
    """Before the first pizza."""
    opened = pt.explore.ridge()
    yield opened
    opened.close()


@pytest.fixture
def over(explorer):
    """All baked, and the map uncovered."""
    explorer.step.value = explorer.step.high
    return explorer


def of_kind(marks, kind):
    return [mark for mark in marks if isinstance(mark, kind)]


# -- the kitchen and the search ------------------------------------------------------------------------------


def test_a_level_ridge_has_one_best_time_and_a_slanted_one_many():
    level, slanted = ({TIMES[row] for row in scores.argmax(axis=0)} for scores in (LEVEL, SLANTED))
    assert level == {8}
    assert len(slanted) > 6


@pytest.mark.parametrize("slant", [0.0, 0.3, 1.0])
def test_the_timer_runs_like_a_plain_one_at_its_own_heat_only(slant):
    menu = pt.menus.ridge(slant)
    baked = [menu.pizza({"temperature": heat, "minutes": 10}).minutes for heat in (190.0, 230.0, 270.0)]
    assert baked == pytest.approx([10 * math.exp((1 - slant) * off / 85) for off in (40, 0, -40)])


@pytest.mark.parametrize("wrong, error", [(1.5, ValueError), (-0.1, ValueError), ("level", TypeError)])
def test_a_slant_that_no_timer_has_is_refused(wrong, error):
    with pytest.raises(error, match=r"slant must .*, got .*1 is a plain timer"):
        pt.menus.ridge(wrong)


@pytest.mark.parametrize("scores", [SLANTED, LEVEL], ids=["slanted", "level"])
@pytest.mark.parametrize("start", [0, 7, 15])
@pytest.mark.parametrize("levels", [4, 7, 13])
def test_each_sweep_turns_one_dial_and_holds_the_other_at_the_best(scores, start, levels):
    walk = one_at_a_time(scores, start, levels, budget=35)
    assert len({tuple(place) for place in walk.places.tolist()}) == len(walk.places) <= 35
    taste = scores[walk.places[:, 1], walk.places[:, 0]]
    held = start
    for number in np.unique(walk.sweep):
        turned, still = (number % 2, 1 - number % 2)
        here = walk.sweep == number
        assert here.sum() <= levels
        assert np.unique(walk.places[here, turned]).size == here.sum()
        before = walk.sweep < number
        if before.any():
            held = walk.places[before][taste[before].argmax()][still]
        assert set(walk.places[here, still].tolist()) == {held}


def test_a_search_that_stands_still_found_no_better_neighbour_on_either_dial():
    stood = 0
    for start in STARTS:
        walk = one_at_a_time(SLANTED, start, levels=7, budget=60)
        if walk.stands:
            column, row = max(walk.places.tolist(), key=lambda place: SLANTED[place[1], place[0]])
            near = SLANTED[max(row - 1, 0) : row + 2, column], SLANTED[row, max(column - 1, 0) : column + 2]
            assert max(line.max() for line in near) == SLANTED[row, column]
            stood += 1
    assert stood > 10


@pytest.mark.parametrize("levels, budget", [(5, 30), (7, 30), (13, 35)])
def test_one_dial_at_a_time_does_well_on_a_level_ridge_and_badly_on_a_slanted_one(levels, budget):
    level, slanted = (
        np.mean([missed(scores, one_at_a_time(scores, start, levels, budget).places) for start in STARTS])
        for scores in (LEVEL, SLANTED)
    )
    assert level < 0.1 * missed_at_random(LEVEL, budget)
    assert slanted > 1.5 * missed_at_random(SLANTED, budget)


def test_what_random_pizzas_miss_on_average_is_exact():
    rng = np.random.default_rng(5)
    draws = [SLANTED.max() - rng.choice(SLANTED.ravel(), 30, replace=False).max() for _ in range(3000)]
    assert missed_at_random(SLANTED, 30) == pytest.approx(np.mean(draws), abs=4 * np.std(draws) / 3000**0.5)
    assert missed_at_random(SLANTED, SLANTED.size) == 0


# -- the explorer --------------------------------------------------------------------------------------------


def test_at_first_both_maps_are_dark(explorer):
    assert explorer.data.baked == ((), ())
    assert of_kind(explorer.marks["ground"], Land) == []
    assert [mark.colours for mark in of_kind(explorer.marks["ground"], Bars)] == [["#1f1633"]] * 2
    assert not any(isinstance(mark, Image) for marks in explorer.marks.values() for mark in marks)


def test_every_pizza_lies_where_it_was_baked_on_a_glow_of_its_score(explorer):
    explorer.step.value = 11
    for who, trials in enumerate(explorer.data.baked):
        marks = explorer.marks[f"baked {who}"]
        places = [(trial.params["temperature"], trial.params["minutes"]) for trial in trials]
        assert [(one.x, one.y) for one in of_kind(marks, Image)] == places
        glow = next(mark for mark in of_kind(marks, Dots) if len(mark.x) == 11)
        assert list(zip(glow.x, glow.y, strict=True)) == places
        assert len(set(glow.colours)) > 3
        assert [trial.score for trial in trials] == [explorer.data.menu.taste(t.params) for t in trials]
    by_library = pt.tune(
        explorer.data.menu.taste, pt.RandomSearch(explorer.data.menu.space, seed=1), budget=11
    )
    assert explorer.data.baked[1] == by_library.trials


def test_the_end_uncovers_the_map_and_says_what_both_missed(over):
    lands = of_kind(over.marks["ground"], Land)
    assert [land.panel for land in lands] == list(MAPS)
    assert lands[0].scores.max() == pytest.approx(over.data.menu.best.score)
    missed_by = [over.data.menu.best.score - one.score for one in over.data.best]
    assert over.data.missed == pytest.approx(missed_by)
    assert over.reading.startswith(f"Points missed: one dial at a time {missed_by[0]:.1f}, random search ")
    assert "180 °C wants 15 min, 300 °C wants 4" in over.reading
    stars = of_kind(over.marks["star"], Dots)
    assert {(star.x[0], star.y[0]) for star in stars} == {(230.0, 8.0)}


def test_the_bars_tell_every_start_and_the_line_random_search(over):
    (bars,) = of_kind(over.marks["starts"], Bars)
    assert bars.styles.count("pen0") == 1
    assert bars.styles[TIMES.index(14)] == "pen0"
    assert over.data.misses[TIMES.index(14)] == pytest.approx(over.data.missed[0])
    assert of_kind(over.marks["starts"], Rule)[0].at == over.data.at_random
    assert f"misses {over.data.misses.mean():.1f} on average" in over.reading


def test_a_level_ridge_is_said_to_be_one(over):
    over.slant.value = 0
    assert over.reading.split("\n")[1].startswith("The best time is 8 min at any temperature")
    assert over.data.missed[0] < 0.05


def test_a_search_that_stands_still_says_so_and_bakes_no_more(explorer):
    explorer.step.value = 25
    assert explorer.data.stuck
    left, right = explorer.data.baked
    assert len(left) < len(right) == 25
    assert "stands still at 180 °C, 15 min: neither dial alone led on." in explorer.reading


def test_every_sweep_has_its_line_across_the_left_map(explorer):
    explorer.step.value = 9
    first, second = of_kind(explorer.marks["baked 0"], Line)
    assert set(first.y) == {14}
    assert list(first.x) == [180, 300]
    assert set(second.x) == {180}


def test_the_start_is_dragged_on_the_map(explorer):
    explorer.dragged("start", 0.5, 0.0)
    assert explorer.start.value == 3
    assert explorer.data.held == ("minutes", 3.0)
    explorer.dragged("start", 0.5, 1.0)
    assert explorer.start.value == 18


def test_you_bake_by_click_and_by_key_and_never_twice_the_same():
    explorer = pt.explore.ridge(both="you", budget=10)
    target = next(one for one in of_kind(explorer.marks["hands"], Target) if one.name == "bake")
    assert target.keys == ("temperature", "minutes", "put_in")
    explorer.clicked("bake", 0.5, 0.5)
    explorer.clicked("bake", 0.5, 0.5)
    (mine,) = explorer.data.baked[1]
    assert mine.params == {"temperature": 240.0, "minutes": 10}
    assert len(explorer.data.baked[0]) == 1
    for heat in HEATS:
        explorer.set(temperature=heat, put_in=explorer.put_in.value + 1)
    assert explorer.put_in.value == len(explorer.data.baked[1]) == 10
    assert explorer.data.over
    assert not explorer.put_in.enabled
    assert explorer.reading.split("\n")[0].endswith(f"you {explorer.data.missed[1]:.1f}.")
    other = pt.explore.open(explorer.share())
    assert other.data.baked == explorer.data.baked
    explorer.put_in.value = 0
    assert explorer.data.baked == ((), ())
    explorer.close()


def test_a_long_search_is_shared_at_its_last_step():
    explorer = pt.explore.ridge(budget=MOST)
    explorer.step.value = MOST
    assert pt.explore.open(explorer.share()).reading == explorer.reading
    explorer.close()


@pytest.mark.skipif(not CI, reason="scipy alone takes a second to load")
def test_bayesian_search_is_the_library_s_own():
    explorer = pt.explore.ridge(both="bayesian", budget=10, slant=50).settle()
    explorer.step.value = 10
    menu = pt.menus.ridge(0.5)
    expected = pt.tune(menu.taste, pt.BayesianOptimization(menu.space, seed=1), budget=10)
    assert [trial.params for trial in explorer.data.baked[1]] == [trial.params for trial in expected.trials]
    explorer.close()


@pytest.mark.parametrize("both", ["random", "bayesian"] if CI else ["random"])
def test_the_largest_turn_is_a_small_message(both):
    explorer = pt.explore.ridge(both=both, budget=MOST, levels=13).settle()
    sent = explorer.sent = []
    explorer.send = sent.append
    explorer._take_message(None, {"do": "hello", "turn": 0}, None)
    explorer.step.value = MOST
    explorer.slant.value = 95
    explorer.settle()
    sizes = [len(json.dumps({k: v for k, v in one.items() if k != "symbols"})) for one in sent[1:]]
    assert max(sizes) <= 30_000
    explorer.close()


@pytest.mark.parametrize(
    "arguments, error, words",
    [
        ({"slant": 101}, ValueError, r"slant must lie in \[0, 100\] %, got 101"),
        ({"start": 2}, ValueError, r"start must lie in \[3, 18\] min, got 2"),
        ({"both": "grid"}, ValueError, "both must be one of Random search, Bayesian search, You, got 'grid'"),
        ({"budget": 9.5}, ValueError, r"budget must lie in \[10, 35\]"),
        ({"seed": None}, TypeError, "seed must be a number"),
    ],
)
def test_what_no_knob_allows_is_refused(arguments, error, words):
    with pytest.raises(error, match=words):
        pt.explore.ridge(**arguments)
