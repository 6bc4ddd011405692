"""The family tree of a genetic run: who was bred from whom, and which line led to the best."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes

from pizzatune.menus.menu import Menu
from pizzatune.plots.frame import Run, Source, as_run, dress, in_points, legend_above, open_axes, room, spoken
from pizzatune.plots.palette import AUBERGINE, INK, NIGHT, PAPER, PENCIL, TOMATO
from pizzatune.space import Space

APART = 0.17  # columns between two neighbours of about the same score
NUMBERED = 60  # more trials than that are drawn without numbers


@dataclass(frozen=True)
class Member:
    """One trial in the tree: where it stands, and where it came from."""

    number: int
    generation: int
    x: float
    score: float | None
    parents: tuple[int, ...]
    mutated: tuple[str, ...]

    @property
    def kind(self) -> str:
        """How it came about: "unbred", "crossed" or "mutated"."""
        return "unbred" if not self.parents else "mutated" if self.mutated else "crossed"


def family(run: Run) -> list[Member]:
    """Place every trial of a run in the column of its generation, side by side where scores are close.

    Raises
    ------
    ValueError
        If no trial knows its generation.
    """
    known = [trial for trial in run.trials if "generation" in trial.origin]
    if not known:
        raise ValueError("these trials know no generations; draw the tree of a GeneticAlgorithm's trials")
    scores = [trial.score for trial in known if trial.score is not None]
    alike = 0.055 * ((max(scores) - min(scores)) or 1.0) if scores else 1.0
    standing: dict[int, list[tuple[float, float]]] = {}
    members = []
    for trial in known:
        generation = int(trial.origin["generation"])
        height = trial.score if trial.score is not None else (min(scores, default=0.0) - 1.0)
        neighbours = standing.setdefault(generation, [])
        x = next(
            generation + side
            for side in _sides()
            if all(
                abs(x - generation - side) > APART * 0.9 or abs(other - height) > alike
                for x, other in neighbours
            )
        )
        neighbours.append((x, height))
        parents = tuple(dict.fromkeys(int(number) for number in trial.origin.get("parents", ())))
        mutated = tuple(str(name) for name in trial.origin.get("mutated", ()))
        members.append(Member(trial.number, generation, x, trial.score, parents, mutated))
    return members


def _sides() -> list[float]:
    """Sidesteps to try, the smallest first."""
    return [0.0] + [sign * APART * step for step in range(1, 200) for sign in (1, -1)]


def descent(members: list[Member]) -> list[int]:
    """The best line of descent: from the best trial back through each one's better parent; oldest first."""
    by_number = {member.number: member for member in members}
    scored = [member for member in members if member.score is not None]
    line: list[int] = []
    member = max(scored, key=lambda m: (m.score or 0.0, -m.number), default=None)
    while member is not None:
        line.append(member.number)
        parents = [by_number[number] for number in member.parents if number in by_number]
        member = max(
            parents, key=lambda m: (m.score if m.score is not None else -np.inf, -m.number), default=None
        )
    return line[::-1]


