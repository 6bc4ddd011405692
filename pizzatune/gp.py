"""A Gaussian process: guess a whole landscape from a few heights, and know how unsure the guess is.

Arrays only. A row of `x` is a point, each column a parameter: a dial scaled to 0..1, or a category as any
number, of which only same-or-different counts. Equations are those of Rasmussen and Williams (2006), "RW"
below.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_solve, cholesky, solve_triangular

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

SQRT5 = math.sqrt(5.0)
DIGITS = 3  # decimals of a fitted log hyperparameter: more would only carry rounding errors between machines
ADDITIVE = 0.5  # share of the kernel in which each parameter counts on its own
JITTER = 1e-8  # added to the diagonal, relative to its size, so that equal points stay solvable


def squared_gaps(a: FloatArray, b: FloatArray, categorical: BoolArray) -> FloatArray:
    """How far apart points are in each parameter, squared; a category is 0 or 1 apart. Shape (d, n, m) for
    (n, d), (m, d)."""
    gaps = a.T[:, :, None] - b.T[:, None, :]
    gaps[categorical] = gaps[categorical] != 0
    return np.square(gaps, out=gaps)


def matern52(r2: FloatArray) -> FloatArray:
    """Matérn correlation with smoothness 5/2 at squared distance `r2` (RW eq. 4.17), same shape.

    Examples
    --------
    >>> matern52(np.array([0.0, 1.0])).round(4)
    array([1.   , 0.524])
    """
    r = SQRT5 * np.sqrt(r2)
    return (1.0 + r + r**2 / 3.0) * np.exp(-r)


def matern52_slope(r2: FloatArray) -> FloatArray:
    """Derivative of `matern52` by `r2`, same shape."""
    r = SQRT5 * np.sqrt(r2)
    return -(5.0 / 6.0) * (1.0 + r) * np.exp(-r)


def correlation(weights: FloatArray, gaps: FloatArray) -> FloatArray:
    """How alike scores are at points so far apart: half by all parameters together, half by each on its own.

    The first half is a Matérn 5/2 of the weighted distance. The second is the mean of one Matérn for each
    parameter (an additive kernel; Duvenaud, Nickisch and Rasmussen, 2011): what one parameter does is also
    expected where the others differ, so that a few trials teach something about all combinations.

    Parameters
    ----------
    weights : ndarray, shape (d,)
        One over the squared length scales.
    gaps : ndarray, shape (d, n, m)
        From `squared_gaps`.

    Returns
    -------
    ndarray, shape (n, m)
        From 0 to 1.
    """
    together = matern52(np.tensordot(weights, gaps, axes=1))
    alone = matern52(weights[:, None, None] * gaps).mean(axis=0)
    alike: FloatArray = (1.0 - ADDITIVE) * together + ADDITIVE * alone
    return alike


def correlation_slope(weights: FloatArray, gaps: FloatArray) -> FloatArray:
    """Derivative of `correlation` by each squared gap, shape (d, n, m)."""
    together = matern52_slope(np.tensordot(weights, gaps, axes=1))
    alone = matern52_slope(weights[:, None, None] * gaps) / len(weights)
    return weights[:, None, None] * ((1.0 - ADDITIVE) * together + ADDITIVE * alone)


@dataclass(frozen=True)
class Priors:
    """What we believe about the landscape before the first trial: normal distributions of logarithms, as
    (mean, std).

    Scores are assumed to be standardised. Length scales grow with the square root of the number of
    parameters, so that more parameters do not make the model expect a rougher landscape (Hvarfner, Hellsten
    and Nardi, 2024, eq. 4).
    """

    length: tuple[float, float] = (-1.0, 0.8)
    scale: tuple[float, float] = (0.0, 0.5)
    noise: tuple[float, float] = (-5.0, 1.5)

    def mean(self, dimensions: int) -> FloatArray:
        """Prior means of the log hyperparameters: lengths, then scale, then noise. Shape (d + 2,)."""
        return np.array(
            [self.length[0] + 0.5 * math.log(dimensions)] * dimensions + [self.scale[0], self.noise[0]]
        )

    def std(self, dimensions: int) -> FloatArray:
        """Their standard deviations, shape (d + 2,)."""
        return np.array([self.length[1]] * dimensions + [self.scale[1], self.noise[1]])


@dataclass(frozen=True)
class GaussianProcess:
    """A Gaussian process that has seen `x` and `y`, with mean 0 before it saw anything.

    Parameters
    ----------
    x : ndarray, shape (n, d)
        Points seen, each dial scaled to 0..1.
    y : ndarray, shape (n,)
        Their scores.
    categorical : ndarray of bool, shape (d,)
        Which columns are categories.
    lengths : ndarray, shape (d,)
        How far one must go along each parameter until scores no longer resemble each other, in its 0..1
        range.
    scale, noise : float
        Standard deviations of the landscape and of one observation, in score units; `noise` from 0.

    Raises
    ------
    ValueError
        If shapes do not match, a number is not finite, or a hyperparameter is not above 0.

    References
    ----------
    Rasmussen and Williams (2006), Gaussian Processes for Machine Learning.

    Examples
    --------
    >>> x = np.array([[0.2], [0.8]])
    >>> lengths = np.array([0.3])
    >>> gp = GaussianProcess(x, np.array([3.0, 7.0]), np.array([False]), lengths, scale=5.0, noise=0.01)
    >>> mean, std = gp.posterior(np.array([[0.2], [0.5]]))
    >>> mean.round(1), std.round(1)
    (array([3. , 4.6]), array([0. , 3.6]))
    """

    x: FloatArray
    y: FloatArray
    categorical: BoolArray
    lengths: FloatArray
    scale: float = 1.0
    noise: float = 1e-3
    chol: FloatArray = field(init=False, repr=False)
    alpha: FloatArray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        _check(self.x, self.y, self.categorical, self.lengths, self.scale, self.noise)
        chol = _stable_cholesky(self._covariance(self.x, self.x), self.noise)  # RW alg. 2.1, line 2
        object.__setattr__(self, "chol", chol)
        object.__setattr__(self, "alpha", cho_solve((chol, True), self.y))  # line 3

    def _covariance(self, a: FloatArray, b: FloatArray) -> FloatArray:
        return self.scale**2 * correlation(self.lengths**-2, squared_gaps(a, b, self.categorical))

    def posterior(self, x_new: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Mean and standard deviation of the landscape at new points (RW algorithm 2.1, p. 19).

        Parameters
        ----------
        x_new : ndarray, shape (m, d)

        Returns
        -------
        mean, std : ndarray, shape (m,)
            In score units; `std` leaves observation noise out.
        """
        k_new = self._covariance(self.x, x_new)  # (n, m)
        mean = k_new.T @ self.alpha  # line 4
        v = solve_triangular(self.chol, k_new, lower=True, check_finite=False)  # line 5
        variance = self.scale**2 - (v**2).sum(axis=0)  # line 6
        return mean, np.sqrt(np.maximum(variance, 1e-12 * self.scale**2))  # rounding can dip below 0

    def posterior_slope(self, point: FloatArray) -> tuple[float, float, FloatArray, FloatArray]:
        """Mean and std at one point, shape (d,), and their gradients by its coordinates, shape (d,) each.

        The gradient by a category is 0: categories are changed by trying the others.
        """
        weights = self.lengths**-2
        gaps = squared_gaps(self.x, point[None], self.categorical)  # (d, n, 1)
        k = self.scale**2 * correlation(weights, gaps)[:, 0]
        by_gap = self.scale**2 * correlation_slope(weights, gaps)[:, :, 0].T  # (n, d)
        dk = by_gap * -2.0 * (self.x - point) * ~self.categorical
        w = cho_solve((self.chol, True), k, check_finite=False)
        variance = max(float(self.scale**2 - k @ w), 1e-12 * self.scale**2)
        std = math.sqrt(variance)
        return float(k @ self.alpha), std, dk.T @ self.alpha, -(dk.T @ w) / std

    def leave_one_out(self) -> tuple[FloatArray, FloatArray]:
        """What each seen score would have been guessed to be from all the others: mean and std, shape (n,)
        each.

        The std includes observation noise (RW eq. 5.12).
        """
        inverse = cho_solve((self.chol, True), np.eye(len(self.y)))
        variance = 1.0 / np.diag(inverse)
        return self.y - self.alpha * variance, np.sqrt(variance)

    def log_likelihood(self) -> float:
        """Log marginal likelihood of the scores seen (RW eq. 2.30)."""
        return float(
            -0.5 * self.y @ self.alpha
            - np.log(np.diag(self.chol)).sum()
            - 0.5 * len(self.y) * math.log(2 * math.pi)
        )

    def draw(self, x_new: FloatArray, rng: np.random.Generator) -> FloatArray:
        """One landscape out of all that remain possible, at the points `x_new`; shape (m,)."""
        k_new = self._covariance(self.x, x_new)
        v = solve_triangular(self.chol, k_new, lower=True, check_finite=False)
        left = _stable_cholesky(self._covariance(x_new, x_new) - v.T @ v, 1e-3 * self.scale)
        return k_new.T @ self.alpha + left @ rng.standard_normal(len(x_new))

    def with_data(self, x: FloatArray, y: FloatArray) -> Self:
        """The same hyperparameters with other points and scores."""
        return replace(self, x=x, y=y)

    @classmethod
    def fit(
        cls,
        x: FloatArray,
        y: FloatArray,
        categorical: BoolArray,
        *,
        priors: Priors | None = None,
        length: float | None = None,
        noise: float | None = None,
    ) -> Self:
        """A Gaussian process whose hyperparameters are the most plausible after seeing the scores (MAP).

        Log likelihood plus log prior is climbed by L-BFGS-B with exact gradients, from the prior mean and
        from shorter length scales; the higher summit counts.

        Parameters
        ----------
        x, y, categorical
            As for the class; `y` standardised.
        priors : Priors, optional
        length, noise : float, optional
            Length scale of all parameters, and standard deviation of one observation, where they are not to
            be learned.
        """
        from scipy.optimize import minimize  # loads only when a model is fitted

        priors = priors or Priors()
        d = x.shape[1]
        gaps = squared_gaps(x, x, categorical)
        center, spread = priors.mean(d), priors.std(d)

        def loss(theta: FloatArray) -> tuple[float, FloatArray]:
            value, slope = log_likelihood_and_slope(theta, gaps, y)
            off = (theta - center) / spread
            return -(value - 0.5 * float(off @ off)), -(slope - off / spread)

        low, high = center - 4.0 * spread, center + 4.0 * spread
        if length is not None:
            low[:d] = high[:d] = math.log(length)
        if noise is not None:
            low[-1] = high[-1] = math.log(noise)
        starts = (center, center - np.r_[spread[:d], 0.0, 0.0])
        summits = [
            minimize(
                loss,
                np.clip(at, low, high),
                jac=True,
                method="L-BFGS-B",
                bounds=list(zip(low, high, strict=True)),
                options={"maxiter": 50},
            )
            for at in starts
        ]
        theta = np.asarray(min(summits, key=lambda summit: float(summit.fun)).x).round(DIGITS)
        return cls(x, y, categorical, np.exp(theta[:d]), float(np.exp(theta[d])), float(np.exp(theta[d + 1])))


