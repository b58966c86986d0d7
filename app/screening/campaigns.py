"""One decision for all of a campaign (内容相同意见), and its common text gathered into one suggestion.

Everybody who sent the letter stays a sender of their own: each submission is decided and answered by itself, and is a
source of the suggestion. None is closed as a repetition of a stranger's. Both go in portions: the first in the
transaction of the person who decided, the others by the worker, in that person's name.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app import audit
from app.campaigns import queries as campaigns
from app.campaigns.models import CampaignDecision, CampaignMember
from app.jobs.ledger import enqueue
from app.kit.errors import Conflict, Unprocessable
from app.permissions import Actor, ActorKind, Permission, require
from app.screening import editing
from app.screening.deciding import decide_all
from app.screening.decisions import Decision
from app.screening.editing import Wording
from app.screening.lifecycle import Pointer, SuggestionState, UnsuitableClass
from app.screening.models import Suggestion
from app.screening.passages import Span, passages
from app.submissions import queries as submissions
from app.submissions.lifecycle import ScreeningEvent
from app.submissions.models import Submission

PORTION = 200
"""Submissions that are decided or gathered in one transaction."""
FOR_ALL = (ScreeningEvent.ACCEPT, ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE, ScreeningEvent.CLOSE_AS_UNSUITABLE)
DECIDE_JOB, GATHER_JOB = "decide_campaign", "gather_campaign"


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
        session, actor, at, "campaign.decided", ("campaign", campaign.id), decision=decision.event.value, count=number
    )
    carry_on(session, at, made)
    return made


def carry_on(session: Session, at: datetime, decision: CampaignDecision) -> None:
    """The next portion of what was decided; where more is left, it is promised.

    It is done in the name of the person who decided, who had the right to when they did.
    """
    if decision.finished_at is not None:
        return
    detail = decision.detail
    portion = campaigns.waiting(
        session,
        decision.campaign_id,
        decision.going_on_after,
        uuid.UUID(detail["until"]),
        PORTION,
        with_additions=detail["with_additions"],
    )
    if portion:
        person = Actor(ActorKind.STAFF, decision.decided_by, frozenset({Permission.SCREEN}))
        came = decide_all(session, person, at, portion, _read(decision))
        decision.done += len(came.done)
        decision.refused += len(came.refused)
        decision.going_on_after = portion[-1][0]
    if len(portion) < PORTION:
        decision.finished_at = at
    else:
        enqueue(session, DECIDE_JOB, at, decision=str(decision.id))


def gather_campaign(
    session: Session, actor: Actor, at: datetime, campaign_id: uuid.UUID, wording: Wording
) -> Suggestion:
    """A new suggestion of the common text of all members that are accepted; what senders added is left to be gathered.

    Raises NotFound, Conflict("none_accepted"), and what `editing.gather` raises.
    """
    require(actor, Permission.EDIT_SUGGESTIONS)
    campaign = campaigns.get(session, campaign_id)
    accepted = campaigns.accepted(session, campaign.id, None, PORTION)
    if not accepted:
        raise Conflict("none_accepted")
    first, *others = accepted
    made = editing.gather(session, actor, at, first[1].id, _common_spans(session, *first), wording)
    audit.record(session, actor, at, "campaign.gathered", ("campaign", campaign.id), suggestion=str(made.id))
    _gather_others(session, actor, at, made.id, others)
    _promise_rest(session, at, campaign.id, made.id, actor.id, accepted)
    return made


def gather_on(session: Session, at: datetime, payload: dict[str, str]) -> None:
    """The next portion, in the name of the editor. Ends where the suggestion is being edited no longer."""
    suggestion = session.get(Suggestion, uuid.UUID(payload["suggestion"]))
    if suggestion is None or suggestion.state is not SuggestionState.EDITING:
        return
    campaign_id, after = uuid.UUID(payload["campaign"]), uuid.UUID(payload["after"])
    accepted = campaigns.accepted(session, campaign_id, after, PORTION)
    editor = Actor(ActorKind.STAFF, payload["editor"], frozenset({Permission.EDIT_SUGGESTIONS}))
    _gather_others(session, editor, at, suggestion.id, accepted)
    _promise_rest(session, at, campaign_id, suggestion.id, editor.id, accepted)


def _gather_others(
    session: Session,
    actor: Actor,
    at: datetime,
    suggestion_id: uuid.UUID,
    accepted: Sequence[tuple[CampaignMember, Submission]],
) -> None:
    for member, submission in accepted:
        spans = _common_spans(session, member, submission)
        if spans:
            editing.gather_into(session, actor, at, submission.id, spans, suggestion_id)


def _promise_rest(
    session: Session,
    at: datetime,
    campaign_id: uuid.UUID,
    suggestion_id: uuid.UUID,
    editor: str,
    accepted: Sequence[tuple[CampaignMember, Submission]],
) -> None:
    if len(accepted) < PORTION:
        return
    after = accepted[-1][1].id
    names = {"campaign": str(campaign_id), "suggestion": str(suggestion_id), "after": str(after), "editor": editor}
    enqueue(session, GATHER_JOB, at, **names)


def _common_spans(session: Session, member: CampaignMember, submission: Submission) -> list[Span]:
    """Its sentences but those in which the sender's own words stand."""
    own = [Span(start, end) for start, end in member.additions]
    places = submissions.clause_places(session, submission.id)
    return [span for span in passages(submission.comment, places) if not any(map(span.overlaps, own))]


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


def _read(made: CampaignDecision) -> Decision:
    detail = made.detail
    return Decision(
        event=ScreeningEvent(made.treatment),
        reason=detail["reason"],
        unsuitable_class=UnsuitableClass(detail["unsuitable_class"]) if detail["unsuitable_class"] else None,
        pointer=Pointer(detail["pointer"]) if detail["pointer"] else None,
        prepared=uuid.UUID(detail["prepared"]) if detail["prepared"] else None,
        letter_waits=timedelta(seconds=detail["letter_waits"]),
    )
