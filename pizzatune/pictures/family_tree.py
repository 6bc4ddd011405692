"""The family tree of a genetic run: who was bred from whom, and which line led to the best."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pizzatune.menus.menu import Menu
from pizzatune.pictures import palette
from pizzatune.pictures.best_so_far import trial_tip
from pizzatune.pictures.callouts import symbol_of
from pizzatune.pictures.families import Member, Tray, rows_of_pizzas
from pizzatune.pictures.marks import Key, Mark, Scale, Symbol, Text
from pizzatune.pictures.picture import Picture
from pizzatune.pictures.source import Run, as_run, score_scale
from pizzatune.space import Space
from pizzatune.trial import Trial
from pizzatune.words import count, plural, score_text, spoken

if TYPE_CHECKING:
    from pizzatune.pictures.source import Source

ROWS = 8  # generations that are drawn, the newest
ROOMY = 5  # rows that have all the room they like
APART = 120.0  # px between two of a row, at most
SHADES = 40  # of the discs that stand for what is no pizza


@dataclass(frozen=True)
class Relative:
    """One trial of a family: its generation, and where it came from."""

    trial: Trial
    generation: int
    parents: tuple[int, ...]
    mutated: tuple[str, ...]

    @property
    def number(self) -> int:
        """Of its trial."""
        return self.trial.number

    @property
    def kind(self) -> str:
        """How it came about: "unbred", "crossed" or "mutated"."""
        return "unbred" if not self.parents else "mutated" if self.mutated else "crossed"


def family(run: Run) -> list[Relative]:
    """The trials of a run that know their generation, in their order.

    Raises
    ------
    ValueError
        If none does.
    """
    known = [trial for trial in run.trials if "generation" in trial.origin]
    if not known:
        raise ValueError("these trials know no generations; draw the tree of a GeneticAlgorithm's trials")
    return [
        Relative(
            trial,
            int(trial.origin["generation"]),
            tuple(dict.fromkeys(int(number) for number in trial.origin.get("parents", ()))),
            tuple(str(name) for name in trial.origin.get("mutated", ())),
        )
        for trial in known
    ]


def descent(relatives: list[Relative]) -> list[int]:
    """The best line of descent: from the best trial back through each one's better parent; oldest first."""
    by_number = {one.number: one for one in relatives}
    line: list[int] = []
    one = max((one for one in relatives if one.trial.ok), key=_merit, default=None)
    while one is not None:
        line.append(one.number)
        parents = [by_number[number] for number in one.parents if number in by_number]
        one = max(parents, key=_merit, default=None)
    return line[::-1]


def _merit(one: Relative) -> tuple[float, int]:
    """The better, the larger; of equals the earlier."""
    return (-math.inf if one.trial.score is None else one.trial.score, -one.number)


def family_tree(source: Source, *, menu: Menu | None = None, space: Space | None = None) -> Picture:
    """Show a genetic run: a row for each generation, the best first, and lines from parents to children.

    Parameters
    ----------
    source : Result, Strategy or list of Trial
        A genetic run.
    menu : Menu, optional
        Makes pizzas of the params; without it, and where it has no recipe, discs in the colours of the scores
        stand for them. Gives the labels, too.
    space : Space, optional
        The space of a list of trials.

    Returns
    -------
    Picture

    Raises
    ------
    TypeError, ValueError
        If no trial knows its generation.

    Examples
    --------
    >>> from pizzatune import Real
    >>> trials = [Trial(i, {"x": i}, 3.0 - i, origin={"generation": 0}) for i in (0, 1)]
    >>> origin = {"generation": 1, "parents": (0, 1), "mutated": ("x",)}
    >>> family_tree([*trials, Trial(2, {"x": 1.5}, 4.0, origin=origin)], space=Space(Real("x", 0, 9)))
    3 trials in 2 generations; the best, trial 3 with 4.00, descends from trial 1 (x new in 3).
    """
    run = as_run(source, menu=menu, space=space)
    relatives = family(run)
    line = descent(relatives)
    born = sorted({one.generation for one in relatives})
    best = line[-1] if line else None
    last = next((one.generation for one in relatives if one.number == best), 0)
    shown = [generation for generation in born if generation <= max(last, born[:ROWS][-1])][-ROWS:]
    rows = [
        sorted((one for one in relatives if one.generation == g), key=_merit, reverse=True) for g in shown
    ]
    entries = [("best line", "line", "lead"), ("parent to child", "line", "kin")]
    entries += [("from the elite", "line", "elite")] if _has_elite(relatives) else []
    entries += [("best", "dot", "ring")]
    entries += [("mutated", "dot", "mutated")] if any(one.mutated for one in relatives) else []
    key = Key(8, 18, entries, wide=704)
    side, pitch = (52.0, 104.0) if len(rows) <= ROOMY else (40.0, 80.0)
    width = min(672.0, APART * max(map(len, rows)))
    tray = Tray(40 + (672 - width) / 2, key.floor + 42, width, side, pitch, rows=len(rows), far=1.5)
    scale = score_scale([one.trial.score for one in relatives if one.trial.ok], room=0.0)
    members = [[_member(one, run, menu, scale) for one in row] for row in rows]
    layers = rows_of_pizzas(tray, members, first=shown[0], best=best, line=line)
    part = f", {shown[0]} to {shown[-1]} of 0 to {born[-1]}" if len(shown) < len(born) else ""
    marks: list[Mark] = [
        key,
        Text(None, 8, key.floor + 24, f"Generation, the best first{part}", "quiet"),
        *(mark for layer in layers.values() for mark in layer),
    ]
    columns = {
        run.trial_label: [one.number for one in relatives],
        "generation": [one.generation for one in relatives],
        run.score_label: [np.nan if one.trial.score is None else one.trial.score for one in relatives],
        "parents": [one.parents for one in relatives],
        "mutated": [one.mutated for one in relatives],
        "on the best line": [one.number in line for one in relatives],
    }
    height = tray.down(len(rows) - 1) + side / 2 + 24
    return Picture(marks, in_words(run, relatives, line), columns, height=height)


