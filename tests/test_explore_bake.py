"""The first thing a learner touches: an oven, a pizza, and its bill."""

from __future__ import annotations

import asyncio
import json

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.explore.bake_explorer import (
    LEFT,
    OVENS,
    SCORE,
    SIDE,
    TARGETS,
    TOPPINGS,
    at_dose,
    bake_it,
)
from pizzatune.explore.verdicts import CROWD, chef_says
from pizzatune.menus import Pizza, doneness
from pizzatune.menus.taste import MOST, judge, taste
from pizzatune.pictures.marks import Bars, Dots, Image, Shapes, Text
from pizzatune.pictures.pizza import DOSES, pizza_symbol


@pytest.fixture(scope="module")
def explorer():
    opened = pt.explore.bake()
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def as_at_first(explorer):
    explorer.best = None
    explorer.set(temperature=225, minutes=11, oven=OVENS["Plain oven"], toppings=["Pepperoni"])


def marks_of(explorer, kind, *styles, layer=None):
    layers = [layer] if layer else explorer.marks
    every = (mark for name in layers for mark in explorer.marks[name])
    return [mark for mark in every if isinstance(mark, kind) and (not styles or mark.style in styles)]


def words(explorer, layer):
    return [mark.text for mark in marks_of(explorer, Text, layer=layer)]


def bill(explorer):
    """Label, start and change of each bar of the bill."""
    _, bars = marks_of(explorer, Bars, layer="bill")
    labels = words(explorer, "bill")[::2]
    return [
        (label, start, end - start) for label, start, end in zip(labels, bars.left, bars.right, strict=True)
    ]


# -- numbers and words -------------------------------------------------------------------------------------


def test_the_score_is_the_kitchens(explorer):
    explorer.set(temperature=240, minutes=9.5, oven=OVENS["Stone oven"], toppings=["Ham", "Olives"])
    pizza = Pizza(("Ham", "Olives"), temperature=240, minutes=9.5, oven=OVENS["Stone oven"])
    assert explorer.data.score == pytest.approx(taste(pizza), abs=1e-12)
    (score,) = marks_of(explorer, Text, "huge")
    assert score.text == f"{taste(pizza):.1f}"
    assert explorer.reading.startswith(
        f"{taste(pizza):.1f} points of 10: a pizza with Ham and Olives.\n9.5 min at 240 °C: its crust"
    )


def test_hotter_burns_and_the_reading_says_so(explorer):
    explorer.toppings.value = ["Sausage"]
    assert "its crust is golden" in explorer.reading
    mild = explorer.data.score
    explorer.temperature.value = 300
    assert "its crust is burnt" in explorer.reading
    assert "burnt crust" in words(explorer, "score")
    assert explorer.data.score < mild / 2


def test_a_hot_spot_is_read_aloud(explorer):
    explorer.set(temperature=215, minutes=8, oven=OVENS["Stone oven"], toppings=["Sausage"])
    assert "its crust is golden, dark on one quarter" in explorer.reading


def test_what_cost_most_is_read_aloud(explorer):
    assert explorer.reading.endswith("It lost most to: Pepperoni, too hot (−1.5).")
    explorer.set(temperature=205, minutes=13.9)
    assert explorer.reading.endswith("It lost most to: Drying out (−0.5).")


def test_a_golden_crust_is_never_called_pale_or_burnt():
    said = set()
    for minutes in np.arange(3, 30, 0.5):
        baked = bake_it(Pizza(("Sausage",), temperature=225, minutes=minutes))
        said |= {(baked.crust, part.label) for part in baked.bill.changes}
    assert {("golden", "A little pale"), ("golden", "A little dark"), ("burnt", "Burnt crust")} <= said
    assert not {("golden", "Pale crust"), ("golden", "Burnt crust"), ("dark", "Burnt crust")} & said


def test_the_bill_adds_up_whatever_lies_on_it(explorer):
    rng = np.random.default_rng(5)
    crowded = 0
    for _ in range(60):
        explorer.set(
            toppings=tuple(rng.permutation(TOPPINGS)[: rng.integers(0, 9)].tolist()),
            oven=list(OVENS.values())[rng.integers(len(OVENS))],
            temperature=float(rng.integers(30, 65) * 5),
            minutes=float(rng.uniform(3, 30)),
        )
        rows = bill(explorer)
        assert sum(change for *_, change in rows) == pytest.approx(explorer.data.score, abs=0.05)
        crowded += rows[-1][0] == "Everything else"
    assert crowded > 5  # pizzas with more costs than rows were among them


