"""The versions of a draft in the browser: final text, comparison, release, and where a clause went."""

import re
import uuid
from collections.abc import Iterator
from itertools import pairwise

import lxml.html
import pytest
from starlette.testclient import TestClient

from app.departments import queries as departments
from app.documents import versions
from app.documents.actions import add_version, ask_comparison
from app.documents.extraction import extract
from app.documents.models import StoredComparison, VersionRole
from app.permissions import Role
from app.web.public.views import clause_name
from tests.support import journey
from tests.support.app import hidden, press, serving, signed_in, words
from tests.support.journey import DRAFT, SLUG, START, StoppedClock, World

FINAL = (
    DRAFT.replace("（征求意见稿）\n\n", "")
    .replace("十五分钟可以到达", "十分钟内能够到达")
    .replace("省财政厅", "省医保局")
    .replace("（二）助餐点的后厨应当公开", "（二）新设食材追溯制度，来源逐批登记。\n\n（三）助餐点的后厨应当公开")
    .replace("（三）对行动不便", "（四）对行动不便")
)
PAGE = f"/staff/consultations/{SLUG}/comparison"
PUBLIC = f"/consultations/{SLUG}/changes"
CONFIRMED = {"reference": "辽民函〔2026〕9号", "confirmed_on": "2026-05-08", "confirmed_by": "测试联系人"}


@pytest.fixture
def browser(world: World) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock()) as client:
        yield client


def upload(browser: TestClient, text: str, **fields: str) -> object:
    form = hidden(browser.get(PAGE).text) | fields
    files = {"file": ("final.txt", text.encode(), "text/plain")}
    return browser.post(f"/staff/consultations/{SLUG}/final-text", data=form, files=files)


@pytest.fixture
def compared(browser: TestClient, world: World) -> TestClient:
    """The browser of a publisher, after a manager has sent the final text."""
    assert upload(signed_in(browser, Role.MANAGER), FINAL).status_code == 303  # type: ignore[attr-defined]
    return signed_in(browser, Role.PUBLISHER)


def tree(page: str) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(page)


def row(page: str, heading: str) -> lxml.html.HtmlElement:
    (found,) = [
        article
        for article in tree(page).xpath("//article[contains(@class, 'change')]")
        if heading in article.xpath("string(h3)")
    ]
    return found


