"""A histogram: every value is in one bar, and the markers stand where they should."""

from __future__ import annotations

import sys

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.pictures.histogram import histogram_of
from pizzatune.pictures.marks import Bars, Key, Rule


def drawn(picture, kind):
    return [mark for mark in picture.marks if isinstance(mark, kind)]


def test_bars_are_those_of_numpy():
    values = np.random.default_rng(3).normal(8, 1, 500)
    found = histogram_of(values, bins=13)
    counts, edges = np.histogram(values, bins=13)
    np.testing.assert_array_equal(found.counts, counts)
    np.testing.assert_allclose(found.edges, edges)
    assert found.mean == pytest.approx(values.mean())


def test_bars_and_markers_stand_where_they_should():
    picture = pt.plots.histogram([1.0, 2.0, 2.0, 5.0], bins=4, markers={"grid": 2.5, "best possible": 9.0})
    (bars,) = drawn(picture, Bars)
    assert list(bars.high) == [1, 2, 0, 1]
    assert (bars.left[0], bars.right[-1]) == (1.0, 5.0)
    assert [rule.at for rule in drawn(picture, Rule)] == [2.5, 9.0]
    (key,) = drawn(picture, Key)
    assert [words for words, _, _ in key.entries] == ["grid", "best possible"]
    assert len({rule.style for rule in drawn(picture, Rule)}) == 2
    (panel,) = picture.panels
    assert panel.x.low < 1.0 < 9.0 < panel.x.high
    assert picture.data["how many"].sum() == 4
    assert picture.caption.startswith("4 values of score from 1.00 to 5.00, on average 2.50. grid: 2.50.")


@pytest.mark.parametrize(
    "values",
    [[3.0], [3.0, 3.0, np.nan], [-sys.float_info.max, sys.float_info.max, 0.0], [5e-324, 0.0]],
    ids=str,
)
def test_any_finite_values_can_be_drawn(values):
    picture = pt.plots.histogram(values)
    (bars,) = drawn(picture, Bars)
    assert sum(bars.high) == np.isfinite(values).sum()
    assert np.isfinite(bars.left).all()
    assert picture.svg()


def test_nothing_to_count_is_said():
    with pytest.raises(ValueError, match="at least one finite value, got none"):
        pt.plots.histogram([np.nan, np.inf])
    with pytest.raises(ValueError, match="at least one bin, got 0"):
        pt.plots.histogram([1.0], bins=0)
