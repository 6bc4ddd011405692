"""The duel: you against a strategy, blind, and then the oven is uncovered."""

from __future__ import annotations

import asyncio
import math
import pickle

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.explore.duel_explorer import RIVALS, _told
from pizzatune.menus.secret import TOPPINGS, secret_oven, uphill
from pizzatune.pictures.duel import DARK, MAP, uncovered
from pizzatune.pictures.ground import colours_of
from pizzatune.pictures.marks import Bars, Dots, Land, Line, Rule, Target, Text
from pizzatune.pictures.palette import look_of

FEW = 4  # pizzas of a short duel
ORDERS = [(205.0, 16.0), (265.0, 8.0), (240.0, 10.0), (255.0, 15.0)]


@pytest.fixture
def explorer():
    opened = pt.explore.duel("Genetic", seed=3, pizzas=FEW)
    yield opened
    opened.close()


@pytest.fixture
def over(explorer):
    """All is baked."""
    for heat, minutes in ORDERS:
        explorer.bake(heat, minutes)
    return explorer


def of_kind(marks, kind):
    return [mark for mark in marks if isinstance(mark, kind)]


def everything(explorer):
    return [mark for marks in explorer.marks.values() for mark in marks]


def words(explorer):
    return [mark.text for mark in of_kind(everything(explorer), Text)]


def spots(marks, style):
    return [(float(d.x[0]), float(d.y[0])) for d in of_kind(marks, Dots) if d.style == style]


# -- the oven ------------------------------------------------------------------------------------------------


def test_each_secret_oven_has_its_best_pizza_inside_the_map_and_somewhere_else():
    tops = [uncovered(secret_oven(seed))[1] for seed in range(1, 13)]
    for top in tops:
        assert 155 < top.params["temperature"] < 295
        assert 3.2 < top.params["minutes"] < 28
        assert top.score > 7
    heats, minutes = ([top.params[name] for top in tops] for name in ("temperature", "minutes"))
    assert np.ptp(heats) > 60
    assert max(minutes) > 2 * min(minutes)
    assert len({secret_oven(seed).pizza(tops[0].params).toppings for seed in range(1, 100)}) == len(TOPPINGS)


@pytest.mark.parametrize("seed", [1, 9])
def test_the_quick_climb_finds_what_the_menus_own_search_finds(seed):
    menu = secret_oven(seed)
    assert uncovered(menu)[1].score == pytest.approx(menu.best.score, abs=1e-4)
    assert uphill(menu.taste, dict(menu.best.params))[1] >= menu.best.score


# -- a fair game ---------------------------------------------------------------------------------------------


def test_it_opens_dark_and_tells_what_to_do(explorer):
    (cover,) = of_kind(explorer.marks["ground"], Bars)
    assert (cover.panel, cover.left, cover.right) == (MAP, [MAP.x.low], [MAP.x.high])
    assert (cover.low, cover.high, cover.colours) == ([MAP.y.low], [MAP.y.high], [DARK])
    assert of_kind(everything(explorer), Land) == []
    assert {"Nobody knows this oven yet.", "Pizza 1 of 4", "Mamma Darwin"} <= set(words(explorer))
    assert "Click the map" in explorer.reading
    assert explorer._card.last.score == "No pizza yet"
    (target,) = of_kind(everything(explorer), Target)
    assert target.keys == ("temperature", "minutes", "put_in")
    assert set(target.keys) <= set(explorer.controls)


@pytest.mark.parametrize("opponent", RIVALS)
def test_the_opponents_pizzas_are_those_of_the_strategy_with_that_seed(opponent):
    explorer = pt.explore.duel(opponent, seed=5, pizzas=6).settle()
    menu = secret_oven(5)
    strategy = {
        "Bayesian": lambda: pt.BayesianOptimization(menu.space, seed=5),
        "Genetic": lambda: pt.GeneticAlgorithm(menu.space, population=4, seed=5),
        "Grid": lambda: pt.GridSearch(menu.space, resolution=3),
        "Random": lambda: pt.RandomSearch(menu.space, seed=5),
    }[opponent]()
    by_hand = pt.tune(menu.taste, strategy, budget=6)
    for baked in range(7):
        assert explorer.opponent_result.trials == by_hand.trials[:baked]
        if baked < 6:
            explorer.bake(temperature=200 + 10 * baked)
    assert explorer.to_frame()["opponent_score"].tolist() == [trial.score for trial in by_hand.trials]
    explorer.close()


def test_until_the_end_nothing_shows_what_the_opponent_baked(explorer):
    for heat, minutes in ORDERS[:-1]:
        explorer.bake(heat, minutes)
        theirs = explorer.opponent_result.trials
        drawn = "".join(repr(vars(mark)) for mark in everything(explorer))
        for trial in theirs:
            assert f"{trial.params['temperature']:.0f} °C, {trial.params['minutes']:.1f}" not in drawn
            assert str(trial.params["temperature"]) not in drawn
        assert np.isnan(explorer.to_frame()["opponent_score"]).all()
        assert explorer.data.truth is None
        assert of_kind(everything(explorer), Land) == []
        assert f"{len(theirs)} under lids" in words(explorer)


