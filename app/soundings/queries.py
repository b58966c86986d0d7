import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session

from app.kit.errors import NotFound
from app.kit.paging import Key, Page, page_of
from app.soundings.lifecycle import EarlierKind
from app.soundings.models import (
    OrganOpinion,
    SoundedOrgan,
    Sounding,
    SoundingEarlier,
    SoundingFile,
    SoundingReminder,
)
from app.submissions.file_kinds import ScanState

FRESH = {"populate_existing": True}


@dataclass(frozen=True)
class Invited:
    """The organs of a letter, by name, and the last place that one was given."""

    names: frozenset[str]
    last_place: int


@dataclass(frozen=True)
class SummaryRow:
    """One opinion with its organ, in the order of the summary (部门意见汇总)."""

    organ: SoundedOrgan
    opinion: OrganOpinion


def get(session: Session, sounding_id: uuid.UUID) -> Sounding:
    """Raises NotFound."""
    return _one(session.scalars(select(Sounding).where(Sounding.id == sounding_id)).one_or_none())


def organ(session: Session, organ_id: uuid.UUID) -> SoundedOrgan:
    """Raises NotFound."""
    found = session.scalars(select(SoundedOrgan).where(SoundedOrgan.id == organ_id)).one_or_none()
    if found is None:
        raise NotFound("no_such_sounding")
    return found


def opinion(session: Session, opinion_id: uuid.UUID) -> OrganOpinion:
    """Raises NotFound."""
    found = session.scalars(select(OrganOpinion).where(OrganOpinion.id == opinion_id)).one_or_none()
    if found is None:
        raise NotFound("no_such_sounding")
    return found


def file(session: Session, file_id: uuid.UUID) -> SoundingFile:
    """Raises NotFound."""
    found = session.scalars(select(SoundingFile).where(SoundingFile.id == file_id)).one_or_none()
    if found is None:
        raise NotFound("no_such_file")
    return found


def held_letter(session: Session, sounding_id: uuid.UUID) -> Sounding:
    """As it stands now, kept from every other change until the end of the unit of work. Raises NotFound."""
    wanted = select(Sounding).where(Sounding.id == sounding_id).with_for_update().execution_options(**FRESH)
    return _one(session.scalars(wanted).one_or_none())


def held_organ(session: Session, organ_id: uuid.UUID) -> tuple[Sounding, SoundedOrgan]:
    """With its letter, which whoever changes anything of it holds first. Raises NotFound."""
    letter = held_letter(session, organ(session, organ_id).sounding_id)
    fresh = select(SoundedOrgan).where(SoundedOrgan.id == organ_id).execution_options(**FRESH)
    found = session.scalars(fresh).one_or_none()
    if found is None:
        raise NotFound("no_such_sounding")
    return letter, found


def held_opinion(session: Session, opinion_id: uuid.UUID) -> tuple[Sounding, OrganOpinion]:
    """As `held_organ`. Raises NotFound."""
    letter = held_letter(session, opinion(session, opinion_id).sounding_id)
    fresh = select(OrganOpinion).where(OrganOpinion.id == opinion_id).execution_options(**FRESH)
    return letter, session.scalars(fresh).one()


def letters(session: Session, consultation_id: uuid.UUID | None, before: Key | None, limit: int) -> Page[Sounding]:
    """Letters of one consultation or of all, the newest first."""
    query = select(Sounding)
    if consultation_id is not None:
        query = query.where(Sounding.consultation_id == consultation_id)
    if before:
        query = query.where(tuple_(Sounding.created_at, Sounding.id) < tuple_(before.at, before.id))
    rows = session.scalars(query.order_by(Sounding.created_at.desc(), Sounding.id.desc()).limit(limit + 1)).all()
    return page_of(rows, limit, lambda row: Key(row.created_at, row.id))


def organs(
    session: Session, sounding_id: uuid.UUID, after: int, limit: int
) -> tuple[Sequence[SoundedOrgan], int | None]:
    """Organs of a letter after that place, in order, and the place after which the next ones are; None for none."""
    query = select(SoundedOrgan).where(SoundedOrgan.sounding_id == sounding_id, SoundedOrgan.place > after)
    rows = session.scalars(query.order_by(SoundedOrgan.place).limit(limit + 1)).all()
    return rows[:limit], rows[limit - 1].place if len(rows) > limit else None


def names_and_last_place(session: Session, sounding_id: uuid.UUID) -> Invited:
    found = session.execute(
        select(SoundedOrgan.name, SoundedOrgan.place).where(SoundedOrgan.sounding_id == sounding_id)
    )
    rows = found.all()
    return Invited(frozenset(row.name for row in rows), max((row.place for row in rows), default=0))


