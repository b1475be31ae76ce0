"""The raw counts that everything else is made of: the columns of an ad's day."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["count", "money", "seconds"]
Group = Literal["delivery", "clicks", "video", "conversions"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One raw count. Only additive ones may be summed over days or ads."""

    name: str
    """As formulas and addresses say it."""
    column: str
    """Where it stands in the table of facts."""
    kind: Kind
    group: Group
    title: str
    about: str
    additive: bool = True
    attributed: bool = False
    """Depends on the ad set's attribution setting, and grows for days after."""


_ALL = (
    Measure("spend", "spend_micros", "money", "delivery", "Spend", "What the ad cost, in the account's own currency."),
    Measure("impressions", "impressions", "count", "delivery", "Impressions", "How often the ad was on a screen."),
    Measure(
        "reach",
        "reach",
        "count",
        "delivery",
        "Reach",
        "People who saw the ad. Somebody seen on two days is one person: never summed, but asked for the window.",
        additive=False,
    ),
    Measure("clicks", "clicks", "count", "clicks", "Clicks (all)", "Every click, also on likes and on the profile."),
    Measure("link_clicks", "link_clicks", "count", "clicks", "Link clicks", "Clicks on the link, within one day."),
    Measure(
        "outbound_clicks", "outbound_clicks", "count", "clicks", "Outbound clicks", "Clicks that left the platform."
    ),
    Measure("plays", "plays", "count", "video", "Plays", "Starts of the video, once an impression."),
    Measure("views_2s", "views_2s", "count", "video", "2-second views", "Two seconds without a break."),
    Measure("views_3s", "views_3s", "count", "video", "3-second views", "Three seconds: the action `video_view`."),
    Measure("thruplays", "thruplays", "count", "video", "ThruPlays", "Watched to the end, or for 15 seconds."),
    Measure("p25", "p25", "count", "video", "Reached 25 %", "Plays that came to a quarter, skips included."),
    Measure("p50", "p50", "count", "video", "Reached 50 %", "Plays that came to the half, skips included."),
    Measure("p75", "p75", "count", "video", "Reached 75 %", "Plays that came to three quarters, skips included."),
    Measure("p95", "p95", "count", "video", "Reached 95 %", "Plays that came almost to the end, skips included."),
    Measure("p100", "p100", "count", "video", "Reached the end", "Plays that came to the end, skips included."),
    Measure(
        "watch_seconds",
        "watch_seconds_avg",
        "seconds",
        "video",
        "Seconds watched",
        "Of all plays together: each day's average times its plays.",
    ),
    Measure(
        "landing_page_views",
        "landing_page_views",
        "count",
        "conversions",
        "Landing page views",
        "Clicks after which the page was there.",
    ),
    Measure(
        "content_views",
        "content_views",
        "count",
        "conversions",
        "Content views",
        "Views of a product on the page.",
        attributed=True,
    ),
    Measure(
        "adds_to_cart", "adds_to_cart", "count", "conversions", "Adds to cart", "Put into the cart.", attributed=True
    ),
    Measure("checkouts", "checkouts", "count", "conversions", "Checkouts", "Checkouts begun.", attributed=True),
    Measure(
        "purchases",
        "purchases",
        "count",
        "conversions",
        "Purchases",
        "Of one purchase type: the first of a list that was reported. Types overlap and are never summed.",
        attributed=True,
    ),
    Measure("leads", "leads", "count", "conversions", "Leads", "Leads of the type `lead`.", attributed=True),
    Measure(
        "purchase_value",
        "purchase_value_micros",
        "money",
        "conversions",
        "Purchase value",
        "What those purchases were worth, of the same purchase type.",
        attributed=True,
    ),
)

MEASURES: dict[str, Measure] = {measure.name: measure for measure in _ALL}
ADDITIVE = tuple(measure.name for measure in _ALL if measure.additive)
