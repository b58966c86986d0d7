"""What is counted: submissions, suggestions and persons, by day, clause, channel and occupation."""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from app.documents.queries import ReadClause
from app.reporting import counting
from app.reporting.counting import Totals
from app.submissions import queries as submissions
from app.submissions.fields import OCCUPATIONS
from app.submissions.intake import ChosenClause, NewSubmission
from app.submissions.lifecycle import Channel, SubmissionState
from app.submissions.models import Submission
from app.submissions.organisation import OrganisationType, SubmitterKind
from app.submissions.vault import Identity, Organisation
from tests.support import journey
from tests.support.journey import START, World


def sent(
    world: World,
    identity: Identity,
    *,
    at: datetime = START,
    occupation: str = "其他",
    clauses: Iterable[ReadClause] = (),
    quarantine: frozenset[str] = frozenset(),
) -> str:
    """The receipt number of a submission of that sender."""
    organisation = identity.organisation is not None
    return world.intake.store(
        NewSubmission(
            token=uuid.uuid4().hex,
            consultation_id=world.consultation.id,
            version_id=world.consultation.version_id,
            channel=Channel.WEB,
            received_at=at,
            title="关于助餐",
            comment="建议周末开放。",
            occupation="" if organisation else occupation,
            clauses=[ChosenClause(clause.id, clause.text_hash) for clause in clauses],
            identity=identity,
            display=False,
            keep=(),
            challenge=None,
            request_id=None,
            quarantine=quarantine,
            submitter_kind=SubmitterKind.ORGANISATION if organisation else SubmitterKind.INDIVIDUAL,
            organisation_type=OrganisationType.ENTERPRISE if organisation else None,
        )
    ).number


def unnumbered(person: int) -> Identity:
    return replace(journey.identity(person), id_number=None)


ORGANISATION = replace(
    journey.identity(90), id_number=None, organisation=Organisation("测试助餐服务有限公司", "91210000MA0000000X")
)


def test_submissions_suggestions_and_persons_differ(world: World) -> None:
    journey.approved_suggestion(world, people=(1, 2))
    for identity in (journey.identity(1), unnumbered(3), unnumbered(3), ORGANISATION, ORGANISATION):
        sent(world, identity)
    with world.database.reading() as session:
        assert counting.totals(session, world.consultation.id) == Totals(
            submissions=7, suggestions=1, persons=2, organisations=1, unnumbered=2
        )


def test_what_waits_in_quarantine_or_was_discarded_is_in_no_figure(world: World) -> None:
    clause = world.clauses[1]
    sent(world, journey.identity(1), quarantine=frozenset({"captcha"}), clauses=[clause])
    discarded = sent(world, journey.identity(2), clauses=[clause])
    with world.database.writing() as session:
        row = session.scalars(select(Submission).where(Submission.receipt_number == discarded)).one()
        row.state = SubmissionState.DISCARDED
    with world.database.reading() as session:
        consultation_id = world.consultation.id
        assert counting.totals(session, consultation_id) == Totals(0, 0, 0, 0, 0)
        assert sum(counting.by_day(session, world.consultation, START).values()) == 0
        assert counting.by_channel(session, consultation_id) == {Channel.WEB: 0}
        assert counting.without_clause(session, consultation_id) == 0
        assert submissions.clause_counts(session, consultation_id) == {}
        assert counting.persons_by_occupation(session, world.consultation).hidden_sum == 0


def test_days_are_beijings_and_the_whole_window_is_there(world: World) -> None:
    before_midnight = datetime(2026, 5, 12, 15, 59, 59, 999_000, tzinfo=UTC)
    for at in (START, before_midnight, before_midnight + timedelta(milliseconds=1)):
        sent(world, journey.identity(1), at=at)
    with world.database.reading() as session:
        days = counting.by_day(session, world.consultation, world.consultation.closes_at + timedelta(days=9))
        so_far = counting.by_day(session, world.consultation, START + timedelta(days=3))
    assert list(days) == [date(2026, 5, 11) + timedelta(days=place) for place in range(31)]
    found = {day: number for day, number in days.items() if number}
    assert found == {date(2026, 5, 11): 1, date(2026, 5, 12): 1, date(2026, 5, 13): 1}
    assert list(so_far) == list(days)[:4]


def test_a_window_that_ends_at_midnight_ends_with_the_day_before(world: World) -> None:
    with world.database.writing() as session:
        row = session.merge(world.consultation)
        row.closes_at = datetime(2026, 5, 20, 16, tzinfo=UTC)
        session.flush()
        assert list(counting.by_day(session, row, START + timedelta(days=90)))[-1] == date(2026, 5, 20)


def test_a_late_comment_has_its_own_day(world: World) -> None:
    number = sent(world, journey.identity(1))
    with world.database.writing() as session:
        found = submissions.by_number(session, number)
        assert found is not None
        found.received_at = world.consultation.closes_at + timedelta(days=3)
    with world.database.reading() as session:
        days = counting.by_day(session, world.consultation, START + timedelta(days=90))
    assert days[date(2026, 6, 13)] == 1
    assert date(2026, 6, 12) not in days


def test_clauses_and_the_whole_draft(world: World) -> None:
    one, two = world.clauses[1], world.clauses[2]
    sent(world, journey.identity(1), clauses=[one, two])
    sent(world, journey.identity(2), clauses=[one])
    sent(world, journey.identity(3))
    with world.database.reading() as session:
        assert submissions.clause_counts(session, world.consultation.id) == {one.id: 2, two.id: 1}
        assert counting.without_clause(session, world.consultation.id) == 1
        assert counting.by_channel(session, world.consultation.id) == {Channel.WEB: 3}


def test_persons_count_once_by_the_occupation_they_named_last(world: World) -> None:
    for person in range(6):
        sent(world, journey.identity(person), occupation="学生")
        sent(world, journey.identity(person), occupation="教师", at=START + timedelta(hours=1))
    for person in range(10, 15):
        sent(world, unnumbered(person), occupation="医生")
    sent(world, ORGANISATION)
    with world.database.reading() as session:
        table = counting.persons_by_occupation(session, world.consultation)
    shown = {occupation: number for occupation, number in table.shown.items() if number}
    assert shown == {"教师": 6, "医生": 5}
    assert set(table.shown) | table.hidden == set(OCCUPATIONS)


def test_few_of_an_occupation_are_not_told_apart(world: World) -> None:
    for person in range(9):
        sent(world, journey.identity(person), occupation="工人")
    for person in range(9, 15):
        sent(world, journey.identity(person), occupation="农民")
    sent(world, journey.identity(20), occupation="律师")
    with world.database.reading() as session:
        table = counting.persons_by_occupation(session, world.consultation)
    assert table.shown == {"工人": 9}
    assert {"律师", "农民"} <= table.hidden
    assert table.hidden_sum == 7


def test_what_came_after_the_window_moves_no_figure_of_occupations(world: World) -> None:
    for person in range(6):
        sent(world, journey.identity(person), occupation="工人")
    with world.database.reading() as session:
        before = counting.persons_by_occupation(session, world.consultation)
    number = sent(world, journey.identity(30), occupation="工人")
    with world.database.writing() as session:
        found = submissions.by_number(session, number)
        assert found is not None
        found.received_at = world.consultation.closes_at
    with world.database.reading() as session:
        assert counting.persons_by_occupation(session, world.consultation) == before
