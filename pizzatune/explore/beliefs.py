"""The trials so far, and what is believed of all the rest, as a picture of any space."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.font_manager import findfont, get_font
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from matplotlib.ticker import MaxNLocator
from PIL import Image

from pizzatune.explore.bitmaps import Bitmap, Pixels, Word, Words, coloured, font_of
from pizzatune.explore.frame import Explorer
from pizzatune.explore.moments import (
    ACROSS,
    FINE,
    STRIP_POINTS,
    UP,
    Believed,
    Moment,
    View,
    called,
    on_page,
    told_apart,
)
from pizzatune.parameters import Choice, FloatArray, Parameter
from pizzatune.plots.frame import is_dial, lay_out, levels, places, score_text, spoken
from pizzatune.plots.palette import BASIL, INK, LINE, NIGHT, PAPER, PENCIL, SCORES, TOMATO
from pizzatune.plots.slices import BAND
from pizzatune.space import Params, Space
from pizzatune.trial import Trial, best_trial, scores_of

# Where things lie, in dots of the explorer's picture.
LEFT, TOP, FLOOR = (90, 556), 84, 536
CEILING, HOPE_TOP = 424, 446  # of a slice: where the guesses end and the hopes begin
NAMES, STRIP, VALUES = 20, (186, 420), 442  # of the strips: the names, from where to where, and the values
LEGEND = 56
MARGIN = STRIP[0] - NAMES + 6  # dots that the name of a strip may have, if need be a little further left
TICKS = [1, 2, 5, 10]  # 0.8825 would be too long for a tick
ROOMY = 60  # dots from one strip to the next that leave room for words between them

_dot: dict[str, Any] = {"marker": "o", "ls": "none"}
_star: dict[str, Any] = {"marker": "*", "ls": "none", "mfc": PAPER, "mec": INK}


def place(explorer: Explorer, sides: tuple[int, int], top: int, bottom: int) -> Axes:
    """New axes of an explorer between four places in dots."""
    wide, high = (100 * inches for inches in explorer.size)
    return explorer.axes(
        sides[0] / wide, 1 - bottom / high, (sides[1] - sides[0]) / wide, (bottom - top) / high
    )


def mark(explorer: Explorer, ax: Axes, **look: Any) -> Line2D:
    """A line or marks that move, on nothing yet."""
    return explorer.moves(ax.plot([], [], **look)[0])


def stretch(ax: Axes, top: int, floor: int) -> None:
    """Make axes reach from one height of the picture to another, in dots from above."""
    box, high = ax.get_position(), ax.figure.bbox.height
    ax.set_position((box.x0, 1 - floor / high, box.width, (floor - top) / high))


@lru_cache(maxsize=64)
def _wide(text: str) -> float:
    """How wide a text of 14 points is, in dots."""
    font = get_font(findfont(font_of(14.0, False)))
    font.set_size(14.0, 100.0)
    font.set_text(text)
    return float(font.get_width_height()[0] / 64)


@lru_cache(maxsize=64)
def _beside(names: tuple[str, ...], words: tuple[str, ...]) -> list[str]:
    """What fits beside strips: no steps of a pipeline where words are too wide, cut where these still are."""
    ends = tuple(spoken(name.rpartition("__")[2]) for name in names)
    if max(map(_wide, words)) > MARGIN and len(set(ends)) == len(ends) and "" not in ends:
        words = ends
    long = [word for word in words if _wide(word) > MARGIN]
    cuts = (told_apart(long, most) for most in range(24, 5, -1))
    cut = next((cut for cut in cuts if max(map(_wide, cut), default=0.0) <= MARGIN), told_apart(long, 6))
    short = dict(zip(long, cut, strict=True))
    return [short.get(word, word) for word in words]


class BeliefPicture:
    """A slice, a map or strips on the left of an explorer; made once, drawn for any `Moment`.

    Parameters
    ----------
    explorer : Explorer
        Whose picture it is part of.
    sheet : matplotlib Axes
        Its `sheet`, on which the trials are marked.
    space : Space
        What was searched.
    score_label : str
        What a score is called.
    mapped : bool
        Whether the space can be shown as a map.
    """

    def __init__(self, explorer: Explorer, sheet: Axes, space: Space, score_label: str, mapped: bool) -> None:
        self.explorer, self.sheet, self.space = explorer, sheet, space
        self.score_label, self.mapped = score_label, mapped
        self.called = called(space)
        self.more = 40 if len(score_label) > 12 else 0  # dots that its name needs in the key
        self.view, self.model = View(""), False
        self.range = 0.0, 1.0  # lowest and highest score that has a colour of its own
        self.count = 0  # trials of the history, which may be too many for large dots
        self._build_slice()
        self._build_map()
        self._build_strips()
        self._build_marks()

    def draw(self, numbers: Moment, view: View) -> None:
        """Show a moment."""
        self.range, self.count = numbers.range, len(numbers.past.trials)
        self._turn_to(view, numbers.model)
        {"slice": self._draw_slice, "map": self._draw_map, "strips": self._draw_strips}[view.kind](numbers)
        self.note.set_text(self._in_short(self.note.get_text(), view.what, 40))

    def _in_short(self, text: str, name: str, most: int) -> str:
        """Text with what a parameter is called in place of its name."""
        if name not in self.called:
            return text
        return text.replace(spoken(name), told_apart([self.called[name]], most)[0])

    def _build_slice(self) -> None:
        self.upper, self.lower = (
            place(self.explorer, LEFT, TOP, CEILING),
            place(self.explorer, LEFT, HOPE_TOP, FLOOR),
        )
        self.upper.set_ylabel(_cut(self.score_label, 30), labelpad=2)
        self.upper.grid(axis="y", color=LINE, linewidth=0.8)
        self.upper.yaxis.set_major_locator(MaxNLocator(7, steps=TICKS))
        self.lower.set(ylim=(0, 1.15), yticks=[], ylabel="hope")
        self.band = self.explorer.moves(
            Polygon(np.zeros((3, 2)), facecolor=NIGHT, alpha=0.18, linewidth=0, zorder=1)
        )
        self.upper.add_patch(self.band)
        self.curve = mark(self.explorer, self.upper, color=NIGHT, linewidth=3, zorder=2)
        self.hill = self.explorer.moves(
            Polygon(np.zeros((3, 2)), facecolor=BASIL, alpha=0.45, linewidth=0, zorder=1)
        )
        self.lower.add_patch(self.hill)
        self.crest = mark(self.explorer, self.lower, color=BASIL, linewidth=2.5, zorder=2)
        self.of_slice = [self.band, self.curve, self.hill, self.crest]
        self.slice_keys = {model: self._slice_key(model) for model in (True, False)}

    def _slice_key(self, model: bool) -> list[Any]:
        """What the marks of a slice mean, with a model of the scores or without one."""
        sheet, x = self.sheet, LEFT[0]
        key: list[Any] = []
        if model:
            key = [
                sheet.add_patch(Rectangle((x, LEGEND - 13), 36, 16, facecolor=NIGHT, alpha=0.18, lw=0)),
                *sheet.plot([x, x + 36], [LEGEND - 5, LEGEND - 5], color=NIGHT, linewidth=3),
                sheet.text(x + 44, LEGEND, f"guess ± {BAND:g} std", fontsize=14, color=INK),
            ]
            x += 194
        key += [
            *sheet.plot([x + 8], [LEGEND - 5], **_dot, mfc=TOMATO, mec=INK, markersize=10),
            sheet.text(x + 22, LEGEND, "tried here", fontsize=14, color=INK),
            *sheet.plot([x + 138], [LEGEND - 5], **_dot, mfc="none", mec=PENCIL, markersize=8),
            sheet.text(x + 152, LEGEND, "tried elsewhere", fontsize=14, color=INK),
        ]
        return key

    def _build_map(self) -> None:
        self.map_axes: Axes | None = None
        self.land = self.explorer.moves(Bitmap(0, 0, opaque=True))
        self.explorer.figure.add_artist(self.land)
        self.land.set_zorder(0)
        if not self.mapped:
            return
        self.map_axes = place(self.explorer, LEFT, TOP, FLOOR)
        lay_out(self.map_axes, "x", self.space.parameters[0])
        lay_out(self.map_axes, "y", self.space.parameters[1])
        self.map_axes.yaxis.labelpad = 2
        for axis, parameter in zip(
            (self.map_axes.xaxis, self.map_axes.yaxis), self.space.parameters, strict=True
        ):
            axis.set_label_text(self._in_short(axis.get_label_text(), parameter.name, 36))
        corners = _values_at(self.space.parameters[0], (0, 1)), _values_at(self.space.parameters[1], (1, 0))
        (left, right), (top, bottom) = self._in_dots(self.map_axes, *corners)
        self.land.x, self.land.y = round(left), round(top)
        self.land_size = round(right) - round(left), round(bottom) - round(top)

    def _build_strips(self) -> None:
        self.strips = self.explorer.moves(Bitmap(STRIP[0], TOP))
        self.explorer.figure.add_artist(self.strips)
        self.strips.set_zorder(0)
        self.row_words = self.explorer.moves(Words())
        self.explorer.figure.add_artist(self.row_words)
        self.key = self.explorer.moves(Bitmap(LEFT[0] + 60, LEGEND - 13, opaque=True))
        self.explorer.figure.add_artist(self.key)
        self.key_words = self.explorer.moves(Words())
        self.explorer.figure.add_artist(self.key_words)
        self.key_star = self.sheet.plot([LEFT[0] + 376 + self.more], [LEGEND - 5], **_star, markersize=16)[0]

    def _build_marks(self) -> None:
        """The trials on the left picture, whatever it is, in dots of the whole."""
        sheet = self.sheet
        self.elsewhere = mark(self.explorer, sheet, **_dot, mfc="none", mec=PENCIL, markersize=7, zorder=3)
        self.tried = self.explorer.moves(sheet.scatter([], [], linewidths=0, zorder=5))
        self.halos = mark(self.explorer, sheet, **_dot, mfc=PAPER, mec=INK, mew=0.8, zorder=4.8)
        self.lost = mark(
            self.explorer, sheet, marker="x", ls="none", color=INK, markersize=8, mew=2, zorder=5
        )
        self.thread_rim = mark(self.explorer, sheet, color=PAPER, linewidth=4, zorder=4)
        self.thread = mark(self.explorer, sheet, color=INK, linewidth=1.6, zorder=4)
        self.star = mark(self.explorer, sheet, **_star, markersize=22, zorder=4.5)
        self.parent_rings = mark(
            self.explorer, sheet, **_dot, mfc="none", mec=BASIL, mew=2.6, markersize=16, zorder=6
        )
        self.here_rim, self.here = (
            mark(self.explorer, sheet, **_dot, mfc="none", mec=colour, mew=width, markersize=18, zorder=7)
            for colour, width in ((PAPER, 6), (INK, 2.6))
        )
        self.note = self.explorer.label(sum(LEFT) / 2, (TOP + FLOOR) / 2, size=15, colour=PENCIL, lean=0.5)

    def _turn_to(self, view: View, model: bool) -> None:
        """Show the axes and artists of one kind of picture, and hide the others'."""
        if (view, model) == (self.view, self.model):
            return
        self.view, self.model = view, model
        for with_model, key in self.slice_keys.items():
            for part in key:
                part.set_visible(view.kind == "slice" and with_model == model)
        for part in (self.upper, self.lower, *self.of_slice):
            part.set_visible(view.kind == "slice")
        for part in (self.map_axes, self.land):
            if part is not None:
                part.set_visible(view.kind == "map")
        for part in (self.strips, self.row_words):
            part.set_visible(view.kind == "strips")
        for part in (self.key, self.key_words, self.key_star):
            part.set_visible(view.kind != "slice")
        if view.kind == "slice":
            for ax in (self.upper, self.lower):
                ax.set_xscale("linear")  # it may have been another dial's
                ax.set_xlim(1, 2)  # a logarithmic scale wants limits that suit it from the start
                ax.xaxis.set_major_locator(MaxNLocator(7))
                lay_out(ax, "x", self.space[view.what])
            words = self._in_short(self.lower.get_xlabel(), view.what, 36)
            self.lower.set_xlabel(words)
            # Without a model there is no hope to show: the scores have its place, too.
            self.lower.set_visible(model)
            self.upper.set_xlabel("" if model else words)
            self.upper.tick_params(labelbottom=not model)
            stretch(self.upper, TOP, CEILING if model else FLOOR)
        self.explorer.repaint("view", (view, model))

    def _draw_slice(self, numbers: Moment) -> None:
        along = self.view.what
        dial, chosen = self.space[along], numbers.look.chosen
        seen = [trial for trial in numbers.shown if along in trial.params]
        x = places(dial, [trial.params[along] for trial in seen])
        here = self._on_line(seen, numbers, along)
        scores = scores_of(seen)
        ok = np.isfinite(scores)
        xs, ys = self._in_dots(self.upper, x, np.where(ok, scores, self.upper.get_ylim()[0]))
        self.elsewhere.set_data(xs[ok & ~here], ys[ok & ~here])
        self._dots(xs[ok & here], ys[ok & here], TOMATO)
        self.lost.set_data(xs[~ok], ys[~ok] - 8)
        self._rings(seen, xs, ys, numbers)
        self.star.set_data([], [])
        applies = chosen is not None and along in chosen
        at = places(dial, [chosen[along]] if chosen is not None and along in chosen else [])
        self._thread(np.repeat(self._in_dots(self.upper, at, 0.0 * at)[0], 2), [TOP, FLOOR][: 2 * len(at)])
        words = "" if applies or chosen is None else f"{spoken(along)} does not apply to it"
        self.note.set_text(words or ("" if numbers.look.believed or seen else "nothing is known yet"))
        self._draw_curve(numbers, dial)

    def _draw_curve(self, numbers: Moment, dial: Parameter) -> None:
        held = numbers.look.believed
        x = places(dial, levels(dial, FINE))
        nothing = np.full(len(x), np.nan)
        mean, std, hope = (held.mean, held.std, held.hope) if held else (nothing, nothing, nothing)
        self.curve.set_data(x, mean)
        self.crest.set_data(x, hope)
        known = np.isfinite(mean)
        self.band.set_xy(_ribbon(x[known], (mean - BAND * std)[known], (mean + BAND * std)[known]))
        self.hill.set_xy(_ribbon(x[known], np.zeros(known.sum()), hope[known]))

    def _on_line(
        self, trials: Sequence[Trial], numbers: Moment, along: str
    ) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Whether a trial is like the one that is shown in all parameters but one; shape (n,)."""
        if numbers.look.chosen is None or not trials:
            return np.zeros(len(trials), dtype=bool)
        rows = self.space.encode([trial.params for trial in trials])
        row = self.space.encode([numbers.look.chosen])
        others = [name != along for name in self.space.names]
        alike: np.ndarray[Any, np.dtype[np.bool_]] = ((rows == row) | (np.isnan(rows) & np.isnan(row)))[
            :, others
        ]
        return np.asarray(alike.all(axis=1), dtype=bool)

    def _draw_map(self, numbers: Moment) -> None:
        assert self.map_axes is not None
        across, up = self.space.parameters
        seen = numbers.shown
        xs, ys = self._in_dots(
            self.map_axes,
            places(across, [trial.params[across.name] for trial in seen]),
            places(up, [trial.params[up.name] for trial in seen]),
        )
        held, what = numbers.look.believed, self.view.what
        self.land.pixels = None
        if held is not None:
            shares, colours = self._shares(getattr(held, what), what)
            self.land.pixels = _painted(shares.reshape(UP, ACROSS), colours, self.land_size)
        self._coloured(seen, xs, ys, numbers)
        chosen = numbers.look.chosen
        if chosen is not None:
            x, y = self._in_dots(
                self.map_axes, places(across, [chosen[across.name]]), places(up, [chosen[up.name]])
            )
            self._chosen_at(x, y)
        self._thread([], [])
        self.note.set_text("" if held is not None or seen else "nothing is known yet")
        most = float(np.nanmax(held.std)) if held is not None and what == "std" else 1.0
        self._draw_key(what if held is not None else "mean", most)

    def _draw_strips(self, numbers: Moment) -> None:
        rows = on_page(self.view, self.space)
        pitch = min(96, (FLOOR + 40 - TOP) // len(rows))
        middles = TOP + pitch * np.arange(len(rows), dtype=float) + _middle(pitch)
        seen, held = numbers.shown, numbers.look.believed
        chosen = numbers.look.chosen or {}
        xs, ys, whose = [], [], []
        for parameter, middle in zip(rows, middles, strict=True):
            having = [trial for trial in seen if parameter.name in trial.params]
            xs.append(_on_strip(parameter, [trial.params[parameter.name] for trial in having]))
            ys.append(middle + _jitter(parameter, having, pitch))
            whose += having
        self._coloured(whose, np.concatenate(xs), np.concatenate(ys), numbers)
        self.strips.pixels = self._bands(rows, pitch, held)
        threads = [
            (float(_on_strip(parameter, [chosen[parameter.name]])[0]), middle)
            for parameter, middle in zip(rows, middles, strict=True)
            if parameter.name in chosen
        ]
        self._thread([x for x, _ in threads], [y for _, y in threads])
        self._chosen_at([x for x, _ in threads], [y for _, y in threads])
        self.row_words.words = self._row_words(rows, middles, chosen)
        if pitch >= ROOMY:
            ends = zip(rows, middles + _thick(pitch) / 2 + 19, strict=True)
            self.row_words.words += [word for row, below in ends for word in _ticks(row, below)]
        self.note.set_text("")
        self._draw_key("mean")

    def _row_words(self, rows: Sequence[Parameter], middles: FloatArray, chosen: Params) -> list[Word]:
        """The name of each strip, and the value beside it."""
        names = _beside(tuple(row.name for row in rows), tuple(self.called[row.name] for row in rows))
        left = NAMES if max(map(_wide, names)) < MARGIN - 10 else NAMES - 8
        words = []
        for parameter, name, middle in zip(rows, names, middles, strict=True):
            said = parameter.label(chosen[parameter.name]) if parameter.name in chosen else "–"
            words.append(Word(left, middle + 6, name))
            words.append(Word(VALUES, middle + 6, _cut(said, 15), bold=True))
        return words

    def _bands(self, rows: Sequence[Parameter], pitch: int, held: Believed | None) -> Pixels:
        """All strips as one image: the mean along each parameter, the others as in the trial shown."""
        wide, thick = STRIP[1] - STRIP[0], _thick(pitch)
        image: Pixels = np.zeros((pitch * len(rows), wide, 4), dtype=np.uint8)
        start = 0
        for row, parameter in enumerate(rows):
            length = len(levels(parameter, STRIP_POINTS))
            band = np.full((1, wide, 4), _rgba(LINE), dtype=np.uint8)
            if held is not None:
                shares, colours = self._shares(held.mean[start : start + length], "mean")
                smooth = is_dial(parameter) and length == STRIP_POINTS
                band = _painted(shares[None], colours, (wide, 1), smooth)
            start += length
            top = row * pitch + _middle(pitch) - thick // 2
            image[top : top + thick] = band
        return image

    def _shares(self, values: FloatArray, what: str) -> tuple[FloatArray, Pixels]:
        """Values from 0 to 1 on their scale, and the colours of that scale."""
        if what == "mean":
            return self._share(values), _score_colours()
        if what == "std":
            return values / (float(np.nanmax(values)) or 1.0), _ramp(NIGHT)
        return values, _ramp(BASIL)

    def _share(self, scores: FloatArray) -> FloatArray:
        low, high = self.range
        return np.clip((scores - low) / (high - low), 0.0, 1.0)

    def _draw_key(self, what: str, most: float = 1.0) -> None:
        """What the colours mean."""
        colours = {"mean": _score_colours(), "std": _ramp(NIGHT), "hope": _ramp(BASIL)}[what]
        if what == "mean":
            low, high = (f"{end:.10g}" for end in self.range)  # round numbers
            about = _cut(self.score_label, 14)
        elif what == "std":
            low, high, about = "0", score_text(most), "doubt (std)"
        else:
            low, high, about = "none", "most", "hope"
        left = max(0, 12 * len(high) - 48)  # a long number would run into the words behind it
        x = LEFT[0] + 60
        self.key.x = x - left
        self.key.pixels = np.repeat(colours[np.linspace(0, 255, 120).astype(int)][None], 14, axis=0)
        self.key_words.words = [
            Word(x - left - 8, LEGEND, low, lean=1),
            Word(x - left + 128, LEGEND, high),
            Word(x + 182, LEGEND, about, PENCIL),
            Word(x + 330 + self.more, LEGEND, "best yet"),
        ]

    def _coloured(self, trials: Sequence[Trial], xs: FloatArray, ys: FloatArray, numbers: Moment) -> None:
        """Trials in the colours of their scores, crosses for those that failed, and rings."""
        scores = scores_of(trials)
        ok = np.isfinite(scores)
        self._dots(xs[ok], ys[ok], _score_colours()[(255 * self._share(scores[ok])).astype(int)] / 255)
        self.lost.set_data(xs[~ok], ys[~ok])
        self.elsewhere.set_data([], [])
        self._rings(trials, xs, ys, numbers)
        best = best_trial(numbers.before)
        starred = [place for place, trial in enumerate(trials) if trial is best]
        self.star.set_data(xs[starred], ys[starred])

    def _dots(self, xs: FloatArray, ys: FloatArray, colours: Any) -> None:
        size = 76.0 if self.count <= 60 else 34.0  # points squared
        self.halos.set_data(xs, ys)
        self.halos.set_markersize(math.sqrt(1.7 * size))
        self.tried.set_offsets(np.column_stack([xs, ys]))
        self.tried.set_sizes([size])
        self.tried.set_facecolor(colours)

    def _rings(self, trials: Sequence[Trial], xs: FloatArray, ys: FloatArray, numbers: Moment) -> None:
        parents = [trial.number for trial in numbers.parents]
        bred = [place for place, trial in enumerate(trials) if trial.number in parents]
        self.parent_rings.set_data(xs[bred], ys[bred])
        shown = [place for place, trial in enumerate(trials) if trial is numbers.trial]
        self._chosen_at(xs[shown], ys[shown])

    def _chosen_at(self, xs: Any, ys: Any) -> None:
        """Ring the choice; a rim of paper lets the ring be seen on any ground."""
        for ring in (self.here_rim, self.here):
            ring.set_data(xs, ys)

    def _thread(self, xs: Any, ys: Any) -> None:
        """Draw a line through the choice."""
        for line in (self.thread_rim, self.thread):
            line.set_data(xs, ys)

    def _in_dots(self, ax: Axes, x: Any, y: Any) -> tuple[FloatArray, FloatArray]:
        """Places on axes as dots from the upper left corner of the picture."""
        if not len(x):
            return np.empty(0), np.empty(0)
        dots = ax.transData.transform(np.column_stack([x, y]))
        return dots[:, 0], 100 * self.explorer.size[1] - dots[:, 1]


def _values_at(dial: Parameter, codes: tuple[int, int]) -> FloatArray:
    return places(dial, [dial.decode(float(code)) for code in codes])


def _on_strip(parameter: Parameter, values: Sequence[Any]) -> FloatArray:
    """Where values lie on their strip, in dots; each option has an equal part of it."""
    if isinstance(parameter, Choice):
        share = (places(parameter, values) + 0.5) / parameter.size
    else:
        share = np.array([parameter.encode(value) for value in values], dtype=float)
    return STRIP[0] + (STRIP[1] - STRIP[0]) * share


def _jitter(parameter: Parameter, trials: Sequence[Trial], pitch: int) -> FloatArray:
    """How far a trial stands from the middle of its strip, so that one option's do not hide each other."""
    turn = np.array([trial.number * 0.618 % 1.0 - 0.5 for trial in trials])
    reach = min(0.4 * pitch, _thick(pitch) - 14) if pitch >= ROOMY else 0.4 * pitch  # words lie below
    return reach * turn if isinstance(parameter, Choice) else np.zeros(len(trials))


