"""Bring your own oven: functions and CSV files as menus, in every strategy, plot and race."""

from __future__ import annotations

import functools
import itertools
import math
import pickle
import statistics

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pizzatune as pt
from pizzatune.gp import GaussianProcess
from pizzatune.menus import GuessedMenu, Pizza, TastedMenu, from_csv, from_function
from pizzatune.parameters import Choice, Integer, Ordered, Real
from pizzatune.space import Space
from pizzatune.strategies import (
    BayesianOptimization,
    GeneticAlgorithm,
    GridSearch,
    RandomSearch,
    TransferLearning,
)
from pizzatune.trial import Trial
from pizzatune.trial import from_csv as trials_from_csv
from tests.how_often import CI, announce
from tests.random_spaces import seeds, spaces

CASES = {"files": 1000, "spaces": 400, "tells": 600}  # bad inputs, 2000 in all; a tenth where it is not CI
TOPPINGS, HEATS, MINUTES = ("Ham", "Bacon", "Olives"), (180, 200, 220, 260), (6, 8.5, 11)


def points(topping, heat, minutes):
    return 8 - ((heat - 215) / 30) ** 2 - abs(minutes - 9) / 3 + TOPPINGS.index(topping) / 4


def friday():
    """A class's tastings: two in three of all 36 pizzas, some of them several times."""
    rng = np.random.default_rng(4)
    rows = []
    for topping in TOPPINGS:
        for heat in HEATS:
            for minutes in MINUTES:
                for _ in range(rng.choice([0, 1, 2, 3], p=[0.35, 0.35, 0.2, 0.1])):
                    rows.append(
                        (topping, heat, minutes, round(points(topping, heat, minutes) + rng.normal() / 5, 2))
                    )
    return rows


FRIDAY = friday()
HEADER = ("topping", "temperature", "minutes", "score")


