"""What the form's script does: looking for the numbers of a proof of work, in native code."""

from argon2.low_level import Type, hash_secret_raw

from app.captcha.challenge import Challenge
from app.captcha.proof import MEMORY, NUMBERS, TAG_BYTES, threshold


def tag(nonce: str, number: int, memory: int = MEMORY) -> bytes:
    """Argon2id as the browser computes it."""
    return hash_secret_raw(
        str(number).encode(),
        bytes.fromhex(nonce),
        time_cost=1,
        memory_cost=memory,
        parallelism=1,
        hash_len=TAG_BYTES,
        type=Type.ID,
    )


def is_small(challenge: Challenge, number: int) -> bool:
    return int.from_bytes(tag(challenge.nonce, number)[:4]) < threshold(challenge.work)


def proof_of(challenge: Challenge) -> str:
    """The lowest numbers that prove the work."""
    found: list[int] = []
    number = 0
    while len(found) < NUMBERS:
        number += 1
        if is_small(challenge, number):
            found.append(number)
    return ",".join(map(str, found))
