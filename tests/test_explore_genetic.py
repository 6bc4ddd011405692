"""The genetic explorer: what a knob does to a family, and that the picture shows the strategy's trials."""

from __future__ import annotations

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.explore.chronicle import VALLEY
from pizzatune.explore.genetic_explorer import KITCHENS, LAST, MOST, TRAY
from pizzatune.lessons.genetic import diversity, grandparents
from pizzatune.menus.tricky import BOXES, boxed
from pizzatune.pictures.marks import Arrival, Band, Dots, Image, Key, Land, Line, Links, Text

MENU = boxed(pt.menus.three_toppings())
SETTINGS = {"population": 6, "tournament": 3, "mutation": 0.2, "elite": 1, "seed": 5}


@pytest.fixture(scope="module")
def explorer():
    opened = pt.explore.genetic()
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def as_at_first(explorer):
    explorer.set(
        kitchen=KITCHENS[0],
        population=8,
        tournament=2,
        mutation=0.05,
        elite=0,
        seed=1,
        generation=3,
        boxes=False,
    )
    explorer.settle()


def trials_in(data):
    return sorted((trial for row in data.members for trial in row), key=lambda trial: trial.number)


def marks_of(explorer, kind, *styles):
    every = (mark for marks in explorer.marks.values() for mark in marks)
    return [mark for mark in every if isinstance(mark, kind) and (not styles or mark.style in styles)]


def rows_shown(explorer):
    """The numbers of the pizzas in each row of the tray, from left to right."""
    layers = (explorer.marks.get(f"row {row}", []) for row in range(TRAY.rows))
    return [[int(mark.id) for mark in marks if isinstance(mark, Image)] for marks in layers]


def generations_shown(explorer):
    return [mark.text for mark in marks_of(explorer, Text, "big")]


def links(explorer, *styles):
    return [one for mark in marks_of(explorer, Links, *styles) for one in mark.ids]


def mutants(explorer):
    return [mark.id for mark in marks_of(explorer, Text, "new")]


# -- the numbers are the strategy's ------------------------------------------------------------------------


def test_it_shows_the_trials_of_the_strategy_itself(explorer):
    explorer.set(**SETTINGS, generation=4)
    explorer.settle()
    strategy = pt.GeneticAlgorithm(MENU.space, repeats=True, **SETTINGS)
    trials = pt.tune(MENU.taste, strategy, budget=5 * 6).trials
    shown = trials_in(explorer.data)
    assert [trial.params for trial in shown] == [trial.params for trial in trials]
    assert [trial.origin for trial in shown] == [trial.origin for trial in trials]
    assert explorer.data.best[-1] == max(trial.score for trial in trials)
    assert explorer.data.mean[2] == pytest.approx(np.mean([trial.score for trial in trials[12:18]]))
    assert explorer.data.worst[2] == min(trial.score for trial in trials[12:18])


def test_two_hills_start_from_the_lower_one_and_go_on_with_the_strategy(explorer):
    explorer.set(kitchen=KITCHENS[1], **SETTINGS, generation=2)
    explorer.settle()
    menu = pt.menus.two_hills()
    strategy = pt.GeneticAlgorithm(menu.space, repeats=True, **SETTINGS)
    for params in grandparents(5, 6):
        strategy.tell(params, menu.taste(params))
    trials = pt.tune(menu.taste, strategy, budget=12).trials
    assert [trial.params for trial in trials_in(explorer.data)] == [trial.params for trial in trials]
    assert explorer.data.shares[0].tolist() == [1.0, 0.0]


def test_diversity_and_the_shares_of_boxes_are_counted_over_one_generation(explorer):
    newest = [trial.params for trial in explorer.data.members[-1]]
    toppings = ["topping_1", "topping_2", "topping_3"]
    assert explorer.data.spread[-1] == pytest.approx(diversity(MENU.space, newest, toppings))
    pairs = [(a, b) for i, a in enumerate(newest) for b in newest[:i]]
    by_hand = np.mean([[a[gene] != b[gene] for gene in toppings] for a, b in pairs])
    assert explorer.data.spread[-1] == pytest.approx(by_hand)
    counted = [sum(params["box"] == box for params in newest) / 8 for box in BOXES]
    assert explorer.data.shares[-1].tolist() == counted


def test_the_table_has_a_row_for_each_generation(explorer):
    frame = explorer.to_frame()
    assert frame["generation"].tolist() == [0, 1, 2, 3]
    assert frame["best so far"].is_monotonic_increasing
    assert np.allclose(frame[[f"share {box}" for box in BOXES]].sum(axis=1), 1)