def written(path, rows=FRIDAY, header=HEADER, mark=","):
    lines = [mark.join(map(str, row)) for row in (header, *rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def scattered(path, rows=30, dials=6):
    """Tastings of which no two share a value: a grid of all values would have hundreds of millions."""
    rng = np.random.default_rng(0)
    values = rng.random((rows, dials + 1)).round(4)
    return written(path, values, [*(f"dial {i}" for i in range(dials)), "score"])


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tastings")
    return {"friday": written(folder / "friday.csv"), "scattered": scattered(folder / "scattered.csv")}


@pytest.fixture(scope="module")
def menus(paths):
    return {
        "friday": from_csv(paths["friday"]),
        "scattered": from_csv(paths["scattered"]),
        "guessed": from_csv(paths["friday"], surrogate=True),
        "function": from_function(bread, BREAD),
    }


BREAD = Space(Choice("flour", ["00", "Rye"]), Real("water", 0.5, 0.8), Integer("hours", 2, 48))


def bread(params):
    """How a loaf turns out."""
    return (
        9 - 80 * (params["water"] - 0.68) ** 2 - (params["flour"] == "Rye") - abs(params["hours"] - 20) / 20
    )


STRATEGIES = {
    "grid": GridSearch,
    "random": RandomSearch,
    "sobol": functools.partial(RandomSearch, sampler="sobol"),
    "bayesian": BayesianOptimization,
    "genetic": GeneticAlgorithm,
    "transfer": lambda space, *, seed: TransferLearning(space, source=earlier(space), seed=seed),
}


def earlier(space):
    """Three trials of an earlier search in the same space."""
    rng = np.random.default_rng(9)
    return [Trial(number, space.sample(rng), float(number)) for number in range(3)]


# -- what is in a file -------------------------------------------------------------------------------------


def test_words_are_choices_in_order_of_appearance_and_numbers_are_ordered(menus):
    assert menus["friday"].space.parameters == (
        Choice("topping", list(TOPPINGS)),
        Ordered("temperature", list(HEATS), labels=["180", "200", "220", "260"]),
        Ordered("minutes", [6.0, 8.5, 11.0], labels=["6", "8.5", "11"]),
    )
    assert [type(value) for value in menus["friday"].best.params.values()] == [str, int, float]


def test_a_pizza_tasted_several_times_scores_the_mean_and_tells_how_it_varied(menus):
    menu = menus["friday"]
    by_pizza = {}
    for *pizza, score in FRIDAY:
        by_pizza.setdefault(tuple(pizza), []).append(score)
    assert len(menu.tastings) == menu.space.size == len(by_pizza) < len(FRIDAY)
    for tasting, (pizza, scores) in zip(menu.tastings, by_pizza.items(), strict=True):
        assert tuple(tasting.params.values()) == pizza
        assert menu.taste(tasting.params) == tasting.score == pytest.approx(statistics.fmean(scores))
        assert tasting.origin["scores"] == tuple(scores)
        spread = statistics.stdev(scores) if len(scores) > 1 else None
        assert tasting.origin["spread"] == (spread if spread is None else pytest.approx(spread))
    frame = menu.to_frame()
    assert frame["tastings"].sum() == len(FRIDAY)
    assert frame.columns.tolist() == ["topping", "temperature", "minutes", "score", "tastings", "spread"]
    degrees = sum(len(scores) - 1 for scores in by_pizza.values())
    squares = sum(
        statistics.variance(scores) * (len(scores) - 1) for scores in by_pizza.values() if len(scores) > 1
    )
    assert (
        f"tasted {len(FRIDAY)} times; the same pizza again differs by {math.sqrt(squares / degrees):.2g}"
        in repr(menu)
    )


def test_the_best_of_a_file_is_its_best_mean(menus):
    menu = menus["friday"]
    assert menu.best.score == max(tasting.score for tasting in menu.tastings)
    assert menu.taste(menu.best.params) == menu.best.score


@pytest.mark.parametrize(
    "dress",
    [
        lambda text: text.replace(",", ";").replace(".", ","),
        lambda text: text.replace(",", "\t"),
        lambda text: "\ufeff" + text.replace("\n", "\r\n"),
        lambda text: text.replace(",", " , "),
        lambda text: text.replace("\n", ",,\n") + ",,,,,\n\n",
        lambda text: "\n".join(
            f'"{line.replace(",", chr(34) + "," + chr(34))}"' for line in text.split("\n")[:-1]
        ),
        lambda text: text.replace("180,", "180.0,").replace("220,", "+2.2e2,"),
    ],
    ids=[
        "semicolons and decimal commas",
        "tabs",
        "Windows",
        "spaces",
        "empty ends",
        "quotes",
        "written otherwise",
    ],
)
def test_spreadsheets_of_all_countries_are_read(menus, tmp_path, dress):
    plain = written(tmp_path / "friday.csv").read_text(encoding="utf-8")
    (tmp_path / "friday.csv").write_text(dress(plain), encoding="utf-8", newline="")
    menu = from_csv(tmp_path / "friday.csv")
    assert [(pizza.params, pizza.score) for pizza in menu.tastings] == [
        (pizza.params, pizza.score) for pizza in menus["friday"].tastings
    ]
    assert repr(menu) == repr(menus["friday"])


def test_columns_say_which_are_settings_and_the_score_may_have_another_name(tmp_path):
    rows = [(name, *row) for name, row in zip("ABCABCABC", FRIDAY, strict=False)]
    path = written(tmp_path / "t.csv", rows, ("taster", "topping", "temperature", "minutes", "rating"))
    menu = from_csv(path, "rating", columns=["topping", "minutes"], name="our oven", trial_label="loaf")
    assert menu.space.names == ("topping", "minutes")
    assert (menu.name, menu.score_label, menu.trial_label) == ("our oven", "rating", "loaf")
    assert from_csv(path, "rating").space.names == ("taster", "topping", "temperature", "minutes")


def test_flour_may_be_called_by_a_number(tmp_path):
    file = tmp_path / "doughs.csv"
    file.write_text("flour,score\n00,7\nManitoba,8\n405,6\n", encoding="utf-8")
    (flour,) = from_csv(file).space.parameters
    assert flour == Choice("flour", ["00", "Manitoba", "405"])


def test_a_space_says_exactly_what_the_columns_are(tmp_path):
    text = (
        "oven,heat,fan,note,score\nStone oven,200,,nice,5\nElectric oven,215.5,2,,7\nElectric oven,200,1,,6\n"
    )
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    space = Space(
        Choice("oven", ["S", "E"], labels=["Stone oven", "Electric oven"]),
        Real("heat", 150, 300, unit="°C"),
        Integer("fan", 0, 3, when={"oven": ["E"]}),
    )
    menu = from_csv(tmp_path / "t.csv", space=space)
    assert menu.taste({"oven": "S", "heat": 200}) == 5
    assert menu.space.size == 3
    assert menu.space["heat"] == Ordered("heat", [200.0, 215.5], unit="°C", labels=["200", "215.5"])
    assert menu.space["fan"] == space["fan"]
    guessed = from_csv(tmp_path / "t.csv", space=space, surrogate=True)
    assert guessed.space is space
    assert math.isfinite(guessed.taste({"oven": "E", "heat": 250.0, "fan": 0}))


def test_a_run_that_was_saved_can_be_ordered_from(tmp_path):
    result = pt.tune(bread, RandomSearch(BREAD, seed=0), budget=7)
    pt.trial.to_csv(result.trials, tmp_path / "run.csv", BREAD)
    menu = from_csv(tmp_path / "run.csv", space=BREAD)
    assert [pizza.params for pizza in menu.tastings] == [trial.params for trial in result.trials]
    assert menu.best.score == result.best_score


# -- every strategy ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["friday", "scattered"])
@pytest.mark.parametrize("make", STRATEGIES.values(), ids=STRATEGIES.keys())
def test_a_search_tries_each_listed_pizza_once_and_no_other_and_ends(menus, which, make):
    menu = menus[which]
    strategy = make(menu.space, seed=2)
    result = pt.tune(menu.taste, strategy)
    assert result.stopped == "every combination tried"
    keys = {menu.space.key(trial.params) for trial in result.trials}
    assert keys == {menu.space.key(pizza.params) for pizza in menu.tastings}
    assert len(result.trials) == len(menu.tastings)
    assert result.best_score == menu.best.score
    with pytest.raises(pt.Exhausted):
        strategy.ask()


@pytest.mark.parametrize("which", ["guessed", "function"])
@pytest.mark.parametrize("make", STRATEGIES.values(), ids=STRATEGIES.keys())
def test_guesses_and_functions_are_searched_like_any_menu(menus, which, make):
    menu = menus[which]
    result = pt.tune(menu.taste, make(menu.space, seed=2), budget=8)
    assert len(result.trials) == 8
    assert not result.failed
    assert all(menu.taste(trial.params) == trial.score for trial in result.trials)
    assert (result.score_label, result.trial_label) == (menu.score_label, menu.trial_label)


def test_what_is_not_on_the_list_cannot_be_tasted(menus):
    menu = menus["friday"]
    listed = {menu.space.key(pizza.params) for pizza in menu.tastings}
    whole = Space(*menu.space.parameters)
    missing = [params for params in whole.enumerate() if whole.key(params) not in listed]
    assert len(missing) == 36 - len(listed) > 0
    for params in missing:
        with pytest.raises(ValueError, match=r"ruled out by where=only the 2\d pizzas of friday.csv"):
            menu.taste(params)
    with pytest.raises(ValueError, match="temperature must be one of"):
        menu.taste({"topping": "Ham", "temperature": 190, "minutes": 6})


def test_children_and_draws_of_a_listed_space_are_on_the_list(menus):
    for which in ("friday", "scattered"):
        space, rng = menus[which].space, np.random.default_rng(0)
        drawn = [space.sample(rng) for _ in range(20)]
        children = [space.mix(one, other, rng) for one, other in itertools.pairwise(drawn)]
        children += [space.nudge(params, 0.5, rng) for params in drawn]
        assert all(space.check(params) == params for params in drawn + children)
        assert space.allowed(space.sample_codes(rng, 30)).all()
        assert space.allowed(space.stretch(rng.random((30, len(space))))).all()
        assert len({space.key(params) for params in children}) > 5


def test_a_search_from_a_file_goes_on_from_its_store(menus, tmp_path):
    menu = menus["friday"]
    whole = pt.tune(menu.taste, BayesianOptimization(menu.space, seed=1), budget=8)
    for budget in (4, 8):
        result = pt.tune(
            menu.taste, BayesianOptimization(menu.space, seed=1), budget=budget, store=tmp_path / "run.pizza"
        )
    assert result.trials == whole.trials


# -- guesses -----------------------------------------------------------------------------------------------


def test_a_guess_is_called_a_guess_wherever_it_is_shown(menus, paths):
    menu = menus["guessed"]
    result = pt.tune(menu.taste, RandomSearch(menu.space, seed=0), budget=5)
    assert menu.score_label == "guessed score"
    assert "guesses from" in repr(menu)
    assert "best guessed score" in repr(result)
    assert "guess" in menu.best.why
    picture = pt.plots.best_so_far(result)
    assert picture.panels[0].y.label == "guessed score"
    assert "guessed score" in picture.caption
    assert from_csv(paths["friday"], surrogate=True, score_label="taste").score_label == "guessed taste"


def test_numbers_become_dials_between_which_a_guess_can_be_made(menus):
    assert menus["guessed"].space.parameters == (
        Choice("topping", list(TOPPINGS)),
        Integer("temperature", 180, 260),
        Real("minutes", 6, 11),
    )


def test_guesses_are_close_to_what_was_tasted_and_to_the_truth_between(menus):
    menu = menus["guessed"]
    off = [menu.taste(pizza.params) - pizza.score for pizza in menu.tastings]
    assert np.std(off) < 0.2
    rng = np.random.default_rng(0)
    some = [menu.space.sample(rng) for _ in range(300)]
    truth = np.array([points(*params.values()) for params in some])
    guesses = np.array([menu.taste(params) for params in some])
    assert np.std(guesses - truth) < 0.4 * np.std(truth)
    mean, std = menu.model.posterior(some)
    np.testing.assert_array_equal(mean.round(9), guesses.round(9))
    assert (std > 0).all()


def test_the_error_it_admits_is_that_of_a_pizza_left_out(menus):
    """Once more by hand: drop each pizza, keep the hyperparameters, guess it."""
    menu = menus["guessed"]
    gp, off = menu.model.gp, []
    for out in range(len(gp.y)):
        rest = np.arange(len(gp.y)) != out
        twin = GaussianProcess(gp.x[rest], gp.y[rest], gp.categorical, gp.lengths, gp.scale, gp.noise)
        off.append(twin.posterior(gp.x[[out]])[0][0] - gp.y[out])
    error = menu.model.unit * math.sqrt(np.mean(np.square(off)))
    assert menu.model.error() == pytest.approx(error, rel=1e-4)
    assert f"off by {error:.2g}, while scores vary by" in menu.about


def test_the_best_guess_is_higher_than_all_on_a_fine_grid(menus):
    menu = menus["guessed"]
    grid = [
        {"topping": topping, "temperature": heat, "minutes": minutes}
        for topping in TOPPINGS
        for heat in range(180, 261, 2)
        for minutes in np.linspace(6, 11, 41).tolist()
    ]
    guesses = menu.model.posterior(grid)[0]
    assert menu.best.score >= guesses.max() > menu.best.score - 0.02
    assert menu.taste(menu.best.params) == pytest.approx(menu.best.score)
    assert menu.median == pytest.approx(np.median(guesses), abs=0.2)


def test_the_best_guess_of_a_countable_menu_is_the_best_of_all(paths):
    space = Space(
        Choice("topping", list(TOPPINGS)),
        Integer("temperature", 180, 260, step=20),
        Real("minutes", 6, 11, step=0.5),
    )
    menu = from_csv(paths["friday"], space=space, surrogate=True)
    guesses = [menu.taste(params) for params in space.enumerate()]
    assert menu.best.score == pytest.approx(max(guesses))
    assert menu.median == pytest.approx(np.median(guesses))


@pytest.mark.parametrize("rows", [2, 501])
def test_too_few_or_too_many_pizzas_to_guess_from_are_refused(tmp_path, rows):
    path = written(tmp_path / "t.csv", [(number, number) for number in range(rows)], ("x", "score"))
    with pytest.raises(
        ValueError, match=rf"row 2 to row {rows + 1}, .*from 3 to 500 different .*, got {rows}"
    ):
        from_csv(path, surrogate=True)


# -- functions ---------------------------------------------------------------------------------------------


def test_a_function_becomes_a_menu_with_its_name_and_no_known_best():
    menu = from_function(bread, BREAD)
    assert (menu.name, menu.about, menu.best) == ("bread", "How a loaf turns out.", None)
    params = {"flour": "Rye", "water": 0.7, "hours": 10}
    assert menu.taste(params) == bread(params)
    assert (menu.score_label, menu.trial_label) == ("score", "trial")
    with pytest.raises(ValueError, match="hours is missing"):
        menu.taste({"flour": "Rye", "water": 0.7})


def test_a_best_that_is_known_is_scored_once():
    calls = []
    best = {"flour": "00", "water": 0.68, "hours": 20}
    menu = from_function(lambda params: calls.append(params) or bread(params), BREAD, name="loaf", best=best)
    assert calls == [best]
    assert (menu.best.params, menu.best.score) == (best, 9.0)
    known = Trial(3, best, 9.0)
    assert from_function(bread, BREAD, best=known).best is known


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        (("bread", BREAD), TypeError, "f must be a function of params, got 'bread'"),
        ((bread, {"water": (0, 1)}), TypeError, "space must be a Space"),
        ((bread, BREAD, {"water": 0.6}), ValueError, "flour is missing"),
        ((bread, BREAD, Trial(0, {"water": 0.6}, None)), ValueError, "best must be a trial with a score"),
    ],
    ids=range(4),
)
def test_what_is_no_function_is_told_so(arguments, error, message):
    f, space, *best = arguments
    with pytest.raises(error, match=message):
        from_function(f, space, best=best[0] if best else None)


