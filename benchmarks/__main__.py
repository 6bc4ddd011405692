"""All parts of the benchmark, one after the other: ``python -m benchmarks [--quick] [--slow]``."""

from __future__ import annotations

import argparse
import subprocess
import sys

from benchmarks.page import ORDER

RACES = ("quality", "transfer")  # the parts in which peers are raced

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a few seeds, only printed")
    parser.add_argument("--slow", action="store_true", help="also run the peers that take hours")
    options = parser.parse_args()
    quick, slow = ["--quick"] * options.quick, ["--slow"] * options.slow
    failed = [
        part
        for part in ORDER
        if subprocess.run(
            [sys.executable, "-m", f"benchmarks.{part}", *quick, *(slow if part in RACES else [])]
        ).returncode
    ]
    sys.exit(f"failed: {', '.join(failed)}" if failed else 0)
