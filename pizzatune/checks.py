"""The checks at our doors: what was handed in, or an error that says what to hand in instead.

An error names the thing, shows what came, and ends with a remedy that fits what came: "write 5 without
quotes" for ``"5"``, "take the number out of it with .item()" for an array that holds one.
"""

from __future__ import annotations

import errno
import inspect
import math
import numbers
import reprlib
import sys
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

LARGEST = 1.7976931348623157e308  # what a float can hold


class _Short(reprlib.Repr):
    """Text for any object that fits in a message, and never raises."""

    def __init__(self) -> None:
        super().__init__()
        self.maxstring = self.maxother = 120
        self.maxlong = 60
        self.maxlist = self.maxtuple = self.maxset = self.maxfrozenset = self.maxdict = 12

    def repr_dict(self, x: dict[Any, Any], level: int) -> str:
        if level <= 0:
            return "{...}"
        items = [
            f"{self.repr1(key, level - 1)}: {self.repr1(item, level - 1)}"
            for key, item in islice(x.items(), self.maxdict)
        ]
        return f"{{{', '.join(items + ['...'] * (len(x) > self.maxdict))}}}"  # in its own order

    def repr_int(self, x: int, level: int) -> str:
        digits = math.floor(x.bit_length() * math.log10(2.0)) + 1
        return super().repr_int(x, level) if digits < 4000 else f"a whole number of about {digits:,} digits"


def shown(value: Any) -> str:
    """What came, as text for a message: short however long it is, and for any object.

    Examples
    --------
    >>> shown("7.5"), shown(list(range(100)))
    ("'7.5'", '[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, ...]')
    """
    return str(value) if isinstance(value, np.number) else " ".join(_Short().repr(value).split())


def called(function: Any) -> str:
    """What a function is called, for a message."""
    return str(getattr(function, "__name__", None) or shown(function))


def listed(value: Any) -> str:
    """What to do, where a list is wanted and `value` came, which is none.

    Examples
    --------
    >>> listed("Stone"), listed({"Stone"}), listed(range(3))
    ("write ['Stone']", 'put them in order, e.g. sorted(...)', 'write list(...) of it')
    """
    if isinstance(value, set | frozenset):
        return "put them in order, e.g. sorted(...)"
    if hasattr(value, "tolist") and getattr(value, "ndim", None):
        return "write .tolist() behind it"
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return "write list(...) of it"
    return "write them in [ ]" if value is None or callable(value) else f"write {shown([value])}"


def params_remedy(value: Any, name: str) -> str:
    """What to do, where a dict of params is wanted, with `name` in it, and `value` came."""
    for attribute in ("params", "best_params"):
        if isinstance(getattr(value, attribute, None), Mapping):
            return f"pass its .{attribute}"
    if hasattr(value, "to_dict"):
        return "pass .to_dict() of one row"
    if isinstance(value, Sequence) and value and isinstance(value[0], Mapping):
        return "pass one of its items"
    return f"write {{{name!r}: ...}}"


def did_you_mean(word: Any, known: Iterable[Any], otherwise: str) -> str:
    """A known word that is much like the one that came, as a question; else what else to do."""
    near = (
        get_close_matches(word, [k for k in known if isinstance(k, str)], 1) if isinstance(word, str) else []
    )
    return f"did you mean {near[0]!r}?" if near else otherwise


# -- numbers -----------------------------------------------------------------------------------------------


def is_number(value: Any) -> bool:
    """Whether it is a real number; True and False are not."""
    kind = type(value)  # asking an abstract class takes ten times as long
    return kind is float or kind is int or (isinstance(value, numbers.Real) and not isinstance(value, bool))


def is_whole(value: Any) -> bool:
    """Whether it is a whole number by its type; True and False are not."""
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)


def is_finite(number: Any) -> bool:
    """Whether a number is finite as a float, too."""
    try:
        return math.isfinite(number)
    except OverflowError:  # a whole number too large for a float
        return False


def is_bool(value: Any) -> bool:
    """Whether it is True or False, numpy's too."""
    return isinstance(value, bool | np.bool_)


