"""Objectives that worker processes can import: a good oven, and some that hang or end their worker."""

from __future__ import annotations

import os
import time
from pathlib import Path

from pizzatune.parameters import Choice, Integer, Real
from pizzatune.space import Space

OVEN = Space(Choice("oven", ["Stone", "Electric"]), Real("heat", 0, 1), Integer("minutes", 4, 20))
FAN = Space(  # a dial that only one oven has, and bakes that are ruled out
    Choice("oven", ["Stone", "Electric"]),
    Real("fan", 0, 3, when={"oven": ["Electric"]}),
    Real("heat", 150, 300, log=True),
    Integer("minutes", 4, 20),
    where=lambda params: params["heat"] < 280,
)


def taste(params):
    return params["heat"] - abs(params["minutes"] - 9) / 16 + (params["oven"] == "Stone")


def bake_in_the_fan_oven(params):
    """Burns down after twelve minutes."""
    if params["minutes"] > 12:
        raise RuntimeError("burnt down")
    return -abs(params["heat"] - 220) / 20 - abs(params["minutes"] - 9) / 5 + params.get("fan", 0.5)


def is_first(mark):
    """Whether this is the first call with this file, among all processes."""
    try:
        Path(mark).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def explode_once(params, mark):
    if is_first(mark):
        os._exit(1)
    return taste(params)


def explode_on_stone(params):
    if params["oven"] == "Stone":
        os._exit(1)
    return taste(params)


def hang_once(params, mark, others):
    """Write down which process hangs, and hang; the other trials take `others` seconds."""
    if is_first(mark):
        Path(mark).write_text(str(os.getpid()))
        time.sleep(600)
    time.sleep(others)
    return taste(params)


def leave(params):
    raise SystemExit(3)


def moody(params, rng):
    return taste(params) + rng.normal()


class Dough:
    """An option without an ``==`` of its own, as most objects are; something can be done to it."""

    def __init__(self, grams):
        self.grams = grams
        self.log = []


def stir(dough):
    dough.log.append("stirred")


def knead(params):
    """Change what came; the score says what it was."""
    came = params["dough"].grams + len(params["dough"].log)
    stir(params["dough"])
    return came


def sleep_long(params):
    time.sleep(600)
