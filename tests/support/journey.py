"""The way of a comment, step by step through the real actions, for tests that begin somewhere on it.

`opened` makes a world with one open consultation; each further step takes that world. Everybody and everything here is
invented; ID numbers have valid check digits and an area code that no county has.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts import passwords
from app.accounts.models import StaffRole, StaffUser
from app.assignments import actions as assignments
from app.assignments.models import Assignment
from app.consultations import actions as consultations
from app.consultations.actions import Announcement, Opening
from app.consultations.lifecycle import DisplayRegime, Kind, LegalNature
from app.consultations.models import Consultation, ConsultationTerms
from app.consultations.terms import DisplayTerms, FormTerms
from app.departments import queries as departments
from app.departments.actions import add_departments
from app.departments.directory import load_seed
from app.documents.actions import store_version
from app.documents.extraction import extract
from app.documents.queries import ReadClause, clauses_of
from app.kit.crypto import Sealer
from app.kit.database import Database
from app.permissions import DEPARTMENT_SCOPES, OFFICE_ROLES, Actor, ActorKind, Role, of_roles, operator
from app.screening import editing
from app.screening.models import Suggestion
from app.screening.passages import sentences
from app.submissions.attachments import NewFile
from app.submissions.intake import ChosenClause, DirectIntake, Intake, NewSubmission
from app.submissions.lifecycle import Channel
from app.submissions.models import Submission
from app.submissions.receipts import Receipt, Receipts
from app.submissions.submitter import Identity
from app.submissions.vault import Vault
from tests.support import deciding as screening

START = datetime(2026, 5, 11, 1, 30, tzinfo=UTC)
"""09:30 in Beijing, a Monday: when the steps below happen unless they are told another instant."""
PASSWORD = "a password for tests"
SLUG = "community-meals"
DRAFTING = "civil-affairs"
OPERATOR = operator("tests")
COMMENT = "建议助餐点周末也开放。希望在门口张贴一周菜单。"
DRAFT = """关于推进社区老年助餐服务的若干措施

（征求意见稿）

为方便老年人就近用餐，制定本措施。

一、增加助餐点

（一）每个街道至少建成一处助餐点，步行十五分钟可以到达。（责任单位：省民政厅、省自然资源厅）

（二）助餐点的后厨应当公开，接受老年人和家属查看。（责任单位：省市场监管局、省卫生健康委）

二、保障运行

（三）对行动不便的老年人提供送餐，费用由各方合理分担。（责任单位：省民政厅、省财政厅）
"""


class StoppedClock:
    """A clock that stands at `at` until a test moves it."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


class RunningClock:
    """Goes as the real one does, `ahead` of it: a test moves it on instead of waiting."""

    def __init__(self, ahead: timedelta = timedelta()) -> None:
        self.ahead = ahead

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass(frozen=True)
class Staff:
    """One person for each role that the way needs."""

    screener: Actor
    lead: Actor
    editor: Actor
    approver: Actor
    publisher: Actor
    referral_officer: Actor
    manager: Actor
    administrator: Actor
    security_administrator: Actor
    auditor: Actor
    officer: Actor
    office_head: Actor


@dataclass(frozen=True)
class World:
    """A store with the directory, the staff and one open consultation on DRAFT."""

    database: Database
    staff: Staff
    vault: Vault
    receipts: Receipts
    intake: Intake
    consultation: Consultation
    clauses: tuple[ReadClause, ...]


@cache
def _password_hash() -> str:
    return passwords.hash_password(PASSWORD)


def staffed(session: Session, at: datetime = START) -> Staff:
    """An account for each role, its user name the role's, its password PASSWORD; a department's are of DRAFTING.

    The rows are written here and not by `add_staff`, because hashing one password for each takes seconds.
    """
    return Staff(**{role.value: _person(session, role, at) for role in Role})


def _person(session: Session, role: Role, at: datetime) -> Actor:
    return colleague(session, role.value, role, DRAFTING if role in OFFICE_ROLES else None, at)


