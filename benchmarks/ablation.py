"""What each part of a strategy brings: the same strategy with one part switched off.

    python -m benchmarks.ablation            # 30 seeds; writes RESULTS.md
    python -m benchmarks.ablation --quick    # 5 seeds, only printed

A variant is a dict: a key with a colon is a constant of a module, ``"pizzatune.gp:ADDITIVE"``, any other a
setting of the strategy. Add a line to `BAYESIAN`, `GENETIC` or
`TRANSFER_LEARNING` to try one.
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
    "no hill as prior mean": {"hill": 0.0},
    "a hill whose height is not learned": {"pizzatune.gp:HILL_DOUBT": 0.0},
    "no additive half of the kernel": {"pizzatune.gp:ADDITIVE": 0.0},
    "two trials to start": {"start": 2},
    "ten trials to start": {"start": 10},
    "one candidate improved, not four": {"pizzatune.strategies.bayesian_optimization:CLIMBERS": 1},
    "hyperparameters learned after each trial": {
        "pizzatune.strategies.bayesian_optimization:EACH_TRIAL": 300
    },
}
GENETIC: dict[str, dict[str, Any]] = {
    WHOLE: {},
    "first generation over all of each dial": {"pizzatune.strategies.base:INNER": 1.0},
    "no elite": {"elite": 0},
    "generations of ten": {"population": 10},
    "tournaments of two": {"tournament": 2},
}
TRANSFER_LEARNING: dict[str, dict[str, Any]] = {
    WHOLE: {},
    "the source never set aside": {"trust": 1.0},
    "no trial in the middle to test the source": {"pizzatune.strategies.transfer_learning:OPENING": 0},
    "the source in the unit of the new scores": {"pizzatune.strategies.transfer_learning:LEAST": 1.0},
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
    "genetic": entrants_of(pt.GeneticAlgorithm, GENETIC),
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


def searches(which: str, seeds: int, options: argparse.Namespace) -> str:
    """A table of variants that start from nothing, over the problems all can be given."""
    half = CHOOSE if options.half == "choose" else REPORT
    problems = [name for name in half if RECIPES[name].kind not in APART]
    mixed = [name for name in problems if is_mixed(problem(name, 0).space)]
    standings = Standings(
        SEARCH, stores_of(SEARCH, ENTRANTS[which], problems, seeds, options), problems, seeds
    )
    shown = {name: entrant for name, entrant in ENTRANTS[which].items() if name in standings.ran()}
    return table(standings, shown, {"all": problems, "mixed": mixed})


def transfers(seeds: int, options: argparse.Namespace) -> str:
    """A table of variants that know an earlier place."""
    pairs = list(CHOOSE_PAIRS if options.half == "choose" else REPORT_PAIRS)
    stores = stores_of(TRANSFER, ENTRANTS["transfer"], pairs, seeds, options)
    standings = Standings(TRANSFER, stores, pairs, seeds, TRANSFER_LOOKS)
    shown = {name: entrant for name, entrant in ENTRANTS["transfer"].items() if name in standings.ran()}
    return table(standings, shown, kinds_of(pairs))


TITLES = {
    "bayesian": "Bayesian optimization",
    "genetic": "Genetic algorithm",
    "transfer": "Transfer learning",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_arguments(parser, {name: entrant for group in ENTRANTS.values() for name, entrant in group.items()})
    parser.add_argument("--which", choices=ENTRANTS, help="only one of the strategies")
    parser.add_argument("--half", choices=("choose", "report"), default="choose", help="default choose")
    options = parser.parse_args()
    seeds = 5 if options.quick else options.seeds
    parts = []
    for which in [options.which] if options.which else ENTRANTS:
        told = transfers(seeds, options) if which == "transfer" else searches(which, seeds, options)
        parts += [f"### {TITLES[which]}", told]
    page = Page("ablation", "What each part brings", "python -m benchmarks.ablation")
    page.tell("\n\n".join([f"Half of the problems: *{options.half}*, {seeds} seeds each.", *parts]))
    if not (options.quick or options.which):
        page.write()


if __name__ == "__main__":
    main()
