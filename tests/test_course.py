"""What each lesson of the course keeps to: words, minutes, cells, questions, terms, and the default."""

from __future__ import annotations

import ast
import re
from itertools import takewhile
from pathlib import Path

import nbformat
import pytest

from pizzatune._files import notebooks_dir
from pizzatune.lessons import all_exercises

LESSONS = sorted(notebooks_dir().glob("0[0-7]-*.ipynb"))
"""The lessons that are written for the course; those behind them are older."""

WORDS, CELLS, LINES, QUESTIONS = 900, range(12, 26), 6, range(3, 6)
PACE = 130  # words a minute, of a slow reader
A_PREDICTION, AN_EXPLORER, AN_EXERCISE, SOME_CODE = 0.75, 3.0, 3.0, 5.0  # minutes
NEEDS = {
    # lesson: its explorers, its exercises
    "00": ({"duel", "bake"}, {"kitchen.serve", "kitchen.loop"}),
    "01": ({"ridge"}, {"dials.sort", "dials.both"}),
    "02": ({"noise"}, {"noise.drop", "noise.report"}),
    "03": ({"grid"}, {"grid.write", "grid.count"}),
    "04": ({"dials"}, {"ranges.space"}),
    "05": ({"random"}, {"random.loop", "random.choose"}),
    "06": ({"gp"}, {"doubt.guess"}),
    "07": ({"bayesian"}, {"choosing.rule", "choosing.kappa"}),
}
TERMS = {
    # lesson: the terms that it defines; none is used before
    "00": ["search space", "trial", "budget", "score", "incumbent", "regret", "objective", "default"],
    "01": ["parameter", "interact", "baseline", "plateau"],
    "02": ["noise", "training set", "validation set", "test set", "overfitting", "winner's curse"],
    "03": ["grid search", "curse of dimensionality", "aliasing"],
    "04": ["log scale", "range"],
    "05": ["random search", "effective dimension"],
    "06": ["Gaussian process", "prior", "kernel", "length scale", "coverage"],
    "07": ["acquisition function", "expected improvement", "upper confidence bound"],
}

every_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def cells(path, kind):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def prose(path):
    return "\n\n".join(cell.source for cell in cells(path, "markdown"))


def words(text):
    """What is read: no marks of tables, no addresses of links."""
    bare = re.sub(r"<[^>]+>|\]\([^)]*\)", " ", text)
    return [word for word in bare.split() if re.search(r"\w", word)]


def calls(path, name):
    """The code cells in which one of pizzatune's functions is called, and what it is called with first."""
    pattern = re.compile(rf'{re.escape(name)}\((?:"([\w.]+)")?')
    return [(cell, found[1]) for cell in cells(path, "code") if (found := pattern.search(cell.source))]


def explorers(path):
    return set(re.findall(r"pt\.explore\.(\w+)\(", "\n".join(cell.source for cell in cells(path, "code"))))


def exercises(path):
    return {name for _, name in calls(path, "lessons.check")}


def minutes(path):
    """How long a slow reader takes."""
    asked = prose(path).count("**Predict first.**")
    known = all_exercises()
    tasks = sum(SOME_CODE if known[name].starters else AN_EXERCISE for name in exercises(path))
    read = len(words(prose(path))) / PACE
    return read + A_PREDICTION * asked + AN_EXPLORER * len(explorers(path)) + tasks


def test_eight_lessons_stand_without_a_gap():
    assert [path.stem[:2] for path in LESSONS] == list(NEEDS)


@every_lesson
def test_it_has_at_most_so_many_words(path):
    assert len(words(prose(path))) <= WORDS


@every_lesson
def test_it_takes_as_long_as_it_says(path):
    said = int(re.search(r"\*\*(\d+) minutes\.\*\*", prose(path))[1])
    assert abs(minutes(path) - said) <= 2


@every_lesson
def test_it_asks_before_it_shows(path):
    assert prose(path).count("**Predict first.**") in QUESTIONS
    asked = len(calls(path, "lessons.predict"))
    told = sum(".reveal(" in cell.source for cell in cells(path, "code"))
    assert 2 <= told <= asked
    assert "You will\n\n- " in prose(path)


