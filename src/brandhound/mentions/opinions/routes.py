"""Addresses of what a model is asked about by itself."""

from collections.abc import Mapping

from fastapi import APIRouter

from brandhound.core.db import Db
from brandhound.jobs.registry import enqueue
from brandhound.mentions.opinion_models import OpinionReach
from brandhound.mentions.opinions.costing import REACHES, estimates
from brandhound.mentions.opinions.reaching import choose_reach, reach_of
from brandhound.mentions.opinions.schemas import NewOpinionRule, OpinionReachOut, OpinionRuleOut
from brandhound.mentions.reconsidering import SECOND_OPINION
from brandhound.providers.ai.choosing import is_chosen
from brandhound.tenancy.audit import record
from brandhound.tenancy.callers import Admin, TenantDb, Viewer

router = APIRouter(prefix="/api/opinion-rule", tags=["mentions"])

WORDS: Mapping[OpinionReach, tuple[str, str]] = {
    "other_meanings": (
        "Every mention of a name that may mean something else",
        "Names that are one word, or for which you told other meanings; also those that were rejected, and those that count. "
        "Names of several words, in a spelling of their own, and full legal names are left out unless they are in doubt.",
    ),
    "doubtful": ("Only those in doubt", "What counts and what was rejected stays as the embedded analysis says."),
    "asked": ("Only when somebody asks", "By the button in a story, or by the job."),
}


@router.get("")
async def read_opinion_rule(db: TenantDb, _: Viewer) -> OpinionRuleOut:
    """Which new mentions a model is asked about by itself, and what each choice would have come to in the last week."""
    return await _rule_out(db)


@router.put("")
async def change_opinion_rule(new: NewOpinionRule, db: TenantDb, caller: Admin) -> OpinionRuleOut:
    """Choose which new mentions a model is asked about by itself."""
    before = await reach_of(db)
    await choose_reach(db, new.reach)
    await record(db, caller, "mentions.opinions-chosen", "opinion_rule", None, {"before": before, "reach": new.reach})
    if new.reach != "asked" and await is_chosen(db, SECOND_OPINION.name):
        await enqueue(db, "mentions.opinions_on_new", key="new", requested_by=caller.user_id)
    return await _rule_out(db)


async def _rule_out(db: Db) -> OpinionRuleOut:
    found = await estimates(db)
    return OpinionRuleOut(
        reach=await reach_of(db),
        has_model=await is_chosen(db, SECOND_OPINION.name),
        choices=[
            OpinionReachOut(
                reach=reach,
                title=WORDS[reach][0],
                about=WORDS[reach][1],
                mentions=found[reach].mentions,
                cost_micros=found[reach].micros,
                estimate="nothing by itself" if reach == "asked" else found[reach].words,
            )
            for reach in REACHES
        ],
    )
