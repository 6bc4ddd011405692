"""Our strategies inside scikit-learn: searches, tables and manners as those of GridSearchCV."""

from __future__ import annotations

import importlib.util
import pickle
import subprocess
import sys
from collections import Counter
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import sklearn
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.datasets import load_iris, load_wine, make_classification
from sklearn.decomposition import PCA
from sklearn.exceptions import FitFailedWarning, NotFittedError
from sklearn.linear_model import Ridge
from sklearn.metrics import accuracy_score, make_scorer
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    ParameterGrid,
    RandomizedSearchCV,
    ShuffleSplit,
    cross_val_score,
)
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

# What scikit-learn tests GridSearchCV with, and which checks it lets it fail; neither has a public name.
from sklearn.utils._test_common.instance_generator import INIT_PARAMS, PER_ESTIMATOR_XFAIL_CHECKS
from sklearn.utils.estimator_checks import check_estimator

import pizzatune as pt
from pizzatune.sklearn import STRATEGIES, StrategySearchCV, to_space
from tests.how_often import CI, announce

X, Y = load_iris(return_X_y=True)
SVC_SPACE = pt.Space(
    pt.Real("C", 0.01, 100, log=True),
    pt.Choice("kernel", ["linear", "rbf"]),
    pt.Real("gamma", 0.001, 10, log=True, when={"kernel": ["rbf"]}),
)
TREE_SPACE = {"max_depth": [1, 2, 3, 4], "criterion": ["gini", "entropy"]}
TREE = DecisionTreeClassifier(random_state=0)


class Fussy(ClassifierMixin, BaseEstimator):
    """A classifier that always says class `size` % 3; sizes from 4 up cannot be fitted, 3 only sometimes."""

    def __init__(self, size=1):
        self.size = size

    def fit(self, X, y):
        if self.size >= 4 or (self.size == 3 and len(X) % 2):
            raise RuntimeError(f"size {self.size} is too large")
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        return np.full(len(X), self.size % 3)


ODD_FOLDS = [(np.arange(20, 120), np.arange(20)), (np.arange(21), np.arange(40, 150))]


class InTurn(pt.RandomSearch):
    """Suggests the options of its only parameter in turn, and listens, as far as anyone knows."""

    def suggest(self, rng):
        place = len(self.trials) + len(self.pending)
        return pt.strategies.Suggestion({"size": self.space["size"].values()[place]}, why="it was its turn")


def in_turn(*sizes):
    """A search through these sizes of Fussy, in this order, one at a time."""
    return {"space": pt.Space(pt.Choice("size", sizes)), "strategy": InTurn, "batch": 1, "n_iter": len(sizes)}


# -- scikit-learn's own checks -------------------------------------------------------------------------------


CHECKED = [
    *[(settings, "bayesian") for settings in INIT_PARAMS[GridSearchCV]],
    *zip(INIT_PARAMS[GridSearchCV], ["random", "grid", "genetic"], strict=False),
]
if not CI:
    CHECKED = [CHECKED[0], CHECKED[-1]]


@pytest.mark.parametrize("settings, strategy", CHECKED)
@pytest.mark.filterwarnings("ignore")  # the checks provoke warnings, and judge by themselves which may come
def test_scikit_learn_finds_no_fault_that_it_does_not_forgive_gridsearchcv(settings, strategy, capfd):
    settings = {**settings, "space": settings["param_grid"], "strategy": strategy}
    del settings["param_grid"]
    search = StrategySearchCV(**settings)
    forgiven = PER_ESTIMATOR_XFAIL_CHECKS[GridSearchCV]
    done = check_estimator(search, expected_failed_checks=forgiven, on_fail=None, on_skip=None)
    seen = Counter(check["status"] for check in done)
    not_passed = Counter(
        f"{check['status']} {check['check_name']}: {check['exception']}"
        for check in done
        if check["status"] != "passed"
    )
    others = (f"  {count} x {line.strip()}" for line, count in not_passed.items())
    announce(capfd, f"check_estimator, {strategy}, {settings['estimator']}: {dict(seen)}", *others)
    assert [check["check_name"] for check in done if check["status"] == "failed"] == []
    assert {check["check_name"] for check in done if check["status"] == "xfail"} <= set(forgiven)
    assert seen["passed"] >= 40


# -- the five lines ------------------------------------------------------------------------------------------


