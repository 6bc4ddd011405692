"""`python -m pizzatune start`: what it lays out, what it leaves alone, and what it hands to JupyterLab."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from pizzatune import __main__ as commands
from pizzatune import _files, doctor, start
from pizzatune._files import notebooks_dir


@pytest.fixture
def shipped(tmp_path):
    """Two lessons and a picture, as they would come with pizzatune."""
    folder = tmp_path / "shipped"
    (folder / "pictures").mkdir(parents=True)
    (folder / "00-start-here.ipynb").write_text("first lesson", encoding="utf-8")
    (folder / "01-dough.ipynb").write_text("second lesson", encoding="utf-8")
    (folder / "pictures" / "oven.png").write_bytes(b"\x89PNG")
    return folder


@pytest.fixture(autouse=True)
def own_environment(monkeypatch):
    """What `start` sets for Jupyter is gone after the test."""
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "1")
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "")


@pytest.fixture
def no_lab(monkeypatch):
    """Catch the arguments that JupyterLab would get instead of starting it."""
    started = []
    monkeypatch.setattr("jupyterlab.labapp.LabApp.launch_instance", lambda argv: started.append(argv))
    return started


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".pizzatune.json"
    }


def test_a_new_kitchen_gets_every_lesson_and_its_pictures(shipped, tmp_path):
    news = start.lay_out(tmp_path / "deep" / "mine", shipped)
    assert contents(tmp_path / "deep" / "mine") == contents(shipped)
    assert news == ["new: 00-start-here.ipynb", "new: 01-dough.ipynb", "new: pictures/oven.png"]


def test_a_lesson_comes_without_its_results(tmp_path):
    start.lay_out(tmp_path / "mine", notebooks_dir())
    for path in notebooks_dir().glob("*.ipynb"):
        shipped, mine = (json.loads(file.read_bytes()) for file in (path, tmp_path / "mine" / path.name))
        for cell in mine["cells"]:
            if cell["cell_type"] == "code":
                assert (cell["outputs"], cell["execution_count"]) == ([], None)
        for cell in shipped["cells"]:
            if cell["cell_type"] == "code":
                assert cell["execution_count"] is not None
                cell |= {"outputs": [], "execution_count": None}
        assert mine == shipped  # but for the results
    assert start.lay_out(tmp_path / "mine", notebooks_dir()) == []


def test_leftovers_of_tools_are_not_lessons(shipped, tmp_path):
    (shipped / ".ipynb_checkpoints").mkdir()
    (shipped / ".ipynb_checkpoints" / "00-start-here-checkpoint.ipynb").touch()
    (shipped / ".DS_Store").touch()
    assert len(start.lay_out(tmp_path / "mine", shipped)) == 3


def test_the_second_time_there_is_nothing_to_say(shipped, tmp_path):
    start.lay_out(tmp_path / "mine", shipped)
    before = contents(tmp_path / "mine")
    assert start.lay_out(tmp_path / "mine", shipped) == []
    assert contents(tmp_path / "mine") == before


def test_a_copy_the_learner_worked_in_is_no_reason_for_a_second_one(shipped, tmp_path):
    start.lay_out(tmp_path / "mine", shipped)
    (tmp_path / "mine" / "00-start-here.ipynb").write_text("first lesson, with my notes", encoding="utf-8")
    before = contents(tmp_path / "mine")
    assert start.lay_out(tmp_path / "mine", shipped) == []
    assert contents(tmp_path / "mine") == before


def test_a_newer_lesson_is_laid_beside_the_copy_once(shipped, tmp_path):
    mine = tmp_path / "mine"
    start.lay_out(mine, shipped)
    (mine / "00-start-here.ipynb").write_text("my notes", encoding="utf-8")
    (shipped / "00-start-here.ipynb").write_text("first lesson, better", encoding="utf-8")

    news = start.lay_out(mine, shipped, version="0.2.0")
    assert len(news) == 1
    assert "00-start-here.ipynb has a new edition; yours is untouched" in news[0]
    assert contents(mine)["00-start-here.ipynb"] == b"my notes"
    assert contents(mine)["00-start-here (new 0.2.0).ipynb"] == b"first lesson, better"

    before = contents(mine)
    assert start.lay_out(mine, shipped, version="0.2.0") == []
    assert contents(mine) == before


def test_a_second_change_under_the_same_version_gets_a_name_of_its_own(shipped, tmp_path):
    mine = tmp_path / "mine"
    for text in ["one", "two", "three"]:
        (shipped / "01-dough.ipynb").write_text(text, encoding="utf-8")
        start.lay_out(mine, shipped, version="1.0")
    doughs = {name: content for name, content in contents(mine).items() if "dough" in name}
    assert doughs == {
        "01-dough.ipynb": b"one",
        "01-dough (new 1.0).ipynb": b"two",
        "01-dough (new 1.0, 2).ipynb": b"three",
    }


@pytest.mark.parametrize("record", [None, "", "[]", '{"laid": 3}', "{"], ids=str)
def test_a_lost_or_damaged_record_loses_nothing_and_makes_no_third_copy(shipped, tmp_path, record):
    mine = tmp_path / "mine"
    start.lay_out(mine, shipped)
    (mine / "01-dough.ipynb").write_text("my notes", encoding="utf-8")
    for _ in range(2):
        if record is None:
            (mine / ".pizzatune.json").unlink()
        else:
            (mine / ".pizzatune.json").write_text(record, encoding="utf-8")
        start.lay_out(mine, shipped, version="1.0")
    doughs = {name: content for name, content in contents(mine).items() if "dough" in name}
    assert doughs == {"01-dough.ipynb": b"my notes", "01-dough (new 1.0).ipynb": b"second lesson"}


def test_a_folder_that_is_a_file_is_named(shipped, tmp_path):
    (tmp_path / "mine").write_text("a letter", encoding="utf-8")
    with pytest.raises(NotADirectoryError, match=r"mine is a file; name a folder to work in"):
        start.lay_out(tmp_path / "mine", shipped)
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "a letter"


@pytest.mark.parametrize("inside", [".", "pictures"])
def test_the_shipped_lessons_are_no_place_to_work_in(shipped, inside):
    with pytest.raises(FileExistsError, match="name a folder of your own"):
        start.lay_out(shipped / inside, shipped)


def test_a_folder_that_cannot_be_written_is_named(shipped, tmp_path, monkeypatch):
    def refuse(
        path, *args, **kwargs
    ):  # root may write anywhere, so a read-only folder would prove nothing on CI
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(
        PermissionError, match=r"no permission to write .*mine; name a folder where you may write"
    ):
        start.lay_out(tmp_path / "mine", shipped)


def test_jupyterlab_opens_the_first_lesson_of_the_folder(tmp_path, no_lab, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert (
        commands.main(["start", "mine", "--port", "8899", "--no-browser", "--", "--ServerApp.ip=::1", "-y"])
        == 0
    )
    [arguments] = no_lab
    assert f"--ServerApp.root_dir={tmp_path / 'mine'}" in arguments
    assert "--LabApp.default_url=/lab/tree/00-start-here.ipynb" in arguments
    assert arguments[-4:] == ["--port=8899", "--no-browser", "--ServerApp.ip=::1", "-y"]
    assert (tmp_path / "mine" / "00-start-here.ipynb").is_file()
    assert "new: 00-start-here.ipynb" in capsys.readouterr().out


def test_without_a_name_the_folder_is_my_kitchen(tmp_path, no_lab, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert commands.main(["start"]) == 0
    assert contents(tmp_path / "my-kitchen").keys() == contents(_files.notebooks_dir()).keys()
    assert "--no-browser" not in no_lab[0]


@pytest.mark.parametrize("user, allowed", [(0, True), (1000, False)])
def test_only_root_needs_leave_to_be_root(user, allowed, monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: user, raising=False)
    assert ("--allow-root" in start.lab_arguments(Path("mine"))) is allowed


def test_a_folder_that_will_not_do_ends_with_status_1_and_one_line(tmp_path, no_lab, capsys):
    (tmp_path / "mine").touch()
    assert commands.main(["start", str(tmp_path / "mine")]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert no_lab == []


def test_a_kernel_of_another_environment_stops_the_start(tmp_path, no_lab, capsys, monkeypatch):
    foreign = doctor.Finding("problem", "the kernel runs elsewhere", "mend the kernel")
    monkeypatch.setattr(doctor, "check_kernel", lambda: foreign)
    assert commands.main(["start", str(tmp_path / "mine")]) == 1
    assert "the kernel runs elsewhere\n  mend it: mend the kernel" in capsys.readouterr().err
    assert no_lab == []


def test_without_jupyterlab_the_doctor_is_named(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", None)
    assert commands.main(["start", str(tmp_path / "mine")]) == 1
    assert "-m pizzatune doctor says how to mend it" in capsys.readouterr().err


def test_without_a_command_there_is_help(capsys):
    assert commands.main([]) == 0
    assert {"start", "doctor"} <= set(capsys.readouterr().out.split())


def test_the_doctor_passes_nothing_on():
    with pytest.raises(SystemExit, match="2"):
        commands.main(["doctor", "--", "--port=1"])
