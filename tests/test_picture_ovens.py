"""The old oven and the new one, side by side."""

from __future__ import annotations

import pytest

import pizzatune as pt
from pizzatune import plots
from pizzatune.pictures.marks import Dots, Land, Text
from pizzatune.words import settings

OVENS = pt.menus.old_oven(), pt.menus.new_oven(likeness=0.5)
OLD, NEW = (
    pt.tune(menu.taste, pt.RandomSearch(menu.space, seed=i), 8, progress=False)
    for i, menu in enumerate(OVENS)
)


def marks(picture, kind, style=None):
    return [m for m in picture.marks if isinstance(m, kind) and (style is None or m.style == style)]


def headings(picture):
    return [mark.text for mark in marks(picture, Text, "title")]


def test_both_ovens_share_one_colour_scale_that_holds_all_scores():
    picture = plots.ovens(OLD, NEW, old_menu=OVENS[0], new_menu=OVENS[1])
    lands = marks(picture, Land)
    assert len(lands) == 3  # two ovens and the key
    ((low, high),) = {land.limits for land in lands}
    scores = [trial.score for result in (OLD, NEW) for trial in result.trials]
    assert low <= min(scores) < max(scores) <= high
    assert all(low <= land.scores.min() and land.scores.max() <= high for land in lands)


def test_each_oven_has_its_own_trials():
    dots = [mark for mark in marks(plots.ovens(OLD, NEW), Dots, "scored") if len(mark.x) > 1]
    for mark, result in zip(dots, (OLD, NEW), strict=True):
        assert list(mark.x) == [trial.params["temperature"] for trial in result.trials]
    assert dots[0].panel != dots[1].panel


def test_trust_is_told_where_the_strategy_has_one():
    class Trusting(pt.RandomSearch):
        trust = 0.25

    new = pt.tune(OVENS[1].taste, Trusting(OVENS[1].space, seed=1), 4, progress=False)
    picture = plots.ovens(OLD, new)
    assert headings(picture)[1].endswith(", trust 25%")
    assert "It trusts the old oven to 25%." in picture.caption
    assert "trust" not in plots.ovens(OLD, NEW).caption


def test_caption_says_what_the_old_best_scores_in_the_new_oven():
    old = OLD.best.params
    truth = OVENS[1].taste(old)
    told = plots.ovens(OLD, NEW, old_menu=OVENS[0], new_menu=OVENS[1]).caption
    assert f"best {OLD.best_score:.2f} of 8 pizzas, at {settings(OLD.space, old)}" in told
    assert f"in the new oven that scores {truth:.2f}. New oven: best {NEW.best_score:.2f} of 8" in told
    assert "that scores" not in plots.ovens(OLD, NEW).caption  # nobody baked it there, and no menu knows
    baked = pt.RandomSearch(OVENS[1].space, seed=0)
    baked.tell(old, truth + 0.5)
    assert f"scores {truth + 0.5:.2f}." in plots.ovens(OLD, baked, new_menu=OVENS[1]).caption


def test_an_oven_whose_dials_do_not_reach_so_far_says_nothing_of_the_old_best():
    narrow = pt.Space(pt.Real("temperature", 100, 109), pt.Real("minutes", 4, 5))
    menu = pt.menus.Menu("narrow", narrow, OVENS[0].recipe)
    other = pt.RandomSearch(narrow, seed=0)
    other.tell({"temperature": 105.0, "minutes": 4.5}, 1.0)
    assert "that scores" not in plots.ovens(OLD, other, new_menu=menu).caption


def test_ovens_need_the_same_two_parameters():
    other = pt.RandomSearch(pt.Space(pt.Real("fan", 0, 1), pt.Real("salt", 0, 1)), seed=0)
    with pytest.raises(KeyError, match="unknown"):
        plots.ovens(OLD, other)


def test_data_has_a_row_for_each_trial_of_both():
    data = plots.ovens(OLD, NEW).data
    assert data.columns.tolist() == ["oven", "trial", "temperature", "minutes", "score"]
    assert data["oven"].tolist() == ["old"] * 8 + ["new"] * 8
