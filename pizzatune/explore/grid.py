"""Trays in rows: set a grid over the dials of an oven, watch it fill, and see what finer grids cost."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from pizzatune.explore.bitmaps import Bitmap, Pixels, Word, Words, coloured
from pizzatune.explore.frame import AnArtist, Explorer, Knob, Pick, Steps, Switch
from pizzatune.menus.menu import Menu
from pizzatune.menus.oven import PLAIN_OVEN, Oven
from pizzatune.menus.taste import Pizza, taste
from pizzatune.menus.tricky import CLICKING_OVEN, electric_oven
from pizzatune.parameters import FloatArray, Real
from pizzatune.plots.palette import INK, PAPER, PENCIL, SCORES, text_on
from pizzatune.space import Params, Space
from pizzatune.strategies.grid_search import GridSearch
from pizzatune.trial import Trial, best_trial

OVENS = {"Plain oven": PLAIN_OVEN, "Striped oven": CLICKING_OVEN}
DIALS = ("temperature", "minutes", "fan", "light")
HELD_MINUTES = 10.0  # where minutes are held as long as they are no dial of the search
MINUTES_EACH = 15  # that one pizza takes, from dough to plate
MOST = 450  # pizzas that are baked: more could not be told apart on the map
LARGEST = 4096  # combinations; a larger grid is counted, but neither made nor baked
BATCH = 25  # pizzas between two looks
LOW, HIGH, MOVE = 150.0, 350.0, 10.0  # °C on the dial, and how far the grid can be moved
QUICK, SLOW = 3.0, 30.0  # minutes

# Where things lie, in dots of the picture.
LEFT, TOP, WIDE, TALL = 82, 58, 492, 440  # the map
SIDE, END, ROW = 612, 942, 25  # the tables: left and right end, from row to row
COSTS_TOP, BAKES_TOP, KEY = 38, 248, 580  # baselines of their headings; the middle of the key
GAP = 6  # between the blocks of a grid with more than two dials
TABLE_DIALS, TABLE_BAKES = 6, 11  # rows

LAND_COLUMNS, LAND_ROWS = 141, 30  # points of the true map: every 1.5 °C
LINE_HEATS = np.arange(LOW, HIGH + MOVE + 0.25, 0.5)  # °C where the truth over one dial is worked out
EMPTY, NOTHING = 256, 257  # what a dot of the map shows beside its 256 colours: a pizza to come, no pizza
COLOURS: Pixels = np.array(
    [*(np.array(SCORES(np.arange(256))) * 255).round(), (240, 231, 217, 255), (255, 250, 242, 255)],
    dtype=np.uint8,
)
HEADS = {"temperature": "°C", "minutes": "min", "fan": "fan", "light": "light"}
FORMATS = {"temperature": "{:.0f}", "minutes": "{:.1f}", "fan": "{:.1f}", "light": "{:.0f}"}
SPOKEN = {"temperature": "{:.0f} °C", "minutes": "{:.1f} min", "fan": "fan {:.1f}", "light": "light {:.0f} %"}

Place = tuple[int, int]  # row and column of a pizza on the map
Point = tuple[float, float]  # x and y in dots of the picture


# -- the oven, and the truth about it ------------------------------------------------------------------------


def grid_menu(oven: Oven, dials: int, ratios: bool = True, shift: float = 0.0) -> Menu:
    """A sausage pizza in an oven, with the first so many of the dials temperature, minutes, fan and light.

    Parameters
    ----------
    oven : Oven
        The oven with its fan standing still.
    dials : int
        How many dials, from 1 to 4. The others are held: minutes at 10, the fan off.
    ratios : bool
        Whether equal steps of the minutes are equal ratios.
    shift : float
        °C by which the range of temperatures lies higher than from 150 to 350.

    Returns
    -------
    Menu

    Examples
    --------
    >>> menu = grid_menu(PLAIN_OVEN, 2)
    >>> menu.space.names, round(menu.taste({"temperature": 225, "minutes": 11}), 1)
    (('temperature', 'minutes'), 9.2)
    """
    every = (
        Real("temperature", LOW + shift, HIGH + shift, unit="°C"),
        Real("minutes", QUICK, SLOW, log=ratios, unit="min"),
        Real("fan", 0, 3),
        Real("light", 0, 100, unit="%"),
    )
    return Menu(f"{oven.name}, {_count(dials, 'dial')}", Space(*every[:dials]), partial(_pizza, oven=oven))


def _pizza(params: Params, oven: Oven) -> Pizza:
    """The fan does what it does in the electric oven. Nobody has ever tasted the light."""
    fan = params.get("fan", 0.0)
    if fan:
        windy, still = electric_oven(fan), electric_oven(0.0)
        oven = replace(oven, heat=oven.heat * windy.heat / still.heat, dryness=oven.dryness * windy.dryness)
    minutes = params.get("minutes", HELD_MINUTES)
    return Pizza(("Sausage",), temperature=params["temperature"], minutes=minutes, oven=oven)


def _true(oven: Oven, temperature: float, minutes: float) -> float:
    return taste(_pizza({"temperature": temperature, "minutes": minutes}, oven))


@lru_cache(maxsize=4)
def true_line(oven: Oven) -> FloatArray:
    """How an oven scores at each of `LINE_HEATS`, minutes held; shape (421,)."""
    return np.array([_true(oven, heat, HELD_MINUTES) for heat in LINE_HEATS])


class TrueMap:
    """How an oven scores all over temperature and minutes, worked out row by row when there is time."""

    def __init__(self, oven: Oven) -> None:
        self.oven = oven
        self.temperatures = np.linspace(LOW, HIGH + MOVE, LAND_COLUMNS)
        self.minutes = np.geomspace(SLOW, QUICK, LAND_ROWS)  # the top row first, as in a picture
        self.scores = np.full((LAND_ROWS, LAND_COLUMNS), np.nan)
        self._picture: Pixels | None = None

    def fill(self) -> Iterator[None]:
        """Taste what is missing, a row at a time."""
        for row in np.flatnonzero(np.isnan(self.scores[:, 0])):
            self.scores[row] = [_true(self.oven, heat, self.minutes[row]) for heat in self.temperatures]
            yield None

    @property
    def picture(self) -> Pixels:
        """As large as the map, in the colours of the scores."""
        if self._picture is None:
            _ = self.top  # fills it
            points = Image.fromarray(self.scores.astype(np.float32))
            land = points.resize((WIDE, TALL), Image.Resampling.BICUBIC)
            self._picture = coloured(_shades(np.asarray(land, dtype=float)), COLOURS)
        return self._picture

    @property
    def top(self) -> tuple[float, float, float]:
        """Temperature, minutes and score of its highest point."""
        for _ in self.fill():
            pass
        row, column = np.unravel_index(self.scores.argmax(), self.scores.shape)
        return float(self.temperatures[column]), float(self.minutes[row]), float(self.scores[row, column])


@lru_cache(maxsize=4)
def true_map(oven: Oven) -> TrueMap:
    """The true map of an oven, the same for all who ask."""
    return TrueMap(oven)


def true_top(oven: Oven, dials: int) -> tuple[float, float, float]:
    """Temperature, minutes and score of the highest point of an oven's truth over one dial or two.

    Examples
    --------
    >>> heat, minutes, score = true_top(PLAIN_OVEN, 1)
    >>> round(heat), minutes, round(score, 1)
    (228, 10.0, 9.1)
    """
    if dials == 2:
        return true_map(oven).top
    line = true_line(oven)
    return float(LINE_HEATS[line.argmax()]), HELD_MINUTES, float(line.max())


# -- numbers -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Baking:
    """How far the strategy is: its space and levels, the trials in order, how many there will be."""

    space: Space
    levels: Mapping[str, tuple[float, ...]]
    trials: tuple[Trial, ...]
    planned: int


@dataclass(frozen=True)
class GridNumbers:
    """What is on the picture.

    Attributes
    ----------
    space : Space
        The dials of the search.
    levels : dict
        Name of a dial -> its levels, as the strategy chose them; empty where the grid is too large to make.
    trials : tuple of Trial
        The pizzas baked so far.
    planned : int
        How many are baked in the end: all of the grid, or the first 450.
    costs : tuple of int
        How many pizzas so many levels make on 1, 2, 3, 4, 5 and 6 dials.
    oven : Oven
        The oven.
    truth : bool
        Whether the truth is shown.
    """

    space: Space
    levels: Mapping[str, tuple[float, ...]]
    trials: tuple[Trial, ...]
    planned: int
    costs: tuple[int, ...]
    oven: Oven
    truth: bool

    @property
    def dials(self) -> int:
        """How many dials there are."""
        return len(self.space)

    @property
    def size(self) -> int:
        """Pizzas on this grid."""
        return self.costs[self.dials - 1]

    @property
    def scores(self) -> FloatArray:
        """The scores so far, shape (n,)."""
        return np.array([trial.score for trial in self.trials], dtype=float)

    @property
    def best(self) -> Trial | None:
        """The best pizza so far."""
        return best_trial(self.trials)


def duration(minutes: float) -> str:
    """A time in the unit that people would use.

    Examples
    --------
    >>> duration(75), duration(1875), duration(60 * 24 * 6.5), duration(60 * 24 * 365 * 1200)
    ('1 h 15 min', '31 h', '6.5 days', '1,200 years')
    """
    hours, rest = divmod(round(minutes), 60)
    if hours < 10:
        parts = [f"{hours} h"] * (hours > 0) + [f"{rest} min"] * (rest > 0)
        return " ".join(parts) or "0 min"
    if hours < 48:
        return f"{minutes / 60:.0f} h"
    days = minutes / (24 * 60)
    if days < 730:
        return f"{days:.1f} days" if days < 10 else f"{days:.0f} days"
    return f"{days / 365:,.0f} years"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _where(params: Params) -> str:
    return ", ".join(SPOKEN[name].format(value) for name, value in params.items())


# -- a grid on the map ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Track:
    """How levels lie along one side of the map, in dots from its left or its top.

    Attributes
    ----------
    places, starts, ends : ndarray, shape (n,)
        Where each level lies, and where the part that it stands for starts and ends. Of an outer and an inner
        dial, the inner one runs through once for each level of the outer.
    cells : ndarray of int, shape (dots,)
        To which level each dot belongs; -1 to none.
    """

    places: FloatArray
    starts: FloatArray
    ends: FloatArray
    cells: Any

    @property
    def room(self) -> float:
        """How wide the narrowest part is."""
        return float((self.ends - self.starts).min(initial=np.inf))

    @classmethod
    def along(
        cls,
        dial: Real | None,
        levels: tuple[float, ...],
        scale: Callable[[Any], Any],
        length: int,
        blocks: int,
        upward: bool = False,
    ) -> Track:
        """Lay the levels of a dial, or the one of a dial that is held, along `length` dots in `blocks`."""
        borders = np.array([0.0, 1.0])
        if dial is not None and levels:
            codes = np.array([dial.encode(level) for level in levels])
            middles = (codes[:-1] + codes[1:]) / 2
            borders = scale(np.array([dial.decode(float(code)) for code in (0.0, *middles, 1.0)]))
        block = (length - GAP * (blocks - 1)) / blocks
        first = np.arange(blocks)[:, np.newaxis] * (block + GAP)
        places = (first + block * scale(np.array(levels))).ravel()
        starts, ends = ((first + block * part).ravel() for part in (borders[:-1], borders[1:]))
        cells = np.full(length, -1)
        if len(levels):
            line = 1 if (ends - starts).min() >= 5 else 0  # paper between two cells, where there is room
            for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
                cells[round(start) : round(end) - line] = number
        if upward:
            return cls(length - places, length - ends, length - starts, cells[::-1])
        return cls(places, starts, ends, cells)


@dataclass(frozen=True)
class Lattice:
    """A grid on the map: columns are temperatures in blocks of the fan, rows minutes in blocks of light."""

    columns: Track
    rows: Track
    levels: Mapping[str, tuple[float, ...]]

    @classmethod
    def over(cls, space: Space, levels: Mapping[str, tuple[float, ...]]) -> Lattice:
        """Lay out the levels of a search."""
        dials: dict[str, Any] = {name: space[name] for name in levels}
        fans, lights = (len(levels.get(name, (0,))) for name in ("fan", "light"))
        times = levels.get("minutes", (HELD_MINUTES,) if levels else ())
        heats = levels.get("temperature", ())
        return cls(
            Track.along(dials.get("temperature"), heats, _across, WIDE, fans),
            Track.along(dials.get("minutes"), times, _up, TALL, lights, upward=True),
            levels,
        )

    @property
    def room(self) -> float:
        """The narrowest side of any cell, in dots."""
        return min(self.columns.room, self.rows.room)

    def place(self, params: Params) -> Place:
        """Row and column of a pizza."""
        at = {name: self.levels[name].index(value) for name, value in params.items()}
        row = at.get("light", 0) * len(self.levels.get("minutes", (0,))) + at.get("minutes", 0)
        return row, at.get("fan", 0) * len(self.levels["temperature"]) + at["temperature"]

    def places(self) -> Iterator[Place]:
        """Row and column of every pizza of the grid."""
        return itertools.product(range(len(self.rows.places)), range(len(self.columns.places)))

    def dot(self, place: Place) -> Point:
        """Where a pizza lies."""
        row, column = place
        return LEFT + float(self.columns.places[column]), TOP + float(self.rows.places[row])

    def caption(self, place: Place) -> Point | None:
        """Where to write a pizza's score: in its cell, beside its dot; None where there is no room."""
        row, column = place
        top, bottom = TOP + float(self.rows.starts[row]), TOP + float(self.rows.ends[row])
        left, right = LEFT + float(self.columns.starts[column]), LEFT + float(self.columns.ends[column])
        y = self.dot(place)[1]
        away = 25 if y < (top + bottom) / 2 + 3 else -25
        fits = top + 11 <= y + away <= bottom - 11 and right - left >= 38
        return ((left + right) / 2, y + away) if fits else None

    def colours(self, scores: FloatArray) -> Pixels:
        """The map with each cell in the colour of its score; of scores of shape (rows, columns)."""
        shades = np.pad(_shades(scores), ((0, 1), (0, 1)), constant_values=NOTHING)  # -1 leads there
        return coloured(shades[:, self.columns.cells][self.rows.cells], COLOURS)


