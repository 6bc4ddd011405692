"""Measure explorers in a real JupyterLab: from key press to picture, and what they weigh.

Run from the top of the checkout, with a Chromium that ``python -m pizzatune doctor`` finds::

    python -m benchmarks.redraw

Each explorer gets a notebook and a kernel of its own, together with a slider that is echoed as text: the
least that a round trip to the kernel and back can take. A few key presses on the echo and a few on a slider
of the explorer take turns, so that a busy moment of the machine hits both; the first of each few is left out,
for it moves the focus. Taken are the time to the change of the page, and to the end of the frame after it.
Apart from that, events are sent to each explorer without a browser, and its cell is run again and again.

Without options, which takes some fifteen minutes, the page is written to ``benchmarks/REDRAW.md``; with any,
it is only printed. The exit status is 0 where all targets are met and 1 where one is not. Run it on a machine
that has nothing else to do.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.lab import CHECKOUT, END, IN_THE_KERNEL, jupyterlab, opened, write_notebook

PAGE = Path(__file__).with_name("REDRAW.md")
MANY = ("genetic", "grid")  # explorers in which many small pizzas change at once
MODELS = ("bayesian", "duel", "gp", "history", "menu", "race", "transfer")  # explorers that fit a model
CHANGE, CHANGE_OF_MANY, FRAME, RERUN, SLOWEST = 1.6, 1.8, 1.3, 2.5, 3.0  # times the echo, at most
PLAIN, BESIDE_LIBRARIES = 65.0, 12.0  # MiB of a kernel; MiB more than a kernel with the same libraries
GROWS, RUNS_GROW = 5.0, 10.0  # MB over all events, and over 21 runs of a cell
SENDS = 30.0  # kB that a turn sends once symbols are known
PRESSES, EVENTS, RUNS, FEW = 24, 1000, 21, 4

ECHO = """
import ipywidgets
slider, text = ipywidgets.IntSlider(description="Echo"), ipywidgets.HTML('<p class="echo">0</p>')
def say(change):
    text.value = f'<p class="echo">{change["new"]}</p>'
