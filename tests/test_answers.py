"""The bank of typed answers."""

from __future__ import annotations

import ast
import signal
import sys
import threading
import time
from collections import Counter

import numpy as np
import pytest

from pizzatune import lessons
from pizzatune.lessons import guarded
from tests import answer_bank

ROWS = answer_bank.rows()


def test_the_bank_is_large_and_each_answer_is_there_once():
    assert len(ROWS) >= 350
    assert max(Counter((row.exercise, row.source) for row in ROWS).values()) == 1


def test_every_row_names_an_exercise_and_an_outcome_and_is_python():
    for row in ROWS:
        assert row.exercise in lessons.all_exercises(), row
        assert row.outcome in answer_bank.OUTCOMES, row
        assert ast.parse(row.source).body, row


def test_every_exercise_in_the_bank_is_answered_rightly_and_wrongly():
    found = Counter((row.exercise, row.outcome) for row in ROWS)
    for name in {row.exercise for row in ROWS}:
        assert found[name, "right"] >= 3
        assert found[name, "mistake"] >= 3
        assert found[name, "front"] >= 3


def test_a_row_without_an_outcome_is_found():
    with pytest.raises(ValueError, match="no => behind it: 3"):
        answer_bank.rows_of("[dials.sort]\n3\n")


# -- what the checks say to it -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def verdicts():
    """Row -> verdict, for all rows but those that never end."""
    return {row: lessons.check(row.exercise, row.answer()) for row in ROWS if row.words != "end"}


def test_every_answer_is_told_what_the_bank_asks_for(verdicts):
    for row, verdict in verdicts.items():
        assert row.words in verdict.say, (row, verdict.say)
        better = row.outcome == "plain" and not verdict  # more was said of it than had to be
        assert better or verdict.kind == row.outcome, (row, verdict.say)


def test_hardly_anybody_is_told_only_that_it_is_not_it(verdicts):
    kinds = Counter(verdict.kind for verdict in verdicts.values())
    assert kinds["plain"] <= 0.2 * len(verdicts)
    assert kinds["right"] == sum(row.outcome == "right" for row in verdicts)


@pytest.mark.parametrize("row", [row for row in ROWS if row.words == "end"], ids=lambda row: row.exercise)
def test_what_never_ends_is_stopped(row, monkeypatch):
    monkeypatch.setattr(guarded, "SECONDS", 0.2)
    answer, start = row.answer(), time.monotonic()
    verdict = lessons.check(row.exercise, answer)
    assert time.monotonic() - start < 2
    assert verdict.kind == "front"
    assert "Does its loop ever end?" in verdict.say


def test_what_never_ends_is_stopped_outside_of_the_main_thread_as_well(monkeypatch):
    monkeypatch.setattr(guarded, "SECONDS", 0.2)
    told = []

    def report(first, second):
        while True:
            pass

    thread = threading.Thread(target=lambda: told.append(lessons.check("noise.report", report)), daemon=True)
    thread.start()
    thread.join(10)
    assert [verdict.kind for verdict in told] == ["front"]
    assert "Does its loop ever end?" in told[0].say


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no alarm")
def test_an_alarm_that_somebody_else_has_set_still_rings():
    rang = []
    before = signal.signal(signal.SIGALRM, lambda *_: rang.append(True))
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        assert lessons.check("noise.report", lessons.all_exercises()["noise.report"].reference)
        time.sleep(0.3)
        assert rang == [True]
    finally:
        signal.signal(signal.SIGALRM, before)


class Hostile:
    """Nothing about it works."""

    __hash__ = None

    def __eq__(self, other):
        raise SystemExit

    def __len__(self):
        raise KeyError("no")

    def __repr__(self):
        raise ValueError("no")


RING: list[object] = []
RING.append(RING)


@pytest.mark.parametrize("exercise", sorted({row.exercise for row in ROWS}))
def test_an_answer_that_wants_to_break_the_check_does_not(exercise):
    for answer in (
        Hostile(),
        RING,
        10**400,
        "9" * 100_000,
        "(" * 5000,
        b"ADFG",
        np.zeros((3, 0)),
        "\ud800",
        type,
    ):
        verdict = lessons.check(exercise, answer)
        assert not verdict
        assert verdict._repr_html_()


def yields(first, second):
    yield second[0]


async def waits(first, second):
    return second[0]


def leaves(first, second):
    sys.exit()


def shuts(first, second):
    sys.stdout.close()


@pytest.mark.parametrize(
    ("report", "words"),
    [(yields, "yield"), (waits, "async"), (leaves, "SystemExit"), (shuts, "nothing back")],
)
def test_a_function_that_gives_no_answer_is_told_why(report, words, capsys):
    assert words in lessons.check("noise.report", report).say
    print("still here")
    assert capsys.readouterr().out == "still here\n"


def test_nothing_is_printed_whatever_is_answered(capsys):
    noisy = [row for row in ROWS if "print" in row.source]
    assert len(noisy) >= 5
    for row in noisy:
        lessons.check(row.exercise, row.answer())
    assert capsys.readouterr() == ("", "")
