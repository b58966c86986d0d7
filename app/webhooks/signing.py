"""Signatures by the Standard Webhooks specification (standardwebhooks.com). Pure but for chance.

What is signed is `id.timestamp.body`, with HMAC-SHA256 (`v1`) and, where a receiver has a key pair, with Ed25519 too
(`v1a`, RFC 8032); the id is the same over all attempts, the timestamp is new.
"""

import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PREFIX = "whsec_"
PRIVATE, PUBLIC = "whsk_", "whpk_"
SECRET_BYTES = 32
TOLERANCE = timedelta(minutes=5)
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


class Unfit(Exception):
    """The message isn't to be believed; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def new_secret() -> str:
    """`whsec_` and 32 random bytes in base64."""
    return PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def new_pair() -> tuple[str, str]:
    """A private key as `whsk_` and its seed, and the public one as `whpk_`, each of 32 bytes in base64."""
    made = Ed25519PrivateKey.generate()
    public = made.public_key().public_bytes_raw()
    return PRIVATE + b64encode(made.private_bytes_raw()).decode(), PUBLIC + b64encode(public).decode()


def is_secret(text: str) -> bool:
    """Whether it has the form of the specification: `whsec_` and base64 of 24 to 64 bytes."""
    try:
        return text.startswith(PREFIX) and 24 <= len(b64decode(text.removeprefix(PREFIX), validate=True)) <= 64
    except ValueError:
        return False


def headers(keys: Sequence[str], message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers of one attempt, with a signature by each secret or private key: a receiver may know any."""
    timestamp = str(int(at.timestamp()))
    signatures = [_signed(key, message_id, timestamp, body) for key in keys]
    return {ID: message_id, TIMESTAMP: timestamp, SIGNATURE: " ".join(signatures)}


def verify(key: str, received: Mapping[str, str], body: bytes, now: datetime) -> str:
    """What a receiver does: the message's id, under which it is done once.

    `received` are headers by their names in lower case. Raises Unfit: `missing_header`, `bad_timestamp`,
    `stale_timestamp` (more than 5 minutes off, either way), `wrong_signature`.
    """
    try:
        message_id, timestamp, signatures = received[ID], received[TIMESTAMP], received[SIGNATURE]
    except KeyError:
        raise Unfit("missing_header") from None
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) < 12):
        raise Unfit("bad_timestamp")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        raise Unfit("stale_timestamp")
    wanted = f"v1,{_signature(key, message_id, timestamp, body)}".encode()
    if not any(hmac.compare_digest(wanted, one.encode()) for one in signatures.split()):
        raise Unfit("wrong_signature")
    return message_id


def _signed(key: str, message_id: str, timestamp: str, body: bytes) -> str:
    if not key.startswith(PRIVATE):
        return f"v1,{_signature(key, message_id, timestamp, body)}"
    private = Ed25519PrivateKey.from_private_bytes(b64decode(key.removeprefix(PRIVATE)))
    return f"v1a,{b64encode(private.sign(f'{message_id}.{timestamp}.'.encode() + body)).decode()}"


def _signature(key: str, message_id: str, timestamp: str, body: bytes) -> str:
    signed = f"{message_id}.{timestamp}.".encode() + body
    return b64encode(hmac.digest(b64decode(key.removeprefix(PREFIX)), signed, "sha256")).decode()
