"""A comment that was sent outside is screened inside, and its sender reads outside what became of it."""

import uuid
from datetime import timedelta

from sqlalchemy import select

from app.bundles.outward import TOLD_OUTSIDE
from app.deliveries.models import Delivery
from app.dispositions.kinds import DispositionKind
from app.jobs.models import Job
from app.permissions import Role
from app.screening import editing
from app.screening.editing import Wording
from app.screening.models import Suggestion
from app.screening.passages import sentences
from app.submissions.models import Submission
from app.submissions.queries import sealed_identity
from app.transparency.models import EntryKind, LogEntry
from app.worker.jobs import INSIDE, JOBS
from app.worker.loop import work_once
from tests.support import deciding as screening
from tests.support import outcomes
from tests.support.app import serving, signed_in, words
from tests.support.bundling import Sides
from tests.support.journey import COMMENT, START, StoppedClock, identity, submit
from tests.support.outer_site import outer_site, receipt_page

LATER = START + timedelta(days=4)
TEXT = "助餐点周末照常开放。"
ANSWER = "周末开放将写入第一条。"


def found(sides: Sides) -> Submission:
    with sides.inner.database.reading() as session:
        return session.scalars(select(Submission)).one()


def inside(sides: Sides) -> None:
    """The worker inside does what is due, and nothing that is told outside."""
    while work_once(sides.inner.database, StoppedClock(LATER), INSIDE, {}, held=TOLD_OUTSIDE):
        pass


def outside(sides: Sides) -> list[Delivery]:
    """What the worker outside owes people by then."""
    while work_once(sides.outer.database, StoppedClock(LATER), JOBS, {}):
        pass
    with sides.outer.database.reading() as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.promised_at, Delivery.id)))


def screened(sides: Sides, submission_id: uuid.UUID) -> uuid.UUID:
    """Accepted, gathered and approved inside; the suggestion's id."""
    staff, database = sides.world.staff, sides.inner.database
    with database.writing() as session:
        row = session.get_one(Submission, submission_id)
        screening.accept(session, staff.screener, START, row.id, row.revision)
    with database.writing() as session:
        wording = Wording(TEXT, "周末", None)
        made = editing.gather(session, staff.editor, START, submission_id, sentences(COMMENT)[:1], wording).id
    for act, actor in ((editing.submit_for_approval, staff.editor), (editing.approve, staff.approver)):
        with database.writing() as session:
            act(session, actor, START, made, session.get_one(Suggestion, made).revision)
    return made


def test_from_the_form_outside_to_the_outcome_on_its_receipt(sides: Sides) -> None:
    assert len(sides.goes_out()) == 1
    site = sides.outside
    receipt = submit(site, person=3, clauses=site.clauses[:1])
    [came] = sides.goes_in()
    assert (came.records, came.begun_at, came.is_known) == (1, 0, False)

    arrived = found(sides)
    assert (arrived.receipt_number, arrived.received_at, arrived.comment) == (receipt.number, START, COMMENT)
    with sides.inner.database.reading() as session:
        sealed = sealed_identity(session, arrived.id)
        assert sealed is not None
        assert sides.world.vault.open(sealed) == identity(3)
        entries = session.scalars(select(LogEntry).where(LogEntry.kind == EntryKind.RECEIPT)).all()
    with sides.outer.database.reading() as session:
        theirs = session.scalars(select(LogEntry).where(LogEntry.kind == EntryKind.RECEIPT)).all()
    assert [(row.id, row.commitment) for row in entries] == [(row.id, row.commitment) for row in theirs]

    with serving(sides.inner.database, StoppedClock(), network="inner") as client:
        assert arrived.title in words(signed_in(client, Role.SCREENER).get("/staff/queue").text)
        assert client.get("/receipts").status_code == 404

    suggestion_id = screened(sides, arrived.id)
    outcomes.decided(sides.world, suggestion_id, DispositionKind.PARTLY_ADOPTED, ANSWER)
    inside(sides)
    assert len(sides.goes_out()) == 1
    with outer_site(sides, StoppedClock(LATER)) as client:
        page = words(receipt_page(client, receipt))
        assert ANSWER in page
        assert TEXT in page
        assert client.get("/staff").status_code == 404
    # The receipt's own message first, then the outcome's: both go out where there is an internet.
    assert [row.template for row in outside(sides)] == ["receipt", "outcome"]
    with sides.inner.database.reading() as session:
        assert not session.scalars(select(Delivery)).all()
        assert not session.scalars(select(Job).where(Job.name.in_(TOLD_OUTSIDE))).all()
