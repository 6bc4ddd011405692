"""What is slow to draw, drawn once and then laid on as a bitmap: pizzas, text, and whatever else is heavy."""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from pizzatune.menus.taste import Pizza
from pizzatune.plots.pizza_art import pizza_shapes

Pixels = np.ndarray[Any, np.dtype[np.uint8]]
"""Red, green, blue and opacity of each dot, shape (height, width, 4), top row first."""

TEXTS = 400  # pieces of text that a renderer remembers
_AGG: Any = RendererAgg  # matplotlib gives its methods no types
MARGIN = 3  # dots around a piece of text, for letters that lean out


class Bitmap(Artist):
    """An image laid on a figure dot by dot, with no scaling: the fastest thing there is to draw.

    Parameters
    ----------
    x, y : float
        Its upper left corner, in dots from the upper left corner of the figure, as on ``Explorer.sheet()``.
    pixels : ndarray of uint8, shape (height, width, 4), optional
        What to show; nothing yet by default. Change it by setting ``.pixels``.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> square = Figure().add_artist(Bitmap(10, 20, np.full((8, 8, 4), 255, dtype=np.uint8)))
    >>> square.pixels.shape
    (8, 8, 4)
    """

    def __init__(self, x: float, y: float, pixels: Pixels | None = None) -> None:
        super().__init__()
        self.x, self.y, self.pixels = x, y, pixels

    def draw(self, renderer: Any) -> None:
        """Lay the image on the figure."""
        if self.pixels is None or not self.get_visible():
            return
        bottom = renderer.height - self.y - self.pixels.shape[0]
        renderer.draw_image(
            renderer.new_gc(), round(self.x), round(bottom), self.pixels[::-1]
        )  # Agg's way up


class QuickCanvas(FigureCanvasAgg):
    """A canvas that remembers how text looks: most of a redraw is text, and most of that stays the same."""

    renderer: QuickRenderer

    def get_renderer(self) -> QuickRenderer:
        """A `QuickRenderer` of the figure's size."""
        wide, high = self.get_width_height(physical=True)
        known = vars(self).get("renderer")
        if known is None or (known.width, known.height, known.dpi) != (wide, high, self.figure.dpi):
            self.renderer = QuickRenderer(wide, high, self.figure.dpi)
        return self.renderer


class QuickRenderer(RendererAgg):
    """Draws a piece of text once, at whole dots, and from then on lays the same bitmap on.

    Turned, clipped and mathematical text is drawn anew every time.
    """

    def __init__(self, width: float, height: float, dpi: float) -> None:
        _AGG.__init__(self, width, height, dpi)
        self._texts: OrderedDict[tuple[Any, ...], tuple[Pixels, int]] = OrderedDict()

    def draw_text(
        self,
        gc: Any,
        x: float,
        y: float,
        s: str,
        prop: Any,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        """Draw `s` with its baseline starting at `x`, `y` dots from the upper left."""
        if ismath or angle or gc.get_clip_path()[0] is not None:
            _AGG.draw_text(self, gc, x, y, s, prop, angle, ismath, mtext)
            return
        key = s, hash(prop), gc.get_rgb(), gc.get_alpha()
        if key not in self._texts:
            self._texts[key] = self._drawn(gc, s, prop)
            if len(self._texts) > TEXTS:
                self._texts.popitem(last=False)
        self._texts.move_to_end(key)
        pixels, below = self._texts[key]
        self.draw_image(gc, round(x) - MARGIN, round(self.height - y) - below, pixels)

    def _drawn(self, gc: Any, s: str, prop: Any) -> tuple[Pixels, int]:
        """The text as an image, and how many of its rows lie below the baseline."""
        wide, high, descent = _AGG.get_text_width_height_descent(self, s, prop, False)
        below = int(np.ceil(descent)) + MARGIN
        scratch: Any = _AGG(int(np.ceil(wide)) + 2 * MARGIN, int(np.ceil(high)) + below + MARGIN, self.dpi)
        plain = scratch.new_gc()
        plain.set_foreground(gc.get_rgb(), isRGBA=True)
        plain.set_alpha(gc.get_alpha())
        scratch.draw_text(plain, MARGIN, scratch.height - below, s, prop, 0.0)
        return np.array(scratch.buffer_rgba())[::-1], below  # Agg's images start with the bottom row


@lru_cache(maxsize=128)
def pizza_bitmap(pizza: Pizza, width: int) -> Pixels:
    """A drawn pizza as an image: the same picture as ``plots.pizza`` draws.

    Parameters
    ----------
    pizza : Pizza
        The pizza, baked as it says.
    width : int
        Dots on each side.

    Returns
    -------
    ndarray of uint8, shape (width, width, 4)
        Not to be written to, since the next caller gets the same one. Beside the pizza it is transparent.

    Examples
    --------
    >>> image = pizza_bitmap(Pizza(("Olives",)), 60)
    >>> image.shape, int(image[0, 0, 3])
    ((60, 60, 4), 0)
    """
    pixels = draw_pizza(pizza, width)
    pixels.flags.writeable = False
    return pixels


def draw_pizza(pizza: Pizza, width: int) -> Pixels:
    """Draw what `pizza_bitmap` keeps; some 50 ms of work."""
    shapes = pizza_shapes(pizza)
    figure = Figure((width / 100, width / 100), dpi=100, facecolor="none")
    canvas: Any = FigureCanvasAgg(figure)
    ax = figure.add_axes((0.0, 0.0, 1.0, 1.0), xlim=(-1.08, 1.08), ylim=(-1.11, 1.05))
    ax.axis("off")
    outlines, colours = [shape.outline for shape in shapes], [shape.colour for shape in shapes]
    ax.add_collection(PolyCollection(outlines, facecolors=colours, edgecolors="none"), autolim=False)
    canvas.draw()
    return np.array(canvas.buffer_rgba())
