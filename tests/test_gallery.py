"""`python -m pizzatune gallery`: pages and an index that stand alone, and folders that will not do."""

from __future__ import annotations

import base64
import html
import re
from xml.etree import ElementTree

import pytest

import pizzatune as pt
from pizzatune import __main__ as commands
from pizzatune import gallery
from pizzatune.explore.explorer import Explorer, Steps
from pizzatune.pictures.marks import Text


class Pan(Explorer):
    title = "A pan & <lid>"
    size = (90.0, 60.0)
    step = Steps(0, 10)

    def model(self):
        return self.step.value

    def picture(self, number):
        return {"words": [Text(None, 5, 20, f"step {number}")]}

    def read(self, number):
        return f"This is step {number}."


def pan():
    """Heat a pan, <step> by step,
    & see.

    More about it.
    """
    return Pan()


@pytest.fixture
def two(monkeypatch):
    """Explorers that are quick, in place of all."""
    monkeypatch.setattr(pt.explore, "pan", pan, raising=False)
    monkeypatch.setattr(pt.explore, "pot", lambda: Pan(step=2), raising=False)
    monkeypatch.setattr(pt.explore, "__all__", ["pan", "pot"])


def files(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.usefixtures("two")
def test_a_gallery_is_a_page_of_each_explorer_and_an_index_with_a_picture_of_each(tmp_path, capsys):
    folder = tmp_path / "on" / "the wall"
    assert commands.main(["gallery", str(folder)]) == 0
    said = capsys.readouterr()
    assert said.out.startswith(f"Your gallery is {folder / 'index.html'}\n")
    assert said.err == ""
    assert files(folder) == ["index.html", "pan.html", "pot.html"]
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'<a href="([^"]+)">', index) == ["pan.html", "pot.html"]
    assert [html.unescape(title) for title in re.findall("<h2>(.*?)</h2>", index)] == [Pan.title] * 2
    told = [html.unescape(words) for words in re.findall("<p>(.*?)</p></a>", index)]
    assert told == [
        "Heat a pan, <step> by step, & see.",
        "This is step 6.",
    ]  # what it says of itself, or reads
    for image in re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', index):
        drawn = ElementTree.fromstring(base64.b64decode(image))
        assert "step 6" in "".join(drawn.itertext())  # from its midst
    assert "<lid>" not in index
    assert "default-src 'none'" in index
    assert "{{" not in index


def test_every_explorer_says_in_a_sentence_what_one_does_in_it():
    for name in pt.explore.__all__:
        first = " ".join((getattr(pt.explore, name).__doc__ or "").partition("\n\n")[0].split())
        assert 20 < len(first) < 140, name
        assert re.fullmatch(r"[A-Z][^.!?]+\.", first), name


@pytest.mark.usefixtures("two")
def test_an_earlier_gallery_is_replaced_and_nothing_else(tmp_path):
    gallery.hang(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "pan.html").write_bytes((tmp_path / "pot.html").read_bytes())
    gallery.hang(tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert (tmp_path / "pan.html").read_bytes() != (tmp_path / "pot.html").read_bytes()


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("name", ["index.html", "pot.html"])
def test_a_page_that_is_not_ours_is_left_alone_and_named(tmp_path, capsys, name):
    (tmp_path / name).write_text("<h1>My own page</h1>")
    assert commands.main(["gallery", str(tmp_path)]) == 1
    assert f"{name} is no page of pizzatune and is left alone; name another folder" in capsys.readouterr().err
    assert files(tmp_path) == [name]
    assert (tmp_path / name).read_text() == "<h1>My own page</h1>"


@pytest.mark.usefixtures("two")
def test_a_folder_with_the_name_of_a_page_is_left_alone(tmp_path):
    (tmp_path / "pan.html").mkdir()
    with pytest.raises(FileExistsError, match=r"pan.html is no page of pizzatune and is left alone"):
        gallery.hang(tmp_path)


@pytest.mark.usefixtures("two")
def test_a_folder_that_is_a_file_is_named(tmp_path, capsys):
    (tmp_path / "wall").write_text("")
    assert commands.main(["gallery", str(tmp_path / "wall")]) == 1
    said = capsys.readouterr().err
    assert said.startswith("pizzatune gallery: ")
    assert said.endswith("wall is a file; name a folder, or move the file away\n")
    assert commands.main(["gallery", str(tmp_path / "wall" / "inside")]) == 1
    assert "would lie in a file; name another folder" in capsys.readouterr().err


@pytest.mark.usefixtures("two")
def test_a_folder_that_cannot_be_written_is_named_before_anything_is_recorded(tmp_path, monkeypatch):
    def refuse(dir):
        raise PermissionError(13, "Permission denied", str(dir))

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    with pytest.raises(
        PermissionError, match=r"no permission to write .*; name a folder where you may write"
    ):
        gallery.hang(tmp_path)
    assert files(tmp_path) == []


@pytest.mark.usefixtures("two")
def test_a_full_disk_leaves_the_pages_whole_that_were_there(tmp_path, monkeypatch, capsys):
    gallery.hang(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    assert commands.main(["gallery", str(tmp_path)]) == 1
    assert re.search(r"pan.html cannot be written .* make room, or choose another", capsys.readouterr().err)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.usefixtures("two")
def test_a_bar_counts_pages_and_names_the_one_that_is_done(tmp_path, monkeypatch, capsys):
    said = []
    monkeypatch.setattr(
        gallery.Progress, "advance", lambda bar, note="": said.append((bar.total, bar.unit, note))
    )
    gallery.hang(tmp_path, progress=True)
    assert [one for one in said if one[1] == "page"] == [(2, "page", "pan"), (2, "page", "pot")]
    assert "0/2" in capsys.readouterr().err


@pytest.mark.usefixtures("two")
def test_without_a_name_the_folder_is_gallery(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert commands.main(["gallery"]) == 0
    assert files(tmp_path / "gallery") == ["index.html", "pan.html", "pot.html"]
