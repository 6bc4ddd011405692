"""Drawn pizzas, alone or side by side, with a title above each and a note below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pizzatune.menus.menu import Menu
from pizzatune.menus.own import OwnMenu
from pizzatune.menus.taste import Pizza, doneness, taste
from pizzatune.pictures.marks import Image, Mark, Text
from pizzatune.pictures.picture import WIDTH, Picture
from pizzatune.pictures.pizza import crust_word, pizza_symbol, whole_pizza
from pizzatune.words import count, listed, points, score_text

LARGEST = 400.0  # px of a pizza alone
GAP = 16.0  # px between two
MOST = 6  # side by side; more go on below
LINE = 22.0  # px of a title or a note


def pizza(
    order: Pizza | Mapping[str, Any], *, menu: Menu | None = None, title: str = "", note: str = ""
) -> Picture:
    """Draw a pizza: toppings, sauce and cheese, and a crust from pale through golden to burnt.

    Parameters
    ----------
    order : Pizza or dict
        A whole pizza, or params of `menu`. The same pizza always looks the same.
    menu : Menu, optional
        What the params were ordered from.
    title, note : str
        A line above, and a quieter one below.

    Returns
    -------
    Picture

    Raises
    ------
    TypeError, ValueError
        If params come without a menu, or are not of it.

    Examples
    --------
    >>> pizza(Pizza(("Ham", "Olives"), temperature=225, minutes=22))
    A burnt pizza with Ham and Olives on Tomato and Mozzarella, 22 minutes at 225 °C; taste 2.4 of 10.
    """
    return pizza_row([order], [title] if title else None, menu=menu, notes=[note] if note else None)


def pizza_row(
    orders: Sequence[Pizza | Mapping[str, Any]],
    titles: Sequence[str] | None = None,
    *,
    menu: Menu | None = None,
    notes: Sequence[str] | None = None,
) -> Picture:
    """Draw several pizzas side by side.

    Parameters
    ----------
    orders : sequence of Pizza or dict
        At least one; params are of `menu`. After six, the next ones go below.
    titles, notes : sequence of str, optional
        As many as pizzas: lines above and below each.
    menu : Menu, optional
        What the params were ordered from.

    Returns
    -------
    Picture

    Raises
    ------
    TypeError, ValueError
        If there is no pizza, or not as many titles or notes as pizzas, or params come without a menu.

    Examples
    --------
    >>> twins = [Pizza(("Ham",), minutes=minutes) for minutes in (5, 11)]
    >>> print(str(pizza_row(twins, ["Left", "Right"]))[:60])
    Left: A pale pizza with Ham on Tomato and Mozzarella, 5 minu
    """
    if not len(orders):
        raise ValueError("a row needs at least one pizza, got none")
    for name, lines in (("titles", titles), ("notes", notes)):
        if lines is not None and len(lines) != len(orders):
            raise ValueError(
                f"there are {len(orders)} pizzas and {len(lines)} {name}; give one each, or leave them out"
            )
    across = min(len(orders), MOST)
    pitch = WIDTH / across
    size = min(pitch - GAP, LARGEST)
    above, below = (LINE if lines else 6.0 for lines in (titles, notes))
    high = above + size + below + 6
    marks: list[Mark] = []
    told = [in_words(order, menu) for order in orders]
    for number, order in enumerate(orders):
        row, column = divmod(number, across)
        x, top = pitch * (column + 0.5), high * row
        symbol = pizza_symbol(whole_pizza(order, menu), "fine" if len(orders) == 1 else "small")
        marks.append(Image(None, x, top + above + size / 2, size, symbol, told[number], plate=True))
        if titles:
            marks.append(Text(None, x, top + above - 6, titles[number], "title", "middle", fit=pitch - 8))
        if notes:
            marks.append(
                Text(None, x, top + above + size + 17, notes[number], "quiet", "middle", fit=pitch - 8)
            )
    named = [f"{title}: {words}" for title, words in zip(titles, told, strict=True)] if titles else told
    caption = told[0] if len(orders) == 1 else " ".join(named)
    return Picture(marks, caption, _columns(orders, menu), height=high * -(-len(orders) // across))


def _columns(orders: Sequence[Pizza | Mapping[str, Any]], menu: Menu | None) -> dict[str, list[Any]]:
    """What is on each, how it was baked, and its score."""
    whole = [whole_pizza(order, menu) for order in orders]
    return {
        "toppings": [", ".join(one.toppings) for one in whole],
        "temperature": [one.temperature for one in whole],
        "minutes": [one.baked_minutes for one in whole],
        "doneness": [doneness(one) for one in whole],
        "score": [
            menu.taste(order) if menu is not None and not isinstance(order, Pizza) else taste(one)
            for order, one in zip(orders, whole, strict=True)
        ],
    }


def in_words(order: Pizza | Mapping[str, Any], menu: Menu | None = None) -> str:
    """Read a pizza aloud.

    Examples
    --------
    >>> in_words(Pizza(minutes=11))
    'A golden pizza with Pepperoni on Tomato and Mozzarella, 11 minutes at 225 °C; taste 7.5 of 10.'
    """
    whole = whole_pizza(order, menu)
    toppings = listed(whole.toppings) if whole.toppings else "nothing"
    dose, hot = doneness(whole), doneness(whole, in_hot_spot=True)
    spot = f", a quarter of it {crust_word(hot)}," if crust_word(hot) != crust_word(dose) else ""
    score = f"taste {points(taste(whole))} of 10"
    if isinstance(menu, OwnMenu) and not isinstance(order, Pizza):  # only the picture is our kitchen's
        score = f"{menu.score_label} {score_text(menu.taste(order))}"
    return (
        f"A {crust_word(dose)} pizza{spot} with {toppings} on {whole.sauce} and {whole.cheese}, "
        f"{count(round(whole.baked_minutes), 'minute')} at {whole.temperature:.0f} °C; {score}."
    )
