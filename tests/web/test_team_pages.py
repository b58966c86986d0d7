"""What a team does in the browser: leases, notes, flags, work, second looks, coding rules, and being second."""

import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import lxml.html
import pytest
from sqlalchemy import select, text
from starlette.testclient import TestClient

from app.consultations.arranging import set_second_look_share
from app.kit.database import Database
from app.permissions import Role
from app.screening.deciding import decide
from app.screening.decisions import Decision
from app.screening.models import SecondLook
from app.submissions.lifecycle import ScreeningEvent, SubmissionState
from app.submissions.models import Submission
from app.teamwork.leases import LASTING
from app.teamwork.models import Flag, Lease, StaffNote
from tests.support.app import hidden, press, serving, signed_in, words
from tests.support.counting import statements
from tests.support.journey import SLUG, START, StoppedClock, World, submit

REJECTED = Decision(ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE, "与本稿无关，请拨打12345。")


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(START)


@contextmanager
def _people(world: World, clock: StoppedClock, *roles: Role) -> Iterator[list[TestClient]]:
    with ExitStack() as stack:
        yield [signed_in(stack.enter_context(serving(_another(stack, world), clock)), role) for role in roles]


def _another(stack: ExitStack, world: World) -> Database:
    """Each service has a connection of its own to the same store."""
    database = Database(str(world.database.engine.url))
    stack.callback(database.close)
    return database


def _sent(world: World, number: int = 1) -> list[uuid.UUID]:
    for person in range(number):
        submit(world, person=person, at=START - timedelta(minutes=number - person))
    with world.database.reading() as session:
        return list(session.scalars(select(Submission.id).order_by(Submission.received_at)))


def _item(id: uuid.UUID) -> str:
    return f"/staff/submissions/{id}"


def test_whoever_opens_an_item_second_sees_who_has_it_and_may_take_it_over(world: World, clock: StoppedClock) -> None:
    (sent,) = _sent(world)
    with _people(world, clock, Role.SCREENER, Role.LEAD) as (first, second):
        assert "正由" not in words(first.get(_item(sent)).text)
        assert "正由 测试screener 处理，至 09:35。" in words(second.get(_item(sent)).text)
        assert press(second, _item(sent), "/take-over").status_code == 303
        assert "正由 测试lead 处理" in words(first.get(_item(sent)).text)
        clock.at += LASTING
        assert "正由" not in words(first.get(_item(sent)).text)


def test_reading_marks_nothing_for_whoever_cannot_decide_or_did_not_open(world: World, clock: StoppedClock) -> None:
    (sent,) = _sent(world)
    with _people(world, clock, Role.PUBLISHER, Role.SCREENER) as (publisher, screener):
        publisher.get(_item(sent))
        screener.get(_item(sent), headers={"Sec-Purpose": "prefetch"})
        screener.get(_item(uuid.uuid4()))
        with world.database.reading() as session:
            assert session.scalars(select(Lease)).all() == []


def test_a_page_is_shown_without_a_mark_while_the_store_is_busy(world: World, clock: StoppedClock) -> None:
    (sent,) = _sent(world)
    with _people(world, clock, Role.SCREENER) as (screener,), world.database.writing() as writing:
        writing.execute(text("SELECT 1"))
        assert screener.get(_item(sent)).status_code == 200
    with world.database.reading() as session:
        assert session.scalars(select(Lease)).all() == []


