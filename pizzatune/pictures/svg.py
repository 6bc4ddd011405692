"""Marks as SVG text. All words that are not ours are escaped here, once."""

from __future__ import annotations

import base64
import functools
import html
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from pizzatune.pictures import palette, paths
from pizzatune.pictures.marks import (
    Arrival,
    Axes,
    Band,
    Bars,
    Dots,
    Image,
    Key,
    Land,
    Line,
    Links,
    Mark,
    Panel,
    Rule,
    Shapes,
    Target,
    Text,
)
from pizzatune.pictures.png import png
from pizzatune.words import shortened

Strings = Sequence[str]
WIDTH_OF_LETTER = 0.56  # of the height, on average
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@functools.lru_cache(maxsize=4096)
def escape(text: str) -> str:
    """Text of anybody's as XML: markup is shown as it stands, what XML cannot hold becomes "\ufffd".

    Examples
    --------
    >>> escape("<b> & $x$_"), escape("odd \\udc80 letter")
    ('&lt;b&gt; &amp; $x$_', 'odd \ufffd letter')
    """
    return html.escape(legible(text))


def legible(text: str) -> str:
    """Text as a file or a message can hold it."""
    return _NO_XML.sub("\ufffd", text)


def layer(marks: Iterable[Mark]) -> str:
    """The marks of one layer as SVG elements, the first at the bottom.

    Examples
    --------
    >>> from pizzatune.pictures.marks import Dots
    >>> layer([Dots(None, [10], [20], "tried", tips=["trial 0: 8.2"])])
    '<circle class="dot tried" cx="10" cy="20" r="5" data-tip="trial 0: 8.2"/>'
    """
    return "".join(_WRITERS[type(mark)](mark) for mark in marks)


# -- one writer for each kind of mark ------------------------------------------------------------------------


def _axes(mark: Axes) -> str:
    return _frame(mark.panel, mark.bare)


@functools.lru_cache(maxsize=256)
def _frame(panel: Panel, bare: bool) -> str:
    left, right, top, floor = panel.left, panel.right, panel.top, panel.floor
    parts = []
    if not bare:
        parts.append(f'<path class="line axis" d="M{left:g} {top:g}V{floor:g}H{right:g}"/>')
    for value, words in panel.x.marked:
        x = float(panel.across(value))
        if panel.grid in ("x", "both"):
            parts.append(f'<path class="line grid" d="M{x:.1f} {top:g}V{floor:g}"/>')
        parts.append(_words(x, floor + 17, words, "tick", "middle"))
    for value, words in panel.y.marked:
        y = float(panel.down(value))
        if panel.grid in ("y", "both"):
            parts.append(f'<path class="line grid" d="M{left:g} {y:.1f}H{right:g}"/>')
        parts.append(_words(left - 6, y + 4.5, words, "tick", "end"))
    if panel.x.label:
        under = 36 if panel.x.marked else 18
        parts.append(_words((left + right) / 2, floor + under, panel.x.label, "axis", "middle"))
    if panel.y.label:
        # Read without turning the head: above the axis, where the title would start.
        at, anchor = (left - 6, "end") if panel.title else (left, "start")
        parts.append(_words(at, top - 9, panel.y.label, "axis", anchor))
    if panel.title:
        parts.append(_words(left, top - 9, panel.title, "title", "start"))
    return "".join(parts)


def _words(x: float, y: float, text: str, style: str, anchor: str, more: str = "") -> str:
    side = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return (
        f'<text class="text{_space(style)}" x="{round(x, 1):g}" y="{round(y, 1):g}"{side}'
        f"{more}>{escape(text)}</text>"
    )


def _text(mark: Text) -> str:
    (x,), (y,) = (
        ((mark.x,), (mark.y,)) if mark.panel is None else paths.places(mark.panel, [mark.x], [mark.y])
    )
    text = fitted(mark)
    tip = mark.tip or (mark.text if text != mark.text else "")
    more = _fill(mark.colour) + _data("tip", tip) + _data("id", mark.id)
    return _words(x, y, text, mark.style, mark.anchor, more)


def fitted(mark: Text) -> str:
    """The words of a `Text`, cut where they would be wider than it allows."""
    most = int(mark.fit / (WIDTH_OF_LETTER * palette.look_of("text", mark.style).text))
    return shortened(mark.text, max(most, 2)) if mark.fit else mark.text


def _line(mark: Line) -> str:
    palette.look_of("line", mark.style)
    x, y = paths.places(mark.panel, mark.x, mark.y)
    if mark.steps and len(x):
        x = [x[0], *(at for at in x[1:] for _ in (0, 1))]
        y = [at for at in y for _ in (0, 1)][: len(x)]
    return f'<path class="line{_space(mark.style)}" d="{paths.path(x, y)}"{_data("tip", mark.tip)}/>'


