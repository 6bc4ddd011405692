"""Bayesian optimization, pizza by pizza: what it believes, how much it doubts, and where it bakes next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, cast

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle

from pizzatune.explore.bitmaps import Bitmap, Pixels
from pizzatune.explore.frame import Explorer, Knob, Pick, Steps, Switch
from pizzatune.gp import GaussianProcess
from pizzatune.menus.article import topping_and_heat
from pizzatune.parameters import FloatArray
from pizzatune.plots.frame import places
from pizzatune.plots.palette import BASIL, CRUST, INK, NIGHT, PAPER, PENCIL, TOMATO
from pizzatune.plots.slices import BAND
from pizzatune.space import Params
from pizzatune.strategies.bayesian_optimization import BayesianOptimization
from pizzatune.trial import Trial

RULES = {"Improvement (EI)": "ei", "Optimism (UCB)": "ucb", "Chance (PI)": "pi"}
CAPTIONS = {
    "ei": "points is the largest expected improvement on the menu",
    "ucb": "points is the highest optimistic guess on the menu",
    "pi": "is the best chance of an improvement on the menu",
}
FEWEST = 1  # pizzas: before the first score there is no model
MOST = 24  # pizzas
RANGE = 150.0  # °C from one end of the dial to the other
NEXT = "next"  # the topping to look at is the one that is baked next

LEFT, RIGHT, CELL, ROW = 132, 938, 26, 24  # the map of all toppings, and a pizza on it, in dots
ABOVE, MIDDLE, BELOW = (46, 254), (284, 336), (348, 540)  # the three pictures, top and bottom, in dots


@dataclass(frozen=True)
class Outlook:
    """What the strategy believes and hopes after some pizzas, all over the menu.

    Arrays have a row for each of the t toppings and a column for each of the k temperatures.

    Attributes
    ----------
    trials : tuple of Trial
        The pizzas baked.
    toppings : tuple of str
        Shape (t,).
    temperature : ndarray, shape (k,)
        In °C.
    mean, std, acquisition, truth : ndarray, shape (t, k)
        Guessed score, its doubt, how much is to be hoped (in the rule's own unit), and the true score.
    hope : ndarray, shape (t, k)
        `acquisition` between 0 for the least and 1 for the most on the menu.
    row : int
        The topping looked at.
    next : dict
        The params it bakes next.
    why : str
        Why.
    length, noise : float
        Length scale along the dial in °C, and noise of one tasting in points, as the model has them.
    """

    trials: tuple[Trial, ...]
    toppings: tuple[str, ...]
    temperature: FloatArray
    mean: FloatArray
    std: FloatArray
    acquisition: FloatArray
    truth: FloatArray
    hope: FloatArray
    row: int
    next: Params
    why: str
    length: float
    noise: float

    @property
    def topping(self) -> str:
        """The topping looked at."""
        return self.toppings[self.row]

    @property
    def best(self) -> Trial:
        """The best pizza so far."""
        return max(self.trials, key=lambda trial: cast(float, trial.score))

    @property
    def outside(self) -> int:
        """At how many temperatures the truth about the topping looked at lies outside the band."""
        off = np.abs(self.truth - self.mean)[self.row]
        return int((off > BAND * self.std[self.row]).sum())

    def seen(self, topping: str | None = None) -> list[Trial]:
        """The pizzas baked with one topping; with any by default."""
        return [trial for trial in self.trials if topping in (None, trial.params["topping"])]


class WholeMenu(NamedTuple):
    """All pizzas of the menu, topping by topping and from cool to hot; their codes, shape (n, 2), and their
    true scores, shape (n,)."""

    pizzas: tuple[Params, ...]
    codes: FloatArray
    truth: FloatArray


@lru_cache(maxsize=1)
def whole_menu() -> WholeMenu:
    """The menu `topping_and_heat`, worked out once."""
    menu = topping_and_heat()
    pizzas = tuple(menu.space.enumerate())
    codes = menu.space.encode(list(pizzas))
    return WholeMenu(pizzas, codes, np.array([menu.taste(params) for params in pizzas]))


def beliefs(search: BayesianOptimization) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Mean, std and acquisition of the whole menu, shape (n,) each.

    What ``search.posterior`` and ``search.acquisition`` say of all its pizzas; these would put the pizzas
    into codes anew each time, which takes longer than all else that a turn of a knob does.
    """
    mean, std = search.belief().predict(whole_menu().codes)
    return mean, std, search.acquisition_of(mean, std)


def look(search: BayesianOptimization, topping: str = NEXT) -> Outlook:
    """Ask a strategy on the menu `topping_and_heat` what it believes; it is not changed.

    Parameters
    ----------
    search : BayesianOptimization
        With at least one pizza told.
    topping : str
        Which topping to look at; by default that of the pizza it bakes next.

    Examples
    --------
    >>> import pizzatune as pt
    >>> menu = pt.menus.topping_and_heat()
    >>> search = pt.BayesianOptimization(menu.space, acquisition="ei", seed=1)
    >>> outlook = look(pt.tune(menu.taste, search, budget=6).strategy)
    >>> outlook.mean.shape, outlook.topping == outlook.next["topping"]
    ((8, 31), True)
    """
    truth = whole_menu().truth
    choice, dial = search.space["topping"], search.space["temperature"]
    shape = (int(choice.size), int(dial.size))
    mean, std, acquisition = beliefs(search)
    following = search.ask()
    why = search.why
    search.withdraw(following)
    model, spread = cast(GaussianProcess, search.belief().landscape), search.belief().spread
    shown = following["topping"] if topping == NEXT else topping
    least, most = float(acquisition.min()), float(acquisition.max())
    return Outlook(
        trials=tuple(search.trials),
        toppings=tuple(choice.values()),
        temperature=places(dial, dial.values()),
        mean=mean.reshape(shape),
        std=std.reshape(shape),
        acquisition=acquisition.reshape(shape),
        truth=truth.reshape(shape),
        hope=((acquisition - least) / ((most - least) or 1.0)).reshape(shape),
        row=choice.values().index(shown),
        next=following,
        why=why,
        length=float(model.lengths[1]) * RANGE,  # the dial is the second parameter
        noise=model.noise * spread,
    )


class BayesianExplorer(Explorer):
    """Bake pizza after pizza where a rule says, and see what is believed about all the others.

    ``step`` bakes by the rule and the beliefs that are set at that moment. Pizzas on the table stay as they
    are when a knob is turned; going back takes the last ones off, and stepping on from there bakes anew.
    """

    title = "Where to bake next"

    step = Steps(FEWEST, MOST, 6, "Pizzas baked", seconds=0.9)
    seed = Knob(0, 99, 2, reruns=True, help="Another seed may open with another pizza")
    topping = Pick(
        {"The next pizza's": NEXT}, label="Topping", help="Which topping the two upper pictures show"
    )
    truth = Switch(label="Show how they truly taste", help="What the strategy never sees")
    rule = Pick(RULES, label="Rule", help="What makes a pizza worth baking", group="Where to bake next")
    kappa = Knob(
        0.0, 10.0, 2.0, 0.1, "", "Optimism (kappa)", help="For optimism: how many std of doubt count as hope"
    )
    xi = Knob(
        0.0, 2.0, 0.0, 0.05, "pts", "Smallest gain (xi)",
        help="For the other rules: gains below this do not count",
    )  # fmt: skip
    fitted = Switch(True, label="As the strategy fits it", group="What it believes")
    length = Knob(
        3, 300, 30, 60, "°C", "Length scale", log=True, help="How far apart bakes still resemble each other"
    )
    noise = Knob(0.01, 3, 0.1, 60, "pts", "Noise", log=True, help="How much one tasting may be off")

    def prepare(self) -> None:
        """Lay out the menu; a step bakes, so it runs the strategy."""
        self.menu = topping_and_heat()
        self.step.reruns = True
        names = [str(name) for name in self.menu.space["topping"].values()]
        self.topping.options = {"The next pizza's": NEXT} | {name: name for name in names}
        self.search = BayesianOptimization(self.menu.space, seed=self.seed.value)
        self._model: Mapping[str, Any] = {}  # arguments of `search` that its beliefs depend on

    # -- the strategy

    def searching(self, trials: Sequence[Trial]) -> BayesianOptimization:
        """The strategy as the knobs stand, told just these trials."""
        # Nothing forbids to bake a pizza twice: a rule shows its whole character then.
        model: dict[str, Any] = {"seed": self.seed.value, "repeats": True}
        if not self.fitted.value:
            model |= {"length": self.length.value / RANGE, "noise": self.noise.value}
        if model != self._model or list(trials) != self.search.trials:
            self.search = BayesianOptimization(self.menu.space, **model).rebuilt(trials)
            self._model = model
        # What follows leaves the beliefs alone: another rule costs no other fit.
        self.search.acquisition_kind, self.search.kappa = self.rule.value, self.kappa.value
        self.search.xi = self.xi.value
        return self.search

    def rerun(self) -> Iterator[tuple[Trial, ...]]:
        """Bake on to the step that is set, or take the last pizzas off the table."""
        kept = () if self.run is None or self.search.seed != self.seed.value else self.run[: self.step.value]
        search = self.searching(kept)
        if len(kept) == self.step.value:
            yield kept
        while len(search.trials) < self.step.value:
            params = search.ask()
            search.tell(params, self.menu.taste(params))
            yield tuple(search.trials)

    def model(self) -> Outlook:
        """What is believed about the whole menu."""
        return look(self.searching(self.run), self.topping.value)

    # -- the picture

    def build(self, figure: Figure) -> None:
        """Three pictures on one temperature axis: guesses, hope, and hope for all toppings."""
        self.upper, self.middle, self.lower = (self._part(*place) for place in (ABOVE, MIDDLE, BELOW))
        self._build_guesses()
        self._build_hope()
        self._build_map()
        self._legend()

    def _part(self, top: int, bottom: int) -> Any:
        """Axes between two heights in dots, with temperature from left to right."""
        wide, high = (100 * inches for inches in self.size)
        ax = self.axes(LEFT / wide, 1 - bottom / high, (RIGHT - LEFT) / wide, (bottom - top) / high)
        ax.set(xlim=(147.5, 302.5), xticks=range(150, 301, 25))
        ax.tick_params(labelbottom=False)
        return ax

    def _build_guesses(self) -> None:
        self.upper.set(ylim=(-1, 12), yticks=range(0, 11, 2), ylabel=self.menu.score_label)
        self.upper.grid(axis="y", alpha=0.5)
        self.band = self.moves(Polygon(np.zeros((3, 2)), facecolor=NIGHT, alpha=0.18, linewidth=0, zorder=1))
        self.upper.add_patch(self.band)
        self.true_line = self.moves(self.upper.plot([], [], **_truth)[0])
        self.mean_line = self.moves(self.upper.plot([], [], color=NIGHT, linewidth=3, zorder=3)[0])
        self.here = self.moves(self.upper.plot([], [], **_baked, markersize=12, zorder=5)[0])

    def _build_hope(self) -> None:
        self.middle.set(ylim=(0, 1.3), yticks=[], ylabel="hope")
        self.hill = self.moves(Polygon(np.zeros((3, 2)), facecolor=BASIL, alpha=0.5, linewidth=0))
        self.middle.add_patch(self.hill)
        self.crest = self.moves(self.middle.plot([], [], color=BASIL, linewidth=2.5)[0])
        # Two texts: only the short one changes at every turn, and each look of a text is remembered.
        self.amount = self.label(LEFT + 113, ABOVE[1] + 20, colour=PENCIL, lean=1)
        self.caption = self.label(LEFT + 119, ABOVE[1] + 20, colour=PENCIL)
        self.rulers = [
            self.moves(ax.axvline(150, color=INK, linewidth=1.5, zorder=2))
            for ax in (self.upper, self.middle)
        ]
        self.top = self.moves(self.middle.plot([], [], **_next, clip_on=False)[0])

    def _build_map(self) -> None:
        names = self.topping.options
        rows = len(names) - 1
        self.lower.set(ylim=(rows - 0.5, -0.5), xlabel="temperature (°C)")
        self.lower.set_yticks(range(rows), list(names)[1:])
        self.lower.tick_params(labelbottom=True, length=0, axis="y")
        self.lower.tick_params(labelbottom=True, axis="x")
        self.tiles = self.moves(Bitmap(LEFT, BELOW[0], opaque=True))
        self.tiles.set_zorder(0)
        self.figure.add_artist(self.tiles)
        self.everywhere = self.moves(self.lower.plot([], [], **_baked, markersize=9, zorder=5)[0])
        self.latest = self.moves(
            self.lower.plot([], [], "o", markerfacecolor="none", markeredgecolor=INK, markersize=13)[0]
        )
        self.goal = self.moves(self.lower.plot([], [], **_next, zorder=6)[0])
        self.outline = self.moves(
            Rectangle((147.5, -0.5), 155, 1, fill=False, edgecolor=INK, linewidth=2, clip_on=False, zorder=4)
        )
        self.lower.add_patch(self.outline)

    def _legend(self) -> None:
        """What the marks mean, on one line above all."""
        sheet = self.sheet()
        self.heading = self.label(RIGHT, 28, size=17, lean=1, bold=True)
        sheet.add_patch(Rectangle((LEFT, 14), 40, 16, facecolor=NIGHT, alpha=0.18, linewidth=0))
        marks: list[tuple[float, Line2D, str]] = [
            (LEFT, Line2D([LEFT, LEFT + 40], [22, 22], color=NIGHT, linewidth=3), f"guess ± {BAND:g} std"),
            (LEFT + 222, Line2D([LEFT + 242], [22], **_baked, markersize=11), "baked"),
            (LEFT + 346, Line2D([LEFT + 366], [22], **_next), "next"),
        ]
        for x, mark, text in marks:
            sheet.add_line(mark)
            sheet.text(x + 48, 22, text, fontsize=14, color=INK, va="center")
        x = LEFT + 452
        self.key = self.moves(Line2D([x, x + 40], [22, 22], **_truth))
        sheet.add_line(self.key)
        self.key_text = self.label(x + 48, 27, "truth")

    def draw(self, numbers: Outlook) -> None:
        """Show the guesses about one topping, and hope everywhere."""
        self._suit_knobs(numbers)
        x, row = numbers.temperature, numbers.row
        mean, doubt, hope = numbers.mean[row], BAND * numbers.std[row], numbers.hope[row]
        self.band.set_xy(_ribbon(x, mean - doubt, mean + doubt))
        self.mean_line.set_data(x, mean)
        self.true_line.set_data(x, numbers.truth[row])
        for part in (self.true_line, self.key, self.key_text):
            part.set_visible(self.truth.value)
        seen = numbers.seen(numbers.topping)
        self.here.set_data([t.params["temperature"] for t in seen], [t.score for t in seen])
        self.heading.set_text(numbers.topping)
        self.hill.set_xy(_ribbon(x, np.zeros(len(x)), hope))
        self.crest.set_data(x, hope)
        self.amount.set_text(self._most(numbers))
        self.caption.set_text(CAPTIONS[self.rule.value])
        self._draw_next(numbers)
        self._draw_map(numbers)

    def _draw_next(self, numbers: Outlook) -> None:
        heat, topping = numbers.next["temperature"], numbers.next["topping"]
        shown = topping == numbers.topping
        for ruler in self.rulers:
            ruler.set_xdata([heat, heat])
            ruler.set_visible(shown)
        self.top.set_data([heat], [numbers.hope[numbers.row][numbers.temperature == heat][0]])
        self.top.set_visible(shown)
        self.goal.set_data([heat], [numbers.toppings.index(topping)])

    def _draw_map(self, numbers: Outlook) -> None:
        self.tiles.pixels = _tiles(numbers.hope)
        heats = [trial.params["temperature"] for trial in numbers.trials]
        rows = [numbers.toppings.index(trial.params["topping"]) for trial in numbers.trials]
        self.everywhere.set_data(heats, rows)
        self.latest.set_data(heats[-1:], rows[-1:])
        self.outline.set_y(numbers.row - 0.5)

    def _suit_knobs(self, numbers: Outlook) -> None:
        """Show the knobs of this rule, and grey out those that make no difference now; those of the model say
        what was fitted, and a hand goes on from there."""
        self.kappa.shown = self.rule.value == "ucb"
        self.xi.shown = not self.kappa.shown  # one takes the place of the other
        for knob, fit in ((self.length, numbers.length), (self.noise, numbers.noise)):
            knob.enabled = not self.fitted.value
            if self.fitted.value:
                knob.value = min(max(float(f"{fit:.3g}"), knob.low), knob.high)

    # -- in words

    def _most(self, numbers: Outlook) -> str:
        """The largest acquisition on the menu, without its unit."""
        most = float(numbers.acquisition.max())
        if self.rule.value == "pi":
            return f"{most:.0%}" if most >= 0.005 else "below 1%"
        return _small(most, 2) if most < 1 else f"{most:.1f}"

    def read(self, numbers: Outlook) -> str:
        """How far the search is, what comes next and why, and what the model has for a ruler."""
        best, following, space = numbers.best, numbers.next, self.menu.space
        at = numbers.toppings.index(following["topping"]), numbers.temperature == following["temperature"]
        mean, std = float(numbers.mean[at][0]), float(numbers.std[at][0])
        pizzas = "pizza" if len(numbers.trials) == 1 else "pizzas"
        again = " once more" if following in [trial.params for trial in numbers.trials] else ""
        because = {
            "ei": f"where the expected improvement is largest, {self._most(numbers)} points",
            "ucb": f"where guess plus {self.kappa.value:g} std is highest, {self._most(numbers)} points",
            "pi": f"where an improvement is likeliest, {self._most(numbers)}",
        }[self.rule.value]
        words = (
            f"{len(numbers.trials)} {pizzas} baked, the best {best.score:.1f} ({_name(space, best.params)}). "
            f"Next: {_name(space, following)}{again}, {because}; "
            f"the guess there is {mean:.1f}, the doubt {_small(std, 1)} (one std). "
            f"The curve cuts through {numbers.topping}. "
            f"Its length scale is {numbers.length:.0f} °C, its noise {_small(numbers.noise, 2)} points."
        )
        if not self.truth.value:
            return words
        return (
            f"{words} The truth about {numbers.topping} lies outside the band at {numbers.outside} of "
            f"{len(numbers.temperature)} temperatures."
        )

    def table(self, numbers: Outlook) -> Mapping[str, Any]:
        """A row for each pizza of the menu; `baked` is its score where it was baked."""
        pizzas = whole_menu().pizzas
        scores = {(t.params["topping"], t.params["temperature"]): t.score for t in numbers.trials}
        return {
            "topping": [params["topping"] for params in pizzas],
            "temperature": [params["temperature"] for params in pizzas],
            "mean": numbers.mean.ravel(),
            "std": numbers.std.ravel(),
            "acquisition": numbers.acquisition.ravel(),
            "baked": [scores.get((p["topping"], p["temperature"]), np.nan) for p in pizzas],
            "truth": numbers.truth.ravel(),
        }


def _small(number: float, digits: int) -> str:
    """A number above 0 with so many decimals, or below which it lies."""
    return f"{number:.{digits}f}" if round(number, digits) else f"below {10.0**-digits:g}"


_baked: dict[str, Any] = {"marker": "o", "color": TOMATO, "linestyle": "none", "markeredgecolor": PAPER}
_next: dict[str, Any] = {
    "marker": "v",
    "color": INK,
    "linestyle": "none",
    "markeredgecolor": PAPER,
    "markersize": 13,
}
_truth: dict[str, Any] = {"color": CRUST, "linewidth": 2.2, "linestyle": (0, (5, 2)), "zorder": 2}


def _name(space: Any, params: Params) -> str:
    return f"{params['topping']} at {space['temperature'].label(params['temperature'])}"


def _ribbon(x: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """The outline of what lies between two curves, shape (2k, 2)."""
    return np.column_stack([np.r_[x, x[::-1]], np.r_[low, high[::-1]]])


def _tiles(hope: FloatArray) -> Pixels:
    """The map as an image: paper for no hope, green for the most."""
    shades: Pixels = _shades()[(hope * 255).astype(int)]
    return np.asarray(shades.repeat(ROW, axis=0).repeat(CELL, axis=1))


@lru_cache(maxsize=1)
def _shades() -> Pixels:
    """256 shades from paper to the green of hope, shape (256, 4)."""
    paper, green = (np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) for colour in (PAPER, BASIL))
    share = np.linspace(0.0, 1.0, 256)[:, None]
    colours = np.column_stack([paper + share * (green - paper), np.full(256, 255)])
    return cast(Pixels, colours.round().astype(np.uint8))


def bayesian(
    step: int = 6,
    topping: str = NEXT,
    rule: str = "ei",
    kappa: float = 2.0,
    xi: float = 0.0,
    fitted: bool = True,
    length: float = 30,
    noise: float = 0.1,
    seed: int = 2,
    truth: bool = False,
) -> BayesianExplorer:
    """Open Bayesian optimization: what it believes about each pizza, how much it doubts, where it bakes next.

    Parameters
    ----------
    step : int
        How many pizzas are baked, from 1 to 24.
    topping : str
        The topping to look at; by default that of the pizza it bakes next.
    rule : {"ei", "ucb", "pi"}
        Expected improvement, optimism (upper confidence bound), or probability of improvement.
    kappa : float
        For "ucb": how many standard deviations of doubt count as hope, from 0 to 10.
    xi : float
        For "ei" and "pi": improvements below this many points do not count, from 0 to 2.
    fitted : bool
        Whether the strategy fits length scale and noise to the scores, and their knobs say what it found;
        else they are as follows.
    length : float
        Length scale in °C along the temperature dial, from 3 to 300; for the toppings it counts as the same
        share of their range.
    noise : float
        Standard deviation of one tasting that the model assumes, in points, from 0.01 to 3.
    seed : int
        From 0 to 99.
    truth : bool
        Whether to show how the pizzas truly taste.

    Returns
    -------
    BayesianExplorer
        To be shown in a notebook. Its numbers are in ``.data``, its sentence in ``.reading``.

    Raises
    ------
    TypeError, ValueError
        If a start lies outside its knob.

    Examples
    --------
    >>> import pizzatune as pt
    >>> explorer = pt.explore.bayesian(step=5)
    >>> explorer.step.forward()
    >>> len(explorer.data.trials), explorer.data.std.shape
    (6, (8, 31))
    """
    return BayesianExplorer(
        step=step,
        topping=topping,
        rule=rule,
        kappa=kappa,
        xi=xi,
        fitted=fitted,
        length=length,
        noise=noise,
        seed=seed,
        truth=truth,
    )
