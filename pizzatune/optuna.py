"""Our strategies inside an Optuna study, with its dashboard, its pruners and its distributed storage.

    import optuna
    from pizzatune.optuna import StrategySampler

    study = optuna.create_study(sampler=StrategySampler("bayesian", seed=0))

Optuna (extra `optuna`) loads with this module and not with pizzatune.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from pizzatune.checks import checked_seed, did_you_mean, shown
from pizzatune.parameters import COUNTABLE, Choice, Integer, Ordered, Parameter, Real
from pizzatune.space import SCORE, Params, Space
from pizzatune.strategies import BayesianOptimization, GeneticAlgorithm, RandomSearch
from pizzatune.strategies.base import Exhausted, Strategy, Suggestion
from pizzatune.trial import Trial

try:
    from optuna.distributions import (
        BaseDistribution,
        CategoricalDistribution,
        FloatDistribution,
        IntDistribution,
    )
    from optuna.samplers import BaseSampler
    from optuna.search_space import intersection_search_space
    from optuna.study import Study, StudyDirection
    from optuna.trial import FrozenTrial, TrialState
except ImportError as error:
    raise ImportError(
        "pizzatune.optuna needs Optuna 4.5 or newer; install it with pip install 'pizzatune[optuna]'"
    ) from error

MakeStrategy = Callable[..., Strategy]
STRATEGIES: dict[str, MakeStrategy] = {
    "bayesian": BayesianOptimization,
    "genetic": GeneticAlgorithm,
    "random": RandomSearch,
}
TRIES = 5  # suggestions for one trial, where other workers keep coming first
SUGGESTION = "pizzatune:suggestion"  # where a trial keeps what was suggested, and why
SEEN = (TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL, TrialState.RUNNING)


class StrategySampler(BaseSampler):
    """An Optuna sampler that asks a pizzatune strategy.

    For every trial the strategy is made anew and told all trials of the study, so that workers who share a
    storage share the search. Trials that are still running, here or elsewhere, are pending for it: it
    spreads out. A trial that was pruned or failed counts as a failed trial, for Bayesian optimization as the
    worst score seen, where Optuna's own samplers would forget it. Studies that minimise are told with the
    sign turned.

    The strategy chooses the parameters that all finished trials have with the same ranges. Others (all in
    the first trial; those that exist only in some trials, or whose range changes) are drawn one by one by
    `independent_sampler`. When every combination of a finite space was tried, it tries them again.

    Parameters
    ----------
    strategy : {"bayesian", "genetic", "random"} or callable
        ``strategy(space, seed=seed) -> Strategy``: a class, or one with settings, such as
        ``functools.partial(GeneticAlgorithm, population=8)``. It must make the same strategy each time.
    seed : int, optional
        The same seed gives the same study with one worker. What trial number n draws depends on n, so workers
        may share a seed. Without one, a seed is drawn and can be read from ``.seed``.
    independent_sampler : BaseSampler, optional
        Draws what the strategy does not choose; by default each value has the same chance, from a stream that
        belongs to the trial.

    Raises
    ------
    TypeError, ValueError
        If the strategy is no name and no function, or the seed no whole number from 0 up. When it samples:
        if the study has several objectives.

    Examples
    --------
    >>> import optuna
    >>> optuna.logging.set_verbosity(optuna.logging.WARNING)
    >>> study = optuna.create_study(direction="maximize", sampler=StrategySampler("bayesian", seed=1))
    >>> study.optimize(lambda trial: -abs(trial.suggest_float("oven", 200, 400) - 320), n_trials=12)
    >>> study.best_value > -5
    True
    """

    def __init__(
        self,
        strategy: str | MakeStrategy = "bayesian",
        *,
        seed: int | None = None,
        independent_sampler: BaseSampler | None = None,
    ) -> None:
        if isinstance(strategy, str) and strategy not in STRATEGIES:
            hint = did_you_mean(strategy.lower(), STRATEGIES, "choose one of these")
            raise ValueError(
                f"strategy must be one of {sorted(STRATEGIES)}, or a function, got {shown(strategy)}; {hint}"
            )
        if not isinstance(strategy, str) and not callable(strategy):
            made = isinstance(strategy, Strategy)
            fitting = f"pass its class, {type(strategy).__name__}" if made else "choose e.g. 'bayesian'"
            raise TypeError(
                f"strategy must be a name or a function (space, seed=), got {shown(strategy)}; {fitting}"
            )
        self.strategy = strategy
        self.seed = checked_seed(seed)
        self.independent_sampler = independent_sampler

    # -- the doors that Optuna knocks at --------------------------------------------

    def reseed_rng(self) -> None:
        """Nothing of our own to reseed: every trial has its own stream, in whatever thread it runs."""
        if self.independent_sampler is not None:
            self.independent_sampler.reseed_rng()

    def infer_relative_search_space(self, study: Study, trial: FrozenTrial) -> dict[str, BaseDistribution]:
        """The ranges that all finished trials share; their categories follow in `sample_independent`."""
        _check_one_objective(study)
        return {name: d for name, d in _shared(study).items() if not isinstance(d, CategoricalDistribution)}

    def sample_relative(
        self, study: Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        """Ask the strategy, made anew from the study's trials; note its answer where other workers see it.

        It chooses the categories that all trials share, too. As a storage may give choices back as other
        objects, lists for tuples, they are noted by their places.
        """
        _check_one_objective(study)
        categories = {name: d for name, d in _shared(study).items() if isinstance(d, CategoricalDistribution)}
        whole = dict(sorted({**categories, **search_space}.items()))
        if not whole:
            return {}
        kitchen = _Kitchen(whole)
        for _ in range(TRIES):
            strategy = self._told(study, trial, kitchen)
            params = kitchen.to_optuna(_ask(strategy))
            internal, origin = kitchen.internal(params), strategy.pending[-1].origin
            note = {"params": internal, "why": strategy.why, "origin": origin}
            # all samplers that keep something for other workers write through the storage
            plain = json.loads(json.dumps(note, default=str))
            study._storage.set_trial_system_attr(trial._trial_id, SUGGESTION, plain)
            if strategy.repeats or not self._taken(study, trial, kitchen, internal):
                break
        return {name: params[name] for name in search_space}

    def sample_independent(
        self, study: Study, trial: FrozenTrial, param_name: str, param_distribution: BaseDistribution
    ) -> Any:
        """The category that the strategy noted; all else is drawn by itself."""
        _check_one_objective(study)
        if isinstance(param_distribution, CategoricalDistribution):
            noted = (
                study._storage.get_trial_system_attrs(trial._trial_id).get(SUGGESTION, {}).get("params", {})
            )
            if param_name in noted and param_distribution._contains(noted[param_name]):
                return param_distribution.to_external_repr(noted[param_name])
        if self.independent_sampler is not None:
            return self.independent_sampler.sample_independent(study, trial, param_name, param_distribution)
        kitchen = _Kitchen({param_name: param_distribution})
        rng = np.random.default_rng([self.seed, trial.number, zlib.crc32(param_name.encode())])
        return kitchen.to_optuna(kitchen.space.sample(rng))[param_name]

    # -- the strategy as this trial finds it ----------------------------------------

    def _others(self, study: Study, trial: FrozenTrial) -> list[FrozenTrial]:
        trials = study.get_trials(deepcopy=False, states=SEEN)
        return [other for other in trials if other.number != trial.number]

    def _taken(
        self, study: Study, trial: FrozenTrial, kitchen: _Kitchen, internal: Mapping[str, float]
    ) -> bool:
        """Whether another worker noted the same while we thought. Both note first and look then, so that one
        of two sees the other."""
        ours = kitchen.params(internal)
        return any(kitchen.running(other) == ours for other in self._others(study, trial))

    def _told(self, study: Study, trial: FrozenTrial, kitchen: _Kitchen) -> Strategy:
        """The strategy, told all trials but this one; those that run are pending."""
        make = STRATEGIES[self.strategy] if isinstance(self.strategy, str) else self.strategy
        others = self._others(study, trial)
        sign = 1.0 if study.direction == StudyDirection.MAXIMIZE else -1.0
        finished = (kitchen.trial(other, sign) for other in others if other.state.is_finished())
        strategy = make(kitchen.space, seed=self.seed).rebuilt(one for one in finished if one is not None)
        for other in others:
            if other.state.is_finished():
                continue
            params = kitchen.running(other)
            if params is not None:
                strategy.pending.append(Suggestion(params, why="running elsewhere"))
                strategy._visits[kitchen.space.key(params)] += 1  # as `ask` counts what it suggests
            elif other.number < trial.number:
                _ask(strategy)  # it will choose before long: most likely what the strategy says now
        return strategy


class _Kitchen:
    """A search space of Optuna's and ours, and the way of params and trials between the two."""

    def __init__(self, search_space: Mapping[str, BaseDistribution]) -> None:
        self.distributions = dict(search_space)
        self.ours = _our_names(search_space)
        self.space = Space(*(to_parameter(self.ours[name], d) for name, d in search_space.items()))

    def to_optuna(self, params: Params) -> dict[str, Any]:
        return {name: self._written(name, params[ours]) for name, ours in self.ours.items()}

    def _written(self, name: str, value: Any) -> Any:
        """A value as Optuna expects it; of a category the very choice, where a space hands out copies."""
        distribution, parameter = self.distributions[name], self.space[self.ours[name]]
        if isinstance(distribution, CategoricalDistribution) and isinstance(parameter, Choice):
            return _unlike(distribution)[parameter.position(value)]
        assert isinstance(distribution, FloatDistribution | IntDistribution)
        return _fitted(distribution, value)

    def internal(self, params: Mapping[str, Any]) -> dict[str, float]:
        """Params as Optuna stores them: numbers, for a category its place."""
        return {name: float(d.to_internal_repr(params[name])) for name, d in self.distributions.items()}

    def params(self, internal: Mapping[str, float]) -> Params | None:
        """Our params for Optuna's numbers; None where one is missing or lies outside, as if never tried."""
        if not all(
            name in internal and d._contains(internal[name]) for name, d in self.distributions.items()
        ):
            return None
        given = {
            self.ours[name]: d.to_external_repr(internal[name]) for name, d in self.distributions.items()
        }
        return self.space.check(given)

    def trial(self, frozen: FrozenTrial, sign: float) -> Trial | None:
        """A finished trial as one of ours, under the same number."""
        params = self.params(_internal(frozen))
        if params is None:
            return None
        note = frozen.system_attrs.get(SUGGESTION, {})
        score, error = _outcome(frozen, sign)
        why, origin = note.get("why", ""), note.get("origin", {})
        return Trial(frozen.number, params, score, error, why, origin, _seconds(frozen))

    def running(self, frozen: FrozenTrial) -> Params | None:
        """What a running trial tries, as far as it took or was suggested values; None if some are open."""
        suggested = frozen.system_attrs.get(SUGGESTION, {}).get("params", {})
        return self.params({**suggested, **_internal(frozen)})


