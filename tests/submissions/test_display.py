"""What the public sees of a comment, when, and until when."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.audit import queries as audit
from app.consultations.lifecycle import DisplayRegime, Kind
from app.kit.database import Database
from app.kit.errors import Conflict, InvalidTransition, NotFound, Unprocessable
from app.kit.paging import read_cursor
from app.submissions import actions, displayed, queries
from app.submissions.identity import mask_name
from app.submissions.lifecycle import EndedClass
from app.submissions.models import Submission
from tests.support import journey
from tests.support.counting import statements
from tests.support.journey import START, World
from tests.support.racing import written_at_once
from tests.support.refusals import refused

TELLING = "我叫测试甲，电话13900000000，邮箱person0@example.com。建议增加座位。"


def submitted(world: World, **given: object) -> uuid.UUID:
    receipt = journey.submit(world, **given)  # type: ignore[arg-type]
    with world.database.reading() as session:
        found = queries.by_number(session, receipt.number)
    assert isinstance(found, Submission)
    return found.id


def take_down(world: World, session: Session, submission_id: uuid.UUID, reason: str = "含他人隐私") -> None:
    actions.take_down(session, world.staff.screener, START, submission_id, EndedClass.PRIVACY, reason)


def test_a_comment_on_a_government_document_is_displayed_at_once_and_masked(world: World) -> None:
    submission_id = submitted(world, title="请回复13900000000", comment=TELLING)
    with world.database.reading() as session:
        shown = displayed.displayed(session, submission_id)
        kept = queries.get(session, submission_id)
    assert shown is not None
    assert shown.masked_name == mask_name("测试甲") != "测试甲"
    assert "建议增加座位" in shown.text
    assert "13900000000" not in shown.title + shown.text
    assert "person0@example.com" not in shown.text
    assert (kept.comment, kept.title) == (TELLING, "请回复13900000000")
    assert shown.displayed_at == kept.received_at


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.GOVERNMENT_DOCUMENT])
def test_in_the_screened_regime_nothing_is_displayed(sqlite_url: str, kind: Kind) -> None:
    world = journey.opened(Database(sqlite_url), kind=kind)
    assert world.consultation.display_regime is DisplayRegime.SCREENED
    submission_id = submitted(world, comment=TELLING)
    with world.database.reading() as session:
        assert displayed.displayed(session, submission_id) is None
        assert not displayed.displayed_page(session, world.consultation.id, limit=10).items
    world.database.close()


def test_taking_down_ends_the_display_and_leaves_the_submission(world: World) -> None:
    submission_id, other = submitted(world, person=1), submitted(world, person=2)
    with world.database.writing() as session:
        take_down(world, session, submission_id, " 含他人隐私 ")
    with world.database.reading() as session:
        page = displayed.displayed_page(session, world.consultation.id, limit=10)
        assert [row.submission_id for row in page.items] == [other]
        assert displayed.count_taken_down(session, world.consultation.id) == 1
        shown = displayed.displayed(session, submission_id)
        assert shown is not None
        assert (shown.taken_down_at, shown.taken_down_reason) == (START, "含他人隐私")
        assert queries.get(session, submission_id).comment == journey.COMMENT
        entry = audit.of_record(session, "submission", submission_id)[-1]
    assert (entry.action, entry.actor_id) == ("submission.taken_down", world.staff.screener.id)
    assert entry.detail == {"why": "privacy", "reason": "含他人隐私"}


def test_taking_down_owes_a_reason_and_something_on_display(world: World) -> None:
    submission_id = submitted(world)
    for reason in ("", " \n　"):
        error = refused(world.database, lambda s, reason=reason: take_down(world, s, submission_id, reason))
        assert (type(error), error.code) == (Unprocessable, "reason_required")
    error = refused(world.database, lambda s: take_down(world, s, uuid.uuid4()))
    assert (type(error), error.code) == (NotFound, "not_displayed")
    with world.database.writing() as session:
        take_down(world, session, submission_id)
    error = refused(world.database, lambda s: take_down(world, s, submission_id))
    assert isinstance(error, InvalidTransition)


def test_of_two_people_at_once_exactly_one_takes_it_down(world: World) -> None:
    submission_id, reasons = submitted(world), ["含他人隐私", "广告"]
    errors = written_at_once(
        world.database, [lambda s, why=why: take_down(world, s, submission_id, why) for why in reasons]
    )
    (lost,) = [error for error in errors if error]
    assert isinstance(lost, Conflict)
    with world.database.reading() as session:
        shown = displayed.displayed(session, submission_id)
        assert shown is not None
        assert shown.taken_down_reason == reasons[errors.index(None)]
        assert len(audit.of_record(session, "submission", submission_id)) == 2


def test_the_public_list_is_newest_first_and_paged_without_gap_or_repeat(world: World) -> None:
    ids = [submitted(world, person=n, at=START + timedelta(minutes=n // 2)) for n in range(5)]
    seen: list[uuid.UUID] = []
    cursor = None
    for _ in range(3):
        with world.database.reading() as session:
            page = displayed.displayed_page(session, world.consultation.id, before=read_cursor(cursor), limit=2)
        seen += [row.submission_id for row in page.items]
        cursor = page.next_cursor
        submitted(world, person=50 + len(seen), at=START + timedelta(hours=1))
    assert cursor is None
    assert sorted(seen) == sorted(ids)
    assert [ids.index(one) // 2 for one in seen] == [2, 1, 1, 0, 0]


def test_the_public_list_costs_as_many_queries_for_three_as_for_one(world: World) -> None:
    counted = []
    for more in ([1], [2, 3]):
        for person in more:
            submitted(world, person=person)
        with world.database.reading() as session, statements(world.database) as sent:
            displayed.displayed_page(session, world.consultation.id, limit=10)
        counted.append(len(sent))
    assert counted == [1, 1]
