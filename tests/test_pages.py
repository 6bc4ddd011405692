"""Pages without a kernel: what is recorded is what the explorer shows, small, whole and harmless."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import zlib

import numpy as np
import pytest

import pizzatune as pt
from pizzatune.explore import recording, standalone
from pizzatune.explore.explorer import Button, Card, Explorer, Knob, Out, Pick, Steps, Switch
from pizzatune.explore.history_explorer import HistoryExplorer
from pizzatune.menus import Pizza
from pizzatune.pictures import svg
from pizzatune.pictures.marks import Axes, Dots, Line, Panel, Scale, Text
from pizzatune.pictures.pizza import pizza_symbol
from tests.how_often import CI

PANEL = Panel(40, 20, 200, 100, Scale(0, 20, "hours"), Scale(0, 80, "height"))
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>{{STORE}}'\"&<!--\ud800"
HAM, FIGS = (pizza_symbol(Pizza((one,)), "tiny") for one in ("Ham", "Figs"))


class Loaf(Explorer):
    """Let a loaf rise, hour by hour."""

    title = "A loaf"
    size = (300.0, 160.0)
    hour = Steps(1, 12)
    yeast = Knob(0, 20, value=7, reruns=True)
    warmth = Knob(1.0, 100.0, value=10.0, step=20, log=True)
    flour = Pick({"Wheat": 1, "Rye": 2})
    lid = Switch(label="A lid")
    seeds = Pick(["Flax", "Poppy"], several=True, more=True)
    poke = Button()
    made = 0

    def rerun(self):
        Loaf.made += 1
        yield np.arange(1, 13) * self.yeast.value

    def model(self):
        self.warmth.shown = not self.lid.value
        return self.run[: self.hour.value] * self.flour.value

    def picture(self, numbers):
        hours = np.arange(len(numbers))
        dots = Dots(
            PANEL, hours, numbers, "tried", names=["a"] * len(hours), tips=["data-name=x"] * len(hours)
        )
        return {"axes": [Axes(PANEL)], "line": [Line(PANEL, hours, numbers, "best"), dots],
                "warm": [Text(None, 5, 150, f"{self.warmth.text} {self.lid.text}")]}  # fmt: skip

    def read(self, numbers):
        return f"After {len(numbers)} hours it is {numbers[-1]:g} high."

    def table(self, numbers):
        return {"height": numbers}

    def card(self, numbers):
        return Card(Out(HAM if numbers[-1] < 50 else FIGS, f"{numbers[-1]:g}", "Lovely, signora."))


def seen(explorer):
    """What the page is to show of it: nothing on it can be clicked."""
    layers = {layer: svg.layer(marks) for layer, marks in explorer.marks.items()}
    bare = {layer: re.sub(' data-name="[^"]*"', "", drawn) for layer, drawn in layers.items()}
    return explorer.reading.split("\n"), bare


class Opened:
    """A page, read as its script reads it."""

    def __init__(self, page):
        self.text = page.decode()
        packed = re.search(r'id="pt-store">([^<]*)</script>', self.text)[1]
        self.store = json.loads(zlib.decompress(base64.b64decode(packed)))
        self.said = html.unescape(re.sub("<[^>]+>", "", re.search(r'pt-said">(.*?)</p>', self.text)[1]))

    def parts(self, at):
        """All parts of the state at these places of knobs and step."""
        number = 0
        for knob in self.store["knobs"]:
            nearest = int(np.argmin(np.abs(np.array(knob["values"]) - at[knob["name"]])))
            number = number * len(knob["values"]) + nearest
        film = self.store["films"]["frames"][self.store["films"]["at"][number]]
        stops = np.array(film["stops"])
        state = film["states"][int(np.argmin(np.abs(stops - at[self.store["step"]]))) if len(stops) else 0]
        return {key: self.store["parts"][key][place] for key, place in state.items()}

    def seen(self, **turned):
        """What it shows, in the form of `seen`."""
        parts = self.parts(self.store["start"] | turned)
        layers = {key.removeprefix("layer "): part for key, part in parts.items() if key.startswith("layer ")}
        assert parts["order"] == list(layers)
        return parts["lines"], layers

    @property
    def states(self):
        return sum(len(film["states"]) for film in self.store["films"]["frames"])


def opened(explorer, knobs=None):
    return Opened(standalone.page_of(explorer, knobs, progress=False))


# -- what is recorded ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", pt.explore.__all__ if CI else ["history"])
def test_the_page_shows_what_the_explorer_shows_at_the_same_settings(name, recorded):
    explorer = getattr(pt.explore, name)()
    explorer.settle()
    page = Opened(recorded(name).read_bytes())
    assert page.seen() == seen(explorer)
    assert len(page.text.encode()) <= 2_000_000
    assert 1 < page.states <= 400
    rng = np.random.default_rng(5)
    for _ in range(6 if CI else 2):
        explorer = getattr(pt.explore, name)()
        at = {knob["name"]: knob["values"][rng.integers(len(knob["values"]))] for knob in page.store["knobs"]}
        for knob, place in at.items():
            kind = explorer.controls[knob]
            explorer.set(**{knob: kind.from_page(place if isinstance(kind, Knob) else int(place))
                            if not isinstance(kind, Switch) else bool(place)})  # fmt: skip
            explorer.settle()
        if step := page.store["step"]:
            stops = page.parts(page.store["start"] | at)["plans"][step]["stops"]
            at[step] = stops[rng.integers(len(stops))]
            explorer.controls[step].value = explorer.controls[step].from_page(at[step])
            explorer.settle()
            parts = page.parts(at)
            assert parts["values"][step] == explorer.controls[step].to_page() == at[step]
            assert parts["plans"][step]["low"] <= at[step] <= parts["plans"][step]["high"]
        explorer._refresh()  # nothing slides into its place
        assert page.seen(**at) == seen(explorer), at


def test_recording_leaves_the_explorer_as_it_is_and_tells_its_page_nothing():
    explorer = Loaf(hour=3, yeast=4)
    explorer.sent = []
    explorer.send = explorer.sent.append
    explorer._take_message(None, {"do": "hello", "turn": 0}, None)
    explorer.sent.clear()
    before = seen(explorer), explorer.data, {name: one.value for name, one in explorer.controls.items()}
    made = Loaf.made
    opened(explorer)
    assert explorer.sent == []
    assert (
        seen(explorer),
        explorer.data,
        {name: one.value for name, one in explorer.controls.items()},
    ) == before
    assert Loaf.made > made


def test_by_default_its_steps_and_the_first_two_knobs_are_recorded():
    page = opened(Loaf())
    assert [knob["name"] for knob in page.store["knobs"]] == ["yeast", "warmth"]
    assert page.store["step"] == "hour"
    assert page.store["start"] == {"yeast": 7, "warmth": 10.0, "hour": 1}
    (shown,) = {
        tuple(name for name, plan in plans.items() if plan["shown"]) for plans in page.store["parts"]["plans"]
    }
    assert shown == ("hour", "yeast", "warmth")


def test_what_many_states_share_is_stored_once():
    page = opened(Loaf())
    parts = page.store["parts"]
    assert len(parts["layer axes"]) == len(parts["order"]) == len(parts["title"]) == 1
    assert len(parts["layer warm"]) == len(page.store["knobs"][1]["values"])
    for key, kept in parts.items():
        assert len({json.dumps(part) for part in kept}) == len(kept), key
    assert set(page.store["symbols"]) == {HAM.name, FIGS.name}


def test_settings_are_thinned_with_both_ends_and_the_present_one_and_the_page_says_so():
    page = opened(Loaf(yeast=6))
    yeast, warmth = (knob["values"] for knob in page.store["knobs"])
    assert (yeast[0], yeast[-1], warmth[0], warmth[-1]) == (0, 20, 1, 100)
    assert 6 in yeast
    assert 10 in warmth
    assert len(yeast) < 21
    assert f"Yeast ({len(yeast)} of 21), Warmth ({len(warmth)} of 21)" in page.said
    assert "Settings in between were left out" in page.said
    assert "Left as they were: Flour (Wheat), A lid (off)." in page.said
    whole = opened(Loaf(), ["flour", "lid"])
    assert "Hour (all 12), Flour (all 2), A lid (all 2)" in whole.said
    assert "left out" not in whole.said
    assert whole.states == 12 * 4


def test_sliders_stop_where_something_was_recorded():
    page = opened(Loaf())
    plans = page.parts(page.store["start"])["plans"]
    assert plans["yeast"]["stops"] == page.store["knobs"][0]["values"]
    assert (plans["hour"]["stops"], plans["hour"]["high"]) == (list(range(1, 13)), 12)
    assert page.parts({"yeast": 7.4, "warmth": 9.9, "hour": 3})["values"] == {
        "yeast": 7,
        "warmth": 10,
        "hour": 3,
    }


def test_a_knob_that_leaves_the_panel_is_recorded_once_meanwhile():
    page = opened(Loaf(), ["lid", "warmth"])
    assert len(page.store["films"]["frames"]) == 1 + len(page.store["knobs"][1]["values"])
    assert page.parts({"lid": 1, "warmth": 1, "hour": 1})["plans"]["warmth"]["shown"] is False


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_a_page_that_would_be_too_large_gets_fewer_states(monkeypatch, share):
    whole = opened(Loaf())
    monkeypatch.setattr(standalone, "LARGEST", 10)
    least = opened(Loaf())
    most = len(least.text) + round(share * (len(whole.text) - len(least.text)))
    monkeypatch.setattr(standalone, "LARGEST", most)
    page = opened(Loaf())
    assert len(page.text.encode()) <= most
    assert least.states == 1 < page.states < whole.states
    assert page.seen() == least.seen() == seen(Loaf())
    assert "Settings in between were left out" in page.said


def test_pizzas_baked_by_hand_are_on_the_page_against_every_opponent():
    duel = pt.explore.duel("Grid", pizzas=3)
    for heat in (200, 240, 260):
        duel.bake(heat, 14)
    page = opened(duel)
    assert page.seen() == seen(duel)
    assert page.seen(opponent=1)[0][0].startswith("You missed the best by 0.2 points, Darwin")


def test_a_search_whose_rule_changed_opens_as_it_is_and_goes_on_from_there():
    mine = pt.explore.bayesian(step=3)
    for turn in ({"rule": "ucb"}, {"step": 5}, {"rule": "ei"}):
        mine.set(**turn)
        mine.settle()
    page = opened(mine, ["truth"])
    assert page.seen() == seen(mine)
    mine.step.value = 6
    assert page.seen(step=6) == seen(mine.settle())
    mine.step.value = 2
    assert page.seen(step=2) == seen(mine.settle())


# -- what cannot be recorded ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "knobs, error, words",
    [
        ("yeast", TypeError, r"knobs must be names in a list, got 'yeast'; write knobs=\[\"yeast\"\]"),
        (["yeast", "flour", "lid"], ValueError, "at most 2 knobs, got 3; choose 2 of them"),
        (["gravel"], ValueError, "'gravel' is no knob that can be recorded now; choose among these: yeast"),
        (["seeds"], ValueError, "'seeds' is no knob that can be recorded"),
        (["poke"], ValueError, "'poke' is no knob that can be recorded"),
        (["hour"], ValueError, "the steps of hour are recorded anyway; leave it out"),
    ],
)
def test_a_knob_that_cannot_be_recorded_is_named(tmp_path, knobs, error, words):
    with pytest.raises(error, match=words):
        Loaf().save(tmp_path / "loaf.html", knobs)
    assert not list(tmp_path.iterdir())


def test_a_knob_that_the_explorer_turns_itself_is_refused_and_left_out_where_nobody_asked_for_it(monkeypatch):
    monkeypatch.setattr(HistoryExplorer, "recorded", ("score",))
    assert opened(pt.explore.history()).store["knobs"] == []
    with pytest.raises(ValueError, match="score moves by itself, so it cannot be recorded; choose another"):
        opened(pt.explore.history(), ["score"])


# -- the file ------------------------------------------------------------------------------------------------


def test_the_file_is_one_page_that_names_nothing_outside_of_it(tmp_path):
    place = Loaf().save(tmp_path / "loaf.html", ["flour"])
    assert [path.name for path in tmp_path.iterdir()] == ["loaf.html"]
    text = place.read_text(encoding="utf-8")
    assert re.findall(r'(?:src|href|url|import)\s*[=(]?\s*["\'(]\s*(?:https?:)?//[^"\']*', text) == []
    assert set(re.findall(r"https?://[^\"'`\s]*", text)) == {
        "http://www.w3.org/2000/svg"
    }  # a name, no address
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    script = re.search(r'<script type="module">(.*)</script>', text, re.DOTALL)[1]
    assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in policy


def test_the_page_says_how_to_open_the_explorer_in_a_notebook_where_a_text_can():
    random = pt.explore.random(seed=3, levels=4)
    assert f'pt.explore.open("{random.share()}")' in standalone.said(random, recording.recording(random, []))
    assert opened(Loaf(), ["flour"]).said.endswith("click and bake, open it in a notebook.")


def hostile_run():
    """A run in which everything that is somebody else's text is hostile."""
    space = pt.Space(pt.Choice("flour", [HOSTILE, "00"]), pt.Real("heat", 0, 1, unit="°<b>"))

    def taste(params):
        if params["heat"] > 0.7:
            raise ValueError(HOSTILE)
        return params["heat"]

    return pt.tune(taste, pt.RandomSearch(space, seed=0), budget=6, progress=False)


