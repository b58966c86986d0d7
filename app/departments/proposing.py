"""Names that a document used and the directory doesn't know: they wait for a person, who says what they are."""

import uuid
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit
from app.departments import actions, queries
from app.departments.actions import Card
from app.departments.lifecycle import PROPOSALS, ProposalEvent, ProposalState
from app.departments.models import NAME_LENGTH, DepartmentProposal
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.kit.text import comparable, tidy
from app.permissions import Actor, Permission, require


def propose_name(session: Session, actor: Actor, at: datetime, written: str, source: str) -> DepartmentProposal:
    """Queues a name that isn't in the directory, or counts it once more; `source` names what it was read in.

    Widths and white space make no second proposal. What a person said is no unit stays so; a name that was accepted
    and is unknown again, because somebody took it out of the directory, is open again.
    """
    require(actor, Permission.MANAGE_CONSULTATIONS)
    actions.take_turn(session)
    words = tidy(written)[:NAME_LENGTH]
    key = comparable(words)
    if not key:
        raise Unprocessable("department_name_form", written=words)
    known = session.scalar(select(DepartmentProposal).where(DepartmentProposal.key == key))
    proposal = known or _new(words, source, at)
    proposal.state = PROPOSALS.after(proposal.state, ProposalEvent.SEE_AGAIN)
    proposal.times_seen += 1
    proposal.last_seen_at = at
    session.add(proposal)
    session.flush()
    audit.record(
        session, actor, at, "department.proposed", ("department_proposal", proposal.id), name=words, source=source
    )
    return proposal


def accept_as_alias(
    session: Session, actor: Actor, at: datetime, proposal_id: uuid.UUID, revision: int, department_id: str
) -> None:
    """The name is another name of a department, and is from now on found as such.

    Raises NotFound, InvalidTransition, Conflict when somebody decided meanwhile or another department has the name.
    """
    require(actor, Permission.MANAGE_DEPARTMENTS)
    proposal = _at_revision(session, proposal_id, revision)
    state = PROPOSALS.after(proposal.state, ProposalEvent.ACCEPT_AS_ALIAS)
    department = queries.find(session, department_id)
    entry = queries.entry(session, department)
    if proposal.key not in map(comparable, entry.written_forms):
        card = replace(actions.card_of(entry), aliases=(*entry.aliases, proposal.written))
        actions.edit(session, actor, at, department_id, department.revision, card)
    _decide(proposal, actor, at, state, department_id)
    audit.record(
        session,
        actor,
        at,
        "department_name.accepted_as_alias",
        ("department_proposal", proposal_id),
        name=proposal.written,
        department=department_id,
    )


def accept_as_new(
    session: Session,
    actor: Actor,
    at: datetime,
    proposal_id: uuid.UUID,
    revision: int,
    department_id: str,
    card: Card,
) -> None:
    """The name is a department that was missing. It must be among the new one's names, so that it is found.

    Raises what `actions.add` raises, NotFound, InvalidTransition, Conflict when somebody decided meanwhile.
    """
    require(actor, Permission.MANAGE_DEPARTMENTS)
    proposal = _at_revision(session, proposal_id, revision)
    state = PROPOSALS.after(proposal.state, ProposalEvent.ACCEPT_AS_NEW)
    if proposal.key not in map(comparable, (card.name, *card.aliases)):
        raise Unprocessable("proposed_name_missing", written=proposal.written)
    actions.add(session, actor, at, department_id, card)
    _decide(proposal, actor, at, state, department_id)
    audit.record(
        session,
        actor,
        at,
        "department_name.accepted_as_new",
        ("department_proposal", proposal_id),
        name=proposal.written,
        department=department_id,
    )


def reject(session: Session, actor: Actor, at: datetime, proposal_id: uuid.UUID, revision: int) -> None:
    """The name is no unit, and isn't proposed again. Raises NotFound, InvalidTransition, Conflict."""
    require(actor, Permission.MANAGE_DEPARTMENTS)
    proposal = _at_revision(session, proposal_id, revision)
    state = PROPOSALS.after(proposal.state, ProposalEvent.REJECT)
    _decide(proposal, actor, at, state, None)
    audit.record(
        session,
        actor,
        at,
        "department_name.rejected",
        ("department_proposal", proposal_id),
        name=proposal.written,
    )


def reconsider(session: Session, actor: Actor, at: datetime, proposal_id: uuid.UUID, revision: int) -> None:
    """Opens a rejected name again. Raises NotFound, InvalidTransition, Conflict."""
    require(actor, Permission.MANAGE_DEPARTMENTS)
    proposal = _at_revision(session, proposal_id, revision)
    proposal.state = PROPOSALS.after(proposal.state, ProposalEvent.RECONSIDER)
    audit.record(
        session,
        actor,
        at,
        "department_name.reconsidered",
        ("department_proposal", proposal_id),
        name=proposal.written,
    )


def find(session: Session, proposal_id: uuid.UUID) -> DepartmentProposal:
    """Raises NotFound."""
    found = session.get(DepartmentProposal, proposal_id)
    if found is None:
        raise NotFound("no_such_proposal")
    return found


def _new(words: str, source: str, at: datetime) -> DepartmentProposal:
    return DepartmentProposal(
        written=words,
        key=comparable(words),
        source=source[:NAME_LENGTH],
        times_seen=0,
        first_seen_at=at,
        last_seen_at=at,
        state=ProposalState.OPEN,
    )


def _at_revision(session: Session, proposal_id: uuid.UUID, revision: int) -> DepartmentProposal:
    """The proposal as the person saw it. Raises NotFound, and Conflict when it was decided or seen again since."""
    actions.take_turn(session)
    proposal = find(session, proposal_id)
    session.refresh(proposal)
    if proposal.revision != revision:
        raise Conflict("changed_meanwhile")
    return proposal


def _decide(
    proposal: DepartmentProposal, actor: Actor, at: datetime, state: ProposalState, department_id: str | None
) -> None:
    proposal.state = state
    proposal.department_id = department_id
    proposal.decided_by = actor.id
    proposal.decided_at = at
