"""The whole path, from form to outcome, over HTTP: on the real page 001, and on the demonstration that is built in."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from starlette.testclient import TestClient

from app.captcha.challenge import Challenges
from app.consultations import queries as consultations
from app.departments.directory import Directory, load_seed
from app.main import build
from app.web import words as words_of_time
from tests.support.app import ENTRY, filled, hidden, press, words
from tests.support.demonstration import Demonstration, demonstration
from tests.support.journey import START, StoppedClock

SEED = "seeds/001_71da066cfbebc1b6.txt"
FACTS = "gold/form.json"
KEY = "gold/001_71da066cfbebc1b6.json"
FILLING_IN = timedelta(minutes=2)
"""A form that comes back at once was not filled in by a person."""
WORDS = "希望老旧小区加装电梯时先做适老化设计。楼道里也请装上扶手，我的手机号是13900000007。"


@dataclass(frozen=True)
class Walk:
    """A demonstration, and a browser's and a department's way of talking to it."""

    demo: Demonstration
    clock: StoppedClock
    client: TestClient

    @property
    def page(self) -> str:
        return f"/consultations/{self.demo.facts.slug}"

    def sign_in(self, role: str) -> TestClient:
        self.client.cookies.clear()
        username, password = self.demo.password(role)
        fields = hidden(self.client.get("/staff/sign-in").text)
        answer = self.client.post("/staff/sign-in", data=fields | {"username": username, "password": password})
        assert answer.status_code == 303
        return self.client

    def api(self, method: str, path: str, key: str, **sent: Any) -> Any:
        return self.client.request(method, f"/api/v1{path}", headers={"Authorization": f"Bearer {key}"}, **sent)


def walk_on(folder: Path, url: str, page: Path | None, at: datetime = START) -> Iterator[Walk]:
    clock = StoppedClock(at)
    demo = demonstration(folder, url, clock, page)
    app = build(demo.settings, demo.secrets, demo.database, clock)
    with TestClient(app, follow_redirects=False) as client:
        yield Walk(demo, clock, client)


@pytest.fixture
def on_001(tmp_path: Path, database_url: str, shared_dir: Path) -> Iterator[Walk]:
    yield from walk_on(tmp_path, database_url, shared_dir / SEED)


@pytest.fixture
def on_built_in(tmp_path: Path, database_url: str) -> Iterator[Walk]:
    """The window counts from the day of publication that the built-in page prints, so this is played after it."""
    yield from walk_on(tmp_path, database_url, None, datetime(2026, 11, 23, 1, 30, tzinfo=UTC))


def comment(walk: Walk, clause: str) -> tuple[str, str]:
    """Sends the form as a person would, captcha and all; answers receipt number and access code."""
    form = walk.client.get(f"{walk.page}/comment", params={"clause": clause})
    fields = hidden(form.text)
    answer = Challenges(walk.demo.secrets.signing).read(fields["captcha_token"], walk.clock.now()).digits
    walk.clock.at += FILLING_IN
    entry = ENTRY | {"comment": WORDS, "clause": clause, "captcha": answer}
    checked = walk.client.post(f"{walk.page}/comment", data=fields | entry)
    assert checked.status_code == 200, "everything is shown once more"
    sent = walk.client.post(f"{walk.page}/comment", data=filled(checked.text, step="send"))
    assert sent.status_code == 303
    slip = words(walk.client.get(sent.headers["location"]).text)
    number = sent.headers["location"].rpartition("/")[2]
    assert " ".join(re.findall("....", number)) in slip
    codes = re.findall(r"\b(?:[0-9A-HJKMNP-TV-Z]{4} ){3}[0-9A-HJKMNP-TV-Z]{4}\b", slip)
    (code,) = [found for found in codes if found.replace(" ", "") != number]
    return number, code


def screen_and_gather(walk: Walk, number: str, text: str) -> str:
    """Screener accepts, editor gathers the first sentence and submits; answers the suggestion's address."""
    screener = walk.sign_in("screener")
    queue = lxml.html.fromstring(screener.get("/staff/queue", params={"consultation": walk.demo.facts.slug}).text)
    (item,) = {link for link in queue.xpath("//main//a/@href") if "item=" in link}
    case = own_page(screener, item)
    page = words(screener.get(case).text)
    assert " ".join(re.findall("....", number)) in page
    for secret in (ENTRY["name"], ENTRY["id_number"], ENTRY["phone"], ENTRY["email"]):
        assert secret not in page.replace(WORDS, "")
    assert press(screener, case, "/accept").status_code == 303
    editor = walk.sign_in("editor")
    root = lxml.html.fromstring(editor.get(case).text)
    passage = root.xpath("//input[@name='passage']/@value")[0]
    clause = root.xpath("//select[@name='clause']/option[@value!='']/@value")[0]
    fields = {"passage": passage, "suggestion": "", "text": text, "theme": "适老化", "clause": clause}
    made = press(editor, case, "/gather", **fields)
    assert made.status_code == 303
    suggestion = str(made.headers["location"])
    assert press(editor, suggestion, "/submit").status_code == 303
    return suggestion


