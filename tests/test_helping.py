"""Help below a check, and what is kept of it: only where somebody is there."""

from __future__ import annotations

import jupyter_client
import pytest

from pizzatune import lessons
from pizzatune.explore.helping import SKIP, Help
from pizzatune.lessons import exercise, solved


@pytest.fixture
def here(monkeypatch, tmp_path):
    """A folder in which somebody works at a page."""
    monkeypatch.chdir(tmp_path)
    for module in (solved, exercise):
        monkeypatch.setattr(module, "somebody_is_there", lambda: True)
    return tmp_path


# -- buttons -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["dials.sort", "noise.report"])
def test_each_button_says_more_and_the_one_before_stays(name):
    help = Help(lessons.check(name))
    for place in range(4):
        help._take_message(help, {"step": place}, [])
    assert list(help.taken) == ["0", "1", "2", "3"]
    assert list(help.taken.values()) == [*lessons.all_exercises()[name].hints, lessons.solution(name)]
    help.close()


@pytest.mark.parametrize("hostile", [{}, {"step": "1"}, {"step": -1}, {"step": 99}, {"step": None}])
def test_a_message_that_no_button_sends_is_passed_over(hostile):
    help = Help(lessons.check("dials.sort"))
    help._take_message(help, hostile, [])
    assert help.taken == {}
    help.close()


def test_the_page_holds_no_answer_before_it_is_asked_for():
    help = Help(lessons.check("dials.sort"))
    told = str(help.get_state())
    assert not any(hint in told for hint in lessons.all_exercises()["dials.sort"].hints)
    assert "ADFG" not in told
    help.close()


def test_buttons_stand_below_a_wrong_answer_and_not_below_a_right_one(here):
    widget = "application/vnd.jupyter.widget-view+json"
    assert widget in lessons.check("dials.sort", "AD")._repr_mimebundle_()
    assert widget in lessons.check("dials.sort")._repr_mimebundle_()
    assert widget not in lessons.check("dials.sort", "ADFG")._repr_mimebundle_()


def test_without_anybody_there_a_check_is_words_alone_and_writes_nothing(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for answer in ("AD", "ADFG", ...):
        assert set(lessons.check("dials.sort", answer)._repr_mimebundle_()) == {"text/plain", "text/html"}
    assert lessons.progress().solved == 0
    assert list(tmp_path.iterdir()) == []


# -- progress ------------------------------------------------------------------------------------------------


def test_what_is_solved_or_skipped_is_kept_and_shown(here):
    lessons.check("dials.sort", "ADFG")
    lessons.check("dials.both", 3)
    help = Help(lessons.check("noise.drop", 1))
    help._take_message(help, {"step": SKIP}, [])
    help.close()
    shown = lessons.progress()
    assert shown.solved == 1
    assert shown.lessons["dials"] == {"dials.sort": "solved", "dials.both": ""}
    assert "✓ sort  · both" in repr(shown)
    assert "– drop" in repr(shown)
    assert "✓ sort" in shown._repr_html_()
    assert [path.name for path in here.iterdir()] == [solved.FILE]


def test_what_is_solved_stays_solved(here):
    lessons.check("dials.sort", "ADFG")
    solved.note("dials.sort", "skipped")
    lessons.check("dials.sort", "A")
    assert lessons.progress().lessons["dials"]["dials.sort"] == "solved"


@pytest.mark.parametrize("spoilt", [b"\xff\x00\xfe broken", b"dials.sort: perhaps", b"[1, 2", b""])
def test_a_spoilt_line_loses_nothing_else(here, spoilt):
    lines = [b"noise.drop: solved", spoilt, b"kitchen.loop: skipped"]
    (here / solved.FILE).write_bytes(b"\n".join(lines))
    lessons.check("dials.sort", "ADFG")
    kept = solved.read(solved.FILE)
    assert kept == {"noise.drop": "solved", "kitchen.loop": "skipped", "dials.sort": "solved"}


def test_a_place_that_cannot_be_written_to_stops_no_lesson(here):
    (here / solved.FILE).mkdir()
    assert lessons.check("dials.sort", "ADFG")
    assert lessons.progress().solved == 0


LOUD = """
import pizzatune as pt
from pizzatune.lessons import guarded
guarded.SECONDS = 0.5
def report(first, second):
    print("loud"); display("louder")
    while True: pass
pt.lessons.check("noise.report", report)
"""


def test_in_a_kernel_an_endless_loop_is_stopped_a_kill_loses_nothing_and_nobody_there_writes_nothing(
    tmp_path,
):
    code = "import pizzatune as pt\npt.lessons.check('dials.sort', 'ADFG')"
    said = []
    manager = jupyter_client.KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(tmp_path))
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        client.execute_interactive(code, allow_stdin=False, timeout=60, output_hook=lambda _: None)
        assert list(tmp_path.iterdir()) == []
        client.execute_interactive(LOUD, allow_stdin=False, timeout=60, output_hook=said.append)
        client.execute_interactive(code, allow_stdin=True, timeout=60, output_hook=lambda _: None)
    finally:
        manager.shutdown_kernel(now=True)
        client.stop_channels()
    assert lessons.progress(tmp_path / solved.FILE).solved == 1
    shown = [one["content"] for one in said if one["msg_type"] not in ("status", "execute_input")]
    assert [one["data"]["text/plain"] for one in shown] == [
        "Not yet: your function takes too long, and was stopped. Does its loop ever end?"
    ]
