"""The Gaussian process, held against scikit-learn, finite differences and refitting."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy.optimize import approx_fprime
from scipy.stats import multivariate_normal, qmc
from threadpoolctl import threadpool_info

from pizzatune.gp import (
    GaussianProcess,
    Priors,
    gaps_between,
    hill_over,
    log_likelihood_and_slope,
    one_thread,
)

sklearn_gp = pytest.importorskip("sklearn.gaussian_process")
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel  # noqa: E402  after the skip above

DIALS = np.array([False, False])
MIXED = np.array([False, True, False])
LENGTHS = np.array([0.3, 0.8, 1.7])


def some_data(n=7, seed=1, mixed=False):
    """Points with two dials, or with a category between two dials; their scores; and new points."""
    rng = np.random.default_rng(seed)
    x, x_new = rng.random((n, 3 if mixed else 2)), rng.random((4, 3 if mixed else 2))
    if mixed:
        x[:, 1], x_new[:, 1] = rng.integers(3, size=n), rng.integers(3, size=4)
    return x, rng.normal(size=n), x_new


def pair_gaps(x, categorical):
    """Distances of all pairs in each parameter, shape (d, pairs)."""
    return gaps_between(x, x, categorical)[:, *np.tril_indices(len(x), -1)]


def one_hot(x):
    """The mixed points as scikit-learn needs them: two different options are 1 apart."""
    return np.column_stack([x[:, 0], *((x[:, 1] == option) / math.sqrt(2) for option in range(3)), x[:, 2]])


def sklearn_model(x, y, parts, scale, noise):
    """Half the kernel on all columns together, half on each parameter's own, the others too long to matter.

    `parts` holds, for each parameter, its columns and its length scale.
    """
    half = scale**2 / 2
    together = np.concatenate([np.full(len(columns), length) for columns, length in parts])
    kernel = ConstantKernel(half) * Matern(together, nu=2.5)
    for columns, length in parts:
        alone = np.full(x.shape[1], 1e9)
        alone[columns] = length
        kernel += ConstantKernel(half / len(parts)) * Matern(alone, nu=2.5)
    kernel += WhiteKernel(noise**2)
    return sklearn_gp.GaussianProcessRegressor(kernel, alpha=1e-8 * scale**2, optimizer=None).fit(x, y)


def sklearn_posterior(model, x_new, noise):
    """Mean and std without observation noise, which scikit-learn's kernel counts in."""
    mean, std = model.predict(x_new, return_std=True)
    return mean, np.sqrt(std**2 - noise**2)


