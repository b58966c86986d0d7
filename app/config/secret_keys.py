"""The keys of one installation: given, or made once for a demonstration."""

import base64
import hashlib
import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from app.config.refusals import PREFIX, ConfigurationError
from app.config.values import Environment, Settings, split_words

DEMONSTRATION_MARK = "demonstration-"
KEYS_WANTED = "YANLU_DATA_KEYS must be like id:base64-of-32-bytes, each id once, the sealing key first"


@dataclass(frozen=True)
class Secrets:
    """The keys of one installation.

    signing: master key of tokens, receipts and cookies, at least 32 bytes; each use derives its own key.
    sealing: key id → 32-byte AES key of the sealed identity fields; `sealing_id` names the one that seals now.
    index: master key of the blind index of ID numbers, at least 32 bytes; `index_hash` is its hash, "sha256" or "sm3".
    suite: the algorithms of what is sealed from now on, "aes" or "sm".
    wrapper: what wraps the data keys of submissions in the place of the sealing keys: a KMS of the site, or None.
    former_wrapper: one that is being left: it still opens what it wrapped.
    """

    signing: bytes = field(repr=False)
    sealing: Mapping[str, bytes] = field(repr=False)
    sealing_id: str
    index: bytes = field(repr=False)
    index_hash: str = field(default="sha256", repr=False)
    suite: str = field(default="aes", repr=False)
    wrapper: Any = field(default=None, repr=False)
    former_wrapper: Any = field(default=None, repr=False)


def load_secrets(settings: Settings) -> Secrets:
    """The installation's keys, from settings or secret files.

    Outside production missing keys are made once and kept in `var_dir` (mode 0600), marked as demonstration keys.
    Raises ConfigurationError in production when a key is missing, too short, or a demonstration key.
    """
    given = {
        "secret_key": settings.secret_key.get_secret_value(),
        "data_keys": settings.data_keys.get_secret_value(),
        "index_key": settings.index_key.get_secret_value(),
    }
    if settings.index_hash not in hashlib.algorithms_available:
        raise ConfigurationError(f"{PREFIX}INDEX_HASH is {settings.index_hash}, which this OpenSSL doesn't have")
    if settings.environment is Environment.PRODUCTION:
        _refuse_unfit(given)
    elif not all(given.values()):
        kept = _demonstration_secrets(settings.var_dir / "demonstration-secrets.json")
        given = {name: value or kept[name] for name, value in given.items()}
    return replace(
        _parse(given),
        index_hash=settings.index_hash,
        suite=settings.crypto_suite,
        wrapper=_wrapper(settings.key_wrapper, "KEY_WRAPPER"),
        former_wrapper=_wrapper(settings.former_key_wrapper, "FORMER_KEY_WRAPPER"),
    )


def _wrapper(name: str, setting: str) -> Any:
    """What `module:callable` makes; the module is the site's own. Raises ConfigurationError."""
    if not name:
        return None
    module, _, made_by = name.partition(":")
    try:
        return getattr(import_module(module), made_by)()
    except Exception as error:
        kind = type(error).__name__
        raise ConfigurationError(f"{PREFIX}{setting} can't be made from {name} ({kind})") from error


def _refuse_unfit(given: Mapping[str, str]) -> None:
    for name, value in given.items():
        variable = PREFIX + name.upper()
        if not value:
            raise ConfigurationError(f"{variable} is missing; production doesn't start without it")
        if DEMONSTRATION_MARK in value:
            raise ConfigurationError(f"{variable} is a demonstration secret; make one of your own")


def _demonstration_secrets(path: Path) -> dict[str, str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = {
        "secret_key": DEMONSTRATION_MARK + secrets.token_hex(32),
        "data_keys": f"{DEMONSTRATION_MARK}1:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "index_key": DEMONSTRATION_MARK + secrets.token_hex(32),
    }
    # Written aside first: a second process that starts at the same moment finds the whole file or none.
    descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(descriptor, "w") as file:
        json.dump(made, file, indent=1)
    try:
        os.link(aside, path)
    except FileExistsError:
        kept: dict[str, str] = json.loads(path.read_text())
        return kept
    finally:
        Path(aside).unlink()
    return made


def _parse(given: Mapping[str, str]) -> Secrets:
    for name in ("secret_key", "index_key"):
        if len(given[name].encode()) < 32:
            raise ConfigurationError(f"{PREFIX}{name.upper()} is shorter than 32 bytes")
    sealing: dict[str, bytes] = {}
    for item in split_words(given["data_keys"]):
        key_id, _, encoded = item.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        if not key_id or len(key) != 32 or len(key_id) > 32 or key_id in sealing:
            raise ConfigurationError(KEYS_WANTED)
        sealing[key_id] = key
    if not sealing:
        raise ConfigurationError(KEYS_WANTED)
    return Secrets(
        signing=given["secret_key"].encode(),
        sealing=sealing,
        sealing_id=next(iter(sealing)),
        index=given["index_key"].encode(),
    )
