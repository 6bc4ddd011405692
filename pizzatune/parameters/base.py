"""What all kinds of parameter share."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from pizzatune.checks import listed, shown

FloatArray = NDArray[np.float64]

COUNTABLE = 1_000_000  # values, or combinations, that we are willing to walk through one by one


@dataclass(frozen=True)
class Parameter:
    """What all kinds share: a name, a unit to show, and the choices under which the parameter exists.

    Every kind turns a value into one number (`encode`), back (`decode`), and draws such numbers (`draw`).
    """

    name: str
    unit: str = field(default="", kw_only=True)
    when: Mapping[str, Sequence[Any]] | None = field(default=None, kw_only=True, hash=False)

    def __post_init__(self) -> None:
        kind = type(self).__name__
        if not isinstance(self.name, str) or not self.name:
            raise TypeError(f"a parameter needs a name, got {shown(self.name)}; write {kind}('oven', ...)")
        if not isinstance(self.unit, str):
            fitting = "leave it out" if self.unit is None else f"write unit={str(self.unit)!r}"
            raise TypeError(f"{self.name}: unit must be text, got {shown(self.unit)}; {fitting}")
        if self.when is not None:
            _check_when(self.name, self.when)
            own = {
                parent: tuple(values) for parent, values in self.when.items()
            }  # not the caller's to change
            object.__setattr__(self, "when", own)

    def among(self, parameters: Sequence[Parameter]) -> Self:
        """The parameter as one of several that are listed in this order, existing by their own values: those
        that the caller's `when` names may be changed by the caller.

        Raises
        ------
        ValueError
            If `when` names none of them, a later one, one that turns smoothly, or a value that one has not.
        """
        if not self.when:
            return self
        place = {parameter.name: column for column, parameter in enumerate(parameters)}
        own = {}
        for parent, values in self.when.items():
            if parent not in place:
                raise ValueError(
                    f"{self.name}: when names the unknown {parent!r}; this space has {list(place)}"
                )
            if place[parent] >= place[self.name]:
                raise ValueError(
                    f"{self.name}: when names {parent!r}, which comes later; list {parent!r} first"
                )
            if parameters[place[parent]].codes is None:
                raise ValueError(
                    f"{self.name}: when names {parent!r}, which turns smoothly and hardly ever meets "
                    "a value exactly; give it a step, or depend on a Choice"
                )
            own[parent] = tuple(map(parameters[place[parent]].plain, values))  # or an error in its own words
        if not any(parameters[place[parent]].changes for parent in own):
            return self
        twin = object.__new__(type(self))
        vars(twin).update(vars(self), when=own)
        return twin

    @property
    def codes(self) -> FloatArray | None:
        """All codes in order, shape (size,); None where there is no end of them."""
        return None

    @property
    def changes(self) -> bool:
        """Whether it has a value in which something can be changed, as a list can."""
        return False

    @property
    def size(self) -> float:
        """How many values there are: a whole number, or inf."""
        return math.inf if self.codes is None else len(self.codes)

    def encode(self, value: Any) -> float:
        """The number that stands for `value`; an error where there is no such value."""
        raise AssertionError("each kind of parameter has its own")

    def decode(self, code: float) -> Any:
        """The value nearest to the number `code`."""
        raise AssertionError("each kind of parameter has its own")

    def plain(self, value: Any) -> Any:
        """`value` as plain Python (no numpy number); an error where there is no such value."""
        return self.decode(self.encode(value))

    def stand_in(self, value: Any) -> Hashable:
        """A hashable object for each value, the same for equal ones."""
        plain: Hashable = self.plain(value)
        return plain

    def place(self, code: float) -> int:
        """Where among `codes` the one nearest to `code` stands."""
        exactly = self._place_of.get(code)
        if exactly is not None:
            return exactly
        assert self.codes is not None
        return int(np.abs(self.codes - code).argmin())

    @cached_property
    def _place_of(self) -> dict[float, int]:
        assert self.codes is not None
        return {code: place for place, code in enumerate(self.codes.tolist())}

    def draw(self, rng: np.random.Generator, count: int) -> FloatArray:
        """Draw `count` codes at random, each value equally likely; shape (count,)."""
        if self.codes is None:
            return rng.random(count)
        return self.codes[rng.integers(len(self.codes), size=count)]

    def spread(self, points: FloatArray) -> FloatArray:
        """The codes on which `points` of 0..1 fall where each value has a share as large as its chance."""
        if self.codes is None:
            return points.copy()
        codes: FloatArray = self.codes[
            np.minimum((points * len(self.codes)).astype(int), len(self.codes) - 1)
        ]
        return codes

    def snap(self, codes: FloatArray) -> FloatArray:
        """The nearest codes that stand for a value, same shape."""
        if self.codes is None:
            return np.clip(codes, 0.0, 1.0)
        middles = (self.codes[1:] + self.codes[:-1]) / 2
        return self.codes[np.searchsorted(middles, codes)]

    def values(self) -> tuple[Any, ...]:
        """All values in order; a ValueError where the dial turns smoothly."""
        if self.codes is None:
            raise ValueError(
                f"{self.name} turns smoothly and has no list of values; give it a step or a resolution"
            )
        return tuple(self.decode(code) for code in self.codes)

    def label(self, value: Any) -> str:
        """The value as a person reads it, with its unit."""
        return f"{value} {self.unit}".rstrip()

    def in_words(self) -> str:
        """All values in a few words, for a table of the space."""
        raise AssertionError("each kind of parameter has its own")

    def when_in_words(self) -> str:
        """The choices under which the parameter exists; empty where it always does."""
        needs = (self.when or {}).items()
        wanted = [f"{parent} is {' or '.join(map(str, values))}" for parent, values in needs]
        return f"when {' and '.join(wanted)}" if wanted else ""


def _check_when(name: str, when: Mapping[str, Sequence[Any]]) -> None:
    if not isinstance(when, Mapping):
        raise TypeError(
            f"{name}: when must be a dict, got {shown(when)}; write when={{'oven': ['Electric']}}"
        )
    for parent, values in when.items():
        if isinstance(values, str | bytes) or not isinstance(values, Sequence) or not values:
            empty = isinstance(values, Sequence) and not values
            fitting = f"name the values with which {name} exists" if empty else listed(values)
            raise TypeError(
                f"{name}: when[{parent!r}] must list at least one value, got {shown(values)}; {fitting}"
            )
