"""Real models as problems: cross-validated scores of every combination of a finite space, tabulated once.

    python -m benchmarks.real_models            # makes the tables anew; needs scikit-learn and some minutes

A table holds the score of each of six folds. A seed's problem is the mean over three of them, so that seeds
differ a little in what is best, as draws of a data set would. Scores are the accuracy on digits, 1 less the
score of Brier (1950) on wine, where accuracy is too easily 1, and R squared on diabetes.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from pizzatune.parameters import Choice, Integer, Ordered
from pizzatune.space import Params, Space

FOLDER = Path(__file__).with_name("tables")
FOLDS, TAKEN = 6, 3  # folds in a table, and how many of them make one seed's score
ROWS = 900  # of a data set at most: digits has 1,797
STEPS = 10_000  # a score is kept as a whole number of ten-thousandths
TABLES = {
    "choose": ["forest_wine", "knn_digits", "logistic_wine", "knn_diabetes"],
    "report": ["forest_digits", "knn_wine", "logistic_digits", "forest_diabetes"],
}
TREES = [3, 5, 10, 20, 40]
STRENGTHS = [float(f"{strength:.3g}") for strength in np.geomspace(1e-4, 1e2, 13)]
SPACES = {
    "forest": Space(
        Ordered("trees", TREES),
        Ordered("max_depth", [2, 4, 8, 16]),
        Ordered("max_features", [0.1, 0.3, 0.6, 1.0]),
        Ordered("min_samples_leaf", [1, 2, 4, 8]),
        Choice("criterion", ["first", "second"]),
        Choice("bootstrap", [True, False]),
    ),
    "knn": Space(
        Integer("neighbours", 1, 30),
        Choice("weights", ["uniform", "distance"]),
        Choice("metric", ["euclidean", "manhattan", "chebyshev", "cosine"]),
        Choice("scaling", ["none", "standard", "range", "rank"]),
        Ordered("kept", [0.25, 0.5, 0.75, 1.0]),  # share of the principal components
    ),
    "logistic": Space(
        Ordered("C", STRENGTHS),
        Choice("scaling", ["none", "standard", "range", "rank"]),
        Ordered("kept", [0.25, 0.5, 0.75, 1.0]),
        Choice("class_weight", [None, "balanced"]),
        Ordered("rounds", [5, 10, 30, 100]),
    ),
}

# -- using a table -------------------------------------------------------------------------------------------


def table_problem(name: str, seed: int) -> tuple[Space, Callable[[Params], float]]:
    """The space of a table, and the mean score over the folds that `seed` draws."""
    space = SPACES[name.split("_")[0]]
    folds = np.random.default_rng([seed, 7, 6]).choice(FOLDS, size=TAKEN, replace=False)
    return space, partial(_look_up, space, load(name)[folds].mean(axis=0))


def _look_up(space: Space, scores: np.ndarray, params: Params) -> float:
    return float(scores[_places(space, params)])


def _places(space: Space, params: Params) -> tuple[int, ...]:
    return tuple(
        int(np.abs(dial.codes - dial.encode(params[dial.name])).argmin()) for dial in space.parameters
    )


@cache
def load(name: str) -> np.ndarray:
    """Scores of a table, shape (folds, one axis for each parameter)."""
    with np.load(FOLDER / f"{name}.npz") as stored:
        return stored["scores"] / STEPS


# -- making a table ------------------------------------------------------------------------------------------


def data_of(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Features, and classes or values to predict."""
    from sklearn import datasets

    x, y = getattr(datasets, f"load_{name}")(return_X_y=True)
    rows = np.random.default_rng(0).permutation(len(y))[:ROWS]
    return x[rows], y[rows]


def folds_of(x: np.ndarray, y: np.ndarray, data: str) -> list[tuple[np.ndarray, np.ndarray]]:
    from sklearn.model_selection import KFold, StratifiedKFold

    make = KFold if data == "diabetes" else StratifiedKFold
    return list(make(FOLDS, shuffle=True, random_state=0).split(x, y))


def prepared(x: np.ndarray, train: np.ndarray, test: np.ndarray, scaling: str, kept: float) -> Any:
    """The features of a fold after scaling and principal components, both fitted on its training rows."""
    from sklearn.decomposition import PCA
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, QuantileTransformer, StandardScaler

    scalers = {
        "none": FunctionTransformer(),
        "standard": StandardScaler(),
        "range": MinMaxScaler(),
        "rank": QuantileTransformer(n_quantiles=100),
    }
    components = max(1, round(kept * x.shape[1]))
    steps = make_pipeline(scalers[scaling], PCA(components, random_state=0))
    return steps.fit_transform(x[train]), steps.transform(x[test])


def score_of(predicted: np.ndarray, true: np.ndarray, data: str) -> float:
    """How good predictions are: chances of classes, shape (n, classes), or values, shape (n,)."""
    if data == "diabetes":
        return float(1 - ((predicted - true) ** 2).sum() / ((true - true.mean()) ** 2).sum())
    if data == "digits":
        return float((predicted.argmax(axis=1) == true).mean())
    return float(1 - ((predicted - np.eye(predicted.shape[1])[true]) ** 2).sum(axis=1).mean())