def log_likelihood_and_slope(theta: FloatArray, gaps: FloatArray, y: FloatArray) -> tuple[float, FloatArray]:
    """Log marginal likelihood and its gradient by the log hyperparameters (RW eq. 2.30 and 5.9).

    Parameters
    ----------
    theta : ndarray, shape (d + 2,)
        Logarithms of the lengths, the scale and the noise.
    gaps : ndarray, shape (d, n, n)
        `squared_gaps` of the points with themselves.
    y : ndarray, shape (n,)

    Returns
    -------
    value : float
    slope : ndarray, shape (d + 2,)
    """
    d, n = len(theta) - 2, len(y)
    weights, scale2, noise2 = np.exp(-2.0 * theta[:d]), math.exp(2.0 * theta[d]), math.exp(2.0 * theta[d + 1])
    k = scale2 * correlation(weights, gaps)
    chol = _stable_cholesky(k, math.sqrt(noise2))
    alpha = cho_solve((chol, True), y, check_finite=False)
    value = -0.5 * y @ alpha - np.log(np.diag(chol)).sum() - 0.5 * n * math.log(2.0 * math.pi)
    w = np.outer(alpha, alpha) - cho_solve((chol, True), np.eye(n), check_finite=False)  # RW eq. 5.9
    by_length = -scale2 * (gaps * correlation_slope(weights, gaps) * w).sum(axis=(1, 2))
    by_scale = (w * k).sum()
    by_noise = noise2 * np.trace(w)
    slope: FloatArray = np.concatenate([by_length, [by_scale, by_noise]])
    return float(value), slope


