"""Time travel: the pictures are the rebuilt strategy's, and a replay is the search that would have been."""

from __future__ import annotations

import re
import sys
import time
import warnings
from functools import lru_cache

import ipywidgets
import numpy as np
import pytest
from pizzatune.explore.beliefs import STRIP, _wide
from pizzatune.explore.history import FORECAST, KEY, HistoryExplorer, history, span_of
from pizzatune.explore.moments import View, points_of, told_apart, views_of

import pizzatune as pt
from tests.how_often import CI
from tests.ovens import FAN, bake_in_the_fan_oven
from tests.test_explorers import everything_in

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
    """Each search opened with its objective; an explorer that is used again shows what happened again."""
    known = {}

    def open_again(name):
        if name not in known:
            known[name] = run_of(name).explore(SEARCHES[name][0])
        explorer = known[name].go_back()
        explorer.view.value = next(iter(explorer.view.options.values()))
        return explorer

    yield open_again
    for explorer in known.values():
        explorer.close()


def with_score(trials, number, score):
    """A search told the same, but for one score; it is given back before it is asked again."""
    return [(trial.params, score if trial.number == number else trial.score, trial.error) for trial in trials]


# -- what it believed and chose -----------------------------------------------------------------------------


@every_search
def test_each_moment_is_the_strategy_rebuilt_at_that_trial(run_of, opened, name):
    result = run_of(name)
    explorer = opened(name)
    for number in range(len(result.trials)):
        explorer.trial.value = number
        moment, strategy = explorer.data, result.strategy.rebuilt(result.trials[:number])
        assert explorer.error is None
        assert moment.trial is result.trials[number]
        assert moment.before == result.trials[:number]
        assert moment.look.chosen == strategy.ask()
        assert moment.look.why == strategy.why
        assert not moment.look.blind


@pytest.mark.parametrize("name", ["bayesian", "bayesian map", "transfer", "failures"])
def test_the_picture_shows_the_posterior_of_the_rebuilt_strategy(run_of, opened, name):
    result = run_of(name)
    explorer = opened(name)
    for number in (3, 7):
        strategy = result.strategy.rebuilt(result.trials[:number])
        for view in explorer.view.options.values():
            explorer.set(trial=number, view=view)
            held, points = explorer.data.look.believed, explorer.data.look.points
            there = [place for place, point in enumerate(points) if point is not None]
            mean, std = strategy.posterior([points[place] for place in there])
            np.testing.assert_allclose(held.mean[there], mean)
            np.testing.assert_allclose(held.std[there], std)
            assert np.isnan(np.delete(held.mean, there)).all()
            hope = strategy.acquisition([points[place] for place in there])
            assert int(np.nanargmax(held.hope)) == there[int(hope.argmax())]
            assert np.nanmax(held.hope) == 1.0


def test_the_curve_is_drawn_from_these_numbers_and_its_choice_lies_on_the_line(opened):
    explorer = opened("bayesian")
    explorer.trial.value = 6
    moment, left = explorer.data, explorer.left
    x, mean = left.curve.get_data()
    np.testing.assert_array_equal(x, MENU.space["temperature"].values())
    np.testing.assert_array_equal(mean, moment.look.believed.mean)
    chosen = moment.look.chosen
    assert {point["topping"] for point in moment.look.points} == {chosen["topping"]}
    at, _ = left.upper.transData.transform((chosen["temperature"], 0.0))
    np.testing.assert_allclose(left.thread.get_xdata(), [at, at])
    np.testing.assert_allclose(explorer.bar.get_ydata(), np.array([[1, -2], [1, 2]]) @ moment.expected)
    assert explorer.ring.get_data()[0] == [6]
    assert explorer.ring.get_data()[1] == [moment.trial.score]


def test_a_trial_chosen_while_others_were_running_is_said_to_know_less():
    def slow(params):
        time.sleep(0.03 if params["temperature"] > 225 else 0.001)
        return MENU.taste(params)

    strategy = pt.BayesianOptimization(MENU.space, seed=1)
    result = pt.tune(slow, strategy, 12, workers=4)
    explorer = result.explore()
    blind = [explorer._look(number).blind for number in range(12)]
    assert any(blind)
    explorer.trial.value = blind.index(True)
    assert "while other trials were still running" in explorer.reading


