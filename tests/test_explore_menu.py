"""The explorer of any menu: its runs are those of `tune`, whoever searches and whatever is searched."""

from __future__ import annotations

import asyncio
import itertools
import json
import math
import re

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.explore.menu_explorer import GRID, MOST, SETTINGS, MenuExplorer, levels_of
from pizzatune.explore.travel_words import plain
from pizzatune.menus.listed import ListedSpace
from pizzatune.pictures import svg
from pizzatune.pictures.marks import Axes, Bars, Dots, Text
from pizzatune.words import score_text
from tests.how_often import CI
from tests.ovens import FAN, bake_in_the_fan_oven
from tests.test_explorers import random_turn

DOUGH = pt.Space(pt.Real("hydration", 0.5, 0.8), pt.Real("salt", 0, 4))
BOXES = pt.Space(pt.Choice("box", ["Red", "Blue", "Green"]), pt.Ordered("size", ["S", "M", "L"]))


def rise(params):
    """How a dough rises."""
    return 9 - 100 * (params["hydration"] - 0.62) ** 2 - abs(params["salt"] - 2)


def unpack(params):
    """How large the present is."""
    return float(len(params["box"]) + "SML".index(params["size"]))


@pytest.fixture(scope="module")
def friday(tmp_path_factory):
    """Eleven of eighteen pizzas that a class has tasted, one of them twice."""
    path = tmp_path_factory.mktemp("tastings") / "friday.csv"
    pizzas = itertools.product(("Ham", "Olives", "Tuna"), (180, 220, 260), (8, 11))
    rows = [
        f"{topping},{heat},{minutes},{8 - ((heat - 215) / 30) ** 2 - abs(minutes - 9) + len(topping) / 8:.2f}"
        for number, (topping, heat, minutes) in enumerate(pizzas)
        if number % 5 in (0, 2, 3)
    ]
    path.write_text("\n".join(["topping,temperature,minutes,score", *rows, rows[0]]) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def menus(friday):
    return {
        "striped": pt.menus.striped(),
        "four factors": pt.menus.four_factors(),
        "dough": pt.menus.from_function(rise, DOUGH, best={"hydration": 0.62, "salt": 2.0}),
        "boxes": pt.menus.from_function(unpack, BOXES),
        "fan": pt.menus.from_function(bake_in_the_fan_oven, FAN),
        "tasted": pt.menus.from_csv(friday),
        "guessed": pt.menus.from_csv(friday, surrogate=True),
    }


MENUS = ["striped", "four factors", "dough", "boxes", "fan", "tasted", "guessed"]
WORDS = ["grid", "random", "bayesian", "genetic"]
BUDGET = 9  # all boxes


def marks_of(explorer, kind, style="", layer=""):
    every = [mark for name, marks in explorer.marks.items() if name.startswith(layer) for mark in marks]
    return [mark for mark in every if isinstance(mark, kind) and (not style or mark.style == style)]


def axes_of_scores(explorer):
    (axes,) = marks_of(explorer, Axes, layer="axes")
    return axes.panel


def searched(menu, word, seed, budget, source=None, **settings):
    """The run that an explorer should show."""
    space = menu.space
    levels = levels_of(space)
    if isinstance(space, ListedSpace):
        levels = {parameter.name: int(parameter.size) for parameter in space.parameters}
    make = {
        "grid": lambda: pt.GridSearch(space, **{"resolution": levels} | settings),
        "random": lambda: pt.RandomSearch(space, seed=seed, **settings),
        "bayesian": lambda: pt.BayesianOptimization(space, seed=seed, **settings),
        "genetic": lambda: pt.GeneticAlgorithm(space, seed=seed, **settings),
        "transfer": lambda: pt.TransferLearning(space, source=source, seed=seed, **settings),
    }
    return pt.tune(menu.taste, make[word](), budget, progress=False)


@pytest.fixture(scope="module")
def opened(menus):
    """Each menu opened, as it was at first, but for the trial that is shown."""
    known = {}

    def open_again(name):
        if name not in known:
            known[name] = pt.explore.menu(menus[name], budget=BUDGET)
        known[name].set(strategy="bayesian", seed=1, budget=BUDGET)
        known[name].settle()
        return known[name]

    yield open_again
    for explorer in known.values():
        explorer.close()


# -- the run ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MENUS if CI else MENUS[::3])
def test_whoever_searches_it_is_the_run_that_tune_makes(opened, menus, name):
    explorer = opened(name)
    for word in ("bayesian", "grid", "random", "genetic", "bayesian"):
        explorer.strategy.value = word
        explorer.settle()
        assert explorer.error is None
        assert explorer.data.timeline.trials == searched(menus[name], word, 1, BUDGET).trials
        ends = itertools.cycle((0, len(explorer.data.timeline.trials), 4))
        for number, view in zip(ends, explorer.view.options.values(), strict=False):
            explorer.set(trial=number, view=view)
            assert explorer.error is None, explorer.reading
            assert explorer.data.before == explorer.data.timeline.trials[:number]
            assert explorer.reading.endswith(".")
            assert not re.search(r"nan|None", explorer.reading)


@pytest.mark.parametrize(
    "word, turned, settings",
    [
        ("grid", {"levels": 3, "order": "rows"}, {"resolution": 3, "order": "rows"}),
        ("grid", {"edges": True}, {"edges": True}),
        ("random", {"sampler": "sobol"}, {"sampler": "sobol"}),
        ("bayesian", {"acquisition": "pi"}, {"acquisition": "pi"}),
        ("bayesian", {"acquisition": "ucb", "kappa": 4}, {"acquisition": "ucb", "kappa": 4}),
        (
            "genetic",
            {"population": 3, "tournament": 1, "mutated": 0.5, "elite": 0},
            {"population": 3, "tournament": 1, "mutation": 0.25, "elite": 0},
        ),
        ("transfer", {"learned": False, "trust": 0.5}, {"trust": 0.5}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_strategy_can_be_set_and_only_its_own_settings_are_on_the_panel(menus, word, turned, settings):
    menu = menus["dough"]
    source = searched(menu, "random", 5, 4)
    explorer = pt.explore.menu(menu, word, budget=7, source=source).settle()
    assert explorer.data.timeline.trials == searched(menu, word, 1, 7, source).trials
    explorer.set(**turned)
    explorer.settle()
    on_panel = {name for names in SETTINGS.values() for name in names if explorer.controls[name].shown}
    assert set(turned) <= on_panel <= set(SETTINGS[word])
    expected = searched(menu, word, 1, 7, source, **settings).trials
    assert explorer.data.timeline.trials == expected
    assert expected != searched(menu, word, 1, 7, source).trials
    if CI or word == "genetic":  # it can also be opened like that
        again = pt.explore.menu(menu, word, budget=7, source=source, **turned)
        assert again.settle().data.timeline.trials == expected
    other = "random" if word != "random" else "genetic"
    explorer.strategy.value = other
    assert not any(explorer.controls[name].shown for name in SETTINGS[word])


@pytest.mark.parametrize("word", ["random", "bayesian", "genetic"])
def test_another_seed_is_another_run(opened, menus, word):
    explorer = opened("dough")
    explorer.set(strategy=word, seed=7)
    explorer.settle()
    assert explorer.data.timeline.trials == searched(menus["dough"], word, 7, BUDGET).trials
    assert explorer.data.timeline.trials != searched(menus["dough"], word, 1, BUDGET).trials


def test_a_grid_leaves_nothing_to_the_seed(opened):
    explorer = opened("dough")
    assert explorer.seed.shown
    explorer.strategy.value = "grid"
    explorer.settle()
    assert not explorer.seed.shown
    assert "Its grid has 25 combinations." in explorer.reading


def test_more_trials_go_on_from_those_that_were_made(menus):
    asked = []

    def counted(params):
        asked.append(params)
        return rise(params)

    explorer = pt.explore.menu(pt.menus.from_function(counted, DOUGH), "random", budget=5).settle()
    first = explorer.data.timeline.trials
    explorer.trial.value = 4
    explorer.budget.value = 8
    explorer.settle()
    assert explorer.data.timeline.trials[:5] == first
    assert len(asked) == 8
    assert explorer.trial.value == 7, "who looks at the last trial looks at the last one still"
    explorer.budget.value = 3
    explorer.settle()
    assert explorer.data.timeline.trials == first[:3]
    assert len(asked) == 8
    assert (explorer.trial.value, explorer.trial.high) == (2, 3)
    assert axes_of_scores(explorer).x.high == pytest.approx(3.6)


def test_the_first_picture_of_a_run_comes_at_once_and_the_rest_streams_in(menus):
    async def watch():
        explorer = pt.explore.menu(menus["dough"], budget=12)
        explorer.trial.value = 5
        explorer.seed.value = 3
        seen = [(explorer.data.number, len(explorer.data.timeline.trials))]
        assert explorer.running
        while explorer.running:
            await asyncio.sleep(0.005)
            seen.append((explorer.data.number, len(explorer.data.timeline.trials)))
        return explorer, list(dict.fromkeys(seen))

    explorer, seen = asyncio.run(watch())
    assert seen[0] == (0, 0)
    assert len(seen) > 2
    assert all(shown == min(5, max(there - 1, 0)) for shown, there in seen)
    assert seen[-1] == (5, 12)
    assert explorer.trial.value == 5
    assert explorer.data.timeline.trials == searched(menus["dough"], "bayesian", 3, 12).trials


EIGHT = pt.Space(*(pt.Real(f"dial_{number}", 0, 1, unit="°C") for number in range(8)))


@pytest.mark.parametrize("word, budget", [("random", 100), ("bayesian", 30)])
def test_messages_are_small_while_many_trials_of_many_parameters_stream_in(word, budget):
    menu = pt.menus.from_function(lambda params: -sum(params.values()), EIGHT)

    async def largest():
        explorer, sent = pt.explore.menu(menu, word, budget=budget).settle(), []
        explorer.trial.value = budget - 1
        explorer.send = sent.append
        explorer._take_message(None, {"do": "hello"}, None)
        sent.clear()
        explorer._take_message(None, {"do": "turn", "values": {"seed": 5}}, None)
        while explorer.running:
            await asyncio.sleep(0.01)
        return max(len(json.dumps(message)) for message in sent)

    assert asyncio.run(largest()) <= 30_000


def test_turning_a_knob_while_trials_stream_in_drops_them(menus):
    async def turn():
        explorer = pt.explore.menu(menus["dough"], budget=30)
        for seed in (5, 6, 7):
            explorer.seed.value = seed
            await asyncio.sleep(0.06)
        explorer.set(strategy="genetic", seed=8, budget=10)
        while explorer.running:
            await asyncio.sleep(0.01)
        return explorer.data.timeline.trials

    assert asyncio.run(turn()) == searched(menus["dough"], "genetic", 8, 10).trials


def test_the_first_picture_of_a_longer_run_shows_a_new_trial(menus):
    explorer = pt.explore.menu(menus["dough"], "random", budget=6).settle()
    before = svg.layer(explorer.marks["trials 0"])
    explorer.budget.value = 9  # without an event loop it stands at its first state
    assert explorer.running
    assert len(explorer.data.timeline.trials) == 6
    explorer._advance(0.0)
    assert len(explorer.data.timeline.trials) == 7
    assert svg.layer(explorer.marks["trials 0"]) != before
    assert explorer.settle().data.timeline.trials == searched(menus["dough"], "random", 1, 9).trials


def test_it_opens_as_soon_as_its_first_trial_is_there_and_a_page_has_it_go_on(menus):
    async def watch():
        explorer = pt.explore.menu(menus["dough"], budget=12)
        explorer.send = [].append
        there = explorer.running, explorer.data.number, len(explorer.data.timeline.trials)
        explorer._take_message(None, {"do": "hello"}, None)
        while explorer.running:
            await asyncio.sleep(0.005)
        return there, explorer.data.timeline.trials

    there, trials = asyncio.run(watch())
    assert there == (True, 0, 1)
    assert trials == searched(menus["dough"], "bayesian", 1, 12).trials


def test_a_trial_can_be_turned_while_others_stream_in(menus):
    explorer = pt.explore.menu(menus["dough"], "random", budget=6)
    explorer.seed.value = 2  # without an event loop it stands at its first state
    explorer.trial.value = 4
    assert explorer.data.number == 0
    for tried in range(1, 6):
        explorer._advance(0.0)
        assert (len(explorer.data.timeline.trials), explorer.data.number) == (tried, tried - 1)
    assert explorer.settle().data.number == 4


def test_the_first_picture_is_of_the_new_strategy_and_nothing_set_before(menus):
    explorer = pt.explore.menu(menus["dough"], "random", budget=6)
    for seed in (2, 3):
        explorer.seed.value = seed
        assert explorer.data.decision.chosen == pt.RandomSearch(DOUGH, seed=seed).ask()
        explorer.settle()
        assert explorer.data.timeline.since is None
        told = explorer.score.value = explorer.score.high
        assert explorer.data.timeline.trials[0].score == told


def test_the_score_on_the_knob_is_the_trials_while_its_limits_widen(menus):
    explorer = pt.explore.menu(menus["dough"], "random", budget=30, trial=0)
    explorer.seed.value, limits = 2, set()
    while explorer.running:
        explorer._advance(0.0)
        score, trials = explorer.score, explorer.data.timeline.trials
        assert score.value == pytest.approx(trials[0].score, abs=score.step)
        assert score.low <= score.value <= score.high
        limits.add((score.low, score.high))
        assert explorer.data.timeline.since is None
    assert len(limits) > 2


def test_what_is_believed_is_offered_where_something_is(opened):
    explorer = opened("striped")
    of_a_model = {"a map of the expected score", "a map of the doubt", "a map of the hope"}
    assert of_a_model <= set(explorer.view.options)
    explorer.view.value = explorer.view.options["a map of the doubt"]
    explorer.strategy.value = "random"
    assert next(iter(explorer.view.options)) == explorer.view.text == "a map"
    assert not of_a_model & set(explorer.view.options)
    explorer.strategy.value = "bayesian"
    assert of_a_model <= set(explorer.view.options)
    explorer.settle()
    explorer.trial.value = 3
    assert explorer.data.decision.held is not None


# -- what if ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", WORDS)
def test_a_changed_score_asks_the_menu_for_the_rest(opened, menus, word):
    explorer, menu = opened("dough"), menus["dough"]
    explorer.strategy.value = word
    explorer.settle().set(trial=3, score=explorer.score.low)
    told = explorer.score.value
    explorer.settle()
    real = searched(menu, word, 1, BUDGET)
    fresh = real.strategy.rebuilt(real.trials[:3])
    fresh.tell(fresh.ask(), told)
    expected = pt.tune(menu.taste, fresh, BUDGET - 4, progress=False).trials
    assert explorer.data.timeline.trials == expected
    assert explorer.data.timeline.imagined == {3}
    explorer.undo.value += 1
    assert explorer.settle().data.timeline.trials == real.trials


def test_a_score_can_be_dragged(opened):
    explorer = opened("dough")
    axis = axes_of_scores(explorer).y
    explorer.dragged("trial 2", 0.2, float(axis.share(8.2)))
    explorer.settle()
    assert explorer.trial.value == 2
    assert explorer.data.timeline.trials[2].score == pytest.approx(8.2, abs=explorer.score.step)
    assert len(explorer.data.timeline.trials) == BUDGET


def test_what_was_made_up_is_not_found(opened):
    explorer = opened("dough")
    explorer.set(trial=2, score=explorer.score.high)
    made_up = plain(explorer.score.value)
    explorer.settle()
    assert f"trial 3 scored {made_up}" in explorer.reading
    assert "the best" not in explorer.reading.split("\n")[-1]


def test_another_strategy_starts_from_what_really_happens(opened, menus):
    explorer = opened("dough")
    explorer.set(trial=2, score=explorer.score.high)
    explorer.settle()
    explorer.strategy.value = "random"
    explorer.settle()
    assert explorer.data.timeline.imagined == frozenset()
    assert explorer.data.timeline.trials == searched(menus["dough"], "random", 1, BUDGET).trials
    assert not explorer.undo.shown


def test_going_back_in_the_middle_of_a_run_finishes_it(menus):
    explorer = pt.explore.menu(menus["dough"], "random", budget=6)
    explorer.seed.value = 4
    explorer._advance(0.0)  # a second state
    assert explorer.running
    explorer.score.value = explorer.score.high
    explorer.undo.value += 1
    explorer.settle()
    assert explorer.data.timeline.trials == searched(menus["dough"], "random", 4, 6).trials


# -- what can be searched -----------------------------------------------------------------------------------


def test_failed_trials_are_shown_and_counted(opened):
    explorer = opened("fan")
    trials = explorer.data.timeline.trials
    lost = [trial.number for trial in trials if not trial.ok]
    assert lost
    (failed,) = marks_of(explorer, Dots, "failed", "trials")
    assert list(failed.x) == lost
    explorer.trial.value = 8
    assert f"So far: 9 trials, {len(lost)} failed, the best " in explorer.reading
    explorer.trial.value = lost[0]
    assert explorer.reading.startswith(f"Trial {lost[0] + 1} failed: ")
    assert "RuntimeError: burnt down." in explorer.reading
    assert list(explorer.to_frame()["error"].notna()) == [not trial.ok for trial in trials]


def test_a_menu_of_which_nothing_can_be_baked_says_so():
    def never(params):
        raise OSError("no coal")

    explorer = pt.explore.menu(pt.menus.from_function(never, DOUGH), budget=4, trial=3).settle()
    assert "OSError: no coal." in explorer.reading.split("\n")[0]
    assert explorer.reading.endswith("So far: 4 trials, none with a score.")


def test_what_was_tasted_runs_out(opened, menus):
    explorer, menu = opened("tasted"), menus["tasted"]
    assert explorer.budget.high == len(menu.tastings) == 11
    explorer.budget.value = 11
    for word in WORDS:
        explorer.strategy.value = word
        explorer.settle()
        trials = explorer.data.timeline.trials
        assert len({menu.space.key(trial.params) for trial in trials}) == 11
        assert {trial.score for trial in trials} == {pizza.score for pizza in menu.tastings}
        explorer.trial.value = 11
        assert explorer.reading.startswith("After 11 trials every combination has been tried.")
        assert f"So far: 11 pizzas, the best {score_text(menu.best.score)} (trial " in explorer.reading
        assert ", the best there is." in explorer.reading


def test_a_grid_that_is_done_leaves_the_rest_of_the_budget(menus):
    explorer = pt.explore.menu(menus["dough"], "grid", budget=40, trial=25).settle()
    assert len(explorer.data.timeline.trials) == explorer.trial.high == 25
    assert explorer.data.decision.chosen is None
    explorer.strategy.value = "random"
    explorer.settle()
    assert len(explorer.data.timeline.trials) == 40


def test_a_guess_is_called_one_wherever_a_score_is_named(opened, menus):
    explorer, menu = opened("guessed"), menus["guessed"]
    for word in WORDS:
        explorer.strategy.value = word
        explorer.settle()
        explorer.trial.value = 8
        assert explorer.reading.startswith("Trial 9 was guessed at ")
        assert "So far: 9 pizzas, the best " in explorer.reading
        guess = "Each guessed score is a guess, fitted to the "
        assert f"{guess}{len(menu.tastings)} pizzas tasted; it is no tasting." in explorer.reading
        assert axes_of_scores(explorer).y.label == "guessed score"
    assert explorer.score.label == "What if its guess were"


def test_a_menu_that_was_tasted_is_not_called_a_guess(opened):
    assert "guessed" not in opened("tasted").reading


@pytest.mark.parametrize("name", MENUS if CI else MENUS[::3])
def test_how_far_the_best_is_from_the_best_there_is(opened, menus, name):
    explorer, best = opened(name), menus[name].best
    explorer.strategy.value = "random"
    explorer.settle()
    explorer.trial.value = 8
    found = explorer.to_frame()["score"].max()
    said = re.search(r"So far: .*?\(trial \d+\)(.*?)\.(?: |$)", explorer.reading)[1]
    if name in ("boxes", "fan"):
        assert best is None
        assert said == ""
    elif math.isclose(best.score, found):
        assert said.startswith(", the ")
    elif score_text(best.score) == score_text(found):
        assert said.startswith(", as good as the ")
    else:
        off = re.fullmatch(r", ([\d.e-]+) below the (?:best|highest guess) there is", said)
        assert float(off[1]) == pytest.approx(best.score - found, rel=0.06)


def test_a_best_that_reads_like_the_best_there_is_is_not_below_it():
    explorer = pt.explore.menu(seed=2, trial=19)
    explorer.settle()
    assert "So far: 20 pizzas, the best 8.70 (trial 9), as good as the best there is." in explorer.reading
    best = explorer._menu.best.score
    assert explorer._off(best - 0.3, 0.01) == ", 0.3 below the best there is"
    assert explorer._off(best - 0.3, 0.5) == ", less than 0.5 below the best there is"


def test_options_stand_by_name_in_the_cells_of_the_strips(opened, menus):
    explorer = opened("four factors")
    explorer.trial.value = 5
    for parameter in menus["four factors"].space.parameters:
        if not hasattr(parameter, "options"):
            continue
        (cells,) = marks_of(explorer, Bars, "cell", f"strip {parameter.name}")
        assert [tip.split("\n")[0] for tip in cells.tips] == [*map(str, parameter.options)]
        names = [text.text for text in marks_of(explorer, Text, layer=f"strip {parameter.name}")]
        for option in parameter.options:
            assert any(str(option).startswith(name.rstrip("…")) for name in names)


@pytest.mark.parametrize(
    "dials, levels", [(2, 5), (4, 5), (5, 3), (6, 3), (7, 2), (9, 2)], ids=lambda number: str(number)
)
def test_many_dials_get_few_levels(dials, levels):
    space = pt.Space(*(pt.Real(f"dial_{number}", 0, 1) for number in range(dials)))
    assert levels_of(space) == levels
    assert levels**dials <= GRID


def test_a_list_of_many_values_opens_and_its_grid_takes_all_of_them(tmp_path):
    path = tmp_path / "many.csv"
    path.write_text("heat,score\n" + "".join(f"{200 + 5 * step},{step % 7}\n" for step in range(14)))
    explorer = pt.explore.menu(pt.menus.from_csv(path), "grid", budget=14).settle()
    assert len(explorer.data.timeline.trials) == 14
    assert not explorer.levels.shown
    assert not explorer.edges.shown


def test_a_grid_too_large_is_said_in_place_until_another_strategy_is_chosen():
    space = pt.Space(*(pt.Real(f"dial_{number}", 0, 1) for number in range(20)))
    menu = pt.menus.from_function(lambda params: -sum(params.values()), space)
    explorer = pt.explore.menu(menu, "random", budget=4)
    explorer.strategy.value = "grid"
    for turn in ({}, {"trial": 1}, {"budget": 5}):
        explorer.set(**turn)
        assert isinstance(explorer.error, ValueError)
        assert "1,048,576 combinations, too many to finish" in explorer.reading
    explorer.strategy.value = "genetic"
    explorer.settle()
    assert explorer.error is None
    assert explorer.data.timeline.trials == searched(menu, "genetic", 1, 5).trials
    with pytest.raises(ValueError, match="too many to finish"):
        pt.explore.menu(menu, "grid")


def test_transfer_learning_needs_a_source_and_learns_from_it():
    old, new = pt.menus.old_oven(), pt.menus.new_oven(likeness=0.9)
    earlier = searched(old, "random", 0, 8)
    assert "transfer" not in pt.explore.menu(new, budget=2).strategy.options.values()
    for source in (earlier, earlier.strategy, list(earlier.trials)):
        explorer = pt.explore.menu(new, "transfer", seed=2, budget=6, source=source).settle()
        assert explorer.data.timeline.trials == searched(new, "transfer", 2, 6, earlier).trials
        assert explorer.data.trust is not None
    assert list(explorer.strategy.options.values()) == [*WORDS, "transfer"]


def test_random_turns_break_nothing(opened):
    rng = np.random.default_rng(3)
    for name in ("fan", "tasted", "guessed"):
        explorer = opened(name)
        for _ in range(16):
            random_turn(explorer, rng)
            if rng.random() < 0.3:
                explorer._advance(0.01)
            assert explorer.error is None, explorer.reading
        assert explorer.settle().error is None


# -- the door -----------------------------------------------------------------------------------------------


def test_it_starts_where_it_is_told(menus):
    explorer = pt.explore.menu(menus["dough"], "genetic", seed=3, budget=7, trial=2)
    explorer.settle()
    controls = {name: one.value for name, one in explorer.controls.items() if one.shown and name != "view"}
    assert controls | {"score": None} == {
        "strategy": "genetic",
        "population": 4,
        "tournament": 8,
        "mutated": 1.0,
        "elite": 2,
        "seed": 3,
        "budget": 7,
        "trial": 2,
        "score": None,
    }
    assert explorer.title == "Search a menu: rise"
    assert isinstance(explorer, MenuExplorer)
    few = pt.explore.menu(menus["boxes"])
    assert (few.budget.value, few.budget.high, few.trial.value) == (9, 9, 0)
    one = pt.explore.menu(
        pt.menus.from_function(lambda params: 1.0, pt.Space(pt.Choice("oven", ["Stone"])), name="one")
    )
    assert not one.budget.enabled
    assert len(one.settle().data.timeline.trials) == 1
    assert pt.explore.menu(menus["dough"], "random").budget.high == MOST


@pytest.mark.parametrize(
    "words, kind, error",
    [
        ({"menu": rise}, TypeError, r"menu must be a menu, got <function rise .*from_function\(f, space\)"),
        ({"menu": DOUGH}, TypeError, "menu must be a menu, got Space"),
        ({"menu": pt.menus.striped}, TypeError, r"got striped without brackets; write striped\(\)"),
        (
            {"strategy": "guess"},
            ValueError,
            "strategy must be one of grid, random, bayesian, genetic, transfer, got 'guess'; choose one",
        ),
        ({"strategy": pt.GridSearch}, ValueError, "strategy must be one of grid, .*got <class"),
        ({"strategy": "transfer"}, ValueError, "'transfer' needs an earlier search, got none; pass its"),
        ({"source": 7}, TypeError, "source must be a Result, a list of trials, or a list of these, got 7"),
        ({"seed": -1}, ValueError, r"seed must lie in \[0, 99\], got -1; choose a value inside"),
        ({"seed": "one"}, TypeError, r"seed must be a number in \[0, 99\], got 'one'"),
        ({"seed": 1.5}, ValueError, "seed must be a whole number in .* got 1.5; round it"),
        ({"budget": 0}, ValueError, r"budget must lie in \[1, 9\], got 0"),
        ({"budget": 10}, ValueError, r"budget must lie in \[1, 9\], got 10"),
        ({"levels": 1}, ValueError, r"levels must lie in \[2, 9\], got 1"),
        ({"sampler": "dice"}, ValueError, "sampler must be one of Independent, Sobol, got 'dice'"),
        ({"poplation": 5}, TypeError, "has no control 'poplation', got 5; it has trial, score, undo"),
        ({"trial": 6, "budget": 5}, ValueError, r"trial must lie in \[0, 5\], got 6"),
    ],
)
def test_what_cannot_be_opened_is_named(menus, words, kind, error):
    with pytest.raises(kind, match=error):
        pt.explore.menu(**{"menu": menus["boxes"], "strategy": "random"} | words)
