"""The menus: spaces that can be ordered from, and best pizzas confirmed by a search of the test's own."""

from __future__ import annotations

import itertools
import math
import pickle

import numpy as np
import pytest

from pizzatune import menus
from pizzatune.menus import Menu, Taster
from pizzatune.menus.article import published
from pizzatune.menus.taste import taste
from tests.how_often import CI

MENUS = {
    "four_factors": menus.four_factors(),
    "toppings": menus.toppings(),
    "topping_and_heat": menus.topping_and_heat(),
    "three_toppings": menus.three_toppings(),
    "old_oven": menus.old_oven(),
    "new_oven(0.9)": menus.new_oven(0.9),
    "new_oven(0)": menus.new_oven(0),
    "new_oven(-1)": menus.new_oven(-1),
    "ridge": menus.ridge(),
    "striped": menus.striped(),
    "two_hills": menus.two_hills(),
    "reversed_twin": menus.reversed_twin(),
    "idle_dial": menus.idle_dial(),
    "stone_or_electric": menus.stone_or_electric(),
    "cool_kitchen": menus.cool_kitchen(),
}
FINITE = {"four_factors": 81, "toppings": 1080, "topping_and_heat": 248, "three_toppings": 216, "ridge": 208}

every_menu = pytest.mark.parametrize("menu", MENUS.values(), ids=MENUS.keys())


def orders(menu, count, seed=0):
    """Params drawn all over the space."""
    rng = np.random.default_rng(seed)
    return [menu.space.sample(rng) for _ in range(count)]


def scores(menu, some_orders):
    return np.array([menu.taste(order) for order in some_orders])


# -- the best pizza, found a second way ----------------------------------------------------------------------


@pytest.mark.parametrize("name", FINITE)
def test_the_best_of_a_finite_menu_is_the_best_of_all_its_pizzas(name):
    menu = MENUS[name]
    options = [parameter.values() for parameter in menu.space.parameters]
    baked = {
        combination: menu.taste(dict(zip(menu.space.names, combination, strict=True)))
        for combination in itertools.product(*options)
    }
    assert len(baked) == menu.space.size == FINITE[name]
    top = max(baked.values())
    assert menu.best.score == top
    assert [pizza for pizza, score in baked.items() if score == top] == [tuple(menu.best.params.values())]


TWO_DIALS = [
    "old_oven",
    "new_oven(0.9)",
    "new_oven(0)",
    "new_oven(-1)",
    "striped",
    "two_hills",
    "reversed_twin",
]

SIDE = 173 if CI else 97  # of a fine grid


@pytest.mark.parametrize("name", TWO_DIALS)
def test_no_pizza_of_a_fine_grid_beats_the_best_of_two_dials(name):
    menu = MENUS[name]
    heat, minutes = menu.space.parameters
    for zoom in (1.0, 0.05):  # all over the dials, then close around the best
        ends = [
            np.clip(dial.encode(menu.best.params[dial.name]) + np.array([-zoom, zoom]), 0, 1)
            for dial in (heat, minutes)
        ]
        grid = [
            taste(menu.recipe({"temperature": heat.decode(one), "minutes": minutes.decode(other)}))
            for one in np.linspace(*ends[0], SIDE)
            for other in np.linspace(*ends[1], SIDE)
        ]
        assert max(grid) <= menu.best.score + 1e-9
    assert max(grid) > menu.best.score - 0.01  # the fine grid around it comes close


def test_no_random_pizza_beats_the_best_where_a_light_shines_or_a_fan_turns():
    for name in ("idle_dial", "stone_or_electric"):
        menu = MENUS[name]
        tasted = scores(menu, orders(menu, 4000, seed=5))
        assert menu.best.score - 0.3 < tasted.max() <= menu.best.score


def test_the_best_of_each_oven_is_confirmed_dial_by_dial():
    menu = MENUS["stone_or_electric"]
    best = {}
    for oven, topping in itertools.product(*(menu.space[name].options for name in ("oven", "topping"))):
        if (oven, topping) == ("Stone", "Pineapple"):
            continue
        fans = [{"fan": fan} for fan in np.linspace(0, 3, 61)] if oven == "Electric" else [{}]
        best[oven, topping] = max(
            menu.taste({"oven": oven, "topping": topping, "temperature": heat, **fan})
            for fan in fans
            for heat in np.linspace(150, 350, 81)
        )
    top = max(best, key=best.__getitem__)
    assert top == ("Electric", "Chorizo") == (menu.best.params["oven"], menu.best.params["topping"])
    assert menu.best.score - 0.01 < best[top] <= menu.best.score
    assert best["Stone", "Chorizo"] > menu.best.score - 0.3


