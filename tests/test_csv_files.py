"""CSV as people have it: what is read, what is refused, and that the remedy of each message works."""

from __future__ import annotations

import ast
import csv
import gzip
import io
import pickle
import re
import sqlite3
import time
import zipfile

import numpy as np
import pandas as pd
import pytest

import pizzatune as pt
from pizzatune.menus import from_csv
from pizzatune.parameters import Choice, Integer, Ordered, Real
from pizzatune.space import Space
from pizzatune.trial import from_csv as trials_from_csv
from pizzatune.trial import to_csv

ROWS = [["topping", "minutes", "score"], ["Ham", "8", "6.5"], ["Figs", "9", "7"], ["Ham", "11", "4.25"]]
TABLE = "".join(",".join(row) + "\n" for row in ROWS)
TASTED = [
    ({"topping": "Ham", "minutes": 8}, 6.5),
    ({"topping": "Figs", "minutes": 9}, 7.0),
    ({"topping": "Ham", "minutes": 11}, 4.25),
]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "t.csv"


def read(path, content, score="score", **arguments):
    """The tastings that are read from a text, or from the bytes of one."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return [(pizza.params, pizza.score) for pizza in from_csv(path, score, **arguments).tastings]


def refused(path, content, **arguments):
    """In what words it is not read."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ValueError, match=re.escape(f"{path}, row ")) as told:
        from_csv(path, **arguments)
    return str(told.value).removeprefix(f"{path}, ")


# -- in time -----------------------------------------------------------------------------------------------


def repeated(count):
    return "x,y,score\n" + "".join(f"{i % 40},{i % 9},{i % 10}\n" for i in range(count))


def all_different(count):
    return "x,y,score\n" + "".join(f"{i},{i % 9}.5,{i % 10}\n" for i in range(count))


def words(count):
    return "name,y,score\n" + "".join(f"pizza {i},{i % 9},{i % 10}\n" for i in range(count))


def commas(count):
    return "x;y;score\n" + "".join(f"{i % 40},5;{i % 9};1.{i % 10:03},5\n" for i in range(count))


def quoted(count):
    return '"x" , "y","score"\n' + "".join(f'"{i % 40}" , "{i % 9}","{i % 10}"\n' for i in range(count))


def signs(count):
    return "x,y,score\n" + "".join(f"{i % 40} %,€{i % 9},{i % 10}\n" for i in range(count))


def at_best(job):
    """The processor's seconds for a job, at best of three."""
    took = []
    for _ in range(3):
        start = time.process_time()
        job()
        took.append(time.process_time() - start)
    return min(took)


@pytest.mark.parametrize("make", [repeated, all_different, words, commas, quoted, signs])
def test_eight_times_the_rows_take_about_eight_times_as_long(tmp_path, make):
    few, many = tmp_path / "few.csv", tmp_path / "many.csv"
    few.write_text(make(200), encoding="utf-8")
    many.write_text(make(1600), encoding="utf-8")
    assert at_best(lambda: from_csv(many)) < 24 * at_best(lambda: from_csv(few))


def test_a_saved_run_is_read_back_in_time_too(tmp_path):
    space = Space(Choice("topping", [f"topping {i}" for i in range(50)]), Real("heat", 0, 1))
    took = []
    for count in (200, 1600):
        rng = np.random.default_rng(0)
        params = [{"topping": f"topping {i % 50}", "heat": float(rng.random())} for i in range(count)]
        path = tmp_path / f"{count}.csv"
        to_csv([pt.Trial(i, one, 1.0) for i, one in enumerate(params)], path, space)
        took.append(at_best(lambda: trials_from_csv(path, space)))  # noqa: B023  # called at once
    assert took[1] < 24 * took[0]


# -- letters and lines -------------------------------------------------------------------------------------