slider.observe(say, names="value")
ipywidgets.VBox([slider, text]).add_class("echo-box")
"""
WEIGH = """
from benchmarks.events import weight
print(weight({!r}) / 2**20)
"""
PLAIN_LIBRARIES = "import ipywidgets, numpy"
LIBRARIES = f"{PLAIN_LIBRARIES}, scipy.linalg, scipy.optimize, scipy.special"
HEAVY = ("matplotlib", "pandas", "PIL", "scipy.stats")
UNWANTED = f"import sys; print([name for name in {HEAVY} if name in sys.modules])"
OPENING = "import pizzatune as pt\nexplorer = pt.explore.{0}()\nexplorer"

RUN_AGAIN = """
async runs => {
    const panel = window.jupyterapp.shell.currentWidget;
    panel.content.activeCellIndex = 0;
    for (let run = 0; run < runs; run++) {
        await window.jupyterapp.commands.execute('notebook:run-cell');
        await new Promise(done => setTimeout(done, 300));
    }
}
"""
# In the page: when was a key pressed, when was there a new picture or text, and when was it painted?
WATCH = """
() => {
    const start = () => { window.pressedAt = performance.now(); window.shownAt = window.framedAt = null; };
    const shown = () => {
        if (!window.pressedAt || window.shownAt) return;
        window.shownAt = performance.now();
        requestAnimationFrame(() => {
            const channel = new MessageChannel();  // the first task after the frame
            channel.port1.onmessage = () => { window.framedAt = performance.now(); };
            channel.port2.postMessage(0);
        });
    };
    document.addEventListener('keydown', start, true);
    const everything = {childList: true, subtree: true, attributes: true};
    new MutationObserver(shown).observe(document.querySelector('.pt-explorer .pt-art'), everything);
    const echo = document.querySelector('.echo-box .widget-html');
    new MutationObserver(shown).observe(echo, {childList: true, subtree: true});
}
"""
SLIDERS = """
import json
from pizzatune.explore.explorer import Knob
knobs = {name: knob for name, knob in explorer.controls.items() if isinstance(knob, Knob)}
print(json.dumps({name: [k.reruns, k.value] for name, k in knobs.items() if k.shown and k.enabled}))
"""


@dataclass
class Times:
    """Milliseconds from key press to the change of the page, and to the end of the frame after it."""

    change: list[float] = field(default_factory=list)
    frame: list[float] = field(default_factory=list)

    def add(self, other: Times) -> None:
        self.change += other.change
        self.frame += other.frame


@dataclass
class Seen:
    """What was measured of one explorer: times by control with those of the echo beside them, and weights."""

    echo: dict[str, Times] = field(default_factory=dict)
    redraws: dict[str, Times] = field(default_factory=dict)
    reruns: dict[str, Times] = field(default_factory=dict)
    kernel_mib: float = math.nan
    unwanted: str = ""
    runs_mb: float = math.nan
    grown_mb: float = math.nan
    seconds: float = math.nan
    sent_kb: float = math.nan
    errors: list[str] = field(default_factory=list)

    def together(self, kind: dict[str, Times]) -> tuple[Times, Times]:
        """The times of all controls of a kind, and of the echoes beside them."""
        ours, echoes = Times(), Times()
        for name, times in kind.items():
            ours.add(times)
            echoes.add(self.echo[name])
        return ours, echoes


def press(page: Any, slider: Any, forward: bool) -> tuple[tuple[float, float] | None, bool]:
    """Press an arrow key on a slider: ms to the change and to the frame after, and which way to go on."""
    at = "one => ['Min', 'Now', 'Max'].map(end => Number(one[NATIVE[end]] ?? one[`ariaValue${end}`]))"
    at = at.replace("NATIVE", "({Min: 'min', Now: 'value', Max: 'max'})")
    low, now, high = slider.evaluate(at)
    forward = now <= low or (forward and now < high)
    slider.focus()
    page.keyboard.press("ArrowRight" if forward else "ArrowLeft")
    try:
        page.wait_for_function("() => window.framedAt", timeout=3_000, polling=5)
    except Exception as error:
        if "Timeout" not in type(error).__name__:
            raise
        return None, forward  # the same picture as before
    took = page.evaluate("() => [window.shownAt - window.pressedAt, window.framedAt - window.pressedAt]")
    page.wait_for_function("() => !document.querySelector('.pt-running')", timeout=120_000)
    page.wait_for_timeout(200)  # what was shown is painted, and all is quiet, before the next press
    return tuple(took), forward


def weigh(page: Any, kind: str = "Private") -> float:
    """What the kernel of a page holds, in MiB."""
    return float(page.evaluate(IN_THE_KERNEL, WEIGH.format(kind)))


def weigh_alone(browser: Any, address: str, place: Path, name: str, source: str) -> float:
    """What a kernel holds that has run one line, in MiB."""
    write_notebook(place / f"{name}.ipynb", source)
    page = opened(browser, address, name)
    weight = weigh(page)
    page.evaluate(END)  # or the next kernel would share libraries with this one
    page.close()
    return weight


def watch(browser: Any, address: str, name: str, presses: int) -> Seen:
    """Press keys on every slider of one explorer and on the echo, in turns."""
    seen = Seen()
    page = opened(browser, address, name)
    page.wait_for_selector(".pt-explorer .pt-art g")
    page.wait_for_selector(".echo")
    page.wait_for_timeout(1_500)  # what is made while nobody waits
    seen.kernel_mib = weigh(page)
    seen.unwanted = page.evaluate(IN_THE_KERNEL, UNWANTED)
    page.evaluate(WATCH)
    page.evaluate("() => document.querySelectorAll('.pt-more').forEach(more => { more.open = true; })")
    controls = json.loads(page.evaluate(IN_THE_KERNEL, SLIDERS))
    echo = page.locator(".echo-box .noUi-handle")
    forward = dict.fromkeys(["", *controls], True)
    for control, (reruns, start) in controls.items():
        page.evaluate(IN_THE_KERNEL, f"explorer.controls[{control!r}].value = {start!r}")
        slider = page.locator(f".pt-explorer [data-control={control}] .pt-slider")
        if slider.is_disabled():
            continue
        found, echoes = Times(), Times()
        for _ in range(math.ceil(presses / FEW)):
            forward[control] = not forward[control]  # stay near where it starts: far out nothing may change
            for which, handle, times in (("", echo, echoes), (control, slider, found)):
                forward[which] = press(page, handle, forward[which])[1]  # it moves the focus
                for _ in range(FEW):
                    took, forward[which] = press(page, handle, forward[which])
                    if took is not None:
                        times.add(Times([took[0]], [took[1]]))
        (seen.reruns if reruns else seen.redraws)[control] = found
        seen.echo[control] = echoes
    before = weigh(page, "Anonymous")
    page.evaluate(RUN_AGAIN, RUNS)
    seen.runs_mb = (weigh(page, "Anonymous") - before) * 2**20 / 1e6
    page.evaluate(END)  # or the next kernel would share libraries with this one
    page.close()
    return seen


def send_events(name: str, events: int, seen: Seen) -> None:
    """Send random turns to an explorer without a browser, and weigh it before and after."""
    words = [sys.executable, "-m", "benchmarks.events", name, str(events)]
    run = subprocess.run(words, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    seen.grown_mb, seen.seconds, seen.sent_kb, seen.errors = json.loads(run.stdout)


def ratio(ours: list[float], echoes: list[float]) -> float:
    """The median of the one in medians of the other; nan where there is none."""
    return statistics.median(ours) / statistics.median(echoes) if ours and echoes else math.nan


def percentile(times: list[float], share: float) -> float:
    """The time that a share of them stays below."""
    return sorted(times)[min(int(share * len(times)), len(times) - 1)]


def judge(name: str, seen: Seen, libraries: float) -> list[str]:
    """The targets that an explorer misses, in words."""
    ours, echoes = seen.together(seen.redraws)
    most = CHANGE_OF_MANY if name in MANY else CHANGE
    weighs = libraries + BESIDE_LIBRARIES if name in MODELS else PLAIN
    figures = [
        ("redraws change the page within {} echoes", ratio(ours.change, echoes.change), most),
        ("the frame after is there within {} of the echo's", ratio(ours.frame, echoes.frame), FRAME),
        ("its kernel holds at most {} MiB", seen.kernel_mib, weighs),
        ("all events let it grow by at most {} MB", seen.grown_mb, GROWS),
        (f"{RUNS} runs of its cell let the kernel grow by at most {{}} MB", seen.runs_mb, RUNS_GROW),
        ("a turn sends at most {} kB", seen.sent_kb, SENDS),
    ]
    for control, times in seen.reruns.items():
        took = ratio(times.change, seen.echo[control].change)
        figures.append((f"{control} shows its first picture within {{}} echoes", took, RERUN))
    misses = [
        f"{name}: {words.format(f'{most:g}')}, not in {found:.2f}"
        for words, found, most in figures
        if found > most
    ]
    misses += [f"{name}: its kernel has loaded {seen.unwanted}"] if seen.unwanted != "[]" else []
    return misses + [f"{name}: {error}" for error in seen.errors[:3]]


def slowest(found: dict[str, Seen]) -> tuple[int, float]:
    """Over the redrawing presses of all explorers: how many, and the 95th percentile in echoes."""
    every = [
        took / statistics.median(seen.echo[control].change)
        for seen in found.values()
        for control, times in seen.redraws.items()
        for took in times.change
    ]
    return len(every), percentile(every, 0.95) if every else math.nan


def page_of(found: dict[str, Seen], plain: float, libraries: float, presses: int, events: int) -> str:
    """The page as Markdown."""
    packages = ("numpy", "anywidget", "ipywidgets", "jupyterlab", "ipykernel")
    lines = [
        "# How quickly explorers answer",
        "",
        f"Made by `python -m benchmarks.redraw` ({presses} presses, {events:,} events) with Python "
        f"{sys.version.split()[0]}, {', '.join(f'{name} {version(name)}' for name in packages)};",
        "kernel and Chromium without a screen shared one machine, so read the ratios. Medians from key press",
        "to the change of the page, and to the end of the frame after it, in ms. The echo is a slider whose",
        "value comes back from the kernel as text, in the same page and turn by turn.",
        "",
        "| explorer | knob | kind | presses | change | echo | in echoes | frame | in echo's | 95 % below |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, seen in found.items():
        for kind, controls in (("redraws", seen.redraws), ("reruns: first picture", seen.reruns)):
            for control, times in controls.items():
                if not times.change:
                    continue
                echo = seen.echo[control]
                cells = [f"`{name}`", control, kind, str(len(times.change))]
                cells += [f"{statistics.median(one):.0f}" for one in (times.change, echo.change)]
                cells += [f"{ratio(times.change, echo.change):.2f}", f"{statistics.median(times.frame):.0f}"]
                cells += [f"{ratio(times.frame, echo.frame):.2f}", f"{percentile(times.change, 0.95):.0f}"]
                lines.append(f"| {' | '.join(cells)} |")
    lines += [
        "",
        "Memory that is the process's own (USS): of a kernel with nothing but the explorer open, while no",
        "other program has its libraries open; and without their code, what",
        f"random turns of its controls added ({events:,}, after 100 to warm up) and {RUNS} runs of its cell.",
        "The largest message that answers a turn, without symbols that are sent once. A kernel with numpy",
        f"and ipywidgets and nothing of ours holds {plain:.0f} MiB; with special, linalg and optimize of",
        f"scipy as well {libraries:.0f} MiB.",
        "",
        "| explorer | change, in echoes | frame, in echo's | kernel, MiB | grown, MB | runs, MB | kB a turn "
        "| ms an event | errors |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, seen in found.items():
        ours, echoes = seen.together(seen.redraws)
        cells = [
            f"`{name}`",
            f"{ratio(ours.change, echoes.change):.2f}",
            f"{ratio(ours.frame, echoes.frame):.2f}",
        ]
        cells += [
            f"{seen.kernel_mib:.0f}",
            f"{seen.grown_mb:.1f}",
            f"{seen.runs_mb:.1f}",
            f"{seen.sent_kb:.0f}",
        ]
        cells += [f"{1e3 * seen.seconds / events:.0f}", str(len(seen.errors))]
        lines.append(f"| {' | '.join(cells)} |")
    misses = all_misses(found, libraries)
    lines += ["", f"**{'not met' if misses else 'met'}**, of the figures in `benchmarks/redraw.py`:"]
    number, tail = slowest(found)
    lines.append(f"95 % of all {number} redrawing presses change the page within {tail:.2f} echoes.")
    return "\n".join([*lines, *(f"- {miss}" for miss in misses), ""])


def all_misses(found: dict[str, Seen], libraries: float) -> list[str]:
    """The targets that are missed, in words."""
    misses = [miss for name, seen in found.items() for miss in judge(name, seen, libraries)]
    number, tail = slowest(found)
    if tail > SLOWEST:
        misses.append(f"95 % of {number} presses are within {tail:.2f} echoes, not within {SLOWEST:g}")
    return misses


def main() -> int:
    """Measure, print, and write the page where all was measured."""
    import pizzatune as pt

    parser = argparse.ArgumentParser(description="Measure explorers in a real JupyterLab.")
    parser.add_argument("--explorers", nargs="+", choices=pt.explore.__all__, default=[*pt.explore.__all__])
    parser.add_argument("--presses", type=int, default=PRESSES, help=f"on each slider (default {PRESSES})")
    parser.add_argument("--events", type=int, default=EVENTS, help=f"random turns of each (default {EVENTS})")
    choice = parser.parse_args()
    if choice.presses < 1 or choice.events < 1:
        parser.error("--presses and --events must be 1 or more")
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
        plain, libraries = (
            weigh_alone(browser, address, Path(place), name, source)
            for name, source in (("plain", PLAIN_LIBRARIES), ("libraries", LIBRARIES))
        )
        for name in choice.explorers:
            print(f"{name} ...", file=sys.stderr, flush=True)
            write_notebook(Path(place) / f"{name}.ipynb", OPENING.format(name), ECHO)
            found[name] = watch(browser, address, name, choice.presses)
            send_events(name, choice.events, found[name])
        browser.close()
    text = page_of(found, plain, libraries, choice.presses, choice.events)
    print(text)
    if (choice.explorers, choice.presses, choice.events) == ([*pt.explore.__all__], PRESSES, EVENTS):
        PAGE.write_text(text, encoding="utf-8")
    return 1 if all_misses(found, libraries) else 0


if __name__ == "__main__":
    sys.exit(main())
