"""The map with doubt: guess and doubt under a hand, and how often such bands hold the truth."""

from __future__ import annotations

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.explore import moody
from pizzatune.explore.gp_explorer import OPENING, _baked
from pizzatune.explore.moody import CLICKS, HEATS, MOST, USUAL, Beliefs
from pizzatune.gp import GaussianProcess
from pizzatune.menus.taste import doneness, taste
from pizzatune.pictures.doubt import MAP, PROMISE, PROMISED, TASTE, Kept, verdict
from pizzatune.pictures.marks import Band, Bars, Dots, Key, Line, Links, Rule, Target, Text

DIAL = np.array([False])
FEW = (180.0, 225.0, 270.0)
OVENS = range(101, 301), range(2001, 2201)  # two sets that share no oven


@pytest.fixture
def explorer():
    opened = pt.explore.gp()
    yield opened
    opened.close()


@pytest.fixture
def baked():
    """Three bakes at the opening places, believed rightly."""
    opened = pt.explore.gp(step=3, length=30)
    yield opened
    opened.close()


def of_kind(explorer, kind):
    return [mark for marks in explorer.marks.values() for mark in marks if isinstance(mark, kind)]


def words(explorer):
    return [mark.text for mark in of_kind(explorer, Text)]


def styled(explorer, kind, style):
    return [mark for mark in of_kind(explorer, kind) if mark.style == style]


def page(explorer, do, **more):
    """What a page would say."""
    explorer._take_message(None, {"do": do, "turn": 1, **more}, None)
    assert explorer.error is None, explorer.reading


def share_across(heat):
    return float(MAP.x.share(heat))


# -- the ovens -----------------------------------------------------------------------------------------------


def test_every_oven_on_the_dial_tastes_from_0_to_10_and_turns_smoothly():
    tastes = moody.truths(range(1, 100))
    assert 0 < tastes.min() < tastes.max() < 10
    assert np.abs(np.diff(tastes, axis=1)).max() < 0.4  # points from one place to the next, 1.25 °C
    assert np.ptp(tastes, axis=1).min() > 1
    assert len(np.unique(tastes[:, 0])) == 99


@pytest.mark.parametrize("seeds", OVENS)
def test_ovens_have_the_length_and_the_amplitude_that_they_are_said_to_have(seeds):
    off = moody.truths(seeds) - USUAL
    assert off.std() == pytest.approx(moody.TRUE_AMPLITUDE, rel=0.1)
    apart = off[:, :-24], off[:, 24:]  # 30 °C apart
    assert np.corrcoef(*(one.ravel() for one in apart))[0, 1] == pytest.approx(0.524, abs=0.1)


def test_a_taster_who_wavers_is_off_by_so_much_and_one_who_does_not_is_right():
    heats, seeds = (150.0, 225.0, 300.0), range(1, 200)
    truth = moody.truths(seeds)[:, [0, 60, 120]]
    np.testing.assert_array_equal(moody.tasted(heats, 0.0, seeds), truth)
    assert (moody.tasted(heats, 0.5, seeds) - truth).std() == pytest.approx(0.5, rel=0.1)


# -- what is believed ----------------------------------------------------------------------------------------


def test_guess_and_doubt_are_those_of_the_textbook():
    heats, scores = np.array([160.0, 225.0, 250.0]), np.array([8.0, 3.0, 6.0])
    mean, std = moody.believed(heats, scores, Beliefs(40.0, 0.5, 2.0))

    def alike(one, other):
        s = np.sqrt(5) * np.abs(one[:, None] - other[None, :]) / 40.0
        return 4.0 * (1 + s + s**2 / 3) * np.exp(-s)

    solved = alike(HEATS, heats) @ np.linalg.inv(alike(heats, heats) + 0.25 * np.eye(3))
    np.testing.assert_allclose(mean, USUAL + solved @ (scores - USUAL), rtol=1e-5)
    variance = 4.0 - (solved * alike(HEATS, heats)).sum(axis=1)
    np.testing.assert_allclose(std, np.sqrt(variance), rtol=1e-5)


def test_without_a_bake_the_guess_is_the_usual_taste_and_all_is_doubt(explorer):
    guess = explorer.data
    assert guess.bakes == ()
    assert set(guess.mean) == {USUAL}
    assert set(guess.std) == {1.5}
    assert "Nothing is baked: pure doubt." in words(explorer)
    assert "Click to bake" in explorer.reading
    assert [name for name, one in explorer.controls.items() if not one.enabled] == [
        "undo",
        "score",
        "noise",
        "waver",
    ]
    wide, narrow = styled(explorer, Band, "doubt")[0], styled(explorer, Band, "sure")[0]
    assert (wide.low[0], wide.high[0], narrow.low[0], narrow.high[0]) == (2.0, 8.0, 3.5, 6.5)
    assert styled(explorer, Line, "truth") == []


