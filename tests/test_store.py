"""A run on disk: nothing tried is lost, nothing comes twice, and what is no run of ours is left alone."""

from __future__ import annotations

import importlib.util
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import zlib
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pizzatune as pt
from pizzatune import store_file
from pizzatune.parameters import Choice, Integer, Ordered, Real
from pizzatune.space import Space
from pizzatune.store import Store, load
from pizzatune.store_search import Stored
from pizzatune.strategies import (
    BayesianOptimization,
    GeneticAlgorithm,
    GridSearch,
    RandomSearch,
    Strategy,
    Suggestion,
    TransferLearning,
)
from pizzatune.trial import Trial, from_csv, to_csv
from tests.how_often import CI, announce
from tests.random_spaces import Picky, seeds, spaces, stir
from tests.store_tools import BUDGET, FAST, SPACE, differ, search, step, undisturbed

CHECKOUT = Path(__file__).parents[1]
KILLS, CASES, FLIPS = (150, 400, 400) if CI else (15, 40, 40)
unix = pytest.mark.skipif(sys.platform == "win32", reason="forks, signals and limits are those of Unix")


def transfer(space, **given):
    old = [Trial(number, {"heat": 160.0 + 40 * number}, float(number % 3)) for number in range(4)]
    return TransferLearning(space, source=old, **given)


STRATEGIES = {
    "GridSearch": GridSearch,
    "RandomSearch": RandomSearch,
    "Sobol": lambda space, **given: RandomSearch(space, sampler="sobol", **given),
    "BayesianOptimization": lambda space, **given: BayesianOptimization(space, start=3, **given),
    "GeneticAlgorithm": GeneticAlgorithm,
    "TransferLearning": transfer,
}
every_strategy = pytest.mark.parametrize("make", STRATEGIES.values(), ids=STRATEGIES.keys())


@pytest.fixture
def tmp_path(tmp_path_factory):
    """An empty folder where syncing is quick."""
    if FAST is None:
        yield tmp_path_factory.mktemp("store")
    else:
        with tempfile.TemporaryDirectory(dir=FAST) as folder:
            yield Path(folder)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "run.sqlite"


@pytest.fixture
def run(path):
    """The file of a random search that has made eight trials."""
    search(path, RandomSearch(SPACE, seed=5), budget=8)
    return path


def same(trials, others):
    return len(trials) == len(others) and not any(map(differ, trials, others))


def files_of(folder):
    """Every file and what is in it, but for the lock."""
    return {file.name: file.read_bytes() for file in folder.iterdir() if not file.name.endswith("-lock")}


@contextmanager
def left_alone(folder):
    """Whatever happens inside changes no file."""
    before = files_of(folder)
    yield
    assert files_of(folder) == before


# -- killed, and resumed -------------------------------------------------------------------------------------


@unix
def test_a_search_killed_at_random_moments_loses_nothing_and_doubles_nothing(tmp_path, capfd):
    command = [sys.executable, "-m", "tests.store_tools", str(KILLS), str(tmp_path)]
    run = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stderr
    counts = json.loads(run.stdout)
    told = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
    announce(capfd, f"store, killed and resumed: {told}")
    assert counts["kills"] >= KILLS
    assert counts["acknowledged"] + counts["unheard"] == counts["searches"] * BUDGET
    most = counts["kills"] + counts["searches"]  # the trial at which a kill came, and `tune`'s last
    assert counts["unheard"] <= most
    assert (counts["lost"], counts["doubled"], counts["differing"]) == (0, 0, 0)


@every_strategy
def test_a_resumed_search_tries_the_same_as_one_that_never_stopped(make, path):
    expected = undisturbed(make(SPACE, seed=3), 9)
    for budget in (2, 2, 5, 9):
        resumed = search(path, make(SPACE, seed=3), budget)
    assert same(resumed.trials, expected)
    assert same(load(path, SPACE).trials, expected)


@every_strategy
def test_a_seed_that_was_drawn_is_taken_from_the_file_again(make, path):
    first = search(path, make(SPACE), budget=2)
    again = search(path, make(SPACE), budget=6)
    assert again.seed == first.seed
    assert same(again.trials, undisturbed(make(SPACE, seed=first.seed), 6))


@every_strategy
def test_a_new_seed_makes_the_strategy_that_was_made_with_it(make):
    changed = make(SPACE, seed=1)
    changed.ask()  # fills caches
    changed = changed.rebuilt([])
    changed.reseed(2)
    assert same(undisturbed(changed, 5), undisturbed(make(SPACE, seed=2), 5))


