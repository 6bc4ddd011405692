"""Numbers in CSV files as countries write them, judged over the whole file."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pizzatune.menus import from_csv
from pizzatune.parameters import Choice, Integer, Ordered, Real
from pizzatune.space import Space
from pizzatune.tables.numerals import readings
from pizzatune.trial import from_csv as trials_from_csv

GROUPS = {"none": "", "comma": ",", "point": ".", "space": " ", "hard space": "\u00a0", "narrow": "\u202f"}
GROUPS |= {"thin": "\u2009", "apostrophe": "'", "turned apostrophe": "\u2019"}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "t.csv"


def read(path, table, **arguments):
    path.write_text(table, encoding="utf-8")
    return from_csv(path, **arguments)


def refused(path, table, **arguments):
    path.write_text(table, encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(f"{path}, row ")) as told:
        from_csv(path, **arguments)
    return str(told.value).removeprefix(f"{path}, ")


def as_written(number, decimal, group):
    """A number with two digits behind its decimal mark, and thousands set apart."""
    return f"{number:,.2f}".replace(",", "_").replace(".", decimal).replace("_", group)


@given(
    number=st.integers(-(10**9), 10**9).map(lambda cents: cents / 100),
    decimal=st.sampled_from(".,"),
    group=st.sampled_from(list(GROUPS.values())),
)
def test_a_number_means_what_it_meant_to_who_wrote_it(number, decimal, group):
    if group != decimal:
        assert float(readings(as_written(number, decimal, group))[decimal]) == number


@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_thousands_and_decimals_of_all_countries_are_read(path, mark, decimal, group):
    if group == decimal:
        return
    numbers = [1234.5, 12.25, 1234567.75, -4500]
    rows = [
        (as_written(10 * number, decimal, group), as_written(number, decimal, group)) for number in numbers
    ]
    lines = ["heat" + mark + "score"] + [f'"{heat}"{mark}"{score}"' for heat, score in rows]
    menu = read(path, "\n".join(lines))
    assert [pizza.score for pizza in menu.tastings] == numbers
    assert [pizza.params["heat"] for pizza in menu.tastings] == [10 * number for number in numbers]


@pytest.mark.parametrize(
    "table, heats, scores",
    [
        # another column tells
        ("heat;score\n1.234;7,5\n", [1234], [7.5]),
        ("heat;score\n1.234;7.5\n", [1.234], [7.5]),
        ("heat;score\n1,234;7.5\n", [1234], [7.5]),
        ("heat\tscore\n1,234\t0,5\n", [1.234], [0.5]),
        ("heat|score\n2.500|1.234.567\n", [2500], [1234567]),
        # another row tells
        ('heat,score\n180,"1,234"\n200,7.5\n', [180, 200], [1234, 7.5]),
        ('heat,score\n180,"1,234"\n200,"7,25"\n', [180, 200], [1.234, 7.25]),
        ("heat;score\n180;1.234\n200;0.125\n", [180, 200], [1.234, 0.125]),
        ("heat;score\n180;1,234\n200;1234,567\n", [180, 200], [1.234, 1234.567]),
        # commas set cells apart, so that a point is a decimal point
        ("heat,score\n180,7.125\n200,6.500\n", [180, 200], [7.125, 6.5]),
        # a decimal comma in a comma-separated file, as some spreadsheets write it
        ('heat,score\n180,"7,5"\n200,8\n', [180, 200], [7.5, 8]),
        # numbers with exponents, signs, nothing before the mark
        ("heat;score\n1,5e3;-0,25\n,5;+3\n", [1500, 0.5], [-0.25, 3]),
        ("heat;score\n1.234e5;\u22127.5\n", [123400], [-7.5]),
    ],
)
def test_marks_are_judged_over_the_whole_file(path, table, heats, scores):
    menu = read(path, table)
    assert [pizza.score for pizza in menu.tastings] == scores
    assert [pizza.params["heat"] for pizza in menu.tastings] == heats


@pytest.mark.parametrize(
    "table, place, decimals",
    [
        ("heat;score\n1.234;5\n", "row 2, column 'heat': '1.234' may be 1.234 or 1234", (1.234, 1234)),
        ("heat;score\n1,234;5\n", "row 2, column 'heat': '1,234' may be 1234 or 1.234", (1234, 1.234)),
        (
            "heat\tscore\n\n-2.500\t5\n",
            "row 3, column 'heat': '-2.500' may be -2.500 or -2500",
            (-2.5, -2500),
        ),
        ('heat,score\n"1,234",5\n', "row 2, column 'heat': '1,234' may be 1234 or 1.234", (1234, 1.234)),
        (
            "T\nheat|score\n€12.500|5\n",
            "row 3, column 'heat': '€12.500' may be 12.500 or 12500",
            (12.5, 12500),
        ),
        (
            'heat,score\n1.500,5\n"1,500",6\n',
            "row 3, column 'heat': '1,500' may be 1500 or 1.500",
            (1.5, 1500),
        ),
    ],
)
def test_what_cannot_be_told_apart_is_refused_and_can_be_said(path, table, place, decimals):
    words = refused(path, table)
    assert words.startswith(place)
    assert words.endswith("no other number of the file tells which; say decimal='.' or decimal=','")
    for decimal, value in zip(".,", decimals, strict=True):
        assert read(path, table, decimal=decimal).tastings[0].params["heat"] == value


def test_numbers_written_in_two_ways_are_refused_until_they_are_alike(path):
    for table, words in [
        (
            "heat;score\n1,5;7\n1.25;7\n",
            "row 3, column 'heat': '1.25' has a decimal point, but row 2 a comma, '1,5'",
        ),
        (
            "heat;score\n180;7,5\n200;7.5\n",
            "row 3, column 'score': '7.5' has a decimal point, but row 2 a comma",
        ),
        (
            "heat;score\n1,5;7.5\n",
            "row 2, column 'score': '7.5' has a decimal point, but row 2 a comma, '1,5'",
        ),
        (
            'heat,score\n1.5,5\n2.5,"6,5"\n',
            "row 2, column 'heat': '1.5' has a decimal point, but row 3 a comma",
        ),
        (
            "heat\tscore\n1.234,5\t7\n1,234.5\t8\n",
            "row 3, column 'heat': '1,234.5' has a decimal point, but row 2",
        ),
    ]:
        told = refused(path, table)
        assert told.startswith(words)
        assert told.endswith("write them alike")
    assert len(read(path, "heat;score\n1,5;7\n1,25;7\n").tastings) == 2
    with pytest.raises(ValueError, match=r"decimal must be '\.' or ',', got ';'; leave it out"):
        from_csv(path, decimal=";")


@pytest.mark.parametrize(
    "cells, unit, values",
    [
        (["65%", "70%", "62.5%"], "%", [62.5, 65, 70]),
        (["65 %", "70 %"], "%", [65, 70]),
        (["€4", "€12"], "€", [4, 12]),
        (["4.50 €", "-12 €"], "€", [-12, 4.5]),
        (["$1.5", "-$2.25", "+$3"], "$", [-2.25, 1.5, 3]),
        (["£ 5", "£ 6"], "£", [5, 6]),
        (["5\u2030", "6\u2030"], "\u2030", [5, 6]),
    ],
)
def test_percent_and_currency_become_a_unit(path, cells, unit, values):
    table = "x|score\n" + "".join(f"{cell}|{place}\n" for place, cell in enumerate(cells))
    (x,) = read(path, table).space.parameters
    assert x == Ordered("x", values, unit=unit, labels=[f"{value:g}" for value in values])
    scores = "x|score\n" + "".join(f"{place}|{cell}\n" for place, cell in enumerate(cells))
    assert sorted(pizza.score for pizza in read(path, scores).tastings) == values
    space = Space(Real("x", -20, 80, unit=unit))
    assert sorted(pizza.params["x"] for pizza in read(path, table, space=space).tastings) == values


@pytest.mark.parametrize(
    "cells, odd, other",
    [
        (["65%", "70"], "65%", "70"),
        (["€4", "$5"], "€4", "$5"),
        (["4", "5", "6 €"], "4", "6 €"),
        (["4 %", "5 \u2030"], "4 %", "5 \u2030"),
        (["4", "£5", "6"], "4", "£5"),
    ],
)
def test_signs_that_differ_are_refused(path, cells, odd, other):
    for table in ("x|score\n" + "".join(f"{cell}|1\n" for cell in cells),):
        words = refused(path, table)
        assert repr(odd) in words
        assert repr(other) in words
        assert words.endswith("write them alike")


@pytest.mark.parametrize(
    "cells",
    [
        ["1.10.2024", "2.10.2024"],
        ["2024-10-01", "2024-10-02"],
        ["12:30", "14:00"],
        ["192.168.0.1", "10.0.0.1"],
        ["00", "405", "550"],
        ["0 800", "0 900"],
        ["1,2,3", "4,5,6"],
        ["12 34", "56 78"],
        ["8 min", "9 min"],
        ["1_000", "2_000"],
        ["\u0663", "\u0664"],
    ],
)
def test_what_only_looks_like_a_number_is_a_word(path, cells):
    table = "x;score\n" + "".join(f"{cell};{place}\n" for place, cell in enumerate(cells))
    assert read(path, table).space.parameters == (Choice("x", cells),)
    for cell in cells[:1] if cells[0] != "00" else ():
        assert "expected a number" in refused(path, f"x;score\n1;{cell}\n")


def test_a_space_takes_numbers_however_they_are_written(path):
    space = Space(Integer("n", 0, 10_000), Real("x", 0, 5), Choice("size", ["1,5 l", "2.500", "7,5", 3, 4.5]))
    path.write_text(
        'size;n;x;score\n2.500;1.000;1,5;7\n7,5;8,0;2;7\n3,0;8;2;7\n"4,5";9;2;6\n', encoding="utf-8"
    )
    trials = trials_from_csv(path, space)
    assert [trial.params for trial in trials] == [
        {"size": "2.500", "n": 1000, "x": 1.5},
        {"size": "7,5", "n": 8, "x": 2.0},
        {"size": 3, "n": 8, "x": 2.0},
        {"size": 4.5, "n": 9, "x": 2.0},
    ]
    path.write_text("size;n;x;score\n3;1.000;2;7\n", encoding="utf-8")
    with pytest.raises(ValueError, match="say decimal="):
        trials_from_csv(path, space)
    assert [trials_from_csv(path, space, decimal=mark)[0].params["n"] for mark in ".,"] == [1, 1000]
