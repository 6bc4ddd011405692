"""Trials in threads and in other processes: the budget, those that are lost, and those that hang."""

from __future__ import annotations

import contextlib
import functools
import itertools
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from pizzatune import load, workers
from pizzatune.parameters import Integer
from pizzatune.space import Space
from pizzatune.strategies import BayesianOptimization, GeneticAlgorithm, GridSearch, RandomSearch
from pizzatune.tuning import tune
from tests.ovens import OVEN, explode_on_stone, explode_once, hang_once, leave, moody, taste

SEARCHES = {
    "grid": GridSearch,
    "random": RandomSearch,
    "bayesian": functools.partial(BayesianOptimization, start=4),
    "genetic": functools.partial(GeneticAlgorithm, population=3),
}
every_search = pytest.mark.parametrize("make", SEARCHES.values(), ids=SEARCHES.keys())
# A process with threads, as a test worker is, had better not be forked.
SPAWN = multiprocessing.get_context("spawn")
# A pool whose first worker dies while its second is being started may complain of that in a thread of its own
# once all trials in it have been given back: its table of workers grows while it is looked through.
pytestmark = pytest.mark.filterwarnings(
    r"ignore:(?s).*dictionary changed size:pytest.PytestUnhandledThreadExceptionWarning"
)
posix_only = pytest.mark.skipif(os.name != "posix", reason="Windows has no such signals")


def processes(count=2):
    return ProcessPoolExecutor(count, mp_context=SPAWN)


def same(trials):
    """What two searches have in common that told their trials in different order."""
    return sorted((tuple(trial.params.values()), trial.score) for trial in trials)


# -- budget, order, chance ---------------------------------------------------------------------------------


@every_search
@pytest.mark.parametrize("hired", [1, 3, 8], ids="{} workers".format)
def test_the_budget_is_kept_exactly_in_threads(make, hired):
    calls = []
    strategy = make(OVEN, seed=1)
    result = tune(lambda params: calls.append(params) or taste(params), strategy, 7, workers=hired)
    assert len(result.trials) == len(calls) == 7
    assert [trial.number for trial in result.trials] == list(range(7))
    assert all(trial.score == taste(trial.params) for trial in result.trials)
    assert result.stopped == "budget spent"
    assert strategy.pending == []


@every_search
def test_one_worker_makes_the_same_trials_as_none(make):
    plain = tune(moody, make(OVEN, seed=4), 9).trials
    assert tune(moody, make(OVEN, seed=4), 9, workers=1).trials == plain
    assert tune(moody, make(OVEN, seed=4), 9, timeout=60).trials == plain
    with ThreadPoolExecutor(1) as pool:
        assert tune(moody, make(OVEN, seed=4), 9, executor=pool).trials == plain
        assert tune(moody, make(OVEN, seed=4), 9, executor=pool, workers=1, timeout=60).trials == plain


def test_a_score_is_told_while_slower_trials_still_run():
    others = threading.Semaphore(0)
    first = tune(taste, RandomSearch(OVEN, seed=1), 1).trials[0].params

    def first_waits_for_the_others(params):
        if params != first:
            others.release()
            return taste(params)
        assert all(others.acquire(timeout=30) for _ in range(5))
        return 99.0

    result = tune(first_waits_for_the_others, RandomSearch(OVEN, seed=1), 6, workers=2)
    assert result.failed == ()
    # asked first, done last, unless it overtakes the fifth, which let it go
    assert [trial.params for trial in result.trials].index(first) >= 4


def test_as_many_trials_run_at_once_as_there_are_workers():
    together = threading.Barrier(3, timeout=30)  # passes only when three are there
    now, most = [], []

    def crowded(params):
        now.append(params)
        together.wait()
        most.append(len(now))
        now.pop()
        together.wait()
        return taste(params)

    result = tune(crowded, RandomSearch(OVEN, seed=1), 6, workers=3)
    assert result.failed == ()
    assert max(most) == 3