@unix
def test_the_half_of_a_commit_that_a_kill_left_behind_is_undone(run, tmp_path):
    with closing(sqlite3.connect(run, isolation_level=None)) as writer:
        writer.execute("PRAGMA cache_size=1")  # so that pages reach the file before the commit
        writer.execute("BEGIN")
        writer.executemany("INSERT INTO trials VALUES (?, ?, 0)", [(n, "x" * 3000) for n in range(8, 40)])
        killed = tmp_path / "killed"
        killed.mkdir()
        for file in tmp_path.glob("run.sqlite*"):
            shutil.copy(file, killed)
        writer.execute("ROLLBACK")
    assert (killed / "run.sqlite-journal").stat().st_size
    assert (killed / run.name).read_bytes() != run.read_bytes()
    assert same(load(killed / run.name).trials, load(run).trials)
    assert not (killed / "run.sqlite-journal").exists()


def test_what_a_kill_left_of_a_file_in_the_making_is_cleared_away(path):
    for rest in ("new", "new-journal"):
        path.with_name(f"{path.name}-{rest}").write_bytes(b"SQLite format 3\0 and no more")
    search(path, RandomSearch(SPACE, seed=5), budget=3)
    assert len(load(path).trials) == 3
    assert not path.with_name("run.sqlite-new").exists()


# -- a strategy that has trials already ----------------------------------------------------------------------


def test_trials_made_before_there_was_a_file_are_recorded_first(path):
    strategy = RandomSearch(SPACE, seed=5)
    undisturbed(strategy, 4)
    with Store.open(path, strategy) as store:
        assert same(store.trials, strategy.trials)
    assert same(load(path).trials, strategy.trials)


@pytest.mark.parametrize("have", [3, 8, 11])
def test_a_strategy_with_the_beginning_or_more_of_the_trials_goes_on(run, have):
    strategy = RandomSearch(SPACE, seed=5)
    undisturbed(strategy, have)
    with Store.open(run, strategy) as store:
        assert same(store.trials, undisturbed(RandomSearch(SPACE, seed=5), max(have, 8)))
    assert len(load(run).trials) == max(have, 8)


def test_a_strategy_with_other_trials_is_refused(run, tmp_path):
    strategy = RandomSearch(SPACE, seed=5)
    strategy.tell({"oven": "Stone", "heat": 200.0, "minutes": 9}, 7.5)
    with left_alone(tmp_path), pytest.raises(ValueError, match=r"other trials.*trial 0: .* -> 7\.5\. Give"):
        Store.open(run, strategy)


@pytest.mark.parametrize("number", [0, 7, 9])
def test_a_trial_out_of_turn_is_refused(run, number):
    trial = Trial(number, {"oven": "Stone", "heat": 200.0, "minutes": 9}, 7.5)
    with (
        Store.open(run, RandomSearch(SPACE, seed=5)) as store,
        pytest.raises(ValueError, match=f"wants trial 8 next, got trial {number}; record each trial once"),
    ):
        store.record(trial)
    assert len(load(run).trials) == 8


def test_a_closed_store_takes_no_more(run):
    strategy = RandomSearch(SPACE, seed=5)
    with Store.open(run, strategy) as store:
        pass
    store.close()
    with pytest.raises(ValueError, match=r"was closed, so it takes no more; open it again"):
        store.record(Trial(8, {"oven": "Stone", "heat": 200.0, "minutes": 9}, 7.5))


# -- another search ------------------------------------------------------------------------------------------


def hot(params):
    return params["heat"] > 160


def with_parameters(**changed):
    """The tests' space, with some parameters in place of others."""
    return Space(*(changed.get(parameter.name, parameter) for parameter in SPACE.parameters))


