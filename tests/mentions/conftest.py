from uuid import UUID

import pytest

from brandhound.mentions import jobs
from tests.mentions.newsroom import Newsroom

# Imported for what it registers.
assert jobs


@pytest.fixture
def newsroom(organization_id: UUID) -> Newsroom:
    """Articles for the organization of `client`."""
    return Newsroom(organization_id)
