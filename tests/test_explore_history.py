"""Time travel: the pictures are the rebuilt strategy's, and a replay is the search that would have been."""

from __future__ import annotations

import json
import pickle
import time
import warnings
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.explore import history_explorer
from pizzatune.explore.history_explorer import HistoryExplorer, history
from pizzatune.explore.timeline import View, points_of, round_limits, span_of, views_of
from pizzatune.explore.travel_picture import LONG
from pizzatune.explore.travel_words import plain
from pizzatune.pictures.marks import Axes, Bars, Dots, Key, Land, Line, Links, Rule, Text
from pizzatune.pictures.palette import score_colour
from pizzatune.pictures.reasons import forecast, reason
from pizzatune.words import score_text
from tests.how_often import CI
from tests.ovens import FAN, bake_in_the_fan_oven

MENU = pt.menus.topping_and_heat()
OLD, NEW = pt.menus.old_oven(), pt.menus.new_oven(likeness=0.9)


def transfer(space, seed):
    old = pt.tune(OLD.taste, pt.RandomSearch(OLD.space, seed=0), 8)
    return pt.TransferLearning(space, source=old, seed=seed)


SEARCHES = {
    "grid": (MENU.taste, lambda: pt.GridSearch(MENU.space)),
    "random": (MENU.taste, lambda: pt.RandomSearch(MENU.space, seed=1)),
    "bayesian": (MENU.taste, lambda: pt.BayesianOptimization(MENU.space, seed=1)),
    "bayesian map": (NEW.taste, lambda: pt.BayesianOptimization(NEW.space, acquisition="ucb", seed=1)),
    "genetic": (MENU.taste, lambda: pt.GeneticAlgorithm(MENU.space, seed=1)),
    "transfer": (NEW.taste, lambda: transfer(NEW.space, 1)),
    "failures": (bake_in_the_fan_oven, lambda: pt.BayesianOptimization(FAN, seed=0)),
    "genetic failures": (bake_in_the_fan_oven, lambda: pt.GeneticAlgorithm(FAN, seed=0)),
}
every_search = pytest.mark.parametrize("name", SEARCHES)


@pytest.fixture(scope="module")
def run_of():
    """The result of each search, made once; time travel leaves it as it is."""
    made = {}

    def run(name):
        if name not in made:
            objective, strategy = SEARCHES[name]
            made[name] = pt.tune(objective, strategy(), 8)
        return made[name]

    return run


@pytest.fixture(scope="module")
def opened(run_of):
    """Each search opened; an explorer that is used again shows what happened again."""
    known = {}

    def open_again(name):
        if name not in known:
            known[name] = run_of(name).explore()
        explorer = known[name]
        explorer.undo.value += 1
        explorer.set(trial=0, view=next(iter(explorer.view.options.values())))
        return explorer.settle()

    yield open_again
    for explorer in known.values():
        explorer.close()


def marks_of(explorer, kind, style="", layer=""):
    every = [mark for name, marks in explorer.marks.items() if name.startswith(layer) for mark in marks]
    return [mark for mark in every if isinstance(mark, kind) and (not style or mark.style == style)]


def key_of(explorer):
    return [words for key in marks_of(explorer, Key) for words, *_ in key.entries]


def texts_of(explorer, layer):
    return [mark.text for mark in marks_of(explorer, Text, layer=layer)]


def stripped(result):
    """The result as one that was loaded: it does not know its objective."""
    return replace(result, objective=None)


# -- what it believed and chose -----------------------------------------------------------------------------


@every_search
def test_each_snapshot_is_the_strategy_rebuilt_at_that_trial(run_of, opened, name):
    result = run_of(name)
    explorer = opened(name)
    for number in range(len(result.trials)):
        explorer.trial.value = number
        snapshot, strategy = explorer.data, result.strategy.rebuilt(result.trials[:number])
        assert explorer.error is None
        assert snapshot.trial is result.trials[number]
        assert snapshot.before == result.trials[:number]
        assert snapshot.decision.chosen == strategy.ask()
        assert snapshot.decision.why == strategy.why
        assert not snapshot.decision.blind


@pytest.mark.parametrize("name", ["bayesian", "bayesian map", "transfer", "failures"])
def test_the_picture_shows_the_posterior_of_the_rebuilt_strategy(run_of, opened, name):
    result = run_of(name)
    explorer = opened(name)
    for number in (3, 7):
        strategy = result.strategy.rebuilt(result.trials[:number])
        for view in explorer.view.options.values():
            explorer.set(trial=number, view=view)
            held, points = explorer.data.decision.held, explorer.data.decision.points
            there = [place for place, point in enumerate(points) if point is not None]
            mean, std = strategy.posterior([points[place] for place in there])
            np.testing.assert_allclose(held.mean[there], mean)
            np.testing.assert_allclose(held.std[there], std)
            assert np.isnan(np.delete(held.mean, there)).all()
            hope = strategy.acquisition([points[place] for place in there])
            assert int(np.nanargmax(held.hope)) == there[int(hope.argmax())]
            assert np.nanmax(held.hope) == 1.0


