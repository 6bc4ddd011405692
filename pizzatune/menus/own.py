"""Bring your own oven: a function, or a CSV file of a class's own tastings, as a menu."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pizzatune.checks import score_of
from pizzatune.menus.listed import ListedSpace
from pizzatune.menus.menu import CLIMBS, SCAN, Menu
from pizzatune.menus.taste import Part, Pizza
from pizzatune.parameters import COUNTABLE, Choice, FloatArray, Integer, Ordered, Parameter, Real
from pizzatune.space import TABLE_COLUMNS, Key, Params, Space
from pizzatune.trial import Table, Trial, best_trial, read_params, read_table

if TYPE_CHECKING:
    import pandas as pd

    from pizzatune.gp import GaussianProcess

NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
WHOLE = re.compile(r"[+-]?[0-9]+")
NAME = re.compile(r"0[0-9]+")  # no number has a 0 before it: flour is called 00
FEWEST = 3  # different pizzas from which the others can be guessed
MOST = 500  # different pizzas that a Gaussian process takes in within a few seconds
AT_ONCE = 1_000  # pizzas guessed in one go
ROUNDS = 20  # of small changes, by which the highest guess is climbed to
CHANGES = 40  # tried in each
HUGE = 1e100  # a score beyond could not be averaged


def no_recipe(params: Params) -> Pizza:
    """Say that there is no pizza to look at."""
    raise TypeError(
        "this menu knows how good params are, not what pizza they make; say it with recipe=, a function "
        "params -> pt.menus.Pizza"
    )


@dataclass(frozen=True, eq=False, repr=False)
class OwnMenu(Menu):
    """A menu whose scores come from outside the simulated kitchen.

    Attributes
    ----------
    objective : callable
        ``objective(params) -> float``, higher is better.
    known_best : Trial or None
        The best there is, where that is known.

    The others are those of `Menu`; scores may have any scale.
    """

    objective: Callable[[Params], float] = field(kw_only=True)
    known_best: Trial | None = field(default=None, kw_only=True)

    def taste(self, params: Mapping[str, Any]) -> float:
        """Score `params`; the errors are those of the space, and whatever the objective raises."""
        return self.objective(self.space.check(params))

    def judge(self, params: Mapping[str, Any]) -> tuple[Part, ...]:
        """The whole score in one part, since nobody knows what it is made of."""
        return (Part(self.score_label, self.taste(params)),)

    @cached_property
    def best(self) -> Trial | None:  # type: ignore[override]  # who brings an oven need not know its best
        """The best there is, or None where that is not known."""
        return self.known_best

    def _taste(self, params: Params) -> float:
        return self.objective(params)


@dataclass(frozen=True, eq=False, repr=False)
class TastedMenu(OwnMenu):
    """A menu of which only what a class has tasted can be ordered.

    Attributes
    ----------
    tastings : tuple of Trial
        Every pizza once, in the order of the file, with the mean of its scores. ``origin`` holds all its
        ``scores``, and how they vary (``spread``, a standard deviation; None where it was tasted once).

    The others are those of `OwnMenu`.
    """

    tastings: tuple[Trial, ...] = field(kw_only=True)

    def to_frame(self) -> pd.DataFrame:
        """A pandas table with a row for each pizza: params, mean score, tastings and their spread."""
        import pandas as pd

        counts = [(len(pizza.origin["scores"]), pizza.origin["spread"]) for pizza in self.tastings]
        rows = [
            {**pizza.params, "score": pizza.score, "tastings": count, "spread": spread}
            for pizza, (count, spread) in zip(self.tastings, counts, strict=True)
        ]
        return pd.DataFrame(rows, columns=[*self.space.names, "score", "tastings", "spread"])


@dataclass(frozen=True, eq=False, repr=False)
class GuessedMenu(TastedMenu):
    """A menu whose scores are guessed from what a class has tasted; nothing on it is certain.

    Attributes
    ----------
    model : Guess
        What it believes; ``model.posterior(list of params)`` gives guesses with their doubts.

    The others are those of `TastedMenu`.
    """

    model: Guess = field(kw_only=True)

    @cached_property
    def best(self) -> Trial:
        """The highest guess there is, as far as a search finds it; worked out when first asked for."""
        params = self._highest()
        guess, doubt = self.model.posterior([params])
        why = f"the highest guess, ± {doubt[0]:.2g} (one std); a guess is no tasting"
        return Trial(0, params, float(guess[0]), why=why, origin={"mean": guess[0], "std": doubt[0]})

    @cached_property
    def median(self) -> float:
        """The median guess over all combinations, or over many drawn at random where there are too many."""
        return float(np.median(self.model.posterior(self._survey)[0]))

    @cached_property
    def _survey(self) -> list[Params]:
        """All combinations, or `SCAN` of them drawn at random."""
        if self.space.size <= SCAN:
            return list(self.space.enumerate())
        rng = np.random.default_rng(0)
        return [self.space.sample(rng) for _ in range(SCAN)]

    def _highest(self) -> Params:
        if self.space.size <= SCAN:
            return self._best_of(self._survey)[0]
        rng = np.random.default_rng(1)
        tops = self._best_of(self._survey + [pizza.params for pizza in self.tastings])[:CLIMBS]
        return self._best_of([self._improved(top, rng) for top in tops])[0]

    def _best_of(self, some: Sequence[Params]) -> list[Params]:
        """The same params, the highest guess first."""
        order = np.argsort(-self.model.posterior(some)[0], kind="stable")
        return [some[i] for i in order]

    def _improved(self, params: Params, rng: np.random.Generator) -> Params:
        """Change a few parameters a little as long as that helps, then turn the smooth dials to the end."""
        for reach in np.geomspace(0.2, 0.002, ROUNDS):
            changed = [self.space.nudge(params, 1 / len(self.space), rng, reach) for _ in range(CHANGES)]
            params = self._best_of([params, *changed])[0]
        smooth = any(math.isinf(self.space[name].size) for name in params)
        climbed = self._climb(params) if smooth else params
        return climbed if self.space.where is None or self.space.where(dict(climbed)) else params


@dataclass(frozen=True)
class Guess:
    """What a Gaussian process makes of tastings: a score for every combination, and how unsure it is."""

    space: Space
    gp: GaussianProcess
    middle: float
    unit: float

    @classmethod
    def of(cls, tastings: Sequence[Trial], space: Space) -> Guess:
        """Fit it to the mean scores of different pizzas."""
        from pizzatune.gp import GaussianProcess  # loads only when something is guessed

        scores = np.array([pizza.score for pizza in tastings], dtype=float)
        middle, unit = float(scores.mean()), float(scores.std()) or 1.0
        x = _features(space, [pizza.params for pizza in tastings])
        gp = GaussianProcess.fit(x, (scores - middle) / unit, _unordered(space))
        return cls(space, gp, middle, unit)

    def __call__(self, params: Params) -> float:
        return float(self.posterior([params])[0][0])

    def posterior(self, params: Sequence[Params]) -> tuple[FloatArray, FloatArray]:
        """Guessed scores and their standard deviations, shape (m,) each, in the unit of the scores."""
        parts = [
            self.gp.posterior(_features(self.space, params[first : first + AT_ONCE]))
            for first in range(0, len(params), AT_ONCE)
        ]
        mean, std = (np.concatenate(column) for column in zip(*parts, strict=True))
        return self.middle + self.unit * mean, self.unit * std

    def error(self) -> float:
        """How far a guess is off for a pizza that was left out: root mean square over all, in score units."""
        guessed, _ = self.gp.leave_one_out()
        return self.unit * float(np.sqrt(np.mean((guessed - self.gp.y) ** 2)))


@dataclass(frozen=True)
class Means:
    """The mean score of every pizza that was tasted."""

    space: Space
    scores: Mapping[Key, float]

    def __call__(self, params: Params) -> float:
        return self.scores[self.space.key(params)]


def from_function(
    f: Callable[[Params], float],
    space: Space,
    *,
    name: str | None = None,
    about: str | None = None,
    best: Mapping[str, Any] | Trial | None = None,
    recipe: Callable[[Params], Pizza] | None = None,
    score_label: str = "score",
    trial_label: str = "trial",
) -> OwnMenu:
    """Make a menu of any function: every strategy can search it, every plot can draw it.

    Parameters
    ----------
    f : callable
        ``f(params) -> float``, higher is better. A module-level one can travel to another process.
    space : Space
        What may be chosen.
    name, about : str, optional
        By default the function's name, and the first line of its docstring.
    best : dict or Trial, optional
        The best params, where they are known: regret is measured against them. A dict is scored once.
    recipe : callable, optional
        ``recipe(params) -> Pizza`` for pictures of pizzas; the score does not come from it.
    score_label, trial_label : str
        What a score and a trial are called on plots and in tables.

    Returns
    -------
    OwnMenu
        Its ``.best`` is None where `best` is not given.

    Raises
    ------
    TypeError, ValueError
        If `f` is no function, `space` no space, or `best` is not of it.

    Examples
    --------
    >>> space = Space(Real("hydration", 0.5, 0.8), Choice("flour", ["00", "Manitoba"]))
    >>> def rise(params):
    ...     return 9 - 100 * (params["hydration"] - (0.62 if params["flour"] == "00" else 0.7)) ** 2
    >>> menu = from_function(rise, space, name="dough", best={"hydration": 0.7, "flour": "Manitoba"})
    >>> menu.taste({"hydration": 0.72, "flour": "00"}), menu.best.score
    (8.0, 9.0)
    """
    if not callable(f):
        raise TypeError(f"f must be a function of params, got {f!r}; write def f(params): return ...")
    if not isinstance(space, Space):
        raise TypeError(f"space must be a Space, got {space!r}; write pt.Space(pt.Real(...), ...)")
    if isinstance(best, Trial):
        if best.score is None:
            raise ValueError(
                f"best must be a trial with a score, got {best}; give its params, or leave it out"
            )
        space.check(best.params)
    elif best is not None:
        params = space.check(best)
        best = Trial(0, params, score_of(f(dict(params))), why="given as the best")
    first_line, *_ = (getattr(f, "__doc__", None) or "").strip().splitlines() or [""]
    return OwnMenu(
        getattr(f, "__name__", type(f).__name__) if name is None else name,
        space,
        recipe or no_recipe,
        first_line if about is None else about,
        score_label,
        trial_label,
        objective=f,
        known_best=best,
    )


def from_csv(
    path: str | Path,
    score: str = "score",
    *,
    space: Space | None = None,
    columns: Sequence[str] | None = None,
    surrogate: bool = False,
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
        In UTF-8, a header in the first row. Cells are set apart by commas, semicolons or tabs; with
        semicolons or tabs numbers may have decimal commas, 7,5 for 7.5.
    score : str
        The column that holds the score; higher is better.
    space : Space, optional
        Says exactly what the columns are, with units, ranges and labels; other columns are not looked at. A
        dial of it that turns smoothly has only the values of the file, unless ``surrogate=True``.
    columns : sequence of str, optional
        The columns that are settings, where `space` does not say it. By default all but the score and those
        called error, why and seconds: leave out who tasted, or when, or the same pizza will never come twice.
    surrogate : bool
        Whether to guess what was not tasted.
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
    FileNotFoundError
        If there is no such file.
    TypeError, ValueError
        If an argument is not what it should be, or the file cannot be read: a missing column, a gap, a word
        among numbers. The message names row and column; the header is row 1.

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
        raise TypeError(f"space must be a Space, got {space!r}; write pt.Space(pt.Real(...), ...)")
    if space is not None and columns is not None:
        raise TypeError("give space= or columns=, not both: a space names its columns")
    names = _setting_names(space, columns, score)
    table = read_table(path, (*names, score), strip=True)
    filled = [row for row, cells in enumerate(table.rows) if any(cells.values())]
    if not filled:
        raise ValueError(
            f"{table.path}, row 2, column {score!r}: there is no tasting below the header; add some"
        )
    if space is None:
        settings = names or _all_settings(table, filled, score)
        space = Space(*(_inferred(table, filled, column, surrogate) for column in settings))
    tastings = _tastings(table, filled, score, space)
    if surrogate:
        _check_enough(table, filled, len(tastings))
    file = Path(path)
    about = f"{len(tastings)} {_several(trial_label, len(tastings))} of {file.name}"
    make = _guessed if surrogate else _tasted
    return make(
        space,
        tastings,
        f"{about}, {_how_often(tastings, trial_label)}",
        name=file.stem if name is None else name,
        recipe=recipe or no_recipe,
        score_label=score if score_label is None else score_label,
        trial_label=trial_label,
    )


def _tasted(space: Space, tastings: tuple[Trial, ...], about: str, **shared: Any) -> TastedMenu:
    """A menu of what was tasted and nothing else."""
    parameters = [_countable(parameter, tastings) for parameter in space.parameters]
    params = [pizza.params for pizza in tastings]
    listed = ListedSpace(parameters, params, f"only the {about.split(',')[0]}")
    means = {listed.key(pizza.params): _score(pizza) for pizza in tastings}
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
    vary = float(np.std([_score(pizza) for pizza in tastings]))
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


# -- from cells to settings ----------------------------------------------------------------------------------


def _setting_names(space: Space | None, columns: Sequence[str] | None, score: str) -> tuple[str, ...]:
    """The columns that must be there as settings; none where the file itself says it."""
    if columns is None:
        names: tuple[str, ...] = () if space is None else space.names
    elif isinstance(columns, str) or not all(isinstance(column, str) for column in columns) or not columns:
        raise TypeError(f"columns must be a list of names, at least one, got {columns!r}; write ['topping']")
    else:
        names = tuple(columns)
    if score in names:
        raise ValueError(f"column {score!r} cannot be a setting and the score; leave it out of the settings")
    return names


def _all_settings(table: Table, rows: Sequence[int], score: str) -> tuple[str, ...]:
    """All columns but the score and those that tables of trials have; one without a name must be empty."""
    for row in rows:
        if table.rows[row].get(""):
            raise ValueError(
                f"{table.place(row, '')}: {table.rows[row]['']!r} stands in a column without a name; "
                "name it in row 1, or say columns=[...]"
            )
    settings = tuple(name for name in table.columns if name and name not in (score, *TABLE_COLUMNS))
    if not settings:
        raise ValueError(
            f"{table.path}, row 1: there is no column of settings beside {score!r}, the file has "
            f"{list(table.columns)}; add one, e.g. topping"
        )
    return settings


def _inferred(table: Table, rows: Sequence[int], column: str, smooth: bool) -> Parameter:
    """The parameter that a column's cells speak of."""
    for row in rows:
        if not table.rows[row][column]:
            raise ValueError(
                f"{table.place(row, column)}: the cell is empty; fill it, leave the row out, or say with "
                "space= when the setting exists"
            )
    texts = [table.number(row, column) for row in rows]
    numeric = [NUMBER.fullmatch(text) is not None for text in texts]
    if not any(numeric) or any(NAME.fullmatch(text) for text in texts):
        return Choice(column, list(dict.fromkeys(table.rows[row][column] for row in rows)))
    _check_alike(table, rows, column, numeric)
    whole = all(WHOLE.fullmatch(text) for text in texts)
    values = sorted({int(text) if whole else float(text) for text in texts})
    try:
        return _dial(column, values) if smooth and len(values) > 1 else _values_of(column, values)
    except ValueError as error:
        raise ValueError(f"{_whole(table, rows)}, column {column!r}: {error}") from error


