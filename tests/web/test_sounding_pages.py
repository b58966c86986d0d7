"""The pages of letters to other organs: a letter goes its whole way on them, and shows to nobody who may not."""

import csv
import io
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import lxml.html
import openpyxl
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.exports import actions as exports
from app.exports.models import Export, Frozen
from app.permissions import Role, ScopeKind, operator
from app.soundings.lifecycle import Adoption
from app.soundings.models import Sounding, SoundingFile
from app.soundings.replying import Wording
from tests.support import sounding
from tests.support.app import press, serving, signed_in, words
from tests.support.counting import statements
from tests.support.files import pdf
from tests.support.journey import SLUG, START, StoppedClock, World
from tests.support.sounding import DUE, TODAY
from tests.web.test_roles_in_scopes import other, scoped

LIST = f"/staff/consultations/{SLUG}/soundings"
COLUMNS = ["序号", "提出单位", "条目", "原意见", "采纳情况", "理由"]
NO_FILE = {"nothing": (None, "")}
REPLY = {"replied_on": TODAY.isoformat(), "document_number": "财函〔2026〕3号", "signer": "测试甲"}


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def browser(sqlite_world: World, clock: StoppedClock, tmp_path: Any) -> Iterator[TestClient]:
    with serving(sqlite_world.database, clock, var_dir=tmp_path) as client:
        client.headers["Accept-Language"] = "zh-CN"
        yield signed_in(client, Role.MANAGER)


def revision_on(browser: TestClient, url: str) -> dict[str, str]:
    """What the page's first form with a revision carries."""
    form = lxml.html.fromstring(browser.get(url).text).xpath("//form[.//input[@name='revision']]")[0]
    return {field.get("name"): field.get("value", "") for field in form.xpath(".//input[@type='hidden']")}


def test_a_letter_goes_its_whole_way(browser: TestClient, sqlite_world: World) -> None:
    new = {"title": "关于征求意见的函", "version": str(sqlite_world.consultation.version_id), "due_on": DUE.isoformat()}
    missing = press(browser, f"{LIST}/new", "/new", **new | {"title": " "})
    assert missing.status_code == 422
    assert DUE.isoformat() in missing.text, "what was entered is still there"
    letter = press(browser, f"{LIST}/new", "/new", **new).headers["location"]
    assert press(browser, letter, "/organs", unit=["finance"], names="外地某研究中心\n\n").status_code == 303
    assert press(browser, letter, "/send").status_code == 422, "without a document number"
    numbered = new | {"document_number": sounding.NUMBER, "issued_on": TODAY.isoformat(), "silence_counts": "yes"}
    assert press(browser, f"{letter}/edit", "/edit", **numbered).status_code == 303
    assert press(browser, letter, "/send").status_code == 303
    shown = browser.get(letter).text
    organ = lxml.html.fromstring(shown).xpath("//main//table//th/a/@href")[0]
    assert "个工作日" in words(shown)
    carried = revision_on(browser, organ)
    files = {"scan": ("复函.pdf", pdf(), "application/pdf")}
    answer = browser.post(f"{organ}/reply", data=carried | REPLY | {"with_opinions": "yes"}, files=files)
    assert answer.status_code == 303
    clause = str(sqlite_world.clauses[0].id)
    entered = press(browser, organ, "/opinions", clause=clause, words="经费保障表述建议核实。", proposed="改为统筹。")
    assert entered.status_code == 303
    shown = browser.get(organ).text
    (opinion,) = lxml.html.fromstring(shown).xpath("//main//ol//a/@href")
    assert "复函.pdf" in words(shown)
    assert press(browser, opinion, "/handle", adoption="not_adopted", reason=" ").status_code == 422
    assert press(browser, opinion, "/handle", adoption="not_adopted", reason="上位法已有规定。").status_code == 303
    assert press(browser, opinion, "/dispute/", coordination="该单位坚持原意见。").status_code == 303
    assert "仍有分歧" in words(browser.get(opinion).text)
    assert press(browser, letter, "/close").status_code == 303
    assert press(browser, letter, "/reopen", reason="收到逾期复函。").status_code == 303
    later = (DUE + timedelta(days=7)).isoformat()
    assert press(browser, letter, "/extend", due_on=later, reason="单位请求延期。").status_code == 303
    assert "单位请求延期。" in words(browser.get(letter).text)
    assert "仍有分歧" in words(browser.get(f"{letter}/summary").text)
    scan = press(browser, organ, "/staff/sounding-files/")
    assert (scan.status_code, scan.content) == (200, pdf())
    assert scan.headers["content-disposition"].startswith("attachment")


