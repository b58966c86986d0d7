"""Letters to other organs: listed, drafted, sent, their due day moved, closed and reopened."""

import uuid
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.kit.clock import beijing_day
from app.kit.errors import DomainError
from app.kit.http import Now, ReadSession, WriteSession
from app.kit.paging import read_cursor
from app.permissions import Actor, Permission
from app.soundings import actions, queries, totals
from app.soundings.lifecycle import LIFECYCLE, SoundingEvent
from app.soundings.models import Sounding
from app.web.errors import words_of
from app.web.staff.access import OwnForm, allowed
from app.web.staff.entering import consultation_of
from app.web.staff.fields import number_of, revision_of
from app.web.staff.soundings import letters_view
from app.web.staff.soundings.entered import LETTER_FIELDS, carried_out, due_day_of, letter_of, to, values_of
from app.web.templating import address, page

ALL = "/staff/soundings"
OF_CONSULTATION = "/staff/consultations/{slug}/soundings"
ONE = ALL + "/{id}"
PAGE_SIZE = 50
Reads = Annotated[Actor, allowed(Permission.READ_SOUNDINGS)]
Manages = Annotated[Actor, allowed(Permission.MANAGE_SOUNDINGS)]

router = APIRouter(include_in_schema=False)


@router.get(ALL, name="staff_soundings")
def of_all(request: Request, actor: Reads, session: ReadSession, now: Now, before: str = "") -> Response:
    found = queries.letters(session, None, read_cursor(before), PAGE_SIZE)
    following = found.next_cursor
    context = {
        "items": letters_view.rows(session, found.items, now),
        "next_url": address(request, "staff_soundings", before=following) if following else None,
        "consultation": None,
        "totals": None,
        "may_draft": False,
    }
    return page(request, "staff/soundings/list.html", context)


@router.get(OF_CONSULTATION, name="staff_consultation_soundings")
def of_consultation(
    request: Request, slug: str, actor: Reads, session: ReadSession, now: Now, before: str = ""
) -> Response:
    row = consultation_of(session, slug)
    found = queries.letters(session, row.id, read_cursor(before), PAGE_SIZE)
    following = found.next_cursor
    further = address(request, "staff_consultation_soundings", slug=slug, before=following) if following else None
    context = {
        "items": letters_view.rows(session, found.items, now),
        "next_url": further,
        "consultation": row,
        "totals": totals.of_consultation(session, row.id, beijing_day(now)),
        "may_draft": actor.may_within(Permission.MANAGE_SOUNDINGS, row.id),
    }
    return page(request, "staff/soundings/list.html", context)


@router.get(OF_CONSULTATION + "/new", name="staff_new_sounding")
def new(request: Request, slug: str, actor: Manages, session: ReadSession) -> Response:
    row = consultation_of(session, slug)
    return _form(request, session, row, {"version": str(row.version_id)})


@router.post(OF_CONSULTATION + "/new", name="staff_draft_sounding")
def draft(request: Request, slug: str, sent: OwnForm, actor: Manages, now: Now) -> Response:
    made: list[uuid.UUID] = []

    def act(session: Session) -> None:
        row = consultation_of(session, slug)
        made.append(actions.draft(session, actor, now, row.id, letter_of(sent.form)).id)

    def again(session: Session, problem: DomainError) -> Response:
        values = values_of(sent.form, LETTER_FIELDS)
        return _form(request, session, consultation_of(session, slug), values, problem)

    return carried_out(request, act, again, lambda: address(request, "staff_sounding", id=made[0]))


@router.get(ONE, name="staff_sounding")
def letter(request: Request, id: uuid.UUID, actor: Reads, session: ReadSession, now: Now, after: str = "") -> Response:
    row = queries.get(session, id)
    return _letter(request, session, actor, row, letters_view.one(session, actor, row, now, number_of(after, 0)))


@router.get(ONE + "/edit", name="staff_edit_sounding")
def edit_form(request: Request, id: uuid.UUID, actor: Manages, session: ReadSession) -> Response:
    row = queries.get(session, id)
    LIFECYCLE.after(row.state, SoundingEvent.EDIT)
    values = {
        "title": row.title,
        "version": str(row.version_id),
        "document_number": row.document_number or "",
        "issued_on": row.issued_on.isoformat() if row.issued_on else "",
        "due_on": row.due_on.isoformat(),
        "silence_counts": "yes" if row.silence_counts else "",
    }
    return _form(request, session, session.get_one(Consultation, row.consultation_id), values, None, row)


