"""The copy of everything that we hold about one submission and its sender (个人信息保护法 §45)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.clarifications import queries as clarifications
from app.consultations.models import Consultation
from app.documents import queries as documents
from app.kit.clock import BEIJING
from app.rights import queries
from app.rights.sealing import Letters
from app.submissions import queries as submissions
from app.submissions.models import Submission
from app.submissions.vault import Vault


def copy_of(session: Session, vault: Vault, letters: Letters, submission: Submission) -> Mapping[str, Any]:
    """Plain values, ready for JSON, in the form's order. The caller has verified that it is the person's own.

    Raises Unreadable where a sealed value is damaged.
    """
    consultation = session.get_one(Consultation, submission.consultation_id)
    sealed = submissions.sealed_identity(session, submission.id)
    chosen = submissions.clause_ids(session, [submission.id])[submission.id]
    return {
        "receipt_number": submission.receipt_number,
        "received_at": submission.received_at.astimezone(BEIJING).isoformat(),
        "channel": submission.channel.value,
        "consultation": consultation.title,
        "title": submission.title,
        "comment": submission.comment,
        "clauses": [
            clause.label for clause in documents.clauses_of(session, submission.version_id) if clause.id in chosen
        ],
        "occupation": submission.occupation or None,
        "submitter": None if sealed is None or vault.is_erased(sealed) else vault.open(sealed).values(),
        "state": submission.state.value,
        "questions": [
            {
                "asked_at": one.asked_at.astimezone(BEIJING).isoformat(),
                "question": one.question,
                "answer": one.answer,
            }
            for one in clarifications.of_submission(session, submission.id)
        ],
        "requests": [
            {
                "number": request.number,
                "kind": request.kind.value,
                "state": request.state.value,
                "received_at": request.received_at.astimezone(BEIJING).isoformat(),
                "words": letters.words(request),
                "answer": request.answer,
            }
            for request in queries.of_submission(session, submission.id)
        ],
    }
