"""One search on a Dask cluster: two worker processes, one of which is killed in the middle."""

from __future__ import annotations

import logging
import os
import random
import signal
import threading
import time

import pytest

from pizzatune import workers
from pizzatune.parameters import Integer
from pizzatune.space import Space
from pizzatune.strategies import RandomSearch
from pizzatune.tuning import tune
from tests.how_often import announce
from tests.ovens import OVEN, is_first, leave, taste

distributed = pytest.importorskip("distributed")
BUDGET = 24


@pytest.fixture(scope="module")
def client():
    cluster = distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL,  # that a worker was lost is the point here
    )
    with cluster, distributed.Client(cluster) as client:
        yield client


def test_as_many_trials_are_in_flight_as_the_cluster_has_threads(client):
    assert workers.Workers(taste, client.get_executor()).count == 2
    result = tune(taste, RandomSearch(OVEN, seed=1), 6, executor=client.get_executor)
    assert len(result.trials) == 6
    assert result.failed == ()


def test_dask_does_not_take_two_equal_trials_for_one(client):
    def wavering(params):
        return random.random()

    two = RandomSearch(Space(Integer("minutes", 1, 2)), seed=1, repeats=True)
    result = tune(wavering, two, 12, executor=client.get_executor())
    assert len({trial.score for trial in result.trials}) == 12


def test_leaving_a_worker_does_not_cost_the_cluster_its_worker(client):
    before = client.run(os.getpid)
    result = tune(leave, RandomSearch(OVEN, seed=1), 4, executor=client.get_executor())
    assert [trial.error for trial in result.trials] == ["SystemExit: 3"] * 4
    assert client.run(os.getpid) == before


def test_a_slow_trial_on_a_cluster_holds_up_its_worker_until_it_is_done(client):
    def slow_at_two(params):
        time.sleep(1.5 if params["minutes"] == 2 else 0)
        return 1.0

    space = Space(Integer("minutes", 1, 6))
    result = tune(slow_at_two, RandomSearch(space, seed=1), executor=client.get_executor(), timeout=1)
    assert len(result.trials) == 6
    (late,) = result.failed
    assert late.params == {"minutes": 2}
    assert late.error.startswith("took longer than 1 s; it still holds up its worker")


def test_none_of_the_trials_is_lost_with_a_worker_that_is_killed(client, tmp_path, capfd):
    log, mark = tmp_path / "log", tmp_path / "victim"

    def bake(params):
        with log.open("a") as file:
            file.write(f"{os.getpid()} {params['heat']!r}\n")
        if len(log.read_text().splitlines()) > BUDGET // 2 and is_first(mark):
            mark.with_suffix(".pid").write_text(f"{os.getpid()} ")
            time.sleep(600)  # it will be killed long before
        time.sleep(0.02)
        return taste(params)

    def kill_in_the_middle_of_a_trial():
        pid = mark.with_suffix(".pid")
        while not (pid.exists() and pid.read_text().endswith(" ")):
            time.sleep(0.01)
        os.kill(int(pid.read_text()), signal.SIGKILL)

    threading.Thread(target=kill_in_the_middle_of_a_trial, daemon=True).start()
    strategy = RandomSearch(OVEN, seed=1)
    result = tune(bake, strategy, BUDGET, executor=client.get_executor())

    pids, heats = zip(*(line.split() for line in log.read_text().splitlines()), strict=True)
    by = f"{len(heats)} runs by {len(set(pids))} processes"
    announce(capfd, f"a Dask worker killed in the middle: {len(result.trials)} trials, baked in {by}")
    assert (len(result.trials), result.failed, result.stopped) == (BUDGET, (), "budget spent")
    assert strategy.pending == []
    assert len(set(heats)) == BUDGET  # none lost, none doubled
    assert {repr(trial.params["heat"]) for trial in result.trials} == set(heats)
    assert BUDGET + 1 <= len(heats) <= BUDGET + 2  # what was running there was run again, and no more
    assert all(trial.score == taste(trial.params) for trial in result.trials)
    assert len(set(pids)) >= 2
