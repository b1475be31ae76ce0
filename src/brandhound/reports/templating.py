"""Keeping templates: every saving is a version, and an older one can be had again."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import func, select

from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.reports.blocks import (
    MOST_CHARTS,
    MOST_ROWS,
    Block,
    Blocks,
    MentionListBlock,
    OutletsBlock,
    StoryListBlock,
    TextBlock,
    TitleBlock,
    TopicsBlock,
)
from brandhound.reports.errors import (
    TemplateChangedMeanwhile,
    TemplateInUse,
    TemplateListsTooLong,
    TemplateNameTaken,
    TemplateSummaryTwice,
    TemplateTitleMisplaced,
    TemplateTooManyCharts,
    TooManyTemplates,
)
from brandhound.reports.models import Report
from brandhound.reports.placeholders import check_texts
from brandhound.reports.sending_models import ReportSchedule
from brandhound.reports.template_models import ReportTemplate, ReportTemplateVersion
from brandhound.reports.template_schemas import TemplateOut, TemplateSummary, TemplateVersionOut
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller

MOST_TEMPLATES = 100
BLOCKS: TypeAdapter[Blocks] = TypeAdapter(Blocks)


def check_blocks(blocks: Sequence[Block]) -> None:
    """Whether a report can be made of these.

    Raises TemplateTitleMisplaced, TemplateSummaryTwice, TemplateListsTooLong, TemplateTooManyCharts, TemplateStatement,
    TemplateUnknownVariable or TemplateTooManyVariables.
    """
    titles = [block for block in blocks if block.kind == "title"]
    if len(titles) != 1 or blocks[0].kind != "title":
        raise TemplateTitleMisplaced
    if sum(block.kind == "summary" for block in blocks) > 1:
        raise TemplateSummaryTwice
    rows = sum(
        block.most
        for block in blocks
        if isinstance(block, StoryListBlock | OutletsBlock | TopicsBlock | MentionListBlock)
    )
    if rows > MOST_ROWS:
        raise TemplateListsTooLong(rows, MOST_ROWS)
    charts = sum(block.kind == "chart" for block in blocks)
    if charts > MOST_CHARTS:
        raise TemplateTooManyCharts(charts, MOST_CHARTS)
    check_texts(_texts(blocks))


def _texts(blocks: Sequence[Block]) -> Iterator[tuple[int, str]]:
    for at, block in enumerate(blocks):
        if isinstance(block, TitleBlock | TextBlock):
            yield at, block.text
        if isinstance(block, TextBlock | StoryListBlock | TopicsBlock | MentionListBlock):
            yield at, block.heading


async def templates_by_name(db: Db) -> list[TemplateSummary]:
    """All templates of the organization, by name."""
    templates = (await db.scalars(select(ReportTemplate).order_by(ReportTemplate.name_key))).all()
    used = await _uses(db)
    return [TemplateSummary(**_summary(template, used)) for template in templates]


async def read_template(db: Db, template_id: UUID) -> TemplateOut:
    """A template with the blocks of its newest version. Raises NotThere."""
    template = await _template(db, template_id)
    version = await version_of(db, template_id, template.version)
    blocks = list(BLOCKS.validate_python(version.blocks))
    return TemplateOut(**_summary(template, await _uses(db)), blocks=blocks)


async def add_template(db: Db, caller: Caller, name: str, blocks: Sequence[Block]) -> TemplateOut:
    """Keep a new template. Raises TooManyTemplates, TemplateNameTaken, and as `check_blocks`."""
    check_blocks(blocks)
    there = await db.scalar(select(func.count()).select_from(ReportTemplate))
    if (there or 0) >= MOST_TEMPLATES:
        raise TooManyTemplates(MOST_TEMPLATES)
    await _check_name(db, name, None)
    template = ReportTemplate(name=name, name_key=_key(name), version=1, created_by=caller.user_id)
    db.add(template)
    await db.flush()
    await _add_version(db, caller, template, blocks, None)
    await _note(db, caller, "reports.template-added", template)
    return await read_template(db, template.id)


async def change_template(
    db: Db, caller: Caller, template_id: UUID, name: str, blocks: Sequence[Block], based_on: int
) -> TemplateOut:
    """Save a new version; saving what is there already makes none.

    Raises NotThere, TemplateChangedMeanwhile, TemplateNameTaken, and as `check_blocks`.
    """
    template = await _template(db, template_id, locked=True)
    check_blocks(blocks)
    if template.version != based_on:
        raise TemplateChangedMeanwhile(template.version)
    await _check_name(db, name, template.id)
    newest = await version_of(db, template.id, template.version)
    if template.name == name and newest.blocks == _plain(blocks):
        return await read_template(db, template.id)
    template.name, template.name_key = name, _key(name)
    await _save(db, caller, template, blocks, None)
    await _note(db, caller, "reports.template-changed", template)
    return await read_template(db, template.id)


async def restore_version(db: Db, caller: Caller, template_id: UUID, number: int) -> TemplateOut:
    """Make an older version the newest, as a copy: nothing in between is lost.

    It is called as it was then, unless another template is called so by now. Raises NotThere, and as `check_blocks`.
    """
    template = await _template(db, template_id, locked=True)
    older = await version_of(db, template_id, number)
    if number != template.version:
        blocks = BLOCKS.validate_python(older.blocks)
        check_blocks(blocks)
        if not await _is_taken(db, older.name, template.id):
            template.name, template.name_key = older.name, _key(older.name)
        await _save(db, caller, template, blocks, number)
        await _note(db, caller, "reports.template-restored", template)
    return await read_template(db, template.id)


async def versions_of(db: Db, template_id: UUID) -> list[TemplateVersionOut]:
    """Its versions, newest first, two hundred at most. Raises NotThere."""
    await _template(db, template_id)
    query = (
        select(ReportTemplateVersion)
        .where(ReportTemplateVersion.template_id == template_id)
        .order_by(ReportTemplateVersion.version.desc())
        .limit(200)
    )
    return [TemplateVersionOut.model_validate(version) for version in await db.scalars(query)]


async def remove_template(db: Db, caller: Caller, template_id: UUID) -> None:
    """Remove it; reports that were made with it stay as they are. Raises NotThere or TemplateInUse."""
    template = await _template(db, template_id, locked=True)
    using = select(ReportSchedule.title).where(ReportSchedule.template_id == template_id).order_by(ReportSchedule.title)
    if titles := (await db.scalars(using)).all():
        raise TemplateInUse(titles)
    await _note(db, caller, "reports.template-removed", template)
    await db.delete(template)
    await db.flush()


async def version_of(db: Db, template_id: UUID, number: int) -> ReportTemplateVersion:
    """One version. Raises NotThere."""
    version = await db.scalar(
        select(ReportTemplateVersion).where(
            ReportTemplateVersion.template_id == template_id, ReportTemplateVersion.version == number
        )
    )
    if version is None:
        raise NotThere("template version")
    return version


async def check_template(db: Db, template_id: UUID | None) -> None:
    """Raises NotThere unless there is such a template; none is the standard one."""
    if template_id is not None:
        await _template(db, template_id)


async def _template(db: Db, template_id: UUID, *, locked: bool = False) -> ReportTemplate:
    query = select(ReportTemplate).where(ReportTemplate.id == template_id)
    template = await db.scalar(query.with_for_update() if locked else query)
    if template is None:
        raise NotThere("template")
    return template


async def _check_name(db: Db, name: str, own_id: UUID | None) -> None:
    if await _is_taken(db, name, own_id):
        raise TemplateNameTaken(name)


async def _is_taken(db: Db, name: str, own_id: UUID | None) -> bool:
    other = await db.scalar(select(ReportTemplate.id).where(ReportTemplate.name_key == _key(name)))
    return other is not None and other != own_id


async def _save(
    db: Db, caller: Caller, template: ReportTemplate, blocks: Sequence[Block], restored_from: int | None
) -> None:
    template.version += 1
    template.updated_at = clock.now()
    await _add_version(db, caller, template, blocks, restored_from)


async def _add_version(
    db: Db, caller: Caller, template: ReportTemplate, blocks: Sequence[Block], restored_from: int | None
) -> None:
    db.add(
        ReportTemplateVersion(
            template_id=template.id,
            version=template.version,
            name=template.name,
            blocks=_plain(blocks),
            restored_from=restored_from,
            created_by=caller.user_id,
        )
    )
    await db.flush()


def _plain(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    return [block.model_dump(mode="json") for block in blocks]


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


async def _uses(db: Db) -> Mapping[str, Mapping[UUID | None, int]]:
    """How many reports and schedules each template has."""
    found: dict[str, dict[UUID | None, int]] = {}
    for name, column in (("reports", Report.template_id), ("schedules", ReportSchedule.template_id)):
        rows = await db.execute(select(column, func.count()).where(column.is_not(None)).group_by(column))
        found[name] = {row[0]: row[1] for row in rows}
    return found


def _summary(template: ReportTemplate, used: Mapping[str, Mapping[UUID | None, int]]) -> dict[str, Any]:
    return {
        "id": template.id,
        "name": template.name,
        "version": template.version,
        "created_at": template.created_at,
        "updated_at": template.updated_at,
        "reports": used["reports"].get(template.id, 0),
        "schedules": used["schedules"].get(template.id, 0),
    }


async def _note(db: Db, caller: Caller, action: str, template: ReportTemplate) -> None:
    facts: dict[str, object] = {"name": template.name, "version": template.version}
    await record(db, caller, action, "report_template", template.id, facts)
    publish(db, "reports", template.id)
