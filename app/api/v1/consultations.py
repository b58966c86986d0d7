"""What the column shows everybody, for programs: consultations, their texts and clauses, comments on display."""

import uuid
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.api.authentication import Anybody
from app.api.receiving import DepartmentRoute
from app.api.v1.representations import NamedDepartment
from app.api.v1.requests import PageQuery
from app.api.v1.responses import READ, READ_COMMENTS, READ_CONSULTATION
from app.consultations import queries as consultations
from app.consultations.lifecycle import DisplayRegime, Kind, LegalNature, Phase
from app.consultations.models import Consultation as ConsultationRow
from app.departments import queries as departments
from app.documents import queries as documents
from app.documents.queries import ReadClause
from app.kit.errors import NotFound
from app.kit.http import Now, ReadSession
from app.kit.paging import read_cursor
from app.submissions.displayed import displayed_page

router = APIRouter(route_class=DepartmentRoute, tags=["consultations"])
Slug = Annotated[str, Path(max_length=80, description="The consultation's `slug`.")]
Number = Annotated[int, Path(ge=1, le=100_000, description="The version's `number`.")]


class CallForComments(BaseModel):
    """A consultation (意见征集) that has been made public."""

    slug: str
    title: str
    kind: Kind
    legal_nature: LegalNature
    display_regime: DisplayRegime = Field(description="instant 即时展示 · screened 筛选后公开")
    phase: Phase = Field(description="Where it is now; comments are taken while it is `open`.")
    opens_at: datetime
    closes_at: datetime = Field(description="The first instant at which no comment is taken any more.")
    drafting_department: NamedDepartment
    version: int = Field(description="The number of the version that is under comment.")


class CallsForComments(BaseModel):
    """All that have been made public, the one that closes last first."""

    items: list[CallForComments]


class Version(BaseModel):
    """A text that was put out for comment."""

    number: int
    title: str
    under_comment: bool = Field(description="Whether it is the one under comment now.")


class Versions(BaseModel):
    """Every text of a consultation, in the order in which they were put out."""

    items: list[Version]


class Unit(BaseModel):
    """A responsible unit as the clause names it (责任单位)."""

    name: str = Field(description="As printed.")
    role: str
    department_id: str | None = Field(description="Null where the directory doesn't know it.")


class WholeClause(BaseModel):
    """A clause of one version. An opinion is bound to version, clause and text hash, never to a number alone."""

    id: uuid.UUID
    label: str
    number: str
    heading: str
    level: int
    text: str
    text_hash: str = Field(description="SHA-256 of the text.")
    units: list[Unit]


class Clauses(BaseModel):
    """All clauses of one version, in order."""

    version: int
    items: list[WholeClause]


class PublicComment(BaseModel):
    """A comment as everybody sees it: personal data is masked."""

    number: int = Field(description="Its public number; it leads to no receipt.")
    displayed_at: datetime
    sender: str = Field(description="The masked name.")
    title: str
    text: str


class PublicComments(BaseModel):
    """Some comments on display, the newest first."""

    items: list[PublicComment]
    next_cursor: str | None = Field(description="For older ones; null where there are none.")


@router.get("/consultations", responses=READ, response_description="All", operation_id="list_consultations")
def list_consultations(user: Anybody, session: ReadSession, now: Now) -> CallsForComments:
    """Every consultation that has been made public, open or not, the one that closes last first."""
    rows = consultations.public_consultations(session)
    names = departments.names(session)
    numbers = documents.version_numbers(session, [row.version_id for row in rows])
    return CallsForComments(items=[_call(row, now, names, numbers) for row in rows])


@router.get(
    "/consultations/{slug}",
    responses=READ_CONSULTATION,
    response_description="The consultation",
    operation_id="get_consultation",
)
def get_consultation(user: Anybody, session: ReadSession, slug: Slug, now: Now) -> CallForComments:
    """One consultation."""
    row = public_row(session, slug)
    return _call(row, now, departments.names(session), documents.version_numbers(session, [row.version_id]))


@router.get(
    "/consultations/{slug}/versions",
    responses=READ_CONSULTATION,
    response_description="The versions",
    operation_id="list_versions",
)
def list_versions(user: Anybody, session: ReadSession, slug: Slug) -> Versions:
    """Every text that was put out for comment; a stored text never changes, a corrected one is a further version."""
    row = public_row(session, slug)
    numbers = _numbers(session, row)
    titles = documents.titles_of_versions(session, numbers)
    items = [
        Version(number=number, title=titles[version_id], under_comment=version_id == row.version_id)
        for version_id, number in numbers.items()
    ]
    return Versions(items=items)


@router.get(
    "/consultations/{slug}/versions/{number}/clauses",
    responses=READ_CONSULTATION,
    response_description="The clauses",
    operation_id="list_clauses",
)
def list_clauses(user: Anybody, session: ReadSession, slug: Slug, number: Number) -> Clauses:
    """All clauses of one version, with the units that each names."""
    numbers = {number: version_id for version_id, number in _numbers(session, public_row(session, slug)).items()}
    if number not in numbers:
        raise NotFound("no_such_version")
    return Clauses(version=number, items=[_clause(one) for one in documents.clauses_of(session, numbers[number])])


@router.get(
    "/consultations/{slug}/comments",
    responses=READ_COMMENTS,
    response_description="One page",
    operation_id="list_public_comments",
)
def list_public_comments(
    user: Anybody, session: ReadSession, slug: Slug, query: Annotated[PageQuery, Query()]
) -> PublicComments:
    """The comments that everybody can read on the consultation's page, masked. Under 筛选后公开 there are none."""
    row = public_row(session, slug)
    page = displayed_page(session, row.id, before=read_cursor(query.cursor), limit=query.limit)
    items = [
        PublicComment(
            number=one.number,
            displayed_at=one.displayed_at,
            sender=one.masked_name,
            title=one.title,
            text=one.text,
        )
        for one in page.items
    ]
    return PublicComments(items=items, next_cursor=page.next_cursor)


def public_row(session: Session, slug: str) -> ConsultationRow:
    """A consultation that everybody may see. Raises NotFound("consultation_not_found")."""
    try:
        return consultations.public_consultation(session, slug)
    except NotFound as error:
        raise NotFound("consultation_not_found") from error


def _numbers(session: Session, row: ConsultationRow) -> dict[uuid.UUID, int]:
    """Version id → number, of those that were put out, in order."""
    ids = list(dict.fromkeys(consultations.versions_put_out(session, row)))
    numbers = documents.version_numbers(session, ids)
    return {version_id: numbers[version_id] for version_id in ids}


def _call(row: ConsultationRow, now: datetime, names: dict[str, str], numbers: dict[uuid.UUID, int]) -> CallForComments:
    drafting = row.drafting_department_id
    return CallForComments(
        slug=row.slug,
        title=row.title,
        kind=row.kind,
        legal_nature=row.legal_nature,
        display_regime=row.display_regime,
        phase=consultations.phase(row, now),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        drafting_department=NamedDepartment(id=drafting, name=names[drafting]),
        version=numbers[row.version_id],
    )


def _clause(one: ReadClause) -> WholeClause:
    return WholeClause(
        id=one.id,
        label=one.label,
        number=one.number,
        heading=one.heading,
        level=one.level,
        text=one.text,
        text_hash=one.text_hash,
        units=[Unit(name=unit.name, role=unit.role, department_id=unit.department_id) for unit in one.units],
    )