def test_the_result_is_left_as_it_was(run_of):
    result = run_of("bayesian")
    before, pending = list(result.strategy.trials), list(result.strategy.pending)
    explorer = result.explore(MENU.taste)
    explorer.set(trial=4, score=explorer.score.high)
    explorer.replay().settle()
    assert result.strategy.trials == before
    assert result.strategy.pending == pending
    assert list(result.trials) == before


# -- what if ------------------------------------------------------------------------------------------------


@every_search
def test_a_replay_is_a_fresh_search_told_the_same(run_of, opened, name):
    result, objective = run_of(name), SEARCHES[name][0]
    explorer = opened(name)
    explorer.trial.value = 4
    told = explorer.score.high
    explorer.score.value = told
    explorer.replay().settle()
    fresh = SEARCHES[name][1]()
    for params, score, error in with_score(result.trials[:5], 4, told):
        assert fresh.ask() == params
        fresh.tell(params, score, error=None if score is not None else error)
    expected = pt.tune(objective, fresh, 3).trials
    past = explorer.data.past
    assert past.trials == expected
    assert past.imagined == {4}
    assert past.since == 4
    assert explorer.trial.value == 5
    assert explorer.trial.high == 8
    assert f"Made up: trial 4 scored {pt.plots.frame.score_text(told)}" in explorer.reading


def test_a_score_left_as_it_was_replays_what_happened(run_of, opened):
    result = run_of("bayesian")
    explorer = opened("bayesian")
    explorer.trial.value = 3
    explorer.replay().settle()
    assert explorer.data.past.trials == result.trials
    assert explorer.data.past.imagined == frozenset()


def test_an_objective_with_luck_gets_the_luck_of_each_trial():
    def lucky(params, rng):
        return MENU.taste(params) + rng.normal()

    result = pt.tune(lucky, pt.BayesianOptimization(MENU.space, seed=1), 6)
    explorer = result.explore(lucky)
    explorer.trial.value = 0
    assert explorer.replay().settle().data.past.trials == result.trials


def test_without_the_objective_only_the_next_suggestion_is_known(run_of):
    result = run_of("bayesian")
    explorer = result.explore()
    explorer.set(trial=4, score=9.9)
    assert explorer.reading.endswith("Replay tells it 9.9 for this trial.")
    explorer.replay()
    changed = result.strategy.rebuilt(explorer.data.past.trials)
    assert [trial.score for trial in changed.trials] == [*(t.score for t in result.trials[:4]), 9.9]
    assert explorer.trial.value == explorer.trial.high == 5
    assert explorer.data.trial is None
    assert explorer.data.look.chosen == changed.ask()
    assert "It has not been tried, so its score is not known." in explorer.reading
    assert "cannot be known without the objective" in explorer.reading
    explorer.go_back()
    assert explorer.data.past.trials == result.trials
    assert explorer.trial.high == 8
    assert "Made up" not in explorer.reading


def test_without_an_objective_one_can_make_up_score_after_score(run_of):
    explorer = run_of("bayesian").explore()
    explorer.set(trial=4, score=9.9)
    explorer.replay()
    explorer.score.value = 2.5
    explorer.replay()
    assert explorer.data.past.imagined == {4, 5}
    assert [trial.score for trial in explorer.data.past.trials[4:]] == [9.9, 2.5]
    assert "trial 5 scored 2.50 in place of" in explorer.reading
    explorer.trial.value = 2
    assert explorer.data.before == run_of("bayesian").trials[:2]


def test_a_failure_can_be_made_a_success(run_of, opened):
    result = run_of("failures")
    number = result.failed[0].number
    explorer = opened("failures")
    explorer.trial.value = number
    assert "It failed: RuntimeError: burnt down" in explorer.reading
    explorer.score.value = explorer.score.high
    explorer.replay().settle()
    trial = explorer.data.past.trials[number]
    assert trial.ok
    assert trial.error is None
    assert f"trial {number} scored" in explorer.reading
    assert "in place of a failure" in explorer.reading


