"""Time travel through a finished run: at each trial what the strategy believed, what it chose, and why.

And what it would have done, had a trial scored otherwise.
"""

from __future__ import annotations

import math
import operator
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from textwrap import shorten
from typing import Any, Self

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pizzatune.explore.beliefs import (
    FLOOR,
    LEGEND,
    NAMES,
    TICKS,
    TOP,
    BeliefPicture,
    mark,
    place,
    stretch,
)
from pizzatune.explore.controls import Control
from pizzatune.explore.frame import Explorer, Knob, Pick, Steps
from pizzatune.explore.moments import (
    STRIP_POINTS,
    Look,
    Moment,
    Past,
    View,
    called,
    look,
    on_page,
    outward,
    round_step,
    views_of,
)
from pizzatune.menus.article import topping_and_heat
from pizzatune.menus.menu import Menu
from pizzatune.menus.own import OwnMenu
from pizzatune.parameters import FloatArray
from pizzatune.plots.frame import count, levels, room, score_text, settings
from pizzatune.plots.palette import AUBERGINE, BASIL, INK, LINE, NIGHT, PAPER, PENCIL, TOMATO
from pizzatune.plots.slices import BAND
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

RIGHT = 652, 938  # of the score history, in dots
KEY = 614, 776  # where the columns of its key begin
ROW = 26  # dots from one row of the key to the next
FORECAST = f"forecast ± {BAND:g} std"
KITCHEN = 0.0, 10.0  # lowest and highest taste score
HEADING = 66  # letters that fit over the pictures
KEPT = 600  # looks that are remembered, some 20 kB each
AHEAD = 100  # trials: of longer runs no look is prepared before it is asked for


class WhatIf(Knob):
    """A score to be changed, with a button that replays what would have followed and one that goes back."""

    def __init__(self, label: str = "", *, help: str = "", group: str = "") -> None:
        super().__init__(0.0, 1.0, label=label, help=help, group=group)
        self.offered = 0.0  # what really came: the value before anybody turns it
        self.replay: Callable[[], object] = lambda: None
        self.go_back: Callable[[], object] = lambda: None

    def _make(self) -> None:
        super()._make()
        self._replay_button = widgets.Button(
            description="Replay", icon="play", tooltip="Tell the strategy this score, and see what follows"
        )
        self._back_button = widgets.Button(
            description="As it was", icon="undo", tooltip="Back to what really happened"
        )
        self._replay_button.add_class("pt-main")
        self._replay_button.on_click(lambda _: self.replay())
        self._back_button.on_click(lambda _: self.go_back())
        row = widgets.HBox([self._replay_button, self._back_button])
        row.add_class("pt-buttons")
        self.view = widgets.VBox([*self.view.children, row])

    def _handles(self) -> Sequence[Any]:
        return *self._parts(), self._replay_button

    @property
    def turned(self) -> bool:
        """Whether it was set to another score than came."""
        return bool(self._value != self.offered)

    @property
    def changed(self) -> bool:
        """Whether there is something to go back from."""
        return not self._back_button.disabled

    @changed.setter
    def changed(self, changed: bool) -> None:
        self._back_button.disabled = not changed

    def call(self, label: str) -> None:
        """Give it another label."""
        self.label = label
        for part in self._parts():
            part.description = label

    def span(self, low: float, high: float, step: float) -> None:
        """Other limits, in steps from one end to the other."""
        if (low, high, step) == (self._low, self._high, self.step):
            return
        self._low, self._high, self.step = low, high, step
        self._value, self.offered = (min(max(score, low), high) for score in (self._value, self.offered))
        self._showing = True  # a box that must keep to new limits is not turned
        self._box.max = max(high, self._box.max)  # so that at no time max lies below min
        self._box.min, self._box.max, self._box.step = low, high, step
        self._slider.max = self._place(high)
        self._show_all()  # the slider counts steps from the lowest score

    def offer(self, score: float) -> None:
        """Stand at the score of another trial; nobody turned it."""
        self._value = self.offered = min(max(score, self._low), self._high)
        self._show_all()


