"""One record at each point of the way, so that any action has something to act on."""

import uuid
from dataclasses import dataclass

import pytest

from app.accounts import actions as accounts
from app.accounts.queries import client_named
from app.permissions import DEPARTMENT_SCOPES
from app.publication import actions as publication
from app.screening import editing
from app.screening.passages import Span
from app.submissions import queries as submissions
from app.submissions.models import Submission
from tests.support import journey
from tests.support.journey import DRAFTING, OPERATOR, START, World
from tests.support.worlds import screened


@dataclass(frozen=True)
class Scene:
    """Ids of records, each named by where it stands; every suggestion but `awaiting` and `editing` is approved."""

    world: World
    received: uuid.UUID
    accepted: uuid.UUID
    editing: uuid.UUID
    awaiting: uuid.UUID
    approved: uuid.UUID
    published: uuid.UUID
    assignment: uuid.UUID
    client: uuid.UUID


@pytest.fixture
def scene(world: World) -> Scene:
    database, editor = world.database, world.staff.editor
    receipt = journey.submit(world, person=7)
    accepted = journey.accepted_submission(world, person=8)
    with database.writing() as session:
        received = submissions.by_number(session, receipt.number)
        assert isinstance(received, Submission)
        begun, submitted = (
            editing.gather(session, editor, START, accepted, [Span(0, 12)], editing.Wording("周末开放。", "", None))
            for _ in range(2)
        )
        session.flush()
        editing.submit_for_approval(session, editor, START, submitted.id, submitted.revision)
        accounts.add_client(session, OPERATOR, START, DRAFTING, "program", DEPARTMENT_SCOPES)
        journey.another_consultation(session, world.staff, slug="second")
    world = screened(world)  # from here on, so that there is a displayed comment as well as a published suggestion
    published = journey.approved_suggestion(world, people=(1,))
    with database.writing() as session:
        publication.publish(session, world.staff.publisher, START, published, "周末开放。", ())
        client = client_named(session, "program")
        assert client is not None
    return Scene(
        world=world,
        received=received.id,
        accepted=accepted,
        editing=begun.id,
        awaiting=submitted.id,
        approved=journey.approved_suggestion(world, people=(2,)),
        published=published,
        assignment=journey.assignment(world, person=3),
        client=client.id,
    )
