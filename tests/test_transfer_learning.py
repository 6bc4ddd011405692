"""Transfer learning: a head start from an old oven that is alike, and no harm from one that is not."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from pizzatune import menus
from pizzatune.parameters import Choice, Integer, Ordered, Real
from pizzatune.space import Space
from pizzatune.strategies import BayesianOptimization, RandomSearch, TransferLearning
from pizzatune.trial import Trial
from pizzatune.tuning import tune

OVEN = Space(Real("heat", 200, 400), Real("minutes", 4, 20))


def ridge(params):
    """Best at 320 °C and 9 min, 8 points; hotter wants shorter."""
    heat, minutes = (params["heat"] - 320) / 200, (params["minutes"] - 9) / 16
    return 8.0 - 60.0 * (heat + minutes) ** 2 - 6.0 * (heat - minutes) ** 2


def twin(params):
    """The same oven with a dial that reads 8 degrees too low."""
    return ridge({**params, "heat": params["heat"] + 8.0})


def upside_down(params):
    return 8.0 - ridge(params)


def old_run(objective=ridge, seed=0, count=30, space=OVEN):
    return tune(objective, RandomSearch(space, seed=seed), count)


def trials_to(target, strategy, objective, budget=25):
    """How many trials until a score reaches `target`."""
    for number in range(1, budget + 1):
        params = strategy.ask()
        if strategy.tell(params, objective(params)).score >= target:
            return number
    return budget + 1


# -- the head start ----------------------------------------------------------------------------------------


def test_it_starts_near_what_the_old_oven_found_best():
    source = old_run()
    first = TransferLearning(OVEN, source=source, seed=1).ask()
    assert ridge(first) >= source.best_score - 0.5


def test_a_twin_of_the_old_oven_is_tuned_in_fewer_trials():
    from_scratch = [trials_to(7.9, BayesianOptimization(OVEN, seed=seed), twin) for seed in range(6)]
    warm = [
        trials_to(7.9, TransferLearning(OVEN, source=old_run(seed=seed), seed=seed), twin)
        for seed in range(6)
    ]
    assert np.mean(warm) <= 0.75 * np.mean(from_scratch)


def test_without_trust_it_is_plain_bayesian_optimization():
    def tried(strategy):
        return [trial.params for trial in tune(twin, strategy, 8).trials]

    plain = tried(BayesianOptimization(OVEN, seed=3))
    assert tried(TransferLearning(OVEN, source=old_run(), trust=0.0, seed=3)) == plain


def test_a_misleading_oven_does_not_ruin_the_search():
    best = [
        tune(ridge, TransferLearning(OVEN, source=old_run(upside_down, seed=seed), seed=seed), 20).best_score
        for seed in range(4)
    ]
    assert min(best) > 7.5


def test_trust_is_high_in_a_twin_and_fades_in_a_misleading_oven():
    trust = {}
    for name, objective in (("alike", ridge), ("upside down", upside_down)):
        for seed in range(3):
            strategy = TransferLearning(OVEN, source=old_run(objective, seed=seed), seed=seed)
            before = strategy.trust
            tune(ridge, strategy, 12)
            assert 0 <= strategy.trust <= 1
            assert 0.7 < before <= 1
            trust[name, seed] = strategy.trust
    alike, upside = ([trust[name, seed] for seed in range(3)] for name in ("alike", "upside down"))
    assert np.mean(alike) > 0.7
    assert min(alike) > 0.4
    assert max(upside) < 0.2


def test_trust_is_a_function_of_the_trials():
    strategy = TransferLearning(OVEN, source=old_run(), seed=3)
    tune(ridge, strategy, 6)
    assert strategy.rebuilt(strategy.trials).trust == pytest.approx(strategy.trust)


def test_each_why_after_the_opening_tells_the_trust():
    strategy = TransferLearning(OVEN, source=old_run(), seed=3)
    tune(ridge, strategy, 6)
    assert "trust" in strategy.why


# -- other scales, other spaces ----------------------------------------------------------------------------


def test_scores_on_another_scale_help_as_much():
    def in_percent(params):
        return 1000.0 + 100.0 * ridge(params)

    warm = [
        trials_to(7.9, TransferLearning(OVEN, source=old_run(in_percent, seed=seed), seed=seed), twin)
        for seed in range(4)
    ]
    assert np.mean(warm) <= 8


def test_the_old_space_may_have_other_parameters_ranges_and_options():
    old_space = Space(
        Choice("brand", ["Forno", "Hot"]),
        Real("heat", 150, 500),
        Integer("minutes", 2, 30),
        Choice("herb", ["Basil", "Thyme"]),
    )
    new_space = Space(
        Real("heat", 200, 400),
        Real("minutes", 4, 20),
        Choice("herb", ["Basil", "Sage"]),
        Real("fan", 0, 3, when={"herb": ["Sage"]}),
    )
    strategy = TransferLearning(new_space, source=old_run(space=old_space), seed=4)
    for trial in tune(ridge, strategy, 8).trials:
        assert new_space.check(trial.params) == trial.params
    assert strategy.best.score > 6.5


def test_a_source_with_nothing_in_common_is_refused():
    with pytest.raises(ValueError, match=r"shares no parameter with \['herb', 'salt'\].*from scratch"):
        TransferLearning(Space(Choice("herb", ["Basil", "Sage"]), Real("salt", 0, 1)), source=old_run())


# -- what may be a source ----------------------------------------------------------------------------------


def test_a_result_and_its_trials_are_the_same_source():
    result = old_run()
    sources = (result, result.trials, list(result.trials), [result])
    runs = [tune(twin, TransferLearning(OVEN, source=source, seed=6), 5).trials for source in sources]
    assert [[trial.params for trial in run] for run in runs] == [[trial.params for trial in runs[0]]] * 4


def test_of_several_sources_the_one_that_agrees_is_trusted():
    sources = [old_run(upside_down, seed=1), old_run(ridge, seed=2)]
    warm = [trials_to(7.9, TransferLearning(OVEN, source=sources, seed=seed), twin) for seed in range(4)]
    assert np.mean(warm) <= 10


def test_failed_trials_of_the_source_are_no_obstacle():
    trials = list(old_run().trials)
    trials[3:3] = [Trial(99, {"heat": 400.0, "minutes": 20.0}, None, error="burnt")]
    assert trials_to(7.9, TransferLearning(OVEN, source=trials, seed=7), twin) <= 12


def test_the_source_stays_as_it_was():
    result = old_run()
    kept = copy.deepcopy(result.trials)
    trials = list(result.trials)
    strategy = TransferLearning(OVEN, source=trials, seed=8)
    tune(twin, strategy, 4)
    assert result.trials == kept == tuple(trials)
    trials.clear()
    assert TransferLearning(OVEN, source=result, seed=8).rebuilt(strategy.trials).ask() == strategy.ask()


@pytest.mark.parametrize(
    "source", [None, 7, "old", [], [7], [[]], [Trial(0, {"heat": 250.0, "minutes": 5.0}, None)]], ids=str
)
def test_a_source_without_a_score_is_refused(source):
    with pytest.raises((TypeError, ValueError), match="source"):
        TransferLearning(OVEN, source=source)


def test_where_it_has_baked_nothing_is_left_to_doubt():
    """A source's doubts must not count: new bakes cannot lessen them, and it would bake there forever."""
    old, new = menus.old_oven(), menus.new_oven(likeness=0.9)
    source = tune(old.taste, BayesianOptimization(old.space, seed=11), budget=20, progress=False)
    strategy = TransferLearning(new.space, source=source, seed=11)
    trials = tune(new.taste, strategy, budget=12, progress=False).trials
    assert strategy.trust > 0.2
    _, std = strategy.posterior([trial.params for trial in trials])
    assert std.max() < 0.05


