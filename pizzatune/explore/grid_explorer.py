"""Trays in rows: bake every combination, of the article's table or of an oven's dials, and see what it costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from pizzatune.explore.explorer import Card, Explorer, Knob, Out, Pick, Steps, Switch
from pizzatune.explore.grid_numbers import (
    BAKED_DIALS,
    LARGEST,
    LINE_HEATS,
    MOST,
    MOVE,
    Baking,
    GridNumbers,
    bake,
    drawn_heats,
    true_line,
    true_map,
    true_top,
)
from pizzatune.explore.verdicts import served
from pizzatune.menus.article import HEATS
from pizzatune.menus.dial_by_dial import HIGH, LOW, QUICK, SLOW, first_factors, oven_dials
from pizzatune.menus.oven import PLAIN_OVEN, Oven
from pizzatune.menus.taste import Pizza
from pizzatune.menus.tricky import CLICKING_OVEN
from pizzatune.parameters import Choice
from pizzatune.pictures import lattice as on_map
from pizzatune.pictures.best_so_far import trial_tip
from pizzatune.pictures.grid_cost import cost_of, price_tag, strips
from pizzatune.pictures.ground import colour_key
from pizzatune.pictures.lattice import Lattice
from pizzatune.pictures.marks import Axes, Dots, Key, Land, Layers, Line, Mark, Panel, Scale, Text
from pizzatune.pictures.pizza import pizza_symbol
from pizzatune.pictures.tray import Tray, tray_marks
from pizzatune.space import Space
from pizzatune.trial import Trial
from pizzatune.words import count, points, settings

OVENS = {"Plain oven": PLAIN_OVEN, "Striped oven": CLICKING_OVEN}
FACTORS, DIALS, OPTIONS = 6, 6, 3  # most factors of a tray, most dials of an oven, options of a factor
MORE_FACTORS = Choice("crust", ["Thin", "Classic", "Deep"]), Choice("music", ["Jazz", "Opera", "None"])
RAW = Pizza((), minutes=0.2)
SPOKEN = {"temperature": "{:.0f} °C", "minutes": "{:.1f} min", "fan": "fan {:.1f}", "light": "light {:.0f} %"}

# Where things lie, in px of the picture.
TRAY_LEFT, TRAY_TOP, TRAY_SIDE = 140.0, 66.0, 312.0
MAP_LEFT, MAP_TOP, WIDE, TALL = 58.0, 52.0, 392.0, 310.0
LEFT, RIGHT = 480.0, 650.0  # of what it costs
HEAT = Scale(LOW - MOVE, HIGH + MOVE, "temperature (°C)", tuple((heat, f"{heat:g}") for heat in range(150, 351, 50)))
TIME = Scale(QUICK, SLOW, "minutes", tuple((time, f"{time:g}") for time in (3, 5, 10, 20, 30)), log=True)
POINTS = Scale(0, 10.5, "points", tuple((n, f"{n}") for n in range(0, 11, 2)))
IN_BLOCKS = " °C and 3 to 30 min in each block"


class GridExplorer(Explorer):
    """Add dials and levels; see the pizzas multiply, and what hides between the lines of a grid."""

    title = "Trays in rows"
    view = Pick({"The article's table": "tray", "An oven's dials": "map"}, tabs=True, reruns=True)
    step = Steps(0, MOST, value=0, label="Pizzas baked", seconds=0.25, help="Bake on, or take some back")
    factors = Knob(
        1, FACTORS, value=4, label="Factors", reruns=True,
        help="How many things are varied: cheese, sauce, temperature, baking time, and two more",
    )  # fmt: skip
    dials = Knob(
        1, DIALS, value=2, label="Dials", reruns=True,
        help="Temperature, minutes, the fan, the light that nobody tastes, and two that do nothing at all",
    )  # fmt: skip
    levels = Knob(1, 21, value=5, label="Levels per dial", reruns=True, help="Values that each dial is tried at")
    shift = Knob(
        -MOVE, MOVE, value=0.0, step=0.5, unit="°C", label="Move the grid", reruns=True,
        help="To other temperatures; or drag a triangle above the map",
    )  # fmt: skip
    minutes_each = Knob(
        1, 120, value=15, unit="min", label="One pizza takes", more=True, help="From dough to plate"
    )
    order = Pick(
        {"Far apart": "spread", "Row by row": "rows"}, label="Bake first", reruns=True, more=True,
        help="Pizzas far apart show the whole map early; in the end both orders bake the same",
    )  # fmt: skip
    oven = Pick(OVENS, label="Oven", reruns=True, more=True, help="The striped one burns at every round ten °C")
    ratios = Pick(
        {"the same factor": True, "the same step": False}, label="Minutes grow by", reruns=True, more=True
    )
    edges = Switch(
        label="Use both ends of a dial", reruns=True, more=True,
        help="On: the first and the last level are the ends. Off: all levels are middles of equal parts",
    )  # fmt: skip
    truth = Switch(label="Show the truth", more=True)

    # -- the strategy

    def rerun(self) -> Iterator[Baking]:
        """Bake the grid."""
        tray = self.view.value == "tray"
        at_the_end = 0 < self.step.value >= self.step.high
        size = OPTIONS**self.factors.value if tray else self.levels.value**self.dials.value
        dials = self.factors.value if tray else self.dials.value
        if dials > BAKED_DIALS or size > LARGEST:
            self.step.high = 1
            self.step.value = 0
            yield Baking(None, {}, (), 0)
            return
        shift = round(self.shift.value, 6)
        menu = first_factors(dials) if tray else oven_dials(self.oven.value, dials, self.ratios.value, shift)
        for state in bake(menu, self.levels.value, self.order.value, self.edges.value):
            self.step.high = state.planned
            if at_the_end:
                self.step.value = state.planned
            yield state
        if not tray and dials <= 2:
            for _ in true_map(self.oven.value).fill():
                yield state

    def enough(self) -> bool:
        """Nothing is baked on the first picture."""
        return self.step.value == 0

    def model(self) -> GridNumbers:
        """The pizzas baked so far, and what grids cost."""
        baking: Baking = self.run
        tray = self.view.value == "tray"
        self._show_what_matters(tray)
        levels, dials, most = (OPTIONS, self.factors, FACTORS) if tray else (self.levels.value, self.dials, DIALS)
        return GridNumbers(
            self.view.value,
            baking.menu,
            baking.levels,
            baking.trials[: self.step.value],
            baking.planned,
            cost_of(levels, dials.value, most, self.minutes_each.value),
            self.oven.value,
            self.shift.value,
            self.truth.value and not tray and dials.value <= 2,
        )

    def _show_what_matters(self, tray: bool) -> None:
        """Controls of the other view leave; one that changes nothing now is grey, and says why."""
        self.factors.shown = tray
        for control in (self.dials, self.levels, self.shift, self.oven, self.ratios, self.edges, self.truth):
            control.shown = not tray
        self.truth.enabled, self.ratios.enabled = self.dials.value <= 2, self.dials.value >= 2
        self.step.enabled = self.run.planned > 0
        self.truth.help = (
            "How every pizza would taste" if self.truth.enabled else "Only of one dial or two: no map shows more"
        )
        self.ratios.help = (
            "3, 6, 12, 24 or 3, 10, 17, 24" if self.ratios.enabled else "Minutes are no dial yet: take two dials"
        )

    # -- drawing

    def picture(self, numbers: GridNumbers) -> Layers:
        """The tray or the map, and on the right what it costs."""
        layers = self._tray(numbers) if numbers.view == "tray" else self._map(numbers)
        tray = numbers.view == "tray"
        layers["cost"] = price_tag(LEFT, RIGHT, 0, numbers.cost, "factor" if tray else "dial")
        layers["tried"] = strips(LEFT, RIGHT, 262, self._tried(numbers), _dial(numbers))
        scored = colour_key(TRAY_LEFT if tray else MAP_LEFT + 40, 414, 130, (0, 10), "score")
        layers["key"] = [*scored, Key(TRAY_LEFT + 150, 424, (("best", "bar", "winner"), ("last", "bar", "last")))]
        return layers

    @staticmethod
    def _tried(numbers: GridNumbers) -> list[tuple[str, int, Any]]:
        """Which temperatures the grid tries, and as many pizzas drawn at random."""
        scale, size = _dial(numbers), numbers.size
        levels: Any = numbers.levels.get("temperature", ())
        if numbers.view == "tray":
            levels = [HEATS[str(level)] for level in levels] or [HEATS["Medium"]]
        elif not levels:
            levels = [scale.value((n + 0.5) / numbers.cost.levels) for n in range(numbers.cost.levels)]
        drawn = drawn_heats(scale.low, scale.high, min(size, MOST))
        return [("Grid", len(levels), levels), ("As many at random", size, drawn)]

    def _tray(self, numbers: GridNumbers) -> Layers:
        if numbers.menu is not None:
            return tray_marks(Tray(numbers.menu.space, TRAY_LEFT, TRAY_TOP, TRAY_SIDE), numbers.trials, numbers.menu.recipe)
        more = Space(*first_factors(4).space.parameters, *MORE_FACTORS[: numbers.dials - 4])
        layers = tray_marks(Tray(more, TRAY_LEFT - 30, TRAY_TOP, TRAY_SIDE + 30), (), lambda params: RAW)
        layers["words"] = [
            Text(None, TRAY_LEFT - 30, 24, f"And {' and '.join(p.name for p in more.parameters[4:])}?", "title"),
            Text(None, TRAY_LEFT - 30, 46, "One place for each pizza. Nobody bakes that.", "quiet"),
        ]
        return layers

    def _map(self, numbers: GridNumbers) -> Layers:
        up = POINTS if numbers.dials == 1 else TIME
        panel = Panel(MAP_LEFT, MAP_TOP, WIDE, TALL, HEAT, up)
        if numbers.menu is None:
            lines = f"{numbers.size:,} pizzas", f"take {numbers.cost.time}.", "Nobody bakes that."
            middle = panel.left + WIDE / 2, panel.top + TALL / 2
            said: list[Mark] = [
                Text(None, middle[0], middle[1] + 30 * (row - 1), line, "big", "middle")
                for row, line in enumerate(lines)
            ]
            return {"axes": [Axes(panel)], "words": said}
        levels: Any = numbers.levels
        lattice = Lattice(numbers.menu.space, levels, panel)
        layers: Layers = {"axes": _axes(lattice)}
        if numbers.truth:
            layers |= _truth(numbers, panel)
            layers["dots"] = on_map.spots(lattice, numbers.trials, self._tip)
        elif numbers.dials == 1:
            layers |= on_map.bars(lattice, numbers.trials, self._tip)
            layers["named"] = on_map.named(lattice, numbers.trials, self._tip)
        else:
            layers |= on_map.cells(lattice, numbers.trials, self._tip)
            layers["named"] = on_map.named(lattice, numbers.trials, self._tip)
        if numbers.dials <= 2:
            layers["grips"] = on_map.grips(lattice)
        return layers

    def _tip(self, trial: Trial) -> str:
        return f"pizza {trial.number + 1}: {_where(trial)}: {points(trial.score or 0.0)} points\n{trial.why}"

    def dragged(self, name: str, x: float, y: float) -> None:
        """A triangle takes the whole grid along."""
        number = int(name.removeprefix("grip "))
        level = float(self.run.levels["temperature"][number]) - self.shift.value
        self.shift.value = float(np.clip(round(2 * (HEAT.value(x) - level)) / 2, -MOVE, MOVE))

    # -- words

    def read(self, numbers: GridNumbers) -> str:
        """What the grid costs, the last pizza, and the best of it so far."""
        cost = numbers.cost
        if numbers.view == "tray":
            times = " × ".join(["3"] * numbers.dials)
            text = f"{count(numbers.dials, 'factor')} of 3 options each: {times} = {cost.size} pizzas"
        else:
            each = "" if numbers.dials == 1 else " each"
            text = f"{count(cost.levels, 'level')}{each} on {count(numbers.dials, 'dial')}: {cost.size:,} "
            text += "pizza" if cost.size == 1 else "pizzas"
        text += f", {cost.time} of baking."
        if numbers.menu is None:
            fewer = "factors" if numbers.view == "tray" else "levels, or fewer dials"
            return f"{text}\nNobody bakes that: take fewer {fewer}.\nEach {fewer[:-1].split()[-1]} more multiplies."
        if numbers.best is None:
            return f"{text}\nEach is baked once, whatever the others taste like.\nNothing is baked yet."
        return f"{text}\n{self._last(numbers)}\n{self._so_far(numbers)}"

    def _last(self, numbers: GridNumbers) -> str:
        last = numbers.trials[-1]
        return f"Pizza {last.number + 1}: {_where(last)}: {points(last.score or 0.0)} points."

    @staticmethod
    def _so_far(numbers: GridNumbers) -> str:
        best = numbers.best
        assert best is not None
        if len(numbers.trials) == numbers.size:
            baked = "All are baked"
        elif len(numbers.trials) == numbers.planned:
            baked = f"There is dough for the first {numbers.planned}"
        else:
            baked = f"{len(numbers.trials)} of {numbers.size:,} are baked"
        text = f"{baked}; the best: {points(best.score or 0.0)} points ({_where(best)})."
        if numbers.truth:
            heat, minutes, score = true_top(numbers.oven, numbers.dials)
            time = f", {minutes:.1f} min" if numbers.dials == 2 else ""
            text = text.removesuffix(".") + f"; possible: {points(score)} ({heat:.0f} °C{time})."
        return text

    def table(self, numbers: GridNumbers) -> Mapping[str, Any]:
        """The pizzas baked so far, a row for each; before the first, what so many levels cost."""
        if not numbers.trials:
            sizes = np.array(numbers.cost.sizes)
            return {"dials": np.arange(1, len(sizes) + 1), "pizzas": sizes, "minutes": self.minutes_each.value * sizes}
        columns: dict[str, Any] = {"pizza": [trial.number + 1 for trial in numbers.trials]}
        for name in numbers.trials[0].params:
            columns[name] = [trial.params[name] for trial in numbers.trials]
        return {**columns, "score": numbers.scores}

    def card(self, numbers: GridNumbers) -> Card:
        """The last pizza and the best."""
        if numbers.menu is None:
            return Card(Out(pizza_symbol(RAW), "Not baked", "Life is short, signore."))
        if numbers.best is None:
            return Card(Out(pizza_symbol(RAW), "No pizza yet", "The oven is hot."))
        recipe = numbers.menu.recipe
        last, best = (served(recipe(one.params), one.score) for one in (numbers.trials[-1], numbers.best))
        return Card(last, best)


def _where(trial: Trial) -> str:
    return ", ".join(SPOKEN[name].format(value) if name in SPOKEN and not isinstance(value, str) else str(value)
                     for name, value in trial.params.items())  # fmt: skip


def _dial(numbers: GridNumbers) -> Scale:
    """The dial for temperature whose levels are compared."""
    if numbers.view == "tray":
        low, high = 180, 260
        return Scale(low, high, "Temperatures", tuple((heat, f"{heat}") for heat in (180, 220, 260)))
    return Scale(LOW, HIGH, "Temperatures", tuple((heat, f"{heat:g}") for heat in (150, 250, 350)))


def _axes(lattice: Lattice) -> list[Mark]:
    """The axes of the map; with three dials or four, what its blocks stand for."""
    names = lattice.space.names
    if len(names) <= 2:
        return [Axes(lattice.panel)]
    one = lattice.panel
    bare = Panel(one.left, one.top, one.width, one.height, Scale(0, 1, ticks=()), Scale(0, 1, ticks=()))
    marks: list[Mark] = [Axes(bare, bare=True)]
    every = max(1, round(len(lattice.levels["fan"]) * 44 / one.width + 0.49))
    for (across, up), block in lattice.blocks.items():
        if up == 0 and across % every == 0:
            x, fan = block.left + block.width / 2, lattice.levels["fan"][across]
            marks.append(Text(None, x, one.floor + 17, f"{fan:.1f}", "tick", "middle"))
        if across == 0 and len(names) > 3:
            y, light = block.top + block.height / 2 + 4.5, lattice.levels["light"][up]
            marks.append(Text(None, one.left - 6, y, f"{light:.0f}", "tick", "end"))
    under = "speed of the fan; in each block temperature × minutes"
    marks.append(Text(None, one.left + one.width / 2, one.floor + 36, under, "axis", "middle"))
    if len(names) > 3:
        marks.append(Text(None, one.left, one.top - 9, "light (%)", "axis"))
    return marks


def _truth(numbers: GridNumbers, panel: Panel) -> Layers:
    """How every pizza would taste, and the best of them all."""
    heat, minutes, score = true_top(numbers.oven, numbers.dials)
    tip = f"the best that this oven can bake: {points(score)} points"
    if numbers.dials == 1:
        return {
            "truth": [
                Line(panel, LINE_HEATS, true_line(numbers.oven), "truth"),
                Dots(panel, [heat], [score], "truth", tips=[tip]),
            ]
        }
    return {
        "truth": [
            Land(panel, true_map(numbers.oven).whole),
            Dots(panel, [heat], [minutes], "truth", tips=[tip]),
        ]
    }


def grid(
    dials: int | None = None,
    levels: int | None = None,
    edges: bool | None = None,
    ratios: bool | None = None,
    shift: float | None = None,
    order: str = "spread",
    oven: Oven | None = None,
    truth: bool | None = None,
    step: int = 0,
    *,
    view: str | None = None,
    factors: int = 4,
) -> GridExplorer:
    """Bake every combination, and see the pizzas multiply.

    Parameters
    ----------
    dials : int
        Of the oven, from 1 to 6: temperature, minutes, the fan, the light that nobody can taste, and two more
        that are only counted; by default 2.
    levels : int
        Levels on each dial, from 1 to 21; by default 5.
    edges : bool
        Whether the outer levels lie on the two ends of a dial.
    ratios : bool
        Whether the minutes are spaced in equal ratios; by default they are.
    shift : float
        °C by which the whole grid is moved, from -20 to 20.
    order : {"spread", "rows"}
        Which pizzas are baked first.
    oven : Oven
        ``pizzatune.menus.oven.PLAIN_OVEN`` or ``pizzatune.menus.tricky.CLICKING_OVEN``.
    truth : bool
        Whether to show how every pizza would taste; for one dial or two.
    step : int
        How many pizzas are baked at the start.
    view : {"tray", "map"}, optional
        The article's table of cheese, sauce, temperature and time, or the dials of an oven; by default the
        table, and the oven where one of the arguments above speaks of it.
    factors : int
        How many factors of the table are varied, from 1 to 6.

    Returns
    -------
    GridExplorer
        To be shown in a notebook. Its numbers are in ``.data``, its sentence in ``.reading``.

    Raises
    ------
    TypeError, ValueError
        If a start lies outside its control.

    Examples
    --------
    >>> explorer = grid(dials=3, levels=4)  # pt.explore.grid in a notebook
    >>> explorer.data.size, explorer.reading.split(".")[0]
    (64, '4 levels each on 3 dials: 64 pizzas, 16 h of baking')
    """
    of_the_oven = {
        "dials": dials,
        "levels": levels,
        "edges": edges,
        "ratios": ratios,
        "shift": shift,
        "oven": oven,
        "truth": truth,
    }
    starts = {name: value for name, value in of_the_oven.items() if value is not None}
    view = view or ("map" if starts else "tray")
    return GridExplorer(**starts, view=view, factors=factors, order=order, step=step)
