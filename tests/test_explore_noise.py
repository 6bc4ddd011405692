"""Tasters who disagree: the best tasting is too good to be true, and the picture shows by how much."""

from __future__ import annotations

import json
import time

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.explore import noise_picture
from pizzatune.lessons.noise import EVENINGS, HOUSE, LADDER, evenings
from pizzatune.pictures import svg
from pizzatune.pictures.marks import Arrival, Band, Dots, Image, Line, Links, Text


@pytest.fixture(scope="module")
def opened():
    explorer = pt.explore.noise()
    yield explorer
    explorer.close()


@pytest.fixture
def explorer(opened):
    """As it opens."""
    opened.set(noise=1.0, differ=0.5, tastings=1, seed=1, uncover=False, pizzas=20, tasted=0)
    return opened


def of_kind(marks, kind):
    return [mark for mark in marks if isinstance(mark, kind)]


def words(explorer):
    return [mark.text for marks in explorer.marks.values() for mark in of_kind(marks, Text)]


def styled(explorer, kind, style):
    return [m for marks in explorer.marks.values() for m in of_kind(marks, kind) if m.style == style]


def over(explorer, **values):
    explorer.set(**values)
    explorer.tasted.value = explorer.tasted.high
    return explorer


# -- numbers -------------------------------------------------------------------------------------------------


def test_the_best_of_many_is_what_a_plain_loop_finds():
    found = evenings(noise=0.7, differ=0.3)
    for evening in (0, 17, EVENINGS - 1):
        for place, pizzas in enumerate(LADDER):
            tasted = found.tasted[evening, :pizzas].tolist()
            best = tasted.index(max(tasted))
            gap = tasted[best] - found.truths[evening, best]
            assert found.too_high()[evening, place] == pytest.approx(gap)


