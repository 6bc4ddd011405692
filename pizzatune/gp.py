"""A Gaussian process: guess a whole landscape from a few heights, and know how unsure the guess is.

Arrays only. A row of `x` is a point, each column a parameter: a dial scaled to 0..1, or a category as any
number, of which only same-or-different counts. Equations are those of Rasmussen and Williams (2006), "RW"
below.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from threading import RLock
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular
from scipy.linalg.lapack import dpotrf, dpotri, dpotrs
from threadpoolctl import ThreadpoolController

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

SQRT5 = math.sqrt(5.0)
DIGITS = 3  # decimals of a fitted log hyperparameter: more would only carry rounding errors between machines
HILL_DOUBT = 1.0  # how far the height of a hill may be off, in heights, before it is learned
ADDITIVE = 0.5  # share of the kernel in which each parameter counts on its own
JITTER = 1e-8  # added to the diagonal, relative to its size, so that equal points stay solvable


def gaps_between(a: FloatArray, b: FloatArray, categorical: BoolArray) -> FloatArray:
    """How far apart points are in each parameter; two different categories are 1 apart. Shape (d, n, m) for
    (n, d), (m, d)."""
    gaps = a.T[:, :, None] - b.T[:, None, :]
    np.abs(gaps, out=gaps)
    gaps[categorical] = gaps[categorical] != 0
    return gaps


def hill_over(x: FloatArray, categorical: BoolArray) -> FloatArray:
    """A hill over the middle of all dials, which falls off as the square of the distance; shape (m,) for
    (m, d).

    Its mean over the whole space is 0 and its standard deviation 1; categories are all equally high.

    Examples
    --------
    >>> hill_over(np.array([[0.0], [0.5], [1.0]]), np.array([False])).round(2)
    array([-2.24,  1.12, -2.24])
    """
    falls = np.where(categorical, 0.0, 1.0 / 12.0 - (x - 0.5) ** 2)
    height: FloatArray = falls.sum(axis=-1) / _hill_unit(categorical)
    return height


def _hill_unit(categorical: BoolArray) -> float:
    """Standard deviation of the sum over all dials: the square of a uniform number about its middle has
    1 / 180 as its variance."""
    return math.sqrt(max(1, categorical.size - int(np.count_nonzero(categorical))) / 180.0)


def matern52(r: FloatArray) -> FloatArray:
    """Matérn correlation with smoothness 5/2 at distance `r` in length scales (RW eq. 4.17), same shape.

    Examples
    --------
    >>> matern52(np.array([0.0, 1.0])).round(4)
    array([1.   , 0.524])
    """
    s = SQRT5 * r
    polynomial = 1.0 + s + s**2 / 3.0
    polynomial *= np.exp(np.negative(s, out=s), out=s)
    return polynomial


def matern52_and_slope(r: FloatArray) -> tuple[FloatArray, FloatArray]:
    """`matern52` and its derivative by ``r**2 / 2``, which has no kink at 0; same shapes."""
    s = SQRT5 * r
    decay = np.exp(-s)
    steep = (1.0 + s) * decay
    return steep + (s**2 / 3.0) * decay, -(5.0 / 3.0) * steep


def correlation(gaps: FloatArray, lengths: FloatArray) -> FloatArray:
    """How alike scores are at points so far apart: half by all parameters together, half by each on its own.

    The first half is a Matérn 5/2 of the distance in length scales. The second is the mean of one Matérn for
    each parameter (an additive kernel; Duvenaud, Nickisch and Rasmussen, 2011): what one parameter does is
    also expected where the others differ, so that a few trials teach something about all combinations.

    Parameters
    ----------
    gaps : ndarray, shape (d, ...)
        Distances in each parameter, from `gaps_between`.
    lengths : ndarray, shape (d,)
        Length scales.

    Returns
    -------
    ndarray, shape (...)
        From 0 to 1.
    """
    r = (gaps.T / lengths).T
    together = matern52(np.sqrt(np.einsum("d...,d...->...", r, r)))
    alone = sum(map(matern52, r)) / len(r)  # one parameter after the other: small arrays stay near the core
    return (1.0 - ADDITIVE) * together + ADDITIVE * alone


def correlation_and_slope(gaps: FloatArray, lengths: FloatArray) -> tuple[FloatArray, FloatArray]:
    """`correlation`, shape (...), and its derivatives by half of each squared gap in length scales, shape
    (d, ...)."""
    r = (gaps.T / lengths).T
    together, its_slope = matern52_and_slope(np.sqrt(np.einsum("d...,d...->...", r, r)))
    alone, slopes = matern52_and_slope(r)
    slopes *= ADDITIVE / len(lengths)
    slopes += (1.0 - ADDITIVE) * its_slope
    return (1.0 - ADDITIVE) * together + ADDITIVE * (np.add.reduce(alone) / len(alone)), slopes


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
    """A Gaussian process that has seen `x` and `y`.

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
    hill : float
        What it expects where it has seen nothing (its prior mean): so many times `hill_over`, in score units;
        with 0, the same everywhere.
    spent : float
        What the log likelihood has paid for a hill of which the height was learned, from 0.

    Raises
    ------
    ValueError
        If shapes do not match, there is no point, a number is not finite, a length or the scale is not above
        0, or the noise is below 0.

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
    hill: float = 0.0
    spent: float = 0.0
    chol: FloatArray = field(default_factory=lambda: np.empty((0, 0)), repr=False)  # made if not given
    alpha: FloatArray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        _check(self.x, self.y, self.categorical, self.lengths, self.scale, self.noise)
        if len(self.chol) != len(self.y):
            covariance = self._covariance(self.x, self.x)
            object.__setattr__(self, "chol", stable_cholesky(covariance, self.noise))  # RW alg. 2.1, line 2
        surprise = self.y - self._expected(self.x)
        object.__setattr__(self, "alpha", dpotrs(self.chol, surprise, lower=1)[0])  # line 3

    def _expected(self, x: FloatArray) -> FloatArray:
        """The prior mean m(x) of RW section 2.7, shape (m,)."""
        return self.hill * hill_over(x, self.categorical)

    def _covariance(self, a: FloatArray, b: FloatArray) -> FloatArray:
        return self.scale**2 * correlation(gaps_between(a, b, self.categorical), self.lengths)

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
        mean = self._expected(x_new) + k_new.T @ self.alpha  # line 4, and RW eq. 2.38
        v = solve_triangular(self.chol, k_new, lower=True, check_finite=False)  # line 5
        variance = self.scale**2 - (v**2).sum(axis=0)  # line 6
        return mean, np.sqrt(np.maximum(variance, 1e-12 * self.scale**2))  # rounding can dip below 0

    def weights(self, x_new: FloatArray) -> FloatArray:
        """How much each seen score counts in the mean at new points, shape (m, n) for (m, d).

        The mean is a weighted sum (RW section 2.6): what was expected there, and the weights times how far
        each seen score is from what was expected of it. They ask where points lie, not how these scored.

        Examples
        --------
        >>> x, dial = np.array([[0.2], [0.8]]), np.array([False])
        >>> gp = GaussianProcess(x, np.array([3.0, 7.0]), dial, np.array([0.3]))
        >>> gp.weights(np.array([[0.2], [0.5]])).round(2) + 0.0
        array([[1.  , 0.  ],
               [0.46, 0.46]])
        """
        weights: FloatArray = dpotrs(self.chol, self._covariance(self.x, x_new), lower=1)[0].T
        return weights

    def posterior_slope(self, point: FloatArray) -> tuple[float, float, FloatArray, FloatArray]:
        """Mean and std at one point, shape (d,), and their gradients by its coordinates, shape (d,) each.

        The gradient by a category is 0: categories are changed by trying the others.
        """
        gaps = gaps_between(self.x, point[None], self.categorical)[:, :, 0]
        k, slopes = correlation_and_slope(gaps, self.lengths)  # (n,), (d, n)
        k = self.scale**2 * k
        dk = self.scale**2 * slopes.T * (point - self.x) / self.lengths**2 * ~self.categorical  # (n, d)
        w, _ = dpotrs(self.chol, k, lower=1)
        variance = max(float(self.scale**2 - k @ w), 1e-12 * self.scale**2)
        std = math.sqrt(variance)
        mean = float(self._expected(point) + k @ self.alpha)
        uphill = np.where(self.categorical, 0.0, (1.0 - 2.0 * point) * self._hill_per_unit)
        return mean, std, uphill + dk.T @ self.alpha, -(dk.T @ w) / std

    @cached_property
    def _hill_per_unit(self) -> float:
        return self.hill / _hill_unit(self.categorical)

    def leave_one_out(self) -> tuple[FloatArray, FloatArray]:
        """What each seen score would have been guessed to be from all the others: mean and std, shape (n,)
        each.

        The std includes observation noise (RW eq. 5.12).
        """
        inverse, _ = dpotrs(self.chol, np.eye(len(self.y)), lower=1)
        variance = 1.0 / np.diag(inverse)
        return self.y - self.alpha * variance, np.sqrt(variance)

    def log_likelihood(self) -> float:
        """Log marginal likelihood of the scores seen (RW eq. 2.30), less what was `spent`."""
        return float(
            -self.spent
            - 0.5 * (self.y - self._expected(self.x)) @ self.alpha
            - np.log(np.diag(self.chol)).sum()
            - 0.5 * len(self.y) * math.log(2 * math.pi)
        )

    def draw(self, x_new: FloatArray, rng: np.random.Generator) -> FloatArray:
        """One landscape out of all that remain possible, at the points `x_new`; shape (m,)."""
        k_new = self._covariance(self.x, x_new)
        v = solve_triangular(self.chol, k_new, lower=True, check_finite=False)
        left = stable_cholesky(self._covariance(x_new, x_new) - v.T @ v, 1e-3 * self.scale)
        return self._expected(x_new) + k_new.T @ self.alpha + left @ rng.standard_normal(len(x_new))

    def extended(self, x: FloatArray, y: FloatArray) -> Self:
        """The same hyperparameters with more points and scores; the Cholesky factor grows by a few rows.

        Parameters
        ----------
        x : ndarray, shape (m, d)
        y : ndarray, shape (m,)

        References
        ----------
        Golub and Van Loan (2013), Matrix Computations, section 4.2.9 (block Cholesky).
        """
        if not len(y):
            return self
        n = len(self.y)
        below = solve_triangular(self.chol, self._covariance(self.x, x), lower=True, check_finite=False).T
        corner = stable_cholesky(self._covariance(x, x) - below @ below.T, self.noise, self.scale**2)
        chol = np.zeros((n + len(y), n + len(y)), order="F")
        chol[:n, :n], chol[n:, :n], chol[n:, n:] = self.chol, below, corner
        return replace(self, x=np.vstack([self.x, x]), y=np.r_[self.y, y], chol=chol)

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
        hill: float = 0.0,
        trend: FloatArray | None = None,
    ) -> Self:
        """A Gaussian process whose hyperparameters are the most plausible after seeing the scores (MAP).

        Log likelihood plus log prior is climbed by L-BFGS-B with exact gradients, from the prior mean and
        from shorter length scales; the higher summit counts. How high the hill is, is learned last (RW
        section 2.7); the doubt that is left about that does not count in the posterior.

        Parameters
        ----------
        x, y, categorical
            As for the class; `y` standardised.
        priors : Priors, optional
        length, noise : float, optional
            Length scale of all parameters, and standard deviation of one observation, where they are not to
            be learned.
        hill : float
            As for the class, before any score was seen; its height is learned and may be off by as much.
        trend : ndarray, shape (n, n), optional
            Covariance of what the scores hold besides this process and noise.
        """
        from scipy.optimize import minimize  # loads only when a model is fitted

        priors = priors or Priors()
        d = x.shape[1]
        gaps = gaps_between(x, x, categorical)[:, *pairs_of(len(x))]
        center, spread = priors.mean(d), priors.std(d)
        surprise = y - hill * hill_over(x, categorical)
        h = HILL_DOUBT * hill * hill_over(x, categorical)  # how much higher it may be
        trend = np.outer(h, h) if trend is None else trend + np.outer(h, h)

        def loss(theta: FloatArray) -> tuple[float, FloatArray]:
            value, slope = log_likelihood_and_slope(theta, gaps, surprise, trend)
            off = (theta - center) / spread
            return -(value - 0.5 * float(off @ off)), -(slope - off / spread)

        low, high = center - 4.0 * spread, center + 4.0 * spread
        if length is not None:
            low[:d] = high[:d] = math.log(length)
        if noise is not None:
            low[-1] = high[-1] = math.log(noise)
        starts = (center, center - np.r_[spread[:d], 0.0, 0.0])
        with one_thread():
            summits = [
                minimize(
                    loss,
                    np.clip(at, low, high),
                    jac=True,
                    method="L-BFGS-B",
                    bounds=list(zip(low, high, strict=True)),
                    options={"maxiter": 50, "ftol": 1e-6},
                )
                for at in starts
            ]
        theta = np.asarray(min(summits, key=lambda summit: float(summit.fun)).x).round(DIGITS)
        scale, noise = np.exp(theta[d:]).tolist()
        gp = cls(x, y, categorical, np.exp(theta[:d]), scale, noise, hill)
        k_inv_h, _ = dpotrs(gp.chol, h, lower=1)
        precision = 1.0 + float(h @ k_inv_h)
        more = round(float(k_inv_h @ surprise) / precision, DIGITS)  # RW eq. 2.41, in standard deviations
        spent = 0.5 * (more**2 + math.log(precision))  # log p(y) = log p(y | more) - spent
        return replace(gp, hill=hill * (1.0 + HILL_DOUBT * more), spent=spent)