def test_the_second_to_decide_sees_both_sides_with_their_words_kept(world: World, clock: StoppedClock) -> None:
    (sent,) = _sent(world)
    with _people(world, clock, Role.SCREENER, Role.LEAD) as (first, second):
        page = second.get(_item(sent)).text
        form = lxml.html.fromstring(page).xpath("//form[contains(@action, '/decide/out-of-scope')]")[0]
        fields = {field.get("name"): field.get("value", "") for field in form.xpath(".//input[@type='hidden']")}
        assert press(first, _item(sent), "/decide/accept").status_code == 303
        answer = second.post(form.get("action"), data=fields | {"reason": "属个人求助，请拨打12345。"})
        told = words(answer.text)
        assert answer.status_code == 409
        assert "测试screener" in told
        assert "已受理" in told or "受理" in told
        assert "属个人求助，请拨打12345。" in told
        assert press(first, _item(sent), "/undo").status_code == 303
        again = second.post(form.get("action"), data=fields | {"reason": "属个人求助，请拨打12345。"})
        resend = lxml.html.fromstring(again.text).xpath("//form[contains(@action, '/decide/out-of-scope')]")[0]
        sent_again = dict(resend.form_values())
        assert sent_again["reason"] == "属个人求助，请拨打12345。"
        assert second.post(resend.get("action"), data=sent_again).status_code == 303
    with world.database.reading() as session:
        assert session.get_one(Submission, sent).state is SubmissionState.OUT_OF_SCOPE


def test_notes_are_added_and_corrected_and_a_question_is_answered(world: World, clock: StoppedClock) -> None:
    (sent,) = _sent(world)
    with _people(world, clock, Role.SCREENER, Role.LEAD) as (screener, lead):
        assert press(screener, _item(sent), "/notes", text="涉及送餐费用。").status_code == 303
        with world.database.reading() as session:
            note = session.scalars(select(StaffNote)).one()
        clock.at += timedelta(minutes=1)
        assert press(screener, _item(sent), "/notes", text="应为场地费用。", corrects=str(note.id)).status_code == 303
        shown = words(lead.get(_item(sent)).text)
        assert "已由第2条更正" in shown
        assert "更正第1条" in shown
        assert press(screener, _item(sent), "/flag", reason="是否属于第三条？").status_code == 303
        assert press(lead, _item(sent), "/resolve", reason="属于，按口径第二条。").status_code == 303
        assert "属于，按口径第二条。" in words(screener.get(_item(sent)).text)
    with world.database.reading() as session:
        assert session.scalars(select(Flag)).one().answer == "属于，按口径第二条。"


def test_a_note_about_nothing_is_not_found(world: World, clock: StoppedClock) -> None:
    (sent,) = _sent(world)
    with _people(world, clock, Role.SCREENER) as (screener,):
        carried = hidden(screener.get(_item(sent)).text)
        for kind in ("submission", "suggestion"):
            url = f"/staff/teamwork/{kind}/{uuid.uuid4()}/notes"
            assert screener.post(url, data=carried | {"text": "无此件。"}).status_code == 404


def test_a_lead_allocates_after_a_look_at_the_numbers(world: World, clock: StoppedClock) -> None:
    _sent(world, 5)
    page = f"/staff/work/{SLUG}"
    members = [world.staff.screener.id, world.staff.lead.id]
    with _people(world, clock, Role.LEAD) as (lead,):
        shown = press(lead, page, "/allocate", count="4", member=members)
        assert "将移动 4 份" in words(shown.text)
        with world.database.reading() as session:
            assert set(session.scalars(select(Submission.allocated_to))) == {None}
        form = lxml.html.fromstring(shown.text).xpath("//form[contains(@action, '/allocate')]")[0]
        fields: dict[str, list[str]] = {}
        for name, value in form.form_values():
            fields.setdefault(name, []).append(value)
        done = lead.post(form.get("action"), data=fields)
        assert done.status_code == 303
        assert "已移动 4 份" in words(lead.get(done.headers["location"]).text)
        assert press(lead, page, f"{SLUG}/claim", count="3").status_code == 303
        assert press(lead, page, f"{SLUG}/give-back").status_code == 303
    with world.database.reading() as session:
        owners = list(session.scalars(select(Submission.allocated_to).order_by(Submission.received_at)))
    assert sorted(map(str, owners)) == sorted([world.staff.screener.id] * 2 + ["None"] * 3)


