"""Setting up the ways out of the app, trying them, and looking at what went out on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import false, func, literal, select, tuple_

from brandhound.core import clock
from brandhound.core.db import Db, tenant_session
from brandhound.core.http.client import FetchFailed
from brandhound.core.http.targets import read_target, same_server
from brandhound.core.live import publish
from brandhound.core.mail_addresses import NOT_PLAIN, is_plain
from brandhound.core.pages import from_cursor
from brandhound.core.problems import NotThere
from brandhound.core.secrets import CannotUnseal, seal, token, unseal
from brandhound.core.settings import settings
from brandhound.notifications.addressing import queue_delivery
from brandhound.notifications.channel_models import WAITING, NotificationChannel, NotificationDelivery, Sort
from brandhound.notifications.delivering import SEALED_ADDRESS, SEALED_SECRET
from brandhound.notifications.errors import (
    AddressRefused,
    ChannelOff,
    NoMailServer,
    TokenNeededAgain,
    TooManyChannels,
    UnknownKind,
    ZeroEgress,
)
from brandhound.notifications.kinds import KINDS
from brandhound.notifications.models import Severity
from brandhound.notifications.sending import check_address, refusal
from brandhound.tenancy.errors import RoleTooLow
from brandhound.tenancy.people import Caller
from brandhound.tenancy.roles import Role

MOST = 50
"""Channels of one organization, and of one person in it."""


@dataclass(frozen=True)
class ChannelWish:
    """A channel as somebody wants it."""

    sort: Sort
    name: str
    address: str
    personal: bool
    access_token: str | None
    min_severity: Severity
    kinds: list[str] | None


@dataclass(frozen=True)
class DeliveryFilter:
    """Which deliveries are wanted; what is None does not narrow."""

    channel_id: UUID | None = None
    notification_id: UUID | None = None
    states: tuple[str, ...] = ()


async def check_reachable(sort: str, address: str) -> None:
    """Whether notices can be sent there at all. Asks the name service, so before any transaction is open.

    Raises ZeroEgress, NoMailServer or AddressRefused.
    """
    if settings().zero_egress:
        raise ZeroEgress
    if sort == "email":
        if settings().smtp_url is None:
            raise NoMailServer
        return
    try:
        await check_address(address)
    except FetchFailed as failed:
        raise AddressRefused(failed.code, refusal(failed)) from failed


def checked_form(sort: str, address: str) -> str:
    """The address in its proper form, without looking whether anybody is there. Raises AddressRefused."""
    text = address.strip()
    if sort == "email":
        try:
            normal = validate_email(text, check_deliverability=False).normalized
        except EmailNotValidError as error:
            raise AddressRefused("bad-address", str(error)) from error
        if not is_plain(normal):
            raise AddressRefused("bad-address", NOT_PLAIN)
        return normal
    try:
        target = read_target(text)
    except FetchFailed as failed:
        raise AddressRefused(failed.code, refusal(failed)) from failed
    if sort == "ntfy" and not target.path.strip("/"):
        raise AddressRefused("bad-address", "the address of a topic is needed, such as https://ntfy.sh/my-topic")
    return text


async def note_change(db: Db, channel: NotificationChannel) -> None:
    """Somebody changed a channel: the screens are told."""
    channel.updated_at = clock.now()
    publish(db, "notifications", channel.id)
    await db.flush()


async def connect(db: Db, caller: Caller, wish: ChannelWish) -> tuple[NotificationChannel, str | None]:
    """Set up a channel; with it the secret that a webhook is signed with, which is shown only now.

    Raises RoleTooLow, UnknownKind or TooManyChannels.
    """
    _check_right(caller, personal=wish.personal)
    check_kinds(wish.kinds)
    owner = caller.user_id if wish.personal else None
    same = NotificationChannel.user_id.is_(None) if owner is None else NotificationChannel.user_id == owner
    if (await db.scalar(select(func.count()).select_from(NotificationChannel).where(same)) or 0) >= MOST:
        raise TooManyChannels(MOST)
    made = f"whsec_{token()}" if wish.sort == "webhook" else None
    secret = made or (wish.access_token if wish.sort == "ntfy" else None)
    now = clock.now()
    channel = NotificationChannel(
        sort=wish.sort,
        name=wish.name,
        user_id=owner,
        address_sealed=seal(wish.address, SEALED_ADDRESS),
        address_shown=shown(wish.sort, wish.address),
        secret_sealed=seal(secret, SEALED_SECRET) if secret else None,
        min_severity=wish.min_severity,
        kinds=wish.kinds,
        failures=0,
        created_by=caller.user_id,
        created_at=now,
        updated_at=now,
    )
    db.add(channel)
    await db.flush()
    publish(db, "notifications", channel.id)
    return channel, made


def shown(sort: str, address: str) -> str:
    """As much of an address as may be shown: the paths of hooks are keys."""
    if sort == "email":
        return address
    parts = urlsplit(address)
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{host}{port}/…"


def check_token(channel: NotificationChannel, address: str) -> None:
    """A token is sent to the server it was entered for, and to no other; what signs is sent to none. Raises TokenNeededAgain."""
    if channel.sort != "ntfy" or channel.secret_sealed is None:
        return
    try:
        is_same = same_server(unseal(channel.address_sealed, SEALED_ADDRESS), address)
    except CannotUnseal:
        is_same = False
    if not is_same:
        raise TokenNeededAgain


async def new_secret(db: Db, channel: NotificationChannel) -> str:
    """Sign with another secret from now on; it is shown only now. Raises NotThere for what is not signed."""
    if channel.sort != "webhook":
        raise NotThere("secret")
    secret = f"whsec_{token()}"
    channel.secret_sealed = seal(secret, SEALED_SECRET)
    channel.updated_at = clock.now()
    publish(db, "notifications", channel.id)
    return secret


async def channel_to_read(db: Db, caller: Caller, channel_id: UUID) -> NotificationChannel:
    """The channel, if it is the organization's or the caller's own. Raises NotThere."""
    channel = await db.get(NotificationChannel, channel_id)
    if channel is None or (channel.user_id is not None and channel.user_id != caller.user_id):
        raise NotThere("channel")
    return channel


async def sort_of(caller: Caller, channel_id: UUID) -> str:
    """What speaks at the other end, read in a transaction of its own. Raises NotThere or RoleTooLow."""
    async with tenant_session(caller.organization_id) as db:
        return (await channel_to_change(db, caller, channel_id)).sort


async def channel_to_change(db: Db, caller: Caller, channel_id: UUID) -> NotificationChannel:
    """The channel, for somebody who may change it. Raises NotThere or RoleTooLow."""
    channel = await channel_to_read(db, caller, channel_id)
    _check_right(caller, personal=channel.user_id is not None)
    return channel


async def channels_of(db: Db, caller: Caller) -> Sequence[NotificationChannel]:
    """The organization's channels and the caller's own, by name."""
    own = NotificationChannel.user_id.is_(None)
    if caller.user_id is not None:
        own = own | (NotificationChannel.user_id == caller.user_id)
    return (await db.scalars(select(NotificationChannel).where(own).order_by(NotificationChannel.name))).all()


async def send_test(db: Db, caller: Caller, channel: NotificationChannel | None) -> NotificationDelivery:
    """Send a test on a channel, or to the caller's own mail; also on one that is switched off, to see whether it is mended."""
    if channel is None and settings().smtp_url is None:
        raise NoMailServer
    if settings().zero_egress:
        raise ZeroEgress
    now = clock.now()
    delivery = NotificationDelivery(
        channel_id=channel.id if channel else None,
        user_id=channel.user_id if channel else caller.user_id,
        recipient=f"channel:{channel.id}" if channel else f"person:{caller.user_id}",
        sort=channel.sort if channel else "email",
        alerted_at=now,
        state="pending",
        due_at=now,
        attempts=0,
        created_at=now,
    )
    db.add(delivery)
    await db.flush()
    await queue_delivery(db, delivery.id)
    publish(db, "notifications", delivery.id)
    return delivery


