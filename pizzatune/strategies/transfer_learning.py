"""Transfer learning: start the search in a new place from what was learned in an old one, as long as it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pizzatune.gp import BoolArray, FloatArray, GaussianProcess, Priors
from pizzatune.space import Choice, Ordered, Params, Space
from pizzatune.strategies.base import Suggestion
from pizzatune.strategies.bayesian_optimization import Belief, BayesianOptimization, Landscape, _standard
from pizzatune.trial import Trial, scores_of


@dataclass(frozen=True)
class Source:
    trials: tuple[Trial, ...]
    gp: GaussianProcess
    columns: FloatArray
    spread: float

    def at(self, x):
        mean, std = self.gp.posterior(x[:, self.columns])
        return mean, std


@dataclass(frozen=True)
class Trend:
    """Residual GP plus weighted source landscapes."""
    gp: GaussianProcess
    base: float
    sources: tuple
    weights: FloatArray

    def posterior(self, x):
        mean, std = self.gp.posterior(x)
        mean = mean + self.base; var = std**2
        for w, s in zip(self.weights, self.sources):
            m, sd = s.at(x)
            mean = mean + w * m; var = var + (w * sd) ** 2
        return mean, np.sqrt(var)

    def posterior_slope(self, p):
        mean, std, dm, ds = self.gp.posterior_slope(p)
        mean += self.base; var = std**2; dvar = 2 * std * ds; dm = dm.copy()
        for w, s in zip(self.weights, self.sources):
            m, sd, a, b = s.gp.posterior_slope(p[s.columns])
            mean += w * m; var += (w * sd) ** 2
            dm[s.columns] += w * a; dvar[s.columns] += 2 * w * w * sd * b
        sd = np.sqrt(var)
        return mean, sd, dm, dvar / (2 * sd)

    def draw(self, x, rng):
        out = self.gp.draw(x, rng) + self.base
        for w, s in zip(self.weights, self.sources):
            out = out + w * s.gp.draw(x[:, s.columns], rng)
        return out


class TransferLearning(BayesianOptimization):
    PRIOR = (1.0, 0.5)
    MODE = "trend"
    SCALE = (-0.7, 1.0)
    def __init__(self, space, *, source, seed=None, **kw):
        kw.setdefault("start", 1)
        super().__init__(space, seed=seed, **kw)
        src = source if isinstance(source, (list, tuple)) and source and not isinstance(source[0], Trial) else [source]
        self.sources = []
        for s in src:
            trials = [t for t in (s.trials if hasattr(s, "trials") else s)]
            cols = np.arange(len(space))
            x = self._features(space.encode([t.params for t in trials]))
            y = scores_of(trials)
            mid, spread = _standard(y)
            gp = GaussianProcess.fit(x, (y - mid) / spread, self._categorical)
            self.sources.append(Source(tuple(trials), gp, cols, spread))

    def suggest(self, rng):
        if not self.trials:
            s = self.sources[0]
            m, _ = s.gp.posterior(s.gp.x)
            return Suggestion(dict(s.trials[int(m.argmax())].params), "the old best")
        if len(self.trials) < self.OPEN:
            self.start = 3
            out = self._opening(len(self.trials), rng)
            return out
        self.start = 1
        return super().suggest(rng)
    OPEN = 3

    def _believe(self):
        x, scores = self._seen()
        best = None
        own = _standard(scores)[1]
        for spread in ([self.sources[0].spread, own] if len(scores) > 2 else [self.sources[0].spread]):
            b, ev = self._trend(x, scores, spread)
            if best is None or ev > best[1]:
                best = (b, ev)
        self.ev = best[1]
        if self.BACK != "no":
            scratch = super()._believe()
            gp = scratch.landscape
            y = (scores - scratch.middle) / scratch.spread
            g2 = gp.with_data(x, y) if len(gp.y) != len(y) else gp
            if self.BACK == "lml":
                ev = g2.log_likelihood() - len(y) * np.log(scratch.spread)
                other = best[1]
            else:
                def lpd(g):
                    m, sd = g.leave_one_out()
                    return float((-np.log(sd) - 0.5 * ((g.y - m) / sd) ** 2).sum())
                ev = lpd(g2) - len(y) * np.log(scratch.spread)
                other = lpd(best[0].landscape.gp) - len(y) * np.log(best[0].spread)
            if ev + self.MARGIN > other:
                self.a = self.a * 0
                return scratch
        return best[0]
    BACK = "no"; MARGIN = 0.0

    def _trend(self, x, scores, spread):
        mid = scores.mean()
        y = (scores - mid) / spread
        Z = np.column_stack([np.ones(len(y))] + [s.at(x)[0] for s in self.sources])
        k = len(self.sources)
        a0 = np.r_[0.0, np.full(k, self.PRIOR[0] / k)]
        prec = np.diag(np.r_[1e-6, np.full(k, self.PRIOR[1] ** -2)])
        a = a0.copy(); a[0] = np.mean(y - Z[:, 1:] @ a[1:])
        for _ in range(3):
            gp = GaussianProcess.fit(x, y - Z @ a, self._categorical, priors=Priors(scale=self.SCALE))
            from scipy.linalg import cho_solve
            KiZ = cho_solve((gp.chol, True), Z)
            a = np.linalg.solve(Z.T @ KiZ + prec, KiZ.T @ y + prec @ a0)
            a[1:] = np.maximum(a[1:], 0.0)
            a[0] = (KiZ[:, 0] @ (y - Z[:, 1:] @ a[1:])) / (KiZ[:, 0] @ Z[:, 0])
        gp = gp.with_data(x, y - Z @ a)
        self.a = a; self.tau = gp.scale
        land = Trend(gp, a[0], tuple(self.sources), a[1:])
        d = a[1:] - a0[1:]
        ev = gp.log_likelihood() - 0.5 * (d @ d) / self.PRIOR[1] ** 2 - len(y) * np.log(spread)
        return Belief(land, mid, spread, float(land.posterior(x)[0].max())), ev

    @property
    def trust(self):
        w = self.a[1:].sum()
        return float(w / np.hypot(w, self.tau))
