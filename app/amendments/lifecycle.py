"""Where a link between a change of the text and a suggestion stands. Pure."""

from enum import StrEnum

from app.kit.lifecycle import Lifecycle


class LinkState(StrEnum):
    """PROPOSED waits for the drafting department. WITHDRAWN: the suggestion is not adopted any more, or the text no
    longer has the change. Only CONFIRMED is ever shown to the public."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class LinkEvent(StrEnum):
    """WITHDRAW and RENEW are the service's own, when what a link rests on goes or comes back."""

    CONFIRM = "confirm"
    REFUSE = "refuse"
    UNDO = "undo"
    WITHDRAW = "withdraw"
    RENEW = "renew"


LIFECYCLE: Lifecycle[LinkState, LinkEvent] = Lifecycle(
    {
        (LinkState.PROPOSED, LinkEvent.CONFIRM): LinkState.CONFIRMED,
        (LinkState.PROPOSED, LinkEvent.REFUSE): LinkState.REFUSED,
        (LinkState.CONFIRMED, LinkEvent.UNDO): LinkState.PROPOSED,
        (LinkState.REFUSED, LinkEvent.UNDO): LinkState.PROPOSED,
        (LinkState.PROPOSED, LinkEvent.WITHDRAW): LinkState.WITHDRAWN,
        (LinkState.CONFIRMED, LinkEvent.WITHDRAW): LinkState.WITHDRAWN,
        # What was refused stays refused, whatever becomes of the suggestion.
        (LinkState.WITHDRAWN, LinkEvent.RENEW): LinkState.PROPOSED,
    }
)


class Because(StrEnum):
    """Why a link stands there. SAME_CLAUSE: the suggestion is on the clause that changed. WORDS: its words are in what
    was put in. CLAUSE_AND_WORDS: both. BY_HAND: a person linked them."""

    SAME_CLAUSE = "same_clause"
    CLAUSE_AND_WORDS = "clause_and_words"
    WORDS = "words"
    BY_HAND = "by_hand"
