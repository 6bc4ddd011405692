"""Nothing but a run: what a file from a stranger must pass before anything in it is used.

A run is two tables of text, so whatever else a file holds has no business there: views, triggers, other
tables, other types of column, a log that rewrites the file when it is opened. All of it is refused before a
table is read, by the file's own bytes where that is possible.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pizzatune.forms import LONGEST

APPLICATION = int.from_bytes(b"pizz")  # in the file's header: tells a run from other SQLite files
FORMAT = 2  # raise it whenever an older pizzatune could not read what is written
TABLES = {  # all that a run holds, word for word
    "run": "CREATE TABLE run (description TEXT, checksum INTEGER)",
    "trials": "CREATE TABLE trials (number INTEGER PRIMARY KEY, trial TEXT, checksum INTEGER)",
}

STEP = 1000  # instructions of SQLite after which we look whether it has had enough

_TWO_JOURNALS = bytes.fromhex(
    "d9d505f920a163d7"
)  # ends a journal that names a second one, which SQLite deletes


# -- the two refusals ------------------------------------------------------------


def strange(place: Path, what: str) -> ValueError:
    """The error for a file with something that pizzatune never writes."""
    return ValueError(
        f"{place} was refused and left as it is: {what}, and pizzatune never writes that. Ask the sender "
        "for the file as pizzatune wrote it, or choose another file name"
    )


def _in_bad_company(place: Path, beside: Path, why: str) -> ValueError:
    return ValueError(
        f"{place} was left as it is, as beside it lies {beside.name}, which {why}; move {beside.name} away, "
        "or choose another file name"
    )


def damaged(place: Path, what: object) -> ValueError:
    """The error for a file that was a run once."""
    return ValueError(
        f"{place} is damaged ({what}): it was cut short, written over or changed by other hands, and was "
        "left as it is; go on from a copy, or start anew under another name"
    )


@contextmanager
def undamaged(place: Path) -> Iterator[None]:
    """Report text that cannot be made sense of as damage."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise damaged(place, f"{type(error).__name__}: {error}"[:500]) from error


# -- the file, before SQLite sees it -----------------------------------------------


def check_header(place: Path) -> None:
    """Make sure that this is a run, of a format we know. See https://sqlite.org/fileformat2.html, 1.3."""
    with place.open("rb") as file:
        header = file.read(100)
    application, version = (int.from_bytes(header[at : at + 4]) for at in (68, 60))
    if header[:16] != b"SQLite format 3\0" or application != APPLICATION:
        raise ValueError(f"{place} is no run of pizzatune and was left as it is; choose another file name")
    if version > FORMAT:
        raise ValueError(
            f"{place} was written by a newer pizzatune (format {version}, this one knows {FORMAT}); upgrade"
        )
    if version < 1:
        raise strange(place, "it has no version")
    if header[18:20] != b"\1\1":
        raise strange(place, "it keeps a write-ahead log")
    if header[56:60] != (1).to_bytes(4):
        raise strange(place, "its text is not UTF-8")


def check_company(place: Path, *, new: bool = False) -> None:
    """Make sure that no file beside the run would act on it as soon as SQLite opens it."""
    acting = ["-wal", "-shm", "-lock-wal", "-lock-shm", "-lock-journal"] + ["-journal"] * new
    for beside in (Path(f"{place}{ending}") for ending in acting):
        if os.path.lexists(beside):
            raise _in_bad_company(place, beside, "SQLite would write into it")
    check_plain(place, Path(f"{place}-journal"))
    if check_plain(place, Path(f"{place}-lock")):
        raise _in_bad_company(place, Path(f"{place}-lock"), "is not empty, and so no lock of ours")


def check_plain(place: Path, beside: Path) -> int:
    """The size of a file beside the run, 0 where there is none; an error for links, pipes and the like."""
    try:
        found = beside.lstat()
    except FileNotFoundError:
        return 0
    if not stat.S_ISREG(found.st_mode):
        raise _in_bad_company(place, beside, "is a link, or no file")
    return found.st_size


def check_journal(file: Path, place: Path) -> None:
    """Make sure that the journal of `file` holds pages of it and nothing else. Same source, 3 and 4."""
    journal = Path(f"{file}-journal").read_bytes()
    if journal[-8:] == _TWO_JOURNALS:
        raise strange(place, "its journal names another file")
    pages, _, size = (int.from_bytes(journal[at : at + 4]) for at in (16, 20, 24))
    if pages * size > file.stat().st_size:
        raise strange(place, "its journal would make it larger")


# -- the tables, before any of them is read ------------------------------------------


def bound(connection: sqlite3.Connection, size: int) -> None:
    """Trust nothing that a file of so many bytes defines; stop what takes longer than reading it could."""
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST + STEP)
    connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, STEP)
    left = iter(range(100 + size // STEP))
    connection.set_progress_handler(lambda: next(left, None) is None, STEP)


def check_tables(connection: sqlite3.Connection, file: Path, place: Path) -> None:
    """Make sure that there are our tables, word for word, and nothing else."""
    found = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY rowid LIMIT 10")
    missing = dict(TABLES)
    for kind, name, table, sql in found:
        if kind != "table" or name not in TABLES:
            raise strange(place, f"it holds the {kind} {name!r}"[:200])
        if table != name or sql != missing.pop(name, None):
            raise strange(place, f"its table {name!r} is another one: {sql!r}"[:200])
    if missing:
        raise damaged(place, f"the table {next(iter(missing))!r} is missing")
    (health, *_) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if health != "ok":
        raise damaged(place, " ".join(health.split()))
    (pages,), (size,) = (connection.execute(f"PRAGMA page_{what}").fetchone() for what in ("count", "size"))
    if file.stat().st_size != pages * size:
        raise damaged(place, "it is shorter or longer than its tables")
