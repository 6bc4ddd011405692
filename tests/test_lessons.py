"""Exercises: the reference passes, the dots say "not yet", and every typical mistake is told apart."""

from __future__ import annotations

import pytest

from pizzatune import lessons

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
        assert repr(exercise.reference) in lessons.solution(exercise.name)
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
