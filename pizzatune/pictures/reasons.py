"""Why a trial was tried, as one would say it; `Trial.why` has all figures, and counts trials from 0."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from pizzatune.words import spoken

HOPES = {
    # What a model's reason ends on, and how that is said of the same gain, chance or score.
    r"the largest expected improvement, (?P<gain>\S+)": "That promised the largest gain, {gain}",
    r"the most likely improvement, (?P<chance>\S+)": "A new best was likeliest there, {chance}",
    r"the highest optimistic guess, (?P<score>\S+) at .*": "Its brightest guess was there, {score}",
    r"the summit of a landscape .*": "It was the top of one landscape that fits the scores",
}


def reason(why: str, origin: Mapping[str, Any], least: float | None = None) -> str:
    """A reason in everyday words; what is said well already comes back as it is.

    Parameters
    ----------
    why, origin
        Of a trial.
    least : float, optional
        The least difference of scores that is worth a number; by default a hundredth of the doubt's size.

    Examples
    --------
    >>> expected = {"mean": 7.291, "std": 1.32, "acquisition": -2.4, "incumbent": 8.74}
    >>> said = "expected 7.29 ± 1.3, the best so far 8.74: the largest expected improvement, 0.088"
    >>> reason(said, expected, 0.01)
    'it expected 7.3, give or take 1.3. That promised the largest gain, 0.09'
    >>> reason("generation 2: child of trials 0 and 7, no mutation", {})
    'a child of trials 1 and 8'
    """
    rest, _, source = why.partition("; ")
    more = f"; {source}" if source else ""
    if source == "the source is set aside":
        more = ". It set the earlier search aside"
    elif trusted := re.fullmatch(r"trust in the source (\S+)", source):
        more = f". It trusted the earlier search {float(trusted[1]):.0%}"
    if rest.startswith("opening "):
        first = rest.startswith("opening 1 of ")
        return "it has to start somewhere" if first else "an early one, far from those before"
    if bred := re.fullmatch(r"generation \d+: child of trials (\d+) and (\d+)(.*)", rest):
        mother, father, changes = bred.groups()
        said = "" if changes == ", no mutation" else spoken(changes)
        return f"a child of trials {int(mother) + 1} and {int(father) + 1}{said}{more}"
    if drawn := re.fullmatch(r"generation \d+: (.*)", rest):
        return f"{drawn[1]}{more}"
    if rest.startswith("expected ") and {"mean", "std"} <= set(origin):
        mean, std = float(origin["mean"]), float(origin["std"])
        least = least or (10.0 ** (math.floor(math.log10(std)) - 2) if 0 < std < math.inf else 0.01)
        for pattern, words in HOPES.items():
            if found := re.search(f": {pattern}$", rest):
                figures = {name: _said(name, number, least) for name, number in found.groupdict().items()}
                return f"it {forecast(mean, std, least)}. {words.format(**figures)}{more}"
    return why


def forecast(mean: float, std: float, least: float) -> str:
    """What was expected and how surely, with no more figures than are worth it.

    Examples
    --------
    >>> forecast(7.291, 1.32, 0.01), forecast(0.9731, 0.00213, 0.0001)
    ('expected 7.3, give or take 1.3', 'expected 0.973, give or take 0.002')
    >>> forecast(8.71, 1e-9, 0.01)
    'expected 8.7 and was nearly sure'
    """
    if std < 5 * least:
        return f"expected {rounded(mean, 10 * least)} and was nearly sure"
    return f"expected {rounded(mean, 10 * least)}, give or take {rounded(std, 10 * least)}"


def rounded(number: float, unit: float) -> str:
    """A number to the nearest power of ten at or below `unit`, as it is written.

    Examples
    --------
    >>> rounded(8.26, 0.1), rounded(-0.01, 0.1), rounded(512.3, 1.0), rounded(1e200, 0.1)
    ('8.3', '0.0', '512', '1e+200')
    """
    if not abs(number) < 1e15:
        return f"{number:.3g}"
    digits = max(0, -math.floor(math.log10(unit) + 1e-9))
    text = f"{number:.{min(digits, 300)}f}" if digits < 12 else f"{number:.3g}"
    return text.removeprefix("-") if float(text) == 0 else text.replace("-", "−")


def _said(name: str, text: str, least: float) -> str:
    if name == "chance":
        return text
    number = float(text)
    if name == "score":
        return rounded(number, 10 * least)
    if number < least:
        return f"below {np.format_float_positional(least, trim='-')}"
    return rounded(number, least) if number < 10 * least else rounded(number, 10 * least)
