"""What is slow to draw, drawn once and then laid on as a bitmap: pizzas, text, and whatever else is heavy.

Most of a redraw is text. Matplotlib's own `Text` lays each piece out anew; a `Label` or one of `Words` says
where its baseline lies, in dots, and takes a fifth of the time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from numpy.typing import NDArray

from pizzatune.menus.taste import Pizza
from pizzatune.plots.palette import INK
from pizzatune.plots.pizza_art import pizza_shapes

Pixels = NDArray[np.uint8]
"""Red, green, blue and opacity of each dot, shape (height, width, 4), top row first."""

TEXTS = 400  # pieces of text that a renderer remembers, some 2 MB
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
    opaque : bool
        Whether all of it covers what lies below, and all of it lies on the figure: that is quicker still.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> square = Figure().add_artist(Bitmap(10, 20, np.full((8, 8, 4), 255, dtype=np.uint8)))
    >>> square.pixels.shape
    (8, 8, 4)
    """

    def __init__(self, x: float, y: float, pixels: Pixels | None = None, *, opaque: bool = False) -> None:
        super().__init__()
        self.x, self.y, self.pixels, self.opaque = x, y, pixels, opaque

    def draw(self, renderer: Any) -> None:
        """Lay the image on the figure."""
        if self.pixels is None or not self.get_visible():
            return
        high, wide = self.pixels.shape[:2]
        left, top = round(self.x), round(self.y)
        if self.opaque and isinstance(renderer, RendererAgg):
            # matplotlib gives its method no types
            canvas: Any = np.asarray(renderer.buffer_rgba())  # type: ignore[no-untyped-call]
            canvas[top : top + high, left : left + wide] = self.pixels
        else:
            bottom = round(renderer.height - self.y - high)
            renderer.draw_image(renderer.new_gc(), left, bottom, self.pixels[::-1])  # Agg's way up


def coloured(shades: NDArray[Any], colours: Pixels) -> Pixels:
    """An image from the number of each dot's colour.

    Parameters
    ----------
    shades : ndarray of int, shape (height, width)
        Which of the colours each dot has.
    colours : ndarray of uint8, shape (n, 4)
        Red, green, blue and opacity of each colour.

    Examples
    --------
    >>> black_and_white = np.array([[0, 0, 0, 255], [255, 255, 255, 255]], dtype=np.uint8)
    >>> coloured(np.eye(2, dtype=int), black_and_white)[..., 0]
    array([[255,   0],
           [  0, 255]], dtype=uint8)
    """
    dots = colours.view(np.uint32)[:, 0][shades]  # a dot is one number: copied in a third of the time
    image: Pixels = dots.view(np.uint8).reshape(*shades.shape, 4)
    return image


class Word(NamedTuple):
    """A piece of text: where its baseline starts (or with `lean` 0.5 has its middle, with 1 its end)."""

    x: float
    y: float
    text: str
    colour: str = INK
    lean: float = 0.0
    size: float = 14.0
    bold: bool = False


class Words(Artist):
    """Pieces of text on a figure, placed in dots from its upper left corner; change them by ``.words``."""

    def __init__(self, words: Sequence[Word] = ()) -> None:
        super().__init__()
        self.words = words

    def draw(self, renderer: Any) -> None:
        """Lay them on the figure."""
        if not self.get_visible():
            return
        gc = renderer.new_gc()
        for x, y, text, colour, lean, size, bold in self.words:
            if text:
                font = font_of(size, bold)
                start = x - lean * _length(renderer, text, font) if lean else x
                gc.set_foreground(colour)
                renderer.draw_text(gc, start, y, text, font, 0.0)


class Label(Words):
    """One piece of text that changes or moves, with the names that matplotlib's `Text` has for that.

    Examples
    --------
    >>> label = Label(Word(10, 20, "7.5"))
    >>> label.set_text("8.0")
    >>> label.get_text()
    '8.0'
    """

    def __init__(self, word: Word) -> None:
        super().__init__((word,))

    def get_text(self) -> str:
        """What it says."""
        return self.words[0].text

    def set_text(self, text: str) -> None:
        """Say something else."""
        self.words = (self.words[0]._replace(text=text),)

    def set_position(self, place: tuple[float, float]) -> None:
        """Move its baseline, in dots from the upper left corner of the figure."""
        self.words = (self.words[0]._replace(x=place[0], y=place[1]),)

    def ends(self, renderer: Any) -> tuple[float, float]:
        """How far to the right it starts and ends, in dots."""
        word = self.words[0]
        length = _length(renderer, word.text, font_of(word.size, word.bold))
        return word.x - word.lean * length, word.x + (1 - word.lean) * length


def _length(renderer: Any, text: str, font: FontProperties) -> float:
    if isinstance(renderer, QuickRenderer):
        return renderer.length(text, font)
    return float(renderer.get_text_width_height_descent(text, font, False)[0])


@lru_cache(maxsize=16)
def font_of(size: float, bold: bool) -> FontProperties:
    """The font of a `Word`."""
    return FontProperties(size=size, weight="bold" if bold else "normal")


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


class Piece(NamedTuple):
    """How a word looks: how much of each dot it covers, bottom row first, how many rows lie below the
    baseline, and how far the next letter would be."""

    cover: NDArray[np.uint8]
    below: int
    advance: float


