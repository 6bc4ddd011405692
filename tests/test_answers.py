"""The bank of typed answers."""

from __future__ import annotations

import ast
from collections import Counter

import pytest

from pizzatune import lessons
from tests import answer_bank

ROWS = answer_bank.rows()


def test_the_bank_is_large_and_each_answer_is_there_once():
    assert len(ROWS) >= 350
    assert max(Counter((row.exercise, row.source) for row in ROWS).values()) == 1


def test_every_row_names_an_exercise_and_an_outcome_and_is_python():
    for row in ROWS:
        assert row.exercise in lessons.exercises(), row
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
