"""Trying a department's receiver: every situation that it will meet, one after another, and what it made of each."""

import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Annotated, Any

import typer

from app.cli.terminal import print_json, say
from app.kit.clock import Clock, SystemClock
from app.kit.identifiers import new_id
from app.webhooks import guard, sending, signing
from app.webhooks.guard import NoWay, Target, Way
from app.webhooks.payload import MOST_BYTES, instant
from app.webhooks.sending import Answer, NotSent

RETRIES = 3
KIND = "assignment.delivered"


class Failed(Exception):
    """The receiver did what it must not; the message says what."""


@dataclass
class Player:
    """Plays the service towards one receiver. `slowest` is the longest that an answer took, in seconds."""

    target: Target
    way: Way
    secret: str
    clock: Clock = field(default_factory=SystemClock)
    timeout: float = sending.TIMEOUT_SECONDS
    slowest: float = 0.0

    def send(self, body: bytes, message_id: str, *, off: timedelta = timedelta(), keys: Sequence[str] = ()) -> Answer:
        headers = signing.headers(keys or [self.secret], message_id, self.clock.now() + off, body)
        return self.post(body, headers)

    def post(self, body: bytes, headers: dict[str, str]) -> Answer:
        """Raises Failed where nothing was answered."""
        began = monotonic()
        try:
            return sending.post(
                self.target, self.way, {"Content-Type": "application/json", **headers}, body, self.timeout
            )
        except NotSent as trouble:
            raise Failed(f"no answer ({trouble.code})") from None
        finally:
            self.slowest = max(self.slowest, monotonic() - began)


@dataclass(frozen=True)
class Result:
    """`reason` is empty where it passed."""

    situation: str
    reason: str

    @property
    def passed(self) -> bool:
        return not self.reason


def event(at: datetime, kind: str = KIND, position: int = 1, **more: Any) -> tuple[str, bytes]:
    """An invented event as the service would send it: its id and its body."""
    id = str(new_id())
    data = {
        "position": position,
        "id": id,
        "kind": kind,
        "happened_at": instant(at),
        "record": {"kind": kind.partition(".")[0], "id": str(uuid.UUID(int=0))},
        "detail": {},
        **more,
    }
    return id, json.dumps({"type": kind, "timestamp": data["happened_at"], "data": data}).encode()


def _accepts(answer: Answer) -> None:
    if not 200 <= answer.status < 300:
        raise Failed(f"answered {answer.status} instead of 2xx")


def _refuses(answer: Answer) -> None:
    if not 400 <= answer.status < 500:
        raise Failed(f"answered {answer.status} instead of 4xx")


def signed(player: Player) -> None:
    id, body = event(player.clock.now())
    _accepts(player.send(body, id))


def duplicate(player: Player) -> None:
    id, body = event(player.clock.now())
    for _ in range(2):
        _accepts(player.send(body, id))


def out_of_order(player: Player) -> None:
    for position in (9, 8):
        id, body = event(player.clock.now(), position=position)
        _accepts(player.send(body, id))


def wrong_signature(player: Player) -> None:
    id, body = event(player.clock.now())
    _refuses(player.send(body, id, keys=[signing.new_secret()]))


def forged_first(player: Player) -> None:
    """A forged message must not use up the id of the true one."""
    id, body = event(player.clock.now())
    _refuses(player.send(body, id, keys=[signing.new_secret()]))
    _accepts(player.send(body, id))


def altered_body(player: Player) -> None:
    id, body = event(player.clock.now())
    headers = signing.headers([player.secret], id, player.clock.now(), body)
    _refuses(player.post(body + b" ", headers))


def unsigned(player: Player) -> None:
    _, body = event(player.clock.now())
    _refuses(player.post(body, {}))


def stale(player: Player) -> None:
    id, body = event(player.clock.now())
    _refuses(player.send(body, id, off=-timedelta(minutes=10)))


