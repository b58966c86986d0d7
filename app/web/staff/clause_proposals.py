"""The clauses that a submission may be about, in words for the editor who decides."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.documents.matching.kinds import Kind
from app.documents.queries import ReadClause
from app.screening import proposing
from app.screening.proposing import Proposals, Proposed
from app.web.i18n import N_
from app.web.i18n import gettext as _
from app.web.public.views import clause_name

CHOSEN_FROM = 0.9
"""From this likelihood on a proposal is chosen beforehand: the comment names the clause."""
MOST_SHOWN = 3
WAYS = {
    "number": N_("the comment names it: %(words)s"),
    "heading": N_("the comment gives its heading: %(words)s"),
    "quotation": N_("the comment quotes it: %(words)s"),
    "example": N_("a comment much like it was decided so: %(words)s"),
    "meaning": N_("speaks of: %(words)s"),
    "kindred": N_("means much the same as: %(words)s"),
}
KINDS = {
    Kind.CLAUSE: N_("These clauses may be meant; you decide."),
    Kind.GENERAL: N_("It seems to be on the draft as a whole; you decide."),
    Kind.OUT_OF_SCOPE: N_("It seems to be on another matter; you decide."),
}


@dataclass(frozen=True)
class ProposalView:
    """A clause with its likelihood, the reason, and what the draft says there."""

    clause_id: uuid.UUID
    clause: str
    percent: int
    why: str
    text: str


@dataclass(frozen=True)
class ProposalsView:
    """`first` are all proposed clauses in their order; `beforehand` is the one to choose beforehand, if any."""

    words: str
    rows: list[ProposalView]
    first: list[uuid.UUID]
    beforehand: uuid.UUID | None


def view(session: Session, submission_id: uuid.UUID, clauses: Sequence[ReadClause]) -> ProposalsView | None:
    """None until the worker has looked at it."""
    found = proposing.of_submission(session, submission_id)
    return None if found is None else _view(found, {clause.id: clause for clause in clauses})


def rows(proposed: Sequence[Proposed], clauses: Mapping[uuid.UUID, ReadClause]) -> list[ProposalView]:
    """The proposals whose clause is known, in their order."""
    return [
        ProposalView(
            one.clause_id,
            clause_name(clauses[one.clause_id].number, clauses[one.clause_id].heading),
            round(100 * one.score),
            _why(one.why),
            clauses[one.clause_id].text,
        )
        for one in proposed
        if one.clause_id in clauses
    ]


def _view(found: Proposals, clauses: dict[uuid.UUID, ReadClause]) -> ProposalsView:
    known = [proposed for proposed in found.clauses if proposed.clause_id in clauses]
    sure = known[0].clause_id if known and known[0].score >= CHOSEN_FROM and found.kind is Kind.CLAUSE else None
    first = [proposed.clause_id for proposed in known]
    return ProposalsView(_(KINDS[found.kind]), rows(known[:MOST_SHOWN], clauses), first, sure)


def _why(why: str) -> str:
    way, _colon, words = why.partition(": ")
    return _(WAYS[way]) % {"words": words} if words and way in WAYS else _("like it in meaning")