ANOTHER = {
    "class": (
        GridSearch(SPACE, seed=5),
        r"strategy: the file has '.*RandomSearch', now it is '.*GridSearch'",
    ),
    "seed": (RandomSearch(SPACE, seed=6), r"seed: the file has 5, now it is 6"),
    "setting": (
        RandomSearch(SPACE, seed=5, sampler="sobol"),
        r"setting sampler: the file has 'independent', now it is 'sobol'",
    ),
    "repeats": (
        RandomSearch(SPACE, seed=5, repeats=True),
        r"setting repeats: the file has False, now it is True",
    ),
    "end": (
        RandomSearch(with_parameters(heat=Real("heat", 150, 310)), seed=5),
        r"high of parameter 'heat': the file has 300\.0, now it is 310\.0\. Use what",
    ),
    "kind": (
        RandomSearch(with_parameters(minutes=Real("minutes", 4, 20)), seed=5),
        r"kind of parameter 'minutes': the file has 'Integer', now it is 'Real'",
    ),
    "unit": (
        RandomSearch(with_parameters(minutes=Integer("minutes", 4, 20, unit="h")), seed=5),
        r"unit of parameter 'minutes': the file has '', now it is 'h'",
    ),
    "options": (
        RandomSearch(with_parameters(oven=Choice("oven", ["Stone", "Electric", "Gas"])), seed=5),
        r"options of parameter 'oven': the file has \['Stone', 'Electric'\], now it is \[.*'Gas'\]",
    ),
    "when": (
        RandomSearch(with_parameters(fan=Real("fan", 0, 3)), seed=5),
        r"when of parameter 'fan': the file has \[\['oven', \[1\]\]\], now it is \[\]",
    ),
    "names": (
        RandomSearch(with_parameters(heat=Real("warmth", 150, 300)), seed=5),
        r"parameters: the file has \['oven', 'heat', .*now it is \['oven', 'warmth',",
    ),
    "order": (
        RandomSearch(Space(*SPACE.parameters[:2], *SPACE.parameters[:1:-1]), seed=5),
        r"parameters: the file has \['oven', 'heat', 'fan', 'minutes'\], now it is \[.* 'minutes', 'fan'\]",
    ),
    "where": (
        RandomSearch(Space(*SPACE.parameters, where=hot), seed=5),
        r"where: the file has None, now it is '.*test_store\.hot'",
    ),
}


@pytest.mark.parametrize("strategy, difference", ANOTHER.values(), ids=ANOTHER.keys())
def test_another_search_is_refused_and_told_what_differs(run, tmp_path, strategy, difference):
    with left_alone(tmp_path), pytest.raises(ValueError, match=f"keeps another search; .*{difference}"):
        Store.open(run, strategy)


def test_every_difference_is_named_at_once(run):
    with pytest.raises(ValueError, match=r"seed: .*; high of .*; setting sampler: "):
        Store.open(run, RandomSearch(with_parameters(heat=Real("heat", 150, 310)), seed=6, sampler="sobol"))


def test_another_source_is_another_search(path):
    search(path, transfer(SPACE, seed=1), budget=1)
    search(path, transfer(SPACE, seed=1), budget=2)
    other = TransferLearning(SPACE, source=[Trial(0, {"heat": 200.0}, 5.0)], seed=1)
    message = r"setting source: the file has '4 trials with the fingerprint .*', now it is '1 trials with"
    with pytest.raises(ValueError, match=message):
        Store.open(path, other)


def test_options_that_are_objects_are_known_again_in_another_process(path):
    def space():
        return Space(Choice("dough", [stir, object(), frozenset({"oil", "salt", "malt"}), len]))

    search_any = RandomSearch(space(), seed=1)
    with Store.open(path, search_any) as store:
        store.record(search_any.tell(search_any.ask(), 1.0))
    assert "0x" not in path.read_bytes().decode("latin1").partition("dough")[2][:300]
    with Store.open(path, RandomSearch(space(), seed=1)) as store:
        assert len(store.trials) == 1


def test_a_rule_that_changed_under_its_name_is_noticed_by_the_trials(path):
    def rule(params):
        return params["heat"] > limit

    limit = 100
    space = Space(*SPACE.parameters, where=rule)
    search(path, RandomSearch(space, seed=5), budget=6)
    limit = 290
    with pytest.raises(ValueError, match=r"keeps a trial that this space does not allow, trial 0: .*rule"):
        Store.open(path, RandomSearch(Space(*SPACE.parameters, where=rule), seed=5))


# -- files that are no runs ----------------------------------------------------------------------------------


def make_database(path, mode):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode={mode}")
        connection.execute("CREATE TABLE trials (number INTEGER PRIMARY KEY, trial TEXT)")
        connection.execute("INSERT INTO trials VALUES (0, '{}')")
        connection.commit()


FOREIGN = {
    "text": lambda path: path.write_text("oven,score\nStone,6\n" * 200),
    "nothing": lambda path: path.write_bytes(b""),
    "zeros": lambda path: path.write_bytes(bytes(8192)),
    "database": lambda path: make_database(path, "DELETE"),
    "database with a log": lambda path: make_database(path, "WAL"),
}


