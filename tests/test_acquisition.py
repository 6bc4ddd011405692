"""Acquisition functions, held against Monte Carlo, numerical integration and finite differences."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from pizzatune.acquisition import (
    expected_improvement,
    log_ei_slope,
    log_expected_improvement,
    log_pi_slope,
    log_probability_of_improvement,
    probability_of_improvement,
    upper_confidence_bound,
)

POINTS = [(5.0, 1.0, 6.0), (7.0, 0.5, 6.0), (6.0, 2.0, 6.0), (-1.0, 1.5, 2.0)]
TAIL = [-0.5, -0.999, -1.001, -2.0, -5.0, -15.0, -37.0, -40.0, -1e2, -1e3, -9e3, -1.1e4, -1e5]


def log_improvement_by_integration(z):
    """log E[max(Z + z, 0)], as an integral whose integrand neither overflows nor vanishes.

    With a = -z above 0, E = pdf(a) times the integral of t exp(-t**2 / 2 - a t) over t from 0; then s = a t.
    """
    a = -z
    integral, _ = quad(lambda s: s * math.exp(-s - 0.5 * (s / a) ** 2), 0, math.inf, epsabs=0, epsrel=1e-12)
    return -0.5 * a * a - 0.5 * math.log(2 * math.pi) + math.log(integral) - 2 * math.log(a)


def arrays(*numbers):
    return [np.array([number]) for number in numbers]


@pytest.mark.parametrize("mean, std, best", POINTS)
@pytest.mark.parametrize("xi", [0.0, 0.5])
def test_expected_and_probable_improvement_agree_with_monte_carlo(mean, std, best, xi):
    scores = np.random.default_rng(5).normal(mean, std, size=400_000)
    gains = np.maximum(scores - best - xi, 0.0)
    error = gains.std() / math.sqrt(len(gains))
    assert expected_improvement(*arrays(mean, std), best, xi)[0] == pytest.approx(gains.mean(), abs=5 * error)
    share = (scores > best + xi).mean()
    error = math.sqrt(share * (1 - share) / len(scores))
    assert probability_of_improvement(*arrays(mean, std), best, xi)[0] == pytest.approx(share, abs=5 * error)


@pytest.mark.parametrize("z", TAIL)
def test_log_expected_improvement_is_exact_far_in_the_tail(z):
    expected = log_improvement_by_integration(z)
    got = log_expected_improvement(*arrays(z, 1.0), best=0.0)[0]
    assert got == pytest.approx(expected, abs=1e-7 + 1e-12 * abs(expected))
    scaled = log_expected_improvement(*arrays(2.0 + 3.0 * z, 3.0), best=2.0)[0]
    assert scaled == pytest.approx(expected + math.log(3.0), abs=1e-6 + 1e-12 * abs(expected))


def test_log_expected_improvement_is_the_logarithm_where_that_can_be_taken():
    z = np.linspace(-6, 6, 49)
    plain = expected_improvement(z, np.ones(49), 0.0)
    np.testing.assert_allclose(log_expected_improvement(z, np.ones(49), 0.0), np.log(plain), atol=1e-7)
    shifted = log_expected_improvement(z + 0.3, np.ones(49), 0.0, xi=0.3)
    np.testing.assert_allclose(shifted, np.log(plain), atol=1e-7)


def test_there_is_always_a_way_up():
    """A better mean is never worth less, however hopeless; plain expected improvement is 0 there."""
    z = -np.geomspace(1e7, 1.0, 400)
    assert (np.diff(log_expected_improvement(z, np.ones(400), 0.0)) > 0).all()
    assert expected_improvement(np.array([-50.0]), np.array([1.0]), 0.0)[0] == 0


LOGARITHMS = {
    "expected": (log_expected_improvement, log_ei_slope),
    "probable": (log_probability_of_improvement, log_pi_slope),
}
either = pytest.mark.parametrize("value_of, slope_of", LOGARITHMS.values(), ids=LOGARITHMS.keys())


@pytest.mark.parametrize("z", [-1e4, -300.0, -40.0, -5.0, -1.5, -1.0, -0.3, 0.0, 0.8, 4.0, 30.0])
@pytest.mark.parametrize("std", [1.0, 0.02])
@either
def test_the_slopes_agree_with_finite_differences(value_of, slope_of, z, std):
    best = 6.0
    mean = best + z * std

    def value(mean, std):
        return float(value_of(*arrays(mean, std), best)[0])

    step = 1e-4 * std / max(1.0, abs(z))
    rough = [
        (value(mean + step, std) - value(mean - step, std)) / (2 * step),
        (value(mean, std + step) - value(mean, std - step)) / (2 * step),
    ]
    got, *slopes = slope_of(mean, std, best)
    assert got == pytest.approx(value(mean, std), rel=1e-12)
    assert slopes == pytest.approx(rough, rel=1e-3, abs=1e-6)


@pytest.mark.parametrize("z", [-1e3, -20.0, -2.0, 0.0, 3.0])
def test_the_slopes_agree_with_their_formulas_by_scipy(z):
    log_improvement, by_mean, by_std = log_ei_slope(z, 1.0, 0.0)
    assert by_mean == pytest.approx(math.exp(norm.logcdf(z) - log_improvement), rel=1e-6)
    assert by_std == pytest.approx(math.exp(norm.logpdf(z) - log_improvement), rel=1e-6)
    log_probability, by_mean, by_std = log_pi_slope(z, 1.0, 0.0)
    assert log_probability == pytest.approx(norm.logcdf(z), rel=1e-12)
    assert by_mean == pytest.approx(math.exp(norm.logpdf(z) - norm.logcdf(z)), rel=1e-6)
    assert by_std == pytest.approx(-z * by_mean, rel=1e-6)


def test_upper_confidence_bound_adds_doubt_to_the_mean():
    np.testing.assert_allclose(upper_confidence_bound(*arrays(5.0, 0.5)), [6.0])
    np.testing.assert_allclose(
        upper_confidence_bound(np.array([1.0, 2.0]), np.array([2.0, 0.1]), 0.5), [2.0, 2.05]
    )


def test_more_doubt_is_worth_more_where_the_mean_is_no_better():
    std = np.array([0.1, 0.5, 1.0, 2.0])
    for function in (expected_improvement, log_expected_improvement, probability_of_improvement):
        assert (np.diff(function(np.full(4, 5.0), std, 6.0)) > 0).all()


@pytest.mark.parametrize("z", [-1.5, -40.0, -9e3, -1.1e4, -1e8, -1e12])
def test_slopes_are_right_however_hopeless_a_point_is(z):
    # far below 0, log h(z) is -z**2 / 2 - 2 log(-z) but for a constant, and log cdf(z) is -z**2 / 2 - log(-z)
    near = -z if z < -10 else None
    _, by_mean, by_std = log_ei_slope(z, 1.0, 0.0)
    assert by_mean == pytest.approx(near or 2.278, rel=0.03)
    assert by_std == pytest.approx(near * near if near else 4.417, rel=0.03)
    _, by_mean, by_std = log_pi_slope(z, 1.0, 0.0)
    assert by_mean == pytest.approx(near or 1.9387, rel=0.03)
    assert by_std == pytest.approx(-z * by_mean)
