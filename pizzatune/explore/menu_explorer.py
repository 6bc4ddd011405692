"""Any menu opened: run a strategy on it, travel through what it did, and run another."""

from __future__ import annotations

import math
from collections.abc import Callable
from textwrap import shorten
from typing import Any

from pizzatune import menus
from pizzatune.explore import travel_words
from pizzatune.explore.explorer import Knob, Pick, Switch
from pizzatune.explore.history_explorer import HistoryExplorer
from pizzatune.explore.timeline import Snapshot, Timeline
from pizzatune.menus.listed import ListedSpace
from pizzatune.menus.menu import Menu
from pizzatune.menus.tasted import GuessedMenu
from pizzatune.menus.tricky import stone_or_electric
from pizzatune.pictures.source import is_dial
from pizzatune.result import Result
from pizzatune.space import Space
from pizzatune.strategies.base import Strategy
from pizzatune.strategies.bayesian_optimization import BayesianOptimization
from pizzatune.strategies.genetic_algorithm import GeneticAlgorithm
from pizzatune.strategies.grid_search import GridSearch
from pizzatune.strategies.random_search import RandomSearch
from pizzatune.strategies.transfer_learning import TransferLearning
from pizzatune.words import count, score_text

STRATEGIES: dict[str, tuple[str, Callable[..., Strategy]]] = {
    "grid": ("Grid search", GridSearch),
    "random": ("Random search", RandomSearch),
    "bayesian": ("Bayesian optimization", BayesianOptimization),
    "genetic": ("Genetic algorithm", GeneticAlgorithm),
    "transfer": ("Transfer learning", TransferLearning),
}
LABELS = {label: word for word, (label, _) in STRATEGIES.items()}
SETTINGS: dict[str, tuple[str, ...]] = {  # controls that are on the panel while this strategy searches
    "grid": ("levels", "order", "edges"),
    "random": ("sampler",),
    "bayesian": ("acquisition", "kappa"),
    "genetic": ("population", "tournament", "mutated", "elite"),
    "transfer": ("learned", "trust"),
}
MOST = 100  # trials
USUAL = 20  # trials
GRID = 1_000  # combinations: of a larger grid a budget would see next to nothing
ALIKE = 1e-6  # share of a score that is no difference


def levels_of(space: Space) -> int:
    """Levels of each dial for a grid: 5, or fewer down to 2 where those would be more than `GRID`.

    Examples
    --------
    >>> from pizzatune import Real
    >>> levels_of(Space(*(Real(name, 0, 1) for name in "abcdef")))
    3
    """
    options = math.prod(one.size for one in space.parameters if not is_dial(one))
    sizes = [one.size for one in space.parameters if is_dial(one)]
    fitting = (most for most in (5, 4, 3) if options * math.prod(min(n, most) for n in sizes) <= GRID)
    return next(fitting, 2)


