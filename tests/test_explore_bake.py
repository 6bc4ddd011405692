"""The first thing a learner touches: an oven, a pizza, and its bill."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.explore.bake import COSTS, DOSES, OVENS, TOPPINGS, TRIFLE, BakedPictures, bake_it
from pizzatune.explore.bitmaps import pizza_bitmap
from pizzatune.menus import Pizza, doneness
from pizzatune.menus.taste import judge, taste


@pytest.fixture(scope="module")
def explorer():
    return pt.explore.bake()


def test_the_score_is_the_kitchens(explorer):
    explorer.set(temperature=240, minutes=9.5, oven=OVENS["Stone oven"], toppings=["Ham", "Olives"])
    pizza = Pizza(("Ham", "Olives"), temperature=240, minutes=9.5, oven=OVENS["Stone oven"])
    assert explorer.data.score == pytest.approx(taste(pizza), abs=1e-12)
    assert explorer.score.get_text() == f"{taste(pizza):.1f}"
    assert explorer.reading.startswith(
        f"{taste(pizza):.1f} points of 10: a pizza with Ham and Olives, 9.5 min"
    )


def test_hotter_burns_and_the_reading_says_so(explorer):
    explorer.set(temperature=225, minutes=11, oven=OVENS["Plain oven"], toppings=["Sausage"])
    assert "its crust golden" in explorer.reading
    mild = explorer.data.score
    explorer.temperature.value = 300
    assert "its crust burnt" in explorer.reading
    assert explorer.data.score < mild / 2


def test_a_hot_spot_is_read_aloud(explorer):
    explorer.set(temperature=215, minutes=8, oven=OVENS["Stone oven"], toppings=["Sausage"])
    assert "its crust golden, dark on one quarter" in explorer.reading


def test_what_cost_most_is_read_aloud(explorer):
    explorer.set(temperature=225, minutes=11, oven=OVENS["Plain oven"], toppings=["Pepperoni"])
    assert explorer.reading.endswith("It lost most to: Pepperoni, too hot (−1.5).")
    explorer.set(temperature=205, minutes=13.9)
    assert explorer.reading.endswith("It lost most to: Drying out (−0.5).")


def test_the_bill_adds_up_whatever_lies_on_it():
    rng = np.random.default_rng(5)
    crowded = 0
    for _ in range(200):
        toppings = tuple(rng.permutation(TOPPINGS)[: rng.integers(0, 9)])
        oven = list(OVENS.values())[rng.integers(len(OVENS))]
        pizza = Pizza(toppings, temperature=rng.uniform(150, 320), minutes=rng.uniform(3, 30), oven=oven)
        baked = bake_it(pizza)
        assert len(baked.costs) <= COSTS
        assert all(part.points <= -TRIFLE for part in baked.costs)
        total = baked.ingredients + sum(part.points for part in baked.costs)
        assert total == pytest.approx(baked.score, abs=TRIFLE)
        crowded += baked.costs[-1].label == "Smaller things" if baked.costs else 0
    assert crowded > 20  # pizzas with more costs than rows were among them


def test_bars_start_where_the_one_before_ended(explorer):
    explorer.set(temperature=250, minutes=14, oven=OVENS["Old oven"], toppings=["Ham", "Figs"])
    rows = explorer.bill(explorer.data)
    assert rows[0][1:3] == (0.0, explorer.data.ingredients)
    at = explorer.data.ingredients
    for _, start, change, _ in rows[1:-1]:
        assert start == pytest.approx(at)
        at += change
    assert rows[-1][2] == explorer.data.score
    bars = [path.vertices for path in explorer.bars.get_paths()]
    assert len(bars) == len(rows)
    lengths = np.array([np.ptp(bar[:, 0]) for bar in bars])
    points = np.array([abs(change) for _, _, change, _ in rows])
    np.testing.assert_allclose(lengths / lengths[0], points / points[0], atol=1e-9)


def test_no_label_runs_into_its_number(explorer):
    renderer = explorer.figure.canvas.get_renderer()
    label, points = explorer.rows[1]
    points.set_text("−3.8")  # nothing costs a topping more
    labels = {part.label for a in TOPPINGS for b in TOPPINGS for part in judge(Pizza(tuple({a, b})))}
    labels |= {f"{name}, too cool" for name in TOPPINGS}
    costs = [text for text in labels if "with" not in text or _costs(text)]
    assert len(costs) > 30
    for text in costs:
        label.set_text(text)
        assert label.ends(renderer)[1] + 4 < points.ends(renderer)[0], text


def _costs(text):
    one, other = text.split(" with ")
    return other not in TOPPINGS or any(
        part.label in (text, f"{other} with {one}") and part.points < 0 for part in judge(Pizza((one, other)))
    )


def test_the_table_is_the_whole_bill(explorer):
    explorer.set(temperature=250, minutes=14, oven=OVENS["Old oven"], toppings=["Ham", "Figs"])
    table = explorer.to_frame()
    assert table["points"].sum() == pytest.approx(explorer.data.score)
    assert {"Dough", "Ham", "Figs", "Crowding"} <= set(table["part"])


def test_a_blend_of_two_bakes_looks_like_the_bake_between_them():
    pictures = BakedPictures()
    recipe = Pizza(("Ham", "Olives"), oven=OVENS["Stone oven"])
    assert pictures.of(recipe)
    assert not pictures.of(recipe)
    for dose in (0.5, 0.9, 1.0, 1.12, 1.9):
        minutes = recipe.oven.minutes_until_done(225.0) * dose
        pizza = Pizza(recipe.toppings, temperature=225.0, minutes=minutes, oven=recipe.oven)
        assert doneness(pizza) == pytest.approx(dose)
        exact = pizza_bitmap(pizza, 540).astype(float)
        blend = pictures.at(dose).astype(float)
        apart = np.abs(exact - blend)[..., :3][exact[..., 3] == 255]
        far = np.abs(pictures.at(dose * 2).astype(float) - exact)[..., :3][exact[..., 3] == 255]
        assert apart.mean() < 3.0  # of 255
        assert apart.mean() < far.mean() / 3


def test_the_picture_follows_the_bake_at_every_turn(explorer):
    explorer.set(temperature=200, minutes=8, oven=OVENS["Plain oven"], toppings=["Onions"])
    brightness = []
    for temperature in range(200, 301, 5):
        explorer.temperature.value = temperature
        brightness.append(explorer.pie.pixels[..., :3].mean())
    assert all(later < earlier for earlier, later in pairwise(brightness))


def test_pictures_for_later_are_all_bakes_the_nearest_first():
    pictures = BakedPictures()
    pictures.of(Pizza(("Onions",)))
    work = pictures.draw_all(1.1)
    next(work)
    assert pictures._drawn == {int(np.abs(DOSES - 1.1).argmin())}
    assert len(list(work)) == len(DOSES) - 1
    assert list(pictures.draw_all(0.3)) == []


def test_a_margherita_can_be_baked(explorer):
    explorer.set(toppings=[], temperature=225, minutes=11, oven=OVENS["Plain oven"])
    assert "a pizza with no toppings" in explorer.reading


def test_an_unknown_topping_is_named():
    with pytest.raises(ValueError, match=r"toppings must be some of Pepperoni, .*, got 'Gravel'"):
        pt.explore.bake(toppings=["Gravel"])
