"""Texts are read in a process of its own as they are read here, and a reading that takes too long is ended."""

import pytest

from app.consultations import reading_apart
from app.consultations.preparation import TextPart
from app.consultations.reading_apart import read_files_apart
from app.consultations.uploaded import SourceText, read_files
from app.departments.directory import Directory, load_seed
from app.documents.formats import refusals
from app.documents.formats.confinement import Limits
from app.documents.formats.refusals import UnreadableFileError
from tests.support.preparing import PAGE

DIRECTORY = Directory(load_seed())
TEXTS = {
    TextPart.DRAFT: SourceText("page.txt", PAGE + "\0"),
    TextPart.EXPLANATION: SourceText("说明.txt", "起草说明\n一、为什么。"),
}


def test_it_reads_there_what_it_reads_here() -> None:
    assert read_files_apart(TEXTS, DIRECTORY) == read_files(TEXTS, DIRECTORY)


def test_a_reading_that_takes_too_long_is_ended() -> None:
    long = {TextPart.DRAFT: SourceText("long.txt", PAGE * 400)}
    with pytest.raises(UnreadableFileError) as refused:
        read_files_apart(long, DIRECTORY, Limits(seconds=1, megabytes=1024))
    assert str(refused.value) == refusals.TOOK_TOO_LONG


@pytest.mark.parametrize("answer", ["{}", "[]", "x", '{"texts": 1}'])
def test_an_answer_that_is_none_is_a_damaged_file(answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_apart, "read_apart", lambda *_: answer)
    with pytest.raises(UnreadableFileError) as refused:
        read_files_apart(TEXTS, DIRECTORY)
    assert str(refused.value) == refusals.DAMAGED
