"""A new oven: old and new side by side, what the old bakes are worth, and how far the search trusts them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from pizzatune.explore.bitmaps import Bitmap, Pixels, coloured
from pizzatune.explore.frame import Explorer, Knob, Pick, Steps, Switch
from pizzatune.lessons.transfer import (
    BUDGET,
    CLOSE,
    Plan,
    Trials,
    bake,
    baking,
    best_scores,
    oven_of,
    strategy_of,
    until_close,
)
from pizzatune.parameters import FloatArray
from pizzatune.plots.palette import CRUST, INK, LINE, NIGHT, PAPER, PENCIL, SCORES, TOMATO
from pizzatune.trial import Trial, best_trial

LUCKS = 6  # searches there are: one for each seed
MOST_OLD = 24  # pizzas of the old oven

# Where things lie, in dots of the picture.
LEFT, RIGHT = 66, 534  # the maps' left sides
MAP_TOP, MAP_WIDE, MAP_TALL = 38, 404, 204
CHART_TOP, CHART_TALL, CHART_WIDE = 382, 160, 532
TRUST_LEFT, TRUST_WIDE = 690, 248

HEATS, TIMES = np.linspace(150.0, 300.0, 31), np.geomspace(30.0, 3.0, 22)  # °C; minutes, the top row first
PIZZAS = tuple({"temperature": float(heat), "minutes": float(time)} for time in TIMES for heat in HEATS)
COLOURS: Pixels = (np.array(SCORES(np.arange(256))) * 255).round().astype(np.uint8)
BLANK: Pixels = np.full((MAP_TALL, MAP_WIDE, 4), (240, 231, 217, 255), dtype=np.uint8)
COLUMNS = ("search", "seed", "bake", "temperature", "minutes", "score", "best so far", "trust")
DASHES = (0, (4.0, 1.5))  # of the searches from scratch


# -- what lies under the bakes -----------------------------------------------------------------------------


@lru_cache(maxsize=32)
def true_scores(likeness: float | None) -> FloatArray:
    """How each of `PIZZAS` scores in a new oven, or with None in the old one; shape (682,)."""
    taste = oven_of(likeness).taste
    return np.array([taste(params) for params in PIZZAS])


@lru_cache(maxsize=32)
def summit(likeness: float | None) -> tuple[float, float, float]:
    """Temperature, minutes and score of an oven's best pizza: uphill from the best of `PIZZAS`.

    `Menu.best` looks at far more pizzas, which takes longer than a turn of a knob may take.

    Examples
    --------
    >>> heat, minutes, score = summit(None)
    >>> round(heat), round(minutes, 1), round(score, 2)
    (252, 13.7, 8.96)
    """
    taste = oven_of(likeness).taste
    best = PIZZAS[int(true_scores(likeness).argmax())]
    heat, time = best["temperature"], best["minutes"]
    score, stride = taste(best), 1.0
    while stride > 1e-3:
        around = [
            (min(max(heat + 5.0 * stride * x, 150.0), 300.0), min(max(time * 1.1 ** (stride * y), 3.0), 30.0))
            for x in (-1, 0, 1)
            for y in (-1, 0, 1)
        ]
        scores = [taste({"temperature": one, "minutes": other}) for one, other in around]
        if max(scores) > score:
            score, (heat, time) = max(scores), around[int(np.argmax(scores))]
        else:
            stride /= 2
    return heat, time, score


@lru_cache(maxsize=48)
def believed_scores(plan: Plan, count: int) -> FloatArray:
    """What the strategy of a plan guesses for each of `PIZZAS` after so many bakes; shape (682,)."""
    mean, _ = strategy_of(plan).rebuilt(bake(plan, count)).posterior(PIZZAS)
    return mean


def land(scores: FloatArray) -> Pixels:
    """A map's ground in the colours of scores."""
    points = Image.fromarray(scores.reshape(len(TIMES), len(HEATS)).astype(np.float32))
    smooth = np.asarray(points.resize((MAP_WIDE, MAP_TALL), Image.Resampling.BICUBIC))
    return coloured(np.clip(25.6 * smooth, 0, 255).astype(np.uint8), COLOURS)