@every_menu
def test_the_best_is_a_pizza_of_the_menu_that_scores_what_it_says(menu):
    best = menu.best
    assert menu.space.check(best.params) == best.params
    assert menu.taste(best.params) == best.score
    assert best is menu.best
    assert 8.4 < best.score < 9.7
    assert best.why


@every_menu
def test_nobody_stumbles_over_the_best(menu):
    """A fair search: not flat, and not full of nearly perfect pizzas."""
    tasted = scores(menu, orders(menu, 600))
    assert (tasted > 0.5).mean() > 0.4
    assert (tasted > menu.best.score - 0.1).mean() < 0.03
    assert tasted.std() > 0.8


@every_menu
def test_a_best_on_smooth_dials_lies_well_inside_them(menu):
    for dial in menu.space.parameters:
        if math.isinf(dial.size) and dial.name != "light":
            assert 0.1 < dial.encode(menu.best.params[dial.name]) < 0.9


# -- a menu as such ------------------------------------------------------------------------------------------


@every_menu
def test_every_order_tastes_between_0_and_10_like_its_pizza(menu):
    for order in orders(menu, 40, seed=2):
        score = menu.taste(order)
        assert 0 <= score <= 10
        assert score == menu.taste(dict(order)) == taste(menu.pizza(order))


@every_menu
def test_a_menu_travels_to_another_process_with_its_taster(menu):
    copy = pickle.loads(pickle.dumps(menu))
    for order in orders(menu, 5):
        assert copy.taste(order) == menu.taste(order)
    taster = pickle.loads(pickle.dumps(menu.taster(noise=0.5, seed=4)))
    assert taster(orders(menu, 1)[0]) == menu.taster(noise=0.5, seed=4)(orders(menu, 1)[0])


@every_menu
def test_a_menu_says_what_it_is(menu):
    text = repr(menu)
    assert menu.name in text
    assert menu.about in text
    assert menu.about
    assert all(name in text for name in menu.space.names)
    assert (menu.score_label, menu.trial_label) == ("taste score", "pizza")


@every_menu
def test_an_order_is_checked_before_it_is_baked(menu):
    order = orders(menu, 1)[0]
    with pytest.raises(ValueError, match="unknown parameter 'moon'"):
        menu.taste({**order, "moon": 1})
    name = menu.space.names[0]
    with pytest.raises(ValueError, match=f"{name} is missing"):
        menu.taste({key: value for key, value in order.items() if key != name})


def test_an_order_is_not_changed():
    order = {"temperature": np.float64(240.0), "minutes": 12}
    MENUS["old_oven"].taste(order)
    assert order == {"temperature": np.float64(240.0), "minutes": 12}
    assert type(order["temperature"]) is np.float64


def test_every_menu_function_is_public_and_tested_here():
    made = {name.split("(")[0] for name in MENUS}
    assert made <= set(menus.__all__)
    others = {
        name
        for name in menus.__all__
        if callable(getattr(menus, name)) and not isinstance(getattr(menus, name), type)
    }
    assert others - made == {
        "bayesian_pizza",
        "doneness",
        "from_csv",
        "from_function",
        "genetic_pizza",
        "judge",
        "published",
        "random_pizza",
    }


# -- the article's menus -------------------------------------------------------------------------------------


def test_the_grid_menu_is_the_published_grid():
    menu = MENUS["four_factors"]
    for row, parameter in zip(published("grid"), menu.space.parameters, strict=True):
        assert parameter.name == row["factor"]
        assert parameter.options == (row["option_1"], row["option_2"], row["option_3"])


def test_on_the_grid_menu_no_heat_is_right_for_every_time():
    menu = MENUS["four_factors"]
    held = {"cheese": "Medium", "sauce": "Tomato"}
    best_heat = {
        time: max(
            ("Low", "Medium", "High"),
            key=lambda heat, time=time: menu.taste({**held, "temperature": heat, "baking_time": time}),
        )
        for time in ("Short", "Long")
    }
    assert best_heat == {"Short": "High", "Long": "Medium"}


