"""Bayesian optimization: keep a map of guesses with their doubts, and try where the most is to be hoped."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from pizzatune import acquisition as acq
from pizzatune.belief import MOST, Belief, evidence, standard
from pizzatune.checks import LARGEST, one_of, real_number, whole_number
from pizzatune.gp import BoolArray, FloatArray, GaussianProcess, one_thread
from pizzatune.parameters import Choice, Ordered
from pizzatune.space import Params, Space
from pizzatune.strategies.base import Strategy, Suggestion
from pizzatune.trial import Trial, scores_of, unit_of

ACQUISITIONS = ("log_ei", "ei", "pi", "ucb", "thompson")
CANDIDATES = 512  # random points at which the acquisition function is looked at before the best are improved
ALL_OF_THEM = 2_000  # a finite space up to this size is looked at completely
CLIMBERS = 4  # how many of the best candidates are improved
WIDE_DIAL = 24  # a stepped dial with more values than this is moved by clicks, not to any other value
EACH_TRIAL = 20  # up to so many trials the model's hyperparameters are learned anew after each
ENOUGH = 300  # and after so many no more
FINEST = (
    4  # decimals of a suggested code: finer turns of a dial would only carry rounding errors between machines
)
LEAST_DOUBT = 1e-9  # of a huge or tiny score, in spreads, where its own would be rounded to 0
LOG_LARGEST = math.log(LARGEST)
EQUAL = 9  # decimals to which two acquisitions are compared; equal ones go by order


class BayesianOptimization(Strategy):
    """Model the scores by a Gaussian process and try where the expected improvement is largest.

    The first trial is the middle of the space. From then on a Gaussian process (Matérn 5/2, a length scale
    for each parameter) is fitted to all scores, and the next trial is the point of largest acquisition: found
    among random candidates and neighbours of the best trials, then improved by exact moves on the discrete
    parameters and gradient steps on the smooth ones, in turns. Suggestions still pending count as if they had
    scored what the model expects. A failed trial counts as the worst score seen.

    Parameters
    ----------
    space, seed, repeats
        As in `Strategy`.
    acquisition : {"log_ei", "ei", "pi", "ucb", "thompson"}
        Expected improvement by its logarithm (the default) or plain, probability of improvement, upper
        confidence bound, or the summit of one random landscape out of all that the model holds possible
        (Thompson, 1933).
    kappa : float
        For "ucb": how many standard deviations of doubt count as hope, from 0. More explores more.
    xi : float
        For "log_ei", "ei" and "pi": improvements below this many points, in score units, do not count; from
        0.
    start : int
        How many trials are spread over the space before the model takes over, at least 1. One is enough: the
        model knows how little it knows.
    length : float, optional
        One length scale for all parameters, as a share of their range, above 0; by default each is learned.
    noise : float, optional
        Standard deviation of one score about the true one, in score units, above 0; by default it is learned.
    hill : float
        How much higher the model expects the middle of the dials to be than their ends before it has seen
        anything: the standard deviation of that hill in those of the scores, from 0 (all alike). Who sets
        the ends of a dial sets them about the place where the best is thought to be; where scores say
        otherwise, the model believes them.

    Raises
    ------
    TypeError, ValueError
        If a setting lies outside.

    References
    ----------
    Jones, Schonlau and Welch (1998), Efficient Global Optimization of Expensive Black-Box Functions.
    Snoek, Larochelle and Adams (2012), Practical Bayesian Optimization of Machine Learning Algorithms.

    Examples
    --------
    >>> from pizzatune.parameters import Real
    >>> strategy = BayesianOptimization(Space(Real("oven", 200, 400)), seed=0)
    >>> for _ in range(8):
    ...     params = strategy.ask()
    ...     trial = strategy.tell(params, -abs(params["oven"] - 320))
    >>> strategy.best.score > -5
    True
    """

    def __init__(
        self,
        space: Space,
        *,
        acquisition: str = "log_ei",
        kappa: float = 2.0,
        xi: float = 0.0,
        start: int = 1,
        length: float | None = None,
        noise: float | None = None,
        hill: float = 0.5,
        seed: int | None = None,
        repeats: bool = False,
    ) -> None:
        super().__init__(space, seed=seed, repeats=repeats)
        self.acquisition_kind: str = one_of("acquisition", acquisition, ACQUISITIONS)
        self.kappa: float = real_number("kappa", kappa, 0.0)
        self.xi: float = real_number("xi", xi, 0.0)
        self.start: int = whole_number("start", start, 1)
        self.length: float | None = None if length is None else real_number("length", length, 0.0, above=True)
        self.noise: float | None = None if noise is None else real_number("noise", noise, 0.0, above=True)
        self.hill: float = real_number("hill", hill, 0.0)
        self._categorical: BoolArray = np.array(
            [isinstance(p, Choice) and not isinstance(p, Ordered) for p in space.parameters]
        )
        self._smooth: BoolArray = np.array([p.codes is None for p in space.parameters])
        self._known: tuple[object, Belief] | None = None  # cache: trials and pending, and the belief then
        self._fitted: dict[str, GaussianProcess] = {}  # cache: each model when it was last fitted

    # -- what it would try next -----------------------------------------------------

    def suggest(self, rng: np.random.Generator) -> Suggestion:
        number = self.next_ask
        if number < self.start:
            return self._opening(number, rng)
        if self.best is None:
            why = "drawn at random: there is no score yet to learn from"
            return Suggestion(self._spread(number, self.start, rng), why)
        with one_thread():
            for row in self._most_hopeful(self.belief(), rng):
                params = self.space.decode(row)
                if not self._visited(params):
                    return self._explained(params)
        drawn = self._fresh(lambda: self.space.draw(rng), rng)
        return Suggestion(drawn, "drawn at random: no candidate was left that is allowed and new")

    def belief(self) -> Belief:
        """What the model holds after all trials and pending suggestions (at least one trial must have a
        score)."""
        state = (len(self.trials), tuple(self.space.key(suggestion.params) for suggestion in self.pending))
        if self._known is None or self._known[0] != state:
            with one_thread():
                self._known = state, self._believe()
        return self._known[1]

    @overload
    def posterior(self, params: Mapping[str, Any]) -> tuple[float, float]: ...
    @overload
    def posterior(self, params: Sequence[Mapping[str, Any]]) -> tuple[FloatArray, FloatArray]: ...
    def posterior(self, params: Any) -> Any:
        """What the strategy believes: mean and standard deviation of the true score, noise left out.

        Parameters
        ----------
        params : dict or list of dict
            One combination or several (m).

        Returns
        -------
        mean, std : float, or ndarray of shape (m,)
            In score units.

        Raises
        ------
        ValueError
            If no trial has a score yet.
        """
        belief = self._need_belief()
        rows = self._features(self.space.encode([self.space.plain(p) for p in _several(params)]))
        mean, std = belief.predict(rows)
        return (float(mean[0]), float(std[0])) if isinstance(params, Mapping) else (mean, std)

    @overload
    def acquisition(self, params: Mapping[str, Any]) -> float: ...
    @overload
    def acquisition(self, params: Sequence[Mapping[str, Any]]) -> FloatArray: ...
    def acquisition(self, params: Any) -> Any:
        """How much the strategy hopes to gain by trying `params`; the next suggestion is where this is
        largest.

        In score units for "ei" and "ucb", their natural logarithm for "log_ei", a probability for "pi". For
        "thompson", which has no such function, the expected improvement. Arguments and errors as for
        `posterior`.
        """
        values = self.acquisition_of(*self.posterior(_several(params)))
        return float(values[0]) if isinstance(params, Mapping) else values

    def acquisition_of(self, mean: FloatArray, std: FloatArray) -> FloatArray:
        """`acquisition` where the model predicts this mean and std, in score units; shape (m,) each."""
        belief = self._need_belief()
        best, unit, xi = belief.best(), belief.unit, min(self.xi / belief.unit, MOST)
        if unit != 1.0:
            mean, std = mean / unit, np.maximum(std / unit, LEAST_DOUBT * belief.spread)
        match self.acquisition_kind:
            case "log_ei":
                return acq.log_expected_improvement(mean, std, best, xi) + math.log(unit)
            case "pi":
                return acq.probability_of_improvement(mean, std, best, xi)
            case "ucb":
                return belief.in_scores(acq.upper_confidence_bound(mean, std, self.kappa))
            case _:
                return belief.in_scores(acq.expected_improvement(mean, std, best, xi))

    def recommend(self) -> Trial | None:
        """The trial with the highest predicted mean: where scores are noisy, the luckiest is not the best."""
        scored = [trial for trial in self.trials if trial.ok]
        if not scored:
            return None
        rows = self._features(self.space.encode([trial.params for trial in scored]))
        belief = self.belief()
        with one_thread():
            mean, _ = belief.landscape.posterior(rows)
        return scored[int(mean.round(EQUAL).argmax())]

    # -- the model ------------------------------------------------------------------

    def _believe(self) -> Belief:
        x, scores, unit = self._seen()
        first = refit_at(len(scores))
        middle, spread = standard(scores[:first])
        y = (scores - middle) / spread
        gp = self._fit("scratch", x[:first], y[:first], spread * unit, hill=self.hill)
        gp = gp.extended(x[first:], y[first:])
        incumbent = float(gp.posterior(x)[0].max())
        return Belief(self._with_pending(gp), middle, spread, incumbent, evidence(gp, spread), unit)

    def _fit(self, name: str, x: FloatArray, y: FloatArray, spread: float, **how: Any) -> GaussianProcess:
        """A Gaussian process fitted to standardised scores, one unit of which is `spread` in the objective's
        unit; kept under its name until there are other scores to fit."""
        known = self._fitted.get(name)
        if known is None or not np.array_equal(known.y, y):  # a new worst score counts for failed trials, too
            noise = None
            if self.noise is not None:
                noise = MOST if self.noise >= MOST * spread else max(self.noise / spread, 1.0 / MOST)
            known = GaussianProcess.fit(x, y, self._categorical, length=self.length, noise=noise, **how)
            self._fitted[name] = known
        return known

    def _seen(self) -> tuple[FloatArray, FloatArray, float]:
        """Features and scores of all trials, shapes (n, width) and (n,), and the unit these scores are in; a
        failure counts as the worst score."""
        scores = scores_of(self.trials)
        scores = np.where(np.isnan(scores), np.nanmin(scores), scores)
        unit = unit_of(scores)
        features = self._features(self.space.encode([trial.params for trial in self.trials]))
        return features, scores / unit, unit

    def _with_pending(self, gp: GaussianProcess) -> GaussianProcess:
        """The model as if pending suggestions had scored what it expects (the Kriging believer; Ginsbourger
        and others, 2010)."""
        if not self.pending:
            return gp
        x = self._features(self.space.encode([suggestion.params for suggestion in self.pending]))
        return gp.extended(x, gp.posterior(x)[0])

    def _features(self, rows: FloatArray) -> FloatArray:
        """Codes as the model sees them: a parameter that does not apply is a category of its own, or a dial
        in the middle."""
        return np.where(np.isnan(rows), np.where(self._categorical, -1.0, 0.5), rows)

    def _need_belief(self) -> Belief:
        if self.best is None:
            raise ValueError(
                "there is no model before the first score; tell at least one trial that succeeded"
            )
        return self.belief()

    # -- the opening ----------------------------------------------------------------

    def _opening(self, number: int, rng: np.random.Generator) -> Suggestion:
        """One of the few trials before the model takes over."""
        how = "the middle of the space" if number == 0 else "spread over the space"
        why = f"opening {number + 1} of {self.start}: {how}, before the model takes over"
        return Suggestion(self._spread(number, self.start, rng), why)

    # -- the search for the largest acquisition -------------------------------------

    def _most_hopeful(self, belief: Belief, rng: np.random.Generator) -> FloatArray:
        """Rows of codes in order of their acquisition, the largest first; shape (m, width)."""
        rows = self._candidates(rng)
        if not len(rows):
            return rows
        if self.acquisition_kind == "thompson":
            return rows[_largest_first(belief.landscape.draw(self._features(rows), rng))]
        rows = rows[_largest_first(self._acquire(belief, rows))]
        if len(rows) < self.space.size:
            climbed = np.array([self._climb(belief, row) for row in rows[:CLIMBERS]])
            rows = np.vstack([climbed[_largest_first(self._acquire(belief, climbed))], rows])
        return rows

    def _candidates(self, rng: np.random.Generator) -> FloatArray:
        """All of a small space; of a large one random points and neighbours of the best trials. Shape (m,
        width)."""
        if self.space.size <= ALL_OF_THEM:
            return self._everything
        best = sorted((trial for trial in self.trials if trial.ok), key=lambda trial: -(trial.score or 0.0))
        rows = np.vstack([self.space.sample_codes(rng, CANDIDATES), self._around(best[:3], rng)])
        return rows[self.space.allowed(rows)]

    @cached_property
    def _everything(self) -> FloatArray:
        """The codes of all combinations of a finite space, shape (m, width)."""
        return self.space.encode(list(self.space.enumerate()))

    def _around(self, trials: Sequence[Trial], rng: np.random.Generator) -> FloatArray:
        """Rows of codes near those of some trials, a few parameters changed a little or a lot; shape (m,
        width)."""
        rows = np.repeat(self.space.encode([trial.params for trial in trials]), 32, axis=0)
        reach = np.resize([0.02, 0.05, 0.1, 0.2], len(rows))
        moved = np.clip(rows + reach[:, None] * rng.standard_normal(rows.shape), 0.0, 1.0)
        moved = np.where(self._categorical, self.space.sample_codes(rng, len(rows)), moved)
        changed = rng.random(rows.shape) < max(0.3, 1 / len(self.space))
        return self.space.settle(np.where(changed, moved, rows))

    def _acquire(self, belief: Belief, rows: FloatArray) -> FloatArray:
        """The acquisition in standardised scores, by its logarithm where it has one; shape (m,)."""
        mean, std = belief.landscape.posterior(self._features(rows))
        if self.acquisition_kind == "ucb":
            return acq.upper_confidence_bound(mean, std, self.kappa)
        log = (
            acq.log_probability_of_improvement
            if self.acquisition_kind == "pi"
            else acq.log_expected_improvement
        )
        return log(mean, std, belief.incumbent, belief.standardised(self.xi))

    def _climb(self, belief: Belief, row: FloatArray) -> FloatArray:
        """Walk uphill from one candidate: discrete moves and smooth ones in turns, until one leads
        nowhere."""
        height = float(self._acquire(belief, row[None])[0])
        for turn in range(8):
            neighbours = self._smooth_move(belief, row) if turn % 2 else self._discrete_moves(row)
            heights = (
                self._acquire(belief, neighbours).round(EQUAL) if len(neighbours) else np.array([-np.inf])
            )
            if heights.max() > height + 1e-6:
                row, height = neighbours[heights.argmax()], float(heights.max())
            elif turn:  # the other kind found nothing better from here either
                break
        return row

    def _discrete_moves(self, row: FloatArray) -> FloatArray:
        """All rows that differ in one discrete parameter, by clicks on a dial with many; shape (m, width)."""
        moves = [row]
        for column, parameter in enumerate(self.space.parameters):
            codes = parameter.codes
            if codes is None or np.isnan(row[column]):
                continue
            if len(codes) > WIDE_DIAL:
                here = int(np.abs(codes - row[column]).argmin())
                clicks = here + np.array([-16, -8, -4, -2, -1, 1, 2, 4, 8, 16])
                codes = codes[clicks[(clicks >= 0) & (clicks < len(codes))]]
            changed = np.repeat(row[None], len(codes), axis=0)
            changed[:, column] = codes
            moves.extend(changed)
        rows = self.space.settle(np.array(moves))
        return rows[self.space.allowed(rows)]

    def _smooth_move(self, belief: Belief, row: FloatArray) -> FloatArray:
        """Where gradient steps on the smooth parameters lead, shape (1, width); empty where there is none
        or `where` forbids."""
        from scipy.optimize import minimize  # loads only when a model is searched

        smooth = self._smooth & ~np.isnan(row)
        if not smooth.any():
            return np.empty((0, len(row)))
        point = self._features(row[None])[0]

        def loss(codes: FloatArray) -> tuple[float, FloatArray]:
            point[smooth] = codes
            mean, std, mean_slope, std_slope = belief.landscape.posterior_slope(point)
            value, by_mean, by_std = self._acquire_slope(mean, std, belief)
            return -value, -(by_mean * mean_slope + by_std * std_slope)[smooth]

        climb = minimize(
            loss,
            row[smooth],
            jac=True,
            method="L-BFGS-B",
            bounds=[(0.0, 1.0)] * int(smooth.sum()),
            options={"maxiter": 30},
        )
        moved = row.copy()
        moved[smooth] = np.clip(climb.x, 0.0, 1.0).round(FINEST)
        return moved[None][self.space.allowed(moved[None])]

    def _acquire_slope(self, mean: float, std: float, belief: Belief) -> tuple[float, float, float]:
        """The acquisition at one point, and its derivatives by mean and std."""
        if self.acquisition_kind == "ucb":
            return mean + self.kappa * std, 1.0, self.kappa
        slope = acq.log_pi_slope if self.acquisition_kind == "pi" else acq.log_ei_slope
        return slope(mean, std, belief.incumbent + belief.standardised(self.xi))

    def _explained(self, params: Params) -> Suggestion:
        mean, std = self.posterior(params)
        hope = self.acquisition(params)
        belief = self._need_belief()
        incumbent = float(belief.in_scores(np.array(belief.best())))
        why = f"expected {mean:.3g} ± {std:.2g}, the best so far {incumbent:.3g}: {self._hope_in_words(hope)}"
        return Suggestion(
            params, why, {"mean": mean, "std": std, "acquisition": hope, "incumbent": incumbent}
        )

    def _hope_in_words(self, hope: float) -> str:
        match self.acquisition_kind:
            case "log_ei" | "ei":
                gain = math.exp(min(hope, LOG_LARGEST)) if self.acquisition_kind == "log_ei" else hope
                return f"the largest expected improvement, {gain:.2g}"
            case "pi":
                return f"the most likely improvement, {hope:.0%}"
            case "ucb":
                return f"the highest optimistic guess, {hope:.3g} at {self.kappa:g} standard deviations"
            case _:
                return "the summit of a landscape drawn from all that are possible"

    def _forget(self) -> None:
        super()._forget()
        self._known, self._fitted = None, {}


def _several(params: Any) -> list[Any]:
    """Params in a list, whether one or several came; what is neither is left for `Space.check` to refuse."""
    return list(params) if isinstance(params, Sequence) and not isinstance(params, str) else [params]


def _largest_first(values: FloatArray) -> NDArray[np.intp]:
    """Places in order of their values; those that are equal but for rounding stay in the order they came."""
    return np.argsort(-values.round(EQUAL), kind="stable")


def refit_at(trials: int) -> int:
    """How many of the first trials the hyperparameters are learned from: all of the first few, then at ever
    longer intervals, as they change ever less."""
    last = EACH_TRIAL
    while last < trials and last < ENOUGH:
        following = last + max(1, last // 10)
        if following > trials:
            break
        last = following
    return min(last, trials)