def span_of(scores: FloatArray, scale: tuple[float, float] | None = None) -> tuple[float, float, float]:
    """Lowest and highest score worth asking about, and a step, all round numbers.

    Parameters
    ----------
    scores : ndarray, shape (n,)
        All that came; nan where there is none.
    scale : tuple of float, optional
        Between which numbers scores lie, where that is known. Otherwise the limits lie as far from the
        scores as these from 0, or as their width if that is more.

    Examples
    --------
    >>> span_of(np.array([2.0, 7.3, np.nan]))
    (-6.0, 15.0, 0.1)
    >>> span_of(np.array([0.86, 0.88]))
    (-0.02, 1.76, 0.002)
    >>> span_of(np.array([2.0, 7.3]), scale=(0.0, 10.0))
    (0.0, 10.0, 0.05)
    >>> span_of(np.array([]))
    (0.0, 1.0, 0.005)
    """
    scores = scores[np.isfinite(scores)]
    low, high = (float(scores.min()), float(scores.max())) if len(scores) else scale or (0.0, 1.0)
    width = high - low
    if scale is not None:
        low, high = min(low, scale[0]), max(high, scale[1])
    elif len(scores):
        size = max(abs(low), abs(high))
        reach = max(width, min(size, 500 * width or size)) or 1.0
        low, high = low - reach, high + reach
    whole = high - low
    step = round_step(max(whole / 2000, min(whole / 250, (width or whole) / 10)))
    return *outward(low, high, 10 * step), round(step, max(0, -math.floor(math.log10(step))))


def scale_of(objective: Objective | None, score_label: str) -> tuple[float, float] | None:
    """Between which numbers scores lie, where our own kitchen gives them; None where nobody knows."""
    owner = getattr(objective, "__self__", None)
    return KITCHEN if score_label == Menu.score_label and not isinstance(owner, OwnMenu) else None


def roughly(number: float, least: float) -> str:
    """A small number with two figures, or that it is less than is worth a number.

    Examples
    --------
    >>> roughly(0.0523, 0.01), roughly(1.4e-11, 0.01), roughly(3.2e-7, 1e-8), roughly(123.0, 0.01)
    ('0.052', 'less than 0.01', '0.00000032', '120')
    """
    if number < least:
        return f"less than {roughly(least, least)}"
    return np.format_float_positional(float(f"{number:.2g}"), trim="-")


