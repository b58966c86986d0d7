"""What would become of mails, before anything is taken in. Reads only; parsers of documents don't run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.mail import queries
from app.mail.attached import READ
from app.mail.boxes import RawMail
from app.mail.composing import composed, needs_attachment, written
from app.mail.keeping import MailKeeper
from app.mail.lifecycle import MailReason
from app.mail.reading import ParsedMail, parse
from app.mail.sorting import Places

STANDS_IN = "document"
"""In the place of words that are read from an attached document only when the mail is taken in."""


@dataclass(frozen=True)
class Preview:
    """`reason` says why a person has to decide or why it is ignored, None where it is taken in; `repeats` that the same
    mail was kept before, or stands earlier in the file."""

    name: str
    subject: str
    words: str
    received_at: datetime | None
    consultation: str
    reason: MailReason | None
    repeats: bool
    from_document: bool
    missing: Sequence[str]
    wrong: Sequence[str]
    files: Sequence[str]


def previews(session: Session, keeper: MailKeeper, mails: Sequence[RawMail], now: datetime) -> list[Preview]:
    """In the order of the file; the store is asked as often whatever the number of mails."""
    parsed = [parse(mail.content) for mail in mails]
    hashes = [keeper.content_hash(one, mail.content) for one, mail in zip(parsed, mails, strict=True)]
    known, places = queries.known_of(session, hashes), Places(session)
    found = []
    for mail, one, content_hash in zip(mails, parsed, hashes, strict=True):
        found.append(_preview(mail.name, one, places, now, repeats=content_hash in known))
        known.add(content_hash)
    return found


def _preview(name: str, parsed: ParsedMail, places: Places, now: datetime, *, repeats: bool) -> Preview:
    received_at = min(parsed.received_at, now) if parsed.received_at else None
    consultation, standing = places.place_of(parsed.subjects, received_at)
    readable = any(one.name.lower().endswith(READ) for one in parsed.attachments)
    from_document = needs_attachment(parsed) and readable
    made = composed(parsed, written(parsed, [STANDS_IN] if from_document else []), received_at or now, now)
    reason = parsed.machine_made or parsed.problem or standing or (made if isinstance(made, MailReason) else None)
    return Preview(
        name=name,
        subject=parsed.subject,
        words=written(parsed).words,
        received_at=received_at,
        consultation=consultation.title if consultation else "",
        reason=reason,
        repeats=repeats,
        from_document=from_document,
        missing=() if isinstance(made, MailReason) else made[0].missing,
        wrong=() if isinstance(made, MailReason) else made[1].wrong,
        files=[one.name for one in parsed.attachments if not one.is_drawn],
    )
