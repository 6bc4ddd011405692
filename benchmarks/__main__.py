"""All parts of the benchmark, one after the other: ``python -m benchmarks [--quick]``."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.page import ORDER

if __name__ == "__main__":
    failed = [
        part
        for part in ORDER
        if subprocess.run([sys.executable, "-m", f"benchmarks.{part}", *sys.argv[1:]]).returncode
    ]
    sys.exit(f"failed: {', '.join(failed)}" if failed else 0)
