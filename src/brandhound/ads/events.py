"""What others may want to know about ad accounts."""

from uuid import UUID

from brandhound.jobs.registry import Event


class AdAccountsConnected(Event):
    """Somebody connected accounts, for the first time or again, or found that Meta lets a connection read them again."""

    account_ids: list[UUID]
