"""What all tests share; at the top of the checkout, so that notebooks and doctests run alone have it too."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

# Two test workers share the cores; small matrices on several threads each would mostly wait for each other.
# NumPy reads this when it is first imported, so it comes before everything that imports it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import hypothesis
import pytest

from tests.how_often import CI

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The same examples every time: a red test stays red until it is mended. A slow machine is no failure.
hypothesis.settings.register_profile("pizzatune", derandomize=True, deadline=None)
hypothesis.settings.load_profile("pizzatune")


# Every kernel that a test starts, nbval's too, refuses the network. (A warning is found by
# nbval itself: it is on stderr, which is compared.)
KERNELS = tempfile.TemporaryDirectory(prefix="pizzatune-kernels-", ignore_cleanup_errors=True)
STARTUP = Path(KERNELS.name) / "profile_default" / "startup"
STARTUP.mkdir(parents=True)
shutil.copy(Path(__file__).parent / "tests" / "kernel_guard.py", STARTUP)
os.environ["IPYTHONDIR"] = KERNELS.name


def pytest_configure(config: pytest.Config) -> None:
    """Find nbval's sanitizer: an option in pyproject.toml would depend on where pytest is started."""
    if config.option.nbval_sanitize_with is None:
        config.option.nbval_sanitize_with = str(Path(__file__).parent / "tests" / "nbval_sanitize.cfg")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium; the test is skipped where there is none, and fails where that must not be (CI)."""
    from playwright.sync_api import sync_playwright

    from pizzatune import doctor

    finding = doctor.check_browser()
    if finding.state != "ok":
        stop = pytest.fail if CI else pytest.skip
        stop(f"{finding.what}; mend it: {finding.mend}")
    with sync_playwright() as playwright:
        # Chromium's sandbox does not work for root, whom CI runs as.
        browser = playwright.chromium.launch(executable_path=doctor.find_browser(), chromium_sandbox=False)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The page of an explorer by its name, as it opens; recorded once for all files and both workers."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    (folder / "recorded").mkdir(exist_ok=True)

    def page(name: str) -> Path:
        import pizzatune as pt

        path = folder / "recorded" / f"{name}.html"
        if not path.exists():  # it appears whole or not at all, should both workers record it
            explorer = getattr(pt.explore, name)()
            explorer.save(path)
            explorer.close()
        return path

    return page