@pytest.mark.parametrize("which", ["friday", "scattered", "guessed", "function"])
def test_an_own_menu_travels_to_another_process(menus, which):
    menu = menus[which]
    copy = pickle.loads(pickle.dumps(menu))
    rng = np.random.default_rng(1)
    for params in [menu.space.sample(rng) for _ in range(5)]:
        assert copy.taste(params) == menu.taste(params)
    assert copy.space == menu.space
    taster = menu.taster(noise=0.5, seed=1)
    assert taster(params) != menu.taste(params)


# -- every plot, and the race ------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["friday", "scattered", "guessed", "function"])
def test_every_plot_of_a_search_draws_an_own_menu(menus, which):
    menu = menus[which]
    result = pt.tune(menu.taste, BayesianOptimization(menu.space, seed=0), budget=7)
    first, second = menu.space.names[:2]
    pictures = [
        pt.plots.best_so_far(result, menu=menu),
        pt.plots.parameter(result, first, menu=menu),
        pt.plots.map(result, first, second, menu=menu),
        pt.plots.gp_slice(result.strategy, second, menu=menu),
        pt.plots.ovens(result, result, first, second, old_menu=menu, new_menu=menu),
        pt.plots.family_tree(pt.tune(menu.taste, GeneticAlgorithm(menu.space, seed=0), budget=12), menu=menu),
        pt.plots.map([], first, second, menu=menu),  # nothing tried yet
    ]
    assert all(picture.svg() and picture.caption for picture in pictures)
    said = pictures[0].caption
    assert menu.score_label in said
    assert ("The best possible" in said) == (menu.best is not None)


