"""Races: numbers held against the same searches run by hand, and who is judged by what."""

from __future__ import annotations

import itertools
import math
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import bootstrap

import pizzatune as pt
from pizzatune import board as board_room
from pizzatune import laps
from pizzatune.pictures import marks
from pizzatune.pictures.marks import Band, Key
from pizzatune.pictures.palette import look_of
from pizzatune.pictures.race import courses_of
from pizzatune.trial import best_so_far

MENU = pt.menus.four_factors()
STRATEGIES = {"grid": pt.GridSearch, "random": pt.RandomSearch, "genetic": pt.GeneticAlgorithm}
LINE = pt.Space(pt.Real("x", 0, 10))
race = partial(pt.race, progress=False)


class Line:
    """The score is how near x is to `target`; nobody says what is best unless asked to."""

    space = LINE

    def __init__(self, target=3.0, known=True, wrong=None):
        self.target = target
        self.best = pt.Trial(0, {"x": target}, 0.0) if known else None
        self.median = -2.5
        self.wrong = wrong

    def taste(self, params):
        return -abs(params["x"] - self.target) if self.wrong is None else self.wrong


class Walk:
    """A foreign strategy: it walks through some places, again and again, and knows no `recommend`."""

    def __init__(self, space, seed, places=(1.0, 2.0, 8.0), stop=None):
        self.places = itertools.cycle(places) if stop is None else iter(places[:stop])
        self.told = []

    def ask(self):
        return {"x": next(self.places)}

    def tell(self, params, score):
        self.told.append((params["x"], score))


class Boaster(Walk):
    """It serves one and the same, whatever it was told."""

    def recommend(self):
        return {"x": 8.0}


def hear(entrant, heard):
    """The entrant, with what it is told kept in `heard` by seed."""

    def make(space, seed):
        made = entrant(space, seed=seed)
        heard[seed] = made.told
        return made

    return make


def shifted(seed):
    return Line(target=float(seed))


def shifted_unknown(seed):
    return Line(target=float(seed), known=False)


def deadly(space, seed):
    os._exit(3)


@pytest.fixture(scope="module")
def board():
    return race(STRATEGIES, MENU, budget=20, seeds=6)


@pytest.fixture(scope="module")
def noisy():
    return race(STRATEGIES | {"bayes": pt.BayesianOptimization}, MENU, budget=9, seeds=4, noise=1.0)


# -- regret --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", STRATEGIES)
def test_regrets_are_those_of_searches_run_by_hand(board, name):
    scores = sorted(MENU.taste(pizza) for pizza in MENU.space.enumerate())
    for seed in range(6):
        found = best_so_far(
            pt.tune(MENU.taste, STRATEGIES[name](MENU.space, seed=seed), 20, progress=False).trials
        )
        expected = (scores[-1] - found) / (scores[-1] - scores[40])
        np.testing.assert_allclose(board.regrets[name][seed], expected)
        np.testing.assert_array_equal(board.scores[name][seed], found)


def test_a_countable_menu_is_measured_by_all_and_a_smooth_one_by_random_pizzas():
    scores = sorted(MENU.taste(pizza) for pizza in MENU.space.enumerate())
    assert laps.yardstick(MENU) == (scores[-1], scores[40])
    ridge = Line()
    del ridge.median
    scale = laps.yardstick(ridge)
    assert scale.best == 0.0
    assert scale.median == pytest.approx(-2.5, abs=0.05)  # |x - 3| is below 2.5 on half of 0 .. 10


def test_the_order_of_entrants_changes_nothing(board):
    turned = race(dict(reversed(STRATEGIES.items())), MENU, budget=20, seeds=range(6))
    assert list(turned.regrets) == list(reversed(STRATEGIES))
    for name in STRATEGIES:
        np.testing.assert_array_equal(turned.regrets[name], board.regrets[name])
    assert turned.wins() == board.wins()


def test_several_processes_find_what_one_finds(noisy):
    racers = STRATEGIES | {"bayes": pt.BayesianOptimization}
    spread = race(racers, MENU, budget=9, seeds=4, noise=1.0, workers=2)
    for name in racers:
        np.testing.assert_array_equal(spread.regrets[name], noisy.regrets[name])


def test_each_seed_may_have_its_own_problem():
    board = race({"walk": partial(Walk, places=(5.0,))}, shifted, budget=1, seeds=[3, 5, 9])
    np.testing.assert_allclose(board.regrets["walk"][:, 0], [2 / 2.5, 0, 4 / 2.5])
    assert board.best_known


