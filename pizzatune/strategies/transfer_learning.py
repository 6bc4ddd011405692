"""Transfer learning: start the search in a new place from what was learned in an old one, as long as it
holds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_solve

from pizzatune.belief import Belief, evidence, standard
from pizzatune.checks import real_number, shown
from pizzatune.gp import FloatArray, GaussianProcess, Priors
from pizzatune.parameters import Choice, Integer, Ordered, Parameter, Real
from pizzatune.space import Params, Space
from pizzatune.strategies.base import Suggestion
from pizzatune.strategies.bayesian_optimization import BayesianOptimization, refit_at
from pizzatune.trial import Trial, unit_of

WEIGHT = 1.0  # prior mean of a source's weight (several share it): the new scores follow the old ones
DOUBT = 1.0  # its prior standard deviation: or they do not
DEVIATION = Priors(
    scale=(-0.7, 1.0)
)  # what the new place does on its own is expected to be half as large as the old
LEAST = 0.2  # of a source's spread: what it expects of the new trials is taken to differ by so much at least
OPENING = 1  # trials elsewhere after the best of each source: they tell whether a source can be trusted


@dataclass(frozen=True)
class Source:
    """What an earlier search taught: a landscape in its own standardised scores, over the parameters it
    shares with us."""

    gp: GaussianProcess
    columns: NDArray[np.intp]  # which of our columns it knows
    best: Params  # its best combination, as near as our space allows

    def mean(self, x: FloatArray) -> FloatArray:
        """What it would guess at points of the new space, shape (m,)."""
        return self.gp.posterior(x[:, self.columns])[0]


@dataclass(frozen=True)
class Borrowed:
    """A landscape that is the sources' landscapes, each with a weight, plus what the new place does on its
    own.

    ``y = base + sum_k weights[k] source_k(x) + own(x)``, all standardised; a `Landscape` for the search.
    The sources' own doubts are left out: new trials could not lessen them, and a search would go on asking
    where they are large.
    """

    own: GaussianProcess
    base: float
    sources: Sequence[Source]
    weights: FloatArray

    def posterior(self, x_new: FloatArray) -> tuple[FloatArray, FloatArray]:
        mean, std = self.own.posterior(x_new)
        return mean + self._trend(x_new), std

    def posterior_slope(self, point: FloatArray) -> tuple[float, float, FloatArray, FloatArray]:
        mean, std, mean_slope, std_slope = self.own.posterior_slope(point)
        mean, mean_slope = mean + self.base, mean_slope.copy()
        for weight, source in zip(self.weights, self.sources, strict=True):
            its_mean, _, its_slope, _ = source.gp.posterior_slope(point[source.columns])
            mean += weight * its_mean
            mean_slope[source.columns] += weight * its_slope
        return mean, std, mean_slope, std_slope

    def draw(self, x_new: FloatArray, rng: np.random.Generator) -> FloatArray:
        return self.own.draw(x_new, rng) + self._trend(x_new)

    def _trend(self, x_new: FloatArray) -> FloatArray:
        """What base and sources say, shape (m,)."""
        trend = np.full(len(x_new), self.base)
        for weight, source in zip(self.weights, self.sources, strict=True):
            trend += weight * source.mean(x_new)
        return trend


class TransferLearning(BayesianOptimization):
    """Bayesian optimization that starts from what an earlier search found, and believes it as far as new
    trials agree.

    The first trial is the best of the source, the next the middle of the space, to see whether the source
    can be trusted. From then on the model of the new scores is the source's landscape times a weight plus a
    Gaussian process for all that is different here. The weight is learned with everything else: it shrinks
    where new scores do not follow the old ones, and where the scores are explained better without the
    source, the source is set aside and the search goes on as plain Bayesian optimization (and comes back to
    the source if that changes).

    Parameters
    ----------
    space : Space
        The new space. It may have other ranges, options and parameters than the source's; they must share
        one at least.
    source : Result, Strategy, list of Trial, or a list of these
        What was tried before. Its scores may be on another scale.
    trust : float, optional
        Fixes the weight of the source, from 0 (none: plain Bayesian optimization) to 1 (the new scores are
        expected to follow the old ones, whatever the trials say). By default it is learned, which is what
        protects from a misleading source.
    seed, repeats, **settings
        As in `BayesianOptimization`, without `start`.

    Attributes
    ----------
    trust : float
        How far it trusts its sources now, from 0 (set aside) to 1 (the new scores are the old ones on some
        scale): the correlation between the old landscape and the new one that the model believes in.
    borrowed : int
        How many trials of earlier searches it was given, failed ones too: each was paid for.

    Raises
    ------
    TypeError, ValueError
        If a source has no trial with a score, or shares no parameter with the space.

    References
    ----------
    Rasmussen and Williams (2006), section 2.7: a Gaussian process with a trend whose weights are learned.
    Feurer, Letham, Hutter and Bakshy (2018), Practical Transfer Learning for Bayesian Optimization, for the
    idea of weighing sources by how they explain the new trials.

    Examples
    --------
    >>> old = [Trial(i, {"oven": t}, -abs(t - 320.0)) for i, t in enumerate((200.0, 260.0, 320.0, 400.0))]
    >>> strategy = TransferLearning(Space(Real("oven", 180, 360)), source=old, seed=0)
    >>> strategy.ask(), strategy.why
    ({'oven': 320.0}, 'the best of the source')
    """

    def __init__(
        self,
        space: Space,
        *,
        source: Any,
        trust: float | None = None,
        seed: int | None = None,
        repeats: bool = False,
        **settings: Any,
    ) -> None:
        if "start" in settings:
            raise TypeError(
                "start is no setting of TransferLearning: its first trials come from the source; leave it out"
            )
        if trust is not None:
            trust = real_number("trust", trust, 0.0, 1.0, hint="leave it out to have it learned")
        trial_lists = _trial_lists(source)
        start = 1 if trust == 0.0 else len(trial_lists) + OPENING
        super().__init__(space, start=start, seed=seed, repeats=repeats, **settings)
        self.source = tuple(tuple(trials) for trials in trial_lists)
        self.sources = tuple(self._learn(trials) for trials in trial_lists)
        self.borrowed = sum(map(len, trial_lists))
        self.fixed_trust = trust
        self._trust = 0.0  # cache: belongs to the belief

    def reseed(self, seed: int) -> None:
        super().reseed(seed)
        self.sources = tuple(self._learn(trials) for trials in self.source)  # fills gaps by chance

    @property
    def trust(self) -> float:
        """How far it trusts its sources now, from 0 to 1; see the class."""
        if self.fixed_trust is not None:
            return self.fixed_trust
        if self.best is None:
            return _trust_in(np.array([WEIGHT]), math.exp(DEVIATION.scale[0]))
        self.belief()
        return self._trust

    # -- the opening ----------------------------------------------------------------

    def _opening(self, number: int, rng: np.random.Generator) -> Suggestion:
        if self.fixed_trust == 0.0:
            return super()._opening(number, rng)
        if number < len(self.sources) and not self._visited(self.sources[number].best):
            which = "the source" if len(self.sources) == 1 else f"source {number + 1}"
            return Suggestion(dict(self.sources[number].best), f"the best of {which}", {"trust": self.trust})
        why = "the middle of the space, to see whether the source can be trusted"
        params = self._spread(max(0, number - len(self.sources)), OPENING, rng)
        return Suggestion(params, why, {"trust": self.trust})

    def _explained(self, params: Params) -> Suggestion:
        told = super()._explained(params)
        heard = f"trust in the source {self.trust:.2f}" if self.trust else "the source is set aside"
        return Suggestion(told.params, f"{told.why}; {heard}", {**told.origin, "trust": self.trust})

    # -- the model ------------------------------------------------------------------

    def _believe(self) -> Belief:
        """The better explanation of the scores: with the sources or without them."""
        x, scores, unit = self._seen()
        scratch = super()._believe()
        if self.fixed_trust == 0.0:
            return scratch
        # If the new scores followed the old ones, the new trials would show this share of all there is.
        heard = np.mean([source.mean(x[: refit_at(len(x))]) for source in self.sources], axis=0)
        spread = scratch.spread / float(np.clip(heard.std(), LEAST, 1.0))
        borrowed, trust = self._borrow(x, scores, spread, unit)
        learned = self.fixed_trust is None
        if learned and len(scores) > 1 and borrowed.evidence < scratch.evidence:
            self._trust = 0.0
            return scratch
        self._trust = trust
        return borrowed

    def _borrow(self, x: FloatArray, scores: FloatArray, spread: float, unit: float) -> tuple[Belief, float]:
        """The belief with sources, and the trust in them; scores are in `unit`, and standardised ones in
        `spread` of these."""
        first, k = refit_at(len(scores)), len(self.sources)
        middle = float(scores[:first].mean())
        y = (scores - middle) / spread
        h = np.column_stack([np.ones(len(y)), *(source.mean(x) for source in self.sources)])
        weight, doubt = (WEIGHT, DOUBT) if self.fixed_trust is None else (self.fixed_trust, 1e-6)
        prior, variance = np.r_[0.0, np.full(k, weight / k)], np.r_[1.0, np.full(k, doubt**2)]
        trend = (h[:first] * variance) @ h[:first].T  # covariance of the weighted sources
        left = y - h @ prior
        own = self._fit("sources", x[:first], left[:first], spread * unit, priors=DEVIATION, trend=trend)
        own = own.extended(x[first:], left[first:])
        beta, beta_covariance = _weights(own, h, y, prior, variance)
        own = replace(own, y=y - h @ beta)
        landscape = Borrowed(self._with_pending(own), float(beta[0]), self.sources, beta[1:])
        off = (beta - prior)[1:]
        # log p(y) = log p(y | beta) + log p(beta) - log p(beta | y), each at the weights found; the base is
        # left out, as the search from scratch has one for nothing, too
        spent = 0.5 * np.linalg.slogdet(beta_covariance[1:, 1:] / variance[1:])[1]
        log_evidence = evidence(own, spread) - 0.5 * float(off @ (off / variance[1:])) + float(spent)
        incumbent = float(landscape.posterior(x)[0].max())
        belief = Belief(landscape, middle, spread, incumbent, log_evidence, unit)
        return belief, _trust_in(beta[1:], own.scale)

    # -- what a source teaches ------------------------------------------------------

    def _learn(self, trials: Sequence[Trial]) -> Source:
        """Model the scores of earlier trials over the parameters they share with our space."""
        rows, scores = [], []
        for trial in trials:
            row = [
                _code(p, trial.params[p.name]) if p.name in trial.params else math.nan
                for p in self.space.parameters
            ]
            if trial.score is not None and not all(np.isnan(row)):
                rows.append(row)
                scores.append(trial.score)
        scored = [trial for trial in trials if trial.ok]
        if not scored:
            raise ValueError(
                f"a source has no trial with a score, got {len(trials)} trials; pass a search that had one, "
                "or start from scratch with BayesianOptimization"
            )
        if not rows:
            names = list(dict.fromkeys(name for trial in scored for name in trial.params))
            raise ValueError(
                f"a source, with {names}, shares no parameter with {list(self.space.names)}; "
                "rename its parameters, or start from scratch with BayesianOptimization"
            )
        columns = np.flatnonzero(~np.isnan(rows).all(axis=0))
        y = np.array(scores) / unit_of(scores)
        middle, spread = standard(y)
        x = self._features(np.array(rows))[:, columns]
        y = (y - middle) / spread
        gp = GaussianProcess.fit(x, y, self._categorical[columns], hill=self.hill)
        favourite = rows[int(gp.posterior(x)[0].round(9).argmax())]
        return Source(gp, columns, self._nearest(np.array(favourite)))

    def _nearest(self, row: FloatArray) -> Params:
        """The params of our space nearest to one row of a source's codes; what the source does not know is
        drawn."""
        rng = np.random.default_rng([self.seed, self.start, 1])
        drawn = self.space.encode([self.space.draw(rng) for _ in range(100)])
        unknown = np.isnan(row) | (self._categorical & (row < 0))
        wish = np.where(unknown, drawn, np.clip(row, 0.0, np.where(self._categorical, np.inf, 1.0)))
        allowed = [settled for settled in self.space.settle(wish) if self.space.allowed(settled[None])[0]]
        return self.space.decode(allowed[0] if allowed else drawn[0])

    def _forget(self) -> None:
        super()._forget()
        self._trust = 0.0


def _weights(
    gp: GaussianProcess, h: FloatArray, y: FloatArray, prior: FloatArray, variance: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """The most plausible weights of base and sources (RW eq. 2.41), and their covariance; a source is never
    believed backwards."""
    k_inv_h = cho_solve((gp.chol, True), h)
    precision = h.T @ k_inv_h + np.diag(1.0 / variance)
    covariance: FloatArray = np.asarray(np.linalg.inv(precision), dtype=float)
    beta: FloatArray = covariance @ (k_inv_h.T @ y + prior / variance)
    beta[1:] = np.maximum(beta[1:], 0.0)
    beta[0] = k_inv_h[:, 0] @ (y - h[:, 1:] @ beta[1:]) / k_inv_h[:, 0].sum()
    return beta, covariance


def _trust_in(weights: FloatArray, own_scale: float) -> float:
    """Correlation of the weighted sources, of unit variance each, with their sum with a landscape of its
    own."""
    total = float(weights.sum())
    return total / math.hypot(total, own_scale)


def _code(parameter: Parameter, value: Any) -> float:
    """An old value on the new parameter's scale, perhaps outside 0..1; nan if it has no place there."""
    if isinstance(parameter, Choice):
        try:
            return parameter.encode(value)
        except ValueError:
            return (
                math.nan if isinstance(parameter, Ordered) else -2.0
            )  # an option that the new space does not have
    assert isinstance(parameter, Real | Integer)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return math.nan
    if parameter.log:
        return (
            math.log(value / parameter.low) / math.log(parameter.high / parameter.low)
            if value > 0
            else math.nan
        )
    return float((value - parameter.low) / (parameter.high - parameter.low))


def _trial_lists(source: Any) -> list[Sequence[Trial]]:
    """One list of trials for each source."""
    trials = getattr(source, "trials", source)
    if not isinstance(trials, Iterable) or isinstance(trials, str):
        raise TypeError(
            f"source must be a Result, a list of trials, or a list of these, got {shown(source)}; "
            "pass what pt.tune gave back"
        )
    trials = list(trials)
    if all(isinstance(trial, Trial) for trial in trials):
        return [trials]
    return [single for one in trials for single in _trial_lists(one)]
