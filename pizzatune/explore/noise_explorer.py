"""The tasters disagree: the best tasting of an evening, tasted again; and what it is worth on average."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pizzatune.explore import noise_picture
from pizzatune.explore.explorer import Button, Card, Explorer, Knob, Pick, Steps, Switch
from pizzatune.explore.noise_picture import Evening, kind, pizza
from pizzatune.explore.verdicts import nothing_yet, served
from pizzatune.lessons.noise import EVENINGS, LADDER, MOST_AGAIN, evenings
from pizzatune.pictures.marks import Layers
from pizzatune.words import count, points


class NoiseExplorer(Explorer):
    """Let a taster who wavers choose the best of many pizzas; then have the winner tasted again."""

    title = "The tasters disagree"
    size = (660.0, 462.0)
    lines = 3

    tasted = Steps(0, 20, label="Tasted", help="How many pizzas of this evening are tasted")
    pizzas = Pick(
        {str(n): n for n in LADDER}, 20, buttons=True, label="Pizzas",
        help="How many pizzas there are to choose from",
    )  # fmt: skip
    noise = Knob(
        0.0, 1.5, 1.0, 0.1, "points",
        help="How much the tasters' moods waver: their standard deviation",
    )  # fmt: skip
    again = Button("Taste the winner again", main=True, help="The same pizza, but another mood")
    uncover = Switch(label="Show the truth", help="What each pizza tasted so far is truly worth")
    differ = Knob(
        0.0, 1.0, 0.5, 0.1, "points", more=True, label="Pizzas differ",
        help="How different the pizzas truly are: the standard deviation of their worth",
    )  # fmt: skip
    tastings = Knob(1, 25, 1, more=True, help="How often each pizza is tasted; its score is their mean")
    seed = Knob(1, 99, 1, label="Evening", more=True, help="Other pizzas and other moods")

    def prepare(self) -> None:
        """Nothing is tasted."""
        self._before = 20, 0, 0  # pizzas, how many were tasted, and how often the winner again
        self.tasted.high = LADDER[-1]  # until it is known how many pizzas there are

    def memory(self) -> Any:
        """How often the winner was tasted again."""
        return int(self.again.value) or None

    def remember(self, memory: Any) -> None:
        """Taste it again."""
        self.again.value = self.again.check(memory)

    def set(self, **values: Any) -> None:
        """Turn several controls with one redraw; as many can be tasted as there will be pizzas."""
        if "pizzas" in values:
            self.tasted.high = max(self.tasted.high, self.pizzas.check(values["pizzas"]))
        super().set(**values)

    def model(self) -> Evening:
        """This evening as far as it is known."""
        pizzas, (before, then, _) = self.pizzas.value, self._before
        self.tasted.high = pizzas
        if self.tasted.value == then == before:  # over: it stays so with more pizzas, to be compared
            self.tasted.value = pizzas
        over = self.tasted.value == pizzas
        self.tasted.seconds = min(0.5, max(0.06, 8 / pizzas))
        self.again.enabled, self.uncover.enabled = over, self.tasted.value > 0
        self.again.value = min(self.again.value, MOST_AGAIN) if over else 0
        found = evenings(self.noise.value, self.differ.value, self.tastings.value)
        row = self.seed.value - 1
        tasted, truths = found.tasted[row, :pizzas].copy(), found.truths[row, :pizzas].copy()
        again = truths[tasted.argmax()] + found.again[row, : self.again.value]
        too_high, done = found.too_high(), self.tasted.value
        rises = (found.again[:, :1] > too_high).sum(axis=0)
        return Evening(self.seed.value, truths, tasted, done, again, self.uncover.value, too_high, rises)

    def picture(self, numbers: Evening) -> Layers:
        """The table, and the many evenings."""
        _, done, again = self._before
        self._before = len(numbers.tasted), numbers.done, len(numbers.again)
        rises, falls = numbers.done == done + 1, len(numbers.again) == again + 1
        return noise_picture.picture(numbers, "fall" if falls else "rise" if rises else "")

    def read(self, numbers: Evening) -> str:
        """What, why, so far."""
        n = len(numbers.tasted)
        if not numbers.done:
            return (
                f"{count(n, 'pizza')}, each tasted by someone whose mood wavers by {self.noise.value:g}.\n"
                "Nobody knows what a pizza is truly worth; you only hear what its taster says.\n"
                "Guess first: what will the best one get? And what would it get the next time?"
            )
        best, top = numbers.best, points(numbers.tasted[numbers.best])
        if numbers.told:
            return self._verdict(numbers)
        if numbers.over:
            return (
                f"Pizza {best + 1} ({kind(best)}) wins with {top} points.\n"
                "Is it that good, or was it a good mood? The tasting that chose it cannot tell.\n"
                "Taste the winner again."
            )
        last, left = numbers.done - 1, n - numbers.done
        so_far = "the best so far" if last == best else f"the best so far is pizza {best + 1} with {top}"
        return (
            f"Pizza {last + 1} ({kind(last)}): {points(numbers.tasted[last])} points, {so_far}.\n"
            "Each tasting is what the pizza is worth, and the taster's mood on top.\n"
            f"{count(left, 'pizza')} to go."
        )

    def _verdict(self, numbers: Evening) -> str:
        n, again = len(numbers.tasted), len(numbers.again)
        first, later = float(numbers.tasted[numbers.best]), points(numbers.falls_to)
        gap = round(first, 1) - round(numbers.falls_to, 1)
        now = f"truly it is worth {later}"
        if again:
            now = f"{again} more tastings give {later}" if again > 1 else f"tasted again it gets {later}"
        change = f"{points(abs(gap))} {'less' if gap > 0 else 'more'}" if gap else "the same"
        gaps = numbers.too_high[:, LADDER.index(n)]
        mean, often = gaps.mean(), (gaps > 0).sum()
        if not self.noise.value:
            why = "These tasters have no moods: what they say is the truth."
        elif n == 1:
            why = "With one pizza nothing is chosen: its mood is as often good as bad."
        elif not gap:
            moods = "Its next mood was" if again == 1 else "Its later moods were"
            why = f"{moods} as good as the first." if again else "Its mood was neither good nor bad."
        elif gap < 0 and again:
            rises = numbers.rises[LADDER.index(n)]
            why = f"It rose! Tasted again, the best of {n} rose in {rises} of {EVENINGS} evenings."
        elif gap < 0:
            why = f"It was tasted too low, as in {(gaps < 0).sum()} of {EVENINGS} evenings."
        else:
            why = f"Choosing the best of {n} tastings chooses good moods, too. They do not last."
        return (
            f"The winner was tasted at {points(first)}; {now}, {change}.\n{why}\n"
            f"The best of {n} was too high in {often} of {EVENINGS} evenings, "
            f"by {points(mean)} points on average."
        )

    def table(self, numbers: Evening) -> Mapping[str, Any]:
        """A row for each pizza tasted; its truth only once that is uncovered."""
        done = numbers.done or 1
        known, shown = numbers.done > 0, numbers.uncovered and numbers.done > 0
        hidden = np.full(done, np.nan)
        return {
            "pizza": np.arange(1, done + 1),
            "toppings": [kind(one) for one in range(done)],
            "tasted": numbers.tasted[:done] if known else hidden,
            "truth": numbers.truths[:done] if shown else hidden,
        }

    def card(self, numbers: Evening) -> Card:
        """The best pizza by its first tasting, and by its later ones."""
        if not numbers.done:
            return Card(nothing_yet(words="The tasters are hungry."))
        best = pizza(numbers.best)
        first = served(best, float(numbers.tasted[numbers.best]))
        later = served(best, numbers.falls_to) if numbers.told else None
        heading = "The winner" if numbers.over else "Best so far"
        return Card(first, later, heading, "Tasted again" if len(numbers.again) else "In truth")

    def clicked(self, name: str, x: float, y: float) -> None:
        """Taste the winner again."""
        if name == "again" and self.again.enabled:
            self.again.value += 1


def noise(
    pizzas: int = 20,
    noise: float = 1.0,
    differ: float = 0.5,
    seed: int = 1,
    *,
    tastings: int = 1,
) -> NoiseExplorer:
    """Choose the best of many pizzas by a taster who wavers, taste it again, and see it fall.

    Parameters
    ----------
    pizzas : {1, 2, 5, 10, 20, 50, 100, 200}
        How many there are to choose from.
    noise : float
        Standard deviation of the taster's mood, in points from 0 to 1.5.
    differ : float
        Standard deviation of what the pizzas are truly worth, in points from 0 to 1.
    seed : int
        Which evening, from 1 to 99.
    tastings : int
        How often each pizza is tasted, from 1 to 25; its score is the mean.

    Returns
    -------
    NoiseExplorer
        To be shown in a notebook. Its numbers are in ``.data``, its sentence in ``.reading``.

    Raises
    ------
    TypeError, ValueError
        If a start does not fit its control.

    References
    ----------
    Cawley and Talbot (2010), On Over-fitting in Model Selection and Subsequent Selection Bias in Performance
    Evaluation, JMLR 11, pp. 2079-2107.

    Examples
    --------
    >>> import pizzatune as pt
    >>> explorer = pt.explore.noise(pizzas=50)
    >>> explorer.set(tasted=50, again=1)
    >>> print(explorer.reading)
    The winner was tasted at 8.6; tasted again it gets 6.4, 2.2 less.
    Choosing the best of 50 tastings chooses good moods, too. They do not last.
    The best of 50 was too high in 400 of 400 evenings, by 2.0 points on average.
    """
    return NoiseExplorer(pizzas=pizzas, noise=noise, differ=differ, seed=seed, tastings=tastings)
