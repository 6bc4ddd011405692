"""Moody ovens: taste goes up and down along one dial; what is believed of it, and how often that holds.

An oven is a draw from a Gaussian process, all with one length and one amplitude. So the right beliefs are
known, and with them a band must hold as many truths as it promises.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

from pizzatune.gp import GaussianProcess, correlation, gaps_between, one_thread, stable_cholesky
from pizzatune.parameters import FloatArray
from pizzatune.pictures.doubt import Kept

COLD, HOT, CLICK = 150.0, 300.0, 5.0  # °C
HEATS = np.linspace(COLD, HOT, 121)
CLICKS = HEATS[::4]
USUAL = 5.0  # points: what is expected where nothing was baked
TRUE_LENGTH, TRUE_AMPLITUDE = 30.0, 1.5  # °C and points
MOST = 10  # bakes
OTHERS = range(101, 301)  # the ovens in which truths are counted; those on the dial have other numbers
STREAM, LUCK = 1989, 1990  # keep the mood of an oven apart from that of its taster
DIAL = np.array([False])  # it is no category


class Beliefs(NamedTuple):
    """What is believed before anything is baked: °C, points and points, as for `GaussianProcess`."""

    length: float = TRUE_LENGTH
    noise: float = 0.0
    amplitude: float = TRUE_AMPLITUDE


# -- the ovens -----------------------------------------------------------------------------------------------


@cache
def _root() -> FloatArray:
    """A square root of the covariance of tastes all along the dial."""
    x = _codes(HEATS)
    alike = correlation(gaps_between(x, x, DIAL), np.array([TRUE_LENGTH / (HOT - COLD)]))
    return TRUE_AMPLITUDE * stable_cholesky(alike, 0.0)


@lru_cache(maxsize=4)
def truths(seeds: range) -> FloatArray:
    """The taste of ovens at `HEATS`, shape (ovens, 121), in points.

    Examples
    --------
    >>> truths(range(1, 3)).round(1)[:, ::40]
    array([[5.3, 6.4, 8.4, 7.2],
           [6.6, 3. , 4.3, 5.1]])
    """
    with one_thread():
        return np.array(
            [USUAL + _root() @ np.random.default_rng([seed, STREAM]).standard_normal(121) for seed in seeds]
        )


@lru_cache(maxsize=4)
def luck(seeds: range) -> FloatArray:
    """By how many standard deviations a taster is off at each bake of an oven, shape (ovens, `MOST`)."""
    return np.array([np.random.default_rng([seed, LUCK]).standard_normal(MOST) for seed in seeds])


def tasted(heats: Sequence[float], waver: float, seeds: range) -> FloatArray:
    """What a taster who is off by some `waver` points says of these bakes, shape (ovens, bakes)."""
    scores: FloatArray = truths(seeds)[:, _places(heats)] + waver * luck(seeds)[:, : len(heats)]
    return scores


def _codes(heats: Sequence[float] | FloatArray) -> FloatArray:
    """Heats as the model sees them, shape (n, 1)."""
    return ((np.asarray(heats, dtype=float) - COLD) / (HOT - COLD))[:, None]


def _places(heats: Sequence[float]) -> list[int]:
    """Which of `HEATS` these are."""
    return [round((heat - COLD) / (HEATS[1] - HEATS[0])) for heat in heats]


# -- what is believed ----------------------------------------------------------------------------------------


def model_of(
    heats: Sequence[float], scores: Sequence[float] | FloatArray, beliefs: Beliefs
) -> GaussianProcess:
    """The Gaussian process that has seen these bakes; its scores are above or below the usual taste."""
    length, noise, amplitude = beliefs
    surprise = np.asarray(scores, dtype=float) - USUAL
    return GaussianProcess(_codes(heats), surprise, DIAL, np.array([length / (HOT - COLD)]), amplitude, noise)


def believed(
    heats: Sequence[float], scores: Sequence[float] | FloatArray, beliefs: Beliefs
) -> tuple[FloatArray, FloatArray]:
    """Guess and doubt at `HEATS` after these bakes, in points; with none, what was believed before.

    Examples
    --------
    >>> mean, std = believed([225.0], [8.0], Beliefs(length=50.0))
    >>> mean[::60].round(1), std[::60].round(1)
    (array([5.8, 8. , 5.8]), array([1.4, 0. , 1.4]))
    """
    if not len(heats):
        return np.full(len(HEATS), USUAL), np.full(len(HEATS), beliefs.amplitude)
    with one_thread():
        mean, std = model_of(heats, scores, beliefs).posterior(_codes(HEATS))
    return USUAL + mean, std


def chosen_by_data(heats: Sequence[float], scores: Sequence[float] | FloatArray) -> Beliefs:
    """The beliefs that make these scores most plausible; the priors of `GaussianProcess.fit` count, too."""
    surprise = (np.asarray(scores, dtype=float) - USUAL) / TRUE_AMPLITUDE
    fit = GaussianProcess.fit(_codes(heats), surprise, DIAL)
    length = float(fit.lengths[0]) * (HOT - COLD)
    return Beliefs(length, TRUE_AMPLITUDE * fit.noise, TRUE_AMPLITUDE * fit.scale)


@lru_cache(maxsize=64)
def kept(heats: tuple[float, ...], beliefs: Beliefs, waver: float = 0.0, seeds: range = OTHERS) -> Kept:
    """Count over ovens how often the truth lies within 1 and within 2 std, at clicks where nothing is baked.

    Parameters
    ----------
    heats : tuple of float
        Where each oven bakes, in °C.
    beliefs : Beliefs
        The same for all.
    waver : float
        By how many points a taster is off.
    seeds : range
        The ovens.

    Examples
    --------
    >>> bakes = (180.0, 225.0, 270.0)
    >>> [kept(bakes, Beliefs(length)).mean.round().tolist() for length in (10, 30, 90)]
    [[81.0, 98.0], [69.0, 96.0], [15.0, 30.0]]
    """
    places, scores = _places(heats), tasted(heats, waver, seeds)
    free = np.setdiff1d(np.arange(0, len(HEATS), 4), places)
    guesses: FloatArray | float = USUAL
    std: FloatArray | float = beliefs.amplitude
    if places:  # weights and doubt are the same in all ovens: only scores differ
        with one_thread():
            model = model_of(heats, scores[0], beliefs)
            guesses = USUAL + (scores - USUAL) @ model.weights(_codes(HEATS[free])).T
            _, std = model.posterior(_codes(HEATS[free]))
    off = np.abs(truths(seeds)[:, free] - guesses) / std
    return Kept(beliefs.length, np.array([100.0 * (off <= far).mean(axis=1) for far in (1, 2)]))
