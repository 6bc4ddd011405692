"""The controls of an explorer: what all share, numbers, and steps with buttons; `choices` has the others.

Each is declared on a class and copied for each explorer. It keeps one value, checks it, and describes itself
to the page in a plain dict; the page makes sliders, lists and buttons of that.
"""

from __future__ import annotations

import copy
import math
import numbers
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, cast

from pizzatune.words import number_text, spoken

if TYPE_CHECKING:
    from pizzatune.explore.explorer import Explorer


class Control:
    """What all controls share: a name, a label, a value, and an explorer that is told when it changes.

    Declared on a class, it is a plan; each explorer gets a control of its own from it.
    """

    name: str = ""
    kind: str = ""

    def __init__(self, *, label: str = "", help: str = "", reruns: bool = False, more: bool = False) -> None:
        self.label, self.help, self.reruns, self.more = label, help, reruns, more
        self._value: Any = None
        self._explorer: Explorer | None = None
        self.enabled = True
        self.shown = True
        self.note = ""  # a warning below it

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.label = self.label or spoken(name).capitalize()

    def __get__(self, explorer: Explorer | None, owner: type | None = None) -> Self:
        if explorer is None:
            return self
        control: Any = explorer.controls[self.name]
        return cast(Self, control)

    def __set__(self, explorer: Explorer, value: Any) -> None:
        raise AttributeError(
            f"{self.name} is a control, not a value; write explorer.{self.name}.value = {value!r}"
        )

    def for_explorer(self, explorer: Explorer) -> Self:
        """A control like this one, for one explorer."""
        twin = copy.copy(self)
        twin._explorer = explorer
        return twin

    @property
    def value(self) -> Any:
        """What it is set to; set it, and the explorer answers as if a hand had turned it."""
        return self._value

    @value.setter
    def value(self, value: Any) -> None:
        self.take(self.check(value))

    @property
    def text(self) -> str:
        """The value as people write it, with its unit."""
        return str(self._value)

    def check(self, value: Any) -> Any:
        """The value in its proper type; raises ValueError or TypeError where it does not fit."""
        raise AssertionError("each kind has its own")

    def take(self, value: Any) -> bool:
        """Take a checked value and tell the explorer; whether it is another one than before."""
        if value == self._value and type(value) is type(self._value):
            return False
        self._value = value
        if self._explorer is not None:
            self._explorer.on_change(self)
        return True

    # -- to and from the page

    def plan(self) -> dict[str, Any]:
        """All that the page needs to show it, but the value."""
        return {
            "kind": self.kind,
            "label": self.label,
            "help": self.help,
            "more": self.more,
            "enabled": self.enabled and self.shown,
            "shown": self.shown,
            "note": self.note,
        }

    def to_page(self) -> Any:
        """The value as the page keeps it."""
        return self._value

    def from_page(self, value: Any) -> Any:
        """A value that a hand chose; raises ValueError or TypeError where it does not fit."""
        return self.check(value)


