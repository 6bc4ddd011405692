"""A progress bar that appears only when something turns out to take long, and that never gets in the way."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Self

PATIENCE = 2.0  # seconds before a bar appears by itself


class Progress:
    """A tqdm bar, in notebook or terminal.

    Where it cannot be drawn (a program without a screen, a full disk behind it) there is none, and what it
    would have shown goes on.

    Parameters
    ----------
    total : int or None
        How many there are to do, where that is known.
    wanted : bool or None
        Whether to show it; None shows it after `PATIENCE` seconds.
    unit : str
        What is counted.
    done : int
        How many were done before.
    """

    def __init__(self, total: int | None, wanted: bool | None, unit: str = "trial", done: int = 0) -> None:
        self.total = total
        self.wanted = wanted
        self.unit = unit
        self.before = self.done = done
        self.start = time.perf_counter()
        self.bar: Any = None

    def __enter__(self) -> Self:
        if self.wanted:
            self._draw(self._open)
        return self

    def advance(self, note: str = "") -> None:
        """One more is done; `note` stands behind the bar."""
        self.done += 1
        if self.bar is None and self.wanted is None and time.perf_counter() - self.start > PATIENCE:
            self._draw(self._open)
        if self.bar is not None:
            self._draw(lambda: self._move(note))

    def __exit__(self, *problem: object) -> None:
        if self.bar is not None:
            self._draw(self.bar.close)

    def _open(self) -> None:
        from tqdm.auto import tqdm  # loads only when a bar is due

        self.bar = tqdm(total=self.total, initial=self.before, unit=self.unit, leave=False)

    def _move(self, note: str) -> None:
        self.bar.set_postfix_str(note, refresh=False)
        self.bar.update(self.done - self.bar.n)

    def _draw(self, act: Callable[[], object]) -> None:
        """Do something to the bar; where that fails, do without one from now on."""
        try:
            act()
        except Exception:  # nowhere to write: no stderr, a closed one, a full disk, a broken pipe
            if self.bar is not None:
                self.bar.disable = True  # or tqdm would try again by itself
            self.bar, self.wanted = None, False