async def resend(db: Db, caller: Caller, delivery_id: UUID) -> NotificationDelivery:
    """Send it once more, now, with the same identifier. Raises NotThere, RoleTooLow or ChannelOff."""
    delivery = await db.get(NotificationDelivery, delivery_id)
    if delivery is None:
        raise NotThere("delivery")
    if delivery.channel_id is not None:
        channel = await channel_to_change(db, caller, delivery.channel_id)
        if channel.disabled_at is not None:
            raise ChannelOff(channel.disabled_reason or "")
    elif delivery.user_id != caller.user_id:
        raise NotThere("delivery")
    if delivery.is_in_hand(clock.now()):
        return delivery
    if delivery.state not in WAITING or delivery.state == "held":
        # It begins anew: for a day, and past what was once in its way.
        delivery.attempts, delivery.taken_at = 1, clock.now()
    delivery.state, delivery.due_at, delivery.reason, delivery.summary_id = "pending", clock.now(), None, None
    await db.flush()
    await queue_delivery(db, delivery.id, at_once=True)
    publish(db, "notifications", delivery.id)
    return delivery


async def deliveries_newest_first(
    db: Db, caller: Caller, wanted: DeliveryFilter, cursor: str | None, limit: int
) -> Sequence[NotificationDelivery]:
    """What went out, or is to, that the caller may see; one more than the limit if there are more."""
    query = (
        select(NotificationDelivery)
        .order_by(NotificationDelivery.created_at.desc(), NotificationDelivery.id.desc())
        .limit(limit + 1)
    )
    # A key is nobody's: compared with nothing, it would see what is for all.
    seen = NotificationDelivery.user_id == caller.user_id if caller.user_id is not None else false()
    if caller.role >= Role.ADMIN:
        seen = seen | NotificationDelivery.user_id.is_(None)
    query = query.where(seen)
    if wanted.channel_id:
        query = query.where(NotificationDelivery.channel_id == wanted.channel_id)
    if wanted.notification_id:
        query = query.where(NotificationDelivery.notification_id == wanted.notification_id)
    if wanted.states:
        query = query.where(NotificationDelivery.state.in_(wanted.states))
    if cursor:
        created_at, delivery_id = from_cursor(cursor, datetime, UUID)
        query = query.where(
            tuple_(NotificationDelivery.created_at, NotificationDelivery.id)
            < tuple_(literal(created_at), literal(delivery_id))
        )
    return (await db.scalars(query)).all()


def check_kinds(kinds: list[str] | None) -> None:
    """Raises UnknownKind."""
    for kind in kinds or ():
        if kind not in KINDS:
            raise UnknownKind(kind)


def _check_right(caller: Caller, *, personal: bool) -> None:
    if not personal and caller.role < Role.ADMIN:
        raise RoleTooLow(Role.ADMIN)