def test_the_knobs_are_the_beliefs_of_the_gaussian_process(baked):
    baked.set(noise=0.4, amplitude=2.5, length=70)
    data = baked.data
    x = ((np.array(OPENING[:3]) - 150) / 150)[:, None]
    y = np.array([bake.tasted for bake in data.bakes]) - USUAL
    gp = GaussianProcess(x, y, DIAL, np.array([70 / 150]), 2.5, 0.4)
    mean, std = gp.posterior(((HEATS - 150) / 150)[:, None])
    np.testing.assert_allclose(data.mean, USUAL + mean)
    np.testing.assert_allclose(data.std, std)


def test_the_data_choose_what_the_gaussian_process_would_fit(baked):
    baked.set(step=8, fitted=True)
    data = baked.data
    x = ((np.array(OPENING[:8]) - 150) / 150)[:, None]
    y = np.array([bake.tasted for bake in data.bakes]) - USUAL
    fit = GaussianProcess.fit(x, y / 1.5, DIAL)
    assert data.length == pytest.approx(150 * fit.lengths[0], rel=0.01)
    assert data.amplitude == pytest.approx(1.5 * fit.scale, rel=0.01)
    assert data.noise == pytest.approx(1.5 * fit.noise, rel=0.01)
    assert (baked.length.value, baked.amplitude.value) == (data.length, data.amplitude)
    assert not baked.length.enabled
    assert "The data chose a length of" in baked.reading
    baked.fitted.value = False
    assert baked.length.enabled
    assert baked.data.length == data.length  # a hand goes on from there


def test_without_data_there_is_nothing_to_choose_from(explorer):
    explorer.fitted.value = True
    assert explorer.data.length == 60
    assert not explorer.length.enabled


# -- baking --------------------------------------------------------------------------------------------------


def test_a_click_bakes_there_and_tells_the_true_taste(explorer):
    for heat in (201.0, 288.0, 150.0):
        page(explorer, "click", name="map", at=[share_across(heat), 0.9])
    heats = [bake.heat for bake in explorer.data.bakes]
    assert heats == [200.0, 290.0, 150.0]
    truth = np.interp(heats, HEATS, explorer.data.truth)
    np.testing.assert_allclose([bake.tasted for bake in explorer.data.bakes], truth)
    np.testing.assert_allclose(np.interp(heats, HEATS, explorer.data.mean), truth, atol=1e-5)
    assert np.interp(heats, HEATS, explorer.data.std).max() < 0.01
    assert explorer.step.value == 3
    assert explorer.reading.startswith("Bake 3 at 150 °C: ")
    assert "Nothing is baked: pure doubt." not in words(explorer)


def test_steps_bake_at_opening_places_and_go_back(explorer):
    explorer.step.value = 4
    assert tuple(bake.heat for bake in explorer.data.bakes) == OPENING[:4]
    explorer.step.value = 2
    explorer.bake(205)
    explorer.step.value = 4
    assert tuple(bake.heat for bake in explorer.data.bakes) == (225, 180, 205, 270)
    explorer.step.value = 0
    assert explorer.data.bakes == ()
    assert explorer.reading == pt.explore.gp().reading


def test_when_all_are_baked_a_click_only_looks(explorer):
    explorer.step.value = MOST
    before = explorer.data.bakes
    assert not explorer.put_in.enabled
    page(explorer, "click", name="map", at=[share_across(150), 0.5])
    assert explorer.data.bakes == before
    assert explorer.reading.startswith("At 150 °C the guess is ")


def test_by_keyboard_the_crosshair_bakes_and_lifts_a_bake(explorer):
    (target,) = of_kind(explorer, Target)
    across, up, push = target.keys
    page(explorer, "turn", values={across: 235.0})
    (line,) = styled(explorer, Rule, "next-elsewhere")
    assert line.at == 235
    assert not explorer.controls[up].enabled  # no bake there yet
    page(explorer, "turn", values={push: True})
    (bake,) = explorer.data.bakes
    assert (bake.heat, bake.told) == (235, None)
    assert explorer.controls[up].enabled
    assert explorer.controls[up].value == round(bake.tasted, 1)
    page(explorer, "turn", values={up: 9.5})
    assert explorer.data.bakes[0].told == 9.5
    assert explorer.data.at(235)[0] == pytest.approx(9.5, abs=1e-4)
    page(explorer, "turn", values={across: 240.0})
    assert explorer.data.chosen is None
    assert explorer.data.bakes[0].told == 9.5
    assert explorer.reading.startswith("At 240 °C the guess is ")


