"""What becomes of a mail. Pure."""

from enum import StrEnum

from app.kit.lifecycle import Lifecycle


class MailSource(StrEnum):
    FILE = "file"
    IMAP = "imap"


class MailState(StrEnum):
    """KEPT: durable, and nobody has looked at it. WAITING: a person has to sort it. TAKEN: it is a submission.

    SET_ASIDE: a person decided that it is none. IGNORED: a machine wrote it.
    """

    KEPT = "kept"
    WAITING = "waiting"
    TAKEN = "taken"
    SET_ASIDE = "set_aside"
    IGNORED = "ignored"


class MailEvent(StrEnum):
    TAKE = "take"
    ASK = "ask"
    IGNORE = "ignore"
    SET_ASIDE = "set_aside"


class MailReason(StrEnum):
    """Why a mail waits for a person, or was ignored.

    SAME_ID: another mail with other content has the same Message-ID. TOO_LARGE: only its head could be kept.
    """

    NO_CONSULTATION = "no_consultation"
    SEVERAL_CONSULTATIONS = "several_consultations"
    TOO_EARLY = "too_early"
    LATE = "late"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    NO_DATE = "no_date"
    NO_WORDS = "no_words"
    WORDS_TOO_LONG = "words_too_long"
    SAME_ID = "same_id"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    BOUNCE = "bounce"
    AUTOMATIC_REPLY = "automatic_reply"
    MAILING_LIST = "mailing_list"


MACHINE_MADE = (MailReason.BOUNCE, MailReason.AUTOMATIC_REPLY, MailReason.MAILING_LIST)
"""The reasons for which a mail is ignored."""
HOPELESS = (MailReason.NO_WORDS, MailReason.WORDS_TOO_LONG, MailReason.TOO_LARGE, MailReason.UNREADABLE)
"""The reasons that no choice of a consultation mends: there are no words to take in."""
LIFECYCLE: Lifecycle[MailState, MailEvent] = Lifecycle(
    {
        (MailState.KEPT, MailEvent.TAKE): MailState.TAKEN,
        (MailState.KEPT, MailEvent.ASK): MailState.WAITING,
        (MailState.KEPT, MailEvent.IGNORE): MailState.IGNORED,
        (MailState.WAITING, MailEvent.TAKE): MailState.TAKEN,
        (MailState.WAITING, MailEvent.SET_ASIDE): MailState.SET_ASIDE,
        # A person may know better than the rule that took it for machine-made.
        (MailState.IGNORED, MailEvent.TAKE): MailState.TAKEN,
        (MailState.SET_ASIDE, MailEvent.TAKE): MailState.TAKEN,
    }
)
