"""A whole site for a real browser: drafts in every phase, comments, a suggestion answered, and who looks at it how."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Request

from app.consultations import changing, queries
from app.consultations.lifecycle import Kind
from app.departments import queries as departments
from app.documents import actions as documents
from app.documents.extraction import extract
from app.documents.models import DocumentVersion
from app.documents.queries import clauses_of
from app.kit.database import Database
from app.main import build
from app.permissions import Role
from app.submissions.actions import take_down
from app.submissions.lifecycle import EndedClass
from app.submissions.queries import by_number
from app.submissions.receipts import Receipt
from tests.support import journey
from tests.support.app import SECRETS, hidden, press, serving, settings, signed_in
from tests.support.journey import DRAFT, SLUG, START, StoppedClock, World
from tests.support.live import live

DAY = timedelta(days=1)
CORRECTED = DRAFT.replace("步行十五分钟", "步行十分钟")
FINAL = CORRECTED.replace("（征求意见稿）\n\n", "").replace("省财政厅", "省医保局")
CONFIRMED = {"reference": "辽民函〔2026〕9号", "confirmed_on": "2026-05-08", "confirmed_by": "测试联系人"}
READERS = {
    "chinese": {"yanlu_lang": "zh_CN"},
    "english": {"yanlu_lang": "en"},
    "care": {"yanlu_lang": "zh_CN", "yanlu_care": "on"},
}
"""Who looks at every page, by the cookies of the choices: size and colours are tried on each of them."""
PHONE = 320


@dataclass(frozen=True)
class Site:
    """The running service and what a test needs to know of its contents.

    The same store is served twice, at `plain_url` without a captcha; at `empty_url` nothing has been put out.
    """

    url: str
    plain_url: str
    empty_url: str
    world: World
    receipt: Receipt
    answered: Receipt

    @property
    def origins(self) -> set[str]:
        return {self.url, self.plain_url, self.empty_url}


@contextmanager
def served(template: Path, folder: Path) -> Iterator[Site]:
    """The site on free ports."""
    urls = [f"sqlite:///{shutil.copy(template, folder / name)}" for name in ("whole.sqlite3", "empty.sqlite3")]
    world, empty = map(Database, urls)
    made = journey.opened(world)
    receipt, answered = _lived_in(made)
    _compared(urls[0])
    whose = {"site_owner": "辽宁省人民政府", "site_contact": "024-00001234", "site_code": "2100000001"}
    plain = settings(**whose)
    with (
        live(build(settings(captcha=True, **whose), SECRETS, world, StoppedClock())) as url,
        live(build(plain, SECRETS, Database(urls[0]), StoppedClock())) as plain_url,
        live(build(plain, SECRETS, empty, StoppedClock())) as empty_url,
    ):
        yield Site(url, plain_url, empty_url, made, receipt, answered)


def _lived_in(world: World) -> tuple[Receipt, Receipt]:
    """Answers a receipt that nobody has read yet, and one whose suggestion is with the departments."""
    clause = world.clauses[1]
    for person in range(3):
        receipt = journey.submit(world, person=person, clauses=[clause])
    _taken_down(world)
    answered = journey.submit(world, person=7, clauses=[clause], comment="希望助餐点周末也开放，并公布一周菜单。")
    journey.assigned(world, journey.approved_suggestion(world, clause=clause, people=(4,)))
    with world.database.writing() as session:
        for slug, kind, at in (
            ("coming", Kind.GOVERNMENT_DOCUMENT, START + 2 * DAY),
            ("closed", Kind.GOVERNMENT_DOCUMENT, START - 60 * DAY),
            ("screened", Kind.GOVERNMENT_RULE, START),
            ("suspended", Kind.GOVERNMENT_DOCUMENT, START),
            ("withdrawn", Kind.GOVERNMENT_DOCUMENT, START),
        ):
            made = journey.another_consultation(session, world.staff, slug=slug, kind=kind, at=at)
            journey.decide(session, made, checks_answers=slug == "screened", takes_files=slug == "screened")
    for slug, change in (("suspended", changing.suspend), ("withdrawn", changing.withdraw)):
        with world.database.writing() as session:
            revision = queries.public_consultation(session, slug).revision
            change(session, world.staff.manager, START, slug, revision, "附件一缺页。")
    _corrected(world)
    return receipt, answered


def _taken_down(world: World) -> None:
    number = journey.submit(world, person=8, comment="与草案无关的一条意见。").number
    with world.database.writing() as session:
        found = by_number(session, number)
        assert found is not None
        take_down(session, world.staff.screener, START, found.id, EndedClass.OFF_TOPIC, "与草案无关。")


def _corrected(world: World) -> None:
    """A second text is under comment, the first has become an earlier one."""
    manager = world.staff.manager
    with world.database.writing() as session:
        row = queries.public_consultation(session, SLUG)
        document = session.get_one(DocumentVersion, row.version_id).document_id
        found = extract(CORRECTED, departments.directory(session))
        version = documents.add_version(session, manager, START, document, "second.txt", CORRECTED, found)
        session.flush()
        changing.correct(session, manager, START, SLUG, row.revision, version.id, "更正步行时间。", substantive=False)
        assert clauses_of(session, version.id)


def _compared(url: str) -> None:
    """What changed up to the final text is public."""
    page = f"/staff/consultations/{SLUG}/comparison"
    with serving(Database(url), StoppedClock()) as client:
        signed_in(client, Role.MANAGER)
        files = {"file": ("final.txt", FINAL.encode(), "text/plain")}
        sent = client.post(page.replace("comparison", "final-text"), data=hidden(client.get(page).text), files=files)
        assert sent.status_code == 303
        signed_in(client, Role.PUBLISHER)
        assert press(client, page, "/comparison/release", **CONFIRMED).status_code == 303


@dataclass
class Visit:
    """One reader's window, and every address that was asked for through it."""

    site: Site
    context: BrowserContext
    page: Page
    asked: list[str] = field(default_factory=list)

    def keep(self, cookies: dict[str, str]) -> None:
        """Puts cookies into the window."""
        url = self.site.url
        self.context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])

    def note(self, request: Request) -> None:
        self.asked.append(request.url)


@contextmanager
def visiting(site: Site, browser: Browser, cookies: dict[str, str], **given: Any) -> Iterator[Visit]:
    """A window of a reader who has made these choices."""
    wide = {"base_url": site.url, "viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}
    context = browser.new_context(**wide | given)
    context.set_default_timeout(20_000)
    visit = Visit(site, context, context.new_page())
    visit.keep(cookies)
    visit.page.on("request", visit.note)
    yield visit
    context.close()


def kept_receipt(site: Site) -> dict[str, str]:
    """The cookie of a browser that has just sent the comment of `site.receipt`."""
    from app.kit.crypto import SealedTokens

    sealed = SealedTokens(SECRETS.signing, "receipt")
    value = json.dumps([site.receipt.number, site.receipt.access_code])
    return {"yanlu_receipt": sealed.seal(value, "just-sent", START + DAY)}