def test_the_buttons_replay_and_go_back(run_of, opened):
    explorer = opened("grid")
    buttons = {
        widget.description: widget
        for widget in everything_in(explorer)
        if getattr(widget, "description", "") in ("Replay", "As it was")
    }
    assert buttons["As it was"].disabled
    explorer.set(trial=3, score=9.5)
    buttons["Replay"].click()
    explorer.settle()
    assert explorer.data.past.imagined == {3}
    assert not buttons["As it was"].disabled
    buttons["As it was"].click()
    assert explorer.data.past.trials == run_of("grid").trials
    assert buttons["As it was"].disabled


def test_a_replay_stops_where_all_has_been_tried():
    space = pt.Space(pt.Choice("oven", ["Stone", "Electric", "Gas"]))
    result = pt.tune(lambda params: len(params["oven"]), pt.RandomSearch(space, seed=0), 9)
    explorer = result.explore(lambda params: 1.0)
    assert len(result.trials) == 3
    explorer.set(trial=0, score=7.0)
    explorer.replay().settle()
    assert [trial.score for trial in explorer.data.past.trials] == [7.0, 1.0, 1.0]
    explorer.trial.value = 3
    assert explorer.reading.startswith("After 3 trials every combination has been tried.")
    assert not explorer.score.enabled
    with pytest.raises(ValueError, match="every combination has been tried, so there is no trial to tell"):
        explorer.replay()


def test_the_score_box_follows_the_trial_and_keeps_what_is_typed(run_of, opened):
    explorer = opened("bayesian")
    for trial in run_of("bayesian").trials:
        explorer.trial.value = trial.number
        assert explorer.score.value == pytest.approx(trial.score, rel=1e-3)
        assert explorer.data.what_if is None
    explorer.set(trial=2, score=3.5)
    assert explorer.data.what_if == 3.5
    assert explorer.ghost.get_data() == ([2], [3.5])
    explorer.trial.value = 3
    assert explorer.data.what_if is None


# -- in words -----------------------------------------------------------------------------------------------


@every_search
def test_the_sentence_says_the_numbers(run_of, opened, name):
    result = run_of(name)
    explorer = opened(name)
    for trial in result.trials:
        explorer.trial.value = trial.number
        words = explorer.reading
        assert words.startswith(f"Trial {trial.number} (of 0 to 7): ")
        assert trial.why in words
        for parameter, value in trial.params.items():
            assert result.space[parameter].label(value) in words
        if trial.ok:
            assert f"{pt.plots.frame.score_text(trial.score)} came" in words
        if "mean" in trial.origin:
            assert f"{trial.origin['mean']:.3g} ± {trial.origin['std']:.2g}" in words
            assert words.count("one std") == 1
            off = (trial.score - trial.origin["mean"]) / trial.origin["std"] if trial.ok else None
            assert off is None or f"{abs(off):.1f} std {'above' if off >= 0 else 'below'} that" in words
        for parent in trial.origin.get("parents", ()):
            assert re.search(rf"Its parents scored .*\(trial {parent}\)", words)
        if "trust" in trial.origin:
            assert f"{trial.origin['trust']:.2f}" in words
        assert words.endswith(".")


def test_parents_are_ringed(run_of):
    result = run_of("genetic")
    child = next(trial for trial in result.trials if "parents" in trial.origin)
    explorer = history(result, trial=child.number)
    assert explorer.family.get_data()[0] == list(dict.fromkeys(child.origin["parents"]))
    assert len(explorer.left.parent_rings.get_xdata()) >= 1


def test_the_table_has_a_row_for_each_trial(run_of):
    explorer = run_of("failures").explore()
    explorer.set(trial=4, score=0.5)
    explorer.replay()
    table = explorer.to_frame()
    assert list(table["trial"]) == [0, 1, 2, 3, 4]
    assert list(table["made up"]) == [False] * 4 + [True]
    assert table["score"][4] == 0.5
    assert {"oven", "fan", "heat", "minutes", "expected", "std", "real score", "why"} <= set(table)


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
    explorer = result.explore(scored)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for place, view in enumerate(list(explorer.view.options.values())[:4]):
            for number in range(place % 2, len(result.trials) + 1, 2):
                explorer.set(trial=number, view=view)
                assert explorer.error is None, explorer.reading
                assert explorer.reading.endswith(".")
        explorer.trial.value = 0
        explorer.score.value = explorer.score.high
        explorer.replay().settle()
        assert explorer.error is None, explorer.reading
        assert len(explorer.data.past.trials) == len(result.trials)


