"""The picture of `ridge()`: two maps of one kitchen, uncovered bake by bake, and who missed what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pizzatune.lessons.dials import Walk
from pizzatune.menus.menu import Menu
from pizzatune.menus.tricky import ridge
from pizzatune.parameters import FloatArray
from pizzatune.pictures import ground
from pizzatune.pictures.best_so_far import Climb, staircase
from pizzatune.pictures.ground import Truth
from pizzatune.pictures.marks import (
    Axes,
    Bars,
    Dots,
    Image,
    Layers,
    Line,
    Mark,
    Panel,
    Rule,
    Scale,
    Target,
    Text,
)
from pizzatune.pictures.palette import score_colour
from pizzatune.pictures.pizza import pizza_symbol
from pizzatune.space import Params
from pizzatune.trial import Trial, best_so_far, best_trial, scores_of
from pizzatune.words import count, points

SPACE = ridge().space
HEATS, TIMES = (tuple(SPACE[name].values()) for name in SPACE.names)
MAPS = tuple(
    ground.map_panel(SPACE["temperature"], SPACE["minutes"], left, 66, 316, 204) for left in (2, 342)
)
DARK, BRIGHT = score_colour(0.0), score_colour(1.0)  # the same by day and by night
LIMITS = (0.0, 10.0)
PIZZA, GLOW = 18.0, 12.0  # px: a pizza, and the radius of what is uncovered around it
LOW = 346.0  # px down to what stands below the maps
MISSED = Scale(0, 5, "", ((0, "0"), (2, "2"), (4, "4")))


@dataclass(frozen=True)
class Ridge:
    """One kitchen, and two searches in it as they stand.

    Attributes
    ----------
    menu, truth : Menu, Truth
        The kitchen and its whole map.
    names : tuple of str
        What the two searches are called.
    baked : tuple of tuple of Trial
        What each baked so far.
    walk : Walk
        All that one dial at a time bakes.
    start, budget : int
        The minutes that its first sweep holds, and how many pizzas each may bake.
    over : bool
        Whether all is baked, and the map uncovered.
    misses : ndarray, shape (16,)
        By how many points one dial at a time misses the best from each start.
    at_random : float
        By how many as many random pizzas miss it, on average.
    aim : dict or None
        Where you would bake next, if it is you who turns both dials.
    """

    menu: Menu
    truth: Truth
    names: tuple[str, str]
    baked: tuple[tuple[Trial, ...], tuple[Trial, ...]]
    walk: Walk
    start: int
    budget: int
    over: bool
    misses: FloatArray
    at_random: float
    aim: Params | None = None

    @property
    def best(self) -> tuple[Trial | None, Trial | None]:
        """The best pizza of each."""
        return best_trial(self.baked[0]), best_trial(self.baked[1])

    @property
    def missed(self) -> tuple[float, ...]:
        """By how many points each misses the best pizza of the kitchen so far: its regret."""
        return tuple(float(self.truth.score.max()) - (one.score or 0.0 if one else 0.0) for one in self.best)

    @property
    def other(self) -> str:
        """What the second search is called inside a sentence."""
        return self.names[1].replace("Random", "random").replace("You", "you")

    @property
    def stuck(self) -> bool:
        """Whether one dial at a time stopped before its pizzas were used up."""
        baked = len(self.baked[0])
        return self.walk.stands and baked == len(self.walk.places) < self.budget

    @property
    def held(self) -> tuple[str, float]:
        """Which dial the sweep at hand holds, and where."""
        number = max(len(self.baked[0]) - 1, 0)
        held = ("minutes", "temperature")[self.walk.sweep[number] % 2]
        place = self.walk.places[number]
        return held, float(TIMES[place[1]] if held == "minutes" else HEATS[place[0]])


def place_text(params: Params) -> str:
    """Both dials of a pizza in words."""
    return f"{params['temperature']:.0f} °C, {params['minutes']} min"


def held_text(dial: str, at: float) -> str:
    """Where a dial is held, in words."""
    return f"{at:.0f} {'min' if dial == 'minutes' else '°C'}"


def picture(numbers: Ridge) -> Layers:
    """Both maps, the climbs of both searches, and what was missed from every start."""
    layers: Layers = {
        "axes": [Axes(panel) for panel in MAPS],
        "ground": _ground(numbers),
        "hands": _hands(numbers),
    }
    layers["held"] = _held(numbers)
    for who, panel in enumerate(MAPS):
        layers[f"head {who}"] = _head(numbers, who)
        layers[f"baked {who}"] = _baked(panel, numbers, who)
    if numbers.over:
        layers["star"] = [mark for panel in MAPS for mark in _star(panel, numbers)]
    return layers | {"climbs": _climbs(numbers), "starts": _starts(numbers)}


def _ground(numbers: Ridge) -> list[Mark]:
    if numbers.over:
        return [mark for panel in MAPS for mark in ground.land(panel, numbers.truth, LIMITS)]
    whole = [([one.x.low], [one.x.high], [one.y.low], [one.y.high]) for one in MAPS]
    return [Bars(panel, *box, "panel", colours=[DARK]) for panel, box in zip(MAPS, whole, strict=True)]


def _hands(numbers: Ridge) -> list[Mark]:
    tip = "drag up or down: the minutes that the first sweep holds"
    marks: list[Mark] = [Target(MAPS[0], "start", drag=True, tip="" if numbers.baked[0] else tip)]
    if numbers.aim is not None:
        marks.append(Target(MAPS[1], "bake", keys=("temperature", "minutes", "put_in")))
    return marks


def _head(numbers: Ridge, who: int) -> list[Mark]:
    """Who searches, its best so far, and what it is at."""
    panel, best = MAPS[who], numbers.best[who]
    told = "" if best is None else f"best {points(best.score or 0.0)}"
    if numbers.over:
        told = f"missed {points(numbers.missed[who])}"
    return [
        Dots(None, [panel.left + 7], [15], f"pen{who}", sizes=[7.0]),
        Text(None, panel.left + 22, 21, numbers.names[who], "big"),
        Text(
            None,
            panel.right,
            20,
            told,
            "title",
            "end",
            tip="missed: points below the best of the map, the regret",
        ),
        Text(None, panel.right, 57, (_sweep_text(numbers), _both_text(numbers))[who], "quiet", "end"),
    ]


def _sweep_text(numbers: Ridge) -> str:
    baked, (dial, at) = len(numbers.baked[0]), numbers.held
    if numbers.stuck:
        return f"stands still after {baked} pizzas"
    return f"sweep {numbers.walk.sweep[max(baked - 1, 0)] + 1}: {held_text(dial, at)} held"


def _both_text(numbers: Ridge) -> str:
    return f"{len(numbers.baked[1])} of {count(numbers.budget, 'pizza')}"


def _held(numbers: Ridge) -> list[Mark]:
    """A line across the left map where the dial is held that this sweep does not turn; your crosshair."""
    panel, (dial, at) = MAPS[0], numbers.held
    marks: list[Mark] = [] if numbers.over else [_thread(panel, dial, at)]
    if not numbers.baked[0]:
        middle = (panel.left + panel.right) / 2
        up = float(panel.down(at))
        off = 40 if up < panel.top + 70 else -34
        grip = "drag it: the minutes that the first sweep holds"
        marks.append(Dots(panel, [panel.x.high], [at], "grip", [grip], ["start"], drag=True))
        marks.append(Text(None, middle, up + off, "Nothing is baked yet.", "big", "middle", colour=BRIGHT))
        words = f"First sweep: every temperature, {held_text(dial, at)}"
        marks.append(Text(None, middle, up + off + 20, words, "", "middle", colour=BRIGHT))
        words, middle = "Both dials at once", float(MAPS[1].across(245))
        if numbers.aim is not None:  # off the crosshair
            words, up = "Where would you bake?", MAPS[1].top + 34 - off
        marks.append(Text(None, middle, up + off, words, "big", "middle", colour=BRIGHT))
    if numbers.aim is not None and not numbers.over:
        aim = numbers.aim
        marks += [_thread(MAPS[1], name, float(aim[name])) for name in SPACE.names]
        tip = f"your crosshair: {place_text(aim)}\nclick or press Enter to bake"
        marks.append(Dots(MAPS[1], [aim["temperature"]], [aim["minutes"]], "aim", [tip], ["bake"], [BRIGHT]))
    return marks


def _thread(panel: Panel, dial: str, at: float) -> Mark:
    if dial == "minutes":
        y = float(panel.down(at))
        return Bars(None, [panel.left], [panel.right], [y - 0.7], [y + 0.7], "quiet", colours=[BRIGHT])
    x = float(panel.across(at))
    return Bars(None, [x - 0.7], [x + 0.7], [panel.floor], [panel.top], "quiet", colours=[BRIGHT])


def _baked(panel: Panel, numbers: Ridge, who: int) -> list[Mark]:
    """Every pizza as it looks, on a glow in the colour of its score; the last one larger."""
    trials, best = numbers.baked[who], numbers.best[who]
    if not trials:
        return []
    x, y = ([float(trial.params[name]) for trial in trials] for name in SPACE.names)
    colours, tips = ground.colours_of(scores_of(trials), LIMITS), tips_of(numbers, who)
    marks: list[Mark] = [] if who else _sweeps(panel, numbers)
    marks.append(Dots(panel, x, y, "glow", colours=colours, sizes=[GLOW] * len(x)))
    for spot, trial in enumerate(trials):
        if trial is best:
            marks.append(Dots(panel, [x[spot]], [y[spot]], "glow", colours=[BRIGHT], sizes=[GLOW + 3]))
            marks.append(Dots(panel, [x[spot]], [y[spot]], "glow", colours=[colours[spot]], sizes=[GLOW]))
        last = spot == len(trials) - 1 and not numbers.over
        symbol = pizza_symbol(numbers.menu.pizza(trial.params), "tiny")
        marks.append(Image(panel, x[spot], y[spot], PIZZA * (1.6 if last else 1), symbol, tips[spot]))
    return marks


def tips_of(numbers: Ridge, who: int) -> tuple[str, ...]:
    """What the marks of a search's pizzas say: which sweep on the left, the rule it followed on the right."""
    return tuple(
        f"pizza {trial.number + 1}, {place_text(trial.params)}: {points(trial.score or 0.0)} points"
        f"\n{trial.why.split(': ')[-who]}"
        for trial in numbers.baked[who]
    )


