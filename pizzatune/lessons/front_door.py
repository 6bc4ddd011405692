"""The front door of an exercise: what kind of answer it takes, and how near a wrong one is."""

from __future__ import annotations

import difflib
import inspect
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pizzatune.lessons import typed
from pizzatune.lessons.guarded import Guarded
from pizzatune.lessons.typed import OfAnotherKind, Refused, came
from pizzatune.parameters import Parameter
from pizzatune.space import Space
from pizzatune.strategies.base import Strategy

CLOSE = 0.25  # of the reference: a number so near is told the direction, and that it is near
COUNTS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight")


class Door:
    """Takes any answer that is one at all; the kinds below know more.

    A door turns what came into what the tests of an exercise expect, or raises `Refused`.
    """

    def take(self, answer: Any) -> Any:
        """The answer as the exercise tests it."""
        if callable(answer) or isinstance(answer, bool | types.ModuleType | None):
            raise OfAnotherKind(came(answer))
        return answer

    def near(self, answer: Any, reference: Any, right: Callable[[Any], bool]) -> str:
        """What is right about a wrong answer that was taken; "" if nothing is known."""
        return ""

    def far(self, answer: Any, reference: Any) -> str:
        """Words behind "that is not it"."""
        return ""


@dataclass(frozen=True)
class Number(Door):
    """A number, in digits or words, as a share or in per cent.

    Attributes
    ----------
    low, high : float
        Between which the answer lies.
    whole : bool
        Whether it counts something.

    Examples
    --------
    >>> Number(0, 1).take("25 %")
    0.25
    >>> Number(0, 1).near(25, 0.25, lambda answer: answer == 0.25)
    'nearly: you mean per cent. Divide by 100'
    """

    low: float = -np.inf
    high: float = np.inf
    whole: bool = False

    def take(self, answer: Any) -> Any:
        """The number that was meant."""
        return typed.number(answer)

    def near(self, answer: Any, reference: Any, right: Callable[[Any], bool]) -> str:
        """Whether the sign, the point or a little is wrong."""
        if right(-answer):
            return "nearly: the size is right, the sign is not. Leave the minus out"
        share = (self.low, self.high) in ((0, 1), (-1, 1))
        if share and right(answer / 100):
            return "nearly: you mean per cent. Divide by 100"
        for factor, words in ((10, "ten times"), (100, "a hundred times")):
            if right(answer / factor):
                return f"nearly: the digits are right, but it is {words} too much"
            if right(answer * factor):
                return f"nearly: the digits are right, but it is {words} too little"
        if self.low == 0 and share and answer and right(1 / answer):
            return "nearly: that is upside down. Divide the other way round"
        fits = self.low <= answer <= self.high and (not self.whole or answer == int(answer))
        if fits and 0 < abs(answer - reference) <= CLOSE * abs(reference):
            return f"nearly: it is a little {'higher' if answer < reference else 'lower'}"
        return ""

    def far(self, answer: Any, reference: Any) -> str:
        """In which direction it is wrong."""
        if not self.low <= answer <= self.high:
            return f"a number from {self.low:g} to {self.high:g} is meant"
        if self.whole and answer != int(answer):
            return "it counts something, so it is a whole number"
        return "it is too low" if answer < reference else "it is too high"


@dataclass(frozen=True)
class Letters(Door):
    """Some letters of an alphabet, in any order; the tests of the exercise get a frozenset.

    Examples
    --------
    >>> door = Letters("ABCDE")
    >>> door.near(door.take("ac"), "ACD", bool)
    'all of yours are right, but one is missing'
    >>> door.near(door.take("acb"), "ACD", bool)
    '2 of your 3 are right'
    """

    alphabet: str

    def take(self, answer: Any) -> Any:
        """The letters that were meant."""
        return typed.letters(answer, self.alphabet)

    def near(self, answer: Any, reference: Any, right: Callable[[Any], bool]) -> str:
        """How many of them are right."""
        wanted = frozenset(reference)
        missing, good = len(wanted - answer), len(wanted & answer)
        if answer < wanted:
            return f"all of yours are right, but {COUNTS[missing]} {'is' if missing == 1 else 'are'} missing"
        return f"{good} of your {len(answer)} {'is' if good == 1 else 'are'} right" if good else ""