def _band(mark: Band) -> str:
    palette.look_of("area", mark.style)
    x, high = paths.places(mark.panel, mark.x, mark.high)
    _, low = paths.places(mark.panel, (), mark.low)
    if not x:
        return ""
    back = (x[::-1], low[::-1]) if len(set(low)) > 1 else ([x[-1], x[0]], [low[0]] * 2)
    outline = paths.path([*x, *back[0]], [*high, *back[1]])
    return f'<path class="area{_space(mark.style)}" d="{outline}Z"{_data("tip", mark.tip)}/>'


def _dots(mark: Dots) -> str:
    look = palette.look_of("dot", mark.style)
    x, y = paths.places(mark.panel, mark.x, mark.y)
    sizes = mark.sizes if len(mark.sizes) else [look.size] * len(x)
    extras = (mark.tips, mark.names, mark.colours, mark.ids)
    if not any(map(len, extras)) and look.marker == "o" and not look.stroke and not len(mark.sizes):
        pen = f"fill:none;stroke:var(--pt-{look.fill});stroke-width:{2 * look.size:g};stroke-linecap:round"
        return f'<path class="dot{_space(mark.style)}" style="{pen}" d="{paths.spots(x, y)}"/>'
    if not any(map(len, extras)) and look.marker != "o":
        drawn = "".join(
            paths.marker(look.marker, a, b, r)
            for a, b, r in zip(x, y, sizes, strict=True)
            if a == a and b == b
        )
        return f'<path class="dot{_space(mark.style)}" d="{drawn}"/>'
    more = _extras(*extras, number=len(x))
    drawn = "".join(
        f'<circle class="dot{_space(mark.style)}" cx="{a:g}" cy="{b:g}" r="{r:g}"{extra}/>'
        if look.marker == "o"
        else f'<path class="dot{_space(mark.style)}" d="{paths.marker(look.marker, a, b, r)}"{extra}/>'
        for a, b, r, extra in zip(x, y, sizes, more, strict=True)
        if a == a and b == b
    )
    if len(mark.names) and mark.panel is not None:
        drag = " data-drag" if mark.drag else ""
        return f'<g data-box="{_box(mark.panel)}"{drag}>{drawn}</g>'
    return drawn


def _bars(mark: Bars) -> str:
    left, low = paths.places(mark.panel, mark.left, mark.low)
    right, high = paths.places(mark.panel, mark.right, mark.high)
    styles = mark.styles if len(mark.styles) else [mark.style] * len(left)
    for style in set(styles):
        palette.look_of("bar", style)
    more = _extras(mark.tips, mark.names, mark.colours, number=len(left))
    drawn = "".join(
        f'<rect class="bar{_space(style)}" x="{min(a, b):g}" y="{min(c, d):g}" '
        f'width="{abs(b - a):.2f}" height="{abs(d - c):.2f}"{extra}/>'
        for a, b, c, d, style, extra in zip(left, right, low, high, styles, more, strict=True)
        if a == a and b == b and c == c and d == d
    )
    if len(mark.names) and mark.panel is not None:
        return f'<g data-box="{_box(mark.panel)}">{drawn}</g>'
    return drawn


_RAMP = (255 * palette.score_colours(np.linspace(0.0, 1.0, 256))).round().astype(np.uint8)


def _land(mark: Land) -> str:
    low, high = mark.limits
    spread = (high / 2 - low / 2) or 1.0
    with np.errstate(over="ignore", invalid="ignore"):
        shares = (mark.scores / 2 - low / 2) / spread
    places = np.where(np.isfinite(mark.scores), (254 * np.clip(shares, 0, 1)).round(), 255)
    href = "data:image/png;base64," + base64.b64encode(png(places[::-1].astype(np.uint8), _RAMP)).decode()
    look = f' opacity="{mark.opacity:g}"' if mark.opacity < 1 else ""
    look += "" if mark.smooth else ' style="image-rendering:pixelated"'
    one = mark.panel
    return (
        f'<image x="{one.left:g}" y="{one.top:g}" width="{one.width:g}" height="{one.height:g}" '
        f'preserveAspectRatio="none" href="{href}"{look}/>'
    )


def _links(mark: Links) -> str:
    palette.look_of("line", mark.style)
    x, y = paths.places(mark.panel, mark.x, mark.y)
    to_x, to_y = paths.places(mark.panel, mark.to_x, mark.to_y)
    steps = [paths.stroke(*ends) for ends in zip(x, y, to_x, to_y, strict=True)]
    if not len(mark.ids):
        return f'<path class="line{_space(mark.style)}" d="{"".join(steps)}"/>' if steps else ""
    return "".join(
        f'<path class="line{_space(mark.style)}"{_data("id", one)} d="{step}"/>'
        for step, one in zip(steps, mark.ids, strict=True)
    )


