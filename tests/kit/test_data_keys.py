"""Data keys, what wraps them, and the two suites of ciphers."""

import hashlib
import hmac
import secrets
import uuid

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.config.refusals import ConfigurationError
from app.config.secret_keys import load_secrets
from app.config.values import Environment, Settings
from app.kit.ciphers import AES_256_GCM, NONCE_BYTES, SM4_GCM, SM4GCM, Suite, cipher
from app.kit.crypto import Sealer
from app.kit.data_keys import DataKey, Remembering, Unreadable, is_of_data_key
from app.submissions.vault import Vault
from tests.support import journey

PLACE = ("submitter_identities", "phone", "row")
KEYS = {"k1": b"k" * 32}


class Kms:
    """A key management system as a site might plug it in: its key never leaves it, and it counts what it is asked."""

    key_id = "hsm-7"

    def __init__(self) -> None:
        self._cipher = AESGCM(hmac.digest(b"a key inside", b"kms", hashlib.sha256))
        self.asked = 0

    def wrap(self, key: bytes, row: str) -> bytes:
        nonce = secrets.token_bytes(12)
        return nonce + self._cipher.encrypt(nonce, key, row.encode())

    def unwrap(self, wrapped: bytes, row: str) -> bytes:
        self.asked += 1
        try:
            return self._cipher.decrypt(wrapped[:12], wrapped[12:], row.encode())
        except InvalidTag as error:
            raise Unreadable("not wrapped here") from error


def test_sm4_gcm_makes_what_rfc_8998_says() -> None:
    """Appendix A.1."""
    made = SM4GCM(bytes.fromhex("0123456789abcdeffedcba9876543210")).encrypt(
        bytes.fromhex("00001234567800000000abcd"),
        bytes.fromhex("".join(pair * 8 for pair in ("aa", "bb", "cc", "dd", "ee", "ff", "ee", "aa"))),
        bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
    )
    assert made.hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )


@pytest.mark.parametrize("suite", list(Suite))
def test_what_a_data_key_sealed_opens_in_its_place_alone(suite: Suite) -> None:
    key = DataKey.new(suite)
    sealed = key.seal("13800000001", *PLACE)
    assert is_of_data_key(sealed)
    assert DataKey(key.content).open(sealed, *PLACE) == "13800000001"
    for place in (("other", *PLACE[1:]), (PLACE[0], "email", PLACE[2]), (*PLACE[:2], "another")):
        with pytest.raises(Unreadable):
            key.open(sealed, *place)
    with pytest.raises(Unreadable):
        DataKey.new(suite).open(sealed, *PLACE)
    for at in range(len(sealed)):
        with pytest.raises(Unreadable):
            key.open(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :], *PLACE)
        with pytest.raises(Unreadable):
            key.open(sealed[:at], *PLACE)


@pytest.mark.parametrize("content", [b"", b"\x01", b"\x03" + bytes(32), b"\x01" + bytes(16), b"\x02" + bytes(32)])
def test_what_is_no_data_key_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        DataKey(content)


def test_the_installation_opens_what_either_suite_sealed() -> None:
    aes, sm = Sealer(KEYS, "k1"), Sealer(KEYS, "k1", Suite.SM)
    for one in (aes, sm):
        sealed = one.seal("value", *PLACE)
        assert sealed[:1] == {Suite.AES: AES_256_GCM, Suite.SM: SM4_GCM}[one.suite]
        assert aes.open(sealed, *PLACE) == sm.open(sealed, *PLACE) == "value"
        with pytest.raises(Unreadable):
            aes.open(bytes([sealed[0] ^ 3]) + sealed[1:], *PLACE)
    assert cipher(b"\x09", bytes(32)) is None


def test_a_wrapped_key_opens_for_its_own_record_alone() -> None:
    sealer, key = Sealer(KEYS, "k1"), DataKey.new(Suite.AES)
    wrapped = sealer.wrap(key.content, "a")
    assert sealer.unwrap(wrapped, "a") == key.content
    with pytest.raises(Unreadable):
        sealer.unwrap(wrapped, "b")