def test_the_strategy_is_only_ever_called_in_the_thread_that_searches():
    seen = set()

    class Listening(RandomSearch):
        def ask(self):
            seen.add(threading.current_thread())
            return super().ask()

        def tell(self, *args, **more):
            seen.add(threading.current_thread())
            return super().tell(*args, **more)

    tune(taste, Listening(OVEN, seed=1), 6, workers=3)
    assert seen == {threading.current_thread()}


def test_each_trial_has_the_mood_of_its_number_whatever_order_they_are_done_in():
    result = tune(moody, RandomSearch(OVEN, seed=7), 8, workers=3)
    moods = sorted(trial.score - taste(trial.params) for trial in result.trials)
    expected = sorted(np.random.default_rng([7, number, 1]).normal() for number in range(8))
    np.testing.assert_allclose(moods, expected, atol=1e-12)


def test_a_finite_search_ends_when_all_are_done_and_time_ends_it_too():
    result = tune(taste, GridSearch(OVEN, resolution=2), workers=3)
    assert (len(result.trials), result.stopped) == (8, "every combination tried")
    assert same(result.trials) == same(tune(taste, GridSearch(OVEN, resolution=2)).trials)
    assert tune(taste, RandomSearch(OVEN, seed=1), seconds=0, workers=3).trials == ()


def test_what_the_caller_had_asked_for_stays_pending():
    strategy = RandomSearch(OVEN, seed=1)
    mine = strategy.ask()
    assert len(tune(taste, strategy, 4, workers=2).trials) == 4
    assert [suggestion.params for suggestion in strategy.pending] == [mine]


def test_seconds_are_measured_where_the_trial_runs():
    result = tune(lambda params: time.sleep(0.05) or 1.0, RandomSearch(OVEN, seed=1), 2, workers=2)
    assert all(0.05 <= trial.seconds < 5 for trial in result.trials)


# -- who may run trials ------------------------------------------------------------------------------------


def test_an_executor_that_is_handed_over_stays_open_and_tells_how_many_it_takes():
    with ThreadPoolExecutor(5) as pool:
        assert workers.Workers(taste, pool).count == 5
        assert workers.Workers(taste, pool, 2).count == 2
        assert len(tune(taste, RandomSearch(OVEN, seed=1), 7, executor=pool).trials) == 7
        assert pool.submit(int, "4").result() == 4


def test_an_executor_that_was_made_is_closed():
    made = []

    def make():
        made.append(ThreadPoolExecutor(2))
        return made[-1]

    assert len(tune(taste, RandomSearch(OVEN, seed=1), 7, executor=make).trials) == 7
    with pytest.raises(RuntimeError, match="after shutdown"):
        made.pop().submit(int)
    assert made == []


@pytest.mark.parametrize(
    "arguments, kind, message",
    [
        ({"workers": 0}, ValueError, r"workers must be 1 or more, got 0; choose a larger one"),
        (
            {"workers": 2.0},
            TypeError,
            r"workers must be a whole number, got 2\.0; write 2 \(for other workers",
        ),
        ({"workers": ProcessPoolExecutor}, TypeError, r"workers must be a whole .* use executor="),
        ({"executor": 4}, TypeError, r"executor must be a concurrent\.futures\.Executor or .* got 4"),
        ({"executor": lambda: 4}, TypeError, r"got 4; for so many threads, write workers=4"),
        ({"timeout": "5"}, TypeError, r"timeout must be a number, got '5'"),
        ({"timeout": -1}, ValueError, r"timeout must be above 0, got -1"),
        ({"timeout": 0}, ValueError, r"timeout must be above 0, got 0; choose a larger one"),
        ({"max_failures": -1}, ValueError, r"max_failures must be 0 or more, got -1"),
        (
            {"max_failures": "no"},
            TypeError,
            r"max_failures must be a whole number, got 'no'; write a whole number from 0 up",
        ),
    ],
    ids=range(10),
)
def test_workers_that_make_no_sense_are_refused(arguments, kind, message):
    strategy = RandomSearch(OVEN)
    with pytest.raises(kind, match=message):
        tune(taste, strategy, 3, **arguments)
    assert strategy.trials == strategy.pending == []


