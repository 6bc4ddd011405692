"""Bayesian optimization on the screen: what it shows is what the strategy says."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from pizzatune.explore.bayesian import FEWEST, MOST, look, whole_menu
from pizzatune.explore.frame import Knob, Switch

import pizzatune as pt
from pizzatune.gp import GaussianProcess
from tests.how_often import TURNS

MENU = pt.menus.topping_and_heat()


@pytest.fixture
def explorer():
    opened = pt.explore.bayesian()
    yield opened
    opened.close()


def by_hand(steps, seed=2, **settings):
    """The strategy itself, run without an explorer."""
    search = pt.BayesianOptimization(MENU.space, seed=seed, repeats=True, **settings)
    return pt.tune(MENU.taste, search, budget=steps).strategy


def params_of(trials):
    return [trial.params for trial in trials]


@pytest.mark.parametrize(
    "knobs, settings",
    [
        ({}, {"acquisition": "ei"}),
        ({"rule": "ucb", "kappa": 1.0}, {"acquisition": "ucb", "kappa": 1.0}),
        ({"rule": "pi", "xi": 0.5, "seed": 7}, {"acquisition": "pi", "xi": 0.5, "seed": 7}),
        ({"fitted": False, "length": 60, "noise": 0.3}, {"acquisition": "ei", "length": 0.4, "noise": 0.3}),
    ],
)
def test_it_bakes_believes_and_hopes_as_the_strategy_does(knobs, settings):
    explorer = pt.explore.bayesian(step=9, **knobs)
    search = by_hand(9, **settings)
    numbers, pizzas = explorer.data, list(MENU.space.enumerate())
    assert params_of(numbers.trials) == params_of(search.trials)
    mean, std = search.posterior(pizzas)
    np.testing.assert_allclose(numbers.mean.ravel(), mean)
    np.testing.assert_allclose(numbers.std.ravel(), std)
    np.testing.assert_allclose(numbers.acquisition.ravel(), search.acquisition(pizzas))
    assert numbers.next == search.ask()


def test_from_the_first_pizza_on_the_model_chooses(explorer):
    explorer.step.value = FEWEST
    numbers = explorer.settle().data
    assert len(numbers.trials) == pt.BayesianOptimization(MENU.space).start == 1
    assert explorer.reading.startswith("1 pizza baked, the best")
    explorer.step.forward()
    assert explorer.data.trials[-1].params == numbers.next


def test_a_step_bakes_the_pizza_that_was_announced(explorer):
    for _ in range(5):
        announced = explorer.data.next
        explorer.step.forward()
        assert explorer.data.trials[-1].params == announced
        assert explorer.data.trials[-1].score == MENU.taste(announced)
        assert explorer.reading.startswith(f"{len(explorer.data.trials)} pizzas baked")


def test_knobs_of_belief_leave_the_pizzas_on_the_table(explorer):
    explorer.step.value = 10
    baked = explorer.settle().data.trials
    explorer.set(fitted=False, length=60, noise=0.01, topping=baked[-1].params["topping"])
    beside = np.abs(explorer.data.temperature - baked[-1].params["temperature"]) == 5
    narrow = explorer.data.std[explorer.data.row, beside].mean()
    explorer.length.value = 3
    assert explorer.data.trials == baked
    assert explorer.data.std[explorer.data.row, beside].mean() > 2 * narrow
    assert "Its length scale is 3 °C, its noise 0.01 points." in explorer.reading
    explorer.set(rule="ucb", kappa=10)
    assert explorer.data.trials == baked


def test_more_noise_keeps_the_guess_from_the_tastings():
    def distance(noise):
        explorer = pt.explore.bayesian(step=10, fitted=False, length=30, noise=noise)
        guessed, _ = explorer.search.posterior(params_of(explorer.data.trials))
        return np.abs(guessed - [trial.score for trial in explorer.data.trials]).mean()

    assert distance(0.01) < 0.01 < 0.1 < distance(1.0)


def test_going_back_and_on_with_another_rule_bakes_other_pizzas(explorer):
    explorer.step.value = 12
    before = params_of(explorer.settle().data.trials)
    explorer.step.value = 6
    explorer.step.value = 12
    assert params_of(explorer.settle().data.trials) == before
    explorer.step.value = 6
    explorer.set(rule="ucb", kappa=0)
    explorer.step.value = 12
    after = params_of(explorer.settle().data.trials)
    assert after[:6] == before[:6]
    assert after != before


def test_at_kappa_0_it_is_stuck_and_says_so(explorer):
    explorer.set(rule="ucb", kappa=0, step=FEWEST)
    explorer.step.value = 14
    numbers = explorer.settle().data
    assert numbers.next == numbers.trials[-1].params == numbers.trials[-2].params
    assert " once more, where guess plus 0 std is highest" in explorer.reading
    at = np.unravel_index(numbers.mean.argmax(), numbers.mean.shape)
    assert numbers.next == {"topping": numbers.toppings[at[0]], "temperature": numbers.temperature[at[1]]}


def test_the_larger_kappa_the_greater_the_doubt_where_it_bakes_next():
    explorer, doubts = pt.explore.bayesian(seed=4), []
    for kappa in (0, 2, 10):
        explorer.set(rule="ucb", kappa=kappa)
        numbers = explorer.data
        row, heat = numbers.toppings.index(numbers.next["topping"]), numbers.next["temperature"]
        doubts.append(numbers.std[row, numbers.temperature == heat][0])
    assert 3 * doubts[0] < doubts[1] <= doubts[2]


def test_another_seed_may_open_with_another_pizza(explorer):
    before = params_of(explorer.data.trials)
    explorer.seed.value = 4
    assert explorer.settle().error is None
    after = params_of(explorer.data.trials)
    assert len(after) == len(before)
    assert after[0] != before[0]


def test_a_long_jump_shows_its_first_frame_and_then_the_rest(explorer):
    explorer.step.value = MOST
    assert explorer.running
    assert 6 <= len(explorer.data.trials) < MOST
    explorer.settle()
    assert len(explorer.data.trials) == MOST


def test_it_follows_the_next_pizza_or_stays_with_a_topping(explorer):
    assert explorer.data.topping == explorer.data.next["topping"]
    explorer.topping.value = "Ham"
    assert explorer.data.topping == explorer.heading.get_text() == "Ham"
    assert not any(ruler.get_visible() for ruler in explorer.rulers)
    row = explorer.data.toppings.index("Ham")
    np.testing.assert_allclose(explorer.mean_line.get_ydata(), explorer.data.mean[row])


def test_the_truth_appears_when_asked_for_and_is_the_kitchens(explorer):
    assert not explorer.true_line.get_visible()
    assert "truth" not in explorer.reading
    explorer.set(truth=True, topping="Sausage")
    assert explorer.true_line.get_visible()
    row = [MENU.taste({"topping": "Sausage", "temperature": heat}) for heat in explorer.data.temperature]
    np.testing.assert_allclose(explorer.true_line.get_ydata(), row)
    mean, std = (part[explorer.data.row] for part in (explorer.data.mean, explorer.data.std))
    outside = (np.abs(row - mean) > 2 * std).sum()
    assert f"lies outside the band at {outside} of 31 temperatures." in explorer.reading


def test_too_long_a_length_scale_misses_the_truth(explorer):
    explorer.set(step=10, fitted=False, length=300, noise=0.01, topping="Chorizo", truth=True)
    sure = explorer.data.outside
    explorer.length.value = 20
    assert sure > 5
    assert explorer.data.outside < sure


def test_hope_runs_from_nothing_to_the_next_pizza(explorer):
    for rule in explorer.rule.options.values():
        explorer.rule.value = rule
        hope = explorer.data.hope
        assert (hope.min(), hope.max()) == (0, 1)
        row, column = np.unravel_index(hope.argmax(), hope.shape)
        assert explorer.data.next["topping"] == explorer.data.toppings[row]
        assert explorer.data.next["temperature"] == explorer.data.temperature[column]


def test_another_rule_costs_no_other_fit(explorer, monkeypatch):
    fits, fit = [], GaussianProcess.fit
    explorer.set(step=8, fitted=True)
    explorer.settle()
    monkeypatch.setattr(GaussianProcess, "fit", lambda *given, **how: fits.append(1) or fit(*given, **how))
    explorer.xi.value = 0.3
    explorer.rule.value = "ucb"
    explorer.kappa.value = 4.0
    explorer.topping.value = "Chorizo"
    assert not fits
    explorer.step.forward()
    assert fits


def test_what_was_fitted_stands_on_the_grey_knobs_and_a_hand_goes_on_from_there(explorer):
    explorer.set(step=12, fitted=True)
    numbers = explorer.settle().data
    assert explorer.length.value == pytest.approx(numbers.length, rel=0.005)
    assert explorer.noise.value == pytest.approx(max(numbers.noise, explorer.noise.low), rel=0.005)
    explorer.fitted.value = False
    assert explorer.data.length == pytest.approx(numbers.length, rel=0.005)
    explorer.length.value = 60
    explorer.step.forward()
    assert explorer.length.value == 60


def test_knobs_that_do_not_count_are_grey(explorer):
    grey = {name for name, control in explorer.controls.items() if not control.enabled}
    assert grey == {"kappa", "length", "noise"}
    explorer.set(rule="ucb", fitted=False)
    assert {name for name, control in explorer.controls.items() if not control.enabled} == {"xi"}


def test_the_table_has_every_pizza_and_the_scores_of_those_baked(explorer):
    table = explorer.to_frame()
    assert len(table) == MENU.space.size == len(whole_menu()[0])
    baked = table.dropna(subset="baked")
    told = {(t.params["topping"], t.params["temperature"], t.score) for t in explorer.data.trials}
    assert set(baked[["topping", "temperature", "baked"]].itertuples(index=False, name=None)) == told
    np.testing.assert_allclose(baked["baked"], baked["truth"])


def test_looking_leaves_the_strategy_as_it_is():
    search = by_hand(6, acquisition="ei")
    before = list(search.trials)
    look(search)
    assert search.trials == before
    assert not search.pending
    assert search.ask() == look(by_hand(6, acquisition="ei")).next


def test_random_turns_leave_no_error(explorer):
    rng = np.random.default_rng(6)
    for _ in range(TURNS):
        control = list(explorer.controls.values())[rng.integers(len(explorer.controls))]
        if isinstance(control, Knob):
            value = rng.uniform(control.low, control.high)
            control.value = round(value) if control.whole else float(value)
        elif isinstance(control, Switch):
            control.value = bool(rng.integers(2))
        else:
            options = list(control.options.values())
            control.value = options[rng.integers(len(options))]
        assert explorer.error is None, explorer.reading
    explorer.settle()
    assert explorer.error is None
    assert len(explorer.data.trials) == explorer.step.value


def test_a_start_outside_its_knob_is_named():
    with pytest.raises(ValueError, match=r"kappa must lie in \[0, 10\], got 99"):
        pt.explore.bayesian(kappa=99)


def test_opening_it_loads_nothing_heavy():
    heavy = {"pandas", "matplotlib.pyplot", "scipy.stats"}
    lines = f"import sys, pizzatune as pt; pt.explore.bayesian(); print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
