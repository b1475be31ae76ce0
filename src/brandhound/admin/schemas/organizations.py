"""How much organizations keep, and what they have running."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from brandhound.admin.schemas.looking import OrganizationLoad, QueueOut


class SizeOut(BaseModel):
    """What an organization kept on a day. Bytes are about that many: its share of the tables, and of files by their mean size."""

    on_date: date
    measured_at: datetime
    mentions: int
    mentions_bytes: int
    articles: int
    articles_bytes: int
    files: int
    files_bytes: int
    log_lines: int
    log_bytes: int


class SizedOrganization(BaseModel):
    """An organization: its last size, the first of the 30 days before, and its runs now and in the last hour."""

    organization_id: UUID
    name: str
    created_at: datetime
    size: SizeOut | None
    before: SizeOut | None
    load: OrganizationLoad | None


class SizedOrganizationDetail(SizedOrganization):
    """The same with its part of each queue."""

    queues: list[QueueOut]


class MeasuringOut(BaseModel):
    """The run that counts."""

    run_id: UUID
