"""Bring your own oven: any function as a menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pizzatune.checks import score_of, shown
from pizzatune.menus.menu import Menu
from pizzatune.menus.taste import Part, Pizza
from pizzatune.space import Params, Space
from pizzatune.trial import Trial


def no_recipe(params: Params) -> Pizza:
    """Say that there is no pizza to look at."""
    raise TypeError(
        "this menu knows how good params are, not what pizza they make; say it with recipe=, a function "
        "params -> pt.menus.Pizza"
    )


@dataclass(frozen=True, eq=False, repr=False)
class OwnMenu(Menu):
    """A menu whose scores come from outside the simulated kitchen.

    Attributes
    ----------
    objective : callable
        ``objective(params) -> float``, higher is better.
    known_best : Trial or None
        The best there is, where that is known.

    The others are those of `Menu`; scores may have any scale.
    """

    objective: Callable[[Params], float] = field(kw_only=True)
    known_best: Trial | None = field(default=None, kw_only=True)

    def taste(self, params: Mapping[str, Any]) -> float:
        """Score `params`; the errors are those of the space, and whatever the objective raises."""
        return self.objective(self.space.check(params))

    def judge(self, params: Mapping[str, Any]) -> tuple[Part, ...]:
        """The whole score in one part, since nobody knows what it is made of."""
        return (Part(self.score_label, self.taste(params)),)

    @cached_property
    def best(self) -> Trial | None:  # type: ignore[override]  # who brings an oven need not know its best
        """The best there is, or None where that is not known."""
        return self.known_best

    def _taste(self, params: Params) -> float:
        return self.objective(self.space.copied(params))  # anyone's code: ours stay as they are


def from_function(
    f: Callable[[Params], float],
    space: Space,
    *,
    name: str | None = None,
    about: str | None = None,
    best: Mapping[str, Any] | Trial | None = None,
    recipe: Callable[[Params], Pizza] | None = None,
    score_label: str = "score",
    trial_label: str = "trial",
) -> OwnMenu:
    """Make a menu of any function: every strategy can search it, every plot can draw it.

    Parameters
    ----------
    f : callable
        ``f(params) -> float``, higher is better. A module-level one can travel to another process.
    space : Space
        What may be chosen.
    name, about : str, optional
        By default the function's name, and the first line of its docstring.
    best : dict or Trial, optional
        The best params, where they are known: regret is measured against them. A dict is scored once.
    recipe : callable, optional
        ``recipe(params) -> Pizza`` for pictures of pizzas; the score does not come from it.
    score_label, trial_label : str
        What a score and a trial are called on plots and in tables.

    Returns
    -------
    OwnMenu
        Its ``.best`` is None where `best` is not given.

    Raises
    ------
    TypeError, ValueError
        If `f` is no function, `space` no space, or `best` is not of it.

    Examples
    --------
    >>> from pizzatune import Choice, Real
    >>> space = Space(Real("hydration", 0.5, 0.8), Choice("flour", ["00", "Manitoba"]))
    >>> def rise(params):
    ...     return 9 - 100 * (params["hydration"] - (0.62 if params["flour"] == "00" else 0.7)) ** 2
    >>> menu = from_function(rise, space, name="dough", best={"hydration": 0.7, "flour": "Manitoba"})
    >>> menu.taste({"hydration": 0.72, "flour": "00"}), menu.best.score
    (8.0, 9.0)
    """
    if not callable(f):
        raise TypeError(f"f must be a function of params, got {shown(f)}; write def f(params): return ...")
    if not isinstance(space, Space):
        raise TypeError(f"space must be a Space, got {shown(space)}; write pt.Space(pt.Real(...), ...)")
    if isinstance(best, Trial):
        if best.score is None:
            raise ValueError(
                f"best must be a trial with a score, got {best}; give its params, or leave it out"
            )
        space.check(best.params)
    elif best is not None:
        params = space.check(best)
        best = Trial(0, params, score_of(f(dict(params))), why="given as the best")
    first_line, *_ = (getattr(f, "__doc__", None) or "").strip().splitlines() or [""]
    return OwnMenu(
        getattr(f, "__name__", type(f).__name__) if name is None else name,
        space,
        recipe or no_recipe,
        first_line if about is None else about,
        score_label,
        trial_label,
        objective=f,
        known_best=best,
    )
