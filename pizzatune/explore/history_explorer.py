"""Time travel through a finished run: at each trial what the strategy believed, what it chose, and why.

And what it would have done, had a trial scored otherwise.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from textwrap import shorten
from typing import Any, ClassVar

import numpy as np

from pizzatune.explore import travel_words
from pizzatune.explore.explorer import Button, Card, Explorer, Knob, Pick, Steps
from pizzatune.explore.timeline import (
    Decision,
    Snapshot,
    Timeline,
    View,
    display_names,
    inspect,
    same_trials,
    span_of,
    views_of,
)
from pizzatune.explore.travel_picture import TravelPicture
from pizzatune.explore.verdicts import nothing_yet, served
from pizzatune.menus.article import topping_and_heat
from pizzatune.menus.menu import Menu
from pizzatune.menus.own import OwnMenu, no_recipe
from pizzatune.parameters import FloatArray
from pizzatune.pictures.marks import Layers
from pizzatune.result import Objective, Result
from pizzatune.space import Params
from pizzatune.strategies.base import Strategy
from pizzatune.strategies.bayesian_optimization import BayesianOptimization
from pizzatune.trial import (
    MISSING,
    Trial,
    best_so_far,
    best_trial,
    column_of,
    columns_beside,
    scores_of,
)
from pizzatune.tuning import tune
from pizzatune.words import settings

KITCHEN = 0.0, 10.0  # lowest and highest taste score
KEPT = 40  # decisions that are remembered; one of a map holds some 250 kB


def scale_of(objective: Objective | None, score_label: str) -> tuple[float, float] | None:
    """Between which numbers scores lie, where our own kitchen gives them; None where nobody knows."""
    owner = getattr(objective, "__self__", None)
    return KITCHEN if score_label == Menu.score_label and not isinstance(owner, OwnMenu) else None


class HistoryExplorer(Explorer):
    """Slide through the trials of a run; change a score, and see what the strategy would have done.

    Parameters
    ----------
    result : Result, optional
        The run, by default a small one. It is not changed.
    objective : callable, optional
        What was tuned, to try again what a replay suggests; by default what the result remembers.
    **starts
        Where controls start.
    """

    title = "Time travel"
    size = (660.0, 500.0)
    lines = 4
    recorded: ClassVar[tuple[str, ...] | None] = ("view",)
    comes = "scored"  # what a trial did
    trial = Steps(
        0, 1, label="Trial", seconds=0.9, first=1, help="What it knew before this trial, and what it chose"
    )
    score = Knob(
        0.0, 1.0, label="What if it had scored", reruns=True,
        help="Or drag the trial in the upper picture; the rest is then tried again",
    )  # fmt: skip
    undo = Button("As it really was", reruns=True, help="Back to what really happened")
    view = Pick({"each parameter": View("strips")}, label="Show below", help="What the lower picture shows")

    def __init__(
        self, result: Result | None = None, objective: Objective | None = None, **starts: Any
    ) -> None:
        self.opened_with = result, objective
        result = small_run() if result is None else result
        self._real = tuple(result.trials)
        self._settings = result.strategy.rebuilt(())
        self._space = result.space
        self._objective = result.objective if objective is None else objective
        self._names = result.score_label, result.trial_label
        self._scale = scale_of(self._objective, result.score_label)
        self._planned = len(self._real)  # how many trials a run has
        self._decisions: OrderedDict[tuple[int, View], Decision] = OrderedDict()
        self._strategy: Strategy | None = None  # the last one that was rebuilt
        self._offered = math.nan  # what the score knob stands at when nobody turned it
        self._undone = 0  # how often the button was pressed when that was last answered
        self._drawer = TravelPicture(self._space, display_names(self._space), self._names)
        super().__init__(**starts)

    def prepare(self) -> None:
        """Make room for all trials, and find the views that suit the space."""
        self._suit_views()
        self.view.value = next(iter(self.view.options.values()))
        self.trial.high = len(self._real)
        self._span(self._real)

    def _suit_views(self) -> None:
        """Offer the views that suit the space and the strategy."""
        views = views_of(self._space, isinstance(self._settings, BayesianOptimization))
        if views != self.view.options:
            self.view.options = views
        self.view.shown = len(views) > 1

    def _span(self, trials: Sequence[Trial]) -> None:
        """Give the score knob room for all that came."""
        low, high, self.score.step = span_of(scores_of(trials), self._scale)
        self.score.span(low, high)

    # -- what might have been

    def rerun(self) -> Iterator[Timeline]:
        """What is kept of a history, and after a replay the rest of it."""
        timeline = self._kept()
        yield timeline
        yield from self._rest(timeline)

    def _kept(self) -> Timeline:
        """What really happened, or what happened until a score was changed."""
        if self.run is None or self.undo.value != self._undone:
            self._undone = self.undo.value
            return Timeline(self._real)
        timeline: Timeline = self.run
        if self.score.value == self._offered:
            return timeline
        number = self._shown(timeline)
        kept, was = timeline.trials[:number], timeline.trials[number : number + 1]
        told = replace(was[0], score=self.score.value, error=None) if was else self._next(kept)
        if told is None:
            return timeline
        since = number if timeline.since is None else min(timeline.since, number)
        imagined = frozenset(old for old in timeline.imagined if old < number) | {number}
        return Timeline((*kept, told), imagined, since)

    def _next(self, kept: Sequence[Trial]) -> Trial | None:
        """What it would try next, with the score that is set."""
        decision = self._decision(Timeline(tuple(kept)), len(kept))
        if decision.chosen is None:
            return None
        strategy = self._settings.rebuilt(kept)
        return strategy.tell(strategy.ask(), self.score.value)

    def _rest(self, timeline: Timeline) -> Iterator[Timeline]:
        """Try what the strategy suggests, as long as the run really was."""
        if self._objective is None or len(timeline.trials) >= self._planned:
            return
        strategy = self._settings.rebuilt(timeline.trials)
        while len(strategy.trials) < self._planned:
            tune(self._objective, strategy, budget=1, progress=False)
            if len(strategy.trials) == len(timeline.trials):
                return  # every combination has been tried
            timeline = replace(timeline, trials=tuple(strategy.trials))
            if timeline.since is None:
                self._real = timeline.trials
            yield timeline

    def memory(self) -> Any:
        """The scores that were made up, by trial: the rest follows from them."""
        made_up = [[number, self.run.trials[number].score] for number in sorted(self.run.imagined)]
        return [self.trial.value, made_up] if made_up else None

    def remember(self, memory: Any) -> None:
        """Make up the same scores, one after the other."""
        shown, made_up = memory
        for number, score in made_up:
            self.set(trial=number)
            self.set(score=score)
            self.settle()
        self.set(trial=shown)

    def dragged(self, name: str, x: float, y: float) -> None:
        """A trial's score is dragged up or down; the rest is tried again."""
        number, scale = int(name.removeprefix("trial ")), self._drawer.scores
        step = self.score.step
        score = round(round(scale.value(y) / step) * step, 12)
        if self.trial.value != number:
            self.trial.value = number
        self.score.value = min(max(score, self.score.low), self.score.high)

    def clicked(self, name: str, x: float, y: float) -> None:
        """Travel to a trial."""
        if name.startswith("trial "):
            self.trial.value = int(name.removeprefix("trial "))

    # -- the numbers

    def _shown(self, timeline: Timeline) -> int:
        """The number of the trial that is shown."""
        return min(int(self.trial.value), len(timeline.trials))

    def model(self) -> Snapshot:
        """What was known before the trial that is shown."""
        timeline: Timeline = self.run
        number = self._shown(timeline)
        decision = self._decision(timeline, number)
        self.trial.high = self._planned if self.running else len(timeline.trials)
        self.undo.shown = self.undo.enabled = timeline.since is not None
        self.score.enabled = decision.chosen is not None
        self._offer(timeline, decision)
        return Snapshot(number, timeline, decision, self._real, self._settings)

    def _offer(self, timeline: Timeline, decision: Decision) -> None:
        """Put the score that came onto the knob, or a likely one where none did."""
        if timeline.trials:
            self._span(self._real + timeline.trials)
        score = decision.trial.score if decision.trial is not None else None
        if score is None:
            scores = scores_of(decision.told)
            scores = scores[np.isfinite(scores)]
            # A failure counts as the worst; what comes next may be as good as the best.
            worst_or_best = scores.min if decision.trial is not None else scores.max
            score = float(worst_or_best()) if len(scores) else self.score.low
        rounded = round(float(f"{score:.4g}"), max(0, -math.floor(math.log10(self.score.step))))
        self._offered = self.score.value = min(max(rounded, self.score.low), self.score.high)

    def _decision(self, timeline: Timeline, number: int) -> Decision:
        """Inspect a trial, or remember what was found."""
        trials, key = timeline.trials, (number, self.view.value)
        told, trial = trials[:number], trials[number] if number < len(trials) else None
        known = self._decisions.get(key)
        if known is None or known.trial is not trial or not same_trials(known.told, told):
            if self._strategy is None or not same_trials(self._strategy.trials, told):
                self._strategy = self._settings.rebuilt(told)
            known = self._decisions[key] = inspect(self._strategy, trial, self.view.value)
            if len(self._decisions) > KEPT:
                self._decisions.popitem(last=False)
        return known

    def forget(self) -> None:
        """Throw away decisions that are remembered."""
        self._decisions.clear()
        self._strategy = None

    # -- the picture, and in words

    def picture(self, numbers: Snapshot) -> Layers:
        """Above the scores of all trials, below what was believed of each parameter."""
        return self._drawer.layers(numbers, self.view.value, int(self.trial.high), self._scale)

    def read(self, numbers: Snapshot) -> str:
        """What it tried and what came, why, and so far or what might have been."""
        least = self._slight(numbers)
        lines = [travel_words.what(numbers, self.comes, least, self._order)]
        lines += [travel_words.why(numbers, least), self._last_line(numbers)]
        return "\n".join(line for line in lines if line)

    def _last_line(self, numbers: Snapshot) -> str:
        """So far; after a replay, what was made up."""
        timeline = numbers.timeline
        if timeline.since is not None:
            known = self._objective is not None
            return travel_words.made_up(numbers, known=known, running=self.running)
        return travel_words.so_far(numbers, self._names)

    def _slight(self, numbers: Snapshot) -> float:
        """The least difference of scores that is worth a number: 0.01 where they run from 0 to 10."""
        scores = numbers.scores
        low, high = self._scale or ((float(scores.min()), float(scores.max())) if len(scores) else (0.0, 1.0))
        width = high / 2 - low / 2
        return float(10.0 ** math.floor(math.log10((width or 0.5) / 150)))

    def _order(self, params: Params) -> str:
        """Params in one line as people say them."""
        if self._scale is not None:  # one of our kitchens
            return travel_words.briefly(self._space, params)
        said = settings(self._space, params, None, self._drawer.called)
        return shorten(said, 110, placeholder=" and more")

    def card(self, numbers: Snapshot) -> Card | None:
        """The last pizza that was tried and the best, where the objective is one of our kitchens."""
        menu = getattr(self._objective, "__self__", None)
        if not isinstance(menu, Menu) or menu.recipe is no_recipe:
            return None
        best = best_trial(numbers.shown)
        if best is None:
            return Card(nothing_yet())
        last = numbers.shown[-1]
        out, top = (served(menu.pizza(trial.params), trial.score or 0.0) for trial in (last, best))
        if last.score is None:
            return Card(top, heading="Best so far")
        return Card(out, top if best is not last else None)

    def table(self, numbers: Snapshot) -> Mapping[str, Any]:
        """A row for each trial of the history that is shown."""
        trials = numbers.timeline.trials
        was = {trial.number: trial.score for trial in self._real}
        real: FloatArray = np.array([was.get(trial.number, np.nan) for trial in trials], dtype=float)
        params = {
            name: column_of([trial.params.get(name, MISSING) for trial in trials])
            for name in self._space.names
        }
        ours = {
            "trial": [trial.number for trial in trials],
            "score": scores_of(trials),
            "best so far": best_so_far(trials),
            "expected": [trial.origin.get("mean", np.nan) for trial in trials],
            "std": [trial.origin.get("std", np.nan) for trial in trials],
            "made up": [trial.number in numbers.timeline.imagined for trial in trials],
            "real score": real,
            "why": [trial.why for trial in trials],
            "error": [trial.error for trial in trials],
        }
        called = columns_beside(self._space.names, ours)
        number, *rest = ((called[name], column) for name, column in ours.items())
        return dict([number, *params.items(), *rest])


