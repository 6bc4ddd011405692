"""A guess beside what came of it: on a ruler of its own, or drawn into a picture."""

from __future__ import annotations

from dataclasses import dataclass

from pizzatune.pictures.marks import Axes, Dots, Mark, Panel, Rule, Scale, Text
from pizzatune.pictures.picture import Picture
from pizzatune.words import number_text

RULER = (58.0, 46.0, 560.0, 22.0)
NEAR = 0.05  # of the range: a guess so near is a good one


@dataclass(frozen=True)
class Question:
    """What is asked, and between which ends, or among which options, the answer lies.

    Attributes
    ----------
    text : str
    low, high : float
        The ends; with options, the places of the first and the last.
    unit : str
        Of a number.
    options : tuple of str
        Empty where a number is asked for.
    """

    text: str
    low: float
    high: float
    unit: str = ""
    options: tuple[str, ...] = ()

    def place(self, answer: float | str) -> float:
        """Where an answer lies on the ruler.

        Raises
        ------
        ValueError
            If it is none of the options.
        """
        if not isinstance(answer, str):
            return float(answer)
        if answer not in self.options:
            raise ValueError(
                f"an answer must be one of {', '.join(self.options) or 'no options'}, got {answer!r}"
            )
        return float(self.options.index(answer))

    def words(self, answer: float | str) -> str:
        """An answer with its unit.

        Examples
        --------
        >>> Question("How hot?", 150, 300, "°C").words(225.0)
        '225 °C'
        >>> Question("How good?", 0, 10, "points").words(1.0)
        '1 point'
        """
        if isinstance(answer, str):
            return answer
        unit = self.unit.removesuffix("s") if answer == 1 else self.unit
        return f"{number_text(float(answer))} {unit}".rstrip()

    def verdict(self, said: float | str | None, truth: float | str) -> str:
        """Guess and truth in a sentence.

        Examples
        --------
        >>> Question("How good?", 0, 10, "points").verdict(9.1, 8.75)
        'You said 9.1 points; it was 8.75 points. Well guessed!'
        >>> Question("Who wins?", 0, 1, "", ("the grid", "luck")).verdict("the grid", "luck")
        'You said the grid; it was luck.'
        >>> Question("How good?", 0, 10, "points").verdict(None, 8.75)
        'It was 8.75 points.'
        """
        was = self.words(truth)
        if said is None:
            return f"It was {was}."
        near = abs(self.place(said) - self.place(truth)) <= NEAR * (self.high - self.low)
        if self.options:
            near = said == truth
        return f"You said {self.words(said)}; it was {was}.{' Well guessed!' if near else ''}"


def ruler(question: Question, said: float | str | None, truth: float | str | None = None) -> list[Mark]:
    """A scale with the guess below it and the truth above it."""
    named = tuple((float(place), name) for place, name in enumerate(question.options))
    room = 0.5 if named else 0.0
    x = Scale(question.low - room, question.high + room, question.unit, named or None)
    panel = Panel(*RULER, x, Scale(0, 1, ticks=()))
    marks: list[Mark] = [Axes(panel)]
    if truth is not None:
        place, tip = question.place(truth), f"it was {question.words(truth)}"
        marks.append(Dots(panel, [place], [1.0], "truth", [tip], sizes=[9.0]))
        marks.append(Text(panel, place, 1.75, tip, "bold", "middle"))
    if said is not None:
        place, tip = question.place(said), f"you said {question.words(said)}"
        marks.append(Dots(panel, [place], [0.0], "yours", [tip], sizes=[8.0]))
        marks.append(Text(panel, place, 0.5, "you", "bold", "middle"))
    return marks


def drawn_into(picture: Picture, question: Question, said: float | str | None, truth: float | str) -> Picture:
    """A picture with the guess as a line across its first axes, and both in its caption.

    Without a guess it is the picture as it was; an option has no place on its axes, only in the caption.
    """
    if said is None:
        return picture
    caption = f"{picture.caption} {question.verdict(said, truth)}"
    if isinstance(said, str) or not picture.panels:
        return Picture(picture.marks, caption, picture._columns, height=picture.height)
    panel = picture.panels[0]
    words = f"you said {question.words(said)}"
    level = min(max(said, panel.y.low), panel.y.high)
    beyond = "" if level == said else " ↓" if said < level else " ↑"
    marks: list[Mark] = [
        Rule(panel, level, "fall", along="x", tip=words),
        Text(None, panel.right - 4, float(panel.down(level)) - 6, words + beyond, "halo", "end"),
    ]
    return Picture([*picture.marks, *marks], caption, picture._columns, height=picture.height)


def revealed(question: Question, said: float | str | None, truth: float | str) -> Picture:
    """The ruler as a picture."""
    return Picture(
        ruler(question, said, truth), question.verdict(said, truth),
        {"guess": [said], "truth": [truth]}, height=120.0,
    )  # fmt: skip
