"""Whom to take for one sender where nobody is signed in."""

import ipaddress

IPV6_NETWORK_BITS = 64
"""One household or office; whoever has one such network has all of its addresses."""


def source_of(host: str) -> str:
    """Return what counts as one source: an IPv4 address, or the network of an IPv6 one."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, IPV6_NETWORK_BITS), strict=False))
    return str(address)
