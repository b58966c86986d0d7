import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, LargeBinary, String, Text, select, text
from sqlalchemy.orm import Mapped, column_property, mapped_column

from app.kit.database import Instant, Model, enum_of
from app.kit.identifiers import new_id
from app.submissions.file_kinds import FileKind, ScanState
from app.submissions.lifecycle import (
    Channel,
    DisplayState,
    EndedClass,
    HoldReason,
    ObjectionVerdict,
    QuarantineVerdict,
    SubmissionState,
)
from app.submissions.organisation import OrganisationType, SubmitterKind

UNCLAIMED = "state = 'received' AND allocated_to IS NULL"
"""To be screened, by nobody in particular."""


class Submission(Model):
    """What one person or organisation sent at one time (意见, counted in 份).

    Everything but `state`, `revision` and `allocated_to`, the id of the member of staff who is to screen it, stays as
    it arrived. `token` is the form's own, unique: the same form can't be stored twice; `fingerprint` tells whether it
    was sent again with other content. The access code is kept only as a keyed hash. `occupation` is empty for an
    organisation, which has an `organisation_type` instead.
    """

    __tablename__ = "submissions"
    __table_args__ = (
        Index("ix_submissions_queue", "consultation_id", "state", "received_at", "id"),
        Index("ix_submissions_waiting", "state", "received_at", "id"),
        Index("ix_submissions_channel", "channel", "state", "received_at", "id"),
        Index("ix_submissions_arrival", "consultation_id", "received_at", "id"),
        Index("ix_submissions_allocated", "allocated_to", "state", "received_at", "id"),
        Index(
            "ix_submissions_unclaimed",
            *("consultation_id", "received_at", "id"),
            sqlite_where=text(UNCLAIMED),
            postgresql_where=text(UNCLAIMED),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document_versions.id"))
    channel: Mapped[Channel] = mapped_column(enum_of(Channel))
    token: Mapped[str] = mapped_column(String(64), unique=True)
    receipt_number: Mapped[str] = mapped_column(String(20), unique=True)
    access_code_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    received_at: Mapped[datetime] = mapped_column(Instant)
    title: Mapped[str] = mapped_column(String(200))
    comment: Mapped[str] = mapped_column(Text)
    occupation: Mapped[str] = mapped_column(String(40))
    fingerprint: Mapped[str] = mapped_column(String(64))
    state: Mapped[SubmissionState] = mapped_column(enum_of(SubmissionState), default=SubmissionState.RECEIVED)
    revision: Mapped[int] = mapped_column()
    submitter_kind: Mapped[SubmitterKind] = mapped_column(
        enum_of(SubmitterKind), default=SubmitterKind.INDIVIDUAL, server_default=SubmitterKind.INDIVIDUAL.value
    )
    organisation_type: Mapped[OrganisationType | None] = mapped_column(enum_of(OrganisationType))
    allocated_to: Mapped[str | None] = mapped_column(String(80))

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


class SubmissionKey(Model):
    """The data key of a submission's sealed identity, wrapped; without this row nobody can open it ever again.

    `key_id` names the key that wrapped it, `suite` the algorithms of the data key itself.
    """

    __tablename__ = "submission_keys"

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    key_id: Mapped[str] = mapped_column(String(32))
    suite: Mapped[str] = mapped_column(String(8))
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


class SubmitterIdentity(Model):
    """Who wrote, sealed field by field; what was not asked is missing.

    `person_index` tells senders apart within one consultation: a blind index of the ID number or of the organisation's
    code, and one of its own for each submission that came with neither. `name` is that of the person, for an
    organisation its contact's. A guardian is there where the sender was under 14; no age is kept.
    """

    __tablename__ = "submitter_identities"

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    person_index: Mapped[bytes] = mapped_column(LargeBinary(16))
    name: Mapped[bytes] = mapped_column(LargeBinary)
    id_number: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone: Mapped[bytes] = mapped_column(LargeBinary)
    email: Mapped[bytes | None] = mapped_column(LargeBinary)
    organisation_name: Mapped[bytes | None] = mapped_column(LargeBinary)
    credit_code: Mapped[bytes | None] = mapped_column(LargeBinary)
    guardian_name: Mapped[bytes | None] = mapped_column(LargeBinary)
    guardian_relation: Mapped[bytes | None] = mapped_column(LargeBinary)
    guardian_phone: Mapped[bytes | None] = mapped_column(LargeBinary)
    wrapped_key: Mapped[bytes | None] = column_property(
        select(SubmissionKey.wrapped)
        .where(SubmissionKey.submission_id == submission_id)
        .correlate_except(SubmissionKey)
        .scalar_subquery()
    )
    """Comes with the row, so that what was read can be opened after the session has ended."""

    __table_args__ = (Index("ix_submitter_identities_person", "consultation_id", "person_index"),)


class LateSubmission(Model):
    """A submission that came after the window had ended, and the code that let it in (逾期凭码提交)."""

    __tablename__ = "late_submissions"

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    late_code_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("late_codes.id"), unique=True)


class SubmissionOrigin(Model):
    """Who entered a submission that came another way than the form, when, and which fields it came without."""

    __tablename__ = "submission_origins"

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    entered_by: Mapped[str] = mapped_column(String(80))
    entered_at: Mapped[datetime] = mapped_column(Instant)
    missing: Mapped[list[str]] = mapped_column(JSON)
    remark: Mapped[str] = mapped_column(String(500))


class EntryBatch(Model):
    """Rows of a file that somebody looks through before they are entered, sealed; `entered` counts those stored.

    Each row is stored under a token of its own, so that a batch which broke off is finished without storing one twice.
    The rows are forgotten once all are entered, and unentered ones after a day.
    """

    __tablename__ = "entry_batches"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    made_by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime] = mapped_column(Instant, index=True)
    rows: Mapped[bytes] = mapped_column(LargeBinary)
    entered: Mapped[int] = mapped_column()
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class SubmissionClause(Model):
    """A clause that the sender chose, bound to the text that it had then.

    Where words of the comment were written about this clause alone, `text_start` ≤ i < `text_end` are the code points
    of the comment that hold them, and `wording_start` ≤ i < `wording_end` those of the wording proposed for the clause.
    """

    __tablename__ = "submission_clauses"

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    clause_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("clauses.id"), primary_key=True)
    text_hash: Mapped[str] = mapped_column(String(64))
    text_start: Mapped[int | None]
    text_end: Mapped[int | None]
    wording_start: Mapped[int | None]
    wording_end: Mapped[int | None]


