"""One search, however it was interrupted: the same params, and a stream of chance for each trial."""

from __future__ import annotations

import functools
import itertools
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from pizzatune import load, tuning, workers
from pizzatune.button import StopButton
from pizzatune.parameters import Choice, Integer
from pizzatune.progress import Progress
from pizzatune.space import Space
from pizzatune.store import Store
from pizzatune.strategies import (
    BayesianOptimization,
    GeneticAlgorithm,
    GridSearch,
    RandomSearch,
    Strategy,
    Suggestion,
)
from pizzatune.tuning import tune
from tests.how_often import CI, announce
from tests.ovens import FAN, OVEN, taste

CHECKOUT = Path(__file__).parents[1]
KILLS = 60 if CI else 6
unix = pytest.mark.skipif(sys.platform == "win32", reason="signals and forks are those of Unix")
SMALL = Space(Choice("oven", ["Stone", "Electric"]), Integer("minutes", 4, 15))  # 24 bakes
DRAWING = {
    "grid": lambda: GridSearch(OVEN, resolution=3, seed=5),
    "grid by rows": lambda: GridSearch(SMALL, order="rows", resolution=12, seed=5),
    "grid again": lambda: GridSearch(Space(Choice("oven", ["a", "b", "c"])), seed=5, repeats=True),
    "random": lambda: RandomSearch(FAN, seed=5),
    "random to the end": lambda: RandomSearch(SMALL, seed=5),
    "random again": lambda: RandomSearch(Space(Choice("oven", ["a", "b"])), seed=5, repeats=True),
    "sobol": lambda: RandomSearch(OVEN, sampler="sobol", seed=5),
    "sobol of few": lambda: RandomSearch(SMALL, sampler="sobol", seed=5),
    "sobol again": lambda: RandomSearch(OVEN, sampler="sobol", seed=5, repeats=True),
}
LEARNING = {
    "bayesian": lambda: BayesianOptimization(OVEN, start=4, seed=5),
    "genetic": lambda: GeneticAlgorithm(OVEN, population=3, seed=5),
}
drawing = pytest.mark.parametrize("make", DRAWING.values(), ids=DRAWING.keys())
BUDGET = 18
FAST = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # where syncing costs nothing, if there is such


@pytest.fixture
def tmp_path():
    """An empty folder where syncing is quick."""
    with tempfile.TemporaryDirectory(dir=FAST) as folder:
        yield Path(folder)


def mood(params, rng):
    return float(rng.random())


class Stopping:
    """An objective whose call `stop` stops the search; what runs then hangs until it has ended."""

    def __init__(self, stop, slow=(2, 5)):
        self.stop, self.slow = stop, slow
        self.calls, self.over = itertools.count(1), threading.Event()

    def __call__(self, params, rng):
        call = next(self.calls)
        if call == self.stop:
            raise KeyboardInterrupt
        if call in self.slow or call > self.stop:
            self.over.wait(30)
        return mood(params, rng)


def stopped(strategy, stop, **line):
    """Run until call `stop`, with four at once, of which two hang."""
    objective = Stopping(stop)
    result = tune(objective, strategy, BUDGET, workers=4, progress=False, **line)
    objective.over.set()
    assert result.stopped == "stopped by hand"
    assert result.strategy.pending == []
    return result


def told(trials):
    """Params, and the mood that each trial met, whatever the order."""
    return sorted(repr((trial.params, trial.score)) for trial in trials)


@drawing
def test_a_search_of_several_that_was_stopped_tries_what_the_unbroken_one_tries(make, tmp_path):
    whole = tune(mood, make(), BUDGET)
    for stop in (9, 6):
        part = stopped(make(), stop, store=tmp_path / "run")
        assert set(told(part.trials)) <= set(told(whole.trials))
        with Store.open(tmp_path / "run", make()) as file:
            missing = {trial.asked for trial in part.trials} ^ set(range(len(part.trials) + len(file.asked)))
            assert {suggestion.number for suggestion in file.asked} == missing
    again = tune(mood, make(), BUDGET, store=tmp_path / "run", workers=3)
    assert told(again.trials) == told(whole.trials)
    assert sorted(trial.asked for trial in again.trials) == list(range(BUDGET))
    assert told(load(tmp_path / "run").trials) == told(whole.trials)


