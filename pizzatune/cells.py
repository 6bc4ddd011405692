r"""Texts as cells of a CSV file in which nothing acts, and back to the last letter.

A spreadsheet takes a cell that begins with = + - or @ for a formula, and a formula may read other cells, open
web pages or start programs. So an apostrophe goes in front, as people type it. Where a spreadsheet may see
the beginning of a cell is wide: behind a line break, a quote, or another mark that sets cells apart, and
behind letters that nobody sees. Letters that a file of text cannot hold, halves of a pair and control letters
among them, are written as ``\ud83c``, with one backslash more where a text has that already.
"""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_UNSEEN = r"[^\S\t\r\n]|[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f]"
_LIKE_THEM = "⁺⁼₊₌−⩵⩶﬩﹢﹣﹦﹫＋－＝＠"  # Unicode has more of the four
_START = r"(?:\A|(?<=[;|\t\r\n\"]))"
_ACTS = rf"(?='*(?:{_UNSEEN})*[=+\-@\t\r\n{_LIKE_THEM}])"
_BLANK = r"(?='*\s+\Z)"  # a row of these would be taken for an empty one
_BARE = re.compile(rf"{_START}{_ACTS}|\A{_BLANK}")
_QUIET = re.compile(rf"{_START}'{_ACTS}|\A'{_BLANK}")

_NO_LETTER = re.compile(r"(?<!\\)(\\*+)([\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ud800-\udfff\ufeff])")
_LIKE_ONE = re.compile(r"(?<!\\)(\\++)(u(?:000[0-8ef]|001[0-9acdef]|007f|d[89a-f][0-9a-f]{2}|feff))")


def to_cell(text: str) -> str:
    r"""A text as a cell that is no formula, wherever it is opened; a number stays as it is.

    Examples
    --------
    >>> to_cell('=HYPERLINK("http://example.org")'), to_cell("-7.5"), to_cell("burnt")
    ('\'=HYPERLINK("http://example.org")', '-7.5', 'burnt')
    """
    if _NUMBER.fullmatch(text):
        return text
    text = _LIKE_ONE.sub(lambda found: found[1] * 2 + found[2], text)
    text = _NO_LETTER.sub(lambda found: rf"{found[1] * 2}\u{ord(found[2]):04x}", text)
    return _BARE.sub("'", text)


def from_cell(cell: str) -> str:
    """The text that `to_cell` was given.

    Examples
    --------
    >>> from_cell(to_cell("=1+1")), from_cell(to_cell("'=1+1")), from_cell("'twas burnt")
    ('=1+1', "'=1+1", "'twas burnt")
    """
    if "'" not in cell and "\\u" not in cell:
        return cell
    return _LIKE_ONE.sub(_letter, _QUIET.sub("", cell))


def _letter(found: re.Match[str]) -> str:
    backslashes, odd = divmod(len(found[1]), 2)
    return "\\" * backslashes + (chr(int(found[2][1:], 16)) if odd else found[2])
