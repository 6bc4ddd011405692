"""What an exception says, in words of a sensible length.

Exceptions come from anybody's code. Some cannot even be printed, and some would fill a book.
"""

from __future__ import annotations

from typing import Any

LONGEST = 2_000  # characters of an error that are kept


def said(error: BaseException) -> str:
    """An exception as one reads it below a traceback: its type and its text.

    Examples
    --------
    >>> said(ValueError("burnt down"))
    'ValueError: burnt down'
    """
    try:
        kind = str.__str__(type(error).__name__)
    except KeyboardInterrupt:
        raise
    except BaseException:
        kind = "an exception"
    return shortened(f"{kind}: {text_of(error)}")


def text_of(thing: Any) -> str:
    """``str(thing)``; where that fails, its repr; where that fails too, words that say so."""
    for read in (str, repr):
        try:
            return str.__str__(read(thing))  # plain text, whatever kind of text it gave
        except KeyboardInterrupt:
            raise
        except BaseException:  # whatever it raises, it is about a text, and ends nothing
            continue
    return "(its text cannot be made)"


def shortened(text: str, most: int = LONGEST) -> str:
    """The text, its middle left out where it is longer than `most` characters, 100 or more.

    Examples
    --------
    >>> shortened("a" * 1000, 100)[20:-20]
    'aaaaaaaaaaa [938 characters left out] aaaaaaaaaaa'
    """
    if len(text) <= most:
        return text
    half = (most - 38) // 2  # the rest is for the words between, so that the whole is no longer than `most`
    return f"{text[:half]} [{len(text) - 2 * half:,} characters left out] {text[-half:]}"
