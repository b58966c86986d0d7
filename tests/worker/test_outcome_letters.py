"""Each sender is told once when everything of the comment is answered, and once more when that changes."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.deliveries.models import Delivery
from app.dispositions.kinds import DispositionKind
from app.screening import editing
from app.screening.editing import Wording
from app.screening.lifecycle import UnsuitableClass
from app.screening.passages import Span, sentences
from app.screening.queries import senders_of
from app.submissions import queries as submissions
from app.submissions.models import SubmitterIdentity
from app.worker import outcomes
from app.worker.delivering import Post, deliver_once
from app.worker.loop import work_once
from tests.publication.test_outcomes import approve, decide
from tests.support import deciding as screening
from tests.support import journey
from tests.support.dump import dump
from tests.support.journey import COMMENT, START, StoppedClock, World
from tests.worker.sending import COLUMN, Recorder

KNOWN = {
    name: getattr(outcomes, name) for name in ("tell_release", "tell_decision", "tell_closing", "tell_repetitions")
}
LATER = START + timedelta(days=4)


def work(world: World) -> int:
    """Does every due job of these; how many there were."""
    done = 0
    while work_once(world.database, StoppedClock(LATER), KNOWN, {}):
        done += 1
    return done


def owed(world: World) -> list[Delivery]:
    with world.database.reading() as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.promised_at, Delivery.id)))


def recipients(world: World) -> set[uuid.UUID]:
    return {uuid.UUID(row.recipient_id) for row in owed(world)}


def senders(world: World, suggestion_id: uuid.UUID) -> set[uuid.UUID]:
    with world.database.reading() as session:
        return set(senders_of(session, suggestion_id, None, 1000))


def gathered(world: World, submission_id: uuid.UUID, spans: Sequence[Span], text: str) -> uuid.UUID:
    """The id of an approved suggestion of these sentences of the comment."""
    with world.database.writing() as session:
        made = editing.gather(session, world.staff.editor, START, submission_id, spans, Wording(text, "", None)).id
    approve(world, made)
    return made


def close(world: World, number: str, how: str, original: str = "") -> uuid.UUID:
    with world.database.writing() as session:
        found = submissions.by_number(session, number)
        assert found is not None
        given = (session, world.staff.screener, START, found.id, found.revision)
        if how == "duplicate":
            screening.close_as_duplicate(*given, original, "")
        elif how == "unsuitable":
            screening.close_as_unsuitable(*given, UnsuitableClass.NO_CONTENT, "没有内容。")
        else:
            screening.close_as_out_of_scope(*given, "请拨打12345热线。")
        return found.id


def test_everybody_behind_a_suggestion_is_told_once_it_is_decided(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world, people=(1, 2, 3))
    assert work(world) == 0
    decide(world, suggestion_id, DispositionKind.ADOPTED, "")
    work(world)
    assert recipients(world) == senders(world, suggestion_id)
    assert [row.template for row in owed(world)] == ["outcome"] * 3


def test_the_message_waits_for_the_last_suggestion(world: World) -> None:
    submission_id = journey.accepted_submission(world)
    first, second = (gathered(world, submission_id, [span], "要点") for span in sentences(COMMENT))
    decide(world, first, DispositionKind.ADOPTED, "")
    work(world)
    assert owed(world) == []
    decide(world, second, DispositionKind.NOTED, "留作参考。")
    work(world)
    assert recipients(world) == {submission_id}


def test_the_same_end_is_told_once_however_often_the_job_runs(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world, people=(1, 2))
    decide(world, suggestion_id, DispositionKind.ADOPTED, "")
    work(world)
    before = dump(world.database)["deliveries"]
    for _ in range(2):
        with world.database.writing() as session:
            outcomes.tell_decision(session, LATER, {"suggestion_id": str(suggestion_id)})
    assert dump(world.database)["deliveries"] == before


def test_what_is_decided_later_is_told_as_something_new(
    world: World, post: Post, out: Recorder, clock: StoppedClock
) -> None:
    clock.at = LATER
    submission_id = journey.accepted_submission(world)
    first, second = sentences(COMMENT)
    decide(world, gathered(world, submission_id, [first], "一"), DispositionKind.ADOPTED, "")
    work(world)
    deliver_once(world.database, clock, post)
    decide(world, gathered(world, submission_id, [second], "二"), DispositionKind.NOT_ADOPTED, "经费不足。")
    work(world)
    deliver_once(world.database, clock, post)
    one, two = (message.get_content().replace(" \r\n", "") for message in out.sent)
    assert ("采纳：1" in one, "未采纳：1" in one, "新情况" in one) == (True, False, False)
    assert ("采纳：1" in two, "未采纳：1" in two, "新情况" in two) == (True, True, True)
    assert "整理为2条意见要点，已办理2条" in two


def test_who_repeated_it_is_told_too_and_who_repeated_that(world: World) -> None:
    first, second, third = (journey.submit(world, person=person) for person in (1, 2, 3))
    close(world, third.number, "duplicate", second.number)
    close(world, second.number, "duplicate", first.number)
    work(world)
    assert owed(world) == [], "nothing is decided yet"
    close(world, first.number, "out of scope")
    work(world)
    assert len(recipients(world)) == 3


def test_who_is_joined_with_what_is_answered_already_is_told_at_once(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world, people=(1,))
    decide(world, suggestion_id, DispositionKind.ADOPTED, "")
    work(world)
    (original_id,) = senders(world, suggestion_id)
    with world.database.reading() as session:
        original = submissions.get(session, original_id).receipt_number
    repetition = close(world, journey.submit(world, person=2).number, "duplicate", original)
    work(world)
    assert recipients(world) == {original_id, repetition}


@pytest.mark.parametrize("how", ["unsuitable", "out of scope"])
def test_a_closing_is_told_without_its_reason(
    world: World, post: Post, out: Recorder, clock: StoppedClock, how: str
) -> None:
    clock.at = LATER
    close(world, journey.submit(world, person=1).number, how)
    work(world)
    deliver_once(world.database, clock, post)
    (message,) = out.sent
    text = message.get_content()
    assert str(message["Subject"]) == f"意见办理结果：{world.consultation.title}"
    assert "12345" not in text
    assert "没有内容" not in text
    assert COLUMN.receipts_url in text


def test_the_message_says_no_word_of_comment_suggestion_or_answer(
    world: World, post: Post, out: Recorder, clock: StoppedClock
) -> None:
    clock.at = LATER
    decide(world, journey.approved_suggestion(world, people=(1,)), DispositionKind.PARTLY_ADOPTED, "经费不足。")
    work(world)
    deliver_once(world.database, clock, post)
    (message,) = out.sent
    text = message.get_content().replace(" \r\n", "")
    assert "部分采纳：1" in text
    (submission,) = dump(world.database)["submissions"]
    who = journey.identity(1)
    hidden = ("经费不足", "周末", submission["receipt_number"], submission["token"], who.name, who.phone, who.email)
    for secret in (*hidden, who.id_number or ""):
        assert secret not in text
    assert message["To"] == who.email


def test_who_gave_no_address_is_owed_nothing(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world, people=(1, 2))
    with world.database.writing() as session:
        for sealed in session.scalars(select(SubmitterIdentity)):
            sealed.email = None
    decide(world, suggestion_id, DispositionKind.ADOPTED, "")
    work(world)
    assert owed(world) == []


def test_many_senders_are_told_in_small_jobs(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcomes, "SENDERS_AT_ONCE", 2)
    suggestion_id = journey.approved_suggestion(world, people=range(5))
    with world.database.reading() as session:
        original = submissions.get(session, min(senders(world, suggestion_id))).receipt_number
    for person in range(5, 10):
        close(world, journey.submit(world, person=person).number, "duplicate", original)
    work(world)
    decide(world, suggestion_id, DispositionKind.ADOPTED, "")
    assert work(world) == 1 + 3 + 3
    assert len(recipients(world)) == len(owed(world)) == 10
