"""Every explorer in JupyterLab and a real browser: keys, mouse, buttons, errors, size. At home, one does."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

import pizzatune as pt
from pizzatune.explore.menu_explorer import SETTINGS
from tests.axe_tools import grave
from tests.browser_tools import ExplorerInLab, Lab, started
from tests.how_often import CI

pytestmark = pytest.mark.browser

SMALL, LARGE = {"width": 1366, "height": 768}, {"width": 1920, "height": 1080}
FURNACE = '''
from pizzatune.explore.explorer import Explorer, Knob
from pizzatune.pictures.marks import Text

class Furnace(Explorer):
    """Bursts above 7, goes out at 0, and runs out of coal in the third batch."""

    title, size = "Furnace", (500.0, 300.0)
    heat = Knob(0, 10, value=3)
    batches = Knob(1, 5, value=1, reruns=True)

    def rerun(self):
        for batch in range(self.batches.value):
            if batch == 2:
                raise OSError("no coal")
            yield batch

    def model(self):
        if self.heat.value > 7:
            raise ValueError(f"heat must be 7 or less, got {self.heat.value}; turn it down")
        return 12 / self.heat.value

    def picture(self, hours):
        return {"words": [Text(None, 150, 150, f"{hours:.2f} hours, {self.run + 1} batches")]}

    def read(self, hours):
        return f"It burns for {hours:.2f} hours, batch {self.run + 1}."

explorer_furnace = Furnace()
explorer_furnace
'''
SOURCES = ["import pizzatune as pt"]
EXPLORERS = pt.explore.__all__ if CI else ["bake"]
SOURCES += [f"explorer_{name} = pt.explore.{name}()\nexplorer_{name}" for name in EXPLORERS]
SOURCES += [FURNACE.strip()]
MIDDLE: dict[str, dict[str, object]] = {
    "bayesian": {"step": 8}, "dials": {"drawn": 9}, "duel": {"put_in": 3},
    "envelope": {"step": 8, "unseal": 2}, "genetic": {"generation": 5}, "gp": {"step": 4},
    "grid": {"view": "map", "step": 9}, "history": {"trial": 6}, "menu": {"trial": 9},
    "noise": {"tasted": 20}, "race": {"evening": 12, "racers": ["Random", "Grid"]},
    "random": {"seed": 13, "spin": 5}, "ridge": {"step": 17}, "transfer": {"step": 6, "searches": 2},
}  # fmt: skip
"""Where every knob matters: explorers open at the beginning, before much has happened."""

STRATEGIES = [{"strategy": name} for name in ("genetic", "grid", "random")]
STRATEGIES += [{"strategy": "bayesian", "acquisition": "ucb"}]

TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
STARTS = """
starts = {name: {control: c.value for control, c in explorer.controls.items()}
          for name, explorer in list(globals().items()) if name.startswith("explorer_")}
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory, browser):
    """A notebook with all explorers, each in a cell of its own, run in a kernel."""
    with started(tmp_path_factory.mktemp("explorers")) as server:
        address = server.address()
        cells = [nbformat.v4.new_code_cell(source) for source in SOURCES]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        notebook = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
        nbformat.write(notebook, server.folder / "explorers.ipynb")
        page = browser.new_page(viewport=SMALL)
        lab = Lab(page, address)
        lab.folder = server.folder
        lab.open("explorers.ipynb")
        lab.run_all()
        assert [cell["execution_count"] for cell in lab.cells()] == list(range(1, len(cells) + 1))
        assert lab.kernel(STARTS) == ""
        yield lab
        page.close()


@pytest.fixture
def explorer(lab, request):
    """The explorer that the test names, as it was when it was opened; afterwards nothing must have failed."""
    name = request.param
    number = [*EXPLORERS, "furnace"].index(name) + 1
    explorer = ExplorerInLab(lab, lab.cell(number), f"explorer_{name}")
    explorer.wait_until_open()
    explorer.start_again()
    yield explorer
    explorer.wait_until_still()
    assert lab.complaints() == []
    assert explorer.kernel("str(explorer.error)") == "None"
    assert "pt-failed" not in explorer.box.get_attribute("class")
    assert explorer.cell.locator(".pt-art").count() == 1


every_explorer = pytest.mark.parametrize("explorer", EXPLORERS, indirect=True)


def numbers(explorer):
    """The controls with a slider that can be turned now, by name."""
    return {
        name: control for name, control in explorer.plan().items() if "low" in control and control["enabled"]
    }


# -- turning ------------------------------------------------------------------------------------------------


