"""How a race went: regrets of all entrants over all seeds, as a table, a plot and ratios with intervals."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pizzatune.checks import shown, whole_number
from pizzatune.parameters import FloatArray

if TYPE_CHECKING:
    import pandas as pd

    from pizzatune.pictures.picture import Picture

RESAMPLES = 10_000  # of the seeds, for an interval
EQUAL = 9  # decimals: regrets that differ by less share a win


class Ratio(NamedTuple):
    """A ratio of two mean regrets, and its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}]"


@dataclass(frozen=True, eq=False, repr=False)
class Board:
    """How a race went.

    Attributes
    ----------
    name, trial_label : str
        What the problem and a trial of it are called.
    budget : int
        Trials for each entrant and seed.
    seeds : tuple of int
    at : tuple of int
        After how many trials the table looks.
    noise : float
        Standard deviation of the noise, in score units.
    count_source : bool
        Whether borrowed trials count toward the budget.
    best_known : bool
        Whether regret is normalised: 0 the best score there is, 1 the median of random params. If not, it is
        the distance to the best true score that any entrant met, in score units.
    regrets, scores : dict of ndarray, shape (seeds, budget)
        For each entrant the simple regret, and the true score, of what it would serve after each trial. After
        the end of its search the last one stays; nan while borrowed trials use up the budget.
    seconds : dict of ndarray, shape (seeds, budget)
        For each entrant the time inside ask and tell, and with noise inside recommend too, of each trial; nan
        where it made none.
    trials, borrowed : dict of ndarray, shape (seeds,)
        For each entrant, how many trials it made and how many it started from.
    failed : dict of str
        Who could not be run, and why.

    Examples
    --------
    >>> from pizzatune import GridSearch, RandomSearch, menus, race
    >>> board = race({"grid": GridSearch, "random": RandomSearch}, menus.four_factors(), budget=81, seeds=5)
    >>> board.wins(), str(board.ratio("grid", "random"))
    ({'grid': 0.5, 'random': 0.5}, '1.00 [1.00, 1.00]')
    """

    name: str
    trial_label: str
    budget: int
    seeds: tuple[int, ...]
    at: tuple[int, ...]
    noise: float
    count_source: bool
    best_known: bool
    regrets: dict[str, FloatArray]
    scores: dict[str, FloatArray]
    seconds: dict[str, FloatArray]
    trials: dict[str, FloatArray]
    borrowed: dict[str, FloatArray]
    failed: dict[str, str]

    @property
    def regret_label(self) -> str:
        """What regret is called on an axis."""
        return "normalised regret" if self.best_known else "regret in score units"

    def table(self, at: int | Sequence[int] | None = None) -> pd.DataFrame:
        """How the entrants stand, with one row each.

        Parameters
        ----------
        at : int or sequence of int, optional
            After how many trials; by default those the race was given.

        Returns
        -------
        pandas.DataFrame
            For each of `at` the median and the mean regret and the 95 % interval of the mean, low to high
            (see `mean_interval`; the same resamples for every entrant). Then the share of seeds that it wins
            at the last of `at`, ties shared; the milliseconds of a trial inside the strategy (the median over
            seeds, since a first run loads libraries, and the mean of that over trials); how many trials it
            made and borrowed, at most; and, where there are such, why it was not run.
        """
        import pandas as pd

        looks = self.at if at is None else looks_of(at, self.budget)
        rows = {name: self._standing(name, looks) for name in self.regrets}
        rows |= {name: {"not run": why.removeprefix("not run: ")} for name, why in self.failed.items()}
        return pd.DataFrame.from_dict(rows, orient="index")

    def _standing(self, name: str, looks: Sequence[int]) -> dict[str, Any]:
        standing: dict[str, Any] = {}
        for look in looks:
            regret = self.regrets[name][:, look - 1]
            low, high = mean_interval(regret)
            standing[f"median at {look}"] = float(np.median(regret))
            standing |= {
                f"mean at {look}": float(regret.mean()),
                f"low at {look}": low,
                f"high at {look}": high,
            }
        standing[f"wins at {looks[-1]}"] = self.wins(looks[-1])[name]
        made = self.seconds[name][:, ~np.isnan(self.seconds[name]).all(axis=0)]
        standing["ms a trial"] = 1000.0 * float(np.nanmedian(made, axis=0).mean())
        standing["trials"] = int(self.trials[name].max())
        standing["borrowed"] = int(self.borrowed[name].max())
        return standing

    def wins(self, at: int | None = None) -> dict[str, float]:
        """The share of seeds in which each entrant has the lowest regret after `at` trials; ties are shared.

        Those add up to 1. Regrets that agree to nine decimals are a tie.
        """
        look = self._look(at)
        if not self.regrets:
            return {}
        regrets = np.array([rows[:, look - 1] for rows in self.regrets.values()]).round(EQUAL)
        regrets[np.isnan(regrets)] = math.inf
        first = regrets == regrets.min(axis=0)
        return dict(zip(self.regrets, (first / first.sum(axis=0)).mean(axis=1).tolist(), strict=True))

    def ratio(self, a: str, b: str, at: int | None = None, *, seed: int = 0) -> Ratio:
        """Mean regret of entrant `a` divided by that of `b` after `at` trials: below 1, `a` is better.

        Parameters
        ----------
        a, b : str
            Names of entrants.
        at : int, optional
            After how many trials; by default at the end.
        seed : int
            Of the resamples; the same seed gives the same interval.

        Returns
        -------
        Ratio
            With a 95 % interval; see `ratio_of_means`.

        Raises
        ------
        ValueError
            If there is no such entrant, or it was not run, or had no trial of its own by then.
        """
        look = self._look(at)
        for name in (a, b):
            if name not in self.regrets:
                known = ", ".join(map(repr, self.regrets)) or "none"
                raise ValueError(
                    self.failed.get(name, f"no entrant is called {name!r}") + f"; there are {known}"
                )
            if np.isnan(self.regrets[name][:, look - 1]).any():
                raise ValueError(f"{name!r} had no trial of its own after {look} trials; look later with at=")
        return ratio_of_means(self.regrets[a][:, look - 1], self.regrets[b][:, look - 1], seed=seed)

    def _look(self, at: int | None) -> int:
        return self.budget if at is None else looks_of(whole_number("at", at, 1), self.budget)[0]

    def to_frame(self) -> pd.DataFrame:
        """A long table: entrant, seed, trial (from 1), regret, score and seconds.

        The score is the true one of what the entrant would serve after that trial.
        """
        import pandas as pd

        shape = (len(self.regrets), len(self.seeds), self.budget)
        entrant, seed, trial = np.indices(shape).reshape(3, -1)
        frame = {
            "entrant": np.array([*self.regrets, ""], dtype=object)[entrant],
            "seed": np.array(self.seeds)[seed],
        }
        numbers = {"regret": self.regrets, "score": self.scores, "seconds": self.seconds}
        columns = {name: np.reshape([*rows.values()], -1) for name, rows in numbers.items()}
        return pd.DataFrame({**frame, "trial": trial + 1, **columns})

    def plot(self) -> Picture:
        """Show the median regret of each entrant over the trials, and the middle half of the seeds."""
        from pizzatune import plots

        return plots.race(self)

    def _head(self) -> str:
        where = f" on {self.name!r}" if self.name else ""
        noise = f", noise {self.noise:g}" if self.noise else ""
        return f"Race{where}: {len(self.seeds)} seeds, {self.budget} trials each{noise}"

    def _notes(self) -> list[str]:
        """What one must know to read the table, and who was not run."""
        notes = [
            "Regret after so many trials: median | mean [95 % interval of the mean, bootstrap over seeds]."
        ]
        if self.best_known:
            notes.append("0 is the best score there is, 1 the median of random params.")
        else:
            notes.append("The best is not known: in score units, from the best that any entrant met.")
        if self._borrows:
            counted = "count" if self.count_source else "do not count"
            notes.append(f"Borrowed trials {counted} toward the budget.")
        return notes + [f"{name} was {why}" for name, why in self.failed.items()]

    @property
    def _borrows(self) -> bool:
        return any(rows.any() for rows in self.borrowed.values())

    def _cells(self) -> list[list[str]]:
        """The table as text, its head first."""
        last = self.at[-1]
        head = ["entrant", *(f"after {look}" for look in self.at), f"wins at {last}", "ms a trial"]
        cells = [head + (["trials", "borrowed"] if self._borrows else [])]
        for name in self.regrets:
            at = self._standing(name, self.at)
            row = [name, *(self._regret_text(at, look) for look in self.at)]
            row += [f"{at[f'wins at {last}']:.0%}", f"{at['ms a trial']:.2f}"]
            cells.append(row + ([str(at["trials"]), str(at["borrowed"])] if self._borrows else []))
        return cells

    def _regret_text(self, standing: Mapping[str, float], look: int) -> str:
        numbers = [standing[f"{what} at {look}"] for what in ("median", "mean", "low", "high")]
        if np.isnan(numbers).any():
            return "no trial yet"
        median, mean, low, high = (f"{n:.3f}" if self.best_known else f"{n:.4g}" for n in numbers)
        return f"{median} | {mean} [{low}, {high}]"

    def __repr__(self) -> str:
        cells = self._cells()
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = [
            "  ".join(
                [row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))]
            )
            for row in cells
        ]
        return "\n".join([self._head(), *lines, *self._notes()])

    def _repr_html_(self) -> str:
        head, *rows = self._cells()
        top = "".join(f"<th>{html.escape(cell)}</th>" for cell in head)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
        )
        notes = "<br>".join(html.escape(note) for note in self._notes())
        return (
            f"<p><b>{html.escape(self._head())}</b></p><table><thead><tr>{top}</tr></thead>"
            f"<tbody>{body}</tbody></table><p>{notes}</p>"
        )


