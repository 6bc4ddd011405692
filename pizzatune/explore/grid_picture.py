"""How `grid()` looks: the article's tray or the map of an oven, and beside it what the grid costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from pizzatune.explore.grid_numbers import (
    LINE_HEATS,
    MOST,
    MOVE,
    GridNumbers,
    drawn_heats,
    true_line,
    true_map,
    true_top,
)
from pizzatune.menus.article import HEATS
from pizzatune.menus.dial_by_dial import HELD, HIGH, LOW, QUICK, SLOW
from pizzatune.menus.taste import Pizza
from pizzatune.pictures import lattice as on_map
from pizzatune.pictures.grid_cost import many, price_tag, strips
from pizzatune.pictures.ground import colour_key
from pizzatune.pictures.lattice import Lattice
from pizzatune.pictures.marks import Dots, Key, Land, Layers, Line, Mark, Panel, Scale, Symbol, Text
from pizzatune.pictures.pizza import pizza_symbol
from pizzatune.pictures.tray import GridTray, places, tray_layers
from pizzatune.space import Params, Space
from pizzatune.trial import Trial
from pizzatune.words import points, spoken

OPTIONS = 3  # of each factor
MORE_FACTORS = "crust", "music"
LIES = "temperature", "baking_time", "sauce", "cheese"
SPOKEN = {"temperature": "{:.0f} °C", "minutes": "{:.1f} min", "fan": "fan {:.1f}", "light": "light {:.0f} %"}

# Where things lie, in px of the picture.
TRAYS = {1: (4, 210, 120), 2: (4, 264, 240), 3: (46, 402, 200), 4: (4, 444, 376)}
"""Left end, width and height of a tray with its labels, by factors."""
MAP_LEFT, MAP_TOP, WIDE, TALL = 60.0, 46.0, 378.0, 308.0
LEFT, RIGHT, STRIPS = 464.0, 646.0, 262.0  # of what it costs
KEY = 404.0

BAKED_KEY = ("best", "dot", "best"), ("last", "bar", "chosen")
TRUE_KEY = ("best baked", "dot", "best"), ("best there is", "dot", "truth")


def _scale(low: float, high: float, ticks: tuple[float, ...], label: str = "", log: bool = False) -> Scale:
    return Scale(low, high, label, tuple((tick, f"{tick:g}") for tick in ticks), log)


HEAT = _scale(LOW - MOVE, HIGH + MOVE, (150, 200, 250, 300, 350), "temperature (°C)")
TIME = _scale(QUICK, SLOW, (3, 5, 10, 20, 30), log=True)
POINTS = _scale(0, 10.5, (0, 2, 4, 6, 8, 10))
OVEN_DIAL = _scale(LOW, HIGH, (150, 250, 350), "Temperatures")
TRAY_DIAL = _scale(180, 260, (180, 220, 260), "Temperatures")  # if the article's three were on one


def picture(numbers: GridNumbers) -> Layers:
    """The tray or the map, and on the right what it costs."""
    tray = numbers.view == "tray"
    layers = _tray(numbers) if tray else _map(numbers)
    layers["cost"] = price_tag(LEFT, RIGHT, 0, numbers.cost, "factor" if tray else "dial")
    layers["tried"] = strips(LEFT, RIGHT, STRIPS, _tried(numbers), TRAY_DIAL if tray else OVEN_DIAL)
    if numbers.menu is not None:
        left, entries = MAP_LEFT + 30, TRUE_KEY if numbers.truth else BAKED_KEY
        layers["key"] = [*colour_key(left, KEY, 120, (0, 10), "score"), Key(left + 146, KEY + 11, entries)]
    return layers


def _tried(numbers: GridNumbers) -> Mapping[str, tuple[int, Any]]:
    """Which temperatures the grid tries, and as many pizzas drawn at random."""
    scale, size, steps = OVEN_DIAL, numbers.size, numbers.cost.levels
    levels: Any = numbers.levels.get("temperature", ())
    if numbers.view == "tray":
        scale, levels = TRAY_DIAL, list(HEATS.values()) if numbers.dials > 2 else [HEATS["Medium"]]
    elif not levels:
        levels = [scale.value((number + 0.5) / steps) for number in range(steps)]
    drawn = drawn_heats(scale.low, scale.high, min(size, MOST))
    return {"Grid": (len(levels), levels), "As many random": (size, drawn)}


def _tray(numbers: GridNumbers) -> Layers:
    """The article's table; a larger one only as so many places."""
    if numbers.menu is None:
        blocks = [OPTIONS] * 3, [OPTIONS] * (numbers.dials - 3)
        more = " and ".join(MORE_FACTORS[: numbers.dials - 4])
        words: list[Mark] = [
            Text(None, 100, 24, f"And {more}?", "title"),
            Text(None, 100, 46, "One place for each pizza. Nobody bakes that.", "quiet"),
        ]
        return {"tray": [*places(100, 66, 344, *blocks), *words]}
    space, recipe = _as_it_lies(numbers.menu.space), numbers.menu.recipe
    left, width, height = TRAYS[numbers.dials]
    tray = GridTray(space, left, 0, width, height)
    columns = tray.shape[1]
    scores: list[float | None] = [None] * numbers.size
    symbols: list[Symbol | None] = [None] * numbers.size
    tips, latest = {}, None
    for trial in numbers.trials:
        row, column = tray.place(trial.params)
        latest = row * columns + column
        scores[latest], tips[latest] = trial.score, tip_of(trial)
        symbols[latest] = _tiny(recipe, tuple(trial.params.items()))
    layers = tray_layers(tray, scores, symbols, latest=latest, tips=tips)
    held = [f"{spoken(name)} {value}" for name, value in HELD.items() if name not in space.names]
    said = ["the same for all:", ", ".join(held)] if held else []
    layers["held"] = [
        Text(None, left, height + 24 + 20 * place, line, "quiet") for place, line in enumerate(said)
    ]
    return layers


