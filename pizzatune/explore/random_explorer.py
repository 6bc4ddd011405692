"""Toss the dough: random search beside a grid on two dials, or alone on the article's four reels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pizzatune.explore import reels, tossing
from pizzatune.explore.explorer import Card, Explorer, Knob, Pick, Steps
from pizzatune.explore.reels import SPINS, Spun
from pizzatune.explore.tossing import KITCHENS, Tossed
from pizzatune.menus.salty import SaltyKitchen
from pizzatune.pictures.marks import Layers


class RandomExplorer(Explorer):
    """Turn how much salt matters and see whom it hurts, or pull the lever of a slot machine."""

    title = "Toss the dough"
    lines = 3
    view = Pick(
        {"Two dials": "dials", "Four reels": "reels"},
        tabs=True,
        help="A kitchen with two dials, or the article's reels",
    )
    seed = Steps(
        1, KITCHENS, value=1, label="Kitchen", seconds=0.2,
        help="Another kitchen and other draws: the seed of both",
    )  # fmt: skip
    matters = Knob(
        0, 100, value=0, step=5, unit="%", label="Salt matters",
        help="How much salt matters, compared with temperature: 0 not at all, 100 as much",
    )  # fmt: skip
    levels = Knob(
        2, 6, value=3, label="Levels per dial", reruns=True,
        help="Levels of the grid on each dial; random search gets as many pizzas as the grid has",
    )  # fmt: skip
    sampler = Pick(
        {"Independent": "independent", "Sobol": "sobol"},
        label="Random draws",
        help="Each on its own, or the points of a Sobol sequence, which keep apart",
        buttons=True,
        reruns=True,
        more=True,
    )
    spin = Steps(0, SPINS, label="Spins", seconds=1.0, help="How often the lever was pulled")
    machine = Knob(1, 99, value=1, label="Machine", more=True, help="Another one has other luck: its seed")

    def rerun(self) -> Iterator[Any]:
        """Let grid and random search ask in kitchen after kitchen."""
        return tossing.tallies(self.levels.value, self.sampler.value, self.run)

    def model(self) -> Tossed | Spun:
        """One kitchen and how both searches fared so far; or what the machine drew."""
        dials = self.view.value == "dials"
        for control in (self.seed, self.matters, self.levels, self.sampler):
            control.shown = dials
        self.spin.shown = self.machine.shown = not dials
        if dials:
            return tossing.toss(self.run, SaltyKitchen(self.seed.value, self.matters.value / 100))
        return Spun(reels.drawn(self.machine.value)[: self.spin.value], self.machine.value)

    def picture(self, numbers: Tossed | Spun) -> Layers:
        """Maps with shadows, or reels."""
        return tossing.picture(numbers) if isinstance(numbers, Tossed) else reels.picture(numbers)

    def read(self, numbers: Tossed | Spun) -> str:
        """What, why, so far."""
        return tossing.read(numbers) if isinstance(numbers, Tossed) else reels.read(numbers)

    def table(self, numbers: Tossed | Spun) -> Mapping[str, Any]:
        """A row for each pizza."""
        return tossing.table(numbers) if isinstance(numbers, Tossed) else reels.table(numbers)

    def card(self, numbers: Tossed | Spun) -> Card:
        """The best pizza of both searches, or the one just drawn."""
        return tossing.card(numbers) if isinstance(numbers, Tossed) else reels.card(numbers)

    def clicked(self, name: str, x: float, y: float) -> None:
        """Pull the lever."""
        if name == "lever" and self.spin.value < self.spin.high:
            self.spin.value += 1


def random(
    levels: int = 3,
    sampler: str = "independent",
    matters: float = 0,
    seed: int = 1,
    *,
    view: str = "dials",
    spin: int = 0,
    machine: int = 1,
) -> RandomExplorer:
    """Toss pizzas at random beside as many on a grid and see what shadows they cast, or spin four reels.

    Parameters
    ----------
    levels : int
        Levels of the grid on each of the two dials, from 2 to 6; random search gets as many pizzas.
    sampler : {"independent", "sobol"}
        As in `RandomSearch`.
    matters : float
        How much salt matters compared with temperature, in per cent from 0 to 100.
    seed : int
        Which kitchen, from 1 to 100: its best temperature and salt lie elsewhere, and its draws are its own.
        All kitchens up to it count in the bar.
    view : {"dials", "reels"}
        The dials of a kitchen, or a slot machine for the article's cheese, meat, vegetable and sauce.
    spin, machine : int
        How often the lever of the slot machine was pulled, from 0 to 60, and its seed, from 1 to 99.

    Returns
    -------
    RandomExplorer
        To be shown in a notebook. Its numbers are in ``.data``, its sentence in ``.reading``.

    Raises
    ------
    TypeError, ValueError
        If a start lies outside its knob.

    References
    ----------
    Bergstra and Bengio (2012), Random Search for Hyper-Parameter Optimization, JMLR 13, pp. 281-305; after
    its figure 1.

    Examples
    --------
    >>> import pizzatune as pt
    >>> explorer = pt.explore.random(levels=4, seed=100)
    >>> explorer.data.grid.places, explorer.data.drawn.places
    ((4, 4), (16, 16))
    >>> ahead = explorer.data.random_wins
    >>> explorer.matters.value = 100
    >>> explorer.data.random_wins < 50 < ahead
    True
    """
    return RandomExplorer(
        levels=levels, sampler=sampler, matters=matters, seed=seed, view=view, spin=spin, machine=machine
    )