def test_where_the_best_is_unknown_the_best_that_anyone_met_stands_for_it():
    racers = {"walk": partial(Walk, places=(6.0, 4.0)), "walker": partial(Walk, places=(8.0, 2.5))}
    board = race(racers, Line(known=False), budget=2, seeds=2)
    assert not board.best_known
    np.testing.assert_allclose(board.regrets["walk"], [[2.5, 0.5]] * 2)
    np.testing.assert_allclose(board.regrets["walker"], [[4.5, 0.0]] * 2)
    assert "The best is not known: in score units" in repr(board)
    own = race(racers, shifted_unknown, budget=2, seeds=[3, 8])
    np.testing.assert_allclose(own.regrets["walk"], [[2.5, 0.5], [2.0, 2.0]])


# -- noise ---------------------------------------------------------------------------------------------------


def test_the_same_noise_for_every_entrant_and_another_for_every_trial_and_seed():
    here, there = {}, {}
    racers = {"here": hear(Walk, here), "there": hear(partial(Walk, places=(9.0,)), there)}
    race(racers, Line(), budget=50, seeds=[4, 7], noise=0.5)
    moods = {
        seed: [np.array([score + abs(x - 3.0) for x, score in heard[seed]]) for heard in (here, there)]
        for seed in (4, 7)
    }
    for one, other in moods.values():
        np.testing.assert_allclose(one, other)
    drawn = np.concatenate([moods[4][0], moods[7][0]])
    assert len(set(drawn.round(12))) == 100
    assert drawn.std() == pytest.approx(0.5, rel=0.25)
    assert abs(drawn.mean()) < 0.15


def test_noise_does_not_share_its_stream_with_the_strategies():
    theirs = [np.random.default_rng([5, number]).standard_normal() for number in range(200)]
    ours = [laps.noise_draw(5, number) for number in range(200)]
    assert abs(np.corrcoef(theirs, ours)[0, 1]) < 0.2


def test_what_is_judged_is_the_true_taste_of_what_is_served():
    board = race({"boaster": Boaster}, Line(), budget=6, seeds=3, noise=2.0)
    np.testing.assert_array_equal(board.scores["boaster"], np.full((3, 6), -5.0))


@pytest.mark.parametrize("name", ["random", "bayes"])
def test_noisy_searches_are_judged_by_what_they_recommend(noisy, name):
    make = {"random": pt.RandomSearch, "bayes": pt.BayesianOptimization}[name]
    for seed in range(4):
        strategy = make(MENU.space, seed=seed)
        for number in range(9):
            params = strategy.ask()
            strategy.tell(params, MENU.taste(params) + laps.noise_draw(seed, number))
            assert noisy.scores[name][seed, number] == MENU.taste(strategy.recommend().params)
    assert (np.diff(noisy.scores[name]) < 0).any()  # luck was followed, and regretted


def test_who_knows_no_recommend_serves_the_best_mean():
    heard = {}
    board = race({"walk": hear(Walk, heard)}, Line(), budget=9, seeds=4, noise=3.0)
    for seed, row in enumerate(board.scores["walk"]):
        for number, true in enumerate(row):
            seen = {}
            for x, score in heard[seed][: number + 1]:
                seen.setdefault(x, []).append(score)
            best = max(seen, key=lambda x: sum(seen[x]) / len(seen[x]))
            assert true == -abs(best - 3.0)
    assert len(set(board.scores["walk"][:, -1])) > 1


# -- the end of a search, time, borrowed trials --------------------------------------------------------------


def test_a_finished_grid_keeps_its_best():
    board = race({"grid": partial(pt.GridSearch, resolution=5)}, Line(3.3), budget=7, seeds=2)
    assert board.trials["grid"].tolist() == [5, 5]
    rows = board.regrets["grid"]
    assert rows[0, 4] > 0
    np.testing.assert_array_equal(rows[:, 5:], np.repeat(rows[:, 4:5], 2, axis=1))
    assert np.isnan(board.seconds["grid"]).sum() == 2 * 2
    stopped = race({"walk": partial(Walk, stop=2)}, Line(), budget=5, seeds=2)
    np.testing.assert_allclose(stopped.scores["walk"], [[-2, -1, -1, -1, -1]] * 2)


class Clock:
    """A watch that only moves when it is told to."""

    now = 0.0

    def __call__(self):
        return self.now