def classic(params):
    return Pizza((params["topping"],), temperature=params["temperature"], minutes=params["minutes"])


def test_pizzas_of_a_file_can_be_drawn_with_a_recipe_and_keep_their_own_score(paths):
    menu = from_csv(paths["friday"], recipe=classic)
    order = menu.best.params
    said = pt.plots.pizza(order, menu=menu).caption
    assert said in pt.plots.pizza_row([order, menu.tastings[0].params], menu=menu).caption
    assert f"score {menu.best.score:.3g}"[:9] in said
    assert "of 10" not in said


@pytest.mark.parametrize("which", ["friday", "scattered", "guessed", "function"])
def test_what_a_score_is_made_of_is_one_part_for_all_we_know(menus, which):
    menu = menus[which]
    params = menu.space.sample(np.random.default_rng(0))
    picture = pt.plots.what_it_cost(params, menu=menu)
    assert picture.caption.lower().startswith(menu.score_label)
    assert picture.data["part"].tolist() == [menu.score_label]
    assert picture.data["points"].tolist() == [menu.taste(params)]
    with pytest.raises(TypeError, match="not what pizza they make; say it with recipe="):
        pt.plots.pizza(params, menu=menu)


@pytest.mark.parametrize("which", ["friday", "scattered", "guessed", "function"])
def test_strategies_race_on_an_own_menu(menus, which):
    racers = {"random": RandomSearch, "genetic": GeneticAlgorithm}
    board = pt.race(racers, menus[which], budget=6, seeds=3)
    assert board.regrets["random"].shape == (3, 6)
    assert np.isfinite(board.regrets["genetic"]).all()
    assert board.best_known == (menus[which].best is not None)


