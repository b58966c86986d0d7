"""A demonstration is prepared from whatever an earlier run left, and keeps what there is."""

import json
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts import passwords, queries, signing_in
from app.cli.demonstration import concluded, preparing
from app.cli.demonstration import facts as kept
from app.config import Settings
from app.consultations import queries as consultations
from app.consultations.lifecycle import Phase
from app.consultations.models import Consultation
from app.documents import queries as documents
from app.kit.clock import BEIJING
from app.kit.database import Database
from app.permissions import Role
from app.records import queries as records
from app.records.stages import ResultStage
from tests.cli.conftest import Outcome, Yanlu

PAGE = """友情提示

栏目说明

这里收集大家的看法。

省民政厅就《辽宁省社区食堂建设办法（征求意见稿）》公开征求意见
信息来源：辽宁省民政厅
发布时间：2026年03月02日  信息来源：辽宁省民政厅

  为了让老人就近吃上热饭，现就这份办法公开征求意见，请于2026年3月20日前反馈，写信的请在信封上注明。

  联系电话：（024）00000000，电子邮箱：shitang@demo.example.cn。

辽宁省社区食堂建设办法

（征求意见稿）

  一、建设要求

  1.选址。靠近居民，方便老人。（责任单位：省商务厅、省民政厅）

  2.价格。明码标价。（责任单位：省市场监管局）
"""


