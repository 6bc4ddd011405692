"""One palette for every picture, by day and by night, and how each kind of mark looks.

The series colours stay apart for readers with any of the three kinds of colour blindness, and each has a
marker and a dash of its own, so that nobody depends on colour. Scores run from night to melted cheese,
lighter for better, evenly in lightness; they are the same in both themes.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np

from pizzatune.parameters import FloatArray

LIGHT = {
    "paper": "#fffaf2",  # what every picture is drawn on
    "ink": "#2b2118",  # text, and anything that must be read
    "pencil": "#6b5d50",  # quieter text: ticks, notes
    "line": "#d9cbb8",  # lines that only help the eye; never data
    "tomato": "#e05a43",
    "night": "#123f70",
    "basil": "#3a9683",
    "aubergine": "#7760d0",
    "crust": "#803c0a",
    "passata": "#b8391f",  # words in tomato: they need more contrast than marks
    "pesto": "#24705f",  # words in basil
}
DARK = {
    "paper": "#1f1a16",
    "ink": "#f5ece0",
    "pencil": "#bfae9d",
    "line": "#51463c",
    "tomato": "#da5f4d",
    "night": "#a7c9fd",
    "basil": "#4bb39d",
    "aubergine": "#9d8bef",
    "crust": "#ffb975",
    "passata": "#ef7a67",
    "pesto": "#4bb39d",
}
SERIES = ("tomato", "night", "basil", "aubergine", "crust", "ink")

Corners = tuple[tuple[float, float], ...]
_HALF: Corners = (
    (-0.4, -1.1),
    (0.4, -1.1),
    (0.4, -0.4),
    (1.1, -0.4),
    (1.1, 0.4),
    (0.4, 0.4),
)
_CROSS = _HALF + tuple((-x, -y) for x, y in _HALF)
MARKERS: dict[str, Corners] = {
    # Corners around (0, 0), of radius about 1, y downward; "o" is a circle.
    "o": (),
    "s": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    "^": ((0.0, -1.15), (1.1, 0.85), (-1.1, 0.85)),
    "v": ((0.0, 1.15), (1.1, -0.85), (-1.1, -0.85)),
    "D": ((0.0, -1.2), (1.05, 0.0), (0.0, 1.2), (-1.05, 0.0)),
    "P": _CROSS,
    "x": tuple(
        (0.7 * (x - y), 0.7 * (x + y))
        for x, y in ((x * (0.5 if abs(x) < 1 else 1), y * (0.5 if abs(y) < 1 else 1)) for x, y in _CROSS)
    ),
    "*": tuple(
        (radius * math.sin(math.pi * i / 5), -radius * math.cos(math.pi * i / 5))
        for i, radius in enumerate((1.4, 0.56) * 5)
    ),
}

SCORE_STOPS = (
    # Positions follow CIE lightness, 10 to 95, so that equal steps of score are equal steps of lightness.
    (0.000, "#1f1633"),
    (0.147, "#57204f"),
    (0.294, "#97293f"),
    (0.471, "#cf4b2c"),
    (0.671, "#ec8b3a"),
    (0.847, "#f6c463"),
    (1.000, "#fdf0c4"),
)


@dataclass(frozen=True)
class Look:
    """How a kind of mark looks. Colours are names of the palette; "" is none.

    Attributes
    ----------
    stroke, width, dash
        The outline or line: colour, px, and lengths on and off in px. Around words it lies behind them.
    fill, opacity
        The inside, and how much of the whole mark covers what is below.
    marker, size
        Of a dot: a key of `MARKERS`, and its radius in px.
    text, bold
        Of words: height in px, and whether they are bold.
    """

    stroke: str = ""
    width: float = 0.0
    dash: tuple[float, ...] = ()
    fill: str = ""
    opacity: float = 1.0
    marker: str = "o"
    size: float = 4.0
    text: float = 13.0
    bold: bool = False


DASHES: tuple[tuple[float, ...], ...] = ((), (7, 3), (6, 2, 2, 2), (2, 3), (10, 3, 2, 3, 2, 3), (4, 4))
PEN_MARKERS = ("o", "s", "^", "D", "v", "P")

LOOKS = {
    # Words.
    "text": Look(fill="ink"),
    "text quiet": Look(fill="pencil"),
    "text tick": Look(fill="pencil"),
    "text axis": Look(fill="ink"),
    "text title": Look(fill="ink", text=14.0, bold=True),
    "text bold": Look(fill="ink", bold=True),
    "text big": Look(fill="ink", text=18.0, bold=True),
    "text huge": Look(fill="ink", text=52.0, bold=True),
    "text hero": Look(fill="passata", text=36.0, bold=True),
    "text hero-long": Look(fill="passata", text=29.0, bold=True),
    "text good": Look(fill="pesto", bold=True),
    "text alarm": Look(fill="passata", text=14.0, bold=True),
    "text on-dark": Look(fill="paper", bold=True),
    "text halo": Look("paper", 4.0, fill="ink", bold=True),  # stands out from any ground
    "text new": Look("paper", 4.0, fill="aubergine", text=22.0, bold=True),
    # Lines.
    "line axis": Look("line", 1.2),
    "line grid": Look("line", 1.0, opacity=0.6),
    "line best": Look("tomato", 3.0),
    "line mean": Look("night", 2.5),
    "line truth": Look("crust", 1.8, (6, 3)),
    "line hope": Look("basil", 2.2),
    "line next": Look("ink", 1.4),
    "line next-elsewhere": Look("ink", 1.4, (2, 3)),
    "line limit": Look("pencil", 1.4, (5, 4)),
    "line quiet": Look("pencil", 1.2, opacity=0.7),
    "line faint": Look("ink", 0.8, opacity=0.3),
    "line forecast": Look("night", 7.0, opacity=0.3),
    "line kin": Look("pencil", 1.3, opacity=0.7),
    "line elite": Look("pencil", 1.4, (2, 3), opacity=0.8),
    "line lead": Look("tomato", 3.0),
    "line lever": Look("pencil", 7.0),
    "line place": Look("line", 8.4),  # short strokes: many small squares
    "line hill": Look("pencil", 1.2, fill="line"),
    "line frame": Look("tomato", 3.2),
    "line fall": Look("aubergine", 3.0),
    "line casing": Look("paper", 5.0, opacity=0.85),  # parts a line from a ground of any colour
    # Areas and bars.
    "area doubt": Look(fill="night", opacity=0.2),
    "area sure": Look(fill="night", opacity=0.28),
    "area hope": Look(fill="basil", opacity=0.3),
    "area hill": Look("pencil", 1.2, fill="line"),
    "area quiet": Look(fill="pencil", opacity=0.16),
    "area spread": Look(fill="tomato", opacity=0.18),
    "bar shelf": Look(fill="crust", opacity=0.65),
    "bar outside": Look(fill="pencil", opacity=0.35),
    "bar gave": Look(fill="basil"),
    "bar cost": Look(fill="tomato"),
    "bar sum": Look(fill="night"),
    "bar hope": Look(fill="basil"),
    "bar good": Look(fill="basil", opacity=0.6),
    "bar track": Look(fill="line", opacity=0.4),
    "bar cell": Look("paper", 1.0, fill="line"),
    "bar quiet": Look(fill="pencil", opacity=0.7),
    "bar panel": Look(fill="paper"),
    "bar doubt": Look(fill="night", opacity=0.2),
    "bar chosen": Look("ink", 2.6),
    "bar row": Look(fill="line", opacity=0.6),
    "bar veil": Look(fill="paper", opacity=0.6),
    "bar window": Look("pencil", 1.5),
    "bar payline": Look("tomato", 3.0),
    "bar target": Look(),  # unseen: it only takes clicks
    "bar outline": Look("ink", 2.0),
    "bar curtain": Look(opacity=0.0),  # the page lifts it where motion is welcome
    # Dots.
    "dot tried": Look("paper", 1.4, fill="tomato", size=5.0),
    "dot seen": Look("paper", 1.2, fill="night", size=4.5),
    "dot scored": Look("ink", 1.1, fill="paper", size=5.0),
    "dot halo": Look("ink", 0.8, fill="paper", size=7.5),  # parts a dot from a ground of its own colour
    "dot elsewhere": Look("pencil", 1.2, size=3.5, opacity=0.8),
    "dot quiet": Look(fill="pencil", size=2.5, opacity=0.7),
    "dot best": Look("ink", 1.3, fill="tomato", marker="*", size=10.0),
    "dot truth": Look("ink", 1.3, fill="paper", marker="*", size=9.0),
    "dot next": Look("paper", 1.3, fill="ink", marker="D", size=6.0),
    "dot yours": Look("paper", 1.3, fill="aubergine", marker="P", size=7.0),
    "dot failed": Look(fill="ink", marker="x", size=5.0),
    "dot shown": Look("ink", 2.0, size=8.0),
    "dot parent": Look("basil", 2.4, size=8.0),
    "dot forecast": Look("paper", 1.2, fill="night", marker="s", size=4.5),
    "dot last": Look("ink", 2.0, size=8.0),
    "dot parents": Look("paper", 1.0, fill="pencil", size=3.5, opacity=0.8),
    "dot aim": Look("paper", 1.2, fill="tomato", marker="^", size=7.0),
    "dot ring": Look("tomato", 3.2),
    "dot empty": Look("pencil", 1.4, (3, 4)),
    "dot grip": Look("paper", 1.2, fill="tomato", marker="v", size=8.0),
    "dot head-down": Look("paper", 1.0, fill="aubergine", marker="v", size=8.0),
    "dot head-up": Look("paper", 1.0, fill="aubergine", marker="^", size=8.0),
    "dot sauce": Look("pencil", 1.0, fill="tomato", size=13.0),
    "dot cheese": Look("pencil", 1.0, fill="line", marker="^", size=13.0),
    "dot knob": Look("ink", 1.2, fill="tomato", size=14.0),
    "dot many": Look(fill="tomato", size=2.5),  # of a long run
    "dot plate": Look(fill="line"),
    "dot glow": Look("pencil", 0.8),  # what a bake uncovers, in the colour of its score
    "dot marinara": Look("crust", 1.3, fill="tomato", size=3.2),  # a pizza too small to be drawn
    "dot mine": Look("tomato", 3.0, fill="paper", size=11.0),
    "dot theirs": Look("night", 3.0, fill="paper", marker="s", size=11.0),
    "dot mutated": Look("paper", 1.3, fill="aubergine", marker="P", size=6.0),
}
for _number, _colour in enumerate(SERIES):
    LOOKS[f"line pen{_number}"] = Look(_colour, 2.4, DASHES[_number])
    LOOKS[f"line thin{_number}"] = Look(_colour, 1.0, opacity=0.35)
    LOOKS[f"line tick{_number}"] = Look(_colour, 1.6)
    LOOKS[f"area pen{_number}"] = Look(fill=_colour, opacity=0.2)
    LOOKS[f"area box{_number}"] = Look(fill=_colour)
    LOOKS[f"bar pen{_number}"] = Look("paper", 1.0, fill=_colour)
    LOOKS[f"dot pen{_number}"] = Look("paper", 1.2, fill=_colour, marker=PEN_MARKERS[_number], size=5.0)
    LOOKS[f"dot star{_number}"] = Look("ink", 1.3, fill=_colour, marker="*", size=10.0)


def look_of(kind: str, style: str) -> Look:
    """The look of a kind of mark in a style.

    Raises
    ------
    KeyError
        If there is none.

    Examples
    --------
    >>> look_of("line", "best").stroke
    'tomato'
    """
    name = f"{kind} {style}".rstrip()
    if name not in LOOKS:
        raise KeyError(f"there is no look {name!r}; add it to LOOKS in palette.py, or use another style")
    return LOOKS[name]


def css(root: str = ".pt-art") -> str:
    """The looks as a stylesheet; colours are the variables ``--pt-paper`` and so on.

    Examples
    --------
    >>> ".pt-art .line.best{fill:none;stroke:var(--pt-tomato);stroke-width:3}" in css()
    True
    """
    rules = [f"{root} text{{font-family:var(--pt-font);fill:var(--pt-ink);font-size:13px}}"]
    for name, look in LOOKS.items():
        kind, _, style = name.partition(" ")
        said = [f"fill:{f'var(--pt-{look.fill})' if look.fill else 'none'}"]
        if kind == "text":
            said += [f"font-size:{look.text:g}px", f"font-weight:{700 if look.bold else 400}"]
            said += ["paint-order:stroke", "stroke-linejoin:round"] if look.stroke else []
        if look.stroke:
            said += [f"stroke:var(--pt-{look.stroke})", f"stroke-width:{look.width:g}"]
        if look.dash:
            said.append(f"stroke-dasharray:{' '.join(f'{part:g}' for part in look.dash)}")
        if look.opacity != 1:
            said.append(f"opacity:{look.opacity:g}")
        rules.append(f"{root} .{kind}{'.' + style if style else ''}{{{';'.join(said)}}}")
    return "\n".join(rules)


def variables(theme: dict[str, str]) -> str:
    """A theme's colours as CSS variables.

    Examples
    --------
    >>> variables({"ink": "#000000"})
    '--pt-ink:#000000'
    """
    return ";".join(f"--pt-{name}:{colour}" for name, colour in theme.items())


@functools.lru_cache(maxsize=1024)
def rgb(colour: str) -> tuple[float, float, float]:
    """Red, green and blue of "#rrggbb", each from 0 to 1.

    Examples
    --------
    >>> rgb("#ff0000")
    (1.0, 0.0, 0.0)
    """
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def hexed(colour: tuple[float, ...]) -> str:
    """Red, green and blue from 0 to 1 as "#rrggbb".

    Examples
    --------
    >>> hexed((1.0, 0.5, 0.0))
    '#ff8000'
    """
    return "#" + "".join(f"{round(255 * min(max(part, 0.0), 1.0)):02x}" for part in colour[:3])


_STOPS = np.array([stop for stop, _ in SCORE_STOPS])
_STOP_COLOURS = np.array([rgb(colour) for _, colour in SCORE_STOPS])


def score_colours(shares: FloatArray) -> FloatArray:
    """The colours of scores, from 0 (worst) to 1 (best); shape (..., 3), each part from 0 to 1.

    Examples
    --------
    >>> hexed(tuple(score_colours(np.array([0.0, 1.0]))[1]))
    '#fdf0c4'
    """
    shares = np.clip(np.asarray(shares, dtype=float), 0.0, 1.0)
    return np.stack([np.interp(shares, _STOPS, channel) for channel in _STOP_COLOURS.T], axis=-1)


def score_colour(share: float) -> str:
    """The colour of one score as "#rrggbb".

    Examples
    --------
    >>> score_colour(0.0)
    '#1f1633'
    """
    return hexed(tuple(score_colours(np.array(share)).tolist()))


def luminance(colour: str) -> float:
    """Relative luminance of a colour: 0 is black, 1 is white (WCAG 2.2).

    Examples
    --------
    >>> luminance("#000000"), round(luminance("#ffffff"), 6)
    (0.0, 1.0)
    """
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, from 1 (the same) to 21 (black on white); text needs 4.5, marks 3 (WCAG 2.2).

    Examples
    --------
    >>> round(contrast("#000000", "#ffffff"), 6)
    21.0
    """
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def text_on(colour: str) -> str:
    """Black or white, whichever reads better on `colour`: its contrast is always 4.5 or more.

    Examples
    --------
    >>> text_on("#1f1633"), text_on("#fdf0c4")
    ('#ffffff', '#000000')
    """
    # From the luminance on at which black and white have the same contrast, black has the larger one.
    return "#000000" if luminance(colour) + 0.05 > math.sqrt(0.05 * 1.05) else "#ffffff"