def test_a_closed_executor_is_refused_and_nothing_stays_pending():
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    strategy = RandomSearch(OVEN)
    with pytest.raises(RuntimeError, match=r"executor takes no trials \(.*after shutdown\); hand over one"):
        tune(taste, strategy, 3, executor=pool)
    assert strategy.trials == strategy.pending == []


def test_an_objective_that_no_other_process_could_find_is_refused_at_the_door():
    strategy = RandomSearch(OVEN)
    with pytest.raises(TypeError, match=r"objective cannot be sent .* define it at the top of a module"):
        tune(lambda params: 1.0, strategy, 3, executor=processes)
    assert strategy.trials == strategy.pending == []


def test_a_trial_that_the_executor_gives_up_is_a_failed_trial():
    class Forgetful(Executor):
        def submit(self, fn, /, *args, **kwargs):
            future = Future()
            future.set_exception(LookupError("who was that?"))
            return future

    result = tune(taste, RandomSearch(OVEN, seed=1), 3, executor=Forgetful(), workers=2)
    assert [trial.error for trial in result.trials] == ["LookupError: who was that?"] * 3


# -- failures ----------------------------------------------------------------------------------------------


def test_a_failure_in_a_process_is_told_in_words_and_so_is_a_result_that_cannot_travel():
    with processes() as pool:
        failing = tune(fail_by_minutes, GridSearch(Space(Integer("minutes", 0, 4))), executor=pool)
        left = tune(leave, RandomSearch(OVEN, seed=1), 2, executor=pool)
    errors = {trial.params["minutes"]: trial.error for trial in failing.trials}
    assert errors == {
        0: None,
        1: "Soggy: too wet",
        2: "MemoryError: the dough is too big",
        3: "the score was inf, not a finite number",
        4: "score must be a number, higher is better, got <unlocked _thread.lock>; "
        "return a number, such as 1.0",
    }
    assert [trial.error for trial in left.trials] == ["SystemExit: 3"] * 2


class Soggy(Exception):
    """An error that cannot be pickled, as some libraries have them."""

    def __reduce__(self):
        raise TypeError("no")


class Lock:
    def __init__(self):
        self.lock = threading.Lock()

    def __repr__(self):
        return "<unlocked _thread.lock>"


def fail_by_minutes(params):
    match params["minutes"]:
        case 1:
            raise Soggy("too wet")
        case 2:
            raise MemoryError("the dough is too big")
        case 3:
            return float("inf")
        case 4:
            return Lock()
    return 1.0


def test_leaving_a_worker_is_a_failed_trial_in_threads_too():
    result = tune(leave, RandomSearch(OVEN, seed=1), 3, workers=2)
    assert [trial.error for trial in result.trials] == ["SystemExit: 3"] * 3


def test_after_too_many_failures_those_that_run_are_still_told():
    gate = threading.Barrier(2, timeout=30)

    def burn_together(params):
        gate.wait()
        raise RuntimeError("burnt down")

    result = tune(burn_together, RandomSearch(OVEN, seed=1), 50, workers=2, max_failures=2)
    assert len(result.trials) == 4
    assert result.stopped == "stopped after 4 failures (4 x RuntimeError: burnt down)"


# -- lost workers ------------------------------------------------------------------------------------------


def test_when_a_worker_dies_a_new_pool_repeats_what_it_took_with_it(tmp_path):
    made = []
    objective = functools.partial(explode_once, mark=tmp_path / "exploded")
    strategy = RandomSearch(OVEN, seed=1)
    result = tune(objective, strategy, 8, executor=lambda: made.append(1) or processes())
    assert (tmp_path / "exploded").exists()
    assert len(made) == 2
    assert result.failed == ()
    assert same(result.trials) == same(tune(taste, RandomSearch(OVEN, seed=1), 8).trials)
    assert strategy.pending == []


