"""What people correct in an extraction, laid over it: the extraction itself is never changed, so each can be undone.

A clause keeps its key from reading to handing over, whatever its number becomes: `c0`, `c1`, … in printed order as
read, `n1`, `n2`, … for those that people added. Pure.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeVar

from app.documents.extracted import Clause, Unit
from app.kit.errors import NotFound, Unprocessable
from app.kit.text import comparable

LONGEST_NUMBER = 40
LONGEST_HEADING = 300
LONGEST_LABEL = 200
LONGEST_TEXT = 100_000
LONGEST_NAME = 120
MOST_UNITS = 60
_STOP = re.compile(r"[、.．。:：]+$")
Value = TypeVar("Value")


class Origin(StrEnum):
    """READ: as it was read. CORRECTED: it was read otherwise. ADDED: it was not read as a clause of its own."""

    READ = "read"
    CORRECTED = "corrected"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Wording:
    """What a person can change of a clause; `text` is None where nothing but the heading is printed."""

    number: str
    heading: str
    text: str | None
    units: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class Added:
    """A clause that stands after another ("": before all); `split_from` is the clause whose text it was, or ""."""

    key: str
    after: str
    split_from: str = ""


@dataclass(frozen=True, slots=True)
class Corrections:
    """All corrections of one extraction.

    `reworded`: key → wording, for added clauses, too. `removed`: key → the clause it was merged into, "" where it is
    no clause at all. `looked_at`: places of doubts in the extraction's list.
    """

    reworded: Mapping[str, Wording] = field(default_factory=dict)
    removed: Mapping[str, str] = field(default_factory=dict)
    added: tuple[Added, ...] = ()
    looked_at: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """A clause as it stands now, under its key; of a removed one, as it stood, and into what it was merged."""

    key: str
    clause: Clause
    origin: Origin
    removed: bool = False
    merged_into: str = ""


def laid_over(read: Sequence[Clause], corrections: Corrections) -> tuple[Row, ...]:
    """Every clause in order, removed ones at their old places; labels are unique among the others."""
    layering = _Layering(read, corrections)
    return tuple(layering.rows())


def standing(rows: Sequence[Row]) -> list[Row]:
    """The clauses without the removed ones."""
    return [row for row in rows if not row.removed]


class _Layering:
    """One pass over the clauses in their present order."""

    def __init__(self, read: Sequence[Clause], corrections: Corrections) -> None:
        self.read = {f"c{place}": clause for place, clause in enumerate(read)}
        self.corrections = corrections
        self.parents = _parent_keys(read)
        self.with_children = set(self.parents.values())
        self.following: dict[str, list[Added]] = {}
        for added in corrections.added:
            self.following.setdefault(added.after, []).append(added)
        self.now: dict[str, Clause] = {}
        self.used: set[str] = set()

    def rows(self) -> Iterator[Row]:
        yield from self._added_after("")
        for key, clause in self.read.items():
            yield self._row(key, clause)
            yield from self._added_after(key)

    def _added_after(self, key: str) -> Iterator[Row]:
        # The latest stands nearest, as each was put right after the clause.
        for added in reversed(self.following.get(key, [])):
            neighbour = self.now.get(key)
            below = bool(key) and key in self.with_children
            self.parents[added.key] = key if below else self.parents.get(key, "")
            wording = self.corrections.reworded[added.key]
            level = neighbour.level + below if neighbour else 1
            clause = Clause("", wording.number, wording.heading, level, None, wording.text, wording.units)
            yield self._row(added.key, clause, Origin.ADDED)
            yield from self._added_after(added.key)

    def _row(self, key: str, clause: Clause, origin: Origin = Origin.READ) -> Row:
        wording = self.corrections.reworded.get(key)
        if wording is not None and origin is Origin.READ:
            origin = Origin.CORRECTED
        if key in self.corrections.removed:
            self.now.setdefault(key, clause)
            return Row(key, clause, origin, removed=True, merged_into=self.corrections.removed[key])
        self.now[key] = placed = self._placed(key, clause, wording)
        return Row(key, placed, origin)

    def _placed(self, key: str, clause: Clause, wording: Wording | None) -> Clause:
        parent_key = self._standing_parent(key)
        parent = self.now.get(parent_key)
        if wording is not None:
            number, heading, text, units = wording.number, wording.heading, wording.text, wording.units
        else:
            number, heading, text, units = clause.number, clause.heading, clause.text, clause.units
        original = self.read.get(key)
        moved = parent_key != self.parents[key]
        kept = original is not None and number == original.number and not moved
        if original is not None and kept and (parent is None or parent.label == self.read[parent_key].label):
            label = original.label
        else:
            label = f"{parent.label}/{number}" if parent else number
        level = (parent.level + 1 if parent else 1) if moved else clause.level
        return Clause(self._unique(label), number, heading, level, parent.label if parent else None, text, units)

    def _standing_parent(self, key: str) -> str:
        parent = self.parents[key]
        while parent and parent in self.corrections.removed:
            parent = self.corrections.removed[parent] or self.parents[parent]
        return "" if parent == key else parent

    def _unique(self, label: str) -> str:
        path, count = label.partition("#")[0], 2
        while label in self.used:
            label, count = f"{path}#{count}", count + 1
        self.used.add(label)
        return label


def _parent_keys(read: Sequence[Clause]) -> dict[str, str]:
    """Key → the key of its parent: the nearest earlier clause with the parent's label, or with its path."""
    last: dict[str, str] = {}
    parents: dict[str, str] = {}
    for place, clause in enumerate(read):
        key = f"c{place}"
        wanted = clause.parent or ""
        parents[key] = last.get(wanted, last.get(wanted.partition("#")[0], ""))
        last[clause.label] = key
        last.setdefault(clause.label.partition("#")[0], key)
    return parents