def colleague(
    session: Session, username: str, role: Role, department_id: str | None = None, at: datetime = START
) -> Actor:
    """One more person with that role; of a department's own staff where one is named."""
    user = StaffUser(
        username=username,
        display_name=f"测试{username}",
        password_hash=_password_hash(),
        created_at=at,
        department_id=department_id,
    )
    session.add(user)
    session.flush()
    session.add(StaffRole(user_id=user.id, role=role))
    return Actor(ActorKind.STAFF, str(user.id), of_roles([role]), department_id)


def opened(
    database: Database,
    *,
    at: datetime = START,
    kind: Kind = Kind.GOVERNMENT_DOCUMENT,
    slug: str = SLUG,
    text: str = DRAFT,
) -> World:
    """A world whose consultation opened an hour before `at` and closes 30 days after it."""
    vault = Vault(Sealer({"test": b"s" * 32}, "test"), b"i" * 32, "sha256")
    receipts = Receipts(b"r" * 32)
    with database.writing() as session:
        add_departments(session, OPERATOR, at, load_seed())
        staff = staffed(session, at)
        consultation = another_consultation(session, staff, at=at, kind=kind, slug=slug, text=text)
        clauses = clauses_of(session, consultation.version_id)
    return World(database, staff, vault, receipts, DirectIntake(database, vault, receipts), consultation, clauses)


def another_consultation(
    session: Session,
    staff: Staff,
    *,
    slug: str,
    at: datetime = START,
    kind: Kind = Kind.GOVERNMENT_DOCUMENT,
    text: str = DRAFT,
) -> Consultation:
    """Open for comment; what is sent is taken at once, without being shown once more before."""
    found = extract(text, departments.directory(session))
    version = store_version(session, staff.manager, at, "draft.txt", text, found)
    announcement = Announcement(
        slug=slug,
        title=found.title or "征求意见稿",
        kind=kind,
        legal_nature=LegalNature.NORMATIVE_DOCUMENT,
        drafting_department_id=DRAFTING,
        version_id=version.id,
        issuing_body="辽宁省民政厅",
        published_on=at.date(),
        notice_title="公开征求意见",
        notice="请提出意见。",
        explanation_title="起草说明",
        explanation="为方便老年人用餐。",
        contact_phone=None,
        contact_email=None,
        deadline_as_printed=None,
        opens_at=at - timedelta(hours=1),
        closes_at=at + timedelta(days=30),
    )
    consultation = consultations.prepare(session, staff.manager, at, announcement)
    consultations.open_consultation(session, OPERATOR, at, slug, Opening())
    decide(session, consultation, checks_answers=False)
    session.flush()
    return consultation


def decide(session: Session, consultation: Consultation, **terms: Any) -> None:
    """What the consultation decides about its form and display, apart from the column's defaults."""
    row = session.get(ConsultationTerms, consultation.id)
    if row is None:
        row = ConsultationTerms(consultation_id=consultation.id, **asdict(FormTerms()), **asdict(DisplayTerms()))
        session.add(row)
    for name, value in terms.items():
        setattr(row, name, value)


def id_number(person: int) -> str:
    """The invented number of the nth person, with the check digit of GB 11643 (ISO 7064 MOD 11-2)."""
    body = f"219999{19500101 + person // 1000:08}{person % 1000:03}"
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


def identity(person: int = 0) -> Identity:
    return Identity(
        name=f"测试{'甲乙丙丁戊己庚辛壬癸'[person % 10]}",
        id_number=id_number(person),
        phone=f"1390000{person % 10_000:04}",
        email=f"person{person}@example.com",
    )


