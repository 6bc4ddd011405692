"""What our messages say: they speak of what the user wrote, and the remedy fits what came."""

from __future__ import annotations

import multiprocessing
import random
import re
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from functools import partial

import numpy as np
import pandas as pd
import pytest

import pizzatune as pt
from pizzatune.checks import shown
from pizzatune.parameters import Choice, Integer, Ordered, Real
from pizzatune.space import Space

SPACE = Space(
    Real("heat", 150, 300, unit="°C"),
    Integer("minutes", 4, 20),
    Choice("oven", ["wood", "gas"], labels=["Wood-fired oven", "Gas oven"]),
    Ordered("size", [200, 250]),
    Choice("flour", ["00", "Manitoba"]),
)
ORDER = {"heat": 200, "minutes": 9, "oven": "wood", "size": 200, "flour": "00"}
MENU = pt.menus.from_function(lambda params: params["heat"], SPACE)


class Endless:
    """An object of which the text is long and has several lines."""

    def __repr__(self):
        return "Endless(\n" + "dough\n" * 10_000 + ")"


def taste(params):
    return params["heat"]


# -- params --------------------------------------------------------------------------------------------------

NO_NUMBER = [
    (np.True_, "got np.True_; write 1 instead"),
    ("250", "got '250'; write 250 without quotes"),
    (" 2e2 ", "got ' 2e2 '; write 2e2 without quotes"),
    ("210,5", "got '210,5'; write 210.5 without quotes"),
    ("hot", "got 'hot'; write a number, such as {low}"),
    ("", "got ''; write a number, such as {low}"),
    (b"250", "got b'250'; put float(...) around it"),
    (Decimal("250"), "got Decimal('250'); put float(...) around it"),
    (np.array([250.0]), "got array([250.]); take the number out of it with .item()"),
    (np.array(250), "got array(250); take the number out of it with .item()"),
    (np.array([250.0, 260.0]), "got array([250., 260.]); write one number, such as its .mean()"),
    (np.array("250"), "write 250 without quotes"),
    (pd.Series([250.0]), "take the number out of it with .item()"),
    ([250], "got [250]; write one of its items"),
    (range(250, 260), "got range(250, 260); write one of its items"),
    ({"value": 250}, "got {'value': 250}; write one of its values"),
    (250 + 0j, "got (250+0j); write its real part, or its size abs(...)"),
    (max, "got <built-in function max>; write what it gives: call it"),
    (timedelta(minutes=7), "got datetime.timedelta(seconds=420); write a number, such as {low}"),
    (pd.NA, "got <NA>; write a number, such as {low}"),
    (Endless(), "got Endless( dough dough"),
]


@pytest.mark.parametrize("name", ["heat", "minutes"])
@pytest.mark.parametrize(
    "value, words", NO_NUMBER, ids=[f"{i}-{type(v).__name__}" for i, (v, _) in enumerate(NO_NUMBER)]
)
def test_what_is_no_number_is_told_what_would_be_one(name, value, words):
    with pytest.raises(TypeError) as refused:
        SPACE.check({**ORDER, name: value})
    message = str(refused.value)
    assert message.startswith(f"{name} must be a number, ")
    assert words.replace("{low}", str(SPACE[name].low)) in message
    assert ("quotes" in message) == (isinstance(value, str | np.ndarray) and "quotes" in words)
    assert len(message) < 300
    assert "\n" not in message


@pytest.mark.parametrize(
    "value, plain", [(Fraction(401, 2), 200.5), (np.float32(200.5), 200.5), (np.int16(200), 200)]
)
def test_whatever_is_a_real_number_is_taken(value, plain):
    assert SPACE.check({**ORDER, "heat": value})["heat"] == plain


