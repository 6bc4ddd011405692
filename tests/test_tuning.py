"""The loop: its budget, its clock, its stop button, and what happens when a trial fails."""

from __future__ import annotations

import functools
import itertools
import math
import pickle

import numpy as np
import pytest
from tqdm.auto import tqdm

from pizzatune import tuning
from pizzatune.space import Choice, Integer, Real, Space
from pizzatune.strategies import BayesianOptimization, GeneticAlgorithm, GridSearch, RandomSearch
from pizzatune.trial import Trial
from pizzatune.tuning import Result, tune

OVEN = Space(Choice("oven", ["Stone", "Electric"]), Real("heat", 0, 1), Integer("minutes", 4, 20))
SEARCHES = {
    "grid": GridSearch,
    "random": RandomSearch,
    "bayesian": functools.partial(BayesianOptimization, start=4),
    "genetic": functools.partial(GeneticAlgorithm, population=3),
}
every_search = pytest.mark.parametrize("make", SEARCHES.values(), ids=SEARCHES.keys())


def taste(params):
    return params["heat"] - abs(params["minutes"] - 9) / 16 + (params["oven"] == "Stone")


class Clock:
    """A clock that goes on by one second each time it is read."""

    def __init__(self, step=1.0):
        self.ticks = itertools.count(0.0, step)

    def perf_counter(self):
        return next(self.ticks)


# -- budget and time ---------------------------------------------------------------------------------------


@every_search
@pytest.mark.parametrize("budget", [0, 1, 7, np.int64(5)], ids=str)
def test_the_budget_is_kept_exactly(make, budget):
    calls = []
    result = tune(lambda params: calls.append(params) or taste(params), make(OVEN, seed=1), budget)
    assert len(result.trials) == len(calls) == budget
    assert [trial.params for trial in result.trials] == calls
    assert result.stopped == "budget spent"


def test_failed_trials_count_toward_the_budget():
    result = tune(lambda params: math.nan, RandomSearch(OVEN, seed=1), budget=4)
    assert len(result.trials) == len(result.failed) == 4


def test_a_finite_search_ends_by_itself():
    result = tune(taste, GridSearch(OVEN, resolution=2))
    assert len(result.trials) == 8
    assert result.stopped == "every combination tried"
    assert (
        len(tune(lambda params: 1.0, RandomSearch(Space(Integer("x", 1, 5)), seed=0), budget=99).trials) == 5
    )


def test_time_ends_a_search_but_not_a_trial(monkeypatch):
    monkeypatch.setattr(tuning, "time", Clock())
    result = tune(taste, RandomSearch(OVEN, seed=1), seconds=20, progress=False)
    assert result.stopped == "stopped after 20 s"
    assert 3 <= len(result.trials) <= 10
    assert all(trial.seconds == 1.0 for trial in result.trials)


def test_no_time_is_no_trial_and_a_budget_holds_within_the_time(monkeypatch):
    assert tune(taste, RandomSearch(OVEN, seed=1), budget=9, seconds=0).trials == ()
    assert len(tune(taste, RandomSearch(OVEN, seed=1), budget=3, seconds=1e6).trials) == 3


@pytest.mark.parametrize(
    "arguments, kind, message",
    [
        (
            {"objective": 7},
            TypeError,
            r"objective must be a function of params, got 7; for a menu, pass menu\.taste",
        ),
        ({"strategy": RandomSearch}, TypeError, r"strategy must be a strategy .* call it with a space first"),
        (
            {"strategy": OVEN},
            TypeError,
            r"strategy must be a strategy such as RandomSearch\(space\), got Space",
        ),
        ({"budget": 2.5}, TypeError, r"budget must be a whole number of trials, got 2.5"),
        ({"budget": True}, TypeError, r"budget must be a whole number of trials, got True"),
        ({"budget": "9"}, TypeError, r"budget must be a whole number of trials, got '9'"),
        ({"budget": -1}, ValueError, r"budget must be 0 or more trials, got -1"),
        ({"seconds": "9"}, TypeError, r"seconds must be a number, got '9'"),
        ({"seconds": -0.5}, ValueError, r"seconds must be 0 or more, got -0.5"),
        ({"seconds": math.nan}, ValueError, r"seconds must be 0 or more, got nan"),
        (
            {"budget": None},
            ValueError,
            r"this search would never end; say how many trials with budget=\.\.\., or how",
        ),
        (
            {"budget": None, "strategy": GridSearch(OVEN, repeats=True)},
            ValueError,
            r"this search would never end",
        ),
    ],
    ids=range(12),
)
def test_what_cannot_be_run_is_refused(arguments, kind, message):
    with pytest.raises(kind, match=message):
        tune(**{"objective": taste, "strategy": RandomSearch(OVEN), "budget": 3, **arguments})


