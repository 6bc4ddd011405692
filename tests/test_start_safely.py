"""Laying out lessons among whatever lies there: each whole or not at all, and none through a link."""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from pizzatune import start
from tests.how_often import CI, announce

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links, pipes and signals are those of Unix")
KILLS = 150 if CI else 15
SECONDS = 20  # after which something hangs
FIRST, SECOND, PICTURE = "00-start-here.ipynb", "01-dough.ipynb", "pictures/oven.png"


@pytest.fixture
def shipped(tmp_path):
    """Two lessons and a picture, as they would come with pizzatune, each of some length."""
    folder = tmp_path / "shipped"
    (folder / "pictures").mkdir(parents=True)
    for name in (FIRST, SECOND, PICTURE):
        (folder / name).write_text(f"{name}\n" * 5000, encoding="utf-8")
    return folder


@pytest.fixture
def mine(tmp_path):
    return tmp_path / "mine"


@pytest.fixture
def letter(tmp_path):
    """Somebody's letter, elsewhere."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "letter").write_text("Dear aunt", encoding="utf-8")
    return tmp_path / "elsewhere" / "letter"


def in_time(act):
    """The result of a call that does not hang."""
    results = []
    thread = threading.Thread(target=lambda: results.append(act()), daemon=True)
    thread.start()
    thread.join(SECONDS)
    assert results, "it hangs, or it failed"
    return results[0]


def whole(folder, shipped):
    """The lessons that are there, each under its name; an error if one of them is not whole."""
    there = [name for name in (FIRST, SECOND, PICTURE) if (folder / name).exists()]
    assert all((folder / name).read_bytes() == (shipped / name).read_bytes() for name in there)
    return there


# -- what has the name of a lesson ---------------------------------------------------------------

TAKEN = {
    "a folder": lambda path, letter: path.mkdir(),
    "a folder with a letter": lambda path, letter: (path / "deep").mkdir(parents=True),
    "a pipe": lambda path, letter: os.mkfifo(path),
    "a device": lambda path, letter: path.symlink_to("/dev/zero"),
    "a link to a folder": lambda path, letter: path.symlink_to(letter.parent),
    "a link to nothing": lambda path, letter: path.symlink_to(letter.parent / "new.ipynb"),
    "a link to itself": lambda path, letter: path.symlink_to(path),
}


@pytest.mark.parametrize("take", TAKEN.values(), ids=TAKEN.keys())
def test_what_is_no_file_is_left_alone_and_the_lesson_laid_beside(take, shipped, mine, letter):
    mine.mkdir()
    take(mine / FIRST, letter)
    before = (mine / FIRST).lstat()
    news = in_time(lambda: start.lay_out(mine, shipped, version="1.0"))
    beside = "00-start-here (new 1.0).ipynb"
    assert news[0] == (
        f"{FIRST} is the name of something that is no file and was left alone; the lesson is {beside}"
    )
    assert (mine / beside).read_bytes() == (shipped / FIRST).read_bytes()
    assert (mine / FIRST).lstat() == before
    assert [file.name for file in letter.parent.iterdir()] == ["letter"]
    assert in_time(lambda: start.lay_out(mine, shipped, version="1.0")) == []


@pytest.mark.parametrize("take", TAKEN.values(), ids=TAKEN.keys())
def test_a_new_edition_goes_past_what_is_no_file(take, shipped, mine, letter):
    start.lay_out(mine, shipped)
    take(mine / "00-start-here (new 1.0).ipynb", letter)
    (shipped / FIRST).write_text("better", encoding="utf-8")
    news = in_time(lambda: start.lay_out(mine, shipped, version="1.0"))
    assert news[0].endswith("the new one is 00-start-here (new 1.0, 2).ipynb")
    assert [file.name for file in letter.parent.iterdir()] == ["letter"]


def test_a_lesson_that_is_a_link_to_a_letter_stays_one(shipped, mine, letter):
    mine.mkdir()
    (mine / FIRST).symlink_to(letter)
    start.lay_out(mine, shipped, version="1.0")
    assert (mine / FIRST).is_symlink()
    assert letter.read_text(encoding="utf-8") == "Dear aunt"
    assert (mine / "00-start-here (new 1.0).ipynb").read_bytes() == (shipped / FIRST).read_bytes()


NO_FOLDERS = {
    "a link elsewhere": lambda path, letter: path.symlink_to(letter.parent),
    "a link to nothing": lambda path, letter: path.symlink_to(letter.parent / "new"),
    "a file": lambda path, letter: path.write_text("a letter"),
    "a pipe": lambda path, letter: os.mkfifo(path),
    "a device": lambda path, letter: path.symlink_to("/dev/null"),
}


@pytest.mark.parametrize("take", NO_FOLDERS.values(), ids=NO_FOLDERS.keys())
def test_nothing_is_laid_into_a_folder_that_is_a_link_or_none(take, shipped, mine, letter):
    mine.mkdir()
    take(mine / "pictures", letter)
    news = in_time(lambda: start.lay_out(mine, shipped))
    assert news[2] == f"{PICTURE} was not laid out, as pictures is no folder of its own; move that away"
    assert [file.name for file in letter.parent.iterdir()] == ["letter"]
    assert whole(mine, shipped)[:2] == [FIRST, SECOND]


# -- the record -------------------------------------------------------------------------------------

NOT_OURS = {
    "a letter": lambda path, letter: path.write_text("Dear aunt"),
    "settings of something else": lambda path, letter: path.write_text('{"laid": {}, "theme": "dark"}'),
    "a list": lambda path, letter: path.write_text("[]"),
    "a link to a letter": lambda path, letter: path.symlink_to(letter),
    "a link to nothing": lambda path, letter: path.symlink_to(letter.parent / "new"),
    "a folder": lambda path, letter: path.mkdir(),
    "a pipe": lambda path, letter: os.mkfifo(path),
    "a device": lambda path, letter: path.symlink_to("/dev/zero"),
    "a book": lambda path, letter: path.write_text(
        '{\n "about": "which edition of each lesson' + " " * 2_000_000
    ),
}


@pytest.mark.parametrize("take", NOT_OURS.values(), ids=NOT_OURS.keys())
def test_what_has_the_name_of_the_record_and_is_not_ours_is_left_alone(take, shipped, mine, letter):
    mine.mkdir()
    take(mine / ".pizzatune.json", letter)
    before = (mine / ".pizzatune.json").lstat()
    for _ in range(2):
        in_time(lambda: start.lay_out(mine, shipped))
    after = (mine / ".pizzatune.json").lstat()
    assert (after.st_mtime_ns, after.st_size, after.st_mode) == (
        before.st_mtime_ns,
        before.st_size,
        before.st_mode,
    )
    assert letter.read_text(encoding="utf-8") == "Dear aunt"
    assert [file.name for file in letter.parent.iterdir()] == ["letter"]
    assert len(whole(mine, shipped)) == 3


@pytest.mark.parametrize("size", [0, 1, 20, 60, 150])
def test_a_record_that_was_cut_short_is_written_anew(size, shipped, mine):
    start.lay_out(mine, shipped)
    record = mine / ".pizzatune.json"
    good = record.read_text(encoding="utf-8")
    record.write_text(good[:size], encoding="utf-8")
    assert start.lay_out(mine, shipped) == []
    assert record.read_text(encoding="utf-8") == good
    assert json.loads(good)["laid"].keys() == {FIRST, SECOND, PICTURE}


# -- full disks and kills -----------------------------------------------------------------------------


@contextmanager
def files_no_larger_than(size):
    """The system refuses to let any file grow beyond `size` bytes: a disk that is full, for a plain user."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [0, 1, 512, 4096, 65_536, 80_000])
