"""Old and new oven side by side: what the picture shows is what the strategies did."""

from __future__ import annotations

import asyncio
import json

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.explore.ovens_compared import PIZZAS, believed_scores, summit, true_scores
from pizzatune.explore.transfer_explorer import LEFTS, LUCKS, SCRATCH, WARM, Searches
from pizzatune.lessons import transfer as lesson
from pizzatune.lessons.transfer import BUDGET, OLD_LUCK, Plan, bake, oven_of
from pizzatune.pictures.marks import Band, Bars, Dots, Image, Land, Line, Text
from pizzatune.pictures.pizza import pizza_symbol
from pizzatune.pictures.reasons import reason
from tests.how_often import CI, TURNS


@pytest.fixture(scope="module")
def explorer():
    """One for all tests: each sets what it depends on."""
    opened = pt.explore.transfer(searches=2)
    yield opened
    opened.close()


def set_and_settle(explorer, **values):
    usual = {"likeness": 0.9, "old_bakes": 20, "learned": True, "seed": 1, "searches": 2}
    usual |= {"ground": "truth", "count": False, "step": BUDGET}
    explorer.set(**usual | values)
    explorer.settle()
    assert explorer.error is None
    return explorer.data


def by_hand(likeness, seed, old_bakes, trust=None):
    """The same searches with nothing but the doors that everybody uses."""
    old, new = pt.menus.old_oven(), pt.menus.new_oven(likeness)
    before = pt.tune(old.taste, pt.BayesianOptimization(old.space, seed=OLD_LUCK + seed), old_bakes)
    warm = pt.TransferLearning(new.space, source=before, trust=trust, seed=seed)
    cold = pt.BayesianOptimization(new.space, seed=seed)
    return before, *(pt.tune(new.taste, strategy, BUDGET) for strategy in (warm, cold))


def marks_of(explorer, layer, kind, style=""):
    found = [mark for mark in explorer.marks[layer] if isinstance(mark, kind)]
    return [mark for mark in found if not style or mark.style == style]


def line_of(explorer, pen):
    (line,) = marks_of(explorer, "best", Line, f"pen{pen}")
    return line


def best_panel(explorer):
    """The axes of the best so far, whether anything is drawn there or not."""
    return explorer.marks["best"][0].panel


# -- the numbers are the strategies' ------------------------------------------------------------------------


@pytest.mark.parametrize("likeness, trust", [(-1.0, None), (0.3, 0.5), (0.9, None)][: 3 if CI else 2])
def test_its_searches_are_those_of_the_strategies(explorer, likeness, trust):
    fixed = {} if trust is None else {"learned": False, "trust": trust}
    numbers = set_and_settle(explorer, likeness=likeness, old_bakes=12, **fixed)
    before, warm, cold = by_hand(likeness, 1, 12, trust)
    for shown, run in ((numbers.old, before), (numbers.warm, warm), (numbers.scratch, cold)):
        assert [trial.params for trial in shown] == [trial.params for trial in run.trials]
        assert [trial.score for trial in shown] == [trial.score for trial in run.trials]
    assert numbers.trust[0].tolist() == [trial.origin["trust"] for trial in warm.trials]
    best = max(trial.score for trial in warm.trials)
    assert numbers.warm_best[0, -1] == best
    assert (
        f"After 12 bakes the best is {best:.1f}, {cold.best_score:.1f} without the old oven"
        in explorer.reading
    )


def test_fewer_old_bakes_are_the_beginning_of_the_same_search():
    assert bake(Plan(None, 2), 7) == bake(Plan(None, 2), 12)[:7]
    fresh = by_hand(0.9, 2, 7)[0].trials
    assert [trial.params for trial in bake(Plan(None, 2), 7)] == [trial.params for trial in fresh]


def test_the_step_shows_no_more_than_was_baked_by_then(explorer):
    numbers = set_and_settle(explorer, likeness=-0.5, step=3)
    assert (len(numbers.warm), len(numbers.scratch), numbers.trust.shape) == (3, 3, (2, 3))
    assert "; over 3 without (median of 2)" in explorer.reading
    explorer.step.value = 0
    assert "The new oven is still cold. Its best pizza would score" in explorer.reading
    assert explorer.reading.endswith("Pull Likeness down to liar: what becomes of the old favourite?")
    assert explorer.error is None


def test_a_twin_begins_at_the_top_and_a_liar_at_the_bottom(explorer):
    twin = set_and_settle(explorer, likeness=1.0, step=1)
    assert twin.warm_best[0, 0] > twin.top - 0.3
    assert twin.until[0] == 1
    liar = set_and_settle(explorer, likeness=-1.0, step=1)
    assert liar.warm_best[0, 0] < 1