def test_the_random_menu_offers_all_that_was_drawn_but_pepperoni_as_a_cheese():
    space = MENUS["toppings"].space
    for row in published("random"):
        for name, option in row.items():
            assert (option in space[name].options) != (name == "cheese" and option == "Pepperoni")
    for row in (published("random")[0], published("random")[2]):
        assert MENUS["toppings"].taste(row) == taste(menus.random_pizza(row))


def test_the_best_random_pizza_is_not_made_of_the_best_parts():
    menu = MENUS["toppings"]
    baked = {tuple(order.values()): menu.taste(order) for order in menu.space.enumerate()}
    best_parts = []
    for place, parameter in enumerate(menu.space.parameters):
        means = {
            o: np.mean([s for pizza, s in baked.items() if pizza[place] == o]) for o in parameter.options
        }
        best_parts.append(max(means, key=means.__getitem__))
    assert tuple(best_parts) != tuple(menu.best.params.values())
    assert baked[tuple(best_parts)] < menu.best.score - 0.1


def test_the_bayesian_menu_scores_the_published_rows_and_hides_its_best():
    menu = MENUS["topping_and_heat"]
    rows = published("bayesian")
    for row in rows:
        score = menu.taste({"topping": row["topping"], "temperature": row["temperature_c"]})
        assert round(score, 1) == row["taste"]
    best_seen = max(rows, key=lambda row: row["taste"])
    assert menu.best.params["topping"] != best_seen["topping"]
    assert menu.best.score > best_seen["taste"] + 0.5


def test_the_genetic_menu_scores_the_published_rows():
    menu = MENUS["three_toppings"]
    for row in published("genetic"):
        order = {name: row[name] for name in menu.space.names}
        assert round(menu.taste(order), 1) == row["fitness"]


def test_the_best_genetic_pizza_is_good_company_not_good_parts():
    menu = MENUS["three_toppings"]
    figs = menu.best.params
    assert figs["topping_3"] == "Figs"
    # On any other meat, bacon is better than figs.
    for meat in menu.space["topping_1"].options:
        with_figs, with_bacon = (
            menu.taste({**figs, "topping_1": meat, "topping_3": top}) for top in ("Figs", "Bacon")
        )
        assert (with_figs > with_bacon) == (meat == "Prosciutto")


# -- old oven, new oven --------------------------------------------------------------------------------------


def likeness_correlation(likeness, some_orders, old_scores):
    return np.corrcoef(old_scores, scores(menus.new_oven(likeness), some_orders))[0, 1]


def test_a_new_oven_is_a_twin_then_a_stranger_then_a_liar():
    old = MENUS["old_oven"]
    some = orders(old, 1500, seed=8)
    old_scores = scores(old, some)
    likenesses = (1, 0.9, 0.75, 0.5, 0.25, 0, -0.25, -0.5, -0.75, -1)
    correlations = [likeness_correlation(likeness, some, old_scores) for likeness in likenesses]
    assert correlations[0] == pytest.approx(1)
    assert all(later < earlier - 0.005 for earlier, later in itertools.pairwise(correlations))
    assert correlations[1] > 0.95
    assert abs(correlations[5]) < 0.15
    assert correlations[-1] == pytest.approx(-0.7, abs=0.1)


def test_a_twin_scores_every_pizza_alike():
    old, twin = MENUS["old_oven"], menus.new_oven()
    some = orders(old, 50)
    assert (scores(old, some) == scores(twin, some)).all()
    assert old.space == twin.space


def test_every_new_oven_has_a_pizza_as_good():
    best = [menus.new_oven(likeness).best for likeness in (1, 0.5, 0, -0.5, -1)]
    assert max(trial.score for trial in best) - min(trial.score for trial in best) < 0.4
    for earlier, later in itertools.pairwise(best):  # the ridge moves toward cooler and shorter
        assert later.params["temperature"] < earlier.params["temperature"]
        assert later.params["minutes"] < earlier.params["minutes"]


def test_what_was_best_in_the_old_oven_burns_in_the_most_misleading_one():
    best = MENUS["old_oven"].best.params
    liar = MENUS["new_oven(-1)"]
    assert liar.taste(best) < 0.1
    assert menus.doneness(liar.pizza(best)) > 2


