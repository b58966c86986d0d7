"""The shipped nginx configuration, in a real nginx: it loads, routes by name, and lets nothing ambiguous through."""

import os
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from app.kit.guarded_protocol import GuardedProtocol

SHIPPED = Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf"
NAMES = ("yijian", "shenhe", "jiekou")
PUBLIC, STAFF, API = (f"{name}.example.cn" for name in NAMES)
PATIENCE = 30

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx isn't installed")


@dataclass
class Backend:
    """What stands where the service would: notes what reaches it."""

    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        more = True
        while more:
            more = (await receive()).get("more_body", False)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.seen.append((scope["path"], headers))
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.seen]


@dataclass(frozen=True)
class Proxy:
    port: int
    plain_port: int
    backend: Backend

    def ask(self, host: str, data: bytes) -> bytes:
        """What comes back for these bytes over TLS until the proxy closes."""
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        plain = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        with plain, trusting.wrap_socket(plain, server_hostname=host) as connection:
            connection.sendall(data)
            return _rest(connection)

    def get(self, host: str, path: str, *fields: str) -> bytes:
        lines = [f"GET {path} HTTP/1.1", f"Host: {host}", "Connection: close", *fields]
        return self.ask(host, "\r\n".join([*lines, "", ""]).encode())


def _rest(connection: socket.socket) -> bytes:
    found = b""
    try:
        while piece := connection.recv(65536):
            found += piece
    except (ConnectionResetError, ssl.SSLError):
        pass
    return found


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def configuration(folder: Path, backend: int, tls: int, plain: int) -> Path:
    """The shipped file with the ports and folders of a test, inside the smallest main file."""
    text = SHIPPED.read_text()
    for port in ("8000", "8001", "8002"):
        text = text.replace(f"127.0.0.1:{port}", f"127.0.0.1:{backend}")
    text = text.replace("listen 443", f"listen 127.0.0.1:{tls}").replace("listen 80", f"listen 127.0.0.1:{plain}")
    text = text.replace("/etc/ssl/yanlu/", f"{folder}/").replace("/var/log/nginx/", f"{folder}/")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    whole = folder / "whole.conf"
    user = "user root;\n" if os.geteuid() == 0 else ""
    main = f"{user}daemon off;\nworker_processes 1;\npid {folder}/pid;\nerror_log {folder}/errors info;\nevents {{}}\n"
    whole.write_text(f"{main}http {{\n{places}{text}\n}}\n")
    return whole


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    folder = tmp_path_factory.mktemp("nginx")
    folder.chmod(0o755)
    for name in NAMES:
        making = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        making += ["-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.pem", "-days", "1"]
        subprocess.run([*making, "-subj", f"/CN={name}.example.cn"], check=True, capture_output=True)
    backend, listener = Backend(), socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(backend, http=GuardedProtocol, ws="none", lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    tls, plain = _free_port(), _free_port()
    whole = configuration(folder, listener.getsockname()[1], tls, plain)
    tried = subprocess.run([NGINX or "", "-t", "-c", whole, "-p", folder], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    running = subprocess.Popen([NGINX or "", "-c", whole, "-p", folder], stderr=subprocess.DEVNULL)
    try:
        _wait_for(tls, running)
        yield Proxy(tls, plain, backend)
    finally:
        running.terminate()
        running.wait(PATIENCE)
        server.should_exit = True
        thread.join(PATIENCE)
        listener.close()


def _wait_for(port: int, running: "subprocess.Popen[bytes]") -> None:
    while running.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), PATIENCE).close()
        except ConnectionRefusedError:
            continue
        return
    raise AssertionError("nginx did not start")


@pytest.fixture
def backend(proxy: Proxy) -> Backend:
    proxy.backend.seen.clear()
    return proxy.backend


def test_a_request_gets_through_and_what_it_says_of_proxies_does_not(proxy: Proxy, backend: Backend) -> None:
    spoofed = ("X-Forwarded-For: 192.0.2.9", "X-Forwarded-Host: evil.example", "Forwarded: for=192.0.2.9", "X_Y: z")
    assert proxy.get(PUBLIC, "/consultations", *spoofed).startswith(b"HTTP/1.1 200 OK")
    ((path, headers),) = backend.seen
    assert path == "/consultations"
    assert headers["host"] == PUBLIC
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-proto"] == "https"
    assert not {"x-forwarded-host", "forwarded", "x_y", "upgrade"} & headers.keys()


