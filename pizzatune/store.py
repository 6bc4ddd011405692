"""A run on disk, durable trial by trial, so that nothing tried is lost.

A run is one SQLite file: a description of the search (space, strategy, settings, seed) and a row for each
trial, and for what was asked for and is not done yet, as JSON with a checksum. When `Store.record` returns,
the trial is on the disk; a search that was killed is opened again and goes on. A file with anything else in
it is refused and left as it is, and nothing in a file is ever executed, so a run can be read from anybody.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import ExitStack, closing
from os import PathLike
from pathlib import Path
from typing import Self

from pizzatune.checks import path_of
from pizzatune.documents import lost_of, space_document, space_from, trial_document
from pizzatune.forms import ASKED, TRIAL, signed
from pizzatune.result import Result
from pizzatune.space import Space
from pizzatune.store_check import undamaged
from pizzatune.store_file import connected, explained, locked, make, read, row_of
from pizzatune.store_search import (
    adopt_seed,
    asked_document,
    asked_from,
    description_of,
    refuse_another_search,
    refuse_other_trials,
    strategy_from,
    trials_from,
)
from pizzatune.strategies.base import Strategy, Suggestion
from pizzatune.trial import Trial


class Store:
    """A file that takes one trial after another, and the only writer of it; made by `Store.open`.

    A context manager: leaving it closes the file. Others may read the file with `load` meanwhile.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from pizzatune import RandomSearch, Real
    >>> strategy = RandomSearch(Space(Real("oven", 200, 400)), seed=0)
    >>> again = RandomSearch(strategy.space, seed=0)
    >>> with TemporaryDirectory() as folder:
    ...     with Store.open(Path(folder) / "run.sqlite", strategy) as store:
    ...         store.record(strategy.tell(strategy.ask(), 6.5))
    ...     with Store.open(Path(folder) / "run.sqlite", again) as store:
    ...         kept = store.trials
    >>> kept == tuple(strategy.trials)
    True
    """

    def __init__(
        self,
        path: Path,
        connection: sqlite3.Connection,
        space: Space,
        trials: list[Trial],
        asked: dict[int, Suggestion],
        held: ExitStack,
    ) -> None:
        self.path = path
        self.space = space
        self._connection = connection
        self._trials = trials
        self._asked = asked
        self._held = held  # what is given back at the end: the connection and the lock

    @classmethod
    def open(
        cls,
        path: str | PathLike[str],
        strategy: Strategy,
        *,
        score_label: str = "score",
        trial_label: str = "trial",
    ) -> Self:
        """Make the file, or open it to go on.

        A strategy that was made without a seed takes the file's. Trials that the strategy has and the file
        has not are recorded at once; handing the file's trials to the strategy is left to the caller.

        Parameters
        ----------
        path : str or Path
            The file. Beside it lies an empty one, ``<path>-lock``, which may be deleted when nobody writes.
        strategy : Strategy
            The search that is kept.
        score_label, trial_label : str
            What a score and a trial are called; written when the file is made.

        Raises
        ------
        ValueError
            If the file was made by another search (the message says what differs), is no run at all, is
            damaged, or comes from a newer pizzatune. The file is left as it was.
        OSError
            If another process is writing it, or file and folder cannot be written.
        """
        place = path_of("store", path)  # behind all links, so that a file has one lock whatever it is called
        with ExitStack() as held:
            held.enter_context(closing(locked(place)))
            given = description_of(strategy, score_label, trial_label)
            if not place.exists():
                make(place, given)
            kept, documents, asked = read(place)
            adopt_seed(strategy, kept, given)
            refuse_another_search(place, kept, given)
            trials = trials_from(documents, strategy.space, place)
            pending = asked_from(asked, strategy.space, place)
            refuse_other_trials(place, trials, strategy)
            connection = held.enter_context(closing(connected(place)))
            store = cls(place, connection, strategy.space, trials, pending, held)
            store._write(strategy.trials[len(trials) :])
            store._held = held.pop_all()
        return store

    @property
    def trials(self) -> tuple[Trial, ...]:
        """All trials that the file holds, in order."""
        return tuple(self._trials)

    @property
    def asked(self) -> tuple[Suggestion, ...]:
        """What was asked for and has no trial yet, in the order of the asks: it ran when the search ended."""
        return tuple(self._asked.values())

    def ask(self, suggestion: Suggestion) -> None:
        """Write down what was asked for, before it is tried; `record` takes its trial in its place.

        A search that tries one at a time need not: what it asks for next follows from its trials.

        Raises
        ------
        ValueError
            If it was not asked for: it has no number.
        OSError
            As `record`.
        """
        if suggestion.number is None:
            raise ValueError(f"{suggestion} was not asked for; take it from the strategy's pending ones")
        row = row_of(suggestion.number), *signed(asked_document(suggestion, self.space), ASKED)
        with explained(self.path), self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("INSERT OR REPLACE INTO trials VALUES (?, ?, ?)", row)
        self._asked[suggestion.number] = suggestion

    def record(self, trial: Trial) -> None:
        """Write one trial; when this returns it is on the disk, and stays there whatever happens to us.

        Raises
        ------
        ValueError
            If its number is not the next one.
        OSError
            If the disk is full or the file cannot be written. All earlier trials stay readable, and the same
            trial can be recorded again once there is room.
        """
        self._write([trial])

    def close(self) -> None:
        """Let the file go, so that another search may write it; a second call does nothing."""
        self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Store({str(self.path)!r}): {len(self._trials)} trials"

    def _write(self, trials: Sequence[Trial]) -> None:
        """Write trials in one transaction: all of them or none."""
        for number, trial in enumerate(trials, start=len(self._trials)):
            if trial.number != number:
                raise ValueError(
                    f"{self.path} wants trial {number} next, got trial {trial.number}; "
                    "record each trial once, in order"
                )
        rows = [(trial.number, *signed(trial_document(trial, self.space), TRIAL)) for trial in trials]
        answered = [(row_of(trial.asked),) for trial in trials if trial.asked in self._asked]
        with explained(self.path), self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("INSERT INTO trials VALUES (?, ?, ?)", rows)
            self._connection.executemany("DELETE FROM trials WHERE number = ?", answered)
        self._trials += trials
        for trial in trials:
            if trial.asked is not None:
                self._asked.pop(trial.asked, None)


def load(path: str | PathLike[str], space: Space | None = None) -> Result:
    """Read a run back from its file, for pictures, tables, or as the source of `TransferLearning`.

    A run may be read while it is written; what comes back is the run as it stood at one moment. To go on with
    a run, use ``tune(..., store=path)`` instead. To export one as CSV, hand its trials and its space to
    `pizzatune.trial.to_csv`.

    Parameters
    ----------
    path : str or Path
        The file that ``tune(..., store=path)`` made.
    space : Space, optional
        The space that was searched. Without it the space is made from the file: options that are text,
        numbers, None, or lists, tuples, sets and dicts of these come back as they were. Any other object
        comes back as its label (where it had none, as its full name or repr), and a `where` rule is left
        out, since a file holds no functions.

    Returns
    -------
    Result
        Its strategy is as it was after the last trial, and can go on. Where the file alone cannot tell how
        (objects or a `where` rule without `space`, transfer learning, a strategy of one's own), it is one
        that holds the trials and says so when asked for more.

    Raises
    ------
    ValueError
        If the file is no run, holds anything else as well, is damaged, comes from a newer pizzatune, or was
        made for another `space`.
    OSError
        If there is no such file, or it cannot be read.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from pizzatune import Choice, RandomSearch, tune
    >>> strategy = RandomSearch(Space(Choice("oven", ["Stone"])), seed=0)
    >>> with TemporaryDirectory() as folder:
    ...     _ = tune(lambda params: 6.5, strategy, budget=1, store=Path(folder) / "run.sqlite")
    ...     result = load(Path(folder) / "run.sqlite")
    >>> result
    RandomSearch: 1 trials, read from run.sqlite
    best score 6.5: oven Stone
    """
    place = path_of("path", path)
    kept, documents, asked = read(place)
    if space is None:
        with undamaged(place):
            space = space_from(kept["space"])
        lost = lost_of(kept["space"])
    else:
        refuse_another_search(place, kept, kept | {"space": space_document(space)})
        lost = ""
    trials = trials_from(documents, space, place)
    asked_from(asked, space, place)  # refused as it would be by one who goes on
    with undamaged(place):
        labels = str(kept["score_label"]), str(kept["trial_label"])
        strategy = strategy_from(kept, space, lost).rebuilt(trials)
    return Result(tuple(trials), strategy, f"read from {place.name}", *labels)
