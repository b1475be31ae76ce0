"""Notices as JSON."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from brandhound.core.pages import Page
from brandhound.notifications.models import Severity


class NotificationOut(BaseModel):
    """Something that one should know."""

    id: UUID
    kind: str
    severity: Severity
    title: str
    body: str
    href: str | None
    count: int
    created_at: datetime
    last_at: datetime
    read: bool


class NotificationPage(Page[NotificationOut]):
    """Some of the notices, newest first, and how many are unread in all."""

    unread: int


class Unread(BaseModel):
    """How many notices are unread."""

    unread: int
