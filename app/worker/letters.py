"""What a message says, by its template: in Chinese, nothing of what the person sent in, no link that opens anything.

A letter names the receipt by its last digits and the page on which receipts are looked up; whoever wants to read more
needs the number and the access code. Only the first letter holds the whole number, and none ever holds the code.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from babel.dates import format_date
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clarifications.models import Clarification
from app.consultations.effects import NoteKind
from app.consultations.models import Consultation, ConsultationNote
from app.deliveries.ledger import detail_id
from app.deliveries.messages import Letter
from app.deliveries.models import Delivery
from app.dispositions.kinds import DispositionKind
from app.documents.models import Clause
from app.kit.catalogues import N_, translations
from app.kit.clock import BEIJING
from app.kit.identifiers import in_groups
from app.publication.queries import Outcome, PersonsOutcome, outcome_of
from app.submissions.lifecycle import SubmissionState
from app.submissions.models import Submission

LANGUAGE = "zh_CN"
LAST_DIGITS = 4
LONGEST_TITLE = 40

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
    NoteKind.TERMINATION: N_("Draft no longer pursued: %(title)s"),
    NoteKind.SHELVING: N_("Draft not issued for now: %(title)s"),
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
    NoteKind.TERMINATION: N_("The draft isn't pursued any more. Your comment is kept."),
    NoteKind.SHELVING: N_("The draft will not be issued for now. Your comment is kept."),
}
KINDS: Mapping[DispositionKind, str] = {
    DispositionKind.ADOPTED: N_("Adopted"),
    DispositionKind.PARTLY_ADOPTED: N_("Partly adopted"),
    DispositionKind.NOT_ADOPTED: N_("Not adopted"),
    DispositionKind.ALREADY_PROVIDED: N_("Already provided for"),
    DispositionKind.NOTED: N_("Noted for reference"),
    DispositionKind.OUT_OF_SCOPE: N_("Outside the scope of this draft"),
}
ENDS_TAKING = frozenset({NoteKind.EARLY_CLOSING, NoteKind.SUSPENSION, NoteKind.WITHDRAWAL})
"""After these no closing instant is told: none is being waited for."""


@dataclass(frozen=True)
class Column:
    """What every letter names: who writes, and where receipts are looked up."""

    sender_name: str
    receipts_url: str


ToldOf = tuple[Submission, PersonsOutcome]
"""A submission with what its sender is told of it."""
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


def receipt(session: Session, delivery: Delivery, submission: Submission, column: Column) -> Letter:
    """The number, the instant, where to look it up, and what to do for whoever sent nothing."""
    title = session.get_one(Consultation, submission.consultation_id).title
    lines = [
        _("Hello,"),
        "",
        _("We have received your comment on this draft:"),
        title,
        "",
        _("Receipt number: %(number)s") % {"number": in_groups(submission.receipt_number)},
        _("Received at: %(when)s") % {"when": _exactly(submission.received_at)},
        "",
        _("Where it stands and what becomes of it: enter your access code on this page."),
        f"{column.receipts_url}/{submission.receipt_number}",
        "",
        _(
            "The access code was shown to you on the page after sending. It is not in this message, "
            "because messages are read on their way; keep it apart from this one."
        ),
        _("This receipt shows only that the comment was received, not that it is adopted."),
        _(
            "If you have sent no comment, somebody else entered your address. You needn't do anything; "
            "the contact named on the draft's page can look into it."
        ),
        *_ending(column),
    ]
    return Letter(_("Receipt for your comment: %(title)s") % {"title": title}, "\n".join(lines))


NOTED = N_(
    "Your comment was read and taken note of. No single suggestion on the draft was taken from it, so there is no "
    "answer to a single point."
)


def outcome(session: Session, delivery: Delivery, submission: Submission, column: Column) -> Letter:
    """As `outcomes` of this submission alone."""
    return outcomes(session, delivery, [(submission, outcome_of(session, submission))], column)


def outcomes(session: Session, delivery: Delivery, told: Sequence[ToldOf], column: Column) -> Letter:
    """How each suggestion of these submissions of one person was decided; the words stand behind the receipt alone.

    In the order of the receipt's page. After a release that changed something, what was changed is said first.
    """
    submission, first = told[0]
    title = session.get_one(Consultation, submission.consultation_id).title
    if first.state is SubmissionState.REFERRED:
        lines = [_("Your comment was passed on, as the rules provide, to the body that is responsible for it.")]
    elif first.is_closed:
        lines = [_("Your comment was read and closed. The reason stands on the page of your receipt.")]
    elif not _once_each(told):
        lines = [_(NOTED)]
    else:
        lines = [*_counted(told), "", *_listed(session, told), "", *_changed(told)]
        lines.append(_("The words of the answers, with the reasons, stand on the page of your receipt."))
    if delivery.detail["again"]:
        lines.insert(0, _("There is something new since our last message on this comment."))
    return _letter(_("Outcome of your comment: %(title)s") % {"title": title}, title, lines, submission, column)


def outcome_text(session: Session, told: Sequence[ToldOf], column: Column) -> str:
    """The same in as few words as a short message has, without clauses."""
    submission, first = told[0]
    title = session.get_one(Consultation, submission.consultation_id).title
    known = {"title": title[:LONGEST_TITLE], "where": column.receipts_url}
    if first.is_closed:
        return _("Your comment on %(title)s was closed. Look it up by your receipt: %(where)s") % known
    if not _once_each(told):
        return _("Your comment on %(title)s was read and taken note of. Your receipt: %(where)s") % known
    return _("Your comment on %(title)s is answered (%(counted)s). Look it up by your receipt: %(where)s") % (
        known | {"counted": _("; ").join(_kinds(told))}
    )


def results_published(session: Session, delivery: Delivery, submission: Submission, column: Column) -> Letter:
    """That the reply to all comments is public, and where; for a consultation that answers them together."""
    consultation = session.get_one(Consultation, submission.consultation_id)
    lines = [
        _("What became of the comments on this draft has been published; they are answered there together:"),
        f"{column.receipts_url.removesuffix('/receipts')}/consultations/{consultation.slug}/results",
    ]
    subject = _("Outcome published: %(title)s") % {"title": consultation.title}
    return _letter(subject, consultation.title, lines, submission, column)


def _kinds(told: Sequence[ToldOf]) -> list[str]:
    kinds = Counter(found.disposition for found in _once_each(told) if found.disposition is not None)
    return [
        _("%(kind)s: %(number)d") % {"kind": _(KINDS[kind]), "number": kinds[kind]} for kind in KINDS if kinds[kind]
    ]


def _counted(told: Sequence[ToldOf]) -> list[str]:
    found = _once_each(told)
    answered = sum(outcome.disposition is not None for outcome in found)
    lines = [
        _("Your comment was put together as %(all)d suggestions; %(number)d of them are answered.")
        % {"all": len(found), "number": answered},
        _("; ").join(_kinds(told)),
    ]
    if len(told) > 1:
        sent = _("You sent %(number)d comments on this draft; this message answers all of them.")
        lines.insert(0, sent % {"number": len(told)})
    return lines


def _listed(session: Session, told: Sequence[ToldOf]) -> list[str]:
    """Each suggestion by its clause, under the receipt that shows it where there are several."""
    ids = {outcome.clause_id for outcome in _once_each(told) if outcome.clause_id is not None}
    labels = {row.id: row.label for row in session.scalars(select(Clause).where(Clause.id.in_(ids)))} if ids else {}
    lines = []
    for submission, one in told:
        if one.noted and len(told) > 1:
            digits = submission.receipt_number[-LAST_DIGITS:]
            lines.append(_("Receipt number ending in %(digits)s: read and taken note of.") % {"digits": digits})
        elif len(told) > 1:
            digits = submission.receipt_number[-LAST_DIGITS:]
            lines.append(_("Receipt number ending in %(digits)s:") % {"digits": digits})
        lines += [
            _("%(place)d. %(clause)s: %(kind)s")
            % {
                "place": place,
                "clause": labels[outcome.clause_id] if outcome.clause_id in labels else _("On the whole draft"),
                "kind": _(KINDS[outcome.disposition]) if outcome.disposition else _("being worked on"),
            }
            for place, outcome in enumerate(one.outcomes, 1)
        ]
    return lines


def _changed(told: Sequence[ToldOf]) -> list[str]:
    """What another answer took the place of, where one did."""
    lines = []
    for outcome in _once_each(told):
        if outcome.number > 1 and outcome.before is not None and outcome.disposition is not None:
            known = {"before": _(KINDS[outcome.before]), "after": _(KINDS[outcome.disposition])}
            same = _("Changed: an answer has new words; it is still “%(after)s”.")
            lines.append(
                (_("Changed: from “%(before)s” to “%(after)s”.") if outcome.before is not outcome.disposition else same)
                % known
            )
    return lines


def _once_each(told: Sequence[ToldOf]) -> list[Outcome]:
    """A suggestion to which several of one person's submissions led is one suggestion."""
    return list({outcome.suggestion_id: outcome for _, one in told for outcome in one.outcomes}.values())


