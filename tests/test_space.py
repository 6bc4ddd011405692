"""The search space: what may be chosen, the way to numbers and back, and what happens at its doors."""

from __future__ import annotations

import copy
import itertools
import math
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pizzatune.parameters import COUNTABLE, Choice, Integer, Ordered, Real
from pizzatune.space import Space
from tests.random_spaces import OPTIONS, finite_spaces, is_option, seeds, spaces, stir

finite_numbers = st.floats(-1e12, 1e12, allow_nan=False)


def no_pineapple_on_stone(params):
    return not (params["oven"] == "Stone" and params["topping"] == "Pineapple")


def pizzeria():
    """A space with everything: each kind, a dial that depends, a combination ruled out."""
    return Space(
        Choice("oven", ["Stone", "Electric"]),
        Choice("topping", ["Ham", "Pineapple", None]),
        Ordered("size", ["Small", "Medium", "Large"]),
        Integer("minutes", 4, 20, unit="min"),
        Real("temperature", 150, 300, step=5, unit="°C"),
        Real("fan", 0, 3, when={"oven": ["Electric"]}),
        where=no_pineapple_on_stone,
    )


def is_plain(space, params):
    """Whether every value is a plain Python number, or an option: the very object, or a copy of a list."""
    for name, value in params.items():
        parameter = space[name]
        if isinstance(parameter, Choice):
            if not is_option(parameter, value):
                return False
        elif type(value) is not (int if isinstance(parameter, Integer) else float):
            return False
    return True


def rng(seed=0):
    return np.random.default_rng(seed)


# -- to numbers and back -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Choice, Ordered])
@pytest.mark.parametrize("options", OPTIONS, ids=range(len(OPTIONS)))
def test_an_option_comes_back_as_the_very_object_or_as_a_copy_of_a_list_that_stays_the_callers(kind, options):
    parameter = kind("topping", options)
    for option, value in zip(options, parameter.values(), strict=True):
        assert parameter.decode(parameter.encode(option)) is value
        assert (value is option) == (type(option) is not list)
        assert (type(value), value) == (type(option), option)


def test_a_choice_is_coded_by_position_and_an_order_by_its_place_between_0_and_1():
    assert [Choice("herb", ["Basil", "Thyme", "Sage"]).encode(herb) for herb in ("Basil", "Sage")] == [0, 2]
    assert [Ordered("size", ["S", "M", "L"]).encode(size) for size in "SML"] == [0, 0.5, 1]


def test_one_and_true_and_one_point_nought_are_three_options():
    parameter = Choice("times", [1, True, 1.0])
    assert [parameter.position(value) for value in (1, True, 1.0)] == [0, 1, 2]
    assert [type(value) for value in parameter.values()] == [int, bool, float]


def test_numpy_values_find_their_option():
    given = [np.int64(3), np.bool_(True), np.str_("Ham"), np.float64(0.5)]
    options = [3, True, "Ham", 0.5]
    assert [Choice("x", options).position(value) for value in given] == [0, 1, 2, 3]
    assert Choice("x", [0, False, 1, True]).position(np.bool_(True)) == 3
    assert Choice("x", [True, 1]).position(np.int64(1)) == 1


def test_arrays_can_be_options():
    first, second = np.array([1, 2]), np.array([1, 2, 3])
    parameter = Choice("kernel", [first, second, "none"])
    assert [parameter.position(option) for option in (first, second, "none")] == [0, 1, 2]


@given(
    low=st.integers(-(10**18), 10**18),
    count=st.integers(1, 300),
    step=st.integers(1, 10**6),
)
def test_whole_numbers_come_back_exactly_however_large(low, count, step):
    dial = Integer("x", low, low + count * step, step=step)
    values = dial.values()
    assert values == tuple(range(low, low + count * step + 1, step))
    assert [dial.decode(dial.encode(value)) for value in values] == list(values)


@given(low=st.integers(1, 10**17), count=st.integers(1, 300), step=st.integers(1, 1000))
def test_whole_numbers_on_a_log_dial_come_back_exactly(low, count, step):
    dial = Integer("x", low, low + count * step, step=step, log=True)
    assert (np.diff(dial.codes) > 0).all()
    assert dial.codes[0] == 0
    assert dial.codes[-1] == 1
    assert [dial.decode(dial.encode(value)) for value in dial.values()] == list(dial.values())


