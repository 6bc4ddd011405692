"""Nothing about the surroundings ends a search: no screen, no text, no worker, no way to another process."""

from __future__ import annotations

import contextlib
import io
import math
import multiprocessing
import os
import re
import subprocess
import sys
import threading
import time
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

from pizzatune import progress
from pizzatune.board import Board
from pizzatune.complaints import LONGEST, said, shortened
from pizzatune.parameters import Choice, Real
from pizzatune.racing import race
from pizzatune.space import Space
from pizzatune.strategies import GridSearch, RandomSearch
from pizzatune.tuning import tune
from tests.how_often import CI
from tests.ovens import OVEN, Dough, taste

CHECKOUT = Path(__file__).parents[1]

# -- a progress bar with nowhere to write --------------------------------------------------------------------


class Raising(io.StringIO):
    """A screen that fails in one way or another."""

    def __init__(self, problem, only=("write", "flush")):
        super().__init__()
        self.problem, self.only = problem, only

    def write(self, text):
        if "write" in self.only:
            raise self.problem
        return len(text)

    def flush(self):
        if "flush" in self.only:
            raise self.problem


def closed():
    screen = io.StringIO()
    screen.close()
    return screen


SCREENS = {
    "none": lambda: None,
    "closed": closed,
    "full": lambda: Raising(OSError(28, "No space left on device")),
    "full when flushed": lambda: Raising(OSError(28, "No space left on device"), only=("flush",)),
    "nobody listens": lambda: Raising(BrokenPipeError(32, "Broken pipe")),
    "would block": lambda: Raising(BlockingIOError(11, "write could not complete")),
    "another alphabet": lambda: Raising(UnicodeEncodeError("ascii", "█", 0, 1, "ordinal not in range")),
    "not open for writing": lambda: Raising(io.UnsupportedOperation("not writable")),
    "no screen at all": lambda: object(),
}


