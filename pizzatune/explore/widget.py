"""The widget that an explorer is to Jupyter: one ES module and one stylesheet, shown by anywidget.

`stage.js` is the view, `controls.js` its controls, and `layers.js` redraws what changed; `voice.js` speaks to
a screen reader, and `large.js` fills the window for a projector. On a page without a kernel `recorded.js`
answers them. Each is a module that names what it imports. A notebook takes one module only, so they are
joined.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib.metadata import version
from pathlib import Path

import ipywidgets
import traitlets

from pizzatune.pictures import palette

HERE = Path(__file__).parent
VIEW = ("controls.js", "layers.js", "voice.js", "large.js", "stage.js")  # each after what it imports
PAGE = (*VIEW, "recorded.js")
FRONT_END = "~{}.{}.*".format(*version("anywidget").split(".")[:2])
STYLE = (HERE / "stage.css").read_text(encoding="utf-8")
STYLE = STYLE.replace("/* LIGHT */", palette.variables(palette.LIGHT)).replace(
    "/* DARK */", palette.variables(palette.DARK)
)


def joined(*names: str) -> str:
    """Modules as one, each after those that it imports from.

    Examples
    --------
    >>> "\\nimport " in joined(*VIEW), joined(*VIEW).count("export ")
    (False, 1)
    """
    parts = ((HERE / name).read_text(encoding="utf-8") for name in names)
    return "\n".join(_LINKS.sub("", part) for part in parts)


_LINKS = re.compile(r'^import \{[^}]*\} from "\./[a-z]+\.js";\n|^export (?!default)', re.MULTILINE)


_UNSEEN: ContextVar[bool] = ContextVar("_UNSEEN", default=False)


@contextmanager
def unseen() -> Iterator[None]:
    """What is made inside has no page: nothing of it is sent anywhere."""
    before = _UNSEEN.set(True)
    try:
        yield
    finally:
        _UNSEEN.reset(before)


class Widget(ipywidgets.DOMWidget):  # type: ignore[misc]  # ipywidgets ships no types
    """Shows `stage.js` on the page; what it shows comes in messages, see `pizzatune.explore.page`."""

    # anywidget's half in the page loads and shows `stage.js`. Its half in Python is not needed for that: it
    # would hold 7 MB in each kernel and make a new class for each explorer.
    _model_name = traitlets.Unicode("AnyModel").tag(sync=True)
    _model_module = traitlets.Unicode("anywidget").tag(sync=True)
    _model_module_version = traitlets.Unicode(FRONT_END).tag(sync=True)
    _view_name = traitlets.Unicode("AnyView").tag(sync=True)
    _view_module = traitlets.Unicode("anywidget").tag(sync=True)
    _view_module_version = traitlets.Unicode(FRONT_END).tag(sync=True)
    _anywidget_id = traitlets.Unicode("pizzatune").tag(sync=True)
    _esm = traitlets.Unicode(joined(*VIEW)).tag(sync=True)
    _css = traitlets.Unicode(STYLE + palette.css()).tag(sync=True)

    def open(self) -> None:
        """Tell the front end of it, where there is to be a page."""
        if not _UNSEEN.get():
            super().open()
