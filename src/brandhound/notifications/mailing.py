"""A notice as a mail: plain text and HTML, with a way out in every one."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from html import escape
from urllib.parse import urlsplit
from uuid import UUID

from brandhound.core import clock
from brandhound.core.mail_addresses import ascii_address, read_mailbox
from brandhound.core.settings import settings
from brandhound.notifications.mail_headers import HEADERS
from brandhound.notifications.wording import Message, fitted, own_address

_STYLE = "font-family:system-ui,-apple-system,Segoe UI,Roboto,sans-serif;font-size:15px;line-height:1.5;color:#1f2430"
_COLORS = {"info": "#3b82f6", "warning": "#b45309", "critical": "#b91c1c"}


def mail_of(message: Message, to: str, unsubscribe: str, why: str) -> EmailMessage:
    """The mail that says it. `unsubscribe` is the address that ends such mails, `why` the reason for this one."""
    mail = EmailMessage(policy=HEADERS)
    mail["From"] = sender_for(message.organization)
    mail["To"] = Address(addr_spec=ascii_address(to))
    mail["Subject"] = _one_line(message.title)
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{message.id}@{sender_host()}>"
    if message.incident_key:
        # Mail programs show what refers to the same thing as one conversation.
        thread = sha256(f"{message.organization_id}:{message.incident_key}".encode()).hexdigest()[:32]
        mail["References"] = f"<{thread}@{sender_host()}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["List-Id"] = f"notices of brandhound <notices.{sender_host()}>"
    mail["List-Unsubscribe"] = f"<{unsubscribe}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(_plain(message, unsubscribe, why), charset="utf-8")
    mail.add_alternative(_html(message, unsubscribe, why), subtype="html", charset="utf-8")
    return mail


def sender_for(organization: str) -> Address:
    """Whom a mail comes from, as its reader sees it: the name in the settings, and whose mail it is."""
    name, _ = _mailbox()
    return Address(_one_line(f"{name or 'brandhound'} ({organization})"), addr_spec=sender())


def sender() -> str:
    """The address that mails come from, with its domain in punycode."""
    return _mailbox()[1]


def sender_host() -> str:
    """The host in that address; identifiers of mails end in it."""
    return sender().rpartition("@")[2]


def message_id(delivery_id: UUID) -> str:
    """The identifier that a mail for this delivery carries, however often it is sent."""
    return f"<{delivery_id}@{sender_host()}>"


def _mailbox() -> tuple[str, str]:
    return read_mailbox(settings().smtp_from or f"brandhound@{_host()}")


def _host() -> str:
    host = urlsplit(own_address()).hostname or "localhost"
    return host if not host[-1:].isdigit() and ":" not in host else "localhost"


def _one_line(text: str) -> str:
    return fitted(" ".join(text.split()), 200)


def _plain(message: Message, unsubscribe: str, why: str) -> str:
    parts = [
        message.title,
        message.text,
        message.link or "",
        f"-- \n{why}\nNo more such mails: {unsubscribe}",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _html(message: Message, unsubscribe: str, why: str) -> str:
    body = "".join(f"<p>{escape(part)}</p>" for part in message.body.split("\n\n") if part).replace("\n", "<br>")
    if message.count > 1:
        body += f"<p>This happened {message.count} times.</p>"
    if message.lines:
        items = "".join(
            f'<li style="margin:0 0 6px">{_linked(line.title, line.link)}</li>' for line in message.lines[:50]
        )
        more = f"<p>… and {len(message.lines) - 50} more</p>" if len(message.lines) > 50 else ""
        body += f'<ul style="padding-left:20px">{items}</ul>{more}'
    button = ""
    if message.link:
        button = (
            f'<p><a href="{escape(message.link)}" style="display:inline-block;padding:8px 16px;border-radius:6px;'
            f'background:#4f46e5;color:#ffffff;text-decoration:none">Open in brandhound</a></p>'
        )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(message.title)}</title></head>'
        f'<body style="margin:0;padding:24px;background:#f6f7f9"><div style="{_STYLE};max-width:600px;margin:0 auto;'
        f'padding:24px;background:#ffffff;border-top:4px solid {_COLORS[message.severity]};border-radius:6px">'
        f'<h1 style="font-size:18px;margin:0 0 12px">{escape(message.title)}</h1>{body}{button}'
        f'<p style="font-size:12px;color:#5b6270;margin:24px 0 0">{escape(why)} '
        f'<a href="{escape(unsubscribe)}" style="color:#5b6270">No more such mails</a></p></div></body></html>'
    )


def _linked(title: str, link: str | None) -> str:
    return f'<a href="{escape(link)}" style="color:#4f46e5">{escape(title)}</a>' if link else escape(title)
