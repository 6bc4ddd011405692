"""One dial, two ways to turn it: draws are the library's own, and the picture counts where they fall."""

from __future__ import annotations

import json
import time

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.explore import dials_picture
from pizzatune.explore.dials_explorer import HIGHS, LOWS
from pizzatune.explore.dials_picture import RATIOS
from pizzatune.lessons.ranges import BEST_YEAST, GOOD, GOOD_YEAST, MOST, TOP, draws, share_of, taste_of
from pizzatune.pictures.marks import Bars, Dots, Image, Line, Text


@pytest.fixture(scope="module")
def opened():
    explorer = pt.explore.dials()
    yield explorer
    explorer.close()


@pytest.fixture
def explorer(opened):
    """As it opens."""
    opened.set(drawn=0, ratios=False, low=0.001, high=10.0, seed=1)
    return opened


def of_kind(explorer, kind, style=""):
    every = [mark for marks in explorer.marks.values() for mark in marks if isinstance(mark, kind)]
    every = [mark for mark in every if not isinstance(mark, Image) or mark.panel]  # not what explains them
    return [mark for mark in every if not style or mark.style == style]


def words(explorer):
    return [mark.text for mark in of_kind(explorer, Text)]


# -- numbers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("log", [False, True])
def test_draws_are_what_a_random_search_asks_for(log):
    dial = pt.Real("yeast", 0.001, 10, log=log, unit="g")
    search = pt.RandomSearch(pt.Space(dial), seed=4)
    assert draws(dial, 4).tolist() == [search.ask()["yeast"] for _ in range(MOST)]


def test_the_same_luck_lands_at_the_same_turn_of_either_dial():
    steps, ratios = (pt.Real("yeast", 0.001, 10, log=log) for log in (False, True))
    turns = [[dial.encode(grams) for grams in draws(dial, 7)] for dial in (steps, ratios)]
    np.testing.assert_allclose(*turns)


@pytest.mark.parametrize("seeds", [range(1, 51), range(51, 100)])
def test_equal_steps_put_nine_of_ten_draws_into_the_last_factor_of_ten(seeds):
    for log, expected in ((False, 0.9), (True, 0.25)):
        dial = pt.Real("yeast", 0.001, 10, log=log)
        drawn = np.array([draws(dial, seed) for seed in seeds])
        assert (drawn >= 1).mean() == pytest.approx(expected, abs=0.03)
        assert share_of(dial, 1, 10) == pytest.approx(expected, abs=1e-3)


def test_what_is_good_has_eight_points_or_more_and_nothing_else_has():
    low, high = GOOD_YEAST
    np.testing.assert_allclose(taste_of([low, high]), GOOD)
    assert taste_of([0.9 * low, 1.1 * high]).max() < GOOD < taste_of([1.1 * low, 0.9 * high]).min()
    assert taste_of(BEST_YEAST) == TOP
    assert taste_of(0.0) == 0.0


# -- the explorer --------------------------------------------------------------------------------------------


def test_it_opens_with_a_dial_and_a_guess_to_make(explorer):
    assert of_kind(explorer, Image) == []
    assert explorer.reading.startswith("A dial for yeast from 0.001 to 10 g, turned in equal steps.")
    assert explorer.reading.endswith("Guess first: of 20 draws, how many will lie between 1 and 10 g?")
    (curve,) = of_kind(explorer, Line, "mean")
    assert list(curve.y) == taste_of(curve.x).tolist()


def test_one_draw_lies_and_finds(explorer):
    explorer.drawn.value = 1
    assert "of 1 draw lies in" in explorer.reading
    assert "1 draw finds" in explorer.reading


def test_every_draw_is_a_pizza_on_both_axes(explorer):
    explorer.drawn.value = 25
    images = of_kind(explorer, Image)
    above = [image for image in images if image.panel is not RATIOS]
    below = [image for image in images if image.panel is RATIOS]
    assert len(above) == len(below) == 25
    assert sorted(image.x for image in above) == sorted(explorer.data.grams.tolist())
    assert sorted(image.y for image in below) == sorted(explorer.data.scores.tolist())
    assert all(image.tip.count("draw ") == 1 for image in images)
    (best,) = [image for image in below if image.tip.startswith("the best")]
    assert best.y == explorer.data.scores.max()


def test_more_yeast_makes_a_larger_and_darker_pizza(explorer):
    explorer.set(ratios=True, drawn=MOST)
    plain = [image for image in of_kind(explorer, Image) if not image.tip.startswith("the best")]
    order = sorted((image for image in plain if image.panel is RATIOS), key=lambda image: image.x)
    assert [image.size for image in order] == sorted(image.size for image in order)
    assert dials_picture.dose(0.001) < dials_picture.dose(BEST_YEAST) == 1 < dials_picture.dose(10)
    assert len({image.symbol.name for image in order}) > 2


