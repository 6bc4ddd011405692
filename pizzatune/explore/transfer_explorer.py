"""A new oven: old and new side by side, what the old bakes are worth, and how far the search trusts them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from pizzatune.explore.explorer import Card, Explorer, Knob, Pick, Steps, Switch
from pizzatune.explore.ovens_compared import (
    Searches,
    Transferred,
    believed_scores,
    median_until,
    summit,
    table_of,
    true_scores,
    trusts,
)
from pizzatune.explore.verdicts import served
from pizzatune.lessons.transfer import BUDGET, CLOSE, Plan, Trials, baking, oven_of
from pizzatune.menus.menu import Menu
from pizzatune.parameters import FloatArray
from pizzatune.pictures.best_so_far import trial_tip
from pizzatune.pictures.marks import (
    Axes,
    Bars,
    Dots,
    Image,
    Key,
    Land,
    Layers,
    Mark,
    Panel,
    Rule,
    Scale,
    Text,
)
from pizzatune.pictures.pizza import pizza_symbol
from pizzatune.pictures.spread import spread_marks, spread_of
from pizzatune.trial import Trial, best_so_far, best_trial
from pizzatune.words import count, points

LUCKS = 6  # searches there are: one for each seed
MOST_OLD = 24  # pizzas of the old oven
GROUNDS = {"truth": "the true taste", "belief": "the taste it expects"}
COLUMNS = ("search", "seed", "bake", "temperature", "minutes", "score", "best so far", "trust")
WARM, SCRATCH = 0, 1  # which pens

HEAT = Scale(150, 300, "temperature (°C)", tuple((float(t), f"{t}") for t in (150, 200, 250, 300)))
TIME = Scale(3, 30, "minutes", ((3.0, "3"), (10.0, "10"), (30.0, "30")), log=True)
LEFTS, TOP, WIDE, TALL, PIZZA = (36, 372), 48, 196, 150, 84
BAKES = (1, 4, 8, 12)  # that have a tick
CHARTS = (278, 130)  # top and height


class TransferExplorer(Explorer):
    """Bring an old oven's bakes to a new oven that is more or less alike, and see what they are worth."""

    title = "A new oven"
    size = (660.0, 452.0)
    lines = 3
    recorded, films = ("likeness",), 9

    step = Steps(0, BUDGET, label="Bakes in the new oven", seconds=0.8, help="Bake on, or look back")
    likeness = Knob(
        -1.0, 1.0, value=0.9, step=0.1, label="Likeness", reruns=True, large=True,
        marks={-1: "liar", 0: "stranger", 0.5: "cousin", 1: "twin"},
        help="How alike the new oven is: 1 a twin, 0 unrelated, -1 misleading",
    )  # fmt: skip
    old_bakes = Knob(
        3, MOST_OLD, value=20, label="Bakes in the old oven", reruns=True, help="All that is known of it"
    )
    learned = Switch(True, label="Trust is learned", reruns=True, help="Off: you say how far to trust")
    trust = Knob(
        0.0, 1.0, value=1.0, step=0.1, label="Your trust", reruns=True,
        help="0: the old oven is not heard; 1: blindly. Switch off that it is learned",
    )  # fmt: skip
    count = Switch(label="Count the old bakes, too", help="They had to be baked as well", more=True)
    ground = Pick(
        {"how it tastes": "truth", "what it believes": "belief"}, label="Colours show",
        help="The truth, or the scores that the search expects", more=True,
    )  # fmt: skip
    seed = Knob(
        1, LUCKS, value=1, reruns=True, help="The search on the maps; another seed, another luck", more=True
    )
    searches = Knob(
        1, LUCKS, value=LUCKS, label="Searches to compare", reruns=True, help="As many seeds", more=True
    )

    # -- the strategies

    def plan(self, seed: int) -> Plan:
        """The search with the old oven that the knobs say, for one seed."""
        trust = None if self.learned.value else round(self.trust.value, 10)
        return Plan(round(self.likeness.value, 10), seed, self.old_bakes.value, trust)

    def rerun(self) -> Iterator[Searches]:
        """Bake in the old oven, then in the new one with and without knowing of it, seed after seed."""
        seeds = [(self.seed.value - 1 + more) % LUCKS + 1 for more in range(self.searches.value)]
        plans = tuple(map(self.plan, seeds))
        likeness = plans[0].likeness
        known: Trials = ()
        warm: list[Trials] = []
        scratch: list[Trials] = []
        yield Searches(plans)
        for plan in plans:
            for old in baking(Plan(None, plan.seed), plan.old_bakes):
                known = old if plan is plans[0] else known
                yield Searches(plans, known, tuple(warm), tuple(scratch))
            for bakes, its_plan in ((warm, plan), (scratch, Plan(likeness, plan.seed))):
                bakes.append(())
                for so_far in baking(its_plan, BUDGET):
                    bakes[-1] = so_far
                    yield Searches(plans, known, tuple(warm), tuple(scratch))

    def enough(self) -> bool:
        """Before the first bake in the new oven, only the old one's are on the picture."""
        run: Searches = self.run
        return self.step.value == 0 and len(run.old) == run.plans[0].old_bakes

    def model(self) -> Transferred:
        """The searches up to the bake that is shown, or as far as they are."""
        run: Searches = self.run
        steps = self.step.value
        self.trust.shown = not self.learned.value
        warm = [trials[:steps] for trials in run.warm]
        scratch = [trials[:steps] for trials in run.scratch]
        *_, top = summit(run.plans[0].likeness)
        return Transferred(
            run.plans[0],
            run.old,
            warm[0] if warm else (),
            scratch[0] if scratch else (),
            table_of(warm, steps, best_so_far),
            table_of(scratch, steps, best_so_far),
            table_of(warm, steps, trusts),
            top,
            (median_until(warm, steps, top), median_until(scratch, steps, top)),
            len(run.plans),
        )

    # -- the picture

    def picture(self, numbers: Transferred) -> Layers:
        """Two ovens with the old one's favourite out of each; below, the best so far, and trust."""
        plan = numbers.plan
        old, new = (_map(left) for left in LEFTS)
        ovens = (old, Plan(None, plan.seed), numbers.old), (new, plan, numbers.warm)
        return {
            "axes": [Axes(old), Axes(new)],
            "ground": [self._ground(panel, oven, trials) for panel, oven, trials in ovens],
            "old": self._oven(old, "Old oven", None, numbers.old, numbers),
            "new": self._oven(new, "New oven", plan.likeness, numbers.warm, numbers),
            "best": self._best(numbers),
            "trust": self._trust(numbers),
        }

    def _ground(self, panel: Panel, oven: Plan, trials: Trials) -> Mark:
        if self.ground.value == "truth":
            return Land(panel, true_scores(oven.likeness))
        return Land(panel, believed_scores(oven, len(trials)) if trials else np.full((2, 2), np.nan))

    def _oven(
        self, panel: Panel, name: str, likeness: float | None, trials: Trials, numbers: Transferred
    ) -> list[Mark]:
        """The bakes in an oven, its best, and the old oven's favourite as it comes out of this one."""
        menu = oven_of(likeness)
        best, favourite = best_trial(trials), numbers.old_best
        ends = "" if best is None or best.score is None else f", best {points(best.score)}"
        heat, minutes, score = summit(likeness)
        there = f"the best there is: {heat:.0f} °C, {minutes:.1f} min; {points(score)}"
        marks: list[Mark] = [
            Text(None, panel.left, 20, name, "big"),
            Text(None, panel.left + 108, 20, f"{count(len(trials), 'bake')}{ends}", "quiet"),
            Dots(panel, [heat], [minutes], "truth", tips=[there]),
            _spots(panel, trials, menu, "tried"),
        ]
        if trials and likeness is not None:
            marks.append(_spots(panel, trials[-1:], menu, "last"))
        if favourite is not None:
            marks += _favourite(panel, menu, favourite, score)
        return marks

    def _best(self, numbers: Transferred) -> list[Mark]:
        """Best so far of all searches: the mean, and from the worst to the best of them."""
        shift = numbers.plan.old_bakes if self.count.value else 0
        last = BUDGET + shift
        ticks = _marked(BAKES if not shift else range(5, last + 1, 5))
        where = "bakes in both ovens" if shift else "bakes in the new oven"
        panel = Panel(
            LEFTS[0], CHARTS[0], 380, CHARTS[1], Scale(0.5, last + 0.5, where, ticks),
            Scale(-0.3, 10.3, "", ((0.0, "0"), (5.0, "5"), (10.0, "10"))), grid="y",
        )  # fmt: skip
        key = (("with the old oven", "line", "pen0"), ("without", "line", "pen1"))
        marks: list[Mark] = [
            Axes(panel),
            Text(None, panel.left, CHARTS[0] - 12, "Best so far", "title"),
            Key(panel.left + 104, CHARTS[0] - 12, key),
            Rule(panel, numbers.top, "limit", along="x", tip=f"the best there is: {points(numbers.top)}"),
        ]
        if shift:
            old = Bars(panel, [0.5], [shift + 0.5], [-0.3], [10.3], "track", tips=["the old oven's bakes"])
            marks.insert(1, old)
        if not numbers.step:
            marks.append(Text(panel, last / 2 + 0.5, 4, "Press Play: will it start high?", "quiet", "middle"))
        many = count(len(numbers.scratch_best), "search")
        marks += _curve(panel, numbers.scratch_best, SCRATCH, 0, f"without, {many}")
        marks += _curve(panel, numbers.warm_best, WARM, shift, f"with the old oven, {many}")
        return marks

    def _trust(self, numbers: Transferred) -> list[Mark]:
        """How far each search trusted the old oven at each bake."""
        panel = Panel(
            486, CHARTS[0], 162, CHARTS[1],
            Scale(0.5, BUDGET + 0.5, "bakes in the new oven", _marked(BAKES)),
            Scale(-0.04, 1.06, "", ((0.0, "0"), (0.5, "0.5"), (1.0, "1"))), grid="y",
        )  # fmt: skip
        fixed = numbers.plan.trust
        how = "learned" if fixed is None else f"fixed at {fixed:g}"
        return [
            Axes(panel),
            Text(None, panel.left, CHARTS[0] - 12, f"Trust ({how})", "title"),
            *_curve(panel, numbers.trust, WARM, 0, "trust in the old oven"),
        ]

    # -- in words

    def read(self, numbers: Transferred) -> str:
        """What the old favourite is worth, how far the search is, and how soon it was close."""
        plan, favourite = numbers.plan, numbers.old_best
        if favourite is None:
            return f"{count(plan.old_bakes, 'bake')} in the old oven are under way."
        here = points(oven_of(plan.likeness).taste(favourite.params))
        first = (
            f"The old oven's favourite: {points(float(favourite.score or 0))} there, {here} in the new oven."
        )
        if not numbers.step:
            return (
                f"{first}\nThe new oven is still cold. Its best pizza would score {points(numbers.top)}.\n"
                "Pull Likeness down to liar: what becomes of the old favourite?"
            )
        how = "learned" if plan.trust is None else "fixed"
        scratch = ""
        if numbers.scratch:
            scratch = f", {points(numbers.scratch_best[0, len(numbers.scratch) - 1])} without the old oven"
        return (
            f"{first}\nAfter {count(numbers.step, 'bake')} the best is "
            f"{points(numbers.warm_best[0, numbers.step - 1])}{scratch}; "
            f"trust {numbers.trust[0, numbers.step - 1]:.2f} ({how}).\n{self._soon(numbers)}"
        )

    def _soon(self, numbers: Transferred) -> str:
        """After how many bakes the searches that are done were close to the best."""
        done, asked = numbers.done, numbers.asked
        if np.isnan(numbers.until).any():
            return f"The searches are under way: {done} of {asked} are done."
        shift = numbers.plan.old_bakes if self.count.value else 0
        mine, theirs = numbers.spent(shift)
        how = f"median of {asked}" if done == asked else f"{done} of {asked} searches are done"
        told = f" ({how})" if asked > 1 else ""
        old = f" ({shift} old)" if shift else ""
        return f"Bakes until within {CLOSE:g} of the best: {mine}{old}; {theirs} without{told}."

    def table(self, numbers: Transferred) -> Mapping[str, Any]:
        """A row for each bake of each search in the new oven."""
        run, rows = self.run, []
        for kind, searches in (("transferred", run.warm), ("from scratch", run.scratch)):
            for plan, trials in zip(run.plans, searches, strict=False):
                shown = trials[: self.step.value]
                for trial, best in zip(shown, best_so_far(shown), strict=True):
                    where = trial.params["temperature"], trial.params["minutes"]
                    trust = trial.origin.get("trust", 0.0) if kind == "transferred" else np.nan
                    rows.append((kind, plan.seed, trial.number + 1, *where, trial.score, best, trust))
        return {name: [row[place] for row in rows] for place, name in enumerate(COLUMNS)}

    def card(self, numbers: Transferred) -> Card | None:
        """The pizza just baked in the new oven and the best so far; before, the old oven's favourite."""
        menu, best = oven_of(numbers.plan.likeness), best_trial(numbers.warm)
        if best is None:
            old = numbers.old_best
            return None if old is None else Card(_served(oven_of(None), old), heading="Best of the old oven")
        last = numbers.warm[-1]
        return Card(_served(menu, last), _served(menu, best) if best is not last else None)