def test_strips_are_drawn_from_these_numbers_and_its_choice_lies_on_the_line(opened):
    explorer = opened("bayesian")
    explorer.trial.value = 6
    snapshot = explorer.data
    (curve,) = marks_of(explorer, Line, "mean", "strip temperature")
    np.testing.assert_array_equal(curve.x, MENU.space["temperature"].values())
    toppings = len(MENU.space["topping"].values())
    np.testing.assert_allclose(curve.y, snapshot.decision.held.mean[toppings:])
    chosen = snapshot.decision.chosen
    assert {point["topping"] for point in snapshot.decision.points[toppings:]} == {chosen["topping"]}
    (rule,) = marks_of(explorer, Rule, "next", "strip temperature")
    assert rule.at == chosen["temperature"]
    (bar,) = marks_of(explorer, Links, "forecast")
    np.testing.assert_allclose([*bar.y, *bar.to_y], np.array([[1, -2], [1, 2]]) @ snapshot.expected)
    (ring,) = marks_of(explorer, Dots, "shown")
    assert (ring.x, list(ring.y)) == ([6], [snapshot.trial.score])


def test_options_stand_by_name_in_their_cells_and_the_chosen_one_is_framed(opened):
    explorer = opened("bayesian")
    explorer.trial.value = 4
    options = list(MENU.space["topping"].values())
    (cells,) = marks_of(explorer, Bars, "cell", "strip topping")
    assert [tip.split("\n")[0] for tip in cells.tips] == options
    named = [mark.text for mark in marks_of(explorer, Text, layer="strip topping") if mark.anchor == "middle"]
    assert all(option.startswith(word.rstrip("…")) for option, word in zip(options, named, strict=True))
    assert {"Ham", "Bacon", "Prawns"} <= set(named)
    (frame,) = marks_of(explorer, Bars, "chosen", "strip topping")
    assert options[int(frame.left[0] + 0.5)] == explorer.data.decision.chosen["topping"]


def test_a_parameter_that_does_not_apply_says_when_it_does(opened):
    explorer = opened("failures")
    for trial in explorer.data.timeline.trials:
        explorer.trial.value = trial.number
        said = "only when oven is Electric" in texts_of(explorer, "strip fan")
        assert said == ("fan" not in trial.params)


def test_every_trial_has_a_tip_whatever_lies_on_it(opened):
    explorer = opened("genetic")
    explorer.trial.value = 7
    (dots,) = marks_of(explorer, Dots, layer="trials")
    for trial, tip in zip(explorer.data.timeline.trials, dots.tips, strict=True):
        assert tip.startswith(f"trial {trial.number + 1}: topping {trial.params['topping']}")
        assert score_text(trial.score) in tip
        assert reason(trial.why, trial.origin) in tip
    (full,) = marks_of(explorer, Dots, "tried", "now")
    assert (list(full.x), len(full.tips)) == (list(range(8)), 0), "what says nothing lets the mouse through"


def test_a_trial_chosen_while_others_were_running_is_said_to_know_less():
    def slow(params):
        time.sleep(0.03 if params["temperature"] > 225 else 0.001)
        return MENU.taste(params)

    strategy = pt.BayesianOptimization(MENU.space, seed=1)
    result = pt.tune(slow, strategy, 12, workers=4)
    explorer = result.explore()
    blind = []
    for number in range(12):
        explorer.trial.value = number
        blind.append(explorer.data.decision.blind)
    assert any(blind)
    explorer.trial.value = blind.index(True)
    assert "It chose while other trials were still running." in explorer.reading


def test_the_result_is_left_as_it_was(run_of):
    result = run_of("bayesian")
    before, pending = list(result.strategy.trials), list(result.strategy.pending)
    explorer = result.explore()
    explorer.set(trial=4, score=explorer.score.high)
    explorer.settle()
    assert result.strategy.trials == before
    assert result.strategy.pending == pending
    assert list(result.trials) == before


# -- what if ------------------------------------------------------------------------------------------------


@every_search
def test_a_changed_score_gives_what_a_fresh_search_told_the_same_would(run_of, opened, name):
    result, objective = run_of(name), SEARCHES[name][0]
    explorer = opened(name)
    explorer.trial.value = 4
    told = explorer.score.high
    explorer.score.value = told
    explorer.settle()
    fresh = SEARCHES[name][1]()
    for trial in result.trials[:5]:
        assert fresh.ask() == trial.params
        made_up = trial.number == 4
        score, error = (told, None) if made_up else (trial.score, trial.error)
        fresh.tell(trial.params, score, error=None if score is not None else error)
    expected = pt.tune(objective, fresh, 3).trials
    timeline = explorer.data.timeline
    assert timeline.trials == expected
    assert timeline.imagined == {4}
    assert timeline.since == 4
    assert (explorer.trial.value, explorer.trial.high) == (4, 8)
    assert f"Made up: trial 5 scored {plain(told)} instead of " in explorer.reading
    assert "Trials 6 to 8 were tried anew." in explorer.reading


