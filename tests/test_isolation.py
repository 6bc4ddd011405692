"""History cannot be rewritten: whatever is done to what was handed out, space and trials stay the same."""

from __future__ import annotations

import collections
import copy
import math
import multiprocessing
import pickle
import threading
import types
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import pizzatune as pt
from pizzatune.menus import from_function
from pizzatune.parameters import Choice, Integer, Ordered, Real
from pizzatune.space import Space
from pizzatune.strategies import BayesianOptimization, GeneticAlgorithm, GridSearch, RandomSearch
from pizzatune.tuning import tune
from pizzatune.values import alike, own_copy
from tests.ovens import Dough, knead, stir


class Slotted:
    __slots__ = ("grams", "log")

    def __init__(self, grams):
        self.grams, self.log = grams, []


class Locked:
    """It holds what cannot be copied, and what can."""

    def __init__(self, grams):
        self.grams, self.log, self.lock = grams, [], threading.Lock()


@dataclass
class Recipe:
    grams: int
    steps: list = field(default_factory=list)


# An option to change, another one, and what an objective may do to either.
KINDS = {
    "list in a tuple": ((1, [2]), (1, [3]), lambda it: it[1].append(4)),
    "dict of lists": ({"layers": [8]}, {"layers": [16]}, lambda it: it["layers"].pop()),
    "deque": (collections.deque([1]), collections.deque([2]), lambda it: it.append(3)),
    "bytearray": (bytearray(b"ab"), bytearray(b"cd"), lambda it: it.extend(b"!")),
    "counter": (collections.Counter("aab"), collections.Counter("abb"), lambda it: it.update("c")),
    "object": (Dough(250), Dough(300), stir),
    "slots": (Slotted(250), Slotted(300), stir),
    "dataclass": (Recipe(250), Recipe(300), lambda it: it.steps.append("knead")),
    "array of objects": (
        np.array([[1], None], dtype=object),
        np.array([[2], None], dtype=object),
        lambda it: it[0].append(3),
    ),
    "array with nan": (np.array([1.0, math.nan]), np.array([2.0, math.nan]), lambda it: it.__imul__(5)),
    "table": (pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [2]}), lambda it: it.insert(0, "b", 0)),
    "lists in a table": (
        pd.DataFrame({"a": [[1], [2]]}),
        pd.DataFrame({"a": [[1], [3]]}),
        lambda it: it["a"][0].append(9),
    ),
    "dicts in a column": (pd.Series([{"a": 1}]), pd.Series([{"a": 2}]), lambda it: it[0].clear()),
    "a table of lists in a dict": (
        {"t": [pd.DataFrame({"a": [[1]]})]},
        {"t": [pd.DataFrame({"a": [[2]]})]},
        lambda it: it["t"][0]["a"][0].append(9),
    ),
    "pipeline": (
        make_pipeline(StandardScaler(), LogisticRegression(C=1)),
        make_pipeline(StandardScaler(), LogisticRegression(C=2)),
        lambda it: it.set_params(logisticregression__C=9.0),
    ),
    "stream of chance": (np.random.default_rng(1), np.random.default_rng(2), lambda it: it.random()),
    "around a lock": (Locked(250), Locked(300), stir),
    "list around a module": ([math, [1]], [math, [2]], lambda it: it[1].append(3)),
    "default dict": (collections.defaultdict(list, a=[1]), collections.defaultdict(list), lambda it: it["b"]),
}
every_kind = pytest.mark.parametrize("one, other, change", KINDS.values(), ids=KINDS.keys())


def space_of(one, other):
    return Space(Choice("dough", [one, other], labels=["first", "second"]), Real("heat", 0, 1))


def inside(thing):
    """All that an object holds, as far as it can be looked into, as text."""
    if isinstance(thing, Locked | Dough | Slotted):
        return f"{thing.grams} {thing.log}"
    if isinstance(thing, np.random.Generator):
        return repr(thing.bit_generator.state)
    return repr(thing)


