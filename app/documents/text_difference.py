"""What was inserted in a text and what was deleted from it, in pieces that a reader of Chinese can follow.

Pure.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from diff_match_patch import diff_match_patch  # type: ignore[import-untyped]
from rapidfuzz.distance import LCSseq, Postfix, Prefix

from app.documents.word_sense import Side, WordSense, has_sign
from app.kit.text import fold, squeeze

_SENTENCE = re.compile(r"[^。；！？\n]*[。；！？\n]|[^。；！？\n]+")
_LARGEST = 4_000_000
_TOOL = diff_match_patch()
_DELETE, _INSERT, _EQUAL = _TOOL.DIFF_DELETE, _TOOL.DIFF_INSERT, _TOOL.DIFF_EQUAL


class Op(StrEnum):
    """What became of a piece on the way from the draft to the final text."""

    EQUAL = "equal"
    INSERT = "insert"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text. `form_only` marks changes of width or white space alone, as from , to ，."""

    op: Op
    text: str
    form_only: bool = False


_Runs = list[tuple[Op, str]]
_OPS = {_DELETE: Op.DELETE, _INSERT: Op.INSERT, _EQUAL: Op.EQUAL}


_NO_SENSE = WordSense()


def difference(draft: str, final: str, sense: WordSense = _NO_SENSE) -> tuple[Piece, ...]:
    """The pieces in reading order; a deletion comes before the insertion that takes its place.

    Equal and deleted pieces joined are exactly `draft`, equal and inserted ones exactly `final`. Texts are aligned by
    characters without regard to width, names that `sense` knows as one; scraps of agreement between changes are given
    up, and a single changed character takes its neighbour along where `sense` knows the two as a word. Very long texts
    are aligned by sentences first. The same texts always give the same pieces.
    """
    if draft == final:
        return (Piece(Op.EQUAL, draft),) if draft else ()
    folded = (fold(draft), fold(final))
    if any(map(has_sign, folded)):
        runs = _runs(*folded)
    else:
        runs = [(op, sense.without_signs(text)) for op, text in _runs(*map(sense.with_signs, folded))]
    return tuple(_as_printed(_with_whole_words(runs, sense), draft, final))


def _runs(draft: str, final: str) -> _Runs:
    if len(draft) * len(final) <= _LARGEST:
        return _by_characters(draft, final)
    return _in_order(_by_sentences(_SENTENCE.findall(draft), _SENTENCE.findall(final)))


def _by_characters(draft: str, final: str) -> _Runs:
    raw = list[tuple[int, str]]()
    for block in LCSseq.opcodes(draft, final):
        ours = draft[block.src_start : block.src_end]
        if block.tag == "equal":
            raw.append((_EQUAL, ours))
        else:
            raw += [(_DELETE, ours), (_INSERT, final[block.dest_start : block.dest_end])]
    raw = [(sign, text) for sign, text in raw if text]
    _TOOL.diff_cleanupMerge(raw)
    _TOOL.diff_cleanupSemantic(raw)
    runs = _in_order((_OPS[sign], text) for sign, text in raw)
    return _in_order(_regained(runs))


def _by_sentences(draft: Sequence[str], final: Sequence[str]) -> Iterator[tuple[Op, str]]:
    """Whole sentences first, then characters between those that stayed, where that is not too much."""
    at = to = 0
    for block in LCSseq.opcodes(draft, final):
        if block.tag == "equal":
            yield from _between("".join(draft[at : block.src_start]), "".join(final[to : block.dest_start]))
            yield Op.EQUAL, "".join(draft[block.src_start : block.src_end])
            at, to = block.src_end, block.dest_end
    yield from _between("".join(draft[at:]), "".join(final[to:]))


def _between(draft: str, final: str) -> _Runs:
    if len(draft) * len(final) <= _LARGEST:
        return _by_characters(draft, final)
    return [(Op.DELETE, draft), (Op.INSERT, final)]


