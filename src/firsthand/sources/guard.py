"""Which addresses may be fetched: the rule that keeps a feed from reaching into the house it is read in.

Whoever writes a feed, a redirect or a DNS record chooses where this program connects (server-side request forgery).
So the decision is made on the very address that a socket is about to connect to, for every hop: a name that
resolves differently the second time (rebinding) and a redirect pass through the same gate.

IPv4 is refused by the IANA special-purpose registry; IPv6 is refused unless it is global unicast, with the
transition mechanisms looked through to the IPv4 address that they carry. The tables are our own because those of
`ipaddress` differ between Python releases (3.11 and 3.12.4 disagree on `is_private`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from firsthand.model.errors import AddressRefused, ConfigError

IPAddress = IPv4Address | IPv6Address

SETTING = "fetch.allow_networks"

# https://www.iana.org/assignments/iana-ipv4-special-registry, and one address that is no network's.
_IPV4_REFUSED = tuple(
    (IPv4Network(network), what)
    for network, what in (
        ("255.255.255.255/32", "the broadcast address"),
        ("0.0.0.0/32", "the unspecified address"),
        ("0.0.0.0/8", "an address of this very network"),  # RFC 791; Linux connects 0.0.0.0 to itself
        ("10.0.0.0/8", "a private address"),  # RFC 1918
        ("100.64.0.0/10", "a carrier-grade NAT address"),  # RFC 6598
        ("127.0.0.0/8", "a loopback address"),  # RFC 1122
        ("168.63.129.16/32", "Azure's address for a machine's own secrets"),  # public by number only
        ("169.254.0.0/16", "a link-local address"),  # RFC 3927; clouds keep machine secrets at .169.254
        ("172.16.0.0/12", "a private address"),  # RFC 1918
        ("192.0.0.0/24", "a reserved address"),  # RFC 6890
        ("192.0.2.0/24", "a documentation address"),  # RFC 5737
        ("192.88.99.0/24", "a 6to4 relay address"),  # RFC 7526
        ("192.168.0.0/16", "a private address"),  # RFC 1918
        ("198.18.0.0/15", "a benchmarking address"),  # RFC 2544
        ("198.51.100.0/24", "a documentation address"),  # RFC 5737
        ("203.0.113.0/24", "a documentation address"),  # RFC 5737
        ("224.0.0.0/4", "a multicast address"),  # RFC 5771
        ("240.0.0.0/4", "a reserved address"),  # RFC 1112
    )
)

# https://www.iana.org/assignments/iana-ipv6-special-registry; all outside 2000::/3 is refused in any case, and the
# names here only say why.
_IPV6_REFUSED = tuple(
    (IPv6Network(network), what)
    for network, what in (
        ("::/128", "the unspecified address"),
        ("::1/128", "a loopback address"),
        ("::/96", "an IPv4-compatible address"),  # RFC 4291 §2.5.5.1, deprecated
        ("64:ff9b:1::/48", "a local NAT64 address"),  # RFC 8215: leads into networks of one's own
        ("100::/64", "a discard-only address"),  # RFC 6666
        ("2001::/32", "a Teredo address"),  # RFC 4380: tunnels to any host behind a NAT
        ("2001::/23", "a reserved address"),  # RFC 2928
        ("2001:db8::/32", "a documentation address"),  # RFC 3849
        ("3fff::/20", "a documentation address"),  # RFC 9637
        ("fc00::/7", "a unique local address"),  # RFC 4193
        ("fe80::/10", "a link-local address"),  # RFC 4291
        ("fec0::/10", "a site-local address"),  # RFC 3879
        ("ff00::/8", "a multicast address"),  # RFC 4291
    )
)
_IPV6_GLOBAL = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_6TO4 = IPv6Network("2002::/16")
_ISATAP_IDENTIFIERS = (0x00005EFE, 0x02005EFE)  # RFC 5214 §6.1

# "Bad ports" of https://fetch.spec.whatwg.org/#port-blocking: other protocols that could be made to act on a request.
# fmt: off
BAD_PORTS = frozenset((
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
    109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
    526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
    3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
))
# fmt: on

_NUMERIC_LABEL = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")


class AddressGuard:
    """Decides which addresses may be connected to.

    Args:
        allow_networks: networks in CIDR form that are allowed although they are not public ("127.0.0.0/8").

    Raises:
        ConfigError: a network of `allow_networks` is none.
    """

    def __init__(self, allow_networks: Iterable[str] = ()) -> None:
        self._allowed_v4: list[IPv4Network] = []
        self._allowed_v6: list[IPv6Network] = []
        for text in allow_networks:
            network = _network(text)
            if isinstance(network, IPv4Network):
                self._allowed_v4.append(network)
            else:
                self._allowed_v6.append(network)

    def reason(self, address: str | IPAddress) -> str | None:
        """Why a socket may not connect to `address`, as "127.0.0.1 is a loopback address"; None if it may.

        A text that is no IP address (also one with an IPv6 zone, which only link-local addresses have) is refused.
        """
        if isinstance(address, str):
            if "%" in address:
                return f"{address!r} is bound to one network card"
            try:
                address = ip_address(address)
            except ValueError:
                return f"{address!r} is not an IP address"
        what = self._refused_v4(address) if isinstance(address, IPv4Address) else self._refused_v6(address)
        return None if what is None else f"{address} is {what}"

    def check_url(self, url: str) -> None:
        """Refuse what needs no lookup: scheme, port, credentials, and hosts that are addresses.

        `url` is absolute and already cleaned (`model.urls.absolute_url`). That this passes says nothing about names;
        those are decided when their addresses are connected to.

        Raises:
            AddressRefused: with the reason and, where a setting can allow it, its name.
        """
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
            raise AddressRefused(url, f"{url!r} is not a web address that can be fetched.", "Give an http(s) address.")
        if parts.port in BAD_PORTS:
            raise AddressRefused(url, f"Port {parts.port} is not a port for the web, so it is not connected to.")
        address = _literal(url, host)
        if address is not None and (reason := self.reason(address)) is not None:
            raise refused(url, reason)

    def _refused_v4(self, address: IPv4Address) -> str | None:
        if any(address in network for network in self._allowed_v4):
            return None
        return next((what for network, what in _IPV4_REFUSED if address in network), None)

    def _refused_v6(self, address: IPv6Address) -> str | None:
        if any(address in network for network in self._allowed_v6):
            return None
        mapped = address.ipv4_mapped
        if mapped is not None:  # the kernel connects to the IPv4 address itself
            return _through(self._refused_v4(mapped), "IPv4 in another form,", mapped)
        if address in _NAT64:  # RFC 6052: what a resolver with DNS64 gives on an IPv6-only network
            return _through(_public_or_what(_low(address, 0)), "NAT64 for", _low(address, 0))
        what = next((what for network, what in _IPV6_REFUSED if address in network), None)
        if what is not None:
            return what
        if address not in _IPV6_GLOBAL:
            return "a reserved address"
        if address in _6TO4:  # RFC 3056: 2002:aabb:ccdd::/48
            return _through(_public_or_what(_low(address, 80)), "6to4 for", _low(address, 80))
        if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP_IDENTIFIERS:
            return _through(_public_or_what(_low(address, 0)), "ISATAP for", _low(address, 0))
        return None


def refused(url: str, reason: str) -> AddressRefused:
    """The error for an address that `AddressGuard.reason` speaks against."""
    return AddressRefused(
        url,
        f"{reason}, and only public addresses are fetched.",
        f"If you trust that network, name it in the setting {SETTING}.",
    )


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError as error:
        raise ConfigError(
            f"{text!r} in {SETTING} is not a network.", 'Write networks in CIDR form, as in "10.1.0.0/16" or "::1/128".'
        ) from error


def _literal(url: str, host: str) -> IPAddress | None:
    """The address that `host` is, or None if it is a name.

    A host whose last label is a number can only be IPv4 (WHATWG URL, "ends in a number checker"), and `getaddrinfo`
    reads `2130706433`, `0x7f.1` and `0177.0.0.1` as 127.0.0.1. Nobody writes these in good faith, so all but four
    plain decimal parts are refused, wherever they lead.
    """
    last = host.rstrip(".").rpartition(".")[2]
    if ":" not in host and _NUMERIC_LABEL.fullmatch(last) is None:
        return None
    try:
        return ip_address(host)
    except ValueError as error:
        raise AddressRefused(url, f"{host!r} is not a host.", "Write its name, or four decimal numbers.") from error


def _public_or_what(address: IPv4Address) -> str | None:
    """As for a plain IPv4 address, but named networks do not count: a tunnel's far end is not this host's network."""
    return next((what for network, what in _IPV4_REFUSED if address in network), None)


def _low(address: IPv6Address, shift: int) -> IPv4Address:
    return IPv4Address((int(address) >> shift) & 0xFFFFFFFF)


def _through(what: str | None, how: str, embedded: IPv4Address) -> str | None:
    return None if what is None else f"{how} {embedded}, {what}"
