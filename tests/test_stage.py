"""What all explorers share, tried on a small one: knobs, runs, messages, hands, errors, and no kernel."""

from __future__ import annotations

import asyncio
import gc
import json
import re

import numpy as np
import pytest
from ipywidgets.widgets import widget as widgets

from pizzatune.explore import explorer as stage
from pizzatune.explore import page
from pizzatune.explore.explorer import Card, Explorer, Knob, Out, Pick, Steps, Switch
from pizzatune.menus import Pizza
from pizzatune.pictures.marks import Axes, Dots, Image, Line, Panel, Scale, Target, Text
from pizzatune.pictures.pizza import pizza_symbol

HAM = pizza_symbol(Pizza(("Ham",)))
HAM.svg  # noqa: B018  # drawn already, so that it is sent with the first message
PANEL = Panel(40, 20, 200, 100, Scale(0, 10, "hours"), Scale(0, 80, "height"))


class Dough(Explorer):
    """A search that counts up, and a line that shows it."""

    title = "Dough"
    size = (300.0, 160.0)
    most = Knob(2, 9, value=4, unit="h", reruns=True)
    warmth = Knob(0.5, 8.0, value=3.0, log=True)
    flour = Pick({"Wheat": 1, "Rye": 2})
    seeds = Pick(["Flax", "Poppy", "Sesame"], several=True, more=True)
    lid = Switch(True, more=True)
    step = Steps(1, 4, seconds=0.01)

    def prepare(self):
        self.calls = {"rerun": 0, "picture": 0}
        self.states = []  # every state that was drawn

    def rerun(self):
        self.calls["rerun"] += 1
        for hour in range(1, self.most.value + 1):
            yield tuple(range(1, hour + 1))

    def model(self):
        if self.warmth.value > 7:
            raise ValueError(f"warmth must be at most 7, got {self.warmth.value:g}; cool it")
        if self.warmth.value < 1:
            raise ZeroDivisionError("nothing grows")
        return np.array(self.run) * self.warmth.value * self.flour.value

    def picture(self, numbers):
        self.calls["picture"] += 1
        self.states.append(self.run)
        hours = np.arange(len(numbers))
        return {
            "axes": [Axes(PANEL), Target(PANEL, "oven", drag=True)],
            "line": [
                Line(PANEL, hours, numbers, "best"),
                Dots(PANEL, hours, numbers, "tried", names=["a"] * len(hours)),
            ],
            "seeds": [Text(None, 5, 150, self.seeds.text)],
        }

    def read(self, numbers):
        return f"After {len(numbers)} h it is {numbers[-1]:g} <cm> high.\nStill rising."

    def table(self, numbers):
        return {"height": numbers}

    def card(self, numbers):
        return Card(Out(HAM, f"{numbers[-1]:g}", "Lovely, signora."))

    def clicked(self, name, x, y):
        if name == "oven":
            self.warmth.value = 1 + 4 * x

    def dragged(self, name, x, y):
        self.set(warmth=1 + 4 * x, flour=1 if y < 0.5 else 2)


class Desk:
    """A page that listens: what an explorer sends is kept, and a hand can turn its knobs."""

    def __init__(self, explorer):
        self.explorer, self.sent, self.turns = explorer, [], 0
        explorer.send = lambda message: self.sent.append(json.loads(json.dumps(message)))
        self.say("hello")

    def say(self, do, **more):
        self.turns += do != "hello"
        before = len(self.sent)
        self.explorer._take_message(None, {"do": do, "turn": self.turns, **more}, None)
        return self.sent[before:]

    def turn(self, **values):
        return self.say("turn", values=values)


# -- knobs ---------------------------------------------------------------------------------------------------


def test_a_knob_turned_from_python_changes_numbers_marks_and_sentence():
    explorer = Dough()
    explorer.warmth.value = 6
    assert explorer.data.tolist() == [6.0, 12.0, 18.0, 24.0]
    assert explorer.marks["line"][0].y.tolist() == [6.0, 12.0, 18.0, 24.0]
    assert explorer.reading.startswith("After 4 h it is 24 <cm> high.")


def test_a_turn_redraws_once_and_the_same_value_not_at_all():
    explorer = Dough()
    desk = Desk(explorer)
    for turn in (
        lambda: setattr(explorer.warmth, "value", 2.5),
        lambda: desk.turn(warmth=4.4),
        lambda: setattr(explorer.seeds, "value", ["Flax", "Sesame"]),
        lambda: explorer.set(warmth=2, flour=2, lid=False),
        lambda: desk.turn(warmth=3, lid=True, step=2),
    ):
        before = explorer.calls["picture"]
        turn()
        assert explorer.calls["picture"] == before + 1
        turn()
        assert explorer.calls["picture"] == before + 1


