"""A prediction: asked before anything is shown, kept, and drawn into the picture that follows."""

from __future__ import annotations

import subprocess
import sys

import pytest

import pizzatune as pt
from pizzatune.explore.recording import twin_of
from pizzatune.pictures.marks import Dots, Rule, Text

QUESTION = "How good will the best of 12 be?"


@pytest.fixture
def picture():
    menu = pt.menus.topping_and_heat()
    result = pt.tune(menu.taste, pt.RandomSearch(menu.space, seed=0), budget=12, progress=False)
    return pt.plots.best_so_far(result, menu=menu)


def marks_of(picture, kind, style):
    return [mark for mark in picture.marks if isinstance(mark, kind) and mark.style == style]


def guessing(low=0, high=10, guess=9.0, unit="points"):
    bet = pt.lessons.predict(QUESTION, low, high, unit=unit)
    bet.set(guess=guess, say=1)
    return bet


def test_nothing_is_said_before_a_guess_was_kept(picture):
    bet = pt.lessons.predict(QUESTION, 0, 10, unit="points")
    assert bet.said is None
    bet.guess.value = 3
    assert bet.said is None
    assert "Make your guess" in bet.reading
    assert bet.reveal(8.7, on=picture) is picture
    alone = bet.reveal(8.7)
    assert alone.caption == "It was 8.7 points."
    assert not marks_of(alone, Dots, "yours")


@pytest.mark.parametrize("guess", [0.0, 4.3, 9.0, 10.0])
def test_the_guess_is_drawn_where_it_was_said_and_the_caption_tells_it_by_itself(picture, guess):
    bet = guessing(guess=guess)
    shown = bet.reveal(8.7, on=picture)
    [rule] = marks_of(shown, Rule, "fall")
    assert rule.panel is picture.panels[0]
    scale = picture.panels[0].y
    assert rule.at == min(max(guess, scale.low), scale.high)
    assert shown.caption.startswith(f"{picture.caption} You said {guess:g} points; it was 8.7 points.")
    assert ("Well guessed!" in shown.caption) == (abs(guess - 8.7) <= 0.5)
    assert shown.data.equals(picture.data)
    assert marks_of(picture, Rule, "fall") == []  # the picture itself stays as it was


def test_a_guess_beyond_the_axis_stands_at_its_end(picture):
    top = picture.panels[0].y.high
    shown = guessing(0, 1000, 900.0).reveal(8.7, on=picture)
    [rule], [words] = marks_of(shown, Rule, "fall"), marks_of(shown, Text, "halo")
    assert rule.at == top
    assert words.text == "you said 900 points ↑"


def test_a_mind_can_be_changed_until_it_is_shown():
    bet = guessing(guess=2.0)
    bet.set(guess=6.0)
    assert bet.said == 2.0
    bet.set(say=1)
    assert bet.said == 6.0
    assert "You said 6 points" in bet.reading


@pytest.mark.parametrize(("said", "well"), [("the grid", True), ("random search", False)])
def test_options_are_guessed_as_well(said, well):
    bet = pt.lessons.predict("Who wins?", ["the grid", "random search", "nobody"])
    assert not bet.guess.shown
    bet.set(choice=said, say=1)
    shown = bet.reveal("the grid")
    assert shown.caption == f"You said {said}; it was the grid.{' Well guessed!' if well else ''}"
    [yours], [truth] = marks_of(shown, Dots, "yours"), marks_of(shown, Dots, "truth")
    assert (list(yours.x) == list(truth.x)) == well
    with pytest.raises(ValueError, match="must be one of the grid, random search, nobody, got 'luck'"):
        bet.reveal("luck")


def test_numbers_that_count_are_whole():
    bet = pt.lessons.predict("How many?", 0, 100)
    assert bet.guess.value == 50
    with pytest.raises(ValueError, match="whole number"):
        bet.guess.value = 3.5


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("", 0, 10), "must be a text"),
        ((3, 0, 10), "must be a text"),
        ((QUESTION, 10, 0), "low must be a number below high"),
        ((QUESTION, "a", "b"), "low must be a number below high"),
        ((QUESTION, ["one"]), "two or more options"),
        ((QUESTION, "yes"), "two or more options"),
        ((QUESTION, 5), "two or more options"),
        ((QUESTION, ["yes", "yes"]), "options must differ"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_words(arguments, words):
    with pytest.raises((TypeError, ValueError), match=words):
        pt.lessons.predict(*arguments)


@pytest.mark.parametrize("truth", ["8.7", None, True, [8.7]])
def test_a_truth_of_another_kind_is_refused(truth):
    with pytest.raises(TypeError, match="truth must be a number"):
        guessing().reveal(truth)


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "$x_1$ 100 % & \"q\" 'p'", "\ud800 שלום 🍕"]
)
def test_any_words_are_shown_as_they_stand(hostile):
    bet = pt.lessons.predict(hostile, [hostile, "no"])
    bet.set(choice=hostile, say=1)
    page = bet.reveal(hostile)._repr_html_() + bet._repr_mimebundle_()[0]["text/html"]
    assert "<script" not in page


def test_the_question_reads_the_same_wherever_it_is_run():
    code = (
        "import sys, pizzatune as pt\n"
        f"print(repr(pt.lessons.predict({QUESTION!r}, 0, 10)))\n"
        "print([name for name in ('scipy', 'matplotlib', 'pandas') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.splitlines() == [repr(pt.lessons.predict(QUESTION, 0, 10)), "[]"]


def test_the_guess_stands_on_its_ruler():
    bet = guessing(guess=7.5)
    [yours] = [mark for mark in bet.marks["ruler"] if isinstance(mark, Dots) and mark.style == "yours"]
    assert list(yours.x) == [7.5]
    assert [mark.text for mark in bet.marks["ruler"] if isinstance(mark, Text)] == ["you"]
    assert bet.to_frame().to_dict("list") == {"question": [QUESTION], "guess": [7.5]}


@pytest.mark.parametrize("ends", [(0, float("inf")), (float("-inf"), 0), (-1e308, 1e308)])
def test_a_dial_without_an_end_is_refused(ends):
    with pytest.raises(ValueError, match="low must be a number below high, both finite"):
        pt.lessons.predict(QUESTION, *ends)


@pytest.mark.parametrize("truth", [float("nan"), float("inf")])
def test_what_is_no_finite_number_is_no_truth(truth):
    with pytest.raises(ValueError, match="truth must be a finite number"):
        guessing().reveal(truth)


@pytest.mark.parametrize("ends", [(0, 10), (["yes", "no"],)])
def test_a_question_and_its_guess_are_saved_as_a_page(ends, tmp_path):
    bet = pt.lessons.predict(QUESTION, *ends)
    bet.set(say=1)
    assert "You said" in bet.save(tmp_path / "bet.html", knobs=[]).read_text(encoding="utf-8")
    assert twin_of(bet).reading == bet.reading
