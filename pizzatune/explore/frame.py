"""What all explorers share. How to write one, by example::

    class RiseExplorer(Explorer):
        \"\"\"Turn the yeast; watch the dough rise.\"\"\"

        title = "Let it rise"
        yeast = Knob(0.5, 20, value=7, unit="g", log=True)   # a slider tied to a labelled number box
        flour = Pick(["Wheat", "Rye"])                       # a list; or buttons=True, several=True
        lid = Switch(True, label="With a lid")               # on or off

        def build(self, figure):                             # once: axes, labels, all artists
            ax = self.axes(0.1, 0.14, 0.85, 0.8)             # left, bottom, width, height: parts of the whole
            ax.set(xlim=(0, 24), ylim=(0, 4), xlabel="hours", ylabel="times as high")
            (line,) = ax.plot([], [], color=TOMATO, linewidth=3)
            self.line = self.moves(line)                     # "this artist moves": it is blitted

        def model(self):                                     # numbers only; a pure function of the knobs
            return rise(self.yeast.value, self.flour.value, self.lid.value)

        def draw(self, numbers):                             # move what `build` made; make nothing new
            self.line.set_data(numbers.hours, numbers.height)

        def read(self, numbers):                             # the picture in a sentence, with its numbers
            return f"With {self.yeast.text} of yeast it is highest after {numbers.peak:.0f} hours."

        def table(self, numbers):                            # columns for `.to_frame()`
            return {"hours": numbers.hours, "height": numbers.height}

``RiseExplorer(yeast=12)`` shows it; ``explorer.yeast.value = 3`` turns a knob from Python or a test; what
came of it is in ``explorer.data``, ``.reading``, ``.error`` and ``.to_frame()``. A door of its own goes into
``explore/__init__.py``.

**Redrawing.** At every turn the frame calls `model`, `draw` and `read`, draws the artists given to `moves`
over a stored background, and sends one image. Limits, ticks, legends and labels stay as `build` left them.
Where they must change all the same, change them in `draw` and call ``self.repaint("limits", limits)``: the
background is drawn anew, at some 25 ms, so not at every turn, or taken from memory where it stood like that.
No pyplot and no layout engine: `axes` places by hand, and `sheet` gives axes in dots from the upper left.
Text that moves is a `label`, which takes a fifth of the time of matplotlib's own. What is heavy, such as
hundreds of polygons, is drawn once into a bitmap and laid on: see `pizzatune.explore.bitmaps`, which also has
the pizzas.

**Running a strategy.** Knobs that change the search itself say ``reruns=True``, and the explorer has one more
part, a generator of ever more complete states. What it yielded last is ``self.run``::

        seed = Knob(0, 99, value=1, reruns=True)
        step = Steps(1, 20)                                  # step, play and reset buttons, and a slider

        def rerun(self):
            search = pt.RandomSearch(SPACE, seed=self.seed.value)
            for _ in range(20):                              # at most some 50 ms of work between two yields
                params = search.ask()
                search.tell(params, taste(params))
                yield tuple(search.trials)                   # not a list that grows: states never change

        def model(self):
            return self.run[: self.step.value]               # fewer than `step` says, while the run is on

The first state is shown at once, the rest streams in between the learner's other doings; a newer turn drops
an older run. The run of a new explorer is finished before it is shown. Without an event loop, as in a plain
test, ``explorer.settle()`` finishes what is under way, a run or a play. What `model`, `draw` or `rerun` set
themselves, such as ``self.step.value = 3``, is taken without another redraw.

**Starting.** Override ``prepare(self)`` to fill in options or limits before the starting values are set:
``self.topping.options = [...]``, ``self.step.high = 30``; both can change later, too. A subclass with
arguments of its own keeps them and then calls ``super().__init__(**starts)``. ``knob.enabled = False`` greys
a control out, ``knob.shown = False`` takes it off the panel; ``group="The strategy"`` puts a small heading
above it; ``explorer.set(a=1, b=2)`` turns several with one redraw; ``below(self)`` may return further widgets
to show under the picture.

**Looks.** ``size`` is in inches of 100 dots. Text on the picture has 14 points or more (`axes` sees to ticks
and labels), for it may be shown at two thirds of its size. Colours come from `pizzatune.plots.palette`.

**Errors.** What `model`, `draw`, `read` or `rerun` raises is said in words where the reading stands, with the
picture dimmed, and kept in ``.error``; the knobs go on working. While an explorer is made, it is raised.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import html
import io
import math
import re
import textwrap
import threading
import time
from collections import OrderedDict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

import ipywidgets as widgets
import numpy as np
from ipywidgets.widgets.trait_types import CByteMemoryView
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import Collection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray
from PIL import Image

from pizzatune.explore.bitmaps import Label, QuickCanvas, Word
from pizzatune.explore.controls import Control, Knob, Pick, Steps, Switch
from pizzatune.explore.style import STYLE
from pizzatune.plots.frame import dress
from pizzatune.plots.palette import INK, PAPER, PENCIL

if TYPE_CHECKING:
    import pandas as pd

Runs = tuple[NDArray[np.uint32], NDArray[np.intp]]
AnArtist = TypeVar("AnArtist", bound=Artist)

__all__ = ["Control", "Explorer", "Knob", "Pick", "Steps", "Switch"]

DPI = 100
TAKEN = ("controls", "data", "error", "figure", "lock", "picture", "reading", "run")  # no names for controls
SLICE = 0.04  # seconds of work on a run between two looks at what the learner does
QUALITY = 80  # of JPEG: text is sharp, and a picture has 60 to 110 kB
GROUNDS = 8  # backgrounds that an explorer remembers, some 200 kB each
PAUSE = 0.005  # seconds left to the kernel in between
FIRST_PAUSE = 0.03  # before the rest of the work: a thread sends the picture, and would have to wait for it


def _data_url(value: memoryview, _: Any) -> bytes:
    return b"data:image/jpeg;base64," + base64.b64encode(value)


class Picture(widgets.Image):  # type: ignore[misc]  # ipywidgets ships no types
    """A JPEG that travels as a data URL: a page shows that at once; bytes would become a blob to fetch."""

    value = CByteMemoryView(help="The JPEG as bytes").tag(sync=True, to_json=_data_url)

    def __init__(self, **settings: Any) -> None:
        super().__init__(format="url", **settings)


class Explorer(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
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
    size: ClassVar[tuple[float, float]] = (9.6, 6.0)
    plans: ClassVar[dict[str, Control]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = {name: plan for name, plan in vars(cls).items() if isinstance(plan, Control)}
        for name in own:
            if hasattr(Explorer, name) or name in TAKEN:
                raise TypeError(f"a control cannot be called {name}: explorers have that already; rename it")
        cls.plans = {**cls.plans, **own}

    def __init__(self, **starts: Any) -> None:
        super().__init__()
        self.lock = threading.RLock()  # newer kernels take widget messages in a thread of their own
        self._holding = False
        self._held: list[Control] = []
        self._ticket: object = None  # of the run that is on
        self._later_ticket: object = None
        self._work: Iterator[Any] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._made = False
        self._background: NDArray[np.uint32] | None = None  # the dots of all that does not move
        self._answering = False
        self.data: Any = None
        self.run: Any = None
        self.reading = ""
        self.error: Exception | None = None
        self.controls = {name: plan._bound(self) for name, plan in self.plans.items()}
        self.prepare()
        self._start(starts)
        self._make_figure()
        self._arrange()
        self._work = self.rerun()
        self._advance(math.inf)
        if self.error is not None:
            raise self.error
        self._made = True

    def _start(self, starts: Mapping[str, Any]) -> None:
        for name, value in starts.items():
            if name not in self.controls:
                known = ", ".join(self.controls) or "none"
                raise TypeError(
                    f"{type(self).__name__} has no control {name!r}, got {value!r}; it has {known}"
                )
            self.controls[name].value = value

    # -- what a subclass fills in

    def prepare(self) -> None:
        """Fill in options and limits of controls before the starting values are set."""

    def build(self, figure: Figure) -> None:
        """Make axes and artists, once."""
        raise AssertionError("each explorer has its own")

    def rerun(self) -> Iterator[Any]:
        """Run the strategy; yield ever more complete states."""
        yield None

    def model(self) -> Any:
        """Work out the numbers behind the picture, from the knobs and `run`."""
        raise AssertionError("each explorer has its own")

    def draw(self, numbers: Any) -> None:
        """Move the artists."""
        raise AssertionError("each explorer has its own")

    def read(self, numbers: Any) -> str:
        """Read the picture aloud."""
        raise AssertionError("each explorer has its own")

    def table(self, numbers: Any) -> Mapping[str, Any]:
        """The numbers as columns."""
        raise AssertionError("each explorer has its own")

    def below(self) -> Sequence[Any]:
        """Further widgets under the picture."""
        return ()

    # -- what a subclass calls

    def axes(self, left: float, bottom: float, width: float, height: float, **settings: Any) -> Axes:
        """New axes in the common look, placed in parts of the figure, with text that can be read."""
        ax = self.figure.add_axes((left, bottom, width, height), **settings)
        dress(ax)
        ax.tick_params(labelsize=14)
        for label in (ax.xaxis.label, ax.yaxis.label):
            label.set_fontsize(15)
        return ax

    def sheet(self) -> Axes:
        """Axes over the whole figure, unseen, whose units are its dots, counted from the upper left."""
        ax = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))
        wide, high = (DPI * inches for inches in self.size)
        ax.set(xlim=(0, wide), ylim=(high, 0))
        ax.axis("off")
        return ax

    def label(
        self,
        x: float,
        y: float,
        text: str = "",
        *,
        size: float = 14.0,
        colour: str = INK,
        lean: float = 0.0,
        bold: bool = False,
    ) -> Label:
        """Text that changes or moves: its baseline in dots from the upper left, see `bitmaps.Word`."""
        label = Label(Word(x, y, text, colour, lean, size, bold))
        self.figure.add_artist(label)
        return self.moves(label)

    def moves(self, artist: AnArtist) -> AnArtist:
        """Say that an artist changes from turn to turn; it is drawn over the stored background."""
        artist.set_animated(True)
        if isinstance(artist, Collection):
            # One of a single look would be measured before it is drawn, at ten times the cost of drawing it.
            artist.set_urls([None, None])
        self._moving.append(artist)
        return artist

    def repaint(self, part: str, state: Hashable) -> None:
        """Say that a part of the background changed: limits, ticks, or an artist not given to `moves`.

        Parameters
        ----------
        part : str
            What changed, in a word.
        state : hashable
            To what. When all parts are as they were before, the background of then is shown again.
        """
        self._ground[part] = state
        self._background = None

    def later(self, work: Iterator[Any]) -> None:
        """Do work that nobody waits for, such as filling a cache, a yield at a time between two turns.

        A newer call drops what is left of the one before. Without an event loop nothing is done.
        """
        self._later_ticket = ticket = object()
        self.in_loop(self._later(ticket, work))

    # -- what a user calls

    @property
    def running(self) -> bool:
        """Whether a run is under way."""
        return self._work is not None

    def set(self, **values: Any) -> None:
        """Turn several knobs with one redraw.

        Raises
        ------
        TypeError, ValueError
            If there is no such control, or a value does not fit; nothing is turned then.
        """
        for name, value in values.items():
            if name not in self.controls:
                known = ", ".join(self.controls)
                raise TypeError(
                    f"{type(self).__name__} has no control {name!r}, got {value!r}; it has {known}"
                )
            self.controls[name].check(value)
        with self.lock:
            self._holding, self._held = True, []
            try:
                for name, value in values.items():
                    self.controls[name].value = value
            finally:
                self._holding = False
            if self._held:
                self._answer(any(control.reruns for control in self._held))

    def settle(self) -> Self:
        """Finish what is under way, a run or a play, and give the explorer back."""
        steps = [control for control in self.controls.values() if isinstance(control, Steps)]
        while self.running or any(control.playing for control in steps):
            self._advance(math.inf)
            for control in steps:
                if control.playing:
                    control._play_on()
        return self

    def to_frame(self) -> pd.DataFrame:
        """The numbers behind the picture as a pandas table."""
        import pandas as pd

        return pd.DataFrame(dict(self.table(self.data)))

    def close(self) -> None:
        """Stop what is under way and close the widgets."""
        self._work = self._ticket = self._later_ticket = None
        for control in vars(self).get("controls", {}).values():
            if isinstance(control, Steps):
                control._ticket = None
        super().close()

    # -- turning

    def turned(self, control: Control) -> None:
        """A control has a new value: answer it, unless `model`, `draw` or `rerun` set it themselves."""
        with self.lock:
            if self._holding:
                self._held.append(control)
            elif self._made and not self._answering:
                self._answer(control.reruns)

    def _answer(self, reruns: bool) -> None:
        with self._picture_first():
            if reruns:
                self._run_anew()
            else:
                self._refresh()

    @contextlib.contextmanager
    def _picture_first(self) -> Iterator[None]:
        """What changes on the controls is sent at the end: a page handles messages in turn, so the picture
        would have to wait for each that is sent before it."""
        with contextlib.ExitStack() as held:
            for control in self.controls.values():
                for handle in control._handles() if control.shown else ():
                    held.enter_context(handle.hold_sync())
            yield

    def _run_anew(self) -> None:
        """Drop any run under way, start another, show its first state; the rest follows in the event loop."""
        with self.lock:
            self._ticket = ticket = object()
            self._work = self.rerun()
            self._advance(0.0)
            if self._work is not None:
                self.add_class("pt-running")
                self.in_loop(self._stream(ticket))

    def _advance(self, seconds: float) -> None:
        """Work on the run for some seconds, at least to its next state, and show where it stands."""
        with self.lock:
            if self._work is None:
                return
            end = time.perf_counter() + seconds
            self._answering = True
            try:
                while True:
                    self.run = next(self._work)
                    if time.perf_counter() >= end:
                        break
            except StopIteration:
                self._finish()
            except Exception as error:
                self._finish()
                self._fail(error)
                return
            finally:
                self._answering = False
            self._refresh()

    def _finish(self) -> None:
        self._work = None
        self.remove_class("pt-running")

    async def _stream(self, ticket: object) -> None:
        await asyncio.sleep(FIRST_PAUSE)
        while ticket is self._ticket and self._work is not None:
            await asyncio.sleep(PAUSE)
            with self.lock:
                if ticket is self._ticket:
                    self._advance(SLICE)

    async def _later(self, ticket: object, work: Iterator[Any]) -> None:
        await asyncio.sleep(FIRST_PAUSE)
        while ticket is self._later_ticket:
            await asyncio.sleep(PAUSE)
            with self.lock:
                try:
                    if ticket is self._later_ticket and next(work, ticket) is ticket:
                        return
                except Exception as error:
                    self._fail(error)
                    return

    def in_loop(self, work: Any) -> None:
        """Let the running event loop do it; where there is none, `settle` will."""
        try:
            task = asyncio.get_running_loop().create_task(work)
        except RuntimeError:
            work.close()
            return
        self._tasks.add(task)  # the loop itself would forget it
        task.add_done_callback(self._tasks.discard)

    def _refresh(self) -> None:
        """Model, draw, read, send."""
        self._answering = True
        try:
            numbers = self.model()
            self.draw(numbers)
            picture = self._paint()
            reading = self.read(numbers)
        except Exception as error:
            self._fail(error)
            return
        finally:
            self._answering = False
        self.data, self.reading = numbers, reading
        if self.error is not None:
            self.error = None
            self.remove_class("pt-failed")
        self.picture.value = picture
        self._reading_view.value = (
            f'<div class="pt-reading" role="status" aria-live="polite">{_unbroken(reading)}</div>'
        )

    def _fail(self, error: Exception) -> None:
        """Say in place what went wrong, and keep it."""
        self.error = error
        words = str(error) if isinstance(error, ValueError | TypeError) else ""
        words = words or f"something went wrong here ({type(error).__name__}: {error})"
        self.reading = f"{words[0].upper()}{words[1:]}. The picture is the one before; turn a knob to go on."
        self.add_class("pt-failed")
        self._reading_view.value = (
            f'<div class="pt-reading pt-error" role="alert">{html.escape(self.reading)}</div>'
        )

    # -- drawing

    def _make_figure(self) -> None:
        self.figure = Figure(self.size, dpi=DPI, facecolor=PAPER)
        self._canvas: Any = QuickCanvas(self.figure)
        self._moving: list[Artist] = []
        self._ground: dict[str, Hashable] = {}
        self._backgrounds: OrderedDict[tuple[tuple[str, Hashable], ...], Runs] = OrderedDict()
        self.build(self.figure)

    def _paint(self) -> bytes:
        """The figure as it stands, as the bytes of an image."""
        renderer = self._canvas.get_renderer()
        dots = np.asarray(renderer.buffer_rgba()).view(np.uint32).ravel()
        if self._background is None:
            self._background = np.repeat(*(self._drawn_before() or self._draw_background(dots)))
        dots[:] = self._background
        for artist in sorted(self._moving, key=Artist.get_zorder):
            if isinstance(artist, Line2D) and np.size(artist.get_xdata()) == 0:
                continue  # matplotlib takes its time over nothing, too
            artist.draw(renderer)
        # JPEG takes a tenth of the time of PNG and, at this quality, looks the same.
        return _encoded(self._pixels(), "jpeg", quality=QUALITY)

    def _drawn_before(self) -> Runs | None:
        """The background as it stood when all its parts were as they are now, if that is remembered."""
        return self._backgrounds.get(tuple(self._ground.items()))

    def _draw_background(self, dots: NDArray[np.uint32]) -> Runs:
        """Draw all that does not move, and remember it."""
        self._canvas.draw()
        background = self._backgrounds[tuple(self._ground.items())] = runs(dots)
        if len(self._backgrounds) > GROUNDS:
            self._backgrounds.popitem(last=False)
        return background

    def _pixels(self) -> Image.Image:
        """The figure as it stands; the next drawing overwrites it. Its fourth part is not looked at."""
        shape = self._canvas.get_width_height(physical=True)
        return Image.frombuffer("RGBX", shape, self._canvas.buffer_rgba(), "raw", "RGBX", 0, 1)

    def _arrange(self) -> None:
        wide, high = (round(DPI * inches) for inches in self.size)
        # As wide as there is room, but no higher than a notebook's window.
        most = f"min(100%, 1200px, calc((100vh - 250px) * {wide / high:.3f}))"
        self.picture = Picture(
            width=wide,
            height=high,
            layout={"width": "100%", "max_width": most, "height": "auto"},
        )
        self.picture.add_class("pt-picture")
        self._reading_view = widgets.HTML()
        heading = (
            f'<div class="pt-title" role="heading" aria-level="3">{html.escape(self.title)}'
            '<span class="pt-busy" role="status">working …</span></div>'
        )
        style = widgets.HTML(STYLE)
        style.add_class("pt-style")
        panel = widgets.VBox(self._panel())
        stage = widgets.VBox([self.picture, self._reading_view, *self.below()])
        body = widgets.Box([panel, stage], layout={"display": "flex", "flex_flow": "row wrap"})
        for part, look in (
            (panel, "pt-panel"),
            (stage, "pt-stage"),
            (body, "pt-body"),
            (self, "pt-explorer"),
        ):
            part.add_class(look)
        self.children = (style, widgets.HTML(heading), body)

    def _panel(self) -> list[Any]:
        shown, group = [], ""
        for control in self.controls.values():
            if control.group and control.group != group:
                group = control.group
                shown.append(widgets.HTML(f'<div class="pt-group">{html.escape(group)}</div>'))
            control.view.add_class("pt-control")
            shown.append(control.view)
        return shown

    # -- where there is no kernel

    def still(self) -> bytes:
        """The explorer as one PNG: the picture, where its knobs stand, and the sentence that reads it."""
        shown = (control for control in self.controls.values() if control.shown)
        settings = "   ".join(f"{control.label}: {control.text}" for control in shown)
        lines = [(line, PENCIL) for line in textwrap.wrap(settings, 106)]
        lines += [(line, INK) for line in textwrap.wrap(self.reading, 106)]
        wide, high = (round(DPI * inches) for inches in self.size)
        foot = 50 + 24 * len(lines)
        sheet = Figure((wide / DPI, (high + foot) / DPI), dpi=DPI, facecolor=PAPER)
        canvas: Any = FigureCanvasAgg(sheet)

        def write(text: str, below: int, **look: Any) -> None:
            sheet.text(20 / wide, (foot - below) / (high + foot), text, va="top", **look)

        write(self.title, 8, color=INK, fontsize=14, fontweight="bold")
        for row, (line, colour) in enumerate(lines):
            write(line, 38 + 24 * row, color=colour, fontsize=12)
        canvas.draw()
        page = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
        page.paste(self._pixels().convert("RGB"), (0, 0))
        return _encoded(
            page.quantize(256, dither=Image.Dither.NONE), "png", optimize=True
        )  # a third of the size

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The live widget, and beside it what is shown where no kernel runs: the still, and fixed text."""
        data = dict(super()._repr_mimebundle_(**kwargs) or {})
        data["image/png"] = base64.b64encode(self.still()).decode()
        data["text/plain"] = f"{self.title}: {self.reading}"
        return data, {"image/png": {"alt": data["text/plain"]}}

    def __repr__(self) -> str:
        return f"{self.title or type(self).__name__}: {self.reading}"


def runs(dots: NDArray[np.uint32]) -> Runs:
    """An image, dot by dot, as colours and how long each lasts: a tenth of its size, for most of it is paper.

    Examples
    --------
    >>> colours, lengths = runs(np.array([7, 7, 7, 1, 7], dtype=np.uint32))
    >>> colours, lengths
    (array([7, 1, 7], dtype=uint32), array([3, 1, 1]))
    >>> np.repeat(colours, lengths)
    array([7, 7, 7, 1, 7], dtype=uint32)
    """
    starts = np.concatenate([[0], np.flatnonzero(np.diff(dots)) + 1])
    return dots[starts], np.diff(starts, append=len(dots))


def _unbroken(text: str) -> str:
    """Text as HTML, with no line ending between a number and its unit or before and after a ±."""
    return re.sub(
        r" (?=±)|(?<=±) |(?<=\d) (?=(?:°C|min|minutes|h|g|%|points|pts|std)\b)|(?<=\d) (?=[°%])",
        "\u00a0",
        html.escape(text),
    )


def _encoded(image: Image.Image, kind: str, **settings: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **settings)
    return buffer.getvalue()
