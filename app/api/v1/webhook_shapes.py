"""What a department's program sends and reads about its webhooks."""

import uuid
from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from app.api.repeating import WriteBody
from app.api.v1.requests import PAGE_LIMIT, Plain
from app.webhooks.actions import DESCRIPTION_LIMIT
from app.webhooks.lifecycle import DisabledBecause, EndpointState, MessageState, Outcome
from app.webhooks.models import URL_LENGTH, WebhookAttempt, WebhookEndpoint
from app.webhooks.queries import Logged

LONGEST_OVERLAP_HOURS = 168
Kind = Annotated[str, Field(min_length=1, max_length=60), Plain]


class PlainRequest(WriteBody):
    """Nothing needs to be said; the body may be left out."""


class WebhookRequest(WriteBody):
    """Where to send, and what."""

    url: Annotated[str, Plain] = Field(
        min_length=1,
        max_length=URL_LENGTH,
        description="An https address. Loopback, link-local and metadata addresses are never reached; private ones "
        "where the column's administrator has allowed the range.",
        examples=["https://oa.example.cn/yanlu/events"],
    )
    kinds: list[Kind] = Field(
        default=[], max_length=50, description="Kinds of events to send; none means all, future ones too."
    )
    description: Annotated[str, Plain] = Field(
        default="", max_length=DESCRIPTION_LIMIT, description="Your own words for it.", examples=["公文系统"]
    )

    contact_email: Annotated[str, Plain] | None = Field(
        default=None,
        max_length=254,
        description="An office's address that is written to when the webhook is disabled because of 410 or days of "
        "failures. Left out, it stays as it is; empty, it is taken away.",
        examples=["it@example.cn"],
    )


class ReplayDeadRequest(WriteBody):
    """Of what was given up, how much."""

    since: AwareDatetime | None = Field(
        default=None, description="Only what was promised at this instant or later; all of it without."
    )


class Replayed(BaseModel):
    """How many messages are due again."""

    number: int = Field(description="At most 500; ask again until it is 0.")


class RotateRequest(WriteBody):
    """How long the secret before stays good."""

    overlap_hours: int = Field(
        default=24, ge=0, le=LONGEST_OVERLAP_HOURS, description="0 ends the secret before at once: it has leaked."
    )


class LogQuery(BaseModel):
    """Which deliveries, and how many of them. A parameter without a value counts as left out."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, given: Any) -> Any:
        return {name: value for name, value in given.items() if value != ""} if isinstance(given, dict) else given

    state: MessageState | None = Field(default=None, description="Only deliveries in this state.")
    cursor: str | None = Field(
        default=None, max_length=200, description="`next_cursor` of the page before; leave it out for the first page."
    )
    limit: int = Field(default=20, ge=1, le=PAGE_LIMIT, description="How many deliveries a page has at most.")


class Webhook(BaseModel):
    """A receiver of your department. Its secret isn't part of it."""

    id: uuid.UUID
    url: str
    kinds: list[str] = Field(description="Kinds of events that are sent; none means all.")
    description: str
    state: EndpointState = Field(description="To a disabled one nothing is sent.")
    disabled_because: DisabledBecause | None = Field(
        description="by_department · by_staff · gone (it answered 410) · failing (no success for five days)"
    )
    disabled_at: datetime | None
    created_at: datetime
    failing_since: datetime | None = Field(description="The first failure since the last success.")
    previous_secret_until: datetime | None = Field(description="Until when the secret before is good, too.")
    contact_email: str | None = Field(description="Who is written to when it is disabled without your wish.")
    public_key: str | None = Field(
        description="`whpk_` and base64 of an Ed25519 key, with which `v1a` signatures are checked; null without one."
    )
    revision: int = Field(description="Grows with every change of the webhook.")


class WebhookList(BaseModel):
    """All webhooks of the department."""

    items: list[Webhook]


class Attempt(BaseModel):
    """One request to the receiver."""

    at: datetime
    outcome: Outcome = Field(description="accepted (2xx) is the only success.")
    status: int | None = Field(description="The status that was answered; null where nothing was.")
    error: str | None = Field(description="Why nothing was answered, as a code.")
    excerpt: str = Field(description="The beginning of what was answered.")
    milliseconds: int


class WebhookDelivery(BaseModel):
    """One message, with every attempt that was made."""

    id: uuid.UUID
    event_id: uuid.UUID = Field(description="Sent as `webhook-id`, the same at every attempt.")
    kind: str
    state: MessageState = Field(description="pending · delivered · dead (tried for four days)")
    promised_at: datetime
    due_at: datetime | None = Field(description="When it is tried next; null once it is settled.")
    attempts: list[Attempt]


class DeliveryPage(BaseModel):
    """Some messages, the newest first."""

    items: list[WebhookDelivery]
    next_cursor: str | None = Field(description="For the next page; null on the last one.")


class SecretShown(BaseModel):
    """Keep it where only the receiver can read it."""

    secret: str = Field(description="`whsec_` and base64 of 32 bytes, as libraries of Standard Webhooks take it.")


class Removed(BaseModel):
    """It is there no more."""

    id: uuid.UUID


def webhook(row: WebhookEndpoint) -> Webhook:
    return Webhook(
        id=row.id,
        url=row.url,
        kinds=row.kinds,
        description=row.description,
        state=row.state,
        disabled_because=row.disabled_because,
        disabled_at=row.disabled_at,
        created_at=row.created_at,
        failing_since=row.failing_since,
        previous_secret_until=row.previous_until,
        contact_email=row.contact_email,
        public_key=row.public_key,
        revision=row.revision,
    )


def delivery(logged: Logged) -> WebhookDelivery:
    row = logged.message
    return WebhookDelivery(
        id=row.id,
        event_id=row.event_id,
        kind=row.kind,
        state=row.state,
        promised_at=row.promised_at,
        due_at=row.due_at if row.state is MessageState.PENDING else None,
        attempts=[_attempt(one) for one in logged.attempts],
    )


def _attempt(row: WebhookAttempt) -> Attempt:
    return Attempt(
        at=row.at,
        outcome=row.outcome,
        status=row.status,
        error=row.error,
        excerpt=row.excerpt,
        milliseconds=row.milliseconds,
    )