def test_the_table_is_the_whole_bill(explorer):
    explorer.set(temperature=250, minutes=14, oven=OVENS["Old oven"], toppings=["Ham", "Figs"])
    table = explorer.to_frame()
    assert table["points"].sum() == pytest.approx(explorer.data.score)
    assert {"Dough", "Ham", "Figs", "Crowding"} <= set(table["part"])


def test_a_margherita_can_be_baked(explorer):
    explorer.toppings.value = []
    assert "a pizza with no toppings" in explorer.reading


def test_an_unknown_topping_is_named():
    with pytest.raises(ValueError, match=r"toppings must be some of Pepperoni, .*, got 'Gravel'"):
        pt.explore.bake(toppings=["Gravel"])


# -- the bill ----------------------------------------------------------------------------------------------


def test_bars_start_where_the_one_before_ended(explorer):
    explorer.set(temperature=250, minutes=14, oven=OVENS["Old oven"], toppings=["Ham", "Figs"])
    rows = bill(explorer)
    assert rows[0] == ("Ingredients", 0.0, pytest.approx(explorer.data.bill.ingredients))
    at = rows[0][2]
    for _, start, change in rows[1:]:
        assert start == pytest.approx(at)
        assert change < 0
        at += change


def test_ten_points_are_as_long_whatever_the_pizza_and_the_score_has_the_same_scale(explorer):
    lengths = set()
    for toppings in (["Capers"], ["Pepperoni"], TOPPINGS):
        explorer.toppings.value = toppings
        for track in marks_of(explorer, Bars, "track"):
            ends = track.panel.across([track.left[0], track.right[0]])
            lengths.add(tuple(np.round(ends, 6).tolist()))
    assert len(lengths) == 1


@pytest.mark.parametrize("count", [1, 4, CROWD, len(TOPPINGS)])
def test_no_bill_is_above_fourteen_and_no_score_below_nought(explorer, count):
    for first in range(0, len(TOPPINGS), 3):
        explorer.set(toppings=(TOPPINGS[first:] + TOPPINGS)[:count], temperature=225)
        rows = bill(explorer)
        assert max(start + max(change, 0.0) for _, start, change in rows) <= MOST + 1e-9
        assert not any("-" in one or "−" in one for one in words(explorer, "score"))
        lowest = max(mark.panel.floor for mark in marks_of(explorer, Bars))
        assert lowest <= explorer.size[1]


def test_the_first_bar_says_what_gave_how_much(explorer):
    _, bars = marks_of(explorer, Bars, layer="bill")
    assert bars.tips[0] == "Dough 2.50, Tomato 1.00, Mozzarella 1.50, Pepperoni 4.23"


def test_no_label_runs_into_its_number():
    labels = {part.label for a in TOPPINGS for b in TOPPINGS for part in judge(Pizza(tuple({a, b})))}
    labels |= {f"{name}, too cool" for name in TOPPINGS}
    assert max(map(len, labels)) * 7.3 < 215


# -- a score to beat ---------------------------------------------------------------------------------------


def test_the_best_pizza_so_far_stays_on_the_card(explorer):
    explorer.set(temperature=205, toppings=["Pepperoni"])
    best = explorer.data.score
    explorer.temperature.value = 300
    card = explorer.card(explorer.data)
    assert card.heading == "Your best so far"
    assert card.last.score == f"{best:.1f} points"
    assert card.last.words == "Pepperoni. 205 °C, 11 min, plain oven."
    assert card.lone
    assert card.best is None
    (star,) = marks_of(explorer, Dots, "best")
    assert star.panel == SCORE
    assert star.x[0] == pytest.approx(best)


def test_each_target_that_is_reached_gives_way_to_the_next(explorer):
    asked = []
    for settings in (
        {"toppings": ["Capers"]},
        {"toppings": ["Sausage"]},
        {"toppings": ["Sausage", "Prosciutto", "Bacon"], "temperature": 235, "minutes": 9},
        {"temperature": 250, "minutes": 8},
        {"temperature": 320},
    ):
        explorer.set(**settings)
        asked.append(words(explorer, "score")[-1])
    assert asked == [
        "Can you reach 9?",
        "Can you reach 9.5?",
        "Can you reach 9.8?",
        "The best there is!",
        "The best there is!",
    ]


def test_the_last_target_can_be_reached_but_hardly_more():
    best = max(
        taste(Pizza(("Bacon", "Sausage", "Prosciutto"), temperature=heat, minutes=minutes))
        for heat in range(235, 261, 5)
        for minutes in np.arange(7, 11, 0.5)
    )
    assert round(best, 1) == TARGETS[-1]