@given(
    low=st.integers(-1000, 1000),
    clicks=st.integers(1, 200),
    step=st.sampled_from([0.1, 0.25, 1 / 3, 5, 1e-7, 0.7]),
)
def test_a_stepped_dial_comes_back_exactly_and_stays_inside(low, clicks, step):
    dial = Real("x", low * step, low * step + clicks * step, step=step)
    values = dial.values()
    assert len(values) == clicks + 1
    assert values[0] == dial.low
    assert values[-1] == dial.high
    assert all(dial.low <= value <= dial.high for value in values)
    assert [dial.decode(dial.encode(value)) for value in values] == list(values)
    assert Space(dial).check({"x": values[1]}) == {"x": values[1]}


def test_a_short_log_dial_of_large_numbers_tells_them_apart():
    dial = Integer("x", 10**17, 10**17 + 50, log=True)
    assert len(set(dial.codes)) == 51
    assert [dial.decode(dial.encode(value)) for value in dial.values()] == list(range(10**17, 10**17 + 51))


def test_a_stepped_dial_shows_round_numbers():
    assert Real("x", 0, 0.6, step=0.1).values() == (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)


@given(
    ends=st.tuples(finite_numbers, finite_numbers).filter(lambda ends: ends[0] < ends[1]),
    share=st.floats(0, 1),
)
def test_a_smooth_dial_comes_back_within_a_trillionth_and_never_outside(ends, share):
    dial = Real("x", *ends)
    value = min(max(dial.low + share * (dial.high - dial.low), dial.low), dial.high)
    code = dial.encode(value)
    assert 0 <= code <= 1
    assert dial.low <= dial.decode(code) <= dial.high
    assert abs(dial.decode(code) - value) <= 1e-12 * (dial.high - dial.low)


@given(low=st.floats(-300, 300), decades=st.floats(1e-9, 300), share=st.floats(0, 1))
def test_a_log_dial_comes_back_within_a_trillionth_and_never_outside(low, decades, share):
    low, high = 10.0**low, 10.0 ** min(low + decades, 307)
    assume(low < high)
    dial = Real("x", low, high, log=True)
    for value in (
        min(max(low + share * (high - low), low), high),
        min(max(low * (high / low) ** share, low), high),
    ):
        code = dial.encode(value)
        assert 0 <= code <= 1
        assert dial.low <= dial.decode(code) <= dial.high
        assert abs(dial.decode(code) - value) <= 1e-12 * (dial.high - dial.low)


@pytest.mark.parametrize(
    "ends", [(1e-300, 1e300), (1e15, 1e15 + 1), (1, 1 + 1e-9), (5e-324, 1), (1, 1.7e308)], ids=str
)
def test_a_log_dial_of_any_width_reaches_both_ends(ends):
    dial = Real("x", *ends, log=True)
    assert (dial.encode(dial.low), dial.encode(dial.high)) == (0, 1)
    assert (dial.decode(0.0), dial.decode(1.0)) == (dial.low, dial.high)
    assert (dial.decode(-0.5), dial.decode(1.5)) == (dial.low, dial.high)
    assert dial.low < dial.decode(0.5) < dial.high


def test_equal_turns_of_a_log_dial_multiply():
    yeast = Real("yeast", 0.01, 100, log=True)
    assert [yeast.encode(value) for value in (0.1, 1, 10)] == pytest.approx([0.25, 0.5, 0.75])
    assert yeast.decode(0.25) == pytest.approx(0.1)


@given(space=spaces(), seed=seeds)
def test_params_of_any_space_come_back_from_their_codes(space, seed):
    stream = rng(seed)
    orders = [space.sample(stream) for _ in range(2)]
    rows = space.encode(orders)
    assert rows.shape == (2, len(space))
    for params, row in zip(orders, rows, strict=True):
        back = space.decode(row)
        assert list(back) == list(params)
        for name, value in params.items():
            parameter = space[name]
            if parameter.codes is None:
                assert abs(back[name] - value) <= 1e-12 * (parameter.high - parameter.low)
            else:
                assert back[name] is value or back[name] == value
            inside = row[space.names.index(name)]
            assert 0 <= inside <= (parameter.size - 1 if type(parameter) is Choice else 1)
    np.testing.assert_array_equal(space.settle(rows), rows)


def test_codes_between_two_values_snap_to_the_nearer_one():
    dial = Integer("minutes", 0, 4)
    np.testing.assert_array_equal(dial.snap(np.array([-1.0, 0.1, 0.13, 0.6, 2.0])), [0, 0, 0.25, 0.5, 1])
    assert dial.decode(0.6) == 2
    np.testing.assert_array_equal(Real("heat", 0, 1).snap(np.array([-1.0, 0.3, 2.0])), [0, 0.3, 1])


