"""A map over two parameters: what was tried, how it scored and, where it is known, the truth below."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pizzatune.menus.menu import Menu
from pizzatune.parameters import FloatArray, Parameter
from pizzatune.pictures import ground
from pizzatune.pictures.best_so_far import trial_tip
from pizzatune.pictures.callouts import call_out
from pizzatune.pictures.ground import Truth, survey
from pizzatune.pictures.marks import Axes, Bars, Dots, Key, Mark, Panel, Text
from pizzatune.pictures.palette import text_on
from pizzatune.pictures.picture import Picture
from pizzatune.pictures.source import Run, as_run, is_dial, places
from pizzatune.space import Params, Space
from pizzatune.trial import Trial, scores_of
from pizzatune.words import count, score_text, settings, spoken

if TYPE_CHECKING:
    from pizzatune.pictures.source import Source

MANY = 40  # more dots than that are drawn smaller
ROOM_FOR_SCORE = 34.0  # px that a score needs in its cell


@dataclass(frozen=True)
class MapNumbers:
    """The numbers of `map`.

    Attributes
    ----------
    across, up : Parameter
        Along the two axes.
    x, y, scores : ndarray, shape (n,)
        Place and score of each trial in which both parameters exist; scores are nan where it failed.
    trials : tuple of Trial
        These trials, in the same order.
    tips : tuple of str
        What each says under a mouse.
    hidden : int
        How many trials lack one of the two parameters.
    truth : Truth or None
        What lies below, where it is known.
    """

    across: Parameter
    up: Parameter
    x: FloatArray
    y: FloatArray
    scores: FloatArray
    trials: tuple[Trial, ...]
    tips: tuple[str, ...]
    hidden: int = 0
    truth: Truth | None = None

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the trials."""
        return tuple(trial.number for trial in self.trials)

    @property
    def best(self) -> int | None:
        """Where among the trials the highest score stands; None where none has a score."""
        return int(np.nanargmax(self.scores)) if np.isfinite(self.scores).any() else None

    @property
    def limits(self) -> tuple[float, float]:
        """Lowest and highest score that has a colour; (0, 1) where there is none."""
        every = np.concatenate([self.scores, [] if self.truth is None else self.truth.score.ravel()])
        return ground.ends_of(every)

    @property
    def named(self) -> dict[int, str]:
        """The trials that are called out, by place: the first, the last, and the best on top."""
        if not self.trials:
            return {}
        said: dict[int, list[str]] = {}
        for place, word in ((0, "first"), (self.best, "best"), (len(self.trials) - 1, "last")):
            if place is not None and (word != "last" or place):
                said.setdefault(place, []).append(word)
        return {
            place: " & ".join(said[place]) for place in sorted(said, key=lambda place: place == self.best)
        }

    @property
    def table(self) -> FloatArray:
        """The best score tried in each cell of two sets of options, shape (rows, columns); nan where none."""
        found = np.full((int(self.up.size), int(self.across.size)), math.nan)
        np.fmax.at(found, (self.y.astype(int), self.x.astype(int)), self.scores)
        return found


def map_numbers(run: Run, x: str, y: str, truth: Truth | None = None) -> MapNumbers:
    """Work out `MapNumbers` for two parameters.

    Examples
    --------
    >>> from pizzatune import Real
    >>> space = Space(Real("x", 0, 1), Real("y", 0, 1))
    >>> trials = Trial(0, {"x": 0.2, "y": 0.5}, 3.0), Trial(1, {"x": 0.9, "y": 0.5}, None, error="burnt")
    >>> found = map_numbers(Run(trials, space), "x", "y")
    >>> found.named, found.limits
    ({1: 'last', 0: 'first & best'}, (2.5, 3.5))
    """
    shown = tuple(trial for trial in run.trials if x in trial.params and y in trial.params)
    across, up = run.space[x], run.space[y]
    return MapNumbers(
        across,
        up,
        places(across, [trial.params[x] for trial in shown]),
        places(up, [trial.params[y] for trial in shown]),
        scores_of(shown),
        shown,
        tuple(trial_tip(trial, run.space) for trial in shown),
        len(run.trials) - len(shown),
        truth,
    )


