"""One answer for several assignments: looked over first, then each answered by itself or told why not."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.assignments.lifecycle import OPEN
from app.assignments.queries import Held
from app.dispositions import files
from app.kit.errors import DomainError, Unprocessable
from app.kit.forms import Form
from app.kit.http import Now, ReadSession
from app.offices import answering, inbox, queries
from app.offices.actions import own_department, own_template
from app.offices.checking import Said
from app.permissions import Actor
from app.web.department import answer_form
from app.web.department.answer_form import AnswerForm, sent_form
from app.web.department.answering import FINAL, fields
from app.web.department.case import Answers
from app.web.errors import words_of
from app.web.services import Services, Svc
from app.web.staff.access import OwnForm
from app.web.staff.fields import optional_id
from app.web.templating import page

MOST = 50
"""Assignments that one answer is given to at once."""
EXCERPT = 80

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class ChosenView:
    """One of the chosen. `may_answer` is False for one that is answered or given away by now."""

    id: uuid.UUID
    edition: int
    text: str
    theme: str
    persons: int
    may_answer: bool


@dataclass(frozen=True)
class DoneView:
    """What became of one: answered where `why_not` is empty."""

    id: uuid.UUID
    text: str
    why_not: str


@dataclass(frozen=True)
class ScanView:
    """A signed scan that lies with all of the chosen, known by its content."""

    sha256: str
    name: str


@dataclass(frozen=True)
class Chosen:
    """An assignment as it was when the person looked it over."""

    id: uuid.UUID
    edition: int


@router.get("/office/together", name="office_together")
def ask(
    request: Request,
    actor: Answers,
    session: ReadSession,
    now: Now,
    assignment: Annotated[list[str] | None, Query()] = None,
    template: str = "",
    scan: str = "",
) -> Response:
    ids = chosen_ids(assignment or ())
    chosen = optional_id(template)
    form = answer_form.of_template(own_template(session, actor, chosen), now) if chosen else AnswerForm()
    return _form(request, session, actor, ids, form, scan=scan)


@router.post("/office/together", name="office_answer_together")
def answer(request: Request, sent: OwnForm, actor: Answers, services: Svc, now: Now) -> Response:
    """Without `look` carried out, it is shown what it would do; each is then a transaction of its own."""
    form, draft = sent_form(sent.form), sent.form.get("step", "") != FINAL
    chosen, scan = _chosen(sent.form), sent.form.get("scan", "")
    with services.database.reading() as session:
        held = inbox.chosen(session, own_department(actor), [one.id for one in chosen])
        try:
            said = form.said()
        except Unprocessable as error:
            return _form(request, session, actor, [one.id for one in chosen], form, words_of(error), scan)
        if sent.form.get("look", "") != "over":
            return _preview(request, _views(session, actor, held), form, draft, _scan(session, held, scan))
    texts = {row.assignment.id: excerpt(row.suggestion.text) for row in held}
    done = [
        DoneView(one.id, texts[one.id], answered(services, actor, now, (one.id, one.edition), said, draft, scan))
        for one in chosen
    ]
    return page(request, "department/together_done.html", done_context(done, draft))


def done_context(done: Sequence[DoneView], draft: bool) -> dict[str, Any]:
    refused = [one for one in done if one.why_not]
    return {"done": [one for one in done if not one.why_not], "refused": refused, "draft": draft}


def answered(
    services: Services,
    actor: Actor,
    now: datetime,
    which: tuple[uuid.UUID, int],
    said: Said,
    draft: bool,
    scan: str = "",
) -> str:
    """Gives one answer in a transaction of its own; why it was refused, empty when it was done.

    `scan` is the content of a file that lies with it already.
    """
    try:
        with services.database.writing() as session:
            scan_id = files.of_content(session, which[0], scan).id if scan else None
            answering.answer(session, actor, now, which[0], said, draft, which[1], scan_id)
    except DomainError as error:
        return words_of(error)
    return ""


def excerpt(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= EXCERPT else f"{plain[: EXCERPT - 1]}…"


def _form(
    request: Request,
    session: Session,
    actor: Actor,
    ids: Sequence[uuid.UUID],
    form: AnswerForm,
    problem: str = "",
    scan: str = "",
) -> Response:
    held = inbox.chosen(session, own_department(actor), ids)
    context = {
        "chosen": _views(session, actor, held),
        "scan": _scan(session, held, scan),
        "problem_words": problem,
        **fields(session, actor, form),
    }
    return page(request, "department/together.html", context, 422 if problem else 200)


def _scan(session: Session, held: Sequence[Held], sha256: str) -> ScanView | None:
    """Raises NotFound where it doesn't lie with one that can be answered."""
    if not sha256:
        return None
    found = [files.of_content(session, row.assignment.id, sha256) for row in held if row.assignment.state in OPEN]
    return ScanView(sha256, found[0].name) if found else None


def _preview(
    request: Request, views: Sequence[ChosenView], form: AnswerForm, draft: bool, scan: ScanView | None
) -> Response:
    context = {
        "chosen": [one for one in views if one.may_answer],
        "left_out": [one for one in views if not one.may_answer],
        "persons": sum(one.persons for one in views if one.may_answer),
        "form": form,
        "said": form.said(),
        "draft": draft,
        "scan": scan,
    }
    return page(request, "department/together_look.html", context)


def _views(session: Session, actor: Actor, held: Sequence[Held]) -> list[ChosenView]:
    now = queries.standing(session, own_department(actor), [row.assignment.id for row in held])
    return [
        ChosenView(
            row.assignment.id,
            now[row.assignment.id].edition,
            excerpt(row.suggestion.text),
            row.suggestion.theme,
            row.suggestion.distinct_persons,
            row.assignment.state in OPEN,
        )
        for row in held
    ]


def chosen_ids(words: Sequence[str]) -> list[uuid.UUID]:
    """Raises Unprocessable for none and for too many, BadRequest for what is no id."""
    ids = [id for id in (optional_id(word) for word in words) if id is not None]
    if not ids:
        raise Unprocessable("nothing_chosen")
    if len(ids) > MOST:
        raise Unprocessable("too_many_chosen", limit=MOST)
    return ids


def _chosen(form: Form) -> list[Chosen]:
    """`assignment` is an id, after the look-over with the edition that was looked at: `id.edition`."""
    pairs = [word.partition(".") for word in form.all("assignment")]
    ids = chosen_ids([id for id, _dot, _edition in pairs])
    editions = [edition for _id, _dot, edition in pairs]
    whole = [int(one) if one.isascii() and one.isdigit() and len(one) < 10 else 0 for one in editions]
    return [Chosen(id, edition) for id, edition in zip(ids, whole, strict=True)]