def approve_and_assign(walk: Walk, suggestion: str) -> list[str]:
    """Approver says yes and takes the proposal as it is; answers the departments, the lead first."""
    approver = walk.sign_in("approver")
    assert press(approver, suggestion, "/approve").status_code == 303
    root = lxml.html.fromstring(approver.get(suggestion).text)
    lead = root.xpath("//select[@name='lead']/option[@selected]/@value")[0]
    cooperating = root.xpath("//input[@name='cooperating'][@checked]/@value")
    assert press(approver, suggestion, "/assign", lead=lead, cooperating=cooperating).status_code == 303
    return [lead, *cooperating]


def outcome(walk: Walk, number: str, code: str) -> str:
    walk.client.cookies.clear()
    answer = walk.client.post("/receipts", data={"receipt_number": number, "access_code": code.lower()})
    assert answer.status_code == 200
    return words(answer.text)


def test_the_whole_path_on_the_real_consultation(on_001: Walk, shared_dir: Path) -> None:
    walk, key = on_001, json.loads((shared_dir / KEY).read_text(encoding="utf-8"))
    assert_shows_what_the_page_says(walk, key, json.loads((shared_dir / FACTS).read_text(encoding="utf-8")))
    clause = next(clause for clause in key["clauses"] if clause["number"] == "5")
    number, code = comment(walk, clause["label"])
    public = words(walk.client.get(f"{walk.page}/comments").text)
    assert "先做适老化设计" in public
    assert "13900000007" not in public
    assert clause["heading"] in public
    suggestion = screen_and_gather(walk, number, "老旧小区加装电梯先做适老化设计。")
    assert "等待" in outcome(walk, number, code) or "受理" in outcome(walk, number, code)
    directory = Directory(load_seed())
    named = [directory.lookup(unit["name"]).department for unit in clause["units"]]
    assert approve_and_assign(walk, suggestion) == [department.id for department in named if department]
    answered(walk, number, code)


def assert_shows_what_the_page_says(walk: Walk, key: dict[str, Any], facts: dict[str, Any]) -> None:
    """Deadline as printed and as it counts, contacts, rules, and 29 clauses with the departments of the key."""
    root = lxml.html.fromstring(walk.client.get(walk.page).text)
    page = "".join(root.text_content().split())
    numbered = [clause for clause in key["clauses"] if clause["number"].isdigit()]
    assert len(numbered) == 29
    for clause in numbered:
        assert clause["heading"].strip("“”") in page
        for unit in clause["units"]:
            assert "".join(unit["name"].split()) in page
    notice = facts["notice"]
    for fact in (notice["email"], notice["phone"].rpartition(")")[2], notice["deadline_written"].removeprefix("请于")):
        assert fact in page
    for rule in facts["rules"]:
        assert "".join(rule["text"].split()) in page
    with walk.demo.database.reading() as session:
        consultation = consultations.public_consultation(session, walk.demo.facts.slug)
        assert consultation.closes_at > walk.clock.now()
        assert "".join(words_of_time.instant(consultation.closes_at).split()) in page


