"""A dial in JupyterLab and a real browser: a note stands beside the knob it is about, and nothing jumps."""

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
SOURCE = "import pizzatune as pt\nexplorer_dials = pt.explore.dials()\nexplorer_dials"
KEY = 3  # pizzas that say what yeast does
NOTE = "one => getComputedStyle(one, '::after').content"


@pytest.fixture(scope="module")
def dials(tmp_path_factory, browser):
    with started(tmp_path_factory.mktemp("dials")) as server:
        address = server.address()
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SOURCE)], metadata=kernel)
        nbformat.write(notebook, server.folder / "dials.ipynb")
        page = browser.new_page(viewport=SMALL)
        lab = Lab(page, address)
        lab.open("dials.ipynb")
        lab.run_all()
        dials = ExplorerInLab(lab, lab.cell(0), "explorer_dials")
        dials.wait_until_open()
        yield dials
        assert lab.complaints() == []
        page.close()


def height(dials):
    return round(dials.box.bounding_box()["height"])


def test_zero_on_a_log_dial_is_noted_beside_its_knob_until_it_is_mended(dials):
    low = dials.control("low")
    dials.box.locator(".pt-more").evaluate("more => { more.open = false; }")
    heights = {height(dials)}
    for _ in range(3):
        dials.button("drawn", "Step").click()
    expect(dials.picture.locator("image.symbol")).to_have_count(KEY + 6)
    dials.button("ratios", "Equal ratios").click()
    expect(dials.reading).to_contain_text("Equal ratios:")
    heights.add(height(dials))
    assert low.evaluate(NOTE) in ("none", "normal")

    low.get_by_role("button", name="0", exact=True).press("Enter")
    expect(dials.reading).to_contain_text("a log dial must start above 0")
    expect(dials.picture.locator("image.symbol")).to_have_count(KEY)
    assert "a log dial must start above 0, got low=0" in low.get_attribute("data-note")
    assert low.evaluate(NOTE) not in ("none", "normal")
    heights.add(height(dials))
    assert dials.sticking_out() == []
    assert dials.too_small() == []

    dials.button("ratios", "Equal steps").click()
    expect(dials.picture.locator("image.symbol")).to_have_count(KEY + 6)
    assert low.evaluate(NOTE) in ("none", "normal")
    heights.add(height(dials))
    assert max(heights) - min(heights) <= 2
    assert dials.box.bounding_box()["height"] < SMALL["height"] - 120  # beside JupyterLab's own bars