def two_names(space: Space, x: str | None = None, y: str | None = None) -> tuple[str, str]:
    """The two parameters of a map: those asked for, else the first that are not taken; a lone dial lies flat.

    Raises
    ------
    KeyError, ValueError
        If the space has no such parameter, or has only one.
    """
    if len(space) < 2:
        raise ValueError(
            f"a map needs two parameters, this space has only {space.names[0]!r}; use plots.parameter"
        )
    for name in (x, y):
        if name is not None:
            _ = space[name]  # a KeyError in the space's own words
    if x is not None and x == y:
        raise ValueError(f"a map needs two different parameters, got {x!r} twice")
    if x is None and y is None and not is_dial(space.parameters[0]) and is_dial(space.parameters[1]):
        return space.names[1], space.names[0]  # names of options are read more easily one below another
    x = x if x is not None else next(name for name in space.names if name != y)
    return x, y if y is not None else next(name for name in space.names if name != x)


# -- marks ---------------------------------------------------------------------------------------------------


def score_map(
    panel: Panel,
    numbers: MapNumbers,
    limits: tuple[float, float] | None = None,
    *,
    menu: Menu | None = None,
    click: bool = False,
) -> list[Mark]:
    """The marks of a map, without its axes: the truth below, then the trials, coloured by score.

    Parameters
    ----------
    panel : Panel
        From `ground.map_panel`.
    numbers : MapNumbers
        What to show.
    limits : tuple of float, optional
        The scores at the two ends of the colour scale; by default those of `numbers`.
    menu : Menu, optional
        Where it makes pizzas, the first, the best and the last are drawn as pizzas.
    click : bool
        Whether dots can be clicked; each is called by its trial's number.
    """
    limits = limits or numbers.limits
    if not is_dial(numbers.across) and not is_dial(numbers.up):
        return _table(panel, numbers, limits)
    below = [] if numbers.truth is None else ground.land(panel, numbers.truth, limits)
    return [*below, *trials_on(panel, numbers, limits, menu=menu, click=click)]


def trials_on(
    panel: Panel,
    numbers: MapNumbers,
    limits: tuple[float, float],
    *,
    menu: Menu | None = None,
    click: bool = False,
) -> list[Mark]:
    """A dot for each trial, coloured by its score, a cross where it failed; first, best and last by name."""
    marks: list[Mark] = [] if numbers.truth is None else _top(panel, numbers, numbers.truth)
    ok = np.isfinite(numbers.scores)
    smaller = 1.5 if len(ok) > MANY else 0.0
    for style, which in (("scored", np.flatnonzero(ok)), ("failed", np.flatnonzero(~ok))):
        if not len(which):
            continue
        dots = Dots(
            panel,
            numbers.x[which],
            numbers.y[which],
            style,
            tips=[numbers.tips[place] for place in which],
            names=[str(numbers.numbers[place]) for place in which] if click else (),
            colours=ground.colours_of(numbers.scores[which], limits) if style == "scored" else (),
            sizes=[5.0 - smaller] * len(which),
        )
        marks += [Dots(panel, dots.x, dots.y, "halo", sizes=[7.0 - smaller] * len(which)), dots]
    return marks + call_out(panel, numbers, limits, menu)


def _top(panel: Panel, numbers: MapNumbers, truth: Truth) -> list[Mark]:
    """A star at the highest true score; where the best trial covers it, its rays stick out."""
    if truth.top is None:
        return []
    x, y, score = truth.top
    best = numbers.best
    size = 11.0
    if best is not None:
        across, down = panel.across([x, numbers.x[best]]), panel.down([y, numbers.y[best]])
        size = 17.0 if math.hypot(across[1] - across[0], down[1] - down[0]) < 20 else 11.0
    return [
        Dots(
            panel,
            [x],
            [y],
            "truth",
            tips=[f"the highest true score: {score_text(float(score))}"],
            sizes=[size],
        )
    ]