@pytest.mark.parametrize("noise, expected", [(0.0, 3.0), (1.0, 3.0 + 16.0)])
def test_time_inside_the_strategy_is_that_of_ask_and_tell(monkeypatch, noise, expected):
    clock = Clock()
    monkeypatch.setattr(laps.time, "perf_counter", clock)

    class Slow(Walk):
        def ask(self):
            clock.now += 1.0
            return super().ask()

        def tell(self, params, score):
            clock.now += 2.0

        def recommend(self):  # it may do work for the next ask, so it counts where it is called
            clock.now += 16.0
            return {"x": 1.0}

    class SlowLine(Line):
        def taste(self, params):
            clock.now += 100.0
            return super().taste(params)

    board = race({"slow": Slow}, SlowLine(), budget=3, seeds=2, noise=noise)
    np.testing.assert_array_equal(board.seconds["slow"], np.full((2, 3), expected))
    assert board.table()["ms a trial"]["slow"] == 1000 * expected


@pytest.fixture(scope="module")
def borrower():
    trials = pt.tune(MENU.taste, pt.RandomSearch(MENU.space, seed=7), 4, progress=False).trials
    return {"transfer": partial(pt.TransferLearning, source=trials), "random": pt.RandomSearch}


def test_borrowed_trials_count_where_that_is_asked(borrower):
    given = race(borrower, MENU, budget=8, seeds=2)
    counted = race(borrower, MENU, budget=8, seeds=2, count_source=True)
    assert np.isnan(counted.regrets["transfer"][:, :4]).all()
    np.testing.assert_array_equal(counted.regrets["transfer"][:, 4:], given.regrets["transfer"][:, :4])
    np.testing.assert_array_equal(counted.regrets["random"], given.regrets["random"])
    assert counted.table(at=8)[["trials", "borrowed"]].to_numpy().tolist() == [[4, 4], [8, 0]]
    assert given.table(at=8)[["trials", "borrowed"]].to_numpy().tolist() == [[8, 4], [8, 0]]
    assert "Borrowed trials count toward the budget." in repr(counted)
    assert "Borrowed trials do not count toward the budget." in repr(given)
    assert "no trial yet" in repr(race(borrower, MENU, budget=6, seeds=2, at=(2, 6), count_source=True))
    assert counted.wins(3) == {"transfer": 0.0, "random": 1.0}
    with pytest.raises(ValueError, match="'transfer' had no trial of its own after 3 trials"):
        counted.ratio("transfer", "random", at=3)


def test_a_budget_that_is_all_borrowed_is_no_search(borrower):
    board = race(borrower, MENU, budget=4, seeds=2, count_source=True)
    assert board.failed == {
        "transfer": "not run: with seed 0, 4 borrowed trials leave nothing of a budget of 4"
    }
    assert list(board.regrets) == ["random"]


# -- who cannot be run ---------------------------------------------------------------------------------------


def stumbling(where, error=None):
    """A walker that raises, or does something odd, at one place with seed 1."""

    class Stumbler(Walk):
        def __init__(self, space, seed):
            super().__init__(space, seed)
            self.bad = seed == 1
            if where == "making it":
                self.stumble()

        def stumble(self):
            if self.bad and len(self.told) == (0 if where == "making it" else 1):
                raise RuntimeError("ouch")

        def ask(self):
            if where == "nothing" and self.bad:
                raise pt.Exhausted
            if where == "outside" and self.bad:
                return {"x": 11.0}
            if where == "ask()":
                self.stumble()
            return super().ask()

        def tell(self, params, score):
            if where == "tell()":
                self.stumble()
            super().tell(params, score)

        def recommend(self):
            if where == "recommend()":
                self.stumble()
            return {"x": 1.0}

    return Stumbler


@pytest.mark.parametrize(
    "where, words",
    [
        ("making it", "making it raised RuntimeError: ouch"),
        ("ask()", r"ask\(\) in trial 2 raised RuntimeError: ouch"),
        ("tell()", r"tell\(\) in trial 2 raised RuntimeError: ouch"),
        ("recommend()", r"recommend\(\) after trial 1 raised RuntimeError: ouch"),
        ("outside", r"tasting {'x': 11.0} in trial 1 raised ValueError: x must lie in \[0, 10\], got 11"),
        ("nothing", "it suggested nothing"),
    ],
)
def test_one_that_cannot_be_run_is_named_and_the_others_stay(where, words):
    racers = {"walk": Walk, "stumbler": stumbling(where), "random": pt.RandomSearch}
    board = race(racers, Line(), budget=4, seeds=3, noise=0.1)
    without = race({"walk": Walk, "random": pt.RandomSearch}, Line(), budget=4, seeds=3, noise=0.1)
    assert list(board.regrets) == ["walk", "random"]
    for name in without.regrets:
        np.testing.assert_array_equal(board.regrets[name], without.regrets[name])
    with pytest.raises(ValueError, match=f"not run: with seed 1, {words}"):
        board.ratio("walk", "stumbler")
    assert "stumbler was not run: with seed 1" in repr(board)
    assert "stumbler was not run: with seed 1" in board._repr_html_()
    assert board.plot().caption.endswith("stumbler was not run.")
    table = board.table()
    assert table.loc["stumbler", "not run"].startswith("with seed 1")
    assert table.loc["walk", "not run":].isna().all()


