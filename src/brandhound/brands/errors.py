"""What can go wrong with brands, in words for the person who can mend it."""

from uuid import UUID

from brandhound.core.problems import Problem


class BrandAlreadyWatched(Problem):
    """A brand of this name is already watched. Open it, or give this one another name."""

    status = 409
    code = "brands/already-watched"

    def __init__(self, brand_id: UUID) -> None:
        super().__init__(brand_id=str(brand_id))


class EmptyName(Problem):
    """A name has at least one letter, digit or sign that can be looked for."""

    status = 422
    code = "brands/empty-name"


class TooManyNames(Problem):
    """A brand can have at most 200 names. Split it into two brands, or leave out the names that match nothing."""

    status = 422
    code = "brands/too-many-names"

    def __init__(self, names: int) -> None:
        super().__init__(names=names)


class SiteUnreadable(Problem):
    """The site could not be read, so nothing could be proposed from it. Check the address, or start from the name."""

    status = 422
    code = "brands/site-unreadable"

    def __init__(self, site: str, reason: str) -> None:
        super().__init__(site=site, reason=reason)
