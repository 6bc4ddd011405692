"""What each part of a strategy brings: the same strategy with one part switched off.

    python -m benchmarks.ablation            # 30 seeds; writes RESULTS.md
    python -m benchmarks.ablation --quick    # 5 seeds, only printed

A variant is a dict: a key with a colon is a constant of a module, ``"pizzatune.gp:ADDITIVE"``, any other a
setting of the strategy. Add a line to `BAYESIAN` or `TRANSFER_LEARNING` to try one.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pizzatune as pt
from benchmarks.entrants import MODEL, Own
from benchmarks.page import Page
from benchmarks.pairs import CHOOSE_PAIRS, REPORT_PAIRS, TRANSFER
from benchmarks.problems import APART, CHOOSE, RECIPES, REPORT, is_mixed, problem
from benchmarks.quality import Standings, add_arguments, means_table, ratio_table, stores_of
from benchmarks.runs import SEARCH
from benchmarks.transfer import LOOKS as TRANSFER_LOOKS
from benchmarks.transfer import kinds_of

WHOLE = "as it is"
BAYESIAN: dict[str, dict[str, Any]] = {
    WHOLE: {},
    "no additive half of the kernel": {"pizzatune.gp:ADDITIVE": 0.0},
    "one candidate improved, not four": {"pizzatune.strategies.bayesian_optimization:CLIMBERS": 1},
    "plain expected improvement": {"acquisition": "ei"},
    "ten random trials to start": {"start": 10},
}
TRANSFER_LEARNING: dict[str, dict[str, Any]] = {
    WHOLE: {},
    "the source never set aside": {"pizzatune.strategies.transfer_learning:MARGIN": -1e9},
}


def variant(make: type, changes: Mapping[str, Any]) -> Own:
    """A strategy with some settings and constants changed."""
    settings = {name: value for name, value in changes.items() if ":" not in name}
    constants = {name: value for name, value in changes.items() if ":" in name}
    text = ", ".join(f"{name.split(':')[-1]}={value!r}" for name, value in changes.items()) or "defaults"
    return Own(
        "pizzatune", "variant", partial(make, **settings), f"{make.__name__}, {text}", MODEL, constants
    )


def entrants_of(make: type, variants: Mapping[str, Mapping[str, Any]]) -> dict[str, Own]:
    return {f"{make.__name__}, {name}": variant(make, changes) for name, changes in variants.items()}


ENTRANTS = {
    "bayesian": entrants_of(pt.BayesianOptimization, BAYESIAN),
    "transfer": entrants_of(pt.TransferLearning, TRANSFER_LEARNING),
}


def table(standings: Standings, entrants: Mapping[str, Own], sets: Mapping[str, Sequence[str]]) -> str:
    whole, *others = entrants
    return "\n\n".join(
        [
            "Mean normalised regret:",
            means_table(standings, entrants, sets),
            "Regret as it is, divided by that of each variant: below 1, the missing part earns its lines.",
            ratio_table(standings, whole, others, sets, "variant"),
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_arguments(parser, ENTRANTS["bayesian"] | ENTRANTS["transfer"])
    parser.add_argument("--which", choices=ENTRANTS, help="only one of the strategies")
    parser.add_argument("--half", choices=("choose", "report"), default="choose", help="default choose")
    options = parser.parse_args()
    seeds = 5 if options.quick else options.seeds
    parts = []
    if options.which != "transfer":
        half = CHOOSE if options.half == "choose" else REPORT
        problems = [name for name in half if RECIPES[name].kind not in APART]
        stores = stores_of(SEARCH, ENTRANTS["bayesian"], problems, seeds, options)
        mixed = [name for name in problems if is_mixed(problem(name, 0).space)]
        standings = Standings(SEARCH, stores, problems, seeds)
        shown = {name: ENTRANTS["bayesian"][name] for name in ENTRANTS["bayesian"] if name in standings.ran()}
        parts += ["### Bayesian optimization", table(standings, shown, {"all": problems, "mixed": mixed})]
    if options.which != "bayesian":
        pairs = list(CHOOSE_PAIRS if options.half == "choose" else REPORT_PAIRS)
        stores = stores_of(TRANSFER, ENTRANTS["transfer"], pairs, seeds, options)
        standings = Standings(TRANSFER, stores, pairs, seeds, TRANSFER_LOOKS)
        shown = {name: ENTRANTS["transfer"][name] for name in ENTRANTS["transfer"] if name in standings.ran()}
        parts += ["### Transfer learning", table(standings, shown, kinds_of(pairs))]
    page = Page("ablation", "What each part brings", "python -m benchmarks.ablation")
    page.tell("\n\n".join([f"Half of the problems: *{options.half}*, {seeds} seeds each.", *parts]))
    if not (options.quick or options.which):
        page.write()


if __name__ == "__main__":
    main()
