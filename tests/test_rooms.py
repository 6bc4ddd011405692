"""The rooms of the house: who imports whom, what an import costs, and the public names."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

import pizzatune

HOUSE = Path(pizzatune.__file__).parent
# From the ground up: a room imports only from those before it. The first two hold a number and some paths.
ORDER = [
    "_version",
    "_files",
    "cells",
    "writing",
    "checks",
    "values",
    "complaints",
    "parameters",
    "breeding",
    "space",
    "words",
    "tables",
    "trial",
    "documents",
    "forms",
    "gp",
    "acquisition",
    "belief",
    "menus",
    "strategies",
    "result",
    "store_check",
    "store_file",
    "store_search",
    "store",
    "progress",
    "button",
    "pools",
    "workers",
    "tuning",
    "board",
    "laps",
    "racing",
    "pictures",
    "plots",
    "lessons",
    "explore",
    "sklearn",
    "optuna",
    "places",
    "doctor",
    "start",
    "gallery",
    "__main__",
]
# Functions and methods that open a room above them, and import it only then.
UPWARD = {
    ("result", "plots"): {"Result.plot"},
    ("result", "explore"): {"Result.explore"},
    ("board", "plots"): {"Board.plot"},
    ("lessons", "explore"): {"widget"},
}
HEAVY = ("scipy", "pandas", "matplotlib", "ipywidgets", "IPython", "tqdm", "sklearn", "optuna")


def room_of(path):
    """The room that a file belongs to: its top folder, or itself."""
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def runs_never(node):
    """Whether a block is for type checkers only."""
    return isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")


def imports_in(node, inside=()):
    """Every import that can run, as (dotted name, the class and function it stands in)."""
    for child in ast.iter_child_nodes(node):
        if runs_never(child):
            yield from imports_in(ast.Module(child.orelse, []), inside)
        elif isinstance(child, ast.Import):
            yield from ((alias.name, ".".join(inside)) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, f"a relative import of {child.module}: write it out"
            yield from ((f"{child.module}.{alias.name}", ".".join(inside)) for alias in child.names)
        else:
            named = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            yield from imports_in(child, (*inside, child.name) if named else inside)


@cache
def imports_of(path):
    """The same of a file."""
    return list(imports_in(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def files():
    return sorted(path for path in HOUSE.rglob("*.py") if "notebooks" not in path.relative_to(HOUSE).parts)


def edges():
    """(importing file, its room, room imported, place) for every import of the package by itself."""
    for path in files():
        if path == HOUSE / "__init__.py":
            continue
        for name, place in imports_of(path):
            parts = name.split(".")
            if parts[0] == "pizzatune" and len(parts) > 1:
                yield path, room_of(path), parts[1], place


def test_every_file_belongs_to_a_room_of_the_plan():
    rooms = {room_of(path) for path in files()} - {"__init__"}
    assert rooms <= set(ORDER)
    assert {"space", "trial", "gp", "acquisition", "menus", "strategies", "tuning", "plots"} <= rooms


def test_a_room_imports_only_from_rooms_above_it_in_the_plan():
    upward = defaultdict(set)
    for _, room, imported, place in edges():
        if imported == room or imported == "__version__":
            continue
        assert imported in ORDER, f"{room} imports {imported}, which is no room of the plan"
        if ORDER.index(imported) > ORDER.index(room):
            upward[room, imported].add(place)
    assert upward == {edge: places for edge, places in UPWARD.items() if edge in upward}
    assert ("result", "plots") in upward


def test_an_import_that_leads_upward_would_be_found():
    tree = ast.parse(
        "class A:\n    def f(self):\n        from pizzatune import plots\nimport pizzatune.menus.oven"
    )
    assert list(imports_in(tree)) == [("pizzatune.plots", "A.f"), ("pizzatune.menus.oven", "")]
    hidden = ast.parse("if TYPE_CHECKING:\n    import pandas\nelse:\n    import numpy")
    assert list(imports_in(hidden)) == [("numpy", "")]


def test_strategies_and_menus_do_not_know_each_other():
    met = {(room, imported) for _, room, imported, _ in edges()}
    assert ("strategies", "menus") not in met
    assert ("menus", "strategies") not in met
    assert ("strategies", "space") in met


def test_a_strategy_knows_the_base_and_only_transfer_learning_knows_another():
    known = defaultdict(set)
    for path, room, imported, _ in edges():
        if room == imported == "strategies" and path.name != "__init__.py":
            known[path.stem] |= siblings(path)
    assert known.pop("transfer_learning") == {"base", "bayesian_optimization"}
    assert all(others <= {"base"} for others in known.values())
    assert len(known) == 4


def siblings(path):
    names = (name.split(".") for name, _ in imports_in(ast.parse(path.read_text(encoding="utf-8"))))
    return {parts[2] for parts in names if parts[:2] == ["pizzatune", "strategies"] and len(parts) > 2}


@pytest.mark.parametrize("room", ["gp", "acquisition"])
def test_the_mathematics_knows_nothing_of_the_house(room):
    names = [name for name, _ in imports_of(HOUSE / f"{room}.py")]
    assert "numpy" in names
    assert not any(name.startswith("pizzatune") for name in names)


@pytest.mark.parametrize(
    "library, rooms",
    [("matplotlib", {"pictures"}), ("ipywidgets", {"explore"}), ("anywidget", set()), ("PIL", set())],
)
def test_ink_and_widgets_stay_in_the_rooms_that_draw(library, rooms):
    found = {
        room_of(path)
        for path in files()
        for name, _ in imports_of(path)
        if name.split(".")[0] == library
    }
    assert found <= rooms | {"doctor"}  # the doctor asks for versions


def loaded_after(code):
    """Which of the heavy libraries are loaded after running `code` in a fresh process."""
    check = f"{code}\nimport sys\nprint([name for name in {HEAVY} if name in sys.modules])"
    run = subprocess.run(
        [sys.executable, "-c", check],
        capture_output=True,
        text=True,
        check=True,
        cwd=HOUSE.parent,
        timeout=60,
    )
    return ast.literal_eval(run.stdout)


def test_importing_the_package_loads_nothing_heavy():
    assert loaded_after("import pizzatune; dir(pizzatune); pizzatune.__version__") == []


def test_making_a_space_loads_nothing_heavy():
    assert (
        loaded_after("import pizzatune as pt; pt.Space(pt.Choice('a', [1]), pt.Real('x', 0, 1)); pt.Trial")
        == []
    )


def test_menus_load_nothing_heavy_until_one_is_searched():
    assert loaded_after("from pizzatune import menus; menus.four_factors; menus.toppings") == []


def test_random_grid_and_genetic_search_draw_no_picture_and_open_no_table():
    loaded = loaded_after(
        "import pizzatune as pt\n"
        "space = pt.Space(pt.Real('x', 0, 1))\n"
        "for make in (pt.RandomSearch, pt.GridSearch, pt.GeneticAlgorithm):\n"
        "    pt.tune(lambda params: params['x'], make(space), 3)"
    )
    assert set(loaded) <= {"scipy"}


def public():
    return [name for name in pizzatune.__all__ if name != "__version__"]


@pytest.mark.parametrize("name", public())
def test_every_public_name_is_there_and_documented(name):
    thing = getattr(pizzatune, name)
    text = inspect.getdoc(thing)
    assert text
    assert len(text.split()) >= 4
    if inspect.isclass(thing) or inspect.isfunction(thing):
        assert thing.__name__ == name


def own_members(thing):
    """The public functions and properties that a class of ours defines or inherits from ours."""
    for name, member in inspect.getmembers(thing):
        function = member.fget if isinstance(member, property) else member
        ours = inspect.isfunction(function) and function.__module__.startswith("pizzatune")
        if ours and not name.startswith("_"):
            yield name, member


@pytest.mark.parametrize("name", [name for name in public() if inspect.isclass(getattr(pizzatune, name))])
def test_every_public_method_is_documented(name):
    owner = getattr(pizzatune, name)
    listed = inspect.getdoc(owner).partition("Attributes\n")[2]  # a property may be described there
    bare = [
        member
        for member, thing in own_members(owner)
        if not inspect.getdoc(thing) and f"\n{member} :" not in listed
    ]
    assert bare == []


@pytest.mark.parametrize("name", [name for name in public() if inspect.isclass(getattr(pizzatune, name))])
def test_public_classes_and_functions_show_an_example_that_runs(name):
    if name in ("Exhausted", "Result"):
        pytest.skip("an exception, and what `tune` returns: the example is there")
    assert ">>>" in inspect.getdoc(getattr(pizzatune, name))


def test_the_lazy_names_and_the_list_of_names_agree():
    listed = {*pizzatune._ROOM_OF, *pizzatune._ROOMS, "__version__"}
    assert sorted(pizzatune.__all__) == sorted(listed)
    assert dir(pizzatune) == sorted(pizzatune.__all__)


def test_an_unknown_name_is_told_of_the_known_ones():
    with pytest.raises(
        AttributeError, match=r"pizzatune has no 'Pizza'; its public names are BayesianOptimization"
    ):
        pizzatune.Pizza  # noqa: B018
