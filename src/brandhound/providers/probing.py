""" "Try now": a person lets one call through to a service that is left alone."""

from uuid import UUID

from sqlalchemy import text

from brandhound.core import clock
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.core.system import system_session
from brandhound.providers.breaker import TOPIC, breakers
from brandhound.providers.callees import Service
from brandhound.providers.errors import BreakerNotOpen
from brandhound.providers.events import ProbeRequested, tell
from brandhound.providers.models import Breaker

_LET_ONE_THROUGH = """
update provider_breakers set open_until = :now, changed_at = :now
 where id = :id and state = 'open' returning provider, key_fingerprint, model
"""


async def request_probe(breaker_id: UUID) -> None:
    """Let the next call try, and wake the work that waits, so that there is one. Safe to repeat.

    Raises NotThere, or BreakerNotOpen where nothing is left alone.
    """
    async with system_session() as db:
        breaker = await db.get(Breaker, breaker_id)
        if breaker is None:
            raise NotThere("breaker")
        if breaker.state == "closed":
            raise BreakerNotOpen
        row = (await db.execute(text(_LET_ONE_THROUGH), {"id": breaker_id, "now": clock.now()})).one_or_none()
        publish(db, TOPIC, breaker_id)
    breakers().forget()
    # Half-open: somebody is trying at this very moment.
    if row is not None:
        await tell(ProbeRequested(breaker_id, Service(row.provider, row.key_fingerprint, row.model)))
