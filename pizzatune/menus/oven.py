"""How heat and time bake a pizza, and how one oven differs from another.

The model is a thermal dose, as food scientists use it for cooking and canning: time counts the more, the
hotter the oven. A dose of 1 is a golden crust. Less is pale, more is burnt, and burning costs more than
paleness. Time in the oven also dries the pizza out, so that a cool oven cannot simply be given longer.
Together, temperature and time form a curved ridge of golden pizzas: hotter needs shorter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from pizzatune.checks import real_number

GOLDEN_HEAT = 225.0
"""The temperature, in °C, at which `GOLDEN_MINUTES` bake a plain pizza golden in a plain oven."""

GOLDEN_MINUTES = 11.0
"""See `GOLDEN_HEAT`."""

HEAT_SCALE = 85.0
"""An oven this many °C hotter needs 1/e of the time."""

BITE = 1.7
"""How sharply a crust answers to a wrong dose; see `crust_cost`."""

DRY_MINUTES = 60.0
"""Minutes in the oven after which drying out has cost a pizza all but 1/e of its score."""

HOT_SPOT_SHARE = 0.25
"""The part of the pizza that sits in an oven's hot spot."""


@dataclass(frozen=True)
class Oven:
    """An oven and its character. The default is the plain oven that the kitchen's constants were measured in.

    Parameters
    ----------
    name : str
        What people call it.
    offset : float
        °C that the oven is hotter than its dial says; below 0, the dial reads high.
    heat : float
        How strongly it bakes at a given temperature; 2 bakes twice as fast as the plain oven.
    hot_spot : float
        °C by which a quarter of the pizza sits hotter than the rest.
    dryness : float
        How much its drying out costs, against the plain oven's 1.
    cycling : float
        °C that the burner adds to the hot spot where it cycles hardest, which is at every multiple of
        `cycle` on the dial. Half way between two of them it adds nothing.
    cycle : float
        °C on the dial from one hard cycling to the next.
    reversed_about : float or None
        Where a dial is wired backwards, the one mark, in °C, that still tells the truth.

    Raises
    ------
    ValueError
        If a number is not finite, `heat` or `cycle` is not above 0, or `hot_spot`, `dryness` or `cycling` is
        below 0.

    Examples
    --------
    >>> weak = Oven("Grandmother's oven", offset=-20, heat=0.8)
    >>> weak.temperature(225)
    205.0
    >>> round(weak.minutes_until_done(225), 1), round(PLAIN_OVEN.minutes_until_done(225), 1)
    (17.4, 11.0)
    """

    name: str = "Plain oven"
    offset: float = 0.0
    heat: float = 1.0
    hot_spot: float = 0.0
    dryness: float = 1.0
    cycling: float = 0.0
    cycle: float = 15.0
    reversed_about: float | None = None

    def __post_init__(self) -> None:
        for name in ("offset", "heat", "hot_spot", "dryness", "cycling", "cycle", "reversed_about"):
            value = getattr(self, name)
            if value is not None or name != "reversed_about":
                above = name in ("heat", "cycle")
                low = 0.0 if above or name in ("hot_spot", "dryness", "cycling") else -math.inf
                real_number(f"{name} of an oven", value, low, above=above, hint="leave it out if unsure")

    def temperature(self, dial: float) -> float:
        """Tell how hot it really is, in °C, when the dial shows `dial` °C."""
        if self.reversed_about is not None:
            dial = 2.0 * self.reversed_about - dial
        return float(dial + self.offset)

    def hot_spot_at(self, dial: float) -> float:
        """Tell how many °C hotter the hot spot is when the dial shows `dial` °C."""
        if self.cycling == 0.0:
            return self.hot_spot
        return self.hot_spot + self.cycling * (0.5 + 0.5 * math.cos(2.0 * math.pi * dial / self.cycle))

    def log_dose(self, dial: float, minutes: float, load: float = 1.0) -> float:
        """Measure the bake: 0 is golden, below is pale, above is burnt.

        Parameters
        ----------
        dial : float
            What the oven's dial shows, in °C.
        minutes : float
            Time in the oven, above 0.
        load : float
            How much heat the pizza takes, against a plain one's 1.

        Returns
        -------
        float
            The logarithm of the thermal dose (no unit).

        References
        ----------
        Bigelow (1921), The logarithmic nature of thermal death time curves: equal steps in temperature
        multiply the needed time by equal factors.

        Examples
        --------
        >>> PLAIN_OVEN.log_dose(225, 11)
        0.0
        >>> PLAIN_OVEN.log_dose(250, 11) > 0 > PLAIN_OVEN.log_dose(200, 11)
        True
        """
        dose = self.heat * minutes / (GOLDEN_MINUTES * load)
        return math.log(dose) + (self.temperature(dial) - GOLDEN_HEAT) / HEAT_SCALE

    def minutes_until_done(self, dial: float, load: float = 1.0) -> float:
        """Tell how many minutes a watchful baker gives it: until the dose is 1, away from the hot spot."""
        slower = math.exp((GOLDEN_HEAT - self.temperature(dial)) / HEAT_SCALE)
        return GOLDEN_MINUTES * load / self.heat * slower


PLAIN_OVEN = Oven()


def crust_cost(log_dose: float, bite: float = BITE) -> float:
    """Say what a wrong dose costs: nothing at golden, something when pale, far more when burnt.

    Parameters
    ----------
    log_dose : float
        As `Oven.log_dose` gives it.
    bite : float
        How sharply the crust answers, above 0; a thin crust answers more sharply.

    Returns
    -------
    float
        0 at golden, above 0 elsewhere. A cost of 1 leaves 1/e of the score.

    References
    ----------
    Varian (1975), A Bayesian approach to real estate assessment: the LINEX loss, linear on one side and
    exponential on the other.

    Examples
    --------
    >>> crust_cost(0.0)
    0.0
    >>> crust_cost(0.8) > 2 * crust_cost(-0.8)
    True
    """
    off = bite * log_dose
    return math.expm1(off) - off  # exp(off) - off - 1, exact near golden


def drying_cost(minutes: float, dryness: float = 1.0) -> float:
    """Say what drying out costs after `minutes` in the oven; a cost of 1 leaves 1/e of the score.

    Examples
    --------
    >>> round(drying_cost(10.0), 3), round(drying_cost(30.0), 3)
    (0.028, 0.25)
    """
    return dryness * (minutes / DRY_MINUTES) ** 2
