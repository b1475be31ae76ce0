"""Mail addresses as every mail server takes them. What is before the @ is in plain letters; a domain goes in punycode."""

from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Annotated

import idna
from pydantic import AfterValidator, EmailStr

NOT_PLAIN = "many mail servers take no letters beyond a to z before the @: give an address without them"
_NO_MAILBOX = (
    "is neither a mail address nor a name with one in angle brackets, such as Brandhound <notices@example.com>"
)


def ascii_address(address: str) -> str:
    """The address with its domain as the name service knows it: `info@müller.de` is `info@xn--mller-kva.de`.

    What is before the @ stays as it is, and so does a domain that there cannot be.
    """
    local, at, domain = address.rpartition("@")
    if not at or domain.isascii():
        return address
    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode('ascii')}"
    except (UnicodeError, idna.IDNAError):
        return address


def is_plain(address: str) -> bool:
    """Whether every mail server understands what is before the @."""
    return address.rpartition("@")[0].isascii()


def read_mailbox(text: str) -> tuple[str, str]:
    """Name and address in `notices@example.com` or `Brandhound <notices@example.com>`; the name may be empty.

    Raises ValueError for what is neither.
    """
    given = " ".join(text.split())
    name, found = parseaddr(given)
    address = ascii_address(found)
    # The reader passes over what does not fit, and takes the first of several.
    is_whole = given == found or given.endswith(f"<{found}>")
    try:
        read = Address(addr_spec=address)
    except (HeaderParseError, ValueError, IndexError) as error:
        raise ValueError(_NO_MAILBOX) from error
    if not (read.username and read.domain and is_whole and address.isascii()):
        raise ValueError(_NO_MAILBOX)
    return name, address


def _plain(address: str) -> str:
    if not is_plain(address):
        raise ValueError(NOT_PLAIN)
    return address


MailAddress = Annotated[EmailStr, AfterValidator(_plain)]
"""A mail address that somebody enters."""
