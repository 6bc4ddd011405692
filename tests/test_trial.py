"""Trials: equality, the best of them, and the way to tables and CSV files and back."""

from __future__ import annotations

import copy
import math
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pizzatune.parameters import Choice, Integer, Ordered, Real
from pizzatune.space import Space
from pizzatune.trial import Trial, best_so_far, best_trial, from_csv, scores_of, to_csv, to_frame
from tests.random_spaces import seeds, spaces

SPACE = Space(
    Choice("oven", ["Stone", "Electric"], labels=["Stone oven", "Electric oven"]),
    Integer("minutes", 4, 20),
    Real("fan", 0, 3, when={"oven": ["Electric"]}),
)
TRIALS = [
    Trial(0, {"oven": "Stone", "minutes": 7}, 6.25, why="drawn at random"),
    Trial(
        1, {"oven": "Electric", "minutes": 9, "fan": 0.1}, None, error='burnt, "down"\nto ash', why="a guess"
    ),
    Trial(2, {"oven": "Electric", "minutes": 4, "fan": 1 / 3}, 7.1, seconds=0.5),
]


def scored(*scores):
    return [Trial(number, {}, score) for number, score in enumerate(scores)]


def test_the_best_so_far_never_falls_and_is_unknown_before_the_first_success():
    np.testing.assert_array_equal(best_so_far(scored(None, 5.0, None, 3.0, 6.0)), [np.nan, 5, 5, 5, 6])
    np.testing.assert_array_equal(best_so_far(scored(-2.0, -1.0)), [-2, -1])
    assert best_so_far([]).shape == (0,)


@given(st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), max_size=12))
def test_the_best_so_far_agrees_with_a_plain_loop(scores):
    best, expected = math.nan, []
    for score in scores:
        if score is not None and not best >= score:
            best = score
        expected.append(best)
    np.testing.assert_array_equal(best_so_far(scored(*scores)), expected)


def test_the_best_trial_is_the_earliest_of_equals_and_none_where_all_failed():
    assert best_trial(scored(1.0, 3.0, 3.0, None)).number == 1
    assert best_trial(scored(None, None)) is None
    assert best_trial([]) is None


def test_scores_are_nan_where_a_trial_failed():
    np.testing.assert_array_equal(scores_of(TRIALS), [6.25, np.nan, 7.1])


def test_two_trials_are_equal_however_long_they_took():
    assert Trial(0, {"x": 1}, 2.0, seconds=1.0) == Trial(0, {"x": 1}, 2.0, seconds=9.0)
    assert Trial(0, {"x": 1}, 2.0) != Trial(0, {"x": 1}, 2.5)


def test_a_trial_keeps_no_dict_of_the_caller():
    params, origin = {"x": 1}, {"generation": 2}
    trial = Trial(0, params, 2.0, origin=origin)
    params["x"] = origin["generation"] = 99
    assert (trial.params, trial.origin) == ({"x": 1}, {"generation": 2})


def test_a_trial_reads_as_a_line():
    assert repr(TRIALS[0]) == "trial 0: oven=Stone, minutes=7 -> 6.25"
    assert "failed: burnt" in repr(TRIALS[1])


def test_a_trial_shows_as_a_row_with_text_and_not_markup():
    page = Trial(3, {"herb": "<b>Basil</b>", "heat": 1 / 3}, 6.25, why="a guess")._repr_html_()
    assert all(f"<td>{cell}</td>" in page for cell in ("3", "0.3333", "6.25", "a guess"))
    assert "&lt;b&gt;Basil" in page
    assert "burnt" in TRIALS[1]._repr_html_()


@pytest.mark.parametrize("twin", [copy.deepcopy, lambda trial: pickle.loads(pickle.dumps(trial))])
def test_a_copied_trial_is_equal(twin):
    assert [twin(trial) for trial in TRIALS] == TRIALS


