"""A picture: marks on a sheet, the sentence that reads them aloud, and the numbers behind them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pizzatune.pictures import svg, svg_file
from pizzatune.pictures.marks import Mark, Panel

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

WIDTH = 720.0
"""Of every picture, in px."""

UNQUOTED = " !$()*+,-./:;=?@_~"  # may stand as they are in an address within HTML


class Picture:
    """What `pizzatune.plots` gives back. A notebook shows it by itself, sharp at any size.

    Parameters
    ----------
    marks : sequence of Mark
        What is drawn, the first at the bottom.
    caption : str
        Reads the picture aloud.
    columns : mapping
        The numbers behind it: name -> one value for each row.
    height : float
        In px; every picture is `WIDTH` px wide.

    Examples
    --------
    >>> import pizzatune as pt
    >>> menu = pt.menus.topping_and_heat()
    >>> result = pt.tune(menu.taste, pt.RandomSearch(menu.space, seed=0), budget=4)
    >>> picture = pt.plots.best_so_far(result, menu=menu)
    >>> picture.data.columns.tolist()
    ['search', 'trial', 'score', 'best so far']
    """

    def __init__(
        self, marks: Sequence[Mark], caption: str, columns: Mapping[str, Any], *, height: float = 400.0
    ) -> None:
        self.marks, self.caption, self.height = tuple(marks), svg.legible(caption), height
        self._columns = columns

    @property
    def width(self) -> float:
        """In px."""
        return WIDTH

    @property
    def data(self) -> pd.DataFrame:
        """The numbers behind the picture."""
        import pandas as pd

        return pd.DataFrame(dict(self._columns))

    @property
    def panels(self) -> list[Panel]:
        """The axes on the sheet, in the order in which they are drawn first."""
        found = dict.fromkeys(
            panel for mark in self.marks if (panel := getattr(mark, "panel", None)) is not None
        )
        return list(found)

    def svg(self) -> str:
        """The picture as an SVG file: light or dark as the page around it is."""
        return svg_file.document(self.marks, self.width, self.height, self.caption)

    def draw(self, ax: Axes | None = None) -> Axes:
        """Draw the same marks by matplotlib; style sheets and ``rcParams`` are respected.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; by default those of a new pyplot figure. A picture of several panels puts axes of
            their own inside it (``ax.child_axes``).

        Returns
        -------
        matplotlib Axes
        """
        from pizzatune.pictures import ink

        return ink.draw(self, ax)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write a file: .svg or .html as a notebook shows it, .png or .pdf by matplotlib.

        Returns
        -------
        Path
            Of the file.

        Raises
        ------
        ValueError
            If the name has another ending.

        Examples
        --------
        >>> import pizzatune as pt
        >>> pt.plots.pizza(pt.menus.Pizza(("Ham",))).save("ham.gif")
        Traceback (most recent call last):
        ...
        ValueError: a picture is saved as .svg, .html, .png or .pdf, got 'ham.gif'; use one of these endings
        """
        path = Path(path)
        kind = path.suffix.lower()
        if kind == ".svg":
            path.write_text(self.svg(), encoding="utf-8")
        elif kind == ".html":
            path.write_text(self._page(), encoding="utf-8")
        elif kind in (".png", ".pdf"):
            from pizzatune.pictures import ink

            ink.save(self, path)
        else:
            raise ValueError(
                f"a picture is saved as .svg, .html, .png or .pdf, got {path.name!r}; "
                "use one of these endings"
            )
        return path

    def _page(self) -> str:
        drawn = svg_file.document(self.marks, self.width, self.height, self.caption, tips=True)
        return (
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" '
            f'content="light dark"><title>{svg.escape(self.caption)}</title></head><body '
            f'style="max-width:{self.width:g}px;margin:2em auto;font:15px/1.5 system-ui,sans-serif">'
            f"{drawn}<p>{svg.escape(self.caption)}</p></body></html>"
        )

    def _repr_html_(self) -> str:
        image = quote(self.svg(), safe=UNQUOTED)  # a quarter shorter than base64
        return (
            f'<figure style="margin:0 0 8px;max-width:{self.width:g}px">'
            f'<img alt="{svg.escape(self.caption)}" style="display:block;width:100%" '
            f'src="data:image/svg+xml;charset=utf-8,{image}">'
            f'<figcaption style="margin-top:4px">{svg.escape(self.caption)}</figcaption></figure>'
        )

    def __repr__(self) -> str:
        return self.caption
