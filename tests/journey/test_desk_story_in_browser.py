"""Thirty opinions on their way through the desk in Chromium, by screener, editor, approver and publisher, by keyboard.

After signing in nobody touches a mouse: every step is a key that the page names. With YANLU_TEST_IMAGES naming a folder
the pages are photographed into it.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import func, select

from app.main import build
from app.permissions import Role
from app.publication.models import PublishedSuggestion
from app.screening.models import Suggestion
from app.submissions.models import Submission
from tests.journey.opinions import OPINIONS, WORDINGS, Fate, Opinion
from tests.support import journey
from tests.support.app import SECRETS, settings
from tests.support.journey import PASSWORD, START, StoppedClock, World
from tests.support.live import live
from tests.support.worlds import screened

PATIENCE = 30_000
"""Milliseconds: the first case that a service shows takes long on a busy machine."""
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
TOGETHER = 3
"""So many of those that are accepted are accepted at once."""
APART = timedelta(minutes=7)


@dataclass(frozen=True)
class Desk:
    """The served world, and the receipt numbers of OPINIONS in their order."""

    world: World
    url: str
    browser: Browser
    numbers: tuple[str, ...]

    def page(self, role: Role, view: str) -> Page:
        """Signed in, before the list of a view."""
        context = self.browser.new_context(
            base_url=self.url, locale="zh-CN", viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
        )
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.goto("/staff")
        page.get_by_label("用户名").fill(role.value)
        page.get_by_label("密码").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator("#list-title")).to_be_visible()
        page.goto(f"/staff/queue?view={view}")
        return page


@pytest.fixture
def desk(sqlite_world: World, chromium_path: str) -> Iterator[Desk]:
    world = screened(sqlite_world)
    clauses = [clause for clause in world.clauses if clause.text]
    numbers = tuple(
        journey.submit(
            world,
            person=place,
            title=opinion.title,
            comment=opinion.text,
            clauses=[] if opinion.clause is None else [clauses[opinion.clause]],
            at=START + place * APART,
        ).number
        for place, opinion in enumerate(OPINIONS)
    )
    app = build(settings(), SECRETS, world.database, StoppedClock(START + timedelta(days=1)))
    with live(app) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield Desk(world, url, browser, numbers)
        browser.close()


def photograph(page: Page, name: str) -> None:
    folder = os.environ.get("YANLU_TEST_IMAGES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def shows(page: Page, title: str) -> None:
    """The case of that title is open, and whoever reads is in it."""
    expect(page.locator("#main:not([aria-busy]) #case-title")).to_have_text(title, timeout=PATIENCE)
    expect(page.locator("#case-title")).to_be_focused()


def open_first(page: Page, title: str) -> None:
    press(page, "j", "Enter")
    shows(page, title)


def accept_together(page: Page, titles: list[str]) -> None:
    """Marks the first ones of the list and accepts them at once, after reading what will happen."""
    for _title in titles:
        press(page, "j", "x")
    expect(page.locator("[data-marked]")).to_contain_text(str(len(titles)))
    photograph(page, "desk-list")
    press(page, "b", "Tab", "Enter")
    expect(page.locator("#case-title")).to_contain_text(f"{len(titles)}份")
    page.wait_for_load_state()
    photograph(page, "desk-together")
    press(page, "a")
    expect(page.locator("#done-title")).to_contain_text(str(len(titles)))
    page.wait_for_load_state()
    press(page, "Escape")
    expect(page.locator("#list-title")).to_be_visible()
    page.wait_for_load_state()  # a list is seen before its keys work


def decide(page: Page, opinion: Opinion, original: str) -> None:
    """The one or the few keys that the decision takes. `original` is the number of the one that it repeats."""
    if opinion.fate is Fate.ACCEPTED:
        press(page, "a")
    elif opinion.fate is Fate.OUT_OF_SCOPE:
        press(page, "s", "Space", "Enter")
    elif opinion.fate is Fate.DUPLICATE:
        press(page, "d")
        page.keyboard.type(original)
        press(page, "Enter")
    elif opinion.fate is Fate.UNSUITABLE:
        press(page, "u", "ArrowDown", "Tab", "ArrowUp", "Enter")
    else:
        press(page, "r", "ArrowDown", "Tab", "Tab", "Enter")


def screen(desk: Desk) -> None:
    """Decides on all thirty; one decision is taken back and made again."""
    page = desk.page(Role.SCREENER, "received")
    accept_together(page, [opinion.title for opinion in OPINIONS[:TOGETHER]])
    open_first(page, OPINIONS[TOGETHER].title)
    first = {opinion.text: number for opinion, number in reversed(list(zip(OPINIONS, desk.numbers, strict=True)))}
    rest = OPINIONS[TOGETHER:]
    for place, opinion in enumerate(rest):
        decide(page, opinion, first[opinion.text])
        if place + 1 < len(rest):
            shows(page, rest[place + 1].title)
        if place == 1:
            photograph(page, "desk-next")
            press(page, "z")
            shows(page, opinion.title)
            decide(page, opinion, "")
            shows(page, rest[place + 1].title)
    expect(page.locator(".empty")).to_be_visible()


def gather(desk: Desk) -> None:
    """Makes a suggestion of the first opinion on each point, adds the later ones to it, and hands all in."""
    page = desk.page(Role.EDITOR, "to_gather")
    accepted = [opinion for opinion in OPINIONS if opinion.fate is Fate.ACCEPTED]
    made: list[str] = []
    open_first(page, accepted[0].title)
    for place, opinion in enumerate(accepted):
        press(page, "1", "2")
        if opinion.point in made:
            press(page, "v")
            add_to(page, WORDINGS[opinion.point])
        else:
            made.append(opinion.point)
            press(page, "n")
            page.keyboard.type(WORDINGS[opinion.point])
            press(page, "Escape", "g")
        expect(page.locator("#main:not([aria-busy]) #suggestions-title")).to_be_visible()
        if place == 0:
            photograph(page, "desk-gathered")
        if place + 1 < len(accepted):
            press(page, "j")
            shows(page, accepted[place + 1].title)
    page.goto("/staff/queue?view=editing")
    hand_in(page, [WORDINGS[point] for point in made])


def add_to(page: Page, wording: str) -> None:
    """Chooses the suggestion with these words by the number that stands on its button."""
    expect(page.locator(".choose-from li").first).to_be_visible()
    row = page.locator(".choose-from li").filter(has_text=wording)
    press(page, row.locator("[data-key]").get_attribute("data-key") or "")


def hand_in(page: Page, wordings: list[str]) -> None:
    open_first(page, wordings[0])
    for following in wordings[1:]:
        press(page, "s")
        shows(page, following)
    press(page, "s")
    expect(page.locator(".empty")).to_be_visible()


def approve(desk: Desk, returned: str) -> None:
    """Approves all but one, which goes back with a remark."""
    page = desk.page(Role.APPROVER, "awaiting_approval")
    wordings = list(WORDINGS.values())
    open_first(page, wordings[0])
    photograph(page, "desk-approval")
    for place, wording in enumerate(wordings):
        if wording == returned:
            press(page, "r")
            page.keyboard.type("请写明由谁在什么时间公布。")
            press(page, "Tab", "Enter")
        else:
            press(page, "a")
        if place + 1 < len(wordings):
            shows(page, wordings[place + 1])
    expect(page.locator(".empty")).to_be_visible()


def assign(desk: Desk, wordings: list[str]) -> None:
    page = desk.page(Role.APPROVER, "to_assign")
    open_first(page, wordings[0])
    for following in wordings[1:]:
        press(page, "a")
        shows(page, following)
    press(page, "a")
    expect(page.locator(".empty")).to_be_visible()


def publish(desk: Desk, wordings: list[str]) -> None:
    """Publishes them; they stay where the departments work on them."""
    page = desk.page(Role.PUBLISHER, "handed_over")
    open_first(page, wordings[0])
    for following in wordings[1:]:
        press(page, "p")
        shows(page, following)
    press(page, "p")
    expect(page.locator("[data-toast]")).to_contain_text(wordings[-1][:10])


@pytest.mark.browser
def test_thirty_opinions_go_through_the_desk_by_keyboard(desk: Desk) -> None:
    screen(desk)
    gather(desk)
    wordings = list(WORDINGS.values())
    approve(desk, returned=wordings[3])
    editor = desk.page(Role.EDITOR, "returned")
    open_first(editor, wordings[3])
    press(editor, "n", "Control+End")
    editor.keyboard.type("于每年一月由街道公布。")
    press(editor, "Escape", "u")
    mended = f"{wordings[3]}于每年一月由街道公布。"
    shows(editor, mended)
    press(editor, "s")
    expect(editor.locator(".empty")).to_be_visible()
    approver = desk.page(Role.APPROVER, "awaiting_approval")
    open_first(approver, mended)
    press(approver, "a")
    expect(approver.locator(".empty")).to_be_visible()
    approved = [mended if wording == wordings[3] else wording for wording in wordings]
    assign(desk, approved)
    publish(desk, approved)
    with desk.world.database.reading() as session:
        states = select(Submission.state, func.count()).group_by(Submission.state)
        found = {state.value: count for state, count in session.execute(states)}
        assert found == {fate.value: sum(one.fate is fate for one in OPINIONS) for fate in Fate}
        persons = select(Suggestion.text, Suggestion.distinct_persons)
        feeding = [sum(one.point == point for one in OPINIONS) for point in WORDINGS]
        assert dict(session.execute(persons).all()) == dict(zip(approved, feeding, strict=True))
        assert session.scalar(select(func.count()).select_from(PublishedSuggestion)) == len(approved)
