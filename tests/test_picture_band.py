"""A guess with its doubt: the band lies about the guess, and says how much of the truth it holds."""

from __future__ import annotations

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.pictures.marks import Band, Dots, Line, Rule

HEATS = np.array([150.0, 200.0, 250.0, 300.0])
MEAN, STD = np.array([5.0, 8.0, 6.0, 5.0]), np.array([1.5, 0.0, 0.5, 1.0])


def drawn(picture, kind, style=""):
    return [mark for mark in picture.marks if isinstance(mark, kind) and mark.style.startswith(style)]


def test_the_band_reaches_two_standard_deviations_up_and_down():
    (area,) = drawn(pt.plots.band(HEATS, MEAN, STD), Band)
    np.testing.assert_allclose(area.low, [2, 8, 5, 3])
    np.testing.assert_allclose(area.high, [8, 8, 7, 7])


def test_it_counts_the_truths_that_it_holds():
    picture = pt.plots.band(HEATS, MEAN, STD, truth=[7.9, 8.0, 7.5, 9.0], seen=([200], [8.0]))
    assert picture.caption.endswith("The band holds 50 of 100 truths.")
    assert len(drawn(picture, Line)) == 2
    (dots,) = drawn(picture, Dots, "tried")
    assert (list(dots.x), list(dots.y)) == ([200], [8.0])


def test_what_lies_beyond_the_limits_is_cut_off_and_a_marker_has_its_line():
    picture = pt.plots.band(HEATS, MEAN, STD, limits=(4.0, 7.0), markers={"the default": 6.5})
    (area,) = drawn(picture, Band)
    assert (min(area.low), max(area.high)) == (4.0, 7.0)
    (rule,) = drawn(picture, Rule)
    assert (rule.at, rule.along) == (6.5, "x")


@pytest.mark.parametrize(
    "x, std, message",
    [
        (HEATS[:3], STD, r"equally many numbers"),
        (HEATS[::-1], STD, r"x must grow"),
        (HEATS, -STD, r"a doubt must be 0 or more, got -1.5"),
    ],
)
def test_rows_that_do_not_fit_are_named(x, std, message):
    with pytest.raises(ValueError, match=message):
        pt.plots.band(x, MEAN, std)
