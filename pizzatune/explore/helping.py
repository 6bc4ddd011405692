"""What stands below a check where there is a page: its message, three hints, the solution, and a way past."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import traitlets

from pizzatune.explore.page import close_others_of_this_cell
from pizzatune.explore.widget import HERE, STYLE, Widget
from pizzatune.lessons import exercise, solved

STEPS = ("Hint 1", "Hint 2", "Hint 3", "Solution", "I know this, skip")
SKIP = 4


class Help(Widget):
    """The message of a check with buttons below it.

    Parameters
    ----------
    verdict : Verdict
        What the check said.

    Examples
    --------
    >>> from pizzatune import lessons
    >>> help = Help(lessons.check("dials.sort", "AD"))
    >>> help.press(0)
    >>> help.taken
    {'0': 'Ask of each: can I write it down before it starts?'}
    """

    # A notebook takes one module for each widget: this one has its own.
    _esm = traitlets.Unicode((HERE / "help.js").read_text(encoding="utf-8")).tag(sync=True)
    _css = traitlets.Unicode(STYLE + (HERE / "help.css").read_text(encoding="utf-8")).tag(sync=True)
    _anywidget_id = traitlets.Unicode("pizzatune-help").tag(sync=True)
    task = traitlets.Unicode().tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)
    kind = traitlets.Unicode().tag(sync=True)
    steps = traitlets.List(list(STEPS)).tag(sync=True)
    taken = traitlets.Dict().tag(sync=True)

    def __init__(self, verdict: exercise.Verdict) -> None:
        close_others_of_this_cell(self)
        message = repr(verdict).removesuffix(exercise.stuck(verdict.name)).rstrip()  # the buttons say it
        super().__init__(task=verdict.name, message=message, kind=verdict.kind)
        self.on_msg(self._take_message)

    def press(self, place: int) -> None:
        """Take a step: 0 to 2 are the hints, 3 is the solution, 4 skips the exercise."""
        self.taken = {**self.taken, str(place): _words(self.task, place)}

    def _take_message(self, _: Any, content: Mapping[str, Any], __: Any) -> None:
        place = content.get("step")
        if isinstance(place, int) and 0 <= place < len(STEPS):
            self.press(place)
            if place == SKIP:  # a press comes from a page, so somebody is there
                solved.note(self.task, "skipped")


def _words(name: str, place: int) -> str:
    hints = exercise.all_exercises()[name].hints
    if place < len(hints):
        return hints[place]
    if STEPS[place] == "Solution":
        return exercise.solution(name)
    return "good. Go on with the next cell; you can come back at any time."
