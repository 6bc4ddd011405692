"""What axe-core finds: what stands in the way of a screen reader, a keyboard or weak eyes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

GRAVE = ("serious", "critical")


def grave(page: Page, part: str = ".pt-explorer", rules: tuple[str, ...] = ()) -> list[str]:
    """What is serious or critical in a part of the page, by all rules or some: the rule and the element."""
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = list(rules)
    found = Axe().run(page, context=part, options=options).response["violations"]
    worst = [one for one in found if one["impact"] in GRAVE]
    return [f"{one['id']}: {node['html']}" for one in worst for node in one["nodes"]]
