"""Pictures by matplotlib: the same marks, on anybody's axes, in anybody's style, whatever the words say."""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import same_color, to_hex
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.text import Text as MplText

import pizzatune as pt
from pizzatune.pictures import ink, palette
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
from pizzatune.pictures.picture import WIDTH, Picture

PANEL = Panel(60, 50, 600, 300, Scale(0, 10, "hours"), Scale(0, 4, "height"), title="Dough", grid="y")
SQUARE = Symbol("square", '<path fill="#ff0000" d="M0 0l100 0 0 100-100 0z"/>')
HARD = [
    "$5-$10",
    "Ba$$in",
    "$\\foo$",
    "_mine",
    "a_b^c",
    "{",
    "\\alpha",
    "🍕 שלום",
    "a\udc80b",
    "<b>&",
    "a\tb",
    "",
]


@pytest.fixture(autouse=True)
def no_window_and_no_figure_left() -> Iterator[None]:
    matplotlib.use("agg")
    before = dict(matplotlib.rcParams)
    yield
    plt.close("all")
    assert dict(matplotlib.rcParams) == before, "a picture changed a global setting"


def pictured(*marks):
    return Picture(marks, "Dough rises.", {})


def rendered(ax):
    """The axes, once they were drawn: a warning is an error here."""
    ax.get_figure(root=True).savefig(io.BytesIO())
    return ax


EVERY = (
    Arrival(0, 9, 0.5),
    Axes(PANEL),
    Land(PANEL, np.array([[1.0, 2.0], [np.nan, 9.0]])),
    Band(PANEL, [1, 2, 3], [0, 1, 0], [1, 2, 1], "doubt"),
    Line(PANEL, [1, 2, np.nan, 3], [1, 2, 1, 3], "best", steps=True),
    Links(PANEL, [1, 2], [1, 1], [2, 3], [3, 3], "kin"),
    Dots(PANEL, [1, 2], [1, 2], "tried", tips=["one", "two"]),
    Dots(PANEL, [1, 2], [1, 2], "failed", colours=["#112233", "#445566"], sizes=[4, 9]),
    Bars(PANEL, [1, 3], [2, 4], [0, 0], [1, 3], styles=["gave", "cost"]),
    Shapes(PANEL, [np.array([[1.0, 1.0], [2.0, 1.0], [2.0, 2.0]])], ["#123456"], [0.5]),
    Image(PANEL, 5, 2, 40, SQUARE, opacity=0.5, plate=True),
    Rule(PANEL, 2.5, "limit", along="x"),
    Rule(PANEL, 7, "next"),
    Text(PANEL, 1, 1, "here", "bold"),
    Text(None, 300, 380, "below", "quiet", anchor="middle"),
    Target(PANEL, "anywhere"),
    Key(
        60,
        20,
        [
            ("rise", "line", "best"),
            ("tried", "dot", "tried"),
            ("doubt", "area", "doubt"),
            ("gave", "bar", "gave"),
        ],
    ),
)


def test_every_kind_of_mark_can_be_drawn():
    assert {type(mark) for mark in EVERY} == set(get_args(Mark)) == set(ink._DRAWERS)
    rendered(ink.draw(pictured(*EVERY)))
    rendered(ink.draw(pictured(*EVERY), Figure().subplots()))


def test_one_panel_uses_the_axes_as_they_are():
    figure, ax = plt.subplots()
    assert rendered(ink.draw(pictured(*EVERY), ax)) is ax
    assert (ax.get_xlim(), ax.get_ylim()) == ((0, 10), (0, 4))
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == ("hours", "height", "Dough")
    assert [tick.get_text() for tick in ax.get_xticklabels()] == [words for _, words in PANEL.x.marked]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["rise", "tried", "doubt", "gave"]
    staircase = ax.lines[0]
    assert staircase.get_drawstyle() == "steps-post"
    np.testing.assert_array_equal(staircase.get_ydata(), [1, 2, 1, 3])
    assert np.asarray(ax.collections[2].get_offsets()).tolist() == [[1, 1], [2, 2]]  # after band and links
    assert not ax.child_axes
    assert plt.get_fignums() == [figure.number]


def test_a_log_dial_gets_a_log_axis():
    panel = Panel(60, 50, 600, 300, Scale(0.001, 10, log=True), Scale(0, 4))
    ax = rendered(ink.draw(pictured(Axes(panel), Line(panel, [0.01, 1], [1, 2], "best"))))
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "linear")
    assert ax.get_xlim() == (0.001, 10)
    assert not [tick for tick in ax.xaxis.get_minor_ticks() if tick.label1.get_text()]