def test_a_score_that_is_no_number_is_named():
    board = race([Walk], Line(wrong=math.nan), budget=2, seeds=2)
    assert "raised ValueError: the score was nan, not a finite number" in board.failed["Walk"]
    assert board.regrets == board.wins() == {}
    assert "Walk was not run" in repr(board)
    assert len(board.to_frame()) == 0
    with pytest.raises(ValueError, match="no entrant was run, so there is nothing to draw: Walk was not run"):
        board.plot()


def test_lambdas_do_not_travel_and_that_is_said():
    with pytest.raises(
        TypeError, match=r"entrant 'a' cannot travel to another process .*; leave out workers="
    ):
        race({"a": lambda space, seed: Walk(space, seed)}, Line(), budget=2, seeds=2, workers=2)


def test_what_was_typed_in_does_not_travel_and_that_is_said():
    typed = (
        "import pizzatune as pt\n"
        "def mine(space, seed): return pt.RandomSearch(space, seed=seed)\n"
        "pt.race([mine], pt.menus.toppings(), 2, 2)\n"
        "pt.race([mine], pt.menus.toppings(), 2, 2, workers=2)"
    )
    run = subprocess.run(
        [sys.executable, "-c", typed], cwd=Path(pt.__file__).parents[1], capture_output=True, text=True
    )
    assert "line 4" in run.stderr
    assert "TypeError: entrant 'mine' cannot travel to another process (it was typed in here" in run.stderr


def test_a_worker_that_dies_is_no_riddle():
    with pytest.raises(RuntimeError, match="a worker process ended before its time; in a script, call race"):
        race([deadly], Line(), budget=2, seeds=2, workers=2)


# -- the board -----------------------------------------------------------------------------------------------


def test_the_table_holds_medians_means_and_their_intervals(board):
    table = board.table(at=(5, 20))
    for name, rows in board.regrets.items():
        for at in (5, 20):
            values = rows[:, at - 1]
            assert table.loc[name, f"median at {at}"] == np.median(values)
            assert table.loc[name, f"mean at {at}"] == pytest.approx(np.mean(values))
    values = board.regrets["random"][:, 4]
    theirs = bootstrap((values,), np.mean, method="percentile", n_resamples=9999, rng=7).confidence_interval
    ours = table.loc["random", ["low at 5", "high at 5"]].astype(float)
    np.testing.assert_allclose(ours, theirs, atol=0.03 * np.ptp(values))
    assert list(board.table().filter(like="mean")) == ["mean at 7", "mean at 13", "mean at 20"]


def test_a_ratio_is_paired_and_its_interval_that_of_a_paired_bootstrap():
    rng = np.random.default_rng(0)
    theirs = rng.gamma(2.0, size=12)
    ours = theirs * rng.uniform(0.4, 1.2, size=12)
    value, low, high = board_room.ratio_of_means(ours, theirs)
    assert value == ours.sum() / theirs.sum()
    expected = bootstrap(
        (ours, theirs),
        lambda a, b, axis: a.mean(axis) / b.mean(axis),
        paired=True,
        method="percentile",
        n_resamples=9999,
        rng=7,
    ).confidence_interval
    assert (low, high) == pytest.approx((expected.low, expected.high), abs=0.02 * (high - low) + 0.01)
    assert board_room.ratio_of_means(ours, theirs) == (value, low, high)
    assert board_room.ratio_of_means(ours, theirs, seed=1) != (value, low, high)


def test_a_ratio_of_two_entrants_is_that_of_their_regrets(board):
    for at, trial in ((4, 4), (None, 20)):
        grid, random = (board.regrets[name][:, trial - 1] for name in ("grid", "random"))
        assert board.ratio("grid", "random", at=at) == board_room.ratio_of_means(grid, random)
        assert board.ratio("grid", "random", at=at).value == pytest.approx(grid.mean() / random.mean())


