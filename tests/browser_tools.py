"""A learner's JupyterLab and a hand on its keyboard and mouse, for the tests that drive a real browser."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pizzatune

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

PATIENCE = 60_000  # ms for anything but running a whole lesson: a busy machine is no failure
LESSON_PATIENCE = 180_000  # ms

SETTINGS = {
    "docmanager-extension/plugin": {"autosave": False},
    "notebook-extension/tracker": {"windowingMode": "none"},  # every cell is in the page
}

IN_THE_KERNEL = """
async code => {
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    const future = kernel.requestExecute({code, store_history: false});
    let printed = '';
    future.onIOPub = message => {
        if (message.header.msg_type === 'stream') printed += message.content.text;
        if (message.header.msg_type === 'error') printed += message.content.traceback.join('\\n');
    };
    await future.done;
    return printed.trim();
}
"""
OPEN = """
async ([path, kernelPreference]) => {
    const app = window.jupyterapp;
    await app.restored;
    const asked = kernelPreference ? {kernelPreference} : {};
    const panel = await app.commands.execute('docmanager:open', {path, factory: 'Notebook', ...asked});
    await panel.context.ready;
    await panel.revealed;
    app.shell.activateById(panel.id);
    // What a kernel says that belongs to no cell would be seen by nobody.
    window.complaints = [];
    panel.sessionContext.iopubMessage.connect((_, {header, content}) => {
        if (header.msg_type === 'error') window.complaints.push(content.traceback.join('\\n'));
        if (header.msg_type === 'stream' && content.name === 'stderr') window.complaints.push(content.text);
    });
}
"""
KERNEL_IDLE = (
    "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
)
CLOSE = """
async () => {
    const panel = window.jupyterapp.shell.currentWidget;
    await panel.sessionContext.shutdown();
    panel.dispose();  // closing it would ask whether to save
}
"""
RUN_ALL = """
() => {
    window.allRan = false;
    window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => { window.allRan = true; });
}
"""
CELLS = "() => window.jupyterapp.shell.currentWidget.model.sharedModel.toJSON().cells"
STICKING_OUT = """
box => {
    const found = [], right = box.getBoundingClientRect().right;
    for (let outer = box; outer; outer = outer.parentElement)
        if (outer.scrollWidth > outer.clientWidth + 1 && outer.clientWidth > 0) found.push(outer.className);
    for (const part of box.querySelectorAll('*'))
        if (part.offsetParent && part.getBoundingClientRect().right > right + 1) found.push(part.className);
    for (const words of box.querySelectorAll('label, button, .pt-label, .pt-title, .pt-reading p'))
        if (words.clientWidth > 1 && words.scrollWidth > words.clientWidth + 1) found.push(words.textContent);
    const picture = box.querySelector('.pt-art').getBoundingClientRect();
    for (const words of box.querySelectorAll('.pt-art text')) {
        const place = words.getBoundingClientRect();
        const outside = place.left < picture.left - 1 || place.right > picture.right + 1;
        if (outside || place.bottom > picture.bottom + 1)
            found.push(words.textContent);
    }
    return found;
}
"""
TOO_SMALL = """
box => [...box.querySelectorAll('.pt-art text')].filter(words => {
    const scale = words.getCTM().a;
    return parseFloat(getComputedStyle(words).fontSize) * scale < 11;
}).map(words => words.textContent)
"""
PICTURES_DRAWN = """
cell => [...cell.querySelectorAll('img')].every(
    image => image.complete && image.naturalWidth > 20 && image.offsetWidth > 20)
