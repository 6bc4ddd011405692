"""What is said of an exception: a text, whatever its own methods do."""

from __future__ import annotations

import asyncio

import pytest

from pizzatune.complaints import said, text_of


class Alarm(BaseException):
    """One that ends most programs."""


def exception(act, *methods):
    """An exception of whose methods each does `act`."""
    return type("Odd", (Exception,), dict.fromkeys(methods, lambda self: act()))()


def raising(error):
    def act():
        raise error

    return act


ENDS = [
    Alarm("fire"),
    GeneratorExit(),
    asyncio.CancelledError(),
    SystemExit(3),
    MemoryError(),
    StopIteration(),
]


@pytest.mark.parametrize("error", ENDS, ids=repr)
def test_a_text_that_ends_programs_ends_nothing_here(error):
    assert said(exception(raising(error), "__str__")) == "Odd: Odd()"
    assert said(exception(raising(error), "__str__", "__repr__")) == "Odd: (its text cannot be made)"


@pytest.mark.parametrize("error", ENDS, ids=repr)
def test_a_name_that_ends_programs_ends_nothing_here(error):
    odd_name = type("OddName", (type,), {"__name__": property(lambda kind: raising(error)())})
    assert said(odd_name("Odd", (Exception,), {})("wet")) == "an exception: wet"


def test_the_stop_button_is_heard_while_a_text_is_made():
    with pytest.raises(KeyboardInterrupt):
        text_of(exception(raising(KeyboardInterrupt()), "__str__"))
