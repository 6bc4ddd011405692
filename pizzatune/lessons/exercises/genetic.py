"""Exercises on families: what mattered, how likely chance is, and the way across a valley."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pizzatune.lessons.exercise import Exercise, Mistake
from pizzatune.lessons.front_door import Letters, Number, Settings
from pizzatune.lessons.genetic import TWO_HILLS_SETTINGS, crossed_over

CHECKED = range(20)
"""Seeds of the families that an answer to "genetic.hills" is tried on."""

ENOUGH = 14
"""Of these, how many must find the higher hill: 70 %."""

SETTINGS = {
    "tournament": (1, 10, True), "mutation": (0, 1, False), "reach": (0, 1, False), "elite": (0, 9, True),
    "population": (2, 200, True),
}  # fmt: skip


def _finds_both(answer: Any) -> bool:
    return _enough(tuple(sorted({**TWO_HILLS_SETTINGS, **answer}.items())))


@lru_cache(maxsize=32)  # a wrong answer is asked about more than once
def _enough(settings: tuple[tuple[str, Any], ...]) -> bool:
    """Whether enough families find the higher hill; looks no further once that is decided."""
    found = 0
    for number, seed in enumerate(CHECKED, 1):
        found += crossed_over([seed], **dict(settings))
        if found >= ENOUGH or number - found > len(CHECKED) - ENOUGH:
            break
    return found >= ENOUGH


EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        name="genetic.mattered",
        task=(
            "The last generation of a family agrees on each of its genes A to E. Some of these genes never "
            "had a taste. Find out which ones matter, and give their letters, such as ['A', 'B']. You may "
            "taste as many pizzas as you like: change one gene of the winner at a time."
        ),
        right=lambda answer: answer == {"A", "C", "D"},
        kind="a list of letters",
        reference=["A", "C", "D"],
        door=Letters("ABCDE"),
        because=(
            "change A, C or D of the winner, and the taste changes; change B or E to anything, and it stays. "
            "That all of the family agree on B and E was chance, and inheritance."
        ),
        mistakes=(
            Mistake(
                made_by=lambda answer: len(answer) == 5,
                say=(
                    "that is all of them. That all carry it does not show that it helped: a gene with no "
                    "taste comes to be everyone's as well (M10). Change one gene of the winner at a time."
                ),
                misconception="M10",
                example=["A", "B", "C", "D", "E"],
            ),
            Mistake(
                made_by=lambda answer: answer == set("BE"),
                say=(
                    "that is just the other way round: those two can be anything, and the taste stays (M10)."
                ),
                misconception="M10",
                example="BE",
            ),
            Mistake(
                made_by=lambda answer: bool(answer & {"B", "E"}),
                say=(
                    "one of these is a passenger: it came along with good genes (M10). Give it each of its "
                    "six values in the winner; does any of them change the taste?"
                ),
                misconception="M10",
                example=["A", "B", "C", "D"],
            ),
        ),
        hints=(
            "A gene that matters changes the taste when nothing else changes.",
            "card.taste({**winner, 'B': 1}) tastes the winner with another B.",
            "For each letter, count the scores: {card.taste({**winner, letter: v}) for v in range(1, 7)}.",
        ),
    ),
    Exercise(
        name="genetic.odds",
        task=(
            "Two of the eight boxes of the first generation are red. Parents are drawn without any "
            "selection, nothing mutates. How probable is it that in the end all boxes are red? Give a number "
            "from 0 to 1."
        ),
        right=lambda answer: abs(answer - 0.25) < 0.01,
        kind="a number from 0 to 1",
        reference=0.25,
        door=Number(0, 1),
        because=(
            "in the end all boxes descend from one of the eight, each is as likely to be that one as any "
            "other, and two of them are red (Kimura, 1962)."
        ),
        mistakes=(
            Mistake(
                made_by=lambda answer: 0 <= answer <= 0.01,
                say=(
                    "a gene without a taste can take over all the same (M10): nobody chose it, but by chance "
                    "some lines of descent end in every generation, until one is left."
                ),
                misconception="M10",
                example=0,
            ),
            Mistake(
                made_by=lambda answer: abs(answer - 0.125) < 0.01,
                say=(
                    "that is the chance of one box (M10: any of them can be the one that remains). "
                    "But two of the eight are red."
                ),
                misconception="M10",
                example=0.125,
            ),
            Mistake(
                made_by=lambda answer: abs(answer - 0.0625) < 0.01,
                say=(
                    "that multiplies the chances of two boxes, as if both had to be the one that remains "
                    "(M10). Either of the two will do: add their chances."
                ),
                misconception="M10",
                example=1 / 16,
            ),
            Mistake(
                made_by=lambda answer: 0.5 <= answer <= 1,
                say=(
                    "so much could only be if red did something for its bearers (M10). It does nothing: "
                    "each of the eight boxes has the same chance to be the forebear of all."
                ),
                misconception="M10",
                example=1,
            ),
        ),
        hints=(
            "In the end all boxes descend from a single one of the first eight.",
            "Nothing makes one of the eight a likelier forebear than another.",
            "Two of eight equally likely forebears are red.",
        ),
    ),
    Exercise(
        name="genetic.hills",
        task=(
            "Breed families that start on the lower hill so that at least 14 of 20 find the higher one. Give "
            "the settings you change as a dict, such as {'tournament': 2}; the others stay at tournament 3, "
            "mutation 0.8, reach 0.2, elite 0. The population remains 10."
        ),
        right=lambda answer: answer.get("population", 10) == 10 and _finds_both(answer),
        kind="a dict of settings",
        reference={"mutation": 1.0, "reach": 0.3},
        door=Settings(SETTINGS),
        because=(
            "what a family lacks here is not harder selection but children that land elsewhere: with larger "
            "and more frequent mutations the valley between the hills can be jumped."
        ),
        mistakes=(
            Mistake(
                made_by=lambda answer: answer.get("population", 10) != 10,
                say=(
                    "the population remains 10: with more bakes anybody can win (M11). Change how the "
                    "children are made."
                ),
                misconception="M11",
                example={"population": 50},
            ),
            Mistake(
                made_by=lambda answer: answer.get("tournament", 3) > 5 and not _finds_both(answer),
                say=(
                    "harder selection breeds from fewer parents, so that after a few generations all stand "
                    "on top of the lower hill (M11). Let more of the children land elsewhere."
                ),
                misconception="M11",
                example={"tournament": 10},
            ),
            Mistake(
                made_by=lambda answer: answer.get("elite", 0) > 0 and not _finds_both(answer),
                say=(
                    "the elite keeps what was good, which is all on the lower hill, and its children start "
                    "from there (M11): it protects from loss, but it is selection, too."
                ),
                misconception="M11",
                example={"elite": 3},
            ),
            Mistake(
                made_by=lambda answer: not _finds_both(answer),
                say=(
                    "with these, fewer than 14 of the 20 families find the higher hill. Selection, hard or "
                    "mild, only chooses among what is there. Let more of the children land elsewhere."
                ),
                misconception="M11",
                example={"tournament": 2},
            ),
        ),
        hints=(
            "Selection can only choose among what is there. What brings in something new?",
            "The hills are more than half a dial apart; `reach` says how far a mutation goes.",
            "Raise both: mutation to 1, and reach to 0.3.",
        ),
    ),
)
