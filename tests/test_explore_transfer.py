"""Old and new oven side by side: what the picture shows is what the strategies did."""

from __future__ import annotations

import importlib

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.lessons.transfer import BUDGET, OLD_LUCK, Plan, bake
from tests.how_often import TURNS

# The module, not the function of the same name that opens the explorer.
module = importlib.import_module("pizzatune.explore.transfer")


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


@pytest.mark.parametrize("likeness, trust", [(0.9, None), (-1.0, None), (0.3, 0.5)])
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
    assert f"the best is {best:.1f} transferred, {cold.best_score:.1f} from scratch" in explorer.reading


def test_fewer_old_bakes_are_the_beginning_of_the_same_search():
    assert bake(Plan(None, 2), 7) == bake(Plan(None, 2), 12)[:7]
    fresh = by_hand(0.9, 2, 7)[0].trials
    assert [trial.params for trial in bake(Plan(None, 2), 7)] == [trial.params for trial in fresh]


def test_the_marks_lie_where_was_baked(explorer):
    numbers = set_and_settle(explorer, step=5)
    for dots, trials in zip(explorer.dots, (numbers.old, numbers.warm), strict=True):
        assert list(dots.get_xdata()) == [trial.params["temperature"] for trial in trials]
        assert np.allclose(np.exp(dots.get_ydata()), [trial.params["minutes"] for trial in trials])
    assert list(explorer.latest.get_xdata()) == [numbers.warm[4].params["temperature"]]
    best = max(numbers.old, key=lambda trial: trial.score)
    assert [list(star.get_xdata()) for star in explorer.stars] == [[best.params["temperature"]]] * 2


def test_the_step_shows_no_more_than_was_baked_by_then(explorer):
    numbers = set_and_settle(explorer, step=3)
    assert (len(numbers.warm), len(numbers.scratch), numbers.trust.shape) == (3, 3, (2, 3))
    assert "over 3 from scratch" in explorer.reading
    explorer.step.value = 0
    assert "Nothing is baked in the new oven yet" in explorer.reading
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


def test_a_fixed_trust_is_what_the_knob_says(explorer):
    set_and_settle(explorer)
    assert not explorer.trust.enabled
    numbers = set_and_settle(explorer, likeness=-1.0, learned=False, trust=0.4)
    assert explorer.trust.enabled
    assert set(numbers.trust.ravel()) == {0.4}
    assert "trust 0.40 (fixed)" in explorer.reading
    assert explorer.how.get_text() == "fixed at 0.4 by you"


def test_with_no_trust_the_old_oven_is_not_heard(explorer):
    few = set_and_settle(explorer, learned=False, trust=0.0, old_bakes=5).warm
    numbers = set_and_settle(explorer, learned=False, trust=0.0)
    assert set(numbers.trust.ravel()) == {0.0}
    assert [trial.params for trial in numbers.warm] == [trial.params for trial in few]
    assert numbers.warm[0].params == numbers.scratch[0].params
    assert explorer.to_frame()["trust"].dropna().tolist() == [0.0] * 2 * BUDGET


def test_counting_the_old_bakes_moves_the_transferred_line_to_the_right(explorer):
    set_and_settle(explorer, likeness=0.9, old_bakes=20)
    assert explorer.warm_line.get_xdata()[0] == 1
    assert ": 1 transferred" in explorer.reading
    explorer.count.value = True
    assert explorer.warm_line.get_xdata()[0] == 21
    assert explorer.scratch_line.get_xdata()[0] == 1
    assert explorer.best_chart.get_xlim()[1] > 20 + BUDGET
    assert "the 20 old ones included: 21 transferred" in explorer.reading
    explorer.old_bakes.value = 5
    explorer.settle()
    assert explorer.warm_line.get_xdata()[0] == 6
    assert explorer.best_chart.get_xlim()[1] < 20


def test_the_thick_lines_are_means(explorer):
    numbers = set_and_settle(explorer, searches=3)
    assert numbers.warm_best.shape == numbers.scratch_best.shape == (3, BUDGET)
    assert np.array_equal(explorer.warm_line.get_ydata(), np.mean(numbers.warm_best, axis=0))
    assert np.array_equal(explorer.scratch_line.get_ydata(), np.mean(numbers.scratch_best, axis=0))


