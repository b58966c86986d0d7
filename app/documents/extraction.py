"""Reading a whole policy document: its title, its clauses, and the units that each clause makes responsible.

The one entry is `extract`; `to_json` is the contract with tools outside. Nothing here raises on odd input: what could
not be settled is in `doubts`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.departments.directory import Directory, Why
from app.documents.annex_tables import TableRow, read_table, split_table
from app.documents.doubts import Doubt, What
from app.documents.extracted import AnnexRow, Clause, Extraction, ImpliedUnit, Unit, to_json
from app.documents.headings import split_headings
from app.documents.jurisdiction import Jurisdiction, find_jurisdiction, resolve
from app.documents.lines import Paragraph, read_paragraphs
from app.documents.markers import parse_marker
from app.documents.matter import find_document_number, find_issuer, guess_kind
from app.documents.organs import leading_scope
from app.documents.parts import Part, PartKind, divide
from app.documents.standing import implied_spans
from app.documents.structure import Node, Tree, read_structure
from app.documents.unit_names import FIRST_LEADS, STARS_LEAD, Role, UnitReader, UnitSpan
from app.documents.unit_notes import Note, find_notes
from app.kit.text import comparable, fold, squeeze

__all__ = ["AnnexRow", "Clause", "Extraction", "ImpliedUnit", "Unit", "extract", "to_json"]

_CHANGED = frozenset({Why.FORMER_NAME, Why.SUCCESSOR, Why.ENDED})


@dataclass(slots=True)
class _Found:
    """A printed name with its role, before it is known whose document it is."""

    written: str
    role: Role
    follows_lead: bool = False


@dataclass(slots=True)
class _ReadClause:
    node: Node
    heading: str
    text: str | None
    found: list[_Found]


class _Reading:
    """The state of one extraction: a reader, what was found, and whose document it is once all names are seen."""

    def __init__(self, directory: Directory, *, stars_lead: bool) -> None:
        self.directory = directory
        self.reader = UnitReader(directory)
        self.doubts: list[Doubt] = []
        self.clauses: list[_ReadClause] = []
        self.rows: list[tuple[TableRow, list[_Found]]] = []
        self.implied: list[tuple[str, str, str]] = []
        self.first_leads = False
        self.stars_lead = stars_lead
        self.unknown: set[str] = set()

    def read_tree(self, tree: Tree) -> None:
        self.doubts += tree.doubts
        for item in tree.preamble:
            self._standing(squeeze(item.text), comparable(item.text), "preamble")
        note_starts: list[int | None] = []
        units: list[list[_Found]] = []
        for node in tree.nodes:
            start, found = self._read_notes(node)
            note_starts.append(start)
            units.append(_without_repeats(found))
        headings = split_headings(tree.nodes, note_starts)
        for node, heading, found in zip(tree.nodes, headings, units, strict=True):
            if heading.guessed:
                self.doubts.append(Doubt(node.label, What.HEADING_UNENDED, heading.heading))
            self.clauses.append(_ReadClause(node, heading.heading, heading.text, found))

    def _read_notes(self, node: Node) -> tuple[int | None, list[_Found]]:
        """Where a note begins in the first paragraph, and the units of all notes."""
        found: list[_Found] = []
        first: int | None = None
        goes_on = False
        for index, item in enumerate(node.paragraphs):
            squeezed, folded = squeeze(item.text), comparable(item.text)
            self._standing(squeezed, folded, node.label)
            notes = find_notes(folded, self.reader)
            if notes and index == 0:
                first = notes[0].start
            if not notes and goes_on:
                found += self._bare_names(squeezed, folded, found[-1].role)
            for note in notes:
                found += self._read_note(note, squeezed, node.label)
            goes_on = bool(notes) and bool(found) and notes[-1].labelled and notes[-1].end == len(folded)
        return first, found

    def _bare_names(self, squeezed: str, folded: str, role: Role) -> list[_Found]:
        """A line of nothing but names goes on with the labelled line above it."""
        units = self.reader.read(folded, 0, len(folded)).units
        printed = sum(span.end - span.start for span in units)
        if not units or printed < len(re.sub(r"[、，；。等]", "", folded)):
            return []
        if not all(span.known or leading_scope(folded[span.start : span.end]) for span in units):
            return []
        return [_Found(squeezed[span.start : span.end], role) for span in units]

    def _standing(self, squeezed: str, folded: str, where: str) -> None:
        for phrase_start, phrase_end, spans in implied_spans(folded, self.reader):
            phrase = squeezed[phrase_start:phrase_end]
            self.implied += [(squeezed[start:end], where, phrase) for start, end in spans]

    def _read_note(self, note: Note, squeezed: str, where: str) -> list[_Found]:
        spans = note.reading.units
        self.first_leads = self.first_leads or note.reading.first_leads
        if self.first_leads:
            spans = _first_as_lead(spans)
        if self.stars_lead:
            spans = [replace(span, role=Role.LEAD) if span.starred else span for span in spans]
        if note.labelled and note.opened != note.closed:
            self.doubts.append(Doubt(where, What.BRACKET_LOST, squeezed[note.start : note.end][-40:]))
        elif not note.labelled and not (note.opened and note.closed):
            self.doubts.append(Doubt(where, What.NOTE_UNMARKED, squeezed[note.start : note.end][:60]))
        if note.rest:
            self.doubts.append(Doubt(where, What.NOTE_UNREAD, note.rest[:60]))
        for span in spans:
            if span.joined:
                self.doubts.append(Doubt(where, What.SEPARATOR_LOST, squeezed[span.start : span.end]))
        names = [squeezed[span.start : span.end] for span in spans]
        return _found_together(names, [span.role for span in spans])

    def read_rows(self, rows: Sequence[TableRow]) -> None:
        for row in rows:
            if row.unread:
                self.doubts.append(Doubt(f"annex/{row.no}", What.ROW_UNREAD, row.unread[:60]))
            self.rows.append(
                (
                    row,
                    _without_repeats(_found_together([name for name, _ in row.units], [role for _, role in row.units])),
                )
            )

    def written_names(self) -> Iterable[str]:
        for clause in self.clauses:
            yield from (comparable(found.written) for found in clause.found)
        for _, units in self.rows:
            yield from (comparable(found.written) for found in units)

    def unit(self, found: _Found, whose: Jurisdiction, where: str) -> Unit:
        resolved = resolve(found.written, whose, self.directory, follows_lead=found.follows_lead)
        department = resolved.department.id if resolved.department else None
        if department is None:
            self._tell_unknown(resolved.name, where)
        elif resolved.certainty == "probable":
            what = What.BODY_CHANGED if resolved.why in _CHANGED else What.NAME_RESTORED
            self.doubts.append(Doubt(where, what, resolved.name))
        return Unit(resolved.name, found.written, found.role, department, resolved.certainty, resolved.why)

    def _tell_unknown(self, name: str, where: str) -> None:
        """One doubt a name, where it first stands: it is one question to the directory's editor."""
        if name not in self.unknown:
            self.unknown.add(name)
            self.doubts.append(Doubt(where, What.NAME_UNKNOWN, name))