def test_chips_hold_several_options_in_their_own_order():
    explorer = Dough(seeds=["Sesame", "Flax"])
    assert explorer.seeds.value == ("Flax", "Sesame")
    assert explorer.seeds.text == "Flax and Sesame"
    assert explorer.seeds.to_page() == [0, 2]
    Desk(explorer).turn(seeds=[2, 1])
    assert explorer.seeds.value == ("Poppy", "Sesame")


def test_options_can_change_and_a_lost_value_gives_way_to_the_first():
    explorer = Dough(flour=2, seeds=["Poppy"])
    explorer.flour.options = {"Spelt": 3, "Oat": 4}
    assert (explorer.flour.value, explorer.flour.text) == (3, "Spelt")
    explorer.seeds.options = ["Poppy", "Nuts"]
    assert explorer.seeds.value == ("Poppy",)


def test_a_limit_can_move_and_takes_the_value_with_it():
    explorer = Dough(step=4)
    explorer.step.high = 3
    assert explorer.step.value == 3
    explorer.step.high = 7
    explorer.step.value = 7
    assert explorer.step.plan()["high"] == 7
    with pytest.raises(ValueError, match="high of step must be 1 or more, got 0; choose a higher one"):
        explorer.step.high = 0


@pytest.mark.parametrize(
    "start, error, words",
    [
        ({"most": 99}, ValueError, r"most must lie in \[2, 9\] h, got 99; choose a value inside"),
        ({"most": 2.5}, ValueError, r"most must be a whole number in \[2, 9\] h, got 2.5; round it"),
        ({"most": "3"}, TypeError, r"most must be a number in \[2, 9\] h, got '3'; write a plain number"),
        ({"warmth": float("nan")}, ValueError, r"warmth must lie in \[0.5, 8\], got nan"),
        ({"most": True}, TypeError, "most must be a number in .*, got True"),
        ({"flour": "Oat"}, ValueError, "flour must be one of Wheat, Rye, got 'Oat'; choose one of them"),
        ({"seeds": "Flax"}, TypeError, r"seeds must be a list of Flax, .*, got 'Flax'; put it in \[ \]"),
        ({"seeds": ["Nut"]}, ValueError, "seeds must be some of Flax, Poppy, Sesame, got 'Nut'"),
        ({"lid": 1}, TypeError, "lid must be True or False, got 1; write one of them"),
        ({"minute": 3}, TypeError, "Dough has no control 'minute', got 3; it has most, warmth, flour"),
    ],
)
def test_a_start_that_does_not_fit_is_named(start, error, words):
    with pytest.raises(error, match=words):
        Dough(**start)
    explorer = Dough()
    before = explorer.data.copy()
    with pytest.raises(error, match=words):
        explorer.set(flour=2, **start) if "flour" not in start else explorer.set(**start)
    assert (explorer.data == before).all()  # nothing was turned


def test_a_knob_is_no_value():
    with pytest.raises(AttributeError, match=r"write explorer.warmth.value = 5"):
        Dough().warmth = 5


@pytest.mark.parametrize("name", ["layout", "reading", "title", "picture", "marks"])
def test_a_control_may_not_hide_what_an_explorer_has(name):
    with pytest.raises(TypeError, match=f"a control cannot be called {name}"):
        type("Bad", (Explorer,), {name: Switch()})


def test_a_knob_needs_a_range():
    with pytest.raises(ValueError, match="a knob needs low < high, got low=3, high=3"):
        Knob(3, 3)
    with pytest.raises(ValueError, match="a knob needs 0 < low < high, got low=0, high=3"):
        Knob(0, 3, log=True)


def test_two_explorers_share_no_controls():
    one, other = Dough(), Dough()
    one.warmth.value = 5
    assert other.warmth.value == Dough.warmth.value == 3.0


# -- runs ----------------------------------------------------------------------------------------------------


def test_a_new_explorer_has_finished_its_run():
    explorer = Dough(most=6)
    assert explorer.run == (1, 2, 3, 4, 5, 6)
    assert not explorer.running
    assert explorer.calls == {"rerun": 1, "picture": 1}


