"""A department's receivers, made and played by tests: no network, no waiting."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlalchemy import select

from app.events.ledger import emit
from app.events.models import Event
from app.kit.crypto import Sealer
from app.kit.database import Database
from app.permissions import Actor, ActorKind, of_scopes
from app.webhooks import actions
from app.webhooks.actions import Wanted
from app.webhooks.guard import Target, Way
from app.webhooks.lifecycle import Outcome
from app.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from app.webhooks.sending import Answer
from app.worker import events, hooks
from app.worker.hooks import Hooks
from tests.support.journey import DRAFTING, StoppedClock

SEALER = Sealer({"k": b"k" * 32}, "k")
PUBLIC = "203.0.114.7"
URL = "https://hooks.example.cn/in"
KIND = "assignment.delivered"
DELIVERED = Answer(204, None, "")


def program(department: str = DRAFTING) -> Actor:
    return Actor(ActorKind.CLIENT, "a program", of_scopes(["webhooks:write"]), department)


@dataclass
class Receiver:
    """Answers in turn what it was told to, the last one for ever; keeps what it got."""

    answers: list[Answer | Exception] = field(default_factory=lambda: [DELIVERED])
    got: list[tuple[Mapping[str, str], bytes]] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)

    def __call__(self, target: Target, way: Way, headers: Mapping[str, str], body: bytes) -> Answer:
        self.got.append((headers, body))
        self.ways.append(way)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.got]


@dataclass
class Post:
    """The worker's side: a store, a clock that a test moves, and receivers by their URL's place."""

    database: Database
    clock: StoppedClock = field(default_factory=StoppedClock)
    receivers: dict[str, Receiver] = field(default_factory=dict)
    hooks: Hooks = field(default_factory=lambda: Hooks(SEALER))

    def __post_init__(self) -> None:
        self.hooks = replace(self.hooks, resolve=lambda host, port: [PUBLIC], post=self._post, chance=lambda: 0.5)

    def _post(self, target: Target, way: Way, headers: dict[str, str], body: bytes) -> Answer:
        return self.receivers[target.place](target, way, headers, body)

    def endpoint(
        self, place: str = "/in", kinds: Sequence[str] = (), department: str = DRAFTING, url: str | None = None
    ) -> uuid.UUID:
        """A new receiver, which accepts everything until it is told otherwise."""
        self.receivers[place] = Receiver()
        wanted = Wanted(url or f"https://hooks.example.cn{place}", tuple(kinds))
        with self.database.writing() as session:
            return actions.create(session, program(department), self.clock.at, SEALER, wanted).id

    def tell(self, number: int = 1, kind: str = KIND, department: str = DRAFTING) -> list[str]:
        """That so many things happened, in the feed and promised; the events' ids in order."""
        with self.database.writing() as session:
            for _ in range(number):
                emit(session, self.clock.at, department, kind, ("assignment", uuid.uuid4()))
        self.spread()
        with self.database.reading() as session:
            ids = session.scalars(select(Event.id).order_by(Event.position.desc()).limit(number)).all()
        return [str(id) for id in reversed(ids)]

    def spread(self) -> None:
        events.put_in_order(self.database, self.clock)

    def carry(self) -> Outcome | None:
        return hooks.carry_once(self.database, self.clock, self.hooks)

    def carry_all(self) -> list[Outcome]:
        """Everything that is due now."""
        found = []
        while (outcome := self.carry()) is not None:
            found.append(outcome)
        return found

    def later(self, span: timedelta) -> None:
        self.clock.at += span

    def over(self, span: timedelta, step: timedelta = timedelta(hours=1)) -> list[Outcome]:
        """Carries whatever is due while time goes by."""
        until, found = self.clock.at + span, list[Outcome]()
        while self.clock.at < until:
            found += self.carry_all()
            self.later(step)
        return found

    def row(self, endpoint_id: uuid.UUID) -> WebhookEndpoint:
        with self.database.reading() as session:
            return session.get_one(WebhookEndpoint, endpoint_id)

    def messages(self) -> list[WebhookDelivery]:
        with self.database.reading() as session:
            return list(session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id)))

    def attempts(self) -> list[WebhookAttempt]:
        with self.database.reading() as session:
            return list(session.scalars(select(WebhookAttempt).order_by(WebhookAttempt.id)))

    def secret(self, endpoint_id: uuid.UUID) -> str:
        with self.database.writing() as session:
            return actions.reveal(session, program(), self.clock.at, endpoint_id, SEALER)