# -- numbers -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Searches:
    """How far the strategies are.

    Attributes
    ----------
    plans : tuple of Plan
        The searches that know of the old oven; the first is the one on the maps.
    old : tuple of Trial
        What that one knows of the old oven.
    warm, scratch : tuple of tuple of Trial
        Trials in the new oven: with that knowledge, and without. As long as they run there may be fewer of
        them than plans.
    """

    plans: tuple[Plan, ...]
    old: Trials = ()
    warm: tuple[Trials, ...] = ()
    scratch: tuple[Trials, ...] = ()


@dataclass(frozen=True)
class Transferred:
    """What is on the picture.

    Attributes
    ----------
    plan : Plan
        The search on the maps.
    old, warm, scratch : tuple of Trial
        Its bakes so far: in the old oven, and in the new one with and without knowing of it.
    warm_best, scratch_best : ndarray, shape (searches, step)
        Best score so far after each bake in the new oven; nan where the search is not there yet.
    trust : ndarray, shape (searches, step)
        How far each search trusted the old oven when it chose each bake.
    top : float
        The best score that the new oven can give.
    until : tuple of float
        After how many bakes a search is within 0.3 points of that, the median with and without the old
        oven; inf where most searches are not there yet, nan where none has come so far.
    """

    plan: Plan
    old: Trials
    warm: Trials
    scratch: Trials
    warm_best: FloatArray
    scratch_best: FloatArray
    trust: FloatArray
    top: float
    until: tuple[float, float]

    @property
    def step(self) -> int:
        """Bakes in the new oven."""
        return len(self.warm)

    def spent(self, old: int = 0) -> tuple[str, str]:
        """`until` in words, with the old oven's bakes where these count."""
        words = []
        for bakes, before in zip(self.until, (old, 0), strict=True):
            if np.isnan(bakes):
                words.append("…")
            else:
                words.append(f"{bakes + before:g}" if np.isfinite(bakes) else f"over {self.step + before}")
        return words[0], words[1]

    @property
    def old_best(self) -> Trial | None:
        """The best pizza of the old oven."""
        return best_trial(self.old)


def _table(searches: Sequence[Trials], steps: int, look: Any) -> FloatArray:
    """A number for each trial, shape (searches, steps); nan where there is none yet."""
    table = np.full((len(searches), steps), np.nan)
    for row, trials in zip(table, searches, strict=True):
        row[: len(trials)] = look(trials)
    return table


def _trusts(trials: Trials) -> list[float]:
    return [trial.origin.get("trust", 0.0) for trial in trials]


def _mean(table: FloatArray) -> FloatArray:
    """The mean of the searches after each bake that any of them has reached, shape (steps,)."""
    mean: FloatArray = np.nanmean(table[:, np.isfinite(table).any(axis=0)], axis=0)
    return mean


def _until(searches: Sequence[Trials], steps: int, top: float) -> float:
    """The median number of bakes until a search is close to the top; of searches that came so far."""
    there = [until_close(trials, top) for trials in searches if len(trials) == steps]
    return float(np.median(there)) if there and steps else np.nan


# -- the explorer ------------------------------------------------------------------------------------------


