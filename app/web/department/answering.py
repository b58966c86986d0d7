"""Answering one assignment: from a template or freely, drafted first, then for good."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.assignments import queries as assignments
from app.assignments.lifecycle import OPEN
from app.calendars import queries as calendars
from app.dispositions import queries as dispositions
from app.dispositions.kinds import DispositionKind
from app.kit.errors import Conflict, DomainError
from app.kit.http import Now, ReadSession
from app.offices import answering, queries
from app.offices.actions import own_department, own_template
from app.offices.editions import edition
from app.permissions import Actor, Permission
from app.web.department import answer_form, case_questions, due_words
from app.web.department.answer_form import AnswerForm, sent_form
from app.web.department.case import PATH, Answers, to
from app.web.errors import words_of
from app.web.public.views import clause_name
from app.web.services import Svc
from app.web.staff.access import OwnForm
from app.web.staff.fields import number_of, optional_id
from app.web.templating import page

FINAL = "final"

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Shown:
    """The form as it is shown, and what is said above it."""

    form: AnswerForm
    now: datetime
    problem: str = ""
    status: int = 200
    chosen_template: str = ""
    scan: str = ""


@router.get(PATH + "/answer", name="office_answer")
def ask(
    request: Request, id: uuid.UUID, actor: Answers, session: ReadSession, now: Now, template: str = ""
) -> Response:
    """With the draft that there is, or with the words of a template. Raises NotFound, Conflict once it is over."""
    held = assignments.one(session, own_department(actor), id)
    if held.assignment.state not in OPEN:
        raise Conflict("not_open")
    chosen = optional_id(template)
    answer = dispositions.answers(session, [id]).get(id)
    form = AnswerForm()
    if chosen is not None:
        form = answer_form.of_template(own_template(session, actor, chosen), now)
    elif answer is not None:
        form = answer_form.of_answer(answer)
    scan = str(answer.scan_id) if answer is not None and answer.scan_id else ""
    return _page(request, session, actor, id, Shown(form, now, chosen_template=template, scan=scan))


@router.post(PATH + "/answer", name="office_give_answer")
def give(request: Request, id: uuid.UUID, sent: OwnForm, actor: Answers, services: Svc, now: Now) -> Response:
    """What is refused is said above the form, which keeps what was typed."""
    form = sent_form(sent.form)
    draft = sent.form.get("step", "") != FINAL
    try:
        with services.database.writing() as session:
            scan = optional_id(sent.form.get("scan", ""))
            answering.answer(
                session, actor, now, id, form.said(), draft, number_of(sent.form.get("edition", ""), -1), scan
            )
    except DomainError as error:
        if error.status == 404:
            raise
        with services.database.reading() as session:
            return _page(
                request,
                session,
                actor,
                id,
                Shown(form, now, words_of(error), error.status, scan=sent.form.get("scan", "")),
            )
    return to(request, id)


def _page(request: Request, session: Session, actor: Actor, id: uuid.UUID, shown: Shown) -> Response:
    held = assignments.one(session, own_department(actor), id)
    clause, last = held.clause, dispositions.answers(session, [id]).get(id)
    context = {
        "id": id,
        "edition": edition(held.assignment.role, last.number if last else 0),
        "text": held.suggestion.text,
        "clause": clause_name(clause.number, clause.heading) if clause else "",
        "clause_text": clause.text if clause else "",
        "due": due_words.due(held.assignment, calendars.calendar(session), shown.now),
        "role": held.assignment.role,
        "return_remark": held.assignment.return_remark,
        "files": case_questions.of_answer(session, id),
        "scan": shown.scan,
        "problem_words": shown.problem,
        "chosen_template": shown.chosen_template,
        **fields(session, actor, shown.form),
    }
    return page(request, "department/answer.html", context, shown.status)


def fields(session: Session, actor: Actor, form: AnswerForm) -> dict[str, Any]:
    """What the fields of an answer need, wherever they stand."""
    return {
        "form": form,
        "kinds": list(DispositionKind),
        "templates": queries.templates(session, own_department(actor)),
        "may_finalise": actor.may(Permission.FINALISE_OWN_ANSWERS),
    }
