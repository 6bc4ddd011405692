"""The frame of all explorers, tried on a small one: knobs, redraws, runs, plays, errors, and no kernel."""

from __future__ import annotations

import asyncio
import base64
import io
import re

import ipywidgets
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from pizzatune.explore import frame
from pizzatune.explore.bitmaps import Bitmap, QuickCanvas, pizza_bitmap
from pizzatune.explore.frame import Explorer, Knob, Pick, Steps, Switch
from pizzatune.menus import Pizza


class Dough(Explorer):
    """A search that counts up, and a line that shows it."""

    title = "Dough"
    most = Knob(2, 9, value=4, unit="h", reruns=True)
    warmth = Knob(0.5, 8.0, value=3.0, log=True)
    flour = Pick({"Wheat": 1, "Rye": 2})
    seeds = Pick(["Flax", "Poppy", "Sesame"], several=True)
    lid = Switch(True)
    step = Steps(1, 4, seconds=0.01)
    size = (4.0, 3.0)

    def prepare(self):
        self.calls = {"rerun": 0, "draw": 0}
        self.states = []  # every state that was drawn

    def build(self, figure):
        ax = self.axes(0.2, 0.2, 0.7, 0.7)
        ax.set(xlim=(0, 10), ylim=(0, 80))
        (self.line,) = ax.plot([], [])
        self.moves(self.line)

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

    def draw(self, numbers):
        self.calls["draw"] += 1
        self.states.append(self.run)
        self.line.set_data(np.arange(len(numbers)), numbers)

    def read(self, numbers):
        return f"After {len(numbers)} h it is {numbers[-1]:g} <cm> high."

    def table(self, numbers):
        return {"height": numbers}


# -- knobs ---------------------------------------------------------------------------------------------------


def widgets_of(explorer, kind):
    """Every widget of a kind inside an explorer."""
    found, todo = [], [explorer]
    while todo:
        widget = todo.pop()
        found += [widget] if isinstance(widget, kind) else []
        todo += getattr(widget, "children", ())
    return found


def box_and_slider(explorer, label):
    kinds = ipywidgets.BoundedIntText, ipywidgets.BoundedFloatText, ipywidgets.IntSlider
    box, slider = sorted(
        (w for w in widgets_of(explorer, kinds) if w.description == label),
        key=lambda w: isinstance(w, ipywidgets.IntSlider),
    )
    return box, slider


def test_a_knob_turned_from_python_moves_slider_box_and_picture():
    explorer = Dough()
    box, slider = box_and_slider(explorer, "Step")
    before = explorer.picture.value
    explorer.warmth.value = 6
    assert (explorer.data == np.array([6.0, 12.0, 18.0, 24.0])).all()
    assert explorer.picture.value != before
    explorer.step.value = 3
    assert (box.value, slider.value) == (3, 3)


@pytest.mark.parametrize("which", [0, 1], ids=["box", "slider"])
def test_box_and_slider_are_tied(which):
    explorer = Dough()
    pair = box_and_slider(explorer, "Step")
    pair[which].value = 2
    assert explorer.step.value == pair[1 - which].value == 2


def test_a_turn_redraws_once():
    explorer = Dough()
    for turn in (
        lambda: setattr(explorer.warmth, "value", 2.5),
        lambda: setattr(box_and_slider(explorer, "Warmth")[0], "value", 4.4),
        lambda: setattr(box_and_slider(explorer, "Warmth")[1], "value", 60),
        lambda: setattr(explorer.seeds, "value", ["Flax", "Sesame"]),
        lambda: explorer.set(warmth=2, flour=2, lid=False),
    ):
        before = explorer.calls["draw"]
        turn()
        assert explorer.calls["draw"] == before + 1


def test_the_same_value_redraws_nothing():
    explorer = Dough()
    before = dict(explorer.calls)
    explorer.warmth.value = explorer.warmth.value
    explorer.most.value = 4
    assert explorer.calls == before


def test_a_log_slider_goes_by_equal_ratios_and_keeps_a_typed_number():
    explorer = Dough()
    box, slider = box_and_slider(explorer, "Warmth")
    values = []
    for place in (slider.min, 25, 50, 75, slider.max):
        slider.value = place
        values.append(explorer.warmth.value)
    assert values == [0.5, 1.0, 2.0, 4.0, 8.0]
    box.value = 3.3
    assert explorer.warmth.value == box.value == 3.3
    assert slider.value == 68  # 100 log(3.3 / 0.5) / log(8 / 0.5) = 68.06


