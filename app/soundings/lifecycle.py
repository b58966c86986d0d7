"""The life of one letter to other organs, of each organ's reply, and of what remains in dispute. Pure."""

from datetime import date
from enum import StrEnum

from app.kit.lifecycle import Lifecycle


class SoundingState(StrEnum):
    """DRAFTED: still to be sent. CLOSED: no more replies are entered; what was said is still dealt with."""

    DRAFTED = "drafted"
    SENT = "sent"
    CLOSED = "closed"


class SoundingEvent(StrEnum):
    """`uninvite` takes an organ off a letter that nobody has got yet."""

    EDIT = "edit"
    INVITE = "invite"
    UNINVITE = "uninvite"
    SEND = "send"
    EXTEND = "extend"
    REMIND = "remind"
    REPLY = "reply"
    HANDLE = "handle"
    CLOSE = "close"
    REOPEN = "reopen"


S, E = SoundingState, SoundingEvent
LIFECYCLE: Lifecycle[SoundingState, SoundingEvent] = Lifecycle(
    {
        (S.DRAFTED, E.EDIT): S.DRAFTED,
        (S.DRAFTED, E.INVITE): S.DRAFTED,
        (S.DRAFTED, E.UNINVITE): S.DRAFTED,
        (S.DRAFTED, E.SEND): S.SENT,
        (S.SENT, E.INVITE): S.SENT,
        (S.SENT, E.EXTEND): S.SENT,
        (S.SENT, E.REMIND): S.SENT,
        (S.SENT, E.REPLY): S.SENT,
        (S.SENT, E.HANDLE): S.SENT,
        (S.SENT, E.CLOSE): S.CLOSED,
        (S.CLOSED, E.HANDLE): S.CLOSED,
        (S.CLOSED, E.REOPEN): S.SENT,
    }
)


class OrganState(StrEnum):
    """What an organ has answered; silence is no state, but what `standing` makes of WAITING once the day is over."""

    WAITING = "waiting"
    NO_OPINIONS = "no_opinions"
    WITH_OPINIONS = "with_opinions"


class OrganEvent(StrEnum):
    """A further one of either corrects the earlier reply."""

    REPLY_WITHOUT = "reply_without"
    REPLY_WITH = "reply_with"


ORGAN_LIFECYCLE: Lifecycle[OrganState, OrganEvent] = Lifecycle(
    {(state, OrganEvent.REPLY_WITHOUT): OrganState.NO_OPINIONS for state in OrganState}
    | {(state, OrganEvent.REPLY_WITH): OrganState.WITH_OPINIONS for state in OrganState}
)


class Standing(StrEnum):
    """How an organ stands on a day. OVERDUE (逾期未复) is never agreement; TAKEN_AS_NONE (逾期视为无意见) is said by
    the letter itself and shown as what it is, apart from a reply without opinions.
    """

    NOT_SENT = "not_sent"
    WAITING = "waiting"
    OVERDUE = "overdue"
    TAKEN_AS_NONE = "taken_as_none"
    NO_OPINIONS = "no_opinions"
    WITH_OPINIONS = "with_opinions"


_REPLIED = {OrganState.NO_OPINIONS: Standing.NO_OPINIONS, OrganState.WITH_OPINIONS: Standing.WITH_OPINIONS}


def standing(letter: SoundingState, state: OrganState, due_on: date, silence_counts: bool, today: date) -> Standing:
    """The due day itself still belongs to the time for a reply."""
    if state in _REPLIED:
        return _REPLIED[state]
    if letter is SoundingState.DRAFTED:
        return Standing.NOT_SENT
    if today <= due_on:
        return Standing.WAITING
    return Standing.TAKEN_AS_NONE if silence_counts else Standing.OVERDUE


class Adoption(StrEnum):
    """What the drafting department made of an opinion (采纳情况)."""

    ADOPTED = "adopted"
    PARTLY_ADOPTED = "partly_adopted"
    NOT_ADOPTED = "not_adopted"


class Disagreement(StrEnum):
    """REMAINS: the organ upholds what was not adopted in full (仍有分歧). SETTLED: coordination brought agreement."""

    NONE = "none"
    REMAINS = "remains"
    SETTLED = "settled"


class DisputeEvent(StrEnum):
    """`drop`: it was marked by mistake."""

    UPHOLD = "uphold"
    SETTLE = "settle"
    DROP = "drop"


D = Disagreement
DISPUTE_LIFECYCLE: Lifecycle[Disagreement, DisputeEvent] = Lifecycle(
    {
        (D.NONE, DisputeEvent.UPHOLD): D.REMAINS,
        (D.REMAINS, DisputeEvent.UPHOLD): D.REMAINS,
        (D.SETTLED, DisputeEvent.UPHOLD): D.REMAINS,
        (D.REMAINS, DisputeEvent.SETTLE): D.SETTLED,
        (D.REMAINS, DisputeEvent.DROP): D.NONE,
    }
)


class EarlierKind(StrEnum):
    """Of what a version before a correction is kept."""

    LETTER = "letter"
    REPLY = "reply"
    OPINION = "opinion"