def _values_of(name: str, values: Sequence[float], **more: Any) -> Ordered:
    """An option for each number, shown as short as it can be: 6 and not 6.0."""
    short = [f"{value:g}" for value in values]
    return Ordered(name, values, labels=short if len(set(short)) == len(values) else None, **more)


def _dial(name: str, values: Sequence[float]) -> Parameter:
    """A dial from the lowest to the highest value, by whole numbers where all are."""
    low, high = values[0], values[-1]
    if isinstance(low, int) and isinstance(high, int) and high - low < COUNTABLE:
        return Integer(name, low, high)
    return Real(name, low, high)


def _check_alike(table: Table, rows: Sequence[int], column: str, numeric: Sequence[bool]) -> None:
    """All cells of a column must be finite numbers, written in one way."""
    odd = sum(numeric) * 2 < len(numeric)  # what the fewer are: numbers or words
    for row, number in zip(rows, numeric, strict=True):
        place, cell = table.place(row, column), table.rows[row][column]
        if not all(numeric) and number == odd:
            what = "a number among words" if odd else "no number, while others in the column are"
            raise ValueError(f"{place}: {cell!r} is {what}; correct the cell, or say what it is with space=")
        if number and not math.isfinite(float(table.number(row, column))):
            raise ValueError(f"{place}: {cell!r} is too large for a number; correct the cell")
    commas = [row for row in rows if "," in table.rows[row][column]]
    points = [row for row in rows if "." in table.rows[row][column]]
    if commas and points:
        raise ValueError(
            f"{table.place(points[0], column)}: {table.rows[points[0]][column]!r} has a decimal point, but "
            f"row {table.numbers[commas[0]]} a comma, {table.rows[commas[0]][column]!r}; write them alike"
        )


