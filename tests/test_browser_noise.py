"""A tasting in JupyterLab and a real browser: the winner is tasted again, by mouse and by keyboard."""

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
SOURCE = "import pizzatune as pt\nexplorer_noise = pt.explore.noise(pizzas=5)\nexplorer_noise"


@pytest.fixture(scope="module")
def lab(tmp_path_factory, browser):
    with started(tmp_path_factory.mktemp("noise")) as server:
        address = server.address()
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SOURCE)], metadata=kernel)
        nbformat.write(notebook, server.folder / "noise.ipynb")
        page = browser.new_page(viewport=SMALL)
        lab = Lab(page, address)
        lab.open("noise.ipynb")
        lab.run_all()
        yield lab
        page.close()


@pytest.fixture
def noise(lab):
    """The first evening before it begins; afterwards nothing must have failed."""
    noise = ExplorerInLab(lab, lab.cell(0), "explorer_noise")
    noise.wait_until_open()
    assert lab.kernel("explorer_noise.set(tasted=0, uncover=False)") == ""
    noise.wait_until_still()
    yield noise
    assert lab.complaints() == []
    assert noise.kernel("str(explorer.error)") == "None"


def height(noise):
    return round(noise.box.bounding_box()["height"])


def test_an_evening_is_played_and_its_winner_tasted_again(noise):
    again, play = noise.button("again", "Taste the winner again"), noise.button("tasted", "Play")
    expect(again).to_be_disabled()
    expect(noise.picture.locator("image.symbol")).to_have_count(5)
    noise.box.locator(".pt-more").evaluate("more => { more.open = false; }")
    heights = {height(noise)}
    play.click()
    expect(again).to_be_enabled(timeout=15_000)
    noise.wait_until_still()
    heights.add(height(noise))
    again.click()
    expect(noise.picture.locator(".line.fall")).to_have_count(1)
    expect(noise.reading).to_contain_text("tasted again it gets")
    noise.picture.locator("[data-name=again]").click()  # the pizza itself does the same
    expect(noise.reading).to_contain_text("2 more tastings give")
    noise.control("uncover").locator("input").check()
    expect(noise.picture.locator(".dot.truth")).to_have_count(6)
    noise.wait_until_still()
    heights.add(height(noise))
    assert max(heights) - min(heights) <= 2
    assert noise.box.bounding_box()["height"] < SMALL["height"] - 120  # beside JupyterLab's own bars
    assert noise.sticking_out() == []
    assert noise.too_small() == []


def test_an_evening_by_keyboard_alone(noise):
    keys = noise.page.keyboard
    noise.control("tasted").locator("input[type=range]").focus()
    keys.press("End")
    expect(noise.button("again", "Taste the winner again")).to_be_enabled()
    for _ in range(12):
        keys.press("Tab")
        if noise.button("again", "Taste the winner again").evaluate("one => one === document.activeElement"):
            break
    keys.press("Enter")
    expect(noise.reading).to_contain_text("tasted again it gets")
    keys.press("Tab")
    keys.press("Space")
    expect(noise.picture.locator(".dot.truth")).to_have_count(6)
