"""The loop: its budget, its clock, its stop button, and what happens when a trial fails."""

from __future__ import annotations

import functools
import itertools
import math
import pickle

import numpy as np
import pytest
from tqdm.auto import tqdm

import pizzatune
from pizzatune import progress, tuning, workers
from pizzatune.parameters import Choice, Integer, Real
from pizzatune.result import Result
from pizzatune.space import Space
from pizzatune.store import Store
from pizzatune.strategies import BayesianOptimization, GeneticAlgorithm, GridSearch, RandomSearch
from pizzatune.trial import Trial
from pizzatune.tuning import tune

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
    clock = Clock()
    monkeypatch.setattr(tuning, "time", clock)
    monkeypatch.setattr(workers, "time", clock)
    result = tune(taste, RandomSearch(OVEN, seed=1), seconds=40, progress=False)
    assert result.stopped == "stopped after 40 s"
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
            r"objective must be a function of params, got 7; pass the function itself",
        ),
        ({"strategy": RandomSearch}, TypeError, r"strategy must be a strategy .* call it with a space first"),
        (
            {"strategy": OVEN},
            TypeError,
            r"strategy must be a strategy such as RandomSearch\(space\), got Space",
        ),
        ({"budget": 2.5}, TypeError, r"budget must be a whole number, got 2.5; round it, to 2 say"),
        ({"budget": True}, TypeError, r"budget must be a whole number, got True; write 1 instead"),
        ({"budget": "9"}, TypeError, r"budget must be a whole number, got '9'; write 9 without quotes"),
        ({"budget": -1}, ValueError, r"budget must be 0 or more, got -1; choose a larger one"),
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
        (
            lambda params: "tasty",
            "score must be a number, higher is better, got 'tasty'; return a number, such as 1.0",
        ),
        (
            lambda params: None,
            "score must be a number, higher is better, got None; end the function with a line such as "
            "`return score`",
        ),
        (
            lambda params: [7.0],
            "score must be a number, higher is better, got [7.0]; return one of its items",
        ),
        (lambda params: True, "score must be a number, higher is better, got True; return 1 instead"),
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


# -- too many failures -------------------------------------------------------------------------------------


def fail_in_turn(problems):
    """An objective that raises these problems one after another, and scores where one is None."""
    turn = iter(problems)

    def objective(params):
        problem = next(turn)
        if problem is not None:
            raise problem
        return taste(params)

    return objective


def test_more_failures_than_allowed_stop_the_search_with_a_summary():
    burnt, soggy = RuntimeError("burnt down"), ValueError("too\nmany lines")
    problems = [None, burnt, soggy, None, burnt, burnt, None]
    result = tune(fail_in_turn(problems), RandomSearch(OVEN, seed=1), 50, max_failures=3)
    assert len(result.trials) == 6
    assert result.stopped == "stopped after 4 failures (3 x RuntimeError: burnt down; 1 x ValueError: too)"
    assert result.best.ok
    assert result.strategy.pending == []
    assert "4 failures" in result._repr_html_()


def test_as_many_failures_as_allowed_do_not_stop_it():
    problems = [KeyError("salt"), None, KeyError("salt"), None]
    result = tune(fail_in_turn(problems), RandomSearch(OVEN, seed=1), 4, max_failures=2)
    assert (len(result.failed), result.stopped) == (2, "budget spent")


def test_no_failures_allowed_means_the_first_one_ends_it_and_only_new_ones_count():
    strategy = RandomSearch(OVEN, seed=1)
    first = tune(burn, strategy, 9, max_failures=0)
    assert len(first.trials) == 1
    assert len(tune(taste, strategy, 4, max_failures=0).trials) == 5


def test_a_summary_stays_short():
    problems = [ValueError("salt " * 99), *(KeyError(name) for name in "abcd")]
    stopped = tune(fail_in_turn(problems), RandomSearch(OVEN, seed=1), 9, max_failures=4).stopped
    assert stopped.startswith("stopped after 5 failures (1 x ValueError: salt salt")
    assert stopped.endswith("salt ...; 1 x KeyError: 'a'; 1 x KeyError: 'b'; 2 other kinds)")
    assert len(stopped) < 250


# -- nothing is lost ---------------------------------------------------------------------------------------


@every_search
@pytest.mark.parametrize("stop", [0, 1, 5, 9])
def test_the_same_line_run_again_goes_on_as_if_it_had_never_stopped(make, stop, tmp_path):
    turn = itertools.count()

    def interrupted(params, rng):
        if next(turn) == stop:
            raise KeyboardInterrupt
        return moody(params, rng)

    whole = tune(moody, make(OVEN, seed=5), 9)
    part = tune(interrupted, make(OVEN, seed=5), 9, store=tmp_path / "run")
    assert part.trials == whole.trials[:stop]
    strategy = make(OVEN, seed=5)
    again = tune(interrupted, strategy, 9, store=tmp_path / "run")
    assert next(turn) == 9 + (stop < 9)  # the budget counts what the file holds
    assert again.trials == whole.trials == pizzatune.load(tmp_path / "run").trials
    assert again.strategy is strategy
    assert again.best == whole.best