def test_trust_is_read_aloud_and_a_liar_loses_it(explorer):
    twin = set_and_settle(explorer, likeness=0.9)
    assert f"trust {twin.trust[0, -1]:.2f} (learned)" in explorer.reading
    assert twin.trust[:, -1].min() > 0.8
    assert set_and_settle(explorer, likeness=-1.0).trust[:, -1].max() < 0.2


def test_a_fixed_trust_is_what_the_knob_says_and_the_knob_is_there_only_then(explorer):
    set_and_settle(explorer)
    assert not explorer.trust.shown
    assert [mark.text for mark in marks_of(explorer, "trust", Text, "title")] == ["Trust (learned)"]
    numbers = set_and_settle(explorer, likeness=-1.0, learned=False, trust=0.4)
    assert explorer.trust.shown
    assert set(numbers.trust.ravel()) == {0.4}
    assert "trust 0.40 (fixed)" in explorer.reading
    assert [mark.text for mark in marks_of(explorer, "trust", Text, "title")] == ["Trust (fixed at 0.4)"]
    (line,) = marks_of(explorer, "trust", Line)
    assert set(line.y) == {0.4}


def test_with_no_trust_the_old_oven_is_not_heard(explorer):
    few = set_and_settle(explorer, learned=False, trust=0.0, old_bakes=5).warm
    numbers = set_and_settle(explorer, learned=False, trust=0.0)
    assert set(numbers.trust.ravel()) == {0.0}
    assert [trial.params for trial in numbers.warm] == [trial.params for trial in few]
    assert numbers.warm[0].params == numbers.scratch[0].params
    assert explorer.to_frame()["trust"].dropna().tolist() == [0.0] * 2 * BUDGET


def test_the_seeds_begin_anew_after_the_last(explorer):
    set_and_settle(explorer, seed=LUCKS, searches=2)
    assert [plan.seed for plan in explorer.run.plans] == [LUCKS, 1]


def test_the_table_has_a_row_for_each_bake(explorer):
    numbers = set_and_settle(explorer, step=6)
    table = explorer.to_frame()
    assert len(table) == 2 * 2 * 6
    mine = table[(table["search"] == "transferred") & (table["seed"] == 1)]
    assert mine["score"].tolist() == [trial.score for trial in numbers.warm]
    assert mine["best so far"].tolist() == numbers.warm_best[0].tolist()
    assert table.loc[table["search"] == "from scratch", "trust"].isna().all()


@pytest.mark.parametrize("likeness", [None, 1.0, 0.5, 0.1, -0.4, -1.0])
def test_the_summit_is_the_menus_best(likeness):
    best = oven_of(likeness).best
    heat, minutes, score = summit(likeness)
    assert score == pytest.approx(best.score, abs=0.005)
    assert heat == pytest.approx(best.params["temperature"], abs=2)
    assert minutes == pytest.approx(best.params["minutes"], rel=0.03)


# -- the ovens ----------------------------------------------------------------------------------------------


def test_the_marks_lie_where_was_baked(explorer):
    numbers = set_and_settle(explorer, step=5)
    for layer, trials in (("old", numbers.old), ("new", numbers.warm)):
        (dots,) = marks_of(explorer, layer, Dots, "tried")
        assert list(dots.x) == [trial.params["temperature"] for trial in trials]
        assert list(dots.y) == [trial.params["minutes"] for trial in trials]
        for trial, tip in zip(trials, dots.tips, strict=True):
            assert tip.startswith(f"trial {trial.number + 1}: temperature ")
            assert reason(trial.why, trial.origin) in tip
    (latest,) = marks_of(explorer, "new", Dots, "last")
    assert latest.x == [numbers.warm[4].params["temperature"]]
    best = max(numbers.old, key=lambda trial: trial.score)
    for layer in ("old", "new"):
        (star,) = marks_of(explorer, layer, Dots, "best")
        assert (star.x, star.y) == ([best.params["temperature"]], [best.params["minutes"]])