def test_the_page_of_work_costs_the_same_for_one_and_for_many(world: World, clock: StoppedClock) -> None:
    costs = []
    with serving(world.database, clock) as browser:
        lead = signed_in(browser, Role.LEAD)
        for number in (1, 3):
            _sent(world, number)
            lead.get(f"/staff/work/{SLUG}")
            with statements(world.database) as told:
                assert lead.get(f"/staff/work/{SLUG}").status_code == 200
            costs.append(len(told))
    assert costs[0] == costs[1]


def test_only_a_lead_moves_the_work_of_others(world: World, clock: StoppedClock) -> None:
    _sent(world)
    with _people(world, clock, Role.SCREENER) as (screener,):
        page = screener.get(f"/staff/work/{SLUG}").text
        assert "/allocate" not in page
        token = dict(lxml.html.fromstring(page).xpath("//form[contains(@action, '/claim')]")[0].form_values())
        answer = screener.post(f"/staff/work/{SLUG}/allocate", data=token | {"member": world.staff.screener.id})
        assert answer.status_code == 403


def test_a_second_look_shows_nothing_of_the_first_and_a_difference_is_settled(
    world: World, clock: StoppedClock
) -> None:
    (sent,) = _sent(world)
    with world.database.writing() as session:
        set_second_look_share(session, world.staff.manager, START, world.consultation.id, 100)
        decide(session, world.staff.screener, START, sent, 1, REJECTED)
    with world.database.reading() as session:
        page = f"/staff/second-looks/{session.scalars(select(SecondLook)).one().decision_id}"
    with _people(world, clock, Role.SCREENER, Role.LEAD) as (first, second):
        assert "关于助餐的意见" not in words(first.get("/staff/second-looks").text)
        assert first.get(page).status_code == 403
        assert "复核" not in words(first.get(_item(sent)).text), "nothing tells that it was drawn"
        assert "关于助餐的意见" in words(second.get("/staff/second-looks").text)
        shown = words(second.get(page).text)
        assert "请拨打12345" not in shown
        assert "测试screener" not in shown
        assert press(second, page, "/look", answer="accept", reason="说的是第二条。").status_code == 303
        both = words(second.get(page).text)
        assert "两次判断不一致" in both
        assert "请拨打12345" in both
        assert "/settle" not in second.get(page).text, "who looked doesn't settle"


def test_the_desk_leads_to_the_blind_page(world: World, clock: StoppedClock) -> None:
    with _people(world, clock, Role.SCREENER) as (screener,):
        answer = screener.get("/staff/queue?view=second_look")
        assert (answer.status_code, answer.headers["location"]) == (303, "/staff/second-looks")


def test_a_manager_sets_the_share(world: World, clock: StoppedClock) -> None:
    with _people(world, clock, Role.MANAGER) as (manager,):
        page = f"/staff/second-looks?consultation={SLUG}"
        assert press(manager, page, f"{SLUG}/second-looks", percent="25").status_code == 303
        assert 'value="25"' in manager.get(page).text
        assert press(manager, page, f"{SLUG}/second-looks", percent="101").status_code == 422


def test_coding_rules_are_written_in_versions_and_shown_beside_the_case(world: World, clock: StoppedClock) -> None:
    (sent,) = _sent(world)
    own = f"/staff/coding-rules?consultation={SLUG}"

    def write(page: str, rules: str) -> int:
        return int(press(lead, page, "/coding-rules/versions", text=rules, change="按部门意见。").status_code)

    with _people(world, clock, Role.LEAD) as (lead,):
        assert write("/staff/coding-rules", "一、费用归第三条。") == 303
        assert "一、费用归第三条。" in words(lead.get(_item(sent)).text), "the column's rules hold"
        assert [write(own, "一、场地归第一条。"), write(own, "一、场地归第二条。")] == [303, 303]
        assert "第2版" in words(lead.get(_item(sent)).text)
        assert "一、场地归第一条。" in words(lead.get(f"{own}&version=1").text)
        inserted = lxml.html.fromstring(lead.get(own).text).xpath("//ins")
        assert "二" in "".join(one.text_content() for one in inserted)
        assert lead.get(f"{own}&version=9").status_code == 404
        assert write(own, "一、场地归第二条。") == 409
