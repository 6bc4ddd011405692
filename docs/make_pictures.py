"""Make the pictures of the README: ``python docs/make_pictures.py``.

``kitchen.png`` is drawn from real runs, all seeded: one pizza baked for five times; Bayesian optimization in
an oven whose true map is known; four strategies with the same budget. ``explorer.png`` shows an explorer in
JupyterLab; it is made where there is a browser.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from matplotlib import rc_context
from matplotlib.figure import Figure
from PIL import Image
from playwright.sync_api import sync_playwright

import pizzatune as pt
from pizzatune import doctor
from pizzatune.pictures.palette import LIGHT
from pizzatune.plots import Picture

sys.path.insert(0, str(Path(__file__).parent.parent))
from tests.browser_tools import ExplorerInLab, Lab, started  # not installed: it lies in the checkout

CELL = """import pizzatune as pt

explorer = pt.explore.bake(toppings=["Sausage", "Mushrooms", "Olives"])
explorer"""
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


def explorer() -> bytes:
    """A screenshot of the first explorer, with three toppings on."""
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)], metadata=kernel)
    with TemporaryDirectory() as place, started(Path(place)) as server, sync_playwright() as playwright:
        nbformat.write(notebook, server.folder / "bake.ipynb")
        # Chromium's sandbox does not work for root.
        browser = playwright.chromium.launch(executable_path=doctor.find_browser(), chromium_sandbox=False)
        page = browser.new_page(viewport={"width": 1366, "height": 900}, device_scale_factor=1.5)
        lab = Lab(page, server.address())
        lab.open("bake.ipynb")
        lab.show_sidebar(False)
        lab.run_all()
        ExplorerInLab(lab, lab.cell(0), "explorer").wait_until_open()
        page.wait_for_timeout(2000)  # until its pizzas have become images
        shot = page.locator(".pt-explorer").screenshot()
        browser.close()
        return shot


def store(picture: bytes, name: str) -> None:
    """Write a picture beside this file."""
    path = Path(__file__).with_name(name)
    full = Image.open(io.BytesIO(picture)).convert("RGB")
    # 256 well-chosen colours: a quarter of the size, and the eye sees no difference.
    full.quantize(256, method=Image.Quantize.MAXCOVERAGE, kmeans=1).save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


def main() -> None:
    """Write ``docs/kitchen.png`` and ``docs/explorer.png``."""
    drawn = io.BytesIO()
    with rc_context(STYLE):
        kitchen().savefig(drawn, dpi=150)
    store(drawn.getvalue(), "kitchen.png")
    if doctor.check_browser().state == "ok":
        store(explorer(), "explorer.png")


if __name__ == "__main__":
    main()
