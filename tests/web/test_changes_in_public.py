"""What people see when a consultation changes after its opening, and what becomes of the forms they had loaded."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

import lxml.html
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.consultations import changing, queries
from app.consultations.models import Consultation
from app.departments import queries as departments
from app.documents import actions as documents
from app.documents.extraction import extract
from app.documents.models import DocumentVersion
from app.documents.queries import clauses_of
from app.submissions.models import Submission, SubmissionClause
from tests.support import journey
from tests.support.app import ENTRY, errors_of, hidden, serving, words
from tests.support.journey import DRAFT, SLUG, START, StoppedClock, World

PAGE = f"/consultations/{SLUG}"
FORM = f"{PAGE}/comment"
SECOND = DRAFT.replace("步行十五分钟", "步行十分钟")
REASON = "附件一缺页，暂停接收。"
DAY = timedelta(days=1)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def browser(world: World, clock: StoppedClock) -> Iterator[TestClient]:
    with serving(world.database, clock) as client:
        yield client


def row(world: World) -> Consultation:
    with world.database.reading() as session:
        found = queries.find(session, SLUG)
    assert found is not None
    return found


def suspend(world: World, clock: StoppedClock, reason: str = REASON) -> None:
    with world.database.writing() as session:
        changing.suspend(session, world.staff.manager, clock.at, SLUG, row(world).revision, reason)


def withdraw(world: World, clock: StoppedClock, reason: str = REASON) -> None:
    with world.database.writing() as session:
        changing.withdraw(session, world.staff.manager, clock.at, SLUG, row(world).revision, reason)


def close(world: World, clock: StoppedClock, reason: str = REASON) -> None:
    with world.database.writing() as session:
        changing.close_consultation(session, world.staff.manager, clock.at, SLUG, row(world).revision, reason)


def put_out_second(world: World, clock: StoppedClock, *, replaced: bool = False) -> uuid.UUID:
    manager = world.staff.manager
    with world.database.writing() as session:
        document = session.get_one(DocumentVersion, row(world).version_id).document_id
        found = extract(SECOND, departments.directory(session))
        version = documents.add_version(session, manager, clock.at, document, "second.txt", SECOND, found)
        session.flush()
        revision = queries.public_consultation(session, SLUG).revision
        if replaced:
            changing.replace(session, manager, clock.at, SLUG, revision, version.id, "换成修订后的文稿。")
        else:
            changing.correct(
                session, manager, clock.at, SLUG, revision, version.id, "更正步行时间。", substantive=False
            )
        return version.id


def stored(world: World) -> list[Submission]:
    with world.database.reading() as session:
        return list(session.scalars(select(Submission)))


def chips(page: str) -> list[str]:
    return [chip.text_content().strip() for chip in lxml.html.fromstring(page).xpath("//*[contains(@class, 'state-')]")]


@pytest.mark.parametrize(
    ("change", "status", "heading"),
    [(suspend, 409, "暂停征求意见"), (withdraw, 410, "本征求意见稿已撤回"), (close, 410, "征求意见已经结束")],
)
def test_a_form_that_was_loaded_before_gets_its_words_back_with_the_reason(
    browser: TestClient, world: World, clock: StoppedClock, change: object, status: int, heading: str
) -> None:
    form = hidden(browser.get(FORM).text) | ENTRY
    clock.at += DAY
    change(world, clock)  # type: ignore[operator]
    answer = browser.post(FORM, data=form)
    assert answer.status_code == status
    shown = words(answer.text)
    assert heading in shown
    assert REASON in shown
    root = lxml.html.fromstring(answer.text)
    assert root.get_element_by_id("kept-comment").text.strip() == ENTRY["comment"]
    assert root.get_element_by_id("kept-title").get("value") == ENTRY["title"]
    assert stored(world) == []


@pytest.mark.parametrize(("change", "status"), [(suspend, 409), (withdraw, 410), (close, 200)])
def test_the_forms_own_page_says_why_there_is_none(
    browser: TestClient, world: World, clock: StoppedClock, change: object, status: int
) -> None:
    change(world, clock)  # type: ignore[operator]
    answer = browser.get(FORM)
    assert answer.status_code == status
    assert REASON in words(answer.text)
    assert 'name="comment"' not in answer.text


def test_what_is_written_in_a_note_is_never_markup(browser: TestClient, world: World, clock: StoppedClock) -> None:
    suspend(world, clock, '<script>alert(1)</script><a href="//x.example">点这里</a>')
    for address in (PAGE, FORM):
        page = browser.get(address).text
        assert "<script>alert" not in page
        assert 'href="//x.example"' not in page
        assert "<script>alert(1)</script>" in words(page)


def test_a_ticket_counts_after_an_early_closing_and_not_in_a_suspension(
    browser: TestClient, world: World, clock: StoppedClock
) -> None:
    bounced = hidden(browser.post(FORM, data=hidden(browser.get(FORM).text) | ENTRY | {"title": ""}).text)
    clock.at += timedelta(minutes=5)
    suspend(world, clock)
    assert browser.post(FORM, data=bounced | ENTRY).status_code == 409
    with world.database.writing() as session:
        changing.resume(session, world.staff.manager, clock.at, SLUG, row(world).revision, "已更正。")
    close(world, clock)
    assert browser.post(FORM, data=bounced | ENTRY).status_code == 303
    assert len(stored(world)) == 1


def test_a_comment_that_was_stored_gets_its_receipt_again_whatever_happened_since(
    browser: TestClient, world: World, clock: StoppedClock
) -> None:
    form = hidden(browser.get(FORM).text) | ENTRY
    first = browser.post(FORM, data=form)
    clock.at += timedelta(minutes=1)
    withdraw(world, clock)
    assert browser.post(FORM, data=form).headers["location"] == first.headers["location"]
    assert len(stored(world)) == 1


@pytest.mark.parametrize("replaced", [False, True])
def test_a_form_on_the_former_text_is_taken_and_stays_with_that_text(
    browser: TestClient, world: World, clock: StoppedClock, replaced: bool
) -> None:
    label = "一/（一）"
    form = hidden(browser.get(FORM).text) | ENTRY | {"clause": label}
    before = row(world).version_id
    clock.at += DAY
    put_out_second(world, clock, replaced=replaced)
    answer = browser.post(FORM, data=form)
    assert answer.status_code == 303
    (kept,) = stored(world)
    with world.database.reading() as session:
        chosen = session.scalars(select(SubmissionClause)).one()
        read = next(clause for clause in clauses_of(session, before) if clause.label == label)
    assert kept.version_id == before
    assert (chosen.clause_id, chosen.text_hash) == (read.id, read.text_hash)
    assert "您阅读之后，本征求意见稿有了新的文本" in words(browser.get(answer.headers["location"]).text)


def test_a_bounced_form_keeps_the_text_that_was_read_and_says_that_there_is_another(
    browser: TestClient, world: World, clock: StoppedClock
) -> None:
    form = hidden(browser.get(FORM).text) | ENTRY
    before = row(world).version_id
    put_out_second(world, clock)
    bounced = browser.post(FORM, data=form | {"title": ""})
    assert list(errors_of(bounced.text)) == ["title"]
    assert hidden(bounced.text)["version"] == str(before)
    assert "文本已经变更" in words(bounced.text)
    assert browser.post(FORM, data=hidden(bounced.text) | ENTRY).status_code == 303
    assert [submission.version_id for submission in stored(world)] == [before]


def test_a_forged_or_foreign_version_is_refused(browser: TestClient, world: World, clock: StoppedClock) -> None:
    first = row(world).version_id
    with world.database.writing() as session:
        foreign = journey.another_consultation(session, world.staff, slug="second").version_id
    put_out_second(world, clock)
    present = hidden(browser.get(FORM).text)
    assert present["version"] == str(row(world).version_id)
    for forged in (str(first), str(foreign), str(uuid.uuid4()), "x", "'; --"):
        answer = browser.post(FORM, data=present | ENTRY | {"version": forged})
        assert answer.status_code == 422, forged
        assert "文本" in next(iter(errors_of(answer.text).values()))
        assert hidden(answer.text)["version"] == present["version"]
    assert stored(world) == []


def test_the_page_tells_every_change_newest_first_with_both_texts(
    browser: TestClient, world: World, clock: StoppedClock
) -> None:
    clock.at += DAY
    put_out_second(world, clock)
    clock.at += DAY
    with world.database.writing() as session:
        closes_at = row(world).closes_at + 7 * DAY
        changing.extend(session, world.staff.manager, clock.at, SLUG, row(world).revision, closes_at, "来稿较多。")
    page = browser.get(PAGE).text
    shown = words(page)
    assert shown.index("来稿较多。") < shown.index("更正步行时间。")
    assert "2026年5月13日 09:30（北京时间）" in shown
    section = lxml.html.fromstring(page).get_element_by_id("changes")
    former, present = (link.get("href") for link in section.xpath(".//a"))
    assert browser.get(present).headers["location"] == PAGE
    earlier = words(browser.get(former).text)
    assert "步行十五分钟" in earlier
    assert "更正步行时间。" in earlier
    assert "步行十分钟" in shown
    assert browser.get(f"{PAGE}/versions/9").status_code == 404


def test_a_text_that_was_not_put_out_is_not_public(browser: TestClient, world: World) -> None:
    with world.database.writing() as session:
        document = session.get_one(DocumentVersion, row(world).version_id).document_id
        found = extract(SECOND, departments.directory(session))
        documents.add_version(session, world.staff.manager, START, document, "second.txt", SECOND, found)
    assert browser.get(f"{PAGE}/versions/2").status_code == 404


def test_lists_show_what_is_suspended_or_withdrawn_and_what_changed_last(
    browser: TestClient, world: World, clock: StoppedClock
) -> None:
    with world.database.writing() as session:
        journey.another_consultation(session, world.staff, slug="second")
    suspend(world, clock)
    for address in ("/", "/consultations"):
        assert sorted(chips(browser.get(address).text)) == ["暂停征求意见", "正在征求意见"]
    with world.database.writing() as session:
        changing.resume(session, world.staff.manager, clock.at, SLUG, row(world).revision, "已更正。")
    assert "已恢复" in chips(browser.get("/consultations").text)
    withdraw(world, clock)
    assert sorted(chips(browser.get("/consultations").text)) == ["已撤回", "正在征求意见"]


def test_the_consultations_page_stays_and_says_what_holds(
    browser: TestClient, world: World, clock: StoppedClock
) -> None:
    suspend(world, clock)
    page = browser.get(PAGE)
    assert page.status_code == 200
    assert "目前暂不接收意见" in words(page.text)
    assert f'href="{FORM}"' not in page.text
    withdraw(world, clock, "起草单位决定不再制定。")
    page = browser.get(PAGE)
    assert page.status_code == 200
    assert "不再接收意见" in words(page.text)
    assert "起草单位决定不再制定。" in words(page.text)
    assert f'href="{FORM}"' not in page.text


def test_a_receipt_tells_what_changed_since_and_not_what_was_known_before(
    browser: TestClient, world: World, clock: StoppedClock
) -> None:
    early = browser.post(FORM, data=hidden(browser.get(FORM).text) | ENTRY).headers["location"]
    seen_early = browser.get(early).text
    assert "更正步行时间。" not in words(seen_early)
    clock.at += timedelta(minutes=10)
    put_out_second(world, clock)
    assert "更正步行时间。" in words(browser.get(early).text)
    clock.at += timedelta(minutes=1)
    late = browser.post(FORM, data=hidden(browser.get(FORM).text) | ENTRY | {"comment": "另一条。"})
    assert "更正步行时间。" not in words(browser.get(late.headers["location"]).text)


def test_an_opening_that_was_put_off_takes_no_comment_before_its_new_instant(
    browser: TestClient, world: World, clock: StoppedClock
) -> None:
    with world.database.writing() as session:
        queries.public_consultation(session, SLUG).opens_at = START + timedelta(hours=1)
    with world.database.writing() as session:
        changing.reschedule(session, world.staff.manager, START, SLUG, row(world).revision, START + DAY, "附件待补。")
    shown = words(browser.get(PAGE).text)
    assert "即将开始" in shown
    assert "2026年5月12日 09:30（北京时间）" in shown
    clock.at = START + DAY - timedelta(microseconds=1)
    assert 'name="comment"' not in browser.get(FORM).text
    assert browser.post(FORM, data=ENTRY).status_code == 409
    clock.at = START + DAY
    assert browser.post(FORM, data=hidden(browser.get(FORM).text) | ENTRY).status_code == 303
