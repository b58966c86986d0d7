"""The open documents as the files that offices send: what is found in them is what is found in their text."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from app.departments.directory import Directory, load_seed
from app.documents.extraction import extract, to_json
from app.documents.reading import read_document
from tests.documents.formats.making import Numbered, html, level, of_list, printed_pdf, word

pytestmark = pytest.mark.shared
NAMES = ("000_05f18a2fc9945433", "001_71da066cfbebc1b6", "002_b3c2b9682595d250", "004_63186863a17740ee")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
FLOOR_OF_TEXT = ("0.99", "0.98")
FLOOR_OF_PDF = ("0.95", "0.95")


def seed(name: str, shared_dir: Path) -> list[str]:
    text = (shared_dir / "seeds" / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip()]


def complaint(name: str, text: str, shared_dir: Path, tmp_path: Path, floors: tuple[str, str]) -> str:
    """What the scorer says where it is below its floors; nothing otherwise."""
    extracted = tmp_path / "extracted.json"
    found = to_json(extract(text, Directory(load_seed())))
    extracted.write_text(json.dumps(found), encoding="utf-8")
    gold = shared_dir / "gold"
    scorer = [sys.executable, str(shared_dir / "tools" / "score_extraction.py"), str(gold / f"{name}.json")]
    options = ["--departments", str(gold / "departments.json"), "--floor", floors[0], "--roles-floor", floors[1], "-v"]
    run = subprocess.run([*scorer, str(extracted), *options], capture_output=True, text=True, check=False)
    return run.stdout + run.stderr if run.returncode else ""


@pytest.mark.parametrize("name", NAMES)
def test_a_word_document(name: str, shared_dir: Path, tmp_path: Path) -> None:
    text = read_document(word(seed(name, shared_dir)), "a.docx")
    assert complaint(name, text, shared_dir, tmp_path, FLOOR_OF_TEXT) == ""


MARKERS = (r"[一二三四五六七八九十]+、", r"（[一二三四五六七八九十]+）", r"[0-9]+\. ?")


def test_a_word_document_that_numbers_by_itself(shared_dir: Path, tmp_path: Path) -> None:
    levels = [level(0, "%1、", "chineseCounting"), level(1, "（%2）", "chineseCounting")]
    made = Numbered({1: [*levels, level(2, "%3.", more='<w:lvlRestart w:val="0"/>')]}, {1: of_list(1)})
    for line in seed(NAMES[0], shared_dir):
        printed = [at for at, marker in enumerate(MARKERS) if re.match(marker, line)]
        if printed:
            made.add(re.sub(MARKERS[printed[0]], "", line, count=1), 1, printed[0])
        else:
            made.add(line)
    text = read_document(made.saved(), "a.docx")
    assert complaint(NAMES[0], text, shared_dir, tmp_path, FLOOR_OF_TEXT) == ""


@pytest.mark.parametrize("name", NAMES)
def test_a_page(name: str, shared_dir: Path, tmp_path: Path) -> None:
    text = read_document(html(seed(name, shared_dir)).encode(), "a.html")
    assert complaint(name, text, shared_dir, tmp_path, FLOOR_OF_TEXT) == ""


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield started
        started.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_printed_pdf(name: str, shared_dir: Path, tmp_path: Path, browser: Browser) -> None:
    text = read_document(printed_pdf(seed(name, shared_dir), browser), "a.pdf")
    assert "试印的文件" not in text
    assert complaint(name, text, shared_dir, tmp_path, FLOOR_OF_PDF) == ""
