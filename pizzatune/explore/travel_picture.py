"""The picture of time travel: the scores of all trials, and below what was believed of each parameter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from pizzatune import words
from pizzatune.explore.timeline import ACROSS, UP, WHATS, Snapshot, Timeline, View, names_of
from pizzatune.parameters import FloatArray
from pizzatune.pictures import ground, strips
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
from pizzatune.pictures.strip_marks import MOST, strips_in
from pizzatune.space import Space
from pizzatune.trial import Trial, best_so_far, scores_of

LEFT, WIDE, TOP = 48, 600, 46  # of the scores
ROOM = 386  # px for the scores and for all that is below them
BELOW = 264  # px for a map or strips, at most
LONG = 40  # trials: dots of longer runs are too small to be dragged, and say less
MANY = 120  # dots on strips: more say less, each
CHUNK = 25  # trials in one layer
TIP = 60  # letters about a trial of a long run


@dataclass
class TravelPicture:
    """Marks of a `Snapshot`; `scores` is the axis of scores that was drawn last, `drawn` its trials."""

    space: Space
    called: Mapping[str, str]
    names: tuple[str, str]
    scores: Scale = field(default_factory=lambda: Scale(0.0, 1.0))
    drawn: tuple[Timeline, Panel, Layers] | None = None

    def layers(
        self, numbers: Snapshot, view: View, planned: int, scale: tuple[float, float] | None
    ) -> Layers:
        """The marks, by layer: what a step changes lies apart from what it leaves as it is."""
        extra = [] if numbers.expected is None else [numbers.expected[0]]
        below = BELOW if view.kind == "map" else min(MOST * len(names_of(view, self.space)), BELOW)
        high = ROOM - below
        known = score_scale([*numbers.scores, *extra, *(scale or ())], self.names[0], 0.1)
        ends = (known.low * 11 / 12 + known.high / 12, known.high * 11 / 12 + known.low / 12)
        marked = words.ticks(*ends, 3 if high < 150 else 5)
        self.scores = Scale(
            known.low, known.high, known.label, tuple((tick, words.number_text(tick)) for tick in marked)
        )
        last = max(planned, len(numbers.timeline.trials), 1)
        counted = sorted({1.0, *words.ticks(1, last + 1, whole=True)})
        whole = tuple((tick - 1, f"{tick:g}") for tick in counted)  # trial 0 is the first
        across = Scale(-0.6, last + 0.6, f"{self.names[1]} number", whole)
        panel = Panel(LEFT, TOP, WIDE, high, across, self.scores, grid="y")
        box = (10.0, TOP + high + 66.0, 638.0, float(below))
        return {
            "axes": [Axes(panel)],
            "key": self._key(numbers),
            **self._trials(panel, numbers),
            "now": self._now(panel, numbers),
            **(self._map(box, numbers, view) if view.kind == "map" else self._strips(box, numbers, view)),
        }

    # -- above: the history

    def _key(self, numbers: Snapshot) -> list[Mark]:
        entries = [("best so far", "line", "best"), ("tried", "dot", "tried")]
        entries.append(("still to come", "dot", "elsewhere"))
        if numbers.expected is not None:
            entries.append((f"forecast ± {BAND:g} std", "dot", "forecast"))
        if self._parents(numbers):
            entries.append(("parents", "dot", "parent"))
        made_up = []
        if numbers.timeline.imagined:
            made_up.append(("made up", "dot", "yours"))
        if numbers.timeline.since is not None and numbers.real:
            made_up.append(("what really came", "line", "limit"))
        beside = LEFT + ground.LETTER * len(self.names[0]) + 24
        return [Key(LEFT, 14, entries), Key(beside, TOP - 9, made_up)]

    def _trials(self, panel: Panel, numbers: Snapshot) -> Layers:
        """An empty dot for each trial, a cross where it failed or was made up; these do not change as time
        goes on, so they are drawn once."""
        if self.drawn is None or self.drawn[0] is not numbers.timeline or self.drawn[1] != panel:
            self.drawn = numbers.timeline, panel, self._all_trials(panel, numbers)
        return self.drawn[2]

    def _all_trials(self, panel: Panel, numbers: Snapshot) -> Layers:
        trials, imagined = numbers.timeline.trials, numbers.timeline.imagined
        layers: Layers = {}
        for start in range(0, len(trials), CHUNK):
            here = trials[start : start + CHUNK]
            styles = [
                "failed" if trial.score is None else "yours" if trial.number in imagined else "elsewhere"
                for trial in here
            ]
            layers[f"trials {start}"] = [
                self._spots(panel, [t for t, one in zip(here, styles, strict=True) if one == style], style)
                for style in dict.fromkeys(styles)
            ]
        return layers

    def _spots(self, panel: Panel, trials: Sequence[Trial], style: str) -> Dots:
        long = panel.x.high > LONG + 1
        tips = [trial_tip(trial, self.space) for trial in trials]
        if long:
            tips = [words.shortened(tip.split("\n")[0], TIP) for tip in tips]
        heights = [panel.y.low if trial.score is None else trial.score for trial in trials]
        names = [] if long or style == "failed" else [f"trial {trial.number}" for trial in trials]
        numbers, sizes = [float(trial.number) for trial in trials], [3.0] * len(trials) if long else []
        return Dots(panel, numbers, heights, style, tips=tips, names=names, sizes=sizes, drag=True)

    def _now(self, panel: Panel, numbers: Snapshot) -> list[Mark]:
        """How far it is: the best so far, full dots, the forecast, and what this trial is."""
        timeline, number = numbers.timeline, numbers.number
        trials, tried = timeline.trials, timeline.trials[: number + 1]
        marks: list[Mark] = [Rule(panel, number, "faint")]
        if timeline.since is not None and numbers.real:
            was = best_so_far(numbers.real)
            x = np.arange(len(was), dtype=float)
            marks.append(Line(panel, x, was, "limit", steps=True, tip="what really came"))
        best = best_so_far(tried)
        marks.append(Line(panel, np.arange(len(best), dtype=float), best, "best", steps=True))
        if numbers.expected is not None:
            mean, std = numbers.expected
            low, high = (mean - BAND * std, mean + BAND * std) if np.isfinite(BAND * std) else (mean, mean)
            ends = np.clip([low, high], panel.y.low, panel.y.high)
            tips = [f"it expected {mean:.3g}, give or take {std:.2g}"]
            marks.append(Links(panel, [number], ends[:1], [number], ends[1:], "forecast"))
            marks.append(Dots(panel, [number], [mean], "forecast", tips=tips))
        full = [one for one in tried if one.score is not None and one.number not in timeline.imagined]
        style = "tried" if panel.x.high <= LONG + 1 else "many"
        marks.append(Dots(panel, [one.number for one in full], scores_of(full), style))
        if parents := self._parents(numbers):
            marks.append(Dots(panel, [one.number for one in parents], scores_of(parents), "parent"))
        if number < len(trials) and trials[number].score is not None:
            marks.append(Dots(panel, [number], scores_of(trials[number : number + 1]), "shown"))
        return marks

    def _parents(self, numbers: Snapshot) -> list[Trial]:
        return [parent for parent in numbers.parents if parent.score is not None]

    # -- below: what was believed

    def _strips(self, box: tuple[float, float, float, float], numbers: Snapshot, view: View) -> Layers:
        """A strip for each parameter, the others as it chose them."""
        decision = numbers.decision
        held = None if decision.held is None else (decision.held.mean, decision.held.std)
        run = Run(numbers.shown, self.space, *self.names)
        found = strips.strips_of(run, decision.chosen, held, names_of(view, self.space))
        said = "What was tried, parameter by parameter"
        if held is not None:
            said = "What it expects, if one parameter alone were changed"
        terse = len(found) * len(numbers.shown) > MANY
        layers = strips_in(box, found, numbers.range, called=self.called, terse=terse)
        heading = Text(None, box[0], box[1] - 12, said, "title")
        return {"heading": [heading], **{f"strip {name}": marks for name, marks in layers.items()}}

    def _map(self, box: tuple[float, float, float, float], numbers: Snapshot, view: View) -> Layers:
        """Two dials: what it held all over the map, the trials, and what it chose."""
        across, up = self.space.parameters
        _, top, _, high = box
        tall = high - 62
        panel = Panel(90, top + 20, 400, tall, scale_of(across, 400), scale_of(up, tall))
        decision, marks = numbers.decision, list[Mark]()
        ends = (across.decode(0.0), across.decode(1.0)), (up.decode(0.0), up.decode(1.0))
        inner = Panel(
            float(panel.across(ends[0][0])), float(panel.down(ends[1][1])),
            float(panel.across(ends[0][1]) - panel.across(ends[0][0])),
            float(panel.down(ends[1][0]) - panel.down(ends[1][1])), panel.x, panel.y,
        )  # fmt: skip
        said, limits = "What was tried", numbers.range
        if decision.held is not None:
            said = f"The {WHATS[view.what]} all over the map"
            values: FloatArray = getattr(decision.held, view.what).reshape(UP, ACROSS)
            if view.what != "mean":
                limits = ground.ends_of(values)
            marks.append(Land(inner, values, limits))
            marks += ground.colour_key(520, top + 20, 110, limits, "")
        ok = [trial for trial in numbers.shown if trial.score is not None]
        x, y = (places(one, [trial.params[one.name] for trial in ok]) for one in (across, up))
        tips = [words.shortened(trial_tip(trial, self.space), 2 * TIP) for trial in ok]
        marks += [Axes(panel), Dots(panel, x, y, "tried", tips=tips)]
        if decision.chosen is not None:
            x, y = (places(one, [decision.chosen[one.name]]) for one in (across, up))
            marks.append(Dots(panel, x, y, "next", tips=["what it chose"]))
            said = f"{said}; ◆ is what it chose"
        return {"heading": [Text(None, 10, top - 12, said, "title")], "map": marks}
