"""Time travel: what was believed, chosen and scored, and what would have been."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.explore.history_explorer import HistoryExplorer, small_run
from pizzatune.explore.timeline import View, display_names, inspect, outward, round_step, span_of
from pizzatune.pictures.marks import Bars, Dots, Land, Line, Text

MENU = pt.menus.topping_and_heat()
SPACE = pt.Space(pt.Real("x", 0, 1), pt.Real("y", 0, 1))


@pytest.fixture(scope="module")
def result():
    return pt.tune(MENU.taste, pt.BayesianOptimization(MENU.space, seed=4), budget=10, progress=False)


@pytest.fixture
def explorer(result):
    opened = result.explore()
    yield opened
    opened.close()


def marks_of(explorer, layer, kind, style=None):
    return [
        m for m in explorer.marks[layer] if isinstance(m, kind) and style in (None, getattr(m, "style", None))
    ]


def words_of(explorer, layer):
    return [mark.text for mark in marks_of(explorer, layer, Text)]


def params_of(trials):
    return [trial.params for trial in trials]


# -- what was ------------------------------------------------------------------------------------------------


def test_it_opens_at_the_first_trial_with_the_real_history(explorer, result):
    numbers = explorer.data
    assert (numbers.number, numbers.before) == (0, ())
    assert numbers.timeline.trials == result.trials
    assert numbers.timeline.since is None
    assert explorer.reading.startswith("Trial 0: ")
    assert "So far: 1 pizza" in explorer.reading


def test_it_believes_what_the_strategy_believed(explorer, result):
    explorer.trial.value = 6
    numbers = explorer.data
    before = result.strategy.rebuilt(result.trials[:6])
    points = [point for point in numbers.decision.points if point is not None]
    mean, std = before.posterior(points)
    known = np.isfinite(numbers.decision.held.mean)
    np.testing.assert_allclose(numbers.decision.held.mean[known], mean)
    np.testing.assert_allclose(numbers.decision.held.std[known], std)
    assert numbers.decision.chosen == result.trials[6].params == before.ask()


def test_after_the_last_trial_it_says_what_comes_next(explorer, result):
    explorer.trial.value = 10
    assert explorer.data.trial is None
    assert explorer.data.decision.chosen == result.strategy.rebuilt(result.trials).ask()
    assert explorer.reading.startswith("Next it would try: ")


def test_the_options_stand_in_the_cells_by_name(explorer):
    explorer.trial.value = 5
    words = words_of(explorer, "below")
    assert all(any(word.startswith(name[:4]) for word in words) for name in MENU.space["topping"].options)
    assert len(marks_of(explorer, "below", Bars, "cell")[0].tips) == 8


def test_dots_are_the_scores_and_the_line_the_best_so_far(explorer, result):
    explorer.trial.value = 7
    (best,) = marks_of(explorer, "history", Line, "best")
    assert list(best.y) == list(np.maximum.accumulate([trial.score for trial in result.trials])[:8])
    heights = {
        name: y
        for dots in marks_of(explorer, "history", Dots)
        for name, y in zip(dots.names, dots.y, strict=False)
    }
    assert heights == {f"trial {i}": trial.score for i, trial in enumerate(result.trials)}


def test_a_genetic_run_rings_the_parents():
    menu = pt.menus.three_toppings()
    run = pt.tune(
        menu.taste, pt.GeneticAlgorithm(menu.space, population=4, seed=1), budget=12, progress=False
    )
    child = next(trial for trial in run.trials if trial.origin.get("parents"))
    explorer = run.explore()
    explorer.trial.value = child.number
    (ring,) = marks_of(explorer, "history", Dots, "parent")
    assert set(ring.x) <= set(child.origin["parents"])
    assert "Its parents scored" in explorer.reading


def test_two_dials_have_maps_of_score_doubt_and_hope():
    run = pt.tune(lambda p: p["x"] - p["y"], pt.BayesianOptimization(SPACE, seed=0), budget=5, progress=False)
    explorer = run.explore()
    explorer.trial.value = 4
    assert len(explorer.view.options) == 4
    lands = []
    for view in list(explorer.view.options.values())[:3]:
        explorer.view.value = view
        (land,) = marks_of(explorer, "below", Land)
        lands.append(land.scores)
    assert not np.allclose(lands[0], lands[1])
    assert np.nanmax(lands[2]) == pytest.approx(1)


def test_failures_are_told_and_drawn():
    def fragile(params):
        if params["x"] > 0.5:
            raise ValueError("burnt down")
        return params["x"]

    run = pt.tune(fragile, pt.RandomSearch(SPACE, seed=1), budget=8, progress=False)
    explorer, failed = run.explore(), run.failed[0].number
    explorer.trial.value = failed
    assert "It failed: ValueError: burnt down." in explorer.reading
    assert sum(len(d.x) for d in marks_of(explorer, "history", Dots, "failed")) == len(run.failed)


def test_a_card_shows_the_pizza_of_a_kitchen_and_none_of_a_function(explorer):
    explorer.trial.value = 3
    assert explorer._card.last.symbol is not None
    other = pt.tune(lambda p: p["x"], pt.RandomSearch(SPACE, seed=1), budget=3, progress=False).explore()
    assert other._card is None


# -- what might have been ------------------------------------------------------------------------------------


def test_a_changed_score_is_told_and_the_rest_tried_anew(explorer, result):
    explorer.trial.value = 4
    explorer.score.value = 0.5
    explorer.settle()
    timeline = explorer.data.timeline
    assert timeline.imagined == {4}
    assert timeline.since == 4
    assert len(timeline.trials) == len(result.trials)
    by_hand = result.strategy.rebuilt([*result.trials[:4], timeline.trials[4]])
    pt.tune(MENU.taste, by_hand, budget=5, progress=False)
    assert params_of(timeline.trials) == params_of(by_hand.trials)
    assert "Made up: trial 4 scored 0.500 instead of" in explorer.reading
    assert "Trials 5 to 9 were tried anew." in explorer.reading


def test_back_to_what_really_happened(explorer, result):
    assert not explorer.undo.enabled
    explorer.set(trial=4)
    explorer.score.value = 0.5
    explorer.settle()
    assert explorer.undo.enabled
    explorer.undo.value += 1
    explorer.settle()
    assert explorer.data.timeline.trials == result.trials
    assert explorer.score.value == pytest.approx(result.trials[4].score, rel=1e-3)
    assert not explorer.undo.enabled


def test_a_dragged_score_is_the_same_as_a_turned_one(explorer):
    explorer.dragged("trial 3", 0.3, explorer._drawer.scores.share(2.0))
    explorer.settle()
    assert explorer.trial.value == 3
    assert explorer.data.timeline.trials[3].score == pytest.approx(2.0, abs=explorer.score.step)
    assert explorer.data.timeline.imagined == {3}


def test_a_clicked_trial_is_travelled_to(explorer):
    explorer.clicked("trial 6", 0, 0)
    assert explorer.data.number == 6
    explorer.clicked("nobody", 0, 0)
    assert explorer.data.number == 6


def test_the_result_is_left_as_it_was(explorer, result):
    before = result.trials
    explorer.set(trial=2)
    explorer.score.value = 1.0
    explorer.settle()
    assert result.trials is before
    assert list(result.strategy.trials) == list(before)


def test_without_the_objective_only_the_next_is_known(result):
    unpickled = pickle.loads(pickle.dumps(result))
    assert result.objective is not None
    assert unpickled.objective is None
    assert unpickled.trials == result.trials
    explorer = unpickled.explore()
    explorer.set(trial=4)
    explorer.score.value = 0.5
    explorer.settle()
    assert len(explorer.data.timeline.trials) == 5
    assert "needs the objective: open with explore(objective)" in explorer.reading
    again = unpickled.explore(MENU.taste)
    again.set(trial=4)
    again.score.value = 0.5
    assert len(again.settle().data.timeline.trials) == 10


def test_a_loaded_run_takes_its_objective_by_hand(tmp_path):
    file = tmp_path / "run.pizza"
    pt.tune(lambda p: p["x"], pt.RandomSearch(SPACE, seed=0), budget=4, store=file, progress=False)
    assert pt.load(file).objective is None


# -- doors ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments, error, words",
    [
        ((3,), TypeError, "history needs the result of a search, got 3; pass what pt.tune gave back"),
        ((None, 3), TypeError, "objective must be a function of params, got 3; for a menu, pass menu.taste"),
        ((None, None, 99), ValueError, r"trial must lie in \[0, 12\], got 99"),
    ],
)
def test_what_it_cannot_open_is_named(arguments, error, words):
    with pytest.raises(error, match=words):
        pt.explore.history(*arguments)


def test_every_combination_tried_is_said():
    space = pt.Space(pt.Choice("a", ["b", "c"]))
    run = pt.tune(lambda p: 1.0, pt.GridSearch(space), progress=False)
    explorer = run.explore()
    explorer.trial.value = 2
    assert explorer.reading.startswith("After 2 trials every combination has been tried.")
    assert not explorer.score.enabled


def test_looking_leaves_the_strategy_as_it_is():
    search = small_run().strategy
    before = list(search.trials)
    inspect(search.rebuilt(before), None, View("strips"))
    assert list(search.trials) == before


def test_a_span_has_round_ends_and_holds_any_scores():
    for scores in ([1e-9, 2e-9], [-1.7e308, 1.7e308], [5.0], [0.0, 0.0], [1e6, 1e6 + 1]):
        low, high, step = span_of(np.array(scores))
        assert low <= min(scores) <= max(scores) <= high
        assert step > 0
    assert outward(0.861, 0.879, 0.01) == (0.86, 0.88)
    assert round_step(0.021) == 0.05
    assert display_names(SPACE) == {"x": "x", "y": "y"}


def test_extreme_scores_are_drawn_and_said():
    run = pt.tune(
        lambda p: -1.7e308 if p["x"] < 0.5 else p["x"],
        pt.RandomSearch(SPACE, seed=0),
        budget=6,
        progress=False,
    )
    explorer = HistoryExplorer(run)
    for number in range(7):
        explorer.trial.value = number
        assert explorer.error is None, explorer.reading
