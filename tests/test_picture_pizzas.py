"""The drawn pizza: its shapes, and the symbols that are made of them."""

from __future__ import annotations

import itertools
import math
import re
import time
from xml.etree import ElementTree

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.menus import Oven, Pizza, doneness
from pizzatune.menus.taste import CHEESES, SAUCES, TOPPINGS
from pizzatune.pictures import svg, svg_file
from pizzatune.pictures.marks import Image, Text
from pizzatune.pictures.palette import DARK, LIGHT, contrast, hexed, look_of
from pizzatune.pictures.pizza import BOXES, DETAILS, DOSES, pizza_symbol
from pizzatune.pictures.pizza_shapes import CHEESE_COLOURS, SAUCE_COLOURS, crust_colour, pizza_shapes
from pizzatune.pictures.toppings import LOOKS


def layer(pizza, *names):
    return [shape for shape in pizza_shapes(pizza) if shape.layer in names]


def lightness(shapes):
    return np.mean([sum(shape.colour[:3]) for shape in shapes])


# -- shapes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "toppings", [(), ("Ham",), ("Pepperoni", "Olives", "Capers"), ("Bacon", "Prosciutto", "Anchovies")]
)
def test_everything_lies_on_the_pizza(toppings):
    for shape in pizza_shapes(Pizza(toppings, minutes=25)):
        reach = np.hypot(*shape.outline.T).max()
        assert np.isfinite(shape.outline).all()
        assert reach < (1.12 if shape.layer == "shadow" else 1.0 + 1e-9), shape.layer


@pytest.mark.parametrize("crust", ["Classic", "Thin"])
def test_no_blister_hangs_over_the_crust(crust):
    for toppings in (("Ham",), ("Olives", "Figs"), ("Capers",)):
        rim, *others = layer(Pizza(toppings, crust=crust, minutes=16), "crust")
        angles, reach = np.arctan2(*rim.outline.T[::-1]), np.hypot(*rim.outline.T)
        order = np.argsort(angles)
        for shape in others:
            x, y = shape.outline.T
            edge = np.interp(np.arctan2(y, x), angles[order], reach[order], period=2 * math.pi)
            assert (np.hypot(x, y) <= edge + 1e-9).all()


def test_same_pizza_looks_the_same_and_others_do_not():
    first, again, other = (pizza_shapes(Pizza((name,))) for name in ("Ham", "Ham", "Olives"))
    for one, two in zip(first, again, strict=True):
        assert np.array_equal(one.outline, two.outline)
        assert one.colour == two.colour
    assert len(first) != len(other) or not np.array_equal(first[-1].outline, other[-1].outline)


def test_longer_baked_twin_keeps_its_toppings_where_they_are():
    pale, burnt = (layer(Pizza(("Pepperoni",), minutes=minutes), "Pepperoni") for minutes in (5, 25))
    assert all(np.array_equal(a.outline, b.outline) for a, b in zip(pale, burnt, strict=True))
    assert lightness(burnt) < 0.6 * lightness(pale)


def test_crust_darkens_as_the_dose_grows():
    doses = np.linspace(0, 4, 60)
    light = [sum(crust_colour(dose)) for dose in doses]
    assert all(later <= earlier + 1e-12 for earlier, later in itertools.pairwise(light))
    red, green, blue = crust_colour(1.0)
    assert red > green > blue  # golden
    crusts = [lightness(layer(Pizza(minutes=minutes), "crust")[:16]) for minutes in (4, 8, 11, 15, 22)]
    assert crusts == sorted(crusts, reverse=True)


def test_only_overbaked_pizzas_have_char():
    assert not layer(Pizza(minutes=11), "char")
    assert len(layer(Pizza(minutes=26), "char")) > 40


def test_hot_spot_burns_its_quarter_only():
    pizza = Pizza(("Pepperoni",), minutes=11, oven=Oven(hot_spot=70))
    assert doneness(pizza, in_hot_spot=True) > 1.8
    middles = [shape.outline.mean(axis=0) for shape in layer(pizza, "char")]
    angles = [math.degrees(math.atan2(y, x)) for x, y in middles]
    assert angles
    assert min(angles) > 14
    assert max(angles) < 106


