"""The map with doubt in JupyterLab and a real browser: bakes put in and dragged by mouse, and by keyboard."""

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
SOURCE = "import pizzatune as pt\nexplorer_gp = pt.explore.gp()\nexplorer_gp"
BOX = "() => document.querySelector('[data-keys]').dataset.box.split(' ').map(Number)"
START = "explorer_gp.set(step=0, fitted=False, uncover=False, length=60, temperature=225)"
BAKES = "[[bake.heat, bake.told] for bake in explorer.data.bakes]"


@pytest.fixture(scope="module")
def lab(tmp_path_factory, browser):
    with started(tmp_path_factory.mktemp("gp")) as server:
        address = server.address()
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SOURCE)], metadata=kernel)
        nbformat.write(notebook, server.folder / "gp.ipynb")
        page = browser.new_page(viewport=SMALL)
        lab = Lab(page, address)
        lab.open("gp.ipynb")
        lab.run_all()
        yield lab
        page.close()


@pytest.fixture
def gp(lab):
    """The map with nothing baked; afterwards nothing must have failed."""
    gp = ExplorerInLab(lab, lab.cell(0), "explorer_gp")
    gp.wait_until_open()
    assert lab.kernel(START) == ""
    baked(gp, 0)
    yield gp
    assert lab.complaints() == []
    assert gp.kernel("str(explorer.error)") == "None"


def baked(gp, number):
    """Wait until so many bakes are on the map."""
    expect(gp.picture.locator("[data-drag] [data-name]")).to_have_count(number)
    gp.wait_until_still()


def spot(gp, across, up):
    """A share of the map, in px of the page."""
    left, top, wide, high = gp.page.evaluate(BOX)
    place, whole = gp.picture.bounding_box(), gp.picture.get_attribute("viewBox").split()[2]
    scale = place["width"] / float(whole)
    return place["x"] + scale * (left + across * wide), place["y"] + scale * (top + (1 - up) * high)


def middle(gp, bake):
    box = gp.picture.locator(f"[data-name='bake {bake}']").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def band(gp):
    return gp.picture.locator("path.area.doubt").get_attribute("d")


def test_bakes_are_put_in_and_dragged_by_mouse(gp):
    heights = {round(gp.box.bounding_box()["height"])}
    for number, across in enumerate((0.2, 0.5, 0.8), 1):
        gp.page.mouse.click(*spot(gp, across, 0.1))
        baked(gp, number)
        heights.add(round(gp.box.bounding_box()["height"]))
    assert gp.kernel(BAKES) == [[180.0, None], [225.0, None], [270.0, None]]

    x, y = middle(gp, 1)
    doubt, before = gp.kernel("explorer.data.std.tolist()"), band(gp)
    mouse = gp.page.mouse
    mouse.move(x, y)
    mouse.down()
    for by in (20, 40, 60):
        mouse.move(x + by, y + by, steps=3)  # to the side counts for nothing
    expect(gp.reading).to_contain_text("you say")  # while the hand still holds it
    assert band(gp) != before
    mouse.up()
    gp.wait_until_still()
    heats, told = zip(*gp.kernel(BAKES), strict=True)
    assert heats == (180, 225, 270)
    assert told[0] is told[2] is None
    assert told[1] < gp.kernel("explorer.data.bakes[1].tasted") - 1
    assert gp.kernel("explorer.data.std.tolist()") == doubt
    expect(gp.picture.locator(".dot.yours[data-name]")).to_have_count(1)
    heights.add(round(gp.box.bounding_box()["height"]))
    assert max(heights) - min(heights) <= 2

    mouse.dblclick(*middle(gp, 1))
    gp.wait_until_still()
    assert gp.kernel(BAKES)[1] == [225.0, None]
    for across, heat in ((0.9, 285), (0.1, 165)):
        mouse.move(*spot(gp, across, 0.95))
        expect(gp.box.locator(".pt-tip")).to_contain_text(f"{heat} °C: guess")
    mouse.move(5, 5)
    assert gp.sticking_out() == []
    assert gp.too_small() == []


def test_bakes_are_put_in_and_lifted_by_keyboard_alone(lab, gp):
    keys, cells = gp.page.keyboard, len(lab.cells())
    gp.box.locator(".pt-more").evaluate("more => { more.open = false; }")  # dials that nobody sees turn, too
    gp.control("uncover").locator("input").focus()
    for _ in range(6):  # on to the picture by Tab alone
        keys.press("Tab")
        if gp.picture.evaluate("art => art === document.activeElement"):
            break
    expect(gp.picture).to_be_focused()
    keys.press("ArrowUp")  # nothing is baked here yet
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        keys.press(key)
    baked(gp, 1)
    assert gp.kernel(BAKES) == [[235.0, None]]
    tasted = gp.kernel("explorer.score.value")
    for key in ("Shift+ArrowDown", "Shift+ArrowDown", "ArrowUp"):
        keys.press(key)
    expect(gp.reading).to_contain_text(f"you say {tasted - 0.9:.1f} points")
    expect(gp.picture.locator(".dot.yours[data-name]")).to_have_count(1)

    for key in ("Shift+ArrowLeft", "Enter"):
        keys.press(key)
    baked(gp, 2)
    assert gp.kernel(BAKES) == [[235.0, pytest.approx(tasted - 0.9)], [210.0, None]]
    keys.press("d")
    keys.press("d")
    assert len(lab.cells()) == cells

    for _ in range(6):
        keys.press("Shift+Tab")
        if gp.button("undo", "Back").evaluate("one => one === document.activeElement"):
            break
    keys.press("Enter")
    gp.wait_until_still()
    assert gp.kernel(BAKES) == [[235.0, None], [210.0, None]]
