"""What others offer a search that knows an earlier one: entrants called with ``(space, seed=, source=)``.

`source` is the list of trials of the old place. Settings are the documented defaults, as in peers.py.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Generator, Sequence
from functools import partial
from typing import Any

import numpy as np

import pizzatune as pt
from benchmarks.entrants import Own
from benchmarks.peer import Cannot, Entry, Peer, is_choice
from benchmarks.peers_evolution import Generations
from benchmarks.peers_models import Optuna
from pizzatune.space import Params, Space
from pizzatune.trial import Trial

ENQUEUED = 5  # of the best old params that are tried first


def from_scratch(make: Callable[..., Any], space: Space, *, seed: int, source: Sequence[Trial]) -> Any:
    """An entrant that does not look at the old trials."""
    return make(space, seed=seed)


def best_of(source: Sequence[Trial]) -> list[Trial]:
    """The old trials, best first."""
    return sorted(source, key=lambda trial: -_score(trial))


def _score(trial: Trial) -> float:
    return -math.inf if trial.score is None else trial.score


class OptunaEnqueued(Optuna):
    """Optuna that first tries the best of the old params."""

    def __init__(self, space: Space, *, seed: int, source: Sequence[Trial], sampler: str) -> None:
        super().__init__(space, seed=seed, sampler=sampler)
        for trial in best_of(source)[:ENQUEUED]:
            self.study.enqueue_trial(self._numbers(trial.params))


class OptunaAdded(Optuna):
    """Optuna whose study holds the old trials as if they were its own."""

    def __init__(self, space: Space, *, seed: int, source: Sequence[Trial], sampler: str) -> None:
        from optuna.trial import create_trial

        super().__init__(space, seed=seed, sampler=sampler)
        for trial in source:
            self.study.add_trial(
                create_trial(
                    params=self._numbers(trial.params),
                    distributions=self.distributions(trial.params),
                    value=trial.score,
                )
            )


class WarmCma(Generations):
    """CMA-ES started where the best old trials lie (Nomura et al., 2021), by the cmaes library."""

    def __init__(self, space: Space, *, seed: int, source: Sequence[Trial]) -> None:
        if any(is_choice(dial) for dial in space.parameters):
            raise Cannot("has numbers only, no options without order")
        self.source = source
        super().__init__(space, seed=seed)

    def generations(self) -> Generator[Params, float, None]:
        from cmaes import CMA, get_warm_start_mgd

        rows = self.space.encode([trial.params for trial in self.source])
        losses = [-_score(trial) for trial in self.source]
        mean, sigma, cov = get_warm_start_mgd(list(zip(rows, losses, strict=True)))
        bounds = np.tile([0.0, 1.0], (len(self.space), 1))
        search = CMA(mean=np.clip(mean, 0, 1), sigma=sigma, cov=cov, bounds=bounds, seed=self.seed)
        while True:
            told = []
            for _ in range(search.population_size):
                point = search.ask()
                score = yield self.space.decode(self.space.settle(point[None])[0])
                told.append((point, -score))
            search.tell(told)


class MultiTask(Peer):
    """BoTorch's multi-task GP: one model of both places, log expected improvement in the new one.

    Its first trial is the best of the old place. Options enter one-hot. The acquisition is maximized over
    random params and neighbours of the best, and then along the smooth dials by BoTorch's own optimizer.
    """

    def __init__(self, space: Space, *, seed: int, source: Sequence[Trial]) -> None:
        self.old = list(source)
        super().__init__(space, seed=seed)

    def start(self) -> None:
        import torch

        torch.set_num_threads(1)
        torch.manual_seed(self.seed)
        self.rng = np.random.default_rng(self.seed)
        self.fitted: Any = None  # the hyperparameters of the last fit
        self.rows: list[np.ndarray] = []
        self.scores: list[float] = []

    def features(self, rows: np.ndarray) -> np.ndarray:
        """Codes with each Choice as one column for each option, shape (n, columns)."""
        columns = []
        for column, dial in enumerate(self.space.parameters):
            code = rows[:, column]
            columns.append(code[:, None] == dial.codes if is_choice(dial) else code[:, None])
        return np.concatenate(columns, axis=1).astype(float)

    def _smooth(self) -> np.ndarray:
        """Which columns of the features belong to dials that turn smoothly."""
        widths = [len(dial.codes) if is_choice(dial) else 1 for dial in self.space.parameters]
        return np.repeat([dial.codes is None for dial in self.space.parameters], widths)

    def ask(self) -> Params:
        if not self.rows:
            return dict(best_of(self.old)[0].params)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it says when a fit is tried again
            row = self._maximized(self._acquisition())
        return self.space.decode(row)

    def _acquisition(self) -> Any:
        import torch
        from botorch import fit_gpytorch_mll
        from botorch.acquisition import LogExpectedImprovement
        from botorch.models import MultiTaskGP
        from gpytorch.mlls import ExactMarginalLogLikelihood

        old = self.features(self.space.encode([trial.params for trial in self.old]))
        new = self.features(np.array(self.rows))
        task = np.repeat([0.0, 1.0], [len(old), len(new)])
        x = torch.tensor(np.column_stack([np.vstack([old, new]), task]))
        y = torch.tensor([_score(trial) for trial in self.old] + self.scores)[:, None].double()
        model = MultiTaskGP(x, y, task_feature=-1, output_tasks=[1], all_tasks=[0, 1])
        if self.fitted is not None:  # a fit from scratch takes a thousand steps, several seconds a trial
            model.load_state_dict(self.fitted, strict=False)
        fit_gpytorch_mll(ExactMarginalLogLikelihood(model.likelihood, model))
        self.fitted = dict(model.named_parameters())  # and not the means by which scores were scaled
        return LogExpectedImprovement(model, best_f=max(self.scores))

    def _maximized(self, acquisition: Any) -> np.ndarray:
        import torch
        from botorch.optim import optimize_acqf

        best = self.space.decode(self.rows[int(np.argmax(self.scores))])
        near = [self.space.nudge(best, 0.5, self.rng, 0.1) for _ in range(200)]
        rows = np.vstack([self.space.sample_codes(self.rng, 1000), self.space.encode(near)])
        points = torch.tensor(self.features(rows))
        with torch.no_grad():
            top = int(acquisition(points[:, None, :]).argmax())
        smooth = self._smooth()
        if not smooth.any():
            return rows[top]
        start = points[top]
        fixed = {column: float(start[column]) for column in np.flatnonzero(~smooth)}
        bounds = torch.tensor(np.tile([[0.0], [1.0]], len(smooth)))
        found, _ = optimize_acqf(
            acquisition,
            bounds,
            q=1,
            num_restarts=1,
            fixed_features=fixed or None,
            batch_initial_conditions=start[None, None, :],
        )
        row = rows[top].copy()
        row[[dial.codes is None for dial in self.space.parameters]] = found[0].numpy()[smooth]
        return row

    def tell(self, params: Params, score: float) -> None:
        self.rows.append(self.space.encode([params])[0])
        self.scores.append(score)


def _optuna(kind: type[Optuna], sampler: str, settings: str) -> Entry:
    needs = "torch" if sampler == "GPSampler" else ""
    make = partial(kind, sampler=sampler)
    return Entry("optuna", "transfer", make, f"{sampler}, {settings}", needs=needs)


TRANSFER_OURS: dict[str, Own] = {
    "our transfer": Own("pizzatune", "transfer", pt.TransferLearning, "TransferLearning, defaults"),
    "our bayesian, from scratch": Own(
        "pizzatune",
        "scratch",
        partial(from_scratch, pt.BayesianOptimization),
        "BayesianOptimization, defaults",
    ),
}
TRANSFER_PEERS: dict[str, Entry] = {
    "optuna tpe, enqueued": _optuna(OptunaEnqueued, "TPESampler", f"{ENQUEUED} best tried first"),
    "optuna gp, enqueued": _optuna(OptunaEnqueued, "GPSampler", f"{ENQUEUED} best tried first"),
    "optuna tpe, added": _optuna(OptunaAdded, "TPESampler", "old trials added"),
    "optuna gp, added": _optuna(OptunaAdded, "GPSampler", "old trials added"),
    "warm cmaes": Entry("cmaes", "transfer", WarmCma, "get_warm_start_mgd, defaults"),
    "botorch multi-task": Entry(
        "botorch",
        "transfer",
        MultiTask,
        "MultiTaskGP, LogExpectedImprovement, each fit starts from the last",
        slow=True,
    ),
    "optuna gp, from scratch": Entry(
        "optuna",
        "scratch",
        partial(from_scratch, partial(Optuna, sampler="GPSampler")),
        "GPSampler, defaults",
        needs="torch",
    ),
}
TRANSFER_ENTRANTS: dict[str, Entry] = {**TRANSFER_OURS, **TRANSFER_PEERS}
