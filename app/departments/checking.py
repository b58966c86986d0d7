"""What an entry of the directory must be like, by itself and among the others. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date

from app.departments.lifecycle import DepartmentState
from app.departments.units import DirectoryEntry
from app.kit.errors import Conflict, Unprocessable
from app.kit.text import comparable, tidy

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
LONGEST_NAME, LONGEST_REASON, LONGEST_SOURCE, MOST_FORMS = 120, 500, 300, 40
_RESERVED = "|@"
"""What the table of `app.departments.tabular` splits by."""


def check(entry: DirectoryEntry) -> None:
    """Raises Unprocessable for the first thing that an entry can't be."""
    if not ID.fullmatch(entry.id):
        raise Unprocessable("department_id_form", written=entry.id[:80])
    for form in entry.written_forms:
        _check_name(form)
    if len(entry.written_forms) > MOST_FORMS:
        raise Unprocessable("too_many_names", limit=MOST_FORMS)
    _check_repeated(entry)
    _check_words("ended_reason", entry.ended_reason, LONGEST_REASON)
    _check_words("source", entry.source, LONGEST_SOURCE)
    _check_order(entry.valid_from, entry.valid_until)
    for former in entry.former_names:
        _check_order(former.valid_from, former.valid_until)
    _check_ending(entry)


def _check_name(name: str) -> None:
    hidden = any(unicodedata.category(sign).startswith("C") for sign in name)
    if not comparable(name) or hidden or name != tidy(name) or any(sign in name for sign in _RESERVED):
        raise Unprocessable("department_name_form", written=name[:LONGEST_NAME])
    if len(name) > LONGEST_NAME:
        raise Unprocessable("department_name_too_long", limit=LONGEST_NAME)


def _check_repeated(entry: DirectoryEntry) -> None:
    seen = set()
    for form in entry.written_forms:
        if comparable(form) in seen:
            raise Unprocessable("department_name_repeated", written=form)
        seen.add(comparable(form))


def _check_words(field: str, words: str | None, longest: int) -> None:
    if words is None:
        return
    if not words or words != words.strip() or any(unicodedata.category(sign) == "Cc" for sign in words):
        raise Unprocessable("words_form", field=field)
    if len(words) > longest:
        raise Unprocessable("words_too_long", field=field, limit=longest)


def _check_order(begin: date | None, end: date | None) -> None:
    if begin is not None and end is not None and end < begin:
        raise Unprocessable("days_order", begin=begin.isoformat(), end=end.isoformat())


def _check_ending(entry: DirectoryEntry) -> None:
    takers = [succession.successor_id for succession in entry.successors]
    if entry.id in takers:
        raise Unprocessable("department_into_itself")
    if len(set(takers)) != len(takers):
        raise Unprocessable("successor_repeated")
    if entry.state is DepartmentState.ACTIVE and (takers or entry.ended_reason):
        raise Unprocessable("active_with_ending")
    if entry.state is DepartmentState.MERGED and len(takers) != 1:
        raise Unprocessable("merged_into_one")
    if entry.state is not DepartmentState.ACTIVE and not entry.ended_reason:
        raise Unprocessable("reason_required")


class Claims:
    """Which entry holds which written form, widths and white space apart: a form means one unit."""

    def __init__(self, entries: Iterable[DirectoryEntry] = ()) -> None:
        self._holders: dict[str, DirectoryEntry] = {}
        for entry in entries:
            self.add(entry)

    def add(self, entry: DirectoryEntry) -> None:
        for form in entry.written_forms:
            self._holders.setdefault(comparable(form), entry)

    def refuse(self, entry: DirectoryEntry) -> None:
        """Raises Conflict when another entry holds one of the entry's forms; it names both."""
        for form in entry.written_forms:
            holder = self._holders.get(comparable(form))
            if holder is not None and holder.id != entry.id:
                code = "department_name_taken" if form == entry.name else "department_alias_claimed"
                raise Conflict(code, written=form, by=holder.name)


def check_successors(entry: DirectoryEntry, entries: Mapping[str, DirectoryEntry]) -> None:
    """Raises Unprocessable when a successor isn't in the directory, or the entry would in the end succeed itself."""
    waiting = [succession.successor_id for succession in entry.successors]
    seen: set[str] = set()
    while waiting:
        successor = waiting.pop()
        if successor == entry.id:
            raise Unprocessable("succession_ring")
        if successor in seen:
            continue
        seen.add(successor)
        if successor not in entries:
            raise Unprocessable("no_such_department", department=successor)
        waiting += [succession.successor_id for succession in entries[successor].successors]
