"""Comments that a trusted channel's program sends in: the same numbers and receipts as the form gives."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.api.authentication import Enterer, opened_of
from app.api.field_refusals import FieldsRefused
from app.api.receiving import DepartmentRoute
from app.api.v1.requests import Plain
from app.api.v1.responses import SEND_IN
from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.documents.queries import clauses_of
from app.kit.clock import BEIJING
from app.kit.crypto import content_hash
from app.kit.errors import Conflict, Forbidden, NotFound, Unavailable, Unprocessable
from app.kit.http import PLACE, Now, RequestId, database_of
from app.submissions.entered import as_submission
from app.submissions.entering import EnteredSubmission, check_entered
from app.submissions.intake import ChosenClause, Intake, Origin
from app.submissions.lifecycle import Channel
from app.submissions.models import Submission, SubmissionOrigin
from app.submissions.organisation import OrganisationType
from app.submissions.receipts import Receipt

router = APIRouter(route_class=DepartmentRoute, tags=["submissions"])
EARLIER = timedelta(hours=24)
"""How long before it arrives here a channel may say that it received a comment."""
AHEAD = timedelta(minutes=5)
"""How far a channel's clock may be ahead of ours."""
MOST_CLAUSES = 20
ABOUT_SENDER = ("name", "id_number", "occupation", "phone", "email", "organisation_name", "credit_code")
Line = Annotated[str, Field(max_length=300), Plain]


class SubmissionRequest(BaseModel):
    """One comment. Only the consultation, the words and your own id of it have to be there.

    What isn't known is left out, and marked as missing; nothing is made up for it.
    """

    model_config = ConfigDict(extra="forbid")

    external_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]*$", min_length=1, max_length=100)] = Field(
        description="Your own id of this comment, which holds nothing personal. The same id with the same comment "
        "gives the same receipt and is stored once; with another comment it is refused.",
        examples=["work-order-2026-004711"],
    )
    consultation: Annotated[str, Field(min_length=1, max_length=80), Plain] = Field(
        description="The `slug` of the consultation.", examples=["elderly-care-2026"]
    )
    comment: Annotated[str, Field(max_length=20_000), Plain] = Field(
        description="Word for word; up to 10,000 characters.", examples=["建议社区助餐点在周末照常开放。"]
    )
    title: Line | None = Field(default=None, description="Without one the comment's first words stand for it.")
    clauses: list[uuid.UUID] = Field(
        default=[], max_length=MOST_CLAUSES, description="Ids of the clauses that it is about, of the present version."
    )
    received_at: AwareDatetime | None = Field(
        default=None,
        description="When your channel received it, at most 24 hours ago; it decides whether the comment came in time. "
        "Without it the moment of arrival here decides.",
    )
    name: Line | None = Field(default=None, description="Of the person, or of an organisation's contact.")
    id_number: Line | None = Field(default=None, description="Resident ID number of 18 characters.")
    occupation: Line | None = Field(default=None, description="A value of the column's list.", examples=["教师"])
    phone: Line | None = None
    email: Line | None = None
    organisation_name: Line | None = Field(default=None, description="Makes the comment an organisation's.")
    credit_code: Line | None = Field(default=None, description="The organisation's unified social credit code.")
    organisation_type: OrganisationType | None = None
    remark: Annotated[str, Field(max_length=500), Plain] | None = Field(
        default=None, description="For the staff who read it; never public."
    )


class SubmissionReceipt(BaseModel):
    """The sender's receipt. Give both parts to the sender; the code is told nowhere else and kept by nobody."""

    receipt_number: str = Field(description="16 digits; may be seen by anybody.", examples=["4820173956102847"])
    access_code: str = Field(description="With it the sender reads what became of the comment.")
    received_at: datetime = Field(description="What decides whether it came in time.")
    stored_at: datetime = Field(description="When it arrived here.")
    channel: Channel = Field(description="The channel of your program's setting.")
    missing: list[str] = Field(description="Fields that it came without.")


