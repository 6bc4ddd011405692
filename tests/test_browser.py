"""`python -m pizzatune start`, as a learner meets it: a real server, a real browser, every lesson."""

from __future__ import annotations

import json
import shutil
import signal
import sys
import urllib.request

import nbformat
import pytest
from playwright.sync_api import expect

import pizzatune
from pizzatune._files import notebooks_dir
from tests.axe_tools import grave
from tests.browser_tools import Lab, started
from tests.how_often import CI

pytestmark = pytest.mark.browser

LESSONS = sorted(path.name for path in notebooks_dir().glob("*.ipynb"))


@pytest.fixture(scope="module")
def kitchen(tmp_path_factory):
    """Pizzatune, started in a folder of its own."""
    with started(tmp_path_factory.mktemp("browser")) as server:
        yield server


@pytest.fixture(scope="module")
def lab(kitchen, browser):
    """JupyterLab in one page, as `start` opens it; then for one notebook after the other."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    yield Lab(page, kitchen.address(), empty=False)
    page.close()


@pytest.fixture
def opened(lab, lesson):
    """The lesson in JupyterLab, with a kernel."""
    lab.open(lesson)
    yield lab
    lab.close()


def pictures(cell):
    """The pictures of a stored cell."""
    outputs = (output.get("data", {}) for output in cell.get("outputs", ()))
    return [data for data in outputs if "data:image/svg+xml;" in "".join(data.get("text/html", ""))]


def test_start_opens_the_first_lesson_with_a_kernel_of_this_environment(kitchen, lab):
    with urllib.request.urlopen(f"{kitchen.address().split('/lab')[0]}/api", timeout=20) as answer:
        assert answer.status == 200

    page = lab.page
    lab.wait_for_kernel()
    assert page.evaluate("() => window.jupyterapp.shell.currentWidget.context.path") == "00-start-here.ipynb"
    said = lab.kernel("import sys, pizzatune; print(sys.executable, pizzatune.__file__, sep='\\n')")
    assert said.split("\n") == [sys.executable, pizzatune.__file__]
    # Nothing covers the lesson: no news, no question, no error.
    assert page.locator(".Toastify__toast, .jp-Dialog").all_inner_texts() == []
    lab.close()


@pytest.mark.parametrize("lesson", LESSONS if CI else LESSONS[:1])
def test_without_a_kernel_a_lesson_shows_its_stored_pictures(kitchen, lab, lesson):
    shutil.copy(notebooks_dir() / lesson, kitchen.folder / f"stored-{lesson}")  # the learner's has none yet
    lab.open(f"stored-{lesson}", kernel=False)
    assert not lab.has_kernel()
    cells = lab.cells()
    assert sum(map(len, map(pictures, cells))) > 0
    for number, cell in enumerate(cells):
        if pictures(cell):
            assert lab.wait_for_pictures(lab.cell(number)) == len(pictures(cell))
            words = lab.cell(number).locator(".jp-OutputArea").inner_text()
            assert words.strip()
    assert lab.page.locator(".jp-Notebook:visible .jupyter-widgets").count() == 0
    lab.close()


def test_help_below_a_check_opens_by_keyboard_and_what_is_skipped_is_kept(kitchen, lab):
    cell = nbformat.v4.new_code_cell("import pizzatune as pt\npt.lessons.check('dials.sort', 'X')")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=kernel), kitchen.folder / "help.ipynb")
    lab.open("help.ipynb")
    lab.run_all()
    box = lab.cell(0).locator(".pt-help")
    expect(box).to_contain_text("Not yet: X is none of the letters from A to H")
    group = box.get_by_role("group", name="Help with dials.sort")
    group.get_by_role("button", name="Hint 1").focus()
    lab.page.keyboard.press("Enter")
    expect(box.get_by_role("status")).to_contain_text("Hint 1: Ask of each")
    lab.page.keyboard.press("Tab")
    lab.page.keyboard.press("Space")
    expect(box.get_by_role("status").locator("li")).to_have_count(2)
    expect(box).not_to_contain_text("pt.lessons.hint")
    assert grave(lab.page, ".pt-help") == []
    group.get_by_role("button", name="I know this, skip").click()
    expect(box.get_by_role("status")).to_contain_text("Go on with the next cell")
    assert "dials.sort: skipped" in (kitchen.folder / "my-progress.txt").read_text(encoding="utf-8")
    assert lab.complaints() == []
    lab.close()


@pytest.mark.skipif(not CI, reason="lessons run in the browser where CI=true; everywhere else, without one")
@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_runs_to_its_end(opened):
    opened.run_all()
    cells = opened.cells()
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    outputs = [output for cell in code for output in cell["outputs"]]
    assert [output for output in outputs if output["output_type"] == "error"] == []
    assert opened.complaints() == []
    for number, cell in enumerate(cells):
        if pictures(cell) and "widget-view" not in str(cell["outputs"]):
            assert opened.wait_for_pictures(opened.cell(number)) == len(pictures(cell))
    # What is stored as a still picture is a live explorer now.
    stored = json.loads((notebooks_dir() / opened.path).read_text(encoding="utf-8"))
    code = ["".join(cell["source"]) for cell in stored["cells"] if cell["cell_type"] == "code"]
    opens = ("pt.explore.", ".explore(", "pt.lessons.predict(")
    explorers = sum(any(door in source for door in opens) for source in code)
    assert opened.page.locator(".jp-Notebook:visible .pt-explorer").count() == explorers


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot send Ctrl-C to one process alone")
def test_one_ctrl_c_ends_it_cleanly(kitchen):
    kitchen.address()
    before = kitchen.said.read_text(encoding="utf-8")  # a kernel that was shut down may have grumbled
    kitchen.process.send_signal(signal.SIGINT)
    assert kitchen.process.wait(timeout=30) == 0
    assert "Traceback" not in kitchen.said.read_text(encoding="utf-8").removeprefix(before)
