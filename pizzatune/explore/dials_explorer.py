"""Ratios and ranges: one dial drawn in equal steps or in equal ratios, on a plain axis and on a log axis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pizzatune.explore import dials_picture
from pizzatune.explore.dials_picture import Drawn, grams_text
from pizzatune.explore.explorer import Explorer, Knob, Pick, Steps
from pizzatune.lessons.ranges import GOOD, GOOD_YEAST, MOST, draws, taste_of
from pizzatune.parameters import Real
from pizzatune.pictures.marks import Layers
from pizzatune.words import count, number_text, points

LOWS = (0, 0.0001, 0.001, 0.01, 0.1, 1)  # g
HIGHS = (0.01, 0.1, 1, 10, 100)  # g


class DialsExplorer(Explorer):
    """Lay out a dial for yeast, and see where draws on it fall."""

    title = "Ratios and ranges"
    size = (660.0, 462.0)
    lines = 3

    drawn = Steps(0, MOST, label="Draws", seconds=0.3, help="How many pizzas are drawn at random on the dial")
    ratios = Pick(
        {"Equal steps": False, "Equal ratios": True}, label="Turn the dial in", buttons=True,
        help="pt.Real(..., log=False), or log=True",
    )  # fmt: skip
    low = Pick(
        {number_text(end): end for end in LOWS}, 0.001, label="From (g)", buttons=True,
        help="The low end of the dial",
    )  # fmt: skip
    high = Pick(
        {number_text(end): end for end in HIGHS}, 10, label="To (g)", buttons=True,
        help="The high end of the dial",
    )  # fmt: skip
    seed = Knob(1, 99, 1, more=True, help="Of the random search: other draws")

    def model(self) -> Drawn:
        """The dial, or why there is none, and what random search drew on it."""
        low, high = self.low.value, self.high.value
        self.low.note = ""
        try:
            dial = Real("yeast", low, high, log=self.ratios.value, unit="g")
        except ValueError as error:
            self.low.note = str(error)
            self.drawn.enabled = self.seed.enabled = False
            return Drawn(low, high, None, str(error), taste_of([]), taste_of([]))
        self.drawn.enabled = self.seed.enabled = True
        grams = draws(dial, self.seed.value)[: self.drawn.value]
        return Drawn(low, high, dial, "", grams, taste_of(grams))

    def picture(self, numbers: Drawn) -> Layers:
        """The dial twice, and the pizzas."""
        return dials_picture.picture(numbers)

    def read(self, numbers: Drawn) -> str:
        """What, why, so far."""
        start, low, high = number_text(numbers.high / 10), number_text(numbers.low), number_text(numbers.high)
        if numbers.dial is None:
            words = numbers.refused
            return f"{words[0].upper()}{words[1:]}.\nNo pizza can be drawn on such a dial; choose other ends."
        turn = "equal ratios" if self.ratios.value else "equal steps"
        n = len(numbers.grams)
        if not n:
            return (
                f"A dial for yeast from {low} to {high} g, turned in {turn}.\n{self._why(numbers)}\n"
                f"Guess first: of 20 draws, how many will lie between {start} and {high} g?"
            )
        hits = nights(1 - (1 - numbers.good) ** n)
        share, top = round(100 * numbers.last_tenfold / n), points(numbers.scores[numbers.best])
        many, (lie, find) = count(n, "draw"), ("lie", "find") if n > 1 else ("lies", "finds")
        said = dials_picture.verdict(float(numbers.grams[numbers.best]))
        return (
            f"{turn.capitalize()}: {share} % of {many} {lie} in the last factor of ten, "
            f"{start} to {high} g.\n{self._why(numbers)}\n"
            f"Best: {top} points, {said}. {many} {find} {GOOD:g} or more on {hits}."
        )

    def _why(self, numbers: Drawn) -> str:
        if numbers.left_out > 0.05:
            lost = points(numbers.left_out)
            return f"The range leaves out the best: that costs {lost} points, however many you draw."
        low, high = (grams_text(end).removesuffix(" g") for end in GOOD_YEAST)
        return f"What is good, {low} to {high} g, is {100 * numbers.good:.2g} % of this dial."

    def table(self, numbers: Drawn) -> Mapping[str, Any]:
        """A row for each draw; before the first, one for each end of the dial."""
        grams = numbers.grams if len(numbers.grams) else [numbers.low, numbers.high]
        return {"yeast": grams, "points": taste_of(grams)}


def nights(chance: float) -> str:
    """On how many nights of a hundred something happens.

    Examples
    --------
    >>> nights(0.0), nights(0.003), nights(0.06), nights(0.999)
    ('no night', 'under 1 of 100 nights', '6 of 100 nights', 'over 99 of 100 nights')
    """
    many = round(100 * chance)
    if not chance:
        return "no night"
    return f"{'under 1' if many < 1 else 'over 99' if many > 99 else many} of 100 nights"


def dials(
    ratios: bool = False,
    low: float = 0.001,
    high: float = 10,
    seed: int = 1,
) -> DialsExplorer:
    """Draw pizzas on a dial that turns in equal steps or in equal ratios, and see where they fall.

    Parameters
    ----------
    ratios : bool
        Whether equal turns are equal ratios, as with ``log=True`` in `pt.Real`.
    low : {0, 0.0001, 0.001, 0.01, 0.1, 1}
        The low end, in grams of yeast. With `ratios`, 0 is refused in the words of `pt.Real`.
    high : {0.01, 0.1, 1, 10, 100}
        The high end, in grams.
    seed : int
        Of the random search, from 1 to 99.

    Returns
    -------
    DialsExplorer
        To be shown in a notebook. Its numbers are in ``.data``, its sentence in ``.reading``.

    Raises
    ------
    TypeError, ValueError
        If a start is none of these.

    References
    ----------
    Bergstra and Bengio (2012), Random Search for Hyper-Parameter Optimization, JMLR 13, pp. 281-305: learning
    rates are drawn "geometrically", in equal ratios.

    Examples
    --------
    >>> import pizzatune as pt
    >>> explorer = pt.explore.dials()
    >>> explorer.drawn.value = 20
    >>> print(explorer.reading)
    Equal steps: 85 % of 20 draws lie in the last factor of ten, 1 to 10 g.
    What is good, 0.0096 to 0.042 g, is 0.32 % of this dial.
    Best: 3.4 points, a little wild. 20 draws find 8 or more on 6 of 100 nights.
    """
    return DialsExplorer(ratios=ratios, low=low, high=high, seed=seed)
