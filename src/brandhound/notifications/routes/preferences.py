"""Addresses of what a person wants to hear."""

from uuid import UUID

from fastapi import APIRouter

from brandhound.notifications import muting, preferring
from brandhound.notifications.kinds import KINDS
from brandhound.notifications.quieting import PER_HOUR
from brandhound.notifications.routes.readers import person_of, reader_of
from brandhound.notifications.schemas import (
    ChoiceOut,
    KindOut,
    MuteOut,
    NewChoice,
    NewPreferences,
    OwnChannel,
    PreferencesOut,
)
from brandhound.tenancy.callers import Caller, TenantDb, Viewer
from brandhound.tenancy.roles import Role

router = APIRouter(prefix="/api/notifications", tags=["notifications"])


@router.get("/kinds")
async def list_notification_kinds(_: Viewer) -> list[KindOut]:
    """List the sorts of notices, with where and to whom each goes unless somebody chose otherwise."""
    return [KindOut.model_validate(kind) for kind in KINDS.values()]


@router.get("/preferences")
async def get_notification_preferences(db: TenantDb, caller: Viewer) -> PreferencesOut:
    """Read how the caller wants to be told."""
    return await _preferences(db, caller)


@router.put("/preferences")
async def change_notification_preferences(new: NewPreferences, db: TenantDb, caller: Viewer) -> PreferencesOut:
    """Set when the caller does not want to be called, how often in an hour, and whether by mail at all."""
    person = person_of(caller)
    await preferring.set_quiet_hours(
        db, person, _minute(new.quiet_from), _minute(new.quiet_until), new.time_zone, new.per_hour, email=new.email
    )
    return await _preferences(db, caller)


@router.patch("/preferences/{kind}")
async def choose_notification_places(kind: str, new: NewChoice, db: TenantDb, caller: Viewer) -> PreferencesOut:
    """Choose where the caller hears of a kind of notice."""
    person = person_of(caller)
    await preferring.choose(db, person, kind, app=new.app, email=new.email, channels=new.channels)
    return await _preferences(db, caller)


@router.get("/mutes")
async def list_notification_mutes(db: TenantDb, caller: Viewer) -> list[MuteOut]:
    """List what the caller does not want to be called for, newest first."""
    return [MuteOut.model_validate(one) for one in await muting.mutes_of(db, reader_of(caller).id)]


@router.delete("/mutes/{mute_id}", status_code=204)
async def remove_notification_mute(mute_id: UUID, db: TenantDb, caller: Viewer) -> None:
    """Call the caller for it again."""
    await muting.unmute(db, reader_of(caller).id, mute_id)


async def _preferences(db: TenantDb, caller: Caller) -> PreferencesOut:
    wishes = await preferring.wishes_of(
        db, person_of(caller), admin=caller.role >= Role.ADMIN, operator=caller.operator
    )
    chosen = wishes.preference
    return PreferencesOut(
        email=chosen.email if chosen else True,
        quiet_from=_clock(chosen.quiet_from) if chosen else None,
        quiet_until=_clock(chosen.quiet_until) if chosen else None,
        time_zone=chosen.time_zone if chosen else None,
        organization_time_zone=wishes.zone,
        per_hour=chosen.per_hour if chosen else PER_HOUR,
        channels=[OwnChannel.model_validate(channel) for channel in wishes.own_channels],
        choices=[
            ChoiceOut(
                kind=choice.kind.name,
                title=choice.kind.title,
                category=choice.kind.category,
                severity=choice.kind.severity,
                app=choice.app,
                email=choice.email,
                channels=list(choice.channels),
            )
            for choice in wishes.choices
        ],
    )


def _minute(clock: str | None) -> int | None:
    """ "22:30" → 1350"""
    return None if clock is None else int(clock[:2]) * 60 + int(clock[3:])


def _clock(minute: int | None) -> str | None:
    return None if minute is None else f"{minute // 60:02}:{minute % 60:02}"
