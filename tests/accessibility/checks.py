"""What a page breaks, by rule: axe's rules, and our own for what axe can't see."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.accessibility.site import PHONE

OWN = Path(__file__).with_name("checks.js").read_text("utf-8")
TARGET = 44
CARE_TARGET = 60
CARE_LETTERS = 24
"""18 points in CSS pixels."""
Findings = dict[str, list[str]]


def by_axe(page: Page, *, enhanced: bool = False, only: list[str] | None = None) -> list[str]:
    """Every violation, best practice too; its script is handed to the browser directly, as our pages allow no other.

    It judges what is drawn, so the page's style has to be there.
    """
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    rules = {"target-size": {"enabled": True}, "color-contrast-enhanced": {"enabled": enhanced}}
    options: dict[str, Any] = {"resultTypes": ["violations"], "rules": rules}
    if only:
        options = {"resultTypes": ["violations"], "runOnly": only}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{violation['id']}: {' '.join(map(str, node['target']))} {_why(node)}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def _why(node: dict[str, Any]) -> str:
    return str(node.get("failureSummary", "")).replace("\n", " ")[:160]


def ask(page: Page, what: str, *given: int) -> Any:
    """What one function of checks.js finds in the page, once it is there with its style."""
    page.wait_for_load_state()
    if not page.evaluate("'yanluChecks' in window"):
        page.evaluate(OWN)
    return page.evaluate("([what, given]) => yanluChecks[what](...given)", [what, list(given)])


def own(page: Page, rule: str, *given: int) -> list[str]:
    """One of our own rules: each place that breaks it."""
    found: list[str] = ask(page, rule, *given)
    return found


def elsewhere(asked: list[str], origins: set[str]) -> list[str]:
    """Requests to anybody but us."""
    return [url for url in asked if _origin(url) not in origins and not url.startswith("data:")]


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def examined(page: Page, *, care: bool = False, dark: bool = True) -> Findings:
    """Everything that this page breaks: wide and at 320 px, in light colours and, where asked, in dark ones."""
    # The enhanced rule leaves out what the other one reports already.
    contrast = ["color-contrast", *(["color-contrast-enhanced"] if care else [])]
    found = {"axe": by_axe(page, enhanced=care)}
    found |= {rule: own(page, rule) for rule in ("labels", "languages", "instants", "outline")}
    found["targets"] = own(page, "targets", CARE_TARGET if care else TARGET)
    found["letters"] = own(page, "letters", CARE_LETTERS) if care else []
    if dark:
        page.emulate_media(color_scheme="dark")
        found["dark"] = by_axe(page, only=contrast)
        page.emulate_media(color_scheme="light")
    size = page.viewport_size
    page.set_viewport_size({"width": PHONE, "height": 640})
    found["overflow"] = own(page, "overflow")
    found["targets on a phone"] = own(page, "targets", CARE_TARGET if care else TARGET)
    if size:
        page.set_viewport_size(size)
    return {rule: places for rule, places in found.items() if places}
