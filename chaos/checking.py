"""What clients were promised against what the store holds."""

import hashlib
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import create_engine, func, make_url, select, text

from app.audit.models import AuditEntry
from app.captcha.doubts import Doubt
from app.captcha.models import BurnedChallenge
from app.deliveries.models import Delivery
from app.submissions.messages import RECEIPT
from app.submissions.models import (
    DisplayedComment,
    QuarantinedSubmission,
    Submission,
    SubmissionKey,
    SubmitterIdentity,
)
from app.transparency.models import EntryKind, LogEntry
from tests.support import postgres

MESSAGE = "message"
OWNER = "yanlu"
"""The role that the server was made with; it may read every page."""


@dataclass(frozen=True)
class Stored:
    """The store's submissions as (id, receipt number, SHA-256 of the comment), and by table whose rows are there.

    Ids are hexadecimal digits. Every table holds exactly one row of each submission. `burned` captchas are as many as
    submissions; `faults` are what the store's own check of its files found.

    `doubted` are the submissions that a person is to look at because the captcha's own table couldn't be written: of
    them no captcha is burned, and nobody is sent a MESSAGE before that person has looked.
    """

    submissions: list[tuple[str, str, str]]
    parts: Mapping[str, list[str]]
    burned: int
    faults: Sequence[str] = ()
    doubted: Sequence[str] = ()


@dataclass(frozen=True)
class Finding:
    """Numbers that are to be 0, except `stored`, `unknown_found` and `doubted`."""

    stored: int
    missing: int
    altered: int
    doubled: int
    half: int
    captchas: int
    faults: int
    unknown_found: int
    doubted: int = 0

    @property
    def holds(self) -> bool:
        return not (self.missing or self.altered or self.doubled or self.half or self.captchas or self.faults)


def compare(acknowledged: Iterable[tuple[str, str]], unknown: Iterable[str], stored: Stored) -> Finding:
    """`half` counts rows that a submission lacks or has too often, and rows whose submission isn't there; `captchas`
    by how many the burned ones are more or fewer than the submissions."""
    promised = dict(acknowledged)
    held = {receipt: sha256 for _, receipt, sha256 in stored.submissions}
    texts = Counter(sha256 for _, _, sha256 in stored.submissions)
    receipts = Counter(receipt for _, receipt, _ in stored.submissions)
    return Finding(
        stored=len(stored.submissions),
        missing=sum(receipt not in held for receipt in promised),
        altered=sum(held.get(receipt, sha256) != sha256 for receipt, sha256 in promised.items()),
        doubled=sum(n - 1 for n in texts.values()) + sum(n - 1 for n in receipts.values()),
        half=sum(_half(_wanted(stored, name), part) for name, part in stored.parts.items()),
        captchas=abs(stored.burned + len(stored.doubted) - len(stored.submissions)),
        faults=len(stored.faults),
        unknown_found=sum(sha256 in texts for sha256 in unknown),
        doubted=len(stored.doubted),
    )


def _wanted(stored: Stored, part: str) -> list[str]:
    left_out = set(stored.doubted) if part == MESSAGE else set()
    return [one for one, _, _ in stored.submissions if one not in left_out]


def _half(submissions: list[str], part: list[str]) -> int:
    there, wanted = Counter(part), Counter(submissions)
    return sum(abs(there[one] - wanted[one]) for one in there.keys() | wanted.keys())


def read(url: str) -> Stored:
    engine = create_engine(url)
    received = AuditEntry.action == "submission.received"
    parts = {
        "identity": select(SubmitterIdentity.submission_id),
        "key": select(SubmissionKey.submission_id),
        "display": select(DisplayedComment.submission_id),
        "audit": select(AuditEntry.record_id).where(received),
        "log": select(LogEntry.subject).where(LogEntry.kind == EntryKind.RECEIPT),
        MESSAGE: select(Delivery.recipient_id).where(Delivery.template == RECEIPT),
    }
    try:
        with engine.connect() as connection:
            rows = connection.execute(select(Submission.id, Submission.receipt_number, Submission.comment))
            held = [(one.hex, receipt, hashlib.sha256(text.encode()).hexdigest()) for one, receipt, text in rows]
            found = {name: [_hex(row[0]) for row in connection.execute(what)] for name, what in parts.items()}
            burned = connection.scalar(select(func.count()).select_from(BurnedChallenge)) or 0
            waiting = connection.execute(select(QuarantinedSubmission.submission_id, QuarantinedSubmission.reasons))
            doubted = [_hex(one) for one, reasons in waiting if Doubt.BROKEN in reasons]
    finally:
        engine.dispose()
    return Stored(held, found, burned, file_faults(url), doubted)


def file_faults(url: str) -> list[str]:
    """What is wrong with the store's files: SQLite's own check, or PostgreSQL's of all tables and their indexes."""
    store = make_url(url)
    if store.get_backend_name() == "sqlite":
        engine = create_engine(store)
        with engine.connect() as connection:
            return [said for (said,) in connection.execute(text("PRAGMA integrity_check")) if said != "ok"]
    programs = postgres.programs()
    assert programs
    where = ["--host", str(store.query["host"]), "--username", OWNER, "--database", str(store.database)]
    command = [str(programs / "pg_amcheck"), "--install-missing", "--heapallindexed", *where]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).splitlines() if done.returncode else []


def _hex(value: object) -> str:
    return str(value).replace("-", "")
