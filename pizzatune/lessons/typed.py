"""What a learner typed, understood: numbers, letters and settings, in whatever form they come."""

from __future__ import annotations

import ast
import decimal
import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from numbers import Number, Real
from typing import Any

import numpy as np

NAMES = {
    "zero": 0.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "seven": 7.0,
    "eight": 8.0, "nine": 9.0, "ten": 10.0, "twelve": 12.0, "twenty": 20.0, "half": 0.5, "third": 1 / 3,
    "thirds": 1 / 3, "quarter": 0.25, "quarters": 0.25,
}  # fmt: skip
FILLERS = {"a", "an", "about", "around", "roughly", "exactly", "the"}
SIGNS: dict[type[Any], Callable[..., float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.UAdd: operator.pos, ast.USub: operator.neg,
}  # fmt: skip
ONE = r"[-+]?(?:\d+(?:[.,]\d+)*|[.,]\d+)"
LONGEST = 200  # letters of an answer that are looked at
DEEP = 4  # lists in lists that are looked into


class Refused(ValueError):
    """The answer cannot be taken; the message says why, and what to do."""


class OfAnotherKind(Refused):
    """It is something else altogether, such as a list where a function is asked for."""


def number(answer: Any, inside: int = 0) -> float:
    """The number that was meant: also as text, as a fraction, in per cent, or alone in a list.

    Raises
    ------
    Refused
        If there is none, or more than one.

    Examples
    --------
    >>> number("1/4"), number("25 %"), number("0,25"), number("2 of 8"), number([0.25]), number("a quarter")
    (0.25, 0.25, 0.25, 0.25, 0.25, 0.25)
    >>> number("5 * (20 * 3 + 1)"), number("5 ovens")
    (305, 5)
    >>> number("4 or 5")
    Traceback (most recent call last):
    ...
    pizzatune.lessons.typed.Refused: those are several numbers. Type one number
    """
    if isinstance(answer, str):
        return _tidy(_number_in(answer[:LONGEST].strip().lower()))
    if isinstance(answer, np.ndarray | Sequence | set | frozenset) and inside < DEEP:
        members = list(np.ravel(answer)) if isinstance(answer, np.ndarray) else list(answer)
        if len(members) != 1:
            raise Refused("that is an empty list. Type one number" if not members else _SEVERAL)
        return number(members[0], inside + 1)
    if isinstance(answer, bool | np.bool_) or not isinstance(answer, Number | decimal.Decimal):
        raise OfAnotherKind(came(answer))
    if not isinstance(answer, Real | decimal.Decimal):
        raise Refused("that is a number with an imaginary part")
    try:
        return _tidy(float(answer))
    except OverflowError:
        return _tidy(math.inf)


_SEVERAL = "those are several numbers. Type one number"


def _tidy(value: float) -> float:
    if not math.isfinite(value):
        raise Refused("that is not a finite number")
    return int(value) if value == int(value) and abs(value) < 2**53 else value


def _number_in(text: str) -> float:
    text = text.replace("−", "-").replace("–", "-").replace("×", "*").replace("·", "*").lstrip("= ")
    if not text:
        raise Refused("that is an empty text. Type a number")
    if re.fullmatch(r"[-+*/().\d\s]+", text):
        try:
            return _worked_out(ast.parse(text, mode="eval").body)
        except (SyntaxError, TypeError, KeyError, ZeroDivisionError, RecursionError, OverflowError):
            pass
    share = re.fullmatch(rf"\D*?({ONE}) (?:out of|of|in) ({ONE})\D*", text)
    if share and _plain(share[2]):
        return _plain(share[1]) / _plain(share[2])
    found = re.findall(ONE, re.sub(r"(?<=\d)\s*±.*", " 0 0", text))
    if len(found) > 1:
        raise Refused(_SEVERAL)
    if found:
        per_cent = re.search(rf"{re.escape(found[0])}\s*(%|per ?cent|percent)", text)
        return _plain(found[0]) / (100 if per_cent else 1)
    words = [word for word in re.findall(r"\w+", text) if word not in FILLERS]
    if words and all(word in NAMES for word in words):
        return math.prod(NAMES[word] for word in words)
    raise Refused("that is text, and no number is in it. Write it in digits")


def _plain(text: str) -> float:
    if re.fullmatch(r"[-+]?[1-9]\d{0,2}(,\d{3})+", text):  # 1,024
        return float(text.replace(",", ""))
    text = text.replace(",", ".")
    if text.count(".") > 1:
        raise Refused("that number has more than one point")
    return float(text)


def _worked_out(node: ast.expr) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.BinOp):
        return float(SIGNS[type(node.op)](_worked_out(node.left), _worked_out(node.right)))
    if isinstance(node, ast.UnaryOp):
        return float(SIGNS[type(node.op)](_worked_out(node.operand)))
    raise TypeError(f"no number: {ast.dump(node)}")