def test_a_parameter_that_comes_to_exist_gets_a_value_and_one_that_ceases_loses_it():
    space = Space(Choice("oven", ["Stone", "Electric"]), Real("fan", 0, 3, when={"oven": ["Electric"]}))
    np.testing.assert_array_equal(
        space.settle(np.array([[1.0, np.nan], [0.0, 0.7]])), [[1, 0.5], [0, np.nan]]
    )


@given(space=finite_spaces)
def test_two_combinations_never_share_a_key(space):
    combinations = list(itertools.islice(space.enumerate(), 500))
    assert len({space.key(params) for params in combinations}) == len(combinations)


# -- sampling, enumerating, mixing, nudging ----------------------------------------------------------------


@given(space=spaces(), seed=seeds)
def test_whatever_is_drawn_mixed_or_nudged_is_an_allowed_combination_of_plain_values(space, seed):
    stream = rng(seed)
    mother, father = space.sample(stream), space.sample(stream)
    before = copy.deepcopy((list(mother.items()), list(father.items())))
    made = [mother, father, space.mix(mother, father, stream), space.nudge(mother, 0.5, stream)]
    made.append(space.nudge(father, 1.0, stream, reach=1.0))
    for params in made:
        assert is_plain(space, params)
        assert space.key(space.check(params)) == space.key(params)
    assert str(before) == str((list(mother.items()), list(father.items())))


@given(space=spaces(), seed=seeds)
def test_a_child_has_every_gene_of_its_parents_or_a_new_one_where_neither_has_it(space, seed):
    stream = rng(seed)
    mother, father = space.sample(stream), space.sample(stream)
    child = space.mix(mother, father, stream)
    codes = zip(*space.encode([mother, father, child]), strict=True)
    for hers, his, own in codes:
        if not np.isnan(own) and not (np.isnan(hers) and np.isnan(his)):
            assert own in (hers, his)


@given(space=spaces(), seed=seeds)
def test_nothing_moves_at_rate_0(space, seed):
    params = space.sample(rng(seed))
    assert space.key(space.nudge(params, 0.0, rng(seed))) == space.key(params)


@given(space=spaces(kinds=("choice", "ordered", "integer", "stepped"), most=1), seed=seeds)
def test_at_rate_1_every_parameter_with_another_value_takes_another_value(space, seed):
    space = Space(*space.parameters)  # without where, which may forbid the move
    params = space.sample(rng(seed))
    nudged = space.nudge(params, 1.0, rng(seed), reach=1e-6)
    assert (space.key(nudged) != space.key(params)) == (space.size > 1)


def test_a_small_nudge_of_an_ordered_value_goes_to_a_neighbour():
    space = Space(Ordered("size", list("abcdefghi")))
    seen = {space.nudge({"size": "e"}, 1.0, rng(seed), reach=1e-3)["size"] for seed in range(20)}
    assert seen == {"d", "f"}
    assert {space.nudge({"size": "a"}, 1.0, rng(seed), reach=1e-3)["size"] for seed in range(20)} == {"b"}


def test_a_nudge_bounces_off_the_ends():
    space = Space(Real("heat", 0, 1))
    moved = [space.nudge({"heat": 1.0}, 1.0, rng(seed), reach=0.1)["heat"] for seed in range(200)]
    assert len(set(moved)) == 200
    assert 0.5 < min(moved) < max(moved) < 1


@given(space=finite_spaces)
def test_enumeration_agrees_with_itertools(space):
    """All combinations; what does not apply blanked out, then repeats and forbidden ones dropped."""
    expected = {}
    for values in itertools.product(*(parameter.values() for parameter in space.parameters)):
        params = dict(zip(space.names, values, strict=True))
        for parameter in space.parameters:
            for parent, wanted in (parameter.when or {}).items():
                if parent not in params or repr(params[parent]) not in map(repr, wanted):
                    params.pop(parameter.name, None)
        if space.where is None or space.where(params):
            expected.setdefault(repr(params))
        if len(expected) > 300:
            break
    listed = [repr(params) for params in itertools.islice(space.enumerate(), 301)]
    assert listed == list(expected)
    assert space.size == len(listed) or len(listed) == 301


def test_an_enumeration_leaves_out_what_does_not_apply_and_what_is_ruled_out():
    space = Space(
        Choice("oven", ["Stone", "Electric"]),
        Choice("topping", ["Ham", "Pineapple"]),
        Integer("fan", 1, 2, when={"oven": ["Electric"]}),
        where=no_pineapple_on_stone,
    )
    assert list(space.enumerate()) == [
        {"oven": "Stone", "topping": "Ham"},
        {"oven": "Electric", "topping": "Ham", "fan": 1},
        {"oven": "Electric", "topping": "Ham", "fan": 2},
        {"oven": "Electric", "topping": "Pineapple", "fan": 1},
        {"oven": "Electric", "topping": "Pineapple", "fan": 2},
    ]
    assert space.size == 5


