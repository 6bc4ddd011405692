"""The problems of the benchmark, who races on them, and how runs are kept; no peer has to be installed."""

from __future__ import annotations

import importlib.util
import json
import math
from functools import partial

import numpy as np
import pytest

import pizzatune as pt
from benchmarks import functions, page, problems, quality, runs
from benchmarks.entrants import OURS, code_of
from benchmarks.pairs import BLEND, PAIRS, pair
from benchmarks.parallel import Batches
from benchmarks.peer import Cannot, Entry
from benchmarks.peers import PEERS
from benchmarks.problems import APART, CHOOSE, RECIPES, REPORT, TARGETS, is_mixed, problem
from benchmarks.real_models import SPACES, TABLES, load
from tests.how_often import CI

KNOWN = {  # the highest value, from the literature
    "goldstein_price": -3.0,
    "camel": 1.031628,
    "shekel_4": 10.5364,
    "styblinski_6": 6 * 39.16617,
    "michalewicz_5": 4.687658,
    "hartmann_6": 3.32237,
    "rosenbrock_log": 0.0,
    "dixon_price_log": 0.0,
    "branin": -0.397887,
}
NOT_MENUS = [name for name in RECIPES if not problems.is_menu(name)]


# -- the problems --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KNOWN)
def test_the_best_of_a_smooth_problem_is_that_of_the_literature(name):
    for seed in (0, 7, 29):
        assert problem(name, seed).best.score == pytest.approx(KNOWN[name], abs=2e-3)


@pytest.mark.parametrize("name", RECIPES if CI else list(RECIPES)[::6])
def test_no_random_params_beat_the_best_and_half_beat_the_median(name):
    made = problem(name, 3)
    assert made.taste(made.best.params) == pytest.approx(made.best.score)
    rng = np.random.default_rng(11)
    scores = np.array([made.taste(made.space.sample(rng)) for _ in range(400)])
    assert scores.max() <= made.best.score + 1e-9
    above, ties = np.mean(scores > made.median), np.mean(scores == made.median)
    assert above < 0.58
    assert above + ties > 0.42
    assert math.isclose(runs_regret(made, made.best.score), 0.0)
    assert math.isclose(runs_regret(made, made.median), 1.0)


def runs_regret(made, score):
    return (made.best.score - score) / (made.best.score - made.median)


@pytest.mark.parametrize("name", NOT_MENUS if CI else NOT_MENUS[::6])
def test_each_seed_has_a_problem_of_its_own(name):
    one, other, again = problem(name, 0), problem(name, 1), problem(name, 0)
    rng = np.random.default_rng(5)
    tried = [one.space.sample(rng) for _ in range(5)]
    assert one.space == other.space
    assert [one.taste(params) for params in tried] == [again.taste(params) for params in tried]
    assert [one.taste(params) for params in tried] != [other.taste(params) for params in tried]


@pytest.mark.parametrize(
    "function", [functions.GOLDSTEIN_PRICE, functions.CAMEL, functions.shekel(), functions.levy(3)]
)
def test_a_function_is_shifted_and_mirrored_so_that_no_place_is_lucky(function):
    placed = [function.placed(np.random.default_rng(seed)) for seed in range(60)]
    tops = np.array([place.top for place in placed])
    assert ((tops > 0.04) & (tops < 0.96)).all()
    assert (tops.std(axis=0) > 0.05).all()
    assert np.mean([place.flip for place in placed]) == pytest.approx(0.5, abs=0.15)
    for place in placed[:5]:
        assert place(place.top[None])[0] == pytest.approx(function.best)


def test_the_halves_share_no_problem_and_are_alike_in_kind():
    assert not set(CHOOSE) & set(REPORT)
    kinds = [sorted(recipe.kind for recipe in half.values()) for half in (CHOOSE, REPORT)]
    assert kinds[0] == kinds[1]
    for half in (CHOOSE, REPORT):
        averaged = [name for name, recipe in half.items() if recipe.kind not in APART]
        assert sum(is_mixed(problem(name, 0).space) for name in averaged) >= 6


def test_a_noisy_score_counts_in_ways_from_the_median_to_the_best():
    noisy = [name for name, recipe in RECIPES.items() if recipe.noise]
    assert len(noisy) == 4
    for name in noisy:
        made = problem(name, 2)
        assert made.best.score - made.median == pytest.approx(1.0)


def test_a_table_problem_is_the_mean_over_three_folds():
    folds = load("knn_wine")
    assert folds.shape == (6, *(int(dial.size) for dial in SPACES["knn"].parameters))
    assert {name for half in TABLES.values() for name in half} <= set(RECIPES)
    drawn = np.random.default_rng([4, 7, 6]).choice(6, size=3, replace=False)
    first = {dial.name: dial.values()[0] for dial in SPACES["knn"].parameters}
    expected = folds[(drawn, *(0 for _ in first))].mean()
    assert problem("knn_wine", 4).taste(first) == pytest.approx(expected)


