"""The published tables: what data/README.md says about them is computed again here."""

from __future__ import annotations

import numpy as np
import pytest

from pizzatune._files import data_dir
from pizzatune.menus import published
from pizzatune.menus.article import HEATS, TABLES, TIMES

GENETIC = published("genetic")
GENES = ("topping_1", "topping_2", "topping_3")
EFFECTS = {
    "Ham": 1.075,
    "Sausage": 1.7,
    "Pineapple": -1.95,
    "Green Peppers": -0.775,
    "Olives": -0.425,
    "Bacon": 0.35,
}


def genes(row):
    return tuple(row[gene] for gene in GENES)


def added_up(toppings):
    return 6.5 + sum(EFFECTS.get(topping, 0.0) for topping in toppings)


@pytest.mark.parametrize(
    "name, rows, columns",
    [
        ("grid", 4, ["factor", "option_1", "option_2", "option_3"]),
        ("random", 3, ["cheese", "meat", "vegetable", "sauce"]),
        ("bayesian", 5, ["iteration", "topping", "temperature_c", "taste"]),
        ("genetic", 9, ["generation", *GENES, "topping_4", "fitness"]),
        ("transfer", 2, ["scenario", "approach", "result"]),
    ],
)
def test_every_table_has_its_rows_and_columns(name, rows, columns):
    table = published(name)
    assert len(table) == rows
    assert all(list(row) == columns and "" not in row.values() for row in table)


def test_the_readme_names_every_table_and_every_column_and_no_other():
    readme = (data_dir() / "README.md").read_text(encoding="utf-8")
    assert {path.stem for path in data_dir().glob("*.csv")} == set(TABLES)
    for name in TABLES:
        assert f"## `{name}.csv`" in readme
        shown = {"topping_2": "topping_4", "topping_3": "topping_4"}  # written as topping_1 … topping_4
        assert all(f"`{shown.get(column, column)}`" in readme for column in published(name)[0])


def test_the_readme_tells_the_degrees_and_minutes_that_the_menu_uses():
    readme = " ".join((data_dir() / "README.md").read_text(encoding="utf-8").split())
    heats, times = ([f"{value:g}" for value in table.values()] for table in (HEATS, TIMES))
    assert f"Low, Medium and High are {heats[0]}, {heats[1]} and {heats[2]} °C" in readme
    assert f"Short, Medium and Long {times[0]}, {times[1]} and {times[2]} minutes" in readme


def test_numbers_come_out_as_numbers():
    assert published("bayesian")[4] == {
        "iteration": 5,
        "topping": "Pepperoni",
        "temperature_c": 195.0,
        "taste": 8.2,
    }


def test_a_table_that_does_not_exist_is_named():
    with pytest.raises(ValueError, match=r"no table 'pasta'; choose one of grid, random, bayesian"):
        published("pasta")


def test_a_reader_who_changes_a_row_changes_only_a_copy():
    published("grid")[0]["factor"] = "pineapple"
    assert published("grid")[0]["factor"] == "cheese"


def test_the_grid_has_81_pizzas():
    options = [[row[f"option_{i}"] for i in (1, 2, 3)] for row in published("grid")]
    assert np.prod([len(set(factor)) for factor in options]) == 81


def test_the_second_random_draw_lists_pepperoni_as_a_cheese():
    rows = published("random")
    meats = {row["meat"] for row in rows}
    assert [number for number, row in enumerate(rows, 1) if row["cheese"] in meats] == [2]
    assert rows[1]["cheese"] == "Pepperoni"


def test_only_pepperoni_is_looked_at_twice_and_gains_1_7_in_15_degrees():
    rows = published("bayesian")
    first_looks = {row["topping"] for row in rows}
    assert len(first_looks) == 4
    first, second = (row for row in rows if row["topping"] == "Pepperoni")
    assert second["temperature_c"] - first["temperature_c"] == 15
    assert second["taste"] - first["taste"] == pytest.approx(1.7)


def test_the_genetic_scores_add_up_to_within_0_025():
    different = {genes(row): row["fitness"] for row in GENETIC}
    assert len(different) == 8
    one = np.array([[1.0, *(topping in pizza for topping in EFFECTS)] for pizza in different])
    fitted, *_ = np.linalg.lstsq(one, np.array(list(different.values())), rcond=None)
    assert np.linalg.matrix_rank(one) == 7
    np.testing.assert_allclose(fitted, [6.5, *EFFECTS.values()], atol=1e-9)
    off = np.abs(one @ fitted - list(different.values()))
    assert off.max() == pytest.approx(0.025)


def test_the_additive_score_rounds_to_every_published_one():
    # Rounding to the nearer tenth: no score lies on the edge between two.
    assert all(abs(added_up(genes(row)) - row["fitness"]) <= 0.026 for row in GENETIC)


def test_the_best_unbaked_pizza_adds_up_to_8_55_and_is_one_crossover_away():
    unbaked = ("Sausage", "Mushrooms", "Bacon")
    assert unbaked not in [genes(row) for row in GENETIC]
    assert added_up(unbaked) == pytest.approx(8.55)
    assert max(row["fitness"] for row in GENETIC) == 8.2
    third = [genes(row) for row in GENETIC if row["generation"] == 3]
    assert any(
        all(gene in pair for gene, pair in zip(unbaked, zip(mother, father, strict=True), strict=True))
        for mother in third
        for father in third
    )


def test_only_the_green_peppers_of_generation_3_come_from_nowhere():
    orphans = []
    for row in GENETIC:
        before = {
            topping
            for other in GENETIC
            if other["generation"] == row["generation"] - 1
            for topping in genes(other)
        }
        if before:
            orphans += [(row["generation"], topping) for topping in genes(row) if topping not in before]
    assert orphans == [(3, "Green Peppers")]
    assert "Green Peppers" in {topping for row in GENETIC if row["generation"] == 1 for topping in genes(row)}


def test_the_worst_pizza_of_all_needs_three_parents():
    worst = min(GENETIC, key=lambda row: row["fitness"])
    assert (worst["generation"], genes(worst), worst["fitness"]) == (
        2,
        ("Pepperoni", "Pineapple", "Bacon"),
        4.9,
    )
    first = [genes(row) for row in GENETIC if row["generation"] == 1]
    parents = [{number for number, pizza in enumerate(first) if topping in pizza} for topping in genes(worst)]
    assert parents == [{0}, {1}, {2}]


def test_every_genetic_pizza_has_cheese():
    assert {row["topping_4"] for row in GENETIC} == {"Cheese"}
