"""Slow, oversized and ambiguous requests over real sockets: each is refused, and others are served meanwhile."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest
import uvicorn

from app.kit.connection_limits import LIMITS, Limits
from app.kit.guarded_protocol import GuardedProtocol

PATIENCE = 30
SHORT = replace(LIMITS, head_seconds=0.2, pause_seconds=0.2, body_seconds=0.6, linger_seconds=0.2, look_seconds=0.02)
HEAD = b"POST /x HTTP/1.1\r\nHost: a\r\n"
OTHER = b"GET /other HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answers with the length of the body; `/early` answers before it has read any of it."""
    size, more = 0, scope["path"] != "/early"
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    body = f"{size} of {len(scope['headers'])}".encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


@contextmanager
def guarded(limits: Limits, **given: Any) -> Iterator[int]:
    kind = type("Bounded", (GuardedProtocol,), {"limits": limits})
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(echo, http=kind, ws="none", lifespan="off", log_config=None, **given)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        listener.close()
        assert not thread.is_alive()


@pytest.fixture(scope="module")
def short() -> Iterator[int]:
    with guarded(SHORT) as port:
        yield port


@pytest.fixture(scope="module")
def usual() -> Iterator[int]:
    with guarded(LIMITS) as port:
        yield port


def connected(port: int, source: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), PATIENCE, source_address=(source, 0))


def rest(connection: socket.socket) -> bytes:
    """What comes until the server closes."""
    found = b""
    try:
        while piece := connection.recv(65536):
            found += piece
    except ConnectionResetError:
        pass
    return found


def asked(port: int, data: bytes) -> bytes:
    with connected(port) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(data)
        return rest(connection)


def serves_others(port: int) -> bool:
    return asked(port, OTHER).startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /x HTTP/1.1\r\nHost: a\r\nX-Half: ",
        b"GET ",
        b"\r\n\r\n",
        HEAD + b"Content-Length: 100\r\n\r\nabc",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
    ],
    ids=["half a head", "half a method", "empty lines", "half a body", "half a chunk", "chunks without end"],
)
def test_what_is_sent_by_half_is_told_to_be_late(short: int, sent: bytes) -> None:
    answer = asked(short, sent)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"content-security-policy: default-src 'none'" in answer
    assert b"connection: close" in answer
    assert serves_others(short)


def test_a_connection_on_which_nothing_comes_is_closed_without_a_word(short: int) -> None:
    assert asked(short, b"") == b""


@pytest.mark.parametrize("start", [b"GET /x HTTP/1.1\r\nHost: a\r\nX: ", HEAD + b"Content-Length: 100000\r\n\r\n"])
def test_a_byte_now_and_then_does_not_keep_a_connection_open(short: int, start: bytes) -> None:
    with connected(short) as connection:
        connection.sendall(start)
        connection.settimeout(0.01)
        answer = b""
        for _ in range(3000):
            try:
                connection.sendall(b"a")
                answer = connection.recv(4096)
                break
            except TimeoutError:
                continue
        assert answer.startswith(b"HTTP/1.1 408 ")
    assert serves_others(short)


def test_a_second_request_by_half_is_late_too(short: int) -> None:
    with connected(short) as connection:
        connection.sendall(b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 200 OK")
        connection.sendall(b"GET /y HT")
        assert rest(connection).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 2_000_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 10_000 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 100 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"".join(b"X: %s\r\n" % (b"a" * 3000) for _ in range(6)) + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X" * 20_000 + b": y\r\n\r\n",
        b"\r\n" * 10_000,
    ],
    ids=["long target", "field of 2 MB", "10,000 fields", "101 fields", "six of 3 kB", "long name", "empty lines"],
)
def test_a_head_that_is_too_large_is_refused_as_such(usual: int, head: bytes) -> None:
    assert asked(usual, head).startswith(b"HTTP/1.1 431 ")
    assert serves_others(usual)


def test_a_head_within_the_bounds_is_served(usual: int) -> None:
    head = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + b"X: " + b"a" * 16_000 + b"\r\n" + b"Y: z\r\n" * 97
    fields = head.count(b"\r\n") - 1
    assert asked(usual, head[:9000] + head[9000:] + b"\r\n").startswith(b"HTTP/1.1 431 ")
    head = head.replace(b"a" * 16_000, b"a" * 15_000)
    assert asked(usual, head + b"\r\n").endswith(b"0 of %d" % fields)


