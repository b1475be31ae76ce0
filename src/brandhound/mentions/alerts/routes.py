"""Alerts on brands over HTTP."""

from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query

from brandhound.core import clock
from brandhound.mentions.alerts import keeping
from brandhound.mentions.alerts.asking import read_by_model
from brandhound.mentions.alerts.models import BrandAlert
from brandhound.mentions.alerts.schemas import (
    AlertList,
    AlertOut,
    AlertWish,
    BackTest,
    KeptIncident,
    NewAlert,
    ReadRule,
    Sentence,
)
from brandhound.tenancy.callers import Analyst, TenantDb, Viewer

router = APIRouter(prefix="/api/alerts", tags=["alerts"])


@router.get("")
async def list_alerts(db: TenantDb, _: Viewer) -> AlertList:
    """All alerts, the youngest first."""
    return AlertList(items=await keeping.all_alerts(db, clock.now()))


@router.post("", status_code=201, response_model=AlertOut)
async def create_alert(new: NewAlert, db: TenantDb, caller: Analyst) -> BrandAlert:
    """Be told of spikes or silences of a brand."""
    return await keeping.make_alert(db, caller, new, clock.now())


@router.post("/back-test")
async def back_test_alert(
    wish: AlertWish,
    db: TenantDb,
    caller: Viewer,
    days: Annotated[int, Query(ge=7, le=365, description="Days of the past to try it on")] = 90,
) -> BackTest:
    """What an alert would have told of, before anybody switches it on. Nothing is stored."""
    return await keeping.back_test(db, wish, ZoneInfo(caller.time_zone), clock.now(), days)


@router.post("/readings")
async def read_alert_sentence(sentence: Sentence, db: TenantDb, _: Viewer) -> ReadRule:
    """The rule that a sentence asks for, and what of it was not understood. Nothing is stored."""
    return ReadRule.model_validate(await keeping.read_sentence(db, sentence.text), from_attributes=True)


@router.post("/readings/model")
async def have_alert_sentence_read(sentence: Sentence, caller: Analyst) -> ReadRule:
    """The same by the model chosen for it: for sentences of which words were not understood. Nothing is stored."""
    rule = await read_by_model(caller.organization_id, sentence.text)
    return ReadRule.model_validate(rule, from_attributes=True)


@router.get("/{alert_id}", response_model=AlertOut)
async def read_alert(alert_id: UUID, db: TenantDb, _: Viewer) -> BrandAlert:
    """One alert."""
    return await keeping.alert_by_id(db, alert_id)


@router.put("/{alert_id}", response_model=AlertOut)
async def change_alert(alert_id: UUID, new: NewAlert, db: TenantDb, caller: Analyst) -> BrandAlert:
    """Put another wish in place of an alert's."""
    return await keeping.change_alert(db, caller, alert_id, new)


@router.delete("/{alert_id}", status_code=204)
async def delete_alert(alert_id: UUID, db: TenantDb, caller: Analyst) -> None:
    """Remove an alert with what it found."""
    await keeping.drop_alert(db, caller, alert_id)


@router.get("/{alert_id}/incidents")
async def list_incidents(
    alert_id: UUID, db: TenantDb, _: Viewer, limit: Annotated[int, Query(ge=1, le=100)] = 30
) -> list[KeptIncident]:
    """What an alert told of, the latest first."""
    return [
        KeptIncident(
            id=incident.id,
            alert_id=incident.alert_id,
            brand_id=incident.brand_id,
            kind=incident.kind,
            opened_at=incident.opened_at,
            closed_at=incident.closed_at,
            window_hours=incident.window_hours,
            stories=incident.stories,
            expected=round(incident.expected, 2),
            probability=incident.probability,
            severity=incident.severity,
            words=keeping.told_words(incident),
            why=incident.why,
        )
        for incident in await keeping.incidents_of(db, alert_id, limit)
    ]
