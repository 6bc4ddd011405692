"""Bayesian optimization on the screen: what it shows is what the strategy says."""

from __future__ import annotations

import json

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.explore.bayesian_explorer import FEWEST, MENU, MOST, NOBODY, TICKS
from pizzatune.explore.outlook import outlook_of, whole_menu
from pizzatune.gp import GaussianProcess
from pizzatune.pictures.marks import Band, Bars, Dots, Key, Land, Line, Rule, Target, Text
from pizzatune.pictures.reasons import reason

KITCHEN = pt.menus.cool_kitchen()


@pytest.fixture(scope="module")
def opened():
    explorer = pt.explore.bayesian()
    first = {name: control.value for name, control in explorer.controls.items()}
    yield explorer, first
    explorer.close()


@pytest.fixture
def explorer(opened):
    """One for all tests, turned back to six pizzas and to all that it opens with."""
    explorer, first = opened
    explorer.set(**first | {"step": 6})
    explorer.settle()
    assert explorer.error is None
    return explorer


def by_hand(steps, seed=4, **settings):
    """The strategy itself, run without an explorer."""
    search = pt.BayesianOptimization(KITCHEN.space, seed=seed, repeats=True, **settings)
    return pt.tune(KITCHEN.taste, search, budget=steps).strategy


def params_of(trials):
    return [trial.params for trial in trials]


def marks_of(explorer, layer, kind, style=""):
    found = [mark for mark in explorer.marks[layer] if isinstance(mark, kind)]
    return [mark for mark in found if not style or mark.style == style]


# -- the numbers are the strategy's -------------------------------------------------------------------------


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
    numbers, pizzas = explorer.data, list(KITCHEN.space.enumerate())
    assert params_of(numbers.trials) == params_of(search.trials)
    mean, std = search.posterior(pizzas)
    np.testing.assert_allclose(numbers.mean.ravel(), mean)
    np.testing.assert_allclose(numbers.std.ravel(), std)
    np.testing.assert_allclose(numbers.acquisition.ravel(), search.acquisition(pizzas))
    assert numbers.next == search.ask()


def test_it_opens_before_the_story_and_from_the_first_pizza_on_the_model_chooses():
    explorer = pt.explore.bayesian()
    numbers = explorer.data
    assert len(numbers.trials) == FEWEST == pt.BayesianOptimization(KITCHEN.space).start == 1
    assert " So far: 1 pizza, the best 3.3 (Bacon at 225 °C)." in explorer.reading
    assert numbers.best.score < KITCHEN.best.score - 3
    explorer.step.value = 2
    assert explorer.data.trials[-1].params == numbers.next
    explorer.close()


def test_a_step_bakes_the_pizza_that_was_announced(explorer):
    for _ in range(5):
        announced = explorer.data.next
        heat = f"{announced['temperature']:.0f} °C"
        assert explorer.reading.startswith(f"Next: {announced['topping']} at {heat}")
        explorer.step.value += 1
        assert explorer.data.trials[-1].params == announced
        assert explorer.data.trials[-1].score == KITCHEN.taste(announced)
        assert f"So far: {len(explorer.data.trials)} pizzas, the best" in explorer.reading


def test_the_reading_says_what_comes_next_why_and_how_far_it_is(explorer):
    numbers = explorer.data
    at = numbers.at(numbers.next)
    first, second, _ = explorer.reading.split("\n")
    assert f"It promises the most, {numbers.acquisition.max():.2f} points." in first
    assert f"Its guess: {numbers.mean[at]:.1f}, give or take {numbers.std[at]:.1f}." in second
    best = max(numbers.trials, key=lambda trial: trial.score)
    assert f"the best {best.score:.1f} ({best.params['topping']} at " in second


@pytest.mark.parametrize(
    "rule, said", [("pi", "A gain is likeliest there, "), ("ucb", "Guess plus 2 std peaks")]
)
def test_the_reading_says_by_which_rule(explorer, rule, said):
    explorer.rule.value = rule
    assert said in explorer.reading
    most = explorer.data.acquisition.max()
    assert (f"{most:.0%}." if rule == "pi" else f"peaks there, at {most:.1f}.") in explorer.reading


# -- what knobs do ------------------------------------------------------------------------------------------


