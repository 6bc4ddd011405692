"""You against a strategy in one oven: a dark map, uncovered in the end, two paths, and who came nearer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pizzatune.menus.article import two_dials
from pizzatune.menus.menu import Menu
from pizzatune.menus.secret import uphill
from pizzatune.pictures import ground
from pizzatune.pictures.best_so_far import Climb, staircase
from pizzatune.pictures.callouts import beside
from pizzatune.pictures.ground import Truth
from pizzatune.pictures.marks import Axes, Bars, Dots, Layers, Line, Mark, Panel, Rule, Scale, Target, Text
from pizzatune.pictures.palette import score_colour, text_on
from pizzatune.space import Params
from pizzatune.trial import Trial, best_so_far, best_trial, scores_of
from pizzatune.words import points

SPACE = two_dials()
MAP = ground.map_panel(SPACE["temperature"], SPACE["minutes"], 6, 62, 414, 318)
LEFT, WIDE = 462.0, 192.0  # of what stands beside the map
DARK, BRIGHT = score_colour(0.0), score_colour(1.0)  # the same by day and by night, as all colours of scores
LIMITS = (0.0, 10.0)
FEW = 10  # pizzas whose lids have room for a question mark
MISSED = Scale(0.0, 5.0, ticks=())  # points; who missed by more has a full bar
STYLES = "mine", "theirs"


@dataclass(frozen=True)
class Duel:
    """A duel as it stands.

    Attributes
    ----------
    menu : Menu
        The secret oven.
    rival : str
        What the strategy is called.
    pizzas : int
        How many each of the two may bake.
    aim : dict
        Where you would bake next.
    mine, theirs : tuple of Trial
        What was baked so far, by you and by the strategy.
    truth : Truth or None
        The map below, once it is uncovered.
    top : Trial or None
        The best pizza that the oven can bake, then.
    peek : bool
        Whether the best score of the strategy is shown before that.
    tally : tuple of int
        How many duels each of the two has won.
    """

    menu: Menu
    rival: str
    pizzas: int
    aim: Params
    mine: tuple[Trial, ...]
    theirs: tuple[Trial, ...]
    truth: Truth | None = None
    top: Trial | None = None
    peek: bool = False
    tally: tuple[int, int] = (0, 0)

    @cached_property
    def best(self) -> tuple[Trial | None, Trial | None]:
        """The best pizza of each."""
        return best_trial(self.mine), best_trial(self.theirs)

    @property
    def missed(self) -> tuple[float, float] | None:
        """By how many points each missed the best pizza: their regret, once the oven is uncovered."""
        if self.top is None:
            return None
        mine, theirs = ((self.top.score or 0.0) - (one.score or 0.0) if one else 0.0 for one in self.best)
        return max(mine, 0.0), max(theirs, 0.0)


def uncovered(menu: Menu) -> tuple[Truth, Trial]:
    """The whole map of an oven, and the best pizza that it can bake.

    Examples
    --------
    >>> from pizzatune.menus.secret import secret_oven
    >>> top = uncovered(secret_oven(1))[1]
    >>> where(top.params), round(top.score, 2)
    ('254 °C, 15.8 min', 8.33)
    """
    truth = ground.survey(menu, "temperature", "minutes", {})
    assert truth.top is not None  # nothing is ruled out
    params, score = uphill(menu.taste, dict(zip(SPACE.names, truth.top[:2], strict=True)))
    return truth, Trial(0, params, score, why="the best that this oven can bake")


def where(params: Params) -> str:
    """The two dials of a pizza in words.

    Examples
    --------
    >>> where({"temperature": 225.0, "minutes": 9.51})
    '225 °C, 9.5 min'
    """
    return f"{params['temperature']:.0f} °C, {params['minutes']:.1f} min"


def duel_layers(duel: Duel) -> Layers:
    """The marks of a duel: the map on the left, both climbs on the right, and below these who missed what."""
    layers: Layers = {"axes": [Axes(MAP)], "ground": _ground(duel), "hands": [_hands()]}
    if duel.truth is None:
        layers["aim"] = _aim(duel) if len(duel.mine) < duel.pizzas else []
        layers["mine"] = [*_path(duel, 0), *_scores(duel)]
    else:
        layers["star"] = _star(duel)
        layers |= {"theirs": _path(duel, 1), "mine": _path(duel, 0), "bests": _bests(duel)}
        layers["curtain"] = [Bars(MAP, *_whole(MAP), "curtain", colours=[DARK])]
    return layers | {"climbs": _climbs(duel), "said": _said(duel)}


def _whole(panel: Panel) -> tuple[list[float], list[float], list[float], list[float]]:
    return [panel.x.low], [panel.x.high], [panel.y.low], [panel.y.high]


# -- the map -------------------------------------------------------------------------------------------------


def _ground(duel: Duel) -> list[Mark]:
    """The truth, or the dark that lies on it."""
    head: list[Mark] = [Text(None, MAP.left, 24, f"{duel.menu.name}: {_dish(duel)}", "big")]
    if duel.truth is not None:
        return [*head, *ground.land(MAP, duel.truth, LIMITS)]
    return [*head, Bars(MAP, *_whole(MAP), "panel", colours=[DARK])]


def _dish(duel: Duel) -> str:
    return f"{duel.menu.pizza(duel.aim).toppings[0].lower()} pizza"


def _hands() -> Mark:
    return Target(MAP, "map", keys=("temperature", "minutes", "put_in"))


def _aim(duel: Duel) -> list[Mark]:
    """A crosshair where the dials stand; before the first pizza with a word of what to do."""
    heat, minutes = duel.aim["temperature"], duel.aim["minutes"]
    x, y = float(MAP.across(heat)), float(MAP.down(minutes))
    lines = Bars(
        None,
        [MAP.left, x - 0.6],
        [MAP.right, x + 0.6],
        [y - 0.6, MAP.top],
        [y + 0.6, MAP.floor],
        "quiet",
        colours=[BRIGHT] * 2,
    )
    tip = f"your crosshair: {where(duel.aim)}\nclick or press Enter to bake"
    marks: list[Mark] = [lines, Dots(MAP, [heat], [minutes], "aim", [tip], ["map"], [BRIGHT])]
    if not duel.mine:
        middle, down = (MAP.left + MAP.right) / 2, MAP.top + 62
        off = [middle - 142], [middle + 142], [down - 24], [down + 36]
        marks += [
            Bars(None, *off, "panel", colours=[DARK]),  # no line runs through the words
            Text(None, middle, down, "Nobody knows this oven yet.", "big", "middle", colour=BRIGHT),
            Text(None, middle, down + 24, "Where would you bake?", "", "middle", colour=BRIGHT),
        ]
    return marks


def _places(trials: Sequence[Trial]) -> tuple[list[float], list[float]]:
    return [t.params["temperature"] for t in trials], [t.params["minutes"] for t in trials]


def _path(duel: Duel, who: int) -> list[Mark]:
    """The pizzas of one in the colours of their scores, numbered, with a line from each to the next."""
    trials, style = (duel.mine, duel.theirs)[who], STYLES[who]
    x, y = _places(trials)
    marks: list[Mark] = [Line(MAP, x, y, "casing"), Line(MAP, x, y, f"pen{who}")] if len(trials) > 1 else []
    colours = ground.colours_of(scores_of(trials), LIMITS)
    tips = tips_of(duel, who)
    for place, colour in enumerate(colours):  # one by one: a later pizza covers the number of one below it
        spot = [x[place]], [y[place]]
        number, down = str(place + 1), float(MAP.down(y[place])) + 4.5
        marks += [
            Dots(MAP, *spot, "halo", sizes=[13.5]),
            Dots(MAP, *spot, style, [tips[place]], ["map"], [colour]),
            Text(None, float(MAP.across(x[place])), down, number, "bold", "middle", colour=text_on(colour)),
        ]
    return marks


def tips_of(duel: Duel, who: int) -> list[str]:
    """What the marks of one's pizzas say."""
    whose = "yours", duel.rival
    return [
        f"{whose[who]}, pizza {trial.number + 1}: {points(trial.score or 0.0)} points\n{where(trial.params)}"
        + (f"\n{trial.why}" if who else "")
        for trial in (duel.mine, duel.theirs)[who]
    ]


