"""What time travel says of a trial: what was chosen and why, what came of it, and what might have been."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import shorten

import numpy as np

from pizzatune.explore.timeline import Snapshot
from pizzatune.space import Params
from pizzatune.trial import best_trial
from pizzatune.words import count, score_text

AS_EXPECTED = 0.5  # std


def roughly(number: float, least: float) -> str:
    """A small number with two figures, or that it is less than is worth a number.

    Examples
    --------
    >>> roughly(0.0523, 0.01), roughly(1.4e-11, 0.01), roughly(3.2e-7, 1e-8), roughly(123.0, 0.01)
    ('0.052', 'less than 0.01', '0.00000032', '120')
    """
    if number < least:
        return f"less than {roughly(least, least)}"
    if number >= 1e6:
        return f"{number:.2g}"
    return np.format_float_positional(float(f"{number:.2g}"), trim="-")


def chose(numbers: Snapshot, said: Callable[[Params], str]) -> str:
    """What it chose, and why."""
    if numbers.decision.chosen is None:
        return f"After {count(len(numbers.before), 'trial')} every combination has been tried."
    why = shorten(numbers.decision.why.rstrip(".") or "no reason was recorded", 150, placeholder=" …")
    which = f"Trial {numbers.number}" if numbers.trial is not None else "Next it would try"
    return f"{which}: {said(numbers.decision.chosen)}. Why? {why[0].upper()}{why[1:]}."


def came(numbers: Snapshot, comes: str, least: float) -> str:
    """The forecast, and what came of it."""
    if numbers.decision.chosen is None:
        return ""
    trial, expected = numbers.trial, numbers.expected
    blind = " It chose while other trials were still running." if numbers.decision.blind else ""
    trust = "" if numbers.trust is None else f" It trusted the earlier search {numbers.trust:.0%}."
    parents = [parent for parent in numbers.parents if parent.score is not None]
    bred = " and ".join(f"{score_text(parent.score or 0.0)} (trial {parent.number})" for parent in parents)
    family = f" Its parents scored {bred}." if bred else ""
    forecast = "" if expected is None else f"{expected[0]:.3g}, give or take {roughly(expected[1], least)}"
    if trial is None:
        return (
            f"It expects {forecast}.{trust}{family}" if forecast else f"It has not been tried.{trust}{family}"
        )
    if trial.score is None:
        why = shorten(trial.error or "no reason was given", 120, placeholder=" …").rstrip(".")
        return f"It failed: {why}.{blind}{trust}{family}"
    how = "scored, so you say," if trial.number in numbers.timeline.imagined else comes
    score = f"It {how} {score_text(trial.score)}"
    if expected is None or not expected[1] > 0:
        return f"{score}.{blind}{trust}{family}"
    off = trial.score / 2 - expected[0] / 2  # halves: the difference may be larger than any number
    if abs(off) <= max(AS_EXPECTED * expected[1], least) / 2:
        return f"{score}, just as it expected ({forecast}).{blind}{trust}"
    return f"{score}, {'more' if off > 0 else 'less'} than it expected ({forecast}).{blind}{trust}"


def so_far(numbers: Snapshot, names: tuple[str, str]) -> str:
    """The best of what is shown."""
    shown = numbers.shown
    best, what = best_trial(shown), names[1]
    if best is None or best.score is None:
        return f"So far: {count(len(shown), what)}, none with a {names[0]}."
    return f"So far: {count(len(shown), what)}, the best {score_text(best.score)} (trial {best.number})."


def made_up(numbers: Snapshot, *, known: bool, running: bool) -> str:
    """What was made up, and what follows from it."""
    timeline = numbers.timeline
    told = ", ".join(
        f"trial {number} scored {score_text(timeline.trials[number].score or 0.0)}{_instead(numbers, number)}"
        for number in sorted(timeline.imagined)
    )
    first, last = max(timeline.imagined, default=0) + 1, len(timeline.trials) - 1
    if not known:
        rest = "What would have come then needs the objective: open with explore(objective)."
    elif running:
        rest = "The rest is being tried."
    elif last < first:
        rest = "No trial follows."
    else:
        rest = (
            f"Trials {first} to {last} were tried anew." if last > first else f"Trial {first} was tried anew."
        )
    return f"Made up: {told}. {rest}"


def _instead(numbers: Snapshot, number: int) -> str:
    if number >= len(numbers.real):
        return ""
    score = numbers.real[number].score
    return f" instead of {'failing' if score is None else score_text(score)}"
