"""Who owns what: businesses, people, system users and their ad accounts, as `library/accounts.toml` tells them."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

# Currencies without a smaller unit: budgets and balances are whole units of them.
WHOLE = frozenset({"JPY", "KRW", "CLP", "VND", "ISK", "PYG"})


@dataclass(frozen=True)
class AccountSpec:
    """An ad account: what Meta says about it, and from what its ads are computed."""

    key: str
    ordinal: int
    name: str
    currency: str = "USD"
    time_zone: str = "America/New_York"
    time_zone_id: int = 7
    business: str = ""
    agencies: tuple[str, ...] = ()
    """Businesses that work with it as a client's."""
    site: str = "https://shop.example"
    country: str = "US"
    status: int = 1
    ads: int = 100
    days: int = 120
    """How long before the world's first day with a clock the oldest ad began."""
    order_value: float = 60.0
    cpm: float = 10.0
    always: bool = False
    """Every ad delivers on every day: for measuring."""
    objectives_differ: bool = False
    """Campaigns for traffic and for awareness are many, and what they are for moves who clicks, what it costs and who buys."""
    large: bool = False
    stories: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return str(10_150_000_000_000 + self.ordinal * 7919)

    @property
    def act(self) -> str:
        return f"act_{self.id}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def offset(self) -> int:
        """How many of the smallest unit make one of the currency."""
        return 1 if self.currency in WHOLE else 100


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in, or a system user."""

    id: str
    name: str
    businesses: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    system: bool = False


@dataclass
class Owners:
    """Everybody and everything there is."""

    businesses: dict[str, str]
    people: dict[str, Person]
    accounts: dict[str, AccountSpec] = field(default_factory=dict)
    """By the digits of their id."""

    def account(self, name: str) -> AccountSpec | None:
        """The account with that key, or that id with or without `act_`."""
        digits = name.removeprefix("act_")
        return self.accounts.get(digits) or next((a for a in self.accounts.values() if a.key == name), None)

    def of(self, person: Person) -> list[AccountSpec]:
        """The accounts that somebody has a role on."""
        return [
            a
            for a in self.accounts.values()
            if {a.business, *a.agencies} & {*person.businesses} or a.key in person.accounts
        ]

    def add(self, account: AccountSpec) -> AccountSpec:
        """Open one more account. One without a number gets the next one."""
        if not account.ordinal:
            account = replace(account, ordinal=max((a.ordinal for a in self.accounts.values()), default=99) + 1)
        if not account.business:
            account = replace(account, business=next(iter(self.businesses)))
        self.accounts[account.id] = account
        return account


def owners(keys: Iterable[str] | None = None, *, large: bool = False) -> Owners:
    """The made-up world's owners. Accounts with those keys only; the large one only when it is asked for."""
    told = _told()
    wanted = None if keys is None else set(keys)
    found = Owners(
        {one["id"]: one["name"] for one in told["businesses"]},
        {p.id: p for p in (*_people(told["people"]), *_people(told["system_users"], system=True))},
    )
    for one in told["accounts"]:
        account = account_of(one)
        if account.key in wanted if wanted is not None else large or not account.large:
            found.accounts[account.id] = account
    return found


def account_of(facts: Mapping[str, Any]) -> AccountSpec:
    """An account from JSON; see AccountSpec for what can be said."""
    given: dict[str, Any] = dict(facts)
    given |= {name: tuple(given.get(name, ())) for name in ("stories", "agencies")}
    given.setdefault("ordinal", 0)
    given.setdefault("name", given["key"])
    return AccountSpec(**given)


def _people(told: list[dict[str, Any]], *, system: bool = False) -> list[Person]:
    lists = ("businesses", "accounts", "tasks")
    return [
        Person(one["id"], one["name"], system=system, **{name: tuple(one.get(name, ())) for name in lists})
        for one in told
    ]


@cache
def _told() -> dict[str, Any]:
    return tomllib.loads((files("brandhound.twins.meta") / "library/accounts.toml").read_text("utf-8"))