def test_a_fingerprint_changes_with_the_problem():
    prints = [
        problems.fingerprint(problem(name, seed)) for name in ("camel", "pairings_4x6") for seed in range(3)
    ]
    assert len(set(prints)) == 6
    assert problems.fingerprint(problem("camel", 0)) == prints[0]


def test_a_seed_beyond_the_table_is_worked_out():
    made = problem("camel", 77)
    assert made.best.score == pytest.approx(KNOWN["camel"], abs=1e-5)


# -- pairs for transfer --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name, old in PAIRS.items() if "oven" not in name])
def test_an_old_place_is_as_alike_as_its_kind_says(name):
    agree = []
    for seed in range(6):
        made = pair(name, seed)
        assert len(made.source) == 40
        assert made.taste(made.best.params) == pytest.approx(made.best.score)
        old = [trial.score for trial in made.source[:20]]
        agree.append(np.corrcoef(old, [made.taste(trial.params) for trial in made.source[:20]])[0, 1])
    low, high = {
        "alike": (0.9, 1),
        "half alike": (0.5, 0.9),
        "unrelated": (-0.3, 0.3),
        "misleading": (-1, -0.999),
    }[PAIRS[name].kind]
    assert low - 1e-9 <= np.mean(agree) <= high


def test_every_kind_has_three_pairs_in_each_half():
    from benchmarks.pairs import CHOOSE_PAIRS, REPORT_PAIRS

    for half in (CHOOSE_PAIRS, REPORT_PAIRS):
        assert sorted(old.kind for old in half.values()) == sorted([*BLEND] * 3)
    assert not {o.target for o in CHOOSE_PAIRS.values()} & {o.target for o in REPORT_PAIRS.values()}
    assert {old.target for old in PAIRS.values()} == set(TARGETS)


# -- running, and keeping runs -------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setattr(runs, "FOLDER", tmp_path / "runs")
    monkeypatch.setattr(runs, "PACKED", tmp_path / "packed")
    return partial(runs.Store, runs.SEARCH, "our random", OURS["our random"])


def test_a_run_is_kept_and_not_made_again(store):
    first = store()
    assert runs.jobs_for(runs.SEARCH, first, ["camel"], 3) == [("camel", [0, 1, 2])]
    first.add(runs.run_chunk(runs.SEARCH, OURS["our random"], "camel", [0, 1]))
    assert runs.jobs_for(runs.SEARCH, store(), ["camel"], 3) == [("camel", [2])]
    first.add(runs.run_chunk(runs.SEARCH, OURS["our random"], "camel", [2]))
    regret = runs.regrets(runs.SEARCH, store(), "camel", 3)
    assert regret.shape == (3, 40)
    assert (np.diff(regret, axis=1) <= 0).all()
    board = pt.race({"random": pt.RandomSearch}, partial(problem, "camel"), 40, seeds=3, progress=False)
    np.testing.assert_allclose(regret, board.regrets["random"], atol=1e-7)


def test_a_torn_line_and_a_run_of_another_problem_are_not_taken(store):
    kept = store()
    kept.add(runs.run_chunk(runs.SEARCH, OURS["our random"], "camel", [0, 1]))
    lines = kept.path.read_text(encoding="utf-8").splitlines()
    changed = json.loads(lines[1]) | {"print": "as it was"}
    kept.path.write_text("\n".join([lines[0], json.dumps(changed), lines[1][:40]]), encoding="utf-8")
    assert runs.jobs_for(runs.SEARCH, store(), ["camel"], 2) == [("camel", [1])]
    kept.forget()
    assert runs.jobs_for(runs.SEARCH, store(), ["camel"], 2) == [("camel", [0, 1])]


def test_runs_that_were_packed_are_known_and_can_be_forgotten(store):
    kept = store()
    kept.add(runs.run_chunk(runs.SEARCH, OURS["our random"], "camel", [1, 0]))
    kept.pack()
    packed = kept.packed.read_bytes()
    kept.path.unlink()
    again = store()
    assert again.runs == kept.runs
    again.pack()
    assert again.packed.read_bytes() == packed
    again.forget()
    assert runs.jobs_for(runs.SEARCH, store(), ["camel"], 2) == [("camel", [0, 1])]


def test_what_is_not_installed_has_no_version_and_no_store(store):
    absent = Entry("no-such-package", "model", pt.RandomSearch, "defaults")
    assert absent.version is None
    stores = runs.run_missing(runs.SEARCH, {"absent": absent}, ["camel"], 2)
    assert stores == {}