@pytest.mark.parametrize(
    ("host", "path", "reaches"),
    [
        (PUBLIC, "/", True),
        (PUBLIC, "/static/public.css", True),
        (PUBLIC, "/staff/sign-in", False),
        (PUBLIC, "/office", False),
        (PUBLIC, "/api/v1/assignments", False),
        (PUBLIC, "/metrics", False),
        (STAFF, "/staff", True),
        (STAFF, "/office", True),
        (STAFF, "/consultations", False),
        (STAFF, "/api/v1/assignments", False),
        (API, "/api/v1/assignments", True),
        (API, "/staff", False),
        (API, "/", False),
    ],
)
def test_each_side_has_a_name_of_its_own(proxy: Proxy, backend: Backend, host: str, path: str, reaches: bool) -> None:
    answer = proxy.get(host, path)
    assert answer.startswith(b"HTTP/1.1 200" if reaches else b"HTTP/1.1 404")
    assert bool(backend.seen) == reaches
    assert b"nginx/" not in answer


def test_another_name_gets_no_certificate_and_no_answer(proxy: Proxy, backend: Backend) -> None:
    with pytest.raises(ssl.SSLError):
        proxy.get("evil.example", "/")
    assert proxy.ask(PUBLIC, b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n") == b""
    assert backend.seen == []


def test_without_tls_there_is_only_the_way_to_it(proxy: Proxy) -> None:
    with socket.create_connection(("127.0.0.1", proxy.plain_port), PATIENCE) as connection:
        connection.sendall(f"GET /a?b=c HTTP/1.1\r\nHost: {PUBLIC}\r\nConnection: close\r\n\r\n".encode())
        answer = _rest(connection)
    assert answer.startswith(b"HTTP/1.1 308")
    assert f"Location: https://{PUBLIC}/a?b=c".encode() in answer


def test_older_tls_is_refused(proxy: Proxy) -> None:
    for version, accepted in ((ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_3, True)):
        assert _shakes_hands(proxy, version) == accepted
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        assert not _shakes_hands(proxy, ssl.TLSVersion.TLSv1_1)


def _shakes_hands(proxy: Proxy, version: ssl.TLSVersion) -> bool:
    wanted = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    wanted.check_hostname, wanted.verify_mode = False, ssl.CERT_NONE
    wanted.set_ciphers("ALL:@SECLEVEL=0")
    wanted.minimum_version = wanted.maximum_version = version
    with socket.create_connection(("127.0.0.1", proxy.port), PATIENCE) as plain:
        try:
            wanted.wrap_socket(plain, server_hostname=PUBLIC).close()
        except (ssl.SSLError, OSError):
            return False
    return True


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [("/receipts", 300_000, b"413"), ("/receipts", 200_000, b"200"), ("/consultations/a/comment", 400_000, b"200")],
)
def test_bodies_are_bounded_by_place(proxy: Proxy, path: str, size: int, status: bytes) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: {PUBLIC}\r\nConnection: close\r\nContent-Length: {size}\r\n\r\n".encode()
    assert proxy.ask(PUBLIC, head + b"a" * size).startswith(b"HTTP/1.1 " + status)


HEAD = f"POST /x HTTP/1.1\r\nHost: {PUBLIC}\r\n".encode()
SMUGGLED = f"GET /smuggled HTTP/1.1\r\nHost: {PUBLIC}\r\nConnection: close\r\n\r\n".encode()
CORPUS = {
    "length and coding": HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "coding and length": HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 500\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "two lengths": HEAD + b"Content-Length: 0\r\nContent-Length: 9\r\n\r\n" + SMUGGLED,
    "hidden coding": HEAD + b"Content-Length: 5\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "odd coding": HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "folded coding": HEAD + b"Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "negative length": HEAD + b"Content-Length: -1\r\n\r\n" + SMUGGLED,
    "extension by line feed": HEAD
    + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n2;\nxx\r\n0\r\n\r\n"
    + SMUGGLED,
    "hidden in a chunk's extension": (
        HEAD
        + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n1;a="
        + b"b" * 100
        + b"\r\nx\r\n0\r\n\r\n"
        + SMUGGLED
    ),
    "null in a field": HEAD + b"X: a\x00b\r\n\r\n" + SMUGGLED,
    "upgrade": HEAD + b"Connection: Upgrade, close\r\nUpgrade: h2c\r\nContent-Length: 0\r\n\r\n" + SMUGGLED,
}


@pytest.mark.parametrize("name", CORPUS)
def test_nothing_is_smuggled_past_both(proxy: Proxy, backend: Backend, name: str) -> None:
    """What nginx itself reads as two requests are two; what it reads as one never becomes two behind it."""
    answer = proxy.ask(PUBLIC, CORPUS[name])
    assert answer.count(b"HTTP/1.1 2") == len(backend.seen)
    assert "/smuggled" not in backend.paths
    assert proxy.get(PUBLIC, "/after").startswith(b"HTTP/1.1 200")
    assert backend.paths[-1] == "/after"


def test_bare_line_feeds_never_reach_the_service(proxy: Proxy, backend: Backend) -> None:
    """nginx reads them as line ends, as RFC 9112 §2.2 allows, and writes proper ones."""
    proxy.ask(PUBLIC, f"GET /x HTTP/1.1\nHost: {PUBLIC}\nConnection: close\n\n".encode())
    assert backend.paths in ([], ["/x"])
