"""Width and white space of Chinese text, as code points: every function here is pure and total."""

import re
import unicodedata

_BRACKETS = str.maketrans("()[]【】〔〕［］{}｛｝", "（）（）（）（）（）（）（）")
_PUNCTUATION = str.maketrans({":": "：", ",": "，", ";": "；", "!": "！", "?": "？", "﹕": "：", "｡": "。", "､": "、"})
_WHITE_SPACE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_INNER_SPACE = re.compile(r"[ \t\u00a0\u2000-\u200f\u202f\u205f\u2060\u3000\ufeff]+")


def _fold_character(character: str) -> str:
    if "\uff01" <= character <= "\uff5e":
        return chr(ord(character) - 0xFEE0)
    if "\uf900" <= character <= "\ufaff" or "\u2e80" <= character <= "\u2fdf":
        wide = unicodedata.normalize("NFKC", character)
        return wide if len(wide) == 1 else character
    return character


def fold(text: str) -> str:
    """One form of every width: ASCII letters and digits half-width, Chinese punctuation and all brackets full-width.

    The result has exactly the length of the input, so an offset into one is an offset into the other.
    """
    if text.isascii():
        return text.translate(_BRACKETS).translate(_PUNCTUATION)
    return "".join(map(_fold_character, text)).translate(_BRACKETS).translate(_PUNCTUATION)


def squeeze(text: str) -> str:
    """All white space removed, the invisible kinds too: Chinese words don't depend on it."""
    return _WHITE_SPACE.sub("", text)


def tidy(text: str) -> str:
    """The line without outer white space and with every inner run of blanks as one space."""
    return _INNER_SPACE.sub(" ", text).strip()


def comparable(text: str) -> str:
    """The key under which two spellings of one name are equal: folded, without white space."""
    return fold(squeeze(text))
