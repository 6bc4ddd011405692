"""A run on disk, durable trial by trial, so that nothing tried is lost.

A run is one SQLite file: a description of the search (space, strategy, settings, seed) and a row for each
trial, both as JSON with a checksum. When `Store.record` returns, the trial is on the disk; a search that was
killed is opened again and goes on. Nothing in the file is ever executed, so a run can be read from anybody.
"""

from __future__ import annotations

import errno
import hashlib
import inspect
import json
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from pizzatune import strategies
from pizzatune._version import __version__
from pizzatune.documents import (
    Document,
    from_json,
    is_whole,
    lost_of,
    name_of,
    space_document,
    space_from,
    to_json,
    to_text,
    trial_document,
    trial_from,
)
from pizzatune.space import Space
from pizzatune.strategies.base import Strategy, Suggestion
from pizzatune.trial import Trial

if TYPE_CHECKING:
    from pizzatune.tuning import Result

APPLICATION = int.from_bytes(b"pizz")  # in the file's header: tells a run from other SQLite files
FORMAT = 1  # raise it whenever an older pizzatune could not read what is written
PATIENCE = 30.0  # seconds that we wait for a reader, or a writer's commit, to let go of the file
KEPT_AS = {"acquisition": "acquisition_kind", "trust": "fixed_trust"}  # where doors have taken the names


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
        self, path: Path, connection: sqlite3.Connection, space: Space, trials: list[Trial], held: ExitStack
    ) -> None:
        self.path = path
        self.space = space
        self._connection = connection
        self._trials = trials
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
        place = Path(path).resolve()  # also through links, so that a file has one lock whatever it is called
        with ExitStack() as held:
            held.enter_context(closing(_locked(place)))
            given = _description(strategy, score_label, trial_label)
            if not place.exists():
                _make(place, given)
            connection = held.enter_context(closing(_connected(place)))
            kept, documents = _read(connection, place)
            _adopt_seed(strategy, kept, given)
            _refuse_another_search(place, kept, given)
            trials = _trials_from(documents, strategy.space, place)
            _refuse_other_trials(place, trials, strategy)
            with _explained(place):
                connection.execute("PRAGMA journal_mode=DELETE")
                connection.execute("PRAGMA synchronous=EXTRA")
                connection.execute("PRAGMA fullfsync=1")  # macOS: otherwise the disk may still hold it back
            store = cls(place, connection, strategy.space, trials, held)
            store._write(strategy.trials[len(trials) :])
            store._held = held.pop_all()
        return store

    @property
    def trials(self) -> tuple[Trial, ...]:
        """All trials that the file holds, in order."""
        return tuple(self._trials)

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
        rows = [(trial.number, *_signed(trial_document(trial, self.space))) for trial in trials]
        with _explained(self.path), self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("INSERT INTO trials VALUES (?, ?, ?)", rows)
        self._trials += trials


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
        If the file is no run, is damaged, comes from a newer pizzatune, or was made for another `space`.
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
    from pizzatune.tuning import Result

    place = Path(path).resolve()
    with closing(_connected(place)) as connection:
        kept, documents = _read(connection, place)
    if space is None:
        with _undamaged(place):
            space = space_from(kept["space"])
        lost = lost_of(kept["space"])
    else:
        _refuse_another_search(place, kept, kept | {"space": space_document(space)})
        lost = ""
    trials = _trials_from(documents, space, place)
    with _undamaged(place):
        labels = str(kept["score_label"]), str(kept["trial_label"])
        strategy = _strategy_from(kept, space, lost).rebuilt(trials)
    return Result(tuple(trials), strategy, f"read from {place.name}", *labels)


class Stored(Strategy):
    """A strategy of which a file tells only the trials: it suggests nothing, and says what is missing."""

    def __init__(self, space: Space, missing: str, *, seed: int, repeats: bool = False) -> None:
        super().__init__(space, seed=seed, repeats=repeats)
        self.missing = missing

    def suggest(self, rng: np.random.Generator) -> Suggestion:
        raise ValueError(
            f"this run was read without {self.missing}, so it cannot suggest more; "
            "to go on, call tune(..., store=path) with the strategy that made it"
        )


