"""The family tree of a genetic run: rows of generations, lines to parents, and the best line of descent."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.pictures.families import Member, Tray, rows_of_pizzas
from pizzatune.pictures.family_tree import ROWS, descent, disc, family
from pizzatune.pictures.marks import Dots, Image, Key, Links, Text
from pizzatune.pictures.reasons import reason
from pizzatune.pictures.source import as_run

TRIO = pt.menus.three_toppings()


def bred(budget=24, seed=0, objective=None, **settings):
    strategy = pt.GeneticAlgorithm(TRIO.space, seed=seed, **settings)
    return pt.tune(objective or TRIO.taste, strategy, budget, progress=False)


GENETIC = bred()


def drawn(picture, kind):
    return [mark for mark in picture.marks if isinstance(mark, kind)]


def test_line_of_descent_goes_from_the_first_generation_to_the_best():
    relatives = family(as_run(GENETIC))
    line = descent(relatives)
    by_number = {one.number: one for one in relatives}
    assert line[-1] == GENETIC.best.number
    assert by_number[line[0]].parents == ()
    for elder, younger in itertools.pairwise(line):
        parents = [by_number[number] for number in by_number[younger].parents]
        assert by_number[elder] in parents
        assert by_number[elder].trial.score == max(parent.trial.score for parent in parents)


def test_every_pizza_stands_in_the_row_of_its_generation_the_best_first():
    picture = pt.plots.family_tree(GENETIC, menu=TRIO)
    places = {int(image.id): image for image in drawn(picture, Image)}
    assert set(places) == {trial.number for trial in GENETIC.trials}
    population = GENETIC.strategy.population
    rows = sorted({image.y for image in places.values()})
    assert len(rows) == -(-len(GENETIC.trials) // population)
    for trial in GENETIC.trials:
        assert rows.index(places[trial.number].y) == trial.number // population
    for y in rows:
        row = sorted((image for image in places.values() if image.y == y), key=lambda image: image.x)
        scores = [GENETIC.trials[int(image.id)].score for image in row]
        assert scores == sorted(scores, reverse=True)
        assert all(other.x - one.x > one.size for one, other in itertools.pairwise(row))


def test_every_child_has_a_line_to_each_of_its_parents_and_the_best_line_is_thick():
    picture = pt.plots.family_tree(GENETIC, menu=TRIO)
    links = drawn(picture, Links)
    wanted = {
        f"{parent}-{trial.number}" for trial in GENETIC.trials for parent in trial.origin.get("parents", ())
    }
    assert {one for link in links for one in link.ids} == wanted
    thick = {one for link in links if link.style == "lead" for one in link.ids}
    line = descent(family(as_run(GENETIC)))
    assert {f"{elder}-{younger}" for elder, younger in itertools.pairwise(line)} <= thick


def test_who_is_pointed_at_lights_up_with_forebears_and_descendants():
    picture = pt.plots.family_tree(GENETIC, menu=TRIO)
    best = next(image for image in drawn(picture, Image) if image.id == str(GENETIC.best.number))
    line = descent(family(as_run(GENETIC)))
    assert {str(number) for number in line[:-1]} <= set(best.kin)
    assert f"trial {GENETIC.best.number + 1}: topping 1 " in best.tip
    assert reason(GENETIC.best.why, {}) in best.tip


def test_mutants_have_a_mark_of_their_own_and_the_best_a_ring():
    picture = pt.plots.family_tree(GENETIC)
    mutants = [trial for trial in GENETIC.trials if trial.origin.get("mutated")]
    marked = [one for dots in drawn(picture, Dots) if dots.style == "mutated" for one in dots.ids]
    marked += [text.id for text in drawn(picture, Text) if text.style == "new"]
    assert sorted(map(int, marked)) == [trial.number for trial in mutants]
    assert mutants
    (ring,) = [dots for dots in drawn(picture, Dots) if dots.style == "ring"]
    assert list(ring.ids) == [str(GENETIC.best.number)]
    (key,) = drawn(picture, Key)
    assert {"mutated", "best", "best line"} <= {words for words, _, _ in key.entries}


def test_without_a_recipe_discs_in_the_colours_of_the_scores_stand_for_trials():
    images = drawn(pt.plots.family_tree(GENETIC), Image)
    by_number = {int(image.id): image for image in images}
    best, worst = GENETIC.best, min(GENETIC.trials, key=lambda trial: trial.score)
    assert by_number[best.number].symbol.svg == disc(1.0).svg
    assert by_number[worst.number].symbol.svg == disc(0.0).svg
    with_menu = drawn(pt.plots.family_tree(GENETIC, menu=TRIO), Image)
    assert all(image.symbol.name.startswith("tiny") for image in with_menu)


def test_a_failed_trial_is_shown_and_is_never_the_best():
    def smoky(params):
        if params["topping_1"] == "Pepperoni":
            raise RuntimeError("smoke")
        return TRIO.taste(params)

    result = bred(budget=30, seed=1, objective=smoky)
    lost = [trial for trial in result.trials if not trial.ok]
    assert lost
    picture = pt.plots.family_tree(result)
    images = {int(image.id): image for image in drawn(picture, Image)}
    assert all(images[trial.number].symbol.name == "disc-failed" for trial in lost)
    assert sum(text.text == "failed" for text in drawn(picture, Text)) == len(lost)
    assert not {trial.number for trial in lost} & set(descent(family(as_run(result))))


def test_nothing_scored_still_draws():
    lost = bred(budget=6, objective=lambda params: float("nan"))
    picture = pt.plots.family_tree(lost)
    assert picture.caption.endswith("none has a score yet.")
    assert picture.svg()


def test_a_long_family_shows_the_generations_that_led_to_the_best():
    result = bred(budget=80, population=4)
    picture = pt.plots.family_tree(result)
    shown = {result.trials[int(image.id)].origin["generation"] for image in drawn(picture, Image)}
    assert len(shown) == ROWS
    assert result.best.origin["generation"] in shown
    words = [text.text for text in drawn(picture, Text)]
    assert f"Generation, the best first, {min(shown)} to {max(shown)} of 0 to 19" in words
    assert len(picture.data) == 80


def test_large_generations_have_room():
    picture = pt.plots.family_tree(bred(budget=90, population=45))
    row = sorted(image.x for image in drawn(picture, Image)[:45])
    size = drawn(picture, Image)[0].size
    assert np.diff(row).min() >= size > 5
    assert not [text for text in drawn(picture, Text) if text.anchor == "middle"]  # no room for scores


def test_random_search_has_no_family():
    with pytest.raises(ValueError, match="know no generations"):
        pt.plots.family_tree(pt.tune(TRIO.taste, pt.RandomSearch(TRIO.space, seed=0), 4, progress=False))


def test_lines_from_afar_are_stubs_where_a_tray_says_so():
    rows = [[Member(row, disc(0.5), 1.0, "", (0,) if row else ())] for row in range(4)]
    for far, reach in ((9.0, 3), (1.5, 1)):
        layers = rows_of_pizzas(Tray(rows=4, far=far), rows, line=())
        heights = [float(link.to_y[0] - link.y[0]) for row in (1, 2, 3) for link in layers[f"lines {row}"]]
        assert sum(height > 30 for height in heights) == reach
        assert [link.style for row in (1, 2, 3) for link in layers[f"lines {row}"]] == [
            "kin",
            "elite",
            "elite",
        ]