class SearchPlace(Model):
    """A submission that can be found by its words, and its place in the order in which they were indexed.

    What it is found by stands in `search_words` under the same place, a table that each store has in its own way:
    app/submissions/search_index.py.
    """

    __tablename__ = "search_places"

    place: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True
    )
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id", ondelete="CASCADE"), unique=True)


class DisplayedComment(Model):
    """The public, masked form of a submission under instant display (即时展示), and whether the public sees it now.

    `displayed_at` is since when it has been displayed, of one that never was when it arrived. `number` is its public
    number: random, so that it leads to no receipt; 0 for one that has no address of its own. `text_hash` is equal for
    equal words. `held_for` holds reasons (HoldReason) for which it waits or waited. `taken_down_…` say when, why and
    by whom its display was ended or refused; only the class is public.

    `wordings` tells where in `text` wording proposed for a clause stands: `{"clause_id", "start", "end"}` each.
    """

    __tablename__ = "displayed_comments"
    __table_args__ = (
        Index("ix_displayed_comments_public", "consultation_id", "state", "displayed_at", "number"),
        Index("ix_displayed_comments_copies", "consultation_id", "text_hash", "state"),
        Index("ix_displayed_comments_number", "number"),
    )

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    displayed_at: Mapped[datetime] = mapped_column(Instant)
    masked_name: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    taken_down_at: Mapped[datetime | None] = mapped_column(Instant)
    taken_down_reason: Mapped[str | None] = mapped_column(String(500))
    wordings: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    state: Mapped[DisplayState] = mapped_column(enum_of(DisplayState))
    number: Mapped[int] = mapped_column(BigInteger)
    text_hash: Mapped[str] = mapped_column(String(64))
    held_for: Mapped[list[str]] = mapped_column(JSON)
    taken_down_class: Mapped[EndedClass | None] = mapped_column(enum_of(EndedClass))
    taken_down_by: Mapped[str | None] = mapped_column(String(80))


