"""Whether two comments ask for the same in nearly the same words. Pure.

What one holds is looked up in the other piece by piece, wherever it stands there. A piece counts as found when its
letters are nearly there and what it asks for is not turned round. Two letters that each ask for something that the
other doesn't are two opinions, whatever greeting or quotation they share, unless what they share is itself long.
"""

from dataclasses import dataclass
from enum import IntEnum

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel, Opcode

from app.campaigns.wording import Piece, Wording, turned

FOUND, FOUND_DEMAND = 66.0, 70.0
"""Of 100: the likeness to the best place in the other text from which on a piece is there."""
AROUND = 2
"""Letters around that place in which a word that turns it is looked for."""
WHOLE_PHRASE = 6
"""Letters that one text has more: left out or added, they turn nothing."""
LEAST_SHARED = 8
"""Letters of content that two comments must share, or they are too short to be told from what anybody might write."""
LEAST_INSIDE = 20
"""The same, where they are a small part of one of the two."""
ENOUGH = 0.66
"""Of a campaign's common text, what must stand in a member's."""
LEAST_DEMAND = 12
LEAST_QUOTED = 10
REWORDED = 42.0
"""Of 100: two phrases that are less alike say different things."""
WORD_FOR_WORD = 95.0
LONG_SHARED = 55
"""Letters from which on what is shared tells more than what each asks for besides."""


class Likeness(IntEnum):
    """SAME: hardly a word differs, or one holds all of the other. AKIN: the same letter, much changed or added to."""

    NONE = 0
    AKIN = 1
    SAME = 2


@dataclass(frozen=True)
class Covering:
    """How much of one text stands in another, in letters of content. `missing` are the pieces that don't."""

    weight: int
    found: int
    found_voice: int
    found_demand: int
    missing_demand: int
    is_turned: bool
    missing: tuple[Piece, ...]

    @property
    def share(self) -> float:
        return self.found / self.weight if self.weight else 0.0

    @property
    def asks_for_it(self) -> bool:
        """Whether most of what it asks for is in the other, too."""
        return self.found_demand >= LEAST_DEMAND and self.found_demand >= self.missing_demand


def covering(text: Wording, other: Wording) -> Covering:
    """How much of `text` stands in `other`. `is_turned`: the other asks for the opposite."""
    found = voice = found_demand = missing_demand = 0
    is_turned = False
    missing: list[Piece] = []
    for piece in text.content:
        turn = _is_turned(text, piece, other)
        if turn is False:
            found += piece.weight
            voice += piece.weight if piece.has_voice else 0
            found_demand += piece.weight if piece.is_demand else 0
            continue
        missing.append(piece)
        missing_demand += piece.weight if piece.is_demand else 0
        is_turned = is_turned or (turn is True and piece.is_petition)
    return Covering(text.weight, found, voice, found_demand, missing_demand, is_turned, tuple(missing))


def likeness(one: Wording, other: Wording) -> Likeness:
    """Symmetric."""
    if one.own_hash == other.own_hash:
        return Likeness.SAME
    a = covering(one, other)
    if a.is_turned or a.found < LEAST_SHARED:
        return Likeness.NONE
    b = covering(other, one)
    shared, voiced = min(a.found, b.found), min(a.found_voice, b.found_voice)
    low, high = sorted((a.share, b.share))
    if b.is_turned or shared < LEAST_SHARED or not _same_quotations(one, other, shared):
        return Likeness.NONE
    if _replaced(one, a, other, b):
        return Likeness.NONE
    each_asks_else = _each_asks_else(a, b, 0.12)
    nearly_all = low >= 0.9 or (high >= 0.85 and (low >= 0.6 or shared >= LEAST_INSIDE))
    same = nearly_all if voiced else fuzz.ratio(one.letters, other.letters) >= WORD_FOR_WORD
    if same and not each_asks_else:
        return Likeness.SAME
    much = not each_asks_else and low >= 0.6 and high >= 0.7
    long = shared >= LONG_SHARED and voiced >= LEAST_INSIDE and low >= 0.3 and a.asks_for_it and b.asks_for_it
    return Likeness.AKIN if voiced and (much or long) else Likeness.NONE


