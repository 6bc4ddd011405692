"""The SQLite file of a run: its lock, how it is made and opened, and what SQLite's complaints mean."""

from __future__ import annotations

import errno
import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from pizzatune.documents import Document, to_text

APPLICATION = int.from_bytes(b"pizz")  # in the file's header: tells a run from other SQLite files
FORMAT = 1  # raise it whenever an older pizzatune could not read what is written
TABLES = {  # all that a run holds, word for word
    "run": "CREATE TABLE run (description TEXT, checksum INTEGER)",
    "trials": "CREATE TABLE trials (number INTEGER PRIMARY KEY, trial TEXT, checksum INTEGER)",
}
PATIENCE = 30.0  # seconds that we wait for a reader, or a writer's commit, to let go of the file


def locked(place: Path) -> sqlite3.Connection:
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
    with ExitStack() as held, explained(lock, busy=place):
        connection = held.enter_context(closing(_open(lock, "rwc", 0.0)))
        connection.execute("PRAGMA journal_mode=MEMORY")  # or a journal would lie there as well
        connection.execute("BEGIN EXCLUSIVE")
        held.pop_all()
    return connection


def make(place: Path, description: Document) -> None:
    """Make the file of a run without trials. It appears whole or not at all, as it gets its name last.

    The first commit syncs the folder, so a trial on the disk is never without its file.
    """
    new = Path(f"{place}-new")
    new.unlink(missing_ok=True)  # left by one who was killed at this very place
    try:
        with explained(place), closing(_open(new, "rwc", PATIENCE)) as connection:
            connection.execute("PRAGMA journal_mode=OFF")  # there is nothing yet to go back to
            connection.execute("PRAGMA synchronous=EXTRA")
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(f"PRAGMA application_id={APPLICATION}")
                connection.execute(f"PRAGMA user_version={FORMAT}")
                for table in TABLES.values():
                    connection.execute(table)
                connection.execute("INSERT INTO run VALUES (?, ?)", signed(description))
        new.replace(place)
    finally:
        new.unlink(missing_ok=True)


def connected(place: Path) -> sqlite3.Connection:
    """A connection to a file that is a run of ours."""
    if not place.is_file():
        raise FileNotFoundError(f"{place} is no file; a run is made by tune(..., store=path)")
    with explained(place), closing(_open(place, "ro", PATIENCE)) as peek:  # leaves a foreign file as it is
        try:
            _identify(peek, place)
        except sqlite3.OperationalError as error:
            # A writer was killed in the middle of a commit. Only one who may write can undo its half.
            if error.sqlite_errorcode != sqlite3.SQLITE_READONLY_ROLLBACK:
                raise
    with ExitStack() as held, explained(place):
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


def read(connection: sqlite3.Connection, place: Path) -> tuple[Document, list[Document]]:
    """The description and the trials in order, as they stand at one moment."""
    with explained(place), connection:
        connection.execute("BEGIN")
        (health, *_) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if health != "ok":
            raise damaged(place, " ".join(health.split()))
        descriptions = connection.execute("SELECT description, checksum FROM run").fetchall()
        rows = connection.execute("SELECT number, trial, checksum FROM trials ORDER BY number").fetchall()
    with undamaged(place):
        ((text, checksum),) = descriptions
        description = _document_from(text, checksum)
        documents = [_document_from(text, checksum) for _, text, checksum in rows]
        if [number for number, *_ in rows] != list(range(len(rows))):
            raise ValueError("a trial is missing")
    return description, documents


def signed(document: Document) -> tuple[str, int]:
    """A document as text, and its checksum: one that could be read but has changed must be noticed, too."""
    text = to_text(document)
    return text, zlib.crc32(text.encode())


def _document_from(text: str, checksum: int) -> Document:
    if zlib.crc32(text.encode()) != checksum:
        raise ValueError(f"a checksum does not fit {text[:40]!r}")
    document: Document = json.loads(text)
    return document


@contextmanager
def explained(place: Path, busy: Path | None = None) -> Iterator[None]:
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
    return damaged(place, error)


def damaged(place: Path, what: object) -> ValueError:
    """The error for a file that was a run once."""
    return ValueError(
        f"{place} is damaged ({what}): it was cut short or written over, and was left as it is; "
        "go on from a copy, or start anew under another name"
    )


@contextmanager
def undamaged(place: Path) -> Iterator[None]:
    """Report text that cannot be made sense of as damage."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise damaged(place, f"{type(error).__name__}: {error}") from error
