"""Pools of workers: made, looked into, guarded and ended.

A pool is any `concurrent.futures.Executor`. One of processes that a function of the caller made is ours: its
workers leave when we are gone, say so when they cannot begin, and are ended when they hang.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from concurrent.futures.thread import BrokenThreadPool
from threading import Thread
from typing import Any, Protocol

from pizzatune.checks import is_whole, shown
from pizzatune.complaints import said, text_of
from pizzatune.parameters import Choice
from pizzatune.space import Space
from pizzatune.values import is_fixed


class Lost(Exception):
    """The executor can run no more trials, and nobody can make another one."""


class Unfit(Lost):
    """A worker could not begin, and neither can any other."""


class Bell(Protocol):
    """What a worker rings when it is ready: a semaphore."""

    def acquire(self, block: bool = ...) -> bool: ...
    def release(self) -> None: ...


trouble = ""  # in a worker: why it could not begin


def made_by(make: Any) -> Executor:
    """The pool that `make` makes, or is."""
    pool = make() if callable(make) else make
    if not isinstance(pool, Executor):
        fitting = "pass e.g. lambda: ProcessPoolExecutor(4)"
        if hasattr(pool, "get_executor"):
            fitting = "pass its .get_executor()"
        elif is_whole(pool):
            fitting = f"for so many threads, write workers={pool}"
        raise TypeError(
            "executor must be a concurrent.futures.Executor or a function that makes one, "
            f"got {shown(pool)}; {fitting}"
        )
    return pool


def check_travels(objective: Any, space: Space | None, pool: Executor) -> None:
    """What pickle cannot send to the pool's processes is refused at once, not once for each trial."""
    if not hasattr(pool, "_processes"):
        return
    from concurrent.futures import ProcessPoolExecutor  # only now, as it loads a good deal
    from multiprocessing.reduction import ForkingPickler

    if not isinstance(pool, ProcessPoolExecutor):
        return  # loky sends more than pickle can
    remedy = (
        "define it at the top of a module, or use workers= for threads, or loky or Dask, which send the "
        "function itself"
    )
    try:
        ForkingPickler.dumps(objective)
    except Exception as error:
        raise TypeError(f"objective cannot be sent to another process ({said(error)}); {remedy}") from error
    choices = [parameter for parameter in space.parameters if isinstance(parameter, Choice)] if space else []
    for parameter in choices:
        for option in parameter.options:
            try:
                if isinstance(option, type) or not is_fixed(option):
                    pickle.loads(ForkingPickler.dumps(option))
            except Exception as error:
                raise TypeError(
                    f"option {shown(option)} of {parameter.name!r} cannot be sent to another process "
                    f"({said(error)}); take one that can, such as a name from which the objective makes it, "
                    "or use workers= for threads"
                ) from error


def slots(pool: Executor) -> int:
    """How many trials an executor works on at once, as far as it tells."""
    client = getattr(pool, "_client", None)
    if client is not None:  # Dask
        return max(1, sum(map(int, client.ncores().values())))
    return int(getattr(pool, "_max_workers", None) or os.cpu_count() or 1)


# -- what a worker of ours does first ------------------------------------------------------------------------


def guard(pool: Executor) -> Bell | None:
    """Let the processes of a new pool leave with us, and ring when they are ready; None for other pools."""
    inside = getattr(pool, "__dict__", {})
    if inside.get("_processes") != {} or not {"_initializer", "_initargs", "_mp_context"} <= inside.keys():
        return None
    from concurrent.futures import ProcessPoolExecutor

    if not isinstance(pool, ProcessPoolExecutor):
        return None
    bell: Bell = inside["_mp_context"].Semaphore(0)
    inside.update(_initializer=begin, _initargs=(bell, inside["_initializer"], inside["_initargs"]))
    return bell


def begin(bell: Bell, initializer: Callable[..., object] | None, arguments: tuple[Any, ...]) -> None:
    """Begin as a worker: watch whom it works for, do what the caller wants done first, and ring."""
    global trouble
    leave_with_parent()
    try:
        if initializer is not None:
            initializer(*arguments)
    except BaseException as error:  # as the pool would catch it, which then only says that it broke
        trouble = said(error)
    bell.release()


def leave_with_parent() -> None:
    """End this process as soon as the one that started it is gone, even if that was killed."""
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        Thread(target=_leave_with, args=(parent,), daemon=True).start()


def _leave_with(parent: Any) -> None:
    parent.join()  # however it ends, the system closes its end of a pipe
    os._exit(1)


def check_fit() -> None:
    """Complain if this worker could not begin."""
    if trouble:
        raise Unfit(
            f"stopped, since the initializer of the executor failed ({trouble}); mend it, or leave it out"
        )


# -- ended, or broken ----------------------------------------------------------------------------------------


def processes_of(pool: Executor) -> list[Any]:
    """The worker processes that a pool of the standard library or of loky has on this machine."""
    return list((getattr(pool, "_processes", None) or {}).values())


def end(pool: Executor) -> None:
    """End a pool and its processes, whatever they are at."""
    for process in processes_of(pool):
        try:
            process.kill()
        except AttributeError:  # loky's processes know only the gentler word
            process.terminate()
    pool.shutdown(wait=False)


def broke(future: Future[Any]) -> bool:
    """Whether the executor gave a trial back undone."""
    return future.cancelled() or isinstance(future.exception(), BrokenExecutor)


def why_broke(future: Future[Any]) -> str:
    """Why, in the executor's words."""
    return "it cancelled a trial" if future.cancelled() else text_of(future.exception())


def cannot_begin(future: Future[Any], bell: Bell | None) -> str:
    """Why a pool that broke before its first trial would break again; empty where it might not."""
    if not future.cancelled() and isinstance(future.exception(), BrokenThreadPool):
        return "stopped, since the initializer of the executor failed; mend it, or leave it out"
    if bell is None or bell.acquire(block=False):
        return ""
    return (
        f"stopped, since no worker of the executor could begin ({why_broke(future)}); look at its "
        "initializer and at what your script does when it is imported: call tune below "
        "`if __name__ == '__main__':`"
    )
