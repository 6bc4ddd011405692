"""The SQLite file of a run: its lock, how it is made and opened, and what SQLite's complaints mean."""

from __future__ import annotations

import errno
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from pizzatune.documents import Document
from pizzatune.forms import ASKED, LARGEST_NUMBER, RUN, TRIAL, document_from, signed
from pizzatune.store_check import (
    APPLICATION,
    FORMAT,
    TABLES,
    bound,
    check_company,
    check_header,
    check_journal,
    check_tables,
    damaged,
    strange,
    undamaged,
)

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
    check_company(place, new=not place.exists())
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
    for ending in ("", "-journal", "-wal", "-shm"):  # left by one who was killed at this very place
        Path(f"{new}{ending}").unlink(missing_ok=True)
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
                connection.execute("INSERT INTO run VALUES (?, ?)", signed(description, RUN))
        new.replace(place)
    finally:
        new.unlink(missing_ok=True)


def connected(place: Path) -> sqlite3.Connection:
    """A connection that may write to a file which `read` has found to be a run."""
    with ExitStack() as held, explained(place):
        connection = held.enter_context(closing(_open(place, "rw", PATIENCE)))
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA synchronous=EXTRA")
        connection.execute("PRAGMA fullfsync=1")  # macOS: otherwise the disk may still hold it back
        if connection.execute("PRAGMA user_version").fetchone() != (FORMAT,):
            connection.execute(f"PRAGMA user_version={FORMAT}")  # of what is written from now on
        held.pop_all()
    return connection


def row_of(asked: int) -> int:
    """The number of the row of a suggestion that was asked for, and not told yet; those of trials count up
    from 0. The way back is the same."""
    return -1 - asked


def read(place: Path) -> tuple[Document, list[Document], dict[int, Document]]:
    """The description, the trials in order, and what was asked for and not told yet, by the number of the
    ask, as they stand at one moment; whatever is no run is refused.

    The file is opened for reading only, so that one from a stranger stays as it is.
    """
    if not place.is_file():
        raise FileNotFoundError(f"{place} is no file; a run is made by tune(..., store=path)")
    with explained(place):
        check_header(place)
        check_company(place)
        try:
            return _documents(place, "ro", place)
        except sqlite3.OperationalError as error:
            # A writer was killed in the middle of a commit. Only one who may write can undo its half.
            if getattr(error, "sqlite_errorcode", 0) != sqlite3.SQLITE_READONLY_ROLLBACK:
                raise
        _rehearse(place)
        return _documents(place, "rw", place)


def _documents(file: Path, mode: str, place: Path) -> tuple[Document, list[Document], dict[int, Document]]:
    """All that `file` holds, if it is a run; `place` is its name in messages."""
    with closing(_open(file, mode, PATIENCE)) as connection:
        bound(connection, file.stat().st_size)
        connection.execute("BEGIN")
        check_tables(connection, file, place)
        descriptions = connection.execute("SELECT description, checksum FROM run LIMIT 2").fetchall()
        rows = connection.execute("SELECT number, trial, checksum FROM trials ORDER BY number").fetchall()
    with undamaged(place):
        if len(descriptions) != 1:
            raise ValueError("it needs one description")
        text, checksum = descriptions[0]
        description = document_from(text, checksum, RUN)
        asked = {
            row_of(number): document_from(text, checksum, ASKED)
            for number, text, checksum in reversed(rows)
            if number < 0
        }
        if asked and max(asked) >= LARGEST_NUMBER:
            raise ValueError(f"a suggestion has the number {max(asked)}")
        told = [(number, text, checksum) for number, text, checksum in rows if number >= 0]
        documents = [document_from(text, checksum, TRIAL) for _, text, checksum in told]
        if [number for number, *_ in told] != list(range(len(told))):
            raise ValueError("a trial is missing")
    return description, documents, asked


def _rehearse(place: Path) -> None:
    """Undo the half of a commit in a copy: only what is a run after that may be undone itself."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        try:
            for ending in ("-journal", ""):
                shutil.copyfile(f"{place}{ending}", f"{copy}{ending}")
            check_journal(copy, place)
            _documents(copy, "rw", place)
        except (FileNotFoundError, ValueError, sqlite3.Error):
            if Path(f"{place}-journal").exists():  # else another process was quicker, and has undone it
                raise


def _open(path: Path, mode: str, patience: float) -> sqlite3.Connection:
    """SQLite in autocommit mode; the store may be used from any thread, as SQLite itself takes turns."""
    return sqlite3.connect(
        f"{path.as_uri()}?mode={mode}",
        uri=True,
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,
    )


@contextmanager
def explained(place: Path, busy: Path | None = None) -> Iterator[None]:
    """Say what SQLite's complaint means, and what to do."""
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError, PermissionError) as error:
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
    if code == sqlite3.SQLITE_INTERRUPT:
        return strange(place, "it asks for more work than a run of its size")
    if isinstance(error, PermissionError) or code in (
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
    ):
        return PermissionError(
            f"{place} cannot be used here ({error}); it must be a file, and both it and its folder yours to "
            "read and write"
        )
    return damaged(place, error)
