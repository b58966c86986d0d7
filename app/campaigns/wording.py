"""A comment as its words are compared: letters alone, in pieces, each told by what it does in the letter.

Width, case, punctuation, white space, emoji and the digits of numbers make no difference, nor do words that say the
same (`data/same_sense.txt`). Greetings and thanks (`data/formulas.txt`), sentences that name no subject
(`data/plain_words.txt`) and words quoted from elsewhere are no content of their own.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from hashlib import blake2b
from importlib import resources

LONGEST_TEXT = 6000
"""Letters that are compared; what a text holds beyond makes no difference, so that one comparison has a bound."""
LEAST_PIECE, LONGEST_PIECE = 10, 36
UNPUNCTUATED = 18
"""Letters of a piece where no punctuation cuts."""
QUOTED_FROM = 10
"""Letters between quotation marks from which on they are a quotation and no name or proposed word."""

OWN, PLAIN, FORMULA, QUOTED = "own", "plain", "formula", "quoted"
"""What a letter may be: content, content that names no subject, greeting or thanks, words of somebody else."""

_STRONG = frozenset("。！？!?；;…\n\r\u2028\u2029")
_OPENING, _CLOSING = "“「『‘", "”」』’"
_NUMERALS = re.compile(r"[0-9〇零一二三四五六七八九十百千万两亿]+")
_PROPOSED = re.compile(
    r"(?:改为|改成|修改为|调整为|表述为|补充|增加|增写|写明|写成|替换为|明确|规定|建议|加入|加上|添加|写入)[的为是]?$"
)
_QUOTING = re.compile(
    r"(?:第0[条款项章节点部分]+|草案|意见稿|方案|文件|办法|条例|原文|文中)(?:的|中|里|第0[条款项点]+|关于.{0,8})*"
    r"(?:规定|提出|提到|明确|指出|写道|写明|要求|说|表述|内容|是这样写的)(?:了|的|是|为)?"
)
_DEMAND = re.compile(
    r"建议|希望|请|要求|呼吁|应该|应|须|需要|必须|不能|不要|不得|反对|同意|支持|取消|增加|减少|降低|提高|禁止|允许|保留|"
    r"延长|缩短|暂缓|停止|改为|修改|尽快|落实|加强"
)
_PETITION = re.compile(r"建议|请|应|须|反对|同意|支持")
_VOICE = re.compile(
    r"建议|希望|请|呼吁|我|认为|反对|同意|应该|必须|不要|不能|不合理|要求|了|没|太|吗|呢|吧|却|根本|怎么|凭什么|不够|"
    r"都(?!市)|就(?![业医餐学诊])|(?<!人)才|越来越|拖|老是|只管"
)
_OPPOSED = re.compile(r"反对|不同意|不赞成|不认同|不支持|不敢苟同|不是这样|胡说|错误")
_NEUTRAL = re.compile(
    r"不合理|不公|不妥|不完善|不断|不仅|不但|不只|不光|不管|不论|不同(?!意)|不明确|不清|不够|不便|不方便|不好|不了|不到|"
    r"不高|不足|不少|不一|不规范|不健全|不平衡|不及时|不动|不起|不住|不安|不满|不得不|是不是|能不能|要不要|无障碍|无人|"
    r"没有|没人|未来|未成年|未必|非常|非机动车|非遗|非法|并非|除非|别墅|别人|特别|分别|区别|级别|个别|类别|性别|差别|"
    r"无法|没法|限制性|有限|限速|禁区|停车|停放|减轻|减免|减负|免费|拒绝率|反而"
)
_TURNING = re.compile(
    r"不|没|无|未|勿|别|莫|非|免|反对|拒绝|抵制|取消|禁止|停止|停办|杜绝|暂缓|推迟|缩短|缩小|降低|减少|压缩|限制|收紧|关闭|拆除|叫停|否决"
)


@dataclass(frozen=True)
class Piece:
    """Letters `start` ≤ i < `end`. `weight` is how many of them are content of the letter's own; 0 for a greeting or a
    quotation. A demand says how something is to be, a petition so that its opposite is another opinion; a voice is
    somebody's own, as a draft never speaks."""

    start: int
    end: int
    weight: int
    quoted: int
    is_demand: bool
    is_petition: bool
    has_voice: bool