def _countable(parameter: Parameter, tastings: Sequence[Trial]) -> Parameter:
    """The same parameter; in place of one that turns smoothly, the values that occur."""
    name = parameter.name
    values = sorted({pizza.params[name] for pizza in tastings if name in pizza.params})
    if parameter.codes is not None or not values:
        return parameter
    return _values_of(name, values, unit=parameter.unit, when=parameter.when)


def _check_enough(table: Table, rows: Sequence[int], different: int) -> None:
    if not FEWEST <= different <= MOST:
        raise ValueError(
            f"{_whole(table, rows)}, columns of settings: surrogate=True guesses from {FEWEST} to {MOST:,} "
            f"different combinations, got {different:,}; bring more or fewer, or leave surrogate=True out"
        )


# -- tastings ------------------------------------------------------------------------------------------------


def _tastings(table: Table, rows: Sequence[int], score: str, space: Space) -> tuple[Trial, ...]:
    """Each pizza of the file once, with the mean of its scores."""
    found: dict[Key, list[tuple[int, Params, float]]] = {}
    for row in rows:
        params, points = read_params(table, row, space), table.score(row, score, "leave the row out")
        if abs(points) > HUGE:
            raise ValueError(f"{table.place(row, score)}: {points:g} is too large; use another unit")
        found.setdefault(space.key(params), []).append((table.numbers[row], params, points))
    return tuple(_mean(number, same) for number, same in enumerate(found.values()))


