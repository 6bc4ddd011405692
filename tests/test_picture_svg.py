"""Marks as SVG: any words of anybody's, both themes in one file, tips, and symbols that are there once."""

from __future__ import annotations

import re
from typing import get_args
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pizzatune.menus import Pizza
from pizzatune.pictures import palette, svg, svg_file
from pizzatune.pictures.marks import (
    Arrival,
    Axes,
    Band,
    Bars,
    Dots,
    Image,
    Key,
    Land,
    Line,
    Links,
    Mark,
    Panel,
    Rule,
    Scale,
    Shapes,
    Symbol,
    Target,
    Text,
)
from pizzatune.pictures.paths import FAR
from pizzatune.pictures.pizza import pizza_symbol
from tests.how_often import CI

PANEL = Panel(60, 50, 600, 300, Scale(0, 10, "hours"), Scale(0, 4, "height"), title="Dough", grid="both")
SVG = "{http://www.w3.org/2000/svg}"
ODD = [
    "<b>&amp;</b>",
    '"onload="alert(1)',
    "]]>",
    "$x$ \\n %s {0}",
    "\x00\x1b",
    "\udc80",
    "🍕 שלום",
    "\ufffe",
    "'",
    "-->",
]
ANY = st.one_of(st.text(st.characters(codec=None), max_size=30), st.sampled_from(ODD))


def parsed(marks, **options):
    return ElementTree.fromstring(svg_file.document(marks, 720, 400, **options))


def elements(root, name):
    return [one for one in root.iter() if one.tag == SVG + name]


def marks_that_say(words):
    scale = Scale(0, 1, words, ((0.0, words),))
    panel = Panel(60, 50, 600, 300, scale, scale, title=words)
    symbol = pizza_symbol(Pizza(("Ham",)), "tiny")
    return [
        Axes(panel),
        Dots(panel, [0.5], [0.5], "tried", tips=[words], names=[words], ids=[words]),
        Bars(panel, [0], [1], [0], [1], "gave", tips=[words], names=[words]),
        Line(panel, [0, 1], [0, 1], "best", tip=words),
        Band(panel, [0, 1], [0, 1], [1, 1], "doubt", tip=words),
        Links(panel, [0], [0], [1], [1], "kin", ids=[words]),
        Rule(panel, 0.5, "limit", tip=words),
        Image(panel, 0.5, 0.5, 40, symbol, tip=words, name=words, id=words, kin=[words]),
        Target(panel, words, tip=words),
        Text(panel, 0.5, 0.5, words, tip=words),
        Text(panel, 0.5, 0.5, words, fit=30),
        Key(10, 10, [(words, "line", "best")]),
    ]


# -- words ---------------------------------------------------------------------------------------------------


@given(words=ANY)
def test_a_file_is_valid_whatever_the_words_say_and_says_them(words):
    for tips in (False, True):
        root = parsed(marks_that_say(words), title=words, tips=tips)
        (title, *_), texts = elements(root, "title"), elements(root, "text")
        assert shown(title.text) == shown(svg.legible(words))
        assert shown(svg.legible(words)) in {shown(text.text) for text in texts}
        assert not elements(root, "script")
        assert not [name for one in root.iter() for name in one.attrib if name.startswith("on")]


