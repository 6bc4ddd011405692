"""Finds the files that are not code: the published tables in `data/` and the lessons in `notebooks/`.

In a checkout both lie at the top, beside the package; in an installed wheel they lie inside it. Nobody else
needs to know which.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def data_dir() -> Path:
    """Return the folder with the published tables.

    Returns
    -------
    pathlib.Path
        An existing folder, in a checkout or inside the installed package. Treat it as read-only.

    Raises
    ------
    FileNotFoundError
        If the installation lacks the folder.

    Examples
    --------
    >>> data_dir().name
    'data'
    """
    return _find("data")


def notebooks_dir() -> Path:
    """Return the folder with the lessons as shipped; `python -m pizzatune start` makes copies to work in.

    Returns
    -------
    pathlib.Path
        An existing folder, in a checkout or inside the installed package. Treat it as read-only.

    Raises
    ------
    FileNotFoundError
        If the installation lacks the folder.

    Examples
    --------
    >>> notebooks_dir().name
    'notebooks'
    """
    return _find("notebooks")


def _find(name: str) -> Path:
    """Look inside the package first: only a wheel has the folder there."""
    places = [_PACKAGE / name, _PACKAGE.parent / name]
    for place in places:
        if place.is_dir():
            return place
    looked = " and ".join(str(place) for place in places)
    raise FileNotFoundError(
        f"the folder {name!r} of pizzatune is missing, looked for {looked}; install pizzatune again"
    )