@pytest.mark.parametrize("options", [[None, "sqrt", "log2"], ["sqrt", "log2", None]], ids=str)
@pytest.mark.parametrize("kind", [Choice, Ordered])
def test_none_is_an_option_like_any_other(options, kind):
    space = Space(Real("x", 0, 1), kind("features", options))
    source = old_run(lambda params: 10 * (params["features"] is None) - params["x"], space=space)
    for seed in range(4):
        assert TransferLearning(space, source=source, seed=seed).ask()["features"] is None


def test_what_is_asked_before_any_score_says_so():
    strategy = TransferLearning(OVEN, source=old_run(), seed=0)
    whys = [strategy.ask() and strategy.why for _ in range(4)]
    assert [why.partition(":")[0] for why in whys] == [
        "the best of the source",
        "the middle of the space, to see whether the source can be trusted",
        *["drawn at random"] * 2,
    ]


@pytest.mark.parametrize("trust", ["a", True, -0.1, 1.1, float("nan")])
def test_a_trust_that_is_none_is_refused(trust):
    kind, wanted = (TypeError, "be a number") if trust in ("a", True) else (ValueError, r"lie in \[0, 1\]")
    with pytest.raises(kind, match=f"trust must {wanted}, got .*leave it out to have it learned"):
        TransferLearning(OVEN, source=old_run(), trust=trust)
