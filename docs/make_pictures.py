"""Make the pictures of the README: ``python docs/make_pictures.py``.

``kitchen.png`` is drawn from real runs, all seeded: one pizza baked for five times; Bayesian optimization in
an oven whose true map is known; four strategies with the same budget. ``duel.webp`` shows a
whole duel in JupyterLab, bake by bake; it is made where there is a browser.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from matplotlib import rc_context
from matplotlib.figure import Figure
from PIL import Image
from playwright.sync_api import Page, sync_playwright

import pizzatune as pt
from pizzatune import doctor
from pizzatune.pictures.palette import LIGHT
from pizzatune.plots import Picture

sys.path.insert(0, str(Path(__file__).parent.parent))
from tests.browser_tools import ExplorerInLab, Lab, started  # not installed: it lies in the checkout

DUEL = """import pizzatune as pt

explorer = pt.explore.duel()
explorer"""
BY_HAND = (
    (225, 9.5), (255, 9.0), (270, 12.0), (285, 11.0), (275, 19.0),
    (240, 13.0), (225, 17.0), (205, 20.0), (285, 15.0), (262, 12.5),
)  # fmt: skip
"""°C and minutes of a player who follows the better of her pizzas."""
FRAME, FIRST, LAST = 900, 1500, 5000  # ms that a picture of the duel is shown
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


@contextmanager
def shown(cell: str) -> Iterator[tuple[ExplorerInLab, Page]]:
    """An explorer in JupyterLab, opened by a cell, and the page it is on."""
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)], metadata=kernel)
    with TemporaryDirectory() as place, started(Path(place)) as server, sync_playwright() as playwright:
        nbformat.write(notebook, server.folder / "shown.ipynb")
        # Chromium's sandbox does not work for root.
        browser = playwright.chromium.launch(executable_path=doctor.find_browser(), chromium_sandbox=False)
        page = browser.new_page(viewport={"width": 1366, "height": 900}, device_scale_factor=1.5)
        lab = Lab(page, server.address())
        lab.open("shown.ipynb")
        lab.show_sidebar(False)
        lab.run_all()
        explorer = ExplorerInLab(lab, lab.cell(0), "explorer")
        explorer.wait_until_open()
        yield explorer, page
        browser.close()


def photo(page: Page) -> bytes:
    """The explorer on a page, once its pizzas have become images."""
    page.wait_for_timeout(2000)
    return page.locator(".pt-explorer").screenshot()


def duel() -> list[bytes]:
    """A duel from the empty map to the uncovered one, a screenshot after each bake."""
    with shown(DUEL) as (table, page):
        shots = [photo(page)]
        for number, (temperature, minutes) in enumerate(BY_HAND, start=1):
            table.kernel(f"explorer.set(temperature={temperature}, minutes={minutes})")
            table.kernel(f"explorer.set(put_in={number})")
            table.wait_until_still()
            shots.append(photo(page))
        return shots


def store_moving(pictures: list[bytes], name: str, width: int) -> None:
    """Write pictures as one that moves, beside this file."""
    path = Path(__file__).with_name(name)
    full = [Image.open(io.BytesIO(picture)).convert("RGB") for picture in pictures]
    height = round(full[0].height * width / full[0].width)
    first, *others = (image.resize((width, height), Image.Resampling.LANCZOS) for image in full)
    times = [FIRST, *[FRAME] * (len(others) - 1), LAST]
    first.save(path, save_all=True, append_images=others, duration=times, loop=0, quality=82, method=6)
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


def store(picture: bytes, name: str) -> None:
    """Write a picture beside this file."""
    path = Path(__file__).with_name(name)
    full = Image.open(io.BytesIO(picture)).convert("RGB")
    # 256 well-chosen colours: a quarter of the size, and the eye sees no difference.
    full.quantize(256, method=Image.Quantize.MAXCOVERAGE, kmeans=1).save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


def main() -> None:
    """Write ``kitchen.png`` and ``duel.webp`` into ``docs/``."""
    drawn = io.BytesIO()
    with rc_context(STYLE):
        kitchen().savefig(drawn, dpi=150)
    store(drawn.getvalue(), "kitchen.png")
    if doctor.check_browser().state == "ok":
        store_moving(duel(), "duel.webp", width=1100)


if __name__ == "__main__":
    main()