def remedy(value: Any, verb: str = "write", example: Any = 1.0) -> str:
    """What to do, where one number such as `example` is wanted and `value` came, which is none.

    Examples
    --------
    >>> remedy("7.5"), remedy("hot"), remedy(True)
    ('write 7.5 without quotes', 'write a number, such as 1.0', 'write 1 instead')
    """
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if isinstance(value, str):
        text = value.strip().replace(",", ".")
        if _holds_number(text):
            return f"write {text} without quotes" if verb == "write" else "put float(...) around it"
    if is_bool(value):
        return f"{verb} {int(value)} instead"
    if getattr(value, "size", None) == 1 and hasattr(value, "item") and kind in tuple("iuf"):
        return "take the number out of it with .item()"
    if isinstance(value, np.ndarray):
        several = f"{verb} one number, such as its .mean()"
        return several if value.ndim else remedy(value.item(), verb, example)
    if isinstance(value, complex | np.complexfloating):
        return f"{verb} its real part, or its size abs(...)"
    if isinstance(value, Mapping):
        return f"{verb} one of its values"
    if inspect.isgenerator(value) or inspect.iscoroutine(value):
        return f"{verb} one number: a plain function, without yield or async, gives one"
    if hasattr(value, "__len__") and not isinstance(value, str | bytes):
        return f"{verb} one of its items"
    if (hasattr(value, "__float__") and kind not in tuple("mM")) or isinstance(value, bytes):
        return "put float(...) around it"
    if callable(value):
        return f"{verb} what it gives: call it"
    return f"{verb} a number, such as {example}"


def _holds_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def whole_remedy(value: Any, least: float = -math.inf) -> str:
    """`remedy`, where a whole number is wanted."""
    if is_number(value):
        if not is_finite(value):
            return "write a whole number" if least == -math.inf else f"write a whole number from {least:g} up"
        whole = max(least, math.floor(value))
        return f"write {whole}" if whole == value else f"round it, to {whole} say"
    if isinstance(value, str) and _holds_number(value):
        return whole_remedy(float(value), least) if "." in value or "e" in value.lower() else remedy(value)
    if is_bool(value) or isinstance(value, np.ndarray):
        return remedy(value)
    return "write a whole number" if least == -math.inf else f"write a whole number from {least:g} up"


def real_number(
    name: str,
    value: Any,
    low: float = -math.inf,
    high: float = math.inf,
    *,
    above: bool = False,
    finite: bool = True,
    hint: str = "",
) -> float:
    """A setting that measures something, as a float; or an error that names it.

    Parameters
    ----------
    name : str
        What the setting is called.
    value
        What came.
    low, high : float
        Its ends; `low` itself is left out where `above` is set.
    finite : bool
        Whether infinity is refused.
    hint : str
        What a value means, for the end of a message.

    Examples
    --------
    >>> real_number("likeness", 1, -1, 1)
    1.0
    >>> real_number("kappa", -1, 0)
    Traceback (most recent call last):
    ...
    ValueError: kappa must be 0 or more, got -1; choose a larger one
    """
    meaning = f" ({hint})" if hint else ""
    if not is_number(value):
        raise TypeError(f"{name} must be a number, got {shown(value)}; {remedy(value)}{meaning}")
    if not (low < value if above else low <= value) or not value <= high or (finite and math.isinf(value)):
        raise ValueError(
            f"{name} must {_range_in_words(low, high, above)}, got {shown(value)}; "
            f"choose {_nearer(value, low, above)}{meaning}"
        )
    return float(value)


def _range_in_words(low: float, high: float, above: bool) -> str:
    if math.isinf(high):
        ends = "" if math.isinf(low) else f" above {low:g}" if above else f" {low:g} or more"
        return f"be{ends}" if ends else "be finite"
    return f"lie above {low:g} and up to {high:g}" if above else f"lie in [{low:g}, {high:g}]"


def _nearer(value: Any, low: float, above: bool) -> str:
    if not is_finite(value):
        return "a finite one"
    return "a larger one" if value < low or (above and value == low) else "a smaller one"


def whole_number(name: str, value: Any, least: int, *, hint: str = "") -> int:
    """A setting that counts something, or an error that names it.

    Examples
    --------
    >>> whole_number("population", 1, 2)
    Traceback (most recent call last):
    ...
    ValueError: population must be 2 or more, got 1; choose a larger one
    """
    meaning = f" ({hint})" if hint else ""
    if not is_whole(value):
        raise TypeError(
            f"{name} must be a whole number, got {shown(value)}; {whole_remedy(value, least)}{meaning}"
        )
    if value < least:
        raise ValueError(f"{name} must be {least} or more, got {value}; choose a larger one{meaning}")
    return int(value)