@pytest.mark.parametrize("ratios", [False, True])
def test_draws_are_counted_in_each_factor_of_ten(explorer, ratios):
    explorer.set(drawn=MOST, ratios=ratios)
    told = [mark.text for mark in of_kind(explorer, Text, "big") if mark.text.split()[0].isdigit()]
    grams = explorer.data.grams
    expected = [int(((grams >= low) & (grams < 10 * low)).sum()) for low in (0.001, 0.01, 0.1, 1)]
    assert told == [*map(str, expected[:3]), f"{expected[3]} drawn"]
    assert sum(expected) == MOST


def test_the_sentence_says_how_many_and_why(explorer):
    explorer.drawn.value = 20
    what, why, so_far = explorer.reading.split("\n")
    share = (explorer.data.grams >= 1).mean()
    assert what == f"Equal steps: {100 * share:.0f} % of 20 draws lie in the last factor of ten, 1 to 10 g."
    assert why == "What is good, 0.0096 to 0.042 g, is 0.32 % of this dial."
    assert so_far.endswith("20 draws find 8 or more on 6 of 100 nights.")
    explorer.ratios.value = True
    assert "is 16 % of this dial" in explorer.reading
    assert explorer.reading.endswith("20 draws find 8 or more on 97 of 100 nights.")


def test_the_nights_on_which_something_good_is_found_are_counted_right():
    for log in (False, True):
        dial = pt.Real("yeast", 0.001, 10, log=log)
        found = np.mean([taste_of(draws(dial, seed)[:20]).max() >= GOOD for seed in range(1000, 1200)])
        assert found == pytest.approx(1 - (1 - share_of(dial, *GOOD_YEAST)) ** 20, abs=0.05)


def test_a_range_without_the_best_says_what_that_costs(explorer):
    explorer.set(low=0.1, ratios=True, drawn=20)
    cost = TOP - float(taste_of(0.1))
    assert explorer.data.left_out == pytest.approx(cost)
    assert f"costs {cost:.1f} points, however many you draw" in explorer.reading
    assert f"left out: −{cost:.1f}" in words(explorer)
    (shade,) = of_kind(explorer, Bars, "outside")
    assert [list(shade.left), list(shade.right)] == [[1e-4, 10.0], [0.1, 100.0]]
    assert "the best there is" in shade.tips[0]
    explorer.low.value = 0.01
    assert not any(word.startswith("left out") for word in words(explorer))


def test_zero_as_an_end_of_a_log_dial_is_refused_in_the_words_of_the_dial(explorer):
    explorer.set(low=0, drawn=20)
    assert explorer.low.note == ""
    explorer.ratios.value = True
    with pytest.raises(ValueError, match="must start above 0") as refused:
        pt.Real("yeast", 0, 10, log=True)
    assert explorer.low.note == explorer.low.plan()["note"] == str(refused.value)
    assert "log dial must start above 0, got low=0; start higher, e.g. at 0.01." in explorer.reading
    assert of_kind(explorer, Image) == []
    assert not explorer.drawn.enabled
    assert explorer.error is None
    explorer.low.value = 0.001
    assert explorer.low.note == ""
    assert explorer.drawn.enabled
    assert of_kind(explorer, Image)


def test_all_ends_give_a_dial_or_a_note(explorer):
    explorer.set(drawn=12)
    for low in LOWS:
        for high in HIGHS:
            for ratios in (False, True):
                explorer.set(low=low, high=high, ratios=ratios)
                possible = low < high and (low > 0 or not ratios)
                assert bool(explorer.low.note) != possible
                assert len(of_kind(explorer, Dots, "halo")) == 2 * possible
                drawn = explorer.data.grams
                assert ((low <= drawn) & (drawn <= high)).all()
                assert len(drawn) == 12 * possible


def test_it_is_quick_and_sends_little(explorer):
    sent = []
    explorer.send = sent.append
    explorer._take_message(None, {"do": "hello", "turn": 0}, None)
    explorer.set(drawn=MOST, ratios=True)
    start = time.process_time()
    for seed in range(2, 12):
        explorer.seed.value = seed
    assert (time.process_time() - start) / 10 < 0.05
    sizes = [len(json.dumps({key: part for key, part in m.items() if key != "symbols"})) for m in sent[1:]]
    assert len(sizes) == 11
    assert max(sizes) < 30_000


def test_an_end_that_is_not_on_the_ladder_is_refused():
    with pytest.raises(ValueError, match=r"low must be one of 0, 0\.0001, 0\.001, 0\.01, 0\.1, 1, got 3"):
        pt.explore.dials(low=3)