@pytest.mark.parametrize("likeness", [1.0, -1.0])
def test_the_old_favourite_comes_out_of_both_ovens(explorer, likeness):
    numbers = set_and_settle(explorer, likeness=likeness)
    favourite = max(numbers.old, key=lambda trial: trial.score)
    symbols = []
    for layer, menu in (("old", oven_of(None)), ("new", oven_of(likeness))):
        (pizza,) = marks_of(explorer, layer, Image)
        score = menu.taste(favourite.params)
        assert pizza.symbol.name == pizza_symbol(menu.pizza(favourite.params)).name
        assert pizza.plate, "charcoal would not be seen at night"
        assert f"{score:.1f}" in [mark.text for mark in marks_of(explorer, layer, Text, "big")]
        symbols.append(pizza.symbol.name)
    assert (symbols[0] == symbols[1]) == (likeness == 1.0)
    there, here = oven_of(None).taste(favourite.params), oven_of(likeness).taste(favourite.params)
    said = f"The old oven's favourite: {there:.1f} there, {here:.1f} in the new oven."
    assert explorer.reading.split("\n")[0] == said
    assert (here == pytest.approx(there)) if likeness == 1 else (here < 0.05)


def test_the_best_there_is_has_a_white_star_and_its_score_below_the_pizza(explorer):
    set_and_settle(explorer, likeness=0.2)
    for layer, likeness in (("old", None), ("new", 0.2)):
        heat, minutes, score = summit(likeness)
        (star,) = marks_of(explorer, layer, Dots, "truth")
        assert (star.x, star.y) == ([heat], [minutes])
        assert f"☆ best {score:.1f}" in [mark.text for mark in marks_of(explorer, layer, Text, "quiet")]


def test_likeness_is_the_large_slider_under_the_maps_with_names_for_kinds_of_ovens(explorer):
    plan = explorer.likeness.plan()
    assert plan["large"]
    assert [words for _, words in plan["marks"]] == ["liar", "stranger", "cousin", "twin"]
    assert [name for name, one in explorer.controls.items() if getattr(one, "large", False)] == ["likeness"]


def test_what_it_believes_is_what_the_strategy_says(explorer):
    set_and_settle(explorer, likeness=0.5, ground="belief", step=4)
    plan = explorer.data.plan
    new = pt.menus.new_oven(0.5)
    strategy = pt.TransferLearning(new.space, source=list(bake(Plan(None, 1), 20)), seed=1)
    for trial in explorer.data.warm:
        strategy.tell(trial.params, trial.score)
    mean, _ = strategy.posterior(PIZZAS)
    np.testing.assert_allclose(believed_scores(plan, 4).ravel(), mean, atol=1e-9)
    _, ground = marks_of(explorer, "ground", Land)
    assert ground.panel.left == LEFTS[1]
    np.testing.assert_array_equal(ground.scores, believed_scores(plan, 4))
    explorer.ground.value = "truth"
    _, ground = marks_of(explorer, "ground", Land)
    np.testing.assert_array_equal(ground.scores, true_scores(0.5))


def test_before_the_first_bake_it_believes_nothing(explorer):
    set_and_settle(explorer, ground="belief", step=0)
    old, new = marks_of(explorer, "ground", Land)
    assert np.isfinite(old.scores).all()
    assert np.isnan(new.scores).all()


def test_the_ground_is_the_true_score_on_one_colour_scale(explorer):
    set_and_settle(explorer, likeness=0.2)
    old, new = marks_of(explorer, "ground", Land)
    assert old.limits == new.limits == (0.0, 10.0)
    for ground, menu in ((old, pt.menus.old_oven()), (new, pt.menus.new_oven(0.2))):
        for place in (0, 123, 400, len(PIZZAS) - 1):
            assert ground.scores.ravel()[place] == menu.taste(PIZZAS[place])


# -- the charts ---------------------------------------------------------------------------------------------


def test_counting_the_old_bakes_moves_the_transferred_line_to_the_right(explorer):
    set_and_settle(explorer, likeness=0.9, old_bakes=20)
    assert line_of(explorer, WARM).x[0] == 1
    assert "Bakes until within 0.3 of the best: 1; " in explorer.reading
    explorer.count.value = True
    assert line_of(explorer, WARM).x[0] == 21
    assert line_of(explorer, SCRATCH).x[0] == 1
    assert best_panel(explorer).x.high > 20 + BUDGET
    assert "Bakes until within 0.3 of the best: 21 (20 old); " in explorer.reading
    (old,) = marks_of(explorer, "best", Bars, "track")
    assert (old.left, old.right) == ([0.5], [20.5])
    explorer.old_bakes.value = 5
    explorer.settle()
    assert line_of(explorer, WARM).x[0] == 6
    assert best_panel(explorer).x.high < 20


def test_the_thick_lines_are_means_within_the_range_of_all_searches(explorer):
    numbers = set_and_settle(explorer, searches=3)
    assert numbers.warm_best.shape == numbers.scratch_best.shape == (3, BUDGET)
    for pen, table in ((WARM, numbers.warm_best), (SCRATCH, numbers.scratch_best)):
        np.testing.assert_allclose(line_of(explorer, pen).y, table.mean(axis=0))
        (band,) = marks_of(explorer, "best", Band, f"pen{pen}")
        np.testing.assert_allclose([band.low, band.high], [table.min(axis=0), table.max(axis=0)])


