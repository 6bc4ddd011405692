"""`python -m pizzatune start`: lay the lessons out in a folder of the learner's own, and serve them."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from pizzatune import _files, doctor
from pizzatune._version import __version__
from pizzatune.places import Finding, check_home, check_port
from pizzatune.writing import BESIDE, write_new, write_over

FIRST_LESSON = "00-start-here.ipynb"

# Remembers which edition of each lesson was laid out. A copy that the learner has worked in differs from the
# shipped lesson too, and only this tells "you changed it" from "we changed it".
_RECORD = ".pizzatune.json"
_OPENING = '{\n "about": "which edition of each lesson'  # tells a record of ours, whole or cut short
LARGEST_RECORD = 1_000_000  # bytes
A_WHILE = 60.0  # seconds, in which a lesson is long written

# Other defaults for JupyterLab, which the learner's own settings still override: no question about news over
# the first lesson, and no look for updates, since many a classroom has no network.
_LAB_DEFAULTS = Path(__file__).resolve().parent / "jupyter_config"


def run(folder: Path, *, port: int | None = None, browser: bool = True, extra: Sequence[str] = ()) -> int:
    """Lay out the lessons in `folder` and serve them with JupyterLab until it is stopped.

    Parameters
    ----------
    folder : pathlib.Path
        Where the learner works; made if it does not exist.
    port : int, optional
        Port of the server; by default JupyterLab takes the first free one from 8888 on.
    browser : bool
        Whether to open a browser.
    extra : sequence of str
        More arguments for JupyterLab.

    Returns
    -------
    int
        The exit status: 0, or 1 when JupyterLab could not be started.
    """
    listening = check_port([*([] if port is None else [f"--port={port}"]), *extra])
    if listening.state == "problem":
        return _stopped(listening)
    try:
        news = lay_out(folder, _files.notebooks_dir())
    except OSError as error:
        print(f"pizzatune start: {error}", file=sys.stderr)
        return 1
    print(f"Your kitchen is {folder.resolve()}")
    for line in news:
        print(f"  {line}")

    # Jupyter otherwise lets a kernel in the user's home win over the one of a non-virtual environment.
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    for finding in (doctor.check_kernel(), check_home()):
        if finding.state == "problem":
            return _stopped(finding)

    configs = [str(_LAB_DEFAULTS), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(configs)
    try:
        from jupyterlab.labapp import LabApp
    except ImportError as error:
        mend = doctor.command("doctor")
        print(
            f"pizzatune start: JupyterLab does not load ({error}); {mend} says how to mend it",
            file=sys.stderr,
        )
        return 1

    print("JupyterLab is starting; stop it with Ctrl-C.", flush=True)
    # In this very process: the server, and so the kernel, belongs to this environment, and Ctrl-C reaches it.
    LabApp.launch_instance(argv=lab_arguments(folder, port=port, browser=browser, extra=extra))
    return 0


def _stopped(finding: Finding) -> int:
    print(f"pizzatune start: {finding.what}\n  mend it: {finding.mend}", file=sys.stderr)
    return 1


def lay_out(folder: Path, lessons: Path, version: str = __version__) -> list[str]:
    """Copy every file of `lessons` into `folder` without overwriting anything.

    A file that is not there yet is copied, a notebook without its results: a learner guesses before seeing
    them. One that is there stays as it is; if the lesson has changed since,
    the new edition is laid beside it as ``NAME (new VERSION).ipynb``, once. Each appears whole or not at all,
    and nothing is written through a link.

    Parameters
    ----------
    folder : pathlib.Path
        The learner's own folder; made if it does not exist.
    lessons : pathlib.Path
        The folder as it was shipped.
    version : str
        Stands in the name of a new edition.

    Returns
    -------
    list of str
        What was done, a line each, for the learner to read; empty when there was nothing to do.

    Raises
    ------
    OSError
        If `folder` is a file, lies among the shipped lessons, or cannot be written to.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as place:
    ...     shipped, mine = Path(place, "shipped"), Path(place, "mine")
    ...     shipped.mkdir()
    ...     _ = Path(shipped, "lesson.ipynb").write_text("{}")
    ...     print(lay_out(mine, shipped))
    ...     _ = Path(shipped, "lesson.ipynb").write_text('{"cells": []}')
    ...     print(lay_out(mine, shipped, version="2.0"))
    ['new: lesson.ipynb']
    ['lesson.ipynb has a new edition; yours is untouched, the new one is lesson (new 2.0).ipynb']
    """
    try:
        folder, lessons = folder.resolve(), lessons.resolve()
        if os.path.lexists(folder) and not folder.is_dir():
            raise NotADirectoryError(f"{folder} is a file; name a folder to work in, or move the file away")
        if folder == lessons or lessons in folder.parents:
            raise FileExistsError(
                f"{folder} holds the lessons as they were shipped; name a folder of your own"
            )
        folder.mkdir(parents=True, exist_ok=True)
        return _lay_all(folder, lessons, version)
    except PermissionError as error:
        raise PermissionError(
            f"no permission to write {error.filename or folder}; name a folder where you may write, "
            "for example one in your home"
        ) from error
    except OSError as error:
        if error.strerror is None:  # in our words already
            raise
        raise OSError(
            f"{error.filename or folder} cannot be used ({error.strerror}); make room, or name another "
            "folder, and run the same line again. Every lesson that is there is whole"
        ) from error


def _lay_all(folder: Path, lessons: Path, version: str) -> list[str]:
    news = []
    laid = _read_record(folder)
    shipped = _shipped_files(lessons)
    for place in {folder / lesson.relative_to(lessons).parent for lesson in shipped}:
        _sweep(place)
    for lesson in shipped:
        name = lesson.relative_to(lessons).as_posix()
        content = lesson.read_bytes()
        edition = hashlib.sha256(content).hexdigest()
        if lesson.suffix == ".ipynb":
            content = _without_results(content)
        line = _lay_one(folder, name, content, laid.get(name) == edition, version)
        if line:
            news.append(line)
        laid[name] = edition
    _write_record(folder, laid)
    return news


def _without_results(content: bytes) -> bytes:
    """A notebook as before its first run; what is no notebook stays as it is."""
    try:
        notebook = json.loads(content)
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell |= {"outputs": [], "execution_count": None}
    except (ValueError, KeyError, TypeError):
        return content
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def _lay_one(folder: Path, name: str, content: bytes, already_laid: bool, version: str) -> str:
    """Lay out one file if it is missing or new; return the line to tell the learner, or an empty one."""
    target = folder / name
    for inside in reversed(target.relative_to(folder).parents[:-1]):
        if not _made(folder / inside):
            return f"{name} was not laid out, as {inside.as_posix()} is no folder of its own; move that away"
    if _written(target, content):
        return f"new: {name}"
    if target.is_file() and (already_laid or _holds(target, content)):
        return ""
    beside, again = target.with_stem(f"{target.stem} (new {version})"), 1
    while not _written(beside, content):
        if _holds(beside, content):
            return ""
        again += 1
        beside = target.with_stem(f"{target.stem} (new {version}, {again})")
    if not target.is_file():
        return (
            f"{name} is the name of something that is no file and was left alone; the lesson is {beside.name}"
        )
    return f"{name} has a new edition; yours is untouched, the new one is {beside.name}"


def _made(folder: Path) -> bool:
    """Make a folder, if need be; whether it is one now, and no link to another place."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir()
    return folder.is_dir() and not folder.is_symlink()


