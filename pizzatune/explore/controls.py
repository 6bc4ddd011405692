"""The controls of an explorer: numbers, steps with buttons, choices and switches.

Each is declared on a class and made anew for each explorer; it keeps one value, shows it on all its widgets,
and tells its explorer when a hand or a program changes it.
"""

from __future__ import annotations

import asyncio
import copy
import html
import math
import numbers
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self, cast

import ipywidgets as widgets
import numpy as np

from pizzatune.plots.frame import spoken

if TYPE_CHECKING:
    from pizzatune.explore.frame import Explorer


class Control:
    """What all controls share: a name, a label, a value, and an explorer that is told when it changes.

    Declared on a class, it is a plan; each explorer gets a control of its own from it.
    """

    name: str = ""

    def __init__(self, *, label: str = "", help: str = "", reruns: bool = False, group: str = "") -> None:
        self.label, self.help, self.reruns, self.group = label, help, reruns, group
        self._value: Any = None
        self._explorer: Explorer | None = None
        self.view: Any = None  # the widget that an explorer shows
        self._showing = False

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

    def _bound(self, explorer: Explorer) -> Self:
        """A control like this one, for one explorer."""
        twin = copy.copy(self)
        twin._explorer = explorer
        twin._make()
        return twin

    @property
    def value(self) -> Any:
        """What it is set to; set it, and the explorer answers as if a hand had turned it."""
        return self._value

    @value.setter
    def value(self, value: Any) -> None:
        self._take(self.check(value))

    @property
    def text(self) -> str:
        """The value as people write it, with its unit."""
        return str(self._value)

    @property
    def enabled(self) -> bool:
        """Whether it can be turned by hand."""
        return not self._parts()[0].disabled

    @enabled.setter
    def enabled(self, enabled: bool) -> None:
        for part in self._handles():
            part.disabled = not enabled

    @property
    def shown(self) -> bool:
        """Whether it is on the panel; what is not cannot be turned by hand."""
        return bool(self.view.layout.display != "none")

    @shown.setter
    def shown(self, shown: bool) -> None:
        if shown != self.shown:
            self.view.layout.display = None if shown else "none"
            self.enabled = shown

    def check(self, value: Any) -> Any:
        """The value in its proper type; raises ValueError or TypeError where it does not fit."""
        raise AssertionError("each kind has its own")

    def _make(self) -> None:
        """Make the widgets; the last step is `self.view`."""
        raise AssertionError("each kind has its own")

    def _parts(self) -> Sequence[Any]:
        """The widgets that show and take the value."""
        raise AssertionError("each kind has its own")

    def _handles(self) -> Sequence[Any]:
        """All widgets that a hand can turn."""
        return self._parts()

    def _show(self, part: Any) -> None:
        """Make one widget show the value."""
        part.value = self._value

    def _take(self, value: Any, source: Any = None) -> None:
        """Take a checked value, show it on every widget but the one it came from, and tell the explorer."""
        if self._explorer is None or value == self._value:
            self._value = value
            return
        with self._explorer.lock:
            self._value = value
            self._explorer.turned(self)  # first, so that the picture is on its way before all else
            self._show_all(but=source)

    def _show_all(self, but: Any = None) -> None:
        self._showing = True  # what the widgets say meanwhile is an echo
        try:
            for part in self._parts():
                if part is not but:
                    self._show(part)
        finally:
            self._showing = False

    def _listen(self, part: Any, meaning: Callable[[Any], Any] = lambda said: said) -> None:
        """Take what a widget says, once its `meaning` is found."""

        def turned(change: Mapping[str, Any]) -> None:
            if not self._showing:
                self._take(meaning(change["new"]), part)

        part.observe(turned, names="value")


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
    group : str
        A heading above it.

    Examples
    --------
    >>> from pizzatune.explore.frame import Explorer
    >>> class Oven(Explorer):
    ...     minutes = Knob(4, 16, value=8, unit="min")
    >>> Oven.minutes.check(5), Oven.minutes.label
    (5, 'Minutes')
    >>> Oven.minutes.check(99)
    Traceback (most recent call last):
    ...
    ValueError: minutes must lie in [4, 16] min, got 99; choose a value inside
    """

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
        group: str = "",
    ) -> None:
        super().__init__(label=label, help=help, reruns=reruns, group=group)
        if not low < high or (log and low <= 0):
            wanted = "0 < low < high" if log else "low < high"
            raise ValueError(f"a knob needs {wanted}, got low={low}, high={high}; swap or change them")
        self._low, self._high, self.unit, self.log = low, high, unit, log
        given = (low, high, *(number for number in (value, step) if number is not None))
        self.whole = not log and all(isinstance(number, int) for number in given)
        self.step = step or (100 if log else 1 if self.whole else (high - low) / 100)
        self._top = high  # `high` as it was at first, for the steps of a log knob
        self._clicks = self.whole and self.step == 1
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
        if high == self._high:
            return
        self._high = high
        self._value = min(self._value, high)  # no turn: who moves a limit redraws
        self._show_all()
        self._slider.max = self._place(high)
        self._box.max = high

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
            raise TypeError(
                f"{name} must be a number in {allowed}, got {value!r}; leave out quotes and brackets"
            )
        number = float(value)
        if not self._low <= number <= self._high:
            raise ValueError(f"{name} must lie in {allowed}, got {value}; choose a value inside")
        if self.whole and number != int(number):
            raise ValueError(f"{name} must be a whole number in {allowed}, got {value}; round it")
        return int(number) if self.whole else number

    def _make(self) -> None:
        about = self.help or f"{self.label}, from {self._low:g} to {self._high:g} {self.unit}".rstrip()
        common = {"description": self.label, "tooltip": about}
        self._slider = widgets.IntSlider(
            self._place(self._value),
            self._place(self._low),
            self._place(self._high),
            readout=False,
            layout={"width": "auto"},
            **common,
        )
        self._box = (widgets.BoundedIntText if self.whole else widgets.BoundedFloatText)(
            self._value,
            min=self._low,
            max=self._high,
            step=None if self.log else self.step,
            layout={"width": "auto", "flex": "1 1 auto"},
            **common,
        )
        self._slider.add_class("pt-slider")
        self._box.add_class("pt-labelled")
        unit = _small(self.unit)
        unit.add_class("pt-unit")
        row = widgets.HBox([self._box, unit])
        row.add_class("pt-row")
        if self.unit:
            row.add_class("pt-has-unit")
        self.view = widgets.VBox([row, self._slider])
        self._listen(self._slider, self._from_slider)
        self._listen(self._box)

    def _parts(self) -> Sequence[Any]:
        return self._slider, self._box

    # The slider counts steps, so that a value between two of them can be typed: a slider in the knob's own
    # unit would draw it to the next step and say so. Where a step is 1, both are the same.

    def _place(self, value: float) -> int:
        """Where a value lies on the slider."""
        if self.log:
            return round(self.step * math.log(value / self._low) / math.log(self._top / self._low))
        return int(value) if self._clicks else round((value - self._low) / self.step)

    def _from_slider(self, place: int) -> Any:
        """The value at a place of the slider."""
        if self.log:
            value = float(f"{self._low * (self._top / self._low) ** (place / self.step):.3g}")
        else:
            value = place if self._clicks else round(self._low + place * self.step, 10)
        return min(max(value, self._low), self._high)  # rounding may lead outside

    def _show(self, part: Any) -> None:
        part.value = self._place(self._value) if part is self._slider else self._value


class Steps(Knob):
    """A whole number of steps with buttons: step, play or pause, and reset. Its slider goes back, too.

    Parameters
    ----------
    low, high : int
        The first and the last step. `high` may be moved while a run goes on.
    value : int, optional
        Where it starts; by default at `low`.
    label, help, unit, group : str
        As for `Knob`.
    seconds : float
        Between two steps while it plays.

    Examples
    --------
    >>> from pizzatune.explore.frame import Explorer
    >>> class Film(Explorer):
    ...     step = Steps(1, 20)
    >>> Film.step.value
    1
    """

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
        group: str = "",
    ) -> None:
        super().__init__(low, high, value, 1, unit, label, help=help, group=group)
        self.seconds = seconds
        self._ticket: object | None = None  # of the play that is on; None when none is

    def _make(self) -> None:
        super()._make()
        buttons = {"layout": {"width": "auto"}}
        self._step_button = widgets.Button(
            description="Step", icon="step-forward", tooltip=f"{self.label}: one step on", **buttons
        )
        self._play_button = widgets.Button(
            description="Play", icon="play", tooltip=f"{self.label}: step on by itself, or pause", **buttons
        )
        self._reset_button = widgets.Button(
            description="Reset", icon="undo", tooltip=f"{self.label}: back to the start", **buttons
        )
        self._play_button.add_class("pt-main")
        self._step_button.on_click(lambda _: self.forward())
        self._play_button.on_click(lambda _: self.pause() if self.playing else self.play())
        self._reset_button.on_click(lambda _: self.reset())
        row = widgets.HBox([self._step_button, self._play_button, self._reset_button])
        row.add_class("pt-buttons")
        self.view = widgets.VBox([*self.view.children, row])

    def _handles(self) -> Sequence[Any]:
        return *self._parts(), self._step_button, self._play_button, self._reset_button

    @property
    def playing(self) -> bool:
        """Whether it steps on by itself."""
        return self._ticket is not None

    def forward(self) -> None:
        """One step on; a play is paused."""
        self.pause()
        self._forward()

    def _forward(self) -> None:
        if self._value < self._high:
            self._take(self._value + 1)

    def play(self) -> None:
        """Step on by itself until the end; from the start again where it already is at the end.

        It does not block: the steps are taken by the event loop, or by ``explorer.settle()`` where none runs.
        """
        if self._value >= self._high:
            self._take(self._low)
        self._ticket = ticket = object()
        self._say()
        if self._explorer is not None:
            self._explorer.in_loop(self._playing(ticket))

    def pause(self) -> None:
        """Stop where it is."""
        self._ticket = None
        self._say()

    def reset(self) -> None:
        """Back to the start, and stop."""
        self.pause()
        self._take(self._low)

    def _say(self) -> None:
        self._play_button.description = "Pause" if self.playing else "Play"
        self._play_button.icon = "pause" if self.playing else "play"

    async def _playing(self, ticket: object) -> None:
        while ticket is self._ticket:
            await asyncio.sleep(self.seconds)
            if ticket is self._ticket:
                self._play_on()

    def _play_on(self) -> None:
        self._forward()
        more = self._explorer is not None and self._explorer.running  # a run may yet bring more steps
        if self._value >= self._high and not more:
            self.pause()


class Pick(Control):
    """One of several options, or with `several` any number of them.

    Parameters
    ----------
    options : sequence or dict
        Strings, or anything with a label: ``{"Stone oven": STONE}``. Values are compared by ``==``.
    value : optional
        Where it starts, one of the options; by default the first. With `several`, a sequence of options.
    label, help, group : str
        As for `Knob`.
    buttons : bool
        Buttons side by side, in place of a list to choose from.
    several : bool
        A chip for each option, on or off; the value is a tuple in the order of the options.
    reruns : bool
        Whether a change runs the strategy again.

    Examples
    --------
    >>> from pizzatune.explore.frame import Explorer
    >>> class Order(Explorer):
    ...     crust = Pick(["Thin", "Classic"])
    ...     toppings = Pick(["Ham", "Figs", "Olives"], value=["Olives", "Ham"], several=True)
    >>> Order.crust.value, Order.toppings.value
    ('Thin', ('Ham', 'Olives'))
    >>> Order.crust.check("Huge")
    Traceback (most recent call last):
    ...
    ValueError: crust must be one of Thin, Classic, got 'Huge'; choose one of them
    """

    def __init__(
        self,
        options: Sequence[Any] | Mapping[str, Any],
        value: Any = None,
        label: str = "",
        *,
        help: str = "",
        buttons: bool = False,
        several: bool = False,
        reruns: bool = False,
        group: str = "",
    ) -> None:
        super().__init__(label=label, help=help, reruns=reruns, group=group)
        self.buttons, self.several = buttons, several
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
            self._make_chips()
            return
        if self._value not in known:
            self._value = known[0] if known else None
        self._showing = True  # the widget says None, and then the first option
        self._one.options = tuple(self._options.items())
        self._show_all()

    @property
    def text(self) -> str:
        """The label of the value; of several, all of them."""
        labels = [label for label, option in self._options.items() if self._is_on(option)]
        return " and ".join([", ".join(labels[:-1]), labels[-1]] if len(labels) > 1 else labels) or "none"

    def _is_on(self, option: Any) -> bool:
        return option in self._value if self.several else bool(option == self._value)

    def check(self, value: Any) -> Any:
        """The option itself, or a tuple of several; raises ValueError or TypeError where it is none."""
        known = list(self._options.values())
        name, allowed = self.name or "a choice", ", ".join(self._options)
        if self.several:
            if isinstance(value, str) or not isinstance(value, Sequence):
                raise TypeError(f"{name} must be a list of {allowed}, got {value!r}; put it in [ ]")
            for one in value:
                if one not in known:
                    raise ValueError(f"{name} must be some of {allowed}, got {one!r}; choose among them")
            return tuple(option for option in known if option in value)
        if value not in known:
            raise ValueError(f"{name} must be one of {allowed}, got {value!r}; choose one of them")
        return known[known.index(value)]

    def _make(self) -> None:
        about = self.help or self.label
        if self.several:
            self._chips: list[Any] = []
            self._chip_box = widgets.HBox()
            self._chip_box.add_class("pt-chips")
            self._make_chips()
            self.view = widgets.VBox([_small(self.label), self._chip_box])
            return
        kind = widgets.ToggleButtons if self.buttons else widgets.Dropdown
        self._one = kind(
            options=tuple(self._options.items()),
            value=self._value,
            description=self.label,
            tooltip=about,
            layout={"width": "auto"},
        )
        self._one.add_class("pt-toggles" if self.buttons else "pt-labelled")
        self.view = self._one
        self._listen(self._one)

    def _make_chips(self) -> None:
        self._chips = []
        for label, option in self._options.items():
            chip = widgets.Checkbox(
                self._is_on(option), description=label, indent=False, tooltip=f"{self.label}: {label}"
            )
            chip.add_class("pt-chip")
            self._listen(chip, self._from_chips)
            self._chips.append(chip)
        self._chip_box.children = tuple(self._chips)

    def _from_chips(self, _: bool) -> tuple[Any, ...]:
        both = zip(self._chips, self._options.values(), strict=True)
        return tuple(option for chip, option in both if chip.value)

    def _parts(self) -> Sequence[Any]:
        return self._chips if self.several else (self._one,)

    def _show(self, part: Any) -> None:
        if not self.several:
            part.value = self._value
            return
        option = list(self._options.values())[self._chips.index(part)]
        part.value = self._is_on(option)


class Switch(Control):
    """Something that is on or off.

    Examples
    --------
    >>> from pizzatune.explore.frame import Explorer
    >>> class Lamp(Explorer):
    ...     light = Switch(True)
    >>> Lamp.light.value
    True
    """

    def __init__(
        self, value: bool = False, label: str = "", *, help: str = "", reruns: bool = False, group: str = ""
    ) -> None:
        super().__init__(label=label, help=help, reruns=reruns, group=group)
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

    def _make(self) -> None:
        self._check = widgets.Checkbox(
            self._value,
            description=self.label,
            indent=False,
            tooltip=self.help or self.label,
            layout={"width": "auto"},
        )
        self.view = self._check
        self._listen(self._check)

    def _parts(self) -> Sequence[Any]:
        return (self._check,)


def _labelled(options: Sequence[Any] | Mapping[str, Any]) -> dict[str, Any]:
    """Options by label."""
    return dict(options) if isinstance(options, Mapping) else {str(option): option for option in options}


def _small(text: str) -> Any:
    return widgets.HTML(f'<span class="pt-text">{html.escape(text)}</span>')