def test_a_grandchild_exists_only_where_its_parent_does():
    space = Space(
        Choice("oven", ["Stone", "Electric"]),
        Choice("fan", ["off", "on"], when={"oven": ["Electric"]}),
        Integer("speed", 1, 3, when={"fan": ["on"]}),
    )
    assert space.size == 5
    assert space.decode([0, 1, 1]) == {"oven": "Stone"}
    assert space.decode([1, 1, 1]) == {"oven": "Electric", "fan": "on", "speed": 3}
    with pytest.raises(
        ValueError, match=r"speed does not apply here \(it exists only when fan is on\), got 1; leave"
    ):
        space.check({"oven": "Electric", "fan": "off", "speed": 1})


def test_sampling_reaches_every_combination_of_a_small_space():
    space = Space(Choice("oven", ["Stone", "Electric"]), Integer("fan", 0, 3, when={"oven": ["Electric"]}))
    stream = rng(1)
    drawn = {space.key(space.sample(stream)) for _ in range(200)}
    assert drawn == {space.key(params) for params in space.enumerate()}


def test_a_log_dial_is_drawn_evenly_in_ratios():
    stream = rng(2)
    drawn = [Space(Real("yeast", 1e-4, 1, log=True)).sample(stream)["yeast"] for _ in range(2000)]
    decades = np.histogram(np.log10(drawn), bins=4, range=(-4, 0))[0]
    assert (abs(decades - 500) < 5 * math.sqrt(500 * 0.75)).all()


def test_a_log_dial_of_whole_numbers_draws_each_octave_as_often():
    stream = rng(3)
    drawn = Integer("trees", 1, 255, log=True).draw(stream, 8000)
    values = np.array([Integer("trees", 1, 255, log=True).decode(code) for code in drawn])
    edges = np.array([0.5, 3.5, 15.5, 63.5, 255.5])
    counts = np.histogram(values, bins=edges)[0]
    expected = 8000 * np.diff(np.log(edges)) / np.log(edges[-1] / edges[0])
    assert (abs(counts - expected) < 5 * np.sqrt(expected)).all()


def test_evenly_spread_points_give_every_value_the_share_it_has_by_chance():
    points = (np.arange(10_000) + 0.5) / 10_000
    for dial in (Integer("trees", 1, 64, log=True), Integer("minutes", 0, 9), Choice("herb", list("abc"))):
        shares = np.array([(dial.spread(points) == code).mean() for code in dial.codes])
        drawn = dial.draw(rng(4), 20_000)
        chances = np.array([(drawn == code).mean() for code in dial.codes])
        assert shares.sum() == pytest.approx(1)
        assert abs(shares - chances).max() < 0.02
    np.testing.assert_array_equal(Real("heat", 0, 1).spread(points), points)


def one_in_a_thousand(params):
    return params["a"] == 7 and params["b"] == 3 and params["c"] == 9


def test_a_where_that_leaves_a_single_combination_is_found_and_sampled():
    space = Space(Integer("a", 0, 99), Integer("b", 0, 99), Integer("c", 0, 9), where=one_in_a_thousand)
    assert space.size == 1
    only = {"a": 7, "b": 3, "c": 9}
    assert space.sample(rng()) == only
    assert space.mix(only, only, rng()) == only
    assert space.nudge(only, 1.0, rng()) == only


def test_a_where_gets_params_of_its_own_to_spoil():
    def spoil(params):
        params.clear()
        return True

    space = Space(Integer("a", 0, 3), where=spoil)
    assert space.check({"a": 2}) == {"a": 2}
    assert list(space.enumerate()) == [{"a": 0}, {"a": 1}, {"a": 2}, {"a": 3}]


# -- small spaces, large ones ------------------------------------------------------------------------------


@pytest.mark.parametrize("parameter", [Choice("x", ["only"]), Ordered("x", [None])], ids=repr)
def test_a_single_option_is_a_space(parameter):
    space = Space(parameter)
    params = space.sample(rng())
    assert space.size == 1
    assert space.encode([params, params]).tolist() == [[0.0], [0.0]]
    assert space.nudge(params, 1.0, rng()) == space.mix(params, params, rng()) == params