def test_over_a_bake_each_click_of_the_dial_says_what_is_believed_there(baked):
    (columns,) = styled(baked, Bars, "target")
    assert set(columns.names) == {"map"}
    place = CLICKS.tolist().index(250.0)
    mean, std = baked.data.at(250.0)
    assert columns.left[place] < 250 < columns.right[place]
    said = columns.tips[place].split("\n")
    assert said[0] == f"250 °C: guess {mean:.1f}"
    assert said[1].startswith(f"promises 68 of 100 truths: {mean - std:.1f} to")
    assert said[2].endswith(f"to {mean + 2 * std:.1f}")


# -- dragging ------------------------------------------------------------------------------------------------


def test_a_dragged_score_moves_the_guess_and_leaves_the_doubt(baked):
    before = baked.data
    for height in (0.6, 0.8):
        page(baked, "drag", name="bake 1", at=[0.9, height])
    after = baked.data
    assert [bake.heat for bake in after.bakes] == [bake.heat for bake in before.bakes]
    assert [bake.told for bake in after.bakes] == [None, 8.0, None]
    assert after.at(180)[0] == pytest.approx(8.0, abs=1e-4)
    np.testing.assert_array_equal(after.std, before.std)
    assert after.kept is before.kept  # what is counted in other ovens never heard of it
    assert baked.reading.startswith("Bake 2 at 180 °C: you say 8.0 points; it tasted ")
    assert "The doubt stays" in baked.reading


def test_a_dragged_score_looks_different_and_shows_what_was_tasted(baked):
    dots = [dot for dot in of_kind(baked, Dots) if dot.drag]
    assert [dot.style for dot in dots] == ["tried"] * 3
    tasted = baked.data.bakes[1].tasted
    baked.say(2, 8.0)
    dots = [dot for dot in of_kind(baked, Dots) if dot.drag]
    assert [dot.style for dot in dots] == ["tried", "yours", "tried"]
    assert [dot.names for dot in dots] == [["bake 0"], ["bake 1"], ["bake 2"]]
    assert f"it tasted {tasted:.1f}" in dots[1].tips[0]
    (ghost,) = styled(baked, Dots, "last")
    assert (ghost.x, ghost.y) == ([180.0], [tasted])
    (link,) = styled(baked, Links, "tick3")
    assert (link.y, link.to_y) == ([tasted], [8.0])


def test_a_click_or_the_button_gives_back_what_was_tasted(baked):
    before = baked.data.mean
    assert not baked.undo.enabled
    for number in (1, 3):
        baked.say(number, 1.0)
    assert baked.undo.enabled
    page(baked, "click", name="bake 0", at=[0.5, 0.5])
    assert [bake.told for bake in baked.data.bakes] == [None, None, 1.0]
    page(baked, "turn", values={"undo": True})
    assert {bake.told for bake in baked.data.bakes} == {None}
    np.testing.assert_array_equal(baked.data.mean, before)
    assert not baked.undo.enabled


def test_a_click_on_a_tasted_bake_chooses_it_also_of_two_at_one_heat(baked):
    baked.set(waver=1.0, noise=1.0)
    baked.bake(225)
    assert baked.data.chosen == 3
    one, other = baked.data.bakes[0].tasted, baked.data.bakes[3].tasted
    assert one != other
    page(baked, "click", name="bake 0", at=[0.5, 0.5])
    assert baked.data.chosen == 0
    baked.score.value = 9.0
    assert [bake.told for bake in baked.data.bakes] == [9.0, None, None, None]
    assert len(baked.data.bakes) == 4


def test_another_oven_keeps_the_places_and_so_the_doubt(baked):
    before = baked.data
    baked.say(1, 9.0)
    baked.seed.value = 7
    after = baked.data
    assert [bake.heat for bake in after.bakes] == [bake.heat for bake in before.bakes]
    assert [bake.told for bake in after.bakes] == [None] * 3
    assert not np.allclose(after.mean, before.mean)
    np.testing.assert_array_equal(after.std, before.std)


# -- the promise ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("heats", [(), (225.0,), FEW, OPENING[:6], OPENING])
@pytest.mark.parametrize("seeds", OVENS)
def test_at_the_right_length_bands_hold_what_they_promise(heats, seeds):
    kept = moody.kept(tuple(heats), Beliefs(), 0.0, seeds)
    assert kept.shares.shape == (2, 200)
    np.testing.assert_allclose(kept.mean, (68.3, 95.4), atol=5.0)  # 200 ovens: within some 3 standard errors
    assert verdict(kept) == "as promised"


