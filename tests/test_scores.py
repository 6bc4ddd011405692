"""One rule for scores: what one door takes, all take, and what one refuses, all refuse in the same words."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

import pizzatune as pt
from pizzatune.checks import score_of

SPACE = pt.Space(pt.Choice("oven", ["Stone", "Electric"]))
STONE = {"oven": "Stone"}


class Points(float):
    """A float of someone's own, which adds its unit when it is shown."""

    def __repr__(self):
        return f"{float(self)} points"


class Tensor:
    """A number of another library, as torch and jax have them: it has no ndim that numpy would know."""

    ndim = 0

    def __float__(self):
        return 6.5


class Moody:
    """An object that refuses to be a number, and to be shown."""

    def __float__(self):
        raise RuntimeError("not today")

    def __repr__(self):
        raise RuntimeError("nor now")


def forgetful(params):
    """Has no return."""


def generator(params):
    yield 6.5


TAKEN = [
    (6.5, 6.5),
    (7, 7.0),
    (-(10**300), -1e300),
    (np.float16(0.5), 0.5),
    (np.float32(0.25), 0.25),
    (np.float64(-2), -2.0),
    (np.longdouble(3), 3.0),
    (np.int8(-4), -4.0),
    (np.uint64(5), 5.0),
    (np.array(6.5), 6.5),
    (np.array(7), 7.0),
    (np.array(Fraction(1, 2), dtype=object), 0.5),
    (pd.Series([8.5]).iloc[0], 8.5),
    (pd.DataFrame({"a": [3]})["a"].mean(), 3.0),
    (Fraction(1, 4), 0.25),
    (Decimal("7.25"), 7.25),
    (Points(9), 9.0),
    (Tensor(), 6.5),
    (5e-324, 5e-324),
    (-1.7976931348623157e308, -1.7976931348623157e308),
]
REFUSED = [
    (None, r"got None; end the function with a line such as `return score`"),
    (True, "got True; return 1 instead"),
    (np.bool_(False), "got np.False_; return 0 instead"),
    (np.array(True), r"got array\(True\); return 1 instead"),
    ("7.5", r"got '7.5'; put float\(...\) around it"),
    ("tasty", "got 'tasty'; return a number, such as 1.0"),
    (np.array("7.5"), r"put float\(...\) around it"),
    (b"7.5", r"got b'7.5'; put float\(...\) around it"),
    ([7.5], r"got \[7.5\]; return one of its items"),
    ((0.5, {"epochs": 3}), r"return one of its items"),
    ({7.5}, "return one of its items"),
    ({"loss": 0.5}, r"got \{'loss': 0.5\}; return one of its values"),
    (np.array([7.5]), r"got array\(\[7.5\]\); take the number out of it with .item\(\)"),
    (pd.Series([7.5]), r"take the number out of it with .item\(\)"),
    (np.array([7.0, 8.0]), r"return one number, such as its .mean\(\)"),
    (1 + 2j, r"got \(1\+2j\); return its real part"),
    (np.complex128(1 + 2j), r"return its real part"),
    (np.datetime64("2026-01-01"), "return a number"),
    (np.ma.masked, "return a number|of it"),
    (generator({}), "a plain function, without yield or async, gives one"),
    (max, "got <built-in function max>; return what it gives: call it"),
    (Moody(), "got <Moody instance at"),
    (list(range(10_000)), r"got \[0, 1, .*\.\.\.\]; return one of its items"),
]
NOT_FINITE = [
    (math.nan, "the score was nan, not a finite number"),
    (np.float32("inf"), "the score was inf, not a finite number"),
    (-math.inf, "the score was -inf, not a finite number"),
    (np.array(math.nan), "the score was nan, not a finite number"),
    (10**400, r"the score was 1000.*\.\.\..*000, too large for a float; use a larger unit"),
    (-(10**5000), "the score was a whole number of about 5,001 digits, too large for a float"),
    (Decimal("-1e400"), r"the score was Decimal\('-1E\+400'\), too large for a float"),
    (Fraction(10**400, 3), "too large for a float"),
]


def names(members):
    return [f"{place}-{type(member[0]).__name__}" for place, member in enumerate(members)]


def tuned(value):
    (trial,) = pt.tune(lambda params: value, pt.RandomSearch(SPACE, seed=0), budget=1).trials
    return trial


def raced(value):
    return pt.race([pt.RandomSearch], pt.menus.from_function(lambda params: value, SPACE), budget=1, seeds=2)


