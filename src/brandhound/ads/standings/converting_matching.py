"""Money of the ads that match in one currency, with what is left out of just those ads."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Double, Result, RowMapping, Select, Uuid, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from brandhound.ads.fact_models import AdDailyFact as Fact
from brandhound.ads.standings.adding_up_converted import AccountDays
from brandhound.ads.standings.asking import AdFilter, Asked, matching, totals_statement
from brandhound.ads.standings.converted import Converted
from brandhound.ads.standings.converted_models import AdConvertedSums
from brandhound.ads.standings.converting import convert_sums
from brandhound.ads.standings.formulas_in_sql import MILLION
from brandhound.ads.standings.landing import LEADING_TO_A_PAGE
from brandhound.ads.standings.models import AdWindowSums
from brandhound.ads.standings.schemas import CurrencyConverted
from brandhound.core.db import Db, planned_for_its_owner, without_nested_loops


async def of_matching(db: Db, wanted: AdFilter, statement: Select[Any]) -> Result[Any]:
    """The answer to a question about ads that match."""
    if wanted.page is None:
        return await db.execute(statement)
    # Thousands of ads may lead to it, each by its creative's version.
    planned = planned_for_its_owner(db, statement, AdWindowSums, AdConvertedSums, *LEADING_TO_A_PAGE)
    async with without_nested_loops(db):
        return await db.execute(planned)


async def convert_matching(
    db: Db, wanted: AdFilter, asked: Asked, columns: Sequence[str], accounts: Sequence[RowMapping], show_in: str | None
) -> tuple[Converted | None, Sequence[RowMapping] | None]:
    """Where sums in a currency are to be read, and accounts with those of ads that match; nothing where none is asked for."""
    if show_in is None:
        return None, None
    days = [AccountDays(one["account_id"], one["currency"], one["since"], one["until"]) for one in accounts]
    converted = await convert_shown(db, wanted, days, show_in)
    with_money = await of_matching(db, wanted, totals_statement(wanted, asked, columns, converted))
    return converted, with_money.mappings().all()


async def convert_shown(db: Db, wanted: AdFilter, accounts: Sequence[AccountDays], currency: str) -> Converted:
    """What `convert_sums` sees to, told of the ads that match: one statement more where some days of a part have no rate."""
    converted = await convert_sums(db, accounts, wanted.window, currency)
    of_a_part = any((wanted.campaign_id, wanted.status, wanted.health, wanted.rule, wanted.q, wanted.page))
    if not of_a_part or not converted.gaps:
        return converted
    rows = (await of_matching(db, wanted, _left_out(wanted, converted.gaps))).all()
    paid_in = {account.id: account.currency for account in accounts}
    currencies: list[CurrencyConverted] = []
    for one in converted.shown.currencies:
        those = [row for row in rows if paid_in[row.ad_account_id] == one.currency]
        left_out = sum(float(row.spend or 0) for row in those)
        currencies.append(
            CurrencyConverted(
                currency=one.currency, days_without_rate=len({row.day for row in those}), left_out=left_out
            )
        )
    return replace(converted, shown=converted.shown.model_copy(update={"currencies": currencies}))


def _left_out(wanted: AdFilter, gaps: Sequence[tuple[UUID, date]]) -> Select[Any]:
    """What the ads that match paid on days without a rate, by account and day, in the account's currency."""
    account_ids, days = [one for one, _ in gaps], [day for _, day in gaps]
    missing = select(
        func.unnest(cast(account_ids, ARRAY(Uuid))).label("account_id"),
        func.unnest(cast(days, ARRAY(Date))).label("day"),
    ).subquery("missing")
    accounts = set(account_ids)
    spend = cast(func.sum(Fact.spend_micros), Double) / MILLION
    of_day = Fact.ad_account_id, Fact.day, spend.label("spend")
    return (
        matching(of_day, wanted)
        .join(Fact, Fact.ad_id == AdWindowSums.ad_id)
        .join(missing, (missing.c.account_id == Fact.ad_account_id) & (missing.c.day == Fact.day))
        .where(AdWindowSums.ad_account_id.in_(accounts), Fact.ad_account_id.in_(accounts))
        .where(Fact.day.between(min(days), max(days)))
        .group_by(Fact.ad_account_id, Fact.day)
        # A day on which they paid nothing leaves nothing out.
        .having(func.sum(Fact.spend_micros) > 0)
    )