@every_kind
@pytest.mark.parametrize("hired", [None, 3], ids=["here", "threads"])
def test_what_an_objective_does_to_an_option_reaches_nothing_else(one, other, change, hired):
    space = space_of(one, other)
    before = [inside(option) for option in space["dough"].options]
    seen = []

    def objective(params):
        seen.append(inside(params["dough"]))
        change(params["dough"])
        assert inside(params["dough"]) not in before
        return params["heat"]

    result = tune(objective, RandomSearch(space, seed=0), 6, workers=hired)
    assert result.failed == ()
    assert sorted(seen) == sorted(inside(trial.params["dough"]) for trial in result.trials)
    assert set(seen) == set(before) == {inside(one), inside(other)}
    assert [inside(option) for option in space["dough"].options] == before
    change(result.best_params["dough"])
    assert inside(result.best_params["dough"]) in before


@every_kind
@pytest.mark.parametrize("make", [GridSearch, RandomSearch, GeneticAlgorithm, BayesianOptimization])
def test_asked_changed_and_told_the_trial_is_the_one_that_was_asked_for(one, other, change, make):
    strategy = make(space_of(one, other), seed=1)
    before = [inside(one), inside(other)]
    told = []
    for _ in range(3):
        asked = [strategy.ask() for _ in range(2)]
        for params in reversed(asked):
            told.append(inside(params["dough"]))
            change(params["dough"])
            strategy.tell(params, params["heat"])
    assert [inside(trial.params["dough"]) for trial in strategy.trials] == told
    assert sorted(trial.asked for trial in strategy.trials) == list(range(6))
    assert all(trial.why != "told without having been asked for" for trial in strategy.trials)
    assert [inside(one), inside(other)] == before


@every_kind
def test_the_list_and_the_objects_of_the_caller_may_change_later(one, other, change):
    mine = [copy.copy(one) if isinstance(one, Locked) else own_copy(one), own_copy(other)]
    space = Space(Choice("dough", mine, labels=["first", "second"]))
    before = [inside(option) for option in space["dough"].options]
    change(mine[0])
    mine.clear()
    assert [inside(option) for option in space["dough"].options] == before
    assert space["dough"].label(space.sample(np.random.default_rng(0))["dough"]) in ("first", "second")


@every_kind
def test_whatever_a_space_hands_out_is_a_copy(one, other, change):
    space = space_of(one, other)
    rng = np.random.default_rng(0)
    for hand_out in (lambda: space.sample(rng), lambda: space.check({"dough": one, "heat": 0.5})):
        change(hand_out()["dough"])
    finite = Space(space["dough"])
    for params in finite.enumerate():
        change(params["dough"])
    assert [inside(option) for option in space["dough"].options] == [inside(one), inside(other)]


TWINS = {
    "copy": copy.deepcopy,
    "pickle": lambda it: pickle.loads(pickle.dumps(it)),
}
TRAVELLERS = {
    "objects": [Dough(250), Dough(300), Dough("250")],
    "slots": [Slotted(1), Slotted(2)],
    "arrays": [np.array([1, 2]), np.array([1.0, 2.0]), np.array([[1], [2]])],
    "estimators": [LogisticRegression(C=1), LogisticRegression(C=2), StandardScaler()],
    "nan": [math.nan, 1.0, None],
    "nan inside": [[math.nan], [0.0], {"a": math.nan}],
    "arrays inside": [{"w": np.zeros(2)}, {"w": np.ones(2)}, [np.ones(2)]],
    "tables": [pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [2]}), pd.Series([1])],
    "functions": [math.sin, stir, Dough],
    "streams of chance": [np.random.default_rng(1), np.random.default_rng(2)],
    "alike": [Dough(250), Dough(250)],
    "sentinels": [object(), object()],
}


