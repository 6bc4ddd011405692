"""The envelope explorer: what a number is worth after one look, and after many."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.explore.envelope_picture import LINE, times
from pizzatune.lessons.honest import CLASSES, MOST, honesty, votes, wilson
from pizzatune.pictures.marks import Bars, Dots, Image, Line, Shapes, Text

HALVES = slice(None, CLASSES // 2), slice(CLASSES // 2, None)


@pytest.fixture
def explorer():
    """A class that the panel has judged; the envelope is sealed."""
    opened = pt.explore.envelope()
    opened.step.value = opened.step.high
    yield opened
    opened.close()


def of_kind(marks, kind):
    return [mark for mark in marks if isinstance(mark, kind)]


def words(explorer, layer):
    return " ".join(mark.text for mark in of_kind(explorer.marks[layer], Text))


# -- numbers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("guests", [10, 30, 400])
def test_wilson_s_interval_holds_the_shares_that_do_not_contradict_the_votes(guests):
    for yes in (0, 1, guests // 2, guests):
        share = yes / guests
        for end in wilson(share, guests):  # there, the vote is 1.96 standard deviations away
            assert (share - end) ** 2 == pytest.approx(1.959964**2 * end * (1 - end) / guests)


def test_both_panels_ask_about_the_same_truth():
    asked = votes(400, alike=False)
    for found in (asked.panel, asked.envelope):
        assert np.abs((found - asked.truth).mean()) < 0.002
        assert (found - asked.truth).std() == pytest.approx(
            np.sqrt((asked.truth * (1 - asked.truth)).mean() / 400), rel=0.05
        )
    menu = pt.menus.three_toppings()
    scores = [menu.taste(asked.orders[place]) for place in asked.drawn[7]]
    assert asked.truth[7] == pytest.approx(np.array(scores) / 10)
    assert all(len(set(row)) == MOST for row in asked.drawn.tolist())


@pytest.mark.parametrize("guests, alike", [(10, True), (30, True), (100, False)])
def test_the_report_is_the_best_found_among_the_best_of_the_panel(guests, alike):
    asked, found = votes(guests, alike), honesty(votes(guests, alike), 9)
    for row in (0, 5, 77):
        best_first = sorted(range(9), key=lambda one: -asked.panel[row, one])
        for openings in (1, 4, 9):
            kept = max(best_first[:openings], key=lambda one: asked.envelope[row, one])
            too_high = asked.envelope[row, kept] - asked.truth[row, kept]
            assert found.too_high[row, openings - 1] == pytest.approx(too_high)
    ends = [wilson(share, guests) for share in asked.envelope[:, 0]]
    first = [low <= true <= high for (low, high), true in zip(ends, asked.truth[:, 0], strict=True)]
    assert honesty(asked, 1).covered[0] == np.mean(first)


@pytest.mark.parametrize("half", HALVES, ids=["first half", "second half"])
@pytest.mark.parametrize("guests", [10, 30, 100])
def test_one_look_is_honest_and_many_are_not_in_either_half_of_the_classes(half, guests):
    off = honesty(votes(guests), 12).too_high[half]
    error = off.std(axis=0) / len(off) ** 0.5
    assert abs(off[:, 0].mean()) < 3.5 * error[0]
    assert off[:, 3].mean() > 10 * error[3]
    assert (np.diff(off.mean(axis=0)) > 0).all()


def test_more_guests_and_pizzas_of_all_kinds_make_peeking_cost_less():
    cost = [honesty(votes(guests, alike), 12).too_high[:, -1].mean() for guests, alike in COSTS]
    assert (np.diff(cost) < 0).all()


COSTS = (10, True), (30, True), (30, False), (100, False), (400, False)


# -- the explorer --------------------------------------------------------------------------------------------


def test_at_first_nothing_is_judged_and_the_envelope_is_sealed():
    explorer = pt.explore.envelope()
    assert explorer.data.honesty is None
    images = [one for row in (0, 1) for one in of_kind(explorer.marks[f"class {row}"], Image)]
    assert [one.opacity for one in images] == [0.3] * 12
    assert "sealed" in words(explorer, "envelope")
    assert not explorer.unseal.enabled
    table = explorer.table(explorer.data)
    assert all(np.isnan(table[name]).all() for name in ("panel", "envelope", "truth"))
    explorer.close()


def test_a_sealed_envelope_tells_neither_its_numbers_nor_the_truth(explorer):
    table = explorer.table(explorer.data)
    assert not np.isnan(table["panel"]).any()
    assert np.isnan(table["envelope"]).all()
    assert np.isnan(table["truth"]).all()
    assert of_kind(explorer.marks["report"], Line) == []
    assert "the truth" not in words(explorer, "report") + explorer.reading
    assert f"the best is pizza {table['panel'].argmax() + 1} with" in explorer.reading
    explorer.step.value = int(table["panel"].argmax()) + 1
    assert explorer.reading.split("\n")[0].endswith("of the panel like it; the best so far.")


def test_the_button_opens_it_for_the_best_of_the_panel_that_is_left(explorer):
    ranked = np.argsort(-explorer.data.panel, kind="stable")
    for openings in range(1, 13):
        explorer.unseal.value += 1
        assert explorer.data.opened == tuple(ranked[:openings])
        off = explorer.data.honesty.too_high[0, openings - 1]
        assert explorer.data.too_high == pytest.approx(off)
        assert times(openings) in words(explorer, "envelope")
        strokes = (
            of_kind(explorer.marks["envelope"], Bars)[0],
            of_kind(explorer.marks["envelope"], Shapes)[-1],
        )
        assert len(strokes[0].left) + len(strokes[1].outlines) == openings
    assert not explorer.unseal.enabled
    explorer.unseal.value += 1
    assert len(explorer.data.opened) == 12


def test_the_report_stands_beside_the_truth_with_its_interval(explorer):
    explorer.unseal.value += 1
    one = explorer.data.reported
    found, truth = explorer.data.found[one], explorer.data.truth[one]
    dots = {dots.style: dots.x[0] for dots in of_kind(explorer.marks["report"], Dots)}
    assert dots == {"pen1": explorer.data.panel.max(), "pen0": found, "truth": truth}
    bar = next(line for line in of_kind(explorer.marks["report"], Line) if line.panel is LINE)
    assert tuple(bar.x) == wilson(found, 30)
    assert explorer.reading.startswith(f"You report {100 * found:.0f} %; the truth is {100 * truth:.0f} %: ")
    assert "400 classes, the best opened: +0.2 points on average" in explorer.reading


def test_who_peeks_every_time_reports_the_best_of_all(explorer):
    explorer.peek.value = True
    assert explorer.data.opened == tuple(range(12))
    assert explorer.data.found[explorer.data.reported] == explorer.data.found.max()
    assert "now the envelope chose" in explorer.reading
    assert not explorer.unseal.enabled
    explorer.peek.value = False
    assert explorer.data.opened == ()


def test_a_click_opens_it_for_a_pizza_or_for_the_best_left(explorer):
    names = [one.name for one in of_kind(explorer.marks["class 0"], Image)]
    explorer.clicked(names[4], 0.5, 0.5)
    assert explorer.data.opened == (4,)
    assert of_kind(explorer.marks["class 0"], Image)[4].name == ""  # not twice
    explorer.clicked("envelope", 0.5, 0.5)
    assert explorer.data.opened == (4, explorer.data.favourite)
    other = pt.explore.open(explorer.share())
    assert other.data.opened == explorer.data.opened
    assert other.reading == explorer.reading
    other.close()


def test_going_back_or_to_other_guests_seals_it(explorer):
    explorer.unseal.value += 2  # pressed again before it was answered: once is enough
    (first,) = explorer.data.opened
    explorer.step.value = first
    assert explorer.data.opened == ()
    explorer.step.value = 12
    explorer.unseal.value += 1
    for turn in ({"guests": 40}, {"seed": 2}, {"kind": "all"}):
        explorer.unseal.value += 1
        assert explorer.data.opened
        explorer.set(**turn)
        assert explorer.data.opened == ()


def test_the_largest_turn_is_a_small_message():
    explorer = pt.explore.envelope(candidates=20)
    sent = explorer.sent = []
    explorer.send = sent.append
    explorer._take_message(None, {"do": "hello", "turn": 0}, None)
    explorer.set(step=20, peek=True)
    explorer.seed.value = 3
    sizes = [len(json.dumps({k: v for k, v in one.items() if k != "symbols"})) for one in sent[1:]]
    assert max(sizes) <= 30_000
    explorer.close()


@pytest.mark.parametrize(
    "arguments, error, text",
    [
        ({"candidates": 2}, ValueError, r"candidates must lie in \[3, 20\], got 2"),
        ({"guests": 5}, ValueError, r"guests must lie in \[10, 400\], got 5"),
        ({"peek": "always"}, TypeError, "peek must be True or False, got 'always'"),
        ({"kind": "odd"}, ValueError, "kind must be one of Much alike, All kinds, got 'odd'"),
        ({"seed": 401}, ValueError, r"seed must lie in \[1, 400\], got 401"),
    ],
)
def test_what_no_knob_allows_is_refused(arguments, error, text):
    with pytest.raises(error, match=text):
        pt.explore.envelope(**arguments)


def test_an_envelope_opened_for_what_is_not_there_is_refused(explorer):
    for wrong in ([12], [-1], [3, 3]):
        with pytest.raises(ValueError, match="the envelope cannot be opened for"):
            explorer.remember(wrong)


def test_a_double_click_and_a_pizza_not_judged_open_nothing_more(explorer):
    explorer.set(seed=1, step=5)
    for name in ("pizza 2", "pizza 2", "pizza 11", "pizza -1"):
        explorer.clicked(name, 0.0, 0.0)
    assert explorer.data.opened == (2,)
    assert pt.explore.open(explorer.share()).reading == explorer.reading


def test_the_verdict_is_the_difference_of_the_numbers_beside_it(explorer):
    wrong = []
    for seed in range(1, 61):
        explorer.set(seed=seed, step=12)
        explorer.unseal.value += 1
        said, true, off = (
            int(word) for word in re.findall(r"\d+", explorer.reading.split("\n")[0] + " 0")[:3]
        )
        if abs(said - true) != off:
            wrong.append(explorer.reading)
    assert not wrong