@pytest.fixture(autouse=True)
def left_out(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The consultation that is over takes time to make: it is made only where a test looks at it."""
    if "over" not in request.fixturenames:
        monkeypatch.setattr(concluded, "conclude_one", lambda *given: None)


@pytest.fixture
def over() -> str:
    """The slug of the consultation that is over."""
    return concluded.SLUG


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "canteens.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


@contextmanager
def store() -> Iterator[Session]:
    database = Database(Settings().database_url)
    with database.reading() as session:
        yield session
    database.close()


def facts(var_dir: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((var_dir / "demo.json").read_text(encoding="utf-8"))
    return found


def on_the_desk(found: dict[str, Any]) -> list[dict[str, str]]:
    """The logins of the column's own staff; each demonstration has another department's office."""
    offices = tuple(f"{name}-" for name, *_ in preparing.OFFICE)
    return [one for one in found["staff"] if not one["username"].startswith(offices)]


def shown_ones(session: Session) -> int:
    """How many consultations there are, but for the one that is over."""
    return len([one for one in consultations.all_consultations(session) if one.slug != concluded.SLUG])


def prepared(yanlu: Yanlu, *arguments: str) -> Outcome:
    outcome = yanlu("demo", "--no-serve", *arguments)
    assert (outcome.code, outcome.err) == (0, "")
    return outcome


def assert_all_opens(var_dir: Path) -> None:
    """Every password signs in, the key opens, and the consultation that is shown takes comments."""
    found = facts(var_dir)
    now = datetime.now(UTC)
    with store() as session:
        roles = [account["role"] for account in found["staff"]]
        assert list(dict.fromkeys(roles)) == [role.value for role in Role]
        assert roles.count(Role.MANAGER) == 2, "who prepares a consultation does not open it"
        for account in found["staff"]:
            known = signing_in.find_account(session, account["username"])
            assert passwords.password_fits(known.password_hash, account["password"])
        assert signing_in.client_of_key(session, found["api_key"], now, None).department_id
        shown = consultations.public_consultation(session, found["slug"])
        assert consultations.phase(shown, now) is Phase.OPEN


def test_one_command_makes_all_that_a_demonstration_needs(yanlu: Yanlu, var_dir: Path) -> None:
    outcome = prepared(yanlu)
    found = facts(var_dir)
    assert_all_opens(var_dir)
    assert found["public_url"] == "http://127.0.0.1:8000"
    assert found["staff_url"] == "http://127.0.0.1:8000/staff"
    for said in (
        f"{found['public_url']}/consultations/{found['slug']}",
        found["staff_url"],
        f'curl -H "Authorization: Bearer {found["api_key"]}" http://127.0.0.1:8000/api/v1/assignments',
        str(var_dir / "demo.json"),
        *(account["password"] for account in found["staff"]),
    ):
        assert said in outcome.out


def test_what_is_kept_is_for_the_owner_alone(yanlu: Yanlu, var_dir: Path) -> None:
    prepared(yanlu)
    assert stat.S_IMODE(var_dir.stat().st_mode) == 0o700
    assert stat.S_IMODE((var_dir / "demo.json").stat().st_mode) == 0o600
    assert sorted(path.suffix for path in var_dir.iterdir()) == [".json", ".json", ".sqlite3"]


def test_the_window_lies_around_now_and_the_printed_deadline_stays(yanlu: Yanlu, var_dir: Path) -> None:
    prepared(yanlu)
    now = datetime.now(UTC)
    with store() as session:
        shown = consultations.public_consultation(session, facts(var_dir)["slug"])
    assert timedelta(minutes=59) < now - shown.opens_at < timedelta(minutes=70)
    assert timedelta(days=30) <= shown.closes_at - now < timedelta(days=31)
    closing = shown.closes_at.astimezone(BEIJING)
    assert (closing.hour, closing.minute, closing.second) == (0, 0, 0)
    assert shown.deadline_as_printed == "2026年12月31日前"


def test_the_first_page_gives_the_column_its_rules(yanlu: Yanlu, var_dir: Path) -> None:
    prepared(yanlu)
    with store() as session:
        shown = consultations.public_consultation(session, facts(var_dir)["slug"])
        own, column = consultations.rules(session, shown.id), consultations.rules(session)
        assert len(column) == 4
        assert [rule.id for rule in own] == [rule.id for rule in column], "editing the column's edits what it shows"


def test_the_key_belongs_to_whom_the_first_clause_names(yanlu: Yanlu, var_dir: Path) -> None:
    prepared(yanlu)
    found = facts(var_dir)
    with store() as session:
        shown = consultations.public_consultation(session, found["slug"])
        clauses = documents.clauses_of(session, shown.version_id)
        named = next(unit for clause in clauses for unit in clause.units if unit.department_id and not unit.standing)
        actor = signing_in.client_of_key(session, found["api_key"], datetime.now(UTC), None)
    assert actor.department_id == named.department_id
    assert found["department"] == named.name


def test_a_second_run_keeps_the_data_and_prints_the_same(yanlu: Yanlu, var_dir: Path) -> None:
    first, before = prepared(yanlu), facts(var_dir)
    second = prepared(yanlu)
    assert second.out == first.out
    assert facts(var_dir) == before
    with store() as session:
        assert shown_ones(session) == 1
        assert len(queries.people(session)) == len(preparing.PEOPLE) + len(preparing.OFFICE)
        assert len(queries.clients(session, datetime.now(UTC))) == 3, "the reader's and two more"


def test_one_consultation_is_over_with_its_outcomes_and_results(yanlu: Yanlu, var_dir: Path, over: str) -> None:
    prepared(yanlu)
    with store() as session:
        row = consultations.public_consultation(session, over)
        assert consultations.phase(row, datetime.now(UTC)) is Phase.CLOSED
        ended, reports = records.conclusion(session, row.id), records.reports(session, row.id)
    assert ended is not None
    outcomes = reports[ResultStage.ADOPTION].numbers["outcomes"]
    assert {kind: number for kind, number in outcomes.items() if number} == {
        point.kind.value: 1 for point in concluded.POINTS
    }


def test_what_an_interrupted_run_left_of_it_is_finished(
    yanlu: Yanlu, var_dir: Path, monkeypatch: pytest.MonkeyPatch, over: str
) -> None:
    def interrupted(*given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(concluded, "_work_through", interrupted)
        assert yanlu("demo", "--no-serve").code == 130
    prepared(yanlu)
    with store() as session:
        row = consultations.public_consultation(session, over)
        assert records.reports(session, row.id)[ResultStage.ADOPTION].numbers["received"] == 7


def test_another_port_changes_the_addresses_and_nothing_else(
    yanlu: Yanlu, var_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared(yanlu)
    before = facts(var_dir)
    monkeypatch.setenv("YANLU_PORT", "8765")
    prepared(yanlu)
    addresses = {"public_url": "http://127.0.0.1:8765", "staff_url": "http://127.0.0.1:8765/staff"}
    assert facts(var_dir) == {**before, **addresses}


def test_another_page_becomes_a_further_consultation(yanlu: Yanlu, var_dir: Path, page: Path) -> None:
    prepared(yanlu)
    before = facts(var_dir)
    prepared(yanlu, "--page", str(page))
    after = facts(var_dir)
    assert_all_opens(var_dir)
    assert after["slug"] != before["slug"]
    assert on_the_desk(after) == on_the_desk(before)
    with store() as session:
        shown = consultations.public_consultation(session, after["slug"])
        assert shown.title == "辽宁省社区食堂建设办法（征求意见稿）"
        assert shown.deadline_as_printed == "2026年3月20日前"
        key = signing_in.client_of_key(session, after["api_key"], datetime.now(UTC), None)
        assert key.department_id == "commerce"
        assert signing_in.client_of_key(session, before["api_key"], datetime.now(UTC), None)
        assert shown_ones(session) == 2


def test_the_page_that_was_shown_last_is_shown_again(yanlu: Yanlu, var_dir: Path, page: Path) -> None:
    prepared(yanlu)
    asked = prepared(yanlu, "--page", str(page))
    assert prepared(yanlu).out == asked.out
    assert prepared(yanlu, "--page", str(page)).out == asked.out
    with store() as session:
        assert shown_ones(session) == 2


def test_a_window_that_has_run_out_is_followed_by_a_new_one(yanlu: Yanlu, var_dir: Path) -> None:
    prepared(yanlu)
    before = facts(var_dir)
    database = Database(Settings().database_url)
    with database.writing() as session:
        session.execute(update(Consultation).values(closes_at=datetime.now(UTC)))
    database.close()
    prepared(yanlu)
    after = facts(var_dir)
    assert_all_opens(var_dir)
    assert after["slug"] != before["slug"]
    with store() as session:
        assert shown_ones(session) == 2
    prepared(yanlu)
    assert facts(var_dir) == after


def test_a_consultation_that_somebody_closed_stays_the_one_that_is_shown(yanlu: Yanlu, var_dir: Path) -> None:
    prepared(yanlu)
    before = facts(var_dir)
    yanlu("consultations", "close", before["slug"], "--reason", "试一试")
    prepared(yanlu)
    assert facts(var_dir) == before


@pytest.mark.parametrize("moment", ["before the file is written", "after the file is written"])
def test_an_interrupted_first_run_is_finished_by_the_next(
    yanlu: Yanlu, var_dir: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    real = kept.save

    def interrupted(path: Path, found: kept.Facts) -> None:
        if moment.startswith("after"):
            real(path, found)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(kept, "save", interrupted)
        assert yanlu("demo", "--no-serve").code == 130
    promised = facts(var_dir) if moment.startswith("after") else None
    prepared(yanlu)
    assert_all_opens(var_dir)
    if promised is not None:
        assert facts(var_dir)["slug"] == promised["slug"]
        assert facts(var_dir)["staff"] == promised["staff"]


@pytest.mark.parametrize("damage", ["missing", "torn", "of another shape"])
def test_a_lost_file_is_made_anew_with_passwords_and_a_key_that_open(yanlu: Yanlu, var_dir: Path, damage: str) -> None:
    prepared(yanlu)
    before = facts(var_dir)
    file = var_dir / "demo.json"
    if damage == "missing":
        file.unlink()
    else:
        file.write_text("{" if damage == "torn" else "[]", encoding="utf-8")
    prepared(yanlu)
    assert_all_opens(var_dir)
    assert facts(var_dir)["staff"] != before["staff"]
    with store() as session:
        assert len(queries.people(session)) == len(preparing.PEOPLE) + len(preparing.OFFICE)


def test_a_revoked_client_gets_a_successor(yanlu: Yanlu, var_dir: Path) -> None:
    prepared(yanlu)
    before = facts(var_dir)
    with store() as session:
        actor = signing_in.client_of_key(session, before["api_key"], datetime.now(UTC), None)
    assert yanlu("clients", "revoke", f"demonstration {actor.department_id}").code == 0
    prepared(yanlu)
    assert_all_opens(var_dir)
    assert facts(var_dir)["api_key"] != before["api_key"]


def test_it_runs_in_the_test_environment_without_a_captcha(
    yanlu: Yanlu, var_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YANLU_ENVIRONMENT", "test")
    monkeypatch.setenv("YANLU_CAPTCHA", "off")
    prepared(yanlu)
    assert_all_opens(var_dir)


@pytest.mark.postgres
def test_it_runs_on_postgresql(yanlu: Yanlu, var_dir: Path, monkeypatch: pytest.MonkeyPatch, postgres_url: str) -> None:
    monkeypatch.setenv("YANLU_DATABASE_URL", postgres_url)
    first = prepared(yanlu)
    assert prepared(yanlu).out == first.out
    assert_all_opens(var_dir)


@pytest.mark.shared
def test_the_real_page_opens_with_all_its_clauses(yanlu: Yanlu, var_dir: Path, shared_dir: Path) -> None:
    (source,) = (shared_dir / "seeds").glob("001_*.txt")
    prepared(yanlu, "--page", str(source))
    assert_all_opens(var_dir)
    found = facts(var_dir)
    with store() as session:
        shown = consultations.public_consultation(session, found["slug"])
        numbered = [c for c in documents.clauses_of(session, shown.version_id) if c.number.isdecimal()]
        assert [clause.number for clause in numbered] == [str(number) for number in range(1, 30)]
        assert all(unit.department_id for clause in numbered for unit in clause.units)
        assert all(clause.units for clause in numbered)
        assert shown.drafting_department_id == "civil-affairs"
        assert shown.contact_phone
        assert shown.contact_email
        assert shown.explanation
        assert shown.deadline_as_printed == "202557日前"
        assert len(consultations.rules(session, shown.id)) == 4
        key = signing_in.client_of_key(session, found["api_key"], datetime.now(UTC), None)
        assert key.department_id in {unit.department_id for clause in numbered for unit in clause.units}
