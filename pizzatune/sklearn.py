"""The strategies inside scikit-learn: `StrategySearchCV`, used like GridSearchCV, and `to_space`.

scikit-learn's own base class does the cross-validation, the table of results and the refit; what is ours is
the question which candidate comes next, and what becomes of one that cannot be fitted.
"""

from __future__ import annotations

import math
import numbers
import re
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pizzatune import strategies
from pizzatune.checks import did_you_mean, listed, shown, whole_number
from pizzatune.parameters import Choice, Integer, Ordered, Parameter, Real
from pizzatune.result import Result
from pizzatune.space import Params, Space
from pizzatune.strategies.base import Exhausted, Strategy

try:
    from sklearn.exceptions import FitFailedWarning
    from sklearn.model_selection._search import BaseSearchCV
    from sklearn.utils import check_random_state
except ImportError as error:
    raise ImportError(
        "pizzatune.sklearn needs scikit-learn 1.6 or newer; install it with pip install 'pizzatune[models]'"
    ) from error

STRATEGIES = {
    "bayesian": "BayesianOptimization",
    "genetic": "GeneticAlgorithm",
    "grid": "GridSearch",
    "random": "RandomSearch",
}
USUAL_NUMBER = 10  # candidates where `n_iter` does not say, as in RandomizedSearchCV
WHICH_DICT = "param_grid"  # the parameter that says which of several dicts a candidate is from
ALL_FAILED = re.compile(r"\s*All the \d+ fits failed")  # how BaseSearchCV begins to say so

Row = dict[str, Any]  # what scikit-learn measured on one fold: scores, times, and an error if there was one


