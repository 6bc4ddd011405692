"""`python -m pizzatune doctor`: what keeps the lessons from running, and the command that mends it.

The standard library alone carries this file, and a Python too old for the rest can read it: a doctor who
needs a healthy patient is of no use.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from itertools import groupby
from pathlib import Path
from typing import Any

from pizzatune import _files
from pizzatune._version import __version__
from pizzatune.places import Finding, check_folder, check_home, check_port

# Everybody needs what no extra asks for; who needs the rest. Without it the lessons run, so it is no fault.
_NEEDED_BY = {
    "": "",
    "models": "only lessons that end on real models need it",
    "cluster": "only a search on many machines needs it",
    "optuna": "only a search inside an Optuna study needs it",
    "dev": "only tests and linters need it",
}

_LOADED = ("", "models", "cluster")  # extras whose packages are imported, to see whether they can be

# Where the name to import is not the name to install.
_MODULES = {"scikit-learn": "sklearn"}

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_BROWSERS_ELSEWHERE = {
    "Darwin": (
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ),
    "Windows": (
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ),
}
_BROWSER_MENDS = {
    "Darwin": "brew install --cask google-chrome",
    "Windows": "winget install Google.Chrome",
}


@dataclass(frozen=True)
class Requirement:
    """A package that pizzatune asks for, from `low` on and below `high`; an empty text stands for none."""

    name: str
    low: str = ""
    high: str = ""
    extra: str = ""

    @property
    def range(self) -> str:
        """The range as pip writes it, such as ``>=2.1,<3``."""
        return ",".join([f">={self.low}"] * bool(self.low) + [f"<{self.high}"] * bool(self.high))


def run() -> int:
    """Print what was found and return the exit status: 0 when the lessons can run, 1 when they cannot."""
    print(f"pizzatune {__version__} with {sys.executable}\n")
    findings = examine()
    for finding in findings:
        print(f"  {finding.state:8}{finding.what}")
        if finding.mend:
            print(f"          mend it: {finding.mend}")
    problems = sum(finding.state == "problem" for finding in findings)
    print()
    if problems:
        print(f"{problems} problem{'s' * (problems > 1)}; mend from the top, then ask the doctor again.")
        return 1
    print("Healthy: the lessons can run.")
    return 0


def examine() -> list[Finding]:
    """Look at everything the lessons and the tests stand on.

    Returns
    -------
    list of Finding
        The most basic first, so that mending from the top makes sense.
    """
    return [
        check_python(),
        check_itself(),
        *check_packages(requirements()),
        check_kernel(),
        *examine_places(),
        check_browser(),
    ]


def examine_places() -> list[Finding]:
    """Look at where Jupyter writes, where the learner works, and where the server listens."""
    return [check_home(), check_folder(), check_port()]


# ---- Python and pizzatune itself -----------------------------------------------------------------


def check_python(running: tuple[Any, ...] = sys.version_info, oldest: tuple[int, ...] = (3, 11)) -> Finding:
    """Is this Python new enough?

    Examples
    --------
    >>> check_python((3, 9, 2)).what
    'Python 3.9.2 is too old: pizzatune needs 3.11 or newer'
    """
    version = ".".join(str(part) for part in running[:3])
    if tuple(running[: len(oldest)]) >= oldest:
        return Finding("ok", f"Python {version}")
    needed = ".".join(str(part) for part in oldest)
    launcher = f"py -{needed}" if _on_windows() else f"python{needed}"
    return Finding(
        "problem",
        f"Python {version} is too old: pizzatune needs {needed} or newer",
        f"install Python {needed} or newer, then: {launcher} -m venv .venv",
    )


def check_itself() -> Finding:
    """Is pizzatune installed, so that a notebook in any folder can import it, and are its lessons there?"""
    try:
        version = metadata.version("pizzatune")
    except metadata.PackageNotFoundError:
        return Finding(
            "problem",
            "pizzatune is not installed in this environment: notebooks in other folders cannot import it",
            _pip_install(f"-e {_quoted(str(Path(__file__).resolve().parent.parent))}"),
        )
    try:
        _files.notebooks_dir()
        _files.data_dir()
    except FileNotFoundError as error:
        return Finding("problem", str(error), _pip_install("--force-reinstall --no-deps pizzatune"))
    return Finding("ok", f"pizzatune {version}")


# ---- Packages ------------------------------------------------------------------------------------


def requirements() -> list[Requirement]:
    """Read what pizzatune asks for from its installed metadata, or from pyproject.toml in a bare checkout.

    Returns
    -------
    list of Requirement
        Those that the lessons need first.

    Examples
    --------
    >>> {"numpy", "scikit-learn"} <= {asked.name for asked in requirements()}
    True
    """
    try:
        lines = metadata.requires("pizzatune") or []
    except metadata.PackageNotFoundError:
        lines = list(_lines_of_the_checkout())
    # Those of the benchmarks are left out: they are installed in an environment of their own.
    lines = [line for line in lines if "bench" not in line.partition(";")[2]]
    order = list(_NEEDED_BY)
    return sorted(map(parse_requirement, lines), key=lambda asked: order.index(asked.extra))


def _lines_of_the_checkout() -> Iterator[str]:
    """Write out pyproject.toml's requirements the way installed metadata has them."""
    pyproject = Path(__file__).resolve().parent.parent / "pyproject.toml"
    try:
        import tomllib  # since Python 3.11; on an older one the age of Python is the finding that counts
    except ImportError:
        return
    if not pyproject.is_file():
        return
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    yield from project["dependencies"]
    for extra, lines in project["optional-dependencies"].items():
        yield from (f'{line}; extra == "{extra}"' for line in lines)