def _thick(pitch: int) -> int:
    return pitch - 10 if pitch < ROOMY else pitch // 2 - 8


def _middle(pitch: int) -> int:
    """How far below the top of its row a strip has its middle."""
    return pitch // 2 if pitch < ROOMY else _thick(pitch) // 2 + 4


def _ticks(parameter: Parameter, below: float) -> list[Word]:
    """The two ends of a dial, or the options where their names fit, under a strip."""
    left, right = STRIP
    names = [parameter.label(value) for value in levels(parameter, 2 if is_dial(parameter) else 8)]
    if is_dial(parameter):
        ends = ((left, names[0], 0.0), (right, names[-1], 1.0))
        return [Word(x, below, text, PENCIL, lean) for x, text, lean in ends]
    part = (right - left) / parameter.size
    if 10 * max(map(len, names)) > part or len(names) < parameter.size:
        return []
    return [Word(left + part * (i + 0.5), below, name, PENCIL, 0.5) for i, name in enumerate(names)]


def _ribbon(x: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """The outline of what lies between two curves, shape (2k, 2); a point where there are none."""
    outline = np.column_stack([np.r_[x, x[::-1]], np.r_[low, high[::-1]]])
    return outline if len(outline) else np.full((3, 2), np.nan)


def _painted(shares: FloatArray, colours: Pixels, size: tuple[int, int], smooth: bool = True) -> Pixels:
    """A table of shares as an image of `size` dots (wide, high); paper where there is nothing."""
    nowhere = np.isnan(shares)
    kind = Image.Resampling.BILINEAR if smooth else Image.Resampling.NEAREST
    full = np.where(nowhere, np.nanmean(shares) if not nowhere.all() else 0.0, shares)
    big = np.asarray(Image.fromarray(full.astype(np.float32)).resize(size, kind))
    image = coloured(np.clip(255 * big, 0, 255).astype(np.uint8), colours)
    if nowhere.any():
        hole = np.asarray(Image.fromarray(nowhere.astype(np.uint8)).resize(size, Image.Resampling.NEAREST))
        image = np.where(hole[..., None] == 1, np.array(_rgba(LINE), dtype=np.uint8), image)
    return image


def _rgba(colour: str) -> tuple[int, int, int, int]:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue, 255


@lru_cache(maxsize=1)
def _score_colours() -> Pixels:
    """The 256 colours of scores, shape (256, 4)."""
    colours: Pixels = (np.array(SCORES(np.arange(256))) * 255).round().astype(np.uint8)
    return colours


@lru_cache(maxsize=2)
def _ramp(colour: str) -> Pixels:
    """256 shades from paper to a colour, shape (256, 4)."""
    share = np.linspace(0.0, 1.0, 256)[:, None]
    shades = (1 - share) * np.array(_rgba(PAPER)) + share * np.array(_rgba(colour))
    ramp: Pixels = shades.round().astype(np.uint8)
    return ramp


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