BOM = "\ufeff"
DRESSES = {
    "UTF-16 of Excel": lambda text: text.replace(",", "\t").encode("utf-16"),
    "UTF-16, the other way round": lambda text: (BOM + text).encode("utf-16-be"),
    "UTF-16 without a mark": lambda text: text.encode("utf-16-le"),
    "UTF-16 without a mark, the other way round": lambda text: text.encode("utf-16-be"),
    "UTF-32": lambda text: text.encode("utf-32"),
    "sep= and bars": lambda text: b"sep=|\r\n" + text.replace(",", "|").encode(),
    "sep= and tabs": lambda text: b"sep=\t\n" + text.replace(",", "\t").encode(),
    "SEP= in quotes": lambda text: b'"SEP=;"\n' + text.replace(",", ";").encode(),
    "sep= behind a mark": lambda text: (BOM + "sep=;\n" + text.replace(",", ";")).encode(),
    "sep= with ends": lambda text: b"sep=,,,\n" + text.encode(),
    "sep= of a rare mark": lambda text: b"sep=^\n" + text.replace(",", "^").encode(),
    "sep= that is wrong": lambda text: b"sep=;\n" + text.encode(),
    "sep= in UTF-16": lambda text: ("sep=;\n" + text.replace(",", ";")).encode("utf-16"),
    "a title": lambda text: ("What we baked, and how it tasted\n" + text).encode(),
    "a title with cells": lambda text: ("Class,7b,\n" + text).encode(),
    "a title called score": lambda text: ("Score\n\n" + text).encode(),
    "several titles": lambda text: ("Pizza day\nautumn\n,,\n" + text).encode(),
    "empty cells first": lambda text: (",,\n,,\n" + text).encode(),
    "spaces first": lambda text: ("   \n\t\n" + text).encode(),
    "old Mac lines": lambda text: text.replace("\n", "\r").encode(),
    "mixed lines": lambda text: text.replace("\n", "\r\n", 2).encode(),
    "lines twice ended": lambda text: text.replace("\n", "\r\r\n").encode(),
    "no end of the last line": lambda text: text.rstrip().encode(),
    "ends of lines": lambda text: text.replace("\n", ",,,\n").encode(),
    "spaces and quotes": lambda text: re.sub(r"([^,\n]+)", r' "\1" ', text).encode(),
    "the header once more": lambda text: (
        (text + "topping,minutes,score\n" + BOM + ROWS[0][0]).encode() + b",minutes,score\n"
    ),
    "the end of DOS": lambda text: text.encode() + b"\x1a",
    "spaces no one sees": lambda text: (
        text.replace("8", "\u00a08\u00a0").replace("score", "score\u200b").encode()
    ),
}


@pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES)
def test_the_same_table_in_other_dress_reads_the_same(path, dress):
    assert read(path, dress(TABLE)) == TASTED


@pytest.mark.parametrize("name", sorted(set(DRESSES) - {"spaces and quotes"}))  # a label may end on a space
def test_what_trials_are_read_from_may_be_dressed_too(path, name):
    path.write_bytes(DRESSES[name](TABLE))
    trials = trials_from_csv(path, Space(Choice("topping", ["Ham", "Figs"]), Integer("minutes", 4, 20)))
    assert [(trial.params, trial.score) for trial in trials] == TASTED


@pytest.mark.parametrize(
    "before, row",
    [
        ("", 3),
        ("\n\n", 5),
        ("Our tastings\n", 4),
        ("sep=,\n", 4),
        ("Our tastings\n\n,,\n", 6),
    ],
)
def test_rows_are_counted_as_they_stand_in_the_file(path, before, row):
    spoilt = TABLE.replace("Figs,9,7", "Figs,9,good")
    assert refused(path, before + spoilt).startswith(
        f"row {row}, column 'score': expected a number, got 'good'"
    )
    assert f"tasted once, in row {row}" in _menu(path, before + TABLE).tastings[1].why


def _menu(path, content):
    path.write_text(content, encoding="utf-8", newline="")
    return from_csv(path)


def test_a_row_in_quotes_may_go_over_several_lines(path):
    table = 'note,minutes,score\n"crisp,\nbut dry",8,6\nfine,9,7\n'
    menu = _menu(path, table)
    assert menu.tastings[0].params["note"] == "crisp,\nbut dry"
    assert "row 3" in menu.tastings[1].why  # as a spreadsheet counts


def test_a_cell_may_be_as_long_as_a_book_and_the_limit_of_others_stays(path):
    before = csv.field_size_limit()
    long = "x" * (before + 10)
    assert read(path, f"topping,score\n{long},6\nHam,7\n")[0] == ({"topping": long}, 6.0)
    assert csv.field_size_limit() == before