def _across(temperature: Any) -> Any:
    """How far to the right a temperature lies: a part of the map's width."""
    return (temperature - LOW) / (HIGH + MOVE - LOW)


def _up(minutes: Any) -> Any:
    """How far up some minutes lie: equal ratios take equal parts of the map's height."""
    return np.log(minutes / QUICK) / np.log(SLOW / QUICK)


def _height(score: Any) -> Any:
    """How many dots below the map's top a score lies, where height shows scores."""
    return TALL * (1.0 - score / 10.5)


def _shades(scores: FloatArray) -> Any:
    """The number of the colour of each score from 0 to 10; `EMPTY` where there is none."""
    shades = np.clip(np.nan_to_num(scores), 0.0, 10.0) * 25.5
    return np.where(np.isnan(scores), EMPTY, shades).astype(np.uint16)


def _block_ticks(track: Track, levels: tuple[float, ...], apart: float) -> tuple[Any, list[str]]:
    """A tick in the middle of each block and the level it stands for; fewer where they would touch."""
    if not levels:
        return [], []
    middles = ((track.starts + track.ends) / 2).reshape(len(levels), -1).mean(axis=1)
    every = max(1, int(np.ceil(apart * len(levels) / len(track.cells))))
    return middles[::every], [f"{level:.2g}" for level in levels[::every]]