def checked_seed(seed: Any) -> int:
    """A seed that was handed in, after a check; one drawn for None."""
    if seed is None:
        return int(np.random.default_rng().integers(2**31))
    if not is_whole(seed) or seed < 0:
        fitting = whole_remedy(seed, 0) if not is_whole(seed) else "write e.g. seed=1"
        raise ValueError(f"seed must be a whole number from 0 up, or None, got {shown(seed)}; {fitting}")
    return int(seed)


def flag(name: str, value: Any) -> bool:
    """A setting that is on or off, or an error that names it."""
    if not is_bool(value):
        raise TypeError(
            f"{name} must be True or False, got {shown(value)}; write {name}=True or leave it out"
        )
    return bool(value)


def path_of(name: str, value: Any) -> Path:
    """A file that was named, behind all links, or an error that says how to name one."""
    text = value if isinstance(value, str) else value.__fspath__() if isinstance(value, PathLike) else None
    if not isinstance(text, str) or not text or "\0" in text:
        raise TypeError(
            f"{name} must be the name of a file, got {shown(value)}; write e.g. {name}='friday.pizza'"
        )
    try:
        place = Path(text).resolve()
        place.stat()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return place  # the code that reads or writes it has more to say
    except (OSError, RuntimeError, UnicodeError) as error:  # a link to itself, a name that no disk takes
        why = getattr(error, "strerror", None) or f"{error}"
        raise OSError(
            getattr(error, "errno", None) or errno.EINVAL,
            f"{name} must be the name of a file, got {shown(text)} ({why}); "
            f"write another, such as {name}='friday.pizza'",
        ) from error
    return place


def one_of(name: str, value: Any, known: Sequence[str]) -> str:
    """A setting that is one of a few words, or an error that names them."""
    if not isinstance(value, str) or value not in known:
        words = " or ".join(map(repr, known)) if len(known) < 3 else f"one of {list(known)}"
        hint = did_you_mean(value.lower() if isinstance(value, str) else value, known, "choose one of these")
        raise ValueError(f"{name} must be {words}, got {shown(value)}; {hint}")
    return value


# -- scores ------------------------------------------------------------------------------------------------


def score_of(value: Any, verb: str = "return") -> float:
    """The score that an objective returned, or that was told, as a float: the one rule for all doors.

    Taken is what is one finite real number: of Python, numpy or another library, on its own or in an array
    without dimensions. Not taken are True and False, text, and whatever holds several numbers.

    Parameters
    ----------
    value
        What came.
    verb : str
        How it came, for the message: "return", "tell" or "write".

    Raises
    ------
    TypeError
        If it is no number.
    ValueError
        If it is not finite, or too large for a float.

    Examples
    --------
    >>> score_of(np.float32(0.5)), score_of(7), score_of(np.array(2.0))
    (0.5, 7.0, 2.0)
    >>> score_of("7.5")
    Traceback (most recent call last):
    ...
    TypeError: score must be a number, higher is better, got '7.5'; put float(...) around it
    """
    if type(value) is float and math.isfinite(value):  # nearly always, and quickly told
        return value
    if value is None:
        raise TypeError(
            "score must be a number, higher is better, got None; end the function with a line such as "
            "`return score`"
            if verb == "return"
            else f"score must be a number, higher is better, got None; {verb} a number"
        )
    try:
        score = _float_of(value)
    except OverflowError:  # a whole number or a fraction too large for a float
        score = math.copysign(math.inf, 1 if value > 0 else -1)
    except Exception:  # anyone's object: its own float() may raise anything
        raise TypeError(
            f"score must be a number, higher is better, got {shown(value)}; {remedy(value, verb)}"
        ) from None
    if math.isfinite(score):
        return score
    if math.isnan(score) or not _is_larger_than_floats(value):
        raise ValueError(f"the score was {score}, not a finite number")
    raise ValueError(f"the score was {shown(value)}, too large for a float; use a larger unit")


def _float_of(value: Any) -> float:
    """float(value), where value is one real number."""
    kind = getattr(getattr(value, "dtype", None), "kind", "f")
    masked = getattr(sys.modules.get("numpy.ma"), "masked", None)  # loading it costs 8 MB
    no_number = isinstance(value, str | bytes | bytearray | bool) or value is masked
    if no_number or getattr(value, "ndim", None) or kind not in tuple("iufO"):
        raise TypeError
    return _float_of(value.item()) if kind == "O" else float(value)


def _is_larger_than_floats(value: Any) -> bool:
    """Whether a number is finite as it came, though it is not as a float."""
    try:
        return bool(abs(value) > LARGEST and value - value == 0)
    except Exception:  # anyone's object
        return False
