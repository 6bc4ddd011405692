"""Objectives that worker processes can import: a good oven, and some that hang or end their worker."""

from __future__ import annotations

import os
import time
from pathlib import Path

from pizzatune.space import Choice, Integer, Real, Space

OVEN = Space(Choice("oven", ["Stone", "Electric"]), Real("heat", 0, 1), Integer("minutes", 4, 20))


def taste(params):
    return params["heat"] - abs(params["minutes"] - 9) / 16 + (params["oven"] == "Stone")


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
