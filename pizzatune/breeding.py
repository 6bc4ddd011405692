"""How combinations are bred: a child of two of them, and one that changes a little."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from pizzatune.parameters import Choice, Parameter

if TYPE_CHECKING:
    from pizzatune.space import Params, Space

TRIES = 1_000  # before we stop hoping that `where` lets a child through


def mixed(
    space: Space, mother: Mapping[str, Any], father: Mapping[str, Any], rng: np.random.Generator
) -> Params:
    """`Space.mix`."""
    for _ in range(TRIES):
        child: Params = {}
        for parameter, heads in zip(space.parameters, (rng.random(len(space)) < 0.5).tolist(), strict=True):
            name = parameter.name
            if not parameter.when or space.active(child, name):
                first, second = (mother, father) if heads else (father, mother)
                have = first if name in first else second
                child[name] = have[name] if name in have else parameter.decode(parameter.draw(rng, 1)[0])
        if space.lets_through(child):
            return child
    return dict(mother)


def nudged(
    space: Space, params: Mapping[str, Any], rate: float, rng: np.random.Generator, reach: float
) -> Params:
    """`Space.nudge`."""
    for _ in range(TRIES):
        changed: Params = {}
        for parameter, chosen in zip(space.parameters, (rng.random(len(space)) < rate).tolist(), strict=True):
            name = parameter.name
            if parameter.when and not space.active(changed, name):
                continue
            if name not in params:
                changed[name] = parameter.decode(parameter.draw(rng, 1)[0])
            else:
                changed[name] = moved(parameter, params[name], reach, rng) if chosen else params[name]
        if space.lets_through(changed):
            return changed
    return dict(params)


def moved(parameter: Parameter, value: Any, reach: float, rng: np.random.Generator) -> Any:
    """Another value near `value`; another option for a Choice; the same where there is only one."""
    if parameter.size == 1:
        return value
    code = parameter.encode(value)
    codes = parameter.codes
    if codes is None:
        moved = code + rng.normal(scale=reach)
        return parameter.decode(_bounced(moved))
    if type(parameter) is Choice:
        others = codes[codes != code]
        return parameter.decode(others[rng.integers(len(others))])
    side = (-1, 1)[rng.integers(2)]
    wish = code + side * abs(rng.normal(scale=reach))
    place, landed = parameter.place(code), parameter.place(_bounced(wish))
    if landed != place:
        return parameter.decode(codes[landed])
    step = side if 0 <= place + side < len(codes) else -side
    return parameter.decode(codes[place + step])


def _bounced(code: float) -> float:
    """A code that left 0..1, thrown back from the ends it met."""
    return 1.0 - abs(1.0 - abs(code) % 2.0)
