"""Proposing clauses for what has come in, in batches and after the intake: taking a comment in costs nothing more.

The model and the drafts' vectors are in this process only; the pages show what was kept.
"""

import uuid
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.documents import examples
from app.documents.extracted import Clause as FoundClause
from app.documents.matching import Matcher
from app.documents.matching.embedding import Model, load_model
from app.documents.models import Clause
from app.jobs import ledger
from app.screening import proposing
from app.screening.proposing import Proposals, Proposed

JOB = "match_submissions"
BATCH = 20
"""So few that other jobs wait for seconds: a comment takes up to a third of one."""
MOST_DRAFTS = 4
"""As many drafts' matchers are kept; a version never changes, so one that is kept is never stale."""


class Drafts:
    """Matchers by version, the ones used last."""

    def __init__(self, model: Model | None) -> None:
        self._model = model
        self._kept: OrderedDict[uuid.UUID, tuple[Matcher, dict[str, uuid.UUID]]] = OrderedDict()

    def of(self, session: Session, version_id: uuid.UUID) -> tuple[Matcher, dict[str, uuid.UUID]]:
        """A version's matcher, and its clauses' ids by label."""
        if version_id not in self._kept:
            rows = session.scalars(select(Clause).where(Clause.version_id == version_id).order_by(Clause.ordinal)).all()
            self._kept[version_id] = Matcher(_as_found(rows), model=self._model), {row.label: row.id for row in rows}
        self._kept.move_to_end(version_id)
        while len(self._kept) > MOST_DRAFTS:
            self._kept.popitem(last=False)
        return self._kept[version_id]


_drafts: list[Drafts] = []


def work_out(session: Session, payload: dict[str, Any]) -> dict[str, Any]:
    """What `keep` is to store. It takes seconds, a new draft more, so nothing is written meanwhile."""
    if not _drafts:
        _drafts.append(Drafts(load_model()))
    return {"found": found(session, _drafts[0])}


def found(session: Session, drafts: Drafts) -> list[tuple[uuid.UUID, Proposals]]:
    """The proposals for the submissions that wait, at most BATCH of them."""
    taught: dict[uuid.UUID, Matcher] = {}
    made: list[tuple[uuid.UUID, Proposals]] = []
    for submission in proposing.waiting(session, BATCH):
        matcher, ids = drafts.of(session, submission.version_id)
        if submission.version_id not in taught:
            taught[submission.version_id] = matcher.taught(examples.newest(session, submission.version_id))
        result = taught[submission.version_id].match(submission.comment)
        clauses = tuple(Proposed(ids[match.clause], match.score, match.why) for match in result.matches)
        made.append((submission.id, Proposals(result.kind, clauses)))
    return made


def keep(session: Session, now: datetime, payload: dict[str, Any]) -> None:
    """Stores what was worked out; where a whole batch was waiting, goes on at once."""
    for submission_id, proposals in payload["found"]:
        proposing.keep(session, now, submission_id, proposals)
    if len(payload["found"]) == BATCH:
        ledger.enqueue(session, JOB, now)


def _as_found(rows: Sequence[Clause]) -> list[FoundClause]:
    return [FoundClause(row.label, row.number, row.heading, row.level, row.parent_label, row.text, ()) for row in rows]
