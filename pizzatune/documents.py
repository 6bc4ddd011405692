"""Python values, spaces and trials as JSON documents, and back; nothing in a document is ever executed.

What JSON has no form for is kept as far as it can be: a value comes back exactly, any other object as its
name.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from pizzatune.parameters import Choice, Integer, Ordered, Parameter, Real
from pizzatune.space import Space
from pizzatune.trial import Trial

KINDS = {kind.__name__: kind for kind in (Choice, Ordered, Integer, Real)}

Document = dict[str, Any]

# -- Python values ---------------------------------------------------------------

# What JSON has no form for is an object with one key that says what it is.
_COLLECTIONS: dict[str, type] = {"tuple": tuple, "set": set, "frozenset": frozenset}


def to_json(value: Any) -> Any:
    """A value as JSON, from which it comes back exactly; any other object as its name."""
    kind = type(value)
    if kind in (bool, int, str, type(None)):
        return value
    if kind is float or isinstance(value, np.floating):
        number = float(value)
        return number if math.isfinite(number) else {"float": repr(number)}
    if isinstance(value, np.bool_ | np.integer | np.str_):
        return value.item()
    if kind is list:
        return [to_json(item) for item in value]
    if kind is dict:
        return {"dict": [[to_json(key), to_json(item)] for key, item in value.items()]}
    for name, collection in _COLLECTIONS.items():
        if kind is collection:
            items = [to_json(item) for item in value]
            return {name: items if kind is tuple else sorted(items, key=to_text)}
    return {"object": name_of(value)}


def from_json(document: Any) -> Any:
    """The way back; an object comes back as its name."""
    if isinstance(document, list):
        return [from_json(item) for item in document]
    if not isinstance(document, dict):
        return document
    ((name, content),) = document.items()
    match name:
        case "float":
            return float(content)
        case "dict":
            return {from_json(key): from_json(value) for key, value in content}
        case "object":
            return content
        case _:
            return _COLLECTIONS[name](from_json(item) for item in content)


def is_whole(document: Any) -> bool:
    """Whether the value comes back exactly, that is, whether no object is in it."""
    if isinstance(document, list):
        return all(map(is_whole, document))
    if isinstance(document, dict):
        return "object" not in document and all(map(is_whole, document.values()))
    return True


def to_text(document: Any) -> str:
    """A document as one line that strict JSON readers can read."""
    return json.dumps(document, allow_nan=False)


def name_of(thing: Any) -> str:
    """A text for a function, a class or another object that is the same in every process."""
    module, name = getattr(thing, "__module__", None), getattr(thing, "__qualname__", None)
    if module and name:
        return f"{module}.{name}"
    return re.sub(r" at 0x[0-9A-Fa-f]+", "", repr(thing))


# -- spaces and trials --------------------------------------------------------------


def space_document(space: Space) -> Document:
    """A space as JSON; of its rule `where` only the name."""
    return {
        "parameters": [_parameter_document(parameter, space) for parameter in space.parameters],
        "where": None if space.where is None else name_of(space.where),
    }


def _parameter_document(parameter: Parameter, space: Space) -> Document:
    document = {field.name: getattr(parameter, field.name) for field in fields(parameter)}
    document["when"] = [
        [parent, [_value_document(space[parent], value) for value in values]]
        for parent, values in (parameter.when or {}).items()
    ]
    return {"kind": type(parameter).__name__} | {
        key: list(map(to_json, value)) if key in ("options", "labels") and value is not None else value
        for key, value in document.items()
    }


def space_from(document: Document) -> Space:
    """The space as far as JSON holds it: without `where`, and objects as their labels."""
    parameters: list[Parameter] = []
    for description in document["parameters"]:
        arguments = dict(description)
        kind = KINDS[arguments.pop("kind")]
        earlier = {parameter.name: parameter for parameter in parameters}
        arguments["when"] = {
            parent: [_value_from(earlier[parent], value) for value in values]
            for parent, values in arguments["when"]
        } or None
        if "options" in arguments:
            arguments["options"] = _options_from(arguments["options"], arguments["labels"])
        parameters.append(kind(**arguments))
    return Space(*parameters)


def _options_from(documents: Sequence[Any], labels: Sequence[str] | None) -> list[Any]:
    """Options as they were; an object as its label, numbered where two would read the same."""
    whole = list(map(is_whole, documents))
    shown = [from_json(document) for document in documents] if labels is None else labels
    options = [
        from_json(document) if plain else label
        for document, label, plain in zip(documents, shown, whole, strict=True)
    ]
    return [
        option if plain or options.count(option) == 1 else f"{option} ({place})"
        for place, (option, plain) in enumerate(zip(options, whole, strict=True))
    ]


def lost_of(document: Document) -> str:
    """What of a space a file alone cannot give back, in words; empty where that is nothing."""
    if document["where"] is not None:
        return f"its rule where={document['where']} (give it to load with space=...)"
    for parameter in document["parameters"]:
        if not all(map(is_whole, parameter.get("options", ()))):
            return f"the objects that are the options of {parameter['name']!r} (give them with space=...)"
    return ""


def _value_document(parameter: Parameter, value: Any) -> Any:
    """A value as JSON: an option by its place, so that it may be any object."""
    return parameter.position(value) if isinstance(parameter, Choice) else to_json(value)


def _value_from(parameter: Parameter, document: Any) -> Any:
    if not isinstance(parameter, Choice):
        return from_json(document)
    if type(document) is not int or not 0 <= document < len(parameter.options):
        raise ValueError(f"{parameter.name} has no option {document!r}")
    return parameter.options[document]


def trial_document(trial: Trial, space: Space) -> Document:
    """A trial of a space as JSON, but for its number."""
    return {
        "params": {name: _value_document(space[name], value) for name, value in trial.params.items()},
        "score": to_json(trial.score),
        "error": trial.error,
        "why": trial.why,
        "origin": to_json(trial.origin),
        "seconds": to_json(trial.seconds),
        "asked": trial.asked,
    }


def trial_from(number: int, document: Document, space: Space) -> Trial:
    """The trial that `trial_document` was given."""
    params = {name: _value_from(space[name], told) for name, told in document["params"].items()}
    details = {key: from_json(value) for key, value in document.items() if key != "params"}
    return Trial(number, params, **details)
