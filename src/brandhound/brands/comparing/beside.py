"""What is known of two brands beside their names: sites, tickers, handles, companies of the catalogue, what they sell."""

from collections.abc import Iterable, Mapping

from brandhound.brands.catalogue import catalogue
from brandhound.brands.comparing.parts import meant_by_handle, parts_of
from brandhound.brands.comparing.trades import Trades, trades_known, trades_of_category
from brandhound.brands.comparing.weighing import Evidence
from brandhound.brands.folding import fold
from brandhound.brands.hosts import own_host
from brandhound.brands.names import BrandNames, NameKind, handle_of, looks_like_a_website, ticker_of
from brandhound.brands.words import commonness

MOST_NAMES = 40
"""Names of a brand that are compared: its own, then the others as they come. A pair costs what both have, multiplied."""
LEAST_TICKER = 2
LEAST_HANDLE = 4
"""Letters of a handle that is taken for the other's name written in one."""

# In log-odds. Set by hand: there are no labelled pairs with sites and trades to fit them on.
SAME_SITE = 4.0
OTHER_SITE = -1.5
SAME_TICKER = 4.0
SAME_HANDLE = 3.0
CALLED_BY_TICKER = 4.0
CALLED_BY_HANDLE = 3.2
MEANT_BY_HANDLE = 2.2
"""Where the handle says more than the name: @getzandora."""
WORD_IN_HANDLE = 0.7
"""Where that is a word, which may stand there by itself: @getaway."""
OTHER_TRADE = -1.0
SAME_COMPANY = 4.0
OTHER_COMPANY = -4.0


def own_names(brand: BrandNames) -> list[str]:
    """What a brand is, was or may be called in words."""
    written = [
        brand.name,
        *(name.text for name in brand.names if name.kind not in {"ticker", "handle", "domain", "product"}),
    ]
    return list(dict.fromkeys(written))[:MOST_NAMES]


def trades_of(brand: BrandNames) -> Trades:
    """What it sells by its profile, else by the catalogue."""
    return trades_of_category(brand.category) or trades_known(brand.name)


def beside_names(one: BrandNames, other: BrandNames) -> Iterable[Evidence]:
    """Reasons for and against that two brands are one, but for how their names are alike."""
    sites = [sites_of(brand) for brand in (one, other)]
    if shared := sites[0] & sites[1]:
        yield Evidence("same_site", f"Both have the site {sorted(shared)[0]}", SAME_SITE)
    elif all(sites):
        yield Evidence("other_site", f"Their sites differ: {sorted(sites[0])[0]} and {sorted(sites[1])[0]}", OTHER_SITE)
    yield from _same_marks(one, other)
    if company := companies_of(one) & companies_of(other):
        yield Evidence("same_company", f"The catalogue lists both as one company ({sorted(company)[0]})", SAME_COMPANY)
        return
    if _are_listed_apart(one.name, other.name):
        yield Evidence("other_company", "The catalogue lists them as two brands", OTHER_COMPANY)
    if one.category and other.category and fold(one.category) != fold(other.category):
        yield Evidence("other_trade_of_both", f"One is “{one.category}”, the other “{other.category}”", OTHER_TRADE)


def _same_marks(one: BrandNames, other: BrandNames) -> Iterable[Evidence]:
    """The same ticker or handle; or one goes by the ticker or the handle of the other."""
    kinds: tuple[tuple[NameKind, float, float], ...] = (
        ("ticker", SAME_TICKER, CALLED_BY_TICKER),
        ("handle", SAME_HANDLE, CALLED_BY_HANDLE),
    )
    for kind, weight, called_by in kinds:
        mine, theirs = marks_of(one, kind), marks_of(other, kind)
        if shared := mine.keys() & theirs:
            yield Evidence(f"same_{kind}", f"Both have the {kind} {mine[min(shared)]}", weight)
            continue
        for marks, brand in ((mine, other), (theirs, one)):
            meant = meant_by_marks(marks, kind)
            if called := meant.keys() & names_as_marks(brand, kind):
                name = min(called)
                if name in marks:
                    yield Evidence(f"called_by_{kind}", f"“{meant[name]}” is the {kind} of the other", called_by)
                else:
                    may_be_word = commonness(name) > 0 and meant[name].endswith(name)
                    told = WORD_IN_HANDLE if may_be_word else MEANT_BY_HANDLE
                    yield Evidence("meant_by_handle", f"The handle “{meant[name]}” says “{name}”", told)
                break


def marks_of(brand: BrandNames, kind: NameKind) -> dict[str, str]:
    """Tickers or handles without their exchange and signs, with how each is written: NYSE: UMB is umb, written UMB."""
    bare_of = ticker_of if kind == "ticker" else handle_of
    bare = (bare_of(name.text) for name in brand.names if name.kind == kind)
    return {folded: mark for mark in bare if (folded := fold(mark))}


def meant_by_marks(marks: Mapping[str, str], kind: NameKind) -> dict[str, str]:
    """The same with what handles say beside what they have since the name was taken: zandora, of @getzandora."""
    if kind != "handle":
        return dict(marks)
    meant = {fold(name): mark for mark in marks.values() for name in meant_by_handle(f"@{mark}")}
    return {name: mark for name, mark in meant.items() if len(name) >= LEAST_HANDLE} | dict(marks)


def names_as_marks(brand: BrandNames, kind: NameKind) -> set[str]:
    """What a brand's names would be as tickers (written in capitals only) or as handles (written in one)."""
    if kind == "ticker":
        written = (name.lstrip("$") for name in own_names(brand))
        return {fold(name) for name in written if name.isupper() and name.isalnum() and len(name) >= LEAST_TICKER}
    return {joined for name in own_names(brand) if len(joined := parts_of(name).written) >= LEAST_HANDLE}


def sites_of(brand: BrandNames) -> set[str]:
    """The hosts of its sites. Whoever is called by an address has that site."""
    addresses = [brand.website, *(name.text for name in brand.names if name.kind == "domain")]
    addresses += [name for name in own_names(brand) if looks_like_a_website(name)]
    return {host for address in addresses if (host := own_host(address).lower())}


def companies_of(brand: BrandNames) -> set[str]:
    """The companies that the catalogue has under the brand's name."""
    return {entry.wikidata for entry in catalogue().named(brand.name) if entry.wikidata}


def _are_listed_apart(one: str, other: str) -> bool:
    """Whether the catalogue has both, and no company under both names: Hilton, Hilton Garden Inn."""
    companies = [catalogue().companies_named(name) for name in (one, other)]
    return all(companies) and companies[0].isdisjoint(companies[1])