def test_size_counts_what_is_allowed_and_is_infinite_for_a_smooth_dial():
    assert Space(Integer("a", 1, 3), Choice("b", ["x", "y"])).size == 6
    assert Space(Integer("a", 1, 3), Real("b", 0, 1)).size == math.inf
    assert pizzeria().size == math.inf


# -- errors: what was wrong, what came, what to do ---------------------------------------------------------


@pytest.mark.parametrize(
    "make, kind, message",
    [
        (lambda: Real("x", 3, 3), ValueError, r"x: low must be below high, got low=3, high=3; widen"),
        (lambda: Integer("x", 5, 2), ValueError, r"x: low must be below high, got low=5, high=2; swap them"),
        (
            lambda: Real("x", 0, 1, log=True),
            ValueError,
            r"x: a log dial must start above 0, got low=0; start higher, e.g. at 0.001",
        ),
        (lambda: Integer("x", -1, 1, log=True), ValueError, r"x: a log dial must start above 0, got low=-1"),
        (lambda: Real("x", math.nan, 1), ValueError, r"x: low must be finite, got nan; choose the widest"),
        (lambda: Real("x", 0, math.inf), ValueError, r"x: high must be finite, got inf"),
        (lambda: Integer("x", 0, 10**400), ValueError, r"x: high must be finite, got 1000"),
        (
            lambda: Real("x", -1e308, 1e308),
            ValueError,
            r"x: the range -1e\+308\.\.1e\+308 is too wide; narrow",
        ),
        (lambda: Real("x", "0", 1), TypeError, r"x: low must be a number, got '0'"),
        (lambda: Real("x", True, 2), TypeError, r"x: low must be a number, got True"),
        (lambda: Integer("x", 0, 2.5), TypeError, r"x: high must be a whole number, got 2.5; round it, to 2"),
        (
            lambda: Real("x", 0, 1, step=0),
            ValueError,
            r"x: step must lie above 0 and within the range, got 0",
        ),
        (
            lambda: Real("x", 0, 1, step=2),
            ValueError,
            r"x: step must lie above 0 and within the range, got 2",
        ),
        (lambda: Real("x", 0, 1, step="1"), TypeError, r"x: step must be a number, got '1'; write 1 w"),
        (lambda: Real("x", 0, 1, step=0.3), ValueError, r"x: steps of 0.3 from 0 miss 1; end at 0.9"),
        (
            lambda: Real("x", 1, 2, step=0.5, log=True),
            ValueError,
            r"x: a log dial turns by ratios and has no step",
        ),
        (lambda: Real("x", 0, 1, step=1e-9), ValueError, r"x: 1,000,000,000 steps of 1e-09 are too many"),
        (
            lambda: Integer("x", 0, 10**9),
            ValueError,
            r"x: 1,000,000,000 steps of 1 are too many.*take a larger step",
        ),
        (lambda: Real("x", 1e16, 1e16 + 8, step=2), ValueError, r"x: a step of 2 is lost in the rounding"),
        (lambda: Choice("x", []), ValueError, r"x: options must hold at least one, got none; list what"),
        (lambda: Choice("x", "abc"), TypeError, r"x: options must be a list, got 'abc'; write \['abc'\]"),
        (lambda: Choice("x", {1, 2}), TypeError, r"x: options must be a list, got \{1, 2\}"),
        (
            lambda: Ordered("x", ["a", "b", "a"]),
            ValueError,
            r"x: option 'a' comes twice; list each option once",
        ),
        (lambda: Choice("x", [[1], [1]]), ValueError, r"x: option \[1\] comes twice"),
        (
            lambda: Choice("x", [1, 2], labels=["one"]),
            ValueError,
            r"x: labels must name each of the 2 options",
        ),
        (
            lambda: Choice("x", [1, 2], labels=["one", "one"]),
            ValueError,
            r"differently, got \['one', 'one'\]",
        ),
        (lambda: Choice("x", [1, 2], labels="ab"), TypeError, r"x: labels must be a list, got 'ab'"),
        (
            lambda: Choice("", [1]),
            TypeError,
            r"a parameter needs a name, got ''; write Choice\('oven', \.\.\.\)",
        ),
        (lambda: Real(3, 0, 1), TypeError, r"a parameter needs a name, got 3; write Real"),
        (
            lambda: Real("x", 0, 1, when=["oven"]),
            TypeError,
            r"x: when must be a dict, got \['oven'\]; write when=",
        ),
        (
            lambda: Real("x", 0, 1, when={"oven": "Stone"}),
            TypeError,
            r"x: when\['oven'\] must list at least one",
        ),
        (lambda: Real("x", 0, 1, when={"oven": []}), TypeError, r"x: when\['oven'\] must list at least one"),
        (
            lambda: Real("x", 0, 1).values(),
            ValueError,
            r"x turns smoothly and has no list of values; give it a",
        ),
    ],
)
def test_a_parameter_that_makes_no_sense_says_so(make, kind, message):
    with pytest.raises(kind, match=message):
        make()