@pytest.mark.parametrize("twin", TWINS.values(), ids=TWINS.keys())
@pytest.mark.parametrize("options", TRAVELLERS.values(), ids=TRAVELLERS.keys())
def test_params_that_were_copied_or_pickled_can_be_told_back(options, twin):
    space = Space(Choice("dough", options, labels=[str(place) for place in range(len(options))]))
    strategy = RandomSearch(space, seed=3)
    for _ in options:
        strategy.tell(twin(strategy.ask()), 1.0)
    assert strategy.pending == []
    assert {space.key(trial.params) for trial in strategy.trials} == {(i,) for i in range(len(options))}
    assert all(trial.why == "drawn at random" for trial in strategy.trials)


@pytest.mark.parametrize("twin", TWINS.values(), ids=TWINS.keys())
@pytest.mark.parametrize("options", TRAVELLERS.values(), ids=TRAVELLERS.keys())
def test_a_space_that_was_copied_or_pickled_is_the_same_space(options, twin):
    choice = Choice("dough", options, labels=[str(place) for place in range(len(options))])
    assert twin(Space(choice)) == Space(choice)
    fan = Real("fan", 0, 1, when={"dough": options[:1]})
    for space in (Space(choice, fan), twin(Space(choice, fan))):
        assert [space.active({"dough": option}, "fan") for option in space["dough"].options] == [
            place == 0 for place in range(len(options))
        ]


def test_what_is_told_before_and_after_a_change_is_not_taken_for_another_option():
    strategy = GridSearch(Space(Ordered("steps", [[1], [1, 2], [1, 2, 2]])), order="rows")
    asked = [strategy.ask() for _ in range(3)]
    for params in asked:
        params["steps"].append(2)
        strategy.tell(params, 1.0)
    assert [trial.params["steps"] for trial in strategy.trials] == [[1], [1, 2], [1, 2, 2]]


def test_two_nan_are_one_option():
    with pytest.raises(ValueError, match=r"x: option nan comes twice"):
        Choice("x", [math.nan, 1.0, float("nan")])


def test_what_cannot_change_is_handed_out_as_it_is():
    options = ["a", 1, 2.5, None, (1, "b"), frozenset({1}), math.sin, Dough, np.float64(3), object(), math]
    lock = threading.Lock()
    choice = Choice("x", [*options, lock])
    assert not choice.changes
    assert all(mine is given for mine, given in zip(choice.options, [*options, lock], strict=True))
    space = Space(choice)
    drawn = [space.sample(np.random.default_rng(n))["x"] for n in range(9)]
    assert all(any(value is given for given in [*options, lock]) for value in drawn)
    assert {id(params["x"]) for params in space.enumerate()} == set(map(id, [*options, lock]))


def test_an_object_says_itself_how_it_is_copied():
    class Shared(Dough):
        def __deepcopy__(self, memo):
            return self

    class Broken(Dough):
        def __deepcopy__(self, memo):
            return None

    for kind in (Shared, Broken):
        only = kind(250)
        assert RandomSearch(Space(Choice("dough", [only]))).ask()["dough"] is only


def test_a_rule_and_a_condition_cannot_change_an_option_either():
    def spoiling(params):
        params["dough"].append(9)
        return True

    first = [1]
    space = Space(
        Choice("dough", [first, [2]]), Integer("fan", 1, 2, when={"dough": [first]}), where=spoiling
    )
    first.append(7)
    assert list(space.enumerate()) == [{"dough": [1], "fan": 1}, {"dough": [1], "fan": 2}, {"dough": [2]}]


class Counting:
    """A problem of one's own that spoils what it is given."""

    space = Space(Choice("dough", [[1], [2], [3]]), Integer("minutes", 1, 4))
    best = None

    def taste(self, params):
        score = params["dough"][0] + params["minutes"] + 10 * len(params["dough"])
        params["dough"].append(0)
        return score


