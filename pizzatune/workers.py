"""Where trials run: right here, in threads of our own, or on an executor; and what happens when one is lost.

Who runs the trials is any `concurrent.futures.Executor`. This room keeps as many of them in flight as there
are workers, notices those that take too long, and runs again what a broken pool took with it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import Thread
from typing import Any, NamedTuple, Self

import numpy as np

from pizzatune.checks import score_of
from pizzatune.complaints import said
from pizzatune.pools import (
    Bell,
    Lost,
    Unfit,
    broke,
    cannot_begin,
    check_fit,
    check_travels,
    end,
    guard,
    made_by,
    processes_of,
    slots,
    why_broke,
)
from pizzatune.space import Params, Space
from pizzatune.values import own_copy

TRIES = 3  # a trial whose worker dies this often has failed
HEARTBEAT = 1.0  # seconds; on Windows the stop button is heard only between two waits


class Outcome(NamedTuple):
    """What came of a trial, in plain values that can travel between processes and machines."""

    score: float | None
    error: str | None
    seconds: float | None


@dataclass(eq=False)
class Job:
    """One suggestion on its way through a worker.

    Attributes
    ----------
    params : dict
        What to try.
    seeds : list of int, or None
        Of the random stream that belongs to this trial, where the objective wants one.
    losses : int
        How often a worker was lost while it ran.
    begun : float
        When it was last handed over, on `time.perf_counter`.
    """

    params: Params
    seeds: list[int] | None = None
    losses: int = 0
    begun: float = 0.0


def attempt(
    objective: Callable[..., Any],
    params: Params,
    seeds: list[int] | None,
    caught: tuple[type[BaseException], ...],
    begun: float,
) -> Outcome:
    """Try the objective once, wherever this runs, and measure its time there.

    `begun` is not needed here: Dask takes two calls with equal arguments for one and runs it once.
    """
    check_fit()
    extra = {} if seeds is None else {"rng": np.random.default_rng(seeds)}
    start = time.perf_counter()
    try:
        score = objective({name: own_copy(value) for name, value in params.items()}, **extra)
    except caught as error:  # an objective may raise anything; the search must outlive it
        return Outcome(None, said(error), time.perf_counter() - start)
    seconds = time.perf_counter() - start
    try:
        return Outcome(score_of(score), None, seconds)  # here, since not every object can travel back
    except (TypeError, ValueError) as error:
        return Outcome(None, str(error), seconds)
    except caught as error:
        return Outcome(None, said(error), seconds)


class Here(Executor):
    """Runs a trial at once in the caller's thread, so that the stop button reaches the objective itself."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run it; the future that comes back is done."""
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


class Threads(Executor):
    """A thread for each trial, a daemon: Python waits at its end for a ThreadPoolExecutor, hanging or not."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Start it; there is no queue, since no more is handed over than may run."""
        future: Future[Any] = Future()
        future.set_running_or_notify_cancel()

        def run() -> None:
            try:
                future.set_result(fn(*args, **kwargs))
            except BaseException as error:  # the one who waits for the future decides
                future.set_exception(error)

        Thread(target=run, daemon=True).start()
        return future


