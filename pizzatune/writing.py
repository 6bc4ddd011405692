"""Files that appear whole or not at all: written beside the place they are meant for, and renamed."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BESIDE = ".pizzatune-new-"  # how a file begins that is being written


def write_over(path: str | Path, content: bytes) -> None:
    """Write a file, also where there is one: a reader finds the old content or the new, never a half.

    Raises
    ------
    OSError
        If it cannot be written; what was there is left as it was.
    """
    place = Path(path).resolve()  # a link goes on pointing to the same file
    if place.is_dir():
        raise IsADirectoryError(f"{path} is a folder; name a file in it")
    if place.exists() and not place.is_file():  # a pipe, or the terminal: nothing there could be lost
        place.write_bytes(content)
        return
    try:
        if place.exists() and not os.access(place, os.W_OK):
            raise PermissionError(errno.EACCES, "it may only be read")
        with _written_beside(place, content) as new:
            if place.exists():
                shutil.copymode(place, new)
            new.replace(place)
    except OSError as error:
        raise OSError(
            error.errno,
            f"{path} cannot be written ({error.strerror}), and what was there is as it was; close it "
            "elsewhere, make room, or choose another folder",
        ) from error


def write_new(path: Path, content: bytes) -> None:
    """Write a file where there is nothing yet, not even a link.

    Raises
    ------
    FileExistsError
        If there is something, which is left as it was.
    OSError
        If it cannot be written.
    """
    with _written_beside(path, content) as new:
        try:
            os.link(new, path)  # takes no name that is taken
        except FileExistsError:
            raise
        except OSError:  # a disk without hard links
            if os.path.lexists(path):
                raise FileExistsError(errno.EEXIST, "there is something already", str(path)) from None
            new.rename(path)


@contextmanager
def _written_beside(place: Path, content: bytes) -> Iterator[Path]:
    """A file in the same folder with this content, for as long as it has no other name."""
    new = place.with_name(BESIDE + secrets.token_hex(4))
    try:
        with new.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield new
    finally:
        new.unlink(missing_ok=True)
