"""The bank of typed answers."""

from __future__ import annotations

import ast
import time
from collections import Counter

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


def test_nothing_is_printed_whatever_is_answered(capsys):
    noisy = [row for row in ROWS if "print" in row.source]
    assert len(noisy) >= 5
    for row in noisy:
        lessons.check(row.exercise, row.answer())
    assert capsys.readouterr() == ("", "")
