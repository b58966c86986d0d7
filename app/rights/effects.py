"""What granting a request does, by its kind."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.archives import queries as archives
from app.documents import examples
from app.kit.errors import Conflict
from app.mail import erasure as mails
from app.referrals import queries as referrals
from app.rights import queries
from app.rights.lifecycle import RequestKind
from app.rights.models import ErasedIdentity, RightsRequest
from app.rights.sealing import Letters
from app.submissions import display_ending, file_erasure, promises
from app.submissions import queries as submissions
from app.submissions.lifecycle import LIFECYCLE, EndedClass, ScreeningEvent
from app.submissions.models import Submission
from app.submissions.vault import Vault


@dataclass(frozen=True)
class Keepers:
    """What opens the sealed: identities by `vault`, requests by `letters`."""

    vault: Vault
    letters: Letters


Effect = Callable[[Session, datetime, Keepers, RightsRequest], None]


def refuse_evidence(session: Session, request: RightsRequest) -> None:
    """Raises Conflict("preserved_as_evidence") while a case about the submission isn't over (证据保全), and Conflict
    ("legal_hold") where something would be erased while its consultation is held."""
    changes = request.kind in (RequestKind.WITHDRAW, RequestKind.CORRECT, RequestKind.DELETE)
    if request.kind is RequestKind.DELETE and archives.is_held(session, _submission(session, request).consultation_id):
        raise Conflict("legal_hold")
    if changes and request.submission_id and referrals.is_preserved(session, request.submission_id):
        raise Conflict("preserved_as_evidence")


def withdraw(session: Session, at: datetime, _keepers: Keepers, request: RightsRequest) -> None:
    """Off display, and out of screening where nobody has decided yet. What was gathered from it before stays worked on,
    without its sender."""
    submission = _submission(session, request)
    if LIFECYCLE.allows(submission.state, ScreeningEvent.WITHDRAW):
        submission.state = LIFECYCLE.after(submission.state, ScreeningEvent.WITHDRAW)
        promises.note_outcome(session, at, submission)
    display_ending.end(session, at, submission.id)


def correct(session: Session, _at: datetime, keepers: Keepers, request: RightsRequest) -> None:
    """The new telephone or address takes the place of the old one; nobody on our side has to see either."""
    sealed = submissions.sealed_identity(session, _submission(session, request).id)
    contact = keepers.letters.contact(request)
    if sealed is not None:
        keepers.vault.replace_contact(sealed, contact.phone, contact.email)


def copy(_session: Session, _at: datetime, _keepers: Keepers, _request: RightsRequest) -> None:
    """Nothing changes: from now on the receipt page gives the copy out (`queries.may_fetch_copy`)."""


def delete(session: Session, at: datetime, keepers: Keepers, request: RightsRequest) -> None:
    """The personal fields and files are gone, the display ends, what matching learned is forgotten. The text itself
    stays as part of the official record of the consultation, without a person to it."""
    erase(session, at, keepers.vault, _submission(session, request))


def erase(session: Session, at: datetime, vault: Vault, submission: Submission) -> None:
    """What `delete` does, once it is decided."""
    sealed = submissions.sealed_identity(session, submission.id)
    if sealed is not None:
        vault.erase(session, sealed)
    session.add(ErasedIdentity(submission_id=submission.id, erased_at=at))
    examples.forget(session, submission.id)
    file_erasure.erase(session, submission.id)
    promises.forget(session, submission.consultation_id, submission.id)
    mails.erase(session, submission.id)
    display_ending.end(session, at, submission.id)


def confirm_misuse(session: Session, at: datetime, _keepers: Keepers, request: RightsRequest) -> None:
    """What was written under the number stays off display for good; screening decides about the text itself."""
    for submission_id in queries.reported(session, request.id):
        display_ending.end(session, at, submission_id, EndedClass.MISUSE)


def thaw(session: Session, at: datetime, request: RightsRequest) -> None:
    """What no other report speaks against is displayed again."""
    for submission_id in queries.reported(session, request.id):
        if not queries.is_under_report(session, submission_id, request.id):
            display_ending.thaw(session, at, submission_id)


GRANTED: Mapping[RequestKind, Effect] = {
    RequestKind.WITHDRAW: withdraw,
    RequestKind.CORRECT: correct,
    RequestKind.COPY: copy,
    RequestKind.DELETE: delete,
    RequestKind.MISUSE: confirm_misuse,
}


def _submission(session: Session, request: RightsRequest) -> Submission:
    assert isinstance(request.submission_id, uuid.UUID), "every kind but a report is about one submission"
    return submissions.get(session, request.submission_id)
