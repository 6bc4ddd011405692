"""A cut through what a model believes: the mean with its doubt, and how much there is to hope for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pizzatune.menus.menu import Menu
from pizzatune.parameters import FloatArray, Parameter
from pizzatune.pictures.best_so_far import trial_tip
from pizzatune.pictures.marks import Axes, Band, Bars, Dots, Key, Line, Links, Mark, Panel, Rule, Scale, Text
from pizzatune.pictures.picture import Picture
from pizzatune.pictures.source import completed, is_dial, levels, places, scale_of, score_scale
from pizzatune.space import Params
from pizzatune.strategies.base import Exhausted
from pizzatune.trial import scores_of
from pizzatune.words import score_text, settings, spoken

if TYPE_CHECKING:  # a picture needs its answers, not the mathematics behind them
    from pizzatune.strategies.bayesian_optimization import BayesianOptimization

FINE = 161  # points along a smooth dial
BAND = 2.0  # standard deviations in the band
HALF = 0.34  # half the width of an option's bar, in options
IMPROVEMENT, OPTIMISM = "expected improvement", "optimistic guess"
HOPES = {"pi": "chance of an improvement", "ucb": OPTIMISM}  # of all other kinds IMPROVEMENT


@dataclass(frozen=True)
class Slice:
    """The numbers of `gp_slice`, or of any other cut.

    Attributes
    ----------
    x : ndarray, shape (k,)
        Places on the axis: numbers, or 0, 1, 2 ... for options.
    mean, std, hope : ndarray, shape (k,)
        What is believed there, the first two in score units, and the acquisition function: for the expected
        improvement in score units, never its logarithm.
    seen_x, seen_score, on_slice : ndarray, shape (n,)
        Place, score and whether all its other parameters are those of this slice, for each successful trial.
    tips : tuple of str
        What each of these trials says under a mouse.
    truth : ndarray, shape (k,), or None
        The true scores, where they are known.
    next_x : float or None
        Where the next suggestion lies; None where that is not on this slice.
    values : tuple
        The values of the parameter at `x`.
    held : dict
        What the other parameters are held at.
    next : dict or None
        What is tried next; None where all has been tried.
    options : bool
        Whether the parameter has options, not numbers.
    called : str
        What `hope` is called.
    """

    x: FloatArray
    mean: FloatArray
    std: FloatArray
    hope: FloatArray
    seen_x: FloatArray
    seen_score: FloatArray
    on_slice: NDArray[np.bool_]
    tips: tuple[str, ...] = ()
    truth: FloatArray | None = None
    next_x: float | None = None
    values: tuple[Any, ...] = ()
    held: Params | None = None
    next: Params | None = None
    options: bool = False
    called: str = IMPROVEMENT

    @property
    def band(self) -> tuple[FloatArray, FloatArray]:
        """The lower and the upper end of the doubt, shape (k,) each; finite, however large the scores."""
        most = np.finfo(float).max
        with np.errstate(over="ignore"):  # what lies beyond all numbers is drawn at the largest one
            low, high = self.mean - BAND * self.std, self.mean + BAND * self.std
        return np.clip(low, -most, most), np.clip(high, -most, most)


def cut(
    strategy: BayesianOptimization, along: str, at: Mapping[str, Any] | None = None, menu: Menu | None = None
) -> Slice:
    """Work out `Slice`: ask the strategy what it believes along one parameter, the others held as `at` says.

    By default they are those of its next suggestion. What is pending is left out of the belief, so that this
    is what was believed when it was suggested.

    Raises
    ------
    KeyError, TypeError, ValueError
        If the space has no such parameter, the strategy has no model, or there is nothing on the slice.
    """
    if not hasattr(strategy, "posterior"):
        raise TypeError(
            f"a slice needs a strategy with a model, such as BayesianOptimization, got {strategy!r}"
        )
    space = strategy.space
    chosen = space[along]
    if strategy.best is None:
        raise ValueError(
            "the strategy has no successful trial yet, so it believes nothing; tell it some scores first"
        )
    following = upcoming(strategy)
    if at is None:
        at = following if following is not None and along in following else strategy.best.params
    if strategy.pending:
        strategy = strategy.rebuilt(strategy.trials)
    line = [
        params
        for value in levels(chosen, FINE)
        if (params := completed(space, {**at, along: value})) is not None and along in params
    ]
    if not line:
        raise ValueError(f"{along} does not apply beside {dict(at)}; choose another `at`")
    mean, std = strategy.posterior(line)
    values = tuple(params[along] for params in line)
    held = _others(line[0], along)
    seen = [trial for trial in strategy.trials if trial.ok and along in trial.params]
    here = following is not None and along in following and _others(following, along) == held
    return Slice(
        x=places(chosen, values),
        mean=mean,
        std=std,
        hope=hope_of(strategy, mean, std),
        seen_x=places(chosen, [trial.params[along] for trial in seen]),
        seen_score=scores_of(seen),
        on_slice=np.array([_others(trial.params, along) == held for trial in seen], dtype=bool),
        tips=tuple(trial_tip(trial, space) for trial in seen),
        truth=None if menu is None else np.array([menu.taste(params) for params in line]),
        next_x=float(places(chosen, [following[along]])[0]) if here and following is not None else None,
        values=values,
        held=held,
        next=following,
        options=not is_dial(chosen),
        called=HOPES.get(strategy.acquisition_kind, IMPROVEMENT),
    )


def upcoming(strategy: BayesianOptimization) -> Params | None:
    """What it tries next: what is pending first, or what a copy of it says; None where all was tried."""
    if strategy.pending:
        return dict(strategy.pending[0].params)
    try:
        return strategy.rebuilt(strategy.trials).ask()
    except Exhausted:
        return None


def hope_of(strategy: BayesianOptimization, mean: FloatArray, std: FloatArray) -> FloatArray:
    """The acquisition function where the model predicts this; an improvement not by its logarithm."""
    hope = strategy.acquisition_of(mean, std)
    return np.exp(hope) if strategy.acquisition_kind == "log_ei" else hope


def _others(params: Mapping[str, Any], along: str) -> Params:
    return {name: value for name, value in params.items() if name != along}


# -- marks ---------------------------------------------------------------------------------------------------


def belief_scale(numbers: Slice, label: str = "") -> Scale:
    """An upright axis for the scores of a slice."""
    heights = [*numbers.band, numbers.seen_score]
    heights += [] if numbers.truth is None else [numbers.truth]
    return score_scale(np.concatenate(heights), label, 0.05)


def hope_scale(numbers: Slice, label: str = "") -> Scale:
    """An upright axis for the hope of a slice; an amount starts at 0."""
    if numbers.called == OPTIMISM:
        return score_scale(numbers.hope, label, 0.18)
    most = float(np.nanmax(numbers.hope, initial=0.0))
    return Scale(0.0, 1.18 * min(most, 1e308) or 1.0, label)


def belief(panel: Panel, numbers: Slice, *, truth: bool = True, next: bool = True) -> list[Mark]:
    """The mean with its band, the truth where it is known, the trials, and a line at the next suggestion.

    Trials that are not on this slice are small and empty. What leaves the panel is cut off at its edge.
    """
    low, high = (_inside(panel, ends) for ends in numbers.band)
    mean = _inside(panel, numbers.mean)
    x, marks = numbers.x, list[Mark]()
    shown = numbers.truth if truth else None
    if numbers.options:
        pairs = zip(numbers.mean.tolist(), (numbers.band[1] / 2 - numbers.mean / 2).tolist(), strict=True)
        tips = [f"mean {score_text(middle)} ± {score_text(2 * half)}" for middle, half in pairs]
        marks.append(Bars(panel, x - HALF, x + HALF, low, high, "doubt", tips=tips))
        marks.append(Links(panel, x - HALF, mean, x + HALF, mean, "mean"))
        if shown is not None:
            marks.append(Links(panel, x - HALF, shown, x + HALF, shown, "truth"))
    else:
        marks += [Band(panel, x, low, high, "doubt"), Line(panel, x, mean, "mean")]
        if shown is not None:
            marks.append(Line(panel, x, shown, "truth"))
    if next and numbers.next_x is not None:
        marks.append(Rule(panel, numbers.next_x, "next", tip="the next to be tried"))
    return marks + seen(panel, numbers)


def seen(panel: Panel, numbers: Slice) -> list[Mark]:
    """The trials: full where they lie on this slice, empty where they lie elsewhere."""
    tips = np.array(numbers.tips or [""] * len(numbers.seen_x), dtype=object)
    return [
        Dots(
            panel,
            numbers.seen_x[which],
            _inside(panel, numbers.seen_score[which]),
            style,
            tips=list(tips[which]),
        )
        for style, which in (("elsewhere", ~numbers.on_slice), ("tried", numbers.on_slice))
        if which.any()
    ]


def hope(panel: Panel, numbers: Slice, *, next: bool = True) -> list[Mark]:
    """The acquisition function as a hill, or a bar for each option, and the next suggestion on its top."""
    x, floor = numbers.x, np.full(len(numbers.x), panel.y.low)
    height = _inside(panel, np.nan_to_num(numbers.hope, nan=panel.y.low))
    if numbers.options:
        tips = [f"hope {score_text(value)}" for value in numbers.hope.tolist()]
        marks: list[Mark] = [Bars(panel, x - HALF, x + HALF, floor, height, "hope", tips=tips)]
    else:
        marks = [Band(panel, x, floor, height, "hope"), Line(panel, x, height, "hope")]
    if next and numbers.next_x is not None:
        at = int(np.abs(x - numbers.next_x).argmin())
        tip = f"the next to be tried; hope {score_text(float(numbers.hope[at]))}"
        marks += [
            Rule(panel, numbers.next_x, "next", tip="the next to be tried"),
            Dots(panel, [numbers.next_x], [height[at]], "next", tips=[tip]),
        ]
    return marks


def key_of(numbers: Slice, *, truth: bool = True) -> list[tuple[str, str, str]]:
    """What the marks of `belief` mean."""
    entries = [("mean", "line", "mean"), (f"± {BAND:g} std", "area", "doubt")]
    if truth and numbers.truth is not None:
        entries.append(("truth", "line", "truth"))
    if numbers.on_slice.any():
        entries.append(("tried here", "dot", "tried"))
    if not numbers.on_slice.all():
        entries.append(("tried elsewhere", "dot", "elsewhere"))
    if numbers.next_x is not None:
        entries.append(("next", "dot", "next"))
    return entries


def _inside(panel: Panel, heights: FloatArray) -> FloatArray:
    low, high = sorted((panel.y.low, panel.y.high))
    return np.clip(heights, low, high)


# -- the picture ---------------------------------------------------------------------------------------------


def in_words(strategy: BayesianOptimization, along: str, numbers: Slice, label: str = "score") -> str:
    """Read the slice aloud."""
    space, chosen = strategy.space, strategy.space[along]
    top, vague = int(numbers.mean.argmax()), int(numbers.std.argmax())

    def doubt(place: int) -> str:
        return f"± {score_text(float(min(numbers.std[place], np.finfo(float).max / BAND)) * BAND)}"

    held = f" (with {settings(space, numbers.held)})" if numbers.held else ""
    said = [
        f"Along {spoken(along)}{held} the model expects the highest {label} at "
        f"{chosen.label(numbers.values[top])}: {score_text(numbers.mean[top])} {doubt(top)}",
        f"It knows least about {chosen.label(numbers.values[vague])}, {doubt(vague)} (± is {BAND:g} std)",
    ]
    if numbers.truth is not None:
        best = int(numbers.truth.argmax())
        said.append(
            f"The true top is {score_text(numbers.truth[best])} at {chosen.label(numbers.values[best])}"
        )
    if numbers.next is None:
        return ". ".join([*said, "Everything has been tried."])
    there = f"Next it tries {settings(space, numbers.next)}"
    if numbers.next_x is not None:
        amount = score_text(float(numbers.hope[int(np.abs(numbers.x - numbers.next_x).argmin())]))
        there += f" ({numbers.called} {amount})"
    return ". ".join([*said, there]) + "."


def gp_slice(
    strategy: BayesianOptimization,
    along: str,
    at: Mapping[str, Any] | None = None,
    *,
    menu: Menu | None = None,
    score_label: str | None = None,
) -> Picture:
    """Show what a model-based strategy believes along one parameter, and below it the acquisition function.

    Parameters
    ----------
    strategy : BayesianOptimization or TransferLearning
        With at least one successful trial. It is not changed.
    along : str
        The parameter to walk along.
    at : dict, optional
        What the other parameters are held at; by default as in what it would try next.
    menu : Menu, optional
        Shows the true scores, too.
    score_label : str, optional
        What a score is called; by default what the menu says, or "score".

    Returns
    -------
    Picture

    Raises
    ------
    KeyError, TypeError, ValueError
        If the space has no such parameter, the strategy has no model or no successful trial.

    Examples
    --------
    >>> import pizzatune as pt
    >>> menu = pt.menus.topping_and_heat()
    >>> result = pt.tune(menu.taste, pt.BayesianOptimization(menu.space, seed=0), budget=6)
    >>> picture = gp_slice(result.strategy, "temperature", menu=menu)
    >>> picture.data.columns.tolist()
    ['temperature', 'mean', 'std', 'expected improvement', 'truth']
    """
    numbers = cut(strategy, along, at, menu)
    chosen: Parameter = strategy.space[along]
    label = score_label or (menu.score_label if menu is not None else "score")
    x = scale_of(chosen, 640)
    marks: list[Mark] = []
    held = settings(strategy.space, numbers.held or {})
    if held:
        marks.append(Text(None, 56, 22, f"What it believes with {held}", "title", fit=640))
    top = 48.0 if held else 22.0
    marks.append(Key(56, top, key_of(numbers), wide=664))
    above = Panel(
        56, top + 36, 640, 220, Scale(x.low, x.high, "", (), x.log), belief_scale(numbers, label), grid="y"
    )
    below = Panel(56, top + 296, 640, 84, x, hope_scale(numbers, numbers.called))
    marks += [Axes(above), *belief(above, numbers), Axes(below), *hope(below, numbers)]
    columns: dict[str, Sequence[Any] | FloatArray] = {
        along: numbers.values, "mean": numbers.mean, "std": numbers.std, numbers.called: numbers.hope,
    }  # fmt: skip
    if numbers.truth is not None:
        columns["truth"] = numbers.truth
    return Picture(marks, in_words(strategy, along, numbers, label), columns, height=top + 426)
