"""A final text of the world's draft, and the links that the worker proposes between its changes and suggestions."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.amendments import actions, queries
from app.amendments.changes import Change
from app.amendments.lifecycle import LinkState
from app.amendments.models import AmendmentLink
from app.departments import queries as departments
from app.dispositions.kinds import DispositionKind
from app.documents import versions
from app.documents.actions import add_version, ask_comparison
from app.documents.extraction import extract
from app.documents.models import VersionRole
from app.documents.queries import ReadClause, clauses_of
from app.permissions import Actor, ActorKind, Role, of_roles
from app.publication.actions import Confirmation, release_comparison, withdraw_release
from app.worker import amending
from tests.support import journey, outcomes
from tests.support.journey import DRAFT, DRAFTING, World
from tests.support.outcomes import LATER, LETTER

FINAL = DRAFT.replace("步行十五分钟可以到达", "步行十五分钟可以到达，节假日照常开放").replace(
    "费用由各方合理分担", "配备适合的餐具，费用由各方合理分担"
)
WEEKEND = "希望节假日也照常供餐。"
CUTLERY = "送餐的人请带上适合的餐具。"


def head(department: str = DRAFTING, name: str = "head") -> Actor:
    return Actor(ActorKind.STAFF, name, of_roles([Role.OFFICE_HEAD]), department)


def compared(world: World, text: str = FINAL) -> uuid.UUID:
    """The id of the comparison of the world's draft with a final text."""
    manager = world.staff.manager
    with world.database.writing() as session:
        draft = versions.version(session, world.consultation.version_id)
        found = extract(text, departments.directory(session))
        final = add_version(session, manager, LATER, draft.document_id, "final", text, found, VersionRole.FINAL)
        return ask_comparison(session, manager, LATER, draft.id, final.id).id


def clause(world: World, number: str) -> ReadClause:
    with world.database.reading() as session:
        return next(one for one in clauses_of(session, world.consultation.version_id) if one.number == number)


def adopted(
    world: World,
    text: str,
    about: ReadClause | None = None,
    kind: DispositionKind = DispositionKind.ADOPTED,
    person: int = 0,
) -> uuid.UUID:
    """A suggestion with its disposition confirmed."""
    suggestion_id = journey.approved_suggestion(world, text=text, clause=about, people=(person,))
    outcomes.answered(world, suggestion_id, kind, "" if kind is DispositionKind.ADOPTED else "已有考虑。")
    outcomes.confirmed(world, suggestion_id)
    return suggestion_id


def searched(world: World, at: datetime = LATER) -> None:
    """What the worker does until there is nothing left to look through."""
    while True:
        with world.database.reading() as session:
            worked_out = amending.work_out(session, {})
        if worked_out["batch"] is None:
            return
        with world.database.writing() as session:
            amending.keep(session, at, worked_out)


def links(world: World) -> Sequence[AmendmentLink]:
    with world.database.reading() as session:
        return session.scalars(select(AmendmentLink).order_by(AmendmentLink.score.desc(), AmendmentLink.id)).all()


def only_link(world: World) -> AmendmentLink:
    (link,) = links(world)
    return link


def states(world: World) -> dict[LinkState, int]:
    """Those that there are."""
    with world.database.reading() as session:
        counted = queries.progress(session, world.consultation.id)
    return {state: n for state, n in counted.items() if n}


def changes(world: World) -> tuple[Change, ...]:
    with world.database.reading() as session:
        basis = queries.basis_of(session, world.consultation.id)
    return basis.changes if basis else ()


def confirm(session: Session, actor: Actor, link_id: uuid.UUID, remark: str = "") -> AmendmentLink:
    revision = session.get_one(AmendmentLink, link_id).revision
    letter = None if actor.department_id else LETTER
    return actions.confirm(session, actor, LATER, link_id, revision, remark, letter)


def confirmed(world: World, link_id: uuid.UUID, remark: str = "") -> None:
    with world.database.writing() as session:
        confirm(session, head(), link_id, remark)


def made_public(world: World, comparison_id: uuid.UUID) -> None:
    with world.database.writing() as session:
        made_at = versions.latest_comparison(session, _document(session, world)).made_at  # type: ignore[union-attr]
        said = Confirmation("民函〔2026〕9号", LETTER.dated_on, "处长")
        release_comparison(session, world.staff.publisher, LATER, world.consultation.id, comparison_id, made_at, said)


def withdrawn(world: World) -> None:
    with world.database.writing() as session:
        withdraw_release(session, world.staff.publisher, LATER, world.consultation.id, "文本有误。")


def _document(session: Session, world: World) -> uuid.UUID:
    return versions.version(session, world.consultation.version_id).document_id
