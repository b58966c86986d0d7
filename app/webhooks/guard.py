"""Where a message may go: the wall against addresses that would turn this service against its own network. Pure.

A name is resolved once; every address of it has to pass, and the connection is made to one that did. Loopback,
link-local, the metadata services of clouds, multicast and the service's own database are never reached; private
addresses only where an administrator has allowed their range.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

URL_LIMIT = 500
HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
NUMERIC = re.compile(r"(\d+|0x[0-9a-f]*)", re.ASCII)
PLACE = re.compile(r"[!-~]*")
USUAL_PORTS = (80, 443)
PORTS_OF_OTHERS = frozenset(
    {1433, 1521, 1883, 2049, 2375, 2376, 2379, 2380, 3306, 3389, 5432, 5433, 5672, 5900, 6379, 6443, 6667, 9042}
    | {9092, 9200, 9300, 11211, 27017, 50051}
)
"""Databases, caches, queues and consoles; nobody receives webhooks there, and some obey what they are sent."""
GLOBAL_UNICAST = ip_network("2000::/3")
NAT64 = ip_network("64:ff9b::/96")
NEVER = tuple(
    map(
        ip_network,
        (
            *("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4"),
            *("100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32"),  # metadata outside of link-local
            *("::/128", "::1/128", "fe80::/10", "fec0::/10", "ff00::/8", "fd00:ec2::254/128"),
        ),
    )
)
LOOPBACK = tuple(map(ip_network, ("127.0.0.0/8", "::1/128")))
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class NoWay(Exception):
    """The address is not to be written to; `code` says why, without saying what is there."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Target:
    """An address of a receiver, taken apart. `host` is a name or an address, without brackets."""

    is_tls: bool
    host: str
    port: int
    place: str


@dataclass(frozen=True)
class Allowed:
    """A range of addresses that is open in this deployment; `is_plain` without TLS too, `authorities` as PEM."""

    network: Network
    is_plain: bool = False
    authorities: str | None = None


@dataclass(frozen=True)
class Policy:
    """`own` are the addresses of the database. `is_demonstration` opens loopback, for a receiver beside the service."""

    allowed: tuple[Allowed, ...] = ()
    own: frozenset[Address] = frozenset()
    is_demonstration: bool = False


@dataclass(frozen=True)
class Way:
    """The one address to connect to, and who is believed there beside the machine's own authorities."""

    address: str
    authorities: str | None = None


def target_of(url: str) -> Target:
    """The address taken apart. Raises NoWay for what no receiver needs: other schemes, userinfo, fragments, odd ports
    and odd spellings of numeric addresses.
    """
    if len(url) > URL_LIMIT or not PLACE.fullmatch(url) or "\\" in url:
        raise NoWay("bad_url")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NoWay("bad_url") from None
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.fragment:
        raise NoWay("bad_url")
    if "@" in parts.netloc:
        raise NoWay("userinfo")
    is_tls = parts.scheme == "https"
    place = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(is_tls, _host(parts.hostname), _port(port, is_tls), place)


def _host(host: str) -> str:
    if ":" in host:
        try:
            return str(IPv6Address(host))
        except ValueError:
            raise NoWay("bad_url") from None
    if not HOST.fullmatch(host):
        raise NoWay("bad_url")
    if NUMERIC.fullmatch(host.rpartition(".")[2]):
        try:
            return str(IPv4Address(host))
        except ValueError:
            raise NoWay("odd_address") from None
    return host


def _port(port: int | None, is_tls: bool) -> int:
    if port is None:
        return 443 if is_tls else 80
    if port in PORTS_OF_OTHERS or (port < 1024 and port not in USUAL_PORTS):
        raise NoWay("port")
    return port


def literal_of(target: Target) -> Address | None:
    """The host where it is an address itself; None for a name."""
    try:
        return ip_address(target.host)
    except ValueError:
        return None


def way_to(target: Target, resolved: Sequence[str], policy: Policy) -> Way:
    """The way to a receiver whose name has these addresses now.

    One address that must not be reached forbids all of them: else chance, or whoever answers for the name, would
    choose. Raises NoWay: `no_address`, `loopback`, `never`, `own_database`, `private`, `not_https`.
    """
    if not resolved:
        raise NoWay("no_address")
    ways = [_way(target, ip_address(text.partition("%")[0]), policy) for text in resolved]
    return ways[0]


def _way(target: Target, address: Address, policy: Policy) -> Way:
    inner = _inner(address)
    for one in {address, inner}:
        _refuse_what_is_never_reached(one, policy)
    is_own_machine = policy.is_demonstration and _is_in(inner, LOOPBACK)
    allowed = next((one for one in policy.allowed if inner in one.network), None)
    if allowed is None and not is_own_machine and not _is_public(inner):
        raise NoWay("private")
    if not target.is_tls and not is_own_machine and not (allowed and allowed.is_plain):
        raise NoWay("not_https")
    return Way(str(address), allowed.authorities if allowed else None)


def _refuse_what_is_never_reached(address: Address, policy: Policy) -> None:
    if address in policy.own:
        raise NoWay("own_database")
    if _is_in(address, LOOPBACK):
        if not policy.is_demonstration:
            raise NoWay("loopback")
    elif _is_in(address, NEVER):
        raise NoWay("never")


def _inner(address: Address) -> Address:
    """The address of the fourth version that one of the sixth stands for: mapped, 6to4, Teredo, NAT64."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64 or int(address) >> 32 == 0:
        return IPv4Address(int(address) & 0xFFFFFFFF) if int(address) > 1 else address
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo or address


def _is_public(address: Address) -> bool:
    return address.is_global and (isinstance(address, IPv4Address) or address in GLOBAL_UNICAST)


def _is_in(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)


def network_of(text: str) -> Network:
    """A range that can be allowed. Raises NoWay for none, for one that holds what is never reached, and for more than
    a /8 (IPv4) or a /16 (IPv6).
    """
    try:
        network = ip_network(text.strip())
    except ValueError:
        raise NoWay("bad_network") from None
    if network.prefixlen < (8 if network.version == 4 else 16):
        raise NoWay("network_too_wide")
    if any(network.version == never.version and network.subnet_of(never) for never in NEVER):  # type: ignore[arg-type]
        raise NoWay("never")
    return network