class MenuExplorer(HistoryExplorer):
    """Search a menu with any strategy, and travel through its trials; see `menu` for what it takes."""

    recorded = ("strategy", "seed")
    strategy = Pick(
        LABELS, value="bayesian", label="Searched by", reruns=True, help="Who chooses what to try"
    )
    budget = Knob(1, MOST, USUAL, label="Trials in all", reruns=True, more=True, help="How often it may try")
    seed = Knob(0, 99, 1, reruns=True, more=True, help="Another seed, another luck")
    levels = Knob(
        2, 9, 5, label="Levels per dial", reruns=True, more=True, help="Values that a grid has on each dial"
    )
    order = Pick(
        {"spread out": "spread", "row by row": "rows"}, reruns=True, more=True,
        help="Which combinations come first",
    )  # fmt: skip
    edges = Switch(
        label="Outer levels on the edges", reruns=True, more=True,
        help="Put the outer levels at the ends of a dial",
    )  # fmt: skip
    sampler = Pick(
        {"Independent": "independent", "Sobol": "sobol"}, label="Random draws", reruns=True, more=True,
        help="Each on its own, or the points of a Sobol sequence, which keep apart",
    )  # fmt: skip
    acquisition = Pick(
        {"improvement": "log_ei", "chance": "pi", "optimism": "ucb", "a drawn guess": "thompson"},
        label="Chooses by", reruns=True, more=True,
        help="Expected improvement, probability of improvement, upper confidence bound, or Thompson sampling",
    )  # fmt: skip
    kappa = Knob(
        0.0, 10.0, 2.0, step=0.5, label="Optimism (kappa)", reruns=True, more=True,
        help="Standard deviations of doubt that count as hope",
    )  # fmt: skip
    population = Knob(2, 20, 4, reruns=True, more=True, help="Trials in a generation")
    tournament = Knob(
        1, 20, 8, reruns=True, more=True, help="Of so many, drawn at random, the best one becomes a parent"
    )
    mutated = Knob(
        0.0, 1.0, label="Mutated per child", step=0.1, reruns=True, more=True,
        help="How many of its parameters change by chance, on average",
    )  # fmt: skip
    elite = Knob(0, 10, 2, reruns=True, more=True, help="How many of the best ever may breed again")
    learned = Switch(True, label="Learn how far to trust", reruns=True, more=True, help="Or set it by hand")
    trust = Knob(
        0.0, 1.0, 1.0, step=0.05, reruns=True, more=True, help="Weight of the earlier search, from 0 to 1"
    )

    def __init__(self, menu: Menu | None = None, source: Any = None, **starts: Any) -> None:
        given, menu = menu, stone_or_electric() if menu is None else menu
        called = getattr(menu, "__name__", "")
        if getattr(menus, called, None) is menu:
            raise TypeError(f"menu must be a menu, got {called} without brackets; write {called}()")
        if not isinstance(menu, Menu):
            raise TypeError(
                f"menu must be a menu, got {menu!r}; write pt.menus.striped(), or make one of your own "
                "function with pt.menus.from_function(f, space)"
            )
        self.title = f"Search a menu: {shorten(menu.name, 60, placeholder=' …')}"
        self._menu, self._source, self._guessed = menu, source, isinstance(menu, GuessedMenu)
        self._listed = isinstance(menu.space, ListedSpace)  # the list says which values there are
        self._asked: tuple[Any, ...] | None = None  # strategy, seed and settings of the run
        self._refused: Exception | None = None  # why there is no such strategy for this menu
        before = BayesianOptimization(menu.space, seed=0)  # so that all views are offered at the start
        super().__init__(Result((), before, "", menu.score_label, menu.trial_label), menu.taste, **starts)
        self.opened_with = given, source

    def prepare(self) -> None:
        """Offer what this menu has room for."""
        super().prepare()
        self.mutated.high = float(len(self._menu.space))
        self.mutated.value = 1.0
        if not self._listed:
            self.levels.value = levels_of(self._menu.space)
        if self._source is not None:
            self._search("transfer")  # a source that does not fit is named when the explorer is opened
        else:
            self.strategy.options = {label: word for label, word in LABELS.items() if word != "transfer"}
        self.budget.high = int(min(MOST, self._menu.space.size))
        self.budget.enabled = self.budget.high > 1
        self.trial.high = MOST
        if self._guessed:
            self.comes = "was guessed at"
            self.score.label = "What if its guess were"

    def _search(self, word: str) -> Strategy:
        """The strategy that a word stands for, as it is set."""
        space, make = self._menu.space, STRATEGIES[word][1]
        chosen = {name: self.controls[name].value for name in SETTINGS[word]}
        if word == "grid":
            levels = chosen.pop("levels")
            if self._listed:  # a coarser grid could miss every combination on the list
                levels = {parameter.name: int(parameter.size) for parameter in space.parameters}
            return make(space, resolution=levels, **chosen)
        if word == "genetic":
            chosen["mutation"] = chosen.pop("mutated") / len(space)
        if word == "transfer":
            chosen = {"source": self._source, "trust": None if self.learned.value else self.trust.value}
        return make(space, seed=self.seed.value, **chosen)

    def _suit_settings(self, word: str) -> None:
        """Show what can be set of the strategy that searches."""
        matters = {*SETTINGS[word]} - {"kappa", "trust"}
        if self._listed:
            matters -= {"levels", "edges"}
        if word == "bayesian" and self.acquisition.value == "ucb":
            matters.add("kappa")
        if word == "transfer" and not self.learned.value:
            matters.add("trust")
        for name in (name for names in SETTINGS.values() for name in names):
            self.controls[name].shown = name in matters
        self.seed.shown = word != "grid"

    def _kept(self) -> Timeline:
        """What to go on from: another search, more or fewer trials of this one, or a changed score."""
        word = self.strategy.value
        asked = word, self.seed.value, *(self.controls[name].value for name in SETTINGS[word])
        if asked == self._asked and self.budget.value == self._planned:
            return super()._kept()
        if asked != self._asked:
            self._start_with(asked)
        at_the_end = 0 < self.trial.value == len(self._real) - 1
        self._planned = self.budget.value
        self._real = self._real[: self._planned]
        self._undone = self.undo.value
        shown = self.trial.value
        self.trial.high = self._planned
        if self.run is None:
            self.trial.check(shown)  # where it starts has to be there
        if at_the_end:
            self.trial.value = self._planned - 1
        return Timeline(self._real)

    def _start_with(self, asked: tuple[Any, ...]) -> None:
        """Take another strategy, and forget what the one before did."""
        self._asked = self._refused = None
        self._suit_settings(asked[0])
        try:
            self._settings = self._search(asked[0])
        except (TypeError, ValueError) as error:
            self._refused = error
            raise
        self._asked, self._real = asked, ()
        self.forget()
        self._suit_views()

    def enough(self) -> bool:
        """What comes after the trial that is shown may stream in."""
        return bool(len(self.run.trials) > self.trial.value)

    def model(self) -> Snapshot:
        """What was known before the trial that is shown."""
        if self._refused is not None:
            raise self._refused.with_traceback(None)
        return super().model()

    def _shown(self, timeline: Timeline) -> int:
        """The number of the trial that is shown; while trials stream in, one that has been tried."""
        streaming = self.running and timeline.since is None and bool(timeline.trials)
        return min(super()._shown(timeline), len(timeline.trials) - streaming)

    def _last_line(self, numbers: Snapshot) -> str:
        """What the trials found that nobody made up, and what a score is."""
        menu = self._menu
        if numbers.timeline.since is not None:
            return super()._last_line(numbers)
        least = self._slight(numbers)
        said = [travel_words.so_far(numbers, self._names, lambda score: self._off(score, least))]
        if isinstance(self._settings, GridSearch):
            said.append(f"Its grid has {count(len(self._settings), 'combination')}.")
        if isinstance(menu, GuessedMenu):
            fitted = f"fitted to the {count(len(menu.tastings), menu.trial_label)} tasted"
            said.append(f"Each {menu.score_label} is a guess, {fitted}; it is no tasting.")
        return " ".join(said)

    def _off(self, score: float, least: float) -> str:
        """How far a score is from the best there is, where that is known; no number for less than `least`."""
        best = self._menu.best
        if best is None or best.score is None:  # a guest who brings an oven need not know
            return ""
        there_is = "the highest guess there is" if self._guessed else "the best there is"
        gap = best.score - score
        if gap <= ALIKE * max(1.0, abs(best.score)):
            return f", {there_is}"
        if score_text(score) == score_text(best.score):  # a number would seem to contradict these
            return f", as good as {there_is}"
        return f", {travel_words.roughly(gap, least)} below {there_is}"


