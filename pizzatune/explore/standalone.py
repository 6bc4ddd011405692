"""A page of its own: one file that plays, steps and turns what was recorded, without kernel and network."""

from __future__ import annotations

import base64
import hashlib
import html
import itertools
import json
import os
import re
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pizzatune.checks import shown
from pizzatune.explore.recording import Film, Recording, recording
from pizzatune.explore.widget import HERE, PAGE, STYLE, joined
from pizzatune.pictures import palette, svg
from pizzatune.words import count
from pizzatune.writing import write_over

if TYPE_CHECKING:
    from pizzatune.explore.explorer import Explorer

LARGEST = 2_000_000  # bytes of a page


def save(
    explorer: Explorer,
    path: str | os.PathLike[str],
    knobs: Sequence[str] | None = None,
    progress: bool | None = None,
) -> Path:
    """Record an explorer and write its page; `Explorer.save` says more."""
    if not isinstance(path, str | os.PathLike):
        raise TypeError(f"path must be the name of a file, got {shown(path)}; write 'families.html'")
    place = Path(path)
    if place.suffix.lower() not in (".html", ".htm"):
        raise ValueError(f"a page is saved as .html, got {place.name!r}; use this ending")
    if not place.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {place.parent}; make it, or choose another one")
    if place.is_dir():
        raise IsADirectoryError(f"{place} is a folder; name a file in it")
    write_over(place, page_of(explorer, knobs, progress))
    return place


def page_of(explorer: Explorer, knobs: Sequence[str] | None = None, progress: bool | None = None) -> bytes:
    """The page as a file, with as many states as fit into it."""
    recorded = recording(explorer, knobs, progress)
    page = _written(explorer, recorded)
    while len(page) > LARGEST and recorded.states > 1:
        recorded = recorded.lighter()
        page = _written(explorer, recorded)
    return page


def _written(explorer: Explorer, recorded: Recording) -> bytes:
    data = json.dumps(stored(recorded), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    script = "\n" + joined(*PAGE)
    parts = {
        "TITLE": html.escape(svg.legible(explorer.title)),
        "READING": html.escape(svg.legible(explorer.reading)),
        "SAID": said(explorer, recorded),
        "STYLE": STYLE + palette.css(),
        "STORE": base64.b64encode(zlib.compress(svg.legible(data).encode(), 9)).decode(),
        "SCRIPT": script,
        "HASH": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    }
    frame = (HERE / "standalone.html").read_text(encoding="utf-8")
    return re.sub(r"\{\{([A-Z]+)\}\}", lambda found: parts[found[1]], frame).encode()


def stored(recorded: Recording) -> dict[str, Any]:
    """A recording as `recorded.js` reads it: what several states share is there once."""
    parts: dict[str, list[Any]] = {}
    known: dict[tuple[str, str], int] = {}

    def place(key: str, part: Any) -> int:
        """Where a part is kept, among the others of its kind: those are alike, and pack well together."""
        of = key, json.dumps(part)
        if of not in known:
            known[of] = len(parts.setdefault(key, []))
            parts[key].append(part)
        return known[of]

    frames: list[dict[str, Any]] = []
    numbers: dict[int, int] = {}
    for film in recorded.films.values():
        if id(film) not in numbers:
            numbers[id(film)] = len(frames)
            whole = (dict(state) | {"plans": _plans(recorded, film, state["plans"])} for state in film.states)
            states = [{key: place(key, part) for key, part in state.items()} for state in whole]
            frames.append({"stops": film.stops, "states": states})
    every = itertools.product(*(axis.values for axis in recorded.axes))
    step = recorded.step
    return {
        "knobs": [
            {"name": axis.name, "values": [float(one) for one in axis.values]} for axis in recorded.axes
        ],
        "step": step.name if step else None,
        "start": {axis.name: axis.now for axis in recorded.axes}
        | ({step.name: recorded.now} if step else {}),
        "films": {"at": [numbers[id(recorded.films[key])] for key in every], "frames": frames},
        "parts": parts,
        "symbols": recorded.symbols,
    }


def _plans(recorded: Recording, film: Film, plans: Mapping[str, Any]) -> dict[str, Any]:
    """The plans of the controls, where sliders stop only at what was recorded."""
    stops = {axis.name: axis.values for axis in recorded.axes}
    if recorded.step and film.stops:
        stops[recorded.step.name] = film.stops
    return {
        name: plan
        if name not in stops or "low" not in plan
        else plan | {"stops": stops[name], "low": stops[name][0], "high": stops[name][-1]}
        for name, plan in plans.items()
    }


def said(explorer: Explorer, recorded: Recording) -> str:
    """What was recorded and how to get at the rest, in sentences below the picture, as HTML."""
    knobs = [f"{axis.label} ({_some(len(axis.values), axis.of)})" for axis in recorded.axes]
    if recorded.step is not None:
        film = max(recorded.films.values(), key=lambda film: len(film.states))
        knobs.insert(0, f"{recorded.step.label} ({_some(len(film.stops), film.of)})")
    words = [f"A recording of {count(recorded.states, 'picture')}{': ' if knobs else ''}{', '.join(knobs)}."]
    if any(" of " in knob for knob in knobs):
        words.append("Settings in between were left out, so that it stays small.")
    if recorded.still:
        words.append(f"Left as they were: {', '.join(recorded.still)}.")
    words.append("To turn all knobs, click and bake, open it in a notebook")
    text = html.escape(svg.legible(" ".join(words)))
    try:
        return f'{text}: <code>pt.explore.open("{html.escape(explorer.share())}")</code>'
    except ValueError:  # it shows what only one person has
        return f"{text}."


def _some(many: int, of: int) -> str:
    return f"all {of}" if many == of else f"{many} of {of}"
