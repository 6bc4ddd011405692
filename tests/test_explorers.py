"""What every explorer promises; whoever adds one to `pizzatune.explore` is held to it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.explore.explorer import Button, Explorer, Knob, Pick, Steps, Switch
from pizzatune.pictures import svg
from pizzatune.pictures.marks import Key, Text
from pizzatune.pictures.palette import look_of
from tests.how_often import CI

TURNS = 120 if CI else 10  # random ones; benchmarks/redraw.py does a thousand


@pytest.fixture(scope="module", params=pt.explore.__all__)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def explorer(name):
    """One for all tests of this module: they leave it whole, though not as they found it."""
    opened = getattr(pt.explore, name)()
    opened.sent = []
    opened.send = opened.sent.append
    opened._take_message(None, {"do": "hello", "turn": 0}, None)
    yield opened
    opened.close()


def drawn(explorer):
    """The picture as the page has it."""
    return {layer: svg.layer(marks) for layer, marks in explorer.marks.items()}


def other_values(control):
    """A few values that a control can take, spread over all it can."""
    if isinstance(control, Knob):
        spread = np.geomspace if control.log else np.linspace
        values = spread(control.low, control.high, 5)
        return [int(value) if control.whole else float(value) for value in values]
    if isinstance(control, Switch):
        return [False, True]
    if isinstance(control, Button):
        return [control.value + 1]
    assert isinstance(control, Pick)
    options = list(control.options.values())
    if control.several:
        return [(), tuple(options[:2]), tuple(options[-1:])]
    return options[:3] + options[-1:]


def random_turn(explorer, rng):
    on_panel = [control for control in explorer.controls.values() if control.shown]
    control = on_panel[rng.integers(len(on_panel))]
    values = other_values(control)
    control.value = values[rng.integers(len(values))]


def test_it_opens_at_the_beginning_with_a_picture_a_sentence_and_numbers(explorer):
    assert isinstance(explorer, Explorer)
    assert explorer.title
    assert explorer.error is None
    assert explorer.data is not None
    assert any(explorer.marks.values())
    for control in explorer.controls.values():
        if isinstance(control, Steps):
            assert control.value == control.low


def read_well(explorer):
    lines = explorer.reading.split("\n")
    assert 1 <= len(lines) <= 3
    assert all(line.strip() and line[-1] in ".!?" for line in lines), lines
    assert not re.search(r"nan|None|0x[0-9a-f]+|-0\.0\b", explorer.reading)


def test_its_sentence_is_at_most_three_lines(explorer):
    read_well(explorer)
    assert re.search(r"\d", explorer.reading)


def test_the_two_or_three_controls_that_matter_first_are_in_front(explorer):
    front = [c for c in explorer.controls.values() if not c.more and c.shown and not isinstance(c, Steps)]
    assert 1 <= len(front) <= 4


def test_every_control_changes_what_is_seen_or_read(explorer, name):
    if not CI and name in ("menu", "race", "transfer"):
        pytest.skip("those that search several times at each turn are turned where CI=true")
    still = []
    steps = [control for control in explorer.controls.values() if isinstance(control, Steps)]
    for name, control in explorer.controls.items():
        if not control.shown:  # settings of another strategy
            continue
        for step in steps:  # at the beginning there is not much to be seen
            step.value = min(step.low + 9, step.high)
        explorer.settle()
        start, seen = control.value, set()
        if isinstance(control, Button):
            seen.add((explorer.reading, json.dumps(drawn(explorer))))
        for value in sorted(other_values(control), key=lambda value: value == start):
            control.value = value
            explorer.settle()
            assert explorer.error is None, f"{name} = {value!r}: {explorer.reading}"
            read_well(explorer)
            seen.add((explorer.reading, json.dumps(drawn(explorer))))
            if len(seen) > 1:  # the ends of each range come in the random turns
                break
        control.value = start if not isinstance(control, Knob) else min(start, control.high)
        still += [name] if len(seen) < 2 else []
    explorer.settle()
    # A control may matter only beside another: then it is greyed out while it does not.
    assert [name for name in still if explorer.controls[name].enabled] == []


def test_every_control_has_a_name_and_a_hint(explorer):
    assert [control.name for control in explorer.controls.values() if not control.label] == []
    assert [control.name for control in explorer.controls.values() if len(control.help.split()) < 3] == []


def test_an_option_can_be_asked_for_by_its_label(explorer):
    lists = [control for control in explorer.controls.values() if isinstance(control, Pick)]
    for control in lists:
        for label, option in control.options.items():
            asked, meant = ([label], (option,)) if control.several else (label, option)
            assert control.check(asked) == meant


@pytest.mark.parametrize(
    ("opened", "control", "meant"),
    [
        (lambda: pt.explore.random(view="Four reels"), "view", "reels"),
        (lambda: pt.explore.grid(view="An oven's dials", order="Row by row"), "order", "rows"),
        (lambda: pt.explore.bayesian(rule="Chance"), "rule", "pi"),
        (lambda: pt.explore.bake(oven="Stone oven"), "oven", pt.menus.tricky.STONE_OVEN),
        (lambda: pt.explore.menu(strategy="Random search", budget=3), "strategy", "random"),
    ],
)
def test_a_door_takes_labels_too(opened, control, meant):
    assert opened().controls[control].value == meant


def test_random_turns_keep_it_whole_and_its_messages_small(explorer):
    rng = np.random.default_rng(11)
    explorer.settle()
    explorer.sent.clear()
    for _ in range(TURNS):
        random_turn(explorer, rng)
        assert explorer.error is None, explorer.reading
        read_well(explorer)
    explorer.settle()
    sizes = [len(json.dumps({k: v for k, v in m.items() if k != "symbols"})) for m in explorer.sent]
    assert max(sizes, default=0) <= 30_000


def test_its_words_are_large_enough_and_on_the_picture(explorer):
    wide, high = explorer.size
    shown_at = 560 / wide  # px on the page for one of ours, beside the controls in a window 1366 wide
    layers = {name: marks for name, marks in explorer.marks.items() if not name.startswith("reel ")}
    for mark in (mark for marks in layers.values() for mark in marks):  # a reel goes on behind its window
        if isinstance(mark, Text):
            assert look_of("text", mark.style).text * shown_at >= 11
            if mark.panel is None:
                assert 0 <= mark.x <= wide, mark
                assert 0 <= mark.y <= high, mark
        assert not isinstance(mark, Key) or mark.y < high


def test_what_stands_for_a_trial_can_be_pointed_at(explorer):
    tips = "".join(drawn(explorer).values()).count("data-tip=")
    assert tips >= 1


def test_an_error_is_shown_and_the_next_turn_mends_it(explorer, monkeypatch):
    explorer.settle()
    control = next(c for c in explorer.controls.values() if c.enabled)
    with monkeypatch.context() as broken:
        broken.setattr(explorer, "model", lambda: [][1])
        explorer._refresh()
        assert isinstance(explorer.error, IndexError)
        assert "list index out of range" in explorer.reading
    for value in other_values(control):
        control.value = value
    explorer.settle()
    assert explorer.error is None


def test_it_gives_a_table(explorer):
    table = explorer.to_frame()
    assert len(table) >= 1
    assert list(table.columns)


def test_without_a_kernel_there_is_a_picture_with_words(explorer):
    explorer.settle()
    still = ElementTree.fromstring(explorer.still())
    assert still.find("{http://www.w3.org/2000/svg}title").text == f"{explorer.title}: {explorer.reading}"
    html = explorer._repr_mimebundle_()[0]["text/html"]
    assert html.startswith("<figure")
    assert len(html) < 1_500_000


def test_the_same_start_gives_the_same_picture_and_sentence(name):
    one, other = getattr(pt.explore, name)(), getattr(pt.explore, name)()
    assert one.reading == other.reading
    assert drawn(one) == drawn(other)
    one.close()
    other.close()


def test_a_control_it_does_not_have_is_named(explorer):
    with pytest.raises(TypeError, match=f"{type(explorer).__name__} has no control 'gravel', got 3; it has "):
        explorer.set(gravel=3)


def test_steps_lead_from_the_first_to_the_last(explorer):
    for control in explorer.controls.values():
        if isinstance(control, Steps):
            control.value = control.low
            control.value = control.high
            explorer.settle()
            assert explorer.error is None


def printed_by(code):
    """What a fresh process prints, in which nothing of ours was loaded before."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_explorers_load_nothing_heavy_and_those_without_a_model_no_scipy():
    heavy = ["pandas", "matplotlib", "PIL", "scipy.stats", "sklearn"]
    code = (
        "import sys, pizzatune as pt\n"
        "light = ['bake', 'dials', 'envelope', 'genetic', 'grid', 'noise', 'random', 'ridge']\n"
        "for name in light: getattr(pt.explore, name)()\n"
        "print('scipy' in sys.modules)\n"
        "for name in pt.explore.__all__:\n"
        "    if name not in light: getattr(pt.explore, name)()\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    assert printed_by(code).split() == ["False", "[]"]


def test_an_explorer_that_is_not_there_is_answered_with_those_that_are():
    with pytest.raises(AttributeError, match=r"pizzatune.explore has no 'oven'; its explorers are bake"):
        pt.explore.oven  # noqa: B018
