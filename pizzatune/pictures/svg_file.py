"""Whole SVG files: a picture that stands alone, in both themes, and a symbol that becomes an image."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pizzatune.pictures import palette, svg
from pizzatune.pictures.marks import Mark, Symbol, symbols_of

FONT = "system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif"


def document(
    marks: Sequence[Mark], width: float, height: float, title: str = "", *, tips: bool = False
) -> str:
    """A whole SVG file, light or dark as the page around it is; with `tips` a resting mouse shows them."""
    drawn = svg.layer(marks).replace('<image class="symbol"', "<use")
    drawn = _TIP.sub(_titled, drawn) if tips else drawn
    drawn = re.sub(r' data-(?:tip|name|id|box|drag|from)(?:="[^"]*")?', "", drawn)
    used = symbols_of(marks).values()
    defs = "".join(
        f'<symbol id="{one.name}" viewBox="0 0 {one.side:g} {one.side:g}">{one.svg}</symbol>' for one in used
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="pt-art" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" role="img"><title>{svg.escape(title)}</title>'
        f"<style>{_sheet(drawn)}</style><defs>{defs}</defs>"
        f'<rect width="{width:g}" height="{height:g}" style="fill:var(--pt-paper)"/>{drawn}</svg>'
    )


_TIP = re.compile(r'<([a-z]+) ([^>]*?)data-tip="([^"]*)"([^>]*?)(/?)>')


def _titled(found: re.Match[str]) -> str:
    """An element with its tip as a title inside, which is what a file shows."""
    name, before, tip, after, closed = found.groups()
    return f"<{name} {before}{after}><title>{tip}</title>" + (f"</{name}>" if closed else "")


def _sheet(drawn: str) -> str:
    """The rules that a drawing needs, and the colours of both themes."""
    used = set(re.findall(r'class="([a-z0-9 -]+)"', drawn))
    rules = [
        rule
        for rule in palette.css().split("\n")
        if (name := rule.partition("{")[0].removeprefix(".pt-art").strip().lstrip(".").replace(".", " "))
        in used
        or name == "text"
    ]
    light, dark = palette.variables(palette.LIGHT), palette.variables(palette.DARK)
    return (
        f".pt-art{{--pt-font:{FONT};{light}}}"
        f"@media (prefers-color-scheme:dark){{.pt-art{{{dark}}}}}{''.join(rules)}"
    )


def symbol_file(symbol: Symbol) -> str:
    """A symbol as a file of its own, for a page to make an image of."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {symbol.side:g} {symbol.side:g}" '
        f'width="{symbol.wide:g}" height="{symbol.wide:g}">{symbol.svg}</svg>'
    )