@pytest.mark.parametrize(
    "name, value, words",
    [
        ("oven", "Gas oven", "write 'gas', which is shown as 'Gas oven'"),
        ("oven", "Wood", "did you mean 'wood'?"),
        ("oven", "gaz", "did you mean 'gas'?"),
        ("oven", 7, "must be one of ['wood', 'gas'], got 7; choose one of these"),
        ("oven", None, "got None; choose one of these"),
        ("size", "250", "must be one of [200, 250], got '250'; write 250, without quotes"),
        ("flour", 00, "got 0; choose one of these"),
        ("flour", "manitoba", "did you mean 'Manitoba'?"),
    ],
    ids=str,
)
def test_what_is_no_option_is_told_of_the_one_that_reads_like_it(name, value, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        SPACE.check({**ORDER, name: value})


@pytest.mark.parametrize(
    "value, words",
    [
        (900, "got 900; choose a value inside, or widen the space"),
        (float("nan"), "got nan; choose a value inside"),
        (float("inf"), "got inf; choose a value inside"),
        (10**5000, "got a whole number of about 5,001 digits; choose a value inside"),
        (np.float32(0.1), "got 0.1; choose a value inside, or widen the space"),
    ],
    ids=["outside", "nan", "inf", "5,001 digits", "float32"],
)
def test_a_value_outside_is_told_where_inside_is(value, words):
    with pytest.raises(ValueError, match=re.escape(f"heat must lie in [150, 300] °C, {words}") + "$"):
        SPACE.check({**ORDER, "heat": value})


@pytest.mark.parametrize(
    "params, words",
    [
        (pt.Trial(0, ORDER, 1.0), "pass its .params"),
        (pt.tune(taste, pt.RandomSearch(SPACE, seed=0), budget=1), "pass its .best_params"),
        (pd.Series(ORDER), "pass .to_dict() of one row"),
        ([ORDER], "pass one of its items"),
        ("heat=200", "got 'heat=200'; write {'heat': ...}"),
        (None, "got None; write {'heat': ...}"),
        ((200, 9), "got (200, 9); write {'heat': ...}"),
    ],
    ids=range(7),
)
def test_what_are_no_params_is_told_where_the_params_are(params, words):
    with pytest.raises(TypeError) as refused:
        SPACE.check(params)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    "name, words", [("heta", "did you mean 'heat'?"), ("crust", "leave it out"), (7, "leave it out")]
)
def test_a_name_with_a_typo_is_told_of_the_one_that_was_meant(name, words):
    for ask in (lambda: SPACE.check({**ORDER, name: 1}), lambda: SPACE.encode([{**ORDER, name: 1}])):
        with pytest.raises(ValueError, match=re.escape(words) + "$"):
            ask()


# -- making a space, a strategy, a search, a race ------------------------------------------------------------


def told():
    strategy = pt.BayesianOptimization(SPACE, seed=0)
    strategy.tell(ORDER, 7)
    return strategy


def kept(path):
    return pt.tune(taste, pt.RandomSearch(SPACE), 1, store=path)


