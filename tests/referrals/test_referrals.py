"""What is referred is for few eyes, kept as evidence, handed over on record, and can come back."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import queries as audit
from app.deliveries.models import Delivery
from app.kit.errors import Conflict, Forbidden, InvalidTransition, Unprocessable
from app.permissions import Actor, ActorKind, Role, of_roles
from app.referrals import actions, queries
from app.referrals.actions import Receiver
from app.referrals.evidence import is_unaltered
from app.referrals.lifecycle import (
    HANDED_OVER_WITHIN,
    LIFECYCLE,
    URGENT,
    HandoverWay,
    ReferralClass,
    ReferralEvent,
    ReferralState,
)
from app.referrals.models import ReferralCase
from app.rights import actions as rights
from app.rights import asking
from app.rights.lifecycle import RequestKind
from app.rights.sealing import Contact
from app.screening import queries as screening
from app.screening import undoing
from app.submissions import display_ending, displayed
from app.submissions import queries as submissions
from app.submissions.lifecycle import DisplayState, SubmissionState
from app.submissions.models import Submission
from app.submissions.restricted import refuse_unless_meant
from tests.permissions.rights_acts import CITIZEN, LETTERS
from tests.support import deciding, journey
from tests.support.journey import START, World
from tests.support.racing import written_at_once
from tests.support.refusals import refused
from tests.support.steps import walk

LATER = START + timedelta(hours=3)
OWN_WORDS = "请尽快处理。"
EVENTS = [event for event in ReferralEvent if event is not ReferralEvent.CANCEL]
WAY_TO = {
    ReferralState.OPEN: [],
    ReferralState.IN_HAND: [ReferralEvent.TAKE_ON],
    ReferralState.HANDED_OVER: [ReferralEvent.TAKE_ON, ReferralEvent.HAND_OVER],
    ReferralState.CLOSED: [ReferralEvent.TAKE_ON, ReferralEvent.HAND_OVER, ReferralEvent.CLOSE],
    ReferralState.RETURNED: [ReferralEvent.RETURN],
}


def receiver(at: datetime = START, way: HandoverWay = HandoverWay.LETTER, number: str = "某函〔2026〕1号") -> Receiver:
    return Receiver("市信访局", way, number, at)


def referred(world: World, of: ReferralClass = ReferralClass.PETITION, person: int = 0) -> uuid.UUID:
    """The id of the case about a submission that was referred just now."""
    receipt = journey.submit(world, person=person)
    with world.database.writing() as session:
        found = submissions.by_number(session, receipt.number)
        assert found is not None
        deciding.refer(session, world.staff.screener, START, found.id, found.revision, of, OWN_WORDS)
    with world.database.reading() as session:
        case = queries.standing_case(session, found.id)
    assert case is not None
    return case.id


def now(session: Session, id: uuid.UUID) -> ReferralCase:
    return session.get_one(ReferralCase, id)


def about(world: World, id: uuid.UUID) -> Submission:
    with world.database.reading() as session:
        return submissions.get(session, now(session, id).submission_id)


def do(world: World, id: uuid.UUID, event: ReferralEvent) -> Callable[[Session], object]:
    officer = world.staff.referral_officer
    acts: dict[ReferralEvent, Callable[[Session, int], object]] = {
        ReferralEvent.TAKE_ON: lambda s, seen: actions.take_on(s, officer, LATER, id, seen, "王某"),
        ReferralEvent.HAND_OVER: lambda s, seen: actions.hand_over(s, officer, LATER, id, seen, receiver()),
        ReferralEvent.CLOSE: lambda s, seen: actions.close(s, officer, LATER, id, seen, "已答复。"),
        ReferralEvent.RETURN: lambda s, seen: undoing.give_back(s, officer, LATER, id, seen, "属一般意见。"),
    }
    return lambda session: acts[event](session, now(session, id).revision)


def walked(world: World, id: uuid.UUID, state: ReferralState) -> None:
    for event in WAY_TO[state]:
        with world.database.writing() as session:
            do(world, id, event)(session)


@pytest.mark.parametrize("state", WAY_TO)
def test_each_step_is_possible_where_the_life_cycle_has_it(world: World, state: ReferralState) -> None:
    id = referred(world)
    walked(world, id, state)
    walk(
        world.database,
        LIFECYCLE,
        state,
        EVENTS,
        lambda session, event: do(world, id, event)(session),
        lambda session: now(session, id).state,
    )


@pytest.mark.parametrize("of", ReferralClass)
def test_each_class_has_its_time_and_the_urgent_ones_an_alert_without_content(
    sqlite_world: World, of: ReferralClass
) -> None:
    world = sqlite_world
    id = referred(world, of)
    with world.database.reading() as session:
        case = now(session, id)
        alerts = session.scalars(select(Delivery).where(Delivery.recipient_kind == "alert_address")).all()
    assert (case.referral_class, case.due_at) == (of, START + HANDED_OVER_WITHIN[of])
    assert len(alerts) == (of in URGENT)
    for alert in alerts:
        assert (alert.template, alert.about_id, alert.detail) == ("urgent_referral", str(id), {})


def test_only_who_handles_referrals_sees_what_was_referred(sqlite_world: World) -> None:
    submission = about(sqlite_world, referred(sqlite_world))
    for role in Role:
        actor = Actor(ActorKind.STAFF, "someone", of_roles([role]))
        if role is Role.REFERRAL_OFFICER:
            refuse_unless_meant(actor, submission)
        else:
            with pytest.raises(Forbidden, match="referred_elsewhere"):
                refuse_unless_meant(actor, submission)


def test_its_display_stops_and_its_lists_leave_it_out_until_it_is_returned(world: World) -> None:
    id = referred(world)
    one = about(world, id)

    def shown() -> tuple[DisplayState | None, int]:
        with world.database.reading() as session:
            row = displayed.displayed(session, one.id)
            listed = displayed.in_state(session, one.consultation_id, DisplayState.FROZEN, None, 10).items
        return row.state if row else None, len(listed)

    assert shown() == (DisplayState.FROZEN, 0)
    walked(world, id, ReferralState.RETURNED)
    assert shown() == (DisplayState.DISPLAYED, 0)
    with world.database.reading() as session:
        assert submissions.get(session, one.id).state is SubmissionState.RECEIVED
        assert screening.decision_on(session, one.id) is None


def test_closed_it_stays_off_display_for_good(world: World) -> None:
    id = referred(world, ReferralClass.ILLEGAL_CONTENT)
    walked(world, id, ReferralState.CLOSED)
    with world.database.writing() as session:
        display_ending.thaw(session, LATER, now(session, id).submission_id)
    with world.database.reading() as session:
        row = displayed.displayed(session, now(session, id).submission_id)
        assert row is not None
        assert row.state is DisplayState.TAKEN_DOWN
        assert submissions.get(session, now(session, id).submission_id).state is SubmissionState.REFERRED


@pytest.mark.parametrize("kind", [RequestKind.WITHDRAW, RequestKind.CORRECT, RequestKind.DELETE])
def test_evidence_is_neither_erased_nor_replaced_nor_withdrawn_until_the_case_is_over(
    world: World, kind: RequestKind
) -> None:
    from app.rights.effects import Keepers
    from app.rights.models import RightsRequest

    id = referred(world)
    with world.database.writing() as session:
        contact = Contact(email="other@example.cn") if kind is RequestKind.CORRECT else Contact()
        one = submissions.get(session, now(session, id).submission_id)
        asked = asking.ask(session, CITIZEN, START, LETTERS, one, kind, "", contact).id

    def grant(session: Session) -> None:
        seen = session.get_one(RightsRequest, asked).revision
        rights.grant(session, world.staff.manager, LATER, Keepers(world.vault, LETTERS), asked, seen)

    assert refused(world.database, grant).code == "preserved_as_evidence"
    walked(world, id, ReferralState.CLOSED)
    with world.database.writing() as session:
        grant(session)


def test_a_changed_text_is_noticed(sqlite_world: World) -> None:
    world = sqlite_world
    id = referred(world)
    with world.database.writing() as session:
        case = now(session, id)
        one = submissions.get(session, case.submission_id)
        assert is_unaltered(session, one, case.evidence)
        one.comment += "。"
        assert not is_unaltered(session, one, case.evidence)


def test_a_handover_is_recorded_with_whom_how_number_and_by_whom(world: World) -> None:
    id = referred(world)
    walked(world, id, ReferralState.HANDED_OVER)
    with world.database.reading() as session:
        (kept,) = queries.handovers_of(session, id)
        actions_done = [entry.action for entry in audit.of_record(session, "referral_case", id)]
    assert (kept.receiver, kept.way, kept.letter_number) == ("市信访局", HandoverWay.LETTER, "某函〔2026〕1号")
    assert (kept.handed_over_at, kept.recorded_by) == (START, world.staff.referral_officer.id)
    assert actions_done == ["referral.opened", "referral.taken_on", "referral.handed_over"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (receiver(LATER + timedelta(minutes=1)), "handed_over_in_future"),
        (receiver(START - timedelta(minutes=1)), "handed_over_too_early"),
        (receiver(number=" "), "letter_number_required"),
        (Receiver(" ", HandoverWay.TELEPHONE, "", START), "receiver_required"),
        (Receiver("局" * 201, HandoverWay.TELEPHONE, "", START), "words_too_long"),
    ],
)
def test_a_handover_that_cannot_be_is_refused(sqlite_world: World, given: Receiver, code: str) -> None:
    world = sqlite_world
    id = referred(world)
    walked(world, id, ReferralState.IN_HAND)
    officer = world.staff.referral_officer
    error = refused(
        world.database,
        lambda session: actions.hand_over(session, officer, LATER, id, now(session, id).revision, given),
    )
    assert (type(error), error.code) == (Unprocessable, code)


def test_once_taken_on_the_decision_to_refer_is_not_undone(world: World) -> None:
    id = referred(world)
    walked(world, id, ReferralState.IN_HAND)
    one = about(world, id)
    for act in (
        lambda session: undoing.undo(session, world.staff.screener, LATER, one.id, one.revision),
        lambda session: undoing.reopen(session, world.staff.lead, LATER, one.id, one.revision, "改正。"),
    ):
        error = refused(world.database, act)
        assert (type(error), error.code) == (Conflict, "referral_in_hand")


def test_of_two_who_act_on_a_case_at_once_one_does(world: World) -> None:
    id = referred(world)
    one = about(world, id)
    errors = written_at_once(
        world.database,
        [
            do(world, id, ReferralEvent.TAKE_ON),
            lambda session: undoing.undo(session, world.staff.screener, START, one.id, one.revision),
        ],
    )
    (lost,) = [error for error in errors if error is not None]
    assert isinstance(lost, Conflict | InvalidTransition)
    with world.database.reading() as session:
        expected = ReferralState.IN_HAND if errors[0] is None else ReferralState.CANCELLED
        assert now(session, id).state is expected


def test_the_most_pressing_case_comes_first_and_the_overdue_are_counted(sqlite_world: World) -> None:
    world = sqlite_world
    petition, threat = referred(world, person=1), referred(world, ReferralClass.THREAT, person=2)
    with world.database.reading() as session:
        first = queries.most_pressing_first(session, ReferralState.OPEN, None, 1)
        assert [case.id for case in first.items] == [threat]
        assert queries.waiting_and_overdue(session, LATER) == (2, 1)
        everything = queries.most_pressing_first(session, ReferralState.OPEN, None, 10)
    assert [case.id for case in everything.items] == [threat, petition]
