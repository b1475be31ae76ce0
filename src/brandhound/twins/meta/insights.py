"""The edge `insights`: the same for an account, a campaign, an ad set and an ad."""

import json
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from brandhound.twins.meta.acting import Hidden
from brandhound.twins.meta.asking import Asked, Level, read_insights
from brandhound.twins.meta.calling import Call
from brandhound.twins.meta.counting import Table, count
from brandhound.twins.meta.creatives import Teller
from brandhound.twins.meta.entities import Entities
from brandhound.twins.meta.paging import Cursors, paging, span
from brandhound.twins.meta.refusing import Refused
from brandhound.twins.meta.rows import Sheet, write_rows
from brandhound.twins.meta.worlds import AccountWorld

FRESH = timedelta(minutes=1)
KEPT = 6


class Insights:
    """Answers what is asked, and keeps the last few tables, so that all pages of one request tell the same moment."""

    def __init__(self, cursors: Cursors, extra: dict[str, dict[str, Any]]) -> None:
        self.cursors, self.extra = cursors, extra
        self.hidden: list[Hidden] = []
        self.most_rows, self.most_rows_of_report = 25_000, 500_000
        """How many rows may be asked for at once: directly, and of a report."""
        self._tables: OrderedDict[tuple[Any, ...], tuple[datetime, Table]] = OrderedDict()

    def read(self, world: AccountWorld, call: Call, teller: Teller, node: Level, index: int | None) -> Asked:
        """What is asked. Raises Refused for what Meta refuses."""
        first = world.date_of(int(world.latents.began.min(initial=0)))
        return read_insights(call, world.today(teller.now), first, node, index)

    def weigh(self, world: AccountWorld, asked: Asked) -> int:
        """How many rows it may become."""
        latents = world.latents
        things = 1
        if asked.level != "account" and asked.below is None:
            things = {"ad": 1, "adset": 6, "campaign": 24}[asked.level]
            rows = 0
            for since, until in asked.spans:
                alive = (latents.began <= world.number(until)) & (latents.ended > world.number(since))
                rows += int(alive.sum()) // things
            return rows * 6 ** len(asked.breakdowns)
        return things * len(asked.spans)

    def tell(self, teller: Teller, known: Entities, call: Call, asked: Asked) -> dict[str, Any] | bytes:
        """One page, directly. Raises Refused when it is too much for that."""
        if self.weigh(teller.world, asked) > self.most_rows:
            raise Refused("reduce")
        return self.page(teller, call, asked, self._table(teller, known, asked))

    def page(self, teller: Teller, call: Call, asked: Asked, table: Table) -> bytes:
        """A page of a table, written."""
        start, end = span(call, self.cursors, table.size)
        part = table if end - start == table.size else table.take(np.arange(start, end))
        hidden = tuple(one for one in self.hidden if one.account in ("", teller.world.spec.key))
        written = write_rows(Sheet(teller, asked, part, hidden))
        if more := self.extra.get("AdsInsights"):
            written = [f"{row[:-1]},{json.dumps(more)[1:]}" for row in written]
        rows = ",".join(written)
        told = paging(call, self.cursors, start, end, table.size)
        after = f',"paging":{json.dumps(told["paging"], separators=(",", ":"))}' if told else ""
        return f'{{"data":[{rows}]{after}}}'.encode()

    def _table(self, teller: Teller, known: Entities, asked: Asked) -> Table:
        key = (teller.world.spec.id, repr(asked))
        found = self._tables.get(key)
        if found is None or not timedelta() <= teller.now - found[0] < FRESH:
            found = (teller.now, count(teller.world, known, asked, teller.now))
            self._tables[key] = found
            while len(self._tables) > KEPT:
                self._tables.popitem(last=False)
        return found[1]