MADE = {
    "Decimal end": (
        lambda: Real("x", 0, Decimal("0.5")),
        "x: high must be a number, got Decimal('0.5'); put float",
    ),
    "no end": (lambda: Real("x", None, 1), "x: low must be a number, got None; write a number"),
    "array end": (lambda: Real("x", 0, np.array(2.0)), "take the number out of it with .item()"),
    "text end": (lambda: Real("x", "0.5", 1), "got '0.5'; write 0.5 without quotes"),
    "pair for an end": (lambda: Real("x", (0, 1), 2), "got (0, 1); write one of its items"),
    "whole float": (lambda: Integer("n", 1.0, 9), "n: low must be a whole number, got 1.0; write 1"),
    "whole text": (lambda: Integer("n", "1", 9), "got '1'; write 1 without quotes"),
    "half": (lambda: Integer("n", 1, 9.5), "got 9.5; round it, to 9 say, or use Real"),
    "true end": (lambda: Integer("n", True, 9), "got True; write 1 instead"),
    "no step": (lambda: Integer("n", 1, 9, step=None), "step must be a whole number, got None; leave it out"),
    "text step": (
        lambda: Real("x", 0, 1, step="0.1"),
        "got '0.1'; write 0.1 without quotes, or leave it out",
    ),
    "base of a log": (lambda: Real("x", 1, 9, log=10), "log must be True or False, got 10; write log=True"),
    "log to 0": (lambda: Real("x", -1, 0, log=True), "must start above 0, got low=-1; leave out log=True"),
    "log from 0": (lambda: Integer("n", 0, 9, log=True), "got low=0; start higher, e.g. at 1"),
    "swapped": (lambda: Real("x", 9, 1), "got low=9, high=1; swap them"),
    "no range": (lambda: Integer("n", 5, 5), "got low=5, high=5; widen them, or write Ordered('n', [5])"),
    "unit": (lambda: Real("x", 0, 1, unit=5), "x: unit must be text, got 5; write unit='5'"),
    "set of options": (lambda: Choice("x", {"a"}), "got {'a'}; put them in order, e.g. sorted(...)"),
    "array of options": (
        lambda: Choice("x", np.array([1, 2])),
        "got array([1, 2]); write .tolist() behind it",
    ),
    "options one by one": (lambda: Choice("x", iter("ab")), "; write list(...) of it"),
    "one option": (lambda: Choice("x", "Stone"), "got 'Stone'; write ['Stone']"),
    "bytes of options": (lambda: Choice("x", b"ab"), "got b'ab'; write [b'ab']"),
    "when one": (lambda: Real("x", 0, 1, when={"oven": "gas"}), "got 'gas'; write ['gas']"),
    "when none": (lambda: Real("x", 0, 1, when={"oven": []}), "got []; name the values with which x exists"),
    "list of parameters": (
        lambda: Space([Real("x", 0, 1)]),
        "write Space(Real(...), Choice(...)), without [ ]",
    ),
    "menu for a space": (lambda: pt.RandomSearch(MENU), "write RandomSearch(menu.space)"),
    "nothing for a space": (lambda: pt.GridSearch(None), "got None; write GridSearch(pt.Space(...))"),
    "text seed": (lambda: pt.RandomSearch(SPACE, seed="1"), "got '1'; write 1 without quotes"),
    "negative seed": (lambda: pt.RandomSearch(SPACE, seed=-1), "got -1; write e.g. seed=1"),
    "generator for a seed": (
        lambda: pt.RandomSearch(SPACE, seed=np.random.default_rng(1)),
        "write a whole number from 0",
    ),
    "population": (lambda: pt.GeneticAlgorithm(SPACE, population=1), "got 1; choose a larger one"),
    "float population": (lambda: pt.GeneticAlgorithm(SPACE, population=8.0), "got 8.0; write 8"),
    "mutation": (lambda: pt.GeneticAlgorithm(SPACE, mutation="0.1"), "got '0.1'; write 0.1 without quotes"),
    "mutation in %": (
        lambda: pt.GeneticAlgorithm(SPACE, mutation=10),
        "lie in [0, 1], got 10; choose a smaller one",
    ),
    "acquisition": (
        lambda: pt.BayesianOptimization(SPACE, acquisition="UCB"),
        "got 'UCB'; did you mean 'ucb'?",
    ),
    "no acquisition": (
        lambda: pt.BayesianOptimization(SPACE, acquisition=None),
        "got None; choose one of these",
    ),
    "kappa": (
        lambda: pt.BayesianOptimization(SPACE, kappa=None),
        "kappa must be a number, got None; write a number",
    ),
    "noise": (lambda: pt.BayesianOptimization(SPACE, noise=0), "must be above 0, got 0; choose a larger one"),
    "sampler": (lambda: pt.RandomSearch(SPACE, sampler="Sobol"), "got 'Sobol'; did you mean 'sobol'?"),
    "order": (
        lambda: pt.GridSearch(SPACE, order=1),
        "order must be 'spread' or 'rows', got 1; choose one of these",
    ),
    "resolution": (lambda: pt.GridSearch(SPACE, resolution={"heta": 3}), "did you mean 'heat'?"),
    "half a level": (lambda: pt.GridSearch(SPACE, resolution=2.5), "got 2.5; round it, to 2 say"),
    "trust": (lambda: pt.TransferLearning(SPACE, source=[], trust="1"), "got '1'; write 1 without quotes"),
    "source": (lambda: pt.TransferLearning(SPACE, source=None), "got None; pass what pt.tune gave back"),
    "called": (lambda: pt.tune(taste(ORDER), pt.RandomSearch(SPACE)), "got 200; pass the function itself"),
    "menu": (lambda: pt.tune(MENU, pt.RandomSearch(SPACE)), "pass its .taste"),
    "turned": (
        lambda: pt.tune(pt.RandomSearch(SPACE), taste),
        "the objective comes first, then the strategy",
    ),
    "class": (lambda: pt.tune(taste, pt.RandomSearch), "call it with a space first: RandomSearch(space)"),
    "name": (lambda: pt.tune(taste, "random"), "got 'random'; pass e.g. RandomSearch(space)"),
    "space": (lambda: pt.tune(taste, MENU), "pass RandomSearch(menu.space)"),
    "budget": (lambda: pt.tune(taste, pt.RandomSearch(SPACE), 1e2), "got 100.0; write 100 (for no limit"),
    "text budget": (
        lambda: pt.tune(taste, pt.RandomSearch(SPACE), "30"),
        "got '30'; write 30 without quotes",
    ),
    "all cores": (
        lambda: pt.tune(taste, pt.RandomSearch(SPACE), 3, workers=-1),
        "got -1; choose a larger one",
    ),
    "minutes": (
        lambda: pt.tune(taste, pt.RandomSearch(SPACE), seconds=timedelta(minutes=1)),
        "write a number",
    ),
    "executor": (
        lambda: pt.tune(taste, pt.RandomSearch(SPACE), 3, executor=4),
        "got 4; for so many threads, write workers=4",
    ),
    "objective in a race": (
        lambda: pt.race([pt.RandomSearch], taste, 3),
        "pass pt.menus.from_function(objective, space)",
    ),
    "name in a race": (lambda: pt.race(["random"], MENU, 3), "got 'random'; pass pt.GridSearch"),
    "made for a race": (
        lambda: pt.race([pt.RandomSearch(SPACE)], MENU, 3),
        "pass pt.RandomSearch, or for one",
    ),
    "one in a race": (lambda: pt.race(pt.RandomSearch, MENU, 3), "put it in [ ]"),
    "one seed": (lambda: pt.race([pt.RandomSearch], MENU, 3, seeds=1), "got 1; choose a larger one"),
    "noise in a race": (
        lambda: pt.race([pt.RandomSearch], MENU, 3, noise="some"),
        "got 'some'; write a number",
    ),
    "text for a flag": (
        lambda: pt.RandomSearch(SPACE, repeats="no"),
        "repeats must be True or False, got",
    ),
    "number for a flag": (lambda: pt.GridSearch(SPACE, edges=1), "edges must be True or False, got 1"),
    "number for a file": (
        lambda: kept(5),
        "got 5; write e.g. store='friday",
    ),
    "True for a file": (
        lambda: kept(True),
        "the name of a file, got True",
    ),
    "no file": (
        lambda: kept(""),
        "must be the name of a file, got ''",
    ),
    "bytes for a file": (
        lambda: pt.load(b"friday.pizza"),
        "the name of a file, got b'friday",
    ),
    "nothing to load": (lambda: pt.load(None), "path must be the name of a file, got None; write e.g. path="),
    "empty source": (
        lambda: pt.TransferLearning(SPACE, source=[]),
        "no trial with a score, got 0",
    ),
    "strange source": (
        lambda: pt.TransferLearning(SPACE, source=[pt.Trial(0, {"salt": 1}, 1.0)]),
        "a source, with ['salt'], shares no parameter with ['heat',",
    ),
    "look": (
        lambda: pt.race([pt.RandomSearch], MENU, 3, at=1.5),
        "at must be a whole number, got 1.5",
    ),
    "menu not made": (
        lambda: pt.race([pt.RandomSearch], pt.menus.four_factors, 3),
        "call it first: four",
    ),
    "guess of nothing": (lambda: told().posterior(None), "params must be a dict with keys ['heat',"),
    "guess of a number": (lambda: told().acquisition(0.5), "got 0.5; write {'heat': ...}"),
    "topping": (lambda: pt.menus.Pizza(["Hamm"]), "knows no topping 'Hamm'; did you mean 'Ham'?"),
    "list of lists": (
        lambda: pt.menus.Pizza([["Ham"]]),
        "knows no topping ['Ham']; choose one",
    ),
    "toppings": (lambda: pt.menus.Pizza("Ham"), "got 'Ham'; write ['Ham']"),
    "cold": (lambda: pt.menus.Pizza(temperature=20), "lie in [50, 600], got 20; choose a larger one (in °C)"),
    "oven": (
        lambda: pt.menus.Oven(heat="hot"),
        "heat of an oven must be a number, got 'hot'; write a number",
    ),
}


