"""Proposing themes for what has come in: comments that are alike are put together, off everybody's way."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.documents.matching.embedding import load_model
from app.documents.matching.likeness import Likeness, packed, unpacked
from app.documents.matching.synonyms import Synonyms, load_concepts
from app.jobs import ledger
from app.screening import grouping, theme_proposals
from app.screening.grouping import BY_LETTERS, BY_MEANING, MOST_AT_ONCE, Thresholds
from app.screening.theme_proposals import Grouped, Loose, Placed
from app.submissions.models import Submission

JOB = "propose_themes"
BATCH = 50

_likeness: list[Likeness] = []


def work_out(session: Session, payload: dict[str, Any]) -> dict[str, Any]:
    """What `keep` is to store. It takes seconds, so nothing is written meanwhile."""
    if not _likeness:
        _likeness.append(Likeness(load_model(), Synonyms(load_concepts())))
    return {"found": found(session, _likeness[0])}


def found(session: Session, likeness: Likeness) -> tuple[str, list[Placed], list[Grouped]]:
    """Where the submissions that wait belong, at most BATCH of them, and the groups that they make with others."""
    thresholds = BY_MEANING if likeness.by_meaning else BY_LETTERS
    by_consultation: dict[uuid.UUID, list[Submission]] = {}
    for submission in theme_proposals.waiting(session, BATCH):
        by_consultation.setdefault(submission.consultation_id, []).append(submission)
    placed: list[Placed] = []
    grouped: list[Grouped] = []
    for consultation_id, submissions in by_consultation.items():
        here = _placed(session, likeness, thresholds, consultation_id, submissions)
        placed += here
        grouped += _grouped(session, likeness, thresholds, consultation_id, submissions, here)
    return likeness.method, placed, grouped


def keep(session: Session, now: datetime, payload: dict[str, Any]) -> None:
    """Stores what was worked out; where a whole batch was waiting, goes on at once."""
    method, placed, grouped = payload["found"]
    theme_proposals.keep(session, now, method, placed, grouped)
    if len(placed) == BATCH:
        ledger.enqueue(session, JOB, now)


def _placed(
    session: Session,
    likeness: Likeness,
    thresholds: Thresholds,
    consultation_id: uuid.UUID,
    submissions: list[Submission],
) -> list[Placed]:
    known = theme_proposals.centres(session, consultation_id, likeness.method)
    centres = [unpacked(centre) for _, centre in known]
    placed = []
    for submission in submissions:
        vector = likeness.vector(submission.comment)
        place, score = grouping.nearest(vector, centres) if centres else (0, -1.0)
        if score >= thresholds.joining:
            placed.append(Placed(submission.id, consultation_id, known[place][0], score, None))
        else:
            placed.append(Placed(submission.id, consultation_id, None, None, packed(vector)))
    return placed


def _grouped(
    session: Session,
    likeness: Likeness,
    thresholds: Thresholds,
    consultation_id: uuid.UUID,
    submissions: list[Submission],
    placed: list[Placed],
) -> list[Grouped]:
    comments = {submission.id: submission.comment for submission in submissions}
    new = [Loose(one.submission_id, one.vector, comments[one.submission_id]) for one in placed if one.vector]
    if not new:
        return []
    before = theme_proposals.loose(session, consultation_id, likeness.method, MOST_AT_ONCE - len(new))
    return _groups_of([*before, *new], thresholds, consultation_id)


def _groups_of(loose: list[Loose], thresholds: Thresholds, consultation_id: uuid.UUID) -> list[Grouped]:
    vectors = [unpacked(one.vector) for one in loose]
    made = []
    for places in grouping.groups(vectors, thresholds.together):
        centre = grouping.centre_of([vectors[place] for place in places])
        inside = set(places)
        own = [loose[place].comment for place in places]
        others = [one.comment for place, one in enumerate(loose) if place not in inside]
        members = {loose[place].submission_id: float(vectors[place] @ centre) for place in places}
        words = tuple(grouping.typical_words(own, others))
        made.append(Grouped(consultation_id, members, packed(centre), words))
    return made