def _found_together(names: list[str], roles: list[Role]) -> list[_Found]:
    """The units of one note or row; a name may lean on the leading word of one before it."""
    leads = [leading_scope(comparable(name)) is not None for name in names]
    return [
        _Found(name, role, follows_lead=any(leads[:index]))
        for index, (name, role) in enumerate(zip(names, roles, strict=True))
    ]


def _without_repeats(found: Iterable[_Found]) -> list[_Found]:
    """A unit counts once per clause; where it is printed twice, the weightier role stands."""
    kept: dict[str, _Found] = {}
    order = [Role.RESPONSIBLE, Role.PARTICIPANT, Role.LEAD]
    for unit in found:
        key = comparable(unit.written)
        if key not in kept:
            kept[key] = unit
        elif order.index(unit.role) > order.index(kept[key].role) and unit.role is Role.LEAD:
            kept[key].role = unit.role
    return list(kept.values())


def _first_as_lead(spans: list[UnitSpan]) -> list[UnitSpan]:
    """列第一位者为牵头单位: the first unit leads, unless the note itself says who does."""
    if not spans or any(span.role is not Role.RESPONSIBLE for span in spans):
        return spans
    return [replace(spans[0], role=Role.LEAD), *spans[1:]]


def extract(text: str, directory: Directory) -> Extraction:
    """The clauses and responsible units of a document's text.

    `text` may hold a covering notice, an explanation or a whole saved web page around the draft: only the draft's
    clauses are returned. Never raises; a text without clauses gives none, and says so in `doubts`.
    """
    paragraphs = read_paragraphs(text)
    parts = divide(paragraphs)
    drafts = _drafts(parts)
    reading = _Reading(directory, stars_lead=STARS_LEAD.search(comparable(text)) is not None)
    reading.first_leads = any(map(_says_first_leads, drafts))
    _read_parts(reading, parts, drafts)
    title = next(
        (part.title for part in (*drafts, *parts) if part.title and part.kind is not PartKind.EXPLANATION), None
    )
    whose = find_jurisdiction(title or "", _head(parts, drafts), reading.written_names(), directory)
    return _assemble(reading, whose, title, paragraphs, parts)


def _says_first_leads(part: Part) -> bool:
    """Whether the rule stands before the first clause or after the last, and so holds for all."""
    before = part.paragraphs[: next((i for i, item in enumerate(part.paragraphs) if parse_marker(item.folded)), 0)]
    return any(FIRST_LEADS.search(squeeze(item.folded)) for item in (*before, *part.tail))