def test_a_table_has_a_row_for_each_trial_and_a_column_for_each_parameter():
    frame = to_frame(TRIALS)
    assert list(frame.columns) == ["oven", "minutes", "fan", "score", "error", "why", "seconds"]
    assert frame.index.tolist() == [0, 1, 2]
    assert frame["score"].isna().tolist() == [False, True, False]
    assert frame.loc[2, "fan"] == 1 / 3
    assert frame["seconds"].tolist()[2] == 0.5


def test_a_table_of_no_trials_has_its_columns():
    frame = to_frame([])
    assert len(frame) == 0
    assert list(frame.columns) == ["score", "error", "why", "seconds"]


ELECTRIC = {"oven": ["Electric"]}
FOREVER = math.inf


@pytest.mark.parametrize(
    "parameter",
    [
        Integer("it", 1, 9, when=ELECTRIC),
        Integer("it", 2**60, 2**60 + 9, when=ELECTRIC),
        Integer("it", 10**30, 10**30 + 9, when=ELECTRIC),
        Real("it", 1, 9, step=1, when=ELECTRIC),
        Choice("it", [None, "Basil", "Thyme"]),
        Choice("it", [None, 1, 2], when=ELECTRIC),
        Choice("it", [True, False, None]),
        Choice("it", [True, False], when=ELECTRIC),
        Choice("it", [1, 1.0, True, "1"]),
        Choice("it", [1, 0.5]),  # a share and a count are not the same to every model
        Choice("it", [(8,), (8, 8), [8], []]),
        Choice("it", [FOREVER, None, 0.5], when=ELECTRIC),
        Choice("it", ["Basil", "", "nan", "None"], when=ELECTRIC),
        Ordered("it", [10, 20, 30], when=ELECTRIC),
        Ordered("it", [np.datetime64("2024-05-01"), {"a": 1}, np.arange(3)], when=ELECTRIC),
    ],
    ids=str,
)
def test_every_value_is_in_a_table_what_it_was(parameter):
    space = Space(Choice("oven", ["Stone", "Electric"]), parameter)
    drawn = [space.sample(np.random.default_rng(seed)) for seed in range(40)]
    trials = [Trial(number, params, 1.0) for number, params in enumerate(drawn)]
    frame = to_frame(trials)
    for number, params in enumerate(drawn):
        value = frame["it"].astype(object)[number]
        if "it" in params:
            told = params["it"]
            assert value is told or (type(value) is type(told) and value == told)
        else:
            assert pd.isna(value)


def test_a_column_of_numbers_can_be_reckoned_with():
    trials = [
        Trial(0, {"n": 3, "x": 0.5, "on": True}, 1.0),
        Trial(1, {"m": 4}, 2.0),
        Trial(2, {"n": 5}, None),
    ]
    frame = to_frame(trials)
    assert frame["n"].sum() == 8
    assert frame["x"].mean() == 0.5
    assert frame[frame["on"].fillna(False)].index.tolist() == [0]
    assert frame["n"].dropna().tolist() == [3, 5]
    assert to_frame(trials[:1]).dtypes[["n", "x", "on"]].tolist() == ["int64", "float64", "bool"]


def test_whole_numbers_survive_the_way_through_a_file_of_pandas(tmp_path):
    space = Space(Choice("oven", ["Stone", "Electric"]), Integer("fan", 1, 9, when=ELECTRIC))
    trials = [Trial(0, {"oven": "Stone"}, 1.0), Trial(1, {"oven": "Electric", "fan": 3}, 2.0)]
    to_frame(trials).to_csv(tmp_path / "run.csv")
    assert "Electric,3,2.0" in (tmp_path / "run.csv").read_text(encoding="utf-8")
    assert same_trials(from_csv(tmp_path / "run.csv", space), trials)


def same_trials(some, others):
    """Equal in everything that a file keeps."""
    kept = [[(t.number, t.params, t.score, t.error, t.why) for t in trials] for trials in (some, others)]
    return str(kept[0]) == str(kept[1])