def test_pairing_takes_out_what_the_seeds_have_in_common():
    common = np.array([0.1, 0.9, 0.3, 0.5, 1.4, 0.2])
    assert board_room.ratio_of_means(0.5 * common, common) == pytest.approx((0.5, 0.5, 0.5))
    _, low, high = board_room.ratio_of_means(0.5 * common[::-1], common)
    assert low < 0.4 < 0.6 < high


def test_a_regret_of_nothing_has_a_ratio_too():
    none, some = np.zeros(3), np.array([0.0, 0.2, 0.1])
    assert board_room.ratio_of_means(none, none) == (1.0, 1.0, 1.0)
    assert board_room.ratio_of_means(none, some).value == 0.0
    assert board_room.ratio_of_means(some, none)[::2] == (math.inf, math.inf)
    with pytest.raises(ValueError, match=r"got shapes \(3,\) and \(2,\)"):
        board_room.ratio_of_means(none, some[:2])


def test_ties_share_a_win():
    racers = {name: partial(Walk, places=(place,)) for name, place in {"a": 5.0, "b": 5.0, "c": 8.0}.items()}
    board = race(racers, shifted, budget=1, seeds=[4, 5, 8, 9])
    assert board.wins() == {"a": 0.25, "b": 0.25, "c": 0.5}
    assert board.table()["wins at 1"].tolist() == [0.25, 0.25, 0.5]


def test_the_long_table_has_a_row_for_every_trial(board):
    frame = board.to_frame()
    assert list(frame) == ["entrant", "seed", "trial", "regret", "score", "seconds"]
    assert len(frame) == 3 * 6 * 20
    for name, rows in board.regrets.items():
        wide = frame[frame["entrant"] == name].pivot(index="seed", columns="trial", values="regret")
        np.testing.assert_array_equal(wide, rows)
        assert wide.columns.tolist() == list(range(1, 21))


def test_the_board_reads_as_a_table(board):
    lines = repr(board).splitlines()
    assert lines[0] == "Race on 'four factors': 6 seeds, 20 trials each"
    assert [line.split()[0] for line in lines[1:5]] == ["entrant", *STRATEGIES]
    median = board.table()["median at 20"]["random"]
    assert f"{median:.3f} | " in lines[3]
    page = board._repr_html_()
    assert page.count("<tr>") == 4
    assert f"{median:.3f} | " in page
    assert "noise 1" in repr(race([Boaster], Line(), budget=2, seeds=2, noise=1))


def test_progress_is_by_seeds(monkeypatch):
    bars = []

    class Bar:
        def __init__(self, total, unit, **_):
            self.total, self.unit, self.n = total, unit, 0
            bars.append(self)

        def set_postfix_str(self, *_, **__): ...

        def update(self, more):
            self.n += more

        def close(self): ...

    monkeypatch.setattr("tqdm.auto.tqdm", Bar)
    pt.race([Walk, Boaster], Line(), budget=2, seeds=3, progress=True)
    race([Walk, Boaster], Line(), budget=2, seeds=3)
    assert [(bar.total, bar.unit, bar.n) for bar in bars] == [(3, "seed", 3)]