def test_as_it_opens_the_best_climbs_and_toppings_disappear_slowly_with_most_seeds():
    climbed, left = [], []
    with_defaults = pt.explore.genetic(generation=10)
    for seed in range(12):
        with_defaults.seed.value = seed
        with_defaults.settle()
        climbed.append(with_defaults.data.best[10] - with_defaults.data.best[0])
        left.append(with_defaults.data.spread[[0, 3, 6]])
    with_defaults.close()
    assert np.median(climbed) > 0.4
    first, third, sixth = np.median(left, axis=0)
    assert first > 0.8
    assert 0.25 < sixth < third < 0.7


# -- what knobs do -----------------------------------------------------------------------------------------


def test_it_opens_with_the_first_generation_and_empty_places_for_children():
    opened = pt.explore.genetic()
    assert opened.data.generation == 0
    assert rows_shown(opened)[1:] == [[], [], []]
    (empty,) = marks_of(opened, Dots, "empty")
    assert len(empty.x) == 3 * 8
    assert "Press Play. A parent is the better of two drawn at random; a gene mutates 10%" in opened.reading
    opened.close()


def test_a_step_shows_one_more_generation(explorer):
    before = trials_in(explorer.data)
    explorer.generation.value += 1
    assert explorer.data.generation == 4
    assert trials_in(explorer.data)[: len(before)] == before
    assert explorer.reading.startswith("Generation 4: its best ")


def test_the_population_decides_how_many_pizzas_a_row_has(explorer):
    for size in (4, MOST):
        explorer.population.value = size
        explorer.settle()
        assert [len(row) for row in rows_shown(explorer)] == [size] * TRAY.rows
        assert all(len(row) == size for row in explorer.data.members)
        assert min(mark.size for mark in marks_of(explorer, Image)) >= 44


def test_pizzas_stand_in_their_row_the_best_first(explorer):
    assert rows_shown(explorer) == [[trial.number for trial in row] for row in explorer.data.members]
    scores = [[trial.score for trial in row] for row in explorer.data.members]
    assert all(row == sorted(row, reverse=True) for row in scores)


def test_rows_that_are_not_bred_yet_are_empty(explorer):
    explorer.generation.value = 1
    assert [len(row) for row in rows_shown(explorer)] == [8, 8, 0, 0]
    assert generations_shown(explorer) == ["0", "1"]


def test_late_generations_push_the_early_ones_out_of_the_tray(explorer):
    explorer.generation.value = 9
    assert generations_shown(explorer) == ["6", "7", "8", "9"]
    (best,) = marks_of(explorer, Line, "best")
    assert len(best.x) == 10


def test_without_mutation_no_pizza_is_marked_and_no_new_gene_appears(explorer):
    explorer.set(mutation=0.0, generation=LAST)
    explorer.settle()
    assert mutants(explorer) == []
    first, last = explorer.data.members[0], explorer.data.members[-1]
    for gene in MENU.space.names:
        assert {trial.params[gene] for trial in last} <= {trial.params[gene] for trial in first}
    explorer.mutation.value = 1.0
    explorer.settle()
    assert len(mutants(explorer)) == 8 * TRAY.rows


def test_a_new_box_alone_is_marked_only_where_boxes_are_seen(explorer):
    explorer.set(mutation=0.2, generation=LAST)
    explorer.settle()
    shown = {trial.number: trial for row in explorer.data.members[-TRAY.rows :] for trial in row}
    new = {str(n): set(trial.origin.get("mutated", ())) for n, trial in shown.items()}
    assert {"box"} in new.values()
    assert set(mutants(explorer)) == {number for number, genes in new.items() if genes - {"box"}}
    explorer.boxes.value = True
    assert set(mutants(explorer)) == {number for number, genes in new.items() if genes}


def test_harder_selection_leaves_fewer_of_the_pizzas_with_children(explorer):
    def parents_of_the_second():
        explorer.settle()
        return len({parent for trial in explorer.data.members[1] for parent in trial.origin["parents"]})

    counts = []
    for hardness in (1, 10):
        explorer.tournament.value = hardness
        counts.append(parents_of_the_second())
    assert counts[0] > counts[1]


def test_lines_from_the_elite_appear_with_an_elite_only(explorer):
    explorer.set(tournament=5, elite=0, generation=LAST)
    explorer.settle()
    assert links(explorer, "elite") == []
    explorer.elite.value = 4
    explorer.settle()
    assert links(explorer, "elite")