def to_space(search_space: Mapping[str, BaseDistribution]) -> Space:
    """The space that Optuna's distributions describe.

    Parameters
    ----------
    search_space : dict
        Optuna's distributions by name, as ``optuna.search_space.intersection_search_space`` gives them.

    Returns
    -------
    Space
        A categorical distribution is a `Choice`, where choices that Optuna takes for equal count once; floats
        are a `Real`, whole numbers an `Integer`, or a `Real` where there are more than a million of them. A
        range of one value is an `Ordered` with one option.

    Raises
    ------
    TypeError, ValueError
        If something is no distribution, or there is none, or a parameter is called score, as a column of
        tables of trials.

    Examples
    --------
    >>> to_space({"oven": FloatDistribution(200, 400), "herb": CategoricalDistribution(["Basil", "Thyme"])})
    Space of 2 parameters, no end of combinations
      oven  200 to 400
      herb  Basil, Thyme
    """
    if not isinstance(search_space, Mapping):
        raise TypeError(
            f"search_space must be a dict of Optuna's distributions by name, got {shown(search_space)}; "
            "write e.g. {'heat': FloatDistribution(150, 350)}"
        )
    return Space(*(to_parameter(name, distribution) for name, distribution in search_space.items()))


def to_parameter(name: str, distribution: BaseDistribution) -> Parameter:
    """The parameter that one of Optuna's distributions describes; see `to_space`."""
    if isinstance(distribution, CategoricalDistribution):
        return Choice(name, _unlike(distribution))
    if not isinstance(distribution, FloatDistribution | IntDistribution):
        raise TypeError(
            f"{name}: expected one of Optuna's distributions, got {shown(distribution)}; "
            "write e.g. FloatDistribution(150, 350)"
        )
    low, high, step, log = distribution.low, distribution.high, distribution.step, distribution.log
    if distribution.single():
        return Ordered(name, [low])
    if step is not None and (high - low) / step >= COUNTABLE:
        step = None  # too many clicks to count: a smooth dial, and `StrategySampler` rounds what it says
    elif isinstance(distribution, IntDistribution):
        return Integer(name, distribution.low, distribution.high, step=distribution.step, log=log)
    return Real(name, low, high, step=step, log=log)