class StrategySearchCV(BaseSearchCV):  # type: ignore[misc] # scikit-learn ships no types
    """Search the parameters of an estimator with one of our strategies, scored by cross-validation.

    It takes the place of GridSearchCV and RandomizedSearchCV: the attributes after `fit`, `predict` and the
    rest are theirs. Parameters of the steps of a pipeline have scikit-learn's names, such as ``svc__C``.

    Parameters
    ----------
    estimator : estimator
        What is tuned.
    space : Space, dict, or list of dict
        A `Space` whose parameters are named as the estimator's, or what GridSearchCV and RandomizedSearchCV
        take: see `to_space`.
    strategy : {"bayesian", "genetic", "grid", "random"}, strategy class, or callable
        A callable gets the space and a seed and makes a strategy, which is how settings are given:
        ``functools.partial(GridSearch, resolution=3)``, or
        ``lambda space, seed: TransferLearning(space, source=earlier, seed=seed)``.
    n_iter : int, optional
        How many candidates to try. By default the whole of a grid, and 10 with any other strategy. A finite
        space that has fewer is tried to its end.
    batch : int, optional
        How many candidates are evaluated before the strategy hears of their scores. By default all for grid
        and random search, which would not listen, and 1 for those that learn. Cross-validation of a batch
        runs on `n_jobs` at once, so with more jobs than folds a larger batch is faster, and each choice is
        made knowing a little less.
    scoring, n_jobs, refit, cv, verbose, pre_dispatch, error_score, return_train_score
        As in GridSearchCV. With several scorers, `refit` names the one that the strategy is told; where it
        names none, grid and random search note the first, and the others ask for a name. A candidate that
        could not be fitted or scored on some fold is a failed trial, unless `error_score` is a number other
        than nan. With a `cv` that shuffles, all candidates see the same folds.
    random_state : int, RandomState or None
        Where the strategy's seed comes from; a whole number is the seed.

    Attributes
    ----------
    cv_results_, best_index_, best_score_, best_params_, best_estimator_, refit_time_, scorer_, n_splits_, \
    multimetric_, classes_, n_features_in_, feature_names_in_
        As in GridSearchCV.
    space_ : Space
        The space that was searched.
    strategy_ : Strategy
        The strategy as it stands after the search.
    trials_ : tuple of Trial
        One trial for each row of `cv_results_`, with the strategy's reason. The score is the mean over folds;
        `seconds` is the time of all its fits and scorings together.
    result_ : Result
        The same as from `tune`: ``search.result_.plot()``.

    References
    ----------
    Pedregosa and others (2011), Scikit-learn: Machine Learning in Python, JMLR 12, pp. 2825-2830.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from sklearn.svm import SVC
    >>> space = Space(Real("svc__C", 0.01, 100, log=True), Choice("svc__kernel", ["linear", "rbf"]))
    >>> model = make_pipeline(StandardScaler(), SVC())
    >>> search = StrategySearchCV(model, space, strategy="genetic", n_iter=8, random_state=0)
    >>> search = search.fit(*load_iris(return_X_y=True))
    >>> list(search.best_params_), len(search.trials_), bool(search.best_score_ > 0.9)
    (['svc__C', 'svc__kernel'], 8, True)
    """

    def __init__(
        self,
        estimator: Any,
        space: Any,
        *,
        strategy: str | type[Strategy] | Callable[..., Strategy] = "bayesian",
        n_iter: int | None = None,
        batch: int | None = None,
        scoring: Any = None,
        n_jobs: int | None = None,
        refit: Any = True,
        cv: Any = None,
        verbose: int = 0,
        pre_dispatch: int | str = "2*n_jobs",
        random_state: Any = None,
        error_score: Any = np.nan,
        return_train_score: bool = False,
    ) -> None:
        super().__init__(
            estimator=estimator,
            scoring=scoring,
            n_jobs=n_jobs,
            refit=refit,
            cv=cv,
            verbose=verbose,
            pre_dispatch=pre_dispatch,
            error_score=error_score,
            return_train_score=return_train_score,
        )
        self.space = space
        self.strategy = strategy
        self.n_iter = n_iter
        self.batch = batch
        self.random_state = random_state

    def _run_search(self, evaluate_candidates: Callable[..., dict[str, Any]]) -> None:
        """Ask, evaluate, tell, until the budget is spent; `BaseSearchCV.fit` calls this."""
        strategy = self._make_strategy()
        listens = not isinstance(strategy, strategies.GridSearch | strategies.RandomSearch)
        if isinstance(self.scoring, Mapping | Sequence | set) and not isinstance(self.scoring, str):
            self._name_told(tuple(self.scoring), listens)  # not only after the first candidate was fitted
        whole_grid = self.n_iter is None and isinstance(strategy, Sized)
        usual = len(strategy) if isinstance(strategy, Sized) else USUAL_NUMBER
        budget = usual if self.n_iter is None else whole_number("n_iter", self.n_iter, 1)
        batch = (1 if listens else budget) if self.batch is None else whole_number("batch", self.batch, 1)
        validation = _CrossValidation(self, evaluate_candidates, listens)
        stopped = "every combination tried" if whole_grid else "budget spent"
        while (left := budget - len(strategy.trials)) > 0:
            asked = list(_ask(strategy, min(batch, left)))
            if not asked:
                stopped = "every combination tried"
                break
            for params, outcome in zip(asked, validation.evaluate(asked), strict=True):
                strategy.tell(params, **outcome)
        validation.finish_table()
        self.space_ = strategy.space
        self.strategy_ = strategy
        self.trials_ = tuple(strategy.trials)
        self.result_ = Result(self.trials_, strategy, stopped, f"cross-validated {validation.score_name}")

    def _make_strategy(self) -> Strategy:
        """A new strategy on the space, with a seed from `random_state`."""
        make = _strategy_maker(self.strategy)
        state = check_random_state(self.random_state)
        whole = isinstance(self.random_state, numbers.Integral)
        seed = int(self.random_state if whole else state.randint(2**31 - 1))
        made = make(to_space(self.space), seed=seed)
        if not isinstance(made, Strategy):
            raise TypeError(
                f"strategy must make a strategy, got {shown(made)} from it; "
                "return e.g. GridSearch(space, resolution=3, seed=seed)"
            )
        if made.trials:
            raise ValueError(
                f"strategy must make a new strategy for each fit, got one with {len(made.trials)} trials; "
                "to learn from earlier trials, make TransferLearning(space, source=earlier, seed=seed)"
            )
        return made

    def _name_told(self, names: Sequence[str], listens: bool) -> str:
        """Which of several scorers the strategy is told."""
        if isinstance(self.refit, str):
            self._check_refit_for_multimetric(names)
            return self.refit
        if listens:
            raise ValueError(
                f"with several scorers {list(names)}, the strategy needs to know which one counts, got "
                f"refit={self.refit!r}; write e.g. refit={names[0]!r}, or take the grid or random strategy"
            )
        return names[0]

    def _format_results(
        self, candidate_params: list[Params], n_splits: int, out: list[Row], more_results: Any = None
    ) -> dict[str, Any]:
        """Hand on the rows of all folds as they are: the table is made of them once, at the end.

        BaseSearchCV would make it anew after every batch, and warn anew of each failure in it.
        """
        return {"rows": out, "n_splits": n_splits}


@dataclass
class _Evaluated:
    """A candidate, and its rows; None where not one fold could be fitted."""

    params: Params
    rows: list[Row] | None
    error: str = ""
    seconds: float = 0.0


