"""A department's programs hear that what they answered was released."""

from sqlalchemy import select

from app.events.models import Event
from app.worker.outcomes import tell_release
from tests.support import journey, outcomes
from tests.support.journey import DRAFTING, World


def test_every_department_that_answered_is_told_of_the_release_and_nobody_else(world: World) -> None:
    suggestion = journey.approved_suggestion(world)
    assignment = outcomes.answered(world, suggestion)
    outcomes.confirmed(world, suggestion)
    other = journey.assignment(world, department="health", person=5)
    release = outcomes.released(world)
    with world.database.writing() as session:
        tell_release(session, outcomes.LATER, {"release_id": str(release)})
    with world.database.reading() as session:
        (event,) = session.scalars(select(Event).where(Event.kind == "disposition.released")).all()
    assert (event.department_id, event.record_kind, event.record_id) == (DRAFTING, "assignment", str(assignment))
    assert event.detail["disposition"] == "adopted"
    assert (event.detail["number"], event.detail["suggestion"]) == (1, str(suggestion))
    assert str(other) != event.record_id