# -- files that cannot be read -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, message",
    [
        ("", r"t.csv, row 1: column 'score' is missing, the file has \[\]; add it"),
        ("\n\n", r"row 1: column 'score' is missing"),
        ("topping,score\n", r"row 2, column 'score': there is no tasting below the header"),
        ("topping,points\nHam,5", r"row 1: column 'score' is missing, the file has \['topping', 'points'\]"),
        ("score\n5", r"row 1: there is no column of settings beside 'score'"),
        ("topping,score\nHam,5\nTuna,", r"row 3, column 'score': expected a number, got ''"),
        ("topping,score\nHam,good", r"row 2, column 'score': expected a number, got 'good'"),
        ("topping,score\n\nHam,inf", r"row 3, column 'score': must be finite, got 'inf'; leave the row out"),
        ("topping,score\nHam,1e200", r"row 2, column 'score': 1e\+200 is too large"),
        ("topping,score\nHam,5\n,6", r"row 3, column 'topping': the cell is empty; fill it"),
        (
            "heat,score\n180,5\n18O,6",
            r"row 3, column 'heat': '18O' is no number, while others in the column are",
        ),
        ("size,score\nXL,5\nS,6\n30,7", r"row 4, column 'size': '30' is a number among words"),
        ("heat,score\n1e999,5", r"row 2, column 'heat': '1e999' is too large for a number"),
        ("topping,score,topping\nHam,5,Tuna", r"row 1: column 'topping' comes twice"),
        ("topping,,score\nHam,,5\nTuna,7,5", r"row 3, column '': '7' stands in a column without a name"),
        ("topping,score\nHam,7,5", r"row 2, column 3: '5' has no column, as the header names 2; put a cell"),
        ("topping;score\nHam;7,5\nTuna;7.5,1", r"row 3, column 'score': expected a number, got '7.5,1'"),
        (
            "heat;score\n1,5;7\n1.5;7",
            r"row 3, column 'heat': '1.5' has a decimal point, but row 2 a comma, '1,5'",
        ),
        ('topping,score\nHam,"7,500"', r"row 2, column 'score': '7,500' may be 7500 or 7.500, and no other"),
        (
            'topping,score\n"Ham,5\n' + "x" * 140_000,
            r"row 2: no column can be told from the next: .* a \" left open",
        ),
    ],
    ids=range(20),
)
def test_a_file_that_cannot_be_read_is_told_where(tmp_path, text, message):
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    for surrogate in (False, True):
        with pytest.raises(ValueError, match=message):
            from_csv(tmp_path / "t.csv", surrogate=surrogate)


