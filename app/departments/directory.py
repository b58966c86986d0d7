"""The directory of responsible units, and how a printed name is found in it.

A directory belongs to one province. Names such as 省民政厅 are relative: they mean that province's office only in a
document of that province, so a lookup for a document from elsewhere accepts absolute names alone.
"""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from importlib import resources

from app.departments.units import Department, DirectoryEntry, Level, Relationship
from app.kit.text import comparable

__all__ = ["Certainty", "Department", "Directory", "DirectoryEntry", "Level", "Match", "Relationship", "Why"]


class Certainty(StrEnum):
    """CERTAIN: as it is written in the directory. PROBABLE: after a rule was applied. UNKNOWN: not found."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    UNKNOWN = "unknown"


class Why(StrEnum):
    """The rule by which a name was or was not found."""

    EXACT_NAME = "exact_name"
    ALIAS = "alias"
    RESTORED_PROVINCE = "restored_province"
    EXPANSION = "expansion"
    LOST_CHARACTER = "lost_character"
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
        self._contracted = _unique_contractions({**self._aliases, **self._names})
        self._lacking_one = _lacking_one(self._aliases)
        self._forms = {shape for form in (*self._names, *self._aliases) for shape in (form, form.removesuffix("）"))}
        self._lengths = _lengths_by_first_character(self._forms)

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

    def department(self, department_id: str) -> Department | None:
        """The entry with this id, if there is one."""
        return next((entry.department for entry in self.entries if entry.id == department_id), None)

    def lookup(self, written: str, *, local: bool = True) -> Match:
        """The entry that a printed name means, tried in the order exact name, alias, restored 省, expansion.

        White space and widths don't count, and a closing bracket that a name lost is put back. With `local` false
        (a document of another government) relative names match nothing. Never raises; an unknown name comes back
        as written, with UNKNOWN.
        """
        key = _close_bracket(comparable(written))
        name = _close_bracket(written)
        if not local and self._is_relative(key):
            return Match(name, None, Certainty.UNKNOWN, Why.OTHER_JURISDICTION)
        if key in self._names:
            return Match(name, self._names[key], Certainty.CERTAIN, Why.EXACT_NAME)
        if local and (restored := self._restored(key, name)) is not None:
            return restored
        if key in self._aliases:
            return Match(name, self._aliases[key], Certainty.CERTAIN, Why.ALIAS)
        return (self._damaged(key) if local else None) or Match(name, None, Certainty.UNKNOWN, Why.NOT_IN_DIRECTORY)

    def _damaged(self, key: str) -> Match | None:
        for department, why in (
            (self._contracted.get(_contract(key)), Why.EXPANSION),
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


def _close_bracket(name: str) -> str:
    missing = sum(map(name.count, "(（")) - sum(map(name.count, ")）"))
    if missing != 1:
        return name
    return name + (")" if "(" in name else "）")


def _lengths_by_first_character(forms: Iterable[str]) -> dict[str, list[int]]:
    """For each first character the lengths of the forms that begin with it, longest first."""
    lengths: dict[str, set[int]] = {}
    for form in forms:
        lengths.setdefault(form[:1], set()).add(len(form))
    return {first: sorted(found, reverse=True) for first, found in lengths.items()}


_CONTRACTIONS = (
    ("人民政府", "政府"),
    ("监督管理", "监管"),
    ("管理委员会", "管委会"),
    ("委员会", "委"),
    ("办公室", "办"),
    ("联合会", "联"),
    ("残疾人", "残"),
    ("发展和改革", "发改"),
    ("发展改革", "发改"),
    ("工业和信息化", "工信"),
    ("工业信息化", "工信"),
    ("卫生和健康", "卫健"),
    ("卫生健康", "卫健"),
    ("人力资源和社会保障", "人社"),
    ("人力资源社会保障", "人社"),
    ("住房和城乡建设", "住建"),
    ("住房城乡建设", "住建"),
    ("文化和旅游", "文旅"),
    ("文化旅游", "文旅"),
    ("市场监管", "市监"),
    ("医疗保障", "医保"),
    ("科学技术", "科技"),
    ("广播电视", "广电"),
    ("和", ""),
    ("、", ""),
    ("（", ""),
    ("）", ""),
)


def _contract(key: str) -> str:
    for long, short in _CONTRACTIONS:
        key = key.replace(long, short)
    return key


def _lacking_one(aliases: dict[str, Department]) -> dict[str, Department | None]:
    """Every form with one character missing, as damaged copies have it; None where two departments share one."""
    found: dict[str, Department | None] = {}
    for alias, department in aliases.items():
        for index in range(1, len(alias) - 1) if len(alias) >= _SHORTEST_DAMAGED else ():
            damaged = alias[:index] + alias[index + 1 :]
            found[damaged] = department if found.get(damaged, department) == department else None
    return found


_SHORTEST_DAMAGED = 6


def _unique_contractions(forms: dict[str, Department]) -> dict[str, Department]:
    owners: dict[str, set[Department]] = {}
    for form, department in forms.items():
        owners.setdefault(_contract(form), set()).add(department)
    return {form: group.pop() for form, group in owners.items() if len(group) == 1}


def _read_date(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None


def read_rows(rows: Iterable[dict[str, str]]) -> tuple[DirectoryEntry, ...]:
    """Entries of a CSV with the columns id, name, aliases (split by |), level, relationship, valid_from, valid_until.

    Raises ValueError on an unknown level or relationship or a date that is not ISO 8601, KeyError on a missing column.
    """
    return tuple(
        DirectoryEntry(
            id=row["id"],
            name=row["name"],
            aliases=tuple(filter(None, row["aliases"].split("|"))),
            level=Level(row["level"]),
            relationship=Relationship(row["relationship"]),
            valid_from=_read_date(row["valid_from"]),
            valid_until=_read_date(row["valid_until"]),
        )
        for row in rows
    )


def load_seed() -> tuple[DirectoryEntry, ...]:
    """The reviewed rows that ship with the project: the units of Liaoning province, in their file's order."""
    seed = resources.files("app.departments").joinpath("data/departments.csv").read_text(encoding="utf-8")
    return read_rows(csv.DictReader(seed.splitlines()))
