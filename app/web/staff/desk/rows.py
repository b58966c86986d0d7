"""One line of a list, for people."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.accounts import queries as accounts
from app.desk.queries import Row
from app.desk.rows import EXCERPT
from app.desk.views import OF_SUBMISSIONS
from app.submissions.lifecycle import Channel
from app.submissions.searching import Hit, excerpt
from app.teamwork import queries as teamwork
from app.teamwork.records import RecordKind
from app.web import labels
from app.web.i18n import N_, ngettext
from app.web.i18n import gettext as _
from app.web.staff.desk.listing import Shown
from app.web.staff.desk.place import Place
from app.web.staff.desk.visit import Visit
from app.web.templating import address

MARKS = {
    "campaign": N_("Same content as others"),
    "flagged": N_("To be discussed"),
    "clarifying": N_("Sender asked"),
    "held": N_("Display waits"),
}
"""Lists of app/counters that a line tells of."""


Pieces = Sequence[tuple[str, bool]]
"""A text in pieces, and of each whether it is one of the words that are looked for."""


@dataclass(frozen=True)
class RowView:
    """`chosen` is what a decision on many is sent: the id, and the revision that is seen here.

    `worked_by` is whose work it is, `open_with` the colleague who has it open just now; empty for nobody.
    """

    id: uuid.UUID
    chosen: str
    url: str
    title: str
    title_pieces: Pieces
    excerpt: Pieces
    at: datetime
    age: str
    clauses: Sequence[str]
    chips: Sequence[str]
    worked_by: str
    open_with: str
    state: StrEnum
    current: bool


def views(visit: Visit, place: Place, shown: Shown, item: uuid.UUID | None) -> list[RowView]:
    """By a fixed number of queries, whatever the page holds."""
    found = shown.rows
    kind = RecordKind.SUBMISSION if place.view in OF_SUBMISSIONS else RecordKind.SUGGESTION
    held = teamwork.holders(visit.session, kind, [row.id for row in found], visit.now)
    wanted = [row.allocated_to for row in found if row.allocated_to]
    names = accounts.names_of(visit.session, [*wanted, *held.values()])
    others = {id: names.get(holder, holder) for id, holder in held.items() if holder != visit.actor.id}
    return [
        _view(visit, place, row, shown.hits.get(row.id), row.id == item, names, others.get(row.id, "")) for row in found
    ]


def _view(
    visit: Visit, place: Place, row: Row, hit: Hit | None, current: bool, names: Mapping[str, str], open_with: str
) -> RowView:
    title = row.title or row.excerpt
    return RowView(
        id=row.id,
        chosen=f"{row.id}:{row.revision}",
        url=address(visit.request, "queue", **place.values(item=row.id)),
        title=title,
        title_pieces=excerpt(row.title, hit.in_title, len(row.title)) if hit and row.title else [(title, False)],
        excerpt=excerpt(hit.submission.comment, hit.in_comment, EXCERPT) if hit else [(row.excerpt, False)],
        at=row.at,
        age=_age(visit.now - row.at),
        clauses=row.clauses,
        chips=_chips(row),
        worked_by=names.get(row.allocated_to or "", ""),
        open_with=open_with,
        state=row.state,
        current=current,
    )


def _chips(row: Row) -> list[str]:
    if not row.is_submission:
        return [ngettext("%(number)d person", "%(number)d persons", row.persons) % {"number": row.persons}]
    chips = [_(words) for mark, words in MARKS.items() if mark in row.marks]
    if row.late:
        chips.insert(0, _("Late, with a code"))
    if row.channel is not None and row.channel is not Channel.WEB:
        chips.append(labels.label(row.channel))
    return chips


def _age(waited: timedelta) -> str:
    if waited.days < 1:
        return _("today")
    return ngettext("%(number)d day", "%(number)d days", waited.days) % {"number": waited.days}
