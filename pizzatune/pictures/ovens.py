"""Two ovens side by side: what was tried in the old one and in the new, on one colour scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pizzatune.menus.menu import Menu
from pizzatune.pictures import ground
from pizzatune.pictures.ground import survey
from pizzatune.pictures.marks import Axes, Key, Mark, Text
from pizzatune.pictures.picture import Picture
from pizzatune.pictures.score_map import columns_of, key_of, map_numbers, score_map, start_of, two_names
from pizzatune.pictures.source import Run, as_run
from pizzatune.trial import Trial
from pizzatune.words import settings

if TYPE_CHECKING:
    from pizzatune.pictures.source import Source


def trust_of(run: Run) -> float | None:
    """How far the strategy trusts the old oven, 0 to 1, where it says so."""
    trust = getattr(run.strategy, "trust", None)
    return None if trust is None else float(trust)


def moved(best: Trial | None, new: Run, menu: Menu | None) -> float | None:
    """The score of the old best in the new oven: as it was tried there, else as the menu knows it."""
    if best is None:
        return None
    for trial in new.trials:
        if trial.params == best.params and trial.ok:
            return trial.score
    if menu is None:
        return None
    try:
        params = menu.space.check(best.params)
    except (TypeError, ValueError):  # the new oven has other dials, or they do not reach so far
        return None
    return menu.taste(params)


def in_words(old: Run, new: Run, names: tuple[str, str], new_menu: Menu | None = None) -> str:
    """Read both ovens aloud.

    What the old oven's best scores in the new one is left out where that is not known: it was not tried
    there, and there is no menu that holds it.
    """
    score, trust = moved(old.best, new, new_menu), trust_of(new)
    decimals = len(old.best_text.partition(".")[2])  # as many as beside it
    there = "" if score is None else f"; in the new oven that scores {score:.{decimals}f}"
    trusts = "" if trust is None else f". It trusts the old oven to {trust:.0%}"
    return f"Old oven: {_oven(old, names)}{there}. New oven: {_oven(new, names)}{trusts}."


def _oven(run: Run, names: tuple[str, str]) -> str:
    """The best of one oven, and where it lies."""
    at = "" if run.best is None else f", at {settings(run.space, run.best.params, names)}"
    return f"best {run.best_text} of {run.tried}{at}"


def ovens(
    old: Source,
    new: Source,
    x: str | None = None,
    y: str | None = None,
    *,
    old_menu: Menu | None = None,
    new_menu: Menu | None = None,
) -> Picture:
    """Show the old oven's search and the new oven's side by side, on one colour scale.

    Parameters
    ----------
    old, new : Result or Strategy
        The two searches. Where the new one's strategy reports how far it trusts the old, the heading says so.
    x, y : str, optional
        Which parameters, in both spaces; by default the first two.
    old_menu, new_menu : Menu, optional
        Show the true scores below, and draw pizzas.

    Returns
    -------
    Picture

    Raises
    ------
    KeyError, TypeError, ValueError
        If one of the spaces has no such parameters.

    Examples
    --------
    >>> from pizzatune import RandomSearch, Real, Space
    >>> searches = [RandomSearch(Space(Real("x", 0, 1), Real("y", 0, 1)), seed=0) for _ in range(2)]
    >>> for search, score in zip(searches, (3.0, 2.0)):
    ...     trial = search.tell({"x": 0.5, "y": 0.25}, score)
    >>> trial = searches[1].tell({"x": 0.75, "y": 0.5}, 4.0)
    >>> old, new = ovens(*searches).caption.split(". ")
    >>> old
    'Old oven: best 3.00 of 1 trial, at x 0.5, y 0.25; in the new oven that scores 2.00'
    >>> new
    'New oven: best 4.00 of 2 trials, at x 0.75, y 0.5.'
    """
    runs = as_run(old, menu=old_menu), as_run(new, menu=new_menu)
    menus = old_menu, new_menu
    names = two_names(runs[0].space, x, y)
    two_names(runs[1].space, *names)  # a KeyError in its words
    maps = [
        map_numbers(run, *names, None if menu is None else survey(menu, *names, start_of(run, menu)))
        for run, menu in zip(runs, menus, strict=True)
    ]
    limits = min(one.limits[0] for one in maps), max(one.limits[1] for one in maps)
    trust = trust_of(runs[1])
    headings = (
        f"Old oven: best {runs[0].best_text}",
        f"New oven: best {runs[1].best_text}" + ("" if trust is None else f", trust {trust:.0%}"),
    )
    marks: list[Mark] = [*ground.colour_key(546, 16, 140, limits, runs[1].score_label)]
    marks.append(Key(24, 22, key_of(maps), wide=300))
    for left, run, menu, one, heading in zip((24, 374), runs, menus, maps, headings, strict=True):
        panel = ground.map_panel(run.space[names[0]], run.space[names[1]], left, 98, 322, 250)
        marks += [Text(None, panel.left, 66, heading, "title"), Axes(panel)]
        marks += score_map(panel, one, limits, menu=menu)
    columns = {
        "oven": [which for which, one in zip(("old", "new"), maps, strict=True) for _ in one.trials],
        **columns_of(maps),
    }
    return Picture(marks, in_words(*runs, names, new_menu), columns, height=392)
