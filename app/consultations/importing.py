"""From a saved page to a consultation that is ready to be opened."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.consultations import queries
from app.consultations.actions import Announcement, Rule, prepare, set_rules
from app.consultations.lifecycle import Kind, LegalNature
from app.consultations.models import Consultation
from app.consultations.page import ConsultationPage, read_page
from app.consultations.settling import NATURE_OF_KIND, SLUG, random_slug
from app.departments import queries as departments
from app.departments.directory import Department, Directory
from app.documents.actions import store_version
from app.documents.doubts import Doubt
from app.documents.extraction import Extraction, extract
from app.kit.clock import end_of_beijing_day
from app.kit.errors import Unprocessable
from app.permissions import Actor, Permission, require


@dataclass(frozen=True)
class Choices:
    """What a person decides about a page; None leaves it to the page. The department is an id or a written name."""

    slug: str | None = None
    kind: Kind | None = None
    legal_nature: LegalNature | None = None
    drafting_department: str | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None


@dataclass(frozen=True)
class Imported:
    """The consultation, and what to look over before it is opened."""

    consultation: Consultation
    clauses: int
    clauses_with_units: int
    doubts: tuple[Doubt, ...]


def import_page(
    session: Session, actor: Actor, at: datetime, source_name: str, text: str, choices: Choices
) -> Imported:
    """Stores the page's draft and prepares its consultation; nobody can see it yet.

    Rules that the page prints and that aren't the column's become the consultation's own.

    Raises Unprocessable when the page holds no draft with a title and clauses, names no deadline, has an issuing body
    that is not in the directory or a part that is too long, or the choices don't fit; Conflict when the slug is taken.
    """
    require(actor, Permission.MANAGE_CONSULTATIONS)
    text = text.replace("\0", "")  # PostgreSQL keeps no NUL, and nobody can see one
    directory = departments.directory(session)
    page, found = read_page(text), extract(text, directory)
    if not found.title or not found.clauses:
        raise Unprocessable("page_without_draft", source=source_name)
    drafting = drafting_department(directory, choices.drafting_department, page.issuing_body or found.issuer)
    window = window_of(page, choices, at)
    version = store_version(session, actor, at, source_name, text, found)
    announcement = announce(page, found, choices, drafting, window, version.id)
    consultation = put_together(session, actor, at, announcement, rules_of(page))
    with_units = sum(1 for clause in found.clauses if clause.units)
    doubts = tuple(dict.fromkeys((*page.doubts, *found.doubts)))
    return Imported(consultation, len(found.clauses), with_units, doubts)


def put_together(
    session: Session, actor: Actor, at: datetime, announcement: Announcement, rules: Sequence[Rule]
) -> Consultation:
    """A consultation that nobody can see yet; rules that aren't the column's become its own.

    Raises Conflict when the slug is taken, Unprocessable for a part that is too long.
    """
    require(actor, Permission.MANAGE_CONSULTATIONS)
    refuse_too_long(announcement)
    consultation = prepare(session, actor, at, announcement)
    if rules and list(rules) != [Rule(rule.heading, rule.text) for rule in queries.rules(session)]:
        set_rules(session, actor, at, rules, consultation.id)
    return consultation


def rules_of(page: ConsultationPage) -> list[Rule]:
    """The column's rules as the page prints them."""
    return [Rule(rule.heading.strip(), rule.text.strip()) for rule in page.column_rules]


def drafting_department(directory: Directory, named: str | None, issuing_body: str | None) -> Department:
    """The department named by a person or, where none is, the one that issued the page. Raises Unprocessable."""
    if named is not None:
        found = directory.named(named)
        if found is None:
            raise Unprocessable("no_such_department", department=named)
    else:
        found = directory.lookup(issuing_body).department if issuing_body else None
        if found is None:
            raise Unprocessable("drafting_department_unknown", body=issuing_body or "-")
    if not found.assignable:
        raise Unprocessable("department_not_assignable", department=found.name)
    return found


def window_of(page: ConsultationPage, choices: Choices, at: datetime) -> tuple[datetime, datetime]:
    """From now, or the chosen instant, to 24:00 in Beijing of the page's last day, or the chosen instant."""
    opens_at = choices.opens_at or at
    closes_at = choices.closes_at or (end_of_beijing_day(page.deadline) if page.deadline else None)
    if closes_at is None:
        raise Unprocessable("deadline_missing")
    if closes_at <= opens_at:
        raise Unprocessable(
            "window_ends_before_it_begins",
            opens=opens_at.isoformat(timespec="minutes"),
            closes=closes_at.isoformat(timespec="minutes"),
        )
    return opens_at, closes_at


def announce(
    page: ConsultationPage,
    found: Extraction,
    choices: Choices,
    drafting: Department,
    window: tuple[datetime, datetime],
    version_id: uuid.UUID,
) -> Announcement:
    """What the page says, with what a person chose laid over it. Contacts are the restored ones, the deadline isn't."""
    kind = choices.kind or (Kind(found.kind_guess) if found.kind_guess else Kind.GOVERNMENT_DOCUMENT)
    title = found.title or ""
    return Announcement(
        slug=_slug(choices.slug, window[0]),
        title=title,
        kind=kind,
        legal_nature=choices.legal_nature or NATURE_OF_KIND[kind],
        drafting_department_id=drafting.id,
        version_id=version_id,
        issuing_body=page.issuing_body or found.issuer or drafting.name,
        published_on=page.published_on,
        notice_title=page.notice_title or title,
        notice="\n".join(page.notice_paragraphs),
        explanation_title=page.explanation_title or "",
        explanation="\n".join(page.explanation_paragraphs),
        contact_phone=page.phone.restored if page.phone else None,
        contact_email=page.email.restored if page.email else None,
        deadline_as_printed=page.deadline_as_printed,
        opens_at=window[0],
        closes_at=window[1],
    )


def refuse_too_long(announcement: Announcement) -> None:
    """Raises Unprocessable for a part that is longer than its column, which only one of the two stores would refuse."""
    for part, value in vars(announcement).items():
        longest: int | None = getattr(Consultation.__table__.columns[part].type, "length", None)
        if isinstance(value, str) and longest is not None and len(value) > longest:
            raise Unprocessable("part_too_long", part=part, longest=longest)


def _slug(chosen: str | None, opens_at: datetime) -> str:
    if chosen is None:
        return random_slug(opens_at)
    if not SLUG.fullmatch(chosen):
        raise Unprocessable("slug_form", slug=chosen)
    return chosen
