"""Codes of an authenticator app (TOTP, RFC 6238) and recovery codes.

A code is good for its time step of 30 s and, because clocks differ, for the step before and after; each step once.
"""

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import datetime

import pyotp

STEP = 30
"""Seconds."""
STEPS_AROUND = 1
RECOVERY_CODES = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUP, GROUPS = 4, 4
DIGITS = re.compile(r"[0-9]{6}", re.ASCII)


def new_secret() -> str:
    """160 random bits in base32, as RFC 4226 §4 recommends."""
    return pyotp.random_base32(32)


def step_of(secret: str, code: str, at: datetime, last_step: int) -> int | None:
    """The time step that the code is of; None when it is wrong, or its step was used or passed over already."""
    plain = re.sub(r"\s", "", code)
    if not DIGITS.fullmatch(plain):
        return None
    clock = pyotp.TOTP(secret, interval=STEP)
    now = int(at.timestamp()) // STEP
    steps = range(now - STEPS_AROUND, now + STEPS_AROUND + 1)
    fitting = [step for step in steps if secrets.compare_digest(clock.generate_otp(step), plain)]
    return next((step for step in fitting if step > last_step), None)


def enrolment_address(secret: str, username: str, issuer: str) -> str:
    """The `otpauth:` address that an app reads from a QR code."""
    return pyotp.TOTP(secret, interval=STEP, name=username, issuer=issuer).provisioning_uri()


def new_recovery_codes() -> Sequence[str]:
    """RECOVERY_CODES codes of about 79 random bits."""
    return ["-".join(_group() for _ in range(GROUPS)) for _ in range(RECOVERY_CODES)]


def recovery_hash(code: str) -> bytes:
    """What is kept of a code; spaces, hyphens and capitals don't matter. So many random bits need no slow hash."""
    return hashlib.sha256(re.sub(r"[\s-]", "", code).casefold().encode()).digest()


def _group() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(GROUP))
