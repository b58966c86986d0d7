"""The directory of responsible units, and how a printed name is found in it.

A directory belongs to one province. Names such as 省民政厅 are relative: they mean that province's office only in a
document of that province, so a lookup for a document from elsewhere accepts absolute names alone.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from importlib import resources
from types import MappingProxyType

from app.departments.lifecycle import DepartmentState
from app.departments.name_forms import (
    close_bracket,
    contract,
    lacking_one,
    lengths_by_first_character,
    unique_contractions,
)
from app.departments.tabular import read_entries
from app.departments.units import Department, DirectoryEntry, Level, Relationship
from app.kit.errors import Unprocessable
from app.kit.text import comparable

__all__ = ["Certainty", "Department", "Directory", "DirectoryEntry", "Level", "Match", "Relationship", "Why"]


class Certainty(StrEnum):
    """CERTAIN: as it is written in the directory. PROBABLE: after a rule was applied. UNKNOWN: not found."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    UNKNOWN = "unknown"


class Why(StrEnum):
    """The rule by which a name was or was not found.

    FORMER_NAME: what this body was called before. SUCCESSOR: the named body has ended, and this one took over.
    ENDED: the named body has ended, and nobody or nobody alone took over.
    """

    EXACT_NAME = "exact_name"
    ALIAS = "alias"
    RESTORED_PROVINCE = "restored_province"
    EXPANSION = "expansion"
    LOST_CHARACTER = "lost_character"
    FORMER_NAME = "former_name"
    SUCCESSOR = "successor"
    ENDED = "ended"
    NOT_IN_DIRECTORY = "not_in_directory"
    OTHER_JURISDICTION = "other_jurisdiction"


@dataclass(frozen=True, slots=True)
class Match:
    """`name` is the printed name with what the rule in `why` restored; `department` is None when unknown."""

    name: str
    department: Department | None
    certainty: Certainty
    why: Why