def menu(
    menu: Menu | None = None,
    strategy: str = "bayesian",
    seed: int = 1,
    budget: int | None = None,
    trial: int = 0,
    source: Any = None,
    **settings: Any,
) -> MenuExplorer:
    """Open a menu, your own as well: search it with any strategy, and travel through what it did and why.

    Parameters
    ----------
    menu : Menu, optional
        Such as ``pt.menus.from_function(f, space)`` or ``pt.menus.from_csv(path)``; by default one of ours.
        Each trial calls ``menu.taste``.
    strategy : {"bayesian", "genetic", "grid", "random", "transfer"}
        Who searches at first; "transfer" needs a `source`.
    seed : int
        From 0 to 99.
    budget : int, optional
        How many trials, up to 100 and no more than the menu has combinations; by default 20.
    trial : int
        Which trial is shown first, from 0, which its box shows as 1.
    source : Result, Strategy or list of Trial, optional
        An earlier search to learn from.
    **settings
        Of the strategies, each a control under "More" while its strategy searches. Grid: ``levels`` (from 2
        to 9; by default 5, or fewer where there are many dials), ``order``, ``edges``. Random: ``sampler``.
        Bayesian: ``acquisition``, ``kappa``. Genetic: ``population``, ``tournament``, ``mutated`` (parameters
        that change by chance in each child, on average) and ``elite``. Transfer: ``learned``, ``trust``.

    Returns
    -------
    MenuExplorer
        To be shown in a notebook. Its numbers are in ``.data``, its sentence in ``.reading``.

    Raises
    ------
    TypeError, ValueError
        If there is no such menu, strategy, seed, budget, trial, source or setting, or if the strategy cannot
        search this menu.

    Examples
    --------
    >>> import pizzatune as pt
    >>> space = pt.Space(pt.Real("hydration", 0.5, 0.8), pt.Choice("flour", ["00", "Manitoba"]))
    >>> def rise(params):
    ...     return 9 - 100 * (params["hydration"] - (0.62 if params["flour"] == "00" else 0.7)) ** 2
    >>> explorer = menu(pt.menus.from_function(rise, space), budget=8).settle()
    >>> len(explorer.data.timeline.trials)
    8
    >>> explorer.strategy.value = "genetic"
    >>> type(explorer.settle().data.strategy).__name__
    'GeneticAlgorithm'
    """
    if isinstance(strategy, str):
        strategy = LABELS.get(strategy, strategy)
    if not isinstance(strategy, str) or strategy not in STRATEGIES:
        words = ", ".join(STRATEGIES)
        raise ValueError(f"strategy must be one of {words}, got {strategy!r}; choose one of them")
    if strategy == "transfer" and source is None:
        raise ValueError("strategy 'transfer' needs an earlier search, got none; pass its result as source=")
    starts: dict[str, Any] = {"strategy": strategy, "seed": seed, **settings, "trial": trial}
    starts |= {} if budget is None else {"budget": budget}
    return MenuExplorer(menu, source, **starts)
