"""Grid search: choose some levels of every parameter and try every combination of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping

import numpy as np

from pizzatune.checks import did_you_mean, flag, one_of, shown, whole_number
from pizzatune.parameters import Choice, FloatArray, Ordered, Parameter
from pizzatune.space import Key, Space
from pizzatune.strategies.base import Exhausted, Strategy, Suggestion

TOO_LARGE = 100_000  # combinations: more than anyone waits for


class GridSearch(Strategy):
    """Try every combination of a few levels of each parameter, each once.

    Parameters
    ----------
    space, seed, repeats
        As in `Strategy`. A grid leaves nothing to chance, so the seed changes nothing.
    resolution : int or dict of int
        How many levels each dial gets; a dict says it for some dials by name, the others get 5. A Choice or
        Ordered always gives all its options, and a dial with fewer values than that all its values.
    order : {"spread", "rows"}
        "rows" walks the grid row by row, the last parameter changing fastest. "spread" starts in the middle
        and goes on with the combination farthest from all those taken (Gonzalez, 1985), so that an early stop
        has still seen the whole space.
    edges : bool
        Where the levels of a dial lie. False: in the middles of equal parts, so that each level stands for as
        much of the dial as any other. True: the first and the last on its two ends.

    Raises
    ------
    TypeError, ValueError
        If a resolution is below 1, or the grid is too large to finish; the message says how to shrink it.

    References
    ----------
    Gonzalez (1985), Clustering to minimize the maximum intercluster distance, Theoretical Computer
    Science 38, pp. 293-306.

    Examples
    --------
    >>> from pizzatune.parameters import Integer, Real
    >>> space = Space(Real("oven", 200, 400), Integer("minutes", 4, 20))
    >>> grid = GridSearch(space, resolution=4, order="rows")
    >>> len(grid), grid.ask()
    (16, {'oven': 225.0, 'minutes': 6})
    """

    def __init__(
        self,
        space: Space,
        *,
        resolution: int | Mapping[str, int] = 5,
        order: str = "spread",
        edges: bool = False,
        seed: int | None = None,
        repeats: bool = False,
    ) -> None:
        super().__init__(space, seed=seed, repeats=repeats)
        self.resolution = _resolutions(space, resolution)
        self.order = one_of("order", order, ("spread", "rows"))
        self.edges = flag("edges", edges)
        self.levels = {p.name: _levels(p, self.resolution[p.name], self.edges) for p in space.parameters}
        count = math.prod(len(levels) for levels in self.levels.values())
        if count > TOO_LARGE and space.size > TOO_LARGE:  # a list of pizzas is small, whatever its levels
            raise ValueError(self._too_large(count))
        self.grid = list(space.combine(self.levels))
        if not self.grid:
            raise ValueError(
                "where rules out every combination of this grid; choose a higher resolution, or edges=True"
            )
        self._keys = [space.key(params) for params in self.grid]
        self._turn = range(len(self.grid)) if order == "rows" else _Spread(*self._circles())

    def __len__(self) -> int:
        """How many combinations the grid has, known before the first is tried."""
        return len(self.grid)

    def suggest(self, rng: np.random.Generator) -> Suggestion:
        visits = self._visits_before() if self.repeats else self._visits
        rounds = min(visits.get(key, 0) for key in self._keys) if self.repeats else 0
        for turn in range(0 if self.repeats else self._from, len(self)):
            place = self._turn[turn]
            self._from = turn
            if visits.get(self._keys[place], 0) <= rounds:
                again = f", round {rounds + 1}" if rounds else ""
                return Suggestion(
                    dict(self.grid[place]), why=f"combination {turn + 1} of {len(self)} on the grid{again}"
                )
        raise Exhausted(
            f"all {len(self):,} combinations of the grid have been suggested; a higher resolution has more"
        )

    def _visits_before(self) -> Mapping[Key, int]:
        """How often each combination came before the ask at hand: later ones may have been told already,
        where one is asked for again."""
        number = self.next_ask
        if number == len(self.trials) + len(self.pending):
            return self._visits
        numbered = [(trial.asked, trial.params) for trial in self.trials]
        numbered += [(suggestion.number, suggestion.params) for suggestion in self.pending]
        return Counter(
            self.space.key(params) for asked, params in numbered if asked is None or asked < number
        )

    def _too_large(self, count: int) -> str:
        counts = " x ".join(str(len(levels)) for levels in self.levels.values())
        dials = {p.name: len(self.levels[p.name]) for p in self.space.parameters if not isinstance(p, Choice)}
        widest = max(dials, key=lambda name: dials[name], default="")
        shrink = f"lower the resolution, e.g. resolution={{{widest!r}: 3}}" if dials else "leave options out"
        return (
            f"this grid has {counts} = {count:,} combinations, too many to finish (more than "
            f"{TOO_LARGE:,}); {shrink}, or use RandomSearch"
        )

    def _circles(self) -> tuple[FloatArray, FloatArray]:
        """Where each combination lies on a circle for each parameter, and which parameters have an order.

        Shapes (n, width), circles of length 1, nan where a parameter does not apply; and (width,).
        """
        places = np.full((len(self.grid), len(self.space)), np.nan)
        for column, (name, levels) in enumerate(self.levels.items()):
            encode = self.space[name].encode
            place = {encode(level): i / len(levels) for i, level in enumerate(levels)}
            for row, params in zip(places, self.grid, strict=True):
                if name in params:
                    row[column] = place[encode(params[name])]
        ordered = [not isinstance(p, Choice) or isinstance(p, Ordered) for p in self.space.parameters]
        return places, np.array(ordered, dtype=float)


class _Spread:
    """The order of a grid in which each combination is the farthest from all before it, made as it is asked.

    Dials are bent into circles, so that no level is far from the rest merely because it is an outer one.
    """

    def __init__(self, places: FloatArray, ordered: FloatArray) -> None:
        self.places = places  # (n, width)
        self.ordered = ordered  # (width,)
        self.turns: list[int] = []
        self.nearest = np.full(len(places), np.inf)  # squared distance to the nearest one taken
        self.total = np.zeros(len(places))  # squared distances to all taken, which settle the many ties

    def __getitem__(self, turn: int) -> int:
        while len(self.turns) <= turn:
            self._take(self._farthest() if self.turns else self._middle())
        return self.turns[turn]

    def _middle(self) -> int:
        middles = np.array([_median(column[~np.isnan(column)]) for column in self.places.T])
        off = np.nan_to_num((self.places - middles) * self.ordered)
        return int((off**2).sum(axis=1).argmin())

    def _farthest(self) -> int:
        candidates = np.flatnonzero(self.nearest >= self.nearest.max() - 1e-9)
        return int(candidates[(self.total[candidates]).round(9).argmax()])

    def _take(self, place: int) -> None:
        gap = np.abs(self.places - self.places[place])
        gap = np.where(self.ordered == 1.0, np.minimum(gap, 1.0 - gap), 0.5 * (gap > 0))
        one_sided = np.isnan(self.places) != np.isnan(self.places[place])
        gap = np.where(np.isnan(gap), 0.5 * one_sided, gap)
        distance = (gap**2).sum(axis=1)
        self.nearest = np.minimum(self.nearest, distance)
        self.total += distance
        self.nearest[place] = -1.0
        self.turns.append(place)


def _median(values: FloatArray) -> float:
    """As np.median, which loads all of numpy.ma and with it 8 MB; 0 where there are no values."""
    ranked = np.sort(values)
    return float(ranked[(len(ranked) - 1) // 2] + ranked[len(ranked) // 2]) / 2 if len(ranked) else 0.0


def _resolutions(space: Space, resolution: int | Mapping[str, int]) -> dict[str, int]:
    given = dict(resolution) if isinstance(resolution, Mapping) else dict.fromkeys(space.names, resolution)
    for name in given:
        if name not in space.names:
            hint = did_you_mean(name, space.names, "leave it out")
            raise ValueError(
                f"resolution names the unknown parameter {shown(name)}; this space has {list(space.names)}; "
                f"{hint}"
            )
    return {name: whole_number(f"resolution of {name}", given.get(name, 5), 1) for name in space.names}


def _levels(parameter: Parameter, count: int, edges: bool) -> tuple[object, ...]:
    """The values of one parameter that the grid uses."""
    if isinstance(parameter, Choice) or parameter.size <= count:
        return parameter.values()
    middles = (np.arange(count) + 0.5) / count
    codes = np.linspace(0.0, 1.0, count) if edges and count > 1 else middles
    return tuple(dict.fromkeys(parameter.decode(code) for code in codes))
