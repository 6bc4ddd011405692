"""How searches went: a staircase of the best score so far, over a dot for each trial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pizzatune.parameters import FloatArray
from pizzatune.pictures.marks import Dots, Line, Mark, Panel
from pizzatune.pictures.reasons import reason
from pizzatune.pictures.source import Run
from pizzatune.space import Space
from pizzatune.trial import Trial, scores_of
from pizzatune.trial import best_so_far as best_scores
from pizzatune.words import score_text, settings


@dataclass(frozen=True)
class Climb:
    """Best score after each trial, shape (n,), what each trial scored (nan where it failed), and its tip."""

    best: FloatArray
    scores: FloatArray
    tips: tuple[str, ...]


def climb_of(trials: Sequence[Trial], space: Space) -> Climb:
    """Work out `Climb`.

    Examples
    --------
    >>> from pizzatune import Real
    >>> trials = [Trial(0, {"x": 2.0}, 4.0), Trial(1, {"x": 5.0}, 3.0)]
    >>> climb_of(trials, Space(Real("x", 0, 9))).best.tolist()
    [4.0, 4.0]
    """
    return Climb(best_scores(trials), scores_of(trials), tuple(trial_tip(trial, space) for trial in trials))


def trial_tip(trial: Trial, space: Space) -> str:
    """What a mark of a trial says: which it was, counted from 1, its params, score, and why it was tried."""
    score = "failed" if trial.score is None else score_text(trial.score)
    why = f"\n{reason(trial.why, trial.origin)}" if trial.why else ""
    return f"trial {trial.number + 1}: {settings(space, trial.params)}; {score}{why}"


def staircase(
    panel: Panel, climb: Climb, number: int = 0, *, alone: bool = True, name: str = ""
) -> list[Mark]:
    """The marks of one search: its dots, crosses on the floor for what failed, and the best so far."""
    trial = np.arange(1.0, len(climb.best) + 1)
    ok = np.isfinite(climb.scores)
    tips = np.array(climb.tips, dtype=object)
    floor = np.full(int((~ok).sum()), panel.y.low)
    marks: list[Mark] = []
    if alone:
        marks.append(Dots(panel, trial[ok], climb.scores[ok], f"pen{number}", tips=list(tips[ok])))
    if len(floor):
        marks.append(Dots(panel, trial[~ok], floor, "failed", tips=list(tips[~ok])))
    style = "best" if alone and number == 0 else f"pen{number}"
    return [*marks, Line(panel, trial, climb.best, style, steps=True, tip=name)]


def in_words(runs: dict[str, Run], best: float | None = None) -> str:
    """Read the picture aloud."""
    ends = "" if best is None else f" The best possible is {score_text(best)}."
    if len(runs) > 1:
        said = "; ".join(f"{name} {run.best_text} in {run.tried}" for name, run in runs.items())
        return f"Best so far: {said}.{ends}"
    (run,) = runs.values()
    if run.best is None:
        return f"All {run.tried} failed, so there is no best score.{ends}"
    found = next(place for place, trial in enumerate(run.trials, 1) if trial is run.best)
    return (
        f"Best {run.score_label} {run.best_text} ({settings(run.space, run.best.params)}), "
        f"found after {found} of {run.tried}.{ends}"
    )