def test_five_lines_tune_a_pipeline():
    wines, makers = load_wine(return_X_y=True)
    space = pt.Space(pt.Real("svc__C", 0.01, 100, log=True), pt.Real("svc__gamma", 1e-4, 1, log=True))
    model = make_pipeline(StandardScaler(), SVC())
    search = StrategySearchCV(model, space, strategy="bayesian", n_iter=12, random_state=0).fit(wines, makers)
    assert (
        search.best_score_
        > cross_val_score(make_pipeline(StandardScaler(), SVC(C=0.01)), wines, makers).mean()
    )
    assert search.best_params_ == search.cv_results_["params"][search.best_index_]
    assert (
        search.best_score_
        == cross_val_score(clone(model).set_params(**search.best_params_), wines, makers).mean()
    )
    assert search.predict(wines[:2]).tolist() == [0, 0]
    assert search.score(wines, makers) == accuracy_score(makers, search.predict(wines))


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_trials_are_those_that_tune_makes(strategy):
    def accuracy(params):
        return cross_val_score(SVC(**params), X, Y, cv=3).mean()

    search = StrategySearchCV(SVC(), SVC_SPACE, strategy=strategy, n_iter=9, cv=3, random_state=4).fit(X, Y)
    made = getattr(pt, STRATEGIES[strategy])(SVC_SPACE, seed=4)
    result = pt.tune(accuracy, made, budget=9)
    assert search.trials_ == result.trials
    assert search.best_params_ == result.best_params
    assert search.result_.best_score == search.best_score_
    assert search.strategy_.seed == 4


def test_each_trial_is_a_row_of_the_table():
    search = StrategySearchCV(SVC(), SVC_SPACE, n_iter=8, random_state=1).fit(X, Y)
    assert [trial.params for trial in search.trials_] == search.cv_results_["params"]
    assert [trial.score for trial in search.trials_] == search.cv_results_["mean_test_score"].tolist()
    seconds = 5 * (search.cv_results_["mean_fit_time"] + search.cv_results_["mean_score_time"])
    np.testing.assert_allclose([trial.seconds for trial in search.trials_], seconds)
    absent = [trial.params["kernel"] == "linear" for trial in search.trials_]
    assert 0 < sum(absent) < 8
    assert search.cv_results_["param_gamma"].mask.tolist() == absent


def test_the_result_is_drawn_with_the_name_of_its_score():
    search = StrategySearchCV(TREE, TREE_SPACE, n_iter=3, scoring="balanced_accuracy").fit(X, Y)
    picture = search.result_.plot()
    assert "cross-validated balanced accuracy" in picture.panels[0].y.label
    assert "cross-validated balanced accuracy" in picture.caption
    assert "3 trials, budget spent\nbest cross-validated balanced accuracy" in repr(search.result_)


# -- beside scikit-learn's searches --------------------------------------------------------------------------


def same_but_for_times(ours, theirs):
    """Whether two tables hold the same, row for row of the same params."""
    assert set(ours) == set(theirs)
    place = [theirs["params"].index(params) for params in ours["params"]]
    assert sorted(place) == list(range(len(theirs["params"])))
    for key in theirs:
        if key.endswith("_time") or key == "params":
            continue
        ordered = theirs[key][place]
        assert ours[key].dtype == ordered.dtype
        np.testing.assert_array_equal(ours[key], ordered)


def test_a_grid_gives_the_table_of_gridsearchcv():
    settings = {"cv": 4, "return_train_score": True, "scoring": ["accuracy", "f1_macro"], "refit": "f1_macro"}
    ours = StrategySearchCV(TREE, TREE_SPACE, strategy="grid", **settings).fit(X, Y)
    theirs = GridSearchCV(TREE, TREE_SPACE, **settings).fit(X, Y)
    same_but_for_times(ours.cv_results_, theirs.cv_results_)
    assert ours.best_score_ == theirs.best_score_
    assert ours.multimetric_ is theirs.multimetric_ is True
    assert ours.n_splits_ == theirs.n_splits_ == 4
    assert ours.result_.stopped == "every combination tried"


@pytest.mark.parametrize("strategy", ["random", "genetic"])
def test_the_same_candidates_give_the_table_of_randomizedsearchcv(strategy):
    ours = StrategySearchCV(SVC(), SVC_SPACE, strategy=strategy, n_iter=6, random_state=0).fit(X, Y)
    each = [{name: [value] for name, value in params.items()} for params in ours.cv_results_["params"]]
    theirs = RandomizedSearchCV(SVC(), each, n_iter=6).fit(X, Y)
    same_but_for_times(ours.cv_results_, theirs.cv_results_)