def _shapes(mark: Shapes) -> str:
    opacities = mark.opacities if len(mark.opacities) else [1.0] * len(mark.outlines)
    parts = []
    for outline, colour, opacity in zip(mark.outlines, mark.colours, opacities, strict=True):
        x, y = paths.places(mark.panel, outline[:, 0], outline[:, 1])
        cover = f' opacity="{opacity:.2g}"' if opacity < 1 else ""
        parts.append(f'<path fill="{escape(colour)}"{cover} d="{paths.path(x, y)}Z"/>')
    return "".join(parts)


def _image(mark: Image) -> str:
    (x,), (y,) = paths.places(mark.panel, [mark.x], [mark.y])
    corner = mark.size / 2
    extra = _data("tip", mark.tip) + _data("name", mark.name) + _data("id", mark.id)
    extra += f' opacity="{mark.opacity:.3g}"' if mark.opacity < 1 else ""
    plate = "" if mark.below is None else _dots(mark.below)
    return (
        f'{plate}<image class="symbol" href="#{escape(mark.symbol.name)}" '
        f'x="{x - corner:g}" y="{y - corner:g}" width="{mark.size:g}" height="{mark.size:g}"{extra}/>'
    )


def _rule(mark: Rule) -> str:
    palette.look_of("line", mark.style)
    one = mark.panel
    if mark.along == "y":
        (x,), _ = paths.places(one, [mark.at], [one.y.low])
        step = f"M{x:g} {one.top:g}V{one.floor:g}"
    else:
        _, (y,) = paths.places(one, [one.x.low], [mark.at])
        step = f"M{one.left:g} {y:g}H{one.right:g}"
    return f'<path class="line{_space(mark.style)}" d="{step}"{_data("tip", mark.tip)}/>'


def _key(mark: Key) -> str:
    parts = []
    for (_, kind, style), (x, y, words) in zip(mark.entries, mark.laid, strict=True):
        look, middle = palette.look_of(kind, style), y - 4.5
        if kind == "line":
            parts.append(f'<path class="line {style}" d="M{x:g} {middle:g}h22"/>')
        elif kind in ("bar", "area"):
            parts.append(
                f'<rect class="{kind} {style}" x="{x:g}" y="{middle - 6:g}" width="20" height="12"/>'
            )
        else:
            size = min(look.size, 7.0)
            parts.append(_dots(Dots(None, [x + 11], [middle], style, sizes=[size])))
        parts.append(_words(x + 28, y, words, "", "start"))
    return "".join(parts)


def _target(mark: Target) -> str:
    one = mark.panel
    more = (" data-drag" if mark.drag else "") + _data("keys", " ".join(mark.keys))
    return (
        f'<g data-box="{_box(one)}"{more}><rect class="bar target" pointer-events="all" x="{one.left:g}" '
        f'y="{one.top:g}" width="{one.width:g}" height="{one.height:g}" data-name="{escape(mark.name)}"'
        f"{_data('tip', mark.tip)}/></g>"
    )


_WRITERS: dict[type, Callable[[Any], str]] = {
    Arrival: lambda mark: f'<g data-from="{mark.x:g} {mark.y:g} {mark.seconds:g}"/>',
    Axes: _axes,
    Band: _band,
    Bars: _bars,
    Dots: _dots,
    Image: _image,
    Key: _key,
    Land: _land,
    Line: _line,
    Links: _links,
    Rule: _rule,
    Shapes: _shapes,
    Target: _target,
    Text: _text,
}


# -- small parts ---------------------------------------------------------------------------------------------


def _extras(tips: Strings, names: Strings, colours: Strings, ids: Strings = (), *, number: int) -> list[str]:
    """What each mark says, does and is coloured, as attributes."""
    extras = [""] * number
    for key, values in (("tip", tips), ("name", names), ("id", ids)):
        for i, value in enumerate(values):
            extras[i] += _data(key, value)
    for i, colour in enumerate(colours):
        extras[i] = _fill(colour) + extras[i]
    return extras


def _fill(colour: str) -> str:
    return f' style="fill:{escape(colour)}"' if colour else ""


def _data(key: str, value: str) -> str:
    """What the page is told beside the looks: a tip, a name, or an id."""
    return f' data-{key}="{escape(value)}"' if value else ""


def _space(style: str) -> str:
    return f" {style}" if style else ""


def _box(panel: Panel) -> str:
    return f"{panel.left:g} {panel.top:g} {panel.width:g} {panel.height:g}"
