"""Pizza families: breed generation after generation, and see who descends from whom and what they lose."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from pizzatune.explore.bitmaps import Bitmap, Label, Pixels, easel
from pizzatune.explore.frame import Explorer, Knob, Pick, Steps
from pizzatune.lessons.genetic import (
    BOXES,
    Family,
    boxed,
    carried,
    diversity,
    generations,
    grandparents,
    split,
)
from pizzatune.menus import three_toppings, two_hills
from pizzatune.menus.menu import Menu
from pizzatune.menus.taste import HOUSE_HEAT, Pizza, doneness
from pizzatune.parameters import FloatArray
from pizzatune.plots.palette import (
    AUBERGINE,
    BASIL,
    INK,
    LINE,
    NIGHT,
    PAPER,
    PENCIL,
    PENS,
    SCORES,
    TOMATO,
)
from pizzatune.plots.pizza_art import LOOKS, pizza_shapes, roast
from pizzatune.trial import Trial, best_trial

KITCHENS = ("Three toppings", "Two hills")
LAST = 14  # number of the last generation
MOST = 10  # pizzas in a generation
ROWS = 4  # generations that are drawn as pizzas
VALLEY = 260.0  # °C between the two hills

SIDE = 58  # dots on each side of a box
CARDBOARD = "#c9a878"
MEAN = (0, (4.0, 1.5))  # dashes of the line of means
DOSES = (0.15, 0.35, 0.6, 0.8, 1.0, 1.25, 1.6, 2.2, 3.5)  # bakes that are drawn
LEFT, RIGHT, TOP, ROW = 46, 656, 36, 142  # where the table of pizzas lies, in dots
MAP_HEATS, MAP_MINUTES = np.linspace(130.0, 350.0, 56), np.geomspace(2.0, 40.0, 40)


# -- small pizzas ------------------------------------------------------------------------------------------


@lru_cache(maxsize=len(DOSES))
def plain_pizza(dose: float) -> Pixels:
    """Crust, sauce and cheese after a dose of heat, as an image of `SIDE` dots.

    Examples
    --------
    >>> plain_pizza(1.0).shape
    (58, 58, 4)
    """
    minutes = Pizza().oven.minutes_until_done(HOUSE_HEAT, 1.0) * dose
    shapes = pizza_shapes(Pizza((), temperature=HOUSE_HEAT, minutes=minutes))
    under = [(shape.outline, shape.colour) for shape in shapes if shape.layer in ("crust", "sauce", "cheese")]
    return _drawn([outline for outline, _ in under], [colour for _, colour in under])


@lru_cache(maxsize=64)
def topping_pieces(topping: str, slot: int, slots: int, dose: float) -> Pixels:
    """A few large pieces of a topping and nothing else, as an image of `SIDE` dots.

    So small a pizza has room for few pieces. Toppings in other slots lie between them.
    """
    size = 0.5 * LOOKS[topping][0] + 0.15
    rng = np.random.default_rng([slot, slots])
    outlines, colours = [], []
    for number in range(slot, 15, slots):
        radius, angle = 0.66 * np.sqrt((number + 0.6) / 15), 2.4 * number  # the seeds of a sunflower
        at = radius * np.array([np.cos(angle), np.sin(angle)])
        turn = rng.uniform(0, 2 * np.pi)
        turned = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        for outline, colour in LOOKS[topping][1](rng):
            outlines.append(size * outline @ turned + at)
            colours.append((*roast(colour, dose), 1.0))
    return _drawn(outlines, colours)


@lru_cache(maxsize=96)
def boxed_pizza(toppings: tuple[str, ...], dose: float, box: str) -> Pixels:
    """A small pizza in its box, as an image of `SIDE` dots; the box has a mark as well as a colour.

    Examples
    --------
    >>> boxed_pizza(("Ham", "Olives"), 1.0, "Red").shape
    (58, 58, 4)
    """
    picture = empty_box(box).astype(float)
    layers = [plain_pizza(dose)]
    layers += [topping_pieces(topping, slot, len(toppings), dose) for slot, topping in enumerate(toppings)]
    for layer in layers:
        cover = layer[..., 3:] / 255.0
        picture[..., :3] = picture[..., :3] * (1 - cover) + layer[..., :3] * cover
    return picture.astype(np.uint8)


@lru_cache(maxsize=8)
def empty_box(box: str) -> Pixels:
    """The box alone: one of `BOXES`, or "" for one of plain cardboard."""
    _, canvas, ax = _page()
    colour = PENS[BOXES.index(box)].colour if box else CARDBOARD
    ax.set(xlim=(0, SIDE), ylim=(SIDE, 0))
    ax.add_patch(_rounded(1.0, 1.0, SIDE - 2.0, colour))
    if box:
        for x, y in ((8.0, 8.0), (SIDE - 8.0, SIDE - 8.0)):
            ax.plot(x, y, PENS[BOXES.index(box)].marker, color=PAPER, markersize=7.5, markeredgewidth=0)
    canvas.draw()
    return np.array(canvas.buffer_rgba())


def _rounded(x: float, y: float, side: float, colour: str) -> Any:
    from matplotlib.patches import FancyBboxPatch

    style = "round,pad=0,rounding_size=6"
    return FancyBboxPatch((x, y), side, side, boxstyle=style, facecolor=colour, edgecolor="none")


def _page() -> tuple[Figure, Any, Axes]:
    """A figure of `SIDE` dots with axes all over it."""
    figure = Figure((SIDE / 100, SIDE / 100), dpi=100, facecolor="none")
    canvas = FigureCanvasAgg(figure)
    ax = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    ax.axis("off")
    return figure, canvas, ax


def _drawn(outlines: Sequence[FloatArray], colours: Sequence[Any]) -> Pixels:
    """Polygons on a disc of radius 1, drawn a little smaller than a box."""
    return easel(SIDE, (-1.13, 1.13), (-1.13, 1.13)).drawn(outlines, colours)


@lru_cache(maxsize=1)
def true_hills() -> FloatArray:
    """How `two_hills` scores at `MAP_HEATS` and `MAP_MINUTES`, shape (40, 56)."""
    taste = two_hills().taste
    return np.array(
        [[taste({"temperature": heat, "minutes": time}) for heat in MAP_HEATS] for time in MAP_MINUTES]
    )


# -- numbers -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chronicle:
    """A family up to one generation.

    Attributes
    ----------
    menu : Menu
        What is bred.
    members : tuple of tuple of Trial
        The trials of each generation, the best of each first.
    best, mean, spread : ndarray, shape (generations,)
        The best score so far, the mean score of the generation, and its diversity: over toppings with
        three toppings, over both dials with two hills.
    shares : ndarray, shape (generations, options)
        Share of each box, or of the lower and the higher hill.
    champion : Trial
        The best so far.
    """

    menu: Menu
    members: tuple[tuple[Trial, ...], ...]
    best: FloatArray
    mean: FloatArray
    spread: FloatArray
    shares: FloatArray
    champion: Trial

    @property
    def generation(self) -> int:
        """The last of the generations, from 0."""
        return len(self.members) - 1

    @property
    def has_boxes(self) -> bool:
        """Whether its pizzas come in boxes of a colour."""
        return "box" in self.menu.space.names

    def until(self, generation: int) -> Chronicle:
        """The same family when it had bred no more than this."""
        last = slice(generation + 1)
        members = self.members[last]
        champion = max((first for first, *_ in members), key=lambda trial: (_score(trial), -trial.number))
        best, mean, spread, shares = (row[last] for row in (self.best, self.mean, self.spread, self.shares))
        return replace(
            self, members=members, best=best, mean=mean, spread=spread, shares=shares, champion=champion
        )


def chronicle(menu: Menu, family: Family, population: int) -> Chronicle:
    """Put a family into numbers.

    Examples
    --------
    >>> menu = boxed(three_toppings())
    >>> *_, family = generations(menu, 3, seed=1, population=8)
    >>> told = chronicle(menu, family, 8)
    >>> told.generation, bool(told.best[-1] == max(trial.score for trial in family))
    (2, True)
    """
    born = split(family, population)
    scores = np.array([[_score(trial) for trial in members] for members in born])
    genes = [name for name in menu.space.names if name != "box"]
    champion = best_trial(family)
    assert champion is not None
    return Chronicle(
        menu,
        tuple(tuple(sorted(members, key=lambda trial: (-_score(trial), trial.number))) for members in born),
        np.maximum.accumulate(scores.max(axis=1)),
        scores.mean(axis=1),
        np.array([diversity(menu.space, [trial.params for trial in members], genes) for members in born]),
        np.array([_shares(members) for members in born]),
        champion,
    )


def _score(trial: Trial) -> float:
    assert trial.score is not None  # no pizza of these menus fails
    return trial.score


def _shares(members: Sequence[Trial]) -> list[float]:
    if "box" in members[0].params:
        counts = carried(members, "box")
        return [counts[box] / len(members) for box in BOXES]
    higher = sum(trial.params["temperature"] > VALLEY for trial in members) / len(members)
    return [1 - higher, higher]


def forebears(trial: Trial, family: Mapping[int, Trial]) -> set[tuple[int, int]]:
    """The steps from parent to child that lead to a trial, as far back as `family` goes.

    Examples
    --------
    >>> menu = boxed(three_toppings())
    >>> *_, family = generations(menu, 2, seed=1, population=4, elite=0)
    >>> {child for _, child in forebears(family[-1], {trial.number: trial for trial in family})}
    {7}
    """
    steps: set[tuple[int, int]] = set()
    waiting = [trial]
    while waiting:
        child = waiting.pop()
        for parent in child.origin.get("parents", ()):
            if parent in family and (parent, child.number) not in steps:
                steps.add((parent, child.number))
                waiting.append(family[parent])
    return steps


# -- the explorer ------------------------------------------------------------------------------------------


class GeneticExplorer(Explorer):
    """Breed pizzas: generations as rows of pizzas, lines to their parents, and what changes over time."""

    title = "Pizza families"
    kitchen = Pick(KITCHENS, reruns=True, help="Three toppings in a box without taste, or two hills")
    population = Knob(4, MOST, value=8, reruns=True, help="Pizzas in each generation")
    tournament = Knob(
        1,
        10,
        value=2,
        reruns=True,
        help="Each parent is the best of so many drawn at random; 1: no selection",
    )
    mutation = Knob(0.0, 1.0, value=0.05, step=0.05, reruns=True, help="How probably a gene changes")
    elite = Knob(0, 4, value=0, reruns=True, help="How many of the best ever stay among the parents")
    seed = Knob(0, 99, value=1, reruns=True, help="Another seed, another family")
    generation = Steps(0, LAST, value=3, help="Breed on, or look back")

    _told: tuple[object, Chronicle] | None = None  # cache: what was bred last, in numbers

    # -- the numbers

    def rerun(self) -> Iterator[tuple[Menu, Family]]:
        """Breed with the strategy itself, a generation at a time."""
        size, seed = self.population.value, self.seed.value
        hills = self.kitchen.value == "Two hills"
        menu = two_hills() if hills else boxed(three_toppings())
        settings = {
            "population": size,
            "tournament": self.tournament.value,
            "mutation": self.mutation.value,
            "elite": self.elite.value,
        }
        founders = grandparents(seed, size) if hills else ()
        for family in generations(menu, LAST + 1, founders=founders, seed=seed, **settings):
            yield menu, family

    def model(self) -> Chronicle:
        """The family up to the generation that is shown, or as far as it is bred."""
        if self._told is None or self._told[0] is not self.run:
            menu, family = self.run
            self._told = self.run, chronicle(menu, family, self.population.value)
        return self._told[1].until(self.generation.value)

    # -- the picture

    def build(self, figure: Figure) -> None:
        """A table of pizzas on the left, three small charts on the right."""
        sheet = self.sheet()
        sheet.set_zorder(-1)
        sheet.text(8, 16, "Generation, best pizza first", fontsize=14, color=PENCIL, va="center")
        self.lines = self.moves(
            LineCollection([], colors=PENCIL, linewidths=1.2, alpha=0.5, capstyle="round", zorder=1)
        )
        self.old_lines = self.moves(
            LineCollection([], colors=PENCIL, linewidths=1.4, linestyles=(0, (2, 2)), alpha=0.6, zorder=1)
        )
        self.best_lines = self.moves(
            LineCollection([], colors=TOMATO, linewidths=3.0, capstyle="round", zorder=1.5)
        )
        for lines in (self.lines, self.old_lines, self.best_lines):
            sheet.add_collection(lines, autolim=False)
        self.rows = [
            self.label(22, TOP + ROW * row + SIDE / 2 + 8, size=20, lean=0.5, bold=True)
            for row in range(ROWS)
        ]
        self.cells = [[self._cell(figure) for _ in range(MOST)] for _ in range(ROWS)]
        self.frame = self.moves(_line(sheet, color=TOMATO, linewidth=3.6, zorder=4))
        self.mutants = self.moves(
            _line(
                sheet,
                marker="P",
                linestyle="none",
                color=AUBERGINE,
                markersize=12,
                markeredgecolor=PAPER,
                markeredgewidth=1.4,
                zorder=5,
            )
        )
        self._legend(sheet)
        self._charts()

    def _cell(self, figure: Figure) -> tuple[Bitmap, Label]:
        picture = self.moves(Bitmap(0, 0))
        picture.set_zorder(3)
        figure.add_artist(picture)
        score = self.label(0, 0, lean=0.5)
        score.set_zorder(3)
        return picture, score

    def _legend(self, sheet: Axes) -> None:
        y = 583
        sheet.plot([20, 46], [y, y], color=TOMATO, linewidth=3)
        sheet.plot([186, 212], [y, y], color=PENCIL, linewidth=1.4, linestyle=(0, (2, 2)))
        sheet.plot(381, y, "P", color=AUBERGINE, markersize=12, markeredgecolor=PAPER)
        sheet.plot(514, y, "s", markersize=13, markerfacecolor="none", markeredgecolor=TOMATO, mew=2.6)
        for x, words in (
            (53, "to the best"),
            (219, "from the elite"),
            (396, "mutated"),
            (531, "best so far"),
        ):
            sheet.text(x, y + 6, words, fontsize=14, color=INK)

    def _charts(self) -> None:
        titles = self.sheet()
        self.score_axes = self._chart(titles, 0, "Points")
        self.spread_axes = self._chart(titles, 1, "Diversity")
        self.share_axes = self._chart(titles, 2, "Boxes, without taste")
        self.map_axes = self._chart(titles, 2, "Minutes against °C")
        self.share_title, self.map_title = titles.texts[-2:]
        self.share_axes.set_xlabel("generation")
        self.score_axes.set(ylim=(0, 10), yticks=[0, 5, 10])
        self.share_axes.set(ylim=(0, 1), yticks=[0, 1], yticklabels=["0", "all"], xticks=[0, 5, 10])
        self.share_axes.set_xticklabels(["0", "5", "10"])
        titles.plot([776, 800], [28, 28], color=TOMATO, linewidth=2.8)
        titles.plot([860, 884], [28, 28], color=NIGHT, linewidth=2.4, ls=MEAN)
        titles.text(805, 34, "best", fontsize=14, color=INK)
        titles.text(889, 34, "mean", fontsize=14, color=INK)
        dots = {"marker": "o", "linestyle": "none", "color": PENCIL, "alpha": 0.45, "markersize": 3.4}
        self.dots = self.moves(_line(self.score_axes, markeredgewidth=0, **dots))
        self.best_line = self.moves(_line(self.score_axes, color=TOMATO, linewidth=2.8, clip_on=False))
        self.mean_line = self.moves(_line(self.score_axes, color=NIGHT, linewidth=2.4, ls=MEAN))
        self.spread_line = self.moves(_line(self.spread_axes, color=BASIL, linewidth=2.8))
        self.spread_end = self.moves(
            _line(self.spread_axes, color=BASIL, marker="^", markersize=9, clip_on=False)
        )
        self.bands, self.marks = [], []
        for pen in PENS[: len(BOXES)]:
            band = PolyCollection([], facecolors=pen.colour, edgecolors=PAPER, linewidths=1.0)
            self.share_axes.add_collection(band, autolim=False)
            self.bands.append(self.moves(band))
            mark = _line(self.share_axes, color=PAPER, marker=pen.marker, markersize=7, zorder=4, mew=0)
            self.marks.append(self.moves(mark))
        self._map()
        self._shown: str | None = None

    def _chart(self, titles: Axes, place: int, title: str) -> Axes:
        top = 48 + 184 * place
        ax = self.axes(712 / 960, 1 - (top + 112) / 600, 236 / 960, 112 / 600)
        ax.set(xlim=(-0.4, LAST + 0.4), xticks=[0, 5, 10], xticklabels=[])
        ax.grid(axis="y", color=LINE, linewidth=0.8)
        ax.set_axisbelow(True)
        titles.text(676, top - 14, title, fontsize=14, fontweight="bold", color=INK)
        return ax

    def _map(self) -> None:
        ax = self.map_axes
        ax.grid(False)
        ends = MAP_HEATS[0], MAP_HEATS[-1], np.log(MAP_MINUTES[0]), np.log(MAP_MINUTES[-1])
        ax.imshow(
            true_hills(), cmap=SCORES, vmin=0, vmax=10, extent=ends, origin="lower", interpolation="bicubic"
        )
        ax.set(aspect="auto", xticks=[150, 250, 330], xticklabels=["150", "250", "330"])
        ax.set(xlim=ends[:2], ylim=ends[2:], yticks=np.log([3, 10, 30]), yticklabels=["3", "10", "30"])
        self.before = self.moves(_line(ax, marker="o", ls="none", color=PAPER, markersize=4, mew=0))
        self.now = self.moves(
            _line(ax, marker="o", ls="none", color=NIGHT, markersize=8, markeredgecolor=PAPER, mew=1.3)
        )

    def draw(self, numbers: Chronicle) -> None:
        """Show the last generations as pizzas, and all of them as lines."""
        self._furnish(numbers)
        shown = range(max(0, numbers.generation - ROWS + 1), numbers.generation + 1)
        places = self._draw_pizzas(numbers, shown)
        self._draw_lines(numbers, shown, places)
        self._draw_charts(numbers)

    def _furnish(self, numbers: Chronicle) -> None:
        """Show the charts of this kitchen."""
        if self._shown == self.kitchen.value:
            return
        self._shown = self.kitchen.value
        boxes = numbers.has_boxes
        for artist in (self.share_axes, self.share_title, *self.bands, *self.marks):
            artist.set_visible(boxes)
        for artist in (self.map_axes, self.map_title, self.before, self.now):
            artist.set_visible(not boxes)
        high = 1.0 if boxes else 0.4
        self.spread_axes.set(ylim=(0, high), yticks=[0, high / 2, high])
        self.spread_axes.set_yticklabels(["0", f"{high / 2:g}", f"{high:g}"])
        self.repaint("kitchen", boxes)

    def _draw_pizzas(self, numbers: Chronicle, shown: range) -> dict[int, tuple[float, float]]:
        """Lay out the rows; where each trial's box has its upper left corner."""
        places: dict[int, tuple[float, float]] = {}
        pitch = (RIGHT - LEFT) / len(numbers.members[0])
        for row in range(ROWS):
            members = numbers.members[shown[row]] if row < len(shown) else ()
            y = TOP + ROW * row
            self.rows[row].set_text(str(shown[row]) if members else "")
            for column, (picture, score) in enumerate(self.cells[row]):
                if column >= len(members):
                    picture.pixels = None
                    score.set_text("")
                    continue
                trial = members[column]
                x = round(LEFT + pitch * (column + 0.5) - SIDE / 2)
                places[trial.number] = x, y
                picture.x, picture.y, picture.pixels = x, y, picture_of(numbers.menu, trial)
                score.set_position((x + SIDE / 2, y + SIDE + 20))
                score.set_text(f"{_score(trial):.1f}")
        mutants = [number for number in places if self._trial(number).origin.get("mutated")]
        self.mutants.set_data(
            [places[number][0] + SIDE - 6 for number in mutants],
            [places[number][1] + 6 for number in mutants],
        )
        at = places.get(numbers.champion.number)
        corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)])
        sides = np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]) * SIDE
        outline = np.array(at) + sides + corners if at else np.empty((0, 2))
        self.frame.set_data(outline[:, 0], outline[:, 1])
        return places

    def _trial(self, number: int) -> Trial:
        trial: Trial = self.run[1][number]
        return trial

    def _draw_lines(
        self, numbers: Chronicle, shown: range, places: Mapping[int, tuple[float, float]]
    ) -> None:
        """From parents to children; a parent that is too old to be shown is a stub."""
        visible = {number: self._trial(number) for number in places}
        newest = numbers.members[-1]
        leading = forebears(newest[0], visible) if len(shown) > 1 else set()
        lines, old, best = [], [], []
        for generation in shown[1:]:
            for child in numbers.members[generation]:
                x, y = places[child.number]
                for parent in dict.fromkeys(child.origin.get("parents", ())):
                    if parent not in places:
                        old.append([(x + SIDE / 2 - 22, y - 30), (x + SIDE / 2, y - 1)])
                        continue
                    a, b = places[parent]
                    step = [(a + SIDE / 2, b + SIDE + 25), (x + SIDE / 2, y - 1)]
                    elder = y - b > ROW + 1
                    if (parent, child.number) in leading and not elder:
                        best.append(step)
                    elif elder:
                        old.append(step)
                    else:
                        lines.append(step)
        self.lines.set_segments(lines)
        self.old_lines.set_segments(old)
        self.best_lines.set_segments(best)

    def _draw_charts(self, numbers: Chronicle) -> None:
        times = np.arange(len(numbers.members))
        size = len(numbers.members[0])
        points = [[_score(trial) for trial in members] for members in numbers.members]
        self.dots.set_data(np.repeat(times, size), np.ravel(points))
        self.best_line.set_data(times, numbers.best)
        self.mean_line.set_data(times, numbers.mean)
        self.spread_line.set_data(times, numbers.spread)
        self.spread_end.set_data(times[-1:], numbers.spread[-1:])
        if numbers.has_boxes:
            tops = np.cumsum(numbers.shares, axis=1)
            edges = np.concatenate([[-0.4], np.repeat(times[1:] - 0.5, 2), [times[-1] + 0.4]])
            for band, mark, top, share in zip(self.bands, self.marks, tops.T, numbers.shares.T, strict=True):
                high, low = np.repeat(top, 2), np.repeat(top - share, 2)
                outline = np.column_stack(
                    [np.concatenate([edges, edges[::-1]]), np.concatenate([high, low[::-1]])]
                )
                band.set_verts([outline])
                room = int(share[-1] > 0.11)  # a mark in a thinner band would stick out
                mark.set_data(times[-1:][:room], [top[-1] - share[-1] / 2][:room])
        else:
            for line, members in ((self.now, numbers.members[-1]), (self.before, self._elder(numbers))):
                line.set_data(
                    [trial.params["temperature"] for trial in members],
                    [np.log(trial.params["minutes"]) for trial in members],
                )

    @staticmethod
    def _elder(numbers: Chronicle) -> tuple[Trial, ...]:
        return numbers.members[-2] if numbers.generation else ()

    # -- in words

    def read(self, numbers: Chronicle) -> str:
        """What the newest generation has, and has lost."""
        members, champion = numbers.members[-1], numbers.champion
        best, size = members[0], len(members)
        if numbers.has_boxes:
            ((box, count),) = carried(members, "box").most_common(1)
            apart = f"On average two of its pizzas differ in {numbers.spread[-1]:.0%} of their toppings"
            news = f"{box} boxes, which have no taste: {count} of {size}."
        else:
            apart = f"On average two of its pizzas lie {numbers.spread[-1]:.0%} of a dial apart"
            news = f"On the higher hill: {round(numbers.shares[-1, 1] * size)} of {size}."
        older = ""
        if _score(champion) > _score(best):
            born = next(number for number, row in enumerate(numbers.members) if champion in row)
            what = _order(numbers.menu, champion)
            older = f" Best so far {_score(champion):.2f}, in generation {born} ({what})."
        return (
            f"Generation {numbers.generation}: its best {_score(best):.2f} ({_order(numbers.menu, best)}), "
            f"mean {numbers.mean[-1]:.2f}.{older} {apart}. {news}"
        )

    def table(self, numbers: Chronicle) -> Mapping[str, Any]:
        """A row for each generation."""
        names = [f"share {box}" for box in BOXES] if numbers.has_boxes else ["share lower", "share higher"]
        return {
            "generation": np.arange(len(numbers.members)),
            "best so far": numbers.best,
            "mean": numbers.mean,
            "diversity": numbers.spread,
            **dict(zip(names, numbers.shares.T, strict=True)),
        }


