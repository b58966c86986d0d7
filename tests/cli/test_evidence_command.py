"""`yanlu evidence`: what it says is held by tests that exist, it tells no secret, and leaves no part out."""

import ast
import json
import zipfile
from importlib.metadata import distributions
from pathlib import Path

import pytest

from app.cli.evidence import assembling
from app.cli.main import run
from tests.support.parts import ROOT

SECRETS = {
    "YANLU_DATABASE_URL": "postgresql+psycopg://yanlu:canary-1@db.example/yanlu",
    "YANLU_SECRET_KEY": "canary-2" * 8,
    "YANLU_MAIL_PASSWORD": "canary-3",
    "YANLU_TRUSTED_HOSTS": "canary-4.example",
    "YANLU_INBOX": "imaps://canary-5@mail.example",
}


def controls() -> list[dict[str, object]]:
    return [control for standard in assembling.standards() for control in standard["control"]]


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("YANLU_ENVIRONMENT", "demonstration")
    monkeypatch.setenv("YANLU_VAR_DIR", str(tmp_path))
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    assert run(["evidence", "--out", str(tmp_path / "out")]) == 0
    return tmp_path / "out"


@pytest.mark.parametrize("control", controls(), ids=lambda control: str(control["clause"]))
def test_a_control_is_held_by_tests_and_pages_that_exist(control: dict[str, list[str]]) -> None:
    assert control["state"] in assembling.STATES
    assert control["proofs"] or control["state"] in ("不满足", "由部署单位负责")
    for proof in control["proofs"]:
        path, _, name = proof.partition("::")
        assert (ROOT / path).is_file(), proof
        if name:
            tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
            assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, proof


def test_all_three_are_told_with_every_control(made: Path) -> None:
    page = (made / "evidence.md").read_text(encoding="utf-8")
    told = json.loads((made / "evidence.json").read_text(encoding="utf-8"))
    assert [standard["key"] for standard in told["standards"]] == ["mlps", "crypto", "elderly"]
    assert all(f"| {control['clause']} |" in page for control in controls())
    assert told["schema"] in page
    with zipfile.ZipFile(made / "evidence.zip") as archive:
        assert archive.read("evidence.md").decode() == page
        assert len(archive.namelist()) == 3


def test_no_secret_and_no_address_is_told(made: Path) -> None:
    for path in made.glob("*.*"):
        if path.suffix != ".zip":
            assert "canary" not in path.read_text(encoding="utf-8"), path
    told = json.loads((made / "evidence.json").read_text(encoding="utf-8"))["settings"]
    assert told["database"] == "postgresql+psycopg"
    assert (told["trusted_hosts"], told["clamd"]) == ("已设置", "未设置")


def test_the_list_of_parts_names_every_distribution(made: Path) -> None:
    listed = json.loads((made / "sbom.cdx.json").read_text(encoding="utf-8"))
    assert (listed["bomFormat"], listed["specVersion"]) == ("CycloneDX", "1.5")
    named = {(part["name"], part["version"]) for part in listed["components"]}
    assert named == {(one.metadata["Name"], one.version) for one in distributions()}
    assert all(part["purl"].startswith("pkg:pypi/") for part in listed["components"])
