"""The buttons of a digest: each opens a page that asks, and only what is posted from there judges.

Mail scanners open every link of every mail; they must not decide what a brand is.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from brandhound.brands.models import Brand
from brandhound.core import clock
from brandhound.core.db import Db, tenant_session
from brandhound.core.problems import NotThere
from brandhound.mentions.judging import judge_mention
from brandhound.mentions.models import Mention
from brandhound.mentions.standings import Judgement
from brandhound.notifications.wording import own_address
from brandhound.reports.errors import NoSuchLink
from brandhound.reports.sentences import sentence_beside, stored_text
from brandhound.reports.ways_out import sealed, unsealed
from brandhound.tenancy.models import Member, Organization
from brandhound.tenancy.people import Caller
from brandhound.tenancy.roles import Role, role_of

LASTS = timedelta(days=14)
_CONTEXT = "reports.judge"


@dataclass(frozen=True)
class Question:
    """Who is asked about which mention, and what they were about to answer."""

    organization_id: UUID
    user_id: UUID
    mention_id: UUID
    verdict: Judgement


@dataclass(frozen=True)
class Asked:
    """The question in words."""

    brand: str
    title: str
    outlet: str
    sentence: str
    judged: Judgement | None


def judge_address(question: Question, at: datetime) -> str:
    """The address of a button in a mail that is written at that moment."""
    named = json.dumps(
        [
            str(question.organization_id),
            str(question.user_id),
            str(question.mention_id),
            question.verdict,
            int((at + LASTS).timestamp()),
        ]
    )
    return f"{own_address()}/api/reports/judgements/{sealed(named, _CONTEXT)}"


def question_of(token: str) -> Question:
    """The question behind an address. Raises NoSuchLink for one that is too old or not ours."""
    try:
        organization, user, mention, verdict, until = json.loads(unsealed(token, _CONTEXT))
    except ValueError as error:
        raise NoSuchLink from error
    if clock.now().timestamp() > until:
        raise NoSuchLink
    return Question(UUID(organization), UUID(user), UUID(mention), verdict)


async def look_at(question: Question) -> Asked:
    """What is asked. Changes nothing. Raises NoSuchLink if the reader may not judge any more, or NotThere."""
    async with tenant_session(question.organization_id) as db:
        await _judge(db, question)
        return await _asked(db, question)


async def answer(question: Question) -> Asked:
    """Judge as the reader. Safe to repeat. Raises as `look_at`."""
    async with tenant_session(question.organization_id) as db:
        caller = await _judge(db, question)
        await judge_mention(db, question.mention_id, question.verdict, caller, clock.now())
        return await _asked(db, question)


async def _judge(db: Db, question: Question) -> Caller:
    """The reader, if they may still judge."""
    member = await db.scalar(select(Member).where(Member.user_id == question.user_id))
    organization = await db.get(Organization, question.organization_id)
    if member is None or organization is None or role_of(member.role) < Role.ANALYST:
        raise NoSuchLink
    return Caller(
        organization_id=question.organization_id,
        role=role_of(member.role),
        time_zone=organization.time_zone,
        user_id=question.user_id,
    )


async def _asked(db: Db, question: Question) -> Asked:
    found = (
        await db.execute(
            select(Mention, Brand.name)
            .join(Brand, Brand.id == Mention.brand_id)
            .where(Mention.id == question.mention_id)
        )
    ).one_or_none()
    if found is None:
        raise NotThere("mention")
    mention, brand = found
    sentence = sentence_beside(mention.evidence, mention.title, stored_text(mention.text_sha256))
    return Asked(brand, mention.title, mention.outlet or mention.site, sentence, mention.judgement)
