"""Peers that come as whole platforms: Ax and SMAC. Each takes seconds a suggestion."""

from __future__ import annotations

import logging
import math
import shutil
import tempfile
import warnings
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.peer import TRIALS, Peer, at, clicks, is_choice
from pizzatune.parameters import Real
from pizzatune.space import Params, Space


class Ax(Peer):
    """Ax's `Client`, with the generation strategy that it chooses itself."""

    def start(self) -> None:
        logging.disable(logging.INFO)  # it tells of each trial
        from ax import ChoiceParameterConfig, Client, RangeParameterConfig

        def parameter(dial: Any) -> Any:
            count = clicks(dial)
            if is_choice(dial):
                places = list(map(str, range(count or 0)))
                return ChoiceParameterConfig(dial.name, places, parameter_type="str", is_ordered=False)
            if count is not None:
                return RangeParameterConfig(dial.name, (0, count - 1), parameter_type="int")
            scaling = "log" if dial.log else "linear"
            return RangeParameterConfig(
                dial.name, (dial.low, dial.high), parameter_type="float", scaling=scaling
            )

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.client = Client(random_seed=self.seed)
            self.client.configure_experiment(
                [parameter(dial) for dial in self.space.parameters if dial.size > 1]
            )
            self.client.configure_optimization(objective="score")

    def ask(self) -> Params:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ((self.trial, point),) = self.client.get_next_trials(max_trials=1).items()
        return _params(self.space, point)

    def tell(self, params: Params, score: float) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.client.complete_trial(self.trial, raw_data={"score": score})


class Smac(Peer):
    """SMAC's facade for black boxes: a Gaussian process, told how many trials there will be."""

    def start(self) -> None:
        from ConfigSpace import Categorical, ConfigurationSpace, Float, Integer
        from smac import BlackBoxFacade, Scenario

        def parameter(dial: Any) -> Any:
            count = clicks(dial)
            if is_choice(dial):
                return Categorical(dial.name, list(range(count or 0)))
            if count is not None:
                return Integer(dial.name, (0, count - 1))
            assert isinstance(dial, Real)
            return Float(dial.name, (dial.low, dial.high), log=dial.log)

        space = ConfigurationSpace(seed=self.seed)
        space.add([parameter(dial) for dial in self.space.parameters if dial.size > 1])
        folder = tempfile.mkdtemp()  # it writes down each trial
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        scenario = Scenario(
            space, output_directory=Path(folder), deterministic=True, n_trials=TRIALS, seed=self.seed
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.facade = BlackBoxFacade(scenario, _never, logging_level=logging.ERROR, overwrite=True)

    def ask(self) -> Params:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.trial = self.facade.ask()
        return _params(self.space, dict(self.trial.config))

    def tell(self, params: Params, score: float) -> None:
        from smac.runhistory import TrialValue

        self.facade.tell(self.trial, TrialValue(cost=-score if math.isfinite(score) else math.inf))


def _params(space: Space, point: Mapping[str, Any]) -> Params:
    """Params for a point of a platform: a place for each dial with places, else its value."""

    def value(dial: Any) -> Any:
        if clicks(dial) is None:
            return float(min(max(point[dial.name], dial.low), dial.high))
        return at(dial, point.get(dial.name, 0))  # a dial of one value was not handed over

    return {dial.name: value(dial) for dial in space.parameters}


def _never(config: Any, seed: int = 0) -> float:
    raise AssertionError("it is asked and told")