def test_who_comes_second_sees_what_stands_and_keeps_what_they_entered(
    browser: TestClient, sqlite_world: World
) -> None:
    organ_id = sounding.organs(sqlite_world, sounding.sent(sqlite_world))[0]
    organ = f"/staff/sounded-organs/{organ_id}"
    seen = revision_on(browser, organ)
    sounding.replied(sqlite_world, organ_id)
    mine = seen | REPLY | {"with_opinions": "yes", "document_number": "我登记的文号"}
    answer = browser.post(f"{organ}/reply", data=mine, files=NO_FILE)
    shown = lxml.html.fromstring(answer.text)
    assert answer.status_code == 409
    assert "其他同志已先行登记" in words(answer.text)
    assert "财函〔2026〕3号" in words(answer.text), "what stands"
    assert shown.xpath("//input[@id='reply-number']/@value") == ["我登记的文号"]


def test_a_file_that_is_no_scan_is_refused_and_nothing_is_stored(browser: TestClient, sqlite_world: World) -> None:
    organ = f"/staff/sounded-organs/{sounding.organs(sqlite_world, sounding.sent(sqlite_world))[0]}"
    files = {"scan": ("复函.pdf", b"MZ no scan", "application/pdf")}
    sent = revision_on(browser, organ) | REPLY | {"with_opinions": "no"}
    answer = browser.post(f"{organ}/reply", data=sent, files=files)
    assert answer.status_code == 422
    assert "财函〔2026〕3号" in answer.text
    with sqlite_world.database.reading() as session:
        assert session.scalars(select(SoundingFile)).all() == []


def test_an_approver_reads_and_writes_nothing(browser: TestClient, sqlite_world: World) -> None:
    letter = sounding.sent(sqlite_world)
    organ = sounding.organs(sqlite_world, letter)[0]
    signed_in(browser, Role.APPROVER)
    for path in (LIST, "/staff/soundings", f"/staff/soundings/{letter}", f"/staff/sounded-organs/{organ}"):
        shown = browser.get(path)
        assert shown.status_code == 200
        actions = lxml.html.fromstring(shown.text).xpath("//main//form/@action")
        assert actions == [], path
    assert browser.get(f"{LIST}/new").status_code == 403
    assert browser.post(f"/staff/soundings/{letter}/close", data={"revision": "1"}).status_code == 403


@pytest.mark.parametrize("role", [Role.SCREENER, Role.EDITOR, Role.PUBLISHER, Role.AUDITOR])
def test_other_roles_reach_none_of_it(browser: TestClient, sqlite_world: World, role: Role) -> None:
    letter = sounding.sent(sqlite_world)
    signed_in(browser, role)
    for path in (LIST, "/staff/soundings", f"/staff/soundings/{letter}", f"/staff/soundings/{letter}/summary"):
        assert browser.get(path).status_code == 403


def test_a_role_held_elsewhere_finds_no_letter(browser: TestClient, sqlite_world: World) -> None:
    letter = sounding.sent(sqlite_world)
    organ = sounding.organs(sqlite_world, letter)[0]
    sounding.replied(sqlite_world, organ, [Wording("建议核实。")])
    (opinion,) = sounding.opinions_of(sqlite_world, organ)
    scoped(sqlite_world, Role.MANAGER, ScopeKind.CONSULTATION, str(other(sqlite_world)))
    for path in (
        LIST,
        f"/staff/soundings/{letter}",
        f"/staff/soundings/{letter}/summary",
        f"/staff/soundings/{letter}/edit",
        f"/staff/sounded-organs/{organ}",
        f"/staff/organ-opinions/{opinion}",
    ):
        assert browser.get(path).status_code == 404, path
    shown = browser.get("/staff/soundings")
    assert shown.status_code == 200
    assert str(letter) not in shown.text


def exported(browser: TestClient, letter: uuid.UUID, form: str) -> Any:
    page = browser.get(f"/staff/soundings/{letter}/summary").text
    token = lxml.html.fromstring(page).xpath("//input[@name='csrf_token']/@value")[0]
    data = {"csrf_token": token, "format": form}
    return browser.post(f"/staff/soundings/{letter}/summary/export", data=data)