@pytest.mark.parametrize(
    "make, kind, message",
    [
        (lambda: Space(), ValueError, r"a space needs at least one parameter, got none; add"),
        (
            lambda: Space([Real("x", 0, 1)]),
            TypeError,
            r"a space is made of Choice, .* got \[Real.*write Space\(",
        ),
        (lambda: Space(("x", 0, 1)), TypeError, r"a space is made of Choice, .* got \('x', 0, 1\)"),
        (
            lambda: Space(Real("x", 0, 1), Integer("x", 0, 1)),
            ValueError,
            r"two parameters are called 'x'; give",
        ),
        (
            lambda: Space(Real("score", 0, 1)),
            ValueError,
            r"cannot be called 'score', .* call it e.g. 'my_score'",
        ),
        (
            lambda: Space(Real("x", 0, 1), where=7),
            TypeError,
            r"where must be a function of params, got 7; write",
        ),
        (
            lambda: Space(Real("x", 0, 1, when={"oven": ["Stone"]})),
            ValueError,
            r"x: when names the unknown 'oven'; this space has \['x'\]",
        ),
        (
            lambda: Space(Real("x", 0, 1, when={"oven": ["Stone"]}), Choice("oven", ["Stone"])),
            ValueError,
            r"x: when names 'oven', which comes later; list 'oven' first",
        ),
        (
            lambda: Space(Real("x", 0, 1, when={"x": [0.5]})),
            ValueError,
            r"x: when names 'x', which comes later",
        ),
        (
            lambda: Space(Choice("oven", ["Stone"]), Real("x", 0, 1, when={"oven": ["Gas"]})),
            ValueError,
            r"oven must be one of \['Stone'\], got 'Gas'; choose one of these",
        ),
        (
            lambda: Space(Real("heat", 0, 1), Real("x", 0, 1, when={"heat": [0.5]})),
            ValueError,
            r"x: when names 'heat', which turns smoothly .* give it a step, or depend on a Choice",
        ),
    ],
)
def test_a_space_that_makes_no_sense_says_so(make, kind, message):
    with pytest.raises(kind, match=message):
        make()


def never(params):
    return False


def forgetful(params):
    return params["fan"] > 1


def test_a_where_that_leaves_nothing_is_named():
    with pytest.raises(
        ValueError, match=r"where=never leaves nothing of all combinations; allow more, or check"
    ):
        Space(Integer("x", 0, 9), where=never)
    with pytest.raises(ValueError, match=r"where=never leaves nothing of 1,000 random draws; allow more"):
        Space(Real("x", 0, 9), where=never)


def test_a_where_that_forgets_an_absent_parameter_is_told_of_it():
    with pytest.raises(
        ValueError, match=r"where=forgetful failed on .*KeyError: 'fan'; it must answer for every"
    ):
        Space(
            Choice("oven", ["Stone", "Electric"]),
            Real("fan", 0, 3, when={"oven": ["Electric"]}),
            where=forgetful,
        ).check({"oven": "Stone"})


GOOD = {"oven": "Electric", "topping": "Ham", "size": "Small", "minutes": 7, "temperature": 200.0, "fan": 1.5}


@pytest.mark.parametrize(
    "change, kind, message",
    [
        ({"crust": 1}, ValueError, r"unknown parameter 'crust'; this space has \['oven', 'topping'"),
        ({"minutes": ...}, ValueError, r"minutes is missing from \{'oven': 'Electric'.*; give it a value"),
        (
            {"oven": "Stone"},
            ValueError,
            r"fan does not apply here \(it exists only when oven is Electric\), got 1.5",
        ),
        (
            {"oven": "Gas"},
            ValueError,
            r"oven must be one of \['Stone', 'Electric'\], got 'Gas'; choose one of these",
        ),
        (
            {"temperature": 900},
            ValueError,
            r"temperature must lie in \[150, 300\] °C, got 900; choose a value inside",
        ),
        ({"temperature": math.nan}, ValueError, r"temperature must lie in \[150, 300\] °C, got nan"),
        (
            {"temperature": 152},
            ValueError,
            r"temperature must be 150 plus whole steps of 5, got 152; round it",
        ),
        (
            {"temperature": "200"},
            TypeError,
            r"temperature must be a number, got '200'; write 200 without quotes",
        ),
        ({"temperature": None}, TypeError, r"temperature must be a number, got None"),
        ({"minutes": True}, TypeError, r"minutes must be a number, got True"),
        ({"minutes": 7.5}, ValueError, r"minutes must be a whole number, got 7.5; round it, or use Real"),
        ({"minutes": 21}, ValueError, r"minutes must lie in \[4, 20\] min, got 21"),
        ({"fan": 3.0000001}, ValueError, r"fan must lie in \[0, 3\], got 3.0000001"),
        (
            {"oven": "Stone", "topping": "Pineapple", "fan": ...},
            ValueError,
            r"is ruled out by where=no_pineapple_on_stone; choose another combination",
        ),
    ],
    ids=str,
)
def test_wrong_params_are_refused_in_words(change, kind, message):
    space = pizzeria()
    params = {name: value for name, value in {**GOOD, **change}.items() if value is not ...}
    with pytest.raises(kind, match=message):
        space.check(params)
    if "where" not in message:  # codes are asked for allowed combinations and others alike
        with pytest.raises(kind, match=message.partition(" from ")[0]):
            space.encode([GOOD, params])


