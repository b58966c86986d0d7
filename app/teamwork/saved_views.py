"""Lists of the desk that people come back to, under a name and an address of their own."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app import audit
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.permissions import Actor, Permission, require
from app.teamwork.models import SavedView

NAME_LIMIT = 40
MOST_OF_ONE_PERSON = 50


def save_view(
    session: Session, actor: Actor, at: datetime, name: str, view: str, narrowed: Mapping[str, str]
) -> SavedView:
    """Keeps a list under a name that the actor has given to no other.

    `view` and `narrowed` are the words of the list's address; nobody else sees it. Raises Unprocessable without a name
    or with one of more than NAME_LIMIT code points, or beyond MOST_OF_ONE_PERSON; Conflict("view_name_taken").
    """
    require(actor, Permission.KEEP_VIEWS)
    words = _name(session, actor, name)
    if _number(session, actor) >= MOST_OF_ONE_PERSON:
        raise Unprocessable("too_many_views", limit=MOST_OF_ONE_PERSON)
    saved = SavedView(owner=actor.id, name=words, view=view, narrowed=dict(narrowed), is_shared=False, saved_at=at)
    session.add(saved)
    session.flush()
    audit.record(session, actor, at, "view.saved", ("saved_view", saved.id), view=view)
    return saved


def rename_view(session: Session, actor: Actor, at: datetime, id: uuid.UUID, name: str) -> None:
    """Gives one's own another name; its address stays. Raises NotFound for another's, and as `save_view`."""
    require(actor, Permission.KEEP_VIEWS)
    saved = _own(session, actor, id)
    if saved.name == name.strip():
        return
    saved.name = _name(session, actor, name)
    audit.record(session, actor, at, "view.renamed", ("saved_view", saved.id))


def share_view(session: Session, actor: Actor, at: datetime, id: uuid.UUID, shared: bool) -> None:
    """Shows one's own to everybody on the desk, or to nobody else any more. Raises NotFound for another's."""
    require(actor, Permission.ALLOCATE_WORK)
    saved = _own(session, actor, id)
    saved.is_shared = shared
    audit.record(session, actor, at, "view.shared" if shared else "view.withdrawn", ("saved_view", saved.id))


def delete_view(session: Session, actor: Actor, at: datetime, id: uuid.UUID) -> None:
    """Its address leads nowhere any more, for those whom it was shared with too. Raises NotFound for another's."""
    require(actor, Permission.KEEP_VIEWS)
    saved = _own(session, actor, id)
    session.delete(saved)
    audit.record(session, actor, at, "view.deleted", ("saved_view", saved.id))


def seen_by(session: Session, person: str) -> Sequence[SavedView]:
    """The person's own and those that are shared, by name."""
    query = select(SavedView).where(or_(SavedView.owner == person, SavedView.is_shared))
    return session.scalars(query.order_by(SavedView.name, SavedView.id)).all()


def find(session: Session, person: str, id: uuid.UUID) -> SavedView:
    """Raises NotFound for what is neither the person's own nor shared."""
    saved = session.get(SavedView, id)
    if saved is None or not (saved.is_shared or saved.owner == person):
        raise NotFound("no_such_saved_view")
    return saved


def _own(session: Session, actor: Actor, id: uuid.UUID) -> SavedView:
    saved = session.get(SavedView, id)
    if saved is None or saved.owner != actor.id:
        raise NotFound("no_such_saved_view")
    return saved


def _name(session: Session, actor: Actor, name: str) -> str:
    words = " ".join(name.split())
    if not words:
        raise Unprocessable("name_required")
    if len(words) > NAME_LIMIT:
        raise Unprocessable("view_name_too_long", limit=NAME_LIMIT)
    taken = select(SavedView.id).where(SavedView.owner == actor.id, SavedView.name == words)
    if session.scalar(taken) is not None:
        raise Conflict("view_name_taken")
    return words


def _number(session: Session, actor: Actor) -> int:
    return session.scalar(select(func.count()).select_from(SavedView).where(SavedView.owner == actor.id)) or 0
