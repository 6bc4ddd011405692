"""How a stranger might spoil a run file: by SQL, in its texts, in its bytes, or by what lies beside it.

Each way takes the path of a good run, or makes a function that does.
"""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

PAGE = 4096
FOREVER = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n) SELECT i, 'x', i FROM n"


def sql(path: Path, *commands: str) -> None:
    """Run commands that may do anything, checksums and the schema itself included."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.create_function("crc", 1, lambda text: zlib.crc32(text.encode()))
        for command in commands:
            connection.execute(command)


def by(*commands: str) -> Callable[[Path], None]:
    return partial(_sql_on, commands)


def _sql_on(commands, path):
    sql(path, *commands)


def table(name: str, definition: str) -> Callable[[Path], None]:
    """Put another table of the same rows in the place of one of ours."""
    names = {"run": "description, checksum", "trials": "number, trial, checksum"}[name]
    return by(
        f"ALTER TABLE {name} RENAME TO old",
        f"CREATE TABLE {name} {definition}",
        f"INSERT INTO {name} ({names}) SELECT {names} FROM old",
        "DROP TABLE old",
    )


def schema(kind: str, name: str, text: str) -> Callable[[Path], None]:
    """Write a line into the schema that SQLite itself would not let us write."""
    row = f"('{kind}', '{name}', '{name}', 0, '{text}')"
    return by("PRAGMA writable_schema=ON", f"INSERT INTO sqlite_master VALUES {row}")


def text_of(table: str, change: Callable[[str], str]) -> Callable[[Path], None]:
    """Change the text of the description or of trial 3, and sign it as one would who knows of checksums."""

    def spoil(path: Path) -> None:
        column, where = ("description", "") if table == "run" else ("trial", "WHERE number = 3")
        with closing(sqlite3.connect(path)) as connection:
            ((before,),) = connection.execute(f"SELECT {column} FROM {table} {where}").fetchall()
            after = change(before)
            assert after != before
            crc = zlib.crc32(after.encode())
            connection.execute(f"UPDATE {table} SET {column} = ?, checksum = ? {where}", (after, crc))
            connection.commit()

    return spoil


def trial(key: str, value: object) -> Callable[[Path], None]:
    return text_of("trials", lambda text: json.dumps(json.loads(text) | {key: value}))


def param(name: str, value: object) -> Callable[[Path], None]:
    def change(text: str) -> str:
        document = json.loads(text)
        document["params"][name] = value
        return json.dumps(document)

    return text_of("trials", change)


def literal(key: str, text: str) -> Callable[[Path], None]:
    """A value that is not, or not the usual, JSON."""
    return text_of("trials", lambda old: json.dumps(json.loads(old) | {key: "here"}).replace('"here"', text))


def run(key: str, value: object) -> Callable[[Path], None]:
    return text_of("run", lambda text: json.dumps(json.loads(text) | {key: value}))


def setting(name: str, value: object) -> Callable[[Path], None]:
    def change(text: str) -> str:
        document = json.loads(text)
        document["settings"][name] = value
        return json.dumps(document)

    return text_of("run", change)


def dial(place: int, **changes: object) -> Callable[[Path], None]:
    """Change one of the parameters: an oven (options), heat and fan (Real), minutes (Integer)."""

    def change(text: str) -> str:
        document = json.loads(text)
        document["space"]["parameters"][place] |= changes
        return json.dumps(document)

    return text_of("run", change)


def suggestion(number: int, **changes: object) -> Callable[[Path], None]:
    """A row of what was asked for and has no trial yet: ask `number`, after its kind has been changed."""

    def spoil(path: Path) -> None:
        params = {"oven": 0, "heat": 200.0, "minutes": 9}
        text = json.dumps({"params": params, "why": "", "origin": {"dict": []}} | changes)
        with closing(sqlite3.connect(path)) as connection:
            row = -1 - number, text, zlib.crc32(text.encode())
            connection.execute("INSERT INTO trials VALUES (?, ?, ?)", row)
            connection.commit()

    return spoil


def grid_of_a_billion(path: Path) -> None:
    name = "pizzatune.strategies.grid_search.GridSearch"
    run("strategy", name)(path)
    settings = {"resolution": {"dict": [["heat", 10**9]]}, "order": "rows", "edges": False, "repeats": False}
    run("settings", settings)(path)


# -- bytes -----------------------------------------------------------------------------


def at(place: int, content: bytes) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        with path.open("r+b") as file:
            file.seek(place)
            file.write(content)

    return spoil


def longer(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"PK\5\6" + bytes(18))  # an empty zip


def sparse(path: Path) -> None:
    """A terabyte of nothing, of which the header says that it is all ours."""
    size = 2**40
    os.truncate(path, size)
    at(28, (size // PAGE).to_bytes(4))(path)


def utf_16(path: Path) -> None:
    good = path.with_name("good")
    path.rename(good)
    with closing(sqlite3.connect(path)) as copy, closing(sqlite3.connect(good)) as connection:
        copy.execute("PRAGMA encoding='UTF-16le'")
        for mark in ("application_id", "user_version"):
            copy.execute(f"PRAGMA {mark}={connection.execute(f'PRAGMA {mark}').fetchone()[0]}")
        copy.executescript("\n".join(connection.iterdump()))
    good.unlink()


def with_a_log(path: Path) -> None:
    """A run in the mode that keeps a log, and the log with what was not yet moved to the file."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE VIEW v AS SELECT 1")
        whole, log = path.read_bytes(), Path(f"{path}-wal").read_bytes()
    path.write_bytes(whole)
    Path(f"{path}-wal").write_bytes(log)