def test_likeness_turns_smoothly():
    order = {"temperature": 230.0, "minutes": 10.0}
    turned = [menus.new_oven(likeness).taste(order) for likeness in np.linspace(-1, 1, 201)]
    assert np.abs(np.diff(turned)).max() < 0.15


@pytest.mark.parametrize("wrong", [1.01, -2, math.nan, math.inf])
def test_a_likeness_that_makes_no_oven_is_named(wrong):
    with pytest.raises(ValueError, match=rf"likeness must lie in \[-1, 1\], got {wrong}; .*1 is a twin"):
        menus.new_oven(wrong)


@pytest.mark.parametrize("wrong", ["twin", None, True])
def test_a_likeness_that_is_no_number_is_named(wrong):
    with pytest.raises(TypeError, match=f"likeness must be a number, got {wrong!r}"):
        menus.new_oven(wrong)


# -- the tricky ones -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("turning", list(itertools.permutations(("temperature", "minutes"))))
def test_on_the_ridge_one_dial_at_a_time_stops_on_the_slope(turning):
    menu = MENUS["ridge"]

    def stops(order):
        while True:
            turned = order
            for name in turning:
                turned = max(({**turned, name: value} for value in menu.space[name].values()), key=menu.taste)
            if menu.taste(turned) <= menu.taste(order):
                return menu.taste(order)
            order = turned

    ends = np.array([stops(order) for order in list(menu.space.enumerate())[::3]])
    assert (ends < menu.best.score - 0.5).mean() > 0.5


@pytest.mark.parametrize("levels", [5, 6, 11, 21])
def test_a_regular_grid_meets_only_the_bad_stripes(levels):
    menu = MENUS["striped"]
    minutes = np.geomspace(3, 30, 30)
    on_grid = max(
        menu.taste({"temperature": t, "minutes": m}) for t in np.linspace(150, 350, levels) for m in minutes
    )
    assert on_grid < menu.best.score - 2
    rng = np.random.default_rng(0)
    at_random = [
        max(
            menu.taste({"temperature": t, "minutes": m})
            for t in rng.uniform(150, 350, levels)
            for m in minutes
        )
        for _ in range(20)
    ]
    assert np.mean(at_random) > on_grid + 0.5


def climbed(menu, start):
    """Small steps uphill until none is better."""
    place, step = np.array(start), 0.02
    while True:
        around = [
            np.clip(place + step * np.array(move), 0, 1) for move in itertools.product((-1, 0, 1), repeat=2)
        ]
        best = max(around, key=lambda codes: menu.taste(menu.space.decode(codes)))
        if menu.taste(menu.space.decode(best)) <= menu.taste(menu.space.decode(place)):
            return menu.space.decode(place)
        place = best


def test_there_are_two_hills_and_most_climbs_end_on_the_lower():
    menu = MENUS["two_hills"]
    starts = np.random.default_rng(0).random((60, 2))
    tops = [climbed(menu, start) for start in starts]
    gentle = [top for top in tops if top["temperature"] < 230]
    fierce = [top for top in tops if top["temperature"] > 290]
    assert len(gentle) + len(fierce) == len(tops)
    assert len(gentle) > 1.2 * len(fierce) > 0
    assert max(menu.taste(top) for top in gentle) < menu.best.score - 0.8
    assert menu.best.params["temperature"] > 300


def test_the_reversed_twin_mirrors_the_dial_and_keeps_the_minutes():
    old, twin = MENUS["old_oven"], MENUS["reversed_twin"]
    for order in orders(old, 20):
        mirrored = {**order, "temperature": 450 - order["temperature"]}
        assert twin.taste(mirrored) == pytest.approx(old.taste(order), abs=1e-9)
    assert twin.best.params["minutes"] == pytest.approx(old.best.params["minutes"], rel=1e-3)
    assert twin.taste(old.best.params) < old.best.score - 4


def test_the_idle_dial_changes_nothing():
    menu = MENUS["idle_dial"]
    for order in orders(menu, 10):
        assert len({menu.taste({**order, "light": light}) for light in (0, 12.5, 100)}) == 1


