"""What changed in the responsible units of a clause: renames apart from real additions and removals.

Pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.documents.extracted import Unit
from app.kit.text import comparable

NO_SUCCESSORS: Mapping[str, str] = {}
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Rename:
    """One body under two names: `draft` the earlier, `final` the later."""

    draft: str
    final: str


@dataclass(frozen=True, slots=True)
class UnitChanges:
    """Names in the printed order of the version that has them."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: tuple[Rename, ...] = ()

    @property
    def real(self) -> bool:
        """True where a unit came or went; a rename alone changes nobody's duty."""
        return bool(self.added or self.removed)


def unit_changes(
    draft: Sequence[Unit], final: Sequence[Unit], successors: Mapping[str, str] = NO_SUCCESSORS
) -> UnitChanges:
    """Two units are one body when the directory has them as one, or one as the other's successor.

    `successors` maps a department's id to that of the one that took its place; both directions count, since either
    version may be the older. A name the directory doesn't know is compared as written, and with what looks like its
    full form (the same first character and all others in order, as 各市政府 and 各市人民政府).
    """
    left, right = list(draft), list(final)
    renamed = [*_take_known(left, right, successors), *_take_short_and_full(left, right)]
    return UnitChanges(
        tuple(unit.name for unit in right), tuple(unit.name for unit in left), tuple(filter(_is_rename, renamed))
    )


def same_body(one: Unit, other: Unit, successors: Mapping[str, str] = NO_SUCCESSORS) -> bool:
    """True when both are one body by the rules of `unit_changes`."""
    return _key(one, successors) == _key(other, successors) or _short_and_full(one, other)


def _take_known(left: list[Unit], right: list[Unit], successors: Mapping[str, str]) -> Iterator[Rename]:
    for one in tuple(left):
        key = _key(one, successors)
        other = next((other for other in right if _key(other, successors) == key), None)
        if other is not None:
            yield _take(one, left, other, right)


def _take_short_and_full(left: list[Unit], right: list[Unit]) -> Iterator[Rename]:
    """Only where it is plain which two belong together."""
    alike = [(one, other) for one in left for other in right if _short_and_full(one, other)]
    for one, other in alike:
        if sum(one is first or other is second for first, second in alike) == 1:
            yield _take(one, left, other, right)


def _take(one: Unit, left: list[Unit], other: Unit, right: list[Unit]) -> Rename:
    left.remove(one)
    right.remove(other)
    return Rename(one.name, other.name)


def _is_rename(pair: Rename) -> bool:
    return comparable(pair.draft) != comparable(pair.final)


def _key(unit: Unit, successors: Mapping[str, str]) -> str:
    if unit.department is None:
        return "name " + comparable(unit.name)
    department, seen = unit.department, set[str]()
    while department in successors and department not in seen:
        seen.add(department)
        department = successors[department]
    return min(seen) if department in seen else department


def _short_and_full(one: Unit, other: Unit) -> bool:
    if one.department is not None and other.department is not None:
        return False
    short, full = sorted((comparable(one.name), comparable(other.name)), key=len)
    if len(short) < _SHORTEST or short[0] != full[0]:
        return False
    rest = iter(full)
    return all(character in rest for character in short)
