"""Every picture read aloud: for each plot a function of the same name says what it shows.

They take the arguments of the plots, without the axes, and serve as alternative text beside a picture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pizzatune.board import Board
from pizzatune.menus.menu import Menu
from pizzatune.menus.own import OwnMenu
from pizzatune.menus.taste import Pizza, doneness, taste
from pizzatune.plots.families import descent, family
from pizzatune.plots.frame import Run, Source, as_run, count, is_dial, plural, score_text, settings, spoken
from pizzatune.plots.maps import map_numbers, trust_of, two_names
from pizzatune.plots.pizza_art import crust_word
from pizzatune.plots.pizzas import bill, whole_pizza
from pizzatune.plots.races import bands
from pizzatune.plots.searches import as_runs, strip
from pizzatune.plots.slices import BAND, cut
from pizzatune.space import Space
from pizzatune.trial import Trial

if TYPE_CHECKING:  # a picture needs its answers, not the mathematics behind them
    from pizzatune.strategies.bayesian_optimization import BayesianOptimization


def best_so_far(
    source: Source | Mapping[str, Source],
    *,
    best: float | None = None,
    menu: Menu | None = None,
    space: Space | None = None,
) -> str:
    """Read `plots.best_so_far` aloud.

    Examples
    --------
    >>> from pizzatune import Real, Space, Trial
    >>> trials = [Trial(0, {"x": 2.0}, 4.0), Trial(1, {"x": 5.0}, 7.5), Trial(2, {"x": 1.0}, 3.0)]
    >>> best_so_far(trials, space=Space(Real("x", 0, 9)), best=8.0)
    'Best score 7.50 (x 5), found after 2 of 3 trials. The best possible is 8.00.'
    """
    runs = as_runs(source, menu=menu, space=space)
    if best is None and menu is not None and menu.best is not None:
        best = menu.best.score
    ends = "" if best is None else f" The best possible is {score_text(best)}."
    if len(runs) == 1:
        (run,) = runs.values()
        return _search(run) + ends
    lines = [f"{name} {run.best_text}{_when(run)}" for name, run in runs.items()]
    return f"Best {next(iter(runs.values())).score_label}: {'; '.join(lines)}.{ends}"


def _search(run: Run) -> str:
    failed = f"; {len(run.failed)} failed" if run.failed else ""
    if run.best is None:
        return f"None of {run.tried} gave a {run.score_label}."
    params = settings(run.space, run.best.params)
    return f"Best {run.score_label} {run.best_text} ({params}){_when(run)}{failed}."


def _when(run: Run) -> str:
    """After how many trials the best came."""
    return "" if run.best is None else f", found after {1 + run.trials.index(run.best)} of {run.tried}"


def parameter(source: Source, name: str, *, menu: Menu | None = None, space: Space | None = None) -> str:
    """Read `plots.parameter` aloud.

    Examples
    --------
    >>> from pizzatune import Choice, Space, Trial
    >>> oven = Space(Choice("oven", ["Stone", "Electric"]))
    >>> parameter([Trial(0, {"oven": "Stone"}, 6.0), Trial(1, {"oven": "Electric"}, 5.0)], "oven", space=oven)
    '2 of 2 options of oven tried; highest mean score 6.00 for Stone, lowest 5.00 for Electric.'
    """
    run = as_run(source, menu=menu, space=space)
    chosen = run.space[name]
    numbers = strip(run, name)
    ok = np.isfinite(numbers.scores)
    if not ok.any():
        return f"No {run.trial_label} with {spoken(name)} has a {run.score_label} yet."
    if not is_dial(chosen):
        means = numbers.means
        high, low = (extreme(means, key=means.__getitem__) for extreme in (max, min))
        label = [chosen.label(option) for option in chosen.values()]
        return (
            f"{len(means)} of {len(label)} options of {spoken(name)} tried; highest mean {run.score_label} "
            f"{score_text(means[high])} for {label[high]}, lowest {score_text(means[low])} for {label[low]}."
        )
    x, scores = numbers.x[ok], numbers.scores[ok]
    top = x[scores >= np.quantile(scores, 0.75)]
    tried = f"{count(len(x), run.trial_label)} with {spoken(name)}"
    best = f"the best, {score_text(scores.max())}, at {chosen.label(x[scores.argmax()])}"
    return (
        f"{tried} from {chosen.label(x.min())} to {chosen.label(x.max())}; {best}, "
        f"the best quarter between {chosen.label(top.min())} and {chosen.label(top.max())}."
    )


def map(
    source: Source,
    x: str | None = None,
    y: str | None = None,
    *,
    menu: Menu | None = None,
    space: Space | None = None,
) -> str:
    """Read `plots.map` aloud.

    Examples
    --------
    >>> from pizzatune import Real, Space, Trial
    >>> two = Space(Real("x", 0, 1), Real("y", 0, 1))
    >>> map([Trial(0, {"x": 0.2, "y": 0.5}, 3.0), Trial(1, {"x": 0.9, "y": 0.5}, 4.0)], space=two)
    'A map of x and y with 2 trials; the best tried, 4.00, is trial 1 at x 0.9, y 0.5.'
    """
    run = as_run(source, menu=menu, space=space)
    x, y = two_names(run.space, x, y)
    numbers = map_numbers(run, x, y, menu)
    text = f"A map of {spoken(x)} and {spoken(y)} with {count(len(numbers.x), run.trial_label)}"
    if numbers.hidden:
        text += f" ({numbers.hidden} more lack one of the two)"
    ok = np.isfinite(numbers.scores)
    if numbers.best is not None:
        number = numbers.numbers[numbers.best]
        best = next(trial for trial in run.trials if trial.number == number)
        where = settings(run.space, best.params, (x, y))
        score = score_text(numbers.scores[numbers.best])
        text += f"; the best tried, {score}, is {run.trial_label} {number} at {where}"
    if not ok.all():
        text += f"; {(~ok).sum()} failed"
    if numbers.land is not None:
        top_x, top_y, height = numbers.land.top
        at = [_named(run.space, x, top_x), _named(run.space, y, top_y)]
        held = settings(run.space, numbers.land.held)
        text += f". The highest true {run.score_label} of this map is {score_text(height)} at {', '.join(at)}"
        text += f" (with {held})" if held else ""
    return text + "."


def _named(space: Space, name: str, place: float) -> str:
    """A place on an axis as its value with name and unit."""
    chosen = space[name]
    value = place if is_dial(chosen) else chosen.values()[int(place)]
    return f"{spoken(name)} {chosen.label(value)}"


def gp_slice(
    strategy: BayesianOptimization,
    along: str,
    at: Mapping[str, Any] | None = None,
    *,
    menu: Menu | None = None,
    score_label: str | None = None,
) -> str:
    """Read `plots.gp_slice` aloud.

    Examples
    --------
    >>> import pizzatune as pt
    >>> menu = pt.menus.topping_and_heat()
    >>> result = pt.tune(menu.taste, pt.BayesianOptimization(menu.space, seed=0), budget=6)
    >>> gp_slice(result.strategy, "temperature", menu=menu).split(" (")[0]
    'Along temperature'
    """
    numbers = cut(strategy, along, at, menu)
    space, chosen = strategy.space, strategy.space[along]
    label = score_label or (menu.score_label if menu is not None else "score")
    top, vague = int(numbers.mean.argmax()), int(numbers.std.argmax())
    held = f" (at {settings(space, numbers.held)})" if numbers.held else ""
    mean = score_text(numbers.mean[top])
    doubts = [f"± {score_text(BAND * numbers.std[place])} ({BAND:g} std)" for place in (top, vague)]
    text = (
        f"Along {spoken(along)}{held} the model expects the highest {label}, {mean} {doubts[0]}, at "
        f"{chosen.label(numbers.values[top])}; it is least sure at {chosen.label(numbers.values[vague])}, "
        f"{doubts[1]}."
    )
    if numbers.truth is not None:
        best = int(numbers.truth.argmax())
        text += f" The true top is {score_text(numbers.truth[best])} at {chosen.label(numbers.values[best])}."
    if numbers.next is None:
        return text + " Everything has been tried."
    return text + f" Next it tries {settings(space, numbers.next)}."


def family_tree(source: Source, *, menu: Menu | None = None, space: Space | None = None) -> str:
    """Read `plots.family_tree` aloud.

    Examples
    --------
    >>> from pizzatune import Real, Space, Trial
    >>> trials = [Trial(i, {"x": i}, 3.0 - i, origin={"generation": 0}) for i in (0, 1)]
    >>> origin = {"generation": 1, "parents": (0, 1), "mutated": ("x",)}
    >>> trials += [Trial(2, {"x": 1.5}, 4.0, origin=origin)]
    >>> family_tree(trials, space=Space(Real("x", 0, 9)))
    '3 trials in 2 generations; the best, trial 2 with 4.00, descends from trial 0 (x new in 2).'
    """
    run = as_run(source, menu=menu, space=space)
    members = family(run)
    by_number = {member.number: member for member in members}
    line = descent(members)
    generations = len({member.generation for member in members})
    text = f"{count(len(members), run.trial_label)} in {count(generations, 'generation')}"
    if not line:
        return f"{text}; none has a {run.score_label} yet."
    best = by_number[line[-1]]
    text += f"; the best, {run.trial_label} {best.number} with {run.best_text}, "
    if len(line) == 1:
        return f"{text}is of generation {best.generation} and has no parents."
    changes = [
        f"{' and '.join(spoken(gene) for gene in by_number[number].mutated)} new in {number}"
        for number in line
        if by_number[number].mutated
    ]
    word = run.trial_label if len(line) == 2 else plural(run.trial_label)
    ancestors = ", then ".join(str(number) for number in line[:-1])
    news = f" ({'; '.join(changes)})" if changes else ""
    return f"{text}descends from {word} {ancestors}{news}."


def ovens(
    old: Source,
    new: Source,
    x: str | None = None,
    y: str | None = None,
    *,
    old_menu: Menu | None = None,
    new_menu: Menu | None = None,
) -> str:
    """Read `plots.ovens` aloud.

    What the old oven's best scores in the new one is left out where that is not known: it was not tried
    there, and there is no menu that holds it.

    Examples
    --------
    >>> from pizzatune import Real, Space, Trial, RandomSearch
    >>> searches = [RandomSearch(Space(Real("x", 0, 1), Real("y", 0, 1)), seed=0) for _ in range(2)]
    >>> for search, score in zip(searches, (3.0, 2.0)):
    ...     trial = search.tell({"x": 0.5, "y": 0.25}, score)
    >>> trial = searches[1].tell({"x": 0.75, "y": 0.5}, 4.0)
    >>> old, new = ovens(*searches).split(". ")
    >>> old
    'Old oven: best 3.00 of 1 trial, at x 0.5, y 0.25, which scores 2.00 in the new oven'
    >>> new
    'New oven: best 4.00 of 2 trials, at x 0.75, y 0.5.'
    """
    before, now = as_run(old, menu=old_menu), as_run(new, menu=new_menu)
    score, trust = _moved(before.best, now, new_menu), trust_of(now)
    decimals = len(before.best_text.partition(".")[2])  # as many as beside it
    moved = "" if score is None else f", which scores {score:.{decimals}f} in the new oven"
    trusts = "" if trust is None else f"; it trusts the old oven to {trust:.0%}"
    return f"Old oven: {_oven(before, x, y)}{moved}. New oven: {_oven(now, x, y)}{trusts}."


def _oven(run: Run, x: str | None, y: str | None) -> str:
    """The best of one oven, and where it lies."""
    names = two_names(run.space, x, y)
    at = "" if run.best is None else f", at {settings(run.space, run.best.params, names)}"
    return f"best {run.best_text} of {run.tried}{at}"


def _moved(best: Trial | None, new: Run, menu: Menu | None) -> float | None:
    """The score of the old best in the new oven: as it was tried there, else as the menu knows it."""
    if best is None:
        return None
    for trial in new.trials:
        if trial.params == best.params and trial.ok:
            return trial.score
    if menu is None:
        return None
    try:
        params = menu.space.check(best.params)
    except (TypeError, ValueError):  # the new oven has other dials, or they do not reach so far
        return None
    return menu.taste(params)


def race(board: Board) -> str:
    """Read `plots.race` aloud.

    Examples
    --------
    >>> from pizzatune import GridSearch, RandomSearch, menus
    >>> from pizzatune.racing import race as run
    >>> race(run([GridSearch, RandomSearch], menus.four_factors(), budget=81, seeds=5)).split(":")[1]
    ' GridSearch 0.00 (0.00 to 0.00), RandomSearch 0.00 (0.00 to 0.00).'
    """
    found = sorted(bands(board).items(), key=lambda item: float(item[1].median[-1]))
    ends = [
        f"{name} {score_text(band.median[-1])} ({score_text(band.low[-1])} to {score_text(band.high[-1])})"
        for name, band in found
    ]
    left_out = "".join(f" {name} was not run." for name in board.failed)
    return (
        f"After {count(board.budget, board.trial_label)} with {len(board.seeds)} seeds, median "
        f"{board.regret_label} (and the middle half of the seeds): {', '.join(ends)}.{left_out}"
    )


def pizza(order: Pizza | Mapping[str, Any], *, menu: Menu | None = None) -> str:
    """Read `plots.pizza` aloud.

    Examples
    --------
    >>> pizza(Pizza(("Ham", "Olives"), temperature=225, minutes=22)).split(";")[0]
    'A burnt pizza with Ham and Olives on Tomato and Mozzarella, 22 minutes at 225 °C'
    """
    whole = whole_pizza(order, menu)
    toppings = " and ".join(whole.toppings) or "nothing"
    dose, hot = doneness(whole), doneness(whole, in_hot_spot=True)
    spot = f", a quarter of it {crust_word(hot)}," if crust_word(hot) != crust_word(dose) else ""
    score = f"taste {taste(whole):.1f} of 10"
    if isinstance(menu, OwnMenu) and not isinstance(order, Pizza):  # only the picture is our kitchen's
        score = f"{menu.score_label} {score_text(menu.taste(order))}"
    return (
        f"A {crust_word(dose)} pizza{spot} with {toppings} on {whole.sauce} and {whole.cheese}, "
        f"{whole.baked_minutes:.0f} minutes at {whole.temperature:.0f} °C; {score}."
    )


def pizza_row(
    orders: Sequence[Pizza | Mapping[str, Any]],
    titles: Sequence[str] | None = None,
    *,
    menu: Menu | None = None,
) -> str:
    """Read `plots.pizza_row` aloud, from left to right.

    Examples
    --------
    >>> pizza_row([Pizza(("Ham",), minutes=22), Pizza(("Ham",), minutes=11)], ["Left", "Right"])[:50]
    'Left: A burnt pizza with Ham on Tomato and Mozzare'
    """
    names = titles or [str(place) for place in range(1, len(orders) + 1)]
    return " ".join(f"{name}: {pizza(order, menu=menu)}" for name, order in zip(names, orders, strict=True))


def what_it_cost(order: Pizza | Mapping[str, Any], *, menu: Menu | None = None) -> str:
    """Read `plots.what_it_cost` aloud.

    Examples
    --------
    >>> what_it_cost(Pizza(("Sausage",), temperature=200)).split("; ")[:3]
    ['Dough +2.50', 'Tomato +1.00', 'Mozzarella +1.50']
    """
    numbers = bill(order, menu)
    parts = [
        f"{label} {points:+.2f}".replace("-", "−")
        for label, points in zip(numbers.labels, numbers.points, strict=True)
    ]
    return f"{'; '.join(parts)}: {score_text(numbers.score)} in all."