def letters(answer: Any, alphabet: str) -> frozenset[str]:
    """The letters that were meant: "ADF", "a, d and f", a list or a set of them.

    Raises
    ------
    Refused
        If there is none, or something else.

    Examples
    --------
    >>> sorted(letters("a, d and f", "ABCDEF")), sorted(letters(["AD", "f"], "ABCDEF"))
    (['A', 'D', 'F'], ['A', 'D', 'F'])
    >>> letters("AZ", "ABCDEF")
    Traceback (most recent call last):
    ...
    pizzatune.lessons.typed.Refused: Z is none of the letters from A to F
    """
    ends = f"from {alphabet[0]} to {alphabet[-1]}"
    if isinstance(answer, Mapping):
        answer = [letter for letter, wanted in answer.items() if wanted]
    if isinstance(answer, np.ndarray):
        answer = list(np.ravel(answer))
    if isinstance(answer, list | tuple | set | frozenset):
        if not all(isinstance(one, str) for one in answer):
            raise Refused(f"not all in there are letters {ends}. Put each in quotes")
        answer = " ".join(answer)
    if not isinstance(answer, str):
        raise OfAnotherKind(came(answer))
    words = re.findall(r"[^\W\d_]+", answer[:LONGEST].upper())
    found = frozenset("".join(word for word in words if word != "AND"))
    strange = sorted(found - set(alphabet))
    if not found:
        raise Refused("that is empty: there are no letters in it")
    if len(strange) > 1:
        raise Refused(f"those are words. Type letters {ends}")
    if strange:
        raise Refused(f"{strange[0]} is none of the letters {ends}")
    return found


def settings(answer: Any) -> dict[str, Any]:
    """The dict of settings that was meant; its names in small letters.

    Raises
    ------
    Refused
        If it is no dict, nor pairs of a name and a value.

    Examples
    --------
    >>> settings({"Mutation": 1}), settings("{'mutation': 1}"), settings([("mutation", 1)])
    ({'mutation': 1}, {'mutation': 1}, {'mutation': 1})
    """
    meant = answer
    if isinstance(answer, str):
        try:
            meant = ast.literal_eval(answer[:LONGEST].strip())
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            meant = answer
    if isinstance(meant, list | tuple) and all(isinstance(one, tuple) and len(one) == 2 for one in meant):
        meant = dict(meant) if meant else meant
    if not isinstance(meant, Mapping):
        raise OfAnotherKind(came(answer))
    return {str(name).strip().lower(): value for name, value in meant.items()}


def came(answer: Any) -> str:
    """What came, in words, and what to do where that is known.

    Examples
    --------
    >>> came(None), came(len)
    ('that is None: is a `return` missing?', 'that is a function, not what it gives. Put brackets behind it')
    >>> came([1, 2])
    'that is a list'
    """
    known: tuple[tuple[Any, str], ...] = (
        (type(None), "that is None: is a `return` missing?"),
        (bool | np.bool_, "that is only True or False"),
        (Number | decimal.Decimal, "that is a number"),
        (str | bytes, "that is text. Take the quotes off"),
        (Mapping, "that is a dict"),
        (type, "that is only the kind, a class. Make one of it: put brackets behind it"),
        (list | tuple | set | frozenset | np.ndarray, "that is a list"),
    )
    for kinds, words in known:
        if isinstance(answer, kinds):
            return words
    name = type(answer).__name__
    if callable(answer):
        return "that is a function, not what it gives. Put brackets behind it"
    house = {"Space": "a space", "Result": "a whole result", "Menu": "a menu", "Pizza": "a pizza"}
    return f"that is {house.get(name, f'a thing of the kind {name}')}"
