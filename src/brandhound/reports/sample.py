"""A made-up report: to look at the design, to try the printing on a machine, to measure. Its brands do not exist."""

import random
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from brandhound.reports.building import Detail, Frame, build_document, with_subject
from brandhound.reports.caveats import Surroundings
from brandhound.reports.counting import Counted, Counts
from brandhound.reports.document import BrandKind, Range, ReportBrand, ReportDocument, Tone
from brandhound.reports.ranges import range_before, range_of
from brandhound.reports.ranking import listed_mentions, top_stories

TIME_ZONE = "Europe/Berlin"
_ROOT = UUID("7d0c2f4e-0000-4000-8000-000000000000")
_NAMES: tuple[tuple[str, BrandKind, str], ...] = (
    ("Norvella", "own", "#4477AA"),
    ("Globarix", "competitor", "#EE6677"),
    ("Inutech", "competitor", "#228833"),
)
_OUTLETS = ("Daily Courier", "Market Wire", "Tech Lantern", "Kaufmannsblatt", "La Gazette du Soir", "Harbour Times",
            "Retail Notes", "The Commuter")  # fmt: skip
_TITLES: tuple[tuple[str, Tone, str], ...] = (
    (
        "Norvella recalls 12,000 kettles after reports of loose lids",
        "negative",
        "The company pulled every kettle sold since May, calling the lids “a risk we will not take”.",
    ),
    (
        "Hands-on: the new Norvella serum is worth the queue",
        "positive",
        "It does what the label says, which is rarer than it should be.",
    ),
    (
        "Norvella and Globarix settle patent dispute; terms undisclosed",
        "neutral",
        "Both sides said they were glad to put the matter behind them.",
    ),
    ("Why Žižkov’s cafés switched to Norvella (日本語 test)", "positive", "“We would not go back,” said one owner."),
    ("Norvella opens repair shops in four cities", "positive", "Repairs cost less than a third of a new machine."),
    ("诺维拉在上海开设首家旗舰店", "neutral", "该公司表示，明年将再开十家门店。"),
    ("نورفيلا تفتتح أول متجر لها في دبي", "positive", "قالت الشركة إنها ستفتتح عشرة متاجر أخرى العام المقبل."),
    (
        "Unions criticise Norvella over night shifts in the Leuna warehouse and ask the works council for talks "
        "before the season begins, as they did in each of the three years before",
        "negative",
        "“People are tired,” the council’s chair said.",
    ),
    (
        "Quarterly figures: Norvella grows slower than its rivals",
        "mixed",
        "Revenue rose, but less than analysts had hoped.",
    ),
    (
        'Letters: #read("/etc/passwd") and $x^2$ are not code, *Norvella*',
        "unclear",
        "<script>alert(1)</script> [link](http://x) \\ @me 🙂",
    ),
)


def sample_document(mentions: int = 600, days: int = 30, seed: int = 1, title: str | None = None) -> ReportDocument:
    """A report over about so many mentions of its subject; the same arguments give the same document."""
    chance = random.Random(seed)
    until_on = date(2026, 10, 30)
    range_ = range_of(until_on - timedelta(days=days - 1), until_on, TIME_ZONE)
    before = range_before(range_, TIME_ZONE)
    brands = _brands()
    rows, details, titles = _rows(chance, brands, range_, mentions, "now")
    rows_before, _, _ = _rows(chance, brands, before, int(mentions * 0.8), "before")
    counts = Counts(brands, rows, rows_before)
    frame = Frame(
        organization_name="Norvella GmbH",
        time_zone=TIME_ZONE,
        range=range_,
        before=before,
        brands=brands,
        min_confidence=0.8,
        title=title,
        generated_at=datetime(2026, 11, 1, 8, tzinfo=UTC),
    )
    around = Surroundings(
        feeds=42,
        failing=("Harbour Times business",) if mentions else (),
        listening_since=before.starts_at,
        earliest_mention_at=before.starts_at,
        waiting=7,
        time_zone=TIME_ZONE,
    )
    listed = listed_mentions(counts)
    sentences = {row.id: details[row.id].quote for row in listed}
    return build_document(frame, counts, top_stories(counts), listed, details, sentences, titles, around)


def sample_rows(mentions: int, seed: int = 1) -> tuple[tuple[ReportBrand, ...], list[Counted], list[Counted]]:
    """Brands and what was said of them in October 2026 and in the month before, to count."""
    chance, brands = random.Random(seed), _brands()
    range_ = range_of(date(2026, 10, 1), date(2026, 10, 30), TIME_ZONE)
    before = range_before(range_, TIME_ZONE)
    return (
        brands,
        _rows(chance, brands, range_, mentions, "now")[0],
        _rows(chance, brands, before, mentions, "before")[0],
    )


def _brands() -> tuple[ReportBrand, ...]:
    return with_subject(
        [
            ReportBrand(id=uuid5(_ROOT, name), name=name, kind=kind, color=color, subject=False)
            for name, kind, color in _NAMES
        ]
    )


def _rows(
    chance: random.Random, brands: tuple[ReportBrand, ...], range_: Range, mentions: int, salt: str
) -> tuple[list[Counted], dict[UUID, Detail], dict[UUID, str]]:
    zone = ZoneInfo(TIME_ZONE)
    rows: list[Counted] = []
    details: dict[UUID, Detail] = {}
    titles: dict[UUID, str] = {}
    for brand, share in zip(brands, (1.0, 0.7, 0.4), strict=True):
        for index in range(round(mentions * share)):
            number = min(int(chance.expovariate(0.02)), max(9, mentions // 3))
            story_id = uuid5(_ROOT, f"{salt} {brand.name if number > 9 else ''} story {number}")
            title, tone, quote = _TITLES[number % len(_TITLES)]
            titles[story_id] = title if number < 10 else f"{title} ({number})"
            # A spike, as any month has one.
            day = (
                17 * 24 + chance.random() * 50
                if number < 3 and range_.days > 20
                else chance.random() * range_.days * 24
            )
            at = (range_.starts_at + timedelta(hours=day)).replace(microsecond=0)
            outlet = chance.choice(_OUTLETS)
            id_ = uuid5(_ROOT, f"{salt} {brand.name} {index}")
            judged = tone if chance.random() < 0.8 else "neutral"
            rows.append(
                Counted(
                    id=id_,
                    brand_id=brand.id,
                    article_id=uuid5(_ROOT, f"{salt} article {brand.name} {index}"),
                    story_id=story_id,
                    published_at=at,
                    day_on=at.astimezone(zone).date(),
                    outlet=outlet,
                    site=outlet.lower().replace(" ", "-") + ".example",
                    tone=judged,
                    tone_confidence=round(0.6 + 0.39 * chance.random(), 3),
                    confidence=round(0.8 + 0.19 * chance.random(), 3),
                    salience="subject",
                    reprint=number < 10 and index % 3 == 1,
                )
            )
            details[id_] = Detail(
                title=titles[story_id],
                url=f"https://{outlet.lower().replace(' ', '-')}.example/articles/{brand.name.lower()}-{index}",
                language={5: "zh", 6: "ar"}.get(number % 10, "en"),
                quote=quote,
                judgement="yes" if index % 17 == 0 else None,
                reasons=[{"code": "title", "text": "Named in the title", "weight": 0.4}],
                evidence=[],
                body_sha256="0" * 64,
                text_sha256=None,
            )
    return rows, details, titles
