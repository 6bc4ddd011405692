"""The tray of a grid: every combination has its cell, and takes its colour when it is baked."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.pictures import palette
from pizzatune.pictures.marks import Bars, Dots, Image, Text
from pizzatune.pictures.pizza import pizza_symbol
from pizzatune.pictures.tray import GridTray, tray_layers

MENU = pt.menus.four_factors()
PIZZAS = list(MENU.space.enumerate())
TRAY = GridTray(MENU.space, 8, 4, 644, 430)


def of(marks, kind, style=None):
    return [mark for mark in marks if isinstance(mark, kind) and (style is None or mark.style == style)]


def baked(*numbers):
    return [MENU.taste(params) if n in numbers else None for n, params in enumerate(PIZZAS)]


def test_all_81_pizzas_of_the_article_have_cells_of_their_own():
    assert TRAY.shape == (9, 9)
    assert [TRAY.place(params) for params in PIZZAS] == list(itertools.product(range(9), range(9)))
    (cells,) = of(tray_layers(TRAY, baked())["tray"], Bars)
    boxes = np.array([cells.left, cells.right, cells.low, cells.high]).T
    assert len(boxes) == 81
    for (left, right, top, floor), other in itertools.combinations(boxes, 2):
        assert right <= other[0] or other[1] <= left or floor <= other[2] or other[3] <= top
    assert boxes[:, :2].min() >= 8
    assert boxes[:, 1].max() <= 652
    assert boxes[:, 3].max() <= 434


def test_a_cell_takes_the_colour_of_its_score_when_it_is_baked():
    scores = baked(3, 7, 80)
    layers = tray_layers(TRAY, scores)
    first, last = (of(layers[f"tray row {row}"], Bars)[0] for row in (0, 8))
    assert list(first.colours) == [palette.score_colour(scores[n] / 10) for n in (3, 7)]
    assert list(last.colours) == [palette.score_colour(scores[80] / 10)]
    (cells,) = of(layers["tray"], Bars)
    assert first.left[1] == cells.left[7]
    assert (last.low[0], last.high[0]) == (cells.low[80], cells.high[80])
    assert first.tips[0].startswith("cheese Mild, sauce Tomato, temperature Medium, baking time Short: ")
    assert layers["tray row 4"] == []


def test_one_more_pizza_changes_one_row_and_the_marks():
    before, after = tray_layers(TRAY, baked(3, 7), latest=7), tray_layers(TRAY, baked(3, 7, 40), latest=40)
    sizes = {name: (len(before[name]), len(after[name])) for name in before}
    assert sizes["tray row 4"] == (0, 1)
    assert sizes["tray row 0"] == (1, 1)
    (frame,) = of(after["tray marks"], Bars, "chosen")
    (cells,) = of(after["tray"], Bars)
    assert (frame.left[0], frame.low[0]) == (cells.left[40], cells.low[40])


def test_the_star_lies_in_the_cell_of_the_best():
    scores = baked(*range(0, 81, 7))
    (star,) = of(tray_layers(TRAY, scores)["tray marks"], Dots)
    best = max((n for n in range(81) if scores[n] is not None), key=lambda n: scores[n])
    (cells,) = of(tray_layers(TRAY, scores)["tray"], Bars)
    assert cells.left[best] < star.x[0] < cells.right[best]
    assert cells.low[best] < star.y[0] < cells.high[best]
    assert of(tray_layers(TRAY, baked())["tray marks"], Dots) == []


def test_pizzas_lie_in_their_cells():
    symbols = [pizza_symbol(MENU.pizza(params), "tiny") for params in PIZZAS]
    layers = tray_layers(TRAY, baked(0, 2, 30), symbols)
    images = [image for marks in layers.values() for image in of(marks, Image)]
    assert [image.symbol for image in images] == [symbols[n] for n in (0, 2, 30)]
    (cells,) = of(layers["tray"], Bars)
    for image, n in zip(images, (0, 2, 30), strict=True):
        assert cells.left[n] <= image.x - image.size / 2 < image.x + image.size / 2 <= cells.right[n]
        assert cells.low[n] <= image.y - image.size / 2 < image.y + image.size / 2 <= cells.high[n]


def test_a_failed_pizza_has_a_cell_without_a_score():
    scores = [None] * 81
    scores[5] = float("nan")
    (bars,) = of(tray_layers(TRAY, scores)["tray row 0"], Bars)
    assert list(bars.colours) == [palette.LIGHT["pencil"]]
    assert bars.tips[0].endswith(": failed")


@pytest.mark.parametrize(
    "levels, shape", [((4,), (1, 4)), ((2, 3), (2, 3)), ((2, 3, 2), (2, 6)), ((2, 2, 3, 3), (4, 9))]
)
def test_any_grid_of_up_to_four_dials_has_its_tray(levels, shape):
    space = pt.Space(*(pt.Ordered(f"dial_{i}", [f"{i}{j}" for j in range(n)]) for i, n in enumerate(levels)))
    tray = GridTray(space, 0, 0, 600, 300)
    assert tray.shape == shape
    combinations = list(space.enumerate())
    assert [tray.place(params) for params in combinations] == list(itertools.product(*map(range, shape)))
    layers = tray_layers(tray, [1.0] * len(combinations))
    words = {mark.text for mark in of(layers["tray"], Text)}
    assert words >= {label for parameter in space.parameters for label in parameter.values()}


def test_every_cell_says_its_combination_before_anything_is_baked():
    (cells,) = of(tray_layers(TRAY, baked())["tray"], Bars)
    assert len(set(cells.tips)) == 81
    assert cells.tips[80] == "cheese Extra, sauce White, temperature High, baking time Long"


def test_labels_side_by_side_do_not_touch():
    labels = [mark for mark in of(pt.explore.grid().marks["tray"], Text) if mark.anchor == "middle"]
    lowest = sorted((mark for mark in labels if not mark.style), key=lambda mark: mark.x)
    assert len(lowest) == 9
    for one, other in itertools.pairwise(lowest):
        assert other.x - one.x >= 7.3 * (len(one.text) + len(other.text)) / 2 + 4
    assert {mark.tip for mark in lowest if mark.text == "Ext"} == {"Extra"}
