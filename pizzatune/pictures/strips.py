"""All parameters at once, a strip for each: options by name in coloured cells, dials as small slices."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pizzatune.menus.menu import Menu
from pizzatune.parameters import FloatArray, Parameter
from pizzatune.pictures import ground
from pizzatune.pictures.marks import Axes, Band, Bars, Dots, Line, Mark, Panel, Rule, Scale, Target, Text
from pizzatune.pictures.palette import text_on
from pizzatune.pictures.parameter import sidesteps
from pizzatune.pictures.picture import Picture
from pizzatune.pictures.slices import BAND, upcoming
from pizzatune.pictures.source import Run, as_run, completed, is_dial, levels, places, scale_of, score_scale
from pizzatune.space import Params, Space
from pizzatune.trial import Trial, scores_of
from pizzatune.words import score_text, settings, shortened, spoken

if TYPE_CHECKING:
    from pizzatune.pictures.source import Source

POINTS = 33  # along a smooth dial
NAMES = 132.0  # px for the name of a parameter
ROOMY = 54.0  # px from one strip to the next that leave room for dots and ticks below it
LEAST = 24.0  # px that a cell needs for a few letters


@dataclass(frozen=True)
class Strip:
    """What is known along one parameter, the others held still.

    Attributes
    ----------
    parameter : Parameter
        Which one.
    x, mean, std : ndarray, shape (k,)
        Places along it and what is expected there, in score units; nan where it is not known, or ruled out.
    seen_x, seen_score : ndarray, shape (n,)
        Place and score of each trial in which it exists; nan where it failed.
    tips : tuple of str
        What each of these trials says under a mouse.
    chosen : float or None
        The place of the combination that is shown; None where the parameter does not apply to it.
    """

    parameter: Parameter
    x: FloatArray
    mean: FloatArray
    std: FloatArray
    seen_x: FloatArray
    seen_score: FloatArray
    tips: tuple[str, ...]
    chosen: float | None


def points_of(
    space: Space, around: Mapping[str, Any], names: Sequence[str] | None = None
) -> list[Params | None]:
    """Where strips look, one parameter after the other; None where `around` rules a value out."""
    line: list[Params | None] = []
    for name in names or space.names:
        for value in levels(space[name], POINTS):
            params = completed(space, {**around, name: value})
            line.append(params if params is not None and params.get(name) == value else None)
    return line


def believed(strategy: Any, points: Sequence[Params | None]) -> tuple[FloatArray, FloatArray] | None:
    """Mean and std at some points, nan where there is none; None where the strategy has no model or score."""
    there = [point for point in points if point is not None]
    if not hasattr(strategy, "posterior") or strategy.best is None or not there:
        return None
    known = np.array([point is not None for point in points])
    mean, std = np.full((2, len(points)), math.nan)
    mean[known], std[known] = strategy.posterior(there)
    return mean, std


def strips_of(
    run: Run,
    around: Mapping[str, Any] | None,
    held: tuple[FloatArray, FloatArray] | None = None,
    names: Sequence[str] | None = None,
) -> tuple[Strip, ...]:
    """Work out a `Strip` for each parameter.

    Parameters
    ----------
    run : Run
        The trials that are shown.
    around : dict or None
        The combination that is shown.
    held : tuple of ndarray, optional
        Mean and std at `points_of`, as `believed` gives them; by default an option has its trials' mean.
    names : sequence of str, optional
        Which parameters; by default all.
    """
    found, start = [], 0
    for name in names or run.space.names:
        parameter = run.space[name]
        x = places(parameter, levels(parameter, POINTS))
        trials = [trial for trial in run.trials if name in trial.params]
        seen_x, scores = places(parameter, [trial.params[name] for trial in trials]), scores_of(trials)
        if held is not None:
            mean, std = (numbers[start : start + len(x)] for numbers in held)
            start += len(x)
        else:
            mean, std = _means(parameter, x, seen_x, scores), np.full(len(x), math.nan)
        chosen = float(places(parameter, [around[name]])[0]) if around and name in around else None
        tips = tuple(_trial_tip(trial, parameter) for trial in trials)
        found.append(Strip(parameter, x, mean, std, seen_x, scores, tips, chosen))
    return tuple(found)


def _trial_tip(trial: Trial, parameter: Parameter) -> str:
    """A trial in short: its value on this strip, and its score; the same trial lies on all other strips."""
    score = "failed" if trial.score is None else score_text(trial.score)
    return f"trial {trial.number}: {parameter.label(trial.params[parameter.name])}; {score}"


def _means(parameter: Parameter, x: FloatArray, seen_x: FloatArray, scores: FloatArray) -> FloatArray:
    """The mean score of each option; nan for dials, and for options without a score."""
    means = np.full(len(x), math.nan)
    for place in [] if is_dial(parameter) else range(len(x)):
        here = scores[(seen_x == place) & np.isfinite(scores)]
        if len(here):
            means[place] = (here / len(here)).sum()
    return means


def limits_of(strips: Sequence[Strip]) -> tuple[float, float]:
    """Lowest and highest score on strips; (0, 1) where there is none."""
    parts = [part for strip in strips for part in (strip.mean, strip.seen_score)]
    return ground.ends_of(np.concatenate([*parts, np.empty(0)]))


# -- marks ---------------------------------------------------------------------------------------------------


def strips_in(
    box: tuple[float, float, float, float],
    strips: Sequence[Strip],
    limits: tuple[float, float],
    *,
    called: Mapping[str, str] | None = None,
    click: bool = False,
) -> list[Mark]:
    """Strips one below another in a box (left, top, width and height in px).

    Parameters
    ----------
    box, strips, limits
        Where, what, and the scores at the two ends of the colour scale.
    called : dict, optional
        What parameters are called; by default their names.
    click : bool
        Whether cells and dials can be clicked; `pointed_at` says what such a click means.
    """
    left, top, width, height = box
    pitch = min(height / max(len(strips), 1), 76.0)
    marks: list[Mark] = []
    for row, strip in enumerate(strips):
        name = strip.parameter.name
        words = called[name] if called is not None else spoken(name)
        said = "" if strip.chosen is None else _label(strip.parameter, strip.chosen)
        above = top + row * pitch
        thick = pitch - 8 if pitch < ROOMY else pitch - 26
        middle = above + thick / 2 + 4.5
        if thick >= 34:
            marks.append(Text(None, left, middle - 9, words, "bold", fit=NAMES - 8))
            marks.append(Text(None, left, middle + 9, said, "quiet", fit=NAMES - 8))
        else:
            marks.append(Text(None, left, middle, words, "bold", fit=NAMES - 8))
            if is_dial(strip.parameter) and ground.LETTER * (len(words) + len(said) + 2) < NAMES:
                marks.append(Text(None, left + NAMES - 10, middle, said, "quiet", "end"))
        draw = _dial if is_dial(strip.parameter) else _options
        marks += draw(strip, limits, (left + NAMES, above, width - NAMES, thick), pitch >= ROOMY, click)
    return marks


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
    letters = int((cell - 6) / ground.LETTER)
    for place, (label, colour) in enumerate(zip(labels, colours, strict=True)):
        chosen = strip.chosen == place
        if cell >= LEAST:
            across, down = float(panel.across(place)), top + thick / 2 + 4.5
            style, ink = "bold" if chosen else "", text_on(colour) if colour else ""
            words = shortened(label, max(letters - chosen, 1))
            marks.append(Text(None, across, down, words, style, "middle", tip=tips[place], colour=ink))
        if chosen:
            marks.append(Bars(panel, [place - 0.5], [place + 0.5], [0], [1], "chosen"))
    if roomy and len(strip.seen_x):
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
        with np.errstate(over="ignore"):  # cut off at the edge of the panel
            low, high = strip.mean - BAND * strip.std, strip.mean + BAND * strip.std
        known = np.isfinite(strip.mean) & np.isfinite(strip.std)
        low, high = (
            np.clip(np.clip(end[known], -most, most), scores.low, scores.high) for end in (low, high)
        )
        marks.append(Band(panel, strip.x[known], low, high, "doubt"))
        marks.append(Line(panel, strip.x, np.clip(strip.mean, scores.low, scores.high), "mean"))
    if strip.chosen is not None:
        marks.append(Rule(panel, strip.chosen, "next", tip=_label(strip.parameter, strip.chosen)))
    if click:
        marks.append(Target(panel, f"{strip.parameter.name}/"))
    return marks + _dots(
        panel, strip.seen_x, np.clip(strip.seen_score, scores.low, scores.high), strip, limits
    )


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


# -- the picture ---------------------------------------------------------------------------------------------


def in_words(run: Run, found: Sequence[Strip], model: bool) -> str:
    """Read the strips aloud."""
    likes: Params = {}
    for strip in found:
        if np.isfinite(strip.mean).any():
            values = levels(strip.parameter, POINTS)
            likes[strip.parameter.name] = values[int(np.nanargmax(strip.mean))]
    liked = settings(run.space, likes)
    if model:
        return (
            "Each strip turns one parameter and leaves the others as they are marked. "
            f"One by one, the model likes best: {liked}."
        )
    said = f"{run.tried}, parameter by parameter."
    return f"{said} The options with the highest mean {run.score_label}: {liked}." if liked else said


def strips(
    source: Source,
    around: Mapping[str, Any] | None = None,
    *,
    menu: Menu | None = None,
    space: Space | None = None,
) -> Picture:
    """Show all parameters at once: what is believed of each option and each turn of a dial.

    One parameter is turned at a time, the others are held. A strategy without a model shows the mean score of
    each option, and the trials along each dial.

    Parameters
    ----------
    source : Result, Strategy or list of Trial
        The search.
    around : dict, optional
        The combination in which one parameter at a time is turned; by default what is tried next, or the
        best.
    menu, space : optional
        Labels, and the space of a list of trials.

    Returns
    -------
    Picture

    Raises
    ------
    TypeError, ValueError
        If there are no trials in `source`, or `around` is not of its space.

    Examples
    --------
    >>> from pizzatune import Choice, Trial
    >>> oven = Space(Choice("oven", ["Stone", "Electric"]))
    >>> strips([Trial(0, {"oven": "Stone"}, 6.0), Trial(1, {"oven": "Electric"}, 5.0)], space=oven)
    2 trials, parameter by parameter. The options with the highest mean score: oven Stone.
    """
    run = as_run(source, menu=menu, space=space)
    model = run.strategy if hasattr(run.strategy, "posterior") and run.best is not None else None
    if around is not None:
        around = run.space.check(around)
    elif model is not None:
        around = upcoming(model)  # type: ignore[arg-type]  # all that have a model are of this kind
    if around is None and run.best is not None:
        around = run.best.params
    held = None if model is None or around is None else believed(model, points_of(run.space, around))
    found = strips_of(run, around, held)
    limits = limits_of(found)
    pitch = 66.0 if len(found) <= 8 else 36.0
    marks = [
        *ground.colour_key(546, 16, 140, limits, run.score_label),
        *strips_in((24, 58, 672, pitch * len(found)), found, limits),
    ]
    rows = [(strip, i) for strip in found for i in range(len(strip.x))]
    columns = {
        "parameter": [strip.parameter.name for strip, _ in rows],
        "value": [levels(strip.parameter, POINTS)[i] for strip, i in rows],
        "mean": [float(strip.mean[i]) for strip, i in rows],
        "std": [float(strip.std[i]) for strip, i in rows],
    }
    return Picture(marks, in_words(run, found, held is not None), columns, height=66 + pitch * len(found))
