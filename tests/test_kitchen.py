"""The kitchen: what a pizza tastes like, and why."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pizzatune.menus import Oven, Pizza, doneness, judge
from pizzatune.menus.article import bayesian_pizza, genetic_pizza, published, random_pizza
from pizzatune.menus.oven import HOT_SPOT_SHARE, PLAIN_OVEN, crust_cost, drying_cost
from pizzatune.menus.taste import (
    AMOUNTS,
    CHEESES,
    CROWDING,
    CRUSTS,
    HEAT_COST,
    MOST,
    PAIRINGS,
    SAUCES,
    TOPPINGS,
    cap,
    pairing,
    taste,
    wrong_heat,
)

NINE = (
    "Pepperoni",
    "Ham",
    "Sausage",
    "Mushrooms",
    "Pineapple",
    "Green Peppers",
    "Onions",
    "Olives",
    "Bacon",
)

OVENS = st.builds(
    Oven,
    offset=st.floats(-40, 40),
    heat=st.floats(0.5, 2),
    hot_spot=st.floats(0, 60),
    dryness=st.floats(0, 3),
    cycling=st.sampled_from([0.0, 30.0]),
    reversed_about=st.sampled_from([None, 225.0]),
)

PIZZAS = st.builds(
    Pizza,
    toppings=st.lists(st.sampled_from(sorted(TOPPINGS)), max_size=4, unique=True).map(tuple),
    sauce=st.sampled_from(sorted(SAUCES)),
    cheese=st.sampled_from(sorted(CHEESES)),
    amount=st.sampled_from(sorted(AMOUNTS)),
    crust=st.sampled_from(sorted(CRUSTS)),
    temperature=st.floats(100, 400),
    minutes=st.one_of(st.none(), st.floats(1, 60)),
    oven=OVENS,
)


# -- the published scores ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row", published("genetic"), ids=lambda row: f"{row['generation']}-{row['topping_1']}-{row['topping_3']}"
)
def test_the_kitchen_bakes_every_published_genetic_score(row):
    # Half a hundredth inside the rounding edge, so that no last digit of a constant decides.
    assert abs(taste(genetic_pizza(row)) - row["fitness"]) <= 0.045


@pytest.mark.parametrize(
    "row", published("bayesian"), ids=lambda row: f"{row['topping']}-{row['temperature_c']:g}"
)
def test_the_kitchen_bakes_every_published_bayesian_score(row):
    assert abs(taste(bayesian_pizza(row)) - row["taste"]) <= 0.045


def test_the_pizza_that_nobody_baked_tastes_8_55():
    assert taste(Pizza(("Sausage", "Mushrooms", "Bacon"))) == pytest.approx(8.55, abs=0.01)


def test_toppings_of_the_published_pizzas_leave_each_other_alone():
    assert [pair for pair in itertools.combinations(NINE, 2) if pairing(*pair)] == []


def test_so_their_scores_add_up():
    # Swapping onions for bacon is worth as much on sausage and mushrooms as on ham and green peppers.
    gains = [
        taste(Pizza((meat, vegetable, "Bacon"))) - taste(Pizza((meat, vegetable, "Onions")))
        for meat, vegetable in [("Sausage", "Mushrooms"), ("Ham", "Green Peppers")]
    ]
    assert gains[0] == pytest.approx(gains[1], abs=0.01)
    assert gains[0] == pytest.approx(0.35, abs=0.02)


def test_the_random_draws_can_be_baked_even_the_one_with_pepperoni_for_cheese():
    pizzas = [random_pizza(row) for row in published("random")]
    assert [pizza.cheese for pizza in pizzas] == ["Parmesan", "No cheese", "Swiss"]
    assert pizzas[1].toppings == ("Chicken", "Onions", "Pepperoni")
    assert all(0 < taste(pizza) < 10 for pizza in pizzas)


# -- what goes together --------------------------------------------------------------------------------------


def test_pairings_name_things_the_kitchen_has_and_are_not_all_kind():
    known = {*TOPPINGS, *SAUCES, *CHEESES}
    assert all(len(pair) == 2 and pair <= known for pair in PAIRINGS)
    assert len(PAIRINGS) >= 12
    assert min(PAIRINGS.values()) < 0 < max(PAIRINGS.values())


def test_a_name_means_one_ingredient():
    assert len({*TOPPINGS, *SAUCES, *CHEESES}) == len(TOPPINGS) + len(SAUCES) + len(CHEESES)


def test_anchovies_and_capers_are_better_together_than_apart():
    both = dict(judge(Pizza(("Anchovies", "Capers"))))
    assert both["Anchovies with Capers"] == PAIRINGS[frozenset(("Anchovies", "Capers"))] > 0
    assert not any("with" in label for label, _ in judge(Pizza(("Anchovies",))))


def test_ham_asks_for_swiss_and_pepperoni_does_not():
    gain = {
        meat: taste(Pizza((meat,), cheese="Swiss")) - taste(Pizza((meat,))) for meat in ("Ham", "Pepperoni")
    }
    assert gain["Ham"] > 0 > gain["Pepperoni"]


def test_every_topping_is_best_at_its_own_heat():
    for name, topping in TOPPINGS.items():
        assert wrong_heat(name, topping.best_heat) == 0
        assert (
            0
            < wrong_heat(name, topping.best_heat - 15)
            == pytest.approx(wrong_heat(name, topping.best_heat + 15))
        )
        assert wrong_heat(name, 1000) == pytest.approx(HEAT_COST)


# -- the bake ------------------------------------------------------------------------------------------------


@given(log_dose=st.floats(0.05, 3), bite=st.floats(0.5, 5))
def test_burning_costs_more_than_paleness(log_dose, bite):
    assert crust_cost(log_dose, bite) > crust_cost(-log_dose, bite) > 0


def test_a_burnt_pizza_is_worse_than_a_pale_one_as_far_from_golden():
    pale, golden, burnt = (taste(Pizza(minutes=11 * times)) for times in (0.5, 1, 2))
    assert burnt < pale < golden


def test_crust_cost_is_the_textbook_linex_loss():
    for log_dose in (-2.0, -0.3, 0.4, 1.5):
        assert crust_cost(log_dose, 1.7) == pytest.approx(math.exp(1.7 * log_dose) - 1.7 * log_dose - 1)


def test_hotter_needs_shorter():
    minutes = [PLAIN_OVEN.minutes_until_done(heat) for heat in range(150, 351, 25)]
    assert all(later < earlier for earlier, later in itertools.pairwise(minutes))
    best = [
        max(
            np.geomspace(3, 40, 400),
            key=lambda m, heat=heat: taste(Pizza(("Sausage",), temperature=heat, minutes=m)),
        )
        for heat in (190, 220, 250, 280)
    ]
    assert all(later < earlier for earlier, later in itertools.pairwise(best))


def test_golden_is_golden_in_every_oven():
    for oven in (PLAIN_OVEN, Oven(offset=-30, heat=0.6), Oven(offset=20, heat=2, reversed_about=225)):
        for amount in AMOUNTS:
            pizza = Pizza(amount=amount, temperature=240, oven=oven)
            assert doneness(pizza) == pytest.approx(1)
            assert doneness(replace(pizza, minutes=pizza.baked_minutes / 2)) == pytest.approx(0.5)


def test_more_cheese_takes_longer():
    mild, medium, extra = (Pizza(amount=amount).baked_minutes for amount in ("Mild", "Medium", "Extra"))
    assert mild < medium < extra


def test_drying_out_punishes_a_cool_oven():
    cool, hot = (dict(judge(Pizza((), temperature=heat)))["Drying out"] for heat in (170, 280))
    assert cool < hot < 0
    assert drying_cost(20, dryness=2) == 2 * drying_cost(20)


def test_the_ridge_has_one_best_point():
    heat, minutes = np.linspace(150, 300, 61), np.geomspace(3, 30, 61)
    scores = np.array([[taste(Pizza(("Sausage",), temperature=t, minutes=m)) for m in minutes] for t in heat])
    inside = scores[1:-1, 1:-1]
    around = [
        scores[1 + row : 60 + row, 1 + column : 60 + column]
        for row, column in itertools.product((-1, 0, 1), repeat=2)
        if (row, column) != (0, 0)
    ]
    tops = np.argwhere(np.all([inside > other for other in around], axis=0))
    assert len(tops) == 1
    assert scores.max() == inside[tuple(tops[0])]


def test_the_ridge_is_curved_in_the_dials():
    # Equal steps of temperature ask for equal ratios of time, not for equal steps.
    first, second, third = (PLAIN_OVEN.minutes_until_done(heat) for heat in (175, 225, 275))
    assert first / second == pytest.approx(second / third)
    assert first - second > 1.5 * (second - third)


def test_a_hot_spot_burns_a_quarter():
    even, spotty = Pizza(), Pizza(oven=Oven(hot_spot=50))
    assert doneness(spotty) == doneness(even) < doneness(spotty, in_hot_spot=True)
    assert taste(spotty) < taste(even)
    log_dose = math.log(doneness(spotty, in_hot_spot=True))
    kept = math.exp(-HOT_SPOT_SHARE * crust_cost(log_dose))
    assert taste(spotty) == pytest.approx(taste(even) * kept)


def test_an_oven_that_reads_high_bakes_like_a_cooler_one():
    assert taste(Pizza(temperature=225, oven=Oven(offset=-20))) == taste(Pizza(temperature=205))


def test_a_backwards_dial_is_a_mirror():
    backwards = Oven(reversed_about=225)
    assert taste(Pizza(temperature=190, oven=backwards)) == taste(Pizza(temperature=260))


def test_a_thin_crust_forgives_less():
    lost = {}
    for crust in ("Classic", "Thin"):
        golden = Pizza(crust=crust)
        lost[crust] = 1 - taste(replace(golden, minutes=1.3 * golden.baked_minutes)) / taste(golden)
    assert lost["Thin"] > 2 * lost["Classic"]


# -- the score -----------------------------------------------------------------------------------------------


@given(pizza=PIZZAS)
def test_every_pizza_scores_from_0_to_10_the_same_each_time(pizza):
    score = taste(pizza)
    assert 0 <= score <= 10
    assert taste(replace(pizza)) == score


@given(pizza=PIZZAS)
def test_what_the_judge_lists_sums_to_the_taste(pizza):
    assert math.fsum(part.points for part in judge(pizza)) == pytest.approx(taste(pizza), abs=1e-12)


def test_the_judge_names_what_went_wrong():
    burnt = Pizza(("Chicken",), temperature=250, minutes=14)
    costs = {part.label: part.points for part in judge(burnt) if part.points < -0.1}
    assert {"Chicken, too hot", "Burnt crust"} <= set(costs)
    pale = {part.label for part in judge(Pizza(minutes=5)) if part.points < -0.1}
    assert "Pale crust" in pale
    assert "Hot spot" in dict(judge(Pizza(oven=Oven(hot_spot=40))))


def test_the_judge_says_nothing_of_a_crust_that_is_golden():
    labels = [part.label for part in judge(Pizza())]
    assert not {"Pale crust", "Burnt crust", "Hot spot"} & set(labels)


@given(pizza=PIZZAS, sign=st.sampled_from([-1, 1]))
def test_a_small_turn_of_a_dial_changes_the_taste_a_little(pizza, sign):
    # Steepest of all: a thin crust over the hot spot of a cycling burner, some points per degree.
    for small in (1e-3, 1e-5):
        turned = replace(pizza, temperature=pizza.temperature + sign * small)
        assert abs(taste(turned) - taste(pizza)) <= 5 * small
        if pizza.minutes is not None:
            longer = replace(pizza, minutes=pizza.minutes + sign * small)
            assert abs(taste(longer) - taste(pizza)) <= 60 * small / pizza.minutes
        shifted = replace(pizza, oven=replace(pizza.oven, offset=pizza.oven.offset + sign * small))
        assert abs(taste(shifted) - taste(pizza)) <= 5 * small


@given(points=st.floats(-30, 40))
def test_the_cap_holds_points_between_0_and_10_and_keeps_their_order(points):
    assert 0 <= cap(points) <= 10
    assert cap(points) <= cap(points + 0.5)
    if 1 <= points <= 9:
        assert abs(cap(points) - points) < 0.005


def test_the_cap_has_no_kink():
    step = 0.01
    points = np.arange(-3, 13, step)
    bend = np.diff([cap(value) for value in points], 2) / step**2
    assert np.abs(bend).max() < 1.5


# -- what the kitchen refuses --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"toppings": ("Liquorice",)}, "knows no topping 'Liquorice'; choose one of Pepperoni"),
        ({"toppings": ("Ham", "Ham")}, r"each topping once, got \['Ham', 'Ham'\]"),
        ({"sauce": "Ketchup"}, "knows no sauce 'Ketchup'; choose one of Tomato"),
        ({"cheese": "Pepperoni"}, "knows no cheese 'Pepperoni'"),
        ({"amount": "Heaps"}, "knows no amount of cheese 'Heaps'; choose one of Mild, Medium, Extra"),
        ({"crust": "Stuffed"}, "knows no crust 'Stuffed'; choose one of Classic, Thin"),
        ({"temperature": 900}, r"temperature must lie in \[50, 600\], got 900; .* \(in °C\)"),
        ({"temperature": math.nan}, "temperature must lie in .* got nan"),
        ({"minutes": 0}, r"minutes must lie above 0 and up to 1440, got 0; .* \(None bakes until done\)"),
        ({"minutes": math.nan}, "minutes must lie above 0 .* got nan; choose a finite one"),
    ],
)
def test_a_pizza_that_cannot_be_made_says_why(wrong, message):
    with pytest.raises(ValueError, match=message):
        Pizza(**wrong)


def test_one_name_instead_of_a_list_is_not_spelt_out_letter_by_letter():
    with pytest.raises(TypeError, match=r"toppings must be a list of names, got 'Ham'; write \['Ham'\]"):
        Pizza("Ham")


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"heat": 0}, "heat of an oven must be above 0, got 0"),
        ({"cycle": -1}, "cycle of an oven must be above 0, got -1"),
        ({"hot_spot": -5}, "hot_spot of an oven must be 0 or more, got -5"),
        ({"offset": math.inf}, "offset of an oven must be finite, got inf"),
        ({"reversed_about": math.nan}, "reversed_about of an oven must be finite, got nan"),
    ],
)
def test_an_oven_that_cannot_be_built_says_why(wrong, message):
    with pytest.raises(ValueError, match=message):
        Oven(**wrong)


def test_a_list_of_toppings_is_kept_as_a_copy():
    order = ["Ham", "Olives"]
    pizza = Pizza(order)
    order.append("Figs")
    assert pizza.toppings == ("Ham", "Olives")
    assert hash(pizza) == hash(Pizza(("Ham", "Olives")))


@given(toppings=st.lists(st.sampled_from(sorted(TOPPINGS)), unique=True).map(tuple), pizza=PIZZAS)
def test_no_bill_shows_more_than_14_points_given_or_lost(toppings, pizza):
    parts = dict(judge(replace(pizza, toppings=toppings)))
    parts.pop("Hot spot", None)  # on a pale pizza it bakes a quarter better
    given_points = math.fsum(points for points in parts.values() if points > 0)
    lost = -math.fsum(points for points in parts.values() if points < 0)
    assert given_points <= MOST + 1e-9
    assert lost <= MOST + 1e-9


def test_up_to_three_toppings_give_all_their_points_and_more_share_the_room_of_three():
    trio = ("Pepperoni", "Olives", "Onions")
    parts = dict(judge(Pizza(trio)))
    assert all(parts[name] == pytest.approx(TOPPINGS[name].flavour) for name in trio)
    assert parts["Crowding"] == pytest.approx(-2 * CROWDING, abs=0.005)
    parts = dict(judge(Pizza((*trio, "Capers", "Figs", "Walnuts"))))
    assert parts["Olives"] == pytest.approx(TOPPINGS["Olives"].flavour / 2)


def test_each_topping_more_crowds_and_no_crowd_costs_more_than_the_most():
    names = [name for name in TOPPINGS if TOPPINGS[name].flavour < 1]  # so that no bill is shrunk
    costs = [-dict(judge(Pizza(tuple(names[:count]), temperature=230)))["Crowding"] for count in range(2, 6)]
    assert costs == sorted(costs)
    assert costs[:2] == pytest.approx([CROWDING, 2 * CROWDING], abs=0.005)
    steps = np.diff([CROWDING, *costs])
    assert steps.max() < 3  # no cliff
    assert -dict(judge(Pizza(tuple(TOPPINGS))))["Crowding"] < MOST


@pytest.mark.parametrize("count", [6, 10, 16, len(TOPPINGS)])
def test_an_overloaded_pizza_scores_next_to_nothing_and_never_less(count):
    for start in range(0, len(TOPPINGS), 5):
        toppings = (list(TOPPINGS) * 2)[start : start + count]
        score = taste(Pizza(tuple(toppings)))
        assert 0 <= score < 6
        assert not str(round(score, 1)).startswith("-")


def test_a_heap_of_toppings_is_no_recipe():
    rng = np.random.default_rng(0)

    def average(count):
        drawn = (rng.choice([*TOPPINGS], count, replace=False) for _ in range(200))
        return np.mean([taste(Pizza(tuple(toppings))) for toppings in drawn])

    by_count = [average(count) for count in range(9)]
    assert max(by_count) in by_count[1:4]
    assert by_count[3] > by_count[4] > by_count[5] > by_count[6] >= by_count[8]
    assert taste(Pizza(tuple(TOPPINGS))) < 1