def invited_departments(session: Session, sounding_id: uuid.UUID) -> frozenset[str]:
    """The ids of those that are in the directory."""
    found = session.scalars(select(SoundedOrgan.department_id).where(SoundedOrgan.sounding_id == sounding_id))
    return frozenset(filter(None, found))


def opinions(
    session: Session, organ_id: uuid.UUID, after: int, limit: int
) -> tuple[Sequence[OrganOpinion], int | None]:
    """Opinions of an organ after that place, withdrawn ones too; the second as in `organs`."""
    query = select(OrganOpinion).where(OrganOpinion.organ_id == organ_id, OrganOpinion.place > after)
    rows = session.scalars(query.order_by(OrganOpinion.place).limit(limit + 1)).all()
    return rows[:limit], rows[limit - 1].place if len(rows) > limit else None


def numbers_of_opinions(session: Session, organ_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Organ → how many of its opinions stand; organs without any are missing."""
    counted = select(OrganOpinion.organ_id, func.count()).where(
        OrganOpinion.organ_id.in_(set(organ_ids)), OrganOpinion.withdrawn_at.is_(None)
    )
    return {row[0]: row[1] for row in session.execute(counted.group_by(OrganOpinion.organ_id))}


def has_opinions(session: Session, organ_id: uuid.UUID) -> bool:
    standing = select(OrganOpinion.id).where(OrganOpinion.organ_id == organ_id, OrganOpinion.withdrawn_at.is_(None))
    return session.scalar(standing.limit(1)) is not None


def last_opinion(session: Session, organ_id: uuid.UUID) -> int:
    """The last place that an opinion of the organ was given; 0 before the first."""
    return session.scalar(select(func.max(OrganOpinion.place)).where(OrganOpinion.organ_id == organ_id)) or 0


def reminders(session: Session, organ_ids: Iterable[uuid.UUID]) -> Sequence[SoundingReminder]:
    """Of those organs, the oldest first."""
    wanted = select(SoundingReminder).where(SoundingReminder.organ_id.in_(set(organ_ids)))
    return session.scalars(wanted.order_by(SoundingReminder.sent_on, SoundingReminder.id)).all()


def earlier_versions(session: Session, kind: EarlierKind, record_id: uuid.UUID) -> Sequence[SoundingEarlier]:
    """What the record said before each of its changes, the newest first."""
    wanted = select(SoundingEarlier).where(SoundingEarlier.kind == kind, SoundingEarlier.record_id == record_id)
    return session.scalars(wanted.order_by(SoundingEarlier.number.desc())).all()


def summary(
    session: Session, sounding_id: uuid.UUID, after: tuple[int, int], limit: int
) -> tuple[list[SummaryRow], tuple[int, int] | None]:
    """Opinions that stand, by the organs' order and then their own, after a place of organ and opinion."""
    query = _summary(sounding_id).where(tuple_(SoundedOrgan.place, OrganOpinion.place) > tuple_(*after))
    rows = [SummaryRow(*row) for row in session.execute(query.limit(limit + 1))]
    last = rows[limit - 1] if len(rows) > limit else None
    return rows[:limit], (last.organ.place, last.opinion.place) if last else None


def _summary(sounding_id: uuid.UUID) -> Select[SoundedOrgan, OrganOpinion]:
    return (
        select(SoundedOrgan, OrganOpinion)
        .join(OrganOpinion, OrganOpinion.organ_id == SoundedOrgan.id)
        .where(OrganOpinion.sounding_id == sounding_id, OrganOpinion.withdrawn_at.is_(None))
        .order_by(SoundedOrgan.place, OrganOpinion.place)
    )


def files_waiting(session: Session, most: int) -> Sequence[SoundingFile]:
    """Scans that no scanner has looked into, the oldest first; those too that came before there was one."""
    unseen = SoundingFile.scan.in_([ScanState.WAITING, ScanState.NOT_ASKED])
    return session.scalars(select(SoundingFile).where(unseen).order_by(SoundingFile.id).limit(most)).all()


def referred_to(session: Session, keys: Iterable[str]) -> set[str]:
    """Those of the contents that a reply or an earlier version of one refers to."""
    return set(session.scalars(select(SoundingFile.sha256).where(SoundingFile.sha256.in_(set(keys)))))


def _one(found: Sounding | None) -> Sounding:
    if found is None:
        raise NotFound("no_such_sounding")
    return found
