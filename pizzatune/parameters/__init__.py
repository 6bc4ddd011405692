"""The kinds of parameter: what may be chosen, and how a choice becomes one number and back.

`Choice` has options without order, `Ordered` has options with one, `Integer` and `Real` are dials with two
ends. Each turns its values into numbers; scaling to 0..1 lives here and only here.
"""

from __future__ import annotations

from pizzatune.parameters.base import COUNTABLE, FloatArray, Parameter
from pizzatune.parameters.dials import Integer, Real
from pizzatune.parameters.options import Choice, Ordered

__all__ = ["COUNTABLE", "Choice", "FloatArray", "Integer", "Ordered", "Parameter", "Real"]
