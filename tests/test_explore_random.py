"""Tossed pizzas beside a grid, and four reels: draws are the strategies', shadows fall where they should."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.explore.reels import MENU, SPINS, all_scores, drawn
from pizzatune.explore.tossing import BAR, KITCHENS, MAPS, Tally
from pizzatune.lessons.random import duel
from pizzatune.menus.salty import DIALS, SaltyKitchen
from pizzatune.pictures.marks import Arrival, Bars, Dots, Image, Land, Line, Text
from tests.how_often import TURNS


@pytest.fixture(scope="module")
def explorer():
    opened = pt.explore.random()
    yield opened
    opened.close()


@pytest.fixture
def machine():
    opened = pt.explore.random(view="reels", machine=3)
    yield opened
    opened.close()


def asked_by_hand(strategy, kitchen, number):
    """What a strategy asks for when it is told every score on the way."""
    trials = pt.tune(kitchen.taste, strategy, budget=number, progress=False).trials
    return [[trial.params["temperature"], trial.params["salt"]] for trial in trials], [
        t.score for t in trials
    ]


def of_kind(marks, kind):
    return [mark for mark in marks if isinstance(mark, kind)]


def words(marks):
    return [mark.text for mark in of_kind(marks, Text)]


# -- two dials -----------------------------------------------------------------------------------------------


def test_it_opens_in_the_first_kitchen_before_anything_is_known():
    explorer = pt.explore.random()
    assert (explorer.seed.value, explorer.view.value) == (1, "dials")
    assert len(explorer.data.grid_best) == len(explorer.data.drawn_best) == 1
    assert explorer.seed.seconds * KITCHENS < 30
    assert not any(control.shown for control in (explorer.spin, explorer.machine))


@pytest.mark.parametrize("sampler", ["independent", "sobol"])
@pytest.mark.parametrize("levels, matters, seed", [(3, 0, 13), (2, 100, 1), (5, 35, 40)])
def test_its_pizzas_are_those_of_the_strategies_run_by_hand(explorer, sampler, levels, matters, seed):
    explorer.set(levels=levels, sampler=sampler, matters=matters, seed=seed)
    explorer.settle()
    kitchen = SaltyKitchen(seed, matters / 100)
    space = pt.Space(*DIALS[:2])
    searches = {
        "grid": pt.GridSearch(space, resolution=levels, order="rows"),
        "drawn": pt.RandomSearch(space, sampler=sampler, seed=seed),
    }
    for name, strategy in searches.items():
        pizzas, scores = asked_by_hand(strategy, kitchen, levels**2)
        side = getattr(explorer.data, name)
        assert side.pizzas.tolist() == pizzas
        np.testing.assert_allclose(side.scores, scores)


def test_a_grid_tries_few_temperatures_and_random_draws_one_each(explorer):
    explorer.set(sampler="independent", seed=13, matters=0)
    for levels in (2, 3, 6):
        explorer.levels.value = levels
        explorer.settle()
        assert explorer.data.grid.places == (levels, levels)
        assert explorer.data.drawn.places == (levels**2, levels**2)
        said = f"the grid tries {levels} temperatures, random search {levels**2}."
        assert said in explorer.reading


def test_the_more_salt_matters_the_fewer_kitchens_random_search_wins(explorer):
    explorer.set(levels=3, sampler="independent", seed=KITCHENS)
    explorer.settle()
    wins, leads = [], []
    for matters in (0, 50, 100):
        explorer.matters.value = matters
        wins.append(explorer.data.random_wins)
        leads.append(explorer.data.drawn_best.mean() - explorer.data.grid_best.mean())
        assert f"random search won {wins[-1]} of 100 kitchens" in explorer.reading
    assert wins[0] > 55 > wins[1] > wins[2]
    assert leads[0] > 0.1 > -0.1 > leads[1] > leads[2]


def test_its_tally_is_that_of_the_lesson(explorer):
    explorer.set(levels=4, sampler="independent", matters=20, seed=60)
    explorer.settle()
    by_lesson = duel(0.2, per_dial=4, seeds=range(1, 61))
    np.testing.assert_allclose(explorer.data.grid_best, by_lesson.grid)
    np.testing.assert_allclose(explorer.data.drawn_best, by_lesson.drawn)


def test_the_bar_fills_from_both_ends_as_kitchens_are_won(explorer):
    explorer.set(levels=3, sampler="independent", matters=0, seed=40)
    explorer.settle()
    track, won = of_kind(explorer.marks["bar"], Bars)
    grid, drawn = explorer.data.wins
    assert grid + drawn == 40
    assert (list(won.left), list(won.right)) == ([0, KITCHENS - drawn], [grid, KITCHENS])
    assert (track.left, track.right) == ([0], [KITCHENS])
    assert {f"Grid {grid}", f"Random {drawn}"} <= set(words(explorer.marks["bar"]))
    assert BAR.x.high == KITCHENS


def test_a_search_has_one_pen_everywhere(explorer):
    explorer.set(levels=3, sampler="independent", matters=50, seed=9)
    explorer.settle()
    assert of_kind(explorer.marks["bar"], Bars)[1].styles == ["pen0", "pen1"]
    for number in (0, 1):
        used = {dots.style for dots in of_kind(explorer.marks[f"pizzas {number}"], Dots)}
        assert used == {f"pen{number}", f"star{number}"}


def test_turning_salt_moves_no_pizza_but_changes_what_it_scores(explorer):
    explorer.set(levels=3, sampler="independent", matters=0, seed=13)
    explorer.settle()
    before, run = explorer.data, explorer.run
    explorer.matters.value = 100
    assert explorer.run is run  # nothing was asked again
    assert (explorer.data.drawn.pizzas == before.drawn.pizzas).all()
    assert (explorer.data.drawn.scores <= before.drawn.scores).all()
    assert explorer.data.drawn.scores.min() < before.drawn.scores.min() - 1


@pytest.mark.parametrize("number", [0, 1])
def test_shadows_lie_where_their_pizzas_do(explorer, number):
    explorer.set(levels=2, sampler="independent", matters=100, seed=7)
    explorer.settle()
    data = explorer.data
    one = (data.grid, data.drawn)[number]
    dots = of_kind(explorer.marks[f"pizzas {number}"], Dots)
    (above,) = (mark for mark in dots if mark.panel and mark.panel.floor < MAPS[number].top)
    (beside,) = (mark for mark in dots if mark.panel and mark.panel.left > MAPS[number].right)
    pizzas, star = (mark for mark in dots if mark.panel == MAPS[number])
    np.testing.assert_array_equal(np.column_stack([pizzas.x, pizzas.y]), one.pizzas)
    heats, salts = (np.unique(dial) for dial in one.pizzas.T)  # each shadow once
    np.testing.assert_array_equal(np.sort(above.x), heats)
    np.testing.assert_array_equal(np.sort(beside.y), salts)
    np.testing.assert_allclose(above.y, data.kitchen.heat_cost(np.array(above.x)))
    np.testing.assert_allclose(beside.x, data.kitchen.salt_cost(np.array(beside.y)))
    assert [star.x[0], star.y[0]] == one.pizzas[one.best].tolist()
    assert (above.panel.x, beside.panel.y) == (MAPS[number].x, MAPS[number].y)


def test_a_dot_that_hides_others_says_how_many(explorer):
    explorer.set(levels=3, sampler="independent", matters=0, seed=2)
    explorer.settle()
    assert [word for word in words(explorer.marks["pizzas 0"]) if "×" in word] == ["×3"] * 6
    assert [word for word in words(explorer.marks["pizzas 1"]) if "×" in word] == []
    above = next(dots for dots in of_kind(explorer.marks["pizzas 0"], Dots) if dots.panel and dots.tips)
    assert above.tips[0] == "175 °C: 3 pizzas"


def test_the_land_is_lightest_where_the_best_pizza_lies(explorer):
    explorer.set(matters=100, seed=13)
    kitchen = explorer.data.kitchen
    first, second = of_kind(explorer.marks["land"], Land)
    row, column = np.unravel_index(first.scores.argmax(), first.scores.shape)
    heats, salts = (np.linspace(dial.low, dial.high, len(first.scores)) for dial in DIALS[:2])
    assert heats[column] == pytest.approx(kitchen.best_temperature, abs=np.diff(heats)[0])
    assert salts[row] == pytest.approx(kitchen.best_salt, abs=np.diff(salts)[0])
    np.testing.assert_array_equal(first.scores, second.scores)
    assert (first.panel.x, first.panel.y) == (second.panel.x, second.panel.y)


def test_another_kitchen_has_other_draws_and_one_more_in_the_tally(explorer):
    explorer.set(levels=3, sampler="independent", matters=0, seed=13)
    explorer.settle()
    before = explorer.data
    explorer.seed.value = 14
    assert (explorer.data.drawn.pizzas != before.drawn.pizzas).all()
    assert (explorer.data.grid.pizzas == before.grid.pizzas).all()
    assert sum(explorer.data.wins) == sum(before.wins) + 1 == 14
    assert explorer.reading.startswith("Kitchen 14: ")


def test_kitchens_stream_in_and_states_never_change():
    async def watch():
        explorer = pt.explore.random(seed=KITCHENS)
        explorer.levels.value = 5
        first = explorer.run
        kept = first.drawn_costs.copy()
        assert explorer.data.grid.places == (5, 5)
        assert len(explorer.data.grid_best) == len(first.grid_costs)
        while explorer.running:
            await asyncio.sleep(0.01)
        return explorer, first, kept

    explorer, first, kept = asyncio.run(watch())
    assert len(first.grid_costs) < KITCHENS == len(explorer.data.grid_best)
    assert (first.drawn_costs == kept).all()
    assert (explorer.run.drawn_costs[: len(kept)] == kept).all()
    explorer.close()


def test_the_table_has_both_searches(explorer):
    explorer.set(levels=2, sampler="independent", matters=100, seed=3)
    explorer.settle()
    table = explorer.to_frame()
    assert table["search"].tolist() == ["grid"] * 4 + ["random"] * 4
    kitchen = SaltyKitchen(3, 1.0)
    scores = [kitchen.taste(row) for row in table[["temperature", "salt"]].to_dict("records")]
    np.testing.assert_allclose(table["score"], scores)


def test_the_card_shows_the_best_pizza_of_each_search(explorer):
    explorer.set(levels=3, sampler="independent", matters=0, seed=1)
    explorer.settle()
    card, data = explorer._card, explorer.data
    assert (card.heading, card.best_heading) == ("Best of the grid", "Best of random")
    scores = [f"{side.scores.max():.1f} points" for side in (data.grid, data.drawn)]
    assert [card.last.score, card.best.score] == scores
    assert card.last.symbol.name != card.best.symbol.name  # 275 °C is golden there, 231 °C is pale


def test_best_scores_follow_from_the_costs():
    costs = np.array([[[1.0, 2.0], [3.0, 0.0]]])
    best, other = Tally(1, "independent", costs, costs + 1).best(0.5)
    assert best.tolist() == [9.5 - 2.0]
    assert other.tolist() == [9.5 - 3.5]


# -- four reels ----------------------------------------------------------------------------------------------


def on_the_line(layers, number):
    """The option of a reel that lies in the middle of the window."""
    line = next(bars for bars in of_kind(layers["machine"], Bars) if bars.style == "payline")
    (option,) = (
        mark.text for mark in of_kind(layers[f"reel {number}"], Text) if line.low[0] < mark.y < line.high[0]
    )
    return option


def test_every_spin_is_a_draw_of_random_search(machine):
    search = pt.RandomSearch(pt.menus.toppings().space, seed=3)
    for spin in range(1, 6):
        params = search.ask()
        machine.spin.value = spin
        assert [on_the_line(machine.marks, number) for number in range(4)] == list(params.values())
        assert machine.data.trials[-1].score == pt.menus.toppings().taste(params)
        assert machine.reading.startswith(f"Spin {spin}: {', '.join(params.values())}: ")


def test_a_reel_comes_from_where_it_stood(machine):
    machine.set(spin=7)
    before = [on_the_line(machine.marks, number) for number in range(4)]
    machine.spin.value = 8
    for number, option in enumerate(before):
        marks = machine.marks[f"reel {number}"]
        (arrival,) = of_kind(marks, Arrival)
        places = [(mark.y, mark.text) for mark in of_kind(marks, Text)]
        line = next(y for y, text in places if text == on_the_line(machine.marks, number))
        assert [text for y, text in places if abs(y + arrival.y - line) < 1] == [option]


def test_before_the_first_spin_it_shows_what_the_article_drew(machine):
    halls = machine.marks["halls"]
    scores = [pt.menus.taste.taste(pt.menus.random_pizza(row)) for row in pt.menus.published("random")]
    assert {f"{score:.1f}" for score in scores} <= set(words(halls))
    tips = [image.tip for image in of_kind(halls, Image)]
    assert tips[0] == "Parmesan, Bacon, Peppers, BBQ"
    assert "lists Pepperoni as a cheese" in tips[1]
    assert machine.to_frame().empty


def test_the_halls_hold_the_best_and_the_worst(machine):
    machine.spin.value = 20
    scores = sorted((trial.score for trial in machine.data.trials), reverse=True)
    fame, shame = machine.data.halls
    assert [trial.score for trial in fame] == scores[:3]
    assert [trial.score for trial in shame] == scores[:-4:-1]
    assert [f"{score:.1f}" for score in scores[:3]] == words(machine.marks["halls"])[1:4]
    machine.spin.value = 4
    assert [len(hall) for hall in machine.data.halls] == [3, 1]


def test_how_good_the_best_is_can_be_counted(machine):
    machine.spin.value = 12
    every = np.array([MENU.taste(params) for params in MENU.space.enumerate()])
    assert machine.data.better_than == pytest.approx((every < machine.data.best.score).mean())
    assert f"better than {100 * machine.data.better_than:.0f} % of the menu" in machine.reading
    assert len(all_scores()) == 1080


def test_the_lever_spins_once_until_the_dough_is_gone(machine):
    def levers():
        return [dots for dots in of_kind(machine.marks["lever"], Dots) if "lever" in dots.names]

    assert len(levers()) == 1
    machine.clicked("lever", 0.5, 0.5)
    assert (machine.spin.value, len(machine.data.trials)) == (1, 1)
    machine.spin.value = SPINS
    assert levers() == []
    machine.clicked("lever", 0.5, 0.5)
    assert machine.spin.value == SPINS
    assert len(drawn(3)) == SPINS


def test_the_staircase_climbs_to_the_best(machine):
    machine.spin.value = 30
    (stairs,) = of_kind(machine.marks["film"], Line)
    assert stairs.y[-1] == machine.data.best.score
    assert (np.diff(stairs.y) >= 0).all()


def test_from_one_view_to_the_other_and_back(machine):
    machine.view.value = "dials"
    assert machine.data.kitchen.seed == 1
    assert [machine.seed.shown, machine.spin.shown] == [True, False]
    machine.view.value = "reels"
    assert [machine.seed.shown, machine.spin.shown] == [False, True]
    assert machine.data.machine == 3
    assert machine.error is None


# -- both ----------------------------------------------------------------------------------------------------


def test_sentences_are_three_short_lines(explorer, machine):
    for matters, seed in ((0, 1), (45, 100)):
        explorer.set(matters=matters, seed=seed, sampler="independent", view="dials")
        explorer.settle()
        machine.spin.value = min(seed, SPINS)
        for one in (explorer, machine):
            lines = one.reading.split("\n")
            assert len(lines) == 3
            assert max(map(len, lines)) <= 85, lines


def test_random_turns_leave_no_error(explorer):
    rng = np.random.default_rng(3)
    chances = {"levels": 0.03, "sampler": 0.03, "matters": 0.4, "seed": 0.34, "view": 0.05, "spin": 0.15}
    for _ in range(TURNS):
        name = rng.choice(list(chances), p=list(chances.values()))
        value = {
            "levels": int(rng.integers(2, 7)),
            "sampler": str(rng.choice(["independent", "sobol"])),
            "matters": int(rng.integers(0, 101)),
            "seed": int(rng.integers(1, KITCHENS + 1)),
            "view": str(rng.choice(["dials", "reels"])),
            "spin": int(rng.integers(0, SPINS + 1)),
        }[name]
        explorer.controls[name].value = value
        assert explorer.error is None, explorer.reading
    explorer.settle()
    assert explorer.error is None


@pytest.mark.parametrize(
    "start, message",
    [
        ({"levels": 7}, r"levels must lie in \[2, 6\], got 7"),
        ({"matters": -5}, r"matters must lie in \[0, 100\] %, got -5"),
        ({"sampler": "dice"}, r"sampler must be one of Independent, Sobol, got 'dice'"),
        ({"seed": 0}, r"seed must lie in \[1, 100\], got 0"),
        ({"view": "cards"}, r"view must be one of Two dials, Four reels, got 'cards'"),
    ],
)
def test_a_start_outside_its_knob_is_named(start, message):
    with pytest.raises(ValueError, match=message):
        pt.explore.random(**start)


def test_every_dot_and_shadow_has_a_tip_and_a_count_stands_over_its_dot():
    explorer = pt.explore.random()
    for number in (0, 1):
        marks = explorer.marks[f"pizzas {number}"]
        dots = [mark for mark in marks if isinstance(mark, Dots) and mark.panel is not None]
        assert all(len(mark.tips) == len(mark.x) for mark in dots)
    marks = explorer.marks["pizzas 0"]
    placed = [mark for mark in marks if isinstance(mark, Dots) and mark.panel is not None]
    above = next(mark for mark in placed if mark.panel.top < MAPS[0].top)
    counts = [mark for mark in marks if isinstance(mark, Text) and mark.anchor == "middle"]
    assert {mark.text for mark in counts} == {"×3"}
    assert [mark.x for mark in counts] == pytest.approx(above.panel.across(above.x).tolist())
    over = above.panel.down(above.y) - [mark.y for mark in counts]
    assert over.min() >= 7
    assert over.max() <= 12
