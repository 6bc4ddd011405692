"""What an explorer shows at many settings, recorded for a page that has no kernel to ask.

A *film* is all steps at one setting of the recorded knobs. An explorer whose knobs tell everything is turned
from film to film; one that remembers what a hand did (`Explorer.memory`) is made anew for each, and its
knobs are turned from where they stand, as on the page.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pizzatune.explore.choices import Button, Pick, Switch
from pizzatune.explore.controls import Control, Knob, Steps
from pizzatune.explore.page import layers_of, parts_of, symbols_on
from pizzatune.explore.widget import unseen
from pizzatune.pictures import svg_file
from pizzatune.pictures.marks import Arrival
from pizzatune.progress import Progress
from pizzatune.words import listed

if TYPE_CHECKING:
    from pizzatune.explore.explorer import Explorer

MOST = 400  # states
LEAST = 40  # steps of a film, as long as more settings of a knob would leave fewer
KNOBS = 2

_HANDS = re.compile(r' data-name="[^"]*"')  # what can be clicked: nobody would answer


@dataclass(frozen=True)
class Axis:
    """A knob that is recorded: its values as the page has them, out of how many, and where it stands."""

    name: str
    label: str
    values: tuple[Any, ...]
    of: int
    now: Any


@dataclass(frozen=True)
class Film:
    """The states at one setting of the knobs; `stops` are the steps that were recorded, none without any."""

    stops: tuple[int, ...]
    states: tuple[Mapping[str, Any], ...]
    of: int  # steps there are


@dataclass(frozen=True)
class Recording:
    """All films, by the values of the axes, in their order; several settings may share one.

    Attributes
    ----------
    axes : tuple of Axis
        The recorded knobs.
    step : Steps or None
        The control of the steps.
    now : int
        The step at which the page opens.
    films : dict
        Values of the axes -> film.
    symbols : dict
        Name -> SVG file of each pizza.
    still : tuple of str
        What the other controls in front stood at all the time, in words.
    """

    axes: tuple[Axis, ...]
    step: Steps | None
    now: int
    films: dict[tuple[Any, ...], Film]
    symbols: dict[str, str]
    still: tuple[str, ...]

    @property
    def states(self) -> int:
        """How many states there are."""
        return sum(len(film.states) for film in {id(film): film for film in self.films.values()}.values())

    def lighter(self) -> Recording:
        """The same with about half the states; of films first, as long as they are long."""
        longest = max(len(film.states) for film in self.films.values())
        widest = max(self.axes, key=lambda axis: len(axis.values), default=None)
        if widest is None or len(widest.values) == 1 or longest > 8:
            thin = {id(film): _thinner(film, self.now) for film in self.films.values()}
            return replace(self, films={key: thin[id(film)] for key, film in self.films.items()})
        kept = thinned(widest.values, (len(widest.values) + 1) // 2, widest.now)
        axes = tuple(replace(axis, values=kept) if axis is widest else axis for axis in self.axes)
        every = itertools.product(*(axis.values for axis in axes))
        return replace(self, axes=axes, films={key: self.films[key] for key in every})


def _thinner(film: Film, now: int) -> Film:
    places = dict(zip(film.stops, film.states, strict=True))
    nearest = min(film.stops, key=lambda stop: abs(stop - now), default=0)
    stops = thinned(film.stops, (len(film.stops) + 1) // 2, nearest)
    return replace(film, stops=stops, states=tuple(places[stop] for stop in stops))


def thinned(values: Sequence[Any], most: int, keep: Any) -> tuple[Any, ...]:
    """At most so many of the values, evenly spread, with both ends and the one to keep.

    Examples
    --------
    >>> thinned(range(2, 7), 3, 3)
    (2, 3, 6)
    >>> thinned(range(101), 5, 0)
    (0, 25, 50, 75, 100)
    """
    if len(values) <= most:
        return tuple(values)
    places = [round(float(place)) for place in np.linspace(0, len(values) - 1, max(most, 1))]
    wanted = list(values).index(keep)
    if wanted not in places:
        inner = places[1:-1] or places
        places[places.index(min(inner, key=lambda place: abs(place - wanted)))] = wanted
    return tuple(values[place] for place in sorted(set(places)))


# -- which knobs, and which of their values ------------------------------------------------------------------


def chosen(explorer: Explorer, knobs: Sequence[str] | None) -> list[Control]:
    """The controls to record: those that are named, else those that the explorer names or has in front."""
    able = [control for control in explorer.controls.values() if control.enabled and _able(control)]
    if knobs is None:
        if explorer.recorded is not None:
            return [control for control in able if control.name in explorer.recorded]
        front = (control for control in able if control.shown and not control.more and control.kind != "tabs")
        return list(front)[:KNOBS]
    if isinstance(knobs, str):
        raise TypeError(f'knobs must be names in a list, got {knobs!r}; write knobs=["{knobs}"]')
    if len(knobs) > KNOBS:
        raise ValueError(f"a page has at most {KNOBS} knobs, got {len(knobs)}; choose {KNOBS} of them")
    found = []
    for name in dict.fromkeys(knobs):
        control = explorer.controls.get(name)
        if isinstance(control, Steps):
            raise ValueError(f"the steps of {name} are recorded anyway; leave it out")
        if control is None or control not in able:
            names = listed([one.name for one in able]) or "none"
            raise ValueError(f"{name!r} is no knob that can be recorded now; choose among these: {names}")
        found.append(control)
    return found


def _able(control: Control) -> bool:
    if isinstance(control, Pick):
        return not control.several and 1 < len(control.options) <= MOST
    return isinstance(control, Knob | Switch) and not isinstance(control, Steps)


def places_of(control: Control) -> list[Any]:
    """All values that a hand can turn a control to, as the page has them."""
    if isinstance(control, Pick):
        return list(range(len(control.options)))
    if isinstance(control, Switch):
        return [False, True]
    assert isinstance(control, Knob)
    now, low, high = control.value, control.low, control.high
    if control.log:
        turned = [float(f"{value:.3g}") for value in np.geomspace(low, high, int(control.step) + 1)]
    else:
        turned = [
            round(low + n * control.step, 9) for n in range(int((high - low) / control.step + 1e-9) + 1)
        ]
    if control.whole:
        turned = [int(value) for value in turned]
    return sorted({*turned, now})


def axes_of(controls: Sequence[Control], films: int) -> tuple[Axis, ...]:
    """The values of each knob, so that there are at most so many films; lists and switches are kept whole."""
    whole = {control.name: places_of(control) for control in controls}
    fixed = math.prod(len(whole[one.name]) for one in controls if not isinstance(one, Knob))
    left, axes = max(films // fixed, 1), {}
    turning = sorted((one for one in controls if isinstance(one, Knob)), key=lambda one: len(whole[one.name]))
    for rest, control in zip(range(len(turning), 0, -1), turning, strict=True):
        most = max(int(left ** (1 / rest) + 1e-9), 1)
        axes[control.name] = thinned(whole[control.name], most, control.value)
        left //= len(axes[control.name])
    return tuple(
        Axis(
            one.name,
            one.label,
            tuple(axes.get(one.name, whole[one.name])),
            len(whole[one.name]),
            one.to_page(),
        )
        for one in controls
    )


# -- recording -----------------------------------------------------------------------------------------------


class MovesByItself(ValueError):
    """A knob that the explorer itself turns from step to step."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} moves by itself, so it cannot be recorded; choose another knob")
        self.name = name


