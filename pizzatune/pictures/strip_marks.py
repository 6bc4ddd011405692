"""The marks of strips: options by name in coloured cells, dials as small slices."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pizzatune.parameters import FloatArray, Parameter
from pizzatune.pictures import ground
from pizzatune.pictures.marks import (
    Axes,
    Band,
    Bars,
    Dots,
    Layers,
    Line,
    Mark,
    Panel,
    Rule,
    Scale,
    Target,
    Text,
)
from pizzatune.pictures.palette import text_on
from pizzatune.pictures.parameter import sidesteps
from pizzatune.pictures.slices import BAND
from pizzatune.pictures.source import is_dial, places, scale_of, score_scale
from pizzatune.space import Space
from pizzatune.words import score_text, spoken, told_apart

if TYPE_CHECKING:
    from pizzatune.pictures.strips import Strip

NAMES, LETTERS = 132.0, 15  # px, and bold letters, for the name of a parameter
ROOMY = 54.0  # px from one strip to the next that leave room for dots and ticks below it
LEAST = 24.0  # px that a cell needs for a few letters
MOST = 76.0  # px from one strip to the next
LINE = 16.0  # px of a heading above a strip


def strips_in(
    box: tuple[float, float, float, float],
    strips: Sequence[Strip],
    limits: tuple[float, float],
    *,
    called: Mapping[str, str] | None = None,
    click: bool = False,
    terse: bool = False,
) -> Layers:
    """Strips one below another in a box (left, top, width and height in px): the marks of each parameter.

    Parameters
    ----------
    box, strips, limits
        Where, what, and the scores at the two ends of the colour scale.
    called : dict, optional
        What parameters are called; by default their names.
    click : bool
        Whether cells and dials can be clicked; `pointed_at` says what such a click means.
    terse : bool
        Whether trials are small dots along dials and no dots below options, as suits a long run on a page.
    """
    left, top, width, height = box
    pitch = min(height / max(len(strips), 1), MOST)
    layers: Layers = {}
    full = [called[one.parameter.name] if called else spoken(one.parameter.name) for one in strips]
    for row, (strip, whole, words) in enumerate(zip(strips, full, told_apart(full, LETTERS), strict=True)):
        name, tip = strip.parameter.name, whole if whole != words else ""
        said = "" if strip.chosen is None else _label(strip.parameter, strip.chosen)
        above = top + row * pitch
        thick = pitch - 8 if pitch < ROOMY else pitch - 26
        middle = above + thick / 2 + 4.5
        marks: list[Mark] = []
        if pitch >= ROOMY and _crowded(strip.parameter, width - NAMES):
            marks.append(Text(None, left, above + 11, words, "bold", tip=tip))
            beside = left + ground.LETTER * (len(words) + 2)
            marks.append(Text(None, beside, above + 11, said, "quiet"))
            place = left, above + LINE, width, thick - LINE
            layers[name] = marks + _options(strip, limits, place, True, click, terse)
            continue
        if thick >= 34:
            marks.append(Text(None, left, middle - 9, words, "bold", tip=tip))
            marks.append(Text(None, left, middle + 9, said, "quiet", fit=NAMES - 8))
        else:
            marks.append(Text(None, left, middle, words, "bold", tip=tip))
            if is_dial(strip.parameter) and ground.LETTER * (len(words) + len(said) + 2) < NAMES:
                marks.append(Text(None, left + NAMES - 10, middle, said, "quiet", "end"))
        draw = _dial if is_dial(strip.parameter) else _options
        place = left + NAMES, above, width - NAMES, thick
        layers[name] = marks + draw(strip, limits, place, pitch >= ROOMY, click, terse)
    return layers


def _crowded(parameter: Parameter, width: float) -> bool:
    """Whether some options are too long for their cells, so that these need all the width there is."""
    if is_dial(parameter):
        return False
    labels = [parameter.label(option) for option in parameter.values()]
    cell = width / len(labels)
    return cell >= LEAST and max(map(len, labels)) > _letters(cell)


def _letters(cell: float) -> int:
    """How many letters fit into a cell."""
    return max(int((cell - 6) / ground.LETTER), 2)


def pointed_at(space: Space, name: str, share: float) -> tuple[str, Any]:
    """Which parameter and which value a click on a strip means: the mark's name, and where in its panel.

    Examples
    --------
    >>> from pizzatune import Choice, Real
    >>> kitchen = Space(Choice("oven", ["Stone", "Electric"]), Real("heat", 150, 350))
    >>> pointed_at(kitchen, "oven/1", 0.2), pointed_at(kitchen, "heat/", 0.5)
    (('oven', 'Electric'), ('heat', 250.0))
    """
    of, _, place = name.rpartition("/")
    parameter = space[of]
    if place:
        return of, parameter.values()[int(place)]
    low, high = places(parameter, [parameter.decode(0.0), parameter.decode(1.0)]).tolist()
    scale = scale_of(parameter)
    code = float(Scale(low, high, log=scale.log).share(scale.value(share)))
    return of, parameter.decode(min(max(code, 0.0), 1.0))


def _label(parameter: Parameter, place: float) -> str:
    value: Any = place if is_dial(parameter) else parameter.values()[int(place)]
    return str(parameter.label(value))


def _options(
    strip: Strip,
    limits: tuple[float, float],
    box: tuple[float, float, float, float],
    roomy: bool,
    click: bool,
    terse: bool,
) -> list[Mark]:
    """A cell for each option with its name, and its trials as dots below."""
    left, top, width, thick = box
    parameter, x = strip.parameter, strip.x
    scale = Scale(-0.5, len(x) - 0.5, ticks=())
    panel = Panel(left, top, width, thick, scale, Scale(0, 1, ticks=()))
    labels = [parameter.label(option) for option in parameter.values()]
    colours = ground.colours_of(strip.mean, limits)
    names = [f"{parameter.name}/{place}" for place in range(len(x))] if click else ()
    tips = [_tip(strip, place, label) for place, label in enumerate(labels)]
    zero = np.zeros(len(x))
    marks: list[Mark] = [
        Bars(panel, x - 0.5, x + 0.5, zero, zero + 1, "cell", colours=colours, tips=tips, names=names)
    ]
    cell = width / len(x)
    letters = _letters(cell)
    cut = told_apart(labels, letters)
    for place, (words, colour) in enumerate(zip(cut, colours, strict=True)):
        chosen = strip.chosen == place
        if cell >= LEAST:
            across, down = float(panel.across(place)), top + thick / 2 + 4.5
            # Bold letters are wider; the frame tells the chosen one anyway.
            style = "bold" if chosen and len(words) + 2 <= letters else ""
            ink = text_on(colour) if colour else ""
            marks.append(Text(None, across, down, words, style, "middle", tip=tips[place], colour=ink))
        if chosen:
            marks.append(Bars(panel, [place - 0.5], [place + 0.5], [0], [1], "chosen"))
    if roomy and len(strip.seen_x) and not terse:
        lane = Panel(left, top + thick, width, 18, scale, Scale(0, 1, ticks=()))
        x_dots = strip.seen_x + sidesteps(strip.seen_x, 0.42)
        marks += _dots(lane, x_dots, np.full(len(x_dots), 0.45), strip, limits)
    return marks


def _tip(strip: Strip, place: int, label: str) -> str:
    """What an option says: what is expected of it, and how often it was tried."""
    lines, mean, std = [label], float(strip.mean[place]), float(strip.std[place])
    if math.isfinite(std):
        lines.append(f"expected {score_text(mean)} ± {score_text(BAND * std)} ({BAND:g} std)")
    elif math.isfinite(mean):
        lines.append(f"mean {score_text(mean)}")
    scores = strip.seen_score[strip.seen_x == place]
    best = f", best {score_text(float(np.nanmax(scores)))}" if np.isfinite(scores).any() else ""
    lines.append(f"tried {len(scores)} ×{best}" if len(scores) else "not tried")
    return "\n".join(lines)


def _dial(
    strip: Strip,
    limits: tuple[float, float],
    box: tuple[float, float, float, float],
    roomy: bool,
    click: bool,
    terse: bool,
) -> list[Mark]:
    """A small slice: the mean with its band, the trials at their scores, and a line at what is shown."""
    left, top, width, thick = box
    scores = score_scale(limits, room=0.14)
    scale = scale_of(strip.parameter, width)
    across = Scale(scale.low, scale.high, "", scale.ticks, log=scale.log)
    panel = Panel(left, top, width, thick, across, Scale(scores.low, scores.high, ticks=()))
    marks: list[Mark] = [Bars(panel, [scale.low], [scale.high], [scores.low], [scores.high], "track")]
    if roomy:
        marks.append(Axes(panel, bare=True))
    if np.isfinite(strip.std).any():
        most = np.finfo(float).max
        at = np.unique(
            [*range(0, len(strip.x), 1 if roomy else 2), len(strip.x) - 1]
        )  # a thin one needs less
        x, mean, std = strip.x[at], strip.mean[at], strip.std[at]
        with np.errstate(over="ignore"):  # cut off at the edge of the panel
            low, high = mean - BAND * std, mean + BAND * std
        known = np.isfinite(mean) & np.isfinite(std)
        low, high = (
            np.clip(np.clip(end[known], -most, most), scores.low, scores.high) for end in (low, high)
        )
        marks.append(Band(panel, x[known], low, high, "doubt", tip=f"within {BAND:g} std of what it expects"))
        line = np.clip(mean, scores.low, scores.high)
        marks.append(Line(panel, x, line, "mean", tip="the score that it expects"))
    if strip.chosen is None and strip.parameter.when:
        words = f"only {strip.parameter.when_in_words()}"
        marks.append(Text(None, left + width / 2, top + thick / 2 + 4.5, words, "quiet", "middle"))
    if strip.chosen is not None:
        marks.append(Rule(panel, strip.chosen, "next", tip=_label(strip.parameter, strip.chosen)))
    if click:
        marks.append(Target(panel, f"{strip.parameter.name}/"))
    heights = np.clip(strip.seen_score, scores.low, scores.high)
    if terse:
        heights = np.where(np.isfinite(heights), heights, scores.low)
        return [*marks, Dots(panel, strip.seen_x, heights, "many")]
    return marks + _dots(panel, strip.seen_x, heights, strip, limits)


def _dots(
    panel: Panel, x: FloatArray, y: FloatArray, strip: Strip, limits: tuple[float, float]
) -> list[Mark]:
    """The trials in the colours of their scores, crosses where they failed."""
    marks: list[Mark] = []
    ok = np.isfinite(strip.seen_score)
    size = 4.0 if len(x) <= 40 else 3.0
    for style, which in (("scored", np.flatnonzero(ok)), ("failed", np.flatnonzero(~ok))):
        if len(which):
            heights = np.where(np.isfinite(y[which]), y[which], panel.y.low)
            tips = [strip.tips[place] for place in which]
            colours = ground.colours_of(strip.seen_score[which], limits) if style == "scored" else ()
            sizes = [size] * len(which)
            marks.append(Dots(panel, x[which], heights, style, tips=tips, colours=colours, sizes=sizes))
    return marks
