"""A landscape that a search believes in, and the way from standardised scores to those of the objective."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from pizzatune.checks import LARGEST
from pizzatune.gp import FloatArray, GaussianProcess, one_thread

MOST = 1e100  # standardised scores that xi or noise are worth at most: their squares stay finite


class Landscape(Protocol):
    """What the search needs of a model: guesses with doubts, and which way is up. A `GaussianProcess` is
    one."""

    def posterior(self, x_new: FloatArray) -> tuple[FloatArray, FloatArray]: ...
    def posterior_slope(self, point: FloatArray) -> tuple[float, float, FloatArray, FloatArray]: ...
    def draw(self, x_new: FloatArray, rng: np.random.Generator) -> FloatArray: ...


@dataclass(frozen=True)
class Belief:
    """A landscape in standardised scores, the way back to the objective's unit, and the incumbent."""

    landscape: Landscape
    middle: float  # of the scores, in `unit`
    spread: float
    incumbent: float  # standardised: the highest mean among the combinations tried
    evidence: float  # log probability of the scores seen, in `unit`
    unit: float = 1.0  # another one where scores are huge or tiny (`unit_of`), lest their sums overflow

    def predict(self, features: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Mean and std in the objective's unit at rows of codes as the model sees them, shape (m,) each."""
        with one_thread():
            mean, std = self.landscape.posterior(features)
        return self.in_scores(self.middle + self.spread * mean), self.in_scores(self.spread * std)

    def best(self) -> float:
        """The incumbent in `unit`."""
        return self.middle + self.spread * self.incumbent

    def in_scores(self, values: FloatArray) -> FloatArray:
        """Values in `unit` as scores of the objective, same shape; the largest where a float ends."""
        return np.clip(values, -LARGEST / self.unit, LARGEST / self.unit) * self.unit

    def standardised(self, points: float) -> float:
        """A difference of so many points in standardised scores."""
        return min(points / self.unit / self.spread, MOST)


def standard(scores: FloatArray) -> tuple[float, float]:
    """Middle and spread of scores; a spread of 1 where they are all alike."""
    middle, spread = float(scores.mean()), float(scores.std())
    return middle, spread if spread > 1e-12 * float(np.abs(scores).max()) else 1.0


def evidence(gp: GaussianProcess, spread: float) -> float:
    """Log probability of the scores behind a model of standardised scores, in the objective's unit."""
    return gp.log_likelihood() - len(gp.y) * math.log(spread)
