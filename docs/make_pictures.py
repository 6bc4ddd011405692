"""Draw the picture at the top of the README from real runs: ``python docs/make_pictures.py``.

Above, one pizza baked for five times; below, Bayesian optimization in an oven whose true map is known, and
four strategies with the same budget. Everything is seeded: the same versions draw the same picture.
"""

from __future__ import annotations

import io
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image
from pizzatune.plots.palette import PAPER

import pizzatune as pt

BAKES = (5.0, 9.0, 13.5, 19.0, 26.0)  # minutes
BAKED = 14  # trials on the map
RACED = 30  # trials of each strategy in the race


def kitchen() -> Figure:
    """The picture: pizzas from pale to burnt over a map with trials and a race to the best so far."""
    from matplotlib import pyplot as plt

    figure = plt.figure(figsize=(13.0, 7.6), facecolor=PAPER)
    figure.set_layout_engine("constrained", h_pad=0.1, w_pad=0.1)
    above, below = figure.subfigures(2, 1, height_ratios=(1.0, 1.65), hspace=0.04)
    for part in (above, below):
        part.set_facecolor(PAPER)
    toppings = ("Pepperoni", "Mushrooms", "Spinach")
    pizzas = [pt.menus.Pizza(toppings, temperature=208, minutes=time) for time in BAKES]
    notes = [f"{time:g} min, taste {taste_of(pizza):.1f}" for time, pizza in zip(BAKES, pizzas, strict=True)]
    words = ["Pale", "Nearly", "Golden", "Dark", "Burnt"]
    pt.plots.pizza_row(pizzas, words, axes=above.subplots(1, len(BAKES)), notes=notes)
    left, right = below.subplots(1, 2, width_ratios=(1.0, 1.05))
    draw_map(left)
    draw_race(right)
    return figure


def taste_of(pizza: pt.menus.Pizza) -> float:
    """The taste score of a whole pizza."""
    return sum(part.points for part in pt.menus.judge(pizza))


def draw_map(ax: Axes) -> None:
    """Bayesian optimization in the old oven: its trials, in order, on the true scores."""
    menu = pt.menus.old_oven()
    result = pt.tune(menu.taste, pt.BayesianOptimization(menu.space, seed=1), budget=BAKED, progress=False)
    heading = f"{BAKED} bakes by Bayesian optimization, over the true map"
    pt.plots.map(result, "temperature", "minutes", ax, menu=menu, heading=heading)


def draw_race(ax: Axes) -> None:
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
    pt.plots.best_so_far(results, ax, menu=menu, heading="Four strategies, one run each")


def main() -> None:
    """Write ``docs/kitchen.png``."""
    matplotlib.use("agg")
    path = Path(__file__).with_name("kitchen.png")
    drawn = io.BytesIO()
    kitchen().savefig(drawn, facecolor=PAPER, dpi=150)
    full = Image.open(drawn).convert("RGB")
    # 256 well-chosen colours: a quarter of the size, and the eye sees no difference.
    picture = full.quantize(256, method=Image.Quantize.MAXCOVERAGE, kmeans=1)
    picture.save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
