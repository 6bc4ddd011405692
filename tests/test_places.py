"""A home that cannot be written, a port that cannot be, a folder name that no terminal shows: clear words."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from pizzatune import __main__ as commands
from pizzatune import _files, doctor, places, start

unix = pytest.mark.skipif(sys.platform == "win32", reason="homes, links and rights are those of Unix")
JUPYTERS = (
    "JUPYTER_RUNTIME_DIR",
    "JUPYTER_DATA_DIR",
    "JUPYTER_CONFIG_DIR",
    "XDG_RUNTIME_DIR",
    "XDG_DATA_HOME",
)


@pytest.fixture
def no_lab(monkeypatch, tmp_path_factory):
    """The arguments that JupyterLab would get; it is not even loaded, and there is one lesson."""
    lessons = tmp_path_factory.mktemp("shipped")
    (lessons / "00-start-here.ipynb").write_text("first lesson", encoding="utf-8")
    monkeypatch.setattr(_files, "notebooks_dir", lambda: lessons)
    started = []
    lab = SimpleNamespace(launch_instance=lambda argv: started.append(argv))
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", SimpleNamespace(LabApp=lab))
    for name in ("JUPYTER_PREFER_ENV_PATH", "JUPYTER_CONFIG_PATH"):
        monkeypatch.setenv(name, "")  # so that what `start` sets is gone after the test
    monkeypatch.setattr(
        doctor, "check_kernel", lambda: doctor.Finding("ok", "the kernel is this environment")
    )
    return started


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home of one's own, in which Jupyter keeps everything."""
    for name in (*JUPYTERS, "JUPYTER_PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def a_file(home):
    home.write_text("a letter")


def a_link_to_nothing(home):
    home.symlink_to(home.parent / "nowhere" / "deeper")
    (home.parent / "nowhere").write_text("a letter")


def a_link_to_itself(home):
    home.symlink_to(home)


def a_pipe(home):
    os.mkfifo(home)


def a_file_where_jupyter_keeps_its_data(home):
    (home / ".local").mkdir(parents=True)
    (home / ".local" / "share").write_text("a letter")


def a_file_where_servers_are_noted(home):
    (home / ".local" / "share" / "jupyter").mkdir(parents=True)
    (home / ".local" / "share" / "jupyter" / "runtime").write_text("a letter")


def a_file_where_settings_are(home):
    home.mkdir()
    (home / ".jupyter").write_text("a letter")


def a_folder_of_the_system(home):
    home.symlink_to("/proc")


HOMES = [
    a_file,
    a_link_to_nothing,
    a_link_to_itself,
    a_pipe,
    a_file_where_jupyter_keeps_its_data,
    a_file_where_servers_are_noted,
    a_file_where_settings_are,
    a_folder_of_the_system,
]


@unix
@pytest.mark.parametrize("make", HOMES, ids=lambda make: make.__name__)
def test_a_home_that_cannot_be_written_is_found_by_the_doctor_and_stops_the_start(
    make,
    home,
    no_lab,
    capsys,
    tmp_path,
):
    make(home)
    finding = places.check_home()
    assert finding.state == "problem"
    assert finding.what.startswith(("Jupyter cannot write to ", "no home folder was found (Symlink loop"))
    assert finding.mend.startswith("set HOME to a folder of your own")
    assert finding in doctor.examine_places()
    assert commands.main(["start", str(tmp_path / "mine")]) == 1
    assert finding.what in capsys.readouterr().err
    assert no_lab == []


@unix
@pytest.mark.parametrize("name", ["JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR"])
def test_a_folder_of_jupyters_that_cannot_be_written_is_named(name, home, monkeypatch, tmp_path):
    (tmp_path / "letter").touch()
    monkeypatch.setenv(name, str(tmp_path / "letter"))
    assert f"{tmp_path / 'letter'} is no folder" in places.check_home().what


def test_a_full_disk_is_named(home, monkeypatch):
    def full(**kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", full)
    assert "cannot be written (No space left on device)" in places.check_home().what


@pytest.mark.parametrize(
    "make", [lambda home: None, lambda home: home.mkdir()], ids=["not yet there", "empty"]
)
def test_a_home_that_can_be_written_is_well_and_stays_as_it_is(make, home):
    make(home)
    before = sorted(home.parent.rglob("*"))
    assert places.check_home().state == "ok"
    assert sorted(home.parent.rglob("*")) == before


# -- ports -----------------------------------------------------------------------------------

NO_PORTS = [
    "65536",
    "0",
    "-1",
    "70000",
    "8888.5",
    "1e4",
    "0x22b8",
    "8_888",
    "８８８８",
    "eight",
    " ",
    "",
    "9" * 5000,
]


@pytest.mark.parametrize("port", NO_PORTS, ids=lambda port: ascii(port)[:12])
def test_a_port_that_cannot_be_is_refused_in_words(port, no_lab, capsys, tmp_path):
    with pytest.raises(SystemExit, match="2"):
        commands.main(["start", f"--port={port}", str(tmp_path / "mine")])
    told = capsys.readouterr().err
    assert "argument --port: a port is a whole number from 1 to 65535, got" in told
    assert no_lab == []
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize("port", NO_PORTS, ids=lambda port: ascii(port)[:12])
@pytest.mark.parametrize("way", ["--port=", "--ServerApp.port=", "JUPYTER_PORT="])
def test_so_is_one_that_is_named_to_jupyter(way, port, no_lab, capsys, tmp_path, monkeypatch):
    extra = [] if way == "JUPYTER_PORT=" else ["--", way + port]
    if not extra:
        monkeypatch.setenv("JUPYTER_PORT", port)
        assert places.check_port() in doctor.examine_places()
        assert places.check_port().state == "problem"
    assert commands.main(["start", str(tmp_path / "mine"), *extra]) == 1
    assert "a port is a whole number from 1 to 65535, got" in capsys.readouterr().err
    assert no_lab == []
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize("port", ["1", "80", "8888", "08888", "65535"])
def test_a_port_that_can_be_is_handed_on(port, no_lab, tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_PORT", "-5")  # of which Jupyter takes no notice where a port is named
    assert commands.main(["start", f"--port={port}", str(tmp_path / "mine")]) == 0
    assert f"--port={int(port)}" in no_lab[0]


# -- folders ---------------------------------------------------------------------------------

ODD = ["k\udcfcche", "Küche", "厨房", "🍕", "two\nlines", "\x1b[31mred"]


@unix
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
@pytest.mark.parametrize("name", ODD, ids=ascii)
def test_a_folder_that_the_terminal_cannot_show_is_used_all_the_same(
    name,
    encoding,
    no_lab,
    tmp_path,
    monkeypatch,
):
    screen = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", screen)
    assert commands.main(["start", str(tmp_path / name)]) == 0
    assert (tmp_path / name / "00-start-here.ipynb").is_file()
    screen.flush()
    assert b"Your kitchen is " in screen.buffer.getvalue()


@unix
@pytest.mark.parametrize("name", ODD[:4], ids=ascii)
def test_the_doctor_notes_a_folder_that_the_terminal_cannot_show(name, tmp_path, monkeypatch):
    (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / name)
    finding = places.check_folder("ascii")
    assert finding.state == "note"
    assert finding.what.isascii()
    assert "this terminal cannot show the name of the current folder" in finding.what
    assert places.check_folder("utf-8").state == ("note" if "\udcfc" in name else "ok")


@unix
def test_a_current_folder_that_is_gone_is_noted(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert places.check_folder().what.startswith("the current folder is gone")
    assert doctor.command("start")
    with pytest.raises(OSError, match="cannot be used"):
        start.lay_out(Path("mine"), tmp_path)


def test_a_folder_that_cannot_be_written_is_noted(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(places, "why_not_writable", lambda folder: f"{folder.parent} cannot be written (no)")
    assert places.check_folder().what.startswith("no folder for the lessons can be made here: ")