def test_an_estimator_may_be_a_parameter():
    space = [
        {"reduce": [PCA(), "passthrough"], "svc__C": [0.1, 10]},
        {"reduce": [MinMaxScaler()], "reduce__clip": [True, False], "svc__C": [0.1, 10]},
    ]
    model = Pipeline([("reduce", "passthrough"), ("svc", SVC())])
    ours = StrategySearchCV(model, space, strategy="grid", cv=2).fit(X, Y)
    theirs = GridSearchCV(model, space, cv=2).fit(X, Y)
    assert len(ours.trials_) == len(theirs.cv_results_["params"]) == 8
    assert ours.best_score_ == theirs.best_score_
    np.testing.assert_array_equal(
        np.sort(ours.cv_results_["mean_test_score"]), np.sort(theirs.cv_results_["mean_test_score"])
    )


def test_dicts_without_a_common_name_are_told_apart_by_one_that_no_estimator_sees():
    search = StrategySearchCV(
        TREE, [{"max_depth": [1, 2]}, {"max_leaf_nodes": [3, 5, 7]}], strategy="grid"
    ).fit(X, Y)
    assert sorted(map(str, search.cv_results_["params"])) == sorted(
        str(params) for params in ParameterGrid([{"max_depth": [1, 2]}, {"max_leaf_nodes": [3, 5, 7]}])
    )
    assert {trial.params["param_grid"] for trial in search.trials_} == {0, 1}
    assert "param_grid" not in search.best_params_


# -- how many, and how many at once --------------------------------------------------------------------------


def batches(capsys):
    """How many candidates each batch of a search with verbose=1 had."""
    return [
        int(line.split()[6]) for line in capsys.readouterr().out.splitlines() if line.startswith("Fitting")
    ]


@pytest.mark.parametrize(
    "strategy, batch, expected",
    [
        ("random", None, [7]),
        ("random", 3, [3, 3, 1]),
        ("grid", None, [8]),
        ("genetic", None, [1] * 7),
        ("bayesian", 4, [4, 3]),
    ],
)
def test_who_does_not_listen_is_asked_for_all_at_once(strategy, batch, expected, capsys):
    n_iter = None if strategy == "grid" else 7
    StrategySearchCV(TREE, TREE_SPACE, strategy=strategy, n_iter=n_iter, batch=batch, cv=3, verbose=1).fit(
        X, Y
    )
    assert batches(capsys) == expected


def test_a_finite_space_is_searched_to_its_end():
    search = StrategySearchCV(TREE, TREE_SPACE, n_iter=20, batch=3).fit(X, Y)
    assert len(search.trials_) == 8
    assert search.result_.stopped == "every combination tried"


def test_ten_candidates_are_usual_and_a_grid_is_tried_whole():
    dial = pt.Space(pt.Real("C", 0.1, 10))
    assert len(StrategySearchCV(SVC(), dial, strategy="random").fit(X, Y).trials_) == 10
    coarse = partial(pt.GridSearch, resolution=3)
    assert len(StrategySearchCV(SVC(), dial, strategy=coarse).fit(X, Y).trials_) == 3
    assert len(StrategySearchCV(SVC(), dial, strategy=coarse, n_iter=2).fit(X, Y).trials_) == 2


def test_two_processes_find_what_one_finds():
    search = StrategySearchCV(SVC(), SVC_SPACE, n_iter=5, batch=2, random_state=3)
    alone = clone(search).fit(X, Y)
    together = search.set_params(n_jobs=2).fit(X, Y)
    assert alone.trials_ == together.trials_
    same_but_for_times(together.cv_results_, alone.cv_results_)


def test_a_splitter_that_shuffles_gives_all_candidates_the_same_folds():
    class Repeating(pt.RandomSearch):
        def __init__(self, space, seed):
            super().__init__(space, seed=seed, repeats=True)

    space = pt.Space(pt.Choice("max_depth", [2]))
    settings = {"strategy": Repeating, "batch": 1, "n_iter": 4}
    cv = ShuffleSplit(2, test_size=75, random_state=np.random.RandomState(0))  # goes on to other folds
    search = StrategySearchCV(TREE, space, cv=cv, **settings)
    first, second = ({trial.score for trial in search.fit(X, Y).trials_} for _ in range(2))
    assert len(first) == len(second) == 1
    assert first != second
    folds = (fold for fold in ODD_FOLDS)  # comes to an end, and may be used once
    once = StrategySearchCV(TREE, space, cv=folds, **settings).fit(X, Y)
    assert len(once.trials_) == 4
    assert once.n_splits_ == 2