# -- ink -----------------------------------------------------------------------------------------------------


class GridExplorer(Explorer):
    """Set levels on one dial or several; see which pizzas the grid bakes, and what it costs."""

    title = "Trays in rows: grid search"
    dials = Knob(1, 4, value=2, reruns=True, help="1 temperature, 2 minutes, 3 fan, 4 light")
    levels = Knob(
        1, 21, value=5, label="Levels per dial", reruns=True, help="How many values a dial may take"
    )
    edges = Switch(False, label="Levels on both ends", reruns=True, help="Off: in the middles of equal parts")
    ratios = Pick({"Equal ratios": True, "Equal steps": False}, label="Minutes in", reruns=True)
    shift = Knob(0.0, MOVE, value=0.0, step=0.5, unit="°C", label="Move the grid", reruns=True)
    order = Pick({"Spread out": "spread", "Row by row": "rows"}, reruns=True)
    oven = Pick(OVENS, reruns=True, help="The burner of the striped oven clicks at some marks of its dial")
    truth = Switch(False, label="Show the truth", help="How every pizza would taste; for one dial or two")
    step = Steps(0, MOST, value=MOST, label="Baked", help="How many pizzas are out of the oven", seconds=0.25)

    def build(self, figure: Figure) -> None:
        """The map on the left; on the right what grids cost, and the pizzas as a table."""
        self._layout: Any = None
        wide, high = self.size[0] * 100, self.size[1] * 100
        self.box = self.axes(LEFT / wide, 1 - (TOP + TALL) / high, WIDE / wide, TALL / high, zorder=-1)
        self.box.set(xlim=(0, WIDE), ylim=(TALL, 0))
        self.box.spines["bottom"].set_bounds(0, WIDE * _across(HIGH))
        self.ground = self._lay(Bitmap(LEFT, TOP, opaque=True))
        plate = np.broadcast_to(COLOURS[EMPTY], (ROW + 1, END - SIDE + 16, 4)).copy()
        self.plate = self._lay(Bitmap(SIDE - 8, 0, plate, opaque=True))
        sheet = self.sheet()

        def mark(shape: str, size: float, width: float, colour: str = INK, fill: str = "none") -> Any:
            (line,) = sheet.plot([], [], shape, ms=size, mec=colour, mfc=fill, mew=width)
            return self.moves(line)

        self.line = self.moves(sheet.plot([], [], color=INK, linewidth=1.6)[0])
        self.to_come = mark("o", 3.5, 0.5, PENCIL, PENCIL)
        self.baked = mark("o", 6, 1, INK, PAPER)
        self.latest = mark("o", 15, 5, PAPER), mark("o", 15, 2.2)
        self.peak = mark("D", 14, 5, PAPER), mark("D", 14, 2.2)
        self.star = mark("*", 21, 1.4, INK, PAPER)
        self.words = self._lay(Words())
        self.words.set_zorder(20)
        self._build_key(sheet)

    def _lay(self, artist: AnArtist) -> AnArtist:
        self.figure.add_artist(artist)
        return self.moves(artist)

    def _build_key(self, sheet: Any) -> None:
        """What marks and colours mean."""
        sheet.plot(92, KEY, "*", ms=19, mec=INK, mfc=PAPER, mew=1.4)
        sheet.plot(186, KEY, "o", ms=13, mec=INK, mfc="none", mew=2.2)
        (diamond,) = sheet.plot(290, KEY, "D", ms=12, mec=INK, mfc="none", mew=2.2)
        look = {"fontsize": 14, "color": INK, "va": "center"}
        sheet.text(109, KEY, "best", **look)
        sheet.text(202, KEY, "latest", **look)
        self.peak_key = diamond, sheet.text(308, KEY, "true best", **look)
        sheet.text(SIDE + 84, KEY, "score 0", ha="right", **look)
        bar = np.repeat(COLOURS[np.newaxis, np.linspace(0, 255, 200).astype(int)], 16, axis=0)
        self.figure.add_artist(Bitmap(SIDE + 92, KEY - 8, bar))
        sheet.text(SIDE + 300, KEY, "10", **look)

    # -- the strategy

    def rerun(self) -> Iterator[Baking]:
        """Bake the grid."""
        at_the_end = self.step.value >= self.step.high
        menu = grid_menu(self.oven.value, self.dials.value, self.ratios.value, self.shift.value)
        if self.levels.value**self.dials.value > LARGEST:
            self._plan(0, at_the_end)
            yield Baking(menu.space, {}, (), 0)
            return
        search = GridSearch(
            menu.space, resolution=self.levels.value, order=self.order.value, edges=self.edges.value
        )
        levels: Any = dict(search.levels)
        planned = min(len(search), MOST)
        self._plan(planned, at_the_end)
        while len(search.trials) < planned:
            for _ in range(min(BATCH, planned - len(search.trials))):
                params = search.ask()
                search.tell(params, menu.taste(params))
            yield Baking(menu.space, levels, tuple(search.trials), planned)
        self.later(true_map(self.oven.value).fill())

    def _plan(self, pizzas: int, at_the_end: bool) -> None:
        """Say how many there will be; who looked at the last one goes on looking at the last one."""
        self.step.high = pizzas
        held, self._holding = self._holding, True  # no redraw: the run that is about to start does that
        if at_the_end:
            self.step.value = pizzas
        self._holding = held

    def model(self) -> GridNumbers:
        """The pizzas baked so far, and what grids cost."""
        baking: Baking = self.run
        return GridNumbers(
            space=baking.space,
            levels=baking.levels,
            trials=baking.trials[: self.step.value],
            planned=baking.planned,
            costs=tuple(self.levels.value**dials for dials in range(1, TABLE_DIALS + 1)),
            oven=self.oven.value,
            truth=self.truth.value and len(baking.space) <= 2,
        )

    # -- drawing

    def draw(self, numbers: GridNumbers) -> None:
        """Fill the map and the tables."""
        self.truth.enabled = numbers.dials <= 2
        self.ratios.enabled = numbers.dials >= 2
        lattice = Lattice.over(numbers.space, numbers.levels)
        self._draw_box(numbers, lattice)
        if numbers.dials == 1:
            captions = self._draw_bars(numbers, lattice)
        else:
            captions = self._draw_map(numbers, lattice)
        self.words.words = [*captions, *self._cost_words(numbers), *self._bake_words(numbers)]

    def _draw_box(self, numbers: GridNumbers, lattice: Lattice) -> None:
        """Ticks and labels, where they changed."""
        blocks = [numbers.levels.get(name, ()) for name in ("fan", "light")]
        if (layout := (numbers.dials, *blocks, numbers.truth)) == self._layout:
            return
        self._layout = layout
        across, up = self.box.xaxis, self.box.yaxis
        heats, times, points = np.arange(150, 351, 50), np.array([3, 5, 10, 20, 30]), np.arange(0, 11, 2)
        across.set_ticks(WIDE * _across(heats), [str(heat) for heat in heats])
        up.set_ticks(TALL * (1 - _up(times)), [str(time) for time in times])
        labels = ["temperature (°C)", "minutes"]
        if numbers.dials == 1:
            up.set_ticks(_height(points), [str(point) for point in points])
            labels[1] = "taste score"
        if numbers.dials >= 3:
            across.set_ticks(*_block_ticks(lattice.columns, blocks[0], 58))
            labels[0] = "fan; in each block 150 to 350 °C"
        if numbers.dials == 4:
            up.set_ticks(*_block_ticks(lattice.rows, blocks[1], 26))
            labels[1] = "light (%); in each block 3 to 30 minutes"
        for axis, label in zip((across, up), labels, strict=True):
            axis.set_label_text(label)
        for artist in self.peak_key:
            artist.set_visible(numbers.truth)
        self.repaint("box", layout)

    def _draw_map(self, numbers: GridNumbers, lattice: Lattice) -> list[Word]:
        """Two dials and more: a cell for each pizza, coloured when baked. Returns what to write in them."""
        places = [lattice.place(trial.params) for trial in numbers.trials]
        scores = np.full((len(lattice.rows.places), len(lattice.columns.places)), np.nan)
        for place, score in zip(places, numbers.scores, strict=True):
            scores[place] = score
        self.ground.pixels = true_map(numbers.oven).picture if numbers.truth else lattice.colours(scores)
        if not numbers.levels:
            self.ground.pixels = np.broadcast_to(COLOURS[EMPTY], (TALL, WIDE, 4)).copy()
        self._draw_marks(numbers, lattice, places, [lattice.dot(place) for place in places])
        self.line.set_data([], [])
        heat, minutes, _ = true_top(numbers.oven, 2) if numbers.truth else (np.nan, np.nan, np.nan)
        _put(self.peak, [(LEFT + WIDE * _across(heat), TOP + TALL * (1 - _up(minutes)))])
        if not numbers.levels:
            return self._too_many(numbers)
        if numbers.truth or numbers.dials > 2:
            return []
        spots = ((lattice.caption(place), score) for place, score in zip(places, numbers.scores, strict=True))
        return [_on_score(spot, score) for spot, score in spots if spot is not None]

    def _draw_bars(self, numbers: GridNumbers, lattice: Lattice) -> list[Word]:
        """One dial: a bar for each pizza, as wide as the part of the dial that it stands for."""
        places = [lattice.place(trial.params) for trial in numbers.trials]
        heights = np.full(len(lattice.columns.places) + 1, np.nan)  # the last is where -1 leads
        for (_, column), score in zip(places, numbers.scores, strict=True):
            heights[column] = score
        scores = heights[lattice.columns.cells]
        filled = np.arange(TALL)[:, np.newaxis] >= _height(np.where(np.isnan(scores), -1.0, scores))
        self.ground.pixels = coloured(np.where(filled, _shades(scores), NOTHING), COLOURS)
        tops = [
            (lattice.dot(place)[0], TOP + _height(score))
            for place, score in zip(places, numbers.scores, strict=True)
        ]
        self._draw_marks(numbers, lattice, places, tops)
        heat, _, best = true_top(numbers.oven, 1) if numbers.truth else (np.nan, 0.0, np.nan)
        _put(self.peak, [(LEFT + WIDE * _across(heat), TOP + _height(best))])
        truth = true_line(numbers.oven) if numbers.truth else np.full(len(LINE_HEATS), np.nan)
        self.line.set_data(LEFT + WIDE * _across(LINE_HEATS), TOP + _height(truth))
        if numbers.truth or lattice.room < 38:
            return []
        spots = zip(tops, numbers.scores, strict=True)
        return [_on_score((x, y + 25), score) for (x, y), score in spots if score >= 1.0]

    def _draw_marks(
        self, numbers: GridNumbers, lattice: Lattice, places: Sequence[Place], dots: Sequence[Point]
    ) -> None:
        """A dot for each pizza, where there is room, a ring around the latest, a star on the best."""
        roomy, taken = lattice.room >= 9, set(places)
        to_come = [lattice.dot(place) for place in lattice.places() if place not in taken] if roomy else []
        if numbers.dials == 1:
            to_come = [(x, TOP + TALL) for x, _ in to_come]
        _put([self.to_come], to_come)
        _put([self.baked], dots if roomy else [])
        self.baked.set_markersize(7 if lattice.room > 30 else 4.5)
        _put(self.latest, dots[-1:])
        _put([self.star], [dots[int(numbers.scores.argmax())]] if dots else [])

    @staticmethod
    def _too_many(numbers: GridNumbers) -> list[Word]:
        middle = LEFT + WIDE / 2, TOP + TALL / 2
        lines = [
            f"{numbers.size:,} pizzas,",
            f"{duration(MINUTES_EACH * numbers.size)} of baking:",
            "not baked",
        ]
        return [
            Word(middle[0], middle[1] + 30 * (row - 1), line, lean=0.5, size=17)
            for row, line in enumerate(lines)
        ]

    @staticmethod
    def _cost_words(numbers: GridNumbers) -> Iterator[Word]:
        """The heading, and what so many levels cost on more and more dials."""
        yield Word(
            LEFT, 38, f"{len(numbers.trials):,} of {_count(numbers.size, 'pizza')} baked", size=17, bold=True
        )
        rights = SIDE + 44, SIDE + 190, END
        for x, head in zip(rights, ("dials", "pizzas", f"{MINUTES_EACH} min each"), strict=True):
            yield Word(x, COSTS_TOP, head, PENCIL, 1.0)
        for row, cost in enumerate(numbers.costs, start=1):
            cells = str(row), f"{cost:,}", duration(MINUTES_EACH * cost)
            for x, cell in zip(rights, cells, strict=True):
                yield Word(x, COSTS_TOP + ROW * row, cell, lean=1.0, bold=row == numbers.dials)

    def _bake_words(self, numbers: GridNumbers) -> Iterator[Word]:
        """The best pizza, and below it the latest ones, newest first."""
        self.plate.y = COSTS_TOP + ROW * numbers.dials - 18
        if numbers.best is None:
            return
        heads = ["no.", *(HEADS[name] for name in numbers.space.names), "score"]
        rights = np.linspace(SIDE + 36, END, len(heads))
        rows = [("★", numbers.best)]
        rows += [(str(trial.number + 1), trial) for trial in numbers.trials[:-TABLE_BAKES:-1]]
        for x, head in zip(rights, heads, strict=True):
            yield Word(x, BAKES_TOP, head, PENCIL, 1.0)
        for row, (name, trial) in enumerate(rows, start=1):
            cells = [name, *(FORMATS[dial].format(value) for dial, value in trial.params.items())]
            for x, cell in zip(rights, [*cells, f"{trial.score:.1f}"], strict=True):
                yield Word(x, BAKES_TOP + ROW * row, cell, lean=1.0, bold=row == 1)

    # -- words

    def read(self, numbers: GridNumbers) -> str:
        """The grid, what it costs, and the best of it so far."""
        each = "" if numbers.dials == 1 else " each"
        grid = f"{_count(numbers.costs[0], 'level')}{each} on {_count(numbers.dials, 'dial')}"
        text = f"{grid}: {_count(numbers.size, 'pizza')}, {duration(MINUTES_EACH * numbers.size)} of baking."
        if not numbers.levels:
            return f"{text} Nobody bakes that: take fewer levels, or fewer dials."
        if numbers.best is None:
            return f"{text} None is baked yet."
        if len(numbers.trials) == numbers.size:
            baked = "All are baked"
        else:
            baked = f"{len(numbers.trials)} are baked"
            if len(numbers.trials) == numbers.planned:
                baked = f"There is dough for the first {numbers.planned}"
        text += f" {baked}; the best scores {numbers.best.score:.1f} ({_where(numbers.best.params)})."
        if numbers.truth:
            heat, minutes, score = true_top(numbers.oven, numbers.dials)
            top = _where(dict(zip(numbers.space.names, (heat, minutes), strict=False)))
            text += f" The best that this oven can bake scores {score:.1f} ({top})."
        return text

    def table(self, numbers: GridNumbers) -> Mapping[str, Any]:
        """The pizzas baked so far, a row for each; before the first, what so many levels cost."""
        if not numbers.trials:
            costs = np.array(numbers.costs)
            return {"dials": np.arange(1, len(costs) + 1), "pizzas": costs, "minutes": MINUTES_EACH * costs}
        columns: dict[str, Any] = {"pizza": [trial.number + 1 for trial in numbers.trials]}
        for name in numbers.space.names:
            columns[name] = [trial.params[name] for trial in numbers.trials]
        return {**columns, "score": numbers.scores}