def holds(text: Wording, common: Wording) -> bool:
    """Whether a text belongs to a campaign: its common text stands in it, whatever the sender added."""
    if text.own_hash == common.own_hash:
        return True
    there = covering(common, text)
    if there.is_turned or there.found < LEAST_SHARED or there.share < ENOUGH:
        return False
    back = covering(text, common)
    if back.is_turned or not _same_quotations(text, common, there.found) or _replaced(text, back, common, there):
        return False
    asks_else = _each_asks_else(there, back, 0.2)
    if asks_else and not (there.found >= LONG_SHARED and there.asks_for_it):
        return False
    speaks = there.found_voice > 0 or min(there.share, back.share) >= 0.9
    return speaks and (there.found >= LEAST_INSIDE or back.share >= 0.6)


def _each_asks_else(a: Covering, b: Covering, much: float) -> bool:
    """Whether each asks for something that the other doesn't: for much of it, or for nothing that both do."""
    least = min(a.missing_demand, b.missing_demand)
    return least > much * min(a.weight, b.weight) or (least > 0 and min(a.found_demand, b.found_demand) == 0)


def _replaced(one: Wording, a: Covering, other: Wording, b: Covering) -> bool:
    """Whether each has something else between the same words before and after: a frame with another content in it."""
    return any(
        fuzz.partial_ratio(one.of(mine.before), other.of(its.before)) >= FOUND
        and fuzz.partial_ratio(one.of(mine.after), other.of(its.after)) >= FOUND
        and fuzz.ratio(mine.letters, its.letters) < REWORDED
        for mine in _gaps(one, a)
        for its in _gaps(other, b)
    )


@dataclass(frozen=True)
class _Gap:
    """What stands between two pieces that the other has, and isn't there."""

    before: Piece
    after: Piece
    letters: str


def _gaps(text: Wording, covered: Covering) -> list[_Gap]:
    missing = set(covered.missing)
    gaps: list[_Gap] = []
    before: Piece | None = None
    between: list[Piece] = []
    for piece in text.content:
        if piece in missing:
            between.append(piece)
            continue
        if before is not None and sum(one.weight for one in between) >= LEAST_SHARED:
            gaps.append(_Gap(before, piece, "".join(map(text.of, between))))
        before, between = piece, []
    return gaps


def _same_quotations(one: Wording, other: Wording, shared: int) -> bool:
    """Few words of one's own are about what they quote: then that must be the same."""
    return shared >= LONG_SHARED or (_quotes_stand(one, other) and _quotes_stand(other, one))


def _quotes_stand(text: Wording, other: Wording) -> bool:
    """Whether what one quotes stands in the other, too."""
    quoted = [piece for piece in text.pieces if piece.quoted * 2 > piece.end - piece.start]
    letters = sum(piece.quoted for piece in quoted)
    there = sum(piece.quoted for piece in quoted if fuzz.partial_ratio(text.of(piece), other.letters) >= FOUND)
    return letters < LEAST_QUOTED or there * 2 >= letters


def _is_turned(text: Wording, piece: Piece, other: Wording) -> bool | None:
    """None where the piece isn't there; else whether it is turned round there."""
    letters = text.of(piece)
    if letters in other.letters:
        return False
    least = FOUND_DEMAND if piece.is_demand else FOUND
    best = fuzz.partial_ratio_alignment(letters, other.letters, score_cutoff=least)
    if best is None:
        return None
    if not piece.is_demand:
        return False
    nearly = other.letters[best.dest_start : best.dest_end]
    inner = nearly[next(i for i, it in enumerate(nearly) if it in letters) :].rstrip(
        "".join(set(nearly) - set(letters))
    )
    around = other.letters[max(0, best.dest_start - AROUND) : best.dest_end + AROUND]
    if turned(letters) in {turned(inner), turned(nearly), turned(around)}:
        return False
    return None if _longest_change(letters, inner) >= WHOLE_PHRASE else True


def _longest_change(one: str, other: str) -> int:
    """Letters of the longest run that only one of them has."""
    runs = (max(op.src_end - op.src_start, op.dest_end - op.dest_start) for op in _changes(one, other))
    return max(runs, default=0)


def _changes(one: str, other: str) -> list[Opcode]:
    return [op for op in Indel.opcodes(one, other) if op.tag != "equal"]