# -- several scorers, and what becomes of the best -----------------------------------------------------------

SCORERS = ["accuracy", "neg_log_loss"]


@pytest.mark.parametrize("told", SCORERS)
def test_the_strategy_is_told_the_score_that_refit_names(told):
    search = StrategySearchCV(TREE, TREE_SPACE, n_iter=4, scoring=SCORERS, refit=told).fit(X, Y)
    assert [trial.score for trial in search.trials_] == search.cv_results_[f"mean_test_{told}"].tolist()
    assert search.result_.score_label == f"cross-validated {told.replace('_', ' ')}"
    assert search.best_score_ == search.result_.best_score


def two_scores(estimator, X, y):
    right = accuracy_score(y, estimator.predict(X))
    return {"right": right, "wrong": 1 - right}


@pytest.mark.parametrize("scoring", [SCORERS, tuple(SCORERS), {"a": "accuracy", "b": "f1_macro"}, two_scores])
@pytest.mark.parametrize("refit", [False, lambda table: 0], ids=["no", "function"])
def test_a_strategy_that_listens_must_know_which_score_to_raise(scoring, refit):
    search = StrategySearchCV(TREE, TREE_SPACE, strategy="genetic", scoring=scoring, refit=refit)
    with pytest.raises(ValueError, match=r"needs to know which one counts, got refit=.*write e.g. refit='"):
        search.fit(X, Y)
    blind = search.set_params(strategy="random", n_iter=4).fit(X, Y)
    first = next(iter(scoring)) if scoring is not two_scores else "right"
    assert [trial.score for trial in blind.trials_] == blind.cv_results_[f"mean_test_{first}"].tolist()


def test_scikit_learn_says_which_scores_there_are():
    search = StrategySearchCV(TREE, TREE_SPACE, scoring=two_scores, refit="left", n_iter=3)
    with pytest.raises(ValueError, match="refit must be set to a scorer key"):
        search.fit(X, Y)
    assert search.set_params(refit="wrong").fit(X, Y).best_score_ == max(
        search.cv_results_["mean_test_wrong"]
    )


def test_refit_may_be_a_rule_or_left_out():
    simplest = StrategySearchCV(TREE, TREE_SPACE, n_iter=4, refit=lambda table: 2, random_state=0).fit(X, Y)
    assert simplest.best_params_ == simplest.trials_[2].params
    assert simplest.best_estimator_.get_depth() <= simplest.best_params_["max_depth"]
    bare = clone(simplest).set_params(refit=False).fit(X, Y)
    assert bare.best_params_ == bare.result_.best_params
    assert not hasattr(bare, "best_estimator_")
    with pytest.raises(AttributeError, match="has no attribute 'predict'"):
        bare.predict(X)
    with pytest.raises(NotFittedError):
        clone(simplest).predict(X)


# -- when a fit fails ----------------------------------------------------------------------------------------


def test_a_candidate_that_cannot_be_fitted_is_a_failed_trial_and_a_row():
    search = StrategySearchCV(Fussy(), cv=ODD_FOLDS, return_train_score=True, **in_turn(4, 1, 3, 2, 5))
    with pytest.warns() as warned:
        search.fit(X, Y)
    told = [str(warning.message) for warning in warned if warning.category is FitFailedWarning]
    assert len(told) == 3
    assert told[0].startswith("no fold of {'size': 4} could be fitted: RuntimeError: size 4 is too large")
    assert "1 fits failed out of a total of 2" in told[1]
    assert sum("test scores are non-finite" in str(warning.message) for warning in warned) == 1

    assert [trial.error for trial in search.trials_] == [
        "RuntimeError: size 4 is too large",
        None,
        "1 of 2 folds failed: RuntimeError: size 3 is too large",
        None,
        "RuntimeError: size 5 is too large",
    ]
    assert [trial.score for trial in search.trials_[1::2]] == [
        np.mean([np.mean(Y[test] == size) for _, test in ODD_FOLDS]) for size in (1, 2)
    ]
    with pytest.warns():
        theirs = GridSearchCV(Fussy(), {"size": [4, 1, 3, 2, 5]}, cv=ODD_FOLDS, return_train_score=True).fit(
            X, Y
        )
    same_but_for_times(search.cv_results_, theirs.cv_results_)
    assert search.best_params_ == theirs.best_params_


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.FitFailedWarning")
def test_a_failure_may_be_worth_a_score():
    search = StrategySearchCV(Fussy(), cv=ODD_FOLDS, error_score=-1, **in_turn(1, 4)).fit(X, Y)
    assert [trial.score for trial in search.trials_] == search.cv_results_["mean_test_score"].tolist()
    assert search.trials_[1].score == -1


