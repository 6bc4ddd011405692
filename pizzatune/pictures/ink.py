"""Marks by matplotlib: the only file that knows it. What is drawn is the same as in `svg`.

Fonts, colours of text and what they lie on come from ``rcParams``; the colours of data are ours, those of the
day on a light face and those of the night on a dark one. All words are drawn as they stand.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes as MplAxes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_hex, to_rgba
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from matplotlib.text import Text as MplText
from matplotlib.ticker import NullLocator
from matplotlib.transforms import Affine2D, Transform

from pizzatune.parameters import FloatArray
from pizzatune.pictures import marks as m
from pizzatune.pictures import palette
from pizzatune.pictures.marks import Panel, Scale
from pizzatune.pictures.svg import fitted

if TYPE_CHECKING:
    from pizzatune.pictures.picture import Picture

SHARP = 200  # dots per inch of a file, unless ``savefig.dpi`` says otherwise
FAR, FAR_LOG = 1e4, 3.0  # lengths of an axis to where marks beyond its ends are cut off
WIDTH = 0.75  # points for a px of a line or a marker
MARKERS = {"x": "X"}  # ours that matplotlib calls otherwise


def draw(picture: Picture, ax: MplAxes | None = None) -> MplAxes:
    """Draw a picture on axes of yours, or on those of a new pyplot figure.

    A picture of one panel uses the axes as they are: limits, ticks, labels, a title and a legend. One of
    several puts axes of their own inside (``ax.child_axes``); one of none, such as a pizza, is a blank sheet.

    Examples
    --------
    >>> import pizzatune as pt
    >>> trials = [pt.Trial(0, {"x": 2.0}, 4.0), pt.Trial(1, {"x": 5.0}, 7.5)]
    >>> picture = pt.plots.best_so_far(trials, space=pt.Space(pt.Real("x", 0, 9)))
    >>> ax = draw(picture, Figure().subplots())
    >>> ax.get_xlabel(), [text.get_text() for text in ax.get_legend().get_texts()]
    ('trials so far', ['best so far', 'each trial'])
    """
    if ax is None:
        from matplotlib import pyplot as plt

        ax = _page(picture, plt.figure)
    _Sheet(picture, ax).draw()
    return ax


def save(picture: Picture, path: Path) -> None:
    """Write a picture as a PNG or a PDF file."""
    figure = draw(picture, _page(picture, Figure)).figure
    assert isinstance(figure, Figure)
    figure.savefig(path, dpi=SHARP if mpl.rcParams["savefig.dpi"] == "figure" else None)


def _page(picture: Picture, make: Callable[..., Figure]) -> MplAxes:
    """Axes of a new figure: with room for labels, or all of it where there are none."""
    size = (picture.width / 100, picture.height / 100)
    if is_single(picture):
        return make(figsize=size, layout="constrained").subplots()
    return make(figsize=size).add_axes((0.0, 0.0, 1.0, 1.0))


def is_single(picture: Picture) -> bool:
    """Whether a picture is one panel with at most words around it."""
    around = (mark for mark in picture.marks if isinstance(mark, m.Image) and mark.panel is None)
    panels = picture.panels
    return len(panels) == 1 and all(panels[0].left < mark.x < panels[0].right for mark in around)


# -- numbers on an axis --------------------------------------------------------------------------------------


def numbers(scale: Scale, values: Any) -> FloatArray:
    """Values where they are drawn: themselves or shares, cut off far beyond the ends of the axis.

    Examples
    --------
    >>> numbers(Scale(0, 10), [5, np.nan, 1e300]).tolist()
    [5.0, nan, 100010.0]
    """
    far = FAR_LOG if scale.log else FAR
    shares = np.clip(scale.share(values), -far, 1 + far)
    if not scale.moderate:
        return shares
    with np.errstate(over="ignore"):
        ends = scale.low + shares * (scale.high - scale.low)
        if scale.log:
            ends = scale.low * (scale.high / scale.low) ** shares
    cut: FloatArray = np.where(np.abs(shares - 0.5) < far, np.asarray(values, dtype=float), ends)
    return cut


# -- words ---------------------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=64)
def _letters(path: str) -> frozenset[int]:
    """The letters that a font has."""
    return frozenset(get_font(path).get_charmap())


def drawable(text: str) -> str:
    """Text with "\ufffd", or "?", for each letter that no font here can draw.

    Examples
    --------
    >>> drawable("$5_\\udc80")
    '$5_�'
    """
    fonts = [findfont(FontProperties(family=[family])) for family in FontProperties().get_family()]
    known = frozenset(b"\n").union(*map(_letters, fonts))
    unknown = "�" if 0xFFFD in known else "?"
    return "".join(letter if ord(letter) in known else unknown for letter in text)


def _literal(text: MplText, words: str) -> MplText:
    """The words as they stand: no mathematics, no TeX."""
    text.set(parse_math=False, usetex=False, text=drawable(words))
    return text


# -- marks ---------------------------------------------------------------------------------------------------


class _Sheet:
    """The axes of a picture, and how one mark after the other is drawn on them, the first at the bottom."""

    def __init__(self, picture: Picture, ax: MplAxes) -> None:
        self.picture, self.ax = picture, ax
        faces = [to_rgba(face) for face in (ax.get_facecolor(), ax.figure.get_facecolor())]
        self.face = to_hex(faces[0] if faces[0][3] > 0.5 else faces[1])
        self.theme = palette.DARK if palette.luminance(self.face) < 0.2 else palette.LIGHT
        self.letter = float(mpl.rcParams["font.size"]) / 13  # points for a px of text
        self.keys = [mark for mark in picture.marks if isinstance(mark, m.Key)]
        self.single = is_single(picture)
        self.axes, self.transform = self._laid()

    def _laid(self) -> tuple[dict[Panel, MplAxes], Transform]:
        """Axes for each panel, and the way from px of the sheet to the figure."""
        ax, wide, high = self.ax, self.picture.width, self.picture.height
        if self.single:
            box = self.picture.panels[0]
            share = Affine2D().translate(-box.left, -box.floor).scale(1 / box.width, -1 / box.height)
            return {box: ax}, share + ax.transAxes
        ax.set(xlim=(0, wide), ylim=(high, 0), aspect="equal")
        ax.axis("off")
        axes: dict[Panel, MplAxes] = {}
        for order, mark in enumerate(self.picture.marks):
            one = getattr(mark, "panel", None)
            if one is not None and one not in axes:
                place = (one.left / wide, 1 - one.floor / high, one.width / wide, one.height / high)
                axes[one] = ax.inset_axes(place, zorder=1 + order / 1000)
        return axes, ax.transData

    def draw(self) -> None:
        """All marks; then the limits, which no mark moves."""
        for panel, ax in self.axes.items():
            ax.set(xscale=_axis(panel.x)[0], yscale=_axis(panel.y)[0])
        for order, mark in enumerate(self.picture.marks):
            _DRAWERS[type(mark)](self, mark, 1 + order / 1000)
        frames = {mark.panel: mark for mark in self.picture.marks if isinstance(mark, m.Axes)}
        for panel, ax in self.axes.items():
            ax.set(xlim=_axis(panel.x)[1], ylim=_axis(panel.y)[1])
            if panel not in frames:
                ax.axis("off")
            elif frames[panel].bare:
                ax.spines[:].set_visible(False)
                ax.tick_params(length=0)
                ax.patch.set_visible(self.single)

    def at(self, panel: Panel | None, x: Any, y: Any) -> tuple[MplAxes, Transform, FloatArray, FloatArray]:
        """Which axes a mark belongs to, and its places there."""
        if panel is None:
            return self.ax, self.transform, np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        ax = self.axes[panel]
        return ax, ax.transData, numbers(panel.x, x), numbers(panel.y, y)

    def colour(self, name: str, opacity: float = 1.0) -> Any:
        """A colour of the palette, or none."""
        if not name:
            return "none"
        return to_rgba(self.face if name == "paper" else self.theme[name], opacity)

    def line(self, style: str) -> dict[str, Any]:
        """How a line looks."""
        look = palette.look_of("line", style)
        colour = self.colour(look.stroke, look.opacity)
        return {"color": colour, "linewidth": WIDTH * look.width, "linestyle": _dash(look)}

    def patch(self, kind: str, style: str) -> dict[str, Any]:
        """How an area, a bar or a dot looks."""
        look = palette.look_of(kind, style)
        return {
            "facecolor": self.colour(look.fill, look.opacity),
            "edgecolor": self.colour(look.stroke, look.opacity),
            "linewidth": WIDTH * look.width if look.stroke else 0.0,
            "linestyle": _dash(look),
        }


def _dash(look: palette.Look) -> Any:
    return (0, [part / look.width for part in look.dash]) if look.dash else "-"


def _axis(scale: Scale) -> tuple[str, tuple[float, float]]:
    ends = (scale.low, scale.high) if scale.moderate else (0.0, 1.0)
    return "log" if scale.log and scale.moderate else "linear", ends


def _axes(sheet: _Sheet, mark: m.Axes, order: float) -> None:
    panel, ax = mark.panel, sheet.axes[mark.panel]
    for axis, scale in ((ax.xaxis, panel.x), (ax.yaxis, panel.y)):
        places = numbers(scale, [value for value, _ in scale.marked])
        words = [drawable(label) for _, label in scale.marked]
        axis.set_ticks(places, words, parse_math=False, usetex=False)
        axis.set_minor_locator(NullLocator())
        _literal(axis.label, scale.label)
    if panel.grid:
        ax.grid(True, axis=panel.grid)  # type: ignore[arg-type]  # "x", "y" or "both"
    ax.set_axisbelow(True)
    if not sheet.single:  # such a sheet has its room above
        ax.yaxis.label.set(rotation=0, ha="right" if panel.title else "left", va="bottom")
        ax.yaxis.set_label_coords(0, 1 + 7 / panel.height)
    if panel.title:
        rows = sum(len({y for _, y, _ in key.laid}) for key in sheet.keys if key.y < panel.top)
        under = 1.7 * rows * FontProperties(size=mpl.rcParams["legend.fontsize"]).get_size_in_points()
        pad = mpl.rcParams["axes.titlepad"] + (under if sheet.single else 0)
        _literal(ax.set_title("", pad=pad), panel.title)


def _line(sheet: _Sheet, mark: m.Line, order: float) -> None:
    ax, transform, x, y = sheet.at(mark.panel, mark.x, mark.y)
    line = Line2D(x, y, transform=transform, zorder=order, **sheet.line(mark.style))
    line.set_drawstyle("steps-post" if mark.steps else "default")
    ax.add_line(line)


def _band(sheet: _Sheet, mark: m.Band, order: float) -> None:
    ax, transform, x, low = sheet.at(mark.panel, mark.x, mark.low)
    *_, high = sheet.at(mark.panel, mark.x, mark.high)
    ax.fill_between(x, low, high, transform=transform, zorder=order, **sheet.patch("area", mark.style))


def _dots(sheet: _Sheet, mark: m.Dots, order: float) -> None:
    ax, transform, x, y = sheet.at(mark.panel, mark.x, mark.y)
    look, drawn = palette.look_of("dot", mark.style), sheet.patch("dot", mark.style)
    if len(mark.colours):
        drawn["facecolor"] = list(mark.colours)
    sizes = np.array(mark.sizes if len(mark.sizes) else [look.size] * len(x), dtype=float)
    ax.scatter(
        x, y, (2 * WIDTH * sizes) ** 2, marker=MARKERS.get(look.marker, look.marker), transform=transform,
        zorder=order, clip_on=False, **drawn,
    )  # fmt: skip


def _bars(sheet: _Sheet, mark: m.Bars, order: float) -> None:
    ax, transform, left, low = sheet.at(mark.panel, mark.left, mark.low)
    *_, right, high = sheet.at(mark.panel, mark.right, mark.high)
    looks = [sheet.patch("bar", style) for style in (mark.styles or [mark.style] * len(left))]
    _polygons(
        ax, np.stack([left, low, right, low, right, high, left, high], axis=-1).reshape(-1, 4, 2),
        order, transform, facecolors=list(mark.colours) or [look["facecolor"] for look in looks],
        edgecolors=[look["edgecolor"] for look in looks], linewidths=[look["linewidth"] for look in looks],
    )  # fmt: skip


def _polygons(ax: MplAxes, outlines: Any, order: float, transform: Transform, **looks: Any) -> None:
    ax.add_collection(PolyCollection(outlines, transform=transform, zorder=order, **looks), autolim=False)


def _land(sheet: _Sheet, mark: m.Land, order: float) -> None:
    ax = sheet.axes[mark.panel]
    image = AxesImage(
        ax, extent=(0, 1, 0, 1), origin="lower", transform=ax.transAxes, zorder=order,
        interpolation="bilinear" if mark.smooth else "nearest",
    )  # fmt: skip
    low, high = mark.limits
    with np.errstate(over="ignore", invalid="ignore"):
        colours = palette.score_colours((mark.scores / 2 - low / 2) / ((high / 2 - low / 2) or 1.0))
    image.set_data(np.nan_to_num(np.dstack([colours, mark.opacity * np.isfinite(mark.scores)])))
    ax.add_image(image)


def _links(sheet: _Sheet, mark: m.Links, order: float) -> None:
    ax, transform, x, y = sheet.at(mark.panel, mark.x, mark.y)
    *_, to_x, to_y = sheet.at(mark.panel, mark.to_x, mark.to_y)
    steps = np.stack([x, y, to_x, to_y], axis=-1).reshape(-1, 2, 2)
    drawn = LineCollection(list(steps), transform=transform, zorder=order, **sheet.line(mark.style))
    ax.add_collection(drawn, autolim=False)


def _shapes(sheet: _Sheet, mark: m.Shapes, order: float) -> None:
    ax, transform, *_ = sheet.at(mark.panel, [], [])
    outlines = [np.column_stack(sheet.at(mark.panel, *outline.T)[2:]) for outline in mark.outlines]
    covers = mark.opacities if len(mark.opacities) else [1.0] * len(outlines)
    colours = [to_rgba(colour, cover) for colour, cover in zip(mark.colours, covers, strict=True)]
    if outlines:
        _polygons(ax, outlines, order, transform, facecolors=colours)


def _image(sheet: _Sheet, mark: m.Image, order: float) -> None:
    if mark.below is not None:
        _dots(sheet, mark.below, order)
    ax, transform, x, y = sheet.at(mark.panel, mark.x, mark.y)
    outlines, colours, covers = zip(*mark.symbol.pieces, strict=True)
    faded = mark.opacity * np.array(covers)
    looks: dict[str, Any] = {"facecolors": colours, "alpha": faded, "clip_on": False}
    if mark.panel is None:
        grown = Affine2D().scale(mark.size).translate(float(x), float(y))
        _polygons(ax, outlines, order, grown + transform, **looks)
    else:  # as large on the page as a marker of its size, wherever it lies
        grown = Affine2D().scale(WIDTH * mark.size / 72, -WIDTH * mark.size / 72)
        looks |= {"offsets": [(x, y)], "offset_transform": transform}
        _polygons(ax, outlines, order, grown + ax.figure.dpi_scale_trans, **looks)


def _text(sheet: _Sheet, mark: m.Text, order: float) -> None:
    ax, transform, x, y = sheet.at(mark.panel, mark.x, mark.y)
    look = palette.look_of("text", mark.style)
    colour = mark.colour or (sheet.theme["paper"] if look.fill == "paper" else mpl.rcParams["text.color"])
    text = ax.text(
        float(x), float(y), "", transform=transform, zorder=order, va="baseline", color=colour,
        ha={"start": "left", "middle": "center", "end": "right"}[mark.anchor],
        fontsize=sheet.letter * look.text, fontweight="bold" if look.bold else mpl.rcParams["font.weight"],
    )  # fmt: skip
    _literal(text, fitted(mark))
    if look.stroke:
        text.set_path_effects([withStroke(linewidth=WIDTH * look.width, foreground=sheet.face)])


def _rule(sheet: _Sheet, mark: m.Rule, order: float) -> None:
    ax, look = sheet.axes[mark.panel], sheet.line(mark.style)
    upright = mark.along == "y"
    place = [numbers(mark.panel.x if upright else mark.panel.y, mark.at)] * 2
    transform = ax.get_xaxis_transform() if upright else ax.get_yaxis_transform()
    ends = (place, [0, 1]) if upright else ([0, 1], place)
    ax.add_line(Line2D(*ends, transform=transform, zorder=order, **look))


def _key(sheet: _Sheet, mark: m.Key, order: float) -> None:
    handles: list[Line2D | Patch] = []
    for _, kind, style in mark.entries:
        if kind == "line":
            handles.append(Line2D([], [], **sheet.line(style)))
        elif kind == "dot":
            look, drawn = palette.look_of(kind, style), sheet.patch(kind, style)
            handles.append(Line2D(
                [], [], linestyle="none", marker=MARKERS.get(look.marker, look.marker),
                markersize=2 * WIDTH * min(look.size, 7), markeredgewidth=drawn["linewidth"],
                markerfacecolor=drawn["facecolor"], markeredgecolor=drawn["edgecolor"],
            ))  # fmt: skip
        else:
            handles.append(Patch(**sheet.patch(kind, style)))
    if not handles:
        return
    ax, before = sheet.ax, sheet.ax.get_legend()
    place: dict[str, Any] = {"loc": "lower left", "bbox_to_anchor": (0.0, 1.0)}
    if not sheet.single or mark.y > next(iter(sheet.axes)).top:
        anchor = (mark.x, mark.y - 16)
        place = {"loc": "upper left", "bbox_to_anchor": anchor, "bbox_transform": sheet.transform}
    # matplotlib would leave out names that start with "_", so the words come afterwards.
    columns = max(Counter(y for _, y, _ in mark.laid).values())
    place |= {"ncols": columns, "borderaxespad": 0.2, "columnspacing": 1}
    legend = ax.legend(handles, ["-"] * len(handles), **place)
    for text, (_, _, words) in zip(legend.get_texts(), mark.laid, strict=True):
        _literal(text, words)
    if before is not None:
        ax.add_artist(before)


_DRAWERS: dict[type, Callable[[_Sheet, Any, float], None]] = {
    m.Axes: _axes, m.Band: _band, m.Bars: _bars, m.Dots: _dots, m.Image: _image, m.Key: _key, m.Land: _land,
    m.Line: _line, m.Links: _links, m.Rule: _rule, m.Shapes: _shapes, m.Text: _text,
    m.Arrival: lambda *_: None,  # paper stands still
    m.Target: lambda *_: None,  # and nobody can click on it
}  # fmt: skip
