"""Bayesian optimization: what it believes, what it hopes for, and whether it looks there."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings

from pizzatune import acquisition as acq
from pizzatune.parameters import Choice, Integer, Ordered, Real
from pizzatune.space import Space
from pizzatune.strategies import BayesianOptimization, RandomSearch
from pizzatune.trial import best_so_far
from pizzatune.tuning import tune
from tests.random_spaces import finite_spaces, seeds

KINDS = ("log_ei", "ei", "pi", "ucb", "thompson")
every_kind = pytest.mark.parametrize("kind", KINDS)

LINE = Space(Real("heat", 200, 400))
MENU = Space(
    Choice("oven", ["Stone", "Electric", "Gas"]),
    Ordered("size", ["Small", "Medium", "Large"]),
    Integer("minutes", 4, 12),
)
OVEN = Space(
    Choice("oven", ["Stone", "Electric"]),
    Real("heat", 0, 1),
    Real("fan", 0, 3, when={"oven": ["Electric"]}),
)


def hill(params):
    """Best at 310 °C."""
    return 8.0 - ((params["heat"] - 310) / 40) ** 2


def menu_taste(params):
    sizes = {"Small": 0.0, "Medium": 1.5, "Large": 0.5}
    return 2.0 * (params["oven"] == "Stone") + sizes[params["size"]] - abs(params["minutes"] - 9) / 2


def oven_taste(params):
    return -abs(params["heat"] - 0.6) * 3 + (1.0 - abs(params["fan"] - 2) if "fan" in params else 0.0)


def searched(space, objective, count, **settings):
    return tune(objective, BayesianOptimization(space, **settings), count).strategy


def along(space, count=401):
    return [space.decode([code]) for code in np.linspace(0, 1, count)]


# -- belief ------------------------------------------------------------------------------------------------


def test_it_believes_what_it_has_seen_and_doubts_what_it_has_not():
    strategy = searched(LINE, hill, 6, seed=1)
    mean, std = strategy.posterior([trial.params for trial in strategy.trials])
    np.testing.assert_allclose(mean, [trial.score for trial in strategy.trials], atol=0.2)
    _, doubts = strategy.posterior(along(LINE))
    assert doubts.max() > 3 * std.max()


def test_one_combination_gives_numbers_and_several_give_arrays():
    strategy = searched(LINE, hill, 5, seed=1)
    places = [{"heat": 250.0}, {"heat": 333.0}]
    for ask in (strategy.posterior, strategy.acquisition):
        alone = [np.atleast_1d(ask(params)) for params in places]
        together = np.array(ask(places)).reshape(-1, 2).T
        np.testing.assert_allclose(np.array(alone), together, rtol=1e-9)
    assert {type(number) for number in (*strategy.posterior(places[0]), strategy.acquisition(places[0]))} == {
        float
    }


def test_belief_is_in_score_units():
    """Scores a thousand times as large, and far from 0, are believed a thousand times as large."""
    small = searched(LINE, hill, 5, seed=2)
    large = BayesianOptimization(LINE, seed=2)
    for trial in small.trials:
        large.tell(trial.params, 1000.0 * trial.score + 1e6)
    places = along(LINE, 7)
    np.testing.assert_allclose(large.posterior(places)[0], 1000 * small.posterior(places)[0] + 1e6, rtol=1e-6)
    np.testing.assert_allclose(large.posterior(places)[1], 1000 * small.posterior(places)[1], rtol=1e-3)


@every_kind
def test_the_acquisition_is_made_of_the_posterior(kind):
    strategy = searched(LINE, hill, 5, seed=3, acquisition=kind, xi=0.1, kappa=1.5)
    places = along(LINE, 9)
    mean, std = strategy.posterior(places)
    best = strategy.posterior([trial.params for trial in strategy.trials])[0].max()
    expected = {
        "log_ei": lambda: acq.log_expected_improvement(mean, std, best, 0.1),
        "ei": lambda: acq.expected_improvement(mean, std, best, 0.1),
        "pi": lambda: acq.probability_of_improvement(mean, std, best, 0.1),
        "ucb": lambda: acq.upper_confidence_bound(mean, std, 1.5),
        "thompson": lambda: acq.expected_improvement(mean, std, best, 0.1),
    }[kind]()
    np.testing.assert_allclose(strategy.acquisition(places), expected, rtol=1e-9)


def test_without_a_score_there_is_no_belief():
    strategy = BayesianOptimization(LINE, seed=0)
    strategy.tell({"heat": 300}, error="burnt")
    for ask in (strategy.posterior, strategy.acquisition):
        with pytest.raises(ValueError, match=r"no model before the first score; tell at least one trial"):
            ask({"heat": 250})


def test_params_outside_the_space_are_refused():
    strategy = searched(LINE, hill, 4, seed=0)
    with pytest.raises(ValueError, match=r"heat must lie in \[200, 400\], got 900"):
        strategy.posterior({"heat": 900})
    with pytest.raises(ValueError, match=r"unknown parameter 'crust'"):
        strategy.acquisition([{"heat": 300, "crust": 1}])


def test_a_failure_counts_as_the_worst_score_seen():
    strategy = searched(LINE, hill, 5, seed=4)
    failed = {"heat": 311.0}
    before, _ = strategy.posterior(failed)
    strategy.tell(failed, error="burnt")
    after, _ = strategy.posterior(failed)
    worst = min(trial.score for trial in strategy.trials if trial.ok)
    assert worst < after < before - 0.2 * (before - worst)


@pytest.mark.parametrize("seed", [5, 6, 7])
def test_what_is_pending_is_doubted_less_and_not_asked_again(seed):
    strategy = searched(LINE, hill, 3, seed=seed)
    alone = strategy.rebuilt(strategy.trials)
    first = strategy.ask()
    assert strategy.posterior(first)[1] < 0.5 * alone.posterior(first)[1]
    assert strategy.posterior(first)[0] == pytest.approx(alone.posterior(first)[0], abs=0.01)
    assert abs(strategy.ask()["heat"] - first["heat"]) > 0.1


def test_belief_follows_what_is_told_withdrawn_and_pending():
    """Its memory of the last model is only a memory: a twin without one believes the same."""
    strategy = searched(LINE, hill, 5, seed=6)
    places = along(LINE, 7)
    first, second = strategy.ask(), strategy.ask()
    strategy.withdraw(first)
    twin = strategy.rebuilt(strategy.trials)
    twin.pending = list(strategy.pending)
    np.testing.assert_allclose(strategy.posterior(places), twin.posterior(places))
    strategy.tell(second, hill(second))
    np.testing.assert_allclose(
        strategy.posterior(places), strategy.rebuilt(strategy.trials).posterior(places)
    )


def test_a_dial_that_does_not_apply_says_nothing_about_where_it_would_stand():
    strategy = BayesianOptimization(OVEN, seed=0)
    for heat in (0.1, 0.4, 0.9):
        strategy.tell({"oven": "Stone", "heat": heat}, heat)
        for fan in (0.0, 1.5, 3.0):
            strategy.tell({"oven": "Electric", "heat": heat, "fan": fan}, heat + fan)
    mean, std = strategy.posterior(
        [{"oven": "Stone", "heat": 0.4}, {"oven": "Electric", "heat": 0.4, "fan": 3.0}]
    )
    np.testing.assert_allclose(mean, [0.4, 3.4], atol=0.4)
    assert (std < 0.5).all()


# -- where it looks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["log_ei", "ei", "pi", "ucb"])
def test_in_a_finite_space_it_takes_the_largest_acquisition_of_all_that_is_left(kind):
    strategy = searched(MENU, menu_taste, 6, seed=7, acquisition=kind)
    tried = {MENU.key(trial.params) for trial in strategy.trials}
    left = [params for params in MENU.enumerate() if MENU.key(params) not in tried]
    before = strategy.acquisition(left)
    asked = strategy.ask()
    place = [MENU.key(params) for params in left].index(MENU.key(asked))
    assert before[place] == pytest.approx(before.max(), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("kind", ["log_ei", "ei", "pi", "ucb"])
@pytest.mark.parametrize("seed", [1, 2])
def test_on_a_smooth_dial_no_place_of_a_fine_grid_has_a_larger_acquisition(kind, seed):
    strategy = searched(LINE, hill, 5, seed=seed, acquisition=kind)
    everywhere = strategy.acquisition(along(LINE, 2001))
    asked = strategy.rebuilt(strategy.trials).ask()
    assert strategy.acquisition(asked) >= everywhere.max() - 1e-3 * (1.0 + abs(everywhere.max()))


def test_with_a_choice_and_dials_it_beats_thousands_of_random_places():
    strategy = searched(OVEN, oven_taste, 8, seed=8)
    rng = np.random.default_rng(0)
    scattered = strategy.acquisition([OVEN.sample(rng) for _ in range(3000)])
    asked = strategy.rebuilt(strategy.trials).ask()
    assert strategy.acquisition(asked) >= scattered.max() - 1e-6


@settings(max_examples=25)
@given(space=finite_spaces, seed=seeds)
def test_the_origin_tells_what_it_expected(space, seed):
    strategy = BayesianOptimization(space, start=2, seed=seed)
    for number in range(min(4, int(space.size))):
        twin = strategy.rebuilt(strategy.trials)
        params = strategy.ask()
        origin = strategy.pending[-1].origin
        if "mean" in origin:
            assert (origin["mean"], origin["std"]) == pytest.approx(twin.posterior(params))
            assert origin["acquisition"] == pytest.approx(twin.acquisition(params))
        strategy.tell(params, math.sin(number))
    if space.size > 2:
        assert "mean" in strategy.trials[2].origin


@every_kind
def test_why_names_the_numbers(kind):
    strategy = searched(LINE, hill, 6, seed=9, acquisition=kind, start=2)
    first, second, last = (*strategy.trials[:2], strategy.trials[-1])
    assert first.why == "opening 1 of 2: the middle of the space, before the model takes over"
    assert second.why == "opening 2 of 2: spread over the space, before the model takes over"
    assert f"{last.origin['mean']:.3g} ± {last.origin['std']:.2g}" in last.why


def test_one_trial_in_the_middle_is_opening_enough():
    strategy = searched(LINE, hill, 2, seed=9)
    assert strategy.trials[0].why == "opening 1 of 1: the middle of the space, before the model takes over"
    assert "mean" in strategy.trials[1].origin


def test_the_opening_is_the_middle_and_then_each_part_of_the_inner_half_of_each_dial_once():
    space = Space(Real("x", 0, 1), Real("y", 0, 1), Choice("z", list("abcde")))
    strategy = BayesianOptimization(space, start=6, seed=10)
    middle, *asked = [strategy.ask() for _ in range(6)]
    assert (middle["x"], middle["y"]) == (0.5, 0.5)
    for name in ("x", "y"):
        assert sorted(math.floor(10 * (params[name] - 0.25)) for params in asked) == [0, 1, 2, 3, 4]
    assert sorted(params["z"] for params in asked) == list("abcde")


def test_with_a_hill_it_expects_more_of_the_middle_and_without_one_the_same_of_all():
    def expected(height):
        strategy = BayesianOptimization(LINE, hill=height)
        strategy.tell({"heat": 200.0}, 5.0)
        return strategy.posterior([{"heat": heat} for heat in (200.0, 300.0, 400.0)])[0]

    low, middle, high = expected(0.5)
    assert middle > max(low, high)
    np.testing.assert_allclose(expected(0.0), 5.0)


# -- how well it does --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["log_ei", "ei", "ucb", "thompson"])
def test_it_finds_the_top_of_a_hill(kind):
    for seed in (1, 2, 3):
        strategy = searched(LINE, hill, 14, seed=seed, acquisition=kind)
        assert strategy.best.score > 7.95


def test_it_beats_random_search_on_dials_and_choices():
    def regret(make):
        runs = [tune(oven_taste, make(OVEN, seed=seed), 18) for seed in range(6)]
        return np.mean([1.0 - best_so_far(run.trials) for run in runs])

    assert regret(BayesianOptimization) < 0.7 * regret(RandomSearch)


def test_noisy_scores_are_recommended_by_their_true_height():
    moods = itertools.count()

    def moody(params):
        return hill(params) + np.random.default_rng(next(moods)).normal(scale=1.0)

    strategy = searched(LINE, moody, 24, seed=11, noise=1.0)
    assert hill(strategy.recommend().params) > 7.0
    assert strategy.posterior(strategy.recommend().params)[0] < strategy.best.score


def test_a_known_length_and_noise_are_not_learned():
    far = BayesianOptimization(LINE, length=0.05, noise=0.01, seed=0)
    near = BayesianOptimization(LINE, length=2.0, noise=0.01, seed=0)
    for strategy in (far, near):
        for heat in (220, 300, 380):
            strategy.tell({"heat": heat}, hill({"heat": heat}))
    between = {"heat": 260}
    assert far.posterior(between)[1] > 5 * near.posterior(between)[1]


def test_more_kappa_explores_more():
    def widest_gap(kappa):
        strategy = searched(LINE, hill, 12, seed=12, acquisition="ucb", kappa=kappa)
        places = np.sort([200, 400, *(trial.params["heat"] for trial in strategy.trials)])
        return np.diff(places).max()

    assert widest_gap(20.0) < widest_gap(0.0)


# -- its settings ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings, kind, message",
    [
        (
            {"acquisition": "hope"},
            ValueError,
            r"acquisition must be one of \['log_ei', 'ei', .*\], got 'hope'",
        ),
        ({"start": 0}, ValueError, r"start must be 1 or more, got 0"),
        ({"start": 2.5}, TypeError, r"start must be a whole number, got 2.5"),
        ({"kappa": -1}, ValueError, r"kappa must be 0 or more, got -1"),
        ({"kappa": "2"}, TypeError, r"kappa must be a number, got '2'"),
        ({"xi": math.nan}, ValueError, r"xi must be 0 or more, got nan"),
        ({"length": 0}, ValueError, r"length must be above 0, got 0"),
        ({"noise": -0.1}, ValueError, r"noise must be above 0, got -0.1"),
        ({"noise": math.inf}, ValueError, r"noise must be above 0, got inf"),
    ],
    ids=str,
)
def test_wrong_settings_are_refused(settings, kind, message):
    with pytest.raises(kind, match=message):
        BayesianOptimization(LINE, **settings)


def test_a_failure_that_a_new_worst_score_makes_worse_is_learned_at_once():
    def scored(number, params):
        return None if number == 3 else -50.0 if number == 20 else math.sin(9 * params["x"])

    straight = BayesianOptimization(Space(Real("x", 0, 1)), seed=0)
    for number in range(23):
        params = straight.ask()
        score = scored(number, params)
        straight.tell(params, score, error="it burnt" if score is None else None)
    for count in (20, 21, 22):
        assert straight.rebuilt(straight.trials[:count]).ask() == straight.trials[count].params


@pytest.mark.parametrize("unit", [1e-100, 1e-14, 1e150, 1e300])
def test_a_score_may_have_any_unit(unit):
    def best(unit):
        strategy = BayesianOptimization(Space(Real("x", 0, 1), Real("y", 0, 1)), seed=0)
        for _ in range(12):
            params = strategy.ask()
            strategy.tell(params, -unit * ((params["x"] - 0.3) ** 2 + (params["y"] - 0.8) ** 2))
        return strategy.best.score / unit

    assert best(unit) == pytest.approx(best(1.0), abs=1e-3)
    assert best(unit) > -0.01


@every_kind
def test_an_improvement_far_out_of_reach_is_no_error(kind):
    strategy = BayesianOptimization(LINE, acquisition=kind, xi=0.01, seed=0)
    for _ in range(8):
        params = strategy.ask()
        strategy.tell(params, 1e-10 * math.sin(params["heat"]))


def one_in_many(params):
    return int(sum(params.values()) * 1e6) % 150 == 0


def test_where_no_candidate_is_allowed_one_is_drawn():
    space = Space(*(Real(f"x{number}", 0, 1) for number in range(8)), where=one_in_many)
    strategy = BayesianOptimization(space, seed=0)
    for _ in range(6):
        params = strategy.ask()
        assert one_in_many(params)
        strategy.tell(params, params["x0"])


def test_what_is_asked_before_any_score_says_so():
    strategy = BayesianOptimization(LINE, seed=0)
    whys = [strategy.ask() and strategy.why for _ in range(3)]
    assert whys[0].startswith("opening 1 of 1")
    assert whys[1:] == ["drawn at random: there is no score yet to learn from"] * 2
