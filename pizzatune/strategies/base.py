"""What every strategy shares: it is asked for params, told how they scored, and says why it suggested them.

A strategy is a function of its space, its settings, its seed, the trials it was told and the suggestions
still pending. Ask number n draws from ``default_rng([seed, n])``, where n counts trials and pending
suggestions. Anything else a strategy holds is a cache that may be thrown away, so a search that is resumed,
replayed or rewound is the same search.
"""

from __future__ import annotations

import copy
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from pizzatune.checks import checked_seed, score_of, shown
from pizzatune.parameters import COUNTABLE, Choice, Ordered
from pizzatune.space import Key, Params, Space
from pizzatune.trial import Trial, best_trial, mean_score

INNER = 0.5  # share of each dial, about its middle, over which the first trials are spread
REDRAWS = 100  # draws before we look for a fresh combination by walking through all of them
EASILY_COUNTED = 10_000  # combinations; of more, we first draw as often again from the whole space


class Exhausted(Exception):
    """Every combination of a finite space has been suggested."""


@dataclass(frozen=True)
class Suggestion:
    """Params that a strategy would try next, why, and what a picture of the choice needs."""

    params: Params
    why: str
    origin: Mapping[str, Any] = field(default_factory=dict)


class Strategy:
    """The doors that all strategies have in common; a subclass writes `suggest`.

    Parameters
    ----------
    space : Space
        What may be chosen.
    seed : int, optional
        The same seed gives the same suggestions. Without one, a seed is drawn and can be read from `.seed`.
    repeats : bool
        Whether a combination of a finite space may be suggested again. By default it is not, and when all
        were suggested `ask` raises `Exhausted`. Say True where the same settings can score differently.

    Attributes
    ----------
    trials : list of Trial
        All that was told, in order.
    pending : list of Suggestion
        What was asked for and not yet told.
    """

    def __init__(self, space: Space, *, seed: int | None = None, repeats: bool = False) -> None:
        if not isinstance(space, Space):
            wanted = "menu.space" if hasattr(space, "space") else "pt.Space(...)"
            raise TypeError(
                f"a strategy needs a Space, got {shown(space)}; write {type(self).__name__}({wanted})"
            )
        self.space = space
        self.seed_given = seed is not None
        self.seed = checked_seed(seed)
        self.repeats = bool(repeats)
        self.trials: list[Trial] = []
        self.pending: list[Suggestion] = []
        self.why = ""
        self._visits: defaultdict[Key, int] = defaultdict(int)  # cache: how often each combination came
        self._keyed: tuple[Params, Key] = ({}, ())  # cache: the last params looked at, and their key
        self._from = 0  # cache: all before this one came, where a strategy takes one after the other

    # -- the doors ------------------------------------------------------------------

    def ask(self) -> Params:
        """The params to try next, as a dict of plain Python values that belongs to the caller.

        Raises
        ------
        Exhausted
            If every combination of a finite space has been suggested and `repeats` is False.
        """
        if not self.repeats and self._all_suggested():
            raise Exhausted(
                f"all {len(self._visits):,} combinations have been suggested; "
                "read .best, or say repeats=True if the same settings can score differently"
            )
        rng = np.random.default_rng([self.seed, len(self.trials) + len(self.pending)])
        suggestion = self.suggest(rng)
        self.pending.append(suggestion)
        self._visits[self._key(suggestion.params)] += 1
        self.why = suggestion.why
        return dict(suggestion.params)

    def tell(
        self,
        params: Mapping[str, Any],
        score: float | None = None,
        *,
        error: str | None = None,
        seconds: float | None = None,
    ) -> Trial:
        """Record how `params` scored, or the `error` that kept them from a score.

        Parameters
        ----------
        params : dict
            As given by `ask`, or any others of the space, asked for or not.
        score : float
            Higher is better (for a loss, tell ``-loss``). One that is not finite counts as a failed trial.
        error : str
            What went wrong, in place of a score.
        seconds : float, optional
            How long it took.

        Returns
        -------
        Trial

        Raises
        ------
        TypeError, ValueError
            If the params are not of the space, or the score is not a number.
        """
        as_asked = len(self.pending) == 1 and _is_just(params, self.pending[0].params)
        plain = self.pending[0].params if as_asked else self.space.check(params)
        score, error = self._outcome(score, error)
        asked = self.pending.pop() if as_asked else self._matched(plain)
        trial = Trial(len(self.trials), plain, score, error, asked.why, asked.origin, seconds)
        self.trials.append(trial)
        return trial

    def withdraw(self, params: Mapping[str, Any]) -> None:
        """Take back a pending suggestion that will never be told; it may be suggested again.

        Raises
        ------
        ValueError
            If `params` are not pending.
        """
        key = self.space.key(self.space.check(params))
        place = self._place_among_pending(key)
        if place is None:
            raise ValueError(
                f"{dict(params)} is not pending; only what was asked for and not yet told can be withdrawn"
            )
        self.pending.pop(place)
        self._visits[key] -= 1
        if not self._visits[key]:
            del self._visits[key]
        self._from = 0

    def suggest(self, rng: np.random.Generator) -> Suggestion:
        """What to try next, given `self.trials` and `self.pending`; all chance comes from `rng`."""
        raise AssertionError("each strategy has its own")

    @property
    def best(self) -> Trial | None:
        """The trial with the highest score so far; None before the first success."""
        return best_trial(self.trials)

    def recommend(self) -> Trial | None:
        """The trial it would serve: the best average where the same settings were tried more than once."""
        scores: defaultdict[Key, list[float]] = defaultdict(list)
        for trial in self.trials:
            if trial.score is not None:
                scores[self.space.key(trial.params)].append(trial.score)
        scored = [trial for trial in self.trials if trial.ok]
        return max(
            scored,
            key=lambda trial: (mean_score(scores[self.space.key(trial.params)]), -trial.number),
            default=None,
        )

    def rebuilt(self, trials: Iterable[Trial]) -> Self:
        """The same strategy (space, settings, seed) as it stood when it had been told just these trials."""
        twin = copy.copy(self)
        twin.trials, twin.pending, twin.why = [], [], ""
        twin._visits = defaultdict(int)
        twin._forget()
        for trial in trials:
            twin.trials.append(trial)
            twin._visits[self.space.key(trial.params)] += 1
        return twin

    def reseed(self, seed: int) -> None:
        """Be the strategy that it would be if it had been made with this seed; before its first trial."""
        self.seed = seed
        self._forget()

    def __repr__(self) -> str:
        best = f", best {self.best.score:.4g}" if self.best is not None else ""
        return f"{type(self).__name__}(seed={self.seed}): {len(self.trials)} trials{best}"

    # -- for subclasses -------------------------------------------------------------

    @staticmethod
    def _outcome(score: Any, error: Any) -> tuple[float | None, str | None]:
        """A finite score and no error, or no score and an error in words."""
        if error is None and score is None:
            raise TypeError(
                "tell needs a score or an error, got neither; write tell(params, score), "
                "or tell(params, error='...') for a trial that failed"
            )
        if error is not None and score is not None:
            raise TypeError(
                f"tell a score or an error, not both; got score={shown(score)} and error={shown(error)}; "
                "leave one out"
            )
        if error is not None:
            return None, str(error) or "no reason was given"
        try:
            return score_of(score, "tell"), None
        except ValueError as bad:
            return None, str(bad)

    def _forget(self) -> None:
        """Drop every cache; what is computed next is computed from the trials."""
        self._from = 0

    def _visited(self, params: Params) -> bool:
        """Whether a combination may not be suggested again."""
        return not self.repeats and self._key(params) in self._visits

    def _key(self, params: Params) -> Key:
        """The key of params of ours, which nobody changes: `ask` wants what `suggest` looked at last."""
        if params is not self._keyed[0]:
            self._keyed = params, self.space.key(params)
        return self._keyed[1]

    def _fresh(self, draw: Callable[[], Params], rng: np.random.Generator) -> Params:
        """Draw until a combination comes that may be suggested; out of luck, pick one of those left."""
        for _ in range(REDRAWS):
            params = draw()
            if not self._visited(params):
                return params
        if EASILY_COUNTED < self.space.size <= COUNTABLE:
            for _ in range(REDRAWS):
                params = self.space.sample(rng)
                if not self._visited(params):
                    return params
        if self.space.size <= COUNTABLE:
            left = [params for params in self.space.enumerate() if not self._visited(params)]
            if left:
                return left[rng.integers(len(left))]
        return self.space.sample(rng)

    def _spread(self, number: int, count: int, rng: np.random.Generator) -> Params:
        """Trial `number` of `count` that are spread over the space before anything is known of it: its
        middle, then points of a Latin hypercube (McKay, Beckman and Conover, 1979) over the inner part of
        each dial and all options of each choice."""
        options = np.array(
            [isinstance(p, Choice) and not isinstance(p, Ordered) for p in self.space.parameters]
        )
        if number == 0:
            row = np.full(len(options), 0.5)
            if options.any():
                row[options] = self.space.encode([self.space.sample(rng)])[0, options]
        else:
            shared, rest = np.random.default_rng([self.seed, count, 0]), max(1, count - 1)
            parts = [(shared.permutation(rest) + shared.random(rest)) / rest for _ in self.space.parameters]
            points = np.column_stack(parts)
            points = np.where(options, points, 0.5 + INNER * (points - 0.5))
            row = self.space.stretch(points)[(number - 1) % rest]
        row = self.space.settle(row[None])[0]
        params = self.space.decode(row)
        if number < count and not self._visited(params) and self.space.allowed(row[None])[0]:
            return params
        return self._fresh(lambda: self.space.sample(rng), rng)

    def _matched(self, params: Params) -> Suggestion:
        """The pending suggestion that was told, no longer pending; a new one where none was asked for."""
        key = self.space.key(params)
        place = self._place_among_pending(key)
        if place is not None:
            return self.pending.pop(place)
        self._visits[key] += 1
        return Suggestion(params, why="told without having been asked for")

    def _place_among_pending(self, key: Key) -> int | None:
        """Where the oldest pending suggestion of this combination stands, or None."""
        keys = (self.space.key(suggestion.params) for suggestion in self.pending)
        return next((place for place, pending in enumerate(keys) if pending == key), None)

    def _all_suggested(self) -> bool:
        return math.isfinite(self.space.size) and len(self._visits) >= self.space.size


def _is_just(params: Mapping[str, Any], asked: Params) -> bool:
    """Whether these are the very values that were asked for, as nearly always: they need no other check."""
    return (
        isinstance(params, dict)
        and len(params) == len(asked)
        and all(name in params and params[name] is value for name, value in asked.items())
    )