@pytest.mark.parametrize(
    "table, row",
    [
        ('topping,score\nHam,5\n"Figs,6\nTuna,7\n', 3),
        ('topping,score\nHam,5\n"Figs,6\n"Tuna",7\n', 3),
        ('topping;score\n"Ham;5\n', 2),
        ('"topping,score\nHam,5\n', 1),
        ('topping,score\n"Ham" ,5\n"Figs,6\nTuna,7', 3),
        ('topping,score\nHam,"5\nFigs,"6\n', 2),
        ('topping,score\n"Ham" and Figs,5\n', 2),
        ('topping,score\nTuna,6\n"Ham \\"raw\\"",5\n', 3),
    ],
)
def test_a_quote_that_is_left_open_is_told_where_it_was_opened(path, table, row):
    words = refused(path, table)
    assert words.startswith(
        f'row {row}: no column can be told from the next: is there a " left open? close it'
    )
    assert read(path, table.replace('"', ""))  # "or take it out"


def test_a_quote_within_a_cell_is_a_letter(path):
    assert read(path, 'pan,score\n12" round,6\n10" round,7\n')[0] == ({"pan": '12" round'}, 6.0)


# -- what is no table --------------------------------------------------------------------------------------


def packed(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, TABLE)
    return buffer.getvalue()


def database():
    with sqlite3.connect(":memory:") as base:
        base.execute("CREATE TABLE t (x)")
        return base.serialize()


OTHERS = {
    "xlsx": (packed("[Content_Types].xml", "xl/workbook.xml"), "an Excel workbook", "save it as CSV UTF-8"),
    "xls": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
        "an old Excel workbook",
        "save it as CSV UTF-8",
    ),
    "ods": (packed("mimetype", "content.xml"), "an OpenDocument spreadsheet", "save it as CSV UTF-8"),
    "numbers": (packed("Index/Document.iwa"), "a Numbers spreadsheet", "save it as CSV UTF-8"),
    "docx": (packed("word/document.xml"), "a Word document", "spreadsheet"),
    "zip": (packed("friday.csv"), "a zip archive", "unpack it"),
    "half a zip": (packed("xl/workbook.xml")[:60], "a broken zip archive or workbook", "once more"),
    "gz": (gzip.compress(TABLE.encode()), "packed with gzip", "unpack it"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a PDF", "spreadsheet"),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(40), "a picture", "spreadsheet"),
    "sqlite": (database(), "an SQLite database", "pt.load(path)"),
    "parquet": (b"PAR1" + bytes(40) + b"PAR1", "a Parquet table", "read_parquet"),
    "web page": (b"\n<!DOCTYPE html><html><table></table></html>", "a web page or XML", "download the table"),
    "XML": ("\ufeff<?xml version='1.0'?><Workbook/>".encode(), "a web page or XML", "download the table"),
    "JSON": (b'[{"topping": "Ham", "score": 5}]', "JSON", "read_json"),
    "RTF": (b"{\\rtf1\\ansi topping,score}", "a document with styles", "plain text in UTF-8"),
    "program": (b"\x7fELF\x02\x01\x01" + bytes(60), "written for a program", "save it as CSV UTF-8"),
    "pickle": (
        pickle.dumps({"topping": ["Ham"] * 9, "score": list(range(9))}),
        "written for a program",
        "CSV",
    ),
    "pointer": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n",
        "a pointer",
        "git lfs pull",
    ),
    "half a letter of UTF-16": (TABLE.encode("utf-16")[:-1], "broken UTF-16", "save the file once more"),
}


@pytest.mark.parametrize("content, what, remedy", OTHERS.values(), ids=OTHERS)
def test_what_is_no_table_is_called_what_it_is(path, content, what, remedy):
    words = refused(path, content)
    assert words.startswith(f"row 1, column 1: the file is {what}")
    assert remedy in words


@pytest.mark.parametrize("name", ["PAR1", "PAR10", "BZh", "Rar!", "ARROW1", "PAR1 (µm)"])
def test_a_column_may_be_called_as_files_begin_that_are_no_tables(path, name):
    path.write_text(f"{name},score\n3,6.5\n4,7\n", encoding="utf-8")
    trials = trials_from_csv(path, Space(Integer(name, 1, 9)))
    assert [trial.params for trial in trials] == [{name: 3}, {name: 4}]


def test_what_was_packed_can_be_unpacked_and_what_is_json_can_be_written_as_csv(path):
    assert read(path, gzip.decompress(OTHERS["gz"][0])) == TASTED
    assert read(path, zipfile.ZipFile(io.BytesIO(OTHERS["zip"][0])).read("friday.csv")) == TASTED
    path.write_bytes(OTHERS["JSON"][0])
    pd.read_json(path).to_csv(path, index=False)
    assert read(path, path.read_bytes()) == [({"topping": "Ham"}, 5.0)]