def test_a_failure_may_end_the_search():
    search = StrategySearchCV(Fussy(), cv=ODD_FOLDS, error_score="raise", **in_turn(1, 4, 2))
    with pytest.raises(RuntimeError, match="size 4 is too large"):
        search.fit(X, Y)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.FitFailedWarning")
@pytest.mark.parametrize("batch", [1, 2, 3])
def test_where_nothing_can_be_fitted_the_first_cause_is_told(batch):
    search = StrategySearchCV(Fussy(), **{**in_turn(4, 5, 6), "batch": batch})
    with pytest.raises(
        ValueError, match=r"(?s)none of the 3 candidates could be fitted.*size 4 is too large"
    ):
        search.fit(X, Y)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.FitFailedWarning")
def test_several_scorers_have_a_row_for_a_failure_too():
    with pytest.warns(UserWarning, match="non-finite"):
        search = StrategySearchCV(
            Fussy(), cv=ODD_FOLDS, scoring=["accuracy", "f1_macro"], refit="accuracy", **in_turn(5, 1)
        ).fit(X, Y)
    assert np.isnan(search.cv_results_["mean_test_f1_macro"]).tolist() == [True, False]
    assert search.cv_results_["rank_test_accuracy"].tolist() == [2, 1]


def test_a_score_that_is_no_number_is_a_failed_trial():
    def moody(estimator, X, y):
        return np.nan if estimator.size == 2 else 0.5

    with pytest.warns(UserWarning, match="non-finite"):
        search = StrategySearchCV(Fussy(), scoring=moody, **in_turn(1, 2)).fit(X, Y)
    assert search.trials_[1].error == "5 of 5 folds failed: the score was nan"


def test_a_name_that_the_estimator_does_not_have_stops_the_search():
    with pytest.raises(ValueError, match="Invalid parameter 'sise' for estimator"):
        StrategySearchCV(Fussy(), {"sise": [1, 2]}).fit(X, Y)


# -- manners of an estimator ---------------------------------------------------------------------------------


def test_the_same_random_state_is_the_same_search():
    search = StrategySearchCV(SVC(), SVC_SPACE, strategy="random", n_iter=4)
    first, second, other = (
        clone(search).set_params(random_state=seed).fit(X, Y).trials_ for seed in (5, 5, 6)
    )
    assert first == second != other
    rng = np.random.RandomState(0)  # scikit-learn's kind
    search.set_params(random_state=rng)
    copied = [clone(search).fit(X, Y).trials_ for _ in range(2)]
    assert copied[0] == copied[1] == search.fit(X, Y).trials_ != search.fit(X, Y).trials_


@pytest.mark.parametrize(
    "strategy", [*STRATEGIES, pt.BayesianOptimization, partial(pt.GridSearch, resolution=2)]
)
def test_a_search_is_cloned_and_pickled(strategy):
    search = StrategySearchCV(SVC(), SVC_SPACE, strategy=strategy, n_iter=6, random_state=0)
    twin = clone(search)
    assert twin.get_params()["space"] == SVC_SPACE
    assert twin.get_params()["estimator__C"] == 1.0
    fitted = pickle.loads(pickle.dumps(search.fit(X, Y)))
    assert fitted.trials_ == search.trials_ == twin.fit(X, Y).trials_
    np.testing.assert_array_equal(fitted.predict(X), search.predict(X))
    assert fitted.strategy_.best == search.strategy_.best


def test_a_search_is_shown_in_text_and_in_html():
    search = StrategySearchCV(SVC(), SVC_SPACE, n_iter=2)
    assert repr(search).startswith("StrategySearchCV(estimator=SVC(), n_iter=2,")
    assert "StrategySearchCV" in search._repr_html_()
    assert "SVC" in search.fit(X, Y)._repr_html_()


def test_a_search_can_be_a_step_and_be_cross_validated_itself():
    search = StrategySearchCV(SVC(), SVC_SPACE, strategy="random", n_iter=3, cv=3, random_state=0)
    model = make_pipeline(StandardScaler(), search)
    nested = cross_val_score(model, X, Y, cv=3)
    assert nested.shape == (3,)
    assert nested.min() > 0.5
    assert model.fit(X, Y).classes_.tolist() == [0, 1, 2]