class Directory:
    """An index of entries by every form of their names. Building it takes milliseconds; it never changes afterwards.

    Where two entries claim one form, the earlier entry keeps it.
    """

    def __init__(self, entries: Iterable[DirectoryEntry]) -> None:
        self.entries = tuple(entries)
        self._names: dict[str, Department] = {}
        self._aliases: dict[str, Department] = {}
        for entry in self.entries:
            self._names.setdefault(comparable(entry.name), entry.department)
        for entry in self.entries:
            for alias in entry.aliases:
                self._aliases.setdefault(comparable(alias), entry.department)
        self._add_regional_forms()
        self._former = self._former_names()
        self._contracted = unique_contractions({**self._aliases, **self._names})
        self._lacking_one = lacking_one(self._aliases)
        self._forms = {shape for form in self._all_forms() for shape in (form, form.removesuffix("）"))}
        self._lengths = lengths_by_first_character(self._forms)

    def _all_forms(self) -> Iterable[str]:
        return (*self._names, *self._aliases, *self._former)

    @cached_property
    def region(self) -> str | None:
        """The province whose directory this is, such as 辽宁: the two characters before 省 in most names."""
        found = Counter(entry.name[:2] for entry in self.entries if entry.name[2:3] == "省")
        return found.most_common(1)[0][0] if found else None

    def _add_regional_forms(self) -> None:
        if self.region is None:
            return
        for alias, department in list(self._aliases.items()):
            if alias.startswith("省"):
                self._aliases.setdefault(self.region + alias, department)

    def _former_names(self) -> dict[str, Department]:
        """The former names, those that begin with the province also with 省 alone."""
        found: dict[str, Department] = {}
        for entry in self.entries:
            for former in entry.former_names:
                form = comparable(former.name)
                found.setdefault(form, entry.department)
                if self.region and form.startswith(self.region + "省"):
                    found.setdefault(form.removeprefix(self.region), entry.department)
        return found

    def department(self, department_id: str) -> Department | None:
        """The entry with this id, if there is one."""
        return self._by_id.get(department_id)

    @cached_property
    def _by_id(self) -> dict[str, Department]:
        return {entry.id: entry.department for entry in self.entries}

    @cached_property
    def successor_ids(self) -> Mapping[str, str]:
        """Id of a body that has ended → id of the one that took its place, after every further change since.

        What went to nobody, or to several bodies, is not in it, and neither is a ring.
        """
        takers = {entry.id: entry.successors for entry in self.entries}
        found = {}
        for entry in self.entries:
            last, seen = entry.id, {entry.id}
            while len(takers.get(last, ())) == 1 and takers[last][0].successor_id not in seen:
                last = takers[last][0].successor_id
                seen.add(last)
            if last != entry.id and not takers.get(last):
                found[entry.id] = last
        return MappingProxyType(found)

    @cached_property
    def successors(self) -> Mapping[str, str]:
        """Every written form of a former body → the canonical name of the one that is in its place now.

        A former body is one that has ended and whose place exactly one other took, or an earlier name of a body that
        goes on. Forms stand as in the directory; compare them through `app.kit.text.comparable`.
        """
        found = {}
        for entry in self.entries:
            heir = self.department(self.successor_ids.get(entry.id, entry.id)) or entry.department
            former = [name.name for name in entry.former_names]
            forms = former if heir == entry.department else entry.written_forms
            found.update(dict.fromkeys(forms, heir.name))
        return MappingProxyType(found)

    def lookup(self, written: str, *, local: bool = True) -> Match:
        """The entry that a printed name means, tried in the order exact name, restored 省, alias, former, expansion.

        White space and widths don't count, and a closing bracket that a name lost is put back. With `local` false
        (a document of another government) relative names match nothing. A body that has ended is answered by the one
        that took its place, PROBABLE and with a reason of its own, so that a person gets to see it. Never raises; an
        unknown name comes back as written, with UNKNOWN.
        """
        match = self._found(written, local)
        named = match.department
        if named is None or named.state is DepartmentState.ACTIVE:
            return match
        heir = self.department(self.successor_ids.get(named.id, ""))
        why = Why.SUCCESSOR if heir else Why.ENDED
        return Match(match.name, heir or named, Certainty.PROBABLE, why)

    def named(self, text: str) -> Department | None:
        """The department that a person names to act on it, by its id or a written form; None when there is none.

        Raises Unprocessable for the name of a body whose place another took: who acts shall name that one.
        """
        match = self.lookup(text)
        if match.why is Why.SUCCESSOR and match.department is not None and text not in self._by_id:
            raise Unprocessable("department_succeeded", department=text, by=match.department.name)
        return self.department(text) or match.department

    def _found(self, written: str, local: bool) -> Match:
        key = close_bracket(comparable(written))
        name = close_bracket(written)
        if not local and self._is_relative(key):
            return Match(name, None, Certainty.UNKNOWN, Why.OTHER_JURISDICTION)
        if key in self._names:
            return Match(name, self._names[key], Certainty.CERTAIN, Why.EXACT_NAME)
        if local and (restored := self._restored(key, name)) is not None:
            return restored
        if key in self._aliases:
            return Match(name, self._aliases[key], Certainty.CERTAIN, Why.ALIAS)
        if key in self._former:
            return Match(name, self._former[key], Certainty.PROBABLE, Why.FORMER_NAME)
        return (self._damaged(key) if local else None) or Match(name, None, Certainty.UNKNOWN, Why.NOT_IN_DIRECTORY)

    def _damaged(self, key: str) -> Match | None:
        for department, why in (
            (self._contracted.get(contract(key)), Why.EXPANSION),
            (self._lacking_one.get(key), Why.LOST_CHARACTER),
        ):
            if department is not None:
                return Match(department.short_name, department, Certainty.PROBABLE, why)
        return None

    def _restored(self, key: str, name: str) -> Match | None:
        department = self._aliases.get("省" + key)
        if department is None or key.startswith(("省", "各")):
            return None
        return Match("省" + name, department, Certainty.PROBABLE, Why.RESTORED_PROVINCE)

    def _is_relative(self, key: str) -> bool:
        if key in self._names or self.region is None:
            return False
        return self.region not in key and key[:2] not in ("大连", "沈阳", "中国", "国家")

    def longest_prefix(self, folded: str, start: int = 0) -> int:
        """Length of the longest known form that `folded` (see `comparable`) holds at `start`; 0 if none.

        A form that ends in a bracket also counts without the closing one, since scraped pages lose it.
        """
        for length in self._lengths.get(folded[start : start + 1], ()):
            form = folded[start : start + length]
            if len(form) == length and form in self._forms:
                return length
        return 0


def load_seed() -> tuple[DirectoryEntry, ...]:
    """The reviewed rows that ship with the project: the units of Liaoning province, in their file's order."""
    seed = resources.files("app.departments").joinpath("data/departments.csv").read_text(encoding="utf-8")
    return read_entries(seed)