def test_each_trial_is_in_the_file_before_the_next_is_asked_for(tmp_path):
    path, kept = tmp_path / "run", []

    def reading(params):
        kept.append(len(pizzatune.load(path).trials))
        return taste(params)

    tune(reading, RandomSearch(OVEN, seed=1), 5, store=path)
    assert kept == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("written", [False, True], ids=["before it is written", "after"])
def test_the_stop_button_may_come_while_a_trial_is_written(written, tmp_path, monkeypatch):
    write = Store._write

    def interrupted(self, trials):
        if not trials or trials[0].number != 2:
            return write(self, trials)
        monkeypatch.undo()
        raise KeyboardInterrupt

    def written_but_unknown(self, trials):
        before = list(self._trials)
        write(self, trials)
        if trials and trials[0].number == 2:
            monkeypatch.undo()
            self._trials = before
            raise KeyboardInterrupt

    monkeypatch.setattr(Store, "_write", written_but_unknown if written else interrupted)
    result = tune(taste, RandomSearch(OVEN, seed=1), 9, store=tmp_path / "run")
    assert (len(result.trials), result.stopped) == (3, "stopped by hand")
    assert pizzatune.load(tmp_path / "run").trials == result.trials


def test_failed_trials_and_those_of_several_workers_are_kept_too(tmp_path):
    def hot(params):
        return taste(params) if params["heat"] < 0.5 else math.nan

    result = tune(hot, RandomSearch(OVEN, seed=1), 12, store=tmp_path / "run", workers=3)
    kept = pizzatune.load(tmp_path / "run")
    assert kept.trials == result.trials
    assert 0 < len(kept.failed) < 12
    assert tune(hot, RandomSearch(OVEN, seed=1), 12, store=tmp_path / "run").trials == result.trials


def test_a_search_without_a_seed_goes_on_with_the_one_in_its_file(tmp_path):
    first = tune(taste, RandomSearch(OVEN), 3, store=tmp_path / "run")
    second = tune(taste, RandomSearch(OVEN), 6, store=tmp_path / "run")
    assert second.trials[:3] == first.trials
    assert second.trials == tune(taste, RandomSearch(OVEN, seed=first.strategy.seed), 6).trials


def test_a_strategy_may_have_trials_before_it_gets_a_file(tmp_path):
    strategy = RandomSearch(OVEN, seed=1)
    tune(taste, strategy, 3)
    assert len(tune(taste, strategy, 5, store=tmp_path / "run").trials) == 5
    assert len(tune(taste, strategy, 8, store=tmp_path / "run").trials) == 8
    assert pizzatune.load(tmp_path / "run").trials == tune(taste, RandomSearch(OVEN, seed=1), 8).trials


@pytest.mark.usefixtures("_busy_bar")
def test_a_bar_goes_on_where_it_stopped(tmp_path, capsys):
    tune(taste, RandomSearch(OVEN, seed=1), 3, store=tmp_path / "run", progress=True)
    assert "0/3" in capsys.readouterr().err
    tune(taste, RandomSearch(OVEN, seed=1), 5, store=tmp_path / "run", progress=True)
    shown = capsys.readouterr().err
    assert "3/5" in shown
    assert "5/5" in shown
    assert "0/5" not in shown


def test_another_search_on_the_same_file_is_refused_and_the_file_is_free_again(tmp_path):
    tune(taste, RandomSearch(OVEN, seed=1), 3, store=tmp_path / "run")
    with pytest.raises(ValueError, match="keeps another search; strategy"):
        tune(taste, GridSearch(OVEN, seed=1), 3, store=tmp_path / "run")
    with pytest.raises(TypeError, match="executor must be"):
        tune(taste, RandomSearch(OVEN, seed=1), 3, store=tmp_path / "run", executor=4)
    assert len(tune(taste, RandomSearch(OVEN, seed=1), 4, store=tmp_path / "run").trials) == 4


def test_a_file_knows_what_a_menu_calls_its_scores_and_trials(tmp_path):
    tune(Menu().taste, RandomSearch(OVEN, seed=1), 2, store=tmp_path / "run")
    assert repr(pizzatune.load(tmp_path / "run")).startswith(
        "RandomSearch: 2 pizzas, read from run\nbest taste "
    )


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
    monkeypatch.setattr(progress, "PATIENCE", -1.0)
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
