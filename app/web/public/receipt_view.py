"""What a receipt's page says of one submission, in the words of the person who wrote it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.lifecycle import Phase
from app.consultations.models import Consultation
from app.dispositions.kinds import DispositionKind
from app.publication import queries as publication
from app.publication.queries import Outcome, PersonsOutcome, Progress
from app.screening.lifecycle import Pointer
from app.submissions import file_queries as files
from app.submissions import queries as submissions
from app.submissions.lifecycle import SubmissionState
from app.submissions.models import Submission
from app.transparency import queries as transparency
from app.web.file_words import SHORT_HASH, size_words
from app.web.i18n import N_
from app.web.i18n import gettext as _
from app.web.public import notes
from app.web.public.clause_places import clause_words
from app.web.public.display_note import DisplayNote, display_note
from app.web.public.log_words import LogNote, log_note
from app.web.public.notes import NoteView
from app.web.public.qr_code import QrCode
from app.web.public.questions_part import QuestionView, questions
from app.web.said import Said, said_in
from app.web.templating import timed
from app.web.words import exact_instant

ANSWERED = N_("Your comment has been answered.")
NOTED = N_(
    "Your comment was read and taken note of. No single suggestion on the draft was taken from it, so there is no "
    "answer to a single point."
)
JOINED = N_("Your comment has been joined with one that says the same; both are worked on together.")
STATUS = {
    SubmissionState.RECEIVED: N_("We have received your comment; it is waiting to be read."),
    SubmissionState.ACCEPTED: N_("Your comment has been accepted and is being worked on."),
    SubmissionState.OUT_OF_SCOPE: N_("Your comment doesn't concern this draft, so that we can't work on it here."),
    SubmissionState.DUPLICATE: JOINED,
    SubmissionState.UNSUITABLE: N_("Your comment can't be worked on as it is."),
    SubmissionState.REFERRED: N_(
        "Your comment was passed on, as the rules provide, to the body that is responsible for it."
    ),
    SubmissionState.WITHDRAWN: N_("You have withdrawn your comment; it isn't worked on."),
    SubmissionState.QUARANTINED: N_(
        "We have received your comment. A person checks it before it goes on, because the captcha wasn't solved."
    ),
    SubmissionState.DISCARDED: N_(
        "A person has checked it and taken it for sent by a program, so that it doesn't count. "
        "If you wrote it yourself, please turn to the contact named on the draft's page."
    ),
}
POINTERS = {
    Pointer.HOTLINE: N_("For questions, help or a concrete problem please call the 12345 government service hotline."),
    Pointer.PETITION: N_("A petition goes to the body that may decide on it, by its website, by letter or in person."),
    Pointer.INFORMATION_REQUEST: N_(
        "Please ask the organ that made or keeps the information for it, as the regulations on open government provide."
    ),
    Pointer.RECONSIDERATION: N_(
        "Against an organ's decision you can apply for administrative reconsideration or go to court, "
        "within the time limits."
    ),
    Pointer.REPORT: N_("Please report breaches of discipline or law to the body that supervises them, such as 12388."),
    Pointer.EMERGENCY: N_("In an emergency please call the police at 110 at once."),
}
"""Where else to turn, in the words that the sender reads."""
PROGRESS = {
    Progress.BEING_EDITED: N_("Being put into words and checked"),
    Progress.WITH_DEPARTMENTS: N_("With the responsible departments"),
    Progress.DECIDED: N_("Answered"),
}
ENDED = frozenset(
    {
        SubmissionState.OUT_OF_SCOPE,
        SubmissionState.UNSUITABLE,
        SubmissionState.REFERRED,
        SubmissionState.DISCARDED,
        SubmissionState.WITHDRAWN,
    }
)


@dataclass(frozen=True)
class Step:
    label: str
    state: str


@dataclass(frozen=True)
class SentFile:
    """A file that came with the comment, by what proves that it is the one that was sent."""

    name: str
    size: str
    short_hash: str


@dataclass(frozen=True)
class OutcomeView:
    """One suggestion as its author is told of it; `own_words` are the passages of this submission that it gathers."""

    own_words: tuple[str, ...]
    text: str
    clause: str | None
    status: str
    departments: tuple[str, ...]
    disposition: DispositionKind | None
    reason: str
    decided_at: datetime | None
    duplicate: bool
    before: DispositionKind | None


@dataclass(frozen=True)
class ReceiptView:
    """`access_code` is set only right after sending, in the browser that sent; nobody can get it again.

    `received` is the instant to the second. `qr` leads to the page on which receipts are looked up, with the number
    filled in. `waits_until` is the closing instant while comments are still taken; `is_over` tells that nothing more
    happens.
    """

    receipt_number: str
    access_code: str | None
    qr: QrCode
    lookup_url: str
    received: str
    title: str
    comment: Sequence[Said]
    consultation_title: str
    slug: str
    clauses: list[str]
    status: str
    steps: list[Step]
    outcomes: list[OutcomeView]
    closing_reason: str | None
    pointer: str | None
    waits_until: datetime | None
    closed_at: datetime
    is_over: bool
    notes: list[NoteView]
    newer_text: bool
    files: list[SentFile]
    display: DisplayNote | None
    questions: list[QuestionView]
    log: LogNote | None

    @property
    def fresh(self) -> bool:
        return self.access_code is not None


def receipt_view(
    session: Session, found: Submission, access_code: str | None, lookup_url: str, qr: QrCode, now: datetime
) -> ReceiptView:
    """The caller has verified that the reader may see this submission."""
    consultation = session.get_one(Consultation, found.consultation_id)
    chosen = submissions.clause_ids(session, [found.id])[found.id]
    told = publication.outcome_of(session, found)
    spoken_of = [outcome.clause_id for outcome in told.outcomes if outcome.clause_id]
    names = clause_words(session, consultation, [*chosen, *spoken_of])
    is_open = consultations.phase(consultation, now) is Phase.OPEN
    return ReceiptView(
        receipt_number=found.receipt_number,
        access_code=access_code,
        qr=qr,
        lookup_url=lookup_url,
        received=timed(exact_instant)(found.received_at),
        title=found.title,
        comment=said_in(session, found.comment, submissions.clause_places(session, found.id)),
        consultation_title=consultation.title,
        slug=consultation.slug,
        clauses=[name for clause_id, name in names.items() if clause_id in chosen],
        status=_(status_words(told)),
        steps=_steps(told),
        outcomes=[_outcome(outcome, names, told.duplicate) for outcome in told.outcomes],
        closing_reason=told.closing_reason,
        pointer=_(POINTERS[told.pointer]) if told.pointer else None,
        questions=questions(session, found, now),
        waits_until=consultation.closes_at if is_open else None,
        closed_at=consultation.closes_at,
        is_over=told.state in ENDED or told.is_answered,
        notes=notes.since(session, consultation, found.received_at),
        newer_text=consultation.version_id != found.version_id,
        files=[
            SentFile(file.name, size_words(file.size), file.sha256[:SHORT_HASH])
            for file in files.of_submission(session, found.id)
        ],
        display=display_note(session, found.id) if found.state is not SubmissionState.REFERRED else None,
        log=log_note(transparency.standing_of(session, found.consultation_id, found.id)),
    )


def status_words(told: PersonsOutcome) -> str:
    """Where it stands; a comment that was joined with another one is told of that one's end."""
    if told.noted:
        return NOTED
    if told.is_answered:
        return ANSWERED
    return JOINED if told.duplicate and told.state not in ENDED else STATUS[told.state]


