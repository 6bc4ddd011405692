"""Send random turns to an explorer without a browser: ``python -m benchmarks.events NAME EVENTS``.

Prints as JSON how many MB it grew, how many seconds that took, the largest answer in kB without symbols that
are sent once, and the errors that were raised or shown.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from pathlib import Path
from typing import Any

WARMING = 100  # events before these: caches fill up to their limits, and libraries are loaded


def weight(kind: str = "Private") -> int:
    """Memory that is this process's own, in bytes: what would be free if it ended (USS).

    "Anonymous" leaves out the code of libraries, for what is compared over time: once a second program opens
    the same libraries, their code is no longer this one's own, and it would seem to have lost some 25 MiB.
    """
    with Path("/proc/self/smaps_rollup").open() as file:
        return 1024 * sum(int(line.split()[1]) for line in file if line.startswith(kind))


def turned(control: Any, rng: Any) -> Any:
    """Another value of a control, as the page would say it."""
    if control.kind in ("knob", "steps"):
        share = rng.random()
        if control.log:
            return float(control.low ** (1 - share) * control.high**share)
        return float(control.low + share * (control.high - control.low))
    if control.kind == "button":
        return True
    if control.kind == "switch":
        return bool(rng.integers(2))
    places = range(len(control.options))
    if control.several:
        return [place for place in places if rng.random() < 0.2]
    return int(rng.integers(len(places)))


async def at_random(explorer: Any, events: int, rng: Any, errors: list[str]) -> None:
    """Turn controls at random, as fast as they are answered."""
    for number in range(events):
        shown = [control for control in explorer.controls.values() if control.shown and control.enabled]
        control = shown[rng.integers(len(shown))]
        values = {control.name: turned(control, rng)}
        explorer._take_message(None, {"do": "turn", "turn": number + 1, "values": values}, None)
        if explorer.error is not None:
            errors.append(f"{control.name}: {explorer.error}")
        await asyncio.sleep(0)
    while explorer.running:  # of the last turn; those before were dropped for the next one, as by a hand
        await asyncio.sleep(0.01)


def measure(name: str, events: int) -> tuple[float, float, float, list[str]]:
    """Grown MB, seconds, the largest answer in kB, and errors."""
    import numpy as np
    from scipy.stats import qmc

    import pizzatune as pt

    qmc.Sobol(1)  # Sobol points load scipy.stats and their table, once: some 28 MB that are no growth
    explorer, rng = getattr(pt.explore, name)(), np.random.default_rng(0)
    errors: list[str] = []
    sizes = [0.0]

    def sent(message: dict[str, Any]) -> None:
        if message.get("answer"):
            sizes.append(len(json.dumps({k: v for k, v in message.items() if k != "symbols"})) / 1e3)

    explorer.send = sent
    explorer._take_message(None, {"do": "hello", "turn": 0}, None)
    explorer.settle()  # as for someone who reads first
    asyncio.run(at_random(explorer, WARMING, rng, errors))
    gc.collect()
    sizes.clear()
    before, start = weight("Anonymous"), time.perf_counter()
    asyncio.run(at_random(explorer, events, rng, errors))
    seconds = time.perf_counter() - start
    gc.collect()
    return (weight("Anonymous") - before) / 1e6, seconds, max(sizes), errors


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