def _put(marks: Sequence[Any], points: Sequence[Point]) -> None:
    """Move marks to some points."""
    for mark in marks:
        mark.set_data([x for x, _ in points], [y for _, y in points])


def _on_score(spot: Point, score: float) -> Word:
    """A score, to be written on its own colour with its middle at a spot."""
    return Word(spot[0], spot[1] + 7, f"{score:.1f}", _ink_on(min(max(int(score * 25.5), 0), 255)), 0.5)


@lru_cache(maxsize=256)
def _ink_on(shade: int) -> str:
    return text_on(SCORES(shade))


def grid(
    dials: int = 2,
    levels: int = 5,
    edges: bool = False,
    ratios: bool = True,
    shift: float = 0.0,
    order: str = "spread",
    oven: Oven = PLAIN_OVEN,
    truth: bool = False,
    step: int = MOST,
) -> GridExplorer:
    """Open the grid explorer: levels on one dial or several, the pizzas they make, and what that costs.

    Parameters
    ----------
    dials : int
        From 1 to 4: temperature, minutes, the fan, and the light that nobody can taste.
    levels : int
        Levels on each dial, from 1 to 21.
    edges : bool
        Whether the outer levels lie on the two ends of a dial.
    ratios : bool
        Whether the minutes are spaced in equal ratios.
    shift : float
        °C by which the whole grid is moved, from 0 to 10.
    order : {"spread", "rows"}
        Which pizzas are baked first.
    oven : Oven
        One of ``pizzatune.explore.grid.OVENS``.
    truth : bool
        Whether to show how every pizza would taste; for one dial or two.
    step : int
        How many pizzas are baked at the start; by default all of them.

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
    return GridExplorer(
        dials=dials,
        levels=levels,
        edges=edges,
        ratios=ratios,
        shift=shift,
        order=order,
        oven=oven,
        truth=truth,
        step=step,
    )