def press(explorer, name):
    """Turn a control with the keyboard until picture or sentence are others."""
    before = explorer.look()
    for _ in range(6):  # one step may be too small to be seen, or another option the same as the first
        with explorer.turning(name):
            explorer.turn_by_key(name)
        if explorer.look() != before:
            return
    pytest.fail(f"{name}: after six turns nothing has changed; it says {before.reading}")


@every_explorer
def test_a_key_on_each_knob_changes_what_is_seen(explorer):
    middle = MIDDLE.get(explorer.name.removeprefix("explorer_"), {})
    explorer.start_again(**middle)
    at_first = [name for name, control in explorer.plan().items() if control["enabled"]]
    for name in at_first:
        if not explorer.plan()[name]["enabled"]:  # by what was turned before it
            explorer.start_again(**middle)
        press(explorer, name)
    if explorer.name == "explorer_menu":
        return  # the settings of other strategies come in the next test
    for name in set(explorer.plan()) - set(at_first):
        explorer.start_again(**middle)
        for other in at_first:
            if "low" not in explorer.plan()[other] and not explorer.plan()[name]["enabled"]:
                with explorer.turning(other):
                    explorer.turn_by_key(other)
        if explorer.plan()[name]["shown"]:  # a list of one option never is
            press(explorer, name)


@pytest.mark.skipif(not CI, reason="all explorers are looked at where CI=true")
@pytest.mark.parametrize("explorer", ["menu"], indirect=True)
@pytest.mark.parametrize("chosen", STRATEGIES, ids=lambda chosen: chosen["strategy"])
def test_a_key_on_each_setting_of_a_strategy_changes_what_is_seen(explorer, chosen):
    explorer.start_again(**chosen, trial=12)
    for name in reversed(SETTINGS[chosen["strategy"]]):  # kappa matters to one acquisition alone
        press(explorer, name)
    assert explorer.sticking_out() == []


@every_explorer
def test_a_number_typed_is_the_number_it_shows(explorer):
    kinds: dict[tuple[bool, bool], str] = {}
    for name, control in numbers(explorer).items():
        kinds.setdefault((control["whole"], control["log"]), name)  # not the seed, if there is another one:
    assert kinds  # two seeds can have the same luck
    for (whole, _), name in kinds.items():
        control = explorer.plan()[name]
        number = (control["low"] + control["high"]) / 2
        number = round(number) if whole else round(number, 2)
        number += number == control["value"]
        before = explorer.look()
        with explorer.turning(name):
            explorer.type_number(name, f"{number:g}")
        explorer.wait_for_change(before)
        assert explorer.kernel(f"explorer.{name}.to_page()") == number


@every_explorer
def test_a_slider_dragged_with_the_mouse_ends_where_it_is_let_go(explorer):
    name, control = next(iter(numbers(explorer).items()))
    to_high = control["value"] < (control["low"] + control["high"]) / 2
    before = explorer.look()
    with explorer.turning(name):
        explorer.drag(name, 1.0 if to_high else 0.0)
    explorer.wait_for_change(before)
    end = f"{control['high' if to_high else 'low']:g}"
    explorer.wait_for_number(name, end)
    assert f"{explorer.kernel(f'explorer.{name}.to_page()'):g}" == end


@every_explorer
def test_its_buttons_play_pause_step_and_reset(explorer):
    steps = [name for name, plan in explorer.plan().items() if plan["kind"] == "steps" and plan["shown"]]
    for name in steps:
        value = f"explorer.{name}.to_page()"
        low = explorer.plan()[name]["low"]
        start = explorer.look()
        assert explorer.button(name, "Reset").is_disabled()

        explorer.button(name, "Step").press("Space")
        stepped = explorer.wait_for_change(start)
        assert explorer.kernel(value) == low + 1

        explorer.button(name, "Play").click()
        explorer.button(name, "Pause").wait_for()
        explorer.wait_for_change(stepped)
        explorer.button(name, "Pause").click()
        explorer.button(name, "Play").wait_for()
        explorer.wait_until_still()
        paused = explorer.kernel(value)
        assert paused >= low + 2
        explorer.page.wait_for_timeout(1500 * explorer.plan()[name]["seconds"])
        assert explorer.kernel(value) == paused  # it stands still

        explorer.button(name, "Reset").click()
        explorer.wait_for_number(name, f"{low}")
        explorer.wait_until_still()
        explorer.wait_for_reading(start.reading)


@every_explorer
def test_at_the_end_step_is_grey_and_play_becomes_again(explorer):
    steps = [name for name, plan in explorer.plan().items() if plan["kind"] == "steps" and plan["shown"]]
    for name in steps:
        with explorer.turning(name):
            explorer.drag(name, 1.0)
        expect(explorer.button(name, "Again")).to_be_visible()
        expect(explorer.button(name, "Step")).to_be_disabled()
        with explorer.turning(name):
            explorer.button(name, "Again").click()
        explorer.button(name, "Pause").click()
        assert explorer.kernel(f"explorer.{name}.to_page()") < explorer.plan()[name]["high"]


