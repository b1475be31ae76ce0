"""What can go wrong with brands, in words for the person who can mend it."""

from uuid import UUID

from brandhound.core.problems import Problem
from brandhound.core.secrets import without_password


class BrandAlreadyWatched(Problem):
    """A brand of this name is already watched. Open it, or give this one another name."""

    status = 409
    code = "brands/already-watched"
    what_to_do = (
        "Open the brand that bears this name (its address is in `brand_id`) and change it there. Case and accents do not make "
        "two names different."
    )

    def __init__(self, brand_id: UUID) -> None:
        super().__init__(brand_id=str(brand_id))


class EmptyName(Problem):
    """A name has at least one letter, digit or sign that can be looked for."""

    status = 422
    code = "brands/empty-name"
    what_to_do = "Write a name with at least one letter, digit or sign."


class TooManyNames(Problem):
    """A brand can have at most 500 names. Split it into two brands, or leave out the names that match nothing."""

    status = 422
    code = "brands/too-many-names"
    what_to_do = (
        "Leave out names that match nothing, or that differ by case or accents alone: those are found anyway. A group of "
        "companies is better watched as several brands."
    )

    def __init__(self, names: int) -> None:
        super().__init__(names=names)


class CategoryExists(Problem):
    """There is a category of this name already. Choose it, or give yours another name."""

    status = 409
    code = "brands/category-exists"
    what_to_do = "`sector` says where it is. Case and accents do not make two names different."

    def __init__(self, sector: str) -> None:
        super().__init__(sector=sector)


class SiteUnreadable(Problem):
    """The site could not be read, so nothing could be proposed from it. Check the address, or start from the name."""

    status = 422
    code = "brands/site-unreadable"
    what_to_do = (
        "Check the address in a browser. `reason` says what went wrong. You can always start from the brand's name instead: then "
        "the catalogue and the rules propose the rest."
    )

    def __init__(self, site: str, reason: str) -> None:
        super().__init__(site=without_password(site), reason=reason)
