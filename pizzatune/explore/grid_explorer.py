"""Trays in rows: bake every combination of a table or of an oven's dials, and see what it costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from pizzatune.explore import grid_picture
from pizzatune.explore.explorer import Card, Explorer, Knob, Pick, Steps, Switch
from pizzatune.explore.grid_numbers import (
    BAKED_DIALS,
    LARGEST,
    MOST,
    MOVE,
    Baking,
    GridNumbers,
    bake,
    true_map,
    true_top,
)
from pizzatune.explore.grid_picture import HEAT, OPTIONS, where
from pizzatune.explore.verdicts import nothing_yet, served
from pizzatune.menus.dial_by_dial import first_factors, oven_dials
from pizzatune.menus.oven import PLAIN_OVEN, Oven
from pizzatune.menus.tricky import CLICKING_OVEN
from pizzatune.pictures.grid_cost import cost_of, many
from pizzatune.pictures.marks import Layers
from pizzatune.words import count, points

OVENS = {"Plain oven": PLAIN_OVEN, "Striped oven": CLICKING_OVEN}
FACTORS, DIALS = 6, 6  # most factors of a tray, most dials of an oven


class GridExplorer(Explorer):
    """Add dials and levels; see the pizzas multiply, and what hides between the lines of a grid."""

    title = "Trays in rows"
    lines = 3
    recorded = ("view", "levels")
    view = Pick(
        {"The article's table": "tray", "An oven's dials": "map"}, tabs=True, reruns=True,
        help="Options as a tray of pizzas, or numbers as a map",
    )  # fmt: skip
    step = Steps(0, MOST, value=0, label="Pizzas baked", seconds=0.25, help="Bake on, or take some back")
    factors = Knob(
        1, FACTORS, value=4, label="Factors", reruns=True,
        help="How many things are varied: cheese, sauce, temperature, baking time, and two more",
    )  # fmt: skip
    dials = Knob(
        1, DIALS, value=2, label="Dials", reruns=True,
        help="Temperature, minutes, the fan, the light that nobody tastes, and two that do nothing at all",
    )  # fmt: skip
    levels = Knob(
        1, 21, value=5, label="Levels per dial", reruns=True, help="Values that each dial is tried at"
    )
    shift = Knob(
        -MOVE, MOVE, value=0.0, step=0.5, unit="°C", label="Move the grid", reruns=True, more=True,
        help="To other temperatures; or drag a triangle above the map",
    )  # fmt: skip
    minutes_each = Knob(
        1, 120, value=15, unit="min", label="One pizza takes", more=True, help="From dough to plate"
    )
    order = Pick(
        {"Far apart": "spread", "Row by row": "rows"}, label="Bake first", reruns=True, more=True,
        help="Pizzas far apart show the whole map early; in the end both orders bake the same",
    )  # fmt: skip
    oven = Pick(
        OVENS, label="Oven", reruns=True, more=True, help="The striped one burns at every round ten °C"
    )
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
        if (
            self.run is not None
            and self.run.view != self.view.value
            and self.step.value == len(self.data.trials)
        ):
            self.step.value = 0  # unless a step was asked for together with the view
        at_the_end = 0 < self.step.value >= self.step.high
        size = OPTIONS**self.factors.value if tray else self.levels.value**self.dials.value
        dials = self.factors.value if tray else self.dials.value
        if dials > BAKED_DIALS or size > LARGEST:
            self.step.high = 1
            self.step.value = 0
            yield Baking(self.view.value, None, {}, (), 0)
            return
        shift = round(self.shift.value, 6)
        menu = first_factors(dials) if tray else oven_dials(self.oven.value, dials, self.ratios.value, shift)
        for state in bake(self.view.value, menu, self.levels.value, self.order.value, self.edges.value):
            self.step.high = state.planned
            if at_the_end:
                self.step.value = state.planned
            yield state
        if not tray and dials <= 2:
            for _ in true_map(self.oven.value).fill():
                yield state

    def enough(self) -> bool:
        """Nothing is baked on the first picture."""
        return bool(self.step.value == 0)

    def model(self) -> GridNumbers:
        """The pizzas baked so far, and what grids cost."""
        baking: Baking = self.run
        tray = self.view.value == "tray"
        self._show_what_matters(tray)
        levels, dials, most = OPTIONS, self.factors, FACTORS
        if not tray:
            levels, dials, most = self.levels.value, self.dials, DIALS
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
        self.step.help = "Bake on, or take some back" if self.step.enabled else "This grid is only counted"
        self.truth.help = "How every pizza would taste"
        if not self.truth.enabled:
            self.truth.help = "Only for one dial or two: no map shows more"
        self.ratios.help = "3, 6, 12, 24 minutes, or 3, 10, 17, 24"
        if not self.ratios.enabled:
            self.ratios.help = "Minutes are no dial yet: take two dials"

    # -- drawing

    def picture(self, numbers: GridNumbers) -> Layers:
        """The tray or the map, and on the right what it costs."""
        return grid_picture.picture(numbers)

    def dragged(self, name: str, x: float, y: float) -> None:
        """A triangle takes the whole grid along."""
        number = int(name.removeprefix("grip "))
        level = float(self.run.levels["temperature"][number]) - self.shift.value
        self.shift.value = float(np.clip(round(2 * (HEAT.value(x) - level)) / 2, -MOVE, MOVE))

    # -- words

    def read(self, numbers: GridNumbers) -> str:
        """What the grid costs, the last pizza, and the best of it so far."""
        cost, tray = numbers.cost, numbers.view == "tray"
        pizzas = f"{many(cost.size)} {'pizza' if cost.size == 1 else 'pizzas'}, {cost.time} of baking"
        each = " each" if numbers.dials > 1 else ""
        text = f"{count(cost.levels, 'level')}{each} on {count(numbers.dials, 'dial')}: {pizzas}."
        if tray:
            text = f"{' × '.join(['3'] * numbers.dials)}{' = ' if each else ' options: '}{pizzas}."
        if numbers.menu is None:
            why, one = "Nobody bakes that", "factor" if tray else "dial"
            if cost.size <= LARGEST and not tray:
                why = f"The map has room for {BAKED_DIALS} dials"
            return f"{text}\n{why}: take fewer {one}s.\nOne {one} more makes it {cost.levels} times as many."
        if numbers.best is None:
            return f"{text}\nEach is baked once, whatever the others taste like.\nNothing is baked yet."
        last = numbers.trials[-1]
        return (
            f"{text}\nPizza {last.number + 1}: {where(last)}: {points(last.score or 0.0)} points.\n"
            f"{self._so_far(numbers)}"
        )

    @staticmethod
    def _so_far(numbers: GridNumbers) -> str:
        best, baked = numbers.best, len(numbers.trials)
        assert best is not None
        text = "All are baked" if baked == numbers.size else f"{baked} of {many(numbers.size)} are baked"
        if baked == numbers.planned < numbers.size:
            text += ", no dough left"
        text += f"; best {points(best.score or 0.0)}: {where(best)}"
        if numbers.truth:
            heat, minutes, score = true_top(numbers.oven, numbers.dials)
            time = f", {minutes:.1f} min" if numbers.dials == 2 else ""
            text += f"; possible {points(score)}: {heat:.0f} °C{time}"
        return f"{text}."

    def table(self, numbers: GridNumbers) -> Mapping[str, Any]:
        """The pizzas baked so far, a row for each; before the first, what so many levels cost."""
        if not numbers.trials:
            sizes = np.array(numbers.cost.sizes)
            minutes = self.minutes_each.value * sizes
            return {"dials": np.arange(1, len(sizes) + 1), "pizzas": sizes, "minutes": minutes}
        columns: dict[str, Any] = {"pizza": [trial.number + 1 for trial in numbers.trials]}
        for name in numbers.trials[0].params:
            columns[name] = [trial.params[name] for trial in numbers.trials]
        return {**columns, "score": numbers.scores}

    def card(self, numbers: GridNumbers) -> Card:
        """The last pizza and the best."""
        if numbers.menu is None:
            return Card(nothing_yet("Not baked", "Life is short, signore."))
        if numbers.best is None:
            return Card(nothing_yet())
        recipe = numbers.menu.recipe
        last, best = (served(recipe(one.params), one.score) for one in (numbers.trials[-1], numbers.best))
        return Card(last, best)


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
