"""Who reads, as the caller of a route."""

from uuid import UUID

from brandhound.notifications.errors import PeopleOnly
from brandhound.notifications.models import Audience
from brandhound.notifications.queries import Reader
from brandhound.tenancy.people import Caller
from brandhound.tenancy.roles import Role


def reader_of(caller: Caller) -> Reader:
    """The caller as a reader. A key reads for itself, not for the person who made it."""
    reader = caller.user_id or caller.key_id
    assert reader is not None
    audiences: list[Audience] = ["everyone"]
    if caller.role >= Role.ADMIN or caller.operator:
        audiences.append("admins")
    if caller.operator:
        audiences.append("operators")
    return Reader(reader, tuple(audiences))


def person_of(caller: Caller) -> UUID:
    """The person who calls. Raises PeopleOnly for a key."""
    if caller.user_id is None:
        raise PeopleOnly
    return caller.user_id
