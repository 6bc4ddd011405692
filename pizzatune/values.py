"""Values that belong to somebody: a copy that may be changed, and whether two objects hold the same.

An option may be any object. What an objective does to the one it was handed must not reach the space, so it
gets a copy; and what is told back may be a copy of that copy, made by `copy` or `pickle`, and must be known.
"""

from __future__ import annotations

import copy
import pickle
import types
from collections.abc import Iterable
from typing import Any

import numpy as np

# Nothing can be changed in these, so they are never copied.
FIXED = frozenset({bool, int, float, complex, str, bytes, range, type(None), type, object})

Met = dict[tuple[int, int], Any]


def own_copy(value: Any) -> Any:
    """A copy that can be changed without changing `value`.

    It is `value` itself where nothing in it can change (numbers, text, tuples of these, functions, classes),
    and where it cannot be copied: a lock, a module, an open file. What holds such a thing is copied around
    it.

    Examples
    --------
    >>> layers = [[32, 16], ("relu", 2)]
    >>> mine = own_copy(layers)
    >>> mine[0].append(8)
    >>> layers, mine[1] is layers[1]
    ([[32, 16], ('relu', 2)], True)
    """
    return value if type(value) in FIXED else _copied(value, {})


def is_fixed(value: Any) -> bool:
    """Whether nothing in a value can change, as far as its type tells."""
    if type(value) in FIXED or isinstance(value, type):
        return True
    if isinstance(value, np.generic):
        return not isinstance(value, np.void)  # a row of a table can be changed
    holds = type(value) in (tuple, frozenset) or (isinstance(value, tuple) and hasattr(value, "_fields"))
    return holds and all(map(is_fixed, value))


def _copied(value: Any, done: dict[int, Any]) -> Any:
    """A deep copy; of what has none, copies of its parts, and the parts themselves that have none."""
    if is_fixed(value):
        return value
    if id(value) in done:
        return done[id(value)]
    try:
        twin = copy.deepcopy(value, {id(table): _whole_copy(table) for table in _tables_in(value, set())})
    except Exception:  # whatever its own way of being copied raises
        return _copied_by_parts(value, done)
    return twin if type(twin) is type(value) else value


def _copied_by_parts(value: Any, done: dict[int, Any]) -> Any:
    if type(value) is tuple:
        return tuple([_copied(item, done) for item in value])
    if type(value) is set:
        return set(value)
    if type(value) is types.MappingProxyType:  # nobody can write to it, but to the dict behind it
        return types.MappingProxyType(_copied(dict(value), done))
    if any("__reduce_ex__" in vars(kind) for kind in type(value).__mro__[:-1]):
        return value  # it has a way of its own, and that has just failed
    try:
        twin = done[id(value)] = copy.copy(value)  # another object, of the same parts still
        for name in _attributes(value):
            object.__setattr__(twin, name, _copied(getattr(value, name), done))
        if isinstance(value, list):
            twin[:] = [_copied(item, done) for item in value]
        elif isinstance(value, dict):
            twin.update((key, _copied(item, done)) for key, item in value.items())
    except Exception:
        return value
    return twin


def _tables_in(value: Any, met: set[int]) -> list[Any]:
    """The tables of pandas in a value: what it calls a deep copy of one shares the lists in its cells."""
    if id(value) in met:
        return []
    met.add(id(value))
    if any(kind.__module__.startswith("pandas.core") for kind in type(value).__mro__):
        return [value]
    inner = value.values() if type(value) is dict else value if type(value) in (list, tuple) else ()
    return [table for item in inner if type(item) not in FIXED for table in _tables_in(item, met)]


def _whole_copy(table: Any) -> Any:
    try:
        return pickle.loads(pickle.dumps(table))
    except Exception:  # it holds what cannot be copied
        return copy.deepcopy(table)


def _attributes(thing: Any) -> list[str]:
    """The names of what an object holds in its dict and in its slots."""
    slots = [vars(kind).get("__slots__", ()) for kind in type(thing).__mro__]
    names = [name for some in slots for name in ([some] if isinstance(some, str) else some)]
    filled = [name for name in names if not name.startswith("__") and hasattr(thing, name)]
    return [*getattr(thing, "__dict__", ()), *filled]


def alike(one: Any, other: Any) -> bool:
    """Whether two objects hold the same, as a thing and its copy do, even where ``==`` does not say so.

    Arrays are compared number by number, and nan is nan; objects without an ``==`` of their own are compared
    by what pickle would write of them.

    Examples
    --------
    >>> alike({"w": np.array([1.0, np.nan])}, {"w": np.array([1.0, np.nan])}), alike([1], [True])
    (True, False)
    """
    try:
        return _alike(one, other, {})
    except Exception:  # an object may refuse to be looked into, in any way
        return False


def _alike(one: Any, other: Any, met: Met) -> bool:
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if (id(one), id(other)) in met:
        return True  # they hold themselves, in the same place
    met[id(one), id(other)] = one, other  # kept, lest another object gets one of the ids meanwhile
    if isinstance(one, bool | int | float | complex | str | bytes | range | np.generic):
        return bool(one == other or (one != one and other != other))
    if isinstance(one, np.ndarray):
        if one.dtype != other.dtype or one.shape != other.shape:
            return False
        if one.dtype.hasobject:
            return _in_pairs(one.flat, other.flat, met)
        return bool(one.tobytes() == other.tobytes())
    if type(one) in (list, tuple):
        return _in_pairs(one, other, met)
    if type(one) is dict:
        pairs = {key: (key, value) for key, value in other.items()}
        same_keys = one.keys() == other.keys()  # else they are objects, compared in the order they came
        return _in_pairs(one.items(), [pairs[key] for key in one] if same_keys else other.items(), met)
    if type(one) in (set, frozenset):
        found = all(any(_alike(item, its, dict(met)) for its in other) for item in one)
        return bool(one == other) or (len(one) == len(other) and found)
    if isinstance(one, types.FunctionType):
        return bool(one.__code__ == other.__code__) and _in_pairs(_bound_in(one), _bound_in(other), met)
    return _in_pairs(_pickled(one), _pickled(other), met)


def _in_pairs(some: Iterable[Any], others: Iterable[Any], met: Met) -> bool:
    some, others = list(some), list(others)
    return len(some) == len(others) and all(
        _alike(one, other, met) for one, other in zip(some, others, strict=True)
    )


def _bound_in(function: types.FunctionType) -> list[Any]:
    """The values that a function brings along: defaults, and variables of where it was written."""
    return [function.__defaults__, *(cell.cell_contents for cell in function.__closure__ or ())]


def _pickled(thing: Any) -> list[Any]:
    """What pickle would write of an object: how it is made, its state, and what it contains."""
    told = thing.__reduce_ex__(4)
    if isinstance(told, str):
        raise TypeError(f"{told} goes by its name: another object is another one")
    make, arguments, *rest = told
    state, items, pairs = (*rest, None, None, None)[:3]
    return [make, arguments, state, list(items or ()), list(pairs or ())]