# -- at the door ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change, error, words",
    [
        ({"entrants": pt.GridSearch}, TypeError, "entrants must be a dict"),
        ({"entrants": "grid"}, TypeError, "entrants must be a dict"),
        ({"entrants": {}}, ValueError, "entrants is empty"),
        (
            {"entrants": {"a": 3}},
            TypeError,
            r"an entrant must be a class or a function of \(space, seed=\), got 3",
        ),
        ({"entrants": [pt.RandomSearch(LINE)]}, TypeError, "functools.partial"),
        ({"entrants": {1: Walk}}, TypeError, "an entrant needs a name, got 1"),
        ({"entrants": [partial(Walk)]}, TypeError, "an entrant needs a name, got None"),
        ({"entrants": [Walk, Walk]}, ValueError, r"entrants share a name in \['Walk', 'Walk'\]"),
        ({"menu": LINE}, TypeError, "a race needs a menu, or another problem"),
        ({"menu": lambda seed: 3}, TypeError, "one for each seed; got 3"),
        ({"budget": 0}, ValueError, "budget must be 1 or more, got 0"),
        ({"budget": 2.5}, TypeError, "budget must be a whole number, got 2.5"),
        ({"budget": True}, TypeError, "budget must be a whole number, got True"),
        ({"seeds": 1}, ValueError, "seeds must be 2 or more, got 1"),
        ({"seeds": "12"}, TypeError, "seeds must be a whole number, got '12'"),
        ({"seeds": [3, 3]}, ValueError, r"seeds must be two or more different ones, got \[3, 3\]"),
        ({"seeds": [3, -1]}, ValueError, "seeds must be 0 or more, got -1"),
        ({"noise": -1}, ValueError, "noise must be 0 or more, got"),
        ({"noise": math.nan}, ValueError, "noise must be 0 or more, got"),
        ({"at": (1, 9)}, ValueError, r"at must name trials from 1 to the budget, 3, got \(1, 9\)"),
        ({"at": ()}, ValueError, "at must name trials"),
        ({"at": "end"}, TypeError, "at must be a whole number, got 'end'"),
        ({"workers": 0}, ValueError, "workers must be 1 or more, got 0"),
    ],
)
def test_what_cannot_be_used_is_named(change, error, words):
    arguments = {"entrants": [Walk], "menu": Line(), "budget": 3, "seeds": 2} | change
    with pytest.raises(error, match=words):
        race(**arguments)


def test_a_best_that_gives_no_unit_is_named():
    flat = Line()
    flat.median = 0.0
    with pytest.raises(ValueError, match="between the best score, 0, and the median of random params, 0"):
        race([Walk], flat, budget=1, seeds=2)
    flat.best = 0.0
    with pytest.raises(TypeError, match=r"a problem's best must be a Trial with a score, or None, got 0\.0"):
        race([Walk], flat, budget=1, seeds=2)


def test_an_entrant_or_a_trial_that_is_not_on_the_board_is_named(board):
    with pytest.raises(
        ValueError, match="no entrant is called 'bayes'; there are 'grid', 'random', 'genetic'"
    ):
        board.ratio("bayes", "random")
    with pytest.raises(ValueError, match="at must name trials from 1 to the budget, 20, got 21"):
        board.ratio("grid", "random", at=21)


# -- the picture ---------------------------------------------------------------------------------------------


def drawn(picture, kind):
    return [mark for mark in picture.marks if isinstance(mark, kind)]


def test_lines_are_medians_and_bands_the_middle_half(board):
    picture, found = board.plot(), courses_of(board)
    (key,), lines, bands = (drawn(picture, kind) for kind in (Key, marks.Line, Band))
    assert [words for words, _, _ in key.entries] == list(found) == list(STRATEGIES)
    for name, line, band in zip(found, lines, bands, strict=True):
        low, median, high = np.percentile(board.regrets[name], (25, 50, 75), axis=0)
        np.testing.assert_array_equal(line.y, median)
        assert line.steps
        np.testing.assert_allclose(np.asarray(band.low)[::2], low)
        np.testing.assert_allclose(np.asarray(band.high)[::2], high)
        # a band is as wide as its staircase: each value holds up to the next trial
        np.testing.assert_array_equal(np.asarray(band.x)[1::2], line.x[1:])
        np.testing.assert_array_equal(np.asarray(band.low)[1::2], np.asarray(band.low)[:-1:2])


def test_lines_can_be_told_apart_without_colour(board):
    (key,) = drawn(board.plot(), Key)
    looks = [look_of("line", style) for _, _, style in key.entries]
    assert len({look.dash for look in looks}) == len({look.stroke for look in looks}) == 3
    assert [line.style for line in drawn(board.plot(), marks.Line)] == [style for *_, style in key.entries]


def test_many_names_get_lines_of_their_own_above_the_race():
    racers = {f"entrant number {name}": partial(Walk, places=(1.0,)) for name in "abcdefgh"}
    picture = race(racers, Line(), budget=3, seeds=2).plot()
    (key,) = drawn(picture, Key)
    assert len({y for _, y, _ in key.laid}) > 1
    (panel,) = picture.panels
    assert key.floor < panel.top
    assert panel.floor < picture.height


def test_borrowed_trials_are_not_drawn(borrower):
    board = race(borrower, MENU, budget=6, seeds=2, count_source=True)
    assert courses_of(board)["transfer"].trials.tolist() == [5, 6]
    picture = pt.plots.race(board, title="Who borrows wins")
    assert "transfer" in picture.caption
    assert picture.panels[0].title == "Who borrows wins"
    assert picture.data.groupby("entrant")["pizza"].min()["transfer"] == 5