def test_letters_that_are_no_utf8_are_told_where(tmp_path):
    (tmp_path / "t.csv").write_bytes("oven,score\nSteinofen,5\nöfen,6".encode("latin-1"))
    with pytest.raises(
        ValueError, match=r"row 3, column 1 \('oven'\): not UTF-8; save the file as CSV UTF-8"
    ):
        from_csv(tmp_path / "t.csv")


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        ({"space": BREAD, "columns": ["flour"]}, TypeError, "give space= or columns=, not both"),
        ({"space": {"flour": ["00"]}}, TypeError, "space must be a Space"),
        ({"columns": "topping"}, TypeError, "columns must be a list of names"),
        ({"columns": ["topping", "score"]}, ValueError, "'score' cannot be a setting and the score"),
        ({"columns": ["oven"]}, ValueError, r"row 1: column 'oven' is missing, the file has \['topping'"),
        ({"space": BREAD}, ValueError, "row 1: column 'flour' is missing"),
        (
            {"space": Space(Integer("temperature", 190, 260))},
            ValueError,
            r"row 2: temperature must lie in \[190, 260\], got 180",
        ),
    ],
    ids=range(7),
)
def test_what_does_not_fit_the_file_is_told(paths, arguments, error, message):
    with pytest.raises(error, match=message):
        from_csv(paths["friday"], **arguments)


