"""The places that lessons need: folders where Jupyter may write, a port, and a folder of one's own.

The standard library alone carries this file, as it does `doctor`.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `state` is "ok", "note" (the lessons still run) or "problem" (they do not)."""

    state: str
    what: str
    mend: str = ""


# ---- Where Jupyter writes ------------------------------------------------------------------------


def check_home() -> Finding:
    """May Jupyter write where it keeps its settings and running servers, mostly in the home folder?"""
    try:
        from jupyter_core.paths import jupyter_config_dir, jupyter_data_dir, jupyter_runtime_dir

        folders = [jupyter_runtime_dir(), jupyter_config_dir(), jupyter_data_dir()]
    except ImportError as error:
        return Finding("problem", f"Jupyter does not load ({error})")
    except (OSError, RuntimeError) as error:  # no home at all
        return Finding("problem", f"no home folder was found ({error})", _mend_home())
    for folder in folders:
        why = why_not_writable(Path(folder))
        if why:
            return Finding("problem", f"Jupyter cannot write to {folder}: {why}", _mend_home())
    return Finding("ok", f"a home where Jupyter may write: {Path(folders[-1]).parent}")


def _mend_home() -> str:
    name = "USERPROFILE" if sys.platform == "win32" else "HOME"
    return f"set {name} to a folder of your own where you may write, or mend the one that is named above"


def why_not_writable(folder: Path) -> str:
    """What keeps a folder from being made or written, in words; empty where nothing does."""
    there = next(
        place for place in (folder, *folder.parents) if os.path.lexists(place) or place == place.parent
    )
    try:
        if not there.is_dir():
            return f"{there} is no folder"
        tempfile.TemporaryFile(dir=there).close()
    except OSError as error:
        return f"{there} cannot be written ({error.strerror})"
    return ""


# ---- Where the learner works ---------------------------------------------------------------------


def check_folder(encoding: str | None = None) -> Finding:
    """Can `start` make a folder here, and the terminal show its name? Only a note: one may name another."""
    try:
        here = Path.cwd()
    except OSError as error:
        return Finding(
            "note", f"the current folder is gone ({error.strerror})", "change to another folder: cd"
        )
    why = why_not_writable(here / "my-kitchen")
    if why:
        return Finding(
            "note", f"no folder for the lessons can be made here: {why}", "name another folder: start FOLDER"
        )
    try:
        str(here).encode(encoding or sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        what = f"this terminal cannot show the name of the current folder: {str(here)!a}"
        return Finding("note", what, "set PYTHONUTF8 to 1, or name a folder in plain letters: start FOLDER")
    return Finding("ok", f"a folder in which lessons can be laid out: {here}")


# ---- Where the server listens --------------------------------------------------------------------

PORT = re.compile(r"0*[1-9][0-9]{0,4}")
_PORT_SET = re.compile(r"-{1,2}(?:[A-Za-z]+App\.)?port=(.*)", re.DOTALL)


def checked_port(text: str) -> int:
    """The port that a text names.

    Raises
    ------
    ValueError
        If there is no such port.

    Examples
    --------
    >>> checked_port("8888")
    8888
    """
    if not PORT.fullmatch(text) or int(text) > 65535:
        raise ValueError(f"a port is a whole number from 1 to 65535, got {text!r}; 8888 is a usual one")
    return int(text)


def check_port(extra: Iterable[str] = (), environ: Mapping[str, str] = os.environ) -> Finding:
    """Is there such a port as those named by JUPYTER_PORT and by arguments for JupyterLab?"""
    named = {found[0]: found[1] for found in map(_PORT_SET.fullmatch, extra) if found}
    if not named and "JUPYTER_PORT" in environ:
        named = {"JUPYTER_PORT": environ["JUPYTER_PORT"]}
    for where, text in named.items():
        try:
            checked_port(text)
        except ValueError as error:
            return Finding("problem", f"no server can listen there ({where}): {error}", "name another port")
    return Finding("ok", "a port for the server can be found")