# -- failures ----------------------------------------------------------------------------------------------


def burn(params):
    raise RuntimeError("burnt down")


@pytest.mark.parametrize(
    "outcome, error",
    [
        (burn, "RuntimeError: burnt down"),
        (lambda params: math.nan, "the score was nan, not a finite number"),
        (lambda params: -math.inf, "the score was -inf, not a finite number"),
        (lambda params: "tasty", "score must be a number, higher is better, got 'tasty'; return one number"),
        (
            lambda params: None,
            "tell(params, score) needs a score, got None; or say what went wrong with error='...'",
        ),
        (lambda params: [7.0], "score must be a number, higher is better, got [7.0]; return one number"),
        (lambda params: True, "score must be a number, higher is better, got True; return one number"),
        (lambda params: params["crust"], "KeyError: 'crust'"),
        (lambda params: next(iter(())), "StopIteration: "),
    ],
    ids=["raise", "nan", "-inf", "string", "None", "list", "bool", "KeyError", "StopIteration"],
)
@every_search
def test_a_trial_that_fails_is_kept_and_the_search_goes_on(make, outcome, error):
    turn = itertools.count()
    result = tune(lambda params: outcome(params) if next(turn) == 2 else taste(params), make(OVEN, seed=3), 6)
    assert [trial.ok for trial in result.trials] == [True, True, False, True, True, True]
    assert result.trials[2].error == error
    assert result.trials[2].params in [trial.params for trial in result.failed]
    assert result.best.ok
    assert result.strategy.pending == []


def test_where_all_fail_there_is_no_best_and_the_first_problem_is_named():
    result = tune(burn, RandomSearch(OVEN, seed=1), 3)
    assert result.best is None
    for read in (lambda: result.best_params, lambda: result.best_score):
        with pytest.raises(
            ValueError, match=r"no trial gave a score, .* the first problem was: RuntimeError: burnt"
        ):
            read()
    assert repr(result) == "RandomSearch: 3 trials (3 failed), budget spent\nno score yet"


def test_an_objective_may_spoil_its_params():
    def spoil(params):
        score = taste(params)
        params.clear()
        return score

    results = [tune(objective, RandomSearch(OVEN, seed=2), 5) for objective in (spoil, taste)]
    assert results[0].trials == results[1].trials


# -- the stop button ---------------------------------------------------------------------------------------


@every_search
@pytest.mark.parametrize("stop", [0, 3, 6])
def test_the_stop_button_gives_back_what_was_done_and_the_search_can_go_on(make, stop):
    turn = itertools.count()

    def interrupted(params):
        if next(turn) == stop:
            raise KeyboardInterrupt
        return taste(params)

    whole = tune(taste, make(OVEN, seed=5), 8)
    part = tune(interrupted, make(OVEN, seed=5), 8)
    assert part.stopped == "stopped by hand"
    assert part.trials == whole.trials[:stop]
    assert part.strategy.pending == []
    assert tune(taste, part.strategy, 8 - stop).trials == whole.trials


def test_leaving_the_program_is_not_held_up():
    def leave(params):
        raise SystemExit(3)

    strategy = RandomSearch(OVEN, seed=1)
    with pytest.raises(SystemExit, match="3"):
        tune(leave, strategy, 3)
    assert strategy.pending == []


# -- going on, and chance ----------------------------------------------------------------------------------


@every_search
def test_a_search_in_two_parts_is_the_search_in_one(make):
    strategy = make(OVEN, seed=6)
    first = tune(taste, strategy, 3)
    second = tune(taste, strategy, 4)
    assert len(first.trials) == 3
    assert second.trials == tune(taste, make(OVEN, seed=6), 7).trials


def test_trials_told_beforehand_are_part_of_the_result():
    strategy = RandomSearch(OVEN, seed=6)
    strategy.tell({"oven": "Stone", "heat": 1.0, "minutes": 9}, 99.0)
    result = tune(taste, strategy, 2)
    assert len(result.trials) == 3
    assert result.best_score == 99.0


def moody(params, rng):
    return taste(params) + rng.normal()