# -- the file -------------------------------------------------------------------


def _locked(place: Path) -> sqlite3.Connection:
    """Hold the right to write `place` until the connection is closed, or this process ends in whatever way.

    The lock is SQLite's own, on an empty file beside the run. A separate file, since a lock on the run itself
    would keep readers out or end with each commit. SQLite's own, since that works wherever the run itself is
    safe, on Windows too; the system frees it when its process dies; and it does not pass to forked workers,
    which may outlive us (as flock would).
    """
    if not place.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {place.parent} for {place.name}; make it first")
    if place.is_dir():
        raise IsADirectoryError(f"{place} is a folder; name a file in it")
    lock = Path(f"{place}-lock")
    with ExitStack() as held, _explained(lock, busy=place):
        connection = held.enter_context(closing(_open(lock, "rwc", 0.0)))
        connection.execute("PRAGMA journal_mode=MEMORY")  # or a journal would lie there as well
        connection.execute("BEGIN EXCLUSIVE")
        held.pop_all()
    return connection


def _make(place: Path, description: Document) -> None:
    """Make the file of a run without trials. It appears whole or not at all, as it gets its name last.

    The first commit syncs the folder, so a trial on the disk is never without its file.
    """
    new = Path(f"{place}-new")
    new.unlink(missing_ok=True)  # left by one who was killed at this very place
    try:
        with _explained(place), closing(_open(new, "rwc", PATIENCE)) as connection:
            connection.execute("PRAGMA journal_mode=OFF")  # there is nothing yet to go back to
            connection.execute("PRAGMA synchronous=EXTRA")
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(f"PRAGMA application_id={APPLICATION}")
                connection.execute(f"PRAGMA user_version={FORMAT}")
                connection.execute("CREATE TABLE run (description TEXT, checksum INTEGER)")
                connection.execute(
                    "CREATE TABLE trials (number INTEGER PRIMARY KEY, trial TEXT, checksum INTEGER)"
                )
                connection.execute("INSERT INTO run VALUES (?, ?)", _signed(description))
        new.replace(place)
    finally:
        new.unlink(missing_ok=True)


def _connected(place: Path) -> sqlite3.Connection:
    """A connection to a file that is a run of ours."""
    if not place.is_file():
        raise FileNotFoundError(f"{place} is no file; a run is made by tune(..., store=path)")
    with _explained(place), closing(_open(place, "ro", PATIENCE)) as peek:  # leaves a foreign file as it is
        try:
            _identify(peek, place)
        except sqlite3.OperationalError as error:
            # A writer was killed in the middle of a commit. Only one who may write can undo its half.
            if error.sqlite_errorcode != sqlite3.SQLITE_READONLY_ROLLBACK:
                raise
    with ExitStack() as held, _explained(place):
        connection = held.enter_context(closing(_open(place, "rw", PATIENCE)))
        _identify(connection, place)
        held.pop_all()
    return connection


def _open(path: Path, mode: str, patience: float) -> sqlite3.Connection:
    """SQLite in autocommit mode; the store may be used from any thread, as SQLite itself takes turns."""
    return sqlite3.connect(
        f"{path.as_uri()}?mode={mode}",
        uri=True,
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,
    )