@pytest.mark.parametrize("scale, noise", [(1.0, 0.1), (2.5, 0.5), (0.2, 0.01)])
@pytest.mark.parametrize("mixed", [False, True], ids=["dials", "mixed"])
def test_mean_std_and_likelihood_agree_with_scikit_learn(mixed, scale, noise):
    x, y, x_new = some_data(mixed=mixed)
    lengths = LENGTHS if mixed else LENGTHS[:2]
    own = GaussianProcess(x, y, MIXED if mixed else DIALS, lengths, scale, noise)
    encode = one_hot if mixed else np.asarray
    columns = [[0], [1, 2, 3], [4]] if mixed else [[0], [1]]
    theirs = sklearn_model(encode(x), y, list(zip(columns, lengths, strict=True)), scale, noise)
    mean, std = own.posterior(x_new)
    expected_mean, expected_std = sklearn_posterior(theirs, encode(x_new), noise)
    np.testing.assert_allclose(mean, expected_mean, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(std, expected_std, rtol=1e-4)
    assert own.log_likelihood() == pytest.approx(theirs.log_marginal_likelihood_value_, rel=1e-4)


def test_the_gradient_of_the_likelihood_agrees_with_scikit_learn():
    x, y, _ = some_data()
    scale, noise = 1.3, 0.2
    theirs = sklearn_model(x, y, [([0], LENGTHS[0]), ([1], LENGTHS[1])], scale, noise)
    value, slope = log_likelihood_and_slope(np.log([*LENGTHS[:2], scale, noise]), pair_gaps(x, DIALS), y)
    expected_value, expected = theirs.log_marginal_likelihood(theirs.kernel_.theta, eval_gradient=True)
    # Theirs by the logarithms of squared scale and of lengths, for each part of the kernel, then of noise.
    by_part = expected[:-1].reshape(3, 3)
    lengths = by_part[0, 1:] + [by_part[1, 1], by_part[2, 2]]
    assert value == pytest.approx(expected_value, rel=1e-4)
    np.testing.assert_allclose(
        slope, [*lengths, 2 * by_part[:, 0].sum(), 2 * expected[-1]], rtol=1e-4, atol=1e-6
    )


@pytest.mark.parametrize("theta", [[-1.0, 0.2, 0.5, 0.1, -2.0], [0.5, -0.5, 1.0, -1.0, -1.0]])
def test_the_gradient_of_the_likelihood_agrees_with_finite_differences(theta):
    x, y, _ = some_data(n=9, mixed=True)
    gaps = pair_gaps(x, MIXED)
    value, slope = log_likelihood_and_slope(np.array(theta), gaps, y)
    lengths, scale, noise = np.exp(theta[:3]), math.exp(theta[3]), math.exp(theta[4])
    assert value == pytest.approx(
        GaussianProcess(x, y, MIXED, lengths, scale, noise).log_likelihood(), rel=1e-9
    )
    rough = approx_fprime(np.array(theta), lambda t: log_likelihood_and_slope(t, gaps, y)[0], 1e-6)
    np.testing.assert_allclose(slope, rough, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("mixed", [False, True], ids=["dials", "mixed"])
def test_the_hill_is_highest_in_the_middle_and_of_unit_size(mixed):
    categorical = MIXED if mixed else DIALS
    points = qmc.Sobol(len(categorical), scramble=False).random(4096)
    heights = hill_over(points, categorical)
    assert heights.mean() == pytest.approx(0.0, abs=1e-2)
    assert heights.std() == pytest.approx(1.0, abs=1e-2)
    assert hill_over(np.full((1, len(categorical)), 0.5), categorical)[0] == pytest.approx(heights.max())


def test_a_hill_is_the_same_as_a_flat_process_of_what_the_hill_leaves():
    x, y, x_new = some_data(mixed=True)
    hilly = GaussianProcess(x, y, MIXED, LENGTHS, 1.5, 0.05, hill=0.7)
    flat = GaussianProcess(x, y - 0.7 * hill_over(x, MIXED), MIXED, LENGTHS, 1.5, 0.05)
    mean, std = hilly.posterior(x_new)
    flat_mean, flat_std = flat.posterior(x_new)
    np.testing.assert_allclose(mean, flat_mean + 0.7 * hill_over(x_new, MIXED))
    np.testing.assert_allclose(std, flat_std)
    assert hilly.log_likelihood() == pytest.approx(flat.log_likelihood())
    left_out, doubt = hilly.leave_one_out()
    flat_left_out, flat_doubt = flat.leave_one_out()
    np.testing.assert_allclose(left_out, flat_left_out + 0.7 * hill_over(x, MIXED))
    np.testing.assert_allclose(doubt, flat_doubt)


def test_the_height_of_a_hill_is_learned_and_paid_for():
    x, y, _ = some_data(n=12, mixed=True)
    gp = GaussianProcess.fit(x, y, MIXED, hill=0.7)
    h = 0.7 * hill_over(x, MIXED)  # known before: once h, give or take h
    covariance = gp.chol @ gp.chol.T + np.outer(h, h)
    assert gp.hill == pytest.approx(0.7 * (1 + h @ np.linalg.solve(covariance, y - h)), abs=1e-3)
    assert gp.log_likelihood() == pytest.approx(multivariate_normal(h, covariance).logpdf(y), abs=1e-3)
    np.testing.assert_array_equal(gp.y, y)


@pytest.mark.parametrize("height", [-1.0, 0.0, 1.0])
def test_a_hill_is_believed_as_far_as_scores_bear_it_out(height):
    x = np.linspace(0, 1, 9)[:, None]
    y = height * hill_over(x, np.array([False]))
    gp = GaussianProcess.fit(x, y, np.array([False]), hill=0.5)
    if height < 0:
        assert gp.hill < 0.2
    elif height > 0:
        assert gp.hill > 0.5
    else:
        assert abs(gp.hill) < 0.4
    assert GaussianProcess.fit(x, y, np.array([False])).hill == 0.0


def test_a_trend_counts_like_any_other_covariance():
    x, y, _ = some_data(n=9, mixed=True)
    theta, gaps = np.array([-1.0, 0.2, 0.5, 0.1, -2.0]), pair_gaps(x, MIXED)
    trend = np.outer(x[:, 0], x[:, 0]) + 0.5 * np.outer(x[:, 2], x[:, 2])
    value, slope = log_likelihood_and_slope(theta, gaps, y, trend)
    process = GaussianProcess(x, y, MIXED, np.exp(theta[:3]), math.exp(0.1), math.exp(-2.0))
    covariance = process.chol @ process.chol.T + trend
    assert value == pytest.approx(multivariate_normal(cov=covariance).logpdf(y), rel=1e-6)
    rough = approx_fprime(theta, lambda t: log_likelihood_and_slope(t, gaps, y, trend)[0], 1e-6)
    np.testing.assert_allclose(slope, rough, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("mixed", [False, True], ids=["dials", "mixed"])
def test_growing_the_factor_agrees_with_factoring_anew(mixed):
    x, y, x_new = some_data(n=12, mixed=mixed)
    categorical, lengths = (MIXED, LENGTHS) if mixed else (DIALS, LENGTHS[:2])
    whole = GaussianProcess(x, y, categorical, lengths, 1.4, 0.05, hill=0.7)
    grown = GaussianProcess(x[:5], y[:5], categorical, lengths, 1.4, 0.05, hill=0.7)
    for first, last in ((5, 6), (6, 9), (9, 9), (9, 12)):
        grown = grown.extended(x[first:last], y[first:last])
    np.testing.assert_allclose(grown.chol, whole.chol, atol=1e-10)
    np.testing.assert_allclose(grown.posterior(x_new), whole.posterior(x_new), rtol=1e-8)


def test_a_point_seen_before_can_be_added():
    x, y, x_new = some_data()
    gp = GaussianProcess(x, y, DIALS, LENGTHS[:2], 1.0, 0.0)
    grown = gp.extended(x[[2, 2]], y[[2, 2]])
    np.testing.assert_allclose(grown.posterior(x_new)[0], gp.posterior(x_new)[0], atol=1e-3)


@pytest.mark.parametrize("place", [[0.31, 1.0, 0.62], [0.9, 0.0, 0.05], [0.5, 7.0, 0.5]], ids=str)
def test_the_slope_of_the_posterior_agrees_with_finite_differences(place):
    x, y, _ = some_data(mixed=True)
    gp = GaussianProcess(x, y, MIXED, LENGTHS, 1.5, 0.05, hill=0.7)
    point = np.array(place)
    mean, std, by_mean, by_std = gp.posterior_slope(point)
    expected_mean, expected_std = gp.posterior(point[None])
    assert (mean, std) == (pytest.approx(expected_mean[0]), pytest.approx(expected_std[0]))
    for slope, which in ((by_mean, 0), (by_std, 1)):
        rough = approx_fprime(point, lambda p, which=which: gp.posterior(p[None])[which][0], 1e-6)
        np.testing.assert_allclose(slope[[0, 2]], rough[[0, 2]], rtol=1e-4, atol=1e-5)
        assert slope[1] == 0  # a category is changed by trying the others


def test_leaving_one_out_agrees_with_refitting():
    x, y, _ = some_data(n=6, mixed=True)
    noise = 0.3
    mean, std = GaussianProcess(x, y, MIXED, LENGTHS, 1.5, noise).leave_one_out()
    for left_out in range(6):
        others = np.arange(6) != left_out
        gp = GaussianProcess(x[others], y[others], MIXED, LENGTHS, 1.5, noise)
        expected_mean, expected_std = gp.posterior(x[[left_out]])
        assert mean[left_out] == pytest.approx(expected_mean[0], rel=1e-5)
        assert std[left_out] == pytest.approx(math.hypot(expected_std[0], noise), rel=1e-5)


def test_with_hardly_any_noise_it_passes_through_what_it_saw_and_is_unsure_elsewhere():
    x, y, _ = some_data()
    mean, std = GaussianProcess(x, y, DIALS, LENGTHS[:2], 1.0, 1e-4).posterior(np.vstack([x, [[9.0, 9.0]]]))
    np.testing.assert_allclose(mean[:-1], y, atol=1e-3)
    assert std[:-1].max() < 0.01
    assert (mean[-1], std[-1]) == (pytest.approx(0, abs=1e-6), pytest.approx(1, rel=1e-6))


def test_only_same_or_different_counts_for_a_category():
    x, y, x_new = some_data(mixed=True)
    gp = GaussianProcess(x, y, MIXED, LENGTHS, 1.0, 0.1)
    renamed = [
        np.column_stack([p[:, 0], np.array([50.0, -3.0, 0.25])[p[:, 1].astype(int)], p[:, 2]])
        for p in (x, x_new)
    ]
    other = GaussianProcess(renamed[0], y, MIXED, LENGTHS, 1.0, 0.1)
    np.testing.assert_allclose(other.posterior(renamed[1]), gp.posterior(x_new))


def test_the_order_of_trials_does_not_matter():
    x, y, x_new = some_data()
    there = GaussianProcess(x, y, DIALS, LENGTHS[:2], 1.0, 0.1).posterior(x_new)
    back = GaussianProcess(x[::-1], y[::-1], DIALS, LENGTHS[:2], 1.0, 0.1).posterior(x_new)
    np.testing.assert_allclose(there, back, rtol=1e-9)


def test_fitting_finds_which_dial_matters():
    rng = np.random.default_rng(3)
    x = rng.random((30, 2))
    y = np.sin(6 * x[:, 0])
    gp = GaussianProcess.fit(x, (y - y.mean()) / y.std(), DIALS)
    assert gp.lengths[1] > 3 * gp.lengths[0]
    mean, _ = gp.posterior(np.array([[0.25, 0.1], [0.25, 0.9], [0.8, 0.5]]))
    np.testing.assert_allclose(mean * y.std() + y.mean(), np.sin([1.5, 1.5, 4.8]), atol=0.1)


def test_fitting_tells_noise_from_landscape():
    rng = np.random.default_rng(4)
    x = rng.random((40, 1))
    y = np.sin(6 * x[:, 0]) + rng.normal(scale=0.3, size=40)
    gp = GaussianProcess.fit(x, (y - y.mean()) / y.std(), np.array([False]))
    assert 0.2 < gp.noise * y.std() < 0.45


def test_the_fit_is_a_summit_of_likelihood_times_prior():
    x, y, _ = some_data(n=12)
    priors = Priors()
    gp = GaussianProcess.fit(x, y, DIALS, priors=priors)
    theta = np.log([*gp.lengths, gp.scale, gp.noise])
    _, slope = log_likelihood_and_slope(theta, pair_gaps(x, DIALS), y)
    pull = slope - (theta - priors.mean(2)) / priors.std(2) ** 2
    np.testing.assert_allclose(pull, 0, atol=0.05)


@pytest.mark.parametrize(
    "x, y",
    [
        (np.array([[0.5, 0.5]]), np.array([0.0])),
        (np.full((6, 2), 0.3), np.array([1.0, -1.0, 0.5, 0.0, 0.0, -0.5])),
        (np.full((6, 2), 0.3), np.zeros(6)),
        (np.repeat([[0.0, 0.0], [1.0, 1.0]], 5, axis=0), np.repeat([-1.0, 1.0], 5)),
        (np.linspace(0.5, 0.5 + 1e-9, 8)[:, None] * [1.0, 1.0], np.linspace(-1, 1, 8)),
        (np.random.default_rng(0).random((8, 2)), np.array([1e6, 0, 0, 0, 0, 0, 0, -1e6])),
    ],
    ids=["one point", "equal points", "all the same", "two heaps", "a hair apart", "wild scores"],
)
def test_degenerate_data_give_finite_answers(x, y):
    gp = GaussianProcess.fit(x, y, DIALS)
    mean, std = gp.posterior(np.array([[0.3, 0.3], [0.9, 0.1]]))
    assert np.isfinite(mean).all()
    assert (std > 0).all()
    assert np.isfinite(std).all()
    assert all(np.isfinite(part).all() for part in gp.posterior_slope(np.array([0.3, 0.3])))
    assert all(np.isfinite(part).all() for part in gp.leave_one_out())
    assert math.isfinite(gp.log_likelihood())


def test_its_arrays_are_left_alone():
    x, y, x_new = some_data(mixed=True)
    kept = [array.copy() for array in (x, y, x_new)]
    gp = GaussianProcess.fit(x, y, MIXED)
    gp.posterior(x_new)
    gp.posterior_slope(x_new[0])
    for array, before in zip((x, y, x_new), kept, strict=True):
        np.testing.assert_array_equal(array, before)


@pytest.mark.parametrize(
    "change, message",
    [
        ({"x": np.zeros(2)}, r"x must be \(n, d\), y \(n,\).* got \(2,\), \(2,\)"),
        ({"y": np.zeros(3)}, r"x must be \(n, d\), y \(n,\)"),
        ({"categorical": np.array([False, False])}, r"categorical and lengths \(d,\); got"),
        ({"lengths": np.array([1.0, 1.0])}, r"categorical and lengths \(d,\); got"),
        ({"y": np.array([1.0, math.nan])}, r"must be finite, got nan or inf"),
        ({"x": np.array([[math.inf], [0.0]])}, r"must be finite, got nan or inf"),
        ({"lengths": np.array([0.0])}, r"lengths and scale must be above 0"),
        ({"scale": -1.0}, r"lengths and scale must be above 0"),
        ({"noise": -0.1}, r"noise from 0, got"),
    ],
    ids=range(9),
)
def test_what_does_not_fit_together_is_refused(change, message):
    given = {
        "x": np.array([[0.2], [0.8]]),
        "y": np.array([1.0, 2.0]),
        "categorical": np.array([False]),
        "lengths": np.array([0.5]),
        "scale": 1.0,
        "noise": 0.1,
    }
    with pytest.raises(ValueError, match=message):
        GaussianProcess(**{**given, **change})


def test_no_point_is_named():
    with pytest.raises(ValueError, match="needs at least one point, got none"):
        GaussianProcess(np.empty((0, 2)), np.empty(0), DIALS, np.ones(2))


def test_threads_that_fit_at_once_leave_linear_algebra_as_it_was():
    def threads():
        return [found["num_threads"] for found in threadpool_info() if found["user_api"] == "blas"]

    def search(seed):
        for _ in range(50):
            with one_thread():
                assert threads() == [1] * len(before)
                np.linalg.cholesky(np.eye(20) + seed)

    before = threads()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(search, range(4)))
    assert threads() == before


def test_the_mean_is_a_weighted_sum_of_what_was_seen():
    x, y, x_new = some_data()
    gp = GaussianProcess(x, y, DIALS, LENGTHS[:2], 1.0, 0.1, hill=0.7)
    expected = [0.7 * hill_over(points, DIALS) for points in (x_new, x)]
    np.testing.assert_allclose(expected[0] + gp.weights(x_new) @ (y - expected[1]), gp.posterior(x_new)[0])
    other = GaussianProcess(x, y[::-1], DIALS, LENGTHS[:2], 1.0, 0.1)
    np.testing.assert_array_equal(other.weights(x_new), gp.weights(x_new))