def said(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_the_final_text_is_stored_as_the_next_version_and_compared_at_once(browser: TestClient, world: World) -> None:
    sent = upload(signed_in(browser, Role.MANAGER), FINAL)
    assert sent.headers["location"] == f"{PAGE}?draft=1&final=2"  # type: ignore[attr-defined]
    with world.database.reading() as session:
        document = versions.version(session, world.consultation.version_id).document_id
        known = versions.versions_of(session, document)
    assert [(one.number, one.role, one.source_name) for one in known] == [
        (1, VersionRole.DRAFT, "draft.txt"),
        (2, VersionRole.FINAL, "final.txt"),
    ]
    shown = words(browser.get(PAGE).text)
    assert "保留3条，其中2条有改动" in shown
    assert "新增1条" in shown
    assert "责任单位增减1条" in shown


def test_each_clause_tells_in_words_what_changed(compared: TestClient) -> None:
    page = compared.get(PAGE).text
    meals = row(page, "（一）")
    assert "两稿均为： 一/（一）" in said(meals)
    (one_column,) = meals.xpath(".//div[@class='change-one']")
    assert [said(piece) for piece in one_column.xpath(".//del")] == ["〔删除：五〕", "〔删除：可以〕"]
    assert [said(piece) for piece in one_column.xpath(".//ins")] == ["〔插入：内能够〕"]
    left, right = meals.xpath(".//div[@class='change-sides']/div")
    assert (left.xpath(".//ins"), right.xpath(".//del")) == ([], [])
    moved = row(page, "（四）")
    assert "前稿： 二/（三） · 后稿： 二/（四）" in said(moved)
    assert "增加责任单位： 省医保局" in said(moved)
    assert "减少责任单位： 省财政厅" in said(moved)
    assert "新增条款" in said(row(page, "（二）"))


def test_only_what_changed_is_shown_on_demand(compared: TestClient) -> None:
    page = compared.get(f"{PAGE}?draft=1&final=2&show=changed").text
    names = [said(heading) for heading in tree(page).xpath("//article[contains(@class, 'change')]/h3")]
    assert len(names) == 3
    assert "未改动的3条没有显示。" in words(page)
    assert len(tree(compared.get(PAGE).text).xpath("//*[starts-with(@id, 'change-')][self::article or self::h3]")) > 3


def test_headings_follow_each_other_and_every_link_of_the_list_leads_somewhere(compared: TestClient) -> None:
    page = tree(compared.get(PAGE).text)
    levels = [int(heading.tag[1]) for heading in page.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4]")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    targets = [href.removeprefix("#") for href in page.xpath("//ol[@class='change-list']//a/@href")]
    assert targets
    assert set(targets) <= set(ids)
    assert page.xpath("//table/caption")


def test_a_final_text_that_somebody_else_sent_first_is_not_stored_twice(compared: TestClient) -> None:
    manager = signed_in(compared, Role.MANAGER)
    assert upload(manager, FINAL, newest="1").status_code == 409  # type: ignore[attr-defined]
    assert "第3版" not in words(manager.get(PAGE).text)


@pytest.mark.parametrize(("text", "message"), [("", "文件是空的"), ("没有序号的一段话。", "没有识别出条款")])
def test_a_file_without_clauses_is_refused_and_nothing_is_stored(browser: TestClient, text: str, message: str) -> None:
    manager = signed_in(browser, Role.MANAGER)
    answer = upload(manager, text)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert message in words(answer.text)  # type: ignore[attr-defined]
    assert "第2版" not in words(manager.get(PAGE).text)


def test_a_pair_that_was_not_compared_yet_is_compared_by_a_manager(browser: TestClient, world: World) -> None:
    with world.database.writing() as session:
        found = extract(FINAL, departments.directory(session))
        document = versions.version(session, world.consultation.version_id).document_id
        add_version(session, world.staff.manager, START, document, "second.txt", FINAL, found)
    assert "尚未对照" in words(signed_in(browser, Role.SCREENER).get(PAGE).text)
    manager = signed_in(browser, Role.MANAGER)
    form = tree(manager.get(PAGE).text).xpath("//form[@method='post' and contains(@action, '/comparison')]")[0]
    fields = {field.get("name"): field.get("value", "") for field in form.xpath(".//input")}
    assert manager.post(form.get("action"), data=fields).status_code == 303
    assert "逐条对照" in words(manager.get(PAGE).text)
    assert manager.post(form.get("action"), data=fields | {"draft": "2", "final": "1"}).status_code == 422
    assert manager.post(form.get("action"), data=fields | {"final": "9"}).status_code == 404


def test_a_long_comparison_says_that_it_is_still_being_worked_out(browser: TestClient, world: World) -> None:
    with world.database.writing() as session:
        found = extract(FINAL, departments.directory(session))
        draft = versions.version(session, world.consultation.version_id)
        final = add_version(session, world.staff.manager, START, draft.document_id, "2", FINAL, found)
        kept = ask_comparison(session, world.staff.manager, START, draft.id, final.id)
        session.flush()
        row = session.get_one(StoredComparison, kept.id)
        row.rows = row.made_at = None
    shown = words(signed_in(browser, Role.PUBLISHER).get(PAGE).text)
    assert "正在对照" in shown
    assert "公布修改对照" not in shown


def test_the_comparison_is_internal_until_its_release_and_again_after_its_withdrawal(compared: TestClient) -> None:
    consultation = f"/consultations/{SLUG}"
    assert compared.get(PUBLIC).status_code == 404
    assert PUBLIC not in compared.get(consultation).text
    assert press(compared, PAGE, "/comparison/release", **CONFIRMED).status_code == 303
    compared.cookies.clear()
    for page in (consultation, f"{consultation}/comments"):
        assert PUBLIC in compared.get(page).text
    shown = words(compared.get(PUBLIC).text)
    assert "十〔删除：五〕分钟〔删除：可以〕〔插入：内能够〕到达" in shown
    assert not re.search("辽民函|测试联系人|测试publisher", shown)
    publisher = signed_in(compared, Role.PUBLISHER)
    assert "辽民函〔2026〕9号" in words(publisher.get(PAGE).text)
    assert press(publisher, PAGE, "/comparison/withdraw", reason=" ").status_code == 422
    assert press(publisher, PAGE, "/comparison/withdraw", reason="文本有误。").status_code == 303
    assert compared.get(PUBLIC).status_code == 404
    assert PUBLIC not in compared.get(consultation).text
    assert "文本有误。" in words(publisher.get(PAGE).text)


@pytest.mark.parametrize("wrong", [{"reference": ""}, {"confirmed_on": "昨天"}, {"confirmed_on": "2999-01-01"}])
def test_a_release_without_a_whole_confirmation_is_refused(compared: TestClient, wrong: dict[str, str]) -> None:
    assert press(compared, PAGE, "/comparison/release", **CONFIRMED | wrong).status_code == 422
    assert compared.get(PUBLIC).status_code == 404


def test_who_may_not_release_gets_no_form_for_it(compared: TestClient) -> None:
    for role in (Role.MANAGER, Role.EDITOR):
        assert "/comparison/release" not in signed_in(compared, role).get(PAGE).text


@pytest.fixture
def suggestion(compared: TestClient, world: World) -> uuid.UUID:
    """About the clause on meals, which the final text words differently."""
    clause = next(clause for clause in world.clauses if clause.label == "一/（一）")
    return journey.approved_suggestion(world, clause=clause)


def test_a_suggestion_tells_where_its_clause_is_now_and_an_editor_corrects_it(
    compared: TestClient, world: World, suggestion: uuid.UUID
) -> None:
    page = f"/staff/suggestions/{suggestion}"
    shown = words(signed_in(compared, Role.APPROVER).get(page).text)
    assert "意见针对征求意见稿（第1版）提出" in shown
    assert "正式文本（第2版）：位置未变，文字有改动" in shown
    assert "确认或更正" not in shown
    editor = signed_in(compared, Role.EDITOR)
    options = tree(editor.get(page).text).xpath("//select[@name='now_at']/option")
    other = next(option for option in options if "（二）" in option.text_content())
    answer = press(editor, page, "/decide", now_at=other.get("value"))
    assert (answer.status_code, answer.headers["location"]) == (303, page)
    shown = words(editor.get(page).text)
    assert "文字有改动，现为 （二）" in shown
    assert "已核定：测试editor" in shown
    assert press(editor, page, "/decide", now_at="", revision="1").status_code == 409


def test_a_submission_tells_where_the_clauses_that_it_names_are_now(compared: TestClient, world: World) -> None:
    clause = next(clause for clause in world.clauses if clause.label == "二/（三）")
    receipt = journey.submit(world, clauses=[clause])
    screener = signed_in(compared, Role.SCREENER)
    queue = tree(screener.get("/staff/queue").text)
    (page,) = queue.xpath("//main//a[contains(@href, 'item=')]/@href")
    shown = words(screener.get(page).text)
    assert receipt.number.replace("-", "")[:4] in shown
    assert "现为 （四）" in shown


def test_a_suggestion_on_a_replaced_version_keeps_its_clause(
    compared: TestClient, world: World, suggestion: uuid.UUID
) -> None:
    with world.database.writing() as session:
        document = versions.version(session, world.consultation.version_id).document_id
        final = versions.versions_of(session, document)[-1]
        session.merge(world.consultation).version_id = final.id
    shown = words(signed_in(compared, Role.APPROVER).get(f"/staff/suggestions/{suggestion}").text)
    assert "十五分钟可以到达" in shown


def test_the_public_reads_which_version_a_comment_is_about_and_where_the_clause_is_since(
    compared: TestClient, world: World
) -> None:
    meals = next(clause for clause in world.clauses if clause.label == "二/（三）")
    receipt = journey.submit(world, clauses=[meals])
    comments = f"/consultations/{SLUG}/comments"
    name = clause_name(meals.number, meals.heading)
    assert chips(compared.get(comments).text) == [name]
    with world.database.writing() as session:
        document = versions.version(session, world.consultation.version_id).document_id
        final = versions.versions_of(session, document)[-1]
        session.merge(world.consultation).version_id = final.id
    (moved,) = chips(compared.get(comments).text)
    assert moved.startswith(f"{name}（第1版；正式文本中为“（四）")
    form = hidden(compared.get("/receipts").text)
    found = compared.post(
        "/receipts", data=form | {"receipt_number": receipt.number, "access_code": receipt.access_code}
    )
    assert moved in words(compared.get(found.headers["location"]).text)


def test_nothing_of_the_final_text_is_told_before_its_release(compared: TestClient, world: World) -> None:
    meals = next(clause for clause in world.clauses if clause.label == "二/（三）")
    journey.submit(world, clauses=[meals])
    comments = f"/consultations/{SLUG}/comments"
    assert "正式文本" not in words(compared.get(comments).text)
    assert press(compared, PAGE, "/comparison/release", **CONFIRMED).status_code == 303
    assert "正式文本中为“（四）" in words(compared.get(comments).text)


def chips(page: str) -> list[str]:
    return [said(chip) for chip in tree(page).xpath("//article[@class='opinion']//li[@class='chip']")]