def _identify(connection: sqlite3.Connection, place: Path) -> None:
    """Make sure that this is a run, of a format we know."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION:
        raise ValueError(f"{place} is no run of pizzatune and was left as it is; choose another file name")
    if version > FORMAT:
        raise ValueError(
            f"{place} was written by a newer pizzatune (format {version}, this one knows {FORMAT}); upgrade"
        )


def _read(connection: sqlite3.Connection, place: Path) -> tuple[Document, list[Document]]:
    """The description and the trials in order, as they stand at one moment."""
    with _explained(place), connection:
        connection.execute("BEGIN")
        (health, *_) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if health != "ok":
            raise _damaged(place, " ".join(health.split()))
        descriptions = connection.execute("SELECT description, checksum FROM run").fetchall()
        rows = connection.execute("SELECT number, trial, checksum FROM trials ORDER BY number").fetchall()
    with _undamaged(place):
        ((text, checksum),) = descriptions
        description = _document_from(text, checksum)
        documents = [_document_from(text, checksum) for _, text, checksum in rows]
        if [number for number, *_ in rows] != list(range(len(rows))):
            raise ValueError("a trial is missing")
    return description, documents


def _signed(document: Document) -> tuple[str, int]:
    """A document as text, and its checksum: one that could be read but has changed must be noticed, too."""
    text = to_text(document)
    return text, zlib.crc32(text.encode())


def _document_from(text: str, checksum: int) -> Document:
    if zlib.crc32(text.encode()) != checksum:
        raise ValueError(f"a checksum does not fit {text[:40]!r}")
    document: Document = json.loads(text)
    return document


@contextmanager
def _explained(place: Path, busy: Path | None = None) -> Iterator[None]:
    """Say what SQLite's complaint means, and what to do."""
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:  # the latter where bytes of a text were written over
        raise _in_words(place, busy, error) from error


