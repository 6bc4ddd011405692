"""What all peers of the race share: the doors of an entrant, and a line of the list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from pizzatune.parameters import Choice
from pizzatune.space import Params, Space

TRIALS = 40  # what peers are told that plan for a number of trials
REJECTIONS = 200  # suggestions that `where` rules out, before one is drawn at random in their place


class Cannot(Exception):
    """The peer has no way to say what this space asks for."""


class Peer:
    """What all adapters share: a space, a seed, and what kinds of space the peer can be given."""

    conditional = False  # knows dials that only some choices have (`when=`)
    constrained = False  # can be kept from combinations that are ruled out (`where=`)

    def __init__(self, space: Space, *, seed: int) -> None:
        if not self.conditional and any(dial.when for dial in space.parameters):
            raise Cannot("has no dials that exist only for some choices")
        if not self.constrained and space.where is not None:
            raise Cannot("cannot be told which combinations are ruled out")
        self.space, self.seed = space, seed
        self.start()

    def start(self) -> None:
        """Make the peer's own search."""
        raise AssertionError("each peer has its own")

    def ask(self) -> Params:
        raise AssertionError("each peer has its own")

    def tell(self, params: Params, score: float) -> None:
        raise AssertionError("each peer has its own")


def clicks(dial: Any) -> int | None:
    """How many values a dial has; None where it turns smoothly."""
    return None if dial.codes is None else len(dial.codes)


def at(dial: Any, place: Any) -> Any:
    """The value at a place of a dial's list of values."""
    return dial.decode(dial.codes[int(place)])


def is_choice(dial: Any) -> bool:
    return type(dial) is Choice


@dataclass(frozen=True)
class Entry:
    """A peer of the race: which distribution it comes from, what family it belongs to, and how it is set."""

    package: str
    family: str  # model, genetic, random or grid: what ours it is compared with
    make: Callable[..., Any]
    settings: str
    needs: str = field(default="", kw_only=True)  # another distribution that it cannot do without
    slow: bool = field(default=False, kw_only=True)  # all its runs take hours: made only when asked for

    @property
    def version(self) -> str | None:
        """The installed version; None where it, or what it needs, is not installed."""
        try:
            if self.needs:
                version(self.needs)
            return version(self.package)
        except PackageNotFoundError:
            return None