def test_groups_and_weights_reach_the_splitter_and_the_fits():
    groups = np.arange(150) % 5
    search = StrategySearchCV(
        SVC(), SVC_SPACE, strategy="genetic", n_iter=3, cv=GroupKFold(5), random_state=0
    )
    assert search.fit(X, Y, groups=groups).n_splits_ == 5
    with pytest.raises(ValueError, match="groups"):
        search.fit(X, Y)
    with sklearn.config_context(enable_metadata_routing=True):
        model = clone(TREE).set_fit_request(sample_weight=True)
        scorer = make_scorer(accuracy_score).set_score_request(sample_weight=True)
        weighted = StrategySearchCV(model, TREE_SPACE, strategy="grid", scoring=scorer)
        weights = np.where(Y == 2, 0.0, 1.0)
        weighted.fit(X, Y, sample_weight=weights)
        assert set(weighted.predict(X)) == {0, 1}
        np.testing.assert_array_equal(
            weighted.cv_results_["mean_test_score"], 1.0
        )  # third kind weighs nothing
        theirs = GridSearchCV(model, TREE_SPACE, scoring=scorer)
        assert str(weighted.get_metadata_routing()).replace("StrategySearchCV", "GridSearchCV") == str(
            theirs.get_metadata_routing()
        )


def test_a_regressor_is_one():
    x, y = make_classification(60, random_state=0)
    search = StrategySearchCV(Ridge(), {"alpha": stats.loguniform(1e-3, 10)}, n_iter=4).fit(x, y)
    assert sklearn.base.is_regressor(search)
    assert 1e-3 <= search.best_params_["alpha"] <= 10


# -- what is refused -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["transfer", "transfer_learning", pt.TransferLearning])
def test_transfer_learning_asks_for_its_source(name):
    with pytest.raises(
        ValueError, match=r"needs a source.*TransferLearning\(space, source=earlier, seed=seed\)"
    ):
        StrategySearchCV(SVC(), SVC_SPACE, strategy=name).fit(X, Y)


def test_transfer_learning_from_an_earlier_search():
    earlier = StrategySearchCV(SVC(), SVC_SPACE, n_iter=10, random_state=0).fit(X[::2], Y[::2])
    later = StrategySearchCV(
        SVC(),
        SVC_SPACE,
        strategy=lambda space, seed: pt.TransferLearning(space, source=earlier.result_, seed=seed),
        n_iter=2,
        random_state=0,
    ).fit(X, Y)
    assert isinstance(later.strategy_, pt.TransferLearning)
    assert later.trials_[0].score > 0.9


@pytest.mark.parametrize(
    "settings, error, match",
    [
        ({"strategy": "bayes"}, ValueError, r"strategy must be one of 'bayesian', .* got 'bayes'"),
        ({"strategy": None}, TypeError, r"must be a name .* got None; choose one"),
        ({"strategy": pt.RandomSearch(SVC_SPACE)}, TypeError, r"give its class, as each fit makes a new one"),
        ({"strategy": lambda space, seed: space}, TypeError, r"must make a strategy, got Space"),
        ({"n_iter": 0}, ValueError, r"n_iter must be 1 or more, got 0"),
        ({"n_iter": 2.5}, TypeError, r"n_iter must be a whole number, got 2.5"),
        ({"batch": True}, TypeError, r"batch must be a whole number, got True"),
        ({"space": {}}, ValueError, r"a space needs at least one parameter"),
        ({"space": []}, TypeError, r"space must be a Space, a dict .* got \[\]; write e.g. {'C': \[0.1"),
        ({"space": "C"}, TypeError, r"space must be a Space, a dict .* got 'C'"),
        ({"space": [{"C": [1]}, ("gamma", 1)]}, TypeError, r"space must be a Space, a dict"),
    ],
)
def test_settings_that_make_no_sense_are_named(settings, error, match):
    with pytest.raises(error, match=match):
        StrategySearchCV(SVC(), **{"space": SVC_SPACE, **settings}).fit(X, Y)


def test_a_strategy_that_was_told_before_is_refused():
    def told(space, seed):
        strategy = pt.RandomSearch(space, seed=seed)
        strategy.tell({"C": 1.0, "kernel": "linear"}, 0.9)
        return strategy

    with pytest.raises(
        ValueError, match=r"got one with 1 trials; to learn from earlier trials, make Transfer"
    ):
        StrategySearchCV(SVC(), SVC_SPACE, strategy=told).fit(X, Y)