def test_the_chef_has_his_say(explorer):
    explorer.set(temperature=320, minutes=20)
    said = chef_says(explorer.data.score, explorer.data.dose, ("Pepperoni",))
    assert words(explorer, "chef") == [f"“{said}”"]


def test_an_overloaded_pizza_comes_in_a_dish(explorer):
    explorer.toppings.value = TOPPINGS[: CROWD - 1]
    assert marks_of(explorer, Shapes) == []
    assert "lasagne" not in explorer.reading
    explorer.toppings.value = TOPPINGS[:CROWD]
    assert explorer.reading.startswith("This is not a pizza. This is a lasagne: ")
    (dish,) = marks_of(explorer, Shapes)
    corners = np.concatenate(dish.outlines)
    assert corners.min() >= 0
    assert corners[:, 0].max() <= LEFT


# -- the drawn pizza ---------------------------------------------------------------------------------------


def shown(explorer):
    """What is seen of the pizza: its symbols and how much they cover."""
    return [(mark.symbol.name, mark.opacity) for mark in marks_of(explorer, Image, layer="pizza")]


def test_at_a_dose_that_is_drawn_the_pizza_is_that_drawing(explorer):
    recipe = Pizza(("Ham",))
    for number, dose in enumerate(DOSES):
        assert doneness(at_dose(recipe, number)) == pytest.approx(dose)
    assert shown(explorer) == [(pizza_symbol(Pizza(("Pepperoni",), minutes=11), "fine").name, 1.0)]
    assert {mark.size for mark in marks_of(explorer, Image)} == {SIDE}


def test_between_two_doses_the_darker_one_covers_the_paler_more_and_more(explorer):
    explorer.set(temperature=200, minutes=8)
    before = None
    for temperature in range(200, 301, 5):
        explorer.temperature.value = temperature
        names = [name for name, _ in shown(explorer)]
        known = [pizza_symbol(at_dose(explorer.data.pizza, n), "fine").name for n in range(len(DOSES))]
        first = known.index(names[0])
        assert names == known[first : first + len(names)]
        cover = shown(explorer)[1][1] if len(names) > 1 else 0.0
        place = first + cover
        assert before is None or place > before
        before = place


def test_the_next_bakes_are_made_ready_unseen(explorer):
    explorer.temperature.value = 230
    ahead = marks_of(explorer, Image, layer="ahead")
    assert {mark.opacity for mark in ahead} == {0.0}
    names = {mark.symbol.name for mark in ahead}
    before = {name for name, _ in shown(explorer)}
    assert not names & before
    for temperature in (220, 240):  # one turn on, either way
        explorer.temperature.value = temperature
        assert {name for name, _ in shown(explorer)} <= names | before


def test_a_turn_within_one_recipe_is_a_small_message():
    async def turn():
        opened = pt.explore.bake()
        sent = []
        opened.send = sent.append
        opened._take_message(None, {"do": "hello", "turn": 0}, None)
        while opened._page.undrawn:
            await asyncio.sleep(0.02)
        before = len(sent)
        opened._take_message(None, {"do": "turn", "turn": 1, "values": {"temperature": 230}}, None)
        message = sent[before]
        opened.close()
        return message

    message = asyncio.run(turn())
    assert "symbols" not in message
    assert len(json.dumps(message)) < 8_000


def test_pizzas_that_were_clicked_past_are_never_drawn():
    async def click():
        opened = pt.explore.bake()
        sent = []
        opened.send = sent.append
        opened._take_message(None, {"do": "hello", "turn": 0}, None)
        names = []
        for number in range(6):
            chosen = list(range(number + 1, number + 3))
            turn = {"do": "turn", "turn": number + 1, "values": {"toppings": chosen}}
            opened._take_message(None, turn, None)
            names.append({mark.symbol.name for mark in marks_of(opened, Image)})
            await asyncio.sleep(0.01)
        while opened._page.undrawn:
            await asyncio.sleep(0.02)
        drawn = {name for message in sent for name in message.get("symbols", {})}
        opened.close()
        return names, drawn

    names, drawn = asyncio.run(click())
    assert names[-1] <= drawn
    assert not drawn & set().union(*names[:-1]) - names[-1]


def test_the_card_keeps_its_height_whatever_lies_on_the_best_pizza(explorer):
    every = list(explorer.toppings.options.values())
    for many in range(len(every) + 1):
        explorer.best = None
        explorer.toppings.value = every[:many]
        words = explorer.card(explorer.data).last.words
        assert len(words) <= 70  # five lines beside the pizza
        counted = f"{many or 'No'} toppings. "
        assert words.startswith(every[0] if 1 <= many <= 3 else counted)