def test_a_score_left_as_it_was_changes_nothing(run_of, opened):
    explorer = opened("bayesian")
    for number in (3, 5):
        explorer.set(trial=number, score=explorer.score.value)
    explorer.trial.value = 3
    explorer.score.value = explorer.score.value
    assert explorer.data.timeline.trials == run_of("bayesian").trials
    assert explorer.data.timeline.imagined == frozenset()
    assert explorer.data.timeline.since is None


def test_told_the_very_score_that_came_the_rest_comes_again_with_the_luck_of_each_trial():
    def lucky(params, rng):
        return MENU.taste(params) + rng.normal()

    result = pt.tune(lucky, pt.BayesianOptimization(MENU.space, seed=1), 6)
    explorer = result.explore()
    assert explorer.score.value != result.trials[0].score  # it is rounded
    explorer.score.value = result.trials[0].score
    again = explorer.settle().data.timeline
    assert again.imagined == {0}
    assert [trial.params for trial in again.trials] == [trial.params for trial in result.trials]
    assert [trial.score for trial in again.trials] == [trial.score for trial in result.trials]


@pytest.mark.parametrize("height, score", [(0.0, "low"), (1.0, "high"), (0.55, None)])
def test_a_past_score_can_be_dragged_and_the_rest_is_tried_anew(opened, height, score):
    explorer = opened("bayesian")
    explorer.trial.value = 7
    (dots,) = marks_of(explorer, Dots, layer="trials")
    assert dots.drag
    assert dots.names == [f"trial {number}" for number in range(8)]
    axis = dots.panel.y
    explorer.dragged("trial 3", 0.5, height)
    explorer.settle()
    assert explorer.trial.value == 3
    wanted = getattr(explorer.score, score) if score else pytest.approx(axis.value(height), abs=0.06)
    assert explorer.data.timeline.trials[3].score == explorer.score.value == wanted
    assert explorer.data.timeline.imagined == {3}
    assert "Trials 5 to 8 were tried anew." in explorer.reading
    (made_up,) = marks_of(explorer, Dots, "yours", "trials")
    assert (made_up.x, made_up.y, made_up.names) == ([3], [explorer.score.value], ["trial 3"])
    explorer.dragged("trial 3", 0.5, height)
    assert explorer.data.timeline.imagined == {3}


def test_a_click_on_a_trial_travels_there_and_one_elsewhere_nowhere(opened):
    explorer = opened("random")
    explorer.clicked("trial 5", 0.1, 0.1)
    explorer.clicked("nobody", 0.1, 0.1)
    assert explorer.trial.value == explorer.data.number == 5
    assert explorer.data.timeline.since is None


def test_there_is_a_button_back_to_what_really_was_once_something_was_changed(run_of, opened):
    explorer = opened("grid")
    assert not explorer.undo.shown
    explorer.set(trial=3, score=9.5)
    explorer.settle()
    assert explorer.data.timeline.imagined == {3}
    assert explorer.undo.shown
    explorer._take_message(None, {"do": "turn", "values": {"undo": True}}, None)
    assert explorer.settle().data.timeline.trials == run_of("grid").trials
    assert explorer.data.timeline.since is None
    assert not explorer.undo.shown
    assert "Made up" not in explorer.reading
    assert explorer.trial.value == 3


def test_a_failure_can_be_made_a_success(run_of, opened):
    number = run_of("failures").failed[0].number
    explorer = opened("failures")
    explorer.trial.value = number
    assert explorer.reading.startswith(f"Trial {number + 1} failed: oven ")
    assert "RuntimeError: burnt down." in explorer.reading
    explorer.score.value = explorer.score.high
    trial = explorer.settle().data.timeline.trials[number]
    assert trial.ok
    assert trial.error is None
    assert f"trial {number + 1} scored {plain(trial.score)} instead of failing." in explorer.reading


def test_a_replay_stops_where_all_has_been_tried():
    space = pt.Space(pt.Choice("oven", ["Stone", "Electric", "Gas"]))
    result = pt.tune(lambda params: len(params["oven"]), pt.RandomSearch(space, seed=0), 9)
    explorer = result.explore(lambda params: 1.0)
    assert len(result.trials) == 3
    explorer.set(trial=0, score=7.0)
    explorer.settle()
    assert [trial.score for trial in explorer.data.timeline.trials] == [7.0, 1.0, 1.0]
    explorer.trial.value = 3
    assert explorer.reading.startswith("After 3 trials every combination has been tried.")
    assert not explorer.score.enabled