def test_both_halves_of_the_evenings_are_as_much_too_high_as_theory_says():
    """For normal moods: noise² / sqrt(noise² + differ²) times the expected highest of n."""
    highest = {2: 0.5642, 5: 1.1630, 10: 1.5388, 20: 1.8675, 50: 2.2491, 100: 2.5076, 200: 2.7460}
    for noise, differ in ((1.0, 0.5), (0.5, 1.0), (1.2, 0.0)):
        gaps = evenings(noise, differ).too_high()
        for half in (gaps[: EVENINGS // 2], gaps[EVENINGS // 2 :]):
            assert abs(half[:, 0].mean()) < 0.25 * noise  # one pizza is not chosen
            for place, pizzas in enumerate(LADDER[1:], 1):
                expected = noise**2 / np.hypot(noise, differ) * highest[pizzas]
                assert half[:, place].mean() == pytest.approx(expected, abs=0.2 * noise)


@pytest.mark.parametrize("tastings", [4, 25])
def test_who_tastes_more_often_is_fooled_less(tastings):
    once, often = evenings(1.0, 0.5), evenings(1.0, 0.5, tastings)
    assert (often.too_high().mean(axis=0)[1:] < once.too_high().mean(axis=0)[1:]).all()
    np.testing.assert_allclose(often.tasted - often.truths, (once.tasted - once.truths) / tastings**0.5)


def test_fewer_pizzas_are_the_first_of_more():
    few, many = pt.explore.noise(5), pt.explore.noise(100)
    assert many.data.tasted[:5].tolist() == few.data.tasted.tolist()
    assert (few.tasted.high, many.tasted.high) == (5, 100)
    few.close()
    many.close()


def test_a_pizza_of_the_house_is_worth_six_points():
    assert evenings(noise=0.0, differ=0.0).tasted.tolist() == [[HOUSE] * LADDER[-1]] * EVENINGS


# -- the evening ---------------------------------------------------------------------------------------------


def test_it_opens_with_pizzas_on_the_shelf_and_tells_nothing(explorer):
    pizzas = [image for name in explorer.marks for image in of_kind(explorer.marks[name], Image)]
    assert len(pizzas) == 20
    assert len({image.y for image in pizzas}) == 1
    assert all(image.tip.endswith("waits") for image in pizzas)
    assert not explorer.again.enabled
    assert not explorer.uncover.enabled
    assert "?" in words(explorer)
    assert styled(explorer, Line, "mean") == []
    assert np.isnan([explorer.table(explorer.data)[column] for column in ("tasted", "truth")]).all()


def test_each_step_tastes_one_more_pizza_which_comes_up_from_the_shelf(explorer):
    explorer.tasted.value = 6
    explorer.tasted.value = 7
    (arrival,) = of_kind(explorer.marks["newest"], Arrival)
    (newest,) = of_kind(explorer.marks["newest"], Image)
    assert newest.y == explorer.data.tasted[6]
    assert arrival.x == 0 < arrival.y
    assert explorer.reading.startswith("Pizza 7 (ham): 6.4 points, the best so far is pizza 4 with 6.7.")
    assert explorer.reading.endswith("13 pizzas to go.")
    (best,) = of_kind(explorer.marks["best"], Image)
    assert (best.x, best.y) == (4, explorer.data.tasted[3])
    explorer.noise.value = 0.9  # another knob lets nothing fly
    assert of_kind(explorer.marks["newest"], Arrival) == []


def test_the_truth_stays_hidden_until_it_is_uncovered(explorer):
    over(explorer)
    assert styled(explorer, Dots, "truth") == []
    assert "truly" not in json.dumps([svg.layer(marks) for marks in explorer.marks.values()])
    assert np.isnan(explorer.table(explorer.data)["truth"]).all()
    assert styled(explorer, Line, "mean") == []
    explorer.uncover.value = True
    every, winner = styled(explorer, Dots, "truth")
    assert list(every.y) == explorer.data.truths.tolist()
    assert list(winner.y) == [explorer.data.truths[explorer.data.best]]
    assert explorer.table(explorer.data)["truth"].tolist() == explorer.data.truths.tolist()
    assert "truly it is worth" in explorer.reading


def test_the_winner_tasted_again_falls_by_what_the_arrow_says(explorer):
    over(explorer)
    assert explorer.reading.startswith("Pizza 8 (green peppers) wins with 8.3 points.")
    explorer.clicked("again", 0.5, 0.5)
    assert explorer.again.value == 1
    first, later = explorer.data.tasted[7], explorer.data.again[0]
    (arrow,) = styled(explorer, Links, "fall")
    panel = noise_picture.table(explorer.data)
    assert [*arrow.y, *arrow.to_y] == pytest.approx([panel.down(first), panel.down(later)])
    (falling,) = of_kind(explorer.marks["best"], Arrival)
    assert falling.y == pytest.approx(float(panel.down(first) - panel.down(later)))
    assert "−1.8" in words(explorer)
    assert explorer.reading.startswith("The winner was tasted at 8.3; tasted again it gets 6.5, 1.8 less.")
    card = explorer._card
    assert (card.last.score, card.best.score) == ("8.3 points", "6.5 points")
    assert card.best_heading == "Tasted again"


def test_tasted_again_and_again_it_comes_to_its_truth(explorer):
    over(explorer).again.value = 50
    assert explorer.data.falls_to == pytest.approx(explorer.data.truths[7], abs=0.3)
    assert "50 more tastings give" in explorer.reading
    explorer.again.value += 1  # that is enough
    assert len(explorer.data.again) == 50
    explorer.tasted.value = 5
    assert explorer.again.value == 0


def test_more_pizzas_and_how_many_are_tasted_can_be_set_at_once(explorer):
    for done in (50, 7, 0):
        explorer.set(pizzas=50, tasted=done)
        assert (explorer.data.done, len(explorer.data.tasted)) == (done, 50)
        explorer.set(pizzas=2, tasted=0)
    with pytest.raises(ValueError, match=r"tasted must lie in \[0, 5\], got 6"):
        explorer.set(pizzas=5, tasted=6)
    assert len(explorer.data.tasted) == 2


@pytest.mark.parametrize("pizzas", LADDER)
def test_more_pizzas_are_all_tasted_when_the_evening_is_over(explorer, pizzas):
    over(explorer).again.value = 1
    explorer.pizzas.value = pizzas
    assert explorer.data.told
    assert explorer.tasted.value == pizzas
    assert len(explorer.table(explorer.data)["pizza"]) == pizzas


def test_the_second_panel_shows_the_mean_and_its_range(explorer):
    over(explorer, differ=0.2).again.value = 1
    (line,), (band,) = styled(explorer, Line, "mean"), styled(explorer, Band, "doubt")
    gaps = evenings(1.0, 0.2).too_high()
    assert list(line.y) == gaps.mean(axis=0).tolist()
    assert ((band.low <= gaps) & (gaps <= band.high)).mean(axis=0) == pytest.approx(np.full(8, 0.8))
    assert f"+{gaps[:, 4].mean():.1f}" in words(explorer)


def test_a_winner_that_rises_is_told_how_rare_that_is(explorer):
    over(explorer, seed=10).again.value = 1
    found = evenings()
    best = found.tasted[:, :20].argmax(axis=1)
    rows = np.arange(EVENINGS)
    later = found.truths[rows, best] + found.again[:, 0]
    rises = int((later > found.tasted[rows, best]).sum())
    assert 0 < rises < EVENINGS / 4
    what, why, _ = explorer.reading.split("\n")
    assert what.endswith("more.")
    assert why == f"It rose! Tasted again, the best of 20 rose in {rises} of {EVENINGS} evenings."
    labels = [mark for mark in of_kind(explorer.marks["winner"], Text) if "winner" in mark.text]
    panel = noise_picture.table(explorer.data)
    assert labels[0].y > panel.down(explorer.data.tasted[explorer.data.best])  # below, as the pizza is above


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"noise": 0.0}, "no moods"),
        ({"pizzas": 1}, "nothing is chosen"),
        ({"differ": 0.0}, "chooses good moods"),
    ],
)
def test_it_says_why(explorer, values, why):
    over(explorer, **values).uncover.value = True
    assert why in explorer.reading.split("\n")[1]