@drawing
def test_without_a_file_the_strategy_itself_goes_on_as_the_same(make):
    strategy = make()
    stopped(strategy, 8)
    left = BUDGET - len(strategy.trials)
    assert told(tune(mood, strategy, left).trials) == told(tune(mood, make(), BUDGET).trials)


@pytest.mark.parametrize("make", LEARNING.values(), ids=LEARNING.keys())
def test_those_that_learn_try_again_what_was_running_under_its_number(make, tmp_path):
    stopped(make(), 9, store=tmp_path / "run")
    with Store.open(tmp_path / "run", make()) as file:
        running = {suggestion.number: suggestion for suggestion in file.asked}
    assert len(running) >= 2
    again = tune(mood, make(), BUDGET, store=tmp_path / "run", workers=3)
    by_number = {trial.asked: trial for trial in again.trials}
    assert sorted(by_number) == list(range(BUDGET))
    for number, suggestion in running.items():
        trial = by_number[number]
        assert (trial.params, trial.why, trial.origin) == (
            suggestion.params,
            suggestion.why,
            suggestion.origin,
        )
    assert len({trial.score for trial in again.trials}) == BUDGET  # no stream twice


def test_one_alone_goes_on_where_several_stopped_and_the_other_way_round(tmp_path):
    make = DRAWING["random to the end"]
    stopped(make(), 9, store=tmp_path / "run")
    tune(mood, make(), 12, store=tmp_path / "run")
    tune(mood, make(), 15, store=tmp_path / "run", workers=5)
    again = tune(mood, make(), BUDGET, store=tmp_path / "run")
    assert told(again.trials) == told(tune(mood, make(), BUDGET).trials)


def test_a_crash_in_the_middle_of_a_search_of_several_changes_nothing(tmp_path, monkeypatch):
    make = DRAWING["random"]
    record = Store.record

    def full(self, trial):
        if len(self.trials) == 7:
            raise OSError("no space left")
        record(self, trial)

    monkeypatch.setattr(Store, "record", full)
    with pytest.raises(OSError, match="no space left"):
        tune(mood, make(), BUDGET, workers=4, store=tmp_path / "run")
    monkeypatch.undo()
    again = tune(mood, make(), BUDGET, workers=4, store=tmp_path / "run")
    assert told(again.trials) == told(tune(mood, make(), BUDGET).trials)


@pytest.mark.parametrize("make", [*DRAWING.values(), *LEARNING.values()], ids=[*DRAWING, *LEARNING])
def test_a_number_is_given_when_asked_and_what_is_withdrawn_is_asked_for_again_under_it(make):
    strategy = make()
    asked = [strategy.ask() for _ in range(5)]
    assert [suggestion.number for suggestion in strategy.pending] == [0, 1, 2, 3, 4]
    assert strategy.tell(asked[3], 1.0).asked == 3
    strategy.withdraw(asked[1])
    strategy.withdraw(asked[2])
    assert strategy.next_ask == 1
    again = [strategy.ask() for _ in range(3)]
    assert [suggestion.number for suggestion in strategy.pending] == [0, 4, 1, 2, 5]
    if make in DRAWING.values():
        assert again[:2] == asked[1:3]
    numbers = [strategy.tell(params, 1.0).asked for params in (again[2], asked[4], *again[:2], asked[0])]
    assert numbers == [5, 4, 1, 2, 0]
    assert [trial.number for trial in strategy.trials] == list(range(6))


def test_of_two_alike_the_one_is_told_whose_params_come_back():
    strategy = RandomSearch(Space(Choice("oven", ["Stone"])), seed=1, repeats=True)
    asked = [strategy.ask() for _ in range(3)]
    assert [strategy.tell(asked[place], 1.0).asked for place in (2, 0, 1)] == [2, 0, 1]


