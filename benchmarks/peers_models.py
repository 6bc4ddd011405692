"""Peers that model what they were told, and those that only walk or draw: Optuna, scikit-learn and others."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from benchmarks.peer import REJECTIONS, TRIALS, Peer, at, clicks, is_choice
from pizzatune.parameters import Choice, Ordered, Real
from pizzatune.space import Params, Space

# -- Optuna --------------------------------------------------------------------------------------------------


class Optuna(Peer):
    """A study that is asked and told, with any of Optuna's samplers.

    Where a combination is ruled out, the study is told that a constraint is not kept, and asked again; that
    costs no trial.
    """

    conditional = constrained = True

    def __init__(self, space: Space, *, seed: int, sampler: str, **settings: Any) -> None:
        self.sampler, self.settings = sampler, settings
        super().__init__(space, seed=seed)

    def start(self) -> None:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            sampler = getattr(optuna.samplers, self.sampler)(seed=self.seed, **self.settings)
        self.study = optuna.create_study(direction="maximize", sampler=sampler)
        self.worst = math.inf  # of the scores told

    def ask(self) -> Params:
        for _ in range(REJECTIONS):
            self.trial = self.study.ask()
            params = self._params()
            if self.space.where is None:
                return params
            allowed = self.space.where(params)
            self.trial.set_constraint("where", 0.0 if allowed else 1.0)
            if allowed:
                return params
            self.study.tell(self.trial, self.worst if math.isfinite(self.worst) else 0.0)
        self.study.enqueue_trial(
            self._numbers(self.space.sample(np.random.default_rng(len(self.study.trials))))
        )
        return self.ask()

    def tell(self, params: Params, score: float) -> None:
        self.worst = min(self.worst, score)
        self.study.tell(self.trial, score)

    def _params(self) -> Params:
        params: Params = {}
        for dial in self.space.parameters:
            if self.space.active(params, dial.name):
                params[dial.name] = self._value(dial)
        return params

    def _value(self, dial: Any) -> Any:
        if is_choice(dial):
            return dial.options[self.trial.suggest_categorical(dial.name, list(range(len(dial.options))))]
        if isinstance(dial, Ordered):
            return dial.options[self.trial.suggest_int(dial.name, 0, len(dial.options) - 1)]
        if isinstance(dial, Real):
            value = self.trial.suggest_float(dial.name, dial.low, dial.high, log=dial.log, step=dial.step)
            return dial.decode(dial.encode(value)) if dial.step else value  # 0.30000000000000004 is 0.3
        return self.trial.suggest_int(dial.name, dial.low, dial.high, log=dial.log, step=dial.step)

    def _numbers(self, params: Params) -> Params:
        """Params as Optuna knows them: an option is its place."""
        return {
            name: self.space[name].position(value) if isinstance(self.space[name], Choice) else value
            for name, value in params.items()
        }

    def distributions(self, params: Params) -> dict[str, Any]:
        """Optuna's distribution of each of the params."""
        from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

        def of(dial: Any) -> Any:
            if is_choice(dial):
                return CategoricalDistribution(list(range(len(dial.options))))
            if isinstance(dial, Ordered):
                return IntDistribution(0, len(dial.options) - 1)
            kind = FloatDistribution if isinstance(dial, Real) else IntDistribution
            return kind(dial.low, dial.high, log=dial.log, step=dial.step)

        return {name: of(self.space[name]) for name in params}


class OptunaGrid(Peer):
    """Optuna's grid, which it walks in random order, of up to `resolution` values a dial."""

    def start(self) -> None:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self.levels = grid_levels(self.space)
        places = {name: list(range(len(values))) for name, values in self.levels.items()}
        sampler = optuna.samplers.GridSampler(places, seed=self.seed)
        self.left = math.prod(map(len, places.values()))
        self.study = optuna.create_study(direction="maximize", sampler=sampler)

    def ask(self) -> Params:
        if not self.left:
            raise StopIteration
        self.left -= 1
        self.trial = self.study.ask()
        return {
            name: values[self.trial.suggest_int(name, 0, len(values) - 1)]
            for name, values in self.levels.items()
        }

    def tell(self, params: Params, score: float) -> None:
        try:
            self.study.tell(self.trial, score)
        except RuntimeError:
            if self.left:
                raise
            # After its last point the sampler stops the study, which may only be done inside `optimize`.


