"""Bringing the store and `demo.json` to what a demonstration needs, from whatever an earlier run left.

Everything happens in one transaction, and the file is written just before it ends: should the machine stop between
the two, the next run finds passwords, slugs and keys in the file, and makes again what the store lacks.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources

from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts import passwords, signing_in
from app.accounts import queries as account_queries
from app.cli.demonstration import concluded
from app.cli.demonstration import facts as kept
from app.cli.demonstration.facts import Account, Facts
from app.config import Settings
from app.consultations import actions as consultations
from app.consultations import queries as consultation_queries
from app.consultations.actions import Opening
from app.consultations.importing import Choices, import_page, rules_of
from app.consultations.lifecycle import ConsultationState
from app.consultations.models import Consultation
from app.consultations.page import read_page
from app.departments.actions import add_departments
from app.departments.directory import load_seed
from app.documents import queries as documents
from app.kit.clock import beijing_day, end_of_beijing_day
from app.kit.crypto import content_hash
from app.kit.database import Database
from app.kit.errors import Unauthenticated
from app.permissions import DEPARTMENT_SCOPES, Actor, Role

WINDOW_DAYS = 30
PEOPLE = (
    ("screener", Role.SCREENER, "筛选员"),
    ("lead", Role.LEAD, "组长"),
    ("editor", Role.EDITOR, "整理员"),
    ("approver", Role.APPROVER, "审核员"),
    ("publisher", Role.PUBLISHER, "发布员"),
    ("referrals", Role.REFERRAL_OFFICER, "转办专员"),
    ("manager", Role.MANAGER, "栏目管理员"),
    # Who prepares a consultation doesn't open it.
    ("manager2", Role.MANAGER, "栏目管理员（复核）"),
    ("administrator", Role.ADMINISTRATOR, "系统管理员"),
    ("security", Role.SECURITY_ADMINISTRATOR, "安全管理员"),
    ("auditor", Role.AUDITOR, "审计员"),
)
"""User name, role and display name."""
OFFICE = (("officer", Role.OFFICER, "部门经办"), ("officehead", Role.OFFICE_HEAD, "部门审核"))
"""The same of one department's own staff, whose user names end with the department's id."""
LONGEST_USERNAME = 60


@dataclass(frozen=True)
class _Person:
    username: str
    role: Role
    display_name: str
    department_id: str | None = None


@dataclass(frozen=True)
class SavedPage:
    name: str
    text: str

    @property
    def key(self) -> str:
        return content_hash(self.text)


def built_in_page() -> SavedPage:
    text = resources.files("app.cli.demonstration").joinpath("page.txt").read_text(encoding="utf-8")
    return SavedPage("page.txt", text)


def prepare(settings: Settings, database: Database, actor: Actor, at: datetime, page: SavedPage | None) -> Facts:
    """The facts of this run; without a page, of the consultation that was shown last or else the built-in one."""
    path = settings.var_dir / kept.FILE_NAME
    with database.writing() as session:
        facts = _prepared(session, actor, at, settings, kept.load(path), page)
        kept.save(path, facts)
    return facts


def _prepared(
    session: Session, actor: Actor, at: datetime, settings: Settings, earlier: Facts | None, page: SavedPage | None
) -> Facts:
    add_departments(session, actor, at, load_seed())
    known = {account.username: account for account in earlier.staff} if earlier else {}
    consultation, pages = _shown(session, actor, at, earlier, page)
    department_id, department = _first_department(session, consultation)
    people = [*(_Person(*person) for person in PEOPLE), *_office(department_id)]
    staff = tuple(_staff(session, actor, at, person, known.get(person.username)) for person in people)
    keys = dict(earlier.keys) if earlier else {}
    played, played_name = _another_department(session, consultation, department_id)
    for one in filter(None, (department_id, played, concluded.LEAD)):
        keys[one] = _key(session, actor, at, one, keys.get(one))
    return Facts(
        public_url=settings.public_url,
        staff_url=settings.staff_url,
        slug=consultation.slug,
        staff=staff,
        api_key=keys[department_id],
        department=department,
        pages=pages,
        keys=keys,
        played=played,
        played_name=played_name,
    )


def _office(department_id: str) -> list[_Person]:
    """Who answers in the department that the clauses name first: the demonstration's way ends with them."""
    return [
        _Person(f"{name}-{department_id}"[:LONGEST_USERNAME], role, words, department_id)
        for name, role, words in OFFICE
    ]