def test_a_race_and_a_menu_leave_their_space_as_it_was():
    entrants = {"random": RandomSearch, "genetic": GeneticAlgorithm}
    board = pt.race(entrants, Counting(), budget=6, seeds=2)
    assert max(board.scores["random"].max(), board.scores["genetic"].max()) <= 17
    menu = from_function(Counting().taste, Counting.space)
    tune(menu.taste, GridSearch(menu.space))
    assert list(menu.space["dough"].options) == [[1], [2], [3]]
    assert all(len(option) == 1 for option in Counting.space["dough"].options)


def test_a_resumed_file_says_what_was_tried(tmp_path):
    def spoil(params):
        params["dough"]["log"].append(1)
        params["dough"].pop("name")
        return params["heat"]

    def space():
        return Space(
            Choice("dough", [{"name": "a", "log": []}, {"name": "b", "log": []}]), Real("heat", 0, 1)
        )

    line = {"store": tmp_path / "run", "progress": False}
    shared = space()
    for budget in (2, 4):
        tune(spoil, RandomSearch(shared, seed=0), budget, **line)
    tune(spoil, RandomSearch(space(), seed=0), 6, workers=2, **line)
    whole = tune(lambda params: params["heat"], RandomSearch(space(), seed=0), 6)
    assert sorted(map(repr, (t.params for t in pt.load(tmp_path / "run").trials))) == sorted(
        map(repr, (t.params for t in whole.trials))
    )


def test_a_trial_that_is_run_again_gets_what_the_first_got():
    class Twice(Executor):
        """Runs each trial twice, as Dask does where a worker is lost."""

        def submit(self, fn, /, *args, **kwargs):
            future = Future()
            fn(*args, **kwargs)
            future.set_result(fn(*args, **kwargs))
            return future

    seen = []

    def spoil(params):
        seen.append(repr(params["dough"]))
        params["dough"].clear()
        return 1.0

    result = tune(spoil, GridSearch(Space(Choice("dough", [[1], {2}, {3: 4}]))), executor=Twice(), workers=1)
    assert sorted(seen) == sorted(2 * [repr(trial.params["dough"]) for trial in result.trials])


@pytest.mark.parametrize("hired", ["handed", "processes"])
def test_every_executor_gives_the_same(hired):
    space = Space(Choice("dough", [Dough(1), Dough(2), Dough(3)]), Integer("minutes", 1, 3))
    spawn = multiprocessing.get_context("spawn")
    pool = ThreadPoolExecutor(2) if hired == "handed" else ProcessPoolExecutor(2, mp_context=spawn)
    with pool:
        result = tune(knead, RandomSearch(space, seed=1), 9, executor=pool)
    assert [trial.score for trial in result.trials] == [
        trial.params["dough"].grams for trial in result.trials
    ]
    assert sorted(trial.score for trial in result.trials) == [1, 1, 1, 2, 2, 2, 3, 3, 3]


def test_alike_tells_apart_what_differs_and_survives_what_cannot_be_looked_into():
    ring = [1]
    ring.append(ring)
    other = [1]
    other.append(other)
    assert alike(ring, other)
    assert not alike([1, [2]], [1, [2.0]])
    assert not alike(Dough(1), Slotted(1))
    assert not alike(lambda: 1, lambda: 2)
    assert not alike(np.zeros(2), np.zeros(3))
    assert not alike(threading.Lock(), threading.Lock())
    assert not alike(types.ModuleType("a"), types.ModuleType("a"))
    assert not alike({1: 2}, {True: 2})


def test_a_dict_behind_a_read_only_one_is_copied_too():
    layers = types.MappingProxyType({"layers": [8]})
    copied = own_copy([layers, 1])
    copied[0]["layers"].append(16)
    assert layers == {"layers": [8]}
    assert type(copied[0]) is types.MappingProxyType
    space = Space(Choice("net", [layers, types.MappingProxyType({"layers": [4]})]))
    result = tune(lambda params: params["net"]["layers"].pop(), GridSearch(space), 2)
    assert [trial.score for trial in result.trials] == [8, 4]
    assert [dict(option) for option in space["net"].options] == [{"layers": [8]}, {"layers": [4]}]
