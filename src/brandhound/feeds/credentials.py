"""User and password of a feed: encrypted in the table, opened only to fetch."""

import json

from pydantic import ValidationError

from brandhound.core.secrets import seal, unseal
from brandhound.feeds.errors import BadFeedAddress
from brandhound.feeds.links import typed_address, user_and_password
from brandhound.feeds.schemas import Credentials

CONTEXT = "feeds.credentials"


def address_and_credentials(typed: str, given: Credentials | None = None) -> tuple[str, Credentials | None]:
    """The address that somebody typed, and the credentials beside it, else those inside it (https://user:password@host/).

    Raises BadFeedAddress, also for a user or password that cannot be one.
    """
    address = typed_address(typed)
    if address is None:
        raise BadFeedAddress(typed)
    if given is not None or (named := user_and_password(typed)) is None:
        return address, given
    try:
        return address, Credentials.model_validate({"user": named[0], "password": named[1]})
    except ValidationError:
        raise BadFeedAddress(typed) from None


def secret_of(credentials: Credentials | None) -> tuple[str, str] | None:
    """User and password in the clear, to fetch with."""
    return (credentials.user, credentials.password.get_secret_value()) if credentials else None


def sealed_credentials(credentials: Credentials) -> str:
    return seal(json.dumps([credentials.user, credentials.password.get_secret_value()]), CONTEXT)


def opened_credentials(sealed: str) -> tuple[str, str]:
    """User and password. Raises CannotUnseal."""
    user, password = json.loads(unseal(sealed, CONTEXT))
    return str(user), str(password)