@pytest.mark.parametrize("budget", [0, 3])
def test_a_run_without_a_score_can_be_travelled_too(budget):
    result = pt.tune(lambda params: float("nan"), pt.BayesianOptimization(FAN, seed=0), budget)
    explorer = result.explore()
    for number in range(budget + 1):
        explorer.trial.value = number
        assert explorer.error is None
    assert explorer.reading.startswith(f"After {budget} trials it would next try oven ")
    explorer.score.value = 0.7
    explorer.replay()
    assert explorer.data.past.trials[-1].score == 0.7
    assert explorer.error is None


def test_each_space_is_opened_at_the_view_that_tells_most():
    two = pt.Space(pt.Real("x", 0, 1), pt.Real("y", 0, 1))
    assert next(iter(views_of(two, True).values())) == View("map", "mean")
    assert next(iter(views_of(MENU.space, True).values())) == View("slice", "temperature")
    assert next(iter(views_of(FAN, True).values())) == View("strips")
    assert [view.first for view in views_of(dict(spaces())["many"], False).values()][:2] == [0, 14]
    assert history(pt.tune(NEW.taste, pt.RandomSearch(NEW.space, seed=0), 2)).view.value.kind == "map"


def test_a_map_leaves_out_what_is_ruled_out():
    space = dict(spaces())["ruled out"]
    points = points_of(View("map", "mean"), space, {"x": 0.5, "y": 3.0})
    allowed = [point is not None for point in points]
    assert any(allowed)
    assert not all(allowed)
    assert all(point["x"] < 0.8 for point in points if point is not None)


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
    explorer = pipeline_run().explore()
    assert explorer.data.range == (0.86, 0.88)
    assert [word.text for word in explorer.left.key_words.words[:2]] == ["0.86", "0.88"]
    shares = explorer.left._share(pt.trial.scores_of(explorer.data.past.trials))
    assert shares.min() == pytest.approx(0.0)
    assert shares.max() > 0.95
    red_green_blue = explorer.left.tried.get_facecolor()[:, :3]
    assert np.ptp(red_green_blue.sum(axis=1)) > 1


def test_a_score_alone_is_in_the_middle_of_the_colours():
    result = pt.tune(lambda params: 0.87, pt.RandomSearch(MENU.space, seed=0), 3)
    low, high = result.explore().data.range
    assert low < 0.87 < high
    assert high - low < 0.3


def test_no_two_names_look_alike():
    explorer = pipeline_run().explore()
    names = [word.text for word in explorer.left.row_words.words[:8:2]]
    assert names[:2] == ["learning rate", "max leaf nodes"]
    assert len(set(names)) == 4
    ends = [explorer.left.row_words.words[0].x + _wide(name) for name in names]
    assert max(ends) < STRIP[0]
    assert "By learning rate" in explorer.view.options
    explorer.view.value = explorer.view.options["By learning rate"]
    assert explorer.left.lower.get_xlabel() == "learning rate"
    assert "Left, along learning rate: " in explorer.reading


def test_names_lose_the_steps_of_a_pipeline_where_they_would_be_cut():
    long = pt.Space(pt.Real("onehotencoder__min_frequency", 0, 1), pt.Integer("pca__n_components", 1, 9))
    explorer = history(pt.tune(lambda params: 1.0, pt.GridSearch(long), 2, progress=False))
    explorer.view.value = explorer.view.options["All parameters"]
    assert [word.text for word in explorer.left.row_words.words[:4:2]] == ["min frequency", "n components"]


@pytest.mark.parametrize("names", [["abcdefgh1ijklmnop", "abcdefgh2ijklmnop"], ["a" * 20 + "b", "a" * 21]])
def test_names_are_cut_where_they_stay_different(names):
    cut = told_apart(names, 12)
    assert [len(name) for name in cut] == [12, 12]
    assert cut[0] != cut[1]


def test_a_heading_is_whole_or_only_the_number(opened):
    assert history(pipeline_run(), trial=2).heading.get_text() == "Trial 2"
    assert opened("bayesian").heading.get_text().startswith("Trial 7: topping ")


# -- the key ------------------------------------------------------------------------------------------------