def shown(text):
    """As XML reads it: line ends of all kinds are one."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n")


@given(words=ANY)
def test_a_layer_for_a_page_is_valid_whatever_the_words_say(words):
    root = ElementTree.fromstring(f"<svg>{svg.layer(marks_that_say(words))}</svg>")
    told = {one.get("data-tip") for one in root.iter()} | {one.get("data-name") for one in root.iter()}
    wanted = re.sub(r"[\t\r\n]", " ", svg.legible(words).replace("\r\n", " "))  # as XML reads attributes
    assert not words or wanted in told


def test_words_are_cut_where_there_is_no_room_and_then_the_tip_says_all():
    root = parsed([Text(None, 10, 10, "Gorgonzola and figs", fit=60)], tips=True)
    (text,) = elements(root, "text")
    layer = svg.layer([Text(None, 10, 10, "Gorgonzola and figs", fit=60)])
    tip, words = text.itertext()
    assert (tip, words) == ("Gorgonzola and figs", "Gorgonz…")
    assert 'data-tip="Gorgonzola and figs"' in layer
    assert "data-tip" not in svg.layer([Text(None, 10, 10, "Ham", fit=60)])


# -- whole files ---------------------------------------------------------------------------------------------

EVERY = [
    Axes(PANEL),
    Land(PANEL, np.array([[1.0, 2.0], [np.nan, 9.0]])),
    Band(PANEL, [1, 2, 3], [0, 1, 0], [1, 2, 1], "doubt"),
    Line(PANEL, [1, 2, np.nan, 3], [1, 2, 1, 3], "best", steps=True),
    Links(PANEL, [1, 2], [1, 1], [2, 3], [3, 3], "kin"),
    Dots(PANEL, [1, 2], [1, 2], "failed", colours=["#112233", "#445566"], sizes=[4, 9], tips=["one", "two"]),
    Bars(PANEL, [1, 3], [2, 4], [0, 0], [1, 3], styles=["gave", "cost"], tips=["good", "bad"]),
    Shapes(PANEL, [np.array([[1.0, 1.0], [2.0, 1.0], [2.0, 2.0]])], ["#123456"], [0.5]),
    Image(PANEL, 5, 2, 40, Symbol("square", '<path fill="#ff0000" d="M0 0h1v1z"/>'), tip="a square"),
    Image(PANEL, 7, 2, 40, Symbol("square", '<path fill="#ff0000" d="M0 0h1v1z"/>')),
    Rule(PANEL, 2.5, "limit", along="x"),
    Text(PANEL, 1, 1, "here", "bold"),
    Target(PANEL, "anywhere"),
    Key(60, 20, [("rise", "line", "best"), ("tried", "dot", "tried"), ("gave", "bar", "gave")]),
]


def test_every_kind_of_mark_can_be_drawn():
    assert {type(mark) for mark in EVERY} | {Arrival} == set(get_args(Mark))
    root = parsed(EVERY, title="Dough")
    assert root.get("role") == "img"
    assert elements(root, "title")[0].text == "Dough"


def test_a_file_holds_both_themes_and_only_rules_it_needs():
    drawn = svg_file.document(EVERY, 720, 400)
    day, night = drawn.split("@media (prefers-color-scheme:dark)")
    assert palette.variables(palette.LIGHT) in day
    assert palette.variables(palette.DARK) in night
    assert ".line.best{" in drawn
    assert ".line.elite{" not in drawn
    assert 'style="fill:var(--pt-paper)"' in drawn


def test_every_class_that_is_used_has_its_rule():
    drawn = svg_file.document(EVERY, 720, 400)
    used = {
        ".".join(name.split()) for name in re.findall(r'class="((?:text|line|area|bar|dot)[^"]*)"', drawn)
    }
    assert used
    assert all(f".pt-art .{name}{{" in drawn for name in used)


def test_a_symbol_is_written_once_and_used_where_it_lies():
    root = parsed(EVERY)
    assert [symbol.get("id") for symbol in elements(root, "symbol")] == ["square"]
    assert [use.get("href") for use in elements(root, "use")] == ["#square", "#square"]


def test_a_file_shows_tips_only_where_it_is_asked_to_and_never_tells_a_page():
    plain, told = parsed(EVERY), parsed(EVERY, tips=True)
    assert len(elements(plain, "title")) == 1
    assert [one.text for one in elements(told, "title")][1:] == ["one", "two", "good", "bad", "a square"]
    assert not [name for one in plain.iter() for name in one.attrib if name.startswith("data-")]


def test_a_symbol_as_a_file_of_its_own_is_valid():
    symbol = pizza_symbol(Pizza(("Ham",)), "tiny")
    root = ElementTree.fromstring(svg_file.symbol_file(symbol))
    assert root.get("width") == f"{symbol.wide:g}"
    assert root.get("viewBox") == f"0 0 {symbol.side:g} {symbol.side:g}"


# -- places --------------------------------------------------------------------------------------------------


def numbers_in(drawn):
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", drawn)]


@given(
    values=st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=5),
    ends=st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=2).map(sorted),
)
def test_any_numbers_on_any_axis_stay_where_a_renderer_can_take_them(values, ends):
    scale = Scale(*ends, ticks=())
    panel = Panel(60, 50, 600, 300, scale, scale)
    drawn = svg.layer(
        [
            Axes(panel),
            Line(panel, values, values, "best"),
            Dots(panel, values, values, "tried"),
            Dots(panel, values, values, "best"),
            Bars(panel, values, values, values, values, "gave"),
        ]
    )
    paths = " ".join(re.findall(r' (?:d|x|y|cx|cy|width|height)="([^"]*)"', drawn))
    assert "nan" not in paths
    assert "inf" not in paths
    assert max(map(abs, numbers_in(paths)), default=0) <= 2 * FAR + 1000


@pytest.mark.parametrize(
    "x", [[1.0, np.nan, 3.0, 4.0], np.linspace(0, 9, 300 if CI else 100)], ids=["few", "many"]
)
def test_points_lie_where_the_panel_says(x):
    y = np.sin(x) + 2
    (path,) = re.findall(r' d="([^"]*)"', svg.layer([Line(PANEL, x, y, "best")]))
    runs = [np.array(numbers_in(run)).reshape(-1, 2).cumsum(axis=0) for run in path.split("M")[1:]]
    places = np.concatenate(runs)
    ok = np.isfinite(y)
    np.testing.assert_allclose(places[:, 0], PANEL.across(x)[ok], atol=0.051)
    np.testing.assert_allclose(places[:, 1], PANEL.down(y)[ok], atol=0.051)
    assert len(runs) == 1 + int((~ok).sum())


def test_steps_from_far_away_lead_back_to_the_place():
    far = Line(None, [0, 10, 20, 30], [5, 1e9, -1e9, 7.3], "best")
    (path,) = re.findall(r' d="([^"]*)"', svg.layer([far]))
    np.testing.assert_allclose(np.array(numbers_in(path)).reshape(-1, 2).sum(axis=0), [30, 7.3], atol=0.051)


def test_a_staircase_rises_at_each_point():
    (path,) = re.findall(r' d="([^"]*)"', svg.layer([Line(None, [0, 10, 20], [5, 3, 1], "best", steps=True)]))
    assert path == "M0 5l10 0 0-2 10 0 0-2"


def test_an_unknown_style_is_named():
    with pytest.raises(KeyError, match="there is no look 'line wiggly'"):
        svg.layer([Line(None, [0], [0], "wiggly")])
