"""How often tests that repeat do so: on CI in full, at home less often, so that nobody has to wait."""

import os
import sys

import pytest

CI = os.environ.get("CI") == "true"
TURNS = 300 if CI else 60  # random turns of an explorer


def announce(capfd: pytest.CaptureFixture[str], *lines: str) -> None:
    """Say how often, on the screen, whether the test passes or not."""
    with capfd.disabled():
        print("", *lines, sep="\n", file=sys.stderr)