def test_who_peeks_sees_the_best_score_and_no_more(explorer):
    assert not explorer.peek.enabled
    explorer.bake(230, 10)
    assert of_kind(explorer.marks["climbs"], Rule) == []
    explorer.peek.value = True
    (rule,) = of_kind(explorer.marks["climbs"], Rule)
    assert rule.at == explorer.opponent_result.best_score
    assert f"best so far {rule.at:.1f}" in words(explorer)


# -- baking --------------------------------------------------------------------------------------------------


def test_your_path_lies_where_you_baked_in_the_colours_of_its_scores(explorer):
    for heat, minutes in ORDERS[:3]:
        explorer.bake(heat, minutes)
    marks = explorer.marks["mine"]
    assert spots(marks, "mine") == ORDERS[:3]
    scores = [secret_oven(3).taste({"temperature": h, "minutes": m}) for h, m in ORDERS[:3]]
    colours = [d.colours[0] for d in of_kind(marks, Dots) if d.style == "mine"]
    assert colours == colours_of(np.array(scores), (0, 10))
    assert {"1", "2", "3", *(f"{score:.1f}" for score in scores)} <= set(words(explorer))
    (path,) = (line for line in of_kind(marks, Line) if line.style == "pen0")
    assert list(zip(path.x, path.y, strict=True)) == ORDERS[:3]
    assert f"{scores[2]:.1f} points" in explorer.reading


def test_a_click_bakes_there_and_turns_the_dials(explorer):
    x, y = float(MAP.x.share(241.0)), float(MAP.y.share(12.0))
    explorer.clicked("map", x, y)
    assert (explorer.temperature.value, explorer.minutes.value) == (240, 12.0)
    assert explorer.result.trials[0].params == {"temperature": 240.0, "minutes": 12.0}
    explorer.clicked("map", 0.0, 1.0)
    assert explorer.result.trials[1].params == {"temperature": 150.0, "minutes": 30.0}


def test_the_button_bakes_where_the_dials_stand(explorer):
    explorer.set(temperature=210, minutes=7.0)
    explorer._take_message(None, {"do": "turn", "turn": 1, "values": {"put_in": True}}, None)
    assert explorer.result.trials[0].params == {"temperature": 210.0, "minutes": 7.0}
    assert explorer.put_in.value == 1


def test_the_hint_is_the_largest_loss_of_the_pizza(explorer):
    explorer.bake(300, 30)
    worst = min(explorer.menu.judge(explorer.result.trials[0].params), key=lambda part: part.points)
    assert f"It lost most to: {worst.label.lower()} (−{-worst.points:.1f})" in explorer.reading


def test_your_pizza_is_there_before_the_opponent_has_thought():
    explorer = pt.explore.duel("Bayesian", pizzas=FEW)

    async def press():
        explorer.put_in.value += 1
        assert len(explorer.data.mine) == 1  # its first model loads scipy, which takes a while
        return len(explorer._rival.trials)

    assert asyncio.run(press()) <= 1
    assert len(explorer.settle().data.theirs) == 1
    explorer.close()


# -- the end -------------------------------------------------------------------------------------------------


def test_in_the_end_the_map_is_uncovered_under_both_paths(over):
    top = over.data.top
    (land,) = of_kind(over.marks["ground"], Land)
    assert np.nanmax(land.scores) <= top.score + 1e-9
    assert spots(over.marks["star"], "truth") == [(top.params["temperature"], top.params["minutes"])]
    assert spots(over.marks["mine"], "mine") == ORDERS
    theirs = [tuple(trial.params.values()) for trial in over.opponent_result.trials]
    assert spots(over.marks["theirs"], "theirs") == theirs
    styles = {mark.style for mark in of_kind(over.marks["climbs"], Line)}
    assert styles == {"best", "pen1"}
    (curtain,) = of_kind(over.marks["curtain"], Bars)
    assert curtain.style == "curtain"
    assert look_of("bar", "curtain").opacity == 0  # where nothing moves it is never seen


def test_both_regrets_are_points_below_the_best(over):
    missed = [over.data.top.score - one.best_score for one in (over.result, over.opponent_result)]
    assert over.data.missed == pytest.approx(missed)
    said = f"You missed the best by {missed[0]:.1f} points, Darwin by {missed[1]:.1f}."
    assert over.reading.startswith(said)
    bars = [bars for bars in of_kind(over.marks["said"], Bars) if bars.style.startswith("pen")]
    assert [bar.right[0] for bar in bars] == pytest.approx([min(one, 5) for one in missed])
    assert over._card.heading == "Your best"


@pytest.mark.parametrize(
    "mine, theirs, said",
    [
        (0.4, 0.9, "You missed the best by 0.4 points, Bayes by 0.9"),
        (0.0, 0.9, "You found the best there is, Bayes missed it by 0.9"),
        (0.0, 0.0, "You found the best there is, and so did Bayes"),
        (0.7, 0.0, "You missed the best by 0.7 points, Bayes by 0.0"),
    ],
)
def test_the_verdict_is_in_plain_words(mine, theirs, said):
    assert _told(mine, "Bayes", theirs) == said