def test_before_the_first_bake_the_empty_chart_asks_for_a_guess(explorer):
    set_and_settle(explorer, step=0)
    words = [mark.text for mark in marks_of(explorer, "best", Text, "quiet")]
    assert words == ["Press Play: will it start high?"]
    assert marks_of(explorer, "best", Line) == marks_of(explorer, "trust", Line) == []
    explorer.step.value = 1
    assert marks_of(explorer, "best", Text, "quiet") == []


# -- while it runs ------------------------------------------------------------------------------------------


def test_it_opens_before_its_run_is_at_its_end_and_the_page_has_it_go_on():
    async def watch():
        opened, sent = pt.explore.transfer(seed=3, searches=2), []
        opened.send = sent.append
        at_first = opened.running, len(opened.run.old), opened.enough()
        await asyncio.sleep(0.05)
        waited = opened.running
        opened._take_message(None, {"do": "hello"}, None)
        while opened.running:
            await asyncio.sleep(0.01)
        run = opened.run
        opened.close()
        return at_first, waited, run, len(sent)

    at_first, waited, run, sent = asyncio.run(watch())
    assert at_first == (True, 20, True)
    assert waited, "nobody looks at it yet"
    assert [len(trials) for trials in (*run.warm, *run.scratch)] == [BUDGET] * 4
    assert sent > 1


def test_a_start_at_a_later_bake_waits_for_all_searches(explorer):
    opened = pt.explore.transfer(searches=2, step=2)
    assert not opened.running
    assert not opened.enough()
    opened.close()


def test_a_new_likeness_shows_its_oven_at_once_and_the_bakes_one_by_one(explorer):
    set_and_settle(explorer, likeness=0.9)
    explorer.likeness.value = -0.63  # nobody has baked there
    assert explorer.running
    _, ground = marks_of(explorer, "ground", Land)
    np.testing.assert_array_equal(ground.scores, true_scores(-0.63))
    assert len(explorer.data.warm) == 0
    seen = []
    while explorer.running:
        explorer._advance(0.0)
        seen.append(len(explorer.data.warm))
    assert seen[-1] == BUDGET
    assert set(range(1, BUDGET + 1)) <= set(seen)


def test_it_never_calls_the_searches_that_are_done_all_of_them(explorer):
    set_and_settle(explorer, searches=3)
    explorer.likeness.value = -0.59  # nobody has baked there
    said = set()
    while explorer.running:
        explorer._advance(0.0)
        said.add((explorer.data.done, explorer.reading.split("\n")[-1]))
    for done, words in said:
        full = done == 3
        assert ("median of 3" in words) == full or not explorer.data.step
        assert ("are done" in words) == (not full) or "Pull Likeness" in words
    assert {done for done, _ in said} == {0, 1, 2, 3}


def test_random_turns_leave_no_error_say_short_lines_and_remember_little(explorer):
    rng, sent = np.random.default_rng(8), []
    explorer.settle()
    explorer.send = sent.append
    explorer._take_message(None, {"do": "hello"}, None)
    sent.clear()
    for _ in range(TURNS):
        control = list(explorer.controls.values())[rng.integers(len(explorer.controls))]
        if hasattr(control, "low"):
            value = rng.uniform(control.low, control.high)
            control.value = round(value) if control.whole else round(value, 1)
        else:
            options = list(getattr(control, "options", {"": True, " ": False}).values())
            control.value = options[rng.integers(len(options))]
        assert explorer.error is None, explorer.reading
        first, *others = explorer.reading.split("\n")
        assert len(first) <= 75
        assert all(len(line) <= 89 for line in others)
        assert len(others) <= 2
    explorer._page.listening = False
    assert max(len(json.dumps({k: m[k] for k in m if k != "symbols"})) for m in sent) <= 30_000
    assert len(lesson._baked) <= lesson.REMEMBERED


def test_a_start_outside_its_knob_is_named():
    with pytest.raises(ValueError, match=r"likeness must lie in \[-1, 1\], got 2"):
        pt.explore.transfer(likeness=2)


def test_states_never_change(explorer):
    set_and_settle(explorer, searches=1)
    run = explorer.run
    assert isinstance(run, Searches)
    explorer.seed.value = 2
    explorer.settle()
    assert len(run.warm) == 1
    assert run.plans[0].seed == 1