@router.post(
    "/submissions",
    responses=SEND_IN,
    response_description="The receipt; the comment is stored",
    operation_id="send_submission",
)
def send_submission(
    request: Request, enterer: Enterer, body: SubmissionRequest, now: Now, request_id: RequestId
) -> SubmissionReceipt:
    """Sends in a comment that came by your channel. `external_id` makes it safe to repeat.

    It gets the number and the receipt that a comment by the web form gets, and is read by the same people. It is not
    displayed by itself, even where comments of the web form are.
    """
    intake = _intake_of(request)
    channel = _channel_of(request)
    checked = _checked(body, channel, now)
    with database_of(request).reading() as session:
        row = _consultation(session, body.consultation)
        clauses = _clauses(session, row, body.clauses)
    token = content_hash("channel", enterer.id, body.external_id)
    origin = Origin(enterer, now, checked.missing, checked.remark)
    new = as_submission((row.id, row.version_id), checked, token, origin, request_id, clauses)
    try:
        receipt = intake.store(new)
    except Conflict as conflict:
        if conflict.code == "token_reused":
            raise Conflict("external_id_reused") from None
        raise
    with database_of(request).reading() as session:
        return _answer(session, receipt)


def _intake_of(request: Request) -> Intake:
    found: Any = request.scope.get(PLACE) or request.app.state
    if found.intake is None:
        raise Unavailable
    intake: Intake = found.intake
    return intake


def _channel_of(request: Request) -> Channel:
    channel = opened_of(request).channel
    if channel is None:
        raise Forbidden(scope="submissions:write")
    return Channel(channel)


def _checked(body: SubmissionRequest, channel: Channel, now: datetime) -> EnteredSubmission:
    entered = {name: value for name in (*ABOUT_SENDER, "title", "comment") if (value := getattr(body, name))}
    entered |= {"channel": channel.value, "day": now.astimezone(BEIJING).date().isoformat()}
    if body.organisation_type is not None and body.organisation_name:
        entered["organisation_type"] = body.organisation_type.value
    entered["remark"] = body.remark or body.external_id
    checked = check_entered(entered, now)
    if not isinstance(checked, EnteredSubmission):
        raise FieldsRefused(checked)
    return replace(checked, received_at=_received_at(body.received_at, now))


def _received_at(stated: datetime | None, now: datetime) -> datetime:
    """What the channel states, where it can be; a clock that is a little ahead means now."""
    if stated is None:
        return now
    if not now - EARLIER <= stated <= now + AHEAD:
        raise Unprocessable("received_at_out_of_bounds", hours=EARLIER // timedelta(hours=1))
    return min(stated.astimezone(UTC), now)


def _consultation(session: Session, slug: str) -> Consultation:
    try:
        return consultations.public_consultation(session, slug)
    except NotFound as error:
        raise Unprocessable("no_such_consultation") from error


def _clauses(session: Session, row: Consultation, ids: Sequence[uuid.UUID]) -> list[ChosenClause]:
    if not ids:
        return []
    known = {clause.id: clause for clause in clauses_of(session, row.version_id)}
    if not set(ids) <= set(known):
        raise Unprocessable("no_such_clause")
    return [ChosenClause(one, known[one].text_hash) for one in dict.fromkeys(ids)]


def _answer(session: Session, receipt: Receipt) -> SubmissionReceipt:
    row, origin = session.execute(
        select(Submission, SubmissionOrigin)
        .join(SubmissionOrigin, SubmissionOrigin.submission_id == Submission.id)
        .where(Submission.receipt_number == receipt.number)
    ).one()
    return SubmissionReceipt(
        receipt_number=receipt.number,
        access_code=receipt.access_code,
        received_at=row.received_at,
        stored_at=origin.entered_at,
        channel=row.channel,
        missing=list(origin.missing),
    )