def _has_elite(relatives: list[Relative]) -> bool:
    """Whether anyone has a parent from before the generation before."""
    born = {one.number: one.generation for one in relatives}
    return any(
        born.get(parent, one.generation) < one.generation - 1 for one in relatives for parent in one.parents
    )


def _member(one: Relative, run: Run, menu: Menu | None, scale: Scale) -> Member:
    share = None if one.trial.score is None else float(scale.share(one.trial.score))
    symbol = symbol_of(menu, one.trial.params) or disc(share)
    new = f"\nnew: {', '.join(map(spoken, one.mutated))}" if one.mutated else ""
    return Member(
        one.number,
        symbol,
        math.nan if one.trial.score is None else one.trial.score,
        trial_tip(one.trial, run.space) + new,
        one.parents,
        bool(one.mutated),
        "failed" if one.trial.score is None else score_text(one.trial.score),
    )


def disc(share: float | None) -> Symbol:
    """What stands for a trial that is no pizza: a disc in the colour of its score's share; grey if it failed.

    Examples
    --------
    >>> disc(1.0).name, disc(None).name
    ('disc-40', 'disc-failed')
    """
    shade = None if share is None else round(SHADES * share)
    colour = palette.LIGHT["pencil"] if shade is None else palette.score_colour(shade / SHADES)
    outlines = (_round(98.0), "#8a7a6c"), (_round(90.0), colour)
    drawn = "".join(f'<path fill="{fill}" d="{path}"/>' for path, fill in outlines)
    return Symbol(f"disc-{'failed' if shade is None else shade}", drawn, 200.0)


def _round(radius: float) -> str:
    """A circle of 36 corners around the middle of a square of 200."""
    turn = np.linspace(0.0, 2 * math.pi, 37)[:-1]
    corners = np.round(100 + radius * np.column_stack([np.cos(turn), np.sin(turn)])).astype(int)
    steps = " ".join(f"{x} {y}" for x, y in np.diff(corners, axis=0).tolist())
    return f"M{corners[0, 0]} {corners[0, 1]}l{steps}z"


def in_words(run: Run, relatives: list[Relative], line: list[int]) -> str:
    """Read the picture aloud."""
    by_number = {one.number: one for one in relatives}
    generations = len({one.generation for one in relatives})
    text = f"{count(len(relatives), run.trial_label)} in {count(generations, 'generation')}"
    if not line:
        return f"{text}; none has a {run.score_label} yet."
    best = by_number[line[-1]]
    assert best.trial.score is not None
    text += f"; the best, {run.trial_label} {best.number + 1} with {score_text(best.trial.score)}, "
    if len(line) == 1:
        return f"{text}is of generation {best.generation} and has no parents."
    changes = [
        f"{' and '.join(map(spoken, by_number[number].mutated))} new in {number + 1}"
        for number in line
        if by_number[number].mutated
    ]
    word = run.trial_label if len(line) == 2 else plural(run.trial_label)
    news = f" ({'; '.join(changes)})" if changes else ""
    return f"{text}descends from {word} {', then '.join(str(number + 1) for number in line[:-1])}{news}."