"""
LOOK = "box => [box.querySelector('.pt-art').innerHTML, box.querySelector('.pt-reading').innerText]"
CHANGED = """
([box, drawn, reading]) => {
    const now = box.querySelector('.pt-art').innerHTML, words = box.querySelector('.pt-reading').innerText;
    return (drawn === null || now !== drawn) && words !== reading;
}
"""


def own_jupyter(place: Path) -> dict[str, str]:
    """An environment in which Jupyter keeps all it keeps in `place`, and finds this package."""
    folders = ["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"]
    folders += ["JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR"]
    checkout = str(Path(pizzatune.__file__).resolve().parent.parent)
    for plugin, values in SETTINGS.items():
        file = place / f"JUPYTERLAB_SETTINGS_DIR/@jupyterlab/{plugin}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values), encoding="utf-8")
    return {**os.environ, **{name: str(place / name) for name in folders}, "PYTHONPATH": checkout}


@dataclass
class Server:
    """``python -m pizzatune start``, running; its lessons are in `folder`, what it printed in `said`."""

    process: subprocess.Popen[bytes]
    said: Path
    folder: Path

    def address(self, seconds: float = 60) -> str:
        """The address that it prints for the learner, once it is there."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            words = self.said.read_text(encoding="utf-8")
            found = re.search(r"http://127\.0\.0\.1:(\d+)/\S*token=\w+", words)
            if found and _listens(int(found[1])):  # it prints the address a moment before
                return found[0]
            time.sleep(0.1)
        words = self.said.read_text(encoding="utf-8")
        raise AssertionError(f"no address within {seconds} s; the server said:\n{words}")


def _listens(port: int) -> bool:
    with contextlib.closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def started(place: Path) -> Iterator[Server]:
    """Start pizzatune in `place`, with Jupyter's settings in a folder of its own; stop it at the end."""
    with contextlib.closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["start", "mine", "--no-browser", f"--port={port}", "--", "--ServerApp.ip=127.0.0.1"]
    words += ["--ServerApp.port_retries=0", "--expose-app-in-browser"]
    with (place / "said.txt").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "pizzatune", *words],
            cwd=place,
            env=own_jupyter(place),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Server(process, place / "said.txt", place / "mine")
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=30)


class Lab:
    """JupyterLab in a page: one notebook at a time.

    Parameters
    ----------
    page : playwright.sync_api.Page
        An empty page.
    address : str
        Where the server is, with its token; and where to go there, if not to an empty JupyterLab.
    empty : bool
        Whether to go to an empty JupyterLab in place of the address itself.
    """

    def __init__(self, page: Page, address: str, empty: bool = True) -> None:
        self.page, self.path = page, ""
        self.crashes: list[str] = []
        page.on("pageerror", lambda error: self.crashes.append(str(error)))
        page.set_default_timeout(PATIENCE)
        if empty:
            root, token = address.split("/lab")[0], address.rsplit("token=")[-1]
            address = f"{root}/lab/workspaces/{secrets.token_hex(4)}?token={token}"
        page.goto(address, wait_until="commit")
        page.wait_for_function("() => window.jupyterapp?.restored.then(() => true)")

    def open(self, path: str, kernel: bool = True) -> None:
        """Open a notebook of the server's folder, with a kernel or, as one who only reads, with none."""
        self.page.evaluate(OPEN, [path, None if kernel else {"shouldStart": False, "shouldReuse": False}])
        if kernel:
            self.wait_for_kernel()
        self.path = path
        self.crashes.clear()

    def wait_for_kernel(self) -> None:
        """Wait until the notebook has a kernel, and the kernel nothing to do."""
        self.page.wait_for_function(KERNEL_IDLE)

    def close(self) -> None:
        """Close it with its kernel; what was not saved is lost."""
        self.page.evaluate(CLOSE)

    def has_kernel(self) -> bool:
        """Whether the notebook has a kernel."""
        has = "() => !!window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel"
        return bool(self.page.evaluate(has))

    def run_all(self) -> None:
        """Run all cells to their end."""
        self.page.evaluate(RUN_ALL)
        self.page.wait_for_function("() => window.allRan", timeout=LESSON_PATIENCE)
        self.wait_for_kernel()

    def restart(self) -> None:
        """Restart the kernel and run nothing."""
        restart = "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
        self.page.evaluate(restart)
        self.wait_for_kernel()

    def save(self) -> None:
        """Save it."""
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.save()")

    def copy(self, path: str, to: str) -> None:
        """Copy a notebook as it is saved."""
        copy = (
            "([path, to]) => window.jupyterapp.serviceManager.contents.copy(path, '').then("
            "made => window.jupyterapp.serviceManager.contents.rename(made.path, to))"
        )
        self.page.evaluate(copy, [path, to])

    def cells(self) -> list[dict[str, Any]]:
        """The cells with their outputs, as they would be saved."""
        cells: list[dict[str, Any]] = self.page.evaluate(CELLS)
        return cells

    def how_many_cells(self) -> int:
        """How many cells there are: without their outputs, which are large."""
        return int(self.page.evaluate("() => window.jupyterapp.shell.currentWidget.model.cells.length"))

    def cell(self, number: int) -> Locator:
        """A cell on the page; 0 is the first."""
        return self.page.locator(".jp-Notebook:visible .jp-Cell").nth(number)

    def show_sidebar(self, shown: bool) -> None:
        """Open the file browser beside the notebook, or close it."""
        if self.page.locator("#jp-left-stack").is_visible() != shown:
            self.page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
            self.page.locator("#jp-left-stack").wait_for(state="visible" if shown else "hidden")

    def use_theme(self, theme: str) -> None:
        """Turn JupyterLab light or dark, and wait until its splash screen is gone."""
        change = "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"
        self.page.evaluate(change, f"JupyterLab {theme}")
        light = "true" if theme == "Light" else "false"
        self.page.locator(f"body[data-jp-theme-light={light}]").wait_for(state="attached")
        self.page.locator("#jupyterlab-splash").wait_for(state="detached")
        self.crashes.clear()  # JupyterLab stumbles over its own splash screen where themes change fast

    def kernel(self, code: str) -> str:
        """Run code in the kernel, outside of any cell; return what it prints."""
        printed: str = self.page.evaluate(IN_THE_KERNEL, code)
        return printed

    def complaints(self) -> list[str]:
        """What the kernel wrote to stderr or raised since the notebook was opened, and what failed in Lab."""
        said: list[str] = self.page.evaluate("() => window.complaints")
        # A new kernel does not know the widgets that JupyterLab asks it for before any cell is run.
        return [words for words in said if not words.startswith("No such comm")] + self.crashes

    def wait_for_output(self, cell: Locator) -> None:
        """Wait until a cell shows a picture, or says that it cannot."""
        cell.scroll_into_view_if_needed()
        shown = "cell => cell.querySelector('.jp-OutputArea-output img') || /not found/.test(cell.innerText)"
        self.page.wait_for_function(shown, arg=cell.element_handle())

    def wait_for_pictures(self, cell: Locator) -> int:
        """Scroll to a cell and wait until all its pictures are drawn, one at least; how many there are."""
        cell.scroll_into_view_if_needed()
        cell.locator(".jp-OutputArea-output img").first.wait_for(state="visible")
        self.page.wait_for_function(PICTURES_DRAWN, arg=cell.element_handle())
        return cell.locator(".jp-OutputArea-output img:visible").count()


