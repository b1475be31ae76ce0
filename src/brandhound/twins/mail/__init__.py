"""A mail server and a receiver of webhooks on loopback: they keep what they are sent, show it, and fail on demand."""

from brandhound.twins.mail.keeping import Hook, Kept, Mail, Reply, Trouble
from brandhound.twins.mail.serving import MailTwin, catch

__all__ = ["Hook", "Kept", "Mail", "MailTwin", "Reply", "Trouble", "catch"]
