"""Identifiers: time-ordered record ids, and numbers a person can read out over the telephone."""

import secrets
import threading
import time
import unicodedata
import uuid
from datetime import timedelta

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOW_BITS = (1 << 62) - 1
STEP_BITS = (1 << 32) - 1
_making = threading.Lock()
_last = [0, 0]
"""The millisecond of the newest id of this process, and its random bits."""


def new_id() -> uuid.UUID:
    """A UUID version 7 (RFC 9562 §5.7): sorts by the millisecond it was made, so that inserts stay local.

    Those that one process makes in one millisecond sort in the order they were made (§6.2, method 2): each is above the
    one before by a random step.
    """
    # 73 of 74 bits, so that steps have room. Drawn before the lock is taken: drawing lets other threads go on.
    drawn = secrets.randbits(73)
    with _making:
        milliseconds = time.time_ns() // 1_000_000
        low = drawn if milliseconds != _last[0] else _last[1] + 1 + (drawn & STEP_BITS)
        _last[:] = milliseconds, low
    return uuid.UUID(int=(milliseconds << 80) | (0x7 << 76) | (low >> 62 << 64) | (0b10 << 62) | (low & LOW_BITS))


def shortly_before(id: uuid.UUID, span: timedelta) -> uuid.UUID:
    """The smallest id of that time before the one that `new_id` made."""
    milliseconds = (id.int >> 80) - int(span.total_seconds() * 1000)
    return uuid.UUID(int=max(0, milliseconds) << 80)


def luhn_digit(digits: str) -> str:
    """The check digit of ISO/IEC 7812-1 annex B: catches any single wrong digit and most swapped neighbours."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def base32(data: bytes) -> str:
    """Crockford's base 32 of whole bytes, without I, L, O and U; the length is ceil(8·len/5)."""
    bits = int.from_bytes(data) << (-8 * len(data) % 5)
    length = -(-8 * len(data) // 5)
    return "".join(CROCKFORD[(bits >> (5 * place)) & 31] for place in reversed(range(length)))


def read_base32(text: str) -> str:
    """What a person typed, as `base32` writes it: upper case, half width, no separators, O as 0, I and L as 1."""
    plain = "".join(char for char in unicodedata.normalize("NFKC", text).upper() if char.isalnum())
    return plain.translate(str.maketrans("OIL", "011"))


def in_groups(text: str, size: int = 4) -> str:
    """The same characters in groups, a space between them, for reading aloud."""
    return " ".join(text[start : start + size] for start in range(0, len(text), size))
