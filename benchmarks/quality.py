"""How good the strategies are after 10, 20 and 40 trials, beside the peers, on many problems and seeds.

    python -m benchmarks.quality                          # 30 seeds of the reported half; writes RESULTS.md
    python -m benchmarks.quality --half choose --quick    # 5 seeds of the other half, only printed
    python -m benchmarks.quality --only "our bayesian" "optuna gp" --fresh ours
    python -m benchmarks.quality --slow                   # also the peers that take hours

Runs that are on disk already are not made again, see runs.py; an entrant that is not run this time is told
about as far as its runs reach.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from benchmarks.entrants import ENTRANTS, OURS
from benchmarks.page import Page, interval_text, markdown
from benchmarks.peer import Entry
from benchmarks.problems import APART, CHOOSE, RECIPES, REPORT, is_mixed, problem
from benchmarks.runs import (
    SEARCH,
    Course,
    Ratio,
    Store,
    mean_of,
    ratio_of,
    regrets,
    run_missing,
    why_not,
    win_rate,
)

LOOKS = (10, 20, 40)
BEYOND = 1e-4  # a regret this far below 0 is no rounding: the best is not known
HALVES = {"choose": CHOOSE, "report": REPORT, "all": CHOOSE | REPORT}


@dataclass
class Standings:
    """The regrets of all entrants on some problems, after some numbers of trials."""

    course: Course
    stores: Mapping[str, Store]
    problems: Sequence[str]
    seeds: int
    looks: Sequence[int] = LOOKS

    @cached_property
    def regrets(self) -> dict[tuple[str, str], np.ndarray]:
        """(entrant, problem) -> shape (seeds, looks), where all seeds were run."""
        found = {}
        for entrant, store in self.stores.items():
            for name in self.problems:
                rows = regrets(self.course, store, name, self.seeds)
                if rows is not None:
                    if rows.min() < -BEYOND:
                        raise ValueError(
                            f"{entrant} found more on {name} than the best there is, by {-rows.min():.2g}; "
                            f"run python -m benchmarks.reference {name} after a more thorough search there"
                        )
                    found[entrant, name] = np.maximum(rows, 0.0)[:, [look - 1 for look in self.looks]]
        return found

    def ran(self) -> list[str]:
        """Entrants with a regret on one problem at least."""
        return [
            entrant
            for entrant in self.stores
            if any((entrant, name) in self.regrets for name in self.problems)
        ]

    def done(self, entrant: str, problems: Sequence[str]) -> list[str]:
        return [name for name in problems if (entrant, name) in self.regrets]

    def at(self, entrant: str, problems: Sequence[str], look: int) -> np.ndarray:
        """Regrets after `look` trials, shape (problems, seeds)."""
        place = list(self.looks).index(look)
        return np.array([self.regrets[entrant, name][:, place] for name in problems])

    def best(self, peers: Sequence[str], problems: Sequence[str], look: int) -> str | None:
        """The peer with the lowest mean regret, of those that were run on all problems."""
        whole = [peer for peer in peers if self.done(peer, problems) == list(problems)]
        return min(whole, key=lambda peer: float(self.at(peer, problems, look).mean()), default=None)

    def ratio(self, ours: str, theirs: str, problems: Sequence[str], look: int) -> tuple[Ratio, float, int]:
        """Ratio and win rate over the problems that both were run on, and how many these are."""
        both = [name for name in problems if {(ours, name), (theirs, name)} <= self.regrets.keys()]
        if not both:
            return Ratio(math.nan, math.nan, math.nan), math.nan, 0
        one, other = self.at(ours, both, look), self.at(theirs, both, look)
        return ratio_of(one, other), win_rate(one, other), len(both)


# -- tables --------------------------------------------------------------------------------------------------


def means_table(
    standings: Standings, entrants: Mapping[str, Entry], sets: Mapping[str, Sequence[str]]
) -> str:
    """Mean normalised regret of everyone; in brackets, on how many problems where not on all."""
    head = ["entrant", "version"]
    head += [f"{label}, {look}" for label in sets for look in standings.looks]
    rows = []
    for entrant, entry in entrants.items():
        cells = [entrant, ("here" if entrant in OURS else entry.version) or "not installed"]
        for problems in sets.values():
            done = standings.done(entrant, problems) if entrant in standings.stores else []
            part = "" if len(done) == len(problems) else f" ({len(done)} of {len(problems)})"
            for look in standings.looks:
                cells.append(
                    interval_text(*mean_of(standings.at(entrant, done, look))) + part if done else "not run"
                )
        rows.append(cells)
    return markdown(head, rows)


def ratio_table(
    standings: Standings,
    ours: str,
    others: Sequence[str],
    sets: Mapping[str, Sequence[str]],
    label: str = "peer",
) -> str:
    """The mean regret of `ours` divided by that of each other, over the problems that both were run on."""
    head = [label, *(f"{name}, {look}" for name in sets for look in standings.looks)]
    head += [f"{name}, ours wins at {standings.looks[-1]}" for name in sets]
    rows = []
    for peer in others:
        cells, wins = [peer], []
        for problems in sets.values():
            for look in standings.looks:
                ratio, won, count = standings.ratio(ours, peer, problems, look)
                part = "" if count in (0, len(problems)) else f" ({count} of {len(problems)})"
                cells.append(f"{ratio}{part}" if count else "not run")
            wins.append(f"{won:.0%}" if count else "not run")
        rows.append(cells + wins)
    return markdown(head, rows)


def problem_table(standings: Standings, entrants: Sequence[str], problems: Sequence[str], look: int) -> str:
    """Mean regret of some entrants on each problem; the lowest of a row in bold."""
    rows = []
    for name in problems:
        means = {
            entrant: float(standings.at(entrant, [name], look).mean())
            for entrant in entrants
            if (entrant, name) in standings.regrets
        }
        lowest = min(means.values(), default=math.nan)
        cells = [
            ("**{:.3f}**" if means[entrant] <= lowest else "{:.3f}").format(means[entrant])
            if entrant in means
            else _absent(standings, entrant, name)
            for entrant in entrants
        ]
        rows.append([name, *cells])
    return markdown(["problem", *entrants], rows)


def _absent(standings: Standings, entrant: str, name: str) -> str:
    if entrant not in standings.stores:
        return "not run"
    return why_not(standings.course, standings.stores[entrant], name, standings.seeds)


# -- judgments -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Aim:
    """Our regret should be at most so many times that of the best of some peers."""

    ours: str
    most: Mapping[int, float]  # look -> ratio
    peers: Callable[[str, Entry], bool]
    what: str


AIMS = (
    Aim("our bayesian", {10: 0.8, 20: 0.8, 40: 0.8}, lambda name, entry: True, "the best peer"),
    Aim(
        "our genetic",
        {10: 1.0, 20: 0.9, 40: 0.9},
        lambda name, entry: entry.family == "genetic",
        "the best genetic peer",
    ),
    Aim("our sobol", {10: 1.0, 20: 1.0, 40: 1.0}, lambda name, entry: name == "optuna qmc", "Optuna's QMC"),
    Aim(
        "our grid", {10: 1.0, 20: 1.0, 40: 1.0}, lambda name, entry: name == "optuna grid", "a shuffled grid"
    ),
)


def judgments(standings: Standings, sets: Mapping[str, Sequence[str]], peers: Mapping[str, Entry]) -> str:
    """What should hold, and whether it does."""
    lines = []
    for aim in AIMS:
        rivals = [name for name, entry in peers.items() if aim.peers(name, entry)]
        for label, problems in sets.items():
            for look, most in aim.most.items():
                best = standings.best(rivals, problems, look)
                if best is None or standings.done(aim.ours, problems) != list(problems):
                    lines.append(f"- *not run*: {aim.ours} against {aim.what} at {look}, {label}")
                    continue
                ratio, won, _ = standings.ratio(aim.ours, best, problems, look)
                verdict = "met" if ratio.value <= most else "not met"
                lines.append(
                    f"- **{verdict}**: {aim.ours} at most {most:g} times {aim.what} at {look}, {label}: "
                    f"{ratio} of {best}, better on {won:.0%} of problems and seeds"
                )
    lines += equal_judgment(standings, sets)
    return "\n".join(lines)


def equal_judgment(standings: Standings, sets: Mapping[str, Sequence[str]]) -> list[str]:
    """Whether our random search and the peers' are the same within the interval of their ratio."""
    lines = []
    for label, problems in sets.items():
        for peer in ("optuna random", "sklearn random"):
            for look in standings.looks:
                ratio, _, count = standings.ratio("our random", peer, problems, look)
                if count:
                    verdict = "met" if ratio.low <= 1 <= ratio.high else "not met"
                    lines.append(f"- **{verdict}**: our random equals {peer} at {look}, {label}: {ratio}")
    return lines


