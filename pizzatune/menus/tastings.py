"""A CSV file of a class's own tastings, as a menu."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pizzatune.checks import shown
from pizzatune.menus.columns import (
    all_settings,
    check_totals,
    inferred,
    needed_settings,
    ours,
    rows_of,
    values_of,
)
from pizzatune.menus.listed import ListedSpace
from pizzatune.menus.own import no_recipe
from pizzatune.menus.taste import Pizza
from pizzatune.menus.tasted import Guess, GuessedMenu, Means, TastedMenu, points_of
from pizzatune.parameters import Parameter
from pizzatune.space import Key, Params, Space
from pizzatune.tables import Table, read_table
from pizzatune.trial import Trial, best_trial, labels_of, params_reader

FEWEST = 3  # different pizzas from which the others can be guessed
MOST = 500  # different pizzas that a Gaussian process takes in within a few seconds
SHOWN = 20  # rows that are named, of those in which a pizza was tasted
HUGE = 1e100  # a score beyond could not be averaged
REMEDY = "leave the row out"  # what to do about a row without a score


def from_csv(
    path: str | Path,
    score: str = "score",
    *,
    space: Space | None = None,
    columns: Sequence[str] | None = None,
    surrogate: bool = False,
    decimal: str | None = None,
    name: str | None = None,
    recipe: Callable[[Params], Pizza] | None = None,
    score_label: str | None = None,
    trial_label: str = "pizza",
) -> TastedMenu:
    """Make a menu of a class's own tastings: a CSV file with a column for each setting and one for the score.

    Only the pizzas of the file can be ordered, and a pizza that was tasted several times scores the mean. A
    search ends when all have been tried. With ``surrogate=True`` every other pizza can be ordered as well,
    and all scores are guesses of a Gaussian process; they are called so wherever they are shown.

    Without `space`, a column of words is a `Choice`, its options in order of appearance. A column of numbers
    is an `Ordered` of the values that occur; with ``surrogate=True`` a dial from the lowest to the highest,
    `Integer` where all are whole numbers, else `Real`.

    Parameters
    ----------
    path : str or Path
        In UTF-8 or UTF-16, its columns named in the first row, or below a title. Cells are set apart by
        commas, semicolons, tabs or bars. Numbers may be written as any country does, 1,234.5 or 1.234,5 or
        1 234,5, all of a file alike; 65 % and 4,50 € are numbers too.
    score : str
        The column that holds the score; higher is better. Capitals do not matter where only one column can be
        meant.
    space : Space, optional
        Says exactly what the columns are, with units, ranges and labels; other columns are not looked at. A
        dial of it that turns smoothly has only the values of the file, unless ``surrogate=True``.
    columns : sequence of str, optional
        The columns that are settings, where `space` does not say it. By default all but the score: leave out
        who tasted, or when, or the same pizza will never come twice. Of a table that pizzatune wrote, with
        error and why behind the score, those are no settings, and trials that failed are left out; ``.about``
        says so.
    surrogate : bool
        Whether to guess what was not tasted.
    decimal : {".", ","}, optional
        The decimal mark, where the numbers of the file do not tell: 1.234 alone may be a thousand and more.
    name : str, optional
        By default the file's name.
    recipe : callable, optional
        ``recipe(params) -> Pizza`` for pictures of pizzas; the score does not come from it.
    score_label, trial_label : str
        What a score and a trial are called on plots and in tables; a score by default like its column. Where
        it is a guess it says so: "guessed score".

    Returns
    -------
    TastedMenu or GuessedMenu
        ``.tastings`` holds the pizzas with their mean scores, ``.to_frame()`` is a table of them with the
        number of tastings and their spread. ``.best`` is the best pizza of the file, or the highest guess.

    Raises
    ------
    FileNotFoundError, IsADirectoryError
        If there is no such file.
    TypeError, ValueError
        If an argument is not what it should be, or the file cannot be read: a workbook under another name, a
        missing column, a gap, a word among numbers. The message names row and column, counted in the file.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "friday.csv"
    >>> _ = path.write_text("topping,minutes,score\\nHam,8,6\\nHam,8,7\\nTuna,8,5\\nTuna,11,8\\n")
    >>> menu = from_csv(path)
    >>> menu
    Menu 'friday': 3 pizzas of friday.csv, tasted 4 times; the same pizza again differs by 0.71 (std)
    Space of 2 parameters, 3 combinations
      topping  Ham, Tuna
      minutes  8 < 11
      where only the 3 pizzas of friday.csv
    >>> menu.taste({"topping": "Ham", "minutes": 8}), menu.best.params
    (6.5, {'topping': 'Tuna', 'minutes': 11})
    >>> guessed = from_csv(path, surrogate=True)
    >>> guessed.space["minutes"].label(9), guessed.score_label
    ('9', 'guessed score')
    """
    if space is not None and not isinstance(space, Space):
        raise TypeError(f"space must be a Space, got {shown(space)}; write pt.Space(pt.Real(...), ...)")
    if space is not None and columns is not None:
        raise TypeError("give space= or columns=, not both: a space names its columns")
    if decimal not in (None, ".", ","):
        raise ValueError(f"decimal must be '.' or ',', got {decimal!r}; leave it out where the file tells")
    names = needed_settings(space, columns, score)
    table = read_table(path, names, score, strip=True, argument="score")
    if not table.numbers:
        raise ValueError(
            f"{table.path}, row {table.header.place + 2}, column {score!r}: there is no tasting below the "
            "header; add some"
        )
    own, told = ours(table, score), ""
    if own is not None:
        table, told = _without_failed(table, score, own.error)
    if not names:
        names = all_settings(table, score) if own is None else own.settings
        told += "" if own is None else f"; its columns {', '.join(filter(None, own.others))} are no settings"
    table = table.judged((*names, score), decimal, None if space is None else labels_of(space))
    if space is None:
        check_totals(table, names, score)
        space = Space(*(inferred(table, column, surrogate) for column in names))
    tastings = _tastings(table, score, space)
    if surrogate and not FEWEST <= len(tastings) <= MOST:
        raise ValueError(
            f"{rows_of(table)}, columns of settings: surrogate=True guesses from {FEWEST} to {MOST:,} "
            f"different combinations, got {len(tastings):,}; bring more or fewer, or leave surrogate=True out"
        )
    file = Path(path)
    about = f"{len(tastings)} {_several(trial_label, len(tastings))} of {file.name}"
    make = _guessed if surrogate else _tasted
    return make(
        space,
        tastings,
        f"{about}, {_how_often(tastings, trial_label)}{told}",
        name=file.stem if name is None else name,
        recipe=recipe or no_recipe,
        score_label=table.header.called(score) if score_label is None else score_label,
        trial_label=trial_label,
    )


def _without_failed(table: Table, score: str, error: str) -> tuple[Table, str]:
    """A saved run without the trials that failed, and in words how many these were."""
    errors = table.cells.get(error, [""] * len(table.numbers))
    failed = [row for row, words in enumerate(errors) if words and not table.cells[score][row]]
    if not failed:
        return table, ""
    if len(failed) == len(table.numbers):
        raise ValueError(f"{table.place(0, score)}: every trial of the run failed; choose a run with a score")
    return table.without(failed), f"; {len(failed)} failed {_several('trial', len(failed))} left out"


def _tasted(space: Space, tastings: tuple[Trial, ...], about: str, **shared: Any) -> TastedMenu:
    """A menu of what was tasted and nothing else."""
    parameters = [_countable(parameter, tastings) for parameter in space.parameters]
    params = [pizza.params for pizza in tastings]
    listed = ListedSpace(parameters, params, f"only the {about.split(',')[0]}")
    means = {listed.key(pizza.params): points_of(pizza) for pizza in tastings}
    return TastedMenu(
        space=listed,
        about=about,
        objective=Means(listed, means),
        known_best=best_trial(tastings),
        tastings=tastings,
        **shared,
    )


def _guessed(
    space: Space, tastings: tuple[Trial, ...], about: str, *, score_label: str, **shared: Any
) -> GuessedMenu:
    """A menu of guesses between what was tasted."""
    model = Guess.of(tastings, space)
    vary = float(np.std([points_of(pizza) for pizza in tastings]))
    return GuessedMenu(
        space=space,
        about=(
            f"guesses from {about}; with one left out, its guess is off by {model.error():.2g}, while scores "
            f"vary by {vary:.2g}"
        ),
        score_label=score_label if "guess" in score_label else f"guessed {score_label}",
        objective=model,
        tastings=tastings,
        model=model,
        **shared,
    )


def _countable(parameter: Parameter, tastings: Sequence[Trial]) -> Parameter:
    """The same parameter; in place of one that turns smoothly, the values that occur."""
    name = parameter.name
    values = sorted({pizza.params[name] for pizza in tastings if name in pizza.params})
    if parameter.codes is not None or not values:
        return parameter
    return values_of(name, values, unit=parameter.unit, when=parameter.when)


def _tastings(table: Table, score: str, space: Space) -> tuple[Trial, ...]:
    """Each pizza of the file once, with the mean of its scores."""
    found: dict[Key, list[tuple[int, Params, float]]] = {}
    read = params_reader(table, space)
    for row, number in enumerate(table.numbers):
        params, points = read(row), table.score(row, score, REMEDY)
        if abs(points) > HUGE:
            raise ValueError(f"{table.place(row, score)}: {points:g} is too large; use another unit")
        found.setdefault(space.key(params), []).append((number, params, points))
    return tuple(_mean(number, same) for number, same in enumerate(found.values()))


def _mean(number: int, same: Sequence[tuple[int, Params, float]]) -> Trial:
    """All tastings of one pizza, (row, params, score) each, in one trial."""
    rows, (params, *_), scores = zip(*same, strict=True)
    spread = float(np.std(scores, ddof=1)) if len(scores) > 1 else None
    why = f"tasted once, in row {rows[0]}"
    if spread is not None:
        more = f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
        why = (
            f"the mean of {len(scores)} tastings from {min(scores):.4g} to {max(scores):.4g} "
            f"(std {spread:.2g}), in rows {', '.join(map(str, rows[:SHOWN]))}{more}"
        )
    return Trial(number, params, float(np.mean(scores)), why=why, origin={"scores": scores, "spread": spread})


def _how_often(tastings: Sequence[Trial], word: str) -> str:
    """How often they were tasted, and how much the same one varies (a pooled standard deviation)."""
    again = [pizza.origin["scores"] for pizza in tastings if len(pizza.origin["scores"]) > 1]
    if not again:
        return "each tasted once"
    squares = sum(float(np.var(scores)) * len(scores) for scores in again)
    pooled = math.sqrt(squares / sum(len(scores) - 1 for scores in again))
    tasted = sum(len(pizza.origin["scores"]) for pizza in tastings)
    return f"tasted {tasted} times; the same {word} again differs by {pooled:.2g} (std)"


def _several(word: str, count: int) -> str:
    plural = word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")
    return word if count == 1 else plural
