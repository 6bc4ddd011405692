"""Any menu in an explorer: its searches are those of the strategies, and each can be travelled through."""

from __future__ import annotations

import pytest

import pizzatune as pt
from pizzatune.explore.menu_explorer import SETTINGS, levels_of

OVEN = pt.menus.stone_or_electric()
DOUGH = pt.menus.from_function(
    lambda params: 9 - 100 * (params["hydration"] - (0.62 if params["flour"] == "00" else 0.7)) ** 2,
    pt.Space(pt.Real("hydration", 0.5, 0.8), pt.Choice("flour", ["00", "Manitoba"])),
    name="dough",
)


@pytest.fixture(scope="module")
def explorer():
    opened = pt.explore.menu(DOUGH, budget=8)
    yield opened
    opened.close()


def fresh(explorer, **values):
    usual = {"strategy": "bayesian", "seed": 1, "budget": 8, "trial": 0, "acquisition": "log_ei"}
    explorer.set(**usual | values)
    explorer.settle()
    assert explorer.error is None, explorer.reading
    return explorer.data


def params_of(trials):
    return [trial.params for trial in trials]


@pytest.mark.parametrize(
    "word, settings, by_hand",
    [
        ("bayesian", {}, lambda space: pt.BayesianOptimization(space, seed=1)),
        (
            "bayesian",
            {"acquisition": "ucb", "kappa": 4.0},
            lambda s: pt.BayesianOptimization(s, seed=1, acquisition="ucb", kappa=4.0),
        ),
        ("random", {}, lambda space: pt.RandomSearch(space, seed=1)),
        ("random", {"sampler": "sobol"}, lambda space: pt.RandomSearch(space, seed=1, sampler="sobol")),
        (
            "genetic",
            {"population": 3, "tournament": 2, "elite": 0},
            lambda s: pt.GeneticAlgorithm(s, seed=1, population=3, tournament=2, elite=0, mutation=0.5),
        ),
        (
            "grid",
            {"levels": 3, "order": "rows"},
            lambda space: pt.GridSearch(space, resolution=3, order="rows"),
        ),
    ],
)
def test_its_searches_are_those_of_the_strategies(explorer, word, settings, by_hand):
    numbers = fresh(explorer, strategy=word, **settings)
    run = pt.tune(DOUGH.taste, by_hand(DOUGH.space), budget=8, progress=False)
    assert params_of(numbers.timeline.trials) == params_of(run.trials)
    fresh(explorer, sampler="independent")


def test_only_the_settings_of_the_strategy_are_on_the_panel(explorer):
    for word in ("grid", "random", "genetic", "bayesian"):
        fresh(explorer, strategy=word)
        shown = {name for names in SETTINGS.values() for name in names if explorer.controls[name].shown}
        assert shown == set(SETTINGS[word]) - {"kappa"}
    fresh(explorer, acquisition="ucb")
    assert explorer.kappa.shown


def test_more_trials_go_on_from_those_there_are(explorer):
    few = fresh(explorer, budget=5).timeline.trials
    many = fresh(explorer, budget=9).timeline.trials
    assert many[:5] == few
    assert fresh(explorer, budget=3).timeline.trials == few[:3]


def test_a_changed_score_goes_on_and_another_strategy_forgets_it(explorer):
    fresh(explorer, trial=2)
    explorer.score.value = explorer.score.low
    assert explorer.settle().data.timeline.imagined == {2}
    assert fresh(explorer, strategy="random").timeline.since is None


def test_it_says_how_far_from_the_best_it_is():
    explorer = pt.explore.menu(OVEN, budget=6).settle()
    explorer.trial.value = 5
    assert "So far: 6 pizzas, the best" in explorer.reading
    assert "below the best there is." in explorer.reading


def test_it_opens_before_its_search_is_done_and_settles():
    explorer = pt.explore.menu(DOUGH, budget=6)
    assert explorer.data.number == 0
    assert len(explorer.settle().data.timeline.trials) == 6
    assert not explorer.running


def test_the_grid_is_counted(explorer):
    fresh(explorer, strategy="grid", levels=4)
    assert "Its grid has 8 combinations." in explorer.reading
    assert levels_of(pt.Space(*(pt.Real(name, 0, 1) for name in "abcdefgh"))) == 2


def test_transfer_is_offered_with_a_source_only():
    before = pt.tune(DOUGH.taste, pt.RandomSearch(DOUGH.space, seed=0), budget=6, progress=False)
    assert "Transfer learning" not in pt.explore.menu(DOUGH, budget=2).strategy.options
    explorer = pt.explore.menu(DOUGH, "transfer", budget=3, source=before).settle()
    assert type(explorer.data.strategy).__name__ == "TransferLearning"
    assert "It trusted the earlier search" in explorer.reading
    with pytest.raises(ValueError, match="strategy 'transfer' needs an earlier search, got none"):
        pt.explore.menu(DOUGH, "transfer")


@pytest.mark.parametrize(
    "arguments, error, words",
    [
        ((3,), TypeError, "menu must be a menu, got 3; write pt.menus.striped"),
        (
            (pt.menus.striped,),
            TypeError,
            r"menu must be a menu, got striped without brackets; write striped\(\)",
        ),
        (
            (None, "oven"),
            ValueError,
            "strategy must be one of grid, random, bayesian, genetic, transfer, got 'oven'",
        ),
        ((None, ["grid"]), ValueError, "strategy must be one of"),
        ((None, "grid", 1, 0), ValueError, r"budget must lie in \[1, "),
    ],
)
def test_what_it_cannot_open_is_named(arguments, error, words):
    with pytest.raises(error, match=words):
        pt.explore.menu(*arguments)


def test_a_strategy_that_cannot_search_is_said_in_place_and_the_next_one_goes_on():
    wide = pt.menus.from_function(
        lambda p: p["a"], pt.Space(*(pt.Real(name, 0, 1) for name in "abcdefghijklmnopqrst"))
    )
    explorer = pt.explore.menu(wide, "random", budget=3).settle()
    explorer.strategy.value = "grid"
    explorer.settle()
    assert explorer.error is not None
    explorer.strategy.value = "random"
    assert explorer.settle().error is None


def test_a_guessed_menu_says_that_it_guesses(tmp_path):
    table = tmp_path / "class.csv"
    rows = [f"{flour},{minutes},{minutes / 3}" for flour in "ab" for minutes in (3, 6, 9, 12)]
    table.write_text("\n".join(["flour,minutes,score", *rows]))
    menu = pt.menus.from_csv(table, surrogate=True)
    explorer = pt.explore.menu(menu, "random", budget=3).settle()
    assert "is a guess, fitted to the 8 pizzas tasted; it is no tasting." in explorer.reading
    assert explorer.reading.startswith("Trial 0 was guessed at ")
    assert explorer.score.label == "What if its guess were"