def _stable_cholesky(covariance: FloatArray, noise: float) -> FloatArray:
    """Lower Cholesky factor of covariance plus noise, with the least jitter that lets it be found; shape
    (n, n)."""
    size = float(covariance[0, 0]) if len(covariance) else 1.0
    diagonal = np.diag_indices_from(covariance)
    for jitter in (JITTER, 1e-6, 1e-4):
        noisy = covariance.copy()
        noisy[diagonal] += noise**2 + jitter * size
        try:
            factor: FloatArray = cholesky(noisy, lower=True, check_finite=False)
            return factor
        except np.linalg.LinAlgError:
            continue
    raise np.linalg.LinAlgError("the covariance cannot be factored; are there infinite or nan values in x?")


def _check(
    x: FloatArray, y: FloatArray, categorical: BoolArray, lengths: FloatArray, scale: float, noise: float
) -> None:
    if (
        x.ndim != 2
        or y.shape != x.shape[:1]
        or categorical.shape != x.shape[1:]
        or lengths.shape != x.shape[1:]
    ):
        raise ValueError(
            "x must be (n, d), y (n,), categorical and lengths (d,); "
            f"got {x.shape}, {y.shape}, {categorical.shape} and {lengths.shape}"
        )
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError("x and y must be finite, got nan or inf; leave failed trials out")
    if not ((lengths > 0).all() and scale > 0 and noise >= 0):
        raise ValueError(
            f"lengths and scale must be above 0 and noise from 0, got {lengths}, {scale}, {noise}"
        )
