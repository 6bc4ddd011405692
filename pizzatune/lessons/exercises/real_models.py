"""Exercises on real models: what is set, a test part opened once, and what an honest number costs."""

from __future__ import annotations

from pizzatune.lessons.exercise import Exercise, Mistake
from pizzatune.lessons.front_door import Letters, Number, Thing
from pizzatune.lessons.real_models import Report
from pizzatune.lessons.typed import number

SEALED = 54  # wines that the lesson seals


EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        name="real_models.dials",
        task="Which of the eight are dials? Answer with their letters, such as 'ABC'.",
        right=lambda answer: answer == set("ADFH"),
        kind="a word made of letters from A to H",
        reference="ADFH",
        door=Letters("ABCDEFGH"),
        because=(
            "A, D, F and H are set before the fit and stay as they were set. The others are what the fit "
            "makes of the data, and change whenever the data do."
        ),
        mistakes=(
            Mistake(
                lambda answer: answer == set("BCEG"),
                "those are the four that the fit finds by itself: the dough. The dials are the others.",
                "M1",
                "BCEG",
            ),
            Mistake(
                lambda answer: len(answer) == 8,
                "that is all of them. Four are found by the fit: nobody sets them.",
                "M1",
                "ABCDEFGH",
            ),
            Mistake(
                lambda answer: "C" in answer,
                "the mean that the scaler subtracts looks like a setting, but it is computed from the data: "
                "scale other wines, and it is another mean.",
                "M1",
                "ACDFH",
            ),
            Mistake(
                lambda answer: "G" in answer,
                "weights are what a network learns, by the million. Nobody turns them by hand.",
                "M1",
                "ADFGH",
            ),
            Mistake(
                lambda answer: "B" in answer,
                "nobody sets which wines it remembers: it takes all that it is given to fit.",
                "M1",
                "ABDFH",
            ),
            Mistake(
                lambda answer: "E" in answer,
                "the tree finds its first question in the data. What is set is how deep it may go.",
                "M1",
                "ADEFH",
            ),
            Mistake(
                lambda answer: answer < set("ADFH"),
                "all of these are dials, but there are more. What else is decided before the fit begins?",
                "M1",
                "AF",
            ),
        ),
        hints=(
            "Ask of each: who decides it, you before the fit, or the fit?",
            "What `fit` computes from the data is dough, even where it is a single number.",
            "There are four dials, one in each model. The depth is one of them.",
        ),
    ),
    Exercise(
        name="real_models.once",
        task=(
            "Seal other wines: in the cell that splits them, set random_state to 1, and run all cells from "
            "there to the report. Choose any strategy, and at most 25 trials. Hand over the report."
        ),
        right=lambda answer: (
            answer.openings == 1 and answer.trials <= 25 and answer.score > 0.85 and answer.cases == SEALED
        ),
        kind="the report that `sealed.open` gives",
        reference=Report(score=0.98, cases=54, searched=0.99, trials=25, openings=1),
        door=Thing(Report),
        because=(
            "It was opened once, for one model that was chosen without it. That is the number to report, "
            "whether it is higher or lower than what the search had said."
        ),
        mistakes=(
            Mistake(
                lambda answer: not isinstance(answer, Report) and 0 < number(answer) <= 1,
                "a bare number does not say where it is from. If it is the best of the search, it chose the "
                "settings, and flatters them. Hand over what `sealed.open` gave.",
                "M3",
                0.99,
            ),
            Mistake(
                lambda answer: answer.openings > 1,
                "this envelope was opened before. If you look, change something and look again, you make "
                "the test part a part of the search. Split anew, and open once.",
                "M3",
                Report(score=0.98, cases=54, searched=0.99, trials=25, openings=2),
            ),
            Mistake(
                lambda answer: answer.cases != SEALED,
                f"this lesson seals {SEALED} wines, in the cell with train_test_split. Hand over its report.",
                "M3",
                Report(score=0.99, cases=10, searched=0.98, trials=3, openings=1),
            ),
            Mistake(
                lambda answer: answer.score <= 0.85,
                "so few right are hardly more than a guess. Run all cells again, from the split on.",
                "M3",
                Report(score=0.5, cases=54, searched=0.98, trials=20, openings=1),
            ),
            Mistake(
                lambda answer: answer.trials > 25,
                "more trials than the budget allows. The more you try, the more the best of them flatters.",
                "M3",
                Report(score=0.98, cases=54, searched=1.0, trials=200, openings=1),
            ),
        ),
        hints=(
            "The cells to run again are the one with train_test_split and those below it, up to `report`.",
            "Put `report` where the dots are: it knows how often the envelope was opened.",
            "If it says opened twice, run the cell with train_test_split again, which seals a new envelope.",
        ),
    ),
    Exercise(
        name="real_models.nested",
        task=(
            "A search tries 20 settings, each with 3-fold cross-validation, and fits the best of them once "
            "more on all it has. How many fits does five-fold cross-validation of this whole search need?"
        ),
        right=lambda answer: answer == 305,
        kind="a whole number of fits",
        reference=305,
        door=Number(0, whole=True),
        because="5 × (20 × 3 + 1) = 305. An honest number costs five searches.",
        mistakes=(
            Mistake(
                lambda answer: answer == 300,
                "nearly: in each of the five outer folds the winner is fitted once more, on all its rows.",
                "M3",
                300,
            ),
            Mistake(
                lambda answer: answer in (60, 61),
                "that is one search, whose score chose the settings. The honest one needs a search in each "
                "outer fold.",
                "M3",
                61,
            ),
            Mistake(
                lambda answer: answer in (100, 105),
                "within each outer fold every setting is fitted three times, once for each inner fold.",
                "M3",
                100,
            ),
            Mistake(
                lambda answer: answer == 20,
                "those are the settings. Each is fitted more than once: count the folds.",
                "M3",
                20,
            ),
            Mistake(
                lambda answer: answer == 15,
                "those are the folds of both. Within each, 20 settings are fitted.",
                "M3",
                15,
            ),
            Mistake(
                lambda answer: answer == 301,
                "nearly: the winner is fitted once more, but in each of the five outer folds.",
                "M3",
                301,
            ),
            Mistake(
                lambda answer: answer in (65, 66),
                "the outer folds do not come after the search: each of the five has a search of its own.",
                "M3",
                65,
            ),
        ),
        hints=(
            "First count the fits of a single search, its last one too.",
            "One search is 20 × 3 fits and one more.",
            "Each of the 5 outer folds runs such a search from the beginning.",
        ),
    ),
)
"""Exercises: a task, a check, the wrong answers that teach, three hints and a solution."""