def test_a_rematch_is_on_the_next_oven_and_the_tally_goes_on(over):
    before = over.data.missed
    won = (1, 0) if round(before[0], 1) < round(before[1], 1) else (0, 1)
    assert over.data.tally == won
    assert (over.rematch.shown, over.put_in.shown) == (True, False)
    over.rematch.value += 1
    over.settle()
    assert (over.seed.value, over.put_in.value, over.data.mine) == (4, 0, ())
    assert (over.rematch.shown, over.put_in.shown) == (False, True)
    assert over.data.menu.name == "Oven 4"
    assert over.data.tally == won
    top = uncovered(over.menu)[1].params
    for _ in range(FEW):
        over.bake(**top)
    assert sum(over.data.tally) == 2 or round(over.data.missed[1], 1) == 0
    assert over.data.missed[0] == pytest.approx(0.0, abs=1e-9)


def test_the_second_duel_in_an_oven_one_knows_does_not_count(over):
    tally, top = over.data.tally, over.data.top.params
    over.put_in.value = 0
    assert over.settle().data.mine == ()
    for _ in range(FEW):
        over.bake(**top)
    assert over.data.tally == tally


def test_another_opponent_may_try_the_same_oven_afterwards(over):
    mine = over.result.trials
    over.opponent.value = "Random"
    over.settle()
    assert over.result.trials == mine
    by_hand = pt.tune(over.menu.taste, pt.RandomSearch(over.menu.space, seed=3), budget=FEW)
    assert over.data.theirs == by_hand.trials
    assert over.data.missed is not None


def test_after_the_last_oven_comes_the_first():
    explorer = pt.explore.duel(seed=99, opponent="Random")
    explorer.rematch.value += 1
    assert explorer.settle().seed.value == 1
    explorer.close()


# -- a result like any other ---------------------------------------------------------------------------------


def test_what_you_did_is_a_result_like_any_other(over):
    result = over.result
    assert isinstance(result, pt.Result)
    assert [trial.params for trial in result.trials] == [
        {"temperature": heat, "minutes": minutes} for heat, minutes in ORDERS
    ]
    assert {trial.why for trial in result.trials} == {"you baked here"}
    assert result.best_score == max(over.menu.taste(trial.params) for trial in result.trials)
    assert "ByHand: 4 pizzas, 4 of 4 baked" in repr(result)
    assert len(result.to_frame()) == FEW
    assert pt.plots.map(result, menu=over.menu).data["score"].tolist() == [t.score for t in result.trials]
    assert result.plot().caption.startswith("Best taste score")
    travel = result.explore()
    assert travel.data.timeline.trials == result.trials
    travel.close()
    warm = pt.TransferLearning(over.menu.space, source=result, seed=0)
    assert over.menu.space.check(warm.ask())
    assert pickle.loads(pickle.dumps(result)).trials == result.trials


def test_asked_for_more_the_hand_draws_at_random(over):
    more = pt.tune(over.menu.taste, over.result.strategy, budget=2)
    assert len(more.trials) == FEW + 2
    assert len(over.result.trials) == FEW


# -- hostile calls -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments, error, words",
    [
        ({"opponent": "Nonna"}, ValueError, "opponent must be one of .*'Grid', 'Random'.*, got 'Nonna'"),
        ({"opponent": "bayes"}, ValueError, "did you mean 'Bayesian'?"),
        ({"opponent": None}, ValueError, "opponent must be one of .*, got None"),
        ({"seed": 0}, ValueError, r"seed must lie in \[1, 99\], got 0"),
        ({"pizzas": 2}, ValueError, r"pizzas must lie in \[3, 20\], got 2"),
        ({"pizzas": 4.5}, ValueError, "pizzas must be a whole number"),
    ],
)
def test_a_duel_that_cannot_be_is_refused(arguments, error, words):
    with pytest.raises(error, match=words):
        pt.explore.duel(**arguments)


def test_a_pizza_too_many_and_a_dial_too_far_are_refused(over):
    with pytest.raises(ValueError, match=r"all 4 pizzas of this duel are baked; write explorer.rematch"):
        over.bake()
    over.put_in.value = 99  # pressed again and again: nothing happens
    assert over.put_in.value == FEW
    over.clicked("map", 0.5, 0.5)
    assert len(over.result.trials) == FEW
    over.rematch.value += 1
    for wrong in ({"temperature": 400}, {"minutes": math.nan}, {"temperature": "hot"}):
        with pytest.raises((TypeError, ValueError), match="must"):
            over.bake(**wrong)
    assert over.result.trials == ()
    over.put_in.value = -3
    assert over.put_in.value == 0


def test_a_new_number_of_pizzas_starts_anew(over):
    over.pizzas.value = 5
    assert over.settle().data.mine == ()
    assert over.data.pizzas == 5
