"""What time travel says of a trial: what came of it, why it was tried, and what might have been."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import shorten

import numpy as np

from pizzatune.explore.timeline import Snapshot
from pizzatune.pictures.reasons import forecast, reason
from pizzatune.space import Params, Space
from pizzatune.trial import best_trial
from pizzatune.words import count, listed, score_text, spoken

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


def briefly(space: Space, params: Params) -> str:
    """An order as one gives it: a value alone, unless its name is needed to know what it is.

    Examples
    --------
    >>> from pizzatune import Choice, Real
    >>> kitchen = Space(Choice("topping", ["Ham"]), Real("heat", 150, 300, unit="°C"), Real("fan", 0, 3))
    >>> briefly(kitchen, {"topping": "Ham", "heat": 225.0, "fan": 1.5})
    'Ham, 225 °C, fan 1.5'
    """
    units = [getattr(space[name], "unit", "") for name in params]
    options = [value for value in params.values() if isinstance(value, str)]
    alone = {
        name
        for (name, value), unit in zip(params.items(), units, strict=True)
        if (options.count(value) == 1 if isinstance(value, str) else unit and units.count(unit) == 1)
    }
    return ", ".join(
        space[name].label(value) if name in alone else f"{spoken(name)} {space[name].label(value)}"
        for name, value in params.items()
    )


def what(numbers: Snapshot, comes: str, least: float, said: Callable[[Params], str]) -> str:
    """What was tried, and what came of it."""
    if numbers.decision.chosen is None:
        return f"After {count(len(numbers.before), 'trial')} every combination has been tried."
    order, trial, expected = said(numbers.decision.chosen), numbers.trial, numbers.expected
    if trial is None:
        return f"Next it would try {order}."
    if trial.score is None:
        error = shorten(trial.error or "no reason was given", 80, placeholder=" …").rstrip(".")
        return f"Trial {trial.number + 1} failed: {order}. {error[0].upper()}{error[1:]}."
    if trial.number in numbers.timeline.imagined:
        return f"Trial {trial.number + 1} scored {plain(trial.score)}, so you say: {order}."
    came = f"Trial {trial.number + 1} {comes} {score_text(trial.score)}"
    if expected is None or not expected[1] > 0:
        return f"{came}: {order}."
    off = trial.score / 2 - expected[0] / 2  # halves: the difference may be larger than any number
    as_expected = abs(off) <= max(AS_EXPECTED * expected[1], least) / 2
    how = "as" if as_expected else "more than" if off > 0 else "less than"
    return f"{came}, {how} expected: {order}."


def why(numbers: Snapshot, least: float) -> str:
    """Why it was chosen, and what of its past matters."""
    if numbers.decision.chosen is None:
        return ""
    decision = numbers.decision
    said = reason(decision.why.rstrip("."), decision.origin, least) or "no reason was recorded"
    said = shorten(said, 170, placeholder=" …")
    lines = [f"Why? {said[0].upper()}{said[1:]}."]
    expected, trust = numbers.expected, numbers.trust
    if expected is not None and not said.startswith("it expected "):
        lines.append(f"It {forecast(*expected, least)}.")
    if trust is not None and "trust" not in said and "aside" not in said:
        lines.append(f"It trusted the earlier search {trust:.0%}.")
    if parents := [score_text(parent.score) for parent in numbers.parents if parent.score is not None]:
        lines.append(f"Parents: {listed(parents)}.")
    if numbers.decision.blind:
        lines.append("It chose while other trials were still running.")
    return " ".join(lines)


def plain(score: float) -> str:
    """A score that somebody set, as they would write it.

    Examples
    --------
    >>> plain(0.2), plain(8.125), plain(1200000.0)
    ('0.2', '8.125', '1200000')
    """
    return np.format_float_positional(float(f"{score:.4g}"), trim="-")


def so_far(numbers: Snapshot, names: tuple[str, str], off: Callable[[float], str] = lambda score: "") -> str:
    """The best of what is shown; `off` says how far a score is from the best there is."""
    shown = numbers.shown
    best, tried = best_trial(shown), count(len(shown), names[1])
    if best is None or best.score is None:
        return f"So far: {tried}, none with a {names[0]}."
    failed = sum(trial.score is None for trial in shown)
    lost = f", {failed} failed" if failed else ""
    top = f"the best {score_text(best.score)} (trial {best.number + 1})"
    return f"So far: {tried}{lost}, {top}{off(best.score)}."


def made_up(numbers: Snapshot, *, known: bool, running: bool) -> str:
    """What was made up, and what follows from it."""
    timeline, imagined = numbers.timeline, sorted(numbers.timeline.imagined)
    told = " and ".join(
        f"trial {number + 1} scored {plain(timeline.trials[number].score or 0.0)}{_instead(numbers, number)}"
        for number in imagined[-2:]
    )
    if len(imagined) > 2:
        told = f"{len(imagined)} scores, from trial {imagined[0] + 1} on"
    first, last = max(imagined, default=0) + 1, len(timeline.trials) - 1
    if not known:
        rest = "For what comes then, open with explore(objective)."
    elif running:
        rest = "The rest is being tried."
    elif last < first:
        rest = "No trial follows."
    else:
        rest = (
            f"Trials {first + 1} to {last + 1} were tried anew."
            if last > first
            else f"Trial {first + 1} was tried anew."
        )
    return f"Made up: {told}. {rest}"


def _instead(numbers: Snapshot, number: int) -> str:
    if number >= len(numbers.real):
        return ""
    score = numbers.real[number].score
    return f" instead of {'failing' if score is None else score_text(score)}"