@pytest.mark.parametrize("make", FOREIGN.values(), ids=FOREIGN.keys())
def test_a_foreign_file_is_refused_and_left_alone(make, path):
    make(path)
    before = path.read_bytes()
    for read in (load, lambda path: Store.open(path, RandomSearch(SPACE, seed=5))):
        with pytest.raises(ValueError, match=r"run\.sqlite is no run of pizzatune and was left as it is"):
            read(path)
    assert path.read_bytes() == before


def test_a_run_of_a_newer_pizzatune_is_refused_and_left_alone(run, tmp_path):
    with closing(sqlite3.connect(run)) as connection:
        connection.execute("PRAGMA user_version=3")
    with left_alone(tmp_path):
        for read in (load, lambda path: Store.open(path, RandomSearch(SPACE, seed=5))):
            with pytest.raises(ValueError, match=r"newer pizzatune \(format 3, this one knows 2\); upgrade"):
                read(run)


def test_a_file_cut_short_is_refused_at_any_length(run, tmp_path):
    whole = run.read_bytes()
    random_lengths = random.Random(0).sample(range(len(whole)), 60)
    lengths = {0, 1, 15, 16, 100, 512, *range(0, len(whole), 4096), len(whole) - 1, *random_lengths}
    for length in lengths:
        run.write_bytes(whole[:length])
        with left_alone(tmp_path):
            for read in (load, lambda path: Store.open(path, RandomSearch(SPACE, seed=5))):
                with pytest.raises(ValueError, match=r"is damaged \(.*cut short|is no run of pizzatune"):
                    read(run)


SPOILT: list[bool] = []  # whether it was refused


@settings(max_examples=FLIPS)
@given(seeds, st.integers(1, 255))
def test_a_byte_written_over_is_refused_or_does_no_harm(example, place, change):
    spoilt = bytearray(example.read_bytes())
    spoilt[place % len(spoilt)] ^= change
    path = example.with_name("spoilt.sqlite")
    path.write_bytes(spoilt)
    result, refusal = read_or_refused(path)
    SPOILT.append(bool(refusal))
    if refusal:
        assert "spoilt.sqlite" in refusal
        assert path.read_bytes() == spoilt
    else:
        assert same(result.trials, load(example).trials)
        assert result.space == SPACE


def test_the_number_of_spoilt_stores_is_counted_and_told(capfd):
    announce(capfd, f"stores with one byte written over: {len(SPOILT)}, {sum(SPOILT)} of them refused")
    assert not SPOILT or len(SPOILT) >= FLIPS


def read_or_refused(path):
    """The run in a file, or in what words it was refused."""
    try:
        return load(path), ""
    except (ValueError, PermissionError) as error:  # one of the bytes says whether the file may be written
        return None, str(error)


@pytest.fixture(scope="module")
def example():
    """A run, in a folder of its own."""
    with tempfile.TemporaryDirectory(dir=FAST) as folder:
        path = Path(folder) / "run.sqlite"
        search(path, RandomSearch(SPACE, seed=5), budget=8)
        yield path


NONSENSE = {
    "a trial is missing": "DELETE FROM trials WHERE number=3",
    "a digit": "UPDATE trials SET trial=replace(trial, '9', '8') WHERE number=3",
    "another parameter": "UPDATE trials SET trial=replace(trial, 'heat', 'heap')",
    "no params": "UPDATE trials SET trial='{}', checksum=crc('{}')",
    "half of a": "UPDATE trials SET trial='half of a', checksum=crc('half of a') WHERE number=3",
    "no text": "UPDATE trials SET trial=x'ff' WHERE number=3",
    "no dict": "UPDATE run SET description='[]', checksum=crc('[]')",
    "no such kind": "UPDATE run SET description=replace(description, 'Integer', 'Interior')",
    "no seed": "UPDATE run SET description=replace(description, '\"seed\"', '\"sead\"')",
    "no description": "DELETE FROM run",
    "no trials": "DROP TABLE trials",
}


@pytest.mark.parametrize("change", NONSENSE.values(), ids=NONSENSE.keys())
def test_rows_that_make_no_sense_are_called_damage(run, tmp_path, change):
    with closing(sqlite3.connect(run)) as connection:
        connection.create_function("crc", 1, lambda text: zlib.crc32(text.encode()))
        connection.execute(change)
        if "replace(description" in change or "'heap'" in change:  # as one would who knows of checksums
            connection.execute("UPDATE run SET checksum=crc(description)")
            connection.execute("UPDATE trials SET checksum=crc(trial)")
        connection.commit()
    with left_alone(tmp_path):
        for read in (load, lambda path: Store.open(path, RandomSearch(SPACE, seed=5))):
            with pytest.raises(ValueError, match=r"run\.sqlite is damaged|kind .* now it is 'Integer'"):
                read(run)