def picture_of(menu: Menu, trial: Trial) -> Pixels:
    """The pizza of a trial in its box, at the nearest bake that is drawn."""
    pizza = menu.pizza(trial.params)
    done = doneness(pizza)
    dose = min(DOSES, key=lambda known: abs(math.log(known / done)))
    return boxed_pizza(pizza.toppings, dose, trial.params.get("box", ""))


def _order(menu: Menu, trial: Trial) -> str:
    """What a trial ordered, in a few words: its toppings, or the heat and the minutes."""
    if "temperature" in trial.params:
        return f"{trial.params['temperature']:.0f} °C, {trial.params['minutes']:.1f} minutes"
    *others, last = menu.pizza(trial.params).toppings
    return f"{', '.join(others)} and {last}" if others else last


def _line(ax: Axes, **look: Any) -> Line2D:
    (line,) = ax.plot([], [], **look)
    return line


def genetic(
    kitchen: str = "Three toppings",
    population: int = 8,
    tournament: int = 2,
    mutation: float = 0.05,
    elite: int = 0,
    seed: int = 1,
    generation: int = 3,
) -> GeneticExplorer:
    """Breed pizzas, and watch families, scores, diversity, and a gene without any taste.

    Parameters
    ----------
    kitchen : {"Three toppings", "Two hills"}
        Three toppings in a box whose colour no taste depends on; or heat and minutes with a lower and a
        higher hill, where the first generation comes from around the lower one.
    population, tournament, mutation, elite, seed
        Of `GeneticAlgorithm`; copies are allowed here (``repeats=True``), as in the textbooks.
    generation : int
        How far to breed at first, from 0.

    Returns
    -------
    GeneticExplorer
        To be shown in a notebook. Its numbers are in ``.data``, its sentence in ``.reading``.

    Raises
    ------
    TypeError, ValueError
        If a start lies outside its knob.

    Examples
    --------
    >>> import pizzatune as pt
    >>> explorer = pt.explore.genetic(tournament=1, mutation=0, generation=14)
    >>> explorer.data.generation, explorer.data.best.shape
    (14, (15,))
    """
    return GeneticExplorer(
        kitchen=kitchen,
        population=population,
        tournament=tournament,
        mutation=mutation,
        elite=elite,
        seed=seed,
        generation=generation,
    )
