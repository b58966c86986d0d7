"""Makes the papers of one consultation out of its rows, its letters to other organs and the templates in force."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO

from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.kit.errors import Unprocessable
from app.papers import language, lines, material, own_words, replies, templates
from app.papers.fields import COUNTED
from app.papers.filling import filled
from app.papers.kinds import PaperFormat, PaperKind
from app.papers.language import Field, Part, Section
from app.papers.lines import HEADINGS, Line
from app.papers.measures import ACROSS, UPRIGHT
from app.papers.paragraphs import Paragraph, Setting
from app.papers.sheets import SheetPart, write_sheets
from app.papers.standing import Standing
from app.papers.tally import MOST_LISTED, Tally
from app.papers.word_file import WordFile, word_file
from app.records import numbers
from app.reporting.result_rows import result_rows
from app.submissions.vault import Vault

MOST_IN_SHEETS = 20_000
"""Rows of an XLSX that is made while somebody waits: some 8 s of one processor."""
MOST_PASSED = 100_000
"""Rows that are passed for the numbers of a text while somebody waits: some 20 s."""
PUBLIC, ORGANS = "公众意见", "部门意见"
NOT_READ = "制作人没有查阅部门意见的权限，本表未列入部门意见。"
_OPINIONS = "各条意见"
_BY_ROWS = frozenset({*COUNTED, "采纳情况", "采纳主要理由", "部分采纳主要理由", "未采纳主要理由"})


@dataclass(frozen=True)
class Paper:
    """Of which consultation, as it stands at `standing.at`; `vault` gives the masked names."""

    consultation: Consultation
    standing: Standing
    vault: Vault


def rows_of(session: Session, paper: Paper) -> int:
    """How many rows 意见汇总表 will have, by counters."""
    organs = paper.standing.organs
    return int(numbers.of_intake(session, paper.consultation.id)["suggestions"]) + (organs.opinions if organs else 0)


def summary(session: Session, paper: Paper, form: PaperFormat, file: IO[bytes], folder: Path) -> int:
    """Writes 意见汇总表; answers how many rows it has.

    Raises Unprocessable: "paper_too_many_rows" for a DOCX of more than MOST_LISTED rows, "paper_too_large" for an XLSX
    of more than MOST_IN_SHEETS, and "paper_too_long".
    """
    rows_there = rows_of(session, paper)
    if rows_there > MOST_IN_SHEETS:
        raise Unprocessable("paper_too_large", limit=MOST_IN_SHEETS)
    if form is PaperFormat.DOCX and rows_there > MOST_LISTED:
        raise Unprocessable("paper_too_many_rows", limit=MOST_LISTED)
    template = templates.in_force(session, PaperKind.SUMMARY, paper.consultation.id)
    heads = text_of(session, paper, language.parsed(template.text))
    title, kept = title_of(heads), own_words.kept(paper.consultation, template.own_words_up_to)
    rows = result_rows(session, paper.consultation.id, released_only=False, vault=paper.vault)
    parts = [_public(session, paper, heads, lines.of_public(session, rows, kept)), _organs(session, paper, heads)]
    if form is PaperFormat.XLSX:
        return write_sheets(file, title, paper.standing.at, parts, folder)
    with word_file(file, ACROSS, title, paper.standing.at) as word:
        word.paragraphs([*heads, Paragraph(Setting.BLANK, "")])
        return sum(_write(word, sign, part) for sign, part in zip("一二", parts, strict=True))


def explanation(session: Session, paper: Paper, file: IO[bytes]) -> int:
    """Writes 公众意见采纳情况说明; answers how many suggestions it speaks of.

    Raises Unprocessable as `text_of`.
    """
    template = templates.in_force(session, PaperKind.EXPLANATION, paper.consultation.id)
    found = text_of(session, paper, language.parsed(template.text))
    with word_file(file, UPRIGHT, title_of(found), paper.standing.at) as word:
        word.paragraphs(found)
    return int(numbers.of_intake(session, paper.consultation.id)["suggestions"])


def text_of(session: Session, paper: Paper, parts: Sequence[Part]) -> list[Paragraph]:
    """What a template comes to for the consultation; all its rows are passed only where the template needs them.

    Raises Unprocessable: "paper_too_many_rows" where the template lists more than MOST_LISTED, "paper_too_large" where
    there are more than MOST_PASSED, "paper_too_long".
    """
    listed = language.names_section(tuple(parts), _OPINIONS)
    tally = Tally(lists=listed)
    if needs_rows(parts):
        if rows_of(session, paper) > MOST_PASSED:
            raise Unprocessable("paper_too_large", limit=MOST_PASSED)
        vault = paper.vault if listed else None
        for _ in tally.passing(result_rows(session, paper.consultation.id, released_only=False, vault=vault)):
            pass
    return filled(parts, material.of_tally(session, paper.consultation, paper.standing, tally))


def needs_rows(parts: Iterable[Part]) -> bool:
    return any(isinstance(part, Section) or (isinstance(part, Field) and part.name in _BY_ROWS) for part in parts)


def title_of(found: Sequence[Paragraph]) -> str:
    return next((one.words for one in found if one.setting is Setting.TITLE), "")


def _public(session: Session, paper: Paper, heads: Sequence[Paragraph], found: Iterator[Line]) -> SheetPart:
    first = next(found, None)
    if first is not None:
        return SheetPart(PUBLIC, heads, chain([first], found), ())
    received = numbers.of_intake(session, paper.consultation.id)["received"]
    so_far = "征求意见期间，未收到社会公众的意见。"
    return SheetPart(PUBLIC, heads, (), (f"共收到意见{received}份，尚未形成意见条目。" if received else so_far,))


def _organs(session: Session, paper: Paper, heads: Sequence[Paragraph]) -> SheetPart:
    if paper.standing.organs is None:
        return SheetPart(ORGANS, heads, (), (NOT_READ,))
    letters = lines.sent_letters(session, paper.consultation.id)
    notes = replies.in_words(session, letters, paper.standing.at)
    return SheetPart(ORGANS, heads, lines.of_organs(session, letters), notes)


def _write(word: WordFile, sign: str, part: SheetPart) -> int:
    word.paragraphs([Paragraph(Setting.FIRST_LEVEL, f"{sign}、{part.name}")])
    found = iter(part.lines)
    first = next(found, None)
    number = word.table(HEADINGS, chain([first], found)) if first is not None else 0
    word.paragraphs(Paragraph(Setting.BODY, note) for note in part.notes)
    word.paragraphs([Paragraph(Setting.BLANK, "")])
    return number