def _marked(numbers: Iterable[int]) -> tuple[tuple[float, str], ...]:
    return tuple((float(number), f"{number}") for number in numbers)


def _served(menu: Menu, trial: Trial) -> Any:
    return served(menu.pizza(trial.params), trial.score)


def _map(left: float) -> Panel:
    time = TIME if left == LEFTS[0] else Scale(TIME.low, TIME.high, "", TIME.ticks, log=True)
    return Panel(left, TOP, WIDE, TALL, HEAT, time)


def _spots(panel: Panel, trials: Trials, menu: Menu, style: str) -> Dots:
    heats = [trial.params["temperature"] for trial in trials]
    times = [trial.params["minutes"] for trial in trials]
    return Dots(panel, heats, times, style, tips=[trial_tip(trial, menu.space) for trial in trials])


def _favourite(panel: Panel, menu: Menu, favourite: Trial, best: float) -> list[Mark]:
    """The old oven's best pizza: a star on the map, and beside it how it comes out of this oven."""
    score = menu.taste(favourite.params)
    heat, minutes = favourite.params["temperature"], favourite.params["minutes"]
    tip = f"the old oven's favourite, {heat:.0f} °C and {minutes:.1f} min, scores {points(score)} here"
    x = panel.right + 8 + PIZZA / 2
    symbol = pizza_symbol(menu.pizza(favourite.params))
    return [
        Dots(panel, [heat], [minutes], "best", tips=[tip]),
        Text(None, x, TOP + 2, "★ out of", "quiet", "middle"),
        Text(None, x, TOP + 19, "this oven", "quiet", "middle"),
        Image(None, x, TOP + 28 + PIZZA / 2, PIZZA, symbol, tip, plate=True),
        Text(None, x, TOP + 50 + PIZZA, points(score), "big", "middle"),
        Text(None, x, TOP + 70 + PIZZA, f"☆ best {points(best)}", "quiet", "middle"),
    ]


