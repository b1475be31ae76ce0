"""Everything that can be said of an ad: when it may be said, how bad it is, and what to do."""

from dataclasses import dataclass
from typing import Literal

from brandhound.ads.diagnosing.verdicts import Aim

Severity = Literal["critical", "warning", "chance"]
"""A chance is something good that is not used."""
About = Literal["delivery", "clicks", "conversions", "video"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can be said of an ad."""

    code: str
    title: str
    says: str
    what_to_do: str
    severity: Severity
    about: About
    impressions: float
    """Fewer, and it stays unsaid."""
    days: float


_ALL = (
    Rule(
        "low_click_rate",
        "Few click",
        "Its true CTR is in the lowest quarter of ads like it.",
        "Try another opening picture or first line with the same offer.",
        "warning",
        "clicks",
        500,
        3,
    ),
    Rule(
        "very_low_click_rate",
        "Hardly anybody clicks",
        "Its true CTR is among the lowest tenth.",
        "Replace what is seen first: this one does not stop people.",
        "critical",
        "clicks",
        500,
        5,
    ),
    Rule(
        "dear_clicks",
        "Clicks are dear",
        "A click costs more than at three quarters of ads like it.",
        "Look at CPM and CTR: a dear audience, or an ad that few click?",
        "warning",
        "clicks",
        500,
        3,
    ),
    Rule(
        "low_return",
        "Low return",
        "Its true return is in the lowest quarter.",
        "Look where people get lost: page, cart, checkout.",
        "warning",
        "conversions",
        500,
        7,
    ),
    Rule(
        "high_frequency",
        "Seen too often",
        "People have seen it more often than is usual here, over the whole window.",
        "Widen the audience, or bring a new variation.",
        "warning",
        "delivery",
        1000,
        5,
    ),
    Rule(
        "rising_frequency",
        "Seen ever more often",
        "In the last week a person saw it at least a fifth more often than in the week before.",
        "Prepare the next variation.",
        "warning",
        "delivery",
        1000,
        14,
    ),
    Rule(
        "falling_click_rate",
        "Fewer click than before",
        "Its CTR fell by at least 15 % more than that of the account.",
        "Look at what changed: the evidence names what else happened.",
        "warning",
        "clicks",
        1000,
        10,
    ),
    Rule(
        "spend_without_purchases",
        "Money, and no purchase",
        "So much was spent without a purchase that its cost is very likely above the target.",
        "Stop it, if the page and the tracking work.",
        "critical",
        "conversions",
        500,
        3,
    ),
    Rule(
        "dear_purchases",
        "Purchases too dear",
        "A purchase very likely costs more than the target.",
        "Lower its budget or stop it; take what works from the best ones.",
        "critical",
        "conversions",
        500,
        5,
    ),
    Rule(
        "low_hook_rate",
        "Few stay three seconds",
        "Its true hook rate is below 70 % of the median of videos here.",
        "Change the first three seconds.",
        "warning",
        "video",
        500,
        3,
    ),
    Rule(
        "low_hold_rate",
        "They stay, then leave",
        "Its true hold rate is below 70 % of the median of videos here.",
        "Keep the opening, tighten the middle.",
        "warning",
        "video",
        500,
        3,
    ),
    Rule(
        "weak_match",
        "Ad and page do not fit",
        "Of those it brings, less than half as many go on as of those whom other ads bring to the same page.",
        "Compare what the ad promises, and to whom, with the top of the page: the page works for others.",
        "warning",
        "conversions",
        1000,
        5,
    ),
    Rule(
        "starved",
        "Not shown",
        "Fewer than ten impressions a day for three days, though it is on.",
        "Its ad set gives the money to others: test it alone, or stop it.",
        "warning",
        "delivery",
        0,
        3,
    ),
    Rule(
        "fatigue",
        "People are tired of it",
        "Its CTR fell while people saw it ever more often, and nothing else explains it.",
        "Bring a new variation now; give this one a rest.",
        "critical",
        "delivery",
        1000,
        10,
    ),
    Rule(
        "lost_on_page",
        "A good ad, and the page loses them",
        "More click than usual, and far fewer of them buy than usual.",
        "Look at the page: speed, price, the promise of the ad.",
        "warning",
        "conversions",
        1000,
        5,
    ),
    Rule(
        "lost_at_checkout",
        "They want it, and do not pay",
        "Far fewer of those who begin to check out buy than is usual here.",
        "Compare the price in the ad with the one on the page; look at shipping and payment.",
        "warning",
        "conversions",
        1000,
        5,
    ),
    Rule(
        "starved_winner",
        "Good, and hardly shown",
        "Its purchases are very likely cheaper than usual, and it gets little money.",
        "Give it a budget of its own, at most a fifth more every two or three days.",
        "chance",
        "conversions",
        500,
        3,
    ),
)

RULES: dict[str, Rule] = {rule.code: rule for rule in _ALL}

# Campaigns that were never meant to bring clicks, or purchases: old and new names of objectives.
_NOT_FOR_CLICKS = frozenset(
    {
        "POST_ENGAGEMENT",
        "REACH",
        "BRAND_AWARENESS",
        "VIDEO_VIEWS",
        "PAGE_LIKES",
        "EVENT_RESPONSES",
        "OUTCOME_AWARENESS",
        "OUTCOME_ENGAGEMENT",
    }
)
_NOT_FOR_PURCHASES = _NOT_FOR_CLICKS | {
    "LINK_CLICKS",
    "TRAFFIC",
    "OUTCOME_TRAFFIC",
    "LEAD_GENERATION",
    "OUTCOME_LEADS",
}

# Old and new names, by what they are for.
_AIMS: dict[str, Aim] = {
    **dict.fromkeys(("OUTCOME_SALES", "CONVERSIONS", "PRODUCT_CATALOG_SALES", "STORE_VISITS"), "sales"),
    **dict.fromkeys(("OUTCOME_LEADS", "LEAD_GENERATION"), "leads"),
    **dict.fromkeys(("OUTCOME_APP_PROMOTION", "APP_INSTALLS"), "app"),
    **dict.fromkeys(("OUTCOME_TRAFFIC", "LINK_CLICKS", "TRAFFIC"), "traffic"),
    **dict.fromkeys(
        ("OUTCOME_ENGAGEMENT", "POST_ENGAGEMENT", "PAGE_LIKES", "EVENT_RESPONSES", "MESSAGES", "VIDEO_VIEWS"),
        "engagement",
    ),
    **dict.fromkeys(("OUTCOME_AWARENESS", "BRAND_AWARENESS", "REACH"), "awareness"),
}


def aim_of(objective: str) -> Aim | None:
    """What a campaign with this objective is for; none where we do not know it."""
    return _AIMS.get(objective)


def applies(rule: Rule, objective: str) -> bool:
    """Whether a rule may be used on an ad of a campaign with this objective."""
    if rule.about == "clicks":
        return objective not in _NOT_FOR_CLICKS
    return rule.about != "conversions" or objective not in _NOT_FOR_PURCHASES