def _table(panel: Panel, numbers: MapNumbers, limits: tuple[float, float]) -> list[Mark]:
    """A cell for each pair of options, coloured by the truth where it is known, else by its best trial."""
    table = numbers.table
    shown = table if numbers.truth is None else numbers.truth.score
    cells = list(np.ndindex(*table.shape))
    colours = ground.colours_of(shown.ravel(), limits)
    rows, columns = np.array(cells, dtype=np.float64).T
    tips = [_cell_tip(numbers, *cell) for cell in cells]
    edges = columns - 0.5, columns + 0.5, rows - 0.5, rows + 0.5
    marks: list[Mark] = [Bars(panel, *edges, "cell", colours=colours, tips=tips)]
    wide, high = panel.width / table.shape[1], panel.height / table.shape[0]
    best = np.nanmax(table) if np.isfinite(table).any() else math.nan
    bare: list[tuple[int, int]] = []
    for (row, column), colour in zip(cells, colours, strict=True):
        score, failed = table[row, column], ((numbers.y == row) & (numbers.x == column)).any()
        if np.isfinite(score) and (wide < ROOM_FOR_SCORE or high < 16):
            marks.append(Dots(panel, [column], [row], "best" if score == best else "quiet"))
        elif np.isfinite(score):
            star = "★ " if score == best and wide > 1.6 * ROOM_FOR_SCORE else ""
            x, y = float(panel.across(column)), float(panel.down(row)) + 4.5
            style = "bold" if score == best else ""
            marks.append(
                Text(None, x, y, star + score_text(float(score)), style, "middle", colour=text_on(colour))
            )
        elif failed:
            bare.append((column, row))
    if bare:
        x_bare, y_bare = np.array(bare, dtype=float).T
        marks += [Dots(panel, x_bare, y_bare, "halo"), Dots(panel, x_bare, y_bare, "failed")]
    return marks


def _cell_tip(numbers: MapNumbers, row: int, column: int) -> str:
    """What a cell of a table says: its options, what was tried there, and the truth."""
    labels = (one.label(one.values()[place]) for one, place in ((numbers.across, column), (numbers.up, row)))
    here = np.flatnonzero((numbers.y == row) & (numbers.x == column))
    scores = numbers.scores[here]
    lines = [", ".join(labels)]
    if np.isfinite(scores).any():
        best = here[int(np.nanargmax(scores))]
        lines.append(
            f"tried {len(here)} ×, best {score_text(numbers.scores[best])} "
            f"(trial {numbers.numbers[best] + 1})"
        )
    else:
        lines.append("failed" if len(here) else "not tried")
    if numbers.truth is not None and np.isfinite(truth := numbers.truth.score[row, column]):
        lines.append(f"true score {score_text(truth)}")
    return "\n".join(lines)


# -- the picture ---------------------------------------------------------------------------------------------


def in_words(run: Run, numbers: MapNumbers) -> str:
    """Read the map aloud."""
    x, y = numbers.across.name, numbers.up.name
    said = [f"{count(len(numbers.trials), run.trial_label)} on a map of {spoken(x)} and {spoken(y)}"]
    if numbers.hidden:
        said[0] += f" ({numbers.hidden} more {'lacks' if numbers.hidden == 1 else 'lack'} one of the two)"
    if numbers.best is not None:
        best = numbers.trials[numbers.best]
        where = settings(run.space, best.params, (x, y))
        highest = score_text(numbers.scores[numbers.best])
        said.append(f"The best, {highest}, is number {best.number + 1}: {where}")
    elif numbers.trials:
        said.append(f"None has a {run.score_label}")
    if failed := int((~np.isfinite(numbers.scores)).sum()):
        said.append(f"{failed} failed")
    if numbers.truth is not None and (top := numbers.truth.top) is not None:
        at: Params = {
            one.name: ground.value_at(one, place)
            for one, place in zip((numbers.across, numbers.up), top[:2], strict=True)
        }
        held = settings(run.space, numbers.truth.held)
        rest = f" (with {held})" if held else ""
        said.append(
            f"The highest true {run.score_label} on this map is {score_text(top[2])}, at "
            f"{settings(run.space, at)}{rest}"
        )
    return ". ".join(said) + "."


