"""No address that would turn the service against its own network is ever written to, however it is spelled."""

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.webhooks import guard
from app.webhooks.guard import Allowed, NoWay, Policy, Way, network_of, target_of, way_to

PUBLIC = "203.0.114.7"
NAMED = target_of("https://hooks.example.cn/in?a=1")
OFFICE = Policy((Allowed(ip_network("10.20.0.0/16")),))
PLAIN = Policy((Allowed(ip_network("10.20.0.0/16"), is_plain=True, authorities="PEM"),))
EVERYTHING = Policy(tuple(Allowed(ip_network(wide), is_plain=True) for wide in ("0.0.0.0/0", "::/0")))
NEVER = [
    *("127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "0.0.0.0", "::", "0.1.2.3"),
    *("169.254.169.254", "::ffff:169.254.169.254", "fe80::1", "fe80::1%eth0", "fd00:ec2::254", "100.100.100.200"),
    *("168.63.129.16", "192.0.0.192", "224.0.0.1", "ff02::1", "255.255.255.255", "240.0.0.1"),
    *("2002:7f00:1::", "64:ff9b::7f00:1", "::7f00:1", "2002:a9fe:a9fe::1", "64:ff9b::a9fe:a9fe"),
]
PRIVATE = [
    *("10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "fd12::1", "fc00::1", "::ffff:10.0.0.1", "192.0.2.1"),
    *("198.18.0.1", "2001:db8::1", "64:ff9b:1::1", "2002:a00:1::"),
]


def refused(url: str) -> str:
    with pytest.raises(NoWay) as found:
        target_of(url)
    return found.value.code


@pytest.mark.parametrize("address", NEVER)
def test_some_addresses_are_never_reached_whatever_was_allowed(address: str) -> None:
    for policy in (Policy(), OFFICE, EVERYTHING):
        with pytest.raises(NoWay, match=r"loopback|never"):
            way_to(NAMED, [address], policy)


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_reached_where_an_administrator_allowed_their_range(address: str) -> None:
    with pytest.raises(NoWay, match="private"):
        way_to(NAMED, [address], Policy())
    assert way_to(NAMED, [address], EVERYTHING).address == str(ip_address(address))


def test_an_allowance_holds_in_its_range_only() -> None:
    assert way_to(NAMED, ["10.20.3.4"], OFFICE) == Way("10.20.3.4")
    assert way_to(NAMED, ["::ffff:10.20.3.4"], PLAIN).authorities == "PEM"
    with pytest.raises(NoWay, match="private"):
        way_to(NAMED, ["10.21.3.4"], OFFICE)


def test_one_bad_address_of_a_name_forbids_them_all() -> None:
    for answers in (["10.1.1.1", PUBLIC], [PUBLIC, "127.0.0.1"], [PUBLIC, "::1"]):
        with pytest.raises(NoWay):
            way_to(NAMED, answers, Policy())
    with pytest.raises(NoWay, match="no_address"):
        way_to(NAMED, [], Policy())


def test_the_own_database_is_never_reached_not_even_at_a_public_address() -> None:
    own = frozenset({ip_address(PUBLIC), ip_address("10.20.0.9")})
    for address in (PUBLIC, "10.20.0.9", "::ffff:10.20.0.9"):
        with pytest.raises(NoWay, match="own_database"):
            way_to(NAMED, [address], Policy(EVERYTHING.allowed, own))


def test_without_tls_nothing_goes_out_but_to_ranges_that_say_so() -> None:
    plain = target_of("http://hooks.example.cn/")
    for policy, address in ((Policy(), PUBLIC), (OFFICE, "10.20.0.1"), (PLAIN, PUBLIC)):
        with pytest.raises(NoWay, match="not_https"):
            way_to(plain, [address], policy)
    assert way_to(plain, ["10.20.0.1"], PLAIN).address == "10.20.0.1"


def test_the_machine_itself_is_reached_in_a_demonstration_only() -> None:
    assert way_to(target_of("http://127.0.0.1:9000/"), ["127.0.0.1"], Policy(is_demonstration=True)) == Way("127.0.0.1")
    for address in ("169.254.169.254", "10.0.0.1"):
        with pytest.raises(NoWay):
            way_to(NAMED, [address], Policy(is_demonstration=True))


@given(st.ip_addresses())
def test_what_gets_through_without_an_allowance_is_public(address: object) -> None:
    try:
        way = way_to(NAMED, [str(address)], Policy())
    except NoWay:
        return
    assert ip_address(way.address).is_global
    assert not ip_address(way.address).is_multicast


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://hooks.example.cn/", "bad_url"),
        ("file:///etc/passwd", "bad_url"),
        ("https://", "bad_url"),
        ("https://hooks.example.cn/#part", "bad_url"),
        ("https://hooks.example.cn\\@127.0.0.1/", "bad_url"),
        ("https://hooks.example.cn/\r\nHost: other", "bad_url"),
        ("https://hooks example.cn/", "bad_url"),
        ("https://hooks.example.cn./", "bad_url"),
        ("https://民政.example.cn/", "bad_url"),
        ("https://hooks.example.cn:99999/", "bad_url"),
        ("https://[::1", "bad_url"),
        ("https://" + "a" * 500, "bad_url"),
        ("https://user:word@hooks.example.cn/", "userinfo"),
        ("https://@hooks.example.cn/", "userinfo"),
        ("https://hooks.example.cn:22/", "port"),
        ("https://hooks.example.cn:5432/", "port"),
        ("https://hooks.example.cn:6379/", "port"),
        ("https://0x7f.1/", "odd_address"),
        ("https://0x7f000001/", "odd_address"),
        ("https://2130706433/", "odd_address"),
        ("https://0177.0.0.1/", "odd_address"),
        ("https://127.1/", "odd_address"),
        ("https://1.2.3.04/", "odd_address"),
    ],
)
def test_addresses_that_no_receiver_needs_are_refused(url: str, code: str) -> None:
    assert refused(url) == code


def test_an_address_is_taken_apart() -> None:
    assert target_of("https://hooks.example.cn/in?a=1") == guard.Target(True, "hooks.example.cn", 443, "/in?a=1")
    assert target_of("https://[2001:DB8::1]:8443") == guard.Target(True, "2001:db8::1", 8443, "/")
    assert target_of("HTTP://Hooks.Example.cn").host == "hooks.example.cn"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ten", "bad_network"),
        ("10.20.0.1/16", "bad_network"),
        ("0.0.0.0/0", "network_too_wide"),
        ("10.0.0.0/7", "network_too_wide"),
        ("fc00::/7", "network_too_wide"),
        ("127.0.0.0/8", "never"),
        ("127.0.0.1/32", "never"),
        ("169.254.169.254/32", "never"),
        ("fe80::/64", "never"),
    ],
)
def test_ranges_that_can_not_be_allowed(text: str, code: str) -> None:
    with pytest.raises(NoWay, match=code):
        network_of(text)


def test_ranges_that_can() -> None:
    assert [str(network_of(text)) for text in (" 10.20.0.0/16 ", "10.0.0.0/8", "192.168.3.4", "fd12:3::/32")] == [
        *("10.20.0.0/16", "10.0.0.0/8", "192.168.3.4/32", "fd12:3::/32")
    ]
