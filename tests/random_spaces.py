"""Random search spaces for the tests: all kinds of parameters, some that depend, some pizzas ruled out."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from pizzatune.parameters import Choice, Integer, Ordered, Parameter, Real
from pizzatune.space import Params, Space

NAMES = ("oven", "size", "heat", "minutes", "fan", "herb")


def stir(dough: str) -> str:
    """An option may be a function."""
    return dough[::-1]


OPTIONS = (
    ("Stone", "Electric"),
    ("Ham", "Tuna", "Salami", "Onion"),
    (1, True, 1.0, None),
    ([1, 2], [1, 2, 3], (1, 2)),
    (stir, "stir", None),
    (math.inf, -1, 0.5),
    ("only",),
)


@dataclass(frozen=True)
class Picky:
    """A `where` that rules out about `share` of 100 combinations, the same ones in every process."""

    salt: int
    share: int

    def __call__(self, params: Params) -> bool:
        told = [(name, getattr(value, "__name__", repr(value))) for name, value in sorted(params.items())]
        return zlib.crc32(f"{self.salt} {told}".encode()) % 100 >= self.share


def is_option(choice: Choice, value: Any) -> bool:
    """Whether it is the very option; of one that can be changed, as a list can, a copy will do as well."""
    return any(
        value is option or (type(option) is list and type(value) is list and value == option)
        for option in choice.options
    )


def make_parameter(kind: str, name: str, pick: int, when: Any) -> Parameter:
    """One of a few parameters of its kind; `pick` says which."""
    if kind in ("choice", "ordered"):
        return (Choice if kind == "choice" else Ordered)(name, OPTIONS[pick % len(OPTIONS)], when=when)
    if kind == "integer":
        return (
            Integer(name, 0, 3, when=when),
            Integer(name, -5, 10, step=3, when=when),
            Integer(name, 1, 64, log=True, when=when),
            Integer(name, 7, 8, when=when),
        )[pick % 4]
    if kind == "stepped":
        return (
            Real(name, 0, 0.3, step=0.1, when=when),
            Real(name, 150, 300, step=5, when=when),
            Real(name, -1, 1, step=2, when=when),
            Real(name, 0, 1, step=1 / 3, when=when),
        )[pick % 4]
    return (
        Real(name, 0, 1, when=when),
        Real(name, 200, 400, when=when),
        Real(name, 1e-6, 10, log=True, when=when),
        Real(name, -1e9, -1e9 + 1, when=when),
    )[pick % 4]


@st.composite
def spaces(
    draw: st.DrawFn,
    kinds: tuple[str, ...] = ("choice", "ordered", "integer", "stepped", "smooth"),
    most: int = 4,
) -> Space:
    """A space of 1 to `most` parameters; about half of them have a parameter that depends or a `where`."""
    parameters: list[Parameter] = []
    for name in NAMES[: draw(st.integers(1, most))]:
        when = None
        finite = [earlier for earlier in parameters if earlier.codes is not None]
        if finite and draw(st.integers(0, 2)) == 0:
            parent = draw(st.sampled_from(finite))
            values = parent.values()
            when = {parent.name: values[: draw(st.integers(1, min(len(values), 3)))]}
        parameters.append(make_parameter(draw(st.sampled_from(kinds)), name, draw(st.integers(0, 27)), when))
    where = Picky(draw(st.integers(0, 99)), draw(st.integers(1, 60))) if draw(st.booleans()) else None
    try:
        return Space(*parameters, where=where)
    except ValueError:  # a small space of which nothing was left
        return Space(*parameters)


finite_spaces = spaces(kinds=("choice", "ordered", "integer", "stepped"), most=3)
seeds = st.integers(0, 2**20)
