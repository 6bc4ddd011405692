"""`python -m pizzatune doctor`: each illness gets a name, a cure and an exit status."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from pizzatune import doctor

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def install(monkeypatch):
    """Pretend: install(numpy="1.26", pandas=None) makes numpy old and takes pandas away."""
    real = metadata.version

    def pretend(**versions):
        def version(name):
            pretended = versions.get(name.replace("-", "_"), "")
            if pretended is None:
                raise metadata.PackageNotFoundError(name)
            return pretended or real(name)

        monkeypatch.setattr(metadata, "version", version)

    return pretend


def test_a_missing_package_is_named_with_its_cure(install):
    install(numpy=None)
    finding = doctor.check_package(doctor.Requirement("numpy", "2.1", "3"))
    assert (finding.state, finding.what) == ("problem", "numpy is missing")
    assert finding.mend.endswith('-m pip install "numpy>=2.1,<3"')


@pytest.mark.parametrize("version", ["2.0.9", "1.26.4", "2", "2.0.0rc1"])
def test_a_package_too_old_is_named_with_its_cure(install, version):
    install(numpy=version)
    finding = doctor.check_package(doctor.Requirement("numpy", "2.1", "3"))
    assert (finding.state, finding.what) == ("problem", f"numpy {version} is too old: >=2.1,<3 is needed")
    assert finding.mend.endswith('-m pip install "numpy>=2.1,<3"')


@pytest.mark.parametrize("version", ["3.0.0", "3", "10.1"])
def test_a_package_never_tried_is_named(install, version):
    install(numpy=version)
    finding = doctor.check_package(doctor.Requirement("numpy", "2.1", "3"))
    assert finding.state == "problem"
    assert f"numpy {version} is newer than pizzatune was tried with" in finding.what


@pytest.mark.parametrize("version", ["2.1", "2.1.0", "2.10.0", "2.99.1.post2", "v2.1"])
def test_a_package_in_range_is_well(install, version):
    install(numpy=version)
    assert doctor.check_package(doctor.Requirement("numpy", "2.1", "3")).state == "ok"


def test_a_package_that_does_not_load_is_named(install, monkeypatch):
    install(numpy="2.2")
    monkeypatch.setitem(sys.modules, "numpy", None)
    finding = doctor.check_package(doctor.Requirement("numpy", "2.1", "3"))
    assert finding.state == "problem"
    assert "numpy 2.2 is installed but does not load" in finding.what
    assert '--force-reinstall "numpy>=2.1,<3"' in finding.mend


NEEDED_BY_SOME = {
    "dev": ("ruff", "only tests and linters need it"),
    "models": ("scikit-learn", "only lessons that end on real models need it"),
    "cluster": ("distributed", "only a search on many machines needs it"),
    "optuna": ("optuna", "only a search inside an Optuna study needs it"),
}


@pytest.mark.parametrize("version", [None, "0.1", "9999"], ids=["missing", "too old", "too new"])
@pytest.mark.parametrize("extra", NEEDED_BY_SOME)
def test_what_only_some_need_is_a_note_that_says_who(install, extra, version):
    name, who = NEEDED_BY_SOME[extra]
    install(**{name.replace("-", "_"): version})
    finding = doctor.check_package(doctor.Requirement(name, "0.9", "99", extra))
    assert finding.state == "note"
    assert finding.what.endswith(f"({who})")


def test_packages_of_an_extra_that_are_missing_are_told_in_one_line(install):
    install(ruff=None, mypy=None, nbval=None)
    names = ("mypy", "pytest", "nbval", "ruff")
    missing, there = doctor.check_packages([doctor.Requirement(name, "0.1", "", "dev") for name in names])
    assert missing.what == "mypy, nbval, ruff are missing (only tests and linters need them)"
    assert missing.mend.endswith('-m pip install "mypy>=0.1" "nbval>=0.1" "ruff>=0.1"')
    assert (there.state, there.what[:6]) == ("ok", "pytest")


def test_where_only_pizzatune_itself_was_installed_the_doctor_says_healthy(install, monkeypatch, capsys):
    asked = doctor.requirements()
    extras = {one.name.replace("-", "_"): None for one in asked if one.extra}
    assert {"nbval", "scikit_learn", "distributed"} <= set(extras)
    install(**extras)
    monkeypatch.setattr("shutil.which", lambda name: None)  # and no browser
    monkeypatch.setattr("importlib.import_module", lambda name: None)  # which takes its time
    assert doctor.run() == 0
    told = capsys.readouterr().out
    assert "Healthy: the lessons can run." in told
    assert "  problem" not in told
    assert told.count("  note") == 5  # one for each extra, and the browser


def test_our_own_ranges_are_read_as_packaging_reads_them():
    probes = [
        "0.1",
        "0.9",
        "1.6",
        "1.14.1",
        "2",
        "2.1",
        "2.2.3",
        "3",
        "3.0.0",
        "4",
        "5.1",
        "6.29.5",
        "8.1.5",
        "9",
        "99",
    ]
    lines = [line for line in doctor._lines_of_the_checkout() if "bench" not in line]
    assert len(lines) > 10
    for line in lines:
        ours, theirs = doctor.parse_requirement(line), Requirement(line)
        assert ours.name == theirs.name
        for probe in probes:
            release = doctor._release(probe)
            inside = (not ours.low or release >= doctor._release(ours.low)) and (
                not ours.high or release < doctor._release(ours.high)
            )
            assert inside == theirs.specifier.contains(probe), (line, probe)


@pytest.mark.parametrize(
    "line", ["numpy~=2.1", "numpy>=2; sys_platform == 'win32'", "numpy @ file:///x", ">=2", ""]
)
def test_a_requirement_the_doctor_cannot_read_is_refused(line):
    with pytest.raises(ValueError, match="cannot read the requirement " + re.escape(repr(line))):
        doctor.parse_requirement(line)


@pytest.mark.parametrize("running, state", [((3, 10, 14), "problem"), ((3, 11, 0), "ok"), ((3, 14, 1), "ok")])
def test_the_age_of_python_is_judged(running, state):
    finding = doctor.check_python(running)
    assert finding.state == state
    assert bool(finding.mend) == (state == "problem")


def test_the_oldest_python_is_the_one_of_pyproject():
    oldest = re.search(
        r'requires-python = ">=3\.(\d+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    )[1]
    assert doctor.check_python((3, int(oldest))).state == "ok"
    assert doctor.check_python((3, int(oldest) - 1, 99)).state == "problem"


def kernel_of(python: str, folder: Path) -> Path:
    spec = folder / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    argv = [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec.write_text(json.dumps({"argv": argv, "display_name": "P", "language": "python"}), encoding="utf-8")
    return folder


@pytest.fixture
def only_kernels_in(monkeypatch):
    """Let Jupyter see one data folder first, and the user's own settings not at all."""

    def look(folder: Path, variable: str = "JUPYTER_PATH"):
        monkeypatch.delenv("JUPYTER_PATH", raising=False)
        monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
        monkeypatch.setenv(variable, str(folder))

    return look


