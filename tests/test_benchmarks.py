"""The benchmarks: what they measure, held against small cases worked out by hand; times are not tested."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import ttest_1samp

import pizzatune as pt
from tests.how_often import CI

CHECKOUT = Path(__file__).parents[1]


def load(name):
    """A script of benchmarks/ as a module; it is no package, so that nothing imports it by accident."""
    spec = importlib.util.spec_from_file_location(f"benchmark_{name}", CHECKOUT / "benchmarks" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses and named tuples look their module up
    spec.loader.exec_module(module)
    return module


bench = load("menus")
import_time = load("import_time")


def rows_of(page, heading):
    """The cells of the table under a heading, without its two head lines."""
    section = page.split(f"## {heading}")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


# -- what is measured ----------------------------------------------------------------------------------------


def test_every_menu_is_found():
    def makes_a_menu(name):
        try:
            return isinstance(getattr(pt.menus, name)(), pt.menus.Menu)
        except TypeError:  # wants arguments, as `judge` does
            return False

    expected = {name for name in pt.menus.__all__ if makes_a_menu(name)}
    found = bench.all_menus()
    assert {name.split("(")[0] for name in found} == expected
    assert set(bench.TARGETS) <= set(found)
    assert found["new_oven(-0.5)"].taste({"temperature": 240, "minutes": 12}) == pt.menus.new_oven(
        -0.5
    ).taste({"temperature": 240, "minutes": 12})


def test_regret_is_averaged_over_the_first_trials():
    board = SimpleNamespace(regrets={"random": np.array([[1.0, 0.0, 0.0], [1.5, 0.5, 0.0], [0.0, 0.0, 0.0]])})
    np.testing.assert_allclose(bench.mean_regret(board, "random", trials=2), [0.5, 1.0, 0.0])


@pytest.mark.parametrize("name, trials", [("four_factors", 20), ("ridge", 30), ("striped", 30)])
def test_a_small_menu_is_looked_at_for_a_quarter_of_it_and_others_for_the_whole_budget(name, trials):
    assert bench.looked_at(getattr(pt.menus, name)(), budget=30) == trials


def test_a_search_that_never_comes_close_counts_as_one_trial_more():
    best = np.array([[1.0, 8.89, 9.0], [8.95, 8.95, 9.0], [1.0, 2.0, 3.0]])
    assert bench.trials_until_close(best, 9.0).tolist() == [3, 1, 4]


def test_the_interval_is_that_of_a_t_test():
    values = np.array([0.2, 0.5, 0.1, 0.4, 0.9])
    low, high = ttest_1samp(values, 0).confidence_interval(0.95)
    mean, half = bench.interval(values)
    assert (mean - half, mean + half) == pytest.approx((low, high))


def test_transfer_starts_from_the_old_oven_with_luck_of_its_own():
    trials = bench.old_trials(3)
    searched = pt.BayesianOptimization(pt.menus.old_oven().space, start=20, seed=1003)
    assert trials == list(pt.tune(pt.menus.old_oven().taste, searched, 40, progress=False).trials)
    assert bench.transfer(pt.menus.new_oven(0.9).space, seed=3).borrowed == 40


# -- what is told --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("good", ["ours", "theirs"])
def test_judgments_turn_with_the_numbers(good):
    menus = {name: bench.all_menus()[name] for name in ("toppings", "new_oven(0.9)", "new_oven(-1)")}
    luck = np.random.default_rng(0).random((6, 1)) / 100

    def found_at(trial):  # 2 points short of the best, then almost there
        return np.where(np.arange(1, 31) < trial, 2.0, 0.01) + luck

    bayesian, random, transfer = (10, 20, 4) if good == "ours" else (25, 20, 24)
    boards = {}
    for name, menu in menus.items():
        first = 2 if (name, good) == ("new_oven(-1)", "theirs") else bayesian
        gaps = {"bayesian": found_at(first), "random": found_at(random) + luck[::-1]}
        gaps["transfer"] = found_at(transfer)
        boards[name] = SimpleNamespace(
            budget=30,
            regrets={which: gap / 4 for which, gap in gaps.items()},
            scores={which: menu.best.score - gap for which, gap in gaps.items()},
        )
    judged = list(bench.judgments(menus, boards))
    assert len(judged) == 5
    assert [judgment.met for judgment in judged] == [good == "ours"] * 5
    assert ("toppings: +" in judged[0].numbers) == (good == "theirs")


whole_page = pytest.mark.skipif(not CI, reason="the page of results is made where CI=true")


@pytest.fixture(scope="module")
def page():
    """What the script prints about two menus, run as README.md says but for fewer of everything."""
    run = subprocess.run(
        [sys.executable, "benchmarks/menus.py", "--seeds", "2", "--menus", "four_factors", "reversed_twin"],
        cwd=CHECKOUT,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return run.stdout


@whole_page
def test_a_page_has_a_row_for_every_menu(page):
    assert "`python benchmarks/menus.py --seeds 2 --menus four_factors reversed_twin`" in page
    regrets = rows_of(page, "Mean normalised regret\n")
    assert [row[:3] for row in regrets] == [["four_factors", "81", "20"], ["reversed_twin", "no end", "30"]]
    assert [len(row) for row in regrets] == [3 + len(bench.STRATEGIES)] * 2
    assert all(re.fullmatch(r"\d\.\d{3} ± \d+\.\d{3}", cell) for row in regrets for cell in row[3:])
    searches = [row[:2] for row in rows_of(page, "Transfer")]
    assert searches == [["reversed_twin", "scratch"], ["reversed_twin", "transfer"]]


@whole_page
def test_the_two_tables_of_regret_agree(page):
    strategies = list(bench.STRATEGIES)
    others = [name for name in strategies if name != "random"]
    for regrets, gaps in zip(
        rows_of(page, "Mean normalised regret\n"), rows_of(page, "Mean normalised regret, less"), strict=True
    ):
        mean = {name: float(cell.split()[0]) for name, cell in zip(strategies, regrets[3:], strict=True)}
        for name, cell in zip(others, gaps[1:], strict=True):
            rounded = pytest.approx(mean[name] - mean["random"], abs=0.00151)
            assert float(cell.split()[0]) == rounded


@whole_page
def test_one_process_finds_what_several_find(page):
    menus = {"four_factors": pt.menus.four_factors()}
    alone = bench.report(menus, bench.run_all(menus, seeds=2, budget=30, mapper=map), "")
    assert rows_of(alone, "Mean normalised regret\n") == rows_of(page, "Mean normalised regret\n")[:1]


# -- importing -----------------------------------------------------------------------------------------------


def test_import_times_make_a_table():
    medians, loaded = import_time.measure(runs=1)
    assert loaded["import pizzatune"] == []
    assert all(seconds > 0 for seconds in medians.values())
    table = import_time.table(medians, loaded, runs=1)
    assert [line.split("|")[1].strip() for line in table.splitlines()[2:]] == [
        f"`{line}`" for line in medians
    ]


def test_what_is_heavy_is_seen():
    assert import_time.time_once("import scipy")[1] == ["scipy"]


@pytest.mark.parametrize(
    "seconds, heavy, good", [(0.13, [], True), (0.14, [], False), (0.01, ["scipy"], False)]
)
def test_an_import_is_judged_by_its_time_and_its_load(seconds, heavy, good):
    medians = {"import numpy": 0.1, "import pizzatune": seconds}
    assert import_time.met(medians, {"import numpy": [], "import pizzatune": heavy}) is good