def _steps(told: PersonsOutcome) -> list[Step]:
    """The bar: what is behind, where it stands, what is to come."""
    if told.state in ENDED:
        return [Step(_("Received"), "done"), Step(_("Closed"), "done")]
    if told.noted:
        return [Step(_("Received"), "done"), Step(_("Read"), "done")]
    labels = [_("Received"), _("Read"), _("With the departments"), _("Answered")]
    at = _step_at(told)
    return [Step(text, "done" if place < at else "now" if place == at else "todo") for place, text in enumerate(labels)]


def _step_at(told: PersonsOutcome) -> int:
    """The place of the step that it stands at; one past the last when everything is answered."""
    progress = {outcome.progress for outcome in told.outcomes}
    if not progress or Progress.BEING_EDITED in progress:
        return 1
    return 2 if Progress.WITH_DEPARTMENTS in progress else 4


def _outcome(outcome: Outcome, names: Mapping[uuid.UUID, str], duplicate: bool) -> OutcomeView:
    return OutcomeView(
        own_words=outcome.own_words,
        text=outcome.text,
        clause=names[outcome.clause_id] if outcome.clause_id else None,
        status=_(PROGRESS[outcome.progress]),
        departments=outcome.departments,
        disposition=outcome.disposition,
        reason=outcome.reason,
        decided_at=outcome.decided_at,
        duplicate=duplicate,
        before=outcome.before,
    )