def test_a_folder_is_told_with_a_file_that_is_in_it(tmp_path):
    for reader in (from_csv, lambda path: trials_from_csv(path, Space(Real("x", 0, 1)))):
        with pytest.raises(IsADirectoryError, match=r"is a folder, not a file; name a file in it$"):
            reader(tmp_path)
    (tmp_path / "friday.csv").write_text(TABLE)
    with pytest.raises(IsADirectoryError, match=r"name a file in it, such as 'friday.csv'"):
        from_csv(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"monday.csv"):
        from_csv(tmp_path / "monday.csv")


@pytest.mark.parametrize(
    "text, encoding, place",
    [
        ("Käse,score\nHam,5\n", "latin-1", r"row 1, column 1 ('K?se')"),
        ("topping,score\nHam,5\nJalapeño,6\n", "cp1252", "row 3, column 1 ('topping')"),
        ("Notiz;score\n„gut“;5\n", "cp1252", "row 2, column 1 ('Notiz')"),
        ("сыр,score\nда,5\n", "cp1251", "row 1, column 1 ('???')"),
        ("topping,score,チーズ\nHam,5,x\n", "shift-jis", "row 1, column 3"),
        ("Unsere Pizzen: köstlich\ntopping,score\nHam,5\n", "mac-roman", "row 1, column 1"),
    ],
)
def test_what_is_no_utf8_is_told_where_and_can_be_saved_so(path, text, encoding, place):
    words = refused(path, text.encode(encoding))
    assert words.startswith(place)
    assert words.endswith("not UTF-8; save the file as CSV UTF-8")
    assert read(path, text.encode(encoding).decode(encoding).encode("utf-8-sig"))


@pytest.mark.parametrize(
    "table, place",
    [
        ("topping,score\nHam\0,5\n", "row 2, column 1 ('topping')"),
        ("topping,score\nHam,5\nTuna,6\nFigs,7\0\n", "row 4, column 2 ('score')"),
        ("top\0ping,score\nHam,5\n", "row 1, column 1"),
        ("topping,score\nHam,5\n" + "\0" * 30, "row 3, column 1"),
        ("Title\0\ntopping,score\nHam,5\n", "row 1, column 1"),
    ],
)
def test_a_nul_is_told_where(path, table, place):
    words = refused(path, table)
    assert words.startswith(place)
    assert words.endswith("holds a letter that is none (NUL); take it out")
    assert read(path, table.replace("\0", ""))


@pytest.mark.parametrize(
    "nothing", [b"", b"\n\n", BOM.encode(), b"  \r\n\t\r\n", b",,,\n,,\n", BOM.encode("utf-16")]
)
def test_an_empty_file_is_told_so(path, nothing):
    words = refused(path, nothing)
    assert words == "row 1: column 'score' is missing, the file has []; add it, as the file is empty"


# -- the header and the score ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "called",
    [
        "Score",
        "SCORE",
        "  score ",
        "'score'",
        "“Score”",
        "sCORE\u200b",
        '"""score"""',
        "\u00a0Score\u00a0",
        "ＳＣＯＲＥ",
    ],
)
def test_a_score_by_nearly_its_name_is_the_score(path, called):
    table = TABLE.replace("score", called)
    assert read(path, table) == TASTED
    path.write_bytes(table.encode())
    trials = trials_from_csv(path, Space(Choice("topping", ["Ham", "Figs"]), Integer("minutes", 4, 20)))
    assert [trial.score for trial in trials] == [6.5, 7.0, 4.25]


def test_a_column_goes_by_the_name_that_it_has_in_the_file(path):
    menu = _menu(path, TABLE.replace("score", "Score"))
    assert menu.score_label == "Score"
    assert refused(path, "Topping,Score\nHam,x\n").startswith("row 2, column 'Score': expected a number")
    assert read(path, "Ko\u0308der,score\nHam,5\n", columns=["K\u00f6der"]) == [({"K\u00f6der": "Ham"}, 5.0)]


