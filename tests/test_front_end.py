"""The modules of the page, and how they become one: what they name is there, and nothing is there twice."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from pizzatune.explore import widget

PAGES = [widget.VIEW, widget.PAGE]
IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "\./(\w+\.js)";$', re.MULTILINE)
NAMED = re.compile(r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE)


def text_of(name):
    return (widget.HERE / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("parts", PAGES)
def test_a_module_imports_what_one_before_it_exports(parts):
    for place, name in enumerate(parts):
        text = text_of(name)
        found = IMPORT.findall(text)
        assert text.count("\nimport ") == len(found), name
        for names, module in found:
            assert module in parts[:place]
            for one in names.split(", "):
                assert re.search(rf"^export (function|const) {one}\b", text_of(module), re.MULTILINE), one
                assert len(re.findall(rf"\b{one}\b", text)) > 1, f"{name} imports {one} for nothing"


@pytest.mark.parametrize("parts", PAGES)
def test_joined_they_are_one_module_in_which_each_name_is_there_once(parts):
    whole = widget.joined(*parts)
    twice = [name for name, times in Counter(NAMED.findall(whole)).items() if times > 1]
    assert twice == []
    assert not IMPORT.search(whole)
    assert re.findall(r"^export .*", whole, re.MULTILINE) == ["export default { render };"]
    for name in parts:  # all that is in them is in it
        for line in text_of(name).splitlines():
            assert line.startswith("import ") or line.removeprefix("export ") in whole


def test_the_widget_has_the_view_and_both_themes():
    assert widget.Widget._esm.default_value == widget.joined(*widget.VIEW)
    css = widget.Widget._css.default_value
    assert "/* LIGHT */" not in css
    assert "/* DARK */" not in css
    assert css.count("--pt-tomato:") == 3