class Wording:
    """What of a text is compared. `letters[i]` is at code point `places[i]` of the text."""

    def __init__(self, text: str) -> None:
        plain = _Plain(text)
        own = _own(plain)
        self.letters, self.places, own = _in_one_sense(plain, own)
        self._own = own
        breaks = {place for place, _ in plain.breaks}
        strong = {place for place, is_strong in plain.breaks if is_strong}
        self.pieces = tuple(_pieces(self, sorted(breaks), strong))

    @cached_property
    def weight(self) -> int:
        """Letters of content."""
        return sum(piece.weight for piece in self.pieces)

    @cached_property
    def content(self) -> tuple[Piece, ...]:
        return tuple(piece for piece in self.pieces if piece.weight)

    @cached_property
    def own_hash(self) -> str:
        """Equal for texts that differ in nothing that is compared."""
        return blake2b(self.letters.encode(), digest_size=16).hexdigest()

    def of(self, piece: Piece) -> str:
        return self.letters[piece.start : piece.end]

    def count(self, kind: str, start: int, end: int) -> int:
        return self._own[start:end].count(kind)

    def extent(self, start: int, end: int) -> tuple[int, int]:
        """Where letters `start` to `end` stand in the text, in code points."""
        return self.places[start], self.places[end - 1] + 1


def turned(letters: str) -> bool:
    """Whether an odd number of its words turns what is asked into its opposite."""
    return len(_TURNING.findall(_NEUTRAL.sub("", letters))) % 2 == 1


class _Plain:
    """Letters of a text in one width and case, numbers as 0; where its punctuation stood."""

    def __init__(self, text: str) -> None:
        letters: list[str] = []
        self.places: list[int] = []
        self.breaks: list[tuple[int, bool]] = []
        self.quotes: list[tuple[int, int]] = []
        opened: list[int] = []
        for place, character in enumerate(text):
            if len(self.places) >= LONGEST_TEXT:
                break
            kept = _letters_of(character)
            if kept:
                letters.append(kept)
                self.places += [place] * len(kept)
                continue
            if unicodedata.category(character) in {"Mn", "Cf"}:
                continue
            self.breaks.append((place, character in _STRONG))
            if character in _OPENING or (character == '"' and not opened):
                opened.append(len(self.places))
            elif (character in _CLOSING or character == '"') and opened:
                self.quotes.append((opened.pop(), len(self.places)))
        self.letters = "".join(letters)


@lru_cache(maxsize=1 << 16)
def _letters_of(character: str) -> str:
    return "".join(plain for plain in unicodedata.normalize("NFKC", character).casefold() if plain.isalnum())


def _own(plain: _Plain) -> list[str]:
    """What each letter is."""
    own = [OWN] * len(plain.letters)
    for found in _plain_words().finditer(plain.letters):
        own[found.start() : found.end()] = [PLAIN] * (found.end() - found.start())
    counted = _NUMERALS.sub(lambda found: "0" * len(found[0]), plain.letters)
    for start, end in plain.quotes:
        if end - start >= QUOTED_FROM and not _is_taken_over(plain.letters, start, end):
            own[start:end] = [QUOTED] * (end - start)
    for found in re.finditer(_QUOTING.pattern.replace("0", "0+"), counted):
        end = _quotation_end(plain, found.end())
        if end - found.end() >= QUOTED_FROM:
            own[found.start() : end] = [QUOTED] * (end - found.start())
    for found in _formulas().finditer(plain.letters):
        own[found.start() : found.end()] = [FORMULA] * (found.end() - found.start())
    return own


