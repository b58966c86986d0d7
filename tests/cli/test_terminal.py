"""A person at a terminal sees tables; what a file or a person wrote is never read as markup."""

import sys
from pathlib import Path

import pytest

from app.cli import terminal
from app.cli.demonstration import showing
from app.cli.demonstration.facts import Account, Facts
from tests.cli.conftest import Yanlu

FACTS = Facts(
    public_url="http://127.0.0.1:8000",
    staff_url="http://127.0.0.1:8000/staff",
    slug="c2026-abcd",
    staff=(Account("screener", "screener", "abcd-efgh"),),
    api_key="yl_0123456789ab_" + "k" * 43,
    department="省[bold]民政厅",
)


@pytest.fixture
def on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")


@pytest.mark.usefixtures("on_a_terminal")
def test_a_table_is_drawn_and_shows_cells_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.print_table(("name",), [("省[bold]民政厅",)], empty="none")
    assert "省[bold]民政厅" in capsys.readouterr().out


@pytest.mark.usefixtures("on_a_terminal")
def test_the_panel_of_the_demonstration_holds_all_that_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    showing.show(FACTS, Path("var/demo.json"), Path("var/demo.log"))
    printed = capsys.readouterr().out
    for said in ("Ctrl-C stops", "/consultations/c2026-abcd", "/staff", "abcd-efgh", "var/demo.json", "[bold]"):
        assert said in printed
    lines = printed.splitlines()
    assert f'curl -H "Authorization: Bearer {FACTS.api_key}" http://127.0.0.1:8000/api/v1/assignments' in lines


@pytest.mark.usefixtures("on_a_terminal")
def test_the_doctor_writes_one_line_a_finding(yanlu: Yanlu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANLU_COLOUR", "red")
    outcome = yanlu("doctor")
    assert outcome.code == 1
    assert outcome.out.count("\n") == 1


def test_a_complaint_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.complain("two\nlines")
    assert capsys.readouterr().err == "yanlu: two lines\n"
