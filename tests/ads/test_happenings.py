"""What happened to a whole account, or to all who come to one page, is told as that and blamed on no ad."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from brandhound.ads.diagnosing.happenings import (
    AccountDays,
    Happening,
    clumping_of_days,
    clumping_together,
    outage_days,
    what_happened,
)
from brandhound.ads.diagnosing.pages import PageDays, troubles_of, what_happened_to_pages
from brandhound.ads.diagnosing.telling_apart import what_happened_to_all
from brandhound.ads.metrics.formulas import Column

DAYS = [date(2026, 10, 24) + timedelta(days=at) for at in range(28)]


def days(
    seed: int = 1, *, clicks: float = 400, buying: Column | float = 0.03, seen: Column | float = 0.8
) -> AccountDays:
    """Four weeks of an account in which as many click as ever."""
    chance = np.random.default_rng(seed)
    clicked = chance.poisson(clicks, 28).astype(np.float64)
    shown = clicked * 80
    return AccountDays(
        DAYS,
        shown / 100,
        shown,
        clicked,
        chance.poisson(clicked * buying).astype(np.float64),
        chance.binomial(clicked.astype(np.int64), seen).astype(np.float64),
    )


def on(first: int, last: int, value: float, else_: float) -> Column:
    """A value on some days, and another one on the others."""
    column = np.full(28, else_)
    column[first : last + 1] = value
    return column


def told(happened: list[Happening]) -> list[tuple[str, int, int]]:
    return [(one.what, DAYS.index(one.since), DAYS.index(one.until)) for one in happened]


def test_an_outage_is_seen_by_page_views_where_purchases_are_few() -> None:
    # Two purchases a day: four days without any happen by chance.
    out = days(clicks=70, buying=on(18, 21, 0.0, 0.03), seen=on(18, 21, 0.02, 0.8))
    happened = what_happened(out)
    assert told(happened) == [("tracking_outage", 18, 21)]
    assert outage_days(happened, DAYS) == set(DAYS[18:22])
    # The same days with page views as ever say nothing.
    assert not what_happened(days(clicks=70, buying=on(18, 21, 0.0, 0.03)))


def test_where_the_shop_itself_tells_purchases_a_lost_pixel_is_no_outage_of_them() -> None:
    assert not what_happened(days(seen=on(18, 21, 0.02, 0.8)))


def test_days_that_are_few_each_are_many_together() -> None:
    # Six purchases a day: no single day without one is that rare, four in a row are.
    happened = what_happened(days(3, clicks=200, buying=on(10, 13, 0.0, 0.03)))
    assert ("purchases_collapsed", 10, 13) in told(happened)


def test_days_whose_purchases_are_still_coming_in_are_no_lack_of_them() -> None:
    # Of the last three days a tenth is told: none of it is what chance does, however many it will be.
    late = on(25, 27, 0.1, 1.0)
    pages = [replace(page("a", 1, clicks=250, buying=on(25, 27, 0.0, 0.03)), told=late), page("b", 51)]
    account = replace(days(3, clicks=250, buying=on(25, 27, 0.0, 0.03)), told=late)
    assert not what_happened(account)
    assert not what_happened_to_pages(account, pages, [])
    # With all of it told, the same days are one.
    assert ("purchases_collapsed", 25, 27) in told(what_happened(replace(account, told=np.ones(28))))
    all_told = [replace(one, told=np.ones(28)) for one in pages]
    assert ("sold_out", 25, 27) in told(what_happened_to_pages(account, all_told, []))


def test_the_end_of_a_promotion_is_dated() -> None:
    happened = what_happened(days(clicks=500, buying=on(20, 27, 0.02, 0.034)))
    assert [one.what for one in happened] == ["purchases_fell"]
    assert abs(DAYS.index(happened[0].since) - 20) <= 2
    assert 0.45 < happened[0].factor < 0.75


def paid_at_checkout(seed: int, before: float, after: float) -> AccountDays:
    """Clicks tell nothing, since ads changed; of those who check out one share pays for twenty days, and then another."""
    chance = np.random.default_rng(seed)
    begun = chance.poisson(24.0, 28).astype(np.float64)
    share = np.where(np.arange(28) < 20, before, after)
    paid = chance.binomial(begun.astype(np.int64), share).astype(np.float64)
    return replace(days(seed), purchases=paid, checkouts=begun, expected=np.maximum(paid, 1.0))


def test_a_fall_by_less_than_a_third_is_told_where_it_is_sure() -> None:
    # Of ten who begin to check out nine paid, and then seven.
    happened = [what_happened(paid_at_checkout(seed, 0.92, 0.7)) for seed in range(20)]
    named = [one for one in happened if [h.what for h in one] == ["purchases_fell"]]
    assert len(named) >= 17
    assert all(0.65 < one[0].factor < 0.87 for one in named)
    assert any(one[0].factor > 1 / 1.35 for one in named), "a third is not asked for"
    # Where half pay, as many less are mostly within what chance does.
    assert sum(bool(what_happened(paid_at_checkout(seed, 0.5, 0.4))) for seed in range(20)) <= 6


def test_of_usual_checkouts_no_fall_is_told() -> None:
    alarms = sum(
        bool(what_happened(paid_at_checkout(seed, share, share))) for seed in range(60) for share in (0.5, 0.7, 0.92)
    )
    assert alarms <= 3, alarms


def test_a_good_ad_that_ended_is_no_fall_of_all() -> None:
    # Half of the clicks were of an ad that sells three times as well; it ended after eighteen days.
    good = days(1, buying=0.06, clicks=200)
    ended = np.arange(28) < 18
    usual = days(2, buying=0.02, clicks=200)
    clicks = good.link_clicks * ended + usual.link_clicks
    both = replace(
        usual,
        link_clicks=clicks,
        purchases=good.purchases * ended + usual.purchases,
        landing_page_views=np.round(clicks * 0.8),
    )
    assert [one.what for one in what_happened(both)] == ["purchases_fell"]
    at_own_rates = replace(both, expected=good.link_clicks * ended * 0.06 + usual.link_clicks * 0.02)
    assert not what_happened(at_own_rates)


def test_usual_days_are_left_alone() -> None:
    alarms = sum(len(what_happened(days(seed, clicks=clicks))) for seed in range(60) for clicks in (60, 200, 800))
    assert alarms <= 3


def page(
    name: str, seed: int, *, clicks: float = 150, carts: Column | float = 0.09, buying: Column | float = 0.03
) -> PageDays:
    of_page = days(seed, clicks=clicks, buying=buying)
    put = np.random.default_rng(seed + 100).poisson(of_page.link_clicks * carts).astype(np.float64)
    return PageDays(
        name,
        of_page.link_clicks,
        of_page.landing_page_views,
        put,
        np.array([]),
        of_page.purchases,
        of_page.link_clicks * 0.09,
        of_page.link_clicks * 0.03,
    )


def test_a_page_that_sold_out_is_named_and_its_ads_are_excused() -> None:
    pages = [page("shop.example/chair", 1, buying=on(8, 11, 0.0, 0.03)), page("shop.example/table", 2)]
    happened = what_happened_to_pages(days(), pages, [])
    assert [(one.page, *row) for one, row in zip(happened, told(happened), strict=True)] == [
        ("shop.example/chair", "sold_out", 8, 11)
    ]
    assert troubles_of(["shop.example/table", "shop.example/chair", None], happened) == [(), ("sold_out",), ()]
    # On days on which nothing was counted anywhere, no page is to blame.
    outage = Happening("tracking_outage", DAYS[8], DAYS[11], 0.0)
    assert not what_happened_to_pages(days(), pages, [outage])


def test_a_page_that_was_made_worse_is_told_from_a_bad_week_of_all() -> None:
    worse = on(17, 27, 0.036, 0.09)
    happened = what_happened_to_pages(days(), [page("a", 1, carts=worse), page("b", 2), page("c", 3)], [])
    assert [(one.page, one.what) for one in happened] == [("a", "page_worse")]
    assert abs(DAYS.index(happened[0].since) - 17) <= 1
    everywhere = [page(name, seed, carts=worse) for seed, name in enumerate("abc")]
    assert not what_happened_to_pages(days(), everywhere, [])


def before(one: PageDays, seed: int, carts: Column) -> PageDays:
    """The page with the weeks before, on which as many came as since."""
    clicks = np.full(len(carts), float(one.link_clicks.mean()))
    put = np.random.default_rng(seed + 200).poisson(clicks * carts).astype(np.float64)
    return replace(one, carts_before=put, expected_carts_before=clicks * 0.09)


def test_the_weeks_before_make_sure_of_a_change_that_four_weeks_alone_leave_open() -> None:
    usual = np.full(62, 0.09)
    named, alone, sure = 0, 0, 20
    for seed in range(sure):
        pages = [page(name, 10 * seed + at, clicks=150) for at, name in enumerate("bc")]
        pages.append(page("a", 10 * seed + 5, clicks=36, carts=on(17, 27, 0.036, 0.09)))
        with_before = [before(one, 10 * seed + at, usual) for at, one in enumerate(pages)]
        alone += [one.what for one in what_happened_to_pages(days(), pages, [])] == ["page_worse"]
        happened = what_happened_to_pages(days(), with_before, [])
        named += [(one.page, one.what) for one in happened] == [("a", "page_worse")]
    assert named >= 0.75 * sure
    assert alone <= named - 4, alone


def test_what_a_page_lost_before_these_weeks_is_not_told_as_news() -> None:
    lost_then = np.where(np.arange(62) < 30, 0.09, 0.03)
    pages = [before(page(name, at), at, np.full(62, 0.09)) for at, name in enumerate("bc")]
    old = before(page("a", 5, carts=0.03), 5, lost_then)
    assert not what_happened_to_pages(days(), [old, *pages], [])
    # What befalls it since is measured by what it was lately, and not by what it once was.
    better = before(page("a", 5, carts=on(15, 27, 0.09, 0.03)), 5, lost_then)
    happened = what_happened_to_pages(days(), [better, *pages], [])
    assert [(one.page, one.what) for one in happened] == [("a", "page_better")]
    assert abs(DAYS.index(happened[0].since) - 15) <= 1


def test_how_uneven_days_are_is_learnt_from_all_pages_together() -> None:
    # Of few carts a day, one page alone looks twice as uneven as chance now and then; all of them hardly ever do.
    worst_alone, worst_together = 1.0, 1.0
    for seed in range(30):
        parts = [
            (one.adds_to_cart, one.expected_carts)
            for one in (page(str(at), 10 * seed + at, clicks=40) for at in range(6))
        ]
        worst_alone = max([worst_alone, *(clumping_of_days(*part) for part in parts)])
        worst_together = max(worst_together, clumping_together(parts))
    assert worst_together < 1.6, worst_together
    assert worst_alone > 2.5, worst_alone
    # Days that truly differ by more than counts do are told as such.
    chance = np.random.default_rng(5)
    uneven = [(chance.poisson(5 * chance.gamma(2, 0.5, 28)).astype(np.float64), np.full(28, 5.0)) for _ in range(6)]
    assert clumping_together(uneven) > 2


def test_after_a_promotion_a_page_that_sells_as_the_others_did_not_run_out() -> None:
    sells = on(0, 19, 0.06, 0.018)
    pages = [page(name, seed, buying=sells, clicks=300) for seed, name in enumerate("abc")]
    ended = Happening("purchases_fell", DAYS[20], DAYS[27], 0.3)
    assert "sold_out" not in {one.what for one in what_happened_to_pages(days(), pages, [ended])}


def test_a_page_that_is_not_there_is_told_by_its_views() -> None:
    gone = replace(page("a", 1), landing_page_views=np.where(np.arange(28) == 20, 0, page("a", 1).landing_page_views))
    happened = what_happened_to_pages(days(), [gone, page("b", 2)], [])
    assert [(one.page, one.what, one.since) for one in happened] == [("a", "page_down", DAYS[20])]


def test_of_usual_pages_hardly_one_in_a_hundred_is_named() -> None:
    alarms = 0
    for seed in range(40):
        pages = [page(name, 10 * seed + at, clicks=40 * (at + 1)) for at, name in enumerate("abcd")]
        alarms += len(what_happened_to_pages(days(seed), pages, []))
    assert alarms / 160 <= 0.02


def together(pages: list[PageDays]) -> AccountDays:
    """An account in which nothing leads anywhere else."""
    clicks, seen, bought, expected = (
        np.sum([getattr(one, name) for one in pages], axis=0)
        for name in ("link_clicks", "landing_page_views", "purchases", "expected")
    )
    return AccountDays(DAYS, clicks, clicks * 80, clicks, bought, seen, expected)


def test_a_large_page_that_sold_out_is_no_collapse_of_the_account() -> None:
    pages = [page("chair", 1, clicks=1500, buying=on(8, 11, 0.0, 0.03)), page("table", 2, clicks=300)]
    account = together(pages)
    assert ("purchases_collapsed", 8, 11) in told(what_happened(account)), "by the sums alone it looks like one"
    happened = what_happened_to_all(account, pages)
    assert [(one.page, *row) for one, row in zip(happened, told(happened), strict=True)] == [
        ("chair", "sold_out", 8, 11)
    ]
    assert not outage_days(happened, DAYS), "ads that lead elsewhere are judged by those days, too"


def test_what_is_missing_on_every_page_is_missing_in_the_account() -> None:
    pages = [
        page(name, seed, clicks=clicks, buying=on(8, 11, 0.0, 0.03))
        for seed, (name, clicks) in enumerate([("chair", 900), ("table", 300), ("lamp", 300)])
    ]
    assert told(what_happened_to_all(together(pages), pages)) == [("purchases_collapsed", 8, 11)]


def test_where_all_leads_to_one_page_its_trouble_is_the_accounts() -> None:
    pages = [page("chair", 1, clicks=900, buying=on(8, 11, 0.0, 0.03))]
    assert told(what_happened_to_all(together(pages), pages)) == [("purchases_collapsed", 8, 11)]


def test_a_page_that_sold_out_does_not_hide_the_end_of_a_promotion() -> None:
    # Half of what is bought is bought on the page that runs out while the promotion lasts.
    buying = on(0, 19, 0.034, 0.022)
    sold_out = np.where((np.arange(28) >= 6) & (np.arange(28) <= 11), 0.0, buying)
    pages = [page("chair", 1, clicks=700, buying=sold_out), page("table", 2, clicks=700, buying=buying)]
    account = together(pages)
    alone = [one.factor for one in what_happened(account) if one.what == "purchases_fell"]
    happened = {one.what: one for one in what_happened_to_all(account, pages)}
    assert set(happened) == {"sold_out", "purchases_fell"}
    assert all(factor > happened["purchases_fell"].factor + 0.05 for factor in alone), "by the sums alone it is blunted"
    assert abs(DAYS.index(happened["purchases_fell"].since) - 20) <= 2


def test_a_page_with_a_few_checkouts_did_not_run_out_because_it_began_well() -> None:
    # All five of the first days bought, where half do elsewhere; then one of nine, which chance does at one rate in fifty.
    nothing = np.zeros(28)
    few = replace(
        page("chair", 1, clicks=20),
        checkouts=nothing + on(0, 4, 1.0, 0.0) + on(10, 18, 1.0, 0.0),
        purchases=nothing + on(0, 4, 1.0, 0.0) + on(14, 14, 1.0, 0.0),
    )
    others = replace(page("table", 2, clicks=2000), checkouts=np.full(28, 60.0), purchases=np.full(28, 30.0))
    assert "sold_out" not in {one.what for one in what_happened_to_pages(days(), [few, others], [])}
    many = replace(few, checkouts=few.checkouts * 3, purchases=few.purchases * 3 * (np.arange(28) < 5))
    assert "sold_out" in {one.what for one in what_happened_to_pages(days(), [many, others], [])}


def checked_out(name: str, begun: Column | float, paid: Column | float) -> PageDays:
    return replace(page(name, 1), checkouts=np.zeros(28) + begun, purchases=np.zeros(28) + paid)


def test_where_about_as_many_pay_on_all_pages_a_page_that_began_well_did_not_run_out() -> None:
    # All of its first twenty paid, where eight of ten do elsewhere; then one of four.
    small = checked_out("chair", on(0, 9, 2.0, 0.0) + on(14, 17, 1.0, 0.0), on(0, 9, 2.0, 0.0) + on(14, 14, 1.0, 0.0))
    others = [checked_out(name, 30.0, 24.0) for name in ("table", "lamp")]
    assert "sold_out" not in {one.what for one in what_happened_to_pages(days(), [small, *others], [])}
    # With three times as many nobody would call it chance.
    many = replace(small, checkouts=small.checkouts * 3, purchases=small.purchases * 3 * (np.arange(28) < 14))
    assert "sold_out" in {one.what for one in what_happened_to_pages(days(), [many, *others], [])}


def test_where_pages_differ_in_who_pays_a_page_is_held_against_itself() -> None:
    # One in five pays here, as ever, and eight of ten elsewhere: two days with one of ten are no lack.
    poor = checked_out("chair", 5.0, on(10, 11, 0.5, 1.0))
    others = [checked_out(name, 30.0, 24.0) for name in ("table", "lamp")]
    assert "sold_out" not in {one.what for one in what_happened_to_pages(days(), [poor, *others], [])}