# -- who may write, who may read -----------------------------------------------------------------------------

HOLDER = """
import os, signal, sys, time
from pizzatune.strategies import RandomSearch
from tests.store_tools import SPACE, step
from pizzatune.store import Store
strategy = RandomSearch(SPACE, seed=5)
store = Store.open(sys.argv[1], strategy)
store.record(step(strategy))
worker = os.fork() if sys.argv[2] == "worker" else 0
if sys.argv[2] == "worker" and worker == 0:
    time.sleep(60)
    os._exit(0)
print(worker, flush=True)
time.sleep(60)
"""


@contextmanager
def held_by_another_process(path, with_worker=False):
    """A process that has recorded one trial and holds the file; gives the process, and its worker's id."""
    command = [sys.executable, "-c", HOLDER, str(path), "worker" if with_worker else "alone"]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        worker = int(process.stdout.readline())
        try:
            yield process, worker
        finally:
            process.kill()
            if worker:
                os.kill(worker, signal.SIGKILL)


def test_a_second_process_is_refused_as_long_as_the_first_lives(path, tmp_path):
    with held_by_another_process(path) as (process, _):
        with (
            left_alone(tmp_path),
            pytest.raises(BlockingIOError, match=r"run\.sqlite is being written by anot"),
        ):
            Store.open(path, RandomSearch(SPACE, seed=5))
        assert len(load(path).trials) == 1  # reading is allowed
        process.kill()
        process.wait()
        assert len(search(path, RandomSearch(SPACE, seed=5), budget=3).trials) == 3


@unix
def test_a_worker_that_outlives_a_killed_search_does_not_keep_the_file(path):
    with held_by_another_process(path, with_worker=True) as (process, worker):
        process.kill()
        process.wait()
        os.kill(worker, 0)  # an error if it were gone
        assert len(search(path, RandomSearch(SPACE, seed=5), budget=3).trials) == 3


def test_a_second_store_in_the_same_process_is_refused_until_the_first_is_closed(run):
    with (
        Store.open(run, RandomSearch(SPACE, seed=5)),
        pytest.raises(BlockingIOError, match="is being written by another process; wait until that one"),
    ):
        Store.open(run, RandomSearch(SPACE, seed=5))
    Store.open(run, RandomSearch(SPACE, seed=5)).close()


@unix
def test_a_file_called_by_another_name_has_the_same_lock(run, tmp_path):
    (tmp_path / "alias.sqlite").symlink_to(run)
    with (
        Store.open(run, RandomSearch(SPACE, seed=5)),
        pytest.raises(BlockingIOError, match="is being written"),
    ):
        Store.open(tmp_path / "alias.sqlite", RandomSearch(SPACE, seed=5))


def test_a_search_that_was_refused_gives_the_lock_back(run):
    with pytest.raises(ValueError, match="seed: the file has 5, now it is 6"):
        Store.open(run, RandomSearch(SPACE, seed=6))
    Store.open(run, RandomSearch(SPACE, seed=5)).close()


def test_readers_see_whole_runs_while_one_writes(path):
    seen, problems = [], []
    done = threading.Event()

    def read():
        try:
            while not done.is_set():
                seen.append(len(load(path).trials))
        except Exception as error:  # pytest would not see it in a thread
            problems.append(error)

    strategy = RandomSearch(SPACE, seed=5)
    with Store.open(path, strategy) as store:
        readers = [threading.Thread(target=read) for _ in range(2)]
        for reader in readers:
            reader.start()
        for number in range(60):
            store.record(step(strategy))
            assert len(load(path).trials) == number + 1
        done.set()
        for reader in readers:
            reader.join()
    assert not problems
    assert len(set(seen)) > 2


def test_a_reader_who_does_not_let_go_is_named_and_the_trial_can_be_recorded_later(run, monkeypatch):
    monkeypatch.setattr(store_file, "PATIENCE", 0.05)
    strategy = RandomSearch(SPACE, seed=5)
    undisturbed(strategy, 8)
    with Store.open(run, strategy) as store, closing(sqlite3.connect(run)) as reader:
        rows = reader.execute("SELECT * FROM trials")
        rows.fetchone()
        trial = step(strategy)
        with pytest.raises(BlockingIOError, match=r"another program holds it; close that one"):
            store.record(trial)
        rows.close()
        store.record(trial)
    assert same(load(run).trials, strategy.trials)


# -- no room, no right ---------------------------------------------------------------------------------------


