"""The loop that brings a strategy and an objective together: `tune`."""

from __future__ import annotations

import inspect
import math
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from os import PathLike
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from pizzatune.button import StopButton
from pizzatune.checks import real_number, shown, whole_number
from pizzatune.pools import Lost
from pizzatune.progress import Progress
from pizzatune.result import Objective, Result
from pizzatune.strategies.base import Exhausted, Strategy, Suggestion
from pizzatune.trial import Trial, best_trial
from pizzatune.workers import Job, Outcome, Workers

if TYPE_CHECKING:
    from pizzatune.store import Store


def tune(
    objective: Objective,
    strategy: Strategy,
    budget: int | None = None,
    *,
    seconds: float | None = None,
    workers: int | None = None,
    executor: Executor | Callable[[], Executor] | None = None,
    timeout: float | None = None,
    max_failures: int | None = None,
    store: str | PathLike[str] | None = None,
    progress: bool | None = None,
) -> Result:
    """Ask the strategy, try what it suggests, tell it the score; again until the budget is spent.

    A trial whose objective raises, or gives no finite number, is kept as a failed trial and counts toward the
    budget. The stop button (KeyboardInterrupt) ends the search and gives back all that was tried before.

    With several workers, the strategy is told each score as soon as it is there and asked for the next params
    while the other trials are still running; `trials` are then in the order in which they were done. One
    worker makes the same trials as none.

    Parameters
    ----------
    objective : callable
        ``objective(params) -> float``, higher is better (for a loss, return ``-loss``). One that has an
        argument called `rng` is given a `numpy.random.Generator` that belongs to this trial and no other. The
        params are its own: whatever it does to them, the space and all trials stay as they were.
        Draw from that: worker processes that are forked all start with the same state of ``np.random`` and
        ``random``, so that different trials draw the same numbers from these.
    strategy : Strategy
        One that already has trials goes on from them.
    budget : int, optional
        How many trials to make. May be left out where the space or the grid has an end, or with `seconds`.
    seconds : float, optional
        Start no further trial after so many seconds.
    workers : int, optional
        How many trials run at once, in threads if there is no `executor`. With one, by default as many as it
        says it works on at once (a cluster that grows later should be told of here), and with a `timeout`
        better no more than that, since waiting in a queue counts too.
    executor : concurrent.futures.Executor, or a function that makes one, optional
        Who runs the trials: ``lambda: ProcessPoolExecutor(4)``, ``client.get_executor()`` for a Dask cluster,
        loky's ``get_reusable_executor``. Its workers need pizzatune installed. What a function has made is
        closed in the end; an executor that is handed over stays open. An objective that leaves its worker
        (SystemExit) is a failed trial there.

        Where a worker is lost, Dask runs its trial again by itself, as often as its `allowed-failures` say.
        Where a whole pool breaks, the function is called for a new one, and the trials that were running are
        run again, each up to three times in all; without a function the search stops with all it has. It also
        stops where no worker can begin, as its initializer fails. The processes of a pool that a function
        made end when this one does, however it ends.
    timeout : float, optional
        Seconds for one trial, from when it is handed over: a worker's start and its way there count too. One
        that takes longer is a failed trial, and its slot is given to the next. The worker processes of a pool
        that a function made are ended (what else was running there is run again). A thread cannot be ended:
        it runs on in the background, keeping its memory and a share of a core, until it returns or the
        program ends. (The threads of `workers` do not keep a program from ending; those of a
        ThreadPoolExecutor do.) On an executor that was handed over, and on a cluster, the slot stays taken
        until the trial returns; the search does with fewer, and stops when none is left.
    max_failures : int, optional
        Start no further trial after more than so many have failed in this call; `stopped` sums up why.
    store : str or Path, optional
        A file that keeps each trial before the next is asked for. The same line run again goes on where it
        stopped, with the same trials as if it never had; `budget` then counts those in the file as well. What
        several workers were at when it stopped is tried again first, under the numbers it was asked under.
    progress : bool, optional
        Whether to show a progress bar; by default one appears when the search takes longer than two seconds.

    Returns
    -------
    Result

    Raises
    ------
    TypeError, ValueError
        If the objective is no function, or the budget no whole number from 0 up, or the search has no end; if
        the objective or an option cannot be sent to a worker process; if the file in `store` keeps another
        search.
    OSError
        If the file in `store` cannot be written, or another search is writing it.

    Examples
    --------
    >>> from pizzatune.parameters import Real
    >>> from pizzatune.space import Space
    >>> from pizzatune.strategies import GridSearch
    >>> space = Space(Real("x", 0, 10))
    >>> result = tune(lambda params: -abs(params["x"] - 3), GridSearch(space))
    >>> result.best_params, result.best_score, len(result.trials)
    ({'x': 3.0}, -0.0, 5)
    >>> result = tune(lambda params: -abs(params["x"] - 3), GridSearch(space), workers=4, timeout=60)
    >>> result.best_params, len(result.trials)
    ({'x': 3.0}, 5)
    """
    _check(objective, strategy, budget, seconds, workers, timeout, max_failures)
    owner = getattr(objective, "__self__", objective)  # a menu knows what its scores and trials are called
    labels = getattr(owner, "score_label", "score"), getattr(owner, "trial_label", "trial")
    with ExitStack() as held:
        button = held.enter_context(StopButton())
        file = held.enter_context(_opened(store, strategy, *labels)) if store is not None else None
        hired = held.enter_context(Workers(objective, executor, workers, timeout, strategy.space))
        limits = _Limits(
            strategy, budget, seconds, max_failures, done=len(file.trials) if file is not None else 0
        )
        bar = held.enter_context(Progress(budget, progress, done=limits.asked()))
        best = strategy.best
        waiting = len(strategy.pending)  # asked for by the caller; not ours to take back
        try:
            noted = file if hired.count > 1 else None  # one at a time follows from the trials before it
            owed = file.asked if file is not None else ()
            for job, outcome in hired.run(_jobs(objective, strategy, limits, owed, noted)):
                trial = _tell(strategy, job, outcome)
                if file is not None:
                    file.record(trial)
                limits.count(trial)
                best = best_trial([trial] if best is None else [best, trial])
                bar.advance(f"best {best.score:.4g}" if best is not None else "")
                button.on = True  # an objective may have taken a press for itself
            button.off()
        except KeyboardInterrupt:
            button.off()
            limits.stopped = "stopped by hand"
            for job, outcome in hired.ready():  # done while the strategy was thinking
                _tell(strategy, job, outcome)
            _record_again(file, strategy)
        except Lost as lost:
            limits.stopped = str(lost)
        finally:
            while len(strategy.pending) > waiting:
                last = strategy.pending[-1]
                strategy.withdraw(last.params if last.given is None else last.given)
    return Result(tuple(strategy.trials), strategy, limits.stopped, *labels, objective=objective)