def _sweeps(panel: Panel, numbers: Ridge) -> list[Mark]:
    """A line along each sweep."""
    places = numbers.walk.places[: len(numbers.baked[0])]
    sweeps = numbers.walk.sweep[: len(places)]
    marks: list[Mark] = []
    for number in np.unique(sweeps).tolist():
        ends = places[sweeps == number]
        ends = ends[np.argsort(ends[:, number % 2])][[0, -1]]
        x, y = [HEATS[place] for place in ends[:, 0]], [TIMES[place] for place in ends[:, 1]]
        marks.append(Line(panel, x, y, "lead"))
    return marks


def _star(panel: Panel, numbers: Ridge) -> list[Mark]:
    assert numbers.truth.top is not None
    heat, minutes, score = numbers.truth.top
    tip = f"the best of the map: {heat:.0f} °C, {minutes:.0f} min: {points(score)} points"
    return [Dots(panel, [heat], [minutes], "truth", [tip], sizes=[11.0])]


# -- below the maps ------------------------------------------------------------------------------------------


def _climbs(numbers: Ridge) -> list[Mark]:
    """The best so far of both, pizza by pizza."""
    panel, budget = MAPS[0], numbers.budget
    ticks = tuple((float(tick), f"{tick}") for tick in (1, *range(10, budget + 1, 10)))
    upright = Scale(0, 10.5, "", ((0, "0"), (5, "5"), (10, "10")))
    across = Scale(0.5, budget + 0.5, "pizza", ticks)
    below = Panel(panel.left, LOW, panel.width, 56, across, upright, "Best so far (points)", "y")
    marks: list[Mark] = [Axes(below)]
    if numbers.over:
        best = float(numbers.truth.score.max())
        marks.append(Rule(below, best, "truth", along="x", tip=f"the best of the map: {points(best)} points"))
    for who, trials in reversed(list(enumerate(numbers.baked))):
        if trials:
            climb = Climb(best_so_far(trials), scores_of(trials), tips_of(numbers, who))
            marks += staircase(below, climb, who, alone=False, name=numbers.names[who])
    return marks


