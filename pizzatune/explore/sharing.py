"""An explorer as a short text for a chat, and back: its name, where its knobs stand, what was done by hand.

A text looks like ``pizza1:random:eyJzZWVkIjo3fQ:Ls1gkA``: the format, the explorer, its state as JSON in
base64 (packed where that is shorter), and a checksum. It is data only: each value goes through the same door
as one that a hand chose.
"""

from __future__ import annotations

import base64
import binascii
import importlib
import json
import re
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pizzatune.checks import shown
from pizzatune.explore.choices import Button, Pick

if TYPE_CHECKING:
    from pizzatune.explore.controls import Control
    from pizzatune.explore.explorer import Explorer

FORMAT = 1
LONGEST = 8_000  # letters of a text
LARGEST = 100_000  # bytes that it may unpack to
AGAIN = "copy it again, all of it, as explorer.share() gave it"


def share(explorer: Explorer) -> str:
    """The state of an explorer as a short text; `opened` gives it back."""
    name = type(explorer).__module__.rpartition(".")[2].removesuffix("_explorer")
    if name not in _names() or type(explorer) is not _class_of(name):
        raise ValueError(
            f"{type(explorer).__name__} is none of pt.explore, so that nobody else could open it; "
            "send the code that makes it"
        )
    if any(argument is not None for argument in explorer.opened_with):
        raise ValueError(
            f"this {name} shows what you handed to it, which no short text can hold; send a page instead: "
            f"explorer.save('{name}.html')"
        )
    told: Any = {
        key: _plain(control)
        for key, control in explorer.controls.items()
        if not isinstance(control, Button) and control.value != explorer.beginning[key]
    }
    if (memory := explorer.memory()) is not None:
        told = [told, memory]
    head = f"pizza{FORMAT}:{name}:{_packed(told)}"
    return f"{head}:{_checksum(head)}"


def opened(text: str) -> Explorer:
    """The explorer that a text of `share` tells of; `pizzatune.explore.open` says more."""
    if not isinstance(text, str):
        raise TypeError(f"a shared explorer is a text, got {shown(text)}; pass what explorer.share() gave")
    bare = "".join(text.split()).strip("'\"`")
    name, told = _unpacked(bare, text)
    values, memory = told if isinstance(told, list) and len(told) == 2 else (told, None)
    if not isinstance(values, Mapping):
        raise ValueError(f"the text {shown(text)} holds no settings of {name}; {AGAIN}")
    make = _class_of(name)
    plain = make()  # knows the options that its lists have at the beginning
    try:
        starts = {key: _value(plain._known(key, value), value) for key, value in values.items()}
        explorer = make(**starts).settle()
        if explorer.error is not None:
            raise explorer.error
        if memory is not None:
            explorer.remember(memory)
            explorer.settle()
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise ValueError(
            f"the text asks for what this {name} cannot do ({error}); it may come from another version of "
            "pizzatune: use the same one, or ask for a new text"
        ) from error
    finally:
        plain.close()
    return explorer


def _names() -> list[str]:
    from pizzatune import explore

    return explore.__all__


def _class_of(name: str) -> type[Explorer]:
    """What a door of `pizzatune.explore` opens."""
    module = importlib.import_module(f"pizzatune.explore.{name}_explorer")
    found: type[Explorer] = getattr(module, getattr(module, name).__annotations__["return"])
    return found


def _plain(control: Control) -> Any:
    """Where a control stands, as JSON: options by their labels, which outlive another order."""
    if not isinstance(control, Pick):
        return control.value
    labels, on = list(control.options), control.to_page()
    return [labels[place] for place in on] if control.several else labels[on]


def _value(control: Control, plain: Any) -> Any:
    if not isinstance(control, Pick):
        return control.value if isinstance(control, Button) else plain
    options = control.options
    try:
        return [options[label] for label in plain] if control.several else options[plain]
    except (KeyError, TypeError):
        raise ValueError(f"{control.name} has no {shown(plain)}") from None


def _packed(told: Any) -> str:
    data = json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode()
    return _letters(min(data, zlib.compress(data, 9), key=len))


def _letters(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")


def _bytes(letters: str) -> bytes:
    return base64.b64decode(letters + "=" * (-len(letters) % 4), validate=True)


def _checksum(head: str) -> str:
    return _letters(zlib.crc32(head.encode()).to_bytes(4, "big"))


def _unpacked(bare: str, text: str) -> tuple[str, Any]:
    """Name and state; a text that is none of ours, newer, or spoilt is refused, and said why."""
    if len(bare) > LONGEST:
        raise ValueError(f"a shared explorer has at most {LONGEST:,} letters, got {len(bare):,}; {AGAIN}")
    start = re.match(r"pizza(\d{1,3}):", bare)
    if start is None:
        raise ValueError(
            f"a shared explorer begins with pizza{FORMAT}: and its name, got {shown(text)}; {AGAIN}"
        )
    if int(start[1]) > FORMAT:
        raise ValueError(
            f"this text is of format {int(start[1])}, and this pizzatune reads formats up to {FORMAT}; it "
            "comes from a newer one: update yours, pip install --upgrade pizzatune"
        )
    head, _, checksum = bare.rpartition(":")
    if _checksum(head) != checksum:
        raise ValueError(
            f"the text {shown(text)} is spoilt: its checksum does not fit, so something was lost or changed "
            f"on its way; {AGAIN}"
        )
    _, name, *letters = head.split(":")
    if name not in _names():
        raise ValueError(
            f"this pizzatune has no explorer {shown(name)}, only {', '.join(_names())}; the text may come "
            "from a newer one: update yours, pip install --upgrade pizzatune"
        )
    try:
        (packed,) = letters
        return name, json.loads(_inflated(_bytes(packed)), parse_constant=_refused)
    except (ValueError, RecursionError, binascii.Error, zlib.error) as error:
        raise ValueError(f"the text {shown(text)} cannot be read ({error}); {AGAIN}") from error


def _inflated(data: bytes) -> bytes:
    """JSON as it stands, or unpacked, and never more than `LARGEST`."""
    if data[:1] in (b"{", b"["):
        return data
    unpacking = zlib.decompressobj()
    whole = unpacking.decompress(data, LARGEST)
    if not unpacking.eof:
        raise ValueError(f"it unpacks to more than {LARGEST:,} bytes")
    return whole


def _refused(word: str) -> Any:
    raise ValueError(f"{word} is no number")
