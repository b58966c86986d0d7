"""What a consultation's form asks and takes, and what the public sees of its comments: shown and decided."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.arranging import has_begun, set_terms
from app.consultations.models import Consultation
from app.consultations.terms import FIXED_ONCE_BEGUN, LONGEST_KEEPING, DisplayTerms, FormTerms
from app.kit.errors import Conflict, DomainError, NotFound, Unprocessable
from app.kit.forms import Form
from app.kit.http import Now, ReadSession
from app.permissions import Actor, Permission
from app.web.i18n import N_
from app.web.i18n import gettext as _
from app.web.services import Svc
from app.web.staff.access import OwnForm, allowed
from app.web.staff.consultation_page import problem_words
from app.web.templating import address, page

PATH = "/staff/consultations/{slug}/terms"
YES = "yes"
MOST_DIGITS = 6
Manages = Annotated[Actor, allowed(Permission.MANAGE_CONSULTATIONS)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Words:
    """Untranslated: the name of a switch and what it means."""

    label: str
    hint: str


ASKED = {
    "asks_id_number": Words(
        N_("Ask persons for their ID number"),
        N_("Persons can then be counted by number, and children are recognised. Without it each submission counts."),
    ),
    "asks_email": Words(N_("Ask for an e-mail address"), N_("Without it nobody is told anything by e-mail.")),
    "takes_organisations": Words(
        N_("Take comments of organisations"),
        N_("They give their name, unified social credit code, kind and a contact person."),
    ),
    "takes_sign_in": Words(
        N_("Let people sign in instead of giving their ID number"),
        N_("Only where a sign-in service is set up for this installation."),
    ),
    "takes_files": Words(N_("Take files with a comment"), N_("Up to five; never public without a decision.")),
    "checks_answers": Words(N_("Show everything once more before it is sent"), ""),
}
DISPLAYED = {
    "shows_names": Words(
        N_("Show shortened names beside comments"), N_("An organisation's name is shown in full. Off: no names.")
    ),
    "totals_while_open": Words(N_("Show live totals while it is open"), ""),
    "feed_while_open": Words(N_("Offer the feed while it is open"), ""),
    "downloads_while_open": Words(N_("Offer downloads while it is open"), ""),
    "statistics_while_open": Words(N_("Show statistics while it is open"), ""),
}


@dataclass(frozen=True)
class SwitchView:
    name: str
    label: str
    hint: str
    on: bool
    fixed: bool


@router.get(PATH, name="staff_terms")
def shown(request: Request, slug: str, actor: Manages, session: ReadSession, now: Now) -> Response:
    return _page(request, session, _found(session, slug), now)


@router.post(PATH, name="staff_set_terms")
def decide(request: Request, slug: str, sent: OwnForm, actor: Manages, services: Svc, now: Now) -> Response:
    try:
        with services.database.writing() as session:
            row = _found(session, slug)
            form, display = _entered(session, row, sent.form, has_begun(row, now))
            set_terms(session, actor, now, row.id, form, display)
    except (Conflict, Unprocessable) as problem:
        with services.database.reading() as session:
            return _page(request, session, _found(session, slug), now, sent.form, problem)
    return RedirectResponse(address(request, "staff_consultation", slug=slug), status_code=303)


def _entered(session: Session, row: Consultation, form: Form, begun: bool) -> tuple[FormTerms, DisplayTerms]:
    """A switch that the page shows as fixed is not sent by a browser and stays as it is."""
    days = form.text("keeps_days")
    if not (days.isascii() and days.isdigit() and len(days) <= MOST_DIGITS):
        raise Unprocessable("keeping_out_of_bounds", longest=LONGEST_KEEPING)
    asks = asdict(consultations.form_terms(session, row.id))
    fixed = FIXED_ONCE_BEGUN if begun else frozenset[str]()
    chosen = {name: asks[name] if name in fixed else form.get(name) == YES for name in ASKED}
    displays = {name: form.get(name) == YES for name in DISPLAYED}
    present = asdict(consultations.display_terms(session, row.id))
    return FormTerms(**chosen, keeps_days=int(days)), DisplayTerms(**present | displays)


def _page(
    request: Request,
    session: Session,
    row: Consultation,
    now: Now,
    entered: Form | None = None,
    problem: DomainError | None = None,
) -> Response:
    form, display = consultations.form_terms(session, row.id), consultations.display_terms(session, row.id)
    present = asdict(form) | asdict(display)
    fixed = FIXED_ONCE_BEGUN if has_begun(row, now) else frozenset[str]()
    values = present | {name: entered.get(name) == YES for name in (*ASKED, *DISPLAYED)} if entered else present
    values |= {name: present[name] for name in fixed}
    context = {
        "slug": row.slug,
        "title": row.title,
        "asked": _switches(ASKED, values, fixed),
        "displayed": _switches(DISPLAYED, values, fixed),
        "display_regime": row.display_regime,
        "keeps_days": entered.text("keeps_days")[:MOST_DIGITS] if entered else form.keeps_days,
        "most_days": form.keeps_days if fixed else LONGEST_KEEPING,
        "begun": bool(fixed),
        "is_public": row.state != "draft",
        "problem_words": problem_words(problem),
    }
    return page(request, "staff/terms.html", context, problem.status if problem else 200)


def _switches(words: Mapping[str, Words], values: Mapping[str, object], fixed: frozenset[str]) -> Sequence[SwitchView]:
    return [
        SwitchView(name, _(said.label), _(said.hint) if said.hint else "", bool(values[name]), name in fixed)
        for name, said in words.items()
    ]


def _found(session: Session, slug: str) -> Consultation:
    row = consultations.find(session, slug)
    if row is None:
        raise NotFound("no_such_consultation", slug=slug)
    return row
