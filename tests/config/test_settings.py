"""Settings: a mistake stops the start with one line that names it, and no secret is ever shown."""

import base64
import os
import traceback
from pathlib import Path

import pytest

from app.config import PREFIX, ConfigurationError, Environment, Settings, Side, load_settings

SECRET = "correct-horse-battery-staple-0123456789"


@pytest.fixture(autouse=True)
def _no_secret_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("YANLU_SECRETS_DIR", str(tmp_path / "none"))


def _refused(**variables: str) -> str:
    """The one line with which these variables are refused."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        with pytest.raises(ConfigurationError) as refused:
            load_settings()
    line = str(refused.value)
    assert "\n" not in line
    return line


def test_without_any_variable_it_is_production_on_sqlite() -> None:
    settings = load_settings()
    assert settings.environment is Environment.PRODUCTION
    assert settings.database_url == "sqlite:///var/yanlu.sqlite3"
    assert settings.sides == list(Side)
    assert settings.secure_cookies is True
    assert settings.captcha is True
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.staff_url == "http://127.0.0.1:8000/staff"


def test_an_unknown_variable_is_refused_by_its_name() -> None:
    line = _refused(YANLU_PROT="8001", YANLU_ZZZ="1")
    assert "YANLU_PROT, YANLU_ZZZ" in line


def test_names_for_tests_are_let_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANLU_TEST_ANYTHING", "1")
    monkeypatch.setenv("UNRELATED_YANLU_THING", "1")
    assert load_settings().environment is Environment.PRODUCTION


def test_every_setting_has_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
        monkeypatch.setenv(PREFIX + name.upper(), "")
    assert load_settings().environment is Environment.PRODUCTION


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("YANLU_ENVIRONMENT", "staging"),
        ("YANLU_PORT", "0"),
        ("YANLU_PORT", "65536"),
        ("YANLU_PORT", "eighty"),
        ("YANLU_SIDES", "public,admin"),
        ("YANLU_CAPTCHA", "maybe"),
        ("YANLU_METRICS_NETWORKS", "127.0.0.0/8, intranet"),
        ("YANLU_METRICS_NETWORKS", "10.0.0.1/8"),
        ("YANLU_EARLIER_SIGNATURE_KEYS", f"{'A' * 43}=,short"),
        ("YANLU_BASE_PATH", "/a b"),
        ("YANLU_BASE_PATH", "/a?b"),
        ("YANLU_BASE_PATH", "/a//b"),
        ("YANLU_BASE_PATH", "/../etc"),
        ("YANLU_BASE_PATH", "/a/."),
        ("YANLU_BASE_PATH", "/a\r\nX: y"),
        ("YANLU_BASE_PATH", "/意见"),
    ],
)
def test_an_unusable_value_is_refused_by_its_variable(variable: str, value: str) -> None:
    assert variable in _refused(**{variable: value})


@pytest.mark.parametrize(
    "url",
    [
        "mysql://a:b@c/d",
        "postgresql://a@b/c",
        "postgres://a@b/c",
        "postgresql+psycopg2://a@b/c",
        "postgresql+psycopg://",
        "postgresql+psycopg://a@b:port/c",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///?mode=memory",
        "sqlite+aiosqlite:///x",
        "var/yanlu.sqlite3",
    ],
)
def test_a_bad_address_of_a_database_is_refused(url: str) -> None:
    assert "YANLU_DATABASE_URL" in _refused(YANLU_DATABASE_URL=url)


@pytest.mark.parametrize(
    "url", ["sqlite:///var/x.sqlite3", "sqlite:////srv/x.sqlite3", "postgresql+psycopg://a:b@h:5432/d?host=/run"]
)
def test_a_good_address_of_a_database_is_taken(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANLU_DATABASE_URL", url)
    assert load_settings().database_url == url


@pytest.mark.parametrize("environment", ["production", "demonstration"])
def test_the_captcha_can_be_switched_off_only_in_tests(environment: str) -> None:
    line = _refused(YANLU_ENVIRONMENT=environment, YANLU_CAPTCHA="off")
    assert "YANLU_CAPTCHA=off" in line


def test_in_tests_the_captcha_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANLU_ENVIRONMENT", "test")
    monkeypatch.setenv("YANLU_CAPTCHA", "off")
    assert load_settings().captcha is False


@pytest.mark.parametrize(
    ("given", "base_path"),
    [("", ""), ("/", ""), ("yj", "/yj"), ("/yj", "/yj"), ("/yj/", "/yj"), ("a/b", "/a/b"), ("/A-z_0.9~/", "/A-z_0.9~")],
)
def test_a_base_path_has_one_slash_before_it_and_none_behind(
    given: str, base_path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YANLU_BASE_PATH", given)
    settings = load_settings()
    assert settings.base_path == base_path
    assert settings.public_url == f"http://127.0.0.1:8000{base_path}"


def test_lists_are_words_between_commas_or_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANLU_SIDES", "staff, api")
    monkeypatch.setenv("YANLU_TRUSTED_HOSTS", " a.example  b.example,")
    settings = load_settings()
    assert settings.sides == [Side.STAFF, Side.API]
    assert settings.trusted_hosts == ["a.example", "b.example"]


def test_addresses_have_no_slash_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANLU_PUBLIC_URL", "https://yj.example/")
    settings = load_settings()
    assert (settings.public_url, settings.staff_url) == ("https://yj.example", "https://yj.example/staff")


def test_outside_production_cookies_need_no_tls_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings(environment=Environment.DEMONSTRATION).secure_cookies is False
    monkeypatch.setenv("YANLU_SECURE_COOKIES", "on")
    assert load_settings(environment=Environment.DEMONSTRATION).secure_cookies is True


def test_given_values_win_over_variables_and_variables_over_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in (("yanlu_port", "8003"), ("yanlu_site_owner", "of the file"), ("unrelated", "x")):
        (tmp_path / name).write_text(value + "\n")
    monkeypatch.setenv("YANLU_SECRETS_DIR", str(tmp_path))
    assert load_settings().port == 8003
    monkeypatch.setenv("YANLU_PORT", "8002")
    assert load_settings().port == 8002
    assert load_settings(port=8001).port == 8001
    assert load_settings().site_owner == "of the file"


def test_an_empty_name_of_the_secrets_folder_is_none_and_not_this_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "yanlu_port").write_text("8003")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YANLU_SECRETS_DIR", "")
    assert load_settings().port == 8000


def _with_secrets(patch: pytest.MonkeyPatch) -> None:
    patch.setenv("YANLU_SECRET_KEY", SECRET)
    patch.setenv("YANLU_INDEX_KEY", SECRET)
    patch.setenv("YANLU_DATA_KEYS", f"k1:{base64.b64encode(SECRET[:32].encode()).decode()}")
    patch.setenv("YANLU_DATABASE_URL", f"postgresql+psycopg://yanlu:{SECRET}@db/yanlu")


def test_settings_shown_tell_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    _with_secrets(monkeypatch)
    settings = load_settings()
    encoded = os.environ["YANLU_DATA_KEYS"].partition(":")[2]
    for shown in (repr(settings), str(settings), f"{settings}"):
        assert SECRET not in shown
        assert encoded not in shown
    assert settings.secret_key.get_secret_value() == SECRET


def test_a_refusal_shows_no_secret_even_with_its_whole_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    _with_secrets(monkeypatch)
    for variable, value in (("YANLU_PORT", "eighty"), ("YANLU_CAPTCHA", "off"), ("YANLU_DATABASE_URL", f"db:{SECRET}")):
        with monkeypatch.context() as patch:
            patch.setenv(variable, value)
            with pytest.raises(ConfigurationError) as refused:
                load_settings()
        shown = "".join(traceback.format_exception(refused.value))
        # A long value is shown by its ends: neither may be seen.
        assert SECRET[:8] not in shown
        assert SECRET[-4:] not in shown