def test_a_full_disk_leaves_no_half_of_a_lesson(size, shipped, mine):
    with (
        files_no_larger_than(size),
        pytest.raises(
            OSError, match=r"cannot be used \(.*\); make room, .* Every lesson that is there is whole"
        ),
    ):
        start.lay_out(mine, shipped)
    there = whole(mine, shipped)
    assert sorted(path.name for path in mine.iterdir() if path.is_file()) == there
    assert [line.removeprefix("new: ") for line in start.lay_out(mine, shipped)] == [
        name for name in (FIRST, SECOND, PICTURE) if name not in there
    ]
    assert len(whole(mine, shipped)) == 3


def test_a_kill_leaves_no_half_of_a_lesson(shipped, tmp_path, capfd):
    luck, killed, laid = random.Random(1), 0, 0
    begin = time.monotonic()
    start.lay_out(tmp_path / "pace", shipped)
    pace = time.monotonic() - begin
    for number in range(KILLS):
        mine = tmp_path / f"mine {number}"
        child = os.fork()
        if child == 0:
            try:
                start.lay_out(mine, shipped)
            finally:
                os._exit(0)
        time.sleep(luck.uniform(0, 5 * pace))
        os.kill(child, signal.SIGKILL)
        killed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
        laid += len(whole(mine, shipped))
        start.lay_out(mine, shipped)
        assert len(whole(mine, shipped)) == 3
    announce(capfd, f"lessons laid out: {killed} of {KILLS} killed, {laid} lessons there by then, each whole")
    assert killed


def test_what_a_kill_left_is_cleared_away_when_it_is_old(shipped, mine):
    (mine / "pictures").mkdir(parents=True)
    old, new = mine / "pictures" / ".pizzatune-new-00", mine / ".pizzatune-new-11"
    for rest in (old, new):
        rest.write_text("half of a lesson", encoding="utf-8")
    os.utime(old, (time.time() - 3600,) * 2)
    start.lay_out(mine, shipped)
    assert not old.exists()
    assert new.exists()  # another start may be writing it


def test_two_that_start_at_once_do_not_hinder_each_other(shipped, mine):
    news = []
    both = [threading.Thread(target=lambda: news.append(start.lay_out(mine, shipped))) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(news) == 2
    assert len(whole(mine, shipped)) == 3
    assert not list(Path(mine).glob("*(new*"))
