"""A learner's function, run so that it can neither hang, print, ask nor end the lesson."""

from __future__ import annotations

import builtins
import contextlib
import io
import linecache
import signal
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Coroutine, Generator, Iterator
from types import FrameType
from typing import Any

SECONDS, IN_ALL = 2.0, 10.0
"""What one call of a learner's function may take, and all its calls in one check together."""

AGAIN = 0.05  # seconds until it is stopped once more, where it caught that it was stopped


class Endless(BaseException):
    """Time is up. No Exception: a learner's ``except Exception`` does not catch it."""


class Guarded:
    """A learner's function, to be called in its place; it remembers what went wrong.

    Attributes
    ----------
    error : BaseException or None
        What the last call that failed raised.
    endless : bool
        Whether time was up.
    silent : bool
        Whether every call that came to its end gave None.
    unfinished : bool
        Whether the last call gave something that still has to be run.

    Examples
    --------
    >>> def report(scores):
    ...     print(scores[7])
    >>> guarded = Guarded(report)
    >>> guarded([1, 2])
    Traceback (most recent call last):
    ...
    IndexError: list index out of range
    >>> guarded.trouble()
    'your function stops in its line 2: IndexError: list index out of range.'
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function, self.left = function, IN_ALL
        self.error: BaseException | None = None
        self.endless = self.silent = self.printed = self.unfinished = False
        self._calls = 0

    def __call__(self, *arguments: Any) -> Any:
        said = io.StringIO()
        start = time.monotonic()
        try:
            if self.left <= 0:
                raise Endless
            with quiet(said), time_limit(min(self.left, SECONDS)):
                found = self.function(*arguments)
        except Endless:
            self.endless, self.left = True, 0.0
            raise
        except KeyboardInterrupt:
            raise
        except Exception as error:
            self.error = error
            raise
        except BaseException as error:  # exit() and its like
            self.error = error
            raise RuntimeError(f"it ended with {type(error).__name__}") from error
        finally:
            self.left -= time.monotonic() - start
            self.printed |= said.closed or bool(said.getvalue())
        self.silent = found is None and (self.silent or not self._calls)
        self.unfinished = isinstance(found, Generator | Coroutine)
        if isinstance(found, Coroutine):
            found.close()
        self._calls += 1
        return found

    def trouble(self) -> str:
        """What went wrong, in a sentence; "" if nothing did."""
        if self.endless:
            return "your function takes too long, and was stopped. Does its loop ever end?"
        if self.error is not None:
            name, words = type(self.error).__name__, str(self.error)
            return f"your function stops{self._where()}: {name}{': ' if words else ''}{words[:200]}."
        if self.unfinished:
            return "the function has a yield or an async in it, so it gives no answer. Write a plain return."
        if self._calls and self.silent:
            if self.printed:
                return "the function prints its answer, and gives nothing back. Write return, not print."
            return "the function gives nothing back: is a return missing?"
        return ""

    def _where(self) -> str:
        code = getattr(self.function, "__code__", None)
        steps = traceback.extract_tb(self.error.__traceback__ if self.error else None)
        lines = [step.lineno for step in steps if code and step.filename == code.co_filename and step.lineno]
        if not lines or not code or not linecache.getline(code.co_filename, code.co_firstlineno):
            return ""
        return f" in its line {lines[-1] - code.co_firstlineno + 1}"


@contextlib.contextmanager
def quiet(said: io.StringIO) -> Iterator[None]:
    """Nothing is shown and nobody is asked; what would have been printed goes into `said`."""

    def no_input(*_: Any) -> str:
        raise RuntimeError("it asks with input(), and nobody is there to answer. Use its arguments")

    before, builtins.input = builtins.input, no_input
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with _no_pictures():
                yield
    finally:
        builtins.input = before


@contextlib.contextmanager
def _no_pictures() -> Iterator[None]:
    """What is displayed in a notebook is not."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None:
        yield
        return
    from IPython.core.displaypub import CapturingDisplayPublisher

    # IPython is typed only in part.
    before, shell.display_pub = shell.display_pub, CapturingDisplayPublisher()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        shell.display_pub = before


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Stop what runs inside with `Endless` after so many seconds.

    With the alarm of the system, where there is one; else by looking at the clock at each step.
    """
    over = False
    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():

        def ring(*_: Any) -> None:
            if not over:
                raise Endless

        before = signal.signal(signal.SIGALRM, ring)
        rest, again = signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
        start = time.monotonic()
        try:
            try:
                yield
            finally:
                over = True  # an alarm that rings in this very moment still finds the lines below
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
            if rest:  # somebody else's alarm
                signal.setitimer(signal.ITIMER_REAL, max(rest - (time.monotonic() - start), AGAIN), again)
        return
    end, other = time.monotonic() + seconds, sys.gettrace()

    def look(frame: FrameType, event: str, argument: Any) -> Any:
        frame.f_trace_opcodes = True  # a loop without a body has no lines
        if time.monotonic() > end:
            raise Endless
        return look

    sys.settrace(look)
    try:
        yield
    finally:
        sys.settrace(other)