@pytest.mark.parametrize(
    "table, called",
    [
        (TABLE.replace("score", "Points"), "Points"),
        ("rating,topping,minutes\n6.5,Ham,8\n7,Figs,9\n4.25,Ham,11\n", "minutes"),
        ("rating,topping,pan\n6.5,Ham,round\n7,Figs,square\n", "rating"),
        ("topping;Punkte (0-10)\nHam;7,5\n", "Punkte (0-10)"),
        ("What we baked\n\ntopping\tstars\nHam\t5\n", "stars"),
        ("topping,note,judge\nHam,good,Ada\n", "judge"),
    ],
)
def test_a_score_by_another_name_is_asked_for_with_the_argument_that_works(path, table, called):
    words = refused(path, table)
    assert "column 'score' is missing" in words
    asked = re.search(r"or say which column holds the score, e\.g\. score=('.*')$", words)[1]
    assert asked == repr(called)
    if called != "judge":
        assert read(path, table, called)


@pytest.mark.parametrize(
    "table, words",
    [
        ("Ham,8,6\nTuna,9,7\n", "the first row must hold names of columns, not values"),
        ("topping minutes score\nHam 8 6\n", "set cells apart by commas, semicolons, tabs, bars"),
        ("topping,Score,SCORE\nHam,5,6\n", r"each of \['Score', 'SCORE'\] may be it; rename all but one"),
        (
            "a,b,c\n1,2,3\ntopping,heat,score\nHam,8,6\n",
            r"row 3: the columns \['score'\] stand here, below rows",
        ),
        ("topping/score\nHam/6\n", "set cells apart by"),
    ],
)
def test_a_header_that_cannot_be_found_is_told_with_what_to_do(path, table, words):
    assert re.search(words, refused(path, table))


def test_the_remedies_for_a_header_work(path):
    assert read(path, "topping,minutes,score\nHam,8,6\n")  # names, not values
    assert read(path, "topping\tminutes\tscore\nHam\t8\t6\n")  # set apart by tabs
    assert read(path, "topping,Score,other\nHam,5,6\n")  # all but one renamed
    assert read(path, "topping,heat,score\nHam,8,6\n")  # the rows above taken out


@pytest.mark.parametrize(
    "table, name",
    [
        ("topping,topping,score\nHam,Figs,5\n", "topping"),
        ("score,topping,score\n1,Figs,5\n", "score"),
        ("a;b;b;score\n1;2;3;5\n", "b"),
        ("heat , heat,score\n1,2,5\n", "heat"),
        ("Title\n\nx\tx\tscore\n1\t2\t5\n", "x"),
    ],
)
def test_two_columns_of_one_name_are_refused_and_may_be_renamed(path, table, name):
    words = refused(path, table)
    assert re.match(rf"row [13]: column '{name}' comes twice; give each a name of its own", words)
    assert read(path, table.replace(name, f"{name} 1", 1))


# -- ragged rows, totals, gaps -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "table, place, mended",
    [
        ("topping,score\nHam,7,5\n", "row 2, column 3: '5' has no column", 'topping,score\nHam,"7,5"\n'),
        ("a,score\n1,5\n2,6,late\n", "row 3, column 3: 'late' has no column", "a,score\n1,5\n2,6\n"),
        ("a;score\n1;5;;x\n", "row 2, column 4: 'x' has no column", "a;score\n1;5\n"),
        ("a\tscore\nx\ty\t5\n", "row 2, column 3: '5' has no column", 'a\tscore\n"x\ty"\t5\n'),
        (
            "a,score,\n1,5,9\n",
            "row 2, column '': '9' stands in a column without a name",
            "a,score,b\n1,5,9\n",
        ),
        (
            ",a,score\n0,1,5\n1,2,6\n",
            "row 2, column '': '0' stands in a column without",
            "n,a,score\n0,1,5\n",
        ),
    ],
)
def test_a_cell_without_a_column_is_told_where_and_the_remedy_works(path, table, place, mended):
    assert refused(path, table).startswith(place)
    assert read(path, mended)


def test_columns_named_in_a_message_can_be_typed(path):
    table = ",topping,heat,score\n0,Ham,180,5\n1,Figs,200,6\n"
    columns = re.search(r"say columns=(\[.*\])", refused(path, table))[1]
    assert read(path, table, columns=ast.literal_eval(columns))[0] == ({"topping": "Ham", "heat": 180}, 5.0)


