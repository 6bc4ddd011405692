"""A space of which only listed combinations exist: what a class has baked, and nothing in between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from pizzatune.parameters import Choice, FloatArray, Ordered, Parameter
from pizzatune.space import Key, Params, Space


@dataclass(frozen=True)
class Listed:
    """A `where` that lets through the combinations of a list and no others.

    Attributes
    ----------
    space : Space
        The parameters, without the list.
    keys : frozenset
        ``space.key(params)`` of each combination on the list.
    told : str
        What to call the list in messages.
    """

    space: Space
    keys: frozenset[Key]
    told: str

    def __call__(self, params: Params) -> bool:
        return self.space.key(params) in self.keys

    def __repr__(self) -> str:
        return self.told


class ListedSpace(Space):
    """A space that knows its few combinations by heart.

    It is a `Space` with a `Listed` as its ``where``. As the list may be a tiny part of all combinations, it
    does not hope to meet it by chance: what is drawn, is drawn from the list, and a child that is bred
    becomes the nearest combination of the list.

    Parameters
    ----------
    parameters : sequence of Parameter
        As in `Space`.
    listed : iterable of dict
        The params that exist, at least one; twice counts once.
    told : str
        What to call the list in messages.

    Examples
    --------
    >>> parameters = Ordered("oven", [200, 250]), Choice("herb", ["Basil", "Thyme"])
    >>> listed = {"oven": 250, "herb": "Basil"}, {"oven": 200, "herb": "Thyme"}
    >>> space = ListedSpace(parameters, listed, "two of four")
    >>> space.size, next(space.enumerate())
    (2, {'oven': 200, 'herb': 'Thyme'})
    >>> space.check({"oven": 200, "herb": "Basil"})
    Traceback (most recent call last):
        ...
    ValueError: {'oven': 200, 'herb': 'Basil'} is ruled out by where=two of four; choose another combination
    """

    def __init__(
        self, parameters: Sequence[Parameter], listed: Iterable[Mapping[str, Any]], told: str
    ) -> None:
        self._whole = Space(*parameters)
        by_key = {self._whole.key(params): self._whole.plain(params) for params in listed}
        self._listed = [by_key[key] for key in sorted(by_key)]  # the last parameter changes fastest
        self._codes = self._whole.encode(self._listed)  # (n, width)
        self._places = np.nan_to_num(self._codes, nan=-1.0)
        self._unordered = np.array([isinstance(p, Choice) and not isinstance(p, Ordered) for p in parameters])
        super().__init__(*parameters, where=Listed(self._whole, frozenset(by_key), told))

    @cached_property
    def size(self) -> float:
        return len(self._listed)

    def combine(self, some: Mapping[str, Sequence[Any]] | None = None) -> Iterator[Params]:
        codes = {name: {self[name].encode(v) for v in values} for name, values in (some or {}).items()}
        for params in self._listed:
            if some is None or all(self[name].encode(value) in codes[name] for name, value in params.items()):
                yield dict(params)

    def sample_codes(self, rng: np.random.Generator, count: int) -> FloatArray:
        drawn: FloatArray = self._codes[rng.integers(len(self._codes), size=count)]
        return drawn

    def stretch(self, points: FloatArray) -> FloatArray:
        landed: FloatArray = self._codes[[self._nearest(row) for row in super().stretch(points)]]
        return landed

    def mix(self, mother: Mapping[str, Any], father: Mapping[str, Any], rng: np.random.Generator) -> Params:
        return self._landed(self._whole.mix(mother, father, rng))

    def nudge(
        self, params: Mapping[str, Any], rate: float, rng: np.random.Generator, reach: float = 0.2
    ) -> Params:
        return self._landed(self._whole.nudge(params, rate, rng, reach))

    def _landed(self, params: Params) -> Params:
        """The combination of the list that is most like `params`."""
        return dict(self._listed[self._nearest(self._whole.encode([params])[0])])

    def _nearest(self, row: FloatArray) -> int:
        """The place on the list of the combination nearest to a row of codes, the first of equals."""
        gaps = np.abs(self._places - np.nan_to_num(row, nan=-1.0))
        gaps[:, self._unordered] = gaps[:, self._unordered] != 0
        return int(gaps.sum(axis=1).argmin())

    def _check_where_leaves_something(self) -> None:
        """Nothing to do: what is listed is left."""
