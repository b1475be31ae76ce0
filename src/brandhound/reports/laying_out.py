"""The report in reading order, every figure already in words: what all that is looked at follows, page, print and slides."""

from dataclasses import asdict, dataclass
from typing import Any

from brandhound.core.wording import count_of
from brandhound.reports.branding import Looks, looks_of
from brandhound.reports.document import ReportDocument, document_sha256
from brandhound.reports.pieces import Card, Line, Story, cards_of, moment_parts, settable, told_story
from brandhound.reports.sections import Section, care_lines, finding_lines, halves, sections_of
from brandhound.reports.svg import safe_color
from brandhound.reports.wording import kind_text, moment_text, range_text


@dataclass(frozen=True)
class Layout:
    language: str
    title: str
    kind: str
    period: str
    organization: str
    brands: list[tuple[str, str, str]]
    generated: str
    date: tuple[int, int, int, int, int, int]
    empty: bool
    rows: list[tuple[Section, ...]]
    """Its sections, those that stand side by side together."""
    cards: list[Card]
    findings: list[Line]
    caveats: list[Line]
    stories: list[Story]
    method: list[str]
    sha256: str
    looks: Looks | None = None
    footer: str = ""

    @property
    def sections(self) -> list[Section]:
        return [section for row in self.rows for section in row]

    def plain(self) -> dict[str, Any]:
        """As JSON, for the press."""
        told = asdict(self)
        if self.looks is not None:
            # Bytes are no JSON, and the press reads no file.
            told["looks"]["logo"] = list(self.looks.logo)
        return told


def lay_out(document: ReportDocument) -> Layout:
    zone = document.time_zone
    at = document.generated_at
    competitors = sum(not brand.subject for brand in document.brands)
    period = [range_text(document.range), f"days of {zone}"]
    if document.before:
        period.append(f"changes against {range_text(document.before)}")
    if competitors:
        period.append(count_of(competitors, "competitor"))
    looks = looks_of(document)
    return Layout(
        language=document.language,
        title=settable(document.title),
        kind=kind_text(document.range),
        period=" · ".join(period),
        organization=settable(document.organization_name),
        brands=[(settable(brand.name), safe_color(brand.color), brand.kind) for brand in document.brands],
        generated=f"{moment_text(at, zone)} ({zone})",
        date=moment_parts(at),
        empty=document.mentions_in_all == 0,
        rows=halves(sections_of(document)),
        cards=cards_of(document),
        findings=finding_lines(document),
        caveats=care_lines(document),
        stories=[told_story(story, zone) for story in document.stories],
        method=[settable(rule) for rule in document.method.rules],
        sha256=document_sha256(document),
        looks=looks,
        footer=settable(looks.footer) if looks else "",
    )