def test_knobs_of_belief_leave_the_pizzas_on_the_table(explorer):
    explorer.step.value = 10
    baked = explorer.settle().data.trials
    explorer.set(fitted=False, length=60, noise=0.01, topping=baked[-1].params["topping"])
    beside = np.abs(explorer.data.temperature - baked[-1].params["temperature"]) == 5
    narrow = explorer.data.std[explorer.data.row, beside].mean()
    explorer.length.value = 3
    assert explorer.data.trials == baked
    assert explorer.data.std[explorer.data.row, beside].mean() > 2 * narrow
    assert (explorer.data.length, explorer.data.noise) == pytest.approx((3, 0.01), rel=1e-3)
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
    assert " once more. Guess plus 0 std peaks there" in explorer.reading
    at = np.unravel_index(numbers.mean.argmax(), numbers.mean.shape)
    assert numbers.next == {"topping": numbers.toppings[at[0]], "temperature": numbers.temperature[at[1]]}


def test_the_larger_kappa_the_greater_the_doubt_where_it_bakes_next(explorer):
    doubts = []
    for kappa in (0, 2, 10):
        explorer.set(rule="ucb", kappa=kappa)
        doubts.append(explorer.data.std[explorer.data.at(explorer.data.next)])
    assert 3 * doubts[0] < doubts[1] <= doubts[2]


def test_another_seed_may_open_with_another_pizza(explorer):
    before = params_of(explorer.data.trials)
    explorer.seed.value = 3
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


def test_another_rule_costs_no_other_fit(explorer, monkeypatch):
    fits, fit = [], GaussianProcess.fit
    explorer.step.value = 8
    explorer.settle()
    monkeypatch.setattr(GaussianProcess, "fit", lambda *given, **how: fits.append(1) or fit(*given, **how))
    explorer.xi.value = 0.3
    explorer.rule.value = "ucb"
    explorer.kappa.value = 4.0
    explorer.topping.value = "Chorizo"
    explorer.clicked("menu", 0.4, 0.4)
    assert not fits
    explorer.step.value += 1
    assert fits


def test_what_was_fitted_stands_on_the_grey_knobs_and_a_hand_goes_on_from_there(explorer):
    explorer.step.value = 12
    numbers = explorer.settle().data
    assert not explorer.length.enabled
    assert explorer.length.value == pytest.approx(numbers.length, rel=0.005)
    assert explorer.noise.value == pytest.approx(max(numbers.noise, explorer.noise.low), rel=0.005)
    explorer.fitted.value = False
    assert explorer.data.length == pytest.approx(numbers.length, rel=0.005)
    explorer.length.value = 60
    explorer.step.value += 1
    assert explorer.length.value == 60


def test_of_kappa_and_xi_the_one_that_counts_is_on_the_panel_and_what_is_learned_is_grey(explorer):
    def on_panel(*names):
        return {name for name in names if explorer.controls[name].shown and explorer.controls[name].enabled}

    assert on_panel("kappa", "xi", "length", "noise") == {"xi"}
    explorer.set(rule="ucb", fitted=False)
    assert on_panel("kappa", "xi", "length", "noise") == {"kappa", "length", "noise"}


# -- the picture --------------------------------------------------------------------------------------------


def test_it_follows_the_next_pizza_or_stays_with_a_topping(explorer):
    numbers = explorer.data
    assert numbers.topping == numbers.next["topping"]
    assert {mark.at for mark in marks_of(explorer, "belief", Rule)} == {numbers.next["temperature"]}
    other = next(one for one in numbers.toppings if one != numbers.next["topping"])
    explorer.topping.value = other
    assert explorer.data.topping == other
    assert [mark.text for mark in marks_of(explorer, "words", Text, "big")] == [other]
    for layer in ("belief", "hope"):
        assert marks_of(explorer, layer, Rule) == marks_of(explorer, layer, Dots, "next") == []
    row = explorer.data.toppings.index(other)
    (mean,) = marks_of(explorer, "belief", Line, "mean")
    np.testing.assert_allclose(mean.y, explorer.data.mean[row])
    (outline,) = marks_of(explorer, "menu", Bars, "outline")
    assert (outline.low, outline.high) == ([row - 0.5], [row + 0.5])