@dataclass(frozen=True)
class Settings(Door):
    """A dict of settings with numbers: name -> (lowest, highest, whether it must be whole).

    Examples
    --------
    >>> door = Settings({"mutation": (0, 1, False)})
    >>> door.take({"Mutation": "1/2"})
    {'mutation': 0.5}
    >>> door.take({"mutaton": 1})
    Traceback (most recent call last):
    ...
    pizzatune.lessons.typed.Refused: there is no setting 'mutaton'. Do you mean mutation?
    """

    known: Mapping[str, tuple[float, float, bool]]

    def take(self, answer: Any) -> Any:
        """The settings that were meant, each one checked."""
        found = typed.settings(answer)
        for name in found:
            if name not in self.known:
                close = difflib.get_close_matches(name, self.known, n=1)
                help_ = f"Do you mean {close[0]}?" if close else f"There are {', '.join(self.known)}"
                raise Refused(f"there is no setting {name!r}. {help_}")
        return {name: self._value(name, value) for name, value in found.items()}

    def _value(self, name: str, value: Any) -> float:
        low, high, whole = self.known[name]
        try:
            meant = typed.number(value)
        except Refused:
            meant = np.nan
        if not low <= meant <= high or (whole and meant != int(meant)):
            kind = "a whole number" if whole else "a number"
            raise Refused(f"{name} must be {kind} from {low:g} to {high:g}, got {value!r}")
        return meant


@dataclass(frozen=True)
class Program(Door):
    """A function of these arguments; the tests of the exercise get it guarded.

    Examples
    --------
    >>> Program(("taste",)).take(lambda: 3)
    Traceback (most recent call last):
    ...
    pizzatune.lessons.typed.Refused: your function takes other arguments. It is called with one: taste
    """

    arguments: tuple[str, ...]

    def take(self, answer: Any) -> Any:
        """The function, guarded."""
        if isinstance(answer, type):
            raise OfAnotherKind("that is a class")
        if not callable(answer):
            raise OfAnotherKind(came(answer))
        if isinstance(answer, types.BuiltinFunctionType) and answer.__module__ == "builtins":
            raise Refused(f"that is Python's own {answer.__name__}, not a function of yours")
        try:
            inspect.signature(answer).bind(*self.arguments)
        except TypeError:
            given = f"{COUNTS[len(self.arguments)]}: {', '.join(self.arguments)}"
            raise Refused(f"your function takes other arguments. It is called with {given}") from None
        except ValueError:  # no signature to be had
            pass
        return Guarded(answer)


@dataclass(frozen=True)
class Thing(Door):
    """Something of a kind, also alone in a list.

    Examples
    --------
    >>> Thing(Space).take({"yeast": (1, 2)})
    Traceback (most recent call last):
    ...
    pizzatune.lessons.typed.OfAnotherKind: that is a dict. Put its dials into pt.Space(...)
    """

    kind: type

    def take(self, answer: Any) -> Any:
        """The thing itself."""
        if isinstance(answer, list | tuple) and len(answer) == 1:
            answer = answer[0]
        if isinstance(answer, self.kind):
            return answer
        if self.kind is Space and isinstance(answer, Mapping | list | tuple | Parameter):
            raise OfAnotherKind(f"{came(answer)}. Put its dials into pt.Space(...)")
        raise OfAnotherKind(came(answer))


def door_for(reference: Any) -> Door:
    """The door that fits a reference answer, where an exercise names none.

    Examples
    --------
    >>> door_for(5), door_for(lambda taste: None)
    (Number(low=-inf, high=inf, whole=True), Program(arguments=('taste',)))
    """
    if isinstance(reference, int | float) and not isinstance(reference, bool):
        return Number(whole=isinstance(reference, int))
    for kind in (Space, Strategy):
        if isinstance(reference, kind):
            return Thing(kind)
    if callable(reference) and not isinstance(reference, type):
        needed = inspect.signature(reference).parameters.values()
        return Program(tuple(one.name for one in needed if one.default is inspect.Parameter.empty))
    return Door()