def _scores(duel: Duel) -> list[Mark]:
    """The score of each of your pizzas beside it."""
    words = [points(one.score or 0.0) for one in duel.mine]
    return _called(duel.mine, range(len(words)), words, "bold", BRIGHT)  # on the dark, no halo is needed


def _bests(duel: Duel) -> list[Mark]:
    """The best there is, and the best pizza of each by name."""
    names = "★ best", short(duel), "you"
    every = zip(names, (duel.top, *duel.best[::-1]), strict=True)
    named = [(name, trial) for name, trial in every if trial is not None]
    words = [f"{name} {points(trial.score or 0.0)}" for name, trial in named]
    spots = [*(trial for _, trial in named), *duel.mine, *duel.theirs]
    return _called(spots, range(len(named)), words)


def _called(
    trials: Sequence[Trial], wanted: Sequence[int], words: list[str], style: str = "halo", colour: str = ""
) -> list[Mark]:
    x, y = _places(trials)
    spots = np.column_stack([MAP.across(x), MAP.down(y)])
    free = beside(MAP, spots, list(wanted), [ground.LETTER * len(one) for one in words])
    return [
        Text(None, float(at[0]), float(at[1]) + 4.5, one, style, "middle", colour=colour)
        for at, one in zip(free, words, strict=True)
    ]


