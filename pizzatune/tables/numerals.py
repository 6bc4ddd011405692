"""Numbers as countries write them: 1234.5, 1,234.5, 1.234,5, 1 234,5 and 1'234.5 are one number.

One cell rarely tells which mark is the decimal one: 1.234 is a little more than one, or a thousand and more.
So `readings` gives all that a cell may mean, and a table decides over all its cells.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")  # as Python writes it
WHOLE = re.compile(r"[+-]?[0-9]+")
MINUS = "\u2212"  # as typesetters write it
QUIET = "'\u2019 \u00a0\u202f\u2009"  # marks of thousands that nobody takes for a decimal mark


def _written_with(decimal: str, other: str) -> re.Pattern[str]:
    """Numbers with this decimal mark, perhaps with thousands set apart, all by the same mark."""
    simple = rf"(?:[0-9]+(?:[{decimal}][0-9]*)?|[{decimal}][0-9]+)(?:[eE][+-]?[0-9]+)?"
    thousands = rf"[1-9][0-9]{{0,2}}(?P<mark>[{other}{QUIET}])[0-9]{{3}}(?:(?P=mark)[0-9]{{3}})*"
    grouped = rf"{thousands}(?:[{decimal}][0-9]*)?"
    return re.compile(rf"[+\-{MINUS}]?(?:{simple}|{grouped})")


WRITTEN = {".": _written_with(".", ","), ",": _written_with(",", ".")}
OTHERS = {decimal: str.maketrans(dict.fromkeys(QUIET + ".,".replace(decimal, ""), "")) for decimal in ".,"}


@lru_cache(maxsize=10_000)
def readings(text: str) -> dict[str, str]:
    """What a text means with a decimal point and with a decimal comma, as Python writes numbers.

    Examples
    --------
    >>> readings("1.234,5")
    {',': '1234.5'}
    >>> readings("1.234")
    {'.': '1.234', ',': '1234'}
    >>> readings("Ham")
    {}
    """
    return {
        decimal: text.translate(OTHERS[decimal]).replace(decimal, ".").replace(MINUS, "-")
        for decimal, written in WRITTEN.items()
        if written.fullmatch(text)
    }


def plain(text: str, decimal: str) -> str | None:
    """The number that a text holds, as Python writes it; None where it holds none."""
    return readings(text).get(decimal)


@lru_cache(maxsize=10_000)
def bare(text: str) -> tuple[str, str]:
    """The percent or currency sign of a number and the rest; no sign where there is none.

    Examples
    --------
    >>> bare("65 %"), bare("-€4.50"), bare("Ham")
    (('%', '65'), ('€', '-4.50'), ('', 'Ham'))
    """
    if text and _is_sign(text[-1]):
        return text[-1], text[:-1].rstrip()
    ahead = text[:1] if text[:1] in ("+", "-", MINUS) else ""
    if _is_sign(text[len(ahead) : len(ahead) + 1]):
        return text[len(ahead)], ahead + text[len(ahead) + 1 :].lstrip()
    return "", text


def _is_sign(letter: str) -> bool:
    return letter in ("%", "\u2030") or (letter != "" and unicodedata.category(letter) == "Sc")
