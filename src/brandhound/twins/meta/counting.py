"""Rows of insights: what was counted, for which thing, on which days."""

import zlib
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

import numpy as np
from numpy.typing import NDArray

from brandhound.twins.meta.asking import Asked, Level, known_breakdowns
from brandhound.twins.meta.entities import ADS_IN_CAMPAIGN, HIDDEN, Entities
from brandhound.twins.meta.filtering import matches
from brandhound.twins.meta.latents import ADS_IN_SET, ATTRIBUTIONS, FLEXIBLE, Flags, Floats, Ints
from brandhound.twins.meta.numbering import base_of
from brandhound.twins.meta.report_times import BY_CONVERSION, seen_by_conversion
from brandhound.twins.meta.worlds import AccountWorld, reached

SIZES: dict[Level, int] = {"ad": 1, "adset": ADS_IN_SET, "campaign": ADS_IN_CAMPAIGN}
OVERLAP = 0.7
"""Of the people that several ads reached, so many are different ones."""
ASSETS = 5
FLEXIBLE_SHARES = (0.12, 0.08, 0.55, 0.15, 0.10)


@dataclass
class Table:
    """Columns over rows. `part` numbers the value of each breakdown; `ads` is any ad of the row's thing."""

    level: Level
    index: Ints
    ads: Ints
    since: list[date]
    until: list[date]
    columns: dict[str, Floats]
    part: dict[str, Ints]

    @property
    def size(self) -> int:
        return int(self.index.size)

    def take(self, places: Ints) -> "Table":
        """Some of the rows."""
        return Table(
            self.level,
            self.index[places],
            self.ads[places],
            [self.since[p] for p in places],
            [self.until[p] for p in places],
            {name: column[places] for name, column in self.columns.items()},
            {name: column[places] for name, column in self.part.items()},
        )


def count(world: AccountWorld, known: Entities, asked: Asked, now: datetime) -> Table:
    """The rows that are asked for, as they are told now."""
    meant = _meant(world, known, asked)
    parts: list[Table] = []
    see = partial(seen_by_conversion, world) if asked.report_time in BY_CONVERSION else world.seen
    for since, until in asked.spans:
        days = [
            (ads[meant[ads]], {name: column[meant[ads]] for name, column in seen.items()})
            for _, ads, seen in see(since, until, now)
        ]
        days = [(ads, seen) for ads, seen in days if ads.size]
        if days:
            parts.append(_sum(world, asked.level, since, until, days))
    table = _join(asked.level, parts)
    if asked.breakdowns:
        table = _break_down(world, table, asked.breakdowns)
    measured = [one for one in asked.filters if one[0] in ("spend", "impressions", "clicks", "reach")]
    if measured and table.size:
        columns = {name: (lambda name=name: table.columns[name]) for name in table.columns}
        table = table.take(np.flatnonzero(matches(columns, measured, table.size)))
    for order in reversed(asked.sort):
        name, _, way = order.rpartition("_")
        if name in table.columns:
            places = np.argsort(table.columns[name] * (-1 if way == "descending" else 1), kind="stable")
            table = table.take(places)
    return table


