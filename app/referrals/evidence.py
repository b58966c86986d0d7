"""What was referred, by hashes: anybody can check later that text and files are still what they were."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from app.submissions import file_queries
from app.submissions.models import Submission


def evidence_of(session: Session, submission: Submission) -> dict[str, Any]:
    """`{"text": SHA-256 of title, line feed and comment in UTF-8, "files": [[name, SHA-256], …]}`, in hexadecimal."""
    text = f"{submission.title}\n{submission.comment}".encode()
    files = [[file.name, file.sha256] for file in file_queries.of_submission(session, submission.id)]
    return {"text": sha256(text).hexdigest(), "files": files}


def is_unaltered(session: Session, submission: Submission, evidence: Mapping[str, Any]) -> bool:
    """Whether text and files are those that the evidence was taken of."""
    return evidence_of(session, submission) == dict(evidence)