def reopened(session: Session, delivery: Delivery, submission: Submission, column: Column) -> Letter:
    """That what the earlier message said no longer holds, and that nothing has to be done."""
    title = session.get_one(Consultation, submission.consultation_id).title
    lines = [
        _("The way in which your comment was closed has been taken back. Our earlier message on it no longer holds."),
        _("Your comment is read again; you needn't send it again. We write to you when there is something new."),
    ]
    return _letter(_("Your comment is read again: %(title)s") % {"title": title}, title, lines, submission, column)


def clarification_asked(session: Session, delivery: Delivery, submission: Submission, column: Column) -> Letter:
    """That there is a question, and until when it can be answered; the question stands behind the receipt."""
    title = session.get_one(Consultation, submission.consultation_id).title
    question = session.get_one(Clarification, detail_id(delivery, "clarification_id"))
    lines = [
        _("Whoever works on your comment has a question to you. It stands on the page of your receipt."),
        _("Please answer there until %(when)s.") % {"when": _instant(question.due_at)},
        _("Your comment is worked on all the same if you don't answer. Please don't answer this message itself."),
    ]
    return _letter(_("A question on your comment: %(title)s") % {"title": title}, title, lines, submission, column)


TEMPLATES: Mapping[str, Write] = {
    "consultation_changed": consultation_changed,
    "second_round": second_round,
    "receipt": receipt,
    "outcome": outcome,
    "results_published": results_published,
    "reopened": reopened,
    "clarification_asked": clarification_asked,
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
        *_ending(column),
    ]
    return Letter(subject, "\n".join(lines))


def _ending(column: Column) -> list[str]:
    return [
        "",
        _("This message was sent by a program and replies are not read. Nobody will ask you for your access code."),
        "",
        column.sender_name,
    ]


def _exactly(value: datetime) -> str:
    """To the second; midnight begins its day."""
    local = value.astimezone(BEIJING)
    day = format_date(local.date(), "y年M月d日", locale=LANGUAGE)
    return _("%(day)s, %(clock)s (Beijing time)") % {"day": day, "clock": f"{local:%H:%M:%S}"}


def _instant(value: datetime) -> str:
    """In full and in Beijing's time; midnight is 24:00 of the day that ends with it."""
    local = value.astimezone(BEIJING)
    midnight = local.time() == time()
    date = local.date() - timedelta(days=1) if midnight else local.date()
    day = format_date(date, "y年M月d日", locale=LANGUAGE)
    if midnight:
        return _("%(day)s, 24:00 (Beijing time)") % {"day": day}
    return _("%(day)s, %(clock)s (Beijing time)") % {"day": day, "clock": f"{local:%H:%M}"}