def _jobs(
    objective: Objective,
    strategy: Strategy,
    limits: _Limits,
    owed: Sequence[Suggestion],
    noted: Store | None,
) -> Iterator[Job]:
    """Ask for one suggestion after another, each when a worker is free for it, until a limit is reached.

    First come those `owed`: asked for when the search ran before, and never told. What is asked for is
    written down in `noted` before it is tried.
    """
    wants_rng = _takes_rng(objective)
    again = iter(owed)
    while not limits.reached():
        number, suggestion = strategy.next_ask, next(again, None)
        if suggestion is not None and suggestion.number is not None:
            if strategy.has_asked(suggestion.number):
                continue
            number, params = suggestion.number, strategy.ask_again(suggestion)
        else:
            try:
                params = strategy.ask()
            except Exhausted:
                limits.stopped = "every combination tried"
                return
            if noted is not None:
                noted.ask(strategy.pending[-1])
        yield Job(params, [strategy.seed, number, 1] if wants_rng else None)


def _tell(strategy: Strategy, job: Job, outcome: Outcome) -> Trial:
    return strategy.tell(job.params, outcome.score, error=outcome.error, seconds=outcome.seconds)


class _Limits:
    """When to ask for no more, and why."""

    def __init__(
        self,
        strategy: Strategy,
        budget: int | None,
        seconds: float | None,
        max_failures: int | None,
        done: int,
    ) -> None:
        self.strategy = strategy
        self.budget = budget
        self.seconds = seconds
        self.max_failures = max_failures
        self.first = len(strategy.trials) + len(strategy.pending) - done  # `done` count toward the budget
        self.start = time.perf_counter()
        self.errors: list[str] = []
        self.stopped = ""

    def asked(self) -> int:
        """How much of the budget is spent or on its way."""
        return len(self.strategy.trials) + len(self.strategy.pending) - self.first

    def count(self, trial: Trial) -> None:
        if trial.error is None:
            return
        self.errors.append(trial.error)
        if self.max_failures is not None and len(self.errors) > self.max_failures:
            self.stopped = f"stopped after {len(self.errors)} failures ({_summary(self.errors)})"

    def reached(self) -> bool:
        if self.stopped:
            return True
        if self.budget is not None and self.asked() >= self.budget:
            self.stopped = "budget spent"
        elif self.seconds is not None and time.perf_counter() - self.start >= self.seconds:
            self.stopped = f"stopped after {self.seconds:g} s"
        return bool(self.stopped)


