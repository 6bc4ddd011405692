"""One command from a fresh clone: an environment with all peers, then every part of the benchmark.

    python benchmarks/run.py              # hours, on two cores; runs that are on disk are not made again
    python benchmarks/run.py --quick      # some minutes: a few seeds, only printed
    python benchmarks/run.py --torch      # with what needs torch, a large download: GPSampler, Ax and BoTorch
    python benchmarks/run.py --slow       # also the missing runs of the peers that take hours each

The environment lies in benchmarks/.venv. `--here` uses the Python that runs this, as it is.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
CHECKOUT = FOLDER.parent
# nevergrad asks for its version 1.4, only for a wrapper that we do not race: the adapter hides it from there.
TODAYS = ("bayesian-optimization>=3.4,<4", "colorama")


def environment(torch: bool) -> str:
    """The Python of an environment in which the peers are installed."""
    folder = FOLDER / ".venv"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        venv.create(folder, with_pip=True)
    install = [str(python), "-m", "pip", "install", "--quiet"]
    subprocess.run(
        [*install, "--editable", f"{CHECKOUT}[bench{',bench-torch' if torch else ''}]"], check=True
    )
    subprocess.run([*install, "--no-deps", "--upgrade", *TODAYS], check=True)
    return str(python)


def main(arguments: list[str]) -> int:
    own = {"--here", "--torch"}
    python = sys.executable if "--here" in arguments else environment("--torch" in arguments)
    rest = [word for word in arguments if word not in own]
    return subprocess.run([python, "-m", "benchmarks", *rest], cwd=CHECKOUT).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