@lru_cache(maxsize=1)
def small_run() -> Result:
    """A short search to travel through: twelve pizzas of the menu `topping_and_heat`."""
    menu = topping_and_heat()
    return tune(menu.taste, BayesianOptimization(menu.space, seed=4), budget=12, progress=False)


def history(
    result: Result | None = None, objective: Objective | None = None, trial: int = 0
) -> HistoryExplorer:
    """Travel through the trials of a run: what the strategy believed, what it chose and why, and what came.

    Change a score, or drag it on the picture, and the strategy goes on from there as if that had come.

    Parameters
    ----------
    result : Result, optional
        The run; by default a small one of our own. It is not changed.
    objective : callable, optional
        What was tuned, such as ``menu.taste``; by default what `tune` was given. A run that was loaded from
        a file does not know it: then no more than the next suggestion is known after a change.
    trial : int
        Where to start, from 0, which its box shows as 1. One more than the last is what it would try next.

    Returns
    -------
    HistoryExplorer
        To be shown in a notebook. Its numbers are in ``.data``, its sentence in ``.reading``.

    Raises
    ------
    TypeError, ValueError
        If there is no such result, trial or objective.

    Examples
    --------
    >>> import pizzatune as pt
    >>> menu = pt.menus.topping_and_heat()
    >>> result = pt.tune(menu.taste, pt.GeneticAlgorithm(menu.space, seed=0), budget=8)
    >>> explorer = history(result, trial=2)
    >>> explorer.score.value = 9.5
    >>> _ = explorer.settle()
    >>> explorer.data.timeline.imagined, len(explorer.data.timeline.trials)
    (frozenset({2}), 8)
    """
    if not isinstance(result, Result | None):
        raise TypeError(f"history needs the result of a search, got {result!r}; pass what pt.tune gave back")
    if objective is not None and not callable(objective):
        raise TypeError(
            f"objective must be a function of params, got {objective!r}; for a menu, pass menu.taste"
        )
    return HistoryExplorer(result, objective, trial=trial)
