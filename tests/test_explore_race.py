"""The bake-off: its numbers are those of a race, and its words say no more than they prove."""

from __future__ import annotations

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.explore.race_explorer import ENOUGH, KITCHENS, RACERS
from pizzatune.pictures.marks import Band, Bars, Line

QUICK = ["Genetic", "Random", "Grid"]


@pytest.fixture
def explorer():
    made = pt.explore.race("Stripes", QUICK, budget=12, evenings=12)
    yield made
    made.close()


def test_it_opens_before_anybody_has_baked(explorer):
    assert explorer.evening.value == 0
    assert explorer.data.over == 0
    assert "Press Play" in explorer.reading
    assert explorer.to_frame()["missed"].isna().all()
    assert not [mark for mark in explorer.marks["curves"] if isinstance(mark, Line | Band)]
    with pytest.raises(ValueError, match="needs two evenings, got 0"):
        _ = explorer.board


@pytest.mark.parametrize(("kitchen", "noise"), [("A slanted ridge", 0.0), ("Three toppings", 0.7)])
def test_its_numbers_are_those_of_a_race(kitchen, noise):
    explorer = pt.explore.race(kitchen, QUICK, 9, noise=noise, evenings=6, first=40, evening=5).settle()
    racers = {name: RACERS[name] for name in RACERS if name in QUICK}
    board = pt.race(racers, KITCHENS[kitchen](), 9, range(40, 45), noise=noise, at=9, progress=False)
    assert explorer.board.wins() == board.wins()
    for name in racers:
        assert np.array_equal(explorer.board.regrets[name], board.regrets[name])
    best = KITCHENS[kitchen]().best.score
    missed = best - np.array([board.scores[name] for name in racers])
    assert np.array_equal(explorer.data.missed, missed)
    assert explorer.data.shares.tolist() == list(board.wins().values())


def test_each_evening_is_won_by_whoever_missed_least(explorer):
    explorer.settle().evening.value = 12
    data = explorer.data
    assert data.won.sum(axis=0) == pytest.approx(np.ones(12))
    for evening in range(12):
        least = data.ends[:, evening].min()
        assert [won > 0 for won in data.won[:, evening]] == [
            abs(end - least) < 1e-9 for end in data.ends[:, evening]
        ]
    boxes = [mark for mark in explorer.marks["ledger"] if isinstance(mark, Bars) and mark.style != "track"]
    tall = sum(float(np.sum(np.subtract(mark.high, mark.low))) for mark in boxes)
    assert tall == pytest.approx(12)
    assert all("missed" in tip for mark in boxes for tip in mark.tips)


def test_those_that_share_an_evening_share_its_box():
    explorer = pt.explore.race("Three toppings", QUICK, 40, evenings=3, evening=3).settle()
    ties = (explorer.data.won > 0).sum(axis=0)
    assert explorer.data.won.max(axis=0) == pytest.approx(1 / ties)


def test_few_evenings_prove_nothing_and_many_are_judged_by_their_interval(explorer):
    explorer.settle()
    for evening in range(1, ENOUGH):
        explorer.evening.value = evening
        assert explorer.reading.endswith("nothing yet.")
    explorer.evening.value = 12
    ends = explorer.data.ends
    order = ends.mean(axis=1).argsort(kind="stable")
    low, _ = pt.board.mean_interval(ends[order[1]] - ends[order[0]])
    assert ("hardly luck" in explorer.reading) == (low > 0)
    assert f"{explorer.data.names[order[0]]} leads {explorer.data.names[order[1]]}" in explorer.reading


def test_the_card_serves_what_the_first_and_the_last_of_the_evening_found(explorer):
    explorer.settle().evening.value = 3
    ends, names = explorer.data.ends[:, 2], explorer.data.names
    card = explorer._card
    assert card.heading == f"{names[ends.argmin()]} serves"
    assert card.best_heading == f"{names[ends.argmax()]} serves"
    menu = explorer.data.menu
    for out, place in ((card.last, ends.argmin()), (card.best, ends.argmax())):
        assert out.score == f"{menu.best.score - ends[place]:.1f} points"
        assert menu.taste(explorer.data.dishes[2][names[place]]) == menu.best.score - ends[place]


def test_an_evening_that_was_raced_is_not_raced_again(explorer, monkeypatch):
    explorer.settle()
    kept = dict(explorer._kept)
    monkeypatch.setattr("pizzatune.explore.race_explorer.Runner", None)  # whoever races now fails
    explorer.set(racers=["Random", "Grid"], evenings=5)
    explorer.settle().set(racers=QUICK, evenings=12)
    explorer.settle()
    assert explorer.error is None
    assert explorer._kept == kept


def test_colours_stay_when_one_leaves(explorer):
    explorer.settle().set(evening=2, racers=["Random", "Grid"])
    explorer.settle()
    assert explorer.data.pens == (2, 3)


def test_one_alone_wins_nothing_by_it_and_cannot_leave(explorer):
    explorer.settle().set(racers=["Grid"], evening=0)
    assert explorer.settle().reading.startswith("Grid bakes 12 pizzas on each of 12 evenings.\nAlone,")
    explorer.set(evening=3)
    explorer.settle()
    assert explorer.reading.endswith("switch on somebody else.")
    assert explorer._card.best is None
    explorer.set(racers=[])  # the last one has to stay
    assert explorer.racers.value == ("Grid",)
    assert explorer.settle().data.names == ("Grid",)
    with pytest.raises(ValueError, match="kitchen must be one of"):
        pt.explore.race("Burgers")
