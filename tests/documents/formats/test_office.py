"""LibreOffice is asked in a folder of its own, and its failures are refusals in one clear line."""

import shutil
from pathlib import Path

import pytest

from app.documents.formats import office, refusals
from app.documents.formats.confinement import Limits
from app.documents.formats.limits import Kind
from app.documents.formats.refusals import UnreadableFileError
from app.documents.formats.word import read_docx
from app.documents.sandbox import read_outside
from tests.documents.formats.making import word

RTF = rb"{\rtf1\ansi\uc1 \u31532?\u19968?\u26465? \u30002?\par \u20057?\par}"
QUICK = Limits(seconds=20, megabytes=1024)


def stand_in(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts a program in LibreOffice's place."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")


def refusal(limits: Limits = QUICK) -> str:
    with pytest.raises(UnreadableFileError) as refused:
        office.to_docx(RTF, Kind.RICH_TEXT, limits)
    return str(refused.value)


def test_without_libreoffice_a_person_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert refusal() == refusals.NO_CONVERTER


def test_the_converted_file_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "made.docx").write_bytes(word(["甲"]))
    copying = f'for last; do :; done; cat "$last" >/dev/null && mkdir out && cp {tmp_path}/made.docx out/document.docx'
    stand_in(tmp_path, copying, monkeypatch)
    assert read_docx(office.to_docx(RTF, Kind.RICH_TEXT, QUICK)) == "甲"


def test_it_has_a_profile_and_an_environment_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_SERVICE", "s")
    stand_in(tmp_path, f'env >{tmp_path}/env; echo "$@" >{tmp_path}/told; pwd >{tmp_path}/folder', monkeypatch)
    assert refusal() == refusals.NOT_CONVERTED
    folder = (tmp_path / "folder").read_text().strip()
    assert "SECRET_OF_THE_SERVICE" not in (tmp_path / "env").read_text()
    assert f"HOME={folder}" in (tmp_path / "env").read_text()
    assert f"-env:UserInstallation=file://{folder}/profile --headless" in (tmp_path / "told").read_text()
    assert not Path(folder).exists()


@pytest.mark.parametrize("script", ["exit 1", "kill -SEGV $$", "true", "mkdir out out/document.docx"])
def test_a_conversion_that_fails_is_refused(script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, script, monkeypatch)
    assert refusal() == refusals.NOT_CONVERTED


def test_a_conversion_without_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, "sleep 600 & sleep 600", monkeypatch)
    assert refusal(Limits(seconds=1, megabytes=1024)) == refusals.TOOK_TOO_LONG


@pytest.mark.parametrize("name", ["a.rtf", "a.doc"])
def test_an_office_file_is_converted_where_libreoffice_is_and_refused_with_advice_elsewhere(name: str) -> None:
    try:
        told = read_outside(RTF, name)
    except UnreadableFileError as refused:
        told = str(refused)
    assert told == ("第一条 甲\n乙" if shutil.which("soffice") else refusals.NO_CONVERTER)
