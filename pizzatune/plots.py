"""Pictures of searches and of pizzas. Every function here returns a `Picture`.

A notebook shows a picture by itself, with its caption below. ``picture.data`` holds its numbers,
``picture.draw(ax)`` draws it by matplotlib, ``picture.save("map.svg")`` writes it to a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from pizzatune.menus.menu import Menu
from pizzatune.pictures import best_so_far as climbs
from pizzatune.pictures.band import band
from pizzatune.pictures.bill import what_it_cost
from pizzatune.pictures.family_tree import family_tree
from pizzatune.pictures.histogram import histogram
from pizzatune.pictures.marks import Axes, Key, Mark, Panel, Rule, Scale
from pizzatune.pictures.ovens import ovens
from pizzatune.pictures.parameter import parameter
from pizzatune.pictures.picture import Picture
from pizzatune.pictures.pizza_row import pizza, pizza_row
from pizzatune.pictures.race import race
from pizzatune.pictures.score_map import map
from pizzatune.pictures.slices import gp_slice
from pizzatune.pictures.source import as_runs, score_scale
from pizzatune.pictures.spread import spread
from pizzatune.pictures.strips import strips
from pizzatune.space import Space

if TYPE_CHECKING:
    from pizzatune.pictures.source import Source

__all__ = [
    "Picture",
    "band",
    "best_so_far",
    "family_tree",
    "gp_slice",
    "histogram",
    "map",
    "ovens",
    "parameter",
    "pizza",
    "pizza_row",
    "race",
    "spread",
    "strips",
    "what_it_cost",
]


def best_so_far(
    source: Source | Mapping[str, Source],
    *,
    best: float | None = None,
    menu: Menu | None = None,
    space: Space | None = None,
) -> Picture:
    """Show the best score so far over the trials, and a dot for every trial.

    Parameters
    ----------
    source : Result, Strategy or list of Trial; or dict
        A search, or several by name: ``{"grid": result, "random": result}``.
    best : float, optional
        The best possible score, in score units, where it is known.
    menu : Menu, optional
        Gives `best` and the labels.
    space : Space, optional
        The space of a list of trials.

    Returns
    -------
    Picture

    Raises
    ------
    TypeError, ValueError
        If there is nothing to draw.

    Examples
    --------
    >>> from pizzatune import Real, Trial
    >>> trials = [Trial(0, {"x": 2.0}, 4.0), Trial(1, {"x": 5.0}, 7.5), Trial(2, {"x": 1.0}, 3.0)]
    >>> best_so_far(trials, space=Space(Real("x", 0, 9)), best=8.0)
    Best score 7.50 (x 5), found after 2 of 3 trials. The best possible is 8.00.
    """
    runs = as_runs(source, menu=menu, space=space)
    if best is None and menu is not None and menu.best is not None:
        best = menu.best.score
    found = {name: climbs.climb_of(run.trials, run.space) for name, run in runs.items()}
    first = next(iter(runs.values()))
    longest = max(len(run.trials) for run in runs.values())
    scores = np.concatenate([*(climb.scores for climb in found.values()), [np.nan if best is None else best]])
    several = len(found) > 1
    entries = [
        (name, "line", f"pen{number % 6}") if several else ("best so far", "line", "best")
        for number, name in enumerate(found)
    ]
    if not several:
        entries.append((f"each {first.trial_label}", "dot", "pen0"))
    if best is not None:
        entries.append(("best possible", "line", "limit"))
    key = Key(58, 20, entries)
    panel = Panel(
        58, key.floor + 38, 640, 286, Scale(0.4, longest + 0.6, f"{first.trials_label} so far", whole=True),
        score_scale(scores, first.score_label), grid="y",
    )  # fmt: skip
    marks: list[Mark] = [Axes(panel)]
    if best is not None:
        marks.append(Rule(panel, best, "limit", along="x", tip=f"the best possible: {best:.3g}"))
    for number, (name, climb) in enumerate(found.items()):
        marks += climbs.staircase(panel, climb, number % 6, alone=not several, name=name)
    marks.append(key)
    columns = {
        "search": [name for name, climb in found.items() for _ in climb.best],
        "trial": np.concatenate([[trial.number for trial in run.trials] for run in runs.values()]),
        "score": np.concatenate([climb.scores for climb in found.values()]),
        "best so far": np.concatenate([climb.best for climb in found.values()]),
    }
    return Picture(marks, climbs.in_words(runs, best), columns, height=panel.floor + 52)