# -- the page ------------------------------------------------------------------------------------------------


def report(standings: Standings, apart: Sequence[str], half: str) -> str:
    """All tables of search quality."""
    problems = standings.problems
    averaged = [name for name in problems if name not in apart]
    mixed = [name for name in averaged if is_mixed(problem(name, 0).space)]
    sets = {"all": averaged, "mixed": mixed}
    peers = {name: entry for name, entry in ENTRANTS.items() if name not in OURS}
    shown = {name: ENTRANTS[name] for name in standings.ran()}
    absent = [
        name if entry.version else f"{name} (not installed)"
        for name, entry in ENTRANTS.items()
        if name not in shown
    ]
    parts = [
        f"Half of the problems: *{half}*; {len(averaged)} problems, of which {len(mixed)} are mixed, "
        f"{standings.seeds} seeds each. Regret: 0 is the best there is, 1 the median of random params.",
        "### What should hold",
        judgments(standings, sets, peers),
        "### Mean normalised regret after 10, 20 and 40 trials",
        f"± is half of a 95 % interval over seeds. Not run: {', '.join(absent) or 'none'}.",
        means_table(standings, shown, sets),
    ]
    for ours, rivals in {
        "our bayesian": list(peers),
        "our genetic": [name for name, entry in peers.items() if entry.family == "genetic"],
        "our sobol": ["optuna qmc", "optuna random"],
        "our grid": ["optuna grid", "sklearn grid", "our grid, row by row"],
    }.items():
        parts += [
            f"### Regret of {ours}, divided by that of each peer",
            "Below 1 ours is better; in brackets a 95 % interval over paired seeds.",
            ratio_table(standings, ours, [name for name in rivals if name in shown], sets),
        ]
    for look in standings.looks:
        parts += [
            f"### Problem by problem, after {look} trials",
            problem_table(standings, list(shown), averaged, look),
        ]
    if apart:
        parts += [
            "### Dials that only some choices have, and combinations that are ruled out",
            f"After {standings.looks[-1]} trials; *cannot*: the peer, or our adapter, has no way to say it.",
            problem_table(standings, list(shown), apart, standings.looks[-1]),
        ]
    return "\n\n".join(parts)