def recording(
    explorer: Explorer, knobs: Sequence[str] | None = None, progress: bool | None = None
) -> Recording:
    """Record an explorer, which stays as it is."""
    controls = chosen(explorer.settle(), knobs)
    while True:
        try:
            return _recorded(explorer, controls, progress)
        except MovesByItself as moved:
            if knobs is not None:
                raise
            controls = [one for one in controls if one.name != moved.name]  # nobody asked for it


def _recorded(explorer: Explorer, controls: Sequence[Control], progress: bool | None) -> Recording:
    steps = [one for one in explorer.controls.values() if isinstance(one, Steps) and one.shown]
    step = steps[0].name if steps else None
    long = int(steps[0].high - steps[0].low) + 1 if steps else 1
    axes = axes_of(controls, min(MOST // min(long, LEAST), explorer.films))
    settings = list(itertools.product(*(axis.values for axis in axes)))
    settings.sort(key=lambda one: one != tuple(axis.now for axis in axes))  # where it stands comes first
    frames = max(MOST // len(settings), 1)
    camera = Camera(explorer, axes, step)
    films: dict[tuple[Any, ...], Film] = {}
    with Progress(len(settings), progress, "setting") as bar:
        for values in settings:
            same = camera.turn(values)  # knobs that leave the panel change nothing
            if same not in films:
                films[same] = camera.film(frames, values)
            films[values] = films[same]
            bar.advance()
    now = int(steps[0].to_page()) if steps else 0
    return Recording(axes, steps[0] if steps else None, now, films, camera.symbols, camera.still)


class Camera:
    """Turns a twin of an explorer, and keeps what it shows.

    Parameters
    ----------
    explorer : Explorer
        It stays as it is.
    axes : tuple of Axis
        What is turned.
    step : str or None
        The name of the steps, where there are any.
    """

    def __init__(self, explorer: Explorer, axes: tuple[Axis, ...], step: str | None) -> None:
        self.explorer, self.axes, self.step = explorer, axes, step
        self.symbols: dict[str, str] = {}
        self._texts: dict[str, set[str]] = {}
        self._by_hand = explorer.memory() is not None
        self._twin: Explorer | None = None

    @property
    def still(self) -> tuple[str, ...]:
        """What the other controls in front stood at all the time, in words."""
        return tuple(
            f"{self.explorer.controls[name].label} ({text})"
            for name, texts in self._texts.items()
            for text in texts
            if len(texts) == 1
        )

    def turn(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """Turn the knobs; where some are off the panel then, those stay, and the setting is that one."""
        twin = self._turned(values)
        both = zip(self.axes, values, strict=True)
        return tuple(value if twin.controls[axis.name].shown else axis.now for axis, value in both)

    def _turned(self, values: tuple[Any, ...]) -> Explorer:
        if self._by_hand or self._twin is None or self._twin.memory() is not None:
            self._twin = twin_of(self.explorer)
        for axis, value in zip(self.axes, values, strict=True):
            self._twin.set(**{axis.name: self._twin.controls[axis.name].from_page(value)})
            self._twin.settle()
        return self._twin

    def film(self, frames: int, values: tuple[Any, ...]) -> Film:
        """Step down from where the explorer stands, then up from there: what was stays, what comes is new."""
        twin = self._twin
        assert twin is not None
        if self.step is None or not twin.controls[self.step].shown:
            return Film((), (self.state(twin, values),), 1)
        control = twin.controls[self.step]
        low, high = (int(control.plan()[end]) for end in ("low", "high"))  # as the page counts them
        now, every = min(self.explorer.controls[self.step].to_page(), high), range(low, high + 1)
        stops = thinned(every, frames, now)
        states = {}
        for stop in [stop for stop in reversed(stops) if stop <= now]:
            twin.set(**{self.step: control.from_page(stop)})
            states[stop] = self.state(twin.settle(), values)
        if self._by_hand or twin.memory() is not None:
            twin = self._turned(values)
            control = twin.controls[self.step]
        for stop in [stop for stop in stops if stop > now]:
            twin.set(**{self.step: control.from_page(stop)})
            states[stop] = self.state(twin.settle(), values)
        return Film(stops, tuple(states[stop] for stop in stops), len(every))

    def state(self, twin: Explorer, values: tuple[Any, ...]) -> dict[str, Any]:
        """All that is seen, but the pizzas, which are kept once."""
        for axis, value in zip(self.axes, values, strict=True):
            control = twin.controls[axis.name]
            if control.shown and control.enabled and control.to_page() != value:
                raise MovesByItself(axis.name)
        if any(isinstance(mark, Arrival) for marks in twin.marks.values() for mark in marks):
            twin._refresh()  # at rest: what comes from one state would come in wrongly from another
        parts = parts_of(twin)
        del parts["running"]
        recorded = [axis.name for axis in self.axes] + ([self.step] if self.step else [])
        for name, plan in parts["plans"].items():
            plan["more"] = False
            control = twin.controls[name]
            if name not in recorded:
                plan["shown"] = plan["enabled"] = False
                if control.shown and not control.more and control.kind not in ("button", "tabs"):
                    self._texts.setdefault(name, set()).add(control.text)
        parts["values"] = {name: parts["values"][name] for name in recorded}
        for name, drawn in layers_of(twin).items():
            parts[f"layer {name}"] = _HANDS.sub("", drawn)
        for name, symbol in symbols_on(twin).items():
            if name not in self.symbols:
                self.symbols[name] = svg_file.symbol_file(symbol)
        return parts


def twin_of(explorer: Explorer) -> Explorer:
    """Another explorer that shows the same, which no page knows of."""
    starts = {name: one.value for name, one in explorer.controls.items() if not isinstance(one, Button)}
    with unseen():
        twin = type(explorer)(*explorer.opened_with, **starts).settle()
    memory = explorer.memory()
    if memory is not None:
        twin.remember(memory)
        twin.settle()
    return twin