def test_a_trial_that_no_strategy_knows_takes_the_first_number_that_is_free():
    strategy = RandomSearch(OVEN, seed=1)
    first, second = strategy.ask(), strategy.ask()
    assert strategy.tell({"oven": "Stone", "heat": 0.25, "minutes": 9}, 1.0).asked == 2
    strategy.withdraw(first)
    assert strategy.tell({"oven": "Stone", "heat": 0.75, "minutes": 9}, 1.0).asked == 0
    assert strategy.tell(second, 1.0).asked == 1
    assert strategy.rebuilt(strategy.trials).next_ask == strategy.next_ask == 3


# -- the file ------------------------------------------------------------------------------------------------


def test_what_was_asked_is_in_the_file_until_it_is_told(tmp_path):
    strategy = GeneticAlgorithm(FAN, seed=2)
    with Store.open(tmp_path / "run", strategy) as store:
        asked = [strategy.ask() for _ in range(4)]
        for suggestion in strategy.pending:
            store.ask(suggestion)
        store.record(strategy.tell(asked[2], 1.0))
        store.record(strategy.tell(asked[0], error="burnt"))
        left = [(one.number, one.params, one.why, one.origin) for one in strategy.pending]
        assert [one.number for one in store.asked] == [1, 3]
    with Store.open(tmp_path / "run", GeneticAlgorithm(FAN, seed=2)) as store:
        assert [(one.number, one.params, one.why, one.origin) for one in store.asked] == left
        assert [trial.asked for trial in store.trials] == [2, 0]
    assert [trial.asked for trial in load(tmp_path / "run").trials] == [2, 0]
    with (
        Store.open(tmp_path / "run", GeneticAlgorithm(FAN, seed=2)) as store,
        pytest.raises(ValueError, match=r"was not asked for; take it from the strategy's pending ones"),
    ):
        store.ask(Suggestion(OVEN.sample(np.random.default_rng(1)), why="a whim"))


def test_a_file_of_the_first_format_is_read_and_goes_on(tmp_path):
    path = tmp_path / "run"
    tune(taste, RandomSearch(OVEN, seed=5), 6, store=path)
    with closing(sqlite3.connect(path)) as connection:
        for number, text in connection.execute("SELECT number, trial FROM trials").fetchall():
            document = json.loads(text)
            del document["asked"]
            row = json.dumps(document)
            connection.execute(
                "UPDATE trials SET trial=?, checksum=? WHERE number=?",
                (row, zlib.crc32(row.encode()), number),
            )
        connection.execute("PRAGMA user_version=1")
        connection.commit()
    assert len(load(path).trials) == 6
    again = tune(taste, RandomSearch(OVEN, seed=5), 12, store=path, workers=2)
    assert told(again.trials) == told(tune(taste, RandomSearch(OVEN, seed=5), 12).trials)
    assert told(load(path).trials) == told(again.trials)


@unix
def test_a_search_of_several_killed_at_random_moments_goes_on_as_the_same(tmp_path, capfd):
    command = [sys.executable, "-m", "tests.store_tools", str(KILLS), str(tmp_path), "together"]
    run = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stderr
    counts = json.loads(run.stdout)
    announce(capfd, f"searches of several, killed and resumed: {counts}")
    assert counts["kills"] >= KILLS
    assert counts["running"] > 0  # kills that left something asked and not told
    assert (counts["differing"], counts["lost"]) == (0, 0)


# -- the stop button, pressed twice --------------------------------------------------------------------------


def press():
    signal.raise_signal(signal.SIGINT)


HASTE = {
    "while what is done is told": (workers.Workers, "ready"),
    "while the strategy is told": (Strategy, "tell"),
    "while the file is closed": (Store, "close"),
    "while the file is opened again": (Store, "open"),
    "while what was pending is withdrawn": (Strategy, "withdraw"),
    "while the bar is closed": (Progress, "__exit__"),
    "while the workers leave": (workers.Workers, "__exit__"),
}


