"""Whole duels in JupyterLab and a real browser: one by mouse, one by keyboard alone."""

from __future__ import annotations

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser_tools import ExplorerInLab, Lab, started
from tests.how_often import CI

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CI, reason="at home one explorer is driven in the browser, bake"),
]

SMALL = {"width": 1366, "height": 768}
PIZZAS = 4
SOURCE = (
    f"import pizzatune as pt\nexplorer_duel = pt.explore.duel('Bayesian', pizzas={PIZZAS})\nexplorer_duel"
)
BOX = "() => document.querySelector('[data-keys]').dataset.box.split(' ').map(Number)"

BUSY = """
code => {
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    kernel.requestExecute({code, store_history: false});
}
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory, browser):
    with started(tmp_path_factory.mktemp("duel")) as server:
        address = server.address()
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SOURCE)], metadata=kernel)
        nbformat.write(notebook, server.folder / "duel.ipynb")
        page = browser.new_page(viewport=SMALL)
        lab = Lab(page, address)
        lab.open("duel.ipynb")
        lab.run_all()
        yield lab
        page.close()


@pytest.fixture
def duel(lab):
    """A new duel in the first oven; afterwards nothing must have failed."""
    duel = ExplorerInLab(lab, lab.cell(0), "explorer_duel")
    duel.wait_until_open()
    assert lab.kernel("explorer_duel.set(seed=1, put_in=0)") == ""
    duel.wait_until_still()
    yield duel
    assert lab.complaints() == []
    assert duel.kernel("str(explorer.error)") == "None"


def baked(duel, number):
    """Wait until so many pizzas are on the map."""
    circles = duel.picture.locator(".dot.mine")
    expect(circles).to_have_count(number)
    duel.wait_until_still()


def height(duel):
    return round(duel.box.bounding_box()["height"])


def click_map(duel, across, up):
    """Click at a share of the map."""
    left, top, wide, high = duel.page.evaluate(BOX)
    place, whole = duel.picture.bounding_box(), duel.picture.get_attribute("viewBox").split()[2]
    scale = place["width"] / float(whole)
    x, y = place["x"] + scale * (left + across * wide), place["y"] + scale * (top + (1 - up) * high)
    duel.page.mouse.click(x, y)


def test_a_whole_duel_by_mouse_and_a_rematch(duel):
    expect(duel.picture.locator(".curtain")).to_have_count(0)
    duel.box.locator(".pt-more").evaluate("more => { more.open = false; }")
    heights = {height(duel)}
    places = [(0.3, 0.5), (0.6, 0.4), (0.7, 0.7)]
    for number, (across, up) in enumerate(places, 1):
        click_map(duel, across, up)
        baked(duel, number)
        heights.add(height(duel))
    click_map(duel, 0.6, 0.4)  # on a mark, and on its number: that is a place like any other
    baked(duel, PIZZAS)
    trials = duel.kernel("[list(t.params.values()) for t in explorer.result.trials]")
    assert trials[3] == trials[1]
    assert [round(heat) for heat, _ in trials] == [195, 240, 255, 240]

    expect(duel.reading).to_contain_text("This oven's best")
    expect(duel.picture.locator(".dot.theirs")).to_have_count(PIZZAS)
    expect(duel.picture.locator(".curtain")).to_have_css("opacity", "0")  # it was lifted
    heights.add(height(duel))
    assert max(heights) - min(heights) <= 2
    assert duel.box.bounding_box()["height"] < SMALL["height"] - 120  # beside JupyterLab's own bars
    assert duel.sticking_out() == []
    assert duel.too_small() == []

    duel.button("rematch", "Rematch").click()
    baked(duel, 0)
    assert duel.kernel("explorer.seed.value") == 2
    assert duel.button("put_in", "Bake").is_enabled()


def test_a_whole_duel_by_keyboard_alone(lab, duel):
    keys, cells = duel.page.keyboard, len(lab.cells())
    duel.control("minutes").locator("input[type=range]").focus()
    for _ in range(9):  # on to the map by Tab alone
        keys.press("Tab")
        if duel.picture.evaluate("art => art === document.activeElement"):
            break
    expect(duel.picture).to_be_focused()
    expect(duel.picture).to_have_attribute("role", "application")
    start = duel.kernel("[explorer.temperature.value, explorer.minutes.value]")
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "ArrowLeft", "Shift+ArrowRight"):
        keys.press(key)
    keys.press("Enter")
    baked(duel, 1)
    (first,) = duel.kernel("[list(t.params.values()) for t in explorer.result.trials]")
    assert first[0] == start[0] + (2 - 1 + 5) * 5
    assert first[1] == pytest.approx(start[1] * 10 ** (1 / 50), rel=0.03)
    expect(duel.control("temperature").locator("input[type=number]")).to_have_value(f"{first[0]:g}")
    for number in range(2, PIZZAS + 1):
        keys.press("ArrowDown")
        keys.press("Enter")
        baked(duel, number)
    expect(duel.reading).to_contain_text("This oven's best")
    keys.press("Enter")  # one too many
    keys.press("ArrowLeft")
    keys.press("d")
    keys.press("d")
    duel.page.wait_for_timeout(300)
    assert duel.kernel("len(explorer.result.trials)") == PIZZAS
    assert len(lab.cells()) == cells

    for _ in range(12):  # and back to the button for another oven
        keys.press("Shift+Tab")
        if duel.button("rematch", "Rematch").evaluate("one => one === document.activeElement"):
            break
    keys.press("Enter")
    baked(duel, 0)
    assert duel.kernel("explorer.seed.value") == 2


def test_no_press_is_lost_or_moved_while_the_kernel_is_busy(duel):
    start = duel.kernel("explorer.temperature.value")
    duel.page.evaluate(BUSY, "import time; time.sleep(1.5)")
    duel.picture.focus()
    for key in ("ArrowRight", "Enter", "ArrowRight", "Enter"):
        duel.page.keyboard.press(key)
    baked(duel, 2)
    heats = duel.kernel("[t.params['temperature'] for t in explorer.result.trials]")
    assert heats == [start + 5, start + 10]


def test_who_wants_no_motion_gets_none(duel):
    duel.page.emulate_media(reduced_motion="reduce")
    for number in range(1, PIZZAS + 1):
        duel.button("put_in", "Bake").click()
        baked(duel, number)
    curtain = duel.picture.locator(".curtain")
    expect(curtain).to_have_css("opacity", "0")
    assert curtain.evaluate("one => one.getAnimations().length") == 0
    duel.page.emulate_media(reduced_motion="no-preference")