@contextmanager
def files_no_larger_than(size):
    """The system refuses to let any file grow beyond `size` bytes: a disk that is full, for a plain user."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def record_all(path, trials, recorded):
    """Write trials to a file one by one, and note those that `record` returned from."""
    with Store.open(path, RandomSearch(SPACE, seed=5)) as store:
        for trial in trials[len(store.trials) :]:
            store.record(trial)
            recorded.append(trial)


@unix
@pytest.mark.parametrize("size", [0, 100, 5_000, 12_288, 13_000, 16_384, 20_000, 26_000, 40_000])
def test_a_full_disk_is_named_and_what_was_tried_is_kept(path, size):
    trials = undisturbed(RandomSearch(SPACE, seed=5), 100)
    trials = [Trial(t.number, t.params, t.score, t.error, "a long story " * 40) for t in trials]
    recorded = []
    with (
        files_no_larger_than(size),
        pytest.raises(OSError, match=r"cannot be .* may be full; make room and run the same line again"),
    ):
        record_all(path, trials, recorded)
    assert bool(recorded) == (size > 12_000)  # three pages: the header and two tables
    assert not path.with_name("run.sqlite-new").exists()
    if path.exists():
        assert same(load(path).trials, recorded)
    record_all(path, trials, recorded)
    assert same(load(path).trials, trials)
    assert len(recorded) == len(trials)


def test_a_trial_for_which_there_was_no_room_can_be_recorded_later(run):
    strategy = RandomSearch(SPACE, seed=5)
    undisturbed(strategy, 8)
    with Store.open(run, strategy) as store:
        (pages,) = store._connection.execute("PRAGMA page_count").fetchone()
        store._connection.execute(f"PRAGMA max_page_count={pages}")
        trial = replace(strategy.tell(strategy.ask(), 5.0), why="a long story " * 2000)
        strategy.trials[-1] = trial
        with pytest.raises(
            OSError, match=r"\[Errno 28\] .*run\.sqlite cannot be .* \(database or disk is full\)"
        ):
            store.record(trial)
        assert len(store.trials) == len(load(run).trials) == 8
        store._connection.execute("PRAGMA max_page_count=1000000")
        store.record(trial)
    assert same(load(run).trials, strategy.trials)


@contextmanager
def as_a_plain_user():
    """Root may write anywhere; for a moment, be nobody."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def public_folder():
    """A folder into which everybody may look; pytest's own are closed to others."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
        Path(folder).chmod(0o755)


@unix
def test_a_folder_that_may_not_be_written_is_named_and_its_runs_can_be_read(public_folder):
    path = public_folder / "run.sqlite"
    search(path, RandomSearch(SPACE, seed=5), budget=2)
    path.with_name("run.sqlite-lock").unlink()
    public_folder.chmod(0o555)
    with as_a_plain_user():
        assert len(load(path).trials) == 2
        for name in ("run.sqlite", "new.sqlite"):
            with pytest.raises(
                PermissionError, match=rf"{name}-lock cannot be used here .* yours to read and wr"
            ):
                Store.open(public_folder / name, RandomSearch(SPACE, seed=5))


@unix
def test_a_file_that_may_not_be_written_is_named_and_can_be_read(public_folder):
    path = public_folder / "run.sqlite"
    search(path, RandomSearch(SPACE, seed=5), budget=2)
    public_folder.chmod(0o777)
    path.with_name("run.sqlite-lock").chmod(0o666)
    path.chmod(0o444)
    with as_a_plain_user():
        assert len(load(path).trials) == 2
        with pytest.raises(PermissionError, match=r"run\.sqlite cannot be used here .*readonly"):
            search(path, RandomSearch(SPACE, seed=5), budget=3)


def test_a_folder_is_no_run(tmp_path):
    folder = tmp_path / "runs"
    folder.mkdir()
    with pytest.raises(IsADirectoryError, match=r"runs is a folder; name a file in it"):
        Store.open(folder, RandomSearch(SPACE, seed=5))
    with pytest.raises(FileNotFoundError, match=r"runs is no file; a run is made by tune"):
        load(folder)
    assert list(tmp_path.iterdir()) == [folder]


def test_a_missing_folder_and_a_missing_run_are_named(tmp_path):
    with pytest.raises(
        FileNotFoundError, match=r"there is no folder .*nowhere for run\.sqlite; make it first"
    ):
        Store.open(tmp_path / "nowhere" / "run.sqlite", RandomSearch(SPACE))
    with pytest.raises(FileNotFoundError, match=r"run\.sqlite is no file; a run is made by tune"):
        load(tmp_path / "run.sqlite")
    assert list(tmp_path.iterdir()) == []


# -- read back -----------------------------------------------------------------------------------------------

anything = st.text(st.characters(exclude_categories=()), max_size=8)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    anything,
    st.floats(width=32).map(np.float32),
    st.integers(-9, 9).map(np.int64),
)
stories = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(anything, inner, max_size=3),
        st.frozensets(st.integers(0, 9), max_size=3),
    ),
    max_leaves=6,
)


class Told(Strategy):
    """Draws at random, and gives each suggestion an origin from a list."""

    def __init__(self, space, *, origins=(), seed=None, repeats=True):
        super().__init__(space, seed=seed, repeats=repeats)
        self.origins = origins

    def suggest(self, rng):
        origin = self.origins[len(self.trials) % len(self.origins)]
        return Suggestion(self.space.sample(rng), "told\udcff by the test", origin)


@settings(max_examples=CASES)
@given(
    spaces(),
    seeds,
    st.lists(st.dictionaries(anything, stories, max_size=3), min_size=1, max_size=3),
    st.lists(st.one_of(st.floats(allow_nan=False, allow_infinity=False), anything), min_size=1, max_size=5),
)
def test_any_run_on_any_space_comes_back_to_the_last_digit(space, seed, origins, outcomes):
    with tempfile.TemporaryDirectory(dir=FAST) as folder:
        path = Path(folder) / "run.sqlite"
        strategy = Told(space, origins=origins, seed=seed)
        with Store.open(path, strategy) as store:
            for outcome in outcomes:
                told = {"error": outcome} if isinstance(outcome, str) else {"score": outcome}
                store.record(strategy.tell(strategy.ask(), **told, seconds=1 / 3))
        with Store.open(path, Told(space, origins=origins, seed=seed)) as store:
            again = store.trials
        assert list(map(plain, again)) == list(map(plain, strategy.trials))
        assert list(map(plain, load(path, space).trials)) == list(map(plain, strategy.trials))
        bare = load(path)
        assert [trial.score for trial in bare.trials] == [trial.score for trial in strategy.trials]
        assert bare.space.names == space.names
        codes = [space.key(trial.params) for trial in strategy.trials]
        assert [bare.space.key(trial.params) for trial in bare.trials] == codes


def plain(trial):
    """All of a trial as text, in which no digit is lost; numbers of NumPy count as Python's."""

    def told(value):
        if isinstance(value, np.generic):
            return repr(value.item())
        if isinstance(value, dict):
            return {told(key): told(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(map(told, value))
        return repr(sorted(value)) if isinstance(value, frozenset) else repr(value)

    return told(vars(trial))


@settings(max_examples=CASES)
@given(spaces())
def test_a_space_made_of_plain_values_comes_back_from_its_file(space):
    values = [p for p in space.parameters if stir not in getattr(p, "options", ()) and not p.when]
    parents = {p.name: p.values()[:2] for p in values if p.codes is not None}
    bare = Space(*values, Integer("slices", 4, 12, unit="pieces", when=parents or None))
    with tempfile.TemporaryDirectory(dir=FAST) as folder:
        Store.open(Path(folder) / "run.sqlite", RandomSearch(bare, seed=1)).close()
        again = load(Path(folder) / "run.sqlite").space
    assert again == bare
    assert repr(again.parameters) == repr(bare.parameters)  # 1 is not True


@every_strategy
def test_a_loaded_run_is_a_result_whose_strategy_can_go_on(make, path):
    strategy = search(path, make(SPACE, seed=2), budget=5)
    result = pt.load(path)
    assert isinstance(result, pt.Result)
    assert same(result.trials, strategy.trials)
    assert result.space == SPACE
    assert result.best_params == strategy.best.params
    assert list(result.to_frame()["score"].dropna()) == [trial.score for trial in strategy.trials if trial.ok]
    assert result.plot().svg()
    if make is transfer:
        with pytest.raises(ValueError, match="read without the setting source of its strategy"):
            result.strategy.ask()
    else:
        assert result.strategy.ask() == strategy.ask()
        assert repr(result).startswith(type(strategy).__name__ + ": 5 trials")


def test_labels_are_those_that_the_file_was_made_with(path):
    with Store.open(path, RandomSearch(SPACE, seed=2), score_label="taste", trial_label="pizza"):
        pass
    result = load(path)
    assert (result.score_label, result.trial_label) == ("taste", "pizza")
    assert repr(result) == "RandomSearch: 0 pizzas, read from run.sqlite\nno taste yet"


def test_a_run_with_a_rule_and_objects_needs_its_space_to_go_on(path):
    space = Space(
        Choice("dough", [stir, len, "len", 3], labels=["stirred", "measured", "plain", "three"]),
        Ordered("crust", [[1, 2], (1, 2), print]),
        where=Picky(1, 20),
    )
    strategy = RandomSearch(space, seed=3)
    while len(strategy.trials) < 6:
        strategy.tell(strategy.ask(), 1.0)
    Store.open(path, strategy).close()
    bare = load(path)
    assert bare.space["dough"].options == ("stirred", "measured", "len", 3)
    assert bare.space["crust"].options == ([1, 2], (1, 2), "builtins.print")
    assert bare.space.where is None
    assert isinstance(bare.strategy, Stored)
    with pytest.raises(
        ValueError, match=r"read without its rule where=Picky\(salt=1, share=20\) \(give it to"
    ):
        bare.strategy.ask()
    true = load(path, space)
    assert same(true.trials, strategy.trials)
    assert true.strategy.ask() == strategy.ask()


def test_objects_that_read_the_same_stay_apart(path):
    Store.open(path, RandomSearch(Space(Choice("dough", [object(), object()])), seed=3)).close()
    assert load(path).space["dough"].options == ("<object object> (0)", "<object object> (1)")
    with pytest.raises(ValueError, match=r"without the objects that are the options of 'dough'"):
        load(path).strategy.ask()


def test_another_space_is_refused_when_read(run):
    with pytest.raises(ValueError, match=r"high of parameter 'heat': the file has 300\.0, now it is 310\.0"):
        load(run, with_parameters(heat=Real("heat", 150, 310)))


def test_a_strategy_of_ones_own_is_kept_and_read_as_trials(path):
    def make():
        return Told(SPACE, origins=[{"mood": "fine"}], seed=3)

    assert same(search(path, make(), budget=4).trials, undisturbed(make(), 4))
    assert load(path).trials[3].origin == {"mood": "fine"}
    with pytest.raises(
        ValueError, match=r"read without its strategy .*test_store\.Told, which is not one of ours"
    ):
        load(path).strategy.ask()


def test_a_strategy_that_hides_its_settings_is_told_how_to_show_them(path):
    class Secretive(RandomSearch):
        def __init__(self, space, *, mood, seed=None):
            super().__init__(space, seed=seed)

    with pytest.raises(
        TypeError, match=r"Secretive takes 'mood' but keeps no attribute .* self\.mood = mood"
    ):
        Store.open(path, Secretive(SPACE, mood="gloomy", seed=3))
    assert not path.exists()


def test_a_stored_run_can_be_the_source_of_transfer_learning(run):
    result = load(run)
    strategy = TransferLearning(SPACE, source=result, seed=0)
    assert strategy.ask()["heat"] in {trial.params["heat"] for trial in result.trials}


def test_a_stored_run_is_exported_as_csv_and_read_back(run, tmp_path):
    result = load(run)
    to_csv(result.trials, tmp_path / "run.csv", result.space)
    back = from_csv(tmp_path / "run.csv", SPACE)
    assert [(t.params, t.score, t.error, t.why) for t in back] == [
        (t.params, t.score, t.error, t.why) for t in result.trials
    ]


def test_the_benchmark_records_what_it_times(tmp_path):
    spec = importlib.util.spec_from_file_location("store_cost", CHECKOUT / "benchmarks" / "store_cost.py")
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    bare, kept = bench.measure(6, tmp_path)
    assert len(bare) == len(kept) == len(load(tmp_path / "run.sqlite").trials) == 6
    assert bench.met([1.0, 2.0, 3.0], [1.0, 4.0, 9.0])
    assert not bench.met([1.0, 2.0, 3.0], [1.0, 4.1, 5.0])
    assert "| `Store.record` | 3000.000 | 1.50 |" in bench.table([2.0, 2.0], [3.0, 3.0])
    row = max(len(text) for (text,) in rows_of(tmp_path / "run.sqlite", "SELECT trial FROM trials"))
    assert 0.5 < row / len(bench.ROW) < 2  # the yardstick writes about as much


def test_the_file_is_written_as_the_benchmark_and_the_hubs_home_want_it(run):
    with Store.open(run, RandomSearch(SPACE, seed=5)) as store:
        assert store._connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert store._connection.execute("PRAGMA synchronous").fetchone() == (3,)  # EXTRA
        assert sorted(file.name for file in run.parent.iterdir()) == ["run.sqlite", "run.sqlite-lock"]


def rows_of(path, question):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(question).fetchall()