def _starts(numbers: Ridge) -> list[Mark]:
    """Was it bad luck? What one dial at a time misses from each start, beside random search on average."""
    panel = MAPS[1]
    ticks = tuple((float(tick), f"{tick}") for tick in range(3, 19, 3))
    across = Scale(TIMES[0] - 0.5, TIMES[-1] + 0.5, "minutes that the first sweep holds", ticks)
    below = Panel(panel.left, LOW, panel.width, 56, across, MISSED, "Points missed, from every start", "y")
    marks: list[Mark] = [Axes(below)]
    if not numbers.over:
        words = "Only a bad start? The end will tell."
        return [*marks, Text(None, (below.left + below.right) / 2, LOW + 33, words, "halo", "middle")]
    minutes = np.array(TIMES, dtype=float)
    tips = [
        f"from {time} min: {points(miss)} points missed"
        for time, miss in zip(TIMES, numbers.misses, strict=True)
    ]
    tall = np.clip(numbers.misses, 0.08, MISSED.high)
    styles = ["pen0" if time == numbers.start else "quiet" for time in TIMES]
    marks.append(
        Bars(below, minutes - 0.38, minutes + 0.38, np.zeros(len(tall)), tall, styles=styles, tips=tips)
    )
    tip = f"as many random pizzas: {points(numbers.at_random)} points missed, on average over all draws"
    return [*marks, Rule(below, numbers.at_random, "pen1", along="x", tip=tip)]


def trials_of(walk: Walk, scores: FloatArray) -> tuple[Trial, ...]:
    """What one dial at a time bakes, as trials."""
    found: list[Trial] = []
    for place, sweep in zip(walk.places.tolist(), walk.sweep.tolist(), strict=True):
        heat, minutes = float(HEATS[place[0]]), int(TIMES[place[1]])
        turned = f"minutes turned, {heat:.0f} °C" if sweep % 2 else f"temperature turned, {minutes} min"
        why = f"sweep {sweep + 1}: {turned} held"
        params = {"temperature": heat, "minutes": minutes}
        found.append(Trial(len(found), params, float(scores[place[1], place[0]]), why=why))
    return tuple(found)
