"""A run file from a stranger holds data and nothing that acts; all else is refused and stays as it is."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

import pizzatune as pt
from pizzatune.store import Store, load
from pizzatune.store_check import bound
from pizzatune.store_file import explained
from pizzatune.strategies import RandomSearch
from pizzatune.trial import Trial
from tests.hostile_runs import HOSTILE
from tests.spoiling import FOREVER, beside, journal, pages_of, suggestion
from tests.store_tools import FAST, SPACE, bake, search

PATIENCE = 10.0  # seconds; each takes some milliseconds
REFUSED = r"run\.sqlite (was refused|is damaged|was left as it is|was written by a newer|keeps)"
UNIX_ONLY = ("pipe", "link", "terabyte of nothing")


@pytest.fixture(scope="module")
def good():
    """A run of eight trials, in a folder of its own."""
    with tempfile.TemporaryDirectory(dir=FAST) as folder:
        search(Path(folder) / "run.sqlite", RandomSearch(SPACE, seed=5), budget=8)
        yield Path(folder) / "run.sqlite"


@pytest.fixture
def path(good):
    """A copy of it that may be spoilt."""
    with tempfile.TemporaryDirectory(dir=FAST) as folder:
        yield Path(shutil.copy(good, folder))


def fingerprint(folder):
    """All files of a folder: what they are, and what is in them where that can be read."""
    return {
        file.name: (stat.S_IFMT(file.lstat().st_mode), file.lstat().st_size, content_of(file))
        for file in folder.iterdir()
        if file.name != "run.sqlite-lock" or file.lstat().st_size or not stat.S_ISREG(file.lstat().st_mode)
    }


def content_of(file):
    return file.read_bytes()[:10_000_000] if file.is_file() and file.stat().st_size < 2**30 else b""


def go_on(path):
    return pt.tune(bake, RandomSearch(SPACE, seed=5), budget=12, store=path, progress=False)


@pytest.mark.parametrize("spoil", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_run_is_refused_by_name_and_left_as_it_is(spoil, path, request):
    if sys.platform == "win32" and any(word in request.node.name for word in UNIX_ONLY):
        pytest.skip("links and pipes are those of Unix")
    spoil(path)
    before, begin = fingerprint(path.parent), time.monotonic()
    for read in (load, go_on, load):
        with pytest.raises(ValueError, match=REFUSED):
            read(path)
    assert fingerprint(path.parent) == before
    assert time.monotonic() - begin < PATIENCE


def test_there_are_enough_of_them():
    assert len(HOSTILE) >= 60


def swept(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM")


def half_undone(path):
    """A kill in the middle of a commit: the file is spoilt, and its journal has what was there before."""
    pages = pages_of(path)
    path.write_bytes(pages[0] + b"\7" * len(pages[1]) + pages[2] + b"\7" * 8192)
    journal(path, {2: pages[1], 3: pages[2]}, len(pages))


@pytest.mark.parametrize(
    "change",
    [
        lambda path: None,
        swept,
        half_undone,
        suggestion(8),
        beside("-lock", b""),
        beside(".bak"),
        beside("-new"),
    ],
)
def test_what_is_nothing_but_a_run_is_read_and_goes_on(change, good, path):
    change(path)
    assert load(path).trials == load(good).trials
    assert len(go_on(path).trials) == len(load(path).trials) == 12


@pytest.mark.parametrize("ending", ["-journal", "-wal", "-shm", "-lock-wal"])
def test_no_run_is_made_beside_what_would_be_written_into_it(path, ending):
    path.unlink()
    beside(ending)(path)
    name = rf"run\.sqlite{ending}"
    with pytest.raises(ValueError, match=f"beside it lies {name}, .*; move {name} away"):
        go_on(path)
    assert [file.name for file in path.parent.iterdir()] == [path.name + ending]


def test_a_question_without_end_is_stopped(path):
    with closing(sqlite3.connect(path)) as connection, explained(path):
        bound(connection, path.stat().st_size)
        assert len(connection.execute("SELECT * FROM trials").fetchall()) == 8
        with pytest.raises(sqlite3.OperationalError, match="interrupted"):
            connection.execute(f"SELECT count(*) FROM ({FOREVER})").fetchall()


TOO_MUCH = {
    "seconds of nan": ({"seconds": float("nan")}, "seconds is"),
    "seconds below zero": ({"seconds": -1.0}, "seconds is -1.0"),
    "an error that is a number": ({"score": None, "error": 5}, "error is 5"),
    "a text of a library's length": ({"why": "x" * 2**24}, "characters are more than"),
    "a deep story": ({"origin": {"x": json.loads("[" * 150 + "]" * 150)}}, "more than 100 deep"),
}


@pytest.mark.parametrize("changes, message", TOO_MUCH.values(), ids=TOO_MUCH.keys())
def test_what_could_not_be_read_again_is_not_written(path, changes, message):
    trial = Trial(8, {"oven": "Stone", "heat": 200.0, "minutes": 9}, 7.5)
    with Store.open(path, RandomSearch(SPACE, seed=5)) as store:
        with pytest.raises(ValueError, match=f"a run file cannot hold .*{message}.*; keep it simpler"):
            store.record(replace(trial, **changes))
        store.record(trial)
    assert load(path).trials[8] == trial
