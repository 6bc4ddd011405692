"""Race several strategies on one problem: equal budgets, equal noise, many seeds, and the spread."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from pizzatune.board import Board, looks_of
from pizzatune.checks import flag, real_number, shown, whole_number
from pizzatune.laps import (
    Entrant,
    Field,
    Heat,
    Lap,
    Problem,
    Rules,
    Yardstick,
    heats_of,
    is_factory,
    problem_of,
    yardstick,
)
from pizzatune.parameters import FloatArray
from pizzatune.progress import Progress
from pizzatune.strategies.base import Strategy


def race(
    entrants: Mapping[str, Entrant] | Sequence[Entrant],
    menu: Field,
    budget: int,
    seeds: int | Sequence[int] = 20,
    *,
    noise: float = 0.0,
    at: int | Sequence[int] | None = None,
    workers: int | None = None,
    count_source: bool = False,
    progress: bool | None = None,
) -> Board:
    """Let several strategies search one problem with equal budgets, once for each seed, and compare them.

    What counts is the true score of what each would serve after every trial (`recommend`), not the luckiest
    score that it saw. Everything is paired: seed s gives all entrants the same problem, and their trials
    number n the same noise. So the board does not depend on the order of the entrants, nor on the number of
    processes; only the times do.

    Parameters
    ----------
    entrants : dict, or list of classes
        By name, anything that called with ``(space, seed=seed)`` gives an object with ``ask() -> params`` and
        ``tell(params, score)``. One that has no ``recommend()`` serves the params with the best mean score.
        `Exhausted` or StopIteration from ``ask`` ends its search early, and what it would serve stays.
        One that raises anything else is left out, and the board says why.
    menu : Menu or other Problem, or callable
        What is searched: it has ``space``, ``taste(params)``, and perhaps ``best`` and ``median`` (see
        `Problem`). Or a function that gives a problem for each seed; whatever it draws should come from
        a stream of its own, such as ``default_rng([seed, 0, 7])``, since strategies draw from ``[seed, n]``.
    budget : int
        Trials for each entrant and seed, 1 or more.
    seeds : int or sequence of int
        How many seeds (0, 1, 2 and so on), or which; at least 2, since one says nothing about the spread.
    noise : float
        Standard deviation of the normal noise that is added to what entrants are told, in score units.
    at : int or sequence of int, optional
        After how many trials the table looks; by default after each third of the budget.
    workers : int, optional
        How many processes to use; by default only this one. Entrants and problem must then travel (pickle).
    count_source : bool
        Whether trials of an earlier search that an entrant starts from (its attribute ``borrowed``, which
        `TransferLearning` has) count toward its budget. Its regret is then nan before its first own trial.
    progress : bool, optional
        Whether to show a progress bar; by default one appears when the race takes longer than two seconds.

    Returns
    -------
    Board

    Raises
    ------
    TypeError, ValueError
        If an argument cannot be used; the message says which, and what to pass.
    RuntimeError
        If a worker process died.

    Examples
    --------
    >>> import pizzatune as pt
    >>> menu = pt.menus.four_factors()  # 81 pizzas: after as many trials the best is found
    >>> board = pt.race({"grid": pt.GridSearch, "random": pt.RandomSearch}, menu, budget=81, seeds=5)
    >>> board.regrets["random"].shape
    (5, 81)
    >>> board.table(at=81)[["median at 81", "mean at 81", "wins at 81"]]
            median at 81  mean at 81  wins at 81
    grid             0.0         0.0         0.5
    random           0.0         0.0         0.5
    """
    racers = _entrants(entrants)
    noise = real_number("noise", noise, 0, hint="0 is none")
    count = flag("count_source", count_source)
    rules = Rules(whole_number("budget", budget, 1), noise, count, is_factory(menu))
    chosen, looks = _seeds(seeds), looks_of(at, rules.budget)
    processes = 1 if workers is None else whole_number("workers", workers, 1)
    first = problem_of(menu, chosen[0])
    shared = None if rules.own_problems else yardstick(first)
    heats = []
    with Progress(len(chosen), progress, unit="seed") as bar:
        for heat in heats_of(racers, menu, rules, chosen, processes):
            heats.append(heat if rules.own_problems else heat._replace(scale=shared))
            bar.advance()
    return board_of(first, heats, rules, chosen, looks)


def _entrants(entrants: Any) -> dict[str, Entrant]:
    """Entrants by name."""
    if isinstance(entrants, Mapping):
        named = [(name, make) for name, make in entrants.items()]
    elif isinstance(entrants, Sequence) and not isinstance(entrants, str):
        named = [(getattr(make, "__name__", None), make) for make in entrants]
    else:
        one = "put it in [ ]" if callable(entrants) else "pass e.g. [pt.GridSearch, pt.RandomSearch]"
        wanted = "entrants must be a dict, {'grid': pt.GridSearch}, or a list of classes"
        raise TypeError(f"{wanted}, got {shown(entrants)}; {one}")
    if not named:
        raise ValueError("entrants is empty; a race needs one at least, e.g. {'grid': pt.GridSearch}")
    for name, make in named:
        if isinstance(make, Strategy) or not callable(make):
            kind = type(make).__name__ if isinstance(make, Strategy) else "GridSearch"
            raise TypeError(
                f"an entrant must be a class or a function of (space, seed=), got {shown(make)}; "
                f"pass pt.{kind}, or for one with settings functools.partial(pt.{kind}, ...)"
            )
        if not isinstance(name, str) or not name:
            raise TypeError(
                f"an entrant needs a name, got {shown(name)} for {shown(make)}; pass a dict of name: entrant"
            )
    racers = dict(named)
    if len(racers) < len(named):
        raise ValueError(
            f"entrants share a name in {[name for name, _ in named]}; pass a dict of name: entrant"
        )
    return racers


def _seeds(seeds: Any) -> tuple[int, ...]:
    """Which seeds, from a number of them or a list."""
    if isinstance(seeds, str) or not isinstance(seeds, Sequence | np.ndarray):
        return tuple(range(whole_number("seeds", seeds, 2)))
    chosen = tuple(whole_number("seeds", seed, 0) for seed in seeds)
    if len(chosen) < 2 or len(set(chosen)) < len(chosen):
        raise ValueError(f"seeds must be two or more different ones, got {list(chosen)}; pass e.g. seeds=20")
    return chosen


def board_of(
    problem: Problem, heats: Sequence[Heat], rules: Rules, seeds: tuple[int, ...], looks: tuple[int, ...]
) -> Board:
    """The board of a race whose heats are done, in the order of the seeds."""
    failed: dict[str, str] = {}
    for seed, heat in zip(seeds, heats, strict=True):
        for entrant, lap in heat.laps.items():
            if lap.failure:
                failed.setdefault(entrant, f"not run: with seed {seed}, {lap.failure}")
    ran = {name: [heat.laps[name] for heat in heats] for name in heats[0].laps if name not in failed}
    known = [heat.scale for heat in heats if heat.scale is not None]
    scales = known if len(known) == len(heats) else _best_met(list(ran.values()), rules)

    def table(row: Callable[[Lap], FloatArray]) -> dict[str, FloatArray]:
        return {entrant: np.array([row(lap) for lap in laps]) for entrant, laps in ran.items()}

    scores = table(lambda lap: _placed(lap.served, lap, rules, carry=True))
    return Board(
        name=getattr(problem, "name", ""),
        trial_label=getattr(problem, "trial_label", "trial"),
        budget=rules.budget,
        seeds=seeds,
        at=looks,
        noise=rules.noise,
        count_source=rules.count_source,
        best_known=scales is known,
        regrets={
            entrant: np.array([scale.regret(row) for scale, row in zip(scales, rows, strict=True)])
            for entrant, rows in scores.items()
        },
        scores=scores,
        seconds=table(lambda lap: _placed(lap.seconds, lap, rules, carry=False)),
        trials=table(lambda lap: np.array(len(lap.served))),
        borrowed=table(lambda lap: np.array(lap.borrowed)),
        failed=failed,
    )


def _best_met(ran: Sequence[Sequence[Lap]], rules: Rules) -> list[Yardstick]:
    """For each seed, a regret of so many points below the best score that any entrant met."""
    if not ran:
        return []
    tops = np.array([[lap.top for lap in laps] for laps in ran])  # (entrants, seeds)
    if not rules.own_problems:
        tops[:] = tops.max()
    return [Yardstick(top, None) for top in tops.max(axis=0).tolist()]


def _placed(values: Sequence[float], lap: Lap, rules: Rules, carry: bool) -> FloatArray:
    """Values of a lap's trials where they stand in the budget, nan elsewhere; the last may be carried on."""
    first = lap.borrowed if rules.count_source else 0
    row = np.full(rules.budget, math.nan)
    row[first : first + len(values)] = values
    if carry:
        row[first + len(values) :] = values[-1]
    return row
