"""Files that appear whole or not at all: what was there stays until the new one is complete."""

from __future__ import annotations

import errno
import os
import stat
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from pizzatune.parameters import Choice, Real
from pizzatune.space import Space
from pizzatune.trial import Trial, from_csv, to_csv
from pizzatune.writing import write_new, write_over

SPACE = Space(Real("heat", 0, 300))
TRIALS = [Trial(number, {"heat": 10.0 * number}, float(number)) for number in range(5)]
unix = pytest.mark.skipif(sys.platform == "win32", reason="links, pipes and limits are those of Unix")


@pytest.fixture
def path(tmp_path):
    """A table of five trials."""
    to_csv(TRIALS, tmp_path / "run.csv", SPACE)
    return tmp_path / "run.csv"


@contextmanager
def no_room(monkeypatch, path):
    """The disk takes 4000 bytes of a file and no more."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def failing(owner, name, error):
    """A world in which one call of the system fails."""

    @contextmanager
    def world(monkeypatch, path):
        def fail(*args, **kwargs):
            raise error

        with monkeypatch.context() as patch:
            patch.setattr(owner, name, fail)
            yield

    return world


WORLDS = {
    "no room": no_room,
    "no room at the last moment": failing(os, "fsync", OSError(errno.ENOSPC, "No space left on device")),
    "a quota": failing(os, "fsync", OSError(errno.EDQUOT, "Disk quota exceeded")),
    "a broken disk": failing(os, "fsync", OSError(errno.EIO, "Input/output error")),
    "a folder that may not be written": failing(
        Path, "open", PermissionError(errno.EACCES, "Permission denied")
    ),
    "a program that holds the file": failing(Path, "replace", PermissionError(errno.EACCES, "It is open")),
    "a file that may only be read": failing(os, "access", PermissionError(errno.EACCES, "read-only")),
    "Ctrl+C": failing(os, "fsync", KeyboardInterrupt()),
}


@unix
@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS.keys())
def test_a_table_that_cannot_be_written_leaves_the_one_that_was_there(world, path, monkeypatch):
    before, others = path.read_bytes(), sorted(path.parent.iterdir())
    trials = [Trial(number, {"heat": 1.0}, 0.0, why="a long story") for number in range(500)]
    with world(monkeypatch, path), pytest.raises((OSError, KeyboardInterrupt)) as caught:
        to_csv(trials, path, SPACE)
    assert path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == others
    if caught.type is not KeyboardInterrupt:
        assert "run.csv cannot be written (" in str(caught.value)
        assert "what was there is as it was" in str(caught.value)


class Shy:
    """An option that does not tell its name."""

    def __init__(self, error):
        self.error = error

    def __repr__(self):
        raise self.error


SHY = [ValueError("no name"), RuntimeError("odd"), KeyboardInterrupt(), MemoryError(), RecursionError("deep")]


@pytest.mark.parametrize("error", SHY, ids=repr)
def test_a_table_whose_texts_cannot_be_made_leaves_the_one_that_was_there(error, path):
    before = path.read_bytes()
    option = Shy(error)
    with pytest.raises(type(error)):
        to_csv([Trial(0, {"x": option}, 1.0)], path, Space(Choice("x", [1, option])))
    assert path.read_bytes() == before


def test_a_table_takes_the_place_of_the_one_before(path):
    to_csv(TRIALS[:2], path, SPACE)
    assert from_csv(path, SPACE) == TRIALS[:2]
    assert list(path.parent.iterdir()) == [path]


@unix
def test_a_file_keeps_its_mode_and_a_new_one_gets_the_usual(path):
    path.chmod(0o640)
    to_csv(TRIALS[:2], path, SPACE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    umask = os.umask(0)
    os.umask(umask)
    to_csv(TRIALS, path.with_name("new.csv"), SPACE)
    assert stat.S_IMODE(path.with_name("new.csv").stat().st_mode) == 0o666 & ~umask


@unix
def test_a_link_goes_on_pointing_to_the_table(path, tmp_path):
    (tmp_path / "link.csv").symlink_to(path)
    to_csv(TRIALS[:2], tmp_path / "link.csv", SPACE)
    assert (tmp_path / "link.csv").is_symlink()
    assert from_csv(path, SPACE) == TRIALS[:2]


@unix
def test_a_pipe_is_written_into(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    heard = []
    reader = threading.Thread(target=lambda: heard.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    write_over(tmp_path / "pipe", b"score\n1\n")
    reader.join(10)
    assert heard == [b"score\n1\n"]


def test_a_folder_and_a_missing_folder_are_named(tmp_path):
    with pytest.raises(IsADirectoryError, match="is a folder; name a file in it"):
        to_csv(TRIALS, tmp_path, SPACE)
    with pytest.raises(FileNotFoundError, match=r"run\.csv cannot be written \(No such file or directory\)"):
        to_csv(TRIALS, tmp_path / "nowhere" / "run.csv", SPACE)


def test_a_name_as_long_as_a_disk_takes_is_no_obstacle(tmp_path):
    path = tmp_path / ("r" * 251 + ".csv")
    to_csv(TRIALS, path, SPACE)
    assert from_csv(path, SPACE) == TRIALS


# -- where nothing may be written over -------------------------------------------------------


def a_link_to_nothing(path):
    path.symlink_to(path.parent / "nowhere")


def a_link(path):
    (path.parent / "letter").write_bytes(b"Dear aunt")
    path.symlink_to(path.parent / "letter")


THERE = {
    "a file": lambda path: path.write_bytes(b"Dear aunt"),
    "an empty file": lambda path: path.touch(),
    "a folder": lambda path: path.mkdir(),
    "a link": a_link,
    "a link to nothing": a_link_to_nothing,
    "a pipe": lambda path: os.mkfifo(path),
}


def no_hard_links(*args):
    raise OSError(errno.EPERM, "no hard links here")


@unix
@pytest.mark.parametrize("links", [os.link, no_hard_links], ids=["disk with links", "disk without"])
@pytest.mark.parametrize("make", THERE.values(), ids=THERE.keys())
def test_a_new_file_takes_no_name_that_is_taken(make, links, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "link", links)
    path = tmp_path / "lesson.ipynb"
    make(path)
    before = {file: file.lstat() for file in tmp_path.iterdir()}
    with pytest.raises(FileExistsError):
        write_new(path, b"lesson")
    after = {file: file.lstat() for file in tmp_path.iterdir()}
    assert {file: (s.st_mode, s.st_size) for file, s in after.items()} == {
        file: (s.st_mode, s.st_size) for file, s in before.items()
    }


@pytest.mark.parametrize("links", [os.link, no_hard_links], ids=["disk with links", "disk without"])
def test_a_new_file_is_written(links, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "link", links)
    write_new(tmp_path / "lesson.ipynb", b"lesson")
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("lesson.ipynb", b"lesson")]
