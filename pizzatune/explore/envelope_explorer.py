"""An honest number: a test panel in a sealed envelope, and what each opening costs in honesty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pizzatune.explore.envelope_picture import Envelope, percent, picture
from pizzatune.explore.explorer import Button, Card, Explorer, Knob, Out, Pick, Steps, Switch
from pizzatune.explore.verdicts import chef_says, nothing_yet
from pizzatune.lessons.honest import CLASSES, MOST, honesty, votes
from pizzatune.pictures.marks import Layers
from pizzatune.pictures.pizza import pizza_symbol
from pizzatune.words import count


class EnvelopeExplorer(Explorer):
    """Judge pizzas by a panel, open the envelope as often as you like, and see what your number is worth."""

    title = "What may I report?"
    size = (660.0, 446.0)
    lines = 3

    step = Steps(0, MOST, label="Judged", seconds=0.9, help="How many pizzas the panel has judged")
    unseal = Button(
        "Open the envelope", main=True, help="For the panel's best that it was not opened for yet"
    )
    peek = Switch(
        label="Peek every time", help="Open the envelope for each pizza as soon as the panel has spoken"
    )
    guests = Knob(10, 400, 30, 10, label="Guests asked", help="By the panel, and by the one in the envelope")
    candidates = Knob(3, MOST, 12, label="Pizzas", help="How many candidates there are to choose from")
    kind = Pick(
        {"Much alike": "alike", "All kinds": "all"},
        label="Pizzas are",
        help="Between 6.5 and 7.5 points, or anything that the menu has",
        buttons=True,
        more=True,
    )
    seed = Knob(1, CLASSES, 1, label="Class", more=True, help="Another class: other pizzas, other guests")

    def prepare(self) -> None:
        """The envelope is sealed."""
        self._opened: list[int] = []
        self._presses = 0
        self._class: tuple[Any, ...] = ()

    def clicked(self, name: str, x: float, y: float) -> None:
        """Open the envelope: for a pizza, or for the best that is left."""
        if name == "envelope":
            if self.unseal.enabled:
                self.unseal.value += 1
        elif not self.peek.value:
            one = int(name.removeprefix("pizza "))
            if 0 <= one < self.step.value and one not in self._opened:  # a double click opens it once
                self._opened.append(one)
                self._refresh()

    def memory(self) -> Any:
        """For which pizzas the envelope was opened."""
        return self._opened or None

    def remember(self, memory: Any) -> None:
        """Open it for them again."""
        places = [int(one) for one in memory]
        if len(set(places)) < len(places) or not all(0 <= one < self.data.judged for one in places):
            raise ValueError(f"the envelope cannot be opened for {places}, of {self.data.judged} judged")
        self._opened = places
        self._refresh()

    def model(self) -> Envelope:
        """The class as it stands, and what such reports are worth over all classes."""
        many = self.candidates.value
        self.step.high = many
        judged, asked = self.step.value, votes(self.guests.value, self.kind.value == "alike")
        here = self.seed.value, self.guests.value, self.kind.value
        if here != self._class:  # others were asked: the envelope is a new one
            self._class, self._opened = here, self._opened if not self._class else []
        self._opened = [one for one in self._opened if one < judged]
        row = self.seed.value - 1
        panel = asked.panel[row, :many]
        left = [one for one in np.argsort(-panel[:judged], kind="stable").tolist() if one not in self._opened]
        if self.unseal.value > self._presses and left and not self.peek.value:
            self._opened.append(left.pop(0))
        self._presses = self.unseal.value
        self.unseal.enabled = bool(left) and not self.peek.value
        opened = tuple(range(judged)) if self.peek.value else tuple(self._opened)
        return Envelope(
            self.seed.value,
            self.guests.value,
            tuple(asked.orders[place] for place in asked.drawn[row, :many]),
            asked.truth[row, :many],
            panel,
            asked.envelope[row, :many],
            judged,
            opened,
            honesty(asked, judged) if judged else None,
        )

    def picture(self, numbers: Envelope) -> Layers:
        """The class, the envelope, and the report beside the truth."""
        return picture(numbers)

    def read(self, numbers: Envelope) -> str:
        """What is reported, why it is honest or not, and over all classes."""
        favourite, one = numbers.favourite, numbers.reported
        if favourite is None or numbers.honesty is None:
            return (
                f"{len(numbers.orders)} pizzas, and a panel of {numbers.guests} guests to judge them.\n"
                f"What {numbers.guests} other guests say of each lies in a sealed envelope.\n"
                "Which number may you print on the menu? Press Step."
            )
        if one is None:
            last, top = numbers.judged, percent(numbers.panel[favourite])
            best = (
                "the best so far"
                if last == favourite + 1
                else f"the best is pizza {favourite + 1} with {top}"
            )
            then = "Now open the envelope, once."
            if last < len(numbers.orders):
                then = "Open the envelope now, or let the panel judge more."
            return (
                f"Pizza {last}: {percent(numbers.panel[last - 1])} of the panel like it; {best}.\n"
                f"The best is chosen because its number is high, so part of that may be luck.\n{then}"
            )
        openings, rise = len(numbers.opened), numbers.honesty
        off = numbers.off
        verdict = (
            "just right" if not off else f"{count(abs(off), 'point')} too {'high' if off > 0 else 'low'}"
        )
        mean, covered = 100 * rise.too_high[:, openings - 1].mean(), rise.covered[openings - 1]
        why = (
            "You chose first and looked once: good and bad luck even out."
            if openings == 1
            else "You kept the best you saw: now the envelope chose, and luck is in your number."
        )
        many = f" {openings}" if openings > 1 else ""
        said, true = percent(numbers.found[one]), percent(numbers.truth[one])
        return (
            f"You report {said}; the truth is {true}: {verdict}.\n{why}\n"
            f"{CLASSES} classes, the best{many} opened: {_signed(mean)} points on average; "
            f"95 % intervals hold in {percent(covered)}."
        )

    def table(self, numbers: Envelope) -> Mapping[str, Any]:
        """A row for each pizza; nan where it was not judged, or the envelope not opened for it."""
        many = len(numbers.orders)
        seen = np.isin(np.arange(many), numbers.opened)
        return {
            "pizza": np.arange(1, many + 1),
            "toppings": [", ".join(order.values()) for order in numbers.orders],
            "panel": np.where(np.arange(many) < numbers.judged, numbers.panel, np.nan),
            "envelope": np.where(seen, numbers.found, np.nan),
            "truth": np.where(seen, numbers.truth, np.nan),
        }

    def card(self, numbers: Envelope) -> Card:
        """The pizza judged last, and the panel's best or the one that you report."""
        if numbers.favourite is None:
            return Card(nothing_yet("No verdict", "The panel is hungry."))
        last, one = numbers.judged - 1, numbers.reported
        chosen = numbers.favourite if one is None else one
        said = f"pizza {chosen + 1}" if one is None else f"the truth: {percent(numbers.truth[one])}"
        share = numbers.panel[chosen] if one is None else numbers.found[one]
        heading = "Panel's best" if one is None else "You report"
        words = chef_says(10 * float(numbers.panel[last]), toppings=numbers.pizza(last).toppings)
        latest = _out(numbers, last, float(numbers.panel[last]), words)
        return Card(latest, _out(numbers, chosen, float(share), said), f"Panel on pizza {last + 1}", heading)