def add_arguments(parser: argparse.ArgumentParser, entrants: Mapping[str, Entry]) -> None:
    parser.add_argument("--seeds", type=int, default=30, help="how many seeds (default 30)")
    parser.add_argument("--workers", type=int, default=2, help="how many processes (default 2)")
    parser.add_argument("--only", nargs="+", choices=entrants, metavar="NAME", help="run only these entrants")
    parser.add_argument(
        "--fresh", nargs="+", default=[], metavar="NAME", help="run anew: names, or ours, or all"
    )
    parser.add_argument("--slow", action="store_true", help="also run the peers that take hours")
    parser.add_argument("--quick", action="store_true", help="5 seeds, only printed")
    parser.add_argument("--no-run", action="store_true", help="only tell what is on disk")


def stores_of(
    course: Course,
    entrants: Mapping[str, Entry],
    problems: Sequence[str],
    seeds: int,
    options: argparse.Namespace,
) -> dict[str, Store]:
    """Run what is asked for and not on disk; the stores of all entrants, run today or before."""
    forgotten = {name for name in entrants if name in options.fresh or "all" in options.fresh}
    forgotten |= {
        name for name in entrants if "ours" in options.fresh and entrants[name].package == "pizzatune"
    }
    for name in forgotten:
        Store(course, name, entrants[name]).forget()
    if not options.no_run:
        quick = [name for name, entry in entrants.items() if options.slow or not entry.slow]
        wanted = {name: entrants[name] for name in options.only or quick}
        run_missing(course, wanted, problems, seeds, options.workers)
    return {name: Store(course, name, entry) for name, entry in entrants.items() if entry.version}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_arguments(parser, ENTRANTS)
    parser.add_argument("--half", choices=HALVES, default="report", help="which problems (default report)")
    parser.add_argument("--problems", nargs="+", choices=RECIPES, metavar="NAME", help="only some problems")
    options = parser.parse_args()
    seeds = 5 if options.quick else options.seeds
    problems = options.problems or list(HALVES[options.half])
    stores = stores_of(SEARCH, ENTRANTS, problems, seeds, options)
    apart = [name for name in problems if RECIPES[name].kind in APART]
    standings = Standings(SEARCH, stores, problems, seeds)
    page = Page("quality", "How good the search is", "python -m benchmarks.quality")
    page.tell(report(standings, apart, options.half))
    if not (options.quick or options.problems or options.half == "choose"):
        page.write()


if __name__ == "__main__":
    main()
