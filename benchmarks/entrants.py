"""Who is in the race: our strategies with their default settings, and the peers."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

import pizzatune as pt
from benchmarks.peer import Entry
from benchmarks.peers import PEERS

PACKAGE = Path(pt.__file__).parent
SHARED = ("checks.py", "parameters/*.py", "breeding.py", "space.py", "strategies/base.py")
MODEL = ("gp.py", "acquisition.py", "belief.py", "strategies/*.py")


@dataclass(frozen=True)
class Own(Entry):
    """One of ours; its version is that of the code it runs, so that no result of older code is taken for it.

    `constants` are set while it runs: ``{"pizzatune.gp:RESTARTS": 4}``. An ablation is made of such.
    """

    files: tuple[str, ...] = MODEL
    constants: Mapping[str, Any] = field(default_factory=dict)

    @property
    def version(self) -> str:
        changed = "".join(f"{name}={value!r};" for name, value in sorted(self.constants.items()))
        facts = [code_of(self.files), self.settings, changed]
        return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:10]


@cache
def code_of(files: tuple[str, ...]) -> str:
    """What the files do: their code without comments and docstrings."""
    paths = sorted({path for pattern in (*SHARED, *files) for path in PACKAGE.glob(pattern)})
    return "\n".join(_without_docstrings(path.read_text(encoding="utf-8")) for path in paths)


def _without_docstrings(source: str) -> str:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and ast.get_docstring(node) is not None
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)


def _own(family: str, strategy: str, settings: str = "defaults", **how: Any) -> Own:
    file = {"model": MODEL}.get(family, (f"strategies/{family}_*.py",))
    return Own("pizzatune", family, partial(getattr(pt, strategy), **how), f"{strategy}, {settings}", file)


OURS: dict[str, Own] = {
    "our bayesian": _own("model", "BayesianOptimization"),
    "our genetic": _own("genetic", "GeneticAlgorithm"),
    "our random": _own("random", "RandomSearch"),
    "our sobol": _own("random", "RandomSearch", 'sampler="sobol"', sampler="sobol"),
    "our grid": _own("grid", "GridSearch"),
    "our grid, row by row": _own("grid", "GridSearch", 'order="rows"', order="rows"),
}
ENTRANTS: dict[str, Entry] = {**OURS, **PEERS}