def _out(numbers: Envelope, one: int, share: float, words: str) -> Out:
    return Out(pizza_symbol(numbers.pizza(one)), percent(share), words)


def _signed(points: float) -> str:
    """Percentage points with their sign; never "−0.0".

    Examples
    --------
    >>> _signed(4.96), _signed(-0.31), _signed(-0.04)
    ('+5.0', '−0.3', '0.0')
    """
    text = f"{points:+.1f}"
    return "0.0" if float(text) == 0 else text.replace("-", "−")


def envelope(
    candidates: int = 12, guests: int = 30, peek: bool = False, seed: int = 1, *, kind: str = "alike"
) -> EnvelopeExplorer:
    """Choose among pizzas by a panel, with a test panel in a sealed envelope that counts its openings.

    Parameters
    ----------
    candidates : int
        How many pizzas there are to choose from, from 3 to 20.
    guests : int
        How many each of the two panels asks, from 10 to 400.
    peek : bool
        Whether the envelope is opened for each pizza as soon as the panel has spoken.
    seed : int
        Which class of pizzas, from 1 to 400.
    kind : {"alike", "all"}
        Whether its pizzas are much alike, from 6.5 to 7.5 points, or of all kinds.

    Returns
    -------
    EnvelopeExplorer
        To be shown in a notebook. Its numbers are in ``.data``, its sentence in ``.reading``.

    Raises
    ------
    TypeError, ValueError
        If a start lies outside its knob.

    References
    ----------
    Cawley and Talbot (2010), On over-fitting in model selection and subsequent selection bias in performance
    evaluation, JMLR 11, pp. 2079-2107. Wilson (1927), Probable inference, the law of succession, and
    statistical inference, JASA 22, pp. 209-212.

    Examples
    --------
    >>> import pizzatune as pt
    >>> explorer = pt.explore.envelope()
    >>> explorer.step.value = 12
    >>> once = explorer.data.honesty.too_high.mean(axis=0)[0]
    >>> explorer.peek.value = True
    >>> each_time = explorer.data.honesty.too_high.mean(axis=0)[len(explorer.data.opened) - 1]
    >>> bool(abs(once) < 0.01 < 0.1 < each_time)
    True
    """
    return EnvelopeExplorer(candidates=candidates, guests=guests, peek=peek, seed=seed, kind=kind)
