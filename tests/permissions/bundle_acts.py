"""The acts of whoever carries files between two networks: nobody but the operator at the command line."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bundles import actions, arrivals
from app.bundles.directions import Direction
from app.bundles.file_format import NOTHING_BEFORE, Manifest, Sealed
from app.permissions import Actor, operator
from app.submissions.models import Submission
from tests.permissions.conftest import Scene
from tests.support.journey import START

NOBODY: set[str] = set()
SEALED = Sealed(1, 1, "a" * 64)


def manifest(direction: Direction) -> Manifest:
    return Manifest(direction, 1, NOTHING_BEFORE, "a", "b", START.isoformat(), "0", "0", 0, NOTHING_BEFORE)


def keep_made(session: Session, actor: Actor, scene: Scene) -> None:
    actions.keep_made(session, actor, START, manifest(Direction.OUTWARD), SEALED, [], [])


def note_given_out(session: Session, actor: Actor, scene: Scene) -> None:
    keep_made(session, operator("tests"), scene)
    actions.note_given_out(session, actor, START, Direction.OUTWARD, 1)


def note_forgotten(session: Session, actor: Actor, scene: Scene) -> None:
    keep_made(session, operator("tests"), scene)
    actions.note_forgotten(session, actor, START, Direction.OUTWARD, 1)


def begin(session: Session, actor: Actor, scene: Scene) -> None:
    assert actions.begin(session, actor, START, manifest(Direction.INWARD), SEALED) == 0


def finish(session: Session, actor: Actor, scene: Scene) -> None:
    begin(session, operator("tests"), scene)
    actions.finish(session, actor, START, manifest(Direction.INWARD), 1)


def take_submission(session: Session, actor: Actor, scene: Scene) -> None:
    """One that is there already: nothing but the entry in the audit log comes of it."""
    id = session.scalars(select(Submission.id).limit(1)).first()
    assert id is not None
    record = arrivals.said_of(session, scene.world.vault, id)
    assert actions.take_submission(session, actor, START, scene.world.vault, record, 1) is None


WHO_MAY = {
    actions.keep_made: (NOBODY, keep_made),
    actions.note_given_out: (NOBODY, note_given_out),
    actions.note_forgotten: (NOBODY, note_forgotten),
    actions.begin: (NOBODY, begin),
    actions.finish: (NOBODY, finish),
    actions.take_submission: (NOBODY, take_submission),
}