def grid_levels(space: Space, resolution: int = 5) -> dict[str, list[Any]]:
    """The values of a grid: all options, and up to so many values of a dial, from end to end."""

    def levels(dial: Any) -> list[Any]:
        if isinstance(dial, Choice):
            return list(dial.options)
        values = [dial.decode(code) for code in np.linspace(0, 1, resolution)]
        return list(dict.fromkeys(values))

    return {dial.name: levels(dial) for dial in space.parameters}


# -- scikit-learn --------------------------------------------------------------------------------------------


class SklearnGrid(Peer):
    """The order in which scikit-learn's `GridSearchCV` walks its grid."""

    def start(self) -> None:
        from sklearn.model_selection import ParameterGrid

        self.walk = iter(ParameterGrid(grid_levels(self.space)))

    def ask(self) -> Params:
        return next(self.walk)

    def tell(self, params: Params, score: float) -> None:
        pass


class SklearnRandom(SklearnGrid):
    """What scikit-learn's `RandomizedSearchCV` draws."""

    def start(self) -> None:
        from scipy.stats import loguniform, randint, uniform
        from sklearn.model_selection import ParameterSampler

        def drawn_from(dial: Any) -> Any:
            if isinstance(dial, Choice) or (dial.codes is not None and dial.step != 1):
                return list(dial.values())
            if dial.codes is not None:
                return randint(dial.low, dial.high + 1)
            return loguniform(dial.low, dial.high) if dial.log else uniform(dial.low, dial.high - dial.low)

        drawn = {dial.name: drawn_from(dial) for dial in self.space.parameters}
        finite = all(isinstance(values, list) for values in drawn.values())
        count = math.prod(map(len, drawn.values())) if finite else TRIALS
        # Not more than is needed: where all are drawn, they come nearly in the order of the grid.
        self.walk = iter(ParameterSampler(drawn, min(count, TRIALS), random_state=self.seed))

    def ask(self) -> Params:
        drawn = next(self.walk)
        return {dial.name: drawn[dial.name] for dial in self.space.parameters}


# -- Bayesian optimization -----------------------------------------------------------------------------------


class Skopt(Peer):
    """scikit-optimize's `gp_minimize`, asked and told: its estimator, acquisition and ten random points."""

    constrained = True

    def start(self) -> None:
        import skopt
        from skopt.space import Categorical, Integer, Real
        from skopt.utils import cook_estimator, normalize_dimensions

        def dimension(dial: Any) -> Any:
            count = clicks(dial)
            if is_choice(dial):
                return Categorical(list(range(count or 0)))
            if count is not None:
                return Integer(0, count - 1)
            return Real(dial.low, dial.high, prior="log-uniform" if dial.log else "uniform")

        dimensions = normalize_dimensions([dimension(dial) for dial in self.space.parameters])
        rng = np.random.RandomState(self.seed)
        model_seed = rng.randint(0, np.iinfo(np.int32).max)
        estimator = cook_estimator("GP", space=dimensions, random_state=model_seed, noise="gaussian")
        where = self.space.where
        self.optimizer = skopt.Optimizer(
            dimensions,
            estimator,
            n_initial_points=10,
            acq_func="gp_hedge",
            random_state=rng,
            space_constraint=None if where is None else lambda point: where(self._params(point)),
        )

    def _params(self, point: Any) -> Params:
        pairs = zip(self.space.parameters, point, strict=True)
        return {dial.name: float(x) if clicks(dial) is None else at(dial, x) for dial, x in pairs}

    def ask(self) -> Params:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # it says when a point comes again, and when a fit did not converge
            self.point = self.optimizer.ask()
        return self._params(self.point)

    def tell(self, params: Params, score: float) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.optimizer.tell(self.point, -score)


