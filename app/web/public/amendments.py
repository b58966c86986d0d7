"""What the public is told about changes that its suggestions led to (修改情况)."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.amendments import listing
from app.amendments.changes import change_id
from app.amendments.listing import PublicChange
from app.documents.compared import ComparedRow, Side
from app.publication import queries as publication
from app.web.comparison_view import RowView, changes_view


@dataclass(frozen=True)
class Amended:
    """A clause that was changed because of suggestions; `anchor` is its place on the page of the comparison."""

    called: Side
    anchor: str
    led: PublicChange


def by_anchor(session: Session, consultation_id: uuid.UUID, views: Sequence[RowView]) -> Mapping[str, PublicChange]:
    """A clause's place on the page → the suggestions that it was changed for, where the public may know of any."""
    led = listing.public_changes(session, consultation_id)
    places = {view.anchor: _id(view.row) for view in views}
    return {anchor: led[id] for anchor, id in places.items() if id in led}


def of_consultation(session: Session, consultation_id: uuid.UUID) -> tuple[Amended, ...]:
    """For `public/_amendments.html`, in the order of the clauses; empty unless the comparison's release stands."""
    released = publication.released_changes(session, consultation_id)
    if released is None:
        return ()
    views = changes_view(released.rows, "").rows
    led = by_anchor(session, consultation_id, views)
    return tuple(Amended(view.called, view.anchor, led[view.anchor]) for view in views if view.anchor in led)


def _id(row: ComparedRow) -> str:
    return change_id(row.draft.label if row.draft else "", row.final.label if row.final else "")
