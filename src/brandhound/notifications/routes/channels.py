"""Addresses of the ways out of the app, and of what went out on them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from brandhound.core import clock
from brandhound.core.pages import Page, page_of
from brandhound.core.secrets import seal
from brandhound.notifications import connecting
from brandhound.notifications.channel_models import DeliveryState, NotificationChannel
from brandhound.notifications.delivering import SEALED_ADDRESS, SEALED_SECRET
from brandhound.notifications.failing import switch_off, switch_on
from brandhound.notifications.routes.readers import person_of
from brandhound.notifications.schemas import (
    ChannelChange,
    ChannelMade,
    ChannelOut,
    ChannelSecret,
    DeliveryOut,
    MailOut,
    NewChannel,
)
from brandhound.notifications.showing import deliveries_out, mail_state
from brandhound.tenancy.audit import record
from brandhound.tenancy.callers import TenantDb, Viewer

router = APIRouter(prefix="/api/notifications", tags=["notifications"])


@router.get("/channels")
async def list_notification_channels(db: TenantDb, caller: Viewer) -> list[ChannelOut]:
    """List the organization's channels and the caller's own, by name."""
    return [_channel_out(channel) for channel in await connecting.channels_of(db, caller)]


@router.post("/channels", status_code=201)
async def add_notification_channel(new: NewChannel, db: TenantDb, caller: Viewer) -> ChannelMade:
    """Send notices to an address outside the app: the organization's, which an administrator sets up, or one's own."""
    if new.personal:
        person_of(caller)
    address = connecting.checked_form(new.sort, new.address)
    await connecting.check_reachable(new.sort, address)
    wish = connecting.ChannelWish(
        new.sort, new.name, address, new.personal, new.access_token, new.min_severity, new.kinds
    )
    channel, secret = await connecting.connect(db, caller, wish)
    await record(db, caller, "notifications.channel-added", "channel", channel.id, {"sort": channel.sort})
    return ChannelMade(**_channel_out(channel).model_dump(), secret=secret)


@router.patch("/channels/{channel_id}")
async def change_notification_channel(
    channel_id: UUID, change: ChannelChange, db: TenantDb, caller: Viewer
) -> ChannelOut:
    """Change a channel's name, address, or what it is told of."""
    given = change.model_fields_set
    address = None
    if change.address is not None:
        # Before this request's own transaction begins: the name service may take its time.
        sort = await connecting.sort_of(caller, channel_id)
        address = connecting.checked_form(sort, change.address)
        await connecting.check_reachable(sort, address)
    channel = await connecting.channel_to_change(db, caller, channel_id)
    if channel.sort == "ntfy" and "access_token" in given:
        channel.secret_sealed = seal(change.access_token, SEALED_SECRET) if change.access_token else None
    elif address is not None:
        connecting.check_token(channel, address)
    if address is not None:
        channel.address_sealed = seal(address, SEALED_ADDRESS)
        channel.address_shown = connecting.shown(channel.sort, address)
    if "kinds" in given:
        connecting.check_kinds(change.kinds)
        channel.kinds = change.kinds
    channel.name = change.name or channel.name
    channel.min_severity = change.min_severity or channel.min_severity
    await connecting.note_change(db, channel)
    await record(db, caller, "notifications.channel-changed", "channel", channel.id, {"changed": sorted(given)})
    return _channel_out(channel)


@router.delete("/channels/{channel_id}", status_code=204)
async def remove_notification_channel(channel_id: UUID, db: TenantDb, caller: Viewer) -> None:
    """Remove a channel and the log of what went out on it."""
    channel = await connecting.channel_to_change(db, caller, channel_id)
    await record(db, caller, "notifications.channel-removed", "channel", channel.id, {"sort": channel.sort})
    await connecting.note_change(db, channel)
    await db.delete(channel)


@router.put("/channels/{channel_id}/pause")
async def pause_notification_channel(channel_id: UUID, db: TenantDb, caller: Viewer) -> ChannelOut:
    """Send nothing on a channel until it is switched on again."""
    channel = await connecting.channel_to_change(db, caller, channel_id)
    if channel.disabled_at is None:
        await switch_off(db, channel, "Switched off by hand", clock.now(), quietly=True)
        await record(db, caller, "notifications.channel-paused", "channel", channel.id, {})
        await connecting.note_change(db, channel)
    return _channel_out(channel)


@router.delete("/channels/{channel_id}/pause")
async def resume_notification_channel(channel_id: UUID, db: TenantDb, caller: Viewer) -> ChannelOut:
    """Send on a channel again, as if it had never failed."""
    channel = await connecting.channel_to_change(db, caller, channel_id)
    await switch_on(db, channel)
    await record(db, caller, "notifications.channel-resumed", "channel", channel.id, {})
    await connecting.note_change(db, channel)
    return _channel_out(channel)


@router.post("/channels/{channel_id}/secret")
async def renew_notification_secret(channel_id: UUID, db: TenantDb, caller: Viewer) -> ChannelSecret:
    """Sign a webhook with a new secret from now on. It is shown only now."""
    channel = await connecting.channel_to_change(db, caller, channel_id)
    secret = await connecting.new_secret(db, channel)
    await record(db, caller, "notifications.secret-renewed", "channel", channel.id, {})
    return ChannelSecret(secret=secret)


@router.post("/channels/{channel_id}/test", status_code=202)
async def test_notification_channel(channel_id: UUID, db: TenantDb, caller: Viewer) -> DeliveryOut:
    """Send a test on a channel. What came of it is in the log of deliveries a moment later."""
    channel = await connecting.channel_to_change(db, caller, channel_id)
    delivery = await connecting.send_test(db, caller, channel)
    return (await deliveries_out(db, [delivery]))[0]


@router.get("/mail")
async def get_notification_mail(db: TenantDb, caller: Viewer) -> MailOut:
    """Read whether mails can be sent, and how it went last."""
    return await mail_state(db, caller)


@router.post("/mail/test", status_code=202)
async def test_notification_mail(db: TenantDb, caller: Viewer) -> DeliveryOut:
    """Send a test to the caller's own mail address."""
    person_of(caller)
    delivery = await connecting.send_test(db, caller, None)
    return (await deliveries_out(db, [delivery]))[0]


@router.get("/deliveries")
async def list_notification_deliveries(
    db: TenantDb,
    caller: Viewer,
    channel_id: UUID | None = None,
    notification_id: UUID | None = None,
    state: Annotated[list[DeliveryState] | None, Query(description="Only in these states")] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> Page[DeliveryOut]:
    """List what went out or is to, newest first: to the caller, and for administrators to the organization's channels."""
    wanted = connecting.DeliveryFilter(channel_id, notification_id, tuple(state or ()))
    rows = await connecting.deliveries_newest_first(db, caller, wanted, cursor, limit)
    page = page_of(rows, limit, lambda row: (row.created_at, row.id))
    return Page(items=await deliveries_out(db, page.items), next=page.next)


@router.post("/deliveries/{delivery_id}/resending", status_code=202)
async def resend_notification_delivery(delivery_id: UUID, db: TenantDb, caller: Viewer) -> DeliveryOut:
    """Send it once more, now. It keeps its identifier, by which the other side can tell."""
    delivery = await connecting.resend(db, caller, delivery_id)
    return (await deliveries_out(db, [delivery]))[0]


def _channel_out(channel: NotificationChannel) -> ChannelOut:
    fields = {name: getattr(channel, name) for name in ChannelOut.model_fields if name != "personal"}
    return ChannelOut.model_validate({**fields, "personal": channel.user_id is not None})