def test_trials_are_read_from_semicolons_too(tmp_path):
    (tmp_path / "run.csv").write_text(
        "hours;water;score;flour\n7;0,65;6,5;Rye\n\n9;0,7;7;moon\n", encoding="utf-8"
    )
    with pytest.raises(
        ValueError, match=r"row 4, column 'flour': must be one of \['00', 'Rye'\], got 'moon'"
    ):
        trials_from_csv(tmp_path / "run.csv", BREAD)
    (tmp_path / "run.csv").write_text("hours;water;score;flour\n7;0,65;6,5;Rye\n", encoding="utf-8")
    (trial,) = trials_from_csv(tmp_path / "run.csv", BREAD)
    assert (trial.params, trial.score) == ({"flour": "Rye", "water": 0.65, "hours": 7}, 6.5)


# -- bad input of every kind -------------------------------------------------------------------------------

COUNTED = dict.fromkeys(CASES, 0)
READ = []  # files that became menus


def fuzzed(kind):
    """Hypothesis with as many examples as `CASES` says, or a tenth."""
    return settings(
        max_examples=CASES[kind] // (1 if CI else 10),
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


CELLS = st.one_of(
    st.sampled_from(
        ["Ham", "Tuna", "180", "200", "7.5", "7,5", "-3", "1e3", "1e999", "nan", "inf", "", " ", "0"]
    ),
    st.sampled_from(['"', '"Ham', "a;b", "a,b", "\x00", "\r", "\udcff", "٣", "1_0", "½", "True", "9" * 400]),
    st.floats(allow_nan=False).map(repr),
    st.text(max_size=4),
)
NAMES_IN_HEADERS = st.sampled_from(
    ["topping", "heat", "score", "", " score ", "why", "SCORE", "x;y", "topping"]
)


@st.composite
def files(draw):
    """The bytes of a file that somebody might take for a table."""
    width = draw(st.integers(1, 4))
    header = draw(st.lists(NAMES_IN_HEADERS, min_size=width, max_size=width))
    if draw(st.integers(0, 3)):  # mostly one that could be read
        header = ["score", "topping", "heat", "minutes"][:width]
    kinds = draw(
        st.lists(st.sampled_from(["number", "number", "word", "word", "any"]), min_size=width, max_size=width)
    )
    cell = {
        "number": st.sampled_from(["1", "2", "3.5", "4"]),
        "word": st.sampled_from(["Ham", "Tuna"]),
        "any": CELLS,
    }
    kinds[0] = draw(st.sampled_from(["number", "number", "number", "any"]))
    rows = draw(st.lists(st.tuples(*(cell[kind] for kind in kinds)), max_size=8))
    mark, end = (
        draw(st.sampled_from([",", ";", "\t", ",", "|"])),
        draw(st.sampled_from(["\n", "\r\n", "\n\n"])),
    )
    text = end.join(mark.join(row) for row in (header, *rows))
    return text.encode("utf-8", errors="surrogateescape" if "\udcff" in text else "replace")


@fuzzed("files")
@given(content=st.one_of(files(), files(), files(), st.binary(max_size=60)), pick=st.integers(0, 4))
def test_any_file_is_a_menu_or_an_error_that_names_row_and_column(tmp_path, content, pick):
    COUNTED["files"] += 1
    surrogate = pick == 0  # fitting takes longer
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    menu, refused = heard(lambda: from_csv(path, surrogate=surrogate))
    if menu is None:
        assert refused.startswith(f"{path}, row ")
        assert "column" in refused
        return
    READ.append(path)
    assert isinstance(menu, GuessedMenu if surrogate else TastedMenu)
    assert all(math.isfinite(menu.taste(pizza.params)) for pizza in menu.tastings)
    if not surrogate:
        result = pt.tune(menu.taste, RandomSearch(menu.space, seed=0))
        assert len(result.trials) == len(menu.tastings)
        assert result.best_score == menu.best.score


def heard(attempt):
    """What an attempt gives, or None and in what words it was refused."""
    try:
        return attempt(), ""
    except (TypeError, ValueError) as error:
        return None, str(error)


ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.integers(),
    st.floats(),
    st.text(max_size=3),
    st.lists(st.integers(0, 2), max_size=3),
    st.dictionaries(st.sampled_from(["oven", "x"]), st.lists(st.integers(0, 2), max_size=2), max_size=2),
    st.just(np.array([1.0, 2.0])),
    st.just(bread),
)


