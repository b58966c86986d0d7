"""What the three panes show: views with counts, one page of a list, and the chosen item."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from app.consultations.models import Consultation
from app.desk import queries as desk
from app.desk.views import OF_SUBMISSIONS, View
from app.kit.errors import Forbidden, NotFound
from app.permissions import Permission
from app.screening import editing
from app.submissions import queries as submissions
from app.submissions.restricted import refuse_unless_meant
from app.teamwork.records import RecordKind
from app.web import choices
from app.web.i18n import gettext as _
from app.web.staff import submission_page, suggestion_page, team_part
from app.web.staff.case.subject import Case
from app.web.staff.desk import filter_form, listing, reading, rows, views, ways
from app.web.staff.desk.filter_form import Chip, FilterField
from app.web.staff.desk.listing import Neighbours, Pages
from app.web.staff.desk.place import Place
from app.web.staff.desk.rows import RowView
from app.web.staff.desk.toast import Toast, toast
from app.web.staff.desk.views import ViewGroup
from app.web.staff.desk.visit import Visit
from app.web.staff.desk.ways import WayView
from app.web.templating import address

MIXED = frozenset({View.FLAGGED, View.CLARIFYING, View.HELD, View.DONE, View.ALL})
"""Views of several states, whose lines say in which each is."""
CHOSEN_IN = frozenset({View.MINE, View.UNCLAIMED, View.RECEIVED, View.OVERDUE, View.FLAGGED})
"""Where many can be decided on at once: what is still to be screened."""


@dataclass(frozen=True)
class DeskView:
    """Everything around the case. `item` is the chosen one; the next and the previous are those of the list.

    `words` is what is looked for, `error` why it can't be; `elsewhere` where a search from this list looks.
    """

    place: Place
    title: str
    groups: list[ViewGroup]
    filters: list[FilterField]
    chips: list[Chip]
    words: str
    error: str
    is_unfinished: bool
    elsewhere: View
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


def context(visit: Visit, place: Place, item: uuid.UUID | None, done: uuid.UUID | None) -> dict[str, Any]:
    """For templates/staff/queue.html: `desk`, and with an item what its case needs, under `case_template`."""
    session, actor, request = visit.session, visit.actor, visit.request
    consultation = filter_form.consultation_of(session, place)
    narrowed = filter_form.filters_of(place, consultation)
    reader = reading.reader(visit.services, actor, visit.now)
    found = listing.shown(session, place, narrowed, reader)
    words = listing.words_of(place)
    case = _case(visit, place.view, item) if item else {}
    fields = filter_form.fields(session, narrowed, consultation)
    beside = listing.neighbours(session, place, narrowed, found, item, reader) if case and item else Neighbours()
    view = DeskView(
        place=place,
        title=_(views.WORDS[place.view]),
        groups=views.groups(request, place, reader.views(), {} if words else desk.counts(session, narrowed, reader)),
        filters=fields,
        chips=filter_form.chips(request, place, fields, words),
        words=words,
        error=found.error,
        is_unfinished=found.is_unfinished,
        elsewhere=place.view if words else View.ALL,
        consultation=consultation,
        rows=rows.views(visit, place, found, item),
        item=item if case else None,
        own_url=_own_url(request, place.view, item) if item else "",
        list_url=address(request, "queue", **place.values()),
        pages=listing.pages(request, place, found),
        next_url=_item_url(request, place, beside.next),
        previous_url=_item_url(request, place, beside.previous),
        following=beside.next,
        ways=ways.for_many() if place.view in CHOSEN_IN and actor.may(Permission.SCREEN) else [],
        shows_states=place.view in MIXED,
        is_table=choices.chosen(choices.LOOK) == "table",
        toast=toast(session, actor, done) if done else None,
        counts_url="" if words else address(request, "queue_counts", **place.values(view="", after="", before="")),
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


def _own_url(request: Request, view: View, item: uuid.UUID) -> str:
    return address(request, "staff_submission" if view in OF_SUBMISSIONS else "staff_suggestion", id=item)


def _item_url(request: Request, place: Place, item: uuid.UUID | None) -> str | None:
    return address(request, "queue", **place.values(item=item)) if item else None