def _staff(session: Session, actor: Actor, at: datetime, person: _Person, known: Account | None) -> Account:
    account = known or Account(person.role.value, person.username, passwords.new_password())
    user = account_queries.user_named(session, account.username)
    if user is None:
        accounts.add_staff(
            session,
            actor,
            at,
            account.username,
            person.display_name,
            [person.role],
            account.password,
            department_id=person.department_id,
        )
    elif known is None:
        accounts.reset_password(session, actor, at, user.id, account.password)
    return account


def _shown(
    session: Session, actor: Actor, at: datetime, earlier: Facts | None, page: SavedPage | None
) -> tuple[Consultation, dict[str, str]]:
    pages = dict(earlier.pages) if earlier else {}
    shown = consultation_queries.find(session, earlier.slug) if earlier and page is None else None
    if shown is not None and not _has_run_out(shown, at):
        return shown, pages
    page = page or built_in_page()
    slug = pages.get(page.key)
    shown = consultation_queries.find(session, slug) if slug else None
    if shown is None or _has_run_out(shown, at):
        shown = _open(session, actor, at, page, slug if shown is None else None)
    pages[page.key] = shown.slug
    return shown, pages


def _has_run_out(consultation: Consultation, at: datetime) -> bool:
    """A window that nobody closed has ended: the demonstration shows a new one, and keeps the old one's comments."""
    return consultation.state is ConsultationState.OPENED and consultation.closes_at <= at


def _open(session: Session, actor: Actor, at: datetime, page: SavedPage, slug: str | None) -> Consultation:
    """The page's consultation, open for a month, as long as any law asks; the column gets its first rules from it."""
    choices = Choices(
        slug=slug,
        opens_at=at - timedelta(hours=1),
        closes_at=end_of_beijing_day(beijing_day(at) + timedelta(days=WINDOW_DAYS)),
    )
    rules = rules_of(read_page(page.text))
    if rules and not consultation_queries.rules(session):
        consultations.set_rules(session, actor, at, rules)
    consultation = import_page(session, actor, at, page.name, page.text, choices).consultation
    consultations.open_consultation(session, actor, at, consultation.slug, Opening())
    return consultation


def _first_department(session: Session, consultation: Consultation) -> tuple[str, str]:
    """Who leads the first clause that names a department; the drafting department where no clause names one."""
    for clause in documents.clauses_of(session, consultation.version_id):
        named = [unit for unit in clause.units if unit.department_id and not unit.standing]
        named.sort(key=lambda unit: unit.role != "lead")
        if named and named[0].department_id:
            return named[0].department_id, named[0].name
    return consultation.drafting_department_id, consultation.issuing_body


def _another_department(session: Session, consultation: Consultation, first_id: str) -> tuple[str, str]:
    """Id and name of the next one that leads a clause, for a program to play; empty where none does."""
    for clause in documents.clauses_of(session, consultation.version_id):
        named = [unit for unit in clause.units if unit.department_id and not unit.standing and not unit.ended]
        named.sort(key=lambda unit: unit.role != "lead")
        if named and named[0].department_id not in (None, first_id):
            return str(named[0].department_id), named[0].name
    return "", ""


def _key(session: Session, actor: Actor, at: datetime, department_id: str, known: str | None) -> str:
    if known is not None and _opens(session, known, at):
        return known
    name = f"demonstration {department_id}"
    client = account_queries.client_named(session, name)
    if client is not None and client.revoked_at is None:
        return accounts.rotate_key(session, actor, at, client.id).text
    if client is not None:
        name = f"{name} {at:%Y%m%d%H%M%S}"
    return accounts.add_client(session, actor, at, department_id, name, DEPARTMENT_SCOPES).text


def _opens(session: Session, key: str, at: datetime) -> bool:
    try:
        signing_in.client_of_key(session, key, at, None)
    except Unauthenticated:
        return False
    return True
