"""What once stood in a repository is found there, also after it was taken away."""

import json
import shutil
from pathlib import Path

import pytest

from security import history
from security.accepting import Finding

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is missing")


def test_what_was_added_and_taken_away_again_is_found(tmp_path: Path) -> None:
    history.plant(tmp_path)
    assert (tmp_path / "kept.txt").read_text(encoding="utf-8") == "nothing"
    assert {finding.path for finding in history.findings(tmp_path)} == {"kept.txt"}
    assert {finding.rule for finding in history.findings(tmp_path)} == history.KINDS.keys() == history.PLANTED.keys()


@pytest.mark.parametrize(
    "words",
    [
        "postgresql://localhost/yanlu",
        "https://example.com:8000/page?to=a@b.example",
        "YANLU_SECRET_KEY: {file: secrets/yanlu_secret_key}",
        "sha256:" + "ab" * 32,
        json.dumps({"kind": "eyJ", "text": "PRIVATE KEY"}),
    ],
)
def test_what_is_no_secret_is_not_told(words: str) -> None:
    assert [kind for kind, sought in history.KINDS.items() if sought.search(words)] == []


def test_a_finding_is_told_by_kind_and_file_and_never_with_its_words(tmp_path: Path) -> None:
    history.plant(tmp_path)
    told = [str(finding) for finding in history.findings(tmp_path)]
    assert not [line for line in told for words in history.PLANTED.values() if words in line]
    assert Finding("private key", "kept.txt", 0) in list(history.findings(tmp_path))
