"""What a message says, by its template: in Chinese, nothing of what the person sent in, no link that opens anything.

A letter names the receipt by its last digits and the page on which receipts are looked up; whoever wants to read more
needs the number and the access code.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from babel.dates import format_date
from sqlalchemy.orm import Session

from app.consultations.effects import NoteKind
from app.consultations.models import Consultation, ConsultationNote
from app.deliveries.ledger import detail_id
from app.deliveries.messages import Letter
from app.deliveries.models import Delivery
from app.kit.catalogues import N_, translations
from app.kit.clock import BEIJING
from app.submissions.models import Submission

LANGUAGE = "zh_CN"
LAST_DIGITS = 4

SUBJECTS: Mapping[NoteKind, str] = {
    NoteKind.RESCHEDULE: N_("Opening time changed: %(title)s"),
    NoteKind.EXTENSION: N_("Time for comments extended: %(title)s"),
    NoteKind.EARLY_CLOSING: N_("Comments closed early: %(title)s"),
    NoteKind.SUSPENSION: N_("Comments suspended: %(title)s"),
    NoteKind.RESUMPTION: N_("Comments resumed: %(title)s"),
    NoteKind.CORRECTION: N_("Draft corrected: %(title)s"),
    NoteKind.SUBSTANTIVE_CORRECTION: N_("Draft corrected: %(title)s"),
    NoteKind.REPLACEMENT: N_("Draft replaced: %(title)s"),
    NoteKind.WITHDRAWAL: N_("Draft withdrawn: %(title)s"),
}
WHAT_HAPPENED: Mapping[NoteKind, str] = {
    NoteKind.RESCHEDULE: N_("The time at which it opens for comments has been changed."),
    NoteKind.EXTENSION: N_("The time for comments has been extended."),
    NoteKind.EARLY_CLOSING: N_("Comments were closed before the announced time. Your comment is worked on as before."),
    NoteKind.SUSPENSION: N_("Taking comments has been suspended. Your comment is kept."),
    NoteKind.RESUMPTION: N_("Comments are taken again. Your comment is kept; you needn't send it again."),
    NoteKind.CORRECTION: N_(
        "A mistake in the draft has been corrected. Your comment stays with the text that you read."
    ),
    NoteKind.SUBSTANTIVE_CORRECTION: N_(
        "The draft has been corrected in substance. Your comment stays with the text that you read; "
        "you can send another one on the corrected text."
    ),
    NoteKind.REPLACEMENT: N_(
        "The draft has been replaced by another text. Your comment stays with the text that you read; "
        "you can send another one on the new text."
    ),
    NoteKind.WITHDRAWAL: N_("The draft has been withdrawn from public comment. Your comment is kept."),
}
ENDS_TAKING = frozenset({NoteKind.EARLY_CLOSING, NoteKind.SUSPENSION, NoteKind.WITHDRAWAL})
"""After these no closing instant is told: none is being waited for."""


@dataclass(frozen=True)
class Column:
    """What every letter names: who writes, and where receipts are looked up."""

    sender_name: str
    receipts_url: str


Write = Callable[[Session, Delivery, Submission, Column], Letter]


def consultation_changed(session: Session, delivery: Delivery, submission: Submission, column: Column) -> Letter:
    """The note's kind and its public words, and until when comments are taken where that changed."""
    note = session.get_one(ConsultationNote, detail_id(delivery, "note_id"))
    title = session.get_one(Consultation, note.consultation_id).title
    told = [_(WHAT_HAPPENED[note.kind])]
    if note.closes_after != note.closes_before and note.kind not in ENDS_TAKING:
        told.append(_("Comments are now taken until %(when)s.") % {"when": _instant(note.closes_after)})
    told += ["", _("The public note on it:"), note.text]
    return _letter(_(SUBJECTS[note.kind]) % {"title": title}, title, told, submission, column)


def second_round(session: Session, delivery: Delivery, submission: Submission, column: Column) -> Letter:
    """That a further round is open, and until when."""
    opened = session.get_one(Consultation, detail_id(delivery, "consultation_id"))
    told = [
        _("A further round of comments on this draft has been opened; comments are taken until %(when)s.")
        % {"when": _instant(opened.closes_at)},
        _("What you wrote in the earlier round is kept and worked on; you needn't send it again."),
    ]
    return _letter(
        _("Further round of comments: %(title)s") % {"title": opened.title}, opened.title, told, submission, column
    )


TEMPLATES: Mapping[str, Write] = {
    "consultation_changed": consultation_changed,
    "second_round": second_round,
}


def _(message: str) -> str:
    return translations(LANGUAGE).gettext(message)


def _letter(subject: str, title: str, told: Sequence[str], submission: Submission, column: Column) -> Letter:
    digits = submission.receipt_number[-LAST_DIGITS:]
    lines = [
        _("Hello,"),
        "",
        _("You sent a comment on this draft (receipt number ending in %(digits)s):") % {"digits": digits},
        title,
        "",
        *told,
        "",
        _("What becomes of your comment: enter receipt number and access code on this page."),
        column.receipts_url,
        "",
        _("This message was sent by a program and replies are not read. Nobody will ask you for your access code."),
        "",
        column.sender_name,
    ]
    return Letter(subject, "\n".join(lines))


def _instant(value: datetime) -> str:
    """In full and in Beijing's time; midnight is 24:00 of the day that ends with it."""
    local = value.astimezone(BEIJING)
    midnight = local.time() == time()
    date = local.date() - timedelta(days=1) if midnight else local.date()
    day = format_date(date, "y年M月d日", locale=LANGUAGE)
    if midnight:
        return _("%(day)s, 24:00 (Beijing time)") % {"day": day}
    return _("%(day)s, %(clock)s (Beijing time)") % {"day": day, "clock": f"{local:%H:%M}"}