def key_of(explorer):
    """The words of the key that are shown, with where they begin and end, in dots from the left."""
    renderer = explorer._canvas.get_renderer()
    texts = [key[-1] for key in explorer._keys.values() if key[-1].get_visible()]
    return {text.get_text(): text.get_window_extent(renderer) for text in texts}


@pytest.mark.parametrize("name", ["bayesian", "genetic", "grid"])
def test_marks_that_a_replay_leaves_have_a_key_that_overlaps_nothing(opened, name):
    explorer = opened(name)
    model = {"bayesian": {FORECAST}, "genetic": {"parents"}, "grid": set()}[name]
    assert set(key_of(explorer)) == {"best so far"} | model
    before = explorer.history.get_window_extent().y1
    explorer.set(trial=3, score=9.9)
    explorer.replay().settle()
    key = key_of(explorer)
    assert set(key) == {"best so far", "made up", "still to come", "what really came"} | model
    assert explorer.history.get_window_extent().y1 < min(place.y0 for place in key.values()) < before
    assert all(
        place.x1 < (955 if place.x0 > KEY[1] else KEY[1] - 20) or place.y1 < 510 for place in key.values()
    )
    explorer.go_back()
    assert set(key_of(explorer)) == {"best so far"} | model
    assert explorer.history.get_window_extent().y1 == before


def test_hope_has_a_place_only_where_there_is_a_model(opened):
    with_model, without = opened("bayesian").left, opened("random").left
    assert with_model.lower.get_visible()
    assert not without.lower.get_visible()
    assert without.upper.get_window_extent().y0 == pytest.approx(with_model.lower.get_window_extent().y0)
    assert without.upper.get_xlabel() == with_model.lower.get_xlabel() == "temperature (°C)"
    assert with_model.upper.get_xlabel() == ""


def test_numbers_too_small_to_matter_are_not_written_out():
    strategy = pt.TransferLearning(MENU.space, source=pt.tune(MENU.taste, pt.RandomSearch(MENU.space), 3))
    origin = {"mean": 8.7, "std": 1.4e-11}
    params = MENU.space.sample(np.random.default_rng(0))
    trial = pt.Trial(0, params, 8.703, why="as the source says", origin=origin)
    explorer = history(pt.Result((trial,), strategy, "", "taste score", "pizza"))
    assert (
        "It expected 8.7 ± less than 0.01 (one std). 8.70 came, less than 0.01 above that" in explorer.reading
    )


def test_long_runs_are_not_prepared_in_advance_and_few_looks_are_kept(monkeypatch):
    monkeypatch.setattr(sys.modules["pizzatune.explore.history"], "KEPT", 5)
    result = pt.tune(lambda params: params["x"], pt.RandomSearch(pt.Space(pt.Real("x", 0, 1)), seed=0), 120)
    explorer = result.explore()
    for number in range(0, 121, 10):
        explorer.trial.value = number
    assert len(explorer._looks) == 5
    assert explorer.error is None


def test_looking_ahead_fills_what_a_turn_would_have_to_wait_for(opened):
    explorer = opened("bayesian")
    list(explorer._look_ahead(8))
    known = {number: explorer._look(number) for number in range(9)}
    for number in range(9):
        explorer.trial.value = number
        assert explorer.data.look is known[number]


def test_what_it_cannot_travel_is_named(run_of):
    with pytest.raises(TypeError, match=r"history needs the result of a search, got \[\]; pass what pt.tune"):
        history([])
    with pytest.raises(TypeError, match="objective must be a function of params, got Menu"):
        run_of("grid").explore(MENU)
    with pytest.raises(ValueError, match=r"trial must lie in \[0, 8\], got 11"):
        history(run_of("grid"), trial=11)


def test_the_result_opens_it(run_of):
    explorer = run_of("random").explore()
    assert isinstance(explorer, HistoryExplorer)
    assert explorer.trial.value == 7


def test_the_picture_is_sent_before_all_else_that_a_turn_changes(monkeypatch):
    explorer, sent = history(trial=3), []
    monkeypatch.setattr(ipywidgets.Widget, "_send", lambda widget, *message, **more: sent.append(widget))
    explorer.trial._slider.set_state({"value": 7})
    assert explorer.data.number == 7
    others = sent.index(explorer.score._box), sent.index(explorer._reading_view)
    assert sent.index(explorer.picture) < min(others)
    assert len(sent) == len(set(sent))  # a message each