class _CrossValidation:
    """Candidates go in, what to tell the strategy comes out, and at the end one table of them all."""

    def __init__(
        self, search: StrategySearchCV, evaluate: Callable[..., dict[str, Any]], listens: bool
    ) -> None:
        self.search = search
        self.evaluate_candidates = evaluate
        self.listens = listens
        self.done: list[_Evaluated] = []
        self.latest: dict[str, Any] | None = None  # what BaseSearchCV will call cv_results_
        self.failure: ValueError | None = None
        self.score_name = search.scoring.replace("_", " ") if isinstance(search.scoring, str) else "score"
        # a splitter that shuffles makes other folds for each batch, and luck would decide between candidates
        self.cv = _SameFolds(search.cv) if hasattr(search.cv, "split") else None
        # an estimator has no parameter to say which dict its parameters are from
        self.not_its_own = {WHICH_DICT} - set(search.estimator.get_params())

    def evaluate(self, asked: Sequence[Params]) -> list[dict[str, Any]]:
        """Cross-validate some candidates; for each, what to tell: a score or an error, and seconds."""
        candidates = [
            {name: value for name, value in params.items() if name not in self.not_its_own}
            for params in asked
        ]
        start = time.perf_counter()
        try:
            self.latest = self.evaluate_candidates(candidates, cv=self.cv)
        except ValueError as error:
            if self.search.error_score == "raise" or not ALL_FAILED.match(str(error)):
                raise
            # For scikit-learn this ends a search. Here it is one batch, and the strategy may learn from it.
            self.failure = self.failure or error
            each = (time.perf_counter() - start) / len(candidates)
            new = [_Evaluated(params, None, _reasons(str(error)), each) for params in candidates]
            self._warn(new)
        else:
            n_splits = self.latest["n_splits"]
            rows = self.latest["rows"][-n_splits * len(candidates) :]
            new = [
                _Evaluated(params, rows[i * n_splits : (i + 1) * n_splits])
                for i, params in enumerate(candidates)
            ]
        self.done += new
        return [self._outcome(candidate) for candidate in new]

    def finish_table(self) -> None:
        """Make scikit-learn's table of all candidates, those without a single fit included."""
        if self.latest is None:
            raise ValueError(
                f"none of the {len(self.done)} candidates could be fitted; mend the first problem, or set "
                f"error_score='raise' to see where it comes from. {str(self.failure).strip()}"
            ) from self.failure
        n_splits = self.latest["n_splits"]
        pattern = next(candidate.rows[0] for candidate in self.done if candidate.rows)
        rows = [
            row
            for candidate in self.done
            for row in candidate.rows or [self._failed_row(candidate, pattern, n_splits)] * n_splits
        ]
        params = [candidate.params for candidate in self.done]
        self.latest.clear()
        self.latest.update(BaseSearchCV._format_results(self.search, params, n_splits, rows))

    def _outcome(self, candidate: _Evaluated) -> dict[str, Any]:
        if candidate.rows is None:
            mean = float(self.search.error_score)
            told = {"error": candidate.error} if math.isnan(mean) else {"score": mean}
            return {**told, "seconds": candidate.seconds}
        scores = [self._score(row["test_scores"]) for row in candidate.rows]
        seconds = sum(float(row["fit_time"] + row["score_time"]) for row in candidate.rows)
        mean = float(np.average(scores))
        if not math.isnan(mean):
            return {"score": mean, "seconds": seconds}
        errors = [_last_line(row["fit_error"]) for row in candidate.rows if row["fit_error"]]
        bad = sum(math.isnan(score) for score in scores)
        why = "; ".join(dict.fromkeys(errors)) or "the score was nan"
        return {"error": f"{bad} of {len(scores)} folds failed: {why}", "seconds": seconds}

    def _score(self, scores: Any) -> float:
        """The score of one fold that the strategy is told."""
        if isinstance(scores, Mapping):
            name = self.search._name_told(tuple(scores), self.listens)
            self.score_name = name.replace("_", " ")
            return float(scores[name])
        return float(scores)

    def _failed_row(self, candidate: _Evaluated, pattern: Row, n_splits: int) -> Row:
        """What scikit-learn notes of a fold that could not be fitted, in the form of `pattern`."""

        def error_scores(scores: Any) -> Any:
            given = self.search.error_score
            return dict.fromkeys(scores, given) if isinstance(scores, Mapping) else given

        kinds = [key for key in ("test_scores", "train_scores") if key in pattern]
        scores: Row = {key: error_scores(pattern[key]) for key in kinds}
        times = {"fit_time": candidate.seconds / n_splits, "score_time": 0.0}
        return {**pattern, **scores, **times, "fit_error": candidate.error}

    def _warn(self, failed: Sequence[_Evaluated]) -> None:
        for candidate in failed:
            warnings.warn(
                f"no fold of {candidate.params} could be fitted: {candidate.error}; "
                f"its score is {self.search.error_score}",
                FitFailedWarning,
                stacklevel=2,
            )


