"""What feeds tell the rest of the product."""

from uuid import UUID

from brandhound.jobs.registry import Event


class ArticlesStored(Event):
    """Articles that an organization follows can be read now: their text is stored, or at least their headline is."""

    article_ids: list[UUID]
