"""From a file to clauses, and from a saved page to a consultation with a window."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.config import Settings
from app.consultations import importing, queries
from app.consultations.lifecycle import ConsultationState, DisplayRegime, LegalNature
from app.departments.directory import Directory, load_seed
from app.kit.clock import BEIJING
from app.kit.database import Database
from app.kit.errors import Unprocessable
from tests.cli.conftest import Outcome, Yanlu

BUILT_IN = Path(importing.__file__).parents[1] / "cli/demonstration/page.txt"
LATER = (datetime.now(BEIJING) + timedelta(days=20)).date().isoformat()


@pytest.fixture
def store(yanlu: Yanlu) -> Iterator[Database]:
    yanlu("migrate")
    yanlu("departments", "seed")
    opened = Database(Settings().database_url)
    yield opened
    opened.close()


@pytest.fixture
def session(store: Database) -> Iterator[Session]:
    with store.reading() as reading:
        yield reading


def imported(yanlu: Yanlu, *options: str, file: Path = BUILT_IN) -> Outcome:
    outcome = yanlu("consultations", "import", str(file), "--slug", "roads", *options)
    assert (outcome.code, outcome.err) == (0, "")
    return outcome


def page_with(tmp_path: Path, old: str, new: str) -> Path:
    path = tmp_path / "page.txt"
    text = BUILT_IN.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_extraction_prints_one_json_object_and_needs_no_database(yanlu: Yanlu, var_dir: Path) -> None:
    outcome = yanlu("documents", "extract", str(BUILT_IN), "--json")
    found = json.loads(outcome.out)
    assert (outcome.code, outcome.err, outcome.out.count("\n")) == (0, "", 1)
    assert list(found) == [
        "title", "kind_guess", "issuer", "document_number", "clauses", "implied_units", "annex_rows", "doubts",
    ]  # fmt: skip
    assert list(found["clauses"][0]) == ["label", "number", "heading", "level", "parent", "text", "units"]
    units = [unit for clause in found["clauses"] for unit in clause["units"]]
    assert {tuple(unit) for unit in units} == {("name", "written_as", "role", "department", "certainty", "why")}
    assert not var_dir.exists()


def test_pretty_is_the_same_object_indented(yanlu: Yanlu) -> None:
    plain = yanlu("documents", "extract", str(BUILT_IN), "--json").out
    pretty = yanlu("documents", "extract", str(BUILT_IN), "--json", "--pretty").out
    assert pretty.count("\n") > 100
    assert json.loads(pretty) == json.loads(plain)


def test_extraction_for_people_lists_clauses_with_their_units(yanlu: Yanlu) -> None:
    lines = yanlu("documents", "extract", str(BUILT_IN)).out.splitlines()
    assert lines[0].startswith("辽宁省步行和骑行友好社区建设行动方案")
    assert any("省公安厅" in line for line in lines)


def test_a_file_in_gb18030_reads_the_same(yanlu: Yanlu, tmp_path: Path) -> None:
    other = tmp_path / "page.txt"
    other.write_bytes(BUILT_IN.read_text(encoding="utf-8").encode("gb18030"))
    extracts = [yanlu("documents", "extract", str(path), "--json").out for path in (BUILT_IN, other)]
    assert extracts[0] == extracts[1]


@pytest.mark.shared
def test_the_real_page_has_twenty_nine_numbered_clauses(yanlu: Yanlu, shared_dir: Path) -> None:
    (source,) = (shared_dir / "seeds").glob("001_*.txt")
    found = json.loads(yanlu("documents", "extract", str(source), "--json").out)
    numbered = [clause for clause in found["clauses"] if clause["number"].isdecimal()]
    assert [clause["number"] for clause in numbered] == [str(number) for number in range(1, 30)]
    assert all(clause["units"] for clause in numbered)


def test_an_imported_page_is_a_draft_until_it_is_opened(yanlu: Yanlu, session: Session) -> None:
    assert "22 clauses, 16 name departments" in imported(yanlu, "--closes", LATER).out
    consultation = queries.find(session, "roads")
    assert consultation is not None
    assert consultation.state is ConsultationState.DRAFT
    assert consultation.display_regime is DisplayRegime.INSTANT
    assert consultation.legal_nature is LegalNature.NORMATIVE_DOCUMENT
    assert consultation.drafting_department_id == "housing-and-urban-rural-development"
    assert consultation.contact_email == "zhengqiu@demo.example.cn"
    assert consultation.published_on is not None
    assert len(queries.rules(session, consultation.id)) == 4
    assert queries.rules(session) == []


def test_opening_and_closing(yanlu: Yanlu, session: Session) -> None:
    imported(yanlu, "--closes", LATER)
    assert yanlu("consultations", "open", "roads").out == "roads is open\n"
    assert "isn't possible" in yanlu("consultations", "open", "roads").err
    assert yanlu("consultations", "close", "roads", "--reason", "演示结束").code == 0
    (listed,) = json.loads(yanlu("consultations", "list", "--json").out)["consultations"]
    assert (listed["slug"], listed["state"], listed["kind"]) == ("roads", "closed", "government_document")
    assert datetime.fromisoformat(listed["closes_at"]) <= datetime.now(UTC)
    assert yanlu("consultations", "list").out.splitlines()[1].startswith("roads\tclosed\t")


def test_a_window_ends_at_twenty_four_hours_as_notices_write_it(yanlu: Yanlu, store: Database) -> None:
    imported(yanlu, "--opens", "2026-12-01", "--closes", "2026-12-20")
    listed = yanlu("consultations", "list").out.splitlines()[1]
    assert "\t2026-12-01 00:00\t2026-12-20 24:00\t" in listed


def test_what_a_person_chooses_goes_before_what_the_page_says(yanlu: Yanlu, session: Session) -> None:
    imported(
        yanlu, "--kind", "local_regulation", "--drafting-department", "省民政厅", "--opens", "2026-12-01",
        "--closes", "2026-12-20", "--open", "--override", "演示需要",
    )  # fmt: skip
    consultation = queries.find(session, "roads")
    assert consultation is not None
    assert consultation.state is ConsultationState.OPENED
    assert consultation.display_regime is DisplayRegime.SCREENED
    assert consultation.legal_nature is LegalNature.LOCAL_REGULATION
    assert consultation.drafting_department_id == "civil-affairs"
    assert consultation.opens_at == datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert consultation.closes_at == datetime(2026, 12, 20, 16, tzinfo=UTC)


def test_times_are_beijings_unless_they_say_otherwise(yanlu: Yanlu, session: Session) -> None:
    imported(yanlu, "--opens", "2026-12-01T09:00", "--closes", "2026-12-20T10:00+00:00")
    consultation = queries.find(session, "roads")
    assert consultation is not None
    assert consultation.opens_at == datetime(2026, 12, 1, 1, tzinfo=UTC)
    assert consultation.closes_at == datetime(2026, 12, 20, 10, tzinfo=UTC)


def test_the_pages_own_deadline_ends_the_window_at_its_midnight(yanlu: Yanlu, session: Session) -> None:
    imported(yanlu, "--opens", "2026-11-17")
    consultation = queries.find(session, "roads")
    assert consultation is not None
    assert consultation.closes_at == datetime(2026, 12, 31, 16, tzinfo=UTC)


def test_a_slug_is_made_where_none_is_given(yanlu: Yanlu, store: Database) -> None:
    outcome = yanlu("consultations", "import", str(BUILT_IN), "--opens", "2026-12-01", "--closes", "2026-12-20")
    assert importing.SLUG.fullmatch(outcome.out.split("\t")[0])
    assert outcome.out.startswith("c2026-")


@pytest.mark.parametrize(
    ("old", "new", "options", "said"),
    [
        (
            "信息来源：辽宁省住房和城乡建设厅",
            "信息来源：月球住房局",
            [],
            "issuing body (月球住房局) is not in the directory",
        ),
        ("2026年12月31日", "年底", [], "give one with --closes"),
        ("2026年12月31日", "2026年11月20日", ["--opens", "2026-12-01"], "the window ends before it begins"),
        ("zhengqiu@", "z" * 300 + "@", ["--closes", LATER], "the page's contact_email is longer than 254 characters"),
        ("演示", "演示", ["--slug", "Roads!", "--closes", LATER], "a slug has"),
        ("演示", "演示", ["--drafting-department", "月球管理局"], "no department 月球管理局"),
        ("演示", "演示", ["--drafting-department", "各市政府"], "no department by itself"),
    ],
)
def test_a_page_that_can_not_be_imported_leaves_nothing_behind(
    yanlu: Yanlu, session: Session, tmp_path: Path, old: str, new: str, options: list[str], said: str
) -> None:
    outcome = yanlu("consultations", "import", str(page_with(tmp_path, old, new)), *options)
    assert said in outcome.err
    assert (outcome.code, outcome.err.count("\n"), outcome.out) == (1, 1, "")
    assert queries.all_consultations(session) == []


def test_a_page_is_imported_on_either_store_even_with_nul_characters(
    yanlu: Yanlu, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str
) -> None:
    monkeypatch.setenv("YANLU_DATABASE_URL", database_url)
    yanlu("departments", "seed")
    imported(yanlu, "--closes", LATER, "--open", file=page_with(tmp_path, "（本页", "\0（本页"))
    (listed,) = json.loads(yanlu("consultations", "list", "--json").out)["consultations"]
    assert listed["state"] == "opened"


def test_a_page_without_a_draft_is_refused(yanlu: Yanlu, store: Database, tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text("今天天气很好。\n", encoding="utf-8")
    outcome = yanlu("consultations", "import", str(path), "--closes", LATER)
    assert (outcome.code, outcome.out) == (1, "")
    assert "no draft with a title and clauses was found in note.txt" in outcome.err


def test_a_slug_is_used_once(yanlu: Yanlu, store: Database) -> None:
    imported(yanlu, "--closes", LATER)
    again = yanlu("consultations", "import", str(BUILT_IN), "--slug", "roads", "--closes", LATER)
    assert "there is a consultation roads already" in again.err


def test_a_named_department_goes_before_the_issuing_body() -> None:
    directory = Directory(load_seed())
    assert importing.drafting_department(directory, "civil-affairs", "省公安厅").id == "civil-affairs"
    assert importing.drafting_department(directory, None, "省公安厅").id == "public-security"
    with pytest.raises(Unprocessable, match="drafting_department_unknown"):
        importing.drafting_department(directory, None, None)
