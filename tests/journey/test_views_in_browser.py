"""The citizen's pages as different readers see them: on a phone, in 关怀模式, in English, in dark colours.

With YANLU_TEST_IMAGES naming a folder they are photographed into it, as `make images` does.
"""

from dataclasses import dataclass, field
from typing import Literal

from playwright.sync_api import expect

from tests.journey.test_path_in_browser import Scene, photograph, scene

__all__ = ["scene"]

WIDE, PHONE = 1280, 360


@dataclass(frozen=True)
class View:
    """A page, and how it is looked at; `SLUG` in the path is the demonstration's draft."""

    path: str
    width: int = WIDE
    choices: dict[str, str] = field(default_factory=dict)
    colours: Literal["light", "dark"] = "light"


CARE, ENGLISH = {"yanlu_care": "on"}, {"yanlu_lang": "en"}
VIEWS = {
    "home-phone": View("/", PHONE),
    "draft-phone": View("/consultations/SLUG#draft", PHONE),
    "form-phone": View("/consultations/SLUG/comment", PHONE),
    "home-care": View("/", WIDE, CARE),
    "draft-care-phone": View("/consultations/SLUG#draft", PHONE, CARE),
    "form-care": View("/consultations/SLUG/comment", WIDE, CARE),
    "home-english": View("/", WIDE, ENGLISH),
    "draft-english": View("/consultations/SLUG", WIDE, ENGLISH),
    "form-english-phone": View("/consultations/SLUG/comment", PHONE, ENGLISH),
    "draft-dark": View("/consultations/SLUG#draft", WIDE, {}, "dark"),
}
BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_every_view_shows_its_page_within_the_window(scene: Scene) -> None:
    for name, view in VIEWS.items():
        context = scene.context(view.width)
        cookies = [{"name": choice, "value": value, "url": scene.url} for choice, value in view.choices.items()]
        context.add_cookies(cookies)
        page = context.new_page()
        page.emulate_media(color_scheme=view.colours)
        page.goto(view.path.replace("SLUG", scene.demo.facts.slug))
        expect(page.locator("h1")).to_have_count(1)
        expect(page.locator("html.care")).to_have_count(1 if view.choices is CARE else 0)
        expect(page.locator("html")).to_have_attribute("lang", "en" if view.choices is ENGLISH else "zh-CN")
        assert page.evaluate(BEYOND) <= 0, name
        photograph(page, name, whole=False)
        context.close()
