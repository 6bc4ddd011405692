"""What the chef says: fitting, short, and the same for the same pizza."""

from __future__ import annotations

import asyncio
import itertools

import numpy as np
import pytest

from pizzatune.explore import verdicts
from pizzatune.explore.explorer import Card, Explorer, Knob
from pizzatune.explore.verdicts import BY_DOSE, BY_SCORE, chef_says, served
from pizzatune.menus import Pizza
from pizzatune.menus.taste import doneness, taste
from pizzatune.words import points


@pytest.mark.parametrize(
    "score, dose, expected",
    [(0.1, 0.2, 0), (5.0, 0.5, 1), (7.0, 1.8, 3), (0.0, 2.0, 4), (0.0, 40.0, 4), (0.0, np.inf, 4)],
)
def test_a_crust_gone_wrong_is_what_he_sees_first(score, dose, expected):
    assert chef_says(score, dose) in BY_DOSE[expected][1]


@pytest.mark.parametrize("score, expected", [(-0.0, 0), (0.94, 0), (1.0, 1), (7.94, 4), (9.0, 6), (10.0, 6)])
def test_a_golden_pizza_is_judged_by_its_points(score, expected):
    assert chef_says(score) in BY_SCORE[expected][1]


@pytest.mark.parametrize("limit", [limit for limit, _ in BY_SCORE[:-1]])
def test_what_reads_the_same_is_told_the_same(limit):
    just_below, above = limit - 0.04, limit + 0.04  # "9.0 points" both
    assert points(just_below) == points(above)
    assert chef_says(just_below) == chef_says(above)


def test_nobody_minds_the_crust_of_a_great_pizza():
    assert chef_says(8.6, dose=1.5) in BY_SCORE[5][1]


def test_a_failed_pizza_a_crowded_one_and_pineapple_have_words_of_their_own():
    assert chef_says(None, 3.0) in verdicts.FAILED
    assert chef_says(6.0, 3.0, "abcdefg") in verdicts.CROWDED
    assert [chef_says(score, 1.0, ("Pineapple",)) for score in (5.0, 8.5)] == list(verdicts.PINEAPPLE)


def test_the_words_fit_on_the_card():
    bands = (words for _, words in (*BY_DOSE, *BY_SCORE))
    said = list(itertools.chain(verdicts.FAILED, verdicts.CROWDED, verdicts.PINEAPPLE, *bands))
    assert max(map(len, said)) <= 28
    assert len(set(said)) == len(said)


def test_turning_a_dial_within_a_band_does_not_change_the_words():
    said = {chef_says(score, 1.0, ("Ham",)) for score in np.linspace(6.6, 7.9, 30)}
    assert len(said) == 1
    others = "Figs", "Olives", "Capers", "Bacon"
    assert len({chef_says(7.0, 1.0, (topping,)) for topping in others}) > 1


def test_a_card_shows_the_pizza_with_its_own_points():
    burnt = Pizza(("Ham",), temperature=300, minutes=20)
    out = served(burnt)
    assert out.score == "0.0 points"
    assert taste(burnt) < 0.05
    assert out.words in BY_DOSE[4][1]
    assert doneness(burnt) > 2
    assert out.symbol.name == served(burnt, 3.0).symbol.name != served(Pizza(("Ham",))).symbol.name
    assert served(burnt, 3.0).score == "3.0 points"


class Oven(Explorer):
    heat = Knob(150, 300, value=200)
    topping = "Clams"

    def model(self):
        return self.heat.value

    def picture(self, heat):
        return {}

    def read(self, heat):
        return f"{heat} °C."

    def card(self, heat):
        return Card(served(Pizza((self.topping,), temperature=heat, minutes=11)))


def test_a_turn_is_answered_before_its_pizza_is_drawn_and_a_known_pizza_is_not_sent_again():
    async def turns():
        oven, sent = Oven(), []
        oven.send = sent.append
        oven._take_message(None, {"do": "hello"}, None)
        for number, heat in enumerate((290, 200), 1):
            await asyncio.sleep(0.3)
            oven._take_message(None, {"do": "turn", "turn": number, "values": {"heat": heat}}, None)
        await asyncio.sleep(0.3)
        oven.close()
        return sent

    sent = asyncio.run(turns())
    assert [sorted(message.get("symbols", {})) != [] for message in sent] == [False, True, False, True, False]
    pale, burnt, again = (sent[place]["card"]["last"]["symbol"] for place in (0, 2, 4))
    assert pale == again != burnt
    assert [list(sent[place]["symbols"]) for place in (1, 3)] == [[pale], [burnt]]


class FruitOven(Oven):
    topping = "Figs"


def test_without_a_rest_between_turns_no_pizza_is_drawn():
    async def turns():
        oven, sent = FruitOven(), []
        oven.send = sent.append
        oven._take_message(None, {"do": "hello"}, None)
        for number in range(1, 20):
            await asyncio.sleep(0.01)
            oven._take_message(None, {"do": "turn", "turn": number, "values": {"heat": 200 + number}}, None)
        oven.close()
        return sent

    assert all("symbols" not in message for message in asyncio.run(turns()))