class HistoryExplorer(Explorer):
    """Slide through the trials of a run; change a score, and see what the strategy would have done.

    Parameters
    ----------
    result : Result
        The run. It is not changed.
    objective : callable, optional
        What was tuned, to try again what a replay suggests.
    **starts
        Where controls start.
    """

    title = "Time travel"
    comes = "came"  # what a score does
    trial = Steps(0, 1, label="Trial", seconds=0.9, help="What it knew before this trial, and what it chose")
    view = Pick({"All parameters": View("strips")}, label="Left picture")
    score = WhatIf(label="Its score", group="What if?", help="What the strategy is told in a replay")

    def __init__(self, result: Result, objective: Objective | None = None, **starts: Any) -> None:
        self._real = tuple(result.trials)
        self._settings = result.strategy.rebuilt(())
        self._space, self._objective = result.space, objective
        self._names = result.score_label, result.trial_label
        self._scale = scale_of(objective, result.score_label)
        self._called = called(result.space)
        self._planned = len(self._real)  # how many trials a run has
        self._past = Past(self._real)  # where the next run starts
        self._looks: OrderedDict[tuple[int, View], Look] = OrderedDict()
        self._strategy: Strategy | None = None  # the last one that was rebuilt
        self._standing: tuple[int, Trial | None] | None = None  # the trial that the score box is about
        super().__init__(**starts)

    def prepare(self) -> None:
        """Make room for all trials, and find the views that suit the space."""
        self._suit_views()
        self.view.value = next(iter(self.view.options.values()))
        self.score.replay, self.score.go_back = self.replay, self.go_back
        self.trial.high = len(self._real)
        self.score.span(*span_of(scores_of(self._real), self._scale))
        self.trial.value = max(0, len(self._real) - 1)

    def _suit_views(self) -> None:
        """Offer the views that suit the space and the strategy."""
        views = views_of(self._space, isinstance(self._settings, BayesianOptimization))
        if views != self.view.options:
            self.view.options = views
            self.view.enabled = len(views) > 1

    def replay(self) -> Self:
        """Tell the strategy the score that is set for this trial, and see what would have followed.

        With the objective, the rest is tried again, as many trials as there really were. Without it only
        what it would have suggested next is known.

        Raises
        ------
        ValueError
            If there is no trial to tell a score, since every combination had been tried.
        """
        with self.lock:
            past, number = self.run, self._shown(self.run)
            if self._look(number).chosen is None:
                raise ValueError(
                    "every combination has been tried, so there is no trial to tell a score; "
                    "go back to an earlier one"
                )
            kept = past.trials[:number]
            told, made_up = self._told(kept, past.trials[number] if number < len(past.trials) else None)
            imagined = frozenset(old for old in past.imagined if old < number)
            if made_up or number in past.imagined:
                imagined |= {number}
            since = number + (not made_up) if past.since is None else min(past.since, number)
            self._past = Past((*kept, told), imagined, since)
            self._run_anew()
        return self

    def _told(self, kept: Sequence[Trial], trial: Trial | None) -> tuple[Trial, bool]:
        """The trial with the score that is set, and whether that is another one than came."""
        score = self.score.value
        if trial is None:
            strategy = self._settings.rebuilt(kept)
            return strategy.tell(strategy.ask(), score), True
        return (replace(trial, score=score, error=None), True) if self.score.turned else (trial, False)

    def go_back(self) -> Self:
        """Back to what really happened."""
        with self.lock:
            self._past = Past(self._real)
            self._run_anew()
        return self

    def rerun(self) -> Iterator[Past]:
        """What is kept of a history, and after a replay the rest of it."""
        past = self._past
        self._make_room(past)
        if past.since is not None:
            self.trial.value = len(past.trials)
        if past != self.run:  # what is shown already need not be shown before the first new trial
            yield past
        if self._objective is not None and len(past.trials) < self._planned:
            strategy = self._settings.rebuilt(past.trials)
            while len(strategy.trials) < self._planned:
                tune(self._objective, strategy, budget=1, progress=False)
                if len(strategy.trials) == len(past.trials):
                    break  # every combination has been tried
                past = replace(past, trials=tuple(strategy.trials))
                if past.since is None:
                    self._real = past.trials
                self._make_room(past)
                yield past
        if len(past.trials) <= AHEAD:
            self.later(self._look_ahead(len(past.trials)))

    def _shown(self, past: Past) -> int:
        """The number of the trial that is shown."""
        return int(self.trial.value)

    def _make_room(self, past: Past) -> None:
        self.trial.high = self._planned if past.since is None else len(past.trials)
        if past.trials:
            self.score.span(*span_of(scores_of(self._real + past.trials), self._scale))

    def _look_ahead(self, last: int) -> Iterator[None]:
        """Look at each trial before anybody does."""
        for number in range(last + 1):
            if number <= len(self.run.trials):
                self._look(number)
            yield

    def turned(self, control: Control) -> None:
        """The score box is about the trial that is shown."""
        with self._picture_first():
            if control is self.trial and not self._answering:
                self._offer(self.run or self._past)
            super().turned(control)

    def _offer(self, past: Past) -> None:
        """Put the score that came into the box, unless it stands there already or was changed by hand."""
        number = self._shown(past)
        trial = past.trials[number] if number < len(past.trials) else None
        if self._standing is not None and self._standing[0] == number and self._standing[1] is trial:
            return
        self._standing = number, trial
        score = trial.score if trial is not None else None
        if score is None:
            scores = scores_of(past.trials[:number])
            scores = scores[
                np.isfinite(scores)
            ]  # a failure counts as the worst; what comes next may be as good
            worst_or_best = scores.min if trial is not None else scores.max
            score = float(worst_or_best()) if len(scores) else self.score.low
        self.score.offer(float(f"{score:.4g}"))

    def model(self) -> Moment:
        """What was known before the trial that is shown."""
        number = self._shown(self.run)
        seen = self._look(number)
        self._offer(self.run)
        what_if = self.score.value if self.score.turned and seen.chosen is not None else None
        return Moment(number, self.run, seen, what_if, self._real, self._settings)

    def _look(self, number: int) -> Look:
        """Look at a trial, or remember how it looked."""
        past, key = self.run.trials, (number, self.view.value)
        told, trial = past[:number], past[number] if number < len(past) else None
        known = self._looks.get(key)
        if known is None or known.trial is not trial or not _same(known.told, told):
            if self._strategy is None or not _same(self._strategy.trials, told):
                self._strategy = self._settings.rebuilt(told)
            known = self._looks[key] = look(self._strategy, trial, self.view.value)
            if len(self._looks) > KEPT:
                self._looks.popitem(last=False)
        return known

    def build(self, figure: Figure) -> None:
        """On the left a picture of the trials so far, on the right their scores."""
        self.marks_sheet = self.sheet()
        self.marks_sheet.set_zorder(5)
        self.heading = self.label(NAMES, 28, size=17, bold=True)
        self._build_history()
        mapped = any(view.kind == "map" for view in self.view.options.values())
        self.left = BeliefPicture(self, self.marks_sheet, self._space, self._names[0], mapped)
        self._limits: tuple[float, float, int] | None = None  # lowest and highest score, and last trial
        self._marked: tuple[str, ...] = ()  # what the key explains beside "best so far"

    def _build_history(self) -> None:
        self.history = ax = place(self, RIGHT, TOP, FLOOR)
        score_label, trial_label = self._names
        ax.set_xlabel(f"{trial_label} number")
        ax.set_ylabel(shorten(score_label, 44, placeholder=" …"), labelpad=2)
        ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        ax.yaxis.set_major_locator(MaxNLocator(7, steps=TICKS))
        ax.grid(axis="y", color=LINE, linewidth=0.8)
        ax.set_axisbelow(True)
        dot: dict[str, Any] = {"marker": "o", "linestyle": "none"}
        steps: dict[str, Any] = {"drawstyle": "steps-post"}
        self.real_best = mark(
            self, ax, color=PENCIL, linewidth=1.6, linestyle=(0, (1, 1.5)), **steps, zorder=2
        )
        self.best_line = mark(self, ax, color=INK, linewidth=2, **steps, zorder=3)
        self.real_dots = mark(self, ax, **dot, color=LINE, zorder=2)
        self.later_dots = mark(self, ax, **dot, mfc="none", mec=TOMATO, alpha=0.7, zorder=4)
        self.dots = mark(self, ax, **dot, color=TOMATO, mec=PAPER, zorder=5)
        self.made_up = mark(
            self, ax, **dot | {"marker": "D"}, color=AUBERGINE, mec=PAPER, zorder=6, clip_on=False
        )
        self.fails = mark(
            self,
            ax,
            **dot | {"marker": "x"},
            color=INK,
            mew=2,
            zorder=5,
            transform=ax.get_xaxis_transform(),
            clip_on=False,
        )
        self.bar = mark(self, ax, color=NIGHT, linewidth=7, alpha=0.35, solid_capstyle="butt", zorder=4)
        self.middle = mark(self, ax, color=NIGHT, marker="_", markersize=17, mew=3, ls="none", zorder=4)
        ringed: dict[str, Any] = {"marker": "o", "ls": "none", "mfc": "none", "zorder": 7}
        self.family = mark(self, ax, **ringed, mec=BASIL, mew=2.6)
        self.ring = mark(self, ax, **ringed, mec=INK, mew=2.4)
        self.ruler = self.moves(ax.axvline(0, color=INK, linewidth=1, alpha=0.5, zorder=1))
        self.ghost_line = mark(self, ax, color=AUBERGINE, linewidth=1.6, linestyle=(0, (2, 1.5)), zorder=6)
        self.ghost = mark(
            self, ax, marker="D", ls="none", markersize=11, mfc=PAPER, mec=AUBERGINE, mew=2.4, zorder=8
        )
        self._build_key()

    def _build_key(self) -> None:
        """What the marks mean: the parts of each explanation, shown where there is such a mark."""
        sheet, (left, right) = self.marks_sheet, KEY
        first, second, third = (LEGEND + ROW * row for row in range(3))
        look: dict[str, Any] = {"ls": "none", "markersize": 9}
        ring: dict[str, Any] = {"marker": "o", "ls": "none", "mfc": "none"}
        dotted: dict[str, Any] = {"linewidth": 1.6, "linestyle": (0, (1, 1.5))}
        line = [left, left + 26]
        marks: dict[str, tuple[int, int, list[Any]]] = {  # the words, their column and row, and the marks
            "best so far": (0, 0, sheet.plot(line, [first - 5] * 2, color=INK, linewidth=2)),
            FORECAST: (
                1,
                0,
                [
                    *sheet.plot([right] * 2, [first - 16, first + 6], color=NIGHT, linewidth=7, alpha=0.35),
                    *sheet.plot([right], [first - 5], color=NIGHT, marker="_", markersize=17, mew=3),
                ],
            ),
            "parents": (1, 0, sheet.plot([right], [first - 5], **ring, mec=BASIL, mew=2.6, markersize=14)),
            "made up": (0, 1, sheet.plot([left + 13], [second - 5], marker="D", **look, color=AUBERGINE)),
            "still to come": (1, 1, sheet.plot([right], [second - 5], **ring | look, mec=TOMATO, alpha=0.7)),
            "what really came": (
                0,
                2,
                [
                    *sheet.plot(line, [third - 5] * 2, color=PENCIL, **dotted),
                    *sheet.plot([left + 13], [third - 5], marker="o", ls="none", markersize=7, color=LINE),
                ],
            ),
        }
        self._keys: dict[str, list[Any]] = {}
        for words, (column, row, key) in marks.items():
            beside = KEY[column] + (34, 18)[column], LEGEND + ROW * row
            self._keys[words] = [*key, sheet.text(*beside, words, fontsize=14, color=INK)]

    def draw(self, numbers: Moment) -> None:
        """Move everything to the trial that is shown."""
        chosen = numbers.look.chosen
        if self.score.enabled != (chosen is not None):
            self.score.enabled = chosen is not None
        if self.score.changed != (numbers.past.since is not None):
            self.score.changed = numbers.past.since is not None
        self.heading.set_text(self._heading(numbers))
        self._limit(numbers)
        self._show_key(numbers)
        self._draw_history(numbers)
        self.left.draw(numbers, self.view.value)

    def _heading(self, numbers: Moment) -> str:
        chosen = numbers.look.chosen
        if chosen is None:
            return "Every combination has been tried"
        which = f"Trial {numbers.number}" if numbers.trial is not None else "Next"
        whole = f"{which}: {self._settings_of(chosen)}"
        return whole if len(whole) <= HEADING else which  # the sentence says it all

    def _settings_of(self, params: Params, names: Sequence[str] | None = None) -> str:
        """Params in one line as people say them, all or only `names`."""
        return settings(self._space, params, names, self._called)

    def _limit(self, numbers: Moment) -> None:
        """Make room for all scores, those made up as well."""
        extra = [] if numbers.what_if is None else [numbers.what_if]
        scores = np.concatenate([scores_of(self._real + numbers.past.trials), extra])
        scores = scores[np.isfinite(scores)]
        known = self._limits[:2] if self._limits is not None and self.running else (0.0, 1.0)
        low, high = room(float(scores.min()), float(scores.max()), 0.2) if len(scores) else known
        if self.running and self._limits is not None:  # to draw axes anew takes longer than all else
            low, high = min(low, self._limits[0]), max(high, self._limits[1])
        step = round_step((high - low) / 10)  # round limits seldom change
        low, high = step * math.floor(low / step), step * math.ceil(high / step)
        limits = low, high, 5 * math.ceil(max(self._planned, 1) / 5)
        if limits != self._limits:
            self._limits = limits
            self.history.set(xlim=(-0.6, limits[2] + 0.6), ylim=(low, high))
            self.left.upper.set_ylim(low, high)
            self._size_marks(limits[2])
            self.repaint("limits", limits)

    def _size_marks(self, last: int) -> None:
        """Small marks where there are many."""
        size = 9 if last <= 30 else 6 if last <= 80 else 3.5
        for marks in (self.later_dots, self.dots, self.made_up, self.fails):
            marks.set_markersize(size)
        self.real_dots.set_markersize(0.6 * size)
        for ring in (self.family, self.ring):
            ring.set_markersize(size + 7)

    def _show_key(self, numbers: Moment) -> None:
        """Say what the marks mean that are there: forecasts, parents, or what a replay left."""
        bred = any("parents" in trial.origin for trial in self._real + numbers.past.trials)
        marked = "best so far", *([FORECAST] if numbers.model else ["parents"] if bred else [])
        if numbers.past.since is not None:
            marked += "still to come", "what really came"
        if numbers.past.imagined:
            marked += ("made up",)
        if marked != self._marked:
            self._marked = marked
            for words, key in self._keys.items():
                for part in key:
                    part.set_visible(words in marked)
            stretch(self.history, TOP + 2 * ROW * (numbers.past.since is not None), FLOOR)
            self.repaint("key", marked)

    def _draw_history(self, numbers: Moment) -> None:
        trials, number = numbers.past.trials, numbers.number
        scores, best = scores_of(trials), best_so_far(trials)
        x = np.arange(len(trials))
        self.best_line.set_data(x[: number + 1], best[: number + 1])
        self.dots.set_data(x[: number + 1], scores[: number + 1])
        self.later_dots.set_data(x[number + 1 :], scores[number + 1 :])
        lost = np.flatnonzero(np.isnan(scores))
        self.fails.set_data(lost, np.full(len(lost), 0.025))
        self.made_up.set_data(*_at(scores, sorted(numbers.past.imagined)))
        other = numbers.past.since is not None
        was = scores_of(self._real)
        self.real_best.set_data(
            np.arange(len(was)), best_so_far(self._real) if other else np.full(len(was), np.nan)
        )
        self.real_dots.set_data(np.arange(len(was)), was if other else np.full(len(was), np.nan))
        self.family.set_data(*_at(scores, [parent.number for parent in numbers.parents]))
        self.ruler.set_xdata([number, number])
        self.ring.set_data(*_at(scores, [number] if number < len(trials) else []))
        expected = numbers.expected
        mean, std = expected if expected is not None else (np.nan, np.nan)
        self.bar.set_data([number, number], [mean - BAND * std, mean + BAND * std])
        self.middle.set_data([number], [mean])
        self._draw_ghost(numbers)

    def _draw_ghost(self, numbers: Moment) -> None:
        """The score that is set, but not replayed yet."""
        score = np.nan if numbers.what_if is None else numbers.what_if
        came = numbers.trial.score if numbers.trial is not None else None
        self.ghost.set_data([numbers.number], [score])
        self.ghost_line.set_data([numbers.number] * 2, [np.nan if came is None else came, score])

    def read(self, numbers: Moment) -> str:
        """What it chose, why, what it expected and what came; and what might have been."""
        parts = [self._chose(numbers), self._came(numbers), self._family_and_trust(numbers)]
        parts += [self._seen(numbers), self._otherwise(numbers)]
        return " ".join(part for part in parts if part)

    def _chose(self, numbers: Moment) -> str:
        told = count(len(numbers.before), "trial")
        if numbers.look.chosen is None:
            return f"After {told} every combination has been tried."
        settled = shorten(self._settings_of(numbers.look.chosen), 200, placeholder=" and more")
        why = numbers.look.why.rstrip(".") or "no reason was recorded"
        why += "; ± is one std" if self._in_its_words(numbers) else ""
        if numbers.trial is None:
            return f"After {told} it would next try {settled}: {why}."
        return f"Trial {numbers.number} (of 0 to {len(numbers.past.trials) - 1}): {settled}. Why: {why}."

    def _came(self, numbers: Moment) -> str:
        """The forecast, and what came of it."""
        forecast, trial, best = self._forecast(numbers), numbers.trial, best_trial(numbers.before)
        if numbers.look.chosen is None:
            return ""
        if trial is None:
            return f"{forecast}It has not been tried, so its score is not known."
        if trial.score is None:
            why = shorten(trial.error or "no reason was given", 120, placeholder=" …")
            came = f"It failed: {why.rstrip('.')}"
        else:
            how = "was made up" if trial.number in numbers.past.imagined else self.comes
            surprise = _surprise(trial.score, numbers.expected, self._slight(numbers))
            came = f"{score_text(trial.score)} {how}{surprise}"
        if best is None or best.score is None:
            return f"{forecast}{came}; there was no score before."
        return f"{forecast}{came}; the best before was {score_text(best.score)} (trial {best.number})."

    def _forecast(self, numbers: Moment) -> str:
        """What it expected, unless the reason that it gave says so."""
        if numbers.expected is None or self._in_its_words(numbers):
            return ""
        mean, std = numbers.expected
        return f"It expected {mean:.3g} ± {roughly(std, self._slight(numbers))} (one std). "

    def _in_its_words(self, numbers: Moment) -> bool:
        """Whether the reason that it gave says what it expected."""
        expected = numbers.expected
        return expected is not None and f"{expected[0]:.3g} ± {expected[1]:.2g}" in numbers.look.why

    def _slight(self, numbers: Moment) -> float:
        """The least difference of scores that is worth a number: 0.01 where they run from 0 to 10."""
        low, high = self._scale or numbers.range
        return float(10.0 ** math.floor(math.log10((high - low) / 300)))

    def _family_and_trust(self, numbers: Moment) -> str:
        words = []
        if numbers.parents:
            scores = " and ".join(
                f"{score_text(parent.score)} (trial {parent.number})"
                for parent in numbers.parents
                if parent.score is not None
            )
            words.append(f"Its parents scored {scores}.")
        if numbers.trust is not None and f"{numbers.trust:.2f}" not in numbers.look.why:
            words.append(f"Trust in the earlier search: {numbers.trust:.2f}.")
        if numbers.look.blind:
            words.append(
                "It chose while other trials were still running; the picture knows their scores already."
            )
        return " ".join(words)

    def _seen(self, numbers: Moment) -> str:
        """What the left picture shows."""
        view, held = self.view.value, numbers.look.believed
        of = {
            "slice": f"along {self._called.get(view.what)}",
            "map": "a map",
            "strips": "one parameter turned at a time",
        }[view.kind]
        if held is None:
            return f"Left: the trials, {'parameter by parameter' if view.kind == 'strips' else of}."
        what = view.what if view.kind == "map" else "mean"
        values = getattr(held, what)
        top = int(np.nanargmax(values))
        point = numbers.look.points[top]
        assert point is not None
        if view.kind == "map":
            names = list(self._space.names)
        else:
            names = [view.what] if view.kind == "slice" else [self._strip_of(top)]
        at = f"at {self._settings_of(point, names)}"
        said, least = score_text(values[top]), self._slight(numbers)
        if what == "std" and values[top] < least:
            said = roughly(values[top], least)
        return {
            "mean": f"Left, {of}: its highest guess is {said}, {at}.",
            "std": f"Left, {of}: its doubt is largest, {said} (std), {at}.",
            "hope": f"Left, {of}: its hope is largest {at}.",
        }[what]

    def _strip_of(self, point: int) -> str:
        """The parameter on whose strip a point lies."""
        rows = on_page(self.view.value, self._space)
        ends = np.cumsum([len(levels(parameter, STRIP_POINTS)) for parameter in rows])
        return rows[int(np.searchsorted(ends, point, side="right"))].name

    def _otherwise(self, numbers: Moment) -> str:
        """What was made up, and what follows from it."""
        past, words = numbers.past, []
        if past.imagined:
            told = ", ".join(
                f"trial {number} scored {score_text(past.trials[number].score or 0.0)}"
                + (f" in place of {self._really(number)}" if number < len(self._real) else "")
                for number in sorted(past.imagined)
            )
            words.append(f"Made up: {told}.")
        if past.since is not None:
            words.append(self._rest(past))
        if numbers.what_if is not None:
            words.append(f"Replay tells it {numbers.what_if:g} for this trial.")
        return " ".join(words)

    def _really(self, number: int) -> str:
        score = self._real[number].score
        return "a failure" if score is None else score_text(score)

    def _rest(self, past: Past) -> str:
        """What is known of the trials that follow one that was changed."""
        first = max(past.imagined, default=(past.since or 0) - 1) + 1
        last = len(past.trials) - 1
        if self._objective is None:
            return (
                "What would have come after that cannot be known without the objective: "
                "open with explore(objective) to have it tried."
            )
        if last < first:
            return "The rest is being tried." if self.running else "No trial follows."
        which = f"trials {first} to {last} were" if last > first else f"trial {first} was"
        return f"{which[0].upper()}{which[1:]} tried anew{', more follow' if self.running else ''}."

    def table(self, numbers: Moment) -> Mapping[str, Any]:
        """A row for each trial of the history that is shown."""
        trials = numbers.past.trials
        was = {trial.number: trial.score for trial in self._real}
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
            "made up": [trial.number in numbers.past.imagined for trial in trials],
            "real score": np.array([was.get(trial.number, np.nan) for trial in trials], dtype=float),
            "why": [trial.why for trial in trials],
            "error": [trial.error for trial in trials],
        }
        called = columns_beside(self._space.names, ours)
        number, *rest = ((called[name], column) for name, column in ours.items())
        return dict([number, *params.items(), *rest])


