"""What changed between two versions is internal until the drafting department confirmed its release."""

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.audit import queries as audit
from app.consultations.lifecycle import ConsultationState
from app.consultations.models import Consultation
from app.departments import queries as departments
from app.documents import versions
from app.documents.actions import add_version, ask_comparison, store_version
from app.documents.extraction import extract
from app.documents.models import StoredComparison, VersionRole
from app.kit.clock import beijing_day
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.publication import queries
from app.publication.actions import Confirmation, release_comparison, withdraw_release
from tests.support.journey import DRAFT, START, World

FINAL = DRAFT.replace("十五分钟可以到达", "十分钟内能够到达")
CONFIRMATION = Confirmation("辽民函〔2026〕9号", date(2026, 5, 8), "测试联系人")


@pytest.fixture
def compared(world: World) -> uuid.UUID:
    """The id of the comparison of the consultation's draft with its final text."""
    manager = world.staff.manager
    with world.database.writing() as session:
        draft = versions.version(session, world.consultation.version_id)
        found = extract(FINAL, departments.directory(session))
        final = add_version(session, manager, START, draft.document_id, "final", FINAL, found, VersionRole.FINAL)
        return ask_comparison(session, manager, START, draft.id, final.id).id


def release(
    world: World,
    comparison: uuid.UUID,
    confirmation: Confirmation = CONFIRMATION,
    consultation: uuid.UUID | None = None,
) -> None:
    with world.database.writing() as session:
        kept = session.get(StoredComparison, comparison)
        release_comparison(
            session,
            world.staff.publisher,
            START,
            consultation or world.consultation.id,
            comparison,
            kept.made_at if kept else None,
            confirmation,
        )


def is_public(world: World) -> bool:
    with world.database.reading() as session:
        shown = queries.released_changes(session, world.consultation.id)
        assert queries.are_changes_released(session, world.consultation.id) is (shown is not None)
    return shown is not None


def withdraw(world: World, reason: str = "文本有误。") -> None:
    with world.database.writing() as session:
        withdraw_release(session, world.staff.publisher, START, world.consultation.id, reason)


def test_nothing_is_public_before_the_release(world: World, compared: uuid.UUID) -> None:
    assert not is_public(world)


def test_a_release_shows_what_was_confirmed_and_records_who_confirmed_it(world: World, compared: uuid.UUID) -> None:
    release(world, compared)
    with world.database.reading() as session:
        shown = queries.released_changes(session, world.consultation.id)
        entries = audit.of_record(session, "consultation", world.consultation.id)
    assert shown is not None
    assert (shown.draft.number, shown.final.number, shown.released_at) == (1, 2, START)
    assert sum(row.changed for row in shown.rows) == 1
    (entry,) = [entry for entry in entries if entry.action == "comparison.released"]
    assert entry.actor_id == world.staff.publisher.id
    assert entry.detail["reference"] == CONFIRMATION.reference
    assert (entry.detail["confirmed_on"], entry.detail["confirmed_by"]) == ("2026-05-08", "测试联系人")


def test_a_later_comparison_of_the_same_versions_does_not_change_what_is_public(
    world: World, compared: uuid.UUID
) -> None:
    release(world, compared)
    with world.database.writing() as session:
        session.get_one(StoredComparison, compared).rows = []
    with world.database.reading() as session:
        shown = queries.released_changes(session, world.consultation.id)
    assert shown is not None
    assert shown.rows


def test_a_withdrawn_release_is_no_longer_public_and_another_may_follow(world: World, compared: uuid.UUID) -> None:
    release(world, compared)
    withdraw(world)
    assert not is_public(world)
    with pytest.raises(Conflict) as refused:
        withdraw(world)
    assert refused.value.code == "withdrawn_already"
    release(world, compared, replace(CONFIRMATION, reference="辽民函〔2026〕10号"))
    assert is_public(world)


def test_a_withdrawal_needs_a_release_and_a_reason(world: World, compared: uuid.UUID) -> None:
    with pytest.raises(NotFound):
        withdraw(world)
    release(world, compared)
    with pytest.raises(Unprocessable):
        withdraw(world, " ")
    assert is_public(world)


@pytest.mark.parametrize(
    ("confirmation", "code"),
    [
        (replace(CONFIRMATION, reference=" "), "confirmation_required"),
        (replace(CONFIRMATION, by=""), "confirmation_required"),
        (replace(CONFIRMATION, reference="函" * 201), "confirmation_too_long"),
        (replace(CONFIRMATION, on=beijing_day(START) + timedelta(days=1)), "confirmation_in_future"),
    ],
)
def test_a_confirmation_names_the_letter_the_day_and_the_person(
    world: World, compared: uuid.UUID, confirmation: Confirmation, code: str
) -> None:
    with pytest.raises(Unprocessable) as refused:
        release(world, compared, confirmation)
    assert refused.value.code == code
    assert not is_public(world)


def test_one_release_stands_at_a_time(world: World, compared: uuid.UUID) -> None:
    release(world, compared)
    with pytest.raises(Conflict) as refused:
        release(world, compared)
    assert refused.value.code == "released_already"


def test_a_comparison_that_changed_since_the_person_saw_it_is_not_released(world: World, compared: uuid.UUID) -> None:
    seen = START - timedelta(minutes=1)
    with pytest.raises(Conflict) as refused, world.database.writing() as session:
        release_comparison(session, world.staff.publisher, START, world.consultation.id, compared, seen, CONFIRMATION)
    assert refused.value.code == "changed_meanwhile"


def test_what_is_not_worked_out_yet_is_not_released(world: World, compared: uuid.UUID) -> None:
    with world.database.writing() as session:
        row = session.get_one(StoredComparison, compared)
        row.rows = row.made_at = None
    with pytest.raises(Conflict):
        release(world, compared)


def test_only_a_comparison_of_its_own_document_is_released_with_a_public_consultation(
    world: World, compared: uuid.UUID
) -> None:
    with world.database.writing() as session:
        found = extract(DRAFT, departments.directory(session))
        other = store_version(session, world.staff.manager, START, "other", DRAFT, found).id
        session.get_one(Consultation, world.consultation.id).version_id = other
    with pytest.raises(Unprocessable):
        release(world, compared)
    with world.database.writing() as session:
        session.get_one(Consultation, world.consultation.id).state = ConsultationState.DRAFT
    with pytest.raises(Conflict):
        release(world, compared)
    with pytest.raises(NotFound):
        release(world, uuid.uuid4())