def test_an_objective_with_an_rng_gets_a_stream_of_its_own_for_each_trial():
    seen = []

    def listening(params, *, rng):
        seen.append(rng.random())
        return taste(params)

    strategy = RandomSearch(OVEN, seed=7)
    tune(listening, strategy, 5)
    assert len(set(seen)) == 5
    expected = [np.random.default_rng([7, number, 1]).random() for number in range(5)]
    assert seen == expected
    draws = [
        np.random.default_rng([7, number]).random() for number in range(5)
    ]  # what the strategy draws from
    assert not set(draws) & set(seen)


def test_the_mood_of_trial_n_is_the_same_after_a_pause():
    strategy = RandomSearch(OVEN, seed=8)
    tune(moody, strategy, 2)
    assert tune(moody, strategy, 3).trials == tune(moody, RandomSearch(OVEN, seed=8), 5).trials


def test_an_objective_without_a_readable_signature_is_called_plainly():
    assert len(tune(len, RandomSearch(OVEN, seed=1), 2).trials) == 2
    assert tune(functools.partial(moody), RandomSearch(OVEN, seed=1), 2).best.ok


# -- progress ----------------------------------------------------------------------------------------------


@pytest.fixture
def _busy_bar(monkeypatch):
    """A bar that is drawn anew after each trial, not ten times a second."""
    monkeypatch.setattr("tqdm.auto.tqdm", functools.partial(tqdm, mininterval=0))


@pytest.mark.usefixtures("_busy_bar")
def test_a_bar_is_shown_where_wanted(capsys):
    tune(taste, RandomSearch(OVEN, seed=1), 3, progress=True)
    shown = capsys.readouterr().err
    assert "3/3" in shown
    assert "best " in shown


@pytest.mark.parametrize("progress", [False, None])
def test_a_quick_search_shows_no_bar(capsys, progress):
    tune(taste, RandomSearch(OVEN, seed=1), 3, progress=progress)
    assert capsys.readouterr() == ("", "")


@pytest.mark.usefixtures("_busy_bar")
def test_a_bar_appears_by_itself_when_the_search_takes_long(capsys, monkeypatch):
    monkeypatch.setattr(tuning, "PATIENCE", -1.0)
    tune(taste, RandomSearch(OVEN, seed=1), 3)
    assert "3/3" in capsys.readouterr().err
    tune(taste, RandomSearch(OVEN, seed=1), 3, progress=False)
    assert capsys.readouterr().err == ""


# -- the result --------------------------------------------------------------------------------------------


def test_a_result_reads_as_two_lines():
    result = tune(taste, GridSearch(OVEN, resolution=2, order="rows"))
    assert repr(result) == (
        "GridSearch: 8 trials, every combination tried\nbest score 1.688: oven Stone, heat 0.75, minutes 8"
    )
    assert (result.best_score, result.best_params) == (1.6875, {"oven": "Stone", "heat": 0.75, "minutes": 8})
    assert result.space is OVEN


def test_html_shows_options_as_text_not_as_markup():
    result = tune(lambda params: 1.0, RandomSearch(Space(Choice("herb", ["<b>Basil</b>"])), seed=1))
    assert "&lt;b&gt;Basil" in result._repr_html_()
    assert "<b>Basil" not in result._repr_html_()
    assert "no score yet" in tune(burn, RandomSearch(OVEN), 1)._repr_html_()


class Menu:
    score_label, trial_label = "taste", "pizza"

    def taste(self, params):
        return taste(params)


def test_a_menu_says_what_its_scores_and_trials_are_called():
    result = tune(Menu().taste, RandomSearch(OVEN, seed=1), 2)
    assert repr(result).startswith("RandomSearch: 2 pizzas, budget spent\nbest taste ")


def test_a_result_is_a_table_too():
    frame = tune(taste, RandomSearch(OVEN, seed=1), 3).to_frame()
    assert list(frame.columns) == ["oven", "heat", "minutes", "score", "error", "why", "seconds"]
    assert len(frame) == 3
    assert (frame["seconds"] >= 0).all()


def test_the_best_params_belong_to_the_caller():
    result = tune(taste, RandomSearch(OVEN, seed=1), 3)
    kept = dict(result.best_params)
    result.best_params.clear()
    assert result.best_params == kept


def test_a_result_stays_as_it_was_when_the_search_goes_on():
    strategy = RandomSearch(OVEN, seed=1)
    first = tune(taste, strategy, 2)
    tune(taste, strategy, 2)
    assert len(first.trials) == 2
    assert len(strategy.trials) == 4


def test_a_result_can_be_stored():
    result = tune(taste, GridSearch(OVEN, resolution=2), 3)
    again = pickle.loads(pickle.dumps(result))
    assert again.trials == result.trials
    assert isinstance(again, Result)
    assert isinstance(again.best, Trial)
