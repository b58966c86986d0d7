"""One request on real sockets of this machine: bounded, to the address that was checked, believed by the name."""

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.webhooks import sending
from app.webhooks.guard import Target, Way
from app.webhooks.sending import NotSent, TimedOut, post

HERE = "127.0.0.1"
NAME = "hooks.example.cn"
BODY = b'{"type":"x"}'
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
Talk = Callable[[socket.socket], None]


def read_request(connection: socket.socket) -> bytes:
    received = b""
    while BODY not in received:
        received += connection.recv(4096) or BODY
    return received


def says(answer: bytes) -> Talk:
    def talk(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(answer)

    return talk


@contextmanager
def listening(talk: Talk, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """A receiver that talks to one connection so; the port."""
    server = socket.create_server((HERE, 0))

    def serve() -> None:
        try:
            connection, _ = server.accept()
            with connection, context.wrap_socket(connection, server_side=True) if context else connection as talking:
                talk(talking)
        except OSError:
            return

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield server.getsockname()[1]
    finally:
        server.close()
        thread.join()


def plainly(port: int) -> Target:
    return Target(False, NAME, port, "/in?a=1")


def test_the_request_is_whole_and_names_the_receiver_not_its_address() -> None:
    seen = []

    def talk(connection: socket.socket) -> None:
        seen.append(read_request(connection))
        connection.sendall(b"HTTP/1.1 503 Busy\r\nRetry-After: 60\r\nContent-Length: 4\r\n\r\nbusy")

    with listening(talk) as port:
        answer = post(plainly(port), Way(HERE), {"webhook-id": "1"}, BODY)
    assert answer == sending.Answer(503, "60", "busy")
    head = seen[0].decode().partition("\r\n\r\n")[0].split("\r\n")
    assert head[0] == "POST /in?a=1 HTTP/1.1"
    assert {f"Host: {NAME}:{port}", "webhook-id: 1", f"Content-Length: {len(BODY)}"} <= set(head)


def test_a_redirect_is_an_answer_and_nothing_is_followed() -> None:
    with listening(says(b"HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")) as port:
        assert post(plainly(port), Way(HERE), {}, BODY).status == 307


def test_of_an_answer_only_the_beginning_is_read_and_nothing_that_a_terminal_obeys() -> None:
    with listening(says(b"HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n\x1b[31m" + b"a" * 100_000)) as port:
        answer = post(plainly(port), Way(HERE), {}, BODY)
    assert len(answer.excerpt) <= 500
    assert answer.excerpt.startswith("[31maaa")


def drips(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    stop = threading.Event()
    while not stop.wait(0.05):
        connection.sendall(b"X: y\r\n")


def waits(connection: socket.socket) -> None:
    while connection.recv(4096):
        pass


@pytest.mark.parametrize("talk", [waits, drips])
def test_the_time_is_over_for_the_silent_and_for_those_who_drip(talk: Talk) -> None:
    with listening(talk) as port, pytest.raises(TimedOut):
        post(plainly(port), Way(HERE), {}, BODY, timeout=0.4)


def test_the_time_is_over_for_a_handshake_that_never_ends() -> None:
    with listening(waits) as port, pytest.raises(TimedOut):
        post(Target(True, NAME, port, "/"), Way(HERE), {}, BODY, timeout=0.4)


@pytest.mark.parametrize("answer", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200])
def test_what_is_no_answer_is_told_as_a_kind(answer: bytes) -> None:
    with listening(says(answer)) as port, pytest.raises(NotSent) as found:
        post(plainly(port), Way(HERE), {}, BODY)
    assert found.value.code in {"broken_answer", "unreachable"}


def test_nobody_there() -> None:
    with socket.create_server((HERE, 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(NotSent, match="connection_refused"):
        post(plainly(port), Way(HERE), {}, BODY)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A certificate for NAME that is its own authority: the file with its key, and the certificate in PEM."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME), x509.IPAddress(ip_address("::1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("tls") / "receiver.pem"
    path.write_bytes(private + pem)
    return path, pem.decode()


@pytest.fixture
def server_side(certificate: tuple[Path, str]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate[0])
    return context


def test_the_name_is_checked_though_the_connection_is_made_to_an_address(
    server_side: ssl.SSLContext, certificate: tuple[Path, str]
) -> None:
    asked = []
    server_side.sni_callback = lambda _, name, __: asked.append(name)
    with listening(says(OK), server_side) as port:
        assert post(Target(True, NAME, port, "/"), Way(HERE, certificate[1]), {}, BODY).excerpt == "ok"
    assert asked == [NAME]


@pytest.mark.parametrize(("name", "is_known"), [("other.example.cn", True), (HERE, True), (NAME, False)])
def test_another_name_or_an_unknown_authority_is_not_believed(
    server_side: ssl.SSLContext, certificate: tuple[Path, str], name: str, is_known: bool
) -> None:
    way = Way(HERE, certificate[1] if is_known else None)
    with listening(says(OK), server_side) as port, pytest.raises(NotSent, match="certificate"):
        post(Target(True, name, port, "/"), way, {}, BODY)


def test_a_host_that_is_an_address_is_not_looked_up() -> None:
    def never(host: str, port: int) -> list[str]:
        raise AssertionError(host)

    assert sending.addresses_of(Target(True, "10.1.2.3", 443, "/"), never) == ["10.1.2.3"]


def test_the_machines_resolver_is_asked_for_names() -> None:
    assert HERE in sending.resolve("localhost", 80)
    with pytest.raises(NotSent, match="no_address"):
        sending.resolve("name.invalid", 80)
