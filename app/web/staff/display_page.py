"""What the desk sees of public display: one consultation's comments by where their display stands."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from fastapi import Request
from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.kit.paging import Key, Page
from app.permissions import Actor, Permission
from app.submissions import displayed, guarding, public_numbers
from app.submissions import queries as submissions
from app.submissions.lifecycle import DisplayState, EndedClass, HoldReason, SubmissionState
from app.submissions.models import DisplayedComment, DisplayObjection, Submission
from app.web import labels
from app.web.display_words import DOUBTS
from app.web.i18n import N_
from app.web.i18n import gettext as _
from app.web.templating import address

PAGE_SIZE = 50


class View(StrEnum):
    WAITING = "waiting"
    QUARANTINE = "quarantine"
    OBJECTIONS = "objections"
    DISPLAYED = "displayed"
    WITHHELD = "withheld"
    TAKEN_DOWN = "taken_down"
    FROZEN = "frozen"


VIEWS = {
    View.WAITING: N_("Waiting for a person"),
    View.QUARANTINE: N_("To be verified"),
    View.OBJECTIONS: N_("Objections"),
    View.DISPLAYED: N_("Displayed"),
    View.WITHHELD: N_("Withheld"),
    View.TAKEN_DOWN: N_("Taken down"),
    View.FROZEN: N_("Stopped for a report"),
}
OF_STATE = {
    View.WAITING: DisplayState.WAITING,
    View.DISPLAYED: DisplayState.DISPLAYED,
    View.WITHHELD: DisplayState.WITHHELD,
    View.TAKEN_DOWN: DisplayState.TAKEN_DOWN,
    View.FROZEN: DisplayState.FROZEN,
}


@dataclass(frozen=True)
class ViewLink:
    label: str
    count: str
    current: bool
    url: str


@dataclass(frozen=True)
class Row:
    """One comment. `why` says for what it waits or why it isn't displayed; `same` what else has its words."""

    submission_id: uuid.UUID
    at: datetime
    title: str
    text: str
    why: list[str]
    reason: str
    same: str


def context(
    request: Request, session: Session, actor: Actor, row: Consultation, view: View, after: Key | None
) -> dict[str, object]:
    found = _rows(session, row, view, after)
    own = consultations.display_terms(session, row.id).reviews_first
    return {
        "consultation": row,
        "views": _links(request, session, row, view),
        "view": view,
        "rows": found.items,
        "next_url": address(request, "staff_display", slug=row.slug, view=view, after=found.next_cursor)
        if found.next_cursor
        else None,
        "own_switch": own,
        "column_switch": guarding.rules(session, row.id).reviews_first and not own,
        "classes": list(EndedClass),
        "may": {
            "decide": actor.may(Permission.TAKE_DOWN),
            "judge": actor.may(Permission.SCREEN),
            "switch": actor.may(Permission.SWITCH_DISPLAY),
        },
    }


def _links(request: Request, session: Session, row: Consultation, current: View) -> list[ViewLink]:
    by_state = displayed.display_counts(session, row.id)
    counts = {view: by_state.get(state, 0) for view, state in OF_STATE.items()}
    counts[View.QUARANTINE] = submissions.state_counts(session, row.id).get(SubmissionState.QUARANTINED, 0)
    counts[View.OBJECTIONS] = displayed.count_open_objections(session, row.id)
    where = {view: address(request, "staff_display", slug=row.slug, view=view) for view in VIEWS}
    return [ViewLink(_(words), _number(counts[view]), view is current, where[view]) for view, words in VIEWS.items()]


def _number(counted: int) -> str:
    most = displayed.COUNTED
    return str(counted) if counted <= most else _("more than %(number)s") % {"number": most}


def _rows(session: Session, row: Consultation, view: View, after: Key | None) -> Page[Row]:
    if view is View.QUARANTINE:
        kept = submissions.oldest_first(session, SubmissionState.QUARANTINED, row.id, after, PAGE_SIZE)
        return Page(_quarantined(session, kept.items), kept.next_cursor)
    if view is View.OBJECTIONS:
        objections = displayed.open_objections(session, row.id, after, PAGE_SIZE)
        return Page(_objections(session, objections.items), objections.next_cursor)
    found = displayed.in_state(session, row.id, OF_STATE[view], after, PAGE_SIZE)
    return Page(_comments(session, row, found.items), found.next_cursor)


def _comments(session: Session, row: Consultation, found: Sequence[DisplayedComment]) -> list[Row]:
    same = displayed.same_words(session, row.id, [one.text_hash for one in found])
    return [
        Row(
            submission_id=one.submission_id,
            at=one.displayed_at,
            title=one.title,
            text=one.text,
            why=_why(one),
            reason=one.taken_down_reason or "",
            same=_same(one, same.get(one.text_hash, {})),
        )
        for one in found
    ]


def _why(one: DisplayedComment) -> list[str]:
    if one.state is DisplayState.WAITING:
        return [labels.label(HoldReason(reason)) for reason in one.held_for]
    if one.state is DisplayState.DISPLAYED:
        return [public_numbers.written(one.number)] if one.number else []
    return [labels.label(one.taken_down_class)] if one.taken_down_class else []


def _same(one: DisplayedComment, by_state: dict[DisplayState, int]) -> str:
    others = dict(by_state)
    others[one.state] = others.get(one.state, 1) - 1
    shown, waiting = others.get(DisplayState.DISPLAYED, 0), others.get(DisplayState.WAITING, 0)
    if not shown and not waiting:
        return ""
    return _("The same words: %(shown)s displayed, %(waiting)s waiting") % {"shown": shown, "waiting": waiting}


def _quarantined(session: Session, found: Sequence[Submission]) -> list[Row]:
    why = displayed.quarantine_of(session, [one.id for one in found])
    return [
        Row(
            submission_id=one.id,
            at=one.received_at,
            title=one.title,
            text=one.comment,
            why=[doubt(reason) for reason in why[one.id].reasons],
            reason="",
            same="",
        )
        for one in found
    ]


def _objections(session: Session, found: Sequence[DisplayObjection]) -> list[Row]:
    by_id = {one.id: one for one in submissions.many(session, [objection.submission_id for objection in found])}
    return [
        Row(
            submission_id=one.submission_id,
            at=one.at,
            title=by_id[one.submission_id].title,
            text=one.words,
            why=[],
            reason="",
            same="",
        )
        for one in found
    ]


def doubt(reason: str) -> str:
    """Why a submission was put in quarantine; a reason that has no words as it is."""
    return _(DOUBTS[reason]) if reason in DOUBTS else reason
