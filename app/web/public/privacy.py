"""The privacy notice: of the column, and of one consultation's form, generated from what that form asks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.lifecycle import DisplayRegime
from app.consultations.models import Consultation
from app.consultations.terms import DisplayTerms, FormTerms
from app.departments.models import Department
from app.kit.http import ReadSession
from app.submissions import guarding
from app.submissions.asked import OF_GUARDIAN, asked_of, kinds_taken, usual_proof
from app.submissions.organisation import SubmitterKind
from app.web.i18n import gettext as _
from app.web.public.person_fields import FIELDS, label_of
from app.web.shared_pages import share
from app.web.templating import page

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Told:
    """A field, what it is called and why it is asked."""

    name: str
    label: str
    purpose: str


@dataclass(frozen=True)
class Responsible:
    """Who handles the data of one consultation, and how to reach them."""

    slug: str
    title: str
    issuing_body: str
    drafting_department: str
    phone: str | None
    email: str | None


@dataclass(frozen=True)
class Notice:
    """What 个人信息保护法 §17, §30 and §31 ask to be told. `regime` is None for the column, which knows both.

    `guardian` is empty where a child can't be recognised: there no ID number is asked.
    """

    person: Sequence[Told]
    organisation: Sequence[Told]
    guardian: Sequence[Told]
    form: FormTerms
    display: DisplayTerms
    regime: DisplayRegime | None


@router.get("/privacy", name="privacy")
def of_column(request: Request) -> HTMLResponse:
    share(request)
    return _page(request, notice(FormTerms(), DisplayTerms(), None), None)


@router.get("/consultations/{slug}/privacy", name="consultation_privacy")
def of_consultation(request: Request, slug: str, session: ReadSession) -> HTMLResponse:
    row = consultations.public_consultation(session, slug)
    form, display = consultations.form_terms(session, row.id), display_in_force(session, row)
    drafting = session.get_one(Department, row.drafting_department_id).name
    share(request)
    return _page(request, notice(form, display, row.display_regime), _responsible(row, drafting))


def display_in_force(session: Session, row: Consultation) -> DisplayTerms:
    """The consultation's own, with 先审后发 where the whole column is switched to it."""
    own = consultations.display_terms(session, row.id)
    return replace(own, reviews_first=guarding.rules(session, row.id).reviews_first)


def notice(form: FormTerms, display: DisplayTerms, regime: DisplayRegime | None) -> Notice:
    """The notice of a form with these terms: it names exactly the fields that the form asks for."""
    asked = {kind: asked_of(kind, form, usual_proof(form)) for kind in kinds_taken(form)}
    return Notice(
        person=_told(asked[SubmitterKind.INDIVIDUAL]),
        organisation=_told(asked.get(SubmitterKind.ORGANISATION, ())),
        guardian=_told(OF_GUARDIAN if form.asks_id_number else ()),
        form=form,
        display=display,
        regime=regime,
    )


def _told(fields: Sequence[str]) -> list[Told]:
    return [Told(name, label_of(name), _(FIELDS[name].purpose)) for name in fields]


def _responsible(row: Consultation, drafting: str) -> Responsible:
    return Responsible(row.slug, row.title, row.issuing_body, drafting, row.contact_phone, row.contact_email)


def _page(request: Request, told: Notice, responsible: Responsible | None) -> HTMLResponse:
    return page(request, "public/privacy.html", {"notice": told, "c": responsible})
