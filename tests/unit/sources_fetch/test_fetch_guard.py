"""The guard: which addresses are refused, in whatever form they are written."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthand.model.errors import AddressRefused, ConfigError
from firsthand.model.urls import absolute_url
from firsthand.sources.guard import BAD_PORTS, AddressGuard

REFUSED = {
    "0.0.0.0": "unspecified",
    "0.1.2.3": "this very network",
    "10.0.0.1": "private",
    "100.64.0.1": "carrier-grade",
    "100.127.255.255": "carrier-grade",
    "127.0.0.1": "loopback",
    "127.255.255.254": "loopback",
    "168.63.129.16": "Azure",
    "169.254.169.254": "link-local",
    "172.16.0.1": "private",
    "172.31.255.255": "private",
    "192.0.0.192": "reserved",
    "192.0.2.1": "documentation",
    "192.88.99.1": "6to4",
    "192.168.1.1": "private",
    "198.18.0.1": "benchmarking",
    "198.19.255.255": "benchmarking",
    "198.51.100.7": "documentation",
    "203.0.113.7": "documentation",
    "224.0.0.1": "multicast",
    "239.255.255.250": "multicast",
    "240.0.0.1": "reserved",
    "255.255.255.255": "broadcast",
    "::": "unspecified",
    "::1": "loopback",
    "::127.0.0.1": "IPv4-compatible",
    "::8.8.8.8": "IPv4-compatible",
    "::ffff:127.0.0.1": "loopback",
    "::ffff:10.0.0.1": "private",
    "::ffff:a9fe:a9fe": "link-local",
    "::ffff:0:127.0.0.1": "reserved",
    "64:ff9b::127.0.0.1": "loopback",
    "64:ff9b::10.1.2.3": "private",
    "64:ff9b:1::1": "local NAT64",
    "100::1": "discard",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2": "Teredo",
    "2001:10::1": "reserved",
    "2001:db8::1": "documentation",
    "2002:7f00:1::": "6to4 for 127.0.0.1",
    "2002:c0a8:101::1": "6to4 for 192.168.1.1",
    "2a00:1450:4001:830:0:5efe:127.0.0.1": "ISATAP for 127.0.0.1",
    "2a00:1450:4001:830:200:5efe:10.0.0.1": "ISATAP for 10.0.0.1",
    "3fff::1": "documentation",
    "4000::1": "reserved",
    "5f00::1": "reserved",
    "fc00::1": "unique local",
    "fd00:ec2::254": "unique local",
    "fe80::1": "link-local",
    "fe80::1%eth0": "network card",
    "fec0::1": "site-local",
    "ff02::1": "multicast",
    "not an address": "not an IP address",
}


@pytest.mark.parametrize(("address", "why"), REFUSED.items())
def test_refused(address: str, why: str) -> None:
    reason = AddressGuard().reason(address)

    assert reason is not None
    assert why in reason


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2606:4700:4700::1111",
        "2a00:1450:4001:830::200e",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "2002:808:808::1",
        "2a00:1450:4001:830:0:5efe:8.8.8.8",
    ],
)
def test_public_addresses_pass(address: str) -> None:
    assert AddressGuard().reason(address) is None


def test_named_networks_are_allowed_and_their_neighbours_not() -> None:
    guard = AddressGuard(["127.0.0.0/8", "::1/128", "10.1.0.0/16", "192.168.1.7"])

    assert guard.reason("127.9.9.9") is None
    assert guard.reason("::1") is None
    assert guard.reason("10.1.255.255") is None
    assert guard.reason("192.168.1.7") is None
    assert guard.reason("::ffff:10.1.0.1") is None
    assert guard.reason("10.2.0.0") is not None
    assert guard.reason("192.168.1.8") is not None


def test_a_tunnel_into_an_allowed_network_stays_refused() -> None:
    guard = AddressGuard(["127.0.0.0/8", "10.0.0.0/8"])

    assert guard.reason("64:ff9b::127.0.0.1") is not None
    assert guard.reason("2002:a00:1::") is not None
    assert guard.reason("::127.0.0.1") is not None


@pytest.mark.parametrize("network", ["", "localhost", "10.0.0.0/33", "10.0.0/8", "::1/129", "10.1.0.0-10.2.0.0"])
def test_a_network_that_is_none_is_a_config_error(network: str) -> None:
    with pytest.raises(ConfigError, match=r"fetch\.allow_networks"):
        AddressGuard([network])


@pytest.mark.parametrize(
    "url",
    [
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://127.0.1/",
        "http://127.000.000.001/",
        "http://1.2.3.4.5/",
        "http://256.256.256.256/",
        "http://134744072/",
        "http://host.0x/",
        "http://127.0.0.1/",
        "http://127.0.0.1./",
        "http://[::1]/",
        "http://[::ffff:7f00:1]/",
        "http://[fe80::1%25eth0]/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "http://user:pass@example.com/",
        "http:///",
    ],
)
def test_addresses_refused_before_any_connection(url: str) -> None:
    with pytest.raises(AddressRefused):
        AddressGuard().check_url(url)


@pytest.mark.parametrize("url", ["http://127.1/", "http://2130706433/", "http://0x7f.0.0.1/"])
def test_disguised_addresses_are_refused_even_in_an_allowed_network(url: str) -> None:
    with pytest.raises(AddressRefused):
        AddressGuard(["127.0.0.0/8"]).check_url(url)


@pytest.mark.parametrize(
    "url", ["http://example.com/", "https://1.1.1.1/", "https://[2606:4700::1]:8443/", "http://a1/"]
)
def test_web_addresses_pass(url: str) -> None:
    AddressGuard().check_url(url)


@pytest.mark.parametrize("port", [22, 25, 110, 143, 6667, 10080])
def test_ports_of_other_protocols_are_refused(port: int) -> None:
    with pytest.raises(AddressRefused, match=f"Port {port} "):
        AddressGuard().check_url(f"http://example.com:{port}/")


def test_usual_ports_are_not_bad() -> None:
    assert BAD_PORTS.isdisjoint({80, 443, 8000, 8080, 8443, 3000, 5000})


def test_the_refusal_names_the_setting() -> None:
    with pytest.raises(AddressRefused) as caught:
        AddressGuard().check_url("http://192.168.0.1/feed")

    assert caught.value.message == "192.168.0.1 is a private address, and only public addresses are fetched."
    assert "fetch.allow_networks" in caught.value.remedy


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_is_judged_alike_in_each_ipv6_form(number: int) -> None:
    guard = AddressGuard()
    plain = guard.reason(IPv4Address(number)) is None

    assert (guard.reason(IPv6Address((0xFFFF << 32) | number)) is None) is plain
    assert (guard.reason(IPv6Address((0x0064FF9B << 96) | number)) is None) is plain
    assert (guard.reason(IPv6Address((0x2002 << 112) | (number << 80))) is None) is plain


@given(st.integers(0, 2**128 - 1))
def test_nothing_outside_global_unicast_passes(number: int) -> None:
    address = IPv6Address(number)
    transition = address.ipv4_mapped is not None or number >> 32 == 0x0064FF9B << 64

    if number >> 125 != 1 and not transition:
        assert AddressGuard().reason(address) is not None


@given(st.integers(0, 2**32 - 1))
def test_what_python_calls_private_is_refused(number: int) -> None:
    address = IPv4Address(number)

    if address.is_private or address.is_multicast or address.is_reserved:
        assert AddressGuard().reason(address) is not None


@given(st.text(max_size=60) | st.from_regex(r"[0-9a-fx:.%\[\]]{1,40}", fullmatch=True))
def test_any_text_gives_a_reason_or_is_a_public_address(text: str) -> None:
    if AddressGuard().reason(text) is None:
        assert ip_address(text).is_global or ":" in text


@given(st.from_regex(r"[0-9a-fx:.%@/\[\]]{1,40}", fullmatch=True))
def test_no_host_of_an_address_raises_anything_but_a_refusal(host: str) -> None:
    url = absolute_url(None, f"http://{host}/")
    if url is not None:
        try:
            AddressGuard().check_url(url)
        except AddressRefused as error:
            assert error.message.endswith(".")  # noqa: PT017
