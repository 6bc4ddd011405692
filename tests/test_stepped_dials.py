"""A dial with clicks takes what adding up its steps gives, however it is rounded, and snaps it to a click."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pizzatune import Integer, RandomSearch, Real, Space
from pizzatune.menus import from_csv

DIALS = [
    (0.1, 0.3, 0.1),
    (0, 1, 0.1),
    (-0.3, 0.3, 0.1),
    (1e6, 1e6 + 100, 0.1),
    (0.7, 2.1, 0.7),
    (1e-7, 9e-7, 1e-7),
]
WAYS = {
    "arange": lambda low, high, step: np.arange(low, high + step / 2, step),
    "arange to the end and one more": lambda low, high, step: np.arange(low, high + step, step),
    "linspace": lambda low, high, step: np.linspace(low, high, round((high - low) / step) + 1),
    "a running sum": lambda low, high, step: np.cumsum([low] + [step] * round((high - low) / step)),
    "plain Python": lambda low, high, step: list(
        itertools.accumulate([low] + [step] * round((high - low) / step))
    ),
    "from above": lambda low, high, step: np.arange(high, low - step / 2, -step)[::-1],
    "products": lambda low, high, step: [low + i * step for i in range(round((high - low) / step) + 1)],
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("low, high, step", DIALS)
def test_values_on_the_way_from_end_to_end_are_taken_and_snapped(low, high, step, way):
    dial = Real("x", low, high, step=step)
    clicks, space = dial.values(), Space(dial)
    values = way(low, high, step)[: len(clicks)]  # the last arange may give one more, which is too far
    taken = [space.check({"x": value})["x"] for value in values]
    assert taken == list(clicks)
    assert {type(value) for value in taken} == {float}
    np.testing.assert_array_equal(space.encode([{"x": value} for value in values])[:, 0], dial.codes)


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64, np.longdouble])
def test_floats_of_every_size_are_taken_at_both_ends(kind):
    space = Space(Real("x", 0.1, 0.7, step=0.1))
    for value in (0.1, 0.3, 0.7):
        assert space.check({"x": kind(value)}) == {"x": value}
    values = np.arange(0.1, 0.75, 0.1, dtype=kind)
    assert [space.check({"x": value})["x"] for value in values] == list(space["x"].values())


@given(st.integers(-1000, 1000), st.integers(1, 60), st.sampled_from([0.1, 0.01, 0.3, 0.07, 1e-4, 2.5]))
def test_any_arange_is_taken(start, clicks, step):
    low, high = start * step, (start + clicks) * step
    dial = Real("x", low, high, step=step)
    for value in np.arange(low, high + step / 2, step):
        assert dial.low <= dial.plain(value) <= dial.high


@pytest.mark.parametrize(
    "value, taken",
    [
        (2.9999999999999996, 3),
        (9.000000000000002, 9),
        (np.float64(0.9999999999999999), 1),
        (np.float32(3) * np.float32(1.0000001), 3),
        (np.int8(7), 7),
        (np.arange(0.1, 1.0, 0.1)[2] * 10, 3),
        (Fraction(9, 3), 3),
        (sum([0.1] * 10), 1),
    ],
)
def test_a_whole_number_that_was_rounded_is_taken_as_whole(value, taken):
    plain = Space(Integer("n", 1, 9)).check({"n": value})["n"]
    assert plain == taken
    assert type(plain) is int


@pytest.mark.parametrize(
    "value", [0.05, 0.15, 0.1001, 0.31, 0.3001, 0.0999, float("nan"), np.float32(0.2002)]
)
def test_what_is_no_click_is_still_refused(value):
    with pytest.raises(ValueError, match=r"x must (lie in \[0.1, 0.3\]|be 0.1 plus whole steps of 0.1)"):
        Space(Real("x", 0.1, 0.3, step=0.1)).check({"x": value})


@pytest.mark.parametrize("value", [2.5, 0, 10, 9.01, 0.99, 3.001, 2**53 + 1, float("inf"), np.float32(2.9)])
def test_what_is_no_whole_number_is_still_refused(value):
    with pytest.raises(ValueError, match="n must"):
        Space(Integer("n", 1, 9)).check({"n": value})


def test_the_ends_of_a_smooth_dial_stay_where_they_are():
    with pytest.raises(ValueError, match=r"x must lie in \[0.1, 0.3\]"):
        Space(Real("x", 0.1, 0.3)).check({"x": 0.30000000000000004})


def test_large_whole_numbers_stay_apart():
    space = Space(Integer("n", 2**60, 2**60 + 9))
    assert [space.check({"n": 2**60 + i})["n"] - 2**60 for i in range(10)] == list(range(10))


def test_a_search_is_told_and_a_file_is_read_in_such_steps(tmp_path):
    space = Space(Real("x", 0.1, 0.3, step=0.1), Integer("n", 0, 4, step=2))
    strategy = RandomSearch(space, seed=0)
    for x, n in zip(np.arange(0.1, 0.4, 0.1), np.arange(0, 6, 2.0), strict=False):
        strategy.tell({"x": x, "n": n}, score=1.0)
    assert [trial.params for trial in strategy.trials] == [
        {"x": 0.1, "n": 0},
        {"x": 0.2, "n": 2},
        {"x": 0.3, "n": 4},
    ]
    (tmp_path / "t.csv").write_text("x,n,score\n0.30000000000000004,4.0,1\n", encoding="utf-8")
    assert from_csv(tmp_path / "t.csv", space=space).best.params == {"x": 0.3, "n": 4}