class TransferExplorer(Explorer):
    """Bring an old oven's bakes to a new oven that is more or less alike, and see what they are worth."""

    title = "A new oven"
    step = Steps(0, BUDGET, value=BUDGET, label="Bakes in the new oven", seconds=0.7)
    likeness = Knob(
        -1.0,
        1.0,
        value=0.9,
        step=0.1,
        reruns=True,
        group="The ovens",
        help="Of the new oven: 1 a twin, 0 unrelated, -1 misleading",
    )
    old_bakes = Knob(
        3, MOST_OLD, value=20, label="Bakes in the old oven", reruns=True, help="All that is known of it"
    )
    learned = Switch(
        True, label="Trust is learned", reruns=True, group="The search", help="Off: you say how far to trust"
    )
    trust = Knob(0.0, 1.0, value=1.0, step=0.1, reruns=True, help="0: the old oven is not heard; 1: blindly")
    seed = Knob(1, LUCKS, value=1, reruns=True, help="The search on the maps; another seed, another luck")
    searches = Knob(
        1, LUCKS, value=3, label="Searches to compare", reruns=True, help="As many seeds; takes a while"
    )
    ground = Pick(
        {"How it tastes": "truth", "What it believes": "belief"},
        label="Colours",
        group="The picture",
        help="The truth, or the scores that the search expects",
    )
    count = Switch(label="Count the old bakes, too", help="They had to be baked as well")

    # -- the strategies

    def plan(self, seed: int) -> Plan:
        """The search with the old oven that the knobs say, for one seed."""
        trust = None if self.learned.value else round(self.trust.value, 10)
        return Plan(round(self.likeness.value, 10), seed, self.old_bakes.value, trust)

    def rerun(self) -> Iterator[Searches]:
        """Bake in the old oven, then in the new one with and without knowing of it, seed after seed."""
        seeds = [(self.seed.value - 1 + more) % LUCKS + 1 for more in range(self.searches.value)]
        plans = tuple(map(self.plan, seeds))
        likeness = plans[0].likeness
        known: Trials = ()
        warm: list[Trials] = []
        scratch: list[Trials] = []
        yield Searches(plans)
        for plan in plans:
            for old in baking(Plan(None, plan.seed), plan.old_bakes):
                known = old if plan is plans[0] else known
                yield Searches(plans, known, tuple(warm), tuple(scratch))
            for bakes, its_plan in ((warm, plan), (scratch, Plan(likeness, plan.seed))):
                bakes.append(())
                for bakes[-1] in baking(its_plan, BUDGET):
                    yield Searches(plans, known, tuple(warm), tuple(scratch))

    def model(self) -> Transferred:
        """The searches up to the bake that is shown, or as far as they are."""
        run: Searches = self.run
        steps = self.step.value
        warm = [trials[:steps] for trials in run.warm]
        scratch = [trials[:steps] for trials in run.scratch]
        *_, top = summit(run.plans[0].likeness)
        return Transferred(
            run.plans[0],
            run.old,
            warm[0] if warm else (),
            scratch[0] if scratch else (),
            _table(warm, steps, best_scores),
            _table(scratch, steps, best_scores),
            _table(warm, steps, _trusts),
            top,
            (_until(warm, steps, top), _until(scratch, steps, top)),
        )

    # -- the picture

    def build(self, figure: Figure) -> None:
        """Two maps above, two charts below."""
        sheet = self.sheet()
        sheet.set_zorder(3)
        self.maps = [self._map(left) for left in (LEFT, RIGHT)]
        self.lands = [self._land(figure, left) for left in (LEFT, RIGHT)]
        self.headings = [self.label(left, 24, size=16, bold=True) for left in (LEFT, RIGHT)]
        self._marks()
        self._legend(sheet)
        self._charts(sheet)

    def _place(self, left: float, top: float, wide: float, tall: float) -> Axes:
        width, height = (100 * inches for inches in self.size)
        ax = self.axes(left / width, 1 - (top + tall) / height, wide / width, tall / height)
        ax.set_zorder(1)
        return ax

    def _map(self, left: float) -> Axes:
        ax = self._place(left, MAP_TOP, MAP_WIDE, MAP_TALL)
        ax.set(xlim=(150, 300), xticks=range(150, 301, 50), xlabel="temperature (°C)")
        ax.set(ylim=np.log([3, 30]), yticks=np.log([3, 10, 30]), yticklabels=["3", "10", "30"])
        ax.xaxis.labelpad = 1
        if left == LEFT:
            ax.set_ylabel("minutes", labelpad=0)
        ax.patch.set_visible(False)
        return ax

    def _land(self, figure: Figure, left: float) -> Bitmap:
        ground = self.moves(Bitmap(left, MAP_TOP, opaque=True))
        ground.set_zorder(0)
        figure.add_artist(ground)
        return ground

    def _marks(self) -> None:
        self.dots, self.stars, self.peaks = [], [], []
        for ax in self.maps:
            self.dots.append(self.moves(ax.plot([], [], **_dot, markersize=9.5, zorder=4, clip_on=False)[0]))
            self.stars.append(self.moves(ax.plot([], [], **_star, markersize=22, zorder=6, clip_on=False)[0]))
            rim, peak = (ax.plot([], [], **_peak(*look), zorder=5)[0] for look in ((PAPER, 5), (INK, 2.2)))
            self.peaks.append((self.moves(rim), self.moves(peak)))
        self.latest = self.moves(
            self.maps[1].plot([], [], "o", mfc="none", mec=INK, ms=17, mew=2.2, zorder=7, clip_on=False)[0]
        )

    def _legend(self, sheet: Axes) -> None:
        """What the marks on the maps mean, on one line below them."""
        y = 312
        last = {"marker": "o", "mfc": "none", "mec": INK, "mew": 2.2, "ls": "none"}
        for x, mark, size, words in (
            (LEFT + 10, _dot, 10, "baked"),
            (LEFT + 136, last, 15, "baked last"),
            (LEFT + 310, _star, 20, "best of the old oven, on both maps"),
            (LEFT + 700, _peak(INK, 2.2), 12, "best there is"),
        ):
            sheet.plot([x], [y], **{**mark, "markersize": size})
            sheet.text(x + 19, y + 5, words, fontsize=14, color=INK)

    def _charts(self, sheet: Axes) -> None:
        self.best_chart = self._place(LEFT, CHART_TOP, CHART_WIDE, CHART_TALL)
        self.best_chart.set(ylim=(-0.3, 10.3), yticks=[0, 5, 10], xlabel="bakes in the new oven")
        self.trust_chart = self._place(TRUST_LEFT, CHART_TOP, TRUST_WIDE, CHART_TALL)
        self.trust_chart.set(
            ylim=(-0.04, 1.06), yticks=[0, 0.5, 1], xlim=(0.5, BUDGET + 0.5), xticks=[1, 4, 8, 12]
        )
        self.trust_chart.set(yticklabels=["0", "0.5", "1"], xlabel="bakes in the new oven")
        for ax in (self.best_chart, self.trust_chart):
            ax.grid(axis="y", color=LINE, linewidth=0.8)
            ax.set_axisbelow(True)
            ax.xaxis.labelpad = 1
        y = 346
        bold: dict[str, Any] = {"fontsize": 15, "fontweight": "bold", "color": INK}
        sheet.text(LEFT, y, "Best so far", **bold)
        sheet.text(TRUST_LEFT, y, "Trust in the old oven", **bold)
        for x, look, words in (
            (LEFT + 140, _warm, "transferred"),
            (LEFT + 318, _scratch, "from scratch"),
        ):
            sheet.plot([x, x + 44], [y - 6, y - 6], **look, linewidth=3, markevery=[1])
            sheet.text(x + 57, y, words, fontsize=14, color=INK)
        self.gain = self.label(LEFT, y + 22, colour=PENCIL)
        self.how = self.label(TRUST_LEFT, y + 22, colour=PENCIL)
        self._lines()

    def _lines(self) -> None:
        ax = self.best_chart
        self.spent = self.moves(ax.axvspan(0, 0, color=CRUST, alpha=0.16, linewidth=0, zorder=0))
        self.spent_text = self.label(0, 0, "old oven", lean=0.5)
        self.spent_text.set_zorder(3)
        self.top = self.moves(ax.axhline(10, color=PENCIL, linewidth=1.4, linestyle=(0, (1, 2))))
        thin: dict[str, Any] = {"linewidth": 1.2, "alpha": 0.45, "zorder": 2}
        self.warm_lines, self.scratch_lines, self.trust_lines = (
            self.moves(chart.plot([], [], color=colour, **thin)[0])
            for chart, colour in ((ax, TOMATO), (ax, NIGHT), (self.trust_chart, TOMATO))
        )
        self.scratch_line = self.moves(ax.plot([], [], **_scratch, linewidth=3, markersize=8, zorder=4)[0])
        self.warm_line = self.moves(ax.plot([], [], **_warm, linewidth=3, markersize=8, zorder=5)[0])
        self.trust_line = self.moves(
            self.trust_chart.plot([], [], **_warm, linewidth=3, markersize=7, zorder=4, clip_on=False)[0]
        )
        self._scale: tuple[int, bool] | None = None

    def draw(self, numbers: Transferred) -> None:
        """Move the bakes and the lines."""
        self.trust.enabled = not self.learned.value
        self._draw_maps(numbers)
        self._draw_best(numbers)
        x = np.arange(1, numbers.trust.shape[1] + 1)
        self.trust_lines.set_data(*_one_line(x, numbers.trust))
        trust = _mean(numbers.trust)
        self.trust_line.set_data(x[: len(trust)], trust)
        fixed = numbers.plan.trust
        self.how.set_text("learned bake by bake" if fixed is None else f"fixed at {fixed:g} by you")

    def _draw_maps(self, numbers: Transferred) -> None:
        plan, warm = numbers.plan, numbers.warm
        belief = self.ground.value == "belief"
        for which, (oven, trials) in enumerate(((Plan(None, plan.seed), numbers.old), (plan, warm))):
            ground = self.lands[which]
            if not belief:
                ground.pixels = _land_of(oven.likeness)
            else:
                ground.pixels = land(believed_scores(oven, len(trials))) if trials else BLANK
            self.dots[which].set_data(*_spots(trials))
            self.stars[which].set_data(*_spots([numbers.old_best] if numbers.old_best else ()))
            for peak in self.peaks[which]:
                peak.set_data([summit(oven.likeness)[0]], [np.log(summit(oven.likeness)[1])])
        self.latest.set_data(*_spots(warm[-1:]))
        old, new = _best(numbers.old), _best(warm)
        self.headings[0].set_text(f"Old oven: {_bakes(len(numbers.old))}{old}")
        self.headings[1].set_text(f"New oven: {_bakes(len(warm))}{new}")

    def _draw_best(self, numbers: Transferred) -> None:
        shift = numbers.plan.old_bakes if self.count.value else 0
        self._rescale(shift, self.searches.value)
        x = np.arange(1, numbers.warm_best.shape[1] + 1)
        self.warm_lines.set_data(*_one_line(x + shift, numbers.warm_best))
        self.scratch_lines.set_data(*_one_line(x, numbers.scratch_best))
        warm, scratch = _mean(numbers.warm_best), _mean(numbers.scratch_best)
        self.warm_line.set_data(x[: len(warm)] + shift, warm)
        self.scratch_line.set_data(x[: len(scratch)], scratch)
        self.top.set_ydata([numbers.top, numbers.top])
        self.spent.set_visible(bool(shift))
        self.spent.set_x(0.5)
        self.spent.set_width(shift)
        self.spent_text.set_visible(shift > 7)
        # The chart shows bakes from 0.5 to `last` + 0.5; the words stand in the middle of the old ones.
        middle = CHART_WIDE * (shift / 2) / (shift + BUDGET)
        self.spent_text.set_position((LEFT + middle, CHART_TOP + CHART_TALL - 8))
        mine, theirs = numbers.spent(shift)
        self.gain.set_text(f"Within {CLOSE:g} of the best: transferred {mine}, from scratch {theirs}")

    def _rescale(self, shift: int, searches: int) -> None:
        """Make room for the old oven's bakes, where they count."""
        several = searches > 1
        if self._scale == (shift, several):
            return
        self._scale = shift, several
        last = shift + BUDGET
        ticks = [1, *range(2, 13, 2)] if not shift else [1, *range(5, last + 1, 5)]
        self.best_chart.set(xlim=(0.5, last + 0.5), xticks=ticks)
        where = "both ovens" if shift else "the new oven"
        self.best_chart.set_xlabel(f"bakes in {where}" + "; thick: the mean" * several)
        self.repaint("scale", self._scale)

    # -- in words

    def read(self, numbers: Transferred) -> str:
        """What the old oven was worth."""
        plan = numbers.plan
        ovens = f"Likeness {plan.likeness:g}, {_bakes(plan.old_bakes)} in the old oven"
        if not numbers.step:
            return (
                f"{ovens}. Nothing is baked in the new oven yet; its best pizza scores {numbers.top:.1f}. "
                f"Colours: {GROUNDS[self.ground.value]}."
            )
        how = "learned" if plan.trust is None else "fixed"
        now = f"trust {numbers.trust[0, numbers.step - 1]:.2f} ({how})"
        scratch = ""
        if numbers.scratch:
            scratch = f", {numbers.scratch_best[0, len(numbers.scratch) - 1]:.1f} from scratch"
        many = len(numbers.scratch_best)
        shift = plan.old_bakes if self.count.value else 0
        counted = f", the {shift} old ones included" if shift else ""
        searches = f"Bakes needed (median of {many} searches)" if many > 1 else "Bakes needed"
        mine, theirs = numbers.spent(shift)
        return (
            f"{ovens}: after {_bakes(numbers.step)} in the new one the best is "
            f"{numbers.warm_best[0, numbers.step - 1]:.1f} transferred{scratch} "
            f"(the best there is: {numbers.top:.1f}); {now}. "
            f"{searches} to come within {CLOSE:g} of that{counted}: {mine} transferred, "
            f"{theirs} from scratch. Colours: {GROUNDS[self.ground.value]}."
        )

    def table(self, numbers: Transferred) -> Mapping[str, Any]:
        """A row for each bake of each search in the new oven."""
        run, rows = self.run, []
        for kind, searches in (("transferred", run.warm), ("from scratch", run.scratch)):
            for plan, trials in zip(run.plans, searches, strict=False):
                shown = trials[: self.step.value]
                for trial, best in zip(shown, best_scores(shown), strict=True):
                    where = trial.params["temperature"], trial.params["minutes"]
                    trust = trial.origin.get("trust", 0.0) if kind == "transferred" else np.nan
                    rows.append((kind, plan.seed, trial.number + 1, *where, trial.score, best, trust))
        return {name: [row[place] for row in rows] for place, name in enumerate(COLUMNS)}


