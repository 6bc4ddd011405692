"""What every strategy shares: it is asked for params, told how they scored, and says why it suggested them.

A strategy is a function of its space, its settings, its seed, the trials it was told and the suggestions
still pending. Ask number n draws from ``default_rng([seed, n])``, where n is the first number that no trial
and no pending suggestion has: what was asked for and never told is asked for again. Anything else a strategy
holds is a cache that may be thrown away, so a search that is resumed, replayed or rewound is the same search.
"""

from __future__ import annotations

import copy
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np

from pizzatune.checks import checked_seed, flag, score_of, shown
from pizzatune.complaints import shortened, text_of
from pizzatune.parameters import COUNTABLE, Choice, Ordered
from pizzatune.space import Key, Params, Space
from pizzatune.trial import Trial, best_trial, mean_score
from pizzatune.values import alike

INNER = 0.5  # share of each dial, about its middle, over which the first trials are spread
REDRAWS = 100  # draws before we look for a fresh combination by walking through all of them
EASILY_COUNTED = 10_000  # combinations; of more, we first draw as often again from the whole space


class Exhausted(Exception):
    """Every combination of a finite space has been suggested."""


@dataclass(frozen=True)
class Suggestion:
    """Params that a strategy would try next, why, and what a picture of the choice needs.

    Once it was asked for, it has the number of that ask, and keeps the dict that the caller was given, with
    the copies of options in it by which it is known again whatever the caller does to them.
    """

    params: Params
    why: str
    origin: Mapping[str, Any] = field(default_factory=dict)
    number: int | None = field(default=None, compare=False)
    given: Params | None = field(default=None, repr=False, compare=False)
    copies: Params | None = field(default=None, repr=False, compare=False)


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
        self.repeats = flag("repeats", repeats)
        self.trials: list[Trial] = []
        self.pending: list[Suggestion] = []
        self.why = ""
        self._visits: defaultdict[Key, int] = defaultdict(int)  # cache: how often each combination came
        self._keyed: tuple[Params, Key] = ({}, ())  # cache: the last params looked at, and their key
        self._from = 0  # cache: all before this one came, where a strategy takes one after the other
        self._told: set[int] = set()  # cache: the numbers of the asks that were told
        self._counted = 0  # cache: of so many trials
        self._lowest = 0  # cache: all below this one were told

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
        number = self.next_ask
        suggestion = self.suggest(np.random.default_rng([self.seed, number]))
        return self._hand_out(suggestion, number)

    def ask_again(self, suggestion: Suggestion) -> Params:
        """Ask for what was asked for before and never told, under the number that it had.

        Raises
        ------
        TypeError, ValueError
            If it is not of the space.
        """
        number = self.next_ask if suggestion.number is None else suggestion.number
        return self._hand_out(replace(suggestion, params=self.space.plain(suggestion.params)), number)

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
        known = self._known_again(params)
        as_asked = len(self.pending) == 1 and _is_just(known, self.pending[0].params)
        plain = self.pending[0].params if as_asked else self.space.plain(known)
        score, error = self._outcome(score, error)
        asked = self.pending.pop() if as_asked else self._matched(plain, params)
        number = self.next_ask if asked.number is None else asked.number
        place = len(self.trials)
        trial = Trial(place, asked.params, score, error, asked.why, asked.origin, seconds, number)
        self.trials.append(trial)
        return trial

    def withdraw(self, params: Mapping[str, Any]) -> None:
        """Take back a pending suggestion that will never be told; it may be suggested again.

        Raises
        ------
        ValueError
            If `params` are not pending.
        """
        place = self._place_among_pending(self.space.plain(self._known_again(params)), params)
        if place is None:
            raise ValueError(
                f"{dict(params)} is not pending; only what was asked for and not yet told can be withdrawn"
            )
        key = self.space.key(self.pending.pop(place).params)
        self._visits[key] -= 1
        if not self._visits[key]:
            del self._visits[key]
        self._from = 0

    def suggest(self, rng: np.random.Generator) -> Suggestion:
        """What to try next, given `self.trials` and `self.pending`; all chance comes from `rng`."""
        raise AssertionError("each strategy has its own")

    @property
    def next_ask(self) -> int:
        """The number that the next ask has: the first that no trial and no pending suggestion has."""
        if self._counted > len(self.trials):
            self._forget()
        for trial in self.trials[self._counted :]:
            free = trial.asked is not None and trial.asked not in self._told
            self._told.add(trial.asked if free and trial.asked is not None else self._free(0))
        self._counted = len(self.trials)
        while self._lowest in self._told:
            self._lowest += 1
        if not self.pending:
            return self._lowest
        return self._free(sum(suggestion.number is None for suggestion in self.pending))

    def has_asked(self, number: int) -> bool:
        """Whether a trial or a pending suggestion has this number."""
        self.next_ask  # noqa: B018 # counts the trials
        return number in self._told or any(suggestion.number == number for suggestion in self.pending)

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
            return None, shortened(text_of(error)) or "no reason was given"
        try:
            return score_of(score, "tell"), None
        except ValueError as bad:
            return None, str(bad)

    def _forget(self) -> None:
        """Drop every cache; what is computed next is computed from the trials."""
        self._from = 0
        self._told, self._counted, self._lowest = set(), 0, 0

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
                params = self.space.draw(rng)
                if not self._visited(params):
                    return params
        if self.space.size <= COUNTABLE:
            left = [params for params in self.space.combine() if not self._visited(params)]
            if left:
                return left[rng.integers(len(left))]
        return self.space.draw(rng)

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
                row[options] = self.space.encode([self.space.draw(rng)])[0, options]
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
        return self._fresh(lambda: self.space.draw(rng), rng)

    def _hand_out(self, suggestion: Suggestion, number: int) -> Params:
        """Note what was asked for, and give the caller a copy."""
        params, copies = suggestion.params, None
        if self.space.changing:  # a strategy of one's own may have taken copies
            params = {name: self.space[name].plain(value) for name, value in params.items()}
        given = self.space.copied(params)
        if self.space.changing:
            copies = {name: given[name] for name in self.space.changing if name in given}
        self.pending.append(Suggestion(params, suggestion.why, suggestion.origin, number, given, copies))
        self._visits[self._key(params)] += 1
        self.why = suggestion.why
        return given

    def _known_again(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """The params, with the options that were handed out in place of what their copies have become."""
        if not self.space.changing or not isinstance(params, Mapping):
            return params
        known = dict(params)
        for suggestion in reversed(self.pending):
            for name, handed in (suggestion.copies or {}).items():
                if name in params and params[name] is handed:
                    known[name] = suggestion.params[name]
        return known

    def _free(self, skipped: int) -> int:
        """The first number that neither a trial nor a pending suggestion has, after so many others."""
        taken = {suggestion.number for suggestion in self.pending}
        number = self._lowest
        while skipped or number in taken or number in self._told:
            skipped -= not (number in taken or number in self._told)
            number += 1
        return number

    def _matched(self, plain: Params, told: Mapping[str, Any]) -> Suggestion:
        """The pending suggestion that was told, no longer pending; a new one where none was asked for."""
        place = self._place_among_pending(plain, told)
        if place is not None:
            return self.pending.pop(place)
        self._visits[self.space.key(plain)] += 1
        return Suggestion(plain, why="told without having been asked for")

    def _place_among_pending(self, plain: Params, told: Mapping[str, Any]) -> int | None:
        """Where the pending suggestion of this combination stands whose dict was told, else the oldest; else
        the oldest that holds the same: of two options that do, a copy may be of either."""
        key = self.space.key(plain)
        keys = [self.space.key(suggestion.params) for suggestion in self.pending]
        places = [place for place, pending in enumerate(keys) if pending == key]
        itself = [place for place in places if self.pending[place].given is told]
        if not places:
            places = [i for i, pending in enumerate(self.pending) if alike(pending.params, plain)]
        return next(iter(itself or places), None)

    def _all_suggested(self) -> bool:
        return math.isfinite(self.space.size) and len(self._visits) >= self.space.size


def _is_just(params: Mapping[str, Any], asked: Params) -> bool:
    """Whether these are the very values that were asked for, as nearly always: they need no other check."""
    return (
        isinstance(params, dict)
        and len(params) == len(asked)
        and all(name in params and params[name] is value for name, value in asked.items())
    )