class _SameFolds:
    """A splitter that splits once, and gives those folds again whenever it is asked."""

    def __init__(self, cv: Any) -> None:
        self.cv = cv
        self.folds: list[Any] | None = None

    def split(self, X: Any, y: Any = None, **params: Any) -> Iterator[Any]:
        if self.folds is None:
            self.folds = list(self.cv.split(X, y, **params))
        return iter(self.folds)


def _ask(strategy: Strategy, most: int) -> Iterator[Params]:
    """Up to `most` suggestions; fewer where the strategy comes to its end."""
    try:
        for _ in range(most):
            strategy.ask()
            yield dict(strategy.pending[-1].params)  # scikit-learn clones estimators before it fits them
    except Exhausted:
        return


def _strategy_maker(given: Any) -> Callable[..., Any]:
    if given is strategies.TransferLearning or (isinstance(given, str) and given.startswith("transfer")):
        raise ValueError(
            f"strategy {given!r} needs a source to learn from; give a function that knows it: "
            "strategy=lambda space, seed: TransferLearning(space, source=earlier, seed=seed)"
        )
    names = ", ".join(map(repr, STRATEGIES))
    if isinstance(given, str):
        if given not in STRATEGIES:
            hint = did_you_mean(given.lower(), STRATEGIES, "choose one of these")
            raise ValueError(
                f"strategy must be one of {names}, or a strategy class, got {shown(given)}; {hint}"
            )
        given = getattr(strategies, STRATEGIES[given])
    if not callable(given):
        made_already = isinstance(given, Strategy)
        instead = "give its class, as each fit makes a new one" if made_already else "choose one"
        raise TypeError(
            f"strategy must be a name ({names}), a strategy class, or a function of (space, seed), "
            f"got {shown(given)}; {instead}"
        )
    made: Callable[..., Any] = given
    return made


def _last_line(traceback: str) -> str:
    return traceback.strip().rsplit("\n", 1)[-1]


def _reasons(message: str) -> str:
    """The errors named in BaseSearchCV's text about a batch of which every fit failed."""
    _, *parts = re.split(r"^-{80}$", message, flags=re.MULTILINE)
    return "; ".join(dict.fromkeys(_last_line(part) for part in parts)) or message.strip()


# -- scikit-learn's way to describe a space -----------------------------------------------------------------


def to_space(given: Any) -> Space:
    """Turn what GridSearchCV or RandomizedSearchCV take into a `Space`.

    Parameters
    ----------
    given : Space, dict, or list of dict
        A dict has a list of values or a frozen distribution of `scipy.stats` for each name. Numbers in a list
        become an `Ordered`, smallest first; a list with anything else a `Choice`. ``uniform`` becomes a
        `Real`, ``loguniform`` a `Real` on a log dial, ``randint`` an `Integer`. Other distributions have no
        ends, or no even dial, and are refused with a line that would do.

        Of a list of dicts, each candidate is from one. A name that every dict gives other values (the kernel,
        the last step) tells them apart; without such a name, a parameter called ``param_grid`` does, which
        `StrategySearchCV` does not hand to the estimator. The other names exist only in their dicts.

    Returns
    -------
    Space

    Raises
    ------
    TypeError, ValueError
        If something cannot be translated; the message names the parameter.

    Examples
    --------
    >>> from scipy.stats import loguniform, randint
    >>> to_space({"C": loguniform(0.01, 100), "degree": randint(2, 5), "kernel": ["poly", "rbf"]})
    Space of 3 parameters, no end of combinations
      C       0.01 to 100 (log)
      degree  2 to 4 (whole)
      kernel  poly, rbf
    >>> to_space([{"kernel": ["linear"], "C": [1, 10]}, {"kernel": ["rbf"], "C": [1, 10], "gamma": [0.1, 1]}])
    Space of 3 parameters, 6 combinations
      kernel  linear, rbf
      C       1 < 10
      gamma   0.1 < 1  when kernel is rbf
    """
    if isinstance(given, Space):
        return given
    dicts = [given] if isinstance(given, Mapping) else given
    if not isinstance(dicts, Sequence) or not dicts or not all(isinstance(one, Mapping) for one in dicts):
        raise TypeError(
            f"space must be a Space, a dict of lists and distributions, or a list of such dicts, "
            f"got {shown(given)}; write e.g. {{'C': [0.1, 1, 10]}}"
        )
    parameters = [{name: _parameter(name, values) for name, values in one.items()} for one in dicts]
    return Space(*parameters[0].values()) if len(dicts) == 1 else _space_of_several(parameters)


