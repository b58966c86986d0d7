"""What one connection may cost: bytes, seconds and places, and the short answers to whoever goes beyond."""

from collections import Counter
from dataclasses import dataclass

from app.kit.throttle import of_address

SECURE = (
    "content-security-policy: default-src 'none'; frame-ancestors 'none'\r\n"
    "x-content-type-options: nosniff\r\nx-frame-options: DENY\r\nreferrer-policy: no-referrer\r\n"
    "cross-origin-opener-policy: same-origin\r\ncross-origin-resource-policy: same-origin\r\n"
    "cache-control: no-store\r\n"
)
WORDS = {
    400: ("Bad Request", "请求无法识别。", "The request could not be read."),
    408: ("Request Timeout", "请求传送过慢，连接已关闭，请重试。", "The request took too long. Please try again."),
    429: ("Too Many Requests", "同一网络地址的连接过多，请稍后再试。", "Too many connections from one address."),
    431: ("Request Header Fields Too Large", "请求头过大。", "The head of the request is too large."),
    503: ("Service Unavailable", "当前访问人数较多，请稍后再试。", "Too much is going on just now; please try again."),
}
RETRY_AFTER = {429: 10, 503: 5}


@dataclass(frozen=True)
class Limits:
    """Bounds of a connection. Bytes, numbers and seconds; those of SECURITY's list where it names one.

    `head_bytes` bounds the request line and all header fields together. `head_seconds` runs from the connection's first
    moment, or from the first byte of a later request. A body may pause for `pause_seconds`, and must arrive at
    `bytes_per_second` on the whole and within `body_seconds`; the last is beyond the five minutes after which the form
    with files tells its sender so itself. An answer must be taken at `bytes_per_second` within each `taking_seconds`.
    `per_address` doesn't hold for trusted proxies nor for this machine itself, nor `in_all` for anybody who is being
    answered: the one who has been waiting longest to be asked something makes room.
    """

    head_bytes: int = 16 * 1024
    fields: int = 100
    head_seconds: float = 10
    pause_seconds: float = 15
    body_seconds: float = 330
    bytes_per_second: int = 500
    taking_seconds: float = 15
    linger_seconds: float = 3
    look_seconds: float = 1
    pipelined: int = 8
    overhead_bytes: int = 16 * 1024
    per_address: int = 50
    in_all: int = 1000
    unbounded: frozenset[str] = frozenset({"127.0.0.1", "::1"})


LIMITS = Limits()


def refusal(status: int) -> bytes:
    """A whole answer that closes the connection, in plain words of both languages."""
    reason, chinese, english = WORDS[status]
    body = f"{chinese}\n{english}\n".encode()
    again = f"retry-after: {RETRY_AFTER[status]}\r\n" if status in RETRY_AFTER else ""
    head = (
        f"HTTP/1.1 {status} {reason}\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: {len(body)}\r\n"
        f"{SECURE}{again}connection: close\r\n\r\n"
    )
    return head.encode() + body


class Places:
    """How many connections each client has open in this process; an IPv6 customer's /64 counts as one."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    def take(self, address: str, most: int) -> str | None:
        """The name under which a place was taken; None where the client has as many as it may."""
        client = of_address(address)
        if self._open[client] >= most:
            return None
        self._open[client] += 1
        return client

    def give_back(self, client: str) -> None:
        self._open[client] -= 1
        if self._open[client] <= 0:
            del self._open[client]
