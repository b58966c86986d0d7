"""Opening: by a second person, with a window that the law allows or that somebody answers for."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from app.audit import queries as audit
from app.calendars import actions as calendars
from app.calendars.lists import EnteredDay
from app.calendars.queries import calendar
from app.consultations import actions, queries
from app.consultations.actions import Announcement, Opening
from app.consultations.checks import Part, WarningCode, check, subject_of
from app.consultations.lifecycle import ConsultationState, Kind, LegalNature
from app.consultations.models import Consultation, Preparation
from app.consultations.preparation import PreparationState
from app.kit.clock import end_of_beijing_day
from app.kit.errors import Conflict, DomainError, InvalidTransition, NotFound, Unprocessable
from app.permissions import Actor, ActorKind, Role, of_roles
from tests.support.journey import DRAFTING, OPERATOR, START, World
from tests.support.racing import written_at_once
from tests.support.refusals import refused

SLUG = "second"
TODAY = date(2026, 5, 11)
"""START's day in Beijing, a Monday."""
SECOND = Actor(ActorKind.STAFF, "a second manager", of_roles([Role.MANAGER]))
THIRD = Actor(ActorKind.STAFF, "a third manager", of_roles([Role.MANAGER]))


def prepared(
    world: World, last: date, nature: LegalNature = LegalNature.MAJOR_DECISION, *, by: Actor | None = None
) -> None:
    announcement = Announcement(
        slug=SLUG,
        title="某某办法（征求意见稿）",
        kind=Kind.GOVERNMENT_DOCUMENT,
        legal_nature=nature,
        drafting_department_id=DRAFTING,
        version_id=world.consultation.version_id,
        issuing_body="辽宁省民政厅",
        published_on=TODAY,
        notice_title="公告",
        notice="请于2026年6月1日前提出意见。邮箱：a@qq.com。",
        explanation_title="说明",
        explanation="为方便老年人用餐。",
        contact_phone=None,
        contact_email=None,
        deadline_as_printed=None,
        opens_at=START,
        closes_at=end_of_beijing_day(last),
    )
    with world.database.writing() as session:
        actions.prepare(session, by or world.staff.manager, START, announcement)


def opens(
    world: World, opening: Opening | None = None, *, by: Actor = SECOND, at_day: int = 0
) -> Callable[[Session], None]:
    at = START + timedelta(days=at_day)
    return lambda session: actions.open_consultation(session, by, at, SLUG, opening or Opening())


def refusal(world: World, opening: Opening | None = None, **given: object) -> tuple[type[DomainError], str]:
    error = refused(world.database, opens(world, opening, **given))  # type: ignore[arg-type]
    return type(error), error.code


def opened(world: World, opening: Opening | None = None, **given: object) -> Consultation:
    with world.database.writing() as session:
        opens(world, opening, **given)(session)  # type: ignore[arg-type]
    with world.database.reading() as session:
        return queries.public_consultation(session, SLUG)


LONG, SHORT = TODAY + timedelta(days=30), TODAY + timedelta(days=29)


def test_a_second_person_opens_a_window_that_is_long_enough(world: World) -> None:
    prepared(world, LONG)
    row = opened(world, Opening("理由无用。", "理由无用。"))
    assert (row.state, row.prepared_by, row.opened_by) == (
        ConsultationState.OPENED,
        world.staff.manager.id,
        SECOND.id,
    )
    assert row.opened_at == START
    assert (row.short_window_reason, row.override_reason, row.override_by) == (None, None, None)
    with world.database.reading() as session:
        entry = audit.of_record(session, "consultation", row.id)[-1]
    assert (entry.action, entry.actor_id) == ("consultation.opened", SECOND.id)
    assert entry.detail == {"window": "pass", "calendar_days": 30, "working_days": 22}


def test_who_prepared_it_does_not_open_it(world: World) -> None:
    prepared(world, LONG)
    assert refusal(world, by=world.staff.manager) == (Conflict, "own_preparation")


def test_of_those_who_sent_the_files_and_handed_them_over_nobody_opens_it(world: World) -> None:
    prepared(world, LONG, by=OPERATOR)
    with world.database.writing() as session:
        row = queries.find(session, SLUG)
        assert row
        session.add(
            Preparation(
                state=PreparationState.HANDED_OVER,
                title=row.title,
                prepared_by=SECOND.id,
                handed_over_by=THIRD.id,
                created_at=START,
                changed_at=START,
                found={},
                corrections={},
                choices={},
                consultation_id=row.id,
            )
        )
    for by in (SECOND, THIRD):
        assert refusal(world, by=by) == (Conflict, "own_preparation")
    assert opened(world, by=world.staff.manager).state is ConsultationState.OPENED


def test_whoever_runs_the_server_may_do_both(world: World) -> None:
    prepared(world, LONG, by=OPERATOR)
    assert opened(world, by=OPERATOR).opened_by == OPERATOR.id