def test_a_sites_own_key_management_wraps_and_the_sealing_keys_open_nothing_of_it() -> None:
    kms, who, here = Kms(), journey.identity(1), uuid.UUID(int=1)
    vault = Vault(Sealer(KEYS, "k1", wrapper=kms), b"i" * 32, "sha256")
    identity, kept = vault.seal(who, here, here)
    assert (kept.key_id, kept.suite) == ("hsm-7", "aes")
    assert vault.open(identity) == who
    assert kms.asked == 1
    assert vault.open(Vault(Sealer(KEYS, "k1"), b"i" * 32, "sha256").seal(who, here, here)[0]) == who
    with pytest.raises(Unreadable):
        Vault(Sealer(KEYS, "k1"), b"i" * 32, "sha256").open(identity)


def test_the_way_back_from_a_sites_own_key_management() -> None:
    kms, who, here = Kms(), journey.identity(1), uuid.UUID(int=1)
    sealed, kept = Vault(Sealer(KEYS, "k1", wrapper=kms), b"i" * 32, "sha256").seal(who, here, here)
    leaving = Vault(Sealer(KEYS, "k1", former_wrapper=kms), b"i" * 32, "sha256")
    assert leaving.open(sealed) == who
    anew = leaving.kept_key(leaving.data_key(kept.wrapped, here), here)
    assert anew.key_id == "k1"
    sealed.wrapped_key = anew.wrapped
    assert Vault(Sealer(KEYS, "k1"), b"i" * 32, "sha256").open(sealed) == who


def test_every_submission_has_a_key_of_its_own_and_every_value_a_nonce_of_its_own() -> None:
    """NIST SP 800-38D, 8.3: the same key never seals twice under one nonce."""
    here, vault, sealer = uuid.UUID(int=1), Vault(Sealer(KEYS, "k1"), b"i" * 32, "sha256"), Sealer(KEYS, "k1")
    pairs = set()
    keys = set()
    for number in range(200):
        sealed, kept = vault.seal(journey.identity(number), uuid.UUID(int=number), here)
        key = sealer.unwrap(kept.wrapped, str(uuid.UUID(int=number)))
        keys.add(key)
        values = [value for value in (sealed.name, sealed.id_number, sealed.phone, sealed.email) if value]
        pairs |= {(key, value[2 : 2 + NONCE_BYTES]) for value in values}
        end = 2 + kept.wrapped[1]
        pairs.add((b"k1", kept.wrapped[end : end + NONCE_BYTES]))
    assert len(keys) == 200
    assert len(pairs) == 200 * 5


def test_only_so_many_unwrapped_keys_are_remembered() -> None:
    kms = Kms()
    remembering = Remembering(kms, most=2)
    wrapped = [remembering.wrap(bytes([one]), "row") for one in range(3)]
    for one in (0, 1, 0, 1):
        assert remembering.unwrap(wrapped[one], "row") == bytes([one])
    assert kms.asked == 2
    for one in (2, 1):
        assert remembering.unwrap(wrapped[one], "row") == bytes([one])
    assert kms.asked == 3
    remembering.unwrap(wrapped[0], "row")
    assert kms.asked == 4


def test_a_wrapper_is_named_in_the_settings_and_one_that_can_not_be_made_is_refused() -> None:
    given = {"secret_key": "s" * 32, "data_keys": f"k1:{'A' * 43}=", "index_key": "i" * 32}
    named = Settings(environment=Environment.DEMONSTRATION, key_wrapper=f"{__name__}:Kms", crypto_suite="sm", **given)
    assert Sealer.of(load_secrets(named)).wrapper.key_id == "hsm-7"
    assert Sealer.of(load_secrets(named)).suite is Suite.SM
    for wrong in ("no_such_module:Kms", f"{__name__}:Nobody", "nothing"):
        with pytest.raises(ConfigurationError, match="YANLU_KEY_WRAPPER"):
            load_secrets(Settings(environment=Environment.DEMONSTRATION, key_wrapper=wrong, **given))