def _mean(number: int, same: Sequence[tuple[int, Params, float]]) -> Trial:
    """All tastings of one pizza, (row, params, score) each, in one trial."""
    rows, (params, *_), scores = zip(*same, strict=True)
    spread = float(np.std(scores, ddof=1)) if len(scores) > 1 else None
    why = f"tasted once, in row {rows[0]}"
    if spread is not None:
        why = (
            f"the mean of {len(scores)} tastings from {min(scores):.4g} to {max(scores):.4g} "
            f"(std {spread:.2g}), in rows {', '.join(map(str, rows))}"
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


def _score(pizza: Trial) -> float:
    assert pizza.score is not None  # a tasting without one was refused
    return pizza.score


def _several(word: str, count: int) -> str:
    plural = word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")
    return word if count == 1 else plural


def _whole(table: Table, rows: Sequence[int]) -> str:
    return f"{table.path}, row {table.numbers[rows[0]]} to row {table.numbers[rows[-1]]}"


# -- the guess -----------------------------------------------------------------------------------------------


def _unordered(space: Space) -> np.ndarray[Any, np.dtype[np.bool_]]:
    return np.array([isinstance(p, Choice) and not isinstance(p, Ordered) for p in space.parameters])


def _features(space: Space, params: Sequence[Params]) -> FloatArray:
    """Codes as a model sees them: what does not apply is a category of its own, or a dial in the middle."""
    rows = space.encode(params)
    return np.where(np.isnan(rows), np.where(_unordered(space), -1.0, 0.5), rows)