def _in_words(place: Path, busy: Path | None, error: Exception) -> Exception:
    if isinstance(error, sqlite3.ProgrammingError):
        return ValueError(f"{place} was closed, so it takes no more; open it again with Store.open")
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF  # the kind; the rest is detail
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and busy is None:
        return BlockingIOError(
            f"{place} could not be reached for {PATIENCE:g} s, as another program holds it; close that one"
        )
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CONSTRAINT):
        return BlockingIOError(
            f"{busy or place} is being written by another process; "
            "wait until that one has ended, or give each search a file of its own"
        )
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return OSError(
            errno.ENOSPC if code == sqlite3.SQLITE_FULL else errno.EIO,  # where a quota is used up, it is EIO
            f"{place} cannot be read or written now ({error}): the disk, or your share of it, may be full; "
            "make room and run the same line again. What was recorded before is kept, and load can read it",
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return PermissionError(
            f"{place} cannot be used here ({error}); it must be a file, and both it and its folder yours to "
            "read and write"
        )
    if code == sqlite3.SQLITE_NOTADB:
        return ValueError(f"{place} is no run of pizzatune and was left as it is; choose another file name")
    return _damaged(place, error)


def _damaged(place: Path, what: object) -> ValueError:
    return ValueError(
        f"{place} is damaged ({what}): it was cut short or written over, and was left as it is; "
        "go on from a copy, or start anew under another name"
    )


@contextmanager
def _undamaged(place: Path) -> Iterator[None]:
    """Report text that cannot be made sense of as damage."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise _damaged(place, f"{type(error).__name__}: {error}") from error


# -- is it the same search? -----------------------------------------------------


def _description(strategy: Strategy, score_label: str, trial_label: str) -> Document:
    """What a run says about its search."""
    return {
        "space": space_document(strategy.space),
        "strategy": name_of(type(strategy)),
        "settings": {name: _setting(name, value) for name, value in _settings_of(strategy).items()},
        "seed": strategy.seed,
        "score_label": score_label,
        "trial_label": trial_label,
        "pizzatune": __version__,
    }


def _settings_of(strategy: Strategy) -> dict[str, Any]:
    """The arguments a strategy was made with, besides space and seed; it keeps each under its own name."""
    settings: dict[str, Any] = {}
    for owner in type(strategy).__mro__:
        if "__init__" not in vars(owner):
            continue
        _, *arguments = inspect.signature(vars(owner)["__init__"]).parameters.values()
        for argument in arguments:
            kind, name = argument.kind, argument.name
            if name in ("space", "seed") or kind in (argument.VAR_KEYWORD, argument.VAR_POSITIONAL):
                continue
            attribute = KEPT_AS.get(name, name)
            if attribute not in vars(strategy):
                raise TypeError(
                    f"{type(strategy).__name__} takes {name!r} but keeps no attribute of that name, so a "
                    f"store could not tell two of them apart; write self.{name} = {name} in its __init__"
                )
            settings[name] = vars(strategy)[attribute]
        if all(argument.kind != argument.VAR_KEYWORD for argument in arguments):
            break  # with **settings, the next class up says what else there is
    return settings


def _setting(name: str, value: Any) -> Any:
    """A setting as JSON; of the trials of a source only how many there are, and a fingerprint."""
    if name != "source":
        return to_json(value)
    trials = [trial for trials in value for trial in trials]
    scores = [[to_json(trial.params), to_json(trial.score)] for trial in trials]
    mark = hashlib.sha256(to_text(scores).encode()).hexdigest()[:12]
    return {"object": f"{len(trials)} trials with the fingerprint {mark}"}


def _adopt_seed(strategy: Strategy, kept: Document, given: Document) -> None:
    """Let a fresh strategy that drew its seed itself take the one of the run."""
    fresh = not (strategy.seed_given or strategy.trials or strategy.pending)
    if fresh and isinstance(kept.get("seed"), int):
        strategy.reseed(kept["seed"])
        given["seed"] = strategy.seed


def _refuse_another_search(place: Path, kept: Document, given: Document) -> None:
    with _undamaged(place):
        before, now = _facts(kept), _facts(given)
        different = [
            f"{fact}: the file has {from_json(before[fact])!r}, now it is {from_json(now[fact])!r}"
            for fact in before
            if fact in now and to_text(before[fact]) != to_text(now[fact])
        ]
    if different:
        raise ValueError(
            f"{place} keeps another search; {'; '.join(different)}. "
            "Use what the file was made with, or another file name"
        )


def _facts(description: Document) -> dict[str, Any]:
    """A description as a flat list of facts that can be compared one by one."""
    space = description["space"]
    facts = {
        "strategy": description["strategy"],
        "seed": description["seed"],
        "parameters": [parameter["name"] for parameter in space["parameters"]],
        "where": space["where"],
    }
    for parameter in space["parameters"]:
        for key, value in parameter.items():
            facts[f"{key} of parameter {parameter['name']!r}"] = value
    for key, value in description["settings"].items():
        facts[f"setting {key}"] = value
    return facts


def _refuse_other_trials(place: Path, kept: Sequence[Trial], strategy: Strategy) -> None:
    """One of the two lists of trials must be the beginning of the other."""
    for before, now in zip(kept, strategy.trials, strict=False):
        one, other = (trial_document(trial, strategy.space) | {"seconds": None} for trial in (before, now))
        if before.number != now.number or to_text(one) != to_text(other):
            raise ValueError(
                f"{place} keeps other trials than this strategy has; the file has {before!r}, the strategy "
                f"{now!r}. Give a fresh strategy to go on from the file, or another file name"
            )


# -- back from a file -----------------------------------------------------------


def _trials_from(documents: Sequence[Document], space: Space, place: Path) -> list[Trial]:
    with _undamaged(place):
        trials = [trial_from(number, document, space) for number, document in enumerate(documents)]
    return [_allowed(trial, space, place) for trial in trials]


def _allowed(trial: Trial, space: Space, place: Path) -> Trial:
    """The trial, if the space still allows it: a `where` may say otherwise now under the same name."""
    try:
        space.check(trial.params)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{place} keeps a trial that this space does not allow, {trial!r}: {error}. "
            "Use the space that the file was made with, or another file name"
        ) from error
    return trial


def _strategy_from(kept: Document, space: Space, lost: str) -> Strategy:
    """The strategy as it was made, or one that says what keeps it from being made."""
    settings = {name: from_json(value) for name, value in kept["settings"].items()}
    name = str(kept["strategy"]).rpartition(".")[2]
    kind = getattr(strategies, name) if name in strategies.__all__ else None
    if kind is None or name_of(kind) != kept["strategy"]:
        lost = lost or f"its strategy {kept['strategy']}, which is not one of ours"
    whole = [name for name, value in kept["settings"].items() if is_whole(value)]
    if len(whole) < len(settings):
        first = next(name for name in settings if name not in whole)
        lost = lost or f"the setting {first} of its strategy, which holds more than a file can"
    if lost or kind is None:
        return Stored(space, lost, seed=kept["seed"], repeats=settings.get("repeats", False))
    made: Strategy = kind(space, seed=kept["seed"], **settings)
    return made