AMBIGUOUS = {
    "length and coding": HEAD + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "coding and length": HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    "two lengths": HEAD + b"Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd",
    "two different lengths": HEAD + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
    "a list of lengths": HEAD + b"Content-Length: 4, 4\r\n\r\nabcd",
    "negative length": HEAD + b"Content-Length: -4\r\n\r\nabcd",
    "signed length": HEAD + b"Content-Length: +4\r\n\r\nabcd",
    "endless length": HEAD + b"Content-Length: 99999999999999999999999\r\n\r\nabcd",
    "bare line feeds": b"GET / HTTP/1.1\nHost: a\n\n",
    "a bare line feed": b"GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n",
    "a folded field": b"GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n",
    "a space before the colon": HEAD + b"Content-Length : 4\r\n\r\nabcd",
    "an unknown coding": HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "no coding": HEAD + b"Transfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "two codings": HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "a coding twice": HEAD + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a coding in 1.0": b"POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks by line feeds": HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\nabc\n0\n\n",
    "an extension by line feed": HEAD + b"Transfer-Encoding: chunked\r\n\r\n3;x\nabc\r\n0\r\n\r\n",
    "a negative chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n0\r\n\r\n",
    "an endless chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nabc",
    "endless extensions": HEAD + b"Transfer-Encoding: chunked\r\n\r\n3;" + b"x" * 80_000 + b"\r\nabc\r\n0\r\n\r\n",
    "endless trailers": HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "another server's address": b"GET http://b/x HTTP/1.1\r\nHost: a\r\n\r\n",
    "a null": b"GET / HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n",
    "bytes in the target": b"GET /\xff\xfe HTTP/1.1\r\nHost: a\r\n\r\n",
    "another protocol": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "noise": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
}


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_what_could_be_read_in_two_ways_is_refused_and_nothing_after_it_is_read(usual: int, name: str) -> None:
    answer = asked(usual, AMBIGUOUS[name] + OTHER)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1") == 1
    assert serves_others(usual)


def test_noise_behind_a_request_does_not_cost_its_answer(usual: int) -> None:
    answer = asked(usual, b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n\x16\x03\x01noise")
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert answer.count(b"HTTP/1.1") == 1


def test_so_many_requests_at_once_are_answered_in_order_and_no_more(usual: int) -> None:
    one = b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n"
    assert asked(usual, one * 5 + OTHER).count(b"HTTP/1.1 200 OK") == 6
    assert asked(usual, one * 5000).count(b"HTTP/1.1 200 OK") <= LIMITS.pipelined + 2


def test_trailers_and_extensions_reach_nobody(usual: int) -> None:
    body = b"3;name=value\r\nabc\r\n0\r\nX-Forwarded-For: 192.0.2.9\r\n\r\n"
    head = HEAD + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert asked(usual, head + body).endswith(b"\r\n\r\n3 of 3")


def test_what_follows_a_wish_to_upgrade_is_not_taken_for_a_request(usual: int) -> None:
    wish = HEAD + b"Connection: upgrade\r\nUpgrade: h2c\r\nContent-Length: 4\r\n\r\nabcd"
    assert asked(usual, wish + OTHER).count(b"HTTP/1.1") == 1


def test_a_large_body_arrives_whole(usual: int) -> None:
    size = 3_000_000
    head = HEAD + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % size
    assert asked(usual, head + b"a" * size).endswith(b"%d of 3" % size)


def test_an_answer_that_does_not_wait_for_the_body_says_that_it_closes_and_arrives(usual: int) -> None:
    head = b"POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n"
    with connected(usual) as connection:
        connection.sendall(head + b"a" * 100_000)
        answer = rest(connection)
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert b"connection: close" in answer


def test_whoever_waits_to_be_asked_for_the_body_is_asked(usual: int) -> None:
    with connected(usual) as connection:
        connection.sendall(HEAD + b"Connection: close\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"abc")
        assert rest(connection).endswith(b"3 of 4")


def test_one_address_gets_so_many_connections_and_others_are_served() -> None:
    limits = replace(LIMITS, per_address=3)
    with guarded(limits, limit_concurrency=5) as port:
        held = [connected(port, "127.0.0.9") for _ in range(3)]
        for one in held:
            one.sendall(b"GET /")
        with connected(port, "127.0.0.9") as fourth:
            assert rest(fourth).startswith(b"HTTP/1.1 429 ")
        assert serves_others(port)
        held.pop().close()
        with connected(port, "127.0.0.8") as other:
            other.sendall(OTHER)
            assert rest(other).startswith(b"HTTP/1.1 200 OK")
        for one in held:
            one.close()


def test_a_trusted_proxy_may_open_as_many_as_it_likes() -> None:
    proxies = {"proxy_headers": True, "forwarded_allow_ips": ["127.0.0.8/31"]}
    with guarded(replace(LIMITS, per_address=1), **proxies) as port:
        held = [connected(port, "127.0.0.9") for _ in range(4)]
        held[-1].sendall(OTHER)
        assert rest(held[-1]).startswith(b"HTTP/1.1 200 OK")
        for one in held:
            one.close()


def test_idle_connections_take_no_request_s_place_and_make_room_for_others() -> None:
    with guarded(replace(LIMITS, in_all=8), limit_concurrency=2) as port, ExitStack() as stack:
        held = [stack.enter_context(connected(port)) for _ in range(20)]
        assert serves_others(port)
        assert [rest(one) for one in held[:13]] == [b""] * 13
