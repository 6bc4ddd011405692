"""Random search: independent draws, and the quasi-random kind that fills the space more evenly."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import qmc

from pizzatune.parameters import Choice, Integer, Real
from pizzatune.space import Space
from pizzatune.strategies import Exhausted, RandomSearch

SAMPLERS = pytest.mark.parametrize("sampler", ["independent", "sobol"])
SQUARE = Space(Real("x", 0, 1), Real("y", 0, 1))


def draws(space, count, **settings):
    strategy = RandomSearch(space, **settings)
    return [strategy.ask() for _ in range(count)]


def short_if_hot(params):
    return params["heat"] + params["minutes"] < 1


def test_a_draw_depends_on_its_number_and_not_on_what_was_told():
    told, untold = (RandomSearch(SQUARE, seed=4) for _ in range(2))
    for number in range(5):
        params = told.ask()
        assert params == untold.ask()
        told.tell(params, float(number))


def test_ask_number_n_draws_from_the_stream_of_seed_and_n():
    """Counted are the trials and what is pending, so that several may be asked at once."""
    strategy = RandomSearch(SQUARE, seed=4)
    asked = []
    for number in range(6):
        asked.append(strategy.ask())
        if number % 2:
            strategy.tell(asked[number], 1.0)
    assert asked == [SQUARE.sample(np.random.default_rng([4, number])) for number in range(6)]


@SAMPLERS
def test_log_dials_are_drawn_evenly_in_ratios(sampler):
    space = Space(Real("yeast", 1e-4, 1, log=True), Integer("trees", 1, 255, log=True))
    drawn = draws(space, 512, sampler=sampler, seed=1, repeats=True)
    decades = np.histogram(np.log10([params["yeast"] for params in drawn]), bins=4, range=(-4, 0))[0]
    octaves = np.histogram([params["trees"] for params in drawn], bins=[0.5, 3.5, 15.5, 63.5, 255.5])[0]
    expected = 512 * np.diff(np.log([0.5, 3.5, 15.5, 63.5, 255.5])) / math.log(511)
    assert (abs(decades - 128) < 5 * math.sqrt(128)).all()
    assert (abs(octaves - expected) < 5 * np.sqrt(expected)).all()


@SAMPLERS
def test_each_option_gets_its_share(sampler):
    drawn = draws(Space(Choice("herb", list("abcd")), Real("x", 0, 1)), 257, sampler=sampler, seed=2)[1:]
    shares = [sum(params["herb"] == herb for params in drawn) for herb in "abcd"]
    assert shares == [64] * 4 if sampler == "sobol" else min(shares) > 40


def test_sobol_begins_in_the_middle_and_goes_on_with_the_points_of_scipy():
    drawn = np.array([list(params.values()) for params in draws(SQUARE, 101, sampler="sobol", seed=3)])
    np.testing.assert_array_equal(drawn[0], [0.5, 0.5])  # the middle of both dials
    engine = qmc.Sobol(2, scramble=True, rng=np.random.default_rng(3))
    np.testing.assert_allclose(drawn[1:], engine.random(128)[:100])


def test_sobol_points_fill_the_square_more_evenly():
    def unevenness(sampler):
        points = np.array([list(params.values()) for params in draws(SQUARE, 64, sampler=sampler, seed=5)])
        return qmc.discrepancy(points)

    assert unevenness("sobol") < 0.5 * unevenness("independent")


@SAMPLERS
def test_what_where_rules_out_is_skipped(sampler):
    space = Space(Real("heat", 0, 1), Real("minutes", 0, 1), where=short_if_hot)
    assert all(short_if_hot(params) for params in draws(space, 70, sampler=sampler, seed=1))


@SAMPLERS
def test_a_finite_space_is_drawn_to_its_end_without_a_repeat(sampler):
    space = Space(Integer("x", 0, 9), Choice("herb", list("abc"), when={"x": [3, 4]}))
    strategy = RandomSearch(space, sampler=sampler, seed=6)
    drawn = [strategy.ask() for _ in range(14)]
    assert len({space.key(params) for params in drawn}) == space.size == 14
    with pytest.raises(
        Exhausted, match=r"all 14 combinations have been suggested; read \.best, or say repeats=True"
    ):
        strategy.ask()


def test_when_the_sequence_has_nothing_new_left_it_says_so():
    space = Space(Integer("x", 0, 9_999), where=lambda params: params["x"] % 1_000 == 0)
    strategy = RandomSearch(space, sampler="sobol", seed=7)
    drawn = [strategy.ask()["x"] for _ in range(10)]
    assert len(set(drawn)) == 10
    assert strategy.why == "drawn at random: the Sobol sequence has nothing new left"


def test_another_sampler_is_refused():
    with pytest.raises(ValueError, match=r"sampler must be 'independent' or 'sobol', got 'halton'"):
        RandomSearch(SQUARE, sampler="halton")


def test_what_was_withdrawn_comes_again():
    strategy = RandomSearch(SQUARE, sampler="sobol", seed=1)
    asked = [strategy.ask() for _ in range(5)]
    strategy.withdraw(asked[1])
    assert strategy.ask() == asked[1]
    assert strategy.ask() not in asked
