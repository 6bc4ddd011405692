"""Exercises: a task, a check, the wrong answers that teach, three hints and a solution."""

from __future__ import annotations

import contextlib
import html
import importlib
import inspect
import io
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pizzatune.lessons.front_door import Door, door_for
from pizzatune.lessons.guarded import Endless, Guarded, quiet
from pizzatune.lessons.opening import widget
from pizzatune.lessons.solved import note, somebody_is_there
from pizzatune.lessons.typed import OfAnotherKind, Refused

# Each has a file with EXERCISES in the folder `exercises`.
LESSONS = (
    "kitchen", "dials", "noise", "grid", "ranges", "random", "doubt", "choosing", "genetic", "transfer",
    "real_models",
)  # fmt: skip
WIDTH = 100  # of a line in a notebook, in letters
LOOKS = {"right": ("✓", "#2f6b3c"), "open": ("○", "#767676")}  # sign and colour; others are not there yet


@dataclass(frozen=True)
class Mistake:
    """A typical wrong answer: how to know it, what to say, and the misconception behind it.

    `example` is an answer that makes it, so that a test can see it recognised. A `near` one is nearly right,
    and `say` begins with what is right about it.
    """

    made_by: Callable[[Any], bool]
    say: str
    misconception: str  # its id in the course, "M4"
    example: Any
    near: bool = False


@dataclass(frozen=True)
class Exercise:
    """One task with all that belongs to it.

    Attributes
    ----------
    name : str
        Lesson and exercise, ``"grid.count"``.
    task : str
        What to do, in one or two sentences.
    right : callable
        ``right(answer) -> bool``; looks at nothing but the answer. It may raise on an answer of the wrong
        kind.
    kind : str
        What an answer must be, in words: "a whole number".
    reference : Any
        An answer that is right.
    because : str
        Why it is right: shown with the solution, and to all who found it.
    mistakes : sequence of Mistake
        At least two, each with words of its own.
    hints : sequence of str
        Three, each saying more than the one before.
    door : Door, optional
        What it takes, and in which forms; by default that follows from `reference`.
    starters : tuple of str
        Of a code exercise: three programs to begin with, complete, with a line missing, and empty. In each
        the last line hands the answer to `check`.
    """

    name: str
    task: str
    right: Callable[[Any], bool]
    kind: str
    reference: Any
    because: str
    mistakes: Sequence[Mistake]
    hints: Sequence[str]
    door: Door | None = None
    starters: tuple[str, ...] = ()

    def entrance(self) -> Door:
        """Its door, or the one that fits its reference."""
        return self.door or door_for(self.reference)


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right, and a word about it. Usable as a bool: ``assert check(...)``.

    Attributes
    ----------
    right : bool
    say : str
    kind : str
        "right"; "mistake", a wrong idea that is known; "near", nearly right; "front", the wrong kind of
        thing; "plain", wrong without more to say; "open", not answered yet.
    name : str
        The exercise.
    """

    right: bool
    say: str
    kind: str
    name: str

    def __bool__(self) -> bool:
        return self.right

    def __repr__(self) -> str:
        return f"{'Right' if self.right else 'Not yet'}: {self.say}"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Fixed text and HTML; where somebody is there who is not done yet, also the buttons for help."""
        bundle = (
            {} if self.right or not somebody_is_there() else widget("Help")(self)._repr_mimebundle_() or {}
        )
        data = dict(bundle[0] if isinstance(bundle, tuple) else bundle)
        return {**data, "text/plain": repr(self), "text/html": self._repr_html_()}

    def _repr_html_(self) -> str:
        mark, colour = LOOKS.get(self.kind, ("…", "#9a4a12"))
        words = html.escape(repr(self))
        return f"<p style='border-left: 4px solid {colour}; padding-left: 0.8em'>{mark} {words}</p>"


def all_exercises() -> dict[str, Exercise]:
    """All exercises by name, in the order of the lessons."""
    return {exercise.name: exercise for lesson in LESSONS for exercise in _of_lesson(lesson)}


class Words(str):
    """A text that a notebook shows as it reads, without quotes around it."""

    def __repr__(self) -> str:
        return str(self)


def task(name: str) -> Words:
    """What to do in the exercise `name`, in lines that fit a notebook."""
    return Words(textwrap.fill(_find(name).task, WIDTH))


def check(name: str, answer: Any = ...) -> Verdict:
    """Whether `answer` solves the exercise `name`; never an exception for a wrong answer.

    An answer of ``...`` (the dots that stand in the notebook) is one not given yet.

    Raises
    ------
    KeyError
        If there is no such exercise.
    """
    exercise = _find(name)
    if answer is ...:
        return Verdict(False, f"put {exercise.kind} where the dots are. {stuck(name)}", "open", name)
    with quiet(io.StringIO()):
        kind, say = _judge(exercise, answer)
    if kind == "right" and somebody_is_there():
        note(name, "solved")
    return Verdict(kind == "right", say, kind, name)


