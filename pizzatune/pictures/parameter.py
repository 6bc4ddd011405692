"""One parameter against the score: what each of its values was worth, whatever the others were."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pizzatune.menus.menu import Menu
from pizzatune.parameters import Choice, FloatArray
from pizzatune.pictures.best_so_far import trial_tip
from pizzatune.pictures.marks import Axes, Dots, Key, Links, Mark, Panel, Scale, Text
from pizzatune.pictures.picture import Picture
from pizzatune.pictures.source import Run, as_run, is_dial, places, scale_of, score_scale
from pizzatune.space import Space
from pizzatune.trial import scores_of
from pizzatune.words import count, score_text, spoken

if TYPE_CHECKING:
    from pizzatune.pictures.source import Source

JITTER = 0.3  # how far a dot may stand from its option, in options
HALF = 0.38  # half the width of an option's mean, in options


@dataclass(frozen=True)
class Worth:
    """The numbers of `parameter`: where each trial's dot goes, and what became of each option.

    Attributes
    ----------
    x, scores : ndarray, shape (n,)
        A dot for each trial in which the parameter exists; scores are nan where it failed.
    numbers : tuple of int
        The trials' numbers, in the same order.
    tips : tuple of str
        What each says under a mouse.
    means : dict
        For a Choice, the mean score of each option that was tried with success: place -> score.
    """

    x: FloatArray
    scores: FloatArray
    numbers: tuple[int, ...]
    tips: tuple[str, ...]
    means: dict[int, float]


def worth_of(run: Run, name: str) -> Worth:
    """Work out `Worth` for one parameter.

    Raises
    ------
    KeyError
        If the space has no such parameter.
    """
    chosen = run.space[name]
    shown = [trial for trial in run.trials if name in trial.params]
    x = places(chosen, [trial.params[name] for trial in shown])
    scores = scores_of(shown)
    tips = tuple(trial_tip(trial, run.space) for trial in shown)
    means: dict[int, float] = {}
    if isinstance(chosen, Choice):
        for place in range(len(chosen.options)):
            here = scores[(x == place) & np.isfinite(scores)]
            if len(here):
                means[place] = float((here / len(here)).sum())  # in this order: no sum is too large
        x = x + sidesteps(x)
    return Worth(x, scores, tuple(trial.number for trial in shown), tips, means)


def sidesteps(x: FloatArray, most: float = JITTER) -> FloatArray:
    """How far dots of the same option step aside, in the order of the trials, left to right; shape (n,).

    Examples
    --------
    >>> sidesteps(np.array([0.0, 1.0, 0.0]), most=0.25).tolist()
    [-0.25, 0.0, 0.25]
    """
    steps = np.zeros(len(x))
    for place in np.unique(x):
        here = np.flatnonzero(x == place)
        if len(here) > 1:
            steps[here] = np.linspace(-most, most, len(here))
    return steps


def against_score(panel: Panel, numbers: Worth, style: str = "tried") -> list[Mark]:
    """A dot for each trial, a line at the mean of each option, a star on the best, crosses for failures."""
    ok = np.isfinite(numbers.scores)
    tips = np.array(numbers.tips, dtype=object)
    floor = np.full(int((~ok).sum()), panel.y.low)
    x, y = np.array([*numbers.means]), np.array([*numbers.means.values()])
    marks: list[Mark] = [Dots(panel, numbers.x[ok], numbers.scores[ok], style, tips=list(tips[ok]))]
    if len(x):
        marks.insert(0, Links(panel, x - HALF, y, x + HALF, y, "mean"))
    marks += _times(panel, numbers.x[ok], numbers.scores[ok])
    if ok.any():
        best = int(np.nanargmax(numbers.scores))
        star = [numbers.x[best]], [numbers.scores[best]]
        marks.append(Dots(panel, *star, "best", tips=[f"the best: {tips[best]}"]))
    if len(floor):
        marks.append(Dots(panel, numbers.x[~ok], floor, "failed", tips=list(tips[~ok])))
    return marks


def _times(panel: Panel, x: FloatArray, y: FloatArray) -> list[Mark]:
    """Beside a dot that hides others how many it stands for, as in ×3."""
    spots = Counter(zip(panel.across(x).round().tolist(), panel.down(y).round().tolist(), strict=True))
    return [
        Text(None, across + 16, down + 5, f"×{many}", "bold")
        for (across, down), many in spots.items()
        if many > 1
    ]


def in_words(run: Run, name: str, numbers: Worth) -> str:
    """Read the picture aloud."""
    chosen = run.space[name]
    ok = np.isfinite(numbers.scores)
    if not ok.any():
        return f"No {run.trial_label} with {spoken(name)} has a {run.score_label} yet."
    failed = f" {int((~ok).sum())} failed." if not ok.all() else ""
    if not is_dial(chosen):
        means = numbers.means
        high, low = (extreme(means, key=means.__getitem__) for extreme in (max, min))
        label = [chosen.label(option) for option in chosen.values()]
        worst = "" if high == low else f", the lowest {label[low]} with {score_text(means[low])}"
        return (
            f"{len(means)} of {len(label)} options of {spoken(name)} were tried. {label[high]} has the "
            f"highest mean {run.score_label}, {score_text(means[high])}{worst}.{failed}"
        )
    x, scores = numbers.x[ok], numbers.scores[ok]
    top = x[scores >= np.sort(scores)[3 * (len(scores) - 1) // 4]]
    ends = chosen.label(top.min()), chosen.label(top.max())
    quarter = "" if ends[0] == ends[1] else f" The best quarter lies between {ends[0]} and {ends[1]}."
    return (
        f"{count(len(x), run.trial_label)} with {spoken(name)} from {chosen.label(x.min())} to "
        f"{chosen.label(x.max())}. The best, {score_text(scores.max())}, has "
        f"{chosen.label(x[scores.argmax()])}.{quarter}{failed}"
    )


def parameter(
    source: Source,
    name: str,
    *,
    menu: Menu | None = None,
    space: Space | None = None,
    limits: tuple[float, float] | None = None,
) -> Picture:
    """Show one parameter against the score.

    Parameters
    ----------
    source : Result, Strategy or list of Trial
        The search.
    name : str
        Which parameter. Options stand side by side, their dots in the order of the trials, with a line at
        their mean; a log dial gets a log axis.
    menu, space : optional
        Labels, and the space of a list of trials.
    limits : tuple of float, optional
        The ends of the score axis, for pictures that are compared; scores beyond them still have room. By
        default it lies around the scores.

    Returns
    -------
    Picture

    Raises
    ------
    KeyError, TypeError
        If the space has no such parameter, or there are no trials in `source`.

    Examples
    --------
    >>> from pizzatune import Trial
    >>> oven = Space(Choice("oven", ["Stone", "Electric"]))
    >>> parameter([Trial(0, {"oven": "Stone"}, 6.0), Trial(1, {"oven": "Electric"}, 5.0)], "oven", space=oven)
    2 of 2 options of oven were tried. Stone has the highest mean score, 6.00, the lowest Electric with 5.00.
    """
    run = as_run(source, menu=menu, space=space)
    numbers = worth_of(run, name)
    scale = score_scale(numbers.scores, run.score_label, 0.1)
    if limits is not None:
        known = numbers.scores[np.isfinite(numbers.scores)]
        scale = Scale(min([limits[0], *known]), max([limits[1], *known]), run.score_label)
    panel = Panel(58, 58, 640, 286, scale_of(run.space[name], 640), scale, grid="y")
    entries = [(f"each {run.trial_label}", "dot", "tried")]
    entries += [("mean of the option", "line", "mean")] if numbers.means else []
    entries += [("best", "dot", "best")] if np.isfinite(numbers.scores).any() else []
    entries += [("failed", "dot", "failed")] if not np.isfinite(numbers.scores).all() else []
    shown = [trial for trial in run.trials if name in trial.params]
    columns = {
        "trial": list(numbers.numbers),
        name: [trial.params[name] for trial in shown],
        "score": numbers.scores,
    }
    marks = [Axes(panel), *against_score(panel, numbers), Key(58, 20, entries)]
    return Picture(marks, in_words(run, name, numbers), columns, height=396)