class QuickRenderer(RendererAgg):
    """Draws a word once, at whole dots, and from then on lays the same bitmap on.

    Words and not whole texts, since of most texts only a number changes. Turned, clipped and mathematical
    text is drawn anew every time.
    """

    def __init__(self, width: float, height: float, dpi: float) -> None:
        _AGG.__init__(self, width, height, dpi)
        self._texts: OrderedDict[tuple[str, int], Piece] = OrderedDict()

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
        colour = [round(255 * part) for part in gc.get_rgb()[:3]]
        for start, (cover, below, _) in self._pieces(s, prop)[0]:
            pixels = np.empty((*cover.shape, 4), dtype=np.uint8)
            pixels[..., :3], pixels[..., 3] = colour, cover
            self.draw_image(gc, round(x + start) - MARGIN, round(self.height - y) - below, pixels)

    def length(self, s: str, prop: Any) -> float:
        """How long a text is, in dots."""
        return self._pieces(s, prop)[1]

    def _pieces(self, s: str, prop: Any) -> tuple[list[tuple[float, Piece]], float]:
        """Where each word starts and how it looks; and where the next letter would start."""
        pieces, end, gap = [], 0.0, _gap(prop.get_size_in_points(), prop.get_weight(), self.dpi)
        for word in s.split(" "):
            if word:
                pieces.append((end, self._piece(word, prop)))
                end += pieces[-1][1].advance
            end += gap
        return pieces, end - gap

    def _piece(self, word: str, prop: Any) -> Piece:
        key = word, hash(prop)
        if key not in self._texts:
            self._texts[key] = self._drawn(word, prop)
            if len(self._texts) > TEXTS:
                self._texts.popitem(last=False)
        self._texts.move_to_end(key)
        return self._texts[key]

    def _drawn(self, word: str, prop: Any) -> Piece:
        wide, high, descent = _AGG.get_text_width_height_descent(self, word, prop, False)
        below = int(np.ceil(descent)) + MARGIN
        scratch: Any = _AGG(int(np.ceil(wide)) + 2 * MARGIN, int(np.ceil(high)) + below + MARGIN, self.dpi)
        _AGG.draw_text(scratch, scratch.new_gc(), MARGIN, scratch.height - below, word, prop, 0.0)
        cover = np.array(scratch.buffer_rgba())[::-1, :, 3]  # Agg's images start with the bottom row
        return Piece(np.ascontiguousarray(cover), below, wide)


@lru_cache(maxsize=32)
def _gap(size: float, weight: Any, dpi: float) -> float:
    """How wide a space is between two words, in dots."""
    font, ruler = FontProperties(size=size, weight=weight), _AGG(1, 1, dpi)
    apart, together = (ruler.get_text_width_height_descent(text, font, False)[0] for text in ("x x", "xx"))
    return float(apart - together)


class Easel:
    """A square figure on which polygons are drawn, again and again: a new figure for each picture would be
    garbage that piles up faster than it is collected.

    Parameters
    ----------
    width : int
        Dots on each side.
    x, y : tuple of float
        What lies on its left and right side, and on its lower and upper one.
    ground : str
        Its colour; transparent by default.

    Examples
    --------
    >>> corner = np.array([[0, 0], [2, 0], [0, 2]])
    >>> Easel(10, (0, 1), (0, 1)).drawn([corner], [(1.0, 0.0, 0.0, 1.0)])[5, 2]
    array([255,   0,   0, 255], dtype=uint8)
    """

    def __init__(
        self, width: int, x: tuple[float, float], y: tuple[float, float], ground: str = "none"
    ) -> None:
        figure = Figure((width / 100, width / 100), dpi=100, facecolor=ground)
        self._canvas: Any = FigureCanvasAgg(figure)
        ax = figure.add_axes((0.0, 0.0, 1.0, 1.0), xlim=x, ylim=y)
        ax.axis("off")
        self._polygons = PolyCollection([], edgecolors="none")
        ax.add_collection(self._polygons, autolim=False)

    def drawn(self, outlines: Sequence[Any], colours: Sequence[tuple[float, ...]]) -> Pixels:
        """Polygons in their colours, red, green, blue and opacity; the first lies at the bottom."""
        self._polygons.set_verts(outlines)
        shades: Any = np.array(colours)  # of tuples, matplotlib would remember each for good
        self._polygons.set_facecolor(shades)
        self._canvas.draw()
        return np.array(self._canvas.buffer_rgba())


@lru_cache(maxsize=8)
def easel(width: int, x: tuple[float, float], y: tuple[float, float], ground: str = "none") -> Easel:
    """The same `Easel` for all who ask for one like it."""
    return Easel(width, x, y, ground)


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


def draw_pizza(pizza: Pizza, width: int, ground: str = "none") -> Pixels:
    """Draw what `pizza_bitmap` keeps, on a ground of some colour; some 50 ms of work."""
    shapes = pizza_shapes(pizza)
    outlines, colours = [shape.outline for shape in shapes], [shape.colour for shape in shapes]
    return easel(width, (-1.08, 1.08), (-1.11, 1.05), ground).drawn(outlines, colours)
