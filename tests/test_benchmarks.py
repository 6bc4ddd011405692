"""The benchmarks: what they measure, held against small cases worked out by hand; times are not tested."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import ttest_1samp

import pizzatune as pt

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


def test_regret_is_0_for_the_best_and_1_for_the_median_pizza():
    scale = bench.Scale(best=9.0, median=5.0, trials=2)
    best = np.array([[5.0, 9.0, 9.0], [3.0, 7.0, 9.0], [9.0, 9.0, 9.0]])
    np.testing.assert_allclose(bench.mean_regret(best, scale), [0.5, 1.0, 0.0])


def test_a_countable_menu_is_scaled_by_all_its_pizzas_and_searched_for_a_quarter():
    menu = pt.menus.four_factors()
    scores = sorted(menu.taste(pizza) for pizza in menu.space.enumerate())
    assert bench.scale_of(menu, budget=30) == (scores[-1], scores[40], 20)


def test_a_smooth_menu_is_scaled_by_random_pizzas_and_searched_for_the_whole_budget():
    menu = pt.menus.striped()
    rng = np.random.default_rng(7)
    median = np.median([menu.taste(menu.space.sample(rng)) for _ in range(4000)])
    scale = bench.scale_of(menu, budget=30)
    assert (scale.best, scale.trials) == (menu.best.score, 30)
    assert scale.median == pytest.approx(median, abs=0.15)


def test_a_search_that_never_comes_close_counts_as_one_trial_more():
    best = np.array([[1.0, 8.89, 9.0], [8.95, 8.95, 9.0], [1.0, 2.0, 3.0]])
    assert bench.trials_until_close(best, 9.0).tolist() == [3, 1, 4]


def test_the_interval_is_that_of_a_t_test():
    values = np.array([0.2, 0.5, 0.1, 0.4, 0.9])
    low, high = ttest_1samp(values, 0).confidence_interval(0.95)
    mean, half = bench.interval(values)
    assert (mean - half, mean + half) == pytest.approx((low, high))


def test_a_finished_grid_keeps_its_best(monkeypatch):
    monkeypatch.setattr(bench, "STRATEGIES", {"grid": pt.GridSearch})
    menu = pt.menus.old_oven()
    grid = bench.run(menu, seed=0, budget=27, transfer=False)["grid"]
    scores = [trial.score for trial in pt.tune(menu.taste, pt.GridSearch(menu.space)).trials]
    assert len(scores) == 25
    np.testing.assert_array_equal(grid, [*np.maximum.accumulate(scores), max(scores), max(scores)])


# -- what is told --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("good", ["ours", "theirs"])
def test_judgments_turn_with_the_numbers(good):
    menus = {name: bench.all_menus()[name] for name in ("toppings", "new_oven(0.9)", "new_oven(-1)")}
    scales = {name: bench.scale_of(menu, 30) for name, menu in menus.items()}
    luck = np.random.default_rng(0).random((6, 1)) / 100

    def found_at(trial, name):  # 2 points short of the best, then almost there
        early = np.arange(1, 31) < trial
        return scales[name].best - np.where(early, 2.0, 0.01) - luck

    bayesian, random, transfer = (10, 20, 4) if good == "ours" else (25, 20, 24)
    runs = {(name, "bayesian"): found_at(bayesian, name) for name in menus}
    runs |= {(name, "random"): found_at(random, name) - luck[::-1] for name in menus}
    runs |= {(name, "transfer"): found_at(transfer, name) for name in menus}
    if good == "theirs":
        runs["new_oven(-1)", "bayesian"] = found_at(2, "new_oven(-1)")
    judged = list(bench.judgments(menus, scales, runs))
    assert len(judged) == 5
    assert [judgment.met for judgment in judged] == [good == "ours"] * 5
    assert ("toppings: +" in judged[0].numbers) == (good == "theirs")


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


def test_a_page_has_a_row_for_every_menu(page):
    assert "`python benchmarks/menus.py --seeds 2 --menus four_factors reversed_twin`" in page
    regrets = rows_of(page, "Mean normalised regret\n")
    assert [row[:3] for row in regrets] == [["four_factors", "81", "20"], ["reversed_twin", "no end", "30"]]
    assert [len(row) for row in regrets] == [3 + len(bench.STRATEGIES)] * 2
    assert all(re.fullmatch(r"\d\.\d{3} ± \d+\.\d{3}", cell) for row in regrets for cell in row[3:])
    searches = [row[:2] for row in rows_of(page, "Transfer")]
    assert searches == [["reversed_twin", "scratch"], ["reversed_twin", "transfer"]]


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
