"""What every picture promises: a sentence, numbers, a file of each kind, and the same marks by matplotlib."""

from __future__ import annotations

import inspect
import io
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text as MplText
from PIL import Image

import pizzatune as pt
from pizzatune import plots
from pizzatune.menus import Pizza
from pizzatune.pictures import ink, palette
from pizzatune.pictures.marks import Key, Text
from pizzatune.pictures.picture import WIDTH, Picture

MENU = pt.menus.topping_and_heat()
TRIO = pt.menus.three_toppings()


def searched(menu=MENU, budget=12, strategy=pt.RandomSearch, **settings):
    return pt.tune(menu.taste, strategy(menu.space, **settings), budget, progress=False)


RANDOM = searched(seed=0)
BAYES = searched(strategy=pt.BayesianOptimization, seed=0, budget=9)
GENETIC = searched(TRIO, strategy=pt.GeneticAlgorithm, seed=0, budget=24)
OVENS = pt.menus.old_oven(), pt.menus.new_oven(likeness=0.5)
OLD, NEW = (searched(menu, seed=i, budget=8) for i, menu in enumerate(OVENS))
RACE = pt.race({"grid": pt.GridSearch, "random": pt.RandomSearch}, MENU, budget=12, seeds=4, progress=False)

PICTURES = {
    "band": lambda: plots.band([150, 225, 300], [5.0, 8.0, 6.0], [1.0, 0.0, 2.0], markers={"wall": 7.0}),
    "best_so_far": lambda: plots.best_so_far(RANDOM, menu=MENU),
    "family_tree": lambda: plots.family_tree(GENETIC, menu=TRIO),
    "gp_slice": lambda: plots.gp_slice(BAYES.strategy, "temperature", menu=MENU),
    "histogram": lambda: plots.histogram([7.0, 8.0, 8.5], markers={"grid": 8.2}),
    "map": lambda: plots.map(RANDOM, menu=MENU),
    "ovens": lambda: plots.ovens(OLD, NEW, old_menu=OVENS[0], new_menu=OVENS[1]),
    "parameter": lambda: plots.parameter(RANDOM, "topping"),
    "pizza": lambda: plots.pizza(Pizza(("Ham",)), title="Ham"),
    "pizza_row": lambda: plots.pizza_row([Pizza(("Ham",)), Pizza(("Olives",))], ["Ham", "Olives"]),
    "race": lambda: plots.race(RACE),
    "spread": lambda: plots.spread({"warm": np.array([[5.0, 8.0], [7.0, 9.0]])}),
    "strips": lambda: plots.strips(BAYES.strategy),
    "what_it_cost": lambda: plots.what_it_cost(Pizza(("Sausage",), temperature=200)),
}


@pytest.fixture(autouse=True)
def no_window_and_no_figure_left():
    matplotlib.use("agg")
    before = dict(matplotlib.rcParams)
    yield
    plt.close("all")
    assert dict(matplotlib.rcParams) == before, "a picture changed a global setting"


def test_every_picture_is_tried_here():
    assert set(plots.__all__) - {"Picture"} == set(PICTURES)


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_a_picture_says_so_and_has_a_sentence_with_numbers(name):
    picture = PICTURES[name]()
    assert isinstance(picture, Picture)
    assert inspect.signature(getattr(plots, name)).return_annotation == "Picture"
    assert repr(picture) == picture.caption
    assert picture.caption.endswith(".")
    assert re.search(r"\d", picture.caption)
    assert 20 < len(picture.caption) < 600
    assert len(picture.data) > 0


