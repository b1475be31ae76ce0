"""Which network addresses may be reached at all."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from brandhound.core.http.answers import FetchFailed

PORTS = frozenset({80, 443, 8080, 8443})
KEEPS_TO_ITSELF = "this installation asks nobody but the feeds it follows"

# What is not global unicast (RFC 6890 and its successors in IANA's special-purpose registries, read 2026-08), and
# 168.63.129.16, which answers with machine secrets inside Azure although it looks public.
_REFUSED_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_GLOBAL_V6 = IPv6Network("2000::/3")
# Teredo, ORCHID, benchmarking and the rest of the protocol assignments, documentation twice.
_REFUSED_V6 = tuple(IPv6Network(network) for network in ["2001::/23", "2001:db8::/32", "3fff::/20"])
_MAPPED = IPv6Network("::ffff:0:0/96")
_NAT64 = IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = IPv6Network("2002::/16")
_ISATAP = (0x00005EFE, 0x02005EFE)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class AddressRules:
    """What may be reached: the public internet on web ports, and the networks the operator allowed, on any port."""

    allowed: tuple[Network, ...] = ()
    only_allowed: bool = False
    """Whether nothing but those networks may be reached: what an installation that keeps to itself asks its own servers."""

    def is_allowed_private(self, address: Address) -> bool:
        """Whether the operator named this address's network."""
        plain = unwrap(address)
        return any(plain.version == network.version and plain in network for network in self.allowed)

    def check(self, text: str, port: int) -> None:
        """Raises FetchFailed with `private-address`, `port` or `zero-egress`."""
        try:
            address = ip_address(text.partition("%")[0])
        except ValueError as error:
            raise FetchFailed("dns", f"not an address: {text}") from error
        if self.is_allowed_private(address):
            return
        if self.only_allowed:
            raise FetchFailed("zero-egress", KEEPS_TO_ITSELF)
        if not is_public(address):
            raise FetchFailed(
                "private-address",
                f"{address} is not on the public internet; addresses on your own network are refused unless"
                " BRANDHOUND_PRIVATE_NETWORKS names them",
            )
        if port not in PORTS:
            raise FetchFailed("port", f"port {port} is not one of the web's ({', '.join(map(str, sorted(PORTS)))})")


def unwrap(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one (mapped, NAT64, 6to4), or the address itself."""
    if isinstance(address, IPv4Address):
        return address
    number = int(address)
    if address in _MAPPED or address in _NAT64:
        return IPv4Address(number & 0xFFFFFFFF)
    if address in _SIX_TO_FOUR:
        return IPv4Address((number >> 80) & 0xFFFFFFFF)
    return address


def is_public(address: Address) -> bool:
    """Whether an address is global unicast, looked at through every wrapping."""
    plain = unwrap(address)
    if isinstance(plain, IPv4Address):
        return not any(plain in network for network in _REFUSED_V4)
    if plain not in _GLOBAL_V6 or any(plain in network for network in _REFUSED_V6):
        return False
    if (int(plain) >> 32) & 0xFFFFFFFF in _ISATAP:
        return is_public(IPv4Address(int(plain) & 0xFFFFFFFF))
    return True


def networks(*texts: str) -> tuple[Network, ...]:
    """Networks from their usual spelling."""
    return tuple(ip_network(text) for text in texts)