def test_trials_come_back_from_a_file_as_they_were(tmp_path):
    to_csv(TRIALS, tmp_path / "run.csv", SPACE)
    assert same_trials(from_csv(tmp_path / "run.csv", SPACE), TRIALS)
    assert "Stone oven" in (tmp_path / "run.csv").read_text(encoding="utf-8")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(space=spaces(), seed=seeds)
def test_trials_of_any_space_come_back_from_a_file(tmp_path, space, seed):
    stream = np.random.default_rng(seed)
    trials = [
        Trial(0, space.sample(stream), float(stream.normal() * 10.0 ** stream.integers(-9, 9))),
        Trial(1, space.sample(stream), None, error="burnt"),
    ]
    to_csv(trials, tmp_path / "run.csv", space)
    assert same_trials(from_csv(tmp_path / "run.csv", space), trials)


def test_one_and_the_text_1_stay_apart_in_a_file(tmp_path):
    space = Space(Choice("x", [1, "1", "", None]))
    trials = [Trial(number, {"x": value}, 1.0) for number, value in enumerate(space["x"].values())]
    to_csv(trials, tmp_path / "run.csv", space)
    assert [trial.params["x"] for trial in from_csv(tmp_path / "run.csv", space)] == [1, "1", "", None]


class Sauce:
    def __repr__(self):
        return "sauce"


def test_options_that_read_the_same_need_labels(tmp_path):
    space = Space(Choice("sauce", [Sauce(), Sauce()]))
    with pytest.raises(
        ValueError, match=r"sauce: some options read the same, .*; give them labels=\[\.\.\.\]"
    ):
        to_csv([Trial(0, space.sample(np.random.default_rng(0)), 1.0)], tmp_path / "run.csv", space)


@pytest.mark.parametrize(
    "text, message",
    [
        (
            "oven,fan,score\nStone oven,,1",
            r"column 'minutes' is missing, the file has \['oven', 'fan', 'score'\]",
        ),
        ("oven,minutes,fan\nStone oven,7,", r"column 'score' is missing"),
        ("", r"column 'oven' is missing, the file has \[\]; add it"),
        (
            "oven,minutes,fan,score\nGas oven,7,,1",
            r"row 2, column 'oven': must be one of \['Stone oven', .*'Gas oven'",
        ),
        (
            "oven,minutes,fan,score\nStone oven,seven,,1",
            r"row 2, column 'minutes': expected a number, got 'seven'",
        ),
        (
            "oven,minutes,fan,score\nStone oven,7,,1\nStone oven,99,,1",
            r"row 3: minutes must lie in \[4, 20\]",
        ),
        ("oven,minutes,fan,score\nStone oven,7,1.5,1", r"row 2: fan does not apply here"),
        ("oven,minutes,fan,score\nElectric oven,7,,1", r"row 2, column 'fan': expected a number, got ''"),
        (
            "oven,minutes,fan,score\nStone oven,7,,good",
            r"row 2, column 'score': expected a number, got 'good'",
        ),
        (
            "oven,minutes,fan,score\nStone oven,7,,inf",
            r"row 2, column 'score': must be finite, got 'inf'; leave it",
        ),
    ],
    ids=range(10),
)
def test_a_file_that_does_not_fit_is_told_where(tmp_path, text, message):
    (tmp_path / "run.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        from_csv(tmp_path / "run.csv", SPACE)


def test_a_file_from_a_spreadsheet_is_read(tmp_path):
    """With a byte order mark, a short last row, and columns that are nobody's."""
    text = "\ufeffscore,oven,minutes,note,fan\r\n6.5,Stone oven,7,nice,\r\n,Stone oven,8\r\n"
    (tmp_path / "run.csv").write_text(text, encoding="utf-8", newline="")
    first, second = from_csv(tmp_path / "run.csv", SPACE)
    assert (first.params, first.score) == ({"oven": "Stone", "minutes": 7}, 6.5)
    assert (second.score, second.error) == (None, "no score was recorded")
