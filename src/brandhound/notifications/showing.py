"""What went out, as it is looked at: deliveries with the titles of their notices, and how the mail server does."""

from collections.abc import Sequence

from sqlalchemy import false, select

from brandhound.core.db import Db
from brandhound.core.settings import settings
from brandhound.notifications.channel_models import NotificationDelivery
from brandhound.notifications.mailing import sender
from brandhound.notifications.models import Notification
from brandhound.notifications.schemas import DeliveryOut, MailOut
from brandhound.notifications.smtp import MailFailed, mail_server
from brandhound.tenancy.people import Caller
from brandhound.tenancy.roles import Role


async def deliveries_out(db: Db, rows: Sequence[NotificationDelivery]) -> list[DeliveryOut]:
    """The deliveries as they are shown."""
    ids = {row.notification_id for row in rows if row.notification_id}
    named = select(Notification.id, Notification.title).where(Notification.id.in_(ids))
    titles = {row.id: row.title for row in await db.execute(named)} if ids else {}
    return [
        DeliveryOut.model_validate(
            {
                **{name: getattr(row, name) for name in DeliveryOut.model_fields if name != "title"},
                "title": titles.get(row.notification_id, "Test") if row.notification_id else "Test",
            }
        )
        for row in rows
    ]


async def mail_state(db: Db, caller: Caller) -> MailOut:
    """Whether mails can be sent, and how it went last: for the caller, for administrators to anybody in the organization.

    What a mail server answers names the one it was for. Never the password, nor the user.
    """
    problem = None
    try:
        server = mail_server()
    except MailFailed as failed:
        server, problem = None, failed.detail
    mails = select(NotificationDelivery).where(NotificationDelivery.sort == "email").limit(1)
    if caller.role < Role.ADMIN:
        own = NotificationDelivery.user_id == caller.user_id if caller.user_id is not None else false()
        mails = mails.where(own)
    last_ok = await db.scalar(
        mails.where(NotificationDelivery.sent_at.is_not(None)).order_by(NotificationDelivery.sent_at.desc())
    )
    last_bad = await db.scalar(
        mails.where(NotificationDelivery.state.in_(["failed", "given_up"])).order_by(
            NotificationDelivery.created_at.desc()
        )
    )
    return MailOut(
        configured=server is not None,
        problem=problem,
        server=f"{server.host}:{server.port}" if server else None,
        encryption=server.tls if server else None,
        sender=sender() if server else None,
        last_ok_at=last_ok.sent_at if last_ok else None,
        last_error=last_bad.reason if last_bad else None,
        last_error_at=last_bad.created_at if last_bad else None,
        zero_egress=settings().zero_egress,
    )
