"""What all explorers share; `pizzatune.explore` says how to write one."""

from __future__ import annotations

import asyncio
import math
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pizzatune.explore import sharing, standalone
from pizzatune.explore.choices import Button, Pick, Switch
from pizzatune.explore.controls import Control, Knob, Steps
from pizzatune.explore.page import Card, Out, Page, close_others_of_this_cell, twin
from pizzatune.explore.widget import Widget
from pizzatune.pictures import svg_file
from pizzatune.pictures.marks import Layers

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Button", "Card", "Control", "Explorer", "Knob", "Out", "Pick", "Steps", "Switch"]

TAKEN = ("beginning", "controls", "data", "error", "lock", "marks", "reading", "run")  # no names for controls
SLICE = 0.04  # seconds of work on a run between two looks at what the learner does
PAUSE = 0.005  # seconds left to the kernel in between
REST = 0.06  # seconds without a turn before a pizza is drawn, which takes some 30 ms


class Explorer(Widget):
    """A picture, the knobs that change it, and a sentence that reads it aloud; see the top of this module.

    Parameters
    ----------
    **starts
        Where controls start: ``minutes=6``.

    Attributes
    ----------
    controls : dict
        Name -> control, in the order they were declared; each is an attribute, too.
    data
        The numbers behind the picture, as `model` gave them last.
    marks : dict
        Layer -> the marks of the picture, as `picture` gave them last.
    run
        What `rerun` yielded last; None without one.
    reading : str
        The sentence under the picture.
    error : Exception or None
        What the last turn of a knob raised.

    Raises
    ------
    TypeError, ValueError
        If there is no such control, or a start does not fit.
    """

    title: str = ""
    size: ClassVar[tuple[float, float]] = (660.0, 440.0)
    lines: ClassVar[int] = 5  # of the page for the reading; it keeps more once it needed more
    plans: ClassVar[dict[str, Control]] = {}
    recorded: ClassVar[tuple[str, ...] | None] = None  # knobs for `save`; by default the first in front
    films: ClassVar[int] = 400  # settings of these that it records at most: fewer where each is slow
    opened_with: tuple[Any, ...] = ()  # what its maker took beside starts; None where it was left out

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = {name: plan for name, plan in vars(cls).items() if isinstance(plan, Control)}
        for name in own:
            if hasattr(Explorer, name) or name in TAKEN:
                raise TypeError(f"a control cannot be called {name}: explorers have that already; rename it")
        cls.plans = {**cls.plans, **own}

    def __init__(self, **starts: Any) -> None:
        close_others_of_this_cell(self)
        super().__init__()
        self.lock = threading.RLock()  # newer kernels take widget messages in a thread of their own
        self._quiet = True  # controls that change now cause no redraw
        self._page = Page()
        self._ticket: object = None  # of the run that is on
        self._work: Iterator[Any] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._drawing = False
        self.data: Any = None
        self.run: Any = None
        self.marks: Layers = {}
        self.reading = ""
        self.error: Exception | None = None
        self._card: Card | None = None
        self.controls = {name: plan.for_explorer(self) for name, plan in self.plans.items()}
        try:
            self.prepare()
            self.beginning = {name: control.value for name, control in self.controls.items()}
            for name, value in starts.items():
                self._known(name, value).value = value
            self._work = self.rerun()
            self._advance(math.inf, self.enough)
            if self.error is not None:
                raise self.error
        except BaseException:
            self.close()
            raise
        self._quiet = False
        self.on_msg(self._take_message)

    def _known(self, name: str, value: Any) -> Control:
        if name not in self.controls:
            known = ", ".join(self.controls) or "none"
            raise TypeError(f"{type(self).__name__} has no control {name!r}, got {value!r}; it has {known}")
        return self.controls[name]

    # -- what a subclass fills in

    def prepare(self) -> None:
        """Fill in options and limits of controls before the starting values are set."""

    def rerun(self) -> Iterator[Any]:
        """Run the strategy; yield ever more complete states."""
        yield None

    def enough(self) -> bool:
        """Whether a new explorer's run is far enough to be shown; by default only its end is."""
        return False

    def model(self) -> Any:
        """Work out the numbers behind the picture, from the knobs and `run`."""
        raise AssertionError("each explorer has its own")

    def picture(self, numbers: Any) -> Layers:
        """The marks, by layer."""
        raise AssertionError("each explorer has its own")

    def read(self, numbers: Any) -> str:
        """Read the picture aloud, in at most three lines: what, why, so far."""
        raise AssertionError("each explorer has its own")

    def table(self, numbers: Any) -> Mapping[str, Any]:
        """The numbers as columns."""
        raise AssertionError("each explorer has its own")

    def card(self, numbers: Any) -> Card | None:
        """The pizza just out of the oven."""
        return None

    def clicked(self, name: str, x: float, y: float) -> None:
        """A mark was clicked, at a share of its panel's width and height."""

    def dragged(self, name: str, x: float, y: float) -> None:
        """A mark was dragged to a share of its panel's width and height."""

    def memory(self) -> Any:
        """What was done by hand that no control tells, as plain JSON; None where there is nothing."""
        return None

    def remember(self, memory: Any) -> None:
        """Do again what `memory` told of another explorer, which had the same starts as this one."""

    # -- what people call

    @property
    def running(self) -> bool:
        """Whether a run is under way."""
        return self._work is not None

    def set(self, **values: Any) -> None:
        """Turn several controls with one redraw.

        Raises
        ------
        TypeError, ValueError
            If there is no such control, or a value does not fit; then none is turned.
        """
        known = {self._known(name, value): value for name, value in values.items()}
        with self.lock:
            self._answer(self._turn({control: control.check(value) for control, value in known.items()}))

    def settle(self) -> Self:
        """Finish a run that is under way, and give the explorer back."""
        while self.running:
            self._advance(math.inf)
        return self

    def share(self) -> str:
        """Its state as a short text for a chat message; ``pt.explore.open(text)`` opens it again.

        Raises
        ------
        ValueError
            If it shows what only you have, such as a result of yours.

        Examples
        --------
        >>> import pizzatune as pt
        >>> text = pt.explore.random(seed=7, levels=4).share()
        >>> text.split(":")[:2], len(text) < 60
        (['pizza1', 'random'], True)
        >>> pt.explore.open(text).seed.value
        7
        """
        return sharing.share(self)

    def save(self, path: str | os.PathLike[str], knobs: Sequence[str] | None = None) -> Path:
        """Write a page of its own: one file such as ``"families.html"`` that plays without Python or network.

        Its steps work, and one or two `knobs` of your choice. It holds at most 400 pictures, in at most 2 MB:
        where there are more settings, some are left out, and the page says so.

        Raises
        ------
        TypeError, ValueError, OSError
            If there is no such knob, the name has another ending, or the file cannot be written. What was
            there is left as it was.
        """
        return standalone.save(self, path, knobs)

    def to_frame(self) -> pd.DataFrame:
        """The numbers behind the picture as a pandas table."""
        import pandas as pd

        return pd.DataFrame(dict(self.table(self.data)))

    def close(self) -> None:
        """Stop what is under way, take the explorer off the page, and give back the memory it held."""
        if "_page" in vars(self):
            self._work = self._ticket = self.run = self._card = None
            self.marks = {}
            self._page = Page()
            self.forget()
        if self.layout is not None:
            self.layout.close()
        super().close()

    def forget(self) -> None:
        """Throw away what is remembered only to be quick; called when the explorer is closed."""

    # -- turning

    def on_change(self, control: Control) -> None:
        """A control has a new value: answer it, unless `model`, `picture` or `rerun` set it themselves."""
        with self.lock:
            if not self._quiet:
                self._answer([control])

    def _turn(self, values: Mapping[Control, Any]) -> list[Control]:
        """Give controls checked values without a redraw; those that changed."""
        quiet, self._quiet = self._quiet, True
        try:
            return [control for control, value in values.items() if control.take(value)]
        finally:
            self._quiet = quiet

    def _answer(self, changed: list[Control]) -> None:
        """Redraw after controls changed; run anew first where one of them asks for it."""
        if any(control.reruns for control in changed):
            self._work = self.rerun()
            self._advance(0.0)
            if self._work is not None:
                self._go_on()
        elif changed:
            self._refresh()

    def _advance(self, seconds: float, enough: Callable[[], bool] = lambda: False) -> None:
        """Work on the run for some seconds or until it is enough, at least to its next state, and show it."""
        with self.lock:
            if self._work is None:
                return
            end = time.perf_counter() + seconds
            quiet, self._quiet = self._quiet, True
            try:
                while True:
                    self.run = next(self._work)
                    if time.perf_counter() >= end or enough():
                        break
            except StopIteration:
                self._work = None
            except Exception as error:
                self._work = None
                self._fail(error)
                return
            finally:
                self._quiet = quiet
            self._refresh()

    def _go_on(self) -> None:
        """Work on the run in between the learner's other doings; one that was on before is dropped."""
        self._ticket = ticket = object()
        self._in_loop(self._stream(ticket))

    async def _stream(self, ticket: object) -> None:
        while ticket is self._ticket and self._work is not None:
            await asyncio.sleep(PAUSE)
            with self.lock:
                if ticket is self._ticket:
                    self._advance(SLICE)

    def _in_loop(self, work: Any) -> None:
        """Let the running event loop do it; where there is none, `settle` will."""
        try:
            task = asyncio.get_running_loop().create_task(work)
        except RuntimeError:
            work.close()
            return
        self._tasks.add(task)  # the loop itself would forget it
        task.add_done_callback(self._tasks.discard)

    def _refresh(self) -> None:
        """Model, picture, read, send."""
        quiet, self._quiet = self._quiet, True
        try:
            numbers = self.model()
            marks = self.picture(numbers)
            reading = self.read(numbers)
            card = self.card(numbers)
        except Exception as error:
            self._fail(error)
            return
        finally:
            self._quiet = quiet
        self.data, self.marks, self.reading, self._card = numbers, marks, reading, card
        self.error = None
        self._report()

    def _fail(self, error: Exception) -> None:
        """Say in place what went wrong, and keep it."""
        self.error = error
        words = str(error) if isinstance(error, ValueError | TypeError) else ""
        words = words or f"something went wrong here ({type(error).__name__}: {error})"
        self.reading = f"{words[0].upper()}{words[1:]}. The picture is the one before; turn a knob to go on."
        self._report()

    # -- to and from the page

    def _take_message(self, _: Any, content: Mapping[str, Any], __: Any) -> None:
        """Answer what the page says: that it is there, a turn of knobs, a click, or a drag."""
        with self.lock:
            self._page.seen = max(self._page.seen, int(content.get("turn", 0)))
            self._page.answers = True
            what = content.get("do")
            try:
                if what == "hello":
                    self._page = Page(listening=True)
                    self._report()
                    if self.running and self._ticket is None:  # opened before its run was at its end
                        self._go_on()
                elif what == "turn":
                    hands = {self.controls[name]: value for name, value in content["values"].items()}
                    self._answer(self._turn({one: one.from_page(value) for one, value in hands.items()}))
                elif what in ("click", "drag"):
                    (self.clicked if what == "click" else self.dragged)(content["name"], *content["at"])
            except Exception as error:
                self._fail(error)
            if self._page.answers:  # nothing was redrawn, but the page waits for a word
                self._report()

    def _report(self) -> None:
        """Send the page what is new."""
        if self._page.listening:
            self.send(self._page.news(self))
        if self._page.undrawn and not self._drawing:
            self._drawing = True
            self._in_loop(self._draw())

    async def _draw(self) -> None:
        """Draw the pizzas that the page waits for, one by one, whenever the hand rests."""
        while self._page.undrawn:
            seen = self._page.seen
            await asyncio.sleep(REST)
            with self.lock:
                if seen == self._page.seen and self._page.undrawn:
                    self.send(self._page.drawn())
        self._drawing = False

    # -- where there is no kernel

    def still(self) -> str:
        """The picture as it stands, as an SVG file."""
        every = [mark for marks in self.marks.values() for mark in marks]
        every = [mark for mark in every if getattr(mark, "opacity", 1.0)]  # not what is only made ready
        return svg_file.document(every, *self.size, f"{self.title}: {self.reading}")

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The live widget, and beside it what is shown where no kernel runs: the still, and fixed text."""
        bundle = super()._repr_mimebundle_(**kwargs) or {}
        data = dict(bundle[0] if isinstance(bundle, tuple) else bundle)
        data["text/plain"] = repr(self)
        data["text/html"] = twin(self)
        return data, {}

    def __repr__(self) -> str:
        return f"{self.title or type(self).__name__}: {self.reading}".replace("\n", " ")