# -- what may be asked ---------------------------------------------------------------------------------------


def looks_of(at: Any, budget: int) -> tuple[int, ...]:
    """After how many trials the table looks, in order."""
    if at is None:
        return tuple(sorted({max(1, round(budget * part / 3)) for part in (1, 2, 3)}))
    given = list(at) if isinstance(at, Sequence | np.ndarray) and not isinstance(at, str) else [at]
    looks = tuple(sorted({whole_number("at", look, 1) for look in given}))
    if not looks or looks[-1] > budget:
        raise ValueError(
            f"at must name trials from 1 to the budget, {budget}, got {shown(at)}; pass e.g. at={budget}"
        )
    return looks


# -- intervals -----------------------------------------------------------------------------------------------


def mean_interval(values: FloatArray, *, seed: int = 0) -> tuple[float, float]:
    """A 95 % interval of the mean of values, shape (n,), one for each seed (percentile bootstrap).

    References
    ----------
    Efron and Tibshirani (1993), An Introduction to the Bootstrap, section 13.3.

    Examples
    --------
    >>> low, high = mean_interval(np.array([0.1, 0.3, 0.2, 0.4]))
    >>> round(low, 2), round(high, 2)
    (0.15, 0.35)
    """
    low, high = np.quantile(values[_resamples(len(values), seed)].mean(axis=1), (0.025, 0.975))
    return float(low), float(high)