def test_the_version_of_ours_is_that_of_its_code():
    assert OURS["our random"].version != OURS["our genetic"].version
    code = code_of(("strategies/random_*.py",))
    assert "def suggest" in code
    assert '"""' not in code


def test_constants_are_set_for_a_while():
    from pizzatune.strategies import random_search

    before = random_search.BLOCK
    with runs.switched({"pizzatune.strategies.random_search:BLOCK": 8}):
        assert random_search.BLOCK == 8
    assert before == random_search.BLOCK


def test_a_peer_that_cannot_says_so(store):
    class Numbers:
        def __init__(self, space, *, seed):
            raise Cannot("has numbers only")

    entry = Entry("numpy", "model", Numbers, "defaults")
    kept = runs.Store(runs.SEARCH, "numbers", entry)
    kept.add(runs.run_chunk(runs.SEARCH, entry, "camel", [0, 1]))
    assert runs.regrets(runs.SEARCH, kept, "camel", 2) is None
    assert runs.why_not(runs.SEARCH, kept, "camel", 2) == "cannot"
    assert runs.why_not(runs.SEARCH, kept, "striped", 2) == "not run"


def test_suggestions_in_batches_are_told_together():
    made = problem("camel", 0)
    batches = Batches(made.space, seed=0, make=pt.RandomSearch, count=4)
    for number in range(1, 9):
        params = batches.ask()
        assert len(batches.strategy.trials) == 4 * ((number - 1) // 4)
        batches.tell(params, made.taste(params))
    assert len(batches.strategy.trials) == 8


@pytest.mark.filterwarnings("ignore")  # theirs: torch's of what it will drop, for one
@pytest.mark.parametrize(
    "name",
    [
        *("sklearn random", "sklearn grid", "optuna random", "optuna grid", "optuna tpe", "optuna qmc"),
        *("deap", "smac", "ax"),
    ],
)
@pytest.mark.parametrize("place", ["hartmann_mixed", "topping_and_heat", "training_when", "styblinski_where"])
def test_an_adapter_keeps_to_the_space_and_the_seed(name, place):
    package = PEERS[name].package
    module = {"scikit-learn": "sklearn", "ax-platform": "ax"}.get(package, package)
    if importlib.util.find_spec(module) is None:
        pytest.skip(f"{name} is not installed: it comes with the extra bench or bench-torch")
    made = problem(place, 1)
    try:
        one, other = (PEERS[name].make(made.space, seed=5) for _ in range(2))
    except Cannot:
        assert RECIPES[place].kind in APART
        return
    for _ in range(6):
        params = one.ask()
        one.tell(params, made.taste(made.space.check(params)))
    again = [other.ask()]
    other.tell(again[0], made.taste(again[0]))
    first = PEERS[name].make(made.space, seed=5).ask()
    assert first == again[0]


# -- telling -------------------------------------------------------------------------------------------------


def test_a_ratio_is_that_of_the_means_and_its_interval_holds_it():
    rng = np.random.default_rng(0)
    theirs = rng.random((4, 30)) + 0.5
    ratio = runs.ratio_of(0.5 * theirs, theirs)
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx((0.5, 0.5, 0.5))
    noisy = runs.ratio_of(0.5 * theirs + 0.1 * rng.normal(size=theirs.shape), theirs)
    assert noisy.low < 0.5 < noisy.high
    assert runs.win_rate(np.array([[1.0, 2.0, 3.0]]), np.array([[2.0, 2.0, 2.0]])) == pytest.approx(0.5)


def test_aims_are_judged_either_way():
    class Fake(quality.Standings):
        regrets = None

    def standings(ours, theirs):
        made = Fake(runs.SEARCH, {"our genetic": None, "deap": None}, ["camel", "striped"], 4)
        made.regrets = {
            (entrant, name): np.full((4, 3), regret) + np.arange(4)[:, None] / 100
            for entrant, regret in (("our genetic", ours), ("deap", theirs))
            for name in ("camel", "striped")
        }
        return quality.judgments(made, {"all": ["camel", "striped"]}, {"deap": PEERS["deap"]})

    assert standings(0.2, 0.4).count("**met**: our genetic") == 3
    assert standings(0.4, 0.2).count("**not met**: our genetic") == 3
    assert standings(0.4, 0.2).count("*not run*: our bayesian") == 3


def test_a_part_of_the_page_replaces_only_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(page, "RESULTS", tmp_path / "RESULTS.md")
    for mark, text in (("cost", "dear"), ("quality", "good"), ("cost", "cheap")):
        part = page.Page(mark, mark.title(), "python -m it")
        part.tell(text)
        part.write()
    told = page.RESULTS.read_text(encoding="utf-8")
    assert "dear" not in told
    assert told.index("good") < told.index("cheap")
    assert told.count("<!-- cost -->") == 1
