"""What managers do with the directory of departments, each on an entry or a name of its own."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.orm import Session

from app.departments import actions, proposing, queries
from app.departments.actions import Ending
from app.departments.models import DepartmentProposal
from app.permissions import Actor, operator
from tests.permissions.conftest import Scene
from tests.support.journey import START

ENDING = Ending("机构改革")
Act = Callable[[Session, Actor, Scene], object]


def _card(session: Session) -> actions.Card:
    return actions.card_of(queries.entry(session, queries.find(session, "sports")))


def _add(session: Session, actor: Actor, _: Scene) -> None:
    card = replace(_card(session), name="辽宁省新局", aliases=("省新局",))
    actions.add(session, actor, START, "new-bureau", card)


def _reinstate(session: Session, actor: Actor, _: Scene) -> None:
    actions.reinstate(session, actor, START, "poverty-alleviation", 1, "更正")


def _name(session: Session) -> DepartmentProposal:
    return proposing.propose_name(session, operator("tests"), START, "省新局", "version 1")


def _accept_as_new(session: Session, actor: Actor, _: Scene) -> None:
    name = _name(session)
    card = replace(_card(session), name="辽宁省新局", aliases=("省新局",))
    proposing.accept_as_new(session, actor, START, name.id, name.revision, "new-bureau", card)


def _accept_as_alias(session: Session, actor: Actor, _: Scene) -> None:
    name = _name(session)
    proposing.accept_as_alias(session, actor, START, name.id, name.revision, "sports")


def _reject(session: Session, actor: Actor, _: Scene) -> None:
    name = _name(session)
    proposing.reject(session, actor, START, name.id, name.revision)


def _reconsider(session: Session, actor: Actor, _: Scene) -> None:
    name = _name(session)
    proposing.reject(session, operator("tests"), START, name.id, name.revision)
    session.flush()
    proposing.reconsider(session, actor, START, name.id, name.revision)


ACTS: dict[Callable[..., object], Act] = {
    actions.add_departments: lambda s, a, _: actions.add_departments(s, a, START, []),
    actions.add: _add,
    actions.edit: lambda s, a, _: actions.edit(s, a, START, "sports", 1, _card(s)),
    actions.retire: lambda s, a, _: actions.retire(s, a, START, "sports", 1, ENDING),
    actions.merge: lambda s, a, _: actions.merge(s, a, START, "sports", 1, ENDING, "finance"),
    actions.reinstate: _reinstate,
    actions.import_rows: lambda s, a, _: actions.import_rows(s, a, START, []),
    proposing.propose_name: lambda s, a, _: proposing.propose_name(s, a, START, "省新局", "version 1"),
    proposing.accept_as_new: _accept_as_new,
    proposing.accept_as_alias: _accept_as_alias,
    proposing.reject: _reject,
    proposing.reconsider: _reconsider,
}
