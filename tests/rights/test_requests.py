"""What a person asks about their own data, and what granting or refusing it does."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import queries as audit
from app.kit.crypto import Sealer, Unreadable
from app.kit.errors import Conflict, DomainError, NotFound
from app.permissions import Actor, ActorKind
from app.rights import actions, asking, copies, queries
from app.rights.effects import Keepers
from app.rights.lifecycle import RequestEvent, RequestKind, RequestState
from app.rights.models import RightsRequest
from app.rights.sealing import Contact, Letters
from app.submissions import displayed
from app.submissions import queries as submissions
from app.submissions.lifecycle import DisplayState, SubmissionState
from tests.support import journey
from tests.support.counting import statements
from tests.support.journey import START, World
from tests.support.racing import written_at_once
from tests.support.refusals import refused

CITIZEN = Actor(ActorKind.CITIZEN, "", frozenset())
LATER = START + timedelta(days=3)
REPORTER = Contact("测试庚", "13900009999", None)


@pytest.fixture
def keepers(world: World) -> Keepers:
    return Keepers(world.vault, Letters(Sealer({"test": b"s" * 32}, "test")))


def sent(world: World, person: int = 0) -> uuid.UUID:
    receipt = journey.submit(world, person=person)
    with world.database.reading() as session:
        found = submissions.by_number(session, receipt.number)
    assert found is not None
    return found.id


def asked(
    world: World,
    keepers: Keepers,
    submission_id: uuid.UUID,
    kind: RequestKind,
    *,
    words: str = "",
    contact: Contact | None = None,
    at: datetime = START,
) -> uuid.UUID:
    with world.database.writing() as session:
        submission = submissions.get(session, submission_id)
        made = asking.ask(session, CITIZEN, at, keepers.letters, submission, kind, words, contact or Contact())
        return made.id


def ask_again(
    world: World,
    keepers: Keepers,
    submission_id: uuid.UUID,
    kind: RequestKind,
    words: str = "",
    contact: Contact | None = None,
) -> DomainError:
    def ask(session: Session) -> None:
        submission = submissions.get(session, submission_id)
        asking.ask(session, CITIZEN, LATER, keepers.letters, submission, kind, words, contact or Contact())

    return refused(world.database, ask)


def granted(world: World, keepers: Keepers, request_id: uuid.UUID, answer: str = "", at: datetime = LATER) -> None:
    with world.database.writing() as session:
        revision = queries.get(session, request_id).revision
        actions.grant(session, world.staff.manager, at, keepers, request_id, revision, answer)


def declined(world: World, request_id: uuid.UUID, reason: str = "经核实不属实", at: datetime = LATER) -> None:
    with world.database.writing() as session:
        actions.refuse(session, world.staff.manager, at, request_id, queries.get(session, request_id).revision, reason)


def display(session: Session, submission_id: uuid.UUID) -> DisplayState:
    row = displayed.displayed(session, submission_id)
    assert row is not None
    return row.state


def test_an_answer_is_due_after_fifteen_working_days(world: World) -> None:
    with world.database.reading() as session:
        # Saturday 9 May 2026 is worked in exchange for a day of the May holidays; then Mondays to Fridays.
        assert asking.due_on(session, date(2026, 5, 8)) == date(2026, 5, 28)


def test_a_request_keeps_its_words_and_contact_sealed_and_has_a_number_of_its_own(
    world: World, keepers: Keepers
) -> None:
    submission_id = sent(world)
    contact = Contact(None, "13911112222", "new@example.com")
    request_id = asked(world, keepers, submission_id, RequestKind.CORRECT, words="我换号了", contact=contact)
    with world.database.reading() as session:
        request = queries.get(session, request_id)
        assert (request.state, request.submission_id) == (RequestState.OPEN, submission_id)
        assert len(request.number) == 12
        assert keepers.letters.words(request) == "我换号了"
        assert keepers.letters.contact(request) == contact
        for sealed in (request.words, request.phone, request.email):
            assert sealed is not None
            assert b"13911112222" not in sealed
            assert "换号".encode() not in sealed
        entry = audit.of_record(session, "rights_request", request_id)[0]
    assert entry.action == "rights_request.received"
    assert entry.detail == {"request_kind": "correct"}


def test_the_same_can_be_asked_again_only_after_an_answer(world: World, keepers: Keepers) -> None:
    submission_id = sent(world)
    first = asked(world, keepers, submission_id, RequestKind.COPY)
    asked(world, keepers, submission_id, RequestKind.WITHDRAW)
    assert ask_again(world, keepers, submission_id, RequestKind.COPY, "", Contact()).code == "asked_already"
    declined(world, first)
    again = asked(world, keepers, submission_id, RequestKind.COPY)
    assert again != first


def test_of_two_that_ask_at_once_one_is_kept(world: World, keepers: Keepers) -> None:
    submission_id = sent(world)

    def ask(session: Session) -> None:
        submission = submissions.get(session, submission_id)
        asking.ask(session, CITIZEN, START, keepers.letters, submission, RequestKind.DELETE, "", Contact())

    results = written_at_once(world.database, [ask, ask])
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "NoneType"]
    with world.database.reading() as session:
        assert len(queries.of_submission(session, submission_id)) == 1


@pytest.mark.parametrize(
    ("kind", "words", "contact", "code"),
    [
        (RequestKind.CORRECT, "", Contact(), "contact_required"),
        (RequestKind.COPY, "字" * (asking.WORDS_LIMIT + 1), Contact(), "words_too_long"),
    ],
)
def test_what_can_t_be_asked_is_not_kept(
    world: World, keepers: Keepers, kind: RequestKind, words: str, contact: Contact, code: str
) -> None:
    submission_id = sent(world)
    assert ask_again(world, keepers, submission_id, kind, words, contact).code == code


def test_a_granted_withdrawal_ends_display_and_screening(world: World, keepers: Keepers) -> None:
    submission_id = sent(world)
    granted(world, keepers, asked(world, keepers, submission_id, RequestKind.WITHDRAW), "已按您的要求撤回。")
    with world.database.reading() as session:
        assert submissions.get(session, submission_id).state is SubmissionState.WITHDRAWN
        assert display(session, submission_id) is DisplayState.TAKEN_DOWN
        assert queries.of_submission(session, submission_id)[0].answer == "已按您的要求撤回。"
    assert (
        ask_again(world, keepers, submission_id, RequestKind.WITHDRAW, "", Contact()).code
        == "comment_withdrawn_already"
    )


def test_a_withdrawal_after_the_decision_leaves_what_was_decided(world: World, keepers: Keepers) -> None:
    submission_id = journey.accepted_submission(world)
    granted(world, keepers, asked(world, keepers, submission_id, RequestKind.WITHDRAW))
    with world.database.reading() as session:
        assert submissions.get(session, submission_id).state is SubmissionState.ACCEPTED
        assert display(session, submission_id) is DisplayState.TAKEN_DOWN


def test_a_granted_correction_replaces_only_what_was_given(world: World, keepers: Keepers) -> None:
    submission_id = sent(world)
    contact = Contact(None, "13911112222", None)
    granted(world, keepers, asked(world, keepers, submission_id, RequestKind.CORRECT, contact=contact))
    with world.database.reading() as session:
        sealed = submissions.sealed_identity(session, submission_id)
        assert sealed is not None
        now = world.vault.open(sealed)
        before = journey.identity()
        assert (now.phone, now.email, now.name) == ("13911112222", before.email, before.name)
        request = queries.of_submission(session, submission_id)[0]
        assert keepers.letters.contact(request) == Contact()


def test_a_granted_copy_holds_everything_and_can_be_fetched_for_thirty_days(world: World, keepers: Keepers) -> None:
    submission_id = sent(world)
    request_id = asked(world, keepers, submission_id, RequestKind.COPY, words="请给我一份")
    with world.database.reading() as session:
        assert not queries.may_fetch_copy(session, submission_id, LATER)
    granted(world, keepers, request_id)
    with world.database.reading() as session:
        assert queries.may_fetch_copy(session, submission_id, LATER + timedelta(days=30, seconds=-1))
        assert not queries.may_fetch_copy(session, submission_id, LATER + timedelta(days=30))
        made = copies.copy_of(session, world.vault, keepers.letters, submissions.get(session, submission_id))
    who = journey.identity()
    assert made["comment"] == journey.COMMENT
    assert {who.name, who.id_number, who.phone, who.email} <= set(made["submitter"].values())
    assert made["requests"][0]["words"] == "请给我一份"


def test_a_granted_deletion_leaves_nothing_of_the_person_and_counts_one_person_still(
    world: World, keepers: Keepers
) -> None:
    submission_id, other = sent(world), sent(world, person=1)
    granted(world, keepers, asked(world, keepers, submission_id, RequestKind.DELETE))
    with world.database.reading() as session:
        sealed = submissions.sealed_identity(session, submission_id)
        assert sealed is not None
        with pytest.raises(Unreadable):
            world.vault.open(sealed)
        assert world.vault.open_email(sealed) is None
        assert sealed.id_number is None
        assert sealed.person_index != world.vault.person_index(world.consultation.id, journey.id_number(0))
        assert submissions.distinct_persons(session, [submission_id, other]) == 2
        assert submissions.get(session, submission_id).comment == journey.COMMENT
        assert display(session, submission_id) is DisplayState.TAKEN_DOWN
        made = copies.copy_of(session, world.vault, keepers.letters, submissions.get(session, submission_id))
        assert made["submitter"] is None
    assert ask_again(world, keepers, submission_id, RequestKind.DELETE, "", Contact()).code == "erased_already"


def test_a_refusal_changes_nothing_but_says_why(world: World, keepers: Keepers) -> None:
    submission_id = sent(world)
    request_id = asked(world, keepers, submission_id, RequestKind.DELETE)
    manager = world.staff.manager
    missing = refused(world.database, lambda session: actions.refuse(session, manager, LATER, request_id, 1, " "))
    assert missing.code == "reason_required"
    declined(world, request_id, "该意见已进入公文档案")
    with world.database.reading() as session:
        sealed = submissions.sealed_identity(session, submission_id)
        assert sealed is not None
        assert world.vault.open(sealed) == journey.identity()
        assert queries.get(session, request_id).answer == "该意见已进入公文档案"
        assert display(session, submission_id) is DisplayState.DISPLAYED


@pytest.mark.parametrize("kind", RequestKind)
@pytest.mark.parametrize("ended", [RequestEvent.GRANT, RequestEvent.REFUSE])
def test_what_is_decided_is_decided(world: World, keepers: Keepers, kind: RequestKind, ended: RequestEvent) -> None:
    submission_id = sent(world)
    if kind is RequestKind.MISUSE:
        request_id = reported(world, keepers)
    else:
        request_id = asked(world, keepers, submission_id, kind, contact=Contact(None, "13911112222", None))
    decide = granted if ended is RequestEvent.GRANT else lambda world, _keepers, request_id: declined(world, request_id)
    decide(world, keepers, request_id)
    for again in (lambda: granted(world, keepers, request_id), lambda: declined(world, request_id)):
        with pytest.raises(Conflict):
            again()


def test_two_people_can_t_decide_one_request(world: World, keepers: Keepers) -> None:
    request_id = asked(world, keepers, sent(world), RequestKind.COPY)
    results = written_at_once(
        world.database,
        [
            lambda session: actions.grant(session, world.staff.manager, LATER, keepers, request_id, 1),
            lambda session: actions.refuse(session, world.staff.manager, LATER, request_id, 1, "不予受理"),
        ],
    )
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "NoneType"]


def reported(world: World, keepers: Keepers, person: int = 0, at: datetime = START) -> uuid.UUID:
    with world.database.writing() as session:
        made = asking.report_misuse(
            session, CITIZEN, at, keepers.letters, world.vault, journey.id_number(person), "不是我写的", REPORTER
        )
        return made.id


def test_a_report_freezes_what_was_written_under_the_number_and_nothing_else(world: World, keepers: Keepers) -> None:
    mine, also_mine, other = sent(world, 3), sent(world, 3), sent(world, 4)
    request_id = reported(world, keepers, 3)
    with world.database.reading() as session:
        assert set(queries.reported(session, request_id)) == {mine, also_mine}
        assert [display(session, each) for each in (mine, also_mine, other)] == [
            DisplayState.FROZEN,
            DisplayState.FROZEN,
            DisplayState.DISPLAYED,
        ]
        stored = session.scalars(select(RightsRequest)).one()
        number = journey.id_number(3).encode()
        assert all(number not in value for value in vars(stored).values() if isinstance(value, bytes))


def test_a_refused_report_lets_what_no_other_report_names_be_displayed_again(world: World, keepers: Keepers) -> None:
    mine = sent(world, 3)
    first, second = reported(world, keepers, 3), reported(world, keepers, 3)
    declined(world, first)
    with world.database.reading() as session:
        assert display(session, mine) is DisplayState.FROZEN
    declined(world, second)
    with world.database.reading() as session:
        assert display(session, mine) is DisplayState.DISPLAYED


def test_a_confirmed_report_ends_the_display_for_good(world: World, keepers: Keepers) -> None:
    mine = sent(world, 3)
    granted(world, keepers, reported(world, keepers, 3))
    with world.database.reading() as session:
        assert display(session, mine) is DisplayState.TAKEN_DOWN
        assert queries.get(session, session.scalars(select(RightsRequest.id)).one()).phone is None


def test_a_report_on_an_unused_number_is_a_case_as_any_other(world: World, keepers: Keepers) -> None:
    sent(world, 3)
    request_id = reported(world, keepers, 9)
    with world.database.reading() as session:
        assert queries.reported(session, request_id) == []
        assert queries.get(session, request_id).state is RequestState.OPEN


def test_a_report_without_a_way_to_reach_the_person_is_refused(world: World, keepers: Keepers) -> None:
    number = journey.id_number(3)
    unreachable = Contact("测试庚", None, None)

    def report(session: Session) -> None:
        asking.report_misuse(session, CITIZEN, START, keepers.letters, world.vault, number, "", unreachable)

    assert refused(world.database, report).code == "contact_required"


def test_looking_at_the_contact_is_on_record(world: World, keepers: Keepers) -> None:
    request_id = reported(world, keepers)
    with world.database.writing() as session:
        assert actions.view_contact(session, world.staff.manager, LATER, keepers, request_id) == REPORTER
    with world.database.reading() as session:
        newest = audit.of_record(session, "rights_request", request_id)[-1]
        assert (newest.action, newest.actor_id) == ("rights_request.contact_viewed", world.staff.manager.id)


def test_what_is_overdue_is_counted_from_the_day_after_its_last(world: World, keepers: Keepers) -> None:
    at = datetime(2026, 5, 8, 4, tzinfo=UTC)
    asked(world, keepers, sent(world), RequestKind.COPY, at=at)
    asked(world, keepers, sent(world, 1), RequestKind.COPY, at=at + timedelta(days=20))
    with world.database.reading() as session:
        assert queries.open_and_overdue(session, date(2026, 5, 28)) == (2, 0)
        assert queries.open_and_overdue(session, date(2026, 5, 29)) == (2, 1)


def test_a_list_asks_the_store_once_whatever_its_length(world: World, keepers: Keepers) -> None:
    counts = []
    for persons in ((0,), (1, 2)):
        for person in persons:
            asked(world, keepers, sent(world, person), RequestKind.COPY)
        with world.database.reading() as session, statements(world.database) as made:
            queries.oldest_first(session, RequestState.OPEN, None, 50)
        counts.append(len(made))
    assert counts == [1, 1]


def test_an_unknown_request_is_not_found(world: World, keepers: Keepers) -> None:
    manager = world.staff.manager
    unknown = refused(world.database, lambda session: actions.grant(session, manager, LATER, keepers, uuid.uuid4(), 1))
    assert isinstance(unknown, NotFound)


def test_only_a_submission_that_nobody_decided_on_can_be_withdrawn_from_screening() -> None:
    from app.submissions.lifecycle import LIFECYCLE as SCREENING
    from app.submissions.lifecycle import ScreeningEvent

    allowed = {state for state in SubmissionState if SCREENING.allows(state, ScreeningEvent.WITHDRAW)}
    assert allowed == {SubmissionState.RECEIVED, SubmissionState.QUARANTINED}


def test_what_a_request_says_stays_within_its_row(world: World, keepers: Keepers) -> None:
    submission_id = sent(world)
    first = asked(world, keepers, submission_id, RequestKind.COPY, words="甲")
    second = asked(world, keepers, submission_id, RequestKind.DELETE, words="乙")
    with world.database.writing() as session:
        one, other = queries.get(session, first), queries.get(session, second)
        one.words = other.words
        with pytest.raises(Unreadable):
            keepers.letters.words(one)
        session.rollback()