def submit(
    world: World,
    *,
    person: int = 0,
    title: str = "关于助餐的意见",
    comment: str = COMMENT,
    clauses: Iterable[ReadClause] = (),
    at: datetime = START,
    token: str | None = None,
    quarantine: frozenset[str] = frozenset(),
    who: Identity | None = None,
    files: Sequence[NewFile] = (),
) -> Receipt:
    """One person's comment, stored; displayed at once where the regime is instant. `who` is that person otherwise."""
    return world.intake.store(
        NewSubmission(
            token=token or uuid.uuid4().hex,
            consultation_id=world.consultation.id,
            version_id=world.consultation.version_id,
            channel=Channel.WEB,
            received_at=at,
            title=title,
            comment=comment,
            occupation="其他",
            clauses=[ChosenClause(clause.id, clause.text_hash) for clause in clauses],
            identity=who or identity(person),
            display=world.consultation.display_regime is DisplayRegime.INSTANT,
            keep=(),
            challenge=None,
            request_id=None,
            quarantine=quarantine,
            files=files,
        )
    )


def accepted_submission(world: World, *, person: int = 0, comment: str = COMMENT, at: datetime = START) -> uuid.UUID:
    """The id of a submission that a screener has accepted."""
    receipt = submit(world, person=person, comment=comment, at=at)
    with world.database.writing() as session:
        found = session.scalars(select(Submission).where(Submission.receipt_number == receipt.number)).one()
        screening.accept(session, world.staff.screener, at, found.id, found.revision)
        return found.id


def approved_suggestion(
    world: World,
    *,
    text: str = "助餐点周末照常开放，并提前公布一周菜单。",
    clause: ReadClause | None = None,
    people: Sequence[int] = (0,),
    comment: str = COMMENT,
    at: datetime = START,
) -> uuid.UUID:
    """The id of an approved suggestion that gathers one submission of each of the people."""
    first, *others = [accepted_submission(world, person=person, comment=comment, at=at) for person in people]
    editor, spans = world.staff.editor, sentences(comment)
    with world.database.writing() as session:
        wording = editing.Wording(text, "助餐服务", clause.id if clause else None)
        suggestion_id = editing.gather(session, editor, at, first, spans, wording).id
        for other in others:
            editing.gather_into(session, editor, at, other, spans, suggestion_id)
    with world.database.writing() as session:
        editing.submit_for_approval(session, editor, at, suggestion_id, _revision(session, suggestion_id))
    with world.database.writing() as session:
        approver = world.staff.approver
        editing.approve(session, approver, at, suggestion_id, _revision(session, suggestion_id))
    return suggestion_id


def _revision(session: Session, suggestion_id: uuid.UUID) -> int:
    return session.scalars(select(Suggestion.revision).where(Suggestion.id == suggestion_id)).one()


def assigned(
    world: World,
    suggestion_id: uuid.UUID,
    *,
    lead: str = DRAFTING,
    cooperating: Sequence[str] = (),
    at: datetime = START,
) -> dict[str, uuid.UUID]:
    """Hands the suggestion over; department id → the id of its assignment."""
    with world.database.writing() as session:
        assignments.assign(session, world.staff.approver, at, suggestion_id, lead, cooperating, {lead: "named_first"})
        session.flush()
        rows = session.scalars(select(Assignment).where(Assignment.suggestion_id == suggestion_id))
        return {row.department_id: row.id for row in rows}


def assignment(
    world: World,
    *,
    department: str = DRAFTING,
    person: int = 0,
    clause: ReadClause | None = None,
    at: datetime = START,
) -> uuid.UUID:
    """The whole way at once: the id of a department's assignment of one person's suggestion."""
    suggestion_id = approved_suggestion(world, people=(person,), clause=clause, at=at)
    return assigned(world, suggestion_id, lead=department, at=at)[department]


def api_key(
    world: World, department: str = DRAFTING, *, scopes: Iterable[str] = DEPARTMENT_SCOPES, at: datetime = START
) -> str:
    """The text of the key of a new client of the department."""
    with world.database.writing() as session:
        name = f"client {uuid.uuid4().hex}"
        return accounts.add_client(session, world.staff.administrator, at, department, name, scopes).text