def _meant(world: AccountWorld, known: Entities, asked: Asked) -> Flags:
    """Which ads count. Deleted and archived ones are told as ads only to those who ask for them."""
    ordinal, n = world.spec.ordinal, world.latents.size
    group = known.ads
    meant = np.zeros(n, np.bool_)
    columns = {
        "ad.effective_status": lambda: group.effective,
        "effective_status": lambda: group.effective,
        "ad.updated_time": lambda: group.changed,
        "ad.created_time": lambda: group.made,
        "campaign.effective_status": lambda: _state_above(known, ADS_IN_CAMPAIGN),
        "adset.effective_status": lambda: _state_above(known, ADS_IN_SET),
    }
    for level, size in SIZES.items():
        base = base_of(level, ordinal)  # pyright: ignore[reportArgumentType]
        columns[f"{level}.id"] = lambda size=size, base=base: (group.index // size + base).astype("<U18")
    filters = [one for one in asked.filters if one[0] not in ("spend", "impressions", "clicks", "reach")]
    kept = matches(columns, filters, group.index.size)
    if asked.level == "ad" and not any(name.endswith("effective_status") for name, _, _ in filters):
        kept &= ~np.isin(group.effective, HIDDEN)
    meant[group.index[kept]] = True
    if asked.below is not None:
        kind, index = asked.below
        meant &= np.arange(n) // SIZES[kind] == index  # pyright: ignore[reportArgumentType]
    return meant


def _state_above(known: Entities, size: int) -> NDArray[np.str_]:
    group = known.campaigns if size == ADS_IN_CAMPAIGN else known.sets
    return group.effective[np.searchsorted(group.index, known.ads.index // size)]


def _sum(
    world: AccountWorld, level: Level, since: date, until: date, days: list[tuple[Ints, dict[str, Floats]]]
) -> Table:
    """One row for each thing, over some days."""
    ads = days[0][0] if len(days) == 1 else np.concatenate([one for one, _ in days])
    seen = days[0][1] if len(days) == 1 else {k: np.concatenate([s[k] for _, s in days]) for k in days[0][1]}
    _attribute(world, ads, seen)
    if level == "ad" and len(days) == 1:
        index, first, columns = ads, ads, seen
    else:
        owner = ads // SIZES[level] if level in SIZES else np.zeros_like(ads)
        index, first, place = np.unique(owner, return_index=True, return_inverse=True)
        first = ads[first]
        columns: dict[str, Floats] = {
            k: np.bincount(place, weights=column, minlength=index.size).astype(np.float64) for k, column in seen.items()
        }
    columns["reach"] = _people(world, level, index, ads, seen["impressions"])
    # Something may be bought on a day on which the ad was not shown any more.
    kept = (columns["impressions"] > 0) | (columns["bought"] > 0)
    if not kept.all():
        index, first = index[kept], first[kept]
        columns = {name: column[kept] for name, column in columns.items()}
    return Table(level, index, first, [since] * index.size, [until] * index.size, columns, {})


def _people(world: AccountWorld, level: Level, index: Ints, ads: Ints, impressions: Floats) -> Floats:
    """How many people each thing reached: those of its ads, of whom some are the same."""
    audience = world.latents.audience
    if level == "ad" and ads.size == index.size:
        return reached(impressions, audience[ads])
    own, place = np.unique(ads, return_inverse=True)
    people = reached(np.bincount(place, weights=impressions, minlength=own.size).astype(np.float64), audience[own])
    if level == "ad":
        return people
    owner = np.searchsorted(index, own // SIZES[level] if level in SIZES else np.zeros_like(own))
    most = np.zeros(index.size)
    np.maximum.at(most, owner, people)
    return np.maximum(most, np.round(OVERLAP * np.bincount(owner, weights=people, minlength=index.size)))


def _attribute(world: AccountWorld, ads: Ints, seen: dict[str, Floats]) -> None:
    """Purchases and their value as each ad set counts them."""
    setting = world.latents.attribution[ads // ADS_IN_SET]
    for kind in ("bought", "value"):
        day, week, view = seen[f"{kind}_1d"], seen[f"{kind}_7d"], seen[f"{kind}_view"]
        seen[kind] = np.select(
            [setting == ATTRIBUTIONS.index("1d_click"), setting == ATTRIBUTIONS.index("7d_click")],
            [day, week],
            week + view,
        )


def _join(level: Level, parts: list[Table]) -> Table:
    if not parts:
        empty = np.zeros(0, np.int64)
        return Table(level, empty, empty, [], [], {}, {})
    if len(parts) == 1:
        return parts[0]
    return Table(
        level,
        np.concatenate([p.index for p in parts]),
        np.concatenate([p.ads for p in parts]),
        [day for p in parts for day in p.since],
        [day for p in parts for day in p.until],
        {name: np.concatenate([p.columns[name] for p in parts]) for name in parts[0].columns},
        {},
    )


def _break_down(world: AccountWorld, table: Table, names: tuple[str, ...]) -> Table:
    """Each row in several, so that their sums are the row's; reach is not summed, here or anywhere."""
    if not table.size:
        return table
    shares = np.ones((table.size, 1))
    parts: dict[str, Ints] = {}
    for name in names:
        own = breakdown_shares(world, name)[table.ads]
        before, count = int(shares.shape[1]), int(own.shape[1])
        parts = {key: np.repeat(values, count) for key, values in parts.items()}
        parts[name] = np.tile(np.arange(count), before)
        shares = (shares[:, :, None] * own[:, None, :]).reshape(table.size, -1)
    edges = np.concatenate([np.zeros((table.size, 1)), np.cumsum(shares, axis=1)], axis=1)
    edges[:, -1] = 1.0
    width, offset = shares.shape[1], world.spec.offset
    columns: dict[str, Floats] = {}
    for name, column in table.columns.items():
        unit = offset if name == "spend" or name.startswith("value") else 1
        columns[name] = np.diff(np.floor(edges * column[:, None] * unit + 0.5), axis=1).ravel() / unit
    reach = np.minimum(
        np.round(table.columns["reach"][:, None] * shares**0.97), columns["impressions"].reshape(-1, width)
    )
    columns["reach"] = np.maximum(reach, np.minimum(columns["impressions"].reshape(-1, width), 1)).ravel()
    rows = np.repeat(np.arange(table.size), width)
    broken = Table(
        table.level,
        table.index[rows],
        table.ads[rows],
        [table.since[r] for r in rows],
        [table.until[r] for r in rows],
        columns,
        {name: np.tile(values, table.size) for name, values in parts.items()},
    )
    return broken.take(np.flatnonzero(columns["impressions"] > 0))


def breakdown_shares(world: AccountWorld, name: str) -> Floats:
    """Which part of an ad goes to each value of a breakdown."""
    n, values = world.latents.size, known_breakdowns()[name]
    if not values:
        shares = np.zeros((n, ASSETS))
        shares[:, 0] = 1.0
        shares[world.latents.format == FLEXIBLE] = FLEXIBLE_SHARES
        return shares
    rng = np.random.default_rng([world.seed, world.spec.ordinal, zlib.crc32(name.encode())])
    usual = rng.gamma(2.0, 1.0, len(values))
    drawn = rng.gamma(2.0, 1.0, (n, len(values))) * usual[None, :]
    return drawn / drawn.sum(axis=1, keepdims=True)