def answered(walk: Walk, number: str, code: str) -> None:
    """The lead department fetches, acknowledges and answers; the person reads it."""
    key = walk.demo.facts.keys.get("civil-affairs", walk.demo.facts.api_key)
    items = walk.api("GET", "/assignments", key, params={"state": "delivered"}).json()["items"]
    (item,) = items
    text = json.dumps(item, ensure_ascii=False)
    for secret in (ENTRY["name"], ENTRY["id_number"], ENTRY["phone"], ENTRY["email"]):
        assert secret not in text
    path = f"/assignments/{item['id']}"
    assert walk.api("POST", f"{path}/acknowledge", key).status_code == 200
    reason = "已在方案中补充加装电梯同步开展适老化设计的要求。"
    final = {"disposition": "partly_adopted", "reason": reason}
    assert walk.api("POST", f"{path}/answer", key, json=final).status_code == 200
    assert walk.api("POST", f"{path}/answer", key, json=final).status_code == 409
    assert reason not in outcome(walk, number, code), "nobody is told before its release"
    confirm_and_release(walk)
    told = outcome(walk, number, code)
    for word in ("部分采纳", reason, "辽宁省民政厅", "老旧小区加装电梯先做适老化设计。"):
        assert word in told


def confirm_and_release(walk: Walk) -> None:
    """The manager records the drafting department's letter, the publisher releases what lies in the outbox."""
    page = f"/staff/consultations/{walk.demo.facts.slug}/outcomes"
    manager = walk.sign_in("manager")
    chosen = lxml.html.fromstring(manager.get(page).text).xpath("//input[@name='chosen']/@value")
    letter = {
        "letter_number": "民函〔2026〕3号",
        "letter_day": walk.clock.now().date().isoformat(),
        "letter_by": "处长",
    }
    assert press(manager, page, "/confirm", chosen=chosen, **letter).status_code == 303
    publisher = walk.sign_in("publisher")
    basis = {"title": "第一批办理结果", "basis": "起草单位已确认。"}
    made = press(publisher, f"{page}?state=confirmed", "/releases", **basis)
    assert made.status_code == 303
    sheet = words(publisher.get(f"{made.headers['location']}/sheet").text)
    assert basis["basis"] in sheet
    assert press(publisher, made.headers["location"], "/release", approver="分管领导").status_code == 303


def test_a_suggestion_that_a_department_sends_back_goes_to_another(on_built_in: Walk) -> None:
    walk = on_built_in
    root = lxml.html.fromstring(walk.client.get(f"{walk.page}/comment").text)
    label = root.xpath("//select[@name='clause']/option/@value")[2]
    number, code = comment(walk, label)
    suggestion = screen_and_gather(walk, number, "加装路灯。")
    lead, *_ = approve_and_assign(walk, suggestion)
    assert lead == walk.demo.facts.department or lead in walk.demo.facts.keys
    key = walk.demo.facts.keys.get(lead, walk.demo.facts.api_key)
    (item,) = walk.api("GET", "/assignments", key).json()["items"]
    sent = {"reason": "不属本厅职责。", "suggested_department": "education"}
    assert walk.api("POST", f"/assignments/{item['id']}/send-back", key, json=sent).status_code == 200
    approver = walk.sign_in("approver")
    assert suggestion.rpartition("/")[2] in approver.get("/staff/queue", params={"view": "sent_back"}).text
    assert "不属本厅职责。" in words(approver.get(suggestion).text)
    assert press(approver, suggestion, "/assign", lead="education", cooperating=[]).status_code == 303
    assert "辽宁省教育厅" in outcome(walk, number, code)


def test_what_is_closed_tells_its_sender_why(on_built_in: Walk) -> None:
    walk = on_built_in
    first, first_code = comment(walk, "")
    screener = walk.sign_in("screener")
    case = own_page(screener, next(link for link in links(screener.get("/staff/queue").text) if "item=" in link))
    assert press(screener, case, "/out-of-scope", reason="与草案无关，请拨打12345。").status_code == 303
    assert "请拨打12345" in outcome(walk, first, first_code)


def own_page(browser: TestClient, item: str) -> str:
    """The address of a submission alone, which stands beside the list when it is open there."""
    return next(link for link in links(browser.get(item).text) if "/staff/submissions/" in link)


def links(page: str) -> list[str]:
    return [str(link) for link in lxml.html.fromstring(page).xpath("//main//a/@href")]
