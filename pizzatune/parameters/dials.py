"""Parameters that are dials: `Real` and `Integer`."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np

from pizzatune.checks import is_bool, is_finite, is_number, is_whole, remedy, shown, whole_remedy
from pizzatune.parameters.base import COUNTABLE, FloatArray, Parameter

ROUNDED = 1e-6  # of a step: so far from a click a value may always lie


@dataclass(frozen=True)
class Real(Parameter):
    """A dial that turns from `low` to `high`, both included, in `unit`.

    Parameters
    ----------
    name : str
        The key under which the value appears in params.
    low, high : float
        The two ends, finite, ``low < high``; above 0 where `log` is set.
    step : float, optional
        The dial clicks at ``low, low + step, ... high``; by default it turns smoothly.
    log : bool
        Equal turns multiply: from 1 to 10 is as far as from 10 to 100. For a learning rate, or for yeast.
    unit : str
        Shown behind the number.
    when : dict, optional
        As in `Choice`.

    Raises
    ------
    TypeError, ValueError
        If the ends are not finite numbers in order, or the step does not lead from one to the other.

    Examples
    --------
    >>> oven = Real("oven", 200, 400, unit="°C")
    >>> oven.encode(250), oven.decode(0.5)
    (0.25, 300.0)
    >>> Real("yeast", 0.01, 1, log=True).encode(0.1)
    0.5
    """

    low: float
    high: float
    step: float | None = field(default=None, kw_only=True)
    log: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_ends(self)
        for end in ("low", "high") if self.step is None else ("low", "high", "step"):
            object.__setattr__(self, end, float(getattr(self, end)))
        if self.step is not None and self.log:
            raise ValueError(
                f"{self.name}: a log dial turns by ratios and has no step, got step={self.step}; drop one"
            )

    @cached_property
    def codes(self) -> FloatArray | None:
        return None if self.step is None else np.linspace(0.0, 1.0, _clicks(self) + 1)

    def encode(self, value: Any) -> float:
        number = _number(self, value)
        if self.step is not None and self.codes is not None:
            click = (number - self.low) / self.step
            off = abs(click - round(click))
            if off > ROUNDED and off * self.step > _slack(self, value):
                raise _between_clicks(self, number)
            return float(self.codes[round(click)])
        if self.log:
            return min(_log_ratio(number, self.low) / _log_ratio(self.high, self.low), 1.0)
        return (number - self.low) / (self.high - self.low)

    def decode(self, code: float) -> float:
        if self.codes is not None:
            assert self.step is not None
            click = self.place(code)
            if click == len(self.codes) - 1:
                return self.high
            # in decimals, so that three steps of 0.1 are 0.3 and not 0.30000000000000004
            value = float(Decimal(repr(self.low)) + click * Decimal(repr(self.step)))
        elif code >= 1.0:
            return self.high
        elif self.log:
            value = _times(self.low, code * _log_ratio(self.high, self.low))
        else:
            value = self.low + code * (self.high - self.low)
        return float(min(max(value, self.low), self.high))

    def plain(self, value: Any) -> float:
        if self.codes is None:
            return _number(self, value)  # as it came, not rounded by a way to 0..1 and back
        plain: float = super().plain(value)
        return plain

    def label(self, value: Any) -> str:
        return super().label(f"{value:.4g}")

    def in_words(self) -> str:
        step = "" if self.step in (None, 1) else f" in steps of {self.step:g}"
        return f"{self.low:g} to {self.high:g} {self.unit}".rstrip() + step + (" (log)" if self.log else "")


@dataclass(frozen=True)
class Integer(Parameter):
    """A dial that clicks at whole numbers from `low` to `high`, both included.

    The arguments are those of `Real`, all whole; `step` is 1 unless told. On a log dial the small numbers
    are drawn more often, as their ratios are larger.

    Examples
    --------
    >>> minutes = Integer("minutes", 4, 20, unit="min")
    >>> minutes.encode(8), minutes.decode(0.26), minutes.label(8)
    (0.25, 8, '8 min')
    """

    low: int
    high: int
    step: int = field(default=1, kw_only=True)
    log: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        for end in ("low", "high", "step"):
            given = getattr(self, end)
            if not is_whole(given):
                between = is_number(given) and is_finite(given) and given % 1
                fitting = whole_remedy(given) + (", or use Real" if between else "")
                if end == "step" and given is None:
                    fitting = "leave it out"
                raise TypeError(f"{self.name}: {end} must be a whole number, got {shown(given)}; {fitting}")
            object.__setattr__(self, end, int(given))
        _check_ends(self)

    @cached_property
    def codes(self) -> FloatArray:
        turned = np.linspace(0.0, 1.0, _clicks(self) + 1)
        if not self.log:
            return turned
        ratio = (self.high - self.low) / self.low
        codes: FloatArray = np.log1p(turned * ratio) / np.log1p(ratio)
        return codes

    def encode(self, value: Any) -> float:
        return float(self.codes[(self.plain(value) - self.low) // self.step])

    def decode(self, code: float) -> int:
        return self.low + self.step * self.place(code)

    def plain(self, value: Any) -> int:
        if type(value) is int and self.low <= value <= self.high and not (value - self.low) % self.step:
            return value  # nearly always, and much quicker to tell
        _number(self, value)
        whole = int(value)  # not by way of a float, which cannot tell large whole numbers apart
        if value != whole and abs(value - round(value)) <= _slack(self, value):
            whole = min(max(round(value), self.low), self.high)
        elif value != whole:
            raise ValueError(f"{self.name} must be a whole number, got {shown(value)}; round it, or use Real")
        if (whole - self.low) % self.step:
            raise _between_clicks(self, whole)
        return whole

    def draw(self, rng: np.random.Generator, count: int) -> FloatArray:
        return self.spread(rng.random(count)) if self.log else super().draw(rng, count)

    def spread(self, points: FloatArray) -> FloatArray:
        if not self.log:
            return super().spread(points)
        half = min(self.step, self.low) / 2  # a little more, so that both ends get their share
        low, high = self.low - half, self.high + half
        turned = low * np.exp(points * math.log(high / low))
        click = np.clip(np.rint((turned - self.low) / self.step), 0, len(self.codes) - 1)
        codes: FloatArray = self.codes[click.astype(int)]
        return codes

    def in_words(self) -> str:
        step = "" if self.step == 1 else f" in steps of {self.step:g}"
        ends = f"{self.low} to {self.high} {self.unit}".rstrip()
        return ends + step + " (whole)" + (" (log)" if self.log else "")


# -- helpers of both --------------------------------------------------------------


def _check_ends(dial: Real | Integer) -> None:
    for end in ("low", "high"):
        given = getattr(dial, end)
        if not is_number(given):
            raise TypeError(f"{dial.name}: {end} must be a number, got {shown(given)}; {remedy(given)}")
        if not is_finite(given):
            raise ValueError(
                f"{dial.name}: {end} must be finite, got {shown(given)}; "
                "choose the widest value you would try"
            )
    if not is_bool(dial.log):
        raise TypeError(
            f"{dial.name}: log must be True or False, got {shown(dial.log)}; "
            "write log=True for a dial that turns by ratios"
        )
    if not dial.low < dial.high:
        raise ValueError(
            f"{dial.name}: low must be below high, got low={dial.low}, high={dial.high}; "
            + (
                f"widen them, or write Ordered({dial.name!r}, [{dial.low}])"
                if dial.low == dial.high
                else "swap them"
            )
        )
    if not math.isfinite(float(dial.high) - float(dial.low)):
        raise ValueError(
            f"{dial.name}: the range {dial.low}..{dial.high} is too wide; narrow it, or tune its logarithm"
        )
    if dial.log and not dial.low > 0:
        raise ValueError(
            f"{dial.name}: a log dial must start above 0, got low={dial.low}; {_log_remedy(dial)}"
        )
    if dial.step is not None:
        if not is_number(dial.step):
            raise TypeError(
                f"{dial.name}: step must be a number, got {shown(dial.step)}; {remedy(dial.step)}, "
                "or leave it out for a smooth dial"
            )
        if not 0 < dial.step <= (1 + 1e-9) * (dial.high - dial.low):  # 0.4 - 0.3 is a little below 0.1
            raise ValueError(
                f"{dial.name}: step must lie above 0 and within the range, got {dial.step}; "
                f"choose one up to {dial.high - dial.low:g}"
            )
        clicks = (dial.high - dial.low) / dial.step
        if clicks >= COUNTABLE:
            raise ValueError(
                f"{dial.name}: {clicks:,.0f} steps of {dial.step} are too many (more than {COUNTABLE:,}); "
                "take a larger step, or a Real without one"
            )
        if isinstance(dial, Real) and dial.step < 4 * math.ulp(max(abs(dial.low), abs(dial.high))):
            raise ValueError(
                f"{dial.name}: a step of {dial.step} is lost in the rounding of numbers like {dial.high}; "
                "take a larger step"
            )
        if abs(clicks - round(clicks)) > 1e-9 * clicks:
            reached = dial.low + math.floor(clicks) * dial.step
            raise ValueError(
                f"{dial.name}: steps of {dial.step} from {dial.low} miss {dial.high}; end at {reached:g}"
            )


def _log_remedy(dial: Real | Integer) -> str:
    """Where a log dial could start instead."""
    if not dial.high > 0:
        return "leave out log=True"
    return f"start higher, e.g. at {1 if isinstance(dial, Integer) else dial.high / 1000:g}"


def _clicks(dial: Real | Integer) -> int:
    assert dial.step is not None
    return round((dial.high - dial.low) / dial.step)


def _between_clicks(dial: Real | Integer, number: float) -> ValueError:
    return ValueError(
        f"{dial.name} must be {dial.low:.12g} plus whole steps of {dial.step:.12g}, "
        f"got {number:.12g}; round it"
    )


def _slack(dial: Real | Integer, value: Any) -> float:
    """How far from a click a value may lie: as far as adding up steps in its kind of float rounds it."""
    assert dial.step is not None
    kind = type(value) if isinstance(value, np.floating) else float
    most = float(np.finfo(kind).eps) * max(abs(dial.low), abs(dial.high)) * 2 * (_clicks(dial) + 1)
    return min(max(most, ROUNDED * dial.step), dial.step / 8)


def _number(dial: Real | Integer, value: Any) -> float:
    if type(value) is float and dial.low <= value <= dial.high:  # nearly always, and much quicker to tell
        return value
    if not is_number(value):
        fitting = remedy(value, example=dial.low)
        raise TypeError(f"{dial.name} must be a number, got {shown(value)}; {fitting}")
    slack = 0.0 if dial.low <= value <= dial.high or dial.step is None else _slack(dial, value)
    if not dial.low - slack <= value <= dial.high + slack:
        allowed = f"[{dial.low:.12g}, {dial.high:.12g}] {dial.unit}".rstrip()
        widen = ", or widen the space" if is_finite(value) else ""
        raise ValueError(
            f"{dial.name} must lie in {allowed}, got {shown(value)}; choose a value inside{widen}"
        )
    return min(
        max(float(value), float(dial.low)), float(dial.high)
    )  # a rounded float32 may lie a hair outside


def _log_ratio(number: float, low: float) -> float:
    """log(number / low), exact where that ratio is close to 1, and where it is too large for a float."""
    return math.log1p((number - low) / low) if number < 2.0 * low else math.log(number) - math.log(low)


def _times(low: float, log_ratio: float) -> float:
    """The way back from `_log_ratio`."""
    if log_ratio < math.log(2.0):
        return low + low * math.expm1(log_ratio)
    return math.exp(min(math.log(low) + log_ratio, math.log(sys.float_info.max)))