def test_the_pizzas_lie_where_they_were_baked_with_a_tip_for_each(explorer):
    numbers = explorer.data
    (dots,) = marks_of(explorer, "menu", Dots, "tried")
    assert list(dots.x) == [trial.params["temperature"] for trial in numbers.trials]
    assert [numbers.toppings[row] for row in dots.y] == [trial.params["topping"] for trial in numbers.trials]
    for trial, tip in zip(numbers.trials, dots.tips, strict=True):
        assert tip.startswith(f"trial {trial.number + 1}: topping {trial.params['topping']}")
        assert reason(trial.why, trial.origin) in tip
    seen = marks_of(explorer, "belief", Dots, "tried")
    here = [t for t in numbers.trials if t.params["topping"] == numbers.topping]
    assert sum(len(mark.x) for mark in seen) == len(here)


def test_the_colours_of_the_menu_are_hope_with_the_first_topping_on_top(explorer):
    for rule in explorer.rule.options.values():
        explorer.rule.value = rule
        numbers = explorer.data
        (land,) = marks_of(explorer, "menu", Land)
        np.testing.assert_array_equal(land.scores, numbers.acquisition[::-1])
        assert land.limits == (numbers.acquisition.min(), numbers.acquisition.max())
        row, column = np.unravel_index(numbers.acquisition.argmax(), numbers.acquisition.shape)
        assert numbers.next["topping"] == numbers.toppings[row]
        assert numbers.next["temperature"] == numbers.temperature[column]
        (mark,) = marks_of(explorer, "menu", Dots, "next")
        assert (mark.x, mark.y) == ([numbers.next["temperature"]], [row])


def test_the_truth_appears_when_asked_for_and_is_the_kitchens(explorer):
    assert marks_of(explorer, "belief", Line, "truth") == []
    assert "truth" not in explorer.reading
    explorer.set(truth=True, topping="Sausage")
    (truth,) = marks_of(explorer, "belief", Line, "truth")
    row = [KITCHEN.taste({"topping": "Sausage", "temperature": heat}) for heat in explorer.data.temperature]
    np.testing.assert_allclose(truth.y, row)
    mean, std = (part[explorer.data.row] for part in (explorer.data.mean, explorer.data.std))
    outside = (np.abs(row - mean) > 2 * std).sum()
    assert f"The truth about Sausage leaves the band at {outside} of 31 temperatures." in explorer.reading
    (key,) = marks_of(explorer, "words", Key)
    assert "truth" in [words for words, *_ in key.entries]


def test_too_long_a_length_scale_misses_the_truth(explorer):
    explorer.set(step=10, fitted=False, length=300, noise=0.01, topping="Chorizo", truth=True)
    sure = explorer.settle().data.outside
    explorer.length.value = 20
    assert sure > 5
    assert explorer.data.outside < sure


# -- where you would bake -----------------------------------------------------------------------------------


def place_of(topping, heat):
    """Where a click on this pizza falls, as shares of the lowest picture."""
    row = KITCHEN.space["topping"].values().index(topping)
    return float(TICKS.share(heat)), 1 - (row + 0.5) / 8


@pytest.mark.parametrize("topping, heat", [("Pepperoni", 150), ("Ham", 215), ("Prawns", 300)])
def test_a_click_says_where_you_would_bake_and_what_comes_of_it(explorer, topping, heat):
    numbers = explorer.data
    explorer.clicked("menu", *place_of(topping, heat))
    assert (explorer.your_topping.value, explorer.your_heat.value) == (topping, heat)
    assert explorer.your_heat.shown
    mine = {"topping": topping, "temperature": float(heat)}
    assert explorer.yours == mine
    hope = float(numbers.acquisition[numbers.at(mine)])
    said = f"Yours: {topping} at {heat} °C, hope "
    last = explorer.reading.split("\n")[2]
    assert last.startswith(said)
    words = last.removeprefix(said).split(". It ")[0]
    assert words == (f"{hope:.2f} points" if hope >= 0.005 else "next to nothing")
    tastes = KITCHEN.taste(mine), KITCHEN.taste(numbers.next)
    assert last.endswith("It tastes {:.1f}, the next one {:.1f}.".format(*tastes))
    (mark,) = marks_of(explorer, "menu", Dots, "yours")
    assert (mark.x, mark.y) == ([heat], [KITCHEN.space["topping"].values().index(topping)])
    assert explorer.data.trials == numbers.trials
    assert explorer.data.next == numbers.next


