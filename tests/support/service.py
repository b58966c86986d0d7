"""The whole service as those outside of it meet it: pages and API over HTTP, the worker's steps when a test says so.

Everybody has a browser or a program of their own; nobody looks into the store.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import lxml.html
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.permissions import Role
from app.worker import events, folding, grouping, indexing
from app.worker.delivering import Post, deliver_once
from app.worker.jobs import JOBS
from app.worker.loop import work_once
from tests.support.app import ENTRY, hidden, press, signed_in, solved, words
from tests.support.journey import PASSWORD, SLUG, StoppedClock, World, identity
from tests.worker.sending import COLUMN, SENDER, Recorder

KEY = re.compile(r"yl_[0-9a-f]{12}_[A-Za-z0-9_-]{43}")
RECURRING = {name: timedelta(seconds=5) for name in (grouping.JOB, folding.JOB, indexing.JOB)}
"""What the worker does again and again, as far as a story needs it."""
AGAIN = timedelta(seconds=6)


@dataclass(frozen=True)
class Program:
    """A department's program with its key."""

    http: TestClient
    key: str

    def ask(self, method: str, path: str, **sent: Any) -> Any:
        return self.http.request(method, f"/api/v1{path}", headers={"Authorization": f"Bearer {self.key}"}, **sent)

    def get(self, path: str, **asked: Any) -> Any:
        """The answer's JSON; anything but 200 fails."""
        answer = self.ask("GET", path, params=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def do(self, path: str, **body: Any) -> Any:
        """A write, of which the department reads what came of it."""
        answer = self.ask("POST", path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def items(self, **asked: Any) -> dict[str, Any]:
        """Its assignments by the words of their suggestions."""
        return {item["suggestion"]["text"]: item for item in self.get("/assignments", limit=100, **asked)["items"]}


@dataclass(frozen=True)
class Receipt:
    """What somebody keeps after sending."""

    number: str
    code: str


@dataclass(frozen=True)
class Service:
    """A served world; `out` keeps the messages that went out."""

    world: World
    app: FastAPI
    http: TestClient
    clock: StoppedClock
    out: Recorder = field(default_factory=Recorder)

    def staff(self, role: Role, username: str | None = None) -> TestClient:
        """The staff's browser, signed in anew as that person."""
        if username is None:
            return signed_in(self.http, role)
        self.http.cookies.clear()
        sent = hidden(self.http.get("/staff/sign-in").text) | {"username": username, "password": PASSWORD}
        assert self.http.post("/staff/sign-in", data=sent).status_code == 303
        return self.http

    def program(self, department: str) -> Program:
        """A program of the department, whose key the administrator makes and hands over."""
        administrator = self.staff(Role.ADMINISTRATOR)
        shown = press(administrator, "/staff/clients/new", "/staff/clients", name=department, department=department)
        return Program(TestClient(self.app), KEY.findall(shown.text)[0])

    def comment(self, person: int, text: str, slug: str = SLUG, clause: str = "") -> Receipt:
        """Somebody at a connection of their own fills in the form, captcha and all."""
        browser = TestClient(self.app, follow_redirects=False, client=(f"198.51.{person}.7", 50000))
        where = f"/consultations/{slug}/comment"
        who = identity(person)
        entry = ENTRY | {"name": who.name, "id_number": who.id_number, "phone": who.phone, "email": who.email}
        entry |= {"comment": text, "clause": clause}
        sent = browser.post(where, data=solved(browser.get(where).text, self.clock) | entry)
        assert sent.status_code == 303, words(sent.text)
        number = sent.headers["location"].rpartition("/")[2]
        slip = words(browser.get(sent.headers["location"]).text)
        codes = re.findall(r"\b(?:[0-9A-HJKMNP-TV-Z]{4} ){3}[0-9A-HJKMNP-TV-Z]{4}\b", slip)
        (code,) = {found for found in codes if found.replace(" ", "") != number}
        return Receipt(number, code)

    def receipt(self, receipt: Receipt) -> str:
        """The words that number and code open."""
        browser = TestClient(self.app)
        sent = {"receipt_number": receipt.number, "access_code": receipt.code.lower()}
        answer = browser.post("/receipts", data=sent)
        assert answer.status_code == 200
        return words(answer.text)

    def work(self) -> None:
        """The worker's turn: what is due, events in order, and messages on their way."""
        self.clock.at += AGAIN
        while work_once(self.world.database, self.clock, JOBS, RECURRING):
            pass
        events.put_in_order(self.world.database, self.clock)
        post = Post(self.out, SENDER, COLUMN, self.world.vault)
        while deliver_once(self.world.database, self.clock, post):
            pass

    def messages(self) -> dict[str, list[str]]:
        """Everything that went out so far, by address."""
        found: dict[str, list[str]] = {}
        for message in self.out.sent:
            found.setdefault(message["To"], []).append(" ".join(message.get_content().split()))
        return found


def own_page(browser: TestClient, said: str) -> str:
    """The own address, on the desk, of the one submission that has these words."""
    listed = browser.get("/staff/queue", params={"view": "all", "search": said}).text
    (id,) = set(re.findall(r"[?&;]item=([0-9a-f-]{36})", listed))
    return f"/staff/submissions/{id}"


def links(page: str) -> list[str]:
    """Addresses that a page leads to, without what is asked of them."""
    found = lxml.html.fromstring(page).iter("a")
    return [str(link.get("href", "")).partition("?")[0] for link in found]


def choices(page: str, name: str) -> list[str]:
    """The values that a page offers under a name."""
    found = lxml.html.fromstring(page).iter("input", "button", "select")
    return [str(field.get("value")) for field in found if field.get("name") == name and field.get("value")]
