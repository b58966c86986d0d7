"""An address beyond the limits is told to wait; nobody else is, and comments are taken from it all the same."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.config import Environment, Settings
from app.main import build
from app.web import request_limits
from tests.support.app import ENTRY, SECRETS, hidden, settings, words
from tests.support.journey import SLUG, StoppedClock, World

FORM = f"/consultations/{SLUG}/comment"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(request_limits, "MOST_PAGES", 5)
    monkeypatch.setattr(request_limits, "MOST_FORMS", 2)
    return 5


def test_beyond_the_limit_an_address_is_told_to_wait(sqlite_world: World, few: int) -> None:
    clock = StoppedClock()
    app = build(settings(), SECRETS, sqlite_world.database, clock)
    with TestClient(app, client=("198.51.100.7", 1), follow_redirects=False) as one:
        form = one.get(FORM)
        assert [one.get("/healthz").status_code for _ in range(few)] == [200] * (few - 1) + [429]
        refused = one.get("/")
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert "您所在网络的访问过于频繁" in words(refused.text)
        assert refused.headers["cache-control"] == "no-store"
        assert one.post(FORM, data=hidden(form.text) | ENTRY).status_code == 303
        other = TestClient(app, client=("198.51.100.8", 1))
        assert other.get("/").status_code == 200
        clock.at += timedelta(minutes=1)
        assert one.get("/").status_code == 200


def test_forms_have_a_limit_of_their_own(sqlite_world: World, few: int) -> None:
    app = build(settings(), SECRETS, sqlite_world.database, StoppedClock())
    with TestClient(app, client=("2001:db8::1", 1)) as one:
        neighbour = TestClient(app, client=("2001:db8::2", 1))
        sent = {"receipt_number": "x", "access_code": "y"}
        assert [one.post("/receipts", data=sent).status_code for _ in range(2)] == [422, 422]
        assert neighbour.post("/receipts", data=sent).status_code == 429
        assert one.get("/").status_code == 200


def test_only_a_named_proxy_says_who_asks(sqlite_world: World, few: int) -> None:
    """The right-most address that is no such proxy is the client's; what stands before it, the client wrote itself."""
    app = build(settings(), SECRETS, sqlite_world.database, StoppedClock())
    behind = ProxyHeadersMiddleware(app, ["10.0.0.1", "10.0.0.2"])  # type: ignore[arg-type]

    def statuses(peer: str, *chains: str) -> set[int]:
        client = TestClient(behind, client=(peer, 1))  # type: ignore[arg-type]
        return {client.get("/healthz", headers={"X-Forwarded-For": chain}).status_code for chain in chains}

    with TestClient(app):
        spoofed = [f"192.0.2.{number}" for number in range(few + 1)]
        assert statuses("198.51.100.7", *spoofed) == {200, 429}
        through = [f"{address}, 198.51.100.9, 10.0.0.2" for address in spoofed]
        assert statuses("10.0.0.1", *through) == {200, 429}
        assert statuses("10.0.0.1", *(f"{address}, 10.0.0.2" for address in spoofed)) == {200}


@pytest.mark.parametrize("proxies", ["*", "0.0.0.0/0", "::/0", "proxy.example", "10.0.0.1/8"])
def test_everybody_is_no_proxy(proxies: str) -> None:
    with pytest.raises(ValueError, match="trusted_proxies"):
        Settings(trusted_proxies=proxies)


def test_production_answers_under_its_own_names_alone() -> None:
    own = Settings(public_url="https://a.example.cn/yj", staff_url="https://b.example.cn/staff")
    assert own.trusted_hosts == ["a.example.cn", "b.example.cn"]
    assert Settings(public_url="https://a.example.cn", trusted_hosts="c.example.cn").trusted_hosts == ["c.example.cn"]
    assert Settings(environment=Environment.TEST).trusted_hosts == []