def _written(path: Path, content: bytes) -> bool:
    """Write a file, unless its name is taken; whether it was written."""
    if os.path.lexists(path):
        return False
    try:
        write_new(path, content)
    except FileExistsError:  # another `start` was quicker
        return False
    return True


def _holds(path: Path, content: bytes) -> bool:
    """Whether a path is a file with this content; a pipe or a device, which might never end, is not read."""
    return path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content


def _sweep(folder: Path) -> None:
    """Clear away what a kill left half written, but nothing that another `start` may be writing now."""
    for rest in folder.glob(f"{BESIDE}*"):
        if rest.is_file() and not rest.is_symlink() and time.time() - rest.stat().st_mtime > A_WHILE:
            rest.unlink(missing_ok=True)


def _shipped_files(lessons: Path) -> list[Path]:
    """All files of the lessons in order, without what tools and editors leave behind."""
    return sorted(
        path
        for path in lessons.rglob("*")
        if path.is_file()
        and not any(part.startswith((".", "__")) for part in path.relative_to(lessons).parts)
    )


def _read_record(folder: Path) -> dict[str, str]:
    """Read which edition of each lesson was laid out; a lost or damaged record only costs a copy too many."""
    try:
        laid = json.loads(_own_record(folder) or "{}")["laid"]
        return {str(name): str(edition) for name, edition in laid.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _write_record(folder: Path, laid: dict[str, str]) -> None:
    text = json.dumps({"about": "which edition of each lesson was laid out here", "laid": laid}, indent=1)
    before = _own_record(folder)
    if before is not None and before != text:
        write_over(folder / _RECORD, text.encode())


def _own_record(folder: Path) -> str | None:
    """The text of the record, empty where there is none; None where something else has its name."""
    path = folder / _RECORD
    if not os.path.lexists(path):
        return ""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST_RECORD:
        return None
    text = path.read_text(encoding="utf-8", errors="replace")
    return text if text.startswith(_OPENING) or _OPENING.startswith(text) else None


def lab_arguments(
    folder: Path, *, port: int | None = None, browser: bool = True, extra: Sequence[str] = ()
) -> list[str]:
    """Return the arguments that make JupyterLab open the first lesson in `folder`.

    Examples
    --------
    >>> lab_arguments(Path("my-kitchen"), port=8899, browser=False)[-2:]
    ['--port=8899', '--no-browser']
    """
    arguments = [
        f"--ServerApp.root_dir={folder.resolve()}",
        # Where the browser goes, and the address that is printed.
        f"--LabApp.default_url=/lab/tree/{FIRST_LESSON}",
        # One Ctrl-C is enough.
        "--ServerApp.answer_yes=True",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append(
            "--allow-root"
        )  # Jupyter refuses root otherwise; in a container there is often nobody else
    if port is not None:
        arguments.append(f"--port={port}")
    if not browser:
        arguments.append("--no-browser")
    return [*arguments, *extra]
