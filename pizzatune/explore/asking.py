"""Asked before it is shown: a guess is taken, kept, and drawn into the picture that follows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any

from pizzatune.explore.explorer import Button, Explorer, Knob, Pick
from pizzatune.pictures import guessed
from pizzatune.pictures.guessed import Question
from pizzatune.pictures.marks import Layers
from pizzatune.pictures.picture import Picture


class Prediction(Explorer):
    """A question, a dial or some options to answer it by, and a button that keeps the answer.

    Nothing of the right answer is in it: that comes with `reveal`, once it was worked out.
    """

    title = "Predict first"
    size = (660.0, 116.0)
    lines = 2

    guess = Knob(0.0, 1.0, label="My guess", help="Turn it to what you expect")
    choice = Pick(["?"], label="My guess", buttons=True, help="Choose what you expect")
    say = Button("That is my guess", main=True, help="Keep it; you can still change your mind")

    def __init__(self, question: Question, **starts: Any) -> None:
        self.question, self.opened_with = question, (question,)
        self.said: float | str | None = None
        super().__init__(**starts)

    def prepare(self) -> None:
        """The dial gets its ends, or the list its options."""
        asked = self.question
        self.guess.shown, self.choice.shown = not asked.options, bool(asked.options)
        if asked.options:
            self.choice.options = list(asked.options)
            return
        whole = (
            all(float(end).is_integer() for end in (asked.low, asked.high)) and asked.high - asked.low > 20
        )
        self.guess.whole, self.guess.unit = whole, asked.unit
        self.guess.step = 1 if whole else (asked.high - asked.low) / 100
        self.guess.span(asked.low, asked.high)
        middle = (asked.low + asked.high) / 2
        self.guess.take(self.guess.check(round(middle) if whole else middle))

    def memory(self) -> Any:
        """What was said."""
        return self.said

    def remember(self, memory: Any) -> None:
        """Say it again."""
        self.said = memory
        self._refresh()

    def model(self) -> float | str | None:
        """What was said last, if anything."""
        if self.say.value:
            self.said = self.choice.value if self.question.options else self.guess.value
            self.say.value = 0
        return self.said

    def picture(self, numbers: float | str | None) -> Layers:
        """The ruler, with the guess on it."""
        return {"ruler": guessed.ruler(self.question, numbers)}

    def read(self, numbers: float | str | None) -> str:
        """The question, and what was said."""
        if numbers is None:
            return f"{self.question.text}\nMake your guess before you run the next cell."
        return f"{self.question.text}\nYou said {self.question.words(numbers)}. Now run the next cell."

    def table(self, numbers: float | str | None) -> Mapping[str, Any]:
        """The question and the guess."""
        return {"question": [self.question.text], "guess": [numbers]}

    def reveal(self, truth: float | str, on: Picture | None = None) -> Picture:
        """What it was, beside what you said.

        Parameters
        ----------
        truth : float or str
            The number, or the option, that turned out.
        on : Picture, optional
            The guess is drawn across its first axes; by default guess and truth are on a ruler.

        Returns
        -------
        Picture
            Where nothing was guessed, `on` as it is, or the ruler with the truth alone.

        Raises
        ------
        TypeError, ValueError
            If `truth` is not an answer of the kind that was asked for.

        Examples
        --------
        >>> import pizzatune as pt
        >>> bet = pt.lessons.predict("How good will the best of 30 be?", 0, 10, unit="points")
        >>> bet.set(guess=9.1, say=1)
        >>> bet.reveal(8.75)
        You said 9.1 points; it was 8.75 points. Well guessed!
        """
        asked = self.question
        if asked.options:
            asked.place(str(truth))
        elif isinstance(truth, bool) or not isinstance(truth, Real):
            raise TypeError(f"truth must be a number, got {truth!r}; pass what came of it, such as 8.8")
        elif not math.isfinite(truth):
            raise ValueError(
                f"truth must be a finite number, got {truth!r}; pass what came of it, such as 8.8"
            )
        answer = str(truth) if asked.options else float(truth)
        if on is None:
            return guessed.revealed(asked, self.said, answer)
        return guessed.drawn_into(on, asked, self.said, answer)


def predict(
    question: str, low: float | Sequence[str], high: float | None = None, *, unit: str = ""
) -> Prediction:
    """Ask for a guess before the answer is shown.

    Parameters
    ----------
    question : str
        In one sentence, with a question mark.
    low, high : float
        Between which numbers the answer lies; or instead of both, a list of options, two or more.
    unit : str
        Of the number.

    Returns
    -------
    Prediction
        To be shown in a notebook. ``.said`` is the guess, None before one was made; ``.reveal(truth,
        on=picture)`` shows it beside the truth. Without anybody at the screen nothing waits.

    Raises
    ------
    TypeError, ValueError
        If the question is no text, the ends are not in order, or the options are not two or more texts.

    References
    ----------
    Crouch, Fagen, Callan and Mazur (2004), Classroom demonstrations: Learning tools or entertainment?,
    Am. J. Phys. 72, pp. 835-838.

    Examples
    --------
    >>> bet = predict("Who wins?", ["the grid", "random search"])
    >>> bet.said is None
    True
    >>> bet.set(choice="the grid", say=1)
    >>> bet.said
    'the grid'
    """
    if not isinstance(question, str) or not question.strip():
        raise TypeError(f"a question must be a text, got {question!r}; ask something")
    if high is None:
        options = low if isinstance(low, Sequence) and not isinstance(low, str) else ()
        if len(options) < 2 or not all(isinstance(option, str) and option for option in options):
            raise TypeError(
                f"predict takes two ends, or a list of two or more options, got {low!r}; "
                "write e.g. predict(question, 0, 10) or predict(question, ['yes', 'no'])"
            )
        if len(set(options)) < len(options):
            raise ValueError(f"options must differ, got {list(options)}; leave out the double one")
        return Prediction(Question(question, 0.0, len(options) - 1.0, "", tuple(options)))
    if not isinstance(low, Real) or not isinstance(high, Real) or not 0 < high - low < math.inf:
        raise ValueError(
            f"low must be a number below high, both finite, got {low!r} and {high!r}; write e.g. 0, 10"
        )
    return Prediction(Question(question, float(low), float(high), unit))
