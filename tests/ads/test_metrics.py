"""What a number of an ad means: its unit, what it is made of, and when it is not there."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandhound.ads.metrics.bounding import check_value
from brandhound.ads.metrics.errors import (
    FormatDoesNotFit,
    FormulaUnreadable,
    FormulaWithoutValue,
    UnitsDoNotMix,
    UnknownName,
)
from brandhound.ads.metrics.formulas import Column, expanded, read_formula
from brandhound.ads.metrics.library import FORMULAS, METRICS
from brandhound.ads.metrics.making_up import custom_metric
from brandhound.ads.metrics.measures import MEASURES
from brandhound.ads.metrics.purchases import chosen_type
from brandhound.ads.metrics.reach import window_reach
from brandhound.ads.metrics.reference import metrics_page
from brandhound.ads.metrics.summing import Sums, daily_sums
from brandhound.ads.metrics.units import Count, CurrencyMix, Fraction, Money, Percent, Ratio, Seconds
from brandhound.core.problems import Problem


def sums(**columns: float) -> Sums:
    return Sums({name: np.array([value], dtype=np.float64) for name, value in columns.items()}, "EUR", 1)


def days(rows: list[dict[str, float]]) -> tuple[dict[str, Column], Column]:
    names = {name for row in rows for name in row if name != "ad"}
    columns = {name: np.array([row.get(name, np.nan) for row in rows]) for name in names}
    return columns, np.array([row.get("ad", 1) for row in rows])


def test_a_fraction_is_not_taken_for_a_percentage() -> None:
    # Once a CTR of 0.012 was held against a baseline of 1.2, so that no rule on clicks ever spoke.
    with pytest.raises(TypeError):
        _ = Fraction(0.012) < Percent(1.2)  # pyright: ignore[reportOperatorIssue, reportUnknownVariableType]
    with pytest.raises(TypeError):
        _ = Fraction(0.012) + Percent(1.2)  # pyright: ignore[reportOperatorIssue, reportUnknownVariableType]
    assert Fraction(0.012).as_percent() == Percent(1.2)
    assert Percent(1.2).as_fraction() == Fraction(0.012)


def test_money_of_two_currencies_does_not_add_up() -> None:
    with pytest.raises(CurrencyMix):
        _ = Money(10, "EUR") + Money(10, "JPY")
    with pytest.raises(CurrencyMix):
        _ = Money(10, "EUR") < Money(10, "JPY")
    with pytest.raises(CurrencyMix):
        Money(10, "EUR").times(Money(10, "USD"))


def test_other_units_do_not_mix_either() -> None:
    with pytest.raises(TypeError):
        _ = Count(3) + Seconds(3)  # pyright: ignore[reportOperatorIssue, reportUnknownVariableType]
    with pytest.raises(TypeError):
        Money(3, "EUR").per(Fraction(3))  # pyright: ignore[reportArgumentType]
    with pytest.raises(TypeError):
        _ = Money(3, "EUR") + Money(3, "EUR").per(Count(1))  # pyright: ignore[reportOperatorIssue, reportUnknownVariableType]


@pytest.mark.parametrize(("currency", "shown"), [("EUR", "12.35"), ("JPY", "12"), ("KWD", "12.346")])
def test_money_has_as_many_digits_as_its_currency(currency: str, shown: str) -> None:
    assert str(Money.of_micros(12_345_600, currency).rounded()) == shown


def test_one_click_for_eighty_dollars_on_one_day_does_not_set_the_cost_of_a_click() -> None:
    columns, ads = days(
        [
            {"spend": 100, "link_clicks": 200, "impressions": 9000},
            {"spend": 80, "link_clicks": 1, "impressions": 300},
            {"spend": 120, "link_clicks": 199, "impressions": 9500},
        ]
    )
    _, added = daily_sums(columns, ads)
    assert METRICS["cpc"].of(added)[0] == pytest.approx(300 / 400)


@pytest.mark.parametrize("name", list(METRICS))
def test_nothing_to_divide_by_is_undefined_not_zero(name: str) -> None:
    metric = METRICS[name]
    value = metric.of(sums(**{metric.numerator: 5, metric.denominator: 0}))[0]
    assert np.isnan(value)
    assert metric.quantity(value, "EUR") is None


def test_several_ads_together_are_sums_divided_not_quotients_averaged() -> None:
    two = Sums({"spend": np.array([10.0, 90.0]), "purchases": np.array([10.0, 10.0])}, "EUR", 2)
    assert METRICS["cost_per_purchase"].of(two.together())[0] == 5
    assert np.mean(METRICS["cost_per_purchase"].of(two)) == 5
    two = Sums({"spend": np.array([10.0, 90.0]), "purchases": np.array([10.0, 1.0])}, "EUR", 2)
    assert METRICS["cost_per_purchase"].of(two.together())[0] == pytest.approx(100 / 11)


def test_reach_is_never_summed() -> None:
    columns, ads = days([{"reach": 1000, "impressions": 1200}, {"reach": 900, "impressions": 1100}])
    _, added = daily_sums(columns, ads)
    assert np.isnan(added.column("reach")).all()
    assert np.isnan(METRICS["frequency"].of(added)).all()
    assert "reach" not in Sums({"reach": np.array([5.0, 5.0])}, size=2).together().columns


def test_reach_of_a_window_is_asked_for_or_bounded() -> None:
    bounded = window_reach(None, [1000, 900])
    assert bounded is not None
    assert (bounded.low, bounded.high, bounded.known) == (1000, 1900, False)
    assert bounded.frequency(Count(2300)) == (Ratio(2300 / 1900), Ratio(2.3))
    asked = window_reach(1150, [1000, 900])
    assert asked is not None
    assert asked.known
    assert asked.frequency(Count(2300)) == (Ratio(2.0), Ratio(2.0))
    assert window_reach(None, []) is None


@given(st.lists(st.tuples(st.integers(1, 50_000), st.floats(1, 12)), min_size=1, max_size=28))
def test_a_window_is_seen_at_least_as_often_as_its_days_on_average(days: list[tuple[int, float]]) -> None:
    """By how many people each day had. Not as often as its busiest day: others may have seen it then."""
    impressions = sum(people * often for people, often in days)
    bounded = window_reach(None, [people for people, _ in days])
    assert bounded is not None
    often = bounded.frequency(Count(impressions))
    assert often is not None
    people = [people for people, _ in days]
    usual = float(np.average([often for _, often in days], weights=people))
    assert often[0].value == pytest.approx(usual)
    assert often[1].value >= often[0].value


def test_purchase_types_overlap_and_one_of_them_is_counted() -> None:
    reported = {"offsite_conversion.fb_pixel_purchase": 7, "purchase": 9, "omni_purchase": 9, "link_click": 40}
    assert chosen_type(reported) == "purchase"
    assert chosen_type({"onsite_web_purchase": 2, "offsite_conversion.fb_pixel_purchase": 7}) == (
        "offsite_conversion.fb_pixel_purchase"
    )
    assert chosen_type(reported, ["app_custom_event.fb_mobile_purchase", "omni_purchase"]) == "omni_purchase"
    assert chosen_type({"link_click": 40}) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("spend / purchases", 25.0),
        ("(purchase_value - spend) / purchases", 35.0),
        ("spend / (link_clicks - purchases)", 100 / 196),
        ("2 * -(3 - 5)", 4.0),
        ("1 - 2 - 3", -4.0),
        ("8 / 4 / 2", 1.0),
        ("roas * 100", 240.0),
        ("ctr", 0.02),
        ("purchases + 1", 5.0),
        (".5 * purchases", 2.0),
    ],
)
def test_formulas_mean_what_they_say(text: str, value: float) -> None:
    of = sums(spend=100, purchases=4, purchase_value=240, link_clicks=200, impressions=10_000)
    money = "spend" in text
    metric = custom_metric(text, "money" if money else "number", summable=False)
    assert metric.of(of)[0] == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "problem", "at"),
    [
        ("", FormulaUnreadable, 1),
        ("spend /", FormulaUnreadable, 8),
        ("spend / / purchases", FormulaUnreadable, 9),
        ("(spend", FormulaUnreadable, 7),
        ("spend)", FormulaUnreadable, 6),
        ("spend purchases", FormulaUnreadable, 7),
        ("spend ** 2", FormulaUnreadable, 8),
        ("__import__('os')", FormulaUnreadable, 12),
        ("spend; purchases", FormulaUnreadable, 6),
        ("(" * 60 + "1" + ")" * 60, FormulaUnreadable, None),
        ("-" * 200 + "1", FormulaUnreadable, None),
        ("1+" * 400 + "1", FormulaUnreadable, None),
        ("spend / purchase", UnknownName, 9),
        ("spend + clicks", UnitsDoNotMix, 7),
        ("spend + 1", UnitsDoNotMix, 7),
        ("ctr + cpc", UnitsDoNotMix, 5),
    ],
)
def test_a_formula_that_makes_no_sense_is_refused_with_the_place(
    text: str, problem: type[Problem], at: int | None
) -> None:
    with pytest.raises(problem) as refused:
        custom_metric(text, "number", summable=False)
    if at is not None:
        assert refused.value.facts["position"] == at


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("1 / 0", 3),
        ("impressions / 0.0", 13),
        ("clicks / (3 - 3)", 8),
        ("clicks / (impressions - impressions)", 8),
        ("clicks / (0 * impressions)", 8),
        ("9" * 310, 1),
        ("9" * 300 + " * impressions * impressions", 302),
        ("impressions / " + "9" * 300, 13),
        ("1 / " + "9" * 180 + " / " + "9" * 180, 186),
        ("impressions * " * 27 + "1", None),
    ],
)
def test_a_formula_without_a_value_for_any_ad_is_refused_with_the_place(text: str, at: int | None) -> None:
    # The database answers a number that is too large with an error: whoever chose the column had no list any more.
    with pytest.raises(FormulaWithoutValue) as refused:
        check_value(custom_metric(text, "number", summable=False).formula)
    if at is not None:
        assert refused.value.facts["position"] == at


@pytest.mark.parametrize("name", METRICS)
def test_what_people_make_of_the_library_has_a_value(name: str) -> None:
    check_value(METRICS[name].formula)
    for text in (
        f"{name} * 1000000",
        f"{name} / 7",
        f"{name} / (impressions - link_clicks)",
        f"{name} * {name} / {name}",
    ):
        check_value(expanded(read_formula(text), FORMULAS, MEASURES))


def test_a_mistyped_name_is_answered_with_near_ones() -> None:
    with pytest.raises(UnknownName) as refused:
        custom_metric("spend / purchase", "money", summable=False)
    suggestions = refused.value.facts["suggestions"]
    assert isinstance(suggestions, tuple)
    assert "purchases" in suggestions


def test_a_format_fits_its_unit() -> None:
    with pytest.raises(FormatDoesNotFit):
        custom_metric("spend / purchases", "percent", summable=False)
    with pytest.raises(FormatDoesNotFit):
        custom_metric("link_clicks / impressions", "money", summable=False)


def test_a_metric_that_may_be_summed_is_summed_and_another_is_divided_anew() -> None:
    two = Sums({"spend": np.array([10.0, 90.0]), "purchases": np.array([10.0, 1.0])}, "EUR", 2)
    assert custom_metric("spend * 0.1", "money", summable=True).together(two) == pytest.approx(10)
    assert custom_metric("spend / purchases", "money", summable=False).together(two) == pytest.approx(100 / 11)


def test_what_was_not_reported_is_not_taken_for_zero() -> None:
    columns, ads = days([{"impressions": 900, "ad": 1}, {"impressions": 800, "views_3s": 0, "ad": 2}])
    _, added = daily_sums(columns, ads)
    hook = METRICS["hook_rate"].of(added)
    assert np.isnan(hook[0])
    assert hook[1] == 0


def test_every_metric_is_made_of_measures_and_stands_in_the_reference() -> None:
    page = metrics_page()
    for name, metric in METRICS.items():
        assert {metric.numerator, metric.denominator} <= set(MEASURES)
        assert f"| `{name}` |" in page
        assert custom_metric(metric.text, metric.shown, summable=False).unit == metric.unit
