"""Characters as they are stored: what is dropped and what is made alike, before any field's own rule."""

import re
import unicodedata

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3007\U00020000-\U0003ffff"
"""Ranges for a regular expression. Planes 2 and 3 are taken whole: a Python's own character table ends before the
youngest extensions, which GB 18030-2022 with its amendment asks for."""

LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_AS_IT_IS = re.compile("[\n\t\x20-\x7e\xb7\u2014-\u201d\u2026\u3001-\u301f\u4e00-\u9fff\uff01-\uff60]*")
"""ASCII, common 汉字 and the marks of Chinese text: of them nothing is dropped or made alike."""
JOINERS = "\u200c\u200d"
"""Needed inside emoji and in some scripts, where they change what is read."""
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
MOST_MARKS = 30
"""Combining marks in a row: UAX #15 §13 (Stream-Safe Text Format) knows no language that needs more."""
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－﹣ー"), "-")


def without_invisible(text: str) -> str:
    """The text in NFC without control, bidirectional and other invisible characters, lone surrogates or noncharacters.

    Line breaks of every kind become a newline; tabs and the two joiners stay. Of combining marks in a row only the
    first thirty stay. Doing it twice changes nothing.
    """
    if _AS_IT_IS.fullmatch(text):
        return text
    unified = LINE_BREAKS.sub("\n", text)
    visible = "".join(character for character in unified if _is_kept(character))
    return unicodedata.normalize("NFC", _with_few_marks(visible))


def _with_few_marks(text: str) -> str:
    """Putting marks in their order takes time with the square of their number: a few thousand in a row stop a server.

    They are counted as if taken apart, so that composing them doesn't change their number.
    """
    kept: list[str] = []
    marks = 0
    for character in text:
        if character < "\u00c0" or "\u3400" <= character <= "\u9fff":
            marks = 0
        else:
            parts = [unicodedata.combining(part) != 0 for part in unicodedata.normalize("NFD", character)]
            marks = sum(parts) + (marks if parts[0] else 0)
        if marks <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def _is_kept(character: str) -> bool:
    if character in "\n\t" or character in JOINERS:
        return True
    code = ord(character)
    is_noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return not is_noncharacter and unicodedata.category(character) not in {"Cc", "Cf", "Cs"}


def on_one_line(text: str) -> str:
    """As `without_invisible`, every run of white space one space, none at the ends."""
    return " ".join(without_invisible(text).split())


def half_width(text: str) -> str:
    """Full-width ASCII as ASCII, and the ideographic space as a space; everything else, 。 and 、 too, as it is."""
    return text.translate(FULL_WIDTH).replace("\u3000", " ")


def with_plain_dashes(text: str) -> str:
    """Every dash and minus sign, and the prolonged-sound mark that input methods offer for one, as a hyphen."""
    return text.translate(DASHES)


def is_letter(character: str) -> bool:
    """Whether it can carry a name: a letter of any script, a 汉字 of any extension, or a private-use 汉字."""
    return unicodedata.category(character)[0] == "L" or _is_han_by_place(ord(character))


def _is_han_by_place(code: int) -> bool:
    return 0x20000 <= code <= 0x3FFFD or 0xE000 <= code <= 0xF8FF or 0xF0000 <= code <= 0x10FFFD
