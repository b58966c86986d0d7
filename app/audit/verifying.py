"""Walking the whole chain and naming the first place where it is broken. Memory doesn't grow with its length."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from app.audit import sealing
from app.audit.canonical import START, Sealable
from app.audit.heads import KeptHead
from app.audit.models import AuditEntry, AuditSeal, AuditSegment, UnsealedEntry

AT_ONCE = 2000
LOOKED_AHEAD = 200
"""How far an entry that was moved back is sought; one that was moved further counts as altered."""


class Fault(StrEnum):
    """What was done to the chain."""

    DELETED = "deleted"
    ALTERED = "altered"
    REORDERED = "reordered"
    INSERTED = "inserted"
    CUT = "cut"
    REWRITTEN = "rewritten"
    FORGED_HEAD = "forged_head"


@dataclass(frozen=True)
class Break:
    """The first broken place: its position where it has one, and the entry that stands there, if one does."""

    fault: Fault
    position: int | None
    entry_id: str | None = None


@dataclass(frozen=True)
class Report:
    """`checked` entries were hashed anew, `archived` ones stand in files. `fault` is None for a whole chain."""

    checked: int
    archived: int
    unsealed: int
    head: sealing.Head
    heads: int
    fault: Break | None


@dataclass(frozen=True)
class Link:
    """A place of the chain as the store holds it; `entry` is None where it is gone."""

    position: int
    seal: bytes
    entry: Sealable | None


def verify(session: Session, heads: Sequence[KeptHead] = (), keys: tuple[str, ...] = ()) -> Report:
    """Reads everything once. With `keys` every head must be signed by one of these public keys."""
    archived, walk = sealing.segments(session), _Walk(heads)
    fault = _forged(heads, keys) or _joined(archived) or walk.meet_segments(archived)
    fault = fault or walk.along(links(session, walk.position)) or walk.end() or _beside(session)
    waiting = session.scalar(select(func.count()).select_from(UnsealedEntry)) or 0
    number_archived = archived[-1].last if archived else 0
    return Report(walk.checked, number_archived, waiting, sealing.head(session), len(heads), fault)


def links(session: Session, after: int = 0) -> Iterator[Link]:
    """Every place after that position, in order."""
    joined = select(AuditSeal.position, AuditSeal.seal, *sealing.FIELDS).join(
        AuditEntry, AuditEntry.id == AuditSeal.entry_id, isouter=True
    )
    while True:
        page = joined.where(AuditSeal.position > after).order_by(AuditSeal.position).limit(AT_ONCE)
        rows = session.execute(page).all()
        yield from (Link(row.position, row.seal, sealing.sealable(row) if row.id else None) for row in rows)
        if len(rows) < AT_ONCE:
            return
        after = rows[-1].position


def number_of_entries(session: Session) -> int:
    """All that stand in the store, sealed or not."""
    return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


class _Walk:
    """How far the chain holds: the seal that stands at `position`."""

    def __init__(self, heads: Sequence[KeptHead]) -> None:
        self.position, self.seal, self.checked = 0, START, 0
        self._kept: dict[int, set[str]] = {}
        for head in heads:
            self._kept.setdefault(head.position, set()).add(head.seal)

    def meet_segments(self, archived: Sequence[AuditSegment]) -> Break | None:
        for segment in archived:
            self.position, self.seal = segment.last, segment.seal
            if self._differs_from_kept():
                return Break(Fault.REWRITTEN, self.position)
        return None

    def along(self, chain: Iterator[Link]) -> Break | None:
        ahead: deque[Link] = deque()
        for link in chain:
            ahead.append(link)
            if len(ahead) > LOOKED_AHEAD and (fault := self._step(ahead)):
                return fault
        while ahead:
            if fault := self._step(ahead):
                return fault
        return None

    def end(self) -> Break | None:
        """A head that tells of more entries than there are."""
        longest = max(self._kept, default=0)
        return Break(Fault.CUT, self.position + 1) if longest > self.position else None

    def _step(self, ahead: deque[Link]) -> Break | None:
        link, place = ahead.popleft(), self.position + 1
        if link.position != place or link.entry is None:
            return Break(Fault.DELETED, place)
        if link.entry.seal(self.seal, place) != link.seal:
            return Break(_kind(self.seal, link, ahead), place, link.entry.id)
        self.position, self.seal, self.checked = place, link.seal, self.checked + 1
        return Break(Fault.REWRITTEN, place, link.entry.id) if self._differs_from_kept() else None

    def _differs_from_kept(self) -> bool:
        return bool(self._kept.get(self.position, set()) - {self.seal.hex()})


def _kind(before: bytes, broken: Link, ahead: Sequence[Link]) -> Fault:
    """What most likely happened at a place whose seal doesn't fit its entry."""
    place, following = broken.position, ahead[0] if ahead else None
    if following and following.entry:
        if following.entry.seal(before, place) == following.seal:
            return Fault.INSERTED  # the next entry was sealed for this place: everything was moved by one
        if following.entry.seal(broken.seal, place + 2) == following.seal:
            return Fault.DELETED  # the next entry was sealed one place later: everything was moved back
    if any(link.entry and link.entry.seal(before, place) == broken.seal for link in ahead):
        return Fault.REORDERED
    return Fault.ALTERED


def _forged(heads: Sequence[KeptHead], keys: tuple[str, ...]) -> Break | None:
    if not keys:
        return None
    forged = next((head for head in heads if not any(map(head.is_signed_by, keys))), None)
    return Break(Fault.FORGED_HEAD, forged.position) if forged else None


def _joined(archived: Sequence[AuditSegment]) -> Break | None:
    """Segments must begin at the first place and follow each other without a gap."""
    last, seal = 0, START
    for segment in archived:
        if segment.first != last + 1 or segment.before != seal:
            return Break(Fault.DELETED, last + 1)
        last, seal = segment.last, segment.seal
    return None


def _beside(session: Session) -> Break | None:
    """Entries that stand neither in the chain nor wait for it, and waiting ones that are gone."""
    gone = select(UnsealedEntry.entry_id).where(~exists().where(AuditEntry.id == UnsealedEntry.entry_id)).limit(1)
    if (missing := session.scalar(gone)) is not None:
        return Break(Fault.DELETED, None, str(missing))
    entries, sealed, waiting = (
        session.scalar(select(func.count()).select_from(table)) or 0 for table in (AuditEntry, AuditSeal, UnsealedEntry)
    )
    if entries == sealed + waiting:
        return None
    stray = select(AuditEntry.id).where(~exists().where(AuditSeal.entry_id == AuditEntry.id))
    stray = stray.where(~exists().where(UnsealedEntry.entry_id == AuditEntry.id))
    return Break(Fault.INSERTED, None, str(session.scalar(stray.limit(1))))