def reworded(read: Sequence[Clause], before: Corrections, key: str, wording: Wording) -> Corrections:
    """A clause with other words or units; a wording that is the one that was read takes its correction back.

    Raises NotFound for a clause that isn't there, Unprocessable for a wording that can't be stored.
    """
    row = _row_of(laid_over(read, before), key)
    wording = checked(wording)
    kept = {other: value for other, value in before.reworded.items() if other != key}
    if row.origin is Origin.ADDED or wording != _wording_of(read[int(key[1:])]):
        kept[key] = wording
    return _with_labels(read, replace(before, reworded=kept))


def removed(read: Sequence[Clause], before: Corrections, key: str) -> Corrections:
    """Without a clause that is none; its text stays in the source. What stood below it hangs one higher."""
    row = _row_of(laid_over(read, before), key)
    if row.origin is Origin.ADDED:
        return _with_labels(read, _without_added(before, key))
    return _with_labels(read, replace(before, removed={**before.removed, key: ""}))


def merged(read: Sequence[Clause], before: Corrections, key: str) -> Corrections:
    """A clause's number, text and units joined to the clause before it. Raises Unprocessable for the first one."""
    rows = standing(laid_over(read, before))
    row = _row_of(rows, key)
    place = rows.index(row)
    if place == 0:
        raise Unprocessable("nothing_before_it")
    into = rows[place - 1]
    joined = "\n".join(filter(None, (into.clause.text or into.clause.heading, printed(row.clause))))
    named = {unit.name for unit in into.clause.units}
    units = (*into.clause.units, *(unit for unit in row.clause.units if unit.name not in named))
    wording = checked(replace(_wording_of(into.clause), text=joined, units=units))
    words = {**before.reworded, into.key: wording}
    if row.origin is Origin.ADDED:
        return _with_labels(read, _without_added(replace(before, reworded=words), key))
    return _with_labels(read, replace(before, reworded=words, removed={**before.removed, key: into.key}))


def split(read: Sequence[Clause], before: Corrections, key: str, line: int, number: str) -> Corrections:
    """Two clauses from one: the second begins at that line of the text, counted from 1, under a number of its own.

    A line that begins with that number loses it. Raises Unprocessable for the first line and for one that isn't there.
    """
    row = _row_of(standing(laid_over(read, before)), key)
    lines = (row.clause.text or "").split("\n")
    if not 1 < line <= len(lines):
        raise Unprocessable("no_such_line")
    first = replace(_wording_of(row.clause), text="\n".join(lines[: line - 1]))
    rest = "\n".join(lines[line - 1 :])
    second = checked(Wording(number, "", rest))
    begins = re.match(rf"\s*{re.escape(second.number)}\s*[、.．]?\s*", rest)
    second = replace(second, text=rest[begins.end() :] if begins else rest)
    added = Added(_new_key(before), key, split_from=key)
    words = {**before.reworded, key: checked(first), added.key: second}
    return _with_labels(read, replace(before, reworded=words, added=(*before.added, added)))


def with_added(read: Sequence[Clause], before: Corrections, after: str, wording: Wording) -> Corrections:
    """A clause more, right after another and on its level; `after` is "" for one before all others."""
    if after:
        _row_of(standing(laid_over(read, before)), after)
    added = Added(_new_key(before), after)
    words = {**before.reworded, added.key: checked(wording)}
    return _with_labels(read, replace(before, reworded=words, added=(*before.added, added)))


