"""Grid search: every combination of the levels once, in an order that can be stopped early."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import assume, given, reject, settings

from pizzatune.parameters import Choice, Integer, Ordered, Real
from pizzatune.space import Space
from pizzatune.strategies import Exhausted, GridSearch
from tests.random_spaces import finite_spaces, spaces

OVEN = Space(
    Choice("oven", ["Stone", "Electric"]),
    Real("heat", 200, 400),
    Integer("minutes", 4, 20),
)


def walk(strategy):
    """All it suggests until the end."""
    asked = []
    while True:
        try:
            asked.append(strategy.ask())
        except Exhausted:
            return asked


def hot_needs_short(params):
    return params["heat"] < 350 or params["minutes"] < 10


def test_the_grid_is_the_product_of_its_levels():
    strategy = GridSearch(OVEN, resolution=4, order="rows")
    expected = itertools.product(["Stone", "Electric"], [225.0, 275.0, 325.0, 375.0], [6, 10, 14, 18])
    assert len(strategy) == 32
    assert [tuple(params.values()) for params in walk(strategy)] == list(expected)


def test_levels_lie_in_the_middle_of_equal_parts_or_on_the_edges():
    space = Space(Real("heat", 0, 12), Real("yeast", 1e-4, 1, log=True))
    assert GridSearch(space, resolution=3).levels["heat"] == (2, 6, 10)
    assert GridSearch(space, resolution=3, edges=True).levels["heat"] == (0, 6, 12)
    assert GridSearch(space, resolution=1, edges=True).levels["heat"] == (6,)
    assert GridSearch(space, resolution=4).levels["yeast"] == pytest.approx(
        [10**-3.5, 10**-2.5, 10**-1.5, 10**-0.5]
    )
    assert GridSearch(space, resolution=3, edges=True).levels["yeast"] == pytest.approx([1e-4, 1e-2, 1])


def test_a_resolution_by_name_leaves_the_others_at_five():
    strategy = GridSearch(OVEN, resolution={"heat": 2})
    assert [len(levels) for levels in strategy.levels.values()] == [2, 2, 5]


def test_options_and_short_dials_are_taken_whole():
    space = Space(Ordered("size", list("abcdefg")), Integer("fan", 1, 3), Real("salt", 0, 0.3, step=0.1))
    strategy = GridSearch(space, resolution=5)
    assert list(strategy.levels.values()) == [tuple("abcdefg"), (1, 2, 3), (0.0, 0.1, 0.2, 0.3)]


@settings(max_examples=60)
@given(space=spaces(most=3))
def test_both_orders_hold_the_same_combinations_each_once(space):
    try:
        by_rows, spread = (GridSearch(space, resolution=3, order=order) for order in ("rows", "spread"))
    except ValueError as error:
        if "where rules out every combination of this grid" not in str(error):
            raise
        reject()
    assume(len(by_rows) <= 60)
    rows, others = walk(by_rows), walk(spread)
    assert len(rows) == len(by_rows) == len(spread)
    assert [repr(params) for params in rows] == [repr(params) for params in by_rows.grid]
    assert sorted(map(repr, others)) == sorted(map(repr, rows))


@settings(max_examples=40)
@given(space=finite_spaces)
def test_a_fine_enough_grid_is_the_whole_space(space):
    assume(space.size <= 60)
    strategy = GridSearch(space, resolution=64, order="rows")
    assert [repr(params) for params in walk(strategy)] == [repr(params) for params in space.enumerate()]


def test_what_is_ruled_out_or_does_not_apply_is_left_out():
    space = Space(*OVEN.parameters, Integer("fan", 1, 2, when={"oven": ["Electric"]}), where=hot_needs_short)
    asked = walk(GridSearch(space, resolution=4))
    assert len(asked) == len(GridSearch(space, resolution=4)) == 3 * 13
    assert all(hot_needs_short(params) for params in asked)
    assert {("fan" in params) for params in asked if params["oven"] == "Stone"} == {False}
    assert {params["fan"] for params in asked if params["oven"] == "Electric"} == {1, 2}


def test_a_parameter_that_applies_to_no_combination_of_the_grid_is_absent():
    space = Space(Integer("minutes", 0, 99), Real("fan", 0, 1, when={"minutes": [99]}))
    assert walk(GridSearch(space, resolution=2, order="rows")) == [{"minutes": 25}, {"minutes": 74}]
    assert len(walk(GridSearch(space, resolution=2, order="spread"))) == 2


def test_it_starts_in_the_middle_and_then_goes_far():
    space = Space(Real("x", 0, 1), Real("y", 0, 1))
    first, second, *_ = walk(GridSearch(space, resolution=5, order="spread"))
    assert first == {"x": 0.5, "y": 0.5}
    assert abs(second["x"] - 0.5) > 0.3
    assert abs(second["y"] - 0.5) > 0.3


def test_each_next_combination_is_the_farthest_from_all_before_it():
    """Distances as on circles: from the last level on to the first is one step."""
    asked = walk(GridSearch(Space(Integer("x", 0, 5), Integer("y", 0, 4)), resolution=6, order="spread"))
    places = np.array([[params["x"] / 6, params["y"] / 5] for params in asked])
    gaps = np.abs(places[:, None] - places)
    distances = (np.minimum(gaps, 1 - gaps) ** 2).sum(axis=2)
    for turn in range(1, len(asked)):
        nearest = distances[turn:, :turn].min(axis=1)
        assert nearest[0] == pytest.approx(nearest.max())


@pytest.mark.parametrize("resolution", [4, 5, 6])
def test_stopped_after_a_third_the_spread_order_has_seen_the_whole_space(resolution):
    """No place of the square is farther from a trial than it is, by rows, from the same number of trials."""
    space = Space(Real("x", 0, 1), Real("y", 0, 1))
    places = np.array(list(itertools.product(np.linspace(0, 1, 21), repeat=2)))
    farthest = {}
    for order in ("rows", "spread"):
        strategy = GridSearch(space, resolution=resolution, order=order)
        seen = np.array([list(strategy.ask().values()) for _ in range(len(strategy) // 3)])
        farthest[order] = np.sqrt(((places[:, None] - seen) ** 2).sum(axis=2)).min(axis=1).max()
    assert farthest["spread"] < 0.7 * farthest["rows"]


def test_each_option_comes_in_the_first_turns_and_each_level_soon():
    strategy = GridSearch(Space(Choice("herb", list("abc")), Real("x", 0, 1)), resolution=5, order="spread")
    asked = [strategy.ask() for _ in range(10)]
    assert {params["herb"] for params in asked[:3]} == set("abc")
    assert len({params["x"] for params in asked}) == 5


def test_the_seed_changes_nothing():
    assert walk(GridSearch(OVEN, resolution=2, seed=1)) == walk(GridSearch(OVEN, resolution=2, seed=2))


def test_rounds_repeat_the_grid_in_the_same_order():
    strategy = GridSearch(Space(Integer("x", 1, 3)), order="rows", repeats=True)
    asked = [strategy.ask()["x"] for _ in range(7)]
    assert asked == [1, 2, 3, 1, 2, 3, 1]
    assert strategy.why == "combination 1 of 3 on the grid, round 3"


def test_a_trial_told_by_hand_takes_its_place_on_the_grid():
    strategy = GridSearch(Space(Integer("x", 1, 4)), order="rows")
    strategy.tell({"x": 2}, 1.0)
    assert [params["x"] for params in walk(strategy)] == [1, 3, 4]


def test_a_grid_too_large_to_finish_says_how_large_and_how_to_shrink_it():
    space = Space(Choice("oven", ["Stone", "Electric"]), *(Real(name, 0, 1) for name in "abcdefgh"))
    with pytest.raises(
        ValueError, match=r"2 x 5 x .* = 781,250 combinations, too many to finish .*resolution=\{'a': 3\}"
    ):
        GridSearch(space)
    assert len(GridSearch(space, resolution=2)) == 512
    options = Space(*(Choice(name, list(range(20))) for name in "abcde"))
    with pytest.raises(
        ValueError, match=r"= 3,200,000 combinations, .*; leave options out, or use RandomSearch"
    ):
        GridSearch(options)


def near_the_left_edge(params):
    return params["x"] < 0.01


@pytest.mark.parametrize(
    "settings, kind, message",
    [
        ({"resolution": 0}, ValueError, r"resolution of oven must be 1 or more, got 0"),
        ({"resolution": {"heat": -1}}, ValueError, r"resolution of heat must be 1 or more, got -1"),
        ({"resolution": 2.5}, TypeError, r"resolution of oven must be a whole number, got 2.5"),
        ({"resolution": {"heat": "3"}}, TypeError, r"resolution of heat must be a whole number, got '3'"),
        (
            {"resolution": {"crust": 3}},
            ValueError,
            r"resolution names the unknown parameter 'crust'; this space has",
        ),
        ({"order": "columns"}, ValueError, r"order must be 'spread' or 'rows', got 'columns'"),
    ],
    ids=str,
)
def test_wrong_settings_are_refused(settings, kind, message):
    with pytest.raises(kind, match=message):
        GridSearch(OVEN, **settings)


def test_a_grid_of_which_where_leaves_nothing_says_so():
    with pytest.raises(
        ValueError, match=r"where rules out every combination of this grid; choose a higher resolution"
    ):
        GridSearch(Space(Real("x", 0, 1), where=near_the_left_edge), resolution=3)
    assert len(GridSearch(Space(Real("x", 0, 1), where=near_the_left_edge), resolution=3, edges=True)) == 1


def test_the_caller_resolution_is_not_kept():
    resolution = {"heat": 2}
    strategy = GridSearch(OVEN, resolution=resolution)
    resolution["heat"] = 99
    assert strategy.resolution["heat"] == 2


def test_what_was_withdrawn_comes_again():
    strategy = GridSearch(OVEN, resolution=4, order="rows")
    asked = [strategy.ask() for _ in range(5)]
    strategy.withdraw(asked[1])
    assert strategy.ask() == asked[1]
    assert strategy.ask() not in asked
