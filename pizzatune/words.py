"""Numbers and names in words: text without ink, for pictures, sentences and tables."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from pizzatune.space import Space


def score_text(score: float) -> str:
    """Format a score with three figures.

    Examples
    --------
    >>> score_text(6.5), score_text(0.12345), score_text(512.3)
    ('6.50', '0.123', '512')
    """
    return f"{score:#.3g}".rstrip(".")


def points(score: float, decimals: int = 1) -> str:
    """Format points of ten; never "-0.0".

    Examples
    --------
    >>> points(8.25), points(-0.04), points(-1.5)
    ('8.2', '0.0', '−1.5')
    """
    text = f"{score:.{decimals}f}"
    if float(text) == 0:
        return text.removeprefix("-")
    return text.replace("-", "−")


def plural(word: str) -> str:
    """Several of them.

    Examples
    --------
    >>> plural("pizza"), plural("batch")
    ('pizzas', 'batches')
    """
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")


def count(number: int, word: str) -> str:
    """How many of what.

    Examples
    --------
    >>> count(1, "pizza"), count(4, "pizza")
    ('1 pizza', '4 pizzas')
    """
    return f"{number} {word if number == 1 else plural(word)}"


def listed(words: Sequence[str]) -> str:
    """Several words as people list them.

    Examples
    --------
    >>> listed(["Ham"]), listed(["Ham", "Figs", "Olives"]), listed([])
    ('Ham', 'Ham, Figs and Olives', 'none')
    """
    *others, last = words or ["none"]
    return f"{', '.join(others)} and {last}" if others else last


def duration(minutes: float) -> str:
    """A time in the unit that people would use.

    Examples
    --------
    >>> duration(75), duration(1875), duration(60 * 24 * 6.5), duration(60 * 24 * 365 * 1200)
    ('1 h 15 min', '31 h', '6.5 days', '1,200 years')
    """
    hours, rest = divmod(round(minutes), 60)
    if hours < 10:
        parts = [f"{hours} h"] * (hours > 0) + [f"{rest} min"] * (rest > 0)
        return " ".join(parts) or "0 min"
    if hours < 48:
        return f"{minutes / 60:.0f} h"
    days = minutes / (24 * 60)
    if days < 730:
        return f"{days:.1f} days" if days < 10 else f"{days:.0f} days"
    return f"{days / 365:,.0f} years"


def spoken(name: str) -> str:
    """A parameter's name as people say it.

    Examples
    --------
    >>> spoken("baking_time"), spoken("svc__C")
    ('baking time', 'svc C')
    """
    return " ".join(name.replace("_", " ").split())


def settings(
    space: Space,
    params: Mapping[str, Any],
    names: Sequence[str] | None = None,
    called: Mapping[str, str] | None = None,
) -> str:
    """Params in one line as people say them, all or only `names`, each by its name or as it is `called`."""
    return ", ".join(
        f"{spoken(name) if called is None else called[name]} {space[name].label(value)}"
        for name, value in params.items()
        if names is None or name in names
    )


def shortened(text: str, most: int) -> str:
    """Text of at most so many characters; an ellipsis stands for what is left out.

    Examples
    --------
    >>> shortened("Gorgonzola", 6), shortened("Ham", 6)
    ('Gorgo…', 'Ham')
    """
    return text if len(text) <= most else text[: max(most - 1, 0)].rstrip() + "…"


def told_apart(names: Sequence[str], most: int) -> list[str]:
    """Names of at most so many characters: cut at the end, or in the middle where two would look alike.

    Examples
    --------
    >>> told_apart(["yeast", "Mozzarella"], 6)
    ['yeast', 'Mozza…']
    >>> told_apart(["yeast", "oven temperature above", "oven temperature below"], 12)
    ['yeast', 'oven t…above', 'oven t…below']
    """
    cut = [shortened(name, most) for name in names]
    for head in sorted(range(1, most - 1), key=lambda head: abs(head - most // 2)):
        if len(set(cut)) == len(set(names)):
            break
        tail = most - 1 - head
        cut = [name if len(name) <= most else f"{name[:head]}…{name[-tail:]}" for name in names]
    return cut


def ticks(low: float, high: float, most: int = 5, *, log: bool = False, whole: bool = False) -> list[float]:
    """Round numbers between two ends, both included where they are round; at most about `most`.

    With `whole`, for what is counted, no halves and quarters.

    Examples
    --------
    >>> ticks(0.5, 12.5), ticks(0.5, 12.5, whole=True), ticks(0.5, 2.5, whole=True)
    ([2.5, 5.0, 7.5, 10.0, 12.5], [5.0, 10.0], [1.0, 2.0])
    >>> ticks(150, 300), ticks(0, 10, 3), ticks(0.001, 10, log=True)
    ([150.0, 200.0, 250.0, 300.0], [0.0, 5.0, 10.0], [0.001, 0.01, 0.1, 1.0, 10.0])
    """
    if not (math.isfinite(low) and math.isfinite(high)) or low >= high:
        return [low] if math.isfinite(low) else []
    if log and low > 0:
        return _round_ratios(low, high, most)
    rough = high / most - low / most  # the difference itself may overflow
    if rough < 1e-300:  # nothing is round among the smallest numbers there are
        return [low]
    power = 10.0 ** math.floor(math.log10(rough))
    if whole:
        power = max(power, 1.0)
    digits = (1, 2, 5, 10, 20) if whole and power < 10 else (1, 2, 2.5, 5, 10, 20)
    step = next(power * k for k in digits if power * k >= rough * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{number * step:.12g}") for number in range(first, last + 1)]


def _round_ratios(low: float, high: float, most: int) -> list[float]:
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for digits in ((1, 2, 5), (1, 3), (1,)):
        found = [
            value
            for power in range(first, last + 1)
            for digit in digits
            if low * 0.999 <= (value := float(f"{digit}e{power}")) <= high * 1.001
        ]
        if len(found) <= most + 1:
            return found
    skip = math.ceil(len(found) / most)
    return found[::skip]


def number_text(value: float) -> str:
    """A number as a tick shows it: short, with a real minus sign.

    Examples
    --------
    >>> number_text(150.0), number_text(-0.5), number_text(1e-300), number_text(2000000.0)
    ('150', '−0.5', '1e−300', '2e6')
    """
    text = f"{value:.6g}"
    if "e" in text or abs(value) >= 1e6 or 0 < abs(value) < 1e-4:
        head, _, power = f"{value:.2e}".partition("e")
        text = f"{head.rstrip('0').rstrip('.')}e{int(power)}"
    return text.replace("-", "−")
