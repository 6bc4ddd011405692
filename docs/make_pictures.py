"""Draw the picture of the README from real runs: ``python docs/make_pictures.py``.

Above, one pizza baked for five times; below, Bayesian optimization in an oven whose true map is known, and
four strategies with the same budget. Everything is seeded: the same versions draw the same picture.
"""

from __future__ import annotations

import io
from pathlib import Path

from matplotlib import rc_context
from matplotlib.figure import Figure
from PIL import Image

import pizzatune as pt
from pizzatune.pictures.palette import LIGHT
from pizzatune.plots import Picture

BAKES = (5.0, 9.0, 13.5, 19.0, 26.0)  # minutes
BAKED = 14  # trials on the map
RACED = 30  # trials of each strategy in the race
STYLE = {
    "figure.facecolor": LIGHT["paper"],
    "axes.facecolor": LIGHT["paper"],
    "axes.edgecolor": LIGHT["pencil"],
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "grid.color": LIGHT["line"],
    "legend.frameon": False,
    "text.color": LIGHT["ink"],
    "axes.labelcolor": LIGHT["ink"],
    "xtick.color": LIGHT["pencil"],
    "ytick.color": LIGHT["pencil"],
}


def kitchen() -> Figure:
    """The picture: pizzas from pale to burnt over a map with trials and a race to the best so far."""
    figure = Figure(figsize=(13.0, 7.6), layout="constrained")
    above, below = figure.subfigures(2, 1, height_ratios=(1.0, 1.6))
    pizzas().draw(above.subplots())
    left, right = below.subplots(1, 2, width_ratios=(1.12, 1.0))
    searched_map().draw(left)
    left.set_title(f"{BAKED} bakes by Bayesian optimization, over the true map")
    four_strategies().draw(right)
    right.set_title("Four strategies, one run each", pad=32)
    return figure


def pizzas() -> Picture:
    """One pizza, baked for five times."""
    toppings = ("Pepperoni", "Mushrooms", "Spinach")
    row = [pt.menus.Pizza(toppings, temperature=208, minutes=time) for time in BAKES]
    tastes = [sum(part.points for part in pt.menus.judge(pizza)) for pizza in row]
    notes = [f"{time:g} min: {taste:.1f}" for time, taste in zip(BAKES, tastes, strict=True)]
    return pt.plots.pizza_row(row, ["Pale", "Nearly", "Golden", "Dark", "Burnt"], notes=notes)


def searched_map() -> Picture:
    """Bayesian optimization in the old oven: its trials on the true scores."""
    menu = pt.menus.old_oven()
    result = pt.tune(menu.taste, pt.BayesianOptimization(menu.space, seed=1), budget=BAKED, progress=False)
    return pt.plots.map(result, "temperature", "minutes", menu=menu)


def four_strategies() -> Picture:
    """Four strategies on one menu with one budget; one run each, so a race and no proof."""
    menu = pt.menus.topping_and_heat()
    strategies = {
        "Bayesian": pt.BayesianOptimization(menu.space, seed=3),
        "genetic": pt.GeneticAlgorithm(menu.space, seed=3),
        "random": pt.RandomSearch(menu.space, seed=3),
        "grid": pt.GridSearch(menu.space, resolution=4),
    }
    results = {
        name: pt.tune(menu.taste, strategy, RACED, progress=False) for name, strategy in strategies.items()
    }
    return pt.plots.best_so_far(results, menu=menu)


def main() -> None:
    """Write ``docs/kitchen.png``."""
    path = Path(__file__).with_name("kitchen.png")
    drawn = io.BytesIO()
    with rc_context(STYLE):
        kitchen().savefig(drawn, dpi=150)
    full = Image.open(drawn).convert("RGB")
    # 256 well-chosen colours: a quarter of the size, and the eye sees no difference.
    picture = full.quantize(256, method=Image.Quantize.MAXCOVERAGE, kmeans=1)
    picture.save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