def test_every_child_has_a_line_to_each_of_its_parents(explorer):
    shown = explorer.data.members
    wanted = {f"{parent}-{t.number}" for row in shown[1:] for t in row for parent in t.origin["parents"]}
    drawn = links(explorer)
    assert set(drawn) == wanted
    assert len(drawn) == len(wanted)


def forebears_by_hand(number, family):
    parents = family[number].origin.get("parents", ()) if number in family else ()
    return {number}.union(*(forebears_by_hand(parent, family) for parent in parents))


def test_the_thick_lines_lead_to_the_best_of_the_newest_row(explorer):
    family = {trial.number: trial for trial in trials_in(explorer.data)}
    known = forebears_by_hand(explorer.data.members[-1][0].number, family)
    thick = {tuple(map(int, one.split("-"))) for one in links(explorer, "lead")}
    assert thick == {(parent, child) for child in known for parent in family[child].origin.get("parents", ())}


def test_who_is_pointed_at_lights_up_forebears_and_descendants_but_no_cousins(explorer):
    family = {trial.number: trial for trial in trials_in(explorer.data)}
    before = {number: forebears_by_hand(number, family) for number in family}
    images = {int(mark.id): mark for mark in marks_of(explorer, Image)}
    assert set(images) == set(family)
    for number, image in images.items():
        after = {other for other in family if number in before[other]}
        assert set(map(int, image.kin)) == (before[number] | after) - {number}
    kin = [len(image.kin) for image in images.values()]
    assert max(kin) < len(family) - 1


def test_scores_rings_and_marks_fade_with_their_pizzas(explorer):
    explorer.set(mutation=0.3)
    explorer.settle()
    images = {mark.id for mark in marks_of(explorer, Image)}
    scores = [mark.id for mark in marks_of(explorer, Text, "", "bold") if mark.id]
    assert sorted(scores) == sorted(images)
    (ring,) = marks_of(explorer, Dots, "ring")
    assert {*ring.ids, *mutants(explorer)} <= images


def test_a_tip_names_the_pizza_its_parents_and_what_is_new(explorer):
    explorer.set(mutation=0.3)
    explorer.settle()
    for image in marks_of(explorer, Image):
        trial = trials_in(explorer.data)[int(image.id)]
        assert image.tip.startswith(f"pizza {trial.number}: {trial.params['topping_1']}, ")
        assert f"; {trial.score:.2f}" in image.tip
        for parent in trial.origin.get("parents", ()):
            assert str(parent) in image.tip.split("\n")[1]
        new = set(trial.origin.get("mutated", ())) - {"box"}
        assert ("mutated" in image.tip) == bool(new)
        assert all(gene.replace("_", " ") in image.tip for gene in new)


def test_the_ring_is_around_the_best_so_far_or_nowhere(explorer):
    explorer.set(mutation=0.0, seed=3)
    explorer.settle()
    champion = explorer.data.champion
    (ring,) = marks_of(explorer, Dots, "ring")
    (image,) = (mark for mark in marks_of(explorer, Image) if mark.id == str(champion.number))
    assert (ring.x[0], ring.y[0]) == (image.x, image.y)
    explorer.generation.value = LAST
    assert explorer.data.champion == champion
    assert explorer.data.born < LAST - TRAY.rows + 1
    assert marks_of(explorer, Dots, "ring") == []


def test_the_card_shows_the_best_of_the_generation_and_the_best_so_far(explorer):
    explorer.set(mutation=0.0, seed=3, generation=LAST)
    explorer.settle()
    card = explorer.card(explorer.data)
    assert card.heading == f"Generation {LAST}"
    assert card.last.score == f"{explorer.data.members[-1][0].score:.1f} points"
    assert card.best.score == f"{explorer.data.champion.score:.1f} points"
    assert card.last.symbol != card.best.symbol


def named(explorer, trial):
    if explorer.kitchen.value == KITCHENS[1]:
        return f"{trial.params['temperature']:.0f} °C, {trial.params['minutes']:.1f} minutes"
    first, second, third = explorer.data.menu.pizza(trial.params).toppings
    return f"{first}, {second} and {third}"


@pytest.mark.parametrize("kitchen", KITCHENS)
def test_the_reading_names_the_best_of_the_generation_shown_and_the_best_so_far_where_it_is_older(
    explorer, kitchen
):
    explorer.set(kitchen=kitchen, mutation=0.0, seed=3)
    explorer.settle()
    older = []
    for generation in range(LAST + 1):
        explorer.generation.value = generation
        data = explorer.data
        best, champion = data.members[-1][0], data.champion
        said = f"Generation {generation}: its best {best.score:.2f} ({named(explorer, best)}), mean "
        assert explorer.reading.startswith(said)
        older.append(champion.score > best.score)
        (born,) = (number for number, row in enumerate(data.members) if champion in row)
        said = f"\nBest so far {champion.score:.2f}, in generation {born} ({named(explorer, champion)})."
        assert (said in explorer.reading) == ("Best so far" in explorer.reading) == older[-1]
    assert set(older) == {True, False}


