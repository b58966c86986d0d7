import uuid
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from app.consultations.lifecycle import ConsultationState
from app.consultations.models import Consultation
from app.documents.models import Document, DocumentVersion
from app.kit.errors import NotFound
from app.kit.paging import Key, Page, page_of
from app.mail.lifecycle import MailState
from app.mail.models import Mail, MailImport

MOST_COUNTED = 1000
"""A number beyond it is shown as "more than"; counting costs no more however many mails there are."""


def get(session: Session, mail_id: uuid.UUID) -> Mail:
    """Raises NotFound."""
    found = session.get(Mail, mail_id)
    if found is None:
        raise NotFound("no_such_mail")
    return found


def known_as(session: Session, content_hash: str) -> Mail | None:
    return session.scalar(select(Mail).where(Mail.content_hash == content_hash))


def is_known_id(session: Session, message_hash: str) -> bool:
    return session.scalar(select(Mail.id).where(Mail.message_hash == message_hash)) is not None


def known_of(session: Session, content_hashes: Collection[str]) -> set[str]:
    return set(session.scalars(select(Mail.content_hash).where(Mail.content_hash.in_(content_hashes))))


def of_import(session: Session, import_id: uuid.UUID) -> Sequence[Mail]:
    """In the file's order; what had come before by another way is not among them."""
    return session.scalars(select(Mail).where(Mail.import_id == import_id).order_by(Mail.place)).all()


def of_submission(session: Session, submission_id: uuid.UUID) -> uuid.UUID | None:
    return session.scalar(select(Mail.id).where(Mail.submission_id == submission_id))


def own_import(session: Session, import_id: uuid.UUID, made_by: str) -> MailImport:
    """Raises NotFound for another's."""
    found = session.get(MailImport, import_id)
    if found is None or found.made_by != made_by:
        raise NotFound("no_such_import")
    return found


def in_state(session: Session, state: MailState, after: Key | None, limit: int) -> Page[Mail]:
    """The newest first."""
    query = select(Mail).where(Mail.state == state).order_by(Mail.kept_at.desc(), Mail.id.desc()).limit(limit + 1)
    if after:
        query = query.where(tuple_(Mail.kept_at, Mail.id) < tuple_(after.at, after.id))
    return page_of(session.scalars(query).all(), limit, lambda row: Key(row.kept_at, row.id))


def state_counts(session: Session) -> dict[MailState, int]:
    """State → number of mails, none above MOST_COUNTED + 1."""
    return {state: _count(session, state) for state in MailState}


def _count(session: Session, state: MailState) -> int:
    some = select(Mail.id).where(Mail.state == state).limit(MOST_COUNTED + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def kept(session: Session, limit: int) -> Sequence[uuid.UUID]:
    """Those that nobody has looked at, the oldest first."""
    waiting = select(Mail.id).where(Mail.state == MailState.KEPT).order_by(Mail.kept_at, Mail.id)
    return session.scalars(waiting.limit(limit)).all()


def referred_to(session: Session, keys: Iterable[str]) -> set[str]:
    """Those of the contents that a mail or an import is kept in."""
    wanted = set(keys)
    mails = session.scalars(select(Mail.blob_key).where(Mail.blob_key.in_(wanted)))
    imports = session.scalars(select(MailImport.blob_key).where(MailImport.blob_key.in_(wanted)))
    return {key for key in (*mails, *imports) if key}


def put_out_as(session: Session, consultation_id: uuid.UUID) -> Consultation:
    """Raises NotFound for none, and for one that was never public."""
    found = session.get(Consultation, consultation_id)
    if found is None or found.state is ConsultationState.DRAFT:
        raise NotFound("no_such_consultation")
    return found


def put_out(session: Session) -> Sequence[tuple[Consultation, str]]:
    """Every consultation that was ever public with its document's title, the one that closes last first."""
    rows = session.execute(
        select(Consultation, Document.title)
        .join(DocumentVersion, DocumentVersion.id == Consultation.version_id)
        .join(Document, Document.id == DocumentVersion.document_id)
        .where(Consultation.state != ConsultationState.DRAFT)
        .order_by(Consultation.closes_at.desc(), Consultation.id)
    )
    return [(row[0], row[1]) for row in rows]
