"""What single steps of taking a comment in cost, each alone and without a store, in microseconds of processor."""

import time
import uuid
from collections.abc import Callable
from urllib.parse import parse_qsl

from app.captcha import proof
from app.captcha.challenge import EVER, Challenge
from app.kit.crypto import Sealer
from app.kit.forms import parse_form
from app.masking.anonymise import anonymise
from app.submissions.vault import Vault
from benchmarks.posting import Poster, Target
from benchmarks.service import as_secrets, new_keys
from tests.support.journey import identity

LEAST_SECONDS = 0.3
WORK = proof.NUMBERS


def spent() -> dict[str, float]:
    """Step → microseconds."""
    secrets = as_secrets(new_keys())
    target = Target("parts", uuid.UUID(int=1), uuid.UUID(int=2))
    post = Poster(secrets, target).post(1)
    vault = Vault(Sealer(secrets.sealing, secrets.sealing_id), secrets.index, "sha256")
    challenge = Challenge("ab" * 16, "", EVER, work=WORK)
    solved = ",".join(map(str, range(WORK)))
    who = identity(1)
    steps: dict[str, Callable[[], object]] = {
        "reading the form (parse_form)": lambda: parse_form(post.body),
        "the same by urllib's parse_qsl, for comparison": lambda: parse_qsl(post.body.decode()),
        f"judging a proof of work: one Argon2id of {proof.MEMORY} KiB": (
            lambda: proof.is_proven(challenge, solved, (0,))
        ),
        f"the same while many are wrong: {proof.NUMBERS} of them": lambda: proof.is_proven(challenge, solved),
        "sealing the identity": lambda: vault.seal(who, uuid.UUID(int=3), uuid.UUID(int=4)),
        "masking for display": lambda: anonymise(post.text, ()),
    }
    return {name: _each(step) for name, step in steps.items()}


def _each(step: Callable[[], object]) -> float:
    step()
    begun, done = time.process_time(), 0
    while (gone := time.process_time() - begun) < LEAST_SECONDS:
        step()
        done += 1
    return 1e6 * gone / done
