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
from brandhound.tenancy.callers import Operator

router = APIRouter(prefix="/api/admin/alerts")


@router.get("")
async def list_alert_rules(_: Operator) -> list[AlertRuleOut]:
    """List the rules, those that are broken now first."""
    async with system_session() as db:
        return [AlertRuleOut.model_validate(rule) for rule in await ruling.rules(db)]


@router.post("", status_code=201)
async def add_alert_rule(new: NewAlertRule, caller: Operator) -> AlertRuleDetail:
    """Tell operators when a metric, or the number of errors, crosses a threshold."""
    async with system_session() as db:
        return await _detail(db, await ruling.add_rule(db, new.model_dump(), caller.user_id))


@router.get("/{rule_id}")
async def get_alert_rule(rule_id: UUID, _: Operator) -> AlertRuleDetail:
    """Read one rule, with the last times that it told somebody."""
    async with system_session() as db:
        return await _detail(db, await ruling.rule_by_id(db, rule_id))


@router.patch("/{rule_id}")
async def change_alert_rule(rule_id: UUID, change: AlertRuleChange, _: Operator) -> AlertRuleDetail:
    """Change a rule, or switch it off."""
    async with system_session() as db:
        rule = await ruling.rule_by_id(db, rule_id)
        await ruling.change_rule(db, rule, change.model_dump(exclude_unset=True))
        return await _detail(db, rule)


@router.delete("/{rule_id}", status_code=204)
async def remove_alert_rule(rule_id: UUID, _: Operator) -> None:
    """Remove a rule that somebody made."""
    async with system_session() as db:
        await ruling.remove_rule(db, await ruling.rule_by_id(db, rule_id))


@router.put("/{rule_id}/silence")
async def silence_alert_rule(rule_id: UUID, silence: Silence, _: Operator) -> AlertRuleDetail:
    """Tell nobody of it for a while."""
    async with system_session() as db:
        rule = await ruling.rule_by_id(db, rule_id)
        ruling.silence(rule, silence.minutes)
        await db.flush()
        return await _detail(db, rule)


@router.delete("/{rule_id}/silence")
async def unsilence_alert_rule(rule_id: UUID, _: Operator) -> AlertRuleDetail:
    """Let it tell again."""
    async with system_session() as db:
        rule = await ruling.rule_by_id(db, rule_id)
        rule.silenced_until = None
        await db.flush()
        return await _detail(db, rule)


@router.post("/{rule_id}/tests")
async def try_alert_rule(rule_id: UUID, _: Operator) -> TestOfRule:
    """Tell every operator of a made-up alert, through the same ways as a real one."""
    async with system_session() as db:
        return TestOfRule(told=await try_rule(db, await ruling.rule_by_id(db, rule_id), clock.now()))


async def _detail(db: Db, rule: AlertRule) -> AlertRuleDetail:
    events = [AlertEventOut.model_validate(event) for event in await ruling.events_of(db, rule)]
    return AlertRuleDetail.model_validate({**AlertRuleOut.model_validate(rule).model_dump(), "events": events})
