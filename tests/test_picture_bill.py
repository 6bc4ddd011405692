"""The bill of a pizza: one for the plot and for the explorer, and it always adds up."""

from __future__ import annotations

import math

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.menus import Pizza, judge
from pizzatune.menus.article import OLD_OVEN
from pizzatune.menus.oven import PLAIN_OVEN, Oven
from pizzatune.menus.taste import MOST, TOPPINGS, Part, taste
from pizzatune.pictures.bill import ROWS, TRIFLE, bill_marks, bill_of
from pizzatune.pictures.marks import Bars, Image, Text


def drawn(marks, kind):
    return [mark for mark in marks if isinstance(mark, kind)]


def test_the_bill_adds_up_whatever_lies_on_the_pizza():
    rng = np.random.default_rng(5)
    crowded = 0
    for _ in range(200):
        toppings = tuple(rng.permutation(list(TOPPINGS))[: rng.integers(0, 12)].tolist())
        oven = (PLAIN_OVEN, OLD_OVEN, Oven(hot_spot=40))[rng.integers(3)]
        pizza = Pizza(toppings, temperature=rng.uniform(150, 320), minutes=rng.uniform(3, 30), oven=oven)
        bill = bill_of(judge(pizza))
        assert bill.score == pytest.approx(taste(pizza), abs=1e-12)
        assert len(bill.rows) <= ROWS
        assert all(abs(part.points) >= TRIFLE for part in bill.changes)
        left = bill.ingredients + sum(part.points for part in bill.changes)
        assert left == pytest.approx(bill.score, abs=TRIFLE)
        assert bill.ingredients <= MOST + 1e-9
        crowded += bool(bill.changes) and bill.changes[-1].label == "Everything else"
    assert crowded > 20  # pizzas with more costs than rows were among them


def test_ingredients_come_first_then_what_was_lost_then_the_score():
    bill = bill_of(judge(Pizza(("Sausage", "Mushrooms", "Bacon"), temperature=195, minutes=19)))
    first, *others, last = bill.rows
    assert (first.label, first.start, last.label, last.start) == ("Ingredients", 0.0, "Score", 0.0)
    assert first.points == pytest.approx(2.5 + 1.0 + 1.5 + 4.5 + 0.53 + 2.36, abs=1e-3)
    assert "Sausage 4.50" in first.tip
    at = first.points
    for row in others:
        assert row.start == pytest.approx(at)
        at += row.points
    assert "Sausage, too cool" in [row.label for row in others]
    assert bill.worst.points == min(row.points for row in others)


def test_small_things_share_a_row_and_trifles_have_none():
    costs = [Part(f"cost {n}", -0.3 - 0.01 * n) for n in range(8)]
    bill = bill_of([Part("Dough", 9.0), *costs, Part("crumb", -0.01)])
    labels = [row.label for row in bill.rows]
    assert labels == [
        "Ingredients",
        "cost 3",
        "cost 4",
        "cost 5",
        "cost 6",
        "cost 7",
        "Everything else",
        "Score",
    ]
    assert dict(bill.changes)["Everything else"] == pytest.approx(-(0.3 + 0.31 + 0.32) - 0.01)
    assert [row.label for row in bill_of([Part("Dough", 9.0), Part("crumb", -0.01)]).rows] == [
        "Ingredients",
        "Score",
    ]


def test_bars_stand_on_a_fixed_scale_whose_track_is_ten_points():
    scales = set()
    for toppings in ((), ("Ham",), tuple(TOPPINGS)):
        bill = bill_of(judge(Pizza(toppings, minutes=12)))
        track, bars = drawn(bill_marks(bill, 20, 10, 300), Bars)
        scales.add((bars.panel.x.low, bars.panel.x.high, bars.panel.width))
        assert set(track.right) == {10.0}
        assert list(bars.left) == [row.start for row in bill.rows]
        np.testing.assert_allclose(np.subtract(bars.right, bars.left), [row.points for row in bill.rows])
        assert bars.styles[0] == "gave"
        assert bars.styles[-1] == "sum"
        assert all(bars.tips)
    assert scales == {(0.0, MOST, 256.0)}


def test_no_score_reads_minus_nothing():
    for toppings in (tuple(TOPPINGS), tuple(TOPPINGS)[:16], tuple(TOPPINGS)[4:16]):
        picture = pt.plots.what_it_cost(Pizza(toppings, minutes=15))
        words = [mark.text for mark in drawn(picture.marks, Text)]
        assert "−0.0" not in words
        assert "-0.0" not in words
        assert words[-1] == "0.0"
        assert picture.caption.endswith("score 0.0.")


def test_the_picture_shows_the_pizza_beside_its_bill_and_keeps_every_part():
    pizza = Pizza(("Sausage",), temperature=200)
    picture = pt.plots.what_it_cost(pizza)
    assert len(drawn(picture.marks, Image)) == 1
    assert picture.data["points"].sum() == pytest.approx(taste(pizza))
    assert {"Dough", "Sausage", "Sausage, too cool", "Drying out"} <= set(picture.data["part"])
    assert "Sausage, too cool −2.2" in picture.caption


def test_params_are_judged_by_their_menu():
    menu = pt.menus.old_oven()
    params = {"temperature": 240.0, "minutes": 12.0}
    picture = pt.plots.what_it_cost(params, menu=menu)
    assert picture.data["points"].sum() == pytest.approx(menu.taste(params))
    with pytest.raises(TypeError, match="pass menu="):
        pt.plots.what_it_cost(params)


def test_a_hot_spot_may_help_and_is_still_no_ingredient():
    pale = Pizza(("Ham",), minutes=5, oven=Oven(hot_spot=60))
    bill = bill_of(judge(pale))
    spot = dict(bill.parts)["Hot spot"]
    assert spot > TRIFLE
    assert bill.ingredients == pytest.approx(2.5 + 1.0 + 1.5 + 4.0, abs=1e-3)
    (row,) = [row for row in bill.rows if row.label == "Hot spot"]
    assert (row.style, row.points) == ("gave", spot)


def test_scores_of_somebodys_own_have_one_row_whatever_their_size():
    for score in (-3.0, 250.0, 0.2):
        bill = bill_of([Part("crunch", score)])
        assert [row.label for row in bill.rows] == ["Crunch"]
        (bars,) = drawn(bill_marks(bill, 0, 0, 300), Bars)
        assert bars.panel.x.low <= min(score, 0) <= max(score, 0) <= bars.panel.x.high
        assert math.isclose(bars.right[0], score)


def test_a_row_of_the_bill_tells_more_wherever_it_is_pointed_at():
    bill = bill_of(judge(Pizza(("Sausage",), temperature=200, minutes=11)))
    drawn = bill_marks(bill, 0, 0, 280)
    words = [mark for mark in drawn if isinstance(mark, Text)]
    assert [mark.tip for mark in words] == [row.tip for row in bill.rows for _ in range(2)]