def forest_scores(x: np.ndarray, y: np.ndarray, data: str) -> Iterator[tuple[int, Params, float]]:
    """Fold, params, score; one forest of the most trees gives the scores of its first few as well."""
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    classes = data != "diabetes"
    make = RandomForestClassifier if classes else RandomForestRegressor
    criteria = ("gini", "entropy") if classes else ("squared_error", "poisson")
    _, *rest = SPACES["forest"].parameters
    combinations = list(product(*(dial.values() for dial in rest)))
    for fold, (train, test) in enumerate(folds_of(x, y, data)):
        for values in tqdm(combinations, desc=f"forest, fold {fold}", leave=False):
            params = {dial.name: value for dial, value in zip(rest, values, strict=True)}
            chosen = params | {"criterion": criteria[params["criterion"] == "second"]}
            forest = make(TREES[-1], random_state=0, **chosen).fit(x[train], y[train])
            # A forest averages over its trees: the shares of classes, or the values.
            each = [tree.predict_proba(x[test]) if classes else tree.predict(x[test]) for tree in forest]
            so_far = np.cumsum(each, axis=0)
            for trees in TREES:
                yield fold, params | {"trees": trees}, score_of(so_far[trees - 1] / trees, y[test], data)


def knn_scores(x: np.ndarray, y: np.ndarray, data: str) -> Iterator[tuple[int, Params, float]]:
    """Fold, params, score; the neighbours of a metric are sorted once for all their numbers and weights."""
    from scipy.spatial.distance import cdist

    space = SPACES["knn"]
    names = {"euclidean": "euclidean", "manhattan": "cityblock", "chebyshev": "chebyshev", "cosine": "cosine"}
    outer = [space[name].values() for name in ("scaling", "kept", "metric")]
    targets = y[:, None] if data == "diabetes" else np.eye(int(y.max()) + 1)[y]
    for fold, (train, test) in enumerate(folds_of(x, y, data)):
        for scaling, kept, metric in tqdm(list(product(*outer)), desc=f"knn, fold {fold}", leave=False):
            seen, new = prepared(x, train, test, scaling, kept)
            away = np.nan_to_num(cdist(new, seen, names[metric]))  # cosine is not defined for a row of zeros
            near = np.argsort(away, axis=1, kind="stable")[:, : space["neighbours"].high]
            distance = np.maximum(np.take_along_axis(away, near, axis=1), 1e-12)
            for weights in space["weights"].values():
                weight = np.ones_like(distance) if weights == "uniform" else 1 / distance
                votes = np.cumsum(weight[:, :, None] * targets[train][near], axis=1)
                totals = np.cumsum(weight, axis=1)
                for count in space["neighbours"].values():
                    mean = votes[:, count - 1] / totals[:, count - 1, None]
                    predicted = mean[:, 0] if data == "diabetes" else mean
                    params = {"neighbours": count, "weights": weights, "metric": metric}
                    params |= {"scaling": scaling, "kept": kept}
                    yield fold, params, score_of(predicted, y[test], data)


def logistic_scores(x: np.ndarray, y: np.ndarray, data: str) -> Iterator[tuple[int, Params, float]]:
    from sklearn.linear_model import LogisticRegression

    space = SPACES["logistic"]
    for fold, (train, test) in enumerate(folds_of(x, y, data)):
        outer = list(product(space["scaling"].values(), space["kept"].values()))
        for scaling, kept in tqdm(outer, desc=f"logistic, fold {fold}", leave=False):
            seen, new = prepared(x, train, test, scaling, kept)
            for strength, weight, rounds in product(
                *(space[name].values() for name in ("C", "class_weight", "rounds"))
            ):
                model = LogisticRegression(C=strength, class_weight=weight, max_iter=rounds)
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # few rounds do not converge: that is what they are for
                    predicted = model.fit(seen, y[train]).predict_proba(new)
                params = {"C": strength, "scaling": scaling, "kept": kept}
                params |= {"class_weight": weight, "rounds": rounds}
                yield fold, params, score_of(predicted, y[test], data)


def make_table(name: str) -> None:
    """Score every combination on every fold, and keep the table."""
    model, data = name.split("_")
    space = SPACES[model]
    scores = np.full((FOLDS, *(int(dial.size) for dial in space.parameters)), np.nan)
    makers = {"forest": forest_scores, "knn": knn_scores, "logistic": logistic_scores}
    for fold, params, score in makers[model](*data_of(data), data):
        scores[(fold, *_places(space, params))] = score
    if np.isnan(scores).any():
        raise RuntimeError(f"{name}: {int(np.isnan(scores).sum())} combinations were not scored")
    whole = np.rint(scores * STEPS).clip(-30_000, 30_000).astype(np.int16)
    np.savez_compressed(FOLDER / f"{name}.npz", scores=whole)


if __name__ == "__main__":
    for wanted in sys.argv[1:] or [name for half in TABLES.values() for name in half]:
        make_table(wanted)
