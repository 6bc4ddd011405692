"""What is lost when several suggestions are pending: q are asked for before any is told, at equal budget.

python -m benchmarks.parallel            # 30 seeds of the reported half; writes RESULTS.md
python -m benchmarks.parallel --quick    # 5 seeds, only printed
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from typing import Any

import pizzatune as pt
from benchmarks.entrants import MODEL, OURS, Own
from benchmarks.page import Page
from benchmarks.problems import APART, RECIPES, is_mixed, problem
from benchmarks.quality import HALVES, Standings, add_arguments, means_table, ratio_table, stores_of
from benchmarks.runs import SEARCH
from pizzatune.space import Params, Space

AT_ONCE = (2, 4, 8)
ALONE = "our bayesian"


class Batches:
    """A strategy that is asked for `count` suggestions before it is told how any of them scored."""

    def __init__(self, space: Space, *, seed: int, make: Callable[..., Any], count: int) -> None:
        self.strategy, self.count = make(space, seed=seed), count
        self.waiting: list[Params] = []
        self.scored: list[tuple[Params, float]] = []

    def ask(self) -> Params:
        if not self.waiting:
            try:
                for _ in range(self.count):
                    self.waiting.append(self.strategy.ask())
            except pt.Exhausted:
                if not self.waiting:
                    raise
        return self.waiting.pop(0)

    def tell(self, params: Params, score: float) -> None:
        self.scored.append((params, score))
        if not self.waiting:
            for told in self.scored:
                self.strategy.tell(*told)
            self.scored = []

    def recommend(self) -> Any:
        return self.strategy.recommend()


def batched(count: int) -> Own:
    make = partial(Batches, make=pt.BayesianOptimization, count=count)
    return Own("pizzatune", "model", make, f"BayesianOptimization, {count} at once", MODEL)


ENTRANTS = {ALONE: OURS[ALONE]} | {f"{ALONE}, {count} at once": batched(count) for count in AT_ONCE}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_arguments(parser, ENTRANTS)
    parser.add_argument("--half", choices=HALVES, default="report", help="which problems (default report)")
    options = parser.parse_args()
    seeds = 5 if options.quick else options.seeds
    problems = [name for name in HALVES[options.half] if RECIPES[name].kind not in APART]
    standings = Standings(
        SEARCH, stores_of(SEARCH, ENTRANTS, problems, seeds, options), problems, seeds, (24, 40)
    )
    mixed = [name for name in problems if is_mixed(problem(name, 0).space)]
    sets = {"all": problems, "mixed": mixed}
    shown = {name: ENTRANTS[name] for name in standings.ran()}
    page = Page("parallel", "What is lost by asking for several at once", "python -m benchmarks.parallel")
    parts = [
        f"{len(problems)} problems, {seeds} seeds each; the budget is the same, so that 40 trials with 8 at "
        "once are 5 rounds. Mean normalised regret after 24 and 40 trials:",
        means_table(standings, shown, sets),
        "Regret of one at a time, divided by that of several at once: below 1, it pays to wait for scores.",
        ratio_table(standings, ALONE, [name for name in shown if name != ALONE], sets, "search"),
    ]
    page.tell("\n\n".join(parts))
    if not (options.quick or options.half == "choose"):
        page.write()


if __name__ == "__main__":
    main()