@pytest.mark.parametrize("make", SCREENS.values(), ids=SCREENS.keys())
@pytest.mark.parametrize("wanted", [True, None], ids=["wanted", "by itself"])
def test_a_bar_with_nowhere_to_write_is_left_out(make, wanted, monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", -1.0)
    with contextlib.redirect_stderr(make()):
        result = tune(taste, RandomSearch(OVEN, seed=1), 5, progress=wanted)
        board = race({"random": RandomSearch}, Kitchen(), budget=2, seeds=2, progress=wanted)
    assert (len(result.trials), result.failed, result.stopped) == (5, (), "budget spent")
    assert isinstance(board, Board)


class Kitchen:
    space = OVEN

    def taste(self, params):
        return taste(params)


def test_a_bar_that_fails_in_the_middle_is_not_drawn_again(monkeypatch):
    written = []

    class Filling(io.StringIO):
        def write(self, text):
            written.append(text)
            if len(written) > 4:
                raise OSError(28, "No space left on device")
            return len(text)

    with contextlib.redirect_stderr(Filling()):
        result = tune(lambda params: time.sleep(0.11) or 1.0, RandomSearch(OVEN, seed=1), 8, progress=True)
    assert len(result.trials) == 8
    assert len(written) == 5


def test_a_bar_that_cannot_be_loaded_is_left_out(monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    assert len(tune(taste, RandomSearch(OVEN, seed=1), 3, progress=True).trials) == 3


# -- exceptions whose text cannot be made --------------------------------------------------------------------


def raised(kind="Odd", base=Exception, *arguments, **attributes):
    """An exception of a class with these attributes."""
    return type(kind, (base,), attributes)(*arguments)


def fail(*_):
    raise RuntimeError("no text")


class Sly(str):
    """Text that is none when it is put into other text."""

    def __format__(self, how):
        raise RuntimeError("no")

    __str__ = __add__ = __format__


class OddName(type):
    @property
    def __name__(cls):
        raise RuntimeError("no name")


class Nameless(Exception, metaclass=OddName):
    pass


def circle():
    error = ValueError()
    error.args = (error,)
    return error


ODD = {
    "str raises": (raised(__str__=fail), r"Odd: Odd\(\)"),
    "str is a number": (raised(__str__=lambda self: 7), r"Odd: Odd\(\)"),
    "str leaves": (raised(__str__=lambda self: sys.exit(3)), r"Odd: Odd\(\)"),
    "str never ends": (raised(__str__=lambda self: str(self)), r"Odd: Odd\(\)"),
    "neither str nor repr": (raised(__str__=fail, __repr__=fail), r"Odd: \(its text cannot be made\)"),
    "repr is None": (raised(__str__=fail, __repr__=lambda self: None), r"Odd: \(its text cannot be made\)"),
    "an argument without a repr": (ValueError(raised(__repr__=fail), 1), r"ValueError: \(its text cannot"),
    "sly text": (raised(__str__=lambda self: Sly("wet")), r"Odd: wet$"),
    "no name": (Nameless("wet"), r"an exception: wet$"),
    "a huge text": (ValueError("wet " * 10**6), r"ValueError: wet .* \[3,99\d,\d{3} characters left out\] "),
    "a huge name": (raised("X" * 10**6, Exception, "wet"), r"X+ \[99\d,\d{3} characters left out\] X*: wet"),
    "half a letter": (ValueError("wet \ud800"), "ValueError: wet \ud800$"),
    "nothing": (raised(), r"Odd: $"),
    "many at once": (ExceptionGroup("many", [ValueError(n) for n in range(9)]), r"ExceptionGroup: many \(9"),
    "itself": (circle(), r"ValueError: "),
}


@pytest.mark.parametrize("error, text", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("hired", [None, 2], ids=["here", "threads"])
def test_an_exception_without_a_text_is_a_failed_trial_like_others(error, text, hired):
    def objective(params):
        if params["heat"] > 0.5:
            raise error
        return taste(params)

    result = tune(objective, RandomSearch(OVEN, seed=1), 6, workers=hired, max_failures=9)
    assert len(result.trials) == 6
    assert result.best.ok
    assert result.failed
    for trial in result.failed:
        assert len(trial.error) <= LONGEST
        assert re.match(text, trial.error, re.DOTALL), trial.error[:200]


def test_what_is_told_as_an_error_may_be_as_odd():
    strategy = RandomSearch(OVEN, seed=1)
    for error, _ in ODD.values():
        assert len(strategy.tell(strategy.ask(), error=error).error) <= LONGEST


@pytest.mark.parametrize("error, text", ODD.values(), ids=ODD.keys())
def test_a_race_outlives_it_too(error, text):
    class Burning(Kitchen):
        def taste(self, params):
            raise error

    board = race({"random": RandomSearch}, Burning(), budget=2, seeds=2)
    assert len(board.failed["random"]) < LONGEST + 300


class Stubborn:
    """A score that says nothing of itself."""

    __float__ = __repr__ = __str__ = fail
    __class__ = property(fail)


class Leaving:
    def __float__(self):
        raise SystemExit(3)


@pytest.mark.parametrize("hired", [None, 2], ids=["here", "threads"])
@pytest.mark.parametrize("which", range(4))
def test_a_score_that_is_none_is_shown_in_few_words(which, hired):
    score = [Stubborn(), [0.5] * 10**6, "x" * 10**6, {"a": Stubborn()}][which]
    result = tune(lambda params: score, RandomSearch(OVEN, seed=1), 2, workers=hired)
    assert all(len(trial.error) < 400 for trial in result.failed)
    assert len(result.failed) == 2


def test_a_score_that_leaves_its_worker_is_a_failed_trial_there():
    result = tune(lambda params: Leaving(), RandomSearch(OVEN, seed=1), 2, workers=2)
    assert [trial.ok for trial in result.trials] == [False, False]


def test_a_long_text_keeps_both_its_ends():
    text = shortened("first " + "x" * 10**5 + " last")
    assert text.startswith("first ")
    assert text.endswith(" last")
    assert said(ValueError("short")) == "ValueError: short"


# -- pools that cannot begin ---------------------------------------------------------------------------------


INITIALIZERS = {  # what one does, and what the search says
    "raise RuntimeError('no oven here')": "initializer of the executor failed (RuntimeError: no oven here)",
    "sys.exit(3)": "initializer of the executor failed (SystemExit: 3)",
    "raise type('Odd', (Exception,), {'__str__': lambda self: None})()": "executor failed (Odd: Odd())",
    "initializer()": "initializer of the executor failed (RecursionError",
    "os._exit(3)": "no worker of the executor could begin (A process in the process pool",
    "os.kill(os.getpid(), 9)": "no worker of the executor could begin",
}
PROGRAM = """
import os, sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pizzatune import RandomSearch, tune
from tests.ovens import OVEN, taste

def initializer():
    exec(body, globals())

for body in sys.argv[1:]:
    made = []
    def pool():
        made.append(1)
        return ProcessPoolExecutor(2, mp_context=get_context("fork"), initializer=initializer)
    result = tune(taste, RandomSearch(OVEN, seed=1), 30, executor=pool)
    print(len(made), len(result.trials), result.stopped)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_a_pool_whose_initializer_dies_stops_the_search_at_once_and_says_why_once():
    command = [sys.executable, "-c", PROGRAM, *INITIALIZERS]
    run = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=60, check=False)
    lines = run.stdout.splitlines()
    assert len(lines) == len(INITIALIZERS)
    for line, words in zip(lines, INITIALIZERS.values(), strict=True):
        assert line.startswith("1 0 stopped, since ")
        assert line.count(words) == 1
    assert run.stderr == ""


def test_a_pool_of_threads_whose_initializer_dies_stops_the_search_at_once():
    made = []

    def pool():
        made.append(1)
        return ThreadPoolExecutor(2, initializer=fail)

    result = tune(taste, RandomSearch(OVEN, seed=1), 30, executor=pool)
    assert (len(made), len(result.trials)) == (1, 0)
    assert result.stopped == "stopped, since the initializer of the executor failed; mend it, or leave it out"
    assert result.strategy.pending == []


def test_an_initializer_that_is_fit_does_its_work_and_is_handed_its_arguments(tmp_path):
    spawn = multiprocessing.get_context("spawn")
    mark = tmp_path / "mark"
    result = tune(
        taste,
        RandomSearch(OVEN, seed=1),
        3,
        executor=lambda: ProcessPoolExecutor(1, spawn, initializer=os.mkdir, initargs=(mark,)),
    )
    assert result.failed == ()
    assert mark.is_dir()


def test_a_pool_that_nobody_can_look_into_and_that_always_breaks_stops_the_search_soon():
    made = []

    class Broken(Executor):
        def __init__(self):
            made.append(1)

        def submit(self, fn, /, *args, **kwargs):
            future = Future()
            future.set_exception(BrokenExecutor("shattered"))
            return future

    result = tune(taste, RandomSearch(OVEN, seed=1), 30, executor=Broken, workers=2)
    assert result.stopped == "stopped, since each of the first 3 trials lost its worker 3 times: shattered"
    assert len(result.trials) == 3
    assert len(made) <= 10


@pytest.mark.skipif(not CI, reason="takes some seconds: on CI only")
def test_a_script_that_starts_itself_anew_in_every_worker_is_told_so(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "from concurrent.futures import ProcessPoolExecutor\nfrom multiprocessing import get_context\n"
        "from pizzatune import RandomSearch, tune\nfrom tests.ovens import OVEN, taste\n"
        "pool = lambda: ProcessPoolExecutor(2, mp_context=get_context('spawn'))\n"
        "print(tune(taste, RandomSearch(OVEN, seed=1), 30, executor=pool).stopped)\n"
    )
    run = subprocess.run(
        [sys.executable, script],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "no worker of the executor could begin" in run.stdout
    assert "call tune below `if __name__ == '__main__':`" in run.stdout


# -- options that cannot travel ------------------------------------------------------------------------------


class Unpicklable(Dough):
    def __reduce__(self):
        raise TypeError("it stays here")


class OneWay(Exception):
    """It can be sent, and arrives nowhere."""

    def __init__(self, salt, *, pepper):
        super().__init__(salt)


def local():
    class Local:
        pass

    return Local


STAY = {
    "a function of a moment": lambda x: x,
    "a lock": threading.Lock(),
    "a module": math,
    "a generator": (n for n in range(3)),
    "an open file": io.TextIOWrapper(io.BytesIO()),
    "a class of a moment": local(),
    "an object of a class of a moment": local()(),
    "an object that refuses": Unpicklable(250),
    "an object that arrives nowhere": OneWay(1, pepper=2),
    "a list around a lock": [1, threading.Lock()],
    "a view of memory": memoryview(b"abc"),
}


@pytest.mark.parametrize("option", STAY.values(), ids=STAY.keys())
def test_an_option_that_cannot_travel_is_refused_by_name_at_the_start(option):
    space = Space(Choice("dough", ["plain", option], labels=["plain", "odd"]), Real("heat", 0, 1))
    strategy = RandomSearch(space, seed=1)
    started = []

    def pool():
        started.append(ProcessPoolExecutor(1, multiprocessing.get_context("spawn")))
        return started[-1]

    with pytest.raises(TypeError, match=r"option .* of 'dough' cannot be sent to another process \(.*; take"):
        tune(len, strategy, 3, executor=pool)
    assert strategy.trials == strategy.pending == []
    assert not started[0]._processes
    started[0].shutdown()
    assert len(tune(lambda params: 1.0, strategy, 3, workers=2).trials) == 3  # threads take any


def test_options_that_can_travel_are_let_through():
    options = [Dough(1), [1], math.sin, Dough, None, 1.5, {"a": (1, 2)}]
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        space = Space(Choice("dough", options))
        assert tune(len, GridSearch(space), 0, executor=pool).trials == ()