def test_every_evening_stays_on_its_picture(explorer):
    over(explorer, noise=1.5, differ=1.0, pizzas=200, uncover=True).again.value = 3
    for seed in range(1, 100, 7):
        explorer.seed.value = seed
        panel = noise_picture.table(explorer.data)
        for values in (explorer.data.tasted, explorer.data.truths):
            assert panel.y.low < values.min()
            assert values.max() <= panel.y.high
        assert all(
            0 < mark.y < explorer.size[1] for m in explorer.marks.values() for mark in of_kind(m, Text)
        )


def test_a_turn_is_quick(explorer):
    over(explorer, pizzas=50).again.value = 1
    start = time.process_time()
    for noise in np.linspace(0.1, 1.4, 10):
        explorer.noise.value = float(noise)
    assert (time.process_time() - start) / 10 < 0.05


def test_a_number_of_pizzas_that_is_not_on_the_ladder_is_refused():
    with pytest.raises(ValueError, match="pizzas must be one of 1, 2, 5, 10, 20, 50, 100, 200, got 30"):
        pt.explore.noise(pizzas=30)


def test_the_fullest_table_is_sent_in_a_small_message():
    explorer = over(pt.explore.noise(pizzas=200), uncover=True)
    explorer.again.value = 1
    sent = []
    explorer.send = sent.append
    explorer._take_message(None, {"do": "hello", "turn": 0}, None)
    for seed in (7, 23, 99):
        explorer.seed.value = seed
    sizes = [len(json.dumps({key: part for key, part in m.items() if key != "symbols"})) for m in sent[1:]]
    assert len(sizes) == 3
    assert max(sizes) < 30_000
    explorer.close()


def test_a_shared_evening_opens_with_its_pizzas_and_later_tastings():
    mine = over(pt.explore.noise(pizzas=200, seed=3), uncover=True)
    mine.again.value = 2
    yours = pt.explore.open(mine.share())
    assert yours.reading == mine.reading
    assert yours.data.again.tolist() == mine.data.again.tolist()
    mine.close()
    yours.close()


def test_a_winner_that_stays_is_not_said_to_fall():
    explorer = pt.explore.noise(noise=0.3)
    said = []
    for seed in range(1, 100):
        explorer.set(seed=seed, tasted=20)
        explorer.again.value = 1
        said += [explorer.reading] if "the same." in explorer.reading else []
    assert said
    assert all("Its next mood was as good as the first." in one for one in said)
    explorer.close()
