"""Measure explorers in a real JupyterLab: from key press to picture, and what they weigh.

Run from the top of the checkout, with a Chromium that ``python -m pizzatune doctor`` finds::

    python benchmarks/redraw.py

Each explorer gets a notebook and a kernel of its own, together with a slider that is echoed as text: the
least that a round trip to the kernel and back can take. A few key presses on the echo and a few on a slider
of the explorer take turns, so that a busy moment of the machine hits both; the first of each few is left out,
for it moves the focus. The window is so high that nothing scrolls. Apart from that, a thousand random turns
are made in an event loop without a browser.

Without options, which takes some ten minutes, the page is written to ``benchmarks/REDRAW.md``; with any, it
is only printed. The exit status is 0 where all targets are met and 1 where one is not. Run it at its usual
priority, on a machine that has nothing else to do.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import re
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[1]
PAGE = Path(__file__).with_name("REDRAW.md")
REDRAWS, RERUNS = 2.2, 3.0  # times the echo, at most
GROWS, WEIGHS = 5.0, 110.0  # MB over all random turns, MiB of the kernel, at most
WARMING = 100  # random turns before these: caches fill up to their limits, and libraries are loaded
PRESSES, TURNS = 24, 1000
FEW = 4  # presses in a row that count

ECHO = """
import ipywidgets
slider, text = ipywidgets.IntSlider(description="Echo"), ipywidgets.HTML('<p class="echo">0</p>')
def say(change):
    text.value = f'<p class="echo">{change["new"]}</p>'
slider.observe(say, names="value")
ipywidgets.VBox([slider, text]).add_class("echo-box")
"""

WEIGH = """
def weight():
    "Memory that is this process's own, in bytes."
    with open("/proc/self/smaps_rollup") as file:
        return 1024 * sum(int(line.split()[1]) for line in file if line.startswith("Private"))
"""

TURN = (
    WEIGH
    + """
import asyncio, json, sys, time
import numpy as np
import pizzatune as pt
from pizzatune.explore.frame import Knob, Switch

def values(control):
    if isinstance(control, Knob):
        spread = (np.geomspace if control.log else np.linspace)(control.low, control.high, 25)
        return [int(value) if control.whole else float(value) for value in spread]
    if isinstance(control, Switch):
        return [False, True]
    options = list(control.options.values())
    return [tuple(options[i:i + 2]) for i in range(len(options))] if control.several else options

name, turns, warming = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
explorer, rng = getattr(pt.explore, name)(), np.random.default_rng(0)
figure, errors = explorer.figure, []

async def turn_at_random(turns):
    for _ in range(turns):
        shown = [control for control in explorer.controls.values() if control.shown]
        control = shown[rng.integers(len(shown))]
        choices = values(control)
        try:
            control.value = choices[rng.integers(len(choices))]
            if explorer.error is not None:
                raise explorer.error
        except Exception as error:
            errors.append(f"{control.name}: {error}")
        await asyncio.sleep(0)
    while explorer.running:  # of the last turn; those before were dropped for the next one, as by a hand
        await asyncio.sleep(0.01)

def growth(turns):
    before, start = weight(), time.perf_counter()
    asyncio.run(turn_at_random(turns))
    return (weight() - before) / 1e6, time.perf_counter() - start

def choose_all(controls):
    # every library that an option loads, also one of a control that only another option brings
    for control in controls:
        for value in values(control):
            control.value = value
            explorer.settle()
            brought = [other for other in hidden if other.shown]
            for other in brought:
                hidden.remove(other)
            choose_all(brought)

options = [control for control in explorer.controls.values() if not isinstance(control, Knob)]
hidden = [control for control in options if not control.shown]
choose_all([control for control in options if control.shown])
(warmed, _), (grown, seconds) = growth(warming), growth(turns)
if explorer.figure is not figure or "matplotlib.pyplot" in sys.modules:
    errors.append("there is another figure than the first")