@every_lesson
def test_it_has_the_explorers_and_the_exercises_of_its_subject(path):
    shown, asked = NEEDS[path.stem[:2]]
    assert explorers(path) == shown
    assert exercises(path) == asked


@every_lesson
def test_it_is_cut_into_small_bites(path):
    shown = [f"pt.explore.{name}" for name in explorers(path)]
    aside = {cell.id for name in ("lessons.predict", *shown) for cell, _ in calls(path, name)}
    every = nbformat.read(path, as_version=4).cells
    assert len([cell for cell in every if cell.id not in aside]) in CELLS
    programs = {cell.id for cell, _ in calls(path, "lessons.check")}  # as long as what is asked for
    for cell in cells(path, "code"):
        lines = [line for line in cell.source.splitlines() if line.strip()]
        assert cell.id in programs or 1 <= len(lines) <= LINES, cell.source


@every_lesson
def test_a_fold_ends_with_a_full_stop(path):
    for fold in re.findall(r"<details>(.*?)</details>", prose(path), flags=re.DOTALL):
        assert re.search(r"[.!?)]$", fold.strip()), fold


@every_lesson
def test_the_default_hangs_beside_what_was_tuned(path):
    code = "\n".join(cell.source for cell in cells(path, "code"))
    if "sklearn" not in code:
        return
    assert re.search(r"(score|right)\(\{\}\)|\(default\)|wall", code), "its default is never scored"
    assert "default" in prose(path) + code


@every_lesson
def test_a_pizza_is_drawn(path):
    drawn = {"bake", "dials", "noise", "duel", "grid"} & explorers(path)
    code = "\n".join(cell.source for cell in cells(path, "code"))
    assert drawn or re.search(r"plots\.pizza(_row)?\(", code)


@every_lesson
def test_what_is_printed_fits_a_line(path):
    for cell in cells(path, "code"):
        names = [node.id for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Name)]
        assert names.count("print") <= 1
        said = "".join(output.get("text", "") for output in cell.outputs)
        assert len(said.splitlines()) <= 2, said


# -- terms ---------------------------------------------------------------------------------------------------

PROSE = {path.stem[:2]: re.sub(r"\[[^]]*\]\([^)]*\)", " ", prose(path)) for path in LESSONS}
EVERY = [(lesson, term) for lesson, terms in TERMS.items() for term in terms]


def test_thirty_terms_are_watched_or_more():
    assert len({term for _, term in EVERY}) == len(EVERY) >= 30


@pytest.mark.parametrize("lesson, term", EVERY, ids=[term for _, term in EVERY])
def test_a_term_is_defined_in_bold_before_it_is_used(lesson, term):
    assert re.search(rf"\*\*{term}s?\*\*", PROSE[lesson], re.IGNORECASE), "it is never defined"
    before = takewhile(lambda other: other != lesson, PROSE)
    early = [other for other in before if re.search(rf"\b{term}s?\b", PROSE[other], re.IGNORECASE)]
    assert early == []


@pytest.mark.parametrize("lesson, term", EVERY, ids=[term for _, term in EVERY])
def test_a_term_is_defined_once(lesson, term):
    bold = re.compile(rf"\*\*{term}s?\*\*", re.IGNORECASE)
    assert [other for other, text in PROSE.items() if bold.search(text)] == [lesson]


# -- English that people speak -------------------------------------------------------------------------------

ROOT = Path(__file__).resolve().parent.parent
UNSAID = re.compile(
    r"\b(whoever|foretells?|foretold|dear|shall|upon|hitherto|thereby|wherein|henceforth|all in all"
    r"|good point more|said to taste|wants? to be set|not at all matter)\b",
    re.IGNORECASE,
)


def texts():
    """What people read: pages, the lessons of the course, and the docstrings and comments of the package."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.py"), *(ROOT / "pizzatune").rglob("*.py")]
    yield from ((path.name, path.read_text(encoding="utf-8")) for path in pages)
    yield from ((path.name, prose(path)) for path in LESSONS)


def test_nobody_reads_what_nobody_says():
    found = [(name, one[0]) for name, text in texts() for one in UNSAID.finditer(text)]
    assert found == []


def test_what_nobody_says_is_found():
    assert UNSAID.findall("Whoever bakes upon a stone pays dear; for these, all in all, no.")