@dataclass(frozen=True)
class Look:
    """What one sees of an explorer: its picture, as SVG, and its sentence."""

    picture: str
    reading: str


class ExplorerInLab:
    """One explorer on the page, and the hand that turns its knobs.

    Parameters
    ----------
    lab : Lab
        With the notebook open and run.
    cell : playwright.sync_api.Locator
        The cell that shows it.
    name : str
        The explorer's name in the kernel.
    """

    def __init__(self, lab: Lab, cell: Locator, name: str) -> None:
        self.lab, self.page, self.cell, self.name = lab, lab.page, cell, name
        self.box = cell.locator(".pt-explorer")
        self.picture = self.box.locator(".pt-art")
        self.reading = self.box.locator(".pt-reading")

    def wait_until_open(self) -> None:
        """Scroll to it, and wait until its picture is drawn and its rarer controls are unfolded."""
        self.cell.scroll_into_view_if_needed()
        self.picture.locator("g").first.wait_for(state="attached")
        self.box.evaluate("box => box.querySelectorAll('.pt-more').forEach(more => { more.open = true; })")

    def look(self) -> Look:
        """What is to be seen now."""
        return Look(*self.box.evaluate(LOOK))

    def wait_for_change(self, before: Look, picture: bool = True) -> Look:
        """Wait until the sentence and the picture are others than before; what is seen then."""
        old = [before.picture if picture else None, before.reading]
        self.page.wait_for_function(CHANGED, arg=[self.box.element_handle(), *old])
        return self.look()

    def wait_until_still(self) -> None:
        """Wait until no run is under way."""
        self.page.wait_for_function(
            "box => !box.classList.contains('pt-running')", arg=self.box.element_handle()
        )

    @contextlib.contextmanager
    def turning(self, name: str) -> Iterator[None]:
        """Turn a control inside; wait until the kernel has the turn, and has answered it in full."""
        value = f"explorer.{name}.text"
        before = self.kernel(value)
        yield
        end = time.monotonic() + PATIENCE / 1000
        while self.kernel(value) == before:
            assert time.monotonic() < end, f"{name} stays at {before}"
        self.wait_until_still()

    def start_again(self, **others: object) -> None:
        """Set all controls to where they were when it was opened, the kernel's `starts`, or as said."""
        trouble = self.lab.kernel(f"{self.name}.set(**starts['{self.name}'] | {others})")
        assert trouble == ""
        self.wait_until_still()

    def wait_for_reading(self, reading: str) -> None:
        """Wait until this is the sentence."""
        arg = [self.reading.element_handle(), reading]
        self.page.wait_for_function("([words, reading]) => words.innerText === reading", arg=arg)

    def wait_for_number(self, name: str, number: str) -> None:
        """Wait until the box of a control shows this number."""
        box = self.control(name).locator("input[type=number]").element_handle()
        self.page.wait_for_function("([box, number]) => box.value === number", arg=[box, number])

    def sticking_out(self) -> list[str]:
        """What is wider than it may be: parts of the explorer, and words that are cut off."""
        found: list[str] = self.box.evaluate(STICKING_OUT)
        return found

    def too_small(self) -> list[str]:
        """Words on the picture that are less than 11 px high."""
        found: list[str] = self.box.evaluate(TOO_SMALL)
        return found

    def kernel(self, expression: str) -> Any:
        """What an expression about `explorer` is in the kernel."""
        code = f"import json; explorer = {self.name}; print(json.dumps({expression}))"
        return json.loads(self.lab.kernel(code))

    def plan(self) -> dict[str, dict[str, Any]]:
        """The controls as the page is told of them, with their values."""
        every = "{n: c.plan() | {'value': c.to_page()} for n, c in explorer.controls.items()}"
        plan: dict[str, dict[str, Any]] = self.kernel(every)
        return plan

    def control(self, name: str) -> Locator:
        """A control on the page."""
        return self.box.locator(f"[data-control={name}]")

    def turn_by_key(self, name: str) -> None:
        """Press a key on a control: one step of a slider, another option, or one chip or switch on or off."""
        control, plan = self.control(name), self.plan()[name]
        slider, chosen = control.locator("input[type=range]"), control.locator("select")
        if slider.count():
            slider.focus()
            self.page.keyboard.press("ArrowLeft" if plan["value"] == plan["high"] else "ArrowRight")
        elif chosen.count():
            chosen.focus()
            self.page.keyboard.press("ArrowUp" if plan["value"] + 1 == len(plan["options"]) else "ArrowDown")
        else:
            control.locator("button:not([aria-pressed=true]), input[type=checkbox]").first.focus()
            self.page.keyboard.press("Space")

    def type_number(self, name: str, number: str) -> None:
        """Type a number over the one in the box, and Enter."""
        self.control(name).locator("input[type=number]").click()
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(number)
        self.page.keyboard.press("Enter")

    def drag(self, name: str, share: float) -> None:
        """Drag the handle of a slider with the mouse to a share of its length."""
        slider, plan = self.control(name).locator("input[type=range]"), self.plan()[name]
        slider.scroll_into_view_if_needed()
        track = slider.bounding_box()
        assert track is not None
        height, inset = track["y"] + track["height"] / 2, 8  # half of the handle
        now = (plan["value"] - plan["low"]) / (plan["high"] - plan["low"])
        self.page.mouse.move(track["x"] + inset + now * (track["width"] - 2 * inset), height)
        self.page.mouse.down()
        self.page.mouse.move(track["x"] + share * track["width"], height, steps=10)
        self.page.mouse.up()

    def drag_mark(self, name: str, by: tuple[float, float]) -> None:
        """Drag a mark on the picture by so many px."""
        mark = self.picture.locator(f"[data-name='{name}']").first
        mark.scroll_into_view_if_needed()
        place = mark.bounding_box()
        assert place is not None
        x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + by[0], y + by[1], steps=8)
        self.page.mouse.up()

    def button(self, name: str, word: str) -> Locator:
        """A button of a control that steps."""
        return self.control(name).get_by_role("button", name=word)
