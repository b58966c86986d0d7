"""The acts on links between changes of a text and suggestions."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.amendments import actions, queries, searching
from app.amendments.models import AmendmentLink
from app.departments import queries as departments
from app.dispositions.models import Disposition
from app.documents import versions
from app.documents.actions import add_version, ask_comparison
from app.documents.extraction import extract
from app.documents.matching.synonyms import Synonyms
from app.documents.models import VersionRole
from app.permissions import Actor, operator
from tests.permissions.conftest import Scene
from tests.permissions.outcome_acts import AT, CONFIRMS, LETTER, OTHER, confirm_answer
from tests.support.journey import DRAFT

Act = Callable[[Session, Actor, Scene], object]


def _adopted(session: Session, scene: Scene) -> Disposition:
    """With a final text that the world's draft is compared with."""
    adopted = confirm_answer(session, scene)
    draft = versions.version(session, scene.world.consultation.version_id)
    text = DRAFT.replace("可以到达", "可以到达，并提前公布一周菜单")
    found = extract(text, departments.directory(session))
    final = add_version(session, operator("x"), AT, draft.document_id, "final", text, found, VersionRole.FINAL)
    session.flush()
    ask_comparison(session, operator("x"), AT, draft.id, final.id)
    session.flush()
    return adopted


def _link(session: Session, scene: Scene) -> AmendmentLink:
    _adopted(session, scene)
    due = searching.due(session)
    assert due
    searching.keep(session, AT, searching.batch(session, due, Synonyms(())))
    session.flush()
    return session.scalars(select(AmendmentLink)).one()


def confirm(session: Session, actor: Actor, scene: Scene) -> None:
    link = _link(session, scene)
    actions.confirm(session, actor, AT, link.id, link.revision, "", LETTER)


def refuse(session: Session, actor: Actor, scene: Scene) -> None:
    link = _link(session, scene)
    actions.refuse(session, actor, AT, link.id, link.revision)


def undo(session: Session, actor: Actor, scene: Scene) -> None:
    link = _link(session, scene)
    actions.refuse(session, OTHER, AT, link.id, link.revision)
    session.flush()
    actions.undo(session, actor, AT, link.id, link.revision, "看错了。")


def add(session: Session, actor: Actor, scene: Scene) -> None:
    suggestion_id = _adopted(session, scene).suggestion_id
    basis = queries.basis_of(session, scene.world.consultation.id)
    assert basis
    change = basis.changes[0].id
    actions.add(session, actor, AT, scene.world.consultation.id, suggestion_id, change, "", LETTER)


WHO_MAY: dict[Callable[..., object], tuple[set[str], Act]] = {
    actions.confirm: (CONFIRMS, confirm),
    actions.refuse: (CONFIRMS, refuse),
    actions.undo: (CONFIRMS, undo),
    actions.add: (CONFIRMS, add),
}
