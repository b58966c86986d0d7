"""What is kept of bundles: a file is whole before it is kept here, and records are stored with their place in it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app import audit
from app.bundles import arrivals, marks, queries
from app.bundles.directions import Direction
from app.bundles.file_format import Manifest, Record, Sealed
from app.bundles.marks import Change
from app.bundles.models import Bundle
from app.jobs.models import Job
from app.permissions import Actor, Permission, require
from app.submissions.vault import Vault


def keep_made(
    session: Session,
    actor: Actor,
    at: datetime,
    manifest: Manifest,
    sealed: Sealed,
    told: Sequence[Change],
    passed_on: Sequence[UUID],
) -> None:
    """The bundle counts from now on. Jobs that were passed on are the other side's. Raises Conflict ("exists_already")
    where another one has its number."""
    require(actor, Permission.CARRY_BUNDLES)
    session.add(_row(manifest, sealed, len(told) + len(passed_on)))
    marks.keep(session, told, manifest.sequence)
    session.execute(delete(Job).where(Job.id.in_(passed_on)))
    audit.record(
        session,
        actor,
        at,
        "bundle.exported",
        ("bundle", f"{manifest.direction} {manifest.sequence}"),
        sha256=sealed.sha256,
        records=len(told) + len(passed_on),
    )


def note_given_out(session: Session, actor: Actor, at: datetime, direction: Direction, sequence: int) -> None:
    """It lies where the operator wanted it; `at` is kept of the first time."""
    require(actor, Permission.CARRY_BUNDLES)
    row = queries.get(session, direction, sequence)
    if row is not None and row.finished_at is None:
        row.finished_at = at
    audit.record(session, actor, at, "bundle.given_out", ("bundle", f"{direction} {sequence}"))


def note_forgotten(session: Session, actor: Actor, at: datetime, direction: Direction, sequence: int) -> None:
    """The file that was kept of it is gone; that it was made and taken in stays known."""
    require(actor, Permission.CARRY_BUNDLES)
    audit.record(session, actor, at, "bundle.forgotten", ("bundle", f"{direction} {sequence}"))


def begin(session: Session, actor: Actor, at: datetime, manifest: Manifest, sealed: Sealed) -> int:
    """The bundle is to be taken in; how many lines of it an earlier import has stored."""
    require(actor, Permission.CARRY_BUNDLES)
    row = queries.get(session, manifest.direction, manifest.sequence)
    if row is None:
        row = _row(manifest, sealed, 0)
        session.add(row)
        session.flush()
    audit.record(
        session, actor, at, "bundle.begun", ("bundle", f"{manifest.direction} {manifest.sequence}"), begun_at=row.done
    )
    return row.done


def take_submission(
    session: Session, actor: Actor, at: datetime, vault: Vault, record: Record, sequence: int
) -> UUID | None:
    """Stores a comment that came by a bundle; its id, or None where it was there. Raises BundleRefused."""
    require(actor, Permission.CARRY_BUNDLES)
    stored = arrivals.store(session, vault, record, sequence)
    audit.record(
        session,
        actor,
        at,
        "submission.carried_in",
        ("submission", record["row"]["id"]),
        within=UUID(record["row"]["consultation_id"]),
        sequence=sequence,
    )
    return stored.id if stored is not None else None


def finish(session: Session, actor: Actor, at: datetime, manifest: Manifest, records: int) -> None:
    """All of it is in the store. What it acknowledges is known to have arrived."""
    require(actor, Permission.CARRY_BUNDLES)
    row = session.get_one(Bundle, (manifest.direction, manifest.sequence))
    row.finished_at, row.records = at, records
    session.execute(
        update(Bundle)
        .where(
            Bundle.direction == manifest.direction.other,
            Bundle.sequence <= manifest.acknowledges,
            Bundle.acknowledged_at.is_(None),
        )
        .values(acknowledged_at=at),
        execution_options={"synchronize_session": False},
    )
    audit.record(
        session,
        actor,
        at,
        "bundle.imported",
        ("bundle", f"{manifest.direction} {manifest.sequence}"),
        sha256=row.sha256,
        records=records,
    )


def _row(manifest: Manifest, sealed: Sealed, records: int) -> Bundle:
    return Bundle(
        direction=manifest.direction,
        sequence=manifest.sequence,
        sha256=sealed.sha256,
        previous=manifest.previous,
        size=sealed.size,
        records=records,
        made_at=manifest.at,
        acknowledges=manifest.acknowledges,
        done=0,
    )