class Workers:
    """Those who run the trials of one search.

    Parameters
    ----------
    objective : callable
        ``objective(params)`` or ``objective(params, rng=...)``.
    executor : Executor, or a function that makes one, or None
        None means threads, or the caller's own where one worker without a timeout is enough.
    count : int, optional
        How many trials are kept in flight; by default as many as the executor says it works on at once.
    timeout : float, optional
        Seconds for one trial, from when it is handed over.
    space : Space, optional
        Where the params come from.

    Raises
    ------
    TypeError
        If `executor` is none and makes none, or the objective or an option cannot be sent to its processes.
    """

    def __init__(
        self,
        objective: Callable[..., Any],
        executor: Executor | Callable[[], Executor] | None = None,
        count: int | None = None,
        timeout: float | None = None,
        space: Space | None = None,
    ) -> None:
        if executor is None:
            count = count or 1
            executor = Here if count == 1 and timeout is None else Threads
        self.objective = objective
        self.timeout = timeout
        self.make = None if isinstance(executor, Executor) else executor  # a pool that was made here is ours
        self.pool = made_by(executor)
        self.bell = self._guarded()
        check_travels(objective, space, self.pool)
        self.count = count or slots(self.pool)
        # Only in a thread that is not a worker's does leaving mean leaving the program.
        self.caught = (Exception,) if isinstance(self.pool, Here) else (Exception, SystemExit)
        self.running: dict[Future[Outcome], Job] = {}
        self.again: list[Job] = []  # lost on the way, to be run before anything new
        self.stuck: list[Future[Outcome]] = []  # given up, but still on a worker that is not ours to end
        self.served = False  # whether a trial ever came back
        self.given_up = 0  # trials that lost their worker too often

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        for future in (*self.running, *self.stuck):
            future.cancel()
        if self.make is not None and self.running:
            end(self.pool)
        elif self.make is not None:
            self.pool.shutdown(wait=not self.stuck)

    def run(self, jobs: Iterator[Job]) -> Iterator[tuple[Job, Outcome]]:
        """Take each job when a worker is free for it; give back each outcome as soon as it is there.

        Raises
        ------
        Lost
            If the executor broke and cannot be made anew, or all its workers are held up.
        """
        while True:
            self._fill(jobs)
            if not self.running:
                return
            yield from self._finished()

    def _fill(self, jobs: Iterator[Job]) -> None:
        while len(self.running) < self._room():
            job = self.again.pop(0) if self.again else next(jobs, None)
            if job is None:
                return
            self._wait_for_a_slot()
            job.begun = time.perf_counter()
            self.running[self._submit(job)] = job

    def _room(self) -> int:
        """How many may run at once. One that lost two workers runs alone, lest others pay for it again."""
        alone = any(job.losses == TRIES - 1 for job in (*self.running.values(), *self.again[:1]))
        self.stuck = [future for future in self.stuck if not future.done()]
        return 1 if alone else max(1, self.count - len(self.stuck))

    def _wait_for_a_slot(self) -> None:
        if len(self.stuck) >= self.count and not wait(self.stuck, self.timeout, FIRST_COMPLETED).done:
            raise Lost(f"stopped, as trials that took longer than {self.timeout:g} s hold up every worker")

    def _submit(self, job: Job) -> Future[Outcome]:
        try:
            return self.pool.submit(attempt, self.objective, job.params, job.seeds, self.caught, job.begun)
        except BrokenExecutor as error:  # it broke since we last looked: treated like one that breaks later
            future: Future[Outcome] = Future()
            future.set_exception(error)
            return future
        except RuntimeError as error:
            raise RuntimeError(f"executor takes no trials ({error}); hand over one that is open") from error

    def _finished(self) -> Iterator[tuple[Job, Outcome]]:
        """Wait until something happens; give back the trials that are done, and those that never will be."""
        wait(self.running, self._patience(), FIRST_COMPLETED)
        now = time.perf_counter()
        broken = self._take(lambda future, job: future.done() and broke(future))
        late = self._take(lambda future, job: not future.done() and self._left(job, now) <= 0)
        yield from self.ready()
        for future in filter(Future.done, self.running):
            if not broke(future) and not _has_outcome(future):
                future.result()  # raises what is no trial's failure: the stop button, pressed in a worker
        if late:
            fate = self._free_slots_of(late)
            for job in late.values():
                yield job, Outcome(None, f"took longer than {self.timeout:g} s; {fate}", now - job.begun)
        if broken:
            yield from self._repeat(broken)

    def ready(self) -> Iterator[tuple[Job, Outcome]]:
        """The outcomes that are there already."""
        for future in filter(_has_outcome, [*self.running]):
            self.served = True
            yield self.running.pop(future), _outcome_of(future)

    def _take(self, which: Callable[[Future[Outcome], Job], bool]) -> dict[Future[Outcome], Job]:
        taken = {future: job for future, job in self.running.items() if which(future, job)}
        for future in taken:
            del self.running[future]
        return taken

    def _left(self, job: Job, now: float) -> float:
        """Seconds that a trial has left."""
        return math.inf if self.timeout is None else job.begun + self.timeout - now

    def _patience(self) -> float:
        now = time.perf_counter()
        return max(0.0, min([HEARTBEAT, *(self._left(job, now) for job in self.running.values())]))

    def _free_slots_of(self, late: Iterable[Future[Outcome]]) -> str:
        """Free them as far as that can be done; say what becomes of the trials that are given up."""
        if self.make is not None and processes_of(self.pool):
            self.again += self._all_running()
            self._renew(self.make)
            return "its worker process was ended"
        if self.make is not None and isinstance(self.pool, Threads | ThreadPoolExecutor):
            self._renew(self.make)
            return "its thread runs on in the background, since Python cannot end a thread"
        self.stuck += late
        return "it still holds up its worker, which this executor gives us no way to end"

    def _repeat(self, broken: dict[Future[Outcome], Job]) -> Iterator[tuple[Job, Outcome]]:
        """Run again what a broken pool took with it; what took a pool with it too often has failed."""
        first = next(iter(broken))
        why = why_broke(first)
        if self.make is None:
            raise Lost(f"stopped, since the executor broke ({why}); a function that makes one could mend it")
        hopeless = cannot_begin(first, self.bell)
        if hopeless:
            raise Lost(hopeless)
        lost = [*broken.values(), *self._all_running()]
        self._renew(self.make)
        for job in lost:
            job.losses += 1
            if job.losses < TRIES:
                self.again.append(job)
            else:
                self.given_up += 1
                yield job, Outcome(None, f"its worker was lost {TRIES} times, at last alone: {why}", None)
        if self.given_up >= TRIES and not self.served:
            raise Lost(
                f"stopped, since each of the first {TRIES} trials lost its worker {TRIES} times: {why}"
            )

    def _all_running(self) -> list[Job]:
        taken = self._take(lambda future, job: True)
        for future in taken:
            future.cancel()
        return list(taken.values())

    def _renew(self, make: Callable[[], Executor]) -> None:
        end(self.pool)
        pool = made_by(make)
        if pool is self.pool:
            raise Lost("stopped, since executor() made the same executor again, which had to be ended")
        self.pool = pool
        self.bell = self._guarded()

    def _guarded(self) -> Bell | None:
        return None if self.make is None else guard(self.pool)


def _has_outcome(future: Future[Outcome]) -> bool:
    if not future.done() or broke(future) or isinstance(future.exception(), Unfit):
        return False
    return isinstance(future.exception(), Exception | None)


def _outcome_of(future: Future[Outcome]) -> Outcome:
    error = future.exception()
    # An error is the executor's: it could not send the trial, or has given up on it, as Dask does in the end.
    return future.result() if error is None else Outcome(None, said(error), None)
