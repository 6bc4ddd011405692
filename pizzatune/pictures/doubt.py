"""A guess with its doubt over one dial, under a hand; and how often bands like that hold the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pizzatune.parameters import FloatArray
from pizzatune.pictures.marks import (
    Axes,
    Band,
    Bars,
    Dots,
    Key,
    Layers,
    Line,
    Links,
    Mark,
    Panel,
    Rule,
    Scale,
    Target,
    Text,
)
from pizzatune.words import points

PROMISED = (68, 95)  # truths of 100 that lie within 1 and within 2 std, if the beliefs are right
EDGE = 2.5  # °C beyond the ends of the dial, so that marks there are whole
LEFT, TOP, HIGH = 44.0, 82.0, 286.0
TICKS = tuple((float(heat), f"{heat}") for heat in range(150, 301, 25))
HEAT = Scale(150 - EDGE, 300 + EDGE, "temperature (°C)", TICKS)
TASTE = Scale(0, 10, "points", tuple((float(t), f"{t}") for t in range(0, 11, 2)))
MAP = Panel(LEFT, TOP, 400, HIGH, HEAT, TASTE, grid="y")
LENGTH = Scale(5, 300, "length (°C)", tuple((float(t), f"{t}") for t in (5, 20, 100, 300)), log=True)
SHARE = Scale(0, 104, "", tuple((float(t), f"{t}") for t in (0, 50, *PROMISED)))
PROMISE = Panel(490, TOP, 140, HIGH, LENGTH, SHARE)
BANDS = ("doubt", "sure")  # the looks of 2 std and of 1 std
MARKERS = ("seen", "forecast")  # of the counts within 1 and within 2 std


@dataclass(frozen=True)
class Bake:
    """One bake: where, what was tasted, and what a hand made of that; None where nobody touched it."""

    heat: float
    tasted: float
    told: float | None = None

    @property
    def score(self) -> float:
        """What the model is told."""
        return self.tasted if self.told is None else self.told


@dataclass(frozen=True)
class Kept:
    """How often a band holds the truth, counted over ovens.

    Attributes
    ----------
    length : float
        Believed, in °C.
    shares : ndarray, shape (2, ovens)
        At how many of 100 heats the truth lies within 1 and within 2 std, in each oven.
    """

    length: float
    shares: FloatArray

    @property
    def mean(self) -> FloatArray:
        """Of 100 heats in all ovens together, shape (2,)."""
        mean: FloatArray = self.shares.mean(axis=1)
        return mean

    @property
    def half(self) -> FloatArray:
        """Between which two counts the middle half of the ovens lies, shape (2, 2): a row for each band."""
        return np.quantile(self.shares, (0.25, 0.75), axis=1).T


@dataclass(frozen=True)
class Guess:
    """What is believed along a dial, and what became of such beliefs in other ovens.

    Attributes
    ----------
    dish : str
        What is baked, and in which oven.
    heats, mean, std, truth : ndarray, shape (k,)
        Places on the dial in °C; the guess, its doubt and the truth there, in points.
    clicks : ndarray, shape (c,)
        The places at which one can bake.
    bakes : tuple of Bake
        In the order in which they were baked.
    length, noise, amplitude : float
        What is believed of the landscape: °C, points and points.
    kept : Kept
        The count for these beliefs.
    aim : float
        Where the crosshair stands, in °C.
    chosen : int or None
        The bake at the crosshair.
    uncovered : bool
        Whether the truth is shown.
    true_length : float
        With what length the ovens were made.
    curve : tuple of Kept
        The count for other lengths, where it is shown.
    """

    dish: str
    heats: FloatArray
    mean: FloatArray
    std: FloatArray
    truth: FloatArray
    clicks: FloatArray
    bakes: tuple[Bake, ...]
    length: float
    noise: float
    amplitude: float
    kept: Kept
    aim: float
    chosen: int | None
    uncovered: bool
    true_length: float
    curve: tuple[Kept, ...] = ()

    def at(self, heat: float) -> tuple[float, float]:
        """Guess and doubt at a heat."""
        return float(np.interp(heat, self.heats, self.mean)), float(np.interp(heat, self.heats, self.std))

    @property
    def outside(self) -> int:
        """At how many clicks of the dial the truth lies more than 2 std away from the guess."""
        missed = np.abs(self.truth - self.mean) > 2 * self.std
        return int(missed[np.isin(self.heats, self.clicks)].sum())


def verdict(kept: Kept) -> str:
    """How the count compares with what was promised.

    Examples
    --------
    >>> verdict(Kept(30.0, np.array([[67.0, 70.0], [95.0, 96.0]])))
    'as promised'
    >>> verdict(Kept(90.0, np.array([[20.0, 40.0], [50.0, 60.0]])))
    'too sure'
    """
    off = float(kept.mean[0]) - PROMISED[0]
    return "as promised" if abs(off) < 6 else "too sure" if off < 0 else "too careful"


def doubt_layers(guess: Guess) -> Layers:
    """The marks: the map of one oven on the left, on the right what was counted in others."""
    return {
        "axes": [Axes(MAP), Axes(PROMISE), *_heads(guess)],
        "promise": _promise(guess),
        "belief": _belief(guess),
        "aim": _aim(guess),
        "hands": _hands(guess),
        "bakes": _bakes(guess),
    }


# -- the map -------------------------------------------------------------------------------------------------


def _heads(guess: Guess) -> list[Mark]:
    entries = [
        ("guess", "line", "mean"),
        (f"promises {PROMISED[0]} of 100", "area", BANDS[1]),
        (f"{PROMISED[1]} of 100", "area", BANDS[0]),
        ("tasted", "dot", "tried"),
        ("yours", "dot", "yours"),
    ]
    entries += [("truth", "line", "truth")] if guess.uncovered else []
    return [
        Text(None, LEFT - 30, 20, guess.dish, "big"),
        Key(LEFT - 30, 46, entries, wide=650),
        Text(None, PROMISE.left - 30, TOP - 10, "Truths held, of 100", "bold"),
        Text(
            None, 652, 20, f"{guess.kept.shares.shape[1]} more ovens: {verdict(guess.kept)}", "title", "end"
        ),
    ]


def _belief(guess: Guess) -> list[Mark]:
    """The two bands, the guess, and the truth once it is uncovered."""
    marks: list[Mark] = []
    for far, style in zip((2, 1), BANDS, strict=True):
        low, high = (np.clip(guess.mean + side * far * guess.std, TASTE.low, TASTE.high) for side in (-1, 1))
        marks.append(Band(MAP, guess.heats, low, high, style))
    inside = (guess.mean >= TASTE.low) & (guess.mean <= TASTE.high)
    marks.append(Line(MAP, guess.heats, np.where(inside, guess.mean, np.nan), "mean"))
    return [*marks, Line(MAP, guess.heats, guess.truth, "truth")] if guess.uncovered else marks


def _aim(guess: Guess) -> list[Mark]:
    """The crosshair; before the first bake also what to do."""
    marks: list[Mark] = [Rule(MAP, guess.aim, "next-elsewhere"), Dots(MAP, [guess.aim], [TASTE.low], "aim")]
    if guess.bakes:
        return marks
    middle = (MAP.left + MAP.right) / 2
    off = [middle - 136], [middle + 136], [TOP + 8], [TOP + 55]  # no line runs through the words
    return [
        *marks,
        Bars(None, *off, "panel"),
        Text(None, middle, TOP + 26, "Nothing is baked: pure doubt.", "big", "middle"),
        Text(None, middle, TOP + 48, "Where would you bake? Click there.", "", "middle"),
    ]


def _hands(guess: Guess) -> list[Mark]:
    """Over each click of the dial what is believed there; a hand bakes there."""
    wide = guess.clicks[1] - guess.clicks[0]
    tips = []
    for heat in guess.clicks.tolist():
        mean, std = guess.at(heat)
        spans = [
            f"promises {promised} of 100 truths: {points(mean - far * std)} to {points(mean + far * std)}"
            for far, promised in enumerate(PROMISED, 1)
        ]
        tips.append("\n".join([f"{heat:.0f} °C: guess {points(mean)}", *spans]))
    many, left = len(tips), guess.clicks - wide / 2
    ends = [TASTE.low] * many, [TASTE.high] * many
    return [
        Target(MAP, "map", keys=("temperature", "score", "put_in")),
        Bars(MAP, left, left + wide, *ends, "target", tips=tips, names=["map"] * many),
    ]


def _bakes(guess: Guess) -> list[Mark]:
    """The bakes, to be dragged; where a hand was, also what was tasted."""
    marks: list[Mark] = []
    moved = [bake for bake in guess.bakes if bake.told is not None]
    if moved:
        x, tasted, told = ([getattr(b, name) for b in moved] for name in ("heat", "tasted", "score"))
        was = Dots(MAP, x, tasted, "last", sizes=[5.0] * len(x))
        marks += [Links(MAP, x, tasted, x, told, "tick3"), was]
    for number, bake in enumerate(guess.bakes):
        where = [bake.heat], [min(max(bake.score, TASTE.low), TASTE.high)]
        if number == guess.chosen:
            marks.append(Dots(MAP, *where, "shown", sizes=[12.0]))
        said = f"bake {number + 1}, {bake.heat:.0f} °C: "
        if bake.told is None:
            style, tip = "tried", f"{said}{points(bake.tasted)} points\ndrag it up or down"
        else:
            style = "yours"
            tip = f"{said}you say {points(bake.told)}\nit tasted {points(bake.tasted)}; click to take it back"
        marks.append(Dots(MAP, *where, style, [tip], [f"bake {number}"], sizes=[8.0], drag=True))
    return marks


# -- the promise ---------------------------------------------------------------------------------------------


def _promise(guess: Guess) -> list[Mark]:
    """The count at the length that is set over what was promised; uncovered, at all lengths."""
    marks: list[Mark] = [
        Rule(PROMISE, number, "limit", along="x", tip=f"promised: {number} of 100") for number in PROMISED
    ]
    if guess.uncovered:
        tip = f"the true length: {guess.true_length:g} °C"
        marks.append(Rule(PROMISE, guess.true_length, "truth", tip=tip))
    lengths = [one.length for one in guess.curve]
    across = float(PROMISE.across(guess.length))
    for band in (0, 1):
        if lengths:
            marks.append(Line(PROMISE, lengths, [float(one.mean[band]) for one in guess.curve], "mean"))
        low, high = PROMISE.down(guess.kept.half[band]).tolist()
        x = across + (-5.0, 5.0)[band]
        marks.append(Links(None, [x], [low], [x], [high], "tick1"))
        marks += _count(guess.kept, band, x)
    return marks


def _count(kept: Kept, band: int, x: float) -> list[Mark]:
    """The count of one band, that of the narrow one to the left where there is room."""
    mean, (low, high) = float(kept.mean[band]), kept.half[band].tolist()
    tip = (
        f"promised: {PROMISED[band]} of 100 truths; kept: {mean:.0f}\n"
        f"in {kept.shares.shape[1]} ovens with your bakes; half of them lie from {low:.0f} to {high:.0f}"
    )
    down, left = float(PROMISE.down(mean)), band == 0 and x > PROMISE.left + 34
    word, anchor = (x - 11, "end") if left else (x + 11, "start")
    return [
        Dots(None, [x], [down], MARKERS[band], [tip], sizes=[7.0]),
        Text(None, word, down + 4.5, f"{mean:.0f}", "halo", anchor),
    ]


def columns(guess: Guess) -> dict[str, Sequence[float] | FloatArray]:
    """The numbers of the map, a row for each place on the dial; the truth only where it is uncovered."""
    low = {f"low_{n}": guess.mean - far * guess.std for far, n in enumerate(PROMISED, 1)}
    high = {f"high_{n}": guess.mean + far * guess.std for far, n in enumerate(PROMISED, 1)}
    truth = {"truth": guess.truth} if guess.uncovered else {}
    return {"temperature": guess.heats, "mean": guess.mean, "std": guess.std, **low, **high, **truth}