def test_the_whole_of_the_lowest_picture_can_be_clicked_dots_too(explorer):
    (target,) = marks_of(explorer, "menu", Target)
    assert (target.name, target.panel.top, target.panel.height) == ("menu", *MENU)
    explorer.clicked("menu", 0.0, 0.0)
    explorer.clicked("menu", 1.0, 1.0)
    assert explorer.yours == {"topping": "Pepperoni", "temperature": 300.0}
    for mark in marks_of(explorer, "menu", Dots):
        assert mark.names == ["menu"] * len(mark.x)


def test_a_pick_by_hand_is_the_same_as_a_click_and_can_be_taken_back(explorer):
    assert explorer.reading.endswith("Where would you bake? Click a pizza in the lowest picture.")
    assert not explorer.your_heat.shown
    explorer.set(your_topping="Ham", your_heat=215)
    by_hand = explorer.reading
    explorer.your_topping.value = NOBODY
    assert explorer.yours is None
    assert marks_of(explorer, "menu", Dots, "yours") == []
    explorer.clicked("menu", *place_of("Ham", 215))
    assert explorer.reading == by_hand


# -- the rest -----------------------------------------------------------------------------------------------


def test_the_table_has_every_pizza_and_the_scores_of_those_baked(explorer):
    table = explorer.to_frame()
    assert len(table) == KITCHEN.space.size == len(whole_menu().pizzas)
    baked = table.dropna(subset="baked")
    told = {(t.params["topping"], t.params["temperature"], t.score) for t in explorer.data.trials}
    assert set(baked[["topping", "temperature", "baked"]].itertuples(index=False, name=None)) == told
    np.testing.assert_allclose(baked["baked"], baked["truth"])


def test_the_card_shows_the_pizza_just_baked_beside_the_best(explorer):
    explorer.step.value = MOST
    numbers = explorer.settle().data
    card = explorer.card(numbers)
    assert card.last.score == f"{numbers.trials[-1].score:.1f} points"
    assert card.best.score == f"{numbers.best.score:.1f} points"
    explorer.step.value = numbers.best.number + 1
    assert explorer.card(explorer.data).best is None


def test_looking_leaves_the_strategy_as_it_is():
    search = by_hand(6, acquisition="ei")
    before = list(search.trials)
    outlook_of(search)
    assert search.trials == before
    assert not search.pending
    assert search.ask() == outlook_of(by_hand(6, acquisition="ei")).next


def test_each_line_of_the_reading_has_room_on_the_screen_however_it_is_turned(explorer):
    rng = np.random.default_rng(6)
    explorer.step.value = MOST
    explorer.settle()
    for _ in range(30):
        step, rule = int(rng.integers(FEWEST, MOST + 1)), ("ei", "ucb", "pi")[rng.integers(3)]
        explorer.set(step=step, rule=rule, truth=bool(rng.integers(2)))
        first, *others = explorer.settle().reading.split("\n")
        assert len(first) <= 75
        assert max(map(len, others)) <= 89
        assert len(others) == 2


def test_a_turn_is_a_small_message(explorer):
    sent = []
    explorer.send = sent.append
    explorer.step.value = MOST
    explorer.settle()
    explorer._take_message(None, {"do": "hello"}, None)
    for step in (20, 21, 10):
        explorer._take_message(None, {"do": "turn", "values": {"step": step}}, None)
    explorer._page.listening = False
    assert max(len(json.dumps({k: m[k] for k in m if k != "symbols"})) for m in sent) <= 30_000


def test_a_start_outside_its_knob_is_named():
    with pytest.raises(ValueError, match=r"kappa must lie in \[0, 10\], got 99"):
        pt.explore.bayesian(kappa=99)


def test_the_band_has_half_of_the_picture(explorer):
    (band,) = marks_of(explorer, "belief", Band, "doubt")
    assert band.panel.height >= explorer.size[1] / 2