def test_when_a_worker_of_a_pool_that_was_handed_over_dies_the_search_stops_with_all_it_has():
    strategy = GridSearch(OVEN, resolution=2, order="rows")
    with processes(1) as pool:
        kept = tune(taste, strategy, 3, executor=pool)
        result = tune(explode_on_stone, strategy, executor=pool)
    assert result.trials == kept.trials
    assert result.stopped.startswith("stopped, since the executor broke (A process in the process pool was")
    assert strategy.pending == []
    whole = tune(taste, GridSearch(OVEN, resolution=2, order="rows"))
    assert tune(taste, strategy).trials == whole.trials


def test_a_trial_that_kills_its_worker_again_and_again_fails_alone():
    result = tune(explode_on_stone, RandomSearch(OVEN, seed=1), 6, executor=processes)
    assert len(result.trials) == 6
    assert [trial.ok for trial in result.trials] == [
        trial.params["oven"] == "Electric" for trial in result.trials
    ]
    assert 1 <= len(result.failed) <= 5
    assert all(
        trial.error.startswith("its worker was lost 3 times, at last alone: A process")
        for trial in result.failed
    )


def test_no_other_trial_fails_with_one_that_always_breaks_the_pool():
    runs = []

    class Fragile(Executor):
        """One minute in this oven breaks it, with all that is in it; the rest takes a little longer."""

        def __init__(self):
            self.inside = []

        def submit(self, fn, objective, params, *more):
            runs.append(params["minutes"])
            self.inside.append(Future())
            breaks = params["minutes"] == 1
            end = (
                self.shatter
                if breaks
                else functools.partial(self.serve, self.inside[-1], fn(objective, params, *more))
            )
            threading.Timer(0.05 if breaks else 0.3, end).start()
            return self.inside[-1]

        def shatter(self):
            for future in self.inside:
                future.set_exception(BrokenExecutor("shattered"))

        def serve(self, future, outcome):
            if not future.done():
                future.set_result(outcome)

    grid = GridSearch(Space(Integer("minutes", 1, 4)), order="rows")
    result = tune(lambda params: 1.0, grid, executor=Fragile, workers=2)
    (failed,) = result.failed
    assert failed.params == {"minutes": 1}
    assert failed.error == "its worker was lost 3 times, at last alone: shattered"
    assert runs == [1, 2, 1, 2, 1, 2, 3, 4]  # twice together, then the first alone
    assert len(result.trials) == 4


def test_a_function_that_makes_the_same_broken_pool_again_stops_the_search():
    with processes() as pool:
        result = tune(explode_on_stone, RandomSearch(OVEN, seed=1), 8, executor=lambda: pool)
    assert result.stopped == "stopped, since executor() made the same executor again, which had to be ended"
    assert result.strategy.pending == []


def test_a_pool_that_breaks_between_two_trials_is_made_anew():
    class Moody(workers.Here):
        """Takes two trials, then breaks."""

        taken = 0

        def submit(self, fn, /, *args, **kwargs):
            self.taken += 1
            if self.taken > 2:
                raise BrokenExecutor("out of gas")
            return super().submit(fn, *args, **kwargs)

    result = tune(taste, RandomSearch(OVEN, seed=1), 7, executor=Moody, workers=1)
    assert result.trials == tune(taste, RandomSearch(OVEN, seed=1), 7).trials
    result = tune(taste, RandomSearch(OVEN, seed=1), 7, executor=Moody(), workers=1)
    assert (len(result.trials), result.strategy.pending) == (2, [])
    assert "the executor broke (out of gas)" in result.stopped


def test_a_future_that_someone_else_cancels_stops_the_search():
    class Cancelling(Executor):
        def submit(self, fn, /, *args, **kwargs):
            future = Future()
            future.cancel()
            return future

    result = tune(taste, RandomSearch(OVEN, seed=1), 3, executor=Cancelling(), workers=1)
    assert result.trials == ()
    assert result.stopped.startswith("stopped, since the executor broke (it cancelled a trial)")


def test_loky_takes_any_function_and_outlives_a_worker(tmp_path):
    loky = pytest.importorskip("joblib.externals.loky")
    mark = tmp_path / "exploded"

    def local(params):
        return explode_once(params, mark)

    result = tune(local, RandomSearch(OVEN, seed=1), 6, executor=lambda: loky.get_reusable_executor(2))
    assert mark.exists()
    assert result.failed == ()
    assert same(result.trials) == same(tune(taste, RandomSearch(OVEN, seed=1), 6).trials)


