"""What others may want to know of brands."""

from uuid import UUID

from brandhound.jobs.registry import Event


class BrandChanged(Event):
    """A brand was added or dropped, or something by which it is found has changed."""

    brand_id: UUID