def test_without_scikit_learn_the_error_says_what_to_install():
    code = "import sys; sys.modules['sklearn'] = None; import pizzatune.sklearn"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 1
    assert (
        "pizzatune.sklearn needs scikit-learn 1.6 or newer; install it with pip install 'pizzatune[models]'"
        in (run.stderr)
    )


# -- a space from scikit-learn's descriptions ----------------------------------------------------------------


@pytest.mark.parametrize(
    "distribution, expected",
    [
        (stats.uniform(), pt.Real("x", 0, 1)),
        (stats.uniform(-3, 5), pt.Real("x", -3, 2)),
        (stats.uniform(loc=10, scale=0.5), pt.Real("x", 10, 10.5)),
        (stats.loguniform(1e-4, 1e2), pt.Real("x", 1e-4, 1e2, log=True)),
        (stats.loguniform(1, 10, scale=3), pt.Real("x", 3, 30, log=True)),
        (stats.reciprocal(0.5, 2), pt.Real("x", 0.5, 2, log=True)),
    ],
)
def test_a_distribution_becomes_the_dial_with_its_quantiles(distribution, expected):
    (dial,) = to_space({"x": distribution}).parameters
    assert dial == expected
    shares = np.array([0.0, 0.01, 0.3, 0.5, 0.9, 1.0])
    np.testing.assert_allclose([dial.decode(share) for share in shares], distribution.ppf(shares))


def test_randint_becomes_whole_numbers_of_which_each_has_its_share():
    distribution = stats.randint(2, 6, loc=1)
    (dial,) = to_space({"n": distribution}).parameters
    assert dial == pt.Integer("n", 3, 6)
    np.testing.assert_allclose(distribution.pmf(dial.values()), 1 / len(dial.values()))
    (only,) = to_space({"n": stats.randint(4, 5)}).parameters
    assert only.values() == (4,)


@pytest.mark.parametrize(
    "distribution, way_out",
    [
        (stats.expon(scale=0.1), r"C: expon is not the even turn .* Real\('C', 0.00101, 0.461, log=True\)"),
        (stats.norm(5, 1), r"C: norm is not .* Real\('C', 2.67, 7.33\), which covers its middle 98 %"),
        (stats.loguniform(1, 10, loc=5), r"C: loguniform is not the even turn"),
        (stats.poisson(20), r"C: poisson is not .* Integer\('C', 10, 31\)"),
    ],
)
def test_a_distribution_that_is_no_dial_is_refused_with_a_line_that_would_do(distribution, way_out):
    with pytest.raises(ValueError, match=way_out) as refused:
        to_space({"C": distribution})
    line = str(refused.value).split("write a Space with ")[1].split(", which")[0]
    dial = eval(f"pt.{line}")
    assert distribution.cdf(dial.high) - distribution.cdf(dial.low) == pytest.approx(0.98, abs=0.01)


class OfMyOwn:
    def rvs(self, random_state=None):
        return 1.0


@pytest.mark.parametrize(
    "given, error, match",
    [
        (stats.uniform, TypeError, r"C must be a frozen distribution of scipy.stats.*e.g. uniform\(0, 1\)"),
        (OfMyOwn(), TypeError, r"C must be a frozen distribution"),
        ("linear", TypeError, r"C must be a list of values .* got 'linear'; write \['linear'\]"),
        (3.0, TypeError, r"C must be a list of values .* got 3.0"),
        ({1, 2}, TypeError, r"C must be a list of values"),
        (np.ones((2, 2)), ValueError, r"C must be a list in one dimension, got 2; flatten it"),
        ([], ValueError, r"C: options must hold at least one"),
        (["a", "a"], ValueError, r"C: option 'a' comes twice"),
    ],
)
def test_what_is_no_list_and_no_distribution_is_refused(given, error, match):
    with pytest.raises(error, match=match):
        to_space({"C": given})


def test_numbers_in_a_list_have_an_order_and_other_things_have_none():
    space = to_space(
        {
            "C": np.logspace(2, -2, 5),
            "depth": [5, None, 2],
            "shrinking": [True, False],
            "degree": range(2, 4),
            "tol": [np.float64(0.1), np.float64(0.01)],
        }
    )
    assert space.parameters == (
        pt.Ordered("C", [0.01, 0.1, 1.0, 10.0, 100.0]),
        pt.Choice("depth", [5, None, 2]),
        pt.Choice("shrinking", [True, False]),
        pt.Ordered("degree", [2, 3]),
        pt.Ordered("tol", [0.01, 0.1]),
    )
    assert {type(option) for option in (*space["C"].options, *space["tol"].options)} == {float}


