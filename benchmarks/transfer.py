"""How good a search is that knows 40 trials of another place, beside the peers' ways to use them.

python -m benchmarks.transfer                         # 30 seeds of the reported half; writes RESULTS.md
python -m benchmarks.transfer --half choose --quick   # 5 seeds of the other half, only printed
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from benchmarks.page import Page
from benchmarks.pairs import BLEND, CHOOSE_PAIRS, PAIRS, REPORT_PAIRS, TRANSFER
from benchmarks.quality import Standings, add_arguments, means_table, problem_table, ratio_table, stores_of
from benchmarks.transfer_peers import TRANSFER_ENTRANTS, TRANSFER_OURS, TRANSFER_PEERS

LOOKS = (5, 10, 20)
HALVES = {"choose": CHOOSE_PAIRS, "report": REPORT_PAIRS, "all": PAIRS}
OURS, SCRATCH = TRANSFER_OURS


def kinds_of(names: Sequence[str]) -> dict[str, list[str]]:
    """The pairs of each kind."""
    kinds = {kind: [name for name in names if PAIRS[name].kind == kind] for kind in BLEND}
    return {kind: pairs for kind, pairs in kinds.items() if pairs}


def judgments(standings: Standings, kinds: dict[str, list[str]]) -> str:
    """Quick where the old place is alike, unharmed where it misleads."""
    lines = []
    for kind in ("alike", "half alike"):
        for look in LOOKS:
            best = standings.best(list(TRANSFER_PEERS), kinds.get(kind, []), look)
            if best is None or not kinds.get(kind):
                lines.append(f"- *not run*: {kind} pairs, {look}")
                continue
            ratio, won, _ = standings.ratio(OURS, best, kinds[kind], look)
            verdict = "met" if ratio.value <= 0.8 else "not met"
            lines.append(
                f"- **{verdict}**: at most 0.8 times the best peer on {kind} pairs after {look}: "
                f"{ratio} of {best}, better on {won:.0%}"
            )
    for kind in ("unrelated", "misleading"):
        for look in (10, 20):
            if kind in kinds:
                ratio, won, _ = standings.ratio(OURS, SCRATCH, kinds[kind], look)
                verdict = "met" if ratio.value <= 1.1 else "not met"
                lines.append(
                    f"- **{verdict}**: at most 1.1 times our own from scratch on {kind} pairs after {look}: "
                    f"{ratio}, better on {won:.0%}"
                )
    return "\n".join(lines)


def report(standings: Standings, half: str) -> str:
    kinds = kinds_of(standings.problems)
    shown = {name: TRANSFER_ENTRANTS[name] for name in standings.ran()}
    absent = [name for name in TRANSFER_ENTRANTS if name not in shown]
    parts = [
        f"Half of the pairs: *{half}*; {len(standings.problems)} pairs, {standings.seeds} seeds each, 40 "
        f"trials of the old place known. Not run: {', '.join(absent) or 'none'}.",
        "### What should hold",
        judgments(standings, kinds),
        "### Mean normalised regret after 5, 10 and 20 trials in the new place",
        "± is half of a 95 % interval over seeds.",
        means_table(standings, shown, kinds),
        f"### Regret of {OURS}, divided by that of each other",
        "Below 1 ours is better; in brackets a 95 % interval over paired seeds.",
        ratio_table(standings, OURS, [name for name in shown if name != OURS], kinds),
    ]
    for look in LOOKS:
        parts += [
            f"### Pair by pair, after {look} trials",
            problem_table(standings, list(shown), standings.problems, look),
        ]
    return "\n\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_arguments(parser, TRANSFER_ENTRANTS)
    parser.add_argument("--half", choices=HALVES, default="report", help="which pairs (default report)")
    parser.add_argument("--pairs", nargs="+", choices=PAIRS, metavar="NAME", help="only some pairs")
    options = parser.parse_args()
    seeds = 5 if options.quick else options.seeds
    pairs = options.pairs or list(HALVES[options.half])
    standings = Standings(
        TRANSFER, stores_of(TRANSFER, TRANSFER_ENTRANTS, pairs, seeds, options), pairs, seeds, LOOKS
    )
    page = Page(
        "transfer", "How good the search is that knows an earlier one", "python -m benchmarks.transfer"
    )
    page.tell(report(standings, options.half))
    if not (options.quick or options.pairs or options.half == "choose"):
        page.write()


if __name__ == "__main__":
    main()
