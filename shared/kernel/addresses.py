"""Addresses on the Internet, as far as they tell one caller from another."""

from ipaddress import IPv6Address, ip_address

_SUBSCRIBER = 64
"""Bits of an IPv6 address that name a subscriber; the rest is theirs to choose (RFC 6177)."""


def one_place(address: str) -> str:
    """What is counted as one caller: an IPv4 address, or a subscriber's network of IPv6.

    An IPv4 address in IPv6's spelling is the IPv4 address. What is no address stays as it is.
    """
    try:
        read = ip_address(address)
    except ValueError:
        return address
    if not isinstance(read, IPv6Address):
        return str(read)
    if read.ipv4_mapped is not None:
        return str(read.ipv4_mapped)
    return str(IPv6Address(int(read) >> _SUBSCRIBER << _SUBSCRIBER))
