"""The names that a lesson's own cells define: what is claimed is computed with them, not with a copy."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import nbformat
import numpy as np

from pizzatune._files import notebooks_dir


def names_of(lesson: str, *wanted: str) -> dict[str, Any]:
    """Run the cells in which one of these words stands, without what they only show.

    Parameters
    ----------
    lesson : str
        The beginning of the notebook's name, such as "06".
    wanted : str
        Words of the cells, such as "def score".
    """
    (path,) = notebooks_dir().glob(f"{lesson}*.ipynb")
    names: dict[str, Any] = {}
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    for word in wanted:
        assert any(word in cell.source for cell in cells), f"lesson {lesson} has no cell with {word!r}"
    for cell in cells:
        if any(word in cell.source for word in wanted):
            tree = ast.parse(cell.source)
            tree.body = [one for one in tree.body if not isinstance(one, ast.Expr)]
            exec(compile(tree, cell.id, "exec"), names)
    return names


def score_in(names: dict[str, Any], clinic: int, **parts: slice) -> Callable[..., Any]:
    """The lesson's function `score` in another clinic: its tumours are shuffled by the clinic's number.

    Parameters
    ----------
    names : dict
        What `names_of` gave, with `cells` and `score`.
    clinic : int
        The seed of the shuffling.
    parts : slice
        Name -> which of the shuffled tumours the cells call so, such as ``train=slice(40)``.
    """
    order = np.random.default_rng(clinic).permutation(len(names["cells"]))
    score: Callable[..., Any] = names["score"]
    score.__globals__.update({name: order[part] for name, part in parts.items()})
    return score