@pytest.mark.parametrize("params", [None, 3, "Stone", [("oven", "Stone")]], ids=str)
def test_params_that_are_no_dict_are_refused(params):
    with pytest.raises(TypeError, match=r"params must be a dict with keys \['oven', .* got "):
        pizzeria().check(params)


def test_encode_wants_a_list_of_params():
    with pytest.raises(TypeError, match=r"encode takes a list of params, got one: .* write \[params\]"):
        pizzeria().encode(GOOD)


def test_an_unknown_name_is_named():
    with pytest.raises(KeyError, match=r"unknown parameter 'crust'; this space has \['oven'"):
        pizzeria()["crust"]


def test_a_where_with_too_thin_a_region_to_sample_says_so():
    width = {"now": 2.0}

    def narrow(params):
        return params["x"] < width["now"]

    space = Space(Real("x", 0, 1), where=narrow)
    width["now"] = 0.0
    with pytest.raises(
        ValueError, match=r"where=narrow let none of 100,000 random draws through; allow more"
    ):
        space.sample(rng())


# -- plain values, the caller's own things, copies ---------------------------------------------------------


def test_numpy_values_go_in_and_plain_values_come_out():
    space = pizzeria()
    params = space.check(
        {
            "temperature": np.float32(205),
            "minutes": np.int64(7),
            "fan": np.float64(1.25),
            "oven": np.str_("Electric"),
            "topping": None,
            "size": "Large",
        }
    )
    assert list(params) == list(space.names)
    assert is_plain(space, params)
    assert params["fan"] == 1.25


def test_a_float32_at_the_edge_does_not_lie_a_hair_outside():
    low, high = Space(Real("x", 0.7, 0.9)).check({"x": np.float32(0.7)}), np.float32(0.9)
    assert low["x"] >= 0.7
    assert Space(Real("x", 0.7, 0.9)).check({"x": high})["x"] <= 0.9


def test_whole_floats_and_fractions_are_numbers_too():
    space = Space(Integer("a", 0, 9), Real("b", 0, 1))
    params = space.check({"a": 3.0, "b": Fraction(1, 4)})
    assert params == {"a": 3, "b": 0.25}
    assert is_plain(space, params)


def test_a_smooth_value_is_kept_as_it_came():
    assert Space(Real("x", 1e-6, 1, log=True)).check({"x": 0.123456789})["x"] == 0.123456789


def test_changing_the_lists_afterwards_changes_nothing():
    options, labels, ovens = ["Stone", "Electric"], ["S", "E"], ["Electric"]
    when = {"oven": ovens}
    space = Space(Choice("oven", options, labels=labels), Real("fan", 0, 3, when=when))
    options.append("Gas")
    labels[0] = "?"
    ovens.append("Stone")
    when["oven"] = ["Stone"]
    assert space["oven"].options == ("Stone", "Electric")
    assert space["oven"].label("Stone") == "S"
    assert space.check({"oven": "Electric", "fan": 1.0}) == {"oven": "Electric", "fan": 1.0}
    assert space.check({"oven": "Stone"}) == {"oven": "Stone"}


@pytest.mark.parametrize("twin", [copy.deepcopy, lambda space: pickle.loads(pickle.dumps(space))])
def test_a_copied_space_is_the_same_space(twin):
    space = pizzeria()
    space.encode([GOOD])  # with its caches filled
    other = twin(space)
    assert other == space
    assert other.sample(rng(5)) == space.sample(rng(5))
    np.testing.assert_array_equal(other.encode([GOOD, GOOD]), space.encode([GOOD, GOOD]))


