"""Explorers: turn the knobs of a strategy in a notebook, and watch the same code answer.

Each function opens one. Turning it by hand needs a notebook, turning it from Python does not: what is on
the screen is also in ``.data``, ``.reading`` and ``.to_frame()``. The module `explorer` says how to write
another.

Each explorer is loaded when it is first opened, so that those without a model of the scores do not hold the
mathematics of those with one in memory.

How to write one, by example::

    class RiseExplorer(Explorer):
        \"\"\"Turn the yeast; watch the dough rise.\"\"\"

        title = "Let it rise"
        lines = 1                                            # of the page that its reading takes, at most
        yeast = Knob(0.5, 20, value=7, unit="g", log=True)   # a slider tied to a labelled number box
        flour = Pick(["Wheat", "Rye"])                       # a list; or buttons=True, several=True
        lid = Switch(True, label="With a lid", more=True)    # on or off; under "More"

        def model(self):                                     # numbers only; a pure function of the knobs
            return rise(self.yeast.value, self.flour.value, self.lid.value)

        def picture(self, numbers):                          # marks by layer, the lowest first
            panel = Panel(60, 30, 540, 300, Scale(0, 24, "hours"), Scale(0, 4, "times as high"))
            return {"axes": [Axes(panel)], "curve": [Line(panel, numbers.hours, numbers.height, "best")]}

        def read(self, numbers):                             # at most three short lines
            return f"With {self.yeast.text} of yeast it is highest after {numbers.peak:.0f} hours."

        def table(self, numbers):                            # columns for `.to_frame()`
            return {"hours": numbers.hours, "height": numbers.height}

``RiseExplorer(yeast=12)`` shows it; ``explorer.yeast.value = 3`` turns a knob from Python or a test; what
came of it is in ``explorer.data``, ``.marks``, ``.reading``, ``.error`` and ``.to_frame()``. A door of its
own goes into ``explore/__init__.py``. What it draws comes from `pizzatune.pictures`: a file here is knobs,
a model, and which pictures stand where.

**Layers.** A layer whose marks are as before keeps its elements on the page and is not sent again, so put
what moves together into one layer, and what stays into others. A `Symbol`, such as a pizza, is sent once.

**Running a strategy.** Knobs that change the search itself say ``reruns=True``, and the explorer has one
more part, a generator of ever more complete states. What it yielded last is ``self.run``::

        seed = Knob(0, 99, value=1, reruns=True, more=True)
        step = Steps(1, 20)                                  # play, step and reset buttons, and a slider

        def rerun(self):
            search = pt.RandomSearch(SPACE, seed=self.seed.value)
            for _ in range(20):                              # at most some 50 ms of work between two yields
                params = search.ask()
                search.tell(params, taste(params))
                yield tuple(search.trials)                   # not a list that grows: states never change

        def model(self):
            return self.run[: self.step.value]               # fewer than `step` says, while the run is on

The first state is shown at once, the rest streams in between the learner's other doings; a newer turn drops
an older run. The run of a new explorer is finished before it is shown, or until ``enough(self)``.
Without an event loop, as in a plain test, ``explorer.settle()`` finishes what is under way. What `model`,
`picture` or `rerun` set themselves, such as ``self.step.value = 3``, is taken without another redraw.

**Starting.** Override ``prepare(self)`` to fill in options or limits before the starting values are set:
``self.topping.options = [...]``, ``self.step.high = 30``; both can change later, too. A subclass with
arguments of its own keeps them and then calls ``super().__init__(**starts)``. ``knob.enabled = False``
greys a control out, ``knob.shown = False`` takes it off the panel, ``knob.note = "too low"`` warns
below it; ``explorer.set(a=1, b=2)`` turns several with one redraw.

**Hands on the picture.** A mark with a name can be clicked: ``clicked(name, x, y)`` is told where in its
panel, in shares from 0 to 1 of width and height (``panel.x.value(x)`` is the number on the axis). With
``drag=True``, ``dragged(name, x, y)`` is told at every move. What a mouse can do, a control can do, too.

**Sharing.** What a hand did that no control tells, such as pizzas it baked, ``memory(self)`` gives as plain
JSON, and ``remember(self, memory)`` does it again in a new one with the same knobs: for ``explorer.share()``
and ``explorer.save()``. ``recorded`` names the knobs that a saved page has by default.

**The card.** ``card(self, numbers)`` may return `Card`: the pizza just out of the oven, beside the best.

**Errors.** What `model`, `picture`, `read` or `rerun` raises is said in words where the reading stands,
with the picture dimmed, and kept in ``.error``, traceback and all; the knobs go on working. While an
explorer is made, it is raised.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pizzatune.explore.bake_explorer import bake
    from pizzatune.explore.bayesian_explorer import bayesian
    from pizzatune.explore.dials_explorer import dials
    from pizzatune.explore.duel_explorer import duel
    from pizzatune.explore.envelope_explorer import envelope
    from pizzatune.explore.explorer import Explorer
    from pizzatune.explore.genetic_explorer import genetic
    from pizzatune.explore.gp_explorer import gp
    from pizzatune.explore.grid_explorer import grid
    from pizzatune.explore.history_explorer import history
    from pizzatune.explore.menu_explorer import menu
    from pizzatune.explore.noise_explorer import noise
    from pizzatune.explore.race_explorer import race
    from pizzatune.explore.random_explorer import random
    from pizzatune.explore.ridge_explorer import ridge
    from pizzatune.explore.transfer_explorer import transfer

# The explorers; beside them there is `open`.
__all__ = [
    "bake",
    "bayesian",
    "dials",
    "duel",
    "envelope",
    "genetic",
    "gp",
    "grid",
    "history",
    "menu",
    "noise",
    "race",
    "random",
    "ridge",
    "transfer",
]


def open(text: str) -> Explorer:
    """Open what somebody shared: the explorer with its knobs, its step, and what was done in it by hand.

    Parameters
    ----------
    text : str
        What ``explorer.share()`` gave. It is data only, and nothing in it is run.

    Returns
    -------
    Explorer
        To be shown in a notebook, with the picture and the sentence of the one that was shared.

    Raises
    ------
    TypeError, ValueError
        If it is no such text, or spoilt, or written by a newer pizzatune.

    Examples
    --------
    >>> import pizzatune as pt
    >>> mine = pt.explore.bake(temperature=250, toppings=["Ham"])
    >>> yours = pt.explore.open(mine.share())
    >>> yours.reading == mine.reading
    True
    """
    from pizzatune.explore.sharing import opened

    return opened(text)


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"pizzatune.explore has no {name!r}; its explorers are {', '.join(__all__)}")
    door = getattr(importlib.import_module(f"{__name__}.{name}_explorer"), name)
    globals()[name] = door
    return door


def __dir__() -> list[str]:
    return sorted([*__all__, "open"])