def test_the_score_box_follows_the_trial(run_of, opened):
    explorer = opened("bayesian")
    for trial in run_of("bayesian").trials:
        explorer.trial.value = trial.number
        assert explorer.score.value == pytest.approx(trial.score, abs=0.005)
        assert explorer.data.timeline.since is None


# -- with the objective, and without ------------------------------------------------------------------------


def test_a_result_keeps_its_objective_so_that_it_is_no_dead_end(run_of):
    explorer = run_of("bayesian").explore()
    explorer.set(trial=2, score=9.0)
    explorer.settle()
    timeline = explorer.data.timeline
    assert len(timeline.trials) == 8
    assert all(trial.score == MENU.taste(trial.params) for trial in timeline.trials[3:])
    assert "open with explore" not in explorer.reading


@pytest.fixture(scope="module", params=["unpickled", "loaded"])
def stranger(request, run_of, tmp_path_factory):
    """A result that does not know its objective."""
    if request.param == "unpickled":
        return pickle.loads(pickle.dumps(run_of("bayesian")))
    path = tmp_path_factory.mktemp("runs") / "run.sqlite"
    pt.tune(MENU.taste, SEARCHES["bayesian"][1](), 8, store=path)
    return pt.load(path)


def test_without_the_objective_it_says_so_and_knows_the_next_suggestion(stranger):
    assert stranger.objective is None
    explorer = stranger.explore()
    explorer.set(trial=4, score=9.9)
    changed = stranger.strategy.rebuilt(explorer.data.timeline.trials)
    assert [trial.score for trial in changed.trials] == [*(t.score for t in stranger.trials[:4]), 9.9]
    assert "For what comes then, open with explore(objective)." in explorer.reading
    explorer.trial.value = 5
    assert explorer.data.trial is None
    assert explorer.data.decision.chosen == changed.ask()
    assert explorer.reading.startswith("Next it would try ")
    explorer.undo.value += 1
    assert explorer.data.timeline.trials == stranger.trials
    assert explorer.trial.high == 8
    assert "Made up" not in explorer.reading
    known = stranger.explore(MENU.taste)
    known.set(trial=4, score=9.9)
    assert len(known.settle().data.timeline.trials) == 8


def test_without_an_objective_one_can_make_up_score_after_score(run_of):
    explorer = stripped(run_of("bayesian")).explore()
    explorer.set(trial=4, score=9.9)
    explorer.trial.value = 5
    explorer.score.value = 2.5
    assert explorer.data.timeline.imagined == {4, 5}
    assert [trial.score for trial in explorer.data.timeline.trials[4:]] == [9.9, 2.5]
    assert "trial 5 scored 9.9 instead of " in explorer.reading
    assert " and trial 6 scored 2.5 instead of " in explorer.reading
    explorer.trial.value = 6
    explorer.score.value = 3.0
    assert "Made up: 3 scores, from trial 5 on." in explorer.reading
    explorer.trial.value = 2
    assert explorer.data.before == run_of("bayesian").trials[:2]


# -- in words -----------------------------------------------------------------------------------------------


@every_search
def test_the_reading_says_the_numbers(run_of, opened, name):
    result = run_of(name)
    explorer = opened(name)
    for trial in result.trials:
        explorer.trial.value = trial.number
        first, why, last = explorer.reading.split("\n")
        assert first.startswith(f"Trial {trial.number + 1} {'scored' if trial.ok else 'failed'}")
        assert why.startswith("Why? ")
        assert reason(trial.why, trial.origin, explorer._slight(explorer.data)).lower() in why.lower()
        for parameter, value in trial.params.items():
            assert result.space[parameter].label(value) in first
        if trial.ok:
            assert f"scored {score_text(trial.score)}" in first
        if "mean" in trial.origin and trial.ok:
            off = (trial.score - trial.origin["mean"]) / trial.origin["std"]
            how = "as" if abs(off) <= 0.5 else "more than" if off > 0 else "less than"
            assert f", {how} expected: " in first
            told = forecast(trial.origin["mean"], trial.origin["std"], explorer._slight(explorer.data))
            assert f"It {told}" in why
        if parents := trial.origin.get("parents"):
            scores = [result.trials[n].score for n in dict.fromkeys(parents)]
            assert "Parents: " + " and ".join(map(score_text, scores)) in why
        if "trust" in trial.origin:
            told = f"{trial.origin['trust']:.2f}" in why or f"{trial.origin['trust']:.0%}" in why
            assert told or "trust" in why or "set aside" in why
        assert last.startswith(f"So far: {trial.number + 1} ")
        assert all(line.endswith(".") for line in (first, why, last))


def test_an_order_of_our_kitchens_is_given_as_one_gives_it_and_others_name_all(opened):
    explorer = opened("bayesian")
    params = explorer.data.decision.chosen
    assert f": {params['topping']}, {params['temperature']:g} °C." in explorer.reading.split("\n")[0]
    assert ": oven " in opened("failures").reading.split("\n")[0]