@pytest.mark.parametrize("name", PICTURES)
def test_it_is_a_valid_file_of_one_width_and_all_words_lie_on_it(name):
    picture = PICTURES[name]()
    root = ElementTree.fromstring(picture.svg())
    assert root.get("viewBox") == f"0 0 {WIDTH:g} {picture.height:g}"
    assert root.find("{http://www.w3.org/2000/svg}title").text == picture.caption
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        x, y, wide = float(text.get("x")), float(text.get("y")), 7.0 * len(text.text or "")
        left = x - {"start": 0, "middle": wide / 2, "end": wide}[text.get("text-anchor", "start")]
        assert left >= -12, text.text
        assert left + wide <= WIDTH + 12, text.text
        assert 8 < y < picture.height, text.text


@pytest.mark.parametrize("name", PICTURES)
def test_a_notebook_shows_it_as_an_image_with_its_caption(name):
    picture = PICTURES[name]()
    page = picture._repr_html_()
    (image,) = re.findall(r'src="data:image/svg\+xml;charset=utf-8,([^"]*)"', page)
    assert unquote(image) == picture.svg()
    assert not set("<>&#\"'") & set(image)
    page = page.replace(image, "")
    assert page.count(picture.caption.replace("'", "&#x27;").replace("<", "&lt;")) == 2  # as words, and below


@pytest.mark.parametrize("name", PICTURES)
def test_matplotlib_draws_it_on_axes_that_pyplot_does_not_know(name):
    picture = PICTURES[name]()
    figure = Figure(figsize=(8, 5))
    given = figure.subplots()
    ax = picture.draw(given)
    assert ax is given
    assert plt.get_fignums() == []
    figure.canvas.draw()  # warnings are errors: a glyph that is missing fails here
    axes = [ax, *ax.child_axes]
    assert sum(len(one.lines) + len(one.collections) + len(one.images) for one in axes) > 0
    keys = [mark for mark in picture.marks if isinstance(mark, Key)]
    if keys:
        said = [text.get_text() for text in ax.get_legend().get_texts()]
        assert said == [ink.drawable(words) for *_, words in keys[-1].laid]
    words = {text.get_text() for one in axes for text in one.texts}
    assert {ink.drawable(m.text) for m in picture.marks if isinstance(m, Text) and not m.fit} <= words


SAVED = [(name, ending) for name in PICTURES for ending in ("svg", "html")]
SAVED += [
    (name, ending) for name in ("map", "pizza", "what_it_cost", "gp_slice") for ending in ("png", "pdf")
]


@pytest.mark.parametrize("name, ending", SAVED)
def test_every_picture_can_be_saved(tmp_path, name, ending):
    path = PICTURES[name]().save(tmp_path / f"{name}.{ending}")
    assert path.stat().st_size > 1000


def test_a_page_shows_tips_and_follows_the_theme(tmp_path):
    page = PICTURES["what_it_cost"]().save(tmp_path / "bill.html").read_text(encoding="utf-8")
    assert "<title>Sausage, too cool: −2.17 points</title>" in page
    assert 'name="color-scheme" content="light dark"' in page


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"saved as \.svg, \.html, \.png or \.pdf, got 'map\.gif'"):
        PICTURES["map"]().save(tmp_path / "map.gif")


# -- what others call things ---------------------------------------------------------------------------------

HARD = [
    "$5-$10",
    "Ba$$in",
    "_mine",
    "<b>&",
    '"quoted"',
    "\\alpha {",
    "🍕 שלום",
    "a\udc80b",
    "50 %",
    "x" * 120,
]


def named(words, other="plain"):
    space = pt.Space(pt.Choice(words, [words, other]), pt.Real("x", 0, 1, unit=words))
    return pt.tune(lambda p: p["x"], pt.RandomSearch(space, seed=0), budget=6, progress=False)