@pytest.mark.parametrize("seeds", OVENS)
def test_bands_for_too_long_a_length_hold_less_and_for_too_short_a_one_more(seeds):
    held = {length: moody.kept(FEW, Beliefs(length), 0.0, seeds).mean for length in (15, 30, 60, 120)}
    narrow, wide = (np.array([one[band] for one in held.values()]) for band in (0, 1))
    assert narrow[0] > 75
    assert wide[0] > 97
    assert (narrow[2:] < (40, 20)).all()
    assert (wide[2:] < (65, 30)).all()
    said = [verdict(moody.kept(FEW, Beliefs(length), 0.0, seeds)) for length in held]
    assert said == ["too careful", "as promised", "too sure", "too sure"]


@pytest.mark.parametrize("seeds", OVENS)
def test_noise_that_nobody_believes_in_breaks_the_promise_and_noise_believed_in_keeps_it(seeds):
    kept = [moody.kept(OPENING[:6], Beliefs(noise=noise), 1.0, seeds).mean for noise in (0.0, 1.0)]
    assert (kept[0] < (45, 75)).all()
    np.testing.assert_allclose(kept[1], (68.3, 95.4), atol=5.0)


def test_the_count_is_that_of_ovens_one_by_one():
    beliefs, seeds = Beliefs(50.0, 0.2, 1.2), range(2001, 2004)
    kept = moody.kept(FEW, beliefs, 0.3, seeds)
    scores, free = moody.tasted(FEW, 0.3, seeds), ~np.isin(HEATS, FEW) & np.isin(HEATS, CLICKS)
    for oven, truth in enumerate(moody.truths(seeds)):
        mean, std = moody.believed(FEW, scores[oven], beliefs)
        off = (np.abs(truth - mean) / std)[free]
        assert kept.shares[:, oven] == pytest.approx([100 * (off <= far).mean() for far in (1, 2)])


def test_the_picture_and_the_sentence_say_the_count_with_its_spread(baked):
    baked.length.value = 90
    kept = baked.data.kept
    mean, (low, high) = kept.mean[1], kept.half[1]
    assert low < mean < high
    said = f"Kept in 200 such ovens: {mean:.0f} (half of them {low:.0f} to {high:.0f})."
    assert baked.reading.endswith(f"Promised: 95 of 100 truths. {said}")
    assert "200 more ovens: too sure" in words(baked)
    circle, square = (styled(baked, Dots, style)[0] for style in ("seen", "forecast"))
    assert (circle.y[0], square.y[0]) == tuple(PROMISE.down(kept.mean))
    assert f"half of them lie from {low:.0f} to {high:.0f}" in square.tips[0]
    spans = styled(baked, Links, "tick1")
    assert [(span.y[0], span.to_y[0]) for span in spans] == [tuple(PROMISE.down(row)) for row in kept.half]
    promised = [rule.at for rule in styled(baked, Rule, "limit")]
    assert promised == list(PROMISED)


def test_the_half_of_the_ovens_is_the_middle_one():
    kept = Kept(30.0, np.array([[10.0, 20, 30, 40, 50], [90, 90, 90, 95, 100]]))
    assert kept.mean.tolist() == [30, 93]
    assert kept.half.tolist() == [[20, 40], [90, 95]]


def test_uncovering_shows_the_truth_and_the_count_at_every_length(baked):
    assert "truth" not in baked.to_frame().columns
    assert styled(baked, Line, "truth") == []
    baked.length.value = 120
    baked.uncover.value = True
    (truth,) = styled(baked, Line, "truth")
    np.testing.assert_array_equal(truth.y, moody.truths(range(1, 2))[0])
    lines = [line for line in styled(baked, Line, "mean") if line.panel is PROMISE]
    assert [len(line.x) for line in lines] == [14, 14]
    (length,) = [rule for rule in styled(baked, Rule, "truth") if rule.panel is PROMISE]
    assert length.at == 30
    data, table = baked.data, baked.to_frame()
    clicks = table[np.isin(table["temperature"], CLICKS)]
    outside = int(((clicks["truth"] < clicks["low_95"]) | (clicks["truth"] > clicks["high_95"])).sum())
    assert 5 < outside == data.outside
    assert f"leaves the wide band at {outside} of 31 heats. True length: 30 °C." in baked.reading


