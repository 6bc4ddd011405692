"""The one way from the lessons up to their widgets, taken only when one is shown."""

from __future__ import annotations

from typing import Any


def widget(name: str) -> Any:
    """A class or function of the room of explorers: "predict", or "Help"."""
    from pizzatune.explore import asking, helping

    return getattr(asking if name == "predict" else helping, name)
