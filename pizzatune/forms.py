"""The forms that the documents of a run must have, for documents may come from strangers.

Each form is a table: a key, and what its value must be. A new key of a document is one line here.
"""

from __future__ import annotations

import json
import math
import sys
import zlib
from collections.abc import Callable, Mapping
from typing import Any

from pizzatune.documents import Document, to_text

LONGEST = 2**24  # characters of a document: more than any trial of ours, little enough for any memory
DEEPEST = 100  # brackets within brackets
MOST = 1000  # options that are lists and the like, which are compared one by one; and values in a condition
LARGEST_SEED = 2**256
LARGEST_NUMBER = 10**9  # of an ask
LATER = {"asked"}  # keys that the first format had not yet

Check = Callable[[Any], bool]


# -- text, and a checksum ------------------------------------------------------------


def signed(document: Document, form: Mapping[str, Check]) -> tuple[str, int]:
    """A document as text, and its checksum: one that could be read but has changed must be noticed, too.

    What would be refused when it is read is refused here.
    """
    text = to_text(document)
    try:
        if len(text) > LONGEST:
            raise ValueError(f"{len(text):,} characters are more than {LONGEST:,}")
        _check_depth(document, text)
        check_form(document, form)
    except (LookupError, TypeError, ValueError) as error:
        raise ValueError(f"a run file cannot hold {text:.60}: {error}; keep it simpler") from None
    return text, zlib.crc32(text.encode())


def document_from(text: Any, checksum: Any, form: Mapping[str, Check]) -> Document:
    """The document in a row, of this form."""
    if type(text) is not str or type(checksum) is not int:
        raise TypeError(f"a row holds {text!r:.40} and {checksum!r:.40}, not a text and its checksum")
    if zlib.crc32(text.encode()) != checksum:
        raise ValueError(f"a checksum does not fit {text[:40]!r}")
    if len(text) > LONGEST:
        raise ValueError(f"{len(text):,} characters, more than {LONGEST:,}")
    document = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    _check_depth(document, text)
    check_form(document, form)
    return dict(document)


def check_form(document: Any, form: Mapping[str, Check]) -> None:
    """Make sure that a document has just the keys of a form, and values of the right kind."""
    if not isinstance(document, dict):
        raise TypeError(f"expected {list(form)}, got {document!r:.60}")
    for key in (*form, *document):
        if key not in document:
            if key in LATER:
                continue
            raise LookupError(f"{key!r} is missing")
        if key not in form:
            raise LookupError(f"unknown {key!r}")
        if not form[key](document[key]):
            raise ValueError(f"{key} is {document[key]!r:.60}")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        raise ValueError(f"a key comes twice among {[key for key, _ in pairs]!r:.60}")
    return document


def _no_constant(text: str) -> float:
    raise ValueError(f"{text} is no JSON")


def _check_depth(document: Any, text: str) -> None:
    if text.count("[") + text.count("{") <= DEEPEST:  # as nearly always
        return
    level = [document]
    for _ in range(DEEPEST):
        inner = [
            one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list)
        ]
        level = [one for many in inner for one in many]
        if not level:
            return
    raise ValueError(f"lists in lists, more than {DEEPEST} deep")


# -- what each key of a document holds -------------------------------------------------


def is_text(value: Any) -> bool:
    """A text."""
    return type(value) is str


def is_number(value: Any) -> bool:
    """A number that a float can hold, neither True nor nan nor inf."""
    return type(value) in (int, float) and abs(value) <= sys.float_info.max


def is_whole_number(value: Any) -> bool:
    """A whole number that a float can hold."""
    return type(value) is int and is_number(value)


def is_value(value: Any) -> bool:
    """Whatever `to_json` makes of a Python value."""
    if isinstance(value, list):
        return all(map(is_value, value))
    if not isinstance(value, dict):
        return not isinstance(value, float) or math.isfinite(value)
    if len(value) != 1:
        return False
    ((name, content),) = value.items()
    match name:
        case "float":
            return content in ("nan", "inf", "-inf")
        case "object":
            return is_text(content)
        case "dict":
            return isinstance(content, list) and all(
                isinstance(pair, list) and len(pair) == 2 and is_value(pair) for pair in content
            )
        case "tuple" | "set" | "frozenset":
            return isinstance(content, list) and is_value(content)
        case _:
            return False


def _or_none(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _is_flag(value: Any) -> bool:
    return type(value) is bool


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < LARGEST_NUMBER


def _is_seed(value: Any) -> bool:
    return type(value) is int and 0 <= value < LARGEST_SEED


def _is_duration(value: Any) -> bool:
    return is_number(value) and value >= 0


def _is_list(check: Check) -> Check:
    return lambda value: isinstance(value, list) and all(map(check, value))


def _is_dict(check: Check) -> Check:
    return lambda value: isinstance(value, dict) and all(map(check, value.values()))


def _is_story(value: Any) -> bool:
    return isinstance(value, dict) and list(value) == ["dict"] and is_value(value)


def _is_condition(value: Any) -> bool:
    if not (isinstance(value, list) and len(value) == 2 and is_text(value[0])):
        return False
    return _is_list(is_value)(value[1]) and len(value[1]) <= MOST


def _are_options(value: Any) -> bool:
    return _is_list(is_value)(value) and sum(isinstance(option, list | dict) for option in value) <= MOST


def _is_parameter(value: Any) -> bool:
    if not isinstance(value, dict) or not is_text(value.get("kind")) or not is_text(value.get("name")):
        raise ValueError(f"{value!r:.60} is no parameter")
    if value["kind"] in PARAMETERS:  # one of somebody's own has a form of its own
        check_form(value, PARAMETERS[value["kind"]])
    return True


def _is_space(value: Any) -> bool:
    check_form(value, {"parameters": _is_list(_is_parameter), "where": _or_none(is_text)})
    return True


ANY_PARAMETER: dict[str, Check] = {
    "kind": is_text,
    "name": is_text,
    "unit": _or_none(is_text),
    "when": _is_list(_is_condition),
}
OPTIONS = ANY_PARAMETER | {"options": _are_options, "labels": _or_none(_is_list(is_text))}
PARAMETERS: dict[str, dict[str, Check]] = {
    "Choice": OPTIONS,
    "Ordered": OPTIONS,
    "Real": ANY_PARAMETER
    | {"low": is_number, "high": is_number, "step": _or_none(is_number), "log": _is_flag},
    "Integer": ANY_PARAMETER
    | {"low": is_whole_number, "high": is_whole_number, "step": is_whole_number, "log": _is_flag},
}
RUN: dict[str, Check] = {
    "space": _is_space,
    "strategy": is_text,
    "settings": _is_dict(is_value),
    "seed": _is_seed,
    "score_label": is_text,
    "trial_label": is_text,
    "pizzatune": is_text,
}
TRIAL: dict[str, Check] = {
    "params": _is_dict(is_value),
    "score": _or_none(is_number),
    "error": _or_none(is_text),
    "why": is_text,
    "origin": _is_story,
    "seconds": _or_none(_is_duration),
    "asked": _or_none(_is_count),
}
ASKED = {key: TRIAL[key] for key in ("params", "why", "origin")}  # a trial that was not told yet
