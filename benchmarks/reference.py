"""What regret is measured by: the best score of every problem, and the median of random params.

    python -m benchmarks.reference                       # 30 seeds of every problem, about half an hour
    python -m benchmarks.reference hartmann_mixed ...    # only some problems; the others are kept

writes tables/best.json. Finite spaces of up to 10,000 combinations are scored whole. Elsewhere the best is
the highest point that several searches end in: differential evolution (Storn and Price, 1997) from fresh
starts, the best of a large random sample, and the known top of the function, each improved dial by dial until
nothing is gained.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable

import numpy as np
from scipy.optimize import Bounds, differential_evolution, minimize
from tqdm import tqdm

from benchmarks.problems import BEST, RECIPES, Scale, bare, is_menu
from pizzatune.menus import Menu
from pizzatune.space import Space

FloatArray = np.ndarray
SEEDS = 30
WHOLE = 10_000  # combinations that are all scored
SAMPLE = 20_000  # random params, for the median and for starts
STARTS = 20  # points of the sample that are improved, no two with the same stepped dials
POINTS = 200_000  # scored to find these starts, spread over all combinations of the stepped dials
EVOLUTIONS = 2


def find_scale(name: str, seed: int) -> Scale:
    """The best params of a problem, their score, and the median of random params."""
    recipe = RECIPES[name]
    if is_menu(name):
        return _menu_scale(recipe.make.args[0]())
    space, taste = bare(name, seed)
    if space.size <= WHOLE:
        every = list(space.enumerate())
        scores = [taste(params) for params in every]
        place = int(np.argmax(scores))
        return Scale(every[place], scores[place], float(np.median(scores)))
    _, rows_score = recipe.make(seed)
    search = Search(space, rows_score, np.random.default_rng([seed, 7, 9]))
    best = search.best()
    params = space.check(space.decode(best))
    return Scale(params, taste(params), search.median)


def _menu_scale(menu: Menu) -> Scale:
    if math.isfinite(menu.space.size):
        draws = list(menu.space.enumerate())
    else:
        rng = np.random.default_rng(0)
        draws = [menu.space.sample(rng) for _ in range(SAMPLE)]
    return Scale(
        menu.best.params, menu.best.score, float(np.median([menu.taste(params) for params in draws]))
    )


class Search:
    """A thorough search over rows of codes, in which a score costs nothing."""

    def __init__(
        self, space: Space, score: Callable[[FloatArray], FloatArray], rng: np.random.Generator
    ) -> None:
        self.space, self.score, self.rng = space, score, rng
        rows = space.sample_codes(rng, SAMPLE)
        rows = rows[space.allowed(rows)]
        scores = score(rows)
        self.median = float(np.median(scores))
        self.stepped = [column for column, dial in enumerate(space.parameters) if dial.codes is not None]
        self.starts = self._starts()

    def _starts(self) -> FloatArray:
        """The best points of a large sample, no two with the same settings of the stepped dials."""
        rows = self.space.sample_codes(self.rng, POINTS)
        if self.space.where is not None:  # which is asked about one row at a time
            rows = rows[: POINTS // 5]
        scores = self._allowed_score(rows)
        rows = rows[np.argsort(-scores)[: POINTS // 10]]
        if self.stepped:
            _, first = np.unique(np.nan_to_num(rows[:, self.stepped], nan=-1.0), axis=0, return_index=True)
            rows = rows[np.sort(first)]
        return rows[:STARTS]

    def best(self) -> FloatArray:
        """The best row that any of the searches ends in."""
        starts = [*self.starts]
        if hasattr(
            self.score, "top"
        ):  # where a function is known to be highest, if all dials turned smoothly
            starts.append(self.score.top)
        ends = [self._improved(row) for row in starts]
        ends += [self._improved(self._evolved()) for _ in range(EVOLUTIONS)]
        return max(ends, key=self._one)

    def _allowed_score(self, rows: FloatArray) -> FloatArray:
        rows = self.space.settle(rows)
        return np.where(self.space.allowed(rows), self.score(rows), -1e9)

    def _one(self, row: FloatArray) -> float:
        return float(self._allowed_score(row[None])[0])

    def _evolved(self) -> FloatArray:
        """One run of differential evolution; a dial with steps is turned by the number of its click."""
        codes = [dial.codes for dial in self.space.parameters]
        bounds = [(0, 1) if code is None else (0, len(code) - 1) for code in codes]

        def rows_of(points: FloatArray) -> FloatArray:
            columns = [
                point if code is None else code[np.rint(point).astype(int)]
                for point, code in zip(points, codes, strict=True)
            ]
            return np.column_stack(columns)

        found = differential_evolution(
            lambda points: -self._allowed_score(rows_of(points.reshape(len(codes), -1))),
            bounds,
            integrality=[code is not None for code in codes],
            popsize=12,
            maxiter=150,
            tol=1e-10,
            vectorized=True,
            updating="deferred",
            polish=False,
            rng=self.rng,
        )
        return rows_of(found.x[:, None])[0]

    def _improved(self, row: FloatArray) -> FloatArray:
        """Turn the stepped dials one at a time, then the smooth ones together, until nothing is gained."""
        row = self.space.settle(row[None])[0]
        before = -math.inf
        while self._one(row) > before + 1e-9:
            before = self._one(row)
            for column, dial in enumerate(self.space.parameters):
                if dial.codes is not None and not np.isnan(row[column]):
                    tried = self.space.settle(np.tile(row, (len(dial.codes), 1)) + 0.0)
                    tried[:, column] = dial.codes
                    tried = self.space.settle(tried)
                    row = tried[int(np.argmax(self._allowed_score(tried)))]
            row = self._polished(row)
        return row

    def _polished(self, row: FloatArray) -> FloatArray:
        """Nelder and Mead (1965) on the smooth dials that apply."""
        smooth = [
            column
            for column, dial in enumerate(self.space.parameters)
            if dial.codes is None and not np.isnan(row[column])
        ]
        if not smooth:
            return row

        def lost(codes: FloatArray) -> float:
            turned = row.copy()
            turned[smooth] = codes
            return -self._one(turned)

        inside = Bounds(np.zeros(len(smooth)), np.ones(len(smooth)))
        options = {"xatol": 1e-8, "fatol": 1e-10, "maxiter": 4000, "maxfev": 4000}
        found = minimize(lost, row[smooth], method="Nelder-Mead", bounds=inside, options=options)
        polished = row.copy()
        polished[smooth] = found.x
        return polished if -found.fun > self._one(row) else row


def main(names: list[str]) -> None:
    known = json.loads(BEST.read_text(encoding="utf-8")) if BEST.exists() else {}
    for name in tqdm(names or list(RECIPES), unit="problem"):
        alike = is_menu(name)  # the same for every seed
        scales = [find_scale(name, seed) for seed in range(1 if alike else SEEDS)]
        known[name] = [
            [found.params, found.best, found.median] for found in (scales * SEEDS if alike else scales)
        ]
        told = ",\n".join(f"{json.dumps(name)}: {json.dumps(rows)}" for name, rows in sorted(known.items()))
        BEST.write_text(f"{{\n{told}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