@pytest.mark.parametrize("reason", ["", " \n"])
def test_a_window_that_may_be_shortened_owes_the_public_a_reason(world: World, reason: str) -> None:
    prepared(world, SHORT)
    owed = (Unprocessable, "short_window_reason_required")
    assert refusal(world, Opening(reason, "不公开的理由")) == owed
    row = opened(world, Opening(" 防汛在即。\n", "不公开的理由"))
    assert (row.short_window_reason, row.override_reason, row.override_by) == ("防汛在即。", None, None)
    with world.database.reading() as session:
        entry = audit.of_record(session, "consultation", row.id)[-1]
    assert entry.detail == {
        "window": "warn",
        "calendar_days": 29,
        "working_days": 21,
        "short_window_reason": "防汛在即。",
    }


@pytest.mark.parametrize("nature", [LegalNature.GOVERNMENT_RULE, LegalNature.LOCAL_REGULATION])
def test_where_nothing_shortens_it_the_opener_overrides_the_rule_by_name(world: World, nature: LegalNature) -> None:
    prepared(world, SHORT, nature)
    assert refusal(world, Opening("公开的理由")) == (Unprocessable, "override_reason_required")
    row = opened(world, Opening("公开的理由", "省政府办公会同意。"))
    assert (row.override_reason, row.override_by) == ("省政府办公会同意。", SECOND.id)
    assert row.short_window_reason == "公开的理由"
    with world.database.reading() as session:
        entry = audit.of_record(session, "consultation", row.id)[-1]
    assert entry.actor_id == SECOND.id
    assert entry.detail["override_reason"] == "省政府办公会同意。"


def test_the_window_is_counted_from_the_day_on_which_it_is_really_opened(world: World) -> None:
    prepared(world, LONG)
    assert refusal(world, at_day=1) == (Unprocessable, "short_window_reason_required")


def test_days_that_staff_entered_count(world: World) -> None:
    """The seventh working day after that Monday is the Wednesday of the next week, unless a day of them is off."""
    prepared(world, TODAY + timedelta(days=9), LegalNature.NORMATIVE_DOCUMENT)
    with world.database.writing() as session:
        calendars.enter_days(session, OPERATOR, START, [EnteredDay(TODAY + timedelta(days=3), is_working=False)])
    assert refusal(world) == (Unprocessable, "short_window_reason_required")
    with world.database.writing() as session:
        calendars.remove_day(session, OPERATOR, START, TODAY + timedelta(days=3))
    assert opened(world).state is ConsultationState.OPENED


def test_what_changed_since_it_was_looked_at_is_not_opened(world: World) -> None:
    prepared(world, LONG)
    with world.database.reading() as session:
        row = queries.find(session, SLUG)
        assert row
    assert refusal(world, Opening(revision=row.revision + 1)) == (Conflict, "changed_meanwhile")
    assert opened(world, Opening(revision=row.revision)).state is ConsultationState.OPENED


def test_what_is_open_is_not_opened_again(world: World) -> None:
    prepared(world, LONG)
    opened(world)
    assert refusal(world)[0] is InvalidTransition
    error = refused(world.database, lambda s: actions.open_consultation(s, SECOND, START, "none", Opening()))
    assert isinstance(error, NotFound)


def test_of_two_people_who_open_at_once_one_does(world: World) -> None:
    prepared(world, SHORT)
    first, second = Opening("甲的理由"), Opening("乙的理由")
    errors = written_at_once(world.database, [opens(world, first), opens(world, second, by=THIRD)])
    (lost,) = [error for error in errors if error]
    assert isinstance(lost, Conflict)
    with world.database.reading() as session:
        row = queries.public_consultation(session, SLUG)
        entries = [entry.action for entry in audit.of_record(session, "consultation", row.id)]
    assert (row.opened_by, row.short_window_reason) in {(SECOND.id, "甲的理由"), (THIRD.id, "乙的理由")}
    assert entries.count("consultation.opened") == 1


def test_a_stored_consultation_is_checked_with_its_draft_and_its_rules(world: World) -> None:
    prepared(world, LONG, LegalNature.NORMATIVE_DOCUMENT)
    with world.database.writing() as session:
        actions.set_rules(session, OPERATOR, START, [actions.Rule("须知", "请如实填写姓名、职业、电话、邮箱。")])
        row = queries.find(session, SLUG)
        assert row
        subject = subject_of(session, row, START)
        checks = check(subject, calendar(session), {"助餐点": "写全称"})
    assert "增加助餐点" in subject.draft
    codes = {(warning.code, warning.part) for warning in checks.warnings}
    assert codes == {
        (WarningCode.DEADLINE_DIFFERS, Part.NOTICE),
        (WarningCode.FREE_MAIL, Part.NOTICE),
        (WarningCode.WATCHED_WORD, Part.DRAFT),
        (WarningCode.FIELD_UNLISTED, Part.FORM),
    }
