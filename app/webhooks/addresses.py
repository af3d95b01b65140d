"""Where a webhook may lead, and what its name stands for at this moment: never into a network of our own.

An address is checked when it is given and again before every attempt, which then goes to the very numbers
that were checked (a name that answers otherwise a moment later is asked no second time). An operator can list
origins, exactly, for which neither encryption nor a public network is asked: a sandbox, or the intranet of
an office.
"""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from urllib.parse import SplitResult, urlsplit

LONGEST = 500
PORTS = frozenset({443, 8443})
_DEFAULT_PORTS = {"https": 443, "http": 80}
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"(?=.{{4,253}}\Z)(?:{_LABEL}\.)+(?!\d+\Z){_LABEL}\Z")
"""A name of the public tree: at least two labels, and the last not a number, so that it is no IP address."""
_VISIBLE = re.compile(r"[\x21-\x7e]+\Z")
_LOCAL_NAMES = (
    "localhost", "localdomain", "local", "internal", "intern", "lan", "corp", "home", "home.arpa",
    "in-addr.arpa", "ip6.arpa",
)  # fmt: skip
_TRANSITION = tuple(
    ipaddress.ip_network(each)
    for each in ("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16")
)
"""IPv6 addresses that carry another one in them, which some gateway would unwrap."""

_NOT_OUT_THERE = tuple(
    ipaddress.ip_network(each) for each in ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20", "168.63.129.16/32")
)
"""What some Python takes for public and is not: protocol assignments (RFC 6890), relays of 6to4 (RFC 7526),
documentation (RFC 9637), and the number by which one provider's machines reach services of their own host."""

_ASKING = ThreadPoolExecutor(64, thread_name_prefix="names")
"""Threads of its own: name servers that say nothing keep nobody else's question waiting."""

Resolve = Callable[[str, int], Awaitable[list[str]]]


class BadAddress(Exception):
    """The address may not be called; the kind says why, for people and for the log."""

    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.sentence = sentence


class Unresolved(Exception):
    """Nobody knows the name at this moment."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address in its parts, and whether the operator listed its origin."""

    scheme: str
    host: str
    port: int
    path: str
    listed: bool

    @property
    def authority(self) -> str:
        """What stands in the Host header."""
        return self.host if self.port == _DEFAULT_PORTS[self.scheme] else f"{self.host}:{self.port}"


def parse(url: str, listed: Collection[str]) -> Target:
    """Return an address in its parts. Raises BadAddress, naming what is wrong with it."""
    if not _VISIBLE.match(url) or len(url) > LONGEST or "\\" in url:
        raise BadAddress("address_form", "An address is printable, without blanks, and not too long.")
    try:
        parts = urlsplit(url)
        given_port = parts.port
    except ValueError:
        raise BadAddress("address_form", "This is no address.") from None
    if "@" in parts.netloc or "#" in url:
        raise BadAddress("address_form", "An address carries no name, no password and no fragment.")
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise BadAddress("address_scheme", "An address begins with https:// and a name.")
    port = given_port or _DEFAULT_PORTS[parts.scheme]
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    target = Target(parts.scheme, parts.hostname.lower(), port, path, _origin(parts, port) in listed)
    if not target.listed:
        _check(target)
    return target


def _origin(parts: SplitResult, port: int) -> str:
    host = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname
    shown = "" if port == _DEFAULT_PORTS[parts.scheme] else f":{port}"
    return f"{parts.scheme}://{host}{shown}"


def _check(target: Target) -> None:
    if target.scheme != "https":
        raise BadAddress("address_scheme", "Webhooks go out encrypted: the address begins with https://.")
    if target.port not in PORTS:
        allowed = ", ".join(map(str, sorted(PORTS)))
        raise BadAddress("address_port", f"The port is one of {allowed}.")
    if not _NAME.match(target.host):
        raise BadAddress("address_host", "The host is a name that the public directory knows, not a number.")
    if any(target.host.endswith(f".{name}") for name in _LOCAL_NAMES):
        raise BadAddress("address_host", "The host is a name of a local network.")


def is_public(number: str) -> bool:
    """Return whether an IP address belongs to somebody out there, and to no network of ours."""
    try:
        address = ipaddress.ip_address(number)
    except ValueError:  # also one with a zone, `fe80::1%eth0`
        return False
    if isinstance(address, ipaddress.IPv6Address) and (
        address.scope_id is not None
        or address.is_site_local
        or any(address in network for network in _TRANSITION)
    ):
        return False
    if any(address in network for network in _NOT_OUT_THERE):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


async def resolve_name(host: str, port: int) -> list[str]:
    """Return the numbers of a name as the system knows them. Raises Unresolved."""
    ask = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    try:
        found = await asyncio.get_running_loop().run_in_executor(_ASKING, ask)
    except (OSError, UnicodeError):
        raise Unresolved from None
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Addresses:
    """Which addresses may be called here: the rule, what the operator listed, and who knows names."""

    listed: frozenset[str] = frozenset()
    resolve: Resolve = resolve_name

    async def look_up(self, url: str) -> tuple[Target, list[str]]:
        """Return where an address leads, and the numbers that its name stands for now.

        Raises Unresolved, and BadAddress when but one of them is not public: whoever mixes them means that.
        """
        target = parse(url, self.listed)
        numbers = await self.resolve(target.host, target.port)
        if not numbers:
            raise Unresolved
        if not target.listed and not all(is_public(number) for number in numbers):
            raise BadAddress("address_private", "The host lies in a network that is not public.")
        return target, numbers