def _space_of_several(dicts: Sequence[Mapping[str, Parameter]]) -> Space:
    """One space for candidates that are each from one of several dicts."""
    teller = _teller(dicts)
    parameters = [teller]
    for name in dict.fromkeys(name for one in dicts for name in one if name != teller.name):
        holders = [place for place, one in enumerate(dicts) if name in one]
        parameter = dicts[holders[0]][name]
        for place in holders:
            if dicts[place][name] != parameter:
                raise ValueError(
                    f"{name} has other values in dict {place} than in dict {holders[0]}, and a space has one "
                    f"{name}; give both the same values, or write a Space with where=, or search each dict"
                )
        wanted = [value for place in holders for value in _told_values(teller, dicts[place], place)]
        parameters.append(
            parameter if len(holders) == len(dicts) else replace(parameter, when={teller.name: wanted})
        )
    return Space(*parameters)


def _teller(dicts: Sequence[Mapping[str, Parameter]]) -> Parameter:
    """The parameter whose value tells which dict a candidate is from."""
    for name in dicts[0]:
        if all(isinstance(one.get(name), Choice) for one in dicts):
            try:
                return _parameter(name, [value for one in dicts for value in one[name].values()])
            except ValueError:  # two dicts have a value in common
                continue
    labels = [f"{place}: {', '.join(one) or 'nothing set'}" for place, one in enumerate(dicts)]
    return Choice(WHICH_DICT, range(len(dicts)), labels=labels)


def _told_values(teller: Parameter, one: Mapping[str, Parameter], place: int) -> tuple[Any, ...]:
    return one[teller.name].values() if teller.name in one else (place,)


def _parameter(name: str, given: Any) -> Parameter:
    """A list of values or a distribution as one of our parameters."""
    if hasattr(given, "rvs"):
        return _dial(name, given)
    if isinstance(given, str | bytes) or not (isinstance(given, Sequence) or hasattr(given, "tolist")):
        raise TypeError(
            f"{name} must be a list of values or a frozen scipy distribution, got {shown(given)}; "
            f"{listed(given)}"
        )
    if getattr(given, "ndim", 1) != 1:
        raise ValueError(f"{name} must be a list in one dimension, got {given.ndim}; flatten it")
    all_given = given.tolist() if hasattr(given, "tolist") else given
    values = [value.item() if isinstance(value, np.generic) else value for value in all_given]
    if len(values) > 1 and all(_is_real(value) for value in values):
        return Ordered(name, sorted(values))
    return Choice(name, values)


def _is_real(value: Any) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool) and not math.isnan(value)


def _dial(name: str, given: Any) -> Parameter:
    """The dial that a distribution describes."""
    family = getattr(getattr(given, "dist", None), "name", None)
    if family is None:
        raise TypeError(
            f"{name} must be a frozen distribution of scipy.stats, got {shown(given)}; call it with its "
            "ends, e.g. uniform(0, 1) or loguniform(0.01, 100)"
        )
    low, high = (end.item() for end in map(np.asarray, given.support()))
    if family == "randint":
        return Integer(name, int(low), int(high)) if low < high else Choice(name, [int(low)])
    if family == "uniform":
        return Real(name, low, high)
    # A shifted one is no even turn of a log dial; its middle gives it away.
    if family in ("loguniform", "reciprocal") and math.isclose(given.median(), math.sqrt(low * high)):
        return Real(name, low, high, log=True)
    raise ValueError(
        f"{name}: {family} is not the even turn of a dial with two ends, as uniform, loguniform and randint "
        f"are; write a Space with {_would_do(name, given)}, which covers its middle 98 %, or list values"
    )


def _would_do(name: str, given: Any) -> str:
    """A line for a dial over the middle of a distribution that is none."""
    low, high = given.ppf([0.01, 0.99])
    if hasattr(given.dist, "pmf"):
        return f"Integer({name!r}, {low:.0f}, {high:.0f})"
    return f"Real({name!r}, {low:.3g}, {high:.3g}{', log=True' if 0 < 10 * low < high else ''})"
