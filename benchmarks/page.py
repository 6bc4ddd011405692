"""RESULTS.md: each part of the benchmark writes its own section, between two marks, and leaves the others."""

from __future__ import annotations

import datetime
import os
import platform
import re
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
ORDER = ("quality", "transfer", "cost", "parallel", "ablation")
TITLE = """# What the strategies are worth

[README.md](README.md) says what is measured, how to read it, and how to run it. Each part names its
command, its date and the versions it ran with; losses stand beside wins.
"""


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; its first column is text, the others are numbers."""
    lines = [[*head], ["---"] + ["---:"] * (len(head) - 1), *([*row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def interval_text(mean: float, half: float) -> str:
    return f"{mean:.3f} ± {half:.3f}"


def versions(packages: Sequence[str] = ("pizzatune", "numpy", "scipy")) -> str:
    """Python and packages with their installed versions."""
    found = [f"Python {platform.python_version()}"]
    for package in packages:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            if package == "pizzatune":  # run from a checkout that is not installed
                import pizzatune

                found.append(f"pizzatune {pizzatune.__version__}")
    return ", ".join(found)


class Page:
    """One section: printed, and put in its place in RESULTS.md when asked."""

    def __init__(self, mark: str, title: str, command: str) -> None:
        arguments = " ".join(f'"{word}"' if " " in word else word for word in sys.argv[1:])
        self.mark = mark
        made = f"Made by `{f'{command} {arguments}'.strip()}` on {datetime.date.today()}"
        where = f"{os.cpu_count()} cores, {platform.system()} on {platform.machine()}"
        self.head = f"## {title}\n\n{made}, {versions()}; {where}."
        self.text = ""

    def tell(self, text: str) -> None:
        self.text = f"{self.head}\n\n{text}"
        print(self.text)

    def write(self) -> None:
        """Replace this section of RESULTS.md, or add it where it belongs."""
        sections = {}
        if RESULTS.exists():
            stored = RESULTS.read_text(encoding="utf-8")
            sections = dict(re.findall(r"<!-- (\w+) -->\n(.*?)\n<!-- end -->", stored, flags=re.DOTALL))
        sections[self.mark] = self.text
        parts = [f"<!-- {mark} -->\n{sections[mark]}\n<!-- end -->" for mark in ORDER if mark in sections]
        RESULTS.write_text("\n\n".join([TITLE, *parts]) + "\n", encoding="utf-8")
