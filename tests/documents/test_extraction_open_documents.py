"""The open documents beside the project, against the keys that careful readers made."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.departments.directory import Directory, load_seed
from app.documents.doubts import What
from app.documents.extraction import Extraction, extract, to_json

DOCUMENTS = ("000_05f18a2fc9945433", "001_71da066cfbebc1b6", "002_b3c2b9682595d250", "004_63186863a17740ee")
pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def directory() -> Directory:
    return Directory(load_seed())


def read(name: str, shared_dir: Path, directory: Directory) -> Extraction:
    return extract((shared_dir / "seeds" / f"{name}.txt").read_text(encoding="utf-8"), directory)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_units_labels_and_roles_reach_the_floors(
    name: str, shared_dir: Path, directory: Directory, tmp_path: Path
) -> None:
    extracted = tmp_path / "extracted.json"
    extracted.write_text(json.dumps(to_json(read(name, shared_dir, directory))), encoding="utf-8")
    scorer = [
        *(sys.executable, str(shared_dir / "tools" / "score_extraction.py")),
        *(str(shared_dir / "gold" / f"{name}.json"), str(extracted)),
        *("--departments", str(shared_dir / "gold" / "departments.json")),
        *("--floor", "0.99", "--roles-floor", "0.98", "-v"),
    ]
    run = subprocess.run(scorer, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("name", DOCUMENTS)
def test_title_issuer_and_number_agree_with_the_key(name: str, shared_dir: Path, directory: Directory) -> None:
    key = json.loads((shared_dir / "gold" / f"{name}.json").read_text(encoding="utf-8"))
    found = read(name, shared_dir, directory)
    assert (found.title, found.issuer, found.document_number) == (key["title"], key["issuer"], key["doc_number"])
    assert found.kind_guess == "government_document"


def test_every_unit_of_the_annex_stands_beside_the_clause_it_restates(shared_dir: Path, directory: Directory) -> None:
    key = json.loads((shared_dir / "gold" / f"{DOCUMENTS[2]}.json").read_text(encoding="utf-8"))
    found = read(DOCUMENTS[2], shared_dir, directory)
    assert [row.clause for row in found.annex_rows] == [row["matches_clause"] for row in key["annex_rows"]]


def test_the_damaged_draft_tells_a_person_what_was_restored(shared_dir: Path, directory: Directory) -> None:
    doubts = read(DOCUMENTS[1], shared_dir, directory).doubts
    restored = [doubt for doubt in doubts if doubt.what is What.MARKER_RESTORED]
    assert [(doubt.where, doubt.suggestion) for doubt in restored] == [("二/（四）", "（四）")]
    separators = {doubt.where for doubt in doubts if doubt.what is What.SEPARATOR_LOST}
    assert separators == {"二/（一）/5", "二/（二）/9", "二/（五）/22", "二/（五）/25", "三/28"}


def test_the_standing_note_is_kept_apart_from_the_clauses(shared_dir: Path, directory: Directory) -> None:
    found = read(DOCUMENTS[0], shared_dir, directory)
    assert [implied.unit.name for implied in found.implied_units] == ["各市政府", "省沈抚改革创新示范区管委会"]
    assert {implied.stated_in for implied in found.implied_units} == {"二/（一）/1"}