def family_tree(
    source: Source, ax: Axes | None = None, *, menu: Menu | None = None, space: Space | None = None
) -> Axes:
    """Draw a genetic run: generations as columns, scores as height, lines from parents to children.

    Parameters
    ----------
    source : Result, Strategy or list of Trial
        A genetic run.
    ax : matplotlib Axes, optional
        Where to draw; by default a figure is opened.
    menu, space : optional
        Labels, and the space of a list of trials.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If no trial knows its generation.

    Examples
    --------
    >>> import pizzatune as pt
    >>> menu = pt.menus.three_toppings()
    >>> result = pt.tune(menu.taste, pt.GeneticAlgorithm(menu.space, seed=0), budget=18)
    >>> family_tree(result).get_xlabel()
    'generation'
    """
    run = as_run(source, menu=menu, space=space)
    members = family(run)
    line = descent(members)
    ax = open_axes(ax, (8.0, 5.0))
    scores = [member.score for member in members if member.score is not None]
    low, high = room(min(scores, default=0.0), max(scores, default=1.0), 0.1)
    floor = low + 0.03 * (high - low)
    at = {member.number: (member.x, floor if member.score is None else member.score) for member in members}
    _lines(ax, members, line, at)
    small = len(members) > NUMBERED
    looks = {
        "unbred": ("s", PENCIL, "without parents"),
        "crossed": ("o", NIGHT, "crossed"),
        "mutated": ("D", AUBERGINE, "crossed, then mutated"),
    }
    for kind, (marker, colour, label) in looks.items():
        here = [at[m.number] for m in members if m.kind == kind and m.score is not None]
        if here:
            ax.plot(
                *zip(*here, strict=True),
                marker,
                color=colour,
                markersize=5 if small else 14 if marker != "D" else 13,
                linestyle="none",
                markeredgecolor=PAPER,
                markeredgewidth=1.2,
                label=label,
                zorder=4,
            )
    if line:
        ax.plot(
            *at[line[-1]],
            "o",
            markersize=12 if small else 22,
            markerfacecolor="none",
            markeredgecolor=TOMATO,
            markeredgewidth=2.4,
            linestyle="none",
            label="best",
            zorder=3.5,
        )
    failed = [at[m.number] for m in members if m.score is None]
    if failed:
        ax.plot(
            *zip(*failed, strict=True),
            "x",
            color=INK,
            markersize=7,
            markeredgewidth=1.6,
            linestyle="none",
            label="failed",
            zorder=4,
        )
    for number in [] if small else [m.number for m in members if m.score is not None]:
        ax.annotate(
            str(number),
            at[number],
            ha="center",
            va="center_baseline",
            color=PAPER,
            fontsize=7.5,
            fontweight="bold",
            zorder=5,
        )
    generations = sorted({member.generation for member in members})
    ax.set(
        xlim=(min(x for x, _ in at.values()) - 0.4, max(x for x, _ in at.values()) + 0.4), ylim=(low, high)
    )
    ax.set_xticks(generations[:: 1 + len(generations) // 16])
    dress(ax, xlabel="generation", ylabel=run.score_label, grid="y")
    legend_above(ax)
    _name_mutations(ax, members, line, at)
    return ax


def _lines(ax: Axes, members: list[Member], line: list[int], at: dict[int, tuple[float, float]]) -> None:
    """From each parent to each child; the best line thick."""
    steps = set(pairwise(line))
    for member in members:
        for parent in member.parents:
            if parent in at:
                (x0, y0), (x1, y1) = at[parent], at[member.number]
                thick = (parent, member.number) in steps
                ax.plot(
                    [x0, x1],
                    [y0, y1],
                    color=TOMATO if thick else PENCIL,
                    linewidth=3.2 if thick else 0.8,
                    alpha=1.0 if thick else 0.35,
                    zorder=3 if thick else 1,
                    solid_capstyle="round",
                    label="best line of descent"
                    if thick and (parent, member.number) == (line[0], line[1])
                    else None,
                )


def _name_mutations(
    ax: Axes, members: list[Member], line: list[int], at: dict[int, tuple[float, float]]
) -> None:
    """The genes that mutated along the best line, above their bearers, and above one another where they would
    overlap."""
    taken: list[tuple[float, float, float]] = []  # middle, foot and half the width of each, in points
    for member in members:
        if member.number in line and member.mutated:
            words = "new " + " and ".join(spoken(name) for name in member.mutated)
            ((x, y),) = in_points(ax, *np.array([at[member.number]]).T)
            half, above = 2.3 * len(words), 14.0  # a letter of 8 points is some 4.6 wide
            while any(abs(x - x2) < half + half2 and abs(y + above - y2) < 11 for x2, y2, half2 in taken):
                above += 4.0
            taken.append((x, y + above, half))
            ax.annotate(
                words,
                at[member.number],
                xytext=(0, above),
                textcoords="offset points",
                ha="center",
                va="bottom",
                color=INK,
                fontsize=8,
                zorder=6,
            )
