"""Time `StrategySearchCV` against scikit-learn's own RandomizedSearchCV on the very same candidates.

Run from the top of the checkout, with scikit-learn installed::

    python benchmarks/search_cv.py

Prints a markdown table; the exit status is 0 where the target is met and 1 where it is not.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable

import sklearn
from sklearn.base import BaseEstimator
from sklearn.datasets import load_iris, load_wine
from sklearn.model_selection import RandomizedSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

import pizzatune as pt
from pizzatune.sklearn import StrategySearchCV

TARGET = 1.1  # times RandomizedSearchCV
YARDSTICK = "RandomizedSearchCV"
JUDGED = "StrategySearchCV, random"
ALSO = "StrategySearchCV, bayesian"  # other candidates, one at a time: told, not judged

# Models that fit in about a millisecond: with slower ones, what a search adds by itself would not be seen.
MODELS: dict[str, tuple[Callable[..., tuple[object, object]], BaseEstimator, pt.Space]] = {
    "tree on iris": (
        load_iris,
        DecisionTreeClassifier(random_state=0),
        pt.Space(pt.Integer("max_depth", 1, 20), pt.Real("min_samples_leaf", 0.001, 0.4, log=True)),
    ),
    "scaled SVC on wine": (
        load_wine,
        make_pipeline(StandardScaler(), SVC()),
        pt.Space(
            pt.Real("svc__C", 0.01, 100, log=True),
            pt.Choice("svc__kernel", ["linear", "rbf"]),
            pt.Real("svc__gamma", 1e-4, 10, log=True, when={"svc__kernel": ["rbf"]}),
        ),
    ),
}


def searches(model: BaseEstimator, space: pt.Space, candidates: int) -> dict[str, BaseEstimator]:
    """The searches to be timed; the first two try the same candidates, which the second draws by itself."""
    drawn = pt.RandomSearch(space, seed=0)
    same = [{name: [value] for name, value in drawn.ask().items()} for _ in range(candidates)]
    return {
        YARDSTICK: RandomizedSearchCV(model, same, n_iter=candidates),
        JUDGED: StrategySearchCV(model, space, strategy="random", n_iter=candidates, random_state=0),
        ALSO: StrategySearchCV(model, space, strategy="bayesian", n_iter=candidates, random_state=0),
    }


def tried(search: BaseEstimator) -> list[str]:
    """The candidates of a search in an order that does not depend on the search."""
    return sorted(str(sorted(params.items())) for params in search.cv_results_["params"])


def time_once(search: BaseEstimator, X: object, y: object) -> float:
    start = time.perf_counter()
    search.fit(X, y)
    return time.perf_counter() - start


def measure(name: str, candidates: int, rounds: int) -> dict[str, list[float]]:
    """Seconds of each search in each round; the searches take turns, and every other round runs backwards."""
    load, model, space = MODELS[name]
    X, y = load(return_X_y=True)
    timed = searches(model, space, candidates)
    seconds: dict[str, list[float]] = {label: [] for label in timed}
    for search in timed.values():
        search.fit(X, y)  # what loads once is loaded now
    assert tried(timed[YARDSTICK]) == tried(timed[JUDGED]), "the two searches tried different candidates"
    for turn in range(rounds):
        for label in list(timed)[:: -1 if turn % 2 else 1]:
            seconds[label].append(time_once(timed[label], X, y))
    return seconds


def ratio(seconds: dict[str, list[float]], label: str) -> float:
    """How many times the yardstick a search took: the median over rounds, each within itself."""
    pairs = zip(seconds[label], seconds[YARDSTICK], strict=True)
    return statistics.median(ours / theirs for ours, theirs in pairs)


def table(measured: dict[str, dict[str, list[float]]], candidates: int, rounds: int) -> str:
    lines = [
        f"| {candidates} candidates, 5 folds | search | median of {rounds}, s | times {YARDSTICK} |",
        "| --- | --- | ---: | ---: |",
    ]
    for name, seconds in measured.items():
        lines += [
            f"| {name} | {label} | {statistics.median(times):.3f} | {ratio(seconds, label):.2f} |"
            for label, times in seconds.items()
        ]
    return "\n".join(lines)


def met(measured: dict[str, dict[str, list[float]]]) -> bool:
    """Whether random search keeps to the target on every model."""
    return all(ratio(seconds, JUDGED) <= TARGET for seconds in measured.values())


def main() -> int:
    parser = argparse.ArgumentParser(description=f"Time StrategySearchCV against {YARDSTICK}.")
    parser.add_argument("--candidates", type=int, default=60, help="in each search (default 60)")
    parser.add_argument("--rounds", type=int, default=15, help="times each search runs (default 15)")
    asked = parser.parse_args()
    for name in ("candidates", "rounds"):
        if getattr(asked, name) < 1:
            parser.error(f"--{name} must be 1 or more, got {getattr(asked, name)}")
    measured = {name: measure(name, asked.candidates, asked.rounds) for name in MODELS}
    print(f"pizzatune {pt.__version__}, scikit-learn {sklearn.__version__}\n")
    print(table(measured, asked.candidates, asked.rounds))
    good = met(measured)
    verdict = "met" if good else "not met"
    print(f"\n**{verdict}**: {JUDGED}, takes at most {TARGET} times {YARDSTICK} on the same candidates.")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