# -- between the two -----------------------------------------------------------------------------------------


def _check_one_objective(study: Study) -> None:
    if len(study.directions) > 1:
        raise ValueError(
            "If the study is being used for multi-objective optimization, StrategySampler cannot be used; "
            "make a study with one direction, or use optuna.samplers.NSGAIISampler"
        )


def _shared(study: Study) -> dict[str, BaseDistribution]:
    """The parameters that all finished trials have with the same ranges, and more than one value."""
    shared = intersection_search_space(study.get_trials(deepcopy=False))
    return {name: distribution for name, distribution in shared.items() if not distribution.single()}


def _ask(strategy: Strategy) -> Params:
    """What the strategy suggests; when all has been tried, it tries again: Optuna's samplers never end."""
    try:
        return strategy.ask()
    except Exhausted:
        strategy.repeats = True
        return strategy.ask()


def _our_names(names: Sequence[str] | Mapping[str, Any]) -> dict[str, str]:
    """Our name for each of Optuna's: the same, but for score, which is ours, and an empty one."""
    ours: dict[str, str] = {}
    for name in names:
        own = name
        while own == SCORE or not own or (own != name and own in names):
            own = f"my_{own}"
        ours[name] = own
    return ours


def _unlike(distribution: CategoricalDistribution) -> list[Any]:
    """Its choices, without those that Optuna takes for equal to an earlier one."""
    choices = enumerate(distribution.choices)
    return [choice for place, choice in choices if distribution.to_internal_repr(choice) == place]


