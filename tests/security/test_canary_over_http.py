"""Nobody's ID number, telephone, address or name stands where it doesn't belong, wherever a comment's way leads it.

What may show them: to the sender, the answer to their own form (never the ID number), and mail, as its address; to
staff, the page of a submission whose identity they unlocked, and an export of identities that a second person approved.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.archives import actions as archives
from app.archives.actions import Package
from app.archives.retention import Retention
from app.backups import making, stream
from app.backups.making import Source
from app.backups.sets import Folder, label
from app.cli.backups import WANTED
from app.kit.blobs import DiskBlobs
from app.kit.errors import Unavailable
from app.main import build
from app.permissions import Role
from app.submissions.group_intake import GroupIntake
from app.transparency.keys import signer_of
from app.web.public import receipt_pdf
from app.worker import exporting, transparency
from tests.security.test_canary_search import position, store_files
from tests.support import journey
from tests.support.app import ENTRY, SECRETS, hidden, press, settings, signed_in, words
from tests.support.canary import Canaries, full_width, in_groups
from tests.support.dump import dump, values
from tests.support.exporting import clerk
from tests.support.exporting import content as content_of
from tests.support.journey import DRAFTING, SLUG, START, StoppedClock, World
from tests.support.service import Program, Service, choices, own_page
from tests.webhooks.receiving import Post

FORM = f"/consultations/{SLUG}/comment"
NUMBER = next(number for number in map(journey.id_number, range(2000, 3000)) if number.endswith("X"))
NAME, PHONE, EMAIL = "金丝雀测试", "13986420975", "Canary.Nineteen@example.com"
CANARIES = Canaries([NUMBER, PHONE, EMAIL, NAME])
IDENTITY_ALONE = Canaries([NUMBER])
SAID = (
    "助餐点周末请照常开门，节假日也请安排轮流值班。",
    "后厨的检查结果没有地方看，建议贴在取餐口。",
    "菜单每天现写，糖尿病人常常白跑一趟，建议提前公布。",
    "送餐到家饭菜都凉了，建议规定时限并使用保温箱。",
)
WORDS = SAID[0]
SUGGESTION = "助餐点周末和节假日照常供餐。"
WAYS = (
    {"id_number": NUMBER, "phone": PHONE, "email": EMAIL},
    {"id_number": full_width(NUMBER), "phone": full_width(PHONE), "email": EMAIL},
    {"id_number": NUMBER.lower(), "phone": in_groups(PHONE, (3, 4, 4), "-"), "email": EMAIL.lower()},
    {"id_number": in_groups(NUMBER, (6, 8, 4), " "), "phone": in_groups(PHONE, (3, 4, 4), " "), "email": EMAIL},
)
PAIR = stream.new_pair()
LETTER = {"letter_number": "民函〔2026〕3号", "letter_day": "2026-05-11", "letter_by": "处长"}
IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9A-Z]{12,}|\d+")
LEADING_AWAY = ("/sign-out", "/static", "/captcha", "/verify", "/language", "/care")
MOST_PAGES = 12
SEGMENT = 2**24
"""Bytes of one file of PostgreSQL's write-ahead log."""


@dataclass(frozen=True)
class Said:
    """One answer: what was asked for, its status, headers and content."""

    method: str
    path: str
    status: int
    headers: bytes
    body: bytes


@dataclass
class Recorded:
    """The service with an ear at its door."""

    app: ASGIApp
    heard: list[Said] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status, headers, body = 0, b"", b""

        async def hear(message: Message) -> None:
            nonlocal status, headers, body
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = b"\n".join(name + b": " + value for name, value in message["headers"])
            body += message.get("body", b"")
            await send(message)

        await self.app(scope, receive, hear)
        self.heard.append(Said(scope["method"], scope["path"], status, headers, body))


@dataclass(frozen=True)
class Way:
    """A service on a store, all that it said, and where it keeps files."""

    service: Service
    door: Recorded
    folder: Path

    @property
    def world(self) -> World:
        return self.service.world


@pytest.fixture
def way(world: World, tmp_path: Path) -> Iterator[Way]:
    clock = StoppedClock(START)
    given = settings(captcha=False, var_dir=tmp_path, metrics_networks=["0.0.0.0/0"])
    door = Recorded(build(given, SECRETS, world.database, clock))
    with TestClient(door, follow_redirects=False, client=("127.0.0.1", 50000)) as http:
        yield Way(Service(world, door, http, clock), door, tmp_path)  # type: ignore[arg-type]