@router.post(ONE + "/edit", name="staff_change_sounding")
def edit(request: Request, id: uuid.UUID, sent: OwnForm, actor: Manages, now: Now) -> Response:
    def again(session: Session, problem: DomainError) -> Response:
        row = queries.get(session, id)
        consultation = session.get_one(Consultation, row.consultation_id)
        return _form(request, session, consultation, values_of(sent.form, LETTER_FIELDS), problem, row)

    return carried_out(
        request,
        lambda session: actions.edit(session, actor, now, id, revision_of(sent.form), letter_of(sent.form)),
        again,
        lambda: address(request, "staff_sounding", id=id),
    )


@router.post(ONE + "/organs", name="staff_invite_organs")
def invite(request: Request, id: uuid.UUID, sent: OwnForm, actor: Manages, now: Now) -> Response:
    names = sent.form.get("names", "").splitlines()
    return _step(
        request, id, sent.form, actor, now, lambda s: actions.invite(s, actor, now, id, sent.form.all("unit"), names)
    )


@router.post(ONE + "/send", name="staff_send_sounding")
def send(request: Request, id: uuid.UUID, sent: OwnForm, actor: Manages, now: Now) -> Response:
    revision = revision_of(sent.form)
    return _step(request, id, sent.form, actor, now, lambda s: actions.send(s, actor, now, id, revision))


@router.post(ONE + "/extend", name="staff_extend_sounding")
def extend(request: Request, id: uuid.UUID, sent: OwnForm, actor: Manages, now: Now) -> Response:
    revision, note = revision_of(sent.form), sent.form.get("reason", "")
    return _step(
        request,
        id,
        sent.form,
        actor,
        now,
        lambda s: actions.extend(s, actor, now, id, revision, due_day_of(sent.form), note),
    )


@router.post(ONE + "/close", name="staff_close_sounding")
def close(request: Request, id: uuid.UUID, sent: OwnForm, actor: Manages, session: WriteSession, now: Now) -> Response:
    actions.close(session, actor, now, id, revision_of(sent.form))
    return to(request, "staff_sounding", id=id)


@router.post(ONE + "/reopen", name="staff_reopen_sounding")
def reopen(request: Request, id: uuid.UUID, sent: OwnForm, actor: Manages, session: WriteSession, now: Now) -> Response:
    actions.reopen(session, actor, now, id, revision_of(sent.form), sent.form.get("reason", ""))
    return to(request, "staff_sounding", id=id)


@router.post("/staff/sounded-organs/{id}/uninvite", name="staff_uninvite_organ")
def uninvite(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Manages, session: WriteSession, now: Now
) -> Response:
    letter_id = queries.organ(session, id).sounding_id
    actions.uninvite(session, actor, now, id, revision_of(sent.form))
    return to(request, "staff_sounding", id=letter_id)


def _step(
    request: Request, id: uuid.UUID, form: Mapping[str, str], actor: Actor, now: Any, act: Callable[[Session], object]
) -> Response:
    """Back to the letter; with what was entered where it is refused."""

    def again(session: Session, problem: DomainError) -> Response:
        row = queries.get(session, id)
        context = letters_view.one(session, actor, row, now, 0)
        return _letter(request, session, actor, row, context, form, problem)

    return carried_out(request, act, again, lambda: address(request, "staff_sounding", id=id))


def _letter(
    request: Request,
    session: Session,
    actor: Actor,
    row: Sounding,
    context: dict[str, Any],
    form: Mapping[str, str] | None = None,
    problem: DomainError | None = None,
) -> Response:
    following = context.pop("following")
    entered = {name: (form or {}).get(name, "") for name in ("names", "due_on", "reason")}
    context |= {
        "next_url": address(request, "staff_sounding", id=row.id, after=following) if following else None,
        "entered": entered,
        "problem_words": words_of(problem) if problem else "",
    }
    return page(request, "staff/soundings/letter.html", context, problem.status if problem else 200)


def _form(
    request: Request,
    session: Session,
    consultation: Consultation,
    values: Mapping[str, str],
    problem: DomainError | None = None,
    row: Sounding | None = None,
) -> Response:
    """`row` is the letter that is changed; a new one where there is none."""
    context = {
        "consultation": consultation,
        "row": row,
        "values": {name: values.get(name, "") for name in LETTER_FIELDS},
        "texts": letters_view.texts(session, consultation),
        "problem_words": words_of(problem) if problem else "",
    }
    return page(request, "staff/soundings/form.html", context, problem.status if problem else 200)
