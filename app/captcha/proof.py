"""Proof of work: a browser looks for numbers whose Argon2id tag (RFC 9106) is small; one hash each shows that they are.

The salt is the nonce of the challenge and the work stands in the same signed token, so that neither can be exchanged.
Several small searches instead of one make the time less a matter of luck: with four of them one proof in twenty takes
more than twice the average time, with a single one it would be three times.
"""

import re
from itertools import pairwise

from argon2.low_level import Type, hash_secret_raw

from app.captcha.challenge import Challenge

MEMORY = 2048
"""KiB."""
NUMBERS = 4
TAG_BYTES = 16
GREATEST = 10_000_000
WRITTEN = re.compile(rf"\d{{1,8}}(,\d{{1,8}}){{{NUMBERS - 1}}}", re.ASCII)


def threshold(work: int) -> int:
    """The first four bytes of a tag must be less; one tag in work / NUMBERS is."""
    return 2**32 * NUMBERS // max(work, NUMBERS)


def numbers_of(proof: str) -> list[int] | None:
    """The numbers that a proof names; None unless it is written as proofs are: ascending, separated by commas."""
    if not WRITTEN.fullmatch(proof):
        return None
    numbers = [int(number) for number in proof.split(",")]
    ascending = all(earlier < later for earlier, later in pairwise(numbers))
    written_so = ",".join(map(str, numbers)) == proof
    return numbers if ascending and written_so and numbers[-1] <= GREATEST else None


def is_proven(challenge: Challenge, proof: str) -> bool:
    """Computes at most NUMBERS hashes of MEMORY KiB; of a wrong proof those up to its first wrong number."""
    numbers = numbers_of(proof)
    if numbers is None:
        return False
    salt, below = bytes.fromhex(challenge.nonce), threshold(challenge.work)
    return all(_first_bytes(number, salt) < below for number in numbers)


def _first_bytes(number: int, salt: bytes) -> int:
    password = str(number).encode()
    tag = hash_secret_raw(
        password, salt, time_cost=1, memory_cost=MEMORY, parallelism=1, hash_len=TAG_BYTES, type=Type.ID
    )
    return int.from_bytes(tag[:4])