def test_a_rerun_shows_its_first_state_at_once_and_settle_finishes_it():
    explorer = Dough()
    explorer.most.value = 8
    assert explorer.run == (1,)
    assert explorer.running
    assert explorer.settle().run == (1, 2, 3, 4, 5, 6, 7, 8)
    assert not explorer.running
    assert explorer.states[-2:] == [(1,), (1, 2, 3, 4, 5, 6, 7, 8)]


def test_knobs_that_redraw_answer_during_a_run_and_do_not_start_it_anew():
    explorer = Dough()
    explorer.most.value = 8
    explorer.warmth.value = 2
    assert explorer.data.tolist() == [2.0]
    assert explorer.calls["rerun"] == 2
    assert explorer.settle().data.tolist() == [2.0 * hour for hour in range(1, 9)]


@pytest.fixture
def slow_oven(monkeypatch):
    """A run that moves on by one state at a time, as if each took longer than a stretch of work."""
    monkeypatch.setattr(stage, "SLICE", 0.0)


@pytest.mark.usefixtures("slow_oven")
def test_a_run_streams_in_the_event_loop_and_blocks_nobody():
    async def cook():
        explorer = Dough()
        desk = Desk(explorer)
        answer = desk.turn(most=9)
        assert explorer.run == (1,)
        ticks = 0
        while explorer.running:
            await asyncio.sleep(0)
            ticks += 1
        return explorer, answer, desk.sent, ticks

    explorer, answer, sent, ticks = asyncio.run(cook())
    assert explorer.run == tuple(range(1, 10))
    assert len(set(explorer.states)) == 9  # seen to grow
    assert ticks >= 3  # others had their turn
    assert [message.get("running") for message in (answer[0], sent[-1])] == [True, False]
    assert sum("answer" in message for message in sent) == 2  # the first look, and the turn


@pytest.mark.usefixtures("slow_oven")
def test_a_newer_turn_drops_the_older_run():
    async def cook():
        explorer = Dough()
        explorer.most.value = 9
        while len(explorer.run) < 3:
            await asyncio.sleep(0)
        explorer.most.value = 3
        del explorer.states[:]
        while explorer.running:
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.05)
        return explorer

    explorer = asyncio.run(cook())
    assert explorer.run == (1, 2, 3)
    assert max(map(len, explorer.states)) == 3


# -- what the page is told -----------------------------------------------------------------------------------


def test_a_page_that_opens_is_told_everything_and_then_only_news():
    explorer = Dough()
    desk = Desk(explorer)
    (first,) = desk.sent
    assert set(first["layers"]) == set(first["order"]) == {"axes", "line", "seeds"}
    assert set(first["plans"]) == set(first["values"]) == set(Dough.plans)
    assert first["lines"] == ["After 4 h it is 12 <cm> high.", "Still rising."]
    assert len(first["symbols"]) == 1
    (news,) = desk.turn(warmth=2)
    assert set(news) == {"layers", "values", "lines", "card", "seen", "answer"}
    assert set(news["layers"]) == {"line"}
    assert news["values"] == {"warmth": 2}
    assert news["seen"] == 1


def test_a_second_page_is_told_everything_again():
    desk = Desk(Dough())
    desk.turn(warmth=2)
    (again,) = desk.say("hello")
    assert {"layers", "plans", "symbols", "title", "size"} <= set(again)


def test_every_turn_gets_an_answer_even_where_nothing_changes():
    desk = Desk(Dough())
    (nothing,) = desk.turn(warmth=3.0)
    assert nothing == {"seen": 1, "answer": True}
    (clicked,) = desk.say("click", name="nobody", at=[0, 0])
    assert clicked == {"seen": 2, "answer": True}


def test_without_a_page_nothing_is_sent():
    explorer = Dough()
    sent = []
    explorer.send = sent.append
    explorer.warmth.value = 2
    assert sent == []


@pytest.mark.parametrize("wrong", ["much", None, [1], {}, float("nan"), 10**400])
def test_nonsense_from_a_page_is_said_in_place_and_harms_nothing(wrong):
    explorer = Dough()
    desk = Desk(explorer)
    desk.turn(warmth=wrong)
    assert desk.sent[-1]["failed"]
    desk.turn(warmth=2.5)
    assert explorer.error is None
    assert explorer.warmth.value == 2.5


def test_a_number_beyond_the_ends_is_drawn_to_the_end():
    explorer = Dough()
    Desk(explorer).turn(warmth=-5, most=7.4)
    assert (explorer.warmth.value, explorer.most.value) == (0.5, 7)


