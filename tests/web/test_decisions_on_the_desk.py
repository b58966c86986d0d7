"""Decisions, referrals, prepared reasons and questions to senders, over HTTP: from the desk to the receipt and back."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

import lxml.html
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.clarifications import queries as clarifications
from app.clarifications.actions import ask
from app.clarifications.asking import Asker
from app.clarifications.lifecycle import AskerKind
from app.clarifications.models import Clarification
from app.permissions import Role
from app.referrals import queries as referrals
from app.referrals.lifecycle import ReferralClass
from app.referrals.models import ReferralCase
from app.screening import queries as screening
from app.submissions import queries as submissions
from app.submissions.lifecycle import SubmissionState
from app.submissions.models import Submission
from app.submissions.receipts import Receipt
from tests.support import deciding, journey
from tests.support.app import errors_of, hidden, press, serving, signed_in, words
from tests.support.counting import statements
from tests.support.journey import START, StoppedClock, World


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(START + timedelta(hours=1))


@pytest.fixture
def desk(world: World, clock: StoppedClock) -> Iterator[TestClient]:
    with serving(world.database, clock) as client:
        yield signed_in(client, Role.SCREENER)


@pytest.fixture
def citizen(world: World, clock: StoppedClock) -> Iterator[TestClient]:
    with serving(world.database, clock) as client:
        yield client


@pytest.fixture
def receipt(world: World) -> Receipt:
    return journey.submit(world, person=7)


@pytest.fixture
def at(world: World, receipt: Receipt) -> str:
    """The address of its page on the desk."""
    with world.database.reading() as session:
        found = submissions.by_number(session, receipt.number)
    assert found is not None
    return f"/staff/submissions/{found.id}"


def stored(world: World, at: str) -> Submission:
    with world.database.reading() as session:
        return submissions.get(session, uuid.UUID(at.rpartition("/")[2]))


def own_page(citizen: TestClient, receipt: Receipt) -> str:
    """What the sender reads, having entered number and code."""
    citizen.get("/receipts")
    citizen.post("/receipts", data={"receipt_number": receipt.number, "access_code": receipt.access_code})
    return str(citizen.get(f"/receipts/{receipt.number}").text)


def prepared_id(page: str, name: str) -> str:
    (field,) = lxml.html.fromstring(page).xpath(f"//label[.//b[text()='{name}']]//input")
    return str(field.get("value"))


def test_a_prepared_reason_is_chosen_with_words_of_ones_own_and_read_by_the_sender(
    world: World, desk: TestClient, citizen: TestClient, receipt: Receipt, at: str
) -> None:
    chosen = prepared_id(desk.get(at).text, "民生诉求、咨询求助")
    answer = press(desk, at, "/decide/out-of-scope", prepared=chosen, pointer="", reason="感谢您的参与。")
    assert answer.status_code == 303
    page = words(own_page(citizen, receipt))
    assert f"不属于《{world.consultation.title}》的征求意见范围" in page
    assert "感谢您的参与。" in page
    assert "请拨打12345政务服务便民热线" in page


def test_without_a_prepared_reason_or_words_it_stays_open(world: World, desk: TestClient, at: str) -> None:
    answer = press(desk, at, "/decide/unsuitable", unsuitable_class="abuse", prepared="", reason=" ")
    assert answer.status_code == 422
    assert stored(world, at).state is SubmissionState.RECEIVED


@pytest.mark.parametrize("field", ["prepared", "pointer"])
def test_a_form_that_our_page_cannot_have_sent_is_refused(desk: TestClient, at: str, field: str) -> None:
    given = {"prepared": "", "pointer": "", "reason": "词。"} | {field: "no such"}
    assert press(desk, at, "/decide/out-of-scope", **given).status_code == 400


def test_undone_by_a_click_while_nobody_was_told(
    world: World, desk: TestClient, citizen: TestClient, receipt: Receipt, at: str
) -> None:
    press(desk, at, "/decide/out-of-scope", prepared="", pointer="petition", reason="请向信访部门提出。")
    assert "尚未告知意见提出人" in words(desk.get(at).text)
    assert press(desk, at, "/undo").status_code == 303
    assert stored(world, at).state is SubmissionState.RECEIVED
    assert "请向信访部门提出。" in words(desk.get(at).text), "what was undone stays in the history"
    assert "请向信访部门提出。" not in words(own_page(citizen, receipt))


def test_told_it_is_reopened_by_a_lead_alone(world: World, desk: TestClient, at: str, clock: StoppedClock) -> None:
    press(desk, at, "/decide/out-of-scope", prepared="", pointer="", reason="与本稿无关。")
    with world.database.writing() as session:
        decision = screening.decision_on(session, stored(world, at).id)
        assert decision is not None
        decision.told_at = clock.now()
    page = desk.get(at).text
    assert f"{at}/undo" not in page
    assert f"{at}/reopen" not in page
    lead = signed_in(desk, Role.LEAD)
    assert press(lead, at, "/reopen", reason="复核认为相关。").status_code == 303
    assert stored(world, at).state is SubmissionState.RECEIVED


def referred(world: World, desk: TestClient, at: str, kind: str = "threat") -> uuid.UUID:
    assert press(desk, at, "/decide/refer", referral_class=kind, reason="请尽快处理。").status_code == 303
    with world.database.reading() as session:
        case = referrals.standing_case(session, stored(world, at).id)
    assert case is not None
    return case.id


def test_what_was_referred_is_seen_by_who_handles_it_and_told_to_the_sender_without_its_class(
    world: World, desk: TestClient, citizen: TestClient, receipt: Receipt, at: str
) -> None:
    case = referred(world, desk, at)
    refused = desk.get(at)
    assert refused.status_code == 403
    assert "仅转办专员可以查看" in words(refused.text)
    assert journey.COMMENT not in refused.text
    assert desk.get("/staff/referrals").status_code == 403
    page = words(own_page(citizen, receipt))
    assert "您的意见已按规定转有关部门处理。" in page
    for hidden_words in ("威胁", "请尽快处理", "紧急"):
        assert hidden_words not in page
    officer = signed_in(desk, Role.REFERRAL_OFFICER)
    listed = words(officer.get("/staff/referrals").text)
    assert "威胁" in listed
    assert "紧急" in listed
    assert journey.COMMENT not in officer.get("/staff/referrals").text, "the list has no word of it"
    assert journey.COMMENT in officer.get(f"/staff/referrals/{case}").text
    assert officer.get(at).status_code == 200


def test_a_case_goes_its_way_on_one_page(world: World, desk: TestClient, at: str) -> None:
    case = referred(world, desk, at, "petition")
    officer, page = signed_in(desk, Role.REFERRAL_OFFICER), f"/staff/referrals/{case}"
    assert press(officer, page, "/contact", contact="王某").status_code == 303
    handover = {"receiver": "市信访局", "way": "letter", "handed_over_at": "2026-05-11T10:30", "remark": ""}
    assert press(officer, page, "/handover", letter_number="", **handover).status_code == 422
    assert press(officer, page, "/handover", letter_number="某函〔2026〕1号", **handover).status_code == 303
    assert press(officer, page, "/close", reason="已答复来信人。").status_code == 303
    shown = words(officer.get(page).text)
    for told in ("王某", "市信访局", "某函〔2026〕1号", "函件", "已答复来信人。", "与转办时一致"):
        assert told in shown
    with world.database.reading() as session:
        assert session.get_one(ReferralCase, case).state.value == "closed"


def test_returned_to_the_desk_everybody_who_screens_sees_it_again(world: World, desk: TestClient, at: str) -> None:
    case = referred(world, desk, at)
    officer = signed_in(desk, Role.REFERRAL_OFFICER)
    assert press(officer, f"/staff/referrals/{case}", "/give-back", reason="属一般意见。").status_code == 303
    assert signed_in(desk, Role.SCREENER).get(at).status_code == 200


def test_a_lead_adds_changes_and_retires_a_prepared_reason(desk: TestClient, at: str) -> None:
    lead = signed_in(desk, Role.LEAD)
    wording = {"name": "感谢参与", "text": "感谢您对《{consultation}》的关注。", "pointer": ""}
    added = press(lead, "/staff/reasons", "/add", decision="close_as_duplicate", **wording)
    page = added.headers["location"]
    assert "某某办法（征求意见稿）" in words(lead.get(page).text), "an example shows how it reads"
    assert "感谢参与" in words(lead.get(at).text)
    wrong = press(lead, page, page, **wording | {"text": "{姓名}您好。"})
    assert wrong.status_code == 422
    assert "花括号" in words(wrong.text)
    assert press(lead, page, page, **wording | {"name": "再次感谢"}).status_code == 303
    assert "再次感谢" in words(lead.get(at).text)
    assert press(lead, page, "/retire").status_code == 303
    assert "再次感谢" not in words(lead.get(at).text)
    assert signed_in(desk, Role.SCREENER).get("/staff/reasons").status_code == 403


def asked(world: World, desk: TestClient, at: str) -> uuid.UUID:
    assert press(desk, at, "/ask", question="请问您说的是哪一条？").status_code == 303
    with world.database.reading() as session:
        (found,) = session.scalars(select(Clarification)).all()
    return found.id


def test_a_question_is_answered_behind_number_and_code_and_joins_the_comment(
    world: World, desk: TestClient, citizen: TestClient, receipt: Receipt, at: str
) -> None:
    id = asked(world, desk, at)
    assert "请问您说的是哪一条？" in words(own_page(citizen, receipt))
    page = f"/receipts/{receipt.number}/question"
    answer = press(citizen, page, page, answer="第四条，电话13812345678。")
    assert answer.status_code == 303
    shown = words(citizen.get(answer.headers["location"]).text)
    assert "第四条，电话***" in shown
    on_the_desk = words(desk.get(at).text)
    assert "第四条，电话***" in on_the_desk
    assert "13812345678" not in on_the_desk
    with world.database.reading() as session:
        revision = clarifications.get(session, id).revision
    token = hidden(desk.get(at).text)["csrf_token"]
    settled = desk.post(f"/staff/questions/{id}/settle", data={"csrf_token": token, "revision": revision})
    assert settled.status_code == 303
    assert "已办结" in words(desk.get(at).text)


def test_an_answer_that_is_missing_is_asked_for_again(
    world: World, desk: TestClient, citizen: TestClient, receipt: Receipt, at: str
) -> None:
    asked(world, desk, at)
    own_page(citizen, receipt)
    page = f"/receipts/{receipt.number}/question"
    answer = press(citizen, page, page, answer=" ")
    assert answer.status_code == 422
    assert errors_of(answer.text) == {"answer": "请填写答复"}


def test_who_does_not_hold_the_receipt_sees_no_question_and_answers_none(
    world: World, desk: TestClient, citizen: TestClient, receipt: Receipt, at: str
) -> None:
    id = asked(world, desk, at)
    page = f"/receipts/{receipt.number}/question"
    for answer in (citizen.get(page), citizen.post(page, data={"question": str(id), "answer": "乙"})):
        assert (answer.status_code, answer.headers["location"]) == (303, f"/receipts?number={receipt.number}")
    own_page(citizen, receipt)
    foreign = citizen.post(page, data={"question": str(id), "answer": "乙"})
    assert foreign.status_code == 403, "a form of another site carries no token of the page"


def test_a_late_answer_is_refused(
    world: World, desk: TestClient, citizen: TestClient, receipt: Receipt, at: str, clock: StoppedClock
) -> None:
    id = asked(world, desk, at)
    own_page(citizen, receipt)
    page = f"/receipts/{receipt.number}/question"
    token = hidden(citizen.get(page).text)["page_token"]
    with world.database.writing() as session:
        session.get_one(Clarification, id).due_at = clock.now()
    late = citizen.post(page, data={"page_token": token, "question": str(id), "answer": "第四条。"})
    assert late.status_code == 409
    assert "答复期限已过" in words(citizen.get(f"/receipts/{receipt.number}").text)


def test_an_answer_comes_back_to_who_asked(
    world: World, desk: TestClient, citizen: TestClient, receipt: Receipt, at: str
) -> None:
    asked(world, desk, at)
    assert "请问您说的是哪一条？" not in words(desk.get("/staff/questions").text), "answered ones come first"
    assert "请问您说的是哪一条？" in words(desk.get("/staff/questions?state=asked").text)
    own_page(citizen, receipt)
    page = f"/receipts/{receipt.number}/question"
    assert press(citizen, page, page, answer="第四条。").status_code == 303
    assert "请问您说的是哪一条？" in words(desk.get("/staff/questions").text)
    assert "请问您说的是哪一条？" not in words(signed_in(desk, Role.LEAD).get("/staff/questions").text)


def test_the_lists_ask_the_store_alike_for_one_row_and_for_three(world: World, desk: TestClient) -> None:
    def add(person: int) -> None:
        sent = journey.submit(world, person=person), journey.submit(world, person=person + 10)
        with world.database.writing() as session:
            one, other = (submissions.by_number(session, receipt.number) for receipt in sent)
            assert one is not None
            assert other is not None
            screener = world.staff.screener
            deciding.refer(session, screener, START, one.id, one.revision, ReferralClass.OTHER, "")
            ask(session, screener, START, other.id, Asker(AskerKind.DESK, screener.id), "哪一条？", timedelta(days=7))

    def asked_of_the_store(role: Role, url: str) -> int:
        signed_in(desk, role).get(url)
        with statements(world.database) as sent:
            assert desk.get(url).status_code == 200
        return len(sent)

    pages = ((Role.REFERRAL_OFFICER, "/staff/referrals"), (Role.SCREENER, "/staff/questions?state=asked"))
    add(1)
    once = [asked_of_the_store(*page) for page in pages]
    add(2)
    add(3)
    assert [asked_of_the_store(*page) for page in pages] == once
