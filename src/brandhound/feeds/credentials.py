"""User and password of a feed: encrypted in the table, opened only to fetch."""

import json

from brandhound.core.secrets import seal, unseal
from brandhound.feeds.schemas import Credentials

CONTEXT = "feeds.credentials"


def sealed_credentials(credentials: Credentials) -> str:
    return seal(json.dumps([credentials.user, credentials.password.get_secret_value()]), CONTEXT)


def opened_credentials(sealed: str) -> tuple[str, str]:
    """User and password. Raises CannotUnseal."""
    user, password = json.loads(unseal(sealed, CONTEXT))
    return str(user), str(password)
