"""What an explorer tells the page: only news, in plain data; and one explorer a notebook cell."""

from __future__ import annotations

import base64
import html
import sys
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pizzatune.pictures import svg, svg_file
from pizzatune.pictures.marks import Image, Layers, Symbol, symbols_of

if TYPE_CHECKING:
    from pizzatune.explore.explorer import Explorer


@dataclass(frozen=True)
class Out:
    """A pizza out of the oven: its picture if there is one, its score, and a few words."""

    symbol: Symbol | None
    score: str
    words: str


@dataclass(frozen=True)
class Card:
    """The last pizza, and the best so far where that is another; a `lone` one never has a second."""

    last: Out
    best: Out | None = None
    heading: str = "Out of the oven"
    best_heading: str = "Best so far"
    lone: bool = False


class Page:
    """What a page has been told, so that only news is sent.

    Attributes
    ----------
    listening
        Whether there is a page.
    seen
        The number of the page's last turn that was answered; it ignores what is older than its own hand.
    answers
        Whether the next message is the answer to one of the page's.
    undrawn
        Pizzas on show that are still to be drawn.
    """

    def __init__(self, listening: bool = False) -> None:
        self.listening, self.seen, self.answers = listening, 0, listening
        self._told: dict[str, Any] = {}
        self._drawn: Drawn = {}, {}
        self._symbols: set[str] = set()
        self.undrawn: list[Symbol] = []

    def news(self, explorer: Explorer) -> dict[str, Any]:
        """A message with all that changed since the last one."""
        parts = parts_of(explorer)
        message = {name: part for name, part in parts.items() if self._told.get(name, self) != part}
        for name in ("plans", "values"):
            if name in message:
                before = self._told.get(name, {})
                message[name] = {
                    key: part for key, part in parts[name].items() if before.get(key, self) != part
                }
        self._told = parts
        layers, before = layers_of(explorer, self._drawn), self._drawn[1]
        changed = {name: drawn for name, drawn in layers.items() if before.get(name) != drawn}
        self._drawn = explorer.marks, layers
        if changed:
            message["layers"] = changed
        new = [one for name, one in symbols_on(explorer).items() if name not in self._symbols]
        self.undrawn = [one for one in new if not one.is_drawn]
        if ready := [one for one in new if one.is_drawn]:
            message |= self._with(ready)
        message["seen"] = self.seen
        if self.answers:
            message["answer"] = True
            self.answers = False
        return message

    def drawn(self) -> dict[str, Any]:
        """A message with one more pizza."""
        return {**self._with([self.undrawn.pop(0)]), "seen": self.seen}

    def _with(self, symbols: list[Symbol]) -> dict[str, Any]:
        self._symbols |= {one.name for one in symbols}
        return {"symbols": {one.name: svg_file.symbol_file(one) for one in symbols}}


def parts_of(explorer: Explorer) -> dict[str, Any]:
    """All that the page shows beside layers and symbols."""
    return {
        "title": explorer.title,
        "size": [*explorer.size, explorer.lines],
        "plans": {name: control.plan() for name, control in explorer.controls.items()},
        "values": {name: control.to_page() for name, control in explorer.controls.items()},
        "lines": explorer.reading.split("\n"),
        "failed": explorer.error is not None,
        "running": explorer.running,
        "card": _card_for_page(explorer._card),
        "order": list(explorer.marks),
        "kin": kin_on(explorer.marks),
    }


Drawn = tuple[Layers, dict[str, str]]
"""Marks by the name of their layer, and what was written of each layer."""


def layers_of(explorer: Explorer, known: Drawn = ({}, {})) -> dict[str, str]:
    """Each layer as SVG elements, the lowest first; a list of marks that is `known` is not written again."""
    before, drawn = known
    return {
        name: drawn[name] if marks is before.get(name) else svg.layer(marks)
        for name, marks in explorer.marks.items()
    }


def symbols_on(explorer: Explorer) -> dict[str, Symbol]:
    """The symbols that layers and card use, by name."""
    symbols: dict[str, Symbol] = {}
    for marks in explorer.marks.values():
        symbols |= symbols_of(marks)
    card = explorer._card
    for out in (card.last, card.best) if card else ():
        if out is not None and out.symbol is not None:
            symbols[out.symbol.name] = out.symbol
    return symbols


def kin_on(layers: Layers) -> dict[str, list[str]]:
    """The id of each image that has relatives -> theirs."""
    images = (mark for marks in layers.values() for mark in marks if isinstance(mark, Image))
    return {image.id: list(image.kin) for image in images if image.kin}


def _card_for_page(card: Card | None) -> dict[str, Any] | None:
    if card is None:
        return None

    def told(out: Out | None) -> dict[str, str] | None:
        if out is None:
            return None
        return {"symbol": out.symbol.name if out.symbol else "", "score": out.score, "words": out.words}

    headings = {"heading": card.heading, "best_heading": card.best_heading, "lone": card.lone}
    return {**headings, "last": told(card.last), "best": told(card.best)}


def twin(explorer: Explorer) -> str:
    """What is shown where no kernel runs, as HTML: the picture, its sentence, and where the knobs stand."""
    shown = [control for control in explorer.controls.values() if control.shown]
    settings = " · ".join(f"{control.label}: {control.text}" for control in shown)
    image = base64.b64encode(explorer.still().encode()).decode()
    title, said = html.escape(explorer.title), svg.escape(repr(explorer))
    lines = "<br>".join(html.escape(line) for line in explorer.reading.split("\n"))
    return (
        f'<figure style="margin:0;max-width:{explorer.size[0]:g}px"><strong>{title}</strong>'
        f'<img alt="{said}" style="width:100%" src="data:image/svg+xml;base64,{image}">'
        f"<figcaption>{lines}<br><small>{html.escape(settings)}</small></figcaption></figure>"
    )


# -- one explorer a cell ------------------------------------------------------------------------------------

_OF_CELL: dict[str, tuple[str, list[Any]]] = {}
"""Cell -> the run of it that is newest, and weak references to the explorers that this run opened."""


def close_others_of_this_cell(explorer: Explorer) -> None:
    """Close the explorers that an earlier run of the same notebook cell opened: their pictures are gone."""
    if "ipykernel" not in sys.modules:
        return
    from IPython.core.getipython import get_ipython

    kernel = getattr(get_ipython(), "kernel", None)
    if kernel is None:
        return
    parent = kernel.get_parent()
    cell = str(parent.get("metadata", {}).get("cellId", ""))
    run = str(parent.get("header", {}).get("msg_id", ""))
    if not cell or not run:
        return
    before, opened = _OF_CELL.get(cell, (run, []))
    if before != run:
        for reference in opened:
            if (other := reference()) is not None:
                other.close()
        opened = []
    opened.append(weakref.ref(explorer))
    _OF_CELL[cell] = run, opened
