"""Whether mails in our name are believed: the records SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489) of the domain.

Receivers throw away, or mark as spam, what a domain does not vouch for. The name service is asked only where mail is configured.
"""

import re
from ipaddress import ip_address

from dns import resolver
from dns.exception import DNSException
from dns.rdatatype import RdataType

from brandhound.app.findings import Check, Finding
from brandhound.core.settings import settings
from brandhound.notifications.mailing import sender, sender_host

PATIENCE = 4.0
"""Seconds for one question."""

SELECTORS = (
    "default", "dkim", "mail", "smtp", "key1", "selector1", "selector2", "google", "s1", "s2", "k1", "k2", "fm1", "pm",
)  # fmt: skip
"""Names under which senders usually publish their key: which one a mail names is known only to whoever signs it."""

_OWN = ("localhost", "local", "localdomain", "internal", "lan", "home", "test", "invalid", "example", "arpa")


class NoAnswer(Exception):
    """The name service does not answer."""


def texts_of(name: str) -> list[str]:
    """The TXT records under a name, each in one piece. Raises NoAnswer when nobody can say."""
    try:
        answer = resolver.resolve(name, RdataType.TXT, lifetime=PATIENCE, search=False)
    except (resolver.NXDOMAIN, resolver.NoAnswer):
        return []
    except (DNSException, OSError) as error:
        raise NoAnswer(str(error).split(":", maxsplit=1)[0] or type(error).__name__) from error
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType, reportUnknownArgumentType]


def check_sender() -> Finding:
    if settings().smtp_url is None:
        return Finding("mail sender", "good", "no mail server is set: nothing is sent")
    if is_public(sender_host()):
        return Finding("mail sender", "good", sender())
    return Finding(
        "mail sender",
        "warning",
        f"mails come from {sender()}, which no other mail server believes",
        "Set BRANDHOUND_SMTP_FROM to an address of a domain of yours, or BRANDHOUND_PUBLIC_URL.",
    )


def check_spf() -> Finding:
    if reason := _not_asked():
        return Finding("SPF", "good", reason)
    domain = sender_host()
    try:
        found = [one for one in texts_of(domain) if re.match(r"v=spf1(\s|$)", one, re.IGNORECASE)]
    except NoAnswer as error:
        return _nobody("SPF", error)
    server = "the one of BRANDHOUND_SMTP_URL"
    if not found:
        fix = f"Publish a TXT record for {domain} that names your mail server ({server}), such as `v=spf1 mx -all`."
        return Finding("SPF", "warning", f"{domain} has no record: receivers cannot tell who may send in its name", fix)
    if len(found) > 1:
        fix = f"Join them to one TXT record that begins with v=spf1: with {len(found)} receivers believe none."
        return Finding("SPF", "bad", f"{domain} has {len(found)} records", fix)
    if re.search(r"(?i)\s\+?all(\s|$)", found[0]):
        return Finding(
            "SPF", "warning", f"{domain} lets everybody send in its name", "End the record with `-all` or `~all`."
        )
    return Finding("SPF", "good", f"{domain}: {found[0][:120]}")


def check_dkim() -> Finding:
    if reason := _not_asked():
        return Finding("DKIM", "good", reason)
    domain, chosen = sender_host(), settings().smtp_dkim_selector
    try:
        for selector in (chosen,) if chosen else SELECTORS:
            keys = [one for one in texts_of(f"{selector}._domainkey.{domain}") if "p=" in one]
            if any(re.search(r"p=\s*[^;\s]", key) for key in keys):
                return Finding("DKIM", "good", f"{domain} has a key under {selector}")
            if keys and chosen:
                return Finding(
                    "DKIM", "bad", f"the key under {chosen}._domainkey.{domain} was revoked", _dkim_fix(domain)
                )
    except NoAnswer as error:
        return _nobody("DKIM", error)
    if chosen:
        return Finding("DKIM", "bad", f"there is no key under {chosen}._domainkey.{domain}", _dkim_fix(domain))
    return Finding(
        "DKIM",
        "unknown",
        f"{domain} has no key under the usual names; it may have one under another",
        f"Set BRANDHOUND_SMTP_DKIM_SELECTOR to the name (`s=`) that your mail server signs with. {_dkim_fix(domain)}",
    )


def check_dmarc() -> Finding:
    if reason := _not_asked():
        return Finding("DMARC", "good", reason)
    domain = sender_host()
    labels = domain.split(".")
    try:
        # Up to the organization's own domain, whose policy holds for what is below it.
        for at in range(len(labels) - 1):
            place = ".".join(labels[at:])
            found = [one for one in texts_of(f"_dmarc.{place}") if re.match(r"v=DMARC1(\s*;|$)", one, re.IGNORECASE)]
            if found:
                return _judged_dmarc(place, found)
    except NoAnswer as error:
        return _nobody("DMARC", error)
    return Finding(
        "DMARC",
        "warning",
        f"{domain} has no policy: large receivers refuse or hide such mails",
        f"Publish a TXT record for _dmarc.{domain}, to begin with `v=DMARC1; p=none; rua=mailto:postmaster@{domain}`.",
    )


def is_public(domain: str) -> bool:
    """Whether a domain can have records that others read."""
    try:
        ip_address(domain.strip("[]"))
    except ValueError:
        return "." in domain and domain.rsplit(".", 1)[1].lower() not in _OWN
    return False


def _judged_dmarc(place: str, found: list[str]) -> Finding:
    policy = re.search(r"(?i);\s*p\s*=\s*(none|quarantine|reject)\b", found[0])
    if len(found) > 1 or policy is None:
        fix = f"Leave one TXT record for _dmarc.{place}, such as `v=DMARC1; p=none; rua=mailto:postmaster@{place}`."
        wrong = f"{len(found)} records" if len(found) > 1 else "a record without a policy (p=)"
        return Finding("DMARC", "warning", f"_dmarc.{place} has {wrong}: receivers pass over it", fix)
    return Finding("DMARC", "good", f"_dmarc.{place}: policy {policy[1].lower()}")


def _not_asked() -> str | None:
    """Why there is nothing to ask the name service."""
    if settings().smtp_url is None:
        return "no mail server is set: nothing is sent"
    if not is_public(sender_host()):
        return f"{sender_host()} is no public domain"
    if settings().zero_egress:
        return "not looked up: this installation asks nobody outside"
    return None


def _nobody(check: str, error: NoAnswer) -> Finding:
    fix = "From here the name service cannot be asked; where others can, nothing is wrong."
    return Finding(check, "unknown", f"{sender_host()} could not be looked up: {error}", fix)


def _dkim_fix(domain: str) -> str:
    return (
        f"Let your mail server sign what it sends, and publish its key as a TXT record under NAME._domainkey.{domain}."
    )


CHECKS: tuple[Check, ...] = (check_sender, check_spf, check_dkim, check_dmarc)
