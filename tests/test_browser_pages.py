"""Each explorer's page opened from a file in a real browser, without network: by mouse and by finger."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

import pizzatune as pt
from pizzatune.explore.history_explorer import HistoryExplorer
from pizzatune.gallery import hang
from tests.axe_tools import grave
from tests.browser_tools import STICKING_OUT
from tests.how_often import CI
from tests.test_pages import HOSTILE, hostile_run

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CI, reason="at home one explorer is driven in the browser, bake"),
]

SCREENS = [(1366, 768, False), (1920, 1080, False), (390, 844, True)]
PAPER = "() => getComputedStyle(document.querySelector('.pt-explorer')).backgroundColor"
TIPPED = """
() => [...document.querySelectorAll('.pt-art [data-tip]')].map(one => {
    const { left, top, width, height } = one.getBoundingClientRect();
    return [left + width / 2, top + height / 2];
}).find(([x, y]) => document.elementFromPoint(x, y)?.closest('[data-tip]'))
"""
SMALL = """
() => [...document.querySelectorAll('.pt-explorer :is(button, select, input)')].filter(one => {
    const { width, height } = (one.closest('.pt-switch') ?? one).getBoundingClientRect();
    return one.offsetParent && Math.min(width, height) < 43.5;
}).map(one => one.outerHTML)
"""


class Reader:
    """Somebody who opened a page; what goes wrong on it or asks for the network is noted."""

    def __init__(self, browser, file, width, height, touch, scheme="light"):
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, has_touch=touch, color_scheme=scheme
        )
        self.context.set_offline(True)
        self.page, self.noted, self.touch = self.context.new_page(), [], touch
        self.page.on("console", lambda said: self.noted.append(said.text))
        self.page.on("pageerror", lambda error: self.noted.append(str(error)))
        self.page.on("request", self.asked)
        self.page.goto(file.as_uri())
        self.box = self.page.locator(".pt-explorer")
        self.picture, self.reading = self.box.locator(".pt-art"), self.box.locator(".pt-reading")
        expect(self.picture.locator("> g").first).to_be_attached()
        expect(self.reading).not_to_be_empty()

    def asked(self, request):
        if not request.url.startswith(("file:", "data:", "blob:")):
            self.noted.append(request.url)

    def press(self, where):
        where.tap() if self.touch else where.click()

    def look(self):
        return self.picture.inner_html(), self.reading.inner_text()


@pytest.fixture(scope="module")
def reader(browser, recorded, request):
    """A page on a screen, opened once for all that is tried on it, in the order of the tests."""
    name, screen = request.param
    reader = Reader(browser, recorded(name), *screen)
    yield reader
    assert reader.noted == []
    reader.context.close()


EVERYWHERE = [(name, screen) for name in pt.explore.__all__ for screen in SCREENS]
PROJECTED = [both for both in EVERYWHERE if both[1] is SCREENS[1]]


def read_on(pairs):
    return pytest.mark.parametrize("reader", pairs, indirect=True, ids=lambda both: f"{both[0]}-{both[1][0]}")


everywhere = read_on(EVERYWHERE)


@everywhere
def test_it_plays_steps_and_turns_without_kernel_and_network(reader):
    page, box = reader.page, reader.box
    play = box.get_by_role("button", name="Play")
    if play.count():
        start = reader.look()
        reader.press(box.get_by_role("button", name="Step", exact=True))
        expect(reader.reading).not_to_have_text(start[1])
        reader.press(play)
        expect(box.get_by_role("button", name=re.compile("Pause"))).to_be_visible()
        number = box.locator(".pt-is-steps:visible .pt-number")
        at = float(number.input_value())
        page.wait_for_function("([box, at]) => Number(box.value) > at + 1", arg=[number.element_handle(), at])
        reader.press(box.get_by_role("button", name=re.compile("Pause|Again")))
        reader.press(box.get_by_role("button", name="Reset", exact=True))
        page.wait_for_function(
            "([words, start]) => words.innerText === start", arg=[reader.reading.element_handle(), start[1]]
        )
        reader.press(box.get_by_role("button", name="Step", exact=True))
        reader.press(box.get_by_role("button", name="Step", exact=True))
    knob = box.locator(".pt-control:visible:not(.pt-is-steps)").first
    if knob.count():
        before = reader.look()
        turn_on(knob, reader)
        page.wait_for_function(
            "([box, drawn, read]) => box.querySelector('.pt-art').innerHTML !== drawn"
            " || box.querySelector('.pt-reading').innerText !== read",
            arg=[box.element_handle(), *before],
        )
    assert "pt-failed" not in box.get_attribute("class")


@everywhere
def test_everybody_can_use_it(reader):
    assert grave(reader.page, "html") == []
    reader.page.emulate_media(color_scheme="dark")
    assert grave(reader.page, "html", ("color-contrast",)) == []


SMALL_WORDS = """
px => [...document.querySelectorAll('.pt-explorer :is(text, p, label, button, summary)')].filter(one => {
    const {width, height} = one.getBoundingClientRect(), style = getComputedStyle(one);
    const scale = one.getCTM?.().a ?? one.currentCSSZoom;
    return one.textContent.trim() && width && height && parseFloat(style.fontSize) * scale < px;
}).map(one => one.textContent)
"""


@read_on(PROJECTED)
def test_one_key_makes_it_large_enough_for_the_last_row(reader):
    page, box = reader.page, reader.box
    page.emulate_media(color_scheme="light")
    before = box.bounding_box()
    page.keyboard.press("l")
    assert box.bounding_box() == {"x": 0, "y": 0, "width": 1920, "height": 1080}
    assert page.evaluate(SMALL_WORDS, 18) == []
    assert [words for words in box.evaluate(STICKING_OUT) if words] == []
    read = reader.reading.bounding_box()
    assert read["y"] + read["height"] <= 1080
    page.keyboard.press("Escape")
    assert box.bounding_box() == before


def test_a_screen_reader_is_told_once_the_hand_rests(browser, recorded):
    reader = Reader(browser, recorded("bake"), *SCREENS[0])
    voice = reader.box.locator(".pt-voice")
    voice.evaluate("""box => {
        window.told = [];
        new MutationObserver(() => window.told.push(box.textContent)).observe(box, {childList: true});
    }""")
    slider = reader.box.locator("input[type=range]").first
    slider.focus()
    for _ in range(5):
        slider.press("ArrowRight")
    expect(voice).to_have_text(re.compile(r"\w"))
    assert reader.page.evaluate("window.told") == [" ".join(reader.reading.inner_text().split())]
    reader.context.close()


def turn_on(knob, reader):
    """Turn a knob of any kind to another place."""
    if knob.locator("select").count():
        knob.locator("select").select_option(index=1)
    elif knob.locator("input[type=checkbox]").count():
        reader.press(knob.locator(".pt-switch"))
    elif knob.locator("button").count():
        reader.press(knob.locator("button[aria-pressed=false]").first)
    else:
        slider = knob.locator("input[type=range]")
        slider.focus()
        low = slider.evaluate("one => one.value === one.min")
        slider.press("End" if low else "Home")


@everywhere
def test_nothing_is_wider_than_the_screen_and_all_can_be_hit(reader):
    page = reader.page
    wide = "() => [document.documentElement.scrollWidth, innerWidth]"
    scroll, window = page.evaluate(wide)
    assert scroll <= window
    assert [words for words in reader.box.evaluate(STICKING_OUT) if words] == []
    expect(page.locator(".pt-turn")).to_be_visible(visible=reader.touch)
    if reader.touch:
        assert page.evaluate(SMALL) == []
    expect(page.locator(".pt-said")).to_contain_text("A recording of")
    place = page.evaluate(TIPPED)
    if place is None:
        return
    tip = page.locator(".pt-tip")
    page.touchscreen.tap(*place) if reader.touch else page.mouse.move(*place)
    expect(tip).to_be_visible()
    expect(tip).not_to_be_empty()
    left, right = tip.evaluate("one => [one.getBoundingClientRect().left, one.getBoundingClientRect().right]")
    assert 0 <= left < right <= window
    if reader.touch:
        page.touchscreen.tap(5, 5)  # it stays until another place is touched
        expect(tip).to_be_hidden()


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: str(screen[0]))
def test_a_gallery_leads_to_its_pages(browser, tmp_path, monkeypatch, screen):
    monkeypatch.setattr(pt.explore, "__all__", ["duel", "history"])
    width, height, touch = screen
    context = browser.new_context(viewport={"width": width, "height": height}, has_touch=touch)
    context.set_offline(True)
    page, noted = context.new_page(), []
    page.on("console", lambda said: noted.append(said.text))
    page.goto(hang(tmp_path, progress=False).as_uri())
    expect(page.locator("a img")).to_have_count(2)
    assert page.evaluate(
        "() => [...document.images].every(one => one.naturalWidth > 100 && one.offsetWidth > 100)"
    )
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    link = page.get_by_role("link", name="Time travel")
    link.tap() if touch else link.click()
    expect(page.locator(".pt-explorer .pt-title")).to_have_text("Time travel")
    assert noted == []
    context.close()


@pytest.mark.parametrize("scheme, dark", [("light", False), ("dark", True)])
def test_it_is_light_or_dark_as_the_system_is(browser, recorded, scheme, dark):
    reader = Reader(browser, recorded("bake"), *SCREENS[0], scheme=scheme)
    colour = [int(part) for part in re.findall(r"\d+", reader.page.evaluate(PAPER))[:3]]
    assert (max(colour) < 80) is dark
    assert (min(colour) > 200) is not dark
    assert reader.noted == []
    reader.context.close()


def test_texts_of_others_are_shown_and_run_nothing(browser, tmp_path, monkeypatch):
    monkeypatch.setattr(HistoryExplorer, "title", HOSTILE)
    explorer = hostile_run().explore()
    reader = Reader(browser, explorer.save(tmp_path / "hostile.html"), *SCREENS[0])
    reader.page.on("dialog", lambda dialog: reader.noted.append(dialog.message))
    for _ in range(4):
        reader.press(reader.box.get_by_role("button", name="Step", exact=True))
        reader.page.wait_for_timeout(50)
    expect(reader.box.locator(".pt-title")).to_have_text(HOSTILE.replace("\ud800", "\ufffd"))
    assert reader.page.locator("script").count() == 2
    assert reader.page.locator("img[src=x]").count() == 0
    assert reader.noted == []
    reader.context.close()