def test_every_ingredient_of_the_kitchen_has_a_look():
    assert set(TOPPINGS) <= set(LOOKS)
    assert set(SAUCES) <= set(SAUCE_COLOURS)
    assert set(CHEESES) - {"No cheese"} <= set(CHEESE_COLOURS)
    colours = {str([colour for _, colour in look(np.random.default_rng(0))]) for _, look in LOOKS.values()}
    assert len(colours) == len(LOOKS)


def test_no_cheese_shows_the_sauce():
    assert not layer(Pizza(cheese="No cheese"), "cheese")
    assert layer(Pizza(), "cheese")


# -- symbols -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("detail", DETAILS)
def test_a_symbol_is_a_drawing_and_its_name_says_what_is_on_it(detail):
    ham, again, olives = (pizza_symbol(Pizza((name,)), detail) for name in ("Ham", "Ham", "Olives"))
    assert (ham.name, ham.svg) == (again.name, again.svg)
    assert ham.name != olives.name
    drawn = ElementTree.fromstring(svg_file.symbol_file(ham))
    assert len(list(drawn)) > 5
    assert {element.tag.rpartition("}")[2] for element in drawn} == {"path"}


@pytest.mark.parametrize("detail", DETAILS)
def test_bakes_that_cannot_be_told_apart_share_a_symbol_and_others_do_not(detail):
    symbols = {pizza_symbol(Pizza(("Ham",), minutes=11 * dose), detail).name for dose in DOSES}
    assert len(symbols) == len(DOSES)
    near = {pizza_symbol(Pizza(("Ham",), minutes=11 * dose), detail).name for dose in (0.97, 1.0, 1.05)}
    assert len(near) == 1


def fills(symbol):
    return set(re.findall(r'fill="(#[0-9a-f]{6})"', symbol.svg))


def test_pizzas_that_look_alike_share_a_symbol_whatever_their_ovens_are_called():
    ovens = Oven("hers"), Oven("his, which is weak", offset=-20, heat=0.8), Oven("uneven", hot_spot=40)
    hers, his, uneven = (
        pizza_symbol(Pizza(("Ham",), minutes=oven.minutes_until_done(225), temperature=225, oven=oven)).name
        for oven in ovens
    )
    assert hers == his != uneven


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_a_plate_shows_where_charcoal_ends(theme):
    image = Image(None, 50, 40, 84, pizza_symbol(Pizza(minutes=40)), "tip", id="7", plate=True)
    drawn = svg.layer([image])
    assert drawn.startswith('<circle class="dot plate" cx="50" cy="40" r="42" data-id="7"/><image ')
    assert "plate" not in svg.layer([Image(None, 50, 40, 84, image.symbol)])
    burnt, plate = hexed(crust_colour(3.5)), theme[look_of("dot", "plate").fill]
    assert contrast(plate, burnt) > 1.6
    assert contrast(plate, theme["paper"]) > 1.4


def test_tiny_pizzas_are_small_messages_and_quickly_made():
    trios = list(itertools.combinations(TOPPINGS, 3))[::60]
    for name in TOPPINGS:
        pizza_symbol(Pizza((name,)), "tiny")
    start = time.process_time()
    symbols = [pizza_symbol(Pizza(trio), "tiny") for trio in trios]
    assert (time.process_time() - start) / len(trios) < 0.02  # some 0.002 on a quiet machine
    assert max(len(symbol.svg) for symbol in symbols) < 4000
    assert len({symbol.name for symbol in symbols}) == len(trios)