def _as_it_lies(space: Space) -> Space:
    """The factors in the order of the tray: those that go down, then those across; outer blocks first."""
    return Space(*(space[name] for name in LIES if name in space.names))


@lru_cache(maxsize=128)
def _tiny(recipe: Callable[[Params], Pizza], items: tuple[tuple[str, Any], ...]) -> Symbol:
    return pizza_symbol(recipe(dict(items)), "tiny")


def _map(numbers: GridNumbers) -> Layers:
    """The cells of the grid, or the truth with the pizzas on it; a grid that is too large, in words."""
    panel = Panel(MAP_LEFT, MAP_TOP, WIDE, TALL, HEAT, POINTS if numbers.dials == 1 else TIME)
    if numbers.menu is None:
        x, y = panel.left + WIDE / 2, panel.top + TALL / 2
        said: list[Mark] = [
            Text(None, x, y - 56, f"{many(numbers.size)} pizzas", "big", "middle"),
            Text(None, x, y, numbers.cost.time, "huge", "middle"),
            Text(None, x, y + 40, "Counted, but not baked.", "big", "middle"),
        ]
        return {"words": said}
    levels: Any = numbers.levels
    lattice = Lattice(numbers.menu.space, levels, panel)
    layers: Layers = {"axes": on_map.axes(lattice)}
    if numbers.truth:
        layers["truth"] = _truth(numbers, panel)
        layers["dots"] = on_map.spots(lattice, numbers.trials, tip_of)
    else:
        layers |= (on_map.bars if numbers.dials == 1 else on_map.cells)(lattice, numbers.trials, tip_of)
        layers["named"] = on_map.named(lattice, numbers.trials)
    if numbers.dials <= 2:
        layers["grips"] = on_map.grips(lattice)
    return layers


def _truth(numbers: GridNumbers, panel: Panel) -> list[Mark]:
    """How every pizza would taste, and the best of them all."""
    heat, minutes, score = true_top(numbers.oven, numbers.dials)
    tips = [f"the best that this oven can bake: {points(score)} points"]
    if numbers.dials == 1:
        line = Line(panel, LINE_HEATS, true_line(numbers.oven), "truth")
        return [line, Dots(panel, [heat], [score], "truth", tips=tips)]
    land = Land(panel, true_map(numbers.oven).whole)
    return [land, Dots(panel, [heat], [minutes], "truth", tips=tips)]


def tip_of(trial: Trial) -> str:
    """What the mark of a pizza says."""
    return f"pizza {trial.number + 1}: {where(trial)}: {points(trial.score or 0.0)} points\n{trial.why}"


def where(trial: Trial) -> str:
    """The params of a pizza in words."""
    return ", ".join(
        value if isinstance(value, str) else SPOKEN[name].format(value)
        for name, value in trial.params.items()
    )
