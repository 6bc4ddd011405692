"""Pairs of an old place, where 40 trials are known, and a new one, where the search is on.

An old place is `alike`, `half alike`, `unrelated` or `misleading`. The three pairs of each kind are an oven
of the kitchen, a smooth function and a mixed one; for the last two, the old score is a blend of the new one
and of another draw of the same function, each in standard deviations of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np

import pizzatune as pt
from benchmarks.peer import Entry
from benchmarks.problems import Problem, bare, fingerprint, problem
from benchmarks.runs import Course
from pizzatune.space import Params, Space
from pizzatune.trial import Trial

KNOWN = 40  # trials of the old place: the first half drawn at random, each later one near the best so far
BLEND = {
    "alike": 0.9,
    "half alike": 0.5,
    "unrelated": 0.0,
    "misleading": -1.0,
}  # the new one's part in the old


@dataclass(frozen=True)
class Pair(Problem):
    """A problem, and what is known from an earlier one."""

    source: tuple[Trial, ...] = ()


@dataclass(frozen=True)
class Old:
    """An old place: the problem that is new, and what part of its score the old one shares."""

    kind: str
    target: str
    blend: float


def _ovens(likenesses: tuple[float, ...]) -> dict[str, Old]:
    pairs = zip(BLEND, likenesses, strict=True)
    return {f"oven, {kind}": Old(kind, f"new_oven({likeness:g})", likeness) for kind, likeness in pairs}


def _blends(target: str) -> dict[str, Old]:
    return {f"{target}, {kind}": Old(kind, target, blend) for kind, blend in BLEND.items()}


CHOOSE_PAIRS = _blends("styblinski_3") | _blends("training_new")
CHOOSE_PAIRS |= {f"{name} (b)": old for name, old in _ovens((0.8, 0.4, 0.1, -0.8)).items()}
REPORT_PAIRS = _ovens((0.9, 0.5, 0.0, -1.0)) | _blends("branin") | _blends("hartmann_new")
PAIRS = CHOOSE_PAIRS | REPORT_PAIRS


@cache
def pair(name: str, seed: int) -> Pair:
    """The new place, and the trials of the old one."""
    old = PAIRS[name]
    new = problem(old.target, seed)
    if old.target.startswith("new_oven"):
        source = known_trials(new.space, pt.menus.old_oven().taste, seed)
        return Pair(name, seed, new.space, new.taste, new.best, new.median, tuple(source))
    one, other = _unrelated(old.target, seed)
    source = known_trials(new.space, partial(_blended, one, other, old.blend), seed)
    best = Trial(0, new.best.params, one(new.best.params))
    mean, std = one.args[1:]
    return Pair(name, seed, new.space, one, best, (new.median - mean) / std, tuple(source))


@cache
def _unrelated(name: str, seed: int) -> tuple[partial[float], partial[float]]:
    """The score of the new place in standard deviations from its mean, and an unrelated one.

    The other is another draw of the same function, less what the two happen to share.
    """
    space, here = bare(name, seed)
    _, there = bare(name, seed + 1000)
    rng = np.random.default_rng([seed, 7, 10])
    draws = [space.sample(rng) for _ in range(500)]
    one, other = (_standardized(taste, draws) for taste in (here, there))
    shared = float(np.mean([one(params) * other(params) for params in draws]))
    return one, partial(_rest, one, other, shared)


def _standardized(taste: Callable[[Params], float], draws: list[Params]) -> partial[float]:
    scores = [taste(params) for params in draws]
    return partial(_scaled, taste, float(np.mean(scores)), float(np.std(scores)))


def _scaled(taste: Callable[[Params], float], mean: float, std: float, params: Params) -> float:
    return (taste(params) - mean) / std


def _rest(one: Any, other: Any, shared: float, params: Params) -> float:
    return float(other(params) - shared * one(params)) / math.sqrt(1 - shared**2)


def _blended(one: Any, other: Any, blend: float, params: Params) -> float:
    return float(blend * one(params) + (1 - abs(blend)) * other(params))


def known_trials(space: Space, taste: Callable[[Params], float], seed: int) -> list[Trial]:
    """What is known of the old place; no strategy of anyone's has a hand in it."""
    rng = np.random.default_rng([seed, 7, 11])
    trials: list[Trial] = []
    for number in range(KNOWN):
        best = max(trials, key=lambda trial: trial.score or 0.0) if number >= KNOWN // 2 else None
        params = _near(space, best.params, rng) if best else space.sample(rng)
        trials.append(Trial(number, params, taste(params)))
    return trials


def _near(space: Space, params: Params, rng: np.random.Generator) -> Params:
    """Params a little aside."""
    aside = params
    while aside == params:
        aside = space.nudge(params, 0.5, rng, 0.15)
    return aside


def entrant_of(entry: Entry, name: str) -> Callable[..., Any]:
    """An entrant that knows the old trials of a pair, where it can use them."""
    return partial(_with_source, entry.make, name)


def _with_source(make: Callable[..., Any], name: str, space: Space, *, seed: int) -> Any:
    return make(space, seed=seed, source=list(pair(name, seed).source))


@cache
def pair_fingerprint(name: str, seed: int) -> str:
    made = pair(name, seed)
    scores = f"{sum(trial.score or 0.0 for trial in made.source):.5g}"
    return f"{fingerprint(problem(PAIRS[name].target, seed))} {scores}"


TRANSFER = Course("transfer", 20, pair, pair_fingerprint, entrant_of)
