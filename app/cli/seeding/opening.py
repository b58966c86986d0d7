"""The consultations and the people that seeded submissions belong to."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import passwords
from app.accounts.actions import add_staff
from app.accounts.models import StaffUser
from app.cli.seeding.drafts import MATTERS, Matter
from app.consultations import actions as consultations
from app.consultations import queries as consultation_queries
from app.consultations.actions import Announcement, Opening
from app.consultations.lifecycle import DisplayRegime, LegalNature
from app.departments import queries as departments
from app.departments.actions import add_departments
from app.departments.directory import load_seed
from app.documents.actions import store_version
from app.documents.extraction import extract
from app.documents.queries import clauses_of
from app.kit.clock import beijing_day, end_of_beijing_day
from app.permissions import Actor, Role

WINDOW = timedelta(days=30)
PEOPLE = ("甲", "乙", "丙", "丁", "戊", "己")


@dataclass(frozen=True)
class Place:
    """A consultation to fill: its clauses as (id, text hash, name)."""

    matter: Matter
    id: uuid.UUID
    version_id: uuid.UUID
    is_instant: bool
    opens_at: datetime
    clauses: tuple[tuple[uuid.UUID, str, str], ...]


def places(session: Session, actor: Actor, at: datetime) -> Sequence[Place]:
    """One for each of MATTERS, opened WINDOW before `at` where it isn't there yet; changes nothing where all are."""
    if any(consultation_queries.find(session, matter.slug) is None for matter in MATTERS):
        add_departments(session, actor, at, load_seed())
    return [_place(session, actor, at, matter) for matter in MATTERS]


def reviewers(session: Session, actor: Actor, at: datetime) -> Sequence[str]:
    """The ids of reviewers to allocate to; new ones get a password that nobody is told."""
    return [_reviewer(session, actor, at, number, word) for number, word in enumerate(PEOPLE, 1)]


def _place(session: Session, actor: Actor, at: datetime, matter: Matter) -> Place:
    found = consultation_queries.find(session, matter.slug)
    if found is None:
        consultations.prepare(session, actor, at, _announcement(session, actor, at, matter))
        opening = Opening(short_window_reason="演示", override_reason="演示数据")
        consultations.open_consultation(session, actor, at, matter.slug, opening)
        found = consultation_queries.find(session, matter.slug)
    assert found is not None
    clauses = tuple(
        (clause.id, clause.text_hash, clause.text[:14])
        for clause in clauses_of(session, found.version_id)
        if clause.text
    )
    instant = found.display_regime is DisplayRegime.INSTANT
    return Place(matter, found.id, found.version_id, instant, found.opens_at, clauses)


def _announcement(session: Session, actor: Actor, at: datetime, matter: Matter) -> Announcement:
    text = matter.text()
    version = store_version(
        session, actor, at, f"{matter.slug}.txt", text, extract(text, departments.directory(session))
    )
    opened: date = beijing_day(at - WINDOW)
    return Announcement(
        slug=matter.slug,
        title=f"{matter.title}（征求意见稿）",
        kind=matter.kind,
        legal_nature=LegalNature.NORMATIVE_DOCUMENT,
        drafting_department_id=matter.drafting,
        version_id=version.id,
        issuing_body="演示单位",
        published_on=opened,
        notice_title=f"关于公开征求《{matter.title}》意见的通知",
        notice="现向社会公开征求意见。",
        explanation_title="起草说明",
        explanation="为规范有关工作，起草本文件。",
        contact_phone=None,
        contact_email=None,
        deadline_as_printed=None,
        opens_at=at - WINDOW,
        closes_at=end_of_beijing_day(beijing_day(at) + timedelta(days=1)),
    )


def _reviewer(session: Session, actor: Actor, at: datetime, number: int, word: str) -> str:
    username = f"seed-reviewer-{number}"
    known = session.scalar(select(StaffUser.id).where(StaffUser.username == username))
    if known is None:
        known = add_staff(
            session, actor, at, username, f"演示筛选员{word}", [Role.SCREENER], passwords.new_password()
        ).id
    return str(known)
