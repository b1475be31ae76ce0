"""What others may want to know of syncs and imports."""

from datetime import date
from uuid import UUID

from brandhound.jobs.registry import Event


class AdsSynced(Event):
    """Numbers of an account came in. Pictures and films are fetched next, as far as the limits given allow."""

    ad_account_id: UUID
    since: date
    until: date
    max_videos: int
    max_images: int
    max_megabytes: int
    auto_classify: bool


class ClassificationWanted(Event):
    """Whoever started a sync wants what is new in the account classified."""

    ad_account_id: UUID


class FactsImported(Event):
    """Numbers came in from a file."""

    ad_account_id: UUID
    since: date
    until: date


class FactsCounted(Event):
    """Numbers of an account were counted again from what it had answered."""

    ad_account_id: UUID
