"""Receipt numbers and access codes.

Both follow from the form's own token by keys of their own, so that the same form gives the same receipt however often
it is sent. The number says nothing and may be seen; the code is secret and only its keyed hash is stored.
"""

import hmac
from dataclasses import dataclass

from app.kit.crypto import derive, keyed_hash
from app.kit.identifiers import base32, luhn_digit, read_base32

NUMBER_DIGITS = 16
CODE_BYTES = 10


@dataclass(frozen=True)
class Receipt:
    """What the sender takes home: a 16-digit number whose last digit checks it, and a 16-character access code."""

    number: str
    access_code: str


class Receipts:
    """The receipts of one installation."""

    def __init__(self, master: bytes) -> None:
        self._number_key = derive(master, "receipt-number")
        self._code_key = derive(master, "access-code")
        self._hash_key = derive(master, "access-code-hash")

    def of_token(self, token: str) -> Receipt:
        """The receipt of the form with that token; always the same."""
        number = int.from_bytes(keyed_hash(self._number_key, token)) % 10 ** (NUMBER_DIGITS - 1)
        digits = str(number).zfill(NUMBER_DIGITS - 1)
        return Receipt(digits + luhn_digit(digits), base32(keyed_hash(self._code_key, token)[:CODE_BYTES]))

    def hash_code(self, number: str, access_code: str) -> bytes:
        """What is stored of a code, bound to its number."""
        return keyed_hash(self._hash_key, number, read_base32(access_code))

    def code_fits(self, stored: bytes, number: str, access_code: str) -> bool:
        """Whether the code, as a person typed it, belongs to the number."""
        return hmac.compare_digest(stored, self.hash_code(number, access_code))


def read_number(typed: str) -> str:
    """The digits of a receipt number as a person typed it, full-width or with spaces."""
    return "".join(str(int(char)) for char in typed if char.isdecimal())
