"""From which network a request comes, when a proxy stands in between: for counting what strangers try."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from brandhound.core.settings import settings

# One connection at home has a whole /64, and could count as somebody else with each attempt.
_PREFIX_V6 = 64


def network_of(peer: tuple[str, int] | None, forwarded_for: Iterable[str]) -> str:
    """The network of whoever asked: an IPv4 address, or an IPv6 network of 64 bits.

    `peer` is the other end of the connection, `forwarded_for` are the request's X-Forwarded-For headers. They are believed
    only when a trusted proxy (BRANDHOUND_TRUSTED_PROXIES) sent them, and of them only what it and other trusted ones added: they
    write at the right, and whatever stands farther left the client may have made up.

    Empty when nothing but our own proxies is known: then it says nothing of who asked, and must not be counted.
    """
    hops = [hop.strip() for header in forwarded_for for hop in header.split(",")]
    for hop in (peer[0] if peer else "", *reversed(hops)):
        address = _read(hop)
        if address is None:
            return ""
        if not _is_ours(address):
            return _told(address)
    return ""


def _read(hop: str) -> IPv4Address | IPv6Address | None:
    """The address in `1.2.3.4`, `1.2.3.4:5678`, `2001:db8::1` or `[2001:db8::1]:5678`; None for anything else."""
    if hop.startswith("["):
        hop = hop[1:].partition("]")[0]
    elif hop.count(":") == 1:
        hop = hop.partition(":")[0]
    try:
        address = ip_address(hop.partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _is_ours(address: IPv4Address | IPv6Address) -> bool:
    return any(address in network for network in settings().trusted_proxies)


def _told(address: IPv4Address | IPv6Address) -> str:
    return str(address) if address.version == 4 else str(ip_network((address, _PREFIX_V6), strict=False))