def a_log_alone(path: Path) -> None:
    """The header says that there is no log, yet there is one."""
    good = path.read_bytes()
    with_a_log(path)
    path.write_bytes(good)


def roots_alike(path: Path) -> None:
    sql(path, "PRAGMA writable_schema=ON", "UPDATE sqlite_master SET rootpage = 2")


def pages_of(path: Path) -> list[bytes]:
    whole = path.read_bytes()
    return [whole[start : start + PAGE] for start in range(0, len(whole), PAGE)]


def interior(children: list[int], header: bytes = b"") -> bytes:
    """A page of a table that has only these children, as often as they are named."""
    start = len(header)
    cells = b"".join(child.to_bytes(4) + bytes([key % 120]) for key, child in enumerate(children[:-1]))
    content = PAGE - len(cells)
    pointers = b"".join((content + 5 * i).to_bytes(2) for i in range(len(children) - 1))
    head = b"\5" + bytes(2) + (len(children) - 1).to_bytes(2) + content.to_bytes(2) + b"\0"
    head += children[-1].to_bytes(4)
    return header + head + pointers + bytes(content - start - 12 - len(pointers)) + cells


def bomb(path: Path, root: int) -> None:
    """Pages whose children are all the same page, level upon level: more rows than a life is long."""
    pages = pages_of(path)
    levels = 12
    deepest = len(pages) + levels
    pages += [interior([len(pages) + level + 2] * 300) for level in range(levels)]
    pages.append(pages_of(path)[root - 1] if root > 1 else b"\r" + pages[0][101:] + bytes(100))
    header = pages[0][:28] + len(pages).to_bytes(4) + pages[0][32:100] if root == 1 else b""
    pages[root - 1] = interior([deepest - levels + 1] * 300, header)
    if root > 1:
        pages[0] = pages[0][:28] + len(pages).to_bytes(4) + pages[0][32:]
    path.write_bytes(b"".join(pages))


def own_parent(path: Path) -> None:
    pages = pages_of(path)
    pages[2] = interior([3] * 9)
    path.write_bytes(b"".join(pages))


# -- what lies beside --------------------------------------------------------------------


def beside(ending: str, content: bytes = b"not empty") -> Callable[[Path], None]:
    return lambda path: void(Path(f"{path}{ending}").write_bytes(content))


def linked(ending: str) -> Callable[[Path], None]:
    """A link to somebody's letter: what is written to it would be written there."""

    def spoil(path: Path) -> None:
        letter = path.with_name("letter.txt")
        letter.write_bytes(b"\0Dear aunt")
        Path(f"{path}{ending}").unlink(missing_ok=True)
        Path(f"{path}{ending}").symlink_to(letter)

    return spoil


def pipe(ending: str) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        Path(f"{path}{ending}").unlink(missing_ok=True)
        os.mkfifo(f"{path}{ending}")

    return spoil


def void(_: object) -> None:
    pass


def journal(path: Path, pages: dict[int, bytes], count: int, tail: bytes = b"") -> None:
    """The journal that a kill would have left: SQLite puts its pages into the file at the next opening."""
    nonce = 7
    head = bytes.fromhex("d9d505f920a163d7") + b"\xff" * 4 + nonce.to_bytes(4) + count.to_bytes(4)
    head = (head + (512).to_bytes(4) + PAGE.to_bytes(4)).ljust(512, b"\0")
    records = b"".join(
        number.to_bytes(4) + page + ((nonce + sum(page[PAGE - 200 : 0 : -200])) % 2**32).to_bytes(4)
        for number, page in pages.items()
    )
    Path(f"{path}-journal").write_bytes(head + records + tail)


def journal_with(*commands: str) -> Callable[[Path], None]:
    """A good file whose journal makes it one that was spoilt by these commands."""

    def spoil(path: Path) -> None:
        good = path.read_bytes()
        sql(path, *commands)
        spoilt = pages_of(path)
        path.write_bytes(good.ljust(len(spoilt) * PAGE, b"\0"))
        journal(path, dict(enumerate(spoilt, start=1)), len(spoilt))

    return spoil


def journal_of_two(path: Path) -> None:
    """A journal that names a second one, which SQLite would delete: here, somebody's letter."""
    letter = path.with_name("letter.txt")
    letter.write_bytes(b"Dear aunt")
    name = str(letter).encode()
    pages = pages_of(path)
    tail = (2**30 // PAGE + 1).to_bytes(4) + name + len(name).to_bytes(4) + sum(name).to_bytes(4)
    journal(path, {1: pages[0]}, len(pages), tail + bytes.fromhex("d9d505f920a163d7"))


def journal_of_a_terabyte(path: Path) -> None:
    journal(path, {1: pages_of(path)[0]}, 2**28)
