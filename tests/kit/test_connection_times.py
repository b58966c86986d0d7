"""What a connection may take, under a clock that the test moves: exactly as long as the limits say."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
import uvicorn
from uvicorn.server import ServerState

from app.kit.connection_limits import LIMITS, Places
from app.kit.guarded_protocol import GuardedProtocol


class Loop:
    """Time that stands still, and nothing that runs by itself."""

    def __init__(self) -> None:
        self.now = 100.0
        self.later: list[Callable[[], None]] = []

    def time(self) -> float:
        return self.now

    def call_later(self, seconds: float, call: Callable[[], None]) -> Any:
        self.later.append(call)
        return asyncio.TimerHandle(0, call, (), cast("Any", self))

    def get_debug(self) -> bool:
        return False

    def _timer_handle_cancelled(self, handle: Any) -> None:
        return None

    def create_task(self, work: Any) -> Any:
        work.close()
        return asyncio.Future(loop=self.real)

    real: asyncio.AbstractEventLoop


class Transport(asyncio.Transport):
    def __init__(self) -> None:
        super().__init__()
        self.written, self.state, self.unsent = b"", "open", 0

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"peername": ("192.0.2.7", 5), "sockname": ("192.0.2.1", 80)}.get(name, default)

    def write(self, data: Any) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return self.state != "open"

    def close(self) -> None:
        self.state = "closed"

    def abort(self) -> None:
        self.state = "aborted"

    def can_write_eof(self) -> bool:
        return False

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def pause_reading(self) -> None:
        return None

    def resume_reading(self) -> None:
        return None


@pytest.fixture
def loop() -> Iterator[Loop]:
    made = Loop()
    made.real = asyncio.new_event_loop()
    yield made
    made.real.close()


@pytest.fixture
def connection(loop: Loop) -> GuardedProtocol:
    async def nothing(scope: Any, receive: Any, send: Any) -> None:
        return None

    made = GuardedProtocol(
        uvicorn.Config(nothing, log_config=None, lifespan="off"), ServerState(), {}, cast("Any", loop)
    )
    made.connection_made(Transport())
    return made


def passes(connection: GuardedProtocol, loop: Loop, seconds: float) -> Transport:
    loop.now += seconds
    connection.look()
    return cast("Transport", connection.transport)


def test_a_head_may_take_its_time_and_no_longer(connection: GuardedProtocol, loop: Loop) -> None:
    connection.data_received(b"GET / HTTP/1.1\r\n")
    assert passes(connection, loop, LIMITS.head_seconds).written == b""
    assert passes(connection, loop, 0.1).written.startswith(b"HTTP/1.1 408 ")
    assert passes(connection, loop, LIMITS.linger_seconds).state == "aborted"


def test_a_body_at_the_slowest_allowed_rate_is_waited_for(connection: GuardedProtocol, loop: Loop) -> None:
    connection.data_received(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
    for _ in range(int(LIMITS.body_seconds) - 1):
        connection.data_received(b"a" * LIMITS.bytes_per_second)
        connection.flow.read_paused = False  # as when somebody reads it
        assert passes(connection, loop, 1).written == b""
    connection.data_received(b"a" * LIMITS.bytes_per_second)
    connection.flow.read_paused = False
    assert passes(connection, loop, 1.5).written.startswith(b"HTTP/1.1 408 ")


def test_a_body_may_pause_and_no_longer(connection: GuardedProtocol, loop: Loop) -> None:
    connection.data_received(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + b"a" * 50_000)
    assert passes(connection, loop, LIMITS.pause_seconds).written == b""
    assert passes(connection, loop, 0.1).written.startswith(b"HTTP/1.1 408 ")


def test_nobody_is_late_while_the_service_does_not_read(connection: GuardedProtocol, loop: Loop) -> None:
    connection.data_received(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
    connection.flow.read_paused = True
    for _ in range(60):
        assert passes(connection, loop, LIMITS.look_seconds).written == b""


def test_whoever_takes_the_answer_too_slowly_loses_it(connection: GuardedProtocol, loop: Loop) -> None:
    transport = cast("Transport", connection.transport)
    connection.data_received(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    transport.unsent = 1_000_000
    passes(connection, loop, 1)
    for _ in range(5):
        transport.unsent -= int(LIMITS.bytes_per_second * LIMITS.taking_seconds)
        assert passes(connection, loop, LIMITS.taking_seconds).state == "open"
    transport.unsent -= 10
    assert passes(connection, loop, LIMITS.taking_seconds).state == "open"
    assert passes(connection, loop, 0.1).state == "aborted"


def test_places_are_counted_by_client_and_given_back() -> None:
    places = Places()
    one, two = places.take("2001:db8::1", 2), places.take("2001:db8::2", 2)
    assert one == two
    assert one is not None
    assert places.take("2001:db8::3", 2) is None
    assert places.take("192.0.2.1", 2) is not None
    places.give_back(one)
    assert places.take("2001:db8::3", 2) == one
