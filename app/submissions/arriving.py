"""A submission on its way in: what is known of it before it is stored, and why the store may not take it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.captcha.challenge import Challenge
from app.consultations.lifecycle import Phase
from app.kit.errors import Conflict
from app.permissions import Actor
from app.submissions.attachments import NewFile
from app.submissions.composing import ClausePlaces
from app.submissions.lifecycle import Channel, HoldReason
from app.submissions.organisation import OrganisationType, SubmitterKind
from app.submissions.submitter import Identity

FURTHER = (
    *("organisation_name", "credit_code", "organisation_type"),
    *("guardian_name", "guardian_relation", "guardian_phone"),
)
"""What only some submissions say of their senders."""


@dataclass(frozen=True)
class ChosenClause:
    """`places` tell where in the comment the words about this clause alone stand; None where there are none."""

    id: uuid.UUID
    text_hash: str
    places: ClausePlaces | None = None


@dataclass(frozen=True)
class Origin:
    """Who entered what came another way than the form, when, and which fields it came without."""

    entered_by: Actor
    entered_at: datetime
    missing: Sequence[str]
    remark: str = ""


@dataclass(frozen=True)
class NewSubmission:
    """A valid submission that has not been stored. `display` tells whether it is shown at once, masked.

    `late` lets it in after the closing instant, because a ticket or a code of its own says that it may; it lets nothing
    in while the consultation is suspended, nor after it was withdrawn. `late_code_id` names the code, which is used up.

    `keep` names what masking leaves alone, such as the consultation's own contacts. `challenge` is the answered
    captcha, None where a channel has none; such a one has an `origin`. `quarantine` names why a person looks at it
    before it counts, `hold_for` why one does before it is displayed. An organisation has a type and no occupation.

    `judged_by` is the revision of the consultation that its sender's form was judged by, where that was read before and
    may have changed; the store takes it by no other one.
    """

    token: str
    consultation_id: uuid.UUID
    version_id: uuid.UUID
    channel: Channel
    received_at: datetime
    title: str
    comment: str
    occupation: str
    clauses: Sequence[ChosenClause]
    identity: Identity
    display: bool
    keep: Sequence[str]
    challenge: Challenge | None
    request_id: str | None
    late: bool = False
    late_code_id: uuid.UUID | None = None
    quarantine: frozenset[str] = frozenset()
    submitter_kind: SubmitterKind = SubmitterKind.INDIVIDUAL
    organisation_type: OrganisationType | None = None
    files: Sequence[NewFile] = ()
    hold_for: frozenset[HoldReason] = frozenset()
    origin: Origin | None = None
    judged_by: int | None = None

    def content(self) -> tuple[str, ...]:
        """Everything that the person entered or chose; a form that asks no more than it used to says no more."""
        who = self.identity
        chosen = sorted(str(clause.id) for clause in self.clauses)
        further = who.values() | {"organisation_type": self.organisation_type}
        return (
            str(self.consultation_id),
            self.title,
            self.comment,
            self.occupation,
            who.name,
            who.id_number or "",
            who.phone,
            who.email or "",
            *chosen,
            *(f"{name}={further[name]}" for name in FURTHER if further[name] is not None),
            *([f"subject={who.subject}"] if who.subject is not None else ()),
            *(f"file={file.sha256} {file.name}" for file in self.files),
        )


class NotTaken(Conflict):
    """The consultation takes no comment that arrived then; `phase` says why."""

    code = "not_taken"

    def __init__(self, phase: Phase) -> None:
        super().__init__(phase=phase.value)
        self.phase = phase


class Outdated(Conflict):
    """Its consultation has changed since the form was judged; it is to be judged again, by what holds now."""

    code = "changed_meanwhile"


class Concluded(NotTaken):
    """The work on the consultation has ended, with every comment answered and its numbers made public.

    One that came in time and is found only now would have no outcome and stand in no number; it is answered by letter.
    """

    def __init__(self) -> None:
        super().__init__(Phase.CLOSED)
