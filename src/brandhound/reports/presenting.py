"""How a document is told: which blocks of which template, in whose colours, with the variables of its texts filled in."""

from collections.abc import Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from brandhound.core.db import Db
from brandhound.core.problems import NotThere
from brandhound.core.wording import count_of
from brandhound.reports.blocks import (
    LONGEST_HEADING,
    LONGEST_TEXT,
    STANDARD,
    Block,
    Blocks,
    Branding,
    MentionListBlock,
    Presentation,
    StoryListBlock,
    TextBlock,
    TitleBlock,
    TopicsBlock,
)
from brandhound.reports.document import Figure, ReportDocument
from brandhound.reports.placeholders import filled
from brandhound.reports.template_models import ReportBranding, ReportTemplate
from brandhound.reports.templating import BLOCKS, version_of
from brandhound.reports.wording import (
    change_text,
    day_text,
    figure_text,
    kind_text,
    number,
    percent,
    printable,
    range_text,
    signed_balance,
)


async def presentation_of(db: Db, template_id: UUID | None, number: int | None = None) -> Presentation | None:
    """How a template, in its newest or a certain version, tells a report; None: as reports come.

    Raises NotThere.
    """
    branding = await branding_of(db)
    if template_id is None:
        return Presentation(template=None, version=None, blocks=STANDARD, branding=branding) if branding else None
    template = await db.scalar(select(ReportTemplate).where(ReportTemplate.id == template_id))
    if template is None:
        raise NotThere("template")
    version = await version_of(db, template_id, number or template.version)
    return Presentation(
        template=version.name,
        version=version.version,
        blocks=BLOCKS.validate_python(version.blocks),
        branding=branding,
    )


async def presentation_with(db: Db, name: str, blocks: Blocks) -> Presentation:
    """How blocks that are not kept yet would tell one."""
    return Presentation(template=name or "Preview", version=None, blocks=blocks, branding=await branding_of(db))


async def branding_of(db: Db) -> Branding | None:
    """How the organization's reports look, if it chose anything."""
    row = await db.scalar(select(ReportBranding))
    if row is None:
        return None
    return Branding.model_validate(
        {
            "color": row.color,
            "logo_sha256": row.logo_sha256,
            "logo_type": row.logo_type,
            "logo_width": row.logo_width,
            "logo_height": row.logo_height,
            "footer": row.footer,
        }
    )


def presented(
    document: ReportDocument, presentation: Presentation, *, titled: bool, top_story: str | None = None
) -> ReportDocument:
    """The document told that way. A title that was asked for (`titled`) stays; else the template's holds.

    `top_story` is the largest, which a list of the template may leave out.
    """
    values = values_of(document)
    if top_story is not None:
        values["top_story"] = top_story
    blocks = tuple(_filled(block, values) for block in presentation.blocks)
    head = next((block for block in blocks if isinstance(block, TitleBlock)), TitleBlock())
    title = " ".join(printable(head.text).split())
    return document.model_copy(
        update={
            "title": document.title if titled or not title else title,
            "presentation": presentation.model_copy(update={"blocks": blocks}),
        }
    )


def _filled(block: Block, values: Mapping[str, str]) -> Block:
    """Filled texts keep to the bounds of written ones: a document is read by the same rules as it is written."""
    match block:
        case TitleBlock():
            return block.model_copy(update={"text": _heading(block.text, values)})
        case TextBlock():
            told = {
                "text": _cut(filled(block.text, values), LONGEST_TEXT),
                "heading": _heading(block.heading, values),
            }
            return block.model_copy(update=told)
        case StoryListBlock() | MentionListBlock() | TopicsBlock():
            return block.model_copy(update={"heading": _heading(block.heading, values)})
        case _:
            return block


def _heading(text: str, values: Mapping[str, str]) -> str:
    return _cut(filled(text, values), LONGEST_HEADING)


def _cut(text: str, most: int) -> str:
    """Its paragraphs stay."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def values_of(document: ReportDocument) -> dict[str, str]:
    """What the variables of a text stand for in this document."""
    subject = [brand for brand in document.brands if brand.subject]
    others = [brand.name for brand in document.brands if not brand.subject]
    head, range_ = document.headline, document.range
    busiest = document.volume.busiest_on
    made_on = document.generated_at.astimezone(ZoneInfo(document.time_zone)).date()
    values = {
        "brand": _listed([brand.name for brand in subject]),
        "competitors": _listed(others) or "nobody else",
        "organization": document.organization_name,
        "range": range_text(range_),
        "range.days": count_of(range_.days, "day"),
        "range.since": f"{day_text(range_.since_on)} {range_.since_on.year}",
        "range.until": f"{day_text(range_.until_on)} {range_.until_on.year}",
        "before": range_text(document.before) if document.before else "nothing",
        "kind": kind_text(range_),
        "made": f"{day_text(made_on)} {made_on.year}",
        "news": document.title,
        "top_story": document.stories[0].title if document.stories else "none",
        "top_outlet": document.outlets[0].outlet if document.outlets else "none",
        "busiest_day": day_text(busiest) if busiest else "none",
    }
    shares = [row.share for row in document.share.rows if len(subject) == 1 and row.brand_id == subject[0].id]
    share = shares[0] if shares and len(document.brands) > 1 else None
    for name, figure in (
        ("mentions", head.mentions),
        ("stories", head.stories),
        ("outlets", head.outlets),
        ("tone", head.tone),
        ("share", share),
    ):
        values[name] = figure_text(figure) if figure else "not told"
        values[f"{name}.before"] = _before(figure)
        values[f"{name}.change"] = (change_text(figure) if figure else "") or "not compared"
    return values


def _before(figure: Figure | None) -> str:
    if figure is None or figure.before is None:
        return "not known"
    if figure.unit == "count":
        return number(figure.before)
    return percent(figure.before) if figure.unit == "share" else signed_balance(figure.before)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