@pytest.mark.parametrize(
    "row, told", [("Ham,8,7,5,", "8,7"), ("Ham,-8,7,5,", "-8,7"), ("Ham,8,7,25,", "8,7")]
)
def test_numbers_with_commas_do_not_move_into_the_next_column(path, row, told):
    table = f"topping,minutes,score,note\nTuna,9,6,dry\n{row}\n"
    words = refused(path, table)
    assert words.startswith("row 3, column 2: the row has more cells than others, so that")
    assert f"'{told}' may be one number" in words
    quoted = re.sub(r"7,(\d+),", r'"7,\1",crisp', table)  # "put it in quotes"
    assert read(path, quoted)[1][0]["note"] == "crisp"
    assert read(path, table.rstrip(",\n"), columns=["topping", "minutes"])[1][1] == 7.0  # "take a comma off"
    assert read(
        path, "topping,minutes,score\nTuna,9,6,,\nHam,8,7,,\n"
    )  # ends that all rows have mean nothing


def test_a_message_does_not_repeat_a_book(path):
    for table in (
        f"topping,score\nHam,{'x' * 9000}\n",
        f"a,score\n1,5,{'x' * 9000}\n",
        ",".join(["x"] * 9000),
    ):
        assert len(refused(path, table)) < 400


def test_a_web_address_is_told_so():
    with pytest.raises(ValueError, match="this is a web address; download the file, and give its path"):
        from_csv("https://example.org/friday.csv")


@pytest.mark.parametrize(
    "rows, told",
    [
        (["Total,28,17.75"], "row 5, column 'topping': 'Total'"),
        (["Average,9.33,5.92"], "row 5, column 'topping': 'Average'"),
        (["Summe,,17.75"], "row 5, column 'topping': 'Summe'"),
        (["Total,28,17.75", "Mean:,9.3,5.9"], "row 5, column 'topping': 'Total'"),
        (["Ø Mittelwert,,"], "row 5, column 'topping': 'Ø Mittelwert'"),
        (["", "Moyenne,,5.9"], "row 6, column 'topping': 'Moyenne'"),
    ],
)
def test_a_row_that_sums_up_is_no_pizza(path, rows, told):
    words = refused(path, TABLE + "\n".join(rows))
    assert words == f"{told} sums up the rows above and is no tasting; leave the row out"
    assert read(path, TABLE) == TASTED


def test_a_pizza_may_be_called_average(path):
    assert len(read(path, "size,score\nsmall,5\nlarge,9\naverage,8.3\n")) == 3
    assert len(read(path, "size,score\naverage,5\nlarge,9\naverage,7\n")) == 2


@pytest.mark.parametrize("gap", ["", " ", "-", "n/a", "NA", "None", "?", "nan"])
def test_a_gap_among_scores_or_numbers_is_told_where(path, gap):
    assert refused(path, f"heat,score\n180,5\n200,{gap}\n").startswith("row 3, column 'score': ")
    assert refused(path, f"heat,score\n180,5\n{gap},6\n").startswith("row 3, column 'heat': ")
    assert read(path, "heat,score\n180,5\n") == [({"heat": 180}, 5.0)]  # "leave the row out"


def test_a_column_without_any_text_is_told_and_can_be_left_out(path):
    table = "topping,note,score\nHam,,5\nFigs,,6\n"
    assert refused(path, table).startswith(
        "row 2, column 'note': the column is empty; fill it, take it out, or say"
    )
    assert len(read(path, table, columns=["topping"])) == 2


def test_words_that_other_readers_take_for_gaps_are_words(path):
    table = "herb,score\nNone,5\nNA,6\nnull,7\nTrue,8\n2024-05-01,9\n12:30,1\n"
    assert [params["herb"] for params, _ in read(path, table)] == [
        "None",
        "NA",
        "null",
        "True",
        "2024-05-01",
        "12:30",
    ]


# -- columns called like ours ------------------------------------------------------------------------------

OUR_NAMES = ("seconds", "error", "why", "trial", "number", "tastings", "spread", "params", "search_why")


@pytest.mark.parametrize("name", OUR_NAMES)
def test_a_column_called_like_one_of_ours_is_a_setting(path, name):
    menu = _menu(path, f"oven,{name},score\nStone,60,4\nStone,90,9\nWood,60,2\n")
    assert menu.space.names == ("oven", name)
    assert menu.space[name] == Ordered(name, [60, 90], labels=["60", "90"])
    result = pt.tune(menu.taste, pt.RandomSearch(menu.space, seed=0))
    assert menu.best.params == result.best_params == {"oven": "Stone", name: 90}
    frame = result.to_frame()
    assert frame[name].tolist() == [trial.params[name] for trial in result.trials]
    assert frame["score"].tolist() == [trial.score for trial in result.trials]
    assert len(set(frame.columns)) == len(frame.columns) == 6
    assert frame.reset_index().shape == (3, 7)
    assert menu.to_frame()[name].tolist() == [60, 90, 60]
    assert name in result.trials[0]._repr_html_()
    assert from_csv(path, columns=[name]).space.names == (name,)


