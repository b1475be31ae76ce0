"""What mails of reports and digests have in common: their head, their ways out, their looks."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape
from uuid import UUID

from brandhound.core import clock
from brandhound.core.mail_addresses import ascii_address
from brandhound.notifications.mail_headers import HEADERS
from brandhound.notifications.mailing import sender_for, sender_host

COLOR = "#4f46e5"
LARGEST = 90 * 1024
"""Bytes of HTML in a mail: what is over 102 KB is cut off by the largest of mail programs."""

STYLE = "font-family:system-ui,-apple-system,Segoe UI,Roboto,sans-serif;font-size:15px;line-height:1.5;color:#1f2430"
QUIET = "color:#5b6270;font-size:12px"
INK = {"positive": "#15653a", "negative": "#a61b1b", "neutral": "#4a5160", "mixed": "#8a5a00", "unclear": "#4a5160"}


@dataclass(frozen=True)
class Envelope:
    """To whom a mail goes, why, and how to get no more."""

    sending_id: UUID
    issue: int
    """Times that a person asked to send it once more: then it is another mail, for mail programs too."""
    to: str
    name: str
    organization: str
    list_name: str
    list_id: str
    unsubscribe: str
    why: str


def mail_with_head(envelope: Envelope, subject: str) -> EmailMessage:
    """A mail without a body. The same sending has the same Message-ID, however often it is tried."""
    host = sender_host()
    mail = EmailMessage(policy=HEADERS)
    mail["From"] = sender_for(envelope.organization)
    mail["To"] = Address(one_line(envelope.name), addr_spec=ascii_address(envelope.to))
    mail["Subject"] = one_line(subject)
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{envelope.sending_id}.{envelope.issue}@{host}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Precedence"] = "bulk"
    mail["List-Id"] = f"{one_line(envelope.list_name)} <{envelope.list_id}.{host}>"
    # One click, without signing in (RFC 8058): posted to, it ends; opened, it asks.
    mail["List-Unsubscribe"] = f"<{envelope.unsubscribe}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail["Feedback-ID"] = f"{envelope.list_id}:brandhound"
    return mail


def page(title: str, body: str, envelope: Envelope, color: str = COLOR) -> str:
    """The HTML of a mail: one column, no script, nothing that is loaded."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<meta name="color-scheme" content="light"><title>{escape(title)}</title></head>'
        f'<body style="margin:0;padding:16px 8px;background:#f6f7f9"><div style="{STYLE};max-width:640px;margin:0 auto;'
        f'padding:24px 20px;background:#ffffff;border-top:4px solid {color};border-radius:6px">'
        f'{body}<p style="{QUIET};margin:28px 0 0">{escape(envelope.why)} '
        f'<a href="{escape(envelope.unsubscribe)}" style="color:#5b6270">No more such mails</a></p></div></body></html>'
    )


def foot(envelope: Envelope) -> str:
    """The end of the plain text."""
    return f"-- \n{envelope.why}\nNo more such mails: {envelope.unsubscribe}\n"


def button(address: str, words: str, *, quiet: bool = False, color: str = COLOR) -> str:
    """A link that looks like a button."""
    ink = "#4338ca" if color == COLOR else color
    look = f"background:#ffffff;color:{ink};border:1px solid #c7d2fe" if quiet else f"background:{color};color:#ffffff"
    return (
        f'<a href="{escape(address)}" style="display:inline-block;padding:7px 14px;margin:0 8px 6px 0;border-radius:6px;'
        f'{look};text-decoration:none;font-size:14px">{escape(words)}</a>'
    )


def linked(address: str, words: str) -> str:
    """A title that opens its article; only the web is linked to."""
    if not address:
        return escape(words)
    return f'<a href="{escape(address)}" style="color:#1f2430" dir="auto">{escape(words)}</a>'


def quoted(words: str, tone: str, outlet: str) -> str:
    """Words that were said, with the colour of their tone and where they stand."""
    color = INK.get(tone, INK["neutral"])
    who = f' <span style="{QUIET}">— {escape(outlet)}</span>' if outlet else ""
    return (
        f'<div style="margin:6px 0 0;padding-left:10px;border-left:3px solid {color};font-size:14px" dir="auto">'
        f"“{escape(words)}”{who}</div>"
    )


def one_line(text: str) -> str:
    return " ".join(text.split())[:200]