@pytest.mark.parametrize("words", HARD)
def test_any_names_can_be_drawn_saved_and_shown(words, tmp_path):
    result = named(words)
    pictures = [
        plots.best_so_far({words: result, "other": result}),
        plots.parameter(result, words),
        plots.parameter(result, "x"),
        plots.map(result),
        plots.spread({words: np.array([[1.0, 2.0]])}, xlabel=words, ylabel=words, top=3.0),
        plots.histogram([1.0, 2.0], markers={words: 1.5}, xlabel=words),
        plots.pizza(Pizza(("Ham",)), title=words, note=words),
    ]
    for picture in pictures:
        ElementTree.fromstring(picture.svg())
        picture._repr_html_().encode()
        picture.caption.encode()
        picture.save(tmp_path / "named.svg")
        ax = picture.draw()
        ax.figure.savefig(io.BytesIO())
        maths = [t.get_text() for t in ax.figure.findobj(MplText) if t._preprocess_math(t.get_text())[1]]
        assert maths == []
        plt.close("all")


# -- numbers of any size -------------------------------------------------------------------------------------

LARGEST = sys.float_info.max
SQUARE = pt.Space(pt.Real("x", 0, 1), pt.Real("y", 0, 1))
WIDE = pt.Space(pt.Real("x", 1e-300, 1e300, log=True), pt.Real("y", -8e307, 8e307))
EXTREME = {
    "a penalty": (SQUARE, lambda p: -LARGEST if p["x"] < 0.4 else p["x"]),
    "both ends": (SQUARE, lambda p: 1.7e308 if p["x"] < 0.5 else -1.7e308),
    "tiny": (SQUARE, lambda p: 5e-324 * round(9 * p["x"])),
    "all alike": (SQUARE, lambda p: 3.0),
    "nothing": (SQUARE, lambda p: float("nan")),
    "wide dials": (WIDE, lambda p: p["y"] / 1e300),
}


@pytest.mark.parametrize("name", EXTREME)
def test_whatever_tune_takes_can_be_drawn(name):
    space, objective = EXTREME[name]
    result = pt.tune(objective, pt.RandomSearch(space, seed=0), budget=8, progress=False)
    genetic = pt.tune(objective, pt.GeneticAlgorithm(space, seed=0, population=4), budget=12, progress=False)
    pictures = [
        plots.best_so_far(result),
        plots.best_so_far({"one": result, "two": genetic}),
        plots.map(result),
        plots.parameter(result, "x"),
        plots.parameter(result, "y"),
        plots.family_tree(genetic),
    ]
    for picture in pictures:
        ElementTree.fromstring(picture.svg())
        picture.draw().figure.savefig(io.BytesIO())
        plt.close("all")


# -- what is loaded ------------------------------------------------------------------------------------------


def test_a_picture_in_a_notebook_loads_no_matplotlib_and_no_pandas():
    code = (
        "import sys, pizzatune as pt\n"
        "menu = pt.menus.topping_and_heat()\n"
        "result = pt.tune(menu.taste, pt.RandomSearch(menu.space, seed=0), budget=4, progress=False)\n"
        "result.plot()._repr_html_(), pt.plots.pizza(pt.menus.Pizza())._repr_html_()\n"
        "print([name for name in ('matplotlib', 'pandas', 'PIL', 'scipy') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.strip() == "[]"


def test_pictures_of_the_readme_are_there_and_light():
    docs = Path(__file__).parent.parent / "docs"
    height, width, _ = plt.imread(docs / "kitchen.png").shape
    assert width > 1.5 * height
    assert (docs / "kitchen.png").stat().st_size < 300_000
    with Image.open(docs / "duel.webp") as duel:
        assert duel.n_frames == 11  # the empty table, and ten pizzas
    assert (docs / "duel.webp").stat().st_size < 1_500_000
    shown = re.findall(r"docs/[\w.]+\.(?:png|webp)", (docs.parent / "README.md").read_text(encoding="utf-8"))
    assert sorted(shown) == sorted(
        f"docs/{path.name}" for path in docs.iterdir() if path.suffix in (".png", ".webp")
    )


def test_text_and_marks_are_large_enough():
    assert all(look.text >= 13 for name, look in palette.LOOKS.items() if name.startswith("text"))
