"""Bayesian optimization, pizza by pizza: what it believes, how much it doubts, and where it bakes next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, cast

import numpy as np

from pizzatune.explore.explorer import Card, Explorer, Knob, Pick, Steps, Switch
from pizzatune.explore.outlook import NEXT, RANGE, Outlook, outlook_of, whole_menu
from pizzatune.explore.verdicts import served
from pizzatune.menus.tricky import cool_kitchen
from pizzatune.pictures import slices
from pizzatune.pictures.best_so_far import trial_tip
from pizzatune.pictures.marks import Axes, Bars, Dots, Key, Land, Layers, Mark, Panel, Scale, Target, Text
from pizzatune.pictures.slices import Slice
from pizzatune.space import Params
from pizzatune.strategies.bayesian_optimization import BayesianOptimization
from pizzatune.trial import Trial, scores_of
from pizzatune.words import count, points

RULES = {"Gain": "ei", "Optimism": "ucb", "Chance": "pi"}
HOPES = {"ei": "expected improvement (points)", "ucb": "optimistic guess (points)", "pi": "chance to improve"}
FEWEST = 1  # pizzas: before the first score there is no model
MOST = 24  # pizzas
NOBODY = "nobody"  # you have not chosen
WAY = ("rule", "kappa", "xi", "fitted", "length", "noise")  # controls that decide which pizza comes next

HEAT = Scale(147.5, 302.5, ticks=())
TICKS = Scale(147.5, 302.5, "temperature (°C)", tuple((float(t), f"{t}") for t in range(150, 301, 25)))
LEFT, WIDE = 92, 556
BELIEF = (52, 276)  # top and height of the three panels, in px
HOPE = (350, 38)
MENU = (395, 116)


class BayesianExplorer(Explorer):
    """Bake pizza after pizza where a rule says, and see what is believed about all the others.

    ``step`` bakes by the rule and the beliefs that are set at that moment. Pizzas on the table stay as they
    are when a knob is turned; going back takes the last ones off, and stepping on from there bakes anew.
    """

    title = "Where to bake next"
    size = (660.0, 550.0)
    lines = 3
    recorded = ("rule", "truth")

    step = Steps(FEWEST, MOST, label="Pizzas baked", seconds=0.9, help="Bake on, or take pizzas off again")
    topping = Pick(
        {"The next pizza's": NEXT}, label="Cut through", help="Which topping the two upper pictures show"
    )
    rule = Pick(RULES, label="Bake next by", buttons=True, help="What makes a pizza worth baking")
    truth = Switch(label="Show the truth", help="How the pizzas truly taste: the strategy never sees that")
    your_topping = Pick(
        {"no pick yet": NOBODY},
        label="You would bake",
        help="Or click a pizza in the lowest picture",
        more=True,
    )
    your_heat = Knob(150, 300, 225, 5, "°C", "at", help="At which temperature you would bake it", more=True)
    kappa = Knob(
        0.0, 10.0, 2.0, 0.1, "", "Optimism (kappa)", help="How many std of doubt count as hope", more=True
    )
    xi = Knob(
        0.0, 2.0, 0.0, 0.05, "pts", "Smallest gain (xi)", help="Gains below this do not count", more=True
    )
    seed = Knob(0, 99, 4, reruns=True, help="Another seed may open with another pizza", more=True)
    fitted = Switch(True, label="The model learns", help="Length scale and noise, from the scores", more=True)
    length = Knob(
        3, 300, 30, 60, "°C", "Length scale", log=True,
        help="How far apart bakes still resemble each other; learned unless you switch that off", more=True,
    )  # fmt: skip
    noise = Knob(
        0.01, 3, 0.1, 60, "pts", "Noise", log=True,
        help="How much one tasting may be off; learned unless you switch that off", more=True,
    )  # fmt: skip

    def prepare(self) -> None:
        """Lay out the menu; a step bakes, so it runs the strategy."""
        self.menu = cool_kitchen()
        self.step.reruns = True
        names = {str(name): str(name) for name in self.menu.space["topping"].values()}
        self.topping.options = {"The next pizza's": NEXT} | names
        self.your_topping.options = {"no pick yet": NOBODY} | names
        self.search = BayesianOptimization(self.menu.space, seed=self.seed.value)
        self._settings: Mapping[str, Any] = {}  # arguments of `search` that its beliefs depend on
        self._ways: list[dict[str, Any]] = []  # how each pizza was chosen

    # -- the strategy

    def searching(self, trials: Sequence[Trial]) -> BayesianOptimization:
        """The strategy as the knobs stand, told just these trials."""
        # Nothing forbids to bake a pizza twice: a rule shows its whole character then.
        asked: dict[str, Any] = {"seed": self.seed.value, "repeats": True}
        if not self.fitted.value:
            asked |= {"length": self.length.value / RANGE, "noise": self.noise.value}
        if asked != self._settings or list(trials) != self.search.trials:
            self.search = BayesianOptimization(self.menu.space, **asked).rebuilt(trials)
            self._settings = asked
        # What follows leaves the beliefs alone: another rule costs no other fit.
        self.search.acquisition_kind, self.search.kappa = self.rule.value, self.kappa.value
        self.search.xi = self.xi.value
        return self.search

    def rerun(self) -> Iterator[tuple[Trial, ...]]:
        """Bake on to the step that is set, or take the last pizzas off the table."""
        kept = () if self.run is None or self.search.seed != self.seed.value else self.run[: self.step.value]
        search = self.searching(kept)
        del self._ways[len(kept) :]
        if len(kept) == self.step.value:
            yield kept
        while len(search.trials) < self.step.value:
            params = search.ask()
            search.tell(params, self.menu.taste(params))
            self._ways.append(self._way)
            yield tuple(search.trials)

    @property
    def _way(self) -> dict[str, Any]:
        """The knobs that decide which pizza comes next."""
        learned = ("length", "noise") if self.fitted.value else ()
        return {name: self.controls[name].value for name in WAY if name not in learned}

    def memory(self) -> Any:
        """How many pizzas were chosen in which way, where that was not always the present one."""
        ways = [[way, len(list(same))] for way, same in groupby(self._ways)]
        return None if [way for way, _ in ways] == [self._way] else ways

    def remember(self, memory: Any) -> None:
        """Bake in the same ways again."""
        now, self.run = {name: self.controls[name].value for name in WAY}, None
        step = 0
        for way, pizzas in memory:
            step += pizzas
            turned = {self._known(name, value): value for name, value in {**way, "step": step}.items()}
            self._turn({control: control.check(value) for control, value in turned.items()})
            self._answer([self.step])  # by the rule of then, also where no knob moved
            self.settle()
        self.set(**now)

    def model(self) -> Outlook:
        """What is believed about the whole menu."""
        numbers = outlook_of(self.searching(self.run), self.topping.value)
        self.kappa.shown = self.rule.value == "ucb"
        self.xi.shown = not self.kappa.shown  # one takes the place of the other
        self.your_heat.shown = self.yours is not None
        for knob, fit in ((self.length, numbers.length), (self.noise, numbers.noise)):
            knob.enabled = not self.fitted.value
            if self.fitted.value:  # say what was learned; a hand goes on from there
                knob.value = min(max(float(f"{fit:.3g}"), knob.low), knob.high)
        return numbers

    @property
    def yours(self) -> Params | None:
        """What you would bake next, if you said so."""
        if self.your_topping.value == NOBODY:
            return None
        return {"topping": self.your_topping.value, "temperature": float(self.your_heat.value)}

    def clicked(self, name: str, x: float, y: float) -> None:
        """You would bake this pizza next."""
        toppings = list(self.your_topping.options.values())[1:]
        heat = 5 * round(TICKS.value(x) / 5)
        self.set(
            your_topping=toppings[min(int((1 - y) * len(toppings)), len(toppings) - 1)],
            your_heat=min(max(heat, 150), 300),
        )

    # -- the picture

    def picture(self, numbers: Outlook) -> Layers:
        """Three panels on one axis: guesses, hope, and hope all over the menu."""
        cut = self.slice_of(numbers)
        upper = Panel(
            LEFT, BELIEF[0], WIDE, BELIEF[1], HEAT,
            Scale(-1, 12, self.menu.score_label, tuple((float(t), f"{t}") for t in (0, 2, 4, 6, 8, 10))),
            grid="y",
        )  # fmt: skip
        middle = Panel(LEFT, HOPE[0], WIDE, HOPE[1], HEAT, self._hope_scale(numbers, cut))
        lower = Panel(LEFT, MENU[0], WIDE, MENU[1], TICKS, _rows(numbers))
        key = slices.key_of(cut, truth=self.truth.value)
        return {
            "axes": [Axes(upper), Axes(lower, bare=True)],
            "words": [
                Text(None, 648, 20, numbers.topping, "big", "end"),
                Key(LEFT, 20, key, wide=470),
                Text(None, LEFT, HOPE[0] - 6, f"Hope: {HOPES[self.rule.value]}", "bold"),
                Text(None, 648, HOPE[0] - 6, f"the most anywhere: {self._most(numbers)}", "quiet", "end"),
            ],
            "belief": slices.belief(upper, cut, truth=self.truth.value),
            "hope": [Axes(middle), *slices.hope(middle, cut)],
            "menu": self._menu(lower, numbers),
        }

    def slice_of(self, numbers: Outlook) -> Slice:
        """The cut through the topping that is looked at."""
        here = [trial for trial in numbers.trials if trial.params["topping"] == numbers.topping]
        there = numbers.next["topping"] == numbers.topping
        return Slice(
            x=numbers.temperature,
            mean=numbers.mean[numbers.row],
            std=numbers.std[numbers.row],
            hope=numbers.acquisition[numbers.row],
            seen_x=np.array([trial.params["temperature"] for trial in here], dtype=float),
            seen_score=scores_of(here),
            on_slice=np.ones(len(here), dtype=bool),
            tips=tuple(trial_tip(trial, self.menu.space) for trial in here),
            truth=numbers.truth[numbers.row],
            next_x=numbers.next["temperature"] if there else None,
        )

    def _hope_scale(self, numbers: Outlook, cut: Slice) -> Scale:
        most = float(numbers.acquisition.max())
        if self.rule.value == "ucb":
            low = float(numbers.acquisition.min())
            return Scale(low, most + 0.2 * ((most - low) or 1.0), ticks=((most, f"{most:.1f}"),))
        top = self._most(numbers).removesuffix(" points")
        return Scale(0.0, 1.25 * most or 1.0, ticks=((0.0, "0"), (most, top)) if most > 0 else ((0.0, "0"),))

    def _menu(self, panel: Panel, numbers: Outlook) -> list[Mark]:
        """Hope all over the menu, what was baked, what comes next, and what you would bake."""
        hope = numbers.acquisition
        rows = [numbers.toppings.index(trial.params["topping"]) for trial in numbers.trials]
        heats = [trial.params["temperature"] for trial in numbers.trials]
        row, _ = numbers.at(numbers.next)
        low, high = float(hope.min()), float(hope.max())
        marks: list[Mark] = [
            Land(panel, hope[::-1], (low, high if high > low else low + 1), smooth=False, opacity=0.8),
            Bars(panel, [HEAT.low], [HEAT.high], [numbers.row - 0.5], [numbers.row + 0.5], "outline"),
            Target(panel, "menu"),
            _spots(panel, heats, rows, "tried", [trial_tip(t, self.menu.space) for t in numbers.trials]),
            _spots(panel, [numbers.next["temperature"]], [row], "next", [f"next: {numbers.why}"]),
        ]
        if self.yours is not None:
            tip = f"yours: {_name(self.menu.space, self.yours)}"
            yours = numbers.at(self.yours)[0]
            marks.append(_spots(panel, [self.yours["temperature"]], [yours], "yours", [tip]))
        return marks

    # -- in words

    def _most(self, numbers: Outlook) -> str:
        """The largest acquisition on the menu."""
        return self._hope_text(float(numbers.acquisition.max()))

    def _hope_text(self, hope: float) -> str:
        if self.rule.value == "pi":
            return f"{hope:.0%}" if hope >= 0.005 else "below 1%"
        if hope < 0.005:
            return "next to nothing"
        return f"{points(hope, 2 if hope < 1 else 1)} points"

    def read(self, numbers: Outlook) -> str:
        """What comes next, why, and how far the search is; or what you would bake, beside it."""
        space, following, best = self.menu.space, numbers.next, numbers.best
        at = numbers.at(following)
        again = " once more" if following in [trial.params for trial in numbers.trials] else ""
        most = self._most(numbers)
        rule = {
            "ei": f"It promises the most, {most}",
            "ucb": f"Guess plus {self.kappa.value:g} std peaks there, at {most.removesuffix(' points')}",
            "pi": f"A gain is likeliest there, {most}",
        }[self.rule.value]
        std = float(numbers.std[at])
        doubt = f"give or take {points(std)}" if std >= 0.05 else "to within 0.1"
        return (
            f"Next: {_name(space, following)}{again}. {rule}.\n"
            f"Its guess: {points(numbers.mean[at])}, {doubt}. So far: {count(len(numbers.trials), 'pizza')}, "
            f"the best {points(cast(float, best.score))} ({_name(space, best.params)}).\n"
            f"{self._last_line(numbers)}"
        )

    def _last_line(self, numbers: Outlook) -> str:
        """What you would bake, or how far the truth is from what is believed."""
        if self.yours is not None:
            mine, pick = numbers.at(self.yours), points(numbers.truth[numbers.at(numbers.next)])
            return (
                f"Yours: {_name(self.menu.space, self.yours)}, "
                f"hope {self._hope_text(float(numbers.acquisition[mine]))}. "
                f"It tastes {points(numbers.truth[mine])}, the next one {pick}."
            )
        if self.truth.value:
            return (
                f"The truth about {numbers.topping} leaves the band at {numbers.outside} of "
                f"{len(numbers.temperature)} temperatures."
            )
        return "Where would you bake? Click a pizza in the lowest picture."

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

    def card(self, numbers: Outlook) -> Card:
        """The pizza just baked, and the best so far."""
        last, best = numbers.trials[-1], numbers.best
        outs = [served(self.menu.pizza(trial.params), trial.score) for trial in (last, best)]
        return Card(outs[0], outs[1] if best is not last else None)


def _rows(numbers: Outlook) -> Scale:
    """The toppings, the first at the top."""
    many = len(numbers.toppings)
    return Scale(many - 0.5, -0.5, ticks=tuple((float(i), name) for i, name in enumerate(numbers.toppings)))


def _spots(panel: Panel, x: Sequence[float], y: Sequence[float], style: str, tips: list[str]) -> Dots:
    """Dots on the menu; a click on one is a click on the menu."""
    return Dots(panel, x, y, style, tips=tips, names=["menu"] * len(x))


def _name(space: Any, params: Params) -> str:
    return f"{params['topping']} at {space['temperature'].label(params['temperature'])}"


def bayesian(
    step: int = FEWEST,
    topping: str = NEXT,
    rule: str = "ei",
    kappa: float = 2.0,
    xi: float = 0.0,
    fitted: bool = True,
    length: float = 30,
    noise: float = 0.1,
    seed: int = 4,
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
        Whether the strategy learns length scale and noise from the scores, and their knobs say what it
        found; else they are as follows.
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
    >>> explorer.step.value = 6
    >>> len(explorer.settle().data.trials), explorer.data.std.shape
    (6, (8, 31))
    """
    starts = {"step": step, "topping": topping, "rule": rule, "kappa": kappa, "xi": xi, "seed": seed}
    return BayesianExplorer(**starts, fitted=fitted, length=length, noise=noise, truth=truth)
