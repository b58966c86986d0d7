"""Proof of work: a browser looks for numbers whose Argon2id tag (RFC 9106) is small; one hash each shows that they are.

The salt is the nonce of the challenge and the work stands in the same signed token, so that neither can be exchanged.
Several small searches instead of one make the time less a matter of luck: with four of them one proof in twenty takes
more than twice the average time, with a single one it would be three times.

One of them, which the sender can't foresee, is enough to look at where a wrong one costs the whole challenge: whoever
found k of N gets through with k / N and has paid k / N, so that a comment costs the same on average whatever k is. That
leaves whoever looked for nothing and guesses: one guess in work / N is right. So `gate` looks at all of them as soon as
more than a few were wrong (docs/decisions/0027-one-of-four-numbers.md).
"""

import re
from collections.abc import Collection
from itertools import pairwise

from argon2.low_level import Type, hash_secret_raw

from app.captcha.challenge import Challenge

MEMORY = 512
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


def is_proven(challenge: Challenge, proof: str, places: Collection[int] = range(NUMBERS)) -> bool:
    """Whether the numbers at these places (from 0) are right; a hash of MEMORY KiB each, up to the first wrong one."""
    numbers = numbers_of(proof)
    if numbers is None:
        return False
    salt, below = bytes.fromhex(challenge.nonce), threshold(challenge.work)
    return all(_first_bytes(numbers[place], salt) < below for place in places)


def _first_bytes(number: int, salt: bytes) -> int:
    password = str(number).encode()
    tag = hash_secret_raw(
        password, salt, time_cost=1, memory_cost=MEMORY, parallelism=1, hash_len=TAG_BYTES, type=Type.ID
    )
    return int.from_bytes(tag[:4])
