"""Exercises: the reference passes, the dots say "not yet", and every typical mistake is told apart."""

from __future__ import annotations

import ast
import re

import nbformat
import pytest

from pizzatune import lessons
from pizzatune._files import notebooks_dir
from tests import answer_bank

ALL = list(lessons.all_exercises().values())


@pytest.mark.parametrize("exercise", ALL, ids=lambda exercise: exercise.name)
class TestEveryExercise:
    def test_its_reference_answer_is_right(self, exercise):
        verdict = lessons.check(exercise.name, exercise.reference)
        assert verdict
        assert verdict.say == exercise.because

    def test_the_dots_are_not_yet_an_answer(self, exercise):
        assert not lessons.check(exercise.name)
        assert repr(lessons.check(exercise.name, ...)).startswith("Not yet")

    def test_each_mistake_gets_words_of_its_own(self, exercise):
        said = [lessons.check(exercise.name, mistake.example) for mistake in exercise.mistakes]
        assert len(said) >= 2
        assert not any(said)
        assert [verdict.say for verdict in said] == [mistake.say for mistake in exercise.mistakes]
        assert len({verdict.say for verdict in said}) == len(said)
        assert all(mistake.misconception.startswith("M") for mistake in exercise.mistakes)

    def test_an_answer_of_any_kind_is_survived(self, exercise):
        for answer in (None, "", "pizza", -1, 1e99, float("nan"), [], {}, object()):
            assert isinstance(lessons.check(exercise.name, answer), lessons.Verdict)

    def test_three_hints_lead_to_the_solution(self, exercise):
        assert len(exercise.hints) == 3
        assert f"({exercise.name!r}, 2)" in lessons.hint(exercise.name)
        assert "solution" in lessons.hint(exercise.name, 3)
        assert " at 0x" not in lessons.solution(exercise.name)
        if not exercise.starters and not callable(exercise.reference):
            assert repr(exercise.reference) in lessons.solution(exercise.name).replace("\n", " ")
        with pytest.raises(ValueError, match="number must be 1 to 3, got 4"):
            lessons.hint(exercise.name, 4)


def test_an_unknown_exercise_is_named():
    with pytest.raises(KeyError, match=r"no exercise 'grid\.nothing'"):
        lessons.check("grid.nothing", 1)


@pytest.mark.parametrize(
    "answer", ["Grid random grid", ("grid", "Random", "grid"), "a: grid, b: random, c: grid"]
)
def test_three_words_are_taken_however_they_are_written(answer):
    assert lessons.check("random.choose", answer)


# -- code exercises ------------------------------------------------------------------------------------------

CODE = [exercise for exercise in ALL if exercise.starters]
ROWS = answer_bank.rows()
SOURCES = {
    cell.source
    for path in notebooks_dir().glob("*.ipynb")
    for cell in nbformat.read(path, as_version=4).cells
}


def run(program):
    """The verdict that the last line of a program asks for."""
    *before, last = ast.parse(program).body
    names = answer_bank.names()
    exec(compile(ast.Module(before, []), "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)


@pytest.mark.parametrize("exercise", CODE, ids=lambda exercise: exercise.name)
class TestEveryCodeExercise:
    def test_the_complete_program_is_right_and_the_others_are_not_yet(self, exercise):
        complete, missing, empty = map(run, exercise.starters)
        assert complete
        assert repr(missing).startswith("Not yet")
        assert repr(empty).startswith("Not yet")
        assert missing.say != empty.say
        assert {verdict.name for verdict in (complete, missing, empty)} == {exercise.name}

    def test_the_lesson_begins_with_the_program_in_which_something_is_missing(self, exercise):
        assert exercise.starters[1].rstrip() in SOURCES

    def test_wrong_programs_get_messages_of_their_own(self, exercise):
        wrong = [row for row in ROWS if row.exercise == exercise.name and row.outcome in ("mistake", "near")]
        assert len({lessons.check(row.exercise, row.answer()).say for row in wrong}) >= 3

    def test_a_starter_is_shown_as_it_reads(self, exercise):
        assert repr(lessons.starter(exercise.name)) == exercise.starters[1].rstrip()
        assert lessons.solution(exercise.name).endswith(exercise.starters[0].rstrip())
        with pytest.raises(ValueError, match="missing must be 0 to 2, got 3"):
            lessons.starter(exercise.name, 3)


def test_there_is_a_code_exercise_in_each_of_the_lessons_that_have_one():
    assert {exercise.name for exercise in CODE} >= {
        "kitchen.loop", "dials.both", "noise.report", "doubt.guess", "choosing.rule"
    }  # fmt: skip
    with pytest.raises(ValueError, match=r"dials\.sort needs none"):
        lessons.starter("dials.sort")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kitchen.serve", 'pt.menus.Pizza(("Sausage", "Mushrooms"), temperature=220, minutes=11)'),
        ("noise.drop", "2"),
        ("genetic.hills", "{'mutation': 1, 'reach': 0.3}"),
    ],
)
def test_what_a_hint_names_passes(name, value):
    hints = " ".join(lessons.all_exercises()[name].hints)
    numbers = re.findall(r"\d+(?:\.\d+)?", value)
    assert all(number in hints for number in numbers)
    assert lessons.check(name, answer_bank.Row(name, value, "right").answer())
