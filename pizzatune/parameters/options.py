"""Parameters with options: `Choice` and `Ordered`."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from pizzatune.checks import did_you_mean, is_bool, listed, shown
from pizzatune.parameters.base import FloatArray, Parameter
from pizzatune.values import alike, own_copy

PLAIN = (str, float, int)  # options of these types are found by what they are worth


@dataclass(frozen=True, eq=False)
class Choice(Parameter):
    """One of several options that have no order.

    Parameters
    ----------
    name : str
        The key under which the option appears in params.
    options : sequence
        Any objects; they are compared by position. At least one, none twice. One that can be changed (a list,
        an array, an estimator) is copied here, and again for everyone it is handed to, by its own
        ``__deepcopy__`` if it has one; what cannot be copied (a lock, a module) is handed out as it is.
    labels : sequence of str, optional
        How to show each option; by default ``str(option)``.
    unit : str
        Shown behind the label.
    when : dict, optional
        ``{"oven": ["Electric"]}``: the parameter exists only for these values of an earlier parameter.

    Raises
    ------
    TypeError, ValueError
        If there is no option, an option comes twice, or the labels do not match the options.

    Examples
    --------
    >>> oven = Choice("oven", ["Stone", "Electric"])
    >>> oven.encode("Electric"), oven.decode(0), oven.size
    (1.0, 'Stone', 2)
    """

    options: Sequence[Any]
    labels: Sequence[str] | None = field(default=None, kw_only=True)

    _given = ()  # the objects of the caller, where ours are copies

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.options, str | bytes) or not isinstance(self.options, Sequence):
            raise TypeError(
                f"{self.name}: options must be a list, got {shown(self.options)}; {listed(self.options)}"
            )
        object.__setattr__(self, "options", tuple(self.options))
        if not self.options:
            raise ValueError(
                f"{self.name}: options must hold at least one, got none; list what may be chosen"
            )
        for place, option in enumerate(self.options):
            if self.position(option) != place or self._is_repeated(place):
                raise ValueError(f"{self.name}: option {shown(option)} comes twice; list each option once")
        if self.labels is not None:
            if isinstance(self.labels, str | bytes) or not isinstance(self.labels, Sequence):
                raise TypeError(
                    f"{self.name}: labels must be a list, got {shown(self.labels)}; {listed(self.labels)}"
                )
            object.__setattr__(self, "labels", tuple(str(label) for label in self.labels))
            if len(set(self.labels)) != len(self.options) or len(self.labels) != len(self.options):
                raise ValueError(
                    f"{self.name}: labels must name each of the {len(self.options)} options differently, "
                    f"got {shown(list(self.labels))}; give each option one label"
                )
        own = tuple(map(own_copy, self.options))
        if any(mine is not given for mine, given in zip(own, self.options, strict=True)):
            object.__setattr__(self, "_given", self.options)
            object.__setattr__(self, "options", own)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_given"}

    @cached_property
    def changes(self) -> bool:
        """Whether it has an option in which something can be changed, as a list can."""
        return any(own_copy(option) is not option for option in self.options)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Choice) or type(self) is not type(other):
            return NotImplemented
        mine, its = (
            (choice.name, choice.unit, choice.when, choice.labels, len(choice.options))
            for choice in (self, other)
        )
        pairs = zip(self.options, other.options, strict=False)  # options may be anything, arrays too
        return mine == its and all(_equal(one, two) or alike(one, two) for one, two in pairs)

    def __hash__(self) -> int:
        return hash(self.name)

    @cached_property
    def codes(self) -> FloatArray:
        return np.arange(len(self.options), dtype=float)

    @cached_property
    def _places(self) -> dict[tuple[type, Hashable], int]:
        """The places of options that can be looked up at once: text and numbers."""
        return {
            (type(option), option): i for i, option in enumerate(self.options) if isinstance(option, PLAIN)
        }

    def _is_repeated(self, place: int) -> bool:
        """Whether an earlier option is another object but equal: two lists of the same numbers, two nan."""
        option = self.options[place]
        if isinstance(option, PLAIN) and option == option:
            return False  # these are looked up by what they are worth
        if isinstance(option, float):
            return any(alike(earlier, option) for earlier in self.options[:place])
        return any(
            type(earlier) is type(option) and _equal(earlier, option) for earlier in self.options[:place]
        )

    def position(self, value: Any) -> int:
        """The place of the very object `value`, else of one equal and of its type, else of an equal one, else
        of one that holds the same: `value` may be a copy of an object that has no ``==``."""
        if isinstance(value, PLAIN):
            known = self._places.get((type(value), value))
            if known is not None:
                return known
        ways: tuple[tuple[Sequence[Any], Callable[[Any], bool]], ...] = (
            (self.options, lambda option: option is value),
            (self._given, lambda option: option is value),
            (self.options, lambda option: type(option) is type(value) and _equal(option, value)),
            (self.options, lambda option: is_bool(option) == is_bool(value) and _equal(option, value)),
            (self.options, lambda option: alike(option, value)),
        )
        for options, same in ways:
            for place, option in enumerate(options):
                if same(option):
                    return place
        raise ValueError(
            f"{self.name} must be one of {shown(list(self.options))}, got {shown(value)}; "
            f"{self._instead_of(value)}"
        )

    def _instead_of(self, value: Any) -> str:
        """What to write, where there is no such option: the one that reads like it, if there is one."""
        labels = list(self.labels or ())
        if isinstance(value, str) and value in labels:
            return f"write {shown(self.options[labels.index(value)])}, which is shown as {value!r}"
        for option in self.options:
            if (
                isinstance(option, PLAIN)
                and str(option) == str(value)
                and not isinstance(value, type(option))
            ):
                return f"write {shown(option)}, {'with' if isinstance(option, str) else 'without'} quotes"
        return did_you_mean(value, self.options, "choose one of these")

    def encode(self, value: Any) -> float:
        return float(self.codes[self.position(value)])

    def decode(self, code: float) -> Any:
        return self.options[self.place(code)]

    def plain(self, value: Any) -> Any:
        return self.options[self.position(value)]

    def stand_in(self, value: Any) -> Hashable:
        return self.position(value)

    def label(self, value: Any) -> str:
        place = self.position(value)
        return super().label(self.options[place] if self.labels is None else self.labels[place])

    def in_words(self) -> str:
        return ", ".join(self._shown())

    def _shown(self) -> list[str]:
        """The labels of all options, or of the first and the last where they are many."""
        labels = [self.label(option) for option in self.options]
        return labels if len(labels) <= 8 else [*labels[:6], "...", labels[-1]]


@dataclass(frozen=True, eq=False)
class Ordered(Choice):
    """One of several options that have an order, so that neighbours are alike.

    The arguments are those of `Choice`; the code is the option's place between 0 (first) and 1 (last).

    Examples
    --------
    >>> size = Ordered("size", ["Small", "Medium", "Large"])
    >>> size.encode("Medium"), size.decode(1.0)
    (0.5, 'Large')
    """

    @cached_property
    def codes(self) -> FloatArray:
        return np.linspace(0.0, 1.0, len(self.options))

    def in_words(self) -> str:
        return " < ".join(self._shown())


def _equal(one: Any, other: Any) -> bool:
    """Equality that takes no part in quarrels: what gives no plain answer (an array, say) is different."""
    try:
        return bool(one == other)
    except Exception:  # an object's own comparison may raise anything
        return False
