"""Numbers as Word prints them in lists. Source: ECMA-376 part 1 § 17.18.59, ST_NumberFormat. Pure."""

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_LEGAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L")),
    *((40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)
_LARGEST_COUNTED = 9999
_MOST_LETTERS = 10


def counted(number: int, digits: str = _DIGITS, units: tuple[str, ...] = ("", "十", "百", "千")) -> str:
    """Chinese counting as in 第一百零一条; digits alone above 9999."""
    if number > _LARGEST_COUNTED:
        return digit_by_digit(number, digits)
    if number == 0:
        return "零"
    pieces: list[str] = []
    skipped = False
    for place in range(len(str(number)) - 1, -1, -1):
        digit = number // 10**place % 10
        if digit == 0:
            skipped = True
            continue
        pieces.append("零" * (skipped and bool(pieces)) + digits[digit] + units[place])
        skipped = False
    spoken = "".join(pieces)
    return spoken[1:] if digits is _DIGITS and spoken.startswith("一十") else spoken


def digit_by_digit(number: int, digits: str = _DIGITS) -> str:
    return "".join(digits[int(digit)] for digit in str(number))


def _legal(number: int) -> str:
    return counted(number, _LEGAL_DIGITS, ("", "拾", "佰", "仟"))


def _roman(number: int) -> str:
    if not 0 < number <= _LARGEST_COUNTED:
        return str(number)
    pieces = []
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        pieces.append(letters * times)
    return "".join(pieces)


def _lettered(number: int) -> str:
    """A to Z, then AA, BB: Word repeats the letter."""
    times, place = divmod(number - 1, 26)
    return chr(ord("A") + place) * (times + 1) if 0 <= times < _MOST_LETTERS else str(number)


def _circled(number: int) -> str:
    for first, last, sign in ((1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1)):
        if first <= number <= last:
            return chr(sign + number - first)
    return str(number)


def _sign_of(first_sign: int) -> Callable[[int], str]:
    return lambda number: chr(first_sign + number - 1) if 1 <= number <= 20 else str(number)


def _one_of(signs: str) -> Callable[[int], str]:
    return lambda number: signs[number - 1] if 1 <= number <= len(signs) else str(number)


def _full_width(number: int) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))


_COUNTING = ("chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand")
_MORE_COUNTING = ("japaneseCounting", "koreanCounting", "koreanDigital")
_DIGITAL = ("ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand", "koreanDigital2")
_FORMATS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys((*_COUNTING, *_MORE_COUNTING), counted),
    **dict.fromkeys(_DIGITAL, digit_by_digit),
    **dict.fromkeys(("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"), _legal),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _circled),
    **dict.fromkeys(("decimalFullWidth", "decimalFullWidth2"), _full_width),
    "ideographTraditional": _one_of(_STEMS),
    "ideographZodiac": _one_of(_BRANCHES),
    "ideographEnclosedCircle": _one_of("㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"),
    "decimalEnclosedParen": _sign_of(0x2474),
    "decimalEnclosedFullstop": _sign_of(0x2488),
    "decimalZero": lambda number: f"{number:02}",
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": _lettered,
    "lowerLetter": lambda number: _lettered(number).lower(),
    "numberInDash": lambda number: f"-{number}-",
    "none": lambda _: "",
    "bullet": lambda _: "",
}


def printed(number: int, number_format: str) -> str:
    """The number in one of Word's formats; decimal in those that no Chinese document uses."""
    return _FORMATS.get(number_format, str)(number)
