"""Controls without a number: one or several of some options, and a switch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pizzatune.explore.controls import Control
from pizzatune.words import listed


class Pick(Control):
    """One of several options, or with `several` any number of them.

    Parameters
    ----------
    options : sequence or dict
        Strings, or anything with a label: ``{"Stone oven": STONE}``. Values are compared by ``==``; a label
        that is no value itself stands for its value.
    value : optional
        Where it starts, one of the options; by default the first. With `several`, a sequence of options.
    label, help : str
        As for `Knob`.
    buttons, tabs : bool
        Buttons side by side instead of a list to choose from; or tabs beside the title, for views.
    several : bool
        A chip for each option, on or off; the value is a tuple in the order of the options.
    reruns, more : bool
        As for `Knob`.

    Examples
    --------
    >>> from pizzatune.explore.explorer import Explorer
    >>> class Order(Explorer):
    ...     crust = Pick(["Thin", "Classic"])
    ...     toppings = Pick(["Ham", "Figs", "Olives"], value=["Olives", "Ham"], several=True)
    >>> Order.crust.value, Order.toppings.value
    ('Thin', ('Ham', 'Olives'))
    >>> Pick({"Stone oven": "stone"}).check("Stone oven")
    'stone'
    >>> Order.crust.check("Huge")
    Traceback (most recent call last):
    ...
    ValueError: crust must be one of Thin, Classic, got 'Huge'; choose one of them
    """

    kind = "pick"

    def __init__(
        self,
        options: Sequence[Any] | Mapping[str, Any],
        value: Any = None,
        label: str = "",
        *,
        help: str = "",
        buttons: bool = False,
        tabs: bool = False,
        several: bool = False,
        reruns: bool = False,
        more: bool = False,
    ) -> None:
        super().__init__(label=label, help=help, reruns=reruns, more=more)
        self.several = several
        self.kind = "chips" if several else "tabs" if tabs else "buttons" if buttons else "list"
        self._options = _labelled(options)
        if several:
            self._value = self.check(() if value is None else value)
        elif self._options:
            self._value = self.check(next(iter(self._options.values())) if value is None else value)

    @property
    def options(self) -> dict[str, Any]:
        """The options, label -> value. They can be set anew; a value that is gone gives way to the first."""
        return dict(self._options)

    @options.setter
    def options(self, options: Sequence[Any] | Mapping[str, Any]) -> None:
        self._options = _labelled(options)
        known = list(self._options.values())
        if self.several:
            self._value = tuple(value for value in self._value if value in known)
        elif self._value not in known:
            self._value = known[0] if known else None

    @property
    def text(self) -> str:
        """The label of the value; of several, all of them."""
        return listed([label for label, option in self._options.items() if self._is_on(option)])

    def _is_on(self, option: Any) -> bool:
        return option in self._value if self.several else bool(option == self._value)

    def check(self, value: Any) -> Any:
        """The option itself, or a tuple of several; raises ValueError or TypeError where it is none."""
        known = list(self._options.values())
        name, allowed = self.name or "a choice", ", ".join(self._options)
        if self.several:
            if isinstance(value, str) or not isinstance(value, Sequence):
                raise TypeError(f"{name} must be a list of {allowed}, got {value!r}; put it in [ ]")
            chosen = [self._meant(one) for one in value]
            for one in chosen:
                if one not in known:
                    raise ValueError(f"{name} must be some of {allowed}, got {one!r}; choose among them")
            return tuple(option for option in known if option in chosen)
        value = self._meant(value)
        if value not in known:
            raise ValueError(f"{name} must be one of {allowed}, got {value!r}; choose one of them")
        return known[known.index(value)]

    def _meant(self, value: Any) -> Any:
        """The value that a label stands for; anything else as it is."""
        if not isinstance(value, str) or value in self._options.values():
            return value
        return self._options.get(value, value)

    def plan(self) -> dict[str, Any]:
        """All that the page needs to show it, but the value."""
        return super().plan() | {"options": list(self._options)}

    def to_page(self) -> Any:
        """Places of what is chosen among the options."""
        on = [place for place, option in enumerate(self._options.values()) if self._is_on(option)]
        return on if self.several else on[0] if on else -1

    def from_page(self, value: Any) -> Any:
        """The option at a place, or several at several."""
        known = list(self._options.values())
        places = value if self.several else [value]
        if not all(isinstance(place, int) and 0 <= place < len(known) for place in places):
            raise ValueError(f"{self.name} has {len(known)} options, got places {places}; choose among them")
        chosen = [known[place] for place in places]
        return self.check(chosen) if self.several else chosen[0]


class Switch(Control):
    """Something that is on or off.

    Examples
    --------
    >>> from pizzatune.explore.explorer import Explorer
    >>> class Lamp(Explorer):
    ...     light = Switch(True)
    >>> Lamp.light.value
    True
    """

    kind = "switch"

    def __init__(
        self,
        value: bool = False,
        label: str = "",
        *,
        help: str = "",
        reruns: bool = False,
        more: bool = False,
    ) -> None:
        super().__init__(label=label, help=help, reruns=reruns, more=more)
        self._value = self.check(value)

    def check(self, value: Any) -> bool:
        """The value itself; raises TypeError where it is no bool."""
        if not isinstance(value, bool | np.bool_):
            raise TypeError(
                f"{self.name or 'a switch'} must be True or False, got {value!r}; write one of them"
            )
        return bool(value)

    @property
    def text(self) -> str:
        """On or off."""
        return "on" if self._value else "off"


def _labelled(options: Sequence[Any] | Mapping[str, Any]) -> dict[str, Any]:
    """Options by label."""
    return dict(options) if isinstance(options, Mapping) else {str(option): option for option in options}


class Button(Control):
    """Something to press; its value counts how often. The `main` one is large and red.

    Examples
    --------
    >>> from pizzatune.explore.explorer import Explorer
    >>> class Bell(Explorer):
    ...     ring = Button()
    >>> Bell.ring.value, Bell.ring.from_page(True)
    (0, 1)
    """

    kind = "button"

    def __init__(
        self,
        label: str = "",
        *,
        help: str = "",
        main: bool = False,
        reruns: bool = False,
        more: bool = False,
    ) -> None:
        super().__init__(label=label, help=help, reruns=reruns, more=more)
        self.main, self._value = main, 0

    def plan(self) -> dict[str, Any]:
        """All that the page needs to show it, but the value."""
        return super().plan() | {"main": self.main}

    def check(self, value: Any) -> int:
        """How often it was pressed; raises TypeError where that is no whole number."""
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"{self.name} counts presses, got {value!r}; write {self._value + 1}")
        return value

    def from_page(self, value: Any) -> int:
        """One press more."""
        return int(self._value) + 1
