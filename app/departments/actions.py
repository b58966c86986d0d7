"""Changing the directory of responsible units: one person at a time, every change told in the audit trail."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app import audit
from app.departments import queries
from app.departments.checking import LONGEST_REASON, Claims, check, check_successors
from app.departments.importing import Outcome, Plan, changes_between, fingerprint, plan
from app.departments.lifecycle import LIFECYCLE, DepartmentEvent, DepartmentState
from app.departments.models import Department, DepartmentAlias, DepartmentFormerName, DepartmentSuccession
from app.departments.tabular import Row
from app.departments.units import DirectoryEntry, FormerName, Level, Relationship, Succession
from app.kit.errors import Conflict, Unprocessable
from app.permissions import Actor, Permission, require


@dataclass(frozen=True)
class Card:
    """What a person says of a department; its end and its successors have actions of their own."""

    name: str
    aliases: tuple[str, ...]
    level: Level
    relationship: Relationship
    valid_from: date | None = None
    valid_until: date | None = None
    former_names: tuple[FormerName, ...] = ()
    source: str | None = None


@dataclass(frozen=True)
class Ending:
    """Why a department ends, and the day, where a source tells it."""

    reason: str
    on: date | None = None


def card_of(entry: DirectoryEntry) -> Card:
    """What the directory says of an entry now, as a person would enter it."""
    return Card(**{field.name: getattr(entry, field.name) for field in fields(Card)})


def add_departments(session: Session, actor: Actor, at: datetime, entries: Iterable[DirectoryEntry]) -> int:
    """Adds the units whose ids are not in the directory yet, and leaves the others alone; answers how many."""
    require(actor, Permission.MANAGE_DEPARTMENTS)
    take_turn(session)
    known = set(session.scalars(select(Department.id)))
    added = [entry for entry in entries if entry.id not in known]
    _insert(session, added)
    audit.record(session, actor, at, "departments.added", ("directory", "departments"), count=len(added))
    return len(added)


def add(session: Session, actor: Actor, at: datetime, department_id: str, card: Card) -> Department:
    """A new department at the end of the directory.

    Raises Unprocessable for what an entry can't be, Conflict for an id or a written form that another one has.
    """
    require(actor, Permission.MANAGE_DEPARTMENTS)
    take_turn(session)
    entry = DirectoryEntry(id=department_id, **vars(card))
    check(entry)
    known = queries.entries(session)
    if any(other.id == department_id for other in known):
        raise Conflict("department_id_taken", id=department_id)
    Claims(known).refuse(entry)
    (department,) = _insert(session, [entry])
    audit.record(session, actor, at, "department.added", ("department", department_id), name=entry.name)
    return department


def edit(session: Session, actor: Actor, at: datetime, department_id: str, revision: int, card: Card) -> None:
    """Puts the card in place of what the directory said; a card that says the same changes nothing.

    Raises NotFound, Conflict when somebody else changed it since or another unit has a written form of it,
    Unprocessable for what an entry can't be.
    """
    require(actor, Permission.MANAGE_DEPARTMENTS)
    department = _at_revision(session, department_id, revision)
    known = {entry.id: entry for entry in queries.entries(session)}
    before = known[department_id]
    after = replace(before, **vars(card))
    check(after)
    Claims(known.values()).refuse(after)
    _store(session, department, before, after)
    audit.record(session, actor, at, "department.edited", ("department", department_id), changes=_told(before, after))


def retire(
    session: Session,
    actor: Actor,
    at: datetime,
    department_id: str,
    revision: int,
    ending: Ending,
    successor_ids: Sequence[str] = (),
) -> None:
    """The body is no more. Nothing new is assigned to it, what it holds stays; its names lead to a sole successor.

    Raises NotFound, InvalidTransition, Conflict when somebody else changed it since or a successor has ended,
    Unprocessable without a reason.
    """
    require(actor, Permission.MANAGE_DEPARTMENTS)
    department = _at_revision(session, department_id, revision)
    state = LIFECYCLE.after(department.state, DepartmentEvent.RETIRE)
    before, after = _ended(session, department, state, ending, successor_ids)
    _store(session, department, before, after)
    audit.record(
        session,
        actor,
        at,
        "department.retired",
        ("department", department_id),
        reason=after.ended_reason,
        changes=_told(before, after),
    )


def merge(
    session: Session, actor: Actor, at: datetime, department_id: str, revision: int, ending: Ending, into_id: str
) -> None:
    """The body went into another, to which its names lead from now on. What it holds stays with it.

    Raises NotFound, InvalidTransition, Conflict when somebody else changed it since or the other has ended,
    Unprocessable without a reason or into itself.
    """
    require(actor, Permission.MANAGE_DEPARTMENTS)
    department = _at_revision(session, department_id, revision)
    state = LIFECYCLE.after(department.state, DepartmentEvent.MERGE)
    before, after = _ended(session, department, state, ending, [into_id])
    _store(session, department, before, after)
    audit.record(
        session,
        actor,
        at,
        "department.merged",
        ("department", department_id),
        reason=after.ended_reason,
        into=into_id,
        changes=_told(before, after),
    )


def reinstate(session: Session, actor: Actor, at: datetime, department_id: str, revision: int, reason: str) -> None:
    """Takes an ending back: the department can be assigned to again, and nobody is its successor.

    Raises NotFound, InvalidTransition, Conflict when somebody else changed it since, Unprocessable without a reason.
    """
    require(actor, Permission.MANAGE_DEPARTMENTS)
    department = _at_revision(session, department_id, revision)
    state = LIFECYCLE.after(department.state, DepartmentEvent.REINSTATE)
    before = queries.entry(session, department)
    why = _reason(reason)
    after = replace(before, state=state, ended_reason=None, valid_until=None, successors=())
    _store(session, department, before, after)
    audit.record(
        session,
        actor,
        at,
        "department.reinstated",
        ("department", department_id),
        reason=why,
        changes=_told(before, after),
    )


def import_rows(
    session: Session, actor: Actor, at: datetime, rows: Sequence[Row], previewed: str | None = None
) -> Plan:
    """Adds and changes what the rows say; answers what became of each. Departments without a row stay as they are.

    `previewed` is the `fingerprint` of the directory for which a person saw the plan. Raises Unprocessable when any row
    is refused, and then nothing is changed; Conflict when the directory has changed since the preview.
    """
    require(actor, Permission.MANAGE_DEPARTMENTS)
    take_turn(session)
    known = queries.entries(session)
    if previewed is not None and previewed != fingerprint(known):
        raise Conflict("changed_meanwhile")
    planned = plan(known, rows)
    refused = planned.of(Outcome.REFUSED)
    if refused:
        raise Unprocessable("table_refused", rows=len(refused), line=refused[0].row.line)
    _apply(session, actor, at, planned, {entry.id: entry for entry in known})
    added, changed = (len(planned.of(outcome)) for outcome in (Outcome.ADDED, Outcome.CHANGED))
    audit.record(session, actor, at, "departments.imported", ("directory", "departments"), added=added, changed=changed)
    return planned


def take_turn(session: Session) -> None:
    """Lets one change of the directory through at a time.

    That a written form means one unit holds over three tables, and that nobody succeeds himself over many rows: no key
    of the store says either. Where all writers take turns anyway, this locks nothing.
    """
    first = select(Department.id).order_by(Department.position).limit(1)
    session.execute(first.with_for_update(key_share=True))


def _at_revision(session: Session, department_id: str, revision: int) -> Department:
    """The department as the person saw it. Raises NotFound, and Conflict when somebody changed it since."""
    take_turn(session)
    department = queries.find(session, department_id)
    session.refresh(department)
    if department.revision != revision:
        raise Conflict("changed_meanwhile")
    return department


def _reason(reason: str) -> str:
    words = " ".join(reason.split())
    if not words:
        raise Unprocessable("reason_required")
    if len(words) > LONGEST_REASON:
        raise Unprocessable("reason_too_long", limit=LONGEST_REASON)
    return words


def _ended(
    session: Session, department: Department, state: DepartmentState, ending: Ending, successor_ids: Sequence[str]
) -> tuple[DirectoryEntry, DirectoryEntry]:
    """The entry before and after its end. Raises Unprocessable, and Conflict for a successor that has ended."""
    known = {entry.id: entry for entry in queries.entries(session)}
    before = known[department.id]
    after = replace(
        before,
        state=state,
        ended_reason=_reason(ending.reason),
        valid_until=ending.on or before.valid_until,
        successors=tuple(Succession(successor_id, ending.on) for successor_id in sorted(set(successor_ids))),
    )
    check(after)
    check_successors(after, known)
    for succession in after.successors:
        if known[succession.successor_id].state is not DepartmentState.ACTIVE:
            raise Conflict("successor_ended", by=known[succession.successor_id].name)
    return before, after


def _apply(session: Session, actor: Actor, at: datetime, planned: Plan, known: dict[str, DirectoryEntry]) -> None:
    """New departments first: a changed one may name them as successors."""
    _insert(session, [row.row.entry for row in planned.of(Outcome.ADDED) if row.row.entry])
    for row in planned.of(Outcome.ADDED):
        audit.record(session, actor, at, "department.added", ("department", row.row.id), name=row.row.name)
    changed = {row.row.id: row for row in planned.of(Outcome.CHANGED)}
    departments = session.scalars(select(Department).where(Department.id.in_(changed))).all()
    entries = {id: row.row.entry for id, row in changed.items() if row.row.entry}
    _store_all(session, [(department, entries[department.id]) for department in departments])
    for id, row in changed.items():
        changes = [str(change) for change in row.changes]
        audit.record(session, actor, at, "department.edited", ("department", id), changes=changes)


def _insert(session: Session, entries: Sequence[DirectoryEntry]) -> list[Department]:
    """Departments first, then what points to them."""
    highest = session.scalar(select(func.max(Department.position)))
    begin = 0 if highest is None else highest + 1
    departments = [
        Department(id=entry.id, position=begin + offset, **_columns(entry)) for offset, entry in enumerate(entries)
    ]
    session.add_all(departments)
    session.flush()
    for entry in entries:
        session.add_all(_rows_of(entry))
    session.flush()
    return departments


def _store(session: Session, department: Department, before: DirectoryEntry, after: DirectoryEntry) -> None:
    if before != after:
        _store_all(session, [(department, after)])


def _store_all(session: Session, changed: Sequence[tuple[Department, DirectoryEntry]]) -> None:
    """The revision rises with every difference, also with one that stands in a table of its own."""
    for department, entry in changed:
        for column, value in _columns(entry).items():
            setattr(department, column, value)
        flag_modified(department, "name")
    ids = [department.id for department, _ in changed]
    for table, owner in (
        (DepartmentAlias, DepartmentAlias.department_id),
        (DepartmentFormerName, DepartmentFormerName.department_id),
        (DepartmentSuccession, DepartmentSuccession.predecessor_id),
    ):
        session.execute(delete(table).where(owner.in_(ids)))
    for _, entry in changed:
        session.add_all(_rows_of(entry))
    session.flush()


def _columns(entry: DirectoryEntry) -> dict[str, object]:
    return {
        "name": entry.name,
        "level": entry.level,
        "relationship": entry.relationship,
        "valid_from": entry.valid_from,
        "valid_until": entry.valid_until,
        "state": entry.state,
        "ended_reason": entry.ended_reason,
        "source": entry.source,
    }


def _rows_of(entry: DirectoryEntry) -> list[DepartmentAlias | DepartmentFormerName | DepartmentSuccession]:
    return [
        *(
            DepartmentAlias(department_id=entry.id, position=place, alias=alias)
            for place, alias in enumerate(entry.aliases)
        ),
        *(
            DepartmentFormerName(
                department_id=entry.id,
                position=place,
                name=former.name,
                valid_from=former.valid_from,
                valid_until=former.valid_until,
            )
            for place, former in enumerate(entry.former_names)
        ),
        *(
            DepartmentSuccession(predecessor_id=entry.id, successor_id=taker.successor_id, since=taker.since)
            for taker in entry.successors
        ),
    ]


def _told(before: DirectoryEntry, after: DirectoryEntry) -> list[str]:
    return [str(change) for change in changes_between(before, after)]
