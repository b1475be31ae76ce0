"""Alert rules."""

from uuid import UUID

from fastapi import APIRouter

from brandhound.admin import ruling
from brandhound.admin.alerting import try_rule
from brandhound.admin.models import AlertRule
from brandhound.admin.schemas.alerts import (
    AlertEventOut,
    AlertRuleChange,
    AlertRuleDetail,
    AlertRuleOut,
    NewAlertRule,
    Silence,
    TestOfRule,
)
from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.system import system_session
from brandhound.tenancy.audit import record
from brandhound.tenancy.callers import Operator, TenantDb
from brandhound.tenancy.people import Caller

router = APIRouter(prefix="/api/admin/alerts")


@router.get("")
async def list_alert_rules(_: Operator) -> list[AlertRuleOut]:
    """List the rules, those that are broken now first."""
    async with system_session() as db:
        return [AlertRuleOut.model_validate(rule) for rule in await ruling.rules(db)]


@router.post("", status_code=201)
async def add_alert_rule(new: NewAlertRule, own: TenantDb, caller: Operator) -> AlertRuleDetail:
    """Tell operators when a metric, or the number of errors, crosses a threshold."""
    async with system_session() as db:
        rule = await ruling.add_rule(db, new.model_dump(), caller.user_id)
        detail = await _detail(db, rule)
    await _record(own, caller, "added", detail, new.model_dump(mode="json"))
    return detail


@router.get("/{rule_id}")
async def get_alert_rule(rule_id: UUID, _: Operator) -> AlertRuleDetail:
    """Read one rule, with the last times that it told somebody."""
    async with system_session() as db:
        return await _detail(db, await ruling.rule_by_id(db, rule_id))


@router.patch("/{rule_id}")
async def change_alert_rule(rule_id: UUID, change: AlertRuleChange, own: TenantDb, caller: Operator) -> AlertRuleDetail:
    """Change a rule, or switch it off."""
    async with system_session() as db:
        rule = await ruling.rule_by_id(db, rule_id)
        await ruling.change_rule(db, rule, change.model_dump(exclude_unset=True))
        detail = await _detail(db, rule)
    await _record(own, caller, "changed", detail, change.model_dump(mode="json", exclude_unset=True))
    return detail


@router.delete("/{rule_id}", status_code=204)
async def remove_alert_rule(rule_id: UUID, own: TenantDb, caller: Operator) -> None:
    """Remove a rule that somebody made."""
    async with system_session() as db:
        rule = await ruling.rule_by_id(db, rule_id)
        shown = AlertRuleOut.model_validate(rule)
        await ruling.remove_rule(db, rule)
    await _record(own, caller, "removed", shown, {})


@router.put("/{rule_id}/silence")
async def silence_alert_rule(rule_id: UUID, silence: Silence, own: TenantDb, caller: Operator) -> AlertRuleDetail:
    """Tell nobody of it for a while."""
    async with system_session() as db:
        rule = await ruling.rule_by_id(db, rule_id)
        ruling.silence(rule, silence.minutes)
        await db.flush()
        detail = await _detail(db, rule)
    await _record(own, caller, "silenced", detail, {"minutes": silence.minutes})
    return detail


@router.delete("/{rule_id}/silence")
async def unsilence_alert_rule(rule_id: UUID, own: TenantDb, caller: Operator) -> AlertRuleDetail:
    """Let it tell again."""
    async with system_session() as db:
        rule = await ruling.rule_by_id(db, rule_id)
        rule.silenced_until = None
        await db.flush()
        detail = await _detail(db, rule)
    await _record(own, caller, "unsilenced", detail, {})
    return detail


@router.post("/{rule_id}/tests")
async def try_alert_rule(rule_id: UUID, _: Operator) -> TestOfRule:
    """Tell every operator of a made-up alert, through the same ways as a real one."""
    async with system_session() as db:
        return TestOfRule(told=await try_rule(db, await ruling.rule_by_id(db, rule_id), clock.now()))


async def _detail(db: Db, rule: AlertRule) -> AlertRuleDetail:
    events = [AlertEventOut.model_validate(event) for event in await ruling.events_of(db, rule)]
    return AlertRuleDetail.model_validate({**AlertRuleOut.model_validate(rule).model_dump(), "events": events})


async def _record(own: TenantDb, caller: Caller, deed: str, rule: AlertRuleOut, facts: dict[str, object]) -> None:
    """Note it in the book of the operator's organization. After the deed: a refused one is not one."""
    await record(own, caller, f"alerts.rule-{deed}", "alert_rule", rule.id, {"title": rule.title, **facts})
