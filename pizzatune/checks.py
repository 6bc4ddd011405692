"""The checks at our doors: what was handed in, or an error that says what to hand in instead."""

from __future__ import annotations

import math
import numbers
from typing import Any

import numpy as np


def is_number(value: Any) -> bool:
    """Whether it is a real number; True and False are not."""
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def is_finite(number: Any) -> bool:
    """Whether a number is finite as a float, too."""
    try:
        return math.isfinite(number)
    except OverflowError:  # a whole number too large for a float
        return False


def is_bool(value: Any) -> bool:
    """Whether it is True or False, numpy's too."""
    return isinstance(value, bool | np.bool_)