def test_spaces_differ_where_their_parameters_do():
    assert Space(Real("x", 0, 1)) == Space(Real("x", 0.0, 1.0))
    assert Space(Real("x", 0, 1)) != Space(Real("x", 0, 2))
    assert Space(Real("x", 0, 1)) != "x"


# -- for readers -------------------------------------------------------------------------------------------


def test_a_space_reads_as_a_small_table():
    space = Space(
        Choice("oven", ["Stone", "Electric"], labels=["Stone oven", "Electric oven"]),
        Integer("minutes", 4, 20, unit="min"),
        Real("heat", 150, 300, step=5, unit="°C", when={"oven": ["Electric"]}),
        Ordered("size", ["Small", "Large"]),
    )
    lines = repr(space).splitlines()
    assert lines[0] == "Space of 4 parameters, 1,088 combinations"
    assert lines[1:] == [
        "  oven     Stone oven, Electric oven",
        "  minutes  4 to 20 min (whole)",
        "  heat     150 to 300 °C in steps of 5  when oven is Electric",
        "  size     Small < Large",
    ]
    assert "no_pineapple_on_stone" in repr(pizzeria())
    assert "no end of combinations" in repr(pizzeria())


def test_html_shows_names_as_text_not_as_markup():
    page = Space(Choice("<b>oven</b>", ["<i>", "Stone"]))._repr_html_()
    assert "&lt;b&gt;oven&lt;/b&gt;" in page
    assert "<i>" not in page


def test_values_are_labelled_with_their_units():
    space = pizzeria()
    assert (
        space.label({"oven": "Stone", "temperature": 205.0, "minutes": 7})
        == "oven Stone, temperature 205 °C, minutes 7 min"
    )
    assert Choice("mix", [stir, None], labels=["stirred", "as it is"]).label(stir) == "stirred"


def test_the_largest_dial_still_finds_its_values():
    dial = Integer("x", 0, COUNTABLE - 1)
    assert [dial.decode(dial.encode(value)) for value in (0, 1, 654_321, COUNTABLE - 1)] == [
        0,
        1,
        654_321,
        COUNTABLE - 1,
    ]


@settings(max_examples=30)
@given(space=spaces(), seed=seeds)
def test_the_same_stream_draws_the_same_params(space, seed):
    assert space.key(space.sample(rng(seed))) == space.key(space.sample(rng(seed)))


def on_the_diagonal(params):
    return abs(params["x"] - params["y"]) < 0.001


def test_a_thin_region_is_drawn_from_however_long_it_takes():
    space = Space(Real("x", 0, 1), Real("y", 0.25, 1.25), where=on_the_diagonal)
    drawn = [space.sample(rng(seed)) for seed in range(20)]  # one of some 700 draws lies there
    assert all(map(on_the_diagonal, drawn))


def test_a_log_dial_with_clicks_gives_the_small_numbers_more_and_both_ends_their_share():
    clicks = Integer("trees", 10, 100, step=10, log=True)
    shares = np.bincount(np.searchsorted(clicks.codes, clicks.draw(rng(), 20_000)), minlength=10) / 20_000
    assert (np.diff(shares) < 0).all()
    for number, share in zip(range(10, 101, 10), shares, strict=True):
        assert share == pytest.approx(math.log((number + 5) / (number - 5)) / math.log(105 / 5), abs=0.015)


@pytest.mark.parametrize(
    "dial", [Integer("x", 0, 100), Real("x", 0, 100, step=1), Real("x", 0, 100)], ids=repr
)
def test_a_mutation_bounces_off_the_ends(dial):
    space, stream = Space(dial), rng()
    moved = np.array([space.nudge({"x": 5}, 1.0, stream)["x"] for _ in range(2_000)])
    assert 0 < (moved <= 0.5).mean() < 0.06
    assert np.median(moved) > 8


def test_equal_spaces_are_one_key_whatever_their_options_are():
    two, three = np.ones(2), np.ones(3)
    one, same, other = (
        Space(Choice("weights", options), Real("x", 0, 1)) for options in ([two, three], [two, three], [two])
    )
    assert one == same
    assert len({one, same}) == 1
    assert one != other
    assert Choice("size", ["Small", "Large"]) != Ordered("size", ["Small", "Large"])
    assert Choice("size", ["Small"]) != "size"


def test_whole_numbers_are_shown_in_full():
    assert "1234567 to 1300000 (whole)" in repr(Space(Integer("trees", 1_234_567, 1_300_000)))