def test_a_kernel_of_another_environment_is_named_with_its_cure(tmp_path, only_kernels_in):
    only_kernels_in(kernel_of("/some/other/bin/python", tmp_path))
    finding = doctor.check_kernel()
    assert finding.state == "problem"
    assert "runs /some/other/bin/python, which is not this environment" in finding.what
    assert finding.mend.endswith("-m jupyter kernelspec remove python3")


def test_a_foreign_kernel_in_the_users_own_folder_is_replaced(tmp_path, only_kernels_in):
    only_kernels_in(kernel_of("/some/other/bin/python", tmp_path), "JUPYTER_DATA_DIR")
    assert doctor.check_kernel().mend.endswith("-m ipykernel install --user")


@pytest.mark.parametrize("python", ["python", "python3", f"python3.{sys.version_info[1]}", sys.executable])
def test_a_kernel_of_this_environment_is_well(tmp_path, only_kernels_in, python):
    only_kernels_in(kernel_of(python, tmp_path))
    assert doctor.check_kernel() == doctor.Finding("ok", "the kernel is this environment")


def test_an_environment_made_from_the_same_python_is_still_another_one(tmp_path, only_kernels_in):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(Path(sys.executable).resolve())
    only_kernels_in(kernel_of(str(tmp_path / "bin" / "python"), tmp_path))
    assert doctor.check_kernel().state == "problem"


def test_no_browser_is_a_note_with_a_cure(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    finding = doctor.check_browser({})
    assert finding.state == "note"
    assert finding.mend.endswith("or set CHROME to the path of one")


def test_a_wrong_chrome_variable_is_named():
    finding = doctor.check_browser({"CHROME": "/no/such/browser"})
    assert finding.state == "note"
    assert "CHROME is '/no/such/browser', which is not a program" in finding.what


def test_chrome_can_be_named(tmp_path):
    assert doctor.find_browser({"CHROME": sys.executable}) == sys.executable


@pytest.mark.parametrize("states, status", [(["ok", "note"], 0), (["ok", "problem", "note"], 1)])
def test_only_problems_change_the_exit_status(states, status, monkeypatch, capsys):
    monkeypatch.setattr(
        doctor, "examine", lambda: [doctor.Finding(s, f"a finding: {s}", "the cure") for s in states]
    )
    assert doctor.run() == status
    told = capsys.readouterr().out
    assert all(f"a finding: {state}" in told for state in states)
    assert ("Healthy" in told) == (status == 0)


def test_the_doctor_works_where_nothing_is_installed():
    """-S takes the environment's packages away, numpy included; the doctor must still speak, and say so."""
    told = subprocess.run(
        [sys.executable, "-S", "-m", "pizzatune", "doctor"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert told.returncode == 1, told.stderr
    assert told.stderr == ""
    assert re.search(r"problem\s+numpy is missing\n\s+mend it: .*-m pip install \"numpy", told.stdout)
    assert "Jupyter has no kernels" in told.stdout
