"""Words about mails: what became of each and why, what can't be done with one, and what was done."""

from enum import StrEnum

from app.mail.lifecycle import MailReason, MailSource, MailState
from app.web.i18n import N_

MAIL_LABELS: tuple[tuple[StrEnum, str], ...] = (
    (MailSource.FILE, N_("Taken in from a file")),
    (MailSource.IMAP, N_("Picked up from the mailbox")),
    (MailState.KEPT, N_("Kept, being looked at")),
    (MailState.WAITING, N_("To be sorted")),
    (MailState.TAKEN, N_("Taken in")),
    (MailState.SET_ASIDE, N_("Set aside")),
    (MailState.IGNORED, N_("Ignored")),
    (MailReason.NO_CONSULTATION, N_("The subject names no consultation")),
    (MailReason.SEVERAL_CONSULTATIONS, N_("The subject fits several consultations")),
    (MailReason.TOO_EARLY, N_("It came before comments were taken")),
    (MailReason.LATE, N_("It came after the deadline")),
    (MailReason.SUSPENDED, N_("It came while the consultation was suspended")),
    (MailReason.WITHDRAWN, N_("It came after the consultation was withdrawn")),
    (MailReason.NO_DATE, N_("Nothing says when it came")),
    (MailReason.NO_WORDS, N_("It holds no comment, and no document whose words can be read")),
    (MailReason.WORDS_TOO_LONG, N_("Its words are more than the 10,000 characters of one comment")),
    (MailReason.SAME_ID, N_("Another mail with other words has the same Message-ID")),
    (MailReason.TOO_LARGE, N_("Larger than 30 MB; only its head is kept, the mail itself is still in the mailbox")),
    (MailReason.UNREADABLE, N_("So nested or damaged that it can't be read")),
    (MailReason.BOUNCE, N_("A report of a mail that was not delivered")),
    (MailReason.AUTOMATIC_REPLY, N_("An automatic reply")),
    (MailReason.MAILING_LIST, N_("From a mailing list")),
)
MAIL_REFUSALS = {
    "mail_no_mail": N_("There is no mail in it. Please choose .eml files or one mbox file."),
    "mail_too_many": N_("At most 500 mails can be taken in at once. Please divide them."),
    "no_such_mail": N_("There is no such mail."),
    "no_such_import": N_("There are no such mails any more: they are kept for one day, for whoever sent them."),
    "import_finished": N_("These mails have been taken in already."),
    "mail_late_reason": N_("It came after the deadline. Please say why it is taken in nevertheless."),
    "mail_not_taken": N_("That consultation took no comments when the mail came."),
    "mail_without_words": N_(
        "There are no words in it that could be taken in. Enter the comment by hand, or set it aside."
    ),
    "mail_erased": N_("Nothing is left of this mail: its sender had their data erased."),
}
MAIL_HISTORY = {
    "mail.kept": N_("Mail kept"),
    "mail.taken": N_("Mail taken in as a comment"),
    "mail.waiting": N_("Mail waits to be sorted"),
    "mail.ignored": N_("Mail ignored"),
    "mail.set_aside": N_("Mail set aside"),
    "mail_import.kept": N_("Mails looked through"),
    "mail_import.taken": N_("Mails of a file taken in"),
}
MAIL_KINDS = {"mail": N_("Mail"), "mail_import": N_("Mails of a file")}
DRAWN_WORDS = N_("“%(name)s” is a picture of the mail's own look and was not kept with the comment.")
