"""The list of a department's assignments: what waits, what is late, what was answered."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.assignments.lifecycle import OPEN, AssignmentRole, AssignmentState
from app.calendars import queries as calendars
from app.calendars.working_days import Calendar
from app.kit.http import Now, ReadSession
from app.kit.paging import read_cursor
from app.offices import inbox
from app.offices.actions import own_department
from app.offices.inbox import COUNTED, Counts, Item, Sought, View
from app.permissions import Actor, Permission
from app.web.department import due_words
from app.web.department.due_words import DueView
from app.web.i18n import N_
from app.web.i18n import gettext as _
from app.web.public.views import clause_name
from app.web.staff.access import allowed
from app.web.staff.fields import optional_id
from app.web.templating import address, page

PAGE_SIZE = 30
EXCERPT = 120
VIEWS = {
    View.OPEN: N_("To be answered"),
    View.WAITING: N_("To be acknowledged"),
    View.IN_HAND: N_("In hand"),
    View.DUE_SOON: N_("Due soon"),
    View.OVERDUE: N_("Overdue"),
    View.RETURNED: N_("Returned, to be answered anew"),
    View.ANSWERED: N_("Answered, waiting for confirmation"),
    View.CONFIRMED: N_("Confirmed by the drafting department"),
    View.ENDED: N_("Sent back, passed on or recalled"),
}
Reads = Annotated[Actor, allowed(Permission.READ_OWN_ASSIGNMENTS)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class ItemView:
    """One line of the list. `clause` is empty for an opinion on the whole draft; `may_answer`: it can be ticked."""

    id: uuid.UUID
    text: str
    clause: str
    clause_id: uuid.UUID | None
    theme: str
    persons: int
    role: AssignmentRole
    state: AssignmentState
    due: DueView | None
    has_draft: bool
    is_returned: bool
    may_answer: bool
    assigned_at: datetime


@dataclass(frozen=True)
class Group:
    """Suggestions on one theme of one consultation."""

    consultation: str
    theme: str
    items: list[ItemView]


@dataclass(frozen=True)
class ViewLink:
    words: str
    count: str
    url: str
    is_chosen: bool
    is_urgent: bool


@dataclass(frozen=True)
class Asked:
    """What the address of the list asks for."""

    view: View
    consultation: str
    role: str
    theme: str
    clause: str

    def values(self) -> dict[str, str]:
        """For the list's address."""
        return {
            "view": self.view.value,
            "consultation": self.consultation,
            "role": self.role,
            "theme": self.theme,
            "clause": self.clause,
        }


def _asked(view: str = "", consultation: str = "", role: str = "", theme: str = "", clause: str = "") -> Asked:
    return Asked(View(view) if view in set(View) else View.OPEN, consultation, role, theme, clause)


AskedOf = Annotated[Asked, Depends(_asked)]


@router.get("/office", name="office")
def assignments(
    request: Request, actor: Reads, session: ReadSession, now: Now, asked: AskedOf, after: str = ""
) -> Response:
    return page(request, "department/inbox.html", _context(request, session, actor, now, asked, after))


def _context(
    request: Request, session: Session, actor: Actor, now: datetime, asked: Asked, after: str
) -> dict[str, Any]:
    department_id, calendar = own_department(actor), calendars.calendar(session)
    consultations = inbox.consultations(session, department_id)
    sought = sought_of(asked, consultations, calendar, now)
    found = inbox.items(session, department_id, sought, read_cursor(after), PAGE_SIZE)
    counts = inbox.counts(session, department_id, now, sought.soon)
    more = {**asked.values(), "after": found.next_cursor}
    return {
        "views": _views(request, asked, counts),
        "title": _(VIEWS[asked.view]),
        "asked": asked,
        "consultations": [(slug, title) for _id, slug, title in consultations],
        "roles": list(AssignmentRole),
        "themes": _offered(inbox.themes(session, department_id, sought.consultation_id), asked.theme),
        "clauses": _clauses(session, department_id, sought),
        "groups": grouped(found.items, calendar, now),
        "next_url": address(request, "office", **more) if found.next_cursor else None,
        "is_first": not after,
        "without": _without(request, asked),
        "is_narrowed": any((asked.consultation, asked.role, asked.theme, asked.clause)),
    }


def _offered(themes: Sequence[str], chosen: str) -> list[str]:
    """With the chosen one among them, that came by an address and may be older."""
    return sorted({*themes, chosen} - {""})


def _clauses(session: Session, department_id: str, sought: Sought) -> list[tuple[str, str]]:
    """Id and name, once a consultation is chosen: clauses of several drafts have the same names."""
    if sought.consultation_id is None:
        return []
    found = inbox.clauses(session, department_id, sought.consultation_id)
    return [(str(one.id), clause_name(one.number, one.heading)) for one in found]


def sought_of(
    asked: Asked, consultations: Sequence[tuple[uuid.UUID, str, str]], calendar: Calendar, now: datetime
) -> Sought:
    """Words that name nothing narrow to nothing that there is, rather than to everything."""
    by_slug = {slug: id for id, slug, _title in consultations}
    chosen = by_slug.get(asked.consultation, uuid.UUID(int=0)) if asked.consultation else None
    role = AssignmentRole(asked.role) if asked.role in set(AssignmentRole) else None
    clause = optional_id(asked.clause)
    return Sought(asked.view, now, due_words.soon(calendar, now), chosen, role, asked.theme, clause)


def grouped(items: Sequence[Item], calendar: Calendar, now: datetime) -> list[Group]:
    """Those on one theme stand together, at the place of the first of them."""
    found: dict[tuple[uuid.UUID, str], Group] = {}
    for item in items:
        held = item.held
        key = (held.consultation.id, held.suggestion.theme)
        group = found.setdefault(key, Group(held.consultation.title, held.suggestion.theme, []))
        group.items.append(_item(item, calendar, now))
    return list(found.values())


def _item(item: Item, calendar: Calendar, now: datetime) -> ItemView:
    row, suggestion, clause = item.held.assignment, item.held.suggestion, item.held.clause
    text = " ".join(suggestion.text.split())
    return ItemView(
        id=row.id,
        text=text if len(text) <= EXCERPT else f"{text[: EXCERPT - 1]}…",
        clause=clause_name(clause.number, clause.heading) if clause else "",
        clause_id=clause.id if clause else None,
        theme=suggestion.theme,
        persons=suggestion.distinct_persons,
        role=row.role,
        state=row.state,
        due=due_words.due(row, calendar, now),
        has_draft=item.has_draft,
        is_returned=row.returned_at is not None and row.state in OPEN,
        may_answer=row.state in OPEN,
        assigned_at=row.assigned_at,
    )


def _views(request: Request, asked: Asked, counts: Counts) -> list[ViewLink]:
    links = []
    for view, words in VIEWS.items():
        number = counts.of[view]
        count = f"{COUNTED}+" if number > COUNTED else str(number)
        url = address(request, "office", **replace(asked, view=view).values())
        is_urgent = bool(number) and view in (View.OVERDUE, View.RETURNED)
        links.append(ViewLink(_(words), count, url, view is asked.view, is_urgent))
    return links


def _without(request: Request, asked: Asked) -> dict[str, str]:
    """Addresses of the same list without its theme, without its clause, and without anything it is narrowed to."""
    return {
        "theme": address(request, "office", **replace(asked, theme="").values()),
        "clause": address(request, "office", **replace(asked, clause="").values()),
        "all": address(request, "office", view=asked.view.value),
    }