def _surprise(score: float, expected: tuple[float, float] | None, least: float) -> str:
    """How far a score lies from the forecast, in standard deviations where these are worth a number."""
    if expected is None or not expected[1] > 0:
        return ""
    off = score - expected[0]
    far = f"{abs(off) / expected[1]:.1f} std" if expected[1] >= least else roughly(abs(off), least)
    return f", {far} {'above' if off >= 0 else 'below'} that"


def _same(one: Sequence[Trial], other: Sequence[Trial]) -> bool:
    """Whether both are the very same trials: comparing their params might compare anything."""
    return len(one) == len(other) and all(map(operator.is_, one, other))


def _at(scores: FloatArray, numbers: Sequence[int]) -> tuple[list[int], list[float]]:
    return list(numbers), [float(scores[number]) for number in numbers]


@lru_cache(maxsize=1)
def small_run() -> Result:
    """A short search to travel through: twelve pizzas of the menu `topping_and_heat`."""
    menu = topping_and_heat()
    return tune(menu.taste, BayesianOptimization(menu.space, seed=4), budget=12, progress=False)


def history(
    result: Result | None = None, objective: Objective | None = None, trial: int | None = None
) -> HistoryExplorer:
    """Travel through the trials of a run: what the strategy believed, what it chose and why, and what came.

    Change a score, press Replay, and the strategy goes on from there as if that had come.

    Parameters
    ----------
    result : Result, optional
        The run; by default a small one of our own. It is not changed.
    objective : callable, optional
        What was tuned, such as ``menu.taste``: a result does not keep it. With it a replay tries again what
        the strategy suggests then; without it no more than the next suggestion is known.
    trial : int, optional
        Where to start, from 0; by default at the last. One more than the last is what it would try next.

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
    >>> explorer = history(result, menu.taste, trial=2)
    >>> explorer.score.value = 9.5
    >>> _ = explorer.replay().settle()
    >>> explorer.data.past.imagined, len(explorer.data.past.trials)
    (frozenset({2}), 8)
    """
    if result is None:
        result = small_run()
        objective = topping_and_heat().taste if objective is None else objective
    if not isinstance(result, Result):
        raise TypeError(f"history needs the result of a search, got {result!r}; pass what pt.tune gave back")
    if objective is not None and not callable(objective):
        raise TypeError(
            f"objective must be a function of params, got {objective!r}; for a menu, pass menu.taste"
        )
    return HistoryExplorer(result, objective, **({} if trial is None else {"trial": trial}))
