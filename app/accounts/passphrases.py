"""Which passwords are refused.

Sources: OWASP ASVS 5.0, 6.2.1 to 6.2.12, and NIST SP 800-63B-4 §3.1.1.2. Length counts, kinds of characters don't: no
rule asks for digits or capitals, none makes a good password expire. Refused is what an attacker tries first: passwords
made of common words and names of this service or of its user, of runs on the keyboard, of counting and of repetition.
A password is compared in the form NFKC (Unicode Standard Annex #15), so that full-width letters of an input method are
the same as plain ones; beyond that it is taken as it is, to its last character.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

SHORTEST = 12
LONGEST = 256
OWN_MATTER = 5
"""Different characters that must be left when all that is common has been taken out."""
SHORTEST_CONTEXT = 3
SERVICE = ("yanlu", "言路")
COMMON = Path(__file__).parent / "data" / "common_passwords.txt"
ROWS = ("`1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "一二三四五六七八九十", "零一二三四五六七八九")
COLUMNS = (
    "1qaz",
    "2wsx",
    "3edc",
    "4rfv",
    "5tgb",
    "6yhn",
    "7ujm",
    "8ik,",
    "9ol.",
    "0p;/",
    "zaq1",
    "xsw2",
    "cde3",
    "vfr4",
)
SHORTEST_RUN = 3
LOOKALIKES = str.maketrans("013457@$!|", "oleastasil")
YEAR = re.compile(r"(?:19|20)\d\d(?:(?:0?[1-9]|1[0-2])(?:[0-2]?\d|3[01])?)?")
REPEATED = re.compile(r"(.{1,8}?)\1{2,}", re.DOTALL)
CUT = "\0"


def normalised(password: str) -> str:
    """The form in which a password is hashed and compared."""
    return unicodedata.normalize("NFKC", password)


def problem(password: str, context: Iterable[str] = ()) -> str | None:
    """Why the password is refused, as an error code; None when it is taken. `context`: names of its user and so on."""
    plain = normalised(password)
    if not SHORTEST <= len(plain) <= LONGEST:
        return "password_length"
    folded = plain.casefold()
    words = _words_of(context)
    readings = {folded, folded.translate(LOOKALIKES)}
    return "password_common" if min(_own_matter(reading, words) for reading in readings) < OWN_MATTER else None


def _own_matter(text: str, words: Iterable[str]) -> int:
    """How many different letters and digits are left of it."""
    left = REPEATED.sub(r"\1", text)
    for pattern in (_any_of(words), _common(), YEAR, _runs()):
        left = pattern.sub(CUT, left)
    return len({character for character in left if character.isalnum()})


def _words_of(context: Iterable[str]) -> frozenset[str]:
    """The names themselves and their parts; those of one or two letters say nothing."""
    found = set(SERVICE)
    for name in context:
        folded = normalised(name).casefold()
        found |= {folded, *re.split(r"[\W_]+", folded)}
    return frozenset(word for word in found if len(word) >= (SHORTEST_CONTEXT if word.isascii() else 2))


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """The longest of them first."""
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


@cache
def _common() -> re.Pattern[str]:
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    return _any_of({line.casefold() for line in lines if line and not line.startswith("#")})


@cache
def _runs() -> re.Pattern[str]:
    """Stretches of a keyboard's rows and columns, of the alphabet and of counting, in either direction."""
    lines = (*ROWS, "abcdefghijklmnopqrstuvwxyz", "01234567890")
    both = [*lines, *(line[::-1] for line in lines)]
    stretches = {
        line[begin : begin + length]
        for line in both
        for length in range(SHORTEST_RUN, len(line) + 1)
        for begin in range(len(line) - length + 1)
    }
    return _any_of(stretches | set(COLUMNS) | {column[::-1] for column in COLUMNS})