def undone(read: Sequence[Clause], before: Corrections, key: str) -> Corrections:
    """A clause as it was read, with what was split off it or merged into it; an added one is gone."""
    row = _row_of(laid_over(read, before), key)
    if row.origin is Origin.ADDED:
        source = next(added.split_from for added in before.added if added.key == key)
        return undone(read, before, source) if source else _with_labels(read, _without_added(before, key))
    if row.merged_into:
        return undone(read, replace(before, removed=_less(before.removed, key)), row.merged_into)
    kept = replace(
        before,
        reworded=_less(before.reworded, key),
        removed={other: into for other, into in before.removed.items() if key not in (other, into)},
    )
    while (piece := next((added.key for added in kept.added if _is_piece(added, key, kept)), None)) is not None:
        kept = _without_added(kept, piece)
    return _with_labels(read, kept)


def _is_piece(added: Added, key: str, corrections: Corrections) -> bool:
    """Whether an added clause was split off that one and nothing was split off it that still stands."""
    pieces = {other.split_from: other for other in corrections.added}
    whence = {other.key: other.split_from for other in corrections.added}
    source = added.split_from
    while source in whence:
        source = whence[source]
    return source == key and added.key not in pieces


def with_units(read: Sequence[Clause], before: Corrections, units: Mapping[str, tuple[Unit, ...]]) -> Corrections:
    """Standing clauses by their keys with other units; their words stay."""
    rows = {row.key: row.clause for row in standing(laid_over(read, before)) if row.key in units}
    words = {key: replace(_wording_of(clause), units=units[key]) for key, clause in rows.items()}
    return replace(before, reworded={**before.reworded, **words})


def checked(wording: Wording) -> Wording:
    """Tidied: the number as labels write it. Raises Unprocessable with the reason for what can't be kept."""
    number = normal_number(wording.number)
    if not number:
        raise Unprocessable("number_required")
    if len(number) > LONGEST_NUMBER or re.search("[/#]", number):
        raise Unprocessable("number_form")
    heading = " ".join(wording.heading.split())
    if len(heading) > LONGEST_HEADING:
        raise Unprocessable("heading_too_long", limit=LONGEST_HEADING)
    text = (
        "\n".join(line.rstrip() for line in (wording.text or "").replace("\r\n", "\n").split("\n")).strip("\n") or None
    )
    if len(text or "") > LONGEST_TEXT:
        raise Unprocessable("text_too_long", limit=LONGEST_TEXT)
    if not heading and text is None:
        raise Unprocessable("text_required")
    if len(wording.units) > MOST_UNITS or any(len(unit.name) > LONGEST_NAME for unit in wording.units):
        raise Unprocessable("units_too_long", most=MOST_UNITS, longest=LONGEST_NAME)
    return Wording(number, heading, text, wording.units)


def normal_number(typed: str) -> str:
    """A number as a label holds it: no white space, full-width brackets, no stop at its end."""
    return _STOP.sub("", comparable(typed))


def printed(clause: Clause) -> str:
    """A clause as one text again: its number before its words."""
    words = clause.text or clause.heading
    stop = "" if re.search(r"[）条章节编①-⑳]$", clause.number) else "." if clause.number.isascii() else "、"
    return f"{clause.number}{stop}{words}"


def _wording_of(clause: Clause) -> Wording:
    return Wording(clause.number, clause.heading, clause.text, clause.units)


def _row_of(rows: Sequence[Row], key: str) -> Row:
    row = next((row for row in rows if row.key == key), None)
    if row is None:
        raise NotFound("no_such_clause")
    return row


def _new_key(before: Corrections) -> str:
    return f"n{max((int(added.key[1:]) for added in before.added), default=0) + 1}"


def _without_added(before: Corrections, key: str) -> Corrections:
    """What was put after the clause that goes now stands after the one before it."""
    gone = next(added for added in before.added if added.key == key)
    added = tuple(
        replace(other, after=gone.after) if other.after == key else other for other in before.added if other.key != key
    )
    return replace(before, added=added, reworded=_less(before.reworded, key))


def _less(values: Mapping[str, Value], key: str) -> dict[str, Value]:
    return {other: value for other, value in values.items() if other != key}


def _with_labels(read: Sequence[Clause], after: Corrections) -> Corrections:
    """The corrections, if every label still fits into its column. Raises Unprocessable."""
    if any(len(row.clause.label) > LONGEST_LABEL for row in laid_over(read, after)):
        raise Unprocessable("number_form")
    return after