def test_what_leaves_the_picture_is_cut_off_and_not_drawn_along_its_edge(baked):
    baked.set(length=200)
    baked.say(3, 10.0)
    (line,) = [line for line in styled(baked, Line, "mean") if line.panel is MAP]
    assert baked.data.mean.max() > TASTE.high
    assert np.nanmax(line.y) <= TASTE.high
    assert np.isnan(line.y).any()
    for band in (*styled(baked, Band, "doubt"), *styled(baked, Band, "sure")):
        assert TASTE.low <= min(band.low)
        assert max(band.high) <= TASTE.high


# -- the card, the door, errors ------------------------------------------------------------------------------


@pytest.mark.parametrize("hot", [False, True])
def test_a_pizza_looks_like_its_score(hot):
    pizzas = {score: _baked("Ham", score, hot) for score in (0.5, 3.0, 6.0, 8.0)}
    for score, pizza in pizzas.items():
        assert taste(pizza) == pytest.approx(score, abs=0.1)
        assert (doneness(pizza) > 1) is hot
    assert 0.8 < doneness(_baked("Ham", 10.0, hot)) < 1.2


def test_the_card_shows_the_last_and_the_best_and_no_dragged_score(baked):
    baked.bake(160)
    scores = [bake.tasted for bake in baked.data.bakes]
    assert baked._card.last.score == f"{scores[3]:.1f} points"
    assert baked._card.best.score == f"{max(scores):.1f} points"
    assert max(scores) > scores[3] + 1
    baked.say(4, 10.0)
    assert baked._card.last.score == f"{scores[3]:.1f} points"
    baked.step.value = 0
    assert baked._card.last.score == "No pizza yet"


def test_a_row_of_the_table_is_a_place_on_the_dial(baked):
    table = baked.to_frame()
    assert len(table) == 121
    np.testing.assert_allclose(table["high_95"] - table["low_95"], 4 * table["std"])
    np.testing.assert_allclose(table["high_68"] - table["low_68"], 2 * table["std"])


@pytest.mark.parametrize(
    "arguments, error, said",
    [
        ({"length": 2}, ValueError, r"length must lie in \[5, 300\] °C, got 2; choose a value inside"),
        ({"step": 11}, ValueError, r"step must lie in \[0, 10\], got 11"),
        ({"noise": "a lot"}, TypeError, r"noise must be a number in \[0, 2\] pts, got 'a lot'"),
        ({"fitted": 1}, TypeError, "fitted must be True or False, got 1"),
    ],
)
def test_a_start_that_cannot_be_is_refused(arguments, error, said):
    with pytest.raises(error, match=said):
        pt.explore.gp(**arguments)


def test_a_bake_that_cannot_be_is_refused_and_nothing_changes(baked):
    before = baked.data.bakes
    with pytest.raises(ValueError, match=r"there are 3 bakes, got number 4; count them from 1"):
        baked.say(4, 5.0)
    with pytest.raises(ValueError, match=r"score must lie in \[0, 10\] pts, got 11"):
        baked.say(1, 11)
    with pytest.raises(ValueError, match=r"temperature must lie in \[150, 300\] °C, got 400"):
        baked.bake(400)
    assert baked.data.bakes == before
    baked.step.value = MOST
    with pytest.raises(
        ValueError, match=r"all 10 bakes are used up; take one away: explorer.step.value -= 1"
    ):
        baked.bake(200)


def test_a_shared_map_has_the_bakes_the_dragged_scores_and_the_one_that_is_chosen(baked):
    baked.set(waver=0.5, noise=0.5, uncover=True)
    baked.bake(235).bake(235).say(2, 9.5).say(4)
    other = pt.explore.open(baked.share())
    assert other.data.bakes == baked.data.bakes
    assert other.data.chosen == 3
    assert other.reading == baked.reading
    np.testing.assert_array_equal(other.data.mean, baked.data.mean)
    other.score.value = 1.0
    assert [bake.told for bake in other.data.bakes] == [None, 9.5, None, 1.0, None]


@pytest.mark.parametrize(
    "memory, said",
    [
        ([[[400, None]], 225.0, None], "temperature must lie in"),
        ([[[200, 11]], 225.0, None], "score must lie in"),
        ([[[200, None]] * 11, 225.0, None], "step must lie in"),
    ],
)
def test_a_memory_that_cannot_be_is_refused(explorer, memory, said):
    with pytest.raises(ValueError, match=said):
        explorer.remember(memory)
    assert explorer.data.bakes == ()


def test_what_the_marks_mean_takes_one_line_above_the_axis_when_uncovered_too(baked):
    baked.uncover.value = True
    (key,) = of_kind(baked, Key)
    assert key.entries[-1][0] == "truth"
    assert key.floor == key.y
