"""What a search found: the `Result` that `tune` and `load` give back."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pizzatune.space import Params, Space
from pizzatune.strategies.base import Strategy
from pizzatune.trial import Trial, best_trial, to_frame

if TYPE_CHECKING:
    import pandas as pd

    from pizzatune.explore.history_explorer import HistoryExplorer
    from pizzatune.pictures.picture import Picture

Objective = Callable[..., float]


@dataclass(frozen=True)
class Result:
    """What a search found.

    Attributes
    ----------
    trials : tuple of Trial
        All of them in order, those that failed too.
    strategy : Strategy
        The strategy as it stands after the search; `tune` with it again goes on where it stopped.
    stopped : str
        Why the search ended, in a few words.
    score_label, trial_label : str
        What a score and a trial are called in pictures and tables.
    objective : callable or None
        What was tuned, where that is known.
    """

    trials: tuple[Trial, ...]
    strategy: Strategy
    stopped: str
    score_label: str = "score"
    trial_label: str = "trial"
    objective: Objective | None = field(default=None, repr=False, compare=False)

    def __getstate__(self) -> dict[str, Any]:
        """All but the objective: what a result found can be kept where its objective cannot."""
        return vars(self) | {"objective": None}

    @property
    def space(self) -> Space:
        """The space that was searched."""
        return self.strategy.space

    @property
    def best(self) -> Trial | None:
        """The trial with the highest score, or None where all failed."""
        return best_trial(self.trials)

    @property
    def best_params(self) -> Params:
        """The settings of the best trial; a ValueError where none succeeded."""
        return self.space.copied(self._need_best().params)

    @property
    def best_score(self) -> float:
        """The highest score; a ValueError where none succeeded."""
        score = self._need_best().score
        assert score is not None
        return score

    @property
    def failed(self) -> tuple[Trial, ...]:
        """The trials that gave no score."""
        return tuple(trial for trial in self.trials if not trial.ok)

    def to_frame(self) -> pd.DataFrame:
        """A pandas table with one row a trial."""
        return to_frame(self.trials)

    def plot(self) -> Picture:
        """Show the best score so far over the trials."""
        from pizzatune import plots

        return plots.best_so_far(self)

    def explore(self, objective: Objective | None = None) -> HistoryExplorer:
        """Travel through the trials in a notebook: what was believed and chosen at each, why, and what if.

        A changed score is followed up by trying anew what the strategy suggests then. That needs the
        `objective`: by default what `tune` was given. A result that was loaded or unpickled does not know it.
        """
        from pizzatune.explore import history

        return history(self, objective)

    def _need_best(self) -> Trial:
        if self.best is None:
            why = self.trials[0].error if self.trials else "there were no trials"
            raise ValueError(f"no trial gave a score, so there is no best; the first problem was: {why}")
        return self.best

    def __repr__(self) -> str:
        failed = f" ({len(self.failed)} failed)" if self.failed else ""
        head = (
            f"{type(self.strategy).__name__}: {len(self.trials)} {self.trial_label}s{failed}, {self.stopped}"
        )
        if self.best is None:
            return f"{head}\nno {self.score_label} yet"
        return f"{head}\nbest {self.score_label} {self.best_score:.4g}: {self.space.label(self.best_params)}"

    def _repr_html_(self) -> str:
        head, best = (html.escape(line) for line in repr(self).split("\n", 1))
        return f"<p>{head}<br><b>{best}</b></p>"
