"""What the lesson on genetic search computes and asks: families over generations, drift, and two hills.

A family here is bred as in the textbooks: a child may be a copy of another (``repeats=True``), and only the
children of one generation, with the elite, are the parents of the next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pizzatune.menus import three_toppings, two_hills
from pizzatune.menus.menu import Menu
from pizzatune.menus.taste import Pizza
from pizzatune.menus.tricky import boxed
from pizzatune.parameters import Choice, Ordered, Real
from pizzatune.space import Params, Space
from pizzatune.strategies.genetic_algorithm import GeneticAlgorithm
from pizzatune.trial import Trial

Family = tuple[Trial, ...]
"""All trials of one run, generation after generation."""

GENTLE = Space(Real("temperature", 150, 250, unit="°C"), Real("minutes", 8, 25, log=True, unit="min"))
"""Where the grandparents of `two_hills` baked: around its lower hill."""

FIERCE = 8.3
"""Points that no pizza of `two_hills` reaches on its lower hill, whose top is 8.16."""


# -- families ----------------------------------------------------------------------------------------------


def generations(
    menu: Menu, count: int, *, founders: Sequence[Params] = (), seed: int = 0, **settings: Any
) -> Iterator[Family]:
    """Breed a family, and look at it after every generation.

    Parameters
    ----------
    menu : Menu
        What is bred.
    count : int
        How many generations, the first one included.
    founders : sequence of params
        The first generation; spread over the space where there are none.
    seed, **settings
        Of `GeneticAlgorithm`, which is the strategy here.

    Yields
    ------
    tuple of Trial
        All trials up to the end of a generation.

    Examples
    --------
    >>> grown = list(generations(three_toppings(), 3, seed=1, population=5))
    >>> [len(family) for family in grown]
    [5, 10, 15]
    """
    strategy = GeneticAlgorithm(menu.space, seed=seed, repeats=True, **settings)
    for generation in range(count):
        for place in range(strategy.population):
            given = generation == 0 and place < len(founders)
            params = founders[place] if given else strategy.ask()
            strategy.tell(params, menu.taste(params))
        yield tuple(strategy.trials)


def bred(menu: Menu, count: int, **settings: Any) -> Family:
    """Breed a family over `count` generations; arguments as for `generations`.

    Examples
    --------
    >>> family = bred(three_toppings(), 3, seed=1, population=5)
    >>> len(family), family[7].origin["generation"]
    (15, 1)
    """
    *_, family = generations(menu, count, **settings)
    return family


def grandparents(seed: int, count: int, start: Space = GENTLE) -> list[Params]:
    """Draw `count` pizzas of `two_hills` to start a family with, by default from around its lower hill.

    Examples
    --------
    >>> [round(two_hills().taste(params)) for params in grandparents(seed=1, count=4)]
    [7, 6, 3, 3]
    """
    rng = np.random.default_rng([seed, 77])  # a stream of its own: the strategy draws from [seed, n]
    return [start.sample(rng) for _ in range(count)]


def diversity(space: Space, family: Iterable[Mapping[str, Any]], genes: Sequence[str] = ()) -> float:
    """How far two pizzas are apart on average, gene by gene: from 0 (all alike) to 1 (nothing in common).

    Two options of a Choice are 1 apart, two places of a dial their distance as a share of its range.

    Parameters
    ----------
    space : Space
        What the params are of; all its parameters must apply.
    family : iterable of params
        At least two.
    genes : sequence of str, optional
        Which parameters to look at; all by default.

    Raises
    ------
    ValueError
        If there are fewer than two pizzas.

    Examples
    --------
    >>> menu = three_toppings()
    >>> ham, figs = ({"topping_1": "Ham", "topping_2": "Spinach", "topping_3": t} for t in ("Olives", "Figs"))
    >>> round(diversity(menu.space, [ham, figs]), 3), diversity(menu.space, [ham, ham])
    (0.333, 0.0)
    """
    members = list(family)
    if len(members) < 2:
        raise ValueError(f"diversity is about pairs, got {len(members)} params; pass two or more")
    codes = space.encode(members)
    apart = []
    for column, parameter in enumerate(space.parameters):
        if genes and parameter.name not in genes:
            continue
        gaps = np.abs(codes[:, None, column] - codes[None, :, column])
        named = isinstance(parameter, Choice) and not isinstance(parameter, Ordered)
        apart.append((gaps > 0) if named else gaps)
    pairs = len(members) * (len(members) - 1)
    return float(np.mean([gaps.sum() / pairs for gaps in apart]))


def split(family: Sequence[Trial], population: int) -> list[Sequence[Trial]]:
    """The trials of each generation.

    Examples
    --------
    >>> [len(members) for members in split(bred(three_toppings(), 3, population=4), 4)]
    [4, 4, 4]
    """
    return [family[start : start + population] for start in range(0, len(family), population)]


def carried(members: Iterable[Trial], gene: str) -> Counter[Any]:
    """How many of some trials carry each option of a gene.

    Examples
    --------
    >>> family = bred(boxed(three_toppings()), 1, seed=1, population=8)
    >>> sorted(carried(family, "box").values())
    [1, 2, 2, 3]
    """
    return Counter(trial.params[gene] for trial in members)


# -- the winner's habits -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Endings:
    """How often a gene ended with one option for all, over many families.

    Attributes
    ----------
    families : int
        How many families were bred.
    gene : str
        The gene that was looked at.
    unanimous : int
        Families whose last generation all carry the same option.
    by_option : dict
        Option -> families in whose last generation it is the commonest; the commonest options first.
    """

    families: int
    gene: str
    unanimous: int
    by_option: Mapping[Any, int]

    def __str__(self) -> str:
        shares = ", ".join(f"{option} {number}" for option, number in self.by_option.items())
        return (
            f"{self.gene}: the same for all in {self.unanimous} of {self.families} families. "
            f"Which one: {shares}"
        )


def endings(
    seeds: Iterable[int],
    genes: Sequence[str] = ("box",),
    *,
    count: int = 25,
    founders: Sequence[Params] = (),
    **settings: Any,
) -> list[Endings]:
    """Breed boxed families, one a seed, and see what their last generations have in common.

    Parameters
    ----------
    seeds : iterable of int
        One family each.
    genes : sequence of str
        What to look at: "box", "topping_1", "topping_2", "topping_3".
    count : int
        Generations.
    founders : sequence of params
        The first generation; spread over the space where there are none.
    **settings
        Of `GeneticAlgorithm`; by default 8 a generation, no mutation, no elite, and no selection.

    Returns
    -------
    list of Endings
        One for each gene.

    Examples
    --------
    >>> (boxes,) = endings(range(4), count=40)
    >>> boxes.gene, boxes.families, boxes.unanimous
    ('box', 4, 4)
    """
    menu = boxed(three_toppings())
    chosen = {"population": 8, "tournament": 1, "mutation": 0.0, "elite": 0} | settings
    lasts = [
        split(bred(menu, count, founders=founders, seed=seed, **chosen), chosen["population"])[-1]
        for seed in seeds
    ]
    found = []
    for gene in genes:
        counts = [carried(last, gene) for last in lasts]
        commonest = Counter(one.most_common(1)[0][0] for one in counts)
        unanimous = sum(len(one) == 1 for one in counts)
        found.append(Endings(len(lasts), gene, unanimous, dict(commonest.most_common())))
    return found


def card() -> Menu:
    """A recipe card with five genes, A to E, of which nobody remembers what they stand for.

    Examples
    --------
    >>> card().space.names, round(card().taste({"A": 4, "B": 1, "C": 5, "D": 5, "E": 1}), 2)
    (('A', 'B', 'C', 'D', 'E'), 9.22)
    """
    space = Space(*(Choice(letter, [1, 2, 3, 4, 5, 6]) for letter in "ABCDE"))
    return Menu("recipe card", space, _card_pizza, "five genes, and some of them do nothing")


def _card_pizza(params: Params) -> Pizza:
    """A, C and D are the toppings; B and E are which cook tossed the dough, and the song on the radio."""
    first, second, third = (three_toppings().space[f"topping_{number}"].values() for number in (1, 2, 3))
    return Pizza((first[params["C"] - 1], second[params["D"] - 1], third[params["A"] - 1]))


# -- how hard to select ------------------------------------------------------------------------------------

TWO_HILLS_SETTINGS: Mapping[str, Any] = {
    "population": 10,
    "tournament": 3,
    "mutation": 0.8,
    "reach": 0.2,
    "elite": 0,
}
"""How families of `two_hills` are bred here unless told otherwise."""


def crossed_over(
    seeds: Iterable[int], *, count: int = 15, start: Space | None = GENTLE, **settings: Any
) -> int:
    """Count the families that find the higher one of the two hills.

    Parameters
    ----------
    seeds : iterable of int
        One family each.
    count : int
        Generations.
    start : Space or None
        Where the first generation is drawn from: around the lower hill, or everywhere with the space of
        `two_hills`. None leaves it to the strategy, which takes the inner half of each dial.
    **settings
        Of `GeneticAlgorithm`, in place of those in `TWO_HILLS_SETTINGS`.

    Examples
    --------
    >>> crossed_over(range(8), tournament=2) > crossed_over(range(8), tournament=10)
    True
    """
    menu, chosen = two_hills(), {**TWO_HILLS_SETTINGS, **settings}
    found = 0
    for seed in seeds:
        founders = grandparents(seed, chosen["population"], start) if start is not None else ()
        family = bred(menu, count, founders=founders, seed=seed, **chosen)
        found += max(trial.score or 0.0 for trial in family) > FIERCE
    return found


def spread_after(generation: int, seeds: Iterable[int], **settings: Any) -> float:
    """How diverse `generation` (from 0) of the families of `crossed_over` is on average.

    Examples
    --------
    >>> rare, often = (spread_after(4, range(4), mutation=mutation) for mutation in (0.1, 0.9))
    >>> rare < often
    True
    """
    menu, chosen = two_hills(), {**TWO_HILLS_SETTINGS, **settings}
    size = chosen["population"]
    spreads = []
    for seed in seeds:
        family = bred(menu, generation + 1, founders=grandparents(seed, size), seed=seed, **chosen)
        spreads.append(diversity(menu.space, [trial.params for trial in split(family, size)[-1]]))
    return float(np.mean(spreads))


def best_after(after: Sequence[int], seeds: Iterable[int], **settings: Any) -> list[float]:
    """The best score of three toppings `after` some generations (from 0), averaged over families.

    Examples
    --------
    >>> first, later = best_after((0, 3), range(4), tournament=8)
    >>> first < later
    True
    """
    chosen = {"population": 8, "mutation": 0.3, "elite": 0} | settings
    bests = []
    for seed in seeds:
        scores = [trial.score or 0.0 for trial in bred(three_toppings(), max(after) + 1, seed=seed, **chosen)]
        bests.append([max(scores[: chosen["population"] * (number + 1)]) for number in after])
    return [float(mean) for mean in np.mean(bests, axis=0)]
