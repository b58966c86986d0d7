"""Signing out is everybody's own act, and ends that session alone."""

from sqlalchemy import select

from app.accounts import actions as accounts
from app.accounts import sessions
from app.accounts.models import StaffUser
from app.permissions import Actor, ActorKind, Role, of_roles
from tests.permissions.conftest import Scene
from tests.support.journey import START


def test_who_signs_out_ends_that_session_only(scene: Scene) -> None:
    database = scene.world.database
    with database.writing() as session:
        user = session.scalars(select(StaffUser).limit(1)).one()
        first, second = sessions.begin(session, user, START), sessions.begin(session, user, START)
        actor = Actor(ActorKind.STAFF, str(user.id), of_roles([Role.AUDITOR]))
    with database.writing() as session:
        accounts.sign_out(session, actor, START, first)
    with database.reading() as session:
        assert sessions.find(session, first, START) is None
        assert sessions.find(session, second, START) is not None