def test_a_number_between_two_steps_can_be_typed():
    class Oven(Dough):
        minutes = Knob(3.0, 30.0, value=11.0, step=0.5)

    explorer = Oven()
    box, slider = box_and_slider(explorer, "Minutes")
    box.value = 11.3
    assert (explorer.minutes.value, slider.value) == (11.3, 17)
    slider.value = 18
    assert (explorer.minutes.value, box.value) == (12.0, 12.0)


def test_chips_hold_several_options_in_their_own_order():
    explorer = Dough(seeds=["Sesame", "Flax"])
    assert explorer.seeds.value == ("Flax", "Sesame")
    assert explorer.seeds.text == "Flax and Sesame"
    chips = {chip.description: chip for chip in widgets_of(explorer, ipywidgets.Checkbox)}
    chips["Poppy"].value = True
    chips["Flax"].value = False
    assert explorer.seeds.value == ("Poppy", "Sesame")
    explorer.seeds.value = ()
    assert [chips[name].value for name in ("Flax", "Poppy", "Sesame")] == [False] * 3


def test_a_choice_answers_to_a_hand():
    explorer = Dough()
    (choice,) = widgets_of(explorer, ipywidgets.Dropdown)
    choice.value = 2
    assert explorer.flour.text == "Rye"
    assert explorer.data[0] == 6.0


def test_options_can_change_and_a_lost_value_gives_way_to_the_first():
    explorer = Dough(flour=2, seeds=["Poppy"])
    explorer.flour.options = {"Spelt": 3, "Oat": 4}
    assert (explorer.flour.value, explorer.flour.text) == (3, "Spelt")
    explorer.flour.value = 4
    assert explorer.data[0] == 12.0
    explorer.seeds.options = ["Poppy", "Nuts"]
    assert explorer.seeds.value == ("Poppy",)
    assert {"Poppy", "Nuts"} <= {chip.description for chip in widgets_of(explorer, ipywidgets.Checkbox)}


def test_a_limit_can_move_and_takes_the_value_with_it():
    explorer = Dough(step=4)
    box, slider = box_and_slider(explorer, "Step")
    explorer.step.high = 3
    assert (explorer.step.value, box.value, slider.value, box.max, slider.max) == (3, 3, 3, 3, 3)
    explorer.step.high = 7
    explorer.step.value = 7
    assert slider.value == 7


def test_a_control_can_be_greyed_out():
    explorer = Dough()
    explorer.step.enabled = False
    assert not explorer.step.enabled
    assert all(button.disabled for button in widgets_of(explorer, ipywidgets.Button))
    explorer.step.enabled = True
    assert not any(button.disabled for button in widgets_of(explorer, ipywidgets.Button))


