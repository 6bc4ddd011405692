"""All parameters at once, a strip for each: options by name in coloured cells, dials as small slices."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pizzatune.menus.menu import Menu
from pizzatune.parameters import FloatArray, Parameter
from pizzatune.pictures import ground
from pizzatune.pictures.picture import Picture
from pizzatune.pictures.slices import upcoming
from pizzatune.pictures.source import Run, as_run, completed, is_dial, levels, places
from pizzatune.pictures.strip_marks import strips_in
from pizzatune.space import Params, Space
from pizzatune.trial import Trial, scores_of
from pizzatune.words import score_text, settings, shortened

if TYPE_CHECKING:
    from pizzatune.pictures.source import Source

POINTS = 33  # along a smooth dial
TIP = 110  # letters about a trial
FEW = 320  # params in all tips; where there would be more, each dot tells its own value alone


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
    every = len(run.trials) * len(names or run.space.names) * len(run.space)
    told = run.space if every <= FEW else None
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
        tips = tuple(_trial_tip(trial, parameter, told) for trial in trials)
        found.append(Strip(parameter, x, mean, std, seen_x, scores, tips, chosen))
    return tuple(found)


def _trial_tip(trial: Trial, parameter: Parameter, space: Space | None) -> str:
    """A trial in short: which it was, counted from 1, its params or the value on this strip, its score."""
    score = "failed" if trial.score is None else score_text(trial.score)
    value = parameter.label(trial.params[parameter.name])
    said = value if space is None else settings(space, trial.params)
    return f"trial {trial.number + 1}: {shortened(said, TIP)}; {score}"


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
        *itertools.chain(*strips_in((24, 58, 672, pitch * len(found)), found, limits).values()),
    ]
    rows = [(strip, i) for strip in found for i in range(len(strip.x))]
    columns = {
        "parameter": [strip.parameter.name for strip, _ in rows],
        "value": [levels(strip.parameter, POINTS)[i] for strip, i in rows],
        "mean": [float(strip.mean[i]) for strip, i in rows],
        "std": [float(strip.std[i]) for strip, i in rows],
    }
    return Picture(marks, in_words(run, found, held is not None), columns, height=66 + pitch * len(found))