class BayesOpt(Peer):
    """bayesian-optimization: five random points, then what it suggests, as `maximize` does."""

    def start(self) -> None:
        from bayes_opt import BayesianOptimization

        def bounds(dial: Any) -> Any:
            count = clicks(dial)
            if is_choice(dial):
                return tuple(map(str, range(count or 0)))
            return (0.0, 1.0) if count is None else (0, count - 1, int)

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it says that dials of other kinds than float are new
            self.optimizer = BayesianOptimization(
                None,
                {dial.name: bounds(dial) for dial in self.space.parameters if dial.size > 1},
                random_state=self.seed,
                verbose=0,
                allow_duplicate_points=True,  # else it raises when a finite space offers nothing better
            )
        self.first = self.optimizer.random_sample(5)

    def ask(self) -> Params:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.point = self.first.pop(0) if self.first else self.optimizer.suggest()

        def value(dial: Any) -> Any:
            if clicks(dial) is None:
                return dial.decode(float(self.point[dial.name]))
            return at(dial, self.point.get(dial.name, 0))

        return {dial.name: value(dial) for dial in self.space.parameters}

    def tell(self, params: Params, score: float) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.optimizer.register(self.point, score)


class Hyperopt(Peer):
    """hyperopt's `tpe.suggest`, called as `fmin` calls it."""

    conditional = True

    def start(self) -> None:
        import logging

        from hyperopt import JOB_STATE_DONE, STATUS_OK, Trials, base, tpe

        logging.getLogger("hyperopt").setLevel(logging.ERROR)
        self.done, self.ok, self.tpe = JOB_STATE_DONE, STATUS_OK, tpe
        tree = {dial.name: self._node(dial, dial.name) for dial in self.space.parameters if not dial.when}
        self.domain, self.trials = base.Domain(lambda point: 0.0, tree), Trials()
        self.rng = np.random.default_rng(self.seed)

    def _node(self, dial: Any, label: str) -> Any:
        from hyperopt import hp

        if is_choice(dial):
            return hp.choice(label, [self._option(dial, place) for place in range(len(dial.options))])
        if dial.codes is not None:
            return hp.uniformint(label, 0, len(dial.codes) - 1)
        if dial.log:
            return hp.loguniform(label, math.log(dial.low), math.log(dial.high))
        return hp.uniform(label, dial.low, dial.high)

    def _option(self, dial: Any, place: int) -> Any:
        """The place of an option, and the dials that exist only for it."""
        own = [
            other
            for other in self.space.parameters
            if other.when and dial.options[place] in other.when.get(dial.name, [])
        ]
        return {"place": place} | {other.name: self._node(other, f"{other.name} of {place}") for other in own}

    def ask(self) -> Params:
        from hyperopt.base import spec_from_misc
        from hyperopt.pyll.base import rec_eval

        ids = self.trials.new_trial_ids(1)
        self.trials.refresh()
        seed = int(self.rng.integers(2**31 - 1))
        docs = self.tpe.suggest(ids, self.domain, self.trials, seed, verbose=False)
        self.trials.insert_trial_docs(docs)
        self.trials.refresh()
        self.doc = self.trials._dynamic_trials[-1]
        memo = self.domain.memo_from_config(spec_from_misc(self.doc["misc"]))
        point: Params = {}
        self._flatten(rec_eval(self.domain.expr, memo=memo), point)
        return {dial.name: point[dial.name] for dial in self.space.parameters if dial.name in point}

    def _flatten(self, tree: Any, point: Params) -> None:
        for name, value in tree.items():
            if name == "place":
                continue
            dial = self.space[name]
            if isinstance(value, dict):
                point[name] = dial.options[value["place"]]
                self._flatten(value, point)
            else:
                ends = (getattr(dial, "low", 0), getattr(dial, "high", 0))
                point[name] = float(np.clip(value, *ends)) if clicks(dial) is None else at(dial, value)

    def tell(self, params: Params, score: float) -> None:
        self.doc["state"], self.doc["result"] = self.done, {"loss": -score, "status": self.ok}
        self.trials.refresh()