def map(
    source: Source,
    x: str | None = None,
    y: str | None = None,
    *,
    menu: Menu | None = None,
    space: Space | None = None,
    limits: tuple[float, float] | None = None,
) -> Picture:
    """Show trials over two parameters, coloured by score; the first, the best and the last are called out.

    Two choices make a table with the best score of each cell in it.

    Parameters
    ----------
    source : Result, Strategy or list of Trial
        The search.
    x, y : str, optional
        Which parameters; by default the first two that are not taken.
    menu : Menu, optional
        Shows the true scores below, the other parameters as in the best trial, and draws its pizzas.
    space : Space, optional
        The space of a list of trials.
    limits : tuple of float, optional
        The scores at the two ends of the colour scale; by default the lowest and highest shown.

    Returns
    -------
    Picture

    Raises
    ------
    KeyError, TypeError, ValueError
        If the space has no such parameter, or has only one, or if there are no trials in `source`.

    Examples
    --------
    >>> from pizzatune import Real
    >>> trials = [Trial(0, {"x": 0.2, "y": 0.5}, 3.0), Trial(1, {"x": 0.9, "y": 0.5}, 4.0)]
    >>> map(trials, space=Space(Real("x", 0, 1), Real("y", 0, 1)))
    2 trials on a map of x and y. The best, 4.00, is number 2: x 0.9, y 0.5.
    """
    run = as_run(source, space=space, menu=menu)
    x, y = two_names(run.space, x, y)
    numbers = map_numbers(run, x, y, None if menu is None else survey(menu, x, y, start_of(run, menu)))
    limits = limits or numbers.limits
    panel = ground.map_panel(run.space[x], run.space[y], 24, 62, 672, 300)
    marks = [Axes(panel), *ground.colour_key(546, 16, 140, limits, run.score_label)]
    marks += score_map(panel, numbers, limits, menu=menu)
    marks.append(Key(panel.left, 22, key_of([numbers]), wide=300))
    return Picture(marks, in_words(run, numbers), columns_of([numbers]), height=406)


def start_of(run: Run, menu: Menu) -> Params:
    """The best params met, else the best of the menu, else any of it."""
    best = run.best or menu.best
    return menu.space.sample(np.random.default_rng(0)) if best is None else best.params


def key_of(maps: Sequence[MapNumbers]) -> list[tuple[str, str, str]]:
    """What the marks of some maps mean, where they do not say it themselves."""
    entries = []
    dotted = any(is_dial(one.across) or is_dial(one.up) for one in maps)
    if dotted and any(one.truth is not None for one in maps):
        entries.append(("highest true score", "dot", "truth"))
    if any(not np.isfinite(one.scores).all() for one in maps):
        entries.append(("failed", "dot", "failed"))
    return entries


def columns_of(maps: Sequence[MapNumbers]) -> dict[str, Sequence[object]]:
    """The numbers behind maps as columns."""
    trials = [(trial, one) for one in maps for trial in one.trials]
    return {
        "trial": [trial.number for trial, _ in trials],
        **{
            parameter.name: [trial.params[parameter.name] for trial, _ in trials]
            for parameter in (maps[0].across, maps[0].up)
        },
        "score": [score for one in maps for score in one.scores.tolist()],
    }
