"""The acts of managers from uploaded files to a consultation that a second person can open."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from app.consultations import importing, preparing
from app.consultations.models import Preparation
from app.consultations.settling import Settled, settle
from app.departments import queries as departments
from app.permissions import Actor, operator
from tests.permissions.conftest import Scene
from tests.support.journey import START
from tests.support.preparing import read_page


def begin(session: Session, actor: Actor, scene: Scene) -> None:
    preparing.begin(session, actor, START, read_page(session))


def put_together(session: Session, actor: Actor, scene: Scene) -> None:
    settled = settle(read_page(session).values, departments.directory(session), START)
    assert isinstance(settled, Settled)
    announcement = settled.announcement(scene.world.consultation.version_id)
    importing.put_together(session, actor, START, announcement, [])


def on_begun(act: Callable[..., object], *given: object) -> Callable[[Session, Actor, Scene], None]:
    """The act on a preparation that somebody began."""

    def run(session: Session, actor: Actor, scene: Scene) -> None:
        row = preparing.begin(session, operator("tests"), START, read_page(session))
        session.flush()
        act(session, actor, START, row.id, row.revision, *given)

    return run


def return_it(session: Session, actor: Actor, scene: Scene) -> None:
    row = _handed_over(session)
    preparing.return_to_preparer(session, actor, START, row.id, row.revision, "标题有误")


def _handed_over(session: Session) -> Preparation:
    row = preparing.begin(session, operator("tests"), START, read_page(session))
    session.flush()
    preparing.hand_over(session, operator("tests"), START, row.id, row.revision)
    session.flush()
    return row