@pytest.mark.parametrize("value, score", TAKEN, ids=names(TAKEN))
def test_every_door_takes_the_same_numbers_as_plain_floats(value, score):
    told = pt.RandomSearch(SPACE, seed=0).tell(STONE, value)
    best = pt.menus.from_function(lambda params: value, SPACE, best=STONE).best
    for taken in (
        score_of(value),
        tuned(value).score,
        told.score,
        best.score,
        pt.Trial(0, STONE, value).score,
    ):
        assert type(taken) is float
        assert taken == score
    np.testing.assert_array_equal(raced(value).scores["RandomSearch"], [[score], [score]])


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("value, message", REFUSED, ids=names(REFUSED))
def test_every_door_refuses_the_same_and_says_what_to_do(value, message):
    with pytest.raises(TypeError, match=message) as refused:
        score_of(value)
    assert tuned(value).error == str(refused.value)
    assert str(refused.value) in raced(value).failed["RandomSearch"]
    with pytest.raises(TypeError, match="got"):
        pt.RandomSearch(SPACE, seed=0).tell(STONE, value)
    with pytest.raises(TypeError, match=message):
        pt.menus.from_function(lambda params: value, SPACE, best=STONE)
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize("value, message", NOT_FINITE, ids=names(NOT_FINITE))
def test_a_score_that_is_not_finite_fails_its_trial_at_every_door(value, message):
    with pytest.raises(ValueError, match=message) as refused:
        score_of(value)
    told = pt.RandomSearch(SPACE, seed=0).tell(STONE, value)
    assert (tuned(value).score, told.score) == (None, None)
    assert tuned(value).error == told.error == str(refused.value)
    assert str(refused.value) in raced(value).failed["RandomSearch"]
    with pytest.raises(ValueError, match=message):
        pt.Trial(0, STONE, value)


def test_what_was_told_is_spoken_of_as_told():
    strategy = pt.RandomSearch(SPACE, seed=0)
    with pytest.raises(TypeError, match=r"tell needs a score or an error, got neither; write tell\(params, "):
        strategy.tell(STONE)
    with pytest.raises(TypeError, match=r"got \[1, 2\]; tell one of its items"):
        strategy.tell(STONE, [1, 2])
    with pytest.raises(TypeError, match=r"got False; tell 0 instead"):
        strategy.tell(STONE, False)
    with pytest.raises(TypeError, match=r"not both; got score=7 and error='burnt'; leave one out"):
        strategy.tell(STONE, 7, error="burnt")
    assert strategy.trials == strategy.pending == []


# -- a race in which nobody gets anywhere --------------------------------------------------------------------


def broken(space, seed):
    raise ValueError("the oven is cold")


def silent(space, seed):
    strategy = pt.RandomSearch(space, seed=seed)
    strategy.ask = lambda: next(iter(()))
    return strategy


def stubborn(space, seed):
    strategy = pt.RandomSearch(space, seed=seed)
    strategy.tell = lambda params, score: 1 / 0
    return strategy


def stray(space, seed):
    strategy = pt.RandomSearch(space, seed=seed)
    strategy.ask = lambda: {"oven": "Microwave"}
    return strategy


FAIL = {
    "raises": (pt.RandomSearch, lambda params: params["crust"], "raised KeyError: 'crust'"),
    "text": (pt.GridSearch, lambda params: "good", "higher is better, got 'good'; return a number"),
    "several": (pt.GeneticAlgorithm, lambda params: (1, 2), r"got (1, 2); return one of its items"),
    "inf": (pt.BayesianOptimization, lambda params: math.inf, "the score was inf, not a finite number"),
    "maker": (broken, lambda params: 1.0, "making it raised ValueError: the oven is cold"),
    "silent": (silent, lambda params: 1.0, "it suggested nothing"),
    "stubborn": (stubborn, lambda params: 1.0, "tell() in trial 1 raised ZeroDivisionError"),
    "stray": (stray, lambda params: 1.0, "oven must be one of ['Stone', 'Electric'], got 'Microwave'"),
}


@pytest.mark.parametrize("own_problems", [False, True], ids=["one problem", "one a seed"])
@pytest.mark.parametrize("best", [None, pt.Trial(0, STONE, 9.0)], ids=["best unknown", "best known"])
@pytest.mark.parametrize("how", FAIL)
def test_a_race_in_which_every_entrant_failed_says_why_each_did(how, best, own_problems):
    make, objective, why = FAIL[how]
    menu = pt.menus.from_function(objective, SPACE, best=best)
    board = pt.race({"a": make, "b": make}, (lambda seed: menu) if own_problems else menu, budget=2, seeds=2)
    assert set(board.failed) == {"a", "b"}
    assert all(why in reason for reason in board.failed.values())
    assert repr(board).count(why) == board._repr_html_().replace("&#x27;", "'").count(why) == 2
    assert list(board.table()["not run"]) == [
        reason.removeprefix("not run: ") for reason in board.failed.values()
    ]
    assert (board.wins(), len(board.to_frame()), board.regrets) == ({}, 0, {})
    with pytest.raises(ValueError, match="no entrant was run, so there is nothing to draw"):
        board.plot()


def test_who_fails_does_not_take_the_others_along():
    menu = pt.menus.from_function(lambda params: 1.0 + (params["oven"] == "Stone"), SPACE)
    board = pt.race({"mine": broken, "grid": pt.GridSearch}, menu, budget=2, seeds=2)
    assert list(board.regrets) == ["grid"]
    assert "mine was not run: with seed 0, making it raised ValueError: the oven is cold" in repr(board)


def test_the_unit_of_regret_is_measured_on_what_gives_a_score():
    def picky(params):
        if params["oven"] == "Stone":
            raise ValueError("the oven is cold")
        return 5.0

    menu = pt.menus.from_function(picky, SPACE, best=pt.Trial(0, STONE, 9.0))
    board = pt.race({"grid": pt.GridSearch}, menu, budget=2, seeds=2)
    assert "the oven is cold" in board.failed["grid"]
