"""The palette: whether all eyes can tell things apart, by day and by night."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest

from pizzatune.explore.widget import HERE
from pizzatune.pictures import palette
from pizzatune.pictures.palette import LOOKS, SERIES, contrast, hexed, rgb, score_colours, text_on

THEMES = {"day": palette.LIGHT, "night": palette.DARK}

# Machado, Oliveira and Fernandes (2009), A physiologically-based model for simulation of color vision
# deficiency: the matrices of full severity, applied to linear RGB.
EYES = {
    "all three cones": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
SRGB_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def linear(channels):
    channels = np.array(channels)
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(light):
    """CIE L*a*b* of linear sRGB under D65 (CIE 15:2004)."""
    ratio = SRGB_TO_XYZ @ np.clip(light, 0, 1) / SRGB_TO_XYZ.sum(axis=1)
    x, y, z = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_lab_of_known_colours():
    np.testing.assert_allclose(lab(linear([1, 1, 1])), [100, 0, 0], atol=0.01)
    np.testing.assert_allclose(lab(linear([1, 0, 0])), [53.24, 80.09, 67.20], atol=0.02)


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("theme", THEMES)
def test_series_can_be_told_apart_by(eyes, theme):
    seen = [lab(np.array(EYES[eyes]) @ linear(rgb(THEMES[theme][name]))) for name in SERIES]
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) > 20


def test_series_differ_in_marker_and_dashes_too():
    markers = {LOOKS[f"dot pen{number}"].marker for number in range(len(SERIES))}
    dashes = {LOOKS[f"line pen{number}"].dash for number in range(len(SERIES))}
    assert len(markers) == len(dashes) == len(SERIES)


@pytest.mark.parametrize("theme", THEMES)
def test_text_and_marks_stand_out_from_the_paper(theme):
    colours = THEMES[theme]
    assert all(contrast(colours[name], colours["paper"]) >= 4.5 for name in ("ink", "pencil"))
    assert all(contrast(colours[name], colours["paper"]) >= 3 for name in SERIES)


HELPERS = {
    # They only help the eye.
    "line axis", "line grid", "line faint", "line place", "line casing", "dot plate",
    # Broad grounds, each beside a mark or a word that says the same.
    "line forecast", "bar outside", "bar doubt", "bar good",
    # In colours of scores, or unseen.
    "bar track", "bar cell", "bar panel", "bar row", "bar veil", "bar target", "bar curtain",
    # Many runs behind their mean.
    *(f"line thin{number}" for number in range(len(SERIES))),
}  # fmt: skip


def on_paper(look, theme, parts):
    """The best contrast that parts of a look have with the paper, seen through its opacity."""
    paper = np.array(rgb(theme["paper"]))
    seen = [look.opacity * np.array(rgb(theme[part])) + (1 - look.opacity) * paper for part in parts if part]
    return max(contrast(hexed(tuple(colour)), theme["paper"]) for colour in seen)


@pytest.mark.parametrize("theme", THEMES)
def test_words_of_every_look_can_be_read(theme):
    colours = THEMES[theme]
    words = {name: look for name, look in LOOKS.items() if name.startswith("text")}
    on_dots = words.pop("text on-dark")
    assert contrast(colours[on_dots.fill], colours["night"]) >= 4.5
    poor = [name for name, look in words.items() if on_paper(look, colours, [look.fill]) < 4.5]
    assert poor == []


@pytest.mark.parametrize("theme", THEMES)
def test_marks_of_every_look_can_be_seen(theme):
    marks = {name: look for name, look in LOOKS.items() if not name.startswith(("text", "area"))}
    assert marks.keys() >= HELPERS
    poor = [
        name
        for name in marks.keys() - HELPERS
        if on_paper(marks[name], THEMES[theme], [marks[name].fill, marks[name].stroke]) < 3
    ]
    assert poor == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_page_s_own_words_can_be_read(theme):
    colours = THEMES[theme]
    paper, line = np.array(rgb(colours["paper"])), np.array(rgb(colours["line"]))
    button = hexed(tuple(0.8 * paper + 0.2 * line))  # as stage.css mixes it
    assert contrast(colours["ink"], button) >= 4.5
    assert all(contrast(colours["paper"], colours[ground]) >= 4.5 for ground in ("night", "ink"))
    (play,) = set(re.findall(r"background: (#\w{6})", (HERE / "stage.css").read_text(encoding="utf-8")))
    assert contrast("#ffffff", play) >= 4.5


def test_letters_can_be_read_on_every_score():
    colours = [hexed(tuple(colour)) for colour in score_colours(np.linspace(0, 1, 101))]
    assert all(contrast(text_on(colour), colour) >= 4.5 for colour in colours)


@pytest.mark.parametrize("eyes", EYES)
def test_better_scores_are_lighter_for(eyes):
    colours = score_colours(np.linspace(0, 1, 256))
    light = np.array([lab(np.array(EYES[eyes]) @ linear(colour))[0] for colour in colours])
    assert (np.diff(light) > 0).all()


def test_equal_steps_of_score_are_about_equal_steps_of_lightness():
    light = np.array([lab(linear(colour))[0] for colour in score_colours(np.linspace(0, 1, 18))])
    steps = np.diff(light)
    assert steps.max() < 2 * steps.min()
    assert light[-1] - light[0] > 80


def test_no_words_are_smaller_than_13_px():
    assert all(look.text >= 13 for name, look in LOOKS.items() if name.startswith("text"))
