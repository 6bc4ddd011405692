"""A layer that is redrawn looks as if it were new, yet keeps what did not change, in a real browser."""

from __future__ import annotations

import random
import re

import pytest

import pizzatune as pt
from pizzatune.explore import widget
from pizzatune.pictures import svg
from pizzatune.pictures.marks import Image
from tests.how_often import CI

pytestmark = pytest.mark.browser

PAGE = """
<svg id="picture"><g id="kept"></g><g id="fresh"></g></svg>
<script type="module">CODE; window.redraw = redraw;</script>
"""
BOTH = """
marks => {
    const kept = document.getElementById('kept'), fresh = document.getElementById('fresh');
    const before = new Set(kept.querySelectorAll('*'));
    redraw(kept, marks);
    fresh.innerHTML = marks;
    const same = kept.childNodes.length === fresh.childNodes.length
        && [...kept.childNodes].every((one, place) => one.isEqualNode(fresh.childNodes[place]));
    return [same, [...kept.querySelectorAll('*')].filter(one => before.has(one)).length];
}
"""
VIEW = """
<div id="place"></div>
<style>STYLE</style>
<script type="module">
CODE
const model = { on: (_, take) => { window.tell = take; }, off: () => {}, send: () => {} };
window.view.render({ model, el: document.getElementById("place") });
</script>
"""
LIT = "() => [...document.querySelectorAll('.pt-lit image.lit')].map(one => one.dataset.id)"
TURNS = {"genetic": "generation", "menu": "trial", "transfer": "step", "duel": "temperature", "grid": "step"}


@pytest.fixture(scope="module")
def page(browser):
    code = (widget.HERE / "layers.js").read_text(encoding="utf-8").replace("export ", "")
    page = browser.new_page()
    page.set_content(PAGE.replace("CODE", code))
    page.wait_for_function("() => window.redraw")
    yield page
    page.close()


def drawn(marks):
    """A layer as text; no page is asked for pizzas here."""
    return re.sub(r'href="#[^"]+"', 'href="data:,"', svg.layer(marks))


@pytest.mark.parametrize("name", TURNS if CI else ["genetic"])
def test_a_redrawn_layer_looks_as_if_it_were_new(page, name):
    explorer = getattr(pt.explore, name)()
    knob = explorer.controls[TURNS[name]]
    layers = {}
    for turn in (0, 1, 2, 5, 6, 3, 0):
        knob.value = min(knob.low + turn * knob.step, knob.high)
        for layer, marks in explorer.marks.items():
            layers.setdefault(layer, []).append(drawn(marks))
    of_all = [marks for drawings in layers.values() for marks in drawings]
    random.Random(0).shuffle(of_all)  # and from any layer to any other
    for marks in [*(marks for drawings in layers.values() for marks in drawings), *of_all[:20]]:
        assert page.evaluate(BOTH, marks)[0], marks


def test_a_pizza_that_stays_is_the_same_image_where_others_come_and_go(page):
    explorer = pt.explore.genetic()
    before = explorer.marks["row 0"]
    page.evaluate(BOTH, drawn(before))
    explorer.generation.value = 14
    explorer.generation.value = 3
    row = explorer.marks["row 0"]
    assert len(row) == len(before) - 1  # the ring is around another
    looks_new, kept = page.evaluate(BOTH, drawn(row))
    assert looks_new
    assert kept == len(row)


def test_a_curtain_falls_anew(page):
    curtain = '<rect class="bar curtain" x="0" y="0" width="9" height="9"/>'
    assert page.evaluate(BOTH, curtain) == [True, 0]
    assert page.evaluate(BOTH, curtain + curtain) == [True, 0]


@pytest.fixture
def families(browser):
    """Two generations of pizzas on a page, without Jupyter."""
    code = widget.joined(*widget.VIEW).replace("export default", "window.view =")
    page = browser.new_page()
    page.set_content(VIEW.replace("CODE", code).replace("STYLE", widget.Widget._css.default_value))
    page.wait_for_function("() => window.tell")
    explorer = pt.explore.genetic(generation=1)
    explorer.send = lambda message: page.evaluate("message => tell(message)", message)
    explorer._take_message(None, {"do": "hello", "turn": 0}, None)
    page.wait_for_function("() => document.querySelectorAll('image.symbol').length === 16")
    yield page, explorer
    page.close()


def test_whoever_is_pointed_at_keeps_all_relatives_lit_as_children_come(families):
    page, explorer = families
    first = next(mark for mark in explorer.marks["row 0"] if isinstance(mark, Image) and mark.kin)
    page.hover(f'image[data-id="{first.id}"]')
    assert set(page.evaluate(LIT)) == {first.id, *first.kin}
    explorer.generation.value = 2
    page.wait_for_function("() => document.querySelectorAll('image.symbol').length === 24")
    now = next(mark for mark in explorer.marks["row 0"] if isinstance(mark, Image) and mark.id == first.id)
    assert set(now.kin) > set(first.kin)
    assert set(page.evaluate(LIT)) == {now.id, *now.kin}
    assert page.locator(".pt-tip").inner_text() == now.tip


def test_a_card_keeps_its_picture_until_the_next_is_there(families):
    page, explorer = families
    before = page.locator(".pt-card img").first.element_handle()
    explorer.generation.value = 2
    assert page.evaluate("one => one === document.querySelector('.pt-card img')", before)
    symbol = explorer._card.last.symbol.name
    page.wait_for_function(
        "name => document.querySelector('.pt-card img').src === "
        "document.querySelector(`image[data-symbol=${name}]`)?.getAttribute('href')",
        arg=symbol,
    )