def _judge(exercise: Exercise, answer: Any) -> tuple[str, str]:
    """What kind of answer it is, and what to say."""
    door = exercise.entrance()
    try:
        taken = door.take(answer)
    except Refused as refused:
        known = isinstance(refused, OfAnotherKind) and not isinstance(answer, bool | None)
        if known and (not callable(answer) or isinstance(answer, type)):  # functions are called guarded only
            for mistake in exercise.mistakes:
                if _agrees(mistake.made_by, answer):
                    return "mistake", mistake.say
        words = f"{refused}{'' if str(refused).endswith('?') else '.'} An answer is {exercise.kind}."
        return "front", f"{words} {stuck(exercise.name)}"
    with contextlib.suppress(Endless):
        if _agrees(exercise.right, taken):
            return "right", exercise.because
        for mistake in exercise.mistakes:
            if _agrees(mistake.made_by, taken):
                return "near" if mistake.near else "mistake", mistake.say
    if isinstance(taken, Guarded) and (trouble := taken.trouble()):
        return "front", trouble
    if near := door.near(taken, exercise.reference, lambda other: _agrees(exercise.right, other)):
        return "near", f"{near}."
    far = door.far(taken, exercise.reference)
    words = f"that is not it{': ' if far else ''}{far}. (An answer is {exercise.kind}.)"
    return "plain", f"{words} {stuck(exercise.name)}"


def stuck(name: str) -> str:
    """Where help is, for the end of a message.

    Examples
    --------
    >>> stuck("dials.sort")
    "Stuck? pt.lessons.hint('dials.sort')"
    """
    return f"Stuck? pt.lessons.hint({name!r})"


def hint(name: str, number: int = 1) -> Words:
    """Hint 1, 2 or 3 for the exercise `name`; the third says nearly all."""
    hints = _find(name).hints
    if not 1 <= number <= len(hints):
        raise ValueError(
            f"number must be 1 to {len(hints)}, got {number}; or see pt.lessons.solution({name!r})"
        )
    more = (
        f"(More: pt.lessons.hint({name!r}, {number + 1}).)"
        if number < len(hints)
        else f"(Else: pt.lessons.solution({name!r}).)"
    )
    return Words(f"{textwrap.fill(hints[number - 1], WIDTH)}\n{more}")


def starter(name: str, missing: int = 1) -> Words:
    """A program to begin the code exercise `name` with, to be copied into a cell.

    Parameters
    ----------
    name : str
    missing : int
        0 for all of it, 1 for a program in which something is missing, 2 for an empty one.

    Raises
    ------
    KeyError, ValueError
        If there is no such exercise, or it asks for no program.

    Examples
    --------
    >>> starter("noise.report", missing=2)
    def report(first, second):
        ...
    <BLANKLINE>
    <BLANKLINE>
    pt.lessons.check("noise.report", report)
    """
    starters = _find(name).starters
    if not 0 <= missing < len(starters):
        wrong = f"missing must be 0 to {len(starters) - 1}, got {missing}"
        raise ValueError(f"{wrong if starters else f'{name} needs none'}; see pt.lessons.task({name!r})")
    return Words(starters[missing].rstrip())


def solution(name: str) -> Words:
    """A right answer to the exercise `name`, and why it is right."""
    exercise = _find(name)
    because = f"{exercise.because[0].upper()}{exercise.because[1:]}"
    if exercise.starters:
        return Words(f"{textwrap.fill(because, WIDTH)}\n\n{starter(name, missing=0)}")
    if callable(exercise.reference):
        return Words(f"{textwrap.fill(because, WIDTH)}\n\n{inspect.getsource(exercise.reference)}")
    return Words(textwrap.fill(f"One right answer: {exercise.reference!r}. {because}", WIDTH))


def _agrees(test: Callable[[Any], bool], answer: Any) -> bool:
    try:
        return bool(test(answer))
    except (Exception, SystemExit):  # an answer of another kind may break the test in any way: no match
        return False


def _of_lesson(lesson: str) -> Sequence[Exercise]:
    module = importlib.import_module(f"pizzatune.lessons.exercises.{lesson}")
    found: Sequence[Exercise] = module.EXERCISES
    return found


def _find(name: str) -> Exercise:
    lesson = name.partition(".")[0]
    for exercise in _of_lesson(lesson) if lesson in LESSONS else ():
        if exercise.name == name:
            return exercise
    raise KeyError(f"there is no exercise {name!r}; there are {', '.join(all_exercises())}")
