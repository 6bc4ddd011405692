"""Pizza families: breed generation after generation, and see who descends from whom and what they lose."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from pizzatune.explore.chronicle import Chronicle, chronicle, order_of, score_of
from pizzatune.explore.explorer import Card, Explorer, Knob, Out, Pick, Steps, Switch
from pizzatune.explore.verdicts import chef_says
from pizzatune.lessons.genetic import Family, carried, generations, grandparents
from pizzatune.menus import three_toppings, two_hills
from pizzatune.menus.menu import Menu
from pizzatune.menus.taste import doneness
from pizzatune.menus.tricky import BOXES, boxed
from pizzatune.parameters import FloatArray
from pizzatune.pictures.families import Member, Tray, rows_of_pizzas
from pizzatune.pictures.marks import (
    Axes,
    Band,
    Dots,
    Key,
    Land,
    Layers,
    Line,
    Mark,
    Panel,
    Scale,
    Text,
)
from pizzatune.pictures.pizza import pizza_symbol
from pizzatune.trial import Trial
from pizzatune.words import listed, points, spoken

KITCHENS = ("Three toppings", "Two hills")
LAST = 14  # number of the last generation
MOST = 9  # pizzas in a generation: more would be too small to tell their toppings apart
TRAY = Tray()
HURRY = 0.5  # seconds from step to step in which rows do not slide
LEFT, WIDE = 532.0, 120.0  # of the charts
TIMES = tuple((float(time), f"{time}") for time in (0, 5, 10))
HEATS, MINUTES = np.linspace(130.0, 350.0, 34), np.geomspace(2.0, 40.0, 26)


@lru_cache(maxsize=1)
def true_hills() -> FloatArray:
    """How `two_hills` scores at `HEATS` and `MINUTES`, shape (26, 34)."""
    taste = two_hills().taste
    return np.array([[taste({"temperature": heat, "minutes": time}) for heat in HEATS] for time in MINUTES])


class GeneticExplorer(Explorer):
    """Breed pizzas: generations as rows of pizzas, lines to their parents, and what changes over time."""

    title = "Pizza families"
    size = (660.0, 468.0)
    generation = Steps(0, LAST, help="Breed on, or look back", seconds=0.9)
    mutation = Knob(
        0.0, 1.0, value=0.1, step=0.05, reruns=True, marks={0.0: "never", 1.0: "always"},
        help="How probably each gene of a child changes",
    )  # fmt: skip
    tournament = Knob(
        1, 10, value=2, reruns=True, marks={1: "anybody breeds", 10: "only the best"},
        help="Each parent is the best of so many drawn at random; 1: no selection",
    )  # fmt: skip
    boxes = Switch(
        label="Put them in coloured boxes", help="The colour of the box is a gene, too; it has no taste"
    )
    kitchen = Pick(KITCHENS, reruns=True, more=True, help="Three toppings, or heat and time with two hills")
    population = Knob(4, MOST, value=8, reruns=True, more=True, help="Pizzas in each generation")
    elite = Knob(
        0, 4, value=0, reruns=True, more=True, help="How many of the best ever stay among the parents"
    )
    seed = Knob(0, 99, value=9, reruns=True, more=True, help="Another seed, another family")

    _told: tuple[object, Chronicle] | None = None  # what was bred last, in numbers
    _first = 0  # the generation of the row on top
    _moved = 0.0  # when that changed last
    _members: dict[tuple[int, bool], Member]  # its pizzas as they are drawn, by number and whether in boxes

    # -- numbers

    def rerun(self) -> Iterator[tuple[Menu, Family]]:
        """Breed with the strategy itself, first up to the generation that is shown."""
        self._members = {}
        size, seed = self.population.value, self.seed.value
        hills = self.kitchen.value == "Two hills"
        self.boxes.enabled = not hills
        menu = two_hills() if hills else boxed(three_toppings())
        settings = {name: self.controls[name].value for name in ("tournament", "mutation", "elite")}
        founders = grandparents(seed, size) if hills else ()
        bred = generations(menu, LAST + 1, founders=founders, seed=seed, population=size, **settings)
        for number, family in enumerate(bred):
            if number >= self.generation.value:
                yield menu, family

    def model(self) -> Chronicle:
        """The family up to the generation that is shown."""
        if self._told is None or self._told[0] is not self.run:
            menu, family = self.run
            self._told = self.run, chronicle(menu, family, self.population.value)
        return self._told[1].until(self.generation.value)

    def forget(self) -> None:
        """Throw away the family."""
        self._told, self._members = None, {}

    # -- the picture

    def picture(self, numbers: Chronicle) -> Layers:
        """Rows of pizzas on the left, charts on the right, and what the marks mean below."""
        members = [tuple(map(self._member, row)) for row in numbers.members[-TRAY.rows :]]
        before, self._first = self._first, len(numbers.members) - len(members)
        up, rested = self._first - before, time.monotonic() - self._moved > HURRY
        self._moved = time.monotonic() if up else self._moved
        layers = rows_of_pizzas(
            TRAY,
            members,
            first=self._first,
            best=numbers.champion.number,
            up=up if abs(up) == 1 and rested else 0,  # after a leap, or in a hurry, nobody could follow
        )
        scores, spread, third = _panels(numbers.has_boxes, self.boxes.value)
        panels = [panel for panel in (scores, spread, third) if panel is not None]
        words: list[Mark] = [Text(None, 8, 18, "Generation, best pizza first", "quiet"), self._key()]
        frame: list[Mark] = [*map(Axes, panels)]
        if third is not None and not numbers.has_boxes:
            frame.insert(0, Land(third, true_hills()))
        charts = _charts(numbers, scores, spread)
        if third is not None:
            charts += _shares(numbers, third) if numbers.has_boxes else self._hills(numbers, third)
        return {"frame": frame, "words": words, **layers, "charts": charts}

    def _member(self, trial: Trial) -> Member:
        """A pizza as it is drawn, made once for each run."""
        of = trial.number, self.boxes.value and "box" in trial.params
        if of not in self._members:
            self._members[of] = _drawn(self.run[0], trial, of[1])
        return self._members[of]

    def _key(self) -> Key:
        entries = [("family of the newest best", "line", "lead"), ("best so far", "dot", "ring")]
        entries += [("mutated", "dot", "mutated")] if self.mutation.value else []
        entries += [("from the elite", "line", "elite")] if self.elite.value else []
        return Key(20, 460, entries, 640)

    def _hills(self, numbers: Chronicle, panel: Panel) -> list[Mark]:
        before = numbers.members[-2] if numbers.generation else ()
        marks: list[Mark] = []
        for members, style in ((before, "parents"), (numbers.members[-1], "seen")):
            heats = [trial.params["temperature"] for trial in members]
            times = [trial.params["minutes"] for trial in members]
            tips = [self._member(trial).tip for trial in members]
            ids = [str(trial.number) for trial in members]
            marks.append(Dots(panel, heats, times, style, tips=tips, ids=ids))
        return marks

    # -- in words

    def read(self, numbers: Chronicle) -> str:
        """What the newest generation has, and what it has lost."""
        best, champion = numbers.members[-1][0], numbers.champion
        said = (
            f"Generation {numbers.generation}: its best {score_of(best):.2f} "
            f"({order_of(numbers.menu, best)}), mean {numbers.mean[-1]:.2f}."
        )
        if not numbers.generation:
            return f"{said}\n{self._rules()}\n{self._news(numbers)}"
        if champion is best:
            so_far = "It is the best so far."
        elif score_of(champion) == score_of(best):
            so_far = f"It is as good as the best so far, which is of generation {numbers.born}."
        else:
            so_far = (
                f"Best so far {score_of(champion):.2f}, in generation {numbers.born} "
                f"({order_of(numbers.menu, champion)})."
            )
        return f"{said}\n{so_far}\n{self._news(numbers)}"

    def _rules(self) -> str:
        """How children will come about."""
        drawn = self.tournament.value
        parent = {1: "anyone", 2: "the better of two"}.get(drawn, f"the best of {drawn}")
        elite = f"; the best {self.elite.value} ever stay" if self.elite.value else ""
        return (
            f"Press Play. A parent is {parent} drawn at random; "
            f"a gene mutates {self.mutation.value:.0%} of the time{elite}."
        )

    def _news(self, numbers: Chronicle) -> str:
        members, spread = numbers.members[-1], numbers.spread
        at_first = f" ({spread[0]:.0%} at first)" if numbers.generation else ""
        if not numbers.has_boxes:
            higher = round(numbers.shares[-1, 1] * len(members))
            return (
                f"On average two lie {spread[-1]:.0%} of a dial apart{at_first}. "
                f"On the higher hill: {higher} of {len(members)}."
            )
        if not self.boxes.value:
            return f"On average two of them differ in {spread[-1]:.0%} of their toppings{at_first}."
        ((box, carriers),) = carried(members, "box").most_common(1)
        chance = "Common or rare, that is chance." if carriers < len(members) else "That was chance."
        return f"{box} boxes, which have no taste: {carriers} of {len(members)}. {chance}"

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

    def card(self, numbers: Chronicle) -> Card:
        """The best of the newest generation, beside the best so far."""
        last, best = (_served(numbers.menu, one) for one in (numbers.members[-1][0], numbers.champion))
        return Card(last, best, heading=f"Generation {numbers.generation}")


def _served(menu: Menu, trial: Trial) -> Out:
    pizza = menu.pizza(trial.params)
    words = chef_says(trial.score, doneness(pizza), pizza.toppings)
    return Out(pizza_symbol(pizza, "tiny"), f"{points(score_of(trial))} points", words)


def _drawn(menu: Menu, trial: Trial, in_box: bool) -> Member:
    """A pizza of the family, in its box or without."""
    parents = tuple(trial.origin.get("parents", ()))
    new = [gene for gene in trial.origin.get("mutated", ()) if gene != "box" or in_box]
    symbol = pizza_symbol(
        menu.pizza(trial.params), "tiny", box=BOXES.index(trial.params["box"]) if in_box else None
    )
    tip = f"pizza {trial.number}: {order_of(menu, trial)}; {points(score_of(trial), 2)}"
    if parents:
        from_whom = listed([str(parent) for parent in dict.fromkeys(parents)])
        named = [spoken(gene) for gene in new]
        tip += f"\nchild of {from_whom}" + (f"; {listed(named)} mutated" if named else "")
    return Member(trial.number, symbol, score_of(trial), tip, parents, bool(new))


# -- charts --------------------------------------------------------------------------------------------------


def _panels(toppings: bool, boxes: bool) -> tuple[Panel, Panel, Panel | None]:
    """Where scores, diversity, and the third chart lie, if there is one."""
    time, last = Scale(-0.5, LAST + 0.5, "", TIMES), Scale(-0.5, LAST + 0.5, "generation", TIMES)
    high = 1.0 if toppings else 0.4
    points_axis = Scale(2.0, 10.0, "", tuple((float(p), f"{p}") for p in (2, 4, 6, 8, 10)))
    spread_axis = Scale(0.0, high, "", tuple((share, f"{share:.0%}") for share in (0.0, high / 2, high)))
    if toppings and not boxes:
        scores = Panel(LEFT, 40, WIDE, 168, time, points_axis, "Points", "y")
        return scores, Panel(LEFT, 272, WIDE, 128, last, spread_axis, "Diversity", "y"), None
    scores = Panel(LEFT, 40, WIDE, 96, time, points_axis, "Points", "y")
    spread = Panel(LEFT, 186, WIDE, 84, time if toppings else last, spread_axis, "Diversity", "y")
    if toppings:
        share = Scale(0.0, 1.0, "", ((0.0, "0"), (1.0, "all")))
        return scores, spread, Panel(LEFT, 320, WIDE, 84, last, share, "Boxes")
    heat = Scale(HEATS[0], HEATS[-1], "", tuple((float(h), f"{h}") for h in (150, 240, 330)))
    minutes = Scale(MINUTES[0], MINUTES[-1], "", tuple((float(m), f"{m}") for m in (3, 10, 30)), log=True)
    return scores, spread, Panel(LEFT, 338, WIDE, 84, heat, minutes, "Minutes, °C")


def _charts(numbers: Chronicle, scores: Panel, spread: Panel) -> list[Mark]:
    """What became of scores and of diversity; each line is named where it ends."""
    time = np.arange(len(numbers.members), dtype=float)
    low = np.maximum(numbers.worst, scores.y.low)
    tops = [max(map(score_of, members)) for members in numbers.members]
    marks: list[Mark] = [
        Band(scores, time, low, tops, "quiet", tip="from the worst to the best of each generation"),
        Line(scores, time, numbers.mean, "mean", tip="the mean of each generation"),
        Line(scores, time, numbers.best, "best", steps=True, tip="the best so far"),
        Line(spread, time, numbers.spread, "hope", tip="in how much two of them differ on average"),
        Dots(scores, time[-1:], numbers.best[-1:], "pen0"),
        Dots(scores, time[-1:], numbers.mean[-1:], "pen1"),
        Dots(spread, time[-1:], numbers.spread[-1:], "pen2"),
    ]
    x, best, mean = (
        float(place)
        for place in (scores.across(time[-1]), scores.down(numbers.best[-1]), scores.down(numbers.mean[-1]))
    )
    if x < scores.right - 46:  # beside their ends while there is room, then above and below them
        best = min(best, mean - 15)
        named = [Text(None, x + 10, y + 4.5, words) for y, words in ((best, "best"), (mean, "mean"))]
    else:
        places = ((best - 9, "best"), (mean + 20, "mean"))
        named = [Text(None, scores.right, y, words, anchor="end") for y, words in places]
    return marks + named


def _shares(numbers: Chronicle, panel: Panel) -> list[Mark]:
    """The share of each box in each generation, one on top of the other."""
    edges = np.arange(len(numbers.members) + 1) - 0.5
    time = np.repeat(edges, 2)[1:-1]
    marks: list[Mark] = []
    for number, box in enumerate(BOXES):
        low, high = (np.repeat(numbers.shares[:, :end].sum(axis=1), 2) for end in (number, number + 1))
        tip = f"{box} boxes: {numbers.shares[-1, number]:.0%} now, {numbers.shares[0, number]:.0%} at first"
        marks.append(Band(panel, time, low, high, f"box{number}", tip=tip))
    return marks


def genetic(
    kitchen: str = "Three toppings",
    population: int = 8,
    tournament: int = 2,
    mutation: float = 0.1,
    elite: int = 0,
    seed: int = 9,
    generation: int = 0,
    boxes: bool = False,
) -> GeneticExplorer:
    """Breed pizzas, and watch families, scores, diversity, and a gene without any taste.

    Parameters
    ----------
    kitchen : {"Three toppings", "Two hills"}
        Three toppings, in a box whose colour no taste depends on; or heat and minutes with a lower and a
        higher hill, where the first generation comes from around the lower one.
    population, tournament, mutation, elite, seed
        Of `GeneticAlgorithm`; copies are allowed here (``repeats=True``), as in the textbooks.
    generation : int
        How far to breed at first, from 0 to 14.
    boxes : bool
        Whether the boxes are shown.

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
        boxes=boxes,
    )
