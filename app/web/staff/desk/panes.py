"""What the three panes show: views with counts, one page of a list, and the chosen item."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.desk import queries as desk
from app.desk.filters import Filters
from app.desk.queries import Listing, Row
from app.desk.reader import Reader
from app.desk.views import OF_SUBMISSIONS, View
from app.kit.errors import Forbidden, NotFound
from app.kit.paging import read_cursor
from app.permissions import Permission
from app.screening import editing
from app.submissions import queries as submissions
from app.submissions.restricted import refuse_unless_meant
from app.teamwork.records import RecordKind
from app.web import choices
from app.web.i18n import gettext as _
from app.web.staff import submission_page, suggestion_page, team_part
from app.web.staff.case.subject import Case
from app.web.staff.desk import filter_form, reading, rows, views, ways
from app.web.staff.desk.filter_form import Chip, FilterField
from app.web.staff.desk.place import Place
from app.web.staff.desk.rows import RowView
from app.web.staff.desk.toast import Toast, toast
from app.web.staff.desk.views import ViewGroup
from app.web.staff.desk.visit import Visit
from app.web.staff.desk.ways import WayView
from app.web.templating import address

MIXED = frozenset({View.FLAGGED, View.CLARIFYING, View.HELD, View.DONE})
"""Views of several states, whose lines say in which each is."""
CHOSEN_IN = frozenset({View.MINE, View.UNCLAIMED, View.RECEIVED, View.OVERDUE, View.FLAGGED})
"""Where many can be decided on at once: what is still to be screened."""


@dataclass(frozen=True)
class Pages:
    """Addresses of the list's pages, where there are any."""

    first: str | None
    previous: str | None
    next: str | None


@dataclass(frozen=True)
class Neighbours:
    previous: uuid.UUID | None = None
    next: uuid.UUID | None = None


@dataclass(frozen=True)
class DeskView:
    """Everything around the case. `item` is the chosen one; the next and the previous are those of the list."""

    place: Place
    title: str
    groups: list[ViewGroup]
    filters: list[FilterField]
    chips: list[Chip]
    consultation: Consultation | None
    rows: list[RowView]
    item: uuid.UUID | None
    own_url: str
    list_url: str
    pages: Pages
    next_url: str | None
    previous_url: str | None
    following: uuid.UUID | None
    ways: list[WayView]
    shows_states: bool
    is_table: bool
    toast: Toast | None
    counts_url: str


def context(visit: Visit, place: Place, item: uuid.UUID | None, done: uuid.UUID | None) -> dict[str, object]:
    """For templates/staff/queue.html: `desk`, and with an item what its case needs, under `case_template`."""
    session, actor, request = visit.session, visit.actor, visit.request
    consultation = filter_form.consultation_of(session, place)
    narrowed = filter_form.filters_of(place, consultation)
    reader = reading.reader(visit.services, actor, visit.now)
    after, before = read_cursor(place.after), read_cursor(place.before)
    found = desk.rows(session, place.view, narrowed, after, reader, before=before)
    case = _case(visit, place.view, item) if item else {}
    fields = filter_form.fields(session, narrowed, consultation)
    beside = _neighbours(session, place, narrowed, found.items, item, reader) if case and item else Neighbours()
    view = DeskView(
        place=place,
        title=_(views.WORDS[place.view]),
        groups=views.groups(request, place, reader.views(), desk.counts(session, narrowed, reader)),
        filters=fields,
        chips=filter_form.chips(request, place, fields),
        consultation=consultation,
        rows=rows.views(visit, place, found.items, item),
        item=item if case else None,
        own_url=_own_url(request, place.view, item) if item else "",
        list_url=address(request, "queue", **place.values()),
        pages=_pages(request, place, found),
        next_url=_item_url(request, place, beside.next),
        previous_url=_item_url(request, place, beside.previous),
        following=beside.next,
        ways=ways.for_many() if place.view in CHOSEN_IN and actor.may(Permission.SCREEN) else [],
        shows_states=place.view in MIXED,
        is_table=choices.chosen(choices.LOOK) == "table",
        toast=toast(session, actor, done) if done else None,
        counts_url=address(request, "queue_counts", **place.values(view="", after="", before="")),
    )
    return {"desk": view, "case_template": None, **case}


def submission_case(visit: Visit, id: uuid.UUID) -> dict[str, object]:
    """What the page of one submission shows. Raises NotFound, Forbidden for what was referred."""
    submission = submissions.get(visit.session, id)
    refuse_unless_meant(visit.actor, submission)
    consultation = visit.session.get_one(Consultation, submission.consultation_id)
    return submission_page.context(
        Case(visit.session, visit.services, visit.actor, visit.now, submission, consultation)
    )


def _case(visit: Visit, view: View, item: uuid.UUID) -> Mapping[str, object]:
    """Nothing for an item that the reader can't be shown: the list then stands alone."""
    try:
        if view in OF_SUBMISSIONS:
            return {"case_template": "staff/case/case.html", **submission_case(visit, item)}
        suggestion = editing.find(visit.session, item)
        shown = suggestion_page.context(visit.session, visit.actor, visit.now, suggestion)
        shown |= team_part.context(visit.session, visit.actor, visit.now, RecordKind.SUGGESTION, item)
        return {"case_template": "staff/point/case.html", **shown}
    except (NotFound, Forbidden):
        return {}


def _neighbours(
    session: Session, place: Place, narrowed: Filters, shown: Sequence[Row], item: uuid.UUID, reader: Reader
) -> Neighbours:
    """Those on this page of the list; at its ends, and for what has left the list, the store is asked."""
    ids = [row.id for row in shown]
    at = ids.index(item) if item in ids else -1
    inside = 0 < at < len(ids) - 1
    if inside:
        return Neighbours(ids[at - 1], ids[at + 1])
    return Neighbours(
        desk.previous(session, place.view, narrowed, item, reader),
        desk.next_after(session, place.view, narrowed, item, reader),
    )


def _pages(request: Request, place: Place, found: Listing) -> Pages:
    def url(after: str | None = "", before: str | None = "") -> str:
        return address(request, "queue", **place.values(after=after, before=before))

    return Pages(
        first=url() if place.after or place.before else None,
        previous=url(before=found.previous_cursor) if found.previous_cursor else None,
        next=url(after=found.next_cursor) if found.next_cursor else None,
    )


def _own_url(request: Request, view: View, item: uuid.UUID) -> str:
    return address(request, "staff_submission" if view in OF_SUBMISSIONS else "staff_suggestion", id=item)


def _item_url(request: Request, place: Place, item: uuid.UUID | None) -> str | None:
    return address(request, "queue", **place.values(item=item)) if item else None