def test_several_panels_are_axes_inside_the_axes_given():
    other = Panel(60, 370, 280, 20, Scale(0, 1), Scale(5, 0, "depth"))
    figure = Figure()
    ax = figure.subplots()
    marks = [
        Axes(PANEL),
        Line(other, [0, 1], [5, 0], "best"),
        Text(None, 10, 20, "Both"),
        Key(60, 20, [("a", "line", "best")]),
    ]
    assert rendered(ink.draw(pictured(*marks), ax)) is ax
    dough, depth = ax.child_axes
    assert dough.get_xlabel() == "hours"
    assert depth.get_ylim() == (5, 0)
    assert not depth.axison  # nobody asked for a frame there
    assert dough.axison
    left = [child.get_position().x0 for child in (dough, depth)]
    assert left[0] == pytest.approx(left[1])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a"]
    assert plt.get_fignums() == []


def test_a_picture_without_panels_is_a_blank_sheet_and_keeps_its_shape():
    ax = rendered(ink.draw(pictured(Image(None, 200, 100, 80, SQUARE), Text(None, 200, 160, "a square"))))
    assert not ax.axison
    assert ax.get_aspect() == 1
    box = ax.collections[0].get_datalim(ax.transData)
    np.testing.assert_allclose([box.x0, box.x1, box.y0, box.y1], [160, 240, 60, 140])


def test_later_marks_lie_above_earlier_ones():
    ax = ink.draw(pictured(*EVERY))
    orders = {type(mark): 1 + i / 1000 for i, mark in enumerate(EVERY)}
    (land,) = [child for child in ax.get_children() if isinstance(child, AxesImage)]
    assert land.get_zorder() == orders[Land]
    assert ax.lines[0].get_zorder() == orders[Line] > land.get_zorder()


# -- styles --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "style, theme", [("default", palette.LIGHT), ("dark_background", palette.DARK), ("ggplot", palette.LIGHT)]
)
def test_faces_and_text_are_the_styles_and_data_follows_the_light(style, theme):
    with plt.style.context(style):
        ax = rendered(ink.draw(pictured(*EVERY)))
        assert same_color(ax.get_facecolor(), matplotlib.rcParams["axes.facecolor"])
        assert same_color(ax.title.get_color(), matplotlib.rcParams["text.color"])
        assert same_color(ax.xaxis.label.get_color(), matplotlib.rcParams["axes.labelcolor"])
        assert ax.get_legend().get_texts()[0].get_fontfamily() == matplotlib.rcParams["font.family"]
        assert same_color(ax.lines[0].get_color(), theme[palette.look_of("line", "best").stroke])


def test_larger_letters_are_the_styles():
    sizes = []
    for size in (8, 16):
        with matplotlib.rc_context({"font.size": size}):
            sizes.append(ink.draw(pictured(*EVERY)).texts[0].get_fontsize())
    assert sizes == [8, 16]


def test_a_transparent_face_shows_what_is_behind_it():
    figure = Figure(facecolor="black")
    ax = figure.subplots()
    ax.set_facecolor("none")
    ink.draw(pictured(*EVERY), ax)
    assert same_color(ax.lines[0].get_color(), palette.DARK["tomato"])


# -- words ---------------------------------------------------------------------------------------------------


def maths(ax):
    """Texts that matplotlib would read as mathematics."""
    return [t.get_text() for t in ax.figure.findobj(MplText) if t._preprocess_math(t.get_text())[1]]


@pytest.mark.parametrize("words", HARD)
def test_words_are_drawn_as_they_stand_wherever_they_are(words):
    scale = Scale(0, 1, words, ((0.0, words), (1.0, "b")))
    panel = Panel(60, 50, 600, 300, scale, scale, title=words)
    marks = (
        Axes(panel),
        Text(panel, 0.5, 0.5, words),
        Key(60, 20, [(words, "line", "best"), ("b", "dot", "tried")]),
    )
    ax = rendered(ink.draw(pictured(*marks)))
    shown = ink.drawable(words)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [shown, "b"]
    assert all(text.get_visible() for text in ax.get_legend().get_texts())
    assert {ax.get_title(), ax.get_xlabel(), ax.texts[0].get_text(), ax.get_xticklabels()[0].get_text()} == {
        shown
    }
    assert maths(ax) == []
    ax.figure.savefig(io.BytesIO(), format="pdf")