@unix
@pytest.mark.parametrize("place, name", HASTE.values(), ids=HASTE.keys())
@pytest.mark.parametrize("hired", [None, 2], ids=["here", "threads"])
def test_a_second_press_right_after_the_first_still_gives_back_a_result(
    place, name, hired, tmp_path, monkeypatch
):
    pressed = []
    inside = getattr(place, name)

    @functools.wraps(inside)
    def in_haste(*args, **more):
        if pressed:
            press()
        return inside(*args, **more)

    def objective(params):
        if next(calls) == 5:
            if hired:
                time.sleep(0.05)
            pressed.append(1)
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.1 if hired else 0)
        return taste(params)

    calls = itertools.count()
    as_static = staticmethod(in_haste) if name == "open" else in_haste
    monkeypatch.setattr(place, name, as_static)
    result = tune(objective, RandomSearch(OVEN, seed=1), 40, store=tmp_path / "run", workers=hired)
    monkeypatch.undo()
    assert result.stopped == "stopped by hand"
    assert 4 <= len(result.trials) < 40
    assert result.strategy.pending == []
    assert load(tmp_path / "run").trials == result.trials
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@unix
def test_a_press_after_the_last_trial_costs_nothing(monkeypatch):
    inside = workers.Workers.__exit__
    monkeypatch.setattr(workers.Workers, "__exit__", lambda *args: press() or inside(*args))
    assert tune(taste, RandomSearch(OVEN, seed=1), 3).stopped == "budget spent"


@unix
def test_a_press_that_the_objective_takes_for_itself_leaves_the_next_one_to_the_search():
    calls = itertools.count()

    def objective(params):
        call = next(calls)
        try:
            if call == 2:
                press()
        except KeyboardInterrupt:
            return 0.0
        if call == 5:
            press()
        return taste(params)

    result = tune(objective, RandomSearch(OVEN, seed=1), 9)
    assert (len(result.trials), result.stopped) == (5, "stopped by hand")


@unix
def test_what_hangs_while_it_is_put_away_can_be_interrupted_after_a_while(monkeypatch):
    monkeypatch.setattr("pizzatune.button.GRACE", 0.05)
    with StopButton() as button:
        button.off()
        press()
        time.sleep(0.06)
        with pytest.raises(KeyboardInterrupt):
            press()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@unix
def test_another_way_with_the_button_is_left_as_it_is(monkeypatch):
    heard = []
    before = signal.signal(signal.SIGINT, lambda *args: heard.append(1))
    try:
        result = tune(lambda params: press() or taste(params), RandomSearch(OVEN, seed=1), 3)
    finally:
        signal.signal(signal.SIGINT, before)
    assert (len(result.trials), len(heard)) == (3, 3)
    assert tuning.StopButton is StopButton


# -- a killed parent -----------------------------------------------------------------------------------------

PARENT = """
import multiprocessing, sys, threading, time
from concurrent.futures import ProcessPoolExecutor
from pizzatune import RandomSearch, tune
from tests.ovens import OVEN, sleep_long

def pool():
    made = ProcessPoolExecutor(3, mp_context=multiprocessing.get_context(sys.argv[1]))
    threading.Thread(target=tell, args=(made,), daemon=True).start()
    return made

def tell(pool):
    while len(pool._processes) < 2:
        time.sleep(0.01)
    time.sleep(0.2 if sys.argv[1] == "fork" else 3)  # at work by now, and one of three without
    print(*pool._processes, flush=True)

if __name__ == "__main__":
    tune(sleep_long, RandomSearch(OVEN, seed=1), 9, executor=pool, workers=2)
"""


@unix
@pytest.mark.parametrize("how", ["fork", "spawn", "forkserver"] if CI else ["fork"])
def test_workers_leave_with_a_parent_that_was_killed(how):
    """Those at work, on trials that take ten minutes, and one that waits for work."""
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, how], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    ) as parent:
        pids = list(map(int, parent.stdout.readline().split()))
        assert len(pids) >= 2
        parent.kill()
        parent.wait()
        end = time.monotonic() + 5
        while any(map(is_running, pids)) and time.monotonic() < end:
            time.sleep(0.02)
        left = [pid for pid in pids if is_running(pid)]
        for pid in left:
            os.kill(pid, signal.SIGKILL)
    assert left == []


def is_running(pid):
    try:
        if not Path("/proc/self").exists():
            os.kill(pid, 0)
            return True
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