@st.composite
def parameters(draw):
    """Makes a parameter of anything."""
    kind = draw(st.sampled_from([Choice, Ordered, Real, Integer]))
    name = draw(st.one_of(st.sampled_from(["oven", "x", "score"]), ANYTHING))
    values = [draw(ANYTHING)] if kind in (Choice, Ordered) else [draw(ANYTHING), draw(ANYTHING)]
    named = {"labels": ANYTHING} if kind in (Choice, Ordered) else {"step": ANYTHING, "log": st.booleans()}
    more = {
        key: draw(value)
        for key, value in ({**named, "when": ANYTHING}).items()
        if draw(st.integers(0, 3)) == 0
    }
    return lambda: kind(name, *values, **more)


@fuzzed("spaces")
@given(makers=st.lists(parameters(), max_size=3), where=st.one_of(st.none(), st.none(), ANYTHING), seed=seeds)
def test_any_space_is_a_menu_or_is_refused_in_words(makers, where, seed):
    COUNTED["spaces"] += 1
    space, refused = heard(lambda: Space(*(make() for make in makers), where=where))
    assert (space is None) == (len(refused) > 10)
    if space is None:
        return
    menu = from_function(lambda params: len(params), space)
    params = space.sample(np.random.default_rng(seed))
    assert menu.taste(params) == len(params)


@fuzzed("tells")
@given(
    space=spaces(),
    which=st.sampled_from([RandomSearch, GeneticAlgorithm, BayesianOptimization]),
    junk=st.lists(
        st.tuples(
            st.one_of(ANYTHING, st.none()),
            ANYTHING,
            st.one_of(st.none(), ANYTHING),
        ),
        min_size=1,
        max_size=4,
    ),
    seed=seeds,
)
def test_any_tell_is_kept_or_refused_and_the_search_goes_on(space, which, junk, seed):
    COUNTED["tells"] += 1
    strategy = which(space, seed=seed, repeats=True)
    for params, score, error in junk:
        asked = strategy.ask()
        before = len(strategy.trials)
        told = asked if params is None else params
        trial, refused = heard(lambda: strategy.tell(told, score, error=error))  # noqa: B023  # called at once
        assert (trial is None) == (len(refused) > 10)
        assert len(strategy.trials) == before + (trial is not None)
        if trial is None:
            strategy.withdraw(asked)
        else:
            assert trial.ok == (trial.error is None) == (trial.score is not None)
            assert trial.score is None or math.isfinite(trial.score)
    assert space.check(strategy.ask())


def test_the_number_of_bad_inputs_is_counted_and_told(capfd):
    """Runs last in this file, after the tests that count."""
    in_all = f"{COUNTED}, {sum(COUNTED.values())} in all"
    announce(capfd, f"bad inputs tried: {in_all}; {len(READ)} files could be read")
    tried = [kind for kind, count in COUNTED.items() if count]
    assert all(COUNTED[kind] >= CASES[kind] // (1 if CI else 10) for kind in tried)
    assert 0.1 * COUNTED["files"] <= len(READ) <= 0.9 * COUNTED["files"]