print(json.dumps([warmed, grown, seconds, errors]))
"""
)
LIBRARIES = """
import ipywidgets, numpy, scipy.linalg, scipy.optimize, scipy.special
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
figure = Figure(figsize=(9.6, 6.0))
figure.add_subplot()
FigureCanvasAgg(figure).draw()
"""
NEIGHBOUR = "import sys, pizzatune as pt\npt.explore.{0}()\nprint('open', flush=True)\nsys.stdin.read()"

# In the page: when was a key pressed, and when was there a new picture or text? One press at a time.
WATCH = """
() => {
    const pressed = event => { window.pressedAt = performance.now(); window.shownAt = null; };
    const shown = () => { if (window.pressedAt && !window.shownAt) window.shownAt = performance.now(); };
    document.addEventListener('keydown', pressed, true);
    document.querySelector('.pt-picture').addEventListener('load', shown);
    const echo = document.querySelector('.echo-box');
    new MutationObserver(shown).observe(echo.querySelector('.widget-html'), {childList: true, subtree: true});
}
"""
ALL_RUN = """
() => {
    const panel = window.jupyterapp.shell.currentWidget;
    return panel.content.widgets.every(cell => cell.model.executionCount !== null)
        && panel.sessionContext.session.kernel.status === 'idle';
}
"""
SHOWN = "() => document.querySelector('.pt-picture')?.complete && document.querySelector('.echo')"
END = "async () => { await window.jupyterapp.shell.currentWidget.sessionContext.shutdown(); }"
KERNEL_IDLE = (
    "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
)
IN_THE_KERNEL = """
async code => {
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    const future = kernel.requestExecute({code, store_history: false});
    let printed = '';
    future.onIOPub = message => { if (message.header.msg_type === 'stream') printed += message.content.text;
    }; await future.done;
    return printed.trim();
}
"""


SLIDERS = """
import json
from pizzatune.explore.frame import Knob
knobs = {name: knob for name, knob in explorer.controls.items() if isinstance(knob, Knob)}
print(json.dumps({name: [knob.label, knob.reruns, knob.value] for name, knob in knobs.items() if knob.shown}))
"""


@dataclass
class Seen:
    """What was measured of one explorer: milliseconds by control, and weights."""

    echo: dict[str, list[float]] = field(default_factory=dict)  # pressed in turns with that control
    redraws: dict[str, list[float]] = field(default_factory=dict)
    reruns: dict[str, list[float]] = field(default_factory=dict)
    kernel_mib: float = float("nan")
    beside_mib: float = float("nan")  # beside another process with the same explorer open
    warmed_mb: float = float("nan")
    grown_mb: float = float("nan")
    turns_seconds: float = float("nan")
    errors: list[str] = field(default_factory=list)


@contextlib.contextmanager
def jupyterlab(folder: Path) -> Iterator[str]:
    """A JupyterLab with settings of its own and no news; yields its address with ``{}`` for a notebook."""
    settings = folder / "settings" / "@jupyterlab"
    for plugin, values in {
        "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
        "docmanager-extension/plugin": {"autosave": False},
        "notebook-extension/tracker": {"windowingMode": "none"},
    }.items():
        file = settings / f"{plugin}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values), encoding="utf-8")
    own = ["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_WORKSPACES_DIR"]
    env = os.environ | {name: str(folder / name) for name in [*own, "IPYTHONDIR"]}
    env |= {"JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"), "PYTHONPATH": str(CHECKOUT)}
    with contextlib.closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(8)
    words = ["--no-browser", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0", "--allow-root"]
    words += [f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}"]
    words += ["--expose-app-in-browser"]
    with (folder / "said.txt").open("wb") as said:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *words], env=env, stdout=said, stderr=said
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/api", server)
            yield f"http://127.0.0.1:{port}/lab/workspaces/{{0}}/tree/{{0}}.ipynb?token={token}"
        finally:
            server.terminate()
            server.wait(timeout=30)


def wait_for(address: str, server: subprocess.Popen[bytes], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not answer within {seconds:g} s; does `python -m jupyterlab` start?")


def write_notebook(path: Path, *sources: str) -> None:
    import nbformat

    cells = [nbformat.v4.new_code_cell(source.strip()) for source in sources]
    about = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=about), path)


def press(page: Any, slider: Any, forward: bool) -> tuple[float | None, bool]:
    """Press an arrow key on a slider: milliseconds to the next picture or text, and which way to go on."""
    low, now, high = (float(slider.get_attribute(f"aria-value{end}")) for end in ("min", "now", "max"))
    forward = now <= low or (forward and now < high)
    slider.focus()
    page.keyboard.press("ArrowRight" if forward else "ArrowLeft")
    try:
        page.wait_for_function("() => window.shownAt", timeout=3_000, polling=5)
    except Exception as error:
        if "Timeout" not in type(error).__name__:
            raise
        return None, forward  # the same picture as before: none was sent
    took = page.evaluate("() => window.shownAt - window.pressedAt")
    page.wait_for_function("() => !document.querySelector('.pt-running')", timeout=120_000)
    page.wait_for_timeout(250)  # what was shown is painted, and all is quiet, before the next press
    return took, forward


def opened(browser: Any, address: str, name: str) -> Any:
    """The page of a notebook with a kernel of its own, after all its cells have run."""
    page = browser.new_page(viewport={"width": 1366, "height": 1200})
    page.goto(address.format(name), wait_until="commit")
    page.wait_for_function(KERNEL_IDLE, timeout=60_000)
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(ALL_RUN, timeout=120_000)
    return page


def weigh(page: Any) -> float:
    """What the kernel of a page holds, in MiB."""
    return float(page.evaluate(IN_THE_KERNEL, f"{WEIGH}\nprint(weight() / 2**20)"))


def weigh_libraries(browser: Any, address: str) -> float:
    """What a kernel holds, in MiB, with the libraries of an explorer with a model, and nothing of ours."""
    page = opened(browser, address, "libraries")
    weight = weigh(page)
    page.evaluate(END)
    page.close()
    return weight


def watch(browser: Any, address: str, name: str, presses: int) -> Seen:
    """Press keys on every slider of one explorer and on the echo, in turns."""
    seen = Seen()
    page = opened(browser, address, name)
    page.wait_for_function(SHOWN, timeout=60_000)
    page.wait_for_timeout(1_500)  # work that explorers do when nobody waits
    page.evaluate(WATCH)
    controls = json.loads(page.evaluate(IN_THE_KERNEL, SLIDERS))
    seen.kernel_mib = weigh(page)
    seen.beside_mib = weigh_beside_another(page, name)
    echo = page.locator(".echo-box .noUi-handle")
    forward = dict.fromkeys(["", *controls], True)
    for control, (label, reruns, start) in controls.items():
        page.evaluate(IN_THE_KERNEL, f"explorer.controls[{control!r}].value = {start!r}")
        # the whole label: "Trial" is not "Trials in all"
        called = page.locator(".widget-label", has_text=re.compile(f"^{re.escape(label)}$"))
        slider = page.locator(".pt-explorer .pt-slider", has=called).locator(".noUi-handle")
        if slider.locator("xpath=ancestor::*[@disabled]").count():
            continue  # greyed out
        found: list[float] = []
        echoes: list[float] = []
        for _ in range(math.ceil(presses / FEW)):
            forward[control] = not forward[control]  # stay near where it starts: far out nothing may change
            for which, handle, times in (("", echo, echoes), (control, slider, found)):
                forward[which] = press(page, handle, forward[which])[1]  # it moves the focus
                for _ in range(FEW):
                    took, forward[which] = press(page, handle, forward[which])
                    times += [took] if took is not None else []
        (seen.reruns if reruns else seen.redraws)[control] = found
        seen.echo[control] = echoes
    page.evaluate(END)  # or the next kernel would share libraries with this one
    page.close()
    return seen


def weigh_beside_another(page: Any, name: str) -> float:
    """What the kernel holds, in MiB, when it can share libraries with another process, as in a class."""
    words = [sys.executable, "-c", NEIGHBOUR.format(name)]
    with subprocess.Popen(
        words, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as neighbour:
        assert neighbour.stdout is not None
        if neighbour.stdout.readline().strip() != "open":
            raise RuntimeError(f"a second {name} explorer did not open; try pt.explore.{name}() by hand")
        weight = weigh(page)
        neighbour.communicate()  # its end of input is the end of it
    return weight


def turn(name: str, turns: int, seen: Seen) -> None:
    """Turn controls at random in an event loop, without a browser, and weigh that before and after."""
    run = subprocess.run(
        [sys.executable, "-c", TURN, name, str(turns), str(WARMING)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    seen.warmed_mb, seen.grown_mb, seen.turns_seconds, seen.errors = json.loads(run.stdout)


def times_echo(seen: Seen, milliseconds: dict[str, list[float]]) -> float | None:
    """The median over all controls of a kind, in echoes; None where there is none."""
    every = [took for each in milliseconds.values() for took in each]
    echoes = [took for control in milliseconds for took in seen.echo[control]]
    return statistics.median(every) / statistics.median(echoes) if every else None


def judge(name: str, seen: Seen) -> list[str]:
    """The targets that an explorer misses, in words."""
    misses = []
    for kind, milliseconds, most in (
        ("knobs that redraw", seen.redraws, REDRAWS),
        ("knobs that rerun", seen.reruns, RERUNS),
    ):
        ratio = times_echo(seen, milliseconds)
        if ratio is not None and ratio > most:
            misses.append(f"{name}: {kind} take {ratio:.2f} times the echo, more than {most}")
    if not seen.kernel_mib <= WEIGHS:
        misses.append(f"{name}: its kernel holds {seen.kernel_mib:.0f} MiB, more than {WEIGHS:g}")
    if not seen.grown_mb <= GROWS:
        misses.append(f"{name}: it grew by {seen.grown_mb:.1f} MB, more than {GROWS:g}")
    return misses + [f"{name}: {error}" for error in seen.errors[:3]]


def page_of(found: dict[str, Seen], libraries: float, presses: int, turns: int) -> str:
    packages = ("numpy", "matplotlib", "ipywidgets", "jupyterlab", "ipykernel")
    lines = [
        "# How quickly explorers answer",
        "",
        f"Made by `python benchmarks/redraw.py` ({presses} presses, {turns:,} turns) with Python "
        f"{sys.version.split()[0]}, {', '.join(f'{name} {version(name)}' for name in packages)};",
        "kernel and Chromium without a screen shared one machine, so read the ratios. Medians from key press",
        "to picture, in ms. The echo is a slider whose value comes back from the kernel as text, in the same",
        "page and turn by turn.",
        "",
        "| explorer | knob | kind | presses | picture | slowest tenth | echo | times echo |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, seen in found.items():
        for kind, milliseconds in (("redraws", seen.redraws), ("reruns: first picture", seen.reruns)):
            for control, took in milliseconds.items():
                if took:
                    tenth = sorted(took)[int(0.9 * len(took))]
                    middle, echo = statistics.median(took), statistics.median(seen.echo[control])
                    cells = [f"`{name}`", control, kind, str(len(took)), f"{middle:.0f}", f"{tenth:.0f}"]
                    lines.append(f"| {' | '.join([*cells, f'{echo:.0f}', f'{middle / echo:.2f}'])} |")
    lines += [
        "",
        "Memory that is the process's own (USS): of a kernel with nothing but the explorer open, alone and",
        "beside another process with which it shares libraries; and what random turns of its controls added, "
        f"{WARMING}",
        f"to warm up and then {turns:,}. Before these each option was chosen once, so that what only one of "
        "them needs",
        "was loaded. Errors are turns that raised or showed one, or made a figure.",
        "",
        "A kernel with nothing but the libraries of an explorer with a model (numpy, ipywidgets, matplotlib",
        f"with one empty figure drawn, special, linalg and optimize of scipy) holds {libraries:.0f} MiB.",
        "",
        "| explorer | redraws, times echo | reruns | kernel, MiB | beside another | warmed up, MB "
        "| grown, MB | ms a turn | errors |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, seen in found.items():
        ratios = [times_echo(seen, kind) for kind in (seen.redraws, seen.reruns)]
        cells = [f"`{name}`", *("–" if ratio is None else f"{ratio:.2f}" for ratio in ratios)]
        cells += [f"{seen.kernel_mib:.0f}", f"{seen.beside_mib:.0f}", f"{seen.warmed_mb:.1f}"]
        cells += [f"{seen.grown_mb:.1f}", f"{1e3 * seen.turns_seconds / turns:.0f}"]
        lines.append(f"| {' | '.join([*cells, str(len(seen.errors))])} |")
    misses = [f"- {miss}" for name, seen in found.items() for miss in judge(name, seen)]
    target = (
        f"a picture within {REDRAWS} echoes where a knob redraws and {RERUNS:g} where it reruns, kernels of "
        f"at most {WEIGHS:g} MiB, at most {GROWS:g} MB more after all turns, no error"
    )
    lines += ["", f"**{'not met' if misses else 'met'}**: {target}.", *misses, ""]
    return "\n".join(lines)


def main() -> int:
    import pizzatune as pt

    every = list(pt.explore.__all__)
    parser = argparse.ArgumentParser(description="Measure explorers in a real JupyterLab.")
    parser.add_argument("--explorers", nargs="+", choices=every, default=every)
    parser.add_argument("--presses", type=int, default=PRESSES, help=f"on each slider (default {PRESSES})")
    parser.add_argument("--turns", type=int, default=TURNS, help=f"random turns of each (default {TURNS})")
    parser.add_argument("--quick", action="store_true", help=f"{FEW} presses, 50 turns")
    choice = parser.parse_args()
    if choice.quick:
        choice.presses, choice.turns = FEW, 50
    if choice.presses < 1 or choice.turns < 1:
        parser.error("--presses and --turns must be 1 or more")
    if hasattr(os, "getloadavg") and os.getloadavg()[0] > 0.5 * (os.cpu_count() or 1):
        print("the machine is busy with other things: pictures suffer more than the echo", file=sys.stderr)
    from playwright.sync_api import sync_playwright

    from pizzatune import doctor

    found: dict[str, Seen] = {}
    with (
        tempfile.TemporaryDirectory() as place,
        jupyterlab(Path(place)) as address,
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=doctor.find_browser(), chromium_sandbox=False)
        write_notebook(Path(place) / "libraries.ipynb", LIBRARIES)
        libraries = weigh_libraries(browser, address)
        for name in choice.explorers:
            print(f"{name} ...", file=sys.stderr, flush=True)
            opening = f"import pizzatune as pt\nexplorer = pt.explore.{name}()\nexplorer"
            write_notebook(Path(place) / f"{name}.ipynb", opening, ECHO)
            found[name] = watch(browser, address, name, choice.presses)
            turn(name, choice.turns, found[name])
        browser.close()
    text = page_of(found, libraries, choice.presses, choice.turns)
    print(text)
    if (choice.explorers, choice.presses, choice.turns) == (every, PRESSES, TURNS):
        PAGE.write_text(text, encoding="utf-8")
    return 1 if any(judge(name, seen) for name, seen in found.items()) else 0


if __name__ == "__main__":
    sys.exit(main())