def _regained(runs: _Runs) -> Iterator[tuple[Op, str]]:
    """What a deletion and its insertion begin or end with alike was not changed, nor a name that is in both."""
    for equal, group in groupby(runs, key=lambda run: run[0] is Op.EQUAL):
        change = dict(group)
        if equal or len(change) == 1:
            yield from change.items()
            continue
        old, new = change[Op.DELETE], change[Op.INSERT]
        head = Prefix.similarity(old, new)
        tail = Postfix.similarity(old[head:], new[head:])
        yield Op.EQUAL, old[:head]
        yield from _around_names(old[head : len(old) - tail], new[head : len(new) - tail])
        yield Op.EQUAL, old[len(old) - tail :]


def _around_names(old: str, new: str) -> Iterator[tuple[Op, str]]:
    if not (has_sign(old) and has_sign(new)):
        yield from ((Op.DELETE, old), (Op.INSERT, new))
        return
    for block in LCSseq.opcodes(old, new):
        ours, theirs = old[block.src_start : block.src_end], new[block.dest_start : block.dest_end]
        if block.tag == "equal" and has_sign(ours):
            yield Op.EQUAL, ours
        else:
            yield from ((Op.DELETE, ours), (Op.INSERT, theirs))


def _in_order(runs: Iterable[tuple[Op, str]]) -> _Runs:
    """Neighbours of one kind joined, and in each change the deletion before the insertion."""
    ordered: _Runs = []
    for equal, group in groupby(runs, key=lambda run: run[0] is Op.EQUAL):
        change = list(group)
        for op in (Op.EQUAL,) if equal else (Op.DELETE, Op.INSERT):
            if text := "".join(text for kind, text in change if kind is op):
                ordered.append((op, text))
    return ordered


def _with_whole_words(runs: _Runs, sense: WordSense) -> _Runs:
    """A character that was replaced takes along the neighbour that makes a word with both, if one does."""
    widened = list(runs)
    for index in range(len(runs) - 1):
        (op, deleted), (next_op, inserted) = runs[index : index + 2]
        if (op, next_op, len(deleted), len(inserted)) == (Op.DELETE, Op.INSERT, 1, 1):
            _widen(widened, index, sense)
    return _in_order(run for run in widened if run[1])


def _widen(runs: _Runs, at: int, sense: WordSense) -> None:
    before = runs[at - 1][1] if at else ""
    after = runs[at + 2][1] if at + 2 < len(runs) else ""
    deleted, inserted = runs[at][1], runs[at + 1][1]
    side = sense.side(before[-1:], (deleted, inserted), after[:1])
    if side is Side.LEFT:
        runs[at - 1 : at + 2] = [
            (Op.EQUAL, before[:-1]),
            (Op.DELETE, before[-1] + deleted),
            (Op.INSERT, before[-1] + inserted),
        ]
    elif side is Side.RIGHT:
        runs[at : at + 3] = [
            (Op.DELETE, deleted + after[0]),
            (Op.INSERT, inserted + after[0]),
            (Op.EQUAL, after[1:]),
        ]


def _as_printed(runs: _Runs, draft: str, final: str) -> Iterator[Piece]:
    """The runs with the characters of the two texts; where only their form differs, a change of form."""
    at = to = 0
    for op, text in runs:
        printed, reprinted = draft[at : at + len(text)], final[to : to + len(text)]
        if op is Op.EQUAL:
            yield from _equal_or_reformed(printed, reprinted)
        else:
            changed = printed if op is Op.DELETE else reprinted
            yield Piece(op, changed, form_only=not squeeze(changed))
        at += len(text) * (op is not Op.INSERT)
        to += len(text) * (op is not Op.DELETE)


def _equal_or_reformed(printed: str, reprinted: str) -> Iterator[Piece]:
    for same, group in groupby(zip(printed, reprinted, strict=True), key=lambda both: both[0] == both[1]):
        olds, news = map("".join, zip(*group, strict=True))
        if same:
            yield Piece(Op.EQUAL, olds)
        else:
            yield Piece(Op.DELETE, olds, form_only=True)
            yield Piece(Op.INSERT, news, form_only=True)
