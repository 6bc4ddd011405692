"""A map with doubt: bake along one dial, drag a score, and see guess and doubt answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Self

import numpy as np

from pizzatune.explore import moody
from pizzatune.explore.explorer import Button, Card, Explorer, Knob, Steps, Switch
from pizzatune.explore.moody import CLICK, CLICKS, COLD, HOT, MOST, USUAL, Beliefs
from pizzatune.explore.verdicts import nothing_yet, served
from pizzatune.menus.secret import TOPPINGS
from pizzatune.menus.taste import Pizza, taste
from pizzatune.parameters import FloatArray
from pizzatune.pictures.doubt import MAP, PROMISED, TASTE, Bake, Guess, columns, doubt_layers
from pizzatune.pictures.marks import Layers
from pizzatune.words import points

OPENING = (225.0, 180.0, 270.0, 205.0, 290.0, 160.0, 250.0, 195.0, 280.0, 235.0)  # °C, where Step bakes
LENGTHS = (5.0, 300.0)  # °C
Baked = tuple[float, float | None]
"""Where, and what a hand made of its score."""

CURVE = tuple(np.geomspace(*LENGTHS, 14).tolist())  # lengths at which it is counted once all is uncovered


class GpExplorer(Explorer):
    """Click where to bake; see what a Gaussian process guesses everywhere else, and how much it doubts.

    ``step`` counts your bakes: one step more bakes at the next opening place, one less takes the last bake
    away. ``put_in`` bakes at the crosshair. A bake at the crosshair is chosen, and ``score`` says how it
    scored: turn that, or drag the bake, and the model believes your word.
    """

    title = "A map with doubt"
    size = (660.0, 414.0)
    lines = 3

    step = Steps(0, MOST, label="Bakes", seconds=1.2, help="Bake at the next opening place, or take one away")
    length = Knob(
        *LENGTHS, 60.0, 60, "°C", log=True,
        help="How far a bake speaks for its neighbours: pizzas this far apart count as half alike",
    )  # fmt: skip
    fitted = Switch(label="Let the data choose", help="The most plausible length, noise and amplitude")
    uncover = Switch(label="Uncover the truth", help="This oven's true tastes, and the count at every length")
    undo = Button("Back to what was tasted", help="Take back every score that was dragged")
    temperature = Knob(
        COLD, HOT, 225.0, CLICK, "°C", "Crosshair", more=True, help="On the picture: arrows left and right"
    )  # fmt: skip
    put_in = Button("Bake there", more=True, help="On the picture: a click, or Enter")
    score = Knob(
        TASTE.low, TASTE.high, USUAL, 0.1, "pts", "Its score",
        help="Of the bake at the crosshair: drag it, or arrow keys up and down", more=True,
    )  # fmt: skip
    noise = Knob(0.0, 2.0, 0.0, 0.05, "pts", more=True, help="How far off it thinks one tasting may be")
    amplitude = Knob(
        0.3, 5.0, 1.5, 0.1, "pts", more=True, help="How far from 5 points it expects tastes to be"
    )
    waver = Knob(
        0.0, 2.0, 0.0, 0.05, "pts", "The taster wavers", more=True, help="How far off one tasting truly is"
    )  # fmt: skip
    seed = Knob(1, 99, 1, label="Oven", help="Another oven with the same bakes in it", more=True)

    def prepare(self) -> None:
        """Nothing is baked."""
        self._pressed = self._undone = 0
        self._oven = int(self.seed.value)
        self._bakes: tuple[Baked, ...] = ()
        self._offered = USUAL  # what the score knob stands at when nobody turned it
        self._chosen: int | None = None

    # -- baking

    def _bake(self) -> None:
        """Bake, take away, or believe a hand, as the controls say."""
        bakes = list(self._bakes)
        if (self.seed.value, self.undo.value) != (self._oven, self._undone):
            self._oven, self._undone = int(self.seed.value), self.undo.value
            bakes = [(heat, None) for heat, _ in bakes]
        self._chosen = self._at_crosshair(bakes)
        if self.score.value != self._offered and self._chosen is not None:
            bakes[self._chosen] = self._aim, self.score.value
        if self.put_in.value > self._pressed and len(bakes) < MOST:
            bakes.append((self._aim, None))
            self._chosen = len(bakes) - 1
        elif len(bakes) != self.step.value:
            bakes = bakes[: self.step.value]
            while len(bakes) < self.step.value:
                baked = [heat for heat, _ in bakes]
                bakes.append((next(heat for heat in OPENING if heat not in baked), None))
            self.temperature.value = bakes[-1][0] if bakes else OPENING[0]
            self._chosen = self._at_crosshair(bakes)
        self._pressed, self.step.value = self.put_in.value, len(bakes)
        self._bakes = tuple(bakes)

    def _at_crosshair(self, bakes: Sequence[Baked]) -> int | None:
        """The bake at the crosshair: of several the one that was chosen, or else the last."""
        here = [number for number, (heat, _) in enumerate(bakes) if heat == self._aim]
        return self._chosen if self._chosen in here else here[-1] if here else None

    @property
    def _aim(self) -> float:
        """The crosshair, at a click of the dial."""
        return _click(self.temperature.value)

    def clicked(self, name: str, x: float, y: float) -> None:
        """Bake there; on a bake choose it, or take back what a hand made of it."""
        if name == "map":
            room = int(len(self._bakes) < MOST)
            self.set(temperature=_click(MAP.x.value(x)), put_in=self.put_in.value + room)
        else:
            self.say(int(name.removeprefix("bake ")) + 1)

    def dragged(self, name: str, x: float, y: float) -> None:
        """A bake is dragged up or down: the model believes that score."""
        self.say(int(name.removeprefix("bake ")) + 1, round(MAP.y.value(y), 1))

    def bake(self, temperature: float) -> Self:
        """Bake there as if by hand.

        Raises
        ------
        TypeError, ValueError
            If the dial cannot be turned there, or all bakes are used up.
        """
        if len(self._bakes) >= MOST:
            raise ValueError(f"all {MOST} bakes are used up; take one away: explorer.step.value -= 1")
        self.set(temperature=temperature, put_in=self.put_in.value + 1)
        return self

    def say(self, number: int, score: float | None = None) -> Self:
        """Say what bake `number` (from 1) scored, whatever was tasted; None gives back what was tasted.

        Raises
        ------
        TypeError, ValueError
            If there is no such bake, or no such score.
        """
        if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= len(self._bakes):
            raise ValueError(f"there are {len(self._bakes)} bakes, got number {number!r}; count them from 1")
        told = None if score is None else self.score.check(score)
        with self.lock:
            bakes = list(self._bakes)
            heat, _ = bakes[number - 1]
            bakes[number - 1] = heat, told
            self._bakes = tuple(bakes)
            self._turn({self.temperature: heat})
            self._chosen = number - 1
            self._refresh()
        return self

    def memory(self) -> Any:
        """Your bakes with what you made of their scores, the crosshair, and the bake chosen there."""
        return [self._bakes, self._aim, self._chosen] if self._bakes else None

    def remember(self, memory: Any) -> None:
        """Bake again where that was."""
        bakes, aim, chosen = memory
        known = [
            (_click(self.temperature.check(heat)), None if told is None else self.score.check(told))
            for heat, told in bakes
        ]
        self._turn({self.step: self.step.check(len(known)), self.temperature: self.temperature.check(aim)})
        self._bakes, self._chosen = tuple(known), chosen
        self._refresh()

    # -- the numbers

    def model(self) -> Guess:
        """What is believed of this oven, and what such beliefs are worth in others."""
        self._bake()
        own = range(self._oven, self._oven + 1)
        heats = tuple(heat for heat, _ in self._bakes)
        tasted = moody.tasted(heats, self.waver.value, own)[0].tolist()
        bakes = tuple(
            Bake(heat, score, told) for (heat, told), score in zip(self._bakes, tasted, strict=True)
        )
        scores = [bake.score for bake in bakes]
        beliefs = self._beliefs(heats, scores)
        mean, std = moody.believed(heats, scores, beliefs)
        waver, shown = self.waver.value, self.uncover.value
        lengths = CURVE if shown else ()
        self._settle_hand(bakes)
        return Guess(
            self._dish(), moody.HEATS, mean, std, moody.truths(own)[0], CLICKS, bakes, *beliefs,
            moody.kept(heats, beliefs, waver), self._aim, self._chosen, shown, moody.TRUE_LENGTH,
            tuple(moody.kept(heats, beliefs._replace(length=one), waver) for one in lengths),
        )  # fmt: skip

    def _beliefs(self, heats: tuple[float, ...], scores: list[float]) -> Beliefs:
        """What the knobs say; or what the data say, and then so do the knobs."""
        knobs = self.length, self.noise, self.amplitude
        for knob in knobs:
            knob.enabled = not self.fitted.value
        self.noise.enabled &= bool(heats)  # of tastings, so it waits for one
        self.waver.enabled = bool(heats)
        if self.fitted.value and heats:
            for knob, found in zip(knobs, moody.chosen_by_data(heats, scores), strict=True):
                knob.value = min(max(float(f"{found:.3g}"), knob.low), knob.high)
        return Beliefs(*(float(knob.value) for knob in knobs))

    def _settle_hand(self, bakes: tuple[Bake, ...]) -> None:
        """Put the score of the bake at the crosshair on the knob."""
        self.score.enabled = self._chosen is not None
        score = USUAL if self._chosen is None else bakes[self._chosen].score
        self.score.value = self._offered = min(max(round(score, 1), TASTE.low), TASTE.high)
        self.put_in.enabled = len(bakes) < MOST
        self.undo.enabled = any(bake.told is not None for bake in bakes)

    def _topping(self) -> str:
        return TOPPINGS[self._oven % len(TOPPINGS)]

    def _dish(self) -> str:
        return f"Oven {self._oven}: {self._topping().lower()} pizza"

    def picture(self, numbers: Guess) -> Layers:
        """The map of this oven, and the count in others."""
        return doubt_layers(numbers)

    # -- in words

    def read(self, numbers: Guess) -> str:
        """What lies at the crosshair; where guess and doubt come from; what such bands were worth."""
        return "\n".join([_here(numbers), self._why(numbers), _counted(numbers)])

    def _why(self, numbers: Guess) -> str:
        if not numbers.bakes:
            return "Click to bake, then drag the bake up or down. Or use arrow keys and Enter."
        if numbers.uncovered:
            return (
                f"Uncovered: the truth leaves the wide band at {numbers.outside} of {len(CLICKS)} heats. "
                f"True length: {numbers.true_length:g} °C."
            )
        if self.fitted.value:
            return (
                f"The data chose a length of {numbers.length:.0f} °C, noise of {points(numbers.noise, 2)} "
                f"and an amplitude of {points(numbers.amplitude)} points."
            )
        if any(bake.told is not None for bake in numbers.bakes):
            return "The guess believes you. The doubt stays: it asks where you baked, not what came."
        return (
            f"It takes pizzas {numbers.length:.0f} °C apart for half alike. "
            f"Far from all bakes it is back at {points(USUAL, 0)}, ± {points(2 * numbers.amplitude)}."
        )

    def table(self, numbers: Guess) -> Mapping[str, Any]:
        """A row for each place on the dial; the truth once it is uncovered."""
        return columns(numbers)

    def card(self, numbers: Guess) -> Card:
        """The last bake and the best one, as they tasted; a dragged score bakes no pizza."""
        if not numbers.bakes:
            return Card(nothing_yet())
        last, best = numbers.bakes[-1], max(numbers.bakes, key=lambda bake: bake.tasted)
        hot = (COLD + HOT) / 2
        outs = [
            served(_baked(self._topping(), bake.tasted, bake.heat > hot), bake.tasted)
            for bake in (last, best)
        ]
        return Card(outs[0], outs[1] if best is not last else None)


def _click(heat: float) -> float:
    """The nearest heat at which the dial clicks."""
    return COLD + CLICK * round((min(max(heat, COLD), HOT) - COLD) / CLICK)


def _here(numbers: Guess) -> str:
    """What is known at the crosshair."""
    if numbers.chosen is None:
        mean, std = numbers.at(numbers.aim)
        low, high = points(mean - 2 * std), points(mean + 2 * std)
        return f"At {numbers.aim:.0f} °C the guess is {points(mean)}, the wide band {low} to {high}."
    bake = numbers.bakes[numbers.chosen]
    said = f"Bake {numbers.chosen + 1} at {bake.heat:.0f} °C: "
    if bake.told is not None:
        return f"{said}you say {points(bake.told)} points; it tasted {points(bake.tasted)}."
    vague = max(numbers.clicks.tolist(), key=lambda heat: numbers.at(heat)[1])
    mean, std = numbers.at(vague)
    least = f"Least is known of {vague:.0f} °C: {points(mean)} ± {points(2 * std)}."
    return f"{said}{points(bake.tasted)} points. {least}"


def _counted(numbers: Guess) -> str:
    """What was promised and what was kept, over ovens."""
    many, mean = numbers.kept.shares.shape[1], numbers.kept.mean[1]
    low, high = numbers.kept.half[1]
    return (
        f"Promised: {PROMISED[1]} of 100 truths. Kept in {many} such ovens: {mean:.0f} "
        f"(half of them {low:.0f} to {high:.0f})."
    )


@cache
def _crusts() -> tuple[FloatArray, FloatArray, int]:
    """Minutes at 225 °C, how such a pizza tastes, and which is best."""
    minutes = np.geomspace(1.0, 40.0, 80)
    tastes = np.array([taste(Pizza(("Ham",), minutes=float(one))) for one in minutes])
    return minutes, tastes, int(tastes.argmax())


def _baked(topping: str, score: float, hot: bool) -> Pizza:
    """A pizza that looks like its score: the worse, the paler, or on the hot half of the dial, the darker."""
    minutes, tastes, top = _crusts()
    side = slice(top, None) if hot else slice(top, None, -1)
    return Pizza((topping,), minutes=float(np.interp(-score, -tastes[side], minutes[side])))


def gp(
    step: int = 0,
    length: float = 60.0,
    noise: float = 0.0,
    amplitude: float = 1.5,
    *,
    fitted: bool = False,
    uncover: bool = False,
    waver: float = 0.0,
    seed: int = 1,
) -> GpExplorer:
    """Bake along one dial of a moody oven, and see where a Gaussian process takes guess and doubt from.

    Drag a bake and the guess follows, the doubt does not. Set the length wrong and count how often the band
    holds the truth in 200 other ovens: too long is too sure, too short is too careful.

    Parameters
    ----------
    step : int
        How many pizzas are baked at the opening places, from 0 to 10.
    length : float
        How far a bake speaks for its neighbours, in °C, from 5 to 300: the length scale that is believed.
    noise, amplitude : float
        Standard deviations that are believed, in points: of one tasting about the truth, from 0 to 2; and of
        truths about the usual 5 points, from 0.3 to 5.
    fitted : bool
        Whether the data choose length, noise and amplitude, by their marginal likelihood and our priors.
    uncover : bool
        Whether the truth is shown.
    waver : float
        By how many points one tasting is truly off, as a standard deviation, from 0 to 2.
    seed : int
        Which oven, from 1 to 99.

    Returns
    -------
    GpExplorer
        To be shown in a notebook. Its numbers are in ``.data``, its sentence in ``.reading``; ``.bake(210)``
        bakes, and ``.say(1, 9.0)`` drags the first bake to 9 points.

    Raises
    ------
    TypeError, ValueError
        If a start lies outside its knob.

    References
    ----------
    Rasmussen and Williams (2006), Gaussian Processes for Machine Learning, sections 2.2 and 5.4.

    Examples
    --------
    >>> import pizzatune as pt
    >>> explorer = pt.explore.gp(step=3, length=30)
    >>> doubt = explorer.data.std
    >>> explorer.say(1, 9.0).data.std is doubt, bool((explorer.data.std == doubt).all())
    (False, True)
    >>> kept = {}
    >>> for length in (10, 30, 90):
    ...     explorer.length.value = length
    ...     kept[length] = round(float(explorer.data.kept.mean[1]))
    >>> kept
    {10: 98, 30: 96, 90: 30}
    """
    starts = {"length": length, "noise": noise, "amplitude": amplitude, "fitted": fitted, "uncover": uncover}
    return GpExplorer(step=step, **starts, waver=waver, seed=seed)