def _star(duel: Duel) -> list[Mark]:
    """The best that the oven can bake."""
    assert duel.top is not None
    x, y = _places([duel.top])
    tip = f"the best this oven can bake: {where(duel.top.params)}: {points(duel.top.score or 0.0)} points"
    return [Dots(MAP, x, y, "truth", [tip], ["map"], sizes=[19.0])]


# -- beside the map ------------------------------------------------------------------------------------------


def short(duel: Duel) -> str:
    """The last name of the strategy."""
    return duel.rival.split()[-1]


def _climbs(duel: Duel) -> list[Mark]:
    """Your best so far, pizza by pizza; the strategy's pizzas under their lids, or its best beside yours."""
    ticks = tuple(
        (float(tick), f"{tick}") for tick in range(1, duel.pizzas + 1, 3 if duel.pizzas < 12 else 6)
    )
    upright = Scale(0, 10.5, "best so far (points)", tuple((float(t), f"{t}") for t in (0, 2, 4, 6, 8, 10)))
    panel = Panel(
        LEFT + 18, MAP.top, WIDE - 18, 176, Scale(0.5, duel.pizzas + 0.5, "pizza", ticks), upright, grid="y"
    )
    marks: list[Mark] = [Axes(panel)]
    if duel.top is not None:
        tip = f"the best this oven can bake: {points(duel.top.score or 0.0)} points"
        marks.append(Rule(panel, duel.top.score or 0.0, "truth", along="x", tip=tip))
        marks += _climb(panel, duel, 1)
    else:
        baked = np.arange(1.0, len(duel.theirs) + 1)
        tips = [f"{duel.rival}: pizza {place:.0f} is under its lid" for place in baked]
        low = np.full(len(baked), 0.8)
        marks.append(
            Dots(panel, baked, low, "pen1", tips, sizes=[7.0 if duel.pizzas <= FEW else 3.0] * len(baked))
        )
        if duel.pizzas <= FEW:
            down = float(panel.down(0.8)) + 4.5
            marks += [Text(None, float(x), down, "?", "on-dark", "middle") for x in panel.across(baked)]
        theirs = duel.best[1]
        if duel.peek and theirs is not None:
            tip = f"{duel.rival}: best so far {points(theirs.score or 0.0)}"
            marks.append(Rule(panel, theirs.score or 0.0, "pen1", along="x", tip=tip))
    return [*marks, *_climb(panel, duel, 0)]


def _climb(panel: Panel, duel: Duel, who: int) -> list[Mark]:
    trials = (duel.mine, duel.theirs)[who]
    if not trials:
        return []
    climb = Climb(best_so_far(trials), scores_of(trials), tuple(tips_of(duel, who)))
    return staircase(panel, climb, who)


def _said(duel: Duel) -> list[Mark]:
    """Who bakes, how far they are, and in the end who missed the best by how much."""
    names, over = ("You", duel.rival), duel.missed is not None
    head = (
        "Points missed (regret)" if over else f"Pizza {min(len(duel.mine) + 1, duel.pizzas)} of {duel.pizzas}"
    )
    won = f"You {duel.tally[0]} : {duel.tally[1]} {short(duel)}"
    marks: list[Mark] = [
        Text(None, LEFT, 318, head, "title" if over else "big"),
        Text(None, LEFT + WIDE, 24, won, "big", "end", tip="duels won so far"),
    ]
    for who, name in enumerate(names):
        down = 350.0 + 46 * who
        marks += [
            Dots(None, [LEFT + 7], [down - 5], f"pen{who}", sizes=[7.0]),
            Text(None, LEFT + 22, down, name, "bold"),
            Text(None, LEFT + WIDE, down, points(duel.missed[who]), "bold", "end")
            if duel.missed is not None
            else Text(None, LEFT + 22, down + 19, _so_far(duel, who), "quiet"),
        ]
        if duel.missed is not None:
            bar = Panel(LEFT, down + 8, WIDE, 11, MISSED, Scale(0, 1, ticks=()))
            missed = duel.missed[who]
            tips = [f"{name}: {points(missed, 2)} points below the best of this oven"]
            marks += [
                Bars(bar, [0], [MISSED.high], [0], [1], "track"),
                Bars(bar, [0], [min(missed, MISSED.high)], [0], [1], f"pen{who}", tips=tips),
            ]
    return marks


def _so_far(duel: Duel, who: int) -> str:
    """What is known of one before the end."""
    if not duel.mine:
        return "nothing baked yet"
    if who and not duel.peek:
        return f"{len(duel.theirs)} under lids"
    best = duel.best[who]
    return "at the oven" if best is None else f"best so far {points(best.score or 0.0)}"
