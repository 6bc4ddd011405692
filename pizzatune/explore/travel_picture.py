"""The picture of time travel: the scores of all trials, and below what was believed of each parameter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from pizzatune.explore.timeline import ACROSS, UP, WHATS, Snapshot, View, names_of
from pizzatune.parameters import FloatArray
from pizzatune.pictures import strips
from pizzatune.pictures.best_so_far import trial_tip
from pizzatune.pictures.marks import (
    Axes,
    Dots,
    Key,
    Land,
    Layers,
    Line,
    Links,
    Mark,
    Panel,
    Rule,
    Scale,
    Text,
)
from pizzatune.pictures.slices import BAND
from pizzatune.pictures.source import Run, places, scale_of, score_scale
from pizzatune.space import Space
from pizzatune.trial import Trial, best_so_far, scores_of

LEFT, WIDE = 48, 600
HISTORY = (66, 104)  # top and height
BELOW = (228, 238)
DRAGGED = 40  # trials: of longer runs the dots are too small to be dragged


@dataclass
class TravelPicture:
    """Marks of a `Snapshot`; `scores` is the axis of scores that was drawn last."""

    space: Space
    called: Mapping[str, str]
    names: tuple[str, str]
    scores: Scale = field(default_factory=lambda: Scale(0.0, 1.0))

    def layers(
        self, numbers: Snapshot, view: View, planned: int, scale: tuple[float, float] | None
    ) -> Layers:
        """The marks, by layer."""
        extra = [] if numbers.expected is None else [numbers.expected[0]]
        self.scores = score_scale([*numbers.scores, *extra, *(scale or ())], self.names[0], 0.1)
        last = max(planned, len(numbers.timeline.trials), 1)
        across = Scale(-0.6, last + 0.6, f"{self.names[1]} number")
        whole = tuple((value, words) for value, words in across.marked if value == int(value))
        across = Scale(across.low, across.high, across.label, whole)
        panel = Panel(LEFT, HISTORY[0], WIDE, HISTORY[1], across, self.scores, grid="y")
        return {
            "axes": [Axes(panel)],
            "history": self._history(panel, numbers),
            "below": self._map(numbers, view) if view.kind == "map" else self._strips(numbers, view),
        }

    def _history(self, panel: Panel, numbers: Snapshot) -> list[Mark]:
        """Scores and best so far until the trial that is shown, what comes later, and what really was."""
        timeline, number = numbers.timeline, numbers.number
        trials = timeline.trials
        best = best_so_far(trials)
        x = np.arange(len(trials), dtype=float)
        marks: list[Mark] = [Rule(panel, number, "faint")]
        entries = [
            ("best so far", "line", "best"),
            ("tried", "dot", "tried"),
            ("still to come", "dot", "elsewhere"),
        ]
        if timeline.since is not None and numbers.real:
            was = best_so_far(numbers.real)
            marks.append(
                Line(
                    panel, np.arange(len(was), dtype=float), was, "limit", steps=True, tip="what really came"
                )
            )
            entries.append(("what really came", "line", "limit"))
        marks.append(Line(panel, x[: number + 1], best[: number + 1], "best", steps=True))
        if numbers.expected is not None:
            mean, std = numbers.expected
            low, high = (mean - BAND * std, mean + BAND * std) if np.isfinite(BAND * std) else (mean, mean)
            ends = np.clip([low, high], panel.y.low, panel.y.high)
            marks.append(Links(panel, [number], ends[:1], [number], ends[1:], "forecast"))
            marks.append(
                Dots(panel, [number], [mean], "forecast", tips=[f"it expected {mean:.3g} ± {std:.2g}"])
            )
            entries.insert(1, (f"forecast ± {BAND:g} std", "dot", "forecast"))
        marks += self._trials(panel, trials, number, timeline.imagined)
        if timeline.imagined:
            entries.append(("made up", "dot", "yours"))
        parents = [parent.number for parent in numbers.parents if parent.score is not None]
        if parents:
            scores = [trials[parent].score or 0.0 for parent in parents]
            marks.append(Dots(panel, parents, scores, "parent", tips=["a parent"] * len(parents)))
            entries.append(("parents", "dot", "parent"))
        return [*marks, Key(LEFT, 16, entries, wide=610)]

    def _trials(
        self, panel: Panel, trials: tuple[Trial, ...], number: int, imagined: frozenset[int]
    ) -> list[Mark]:
        scores = scores_of(trials)
        styles = ["elsewhere" if i > number else "tried" for i in range(len(trials))]
        styles = ["yours" if i in imagined else style for i, style in enumerate(styles)]
        styles = ["failed" if np.isnan(score) else style for score, style in zip(scores, styles, strict=True)]
        drags = len(trials) <= DRAGGED
        marks: list[Mark] = []
        for style in dict.fromkeys(styles):
            here = [i for i, one in enumerate(styles) if one == style]
            heights = np.where(np.isnan(scores[here]), panel.y.low, scores[here])
            tips = [trial_tip(trials[i], self.space) for i in here]
            names = [f"trial {i}" for i in here] if drags and style != "failed" else ()
            small = [] if drags else [3.0] * len(here)
            marks.append(Dots(panel, here, heights, style, tips=tips, names=names, sizes=small, drag=True))
        if number < len(trials) and np.isfinite(scores[number]):
            marks.append(Dots(panel, [number], [scores[number]], "shown"))
        return marks

    def _strips(self, numbers: Snapshot, view: View) -> list[Mark]:
        """A strip for each parameter, the others as it chose them."""
        decision = numbers.decision
        held = None if decision.held is None else (decision.held.mean, decision.held.std)
        run = Run(numbers.shown, self.space, *self.names)
        found = strips.strips_of(run, decision.chosen, held, names_of(view, self.space))
        what = "what it expects" if held is not None else "what was tried"
        said = f"{what[0].upper()}{what[1:]}, one parameter turned at a time"
        marks = strips.strips_in(
            (10, BELOW[0] + 12, 638, BELOW[1] - 6), found, self._limits(), called=self.called
        )
        return [Text(None, 10, BELOW[0], said, "title"), *marks]

    def _map(self, numbers: Snapshot, view: View) -> list[Mark]:
        """Two dials: what it held all over the map, the trials, and what it chose."""
        across, up = self.space.parameters
        panel = Panel(90, BELOW[0] + 24, 400, BELOW[1] - 66, scale_of(across, 400), scale_of(up, 184))
        decision, marks = numbers.decision, list[Mark]()
        ends = (across.decode(0.0), across.decode(1.0)), (up.decode(0.0), up.decode(1.0))
        inner = Panel(
            float(panel.across(ends[0][0])), float(panel.down(ends[1][1])),
            float(panel.across(ends[0][1]) - panel.across(ends[0][0])),
            float(panel.down(ends[1][0]) - panel.down(ends[1][1])), panel.x, panel.y,
        )  # fmt: skip
        limits = self._limits()
        if decision.held is not None:
            values: FloatArray = getattr(decision.held, view.what).reshape(UP, ACROSS)
            finite = values[np.isfinite(values)]
            own = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
            marks.append(Land(inner, values, limits if view.what == "mean" else own))
        ok = [trial for trial in numbers.shown if trial.score is not None]
        x, y = (places(one, [trial.params[one.name] for trial in ok]) for one in (across, up))
        tips = [trial_tip(trial, self.space) for trial in ok]
        marks += [Axes(panel), Dots(panel, x, y, "tried", tips=tips)]
        if decision.chosen is not None:
            x, y = (places(one, [decision.chosen[one.name]]) for one in (across, up))
            marks.append(Dots(panel, x, y, "next", tips=["what it chose"]))
        words = "what was tried" if decision.held is None else f"the {WHATS[view.what]} all over the map"
        return [Text(None, 90, BELOW[0] - 2, f"{words[0].upper()}{words[1:]}", "title"), *marks]

    def _limits(self) -> tuple[float, float]:
        return self.scores.low, self.scores.high