def _summary(errors: Sequence[str]) -> str:
    """The three most frequent errors, each with how often it came."""
    first_lines = [
        shorten(error.partition("\n")[0], 100, placeholder=" ...") or "no reason was given"
        for error in errors
    ]
    counted = Counter(first_lines).most_common()
    more = f"; {len(counted) - 3} other kinds" if len(counted) > 3 else ""
    return "; ".join(f"{times} x {error}" for error, times in counted[:3]) + more


def _opened(path: str | PathLike[str], strategy: Strategy, score_label: str, trial_label: str) -> Store:
    """The file of this search, with all that the strategy has been told; and the other way round."""
    from pizzatune.store import Store  # loads sqlite3

    file = Store.open(path, strategy, score_label=score_label, trial_label=trial_label)
    if len(file.trials) > len(strategy.trials):
        # The caller's own strategy goes on, as it does without a store.
        vars(strategy).update(vars(strategy.rebuilt(file.trials)))
    return file


def _record_again(file: Store | None, strategy: Strategy) -> None:
    """The stop button may come before a trial is written, or meanwhile; opening the file mends that."""
    if file is not None:
        file.close()
        file.open(file.path, strategy).close()


def _takes_rng(objective: Objective) -> bool:
    try:
        return "rng" in inspect.signature(objective).parameters
    except (TypeError, ValueError):  # some built-in functions have no signature to read
        return False


def _check(
    objective: Any, strategy: Any, budget: Any, seconds: Any, workers: Any, timeout: Any, max_failures: Any
) -> None:
    if not callable(objective):
        raise TypeError(
            f"objective must be a function of params, got {shown(objective)}; {_instead_of(objective)}"
        )
    if not isinstance(strategy, Strategy):
        raise TypeError(
            f"strategy must be a strategy such as RandomSearch(space), got {shown(strategy)}; "
            + _called(strategy)
        )
    no_limit, others = "for no limit, leave it out", "for other workers than threads, use executor="
    counts = (("budget", budget, 0, no_limit), ("max_failures", max_failures, 0, no_limit))
    for name, value, least, hint in (*counts, ("workers", workers, 1, others)):
        if value is not None:
            whole_number(name, value, least, hint=hint)
    for name, value in (("seconds", seconds), ("timeout", timeout)):
        if value is not None:
            real_number(name, value, 0, above=name == "timeout", finite=False, hint=no_limit)
    ends = not strategy.repeats and (hasattr(strategy, "__len__") or math.isfinite(strategy.space.size))
    if budget is None and seconds is None and not ends:
        raise ValueError(
            "this search would never end; say how many trials with budget=..., or how long with seconds=..."
        )


def _instead_of(objective: Any) -> str:
    """What to pass, where no function came as the objective."""
    if callable(getattr(objective, "taste", None)):
        return "pass its .taste"
    if isinstance(objective, Strategy):
        return "the objective comes first, then the strategy"
    return "pass the function itself, not what it returns"


def _called(strategy: Any) -> str:
    """What to pass, where no strategy came."""
    if isinstance(strategy, type) and issubclass(strategy, Strategy):
        return f"call it with a space first: {strategy.__name__}(space)"
    if callable(strategy):
        return "the objective comes first, then the strategy"
    return "pass RandomSearch(menu.space)" if hasattr(strategy, "space") else "pass e.g. RandomSearch(space)"