def _fitted(distribution: FloatDistribution | IntDistribution, value: Any) -> Any:
    """The value of the distribution nearest to one of ours, in the type that Optuna expects."""
    if distribution.step is not None and not distribution._contains(value):
        clicks = round((value - distribution.low) / distribution.step)
        value = distribution.low + clicks * distribution.step
    value = min(max(value, distribution.low), distribution.high)
    return int(value) if isinstance(distribution, IntDistribution) else float(value)


def _internal(frozen: FrozenTrial) -> dict[str, float]:
    """What a trial has taken, as Optuna stores it."""
    return {
        name: float(frozen.distributions[name].to_internal_repr(value))
        for name, value in frozen.params.items()
    }


def _outcome(frozen: FrozenTrial, sign: float) -> tuple[float | None, str | None]:
    """A finite score, the higher the better, and no error; or no score and an error in words."""
    if frozen.state == TrialState.PRUNED:
        return None, "the trial was pruned"
    if frozen.state == TrialState.FAIL or frozen.value is None:
        return None, "the trial failed"
    if not math.isfinite(frozen.value):
        return None, f"the value was {frozen.value}, not a finite number"
    return sign * frozen.value, None


def _seconds(frozen: FrozenTrial) -> float | None:
    return None if frozen.duration is None else frozen.duration.total_seconds()
