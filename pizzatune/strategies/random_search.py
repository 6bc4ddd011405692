"""Random search: draw each combination on its own, without looking at the scores."""

from __future__ import annotations

import numpy as np

from pizzatune.checks import one_of
from pizzatune.space import Params, Space
from pizzatune.strategies.base import Strategy, Suggestion

BLOCK = 64  # points of the Sobol sequence made at a time; a power of two keeps it balanced
BLOCKS = 64


class RandomSearch(Strategy):
    """Draw every trial at random; never look back (Bergstra and Bengio, 2012).

    With nine trials of a grid, three by three, each dial is tried at three places. With nine random trials
    each dial is tried at nine, so where only some dials matter, random search sees more of them.

    Parameters
    ----------
    space, seed, repeats
        As in `Strategy`.
    sampler : {"independent", "sobol"}
        "independent" draws each trial from all of the space, log dials by ratio. "sobol" takes the middle of
        the space and then the points of a scrambled Sobol sequence (Sobol, 1967; Owen, 1998), which fill the
        space more evenly and give each option of a Choice its share.

    Raises
    ------
    ValueError
        If `sampler` is another word.

    References
    ----------
    Bergstra and Bengio (2012), Random Search for Hyper-Parameter Optimization, JMLR 13, pp. 281-305.

    Examples
    --------
    >>> from pizzatune.parameters import Choice, Real
    >>> strategy = RandomSearch(Space(Choice("oven", ["Stone", "Electric"]), Real("minutes", 4, 20)), seed=1)
    >>> params = strategy.ask()
    >>> trial = strategy.tell(params, 6.5)
    >>> strategy.why
    'drawn at random'
    """

    def __init__(
        self, space: Space, *, sampler: str = "independent", seed: int | None = None, repeats: bool = False
    ) -> None:
        super().__init__(space, seed=seed, repeats=repeats)
        self.sampler = one_of("sampler", sampler, ("independent", "sobol"))
        self._sobol: list[Params] = []  # cache: the allowed points of the sequence, in order
        self._blocks = 0

    def suggest(self, rng: np.random.Generator) -> Suggestion:
        if self.sampler == "independent":
            return Suggestion(self._fresh(lambda: self.space.draw(rng), rng), why="drawn at random")
        number = self.next_ask
        if number == 0:
            return Suggestion(self._spread(0, 1, rng), why="the middle of the space")
        place = number - 1 if self.repeats else self._from
        while self._reaches(place):
            self._from = place
            if not self._visited(self._sobol[place]):
                return Suggestion(self._sobol[place], why=f"point {place} of a Sobol sequence")
            place += 1
        params = self._fresh(lambda: self.space.draw(rng), rng)
        return Suggestion(params, why="drawn at random: the Sobol sequence has nothing new left")

    def _reaches(self, place: int) -> bool:
        """Whether the sequence has a point number `place`, made now if need be; a block can be empty."""
        while place >= len(self._sobol):
            if not self._extend():
                return False
        return True

    def _extend(self) -> bool:
        """Make the next block of the sequence; False where there is none within reach."""
        from scipy.stats import qmc  # takes half a second to load: only for those who ask for it

        if self._blocks >= BLOCKS:
            return False
        engine = qmc.Sobol(len(self.space), scramble=True, rng=np.random.default_rng(self.seed))
        if self._blocks:
            engine.fast_forward(self._blocks * BLOCK)
        self._blocks += 1
        points = engine.random(BLOCK)
        rows = self.space.stretch(points)
        self._sobol += [self.space.decode(row) for row in rows[self.space.allowed(rows)]]
        return True

    def _forget(self) -> None:
        super()._forget()
        self._sobol, self._blocks = [], 0
