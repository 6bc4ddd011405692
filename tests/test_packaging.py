"""What travels in a wheel, what the lock holds, and that the README's commands are the tested ones."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import pizzatune
from pizzatune import _files

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def files_below(folder: Path) -> set[str]:
    """The files that belong to the project: editors and Python leave others."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file()
        and not any(part.startswith((".", "__py")) for part in path.relative_to(folder).parts)
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built without network by the hatchling that is installed."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    built = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert built.returncode == 0, built.stderr
    [path] = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel):
    """The wheel unpacked, which is what installing a pure Python wheel amounts to."""
    folder = wheel.parent / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def run_installed(installed, tmp_path_factory):
    """Run Python with the unpacked wheel, and with the checkout taken off its path."""
    sitecustomize = tmp_path_factory.mktemp("site")
    leave_out = f"import sys; sys.path[:] = [place for place in sys.path if place not in ({str(ROOT)!r},)]\n"
    elsewhere = tmp_path_factory.mktemp("elsewhere")

    def run(code: str) -> str:
        (sitecustomize / "script.py").write_text(leave_out + code, encoding="utf-8")
        ran = subprocess.run(
            [sys.executable, str(sitecustomize / "script.py")],
            cwd=elsewhere,
            env={**os.environ, "PYTHONPATH": str(installed)},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    return run


def test_a_wheel_carries_the_package_the_tables_and_the_lessons(installed):
    package = installed / "pizzatune"
    assert files_below(package / "data") == files_below(ROOT / "data") != set()
    assert files_below(package / "notebooks") == files_below(ROOT / "notebooks") != set()
    code = {name for name in files_below(package) if not name.startswith(("data/", "notebooks/"))}
    assert code == files_below(ROOT / "pizzatune")
    assert {"py.typed", "jupyter_config/labconfig/default_setting_overrides.json"} <= code


def test_a_wheel_carries_nothing_else(installed):
    assert sorted(path.name for path in installed.iterdir()) == [
        "pizzatune",
        f"pizzatune-{pizzatune.__version__}.dist-info",
    ]


def test_the_wheel_says_who_it_is(installed):
    [info] = installed.glob("*.dist-info")
    said = Parser().parsestr((info / "METADATA").read_text(encoding="utf-8"))
    assert said["Version"] == pizzatune.__version__
    assert said["License-Expression"] == "BSD-3-Clause"
    assert said["Requires-Python"] == ">=3.11"
    extras = {"bench", "bench-torch", "cluster", "dev", "models", "optuna"}
    assert set(said.get_all("Provides-Extra")) == extras
    assert (info / "licenses" / "LICENSE").read_text(encoding="utf-8") == text_of("LICENSE")


def test_an_installed_wheel_finds_its_files_without_the_checkout(installed, run_installed):
    told = run_installed(
        "import json, pizzatune as pt\n"
        "from pizzatune import _files\n"
        "print(json.dumps([pt.__version__, str(_files.data_dir()), str(_files.notebooks_dir())]))\n"
    )
    package = (installed / "pizzatune").resolve()
    assert json.loads(told) == [pizzatune.__version__, str(package / "data"), str(package / "notebooks")]


def test_an_installed_wheel_tunes_and_lays_out_its_lessons_without_the_checkout(installed, run_installed):
    told = run_installed(
        "from pathlib import Path\n"
        "import pizzatune as pt\n"
        "from pizzatune import _files, start\n"
        "menu = pt.menus.topping_and_heat()\n"
        "result = pt.tune(menu.taste, pt.RandomSearch(menu.space, seed=0), budget=3)\n"
        "start.lay_out(Path('mine'), _files.notebooks_dir())\n"
        "print(len(result.trials), pt.__file__, Path('mine', '00-start-here.ipynb').is_file())\n"
    )
    assert told.split() == ["3", str(installed / "pizzatune" / "__init__.py"), "True"]


def test_a_checkout_finds_its_own_files():
    assert _files.data_dir() == ROOT / "data"
    assert _files.notebooks_dir() == ROOT / "notebooks"


def test_a_missing_folder_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(_files, "_PACKAGE", tmp_path / "pizzatune")
    with pytest.raises(
        FileNotFoundError, match=r"the folder 'data' of pizzatune is missing, looked for .*; install"
    ):
        _files.data_dir()


def test_the_lock_holds_one_version_in_range_of_everything_asked_for():
    pins = {}
    for line in text_of("requirements.txt").splitlines():
        if line and not line.lstrip().startswith(("#", "-e")):
            requirement = Requirement(line)
            [pin] = requirement.specifier
            assert pin.operator == "==", line
            pins.setdefault(canonicalize_name(requirement.name), []).append(pin.version)
    extras = PROJECT["optional-dependencies"]
    for line in [*PROJECT["dependencies"], *extras["dev"], *extras["models"]]:
        asked = Requirement(line)
        [version] = pins[canonicalize_name(asked.name)]
        assert asked.specifier.contains(version), (line, version)


def test_the_lock_installs_this_checkout_and_names_no_address():
    lock = text_of("requirements.txt")
    assert re.search(r"^-e \.", lock, re.MULTILINE)
    assert not re.search(r"://|--\S*index|--find-links|--trusted-host|@ |^/|file:", lock, re.MULTILINE)


def test_the_lock_and_the_contributors_guide_name_the_same_command():
    [command] = re.findall(r"^#\s+(uv pip compile .*)$", text_of("requirements.txt"), re.MULTILINE)
    assert f"\n{command}\n" in text_of("CONTRIBUTING.md")


def test_ci_runs_the_readmes_line_for_testing():
    tests = re.findall(r"^python3 -m venv .*pytest$", text_of("README.md"), re.MULTILINE)
    assert len(tests) == 1
    for name in (".ci/run", "CONTRIBUTING.md"):
        assert tests[0] in text_of(name).splitlines(), name


def test_learning_and_testing_differ_only_in_the_last_command():
    readme = text_of("README.md")
    [learn] = re.findall(r"^python3 -m venv .* install -r .*pizzatune start$", readme, re.MULTILINE)
    [test] = re.findall(r"^python3 -m venv .*pytest$", readme, re.MULTILINE)
    assert learn.removesuffix("python -m pizzatune start") == test.removesuffix("pytest")
    for line in (learn, test):
        windows = line.replace("python3 -m venv", "py -m venv").replace(" && ", "; ")
        assert windows.replace(".venv/bin/", ".venv\\Scripts\\") in readme.splitlines()


def test_the_changelog_knows_this_version():
    assert re.search(rf"^## \[{re.escape(pizzatune.__version__)}\]", text_of("CHANGELOG.md"), re.MULTILINE)