def test_who_wrote_stands_nowhere_in_the_open(
    way: Way, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    since = position(way.world)
    post = Post(way.world.database, way.service.clock)
    post.endpoint()
    receipts = [sent(way, number, entered) for number, entered in enumerate(WAYS)]
    bounced(way, monkeypatch)
    typed_into_addresses(way)
    decided(way)
    assert_only_unlocking_shows(way)
    looked_around(way)
    receipts_read(way, receipts)
    made_into_pdf(way, receipts[0], monkeypatch)
    taken_out = [*exported(way), *archived(way), *backed_up(way), *pushed(post)]
    transparency.seal_if_due(way.world.database, log_keeper(way), way.service.clock.now() + timedelta(minutes=5), print)
    assert_said_only_where_it_may(way)
    assert CANARIES.found(*taken_out) == set()
    found = [place for place, value in values(dump(way.world.database)) if CANARIES.found(value)]
    assert found == []
    assert CANARIES.found(*store_files(way.world, since)) == set()
    way.world.database.close()
    left = [path.name for path in way.folder.rglob("*") if path.is_file() and CANARIES.found(path.read_bytes())]
    assert left == []
    output = capfd.readouterr()
    # The browser of the test notes addresses as well; it is no part of the service.
    noted = [record.getMessage() for record in caplog.records if record.name != "httpx2"]
    assert CANARIES.found(*noted, output.out, output.err) == set()


def sent(way: Way, number: int, entered: dict[str, str]) -> tuple[str, str]:
    """Receipt number and access code."""
    browser = TestClient(way.door, follow_redirects=False)
    fields = hidden(browser.get(FORM).text) | ENTRY | entered | {"name": NAME, "comment": SAID[number]}
    answer = browser.post(FORM, data=fields)
    assert answer.status_code == 303, words(answer.text)
    slip = words(browser.get(answer.headers["location"]).text)
    assert browser.post(FORM, data=fields | {"comment": "换了内容。"}).status_code == 409
    made = answer.headers["location"].rpartition("/")[2]
    codes = re.findall(r"\b(?:[0-9A-HJKMNP-TV-Z]{4} ){3}[0-9A-HJKMNP-TV-Z]{4}\b", slip)
    assert browser.post(f"/receipts/{made}/file", data=hidden(browser.get(f"/receipts/{made}").text)).status_code == 200
    return made, next(found for found in codes if found.replace(" ", "") != made)


def bounced(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an error, with the store away, and with a failure of ours."""
    browser = TestClient(way.door, follow_redirects=False, raise_server_exceptions=False)
    entry = hidden(browser.get(FORM).text) | ENTRY | WAYS[1] | {"name": NAME}
    assert browser.post(FORM, data=entry | {"comment": ""}).status_code == 422
    for failure, status in ((Unavailable("outcome_unknown"), 503), (RuntimeError(NUMBER, PHONE, EMAIL, NAME), 500)):
        with monkeypatch.context() as patch:
            patch.setattr(GroupIntake, "submit", lambda *_, failure=failure: _raise(failure))
            assert browser.post(FORM, data=entry | WAYS[0] | {"comment": WORDS}).status_code == status


def _raise(failure: Exception) -> None:
    raise failure


def typed_into_addresses(way: Way) -> None:
    """Whatever somebody puts into an address, no log keeps it."""
    browser = TestClient(way.door, follow_redirects=False, raise_server_exceptions=False)
    for path in (f"/receipts/{NUMBER}", f"/nothing/{PHONE}", f"/consultations/{SLUG}?phone={PHONE}&email={EMAIL}"):
        browser.get(path)
    browser.post(f"/api/v1/assignments/{NUMBER}/answer", json={"reason": PHONE}, headers={"Authorization": PHONE})
    browser.request("TRACE", f"/{PHONE}", headers={"User-Agent": EMAIL, "Referer": f"http://x/{NUMBER}"})
    way.door.heard[:] = [one for one in way.door.heard if not CANARIES.found(one.path, one.body)]


def assert_mail_only_to_them(way: Way) -> None:
    way.service.work()
    messages = way.service.out.sent
    assert messages
    for message in messages:
        assert message["To"].lower() == EMAIL.lower()
        del message["To"]
        assert CANARIES.found(message.as_bytes(), message.get_content()) == set()


def decided(way: Way) -> None:
    """Screened, gathered, approved, handed over, answered by the department's program, confirmed and released."""
    service = way.service
    service.work()
    case = own_page(service.staff(Role.SCREENER), WORDS[:12])
    assert press(service.http, case, "/accept").status_code == 303
    for said in SAID[1:]:  # nobody is told before all that they sent has an end
        closed = press(service.http, own_page(service.http, said[:12]), "/out-of-scope", reason="与草案无关。")
        assert closed.status_code == 303
    editor = service.staff(Role.EDITOR)
    passage = choices(editor.get(case).text, "passage")
    fields = {"passage": passage, "text": SUGGESTION, "suggestion": "", "theme": "助餐", "clause": ""}
    suggestion = str(press(editor, case, "/gather", **fields).headers["location"])
    assert press(editor, suggestion, "/submit").status_code == 303
    approver = service.staff(Role.APPROVER)
    assert press(approver, suggestion, "/approve").status_code == 303
    assert press(approver, suggestion, "/assign", lead=DRAFTING, cooperating=[]).status_code == 303
    program = service.program(DRAFTING)
    answered(program)
    page = f"/staff/consultations/{SLUG}/outcomes"
    chosen = choices(service.staff(Role.MANAGER).get(page).text, "chosen")
    assert press(service.http, page, "/confirm", chosen=chosen, **LETTER).status_code == 303
    publisher = service.staff(Role.PUBLISHER)
    basis = {"title": "第一批办理结果", "basis": "起草单位已确认。"}
    made = press(publisher, f"{page}?state=confirmed", "/releases", **basis)
    assert press(publisher, made.headers["location"], "/release", approver="分管领导").status_code == 303
    assert_mail_only_to_them(way)


def answered(program: Program) -> None:
    place = f"/assignments/{program.items()[SUGGESTION]['id']}"
    final = {"disposition": "adopted", "reason": "已写入第二条。"}
    assert program.do(f"{place}/answer", **final)["state"] == "answered"
    for path in (place, "/events", "/consultations", f"/consultations/{SLUG}"):
        program.ask("GET", path, params={"after": 0} if path == "/events" else {})


def assert_only_unlocking_shows(way: Way) -> None:
    """Whoever unlocks sees all of it, on that page; nobody else does afterwards."""
    manager = way.service.staff(Role.MANAGER)
    case = own_page(manager, WORDS[:12])
    before = len(way.door.heard)
    assert press(manager, case, "/identity", reason="须联系本人核实。").status_code == 303
    assert CANARIES.found(manager.get(case).content) == {NUMBER, PHONE, NAME, EMAIL}
    shown = [one for one in way.door.heard[before:] if CANARIES.found(one.body)]
    assert {(one.method, one.path) for one in shown} == {("GET", case)}
    assert all(b"no-store" in one.headers for one in shown)
    del way.door.heard[before:]
    way.service.clock.at += timedelta(minutes=11)


def looked_around(way: Way) -> None:
    """One page of each kind that links lead the public and each of these people to."""
    for role in (None, Role.MANAGER, Role.AUDITOR, Role.OFFICE_HEAD):
        browser = TestClient(way.door, follow_redirects=False)
        if role is not None:
            signed_in(browser, role)
        start = "/office" if role is Role.OFFICE_HEAD else "/staff" if role else f"/consultations/{SLUG}"
        assert len(_walked(browser, start)) > 5
    for path in ("comments.csv", "comments.json", "comments.atom", "statistics", "results", "comments"):
        way.service.http.get(f"/consultations/{SLUG}/{path}")
    assert way.service.http.get("/metrics").status_code == 200


def _walked(browser: TestClient, start: str) -> set[str]:
    """Kinds of pages that were found, by following links from there."""
    kinds: set[str] = set()
    waiting = [start]
    while waiting and len(kinds) < MOST_PAGES:
        answer = browser.get(waiting.pop())
        assert answer.status_code < 500, answer.url
        new = [(IDS.sub("*", link.partition("?")[0]), link) for link in _links(answer)]
        for kind, link in new:
            if kind not in kinds and not kind.startswith(LEADING_AWAY):
                kinds.add(kind)
                waiting.append(link)
    return kinds


def _links(answer: Any) -> list[str]:
    if "location" in answer.headers:
        return [answer.headers["location"]] if answer.headers["location"].startswith("/") else []
    if "html" not in answer.headers.get("content-type", ""):
        return []
    found = (str(link.get("href", "")) for link in lxml.html.fromstring(answer.text).iter("a"))
    return [link for link in found if link.startswith("/")]


def receipts_read(way: Way, receipts: list[tuple[str, str]]) -> None:
    """By number and code; then somebody reports that the ID number was misused."""
    browser = TestClient(way.door, follow_redirects=False)
    for number, code in receipts[:1]:
        looked_up = browser.post("/receipts", data={"receipt_number": number, "access_code": code})
        assert looked_up.status_code == 200
        assert browser.get(f"/receipts/{number}/rights").status_code == 200
    report = hidden(browser.get("/misuse").text) | {"name": NAME, "phone": PHONE, "id_number": NUMBER, "words": "冒用"}
    assert browser.post("/misuse", data=report).status_code == 303


def made_into_pdf(way: Way, receipt: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The page that the PDF is made of is listened to instead: in the file its words are numbers of glyphs."""
    number, code = receipt
    monkeypatch.setattr(receipt_pdf, "is_installed", lambda: True)
    monkeypatch.setattr(receipt_pdf, "render", str.encode)
    browser = TestClient(way.door, follow_redirects=False)
    assert browser.post("/receipts", data={"receipt_number": number, "access_code": code}).status_code == 200
    made = browser.post(f"/receipts/{number}/pdf", data=hidden(browser.get(f"/receipts/{number}").text))
    assert made.headers["content-type"] == "application/pdf"
    assert WORDS in made.text


def pushed(post: Post) -> Iterator[bytes]:
    """What the department's receiver got of all that happened."""
    post.spread()
    post.carry_all()
    got = post.receivers["/in"].got
    assert len(got) > 2
    for headers, body in got:
        yield from (body, *(f"{name}: {value}".encode() for name, value in headers.items()))


def exported(way: Way) -> Iterator[bytes]:
    """What the manager orders and saves; those who leave contacts out by rule."""
    manager = way.service.staff(Role.MANAGER)
    asked = f"/staff/exports/new?consultation={SLUG}"
    common = {"consultation": SLUG, "purpose": "向起草单位提供意见底稿。"}
    for kind, ending in (("submissions", "csv"), ("submissions", "xlsx"), ("results", "csv")):
        order = press(manager, asked, "/exports/new", kind=kind, format=ending, **common)
        assert order.status_code == 303, words(order.text)
        assert exporting.write_once(way.world.database, way.service.clock, clerk(way.world, way.folder))
        yield press(manager, order.headers["location"], "/file").content
    auditor = way.service.staff(Role.AUDITOR)
    yield press(auditor, "/staff/audit", "/audit/export").content


def archived(way: Way) -> Iterator[bytes]:
    """The package, with contacts sealed for the archive."""
    world, now = way.world, way.service.clock.now()
    package = Package(world.consultation.id, "WS·2026-30-001", Retention.PERMANENT, "辽宁省民政厅", True, False)
    with world.database.writing() as session:
        order_id = archives.order(session, world.staff.manager, now, package).order_id
    assert exporting.write_once(world.database, way.service.clock, clerk(world, way.folder))
    yield content_of(world, way.folder, order_id)


def backed_up(way: Way) -> Iterator[bytes]:
    """Every file of the set; what the private key opens in it is as sealed as the store is."""
    place = way.folder / "backups"
    place.mkdir()
    url = way.world.database.engine.url.render_as_string(hide_password=False)
    source, folder = Source(url, DiskBlobs(way.folder / "files"), WANTED, "0"), Folder(place)
    with folder.locked():
        made = making.make(folder, source, stream.read_key(PAIR.public), way.service.clock.now())
    for path in place.rglob("*"):
        if path.is_file():
            yield path.read_bytes()
    for part in ("store", "keys"):
        with (folder.set_path(made.id) / part).open("rb") as sealed:
            yield b"".join(stream.opened(sealed, stream.read_key(PAIR.private), label(made.id, part)))


def log_keeper(way: Way) -> transparency.LogKeeper:
    given = settings(captcha=False, var_dir=way.folder, log_heads=way.folder / "heads")
    signer = signer_of(given.signature_seed, SECRETS.signing)
    return transparency.LogKeeper(signer, given.log_heads, True)


def assert_said_only_where_it_may(way: Way) -> None:
    """Addresses, redirects, cookies and other headers never; contents on the answer to the sender's own form alone."""
    assert len(way.door.heard) > 100
    leaks: list[object] = []
    for one in way.door.heard:
        assert CANARIES.found(one.headers) == set(), (one.method, one.path)
        if (one.method, one.path) == ("POST", FORM) and one.status in (422, 503):
            assert IDENTITY_ALONE.found(one.body) == set(), one.status
            assert b"no-store" in one.headers
        elif one.path == "/misuse":
            assert IDENTITY_ALONE.found(one.body) == set(), one.status
        elif CANARIES.found(one.body):
            leaks.append((one.method, one.path, one.status, CANARIES.found(one.body)))
    assert leaks == []
