"""Authenticated ciphers, each known by the byte before what it made, so that stores may hold several (ASVS 11.2.2).

AES-256-GCM: NIST SP 800-38D. SM4-GCM: GB/T 32907-2016 in the mode of RFC 8998, here in software: no certified module.
"""

from enum import StrEnum
from typing import Protocol

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
TAG_BYTES = 16
AES_256_GCM = b"\x01"
SM4_GCM = b"\x02"


class Suite(StrEnum):
    """Which algorithms make new values; all of them open."""

    AES = "aes"
    SM = "sm"


ALGORITHMS = {Suite.AES: AES_256_GCM, Suite.SM: SM4_GCM}
KEY_BYTES = {AES_256_GCM: 32, SM4_GCM: 16}


class Aead(Protocol):
    """Both raise `cryptography.exceptions.InvalidTag` for what was altered."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None, /) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None, /) -> bytes: ...


class SM4GCM:
    """As AESGCM of the same library: the 16-byte tag follows the ciphertext."""

    def __init__(self, key: bytes) -> None:
        self._cipher = SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None, /) -> bytes:
        encryptor = Cipher(self._cipher, GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated_data or b"")
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None, /) -> bytes:
        decryptor = Cipher(self._cipher, GCM(nonce, data[-TAG_BYTES:])).decryptor()
        decryptor.authenticate_additional_data(associated_data or b"")
        return decryptor.update(data[:-TAG_BYTES]) + decryptor.finalize()


def cipher(algorithm: bytes, key: bytes) -> Aead | None:
    """None for an algorithm that isn't known, or a key that isn't of its length."""
    if len(key) != KEY_BYTES.get(algorithm):
        return None
    return AESGCM(key) if algorithm == AES_256_GCM else SM4GCM(key)


def of_installation(algorithm: bytes, master: bytes) -> Aead | None:
    """By an installation's 32-byte key: AES takes it as it is, SM4 a key derived from it with HKDF-SM3."""
    if algorithm == AES_256_GCM:
        return AESGCM(master)
    if algorithm != SM4_GCM:
        return None
    return SM4GCM(HKDF(algorithm=SM3(), length=16, salt=None, info=b"sm4-gcm").derive(master))