def test_a_space_stays_as_it_is():
    assert to_space(SVC_SPACE) is SVC_SPACE
    assert to_space([{"C": [1, 2]}]) == to_space({"C": [1, 2]})


@pytest.mark.parametrize(
    "grids",
    [
        [{"kernel": ["linear"], "C": [1, 10]}, {"C": [10, 1], "gamma": [0.1, 1], "kernel": ["rbf"]}],
        [
            {"kernel": ["linear", "poly"], "C": [1, 10]},
            {"kernel": ["rbf"], "gamma": [0.1, 1]},
            {"kernel": ["x"]},
        ],
        [{"C": [1, 2]}, {"gamma": [0.1, 1, 10]}],
        [{}, {"C": [1, 2]}],
        [{"C": [1, 2], "probability": [True]}, {"C": [1, 2], "shrinking": [True, False]}],
    ],
)
def test_a_list_of_dicts_becomes_the_space_of_their_combinations(grids):
    def plain(candidates):
        return sorted(
            sorted((name, str(value)) for name, value in params.items() if name != "param_grid")
            for params in candidates
        )

    space = to_space(grids)
    assert plain(space.enumerate()) == plain(ParameterGrid(grids))
    assert space.size == len(ParameterGrid(grids))


def test_dicts_may_hold_distributions():
    grids = [{"kernel": ["linear"]}, {"kernel": ["rbf"], "gamma": stats.loguniform(0.1, 10)}]
    assert to_space(grids) == pt.Space(
        pt.Choice("kernel", ["linear", "rbf"]), pt.Real("gamma", 0.1, 10, log=True, when={"kernel": ["rbf"]})
    )


def test_a_name_with_other_values_in_each_dict_is_refused():
    grids = [{"kernel": ["linear"], "C": [1, 10]}, {"kernel": ["rbf"], "C": [1, 100]}]
    with pytest.raises(
        ValueError, match=r"C has other values in dict 1 than in dict 0, .* or search each dict"
    ):
        to_space(grids)


values = st.lists(
    st.one_of(st.integers(-99, 99), st.sampled_from(["a", "b", "c"]), st.none()),
    min_size=1,
    max_size=4,
    unique=True,
)


@given(st.dictionaries(st.sampled_from(["C", "svc__gamma", "kernel", "n"]), values, min_size=1, max_size=3))
def test_any_grid_has_the_combinations_that_scikit_learn_counts(grid):
    ours = sorted(map(repr, to_space(dict(sorted(grid.items()))).enumerate()))
    assert ours == sorted(map(repr, ParameterGrid(grid)))


# -- what it costs -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bench():
    path = Path(__file__).parents[1] / "benchmarks" / "search_cv.py"
    spec = importlib.util.spec_from_file_location("benchmark_search_cv", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_benchmark_times_the_same_candidates(bench):
    seconds = bench.measure("tree on iris", candidates=3, rounds=2)
    assert [len(times) for times in seconds.values()] == [2, 2, 2]
    rows = bench.table({"tree on iris": seconds}, candidates=3, rounds=2).splitlines()[2:]
    assert [row.split("|")[2].strip() for row in rows] == [bench.YARDSTICK, bench.JUDGED, bench.ALSO]
    model, space = DecisionTreeClassifier(), bench.MODELS["tree on iris"][2]
    searches = [search.fit(X, Y) for search in bench.searches(model, space, candidates=4).values()]
    assert bench.tried(searches[0]) == bench.tried(searches[1]) != bench.tried(searches[2])


@pytest.mark.parametrize("ours, good", [([1.0, 2.2, 30.0], True), ([1.2, 2.2, 3.4], False)])
def test_the_benchmark_judges_by_the_median_ratio(bench, ours, good):
    seconds = {bench.YARDSTICK: [1.0, 2.0, 3.0], bench.JUDGED: ours}
    assert bench.ratio(seconds, bench.YARDSTICK) == 1.0
    assert bench.met({"one": seconds}) is good
    assert bench.met({"quick": {**seconds, bench.JUDGED: [0.1] * 3}, "one": seconds}) is good