def test_each_topping_of_a_tiny_pizza_shows_its_colours():
    plain = fills(pizza_symbol(Pizza(()), "tiny"))
    seen = {name: fills(pizza_symbol(Pizza((name,)), "tiny")) - plain for name in TOPPINGS}
    assert all(len(colours) >= 2 for colours in seen.values())
    for one, other in itertools.combinations(seen, 2):
        assert seen[one] != seen[other]
    crowded = fills(pizza_symbol(Pizza(tuple(TOPPINGS)), "tiny"))
    assert set().union(*seen.values()) <= crowded


def test_boxes_differ_by_a_mark_as_well_as_by_colour():
    boxed = [pizza_symbol(Pizza(("Ham",)), "tiny", box=number) for number in range(len(BOXES))]
    bare = pizza_symbol(Pizza(("Ham",)), "tiny")
    for symbol in boxed:  # the box does not change the pizza in it
        inside = symbol.pieces[-len(bare.pieces) :]
        assert [piece[1:] for piece in inside] == [piece[1:] for piece in bare.pieces]
        assert all(
            np.allclose(one[0] * symbol.side, other[0] * bare.side)
            for one, other in zip(inside, bare.pieces, strict=True)
        )
    marks = [re.search(r'fill="#fffaf2" d="([^"]*)"', symbol.svg)[1] for symbol in boxed]
    assert len(set(marks)) == len({symbol.name for symbol in boxed}) == len(BOXES)


# -- pictures ------------------------------------------------------------------------------------------------


def images(picture):
    return [mark for mark in picture.marks if isinstance(mark, Image)]


def words(picture):
    return [mark.text for mark in picture.marks if isinstance(mark, Text)]


def test_a_pizza_of_a_menu_is_the_one_it_makes():
    menu = pt.menus.topping_and_heat()
    params = {"topping": "Ham", "temperature": 250}
    (image,) = images(pt.plots.pizza(params, menu=menu))
    assert image.symbol.name == pizza_symbol(menu.pizza(params), "fine").name
    with pytest.raises(TypeError, match="pass menu="):
        pt.plots.pizza(params)


def test_title_and_note_stand_above_and_below_as_they_are():
    picture = pt.plots.pizza(Pizza(("Ham",)), title="$5 <b>", note="_golden_")
    (image,) = images(picture)
    title, note = [mark for mark in picture.marks if isinstance(mark, Text)]
    assert (title.text, note.text) == ("$5 <b>", "_golden_")
    assert title.y < image.y - image.size / 2 < image.y + image.size / 2 < note.y < picture.height
    assert len(pt.plots.pizza(Pizza(("Ham",))).marks) == 1


def test_a_hot_quarter_is_read_aloud():
    pizza = Pizza(("Pepperoni",), minutes=11, oven=Oven(hot_spot=70))
    assert ", a quarter of it burnt, with Pepperoni" in pt.plots.pizza(pizza).caption


def test_pizzas_lie_in_a_row_in_their_order_and_the_next_row_goes_on():
    pizzas = [Pizza(("Ham",), minutes=minutes) for minutes in (4, 6, 8, 10, 12, 14, 20, 30)]
    titles = [str(number) for number in range(8)]
    picture = pt.plots.pizza_row(pizzas, titles, notes=titles)
    drawn = images(picture)
    assert [image.symbol.name for image in drawn] == [pizza_symbol(pizza).name for pizza in pizzas]
    assert all(one.x < other.x for one, other in itertools.pairwise(drawn[:6]))
    assert drawn[6].y > drawn[5].y + drawn[5].size
    assert words(picture) == [title for title in titles for _ in range(2)]
    assert max(image.y + image.size / 2 for image in drawn) < picture.height
    assert picture.data["minutes"].tolist() == [4, 6, 8, 10, 12, 14, 20, 30]
    assert picture.caption.startswith("0: A pale pizza with Ham")


def test_a_row_needs_as_many_titles_as_pizzas():
    with pytest.raises(ValueError, match="2 pizzas and 1 titles"):
        pt.plots.pizza_row([Pizza(), Pizza()], ["one"])
    with pytest.raises(ValueError, match="at least one pizza"):
        pt.plots.pizza_row([])
