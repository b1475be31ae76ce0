"""What others may want to know about ad accounts."""

from uuid import UUID

from brandhound.jobs.registry import Event


class AdAccountsConnected(Event):
    """Somebody connected accounts, for the first time or again."""

    account_ids: list[UUID]