# -- trials that hang --------------------------------------------------------------------------------------


@pytest.fixture
def hanging():
    """An objective whose first call hangs until the test is over, and the rest do not."""
    turn, over = iter(range(1000)), threading.Event()

    def objective(params):
        if next(turn) == 0:
            over.wait(60)
        return taste(params)

    yield objective
    over.set()


@pytest.mark.parametrize("hired", [None, 1, 2], ids=str)
def test_a_thread_that_hangs_is_left_behind_and_its_slot_is_free(hanging, hired):
    strategy = RandomSearch(OVEN, seed=1)
    result = tune(hanging, strategy, 5, workers=hired, timeout=0.3)
    assert len(result.trials) == 5
    (late,) = result.failed
    assert (
        late.error
        == "took longer than 0.3 s; its thread runs on in the background, since Python cannot end a thread"
    )
    assert 0.3 <= late.seconds < 5
    assert strategy.pending == []


def test_a_pool_of_threads_that_was_made_is_made_anew(hanging):
    made = []
    result = tune(
        hanging,
        RandomSearch(OVEN, seed=1),
        5,
        executor=lambda: made.append(1) or ThreadPoolExecutor(1),
        timeout=0.3,
    )
    assert (len(result.trials), len(result.failed), len(made)) == (5, 1, 2)


def test_a_slot_that_cannot_be_freed_is_done_without(hanging):
    with ThreadPoolExecutor(2) as pool:
        result = tune(hanging, RandomSearch(OVEN, seed=1), 5, executor=pool, timeout=0.3)
        assert (len(result.trials), len(result.failed)) == (5, 1)
        assert (
            "it still holds up its worker, which this executor gives us no way to end"
            in result.failed[0].error
        )
        release(hanging)


def test_when_no_slot_is_left_the_search_stops(hanging):
    strategy = RandomSearch(OVEN, seed=1)
    with ThreadPoolExecutor(1) as pool:
        result = tune(hanging, strategy, 5, executor=pool, timeout=0.3)
        release(hanging)
    assert len(result.trials) == 1
    assert result.stopped == "stopped, as trials that took longer than 0.3 s hold up every worker"
    assert strategy.pending == []


def release(hanging):
    """Let it go, so that its pool can be closed."""
    (over,) = (
        cell.cell_contents for cell in hanging.__closure__ if isinstance(cell.cell_contents, threading.Event)
    )
    over.set()


def test_a_slot_comes_back_when_the_late_trial_is_done_after_all():
    turn = iter(range(9))

    def late_once(params):
        time.sleep(0.5 if next(turn) == 0 else 0)
        return taste(params)

    with ThreadPoolExecutor(1) as pool:
        result = tune(late_once, RandomSearch(OVEN, seed=1), 4, executor=pool, timeout=0.35)
    assert [trial.ok for trial in result.trials] == [False, True, True, True]
    assert result.stopped == "budget spent"