def test_such_a_setting_is_a_dial_where_all_else_is_guessed(path):
    path.write_text("oven,seconds,score\nStone,60,4\nStone,90,9\nWood,60,2\n", encoding="utf-8")
    assert from_csv(path, surrogate=True).space["seconds"] == Integer("seconds", 60, 90)


@pytest.mark.parametrize("name", OUR_NAMES)
def test_a_run_with_such_a_parameter_is_saved_and_read_back(path, name):
    space = Space(Choice("oven", ["Stone", "Wood"]), Integer(name, 1, 9))
    result = pt.tune(taste_unless_five, pt.RandomSearch(space, seed=0), budget=12)
    to_csv(result.trials, path, space)
    back = trials_from_csv(path, space)
    assert [(t.params, t.score, t.error, t.why) for t in back] == [
        (t.params, t.score, t.error, t.why) for t in result.trials
    ]
    menu = from_csv(path)  # ours: error and why are no settings
    assert menu.space.names == ("oven", name)
    result.to_frame().to_csv(path)
    assert from_csv(path).space.names == ("oven", name)
    menu.to_frame().to_csv(path)
    assert from_csv(path).space.names == ("oven", name)


def taste_unless_five(params):
    values = list(params.values())
    if values[1] == 5:
        raise ValueError("burnt")
    return values[1] - (params["oven"] == "Wood")


def test_a_saved_run_says_which_columns_are_no_settings_and_how_many_trials_failed(path):
    space = Space(Choice("oven", ["Stone", "Wood"]), Integer("fan", 1, 9))
    result = pt.tune(taste_unless_five, pt.RandomSearch(space, seed=0))
    to_csv(result.trials, path, space)
    menu = from_csv(path)
    assert menu.about.endswith("; 2 failed trials left out; its columns error, why are no settings")
    assert menu.space.size == 16
    assert len(from_csv(path, space=space).tastings) == 16
    to_csv(result.failed, path, space)
    assert "every trial of the run failed" in refused(path, path.read_bytes())


@pytest.mark.parametrize(
    "table",
    [
        "oven,why,error,score\nStone,a,b,5\n",
        "oven,score,why\nStone,5,crisp\n",
        "oven,score,seconds\nStone,5,60\n",
        "oven,error,score\nStone,2,5\n",
        "trial,oven,score,seconds\n1,Stone,5,60\n",
        "oven,Score,error,why\nStone,5,a,b\n",
    ],
)
def test_a_table_that_is_not_all_like_ours_keeps_every_column(path, table):
    menu = _menu(path, table)
    assert set(menu.space.names) == set(table.split("\n")[0].split(",")) - {"score", "Score"}


def test_a_setting_called_score_beside_another_score_is_refused_with_two_ways_out(path):
    table = "oven,score,Taste\nStone,3,5\nWood,4,6\n"
    words = refused(path, table, score="Taste")
    assert words.startswith("row 1: column 'score' cannot be a setting")
    assert read(path, table.replace("score", "my_score"), "Taste")[0] == (
        {"oven": "Stone", "my_score": 3},
        5.0,
    )
    columns = re.search(r"leave it out: columns=(\[.*\])", words)[1]
    assert read(path, table, "Taste", columns=ast.literal_eval(columns))[0] == ({"oven": "Stone"}, 5.0)


def test_the_history_of_a_search_has_a_column_for_each_such_parameter():
    names = ["trial", "why", "error", "seconds", "best so far", "std", "made up"]
    space = Space(*(Integer(name, 1, 5) for name in names))
    result = pt.tune(lambda params: sum(params.values()), pt.RandomSearch(space, seed=0), budget=5)
    table = pt.explore.history(result).to_frame()
    assert table[names].to_dict("records") == [trial.params for trial in result.trials]
    assert table["search_trial"].tolist() == [0, 1, 2, 3, 4]
    assert table["search_why"].tolist() == [trial.why for trial in result.trials]