class Knob(Control):
    """A number: a slider tied to a labelled number box.

    Parameters
    ----------
    low, high : int or float
        Both included. If these, `value` and `step` are whole, so is every value.
    value : int or float, optional
        Where it starts; by default at `low`.
    step : int or float, optional
        What an arrow key adds; by default 1, or a hundredth of the range. With `log`, how many steps lead
        from one end to the other.
    unit : str
        Written behind the number box.
    label, help : str
        What it is called (by default its name), and what appears when a mouse rests on it.
    log : bool
        Whether equal steps are equal ratios. Values have three figures then.
    reruns : bool
        Whether a turn runs the strategy again.
    more : bool
        Whether it lies under "More".
    large : bool
        Whether it lies under the picture, as wide as that.
    marks : dict of float to str
        Words below the slider, such as ``{0: "liar", 1: "twin"}``.

    Examples
    --------
    >>> from pizzatune.explore.explorer import Explorer
    >>> class Oven(Explorer):
    ...     minutes = Knob(4, 16, value=8, unit="min")
    >>> Oven.minutes.check(5), Oven.minutes.label
    (5, 'Minutes')
    >>> Oven.minutes.check(99)
    Traceback (most recent call last):
    ...
    ValueError: minutes must lie in [4, 16] min, got 99; choose a value inside
    """

    kind = "knob"

    def __init__(
        self,
        low: float,
        high: float,
        value: float | None = None,
        step: float | None = None,
        unit: str = "",
        label: str = "",
        *,
        help: str = "",
        log: bool = False,
        reruns: bool = False,
        more: bool = False,
        large: bool = False,
        marks: Mapping[float, str] | None = None,
    ) -> None:
        super().__init__(label=label, help=help, reruns=reruns, more=more)
        if not low < high or (log and low <= 0):
            wanted = "0 < low < high" if log else "low < high"
            raise ValueError(f"a knob needs {wanted}, got low={low}, high={high}; swap or change them")
        self._low, self._high, self.unit, self.log = low, high, unit, log
        given = (low, high, *(number for number in (value, step) if number is not None))
        self.whole = not log and all(isinstance(number, int) for number in given)
        self.step = step or (100 if log else 1 if self.whole else (high - low) / 100)
        self.large, self.marks = large, dict(marks or {})
        self._value = self.check(low if value is None else value)

    @property
    def low(self) -> float:
        """The lowest value."""
        return self._low

    @property
    def high(self) -> float:
        """The highest value; it can be moved, and takes the value down with it."""
        return self._high

    @high.setter
    def high(self, high: float) -> None:
        if not high >= self._low:
            raise ValueError(
                f"high of {self.name} must be {self._low} or more, got {high}; choose a higher one"
            )
        self._high = high
        self._value = min(self._value, high)  # the explorer redraws anyway when it moves a limit

    def span(self, low: float, high: float) -> None:
        """Give it other limits; the value is drawn inside. The explorer redraws anyway."""
        self._low, self._high = low, high
        self._value = min(max(self._value, low), high)

    @property
    def text(self) -> str:
        """The value as people write it, with its unit."""
        number = str(self._value) if self.whole else f"{self._value:g}"
        return f"{number} {self.unit}".rstrip()

    def check(self, value: Any) -> Any:
        """The value as int or float; raises ValueError or TypeError where it does not fit."""
        name = self.name or "a knob"
        allowed = f"[{self._low:g}, {self._high:g}] {self.unit}".rstrip()
        if isinstance(value, bool) or not isinstance(value, numbers.Real):
            raise TypeError(f"{name} must be a number in {allowed}, got {value!r}; write a plain number")
        number = float(value)
        if not self._low <= number <= self._high:
            raise ValueError(f"{name} must lie in {allowed}, got {value}; choose a value inside")
        if self.whole and number != int(number):
            raise ValueError(f"{name} must be a whole number in {allowed}, got {value}; round it")
        return int(number) if self.whole else number

    def plan(self) -> dict[str, Any]:
        """All that the page needs to show it, but the value."""
        return super().plan() | {
            "low": self._low,
            "high": self._high,
            "step": self.step,
            "unit": self.unit,
            "log": self.log,
            "whole": self.whole,
            "large": self.large,
            "marks": [[place, words] for place, words in self.marks.items()],
            "range": f"{number_text(self._low)} to {number_text(self._high)} {self.unit}".rstrip(),
        }

    def from_page(self, value: Any) -> Any:
        """A value that a hand chose, drawn to the nearest that is allowed."""
        if not isinstance(value, numbers.Real) or isinstance(value, bool) or not math.isfinite(value):
            raise TypeError(f"{self.name} must be a number, got {value!r}; write a plain number")
        number = min(max(float(value), self._low), self._high)
        return self.check(round(number) if self.whole else number)


class Steps(Knob):
    """A whole number of steps with buttons: play or pause, step, and reset. Its slider goes back, too.

    Parameters
    ----------
    low, high : int
        The first and the last step. `high` may be moved while a run goes on.
    value : int, optional
        Where it starts; by default at `low`.
    label, help, unit : str
        As for `Knob`.
    seconds : float
        Between two steps while it plays.
    first : int
        What people read where the value is 0: 1 for what they count from 1, and code from 0.

    Examples
    --------
    >>> from pizzatune.explore.explorer import Explorer
    >>> class Film(Explorer):
    ...     step = Steps(1, 20)
    >>> Film.step.value
    1
    """

    kind = "steps"

    def __init__(
        self,
        low: int,
        high: int,
        value: int | None = None,
        label: str = "",
        *,
        unit: str = "",
        help: str = "",
        seconds: float = 0.6,
        first: int = 0,
    ) -> None:
        super().__init__(low, high, value, 1, unit, label, help=help)
        self.seconds, self.first = seconds, first

    @property
    def text(self) -> str:
        """The step as people count it."""
        return f"{self._value + self.first} {self.unit}".rstrip()

    def plan(self) -> dict[str, Any]:
        """All that the page needs to show it, but the value."""
        low, high = (int(end) + self.first for end in (self.low, self.high))
        there = {"low": low, "high": high, "range": f"{low} to {high} {self.unit}".rstrip()}
        return super().plan() | there | {"seconds": self.seconds}

    def to_page(self) -> Any:
        """The step as the page counts it."""
        return self._value + self.first

    def from_page(self, value: Any) -> Any:
        """A step that a hand chose, drawn to the nearest there is."""
        return super().from_page(value - self.first if isinstance(value, numbers.Real) else value)
