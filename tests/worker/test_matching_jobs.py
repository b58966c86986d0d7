"""What comes in is proposed clauses for by the worker, once; what people decided is evidence for what comes after."""

import uuid
from datetime import timedelta

import pytest

from app.documents.matching.kinds import Kind
from app.jobs import ledger as jobs
from app.jobs.models import Job
from app.screening import editing, proposing
from app.screening.editing import Wording
from app.screening.passages import Span
from app.submissions.models import Submission
from app.submissions.queries import by_number
from app.worker import matching
from app.worker.loop import work_once
from app.worker.matching import Drafts
from tests.support import deciding as actions
from tests.support import journey
from tests.support.journey import START, StoppedClock, World

DELIVERED = "老人腿脚不便，饭菜能不能送到家里"


@pytest.fixture(autouse=True)
def without_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model takes seconds to read a draft; letters and the table are enough for these comments."""
    monkeypatch.setattr(matching, "_drafts", [Drafts(None)])


def submitted(world: World, comment: str, person: int = 0) -> uuid.UUID:
    receipt = journey.submit(world, person=person, comment=comment)
    with world.database.reading() as session:
        found = by_number(session, receipt.number)
        assert found is not None
        return found.id


def work(world: World) -> None:
    with world.database.writing() as session:
        jobs.enqueue(session, matching.JOB, START)
    while work_once(world.database, StoppedClock(START), {matching.JOB: matching.keep}, {}):
        pass


def proposals(world: World, submission_id: uuid.UUID) -> proposing.Proposals | None:
    with world.database.reading() as session:
        return proposing.of_submission(session, submission_id)


def first_label(world: World, submission_id: uuid.UUID) -> str:
    with world.database.reading() as session:
        return proposing.labels_of(session, submission_id)[0]


def test_a_submission_gets_its_clauses_with_the_reasons(world: World) -> None:
    submission_id = submitted(world, DELIVERED)
    assert proposals(world, submission_id) is None
    work(world)
    found = proposals(world, submission_id)
    assert found is not None
    assert found.kind is Kind.CLAUSE
    assert first_label(world, submission_id) == "二/（三）"
    assert [one.score for one in found.clauses] == sorted((one.score for one in found.clauses), reverse=True)
    assert found.clauses[0].why.startswith("meaning")


def test_what_was_looked_at_stays_as_it_was_found(world: World) -> None:
    submission_id = submitted(world, DELIVERED)
    work(world)
    before = proposals(world, submission_id)
    with world.database.writing() as session:
        proposing.keep(session, START, submission_id, proposing.Proposals(Kind.GENERAL, ()))
        assert not proposing.waiting(session, 10)
    work(world)
    assert proposals(world, submission_id) == before


def test_more_than_a_batch_is_gone_on_with_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "BATCH", 2)
    made = [submitted(world, DELIVERED, person) for person in range(5)]
    work(world)
    assert all(proposals(world, submission_id) for submission_id in made)
    with world.database.reading() as session:
        assert not session.query(Job).filter(Job.name == matching.JOB).count()


def test_a_submission_that_was_stored_a_little_late_is_found(world: World) -> None:
    early, late = submitted(world, DELIVERED, 1), submitted(world, DELIVERED, 2)
    with world.database.writing() as session:
        proposing.keep(session, START, late, proposing.Proposals(Kind.GENERAL, ()))
    with world.database.reading() as session:
        assert [one.id for one in proposing.waiting(session, 10)] == [early]


def decided(world: World, comment: str, label: str | None, person: int) -> uuid.UUID:
    """An editor has gathered the whole comment under that clause."""
    clause = next((clause.id for clause in world.clauses if clause.label == label), None)
    submission_id = journey.accepted_submission(world, person=person, comment=comment)
    with world.database.writing() as session:
        wording = Wording("要点", "主题", clause)
        return editing.gather(session, world.staff.editor, START, submission_id, [Span(0, len(comment))], wording).id


def test_a_decision_is_evidence_for_a_comment_much_like_it(world: World) -> None:
    decided(world, "咕噜咕噜的东西请多摆几样", "一/（二）", person=1)
    submission_id = submitted(world, "咕噜咕噜的东西多摆几样吧", person=2)
    work(world)
    found = proposals(world, submission_id)
    assert found is not None
    assert first_label(world, submission_id) == "一/（二）"
    assert found.clauses[0].why == "example: 咕噜咕噜的东西请多摆几样"


def test_a_corrected_decision_counts_as_corrected(world: World) -> None:
    suggestion_id = decided(world, "咕噜咕噜的东西请多摆几样", "一/（二）", person=1)
    clause = next(clause.id for clause in world.clauses if clause.label == "一/（一）")
    with world.database.writing() as session:
        editor = world.staff.editor
        revision = editing.find(session, suggestion_id).revision
        editing.edit(session, editor, START, suggestion_id, revision, Wording("要点", "主题", clause))
    submission_id = submitted(world, "咕噜咕噜的东西多摆几样吧", person=2)
    work(world)
    assert first_label(world, submission_id) == "一/（一）"


def test_general_and_foreign_decisions_are_evidence_too(world: World) -> None:
    decided(world, "咕噜咕噜的东西请多摆几样", None, person=1)
    general = submitted(world, "咕噜咕噜的东西多摆几样吧", person=2)
    closed = submitted(world, "叽里呱啦一大堆没人听得懂", person=3)
    with world.database.writing() as session:
        revision = session.get_one(Submission, closed).revision
        actions.close_as_out_of_scope(session, world.staff.screener, START, closed, revision, "与本草案无关")
    foreign = submitted(world, "叽里呱啦一大堆没人听懂了", person=4)
    work(world)
    kinds = {id: found.kind for id in (general, foreign) if (found := proposals(world, id))}
    assert kinds == {general: Kind.GENERAL, foreign: Kind.OUT_OF_SCOPE}


def test_a_decision_is_kept_without_personal_data(world: World) -> None:
    from app.documents.examples import newest

    decided(world, "送餐请打13912345678，我姓名不说了", "二/（三）", person=1)
    with world.database.reading() as session:
        (example,) = newest(session, world.consultation.version_id)
    assert "13912345678" not in example.text
    assert example.clause == "二/（三）"


def test_it_is_looked_for_again_every_few_seconds() -> None:
    from app.worker.jobs import BEFOREHAND, JOBS, RECURRING

    assert RECURRING[matching.JOB] <= timedelta(minutes=1)
    assert matching.JOB in BEFOREHAND
    assert matching.JOB in JOBS