def test_what_is_hidden_or_greyed_out_is_said_to_the_page():
    explorer = Dough()
    desk = Desk(explorer)
    explorer.lid.enabled, explorer.seeds.shown = False, False
    (news,) = desk.turn(warmth=2)
    assert {name: (plan["enabled"], plan["shown"]) for name, plan in news["plans"].items()} == {
        "lid": (False, True),
        "seeds": (False, False),
    }


# -- hands on the picture ------------------------------------------------------------------------------------


def test_a_click_and_a_drag_turn_knobs_with_one_redraw():
    explorer = Dough()
    desk = Desk(explorer)
    (answer,) = desk.say("click", name="oven", at=[0.25, 0.5])
    assert explorer.warmth.value == answer["values"]["warmth"] == 2.0
    before = explorer.calls["picture"]
    desk.say("drag", name="oven", at=[0.5, 0.9])
    assert (explorer.warmth.value, explorer.flour.value) == (3.0, 2)
    assert explorer.calls["picture"] == before + 1


# -- errors --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "warmth, words",
    [
        (
            7.5,
            "Warmth must be at most 7, got 7.5; cool it. The picture is the one before; turn a knob",
        ),
        (0.7, "Something went wrong here (ZeroDivisionError: nothing grows). The picture is the one before;"),
    ],
)
def test_an_error_is_said_in_place_and_the_next_turn_mends_it(warmth, words):
    explorer = Dough()
    desk, before = Desk(explorer), explorer.marks
    (news,) = desk.turn(warmth=warmth)
    assert news["failed"]
    assert news["lines"][0].startswith(words)
    assert explorer.marks is before
    assert explorer.error.__traceback__ is not None
    (mended,) = desk.turn(warmth=2)
    assert mended["failed"] is False
    assert explorer.error is None


def test_an_error_while_it_is_made_is_raised_and_leaves_no_widget():
    before = set(widgets._instances)
    with pytest.raises(ZeroDivisionError, match="nothing grows"):
        Dough(warmth=0.6)
    assert set(widgets._instances) == before


# -- no kernel, and the end ----------------------------------------------------------------------------------


def test_without_a_kernel_there_is_a_picture_with_its_words():
    explorer = Dough()
    data, _ = explorer._repr_mimebundle_()
    assert data["text/plain"] == "Dough: After 4 h it is 12 <cm> high. Still rising."
    assert "application/vnd.jupyter.widget-view+json" in data
    assert re.search(
        r'<img alt="Dough: After 4 h it is 12 &lt;cm&gt; high[^"]*" [^>]*src="data:image/svg\+xml;base64,',
        data["text/html"],
    )
    assert "Flour: Wheat" in data["text/html"]


def test_a_closed_explorer_leaves_no_widget_and_can_be_thrown_away():
    before = set(widgets._instances)
    explorer = Dough()
    assert len(set(widgets._instances) - before) == 2  # itself, and its layout
    explorer.close()
    assert set(widgets._instances) == before
    assert explorer.marks == {}
    assert explorer.run is None
    gc.collect()


def test_a_closed_explorer_stops_its_run():
    explorer = Dough()
    explorer.most.value = 9
    explorer.close()
    assert not explorer.running


class Cell:
    """A kernel that is running a notebook cell."""

    def __init__(self):
        self.kernel, self.run = self, ""

    def get_parent(self):
        return {"metadata": {"cellId": "one"}, "header": {"msg_id": self.run}}


def test_a_cell_that_is_run_again_closes_what_its_last_run_opened(monkeypatch):
    shell = Cell()
    import ipykernel  # noqa: F401  # as in a kernel: without it there are no cells

    monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: shell)
    monkeypatch.setattr(page, "_OF_CELL", {})
    shell.run = "first"
    one, two = Dough(), Dough()
    shell.run = "second"
    three = Dough()
    assert (one.marks, two.marks) == ({}, {})
    assert three.marks


def test_a_picture_with_pizzas_in_it_sends_each_once():
    class Oven(Dough):
        def picture(self, numbers):
            many = [
                Image(None, 20 * i, 20, 18, pizza_symbol(Pizza((t,))))
                for i, t in enumerate(["Ham", "Figs", "Ham"])
            ]
            return super().picture(numbers) | {"pizzas": many}

    async def open_and_turn():
        desk = Desk(Oven())
        while desk.explorer._page.undrawn:
            await asyncio.sleep(0.01)
        return desk, desk.turn(flour=2)

    desk, (news,) = asyncio.run(open_and_turn())
    sent = [name for message in desk.sent for name in message.get("symbols", ())]
    assert len(sent) == len(set(sent)) == 2
    assert "symbols" not in news
