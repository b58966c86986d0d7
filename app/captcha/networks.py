"""The network that a client belongs to, as the buckets know it."""

from ipaddress import IPv6Address, ip_address

from app.kit.crypto import keyed_hash

IPV4_BITS, IPV6_BITS = 24, 48


def network_of(address: str | None) -> str:
    """The /24 of an IPv4 address, the /48 of an IPv6 one, as text; empty where there is no address."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    bits = IPV6_BITS if isinstance(parsed, IPv6Address) else IPV4_BITS
    of_one_client = parsed.max_prefixlen - bits
    return f"{type(parsed)(int(parsed) >> of_one_client << of_one_client)}/{bits}"


def bucket_key(key: bytes, network: str) -> str:
    """64 hex digits from which nobody without the key can tell the network."""
    return keyed_hash(key, network).hex()
