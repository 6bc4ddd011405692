"""Names that no file can have: each door that takes one says so in words."""

from __future__ import annotations

import sys

import pytest

import pizzatune as pt
from pizzatune.trial import to_csv

SPACE = pt.Space(pt.Real("heat", 0, 1))
DOORS = {
    "store": lambda path: pt.tune(lambda params: 1.0, pt.RandomSearch(SPACE, seed=0), 1, store=path),
    "load": pt.load,
    "to_csv": lambda path: to_csv([], path, SPACE),
}


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
@pytest.mark.parametrize("name", ["itself", "one", "one/run", "x" * 300, "x" * 5000, "\ud800"], ids=ascii)
@pytest.mark.skipif(sys.platform == "win32", reason="links are those of Unix")
def test_a_name_that_no_file_can_have_is_told(door, name, tmp_path):
    for link, to in (("itself", "itself"), ("one", "other"), ("other", "one")):
        (tmp_path / link).symlink_to(to)
    with pytest.raises(OSError, match=r"must be the name of a file, got .* \(.*\); write another, such as"):
        door(tmp_path / name)
    assert {file.name for file in tmp_path.iterdir()} == {"itself", "one", "other"}
    assert all(file.is_symlink() for file in tmp_path.iterdir())


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
@pytest.mark.parametrize("name", ["", b"run", 5, None], ids=repr)
def test_what_is_no_name_is_told(door, name):
    if name is None and door is DOORS["store"]:
        return  # a search without a store
    with pytest.raises(TypeError, match="must be the name of a file, got"):
        door(name)