def test_the_fan_is_only_in_the_electric_oven_and_best_in_between():
    menu = MENUS["stone_or_electric"]
    with pytest.raises(ValueError, match="fan does not apply here"):
        menu.taste({"oven": "Stone", "topping": "Chorizo", "temperature": 250, "fan": 1})
    still, best, full = (
        menu.taste({**menu.best.params, "fan": fan}) for fan in (0, menu.best.params["fan"], 3)
    )
    stone = max(
        menu.taste({"oven": "Stone", "topping": "Chorizo", "temperature": heat}) for heat in range(150, 351)
    )
    assert still < full < stone < best


def test_pineapple_never_lies_on_stone():
    menu = MENUS["stone_or_electric"]
    with pytest.raises(ValueError, match="ruled out by where=no_pineapple_on_stone"):
        menu.taste({"oven": "Stone", "topping": "Pineapple", "temperature": 250})
    drawn = {(order["oven"], order["topping"]) for order in orders(menu, 300)}
    assert len(drawn) == 7


# -- the taster ----------------------------------------------------------------------------------------------


def test_a_taster_with_the_same_seed_wavers_the_same_way():
    menu = MENUS["old_oven"]
    order = orders(menu, 1)[0]
    first, second, other = (menu.taster(noise=0.3, seed=seed) for seed in (1, 1, 2))
    tasted = [first(order) for _ in range(5)]
    assert tasted == [second(order) for _ in range(5)]
    assert tasted != [other(order) for _ in range(5)]
    assert len(set(tasted)) == 5
    assert first.tasted == 5


def test_the_mood_depends_on_how_many_were_tasted_not_on_what():
    menu = MENUS["old_oven"]
    one, other = orders(menu, 2)
    first, second = menu.taster(seed=3), menu.taster(seed=3)
    first(one), second(other)
    assert first(other) - menu.taste(other) == pytest.approx(second(one) - menu.taste(one))
    expected = 0.3 * np.random.default_rng([3, 1, 3]).standard_normal()
    assert first.noise == 0.3
    assert menu.taster(seed=3).seed == 3
    again = menu.taster(seed=3)
    again(one)
    assert again(other) - menu.taste(other) == pytest.approx(expected)


def test_moods_have_the_spread_they_were_asked_for():
    menu = MENUS["old_oven"]
    order = orders(menu, 1)[0]
    taster = menu.taster(noise=0.5, seed=0)
    moods = np.array([taster(order) for _ in range(800)]) - menu.taste(order)
    assert moods.std() == pytest.approx(0.5, rel=0.1)
    assert moods.mean() == pytest.approx(0, abs=0.06)


def test_without_noise_a_taster_says_the_truth():
    menu = MENUS["old_oven"]
    order = orders(menu, 1)[0]
    assert menu.taster(noise=0, seed=1)(order) == menu.taste(order)


def test_a_taster_without_a_seed_draws_one_and_keeps_it():
    menu = MENUS["old_oven"]
    order = orders(menu, 1)[0]
    one, other = menu.taster(), menu.taster()
    assert one.seed != other.seed
    assert one(order) == menu.taster(seed=one.seed)(order)
    assert f"seed {one.seed}, 1 tasted" in repr(one)


def test_a_wrong_order_does_not_use_up_a_mood():
    taster = MENUS["old_oven"].taster(seed=1)
    with pytest.raises(ValueError, match="temperature must lie in"):
        taster({"temperature": 9000, "minutes": 10})
    assert taster.tasted == 0


@pytest.mark.parametrize(
    "wrong, error, message",
    [
        ({"noise": -0.1}, ValueError, r"noise must lie in \[0, 100\], got -0.1"),
        ({"noise": math.nan}, ValueError, "noise must lie in .* got nan"),
        ({"noise": math.inf}, ValueError, "noise must lie in .* got inf"),
        ({"noise": "some"}, TypeError, "noise must be a number, got 'some'"),
        ({"seed": -1}, ValueError, "seed must be a whole number from 0 up, or None, got -1"),
        ({"seed": 1.5}, ValueError, "seed must be a whole number from 0 up, or None, got 1.5"),
        ({"seed": True}, ValueError, "seed must be a whole number from 0 up, or None, got True"),
    ],
)
def test_a_taster_who_cannot_be_is_refused(wrong, error, message):
    with pytest.raises(error, match=message):
        Taster(MENUS["old_oven"], **wrong)


def test_a_menu_of_ones_own_can_be_made():
    menu = Menu("just pineapple", MENUS["three_toppings"].space, menus.genetic_pizza)
    assert menu.best.params == MENUS["three_toppings"].best.params