@pytest.mark.parametrize("case", MADE)
def test_every_door_says_what_would_do(case):
    make, words = MADE[case]
    with pytest.raises((TypeError, ValueError)) as refused:
        make()
    assert words in str(refused.value)
    assert "raise it" not in str(refused.value)


@pytest.mark.parametrize(
    "value",
    [Endless(), "x" * 10_000, list(range(10**5)), {i: i for i in range(999)}, 10**6000],
    ids=["lines", "text", "list", "dict", "digits"],
)
def test_what_came_is_shown_in_one_line_however_long_it_is(value):
    assert len(shown(value)) < 200
    assert "\n" not in shown(value)


def test_a_dict_is_shown_in_its_own_order():
    assert shown({"heat": 200, "at": [1]}) == "{'heat': 200, 'at': [1]}"


# -- chance in forked workers --------------------------------------------------------------------------------


def from_rng(params, rng):
    time.sleep(0.05)  # so that every worker gets some
    return rng.random()


def from_numpy(params):
    time.sleep(0.05)
    return np.random.random()  # noqa: NPY002  # what the remedy is for


def from_random(params):
    time.sleep(0.05)
    return random.random()


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_an_rng_of_its_own_gives_every_trial_other_numbers_in_forked_workers_too():
    np.random.random()  # noqa: NPY002  # its state is now what forked workers start with
    pool = partial(ProcessPoolExecutor, 3, mp_context=multiprocessing.get_context("fork"))
    space = Space(Choice("topping", ["Ham", "Tuna"]))

    def scores(objective):
        trials = pt.tune(objective, pt.RandomSearch(space, seed=0, repeats=True), 9, executor=pool).trials
        return [trial.score for trial in trials]

    assert len(set(scores(from_rng))) == 9
    assert sorted(scores(from_rng)) == sorted(scores(from_rng))
    assert len(set(scores(from_numpy))) < 9  # README and tune warn of it
