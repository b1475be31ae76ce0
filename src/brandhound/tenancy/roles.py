"""What people may do, from least to most."""

from enum import IntEnum


class Role(IntEnum):
    """Each may do what those before it may."""

    GUEST = 1
    """Reads the reports that were shared."""
    VIEWER = 2
    """Reads everything."""
    OUTREACH = 3
    """Writes to people: contacts and drafts."""
    ANALYST = 4
    """Edits brands, feeds and reports, and judges mentions."""
    ADMIN = 5
    """Looks after members, keys and schedules."""
    OWNER = 6
    """May do everything, and make others owners."""

    @property
    def word(self) -> str:
        """As it is written in rows and answers."""
        return self.name.lower()


ROLE_NAMES = tuple(role.word for role in Role)


def role_of(word: str) -> Role:
    return Role[word.upper()]
