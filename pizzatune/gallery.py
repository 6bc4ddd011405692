"""`python -m pizzatune gallery`: a page of each explorer and an index, for those without Python."""

from __future__ import annotations

import base64
import html
import inspect
import os
import re
import sys
import tempfile
from pathlib import Path

from pizzatune import explore
from pizzatune.explore.controls import Steps
from pizzatune.explore.explorer import Explorer
from pizzatune.explore.standalone import page_of
from pizzatune.explore.widget import STYLE
from pizzatune.pictures import svg
from pizzatune.progress import Progress
from pizzatune.writing import write_over

INDEX = "index.html"
OURS = b'<meta name="generator" content="pizzatune">'
HEAD = 2_000  # bytes in which it stands
FAR = 0.6  # of the steps: how far the picture in the index is


def run(folder: Path) -> int:
    """Write the gallery, say where it is, and return the exit status: 0, or 1 where it cannot be written."""
    try:
        index = hang(folder)
    except OSError as error:
        print(f"pizzatune gallery: {error}", file=sys.stderr)
        return 1
    print(f"Your gallery is {index}\n  open it in any browser; it needs no Python and no network")
    return 0


def hang(folder: Path, progress: bool | None = None) -> Path:
    """Write a page of each explorer into a folder, and then an index with a picture of each.

    Parameters
    ----------
    folder : pathlib.Path
        Made if it does not exist. Pages of an earlier gallery are replaced, and nothing else is.
    progress : bool, optional
        Whether to show a bar; by default after two seconds.

    Returns
    -------
    pathlib.Path
        Of the index.

    Raises
    ------
    OSError
        If `folder` is a file, cannot be written to, or holds something by the name of a page that is none of
        ours. Pages that are there are whole.
    """
    folder = folder.resolve()
    names = list(explore.__all__)
    try:
        _make_room(folder, [*(f"{name}.html" for name in names), INDEX])
        cards = []
        with Progress(len(names), progress, "page") as bar:
            for name in names:
                door = getattr(explore, name)
                explorer = door()
                write_over(folder / f"{name}.html", page_of(explorer, progress=False))
                cards.append(_card(name, explorer, inspect.getdoc(door) or ""))
                explorer.close()
                bar.advance(name)
        write_over(folder / INDEX, _index(cards))
    except PermissionError as error:
        raise PermissionError(
            f"no permission to write {error.filename or folder}; name a folder where you may write, "
            "for example one in your home"
        ) from error
    return folder / INDEX


def _make_room(folder: Path, names: list[str]) -> None:
    """See to it before anything is recorded that the folder is there and takes files of these names."""
    if os.path.lexists(folder) and not folder.is_dir():
        raise NotADirectoryError(f"{folder} is a file; name a folder, or move the file away")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except NotADirectoryError as error:
        raise NotADirectoryError(f"{folder} would lie in a file; name another folder") from error
    with tempfile.TemporaryFile(dir=folder):
        pass
    for name in names:
        place = folder / name
        if os.path.lexists(place) and not _is_ours(place):
            raise FileExistsError(
                f"{place} is no page of pizzatune and is left alone; name another folder, or move it away"
            )


def _is_ours(place: Path) -> bool:
    if not place.is_file():
        return False
    with place.open("rb") as file:
        return OURS in file.read(HEAD)


def _card(name: str, explorer: Explorer, told: str) -> str:
    """An explorer in the index: a picture from the midst of it, its title, and what one does in it."""
    for control in explorer.controls.values():
        if isinstance(control, Steps) and control.shown:
            control.value = round(control.low + FAR * (control.high - control.low))
    image = base64.b64encode(explorer.settle().still().encode()).decode()
    wide, high = explorer.size
    sentence = " ".join(told.partition("\n\n")[0].split()) or explorer.reading.partition("\n")[0]
    return (
        f'<a href="{name}.html"><img alt="" width="{wide:g}" height="{high:g}" '
        f'src="data:image/svg+xml;base64,{image}"><h2>{html.escape(svg.legible(explorer.title))}</h2>'
        f"<p>{html.escape(svg.legible(sentence))}</p></a>"
    )


def _index(cards: list[str]) -> bytes:
    parts = {"STYLE": STYLE, "CARDS": "\n".join(cards)}
    frame = (Path(__file__).parent / "gallery.html").read_text(encoding="utf-8")
    return re.sub(r"\{\{([A-Z]+)\}\}", lambda found: parts[found[1]], frame).encode()