def test_tables_hold_the_columns_and_no_formula(browser: TestClient, sqlite_world: World) -> None:
    letter = sounding.sent(sqlite_world)
    first, second = sounding.organs(sqlite_world, letter)
    sounding.replied(sqlite_world, first, [Wording('=HYPERLINK("x")'), Wording("建议删去。", "改为二。")])
    sounding.replied(sqlite_world, second, [Wording("+1")])
    handled = sounding.opinions_of(sqlite_world, first)[0]
    sounding.handled(sqlite_world, handled, Adoption.PARTLY_ADOPTED, "@部分采纳")
    answer = exported(browser, letter, "csv")
    heading, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert heading == COLUMNS
    assert [row[0] for row in rows] == ["1", "2", "3"]
    assert rows[0][1:] == [sounding.ORGANS[0], "全文", '\'=HYPERLINK("x")', "部分采纳", "'@部分采纳"]
    assert rows[2][3:] == ["'+1", "尚未办理", ""]
    sheet = openpyxl.load_workbook(io.BytesIO(exported(browser, letter, "xlsx").content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == COLUMNS
    assert [sheet.cell(2, 4).value, sheet.cell(2, 4).data_type] == ['=HYPERLINK("x")', "s"]
    assert sheet.cell(3, 4).value == "建议删去。\n建议修改为：改为二。"
    with sqlite_world.database.reading() as session:
        assert [(row.what, row.number) for row in session.scalars(select(Export))] == [("organ_opinions", 3)] * 2


def test_while_exports_are_stopped_nothing_leaves(browser: TestClient, sqlite_world: World) -> None:
    letter = sounding.sent(sqlite_world)
    with sqlite_world.database.writing() as session:
        exports.freeze(session, operator("tests"), START, Frozen.EXPORTS, "核查。")
    assert exported(browser, letter, "csv").status_code == 409


def test_overdue_is_shown_and_is_no_agreement(browser: TestClient, sqlite_world: World, clock: StoppedClock) -> None:
    plain, agreed = sounding.sent(sqlite_world), sounding.sent(sqlite_world, silence=True)
    clock.at += timedelta(days=12)
    signed_in(browser, Role.MANAGER)
    shown = [words(browser.get(f"/staff/soundings/{letter}").text) for letter in (plain, agreed)]
    assert "不视为同意" in shown[0]
    assert "逾期视为无意见" not in shown[0]
    assert "逾期视为无意见" in shown[1]


def test_long_lists_go_on_by_their_key(browser: TestClient, sqlite_world: World) -> None:
    names = [f"第{number}家单位" for number in range(1, 104)]
    letter = f"/staff/soundings/{sounding.sent(sqlite_world, names)}"
    first = lxml.html.fromstring(browser.get(letter).text)
    (more,) = first.xpath("//a[@rel='next']/@href")
    second = lxml.html.fromstring(browser.get(more).text)
    found = [link.text_content() for each in (first, second) for link in each.xpath("//main//table//th/a")]
    assert found == names
    assert second.xpath("//a[@rel='next']") == []


def asked(browser: TestClient, world: World, path: str) -> int:
    browser.get(path)
    with statements(world.database) as sent:
        assert browser.get(path).status_code == 200
    return len(sent)


def test_three_rows_cost_no_more_queries_than_one(browser: TestClient, sqlite_world: World) -> None:
    one, three = sounding.sent(sqlite_world, ["甲"]), sounding.sent(sqlite_world, ["甲", "乙", "丙"])
    clause = sqlite_world.clauses[0].id
    first = sounding.organs(sqlite_world, one)[0]
    sounding.replied(sqlite_world, first, [Wording("一", "", clause)])
    others = sounding.organs(sqlite_world, three)
    sounding.replied(sqlite_world, others[0], [Wording(word, "", clause) for word in "一二三"])
    costs = [
        [
            asked(browser, sqlite_world, path.format(letter=letter, organ=organ))
            for path in (
                "/staff/soundings/{letter}",
                "/staff/sounded-organs/{organ}",
                "/staff/soundings/{letter}/summary",
            )
        ]
        for letter, organ in ((one, first), (three, others[0]))
    ]
    assert costs[0] == costs[1]
    at_two = [asked(browser, sqlite_world, path) for path in (LIST, "/staff/soundings")]
    for number in range(3):
        sounding.sent(sqlite_world, title=f"第{number}份函")
    assert [asked(browser, sqlite_world, path) for path in (LIST, "/staff/soundings")] == at_two
    with sqlite_world.database.reading() as session:
        assert len(session.scalars(select(Sounding)).all()) == 5
