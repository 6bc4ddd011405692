"""Run notebooks from a fresh kernel and store them baked: ``python docs/store_notebooks.py [NAME ...]``.

A name is a path, or the beginning of a file name in ``notebooks/``; without one, all are stored. Baked means
that they show their pictures wherever they are opened, and that storing them a second time changes nothing:
no live widgets, no times, no version of this machine's Python.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from pizzatune import doctor

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
SECONDS = 120  # for one cell, the same bound as in the tests
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def store(path: Path) -> bool:
    """Run one notebook and write it back baked; return whether that changed the file.

    Parameters
    ----------
    path : pathlib.Path
        The notebook. Where a cell fails, the file stays as it is.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell fails; it holds the traceback.
    """
    before = path.read_text(encoding="utf-8")
    # nbformat is typed only in part: two of its functions are not.
    notebook = nbformat.reads(before, as_version=4)  # type: ignore[no-untyped-call]
    run(notebook, path.parent)
    bake(notebook)
    after: str = nbformat.writes(notebook) + "\n"  # type: ignore[no-untyped-call]
    if after != before:
        path.write_text(after, encoding="utf-8", newline="\n")
    return after != before


def run(notebook: nbformat.NotebookNode, folder: Path) -> None:
    """Run all cells in order in a fresh kernel of this environment, started in `folder`."""
    client = NotebookClient(
        notebook,
        timeout=SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        store_widget_state=False,
        record_timing=False,
        coalesce_streams=True,  # how print's words were cut into messages is chance
    )
    # The package of this checkout, whatever else is installed.
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    client.execute(env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)})


def bake(notebook: nbformat.NotebookNode) -> None:
    """Leave in an executed notebook only what is the same on every machine and readable without a kernel."""
    notebook.nbformat, notebook.nbformat_minor = 4, 5  # the first edition with cell ids
    notebook.metadata = METADATA
    for cell in notebook.cells:
        cell.metadata = {"tags": cell.metadata["tags"]} if cell.metadata.get("tags") else {}
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            data.pop(WIDGET_VIEW, None)  # a number for a kernel that is gone; its picture stands in


def find(names: Sequence[str]) -> list[Path]:
    """The notebooks that are meant; all where nothing is said.

    Raises
    ------
    FileNotFoundError
        If a name fits no notebook.
    """
    shipped = sorted(NOTEBOOKS.glob("*.ipynb"))
    chosen: list[Path] = []
    for name in names:
        here = [path for path in shipped if path.name.startswith(name)]
        here = [Path(name)] if Path(name).is_file() else here
        if not here:
            known = ", ".join(path.stem for path in shipped)
            raise FileNotFoundError(f"no notebook begins with {name!r}; there are {known}")
        chosen += here
    return list(dict.fromkeys(chosen)) if names else shipped


def main(arguments: Sequence[str] | None = None) -> int:
    """Store the notebooks that the command line names; return the exit status."""
    parser = argparse.ArgumentParser(description="Run notebooks and store them with their outputs.")
    parser.add_argument("names", nargs="*", help="paths, or beginnings of file names, such as 00")
    names = parser.parse_args(arguments).names
    # Jupyter otherwise lets a kernel in the user's home win over the one of a non-virtual environment.
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    kernel = doctor.check_kernel()
    if kernel.state == "problem":
        print(f"{kernel.what}\n  mend it: {kernel.mend}", file=sys.stderr)
        return 1
    try:
        for path in find(names):
            changed = store(path)
            print(f"{path.name}: {'stored' if changed else 'unchanged'}, {path.stat().st_size / 1000:.0f} kB")
    except (CellExecutionError, FileNotFoundError) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