def _curve(panel: Panel, table: FloatArray, pen: int, start: float, name: str) -> list[Mark]:
    """The mean of the searches after each bake that any of them has reached, and their range."""
    done = np.isfinite(table).all(axis=1) if len(table) else np.zeros(0, dtype=bool)
    whole = table[done] if done.any() else table[:1, np.isfinite(table[:1]).all(axis=0)]
    if not whole.size:
        return []
    x = np.arange(1.0, whole.shape[1] + 1) + start
    found = spread_of(whole)
    tips = [f"{name}: {mean:.2f}" for mean in found.mean]
    dots = Dots(panel, x, found.mean, f"pen{pen}", sizes=[3.5] * len(x), tips=tips)
    return [*spread_marks(panel, x, found, pen, name), dots]


def transfer(
    likeness: float = 0.9,
    old_bakes: int = 20,
    trust: float | None = None,
    seed: int = 1,
    searches: int = LUCKS,
    step: int = 0,
) -> TransferExplorer:
    """Bring what an old oven taught to a new one, and see when it helps, when it harms, and what it cost.

    Parameters
    ----------
    likeness : float
        Of the new oven, from 1 (a twin) through 0 (unrelated) to -1 (misleading).
    old_bakes : int
        How many bakes of the old oven are known, from 3 to 24.
    trust : float, optional
        Weight of the old oven from 0 to 1; by default it is learned. As in `TransferLearning`.
    seed : int
        Luck of the search on the maps, from 1 to 6.
    searches : int
        How many seeds are compared in the charts, from 1 to 6.
    step : int
        Bakes in the new oven, from 0 to 12.

    Returns
    -------
    TransferExplorer
        To be shown in a notebook. Its numbers are in ``.data``, its sentence in ``.reading``.

    Raises
    ------
    TypeError, ValueError
        If a start lies outside its knob.

    Examples
    --------
    >>> import pizzatune as pt
    >>> explorer = pt.explore.transfer(likeness=1, searches=1, step=3)
    >>> bool(explorer.data.warm_best[0, 0] > explorer.data.top - 0.3)
    True
    >>> explorer.data.trust.shape
    (1, 3)
    """
    return TransferExplorer(
        likeness=likeness,
        old_bakes=old_bakes,
        learned=trust is None,
        trust=1.0 if trust is None else trust,
        seed=seed,
        searches=searches,
        step=step,
    )