def from_the_future(player: Player) -> None:
    id, body = event(player.clock.now())
    _refuses(player.send(body, id, off=timedelta(minutes=10)))


def two_signatures(player: Player) -> None:
    id, body = event(player.clock.now())
    _accepts(player.send(body, id, keys=[signing.new_secret(), player.secret]))


def unknown_kind(player: Player) -> None:
    id, body = event(player.clock.now(), kind="something.unheard_of")
    _accepts(player.send(body, id))


def unknown_field(player: Player) -> None:
    id, body = event(player.clock.now(), added_later={"any": ["thing"]})
    _accepts(player.send(body, id))


def big(player: Player) -> None:
    id, body = event(player.clock.now(), detail={"ids": [str(uuid.UUID(int=one)) for one in range(470)]})
    assert MOST_BYTES * 0.9 < len(body) < MOST_BYTES
    _accepts(player.send(body, id))


def retried(player: Player) -> None:
    """Its own 5xx is answered by the same message again: in the end it has to be taken."""
    id, body = event(player.clock.now())
    answers = [player.send(body, id)]
    while answers[-1].status >= 500 and len(answers) <= RETRIES:
        answers.append(player.send(body, id))
    _accepts(answers[-1])


SITUATIONS: dict[str, Callable[[Player], None]] = {
    "a signed message": signed,
    "the same message twice": duplicate,
    "a later message before an earlier one": out_of_order,
    "a wrong signature": wrong_signature,
    "a forged message before the true one": forged_first,
    "an altered body": altered_body,
    "no signature at all": unsigned,
    "a timestamp of ten minutes ago": stale,
    "a timestamp ten minutes ahead": from_the_future,
    "two signatures while the secret changes": two_signatures,
    "a kind of event that it doesn't know": unknown_kind,
    "a field that it doesn't know": unknown_field,
    "a body of nearly 20 KB": big,
    "the same message again after its own 5xx": retried,
}


def play(player: Player, patience: float) -> list[Result]:
    """Every situation in order, and at last whether all was answered within `patience` seconds."""
    results = []
    for name, situation in SITUATIONS.items():
        try:
            situation(player)
            results.append(Result(name, ""))
        except Failed as failed:
            results.append(Result(name, str(failed)))
    late = "" if player.slowest <= patience else f"the slowest answer took {player.slowest:.1f} s"
    return [*results, Result(f"every answer within {patience:g} s", late)]


def conformance(
    url: Annotated[str, typer.Option("--url", help="Where the receiver listens.")],
    secret: Annotated[str, typer.Option("--secret", help="The secret that it was given, whsec_…")],
    patience: Annotated[float, typer.Option("--patience", min=0.1, max=15, help="Seconds for each answer.")] = 5.0,
    ca_file: Annotated[Path | None, typer.Option("--ca-file", help="Certificates to believe, in PEM.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Play every situation against a department's receiver of webhooks; exit 1 when it fails one."""
    results = play(_player(url, secret, ca_file), patience)
    if as_json:
        print_json({"results": [{**vars(result), "passed": result.passed} for result in results]})
    else:
        for result in results:
            say(f"{'passed' if result.passed else 'FAILED'}  {result.situation}{result.reason and ': '}{result.reason}")
    if not all(result.passed for result in results):
        raise typer.Exit(1)


def _player(url: str, secret: str, ca_file: Path | None) -> Player:
    """Without the guard: whoever runs this may well have the receiver on the same machine."""
    if not signing.is_secret(secret):
        raise typer.BadParameter("a secret is whsec_ and base64 of 24 to 64 bytes", param_hint="--secret")
    try:
        target = guard.target_of(url)
        addresses = sending.addresses_of(target, sending.resolve)
    except (NoWay, NotSent) as trouble:
        raise typer.BadParameter(f"nothing can be sent there ({trouble.code})", param_hint="--url") from None
    return Player(target, Way(addresses[0], ca_file.read_text() if ca_file else None), secret)