def test_texts_of_others_stay_texts(monkeypatch):
    monkeypatch.setattr(Loaf, "title", HOSTILE)
    monkeypatch.setattr(Loaf, "read", lambda self, numbers: f"{HOSTILE} {len(numbers)}")
    for explorer in (hostile_run().explore(), Loaf(warmth=20)):
        page = opened(explorer, [] if not isinstance(explorer, Loaf) else ["flour"])
        assert len(re.findall("<script", page.text)) == len(re.findall("</script", page.text)) == 2
        assert "alert(1)" not in page.text.replace("&lt;script&gt;alert(1)&lt;/script&gt;", "")
        assert "<img" not in page.text
        drawn = "".join(part for key, kept in page.store["parts"].items() if "layer" in key for part in kept)
        assert "<script" not in drawn
        assert "<img" not in drawn
        assert page.states > 1


@pytest.mark.parametrize(
    "path, error, words",
    [
        (3, TypeError, "path must be the name of a file, got 3; write 'families.html'"),
        ("loaf.pdf", ValueError, "a page is saved as .html, got 'loaf.pdf'; use this ending"),
        ("nowhere/loaf.html", FileNotFoundError, "there is no folder .*nowhere; make it, or choose another"),
        ("folder.html", IsADirectoryError, "folder.html is a folder; name a file in it"),
    ],
)
def test_a_place_where_no_page_can_be_is_named_before_anything_is_recorded(
    tmp_path, monkeypatch, path, error, words
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.html").mkdir()
    explorer = Loaf()
    made = Loaf.made
    with pytest.raises(error, match=words):
        explorer.save(path)
    assert Loaf.made == made


def test_a_failure_leaves_the_page_that_was_there(tmp_path, monkeypatch):
    place = tmp_path / "loaf.html"
    explorer = Loaf()
    explorer.save(place, ["flour"])
    before = place.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("os.fsync", full)
        with pytest.raises(OSError, match=r"loaf.html cannot be written .*, and what was there is as it was"):
            explorer.save(place, ["lid"])
    with monkeypatch.context() as broken:
        broken.setattr(recording, "layers_of", full)
        with pytest.raises(OSError, match="No space left"):
            explorer.save(place, ["lid"])
    assert place.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["loaf.html"]
    explorer.save(place, ["lid"])
    assert place.read_bytes() != before