def _is_taken_over(letters: str, start: int, end: int) -> bool:
    """Whether what is between quotation marks is what the writer wants: wording proposed, or a letter passed on."""
    if _PROPOSED.search(letters[max(0, start - 8) : start]):
        return True
    return bool(_VOICE.search(letters[start:end])) and not _OPPOSED.search(letters[:start] + letters[end:])


def _quotation_end(plain: _Plain, letter: int) -> int:
    """Where what is quoted from `letter` on without quotation marks ends: with its sentence, or before a phrase that
    is somebody's own."""
    done = letter
    for place, is_strong in plain.breaks:
        end = bisect_left(plain.places, place)
        if end <= letter:
            continue
        if _VOICE.search(plain.letters[done:end]):
            return done
        if is_strong:
            return end
        done = end
    return done if _VOICE.search(plain.letters[done:]) else len(plain.letters)


def _in_one_sense(plain: _Plain, own: list[str]) -> tuple[str, list[int], list[str]]:
    """The letters with one word for each sense and 0 for each number; places and ownership go with them."""
    expression, words = _senses()
    letters: list[str] = []
    places: list[int] = []
    kept: list[str] = []
    done = 0
    for found in expression.finditer(plain.letters):
        start, end = found.span()
        word = words.get(found[0], "0")
        letters += [plain.letters[done:start], word]
        places += plain.places[done:start]
        kept += own[done:start]
        step = (end - 1 - start) / max(1, len(word) - 1)
        inside = [start + round(step * i) for i in range(len(word))]
        places += [plain.places[i] for i in inside]
        kept += [own[i] for i in inside]
        done = end
    letters.append(plain.letters[done:])
    return "".join(letters), places + plain.places[done:], kept + own[done:]


def _pieces(wording: Wording, breaks: list[int], strong: set[int]) -> Iterator[Piece]:
    """Sentences cut at punctuation into pieces that are long enough to be told from others, and short enough to be
    left out or changed alone."""
    start, places, letters = 0, wording.places, wording.letters
    ends = [(bisect_left(places, place), place in strong) for place in breaks] + [(len(letters), True)]
    for end, is_strong in ends:
        while end - start > LONGEST_PIECE:
            count = -(-(end - start) // UNPUNCTUATED)
            middle = start + (end - start) // count
            yield _piece(wording, start, middle)
            start = middle
        if end - start >= LEAST_PIECE or (is_strong and end > start):
            yield _piece(wording, start, end)
            start = end


def _piece(wording: Wording, start: int, end: int) -> Piece:
    letters = wording.letters[start:end]
    named, quoted = wording.count(OWN, start, end), wording.count(QUOTED, start, end)
    weight = named + wording.count(PLAIN, start, end)
    is_demand, has_voice = bool(_DEMAND.search(letters)), bool(_VOICE.search(letters))
    is_content = weight >= 4 and weight * 5 >= (end - start) * 2 and named >= 3 - is_demand and named * 4 >= weight
    while is_content and wording.count(FORMULA, start, start + 1):
        start += 1
    while is_content and wording.count(FORMULA, end - 1, end):
        end -= 1
    return Piece(start, end, weight if is_content else 0, quoted, is_demand, bool(_PETITION.search(letters)), has_voice)


@cache
def _formulas() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{line})" for line in _lines("formulas.txt")))


@cache
def _plain_words() -> re.Pattern[str]:
    words = {word for line in _lines("plain_words.txt") for word in line.split()}
    return re.compile("|".join(sorted(words, key=lambda word: (-len(word), word))))


@cache
def _senses() -> tuple[re.Pattern[str], dict[str, str]]:
    """What is replaced: words of a group by its first, longer words before shorter ones, and numbers."""
    words = {word: line.split()[0] for line in _lines("same_sense.txt") for word in line.split()}
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile("|".join([*longest_first, _NUMERALS.pattern])), words


def _lines(name: str) -> list[str]:
    text = resources.files("app.campaigns").joinpath("data", name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
