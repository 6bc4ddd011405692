"""Exercises on an old oven: when it helps, which to trust, and who pays."""

from __future__ import annotations

from pizzatune.lessons.exercise import Exercise, Mistake
from pizzatune.lessons.front_door import Letters, Number

EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        name="transfer.likeness",
        task=(
            "In the explorer, let the trust be learned, compare all 6 searches, and show 3 bakes in the new "
            "oven. Turn the likeness down from 1. At about which likeness does the thick line of the "
            "transferred searches no longer end above the one from scratch?"
        ),
        right=lambda answer: 0.4 <= answer <= 0.6,
        kind="a likeness from -1 to 1",
        reference=0.5,
        door=Number(-1, 1),
        because=(
            "After three bakes the lead is gone by about 0.5, long before the ovens are strangers: from "
            "there on, the old oven's best scores less here than the middle of the map, where a search "
            "from scratch begins."
        ),
        mistakes=(
            Mistake(
                lambda answer: -1 <= answer < 0.4,
                "by then the lead is long gone: half a likeness is not half a help. Start at 1 and go down "
                "step by step.",
                "M12",
                0.0,
            ),
            Mistake(
                lambda answer: 0.6 < answer <= 1,
                "so close to a twin the first bake is still well above what a search from scratch has after "
                "three. Go on down.",
                "M12",
                1.0,
            ),
        ),
        hints=(
            "Set Searches to compare to 6 and Bakes in the new oven to 3, and wait until nothing moves.",
            "Compare the ends of the two thick lines, at bake 3, for likeness 1, 0.9, 0.8 and so on.",
            "At 0.7 transferred is clearly ahead, at 0.3 no longer. It lies about midway.",
        ),
    ),
    Exercise(
        name="transfer.shared",
        task=(
            "Three new ovens, A, B and C. In which of them would you trust the old oven? Answer with their "
            "letters, such as 'AB'."
        ),
        right=lambda answer: answer == {"A", "C"},
        kind="a word made of the letters A, B and C",
        reference="AC",
        door=Letters("ABC"),
        because=(
            "In A and C the old oven's best is best and by far. A's taster counts to 100, which does not "
            "matter: trust is about which pizza beats which. In B the pale one wins."
        ),
        mistakes=(
            Mistake(
                lambda answer: answer == {"A", "B", "C"},
                "an old oven is not always a help: in B its best pizza is beaten by the pale one.",
                "M12",
                "ABC",
            ),
            Mistake(
                lambda answer: answer == {"C"},
                "what is wrong with A? Its taster counts to 100; look at which pizza beats which.",
                "M12",
                "C",
            ),
            Mistake(
                lambda answer: "B" in answer,
                "in B a pizza that the old oven left pale beats its best one: the old oven misleads.",
                "M12",
                "B",
            ),
        ),
        hints=(
            "Read each column from top to bottom. Does it tell the same story as the first?",
            "How high the numbers are does not matter, only how they compare within their column.",
            "In one of the three ovens the second pizza is the best. That is the one not to trust.",
        ),
    ),
    Exercise(
        name="transfer.count",
        task=(
            "The old oven took 20 bakes. In a new oven of the same make, a search that knows them comes "
            "close after 1 bake, one from scratch after 6. If the 20 were baked for this purpose only: how "
            "many new ovens, at least, must they help so that fewer are baked in all than without them?"
        ),
        right=lambda answer: answer == 5,
        kind="a whole number of ovens",
        reference=5,
        door=Number(0, whole=True),
        because="20 + 5 × 1 = 25 bakes against 5 × 6 = 30; with four it is 24 against 24, which is even.",
        mistakes=(
            Mistake(
                lambda answer: answer == 0,
                "without any new oven the 20 bakes have helped nobody.",
                "M13",
                0,
            ),
            Mistake(
                lambda answer: answer == 1,
                "20 + 1 bakes against 6: for one new oven, starting from scratch is cheaper by far.",
                "M13",
                1,
            ),
            Mistake(
                lambda answer: answer in (2, 3),
                "20 + 3 bakes against 3 × 6, and with two ovens it is worse: not yet.",
                "M13",
                3,
            ),
            Mistake(
                lambda answer: answer == 4,
                "20 + 4 bakes against 4 × 6: that is even, and nothing is saved yet.",
                "M13",
                4,
            ),
            Mistake(
                lambda answer: answer > 5,
                "they pay sooner: each new oven saves 5 bakes.",
                "M13",
                20,
            ),
        ),
        hints=(
            "Count all bakes, those in the old oven too, for one new oven; then for two.",
            "Each new oven costs 6 bakes from scratch, or 1 with the old oven's help. It saves 5.",
            "How often must you save 5 until you have saved more than 20?",
        ),
    ),
)
"""Exercises: a task, a check, the wrong answers that teach, three hints and a solution."""
