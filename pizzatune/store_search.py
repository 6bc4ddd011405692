"""Which search a run is of: what its file says of it, whether two are the same, and the way back to one."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pizzatune import strategies
from pizzatune._version import __version__
from pizzatune.documents import (
    Document,
    from_json,
    is_whole,
    name_of,
    space_document,
    to_json,
    to_text,
    trial_document,
    trial_from,
)
from pizzatune.forms import ASKED
from pizzatune.parameters import COUNTABLE
from pizzatune.space import Space
from pizzatune.store_check import undamaged
from pizzatune.strategies.base import Strategy, Suggestion
from pizzatune.trial import Trial

UNCOMPARED: Document = {"seconds": None, "asked": None}  # may differ between two equal trials
NOT_TOLD: Document = {"score": None, "error": None, "seconds": None}
KEPT_AS = {"acquisition": "acquisition_kind", "trust": "fixed_trust"}  # where doors have taken the names


def description_of(strategy: Strategy, score_label: str, trial_label: str) -> Document:
    """What a run says about its search."""
    return {
        "space": space_document(strategy.space),
        "strategy": name_of(type(strategy)),
        "settings": {name: _setting(name, value) for name, value in _settings_of(strategy).items()},
        "seed": strategy.seed,
        "score_label": score_label,
        "trial_label": trial_label,
        "pizzatune": __version__,
    }


def _settings_of(strategy: Strategy) -> dict[str, Any]:
    """The arguments a strategy was made with, besides space and seed; it keeps each under its own name."""
    settings: dict[str, Any] = {}
    for name in _names_of_settings(type(strategy)):
        attribute = KEPT_AS.get(name, name)
        if attribute not in vars(strategy):
            raise TypeError(
                f"{type(strategy).__name__} takes {name!r} but keeps no attribute of that name, so a "
                f"store could not tell two of them apart; write self.{name} = {name} in its __init__"
            )
        settings[name] = vars(strategy)[attribute]
    return settings


def _names_of_settings(kind: type[Strategy]) -> list[str]:
    """The names of all arguments with which a strategy of this kind is made, but for space and seed."""
    names: list[str] = []
    for owner in kind.__mro__:
        if "__init__" not in vars(owner):
            continue
        _, *arguments = inspect.signature(vars(owner)["__init__"]).parameters.values()
        names += [
            argument.name
            for argument in arguments
            if argument.name not in ("space", "seed", *names)
            and argument.kind not in (argument.VAR_KEYWORD, argument.VAR_POSITIONAL)
        ]
        if all(argument.kind != argument.VAR_KEYWORD for argument in arguments):
            break  # with **settings, the next class up says what else there is
    return names


def _setting(name: str, value: Any) -> Any:
    """A setting as JSON; of the trials of a source only how many there are, and a fingerprint."""
    if name != "source":
        return to_json(value)
    trials = [trial for trials in value for trial in trials]
    scores = [[to_json(trial.params), to_json(trial.score)] for trial in trials]
    mark = hashlib.sha256(to_text(scores).encode()).hexdigest()[:12]
    return {"object": f"{len(trials)} trials with the fingerprint {mark}"}


def adopt_seed(strategy: Strategy, kept: Document, given: Document) -> None:
    """Let a fresh strategy that drew its seed itself take the one of the run."""
    fresh = not (strategy.seed_given or strategy.trials or strategy.pending)
    if fresh and isinstance(kept.get("seed"), int):
        strategy.reseed(kept["seed"])
        given["seed"] = strategy.seed


def refuse_another_search(place: Path, kept: Document, given: Document) -> None:
    """Name every difference between the search of a file and the one at hand."""
    with undamaged(place):
        before, now = _facts(kept), _facts(given)
        different = [
            f"{fact}: the file has {from_json(before[fact])!r}, now it is {from_json(now[fact])!r}"
            for fact in before
            if fact in now and to_text(before[fact]) != to_text(now[fact])
        ]
        if not different:  # else a parameter or a strategy of another kind has other facts
            different = [
                f"{fact}: the file has {from_json(before[fact])!r}, now there is no such thing"
                for fact in before
                if fact not in now
            ]
    if different:
        raise ValueError(
            f"{place} keeps another search; {'; '.join(different)}. "
            "Use what the file was made with, or another file name"
        )


def _facts(description: Document) -> dict[str, Any]:
    """A description as a flat list of facts that can be compared one by one."""
    space = description["space"]
    facts = {
        "strategy": description["strategy"],
        "seed": description["seed"],
        "parameters": [parameter["name"] for parameter in space["parameters"]],
        "where": space["where"],
    }
    for parameter in space["parameters"]:
        for key, value in parameter.items():
            facts[f"{key} of parameter {parameter['name']!r}"] = value
    for key, value in description["settings"].items():
        facts[f"setting {key}"] = value
    return facts


def refuse_other_trials(place: Path, kept: Sequence[Trial], strategy: Strategy) -> None:
    """One of the two lists of trials must be the beginning of the other."""
    for before, now in zip(kept, strategy.trials, strict=False):
        one, other = (trial_document(trial, strategy.space) | UNCOMPARED for trial in (before, now))
        if before.number != now.number or to_text(one) != to_text(other):
            raise ValueError(
                f"{place} keeps other trials than this strategy has; the file has {before!r}, the strategy "
                f"{now!r}. Give a fresh strategy to go on from the file, or another file name"
            )


# -- back from a file -----------------------------------------------------------


class Stored(Strategy):
    """A strategy of which a file tells only the trials: it suggests nothing, and says what is missing."""

    def __init__(self, space: Space, missing: str, *, seed: int, repeats: bool = False) -> None:
        super().__init__(space, seed=seed, repeats=repeats)
        self.missing = missing

    def suggest(self, rng: np.random.Generator) -> Suggestion:
        raise ValueError(
            f"this run was read without {self.missing}, so it cannot suggest more; "
            "to go on, call tune(..., store=path) with the strategy that made it"
        )


def asked_document(suggestion: Suggestion, space: Space) -> Document:
    """What was asked for, as JSON, but for its number."""
    whole = trial_document(Trial(0, suggestion.params, None, None, suggestion.why, suggestion.origin), space)
    return {key: whole[key] for key in ASKED}


def asked_from(documents: Mapping[int, Document], space: Space, place: Path) -> dict[int, Suggestion]:
    """What was asked for and not told yet, by number, each allowed by the space."""
    with undamaged(place):
        trials = [trial_from(number, document | NOT_TOLD, space) for number, document in documents.items()]
    return {
        trial.number: Suggestion(trial.params, trial.why, trial.origin, trial.number)
        for trial in (_allowed(trial, space, place) for trial in trials)
    }


def trials_from(documents: Sequence[Document], space: Space, place: Path) -> list[Trial]:
    """The trials of a file, in order, each allowed by the space."""
    with undamaged(place):
        trials = [trial_from(number, document, space) for number, document in enumerate(documents)]
    return [_allowed(trial, space, place) for trial in trials]


def _allowed(trial: Trial, space: Space, place: Path) -> Trial:
    """The trial, if the space still allows it: a `where` may say otherwise now under the same name."""
    try:
        space.check(trial.params)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{place} keeps a trial that this space does not allow, {trial!r}: {error}. "
            "Use the space that the file was made with, or another file name"
        ) from error
    return trial


def strategy_from(kept: Document, space: Space, lost: str) -> Strategy:
    """The strategy as it was made, or one that says what keeps it from being made."""
    settings = {name: from_json(value) for name, value in kept["settings"].items()}
    name = str(kept["strategy"]).rpartition(".")[2]
    kind = getattr(strategies, name) if name in strategies.__all__ else None
    if kind is None or name_of(kind) != kept["strategy"]:
        lost = lost or f"its strategy {kept['strategy']}, which is not one of ours"
    else:
        for setting, value in kept["settings"].items():
            if setting not in _names_of_settings(kind):
                raise ValueError(f"unknown setting {setting!r} of {name}")
            if not _is_small(value):
                raise ValueError(f"setting {setting} of {name} is {value!r:.60}")
    whole = [name for name, value in kept["settings"].items() if is_whole(value)]
    if len(whole) < len(settings):
        first = next(name for name in settings if name not in whole)
        lost = lost or f"the setting {first} of its strategy, which holds more than a file can"
    if lost or kind is None:
        return Stored(space, lost, seed=kept["seed"], repeats=settings.get("repeats", False))
    made: Strategy = kind(space, seed=kept["seed"], **settings)
    return made


def _is_small(document: Any) -> bool:
    """Whether a setting has only whole numbers of a size that we are willing to count to."""
    if isinstance(document, list | dict):
        return all(map(_is_small, document.values() if isinstance(document, dict) else document))
    return type(document) is not int or abs(document) <= COUNTABLE
