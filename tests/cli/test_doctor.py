"""The doctor finds what would go wrong later, on either store, and says how to mend it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from app.cli import examination
from app.cli.examination import Finding, Level
from app.deliveries.ledger import promise
from app.deliveries.lifecycle import DeliveryChannel
from app.kit.database import Database
from app.walls import standing as walls
from tests.audit.tampering import add, sealed
from tests.cli.conftest import Yanlu
from tests.support.files import clamd
from tests.support.journey import START

SECRETS = {
    "YANLU_SECRET_KEY": "s" * 32,
    "YANLU_DATA_KEYS": "k1:" + "A" * 43 + "=",
    "YANLU_INDEX_KEY": "i" * 32,
}


def findings(yanlu: Yanlu) -> dict[str, Finding]:
    found = json.loads(yanlu("doctor", "--json").out)["findings"]
    return {item["what"]: Finding(Level(item["level"]), item["what"], item["found"], item["mend"]) for item in found}


def levels(found: list[Finding]) -> dict[str, Level]:
    return {finding.what: finding.level for finding in found}


@pytest.fixture
def in_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANLU_ENVIRONMENT", "test")


@pytest.mark.usefixtures("in_test")
def test_a_sound_installation_passes_on_either_store(
    yanlu: Yanlu, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setenv("YANLU_DATABASE_URL", database_url)
    yanlu("migrate")
    outcome = yanlu("doctor")
    assert (outcome.code, outcome.err) == (0, "")
    checked = {line.split(":")[0].split(maxsplit=1)[1]: line.split()[0] for line in outcome.out.splitlines()}
    assert {"settings", "secrets", "folder", "database", "durability", "migrations", "clock", "fonts"} <= set(checked)
    assert "fail" not in checked.values()
    assert ("locale" in checked) == database_url.startswith("postgresql")
    assert ("writing" in checked) == database_url.startswith("sqlite")


@pytest.mark.usefixtures("in_test")
def test_looking_changes_nothing(yanlu: Yanlu, var_dir: Path) -> None:
    assert yanlu("doctor").code == 1
    assert not (var_dir / "yanlu.sqlite3").exists()


@pytest.mark.usefixtures("in_test")
def test_a_missing_database_fails_with_its_mend(yanlu: Yanlu) -> None:
    found = findings(yanlu)
    assert found["database"].level is Level.FAIL
    assert found["database"].mend == "yanlu migrate makes it"


@pytest.mark.usefixtures("in_test")
def test_an_old_revision_fails(yanlu: Yanlu) -> None:
    yanlu("migrate")
    assert yanlu("migrate", "--to", "base", "--back").code == 0
    assert findings(yanlu)["migrations"].level is Level.FAIL


def test_unusable_settings_are_a_finding_and_not_an_error(yanlu: Yanlu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANLU_COLOUR", "red")
    outcome = yanlu("doctor")
    assert (outcome.code, outcome.err) == (1, "")
    assert outcome.out.startswith("fail  settings: unknown setting YANLU_COLOUR")


@pytest.mark.parametrize("url", ["postgresql+psycopg://yanlu:verysecret@127.0.0.1:1/yanlu", "sqlite:////dev/null"])
def test_a_store_that_does_not_answer_fails_without_telling_its_password(
    yanlu: Yanlu, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("YANLU_DATABASE_URL", url)
    outcome = yanlu("doctor")
    assert (outcome.code, outcome.err) == (1, "")
    assert "fail  database" in outcome.out
    assert "verysecret" not in outcome.out


def test_production_needs_secrets_of_its_own(yanlu: Yanlu, monkeypatch: pytest.MonkeyPatch) -> None:
    assert findings(yanlu)["secrets"].level is Level.FAIL
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    assert findings(yanlu)["secrets"].level is Level.OK


def test_production_is_warned_of_a_plain_address_and_of_missing_host_names(
    yanlu: Yanlu, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = findings(yanlu)
    assert found["public address"].level is Level.WARN
    assert found["host names"].level is Level.WARN
    monkeypatch.setenv("YANLU_PUBLIC_URL", "https://yanlu.example.cn")
    assert not {"public address", "host names"} & findings(yanlu).keys()


@pytest.mark.usefixtures("in_test")
def test_a_folder_that_others_can_look_into_is_told(yanlu: Yanlu, var_dir: Path) -> None:
    yanlu("migrate")
    var_dir.chmod(0o755)
    assert findings(yanlu)["folder"].level is Level.WARN


@pytest.mark.parametrize(
    ("version", "encoding", "ctype", "failing"),
    [
        (150000, "UTF8", "C.UTF-8", set()),
        (170002, "UTF8", "zh_CN.UTF-8", set()),
        (140011, "UTF8", "C.UTF-8", {"version"}),
        (150000, "SQL_ASCII", "C.UTF-8", {"encoding"}),
        (150000, "UTF8", "C", {"locale"}),
        (150000, "UTF8", "POSIX", {"locale"}),
    ],
)
def test_what_kind_of_postgresql_will_do(version: int, encoding: str, ctype: str, failing: set[str]) -> None:
    found = levels(list(examination._postgres_kind(version, encoding, ctype)))
    assert {what for what, level in found.items() if level is Level.FAIL} == failing


@pytest.mark.usefixtures("in_test")
def test_without_a_mail_server_it_says_how_many_messages_wait(
    yanlu: Yanlu, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setenv("YANLU_DATABASE_URL", database_url)
    assert findings(yanlu)["mail"].found == "no mail server is set"
    database = Database(database_url)
    with database.writing() as session:
        for number in range(3):
            recipient = ("submission", number)
            promise(session, START, channel=DeliveryChannel.EMAIL, recipient=recipient, template="second_round")
    database.close()
    found = findings(yanlu)["mail"]
    assert (found.level, found.found) == (Level.WARN, "no mail server is set; 3 messages to people wait")
    monkeypatch.setenv("YANLU_MAIL_SERVER", "mail.example.cn")
    monkeypatch.setenv("YANLU_MAIL_FROM", "yijian@example.cn")
    assert findings(yanlu)["mail"] == Finding(Level.OK, "mail", "handed in at mail.example.cn:587, starttls", "")


def test_a_clock_that_was_never_set_fails() -> None:
    assert levels(list(examination._clock(datetime(1970, 1, 1, tzinfo=UTC))))["clock"] is Level.FAIL
    assert levels(list(examination._clock(datetime(2026, 11, 2, tzinfo=UTC)))) == {
        "clock": Level.OK,
        "time zone": Level.OK,
    }


def test_without_fc_list_the_fonts_can_not_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    (finding,) = examination._fonts()
    assert finding.level is Level.WARN
    assert "can't be told" in finding.found


def test_without_a_chinese_font_the_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "fc-list"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    (finding,) = examination._fonts()
    assert (finding.level, finding.mend) == (Level.WARN, "install fonts-noto-cjk")


@pytest.mark.usefixtures("in_test")
def test_a_place_for_files_that_is_none_is_told_and_stops_the_service(
    yanlu: Yanlu, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YANLU_FILES_URL", "ftp://host/files")
    assert findings(yanlu)["files"].level is Level.FAIL
    served = yanlu("serve")
    assert served.code != 0
    assert "YANLU_FILES_URL" in served.err


@pytest.mark.usefixtures("in_test")
def test_whether_the_scanner_answers_is_told(yanlu: Yanlu, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert "scanner" not in findings(yanlu)
    with clamd() as fake:
        monkeypatch.setenv("YANLU_CLAMD", fake.address)
        assert findings(yanlu)["scanner"].level is Level.OK
    monkeypatch.setenv("YANLU_CLAMD", f"unix://{tmp_path}/nobody")
    assert findings(yanlu)["scanner"].level is Level.WARN


def test_entries_that_nobody_seals_are_found(yanlu: Yanlu, monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    monkeypatch.setenv("YANLU_DATABASE_URL", database_url)
    monkeypatch.setenv("YANLU_ENVIRONMENT", "test")
    database = Database(database_url)
    sealed(database, 1)
    assert findings(yanlu)["audit"].level is Level.OK
    add(database, 2)
    database.close()
    found = findings(yanlu)["audit"]
    assert found.level is Level.WARN
    assert found.found.startswith("2 entries wait for their seal")


@pytest.mark.usefixtures("in_test")
def test_a_role_that_row_level_security_does_not_bind_and_a_table_without_it_are_told(
    yanlu: Yanlu, monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    monkeypatch.setenv("YANLU_DATABASE_URL", postgres_url)
    assert findings(yanlu)["departments"].level is Level.OK
    database = Database(postgres_url)
    with database.writing() as session:
        session.execute(text("ALTER TABLE answers NO FORCE ROW LEVEL SECURITY"))
    database.close()
    assert "answers" in findings(yanlu)["departments"].found
    monkeypatch.setattr(walls, "is_walked_past", lambda connection: True)
    assert (findings(yanlu)["departments"].level, yanlu("doctor").code) == (Level.FAIL, 1)