def parse_requirement(line: str) -> Requirement:
    """Read one requirement of our own: a name, ``>=`` and ``<`` limits, and perhaps the extra it belongs to.

    Raises
    ------
    ValueError
        If the line holds anything else.

    Examples
    --------
    >>> parse_requirement("scikit-learn<2,>=1.6; extra == 'models'")
    Requirement(name='scikit-learn', low='1.6', high='2', extra='models')
    """
    stated, _, marker = line.partition(";")
    named = re.match(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(.*?)\s*$", stated)
    of_extra = re.fullmatch(r"""\s*extra\s*==\s*["']([^"']+)["']\s*""", marker)
    limits = {}
    for limit in filter(None, named[2].split(",") if named else ()):
        known = re.fullmatch(r"\s*(>=|<)\s*([0-9.]+)\s*", limit)
        if not known:
            named = None
            break
        limits[known[1]] = known[2]
    if not named or (marker.strip() and not of_extra):
        raise ValueError(f"cannot read the requirement {line!r}; write it as: name>=1.2,<3; extra == 'dev'")
    return Requirement(named[1], limits.get(">=", ""), limits.get("<", ""), of_extra[1] if of_extra else "")


def check_packages(asked: Sequence[Requirement]) -> list[Finding]:
    """Look at each package; those of an extra that are all not there are told in one line."""
    findings: list[Finding] = []
    for extra, group in groupby(asked, key=lambda one: one.extra):
        some = list(group)
        missing = [one for one in some if extra and not _is_installed(one.name)]
        if len(missing) > 1:
            names = ", ".join(one.name for one in missing)
            ranges = " ".join(f'"{one.name}{one.range}"' for one in missing)
            what = f"{names} are missing ({_NEEDED_BY[extra].removesuffix(' it')} them)"
            findings.append(Finding("note", what, _pip_install(ranges)))
            some = [one for one in some if one not in missing]
        findings += map(check_package, some)
    return findings


def _is_installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def check_package(asked: Requirement) -> Finding:
    """Is the package there, within its range, and can it be imported?"""
    bad = "note" if asked.extra else "problem"
    purpose = f" ({_NEEDED_BY[asked.extra]})" if asked.extra else ""
    mend = _pip_install(f'"{asked.name}{asked.range}"')
    try:
        version = metadata.version(asked.name)
    except metadata.PackageNotFoundError:
        return Finding(bad, f"{asked.name} is missing{purpose}", mend)
    if asked.low and _release(version) < _release(asked.low):
        return Finding(bad, f"{asked.name} {version} is too old: {asked.range} is needed{purpose}", mend)
    if asked.high and _release(version) >= _release(asked.high):
        what = f"{asked.name} {version} is newer than pizzatune was tried with: {asked.range} is needed"
        return Finding(bad, what + purpose, mend)
    if asked.extra in _LOADED:
        try:
            importlib.import_module(_MODULES.get(asked.name, asked.name))
        except Exception as error:  # a broken installation can raise anything, and the round must go on
            what = f"{asked.name} {version} is installed but does not load ({type(error).__name__}: {error})"
            return Finding(
                bad, what + purpose, _pip_install(f'--force-reinstall "{asked.name}{asked.range}"')
            )
    return Finding("ok", f"{asked.name} {version}")


def _release(version: str) -> tuple[int, ...]:
    """The numbers of a version without trailing zeros, so that 3 equals 3.0: "2.9.0.post0" gives (2, 9)."""
    numbers = re.match(r"v?(\d+(?:\.\d+)*)", version)
    parts = [int(part) for part in numbers[1].split(".")] if numbers else []
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


# ---- Kernel --------------------------------------------------------------------------------------


def check_kernel() -> Finding:
    """Would Jupyter run the notebooks with this Python, or with one of another environment?"""
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ImportError as error:
        return Finding("problem", f"Jupyter has no kernels ({error})", _pip_install("ipykernel"))
    try:
        spec = KernelSpecManager().get_kernel_spec("python3")
    except NoSuchKernel:
        return Finding("problem", "Jupyter has no Python kernel", _pip_install("ipykernel"))
    python, resources = str(spec.argv[0]), Path(spec.resource_dir)
    if _is_this_environment(python):
        return Finding("ok", "the kernel is this environment")
    what = f"the kernel 'python3' ({resources}) runs {python}, which is not this environment"
    return Finding("problem", what, _kernel_mend(resources))


def _is_this_environment(python: str) -> bool:
    """Environments share the file that their python links to, so the folder of the link decides."""
    if re.fullmatch(rf"python({sys.version_info[0]}(\.{sys.version_info[1]})?)?(\.exe)?", python):
        return True  # jupyter_client replaces such a bare name by the Python it runs on itself
    found = shutil.which(python) or python
    return Path(found).parent.resolve() == Path(sys.executable).parent.resolve()


def _kernel_mend(resources: Path) -> str:
    """Put this environment's kernel where the foreign one was found, or take that one out of the way."""
    from jupyter_core.paths import jupyter_data_dir

    inside = resources.resolve().parents
    if Path(sys.prefix).resolve() in inside:
        return f"{_python()} -m ipykernel install --sys-prefix"
    if Path(jupyter_data_dir()).resolve() in inside:
        return f"{_python()} -m ipykernel install --user"
    return f"{_python()} -m jupyter kernelspec remove python3"


# ---- Browser -------------------------------------------------------------------------------------


def check_browser(environ: Mapping[str, str] = os.environ) -> Finding:
    """Is there a Chromium for the browser tests? Only a note: to learn, any browser will do."""
    found = find_browser(environ)
    if found:
        return Finding("ok", f"a browser for the tests: {found}")
    what = (
        "no Chromium or Chrome found; the browser tests are skipped without (to learn, any browser will do)"
    )
    if environ.get("CHROME"):
        what = (
            f"CHROME is {environ['CHROME']!r}, which is not a program; the browser tests are skipped without"
        )
    mend = _BROWSER_MENDS.get(platform.system(), "sudo apt-get install chromium fonts-dejavu-core")
    return Finding("note", what, f"{mend}, or set CHROME to the path of one")


def find_browser(environ: Mapping[str, str] = os.environ) -> str | None:
    """Return the path of a Chromium-like browser: the one that CHROME names, or the first one found, or None.

    Examples
    --------
    >>> find_browser({"CHROME": "/no/such/browser"}) is None
    True
    """
    if environ.get("CHROME"):
        return shutil.which(environ["CHROME"])
    elsewhere = _BROWSERS_ELSEWHERE.get(platform.system(), ())
    return next(filter(None, map(shutil.which, (*_BROWSERS, *elsewhere))), None)


# ---- Commands to type ----------------------------------------------------------------------------


def command(name: str) -> str:
    """Return what to type for a command of pizzatune, with this environment's Python."""
    return f"{_python()} -m pizzatune {name}"


def _pip_install(what: str) -> str:
    return f"{_python()} -m pip install {what}"


def _python() -> str:
    """This Python as one would type it: short where it lies below the current folder, quoted if need be."""
    python = Path(sys.executable)
    with contextlib.suppress(ValueError, OSError):  # it lies elsewhere, or the current folder is gone
        python = python.relative_to(Path.cwd())
    return _quoted(str(python))


def _quoted(text: str) -> str:
    """Double quotes are understood by sh, cmd and PowerShell alike."""
    return f'"{text}"' if " " in text else text


def _on_windows() -> bool:
    return platform.system() == "Windows"