GROUNDS = {"truth": "the true taste", "belief": "the taste it expects"}
_warm: dict[str, Any] = {"color": TOMATO, "marker": "o", "markeredgecolor": PAPER}
_scratch: dict[str, Any] = {"color": NIGHT, "marker": "s", "markeredgecolor": PAPER, "linestyle": DASHES}
_dot: dict[str, Any] = {"marker": "o", "ls": "none", "mfc": PAPER, "mec": INK, "mew": 1.3}
_star: dict[str, Any] = {"marker": "*", "ls": "none", "mfc": PAPER, "mec": INK, "mew": 1.5}


def _peak(colour: str, width: float) -> dict[str, Any]:
    return {"marker": "D", "ls": "none", "mfc": "none", "mec": colour, "mew": width, "markersize": 13}


@lru_cache(maxsize=3)  # each has 300 kB
def _land_of(likeness: float | None) -> Pixels:
    return land(true_scores(likeness))


def _spots(trials: Sequence[Trial]) -> tuple[list[float], FloatArray]:
    """Where bakes lie on a map."""
    return [t.params["temperature"] for t in trials], np.log([t.params["minutes"] for t in trials])


def _one_line(x: FloatArray, table: FloatArray) -> tuple[FloatArray, FloatArray]:
    """A line for each row of a table, for one artist; shape (n,) each."""
    apart = np.pad(table, ((0, 0), (0, 1)), constant_values=np.nan)
    return np.tile(np.append(x, np.nan), len(table)), apart.ravel()


