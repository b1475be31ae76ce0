"""What it means when there is no answer at all: exceptions instead of bodies."""

import json
import socket
import ssl

from pydantic import ValidationError

from brandhound.core.http.answers import FetchFailed
from brandhound.providers.classifying.failure import FailureClass
from brandhound.providers.classifying.reading import shown

Reading = tuple[FailureClass, str, str, str]
"""Class, code, sentence with {name}, and what to do."""

_ADDRESS = "Check the provider's address in the settings."
_NET = "Check that this machine reaches the internet: its DNS, its firewall and its proxy."

# The codes of core.http, which guards the way out.
FETCHING: dict[str, tuple[FailureClass, str, str]] = {
    "dns": (FailureClass.NETWORK, "The name of {name}'s server cannot be looked up.", _NET),
    "refused": (FailureClass.NETWORK, "{name} refuses the connection.", ""),
    "connection": (FailureClass.NETWORK, "The connection to {name} broke.", ""),
    "timeout": (FailureClass.NETWORK, "{name} did not answer in time.", ""),
    "tls": (FailureClass.NETWORK, "An encrypted connection to {name} could not be made.", ""),
    "robots-unreachable": (FailureClass.NETWORK, "The rules of {name} for robots could not be read.", ""),
    "host-busy": (FailureClass.RETRY_AFTER, "We ask {name} as often as we allow ourselves.", ""),
    "tls-expired": (
        FailureClass.CONFIG,
        "The certificate of {name} has expired.",
        "If the date of this machine is right, only {name} can mend it.",
    ),
    "bad-url": (FailureClass.CONFIG, "The address of {name} is none.", _ADDRESS),
    "scheme": (FailureClass.CONFIG, "The address of {name} is not one of the web.", _ADDRESS),
    "port": (FailureClass.CONFIG, "The address of {name} has a port that we do not ask.", _ADDRESS),
    "private-address": (
        FailureClass.CONFIG,
        "The address of {name} is in a private network.",
        "If that is meant, name the network in BRANDHOUND_PRIVATE_NETWORKS.",
    ),
    "zero-egress": (
        FailureClass.CONFIG,
        "This installation asks nobody but the feeds it follows.",
        "BRANDHOUND_ZERO_EGRESS is on: use a local model, or switch it off.",
    ),
    "too-large": (FailureClass.FATAL, "The answer of {name} is larger than we read.", ""),
    "ratio": (FailureClass.FATAL, "The answer of {name} unpacks to far more than it should.", ""),
    "bad-encoding": (FailureClass.BAD_OUTPUT, "The answer of {name} cannot be unpacked.", ""),
    "redirect-loop": (FailureClass.CONFIG, "{name} leads in a circle.", _ADDRESS),
    "too-many-redirects": (FailureClass.CONFIG, "{name} leads from one address to the next.", _ADDRESS),
    "robots": (FailureClass.FATAL, "{name} does not want robots there.", ""),
}


def of_exception(error: BaseException) -> Reading:
    """What an exception means. `{name}` in the sentences stands for the provider."""
    if isinstance(error, FetchFailed):
        cls, words, what_to_do = FETCHING.get(error.code, (FailureClass.NETWORK, "{name} could not be asked.", ""))
        return cls, error.code, words, what_to_do
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            FailureClass.CONFIG,
            "tls-certificate",
            "The certificate of {name} is not one that this machine trusts.",
            "If it is your own server, add its authority to this machine's certificates.",
        )
    if isinstance(error, socket.gaierror):
        return _fetching("dns")
    if isinstance(error, ssl.SSLError):
        return _fetching("tls")
    if isinstance(error, TimeoutError):
        return _fetching("timeout")
    if isinstance(error, ConnectionRefusedError):
        return _fetching("refused")
    if isinstance(error, ConnectionError | EOFError | OSError):
        return _fetching("connection")
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError | ValidationError):
        return FailureClass.BAD_OUTPUT, "unreadable", "The answer of {name} is not what was asked for.", ""
    return FailureClass.FATAL, "unexpected", "Something unexpected went wrong with {name}.", ""


def words_of(error: BaseException) -> str:
    """What the exception says, fit to be shown."""
    detail = getattr(error, "detail", None)
    return shown(detail if isinstance(detail, str) and detail else str(error) or type(error).__name__)


def _fetching(code: str) -> Reading:
    cls, words, what_to_do = FETCHING[code]
    return cls, code, words, what_to_do
