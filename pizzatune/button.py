"""The stop button: what a press of Ctrl+C does, and what a second one, in haste, does not undo."""

from __future__ import annotations

import signal
import time
from types import FrameType
from typing import Self

GRACE = 10.0  # seconds for which nothing interrupts the putting away of what was done


class StopButton:
    """While it is held, one press interrupts (KeyboardInterrupt) and further ones wait until all is safe.

    A second press right after the first would interrupt whatever stores the last trials, and cost the result
    that the first one was to give back. `off` is called when nothing is left to be interrupted. After `GRACE`
    seconds a press interrupts again, lest anything hang for good. Where Python's usual way with the button
    was replaced by another, or outside the main thread, which hears no button, this does nothing.
    """

    def __init__(self) -> None:
        self.on = True
        self.since = 0.0  # when it was turned off
        self.held = False

    def __enter__(self) -> Self:
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            try:
                signal.signal(signal.SIGINT, self._press)
                self.held = True
            except ValueError:  # in another thread than the main one
                pass
        return self

    def off(self) -> None:
        """From now on, let no press interrupt."""
        self.on, self.since = False, time.monotonic()

    def _press(self, number: int, frame: FrameType | None) -> None:
        if self.on or time.monotonic() - self.since > GRACE:
            self.off()
            signal.default_int_handler(number, frame)

    def __exit__(self, *problem: object) -> None:
        if self.held and signal.getsignal(signal.SIGINT) == self._press:
            signal.signal(signal.SIGINT, signal.default_int_handler)
