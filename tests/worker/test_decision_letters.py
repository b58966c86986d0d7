"""What a sender reads of a referral, of a reopening and of a question, and what whoever is on duty reads of a case."""

from datetime import timedelta

import pytest

from app.clarifications import actions as clarifications
from app.clarifications.asking import Asker
from app.clarifications.lifecycle import AskerKind
from app.deliveries.lifecycle import DeliveryEvent
from app.kit.errors import DomainError
from app.referrals import queries as referrals
from app.referrals.lifecycle import ReferralClass
from app.screening import undoing
from app.screening.deciding import decide
from app.screening.decisions import LETTER_WAITS, Decision
from app.submissions import queries as submissions
from app.submissions.lifecycle import ScreeningEvent
from app.submissions.models import Submission
from app.worker import outcomes
from app.worker.delivering import Post, deliver_once
from app.worker.loop import work_once
from tests.support import deciding, journey
from tests.support.journey import START, StoppedClock, World
from tests.worker.sending import COLUMN, SENDER, Recorder

KNOWN = {name: getattr(outcomes, name) for name in ("tell_closing", "tell_reopening")}
TOLD = START + LETTER_WAITS
QUESTION = "请问您说的是哪一条？"


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


@pytest.fixture
def post(world: World, out: Recorder) -> Post:
    return Post(
        out, SENDER, COLUMN, world.vault, alert_to="duty@example.cn", staff_url="https://yijian.example.cn/staff"
    )


def one(world: World) -> Submission:
    receipt = journey.submit(world, person=1)
    with world.database.reading() as session:
        found = submissions.by_number(session, receipt.number)
    assert found is not None
    return found


def letters(world: World, post: Post, out: Recorder, clock: StoppedClock) -> list[tuple[str, str, str]]:
    """To whom, subject and text of what goes out when everything due is done."""
    clock.at = TOLD
    while work_once(world.database, clock, KNOWN, {}):
        pass
    while deliver_once(world.database, clock, post):
        pass
    return [
        (str(message["To"]), str(message["Subject"]), message.get_content().replace(" \r\n", ""))
        for message in out.sent
    ]


def test_a_referral_is_told_in_general_words_and_the_duty_desk_without_any(
    world: World, post: Post, out: Recorder, clock: StoppedClock
) -> None:
    found = one(world)
    with world.database.writing() as session:
        deciding.refer(
            session, world.staff.screener, START, found.id, found.revision, ReferralClass.SELF_HARM, "请尽快联系本人。"
        )
    alert, told = letters(world, post, out, clock)
    with world.database.reading() as session:
        case = referrals.standing_case(session, found.id)
    assert case is not None
    assert alert[:2] == ("duty@example.cn", "紧急：有转办件待接办")
    assert f"https://yijian.example.cn/staff/referrals/{case.id}" in alert[2]
    assert told[0] == journey.identity(1).email
    assert "您的意见已按规定转有关部门处理。" in told[2]
    for hidden in ("自伤", "请尽快联系本人", found.title, found.receipt_number, journey.identity(1).name):
        assert hidden not in f"{alert}"
        assert hidden not in told[2]


def test_without_an_address_for_alerts_the_case_waits_in_its_list_all_the_same(
    world: World, out: Recorder, clock: StoppedClock
) -> None:
    found = one(world)
    with world.database.writing() as session:
        deciding.refer(session, world.staff.screener, START, found.id, found.revision, ReferralClass.THREAT, "")
    clock.at = START
    nowhere = Post(out, SENDER, COLUMN, world.vault)
    assert deliver_once(world.database, clock, nowhere) is DeliveryEvent.FIND_NOBODY
    assert out.sent == []


def test_a_reopening_says_that_the_earlier_message_no_longer_holds(
    world: World, post: Post, out: Recorder, clock: StoppedClock
) -> None:
    found = one(world)
    with world.database.writing() as session:
        given = (session, world.staff.screener, START, found.id, found.revision)
        deciding.close_as_out_of_scope(*given, "与本稿无关。")
    letters(world, post, out, clock)
    with world.database.writing() as session:
        revision = submissions.get(session, found.id).revision
        undoing.reopen(session, world.staff.lead, TOLD, found.id, revision, "复核认为相关。")
    _, told = letters(world, post, out, clock)
    assert told[1] == f"您的意见将重新阅览：{world.consultation.title}"
    assert "我们此前就此发送的通知不再有效" in told[2]
    assert "复核认为相关" not in told[2], "the reason is for the history"


def test_a_letter_leads_to_the_question_without_saying_it(
    world: World, post: Post, out: Recorder, clock: StoppedClock
) -> None:
    found = one(world)
    asker = Asker(AskerKind.DESK, world.staff.screener.id)
    with world.database.writing() as session:
        clarifications.ask(session, world.staff.screener, START, found.id, asker, QUESTION, timedelta(days=7))
    (told,) = letters(world, post, out, clock)
    assert told[1] == f"关于您意见的询问：{world.consultation.title}"
    assert "请于2026年5月18日 09:30（北京时间）前在该页面答复。" in told[2]
    assert COLUMN.receipts_url in told[2]
    assert QUESTION not in told[2]


def test_a_closing_without_waiting_is_told_at_once(
    world: World, post: Post, out: Recorder, clock: StoppedClock
) -> None:
    found = one(world)
    at_once = Decision(ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE, "与本稿无关。", letter_waits=timedelta())
    with world.database.writing() as session:
        decide(session, world.staff.screener, TOLD, found.id, found.revision, at_once)
    assert len(letters(world, post, out, clock)) == 1
    with world.database.reading() as session:
        revision = submissions.get(session, found.id).revision
    with pytest.raises(DomainError, match="told_already"), world.database.writing() as session:
        undoing.undo(session, world.staff.screener, TOLD, found.id, revision)