def _bakes(number: int) -> str:
    return f"{number} bake{'' if number == 1 else 's'}"


def _best(trials: Trials) -> str:
    best = best_trial(trials)
    return "" if best is None or best.score is None else f", best {best.score:.1f}"


def transfer(
    likeness: float = 0.9,
    old_bakes: int = 20,
    trust: float | None = None,
    seed: int = 1,
    searches: int = 3,
    step: int = BUDGET,
) -> TransferExplorer:
    """Bring what an old oven taught to a new one, and see when it helps, when it harms, and what it cost.

    Parameters
    ----------
    likeness : float
        Of the new oven, from 1 (a twin) through 0 (unrelated) to -1 (misleading).
    old_bakes : int
        How many bakes of the old oven are known, from 3 to 24.
    trust : float, optional
        Weight of the old oven from 0 to 1; by default it is learned. As in `TransferLearning`.
    seed : int
        Luck of the search on the maps, from 1 to 6.
    searches : int
        How many seeds are compared in the charts, from 1 to 6.
    step : int
        Bakes in the new oven, from 0 to 12.

    Returns
    -------
    TransferExplorer
        To be shown in a notebook. Its numbers are in ``.data``, its sentence in ``.reading``.

    Raises
    ------
    TypeError, ValueError
        If a start lies outside its knob.

    Examples
    --------
    >>> import pizzatune as pt
    >>> explorer = pt.explore.transfer(likeness=1, searches=1, step=3)
    >>> bool(explorer.data.warm_best[0, 0] > explorer.data.top - 0.3)
    True
    >>> explorer.data.trust.shape
    (1, 3)
    """
    learned = trust is None
    return TransferExplorer(
        likeness=likeness,
        old_bakes=old_bakes,
        learned=learned,
        trust=1.0 if trust is None else trust,
        seed=seed,
        searches=searches,
        step=step,
    )