@every_explorer
def test_keys_never_reach_the_notebook(lab, explorer):
    cells = lab.how_many_cells()
    for control in explorer.box.locator("input, select, button").all():
        if not control.is_enabled() or not control.is_visible():
            continue
        control.focus()
        for key in ("d", "d", "a", "x"):
            explorer.page.keyboard.press(key)
        assert control.evaluate("control => control === document.activeElement")
        assert lab.how_many_cells() == cells


def test_everybody_can_use_all_of_them(lab):
    assert grave(lab.page) == []  # of every explorer at once: it looks at the whole page anyway


@every_explorer
def test_a_slider_says_its_number_and_a_picture_its_sentence(explorer):
    for slider in explorer.box.locator("input[type=range]").all():
        number = slider.locator("xpath=ancestor::*[@data-control]").locator("input[type=number]")
        assert slider.get_attribute("aria-valuetext").startswith(number.input_value())
    assert explorer.picture.get_attribute("aria-label")


@every_explorer
def test_its_height_never_jumps_while_it_plays(explorer):
    for name, control in explorer.plan().items():
        if control["kind"] == "steps" and control["shown"]:
            heights = set()
            low, high = control["low"], control["high"]
            for value in (low, low + 1, (low + high) // 2, high):
                turned = f"explorer.{name}.from_page({value})"
                explorer.kernel(f"explorer.{name}.__setattr__('value', {turned})")
                explorer.wait_until_still()
                explorer.page.evaluate(TWO_FRAMES)
                heights.add(round(explorer.box.bounding_box()["height"]))
            assert max(heights) - min(heights) <= 2


@every_explorer
def test_what_a_mark_says_appears_when_the_mouse_rests_on_it(explorer):
    explorer.picture.locator("[data-tip]").last.dispatch_event("pointerover")
    expect(explorer.box.locator(".pt-tip")).to_be_visible()
    assert explorer.box.locator(".pt-tip").inner_text().strip()
    explorer.page.mouse.move(5, 5)


@pytest.mark.skipif(not CI, reason="at home a test without a browser drags")
@pytest.mark.parametrize("explorer", ["history"], indirect=True)
def test_a_trial_is_dragged_to_another_score_and_a_press_alone_travels_to_it(explorer):
    explorer.start_again(trial=6)
    for number, by in ((3, 60), (8, 0)):
        explorer.drag_mark(f"trial {number}", (0, by))
        explorer.wait_until_still()
        assert explorer.kernel("explorer.trial.value") == number
        assert 3 in explorer.kernel("sorted(explorer.data.timeline.imagined)")
    assert explorer.kernel("explorer.data.timeline.trials[3].score < explorer.data.real[3].score")


@pytest.mark.skipif(not CI, reason="at home a test without a browser drags")
@pytest.mark.parametrize("explorer", ["ridge"], indirect=True)
def test_a_start_is_dragged_on_one_map_and_you_bake_on_the_other_by_keys_and_mouse(explorer):
    explorer.start_again()
    explorer.drag_mark("start", (0, 60))
    explorer.wait_until_still()
    assert explorer.kernel("explorer.start.value") < 10
    explorer.start_again(both="you")
    explorer.picture.focus()
    for key in ("ArrowRight", "ArrowDown", "Enter"):
        explorer.page.keyboard.press(key)
    expect(explorer.picture.locator("image.symbol")).to_have_count(2)
    assert explorer.kernel("list(explorer.data.baked[1][0].params.values())") == [200, 8]
    explorer.picture.locator("[data-name='bake']").first.click()
    expect(explorer.picture.locator("image.symbol")).to_have_count(4)
    assert explorer.kernel("explorer.data.baked[1][1].params['temperature']") == 240


@pytest.mark.skipif(not CI, reason="at home a test without a browser opens envelopes")
@pytest.mark.parametrize("explorer", ["envelope"], indirect=True)
def test_the_envelope_is_opened_by_its_button_by_a_click_on_it_and_on_a_pizza(explorer):
    explorer.start_again(step=6)
    explorer.control("unseal").get_by_role("button").press("Enter")
    expect(explorer.picture).to_contain_text("opened once")
    explorer.picture.locator("[data-name='envelope']").click()
    expect(explorer.picture).to_contain_text("opened 2 times")
    explorer.picture.locator("[data-name^='pizza']").last.click()
    expect(explorer.picture).to_contain_text("opened 3 times")
    assert len(set(explorer.kernel("explorer.data.opened"))) == 3
    assert explorer.sticking_out() == []


# -- errors -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("explorer", ["furnace"], indirect=True)
@pytest.mark.parametrize(
    "knob, number, words",
    [
        ("heat", 9, "Heat must be 7 or less, got 9; turn it down."),
        ("heat", 0, "Something went wrong here (ZeroDivisionError: division by zero)."),
        ("batches", 4, "Something went wrong here (OSError: no coal)."),
    ],
)
def test_an_error_is_said_in_place_and_the_knobs_go_on(explorer, knob, number, words):
    before = explorer.look()
    explorer.type_number(knob, f"{number}")
    failed = explorer.wait_for_change(before, picture=False)
    assert failed.reading.startswith(words)
    assert explorer.box.locator(".pt-reading[role=alert]").is_visible()
    expect(explorer.picture).not_to_have_css("opacity", "1")  # it fades, so wait
    explorer.type_number(knob, "2")
    mended = explorer.wait_for_change(failed)
    assert mended.reading.startswith("It burns for")
    assert "pt-failed" not in explorer.box.get_attribute("class")


# -- size ---------------------------------------------------------------------------------------------------


@every_explorer
@pytest.mark.parametrize(
    "size, sidebar", [(SMALL, True), (SMALL, False), (LARGE, True)], ids=["small", "small-wide", "large"]
)
def test_nothing_sticks_out_sideways(lab, explorer, size, sidebar):
    lab.page.set_viewport_size(size)
    lab.show_sidebar(sidebar)
    box, panel = explorer.box.bounding_box(), explorer.box.locator(".pt-panel").bounding_box()
    picture = explorer.picture.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    assert panel["x"] + panel["width"] <= picture["x"], "the knobs lie beside the picture"
    assert panel["y"] < picture["y"] + picture["height"]
    assert picture["width"] > size["width"] / 3
    assert explorer.sticking_out() == []
    assert explorer.too_small() == []
    photograph(lab, explorer)
    if size == LARGE:
        explorer.box.get_by_role("button", name="Large").focus()  # which scrolls to it
        before = explorer.box.bounding_box()
        explorer.page.keyboard.press("L")
        assert explorer.box.bounding_box() == {"x": 0, "y": 0, **size}
        photograph(lab, explorer, "-large")
        explorer.page.keyboard.press("Escape")
        assert explorer.box.bounding_box() == before


def photograph(lab, explorer, look=""):
    """Where PIZZATUNE_SCREENSHOTS names a folder, put what is on the screen there, in both themes."""
    folder = os.environ.get("PIZZATUNE_SCREENSHOTS")
    if not folder:
        return
    size = lab.page.viewport_size
    name = f"{explorer.name.removeprefix('explorer_')}-{size['width']}x{size['height']}"
    name += look or ("" if lab.page.locator("#jp-left-stack").is_visible() else "-wide")
    for theme in ("Dark", "Light"):
        lab.use_theme(theme)
        if not look:
            explorer.cell.evaluate("cell => cell.scrollIntoView()")
        lab.page.screenshot(path=Path(folder) / f"{name}-{theme.lower()}.png")


# -- without its kernel -------------------------------------------------------------------------------------


def test_what_was_saved_shows_its_pictures_untrusted(lab):
    lab.save()
    saved = lab.folder / "explorers.ipynb"
    notebook = nbformat.read(saved, as_version=4)
    notebook.metadata["changed"] = "by somebody else"  # so that no signature fits
    nbformat.write(notebook, lab.folder / "again.ipynb")
    lab.open("again.ipynb", kernel=False)
    try:
        trusted = "() => window.jupyterapp.shell.currentWidget.model.cells.get(1).trusted"
        assert not lab.page.evaluate(trusted)
        for number in range(1, len(SOURCES)):
            assert lab.wait_for_pictures(lab.cell(number)) == 1
            assert lab.cell(number).locator(".jp-OutputArea-output img").get_attribute("alt")
    finally:
        lab.close()
        lab.open("explorers.ipynb")


def test_a_stored_notebook_turned_into_a_page_shows_its_pictures(lab):
    from nbconvert import HTMLExporter

    lab.save()
    notebook = nbformat.read(lab.folder / "explorers.ipynb", as_version=4)
    for cell in notebook.cells:  # as docs/store_notebooks.py leaves them
        for output in cell.outputs:
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    page, _ = HTMLExporter().from_notebook_node(notebook)
    assert page.count('src="data:image/svg+xml;base64,') == len(SOURCES) - 1