@pytest.mark.parametrize(
    "start, error, words",
    [
        ({"most": 99}, ValueError, r"most must lie in \[2, 9\] h, got 99; choose a value inside"),
        ({"most": 2.5}, ValueError, r"most must be a whole number in \[2, 9\] h, got 2.5; round it"),
        ({"most": "3"}, TypeError, r"most must be a number in \[2, 9\] h, got '3'; leave out quotes"),
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
        explorer.set(warmth=2, **start) if "warmth" not in start else explorer.set(**start)
    assert (explorer.data == before).all()  # nothing was turned


def test_a_knob_is_no_value():
    with pytest.raises(AttributeError, match=r"write explorer.warmth.value = 5"):
        Dough().warmth = 5


def test_a_control_may_not_hide_what_an_explorer_has():
    for name in ("layout", "reading", "title"):
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
    assert other.warmth.value == 3.0
    assert Dough.warmth.value == 3.0


# -- runs ----------------------------------------------------------------------------------------------------


def test_a_new_explorer_has_finished_its_run():
    explorer = Dough(most=6)
    assert explorer.run == (1, 2, 3, 4, 5, 6)
    assert not explorer.running
    assert explorer.calls == {"rerun": 1, "draw": 1}


def test_a_rerun_shows_its_first_state_at_once_and_settle_finishes_it():
    explorer = Dough()
    explorer.most.value = 8
    assert explorer.run == (1,)
    assert explorer.running
    assert explorer.reading == "After 1 h it is 3 <cm> high."
    assert explorer.settle().run == (1, 2, 3, 4, 5, 6, 7, 8)
    assert not explorer.running
    assert explorer.states[-2:] == [(1,), (1, 2, 3, 4, 5, 6, 7, 8)]


def test_knobs_that_redraw_answer_during_a_run_and_do_not_start_it_anew():
    explorer = Dough()
    explorer.most.value = 8
    explorer.warmth.value = 2
    assert explorer.data.tolist() == [2.0]
    assert explorer.running
    assert explorer.calls["rerun"] == 2
    explorer.settle()
    assert explorer.data.tolist() == [2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0]


@pytest.fixture
def slow_oven(monkeypatch):
    """A run that moves on by one state at a time, as if each took longer than a stretch of work."""
    monkeypatch.setattr(frame, "SLICE", 0.0)


@pytest.mark.usefixtures("slow_oven")
def test_a_run_streams_in_the_event_loop_and_blocks_nobody():
    async def cook():
        explorer = Dough()
        explorer.most.value = 9
        assert explorer.run == (1,)
        ticks = 0
        while explorer.running:
            await asyncio.sleep(0)
            ticks += 1
        return explorer, ticks

    explorer, ticks = asyncio.run(cook())
    assert explorer.run == tuple(range(1, 10))
    assert len(set(explorer.states)) == 9  # seen to grow
    assert ticks >= 3  # others had their turn


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
        await asyncio.sleep(0.1)
        return explorer

    explorer = asyncio.run(cook())
    assert explorer.run == (1, 2, 3)
    assert max(map(len, explorer.states)) == 3


def test_a_busy_sign_shows_while_a_run_is_on():
    explorer = Dough()
    assert "pt-running" not in explorer._dom_classes
    explorer.most.value = 8
    assert "pt-running" in explorer._dom_classes
    explorer.settle()
    assert "pt-running" not in explorer._dom_classes


def test_what_draw_sets_itself_is_taken_without_another_redraw():
    class Follower(Dough):
        def draw(self, numbers):
            self.step.high = max(2, len(self.run))
            self.step.value = self.step.high
            super().draw(numbers)

    explorer = Follower()
    explorer.most.value = 6
    before = explorer.calls["draw"]
    explorer.settle()
    assert (explorer.step.value, explorer.calls["draw"]) == (6, before + 1)


def test_later_work_is_done_between_turns_and_gives_way_to_newer():
    async def cook():
        explorer, done = Dough(), []

        def work(name, times):
            for number in range(times):
                done.append((name, number))
                yield

        async def until(step):
            async with asyncio.timeout(10):
                while step not in done:
                    await asyncio.sleep(0.01)

        explorer.later(work("old", 1000))
        await until(("old", 0))
        explorer.later(work("new", 3))
        await until(("new", 2))
        return done

    done = asyncio.run(cook())
    assert 0 < sum(name == "old" for name, _ in done) < 1000
    assert done[-3:] == [("new", 0), ("new", 1), ("new", 2)]


def test_later_work_that_fails_says_so():
    async def cook():
        explorer = Dough()
        explorer.later(failing())
        await asyncio.sleep(0.05)
        return explorer

    def failing():
        raise ValueError("the cellar is flooded; wait")
        yield

    explorer = asyncio.run(cook())
    assert "The cellar is flooded; wait." in explorer.reading


# -- plays ---------------------------------------------------------------------------------------------------


def press(explorer, name):
    (button,) = (b for b in widgets_of(explorer, ipywidgets.Button) if b.description == name)
    button.click()


def test_step_and_reset():
    explorer = Dough()
    press(explorer, "Step")
    press(explorer, "Step")
    assert explorer.step.value == 3
    press(explorer, "Reset")
    assert explorer.step.value == 1
    for _ in range(9):
        press(explorer, "Step")
    assert explorer.step.value == 4  # the last


def test_play_steps_on_to_the_end_and_starts_again():
    async def cook():
        explorer, seen = Dough(), []
        for _ in range(2):
            press(explorer, "Play")
            assert explorer.step.value == 1  # at once: it does not block
            while explorer.step.playing:
                await asyncio.sleep(0.002)
                seen.append(explorer.step.value)
        return seen

    seen = asyncio.run(cook())
    assert list(dict.fromkeys(seen)) == [1, 2, 3, 4]
    assert seen.count(1) > 1


def test_pause_stops_a_play_and_step_does_so_too():
    async def cook(how):
        explorer = Dough()
        press(explorer, "Play")
        await asyncio.sleep(0.015)
        press(explorer, how)
        at = explorer.step.value
        await asyncio.sleep(0.05)
        assert not explorer.step.playing
        return at, explorer.step.value

    for how in ("Pause", "Step", "Reset"):
        at, then = asyncio.run(cook(how))
        assert at == then < 4


def test_settle_plays_to_the_end_without_an_event_loop():
    explorer = Dough()
    explorer.step.play()
    assert (explorer.step.value, explorer.step.playing) == (1, True)
    explorer.settle()
    assert (explorer.step.value, explorer.step.playing) == (4, False)


@pytest.mark.usefixtures("slow_oven")
def test_a_closed_explorer_plays_and_runs_no_more():
    async def cook():
        explorer = Dough()
        explorer.most.value = 9
        explorer.step.play()
        explorer.close()
        await asyncio.sleep(0.1)
        return explorer

    explorer = asyncio.run(cook())
    assert explorer.run == (1,)
    assert explorer.step.value == 1


# -- errors --------------------------------------------------------------------------------------------------


def test_an_error_is_said_in_place_and_the_knobs_go_on_working():
    explorer = Dough()
    picture = explorer.picture.value
    explorer.warmth.value = 7.5
    assert isinstance(explorer.error, ValueError)
    assert explorer.error.__traceback__ is not None  # all of it is kept
    assert explorer.reading.startswith("Warmth must be at most 7, got 7.5; cool it. ")
    assert "pt-failed" in explorer._dom_classes  # dims the picture
    assert explorer.picture.value == picture
    (shown,) = (w.value for w in widgets_of(explorer, ipywidgets.HTML) if 'role="alert"' in w.value)
    assert "cool it" in shown
    explorer.warmth.value = 2
    assert explorer.error is None
    assert "pt-failed" not in explorer._dom_classes
    assert explorer.reading == "After 4 h it is 8 <cm> high."


def test_an_error_nobody_foresaw_is_named():
    explorer = Dough()
    explorer.warmth.value = 0.5
    assert explorer.reading.startswith("Something went wrong here (ZeroDivisionError: nothing grows).")


def test_an_error_in_a_run_is_said_and_the_run_is_over():
    class Broken(Dough):
        def rerun(self):
            yield from super().rerun()
            if self.most.value == 5:
                raise ValueError("the yeast is dead; buy some")

    explorer = Broken()
    explorer.most.value = 5
    assert explorer.error is None
    explorer.settle()
    assert "The yeast is dead; buy some." in explorer.reading
    assert not explorer.running
    explorer.most.value = 6
    assert explorer.settle().error is None


def test_an_error_while_it_is_made_is_raised():
    with pytest.raises(ValueError, match="warmth must be at most 7, got 8; cool it"):
        Dough(warmth=8)


# -- what is shown -------------------------------------------------------------------------------------------


def test_the_reading_is_announced_and_is_text_not_html():
    (view,) = (w for w in widgets_of(Dough(), ipywidgets.HTML) if 'aria-live="polite"' in w.value)
    assert "12 &lt;cm&gt; high" in view.value


def test_the_picture_has_the_size_of_the_figure():
    image = Image.open(io.BytesIO(Dough().picture.value))
    assert (image.format, image.size) == ("JPEG", (400, 300))


class Turning(Dough):
    """Its label says how the lid is, but only once its flour is 2."""

    def draw(self, numbers):
        super().draw(numbers)
        self.figure.axes[0].set_ylabel("high" if self.lid.value else "low")
        if self.flour.value == 2:
            self.repaint("label", self.lid.value)


def test_repaint_draws_the_background_anew():
    explorer = Turning()
    before = explorer.picture.value
    explorer.lid.value = False
    assert explorer.picture.value == before  # the label lies in the stored background
    explorer.flour.value = 2
    explorer.flour.value = 1
    assert explorer.picture.value != before


def test_a_background_as_it_was_before_is_shown_again_without_being_drawn(monkeypatch):
    explorer, drawn = Turning(), []
    draw = explorer._canvas.draw
    monkeypatch.setattr(explorer._canvas, "draw", lambda: drawn.append(explorer.lid.value) or draw())
    explorer.flour.value = 2
    pictures = [explorer.picture.value]
    for lid in (False, True, False, True):
        explorer.lid.value = lid
        pictures.append(explorer.picture.value)
    assert drawn == [True, False]
    assert pictures[0] == pictures[2] == pictures[4] != pictures[1] == pictures[3]


def test_a_redraw_equals_a_full_drawing():
    explorer = Dough(warmth=1.5)
    explorer.warmth.value = 6
    for artist in explorer._moving:
        artist.set_animated(False)
    explorer.figure.canvas.draw()
    whole = np.asarray(explorer.figure.canvas.buffer_rgba())[..., :3].astype(float)
    shown = np.asarray(Image.open(io.BytesIO(explorer.picture.value))).astype(float)
    assert np.abs(whole - shown).mean() < 1.0  # of 255; JPEG is not exact


def test_where_no_kernel_runs_a_png_with_words_stands_beside_the_view():
    explorer = Dough()
    explorer.warmth.value = 2
    data, about = explorer._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/plain"] == "Dough: After 4 h it is 8 <cm> high."
    assert about["image/png"]["alt"] == data["text/plain"]
    still = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert still.format == "PNG"
    assert still.width == 400
    assert still.height > 300  # the words below
    assert not re.search(r"0x[0-9a-f]+", repr(explorer))


def test_a_table_of_the_numbers():
    assert Dough(most=3).to_frame()["height"].tolist() == [3.0, 6.0, 9.0]


def test_further_widgets_stand_under_the_picture():
    class More(Dough):
        def below(self):
            return [ipywidgets.HTML("a table")]

    assert [w for w in widgets_of(More(), ipywidgets.HTML) if w.value == "a table"]


# -- bitmaps -------------------------------------------------------------------------------------------------


def drawn(canvas_class, fill):
    """The pixels of a figure of 80 x 60 dots that `fill` has put something on."""
    figure = Figure((0.8, 0.6), dpi=100, facecolor="white")
    canvas = canvas_class(figure)
    fill(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].astype(int)


def test_a_bitmap_lies_where_it_is_put_and_the_right_way_up():
    pixels = np.zeros((10, 20, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    pixels[:3, :, 0] = 255  # red at the top
    image = drawn(QuickCanvas, lambda figure: figure.add_artist(Bitmap(30, 5, pixels)))
    assert (image[5:8, 30:50] == (255, 0, 0)).all()
    assert (image[8:15, 30:50] == (0, 0, 0)).all()
    image[5:15, 30:50] = 255
    assert (image == 255).all()


@pytest.mark.parametrize("rotation", [0, 90])
def test_quick_text_looks_like_matplotlibs_own(rotation):
    def fill(figure):
        figure.text(0.15, 0.35, "gÄ 7.2", fontsize=13, color="#e05a43", alpha=0.8, rotation=rotation)
        figure.text(0.15, 0.75, "jy", fontsize=13, weight="bold")

    own, quick = drawn(FigureCanvasAgg, fill), drawn(QuickCanvas, fill)
    assert (own != 255).any(axis=2).sum() > 100
    shifts = [np.roll(quick, shift, axis=(0, 1)) for shift in [(0, 0), (0, 1), (0, -1), (1, 0), (-1, 0)]]
    assert min(np.abs(own - shifted).mean() for shifted in shifts) < 4.0  # placed to whole dots


def test_quick_text_is_drawn_once():
    figure = Figure((2, 1), dpi=100)
    canvas = QuickCanvas(figure)
    text = figure.text(0.1, 0.1, "7.2")
    canvas.draw()
    remembered = dict(canvas.get_renderer()._texts)
    canvas.draw()
    assert len(remembered) == 1
    assert canvas.get_renderer()._texts == remembered
    text.set_text("7.3")
    canvas.draw()
    assert len(canvas.get_renderer()._texts) == 2


def test_a_pizza_bitmap_is_round_upright_and_not_to_be_written_to():
    image = pizza_bitmap(Pizza(("Ham",)), 100)
    assert image[2, 2, 3] == 0
    assert image[50, 50, 3] == 255
    crust = np.flatnonzero((image[..., 3] == 255).any(axis=1))
    assert crust[0] < 100 - 1 - crust[-1]  # more room below it, where its shadow falls
    with pytest.raises(ValueError, match="read-only"):
        image[0, 0] = 0
