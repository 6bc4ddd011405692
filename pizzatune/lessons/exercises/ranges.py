"""The exercise of lesson 04: to lay out a search space."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pizzatune.lessons.exercise import Exercise, Mistake
from pizzatune.parameters import Integer, Ordered, Parameter, Real
from pizzatune.space import Space

DEFAULT = 0.001  # of the learning rate
ROOM = 9.0  # times the default: so far the range reaches either way, at least
FARTHEST = 1e5  # times the default: beyond, most trials are wasted
LAYERS = (1, 2, 3, 4)


def _rate(space: Space) -> Real:
    rate = space["learning_rate"]
    if not isinstance(rate, Real):
        raise TypeError(f"learning_rate is a {type(rate).__name__}")
    return rate


def _has_room(rate: Real) -> bool:
    return rate.low <= DEFAULT / ROOM and rate.high >= DEFAULT * ROOM


def _is_wide(rate: Real) -> bool:
    return rate.low < DEFAULT / FARTHEST or rate.high > DEFAULT * FARTHEST / 10


def _counts_layers(layers: Parameter) -> bool:
    return isinstance(layers, Integer | Ordered) and tuple(layers.values()) == LAYERS


def _about_rate(test: Callable[[Real], bool]) -> Callable[[Any], bool]:
    """A test of the learning rate of a space that has both dials."""
    return lambda space: "layers" in space.names and test(_rate(space))


def _is_right(space: Space) -> bool:
    rate = _rate(space)
    fits = rate.log and _has_room(rate) and not _is_wide(rate)
    return fits and len(space.names) == 2 and _counts_layers(space["layers"])


def _with(rate: Parameter, layers: Parameter | None = None) -> Space:
    return Space(rate, layers or Integer("layers", 1, 4))


CHECK = 'pt.lessons.check("ranges.space", space)'


def _starter(log: str) -> str:
    dials = f'    pt.Real("learning_rate", 0.00001, 0.1{log}),\n    pt.Integer("layers", 1, 4),\n'
    return f"space = pt.Space(\n{dials})\n\n{CHECK}"


STARTERS = (_starter(", log=True"), _starter(""), f"space = ...\n\n{CHECK}")

EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        name="ranges.space",
        task=(
            "Lay out a space for a neural network: learning_rate, 0.001 by default, where ten times more or "
            "less is a small change, and 1 to 4 layers."
        ),
        right=_is_right,
        kind="a pt.Space with learning_rate and layers",
        reference=_with(Real("learning_rate", 0.00001, 0.1, log=True)),
        because=(
            "The rate counts in ratios and reaches a hundred times either way from its default. Layers are "
            "counted."
        ),
        mistakes=(
            Mistake(
                lambda space: "learning_rate" not in space.names,
                "there is no dial learning_rate in it. The model knows it by this name only.",
                "M6",
                Space(Real("lr", 0.00001, 0.1, log=True), Integer("layers", 1, 4)),
            ),
            Mistake(
                lambda space: "layers" not in space.names,
                "nearly: learning_rate is there. Add the layers: pt.Integer.",
                "M6",
                Space(Real("learning_rate", 0.00001, 0.1, log=True)),
                near=True,
            ),
            Mistake(
                lambda space: "layers" in space.names and not isinstance(space["learning_rate"], Real),
                "a learning rate may be any number in between: take pt.Real for it.",
                "M6",
                Space(Ordered("learning_rate", [0.0001, 0.001, 0.01]), Integer("layers", 1, 4)),
            ),
            Mistake(
                _about_rate(lambda rate: not rate.log and rate.low <= 0),
                "that turns in equal steps, from 0. Nine tenths of all draws get the largest rates. Turn it "
                "in ratios, log=True, and start a little above 0: a log scale has no zero.",
                "M6",
                _with(Real("learning_rate", 0, 0.1)),
            ),
            Mistake(
                _about_rate(lambda rate: not rate.log),
                "that turns in equal steps: nine tenths of all draws land in the last tenfold. Add log=True.",
                "M6",
                _with(Real("learning_rate", 0.00001, 0.1)),
            ),
            Mistake(
                _about_rate(lambda rate: not rate.low <= DEFAULT <= rate.high),
                "the default, 0.001, is not in this range. Put it inside, with room on both sides.",
                "M6",
                _with(Real("learning_rate", 0.01, 1, log=True)),
            ),
            Mistake(
                _about_rate(lambda rate: not _has_room(rate)),
                "nearly: ratios are right. But the default lies close to an end. Reach ten times or more in "
                "both directions.",
                "M6",
                _with(Real("learning_rate", 0.001, 0.1, log=True)),
                near=True,
            ),
            Mistake(
                _about_rate(_is_wide),
                "nearly: ratios are right. But so wide a range wastes most trials. A hundred times either "
                "way is plenty.",
                "M6",
                _with(Real("learning_rate", 1e-12, 1e6, log=True)),
                near=True,
            ),
            Mistake(
                lambda space: "layers" in space.names and isinstance(space["layers"], Real),
                "nearly: the rate is right. Layers are counted: take pt.Integer. Nobody builds 2.5 of them.",
                "M6",
                _with(Real("learning_rate", 0.00001, 0.1, log=True), Real("layers", 1, 4)),
                near=True,
            ),
            Mistake(
                lambda space: "layers" in space.names and not _counts_layers(space["layers"]),
                "nearly: the rate is right. The layers go from 1 to 4.",
                "M6",
                _with(Real("learning_rate", 0.00001, 0.1, log=True), Integer("layers", 0, 10)),
                near=True,
            ),
        ),
        hints=(
            "How large is a step from 0.001 to 0.01? As large as one from 0.01 to 0.1.",
            "The word turns equal steps into equal ratios.",
            'Write pt.Real("learning_rate", 0.00001, 0.1, log=True).',
        ),
        starters=STARTERS,
    ),
)