def _drafts(parts: Sequence[Part]) -> list[Part]:
    """The parts whose clauses count: numbered drafts, else the notice itself, else whatever is numbered."""
    for kinds in ((PartKind.DRAFT,), (PartKind.NOTICE,), (PartKind.FRONT,), (PartKind.ANNEX,), (PartKind.EXPLANATION,)):
        found = [part for part in parts if part.kind in kinds and part.numbered]
        if found:
            return found
    return [part for part in parts if part.kind is PartKind.DRAFT][:1]


def _read_parts(reading: _Reading, parts: Sequence[Part], drafts: Sequence[Part]) -> None:
    body: list[Paragraph] = []
    tables: list[list[Paragraph]] = []
    for part in parts:
        if part not in drafts and part.kind not in (PartKind.ANNEX, PartKind.DRAFT):
            continue
        before, table = split_table([*part.paragraphs, *part.tail], reading.reader)
        if table:
            tables.append(table)
        if part in drafts:
            body += before if table and len(before) < len(part.paragraphs) else part.paragraphs
            body.append(_BREAK)
    for piece in _split_on_break(body):
        reading.read_tree(read_structure(piece))
    _mark_repeats(reading)
    for table in tables:
        reading.read_rows(read_table(table, reading.reader))
    if len(drafts) > 1:
        reading.doubts.append(Doubt(drafts[1].title or "", What.SECOND_DRAFT, drafts[1].title or ""))


_BREAK = Paragraph("", "", ())


def _split_on_break(body: Sequence[Paragraph]) -> list[list[Paragraph]]:
    pieces: list[list[Paragraph]] = [[]]
    for item in body:
        if item is _BREAK:
            pieces.append([])
        else:
            pieces[-1].append(item)
    return [piece for piece in pieces if piece]


def _mark_repeats(reading: _Reading) -> None:
    """Labels stay unique over several drafts: the second clause with one path carries #2."""
    seen: dict[str, int] = {}
    for clause in reading.clauses:
        path = clause.node.label.split("#")[0]
        seen[path] = seen.get(path, 0) + 1
        if seen[path] > 1:
            clause.node.label = f"{path}#{seen[path]}"


def _head(parts: Sequence[Part], drafts: Sequence[Part]) -> str:
    pieces = [part.title or "" for part in parts if part.kind is not PartKind.EXPLANATION]
    for part in parts:
        if part.kind in (PartKind.FRONT, PartKind.NOTICE) or part in drafts:
            pieces += [item.text[:80] for item in part.paragraphs[:6]]
            pieces += [item.text[:40] for item in part.tail[:4]]
    return squeeze("".join(pieces))


def _assemble(
    reading: _Reading, whose: Jurisdiction, title: str | None, paragraphs: Sequence[Paragraph], parts: Sequence[Part]
) -> Extraction:
    clauses = tuple(_clause(reading, item, whose) for item in reading.clauses)
    rows = tuple(
        AnnexRow(
            row.no,
            row.task,
            tuple(reading.unit(found, whose, f"annex/{row.no}") for found in units),
            _restated(row.task, clauses),
        )
        for row, units in reading.rows
    )
    implied = tuple(
        ImpliedUnit(reading.unit(_Found(written, Role.RESPONSIBLE), whose, where), where, phrase)
        for written, where, phrase in dict.fromkeys(reading.implied)
    )
    if not clauses:
        reading.doubts.append(Doubt("document", What.NO_CLAUSES))
    issuer = find_issuer(parts, title)
    return Extraction(
        title=title,
        kind_guess=guess_kind(
            title, [part.title or "" for part in parts], fold(paragraphs[0].text) if paragraphs else ""
        ),
        issuer=issuer,
        document_number=find_document_number(paragraphs),
        clauses=clauses,
        implied_units=implied,
        annex_rows=rows,
        doubts=tuple(dict.fromkeys(reading.doubts)),
    )


def _clause(reading: _Reading, item: _ReadClause, whose: Jurisdiction) -> Clause:
    node = item.node
    units = tuple(reading.unit(found, whose, node.label) for found in item.found)
    return Clause(node.label, node.marker.label, item.heading, node.level, node.parent, item.text, _one_each(units))


def _one_each(units: tuple[Unit, ...]) -> tuple[Unit, ...]:
    first: dict[str, Unit] = {}
    for unit in units:
        first.setdefault(unit.name, unit)
    return tuple(first.values())


def _bigrams(text: str) -> set[str]:
    return {text[index : index + 2] for index in range(len(text) - 1)}


def _restated(task: str, clauses: Sequence[Clause]) -> str | None:
    """The clause that shares most of the task's character pairs, if it shares more than half of them."""
    wanted = _bigrams(re.sub(r"[^\w]", "", comparable(task)))
    best, best_share = None, 0.5
    for clause in clauses:
        own = _bigrams(re.sub(r"[^\w]", "", comparable(clause.text or clause.heading)))
        share = len(wanted & own) / len(wanted) if wanted else 0.0
        if share > best_share:
            best, best_share = clause.label, share
    return best
