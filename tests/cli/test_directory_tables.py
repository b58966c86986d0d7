"""`yanlu departments export` and `import`: out and in again, with a preview, all rows or none."""

from pathlib import Path

import pytest

from tests.cli.conftest import Yanlu

HEADER = "id,name,aliases,level,relationship\n"
NEW = HEADER + "new-bureau,辽宁省新局,省新局,province,subordinate\n"


@pytest.fixture(autouse=True)
def directory(yanlu: Yanlu) -> None:
    yanlu("migrate")
    yanlu("departments", "seed")


def listed(yanlu: Yanlu) -> str:
    return yanlu("departments", "list", "--json").out


def test_what_is_exported_is_imported_without_a_difference(yanlu: Yanlu, tmp_path: Path) -> None:
    file = tmp_path / "departments.csv"
    assert yanlu("departments", "export", str(file)).out == f"{file}: 74 departments\n"
    assert file.read_bytes().startswith("\ufeffid,name".encode())
    assert yanlu("departments", "import", str(file)).out.endswith("0 added, 0 changed, 74 unchanged, 0 refused\n")
    assert yanlu("departments", "export").out.encode() == file.read_bytes().removeprefix(b"\xef\xbb\xbf")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_is_read_in_the_encodings_of_spreadsheets(yanlu: Yanlu, tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "new.csv"
    file.write_text(NEW, encoding=encoding)
    outcome = yanlu("departments", "import", str(file))
    assert outcome.code == 0, outcome.err
    assert "辽宁省新局" in listed(yanlu)


def test_a_dry_run_tells_and_changes_nothing(yanlu: Yanlu, tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    file.write_text(NEW + "justice,辽宁省司法厅,省司法厅,province,subordinate\n", encoding="utf-8")
    before = listed(yanlu)
    told = yanlu("departments", "import", str(file), "--dry-run")
    assert told.code == 0
    assert "2\tnew-bureau\tadded\t辽宁省新局" in told.out
    assert "3\tjustice\tchanged\taliases: 省司法厅|司法厅 → 省司法厅" in told.out
    assert listed(yanlu) == before


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_refused_rows_are_told_with_their_lines_and_nothing_is_stored(
    yanlu: Yanlu, tmp_path: Path, more: tuple[str, ...]
) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(NEW + "x,省某局,省民政厅,province,subordinate\ny,省乙局,,planet,subordinate\n", encoding="utf-8")
    before = listed(yanlu)
    outcome = yanlu("departments", "import", str(file), *more)
    assert outcome.code == 1
    assert "3\tx\trefused\t省民政厅 is a name of 辽宁省民政厅 already" in outcome.out
    assert "4\ty\trefused\tplanet is no level" in outcome.out
    assert "2 rows are refused, the first on line 3; nothing was changed" in outcome.err
    assert listed(yanlu) == before


def test_a_wrong_header_says_what_is_missing(yanlu: Yanlu, tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("编号,名称\n1,省某局\n", encoding="gb18030")
    outcome = yanlu("departments", "import", str(file))
    assert outcome.code == 1
    assert "the header lacks: id, name, aliases, level, relationship; it has besides: 编号, 名称" in outcome.err