@posix_only
def test_a_process_that_hangs_is_ended_and_the_others_are_repeated(tmp_path):
    mark, made = tmp_path / "hanging", []
    objective = functools.partial(hang_once, mark=mark, others=0.7)  # one is running when the pool is ended
    strategy = RandomSearch(OVEN, seed=1)
    result = tune(objective, strategy, 6, executor=lambda: made.append(1) or processes(), timeout=3)
    assert (len(result.trials), len(made)) == (6, 2)
    assert [trial.error for trial in result.failed] == ["took longer than 3 s; its worker process was ended"]
    end = time.monotonic() + 10
    while is_alive(int(mark.read_text())) and time.monotonic() < end:
        time.sleep(0.05)
    assert not is_alive(int(mark.read_text()))


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_hanging_thread_does_not_keep_the_program_from_ending():
    code = (
        "import time, pizzatune as pt\n"
        "space = pt.Space(pt.Real('x', 0, 1))\n"
        "result = pt.tune(lambda params: time.sleep(600), pt.RandomSearch(space), 3, workers=2,\n"
        "    timeout=0.2)\n"
        "print(len(result.failed))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parent.parent,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "3\n", "")


# -- the stop button ---------------------------------------------------------------------------------------


@posix_only
@pytest.mark.parametrize("hired", ["threads", "made", "handed"])
def test_the_stop_button_gives_back_what_was_done_and_does_not_wait(hired, tmp_path):
    strategy = RandomSearch(OVEN, seed=1)
    pressed = []

    class Pressing(RandomSearch):
        """Somebody presses the button a moment after the third score."""

        def tell(self, *args, **more):
            trial = super().tell(*args, **more)
            if len(self.trials) == 3:
                pressed.append(time.monotonic())
                threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
            return trial

    strategy = Pressing(OVEN, seed=1)
    stay = tmp_path / "stay"
    objective = functools.partial(wait_from_the_fourth, folder=tmp_path)
    with ThreadPoolExecutor(2) as pool:
        executor = {"threads": None, "made": processes, "handed": pool}[hired]
        result = tune(objective, strategy, 99, workers=2, executor=executor)
        took = time.monotonic() - pressed[0]
        stay.touch()  # lets those go that nobody can end
    assert result.stopped == "stopped by hand"
    assert 3 <= len(result.trials) <= 4
    assert strategy.pending == []
    assert took < 10


def wait_from_the_fourth(params, folder):
    if ticket(folder) > 3:
        end = time.monotonic() + 30
        while not (folder / "stay").exists() and time.monotonic() < end:
            time.sleep(0.02)
    return taste(params)


def ticket(folder):
    """1 for whoever comes first, then 2, ...: no two get the same, in whatever process they are."""
    for number in itertools.count(1):
        with contextlib.suppress(FileExistsError):
            (folder / str(number)).touch(exist_ok=False)
            return number


def test_a_button_pressed_in_a_worker_stops_the_search_too():
    turn = iter(range(99))

    def interrupted(params):
        if next(turn) == 4:
            raise KeyboardInterrupt
        return taste(params)

    strategy = RandomSearch(OVEN, seed=1)
    result = tune(interrupted, strategy, 50, workers=2)
    assert result.stopped == "stopped by hand"
    assert 3 <= len(result.trials) < 50
    assert result.failed == ()
    assert strategy.pending == []


def test_what_was_done_while_the_strategy_was_thinking_is_told_too(tmp_path):
    class Thinking(RandomSearch):
        """The button is pressed while the fourth suggestion is thought over."""

        def ask(self):
            if len(self.trials) + len(self.pending) == 3:
                time.sleep(0.5)
                raise KeyboardInterrupt
            return super().ask()

    strategy = Thinking(OVEN, seed=1)
    quick = functools.partial(nap, seconds=0.1)
    result = tune(quick, strategy, 9, workers=2, store=tmp_path / "run")
    assert result.stopped == "stopped by hand"
    assert same(result.trials) == same(tune(taste, RandomSearch(OVEN, seed=1), 3).trials)
    assert len(load(tmp_path / "run").trials) == 3
    assert strategy.pending == []


@pytest.mark.parametrize("pressed_here", [False, True])
def test_a_button_that_every_worker_hears_stops_the_search_once(pressed_here):
    """As Ctrl-C in a terminal does, which reaches this process and all its workers."""
    together = threading.Barrier(3, timeout=30)
    turn = iter(range(99))

    def interrupted(params):
        if next(turn) >= 3:
            together.wait()
            raise KeyboardInterrupt
        return taste(params)

    class Pressed(RandomSearch):
        def ask(self):
            params = super().ask()
            if len(self.trials) + len(self.pending) == 7 and pressed_here:
                time.sleep(0.3)
                raise KeyboardInterrupt
            return params

    strategy = Pressed(OVEN, seed=1)
    result = tune(interrupted, strategy, 99, workers=3 if not pressed_here else 4)
    assert result.stopped == "stopped by hand"
    assert len(result.trials) == 3
    assert strategy.pending == []


def nap(params, seconds):
    time.sleep(seconds)
    return taste(params)
