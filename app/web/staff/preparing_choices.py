"""Preparing a consultation: choose what it is, look at the checks, hand it over to a second person, or get it back."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.consultations import preparations, preparing
from app.consultations import queries as consultations
from app.consultations.actions import is_own_preparation
from app.consultations.checks import check
from app.consultations.lifecycle import REGIME_OF_KIND, ConsultationState, Kind, LegalNature
from app.consultations.models import Preparation
from app.consultations.preparation import PreparationState, TextPart
from app.consultations.settling import Settled, settle, tidied
from app.consultations.windows import Unit, rule_of
from app.departments import queries as departments
from app.kit.errors import Conflict, DomainError
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.web import labels
from app.web.errors import MESSAGES
from app.web.i18n import gettext as _
from app.web.services import Svc
from app.web.staff import check_words, choice_words, preparation_page
from app.web.staff.access import OwnForm, allowed
from app.web.staff.fields import revision_of
from app.web.staff.preparing import PATH, FieldError
from app.web.templating import address, page

Manages = Annotated[Actor, allowed(Permission.MANAGE_CONSULTATIONS)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Option:
    value: str
    value_words: str
    hint: str


@router.get(PATH + "/choices", name="staff_choices")
def choices(request: Request, id: uuid.UUID, actor: Manages, session: ReadSession) -> Response:
    preparation = preparations.find(session, id)
    return _choices(request, session, preparation, preparation.choices, {}, None, 200)


@router.post(PATH + "/choices", name="staff_choose")
def choose(request: Request, id: uuid.UUID, sent: OwnForm, actor: Manages, services: Svc, now: Now) -> Response:
    """All problems at once, with everything that was typed."""
    values = tidied(sent.form)
    with services.database.reading() as session:
        preparation = preparations.find(session, id)
        settled = settle(values, departments.directory(session), now)
        problems = {} if isinstance(settled, Settled) else settled
        if "slug" not in problems and preparations.slug_is_taken(
            session, values.get("slug", ""), preparation.consultation_id
        ):
            problems["slug"] = "slug_taken"
        if problems:
            return _choices(request, session, preparation, values, problems, None, 422)
    try:
        with services.database.writing() as writing:
            preparing.choose(writing, actor, now, id, revision_of(sent.form), values)
    except Conflict as error:
        with services.database.reading() as session:
            return _choices(request, session, preparations.find(session, id), values, {}, error, 409)
    return RedirectResponse(address(request, "staff_checks", id=id), status_code=303)


def _choices(
    request: Request,
    session: Session,
    preparation: Preparation,
    values: dict[str, str],
    problems: dict[str, str],
    error: DomainError | None,
    status: int,
) -> Response:
    told = choice_words.words(problems)
    context = {
        "p": preparation_page.view(preparation, preparations.slug(session, preparation)),
        "revision": preparation.revision,
        "values": {**preparation.choices, **values},
        "errors": [FieldError(name, message) for name, message in told.items()],
        "error_for": told,
        "error": _(MESSAGES[error.code]) if error else None,
        "kinds": [Option(kind.value, labels.label(kind), labels.label(REGIME_OF_KIND[kind])) for kind in Kind],
        "natures": [Option(nature.value, labels.label(nature), least_window(nature)) for nature in LegalNature],
        "departments": departments.assignable(session),
        "editable": preparation.state is PreparationState.IN_PROGRESS,
    }
    return page(request, "staff/preparation/choices.html", context, status)


def least_window(nature: LegalNature) -> str:
    """The rule for the window, with its source."""
    rule = rule_of(nature)
    days = _("at least %(days)s working days") if rule.unit is Unit.WORKING_DAYS else _("at least %(days)s days")
    return f"{days % {'days': rule.required}} · {rule.source}{rule.article}"


@router.get(PATH + "/checks", name="staff_checks")
def checks(request: Request, id: uuid.UUID, actor: Manages, session: ReadSession, now: Now) -> Response:
    preparation = preparations.find(session, id)
    return page(request, "staff/preparation/checks.html", _checks(session, actor, preparation, now))


def _checks(session: Session, actor: Actor, preparation: Preparation, at: datetime) -> dict[str, object]:
    consultation = preparations.consultation(session, preparation)
    settled = settle(preparation.choices, departments.directory(session), _judged_at(preparation, at))
    context: dict[str, object] = {
        "p": preparation_page.view(preparation, consultation.slug if consultation else None),
        "progress": preparation_page.progress(preparations.reviewed(preparation)),
        "problems": list(choice_words.words(settled).values()) if not isinstance(settled, Settled) else [],
        "own": consultation is not None and is_own_preparation(session, consultation, actor),
        "opened": consultation is not None and consultation.state is not ConsultationState.DRAFT,
        "editable": preparation.state is PreparationState.IN_PROGRESS,
        "kinds": list(TextPart),
    }
    return context | _found(session, preparation, settled, at) if isinstance(settled, Settled) else context


def _judged_at(preparation: Preparation, at: datetime) -> datetime:
    """What was handed over is shown as it was judged then."""
    return preparation.handed_over_at or at if preparation.state is PreparationState.HANDED_OVER else at


def _found(session: Session, preparation: Preparation, settled: Settled, at: datetime) -> dict[str, object]:
    rules = "\n".join(rule.text for rule in consultations.rules(session, preparation.consultation_id))
    subject = preparations.subject(preparation, settled, rules, at)
    checks = check(subject, calendars.calendar(session), consultations.watched_words(session))
    return {
        "window": check_words.window_view(checks.window),
        "parts": check_words.parts(subject, checks),
        "warnings": len(checks.warnings),
        "opens_at": settled.opens_at if preparation.choices.get("opens_at") else None,
        "closes_at": settled.closes_at,
    }


@router.post(PATH + "/hand-over", name="staff_hand_over")
def hand_over(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Manages, session: WriteSession, now: Now
) -> Response:
    preparing.hand_over(session, actor, now, id, revision_of(sent.form))
    return RedirectResponse(address(request, "staff_checks", id=id), status_code=303)


@router.post(PATH + "/return", name="staff_return_preparation")
def return_to_preparer(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Manages, session: WriteSession, now: Now
) -> Response:
    preparing.return_to_preparer(session, actor, now, id, revision_of(sent.form), sent.form.get("remark", ""))
    return RedirectResponse(address(request, "staff_preparation", id=id), status_code=303)