@lru_cache(maxsize=2)
def pairs_of(n: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Rows and columns of all pairs among n points, the diagonal left out, shape (n (n - 1) / 2,) each."""
    return np.tril_indices(n, -1)


def diagonal_of(square: FloatArray) -> FloatArray:
    """The diagonal as a view that can be written to, shape (n,) for (n, n)."""
    view: FloatArray = np.einsum("ii->i", square)
    return view


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


@contextmanager
def one_thread() -> Iterator[None]:
    """Linear algebra on one thread: with matrices as small as ours, several mostly wait for each other.

    The limit is the whole program's, so searches in several threads of it take turns.
    """
    with _turn, _threads().limit(limits=1, user_api="blas"):
        yield


_turn = RLock()


def log_likelihood_and_slope(
    theta: FloatArray, gaps: FloatArray, y: FloatArray, trend: FloatArray | None = None
) -> tuple[float, FloatArray]:
    """Log marginal likelihood and its gradient by the log hyperparameters (RW eq. 2.30 and 5.9).

    Parameters
    ----------
    theta : ndarray, shape (d + 2,)
        Logarithms of the lengths, the scale and the noise.
    gaps : ndarray, shape (d, n (n - 1) / 2)
        `gaps_between` all pairs of points, in the order of `pairs_of`.
    y : ndarray, shape (n,)
    trend : ndarray, shape (n, n), optional
        Covariance that does not depend on theta.

    Returns
    -------
    value : float
    slope : ndarray, shape (d + 2,)
    """
    d, n = len(theta) - 2, len(y)
    pairs = pairs_of(n)
    lengths, scale2, noise2 = np.exp(theta[:d]), math.exp(2.0 * theta[d]), math.exp(2.0 * theta[d + 1])
    alike, slopes = correlation_and_slope(gaps, lengths)
    covariance = np.zeros((n, n)) if trend is None else trend.copy()
    covariance[pairs] += scale2 * alike  # the lower half is all that is read
    diagonal_of(covariance)[:] += scale2
    chol = stable_cholesky(covariance, math.sqrt(noise2))
    alpha, _ = dpotrs(chol, y, lower=1)
    value = -0.5 * y @ alpha - np.log(diagonal_of(chol)).sum() - 0.5 * n * math.log(2.0 * math.pi)
    inverse, _ = dpotri(chol, lower=1)
    w = alpha[pairs[0]] * alpha[pairs[1]] - inverse[pairs]  # RW eq. 5.9; each pair stands for two entries
    w_diagonal = float((alpha**2 - diagonal_of(inverse)).sum())
    by_length = -scale2 * ((slopes * gaps**2) @ w) / lengths**2
    by_scale = scale2 * (2.0 * float(w @ alike) + w_diagonal)
    slope: FloatArray = np.concatenate([by_length, [by_scale, noise2 * w_diagonal]])
    return float(value), slope


def stable_cholesky(covariance: FloatArray, noise: float, size: float | None = None) -> FloatArray:
    """Lower Cholesky factor of covariance plus noise, with the least jitter that lets it be found; shape
    (n, n).

    Jitter is relative to `size`, a typical variance; by default the first of the covariance.
    """
    if size is None:
        size = float(covariance[0, 0]) if len(covariance) else 1.0
    for jitter in (JITTER, 1e-6, 1e-4):
        noisy = covariance.copy()
        diagonal_of(noisy)[:] += noise**2 + jitter * size
        factor: FloatArray
        factor, failed = dpotrf(noisy, lower=1)
        if not failed:
            return factor
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
    if not len(y):
        raise ValueError("a Gaussian process needs at least one point, got none")
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError("x and y must be finite, got nan or inf; leave failed trials out")
    if not ((lengths > 0).all() and scale > 0 and noise >= 0):
        raise ValueError(
            f"lengths and scale must be above 0 and noise from 0, got {lengths}, {scale}, {noise}"
        )