def test_the_seeds_begin_anew_after_the_last(explorer):
    set_and_settle(explorer, seed=module.LUCKS, searches=2)
    assert [plan.seed for plan in explorer.run.plans] == [module.LUCKS, 1]


def test_what_it_believes_is_what_the_strategy_says(explorer):
    set_and_settle(explorer, likeness=0.5, ground="belief", step=4)
    plan = explorer.data.plan
    new = pt.menus.new_oven(0.5)
    strategy = pt.TransferLearning(new.space, source=list(bake(Plan(None, 1), 20)), seed=1)
    for trial in explorer.data.warm:
        strategy.tell(trial.params, trial.score)
    mean, _ = strategy.posterior(module.PIZZAS)
    np.testing.assert_allclose(module.believed_scores(plan, 4), mean, atol=1e-9)
    assert np.array_equal(explorer.lands[1].pixels, module.land(mean))
    explorer.ground.value = "truth"
    assert not np.array_equal(explorer.lands[1].pixels, module.land(mean))


def test_before_the_first_bake_it_believes_nothing(explorer):
    set_and_settle(explorer, ground="belief", step=0)
    assert np.array_equal(explorer.lands[1].pixels, module.BLANK)


def test_the_ground_is_the_true_score(explorer):
    set_and_settle(explorer, likeness=0.2)
    taste = pt.menus.new_oven(0.2).taste
    scores = module.true_scores(0.2)
    for place in (0, 123, 400, len(module.PIZZAS) - 1):
        assert scores[place] == taste(module.PIZZAS[place])
    assert np.array_equal(explorer.lands[1].pixels, module.land(scores))


@pytest.mark.parametrize("likeness", [None, 1.0, 0.5, 0.1, -0.4, -1.0])
def test_the_summit_is_the_menus_best(likeness):
    best = module.oven_of(likeness).best
    heat, minutes, score = module.summit(likeness)
    assert score == pytest.approx(best.score, abs=0.005)
    assert heat == pytest.approx(best.params["temperature"], abs=2)
    assert minutes == pytest.approx(best.params["minutes"], rel=0.03)


def test_the_table_has_a_row_for_each_bake(explorer):
    numbers = set_and_settle(explorer, step=6)
    table = explorer.to_frame()
    assert len(table) == 2 * 2 * 6
    mine = table[(table["search"] == "transferred") & (table["seed"] == 1)]
    assert mine["score"].tolist() == [trial.score for trial in numbers.warm]
    assert mine["best so far"].tolist() == numbers.warm_best[0].tolist()
    assert table.loc[table["search"] == "from scratch", "trust"].isna().all()


def test_a_new_likeness_shows_its_oven_at_once_and_the_bakes_one_by_one(explorer):
    set_and_settle(explorer, likeness=0.9)
    explorer.likeness.value = -0.63  # nobody has baked there
    assert explorer.running
    assert np.array_equal(explorer.lands[1].pixels, module.land(module.true_scores(-0.63)))
    assert len(explorer.data.warm) == 0
    seen = []
    while explorer.running:
        explorer._advance(0.0)
        seen.append(len(explorer.data.warm))
    assert seen[-1] == BUDGET
    assert set(range(1, BUDGET + 1)) <= set(seen)


def test_random_turns_leave_no_error_and_little_behind(explorer):
    rng = np.random.default_rng(8)
    explorer.settle()
    artists = len(explorer.figure.findobj())
    for _ in range(TURNS):
        control = list(explorer.controls.values())[rng.integers(len(explorer.controls))]
        if hasattr(control, "low"):
            value = rng.uniform(control.low, control.high)
            control.value = round(value) if control.whole else round(value, 1)
        else:
            options = list(getattr(control, "options", {"": True, " ": False}).values())
            control.value = options[rng.integers(len(options))]
        assert explorer.error is None, explorer.reading
    assert len(explorer.figure.findobj()) <= 1.1 * artists
    remembered = importlib.import_module("pizzatune.lessons.transfer")
    assert len(remembered._baked) <= remembered.REMEMBERED
