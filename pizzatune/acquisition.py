"""Acquisition functions: how much is to be hoped from trying a point, given its predicted mean and standard
deviation.

Arrays only; higher is better everywhere. `best` is the incumbent: the score to beat.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import erfcx, log_ndtr, ndtr

FloatArray = NDArray[np.float64]

LOG_SQRT_2PI = 0.5 * math.log(2.0 * math.pi)


def expected_improvement(mean: FloatArray, std: FloatArray, best: float, xi: float = 0.0) -> FloatArray:
    """How many points better than the incumbent a trial is on average, worse ones counted as 0.

    Parameters
    ----------
    mean, std : ndarray, shape (m,)
        Predictions, in score units; `std` above 0.
    best : float
        The incumbent's score.
    xi : float
        Improvement below this many points does not count.

    References
    ----------
    Jones, Schonlau and Welch (1998), Efficient Global Optimization, eq. 15.

    Examples
    --------
    >>> expected_improvement(np.array([5.0, 7.0]), np.array([1.0, 1.0]), best=6.0).round(3)
    array([0.083, 1.083])
    """
    z = (mean - best - xi) / std
    return std * (_pdf(z) + z * ndtr(z))


def log_expected_improvement(mean: FloatArray, std: FloatArray, best: float, xi: float = 0.0) -> FloatArray:
    """The logarithm of `expected_improvement`, exact where that rounds to 0, so that there is always a way
    up.

    References
    ----------
    Ament, Daulton, Eriksson, Balandat and Bakshy (2023), Unexpected Improvements to Expected Improvement,
    eq. 9 and 14.

    Examples
    --------
    >>> log_expected_improvement(np.array([0.0]), np.array([1.0]), best=50.0).round(1)
    array([-1258.7])
    """
    z = (mean - best - xi) / std
    return np.log(std) + log_h(z)


def log_h(z: FloatArray) -> FloatArray:
    """log(pdf(z) + z cdf(z)), stable for any z (Ament and others 2023, eq. 9)."""
    z = np.asarray(z, dtype=float)
    near = np.maximum(z, -1.0)
    far = np.minimum(z, -1.0)
    with np.errstate(divide="ignore"):
        easy = np.log(_pdf(near) + near * ndtr(near))
        # z cdf(z) / pdf(z) = -|z| sqrt(pi / 2) erfcx(|z| / sqrt(2)), which nearly cancels the 1 before it
        ratio = math.sqrt(math.pi / 2.0) * erfcx(-far / math.sqrt(2.0)) * far
        series = np.log(np.maximum(1.0 + ratio, 1e-300))
    tail = -2.0 * np.log(-far)  # the limit for z far below 0
    hard = -0.5 * far**2 - LOG_SQRT_2PI + np.where(far < -1e4, tail, series)
    return np.where(z > -1.0, easy, hard)


def log_ei_slope(mean: float, std: float, best: float) -> tuple[float, float, float]:
    """`log_expected_improvement` at one point and its derivatives by mean and std: cdf(z) and pdf(z) over
    the improvement."""
    z = (mean - best) / std
    value = math.log(std) + float(log_h(np.array(z)))
    if z < -1.0:  # the same, divided by pdf(z): there is no small difference of large numbers
        mills = _mills(z)
        improvement = std * (1.0 + z * mills if z > -1e4 else 1.0 / z**2)
        return value, mills / improvement, 1.0 / improvement
    return value, math.exp(float(log_ndtr(z)) - value), math.exp(-0.5 * z * z - LOG_SQRT_2PI - value)


def probability_of_improvement(mean: FloatArray, std: FloatArray, best: float, xi: float = 0.0) -> FloatArray:
    """How likely a trial beats the incumbent by `xi` points (Kushner, 1964).

    Examples
    --------
    >>> probability_of_improvement(np.array([6.0]), np.array([1.0]), best=6.0)
    array([0.5])
    """
    return ndtr((mean - best - xi) / std)


def log_probability_of_improvement(
    mean: FloatArray, std: FloatArray, best: float, xi: float = 0.0
) -> FloatArray:
    """The logarithm of `probability_of_improvement`, exact where that rounds to 0."""
    return log_ndtr((mean - best - xi) / std)


def log_pi_slope(mean: float, std: float, best: float) -> tuple[float, float, float]:
    """`log_probability_of_improvement` at one point and its derivatives by mean and std."""
    z = (mean - best) / std
    value = float(log_ndtr(z))
    steepness = 1.0 / _mills(z) if z < -1.0 else math.exp(-0.5 * z * z - LOG_SQRT_2PI - value)
    return value, steepness / std, -steepness * z / std


def upper_confidence_bound(mean: FloatArray, std: FloatArray, kappa: float = 2.0) -> FloatArray:
    """The mean plus `kappa` standard deviations: optimism (Srinivas, Krause, Kakade and Seeger, 2010).

    Examples
    --------
    >>> upper_confidence_bound(np.array([5.0]), np.array([0.5]))
    array([6.])
    """
    most = float(np.finfo(float).max)
    with np.errstate(over="ignore"):  # what lies beyond all numbers is as good as the largest one
        return np.clip(mean + kappa * std, -most, most)


def _mills(z: float) -> float:
    """cdf(z) / pdf(z), for z below 0."""
    return math.sqrt(math.pi / 2.0) * float(erfcx(-z / math.sqrt(2.0)))


def _pdf(z: FloatArray) -> FloatArray:
    return np.exp(-0.5 * z**2 - LOG_SQRT_2PI)