@every_search
def test_each_line_of_the_reading_fits_in_two_of_the_page(opened, name):
    explorer = opened(name)
    long = name == "transfer"  # its why tells of trust, too
    for number in range(9):
        explorer.trial.value = number
        first, *others = explorer.reading.split("\n")
        assert len(first) <= (75 if "failures" not in name else 2 * 75)
        assert all(len(line) <= 2 * 87 for line in others)
        assert sum(-(-len(line) // 87) for line in others) <= 3 + long


def test_parents_are_ringed(run_of):
    result = run_of("genetic")
    child = next(trial for trial in result.trials if "parents" in trial.origin)
    explorer = history(result, trial=child.number)
    (rings,) = marks_of(explorer, Dots, "parent")
    assert list(rings.x) == list(dict.fromkeys(child.origin["parents"]))
    assert list(rings.y) == [result.trials[number].score for number in rings.x]


def test_the_table_has_a_row_for_each_trial(run_of):
    explorer = stripped(run_of("failures")).explore()
    explorer.set(trial=4, score=0.5)
    table = explorer.to_frame()
    assert list(table["trial"]) == [0, 1, 2, 3, 4]
    assert list(table["made up"]) == [False] * 4 + [True]
    assert table["score"][4] == 0.5
    assert {"oven", "fan", "heat", "minutes", "expected", "std", "real score", "why"} <= set(table)


def test_the_card_is_for_our_own_kitchens(opened):
    explorer = opened("bayesian")
    explorer.trial.value = 7
    card = explorer.card(explorer.data)
    assert card.last.score == f"{explorer.data.trial.score:.1f} points"
    assert opened("failures").card(explorer.data) is None


# -- any space, any run -------------------------------------------------------------------------------------


def spaces():
    yield "one option", pt.Space(pt.Choice("oven", ["Stone"]))
    yield "one dial", pt.Space(pt.Integer("minutes", 4, 20))
    yield "one log dial", pt.Space(pt.Real("heat", 0.001, 1, log=True))
    yield (
        "a fan for one oven",
        pt.Space(pt.Choice("oven", ["Stone", "Electric"]), pt.Real("fan", 0, 3, when={"oven": ["Electric"]})),
    )
    yield (
        "ruled out",
        pt.Space(pt.Real("x", 0, 1), pt.Real("y", 1, 100, log=True), where=lambda params: params["x"] < 0.8),
    )
    yield "no words", pt.Space(pt.Choice("what", [None, 1.5, "a"]), pt.Ordered("size", ["S", "M", "L"]))
    yield "many", pt.Space(*(pt.Real(f"dial_{number}", 0, 1) for number in range(17)))


SPACES = [pytest.param(space, id=name) for name, space in spaces()]


def scored(params):
    """Fails now and then, and is below nought."""
    number = sum(len(str(value)) for value in params.values())
    if number % 5 == 0:
        raise RuntimeError("burnt down")
    return -float(number)


@pytest.mark.parametrize(
    "make", [pt.BayesianOptimization, pt.GeneticAlgorithm], ids=lambda make: make.__name__
)
@pytest.mark.parametrize("space", SPACES if CI else SPACES[::2])
def test_it_works_on_any_space(space, make):
    result = pt.tune(scored, make(space, seed=2), 5)
    explorer = result.explore()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for place, view in enumerate(list(explorer.view.options.values())[:4]):
            for number in range(place % 2, len(result.trials) + 1, 2):
                explorer.set(trial=number, view=view)
                assert explorer.error is None, explorer.reading
                assert explorer.reading.endswith(".")
        explorer.trial.value = 0
        explorer.score.value = explorer.score.high
        explorer.settle()
        assert explorer.error is None, explorer.reading
        assert len(explorer.data.timeline.trials) == len(result.trials)


@pytest.mark.parametrize("budget", [0, 3])
def test_a_run_without_a_score_can_be_travelled_too(budget):
    result = pt.tune(lambda params: float("nan"), pt.BayesianOptimization(FAN, seed=0), budget)
    explorer = stripped(result).explore()
    for number in range(budget + 1):
        explorer.trial.value = number
        assert explorer.error is None
    assert explorer.reading.startswith("Next it would try oven ")
    assert f"So far: {budget} trials, none with a score." in explorer.reading
    explorer.score.value = 0.7
    assert explorer.data.timeline.trials[-1].score == 0.7
    assert explorer.error is None


@pytest.mark.parametrize(
    "scores", [(-1.7e308, 1.7e308, 0.0), (1e300, -3.0, 5e-324), (7.0, 7.0, 7.0), (5e-324, 0.0, 0.0)]
)
def test_scores_of_any_size_are_drawn(scores):
    left = list(scores)
    result = pt.tune(lambda params: left.pop(), pt.RandomSearch(MENU.space, seed=0), 3)
    explorer = stripped(result).explore()
    for number in range(4):
        explorer.trial.value = number
        assert explorer.error is None, explorer.reading
        assert "nan" not in explorer.still()


def test_each_space_is_opened_at_the_view_that_tells_most():
    two = pt.Space(pt.Real("x", 0, 1), pt.Real("y", 0, 1))
    assert next(iter(views_of(two, True).values())) == View("map", "mean")
    assert next(iter(views_of(MENU.space, True).values())) == View("strips")
    assert next(iter(views_of(FAN, True).values())) == View("strips")
    assert [view.first for view in views_of(dict(spaces())["many"], False).values()] == [0, 8, 16]
    assert history(pt.tune(NEW.taste, pt.RandomSearch(NEW.space, seed=0), 2)).view.value.kind == "map"


def test_a_list_with_one_view_is_not_on_the_panel(opened):
    assert not opened("bayesian").view.shown
    assert opened("bayesian map").view.shown


def test_a_map_leaves_out_what_is_ruled_out():
    space = dict(spaces())["ruled out"]
    points = points_of(View("map", "mean"), space, {"x": 0.5, "y": 3.0})
    allowed = [point is not None for point in points]
    assert any(allowed)
    assert not all(allowed)
    assert all(point["x"] < 0.8 for point in points if point is not None)


@pytest.mark.parametrize("what", ["mean", "std", "hope"])
def test_a_map_shows_what_it_says(opened, what):
    explorer = opened("bayesian map")
    explorer.set(trial=6, view=View("map", what))
    (land, _) = marks_of(explorer, Land, layer="map")
    held = getattr(explorer.data.decision.held, what)
    np.testing.assert_array_equal(land.scores.ravel(), held)
    chosen = explorer.data.decision.chosen
    (mark,) = marks_of(explorer, Dots, "next", "map")
    assert (list(mark.x), list(mark.y)) == ([chosen["temperature"]], [chosen["minutes"]])
    words = {"mean": "expected score", "std": "doubt", "hope": "hope"}[what]
    assert texts_of(explorer, "heading") == [f"The {words} all over the map; ◆ is what it chose"]


@pytest.mark.parametrize("scores", [[-1.7e308, 1.7e308], [1e308, 0.0], [5e-324, 0.0], [1e6, 1e6 + 1]])
def test_a_span_holds_any_scores(scores):
    low, high, step = span_of(np.array(scores))
    assert -np.inf < low <= min(scores) <= max(scores) <= high < np.inf
    assert 0 < step < np.inf


@pytest.mark.parametrize("scores", [[0.1, 0.25], [1e6], [-5.0, -5.0], [3e-7, 9e-7]])
def test_every_score_has_room_in_the_box(scores):
    low, high, step = span_of(np.array(scores))
    assert low < min(scores) <= max(scores) < high
    assert 40 <= (high - low) / step <= 2000
    assert round(low / step) == pytest.approx(low / step)
    assert round(high / step) == pytest.approx(high / step)


def test_any_plausible_score_can_be_typed():
    assert history().score.low == 0  # a taste score
    assert history().score.high == 10
    accuracies = pipeline_run().explore().score
    assert accuracies.low <= 0
    assert accuracies.high >= 1
    assert accuracies.step <= 0.002


# -- what can be told apart ---------------------------------------------------------------------------------

STEP = "histgradientboostingclassifier__"
PIPELINE = pt.Space(
    pt.Real(f"{STEP}learning_rate", 0.01, 1, log=True),
    pt.Integer(f"{STEP}max_leaf_nodes", 4, 64),
    pt.Real(f"{STEP}l2_regularization_of_all_leaves", 0, 1),
    pt.Real(f"{STEP}l2_regularization_of_new_leaves", 0, 1),
)


def accuracy(params):
    """From 0.86 for a learning rate of 0.01 or 1 to 0.88 for 0.1."""
    return 0.88 - 0.02 * abs(np.log10(params[f"{STEP}learning_rate"]) + 1)


@lru_cache(maxsize=1)
def pipeline_run():
    strategy = pt.BayesianOptimization(PIPELINE, seed=1)
    for rate in (0.01, 0.1, 0.5):
        params = dict(zip(PIPELINE.names, (rate, 30, 0.2, 0.5), strict=True))
        strategy.tell(params, accuracy(params))
    pt.tune(accuracy, strategy, 3, progress=False)
    return pt.Result(tuple(strategy.trials), strategy, "", "score", "trial")


def test_scores_that_lie_close_have_all_the_colours_between_round_numbers():
    explorer = history(pipeline_run(), trial=6)
    assert explorer.data.range == (0.86, 0.88)
    (dots,) = marks_of(explorer, Dots, "scored", f"strip {STEP}learning_rate")
    assert dots.colours[0] == score_colour(0.0)
    assert dots.colours[1] == score_colour(1.0)
    assert len(set(dots.colours)) > 2


@pytest.mark.parametrize("score", [0.87, -3.0, 0.0])
def test_a_score_alone_is_in_the_middle_of_the_colours(score):
    result = pt.tune(lambda params: score, pt.RandomSearch(MENU.space, seed=0), 3)
    low, high = result.explore().data.range
    assert low < score < high
    assert high - low <= max(0.3 * abs(score), 1.0)


def test_round_numbers_lie_around_any_scores():
    assert round_limits(-1.7e308, 1.7e308) == (-1.7e308, 1.7e308)
    assert round_limits(3.1, 8.74) == (3.0, 9.0)
    assert round_limits(0.0, 5e-324) == (-0.5, 0.5)


def test_no_two_names_look_alike_and_what_is_cut_has_a_tip():
    explorer = pipeline_run().explore()
    names = [marks_of(explorer, Text, "bold", f"strip {name}")[0] for name in PIPELINE.names]
    assert [mark.text for mark in names][:2] == ["learning rate", "max leaf nodes"]
    assert len({mark.text for mark in names}) == 4
    assert max(len(mark.text) for mark in names) <= 15
    assert names[2].tip == "l2 regularization of all leaves"


def test_names_lose_the_steps_of_a_pipeline_where_they_would_be_cut():
    long = pt.Space(pt.Real("onehotencoder__min_frequency", 0, 1), pt.Integer("pca__n_components", 1, 9))
    explorer = history(pt.tune(lambda params: 1.0, pt.GridSearch(long), 2, progress=False))
    explorer.view.value = View("strips")
    names = [marks_of(explorer, Text, "bold", f"strip {name}")[0] for name in long.names]
    assert [mark.text for mark in names] == ["onehotencoder…", "pca n componen…"]
    assert [mark.tip for mark in names] == ["onehotencoder min frequency", "pca n components"]


# -- the key, and room ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["bayesian", "genetic", "grid"])
def test_the_key_names_what_is_on_the_picture_and_no_more(opened, name):
    explorer = opened(name)
    explorer.trial.value = 6
    own = {"bayesian": ["forecast ± 2 std"], "genetic": ["parents"], "grid": []}[name]
    usual = ["best so far", "tried", "still to come", *own]
    assert key_of(explorer) == usual
    explorer.set(trial=3, score=9.9)
    explorer.settle()
    assert [words for words in key_of(explorer) if words not in own][3:] == ["made up", "what really came"]
    (was,) = marks_of(explorer, Line, "limit")
    best = np.maximum.accumulate([trial.score for trial in explorer.data.real])
    np.testing.assert_allclose(was.y, best)
    explorer.undo.value += 1
    explorer.trial.value = 6
    assert key_of(explorer) == usual


def test_what_one_parameter_needs_less_the_scores_get_more():
    def heights(menu):
        explorer = history(pt.tune(menu.taste, pt.RandomSearch(menu.space, seed=0), 2))
        (panel,) = {mark.panel for mark in marks_of(explorer, Dots, layer="trials")}
        return panel.height, explorer.size

    two, four = heights(MENU), heights(pt.menus.stone_or_electric())
    assert two[0] > four[0] + 80
    assert two[1] == four[1]


def test_a_forecast_that_its_why_does_not_name_is_named_with_no_number_too_small_to_matter():
    strategy = pt.TransferLearning(MENU.space, source=pt.tune(MENU.taste, pt.RandomSearch(MENU.space), 3))
    origin = {"mean": 8.7, "std": 1.4e-11, "trust": 0.25}
    params = MENU.space.sample(np.random.default_rng(0))
    trial = pt.Trial(0, params, 8.703, why="as the source says", origin=origin)
    explorer = history(pt.Result((trial,), strategy, "", "taste score", "pizza"))
    assert explorer.reading.startswith("Trial 1 scored 8.70, as expected: ")
    assert "Why? As the source says. It expected 8.7 and was nearly sure." in explorer.reading
    assert "It trusted the earlier search 25%." in explorer.reading


def test_few_decisions_are_kept(monkeypatch):
    monkeypatch.setattr(history_explorer, "KEPT", 5)
    result = pt.tune(lambda params: params["x"], pt.RandomSearch(pt.Space(pt.Real("x", 0, 1)), seed=0), 120)
    explorer = result.explore()
    for number in range(0, 121, 10):
        explorer.trial.value = number
    assert len(explorer._decisions) == 5
    assert explorer.error is None


def test_a_turn_back_costs_no_other_look(opened, monkeypatch):
    explorer = opened("bayesian")
    for number in range(9):
        explorer.trial.value = number
    known = dict(explorer._decisions)
    monkeypatch.setattr(history_explorer, "inspect", None)
    for number in (8, 3, 5):
        explorer.trial.value = number
        assert explorer.error is None
        assert explorer.data.decision is known[number, explorer.view.value]


# -- long runs ----------------------------------------------------------------------------------------------

EIGHT = {
    "dials": pt.Space(*(pt.Real(f"dial_{number}", 0, 1, unit="°C") for number in range(8))),
    "options": pt.Space(*(pt.Choice(f"choice_{number}", ["Alpha", "Beta", "Gamma"]) for number in range(8))),
}


def messages(explorer):
    """What is sent to the page from now on, without symbols."""
    sent = []
    explorer.send = lambda message: sent.append({k: v for k, v in message.items() if k != "symbols"})
    explorer._take_message(None, {"do": "hello"}, None)
    sent.clear()
    return sent


@pytest.mark.parametrize("make", [pt.RandomSearch, pt.BayesianOptimization])
@pytest.mark.parametrize("space", EIGHT.values(), ids=EIGHT)
def test_a_turn_is_a_small_message_for_a_long_run_of_many_parameters_too(space, make):
    strategy, rng = make(space, seed=1), np.random.default_rng(0)
    for _ in range(100):
        strategy.tell(space.sample(rng), float(rng.normal()))
    explorer = pt.Result(tuple(strategy.trials), strategy, "", "score", "trial").explore()
    sent = messages(explorer)
    for number in (99, 98, 40, 0, 73):
        explorer._take_message(None, {"do": "turn", "values": {"trial": number}}, None)
    explorer._take_message(None, {"do": "turn", "values": {"score": explorer.score.high}}, None)
    assert len(sent) == 6
    assert max(len(json.dumps(message)) for message in sent) <= 30_000
    step = sent[1]["layers"]
    assert not any(name.startswith("trials") or name == "axes" for name in step), "a step leaves them alone"


def test_dots_of_a_long_run_are_small_and_cannot_be_dragged_but_say_what_they_are():
    space = EIGHT["dials"]
    explorer = pt.tune(lambda params: params["dial_0"], pt.RandomSearch(space, seed=0), LONG + 1).explore()
    dots = marks_of(explorer, Dots, layer="trials")
    assert sum(len(mark.x) for mark in dots) == LONG + 1
    assert not any(mark.names for mark in dots)
    assert all(tip.startswith("trial ") for mark in dots for tip in mark.tips)
    explorer.trial.value = LONG
    assert len(marks_of(explorer, Dots, "many", "strip dial_3")[0].x) == LONG + 1


# -- the door -----------------------------------------------------------------------------------------------


def test_what_it_cannot_travel_is_named(run_of):
    with pytest.raises(TypeError, match=r"history needs the result of a search, got \[\]; pass what pt.tune"):
        history([])
    with pytest.raises(TypeError, match="objective must be a function of params, got Menu"):
        run_of("grid").explore(MENU)
    with pytest.raises(ValueError, match=r"trial must lie in \[0, 8\], got 11"):
        history(run_of("grid"), trial=11)
    with pytest.raises(TypeError, match="objective must be a function of params, got 3; for a menu, pass"):
        history(None, 3)


def test_the_result_opens_it_before_the_first_trial(run_of):
    explorer = run_of("random").explore()
    assert isinstance(explorer, HistoryExplorer)
    assert explorer.trial.value == 0


# -- what people count, read and see -------------------------------------------------------------------------


def test_people_count_trials_from_one_and_code_from_zero(opened):
    explorer = opened("bayesian")
    explorer.trial.value = 2
    assert explorer.trial.value == explorer.data.number == 2
    assert explorer.trial.to_page() == 3
    assert explorer.trial.text == "3"
    assert (explorer.trial.plan()["low"], explorer.trial.plan()["high"]) == (1, explorer.trial.high + 1)
    assert explorer.trial.from_page(5) == 4
    (axes,) = [mark for mark in explorer.marks["axes"] if isinstance(mark, Axes)]
    assert [(at + 1, words) for at, words in axes.panel.x.marked] == [
        (float(words), words) for _, words in axes.panel.x.marked
    ]
    assert axes.panel.x.marked[0] == (0.0, "1")


def test_the_card_shows_the_last_pizza_also_where_nothing_has_come_out_yet(opened):
    explorer = opened("bayesian")
    trials = explorer.data.timeline.trials
    explorer.trial.value = len(trials) - 1
    last = explorer._card
    explorer.trial.value = len(trials)
    assert explorer.data.trial is None
    assert explorer._card == last
    assert last.heading == "Out of the oven"


def test_long_names_of_options_stand_in_full():
    explorer = history(trial=5)
    names = [str(name) for name in explorer.data.strategy.space["topping"].values()]
    strip = [mark for mark in explorer.marks["strip topping"] if isinstance(mark, Text)]
    assert [mark.text for mark in strip if mark.anchor == "middle"] == names
    cell = 638 / len(names)
    assert max(7.3 * len(name) for name in names) < cell