def test_only_letters_that_no_font_has_are_replaced():
    assert ink.drawable("$5_{\\<ש") == "$5_{\\<ש"
    assert ink.drawable("a\udc80b🍕") == "a\ufffdb\ufffd"
    with matplotlib.rc_context({"font.family": "cmr10"}):
        assert ink.drawable("a\udc80b") == "a?b"


# -- extreme numbers -----------------------------------------------------------------------------------------

LARGEST = sys.float_info.max
WIDE = [
    Scale(-LARGEST, LARGEST),
    Scale(-1.7e308, 1.7e308),
    Scale(1e-300, 1e300, log=True),
    Scale(5e-324, 1e308, log=True),
    Scale(0, 1e-290),
    Scale(1.0, 1.0 + 1e-15),
    Scale(3.0, 3.0),
    Scale(1e300, 1.1e300),
]


@pytest.mark.parametrize("scale", WIDE, ids=str)
def test_extreme_axes_are_drawn_without_a_warning(scale):
    panel = Panel(60, 50, 600, 300, scale, scale)
    values = np.array([scale.low, scale.value(0.5), np.nan, scale.high])
    marks = Axes(panel), Line(panel, values, values, "best"), Dots(panel, values, values, "tried")
    ax = rendered(
        ink.draw(
            pictured(*marks, Rule(panel, scale.high, "limit"), Text(panel, scale.high, scale.low, "end"))
        )
    )
    x = np.asarray(ax.collections[0].get_offsets())[:, 0]
    np.testing.assert_allclose(np.asarray(x)[[0, 1, 3]], scale.share(values)[[0, 1, 3]])
    assert [tick.get_text() for tick in ax.get_xticklabels()] == [words for _, words in scale.marked]


@pytest.mark.parametrize("log", [False, True])
def test_a_mark_far_off_the_axis_is_drawn_without_a_warning(log):
    panel = Panel(60, 50, 600, 300, Scale(1, 10, log=log), Scale(1, 10, log=log))
    values = np.array([-LARGEST, -1.0, 0.0, 2.0, 5.0, LARGEST])
    ax = rendered(
        ink.draw(
            pictured(Axes(panel), Line(panel, values, values, "best"), Dots(panel, values, values, "tried"))
        )
    )
    assert ax.get_xlim() == (1, 10)
    drawn = ax.lines[0].get_xdata()
    assert drawn[3:5].tolist() == [2.0, 5.0]
    assert drawn[5] > 10


# -- files and rooms -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending, first", [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("PNG", b"\x89PNG")])
def test_files_are_written_without_pyplot(tmp_path, ending, first):
    path = pictured(*EVERY).save(tmp_path / f"dough.{ending}")
    assert path.read_bytes().startswith(first)
    assert plt.get_fignums() == []


def test_a_png_is_sharp_unless_the_style_says_otherwise(tmp_path):
    path = pictured(*EVERY).save(tmp_path / "dough.png")
    assert plt.imread(path).shape[1] == round(WIDTH / 100 * ink.SHARP)
    with matplotlib.rc_context({"savefig.dpi": 50}):
        path = pictured(*EVERY).save(tmp_path / "dough.png")
    assert plt.imread(path).shape[1] == round(WIDTH / 100 * 50)


def test_without_axes_a_pyplot_figure_is_opened():
    ax = pictured(*EVERY).draw()
    assert plt.gcf() is ax.figure
    assert tuple(ax.figure.get_size_inches()) == (WIDTH / 100, 4.0)


def test_only_ink_imports_matplotlib():
    house = Path(pt.__file__).parent
    met = set()
    for path in house.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] == "matplotlib" for name in names):
                met.add(path.relative_to(house).as_posix())
    assert "pictures/ink.py" in met
    assert met <= {
        "pictures/ink.py",
        "pictures/picture.py",
        "doctor.py",
    }  # for the name of a type, and a version


def test_colours_of_a_symbol_are_its_own():
    ax = ink.draw(pictured(Image(None, 50, 50, 20, SQUARE, opacity=0.25)))
    (colour,) = ax.collections[0].get_facecolor()
    assert to_hex(colour) == "#ff0000"
    assert colour[3] == 0.25
