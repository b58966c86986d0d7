"""One decision for all of a campaign (内容相同意见), and its common text gathered into one suggestion.

Everybody who sent the letter stays a sender of their own: each submission is decided and answered by itself, and is a
source of the suggestion. None is closed as a repetition of a stranger's. Both go in portions: the first in the
transaction of the person who decided, the others by the worker, in that person's name.
"""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.campaigns import queries as campaigns
from app.campaigns.models import CampaignDecision
from app.kit.errors import Conflict, Unprocessable
from app.permissions import Actor, Permission, require
from app.screening import campaign_portions as portions
from app.screening import editing
from app.screening.decisions import Decision
from app.screening.editing import Wording
from app.screening.models import Suggestion
from app.submissions.lifecycle import ScreeningEvent

FOR_ALL = (ScreeningEvent.ACCEPT, ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE, ScreeningEvent.CLOSE_AS_UNSUITABLE)


def decide_campaign(
    session: Session,
    actor: Actor,
    at: datetime,
    campaign_id: uuid.UUID,
    until: uuid.UUID,
    decision: Decision,
    *,
    with_additions: bool = False,
) -> CampaignDecision:
    """Decides the members that wait, up to the submission `until`, the last that the person was told of.

    Accepting takes all of them. A closing leaves those whose senders added something of their own to be read one by
    one, unless `with_additions`. Raises NotFound, Unprocessable("not_for_all") for another decision, what
    `Decision.words` raises, and Conflict("nothing_waits").
    """
    require(actor, Permission.SCREEN)
    campaign = campaigns.get(session, campaign_id)
    if decision.event not in FOR_ALL:
        raise Unprocessable("not_for_all")
    decision.words()
    takes_all = with_additions or decision.event is ScreeningEvent.ACCEPT
    number = campaigns.number_waiting(session, campaign.id, until, with_additions=takes_all)
    if not number:
        raise Conflict("nothing_waits")
    made = CampaignDecision(
        campaign_id=campaign.id,
        treatment=decision.event.value,
        detail=_written(decision, until, with_additions=takes_all),
        waiting=number,
        done=0,
        refused=0,
        decided_by=actor.id,
        decided_at=at,
    )
    session.add(made)
    session.flush()
    audit.record(
        session,
        actor,
        at,
        "campaign.decided",
        ("campaign", campaign.id),
        within=campaign.consultation_id,
        decision=decision.event.value,
        count=number,
    )
    portions.carry_on(session, at, made)
    return made


def gather_campaign(
    session: Session, actor: Actor, at: datetime, campaign_id: uuid.UUID, wording: Wording
) -> Suggestion:
    """A new suggestion of the common text of all members that are accepted; what senders added is left to be gathered.

    Raises NotFound, Conflict("none_accepted"), and what `editing.gather` raises.
    """
    require(actor, Permission.EDIT_SUGGESTIONS)
    campaign = campaigns.get(session, campaign_id)
    accepted = campaigns.accepted(session, campaign.id, None, portions.PORTION)
    if not accepted:
        raise Conflict("none_accepted")
    first, *others = accepted
    made = editing.gather(session, actor, at, first[1].id, portions.common_spans(session, *first), wording)
    audit.record(
        session,
        actor,
        at,
        "campaign.gathered",
        ("campaign", campaign.id),
        within=campaign.consultation_id,
        suggestion=str(made.id),
    )
    portions.gather_others(session, actor, at, made.id, others)
    portions.promise_rest(session, at, campaign.id, made.id, actor.id, accepted)
    return made


def _written(decision: Decision, until: uuid.UUID, *, with_additions: bool) -> dict[str, object]:
    return {
        "until": str(until),
        "with_additions": with_additions,
        "reason": decision.reason,
        "unsuitable_class": decision.unsuitable_class.value if decision.unsuitable_class else None,
        "pointer": decision.pointer.value if decision.pointer else None,
        "prepared": str(decision.prepared) if decision.prepared else None,
        "letter_waits": decision.letter_waits.total_seconds(),
    }