# -- boxes, and hills --------------------------------------------------------------------------------------


def test_boxes_are_seen_only_where_they_are_switched_on_and_change_no_family(explorer):
    before, symbols = trials_in(explorer.data), [mark.symbol.name for mark in marks_of(explorer, Image)]
    assert marks_of(explorer, Band, *(f"box{number}" for number in range(4))) == []
    assert "box" not in explorer.reading
    explorer.boxes.value = True
    assert trials_in(explorer.data) == before
    assert [mark.symbol.name for mark in marks_of(explorer, Image)] != symbols
    bands = marks_of(explorer, Band, *(f"box{number}" for number in range(4)))
    for share, band in zip(explorer.data.shares.T, bands, strict=True):
        np.testing.assert_allclose((np.array(band.high) - band.low)[::2], share, atol=1e-12)
        assert f"{share[-1]:.0%} now" in band.tip


def test_boxes_drift_without_selection_and_the_reading_says_how_far(explorer):
    explorer.set(tournament=1, mutation=0.0, population=4, generation=LAST, seed=2, boxes=True)
    explorer.settle()
    assert explorer.data.shares[-1].max() == 1.0
    box = BOXES[int(explorer.data.shares[-1].argmax())]
    assert f"{box} boxes, which have no taste: 4 of 4." in explorer.reading


def test_the_two_hills_have_a_map_and_no_boxes(explorer):
    explorer.boxes.value = True
    assert marks_of(explorer, Land) == []
    explorer.kitchen.value = KITCHENS[1]
    explorer.settle()
    assert not explorer.boxes.enabled
    assert len(marks_of(explorer, Land)) == 1
    newest = [trial.params["temperature"] for trial in explorer.data.members[-1]]
    (now,) = marks_of(explorer, Dots, "seen")
    assert list(now.x) == newest
    assert now.ids == [str(trial.number) for trial in explorer.data.members[-1]]
    higher = sum(heat > VALLEY for heat in newest)
    assert f"On the higher hill: {higher} of 8." in explorer.reading
    explorer.kitchen.value = KITCHENS[0]
    explorer.settle()
    assert explorer.boxes.enabled


def test_the_key_names_only_what_can_be_seen(explorer):
    def said():
        (key,) = marks_of(explorer, Key)
        return [words for words, *_ in key.entries]

    assert said() == ["family of the newest best", "best so far", "mutated"]
    explorer.set(mutation=0.0, elite=2)
    assert said() == ["family of the newest best", "best so far", "from the elite"]


def test_a_wrong_start_is_refused_in_words():
    with pytest.raises(ValueError, match=r"population must lie in \[4, 9\], got 99"):
        pt.explore.genetic(population=99)
    with pytest.raises(ValueError, match="kitchen must be one of Three toppings, Two hills, got 'Oven'"):
        pt.explore.genetic(kitchen="Oven")


def test_rows_slide_up_at_a_step_and_down_at_a_step_back_but_not_in_a_hurry(explorer, monkeypatch):
    clock = iter(range(10**9, 2 * 10**9))
    monkeypatch.setattr("pizzatune.explore.genetic_explorer.time.monotonic", lambda: next(clock))

    def slides():
        return {
            layer: mark.y
            for layer, marks in explorer.marks.items()
            for mark in marks
            if isinstance(mark, Arrival)
        }

    explorer.generation.value = 2
    explorer.generation.value = 3
    assert slides() == {}  # the last free place of the tray
    explorer.generation.value = 4
    up = ["row 0", "row 1", "row 2", "lines 1", "lines 2"]
    assert slides() == dict.fromkeys(up, TRAY.pitch)
    explorer.mutation.value = 0.2
    explorer.settle()
    assert slides() == {}
    explorer.generation.value = 3
    assert slides() == dict.fromkeys(["row 1", "row 2", "row 3", "lines 2", "lines 3"], -TRAY.pitch)
    explorer.generation.value = LAST
    assert slides() == {}
    monkeypatch.setattr("pizzatune.explore.genetic_explorer.time.monotonic", lambda: 3e9)
    explorer.generation.value = LAST - 1
    assert slides()
    explorer.generation.value = LAST - 2
    assert slides() == {}