class DisplaySwitch(Model):
    """The one row (id 1) that tells whether the whole column is at 先审后发, since when and why.

    `words_revision` grows whenever the guard's words change, so that every process sees at its next comment that they
    did.
    """

    __tablename__ = "display_switch"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reviews_first: Mapped[bool]
    words_revision: Mapped[int]
    changed_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str | None] = mapped_column(String(500))


class GuardWord(Model):
    """A word or pattern that makes a comment wait for a person, as staff added it; or, where it is `struck`, one of the
    starter list that they don't want."""

    __tablename__ = "guard_words"

    word: Mapped[str] = mapped_column(String(60), primary_key=True)
    reason: Mapped[HoldReason] = mapped_column(enum_of(HoldReason))
    remark: Mapped[str] = mapped_column(String(200))
    struck: Mapped[bool]
    added_at: Mapped[datetime] = mapped_column(Instant)


class QuarantinedSubmission(Model):
    """Why a person must look at a submission before it counts (待核验), and what that person decided."""

    __tablename__ = "quarantined_submissions"

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    reasons: Mapped[list[str]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(Instant)
    verdict: Mapped[QuarantineVerdict | None] = mapped_column(enum_of(QuarantineVerdict))
    reason: Mapped[str | None] = mapped_column(String(500))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[str | None] = mapped_column(String(80))


class DisplayObjection(Model):
    """The one objection that an author may make to not being displayed, and what staff answered."""

    __tablename__ = "display_objections"
    __table_args__ = (Index("ix_display_objections_open", "consultation_id", "verdict", "at"),)

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    words: Mapped[str] = mapped_column(Text)
    verdict: Mapped[ObjectionVerdict | None] = mapped_column(enum_of(ObjectionVerdict))
    answer: Mapped[str | None] = mapped_column(String(500))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[str | None] = mapped_column(String(80))


class SubmissionFile(Model):
    """A file that came with a submission, at its `place` from 1 on; its content is kept apart, under its SHA-256.

    `kind` is what the content is, whatever its name said. It is internal until somebody releases it: `released_at` and
    `released_by` say when and who, `release_reason` why, `released_sha256` what the public gets, which for a picture is
    another content than was sent, without what the camera noted in it.
    """

    __tablename__ = "submission_files"
    __table_args__ = (Index("ix_submission_files_scan", "scan", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"), index=True)
    place: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[FileKind] = mapped_column(enum_of(FileKind))
    size: Mapped[int] = mapped_column()
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    scan: Mapped[ScanState] = mapped_column(enum_of(ScanState))
    scanned_at: Mapped[datetime | None] = mapped_column(Instant)
    finding: Mapped[str | None] = mapped_column(String(200))
    released_at: Mapped[datetime | None] = mapped_column(Instant)
    released_by: Mapped[str | None] = mapped_column(String(80))
    release_reason: Mapped[str | None] = mapped_column(String(500))
    released_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    released_size: Mapped[int | None] = mapped_column()


class IdentityUnlock(Model):
    """A member of staff may see who sent a submission, from `at` until `until`, for the reason they gave."""

    __tablename__ = "identity_unlocks"
    __table_args__ = (
        Index("ix_identity_unlocks_holder", "submission_id", "staff_id", "until"),
        Index("ix_identity_unlocks_at", "at", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"))
    staff_id: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime] = mapped_column(Instant)
