"""The commands: `python -m pizzatune start` to learn, `gallery` to show, `doctor` when something fails."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from pizzatune._version import __version__
from pizzatune.places import checked_port


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; without a command, say which there are."""
    _show_any_letter()
    words = list(sys.argv[1:] if argv is None else argv)
    extra: list[str] = []
    if "--" in words:
        cut = words.index("--")
        words, extra = words[:cut], words[cut + 1 :]

    parser = _parser()
    options = parser.parse_args(words)
    if extra and options.command != "start":
        parser.error("only start passes on what follows --")

    # Imported here, so that each command runs even where another one's packages are missing.
    if options.command == "start":
        from pizzatune import start

        return start.run(options.folder, port=options.port, browser=options.browser, extra=extra)
    if options.command == "gallery":
        from pizzatune import gallery

        return gallery.run(options.folder)
    if options.command == "doctor":
        from pizzatune import doctor

        return doctor.run()
    parser.print_help()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pizzatune", description="Learn hyperparameter tuning in a simulated pizza kitchen."
    )
    parser.add_argument("--version", action="version", version=f"pizzatune {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    start = commands.add_parser(
        "start",
        help="copy the lessons to a folder of your own and open JupyterLab there",
        description="Copy the lessons to a folder of your own and open JupyterLab there. Nothing that is "
        "already in the folder is overwritten; a lesson that has changed since is laid beside your copy.",
        epilog="What follows a lone -- goes to JupyterLab: python -m pizzatune start -- --ServerApp.ip=::1",
    )
    start.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=Path("my-kitchen"),
        help="where to work; made if it does not exist (default: %(default)s)",
    )
    start.add_argument("--port", type=_port, help="port of the server (default: the first free from 8888)")
    start.add_argument(
        "--no-browser",
        dest="browser",
        action="store_false",
        help="print the address instead of opening a browser",
    )

    gallery = commands.add_parser(
        "gallery",
        help="write a page of each explorer, to be opened without Python and without a network",
        description="Write a page of each explorer into a folder, and an index with a picture of each. They "
        "open in any browser, on a phone as well, and need neither Python nor a network. Pages of an earlier "
        "gallery are replaced, and nothing else is.",
    )
    gallery.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=Path("gallery"),
        help="where to write it; made if it does not exist (default: %(default)s)",
    )

    commands.add_parser(
        "doctor",
        help="look for what is missing or too old, and say how to mend it",
        description="Look for missing or too old packages, a kernel of another environment, a home that "
        "cannot be written, a port that cannot be and the browser that the tests use, and say how to mend "
        "each. Exit status: 0 when the lessons can run, else 1.",
    )
    return parser


def _port(text: str) -> int:
    """The port for argparse, which tells only errors of its own in full."""
    try:
        return checked_port(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _show_any_letter() -> None:
    """A folder may have a name that the terminal cannot show: show \\xfc rather than end in an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