def ratio_of_means(ours: FloatArray, theirs: FloatArray, *, seed: int = 0) -> Ratio:
    """The mean of `ours` divided by that of `theirs`, paired by seed, with a 95 % interval.

    The interval is that of the percentile bootstrap: seeds are drawn with replacement, and the ratio is taken
    of the means over them. Where both means are 0 the ratio is 1. With few seeds it is a little too narrow:
    in simulations with strongly skewed regrets and 20 or 30 seeds, 91 to 95 of 100 held the true ratio.

    Parameters
    ----------
    ours, theirs : ndarray, shape (n,)
        One number for each seed, in the same order.
    seed : int
        Of the resamples; the same seed gives the same interval.

    Raises
    ------
    ValueError
        If the two are not of one length, or empty.

    References
    ----------
    Efron and Tibshirani (1993), An Introduction to the Bootstrap, section 13.3.

    Examples
    --------
    >>> print(ratio_of_means(np.array([0.1, 0.2, 0.1, 0.4]), np.array([0.2, 0.4, 0.2, 0.8])))
    0.50 [0.50, 0.50]
    """
    if ours.shape != theirs.shape or ours.ndim != 1 or not len(ours):
        raise ValueError(
            "a paired ratio needs one number for each seed from both, "
            f"got shapes {ours.shape} and {theirs.shape}; pass the same seeds of both, shape (n,)"
        )
    draws = _resamples(len(ours), seed)
    over = _divide(ours[draws].mean(axis=1), theirs[draws].mean(axis=1))
    # The nearest of the ratios, not a mixture of two: some may be infinite.
    low, high = np.quantile(over, (0.025, 0.975), method="nearest")
    return Ratio(float(_divide(ours.mean(), theirs.mean())), float(low), float(high))


def _divide(above: Any, below: Any) -> FloatArray:
    """Ratios, 1 where both are 0."""
    with np.errstate(divide="ignore", invalid="ignore"):  # a mean regret of 0 is no mistake
        return np.where((above == 0) & (below == 0), 1.0, np.divide(above, below))


def _resamples(number: int, seed: int) -> Any:
    """Seeds drawn with replacement, as places; shape (RESAMPLES, number)."""
    return np.random.default_rng(seed).integers(number, size=(RESAMPLES, number))
